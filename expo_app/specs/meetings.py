"""Columns of 洽谈: who asks whom, answer, place and time, outcome; and of 候补, who would take a free seat."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, null, or_, select

from expo_app.i18n import N_, _
from expo_app.model import Deal, Meeting, MeetingPlace, MeetingState, Organisation, Person, Standby
from expo_app.rules.meeting_requests import Standing
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.records import NamedBy, RecordSpec, both_names, own_name, read_name, search_of
from expo_app.specs.roadshow import NEXT_STEPS, interest_contradictions

_meeting, _standby, _organisation, _person, _place = (
    model.__table__ for model in (Meeting, Standby, Organisation, Person, MeetingPlace)
)
WHO, REQUEST, SEAT, RESULT = N_("双方"), N_("请求"), N_("时间和桌位"), N_("结果")
SIDES = {"a": N_("甲方"), "b": N_("乙方")}


def person_name(column: str, named: NamedBy = own_name) -> ColumnElement[str]:
    """Who comes for a side; `column` of the meeting holds the key."""
    person = _person.alias(f"{column}_person")
    return select(named(person)).where(person.c.id == _meeting.c[column]).correlate(_meeting).scalar_subquery()


def place_name() -> ColumnElement[str]:
    """The table, booth or room that a meeting has."""
    return select(_place.c.name).where(_place.c.id == _meeting.c.place_id).correlate(_meeting).scalar_subquery()


def _deal_no() -> ColumnElement[Any]:
    return select(Deal.deal_no).where(Deal.id == _meeting.c.deal_id).correlate(_meeting).scalar_subquery()


def _words_of(of: FromClause, *columns: str) -> ColumnElement[str]:
    """Search words of the organisations that these columns of `of` name."""

    def words(column: str) -> ColumnElement[str]:
        body = _organisation.alias(f"found_{column}")
        query = select(func.lower(both_names(body)) + " " + func.coalesce(body.c.search_text, ""))
        return query.where(body.c.id == of.c[column]).correlate(of).scalar_subquery()

    return search_of(*(func.coalesce(words(column), "") for column in columns))


def meeting_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """Two organisations, a range that is one, and an outcome of what was agreed on alone."""
    found = interest_contradictions(values, facts)
    if values.get("a_id") is not None and values.get("a_id") == values.get("b_id"):
        found["b_id"] = _("甲方和乙方是同一家，不能约洽谈。")
    state, outcome = values.get("state"), values.get("outcome")
    if outcome is not None and state not in (None, MeetingState.ACCEPTED):
        found["outcome"] = _("状态是“{state}”，不会有结果。").format(state=state.label)
    return found


def standby_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """Nobody stands by for itself."""
    same = values.get("host_id") is not None and values.get("host_id") == values.get("guest_id")
    return {"guest_id": _("候补单位和洽谈单位是同一家。")} if same else {}


SAMPLE = Field("is_sample", N_("示例"), 6, readonly=True, in_form=False, in_table=False)

MEETINGS: RecordSpec = RecordSpec(
    name="meetings",
    model=Meeting,
    title=N_("洽谈"),
    key=(("meeting_no",), ("a_id", "b_id", "subject")),
    order=("-meeting_no",),
    search=lambda: search_of(
        _meeting.c.search_text, func.lower(_meeting.c.meeting_no), _words_of(_meeting, "a_id", "b_id"),
        func.lower(func.coalesce(place_name(), "")), func.lower(func.coalesce(person_name("a_person_id"), "")),
        func.lower(func.coalesce(person_name("b_person_id"), "")),
    ),
    search_words=("subject", "next_step"),
    chips=("standing", "level"),
    icon="links",
    permission="matching.edit",
    natural="meeting_no",
    contradictions=meeting_contradictions,
    holds_expo=True,
    fields=(
        Field("meeting_no", N_("编号"), 10, required=False, in_form=False, aliases=("洽谈编号", "预约编号")),
        Field("a_id", N_("甲方"), 26, ref="organisations", is_vital=True, show="bold",
              aliases=("请求方", "发起方", "邀约方", "需求方", "甲方单位", "请求单位"), group=WHO),
        Field("a_person", N_("甲方人员"), 10, max_length=60, select=partial(person_name, "a_person_id"),
              read=partial(person_name, "a_person_id", read_name), in_table=False,
              aliases=("请求方人员", "甲方参会人", "甲方代表"), group=WHO),
        Field("b_id", N_("乙方"), 26, ref="organisations", is_vital=True, show="bold",
              aliases=("被请求方", "受邀方", "供给方", "乙方单位", "受邀单位"), group=WHO),
        Field("b_person", N_("乙方人员"), 10, max_length=60, select=partial(person_name, "b_person_id"),
              read=partial(person_name, "b_person_id", read_name), in_table=False,
              aliases=("受邀方人员", "乙方参会人", "乙方代表"), group=WHO),
        Field("subject", N_("议题"), 30, aliases=("洽谈内容", "洽谈主题", "主题", "对接项目"), group=REQUEST),
        Field("state", N_("状态"), 10, show="pill", in_form=False, aliases=("请求状态", "接受情况"), group=REQUEST),
        Field("standing", N_("进展"), 10, type=FieldType.ENUM, choices=Standing, readonly=True, in_form=False,
              in_excel=False, show="pill", select=null),
        Field("is_mutual", N_("双方互选"), 8, in_form=False, in_table=False, aliases=("互选",), group=REQUEST),
        Field("place", N_("桌位"), 10, max_length=40, select=place_name, in_form=False, is_vital=True,
              aliases=("洽谈桌", "洽谈点", "地点", "桌号"), group=SEAT),
        Field("starts_at", N_("开始时间"), 16, needs_clock=True, in_form=False, is_vital=True,
              aliases=("时间", "洽谈时间", "时段"), group=SEAT),
        Field("minutes", N_("分钟"), 6, least=1, most=24 * 60, in_form=False, in_table=False, aliases=("时长",),
              group=SEAT),
        Field("unseated", N_("移出原因"), 20, readonly=True, in_form=False, in_table=False, in_excel=False, group=SEAT),
        Field("outcome", N_("结果"), 10, show="pill", in_form=False, aliases=("洽谈结果", "到场情况"), group=RESULT),
        Field("instead_id", N_("顶替单位"), 24, ref="organisations", in_form=False, in_table=False,
              aliases=("候补单位",), group=RESULT),
        Field("level", N_("意向程度"), 8, show="pill", aliases=("意向", "意向等级"), group=RESULT),
        Field("amount_from", N_("意向金额从"), 12, unit=N_("万元"), is_vital=True, up_to="amount_to", in_table=False,
              aliases=("意向金额", "金额"), group=RESULT),
        Field("amount_to", N_("意向金额至"), 12, unit=N_("万元"), is_vital=True, in_table=False,
              hint=N_("不封顶的留空"), group=RESULT),
        Field("next_step", N_("下一步"), 20, suggestions=lambda: [_(words) for words in NEXT_STEPS], in_table=False,
              aliases=("后续", "后续安排"), group=RESULT),
        Field("note", N_("备注"), 30, in_table=False, aliases=("说明", "洽谈纪要"), group=RESULT),
        Field("deal", N_("签约项目"), 12, readonly=True, in_form=False, in_excel=False, select=_deal_no),
        Field("asked_at", N_("请求时间"), 16, required=False, needs_clock=True, in_form=False, in_table=False,
              group=REQUEST),
        Field("asked_by", N_("登记人"), 10, in_form=False, in_table=False, group=REQUEST),
        Field("answer_by", N_("答复期限"), 16, in_form=False, in_table=False, group=REQUEST),
        Field("answered_at", N_("答复时间"), 16, in_form=False, in_table=False, group=REQUEST),
        Field("answer_how", N_("答复方式"), 16, in_form=False, in_table=False, aliases=("代答",), group=REQUEST),
        Field("reason", N_("原因"), 20, in_form=False, in_table=False, aliases=("婉拒原因", "取消原因"), group=REQUEST),
        SAMPLE,
    ),
)  # fmt: skip
"""`standing` says how a meeting stands now and is filled by the page: the database does not know the expo's clock."""

