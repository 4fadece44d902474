"""Columns of 入驻企业, their dated figures in the words and order of the Torch form, and what they were granted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select

from expo_app.i18n import N_, _
from expo_app.model import (
    Organisation,
    Park,
    SupportKind,
    Tenant,
    TenantFigures,
    TenantState,
    TenantStep,
    TenantSupport,
)
from expo_app.rules import partial_days, tech_contracts, tenant_steps
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.organisations import NAME_ALIASES
from expo_app.specs.parks import SAMPLE, day_field, region_field, source_field
from expo_app.specs.people import PEOPLE
from expo_app.specs.records import NamedBy, Parent, RecordSpec, both_names, own_name, read_name, search_of

MONEY = "parks.money"
"""Who may see what a tenant earns, pays and is worth."""
STAY = N_("第几次入驻")
WHO, COURSE, ORIGIN, FORM, CONTACT = N_("企业"), N_("经过"), N_("来历"), N_("火炬口径固定项"), N_("联系人")
THOUSANDS = N_("千元")
_tenant, _step, _park, _body = Tenant.__table__, TenantStep.__table__, Park.__table__, Organisation.__table__
_figures, _support = TenantFigures.__table__, TenantSupport.__table__
STEP_DAYS = {
    "visited_on": TenantState.VISITED, "intended_on": TenantState.INTENDED, "signed_on": TenantState.SIGNED,
    "moved_in_on": TenantState.MOVED_IN, "incubated_on": TenantState.INCUBATED, "landed_on": TenantState.LANDED,
    "graduated_on": TenantState.GRADUATED, "left_on": TenantState.LEFT,
}  # fmt: skip
"""Field → the state whose step it dates."""
PAST, FIGURES_PAST = (*STEP_DAYS, "founded_on"), ("on_date", "filled_on")
"""Days that are never to come."""
GRANTED_PAST = ("granted_on",)
PERIOD_ENDS = ((6, 30), (12, 31))
"""Month and day of the ends of the periods that a tenant reports for."""
LEAVING = {"left_to": "where_to", "left_why": "words"}
"""Field → what its step of 退出 says."""
MOST_ROOM, MOST_PLACE, MOST_WORDS = 60, 200, 300
"""Letters of a room, of where a step led to and of what is said of it."""


def step_value(state: TenantState, column: str) -> ColumnElement[str]:
    """What the step of a state that holds says in a column; None where there is no such step."""
    query = select(func.max(_step.c[column])).where(
        _step.c.tenant_id == _tenant.c.id, _step.c.state == state, _step.c.is_undone.is_(False)
    )
    return query.correlate(_tenant).scalar_subquery()


def tenant_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """No step is before an earlier one, none is to come, and who leaves says where to and why."""
    days = {state: values[name] for name, state in STEP_DAYS.items() if values.get(name)}
    names = {state: name for name, state in STEP_DAYS.items()}
    found: dict[str, str] = {}
    if problem := tenant_steps.misplaced(days):
        found[names[problem.state]] = problem.words
    found |= partial_days.to_come(values, PAST, facts.latest if facts else None)
    if values.keys() >= LEAVING.keys() and not all(values[name] for name in LEAVING):
        if TenantState.LEFT in days:
            found["left_on"] = _("退出要写去向和原因。")
        elif values.get("state") is TenantState.LEFT:
            found["state"] = _("退出要写去向和原因。")
    return found


def stays_of(rows: Sequence[Mapping[str, Any]], there: Sequence[Mapping[str, Any]]) -> list[int]:
    """Which stay of one company in one park each row of a list means that does not say it: the first that had not
    ended before its first day, the next one where all had; without a day the last.
    """
    ends = {row["stay"]: row.get("left_on") or "" for row in there}
    begins = [
        min(filter(None, (row.get(n) for n in STEP_DAYS)), key=partial_days.first_day, default="") for row in rows
    ]
    found = [0] * len(rows)
    for at in sorted(range(len(rows)), key=lambda at: (begins[at] == "", begins[at])):
        row, begin, last = rows[at], begins[at], max(ends, default=1)
        open_then = (n for n in sorted(ends) if not partial_days.surely_before(ends[n], begin))
        stay = row.get("stay") or (next(open_then, last + 1) if begin and ends else last)
        ends[stay] = ends.get(stay) or row.get("left_on") or ""
        found[at] = stay
    return found


def _dates() -> tuple[Field, ...]:
    labels = {
        "visited_on": N_("接触日期"), "intended_on": N_("意向日期"), "signed_on": N_("签约日期"),
        "moved_in_on": N_("入驻日期"), "incubated_on": N_("孵化日期"), "landed_on": N_("落地日期"),
        "graduated_on": N_("毕业日期"), "left_on": N_("退出日期"),
    }  # fmt: skip
    also = {
        "visited_on": ("走访日期", "首次接触", "First visit date", "First visit", "First visited on", "First contact"),
        "signed_on": ("签订日期", "入驻协议日期", "Contract signed", "Contract signed on", "Contract date"),
        "moved_in_on": ("入园日期", "入驻时间", "Moved in", "Move-in date"),
        "landed_on": ("落地时间", "Project landed", "Project landed on", "Landed"),
        "graduated_on": ("毕业时间", "Graduated"), "left_on": ("退出时间", "Left", "Left the park on"),
    }  # fmt: skip
    return tuple(
        day_field(name, labels[name], select=partial(step_value, state, "on_day"), in_table=False, group=COURSE,
                  aliases=also.get(name, ()))
        for name, state in STEP_DAYS.items()
    )  # fmt: skip


_yes = partial(Field, width=8, in_table=False, group=FORM)
TENANTS: RecordSpec = RecordSpec(
    name="tenants",
    model=Tenant,
    title=N_("入驻企业"),
    key=(("park_id", "organisation_id", "stay"),),
    numbers=stays_of,
    parents={"contact": Parent("people", {"organisation_id": "organisation_id"})},
    scope="",
    needs_expo=False,
    order=("park_id", "organisation_id", "stay"),
    search=lambda: search_of(
        _tenant.c.search_text, TENANTS.parent_table("organisation").c.search_text,
        TENANTS.parent_table("park").c.search_text,
    ),
    search_words=("summary", "tech_field", "room"),
    chips=("state", "park_id"),
    icon="building-4",
    permission="parks.edit",
    natural="organisation_id",
    contradictions=tenant_contradictions,
    fields=(
        Field("organisation_id", N_("企业"), 28, ref="organisations", creates=True, show="bold",
              aliases=(*NAME_ALIASES, "入驻企业", "团队", "Tenant"), group=WHO),
        Field("park_id", N_("园区"), 24, ref="parks", group=WHO,
              aliases=("园区名称", "合作园区", "入驻园区", "所在园区", "所属园区", "Park")),
        Field("stay", STAY, 8, required=False, in_form=False, least=1, most=99, aliases=("入驻次数",), group=WHO),
        Field("state", N_("状态"), 8, show="pill", group=WHO,
              aliases=("入驻状态", "企业状态", "当前状态", "进展", "阶段"), hint=N_("随经过走；改了就是记一步")),
        Field("is_research_centre", N_("研发中心"), 8, in_table=False, aliases=("是否研发中心",), group=WHO),
        Field("room", N_("房间"), 12, in_table=False, aliases=("房号", "位置"), group=WHO),
        region_field("research_region", N_("研发地"), group=WHO),
        region_field("production_region", N_("产业化地"), aliases=("落地地区",), group=WHO),
        Field("summary", N_("说明"), 36, aliases=("简介", "项目", "主要产品", "备注"), group=WHO),
        *_dates(),
        Field("left_to", N_("退出去向"), 18, select=partial(step_value, TenantState.LEFT, "where_to"), in_table=False,
              aliases=("去向", "Left where to", "Where to", "Moved to"), group=COURSE, max_length=MOST_PLACE),
        Field("left_why", N_("退出原因"), 18, select=partial(step_value, TenantState.LEFT, "words"), in_table=False,
              aliases=("原因", "Reason", "Reason for leaving"), group=COURSE, max_length=MOST_WORDS),
        Field("deal_id", N_("来自签约项目"), 16, ref="deals", is_vital=True, in_table=False,
              aliases=("成交编号", "签约编号"), group=ORIGIN),
        Field("meeting_id", N_("来自洽谈"), 12, ref="meetings", is_vital=True, in_table=False, aliases=("洽谈编号",),
              group=ORIGIN),
        Field("founded_on", N_("成立时间"), 12, is_vital=True, in_table=False, group=FORM,
              aliases=("成立日期", "注册时间")),
        Field("registration_kind", N_("登记注册类型"), 14, in_table=False, aliases=("注册类型",), group=FORM),
        Field("tech_field", N_("技术领域"), 16, in_table=False, aliases=("所属技术领域", "领域"),
              suggestions=lambda: tech_contracts.TECH_FIELDS, group=FORM),
        Field("taxpayer_kind", N_("纳税人类型"), 12, in_table=False, group=FORM),
        _yes("has_mentor", N_("有创业导师"), aliases=("创业导师",)),
        _yes("is_high_tech", N_("高新技术企业"), aliases=("是否高新技术企业",)),
        Field("founder_background", N_("创业者背景"), 14, in_table=False, aliases=("创业者类型",), group=FORM,
              suggestions=lambda: [_(words) for words in BACKGROUNDS]),
        _yes("is_serial_founder", N_("连续创业者"), aliases=("是否连续创业",)),
        Field("founder_sex", N_("创业者性别"), 8, in_table=False, group=FORM),
        Field("registered_capital", N_("注册资本"), 12, type=FieldType.THOUSANDS, unit=THOUSANDS, in_table=False,
              seen_by=MONEY, aliases=("注册资金",), group=FORM),
        PEOPLE.again("name", through="contact", label=N_("联系人"), width=10, show="", in_table=False, group=CONTACT,
                     aliases=("联系人姓名", "姓名", "负责人", "Contact")),
        PEOPLE.again("phone", through="contact", in_table=False, group=CONTACT, also=("联系人电话", "联系人手机")),
        source_field(group=ORIGIN),
        SAMPLE,
    ),
)  # fmt: skip
BACKGROUNDS: tuple[str, ...] = (
    N_("大学生"), N_("留学回国人员"), N_("科技人员"), N_("大企业高管"), N_("其他"),
)  # fmt: skip
"""What a form offers for the founder's background."""


