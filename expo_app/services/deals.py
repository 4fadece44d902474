"""Deals at work: register, check for duplicates, move on, void. Nothing signed is ever deleted."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.errors import Conflict, InvalidRecord, UserError, joined
from expo_app.i18n import _
from expo_app.model import (
    SIGNED_STAGES,
    Deal,
    DealKind,
    DealParty,
    DealStage,
    DealStep,
    Entry,
    Expo,
    Organisation,
    Registration,
)
from expo_app.rules import deals_duplicates
from expo_app.rules.currencies import HOME
from expo_app.rules.deals_duplicates import DealFacts, Index, Party, Suspicion
from expo_app.rules.parties import split_parties
from expo_app.services.record_rules import in_file
from expo_app.services.record_writer import Writer, in_parts, spellings, write_row, writing
from expo_app.services.record_writer import facts_of as expo_facts
from expo_app.services.records import delete_whole, entered, values_of
from expo_app.services.steps import Turned, unchanged
from expo_app.specs import DEALS, ORGANISATIONS
from expo_app.specs.deals import PARTIES, in_yuan, of_what_was_signed
from expo_app.specs.field_types import clean_text
from expo_app.specs.names import name_key
from expo_app.store.database import Database

FIXED = (*SIGNED_STAGES, DealStage.TERMINATED)
"""From these stages on an edit needs a reason, and the deal is never deleted; having once been signed is enough."""
COMPARED = (
    "id", "deal_no", "title", "amount", "currency", "foreign_amount", "contract_no", "kind", "not_duplicate_by",
    "created_at",
)  # fmt: skip
"""What the duplicate check reads of a deal."""


def facts(db: Database, expo_id: uuid.UUID) -> list[DealFacts]:
    """Every deal of the expo that is not void, as the duplicate check sees it."""
    with db.reading() as session:
        return read_facts(session, expo_id)


def read_facts(session: Session, expo_id: uuid.UUID, ids: Collection[uuid.UUID] | None = None) -> list[DealFacts]:
    """The same within a session that is already open, of all deals or of `ids`; two statements."""
    parties: dict[uuid.UUID, list[Party]] = {}
    table, party, organisation = (model.__table__ for model in (Deal, DealParty, Organisation))
    query = (
        select(party.c.deal_id, party.c.role, party.c.organisation_id, organisation.c.name)
        .join(organisation, organisation.c.id == party.c.organisation_id)
        .join(table, table.c.id == party.c.deal_id)
        .where(table.c.expo_id == expo_id, *([] if ids is None else [party.c.deal_id.in_(ids)]))
        .order_by(party.c.position)
    )
    for deal_id, role, organisation_id, name in session.execute(query):
        parties.setdefault(deal_id, []).append(Party(role, organisation_id, name))
    whole = select(*(table.c[name] for name in COMPARED)).where(table.c.expo_id == expo_id, table.c.entry != Entry.VOID)
    rows = session.execute(whole if ids is None else whole.where(table.c.id.in_(ids)))
    return [
        DealFacts(
            key, deal_no, title, tuple(parties.get(key, ())), *_money(amount, currency, foreign), contract_no,
            kind.label, bool(cleared_by), at.isoformat() if (at := readable(created)) else "",
        )
        for key, deal_no, title, amount, currency, foreign, contract_no, kind, cleared_by, created in rows
    ]  # fmt: skip


def count_to_check(db: Database, expo_id: uuid.UUID) -> int:
    """How many entries wait for somebody to look at them."""
    with db.reading() as session:
        query = select(func.count()).select_from(Deal).where(Deal.expo_id == expo_id, Deal.entry == Entry.CHECK)
        return session.scalar(query) or 0


def index(db: Database, expo_id: uuid.UUID) -> Index:
    """The expo's deals, to compare with what is being typed; read in a worker."""
    with db.reading() as session:
        known = spellings(session, ORGANISATIONS, None)
        short = session.execute(select(Organisation.short_name, Organisation.id).where(Organisation.short_name != ""))
        names = {name_key(name): key for name, key in short if readable(name)}
        names |= {name: key for name, (key, _own) in known.items()}
    return Index(facts(db, expo_id), lambda name: names.get(name_key(name)))