STANDBY: RecordSpec = RecordSpec(
    name="standby",
    model=Standby,
    title=N_("候补"),
    key=(("host_id", "guest_id"),),
    order=("host_id", "since"),
    search=lambda: _words_of(_standby, "host_id", "guest_id"),
    icon="user-received",
    permission="matching.edit",
    natural="guest_id",
    contradictions=standby_contradictions,
    fields=(
        Field("host_id", N_("洽谈单位"), 28, ref="organisations", is_vital=True, show="bold",
              aliases=("单位", "想约的单位", "被候补单位")),
        Field("guest_id", N_("候补单位"), 28, ref="organisations", is_vital=True, show="bold",
              aliases=("候补方", "候补")),
        Field("since", N_("登记时间"), 16, required=False, needs_clock=True, in_form=False, aliases=("时间",)),
        Field("used_at", N_("顶替时间"), 16, readonly=True, in_form=False),
        Field("note", N_("备注"), 24, aliases=("说明",)),
        SAMPLE,
    ),
)  # fmt: skip
"""In the order they came: the first who has not been used takes the next free seat."""


def open_pair(one: Any, other: Any) -> ColumnElement[bool]:
    """Meetings between these two organisations, whoever asked."""
    meeting = _meeting.c
    return or_((meeting.a_id == one) & (meeting.b_id == other), (meeting.a_id == other) & (meeting.b_id == one))
