"""Columns of 参会类别: whom an expo registers, what the figures take them for, when and where they are let in."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from expo_app.i18n import N_, _
from expo_app.model import Attendee, AttendeeState, Category
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.people import check_day
from expo_app.specs.records import RecordSpec
from expo_app.specs.words import check_key

AROUND = timedelta(days=60)
"""Build-up and tear-down lie this near to the expo; a day farther off was mistyped."""
_DAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")


def check_letter(text: str) -> str:
    """One capital letter; ValueError with a sentence."""
    letter = unicodedata.normalize("NFKC", text).upper()
    if not re.fullmatch("[A-Z]", letter):
        raise ValueError(_("胸卡字母应是一个英文字母，不是“{text}”。").format(text=text))
    return letter


def days_around(texts: Sequence[str], facts: ExpoFacts) -> list[str]:
    """Days of the expo, of its build-up or tear-down as sorted ISO dates; without a year the one next to the expo.

    ValueError with a sentence where one is no day, or far from the expo.
    """
    return sorted({_day_around(text, facts).isoformat() for text in texts})


def _day_around(text: str, facts: ExpoFacts) -> date:
    match = _DAY.fullmatch(str(text).strip())
    found = list[date]()
    for year in [int(match[1])] if match and match[1] else range(facts.starts_on.year - 1, facts.ends_on.year + 2):
        try:
            found.append(date(year, int(match[2]), int(match[3])))  # type: ignore[index]
        except (TypeError, ValueError):
            continue
    if not found:
        raise ValueError(_("“{text}”不是日期，应如 {example}。").format(text=text, example=facts.starts_on.isoformat()))
    day = min(found, key=lambda day: abs(day - facts.starts_on))
    if not facts.starts_on - AROUND <= day <= facts.ends_on + AROUND:
        raise ValueError(_("{day} 离展期太远，布展和撤展的日子在展期前后 60 天以内。").format(day=day.isoformat()))
    return day


def contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """Days near the expo; a quota by organisation or by area, not both; a least number that goes with an area."""
    found = {}
    if facts and values.get("valid_days"):
        try:
            days_around(values["valid_days"], facts)
        except ValueError as problem:
            found["valid_days"] = str(problem)
    if values.get("quota_each") is not None and values.get("quota_area") is not None:
        found["quota_each"] = _("名额按单位或按面积，只填一种。")
    return found


def people() -> ColumnElement[int]:
    """How many are registered in a category, without those who cancelled."""
    attendee = Attendee.__table__
    here = (attendee.c.category_id == Category.__table__.c.id) & (attendee.c.state != AttendeeState.CANCELLED)
    return select(func.count()).select_from(attendee).where(here).scalar_subquery()


CATEGORIES = RecordSpec(
    name="categories",
    model=Category,
    title=N_("参会类别"),
    key=(("key",), ("name",)),
    is_offered=True,
    order=("position", "name"),
    icon="price-tag-3",
    contradictions=contradictions,
    fields=(
        Field("name", N_("名称"), 16, show="bold", aliases=("类别", "类别名称")),
        Field("name_en", N_("英文"), 20, aliases=("英文名", "英文名称", "English name")),
        Field("counts_as", N_("计为"), 10, aliases=("统计为",), hint=N_("决定进哪一行统计")),
        Field("letter", N_("胸卡字母"), 8, check=check_letter, capitals=True, hint=N_("印在证件号里")),
        Field("colour", N_("色带"), 8, aliases=("颜色",), hint=N_("胸卡上的颜色")),
        Field(
            "valid_days",
            N_("有效日期"),
            24,
            type=FieldType.TAGS,
            check=check_day,
            aliases=("有效日",),
            hint=N_("留空为展期各天；布展、撤展的日子也可以写"),
            group=N_("何时入场"),
        ),
        Field("opens", N_("从"), 8, aliases=("开始",), group=N_("何时入场")),
        Field("closes", N_("到"), 8, aliases=("结束",), hint=N_("可以过零点"), group=N_("何时入场")),
        Field("quota_area", N_("每多少平方米一个"), 10, unit="㎡", least=1, group=N_("名额")),
        Field("quota_least", N_("至少"), 8, unit=N_("个"), group=N_("名额")),
        Field("quota_each", N_("每个单位"), 8, unit=N_("个"), group=N_("名额")),
        Field(
            "aliases",
            N_("别名"),
            24,
            type=FieldType.TAGS,
            in_table=False,
            aliases=("导入时认得",),
            hint=N_("导入时认得，用顿号分开"),
        ),
        Field("position", N_("顺序"), 6, most=9_999),
        Field("is_hidden", N_("隐藏"), 6),
        Field("people", N_("已登记"), 8, type=FieldType.NUMBER, readonly=True, in_form=False, select=people),
        Field("key", N_("代号"), 14, required=False, in_table=False, in_form=False, check=check_key),
    ),
)
