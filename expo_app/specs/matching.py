"""Columns of 技术需求 (open calls among them), 服务机构 and their 服务项目."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, select

from expo_app.i18n import N_, _
from expo_app.model import CooperationWay, Demand, DemandState, Organisation, Provider, ServiceItem
from expo_app.rules import tech_contracts
from expo_app.specs.achievements import FIELD_ALIASES, INDICATOR_ALIASES, KEYWORD_ALIASES
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.organisations import ENGLISH_ALIASES, NAME_ALIASES, ORGANISATIONS
from expo_app.specs.people import PEOPLE
from expo_app.specs.records import NamedBy, Parent, RecordSpec, both_names, own_name, read_name, search_of

WHAT, SOLUTION, CALL, RESULT, CONTACT = N_("需求"), N_("要求"), N_("揭榜挂帅"), N_("进展"), N_("联系人")
CALLED = frozenset({DemandState.REVIEW, DemandState.AWARDED, DemandState.PERFORMING, DemandState.FAILED})
"""States of open calls alone."""
SOLVED = frozenset({DemandState.AWARDED, DemandState.PERFORMING})
"""States in which somebody solves it."""
OF_CALLS = ("public_money", "apply_by", "applicants")
_provider, _item = Provider.__table__, ServiceItem.__table__


def demand_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """What no demand is: solved by who asks, awarded to nobody, with more public money than money."""
    found: dict[str, str] = {}
    for name in ("budget", "public_money"):
        if (amount := values.get(name)) is not None and amount <= 0:
            found[name] = _("金额要大于 0。")
    budget, public = values.get("budget"), values.get("public_money")
    if budget is not None and public is not None and public > budget:
        found["public_money"] = _("财政资金不能多于预算。")
    start, end = values.get("apply_by"), values.get("needed_by")
    if start and end and end < start:
        found["needed_by"] = _("完成时限不能早于揭榜截止。")
    return found | _of_state(values) | _solved(values, facts)


def _of_state(values: Mapping[str, Any]) -> dict[str, str]:
    """What only an open call has."""
    if values.get("is_open_call") is not False:
        return {}
    found = {name: _("只有揭榜挂帅填这一项。") for name in OF_CALLS if values.get(name) is not None}
    if (state := values.get("state")) in CALLED:
        found["state"] = _("“{state}”是揭榜挂帅的状态；一般需求填征集、结题或撤回。").format(state=state.label)
    return found


def _solved(values: Mapping[str, Any], facts: ExpoFacts | None) -> dict[str, str]:
    found: dict[str, str] = {}
    state, solver = values.get("state"), values.get("solver_id")
    if solver and solver == values.get("owner_id"):
        found["solver_id"] = _("需求单位不能自己揭榜，换一家承接单位。")
    if state in SOLVED and "solver_id" in values and not solver:
        found["state"] = _("状态是“{state}”，要填承接单位。").format(state=state.label)
    if state is DemandState.FAILED and solver:
        found["state"] = _("流榜的没有承接单位；有承接单位的不是流榜。")
    day = values.get("awarded_on")
    if day and "solver_id" in values and not solver:
        found["awarded_on"] = _("填了定榜日期，要填承接单位。")
    if facts and day and day > max(facts.today, facts.ends_on):
        found["awarded_on"] = _("定榜日期 {day} 还没有到。").format(day=day.isoformat())
    return found


def _contact(spec_group: str) -> tuple[Field, ...]:
    more = partial(PEOPLE.again, through="contact", in_table=False, group=spec_group)
    aliases = ("联系人姓名", "姓名", "联络人", "对接人", "负责人", "项目负责人", "Contact", "Contact person")
    return (
        more("name", label=N_("联系人"), width=10, show="", aliases=aliases),
        more("phone", also=("联系人电话", "联系人手机")),
        more("email"),
    )


SAMPLE = Field("is_sample", N_("示例"), 6, readonly=True, in_form=False)
DEMANDS: RecordSpec = RecordSpec(
    name="demands",
    model=Demand,
    title=N_("技术需求"),
    key=(("owner_id", "title"),),
    parents={"contact": Parent("people", {"organisation_id": "owner_id"})},
    order=("title",),
    search=lambda: search_of(Demand.__table__.c.search_text, DEMANDS.parent_table("owner").c.search_text),
    search_words=("title", "field", "keywords", "title_en"),
    chips=("is_open_call", "field", "state"),
    icon="file-list-3",
    permission="matching.edit",
    natural="title",
    contradictions=demand_contradictions,
    fields=(
        Field("title", N_("需求名称"), 36, show="bold", group=WHAT,
              aliases=("需求", "名称", "需求标题", "技术需求名称", "榜单名称", "项目名称", "难题名称", "技术难题",
                       "需求项目名称", "Demand", "Title")),
        Field("owner_id", N_("需求单位"), 28, ref="organisations", creates=True, group=WHAT,
              aliases=(*NAME_ALIASES, "发榜单位", "需求方", "发榜企业", "需求企业", "提出单位", "发布单位", "Owner")),
        ORGANISATIONS.again("region_code", through="owner", in_form=False),
        Field("field", N_("领域"), 14, aliases=FIELD_ALIASES, suggestions=lambda: tech_contracts.TECH_FIELDS,
              group=WHAT),
        Field("keywords", N_("关键词"), 24, in_table=False, aliases=KEYWORD_ALIASES,
              hint=N_("用顿号分开，找成果时按它们比"), group=WHAT),
        Field("problem", N_("难题描述"), 40, in_table=False, group=WHAT,
              aliases=("需求描述", "需求内容", "主要问题", "技术难题描述", "需求简介", "问题描述", "主要内容", "简介",
                       "技术难题", "拟解决的主要问题", "Problem")),
        Field("indicators", N_("技术指标"), 40, in_table=False, aliases=INDICATOR_ALIASES, group=SOLUTION),
        Field("ways", N_("合作方式"), 16, type=FieldType.CHOICES, several=CooperationWay, in_table=False,
              aliases=("拟合作方式", "意向合作方式", "对接方式", "解决方式"), group=SOLUTION),
        Field("budget", N_("预算"), 12, unit=N_("万元"), group=SOLUTION,
              aliases=("预算金额", "拟投入资金", "意向投入", "投入预算", "榜单金额", "总投入", "拟投入", "出资意愿",
                       "Budget")),
        Field("needed_by", N_("完成时限"), 12, is_deadline=True, in_table=False, group=SOLUTION,
              aliases=("时限", "完成期限", "解决期限", "期望完成时间", "需求时限", "Deadline")),
        Field("ip_terms", N_("知识产权归属"), 24, in_table=False, aliases=("产权归属", "知识产权约定", "知识产权"),
              group=SOLUTION),
        Field("conditions", N_("对承接方的要求"), 30, in_table=False, group=SOLUTION,
              aliases=("揭榜条件", "揭榜方条件", "对揭榜方要求", "承接要求", "资质要求", "合作条件")),
        Field("is_open_call", N_("揭榜挂帅"), 8, aliases=("是否揭榜挂帅", "揭榜", "Open call"), group=CALL),
        Field("public_money", N_("财政资金"), 12, unit=N_("万元"), is_vital=True, in_table=False, group=CALL,
              hint=N_("有的地方要求总投入不低于财政资金的 4 倍，以当地科技主管部门的通知为准"),
              aliases=("财政补助", "财政支持", "补助资金", "财政经费", "Public money")),
        Field("apply_by", N_("揭榜截止"), 12, is_deadline=True, group=CALL,
              aliases=("截止日期", "揭榜截止日期", "截榜日期", "截止时间", "申报截止", "报名截止", "Apply by")),
        Field("applicants", N_("已揭榜"), 8, in_table=False, aliases=("揭榜数", "揭榜家数", "申报家数"), group=CALL),
        Field("state", N_("状态"), 8, show="pill", aliases=("进展", "需求状态", "榜单状态"), group=RESULT),
        Field("solver_id", N_("承接单位"), 28, ref="organisations", creates=True, in_table=False, is_vital=True,
              aliases=("揭榜单位", "揭榜方", "中榜单位", "承担单位", "Solver"), group=RESULT,
              hint=N_("需求单位不能自己揭榜")),
        Field("awarded_on", N_("定榜日期"), 12, is_vital=True, in_table=False, aliases=("中榜日期", "签约日期"),
              group=RESULT),
        *_contact(CONTACT),
        Field("title_en", N_("英文名称"), 30, in_table=False, aliases=ENGLISH_ALIASES, group=WHAT),
        SAMPLE,
    ),
)  # fmt: skip


# --- who offers services ----------------------------------------------------------------------------------------------
PROVIDER_KINDS = (
    N_("检验检测"), N_("知识产权服务"), N_("技术转移"), N_("科技金融"), N_("科技咨询"), N_("研发设计"),
    N_("创业孵化"), N_("科技信息"),
)  # fmt: skip
"""Kinds that a form offers; an organiser's own word does as well."""
_organisation = partial(ORGANISATIONS.again, through="organisation", in_table=False)

