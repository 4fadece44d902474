"""What is right of vouchers when they are written, entered or imported: policy, state, and their part of the pots."""

from __future__ import annotations

import calendar
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import _
from expo_app.model import Expo, Organisation, UseState, Voucher, VoucherState, VoucherStep
from expo_app.model.base import new_id
from expo_app.model.expo import today_of
from expo_app.rules.regions import region_name
from expo_app.rules.voucher_split import NOTHING
from expo_app.services import numbers
from expo_app.services.access import require_role
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, in_parts
from expo_app.services.voucher_grounds import (
    Grounds,
    Row,
    hold_policies,
    is_sample_expo,
    no_version,
    other_kind,
    read_applications,
    refused_company,
)
from expo_app.services.voucher_pots import Move, read_pots, take
from expo_app.specs import PlanRow, RecordSpec

CHECK = "vouchers.check"
FIXED = ("organisation_id", "applicant", "applied_on", "amount", "approved_on", "expires_on")
"""What a voucher keeps once it is no application any more."""
NEXT = {
    VoucherState.APPLIED: (VoucherState.APPROVED, VoucherState.REFUSED, VoucherState.CANCELLED),
    VoucherState.APPROVED: (VoucherState.CANCELLED, VoucherState.EXPIRED),
}
"""What may become of a voucher."""
OVER = (VoucherState.CANCELLED, VoucherState.EXPIRED)
_voucher, _step = Voucher.__table__, VoucherStep.__table__


# --- an application, and what becomes of it ---------------------------------------------------------------------------
def fill_in_vouchers(writer: Writer, drafts: list[Draft]) -> None:
    """Number, day, policy, state and its part of the pots; InvalidRecord for what may not be."""
    today = writer.today
    companies = {draft.get("organisation_id") for draft in drafts}
    hold_policies(writer)
    grounds = read_applications(writer.session, {key for key in companies if key}, today, writer.in_sample)
    _number(writer, drafts, today)
    moves = []
    for draft in drafts:
        if draft.is_new:
            draft.values["applied_on"] = draft.values.get("applied_on") or today
            draft.values["state"] = draft.values.get("state") or VoucherState.APPLIED
            draft.values |= {"used": NOTHING, "held": NOTHING}
        problems = _settle(grounds, draft)
        if problems:
            raise InvalidRecord(problems, draft.row)
        if draft.changed("state") and draft.get("state") is not VoucherState.APPLIED:
            require_role(writer.db.actor.role, CHECK)
        by = draft.get("held") - (draft.old["held"] if draft.old else NOTHING)
        if by:
            moves.append(_move(draft.get, by, draft.row))
    take(writer, grounds, moves)


def _number(writer: Writer, drafts: Sequence[Draft], today: date) -> None:
    number_by_year(writer, drafts, "voucher_no", "Q", today)


def number_by_year(writer: Writer, drafts: Sequence[Draft], column: str, letters: str, today: date) -> None:
    """New records get the next numbers of the year, Q-19-0001; those given in a file are not drawn again."""
    start, series = f"{letters}-{today:%y}-", f"{column} {today:%y}"
    new = [draft for draft in drafts if draft.is_new]
    said = [str(draft.values.get(column) or "") for draft in new]
    given = [int(text.removeprefix(start)) for text in said if text.startswith(start) and text[len(start) :].isdigit()]
    if given and max(given) < 10**9:
        numbers.keep_clear(writer, series, max(given))
    unnumbered = [draft for draft in new if not draft.values.get(column)]
    if unnumbered:
        first = numbers.draw(writer, series, len(unnumbered))
        for n, draft in enumerate(unnumbered, first):
            draft.values[column] = f"{start}{n:04}"


def _settle(grounds: Grounds, draft: Draft) -> dict[str, str]:
    """Give a draft its policy, days and part of the pots; problems by field."""
    old = draft.old
    if old is not None and (words := other_kind(old, old["voucher_no"], grounds.in_sample)):
        return {"organisation_id": words}
    if old is not None and old["state"] is not VoucherState.APPLIED:
        changed = [name for name in FIXED if draft.changed(name)]
        if changed:
            words = _("券 {no} 已不在申领中，这一项不能再改。要改先撤销它，再申领一张。")
            return {changed[0]: words.format(no=old["voucher_no"])}
    elif old is None or any(map(draft.changed, FIXED)) or draft.changed("state"):
        policy, problems = _policy(grounds, draft.get)
        if policy is None:
            return problems
        draft.values["policy_id"] = policy["id"]
    if old is not None and draft.changed("state") and draft.get("state") not in NEXT.get(old["state"], ()):
        words = _("券 {no} 的状态是“{state}”，不能改为“{new}”。")
        return {"state": words.format(no=old["voucher_no"], state=old["state"].label, new=draft.get("state").label)}
    return _with_days(grounds, draft)


