"""Pictures of 双创券: uses, vouchers, policies and their forms, of a made-up policy and its uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select
from stage import Stage

from expo_app.model import (
    Instrument,
    ListedProvider,
    Organisation,
    PolicyClass,
    Provider,
    UseState,
    VoucherPolicy,
    VoucherUse,
)
from expo_app.routes import ListRoute
from expo_app.routes.vouchers import UseRoute, VouchersRoute
from expo_app.services import voucher_acts, voucher_uses
from expo_app.specs import POLICIES, VOUCHER_USES, VOUCHERS
from expo_app.specs.voucher_shown import Application, UseDraft
from expo_app.ui.pages.vouchers import use_acts
from expo_app.ui.pages.vouchers.apply_form import ApplyDialog

POLICY = {
    "title": "科技创新券办法（示例）", "valid_from": date(2018, 1, 1), "valid_until": date(2019, 12, 31),
    "rate": Decimal(50), "cap_per_use": Decimal(50_000), "cap_per_year": Decimal(200_000),
    "budget": Decimal(3_000_000), "kinds": ["检验检测", "研发设计", "中试"], "review_levels": 2, "valid_months": 12,
    "is_sample": True, "source": "示例，不是任何地区的办法",
}  # fmt: skip
DAY = date(2018, 11, 29)


def _ground(stage: Stage) -> dict[str, Any]:
    """A company with a voucher, a listed provider with an instrument, three uses; made once for a stage."""
    context = stage.context
    db, expo_id = context.db, context.expo_id
    with db.reading() as session:
        known = session.scalar(select(VoucherPolicy.id).where(VoucherPolicy.title == POLICY["title"]))
    if known is None:
        _make(db, expo_id)
    with db.reading() as session:
        policy = session.scalars(select(VoucherPolicy).where(VoucherPolicy.title == POLICY["title"])).first()
        use = select(VoucherUse).where(VoucherUse.state == UseState.SUBMITTED).order_by(VoucherUse.use_no)
        waiting = session.scalars(use).first()
        instrument = session.scalar(select(Instrument.id).where(Instrument.instrument_no == "JX-2018-17"))
        if policy is None or waiting is None:
            raise LookupError("no voucher of the scenes")
        return {
            "policy": policy.id, "use": waiting.id, "voucher": waiting.voucher_id,
            "company": waiting.organisation_id, "instrument": instrument,
        }  # fmt: skip


def _make(db: Any, expo_id: Any) -> None:
    with db.transaction() as session:
        provider = session.scalars(select(Provider).order_by(Provider.id)).first()
        if provider is None:
            raise LookupError("the sample has no provider")
        owner = session.get_one(Organisation, provider.organisation_id)
        owner.region_code = owner.region_code or "310114"
        company = Organisation(
            name="德盈机器人有限公司（示例）", short_name="德盈", region_code="320581", legal_representative="示例甲",
            is_sample=True,
        )  # fmt: skip
        owner.legal_representative = owner.legal_representative or "示例乙"
        policy = VoucherPolicy(region_code="320581", **POLICY)
        tool = Instrument(
            provider_id=provider.id, title="场发射扫描电镜（示例）", instrument_no="JX-2018-17", category="分析仪器",
            price=Decimal(480), unit="样", listed_from=date(2018, 1, 1), listed_until=date(2020, 12, 31),
            is_sample=True,
        )  # fmt: skip
        session.add_all((company, policy, tool))
        session.flush()
        session.add(PolicyClass(policy_id=policy.id, applicant="企业"))
        session.add(
            ListedProvider(
                region_code="320581",
                provider_id=provider.id,
                valid_from=date(2018, 1, 1),
                valid_until=date(2020, 12, 31),
                is_sample=True,
            )
        )
        keys = company.id, provider.id, tool.id
    voucher = voucher_acts.apply(db, expo_id, Application(keys[0], Decimal(100_000), purpose="减速器检测"))
    voucher_acts.approve(db, expo_id, voucher, "材料齐全")
    voucher_acts.apply(db, expo_id, Application(keys[0], Decimal(40_000), purpose="二期"))
    for number, amount in enumerate((20_000, 36_500, 12_000), 1):
        draft = UseDraft(
            organisation_id=keys[0], voucher_id=voucher, provider_id=keys[1], instrument_id=keys[2], kind="检验检测",
            title="减速器齿面失效分析，41 样", contract_no=f"KS-JX-2018-{number:04}", contract_on=DAY,
            contract_amount=Decimal(amount), other_support=Decimal(0), is_unrelated=True,
            report_no=f"R-{number:03}" if number < 3 else "", report_on=DAY if number < 3 else None,
        )  # fmt: skip
        use = voucher_uses.submit(db, expo_id, draft)
        if number == 1:
            voucher_uses.verify(db, expo_id, use, "合同和报告相符")


def _uses(stage: Stage) -> None:
    _ground(stage)
    stage.go(VouchersRoute(face="uses"))


def _use_panel(stage: Stage) -> None:
    stage.go(ListRoute(VOUCHER_USES, record=_ground(stage)["use"]))


def _vouchers(stage: Stage) -> None:
    stage.go(ListRoute(VOUCHERS, record=_ground(stage)["voucher"]))


def _policies(stage: Stage) -> None:
    stage.go(ListRoute(POLICIES, record=_ground(stage)["policy"]))


def _form(stage: Stage, amount: str = "20,000.00") -> Any:
    found = _ground(stage)
    page = stage.go(UseRoute(organisation=found["company"], instrument=found["instrument"]))
    box = page.face.form
    fields = box.fields
    for name, words in (
        ("contract_no", "KS-JX-2018-0087"), ("contract_on", DAY.isoformat()), ("kind", "检验检测"),
        ("title", "减速器齿面失效分析，41 样"), ("other_support", "0.00"), ("contract_amount", amount),
    ):  # fmt: skip
        fields.editor(name).set_value(words)
    box.ask()
    stage.settle()


def _apply(stage: Stage) -> None:
    company = _ground(stage)["company"]
    page = stage.go(ListRoute(VOUCHERS))
    ApplyDialog(page, stage.context, company).open()
    stage.settle()


def _act(name: str, stage: Stage) -> None:
    found = _ground(stage)
    page = stage.go(ListRoute(VOUCHER_USES, record=found["use"]))
    shown = page.face.shown
    call = {"verify": use_acts.verify, "correct": use_acts.correct, "report": use_acts.report}[name]
    call(shown, found["use"], shown.look(found["use"]))
    stage.settle()


VOUCHER_SCENES: dict[str, Callable[[Stage], Any]] = {
    "vouchers-uses": _uses,
    "vouchers-use-panel": _use_panel,
    "vouchers-vouchers": _vouchers,
    "vouchers-policies": _policies,
    "vouchers-form": _form,
    "vouchers-form-cap": partial(_form, amount="180,000.00"),
    "vouchers-apply": _apply,
    "vouchers-verify": partial(_act, "verify"),
    "vouchers-report": partial(_act, "report"),
    "vouchers-correct": partial(_act, "correct"),
}
"""By name."""
