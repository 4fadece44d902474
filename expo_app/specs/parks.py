"""Columns of 合作园区, of what was reported of them, and of events that a park or an alliance held."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, cast, func, type_coerce

from expo_app.i18n import N_, _
from expo_app.model import Park, ParkFigure, ParkTotal, SharingEvent, SharingEventState, SupportKind
from expo_app.rules import partial_days, regions
from expo_app.specs.editions import PackedFigure
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.organisations import ENGLISH_ALIASES, region_suggestions
from expo_app.specs.records import RecordSpec, search_of

PLACE, AREA, STAFF, TERMS, ORIGIN = N_("园区"), N_("面积"), N_("人员与资金"), N_("支持与约定"), N_("来源")
PEOPLE = ("人次", "人", "名")
SAMPLE = Field("is_sample", N_("示例"), 6, readonly=True, in_form=False)
SOURCE_HINT = N_("谁在哪里报道的；自己登记的留空")
MOST_AREA = 10**8
DAY_HINT = N_("年、年月或年月日都可以，如 2019-12")
_figure, _event = ParkFigure.__table__, SharingEvent.__table__


def region_field(name: str, label: str, **more: Any) -> Field:
    """A place by its code."""
    return Field(
        name, label, 14, check=regions.parse_region, format=regions.region_name, is_place=True,
        suggestions=region_suggestions, **more,
    )  # fmt: skip


def day_field(name: str, label: str, **more: Any) -> Field:
    """A day that may be known to the month or the year alone."""
    given: dict[str, Any] = {"hint": DAY_HINT, "is_vital": True} | more
    return Field(name, label, 12, type=FieldType.TEXT, max_length=10, check=partial_days.parse, **given)


def source_field(**more: Any) -> Field:
    """Who reported a record."""
    return Field("source", N_("来源"), 28, aliases=("出处", "数据来源", "报道"), hint=SOURCE_HINT, **more)


def park_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """No part is larger than its whole."""
    found: dict[str, str] = {}
    floor, own, public = (values.get(name) for name in ("floor_area", "own_area", "public_area"))
    if floor is not None and own is not None and own > floor:
        found["own_area"] = _("自主支配面积不能大于建筑面积。")
    if public is not None and own is not None and public > own:
        found["public_area"] = _("公共服务面积不能大于自主支配面积。")
    managers, trained = values.get("managers"), values.get("trained_managers")
    if managers is not None and trained is not None and trained > managers:
        found["trained_managers"] = _("受过培训的不能多于管理人员。")
    return found


_area = partial(Field, width=12, places=2, most=MOST_AREA, is_vital=True, unit=N_("㎡"), in_table=False, group=AREA)
PARKS: RecordSpec = RecordSpec(
    name="parks",
    model=Park,
    title=N_("合作园区"),
    key=(("name",),),
    scope="",
    needs_expo=False,
    order=("name",),
    search_words=("name", "name_en", "operators"),
    icon="building-4",
    permission="parks.edit",
    contradictions=park_contradictions,
    fields=(
        Field("name", N_("园区名称"), 30, show="bold", aliases=("园区", "名称", "科创园", "飞地", "Park"), group=PLACE),
        region_field("research_region", N_("研发地"), aliases=("园区所在地", "飞入地"), group=PLACE),
        region_field("production_region", N_("产业化地"), aliases=("飞出地", "落地地区"), group=PLACE),
        day_field("opened", N_("启用时间"), aliases=("启用日期", "开园时间", "开园日期", "运行时间"), group=PLACE),
        Field("operators", N_("运营单位"), 28, type=FieldType.TAGS, in_table=False,
              aliases=("运营方", "运营机构", "共建单位"), group=PLACE),
        Field("address", N_("地址"), 30, in_table=False, aliases=("园区地址",), group=PLACE),
        Field("floor_area", N_("建筑面积"), 12, places=2, most=MOST_AREA, unit=N_("㎡"), is_vital=True,
              aliases=("面积", "总面积", "园区面积"),
              group=AREA),
        _area("own_area", N_("自主支配面积"), aliases=("可自主支配面积", "可支配面积")),
        _area("public_area", N_("公共服务面积"), hint=N_("和在孵企业用的一起算使用面积")),
        Field("rooms", N_("房间"), 8, in_table=False, aliases=("房间数",), group=AREA),
        Field("desks", N_("工位"), 8, in_table=False, aliases=("工位数",), group=AREA),
        Field("managers", N_("管理人员"), 8, in_table=False, aliases=("管理人员数", "从业人员"), group=STAFF),
        Field("trained_managers", N_("受过培训的管理人员"), 10, in_table=False, aliases=("接受专业培训人员",),
              group=STAFF),
        Field("seed_fund", N_("孵化资金"), 14, type=FieldType.YUAN, unit=N_("元"), in_table=False,
              aliases=("孵化资金总额", "种子资金"), group=STAFF),
        Field("supports", N_("政策支持"), 18, type=FieldType.CHOICES, several=SupportKind,
              aliases=("支持政策", "政策"), group=TERMS),
        Field("max_stay_years", N_("最长在孵年数"), 8, in_table=False, most=50, group=TERMS),
        Field("sharing_terms", N_("两地怎么算"), 40, in_table=False, aliases=("利益分享", "税收分成", "分成约定"),
              hint=N_("税收、产值和项目数在两地怎么记"), group=TERMS),
        source_field(group=ORIGIN),
        Field("note", N_("备注"), 30, in_table=False, aliases=("说明",), group=ORIGIN,
              hint=N_("孵化器认定的级别和文号照文件写在这里，没有就不写")),
        Field("name_en", N_("英文名称"), 30, in_table=False, aliases=ENGLISH_ALIASES, group=ORIGIN),
        SAMPLE,
    ),
)  # fmt: skip


# --- what was reported ------------------------------------------------------------------------------------------------
def _said() -> ColumnElement[str]:
    """The value and how it is meant, as it is kept in one text: 超过 530."""
    hundredths = cast(cast(func.round(_figure.c.value * 100), BigInteger), String)
    packed = func.coalesce(cast(_figure.c.qualifier, String), "") + " " + hundredths
    return type_coerce(packed, PackedFigure())


REPORTED_PAST = ("on_day",)


def figure_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """What is counted from a day on is not counted before it, nor what is to come."""
    since, on_day = values.get("since") or "", values.get("on_day") or ""
    if partial_days.surely_before(on_day, since):
        return {"since": _("起算时间不能晚于数字的时间。")}
    return partial_days.to_come(values, REPORTED_PAST, facts.latest if facts else None)


ALONE = N_("记了报道数，这个园区就只按报道的数说，不再数记录。")


def _told_alone(given: Mapping[str, Any], _old: Mapping[str, Any], _facts: ExpoFacts) -> dict[str, str]:
    """One reported number takes the place of all counting; of 服务平台 nothing is counted."""
    return {"figure": _(ALONE)} if given.get("figure") not in (None, ParkTotal.PARTNERS) else {}


PARK_FIGURES: RecordSpec = RecordSpec(
    name="park_figures",
    model=ParkFigure,
    title=N_("园区报道数"),
    key=(("park_id", "figure", "on_day"),),
    scope="",
    needs_expo=False,
    order=("park_id", "figure", "on_day"),
    chips=("park_id", "figure"),
    icon="article",
    permission="parks.edit",
    natural="figure",
    contradictions=figure_contradictions,
    file_remarks=_told_alone,
    fields=(
        Field("park_id", N_("园区"), 28, ref="parks", show="bold", aliases=("园区名称", "合作园区", "Park")),
        Field("figure", N_("指标"), 16, aliases=("指标名称", "项目", "Figure"), hint=ALONE),
        Field("said", N_("数值"), 14, type=FieldType.REPORTED, required=True, is_vital=True, select=_said,
              aliases=("数", "数量", "报道数"), hint=N_("约 50、超过 530 都可以；投资和营收写元")),
        day_field("on_day", N_("数字的时间"), required=True, aliases=("日期", "截至", "时间")),
        day_field("since", N_("起算时间"), aliases=("累计起点", "从"), in_table=False),
        source_field(),
        SAMPLE,
    ),
)  # fmt: skip
"""Money of 投资 and 营收 in yuan, as everything here: a report's 万元 is entered with its zeros."""


