"""The chain of a record, read whichever end one begins at. A step more is a `_Step`, its query and its `_Edge`s,
nothing else.

Up: what the record came of. Down: what became of it, never what became of its neighbours.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import FromClause, Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session

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
from expo_app.services.at_once import Part, read_at_once
from expo_app.services.chain_landing import Read
from expo_app.services.record_writer import CHUNK
from expo_app.specs.chain import Link, Linked
from expo_app.specs.matches import agreed_on
from expo_app.specs.records import read_name, spoken
from expo_app.store.database import Database

_pitch, _interest, _lot, _deal, _suggestion, _meeting, _use, _tenant = (
    model.__table__ for model in (Pitch, Interest, Lot, Deal, Suggestion, Meeting, VoucherUse, Tenant)
)
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
    """`shown(read, zone)`: the records, of what was read of them (`_queries`). `of`: the step whose records it is a
    state of. `is_optional`: it is shown only where there is one."""

    key: str
    words: str
    shown: Callable[[Read, ZoneInfo], list[Linked]]
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
    read = _read(session, keys, today)
    is_alone = begin == "use" and not keys.get("deal")  # a voucher came of no expo unless it paid for a deal's test
    found: list[Link] = []
    for step in STEPS:
        of = keys.get(step.of or step.key)
        records = tuple(step.shown(read, zone)) if of else ()
        if records or not (step.is_optional or is_alone):
            found.append(_link(step, records, bool(of), begin))
    if any(one.key == "tenant_landing" and one.is_there for one in found):
        found = [one for one in found if one.key != "landing" or one.is_there]  # it landed, by its tenant
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
    """Step → its records, by one statement."""
    found: dict[str, set[uuid.UUID]] = {}
    for step, key in session.execute(_walked(begin), {"begin": record_id}):
        found.setdefault(step, set()).add(key)
    return found


@cache
def _walked(begin: str) -> Any:
    known = _around(begin, select(bindparam("begin", type_=_deal.c.id.type).label("id")), begin)
    if begin in OF_A_DEAL:
        deals = [ids for step, ids in known if step == "deal"]
        known += _around("deal", union_all(*(select(ids.c.id) for ids in deals)), "whole")
    return union_all(*(select(literal(step), ids.c.id) for step, ids in known))


def _around(begin: str, ids: Any, name: str) -> list[tuple[str, Any]]:
    """The steps above and below records of a step, each with the query of its records."""
    start = ids.cte(f"{name}_start")
    found = [(begin, start)]
    for way, edges in (("up", tuple(reversed(EDGES))), ("down", EDGES)):
        reached: dict[str, list[Any]] = {}
        done = {begin: start}
        for edge in edges:
            columns = edge.table.c
            near, far, known, wanted = edge.upper, edge.lower, columns[edge.upper_column], columns[edge.lower_column]
            if way == "up":
                near, far, known, wanted = far, near, wanted, known
            if near not in done and near in reached:
                done[near] = union_all(*reached[near]).cte(f"{name}_{way}_{near}")
            if near in done:
                query = select(wanted.label("id")).where(known.in_(select(done[near].c.id)), wanted.is_not(None))
                reached.setdefault(far, []).append(query)
        for step, queries in reached.items():
            found.append((step, done[step] if step in done else union_all(*queries).subquery()))
    return found


# --- the records of a step --------------------------------------------------------------------------------------------
def _read(session: Session, keys: Mapping[str, set[uuid.UUID]], today: date) -> Read:
    """What is read of the records, by one statement for so many at once as an IN list takes."""
    whole = {step: sorted(ids) for step, ids in keys.items()}
    queries = _queries(today) | chain_landing.queries()
    found: dict[str, list[Mapping[str, Any]]] = {name: [] for name in queries}
    for start in range(0, max(map(len, whole.values()), default=0), CHUNK):
        parts = {
            name: Part(query.where(key.in_(ids)), order) for name, (step, query, key, order) in queries.items()
            if (ids := whole.get(step, [])[start : start + CHUNK])
        }  # fmt: skip
        for name, rows in read_at_once(session, parts).items():
            found[name] += rows
    return found


def _day(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return moment.astimezone(zone).date() if moment else None


def _queries(today: date) -> dict[str, tuple[str, Select[Any], Any, tuple[Any, ...]]]:
    """What is read → the step whose records it is read of, the query, its column of their keys, its order."""
    one, other = Organisation.__table__.alias("one"), Organisation.__table__.alias("other")
    title, body = spoken(Achievement, "title"), spoken(Organisation).label("body")
    results = select(Achievement.id, title.label("title"), body)
    results = results.outerjoin(Organisation, Organisation.id == Achievement.owner_id)
    pitches = select(
        Pitch.id, spoken(ProgrammeItem, "title").label("title"), Pitch.presenter, Pitch.started_at,
        ProgrammeItem.starts_at,
    ).join(ProgrammeItem, ProgrammeItem.id == Pitch.item_id)  # fmt: skip
    interests = select(Interest.id, Interest.interest_no, Interest.contact, Interest.level, Interest.at, body)
    interests = interests.outerjoin(Organisation, Organisation.id == Interest.organisation_id)
    lots = select(Lot.id, Lot.lot_no, spoken(Lot, "title").label("title"), Lot.state, Lot.hammered_at)
    demands = select(Demand.id, spoken(Demand, "title").label("title"), body, Demand.state)
    demands = demands.outerjoin(Organisation, Organisation.id == Demand.owner_id)
    offer = func.coalesce(title, spoken(ServiceItem, "title")).label("offer")
    suggestions = (
        select(Suggestion.id, spoken(Demand, "title").label("wanted"), offer, Suggestion.score, Suggestion.unsuitable)
        .join(Demand, Demand.id == Suggestion.demand_id)
        .outerjoin(Achievement, Achievement.id == Suggestion.achievement_id)
        .outerjoin(ServiceItem, ServiceItem.id == Suggestion.service_item_id)
    )
    meetings = (
        select(
            Meeting.id, Meeting.meeting_no, read_name(one).label("one"), read_name(other).label("other"),
            Meeting.state, Meeting.outcome, Meeting.starts_at,
        )
        .join(one, one.c.id == Meeting.a_id)
        .join(other, other.c.id == Meeting.b_id)
    )  # fmt: skip
    standing = select(
        *(_deal.c[name] for name in ("id", "title", "deal_no", "kind", "stage", "entry", "signed_on", "created_at",
          "registration", "registry_no", "registered_on"))
    )  # fmt: skip
    step = DealStep.__table__
    landed = select(step.c.deal_id, step.c.on_date, step.c.at).where(step.c.stage == DealStage.LANDED)
    agreed = select(Suggestion.id).where(agreed_on(today))
    return {
        "result": ("result", results, Achievement.id, (Achievement.id,)),
        "pitch": ("pitch", pitches, Pitch.id, (Pitch.position, Pitch.id)),
        "interest": ("interest", interests, Interest.id, (Interest.at, Interest.id)),
        "lot": ("lot", lots, Lot.id, (Lot.id,)),
        "demand": ("demand", demands, Demand.id, (Demand.id,)),
        "suggestion": ("suggestion", suggestions, Suggestion.id, (Suggestion.score.desc(), Suggestion.id)),
        "agreed": ("suggestion", agreed, Suggestion.id, (Suggestion.id,)),
        "meeting": ("meeting", meetings, Meeting.id, (Meeting.id,)),
        "deal": ("deal", standing, _deal.c.id, (_deal.c.id,)),
        "deal_landed": ("deal", landed, step.c.deal_id, (step.c.id,)),
    }


def _results(read: Read, zone: ZoneInfo) -> list[Linked]:
    return [Linked("achievements", one["id"], one["title"] or "", one["body"] or "") for one in read["result"]]


def _pitches(read: Read, zone: ZoneInfo) -> list[Linked]:
    return _in_order(
        Linked(
            "pitches", one["id"], one["title"] or "", one["presenter"] or "",
            _day(one["started_at"] or one["starts_at"], zone),
        )
        for one in read["pitch"]
    )  # fmt: skip


def _interests(read: Read, zone: ZoneInfo) -> list[Linked]:
    return _in_order(
        Linked(
            "interests", one["id"], one["body"] or one["contact"] or one["interest_no"] or "", _label(one["level"]),
            _day(one["at"], zone),
        )
        for one in read["interest"]
    )  # fmt: skip


def _lots(read: Read, zone: ZoneInfo) -> list[Linked]:
    gone = (LotState.PASSED, LotState.WITHDRAWN, LotState.DEFAULTED)
    return _in_order(
        Linked(
            "lots", one["id"], f"{one['lot_no']} {one['title']}", _label(one["state"]), _day(one["hammered_at"], zone),
            is_void=one["state"] in gone,
        )
        for one in read["lot"]
    )  # fmt: skip


def _demands(read: Read, zone: ZoneInfo) -> list[Linked]:
    return [
        Linked("demands", one["id"], one["title"] or "", " ".join(filter(None, (one["body"], _label(one["state"])))))
        for one in read["demand"]
    ]


def _suggestions(read: Read, zone: ZoneInfo) -> list[Linked]:
    """Of a result by what is wanted, of a demand by what is offered: both names, and the points."""
    agreed = {one["id"] for one in read["agreed"]}
    return [
        Linked(
            "matches", one["id"], f"{one['wanted'] or ''} / {one['offer'] or ''}", str(one["score"]),
            is_void=one["unsuitable"] is not None,
        )
        for one in read["suggestion"] if one["id"] in agreed
    ]  # fmt: skip


def _meetings(read: Read, zone: ZoneInfo) -> list[Linked]:
    """Those that were held, on their day; of the others how they stand."""
    gone = (MeetingState.DECLINED, MeetingState.CANCELLED)
    missed = (Outcome.NO_SHOW_A, Outcome.NO_SHOW_B, Outcome.MOVED)
    found = []
    for one in read["meeting"]:
        outcome = one["outcome"]
        is_void = one["state"] in gone or outcome in missed
        title = f"{one['meeting_no']} {one['one'] or ''} — {one['other'] or ''}"
        is_there = outcome in (Outcome.HELD, Outcome.REPLACED) or is_void
        how, on = _label(outcome or one["state"]), _day(one["starts_at"], zone)
        found.append(Linked("meetings", one["id"], title, how, on, is_there, is_void))
    return _in_order(found)


def _label(value: Any) -> str:
    return value.label if value else ""


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


def _deals(read: Read, zone: ZoneInfo) -> list[Linked]:
    return _in_order(
        Linked(
            "deals", deal["id"], deal["title"] or "", f"{short_deal_no(deal['deal_no'] or '')} {_how(deal)}".strip(),
            deal["signed_on"] or _day(deal["created_at"], zone), is_void=_is_void(deal),
        )
        for deal in read["deal"]
    )  # fmt: skip


def _registrations(read: Read, zone: ZoneInfo) -> list[Linked]:
    """Of technology contracts alone; one not entered yet says how far it is."""
    found = []
    for deal in read["deal"]:
        if deal["kind"] is DealKind.TECH_CONTRACT:
            is_there = _counts(deal) and deal["registration"] is Registration.REGISTERED
            state = deal["registration"].label if deal["registration"] else ""
            title = (deal["registry_no"] or state) if is_there else state
            on = deal["registered_on"] if is_there else None
            found.append(Linked("contracts", deal["id"], title, deal["title"] or "", on, is_there, _is_void(deal)))
    return _in_order(found)


def _landings(read: Read, zone: ZoneInfo) -> list[Linked]:
    """Deals that landed, on the day they did; of the others how far they are."""
    reached = {
        one["deal_id"]: landing.Step(DealStage.LANDED, one["on_date"], _day(one["at"], zone) or date.min)
        for one in read["deal_landed"]
    }
    found = []
    for deal in read["deal"]:
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
