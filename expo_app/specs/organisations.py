"""Columns of 单位."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select

from expo_app.i18n import N_
from expo_app.model import Organisation
from expo_app.rules import countries, masks, regions, tech_contracts
from expo_app.rules.parties import split_parties
from expo_app.specs.field_types import FieldType, not_longer
from expo_app.specs.fields import Field
from expo_app.specs.records import NamedBy, RecordSpec, own_name

NAME_ALIASES = (
    "单位",
    "单位名称",
    "企业名称",
    "公司名称",
    "机构名称",
    "参展企业",
    "参展商",
    "展商名称",
    "公司",
    "工作单位",
    "所在单位",
    "企业名",
    "企名",
    "企业",
    "厂商",
    "厂家",
    "单位全称",
    "企业全称",
    "公司全称",
    "机构全称",
    "中文名称",
    "公司中文名",
    "单位中文名称",
    "展商",
    "Organisation",
    "Organization",
    "Company",
    "Company name",
    "Exhibitor",
)
ENGLISH_ALIASES = ("英文名", "英文", "单位英文名称", "公司英文名", "English name", "Company (EN)")
CODE_ALIASES = ("信用代码", "统一信用代码", "社会信用代码", "组织机构代码", "税号", "Credit code")
REGION_ALIASES = (
    "来自",
    "省份",
    "所属省市",
    "省市区",
    "属地",
    "Country",
    "国家或地区",
    "国家/地区",
    "国家",
    "所在地区",
    "区域",
    "所属地区",
    "所在地",
    "城市",
    "省市",
    "Region",
)
INDUSTRY_ALIASES = (
    "行业",
    "行业类别",
    "产业方向",
    "产业类别",
    "所属领域",
    "赛道",
    "Sector",
    "所属产业",
    "产业领域",
    "所属行业",
    "行业领域",
    "Industry",
)


NAME_LENGTH: int = Organisation.__table__.c.name.type.length  # type: ignore[attr-defined]


def names_in(part: Table, link: str, owner: Table, role: Any, named: NamedBy = own_name) -> ColumnElement[str]:
    """Names of the organisations that `part` ties (by `link`) to an `owner` in a role, in order, joined by 、."""
    organisation = Organisation.__table__
    listed = (
        select(named(organisation).label("name"))
        .select_from(part.join(organisation, organisation.c.id == part.c.organisation_id))
        .where(part.c[link] == owner.c.id, part.c.role == role)
        .order_by(part.c.position, part.c.id)
        .correlate(owner)
        .subquery()
    )
    return select(func.aggregate_strings(listed.c.name, "、")).scalar_subquery()


def check_names(text: str) -> str:
    """A list of organisations as it is; ValueError with a sentence if one is too long to be kept."""
    for name in split_parties(text):
        not_longer(name, NAME_LENGTH)
    return text


def region_suggestions() -> Sequence[str]:
    """Names offered where nothing is known of the expo: provinces, then countries."""
    return [regions.region_name(code) for code in (*regions.provinces(), *countries.codes())]


def _of_registration() -> list[Field]:
    """What the registration of technology contracts asks of a party, entered once and used by all its contracts."""
    asked = (
        ("is_in_high_tech_zone", N_("在国家高新区")), ("is_listed", N_("上市公司")),
        ("is_transfer_body", N_("技术转移机构")), ("is_research_body", N_("研发机构")),
        ("is_converted_institute", N_("转制科研院所")),
    )  # fmt: skip
    group = N_("技术合同登记用")
    return [
        Field(
            "nature",
            N_("登记性质"),
            20,
            in_table=False,
            suggestions=lambda: tech_contracts.NATURES,
            group=group,
            aliases=("法人性质",),
        ),
        Field("legal_representative", N_("法定代表人"), 12, in_table=False, group=group, aliases=("法人代表",)),
        Field("scale", N_("企业规模"), 10, in_table=False, group=group),
        *(Field(name, label, 8, in_table=False, group=group) for name, label in asked),
    ]


ORGANISATIONS = RecordSpec(
    name="organisations",
    model=Organisation,
    title=N_("单位"),
    key=(("credit_code",), ("name",)),
    scope="",
    order=("name",),
    search_words=("name", "name_en", "short_name", "aliases"),
    chips=("kind_id",),
    icon="building",
    permission="exhibitors.edit",
    fields=(
        Field("name", N_("单位名称"), 32, aliases=NAME_ALIASES, show="bold"),
        Field(
            "kind_id",
            N_("类型"),
            14,
            ref="organisation_kinds",
            was=("kind",),
            creates=True,
            aliases=("单位类型", "单位性质", "机构类型", "机构类别", "单位类别", "企业性质", "企业类型"),
        ),
        Field(
            "region_code",
            N_("地区"),
            12,
            check=regions.parse_region,
            format=regions.region_name,
            aliases=REGION_ALIASES,
            suggestions=region_suggestions,
            is_place=True,
        ),
        Field(
            "industry_id",
            N_("产业"),
            12,
            ref="industries",
            creates=True,
            was=("industry",),
            aliases=INDUSTRY_ALIASES,
            show="dot",
        ),
        Field("credit_code", N_("统一社会信用代码"), 22, check=masks.check_credit_code, aliases=CODE_ALIASES),
        Field("short_name", N_("简称"), 12, in_table=False, aliases=("单位简称", "企业简称", "公司简称", "Short name")),
        Field(
            "address",
            N_("地址"),
            24,
            in_table=False,
            aliases=("单位地址", "通讯地址", "详细地址", "联系地址", "Address"),
        ),
        Field(
            "postcode",
            N_("邮编"),
            8,
            in_table=False,
            check=masks.check_postcode,
            aliases=("邮政编码", "邮编号码", "Postcode", "Postal code", "Zip code"),
        ),
        Field("website", N_("网址"), 20, in_table=False, aliases=("网站", "官网", "单位网址", "Website")),
        Field("name_en", N_("英文名称"), 28, in_table=False, aliases=ENGLISH_ALIASES),
        Field(
            "aliases",
            N_("别名"),
            24,
            type=FieldType.TAGS,
            in_table=False,
            aliases=("曾用名", "又名", "原名", "Former name"),
            hint=N_("曾用名和名单里的其他写法，导入时认得，用顿号分开"),
        ),
        *_of_registration(),
        Field("summary", N_("简介"), 40, in_table=False, aliases=("单位简介", "企业简介", "公司简介")),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False),
    ),
)
