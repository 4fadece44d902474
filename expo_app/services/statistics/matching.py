"""Supply and demand in figures: suggestions and answers, requests, meetings and their outcomes, interest and deals.

Every figure carries the query it was counted from, every rate both of its numbers. Expired is worked out, by the
scope's moment. Interest is counted, never added up as money: what is signed is counted among deals.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from expo_app.damaged import sound
from expo_app.i18n import N_, _
from expo_app.model import (
    SIGNED_STAGES,
    Achievement,
    Answer,
    Deal,
    Demand,
    DemandState,
    Entry,
    Meeting,
    MeetingState,
    Outcome,
    ServiceItem,
    Suggestion,
    Unsuitable,
)
from expo_app.services.statistics.scope import Scope, known, scope_of
from expo_app.specs.figures import SHARE, Figure, Trace, ratio
from expo_app.specs.matching_figures import DayLine, MatchingFigures, Rate
from expo_app.store.database import Database

_demand, _result, _service, _suggestion, _meeting, _deal = (
    model.__table__ for model in (Demand, Achievement, ServiceItem, Suggestion, Meeting, Deal)
)
ITEMS, LINES, MEETINGS = N_("项"), N_("条"), N_("场对接")
HAPPENED = (Outcome.HELD, Outcome.REPLACED)


def matching(db: Database, expo_id: uuid.UUID) -> MatchingFigures:
    """Every figure of an expo's matchmaking, as of now: seven statements."""
    with db.reading() as session:
        return read_matching(session, replace(scope_of(session, expo_id), at=db.now()))


def read_matching(session: Session, scope: Scope) -> MatchingFigures:
    """The same within a session that is already open."""
    supply = _Counts(session, "demands", _demand, scope.own(_demand) & (_demand.c.state != DemandState.WITHDRAWN))
    results = _Counts(session, "achievements", _result, scope.own(_result))
    services = _Counts(session, "service_items", _service, scope.real(_service))
    suggested = _Counts(session, "matches", _suggestion, scope.own(_suggestion))
    met = _Counts(session, "meetings", _meeting, scope.own(_meeting))
    answers = suggested.figures(_of_suggestions(), LINES)
    reasons = suggested.figures(
        [
            (f"matching_unsuitable_{one.name.lower()}", _("不合适：{why}").format(why=one.label), "",
             _suggestion.c.unsuitable == one)
            for one in Unsuitable
        ],
        LINES,
    )  # fmt: skip
    requests, meetings = met.figures(_of_requests(scope), MEETINGS), met.figures(_of_meetings(), MEETINGS)
    figures = MatchingFigures(
        (
            *supply.figures([("matching_demands", _("技术需求"), _("撤回的不计"), None)], ITEMS),
            *results.figures([("matching_results", _("成果"), "", None)], ITEMS),
            *services.figures([("matching_services", _("服务项目"), _("全部服务机构的"), None)], ITEMS),
        ),
        answers, reasons, requests, meetings, (), read_days(session, scope),
    )  # fmt: skip
    rates = _rates(figures, met.figures([("matching_answered", _("已答复的请求"), "", _is_answered())], MEETINGS)[0])
    return replace(figures, rates=rates)


@dataclass(frozen=True)
class _Counts:
    """Records of one kind that count, and figures of parts of them."""

    session: Session
    spec: str
    table: FromClause
    counted: ColumnElement[bool]

    def figures(
        self, wanted: Sequence[tuple[str, str, str, ColumnElement[bool] | None]], unit: str
    ) -> tuple[Figure, ...]:
        """(name, label, note, which of the records; None: all of them) → figures: one statement."""
        sums = [
            func.count() if which is None else func.coalesce(func.sum(case((which, 1), else_=0)), 0)
            for _name, _label, _note, which in wanted
        ]
        row = self.session.execute(select(func.count(), *sums).select_from(self.table).where(self.counted)).one()
        ids = select(self.table.c.id).where(self.counted)
        return tuple(
            Figure(
                name, label, known(int(value), row[0]), _(unit), note,
                Trace(self.spec, label, ids if which is None else ids.where(which)),
            )
            for (name, label, note, which), value in zip(wanted, row[1:], strict=True)
        )  # fmt: skip


