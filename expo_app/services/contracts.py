"""The register of technology contracts at work: what is missing, by when, and the steps with the registry office."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged
from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.model import (
    Attachment,
    Deal,
    DealKind,
    DealParty,
    DealPatent,
    DealRegistration,
    DealStage,
    Entry,
    Expo,
    Organisation,
    PartyRole,
    PatentKind,
    Registration,
)
from expo_app.rules.contract_completeness import Contract, Party, Patent, findings, warnings
from expo_app.rules.registry_lists import Lists
from expo_app.services.contracts_lists import lists_of
from expo_app.services.record_writer import Writer, in_parts, write_rows, writing
from expo_app.services.statistics.scope import scope_of
from expo_app.specs import CONTRACTS
from expo_app.specs.contracts import Line, in_register
from expo_app.specs.field_types import clean_text
from expo_app.store.database import Database

_deal, _party, _body = Deal.__table__, DealParty.__table__, Organisation.__table__
_patent, _step = DealPatent.__table__, DealRegistration.__table__
JUDGED = (
    "id", "expo_id", "deal_no", "title", "signed_on", "amount", "tech_amount", "valid_from", "valid_until",
    "contract_kind", "contract_subkind", "payment_way", "is_related_party", "plan_source", "ip_kind", "tech_field",
    "social_goal", "pricing_way", "public_from", "public_until", "patent_registered_on", "registration", "submitted_on",
    "registry_office", "registered_on", "registry_no",
)  # fmt: skip
"""Columns of a deal that the registration is judged by, or that say which contract it is."""


def lines(db: Database, expo_id: uuid.UUID) -> dict[uuid.UUID, Line]:
    """Every contract of the register by id, with what is missing and by when the next thing is due: seven statements.

    A sample in a real expo is none of them.
    """
    with db.reading() as session:
        expo = session.get_one(Expo, expo_id)
        found = read_contracts(session, in_register(expo_id), scope_of(session, expo_id).real(_deal))
        returns = _returns(session, found)
    lists = next((contract.lists for contract in found.values()), None)
    return {key: _line(one, expo.submit_days, lists, returns.get(key)) for key, one in found.items()}


def line(db: Database, deal_id: uuid.UUID) -> Line | None:
    """One contract; None where it is no longer in the register."""
    with db.reading() as session:
        deal = session.get(Deal, deal_id)
        if deal is None:
            return None
        expo = session.get_one(Expo, deal.expo_id)
        found = read_contracts(session, _deal.c.id == deal_id, in_register(deal.expo_id))
        returns = _returns(session, found)
    one = found.get(deal_id)
    return _line(one, expo.submit_days, one.lists, returns.get(deal_id)) if one else None


def contract(db: Database, deal_id: uuid.UUID) -> Contract:
    """A contract as completeness is judged; one that is gone says nothing."""
    with db.reading() as session:
        found = read_contracts(session, _deal.c.id == deal_id)
    return found.get(deal_id, Contract({}))


def count_lacking(db: Database, expo_id: uuid.UUID) -> int:
    """How many contracts have something missing or wrong and are not registered."""
    with db.reading() as session:
        found = read_contracts(session, in_register(expo_id), scope_of(session, expo_id).real(_deal))
    return sum(is_lacking(one) for one in found.values())


def is_lacking(contract: Contract) -> bool:
    """Whether something must be filled in or put right before the office can register it."""
    is_open = contract.get("registration") is not Registration.REGISTERED
    return is_open and any(one.state.value != "ok" for one in findings(contract))


def read_contracts(session: Session, *where: ColumnElement[bool], to_write: bool = False) -> dict[uuid.UUID, Contract]:
    """Contracts by id, as completeness is judged: the deals that meet `where`, their parties, patents and the lists.

    `to_write` holds the deals against other writers, in one order for all.
    """
    query = select(*(_deal.c[name] for name in JUDGED)).where(*where)
    query = query.order_by(_deal.c.id).with_for_update() if to_write else query
    deals = {row["id"]: _readable(row) for row in session.execute(query).mappings()}
    parties: dict[tuple[uuid.UUID, PartyRole], list[Party]] = {}
    patents: dict[uuid.UUID, list[Patent]] = {}
    for part in in_parts(deals):
        _read_parties(session, part, parties)
        for row in session.execute(select(_patent).where(_patent.c.deal_id.in_(part)).order_by(_patent.c.position)):
            patents.setdefault(row.deal_id, []).append(_patent_of(row))
    lists = lists_of(session)
    sides = (PartyRole.SELLER, PartyRole.BUYER)
    found = {}
    for key, values in deals.items():
        sellers, buyers = (tuple(parties.get((key, side), ())) for side in sides)
        found[key] = Contract(values, sellers, buyers, tuple(patents.get(key, ())), lists)
    return found


def _readable(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A value that cannot be read is asked for again, as one that is missing."""
    return {name: None if is_damaged(value) else value for name, value in row.items()}


