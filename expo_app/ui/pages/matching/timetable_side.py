"""The column beside the timetable: what is not placed and what would help, what is being moved, the keys."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from expo_app.i18n import N_, _
from expo_app.rules.meeting_board import Board, Meeting, Place
from expo_app.rules.meeting_seats import Reason, Why, clock
from expo_app.ui.canvas.surroundings import DragCard, KeysCard
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import ElidedLabel, IconView, Label, Pill, SectionTitle
from expo_app.ui.kit.panels import Card, column, row, scrolled

KEYS = (
    (("↑↓←→",), N_("选场次")), (("Ctrl+↑↓←→",), N_("换时段、换桌")), (("Enter",), N_("详情")),
    (("L",), N_("锁定、解锁")),
    (("U",), N_("放回未排")), (("N",), N_("下一未排")), (("I",), N_("签到")), (("Ctrl+Z",), N_("撤销")),
)  # fmt: skip
SHOWN = 20
"""Cards of the tray shown at first, and more with every press."""
WIDE, NARROW = 300, 260
MARK = 4
TONES = {
    Why.NOT_FREE: "bad", Why.NO_COMMON_SLOT: "warn", Why.NO_SEAT: "warn", Why.DAY_LIMIT: "mute", Why.ONLY_BUSY: "warn",
    Why.FREE: "ok",
}  # fmt: skip
MARKS = {
    "bad": "bad.solid", "warn": "warn.solid", "mute": "border.strong", "ok": "ok.solid",
}  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """A meeting of the tray with why it is there."""

    meeting: Meeting
    reason: Reason
    minutes: int

    @property
    def facts(self) -> str:
        """20 分 · 双方互选 · 张三不来了."""
        how = _("双方互选") if self.meeting.is_mutual else _("一方提出，另一方同意")
        parts = (_("{n} 分").format(n=self.minutes), how, self.meeting.reason)
        return " · ".join(part for part in parts if part)

    @property
    def help(self) -> str:
        """What the button of its card says."""
        seat = self.reason.seat
        when = f"{seat.starts_at:%m-%d %H:%M}" if seat is not None and seat.starts_at else ""
        words = {
            Why.FREE: _("排到 {when}"), Why.DAY_LIMIT: _("放宽一次"), Why.ONLY_BUSY: _("仍排 {when}"),
            Why.NO_SEAT: _("设桌与时段"), Why.NOT_FREE: _("换接洽人"), Why.NO_COMMON_SLOT: _("看开放时间"),
        }  # fmt: skip
        return words[self.reason.why].format(when=when)


class TrayCard(DragCard):
    """A meeting without a seat: dragged onto the grid, opened by Enter or a press, helped by its button."""

    helped = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, waiting: Waiting, may_edit: bool) -> None:
        super().__init__(f"{waiting.meeting.words} {waiting.facts} {waiting.reason.text}", may_edit)
        self.waiting = waiting
        self._tone = TONES[waiting.reason.why]
        if may_edit:
            self.rest_cursor = Qt.CursorShape.OpenHandCursor
            self.setCursor(self.rest_cursor)
        lines = column(self, 0)
        left = theme.Space.M + MARK + theme.Space.S
        lines.setContentsMargins(left, theme.Space.S, theme.Space.M, theme.Space.S)
        head = row(spacing=theme.Space.S)
        head.addWidget(ElidedLabel(waiting.meeting.words, "strong"), 1)
        if may_edit:
            head.addWidget(IconView("drag-move-2-line"))
        lines.addLayout(head)
        lines.addWidget(ElidedLabel(waiting.facts, "fact"))
        foot = row(spacing=theme.Space.S)
        foot.addWidget(ElidedLabel(waiting.reason.text, "fact", "" if self._tone == "mute" else self._tone), 1)
        self.help_button = Button(waiting.help, "link", clicked=self.helped.emit)
        foot.addWidget(self.help_button)
        lines.addLayout(foot)
        self.help_button.setVisible(may_edit)  # in its place: alone it would be a window

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(MARKS[self._tone]))
        mark = QRectF(theme.Space.M - 1, theme.Space.S + 2, MARK, self.height() - 2 * theme.Space.S - 4)
        painter.drawRoundedRect(mark, MARK / 2, MARK / 2)


class MovingCard(Card):
    """正在移动: from where to where, whether both sides can, what it does to others."""

    def __init__(self) -> None:
        super().__init__(padding=theme.Space.M)
        self.set_colors("primary.soft", "primary")
        self.body.setSpacing(theme.Space.XS)
        self._title = Label("", "strong")
        self.body.addWidget(self._title)
        names = (_("从"), _("到"), _("两方"), _("影响"))
        width = max(Label(name, "caption").sizeHint().width() for name in names)
        self.values = [Label("", "caption", wrap=True) for _name in names]
        for name, value in zip(names, self.values, strict=True):
            line = row()
            caption = Label(name, "caption")
            caption.setFixedWidth(width)
            line.addWidget(caption, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(value, 1)
            self.body.addLayout(line)
        self.hide()

    def show_move(self, no: str, facts: Sequence[tuple[str, str]]) -> None:
        """Each fact with its tone ("" for none)."""
        self._title.setText(_("正在移动 · {no}").format(no=no))
        for value, (words, tone) in zip(self.values, facts, strict=True):
            value.setText(words)
            value.set_tone(tone)
        self.show()


class TimetableSide(QWidget):
    """Tray, moving card, keys. Signals carry the meeting's id."""

    opened = Signal(object)
    helped = Signal(object)  # Waiting
    dragged = Signal(object, object)  # Meeting, global position
    dropped = Signal(object, object)
    menu_wanted = Signal(object, object)
    retry_wanted = Signal()
    more_wanted = Signal()

    def __init__(self, may_edit: bool) -> None:
        super().__init__()
        self._may_edit = may_edit
        self.most = SHOWN
        content = QWidget()
        lines = column(content, theme.Space.S)
        head = row()
        head.addWidget(SectionTitle(_("未排")))
        self.count = Pill("0", "mute", shape=False)
        head.addWidget(self.count)
        head.addStretch(1)
        self.retry_button = Button(_("全部重试"), "text", "refresh-line", clicked=self.retry_wanted.emit)
        head.addWidget(self.retry_button)
        lines.addLayout(head)
        self.retry_button.setVisible(may_edit)
        self._tray = column(spacing=theme.Space.S)
        lines.addLayout(self._tray)
        self.more_button = Button("", "link", clicked=self._show_more)
        lines.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeft)
        lines.addStretch(1)
        whole = column(self, theme.Space.S)
        self.tray_area = scrolled(content)
        whole.addWidget(self.tray_area, 1)
        self.moving = MovingCard()
        whole.addWidget(self.moving)
        if may_edit:
            whole.addWidget(KeysCard(KEYS))
        self.cards: list[TrayCard] = []

    def set_narrow(self, narrow: bool) -> None:
        """300, or 260 in a narrow window."""
        self.setFixedWidth(NARROW if narrow else WIDE)

    def is_over(self, at: QPoint) -> bool:
        """Whether a global position lies above this column: what is dropped there goes into the tray."""
        return self.rect().contains(self.mapFromGlobal(at))

    def show_tray(self, waiting: Iterable[Waiting], total: int) -> None:
        """Show these, `most` of `total`; a card that says the same stays, with the focus in it."""
        self.count.set(f"{total:,}", "warn" if total else "mute")
        self.retry_button.setEnabled(total > 0)
        kept = {card.waiting.meeting.id: card for card in self.cards}
        self.cards = [self._card(one, kept.get(one.meeting.id)) for one in waiting]
        _fill(self._tray, self.cards, _("双方同意的洽谈都排好了。把一场拖到这里，可以先放一放。"))
        rest = total - len(self.cards)
        self.more_button.set_text(_("其余 {n} 场").format(n=f"{rest:,}"))
        self.more_button.setVisible(rest > 0)

    def _show_more(self) -> None:
        self.most += SHOWN
        self.more_wanted.emit()

    def _card(self, waiting: Waiting, kept: TrayCard | None) -> TrayCard:
        if kept is not None and kept.waiting == waiting:
            return kept
        card, key = TrayCard(waiting, self._may_edit), waiting.meeting.id
        card.pressed.connect(partial(self.opened.emit, key))
        card.helped.connect(partial(self.helped.emit, waiting))
        card.menu_wanted.connect(partial(self.menu_wanted.emit, key))
        card.dragged.connect(partial(self.dragged.emit, waiting.meeting))
        card.dropped.connect(partial(self.dropped.emit, waiting.meeting))
        return card

    def next_card(self) -> uuid.UUID | None:
        """N: put the focus on the card after the one that has it, the first behind the last; its meeting."""
        if not self.cards:
            return None
        at = next((number for number, card in enumerate(self.cards) if card.hasFocus()), -1)
        card = self.cards[(at + 1) % len(self.cards)]
        card.setFocus(Qt.FocusReason.OtherFocusReason)
        self.tray_area.ensureWidgetVisible(card)
        return card.waiting.meeting.id