# --- what is what -----------------------------------------------------------------------------------------------------
Wanted = list[tuple[str, str, str, ColumnElement[bool] | None]]


def _of_suggestions() -> Wanted:
    sides = (_suggestion.c.demand_answer, _suggestion.c.supply_answer)
    return [
        ("matching_suggestions", _("建议"), "", None),
        ("matching_asked", _("已询问的建议"), _("至少问过一方"), or_(*(side != Answer.NOT_ASKED for side in sides))),
        ("matching_accepted", _("双方已接受的建议"), "", and_(*(side == Answer.ACCEPTED for side in sides))),
        ("matching_declined", _("有一方婉拒的建议"), "", or_(*(side == Answer.DECLINED for side in sides))),
        ("matching_unsuitable", _("判为不合适的建议"), "", _suggestion.c.unsuitable.is_not(None)),
    ]


def _of_requests(scope: Scope) -> Wanted:
    waits, agreed = _meeting.c.state == MeetingState.REQUESTED, _is_agreed()
    wanted: Wanted = [
        ("matching_requests", _("洽谈请求"), _("改期的只计一次"), _is_one()),
        ("matching_agreed", _("双方同意的请求"), "", agreed),
        ("matching_mutual", _("其中双方互选"), "", agreed & _meeting.c.is_mutual),
        ("matching_refused", _("婉拒的请求"), "", _meeting.c.state == MeetingState.DECLINED),
        ("matching_cancelled", _("取消的请求"), "", _meeting.c.state == MeetingState.CANCELLED),
    ]
    if scope.at is None:
        return [*wanted, ("matching_waiting", _("未答复的请求"), _("含过期的"), waits)]
    late = waits & _meeting.c.answer_by.is_not(None) & (_meeting.c.answer_by <= scope.at)
    return [
        *wanted,
        ("matching_waiting", _("待答复的请求"), "", waits & ~late),
        ("matching_expired", _("过期未答复的请求"), "", late),
    ]  # fmt: skip


def _of_meetings() -> Wanted:
    agreed = _is_agreed()
    outcomes = {
        Outcome.HELD: "held", Outcome.NO_SHOW_A: "no_show_a", Outcome.NO_SHOW_B: "no_show_b",
        Outcome.REPLACED: "replaced", Outcome.MOVED: "moved",
    }  # fmt: skip
    return [
        ("matching_planned", _("已排的洽谈"), _("有桌位和时间"), agreed & _meeting.c.place_id.is_not(None)),
        ("matching_published", _("已发布的洽谈"), "", agreed & _meeting.c.published.is_not(None)),
        ("matching_unplaced", _("未排的洽谈"), "",
         agreed & _meeting.c.place_id.is_(None) & _meeting.c.outcome.is_(None)),
        *(
            (f"matching_{name}", outcome.label, "", _meeting.c.outcome == outcome)
            for outcome, name in outcomes.items()
        ),
        ("matching_interests", _("有意向的洽谈"), _("只计场数，金额范围不是成交额"), _is_interest()),
        ("matching_deals", _("已转签约项目的洽谈"), _("含草稿，作废的不计"), _has_deal()),
        ("matching_signed", _("其中已签约的洽谈"), "", _has_deal(signed=True)),
    ]  # fmt: skip


def _is_one() -> ColumnElement[bool]:
    """Every meeting but one that was moved: another stands in its place."""
    return _meeting.c.outcome.is_(None) | (_meeting.c.outcome != Outcome.MOVED)


def _is_agreed() -> ColumnElement[bool]:
    return _is_one() & (_meeting.c.state == MeetingState.ACCEPTED)


def _is_interest() -> ColumnElement[bool]:
    return _meeting.c.outcome.in_(HAPPENED) & _meeting.c.level.is_not(None)


def _is_answered() -> ColumnElement[bool]:
    """Requests that B accepted or declined; one that was cancelled may have had no answer."""
    return _is_one() & _meeting.c.state.in_((MeetingState.ACCEPTED, MeetingState.DECLINED))


