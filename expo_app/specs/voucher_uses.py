"""Columns of 券 and of 用券, as forms and files have them; what they come to is worked out when they are written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, func, select, type_coerce

from expo_app.i18n import N_, _
from expo_app.model import (
    Fen,
    Instrument,
    Organisation,
    Provider,
    ServiceItem,
    UseState,
    Voucher,
    VoucherPolicy,
    VoucherState,
    VoucherUse,
)
from expo_app.rules.regions import region_name
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.organisations import NAME_ALIASES
from expo_app.specs.records import NamedBy, RecordSpec, both_names, own_name, read_name, search_of

_voucher, _use, _policy, _provider, _body, _instrument, _item = (
    model.__table__ for model in (Voucher, VoucherUse, VoucherPolicy, Provider, Organisation, Instrument, ServiceItem)
)
CONTRACT, MONEY, REVIEW, RESULT = N_("合同"), N_("金额"), N_("核验"), N_("结果")
YUAN = N_("元")
MOST_CORRECTED = Decimal(10**12)
"""A correction is below nought; no list brings in another than is there."""
ENTERED = frozenset({None, UseState.DRAFT, UseState.SUBMITTED, UseState.VERIFIED})
"""States in which a list may bring in a use that is not known."""


def _of_policy(column: str) -> ColumnElement[Any]:
    query = select(_policy.c[column]).where(_policy.c.id == _voucher.c.policy_id)
    return query.correlate(_voucher).scalar_subquery()


def company_words(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Search words of the company that a column names."""
    body = _body.alias("using_company")
    words = select(func.lower(both_names(body)) + " " + func.coalesce(body.c.search_text, "")).where(
        body.c.id == column
    )
    return func.coalesce(words.correlate(column.table).scalar_subquery(), "")


def voucher_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """An amount there is, and days in their order, none to come."""
    found: dict[str, str] = {}
    amount, applied, approved = (values.get(name) for name in ("amount", "applied_on", "approved_on"))
    if amount is not None and amount <= 0:
        found["amount"] = _("金额要大于 0。")
    if applied and approved and approved < applied:
        found["approved_on"] = _("批准日期不能早于申领日期。")
    for name, day in (("applied_on", applied), ("approved_on", approved)):
        if facts and day and day > max(facts.today, facts.ends_on):
            found[name] = _("日期 {day} 还没有到。").format(day=day.isoformat())
    expires = values.get("expires_on")
    if approved and expires and expires < approved:
        found["expires_on"] = _("有效期不能早于批准日期。")
    if values.get("state") is VoucherState.APPROVED and "approved_on" in values and not approved:
        found["approved_on"] = _("状态是已批，要填批准日期。")
    return found


def use_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """Money above nothing, days in their order."""
    found: dict[str, str] = {}
    for name in ("contract_amount", "invoice_amount"):
        if (amount := values.get(name)) is not None and amount <= 0:
            found[name] = _("金额要大于 0。")
    if (support := values.get("other_support")) is not None and support < 0:
        found["other_support"] = _("金额不能小于 0；没有就填 0。")
    signed, reported = values.get("contract_on"), values.get("report_on")
    if signed and reported and reported < signed:
        found["report_on"] = _("报告日期不能早于签订日期。")
    if signed and (verified := values.get("verified_on")) and verified < signed:
        found["verified_on"] = _("核验日期不能早于签订日期。")
    if facts and signed and signed > max(facts.today, facts.ends_on):
        found["contract_on"] = _("日期 {day} 还没有到。").format(day=signed.isoformat())
    return found


