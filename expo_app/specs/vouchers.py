"""Columns of 仪器 beside providers and their services, and of what regions say of vouchers: 办法, 名录, 关联关系."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, func

from expo_app.i18n import N_, _
from expo_app.model import Instrument, ListedProvider, PolicyClass, RelatedBodies, VoucherPolicy
from expo_app.rules.region_groups import parse_prefix, prefix_name
from expo_app.specs.child_lines import Lines, Values
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.matching import SAMPLE, provider_name
from expo_app.specs.organisations import ENGLISH_ALIASES, REGION_ALIASES, region_suggestions
from expo_app.specs.records import NamedBy, RecordSpec, both_names, own_name, read_name, search_of
from expo_app.specs.region_groups import prefix_names

_instrument, _listed = Instrument.__table__, ListedProvider.__table__
YUAN, PERCENT, MONTHS = N_("元"), N_("%"), N_("个月")
WHAT, PRICE, VALID, VOUCHERS = N_("仪器"), N_("收费"), N_("有效期"), N_("收券")
POLICY, SPLIT, LIMITS, REVIEW = N_("办法"), N_("券付"), N_("限额"), N_("申领和核验")
PROVIDER_ALIASES = (
    "服务机构", "机构名称", "机构", "提供单位", "提供机构", "单位名称", "服务单位", "单位", "所属单位", "所属机构",
    "管理单位", "依托单位", "所在单位", "Provider", "Institution", "Owner",
)  # fmt: skip
ANY = ("不限", "不限地区", "全部", "所有地区", "any", "all")
SOURCE_ALIASES = ("来源", "数据来源", "依据", "文号", "Source")
CATEGORIES = (
    N_("分析仪器"), N_("物理性能测试仪器"), N_("计量仪器"), N_("电子测量仪器"), N_("工艺试验仪器"), N_("激光器"),
    N_("海洋仪器"), N_("地球探测仪器"), N_("大气探测仪器"), N_("特种检测仪器"), N_("天文仪器"), N_("医学科研仪器"),
    N_("核仪器"), N_("计算机及其配套设备"), N_("其他仪器"),
)  # fmt: skip
"""The main classes of the national classification of shared instruments; a catalogue's own word does as well."""
KINDS = (
    N_("检验检测"), N_("仪器共享"), N_("研发设计"), N_("中试"), N_("知识产权服务"), N_("科技咨询"), N_("技术转移"),
    N_("创业孵化"), N_("科技金融"),
)  # fmt: skip
"""Kinds of service that a form offers; a region's own word does as well."""
APPLICANTS = (N_("企业"), N_("创业者或团队"), N_("在孵企业"))


def _place(name: str, label: str, **more: Any) -> Field:
    """A region by the beginning of its code: 33, 3303, 320583."""
    return Field(
        name, label, 14, check=parse_prefix, format=prefix_name, is_place=True, suggestions=region_suggestions, **more
    )


def _places(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, 24, check=parse_prefix, format=prefix_names, in_table=False, **more)


def _yuan(name: str, label: str, width: int = 12, **more: Any) -> Field:
    return Field(name, label, width, type=FieldType.YUAN, unit=YUAN, **more)


def _above_nothing(values: Mapping[str, Any], *names: str) -> dict[str, str]:
    return {name: _("金额要大于 0。") for name in names if (amount := values.get(name)) is not None and amount <= 0}


def _in_order(values: Mapping[str, Any], start: str, end: str) -> dict[str, str]:
    begins, ends = values.get(start), values.get(end)
    return {end: _("止日不能早于起日。")} if begins and ends and ends < begins else {}


# --- instruments ------------------------------------------------------------------------------------------------------
def instrument_contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """Amounts are above nothing, the catalogue lists from a day to a later one."""
    return _above_nothing(values, "price", "original_value") | _in_order(values, "listed_from", "listed_until")


def _owner(named: NamedBy = own_name) -> ColumnElement[str]:
    return provider_name(named, _instrument)


