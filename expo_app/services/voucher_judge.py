"""Whether a use may be, what of it the voucher pays, and why not: one judgement for forms, acts and lists."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from expo_app.i18n import _
from expo_app.model import ShareBasis, VoucherState
from expo_app.rules.catalogue import Refusal, is_listed, refused_body, takes
from expo_app.rules.person_names import person_key
from expo_app.rules.regions import region_name
from expo_app.rules.voucher_split import NOTHING
from expo_app.services.voucher_grounds import Grounds, Row, holds_on, name_of, no_version, refused_company
from expo_app.specs.voucher_shown import BodyShown, Check, Limit, Look, Mark, PolicyShown, UseDraft

Left = tuple[Decimal | None, Decimal]
"""Of a pot: the most there may be, None for no limit, and what is taken."""
NO_POTS: tuple[Left, Left] = ((None, NOTHING), (None, NOTHING))


def judge(grounds: Grounds, draft: UseDraft, own: Decimal = NOTHING, pots: tuple[Left, Left] = NO_POTS) -> Look:
    """A use as it stands. `own`: what it takes of its voucher already; `pots`: of the company's year and the budget.

    Without a voucher the pots say how much one could be; with one they are only shown, it was taken out of them.
    """
    voucher = grounds.vouchers.get(draft.voucher_id) if draft.voucher_id else None
    company = grounds.bodies.get((voucher or {}).get("organisation_id") or draft.organisation_id)  # type: ignore[arg-type]
    offered = _offered(grounds, company, draft, voucher)
    if (
        voucher is None
        and not draft.voucher_id
        and len(fit := [v for v in offered if _fits(v, draft.contract_on)]) == 1
    ):
        voucher = fit[0]
    policy, no_policy = _policy_of(grounds, draft, company, voucher)
    provider = grounds.providers.get(draft.provider_id) if draft.provider_id else None
    shown = grounds.shown(policy, (voucher or {}).get("applicant", "")) if policy else None
    basis = shown.basis_of(draft.contract_amount, draft.invoice_amount) if shown else draft.contract_amount
    look = Look(
        draft=replace(draft, voucher_id=voucher["id"] if voucher else draft.voucher_id),
        company=_body_shown(company),
        provider=_provider_shown(grounds, provider, policy, draft.contract_on),
        resource=_resource(grounds, draft),
        policy=shown,
        no_policy=no_policy,
        vouchers=tuple(map(grounds.shown_voucher, offered)),
        voucher=grounds.shown_voucher(voucher) if voucher else None,
        no_voucher="" if voucher else _no_voucher(draft, company, offered),
    )
    same_contract = sum((one.share for one in grounds.beside(look.draft)), NOTHING)
    look = _with_split(look, basis, own, pots, same_contract)
    related = _related(grounds, draft, company, provider, shown)
    return replace(look, related=related, checks=_checks(grounds, look, provider, own))


def _policy_of(grounds: Grounds, draft: UseDraft, company: Row | None, voucher: Row | None) -> tuple[Row | None, str]:
    """The version valid on the day of the contract, of the voucher's region; why there is none."""
    if company is None:
        return None, _("选用券企业，办法按它的地区定。")
    if draft.contract_on is None:
        return None, _("填签订日期，办法按这一天定。")
    if voucher is not None:
        region = grounds.by_policy[voucher["policy_id"]]["region_code"]
        found = grounds.version(region, draft.contract_on)
    else:
        region = grounds.region_of(company["region_code"])
        found = grounds.version_for(company["region_code"], draft.contract_on)
    return found, "" if found else no_version(grounds, region, draft.contract_on)


def _offered(grounds: Grounds, company: Row | None, draft: UseDraft, voucher: Row | None) -> list[Row]:
    if company is None:
        return []
    found = grounds.open_vouchers(company["id"])
    return found if voucher is None or voucher in found else [voucher, *found]


def _fits(voucher: Row, day: date | None) -> bool:
    """Whether a contract of that day may be paid with it."""
    return day is not None and holds_on(voucher, day, "approved_on", "expires_on")


