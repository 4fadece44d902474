"""What becomes of interest in a pitch: a task for somebody, and a draft deal with both sides filled in.

A draft counts in no figure. Whoever is second, at another desk or in the same list, gets the deal there is; a void one
is none, and the interest can become another.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.i18n import N_, _
from expo_app.model import (
    Achievement,
    Deal,
    DealKind,
    Entry,
    Expo,
    Interest,
    InterestLevel,
    Organisation,
    Pitch,
    TransferWay,
    Word,
)
from expo_app.rules import tech_contracts
from expo_app.rules.interest_range import range_words
from expo_app.services.draft_deals import DealDraft, write_draft
from expo_app.services.record_writer import Writer, in_parts, write_row, writing
from expo_app.services.records import entered
from expo_app.specs import INTERESTS, TASKS
from expo_app.store.database import Database

KINDS = (DealKind.TECH_CONTRACT, DealKind.INVESTMENT, DealKind.PURCHASE, DealKind.FRAMEWORK, DealKind.TENANCY)
"""What an interest can become, as a dialog offers them."""
CONTRACT_KINDS = {
    TransferWay.TRANSFER: tech_contracts.TRANSFER, TransferWay.LICENCE: tech_contracts.LICENCE,
    TransferWay.COOPERATION: tech_contracts.DEVELOPMENT,
}  # fmt: skip
"""How a result may be had → the kind of technology contract that comes of it."""
INVESTOR = "investor"
"""Key of the kind of organisation that invests."""
MOST_NUMBER = 20
"""Characters of a patent's number in a deal."""
NO_NEXT_STEP = N_("跟进意向")
_interest, _pitch, _achievement, _organisation = (
    model.__table__ for model in (Interest, Pitch, Achievement, Organisation)
)


@dataclass(frozen=True)
class Prospect:
    """An interest as the deal it could become. `amount` in yuan, where the range from `low` to `high` is one;
    `deal_id`: the deal there is, unless it is void; `usual`: what is offered as its kind."""

    id: uuid.UUID
    interest_no: str
    title: str
    level: InterestLevel
    next_step: str
    seller_id: uuid.UUID
    seller: str
    buyer_id: uuid.UUID | None
    buyer: str
    contact: str
    amount: Decimal | None
    low: Decimal | None
    high: Decimal | None
    usual: DealKind
    item_id: uuid.UUID
    pitch_id: uuid.UUID
    patent_no: str
    transfer_ways: tuple[TransferWay, ...]
    deal_id: uuid.UUID | None
    is_sample: bool

    @property
    def range_shown(self) -> str:
        """The range that is no amount of a deal: 50.00–200.00 万元; "" where there is none, or it is the amount."""
        return range_words(self.low, self.high) if self.amount is None else ""

    @property
    def contract_kind(self) -> str:
        """The kind of technology contract, where the result's ways of transfer leave but one; "" else."""
        kinds = {CONTRACT_KINDS[way] for way in self.transfer_ways if way in CONTRACT_KINDS}
        return kinds.pop() if len(kinds) == 1 else ""

    @property
    def is_with_oneself(self) -> bool:
        """Whether the owner of the result is interested in it itself."""
        return self.seller_id == self.buyer_id


@dataclass(frozen=True)
class Made:
    """Deals by their interests: those just made, and those that were there already."""

    deals: Mapping[uuid.UUID, uuid.UUID]
    there: Mapping[uuid.UUID, uuid.UUID]


def prospects(db: Database, interest_ids: Sequence[uuid.UUID]) -> list[Prospect]:
    """What deals these interests could become, in the order given; those that are gone are left out."""
    with db.reading() as session:
        return read_prospects(session, interest_ids)