INSTRUMENTS: RecordSpec = RecordSpec(
    name="instruments",
    model=Instrument,
    title=N_("仪器"),
    key=(("provider", "instrument_no"), ("provider", "title", "model_no"), ("provider", "title")),
    scope="",
    needs_expo=False,
    order=("provider", "title"),
    search=lambda: search_of(_instrument.c.search_text, func.lower(_owner(both_names))),
    search_words=("title", "model_no", "instrument_no", "category", "subcategory", "title_en"),
    chips=("category", "is_bookable"),
    icon="microscope",
    permission="vouchers.edit",
    natural="title",
    contradictions=instrument_contradictions,
    fields=(
        Field("title", N_("仪器名称"), 30, show="bold", group=WHAT,
              aliases=("仪器", "设备名称", "仪器设备名称", "名称", "设备", "中文名称", "仪器中文名称", "Instrument",
                       "Equipment")),
        Field("instrument_no", N_("仪器编号"), 16, capitals=True, group=WHAT,
              aliases=("编号", "资产编号", "设备编号", "固定资产编号", "资产编码", "设备编码", "仪器编码",
                       "Asset no.", "Instrument ID")),
        Field("model_no", N_("型号"), 16, group=WHAT,
              aliases=("规格型号", "型号规格", "仪器型号", "设备型号", "规格", "Model")),
        Field("provider", N_("服务机构"), 26, ref="providers", type=FieldType.REF, required=True, is_vital=True,
              select=_owner, read=partial(_owner, read_name), aliases=PROVIDER_ALIASES, group=WHAT),
        Field("category", N_("仪器类型"), 14, suggestions=lambda: [_(words) for words in CATEGORIES], group=WHAT,
              aliases=("仪器分类", "设备类型", "设备分类", "设备大类", "设备类别", "分类", "类型", "一级分类", "大类",
                       "仪器大类", "仪器类别", "Category")),
        Field("subcategory", N_("仪器小类"), 14, in_table=False, group=WHAT,
              aliases=("二级分类", "小类", "中类", "仪器中类", "设备小类", "设备中类", "Subcategory")),
        _yuan("price", N_("收费标准"), group=PRICE, per="unit",
              aliases=("价格", "收费", "单价", "对外收费", "服务价格", "参考价格", "收费价格", "参考收费标准",
                       "Price", "Fee")),
        Field("unit", N_("计价单位"), 8, aliases=("收费单位", "计费单位", "单位（计价）", "Unit"), group=PRICE),
        Field("price_from", N_("价格生效日期"), 12, is_vital=True, is_beginning=True, in_table=False, group=PRICE,
              aliases=("生效日期", "执行日期", "价格日期")),
        Field("original_value", N_("原值"), 12, type=FieldType.MONEY, unit=N_("万元"), in_table=False, group=PRICE,
              aliases=("设备原值", "仪器原值", "资产原值", "购置金额", "Original value")),
        Field("qualification", N_("资质"), 24, in_table=False, group=VALID,
              aliases=("资质证书", "资质名称", "资质编号", "CNAS/CMA")),
        Field("qualified_until", N_("资质有效期至"), 12, is_vital=True, is_deadline=True, in_table=False, group=VALID,
              aliases=("资质有效期", "证书有效期")),
        Field("listed_from", N_("目录有效期起"), 12, until="listed_until", is_vital=True, is_beginning=True,
              in_table=False, group=VALID, aliases=("入库日期", "入库时间", "有效期起", "有效期间", "开始日期")),
        Field("listed_until", N_("目录有效期至"), 12, is_vital=True, is_deadline=True, in_table=False, group=VALID,
              aliases=("有效期至", "有效期", "目录有效期", "截止日期", "有效期止", "Valid until"),
              hint=N_("过了这一天不再登记用券，旧的用券照留")),
        Field("is_bookable", N_("可预约"), 8, group=VOUCHERS,
              aliases=("是否可预约", "对外开放", "是否开放", "开放共享")),
        _places("accepts", N_("可收哪些地区的券"), group=VOUCHERS,
                hint=N_("留空：机构列在哪个地区的名录，就收哪个地区的券"),
                aliases=("可收券", "可用券地区", "收券地区", "接受的券")),
        Field("summary", N_("说明"), 40, in_table=False, group=WHAT,
              aliases=("主要功能", "功能", "技术指标", "主要技术指标", "服务内容", "简介", "备注")),
        Field("title_en", N_("英文名称"), 30, in_table=False, aliases=ENGLISH_ALIASES, group=WHAT),
        SAMPLE,
    ),
)  # fmt: skip


