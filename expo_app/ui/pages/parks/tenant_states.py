"""The states of a tenant: when, by whom, how long each lasted; what was taken back stays, struck through."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app import plain_text
from expo_app.i18n import _
from expo_app.model import TenantState
from expo_app.specs.fields import MISSING
from expo_app.specs.park_shown import StateLine, TenantPage
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import RIGHT, Label, Line, Pill, SectionTitle, write
from expo_app.ui.kit.panels import Card, clear, column, row, scrolled
from expo_app.ui.records import state_colours

WIDTH, NARROW = 280, 240
HEIGHT, DOT = 58, 8
"""px of a step, and from its top to the middle of its dot."""


def under(line: StateLine) -> str:
    """Below a step: what was said, where to, by whom."""
    to = line.where_to
    if to and line.state is TenantState.LEFT:
        to = _("去向：{where}").format(where=to)
    why = _("更正：{why}").format(why=line.reason) if line.reason else ""
    return " · ".join(filter(None, (to, line.words, why, line.operator)))


def stayed(line: StateLine) -> str:
    """How long the state before it lasted."""
    return _("历时 {n} 天").format(n=f"{line.days:,}") if line.days is not None else ""


class StepRow(QWidget):
    """One step of the line; without `line` the state that may come."""

    def __init__(self, state: TenantState, line: StateLine | None, is_last: bool, goes_on: bool) -> None:
        super().__init__()
        self.state, self.line, self._is_last, self._goes_on = state, line, is_last, goes_on
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        gone = _("已更正") if line and line.is_undone else ""
        said = (state.label, line.on if line else MISSING, under(line) if line else "", gone)
        self.setAccessibleName(" · ".join(filter(None, said)))
        if line is not None:
            self.setToolTip(plain_text.shown("\n".join(filter(None, (under(line), gone)))))

    def sizeHint(self) -> QSize:
        return QSize(220, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, line = QPainter(self), self.line
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        there = line is not None and not line.is_undone
        spot = QPointF(DOT, DOT + 4)
        if self._goes_on:
            painter.setPen(QPen(theme.color("primary" if there and not self._is_last else "border.strong"), 2))
            painter.drawLine(QPointF(DOT, DOT + 12), QPointF(DOT, self.height()))
        painter.setPen(QPen(theme.color("primary" if there else "border.strong"), 1.4))
        token = "ok.solid" if self._is_last else "primary"
        painter.setBrush(theme.color(token if there else "bg.surface"))
        if there:
            painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(spot, 7, 7)
        if there:
            icons.draw(painter, "check-line", "on.primary", QRectF(spot.x() - 5, spot.y() - 5, 10, 10))
        left, room = 2 * DOT + theme.Space.S + 2, self.width() - 2 * DOT - theme.Space.S - 2
        bold = theme.struck(theme.font("strong")) if line and line.is_undone else theme.font("strong")
        ink = "text.1" if there else "text.3"
        write(painter, QRectF(left, 1, room, 22), self.state.label, bold, ink)
        at = left + painter.fontMetrics().horizontalAdvance(self.state.label) + theme.Space.M
        day = (line.on or MISSING) if line else MISSING
        write(painter, QRectF(at, 1, max(0, left + room - at), 22), day, theme.font("body"), ink)
        end = at + painter.fontMetrics().horizontalAdvance(day) + theme.Space.S
        right = _("已更正") if line and line.is_undone else stayed(line) if line else ""
        painter.setFont(theme.font("caption"))
        wide = painter.fontMetrics().horizontalAdvance(right) + 2
        has_room = end + wide <= left + room  # else it goes down a line
        write(painter, QRectF(left, 1 if has_room else 23, room, 20), right, theme.font("caption"), "text.2", RIGHT)
        room -= 0 if has_room or not right else wide + theme.Space.S
        below = under(line) if line else _("无自动判定，由园区登记")
        write(painter, QRectF(left, 23, room, 18), below, theme.font("caption"), "text.2")


class StatesCard(Card):
    """`going_back` where the last step was a mistake."""

    going_back = Signal()

    def __init__(self) -> None:
        super().__init__(padding=theme.Space.L)
        head = row()
        head.addWidget(SectionTitle(_("状态")), 1)
        self._pill = Pill("")
        head.addWidget(self._pill)
        self.body.addLayout(head)
        held = QWidget()
        outer = column(held, 0)
        self._lines = column(spacing=0)
        outer.addLayout(self._lines)
        outer.addStretch(1)
        self.body.addWidget(scrolled(held), 1)
        self.body.addWidget(Line())
        foot = row(spacing=theme.Space.XS)
        foot.addWidget(Label(_("退出随时可记，须写去向与原因"), "fact", wrap=True), 1)
        self.back = Button(_("更正状态"), "link", clicked=self.going_back.emit)
        self.back.setToolTip(_("退回上一步：写原因，原来那一行留着"))
        foot.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(foot)
        self.rows: list[StepRow] = []

    def set(self, page: TenantPage, may_edit: bool) -> None:
        """Show the steps of a tenant, and what may come."""
        self._pill.set(page.state.label, state_colours.pill(page.state))
        holding = [line for line in page.steps if not line.is_undone]
        self.back.setVisible(may_edit and bool(holding))
        clear(self._lines)
        to_come = _to_come(page.state)
        self.rows = [
            StepRow(
                line.state, line, bool(holding) and line is holding[-1], bool(to_come) or line is not page.steps[-1]
            )
            for line in page.steps
        ]
        self.rows += [StepRow(state, None, False, state is not to_come[-1]) for state in to_come]
        for one in self.rows:
            self._lines.addWidget(one)

    def fit(self, is_narrow: bool) -> None:
        """Its width."""
        self.setFixedWidth(NARROW if is_narrow else WIDTH)


def _to_come(state: TenantState) -> Sequence[TenantState]:
    """What is shown as not yet reached: landing, then graduation; nothing of who left."""
    if state is TenantState.LEFT:
        return ()
    reached = list(TenantState).index(state)
    coming = (TenantState.LANDED, TenantState.GRADUATED)
    return [one for one in coming if list(TenantState).index(one) > reached]
