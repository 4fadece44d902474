"""Each row's outcome: keys and their alternatives, changes, problems, references."""

import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_tables import NOTHING, ZONE, credit_code

from expo_app.errors import UserError
from expo_app.exchange import excel, import_plan
from expo_app.model import ExhibitorState
from expo_app.specs import (
    ACHIEVEMENTS,
    ATTENDEES,
    CHECKINS,
    EXHIBITORS,
    ORGANISATIONS,
    PROGRAMME,
    Existing,
    ImportPlan,
    Outcome,
    RecordSpec,
)
from expo_app.specs.choices import Choices
from expo_app.specs.plan import How
from tests.lists import book_of, rows_of, tables_of

ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)


def plan_of(
    spec: RecordSpec,
    headers: str,
    *rows: tuple[Any, ...],
    existing: Existing = NOTHING,
    choices: Choices = Choices(),  # noqa: B008
) -> ImportPlan:
    return import_plan.plan(spec, book_of(headers.split(), rows), existing, choices)


def there(*rows: dict[str, Any], **names: set[str]) -> Existing:
    ids = (ONE, TWO, uuid.UUID(int=3))
    return Existing(tuple(zip(ids, rows, strict=False)), {k: frozenset(v) for k, v in names.items()}, ZONE)


WANG = {"person.name": "王芳", "person.phone": "+8613812345678", "organisation_id": "上海星河（集团）有限公司",
        "badge_no": "KJH18-V-00001", "category_id": "观众", "title": "经理", "note": ""}  # fmt: skip

GUEST_NOW = ("观众", "嘉宾")
UPDATE = Choices(update=True)


@pytest.mark.parametrize(
    ("headers", "row", "outcome", "changes"),
    [
        ("证件号 职务", ("KJH18-V-00001", "总监"), Outcome.CHANGED, {"title": ("经理", "总监")}),
        ("姓名 手机", ("王 芳", 13812345678.0), Outcome.SAME, {}),
        ("姓名 单位", ("王芳", "上海星河(集团)有限公司"), Outcome.SAME, {}),
        ("姓名 手机 单位", ("王芳", "13900000000", "上海星河（集团）有限公司"), Outcome.NEW, {}),
        ("姓名 手机 单位", ("王芳", "138****5678", "上海星河（集团）有限公司"), Outcome.SAME, {}),
        ("姓名 手机 职务", ("王芳", "13812345678", ""), Outcome.SAME, {}),
        ("姓名 手机 类别", ("王芳", "13812345678", "嘉宾"), Outcome.CHANGED, {"category_id": GUEST_NOW}),
        ("姓名", ("王芳",), Outcome.NEW, {}),
        ("证件号 姓名", ("KJH18-V-00009", "王芳"), Outcome.NEW, {}),
    ],
)
def test_matching_by_the_alternatives_of_the_key(
    headers: str, row: tuple[Any, ...], outcome: Outcome, changes: dict[str, Any]
) -> None:
    known = there(WANG, organisations={WANG["organisation_id"]}, categories=set(GUEST_NOW))
    plan = plan_of(ATTENDEES, headers, row, existing=known, choices=UPDATE)
    assert [(r.outcome, dict(r.changes)) for r in plan.rows] == [(outcome, changes)]
    assert plan.rows[0].record_id == (None if outcome is Outcome.NEW else ONE)


def test_a_filled_field_is_changed_only_where_that_is_asked_for() -> None:
    rows = (("KJH18-V-00001", "总监", "新"),)
    plan = plan_of(ATTENDEES, "证件号 职务 备注", *rows, existing=there(WANG))
    (row,) = plan.rows
    assert (row.outcome, dict(row.changes), dict(row.kept)) == (
        Outcome.CHANGED,
        {"note": ("", "新")},
        {"title": ("经理", "总监")},
    )
    assert dict(row.notes) == {"职务": "库里是“经理”，文件里是“总监”，没有改。"}
    ticked = Choices(updated=frozenset({(row.sheet, row.row, "title")}))
    plan = plan_of(ATTENDEES, "证件号 职务 备注", *rows, existing=there(WANG), choices=ticked)
    assert dict(plan.rows[0].changes) == {"title": ("经理", "总监"), "note": ("", "新")}
    assert dict(plan.rows[0].kept) == {}


