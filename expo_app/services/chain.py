"""The chain of a record, read whichever end one begins at. A step more is a `_Step` and its `_Edge`s, nothing else.

Up: what the record came of. Down: what became of it, never what became of its neighbours.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import FromClause, Row, func, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import N_, _
from expo_app.model import (
    Achievement,
    Deal,
    DealKind,
    DealStage,
    DealStep,
    Demand,
    Entry,
    Expo,
    Interest,
    Lot,
    LotState,
    Meeting,
    MeetingState,
    Organisation,
    Outcome,
    Pitch,
    ProgrammeItem,
    Registration,
    ServiceItem,
    Suggestion,
    Task,
    Tenant,
    VoucherUse,
)
from expo_app.rules import landing
from expo_app.rules.deals_numbering import short_deal_no
from expo_app.services import chain_landing
from expo_app.services.record_writer import in_parts
from expo_app.specs.chain import Link, Linked
from expo_app.specs.matches import agreed_on
from expo_app.specs.records import read_name, spoken
from expo_app.store.database import Database

_pitch, _interest, _lot, _deal, _suggestion, _meeting, _use, _tenant = (
    model.__table__ for model in (Pitch, Interest, Lot, Deal, Suggestion, Meeting, VoucherUse, Tenant)
)
Ids = Collection[uuid.UUID]
NOTHING_YET, NOT_LINKED, NOT_NEEDED = N_("还没有"), N_("未关联"), N_("不用登记")


@dataclass(frozen=True)
class _Edge:
    """Steps that follow each other: a row of `table` says which records of both belong together."""

    upper: str
    lower: str
    table: FromClause
    upper_column: str
    lower_column: str


@dataclass(frozen=True)
class _Step:
    """`read(session, ids, zone)` → the records. `of`: the step whose records it is a state of. `is_optional`: it is
    shown only where there is one."""

    key: str
    words: str
    read: Callable[[Session, Sequence[uuid.UUID], ZoneInfo], list[Linked]]
    of: str = ""
    is_optional: bool = False


EDGES = (
    _Edge("result", "pitch", _pitch, "achievement_id", "id"),
    _Edge("pitch", "interest", _interest, "pitch_id", "id"),
    _Edge("result", "lot", _lot, "achievement_id", "id"),
    _Edge("result", "suggestion", _suggestion, "achievement_id", "id"),
    _Edge("demand", "suggestion", _suggestion, "demand_id", "id"),
    _Edge("suggestion", "meeting", _meeting, "suggestion_id", "id"),
    _Edge("interest", "deal", _interest, "id", "deal_id"),
    _Edge("lot", "deal", _lot, "id", "deal_id"),
    _Edge("meeting", "deal", _meeting, "id", "deal_id"),
    _Edge("deal", "use", _use, "deal_id", "id"),
    _Edge("pitch", "tenant", _tenant, "pitch_id", "id"),
    _Edge("meeting", "tenant", _tenant, "meeting_id", "id"),
    _Edge("deal", "tenant", _tenant, "deal_id", "id"),
)
"""From the first step to the last."""
BEGINS = {
    "achievements": "result", "pitches": "pitch", "interests": "interest", "lots": "lot", "deals": "deal",
    "contracts": "deal", "demands": "demand", "matches": "suggestion", "meetings": "meeting",
    "voucher_uses": "use", "tenants": "tenant",
}  # fmt: skip
"""Kind of record → its step."""
OF_A_DEAL = frozenset({"use", "tenant"})
"""Steps that show the chain of their deal as a whole: what else came of it belongs to the same thread."""
OF_TASK = {
    "interest_id": "interest", "meeting_id": "meeting", "deal_id": "deal", "pitch_id": "pitch", "tenant_id": "tenant",
}  # fmt: skip
"""Column of a task → the step that it hangs on; the first that is filled."""
TABLES = frozenset(
    {
        "achievement", "pitch", "interest", "lot", "deal", "deal_step", "task", "organisation", "demand", "suggestion",
        "meeting", "voucher_use", "settlement_statement", "provider", "tenant", "tenant_step", "park",
    }
)  # fmt: skip
"""What a chain is read from."""


def chain_of(db: Database, expo_id: uuid.UUID, spec: str, record_id: uuid.UUID) -> tuple[Link, ...]:
    """The chain of a record of a kind in `BEGINS`, or of a task; () where it hangs on none."""
    with db.reading() as session:
        begin = _begin(session, spec, record_id)
        if begin is None:
            return ()
        expo = session.get_one(Expo, expo_id)
        return _links(session, *begin, expo.zone_info, expo.local_day(db.now()))


def links_of(session: Session, spec: str, record_id: uuid.UUID, zone: ZoneInfo, today: date) -> tuple[Link, ...]:
    """The same of a kind in `BEGINS`, for who reads more of it at once."""
    return _links(session, BEGINS[spec], record_id, zone, today)


def _begin(session: Session, spec: str, record_id: uuid.UUID) -> tuple[str, uuid.UUID] | None:
    if spec in BEGINS:
        return BEGINS[spec], record_id
    task = Task.__table__
    row = session.execute(select(*(task.c[name] for name in OF_TASK)).where(task.c.id == record_id)).first()
    return next(((step, key) for step, key in zip(OF_TASK.values(), row or (), strict=False) if key), None)


def _links(session: Session, begin: str, record_id: uuid.UUID, zone: ZoneInfo, today: date) -> tuple[Link, ...]:
    keys = _walk(session, begin, record_id)
    for deal in list(keys.get("deal", ())) if begin in OF_A_DEAL else ():
        for name, ids in _walk(session, "deal", deal).items():
            keys.setdefault(name, set()).update(ids)
    told = _rows(session, select(Suggestion.id).where(agreed_on(today)), Suggestion.id, keys.get("suggestion", ()))
    keys["suggestion"] = {key for (key,) in told}
    is_alone = begin == "use" and not keys.get("deal")  # a voucher came of no expo unless it paid for a deal's test
    found: list[Link] = []
    for step in STEPS:
        of = sorted(keys.get(step.of or step.key, ()))
        records = tuple(step.read(session, of, zone)) if of else ()
        if records or not (step.is_optional or is_alone):
            found.append(_link(step, records, bool(of), begin))
    return tuple(_offering(found))


def _link(step: _Step, records: tuple[Linked, ...], has_owner: bool, begin: str) -> Link:
    order = [one.key for one in STEPS]
    is_above = order.index(step.key) < order.index(begin)
    missing = NOT_NEEDED if step.of and has_owner else NOT_LINKED if is_above else NOTHING_YET
    return Link(step.key, _(step.words), records, "" if records else _(missing), is_here=step.key == begin)


def _offering(links: Sequence[Link]) -> list[Link]:
    """What would fill a step that is missing: a pitch of the result, an interest in the pitch."""
    by_key = {link.key: link for link in links}

    def with_new(link: Link) -> Link:
        if link.records or link.key not in NEW:
            return link
        before, spec, field = NEW[link.key]
        known = by_key[before].records
        title = by_key["result"].records[0].title if len(known) == 1 and by_key["result"].records else ""
        if not title:
            return link
        return Link(link.key, link.words, (), link.missing, (spec, {field: title}), link.is_here)

    return [with_new(link) for link in links]


NEW = {"pitch": ("result", "pitches", "achievement_id"), "interest": ("pitch", "interests", "pitch")}
"""Step → the one before it, the kind of record that fills it, the field that names the result."""


def _walk(session: Session, begin: str, record_id: uuid.UUID) -> dict[str, set[uuid.UUID]]:
    up: dict[str, set[uuid.UUID]] = {begin: {record_id}}
    down: dict[str, set[uuid.UUID]] = {begin: {record_id}}
    for edge in reversed(EDGES):
        if ids := up.get(edge.lower):
            up.setdefault(edge.upper, set()).update(_beside(session, edge, edge.lower_column, edge.upper_column, ids))
    for edge in EDGES:
        if ids := down.get(edge.upper):
            down.setdefault(edge.lower, set()).update(_beside(session, edge, edge.upper_column, edge.lower_column, ids))
    return {step: up.get(step, set()) | down.get(step, set()) for step in (*up, *down)}


def _beside(session: Session, edge: _Edge, known: str, wanted: str, ids: Ids) -> set[uuid.UUID]:
    found: set[uuid.UUID] = set()
    columns = edge.table.c
    for part in in_parts(sorted(ids)):
        query = select(columns[wanted]).where(columns[known].in_(part), columns[wanted].is_not(None))
        found |= set(session.scalars(query))
    return found


# --- the records of a step --------------------------------------------------------------------------------------------
def _rows(session: Session, query: Any, key: Any, ids: Ids) -> list[tuple[Any, ...]]:
    found: list[Row[Any]] = []
    for part in in_parts(ids):
        found += session.execute(query.where(key.in_(part))).all()
    return [tuple(map(readable, row)) for row in found]


def _day(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return moment.astimezone(zone).date() if moment else None


def _results(session: Session, ids: Ids, zone: ZoneInfo) -> list[Linked]:
    query = select(Achievement.id, spoken(Achievement, "title"), spoken(Organisation))
    query = query.outerjoin(Organisation, Organisation.id == Achievement.owner_id)
    rows = _rows(session, query, Achievement.id, ids)
    return [Linked("achievements", key, title or "", owner or "") for key, title, owner in rows]


def _pitches(session: Session, ids: Ids, zone: ZoneInfo) -> list[Linked]:
    query = select(Pitch.id, spoken(ProgrammeItem, "title"), Pitch.presenter, Pitch.started_at, ProgrammeItem.starts_at)
    query = query.join(ProgrammeItem, ProgrammeItem.id == Pitch.item_id)
    rows = _rows(session, query.order_by(Pitch.position), Pitch.id, ids)
    return _in_order(
        Linked("pitches", key, title or "", who or "", _day(started or planned, zone))
        for key, title, who, started, planned in rows
    )


def _interests(session: Session, ids: Ids, zone: ZoneInfo) -> list[Linked]:
    columns = (Interest.id, Interest.interest_no, Interest.contact, Interest.level, Interest.at, spoken(Organisation))
    query = select(*columns).outerjoin(Organisation, Organisation.id == Interest.organisation_id)
    rows = _rows(session, query.order_by(Interest.at, Interest.id), Interest.id, ids)
    return _in_order(
        Linked("interests", key, body or contact or no or "", level.label if level else "", _day(at, zone))
        for key, no, contact, level, at, body in rows
    )


def _lots(session: Session, ids: Ids, zone: ZoneInfo) -> list[Linked]:
    gone = (LotState.PASSED, LotState.WITHDRAWN, LotState.DEFAULTED)
    query = select(Lot.id, Lot.lot_no, spoken(Lot, "title"), Lot.state, Lot.hammered_at)
    return _in_order(
        Linked(
            "lots", key, f"{no} {title}", state.label if state else "", _day(at, zone), is_void=state in gone,
        )
        for key, no, title, state, at in _rows(session, query.order_by(Lot.id), Lot.id, ids)
    )  # fmt: skip


def _demands(session: Session, ids: Ids, zone: ZoneInfo) -> list[Linked]:
    query = select(Demand.id, spoken(Demand, "title"), spoken(Organisation), Demand.state)
    query = query.outerjoin(Organisation, Organisation.id == Demand.owner_id)
    rows = _rows(session, query.order_by(Demand.id), Demand.id, ids)
    return [
        Linked("demands", key, title or "", " ".join(filter(None, (owner, state.label if state else ""))))
        for key, title, owner, state in rows
    ]


def _suggestions(session: Session, ids: Ids, zone: ZoneInfo) -> list[Linked]:
    """Of a result by what is wanted, of a demand by what is offered: both names, and the points."""
    offered = func.coalesce(spoken(Achievement, "title"), spoken(ServiceItem, "title"))
    query = (
        select(Suggestion.id, spoken(Demand, "title"), offered, Suggestion.score, Suggestion.unsuitable)
        .join(Demand, Demand.id == Suggestion.demand_id)
        .outerjoin(Achievement, Achievement.id == Suggestion.achievement_id)
        .outerjoin(ServiceItem, ServiceItem.id == Suggestion.service_item_id)
    )
    rows = _rows(session, query.order_by(Suggestion.score.desc(), Suggestion.id), Suggestion.id, ids)
    return [
        Linked("matches", key, f"{wanted or ''} / {offer or ''}", str(score), is_void=unsuitable is not None)
        for key, wanted, offer, score, unsuitable in rows
    ]


def _meetings(session: Session, ids: Ids, zone: ZoneInfo) -> list[Linked]:
    """Those that were held, on their day; of the others how they stand."""
    gone = (MeetingState.DECLINED, MeetingState.CANCELLED)
    missed = (Outcome.NO_SHOW_A, Outcome.NO_SHOW_B, Outcome.MOVED)
    one, other = Organisation.__table__.alias("one"), Organisation.__table__.alias("other")
    query = (
        select(
            Meeting.id, Meeting.meeting_no, read_name(one), read_name(other), Meeting.state, Meeting.outcome,
            Meeting.starts_at,
        )
        .join(one, one.c.id == Meeting.a_id)
        .join(other, other.c.id == Meeting.b_id)
    )  # fmt: skip
    found = []
    for key, no, mine, theirs, state, outcome, starts in _rows(session, query.order_by(Meeting.id), Meeting.id, ids):
        how = outcome or state
        is_void = state in gone or outcome in missed
        title = f"{no} {mine or ''} — {theirs or ''}"
        is_there = outcome in (Outcome.HELD, Outcome.REPLACED) or is_void
        found.append(Linked("meetings", key, title, how.label if how else "", _day(starts, zone), is_there, is_void))
    return _in_order(found)


def _standing(session: Session, ids: Ids) -> list[Mapping[str, Any]]:
    names = (
        "id", "title", "deal_no", "kind", "stage", "entry", "signed_on", "created_at", "registration", "registry_no",
        "registered_on",
    )  # fmt: skip
    rows = _rows(session, select(*(_deal.c[name] for name in names)).order_by(_deal.c.id), _deal.c.id, ids)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _is_void(deal: Mapping[str, Any]) -> bool:
    return deal["entry"] is Entry.VOID or deal["stage"] is DealStage.TERMINATED


def _counts(deal: Mapping[str, Any]) -> bool:
    """Whether what it says of itself is so: a draft is neither registered nor landed."""
    return deal["entry"] is Entry.VALID


def _how(deal: Mapping[str, Any]) -> str:
    """How a deal stands in a word: 已作废, 草稿, or its stage."""
    if deal["entry"] is Entry.VOID:
        return _("已作废")
    shown = deal["entry"] if deal["entry"] in (Entry.DRAFT, Entry.CHECK) else deal["stage"]
    return shown.label if shown else ""


def _deals(session: Session, ids: Ids, zone: ZoneInfo) -> list[Linked]:
    return _in_order(
        Linked(
            "deals", deal["id"], deal["title"] or "", f"{short_deal_no(deal['deal_no'] or '')} {_how(deal)}".strip(),
            deal["signed_on"] or _day(deal["created_at"], zone), is_void=_is_void(deal),
        )
        for deal in _standing(session, ids)
    )  # fmt: skip


def _registrations(session: Session, ids: Ids, zone: ZoneInfo) -> list[Linked]:
    """Of technology contracts alone; one not entered yet says how far it is."""
    found = []
    for deal in _standing(session, ids):
        if deal["kind"] is DealKind.TECH_CONTRACT:
            is_there = _counts(deal) and deal["registration"] is Registration.REGISTERED
            state = deal["registration"].label if deal["registration"] else ""
            title = (deal["registry_no"] or state) if is_there else state
            on = deal["registered_on"] if is_there else None
            found.append(Linked("contracts", deal["id"], title, deal["title"] or "", on, is_there, _is_void(deal)))
    return _in_order(found)


def _landings(session: Session, ids: Ids, zone: ZoneInfo) -> list[Linked]:
    """Deals that landed, on the day they did; of the others how far they are."""
    step = DealStep.__table__
    query = select(step.c.deal_id, step.c.on_date, step.c.at).where(step.c.stage == DealStage.LANDED)
    rows = _rows(session, query.order_by(step.c.id), step.c.deal_id, ids)
    reached = {key: landing.Step(DealStage.LANDED, on, _day(at, zone) or date.min) for key, on, at in rows}
    found = []
    for deal in _standing(session, ids):
        is_there = _counts(deal) and deal["stage"] is DealStage.LANDED
        words = deal["stage"].label if is_there else _("未落地")
        step_then = reached.get(deal["id"]) if is_there else None
        on = landing.day_of(step_then, deal["signed_on"]) if step_then else None
        found.append(Linked("deals", deal["id"], words, deal["title"] or "", on, is_there, _is_void(deal)))
    return _in_order(found)


def _in_order(found: Any) -> list[Linked]:
    return sorted(found, key=lambda one: (one.on is None, one.on or date.min))


STEPS = (
    _Step("demand", N_("需求"), _demands, is_optional=True),
    _Step("result", N_("成果"), _results),
    _Step("pitch", N_("路演"), _pitches),
    _Step("interest", N_("意向"), _interests),
    _Step("lot", N_("拍卖"), _lots, is_optional=True),
    _Step("suggestion", N_("建议"), _suggestions, is_optional=True),
    _Step("meeting", N_("洽谈"), _meetings, is_optional=True),
    _Step("deal", N_("签约"), _deals),
    _Step("registration", N_("登记"), _registrations, of="deal"),
    _Step("landing", N_("落地"), _landings, of="deal"),
    _Step("use", N_("用券"), chain_landing.uses_of, is_optional=True),
    _Step("settlement", N_("结算"), chain_landing.settlements_of, of="use", is_optional=True),
    _Step("tenant", N_("入驻"), chain_landing.tenants_of, is_optional=True),
    _Step("tenant_landing", N_("项目落地"), chain_landing.tenant_landings_of, of="tenant", is_optional=True),
)
"""In their order; the page a step's records open on is that of their kind."""
