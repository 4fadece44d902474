"""What is right of members, platforms and agreements when they are written, imported, or when two bodies become one."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import _
from expo_app.model import Agreement, AgreementParty, Alliance, AllianceMember, Deal, DealKind, Entry, Organisation
from expo_app.rules.memberships import Span, first_met
from expo_app.services import numbers
from expo_app.services.child_rows import organisations_named, sync_children
from expo_app.services.past_days import latest
from expo_app.services.record_rules import Rows, alone
from expo_app.services.record_writer import Draft, Writer, in_parts
from expo_app.specs import Outcome, PlanRow, RecordSpec
from expo_app.specs.alliances import OF_DEALS, PARTIES, Signature, to_come_of, too_few
from expo_app.specs.names import name_key

if TYPE_CHECKING:
    from expo_app.services.merging_fold import Merger

_alliance, _member, _agreement, _organisation, _deal = (
    model.__table__ for model in (Alliance, AllianceMember, Agreement, Organisation, Deal)
)
NUMBER = re.compile(r"\d{1,9}")
Body = tuple[uuid.UUID, uuid.UUID]
"""(alliance, organisation)."""


# --- members ----------------------------------------------------------------------------------------------------------
def one_role_at_a_time(writer: Writer, drafts: list[Draft]) -> None:
    """Spans of one body in one alliance leave each other alone, and so do the numbers of two bodies.

    Of two who write the second waits and sees what the first recorded, a merge too. A list is judged by what there is
    when it is written, not when it was reviewed.
    """
    told = [d for d in drafts if any(map(d.changed, ("alliance_id", "organisation_id", "since", "until")))]
    if not writer.staged:
        writer.locked(_organisation, {draft.get("organisation_id") for draft in told})
        alone(writer.session, _member.name)
    there = _spans(writer.session, {draft.get("organisation_id") for draft in told})
    for draft in told:
        there.get(_body_of(draft), {}).pop(draft.record_id, None)
    for draft in told:
        spans, span = there.setdefault(_body_of(draft), {}), _span_of(draft.get)
        if met := first_met(span, spans.values()):
            raise InvalidRecord({"since": overlapping(met)}, draft.row)
        spans[draft.record_id] = span
    by_alliance: dict[uuid.UUID, list[Draft]] = {}
    for draft in drafts:
        if draft.changed("certificate_no"):
            by_alliance.setdefault(draft.get("alliance_id"), []).append(draft)
    for alliance, mine in by_alliance.items():
        _no_number_twice(writer.session, alliance, mine)


def _body_of(draft: Draft) -> Body:
    return draft.get("alliance_id"), draft.get("organisation_id")


def _span_of(get: Any) -> Span:
    return Span(get("since") or "", get("until") or "")


def _spans(session: Session, bodies: Collection[uuid.UUID]) -> dict[Body, dict[uuid.UUID, Span]]:
    """The spans of these organisations, by alliance and body."""
    query = select(_member.c.id, _member.c.alliance_id, _member.c.organisation_id, _member.c.since, _member.c.until)
    found: dict[Body, dict[uuid.UUID, Span]] = {}
    for part in in_parts(bodies):
        for key, alliance, body, since, until in session.execute(query.where(_member.c.organisation_id.in_(part))):
            span = Span(readable(since) or "", readable(until) or "")
            found.setdefault((alliance, body), {})[key] = span
    return found


def overlapping(met: Span, is_row: bool = False) -> str:
    """Why a span is refused; `is_row` of a list, of which the other rows may go in."""
    words = _("这家单位在 {since} 至 {until} 已有一个角色，没有保存，数据未变。换角色的，先把旧的写上退出。")
    if is_row:
        words = _("这家单位在 {since} 至 {until} 已有一个角色，这一行没有写入。换角色的，先把旧的写上退出。")
    return words.format(since=met.since or "—", until=met.until or _("今"))


def roles_apart(session: Session, _expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Rows of a plan overlap neither what stays as it is nor a row before them."""
    query = (
        select(_member.c.id, _alliance.c.name, _organisation.c.name, _member.c.since, _member.c.until)
        .join(_alliance, _alliance.c.id == _member.c.alliance_id)
        .join(_organisation, _organisation.c.id == _member.c.organisation_id)
    )
    known = {
        row[0]: ((name_key(row[1]), name_key(row[2])), Span(readable(row[3]) or "", readable(row[4]) or ""))
        for row in session.execute(query)
    }
    gone = {row.record_id for row in rows if row.goes_in and row.record_id}
    taken: dict[tuple[str, str], list[Span]] = {}
    for key, (body, span) in known.items():
        if key not in gone:
            taken.setdefault(body, []).append(span)

    def reviewed(row: PlanRow) -> PlanRow:
        names = row.values.get("alliance_id"), row.values.get("organisation_id")
        if not row.goes_in or not all(names):
            return row
        before = known[row.record_id][1] if row.record_id in known else Span()
        span = Span(row.values.get("since") or before.since, row.values.get("until") or before.until)
        spans = taken.setdefault((name_key(str(names[0])), name_key(str(names[1]))), [])
        if met := first_met(span, spans):
            return row.refused({spec.field("since").title: overlapping(met, is_row=True)})
        spans.append(span)
        return row

    return tuple(map(reviewed, rows))