def test_two_that_fit_are_not_guessed() -> None:
    twin = WANG | {"person.phone": "+8613700000000", "badge_no": "KJH18-V-00002"}
    plan = plan_of(ATTENDEES, "姓名 单位", ("王芳", WANG["organisation_id"]), existing=there(WANG, twin))
    assert dict(plan.rows[0].problems) == {"": "有 2 条记录都符合，补上证件号、手机才能辨认。"}
    plan = plan_of(
        ATTENDEES, "姓名 单位 手机", ("王芳", WANG["organisation_id"], "13700000000"), existing=there(WANG, twin)
    )
    assert (plan.rows[0].outcome, plan.rows[0].record_id) == (Outcome.SAME, TWO)


def test_a_code_of_its_own_makes_another_record_and_a_missing_one_is_filled_in() -> None:
    old = {"name": "甲公司", "credit_code": credit_code(1), "kind": None}
    plan = plan_of(ORGANISATIONS, "单位名称 信用代码", ("甲公司", credit_code(2)), existing=there(old))
    assert plan.rows[0].outcome is Outcome.NEW
    plan = plan_of(
        ORGANISATIONS, "单位名称 信用代码", ("甲公司", credit_code(2)), existing=there(old | {"credit_code": None})
    )
    assert dict(plan.rows[0].changes) == {"credit_code": (None, credit_code(2))}


def test_every_problem_of_a_row_at_once_under_its_header() -> None:
    row = ("", "138", "x", "贵宾")
    plan = plan_of(ATTENDEES, "姓名 手机 邮箱 类别", row, existing=there(categories={"观众"}))
    assert plan.rows[0].outcome is Outcome.INVALID
    reasons = {
        "手机": "少 8 位，应为 11 位数字。",
        "邮箱": "“x”不是邮箱地址，应如 name@example.com。",
        "类别": "没有参会类别“贵宾”，可填：观众。要用新词，先在“数据与设置”的“类目”里新增。",
    }
    assert dict(plan.rows[0].problems) == {**reasons, "姓名": "不能为空。"}
    plan = plan_of(ATTENDEES, "姓名 手机 邮箱 类别", ("王芳", *row[1:]), existing=there(categories={"观众"}))
    assert (plan.rows[0].outcome, dict(plan.rows[0].notes)) == (Outcome.NEW, reasons)
    assert dict(plan.rows[0].values) == {"person.name": "王芳"}
    assert [(seen.field, seen.value, seen.rows, seen.target, seen.may_be_new) for seen in plan.values] == [
        ("category_id", "贵宾", 1, None, False)
    ]


def test_a_required_column_that_is_missing_is_asked_of_new_records_only() -> None:
    plan = plan_of(
        ATTENDEES,
        "证件号 职务",
        ("KJH18-V-00001", "总监"),
        ("KJH18-V-00002", "总监"),
        existing=there(WANG),
        choices=UPDATE,
    )
    assert [row.outcome for row in plan.rows] == [Outcome.CHANGED, Outcome.INVALID]
    assert dict(plan.rows[1].problems) == {"姓名": "新记录必填，文件里没有这一列。"}


def test_the_second_of_two_equal_rows_is_refused_unless_the_first_is_wrong() -> None:
    plan = plan_of(
        ATTENDEES, "姓名 手机 邮箱",
        ("", "13812345678", ""), ("王芳", "13812345678", "wrong"),
        ("王芳", "138 1234 5678", ""), ("王芳", "13900000000", ""),
    )  # fmt: skip
    assert [row.outcome for row in plan.rows] == [Outcome.INVALID, Outcome.NEW, Outcome.INVALID, Outcome.NEW]
    assert dict(plan.rows[2].problems) == {"": "与第 3 行重复，只留一行。"}


def test_two_rows_for_one_existing_record() -> None:
    plan = plan_of(
        ATTENDEES, "证件号 姓名 手机 职务",
        ("KJH18-V-00001", "", "", "总监"), ("", "王芳", "13812345678", "总工"), existing=there(WANG), choices=UPDATE,
    )  # fmt: skip
    assert [row.outcome for row in plan.rows] == [Outcome.CHANGED, Outcome.INVALID]
    assert dict(plan.rows[1].problems) == {"": "与第 2 行重复，只留一行。"}


