"""Columns of the programme: 活动 and 路演项目."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, func, literal, null, select

from expo_app.i18n import N_, _
from expo_app.model import Achievement, Organisation, Person, Pitch, ProgrammeItem, Room, Speaker, WordRole
from expo_app.rules.day_spans import day_span
from expo_app.rules.terms import Usual
from expo_app.specs import organisations
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType, not_longer
from expo_app.specs.fields import Field
from expo_app.specs.records import NamedBy, RecordSpec, both_names, own_name, read_name, search_of

_item = ProgrammeItem.__table__


def speaker_names(named: NamedBy = own_name) -> ColumnElement[str]:
    """Speakers in order, joined by 、: 沈知远（同济大学）."""
    speaker, person, organisation = Speaker.__table__, Person.__table__, Organisation.__table__
    label = named(person) + func.coalesce("（" + named(organisation) + "）", "")
    listed = (
        select(label.label("label"))
        .select_from(
            speaker.join(person, person.c.id == speaker.c.person_id).outerjoin(
                organisation, organisation.c.id == person.c.organisation_id
            )
        )
        .where(speaker.c.item_id == _item.c.id)
        .order_by(speaker.c.position, speaker.c.id)
        .correlate(_item)
        .subquery()
    )
    return select(func.aggregate_strings(listed.c.label, "、")).scalar_subquery()


_NAMED = re.compile(r"^(?P<name>[^（(]+)(?:[（(](?P<organisation>.+)[）)])?$")
NAME_LENGTH: int = Person.__table__.c.name.type.length  # type: ignore[attr-defined]


def named_people(text: str) -> list[tuple[str, str | None]]:
    """(name, organisation) of each person listed: 沈知远（同济大学）、…"""
    found = (_NAMED.match(part.strip()) for part in re.split(r"[、;；\n]+", text))
    return [(match["name"].strip(), match["organisation"]) for match in found if match]


def _check_speakers(text: str) -> str:
    """The list as it is; ValueError with a sentence if a name in it is too long to be kept."""
    for name, organisation in named_people(text):
        not_longer(name, NAME_LENGTH)
        not_longer(organisation or "", organisations.NAME_LENGTH)
    return text


USUAL_MINUTES = 90
"""How long an item lasts of which nobody said it."""

LOCKED = N_("活动已锁定，时间和会场不能改。先解锁再改。")
PLACED = ("starts_at", "ends_at", "room_id", "minutes")
"""What of a locked item cannot be changed."""


def not_a_roadshow(title: str) -> str:
    """Why a result is not pitched there."""
    return _("“{title}”不是路演场次。").format(title=title)


def contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """An item ends after it begins."""
    start, end = values.get("starts_at"), values.get("ends_at")
    return {"ends_at": _("结束时间应晚于开始时间。")} if start and end and end <= start else {}


def _minutes_disagree(given: Mapping[str, Any], old: Mapping[str, Any], _facts: ExpoFacts) -> dict[str, str]:
    """A row that moves the end and gives another length than that makes."""
    start, end, minutes = (given.get(name) for name in ("starts_at", "ends_at", "minutes"))
    if not (start and end and minutes) or minutes == old.get("minutes") or end == old.get("ends_at"):
        return {}
    lasts = int((end - start).total_seconds() // 60)
    if lasts <= 0 or lasts == minutes:
        return {}
    words = _("时长 {n} 分钟与开始、结束（{lasts} 分钟）不符，改对其中一项。")
    return {"minutes": words.format(n=minutes, lasts=lasts)}


def _worth_knowing(given: Mapping[str, Any], old: Mapping[str, Any], facts: ExpoFacts) -> dict[str, str]:
    """An item outside the expo's days, or one whose end nobody said."""
    found, start = {}, given.get("starts_at")
    if start and not facts.holds(start):
        days = day_span(facts.starts_on, facts.ends_on)
        found["starts_at"] = _("不在展期内（{days}）。").format(days=days)
    if start and not any(values.get(name) for values in (given, old) for name in ("ends_at", "minutes")):
        found["ends_at"] = _("没有写，按 {n} 分钟算。").format(n=USUAL_MINUTES)
    return found


