"""What pages are made of: cards, KPI cards, page header, detail panel, scroll areas."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from expo_app.i18n import _
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.labels import ElidedLabel, IconView, Label, Line, Pill, SectionTitle, draw_box
from expo_app.ui.kit.layouts import clear, column, row
from expo_app.ui.kit.tabs import Tabs


def scrolled(content: QWidget, area: QScrollArea | None = None) -> QScrollArea:
    """`content` in an area (a new one, if none is given) that scrolls down only and shows the ground behind it."""
    area = area or QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    content.setProperty("role", "scrolled")
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
    return area


class Card(QFrame):
    """A white box with a hairline. `title` and `note` make a head line; put content into `body`."""

    def __init__(
        self, title: str = "", note: str = "", padding: int = theme.Space.L, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.ground, self.edge = "bg.surface", "border"
        outer = self._outer = column(self, theme.Space.S)
        self.set_padding(padding, max(0, padding - theme.Space.XS))
        self._head = row(spacing=theme.Space.S)
        if title:
            self._head.addWidget(SectionTitle(title))
            self._note = Label(note, "caption")
            self._head.addWidget(self._note)
            self._head.addStretch(1)
            outer.addLayout(self._head)
        self.body = column()
        outer.addLayout(self.body, 1)

    def set_padding(self, across: int, down: int) -> None:
        """Inner margins in px, for low windows."""
        self._outer.setContentsMargins(across, down, across, down)

    def add_head(self, widget: QWidget) -> None:
        """Put `widget` at the right end of the head line."""
        self._head.addWidget(widget)

    def set_colors(self, ground: str, edge: str) -> None:
        """Use other tokens for ground and hairline (a warning card, a chosen card)."""
        self.ground, self.edge = ground, edge
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_box(QPainter(self), QRectF(self.rect()), theme.color(self.ground), theme.color(self.edge))


class KpiCard(Card):
    """One figure: icon and label, number with unit, what it means; a press emits `pressed` (open the filtered list)."""

    pressed = Signal()

    def __init__(self, icon: str, label: str, token: str = "primary", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._label = label
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.body.setSpacing(0)
        head = row()
        head.addWidget(IconView(icon, token))
        head.addWidget(Label(label, "fact"), 1)
        self._middle = row(spacing=6)
        self._number, self._unit, self._fact = Label("—", "kpi"), Label("", "secondary"), ElidedLabel("", "fact")
        self._middle.addWidget(self._number)
        self._middle.addWidget(self._unit, 0, Qt.AlignmentFlag.AlignBottom)
        self._unit.setContentsMargins(0, 0, 0, theme.Space.XS + 2)
        self._middle.addStretch(1)
        self.body.addLayout(head)
        self.body.addLayout(self._middle)
        self.body.addWidget(self._fact)

    def set(self, number: str, unit: str = "", fact: str = "", tip: str = "") -> None:
        """Show a figure; "—" for none yet. `tip`: more than `fact` has room for."""
        self._number.setText(number)
        self._unit.setText(unit)
        self._fact.set_text(fact, tip)
        self.setAccessibleName(f"{self._label} {number} {unit} {tip or fact}")

    def set_side(self, widget: QWidget) -> None:
        """Put a sparkline, meter or pill to the right of the number."""
        self._middle.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        focused = self.hasFocus()
        edge = "focus" if focused else "border.strong" if self.underMouse() else "border"
        draw_box(
            QPainter(self), QRectF(self.rect()), theme.color("bg.surface"), theme.color(edge), line=2 if focused else 1
        )


class PageHeader(QWidget):
    """Title, one line of facts, and the page's actions at the right (`add`), the primary one last. Facts too long for
    the place beside the actions have the line below to themselves.
    """

    def __init__(self, title: str, fact: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = column(self, 0)
        line = row()
        self._words = column(spacing=0)
        self._title, self._fact = Label(title, "title"), ElidedLabel(fact, "fact")
        self._beside = row(spacing=theme.Space.XL)
        self._beside.addWidget(self._title)
        self._beside.addStretch(1)
        self._words.addLayout(self._beside)
        self._words.addWidget(self._fact)
        line.addLayout(self._words, 1)
        self._actions = row()
        line.addLayout(self._actions)
        self._lines.addLayout(line)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_title(self, text: str) -> None:
        """Change the title, where the page is of one record after another."""
        self._title.setText(text)

    def set_fact(self, text: str) -> None:
        """Change the line of facts."""
        self._fact.set_text(text)
        self._place_fact()

    def set_stale(self, on: bool) -> None:
        """Say the facts in grey: they were counted a while ago."""
        self._fact.set_tone("mute" if on else "")

    def _place_fact(self) -> None:
        room = self.width() - self._actions.sizeHint().width() - theme.Space.S
        place = self._words if self._fact.sizeHint().width() <= room else self._lines
        if place.indexOf(self._fact) < 0:
            place.addWidget(self._fact)  # takes it out of the other one

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_fact()

    def add_beside(self, widget: QWidget) -> None:
        """Add what stays where it is, beside the title, whatever actions there are."""
        self._beside.insertWidget(self._beside.count() - 1, widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def add(self, widget: QWidget) -> None:
        """Add an action at the right."""
        self._actions.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)


class DetailPanel(QFrame):
    """The panel at the right of a list or plan: pills, title, facts, tabs, a body that scrolls, a fixed footer.

    360 wide, 320 in a window below 1400. Not modal; Esc or the cross hides it and emits `closed`.
    """

    closed = Signal()
    tab_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setFixedWidth(theme.Width.PANEL)
        outer = column(self, 0)
        outer.addWidget(self._make_head())
        self._pages = QStackedWidget()
        outer.addWidget(self._pages, 1)
        self._tab_keys: list[tuple[object, str]] = []
        self._footer_line = Line()
        self._footer = QWidget()
        self._footer_row = row(self._footer)
        self._footer_row.setContentsMargins(theme.Space.L + 4, theme.Space.M, theme.Space.L + 4, theme.Space.M)
        outer.addWidget(self._footer_line)
        outer.addWidget(self._footer)
        self.set_actions()
        self.body = self.add_tab(None, "")

    def _make_head(self) -> QWidget:
        head = QWidget()
        lines = column(head, 6)
        lines.setContentsMargins(theme.Space.L + 4, theme.Space.M, theme.Space.L + 4, 0)
        top = row(spacing=0)
        self._pills, self._corner = FlowLayout(gap=theme.Space.S), row(spacing=theme.Space.XS)
        self.close_button = IconButton("close-line", _("关闭"), self.close_panel)
        beside = column(spacing=0)  # one line of pills stands in the middle of the cross, more go on below
        beside.addSpacing((self.close_button.sizeHint().height() - theme.Height.PILL) // 2)
        beside.addLayout(self._pills)
        beside.addStretch(1)
        top.addLayout(beside, 1)
        top.addLayout(self._corner)
        top.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._title, self._facts, self.tabs = Label("", "section", wrap=True), Label("", "fact", wrap=True), Tabs()
        self.tabs.chosen.connect(self._on_tab)
        for item in (self._title, self._facts, self.tabs):
            lines.addWidget(item)
        lines.insertLayout(0, top)
        return head

    def set_head(self, title: str, facts: str = "", pills: Iterable[tuple[str, str]] = ()) -> None:
        """Show whose panel it is; `pills` are (words, kind)."""
        self._title.setText(title)
        self._facts.setText(facts)
        self._facts.setVisible(bool(facts))
        clear(self._pills)
        for words, kind in pills:
            self._pills.addWidget(Pill(words, kind, shape=False))

    def add_corner(self, widget: QWidget) -> None:
        """Put an icon button beside the cross."""
        self._corner.addWidget(widget)

    def clear_tabs(self) -> None:
        """Take all bodies away; add at least one tab afterwards."""
        while (page := self._pages.widget(0)) is not None:
            self._pages.removeWidget(page)
            page.deleteLater()
        self._tab_keys = []
        self.tabs.set_items(())
        self.tabs.hide()

    def add_tab(self, key: object, words: str, items: Iterable[QWidget] = ()) -> QVBoxLayout:
        """Add a body under tab `words` ("" shows no tabs: one body) and return its layout; content stays at the top."""
        content = QWidget()
        outer = column(content, 0)
        outer.setContentsMargins(theme.Space.L + 4, theme.Space.S, theme.Space.L + 4, theme.Space.L)
        body = column()
        outer.addLayout(body)
        outer.addStretch(1)
        for item in items:
            body.addWidget(item)
        self._pages.addWidget(scrolled(content))
        self._tab_keys.append((key, words))
        self.tabs.set_items([pair for pair in self._tab_keys if pair[1]])
        self.tabs.setVisible(any(pair[1] for pair in self._tab_keys))
        return body

    def choose_tab(self, key: object) -> None:
        """Bring a tab to front; ValueError for an unknown key."""
        self._pages.setCurrentIndex([known for known, _words in self._tab_keys].index(key))
        if self.tabs.isVisibleTo(self):
            self.tabs.choose(key)

    def _on_tab(self, key: object) -> None:
        self.choose_tab(key)
        self.tab_chosen.emit(key)

    def set_actions(self, *buttons: QWidget) -> None:
        """At most three actions in the footer, the primary one last at the right; none hides the footer.

        Where one of those before had the focus, the last one has it now: it does not stray to something else. One that
        takes something away (danger) neither gets the focus nor stands where the primary one stood: then the panel
        itself has the focus.
        """
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self._footer.isAncestorOf(focused)
        clear(self._footer_row)
        is_safe = bool(buttons) and buttons[-1].property("kind") != "danger"
        for button in buttons[:-1] if is_safe else buttons:
            self._footer_row.addWidget(button)
        self._footer_row.addStretch(1)
        if is_safe:
            self._footer_row.addWidget(buttons[-1])
        if had_focus and buttons:
            (buttons[-1] if is_safe else self).setFocus(Qt.FocusReason.OtherFocusReason)
        self._footer.setVisible(bool(buttons))
        self._footer_line.setVisible(bool(buttons))
        self._fit_actions()

    def _fit_actions(self) -> None:
        """Where the footer is too narrow for all words, actions before the primary one show their icon alone."""
        items = [self._footer_row.itemAt(place) for place in range(self._footer_row.count())]
        widgets = [item.widget() for item in items if item is not None]
        buttons = [widget for widget in widgets if isinstance(widget, Button)]
        for button in buttons:
            _fold(button, False)
        for button in buttons[:-1]:
            if self._footer_row.sizeHint().width() <= self.maximumWidth():
                break
            _fold(button, not button.icon().isNull())

    def close_panel(self) -> None:
        """Hide and tell."""
        self.hide()
        self.closed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._take_width()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.window():
            self._take_width()
        return False

    def _take_width(self) -> None:
        width = theme.panel_width(self.window().width())
        if width != self.maximumWidth():
            self.setFixedWidth(width)
            self._fit_actions()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.surface"))
        painter.fillRect(0, 0, 1, self.height(), theme.color("border"))


def _fold(button: Button, on: bool) -> None:
    """Show the icon alone, with the words as tooltip, or all of it again."""
    words = str(button.property("words") or button.text())
    if on != (not button.text()):
        button.setProperty("words", words)
        button.setText("" if on else words)
        button.setToolTip(words.replace("&&", "&") if on else "")
        button.setAccessibleName(words.replace("&&", "&"))


LEAST_CAPTION, MOST_CAPTION = 72, 112


def caption_width(names: Iterable[str]) -> int:
    """Width for the words of facts that stand below each other, so that their values begin at one edge."""
    metrics = QFontMetrics(theme.font("caption"))
    widest = max((metrics.horizontalAdvance(name) for name in names), default=0) + 2
    return min(MOST_CAPTION, max(LEAST_CAPTION, widest))


class FactRow(QWidget):
    """A word and its value in a panel: 备注 …; both wrap. `width` of the word, by itself as it needs."""

    def __init__(self, name: str, value: str, width: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = row(self)
        caption = Label(name, "caption", wrap=True)
        caption.setFixedWidth(width or caption_width([name]))
        line.addWidget(caption, 0, Qt.AlignmentFlag.AlignTop)
        shown = Label(value or "—", wrap=True)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        line.addWidget(shown, 1)