def suspected(db: Database, expo_id: uuid.UUID) -> list[Suspicion]:
    """Pairs of deals that may be the same one, for the banner of the ledger."""
    return deals_duplicates.pairs(facts(db, expo_id))


def suspects(
    db: Database, expo_id: uuid.UUID, values: Mapping[str, Any], deal_id: uuid.UUID | None = None
) -> list[Suspicion]:
    """What the values in a form may repeat; most alike first. Values by field name, cleaned."""
    with db.reading() as session:
        return _suspects(session, expo_id, values, deal_id)


def _suspects(
    session: Session, expo_id: uuid.UUID, values: Mapping[str, Any], deal_id: uuid.UUID | None
) -> list[Suspicion]:
    (mine,) = facts_of(session, [(deal_id, values)])
    near = list(_near(session, expo_id, mine))
    others = [fact for part in in_parts(near) for fact in read_facts(session, expo_id, part)]
    return deals_duplicates.suspects(mine, others)


def _near(session: Session, expo_id: uuid.UUID, mine: DealFacts) -> set[uuid.UUID]:
    """The deals that share a party or the contract number: no others can be suspected."""
    deal, party = Deal.__table__, DealParty.__table__
    bodies = {one.organisation_id for one in mine.parties}
    shared = select(party.c.deal_id).join(deal, deal.c.id == party.c.deal_id)
    found = set(session.scalars(shared.where(deal.c.expo_id == expo_id, party.c.organisation_id.in_(bodies))))
    if number := deals_duplicates.number_key(mine.contract_no):
        numbered = select(deal.c.id, deal.c.contract_no).where(deal.c.expo_id == expo_id, deal.c.contract_no != "")
        found |= {key for key, text in session.execute(numbered) if deals_duplicates.number_key(text) == number}
    return found


def facts_of(session: Session, entered: Sequence[tuple[uuid.UUID | None, Mapping[str, Any]]]) -> list[DealFacts]:
    """Deals not saved yet, (id, values by field name) of each, as the duplicate check sees them."""
    names = {name for _id, values in entered for side in PARTIES for name in split_parties(values.get(side) or "")}
    ids = _ids(session, sorted(names))
    return [as_facts(deal_id, values, ids.get) for deal_id, values in entered]


def as_facts(
    deal_id: uuid.UUID | None, values: Mapping[str, Any], body: Callable[[str], uuid.UUID | None]
) -> DealFacts:
    """A deal of these values as the duplicate check sees it; `body` knows organisations by their names."""
    kind, given = values.get("kind"), {**values, **in_yuan(values)}
    named = [(role, name) for field, role in PARTIES.items() for name in split_parties(values.get(field) or "")]
    return DealFacts(
        deal_id, values.get("deal_no") or "", values.get("title") or "",
        tuple(Party(role, body(name) or uuid.uuid5(uuid.NAMESPACE_URL, name), name) for role, name in named),
        *_money(given.get("amount"), given.get("currency"), given.get("foreign_amount")),
        contract_no=values.get("contract_no"),
        kind=kind.label if isinstance(kind, DealKind) else "",
    )  # fmt: skip


def _money(amount: Decimal | None, currency: str | None, foreign: Decimal | None) -> tuple[Decimal | None, str]:
    """What two deals are compared by: yuan, or the own amount where there is no rate."""
    return (foreign, currency or HOME) if amount is None and foreign is not None else (amount, HOME)


def _ids(session: Session, names: Sequence[str]) -> dict[str, uuid.UUID]:
    """Organisation by name, as a save would find it: by any spelling."""
    found: dict[str, uuid.UUID] = {}
    for part in in_parts(names):
        query = select(Organisation.name, Organisation.id).where(Organisation.name.in_(part))
        found |= dict(session.execute(query).all())
    if missing := [name for name in names if name not in found]:
        known = spellings(session, ORGANISATIONS, None)
        found |= {name: known[name_key(name)][0] for name in missing if name_key(name) in known}
    return found


