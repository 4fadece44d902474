"""What a deal gets when it is written, and what an import says of deals that may be there already."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import _
from expo_app.model import Deal, DealParty, DealStage, DealStep, Entry, PartyRole, new_id
from expo_app.rules import deals_duplicates, deals_numbering
from expo_app.rules.deals_duplicates import DealFacts
from expo_app.services import deals, numbers
from expo_app.services.child_rows import sync_bodies
from expo_app.services.contracts_lists import lists_of
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer
from expo_app.services.records import values_of
from expo_app.specs import DEALS, Outcome, PlanRow, RecordSpec
from expo_app.specs.deals import PARTIES, chosen_from, contradictions, in_yuan
from expo_app.specs.deals_signing import FIELDS, said_of

if TYPE_CHECKING:
    from expo_app.services.merging_fold import Merger


def here(session: Session, spec: RecordSpec) -> RecordSpec:
    """The deals with the office's words and their dates as the file has them."""
    lists = lists_of(session)
    return replace(chosen_from(lists, spec), contradictions=partial(contradictions, lists=lists))


def fill_in(writer: Writer, drafts: list[Draft]) -> None:
    """A number, the moment it was entered, how far it is, and what an amount in another currency is in yuan."""
    expo = writer.expo
    unnumbered = [d for d in drafts if d.is_new and not d.values.get("deal_no")]
    if expo is not None:
        prefix = deals_numbering.deal_prefix(expo.code, expo.starts_on.year)
        texts = [d.values["deal_no"] for d in drafts if d.is_new and d.values.get("deal_no")]
        given = [
            parsed[2] for text in texts if text.startswith(prefix) and (parsed := deals_numbering.parse_deal_no(text))
        ]
        if given:
            numbers.keep_clear(writer, f"deal {expo.code}", max(given))
    if unnumbered and expo is not None:
        first = numbers.draw(writer, f"deal {expo.code}", len(unnumbered))
        for n, draft in enumerate(unnumbered, first):
            draft.values["deal_no"] = deals_numbering.deal_no(expo.code, expo.starts_on.year, n)
    for draft in drafts:
        if draft.is_new:
            draft.values.setdefault("created_at", writer.now)
            draft.values.setdefault("entry", Entry.CHECK if draft.row else Entry.DRAFT)
        draft.values |= in_yuan({name: draft.get(name) for name in ("currency", "foreign_amount", "rate")})


def one_number_each(writer: Writer, drafts: list[Draft]) -> None:
    """The office gives a registry number to one contract: InvalidRecord naming the other that has it."""
    coming: dict[str, Draft] = {}
    changed = [draft for draft in drafts if draft.changed("registry_no") or draft.changed("entry")]
    for draft in changed:
        number = readable(draft.get("registry_no"))
        if number and draft.get("entry") is not Entry.VOID and coming.setdefault(number, draft) is not draft:
            other = coming[number]
            raise InvalidRecord({"registry_no": deals.taken_by(other.get("deal_no"), other.get("title"))}, draft.row)
    if coming and writer.expo is not None:
        apart = {draft.record_id for draft in changed}
        for number, words in deals.taken(writer, writer.expo.id, coming, apart).items():
            raise InvalidRecord({"registry_no": words}, coming[number].row)