# --- what hangs on a tenant -------------------------------------------------------------------------------------------
def body_of(of: Table, named: NamedBy = own_name) -> ColumnElement[str]:
    """The organisation of the tenant that a row of `of` belongs to."""
    tenant, body = _tenant.alias("of_tenant"), _body.alias("of_body")
    query = select(named(body)).select_from(tenant.join(body, body.c.id == tenant.c.organisation_id))
    return query.where(tenant.c.id == of.c.tenant_id).correlate(of).scalar_subquery()


def park_of(of: Table, named: NamedBy = own_name) -> ColumnElement[str]:
    """The park of the tenant that a row of `of` belongs to."""
    tenant, park = _tenant.alias("in_tenant"), _park.alias("in_park")
    query = select(named(park)).select_from(tenant.join(park, park.c.id == tenant.c.park_id))
    return query.where(tenant.c.id == of.c.tenant_id).correlate(of).scalar_subquery()


def stay_of(of: Table) -> ColumnElement[int]:
    """Which stay of its company the tenant is that a row of `of` belongs to."""
    return select(_tenant.c.stay).where(_tenant.c.id == of.c.tenant_id).correlate(of).scalar_subquery()


def stay_field(of: Table, **more: Any) -> Field:
    """The field that says which of a company's stays in a park a row belongs to."""
    return Field("stay", STAY, 8, type=FieldType.NUMBER, least=1, most=99, is_vital=True, in_table=False,
                 select=partial(stay_of, of), aliases=("入驻次数",), hint=N_("不填是最近一次"), **more)  # fmt: skip


