"""Following up at work: lists that say how terms stand, what a panel shows of a record, ticking off."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.errors import Conflict, UserError
from expo_app.i18n import _, in_every_language
from expo_app.model import Deal, DealMilestone, Entry, Expo, MilestoneKind, Operator, Task, TaskState
from expo_app.model.expo import today_of
from expo_app.rules import due_days
from expo_app.services import records
from expo_app.services.follow_up_rules import REGISTERED, keep_registration
from expo_app.services.record_writer import in_parts, write_row, writing
from expo_app.services.records import Row, entered
from expo_app.services.statistics.follow_up import payments_of
from expo_app.services.steps import Turned, turn
from expo_app.specs import MILESTONES, TASKS, Field, RecordSpec
from expo_app.specs.follow_up import SUBJECTS
from expo_app.specs.follow_up_figures import Payments
from expo_app.store.database import Database

TRANSFER = "专利权转让"
"""The sub-kind of contracts that take effect when the patent office registers them (专利法 art. 10)."""
_task, _milestone = Task.__table__, DealMilestone.__table__


def rows(db: Database, spec: RecordSpec, expo_id: uuid.UUID, fields: Sequence[Field], today: date) -> list[Row]:
    """`records.list_rows` of tasks or milestones, `timing` in days left for those that are open and due this week."""
    more = ("due_on", "done_on") if spec is TASKS else ("due_on", "done_on", "amount", "done_amount")
    wanted = (*fields, *(spec.field(name) for name in more))
    place = next((n for n, field in enumerate(fields, 1) if field.name == "timing"), 0)
    found = []
    for row in records.list_rows(db, spec, expo_id, wanted, spoken=True):
        values = list(row[: len(fields) + 1])
        due_on, *done = map(readable, row[len(fields) + 1 : -1])
        left = due_days.days_left(due_on, today)
        if place and left is not None and left <= due_days.SOON and _is_open(*done):
            values[place] = left
        found.append((*values, row[-1]))
    return found


def _is_open(done_on: date | None, amount: Decimal | None = None, done_amount: Decimal | None = None) -> bool:
    """Whether something is still to be done, or was not paid in full."""
    return done_on is None or (amount is not None and done_amount is not None and done_amount < amount)


# --- what a panel shows -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class TaskLine:
    """A task of the record that a panel shows."""

    id: uuid.UUID
    title: str
    assignee: str
    due_on: date | None
    state: TaskState
    done_on: date | None
    outcome: str


@dataclass(frozen=True)
class MilestoneLine:
    """A milestone or payment of a deal; amounts in yuan."""

    id: uuid.UUID
    kind: MilestoneKind
    title: str
    due_on: date | None
    amount: Decimal | None
    done_on: date | None
    done_amount: Decimal | None

    @property
    def is_open(self) -> bool:
        """Whether it was not reached, or not paid in full."""
        return _is_open(self.done_on, self.amount, self.done_amount)


@dataclass(frozen=True)
class Agreed:
    """Milestones and payments of a deal, and what the payments come to."""

    lines: tuple[MilestoneLine, ...]
    payments: Payments
    is_transfer: bool
    """Whether the transfer of its patent waits for a milestone of its own."""


def tasks_of(db: Database, column: str, record_id: uuid.UUID) -> list[TaskLine]:
    """Tasks of a record, `column` as in `specs.follow_up.SUBJECTS`: open ones first, by term."""
    names = ("id", "title", "assignee", "due_on", "state", "done_on", "outcome")
    query = select(*(_task.c[name] for name in names)).where(_task.c[column] == record_id)
    query = query.order_by(_task.c.state != TaskState.OPEN, _task.c.due_on.nulls_last(), _task.c.task_no)
    with db.reading() as session:
        return [TaskLine(*map(readable, row)) for row in session.execute(query)]


def subject_of(db: Database, task_id: uuid.UUID) -> tuple[str, uuid.UUID] | None:
    """Which record a task concerns: the column of `specs.follow_up.SUBJECTS` and its id; None: none."""
    columns = tuple(SUBJECTS.values())
    with db.reading() as session:
        row = session.execute(select(*(_task.c[name] for name in columns)).where(_task.c.id == task_id)).first()
    return next(((name, key) for name, key in zip(columns, row or (), strict=False) if key is not None), None)


def agreed(db: Database, deal_id: uuid.UUID) -> Agreed:
    """What was agreed to happen and to be paid, by term."""
    names = ("id", "kind", "title", "due_on", "amount", "done_on", "done_amount")
    query = select(*(_milestone.c[name] for name in names)).where(_milestone.c.deal_id == deal_id)
    query = query.order_by(_milestone.c.due_on.nulls_last(), _milestone.c.position, _milestone.c.id)
    with db.reading() as session:
        lines = tuple(MilestoneLine(*map(readable, row)) for row in session.execute(query))
        subkind = session.scalar(select(Deal.contract_subkind).where(Deal.id == deal_id))
        waits = subkind == TRANSFER and all(line.title not in in_every_language(REGISTERED) for line in lines)
        return Agreed(lines, payments_of(session, deal_id, _today(session, deal_id, db.now())), waits)


def _today(session: Session, deal_id: uuid.UUID, now: datetime) -> date:
    """The day by the clock of the deal's expo; of a deal that is gone any."""
    expo = session.scalar(select(Expo).join(Deal, Deal.expo_id == Expo.id).where(Deal.id == deal_id))
    return today_of(expo, now)


