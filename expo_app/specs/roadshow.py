"""Columns of what a roadshow leaves: 意向, 专家评分, 专家点评, and the 评分项 experts score by."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, select

from expo_app.i18n import N_, _
from expo_app.model import (
    Achievement,
    Deal,
    Interest,
    Organisation,
    Pitch,
    PitchComment,
    PitchScore,
    ProgrammeItem,
    ScoreCriterion,
)
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.records import NamedBy, RecordSpec, both_names, own_name, read_name, search_of

_interest, _score, _comment, _criterion = (
    model.__table__ for model in (Interest, PitchScore, PitchComment, ScoreCriterion)
)
NEXT_STEPS = (
    N_("约洽谈"), N_("寄资料"), N_("现场考察"), N_("技术交流"), N_("签意向书"), N_("尽职调查"),
)  # fmt: skip
"""What a form offers as what comes next; any other words do as well."""
WHO, WHAT, WHEN = N_("意向方"), N_("意向"), N_("记录人和时间")


def pitch_title(of: FromClause, named: NamedBy = own_name) -> ColumnElement[str]:
    """The result whose pitch a row of `of` (its `pitch_id`) concerns."""
    pitch, achievement = Pitch.__table__.alias("concerned_pitch"), Achievement.__table__.alias("concerned_result")
    joined = pitch.join(achievement, achievement.c.id == pitch.c.achievement_id)
    query = select(named(achievement, "title")).select_from(joined).where(pitch.c.id == of.c.pitch_id)
    return query.correlate(of).scalar_subquery()


def pitch_item(of: FromClause, named: NamedBy = own_name) -> ColumnElement[str]:
    """The roadshow that the pitch of a row of `of` is in."""
    pitch, item = Pitch.__table__.alias("held_pitch"), ProgrammeItem.__table__.alias("held_item")
    joined = pitch.join(item, item.c.id == pitch.c.item_id)
    query = select(named(item, "title")).select_from(joined).where(pitch.c.id == of.c.pitch_id)
    return query.correlate(of).scalar_subquery()


def _of_expo(of: FromClause, expo_id: Any) -> ColumnElement[bool]:
    pitches = select(Pitch.id).join(ProgrammeItem, ProgrammeItem.id == Pitch.item_id)
    return of.c.pitch_id.in_(pitches.where(ProgrammeItem.expo_id == expo_id))


def _criterion_of(column: str) -> ColumnElement[Any]:
    query = select(_criterion.c[column]).where(_criterion.c.id == _score.c.criterion_id)
    return query.correlate(_score).scalar_subquery()


def _deal_no() -> ColumnElement[Any]:
    return select(Deal.deal_no).where(Deal.id == _interest.c.deal_id).correlate(_interest).scalar_subquery()


def organisation_words() -> ColumnElement[str]:
    """The search words of the organisation that is interested."""
    body = Organisation.__table__.alias("interested")
    query = select(body.c.search_text).where(body.c.id == _interest.c.organisation_id)
    return query.correlate(_interest).scalar_subquery()


def interest_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """A range begins with an amount above 0 and does not end below it."""
    found: dict[str, str] = {}
    low, high = values.get("amount_from"), values.get("amount_to")
    for name, amount in (("amount_from", low), ("amount_to", high)):
        if amount is not None and amount <= 0:
            found[name] = _("金额要大于 0。")
    if low is not None and high is not None and high < low:
        found["amount_to"] = _("意向金额的上限不能低于下限。")
    return found


def points_problem(points: Decimal | None, maximum: int | None, criterion: str) -> str:
    """Why points are none that can be given by a criterion; "" where they are."""
    if points is None or maximum is None or 0 <= points <= maximum:
        return ""
    return _("“{criterion}”最多 {n} 分。").format(criterion=criterion, n=maximum)


def _pitch_fields(of: FromClause, group: str = "") -> tuple[Field, Field]:
    """The pitch that a row concerns: by its result and, where that is pitched more than once, its roadshow."""
    return (
        Field("pitch", N_("路演项目"), 30, ref="pitches", type=FieldType.REF, required=True, is_vital=True, show="bold",
              select=partial(pitch_title, of), read=partial(pitch_title, of, read_name),
              aliases=("项目", "项目名称", "成果", "成果名称"), group=group),
        Field("item", N_("路演场次"), 24, ref="programme", type=FieldType.REF, is_vital=True, in_table=False,
              select=partial(pitch_item, of), read=partial(pitch_item, of, read_name), aliases=("场次", "活动名称"),
              hint=N_("同一成果在几场路演时才要写"), group=group),
    )  # fmt: skip


def _found(of: FromClause, *more: Callable[[], ColumnElement[str]]) -> Callable[[], ColumnElement[str]]:
    return lambda: search_of(func.lower(pitch_title(of, both_names)), *(one() for one in more))


def check_expert(text: str) -> str:
    """A name; digits alone are points that were typed into the wrong line."""
    if re.sub(r"[\s.,，]", "", text).isdecimal():
        raise ValueError(_("“{text}”不是姓名。先写专家姓名，再记分。").format(text=text))
    return text


EXPERT = Field(
    "expert", N_("专家"), 12, suggestions=tuple, check=check_expert, aliases=("评委", "评审专家", "专家姓名", "Expert")
)
SAMPLE = Field("is_sample", N_("示例"), 6, readonly=True, in_form=False, in_table=False)
RECORDED = (
    Field("at", N_("记录时间"), 16, readonly=True, in_form=False, in_table=False),
    Field("operator", N_("记录人"), 10, readonly=True, in_form=False, in_table=False),
)

INTERESTS: RecordSpec = RecordSpec(
    name="interests",
    model=Interest,
    title=N_("路演意向"),
    key=(("interest_no",), ("item", "pitch", "organisation_id", "contact"), ("pitch", "organisation_id", "contact")),
    order=("-interest_no",),
    search=lambda: search_of(
        _interest.c.search_text, func.lower(_interest.c.interest_no), func.lower(pitch_title(_interest, both_names)),
        func.coalesce(organisation_words(), ""),
    ),
    search_words=("contact", "phone", "next_step", "recorded_by"),
    chips=("level", "pitch"),
    icon="hand-coin",
    permission="roadshow.record",
    natural="interest_no",
    contradictions=interest_contradictions,
    fields=(
        Field("interest_no", N_("编号"), 10, required=False, in_form=False, aliases=("意向编号",)),
        *_pitch_fields(_interest, WHAT),
        Field("organisation_id", N_("意向单位"), 28, ref="organisations", creates=True,
              aliases=("意向机构", "投资机构", "单位", "单位名称", "机构", "企业名称", "公司名称", "投资方"),
              group=WHO),
        Field("level", N_("意向程度"), 8, show="pill", aliases=("程度", "意向等级", "意向强度"), group=WHAT),
        Field("amount_from", N_("意向金额从"), 12, unit=N_("万元"), is_vital=True, up_to="amount_to",
              aliases=("意向金额", "意向金额范围", "金额范围", "金额", "最低金额", "金额下限"), group=WHAT),
        Field("amount_to", N_("意向金额至"), 12, unit=N_("万元"), is_vital=True, aliases=("最高金额", "金额上限"),
              hint=N_("不封顶的留空"), group=WHAT),
        Field("contact", N_("联系人"), 10, aliases=("姓名", "联系人姓名"), group=WHO),
        Field("phone", N_("联系电话"), 16, type=FieldType.PHONE, mask="phone", in_table=False,
              aliases=("电话", "手机", "手机号"), group=WHO),
        Field("next_step", N_("下一步"), 24, suggestions=lambda: [_(words) for words in NEXT_STEPS],
              aliases=("下一步安排", "后续安排", "后续"), group=WHAT),
        Field("note", N_("备注"), 30, in_table=False, aliases=("说明",), group=WHAT),
        Field("deal", N_("签约项目"), 12, readonly=True, in_form=False, in_excel=False, select=_deal_no),
        Field("at", N_("记录时间"), 16, required=False, needs_clock=True, in_form=False, aliases=("时间",), group=WHEN),
        Field("recorded_by", N_("记录人"), 10, in_form=False, in_table=False, aliases=("登记人",), group=WHEN),
        SAMPLE,
    ),
)  # fmt: skip

SCORE_CRITERIA: RecordSpec = RecordSpec(
    name="score_criteria",
    model=ScoreCriterion,
    title=N_("路演评分项"),
    key=(("item_id", "name"),),
    scope="",
    scope_filter=lambda expo_id: _criterion.c.item_id.in_(
        select(ProgrammeItem.id).where(ProgrammeItem.expo_id == expo_id)
    ),
    order=("item_id", "position", "name"),
    search=lambda: func.lower(_criterion.c.name),
    chips=("item_id",),
    icon="checkbox-circle",
    permission="programme.edit",
    fields=(
        Field("item_id", N_("路演场次"), 28, ref="programme", aliases=("场次", "活动名称")),
        Field("name", N_("评分项"), 20, show="bold", aliases=("指标", "评分指标", "名称", "评分标准")),
        Field("maximum", N_("满分"), 6, least=1, most=1000, is_vital=True, aliases=("最高分", "分值")),
        Field("weight", N_("权重"), 6, least=1, most=1000, is_vital=True),
        Field("position", N_("顺序"), 6, aliases=("序号",), most=9999),
        SAMPLE,
    ),
)  # fmt: skip
"""What experts score by, of each roadshow."""

SCORES: RecordSpec = RecordSpec(
    name="scores",
    model=PitchScore,
    title=N_("专家评分"),
    key=(("item", "pitch", "expert", "criterion"), ("pitch", "expert", "criterion")),
    scope="",
    scope_filter=partial(_of_expo, _score),
    order=("item", "pitch", "expert", "criterion"),
    search=_found(_score, lambda: func.lower(_score.c.expert)),
    chips=("expert", "criterion"),
    icon="bar-chart-box",
    permission="roadshow.record",
    natural="expert",
    fields=(
        *_pitch_fields(_score),
        EXPERT,
        Field("criterion", N_("评分项"), 16, required=True, is_vital=True, select=partial(_criterion_of, "name"),
              suggestions=tuple, max_length=60, aliases=("指标", "评分指标")),
        Field("points", N_("得分"), 8, type=FieldType.NUMBER, places=2, most=1000, is_vital=True, show="bold",
              aliases=("分数", "评分")),
        Field("maximum", N_("满分"), 6, type=FieldType.NUMBER, readonly=True, in_form=False, in_excel=False,
              select=partial(_criterion_of, "maximum")),
        *RECORDED,
        SAMPLE,
    ),
)  # fmt: skip
"""The points of one expert by one criterion. What they come to is counted in `services.statistics.roadshow`."""

PITCH_COMMENTS: RecordSpec = RecordSpec(
    name="pitch_comments",
    model=PitchComment,
    title=N_("专家点评"),
    key=(("item", "pitch", "expert"), ("pitch", "expert")),
    scope="",
    scope_filter=partial(_of_expo, _comment),
    order=("item", "pitch", "expert"),
    search=_found(_comment, lambda: func.lower(_comment.c.expert), lambda: func.lower(_comment.c.words)),
    chips=("expert",),
    icon="user-voice",
    permission="roadshow.record",
    natural="expert",
    fields=(
        *_pitch_fields(_comment),
        EXPERT,
        Field("words", N_("点评"), 48, aliases=("点评内容", "意见", "评语")),
        *RECORDED,
        SAMPLE,
    ),
)
"""What each expert said of a pitch; what was only reported stands in the pitch's own `comments`."""
