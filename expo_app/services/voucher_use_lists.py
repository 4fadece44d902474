"""What is right of a voucher's use when it is written, by form, act or list: judged, split, taken of its voucher.

`voucher.used` is what its uses in `COUNTED` states come to; it changes in the transaction that changes one of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import _
from expo_app.model import Instrument, Organisation, Provider, ServiceItem, UseState, Voucher, VoucherState, VoucherUse
from expo_app.model.base import new_id
from expo_app.rules.settlement import party_of
from expo_app.rules.voucher_split import NOTHING
from expo_app.services.access import require_role
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, in_parts
from expo_app.services.voucher_grounds import (
    Grounds,
    OfContract,
    contract_key,
    hold_policies,
    is_sample_expo,
    other_kind,
    read_grounds,
)
from expo_app.services.voucher_judge import judge, lacking_for_review
from expo_app.services.voucher_lists import CHECK, bodies_named, number_by_year, rows_of, today_in, written
from expo_app.services.voucher_pots import count_uses
from expo_app.specs import PlanRow, RecordSpec
from expo_app.specs.voucher_shown import Look, UseDraft
from expo_app.specs.voucher_uses import ENTERED
from expo_app.store.voucher_sums import COUNTED

_use, _voucher, _provider, _body, _instrument, _item = (
    model.__table__ for model in (VoucherUse, Voucher, Provider, Organisation, Instrument, ServiceItem)
)
SAID = tuple(name for name in UseDraft.__dataclass_fields__ if name != "use_id")
"""Columns that the form of a use fills."""
PAPERS = frozenset({"report_no", "report_on", "invoice_amount"})
"""What comes after submission."""
Linked = Mapping[str, uuid.UUID | None]
NO_RESOURCE: Linked = MappingProxyType({"instrument_id": None, "service_item_id": None})
OPEN = (UseState.DRAFT, UseState.RETURNED)
CHECKED = (UseState.FIRST_PASSED, UseState.VERIFIED, UseState.SETTLED)
"""States that take the right to check."""
AT_A_CHECK = frozenset({"policy", "amount", "support", "relation"})
"""What is judged again of a use that was submitted: amounts, and what has days of its own. Where the provider is by now
and who stands for it today was for the day it was submitted; it is shown to who checks.
"""
SPLIT_BY = ("voucher_id", "provider_id", "kind", "contract_on", "contract_amount", "invoice_amount")
"""What a share comes of."""


def draft_of(use_id: uuid.UUID | None, get: Any) -> UseDraft:
    """A use as the form holds it."""
    said = {name: get(name) for name in SAID}
    texts = {name: said[name] or "" for name in ("kind", "title", "contract_no", "report_no")}
    return UseDraft(use_id, **{**said, **texts, "is_unrelated": bool(said["is_unrelated"])})


def taken_by(row: Mapping[str, Any] | None) -> Decimal:
    """What a use as it is kept takes of its voucher."""
    return row["share"] or NOTHING if row is not None and row["state"] in COUNTED else NOTHING


# --- a save -----------------------------------------------------------------------------------------------------------
def fill_in_uses(writer: Writer, drafts: list[Draft]) -> None:
    """Number, resource, state; whoever is submitted is judged and takes its share. InvalidRecord for what may not be.

    An act says so by `act` beside the values; everything else is entered or comes of a list.
    """
    today = writer.today
    for row, problems in _link_resources(writer.session, drafts).items():
        raise InvalidRecord(problems, row)
    number_by_year(writer, drafts, "use_no", "YQ", today)
    if not writer.staged:
        companies = {get("organisation_id") for draft in drafts for get in _before_and_after(draft)} - {None}
        mine = select(_voucher.c.id).where(_voucher.c.organisation_id.in_(companies))
        writer.locked(_voucher, writer.session.scalars(mine).all() if companies else ())
    hold_policies(writer)
    grounds = read_grounds(writer.session, _said_of(drafts), today, writer.in_sample)
    vouchers, by = dict(grounds.vouchers), dict[uuid.UUID, Decimal]()
    for draft in drafts:
        if draft.is_new and draft.values.get("state") is None:
            draft.values["state"] = UseState.DRAFT
        is_act = bool(draft.virtual.get("act"))
        if problems := _refused(draft, is_act, today) or _settle(grounds, draft, by):
            raise InvalidRecord(problems, draft.row)
        if draft.changed("state") and draft.get("state") in CHECKED:
            require_role(writer.db.actor.role, CHECK)
    count_uses(writer, grounds, vouchers, {key: change for key, change in by.items() if change})


def _before_and_after(draft: Draft) -> list[Any]:
    """What a use was, and what it becomes, by the name of a column."""
    return [draft.get] if draft.old is None else [draft.old.get, draft.get]


def _said_of(drafts: Iterable[Draft]) -> list[UseDraft]:
    """Uses as they were and as they become: one that was sent back may leave its voucher for another's."""
    return [draft_of(draft.record_id, get) for draft in drafts for get in _before_and_after(draft)]