PROGRAMME = RecordSpec(
    name="programme",
    model=ProgrammeItem,
    title=N_("日程"),
    key=(("title", "starts_at", "room_id"), ("title", "starts_at"), ("title",)),
    recurs_at="starts_at",
    order=("starts_at", "title"),
    search=lambda: search_of(_item.c.search_text, speaker_names(both_names)),
    search_words=("title", "title_en", "host"),
    chips=("kind_id", "state"),
    icon="calendar-event",
    permission="programme.edit",
    natural="title",
    contradictions=contradictions,
    file_problems=_minutes_disagree,
    file_remarks=_worth_knowing,
    follows={"ends_at": "minutes"},
    fields=(
        Field(
            "title",
            N_("活动名称"),
            40,
            aliases=(
                "名称",
                "活动",
                "论坛名称",
                "主题",
                "标题",
                "内容",
                "活动内容",
                "议程",
                "议题",
                "事项",
                "Event",
                "Session",
                "Topic",
            ),
            show="bold",
            group=N_("活动"),
        ),
        Field(
            "kind_id",
            N_("类型"),
            8,
            ref="item_kinds",
            default=Usual(WordRole.FORUM),
            was=("kind",),
            aliases=("活动类型", "形式", "活动形式", "活动类别", "Type"),
            show="dot",
            group=N_("活动"),
        ),
        Field(
            "room_id",
            N_("会场"),
            10,
            ref="rooms",
            aliases=("地点", "场地", "房间", "会议室", "活动地点", "举办地点", "Venue", "Room", "Location"),
            group=N_("时间与地点"),
        ),
        Field(
            "starts_at",
            N_("开始"),
            16,
            aliases=("开始时间", "起始时间", "Start", "From"),
            needs_clock=True,
            until="ends_at",
            group=N_("时间与地点"),
        ),
        Field(
            "ends_at",
            N_("结束"),
            16,
            aliases=("结束时间", "截止时间", "End", "To"),
            needs_clock=True,
            group=N_("时间与地点"),
        ),
        Field(
            "minutes",
            N_("时长"),
            8,
            in_table=False,
            aliases=("时长（分钟）",),
            unit=N_("分钟"),
            least=1,
            group=N_("时间与地点"),
        ),
        Field("state", N_("状态"), 8, show="pill", group=N_("活动")),
        Field(
            "host",
            N_("主办"),
            24,
            aliases=("主办单位", "承办单位", "组织单位", "主办方", "Host", "Organiser", "Organizer"),
            group=N_("活动"),
        ),
        Field(
            "speakers",
            N_("嘉宾"),
            30,
            in_table=False,
            type=FieldType.LONG_TEXT,
            select=speaker_names,
            read=partial(speaker_names, read_name),
            check=_check_speakers,
            aliases=(
                "演讲嘉宾",
                "出席嘉宾",
                "主要嘉宾",
                "拟邀嘉宾",
                "主讲人",
                "演讲人",
                "发言人",
                "发言嘉宾",
                "Speaker",
                "Speakers",
            ),
            hint=N_("姓名（单位），用顿号分开"),
            group=N_("活动"),
        ),
        Field(
            "capacity",
            N_("所需座位"),
            8,
            aliases=("座位", "容量", "座位数", "人数"),
            hint=N_("大于会场座位时提示冲突；留空按会场"),
            group=N_("时间与地点"),
        ),
        Field("registrations", N_("报名"), 8, aliases=("报名人数",), group=N_("时间与地点")),
        Field("equipment", N_("设备"), 16, in_table=False, aliases=("设备需求",), group=N_("时间与地点")),
        Field("title_en", N_("英文名称"), 30, in_table=False, aliases=("英文名",), group=N_("活动")),
        Field("summary", N_("简介"), 40, in_table=False, aliases=("活动简介", "内容"), group=N_("活动")),
        Field("is_locked", N_("锁定"), 6, readonly=True, in_table=False, in_form=False),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False),
    ),
)


def _owner_name(named: NamedBy = own_name) -> ColumnElement[str]:
    """The organisation whose result is pitched."""
    result, organisation = Achievement.__table__, Organisation.__table__
    joined = result.join(organisation, organisation.c.id == result.c.owner_id)
    return (
        select(named(organisation))
        .select_from(joined)
        .where(result.c.id == Pitch.__table__.c.achievement_id)
        .scalar_subquery()
    )


