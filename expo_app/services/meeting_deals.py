"""What becomes of a meeting that was held: a task for somebody, and a draft deal with both sides filled in.

A draft counts in no figure. Whoever is second, at another desk or in the same list, gets the deal there is; a void one
is none, and the meeting can become another.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.errors import Conflict, UserError
from expo_app.i18n import _
from expo_app.model import (
    Achievement,
    AskerKind,
    Deal,
    DealKind,
    Demand,
    Entry,
    Expo,
    InterestLevel,
    Meeting,
    Organisation,
    Outcome,
    ServiceItem,
    Suggestion,
    TransferWay,
    Word,
)
from expo_app.rules import tech_contracts
from expo_app.rules.interest_range import range_words
from expo_app.rules.meeting_desk import chairs
from expo_app.services.draft_deals import DealDraft, write_draft
from expo_app.services.meeting_requests import held, kinds_of
from expo_app.services.record_writer import Writer, in_parts, write_row, writing
from expo_app.services.records import entered
from expo_app.services.roadshow_deals import CONTRACT_KINDS, INVESTOR, NO_NEXT_STEP, Made
from expo_app.specs import TASKS
from expo_app.store.database import Database

OFFERING = (AskerKind.EXHIBITOR, AskerKind.SERVICE)
"""Who of two that met without a suggestion is taken for the seller, where one of them alone is of these."""
HELD = (Outcome.HELD, Outcome.REPLACED)
_meeting, _suggestion, _demand, _achievement, _item, _organisation = (
    model.__table__ for model in (Meeting, Suggestion, Demand, Achievement, ServiceItem, Organisation)
)


@dataclass(frozen=True)
class MeetingProspect:
    """A meeting as the deal it could become. `amount` in yuan, where the range from `low` to `high` is one;
    `deal_id`: the deal there is, unless it is void; `usual`: what it most likely is.
    """

    id: uuid.UUID
    meeting_no: str
    title: str
    outcome: Outcome | None
    level: InterestLevel | None
    next_step: str
    seller_id: uuid.UUID
    seller: str
    buyer_id: uuid.UUID
    buyer: str
    low: Decimal | None
    high: Decimal | None
    usual: DealKind
    contract_kind: str
    patent_no: str
    deal_id: uuid.UUID | None
    is_sample: bool

    @property
    def amount(self) -> Decimal | None:
        return self.low if self.low is not None and self.low == self.high else None


def prospects(db: Database, expo_id: uuid.UUID, meeting_ids: Sequence[uuid.UUID]) -> list[MeetingProspect]:
    """What deals these meetings could become, in the order given; those that are gone are left out."""
    with db.reading() as session:
        return read_prospects(session, expo_id, meeting_ids)


def read_prospects(session: Session, expo_id: uuid.UUID, meeting_ids: Sequence[uuid.UUID]) -> list[MeetingProspect]:
    """The same within a session that is open."""
    query = (
        select(
            _meeting, _demand.c.owner_id.label("demander"), _demand.c.title.label("wanted"),
            func.coalesce(_achievement.c.title, _item.c.title).label("offered"), _achievement.c.patent_no,
            _achievement.c.transfer_ways, _suggestion.c.service_item_id, Deal.entry.label("deal_entry"),
        )
        .outerjoin(_suggestion, _suggestion.c.id == _meeting.c.suggestion_id)
        .outerjoin(_demand, _demand.c.id == _suggestion.c.demand_id)
        .outerjoin(_achievement, _achievement.c.id == _suggestion.c.achievement_id)
        .outerjoin(_item, _item.c.id == _suggestion.c.service_item_id)
        .outerjoin(Deal, Deal.id == _meeting.c.deal_id)
        .where(_meeting.c.expo_id == expo_id)
    )  # fmt: skip
    rows: dict[uuid.UUID, dict[str, Any]] = {}
    for part in in_parts(meeting_ids):
        for row in session.execute(query.where(_meeting.c.id.in_(part))).mappings():
            rows[row["id"]] = {name: readable(value) for name, value in row.items()}
    bodies = {key for row in rows.values() for key in (row["a_id"], row["b_id"], row["instead_id"]) if key}
    kinds = kinds_of(session, expo_id, bodies)
    about = _about(session, bodies)
    return [_prospect(rows[key], kinds, about) for key in dict.fromkeys(meeting_ids) if key in rows]


def _about(session: Session, bodies: set[uuid.UUID]) -> dict[uuid.UUID, tuple[str, str]]:
    """Name and key of the kind of organisations."""
    kind = Word.__table__
    found: dict[uuid.UUID, tuple[str, str]] = {}
    for part in in_parts(bodies):
        query = select(_organisation.c.id, _organisation.c.name, kind.c.key)
        query = query.outerjoin(kind, kind.c.id == _organisation.c.kind_id).where(_organisation.c.id.in_(part))
        found |= {key: (readable(name) or "", readable(word) or "") for key, name, word in session.execute(query)}
    return found


def _prospect(
    row: Mapping[str, Any], kinds: Mapping[uuid.UUID, frozenset[AskerKind]], about: Mapping[uuid.UUID, tuple[str, str]]
) -> MeetingProspect:
    one, other = chairs(row).values()
    row = _of_those_who_sat(row)
    seller, buyer = (one, other) if _sells(row, one, other, kinds) else (other, one)
    ways = [TransferWay[name] for name in row["transfer_ways"] or ()]
    named = {CONTRACT_KINDS[way] for way in ways if way in CONTRACT_KINDS}
    is_service = row["service_item_id"] is not None
    is_investment = about[buyer][1] == INVESTOR or ways == [TransferWay.INVESTMENT]
    return MeetingProspect(
        id=row["id"], meeting_no=row["meeting_no"], outcome=row["outcome"], level=row["level"],
        title=row["offered"] or row["subject"] or f"{about[one][0]} — {about[other][0]}"[:200],
        next_step=row["next_step"] or "", seller_id=seller, seller=about[seller][0], buyer_id=buyer,
        buyer=about[buyer][0], low=row["amount_from"], high=row["amount_to"],
        usual=DealKind.INVESTMENT if is_investment else DealKind.TECH_CONTRACT,
        contract_kind=tech_contracts.SERVICE if is_service else named.pop() if len(named) == 1 else "",
        patent_no=row["patent_no"] or "", deal_id=None if row["deal_entry"] is Entry.VOID else row["deal_id"],
        is_sample=row["is_sample"],
    )  # fmt: skip


def _of_those_who_sat(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without what the absent side of a replaced meeting offered or asked for; who sits in its chair buys or sells."""
    absent = row["instead_of"]
    if absent is None:
        return row
    gone, sat = row[f"{absent}_id"], chairs(row)
    if row["demander"] == gone:
        return {**row, "demander": sat[absent]}  # the host's offer stays what it is
    found = {**row, "offered": None, "patent_no": None, "transfer_ways": None, "service_item_id": None}
    return found if absent == "b" and row["suggestion_id"] is None else {**found, "subject": None}