def test_unknown_references_name_the_nearest() -> None:
    known = there(rooms={"A 会场", "B 会场", "C 会场", *(f"{n} 号报告厅" for n in range(9))})
    plan = plan_of(PROGRAMME, "活动名称 会场", ("甲", "D会场"), ("乙", "Ｂ会场"), ("丙", "xyz"), existing=known)
    assert dict(plan.rows[0].notes)["会场"] in {f"没有会场“D会场”，最接近的是“{n} 会场”。" for n in "ABC"}
    assert plan.rows[1].values["room_id"] == "B 会场"
    assert dict(plan.rows[2].notes) == {"会场": "没有会场“xyz”。"}
    assert [(seen.value, seen.rows, seen.target) for seen in plan.values] == [("D会场", 1, None), ("xyz", 1, None)]
    plan = plan_of(PROGRAMME, "活动名称 会场", ("甲", "xyz"), existing=there(rooms={"主会场", "分会场"}))
    assert dict(plan.rows[0].notes) == {"会场": "没有会场“xyz”，可填：主会场、分会场。"}


@pytest.mark.parametrize(
    ("target", "value", "note"),
    [
        (None, None, "没有“来过”这一项"),
        ("已到场", ExhibitorState.ARRIVED, None),
        ("", None, None),
        ("没有的", None, "没有“来过”这一项"),
    ],
)
def test_a_word_nobody_knows_means_what_was_said_of_it(
    target: str | None, value: ExhibitorState | None, note: str | None
) -> None:
    said = {} if target is None else {"来过": target}
    plan = plan_of(EXHIBITORS, "企业名称 状态", ("甲公司", "来过"), choices=Choices(values={"state": said}))
    (row,) = plan.rows
    assert (row.outcome, row.values.get("state")) == (Outcome.INVALID if note else Outcome.NEW, value)
    assert [reason[: len(note or "")] for reason in row.problems.values()] == ([note] if note else [])
    assert [seen.target for seen in plan.values] == [None if target == "没有的" else target]


def test_a_reference_that_creates_takes_the_known_spelling() -> None:
    known = there(organisations={"上海星河（集团）有限公司"})
    plan = plan_of(ACHIEVEMENTS, "名称 单位", ("甲", "上海星河 (集团)有限公司"), ("乙", "新 公司"), existing=known)
    assert [row.values["owner_id"] for row in plan.rows] == ["上海星河（集团）有限公司", "新公司"]


def test_what_hangs_on_a_missing_name_is_not_lost_in_silence() -> None:
    plan = plan_of(EXHIBITORS, "单位名称 联系人 手机", ("甲公司", "", "13812345678"))
    assert (plan.rows[0].outcome, dict(plan.rows[0].values)) == (Outcome.NEW, {"organisation.name": "甲公司"})
    assert dict(plan.rows[0].notes) == {"手机": "缺“联系人”，这一项无处保存。"}
    old = {"organisation.name": "甲公司", "contact.name": "王芳", "contact.phone": None}
    plan = plan_of(EXHIBITORS, "单位名称 联系人 手机", ("甲公司", "", "13812345678"), existing=there(old))
    assert dict(plan.rows[0].changes) == {"contact.phone": (None, "+8613812345678")}


def test_lists_are_compared_without_their_order() -> None:
    old = {"organisation.name": "甲公司", "booths": "A01、A02"}
    plan = plan_of(EXHIBITORS, "单位名称 展位", ("甲公司", "a02，A01"), existing=there(old))
    assert plan.rows[0].outcome is Outcome.SAME
    plan = plan_of(EXHIBITORS, "单位名称 展位", ("甲公司", "A01、A03"), existing=there(old), choices=UPDATE)
    assert dict(plan.rows[0].changes) == {"booths": ("A01、A02", "A01、A03")}


def test_moments_are_of_the_expo_and_equal_to_the_second() -> None:
    old = {"title": "开幕式", "starts_at": datetime(2018, 11, 28, 1, 0, 0, 400, tzinfo=UTC)}
    rows = (("开幕式", datetime(2018, 11, 28, 8, 59, 59, 999_999)),)  # noqa: DTZ001
    assert plan_of(PROGRAMME, "活动名称 开始", *rows, existing=there(old)).rows[0].outcome is Outcome.SAME


