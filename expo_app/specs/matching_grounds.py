"""Columns of what matchmaking is set up with: places, hours, times one cannot come, consents, region policies, the
expo's settings; and of what others reported of results and demands.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import func

from expo_app.i18n import N_, _
from expo_app.model import (
    MatchingConsent,
    MatchingSettings,
    MatchingTime,
    MeetingHours,
    MeetingPlace,
    PlaceKind,
    RegionPolicy,
    ReportedCount,
)
from expo_app.rules import regions, tech_contracts
from expo_app.rules.meeting_board import LENGTHS
from expo_app.specs.achievements import FIELD_ALIASES
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.follow_up import exhibitor_name
from expo_app.specs.organisations import NAME_ALIASES, REGION_ALIASES, region_suggestions
from expo_app.specs.people import PEOPLE
from expo_app.specs.records import Parent, RecordSpec, both_names, read_name, search_of

_place, _consent, _time = MeetingPlace.__table__, MatchingConsent.__table__, MatchingTime.__table__
MOST_MINUTES = 240
EVERYWHERE = N_("全部地区")
ANYWHERE = N_("不限")
SAMPLE = Field("is_sample", N_("示例"), 6, readonly=True, in_form=False, in_table=False)


def _place_words(empty: str, code: str) -> str:
    return regions.region_name(code) if code else _(empty)


def _region(name: str, label: str, empty: str, **more: Any) -> Field:
    """A place by its code; an empty one is said as `empty`, and comes in by those words too."""
    return Field(
        name, label, 14, check=partial(_code_of, empty), format=partial(_place_words, empty), is_place=True,
        suggestions=region_suggestions, **more,
    )  # fmt: skip


def _code_of(empty: str, text: str) -> str:
    return "" if text in (empty, _(empty)) else regions.parse_region(text)


def _out_of_order(
    values: Mapping[str, Any], start: str, end: str, words: str, is_strict: bool = True
) -> dict[str, str]:
    """A problem of `end` where it does not come after `start`."""
    begins, ends = values.get(start), values.get(end)
    if begins is None or ends is None or ends > begins or (ends == begins and not is_strict):
        return {}
    return {end: words}


# --- what was reported ------------------------------------------------------------------------------------------------
def count_contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """Somebody reported it."""
    is_missing = "source" in values and not values["source"]
    return {"source": _("报道数要写出处。")} if is_missing else {}


REPORTED_COUNTS: RecordSpec = RecordSpec(
    name="reported_counts",
    model=ReportedCount,
    title=N_("报道数"),
    key=(("counted", "region_code", "field", "on_date"),),
    order=("counted", "region_code", "field", "on_date"),
    search=lambda: func.lower(ReportedCount.__table__.c.source),
    chips=("counted", "region_code"),
    icon="article",
    permission="matching.edit",
    natural="source",
    contradictions=count_contradictions,
    fields=(
        Field("counted", N_("数的是"), 10, aliases=("类别", "类型", "对象")),
        _region("region_code", N_("地区"), EVERYWHERE, aliases=REGION_ALIASES),
        Field("field", N_("领域"), 16, aliases=FIELD_ALIASES, suggestions=lambda: tech_contracts.TECH_FIELDS,
              hint=N_("全部领域的留空")),
        Field("count", N_("报道数"), 8, is_vital=True, most=10**6, show="bold",
              aliases=("数量", "项数", "件数", "数目", "Count")),
        Field("on_date", N_("报道日期"), 12, is_vital=True, aliases=("日期", "截至日期", "统计日期", "发布日期")),
        Field("source", N_("出处"), 36, required=True, aliases=("来源", "数据来源", "报道", "Source"),
              hint=N_("哪里报道的，写到能查到")),
        SAMPLE,
    ),
)  # fmt: skip
"""Never computed and never added to what was counted."""


# --- places and hours -------------------------------------------------------------------------------------------------
def place_contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """A booth is its exhibitor's, a table nobody's."""
    kind, owner = values.get("kind"), values.get("exhibitor_id", values.get("exhibitor"))
    is_said = "exhibitor_id" in values or "exhibitor" in values
    if kind is PlaceKind.BOOTH and is_said and not owner and not values.get("exhibitor"):
        return {"kind": _("展位要写是哪家参展商的。")}
    if kind is not None and kind is not PlaceKind.BOOTH and (owner or values.get("exhibitor")):
        return {"exhibitor": _("只有展位写参展商；桌子谁都能用。")}
    return {}


MEETING_PLACES: RecordSpec = RecordSpec(
    name="meeting_places",
    model=MeetingPlace,
    title=N_("洽谈点"),
    key=(("name",),),
    order=("kind", "name"),
    search=lambda: search_of(
        func.lower(_place.c.name), func.lower(_place.c.area), func.lower(exhibitor_name(_place, both_names))
    ),
    chips=("kind", "area"),
    icon="layout-column",
    permission="matching.edit",
    contradictions=place_contradictions,
    fields=(
        Field("name", N_("洽谈点"), 12, show="bold",
              aliases=("桌号", "名称", "桌位", "洽谈桌", "编号", "Table", "Place")),
        Field("kind", N_("种类"), 8, aliases=("类型", "类别", "Type")),
        Field("area", N_("片区"), 14, aliases=("区域", "位置", "所在区域", "区", "Zone", "Area"), suggestions=tuple,
              hint=N_("不同片区之间要留出走路的时间")),
        Field("capacity", N_("同时几场"), 8, least=1, most=100, aliases=("容量", "场数", "同时洽谈", "Capacity")),
        Field("exhibitor", N_("参展商"), 28, ref="exhibitors", type=FieldType.REF, is_vital=True,
              select=partial(exhibitor_name, _place), read=partial(exhibitor_name, _place, read_name),
              aliases=("参展单位", "展商", "单位", "所属单位", "Owner", "Exhibitor"), hint=N_("展位写是哪家的")),
        Field("is_closed", N_("已撤"), 6, aliases=("停用", "撤销", "不用"),
              hint=N_("撤了的，那里的洽谈回到未排")),
        Field("note", N_("备注"), 24, in_table=False, aliases=("说明",)),
        SAMPLE,
    ),
)  # fmt: skip


def hours_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """They end after they begin, on a day of the expo."""
    found = _out_of_order(values, "opens", "closes", _("结束要晚于开始。"))
    day = values.get("day")
    if facts and day and not facts.starts_on <= day <= facts.ends_on:
        found["day"] = _("{day} 不在展期内。").format(day=day.isoformat())
    return found


MEETING_HOURS: RecordSpec = RecordSpec(
    name="meeting_hours",
    model=MeetingHours,
    title=N_("洽谈时间"),
    key=(("day", "opens"),),
    order=("day", "opens"),
    icon="time",
    permission="matching.edit",
    natural="day",
    contradictions=hours_contradictions,
    fields=(
        Field("day", N_("日期"), 12, show="bold", aliases=("洽谈日期", "天", "Day")),
        Field(
            "opens", N_("开始"), 8, until="closes", aliases=("开始时间", "起", "从", "时间", "时段", "洽谈时间", "From")
        ),
        Field("closes", N_("结束"), 8, aliases=("结束时间", "止", "到", "To")),
        SAMPLE,
    ),
)
"""Two rows of a day leave a break between them."""


def time_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """It is somebody's or a place's, ends after it begins, and touches the expo."""
    found = _out_of_order(values, "starts_at", "ends_at", _("结束要晚于开始。"))
    whose = {name: values.get(name) for name in ("organisation_id", "place_id")}
    people = [values.get(name) for name in ("person_id", "person.name") if values.get(name)]
    if all(name in values for name in whose) and not any(whose.values()):
        found["organisation_id"] = _("写明是哪家单位，或哪个洽谈点的。")
    if all(whose.values()):
        found["place_id"] = _("单位和洽谈点只填一个。")
    elif whose["place_id"] and people:
        found["person.name"] = _("洽谈点的时间不写人员。")
    start, end = values.get("starts_at"), values.get("ends_at")
    if facts and start and end and not (
        start.astimezone(facts.zone).date() <= facts.ends_on and end.astimezone(facts.zone).date() >= facts.starts_on
    ):  # fmt: skip
        found["starts_at"] = _("这段时间不在展期内。")
    return found


MATCHING_TIMES: RecordSpec = RecordSpec(
    name="matching_times",
    model=MatchingTime,
    title=N_("忙与不开放"),
    key=(("starts_at", "organisation_id", "person.name", "place_id"),),
    recurs_at="starts_at",
    parents={"person": Parent("people", {"organisation_id": "organisation_id"})},
    order=("starts_at", "organisation_id", "place_id"),
    search=lambda: search_of(
        func.lower(both_names(MATCHING_TIMES.joined["organisation_id"])),
        func.lower(MATCHING_TIMES.joined["place_id"].c.name), func.lower(_time.c.note),
        MATCHING_TIMES.parent_table("person").c.search_text,
    ),
    chips=("kind",),
    icon="time",
    permission="matching.edit",
    natural="note",
    contradictions=time_contradictions,
    fields=(
        Field("kind", N_("种类"), 8, show="pill", aliases=("状态", "类型", "Type"), hint=N_("忙只提醒，不开放不排")),
        Field("organisation_id", N_("单位"), 28, ref="organisations", creates=True, is_vital=True,
              aliases=NAME_ALIASES),
        PEOPLE.again("name", through="person", label=N_("人员"), show="", hint=N_("整个单位的留空"),
                     aliases=("姓名", "人员姓名", "联系人", "Name")),
        Field("place_id", N_("洽谈点"), 12, ref="meeting_places", is_vital=True,
              aliases=("桌号", "洽谈桌", "桌位", "桌")),
        Field("starts_at", N_("开始"), 16, needs_clock=True, is_vital=True, until="ends_at",
              aliases=("开始时间", "起", "从", "时间", "时段", "From")),
        Field("ends_at", N_("结束"), 16, needs_clock=True, is_vital=True, aliases=("结束时间", "止", "到", "To")),
        Field("note", N_("原因"), 24, aliases=("备注", "说明", "事由", "理由")),
        SAMPLE,
    ),
)  # fmt: skip


# --- who may be matched -----------------------------------------------------------------------------------------------
def consent_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """It ends after it was given."""
    return _out_of_order(values, "given_on", "valid_until", _("有效期至不能早于同意日期。"), is_strict=False)


def _silent(given: Mapping[str, Any], old: Mapping[str, Any], _facts: ExpoFacts) -> dict[str, str]:
    """A new consent of which the file does not say whether it is one."""
    is_said = given.get("may_match") is not None or old.get("may_match") is not None
    return {} if is_said else {"may_match": _("没有写同意不同意，不当作同意；加一列“可被推荐”，填是或否。")}


MATCHING_CONSENTS: RecordSpec = RecordSpec(
    name="matching_consents",
    model=MatchingConsent,
    title=N_("可被推荐"),
    key=(("organisation_id", "person.phone"), ("organisation_id", "person.name")),
    parents={"person": Parent("people", {"organisation_id": "organisation_id"})},
    order=("organisation_id", "person.name"),
    search=lambda: search_of(
        MATCHING_CONSENTS.joined["organisation_id"].c.search_text,
        MATCHING_CONSENTS.parent_table("person").c.search_text,
    ),
    chips=("may_match", "shared_with"),
    icon="shield-check",
    permission="matching.edit",
    natural="how",
    contradictions=consent_contradictions,
    file_problems=_silent,
    fields=(
        Field("organisation_id", N_("单位"), 30, ref="organisations", creates=True, show="bold",
              aliases=NAME_ALIASES),
        PEOPLE.again("name", through="person", label=N_("人员"), show="", hint=N_("整个单位的留空"),
                     aliases=("姓名", "人员姓名", "联系人", "Name")),
        PEOPLE.again("phone", through="person", in_table=False),
        Field("may_match", N_("可被推荐"), 8, required=True,
              aliases=("同意推荐", "是否同意", "是否同意推荐", "同意", "双方是否同意", "愿意对接", "Consent")),
        Field("shared_with", N_("联系方式"), 12, aliases=("联系方式给谁", "对外范围", "共享范围")),
        Field("valid_until", N_("有效期至"), 12, is_vital=True, aliases=("有效期", "截止日期", "到期日"),
              hint=N_("过了这一天，推荐和联系方式都不再给")),
        Field("given_on", N_("同意日期"), 12, is_vital=True, aliases=("日期", "签署日期")),
        Field("how", N_("怎么同意的"), 20, aliases=("方式", "同意方式", "依据"),
              hint=N_("报名表、电话、现场签字……")),
        SAMPLE,
    ),
)  # fmt: skip
"""Nothing recorded means no."""


# --- policies ---------------------------------------------------------------------------------------------------------
def policy_contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """It ends after it begins, and is about somewhere or something."""
    found = _out_of_order(values, "valid_from", "valid_until", _("有效期止不能早于有效期起。"), is_strict=False)
    told = ("demand_region", "supply_region", "field")
    if all(name in values for name in told) and not any(values[name] for name in told):
        found["demand_region"] = _("地区和领域至少写一项，否则哪一对都算合于政策。")
    return found


REGION_POLICIES: RecordSpec = RecordSpec(
    name="matching_policies",
    model=RegionPolicy,
    title=N_("地区政策"),
    key=(("title", "demand_region", "supply_region"),),
    order=("title", "demand_region", "supply_region"),
    search=lambda: search_of(func.lower(RegionPolicy.__table__.c.title), func.lower(RegionPolicy.__table__.c.source)),
    icon="government",
    permission="matching.edit",
    natural="title",
    contradictions=policy_contradictions,
    fields=(
        Field("title", N_("政策名称"), 30, show="bold", aliases=("政策", "名称", "办法", "文件名称")),
        _region("demand_region", N_("需求方地区"), ANYWHERE, aliases=("需方地区", "需求地区", "甲地")),
        _region("supply_region", N_("供给方地区"), ANYWHERE, aliases=("供方地区", "成果地区", "乙地")),
        Field("field", N_("领域"), 16, aliases=FIELD_ALIASES, suggestions=lambda: tech_contracts.TECH_FIELDS,
              hint=N_("不限领域的留空")),
        Field("valid_from", N_("有效期起"), 12, is_vital=True, until="valid_until",
              aliases=("开始日期", "施行日期", "生效日期", "有效期", "起", "从")),
        Field("valid_until", N_("有效期止"), 12, is_vital=True,
              aliases=("结束日期", "失效日期", "有效期至", "止", "到")),
        Field("source", N_("出处"), 36, in_table=False, aliases=("文号", "来源", "依据", "网址"),
              hint=N_("文号或网址，向发文部门核对")),
        SAMPLE,
    ),
)  # fmt: skip


# --- settings ---------------------------------------------------------------------------------------------------------
TIMING, LIMITS, POINTS = N_("时段与间隔"), N_("请求与场次上限"), N_("建议的分数")
POINT_FIELDS = ("field_points", "word_points", "policy_points", "way_points", "history_points")


def settings_contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """A meeting takes one of the lengths that are offered, and the parts of a score add up to a hundred."""
    minutes = values.get("slot_minutes")
    if minutes is not None and minutes not in LENGTHS:
        return {"slot_minutes": _("每场是 15、20 或 30 分钟。")}
    points = [values.get(name) for name in POINT_FIELDS]
    if any(point is None for point in points) or sum(points) == 100:  # type: ignore[arg-type]
        return {}
    return {POINT_FIELDS[0]: _("五项分数加起来要正好 100，现在是 {n}。").format(n=sum(points))}  # type: ignore[arg-type]


def _points(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, 8, most=100, group=POINTS, **more)


MATCHING_SETTINGS: RecordSpec = RecordSpec(
    name="matching_settings",
    model=MatchingSettings,
    title=N_("对接设置"),
    key=(("slot_minutes", "gap_minutes", "walk_minutes", "a_day_at_most", "sent_at_most"),),
    order=("slot_minutes",),
    icon="equalizer",
    natural="slot_minutes",
    contradictions=settings_contradictions,
    fields=(
        Field("slot_minutes", N_("每场"), 8, unit=N_("分钟"), least=5, most=MOST_MINUTES, group=TIMING,
              hint=N_("15、20 或 30 分钟；改了长度，排好的洽谈回到未排")),
        Field("gap_minutes", N_("两场之间"), 8, unit=N_("分钟"), most=MOST_MINUTES, group=TIMING),
        Field("walk_minutes", N_("换片区"), 8, unit=N_("分钟"), most=MOST_MINUTES, group=TIMING,
              hint=N_("从一个片区走到另一个片区；0 是不用留")),
        Field("a_day_at_most", N_("一家一天最多"), 8, unit=N_("场洽谈"), least=1, most=100, group=LIMITS,
              hint=N_("不限的留空")),
        Field("sent_at_most", N_("一家最多发出"), 8, unit=N_("个请求"), least=1, most=1000, group=LIMITS,
              hint=N_("还没答复和已同意的合计；不限的留空")),
        Field("expires_at", N_("请求过期"), 16, needs_clock=True, group=LIMITS,
              hint=N_("留空是展会最后一天的前一晚 18:00")),
        _points("field_points", N_("领域相同"), hint=N_("五项合计 100")),
        _points("word_points", N_("关键词")),
        _points("policy_points", N_("合于地区政策")),
        _points("way_points", N_("合作方式相合")),
        _points("history_points", N_("曾对接")),
    ),
)  # fmt: skip
"""One row of an expo; there is none until somebody changes what it begins with. The matrix has a card of its own."""