def roles_agree(session: Session, table: Table, written: Collection[uuid.UUID]) -> None:
    """Conflict where spans that an import or an undo has written overlap what somebody wrote meanwhile, or a number is
    another body's by now. No row is waited for: who holds one may wait for those that were written.
    """
    if table is not _member:
        return
    alone(session, _member.name)
    bodies: set[uuid.UUID] = set()
    for part in in_parts(written):
        bodies.update(session.scalars(select(_member.c.organisation_id).where(_member.c.id.in_(part))))
    mine = set(written)
    for spans in _spans(session, bodies).values():
        for key in spans.keys() & mine:
            if met := first_met(spans[key], [one for other, one in spans.items() if other != key]):
                words = _("这家单位在 {since} 至 {until} 已有另一个角色，没有动它，数据未变。先改那个角色的起止日。")
                raise Conflict(words.format(since=met.since or "—", until=met.until or _("今")), "E-MEMBER")
    other = _member.alias()
    twice = (
        select(_member.c.certificate_no)
        .join(other, (other.c.alliance_id == _member.c.alliance_id)
              & (other.c.certificate_no == _member.c.certificate_no)
              & (other.c.organisation_id != _member.c.organisation_id))
        .where(_member.c.certificate_no != "")
    )  # fmt: skip
    for part in in_parts(written):
        if no := session.scalar(twice.where(_member.c.id.in_(part)).limit(1)):
            words = _("证书编号 {no} 在这个联盟已给了另一家，没有动它，数据未变。先改那一家的编号。")
            raise Conflict(words.format(no=no), "E-MEMBER")


def number_members(writer: Writer, drafts: list[Draft]) -> None:
    """Each alliance numbers its certificates by itself; who belonged before keeps the number in another role."""
    by_alliance: dict[uuid.UUID, list[Draft]] = {}
    for draft in drafts:
        if not draft.is_new and draft.changed("alliance_id") and not draft.changed("certificate_no"):
            draft.values["certificate_no"] = ""
        if draft.is_new or draft.changed("certificate_no"):
            by_alliance.setdefault(draft.get("alliance_id"), []).append(draft)
    for alliance, mine in by_alliance.items():
        given = [
            int(draft.get("certificate_no")) for draft in mine if NUMBER.fullmatch(draft.get("certificate_no") or "")
        ]
        if given:
            numbers.keep_clear(writer, _series(alliance), max(given))
        lacking = [draft for draft in mine if not draft.get("certificate_no")]
        kept = _numbers_of(writer.session, alliance, [draft.get("organisation_id") for draft in lacking])
        new = list(dict.fromkeys(d.get("organisation_id") for d in lacking if d.get("organisation_id") not in kept))
        if new:
            first = numbers.draw(writer, _series(alliance), len(new))
            kept |= {body: f"{number:03d}" for number, body in enumerate(new, first)}
        for draft in lacking:
            draft.values["certificate_no"] = kept[draft.get("organisation_id")]


def _no_number_twice(session: Session, alliance: uuid.UUID, drafts: Sequence[Draft]) -> None:
    given = {draft.get("certificate_no"): draft for draft in drafts if draft.get("certificate_no")}
    owners: dict[str, set[uuid.UUID]] = {no: {draft.get("organisation_id")} for no, draft in given.items()}
    for draft in drafts:
        owners.get(draft.get("certificate_no"), set()).add(draft.get("organisation_id"))
    query = select(_member.c.certificate_no, _member.c.organisation_id).where(_member.c.alliance_id == alliance)
    changed = {draft.record_id for draft in drafts}
    for part in in_parts(given):
        for no, body in session.execute(query.where(_member.c.certificate_no.in_(part), _member.c.id.not_in(changed))):
            owners[no].add(body)
    for no, bodies in owners.items():
        if len(bodies) > 1:
            raise InvalidRecord({"certificate_no": number_taken(no)}, given[no].row)