def _has_deal(*, signed: bool = False) -> ColumnElement[bool]:
    """Meetings whose deal is not void; `signed`: it counts as signed."""
    stands = (
        (_deal.c.entry == Entry.VALID) & _deal.c.stage.in_(SIGNED_STAGES) if signed else _deal.c.entry != Entry.VOID
    )
    return exists().where(_deal.c.id == _meeting.c.deal_id, stands)


# --- rates ------------------------------------------------------------------------------------------------------------
def _rates(figures: MatchingFigures, answered: Figure) -> tuple[Rate, ...]:
    """Of what was asked, what was accepted; of meetings that came to a result, those that took place; what followed."""
    held = _sum(figures, "matching_happened", _("已洽谈的场次"), ("matching_held", "matching_replaced"))
    missed = _sum(figures, "matching_missed", _("爽约的场次"), ("matching_no_show_a", "matching_no_show_b"))
    ended = Figure("matching_ended", _("有结果的场次"), _add(held.value, missed.value), _(MEETINGS))
    return (
        _rate("matching_accept_share", _("建议的双方接受率"), figures["matching_accepted"], figures["matching_asked"]),
        _rate("matching_agree_share", _("请求的接受率"), figures["matching_agreed"], answered),
        _rate("matching_held_share", _("到场洽谈率"), held, ended),
        _rate("matching_missed_share", _("爽约率"), missed, ended),
        _rate("matching_interest_share", _("洽谈后有意向"), figures["matching_interests"], held),
        _rate("matching_deal_share", _("洽谈后转签约项目"), figures["matching_deals"], held),
    )


def _add(*values: Any) -> int | None:
    return None if any(value is None for value in values) else sum(map(int, values))


def _sum(figures: MatchingFigures, name: str, label: str, parts: Sequence[str]) -> Figure:
    return Figure(name, label, _add(*(figures[part].value for part in parts)), _(MEETINGS))


def _rate(name: str, label: str, part: Figure, whole: Figure) -> Rate:
    share = Figure(name, label, ratio(part.value, whole.value), SHARE)
    rate = Rate(share, part, whole)
    words = _("{part} ÷ {whole}：{numbers}")
    note = words.format(part=part.label, whole=whole.label, numbers=rate.fraction)
    return replace(rate, figure=replace(share, note=note))


# --- by day -----------------------------------------------------------------------------------------------------------
def read_days(session: Session, scope: Scope) -> tuple[DayLine, ...]:
    """Days on which a meeting has a seat, in order; a meeting past midnight belongs to the day it begins."""
    has_deal = case((_has_deal(), 1), else_=0).label("deal")
    query = select(_meeting.c.starts_at, _meeting.c.outcome, has_deal).where(
        scope.own(_meeting), _meeting.c.state == MeetingState.ACCEPTED, _meeting.c.starts_at.is_not(None)
    )
    found: dict[date, dict[Any, int]] = {}
    for row in sound(session.execute(query).all()):
        counts = found.setdefault(row.starts_at.astimezone(scope.zone).date(), {})
        for key in ("planned", row.outcome, *(("deal",) if row.deal else ())):
            counts[key] = counts.get(key, 0) + 1
    return tuple(_line(day, counts) for day, counts in sorted(found.items()))


def _line(day: date, counts: Mapping[Any, int]) -> DayLine:
    keys = ("planned", Outcome.HELD, Outcome.REPLACED, Outcome.NO_SHOW_A, Outcome.NO_SHOW_B, "deal")
    return DayLine(day, *(counts.get(key, 0) for key in keys))


# --- for programs -----------------------------------------------------------------------------------------------------
def as_json(figures: MatchingFigures) -> dict[str, object]:
    """Figures by name, rates with both of their numbers, days."""
    return {
        "figures": {figure.name: figure.as_value for figure in figures.figures},
        "rates": {
            rate.figure.name: {"value": rate.figure.value, "part": rate.part.value, "whole": rate.whole.value}
            for rate in figures.rates
        },
        "days": [
            {"day": line.day, "planned": line.planned, "held": line.held, "replaced": line.replaced,
             "no_show_a": line.no_show_a, "no_show_b": line.no_show_b, "deals": line.deals}
            for line in figures.days
        ],
    }  # fmt: skip