PITCHES: RecordSpec = RecordSpec(
    name="pitches",
    model=Pitch,
    title=N_("路演项目"),
    key=(("item_id", "achievement_id"),),
    scope="",
    scope_filter=lambda expo_id: Pitch.__table__.c.item_id.in_(select(_item.c.id).where(_item.c.expo_id == expo_id)),
    order=("item_id", "position"),
    search=lambda: search_of(
        PITCHES.parent_table("achievement").c.search_text, func.lower(Pitch.__table__.c.presenter)
    ),
    icon="slideshow-3",
    permission="programme.edit",
    natural="achievement_id",
    fields=(
        Field("item_id", N_("路演场次"), 28, ref="programme", aliases=("场次", "活动名称")),
        Field("position", N_("顺序"), 6, aliases=("序号",)),
        Field("achievement_id", N_("项目"), 36, ref="achievements", aliases=("项目名称", "成果名称"), show="bold"),
        Field(
            "owner",
            N_("完成单位"),
            24,
            readonly=True,
            in_table=False,
            in_excel=False,
            select=_owner_name,
            read=partial(_owner_name, read_name),
        ),
        Field("presenter", N_("路演人"), 12, aliases=("主讲人", "汇报人")),
        Field(
            "minutes",
            N_("时长"),
            8,
            in_table=False,
            aliases=("时长（分钟）", "路演时间"),
            unit=N_("分钟"),
            least=1,
            most=600,
        ),
        Field(
            "mean",
            N_("均分"),
            8,
            type=FieldType.NUMBER,
            places=2,
            readonly=True,
            in_form=False,
            in_excel=False,
            select=null,
        ),
        Field("score", N_("汇总评分"), 8, aliases=("评分", "得分"), hint=N_("0–100"), most=100),
        Field("comments", N_("专家点评"), 36, in_table=False, aliases=("点评",)),
        Field("interest", N_("意向机构"), 30, aliases=("意向", "意向投资方")),
        Field("is_cancelled", N_("已取消"), 8, in_table=False, hint=N_("不讲了，不计入项数；意向留着")),
        Field("started_at", N_("开讲"), 16, readonly=True, in_form=False, in_table=False),
        Field("ended_at", N_("讲完"), 16, readonly=True, in_form=False, in_table=False),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False),
    ),
)
"""`mean` is what experts' scores come to, filled by `services.guests`; `score` is the one that was reported, as
`interest` is, and where that is empty a list shows the organisations whose interest was recorded."""


def _of_person(attribute: str, named: NamedBy = own_name) -> ColumnElement[str]:
    person, organisation = Person.__table__, Organisation.__table__
    joined = person.outerjoin(organisation, organisation.c.id == person.c.organisation_id)
    column = named(organisation) if attribute == "organisation" else named(person, attribute)
    return select(column).select_from(joined).where(person.c.id == Speaker.__table__.c.person_id).scalar_subquery()


def _of_item(attribute: str, named: NamedBy = own_name) -> ColumnElement[Any]:
    joined = _item.outerjoin(Room.__table__, Room.__table__.c.id == _item.c.room_id)
    column = named(Room.__table__) if attribute == "room" else _item.c[attribute]
    return select(column).select_from(joined).where(_item.c.id == Speaker.__table__.c.item_id).scalar_subquery()


SPEAKERS: RecordSpec = RecordSpec(
    name="speakers",
    model=Speaker,
    title=N_("嘉宾"),
    key=(("item_id", "person"),),
    scope="",
    scope_filter=lambda expo_id: Speaker.__table__.c.item_id.in_(select(_item.c.id).where(_item.c.expo_id == expo_id)),
    order=("starts_at", "position"),
    search=lambda: search_of(
        _of_person("search_text"), _of_person("organisation", both_names), _of_item("search_text")
    ),
    chips=("role",),
    icon="user-voice",
    permission="programme.edit",
    natural="person",
    fields=(
        Field("person", N_("姓名"), 14, ref="people", creates=True, type=FieldType.REF, required=True, show="bold",
              max_length=NAME_LENGTH, select=lambda: _of_person("name"),
              read=lambda: _of_person("name", read_name), group=N_("嘉宾")),
        Field("organisation", N_("单位"), 24, ref="organisations", creates=True, type=FieldType.REF,
              max_length=organisations.NAME_LENGTH, select=lambda: _of_person("organisation"),
              read=lambda: _of_person("organisation", read_name), group=N_("嘉宾")),
        Field("person_title", N_("职务"), 14, max_length=60, select=lambda: _of_person("title"), group=N_("嘉宾")),
        Field("role", N_("角色"), 10, show="pill", group=N_("场次")),
        Field("item_id", N_("活动"), 30, ref="programme", group=N_("场次")),
        Field("starts_at", N_("时间"), 16, type=FieldType.MOMENT, readonly=True, select=lambda: _of_item("starts_at")),
        Field("room", N_("会场"), 10, readonly=True, select=lambda: _of_item("room"),
              read=lambda: _of_item("room", read_name)),
        Field("topic", N_("题目"), 24, group=N_("场次")),
        Field("position", N_("顺序"), 6, in_table=False, group=N_("场次")),
        Field("clash", N_("冲突"), 12, readonly=True, show="pill", select=lambda: literal("")),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False),
    ),
)  # fmt: skip
"""Who speaks where. `clash` is filled by `services.guests`; a file brings speakers in with the programme."""