SAMPLE = Field("is_sample", N_("示例"), 6, readonly=True, in_form=False)
VOUCHERS: RecordSpec = RecordSpec(
    name="vouchers",
    model=Voucher,
    title=N_("券"),
    key=(("voucher_no",), ("organisation_id", "applied_on", "amount")),
    scope="",
    needs_expo=False,
    order=("-voucher_no",),
    search=lambda: search_of(
        _voucher.c.search_text, func.lower(_voucher.c.voucher_no), company_words(_voucher.c.organisation_id)
    ),
    search_words=("purpose",),
    chips=("state", "region"),
    icon="coupon-3",
    permission="vouchers.edit",
    natural="voucher_no",
    contradictions=voucher_contradictions,
    fields=(
        Field("voucher_no", N_("券号"), 12, required=False, in_form=False, show="bold",
              aliases=("编号", "创新券编号", "券编号", "Voucher no.")),
        Field("organisation_id", N_("用券企业"), 28, ref="organisations", is_vital=True,
              aliases=(*NAME_ALIASES, "申领企业", "申领单位", "申请企业", "申请单位", "企业", "Company")),
        Field("region", N_("承担地区"), 10, readonly=True, in_form=False, select=partial(_of_policy, "region_code"),
              format=region_name),
        Field("policy", N_("办法"), 24, readonly=True, in_form=False, in_table=False,
              select=partial(_of_policy, "title")),
        Field("applicant", N_("申领人类别"), 12, in_table=False, aliases=("申请人类别", "企业类别", "类别")),
        Field("applied_on", N_("申领日期"), 12, required=False, is_vital=True, is_beginning=True,
              aliases=("申请日期", "申领时间", "申请时间")),
        Field("amount", N_("金额"), 14, type=FieldType.YUAN, unit=YUAN, is_vital=True,
              aliases=("券面金额", "券面额", "批准金额", "批准额度", "核定金额", "申领金额", "申请金额", "申领额度",
                       "申请额度", "额度", "面额", "Amount")),
        Field("state", N_("状态"), 10, show="pill", required=False, in_form=False, is_vital=True,
              aliases=("审批状态", "券状态")),
        Field("approved_on", N_("批准日期"), 12, in_form=False, is_vital=True, aliases=("批准时间", "审批日期")),
        Field("expires_on", N_("有效期至"), 12, is_deadline=True, in_form=False, is_vital=True,
              aliases=("有效期", "到期日期", "失效日期", "有效期限", "券有效期", "截止日期")),
        Field("used", N_("已用"), 14, type=FieldType.YUAN, unit=YUAN, readonly=True, in_form=False),
        Field("left", N_("余额"), 14, type=FieldType.YUAN, unit=YUAN, readonly=True, in_form=False,
              select=lambda: type_coerce(_voucher.c.held - _voucher.c.used, Fen)),
        Field("purpose", N_("用途"), 24, in_table=False, aliases=("拟用途", "使用方向", "申领用途")),
        Field("note", N_("备注"), 24, in_table=False, aliases=("说明",)),
        SAMPLE,
    ),
)  # fmt: skip


# --- uses -------------------------------------------------------------------------------------------------------------
def used_provider(named: NamedBy = own_name) -> ColumnElement[str]:
    """The organisation that serves."""
    body = _body.alias("used_provider")
    joined = _provider.join(body, body.c.id == _provider.c.organisation_id)
    query = select(named(body)).select_from(joined).where(_provider.c.id == _use.c.provider_id)
    return query.correlate(_use).scalar_subquery()


def used_resource() -> ColumnElement[str]:
    """The instrument or service item it is of."""
    tool, item = (
        select(table.c.title).where(table.c.id == column).correlate(_use).scalar_subquery()
        for table, column in ((_instrument, _use.c.instrument_id), (_item, _use.c.service_item_id))
    )
    return func.coalesce(tool, item, "")


def corrected() -> ColumnElement[str]:
    """The number of the use that it corrects."""
    whole = _use.alias("corrected_use")
    return select(whole.c.use_no).where(whole.c.id == _use.c.corrects_id).correlate(_use).scalar_subquery()


