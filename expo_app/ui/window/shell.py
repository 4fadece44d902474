"""The frame around the pages: top bar, rail, status bar, content ground. Pure widgets: data in, signals out.

Words are read from `_` when a widget is made; the window makes the frame anew when the language changes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QSizePolicy, QWidget

from expo_app import plain_text
from expo_app.i18n import _
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.labels import ElidedLabel, Label, Line, Pill, elided
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import clear, column, row

MARK, BADGE_PAD, NARROW_SEARCH = 28, 14, 160
WORDS_LEFT, WORDS_RIGHT, PILL_RIGHT, PILL_GAP, USUAL_BADGE = 48, 12, 16, 6, "888"


@dataclass(frozen=True)
class RailEntry:
    """One page in the rail. `icon` without -line or -fill; `group` is the small heading above; `at_end` sits below.

    `counts`: a badge will stand behind it.
    """

    key: str
    label: str
    icon: str
    group: str = ""
    at_end: bool = False
    counts: bool = False


class RailItem(QAbstractButton):
    """One entry of the rail, painted: icon, word, badge; the current one on white with a bar."""

    def __init__(self, entry: RailEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry, self.badge, self.badge_kind, self.narrow = entry, "", "mute", False
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(theme.Height.RAIL_ITEM)
        self.setAccessibleName(entry.label)
        self.setToolTip("")

    def set_badge(self, text: str, kind: str) -> None:
        """Show a count ("" for none); `kind` of theme.KINDS."""
        self.badge, self.badge_kind = text, kind
        self.setAccessibleDescription(text)
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        """Icon alone, with the word as tooltip."""
        self.narrow = narrow
        self.setToolTip(self.entry.label if narrow else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.Width.RAIL, theme.Height.RAIL_ITEM)

    def wanted_width(self) -> int:
        """Where the whole word stands beside its badge, in bold as the current page's is."""
        words = QFontMetrics(theme.font("strong")).horizontalAdvance(self.entry.label)
        if not self.entry.counts:
            return WORDS_LEFT + words + WORDS_RIGHT
        pill = self._pill_wide(max(self.badge, USUAL_BADGE, key=len))
        return WORDS_LEFT + words + PILL_GAP + pill + PILL_RIGHT

    @staticmethod
    def _pill_wide(badge: str) -> int:
        metrics = QFontMetrics(theme.font("caption.bold"))
        return int(max(theme.Height.PILL, metrics.horizontalAdvance(badge) + BADGE_PAD))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, on = QPainter(self), self.isChecked()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(8, 1, -8, -1)
        painter.setPen(QPen(theme.color("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("bg.surface") if on else theme.tint("bg.surface", 0.5 if self.underMouse() else 0))
        if on or self.underMouse() or self.hasFocus():
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.Radius.CONTROL, theme.Radius.CONTROL)
        painter.setPen(Qt.PenStyle.NoPen)
        if on:
            painter.setBrush(theme.color("primary"))
            painter.drawRoundedRect(QRectF(11, self.height() / 2 - 8, 3, 16), 1.5, 1.5)
        size = theme.IconSize.RAIL
        left = (self.width() - size) / 2 if self.narrow else 20
        spot = QRectF(left, (self.height() - size) / 2, size, size)
        name = f"{self.entry.icon}-{'fill' if on else 'line'}"
        icons.draw(painter, name, "primary" if on else "text.2", spot)
        if self.narrow:
            self._draw_dot(painter, spot)
        else:
            self._draw_words(painter, on)

    def _draw_words(self, painter: QPainter, on: bool) -> None:
        room = self.width() - WORDS_LEFT - WORDS_RIGHT
        if self.badge:
            width = self._pill_wide(self.badge)
            pill = QRectF(self.width() - PILL_RIGHT - width, self.height() / 2 - 10, width, 20)
            ink, ground = ("text.2", "border") if self.badge_kind == "mute" else theme.KINDS[self.badge_kind]
            painter.setBrush(theme.color(ground))
            painter.drawRoundedRect(pill, 10, 10)
            painter.setPen(theme.color(ink))
            painter.setFont(theme.font("caption.bold"))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self.badge)
            room = int(pill.x()) - WORDS_LEFT - PILL_GAP
        painter.setPen(theme.color("text.1" if on else "text.2"))
        painter.setFont(theme.font("strong" if on else "body"))
        shown = elided(self.entry.label, painter.fontMetrics(), room)
        painter.drawText(QRectF(WORDS_LEFT, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, shown)

    def _draw_dot(self, painter: QPainter, spot: QRectF) -> None:
        if self.badge and self.badge_kind != "mute":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(theme.KINDS[self.badge_kind][0]))
            painter.drawEllipse(QPointF(spot.right() + 2, spot.top()), 3.5, 3.5)


class Rail(QWidget):
    """Pages at the left, 200 wide or as the longest word asks; Ctrl+B folds it to 56; Ctrl+1…9 choose, ↑↓ move."""

    chosen = Signal(str)
    folded = Signal(bool)

    def __init__(self, entries: Sequence[RailEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._items: dict[str, RailItem] = {}
        self._headings: list[QWidget] = []
        self._lines = column(self, 0)
        self._lines.setContentsMargins(0, theme.Space.S, 0, theme.Space.S)
        self.is_folded = False
        above = [entry for entry in entries if not entry.at_end]
        heading = ""
        for entry in above:
            if entry.group and entry.group != heading:
                self._add_heading(entry.group)
            heading = entry.group
            self._add(entry)
        self._lines.addStretch(1)
        for entry in entries:
            if entry.at_end:
                self._add(entry)
        for place, key in enumerate(list(self._items)[:9]):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{place + 1}"), self)
            shortcut.activated.connect(partial(self._on_pressed, key))
        QShortcut(QKeySequence("Ctrl+B"), self).activated.connect(self.toggle)
        self._fit()

    def _fit(self) -> None:
        widest = max((item.wanted_width() for item in self._items.values()), default=0)
        self.setFixedWidth(theme.Width.RAIL_NARROW if self.is_folded else max(theme.Width.RAIL, widest))

    def _add_heading(self, words: str) -> None:
        label = Label(words, "caption")
        label.setContentsMargins(20, theme.Space.S, 0, 2)
        self._headings.append(label)
        self._lines.addWidget(label)

    def _add(self, entry: RailEntry) -> None:
        item = RailItem(entry)
        item.clicked.connect(partial(self._on_pressed, entry.key))
        self._group.addButton(item)
        self._items[entry.key] = item
        self._lines.addWidget(item)

    @property
    def key(self) -> str:
        """The key of the current page; "" before the first."""
        return next((key for key, item in self._items.items() if item.isChecked()), "")

    def choose(self, key: str) -> None:
        """Mark a page as current, without a signal; KeyError for an unknown key."""
        self._items[key].setChecked(True)

    def item(self, key: str) -> RailItem:
        """The entry of `key`."""
        return self._items[key]

    def set_badge(self, key: str, count: int | None, kind: str = "mute") -> None:
        """Show a count behind a page; None or 0 hides it."""
        self._items[key].set_badge(f"{count:,}" if count else "", kind)
        self._fit()

    def toggle(self) -> None:
        """Fold or unfold."""
        self.fold(not self.is_folded)

    def fold(self, folded: bool) -> None:
        """Show icons alone, or icons and words."""
        self.is_folded = folded
        self._fit()
        for item in self._items.values():
            item.set_narrow(folded)
        for heading in self._headings:
            heading.setVisible(not folded)
        self.folded.emit(folded)

    def _on_pressed(self, key: str, _checked: bool = False) -> None:
        self.choose(key)
        self.chosen.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        items = list(self._items.values())
        at = next((place for place, item in enumerate(items) if item.hasFocus()), None)
        if event.key() in steps and at is not None:
            items[(at + steps[Qt.Key(event.key())]) % len(items)].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and at is not None:
            items[at].click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.color("bg.app"))


class SearchButton(QAbstractButton):
    """What looks like the search field in the top bar and opens the palette."""

    def __init__(self, words: str, short: str, parent: QWidget | None = None) -> None:
        """`short` is said where there is no room for `words`."""
        super().__init__(parent)
        self._words, self._short = words, short
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setMinimumWidth(NARROW_SEARCH)
        self.setMaximumWidth(theme.Width.SEARCH)
        self.setFixedHeight(theme.Height.CONTROL)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)

    def sizeHint(self) -> QSize:
        return QSize(theme.Width.SEARCH, theme.Height.CONTROL)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = 2 if self.hasFocus() else 1
        painter.setPen(QPen(theme.color("focus" if self.hasFocus() else "border"), line))
        painter.setBrush(theme.color("bg.surface"))
        inner = box.adjusted(line / 2, line / 2, -line / 2, -line / 2)
        painter.drawRoundedRect(inner, theme.Radius.CONTROL, theme.Radius.CONTROL)
        icons.draw(painter, "search-line", "text.2", QRectF(8, 8, 16, 16))
        painter.setFont(theme.font("caption"))
        cap = painter.fontMetrics().horizontalAdvance("Ctrl K") + 13
        key = QRectF(box.right() - cap - 16, 6, cap, 20)
        painter.setPen(theme.color("border"))
        painter.setBrush(theme.color("bg.subtle"))
        painter.drawRoundedRect(key.adjusted(0.5, 0.5, -0.5, -0.5), theme.Radius.MARK, theme.Radius.MARK)
        painter.setPen(theme.color("text.2"))
        painter.drawText(key, Qt.AlignmentFlag.AlignCenter, "Ctrl K")
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text.3"))
        room = int(key.x() - 36 - 8)
        painter.drawText(QRectF(36, 0, room, box.height()), Qt.AlignmentFlag.AlignVCenter, self.shown_words(room))

    def shown_words(self, room: int) -> str:
        """The hint that fits into `room`: never one that is cut."""
        wide = QFontMetrics(theme.font("body")).horizontalAdvance(self._words)
        return self._words if wide <= room else self._short


class TopBar(QWidget):
    """Mark, expo switcher and day; search; 签到台, theme, help, person.

    The switcher's and the person's menus are filled by `fill_expos(menu)` and `fill_user(menu)` when they open.
    """

    search_pressed = Signal()
    desk_pressed = Signal()
    theme_pressed = Signal()
    help_pressed = Signal()

    def __init__(
        self, fill_expos: Callable[[Menu], None], fill_user: Callable[[Menu], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFixedHeight(theme.Height.TOP_BAR)
        line = row(self)
        line.setContentsMargins(18, 0, theme.Space.M, 0)
        self._fillers = {"expo": fill_expos, "user": fill_user}
        left, right = QWidget(), QWidget()
        self._make_left(left)
        self._make_right(right)
        self.search = SearchButton(_("搜索参展商、嘉宾、胸卡号或命令"), _("搜索"))
        self.search.clicked.connect(lambda _checked=False: self.search_pressed.emit())
        line.addWidget(left, 3)
        line.addWidget(self.search)
        line.addWidget(right, 2, Qt.AlignmentFlag.AlignRight)
        self._line, self._left, self._right = line, left, right
        theme.notifier().changed.connect(self._on_theme)
        self._on_theme()

    def _make_left(self, left: QWidget) -> None:
        line = row(left)
        mark = Label()
        mark.setPixmap(icons.app_icon(MARK))
        line.addWidget(mark)
        line.addSpacing(theme.Space.L)
        self.expo = Button("", "expo")
        self.expo.setIconSize(QSize(16, 16))
        self.expo.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the name
        self.expo.set_icon("arrow-down-s-line")
        self.expo.clicked.connect(lambda _checked=False: self._open("expo", self.expo))
        self._sample = Pill(_("示例"), "warn", shape=False)
        self._facts = ElidedLabel("", "fact")
        for widget in (self.expo, self._sample):
            line.addWidget(widget)
        line.addWidget(self._facts, 1)
        self._sample.hide()

    def _make_right(self, right: QWidget) -> None:
        line = row(right, theme.Space.XS)
        self.desk = Button(_("签到台"), "plain", "qr-scan-2-line")
        self.desk.setToolTip("F11")
        self.desk.clicked.connect(lambda _checked=False: self.desk_pressed.emit())
        self.theme_button = IconButton("moon-line", _("深色"), self.theme_pressed.emit)
        self.help_button = IconButton("question-line", _("帮助 F1"), self.help_pressed.emit)
        self.user = Button("", "bar")
        self.user.clicked.connect(lambda _checked=False: self._open("user", self.user))
        for widget in (self.desk, self.theme_button, self.help_button, self.user):
            line.addWidget(widget)
        line.insertSpacing(1, theme.Space.XS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """The days of the expo stand whole before the search field is wide."""
        self._facts.setMinimumWidth(0)
        edges = self._line.contentsMargins()
        taken = self._left.minimumSizeHint().width() + self._right.sizeHint().width() + self.search.minimumWidth()
        taken += edges.left() + edges.right() + 2 * self._line.spacing() - self._facts.minimumSizeHint().width()
        wanted = QFontMetrics(self._facts.font()).horizontalAdvance(self._facts.whole_text) + 2
        self._facts.setMinimumWidth(max(0, min(wanted, self.width() - taken)))

    def set_expo(self, name: str, facts: str = "", is_sample: bool = False) -> None:
        """Show the current expo, its days, and 示例 when its figures are made up."""
        self.expo.set_text(name)
        self.expo.setAccessibleName(name)
        self._facts.set_text(facts)
        self._sample.setVisible(is_sample)
        self._share()

    def set_user(self, name: str, role: str = "") -> None:
        """Show who works here."""
        self.user.set_text(name)
        self.user.setToolTip(role)
        self.user.setVisible(bool(name))
        self._share()

    def _open(self, which: str, button: QWidget) -> None:
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fillers[which](menu)
        corner = button.mapToGlobal(button.rect().bottomLeft())
        if which == "user":
            corner -= QPoint(max(0, menu.sizeHint().width() - button.width()), 0)
        menu.popup(corner)

    def _on_theme(self) -> None:
        dark = theme.theme() == "dark"
        self.theme_button.set_icon("sun-line" if dark else "moon-line")
        self.theme_button.set_label(_("浅色") if dark else _("深色"))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.color("bg.app"))


class Content(QFrame):
    """The ground of the pages: canvas with a rounded top left corner and a hairline at top and left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = row(self, 0)
        self.body.setContentsMargins(1, 1, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.app"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, 40, 40)
        path.addRoundedRect(box, theme.Radius.CONTENT, theme.Radius.CONTENT)
        painter.setPen(theme.color("border"))
        painter.setBrush(theme.color("bg.canvas"))
        painter.drawPath(path)


@dataclass(frozen=True)
class StatusItem:
    """One button of the status bar; `tone` ok, warn, bad or ""; `at_end` puts it to the right."""

    key: str
    icon: str
    text: str
    tone: str = ""
    tip: str = ""
    at_end: bool = False


class StatusBar(QWidget):
    """28 px of facts about the machine, each a button: `pressed(key)`."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(theme.Height.STATUS_BAR)
        self._line = row(self, theme.Space.XS)
        self._line.setContentsMargins(theme.Space.M, 1, theme.Space.S, 0)
        self._items: list[StatusItem] = []
        self._buttons: dict[str, Button] = {}

    def set_items(self, items: Iterable[StatusItem]) -> None:
        """Show these, in order; buttons whose key stays keep the focus."""
        wanted = list(items)
        if [(item.key, item.at_end) for item in wanted] != [(item.key, item.at_end) for item in self._items]:
            self._rebuild(wanted)
        self._items = wanted
        for item in wanted:
            button = self._buttons[item.key]
            button.set_text(item.text)
            button.setToolTip(plain_text.shown(item.tip))
            button.set_icon(item.icon, item.tone or "text.2")
            if button.property("tone") != item.tone:
                button.setProperty("tone", item.tone)
                button.set_kind("status")

    def button(self, key: str) -> Button:
        """The button of `key`."""
        return self._buttons[key]

    def _rebuild(self, items: Sequence[StatusItem]) -> None:
        clear(self._line)
        self._buttons = {}
        left, right = [i for i in items if not i.at_end], [i for i in items if i.at_end]
        for part in (left, right):
            for place, item in enumerate(part):
                if place:
                    self._line.addWidget(Line(vertical=True))
                button = Button(item.text, "status")
                button.clicked.connect(partial(self._on_pressed, item.key))
                self._line.addWidget(button)
                self._buttons[item.key] = button
            if part is left:
                self._line.addStretch(1)

    def _on_pressed(self, key: str, _checked: bool = False) -> None:
        self.pressed.emit(key)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.app"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("border"))