def _fill(place: QVBoxLayout, wanted: Sequence[QWidget], otherwise: str) -> None:
    """Show these widgets in this order, or a sentence; those that are there already keep their focus."""
    items = [place.itemAt(number) for number in range(place.count())]
    there = [widget for item in items if item is not None and (widget := item.widget()) is not None]
    if there and there == list(wanted):
        return
    for widget in there:
        place.removeWidget(widget)
        if widget not in wanted:
            widget.hide()
            widget.deleteLater()
    for widget in wanted or [Label(otherwise, "caption", wrap=True)]:
        place.addWidget(widget)
        widget.show()


def move_facts(
    board: Board, meeting: Meeting, to: tuple[Place, str] | None, findings: Sequence[str], refuses: bool, other: str
) -> list[tuple[str, str]]:
    """The four lines of the moving card: from, to, both sides, what it does to others."""
    seat = meeting.seat
    where = board.place_by_id.get(seat.place_id) if seat.place_id else None
    if seat.starts_at and seat.ends_at and where:
        origin = f"{seat.starts_at:%m-%d} {clock(seat.starts_at, seat.ends_at)} · {where.name}"
    else:
        origin = _("未排")
    both = _("；").join(findings) or _both_words(board, where, to[0] if to else None)
    effect = _("和 {other} 交换").format(other=other) if other else _("不挤别的场次")
    tone = "bad" if refuses else "warn" if findings else "ok"
    return [(origin, ""), (to[1] if to else _("未排"), ""), (both, tone), (effect, "warn" if other else "ok")]


def _both_words(board: Board, home: Place | None, to: Place | None) -> str:
    if board.walk_minutes and home is not None and to is not None and home.area != to.area:
        return _("都空闲，走到 {place} 约 {n} 分钟").format(place=to.name, n=board.walk_minutes)
    return _("都空闲")