def _sells(
    row: Mapping[str, Any], one: uuid.UUID, other: uuid.UUID, kinds: Mapping[uuid.UUID, frozenset[AskerKind]]
) -> bool:
    """Whether the first side offers: by the suggestion, else by what the two are, else who was asked does."""
    if row["demander"] in (one, other):
        return bool(row["demander"] == other)
    mine, theirs = (not kinds[key].isdisjoint(OFFERING) for key in (one, other))
    return mine and not theirs


# --- a deal -----------------------------------------------------------------------------------------------------------
def make_deals(
    db: Database, expo_id: uuid.UUID, meeting_ids: Sequence[uuid.UUID], kind: DealKind | None = None
) -> Made:
    """Draft deals of meetings that were held, all of them or none; `kind` of all, None: what is usual for each.

    The amount is taken over where the range is one figure. UserError for one that was not held, Conflict where one is
    gone.
    """
    with writing(db, "deals.edit", expo_id) as writer:
        writer.hold(Expo.__table__, expo_id)
        rows = writer.locked(_meeting, meeting_ids)  # whoever comes second sees the deal of the first
        found = read_prospects(writer.session, expo_id, meeting_ids)
        if len(found) < len(set(meeting_ids)):
            raise Conflict(_("这场洽谈已被删除，数据未变。请刷新。"), "E-GONE")
        there = {one.id: one.deal_id for one in found if one.deal_id is not None}
        made = {one.id: _make(writer, one, kind or one.usual, rows[one.id]) for one in found if one.deal_id is None}
        return Made(made, there)


def _make(writer: Writer, one: MeetingProspect, kind: DealKind, row: Mapping[str, Any]) -> uuid.UUID:
    if one.outcome not in HELD:
        words = _("{no} 还没有记为已洽谈，不能转为签约，数据未变。先记结果。")
        raise UserError(words.format(no=one.meeting_no), "E-NOT-HELD")
    told = range_words(one.low, one.high) if one.amount is None else ""
    notes = (_("来自洽谈 {no}").format(no=one.meeting_no), _("意向金额：{range}").format(range=told) if told else "")
    draft = DealDraft(
        title=one.title, kind=kind, seller_id=one.seller_id, seller=one.seller, buyer_id=one.buyer_id,
        amount=one.amount, contract_kind=one.contract_kind, patent_no=one.patent_no, is_sample=one.is_sample,
        notes=notes,
    )  # fmt: skip
    deal_id = write_draft(writer, draft)
    writer.update(_meeting, one.id, row, {"deal_id": deal_id})
    return deal_id


def deal_of(session: Session, row: Mapping[str, Any]) -> uuid.UUID | None:
    """The deal a meeting became; a void one is none."""
    entry = session.scalar(select(Deal.entry).where(Deal.id == row["deal_id"]))
    return None if entry is Entry.VOID else row["deal_id"]


def unlink(db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID) -> None:
    """Its deal came of something else; the deal stays. Conflict where the meeting is gone."""
    with writing(db, "deals.edit", expo_id) as writer:
        row = held(writer, meeting_id)
        writer.update(_meeting, meeting_id, row, {"deal_id": None})


# --- a task -----------------------------------------------------------------------------------------------------------
def task_title(one: MeetingProspect) -> str:
    """What is to be done next, and with whom."""
    return _("{what}：{who}").format(what=one.next_step or _(NO_NEXT_STEP), who=f"{one.seller} — {one.buyer}")


def add_tasks(
    db: Database, expo_id: uuid.UUID, meeting_ids: Sequence[uuid.UUID], assignee: str, due_on: date | None
) -> list[uuid.UUID]:
    """Somebody follows meetings up by a day: a task of each, called by its next step; their ids.

    Raises InvalidRecord as the form of a task does, Conflict where a meeting is gone.
    """
    with writing(db, TASKS.permission, expo_id) as writer:
        found = read_prospects(writer.session, expo_id, meeting_ids)
        if len(found) < len(set(meeting_ids)):
            raise Conflict(_("这场洽谈已被删除，数据未变。请刷新。"), "E-GONE")
        made = []
        for one in found:
            given = {"title": task_title(one)[:200], "assignee": assignee, "due_on": due_on}
            _current, clean = entered(writer, TASKS, given)
            made.append(write_row(writer, TASKS, {**clean, "meeting_id": one.id}))
        return made
