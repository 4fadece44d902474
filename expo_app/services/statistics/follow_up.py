"""What is to be done after a signing, in figures: tasks, milestones, payments, complaints.

Milestones count while their deal does: valid and not terminated. A payment made short of what was agreed is still open.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import N_, _
from expo_app.model import (
    Complaint,
    ComplaintKind,
    ComplaintState,
    Deal,
    DealMilestone,
    DealStage,
    Entry,
    MilestoneKind,
    Task,
    TaskState,
)
from expo_app.model.base import Fen
from expo_app.rules import due_days
from expo_app.services.statistics.scope import Scope, grouped, scope_of
from expo_app.specs.figures import WAN, Figure, Trace
from expo_app.specs.follow_up_figures import ComplaintFigures, ComplaintPart, FollowUpFigures, Payments
from expo_app.store.database import Database

TASKS_UNIT, MILESTONES_UNIT, COMPLAINTS_UNIT, UNSAID = N_("件"), N_("项"), N_("件"), N_("未填")
_task, _milestone, _deal, _complaint = (model.__table__ for model in (Task, DealMilestone, Deal, Complaint))


# --- which ones count -------------------------------------------------------------------------------------------------
def entered_tasks(scope: Scope, day: date) -> ColumnElement[bool]:
    """Tasks that there were at the end of a day, by the expo's clock; what was due or done by then, as payments are,
    whenever it was entered."""
    midnight = datetime.combine(day + timedelta(1), time(), scope.zone)
    was_there = or_(_task.c.created_at < midnight, _task.c.due_on <= day, _task.c.done_on <= day)
    return scope.own(_task) & was_there


def open_tasks(scope: Scope, day: date) -> ColumnElement[bool]:
    """Tasks that were still to be done at the end of a day."""
    return entered_tasks(scope, day) & or_(_task.c.state == TaskState.OPEN, _task.c.done_on > day)


def counting_deals(scope: Scope) -> Select[Any]:
    """Ids of the deals whose milestones count now."""
    counts = (_deal.c.entry == Entry.VALID) & (_deal.c.stage != DealStage.TERMINATED)
    return select(_deal.c.id).where(scope.own(_deal), counts)


def is_open(day: date) -> ColumnElement[bool]:
    """Milestones that were not reached by a day, and payments not made in full."""
    is_short = and_(_milestone.c.amount.is_not(None), _milestone.c.done_amount < _milestone.c.amount)
    return or_(_milestone.c.done_on.is_(None), _milestone.c.done_on > day, is_short)


def made_by(day: date) -> ColumnElement[Any]:
    """What was paid by a day."""
    return case((_milestone.c.done_on <= day, _milestone.c.done_amount))


# --- the due list -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Due:
    """Open rows whose term is over or ends within a week: how many, how many are over, and the first of them."""

    count: int
    over: int
    first: Any


def due(session: Session, scope: Scope, today: date) -> tuple[Figure, Figure]:
    """Tasks, and milestones of deals, that are overdue or end within a week: two statements, however many there are.

    What concerns a void deal is nobody's to do any more.
    """
    soon = due_days.last_soon(today)
    void = select(_deal.c.id).where(_deal.c.expo_id == scope.id, _deal.c.entry == Entry.VOID)
    stands = or_(_task.c.deal_id.is_(None), _task.c.deal_id.not_in(void))
    tasks = scope.own(_task) & (_task.c.state == TaskState.OPEN) & (_task.c.due_on <= soon) & stands
    points = _milestone.c.deal_id.in_(counting_deals(scope)) & is_open(today) & (_milestone.c.due_on <= soon)
    found = _first_due(session, _task, (_task.c.title, _task.c.assignee), tasks, today)
    mine = Figure(
        "due_tasks", _("跟进任务到期"), found.count, _(TASKS_UNIT), _first_words(found, today),
        Trace("tasks", _("逾期和 7 天内到期的任务"), select(_task.c.id).where(tasks), first=_id_of(found)),
    )  # fmt: skip
    found = _first_due(session, _milestone, (_milestone.c.title, _number_of()), points, today)
    theirs = Figure(
        "due_milestones", _("付款与里程碑到期"), found.count, _(MILESTONES_UNIT), _first_words(found, today),
        Trace("milestones", _("逾期和 7 天内到期的付款与里程碑"), select(_milestone.c.id).where(points),
              first=_id_of(found)),
    )  # fmt: skip
    return mine, theirs


def _number_of() -> ColumnElement[str]:
    return select(_deal.c.deal_no).where(_deal.c.id == _milestone.c.deal_id).scalar_subquery()


def _first_due(
    session: Session, table: Any, words: Sequence[ColumnElement[Any]], which: ColumnElement[bool], today: date
) -> _Due:
    over = func.sum(case((table.c.due_on < today, 1), else_=0)).over()
    query = select(func.count().over(), over, table.c.id, table.c.due_on, *words).where(which)
    row = session.execute(query.order_by(table.c.due_on, table.c.id).limit(1)).first()
    return _Due(row[0], row[1], row[2:]) if row else _Due(0, 0, None)


def _id_of(found: _Due) -> uuid.UUID | None:
    return found.first[0] if found.first else None


def _first_words(found: _Due, today: date) -> str:
    """逾期 2 件，最早的是“寄回合同”（李可，逾期 3 天）."""
    if found.first is None:
        return ""
    _key, due_on, title, who = found.first
    said = [word for word in (who, due_days.said(readable(due_on), today)) if word]
    first = _("“{title}”（{said}）").format(title=title, said=_("，").join(said)) if said else title
    if not found.over:
        return first
    return _("逾期 {n}：{first}").format(n=f"{found.over:,}", first=first)


# --- figures of one deal ----------------------------------------------------------------------------------------------
def payments_of(session: Session, deal_id: uuid.UUID, day: date) -> Payments:
    """What of a deal's amount is agreed in payments, and paid by a day."""
    query = select(func.sum(_milestone.c.amount), func.sum(made_by(day)))
    agreed, made = session.execute(
        query.where(_milestone.c.deal_id == deal_id, _milestone.c.kind == MilestoneKind.PAYMENT)
    ).one()
    amount = session.scalar(select(_deal.c.amount).where(_deal.c.id == deal_id))
    return Payments(amount, agreed or Decimal(0), made or Decimal(0))