def _no_voucher(draft: UseDraft, company: Row | None, offered: list[Row]) -> str:
    if company is None or draft.contract_on is None:
        return ""
    if not offered:
        return _("这家企业没有可用的券。先申领并批准，再登记用券。")
    if any(_fits(one, draft.contract_on) for one in offered):
        return _("这家企业有几张可用的券，选用哪一张。")
    words = _("这家企业没有一张券在 {day} 有效。先申领一张。")
    return words.format(day=draft.contract_on.isoformat())


def _with_split(
    look: Look, basis: Decimal | None, own: Decimal, pots: tuple[Left, Left], same_contract: Decimal
) -> Look:
    """What is split, the split, and every limit before and after; `same_contract`: what its other uses take."""
    policy, voucher = look.policy, look.voucher
    if policy is None:
        return look.with_basis(basis)
    (year_most, year_taken), (budget_most, budget_taken) = pots
    before = {"per_use": same_contract, "per_year": year_taken, "budget": budget_taken}
    most = {
        "per_use": policy.cap_per_use,
        "per_year": policy.cap_per_year if year_most is None else year_most,
        "budget": policy.budget if budget_most is None else budget_most,
    }
    bound = {name: None if top is None else top - before[name] for name, top in most.items()}
    if voucher:
        bound = {"per_use": bound["per_use"], "voucher": voucher.left + own}
    lines = [
        Limit(name, top, before[name], NOTHING, is_reserved=voucher is not None and name != "per_use")
        for name, top in most.items()
    ]
    if voucher:
        lines.insert(1, Limit("voucher", voucher.held, voucher.used - own, NOTHING))
    return replace(look, bound=bound, limits=tuple(lines)).with_basis(basis)


# --- related parties --------------------------------------------------------------------------------------------------
def _related(
    grounds: Grounds, draft: UseDraft, company: Row | None, provider: Row | None, policy: PolicyShown | None
) -> tuple[Check, ...]:
    """What says that the two are not related; a hit blocks where the policy refuses related parties."""
    bad = Mark.BAD if policy is None or policy.refuses_related else Mark.NOTE
    undeclared = Mark.OPEN if bad is Mark.BAD else Mark.NOTE
    said = Mark.OK if draft.is_unrelated else undeclared
    lacks = _("要有企业的无关联声明") if said is Mark.OPEN else _("企业声明无关联")
    declared = Check("declared", said, lacks, "is_unrelated")
    body = grounds.bodies.get(provider["organisation_id"]) if provider else None
    if company is None or body is None:
        return (declared,)
    is_same = company["id"] == body["id"] or _same_code(company, body)
    code = Check(
        "code", bad if is_same else Mark.OK, _("双方是同一家单位") if is_same else _("统一社会信用代码不在同一组")
    )
    rows = grounds.related.get(frozenset((company["id"], body["id"])), ())
    day = draft.contract_on or grounds.today
    hit = next((row for row in rows if holds_on(row, day)), None)
    words = _("双方无登记的关联关系")
    if hit is not None:
        words = _("双方有登记的关联关系：{what}").format(what=hit["words"] or "—")
    relation = Check("relation", bad if hit else Mark.OK, words)
    return (code, relation, _same_head(company, body, bad), declared)


def _same_code(one: Row, other: Row) -> bool:
    return bool(one["credit_code"]) and one["credit_code"] == other["credit_code"]


def _same_head(company: Row, body: Row, bad: Mark) -> Check:
    heads = [person_key(row["legal_representative"]) for row in (company, body)]
    if not all(heads):
        return Check("head", Mark.NOTE, _("法定代表人没有都登记，没法比对"))
    is_same = heads[0] == heads[1]
    return Check("head", bad if is_same else Mark.OK, _("法定代表人相同") if is_same else _("法定代表人不同"))