# --- what a region says -----------------------------------------------------------------------------------------------
def _classes_hold(rows: Sequence[Values]) -> None:
    for row in rows:
        if "%" in unicodedata.normalize("NFKC", row["applicant"]):
            words = _("“{text}”不是一类申领人；一行写一类，类别和比例用分号隔开。")
            raise ValueError(words.format(text=row["applicant"]))
        rate = row.get("rate")
        if rate is not None and rate <= 0:
            raise ValueError(_("{what}的比例要大于 0。").format(what=row["applicant"]))
        if any((amount := row.get(name)) is not None and amount <= 0 for name in ("cap_per_use", "cap_per_year")):
            raise ValueError(_("{what}的上限要大于 0。").format(what=row["applicant"]))


CLASSES = Lines(
    PolicyClass,
    "policy_id",
    (
        Field("applicant", N_("申领人类别"), 14, max_length=40, required=True,
              suggestions=lambda: [_(words) for words in APPLICANTS]),
        Field("rate", N_("比例"), 8, type=FieldType.NUMBER, places=8, most=100, unit=PERCENT, around=(PERCENT,)),
        Field("cap_per_use", N_("单次上限"), 12, type=FieldType.YUAN, unit=YUAN),
        Field("cap_per_year", N_("每年上限"), 12, type=FieldType.YUAN, unit=YUAN),
    ),
    same=("applicant",),
    order=("applicant",),
    check=_classes_hold,
)  # fmt: skip


def policy_contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """A share of more than nothing, limits that are some, from a day to a later one."""
    found = _above_nothing(values, "cap_per_use", "cap_per_year", "budget")
    if (rate := values.get("rate")) is not None and rate <= 0:
        found["rate"] = _("比例要大于 0。")
    use, year = values.get("cap_per_use"), values.get("cap_per_year")
    if use is not None and year is not None and use > year:
        found["cap_per_use"] = _("单次上限不能高于每年上限。")
    return found | _in_order(values, "valid_from", "valid_until")