def _of_tenant(table: Table) -> tuple[Field, Field, Field]:
    return (
        Field("tenant", N_("企业"), 28, ref="organisations", type=FieldType.REF, required=True, is_vital=True,
              show="bold", select=partial(body_of, table), read=partial(body_of, table, read_name),
              aliases=(*NAME_ALIASES, "入驻企业", "Tenant")),
        Field("park", N_("园区"), 22, ref="parks", type=FieldType.REF, is_vital=True,
              select=partial(park_of, table), read=partial(park_of, table, read_name),
              aliases=("园区名称", "合作园区", "Park"), hint=N_("企业只在一个园区时可不填")),
        stay_field(table),
    )  # fmt: skip


@dataclass(frozen=True)
class TorchLine:
    """A line of the Torch form that changes by the year. `kind`: yes, area, count, money."""

    name: str
    words: str
    unit: str
    group: str
    kind: str = "count"
    is_part: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def is_money(self) -> bool:
        return self.kind == "money"


FIRM, MEANS, STAFF, RIGHTS, CONTRACTS = N_("企业"), N_("经济"), N_("从业人员"), N_("知识产权"), N_("技术合同")
PEOPLE_UNIT, PIECES = N_("人"), N_("件")
TORCH = (
    TorchLine("is_incubated", N_("是否在孵"), "", FIRM, "yes", aliases=("在孵",)),
    TorchLine("venture_money", N_("获天使或风险投资额"), THOUSANDS, MEANS, "money", aliases=("获风险投资", "风险投资")),
    TorchLine("area", N_("使用场地面积"), N_("㎡"), FIRM, "area", aliases=("使用面积", "场地面积")),
    TorchLine("revenue", N_("总收入"), THOUSANDS, MEANS, "money", aliases=("营业收入", "营收", "收入")),
    TorchLine("net_profit", N_("净利润"), THOUSANDS, MEANS, "money"),
    TorchLine("trade", N_("进出口总额"), THOUSANDS, MEANS, "money"),
    TorchLine(
        "research_spending", N_("研发投入"), THOUSANDS, MEANS, "money", aliases=("研究与试验发展经费", "研发经费")
    ),
    TorchLine("taxes", N_("上缴税费"), THOUSANDS, MEANS, "money", aliases=("上缴税金", "税收")),
    TorchLine("staff", N_("从业人员"), PEOPLE_UNIT, STAFF, aliases=("从业人数", "员工人数")),
    TorchLine("staff_doctors", N_("博士"), PEOPLE_UNIT, STAFF, is_part=True, aliases=("Doctors", "PhDs")),
    TorchLine("staff_college", N_("大专以上"), PEOPLE_UNIT, STAFF, is_part=True),
    TorchLine("staff_returnees", N_("留学回国"), PEOPLE_UNIT, STAFF, is_part=True, aliases=("留学回国人员",)),
    TorchLine("staff_talents", N_("高层次人才"), PEOPLE_UNIT, STAFF, is_part=True, aliases=("人才计划", "引进人才")),
    TorchLine("staff_graduates", N_("应届毕业生"), PEOPLE_UNIT, STAFF, is_part=True),
    TorchLine("ip_applied", N_("当年申请数"), PIECES, RIGHTS, aliases=("当年申请", "专利申请", "知识产权申请数")),
    TorchLine("ip_granted", N_("当年授权数"), PIECES, RIGHTS, aliases=("当年授权", "知识产权授权数")),
    TorchLine("ip_valid", N_("拥有有效数"), PIECES, RIGHTS, aliases=("有效知识产权",)),
    TorchLine("ip_inventions", N_("发明专利"), PIECES, RIGHTS, is_part=True),
    TorchLine("ip_software", N_("软件著作权"), PIECES, RIGHTS, is_part=True),
    TorchLine("ip_plants", N_("植物新品种"), PIECES, RIGHTS, is_part=True),
    TorchLine("ip_layouts", N_("集成电路布图"), PIECES, RIGHTS, is_part=True),
    TorchLine("ip_foreign", N_("购买国外专利"), PIECES, RIGHTS, is_part=True),
    TorchLine("contracts", N_("技术合同"), N_("项"), CONTRACTS, aliases=("技术合同数", "签订技术合同")),
    TorchLine(
        "contracts_amount",
        N_("技术合同金额"),
        THOUSANDS,
        CONTRACTS,
        "money",
        aliases=("Amount of contracts", "Amount of tech contracts"),
    ),
    TorchLine("national_projects", N_("承担国家级项目"), N_("项"), CONTRACTS),
    TorchLine("provincial_awards", N_("省级以上奖励"), N_("项"), CONTRACTS),
    TorchLine("investment", N_("落地投资"), THOUSANDS, MEANS, "money", aliases=("落地项目投资额", "投资额")),
)
"""The dated lines of the form in its order; 落地投资 is ours, at its end."""