# --- events -----------------------------------------------------------------------------------------------------------
def not_held_yet(values: Mapping[str, Any], latest: date | None) -> str:
    """Why an event cannot have been held; "" where it can."""
    day = values.get("on_day") or ""
    if values.get("state") is not SharingEventState.HELD or not partial_days.is_to_come(day, latest):
        return ""
    return _("{day} 还没有到，不是已办。请改日期，或把状态改为筹备、报名中。").format(day=day)


def event_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """Of a park or of an alliance; held on a day that has come; who came to what was not held is nobody."""
    found: dict[str, str] = {}
    if "park_id" in values and "alliance_id" in values and bool(values["park_id"]) == bool(values["alliance_id"]):
        found["park_id"] = _("园区和联盟只填一个，也要填一个。")
    if words := not_held_yet(values, facts.latest if facts else None):
        found["on_day"] = words
    is_open = values.get("state") not in (None, SharingEventState.HELD, SharingEventState.WAITING)
    if is_open and values.get("attended"):
        found["attended"] = _("还没有办，没有到场人数。")
    return found


def event_remarks(given: Mapping[str, Any], old: Mapping[str, Any], _facts: ExpoFacts) -> dict[str, str]:
    """More came than had registered: it happens, and may be a slip."""
    registered, attended = (({**old, **given}).get(name) for name in ("registered", "attended"))
    if registered is None or attended is None or attended <= registered:
        return {}
    return {"attended": _("到场 {n} 人，多于报名 {m} 人。").format(n=attended, m=registered)}