def names_of_staff(db: Database) -> list[str]:
    """Whom a task can be given to without typing: who works with the program, and who has tasks already."""
    operator = Operator.__table__
    with db.reading() as session:
        staff = session.scalars(select(operator.c.name).where(operator.c.is_active).order_by(operator.c.name)).all()
        query = select(_task.c.assignee).where(_task.c.assignee != "").group_by(_task.c.assignee)
        busy = session.scalars(query.order_by(func.count().desc()).limit(50)).all()
    return list(dict.fromkeys([*staff, *busy]))


# --- verbs ------------------------------------------------------------------------------------------------------------
def add_task(
    db: Database, expo_id: uuid.UUID, values: Mapping[str, Any], subject: Mapping[str, uuid.UUID]
) -> uuid.UUID:
    """Give somebody a task about a record, {"deal_id": id} as `specs.follow_up.SUBJECTS` has it; the task's id.

    `values` as a form gives them. Raises InvalidRecord with a problem per field.
    """
    with writing(db, TASKS.permission, expo_id) as writer:
        _current, clean = entered(writer, TASKS, values)
        return write_row(writer, TASKS, {**clean, **subject})


def save_milestone(
    db: Database,
    deal_id: uuid.UUID,
    values: Mapping[str, Any],
    milestone_id: uuid.UUID | None = None,
    seen: Mapping[str, Any] | None = None,
) -> uuid.UUID:
    """Add a payment or milestone to a deal, or change one; its id. Raises InvalidRecord, Conflict."""
    with writing(db, MILESTONES.permission) as writer:
        deal = writer.session.get_one(Deal, deal_id)
        given = values if milestone_id else {**values, "deal_id": deal.deal_no}
        with writer.within(writer.session.get_one(Expo, deal.expo_id)):
            _current, clean = entered(writer, MILESTONES, given, milestone_id, seen)
            return write_row(writer, MILESTONES, clean, milestone_id)


def reach(db: Database, milestone_id: uuid.UUID, on: date | None = None) -> Turned:
    """A payment was made as agreed, or a milestone reached: on a day, else today by the expo's clock.

    What was changed, for `turn_milestones`. Conflict where it is gone.
    """
    with writing(db, MILESTONES.permission) as writer:
        row = writer.locked(_milestone, [milestone_id]).get(milestone_id)
        if row is None:
            raise Conflict(_("这条记录已被删除，数据未变。请刷新。"), "E-GONE")
        expo = writer.session.get_one(Expo, writer.session.get_one(Deal, row["deal_id"]).expo_id)
        after: dict[str, Any] = {"done_on": on or expo.local_day(writer.now)}
        if row["kind"] is MilestoneKind.PAYMENT:
            after["done_amount"] = row["amount"]
        with writer.within(expo):
            write_row(writer, MILESTONES, after, milestone_id)
        return {milestone_id: ({name: row[name] for name in after}, after)}


def turn_milestones(db: Database, changed: Turned, *, forth: bool = False) -> None:
    """Take `reach` back, or do it again; Conflict where one was changed since."""
    with writing(db, MILESTONES.permission) as writer:
        turn(writer, _milestone, changed, forth)
        moved = [
            ({**row, **changed[key][0 if forth else 1]}, row) for key, row in writer.rows(_milestone, changed).items()
        ]
        keep_registration(writer, moved)


def settle(db: Database, ids: Sequence[uuid.UUID], state: TaskState, on: date | None = None) -> Turned:
    """Tick tasks off, give them up or take them up again; those that were changed, for `turn_tasks`.

    `on`: the day they were done; without one today by the expo's clock. A task in that state already stays as it is.
    """
    with writing(db, TASKS.permission) as writer:
        changed: dict[uuid.UUID, tuple[Mapping[str, Any], Mapping[str, Any]]] = {}
        for part in in_parts(ids):
            for key, row in writer.locked(_task, part).items():
                if row["state"] is state:
                    continue
                expo = writer.session.get_one(Expo, row["expo_id"])
                done_on = None if state is TaskState.OPEN else on or expo.local_day(writer.now)
                after = {"state": state, "done_on": done_on}
                writer.update(_task, key, row, after)
                changed[key] = ({name: row[name] for name in after}, after)
        return changed


def turn_tasks(db: Database, changed: Turned, *, forth: bool = False) -> None:
    """Take `settle` back, or do it again; Conflict where a task was changed since."""
    with writing(db, TASKS.permission) as writer:
        turn(writer, _task, changed, forth)


def await_registration(db: Database, deal_id: uuid.UUID) -> uuid.UUID:
    """Add the milestone of a patent's transfer at the patent office to a deal that transfers one; its id.

    A transfer takes effect on that registration (专利法 art. 10). UserError for any other deal.
    """
    with writing(db, MILESTONES.permission) as writer:
        deal = writer.session.get_one(Deal, deal_id)
        if deal.contract_subkind != TRANSFER or deal.entry is Entry.VOID:
            words = _("“{title}”不是专利权转让合同，没有加“专利转让登记”，数据未变。")
            raise UserError(words.format(title=deal.title), "E-KIND")
        values = {"deal_id": deal_id, "kind": MilestoneKind.STEP, "title": _(REGISTERED)}
        with writer.within(writer.session.get_one(Expo, deal.expo_id)):
            return write_row(writer, MILESTONES, values)
