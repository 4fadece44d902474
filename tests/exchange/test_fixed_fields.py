"""What is decided for a whole list: a field that is the same in every row, or where a row does not say."""

import uuid
from typing import Any

import pytest

from expo_app.errors import UserError
from expo_app.exchange import import_plan
from expo_app.model import AttendeeState
from expo_app.specs import ATTENDEES, Existing, ImportPlan, Outcome
from expo_app.specs.choices import Choices
from tests.lists import book_of

WORDS = {"观众": "观众", "参展商": "参展商", "exhibitor": "参展商"}
NAMES = {"organisations": frozenset({"嘉定氢能"}), "categories": frozenset({"观众", "参展商"})}


def planned(headers: str, *rows: str, there: Existing | None = None, **decided: Any) -> ImportPlan:
    existing = there or Existing((), NAMES, None, spellings={"categories": WORDS})
    book = book_of(headers.split(","), [row.split(",") for row in rows])
    return import_plan.plan(ATTENDEES, book, existing, Choices(**decided))


STAFF = {"fixed": {"organisation_id": "嘉定氢能"}, "usual": {"category_id": "exhibitor", "state": "已确认"}}


def given(plan: ImportPlan) -> list[tuple[Any, ...]]:
    return [
        tuple(row.values.get(name) for name in ("person.name", "organisation_id", "category_id")) for row in plan.rows
    ]


def test_columns_that_a_list_lacks_are_given() -> None:
    plan = planned("姓名,手机", "高建峰,13812345678", "许静,", **STAFF)
    assert given(plan) == [("高建峰", "嘉定氢能", "参展商"), ("许静", "嘉定氢能", "参展商")]
    assert {row.values["state"] for row in plan.rows} == {AttendeeState.CONFIRMED}
    assert {row.outcome for row in plan.rows} == {Outcome.NEW}
    assert plan.notes[:2] == ("每一行的“单位”都是“嘉定氢能”。", "没写“类别”的行按“参展商”。")


def test_a_row_may_say_another_category_but_no_other_organisation() -> None:
    plan = planned("姓名,单位,类别", "高建峰,别家公司,观众", "许静,嘉定氢能,", **STAFF)
    assert given(plan) == [("高建峰", "嘉定氢能", "观众"), ("许静", "嘉定氢能", "参展商")]
    assert [dict(row.notes) for row in plan.rows] == [{"单位": "文件里写的是“别家公司”，按“嘉定氢能”登记。"}, {}]
    assert plan.suspects == ()


def test_a_category_nobody_knows_is_the_usual_one_until_somebody_says() -> None:
    plan = planned("姓名,类别", "高建峰,讲解员", **STAFF)
    assert given(plan) == [("高建峰", "嘉定氢能", "参展商")]
    assert [(value.field, value.value, value.target) for value in plan.values] == [("category_id", "讲解员", None)]
    said = planned("姓名,类别", "高建峰,讲解员", **STAFF, values={"category_id": {"讲解员": "观众"}})
    assert given(said) == [("高建峰", "嘉定氢能", "观众")]


def test_a_row_without_anything_of_its_own_makes_nobody() -> None:
    plan = planned("姓名,手机,餐券", "高建峰,13812345678,1", ",,2", **STAFF)
    assert [row.row for row in plan.rows] == [2]


def test_what_is_usual_is_nothing_to_hold_against_somebody_who_is_there() -> None:
    known = {
        "person.name": "高建峰",
        "organisation_id": "嘉定氢能",
        "category_id": "观众",
        "state": AttendeeState.REGISTERED,
    }
    blank = dict.fromkeys(field.name for field in ATTENDEES.writable)
    there = Existing(((uuid.uuid4(), blank | known),), NAMES, None, spellings={"categories": WORDS})
    for update in (False, True):
        (row,) = planned("姓名", "高建峰", there=there, update=update, **STAFF).rows
        assert (row.outcome, dict(row.notes), dict(row.changes)) == (Outcome.SAME, {}, {})


@pytest.mark.parametrize("how", ["fixed", "usual"])
def test_what_the_field_cannot_take_is_refused_at_once(how: str) -> None:
    with pytest.raises(UserError) as refused:
        planned("姓名", "高建峰", **{how: {"category_id": "讲解员"}})
    assert refused.value.code == "E-SET"
    assert str(refused.value).startswith("“类别”不能是“讲解员”：")