def _refused(draft: Draft, is_act: bool, today: date) -> dict[str, str]:
    """What a form or a list may not do with a use in its state."""
    state = draft.get("state")
    for name, words in (("organisation_id", _("选用券企业。")), ("provider_id", _("选服务机构或资源。"))):
        if draft.get(name) is None:
            return {name: words}
    if is_act:
        return {}
    if (draft.values.get("share") or NOTHING) < 0 and draft.get("corrects_id") is None:
        return {"share": _("券付小于 0 的是更正，不从表里来：到它更正的那一条用“更正用券”。")}
    if draft.old is None:
        return _not_new(draft, today)
    was = draft.old["state"]
    if state is not was and not (was in OPEN and state is UseState.SUBMITTED):
        words = _("用券 {no} 的状态是“{state}”，不能这样改为“{new}”。")
        return {"state": words.format(no=draft.old["use_no"], state=was.label, new=state.label)}
    changed = [name for name in (*SAID, "share", "verified_on") if draft.changed(name)]
    late = [name for name in changed if was not in OPEN and not (was is UseState.SUBMITTED and name in PAPERS)]
    if late:
        words = _("用券 {no} 的状态是“{state}”，这一项不能再改。")
        return {late[0]: words.format(no=draft.old["use_no"], state=was.label)}
    return {}


def _not_new(draft: Draft, today: date) -> dict[str, str]:
    """A list brings in what was checked before today; what is there is checked by 核验 alone, each level by its own."""
    state, day = draft.get("state"), draft.get("verified_on")
    if state not in ENTERED:
        words = _("新的用券只能是草稿、待核验或已核验；“{state}”由核验和结算得出。")
        return {"state": words.format(state=state.label)}
    if state is UseState.VERIFIED and (day is None or day >= today):
        return {"verified_on": _("表里已核验的用券，要写今天以前的核验日期；今天的请用“核验通过”。")}
    return {}


def _to_come(draft: Draft, today: date) -> dict[str, str]:
    """Days that have not come."""
    for name in ("report_on", "verified_on"):
        if (day := draft.get(name)) is not None and draft.changed(name) and day > today:
            return {name: _("日期 {day} 还没有到。").format(day=day.isoformat())}
    return {}


def _settle(grounds: Grounds, draft: Draft, by: dict[uuid.UUID, Decimal]) -> dict[str, str]:
    """Judge a use that counts, take its share and note what that changes; problems by field.

    A share that is taken stays as it is unless that changes which it comes of.
    """
    if draft.old is not None and (words := other_kind(draft.old, draft.old["use_no"], grounds.in_sample)):
        return {"organisation_id": words}
    if problems := _to_come(draft, grounds.today):
        return problems
    state, own = draft.get("state"), taken_by(draft.old)
    was = draft.old["voucher_id"] if draft.old else None
    counts = state in COUNTED
    share, problems = _taken(grounds, draft, own) if counts else (NOTHING, {})
    if problems:
        return problems
    if counts and draft.get("submitted_on") is None:
        draft.values["submitted_on"] = grounds.today
    if state is UseState.VERIFIED and draft.get("verified_on") is None:
        draft.values["verified_on"] = grounds.today
    if state is not UseState.VERIFIED and state is not UseState.SETTLED and draft.values.get("verified_on") is not None:
        return {"verified_on": _("写了核验日期，状态却不是“已核验”：补上状态，或去掉核验日期。")}
    for key, change in ((was, -own), (draft.get("voucher_id"), share)):
        if key is not None and change:
            by[key] = by.get(key, NOTHING) + change
            row = grounds.vouchers[key]
            grounds.vouchers[key] = {**row, "used": row["used"] + change}
    if counts and (contract := draft.get("contract_no")) and draft.get("corrects_id") is None:
        of_it = grounds.contracts.setdefault(
            contract_key(draft.get("organisation_id"), draft.get("provider_id"), contract), {}
        )
        of_it[draft.record_id] = OfContract(draft.get("use_no") or "", share)
    return {}