# --- before it is submitted -------------------------------------------------------------------------------------------
def _checks(grounds: Grounds, look: Look, provider: Row | None, own: Decimal) -> tuple[Check, ...]:
    draft, policy = look.draft, look.policy
    found: list[Check | None] = [
        _company_check(grounds, look),
        Check("policy", Mark.BAD, look.no_policy, "contract_on") if look.no_policy else None,
        _provider_check(grounds, look, provider),
        *_resource_checks(grounds, look),
        _kind_check(draft, policy),
        _voucher_check(grounds, look, own),
        _amount_check(look),
        _support_check(look),
        _invoice_check(look, own),
        _contract_check(grounds, draft),
        _repeat_check(grounds, draft, own),
        _report_check(draft, policy),
    ]
    return tuple(check for check in found if check is not None)


def _company_check(grounds: Grounds, look: Look) -> Check | None:
    draft, voucher = look.draft, look.voucher
    if look.company is None:
        return Check("company", Mark.OPEN, _("选用券企业"), "organisation_id")
    if words := refused_company(grounds.bodies[look.company.id], grounds.in_sample):
        return Check("company", Mark.BAD, words, "organisation_id")
    if voucher is not None and draft.organisation_id not in (None, look.company.id):
        words = _("券 {no} 不是这家企业的").format(no=voucher.voucher_no)
        return Check("company", Mark.BAD, words, "voucher_id")
    return None


def _provider_check(grounds: Grounds, look: Look, provider: Row | None) -> Check | None:
    """The provider is in a region that is accepted and, where the policy wants it, on the list on that day."""
    policy, day, body = look.policy, look.draft.contract_on, look.provider
    if provider is None or body is None:
        return Check("provider", Mark.OPEN, _("选机构或资源"), "provider_id")
    code = body.region_code or ""
    if not code:
        return Check("provider", Mark.BAD, _("机构没有登记地区，不知道和哪里结算。先补上它的地区"), "provider_id")
    if policy is None or day is None:
        return None
    lacks_list = policy.needs_list and not _is_listed(grounds, provider["id"], policy.region_code, day)
    refused = refused_body(code, policy.accepted_regions, lacks_list)
    if refused is None:
        return Check("provider", Mark.OK, _("机构在合同日在名录内") if policy.needs_list else _("本办法不限名录"))
    words = _("本办法不认{region}的机构").format(region=region_name(code))
    if refused is Refusal.NOT_LISTED:
        words = _("机构在 {day} 不在{region}的名录内")
        words = words.format(day=day.isoformat(), region=region_name(policy.region_code))
    return Check("provider", Mark.BAD, words, "provider_id")


def _is_listed(grounds: Grounds, provider_id: uuid.UUID, region: str, day: date) -> bool:
    rows = grounds.listed.get(provider_id, ())
    return any(row["region_code"] == region and holds_on(row, day) for row in rows)


def _resource_checks(grounds: Grounds, look: Look) -> list[Check | None]:
    """The instrument or service is the provider's, in the catalogue on that day, and takes this region's vouchers."""
    draft, policy, day = look.draft, look.policy, look.draft.contract_on
    tool = grounds.instruments.get(draft.instrument_id) if draft.instrument_id else None
    item = grounds.items.get(draft.service_item_id) if draft.service_item_id else None
    for row, name in ((tool, "instrument_id"), (item, "service_item_id")):
        if row is not None and draft.provider_id and row["provider_id"] != draft.provider_id:
            return [Check("resource", Mark.BAD, _("“{title}”不是这家机构的").format(title=row["title"]), name)]
    if day is None or (tool is None and item is None):
        return []
    if tool is not None and not is_listed(tool["listed_from"], tool["listed_until"], day):
        return [Check("resource", Mark.BAD, _("这台仪器在合同日不在目录有效期内"), "instrument_id")]
    if item is not None and not is_listed(None, item["valid_until"], day):
        return [Check("resource", Mark.BAD, _("这项服务在合同日不在目录有效期内"), "service_item_id")]
    if tool is not None and policy is not None and not takes(tool["accepts"], policy.region_code):
        words = _("这台仪器不收{region}的券").format(region=region_name(policy.region_code))
        return [Check("resource", Mark.BAD, words, "instrument_id")]
    return [Check("resource", Mark.OK, _("资源在合同日在目录内"))]