def number_taken(no: str) -> str:
    """Why a body cannot have the number of another one."""
    return _("证书编号 {no} 在这个联盟已给了另一家，没有保存，数据未变。换一个编号，或留空由程序编。").format(no=no)


def numbers_apart(session: Session, _expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """No row of a plan gives a body the number that another one of its alliance has, or a row before it."""
    gone = {row.record_id for row in rows if row.goes_in and "certificate_no" in row.changes}
    query = (
        select(_member.c.id, _alliance.c.name, _organisation.c.name, _member.c.certificate_no)
        .join(_alliance, _alliance.c.id == _member.c.alliance_id)
        .join(_organisation, _organisation.c.id == _member.c.organisation_id)
        .where(_member.c.certificate_no != "")
    )
    owners = {
        (name_key(alliance), no): name_key(body)
        for key, alliance, body, no in session.execute(query)
        if key not in gone
    }

    def reviewed(row: PlanRow) -> PlanRow:
        alliance, body, no = (row.values.get(name) for name in ("alliance_id", "organisation_id", "certificate_no"))
        is_told = row.outcome is Outcome.NEW or "certificate_no" in row.changes
        if not is_told or not (alliance and body and no):
            return row
        if owners.setdefault((name_key(alliance), no), name_key(body)) != name_key(body):
            return row.refused({spec.field("certificate_no").title: number_taken(no)})
        return row

    return tuple(map(reviewed, rows))


def _series(alliance: uuid.UUID) -> str:
    return f"member {alliance.hex}"


def _numbers_of(session: Session, alliance: uuid.UUID, bodies: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    query = select(_member.c.organisation_id, _member.c.certificate_no).where(
        _member.c.alliance_id == alliance, _member.c.certificate_no != ""
    )
    found: dict[uuid.UUID, str] = {}
    for part in in_parts(set(bodies)):
        found |= dict(session.execute(query.where(_member.c.organisation_id.in_(part))).all())
    return found


def roles_do_not_meet(merger: Merger, keep: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two bodies that belong to one alliance at one time are not made one until somebody says which role holds."""
    own = select(_member.c.id).where(_member.c.organisation_id.in_((keep["id"], other["id"])))
    merger.writer.locked(_member, merger.session.scalars(own))  # before all others wait: who writes these ends first
    alone(merger.session, _member.name)
    there = _spans(merger.session, (keep["id"], other["id"]))
    for (alliance, body), spans in there.items():
        if body != keep["id"]:
            continue
        for theirs in there.get((alliance, other["id"]), {}).values():
            if first_met(theirs, spans.values()):
                name = merger.session.scalar(select(_alliance.c.name).where(_alliance.c.id == alliance))
                words = _("这两家同时是「{name}」的成员，没有合并，数据未变。先删去其中一家的成员记录，再合并。")
                raise Conflict(words.format(name=name), "E-MERGE-MEMBERS")
    return {}


# --- platforms --------------------------------------------------------------------------------------------------------
def dated_steps(writer: Writer, drafts: list[Draft]) -> None:
    """A platform that goes on to another step, and does not say when, did so today."""
    today = writer.today
    for draft in drafts:
        is_moved = draft.is_new or draft.changed("state")
        if is_moved and ("state_since" not in draft.values or (draft.is_new and draft.values["state_since"] is None)):
            draft.values["state_since"] = today


# --- agreements -------------------------------------------------------------------------------------------------------
def as_the_deal_says(writer: Writer, drafts: list[Draft]) -> None:
    """What an agreement has of its deal is changed in the deals register; one that becomes a deal leaves its own."""
    for draft in drafts:
        deal = draft.get("deal_id")
        if deal is None:
            continue
        said = [name for name in OF_DEALS if draft.gives(name) or (draft.changed(name) and draft.get(name))]
        if said:
            raise InvalidRecord(dict.fromkeys(said, said_by_deal()), draft.row)
        if draft.changed("deal_id"):
            if why := why_no_agreement(writer, deal):
                raise InvalidRecord({"deal_id": why}, draft.row)
            if not draft.is_new:
                draft.values |= {"signed": "", "amount": None}
                draft.virtual["parties"] = ""


def said_by_deal() -> str:
    """Why an agreement that is a deal says nothing of its own."""
    return _("这份协议就是成交台账里的一项，没有保存，数据未变。签约方、日期和金额在成交台账改。")


def deals_speak(session: Session, _expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """An agreement of a plan that is a deal says neither parties nor day nor amount of its own."""
    deals: dict[uuid.UUID, uuid.UUID | None] = {}
    for part in in_parts({row.record_id for row in rows if row.goes_in and row.record_id}):
        query = select(_agreement.c.id, _agreement.c.deal_id).where(_agreement.c.id.in_(part))
        deals |= dict(session.execute(query).all())

    def reviewed(row: PlanRow) -> PlanRow:
        told = row.values if row.outcome is Outcome.NEW else {name: row.values[name] for name in row.changes}
        kept = deals.get(row.record_id) if row.record_id else None
        is_deal = row.goes_in and told.get("deal_id", kept)
        said = [name for name in OF_DEALS if told.get(name)] if is_deal else []
        return row.refused({spec.field(name).title: said_by_deal() for name in said}) if said else row

    return tuple(map(reviewed, rows))


def why_no_agreement(writer: Writer, deal_id: uuid.UUID) -> str:
    """Why a deal cannot be an agreement of the list; "" where it can."""
    row = writer.locked(_deal, [deal_id]).get(deal_id)
    if row is None:
        return _("这项成交已被删除，没有登记协议，数据未变。请刷新后再选。")
    if row["entry"] is Entry.VOID or row["kind"] is not DealKind.FRAMEWORK:
        return _("这项成交已作废，或不是框架协议，没有登记协议，数据未变。请刷新后再选。")
    if writer.session.scalar(select(_agreement.c.id).where(_agreement.c.deal_id == deal_id)) is not None:
        return _("这项成交已经登记为协议，没有再登记，数据未变。")
    return ""


def beside_agreements(writer: Writer, drafts: list[Draft]) -> None:
    """The parties as entered, in the order of the text; unknown ones are made."""
    told = {draft.record_id: PARTIES.rows(draft.virtual["parties"]) for draft in drafts if draft.gives("parties")}
    ids = organisations_named(writer, {row["organisation"] for rows in told.values() for row in rows})
    _refuse_unsigned(writer, drafts, told)
    for draft in drafts:
        if draft.record_id in told:
            rows = [_party(n, row, ids) for n, row in enumerate(told[draft.record_id])]
            _refuse_twice(draft, rows)
            sync_children(writer, AgreementParty.__table__, "agreement_id", draft, rows, ("organisation_id",))


def _refuse_unsigned(
    writer: Writer, drafts: list[Draft], told: Mapping[uuid.UUID, Sequence[Mapping[str, Any]]]
) -> None:
    """Who signed, signed with another and on a day that has come."""
    party = AgreementParty.__table__
    for draft in drafts:
        is_judged = draft.is_new or draft.record_id in told or draft.changed("signed")
        if draft.get("deal_id") or not is_judged:
            continue
        rows = told.get(draft.record_id)
        if rows is None:
            found = writer.session.scalars(select(party.c.is_signed).where(party.c.agreement_id == draft.record_id))
            rows = [{"state": Signature.SIGNED if is_signed else Signature.OPEN, "signed": ""} for is_signed in found]
        if words := too_few(draft.get("signed") or "", rows) or to_come_of(rows, latest(writer)):
            raise InvalidRecord({"parties": words}, draft.row)


def _party(position: int, row: Mapping[str, Any], ids: Mapping[str, uuid.UUID]) -> dict[str, Any]:
    return {
        "organisation_id": ids[row["organisation"]], "position": position,
        "is_signed": row["state"] is Signature.SIGNED, "signed": row["signed"] or "", "signer": row["signer"] or "",
    }  # fmt: skip


def _refuse_twice(draft: Draft, rows: Sequence[Mapping[str, Any]]) -> None:
    """Two spellings of one body are one party."""
    if len({row["organisation_id"] for row in rows}) < len(rows):
        raise InvalidRecord({"parties": _("有一家签约方写了两遍，没有保存，数据未变。去掉一行再保存。")}, draft.row)