POLICIES: RecordSpec = RecordSpec(
    name="policies",
    model=VoucherPolicy,
    title=N_("用券办法"),
    key=(("region_code", "title", "version_no"), ("region_code", "title", "valid_from")),
    scope="",
    needs_expo=False,
    order=("region_code", "-valid_from"),
    search_words=("region_code", "title", "source"),
    chips=("region_code", "way"),
    icon="article",
    permission="vouchers.policy",
    natural="title",
    contradictions=policy_contradictions,
    fields=(
        _place("region_code", N_("发券地区"), required=True, is_vital=True, group=POLICY,
               aliases=(*REGION_ALIASES, "地区", "发放地区", "发券方", "Region")),
        Field("title", N_("办法名称"), 26, show="bold", group=POLICY,
              aliases=("名称", "政策名称", "政策", "办法", "文件名称", "Policy")),
        Field("version_no", N_("版本"), 6, least=1, most=999, aliases=("版本号", "版次", "Version"), group=POLICY),
        Field("valid_from", N_("起日"), 12, is_vital=True, until="valid_until", is_beginning=True, group=POLICY,
              aliases=("生效日期", "施行日期", "实施日期", "执行日期", "执行期限", "有效期起", "有效期", "开始日期",
                       "Valid from")),
        Field("valid_until", N_("止日"), 12, is_vital=True, is_deadline=True, group=POLICY,
              aliases=("失效日期", "终止日期", "有效期至", "有效期止", "截止日期", "有效期", "Valid until"),
              hint=N_("没有定的留空")),
        Field("rate", N_("券付比例"), 8, is_vital=True, most=100, unit=PERCENT, group=SPLIT,
              aliases=("比例", "支持比例", "补贴比例", "补助比例", "抵扣比例", "兑付比例", "Rate")),
        Field("basis", N_("计算依据"), 10, in_table=False, group=SPLIT,
              aliases=("依据金额", "计算基数", "结算依据", "核定依据", "依据", "Basis")),
        Field("way", N_("结算方式"), 8, show="pill", aliases=("兑付方式", "方式", "通用通兑", "Way"), group=SPLIT,
              hint=N_("通用：企业先付全款，本地区补给企业；通兑：企业付自付部分，本地区付给服务机构")),
        _yuan("cap_per_use", N_("单次上限"), in_table=False, group=LIMITS,
              aliases=("单笔上限", "单笔限额", "单次限额", "单次最高", "Cap per use")),
        _yuan("cap_per_year", N_("每企业每年上限"), 14, in_table=False, group=LIMITS,
              aliases=("年度上限", "每年上限", "年度限额", "企业年度上限", "企业年度限额", "企业年度额度",
                       "单个企业年度上限", "Cap per year")),
        _yuan("budget", N_("年度预算"), 14, aliases=("预算", "预算总额", "年度额度", "Budget"), group=LIMITS),
        Field("classes", N_("各类申领人"), 40, type=FieldType.LINES, lines=CLASSES, is_vital=True, in_table=False,
              select=lambda: CLASSES.select(VoucherPolicy.__table__), group=LIMITS,
              aliases=("申领人类别", "分类限额"), hint=N_("比例和上限与办法不同的各写一行；空着的按办法")),
        Field("kinds", N_("服务类别"), 24, type=FieldType.TAGS, in_table=False, hint=N_("留空：不限"), group=LIMITS,
              aliases=("适用类别", "支持范围", "服务范围", "Kinds"), means_all=ANY),
        _places("accepted_regions", N_("认可哪些地区的机构"), hint=N_("留空：不限地区"), group=LIMITS,
                aliases=("认可地区", "机构地区", "机构所在地区", "认可机构地区", "认可机构所在地区", "适用地区",
                         "Accepted regions"), means_all=ANY),
        Field("needs_list", N_("只认名录内机构"), 10, in_table=False, group=REVIEW,
              aliases=("名录", "名录内", "是否需入名录", "入库机构", "仅限入库机构")),
        Field("refuses_related", N_("关联方不得用券"), 10, in_table=False, aliases=("关联方限制",), group=REVIEW),
        Field("review_levels", N_("核验级数"), 8, least=1, most=2, around=("级",), in_table=False,
              aliases=("审核级数", "审核层级", "核验层级"), group=REVIEW, hint=N_("1：一人核验；2：再由另一人复核")),
        Field("valid_months", N_("券的有效期"), 8, least=1, most=120, unit=MONTHS, in_table=False, group=REVIEW,
              aliases=("券有效期", "有效期（月）", "有效期（个月）", "有效月数"),
              hint=N_("自批准起；留空：到办法止日")),
        Field("settle_months", N_("至少多久结算一次"), 8, least=1, most=12, unit=MONTHS, in_table=False, group=REVIEW,
              aliases=("结算周期",)),
        Field("source", N_("出处"), 30, in_table=False, aliases=SOURCE_ALIASES, group=POLICY,
              hint=N_("文件名称和文号，向当地科技主管部门或券的平台运营方取得")),
        Field("text", N_("办法全文"), 40, in_table=False, aliases=("全文", "正文"), group=POLICY),
        SAMPLE,
    ),
)  # fmt: skip
"""Two versions of a region are never valid on one day; what uses rest on is changed by another version alone."""