def register(
    db: Database,
    expo_id: uuid.UUID,
    values: Mapping[str, Any],
    deal_id: uuid.UUID | None = None,
    *,
    draft: bool = False,
    not_duplicate: bool = False,
    reason: str = "",
    seen: Mapping[str, Any] | None = None,
) -> uuid.UUID:
    """Enter a deal, or change one; its id.

    `draft` keeps it out of every figure; what counts already is never written to so. A suspected duplicate is refused
    unless `not_duplicate` confirms, on the record and by name, that it is none. A deal that was signed once changes
    only with a `reason`. Raises InvalidRecord, UserError, Conflict.
    """
    with writing(db, "deals.edit", expo_id, reason=reason) as writer:
        current, changes = entered(writer, DEALS, values, deal_id, seen)
        if draft and current and current["entry"] is Entry.VALID:
            raise Conflict(
                _("“{title}”已经有效，没有存为草稿，数据未变。请刷新。").format(title=current["title"]), "E-VALID"
            )
        changes |= in_yuan(current | changes)
        after = current | changes
        if deal_id is not None and not clean_text(reason) and deal_id in ever_signed(writer.session, [deal_id]):
            _need_reason(current, changes)
        if not draft:
            _refuse_incomplete(writer.session, after, current)
            _refuse_ahead(writer, expo_id, changes.get("signed_on"))
            if not not_duplicate and not _is_cleared(writer.session, deal_id):
                writer.hold(Expo.__table__, expo_id)  # nobody enters the same one while it is looked for
                _refuse_duplicate(_suspects(writer.session, expo_id, after, deal_id))
        # words of the row itself, beside the columns of the spec
        changes |= {"entry": Entry.DRAFT if draft and not current else Entry.VALID} if not draft or not current else {}
        if not_duplicate:
            changes["not_duplicate_by"] = db.actor.name or "—"
        return write_row(writer, DEALS, changes, deal_id)


def _is_cleared(session: Session, deal_id: uuid.UUID | None) -> bool:
    return deal_id is not None and bool(session.scalar(select(Deal.not_duplicate_by).where(Deal.id == deal_id)))


def _refuse_incomplete(session: Session, values: Mapping[str, Any], current: Mapping[str, Any]) -> None:
    """Refuse what is wrong in itself, or lacks something it needs to count."""
    after, spec = {**values, "entry": Entry.VALID}, in_file(session, DEALS)
    problems = DEALS.incomplete(after, current) | spec.contradicted(after, None, current or None)
    if problems:
        raise InvalidRecord(problems)


def _refuse_duplicate(found: Sequence[Suspicion]) -> None:
    if found:
        other = found[0].other
        raise UserError(
            _("可能与 {no}「{title}」重复（{why}），没有提交。核实不是重复后勾选确认，或存为草稿。").format(
                no=other.deal_no, title=other.title, why=found[0].text
            ),
            "E-DUPLICATE",
        )