def test_a_cell_longer_than_excel_holds_is_left_out_of_its_row() -> None:
    plan = plan_of(ATTENDEES, "姓名 备注", ("王芳", "x" * 40_000), ("李强", "好"))
    assert dict(plan.rows[0].notes) == {"备注": "太长：40000 字，一格最多 32767 字。"}
    assert [(row.outcome, "note" in row.values) for row in plan.rows] == [(Outcome.NEW, False), (Outcome.NEW, True)]
    assert plan.rows[0].refused_fields == {"note"}


def test_what_can_only_be_exported_is_refused() -> None:
    with pytest.raises(UserError) as refused:
        plan_of(CHECKINS, "时间", ("2018-11-28",))
    assert refused.value.code == "E-IMPORT-KIND"


def test_of_a_table_of_another_kind_nothing_is_read() -> None:
    plan = plan_of(ATTENDEES, "颜色 大小", ("红", "大"))
    assert ([row for row in plan.rows if row.goes_in], plan.unknown) == ([], ("颜色", "大小"))
    assert {column.how for column in plan.columns} == {How.NONE}


def test_invalid_rows_come_back_and_can_be_imported_once_mended(tmp_path: Path) -> None:
    import openpyxl

    rows = [("王芳", 13812345678.0, "=1+1"), ("", 13912345678.0, "好"), ("李强", "138", datetime(2018, 11, 29))]  # noqa: DTZ001
    plan = plan_of(ATTENDEES, "姓名 手机 备注", *rows)
    path = tmp_path / "correction.xlsx"
    excel.correction(plan, path)
    (table,) = tables_of(ATTENDEES, path)
    assert table.headers == ("问题", "姓名", "手机", "备注")
    assert table.rows == [
        (2, ("原第 3 行：姓名：不能为空。", "", 13912345678.0, "好")),
        (3, ("原第 4 行：手机：少 8 位，应为 11 位数字。", "李强", "138", datetime(2018, 11, 29).date())),  # noqa: DTZ001
    ]
    book = openpyxl.load_workbook(path)
    book.active["B2"], book.active["C3"] = "赵敏", "13712345678"
    book.save(path)
    mended = import_plan.plan(ATTENDEES, excel.open_book(path), NOTHING)
    assert [(row.outcome, row.values["person.name"]) for row in mended.rows] == [
        (Outcome.NEW, "赵敏"),
        (Outcome.NEW, "李强"),
    ]
    assert mended.unknown == ()


