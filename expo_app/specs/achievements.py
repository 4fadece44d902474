"""Columns of 科技成果 / 展品."""

from expo_app.i18n import N_
from expo_app.model import Achievement, TransferWay
from expo_app.rules import tech_contracts
from expo_app.rules.terms import Usual
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.organisations import ENGLISH_ALIASES, NAME_ALIASES, ORGANISATIONS
from expo_app.specs.records import RecordSpec, search_of

FIELD_ALIASES = ("技术领域", "所属领域", "行业领域", "需求领域", "服务领域", "所属行业", "方向", "技术方向", "Field")
KEYWORD_ALIASES = ("关键字", "技术关键词", "主题词", "标签", "Keywords")
INDICATOR_ALIASES = ("主要指标", "主要技术指标", "关键指标", "考核指标", "性能指标", "指标", "Indicators")

ACHIEVEMENTS: RecordSpec = RecordSpec(
    name="achievements",
    model=Achievement,
    title=N_("科技成果"),
    key=(("owner_id", "title"),),
    order=("title",),
    search=lambda: search_of(Achievement.__table__.c.search_text, ACHIEVEMENTS.parent_table("owner").c.search_text),
    search_words=("title", "field", "keywords", "title_en"),
    chips=("kind_id", "transfer_ways"),
    icon="lightbulb",
    permission="programme.edit",
    natural="title",
    fields=(
        Field("title", N_("名称"), 36, aliases=("成果名称", "展品名称", "项目名称", "技术名称", "成果"), show="bold"),
        Field(
            "owner_id",
            N_("单位"),
            28,
            ref="organisations",
            creates=True,
            aliases=(*NAME_ALIASES, "权利人", "完成单位", "所属单位", "第一完成单位", "持有单位", "权属单位", "Owner"),
        ),
        ORGANISATIONS.again("region_code", through="owner", in_table=False, in_form=False),
        Field(
            "kind_id",
            N_("类型"),
            10,
            ref="achievement_kinds",
            creates=True,
            default=Usual(),
            was=("kind",),
            aliases=("成果类型", "Type"),
            show="dot",
        ),
        Field("field", N_("领域"), 14, aliases=FIELD_ALIASES, suggestions=lambda: tech_contracts.TECH_FIELDS),
        Field(
            "trl",
            N_("成熟度"),
            8,
            aliases=("TRL", "技术成熟度"),
            hint=N_("TRL 1–9"),
            least=1,
            most=9,
            around=("TRL", "级", "第"),
        ),
        Field("ip_status", N_("知识产权"), 10, aliases=("知识产权状态", "知识产权状况", "IP status")),
        Field("patent_no", N_("专利号"), 18, in_table=False, aliases=("专利（申请）号",)),
        Field(
            "transfer_ways",
            N_("转化方式"),
            12,
            type=FieldType.CHOICES,
            several=TransferWay,
            was=("transfer_way",),
            show="pill",
            aliases=("合作方式", "拟转化方式", "转让方式", "拟合作方式", "Way of transfer"),
        ),
        Field(
            "asking_price",
            N_("意向价格"),
            12,
            in_table=False,
            unit=N_("万元"),
            aliases=("意向价", "拟转让价", "转让价格", "期望价格", "价格", "报价"),
        ),
        Field(
            "keywords",
            N_("关键词"),
            24,
            in_table=False,
            aliases=KEYWORD_ALIASES,
            hint=N_("用顿号分开，找需求时按它们比"),
        ),
        Field("title_en", N_("英文名称"), 30, in_table=False, aliases=ENGLISH_ALIASES),
        Field("indicators", N_("技术指标"), 40, in_table=False, aliases=INDICATOR_ALIASES),
        Field("summary", N_("简介"), 40, in_table=False, aliases=("成果简介", "项目简介", "成果介绍", "技术简介")),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False),
    ),
)
