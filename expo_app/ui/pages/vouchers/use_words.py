"""What 用券登记 says of policies, limits, checks and steps: words from plain data, without a widget."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from expo_app.i18n import BRIEF, _, meant
from expo_app.model import PaidWay, ShareBasis, UseState, VoucherState
from expo_app.rules.amounts import format_yuan
from expo_app.rules.regions import brief_name
from expo_app.rules.voucher_split import Split, own_part
from expo_app.specs.voucher_shown import BITES_WORDS, LIMIT_WORDS, Check, Limit, Look, PolicyShown, StepShown
from expo_app.ui.pages.vouchers.split_bar import Part
from expo_app.ui.pages.vouchers.use_parts import LimitBar, StepWords

PASSED = (UseState.VERIFIED, UseState.SETTLED)


def yuan(amount: Decimal | None) -> str:
    """An amount in 元, 不限 without one."""
    return _("不限") if amount is None else f"{format_yuan(amount)} {_('元')}"


def percent(rate: Decimal) -> str:
    """A rate without needless noughts: 50 %."""
    return f"{rate.normalize():f} %"


def place(code: str) -> str:
    """A region by its short name, whatever the length of its code: 武汉, 黄石."""
    return brief_name(code.ljust(6, "0"))


def places(codes: Sequence[str] | None) -> str:
    """Regions by name; 不限 without any."""
    return _("不限") if codes is None else _("、").join(place(code) for code in codes)


def policy_facts(policy: PolicyShown) -> list[tuple[str, str]]:
    """What a version says, in pairs: two to a line."""
    basis = _("按合同金额") if policy.basis is ShareBasis.CONTRACT else _("按发票金额")
    is_paid = policy.way is PaidWay.PAID
    until = policy.valid_until.isoformat() if policy.valid_until else _("另行通知")
    return [
        (_("办法"), policy.title),
        (_("有效"), _("{day} 至 {until}").format(day=policy.valid_from.isoformat(), until=until)),
        (_("比例"), _("{rate}，{basis}").format(rate=percent(policy.rate), basis=basis)),
        (_("单次上限"), yuan(policy.cap_per_use)),
        (_("企业年度上限"), yuan(policy.cap_per_year)),
        (_("年度预算"), yuan(policy.budget)),
        (_("服务类别"), _("不限") if policy.kinds is None else _("、").join(policy.kinds)),
        (_("兑付方式"), _("通兑：券款付给机构") if is_paid else _("通用：企业付全款，本地区退给企业")),
    ]


def split_parts(split: Split, look: Look, is_brief: bool = False) -> tuple[Part, Part]:
    """Both parts of the bar, each with the percent it comes to and the line below it; `is_brief`: it names nobody.

    What other public money pays is said below the company's part.
    """
    basis, policy = split.share + split.own, look.policy
    issuer = place(policy.region_code) if policy else ""
    provider = look.provider.name if look.provider else ""
    is_paid = policy is None or policy.way is PaidWay.PAID
    to_whom = _("通兑，付{name}").format(name=provider or _("机构")) if is_paid else _("通用，由本地区退给企业")
    if is_brief and policy is not None:
        to_whom = policy.way.label
    below = _("由{place}承担；{way}").format(place=issuer, way=to_whom)
    own = _("企业付机构；不减成交额") if is_paid else _("企业先付全款；不减成交额")
    support = look.draft.other_support
    paid = own_part(split.own, support)
    if support:
        own = _("另有其他财政资助 {n} 元；{own}").format(n=format_yuan(support), own=own)
    if is_brief:
        return Part(meant(BRIEF, "券付"), split.share, below), Part(meant(BRIEF, "自付"), paid, own)
    return (
        Part(_("券付 {n}").format(n=_part(split.share, basis)), split.share, below),
        Part(_("自付 {n}").format(n=_part(paid, basis)), paid, own),
    )


def _part(amount: Decimal, basis: Decimal) -> str:
    if not basis:
        return ""
    part = (amount * 100 / basis).quantize(Decimal("0.1"))
    return percent(part)


def limit_bar(limit: Limit) -> LimitBar:
    """One limit with what is left of it after this use."""
    title, after = _(LIMIT_WORDS[limit.key]), limit.used + limit.now
    if limit.key == "per_use":
        words = _("同一合同已付 {used}，本次 {now} / {most}") if limit.used else _("本次 {now} / {most}")
        said = (format_yuan(one) for one in (limit.used, limit.now, limit.most))
        words = words.format(**dict(zip(("used", "now", "most"), said, strict=True)))
        words = words if limit.most is not None else _("不限")
        return LimitBar(title, limit.most, limit.used, after, words, limit.bites)
    used = (_("已用 {used}") if limit.key == "voucher" else _("已批 {used}")).format(used=format_yuan(limit.used))
    rest = _("余 {left}") if limit.is_reserved else _("本次后余 {left}")
    left = _("不限") if limit.left is None else rest.format(left=format_yuan(limit.left))
    return LimitBar(title, limit.most, limit.used, after, _("{used}，{left}").format(used=used, left=left), limit.bites)


def limits_said(limits: Sequence[Limit]) -> tuple[str, str]:
    """What the head of the limits says, and its tone."""
    bites = next((limit for limit in limits if limit.bites), None)
    if bites is not None:
        return _(BITES_WORDS[bites.key]), "warn"
    return (_("全部未触及"), "ok") if limits else ("", "")


def missing(checks: Sequence[Check]) -> tuple[str, str]:
    """How many of the checks stand in the way, and the tone it is said in."""
    count = sum(check.blocks for check in checks)
    return (_("还差 {n} 项").format(n=count), "warn") if count else (_("已过"), "ok")


def steps_of(look: Look) -> list[StepWords]:
    """申领 → 使用 → 核验 → 结算 as they are now."""
    voucher, policy, state = look.voucher, look.policy, look.state
    applied = voucher is not None and voucher.state is VoucherState.APPROVED
    said = _said(look.steps, of_voucher=True) or (voucher.voucher_no if voucher is not None else look.no_voucher)
    used = _said(look.steps, of_voucher=False) if not look.is_open else _("合同、报告齐后转核验")
    levels = policy.review_levels if policy is not None else 1
    issuer = place(policy.region_code) if policy is not None else ""
    to = place(look.provider.region_code) if look.provider and look.provider.region_code else ""
    way = f"{issuer} → {to}" if issuer and to else ""
    review = _("{way}，两级").format(way=way) if levels > 1 else _("{way}，一级").format(way=way)
    is_local = bool(issuer) and issuer == to
    settled = _("列入本地区清单") if is_local else _("归入当期对账单")
    if policy is not None and policy.way is PaidWay.REFUNDED and not is_local:
        settled = _("通用：列在对账单旁")
    passed = state in PASSED
    return [
        StepWords(_("申领"), said or _("先选用券企业"), True if applied else None),
        StepWords(_("使用"), used, False if not applied else None if look.is_open else True),
        StepWords(
            _("核验"), review if way else "", True if passed else None if applied and not look.is_open else False
        ),
        StepWords(_("结算"), settled if way else "", True if state is UseState.SETTLED else None if passed else False),
    ]


def _said(steps: Sequence[StepShown], of_voucher: bool) -> str:
    """The last step of one of both: day, person, what it was."""
    own = [step for step in steps if step.of_voucher is of_voucher and not step.correction]
    last = next(reversed(own), None)
    if last is None:
        return ""
    return " · ".join(filter(None, (last.on_date.isoformat(), last.operator, last.state.label)))