PROVIDERS: RecordSpec = RecordSpec(
    name="providers",
    model=Provider,
    title=N_("服务机构"),
    key=(("organisation.credit_code",), ("organisation.name",)),
    parents={
        "organisation": Parent("organisations"),
        "contact": Parent("people", {"organisation_id": "organisation_id"}),
    },
    scope="",
    order=("organisation.name",),
    search=lambda: search_of(_provider.c.search_text, PROVIDERS.parent_table("organisation").c.search_text),
    search_words=("kind", "qualification"),
    chips=("kind",),
    icon="service",
    permission="matching.edit",
    natural="organisation.name",
    fields=(
        _organisation("name", label=N_("机构名称"), in_table=True, show="bold", also=("服务机构", "机构", "Provider")),
        Field("kind", N_("机构类别"), 14, suggestions=lambda: [_(words) for words in PROVIDER_KINDS],
              aliases=("类别", "服务类别", "机构类型", "服务类型", "类型", "Kind", "Type")),
        _organisation("region_code", in_table=True),
        Field("qualification", N_("资质"), 24, in_table=False, aliases=("资质证书", "资质名称", "资质编号")),
        Field("qualified_until", N_("资质有效期至"), 12, is_deadline=True, in_table=False,
              aliases=("有效期至", "有效期", "资质有效期", "证书有效期")),
        Field("items", N_("服务项目"), 8, type=FieldType.NUMBER, readonly=True, in_form=False, in_excel=False,
              select=lambda: select(func.count()).select_from(_item).where(_item.c.provider_id == _provider.c.id)
              .correlate(_provider).scalar_subquery()),
        _organisation("credit_code"),
        _organisation("website"),
        *_contact(CONTACT),
        Field("summary", N_("简介"), 40, in_table=False, aliases=("机构简介", "服务简介", "业务范围", "服务内容")),
        SAMPLE,
    ),
)  # fmt: skip