VOUCHER_USES: RecordSpec = RecordSpec(
    name="voucher_uses",
    model=VoucherUse,
    title=N_("用券"),
    key=(("use_no",), ("organisation_id", "contract_no")),
    scope="",
    needs_expo=False,
    order=("-use_no",),
    search=lambda: search_of(
        _use.c.search_text, func.lower(_use.c.use_no), company_words(_use.c.organisation_id),
        func.lower(func.coalesce(used_provider(both_names), "")), func.lower(used_resource()),
    ),
    search_words=("title", "contract_no"),
    chips=("state", "issuer_code", "payee_code", "kind"),
    icon="coupon-3",
    permission="vouchers.edit",
    natural="use_no",
    contradictions=use_contradictions,
    fields=(
        Field("use_no", N_("编号"), 13, required=False, in_form=False, show="bold", max_length=36,
              aliases=("用券编号", "使用编号", "登记编号")),
        Field("organisation_id", N_("用券企业"), 28, ref="organisations", is_vital=True, group=CONTRACT,
              aliases=(*NAME_ALIASES, "企业", "使用企业", "委托方", "Company")),
        Field("provider", N_("服务机构"), 26, ref="providers", type=FieldType.REF, required=True, is_vital=True,
              select=used_provider, read=partial(used_provider, read_name), group=CONTRACT,
              aliases=("机构", "机构名称", "服务单位", "服务提供方", "提供方", "检测机构", "受托方", "Provider")),
        Field("resource", N_("资源"), 24, max_length=200, select=used_resource, in_table=False, group=CONTRACT,
              aliases=("仪器", "仪器名称", "服务项目", "资源名称")),
        Field("voucher_id", N_("券号"), 12, ref="vouchers", is_vital=True, required=False, in_table=False,
              group=CONTRACT, aliases=("创新券编号", "券编号"), hint=N_("只有一张可用的可以不填")),
        Field("kind", N_("服务类别"), 12, group=CONTRACT, aliases=("类别", "服务类型")),
        Field("title", N_("服务内容"), 28, in_table=False, group=CONTRACT, aliases=("内容", "项目名称", "服务名称")),
        Field("contract_no", N_("合同编号"), 16, in_table=False, group=CONTRACT, aliases=("合同号",)),
        Field("contract_on", N_("签订日期"), 12, is_vital=True, group=CONTRACT,
              aliases=("合同日期", "合同签订日期", "签订时间", "签约日期", "签约时间", "合同签约日期")),
        Field("contract_amount", N_("合同金额"), 14, type=FieldType.YUAN, unit=YUAN, is_vital=True, group=MONEY,
              aliases=("合同额", "服务金额", "金额")),
        Field("invoice_amount", N_("发票金额"), 14, type=FieldType.YUAN, unit=YUAN, is_vital=True, in_table=False,
              group=MONEY, aliases=("发票额", "开票金额")),
        Field("other_support", N_("其他财政资助"), 14, type=FieldType.YUAN, unit=YUAN, is_vital=True, in_table=False,
              group=MONEY, hint=N_("没有就填 0"), aliases=("其他资助", "已获财政资助")),
        Field("share", N_("券付"), 14, type=FieldType.YUAN, unit=YUAN, is_vital=True, in_form=False, group=MONEY,
              least=-MOST_CORRECTED,
              aliases=("券付金额", "补助金额", "兑付金额", "抵扣金额", "券抵扣", "券抵扣金额",
                       "券抵扣额", "抵扣额", "券额", "Voucher share")),
        Field("own", N_("自付"), 14, type=FieldType.YUAN, unit=YUAN, readonly=True, in_form=False, in_table=False,
              select=lambda: type_coerce(
                  _use.c.basis_amount - _use.c.share - func.coalesce(_use.c.other_support, 0), Fen)),
        Field("is_unrelated", N_("企业声明无关联"), 8, in_table=False, group=REVIEW, is_vital=True,
              aliases=("声明无关联", "无关联声明", "无关联")),
        Field("report_no", N_("报告编号"), 14, in_table=False, group=REVIEW, aliases=("检测报告编号", "报告号")),
        Field("report_on", N_("报告日期"), 12, is_vital=True, in_table=False, group=REVIEW,
              aliases=("检测报告日期", "报告时间")),
        Field("issuer_code", N_("承担地区"), 10, readonly=True, in_form=False, format=region_name),
        Field("payee_code", N_("机构地区"), 10, readonly=True, in_form=False, format=region_name),
        Field("way", N_("兑付方式"), 8, readonly=True, in_form=False, in_table=False),
        Field("state", N_("状态"), 10, show="pill", required=False, in_form=False, is_vital=True,
              aliases=("使用状态", "核验状态"), group=RESULT),
        Field("submitted_on", N_("提交日期"), 12, readonly=True, in_form=False, in_table=False, group=RESULT),
        Field("verified_on", N_("核验日期"), 12, in_form=False, is_vital=True, group=RESULT,
              aliases=("核验时间", "审核日期", "审定日期")),
        Field("corrects", N_("更正的用券"), 12, readonly=True, in_form=False, show="pill", select=corrected,
              group=RESULT),
        Field("deal_id", N_("签约项目"), 14, ref="deals", in_table=False, in_form=False, group=RESULT,
              aliases=("项目编号",)),
        Field("reason", N_("原因"), 24, readonly=True, in_form=False, in_table=False, group=RESULT),
        SAMPLE,
    ),
)  # fmt: skip