SHOWN = ("is_incubated", "area", "revenue", "staff", "ip_applied")
"""Lines that the list shows as columns."""


def _torch_field(line: TorchLine) -> Field:
    named: dict[str, Any] = {"width": 10, "in_table": line.name in SHOWN}
    if line.kind == "yes":
        return Field(line.name, line.words, 8, in_table=True, aliases=line.aliases, group=line.group)
    if line.kind == "money":
        signed: dict[str, Any] = {"least": -(10**15)} if line.name == "net_profit" else {}
        return Field(line.name, line.words, type=FieldType.THOUSANDS, unit=line.unit, seen_by=MONEY, is_vital=True,
                     aliases=line.aliases, group=line.group, **named, **signed)  # fmt: skip
    places = 2 if line.kind == "area" else 0
    most = 10**7 if line.kind == "area" else 10**9
    return Field(line.name, line.words, unit=line.unit, places=places, most=most, is_vital=True, aliases=line.aliases,
                 group=line.group, **named)  # fmt: skip


PARTS = {
    "staff": ("staff_doctors", "staff_college", "staff_returnees", "staff_talents", "staff_graduates"),
    "ip_valid": ("ip_inventions", "ip_software", "ip_plants", "ip_layouts"),
}
"""Line → those told as 其中."""