def _kind_check(draft: UseDraft, policy: PolicyShown | None) -> Check | None:
    if policy is None or policy.kinds is None:
        return None
    if not draft.kind:
        return Check("kind", Mark.OPEN, _("选服务类别"), "kind")
    if draft.kind in policy.kinds:
        return Check("kind", Mark.OK, _("服务类别“{kind}”在办法内").format(kind=draft.kind))
    words = _("服务类别“{kind}”不在办法内；可用于{kinds}").format(kind=draft.kind, kinds="、".join(policy.kinds))
    return Check("kind", Mark.BAD, words, "kind")


def _voucher_check(grounds: Grounds, look: Look, own: Decimal) -> Check | None:
    """Of a use that takes its share already a voucher that is over pays no less."""
    voucher, day = look.voucher, look.draft.contract_on
    if voucher is None:
        return Check("voucher", Mark.BAD, look.no_voucher, "voucher_id") if look.no_voucher else None
    if voucher.state is not VoucherState.APPROVED and not own:
        words = _("券 {no} 的状态是“{state}”，不能用").format(no=voucher.voucher_no, state=voucher.state.label)
        return Check("voucher", Mark.BAD, words, "voucher_id")
    if day is None:
        return None
    if not _fits(grounds.vouchers[voucher.id], day):
        start, end = voucher.approved_on or "", voucher.expires_on or "—"
        words = _("券的有效期是 {start} 至 {end}，合同日不在其中").format(start=start, end=end)
        return Check("voucher", Mark.BAD, words, "contract_on")
    if look.split is not None and look.split.bites == "voucher" and look.split.share == 0:
        return Check("voucher", Mark.BAD, _("券 {no} 已用完").format(no=voucher.voucher_no), "voucher_id")
    return Check("voucher", Mark.OK, _("券在有效期内，有余额"))


def _amount_check(look: Look) -> Check | None:
    if look.draft.contract_amount is None:
        return Check("amount", Mark.OPEN, _("填合同金额"), "contract_amount")
    if look.basis is not None and look.basis <= 0:
        return Check("amount", Mark.BAD, _("金额要大于 0"), "contract_amount")
    if look.split is not None and look.split.share == 0 and look.split.bites == "per_use":
        return Check("amount", Mark.BAD, _("同一份合同的其他用券已到单次上限"), "contract_no")
    if look.split is not None and look.split.share == 0 and look.split.bites != "voucher":
        return Check("amount", Mark.BAD, _("金额太小，券付不到 1 分"), "contract_amount")
    return None


def _support_check(look: Look) -> Check:
    """Other public money pays no more than what the voucher leaves."""
    draft, rest = look.draft, look.split.own if look.split is not None else None
    if draft.other_support is None:
        return Check("support", Mark.OPEN, _("填其他财政资助；没有就填 0"), "other_support")
    if rest is not None and draft.other_support > rest:
        words = _("其他财政资助多于券付以外的 {rest} 元").format(rest=f"{rest:,.2f}")
        return Check("support", Mark.BAD, words, "other_support")
    if draft.other_support > 0:
        return Check("support", Mark.NOTE, _("另有财政资助，核验时会看"), "other_support")
    return Check("support", Mark.OK, _("没有其他财政资助"), "other_support")


def _invoice_check(look: Look, own: Decimal) -> Check | None:
    """A use that was submitted pays no more than it takes already, whatever the split would be."""
    most = look.split.share if look.split is not None else NOTHING
    over = _over_invoice(look.draft, min(own, most) if own else most)
    return Check("invoice", Mark.NOTE, _("{over}，这样不能核验").format(over=over), "invoice_amount") if over else None