def _taken(grounds: Grounds, draft: Draft, own: Decimal) -> tuple[Decimal, dict[str, str]]:
    """What a use that counts takes from now on, judged and split anew where it has to be; problems by field.

    One that was sent back keeps what it took until it is submitted anew, or goes over to another voucher.
    """
    state, share = draft.get("state"), draft.get("share") or NOTHING
    was_open = draft.old is None or draft.old["state"] in OPEN
    own = NOTHING if draft.changed("voucher_id") else own
    if state is UseState.RETURNED:
        draft.values["share"] = own or None
        return own, {}
    is_split = was_open or any(map(draft.changed, SPLIT_BY))
    if not is_split and not draft.changed("state"):
        return share, {}
    own = own if was_open else _room(grounds, draft, own)
    look = judge(grounds, draft_of(draft.record_id, draft.get), own)
    if problems := refusals(look, None if was_open else AT_A_CHECK, is_listed=draft.row > 0):
        return NOTHING, problems
    if is_split:
        kept = None if was_open else _most_kept(grounds, draft, own)
        values, problems = _split(grounds, look, kept, draft.values.get("share"))
        if problems:
            return NOTHING, problems
        draft.values |= values
        if draft.old is not None and draft.old["payee_code"] and not draft.changed("provider_id"):
            draft.values["payee_code"] = draft.old["payee_code"]
        share = values["share"]
    return share, _lacking(look, state, share)


def _room(grounds: Grounds, draft: Draft, own: Decimal) -> Decimal:
    """What a submitted use may take. Of a voucher that is over it may grow again, out of the pots, up to what the
    contract gives, where nothing but its invoice cut it: the invoice may have been a slip.
    """
    voucher = grounds.vouchers[draft.get("voucher_id")]
    if voucher["state"] is VoucherState.APPROVED or draft.old is None:
        return own
    most = voucher["amount"] - voucher["used"] + own
    was = draft_of(draft.record_id, draft.old.get)
    now, before = (judge(grounds, one, most).split for one in (was, replace(was, invoice_amount=None)))
    return before.share if now is not None and before is not None and now.share == own < before.share else own


def _most_kept(grounds: Grounds, draft: Draft, own: Decimal) -> Decimal | None:
    """What a split anew gives at most: a share that was less than it might have been does not grow. None: no such."""
    if draft.old is None:
        return None
    was = judge(grounds, draft_of(draft.record_id, draft.old.get), own).split
    return own if was is None or own < was.share else None