def provider_name(named: NamedBy = own_name, of: FromClause = _item) -> ColumnElement[str]:
    """The organisation whose service an item is; `of`: another table that names a provider."""
    body = Organisation.__table__.alias("serving_body")
    joined = _provider.join(body, body.c.id == _provider.c.organisation_id)
    query = select(named(body)).select_from(joined).where(_provider.c.id == of.c.provider_id)
    return query.correlate(of).scalar_subquery()


def item_contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """A price is of a unit, and above nothing."""
    price = values.get("price")
    return {"price": _("金额要大于 0。")} if price is not None and price <= 0 else {}


SERVICE_ITEMS: RecordSpec = RecordSpec(
    name="service_items",
    model=ServiceItem,
    title=N_("服务项目"),
    key=(("provider", "title"),),
    scope="",
    order=("provider", "title"),
    search=lambda: search_of(_item.c.search_text, func.lower(provider_name(both_names))),
    search_words=("title", "field", "keywords", "title_en"),
    chips=("field", "provider"),
    icon="price-tag-3",
    permission="matching.edit",
    natural="title",
    contradictions=item_contradictions,
    fields=(
        Field("title", N_("服务项目"), 32, show="bold",
              aliases=("项目名称", "服务名称", "服务项目名称", "名称", "Service")),
        Field("provider", N_("服务机构"), 28, ref="providers", type=FieldType.REF, required=True, is_vital=True,
              select=provider_name, read=partial(provider_name, read_name),
              aliases=("机构名称", "机构", "提供单位", "提供机构", "单位名称", "服务单位", "单位", "Provider")),
        Field("field", N_("领域"), 14, aliases=FIELD_ALIASES, suggestions=lambda: tech_contracts.TECH_FIELDS),
        Field("keywords", N_("关键词"), 24, in_table=False, aliases=KEYWORD_ALIASES,
              hint=N_("用顿号分开，找需求时按它们比")),
        Field("price", N_("价格"), 12, unit=N_("万元"), per="unit",
              aliases=("收费", "收费标准", "单价", "服务价格", "报价", "Price")),
        Field("unit", N_("计价单位"), 8, aliases=("单位（计价）", "收费单位", "单位", "Unit")),
        Field("valid_until", N_("有效期至"), 12, is_deadline=True, in_table=False,
              aliases=("有效期", "截止日期", "截止", "Deadline")),
        Field("summary", N_("说明"), 40, in_table=False, aliases=("服务内容", "简介", "服务说明", "内容")),
        Field("title_en", N_("英文名称"), 30, in_table=False, aliases=ENGLISH_ALIASES),
        SAMPLE,
    ),
)  # fmt: skip