def read_prospects(session: Session, interest_ids: Sequence[uuid.UUID]) -> list[Prospect]:
    """The same within a session that is open."""
    owner, kind = _organisation.alias("owner"), Word.__table__.alias("kind")
    query = (
        select(
            _interest, _achievement.c.title, _achievement.c.owner_id, _achievement.c.patent_no,
            _achievement.c.transfer_ways, _pitch.c.item_id, owner.c.name.label("seller"),
            _organisation.c.name.label("buyer"), kind.c.key.label("buyer_kind"), Deal.entry.label("deal_entry"),
        )
        .join(_pitch, _pitch.c.id == _interest.c.pitch_id)
        .join(_achievement, _achievement.c.id == _pitch.c.achievement_id)
        .join(owner, owner.c.id == _achievement.c.owner_id)
        .outerjoin(_organisation, _organisation.c.id == _interest.c.organisation_id)
        .outerjoin(kind, kind.c.id == _organisation.c.kind_id)
        .outerjoin(Deal, Deal.id == _interest.c.deal_id)
    )  # fmt: skip
    found: dict[uuid.UUID, Prospect] = {}
    for part in in_parts(interest_ids):
        for row in session.execute(query.where(_interest.c.id.in_(part))).mappings():
            found[row["id"]] = _prospect({name: readable(value) for name, value in row.items()})
    return [found[key] for key in dict.fromkeys(interest_ids) if key in found]


def _prospect(row: Mapping[str, Any]) -> Prospect:
    low, high = row["amount_from"], row["amount_to"]
    ways = tuple(way for way in TransferWay if way.name in (row["transfer_ways"] or ()))
    is_investment = row["buyer_kind"] == INVESTOR or ways[:1] == (TransferWay.INVESTMENT,)
    return Prospect(
        id=row["id"], interest_no=row["interest_no"], title=row["title"], level=row["level"],
        next_step=row["next_step"] or "", seller_id=row["owner_id"], seller=row["seller"],
        buyer_id=row["organisation_id"], buyer=row["buyer"] or "", contact=row["contact"] or "",
        amount=low if low is not None and low == high else None, low=low, high=high,
        usual=DealKind.INVESTMENT if is_investment else DealKind.TECH_CONTRACT, item_id=row["item_id"],
        pitch_id=row["pitch_id"], patent_no=row["patent_no"] or "", transfer_ways=ways,
        deal_id=None if row["deal_entry"] is Entry.VOID else row["deal_id"],
        is_sample=row["is_sample"],
    )  # fmt: skip


# --- a deal -----------------------------------------------------------------------------------------------------------
def make_deals(
    db: Database,
    expo_id: uuid.UUID,
    interest_ids: Sequence[uuid.UUID],
    kind: DealKind | None = None,
    organisations: Mapping[uuid.UUID, str] | None = None,
) -> Made:
    """Draft deals of interests, all of them or none: owner of the result and who is interested, at the roadshow.

    `kind`: of all; None: what is usual for each. `organisations`: who is interested, by interest, where nobody had
    said; it is kept there too. The amount is taken over where the range is one figure. Raises InvalidRecord for one
    that has no organisation (field `organisation_id`), UserError, Conflict where one is gone.
    """
    with writing(db, "deals.edit", expo_id) as writer:
        _name_organisations(writer, interest_ids, organisations or {})
        held = writer.locked(_interest, interest_ids)  # whoever comes second sees the deal of the first
        if len(held) < len(set(interest_ids)):
            raise Conflict(_("这条意向已被删除，数据未变。请刷新。"), "E-GONE")
        found = read_prospects(writer.session, interest_ids)
        there = {one.id: one.deal_id for one in found if one.deal_id is not None}
        made = {one.id: _make(writer, one, kind or one.usual, held[one.id]) for one in found if one.deal_id is None}
        return Made(made, there)


def _name_organisations(
    writer: Writer, interest_ids: Sequence[uuid.UUID], organisations: Mapping[uuid.UUID, str]
) -> None:
    held = writer.locked(_interest, [key for key in interest_ids if organisations.get(key)])
    for key, row in held.items():
        if row["organisation_id"] is None:
            _current, clean = entered(writer, INTERESTS, {"organisation_id": organisations[key]}, key)
            write_row(writer, INTERESTS, clean, key)