# --- who may be paid, who is related ----------------------------------------------------------------------------------
def _listed_name(named: NamedBy = own_name) -> ColumnElement[str]:
    return provider_name(named, _listed)


def listed_contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """From a day to a later one."""
    return _in_order(values, "valid_from", "valid_until")


LISTED_PROVIDERS: RecordSpec = RecordSpec(
    name="listed_providers",
    model=ListedProvider,
    title=N_("机构名录"),
    key=(("region_code", "provider", "valid_from"),),
    scope="",
    needs_expo=False,
    order=("region_code", "provider", "valid_from"),
    search=lambda: search_of(func.lower(_listed_name(both_names)), func.lower(_listed.c.source)),
    chips=("region_code",),
    icon="file-list-3",
    permission="vouchers.policy",
    natural="source",
    contradictions=listed_contradictions,
    fields=(
        _place("region_code", N_("发券地区"), required=True, is_vital=True,
               aliases=(*REGION_ALIASES, "地区", "列入地区", "认定地区", "认定省份", "Region")),
        Field("provider", N_("服务机构"), 30, ref="providers", type=FieldType.REF, required=True, is_vital=True,
              select=_listed_name, read=partial(_listed_name, read_name), show="bold", aliases=PROVIDER_ALIASES),
        Field("valid_from", N_("起日"), 12, is_vital=True, until="valid_until", is_beginning=True,
              aliases=("列入日期", "认定日期", "入选日期", "有效期起", "有效期", "入库日期", "Valid from")),
        Field("valid_until", N_("止日"), 12, is_vital=True, is_deadline=True,
              aliases=("有效期至", "有效期止", "失效日期", "有效期", "Valid until"), hint=N_("没有定的留空")),
        Field("source", N_("出处"), 30, aliases=SOURCE_ALIASES),
        SAMPLE,
    ),
)  # fmt: skip


def related_contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """Two organisations, from a day to a later one."""
    found = _in_order(values, "valid_from", "valid_until")
    if values.get("one_id") is not None and values.get("one_id") == values.get("other_id"):
        found["other_id"] = _("两边是同一家单位，不用登记关联关系。")
    return found


def _body(name: str, label: str, *aliases: str) -> Field:
    return Field(name, label, 28, ref="organisations", creates=True, is_vital=True, show="bold", aliases=aliases)


RELATED_BODIES: RecordSpec = RecordSpec(
    name="related_bodies",
    model=RelatedBodies,
    title=N_("关联关系"),
    key=(("one_id", "other_id", "words"),),
    scope="",
    needs_expo=False,
    order=("one_id", "other_id"),
    search=lambda: search_of(
        func.lower(RELATED_BODIES.joined["one_id"].c.name), RELATED_BODIES.joined["one_id"].c.search_text,
        func.lower(RELATED_BODIES.joined["other_id"].c.name), RELATED_BODIES.joined["other_id"].c.search_text,
    ),
    icon="links",
    permission="vouchers.policy",
    natural="words",
    contradictions=related_contradictions,
    fields=(
        _body("one_id", N_("一方"), "单位", "单位名称", "企业名称", "甲方", "Organisation"),
        _body("other_id", N_("另一方"), "关联单位", "关联方", "关联企业", "乙方", "Related organisation"),
        Field("words", N_("关系"), 20, aliases=("关联关系", "关联说明", "持股", "说明", "Relation"),
              hint=N_("如：持股 35%、同一法定代表人")),
        Field("valid_from", N_("起日"), 12, is_vital=True, until="valid_until",
              aliases=("有效期起", "起", "开始日期", "起始日期")),
        Field("valid_until", N_("止日"), 12, is_vital=True, is_deadline=True,
              aliases=("有效期至", "止", "结束日期", "截止日期")),
        Field("source", N_("出处"), 30, in_table=False, aliases=SOURCE_ALIASES),
        SAMPLE,
    ),
)  # fmt: skip
"""Which of the two is named first says nothing."""