def figures_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """No part is more than its whole; a period ends with June or December, and none is still to come."""
    found: dict[str, str] = {}
    day = values.get("on_date")
    if day is not None and (day.month, day.day) not in PERIOD_ENDS:
        found["on_date"] = _("数据日期只能是年末或半年末：12 月 31 日或 6 月 30 日。")
    for whole, parts in PARTS.items():
        for part in parts if values.get(whole) is not None else ():
            if (values.get(part) or 0) > values[whole]:
                words = _("不能多于{what} {n}。")
                found[part] = words.format(what=TENANT_FIGURES.field(whole).title, n=values[whole])
    return found | partial_days.to_come(values, FIGURES_PAST, facts.latest if facts else None)


TENANT_FIGURES: RecordSpec = RecordSpec(
    name="tenant_figures",
    model=TenantFigures,
    title=N_("入驻企业分期数据"),
    key=(("tenant", "park", "stay", "on_date"), ("tenant", "park", "on_date"), ("tenant", "on_date")),
    scope="",
    needs_expo=False,
    order=("tenant", "on_date"),
    search=lambda: search_of(func.lower(body_of(_figures, both_names)), func.lower(park_of(_figures, both_names))),
    chips=("park",),
    icon="bar-chart-box",
    permission="parks.edit",
    natural="tenant",
    contradictions=figures_contradictions,
    fields=(
        *_of_tenant(_figures),
        Field("on_date", N_("数据日期"), 12, is_deadline=True, of_period=True, hint=N_("年末或半年末"),
              aliases=("截至日期", "年度", "年份", "报告期", "日期", "数据年度", "统计年度", "Date", "Year")),
        *map(_torch_field, TORCH),
        Field("filled_by", N_("填报人"), 10, in_table=False),
        Field("filled_on", N_("填报日期"), 12, is_vital=True, in_table=False),
        Field("note", N_("备注"), 24, in_table=False, aliases=("说明",)),
        SAMPLE,
    ),
)  # fmt: skip


def support_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """It was granted on a day that has come, ends after it begins, and names whom a co-operation is with alone."""
    found: dict[str, str] = {}
    begin, end = values.get("valid_from"), values.get("valid_until")
    if begin and end and end < begin:
        found["valid_until"] = _("有效期止不能早于有效期起。")
    if values.get("partner_id") and values.get("kind") not in (None, SupportKind.UNIVERSITY):
        found["partner_id"] = _("只有高校对接填合作单位。")
    return found | partial_days.to_come(values, GRANTED_PAST, facts.latest if facts else None)


TENANT_SUPPORTS: RecordSpec = RecordSpec(
    name="tenant_supports",
    model=TenantSupport,
    title=N_("政策支持"),
    key=(("tenant", "park", "stay", "kind", "title"), ("tenant", "park", "kind", "title"), ("tenant", "kind", "title")),
    scope="",
    needs_expo=False,
    order=("tenant", "kind", "title"),
    search=lambda: search_of(
        func.lower(_support.c.title), func.lower(body_of(_support, both_names)),
        func.lower(park_of(_support, both_names)),
    ),
    chips=("kind", "state", "park"),
    icon="hand-coin",
    permission="parks.edit",
    natural="title",
    contradictions=support_contradictions,
    fields=(
        *_of_tenant(_support),
        Field("kind", N_("类别"), 10, show="pill", aliases=("支持类别", "政策类别")),
        Field("title", N_("内容"), 30, aliases=("名称", "支持内容", "政策内容")),
        Field("amount", N_("已享受金额"), 14, type=FieldType.YUAN, unit=N_("元"), is_vital=True,
              aliases=("金额", "已拨金额", "补贴金额"), hint=N_("已拨付或已减免的；不涉及钱的留空")),
        Field("granted_on", N_("批准日期"), 12, is_vital=True, aliases=("批准时间", "授予日期", "日期")),
        Field("valid_from", N_("有效期起"), 12, is_vital=True, in_table=False, until="valid_until", is_beginning=True,
              aliases=("有效期", "享受期限", "支持期限")),
        Field("valid_until", N_("有效期止"), 12, is_vital=True, is_deadline=True, aliases=("到期日", "有效期至")),
        Field("state", N_("状态"), 8, show="pill"),
        Field("partner_id", N_("合作单位"), 24, ref="organisations", creates=True, in_table=False,
              aliases=("高校", "合作高校", "合作院所")),
        Field("basis", N_("依据"), 24, in_table=False, aliases=("政策文件", "文号")),
        SAMPLE,
    ),
)  # fmt: skip
