"""Lists of what moves: before publishing, and after a timetable was computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.rules.meeting_board import Board
from expo_app.services.timetable_acts import Change, ChangeKind, seat_words
from expo_app.services.timetable_plan import Plan
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.labels import Label, Line, Pill
from expo_app.ui.kit.panels import column, row
from expo_app.ui.kit.placeholders import Banner

KINDS = {ChangeKind.ADDED: "ok", ChangeKind.MOVED: "info", ChangeKind.REMOVED: "warn", ChangeKind.CANCELLED: "mute"}
MARK_WIDTH = 84
LISTED = 200
"""Lines shown; further ones are counted."""


class PublishDialog(Dialog):
    """What publishing would change, moved ones first; `publish(changes)` is called when the person agrees."""

    def __init__(
        self, parent: QWidget, board: Board, changes: Sequence[Change], publish: Callable[[list[Change]], object]
    ) -> None:
        count = _("{n} 处").format(n=f"{len(changes):,}")
        super().__init__(parent, _("发布改动"), note=count)
        one_sided = sum(one.is_placed and not one.is_agreed for one in board.meetings)
        if one_sided:
            words = _("单方的 {n} 场只是预留，不发布。").format(n=f"{one_sided:,}")
            self.body.addWidget(Banner("info", words))
        order = (ChangeKind.MOVED, ChangeKind.REMOVED, ChangeKind.CANCELLED, ChangeKind.ADDED)
        listed = sorted(changes, key=lambda change: order.index(change.kind))
        _list(self, [(c.kind.label, KINDS[c.kind], c.title, _change(board, c)) for c in listed])
        if not changes:
            self.body.addWidget(Label(_("没有改动，已发布的排程就是现在这样。"), "secondary"))
        self.body.addStretch(1)
        self.add_action(Button(_("取消"), clicked=self.cancel), safe=True)
        self.publish_button = Button(_("发布 {n} 处").format(n=f"{len(changes):,}"), "primary", "check-line")
        self.publish_button.clicked.connect(lambda _checked=False: self._agree(list(changes), publish))
        self.publish_button.setEnabled(bool(changes))
        self.add_action(self.publish_button)

    def _agree(self, changes: list[Change], publish: Callable[[list[Change]], object]) -> None:
        self.close_with(True)
        publish(changes)


class MovedDialog(Dialog):
    """What a computed timetable moved, and what it left with why."""

    def __init__(self, parent: QWidget, plan: Plan) -> None:
        super().__init__(parent, _("自动排程移动的"), note=_("{n} 场").format(n=f"{len(plan.moved):,}"))
        board = plan.board
        lines = [(_("改动"), "info", board.by_id[key].words, _arrow(board, plan, key)) for key in plan.moved] + [
            (_("未排"), "warn", board.by_id[key].words, why.label) for key, why in plan.left
        ]
        _list(self, lines)
        if not lines:
            self.body.addWidget(Label(_("没有移动已排的洽谈。"), "secondary"))
        self.body.addStretch(1)
        self.add_action(Button(_("关闭"), "primary", clicked=self.cancel), safe=True)


def _change(board: Board, change: Change) -> str:
    seats = (seat for seat in (change.before, change.after) if seat.place_id is not None)
    return " → ".join(seat_words(board, seat) for seat in seats)


def _arrow(board: Board, plan: Plan, key: object) -> str:
    return " → ".join(seat_words(board, seats[key]) for seats in (plan.known, plan.seats))  # type: ignore[index]


def _list(dialog: Dialog, lines: Sequence[tuple[str, str, str, str]]) -> None:
    """(mark, its kind, title, words) below each other."""
    for number, (mark, kind, title, words) in enumerate(lines[:LISTED]):
        if number:
            dialog.body.addWidget(Line())
        dialog.body.addWidget(_line(mark, kind, title, words))
    if len(lines) > LISTED:
        dialog.body.addWidget(Label(_("另有 {n} 处").format(n=f"{len(lines) - LISTED:,}"), "secondary"))


def _line(mark: str, kind: str, title: str, words: str) -> QWidget:
    widget = QWidget()
    line = row(widget, theme.Space.M)
    holder = QWidget()
    holder.setFixedWidth(MARK_WIDTH)
    column(holder).addWidget(Pill(mark, kind), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(holder)
    both = column(spacing=0)
    both.addWidget(Label(title, "strong", wrap=True))
    both.addWidget(Label(words, "fact", wrap=True))
    line.addLayout(both, 1)
    return widget
