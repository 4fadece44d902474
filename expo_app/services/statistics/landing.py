"""What had become of what was signed, at the end of any day: stages by the history of each deal, amounts as they are.

Only entries that are valid today count. A deal was signed by a day if it stood in a signed stage on some day until
then; those terminated since stay among the signed, so that the rate does not rise by what was lost.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import sound
from expo_app.i18n import _
from expo_app.model import (
    SIGNED_STAGES,
    Deal,
    DealKind,
    DealMilestone,
    DealParty,
    DealStage,
    DealStep,
    Entry,
    MilestoneKind,
    Organisation,
    PartyRole,
    Task,
    TaskState,
)
from expo_app.rules.landing import Step, standing_on
from expo_app.rules.natural_order import natural_key
from expo_app.rules.region_groups import RegionRule
from expo_app.services.region_groups import read_rule
from expo_app.services.statistics.deals import DEALS_UNIT
from expo_app.services.statistics.follow_up import entered_tasks, read_follow_up
from expo_app.services.statistics.scope import Scope, grouped, scope_of
from expo_app.services.statistics.secret_parties import discreet, secret_parties
from expo_app.specs.figures import SHARE, WAN, Figure, Trace, ratio
from expo_app.specs.follow_up_figures import LandingFigures, LandingLine, LandingPart, LateLine, StagePart
from expo_app.specs.records import spoken
from expo_app.store.database import Database

STAGES = (*SIGNED_STAGES, DealStage.TERMINATED)
_SIDES = {PartyRole.BUYER: 0, PartyRole.PARTY: 1, PartyRole.SELLER: 2}
"""Whose region a deal is counted in: the buyer's, who takes it home; of agreements without one the first party's."""
_deal, _step, _party, _body, _milestone, _task = (
    model.__table__ for model in (Deal, DealStep, DealParty, Organisation, DealMilestone, Task)
)


@dataclass(frozen=True)
class _Agreed:
    """A milestone as it stood on the day: what was due, what was made, how many days late."""

    title: str
    is_payment: bool
    due_on: date | None
    amount: Decimal | None
    made: Decimal | None
    is_reached: bool

    def days_late(self, day: date) -> int:
        return (day - self.due_on).days if self.due_on and not self.is_reached and self.due_on < day else 0


def landing(db: Database, expo_id: uuid.UUID, day: date) -> LandingFigures:
    """What had become of an expo's deals by the end of `day`: eight statements, however many deals."""
    with db.reading() as session:
        return read_landing(session, scope_of(session, expo_id), day)


def read_landing(session: Session, scope: Scope, day: date) -> LandingFigures:
    """The same within a session that is already open."""
    rule, agreed = read_rule(session, scope.id), _milestones(session, scope, day)
    lines = _lines(session, scope, day, rule, agreed)
    signed = [line for line in lines if line.now.was_signed]
    counting = [line.id for line in lines if line.now.stage not in (None, DealStage.TERMINATED)]
    follow = read_follow_up(session, scope, day, counting)
    landed = [line for line in signed if line.is_landed]
    intended = [line for line in lines if line.now.was_intended]
    whole, done = _sum(signed), _sum(landed)
    rate = _("占签过约的项目")
    return LandingFigures(
        day=day,
        closed_on=min(scope.ends_on, day),
        signed=_count("landing_signed", _("签过约的项目"), signed, _signed_note(signed)),
        signed_amount=_money("landing_signed_amount", _("签过约的成交额"), signed),
        landed=_count("landing_landed", _("落地或完成"), landed),
        landed_amount=_money("landing_landed_amount", _("落地成交额"), landed),
        landing_rate=Figure("landing_rate", _("落地率"), ratio(len(landed), len(signed)), SHARE, rate),
        landing_amount_rate=Figure(
            "landing_amount_rate", _("落地率（按金额）"),
            None if whole is None else ratio(done or Decimal(0), whole), SHARE, _("只计有金额的项目"),
        ),
        performing=_count(
            "landing_performing", _("履行中"), [x for x in signed if x.now.stage is DealStage.PERFORMING]
        ),
        terminated=_count(
            "landing_terminated", _("已终止"), [x for x in signed if x.now.stage is DealStage.TERMINATED]
        ),
        intended=_count("landing_intended", _("有过意向的项目"), intended, _("不计入签约")),
        intended_signed=_count(
            "landing_intended_signed", _("意向转签约"), [x for x in intended if x.now.was_signed]
        ),
        follow=follow,
        stages=tuple(_stage(stage, signed) for stage in STAGES),
        kinds=_parts(signed, lambda x: x.kind.name, lambda key: DealKind[key].label, [kind.name for kind in DealKind]),
        regions=_parts(signed, lambda x: x.region, str, list(map(rule.label, rule.keys))),
        lines=tuple(signed),
        intentions=tuple(intended),
        late=_late(lines, agreed, day),
    )  # fmt: skip