cells = st.one_of(
    st.text(max_size=12), st.floats(), st.integers(-(10**6), 10**6), st.booleans(), st.none().map(lambda _none: ""),
    st.datetimes(), st.dates(), st.times(), st.timedeltas(),
    st.sampled_from(["13812345678", "观众", "—", "138****1234", "=A1"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(*[cells] * 9), min_size=1, max_size=4))
def test_no_cell_ends_a_plan(rows: list[tuple[Any, ...]]) -> None:
    for spec, headers in (
        (ATTENDEES, "姓名 单位 手机 邮箱 类别 参会日期 隐私同意 证件号 备注"),
        (PROGRAMME, "活动名称 会场 开始 结束 时长 嘉宾 座位 设备 状态"),
    ):
        plan = plan_of(spec, headers, *rows, existing=there(WANG, rooms={"主会场"}, organisations=set()))
        assert all(row.outcome is not Outcome.INVALID or row.problems for row in plan.rows)
        assert all(isinstance(reason, str) and reason for row in plan.rows for reason in row.problems.values())


def test_booths_of_a_floor_plan_that_is_not_set_up_are_left_out_with_a_note(tmp_path: Path) -> None:
    """In a new expo no booth of the file exists: the rows go in without; beside known ones it is a typing error."""
    rows = (("A-001", "甲公司", ""), ("A-002、A-003", "乙公司", ""), ("", "丙公司", ""), ("A-004", "", "现场"))
    plan = plan_of(EXHIBITORS, "展位号 企业名称 备注", *rows, existing=there(booths=set()))
    assert [(row.outcome, dict(row.notes)) for row in plan.rows] == [
        (Outcome.NEW, {}),
        (Outcome.NEW, {}),
        (Outcome.NEW, {}),
        (Outcome.INVALID, {}),
    ]
    assert dict(plan.rows[3].problems) == {"企业名称": "不能为空。"}
    assert [(seen.value, seen.target) for seen in plan.values] == [(f"A-00{n}", None) for n in range(1, 5)]
    assert ["booths" in row.values for row in plan.rows] == [False] * 4
    assert plan.notes == (
        "“展位”里的展位本展会一个也没有：2 行照样导入，只是不写这一项。建好展位后，把同一文件再导一次就会补上。",
    )
    excel.correction(plan, tmp_path / "a.xlsx")
    assert [cells[0] for _number, cells in rows_of(EXHIBITORS, tmp_path / "a.xlsx")] == [
        "原第 5 行：企业名称：不能为空。"
    ]
    mixed = plan_of(EXHIBITORS, "展位号 企业名称 备注", *rows[:2], existing=there(booths={"A-003"}))
    assert [(row.outcome, row.values.get("booths"), dict(row.notes)) for row in mixed.rows] == [
        (Outcome.NEW, None, {"展位号": "没有展位“A-001”，最接近的是“A-003”。"}),
        (Outcome.NEW, "A-003", {"展位号": "没有展位“A-002”，最接近的是“A-003”。"}),
    ]
    excel.correction(mixed, tmp_path / "b.xlsx")
    assert [cells[0] for _number, cells in rows_of(EXHIBITORS, tmp_path / "b.xlsx")] == [
        "原第 2 行：展位号：没有展位“A-001”，最接近的是“A-003”。",
        "原第 3 行：展位号：没有展位“A-002”，最接近的是“A-003”。",
    ]


BREAK = {"title": "茶歇", "starts_at": datetime(2018, 11, 28, 2, tzinfo=UTC), "room_id": "主会场", "minutes": 15}
ROOMS = {"主会场", "分会场"}


@pytest.mark.parametrize(
    ("rows", "outcomes"),
    [
        ([("茶歇", "主会场", "2018-11-28 10:00")], "same"),
        ([("茶歇", "主会场", "2018-11-28 10:15")], "changed"),
        ([("茶歇", "", "2018-11-28 10:00")], "same"),
        ([("茶歇", "主会场", "2018-11-29 10:00")], "new"),
        ([("茶歇", "分会场", "2018-11-28 10:00")], "new"),
        ([("茶歇", "主会场", "2018-11-28 10:00"), ("茶歇", "主会场", "2018-11-28 15:00")], "same new"),
        ([("茶歇", "主会场", "2018-11-28 23:00"), ("茶歇", "主会场", "2018-11-29 00:30")], "changed new"),
        ([("茶歇", "主会场", "2018-11-28 10:00"), ("茶 歇", "主会场", "2018-11-28 10:00")], "same invalid"),
        ([("茶歇", "", ""), ("茶歇", "", "")], "same invalid"),
    ],
)
def test_an_item_is_known_by_title_day_and_room_and_by_its_hour_where_it_recurs(
    rows: list[tuple[str, ...]], outcomes: str
) -> None:
    plan = plan_of(PROGRAMME, "活动名称 会场 开始", *rows, existing=there(BREAK, rooms=ROOMS), choices=UPDATE)
    assert " ".join(row.outcome.value for row in plan.rows) == outcomes


def test_breaks_of_one_day_are_each_known_again() -> None:
    late = {**BREAK, "starts_at": datetime(2018, 11, 28, 7, tzinfo=UTC)}
    known = there(BREAK, late, rooms=ROOMS)
    plan = plan_of(PROGRAMME, "活动名称 会场 开始", ("茶歇", "主会场", "2018-11-28 15:00"), existing=known)
    assert [(row.outcome, row.record_id) for row in plan.rows] == [(Outcome.SAME, TWO)]
    plan = plan_of(PROGRAMME, "活动名称 会场 时长", ("茶歇", "主会场", 20), existing=known)
    assert plan.rows[0].problems == {"": "有 2 条记录都符合，补上开始才能辨认。"}
