"""用券 from the draft to the checked use, and its corrections. Each act is one transaction; nobody is told anything.

Who acts holds the use, then the company's vouchers, then the pots. A draft reserves nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.model import SettlementStatement, UseState, Voucher, VoucherPolicy, VoucherState, VoucherStep, VoucherUse
from expo_app.model.base import new_id
from expo_app.rules.voucher_split import FEN, NOTHING, Split, own_part
from expo_app.rules.who import called
from expo_app.services.record_writer import Writer, write_row, writing
from expo_app.services.voucher_contracts import contracts_agree
from expo_app.services.voucher_grounds import Grounds, is_sample_expo, read_grounds, read_policies, refuse_other_kind
from expo_app.services.voucher_judge import NO_POTS, Left, judge
from expo_app.services.voucher_lists import CHECK, step, today_in
from expo_app.services.voucher_pots import Move, count_uses, left_of
from expo_app.services.voucher_use_lists import OPEN, PAPERS, draft_of, taken_by
from expo_app.specs import VOUCHER_USES
from expo_app.specs.voucher_shown import Look, StepShown, UseDraft
from expo_app.store.database import Database
from expo_app.store.staging import default
from expo_app.store.voucher_sums import COUNTED

EDIT, SETTLE = "vouchers.edit", "vouchers.settle"
SPEC = VOUCHER_USES
"""The list that they stand in."""
_use, _voucher, _step, _policy, _statement = (
    model.__table__ for model in (VoucherUse, Voucher, VoucherStep, VoucherPolicy, SettlementStatement)
)
FIRST_OR_LAST = {UseState.SUBMITTED: UseState.FIRST_PASSED, UseState.FIRST_PASSED: UseState.VERIFIED}


# --- what the form shows ----------------------------------------------------------------------------------------------
def look(db: Database, expo_id: uuid.UUID | None, draft: UseDraft) -> Look:
    """All that the form shows of what it holds: policy, split, limits before and after, checks, steps.

    Of a use that was submitted the share is what was kept with it, corrections counted; a correction itself splits
    nothing.
    """
    with db.reading() as session:
        row = _row(session, draft.use_id)
        in_sample = row["is_sample"] if row is not None else is_sample_expo(session, expo_id)
        grounds = read_grounds(session, [draft], today_in(session, expo_id), in_sample)
        own = taken_by(row) if row is not None and row["voucher_id"] == draft.voucher_id else NOTHING
        own += sum(_corrections(session, draft.use_id), NOTHING)
        found = judge(grounds, draft, own)
        pots = _pots(session, grounds, found)
        found = judge(grounds, draft, own, pots) if pots != NO_POTS else found
        steps = _steps(session, draft.use_id, found.voucher.id if found.voucher else None)
        whole = _row(session, row["corrects_id"]) if row is not None else None
        found = replace(found, statement=_stated(session, row))
    if row is None:
        return replace(found, steps=steps)
    found = replace(
        found, steps=steps, use_no=row["use_no"], state=row["state"], reason=row["reason"], entered=row["share"],
        corrects=(whole["id"], whole["use_no"]) if whole else None,
    )  # fmt: skip
    is_split = not found.is_open and row["share"] is not None and row["corrects_id"] is None
    return _as_kept(found, row, own) if is_split else found


def _as_kept(found: Look, row: Mapping[str, Any], own: Decimal) -> Look:
    """With the basis, the share and the limits as they were kept; one that was cancelled takes nothing of a limit."""
    basis, share = row["basis_amount"], own if row["state"] in COUNTED else row["share"]
    bites = found.split.bites if found.split is not None and found.split.share == share else ""
    limits = tuple(limit.taking(own, bites) for limit in found.limits)
    return replace(found, basis=basis, split=Split(share, basis - share, bites), limits=limits)


def waiting(db: Database, expo_id: uuid.UUID) -> int:
    """How many uses wait for a check: what the rail says. Of samples those in a sample expo, elsewhere no sample."""
    waits: ColumnElement[bool] = _use.c.state.in_(tuple(FIRST_OR_LAST))
    with db.reading() as session:
        waits &= _use.c.is_sample.is_(is_sample_expo(session, expo_id))
        return session.scalar(select(func.count()).select_from(_use).where(waits)) or 0


def open_use(db: Database, use_id: uuid.UUID) -> UseDraft:
    """A use as the form holds it; Conflict where it is gone."""
    with db.reading() as session:
        row = _row(session, use_id)
    if row is None:
        raise _gone()
    return draft_of(use_id, row.get)


def _row(session: Session, use_id: uuid.UUID | None) -> Mapping[str, Any] | None:
    if use_id is None:
        return None
    row = session.execute(select(_use).where(_use.c.id == use_id)).mappings().first()
    return dict(row) if row else None


def _stated(session: Session, row: Mapping[str, Any] | None) -> tuple[uuid.UUID, str] | None:
    """Key and number of the statement that a use stands in."""
    key: uuid.UUID | None = row["statement_id"] if row is not None else None
    if key is None:
        return None
    number = session.scalar(select(_statement.c.statement_no).where(_statement.c.id == key))
    return (key, number) if number is not None else None


def _pots(session: Session, grounds: Grounds, found: Look) -> tuple[Left, Left]:
    """Both pots: of the voucher, else those that one approved in the year of the contract would be of."""
    company, day = found.company, found.draft.contract_on
    if found.policy is None or company is None or day is None:
        return NO_POTS
    policy_id, year, applicant = found.policy.id, day.year, ""
    if found.voucher is not None:
        row = grounds.vouchers[found.voucher.id]
        policy_id, year, applicant = row["policy_id"], (row["approved_on"] or day).year, row["applicant"]
    return left_of(session, grounds, Move(policy_id, year, company.id, applicant, NOTHING))


def _steps(session: Session, use_id: uuid.UUID | None, voucher_id: uuid.UUID | None) -> tuple[StepShown, ...]:
    mine = [_step.c.voucher_id == voucher_id] if voucher_id else []
    corrections: dict[uuid.UUID, str] = {}
    if use_id is not None:
        corrections = dict(session.execute(select(_use.c.id, _use.c.use_no).where(_use.c.corrects_id == use_id)).all())
        mine.append(_step.c.use_id.in_([use_id, *corrections]))
    if not mine:
        return ()
    query = select(_step).where(or_(*mine))
    rows = session.execute(query.order_by(_step.c.at, _step.c.id)).mappings()
    states: Mapping[bool, Mapping[str, Any]] = {True: VoucherState.__members__, False: UseState.__members__}
    return tuple(
        StepShown(
            states[row["voucher_id"] is not None][row["state"]], row["at"], row["on_date"], called(row["operator"]),
            row["opinion"], row["voucher_id"] is not None, corrections.get(row["use_id"], ""),
        )
        for row in rows
        if row["state"] in states[row["voucher_id"] is not None]
    )  # fmt: skip


# --- from the draft to the check --------------------------------------------------------------------------------------
def save_draft(db: Database, expo_id: uuid.UUID | None, draft: UseDraft) -> uuid.UUID:
    """The use as far as it is known; its key. It takes nothing of a voucher.

    InvalidRecord without a company or a provider.
    """
    with writing(db, EDIT, expo_id) as writer:
        if draft.use_id is not None:
            _held(writer, draft.use_id, OPEN)
        return write_row(writer, VOUCHER_USES, _said(draft), draft.use_id)


def submit(
    db: Database, expo_id: uuid.UUID | None, draft: UseDraft, seen: Decimal | None = None
) -> uuid.UUID:  # fmt: skip
    """登记使用: it is judged once more and takes its share of the voucher; its key.

    `seen`: the share that the form showed. Conflict with the new amounts where somebody used the balance meanwhile;
    InvalidRecord for a check that does not come out.
    """
    with writing(db, EDIT, expo_id) as writer:
        if draft.use_id is not None:
            _held(writer, draft.use_id, OPEN)
        key = write_row(writer, VOUCHER_USES, {**_said(draft), "state": UseState.SUBMITTED, "act": True}, draft.use_id)
        row = writer.rows(_use, [key])[key]
        if seen is not None and row["share"] != seen:
            own = own_part(row["basis_amount"] - row["share"], row["other_support"])
            words = _("余额刚刚变了：券付改为 {share} 元，自付 {own} 元，还没有提交，数据未变。核对后再提交一次。")
            raise Conflict(words.format(share=f"{row['share']:,.2f}", own=f"{own:,.2f}"), "E-VOUCHER-BALANCE")
        return key


def add_papers(db: Database, expo_id: uuid.UUID | None, draft: UseDraft) -> None:
    """Report and invoice of a use that was submitted; where the policy goes by the invoice it is split anew."""
    with writing(db, EDIT, expo_id) as writer:
        if draft.use_id is None:
            raise UserError(_("先登记使用，再补报告和发票，数据未变。"), "E-CONFLICT")
        _held(writer, draft.use_id, (UseState.SUBMITTED,))
        values = {name: value for name, value in _said(draft).items() if name in PAPERS}
        write_row(writer, VOUCHER_USES, values, draft.use_id)


def verify(
    db: Database, expo_id: uuid.UUID | None, use_id: uuid.UUID, opinion: str = "", seen: Decimal | None = None
) -> UseState:
    """核验, of one or two levels as the policy says, the second by another person; the state it has now.

    `seen`: the share that was shown; Conflict where another desk changed it meanwhile. UserError where the report, or
    the invoice that the policy wants, is not there yet.
    """
    with writing(db, CHECK, expo_id) as writer:
        row = _held(writer, use_id, tuple(FIRST_OR_LAST))
        if seen is not None and row["share"] != seen:
            words = _("用券 {no} 的券付刚刚改为 {share} 元，没有核验，数据未变。看过新的金额再核验。")
            raise Conflict(words.format(no=row["use_no"], share=f"{row['share']:,.2f}"), "E-VOUCHER-CHANGED")
        levels = writer.rows(_policy, [row["policy_id"]])[row["policy_id"]]["review_levels"]
        state = UseState.VERIFIED if levels == 1 else FIRST_OR_LAST[row["state"]]
        if row["state"] is UseState.FIRST_PASSED and _first_by(writer, use_id) == writer.db.actor.name[:40]:
            words = _(
                "初核和复核要由不同的人做，数据未变。请换一人复核：点右上角的姓名换人操作，操作员在“数据与设置”里新增。"
            )
            raise UserError(words, "E-SECOND-PERSON")
        own: dict[str, Any] = {"verified_on": writer.today} if state is UseState.VERIFIED else {}
        write_row(writer, VOUCHER_USES, {"state": state, "opinion": opinion, "act": True, **own}, use_id)
        return state


def _first_by(writer: Writer, use_id: uuid.UUID) -> str | None:
    query = select(_step.c.operator).where(_step.c.use_id == use_id, _step.c.state == UseState.FIRST_PASSED.name)
    return writer.session.scalar(query.order_by(_step.c.id.desc()).limit(1))


def send_back(db: Database, expo_id: uuid.UUID | None, use_id: uuid.UUID, words: str) -> None:
    """退回, which needs words: what it takes of its voucher is kept for it until it is submitted anew or cancelled."""
    wanted = _needed(words, _("退回要写明原因，数据未变。"))
    with writing(db, CHECK, expo_id) as writer:
        _held(writer, use_id, tuple(FIRST_OR_LAST))
        values = {"state": UseState.RETURNED, "reason": wanted[:300], "opinion": wanted, "act": True}
        write_row(writer, VOUCHER_USES, values, use_id)


def cancel_use(db: Database, expo_id: uuid.UUID | None, use_id: uuid.UUID, reason: str) -> None:
    """撤销用券, which needs a reason: its voucher gets its share back; of a correction, what it changed is undone.

    Conflict for one in a statement, unless a side disputes it: then the statement is drawn anew without it.
    """
    wanted = _needed(reason, _("撤销要写明原因，数据未变。"))
    with writing(db, CHECK, expo_id) as writer:
        seen = _row(writer.session, use_id)
        if seen is not None and seen["corrects_id"] is not None:
            writer.locked(_use, [use_id, seen["corrects_id"]])
        row = _held(writer, use_id, (*OPEN, *FIRST_OR_LAST, UseState.VERIFIED))
        is_stated = row["statement_id"] is not None and not _is_disputed(writer, row["statement_id"])
        if is_stated and row["corrects_id"] is not None:
            words = _("更正 {no} 已在对账单里，不能撤销，数据未变。请到它更正的那一条用“更正”。")
            raise Conflict(words.format(no=row["use_no"]), "E-VOUCHER-STATED")
        if is_stated or _corrections(writer.session, use_id):
            words = _("用券 {no} 已在对账单里或已更正过，不能撤销，数据未变。请用“更正”。")
            raise Conflict(words.format(no=row["use_no"]), "E-VOUCHER-STATED")
        if row["corrects_id"] is not None:
            _refuse_needed(writer, row)
        values = {"state": UseState.CANCELLED, "verified_on": None, "reason": wanted[:300], "opinion": wanted}
        with _said_whole():
            write_row(writer, VOUCHER_USES, {**values, "act": True}, use_id)
        if row["corrects_id"] is not None and row["share"] < 0:
            contracts_agree(writer.session, _use, [row["corrects_id"]])


def _refuse_needed(writer: Writer, row: Mapping[str, Any]) -> None:
    """Conflict where the use would pay less than nothing, or more than it did at first, without this correction."""
    whole = writer.rows(_use, [row["corrects_id"]])[row["corrects_id"]]
    net = whole["share"] + sum(_corrections(writer.session, whole["id"]), NOTHING) - row["share"]
    if not 0 <= net <= whole["share"]:
        words = _("撤销更正 {no} 以后，{whole} 的券付会是 {net} 元，没有撤销，数据未变。请先撤销后来的更正。")
        words = words.format(no=row["use_no"], whole=whole["use_no"], net=f"{net:,.2f}")
        raise Conflict(words, "E-VOUCHER-CORRECT")


@contextmanager
def _said_whole() -> Iterator[None]:
    """What a voucher or a pot has no room for is said of the whole act: it has no field of its own."""
    try:
        yield
    except InvalidRecord as refused:
        raise UserError(refused.message, "E-VOUCHER-POT") from refused


def _is_disputed(writer: Writer, statement_id: uuid.UUID) -> bool:
    row = writer.locked(_statement, [statement_id])[statement_id]
    return bool(row["a_dispute"] or row["b_dispute"])


# --- corrections ------------------------------------------------------------------------------------------------------
def correct(db: Database, expo_id: uuid.UUID | None, use_id: uuid.UUID, share: Decimal, reason: str) -> uuid.UUID:
    """更正 of a use that stands in a statement: another entry, of today, of the difference; its key.

    `share`: what the voucher should have paid, at least 0 and at most what it paid at first: what was corrected too
    much is put back.
    """
    wanted = _needed(reason, _("更正要写明原因，没有登记。"))
    with writing(db, SETTLE, expo_id) as writer:
        row = _held(writer, use_id, (UseState.VERIFIED, UseState.SETTLED))
        if row["corrects_id"] is not None:
            words = _("这一条本身是更正，没有登记。请更正原来那一条；还没进对账单的更正也可以撤销。")
            raise UserError(words, "E-VOUCHER-CORRECT")
        if row["state"] is UseState.VERIFIED and row["statement_id"] is None:
            words = _("用券 {no} 还没有进对账单，没有登记更正。请直接撤销它。")
            raise UserError(words.format(no=row["use_no"]), "E-VOUCHER-CORRECT")
        if row["state"] is UseState.VERIFIED and _is_disputed(writer, row["statement_id"]):
            words = _(
                "用券 {no} 所在的对账单有异议、还没签认，没有登记更正。请撤销它，按对的金额重新登记，再重出对账单。"
            )
            raise UserError(words.format(no=row["use_no"]), "E-VOUCHER-CORRECT")
        net = row["share"] + sum(_corrections(writer.session, use_id), NOTHING)
        if not share.is_finite() or share != share.quantize(FEN) or not 0 <= share <= row["share"] or share == net:
            words = _("更正后的券付要在 0 和原来的 {most} 元之间，和现在的 {net} 元不同，最多两位小数，没有登记。")
            words = words.format(most=f"{row['share']:,.2f}", net=f"{net:,.2f}")
            raise UserError(words, "E-VOUCHER-CORRECT")
        return _enter_correction(writer, row, share - net, wanted)


def _corrections(session: Session, use_id: uuid.UUID | None) -> list[Decimal]:
    query = select(_use.c.share).where(_use.c.corrects_id == use_id, _use.c.state.in_(COUNTED))
    return list(session.scalars(query)) if use_id else []


def _enter_correction(writer: Writer, row: Mapping[str, Any], change: Decimal, reason: str) -> uuid.UUID:
    vouchers = writer.locked(_voucher, [row["voucher_id"]])
    policies, classes = read_policies(writer.session, writer.in_sample)
    today = writer.today
    same = (
        "voucher_id", "organisation_id", "provider_id", "instrument_id", "service_item_id", "kind", "title",
        "contract_on", "is_unrelated", "policy_id", "rate", "way", "issuer_code", "payee_code", "deal_id", "is_sample",
        "search_text",
    )  # fmt: skip
    key = new_id()
    entry = {
        **{column.name: default(column) for column in _use.c}, **{name: row[name] for name in same}, "id": key,
        "use_no": _next_no(writer.session, row["use_no"]), "corrects_id": row["id"], "share": change,
        "basis_amount": NOTHING,
        "state": UseState.VERIFIED, "submitted_on": today, "verified_on": today, "reason": reason[:300],
    }  # fmt: skip
    writer.insert(_use, [entry])
    writer.insert(_step, [step(writer, "use_id", key, UseState.VERIFIED, reason)])
    with _said_whole():
        count_uses(writer, Grounds(today, writer.in_sample, policies, classes), vouchers, {row["voucher_id"]: change})
    if change > 0:
        contracts_agree(writer.session, _use, [key])
    return key


def _next_no(session: Session, use_no: str) -> str:
    """The number of a use with the first suffix that is free."""
    query = select(_use.c.use_no).where(_use.c.use_no.startswith(f"{use_no}-", autoescape=True))
    taken = set(session.scalars(query))
    return next(number for n in count(1) if (number := f"{use_no}-{n}") not in taken)


# --- helpers ----------------------------------------------------------------------------------------------------------
def _said(draft: UseDraft) -> dict[str, Any]:
    said = asdict(draft)
    del said["use_id"]
    return {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}


def _held(writer: Writer, use_id: uuid.UUID, states: Collection[UseState]) -> Mapping[str, Any]:
    """A use in one of these states, held until the end."""
    row = writer.locked(_use, [use_id]).get(use_id)
    if row is None:
        raise _gone()
    refuse_other_kind(writer, row, row["use_no"])
    if row["state"] not in states:
        words = _("用券 {no} 的状态是“{state}”，不能这样做，数据未变。请刷新。")
        raise Conflict(words.format(no=row["use_no"], state=row["state"].label), "E-CONFLICT")
    return row


def _gone() -> Conflict:
    return Conflict(_("这条用券已被删除，数据未变。请刷新。"), "E-GONE")


def _needed(words: str, wanted: str) -> str:
    if not words.strip():
        raise UserError(wanted, "E-REASON")
    return words.strip()