def _policy(grounds: Grounds, get: Any) -> tuple[Row | None, dict[str, str]]:
    """The version on the day of application; why there is none, or not for such an applicant."""
    body, day = grounds.bodies.get(get("organisation_id")), get("applied_on")
    if body is None:
        return None, {"organisation_id": _("选用券企业。")}
    if words := refused_company(body, grounds.in_sample):
        return None, {"organisation_id": _("{why}。").format(why=words)}
    found = grounds.version_for(body["region_code"], day)
    if found is None:
        return None, {"applied_on": no_version(grounds, grounds.region_of(body["region_code"]), day)}
    classes, applicant = grounds.classes.get(found["id"], {}), get("applicant") or ""
    if applicant and applicant not in classes:
        words = _("办法里没有申领人类别“{name}”。")
        if classes:
            words = _("办法里没有申领人类别“{name}”；有{known}。")
        return None, {"applicant": words.format(name=applicant, known="、".join(sorted(classes)))}
    return found, {}


def _with_days(grounds: Grounds, draft: Draft) -> dict[str, str]:
    state = draft.get("state")
    if state is VoucherState.APPROVED and (draft.is_new or draft.changed("state")):
        day = draft.get("approved_on")
        if day is None:
            return {"approved_on": _("状态是已批，要填批准日期。")}
        policy = grounds.by_policy[draft.get("policy_id")]
        last = expiry(policy, day)
        if last is not None and last < day:
            words = _("申领时的办法 {last} 已到期，不能再批准，数据未变。请按现在有效的办法重新申领。")
            return {"approved_on": words.format(last=last.isoformat())}
        if grounds.version(policy["region_code"], day) is None:
            words = _("{region}在 {day} 没有有效的办法，不能批准，数据未变。先在政策里录入那一天有效的版本。")
            return {"approved_on": words.format(region=region_name(policy["region_code"]), day=day.isoformat())}
        said = draft.get("expires_on")
        if said is not None and last is not None and said > last:
            return {"expires_on": _("按办法有效期最晚到 {last}。").format(last=last.isoformat())}
        draft.values["expires_on"] = said or last
    if state in (VoucherState.APPLIED, VoucherState.REFUSED) and draft.get("approved_on") is not None:
        return {"approved_on": _("没有批准的券没有批准日期。")}
    amount, used = draft.get("amount"), draft.get("used")
    if amount is None or amount <= 0:
        return {"amount": _("金额要大于 0。")}
    draft.values["held"] = amount if state is VoucherState.APPROVED else used
    return {}


def expiry(policy: Row, approved_on: date) -> date | None:
    """The last day a contract may be signed: so many months on, under whatever version is valid then, else the policy's
    own last day.
    """
    if policy["valid_months"]:
        return months_on(approved_on, policy["valid_months"])
    last: date | None = policy["valid_until"]
    return last