def _split(
    grounds: Grounds, look: Look, kept: Decimal | None, given: Decimal | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """What is kept of the judgement, with the share that a list says where it is no more than may be."""
    most = look.split.share if look.split else NOTHING
    most = most if kept is None else min(most, kept)
    share = most if given is None else given
    if not 0 < share <= most:
        is_left = look.split is not None and look.split.bites == "voucher" and most == look.split.share
        words = _("券付 {share} 元不对：要大于 0，按办法最多 {most} 元。")
        words = _("券付 {share} 元不对：要大于 0，券上只剩 {most} 元。") if is_left else words
        return {}, {"share": words.format(share=f"{share:,.2f}", most=f"{most:,.2f}")}
    return _kept(grounds, look, share), {}


def refusals(look: Look, about: Collection[str] | None = None, is_listed: bool = False) -> dict[str, str]:
    """The checks that keep a use from being submitted, by field. `about`: only those with these keys.

    `is_listed`: of a row of a list, which is mended there.
    """
    words = _("{check}。") if is_listed else _("{check}，数据未变。改好再提交。")
    blocking = [check for check in look.blocking if about is None or check.key in about]
    found = {check.field or "contract_on": words.format(check=check.words.rstrip("。")) for check in blocking}
    if not found and look.voucher is None:
        found["voucher_id"] = look.no_voucher or _("选用哪一张券。")
    return found


def _lacking(look: Look, state: UseState, share: Decimal) -> dict[str, str]:
    return lacking_for_review(look, share) if state in CHECKED else {}


def _kept(grounds: Grounds, look: Look, share: Decimal) -> dict[str, Any]:
    """What the policy said, as it is kept with the use."""
    policy, voucher, provider, day = look.policy, look.voucher, look.provider, look.draft.contract_on
    if policy is None or voucher is None or provider is None or day is None:
        raise ValueError("a use that was let through has all four")
    return {
        "voucher_id": voucher.id, "policy_id": policy.id, "rate": policy.rate, "way": policy.way,
        "basis_amount": look.basis, "share": share, "issuer_code": policy.region_code,
        "payee_code": party_of(provider.region_code or "", grounds.issuers_on(day)),
    }  # fmt: skip


# --- names of a list --------------------------------------------------------------------------------------------------
def _link_resources(session: Session, drafts: Sequence[Draft]) -> dict[int, dict[str, str]]:
    """`resource` becomes the provider's instrument or service item; the problem of each row where there is none."""
    naming = [draft for draft in drafts if draft.gives("resource")]
    known = _resources(session, {draft.get("provider_id") for draft in naming})
    problems: dict[int, dict[str, str]] = {}
    for draft in naming:
        name = draft.virtual["resource"]
        found = known.get((draft.get("provider_id"), name)) if name else NO_RESOURCE
        if found is None:
            problems[draft.row] = {"resource": _no_resource(name)}
        else:
            draft.values |= found
    return problems


def _no_resource(name: str) -> str:
    return _("这家机构没有仪器或服务项目“{name}”。先登记它，或把资源留空。").format(name=name)


def _resources(session: Session, providers: Iterable[Any]) -> dict[tuple[uuid.UUID, str], Linked]:
    """Instruments, by number too, and service items by provider and name."""
    found: dict[tuple[uuid.UUID, str], Linked] = {}
    for part in in_parts({key for key in providers if key}):
        items = select(_item.c.id, _item.c.provider_id, _item.c.title).where(_item.c.provider_id.in_(part))
        for key, provider, title in session.execute(items):
            found[provider, title] = {"instrument_id": None, "service_item_id": key}
        tools = select(_instrument.c.id, _instrument.c.provider_id, _instrument.c.title, _instrument.c.instrument_no)
        for key, provider, title, number in session.execute(tools.where(_instrument.c.provider_id.in_(part))):
            for name in filter(None, (title, number)):
                found[provider, name] = {"instrument_id": key, "service_item_id": None}
    return found


# --- plans ------------------------------------------------------------------------------------------------------------
def uses_can_be(session: Session, expo_id: uuid.UUID | None, spec: RecordSpec, rows: Rows) -> Rows:
    """Rows of a plan that a save would refuse, each judged with those above it."""
    going = [row for row in rows if row.goes_in]
    kept = rows_of(session, _use, {row.record_id for row in going if row.record_id})
    bodies = bodies_named(session, {row.values.get("organisation_id") for row in going})
    providers = _providers_named(session, {row.values.get("provider") for row in going})
    numbers = {row.values.get("voucher_id") for row in going if row.values.get("voucher_id")}
    vouchers = _numbered(session, numbers)
    drafts: dict[int, Draft] = {}
    for row in going:
        said = written(row)
        values = {name: value for name, value in said.items() if name in _use.c}
        for name, known in (("organisation_id", bodies), ("voucher_id", vouchers)):
            if name in values:
                values[name] = known.get(values[name])
        if "provider" in said:
            values["provider_id"] = providers.get(said["provider"])
        if row.record_id is None:
            values["state"] = values.get("state") or UseState.DRAFT
        old = kept.get(row.record_id) if row.record_id else None
        drafts[row.row] = Draft(row.record_id or new_id(), values, dict(said), old, row.row)
    problems = _plan_problems(session, expo_id, list(drafts.values()))

    def reviewed(row: PlanRow) -> PlanRow:
        found = problems.get(row.row, {})
        return row.refused({_header(spec, name): words for name, words in found.items()}) if found else row

    return tuple(map(reviewed, rows))


def _plan_problems(session: Session, expo_id: uuid.UUID | None, drafts: Sequence[Draft]) -> dict[int, dict[str, str]]:
    problems = _link_resources(session, drafts)
    today, in_sample = today_in(session, expo_id), is_sample_expo(session, expo_id)
    grounds = read_grounds(session, _said_of(drafts), today, in_sample)
    for draft in drafts:
        if draft.row not in problems:
            problems[draft.row] = _refused(draft, is_act=False, today=today) or _settle(grounds, draft, {})
    return problems


def _header(spec: RecordSpec, name: str) -> str:
    """The header a problem stands under; "" for the whole row."""
    shown = {"provider_id": "provider", "instrument_id": "resource", "service_item_id": "resource"}.get(name, name)
    return spec.field(shown).title if any(field.name == shown for field in spec.fields) else ""


def _providers_named(session: Session, names: Iterable[Any]) -> dict[str, uuid.UUID]:
    query = select(_body.c.name, _provider.c.id).join(_provider, _provider.c.organisation_id == _body.c.id)
    found: dict[str, uuid.UUID] = {}
    for part in in_parts({name for name in names if name}):
        found |= dict(session.execute(query.where(_body.c.name.in_(part))).all())
    return found


def _numbered(session: Session, numbers: Iterable[Any]) -> dict[str, uuid.UUID]:
    found: dict[str, uuid.UUID] = {}
    for part in in_parts(numbers):
        query = select(_voucher.c.voucher_no, _voucher.c.id).where(_voucher.c.voucher_no.in_(part))
        found |= dict(session.execute(query).all())
    return found