def _contract_check(grounds: Grounds, draft: UseDraft) -> Check | None:
    """One contract may be paid in parts; whoever checks is to know of the others, and the cap is for all of them."""
    others = grounds.beside(draft)
    if not others:
        return None
    named = _("、").join(f"{one.use_no} {one.share:,.2f} {_('元')}" for one in others)
    words = _("同一份合同已有用券：{uses}；单次上限合起来算，核验时会看").format(uses=named)
    return Check("contract", Mark.NOTE, words, "contract_no")


def _repeat_check(grounds: Grounds, draft: UseDraft, own: Decimal) -> Check | None:
    if not (draft.organisation_id and draft.provider_id and draft.contract_on):
        return None
    key = (draft.organisation_id, draft.provider_id, draft.contract_on.year)
    times = grounds.used.get(key, 0) + (0 if own else 1)
    words = _("本年第 {n} 次用同一机构，核验时会看").format(n=times)
    return Check("repeat", Mark.NOTE, words) if times > 1 else None


def _report_check(draft: UseDraft, policy: PolicyShown | None) -> Check:
    needs_invoice = policy is not None and policy.basis is ShareBasis.INVOICE and draft.invoice_amount is None
    if not has_report(draft):
        words = (
            _("检测报告和发票金额（可稍后补，核验前要有）") if needs_invoice else _("检测报告（可稍后补，核验前要有）")
        )
        return Check("report", Mark.LATER, words, "report_no")
    if needs_invoice:
        return Check("report", Mark.LATER, _("发票金额（可稍后补，核验前要有）"), "invoice_amount")
    return Check("report", Mark.OK, _("检测报告已有"), "report_no")


def has_report(draft: UseDraft) -> bool:
    """Whether the service's report is there."""
    return bool(draft.report_no) or draft.report_on is not None


def lacking_for_review(look: Look, share: Decimal) -> dict[str, str]:
    """What 核验 of a use that pays `share` still waits for, a sentence by field; nothing where it may be."""
    if not has_report(look.draft):
        return {"report_no": _("还没有检测报告，不能核验，数据未变。先补报告编号或日期。")}
    if look.policy is not None and look.policy.basis is ShareBasis.INVOICE and look.draft.invoice_amount is None:
        return {"report_no": _("本办法按发票金额计，还没有发票金额，不能核验，数据未变。先补发票金额。")}
    if over := _over_invoice(look.draft, share):
        words = _("{over}，不能核验，数据未变。发票填错了就改发票；没错就退回补正，把合同金额改成实际的，或撤销。")
        return {"invoice_amount": words.format(over=over)}
    return {}


def _over_invoice(draft: UseDraft, share: Decimal) -> str:
    """That the voucher and other public money pay more than the invoice; "" where they do not, or there is none yet."""
    paid = share + (draft.other_support or NOTHING)
    if draft.invoice_amount is None or paid <= draft.invoice_amount:
        return ""
    words = _("券付和其他财政资助共 {paid} 元，多于发票的 {invoice} 元")
    return words.format(paid=f"{paid:,.2f}", invoice=f"{draft.invoice_amount:,.2f}")


# --- as it is read ----------------------------------------------------------------------------------------------------
def _body_shown(row: Row | None, **more: Any) -> BodyShown | None:
    return BodyShown(row["id"], name_of(row), row["region_code"], row["is_sample"], **more) if row else None


def _provider_shown(grounds: Grounds, provider: Row | None, policy: Row | None, day: date | None) -> BodyShown | None:
    if provider is None:
        return None
    rows = [r for r in grounds.listed.get(provider["id"], ()) if policy and r["region_code"] == policy["region_code"]]
    ends = [row["valid_until"] or date.max for row in rows if holds_on(row, day or grounds.today)]
    last = max(ends, default=date.max)
    return _body_shown(grounds.bodies.get(provider["organisation_id"]), listed_until=None if last == date.max else last)


def _resource(grounds: Grounds, draft: UseDraft) -> str:
    row = grounds.instruments.get(draft.instrument_id) or grounds.items.get(draft.service_item_id)  # type: ignore[arg-type]
    return str(row["title"]) if row else ""
