"""The open calls at the right: a card each, overdue ones first, and what may be done where nobody came forward."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import DemandState
from expo_app.rules import amounts
from expo_app.rules.open_calls import OPEN, Standing
from expo_app.services import open_calls
from expo_app.services.open_calls import Call
from expo_app.services.record_writer import followed
from expo_app.services.steps import step_of
from expo_app.specs import DEMANDS
from expo_app.specs.fields import MISSING
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.item_row import ask_line
from expo_app.ui.kit.labels import ElidedLabel, Label, Line, Pill, SectionTitle
from expo_app.ui.kit.panels import Card, clear, column, row, scrolled
from expo_app.ui.records import state_colours
from expo_app.ui.records.undo_list import UndoList, step_act

WIDTH, NARROW = 344, 288
TONES = {Standing.OVERDUE: "bad", Standing.SOON: "warn"}


class CallCard(QFrame):
    """One call; `pressed` opens it. `acts`: (words, what they do)."""

    pressed = Signal()

    def __init__(self, call: Call, acts: Sequence[tuple[str, Callable[[], object]]]) -> None:
        super().__init__()
        self.call = call
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        standing = call.stood.standing
        lines = column(self, theme.Space.XS)
        lines.setContentsMargins(theme.Space.S, theme.Space.S, theme.Space.S, theme.Space.S)
        top = row(spacing=theme.Space.S)
        top.addWidget(ElidedLabel(call.title, "strong"), 1)
        top.addWidget(Pill(standing.label, state_colours.pill(standing)))
        lines.addLayout(top)
        lines.addWidget(ElidedLabel(" · ".join((call.owner, came_forward(call))), "fact"))
        bottom = row(spacing=theme.Space.XS)
        bottom.addWidget(Label(MISSING if call.budget is None else amounts.format_wan(call.budget), "strong"))
        bottom.addWidget(Label(_("万元"), "fact"))
        when = ElidedLabel(deadline(call), "fact", TONES.get(standing, ""))
        when.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        bottom.addWidget(when, 1)
        lines.addLayout(bottom)
        if acts:
            buttons = QWidget()
            flow = FlowLayout(buttons, theme.Space.XS)
            for words, act in acts:
                flow.addWidget(Button(words, "link", clicked=act))
            lines.addWidget(buttons)
        said = (call.title, standing.label, call.owner, came_forward(call), deadline(call))
        self.setAccessibleName(" · ".join(filter(None, said)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not (self.underMouse() or self.hasFocus()):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("focus") if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("bg.hover"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.Radius.CONTROL, theme.Radius.CONTROL)


def came_forward(call: Call) -> str:
    """Who solves it, or how many would; not known is not none."""
    if call.solver:
        return call.solver
    if call.applicants is None:
        return _("揭榜数未填")
    return _("已揭榜 {n}").format(n=call.applicants) if call.applicants else _("无人揭榜")


def deadline(call: Call) -> str:
    """When it closes or closed, with the days; when it was decided."""
    days = call.stood.days
    if call.stood.standing not in OPEN:
        return _("定榜 {day}").format(day=f"{call.awarded_on:%m-%d}") if call.awarded_on else ""
    if days is None or call.apply_by is None:
        return _("未定截止日期")
    words = _("截止 {day}").format(day=f"{call.apply_by:%m-%d}")
    if days < 0:
        return words + " · " + _("过期 {n} 天").format(n=-days)
    return words + " · " + (_("还有 {n} 天").format(n=days) if days else _("今天截止"))


class CallsColumn(Card):
    """`opened(id)` of a card that was pressed, `all_wanted` of 全部需求, `awarding(id)` where somebody is to be chosen.

    `undo_list()` is where acts are kept: that of the list in front.
    """

    opened = Signal(object)
    all_wanted = Signal()
    awarding = Signal(object)

    def __init__(self, context: Context, undo_list: Callable[[], UndoList]) -> None:
        super().__init__(padding=theme.Space.M)
        self.context, self._undo_list = context, undo_list
        self.cards: list[CallCard] = []
        self.body.setSpacing(theme.Space.XS)
        head = row()
        self._title, self._fact = SectionTitle(""), ElidedLabel("", "fact")
        head.addWidget(self._title, 1)
        head.addWidget(Button(_("全部需求"), "link", clicked=self.all_wanted.emit))
        self.body.addLayout(head)
        self.body.addWidget(self._fact)
        self.body.addWidget(Line())
        content = QWidget()
        outer = column(content, 0)
        self._lines = column(spacing=2)
        outer.addLayout(self._lines)
        outer.addStretch(1)
        self._area = scrolled(content)
        self.body.addWidget(self._area, 1)
        self.set_narrow(False)

    def set_narrow(self, on: bool) -> None:
        """Less wide, in a narrow window."""
        self.setFixedWidth(NARROW if on else WIDTH)

    def read(self) -> None:
        """Show them as they stand today; what was in sight stays in sight."""
        expo_id = self.context.expo_id
        today = self.context.today()
        found = open_calls.calls(self.context.db, expo_id, today) if expo_id else []
        at = self._area.verticalScrollBar().value()
        clear(self._lines)
        self.cards = []
        may = self.context.may_write(DEMANDS.permission)
        for call in found:
            if self.cards:
                self._lines.addWidget(Line())
            card = CallCard(call, self._acts(call, today) if may else ())
            card.pressed.connect(partial(self.opened.emit, call.id))
            self.cards.append(card)
            self._lines.addWidget(card)
        if not found:
            self._lines.addWidget(
                Label(_("没有揭榜挂帅。新增技术需求时勾选“揭榜挂帅”，或从 Excel 导入。"), "secondary", wrap=True)
            )
        counts = Counter(call.stood.standing for call in found)
        self._title.setText(_("揭榜挂帅 {n}").format(n=len(found)))
        self._fact.set_text(
            " · ".join(f"{standing.label} {counts[standing]}" for standing in Standing if counts[standing])
        )
        self._area.verticalScrollBar().setValue(at)

    # --- acts ---

    def _acts(self, call: Call, today: date) -> list[tuple[str, Callable[[], object]]]:
        """What is offered of a call whose deadline is past, and of one that failed."""
        extend = (_("延期"), partial(self.extend, call, today))
        withdraw = (_("撤回"), partial(self.withdraw, call))
        if call.stood.standing is Standing.OVERDUE:
            fail = (_("流榜"), partial(self.turn, call, DemandState.FAILED))
            award = (_("定榜"), partial(self.awarding.emit, call.id))
            return [extend, award, fail, withdraw]
        return [extend, withdraw] if call.stood.standing is Standing.FAILED else []

    def extend(self, call: Call, today: date) -> None:
        """Ask for another deadline."""
        field, found = DEMANDS.field("apply_by"), list[date]()

        def answer(line: str) -> str:
            try:
                day = field.parse(line) if line else None
            except ValueError as problem:
                return str(problem)
            if day is None or day < today:
                return _("请填今天或以后的日期。")
            found.append(day)
            return ""

        hint = _("如 {day}").format(day=today.replace(month=12, day=31).isoformat())
        box = ask_line(
            self, _("延期“{name}”").format(name=call.title), _("新的揭榜截止日期；状态回到征集。"),
            (field.title, hint), _("延期"), answer, required=True,
        )  # fmt: skip
        box.closed.connect(lambda line: self._extended(call, found[-1], today) if line else None)

    def _extended(self, call: Call, day: date, today: date) -> None:
        words = _("“{name}”已延期到 {day}").format(name=call.title, day=day.isoformat())
        self._do(words, lambda: open_calls.extend(self.context.db, call.id, day, today, seen=call.state))

    def withdraw(self, call: Call) -> None:
        """Ask, then take the call back."""
        text = _("撤回的揭榜挂帅不再计数，记录还在，可以撤销。")
        title = _("撤回“{name}”？").format(name=call.title)
        messages.confirm(self, title, text, _("撤回"), partial(self.turn, call, DemandState.WITHDRAWN), safe=_("保留"))

    def turn(self, call: Call, state: DemandState) -> None:
        """Another state, as one act to take back."""
        words = _("“{name}”已改为{state}").format(name=call.title, state=state.label)
        self._do(words, lambda: open_calls.turn(self.context.db, call.id, state, seen=call.state))

    def _do(self, words: str, act: Callable[[], object]) -> None:
        try:
            with followed() as writers:
                act()
        except UserError as error:
            messages.show(self, error)
        else:
            step = step_of(DEMANDS.permission, writers)
            self._undo_list().add(step_act(words, self.context.db, step))