# --- figures of an expo -----------------------------------------------------------------------------------------------
def follow_up(db: Database, expo_id: uuid.UUID, today: date) -> FollowUpFigures:
    """Every figure of what follows, as of `today` by the expo's clock: three statements."""
    with db.reading() as session:
        return read_follow_up(session, scope_of(session, expo_id), today)


def read_follow_up(
    session: Session, scope: Scope, day: date, deals: Collection[uuid.UUID] | None = None
) -> FollowUpFigures:
    """The same within a session that is already open, of the milestones of these deals, else of those that count."""
    return FollowUpFigures(day, *_task_figures(session, scope, day), *_milestone_figures(session, scope, day, deals))


def _task_figures(session: Session, scope: Scope, day: date) -> Iterator[Figure]:
    still = open_tasks(scope, day)
    done = entered_tasks(scope, day) & (_task.c.state == TaskState.DONE) & (_task.c.done_on <= day)
    which = (
        ("tasks", _("跟进任务"), _("含不办了的"), entered_tasks(scope, day)),
        ("tasks_open", _("待办任务"), "", still),
        ("tasks_overdue", _("逾期任务"), _("待办任务之内，期限已过"), still & (_task.c.due_on < day)),
        ("tasks_done", _("已办任务"), "", done),
    )
    row = session.execute(select(*(func.sum(case((one, 1), else_=0)) for *_words, one in which))).one()
    for value, (name, label, note, one) in zip(row, which, strict=True):
        trace = Trace("tasks", label, select(_task.c.id).where(one))
        yield Figure(name, label, value or 0, _(TASKS_UNIT), note, trace)