def months_on(day: date, months: int) -> date:
    """The same day so many months later, the month's last one where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _move(get: Any, by: Decimal, row: int = 0) -> Move:
    return Move(
        get("policy_id"), get("approved_on").year, get("organisation_id"), get("applicant") or "", by, row
    )  # fmt: skip


def undone_by(plain: Collection[VoucherState | UseState], rows: Sequence[Mapping[str, Any]]) -> str:
    """A list whose rows are by now in other states than `plain` is taken back by who may check: so it was brought, or
    somebody checked what it brought.
    """
    return CHECK if any(row["state"] not in plain for row in rows) else ""


def keep_steps(column: str, writer: Writer, drafts: list[Draft]) -> None:
    """经过: what a voucher or a use became, by whom, with which opinion; `column`: voucher_id or use_id.

    A new use that was verified already comes of a list: no person here checked it, whatever levels its policy asks for.
    """

    def opinion(draft: Draft) -> str:
        is_listed = draft.old is None and draft.get("state") is UseState.VERIFIED
        return draft.virtual.get("opinion") or (_("按名单补录") if is_listed else "")

    rows = [
        step(writer, column, draft.record_id, draft.get("state"), opinion(draft))
        for draft in drafts
        if draft.changed("state")
    ]
    writer.insert(_step, rows)


def step(
    writer: Writer, column: str, key: uuid.UUID, state: VoucherState | UseState, opinion: str = ""
) -> dict[str, Any]:
    """A row of the way a voucher or a use went."""
    own: dict[str, uuid.UUID | None] = {"voucher_id": None, "use_id": None, column: key}
    return {
        "id": new_id(), **own, "state": state.name, "at": writer.now, "on_date": writer.today,
        "operator": writer.db.actor.name[:40], "opinion": opinion.strip()[:500],
    }  # fmt: skip


# --- plans ------------------------------------------------------------------------------------------------------------
def vouchers_can_be(session: Session, expo_id: uuid.UUID | None, spec: RecordSpec, rows: Rows) -> Rows:
    """Rows of a plan that a save would refuse, each judged with those above it."""
    going = [row for row in rows if row.goes_in]
    kept = rows_of(session, _voucher, {row.record_id for row in going if row.record_id})
    bodies = bodies_named(session, {row.values.get("organisation_id") for row in going})
    today = today_in(session, expo_id)
    companies = {*bodies.values(), *(row["organisation_id"] for row in kept.values())}
    grounds = read_applications(session, companies, today, is_sample_expo(session, expo_id))
    drafts = {row.row: _planned(row, kept, bodies, today) for row in going}
    problems: dict[int, dict[str, str]] = {}
    moves: dict[int, Move] = {}
    for number, draft in drafts.items():
        problems[number] = _settle(grounds, draft)
        by = (draft.get("held") or NOTHING) - (draft.old["held"] if draft.old else NOTHING)
        if not problems[number] and by:
            moves[number] = _move(draft.get, by)
    pots = read_pots(session, grounds, moves.values())

    def reviewed(row: PlanRow) -> PlanRow:
        found = problems.get(row.row, {})
        if not found and row.row in moves and (words := pots.refusal(moves[row.row])):
            found = {"amount": words}
        return row.refused({spec.field(name).title: words for name, words in found.items()}) if found else row

    return tuple(map(reviewed, rows))


def _planned(
    row: PlanRow, kept: Mapping[uuid.UUID, Row], bodies: Mapping[str, uuid.UUID], today: date
) -> Draft:  # fmt: skip
    values = {name: value for name, value in written(row).items() if name in _voucher.c}
    if "organisation_id" in values:
        values["organisation_id"] = bodies.get(values["organisation_id"])
    if row.record_id is None:
        values |= {"applied_on": values.get("applied_on") or today, "used": NOTHING, "held": NOTHING}
        values["state"] = values.get("state") or VoucherState.APPLIED
    return Draft(row.record_id or new_id(), values, {}, kept.get(row.record_id) if row.record_id else None)


def written(row: PlanRow) -> Mapping[str, Any]:
    """What a row of a plan writes: filled fields that it keeps are not among it."""
    return row.values if row.record_id is None else {name: row.values[name] for name in row.changes}


def rows_of(session: Session, table: Table, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Row]:
    """Rows by id."""
    found: dict[uuid.UUID, Row] = {}
    for part in in_parts(ids):
        found |= {row["id"]: dict(row) for row in session.execute(select(table).where(table.c.id.in_(part))).mappings()}
    return found


def bodies_named(session: Session, names: Iterable[Any]) -> dict[str, uuid.UUID]:
    """Organisations by the names a plan has for them, which are those they go by."""
    found: dict[str, uuid.UUID] = {}
    for part in in_parts({name for name in names if name}):
        query = select(Organisation.name, Organisation.id).where(Organisation.name.in_(part))
        found |= dict(session.execute(query).all())
    return found


def today_in(session: Session, expo_id: uuid.UUID | None) -> date:
    """Today for a rule that has the session alone."""
    return today_of(session.get(Expo, expo_id) if expo_id else None, session.info["now"]())


# --- what stays -------------------------------------------------------------------------------------------------------
def kept_vouchers(writer: Writer, rows: Iterable[Mapping[str, Any]]) -> None:
    """Only an application is deleted; what was approved is cancelled, so that its pots get it back."""
    for row in rows:
        if row["state"] not in (VoucherState.APPLIED, VoucherState.REFUSED):
            words = _("券 {no} 的状态是“{state}”，不能删除，数据未变。要收回请用“撤销”。")
            raise Conflict(words.format(no=row["voucher_no"], state=row["state"].label), "E-VOUCHER-KEPT")


def kept_uses(writer: Writer, rows: Iterable[Mapping[str, Any]]) -> None:
    """Only a draft is deleted; what was submitted is cancelled, so that its voucher gets it back."""
    for row in rows:
        if row["state"] is not UseState.DRAFT:
            words = _("用券 {no} 的状态是“{state}”，不能删除，数据未变。请用“撤销用券”。")
            raise Conflict(words.format(no=row["use_no"], state=row["state"].label), "E-VOUCHER-KEPT")


def held(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Conflict where an undo would change what uses rest on."""
    if table is _voucher:
        meant = [row["id"] for row in rows if row.keys() & {"held", "state", "amount"}]
        there = rows_of(session, _voucher, meant)
        if used := next((row for row in there.values() if row["used"] > 0), None):
            words = _("券 {no} 已经用过，没有动它，数据未变。先撤销它的用券。")
            raise Conflict(words.format(no=used["voucher_no"]), "E-VOUCHER-KEPT")
        alone = [row["id"] for row in rows if "used" in row and "held" not in row]
        over = (row for row in rows_of(session, _voucher, alone).values() if row["state"] in OVER)
        if (gone := next(over, None)) is not None:
            words = _("券 {no} 的状态已是“{state}”，没有动它，数据未变。要再用券请先申领一张。")
            raise Conflict(words.format(no=gone["voucher_no"], state=gone["state"].label), "E-VOUCHER-KEPT")