def _read_parties(
    session: Session, ids: Sequence[uuid.UUID], found: dict[tuple[uuid.UUID, PartyRole], list[Party]]
) -> None:
    query = (
        select(
            _party.c.deal_id, _party.c.role, _party.c.nature, _body.c.name, _body.c.short_name, _body.c.credit_code,
            _body.c.region_code, _body.c.nature.label("own_nature"),
        )
        .join(_body, _body.c.id == _party.c.organisation_id)
        .where(_party.c.deal_id.in_(ids))
        .order_by(_party.c.position, _party.c.id)
    )  # fmt: skip
    for row in session.execute(query).mappings():
        one = _readable(row)
        party = Party(
            one["name"] or "", one["short_name"] or "", one["credit_code"], one["region_code"],
            one["nature"] or one["own_nature"] or "",
        )  # fmt: skip
        found.setdefault((one["deal_id"], one["role"]), []).append(party)


def _patent_of(row: Any) -> Patent:
    one = _readable(row._mapping)
    names = ("title", "application_no", "patent_no", "applicant", "holder")
    texts: dict[str, Any] = {name: one[name] or "" for name in names}
    return Patent(one["kind"] or PatentKind.INVENTION, **texts, filed_on=one["filed_on"])


def _returns(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Any]:
    """The last time each was sent back."""
    found = {}
    for part in in_parts(ids):
        query = select(_step).where(_step.c.deal_id.in_(part), _step.c.state == Registration.RETURNED)
        for row in session.execute(query.order_by(_step.c.at, _step.c.id)):
            found[row.deal_id] = row
    return found


def _line(contract: Contract, submit_days: int | None, lists: Lists | None, returned: Any) -> Line:
    state = contract.get("registration")
    is_back = state is Registration.RETURNED and returned is not None
    due = due_on(contract, submit_days, lists, returned.correct_by if is_back else None)
    seller, buyer = (next((p.short or p.name for p in side), "—") for side in (contract.sellers, contract.buyers))
    words = returned.words if is_back else ""
    return Line(tuple(findings(contract)), due, seller, buyer, words, tuple(warnings(contract)))


def due_on(contract: Contract, submit_days: int | None, lists: Lists | None, correct_by: date | None) -> date | None:
    """By when the next thing is to happen, by the state of the registration; None where nobody said.

    To be handed in: the organiser's days after signing. To be decided on: the office's days after it was handed in, by
    the seller's region. Sent back: the day the office named.
    """
    state = contract.get("registration")
    signed_on, submitted_on = contract.get("signed_on"), contract.get("submitted_on")
    if state is Registration.OPEN and submit_days is not None and signed_on:
        return date.fromordinal(signed_on.toordinal() + submit_days)
    if state is Registration.SUBMITTED and lists is not None:
        region = contract.sellers[0].region if contract.sellers else None
        return lists.decide_by(region, submitted_on)
    return correct_by if state is Registration.RETURNED else None


# --- steps with the office --------------------------------------------------------------------------------------------
def submit(db: Database, deal_ids: Sequence[uuid.UUID], on: date) -> None:
    """Contracts were handed in on a day, all or none. UserError for one that is not complete; InvalidRecord for a day
    that cannot be.
    """
    with writing(db, "contracts.edit") as writer:
        found = _to_move(writer, deal_ids)
        for contract in found.values():
            _refuse(contract, (Registration.OPEN, Registration.RETURNED), Registration.SUBMITTED)
            if is_lacking(contract):
                words = _("“{title}”还有要补的，不能提交，数据未变。先补齐。")
                raise UserError(words.format(title=contract.get("title")), "E-INCOMPLETE")
        _write(writer, found, {"registration": Registration.SUBMITTED, "submitted_on": on})