def _milestone_figures(
    session: Session, scope: Scope, day: date, deals: Collection[uuid.UUID] | None
) -> Iterator[Figure]:
    """The figures of milestones and payments, in one statement."""
    late, pays = is_open(day) & (_milestone.c.due_on < day), _milestone.c.kind == MilestoneKind.PAYMENT
    made = made_by(day)
    agreed, paid = pays & _milestone.c.amount.is_not(None), pays & made.is_not(None)
    owed = type_coerce(_milestone.c.amount - func.coalesce(made, 0), Fen)
    which: tuple[tuple[str, str, str, Any, ColumnElement[bool]], ...] = (
        ("milestones", _("付款与里程碑"), _("有效且未终止的项目"), None, _milestone.c.id.is_not(None)),
        ("milestones_done", _("已完成的付款与里程碑"), _("付清的或达到的"), None, ~is_open(day)),
        ("milestones_overdue", _("逾期的付款与里程碑"), _("期限已过，没有付清或达到"), None, late),
        ("payments_agreed", _("约定付款"), _("各笔应付金额之和"), _milestone.c.amount, agreed),
        (
            "payments_due",
            _("到期应付"),
            _("约定付款之内，期限已到"),
            _milestone.c.amount,
            agreed & (_milestone.c.due_on <= day),
        ),
        ("payments_made", _("已付金额"), _("各笔实付金额之和"), made, paid),
        ("payments_overdue", _("逾期未付"), _("期限已过的应付减实付"), owed, agreed & late),
    )
    sums = (func.sum(case((one, 1), else_=0) if of is None else case((one, of))) for *_words, of, one in which)
    own = _milestone.c.deal_id.in_(counting_deals(scope) if deals is None else list(deals))
    row = session.execute(select(*sums).where(own)).one()
    for value, (name, label, note, of, one) in zip(row, which, strict=True):
        trace = Trace("milestones", label, select(_milestone.c.id).where(own, one))
        unit, nothing = (_(MILESTONES_UNIT), 0) if of is None else (WAN, Decimal(0))
        yield Figure(name, label, nothing if value is None else value, unit, note, trace)


# --- complaints -------------------------------------------------------------------------------------------------------
def complaints(db: Database, expo_id: uuid.UUID) -> ComplaintFigures:
    """The register of complaints in figures: two statements."""
    with db.reading() as session:
        return read_complaints(session, scope_of(session, expo_id))


def read_complaints(session: Session, scope: Scope) -> ComplaintFigures:
    """The same within a session that is already open."""
    columns = (_complaint.c.kind, _complaint.c.state, _complaint.c.measure)
    query = select(*columns, func.count()).where(scope.own(_complaint)).group_by(*columns)
    rows = [tuple(map(readable, row)) for row in session.execute(query)]
    whole = sum(row[3] for row in rows)
    return ComplaintFigures(
        _complaints(scope, "complaints", _("投诉与纠纷"), whole),
        _complaints(
            scope, "complaints_open", _("处理中的投诉"), sum(row[3] for row in rows if row[1] is ComplaintState.OPEN),
            _complaint.c.state == ComplaintState.OPEN,
        ),
        _complaints(
            scope, "complaints_settled", _("已办结的投诉"),
            sum(row[3] for row in rows if row[1] is ComplaintState.SETTLED),
            _complaint.c.state == ComplaintState.SETTLED,
        ),
        _parts(rows, lambda row: row[0].label if row[0] else "", [kind.label for kind in ComplaintKind]),
        _parts(rows, lambda row: row[1].label if row[1] else "", [state.label for state in ComplaintState]),
        _parts(rows, lambda row: _(row[2]) if row[2] else ""),
    )  # fmt: skip


def read_chapter(session: Session, scope: Scope) -> tuple[FollowUpFigures, ComplaintFigures]:
    """What the closing report says of both, on the day it is made."""
    return read_follow_up(session, scope, scope.today), read_complaints(session, scope)


def _complaints(scope: Scope, name: str, label: str, value: int, *more: ColumnElement[bool]) -> Figure:
    ids = select(_complaint.c.id).where(scope.own(_complaint), *more)
    return Figure(name, label, value, _(COMPLAINTS_UNIT), "", Trace("complaints", label, ids))


def _parts(
    rows: Iterable[tuple[Any, ...]], key: Callable[[tuple[Any, ...]], str], order: Sequence[str] = ()
) -> tuple[ComplaintPart, ...]:
    found = grouped(rows, key, order, lambda members: sum(row[3] for row in members))
    return tuple(
        ComplaintPart(
            name or _(UNSAID), sum(row[3] for row in members),
            sum(row[3] for row in members if row[1] is ComplaintState.OPEN),
        )
        for name, members in found
    )  # fmt: skip
