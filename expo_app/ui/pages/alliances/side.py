"""The left column: bodies, agreements, and what is overdue of them."""

from __future__ import annotations

import uuid
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.routes import ListRoute
from expo_app.specs import AGREEMENTS, TASKS
from expo_app.specs.alliances_shown import Board, DueTask
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label, Pill, SectionTitle
from expo_app.ui.kit.panels import Card, clear, column, row, scrolled
from expo_app.ui.pages.alliances.choices import AgreementChoice, BodyCard

WIDTH, NARROW, LATE = 288, 240, "bad"


class SideColumn(QWidget):
    """`body_chosen(id)`, `agreement_chosen(id)`; `agreement_wanted` of 新增."""

    body_chosen = Signal(object)
    agreement_chosen = Signal(object)
    agreement_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.bodies: list[BodyCard] = []
        self.agreements: list[AgreementChoice] = []
        content = QWidget()
        content.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        lines = column(content, theme.Space.M)
        self._bodies = column(spacing=theme.Space.S)
        lines.addLayout(self._bodies)
        head = row()
        head.addWidget(SectionTitle(_("协议")), 1)
        self._new = Button(_("新增"), "link", "add-line", clicked=self.agreement_wanted.emit)
        head.addWidget(self._new)
        lines.addLayout(head)
        self._agreements = Card(padding=theme.Space.XS)
        self._agreements.body.setSpacing(2)
        lines.addWidget(self._agreements)
        self._tasks = Card(padding=theme.Space.M)
        lines.addWidget(self._tasks)
        lines.addStretch(1)
        column(self, 0).addWidget(scrolled(content))
        self.set_narrow(False)

    def set_narrow(self, on: bool) -> None:
        """Less wide, in a narrow window."""
        self.setFixedWidth(NARROW if on else WIDTH)

    def set(self, board: Board) -> None:
        """Show what there is."""
        self._new.setVisible(self.context.may_write(AGREEMENTS.permission))
        for layout in (self._bodies, self._agreements.body, self._tasks.body):
            clear(layout)
        self.bodies = [BodyCard(body) for body in board.bodies]
        for card in self.bodies:
            card.pressed.connect(partial(self.body_chosen.emit, card.body.id))
            self._bodies.addWidget(card)
        self.agreements = [AgreementChoice(agreement) for agreement in board.agreements]
        for line in self.agreements:
            line.pressed.connect(partial(self.agreement_chosen.emit, line.agreement.id))
            self._agreements.body.addWidget(line)
        if not self.agreements:
            self._agreements.body.addWidget(Label(_("还没有协议。"), "secondary", wrap=True))
        self._show_tasks(board)

    def _show_tasks(self, board: Board) -> None:
        head = row()
        head.addWidget(SectionTitle(_("跟进")), 1)
        n = len(board.tasks)
        head.addWidget(Pill(_("逾期 {n}").format(n=n) if n else _("无逾期"), "bad" if n else "ok"))
        self._tasks.body.addLayout(head)
        for task in board.tasks:
            self._tasks.body.addWidget(self._task(task))

    def _task(self, task: DueTask) -> QWidget:
        when = _("{day}，已过 {n} 天").format(day=f"{task.due_on:%m-%d}", n=task.days)
        go = partial(self.context.navigate, ListRoute(TASKS, record=task.id))
        return ItemRow(task.title, " · ".join(filter(None, (task.assignee, when))), below=True, clicked=go,
                       icon="error-warning-line", token=LATE)  # fmt: skip

    def choose(self, body: uuid.UUID | None, agreement: uuid.UUID | None) -> None:
        """Mark what is looked at."""
        for card in self.bodies:
            card.choose(card.body.id == body)
        for line in self.agreements:
            line.choose(line.agreement.id == agreement)