# --- reading ----------------------------------------------------------------------------------------------------------
def _lines(
    session: Session, scope: Scope, day: date, rule: RegionRule, agreed: Mapping[uuid.UUID, Sequence[_Agreed]]
) -> list[LandingLine]:
    """Every valid deal that was there by the day, by number."""
    names = ("id", "deal_no", "title", "kind", "amount", "signed_on", "is_prior", "is_sample")
    query = select(*(_deal.c[name] for name in names)).where(scope.own(_deal), _deal.c.entry == Entry.VALID)
    deals = [dict(zip(names, row, strict=True)) for row in sound(session.execute(query))]
    steps, places, tasks = _steps(session, scope), _places(session, scope, rule), _tasks(session, scope, day)
    found = []
    for deal in deals:
        key, signed_on = deal["id"], deal["signed_on"]
        own, points = steps.get(key, []), agreed.get(key, [])
        now = standing_on(day, own, signed_on)
        if now.stage is None:
            continue
        parties, region = places.get(key, ("", rule.label_of(None)))
        found.append(
            LandingLine(
                **deal,
                parties=parties,
                region=region,
                then=standing_on(min(scope.ends_on, day), own, signed_on),
                now=now,
                due=_total(p.amount for p in points if p.is_payment and p.due_on is not None and p.due_on <= day),
                made=_total(p.made for p in points if p.is_payment),
                overdue=sum(p.days_late(day) > 0 for p in points) if now.stage is not DealStage.TERMINATED else 0,
                milestones=_reached([p for p in points if not p.is_payment]),
                tasks=tasks.get(key, (0, 0)),
            )
        )
    return sorted(found, key=lambda line: natural_key(line.deal_no))


def _steps(session: Session, scope: Scope) -> dict[uuid.UUID, list[Step]]:
    query = (
        select(_step.c.deal_id, _step.c.stage, _step.c.on_date, _step.c.at, _step.c.reason)
        .join(_deal, _deal.c.id == _step.c.deal_id)
        .where(scope.own(_deal), _deal.c.entry == Entry.VALID)
        .order_by(_step.c.at, _step.c.id)
    )
    found: dict[uuid.UUID, list[Step]] = {}
    for deal_id, stage, on, at, reason in sound(session.execute(query)):
        found.setdefault(deal_id, []).append(Step(stage, on, at.astimezone(scope.zone).date(), reason))
    return found


def _places(session: Session, scope: Scope, rule: RegionRule) -> dict[uuid.UUID, tuple[str, str]]:
    """The parties' names, and where the deal is counted, by deal."""
    query = (
        select(_party.c.deal_id, _party.c.role, _party.c.position, spoken(Organisation), _body.c.region_code)
        .join(_body, _body.c.id == _party.c.organisation_id)
        .join(_deal, _deal.c.id == _party.c.deal_id)
        .where(scope.own(_deal), _party.c.role != PartyRole.WITNESS)
    )
    by_deal: dict[uuid.UUID, list[tuple[Any, ...]]] = {}
    for deal_id, *party in sound(session.execute(query)):
        by_deal.setdefault(deal_id, []).append(tuple(party))
    found, secrets = {}, secret_parties(session)
    for deal_id, parties in by_deal.items():
        ordered = sorted(parties, key=lambda p: (_SIDES.get(p[0], 9), p[1]))
        names = sorted(parties, key=lambda p: (-_SIDES.get(p[0], 9), p[1]))
        code = next((p[3] for p in ordered if p[3]), None)
        found[deal_id] = (discreet("、".join(p[2] for p in names), deal_id, secrets), rule.label_of(code))
    return found