def _make(writer: Writer, one: Prospect, kind: DealKind, row: Mapping[str, Any]) -> uuid.UUID:
    if one.buyer_id is None:
        words = _("{no}「{title}」没有写意向单位，不能转为签约，数据未变。先填意向单位。")
        raise InvalidRecord({"organisation_id": words.format(no=one.interest_no, title=one.title)})
    if one.is_with_oneself:
        words = _("{no}「{title}」的意向单位就是成果的持有单位，不能转为签约，数据未变。")
        raise UserError(words.format(no=one.interest_no, title=one.title), "E-ONESELF")
    contact = _("意向 {no} 的联系人：{name}").format(no=one.interest_no, name=one.contact) if one.contact else ""
    told = _("意向金额：{range}").format(range=one.range_shown) if one.range_shown else ""
    draft = DealDraft(
        title=one.title, kind=kind, seller_id=one.seller_id, seller=one.seller, buyer_id=one.buyer_id,
        amount=one.amount, contract_kind=one.contract_kind, patent_no=one.patent_no, item_id=one.item_id,
        is_sample=one.is_sample, notes=(contact, told),
    )  # fmt: skip
    deal_id = write_draft(writer, draft)
    writer.update(_interest, one.id, row, {"deal_id": deal_id})
    return deal_id


# --- which deals come of an interest ----------------------------------------------------------------------------------
def without_deal(db: Database, expo_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """Interests that nothing came of yet, (id, words) of each, the newest first."""
    query = (
        select(_interest.c.id, _interest.c.interest_no, _achievement.c.title, _organisation.c.name, _interest.c.contact)
        .join(_pitch, _pitch.c.id == _interest.c.pitch_id)
        .join(_achievement, _achievement.c.id == _pitch.c.achievement_id)
        .outerjoin(_organisation, _organisation.c.id == _interest.c.organisation_id)
        .outerjoin(Deal, Deal.id == _interest.c.deal_id)
        .where(_interest.c.expo_id == expo_id, _interest.c.deal_id.is_(None) | (Deal.entry == Entry.VOID))
        .order_by(_interest.c.at.desc())
    )
    with db.reading() as session:
        rows = [tuple(map(readable, row)) for row in session.execute(query)]
    return [(key, " · ".join(filter(None, (no, body or contact, title)))) for key, no, title, body, contact in rows]


def link(db: Database, expo_id: uuid.UUID, interest_id: uuid.UUID, deal_id: uuid.UUID | None) -> None:
    """Say that a deal came of an interest (补关联), or that it did not: None.

    Raises Conflict where either is gone, or the interest has another deal by now.
    """
    with writing(db, "deals.edit", expo_id) as writer:
        row = writer.locked(_interest, [interest_id]).get(interest_id)
        deal = writer.rows(Deal.__table__, [deal_id]) if deal_id else {}
        if row is None or (deal_id is not None and (deal_id not in deal or deal[deal_id]["expo_id"] != row["expo_id"])):
            raise Conflict(_("这条记录已被删除，数据未变。请刷新。"), "E-GONE")
        if deal_id is not None and row["deal_id"] not in (None, deal_id) and _stands(writer.session, row["deal_id"]):
            raise Conflict(_("这条意向已有签约项目，数据未变。请刷新。"), "E-LINKED")
        writer.update(_interest, interest_id, row, {"deal_id": deal_id})


def _stands(session: Session, deal_id: uuid.UUID) -> bool:
    return session.scalar(select(Deal.entry).where(Deal.id == deal_id)) is not Entry.VOID


# --- a task -----------------------------------------------------------------------------------------------------------
def task_title(one: Prospect) -> str:
    """What is to be done next, and with whom."""
    return _("{what}：{who}").format(what=one.next_step or _(NO_NEXT_STEP), who=one.buyer or one.contact or one.title)


def add_tasks(
    db: Database, expo_id: uuid.UUID, interest_ids: Sequence[uuid.UUID], assignee: str, due_on: date | None
) -> list[uuid.UUID]:
    """Somebody follows interests up by a day: a task of each, called by its next step; their ids.

    Raises InvalidRecord as the form of a task does, Conflict where an interest is gone.
    """
    with writing(db, TASKS.permission, expo_id) as writer:
        found = read_prospects(writer.session, interest_ids)
        if len(found) < len(set(interest_ids)):
            raise Conflict(_("这条意向已被删除，数据未变。请刷新。"), "E-GONE")
        with writer.within(writer.session.get_one(Expo, expo_id)):
            made = []
            for one in found:
                given = {"title": task_title(one)[:200], "assignee": assignee, "due_on": due_on}
                _current, clean = entered(writer, TASKS, given)
                made.append(write_row(writer, TASKS, {**clean, "interest_id": one.id}))
            return made