def send_back(db: Database, deal_id: uuid.UUID, on: date, words: str, correct_by: date | None = None) -> None:
    """The office sent a contract back, in its words, and by when it wants it corrected, if it named a day."""
    with writing(db, "contracts.edit") as writer:
        if not clean_text(words):
            raise InvalidRecord({"office_words": _("写下登记机构的意见，补的时候要看。")})
        if correct_by and correct_by < on:
            raise InvalidRecord({"correct_by": _("补正期限不能早于退回日期。")})
        said = {"office_words": words, "correct_by": correct_by, "returned_on": on}
        _move(writer, deal_id, (Registration.SUBMITTED,), {"registration": Registration.RETURNED, **said})


def enter(db: Database, deal_id: uuid.UUID, on: date, number: str) -> None:
    """The office registered a contract on a day, under a number of 14 or 16 digits; the deal is registered with it."""
    with writing(db, "contracts.edit") as writer:
        try:
            plain = CONTRACTS.field("registry_no").parse(number)
        except ValueError as wrong:
            raise InvalidRecord({"registry_no": str(wrong)}) from wrong
        values = {"registration": Registration.REGISTERED, "registered_on": on, "registry_no": plain or ""}
        _move(writer, deal_id, (Registration.SUBMITTED, Registration.RETURNED, Registration.OPEN), values)


def _move(writer: Writer, deal_id: uuid.UUID, allowed: Sequence[Registration], values: Mapping[str, Any]) -> None:
    found = _to_move(writer, [deal_id])
    for contract in found.values():
        _refuse(contract, allowed, values["registration"])
    _write(writer, found, values)


def _to_move(writer: Writer, deal_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Contract]:
    """The contracts to be moved, held against other writers; UserError where one is not in the register."""
    found: dict[uuid.UUID, Contract] = {}
    for part in in_parts(sorted(set(deal_ids))):
        found |= read_contracts(writer.session, _deal.c.id.in_(part), in_register(_deal.c.expo_id), to_write=True)
    if len(found) < len(set(deal_ids)):
        raise UserError(_("登记簿里没有这份合同：只有有效、已签约的技术合同可以登记。数据未变，请刷新。"), "E-STATE")
    return found


def _refuse(contract: Contract, allowed: Sequence[Registration], wanted: Registration) -> None:
    state = contract.get("registration")
    if state not in allowed:
        words = _("“{title}”现在是“{state}”，不能改为“{wanted}”，数据未变。请刷新。")
        said = words.format(title=contract.get("title"), state=state.label, wanted=wanted.label)
        raise UserError(said, "E-STATE")


def _write(writer: Writer, found: Mapping[uuid.UUID, Contract], values: Mapping[str, Any]) -> None:
    by_expo: dict[uuid.UUID, list[uuid.UUID]] = {}
    for key, contract in found.items():
        by_expo.setdefault(contract.get("expo_id"), []).append(key)
    for expo_id, keys in by_expo.items():
        with writer.within(writer.session.get_one(Expo, expo_id)):
            write_rows(writer, CONTRACTS, [(key, values, 0) for key in keys])


def history(db: Database, deal_id: uuid.UUID) -> list[DealRegistration]:
    """What became of a contract's registration, oldest first."""
    with db.reading() as session:
        query = select(DealRegistration).where(DealRegistration.deal_id == deal_id)
        return list(session.scalars(query.order_by(DealRegistration.at, DealRegistration.id)))


def files_of(db: Database, deal_id: uuid.UUID) -> list[tuple[str, str]]:
    """(name, kind) of what is kept with a contract."""
    with db.reading() as session:
        query = select(Attachment.name, Attachment.kind).where(Attachment.deal_id == deal_id)
        return [(name, kind.label) for name, kind in session.execute(query.order_by(Attachment.added_at))]


def left_out(db: Database, expo_id: uuid.UUID) -> str:
    """What technology contracts are signed or meant and not in the register, in words: "" for none."""
    with db.reading() as session:
        query = select(_deal.c.entry, _deal.c.stage, func.count()).where(
            scope_of(session, expo_id).own(_deal), _deal.c.kind == DealKind.TECH_CONTRACT, ~in_register(expo_id)
        )
        rows = session.execute(query.group_by(_deal.c.entry, _deal.c.stage)).all()
    counts = Counter[str]()
    for entry, stage, count in rows:
        if not is_damaged(entry) and not is_damaged(stage):
            counts[stage.label if entry is Entry.VALID else entry.label] += count
    order = [entry.label for entry in Entry] + [stage.label for stage in DealStage]
    said = [f"{word} {counts[word]}" for word in dict.fromkeys(order) if counts[word]]
    return _("另有{what}，不在簿里").format(what=_("、").join(said)) if said else ""