def numbers_taken(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """The same of a plan: a number that another row brings, or another contract has, keeps its row out."""
    coming: dict[str, PlanRow] = {}
    wrong: dict[tuple[str, int], str] = {}
    brings = [row for row in rows if row.goes_in and row.values.get("registry_no")]
    brings = [row for row in brings if row.outcome is Outcome.NEW or "registry_no" in row.changes]
    for row in brings:
        if (other := coming.setdefault(row.values["registry_no"], row)) is not row:
            wrong[row.place] = _("第 {row} 行也是这个登记编号，核对后再填。").format(row=other.row)
    changed = {row.record_id for row in brings if row.record_id and row.place not in wrong}
    for number, words in deals.taken_there(session, expo_id, coming, changed).items():
        wrong[coming[number].place] = words
    title = spec.field("registry_no").title
    return tuple(row.refused({title: wrong[row.place]}) if row.place in wrong else row for row in rows)


def parties_and_step(writer: Writer, drafts: list[Draft]) -> None:
    """Parties and signatories as entered (what was not entered stays), and a step whenever stage or entry changed."""
    sync_bodies(writer, DealParty.__table__, "deal_id", drafts, PARTIES, _signatories)
    for draft in drafts:
        if draft.is_new or draft.changed("stage") or draft.changed("entry"):
            step = {
                "id": new_id(), "deal_id": draft.record_id, "stage": draft.get("stage") or DealStage.SIGNED,
                "entry": draft.get("entry") or Entry.DRAFT, "at": writer.now, "on_date": draft.get("signed_on"),
                "operator": writer.db.actor.name, "reason": writer.reason[:200],
            }  # fmt: skip
            writer.insert(DealStep.__table__, [step])


def _signatories(draft: Draft, rows: list[dict[str, Any]]) -> bool:
    """Who signs for whom goes into the rows of the parties; whether anything was said.

    InvalidRecord where one body, by whatever name, is both seller and buyer.
    """
    sellers, buyers = (
        {row["organisation_id"] for row in rows if row["role"] is role} for role in (PartyRole.SELLER, PartyRole.BUYER)
    )
    if sellers & buyers:
        raise InvalidRecord({"buyers": _("卖方和买方是同一家单位，只是写法不同。")}, draft.row)
    given = {name: kept for name, kept in FIELDS.items() if draft.gives(name)}
    for name, (role, column) in given.items():
        own = [row for row in rows if row["role"] is role]
        for row, said in zip(own, said_of(draft.virtual[name], len(own), column), strict=True):
            row[column] = said
    return bool(given)


def repeated(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """A valid entry that may repeat another comes in to be checked: the form would have asked."""
    asked = [row for row in rows if row.goes_in and row.values.get("entry") is Entry.VALID]
    asked = [row for row in asked if row.outcome is Outcome.NEW or "entry" in row.changes]
    if not asked:
        return rows
    own = {row.record_id for row in asked if row.record_id}
    there = [fact for fact in deals.read_facts(session, expo_id) if fact.id not in own]
    coming = _facts_of(session, asked)
    number = {id(fact): row.place for fact, row in zip(coming, asked, strict=True)}
    notes: dict[tuple[str, int], str] = {}
    for suspicion in deals_duplicates.pairs([*there, *coming]):
        if id(suspicion.deal) in number:
            notes.setdefault(number[id(suspicion.deal)], _repeats(suspicion, number.get(id(suspicion.other))))

    def reviewed(row: PlanRow) -> PlanRow:
        if row.place not in notes:
            return row
        checked = replace(row, values={**row.values, "entry": Entry.CHECK})
        if row.outcome is Outcome.CHANGED:
            old = row.changes["entry"][0]
            checked = replace(checked, changes={**row.changes, "entry": (old, Entry.CHECK)})
            checked = checked.without("entry") if old is Entry.CHECK else checked
        return checked.noted(spec.field("entry").title, notes[row.place])

    return tuple(map(reviewed, rows))


def _facts_of(session: Session, rows: Sequence[PlanRow]) -> list[DealFacts]:
    """The deals of these rows as the duplicate check sees them, entered after those that are there."""
    entered = []
    for row in rows:
        there = values_of(session, DEALS, row.record_id, masked=False) if row.record_id else {}
        entered.append((row.record_id, {**there, **row.values}))
    found = deals.facts_of(session, entered)
    return [replace(fact, order=f"~{row.row:09}") for fact, row in zip(found, rows, strict=True)]


def _repeats(suspicion: deals_duplicates.Suspicion, other_row: tuple[str, int] | None) -> str:
    other = suspicion.other
    where = _("第 {row} 行").format(row=other_row[1]) if other_row else other.deal_no
    words = _("可能与 {no}「{title}」重复（{why}），按“待核对”导入。")
    return words.format(no=where, title=other.title, why=suspicion.text)


def not_with_oneself(merger: Merger, keep: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Seller and buyer of one deal are two bodies: Conflict where two organisations that are to become one are both."""
    deal, mine, theirs = Deal.__table__, DealParty.__table__.alias("mine"), DealParty.__table__.alias("theirs")
    sides = (PartyRole.SELLER, PartyRole.BUYER)
    query = (
        select(deal.c.title)
        .join(mine, mine.c.deal_id == deal.c.id)
        .join(theirs, theirs.c.deal_id == deal.c.id)
        .where(
            mine.c.organisation_id == keep["id"], theirs.c.organisation_id == other["id"], mine.c.role.in_(sides),
            theirs.c.role.in_(sides), mine.c.role != theirs.c.role, deal.c.entry != Entry.VOID,
        )
    )  # fmt: skip
    if title := merger.session.scalar(query.limit(1)):
        words = _("这两家是“{title}”的卖方和买方，不会是同一家，没有合并。确是同一家，先改那份签约。")
        raise Conflict(words.format(title=title), "E-MERGE-PARTIES")
    return {}
