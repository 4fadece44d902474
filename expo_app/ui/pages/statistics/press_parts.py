"""Parts of 发布口径: the five figures in one card, the cards beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QLayout, QSizePolicy, QWidget

from expo_app.i18n import _, language
from expo_app.rules import amounts
from expo_app.specs.figures import plain
from expo_app.specs.press import AMOUNTS, NUMBERS, Check, Origin, Press, PressNumber, Version, label_of, sentence
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.buttons import Button, Segmented
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import ElidedLabel, IconView, Label, Pill, SectionTitle
from expo_app.ui.kit.panels import Card, clear, column, row

ORIGINS = {Origin.REPORTED: "info", Origin.COUNTED: "mute", Origin.SAMPLE: "warn"}
LEVELS = {
    "ok": ("checkbox-circle-fill", "ok"), "warn": ("error-warning-fill", "warn"), "bad": ("close-circle-fill", "bad"),
}  # fmt: skip
WORD, NUMBER = 64, 210
"""Pixels: how wide the words are, and the numbers."""
DOTS = (1.5, 2.5)


class RecordsLink(QAbstractButton):
    """来自 20 条记录: a number that leads somewhere, dotted below; solid under the pointer, a ring with the focus."""

    def __init__(self, words: str, opens: Callable[[], object]) -> None:
        super().__init__()
        self.setText(words)
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _checked=False: opens())

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(theme.font("caption")).horizontalAdvance(self.text())
        return QSize(wide + 2 * (theme.IconSize.INLINE + theme.Space.XS) + 4, theme.Height.PILL + 2)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, edge = QPainter(self), theme.IconSize.INLINE
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("caption"))
        wide = painter.fontMetrics().horizontalAdvance(self.text())
        top, left = (self.height() - edge) / 2, edge + theme.Space.XS + 2
        icons.draw(painter, "list-check", "primary", QRectF(2, top, edge, edge))
        icons.draw(painter, "arrow-right-s-line", "primary", QRectF(left + wide + 2, top, edge, edge))
        painter.setPen(theme.color("primary"))
        painter.drawText(QRectF(left, 0, wide + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        is_solid = self.underMouse() or self.isDown()
        pen = QPen(theme.color("primary") if is_solid else theme.tint("primary", 0.55), 1)
        if not is_solid:
            pen.setDashPattern(list(DOTS))
        painter.setPen(pen)
        base = self.height() / 2 + painter.fontMetrics().ascent() / 2 + 2
        painter.drawLine(QPointF(left, base), QPointF(left + wide, base))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.Radius.MARK, theme.Radius.MARK)


class BigNumber(QWidget):
    """A number to be read across the room, its unit, the amount below; what is told apart is smaller and quieter."""

    def __init__(self, number: PressNumber) -> None:
        super().__init__()
        self.number = number
        self.setAccessibleName(f"{number.label} {number.shown} {number.unit} {number.amount_shown}".strip())
        self.setFixedWidth(NUMBER)
        self.setMinimumHeight(theme.TYPE["kiosk.count"][1] + (theme.TYPE["section"][1] if number.amount_shown else 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, number = QPainter(self), self.number
        token = "text.2" if number.is_apart else "text.1"
        role = "kiosk.reason" if number.is_apart else "kiosk.count"
        unit = QFontMetrics(theme.font("emphasis")).horizontalAdvance(number.unit) + theme.Space.S
        face = theme.bold(theme.fitting(role, number.shown, self.width() - unit - theme.Space.S))
        high = theme.TYPE[role][1] + (theme.TYPE["section"][1] if number.amount_shown else 0)
        base = (self.height() - high) / 2 + theme.TYPE[role][1] * 0.78
        painter.setFont(face)
        painter.setPen(theme.color(token))
        painter.drawText(QPointF(0, base), number.shown)
        used = painter.fontMetrics().horizontalAdvance(number.shown)
        painter.setFont(theme.font("emphasis"))
        painter.setPen(theme.color("text.2"))
        if number.value is not None:
            painter.drawText(QPointF(used + theme.Space.S, base), number.unit)
        painter.setFont(theme.fitting("section", number.amount_shown, self.width(), "caption"))
        painter.setPen(theme.color(token))
        painter.drawText(QPointF(0, base + theme.TYPE["section"][1]), number.amount_shown)


class FiguresCard(Card):
    """The five figures below each other; the last one apart, below a dashed line. `opened(name)`: its records."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__(padding=0)
        self.set_padding(0, 0)
        self.body.setSpacing(0)
        self.rows: dict[str, QWidget] = {}
        self.links: dict[str, RecordsLink] = {}

    def show_press(self, shown: Press) -> None:
        """Show these figures; where one had the focus, it has it still."""
        focused = next((name for name, link in self.links.items() if link.hasFocus()), "")
        clear(self.body)
        for number in shown.numbers:
            self.rows[number.name] = self._row(number)
            self.body.addWidget(self.rows[number.name], 1)
        if focused:
            self.links[focused].setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()

    def _row(self, number: PressNumber) -> QWidget:
        held = QWidget()
        line = row(held, theme.Space.M)
        line.setContentsMargins(theme.Space.XL, theme.Space.S, theme.Space.XL, theme.Space.S)
        line.addWidget(_word(number))
        line.addWidget(BigNumber(number))
        words = column(spacing=theme.Space.XS)
        words.addStretch(1)
        words.addWidget(Label(number.words, wrap=True))
        when = row(spacing=theme.Space.XS)
        when.addWidget(IconView("time-line", "text.3"))
        when.addWidget(ElidedLabel(number.when, "fact"), 1)
        words.addLayout(when)
        words.addLayout(self._source(number))
        words.addStretch(1)
        line.addLayout(words, 1)
        return held

    def _source(self, number: PressNumber) -> QLayout:
        said = _("来自 {n} 条记录").format(n=f"{number.records:,}")
        link = self.links[number.name] = RecordsLink(said, partial(self.opened.emit, number.name))
        link.setToolTip(str(NUMBERS.index(number.name) + 1))
        line = row(spacing=theme.Space.M)
        line.addWidget(link)
        line.addWidget(Pill(number.origin.label, ORIGINS[number.origin]))
        if number.reported:
            line.addWidget(ElidedLabel(number.reported, "fact", "warn"), 1)
        else:
            line.addStretch(1)
        return line

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        for name, held in self.rows.items():
            top, wide = held.y(), self.width()
            if name == NUMBERS[0]:
                continue
            if name == NUMBERS[-1]:
                ground = QRectF(1, top, wide - 2, self.height() - top - 1)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("bg.canvas"))
                painter.drawRoundedRect(ground, theme.Radius.CARD - 1, theme.Radius.CARD - 1)
                painter.drawRect(ground.adjusted(0, 0, 0, -theme.Radius.CARD))
                painter.setPen(QPen(theme.color("border.strong"), 1, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(0, top), QPointF(wide, top))
            else:
                painter.setPen(theme.color("border"))
                painter.drawLine(QPointF(theme.Space.XL, top), QPointF(wide - theme.Space.XL, top))


def _word(number: PressNumber) -> QWidget:
    held = QWidget()
    wide = max(QFontMetrics(theme.font("section")).horizontalAdvance(label_of(name)) for name in NUMBERS)
    held.setFixedWidth(max(WORD, wide + theme.Space.XS))
    words = column(held, theme.Space.XS)
    words.addStretch(1)
    words.addWidget(Label(number.label, "section"))
    if number.is_apart:
        words.addWidget(Label(_("另列"), "fact"))
    words.addStretch(1)
    return held


class TextCard(Card):
    """可以照抄的话: the sentence in the language chosen, as plain text that can be marked."""

    def __init__(self) -> None:
        super().__init__(_("可以照抄的话"))
        self._shown: Press | None = None
        self.choice = Segmented([("zh_CN", _("中文")), ("en", _("英文"))], language())
        self.choice.chosen.connect(lambda _key: self._show())
        self.add_head(self.choice)
        self.words = Label("", wrap=True)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.note = Label("", "caption", "warn", wrap=True)
        self.body.addWidget(self.words)
        self.body.addWidget(self.note)

    @property
    def text(self) -> str:
        """What is copied: what is marked, else all of it."""
        return self.words.selectedText() or self.words.text()

    def show_press(self, shown: Press) -> None:
        self._shown = shown
        marks = [_("示例展会：文字、PDF、投屏都带“示例”")] if shown.head.is_sample else []
        marks += [] if shown.version else [_("还没核定：PDF 和投屏带“未核定”")]
        self.note.setText("\n".join(marks))
        self.note.setVisible(bool(marks))
        self._show()

    def _show(self) -> None:
        if self._shown is not None:
            self.words.setText(sentence(self._shown, str(self.choice.key)))


class DifferenceCard(Card):
    """和第 2 版比: what differs, old → new, and what stayed as it was."""

    def __init__(self) -> None:
        super().__init__()
        head = row()
        self.title, self.note = SectionTitle(""), Label("", "caption")
        head.addWidget(self.title)
        head.addWidget(self.note, 1)
        self._lines = column(spacing=theme.Space.XS)
        self.body.addLayout(head)
        self.body.addLayout(self._lines)

    def show_change(self, before: Press | None, shown: Press) -> None:
        self.setVisible(before is not None and before.version is not None)
        if before is None or before.version is None:
            return
        self.title.setText(_("和第 {n} 版比").format(n=before.version.version_no))
        self.note.setText(f"{before.version.moment:%m-%d %H:%M}")
        clear(self._lines)
        same = []
        for name, now in shown.values.items():
            then = before.values[name]
            if now != then:
                self._lines.addWidget(_changed(name, then, now))
            elif name not in AMOUNTS:
                same.append(f"{label_of(name)} {plain(now)}")
        if same:
            self._lines.addWidget(Label(_("{what} 没变").format(what=_("、").join(same)), "fact", wrap=True))


def _changed(name: str, then: int | Decimal | None, now: int | Decimal | None) -> QWidget:
    held = QWidget()
    line = row(held, theme.Space.XS)
    line.addWidget(Label(label_of(name), "fact"), 1)
    line.addWidget(Label(_said(name, then), "secondary"))
    line.addWidget(IconView("arrow-right-line", "text.3"))
    line.addWidget(Label(_said(name, now), "strong"))
    more = Decimal(now or 0) - Decimal(then or 0)
    words = Label(("+" if more > 0 else "−") + _said(name, abs(more)), "fact", "ok" if more > 0 else "")
    words.setMinimumWidth(60)
    words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    line.addWidget(words)
    return held


def _said(name: str, value: int | Decimal | None) -> str:
    """A number, or an amount in 万元."""
    if name not in AMOUNTS or value is None:
        return plain(value)
    return amounts.format_wan(Decimal(value))


class ChecksCard(Card):
    """发布前: what must hold, with what can be done about it; `acted(act)`, `opened(Late)`: the records it tells of."""

    acted = Signal(str)
    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("发布前"))
        self.state = Pill("", "warn")
        self.add_head(self.state)
        self._lines = column(spacing=theme.Space.XS)
        self.body.addLayout(self._lines)

    def show_checks(self, checks: Sequence[Check], is_open: bool) -> None:
        """`is_open`: nobody approved these figures yet."""
        clear(self._lines)
        for check in checks:
            self._lines.addWidget(self._line(check))
        self.state.setVisible(is_open)
        self.state.set(_("待核定"), "bad" if is_wrong(checks) else "warn")

    def _line(self, check: Check) -> QWidget:
        held = QWidget()
        line = row(held)
        icon, token = LEVELS[check.level]
        line.addWidget(IconView(icon, token), 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=theme.Space.XS)
        words.addWidget(Label(check.text, "fact", "bad" if check.level == "bad" else "", wrap=True))
        if check.late is not None:
            said = _("来自 {n} 条记录").format(n=f"{len(check.late.ids):,}")
            words.addWidget(RecordsLink(said, partial(self.opened.emit, check.late)))
        line.addLayout(words, 1)
        verbs = {"deals": _("去核对"), "moment": _("换时点"), "now": _("换成现在")}
        if check.act:
            button = Button(verbs[check.act], "link", clicked=partial(self.acted.emit, check.act))
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return held


def is_wrong(checks: Sequence[Check]) -> bool:
    """Whether something keeps the figures from being approved."""
    return any(check.level == "bad" for check in checks)


class VersionsCard(Card):
    """版本: what was published, newest first; a press opens one with its own lists."""

    opened = Signal(object)  # Version

    def __init__(self) -> None:
        super().__init__(_("版本"))
        self.lines: list[ItemRow] = []

    def show_versions(self, versions: Sequence[Version]) -> None:
        clear(self.body)
        self.lines = []
        for version in versions:
            pill = (_("现用"), "ok") if version is versions[0] else (_("发过"), "mute")
            words = _("{when} · {who}核定").format(when=f"{version.moment:%m-%d %H:%M}", who=version.who)
            title = _("第 {n} 版").format(n=version.version_no)
            self.lines.append(ItemRow(title, words, pill=pill, clicked=partial(self.opened.emit, version)))
            self.body.addWidget(self.lines[-1])
        if not versions:
            self.body.addWidget(Label(_("还没有核定过。"), "secondary"))
