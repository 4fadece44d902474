"""What panels show of the work that follows: tasks of a record, payments and milestones of a deal; forms for both.

    def notices(self, record_id, values): return [TaskBox(self, self.context, self.acts, "deal_id", record_id)]
    def panels(self, record_id, values): return [milestone_panel(self, self.context, self.acts, record_id)]

Both read again by themselves when somebody writes, so a page need not know their tables.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.model import MilestoneKind, TaskState
from expo_app.routes import ListRoute
from expo_app.rules import amounts, due_days
from expo_app.services import follow_up
from expo_app.services.follow_up import Agreed, MilestoneLine, TaskLine
from expo_app.services.steps import Step, Turned
from expo_app.specs import MILESTONES, TASKS
from expo_app.specs.follow_up_figures import Payments
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label, Line, Meter, SectionTitle
from expo_app.ui.kit.panels import clear, column, row
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.records import state_colours
from expo_app.ui.records.form import Form
from expo_app.ui.records.record_dialog import RecordDialog
from expo_app.ui.records.record_panel import Panel
from expo_app.ui.records.undo_list import Act, UndoList, step_act

FEW = 3
"""Tasks shown before 查看全部."""
QUICK = ("title", "assignee", "due_on")
TASK, POINT = N_("任务"), N_("付款或里程碑")


# --- forms ------------------------------------------------------------------------------------------------------------
class TaskDialog(RecordDialog):
    """A task; whoever works with the program is offered."""

    names: tuple[str, ...] = ()
    """Fields of the form; () all."""

    def make_form(self) -> Form:
        expo = self.context.expo
        return Form(
            self.spec, zone=expo.zone if expo else None, look_up=self.context.options,
            fields=[self.spec.field(name) for name in self.names] or None,
            offers={"assignee": follow_up.names_of_staff(self.context.db)}, usual=self.usual_day(),
        )  # fmt: skip


class QuickTask(TaskDialog):
    """Who, what, by when: Enter in any of the three saves."""

    names = QUICK

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for name in QUICK:
            editor = self.form.editor(name)
            if isinstance(editor, QLineEdit):
                editor.returnPressed.connect(self.submit)


class MilestoneDialog(RecordDialog):
    """A payment or milestone of the deal whose panel it was opened from: amounts belong to payments alone."""

    def make_form(self) -> Form:
        expo = self.context.expo
        fields = [f for f in self.spec.writable if f.in_form and f.name != "deal_id"]
        form = Form(self.spec, zone=expo.zone if expo else None, fields=fields, usual=self.usual_day())
        form.edited.connect(lambda name: self._fit(form) if name == "kind" else None)
        return form

    def first_focus(self) -> QWidget | None:
        self._fit(self.form)
        return super().first_focus()

    @staticmethod
    def _fit(form: Form) -> None:
        form.leave_out(("amount", "done_amount") if form.read("kind") is MilestoneKind.STEP else ())


# --- tasks ------------------------------------------------------------------------------------------------------------
class Fresh(QWidget):
    """A part of a panel that is filled anew when one of its tables was written."""

    tables: frozenset[str]

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.lines = column(self, theme.Space.XS)
        context.changed.connect(self._on_changed)

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & self.tables:
            self.fill()

    def fill(self) -> None:
        """Show what there is now."""
        clear(self.lines)
        try:
            found = self.read()
        except UserError as error:
            found = [Label(str(error), "fact", "bad", wrap=True)]
        for widget in found:
            self.lines.addWidget(widget)

    def read(self) -> Sequence[QWidget]:
        raise NotImplementedError

    @property
    def today(self) -> Any:
        return self.context.today()


class TaskBox(Fresh):
    """The tasks of a deal, exhibitor or pitch: `column` as `specs.follow_up.SUBJECTS` has it. 加任务 is one press."""

    tables = frozenset({"task"})

    def __init__(self, owner: QWidget, context: Context, acts: UndoList, column: str, record_id: uuid.UUID) -> None:
        super().__init__(context)
        self._owner, self._acts, self._subject = owner, acts, {column: record_id}
        self._shows_all = False
        self.fill()

    def read(self) -> Sequence[QWidget]:
        ((name, record_id),) = self._subject.items()
        tasks = follow_up.tasks_of(self.context.db, name, record_id)
        head = QWidget()
        line = row(head)
        line.addWidget(SectionTitle(_("跟进 {n}").format(n=len(tasks)) if tasks else _("跟进")))
        line.addStretch(1)
        if self.context.may_write(TASKS.permission):
            self.add_button = Button(_("加任务"), "link", clicked=self.add)
            line.addWidget(self.add_button)
        shown = tasks if self._shows_all else tasks[:FEW]
        found: list[QWidget] = [head, *map(self._row, shown)]
        if len(shown) < len(tasks):
            found.append(Button(_("查看全部 {n} 项").format(n=len(tasks)), "link", clicked=self._show_all))
        return [*found, Line()]

    def _show_all(self) -> None:
        self._shows_all = True
        self.fill()

    def _row(self, task: TaskLine) -> QWidget:
        is_open = task.state is TaskState.OPEN
        when = due_days.said(task.due_on, self.today) if is_open else ""
        late = due_days.is_overdue(task.due_on, self.today)
        pill = (when, "bad" if late else "warn") if when else (task.state.label, state_colours.pill(task.state))
        day = task.due_on if is_open else task.done_on
        detail = " · ".join(filter(None, (task.assignee, f"{day:%m-%d}" if day else "", task.outcome)))
        done = IconButton("check-line", _("标记已办"), partial(self._tick, task))
        return ItemRow(
            task.title, detail, pill=pill, below=True,
            buttons=[done] if is_open and self.context.may_write(TASKS.permission) else [],
            clicked=partial(self.context.navigate, ListRoute(TASKS, record=task.id)),
        )  # fmt: skip

    def _tick(self, task: TaskLine) -> None:
        settle(self._owner, self.context, self._acts, [task.id], TaskState.DONE)

    def add(self) -> None:
        """Ask who does what by when."""
        context = self.context

        def save(values: dict[str, Any], _id: uuid.UUID | None, _seen: Mapping[str, Any]) -> uuid.UUID:
            if context.expo_id is None:
                raise ValueError("a task belongs to an expo")
            return follow_up.add_task(context.db, context.expo_id, values, self._subject)

        given = {"assignee": context.actor.name}
        dialog = QuickTask(self._owner, context, TASKS, noun=TASK, values=given, save=save)
        dialog.saved.connect(partial(_saved, context, self._acts, _("已加任务")))
        dialog.open()


def settle(
    owner: QWidget, context: Context, acts: UndoList, ids: Sequence[uuid.UUID], state: TaskState, on: Any = None
) -> None:
    """Move tasks to a state; one act, can be taken back."""
    said = _("{n} 件任务已改为{state}")
    work = partial(follow_up.settle, context.db, ids, state, on)
    _turned(owner, context, acts, said, state.label, work, follow_up.turn_tasks)


def _turned(
    owner: QWidget,
    context: Context,
    acts: UndoList,
    said: str,
    state: str,
    work: Callable[[], Turned],
    turn: Callable[..., None],
) -> None:
    try:
        changed = work()
    except UserError as error:
        messages.show(owner, error)
        return
    if changed:
        back = partial(turn, context.db, changed)
        acts.add(Act(said.format(n=len(changed), state=state), back, partial(back, forth=True)))


def _saved(
    context: Context, acts: UndoList, words: str, _id: uuid.UUID, _values: Mapping[str, Any], step: Step | None
) -> None:
    acts.add(step_act(words, context.db, step))


# --- payments and milestones ------------------------------------------------------------------------------------------
def milestone_panel(owner: QWidget, context: Context, acts: UndoList, deal_id: uuid.UUID) -> Panel:
    """The tab 付款 of a deal."""
    return Panel("milestones", _("付款"), lambda: [MilestoneBox(owner, context, acts, deal_id)])


class MilestoneBox(Fresh):
    """What was agreed to be paid and to happen; how much of the amount is paid; never more than that in silence."""

    tables = frozenset({"deal_milestone", "deal"})

    def __init__(self, owner: QWidget, context: Context, acts: UndoList, deal_id: uuid.UUID) -> None:
        super().__init__(context)
        self._owner, self._acts, self._deal = owner, acts, deal_id
        self.fill()

    def read(self) -> Sequence[QWidget]:
        found = follow_up.agreed(self.context.db, self._deal)
        widgets: list[QWidget] = [*self._sum(found.payments), *map(self._row, found.lines)]
        if not found.lines:
            widgets.append(Label(_("还没有约定付款和里程碑"), "fact"))
        if self.context.may_write(MILESTONES.permission):
            widgets.append(self._ways(found))
        return widgets

    def _sum(self, payments: Payments) -> list[QWidget]:
        paid, whole = amounts.in_words(payments.made), amounts.in_words(payments.amount)
        if payments.amount is None:
            return [Label(_("已付 {paid}，没有成交额").format(paid=paid), "strong")]
        words = Label(_("已付 {paid} / {whole}").format(paid=paid, whole=whole), "strong")
        meter = Meter(float(payments.made), float(payments.amount or 1))
        agreed = Label(_("约定付款合计 {amount}").format(amount=amounts.in_words(payments.agreed)), "fact")
        found: list[QWidget] = [words, meter, agreed]
        if payments.is_above:
            over = max(payments.agreed, payments.made) - payments.amount
            text = _("付款合计超过成交额 {amount}，请核对。").format(amount=amounts.in_words(over))
            found.append(Banner("warn", text, small=True))
        return [*found, Line()]

    def _row(self, line: MilestoneLine) -> QWidget:
        when = due_days.said(line.due_on, self.today) if line.is_open else ""
        late = due_days.is_overdue(line.due_on, self.today)
        pill = (when, "bad" if late else "warn") if when else None
        if pill is None and not line.is_open:
            pill = (_("已付") if line.kind is MilestoneKind.PAYMENT else _("已完成"), "ok")
        day = line.due_on if line.is_open else line.done_on
        money = line.amount if line.is_open or line.done_amount is None else line.done_amount
        yuan = amounts.in_words(money) if money is not None else ""
        detail = " · ".join(filter(None, (yuan, f"{day}" if day else "", _short(line))))
        verb = _("记为已付") if money is not None else _("记为完成")
        done = Button(verb, "link", clicked=partial(self._reach, line))
        may = self.context.may_write(MILESTONES.permission)
        return ItemRow(
            line.title, detail, pill=pill, below=True, buttons=[done] if line.is_open and may else [],
            clicked=partial(self._edit, line.id),
        )  # fmt: skip

    def _ways(self, found: Agreed) -> QWidget:
        box = QWidget()
        line = row(box)
        self.add_button = Button(_("加付款或里程碑"), "link", clicked=lambda: self._edit(None))
        line.addWidget(self.add_button)
        if found.is_transfer:
            line.addWidget(Button(_("加“专利转让登记”"), "link", clicked=self._await))
        line.addStretch(1)
        return box

    def _edit(self, milestone_id: uuid.UUID | None) -> None:
        def save(values: dict[str, Any], record_id: uuid.UUID | None, seen: Mapping[str, Any]) -> uuid.UUID:
            return follow_up.save_milestone(self.context.db, self._deal, values, record_id, seen)

        try:
            dialog = MilestoneDialog(self._owner, self.context, MILESTONES, milestone_id, noun=POINT, save=save)
        except UserError as error:
            messages.show(self._owner, error)
            return
        dialog.saved.connect(partial(_saved, self.context, self._acts, _("已保存")))
        dialog.open()

    def _reach(self, line: MilestoneLine) -> None:
        words = _("“{title}”已记为完成").format(title=line.title)
        work = partial(follow_up.reach, self.context.db, line.id)
        _turned(self._owner, self.context, self._acts, "{state}", words, work, follow_up.turn_milestones)

    def _await(self) -> None:
        try:
            follow_up.await_registration(self.context.db, self._deal)
        except UserError as error:
            messages.show(self._owner, error)
            return
        self._acts.bar(_("已加“专利转让登记”"))


def _short(line: MilestoneLine) -> str:
    """What was paid of it, where that is not all."""
    if line.done_amount is None or line.amount is None or line.done_amount >= line.amount:
        return ""
    rest: Decimal = line.amount - line.done_amount
    return _("已付 {paid}，还差 {rest}").format(paid=amounts.in_words(line.done_amount), rest=amounts.in_words(rest))