def _milestones(session: Session, scope: Scope, day: date) -> dict[uuid.UUID, list[_Agreed]]:
    names = ("deal_id", "title", "kind", "due_on", "amount", "done_on", "done_amount")
    query = (
        select(*(_milestone.c[name] for name in names))
        .join(_deal, _deal.c.id == _milestone.c.deal_id)
        .where(scope.own(_deal), _deal.c.entry == Entry.VALID)
        .order_by(_milestone.c.due_on.nulls_last(), _milestone.c.position)
    )
    found: dict[uuid.UUID, list[_Agreed]] = {}
    for deal_id, title, kind, due_on, amount, done_on, paid in sound(session.execute(query)):
        is_done = done_on is not None and done_on <= day
        made = paid if is_done else None
        is_short = amount is not None and made is not None and made < amount
        is_payment = kind is MilestoneKind.PAYMENT
        found.setdefault(deal_id, []).append(_Agreed(title, is_payment, due_on, amount, made, is_done and not is_short))
    return found


def _tasks(session: Session, scope: Scope, day: date) -> dict[uuid.UUID, tuple[int, int]]:
    """(done, of how many that were not given up) by deal."""
    query = select(_task.c.deal_id, _task.c.state, _task.c.done_on)
    rows = sound(session.execute(query.where(entered_tasks(scope, day), _task.c.deal_id.is_not(None))))
    found: dict[uuid.UUID, tuple[int, int]] = {}
    for deal_id, state, done_on in rows:
        ended = done_on is not None and done_on <= day
        if state is TaskState.DROPPED and ended:
            continue
        done, count = found.get(deal_id, (0, 0))
        found[deal_id] = (done + (state is TaskState.DONE and ended), count + 1)
    return found


def _reached(points: Sequence[_Agreed]) -> tuple[int, int]:
    return sum(point.is_reached for point in points), len(points)


def _late(
    lines: Sequence[LandingLine], agreed: Mapping[uuid.UUID, Sequence[_Agreed]], day: date
) -> tuple[LateLine, ...]:
    """What was overdue on the day, the longest first."""
    by_id = {line.id: line for line in lines}
    found = [
        LateLine(line.deal_no, line.title, point.title, point.due_on, point.amount, point.made, days, line.is_sample)
        for key, points in agreed.items()
        if (line := by_id.get(key)) is not None and line.now.stage is not DealStage.TERMINATED
        for point in points
        if (days := point.days_late(day)) > 0 and point.due_on is not None
    ]
    return tuple(sorted(found, key=lambda late: (-late.days, natural_key(late.deal_no))))


# --- counting ---------------------------------------------------------------------------------------------------------
def _total(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _sum(lines: Iterable[LandingLine]) -> Decimal | None:
    """Yuan of those with an amount; None where none has one."""
    known = [line.amount for line in lines if line.amount is not None]
    return sum(known, Decimal(0)) if known else None


def _trace(words: str, lines: Iterable[LandingLine]) -> Trace:
    return Trace("deals", words, select(_deal.c.id).where(_deal.c.id.in_([line.id for line in lines])))


def _count(name: str, label: str, lines: Sequence[LandingLine], note: str = "") -> Figure:
    return Figure(name, label, len(lines), _(DEALS_UNIT), note, _trace(label, lines))


def _money(name: str, label: str, lines: Sequence[LandingLine]) -> Figure:
    known = [line for line in lines if line.amount is not None]
    left = len(lines) - len(known)
    note = _("无金额 {n} 项").format(n=f"{left:,}") if left else ""
    return Figure(name, label, _sum(lines), WAN, note, _trace(label, known))


def _signed_note(lines: Sequence[LandingLine]) -> str:
    prior = sum(line.is_prior for line in lines)
    words = [_("含后来终止的")]
    words += [_("其中此前已签 {n} 项").format(n=f"{prior:,}")] if prior else []
    return _("，").join(words)


def _stage(stage: DealStage, lines: Sequence[LandingLine]) -> StagePart:
    then = [line for line in lines if line.then.stage is stage and line.then.was_signed]
    now = [line for line in lines if line.now.stage is stage]
    return StagePart(stage.label, len(then), _sum(then), len(now), _sum(now))


def _parts(
    lines: Sequence[LandingLine], key: Callable[[LandingLine], str], label: Callable[[str], str], order: Sequence[str]
) -> tuple[LandingPart, ...]:
    parts = []
    for name, members in grouped(lines, key, order, len):
        landed = [line for line in members if line.is_landed]
        gone = sum(line.now.stage is DealStage.TERMINATED for line in members)
        parts.append(
            LandingPart(
                name, label(name), len(members), _sum(members), len(landed), _sum(landed),
                gone, ratio(len(landed), len(members)),
            )
        )  # fmt: skip
    return tuple(parts)