def ever_signed(session: Session, deal_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the deals that counted as signed at any time, however they stand now."""
    found: set[uuid.UUID] = set()
    for part in in_parts(deal_ids):
        counted = DealStep.entry == Entry.VALID, DealStep.stage.in_(SIGNED_STAGES)
        found |= set(session.scalars(select(DealStep.deal_id).where(DealStep.deal_id.in_(part), *counted)))
        now = Deal.entry == Entry.VALID, Deal.stage.in_(FIXED)
        found |= set(session.scalars(select(Deal.id).where(Deal.id.in_(part), *now)))
    return found


def was_signed(db: Database, deal_id: uuid.UUID) -> bool:
    """Whether what is done to the deal needs a reason, because it was signed once."""
    with db.reading() as session:
        return bool(ever_signed(session, [deal_id]))


def goes_back(old: DealStage, new: DealStage) -> bool:
    """Whether a deal that was signed once moves to an earlier stage by this, or is signed again."""
    order = list(DealStage)
    return new is not old and (old is DealStage.INTENT or order.index(new) < order.index(old))


def _need_reason(current: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    moves = "stage" in changes and goes_back(current["stage"], changes["stage"])
    if moves or of_what_was_signed(current, changes):
        raise InvalidRecord({"reason": _("已签约的项目改动要写明原因。")})


def is_signing(stage: DealStage, current: Mapping[str, Any]) -> bool:
    """Whether a deal that stands so would be signed by moving it to `stage`, so that the day must be known."""
    is_signed = current["stage"] is not DealStage.INTENT and current.get("signed_on") is not None
    return stage not in (DealStage.INTENT, DealStage.TERMINATED) and not is_signed


def advance(
    db: Database,
    deal_ids: Sequence[uuid.UUID],
    stage: DealStage,
    on: date | None = None,
    reason: str = "",
    signed_on: date | None = None,
) -> None:
    """Move deals to a stage, each step dated and by whom. Ending one needs a reason, signing one the day it was signed.

    What was signed once moves back with a reason alone; `on` lies between its signing and today. A registration comes
    from the register of technology contracts. Raises InvalidRecord where the day of signing is not known or cannot be,
    UserError, Conflict.
    """
    with writing(db, "deals.edit") as writer:
        move(writer, deal_ids, stage, on, reason, signed_on)


def move(
    writer: Writer,
    deal_ids: Sequence[uuid.UUID],
    stage: DealStage,
    on: date | None = None,
    reason: str = "",
    signed_on: date | None = None,
) -> None:
    """The same within a write that is under way, whose right was asked for."""
    if stage is DealStage.TERMINATED and not clean_text(reason):
        raise UserError(_("终止项目要写明原因，数据未变。"), "E-REASON")
    found = _deals(writer, deal_ids)
    signed = ever_signed(writer.session, deal_ids)
    for deal in found:
        _refuse_move(deal, stage)
        if deal.id in signed and goes_back(deal.stage, stage) and not clean_text(reason):
            raise UserError(_("已签约的项目退回阶段要写明原因，数据未变。"), "E-REASON")
        if is_signing(stage, {"stage": deal.stage, "signed_on": deal.signed_on}):
            _sign(writer, deal, signed_on or deal.signed_on)
        if on is not None:
            _refuse_day(deal, stage, on, writer.session.get_one(Expo, deal.expo_id).local_day(writer.now))
        deal.stage = stage
        _keep_step(writer, deal, reason, deal.signed_on if stage is DealStage.SIGNED else on)


def _refuse_move(deal: Deal, stage: DealStage) -> None:
    if deal.entry is Entry.VOID:
        raise UserError(_("“{title}”已作废，不能推进，数据未变。请刷新。").format(title=deal.title), "E-STATE")
    if stage is DealStage.REGISTERED and deal.kind is not DealKind.TECH_CONTRACT:
        raise UserError(_("“{title}”不是技术合同，不能认定登记，数据未变。").format(title=deal.title), "E-STAGE")
    if stage is DealStage.REGISTERED and deal.registration is not Registration.REGISTERED:
        words = _("“{title}”还没有登记编号，数据未变。在“技术合同”里录入登记编号和日期，阶段随之改为认定登记。")
        raise UserError(words.format(title=deal.title), "E-STAGE")


def _refuse_day(deal: Deal, stage: DealStage, on: date, today: date) -> None:
    if on > today:
        raise UserError(_("日期 {day} 还没有到，数据未变。").format(day=on.isoformat()), "E-DAY")
    is_later = stage not in (DealStage.INTENT, DealStage.SIGNED)
    if is_later and deal.signed_on is not None and on < deal.signed_on:
        words = _("日期 {day} 早于签订日期 {signed}，数据未变。")
        raise UserError(words.format(day=on.isoformat(), signed=deal.signed_on.isoformat()), "E-DAY")


def _refuse_ahead(writer: Writer, expo_id: uuid.UUID, day: date | None) -> None:
    """Nobody signs tomorrow; a list made before the expo may name its days all the same."""
    today = expo_facts(writer.session.get_one(Expo, expo_id), writer.now).today
    if day is not None and day > today:
        raise InvalidRecord({"signed_on": _("签订日期 {day} 还没有到。").format(day=day.isoformat())})


def _sign(writer: Writer, deal: Deal, day: date | None) -> None:
    """Keep the day of signing; InvalidRecord if there is none, or it cannot be."""
    if day is None:
        raise InvalidRecord({"signed_on": _("已签约的项目要填签订日期。")})
    _refuse_ahead(writer, deal.expo_id, day)
    names = ("contract_kind", "contract_subkind")
    before = {name: getattr(deal, name) for name in (*names, "signed_on")}
    facts = expo_facts(writer.session.get_one(Expo, deal.expo_id), writer.now)
    if problems := in_file(writer.session, DEALS).contradicted({**before, "signed_on": day}, facts, before):
        raise InvalidRecord(problems)
    deal.signed_on = day


def set_entry(db: Database, deal_ids: Sequence[uuid.UUID], entry: Entry, reason: str = "") -> Turned:
    """Make entries valid, to be checked or void; those that were changed, for `restore_entries`.

    Voiding needs a reason, and so does whatever takes a deal that was signed once out of the figures; a void deal
    stays and counts nowhere.
    """
    with writing(db, "deals.confirm") as writer:
        if entry is Entry.VOID and not clean_text(reason):
            raise UserError(_("作废项目要写明原因，数据未变。"), "E-REASON")
        found = [deal for deal in _deals(writer, deal_ids) if deal.entry is not entry]
        if entry is Entry.VALID:
            _refuse_any_incomplete(writer.session, deal_ids)
        elif not clean_text(reason) and ever_signed(writer.session, [deal.id for deal in found]):
            raise UserError(_("已签约的项目改为“{entry}”要写明原因，数据未变。").format(entry=entry.label), "E-REASON")
        changed = {deal.id: ({"entry": _enter(writer, deal, entry, reason)}, {"entry": entry}) for deal in found}
        _refuse_taken(writer, found)
        return changed


def restore_entries(db: Database, changed: Turned, reason: str = "", *, forth: bool = False) -> None:
    """Take a change of entries back, or make it again; the history keeps all. Conflict where one was changed since."""
    left, wanted = ({key: values[at] for key, values in changed.items()} for at in (not forth, forth))
    with writing(db, "deals.confirm", reason=_("重做") if forth else _("撤销")) as writer:
        unchanged(writer, DEALS.table, left)
        _refuse_any_incomplete(writer.session, [key for key in wanted if forth and wanted[key]["entry"] is Entry.VALID])
        found = _deals(writer, list(wanted))
        for deal in found:
            _enter(writer, deal, wanted[deal.id]["entry"], reason or _("撤销"))
        _refuse_taken(writer, found)


def _enter(writer: Writer, deal: Deal, entry: Entry, reason: str) -> Entry:
    """What its entry was before."""
    before, deal.entry = deal.entry, entry
    _keep_step(writer, deal, reason)
    return before


def _refuse_any_incomplete(session: Session, deal_ids: Sequence[uuid.UUID]) -> None:
    """UserError naming the first deal that cannot count yet."""
    for deal_id in deal_ids:
        values = values_of(session, DEALS, deal_id, masked=False)
        problems = DEALS.incomplete({**values, "entry": Entry.VALID}, values)
        if problems:
            raise _not_valid(values["deal_no"], values["title"], joined(problems.values()))


def _not_valid(no: str, title: str, why: str) -> UserError:
    words = _("{no}「{title}」还不能设为有效：{why}数据未变。请先补全。")
    return UserError(words.format(no=no, title=title, why=why), "E-INCOMPLETE")


def _refuse_taken(writer: Writer, found: Sequence[Deal]) -> None:
    """UserError where one that is no longer void has a number that went to another meanwhile."""
    coming: dict[uuid.UUID, dict[str, Deal]] = {}
    for deal in found:
        if deal.entry is not Entry.VOID and (number := readable(deal.registry_no)):
            coming.setdefault(deal.expo_id, {})[number] = deal
    for expo_id, by in coming.items():
        for number, why in taken(writer, expo_id, by, {deal.id for deal in by.values()}).items():
            raise _not_valid(by[number].deal_no, by[number].title, why)


def taken(writer: Writer, expo_id: uuid.UUID, numbers: Iterable[str], apart: Collection[uuid.UUID]) -> dict[str, str]:
    """Which of these numbers of the office other deals of the expo have, but for void ones and those `apart`, in words.

    Nobody gives one of them until the writing ends.
    """
    writer.hold(Expo.__table__, expo_id)
    return taken_there(writer.session, expo_id, numbers, apart)


def taken_there(
    session: Session, expo_id: uuid.UUID, numbers: Iterable[str], apart: Collection[uuid.UUID]
) -> dict[str, str]:
    """The same as it stands now, holding nothing."""
    table, found = Deal.__table__, dict[str, str]()
    for part in in_parts(numbers):
        query = select(table.c.id, table.c.registry_no, table.c.deal_no, table.c.title).where(
            table.c.expo_id == expo_id, table.c.registry_no.in_(part), table.c.entry != Entry.VOID
        )
        for key, number, deal_no, title in session.execute(query):
            if key not in apart:
                found[number] = taken_by(deal_no, title)
    return found


def taken_by(deal_no: str, title: str) -> str:
    """That a number of the office is another's already."""
    return _("这个登记编号已经是 {no}「{title}」的，核对后再填。").format(no=deal_no, title=title)


def clear_duplicate(db: Database, deal_id: uuid.UUID) -> None:
    """Record who confirmed that a suspected duplicate is none; a deal to be checked becomes valid."""
    with writing(db, "deals.confirm") as writer:
        (deal,) = _deals(writer, [deal_id])
        deal.not_duplicate_by = db.actor.name or "—"
        if deal.entry is Entry.CHECK:
            values = values_of(writer.session, DEALS, deal_id, masked=False)
            if DEALS.incomplete({**values, "entry": Entry.VALID}, values):
                return  # it stays to be checked until it is complete
            deal.entry = Entry.VALID
            _keep_step(writer, deal, "")


def _deals(writer: Writer, deal_ids: Sequence[uuid.UUID]) -> Sequence[Deal]:
    """Deals to be changed, held against other writers, in one order for all; Conflict where one is gone."""
    query = select(Deal).where(Deal.id.in_(deal_ids)).order_by(Deal.id).with_for_update()
    found = writer.session.scalars(query, execution_options={"populate_existing": True}).all()
    if len(found) < len(set(deal_ids)):
        raise Conflict(_("这条记录已被删除，数据未变。请刷新。"), "E-GONE")
    return found


def _keep_step(writer: Writer, deal: Deal, reason: str, on: date | None = None) -> None:
    """Where the deal stands now goes into its history."""
    step = DealStep(
        deal_id=deal.id, stage=deal.stage, entry=deal.entry, at=writer.now, on_date=on,
        operator=writer.db.actor.name, reason=clean_text(reason)[:200],
    )  # fmt: skip
    writer.session.add(step)


def steps(db: Database, deal_id: uuid.UUID) -> list[DealStep]:
    """What became of a deal, in the order it was recorded, whatever the clock said."""
    with db.reading() as session:
        return list(session.scalars(select(DealStep).where(DealStep.deal_id == deal_id).order_by(DealStep.id)))


def delete_drafts(db: Database, deal_ids: Sequence[uuid.UUID]) -> None:
    """Delete drafts that were never signed; anything else is voided instead."""
    with writing(db, "deals.edit") as writer:
        rows = writer.locked(Deal.__table__, deal_ids)
        signed = ever_signed(writer.session, rows)
        for key, row in rows.items():
            if row["entry"] is not Entry.DRAFT:
                raise UserError(
                    _("{no} 不是草稿，不能删除，数据未变。请改用“作废”。").format(no=row["deal_no"]), "E-NOT-DRAFT"
                )
            if key in signed:
                words = _("{no} 签约过，不能删除，数据未变。请改用“作废”。")
                raise UserError(words.format(no=row["deal_no"]), "E-NOT-DRAFT")
            delete_whole(writer, Deal.__table__, row)