SHARING_EVENTS: RecordSpec = RecordSpec(
    name="sharing_events",
    model=SharingEvent,
    title=N_("园区与联盟活动"),
    key=(("park_id", "title", "on_day"), ("alliance_id", "title", "on_day")),
    scope="",
    needs_expo=False,
    order=("-on_day", "title"),
    search=lambda: search_of(
        _event.c.search_text, func.lower(SHARING_EVENTS.joined["park_id"].c.name),
        func.lower(SHARING_EVENTS.joined["alliance_id"].c.name),
    ),
    search_words=("title", "place"),
    chips=("state", "park_id", "alliance_id"),
    icon="calendar-check",
    permission="parks.edit",
    natural="title",
    contradictions=event_contradictions,
    file_remarks=event_remarks,
    fields=(
        Field("title", N_("活动"), 32, show="bold", aliases=("活动名称", "名称", "主题", "Event")),
        Field("park_id", N_("园区"), 24, ref="parks", is_vital=True, aliases=("园区名称", "合作园区")),
        Field("alliance_id", N_("联盟或共同体"), 24, ref="alliances", is_vital=True,
              aliases=("联盟", "共同体", "所属联盟", "Alliance")),
        day_field("on_day", N_("日期"), required=True,
                  aliases=("活动日期", "活动时间", "时间", "举办时间", "举办日期")),
        Field("place", N_("地点"), 18, aliases=("活动地点", "举办地点")),
        Field("state", N_("状态"), 8, show="pill"),
        Field("capacity", N_("名额"), 8, in_table=False, around=PEOPLE, aliases=("规模", "计划人数")),
        Field("registered", N_("报名"), 8, in_table=False, around=PEOPLE, aliases=("报名人数",)),
        Field("attended", N_("到场"), 8, around=PEOPLE, aliases=("参加人数", "到场人数", "参会人数", "参与人数")),
        source_field(in_table=False),
        Field("note", N_("备注"), 30, in_table=False, aliases=("说明",)),
        SAMPLE,
    ),
)  # fmt: skip
"""Who holds an event of an alliance has the right to its park's as well: `parks.edit` is asked for both."""
