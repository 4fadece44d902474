"""`import` of lists as they are sent: every option, what the JSON says, what is remembered and taken back."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from expo_app.model import Attendee, Expo
from expo_app.services import expos, operators
from expo_app.store.database import open_database
from tests.factories import make_hall
from tests.journeys.test_cli_usage import ran, said, value

CASES = Path(__file__).parents[1] / "exchange" / "cases"
EXPO = ("--code", "KJH18", "--starts", "2018-11-28", "--ends", "2018-11-30", "--venue", "会展中心")
LIST = "参展单位,地区,产业,展位,联系人,电话"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A file with one new expo."""
    path = tmp_path / "own.db"
    said("new", "我的展会", *EXPO, "--db", path)
    return path


def csv(folder: Path, *lines: str, name: str = "名单.csv") -> Path:
    (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return folder / name


def xlsx(folder: Path, *sheets: tuple[str, Sequence[Sequence[Any]]], name: str = "名单.xlsx") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(folder / name)
    return folder / name


def brought(db: Path, kind: str, table: Path, *options: object) -> Any:
    """The JSON of an import that is written."""
    return value("import", kind, table, "--db", db, *options, "--apply")


def planned(db: Path, kind: str, table: Path, *options: object) -> Any:
    return value("import", kind, table, "--db", db, *options)


def exported(db: Path, kind: str, *columns: str) -> list[tuple[str, ...]]:
    """What is there, in the headers of an export."""
    path = db.parent / "out.xlsx"
    opened = open_database(db)
    if not operators.list_active(opened):
        operators.create_first(opened, "主任")
    opened.close()
    said("export", kind, path, "--db", db, "--unmasked", "核对", "--operator", "主任")
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    path.unlink()
    start = next(n for n, row in enumerate(rows) if columns[0] in row)
    at = [rows[start].index(column) for column in columns]
    return [tuple(str(row[n] or "") for n in at) for row in rows[start + 1 :] if row[at[0]]]


def fields(plan: Any) -> dict[str, tuple[Any, str]]:
    """Header → field and how it is known."""
    return {column["header"]: (column["field"], column["how"]) for column in plan["columns"]}


def choices(plan: Any) -> dict[str, Any]:
    """Value → what was chosen for it."""
    return {one["value"]: one["choice"] for one in plan["values"]}


# --- what the JSON says ---


def test_the_keys_of_the_json(own: Path, tmp_path: Path) -> None:
    plan = planned(own, "exhibitors", CASES / "hidden-rows-and-sheet.xlsx")
    assert list(plan) == [
        "new", "changed", "same", "invalid", "noted", "changes", "notes", "unsaid", "sheets", "columns", "values",
        "suspects", "hidden", "applied", "number", "correction",
    ]  # fmt: skip
    assert plan["sheets"] == [
        {"name": "旧名单", "rows": 1, "used": False, "why": "工作表已隐藏"},
        {"name": "名单", "rows": 3, "used": True, "why": ""},
    ]
    assert plan["hidden"] == [{"sheet": "名单", "rows": [3], "columns": [3]}]
    assert plan["columns"][0] == {"sheet": "名单", "header": "参展单位", "field": "organisation.name", "how": "name"}
    two = planned(own, "exhibitors", CASES / "name-and-phone.csv")
    assert fields(two)["联系人"] == (["contact.name", "contact.phone"], "guess")
    assert (two["new"], two["applied"], two["number"]) == (2, False, None)
    table = csv(tmp_path, "参展单位,没有人知道的列,产业", "甲公司,x,机器人", "甲有限公司,y,机器人")
    plan = planned(own, "exhibitors", table)
    assert fields(plan)["没有人知道的列"] == (None, "none")
    assert plan["values"] == [{"field": "organisation.industry_id", "value": "机器人", "rows": 2, "choice": "open"}]
    (pair,) = plan["suspects"]
    assert list(pair) == ["file", "ours", "likeness", "why", "choice"]
    assert ({pair["file"], pair["ours"]}, pair["choice"]) == ({"甲公司", "甲有限公司"}, "open")
    assert 0.5 < pair["likeness"] <= 1


def test_a_unit_is_told_in_the_json(own: Path) -> None:
    plan = planned(own, "deals", CASES / "unit-in-title-line.xlsx")
    assert [column["unit"] for column in plan["columns"] if column["field"] == "amount"] == ["元"]


# --- sheets and header ---


def names(plan_of: Path, *options: object, db: Path) -> list[str]:
    """What comes in of a file of exhibitors; taken back again."""
    done = brought(db, "exhibitors", plan_of, *options)
    there = [name for (name,) in exported(db, "exhibitors", "参展单位")]
    said("undo", done["number"], "--db", db)
    return sorted(there)


def test_sheets(own: Path) -> None:
    regions, hidden = CASES / "one-sheet-per-region.xlsx", CASES / "hidden-rows-and-sheet.xlsx"
    assert names(regions, db=own) == sorted(["上海甲", "江苏乙", "浙江丙"])
    assert names(regions, "--sheet", "江苏", db=own) == ["江苏乙"]
    assert names(regions, "--sheet", "江苏", "--sheet", "上海", db=own) == ["上海甲", "江苏乙"]
    assert names(hidden, db=own) == sorted(["甲有限公司", "乙有限公司", "丙有限公司"])
    assert names(hidden, "--all-sheets", db=own) == sorted(["甲有限公司", "乙有限公司", "丙有限公司", "隐藏表单位"])
    assert names(hidden, "--sheet", "旧名单", db=own) == ["隐藏表单位"]
    assert names(hidden, "--hidden", "skip", db=own) == names(hidden, db=own)
    assert "已取消公司" in names(hidden, "--hidden", "keep", db=own)


def test_headers(own: Path, tmp_path: Path) -> None:
    """A line that looks like a header stands above the header; one number holds for its sheet, or for all."""
    rows = [("参展单位", "备注"), ("单位", "名称"), ("甲公司", "乙公司")]
    table = xlsx(tmp_path, ("一", rows), ("二", rows))
    whole = planned(own, "exhibitors", table, "--header", "2", "--map", "名称=备注")
    assert [c["header"] for c in whole["columns"] if c["field"]] == ["单位", "名称"] * 2
    one = planned(own, "exhibitors", table, "--sheet", "一", "--header", "1-2", "--sheet", "二", "--header", "2")
    assert [(c["sheet"], c["header"]) for c in one["columns"] if c["field"] == "organisation.name"] == [
        ("一", "参展单位 单位"), ("二", "单位"),
    ]  # fmt: skip


# --- columns ---


def test_a_column_given_by_hand(own: Path, tmp_path: Path) -> None:
    table = csv(tmp_path, "参展单位,甲列,乙列,金额列", "甲公司,张三 13800000001,要展台靠近入口,3")
    options = ("--map", "甲列=联系人+手机", "--map", "乙列=note", "--map", "金额列=")
    plan = brought(own, "exhibitors", table, *options)
    assert fields(plan) == {
        "参展单位": ("organisation.name", "name"), "甲列": (["contact.name", "contact.phone"], "given"),
        "乙列": ("note", "given"), "金额列": (None, "given"),
    }  # fmt: skip
    assert exported(own, "exhibitors", "参展单位", "联系人", "手机", "备注") == [
        ("甲公司", "张三", "13800000001", "要展台靠近入口")
    ]


def test_the_unit_of_a_column_given_by_hand(own: Path, tmp_path: Path) -> None:
    table = csv(tmp_path, "项目名称,类型,阶段,多少钱", "甲,技术合同,意向,8600000")
    brought(own, "deals", table, "--map", "多少钱=成交额（元）")
    assert [float(amount) for (amount,) in exported(own, "deals", "成交额（万元）")] == [860.0]


# --- values ---


def test_words_booths_and_rooms_are_made_and_taken_back(own: Path, tmp_path: Path) -> None:
    table = csv(tmp_path, LIST, "甲公司,上海,机器人,A1-01~A1-02,张三,13800000001", "乙公司,苏州,人工智能,b-03,李四,")
    plan = planned(own, "exhibitors", table)
    assert choices(plan) == dict.fromkeys(("机器人", "人工智能", "A1-01", "A1-02", "B-03"), "open")
    assert plan["new"] == 2
    done = brought(own, "exhibitors", table, "--new-words", "--new-booths")
    assert set(choices(done).values()) == {"new"}
    assert exported(own, "booths", "展位号", "展区", "参展单位") == [
        ("A1-01", "A1", "甲公司"), ("A1-02", "A1", "甲公司"), ("B-03", "B", "乙公司"),
    ]  # fmt: skip
    assert sorted(exported(own, "exhibitors", "参展单位", "产业")) == [("乙公司", "人工智能"), ("甲公司", "机器人")]
    programme = csv(tmp_path, "活动名称,会场,开始", "开幕式,B 厅,2018-11-28 9:00", name="日程.csv")
    second = brought(own, "programme", programme, "--value", "会场:B 厅=+")
    assert choices(second) == {"B 厅": "new"}
    assert exported(own, "programme", "活动名称", "会场") == [("开幕式", "B 厅")]
    for number in (2, 1):
        said("undo", number, "--db", own)
    assert exported(own, "booths", "展位号") == []
    assert choices(planned(own, "exhibitors", table)) == choices(plan)
    assert choices(planned(own, "programme", programme)) == {"B 厅": "open"}


def test_a_value_is_one_of_ours_new_or_empty(own: Path, tmp_path: Path) -> None:
    brought(own, "exhibitors", csv(tmp_path, "参展单位,产业", "先来公司,新能源", name="先.csv"), "--new-words")
    table = csv(tmp_path, "参展单位,产业", "甲公司,光伏", "乙公司,机器人", "丙公司,某某", "丁公司,别的")
    options = ("--value", "产业:光伏=新能源", "--value", "产业:机器人=+", "--value", "产业:某某=")
    plan = brought(own, "exhibitors", table, *options)
    words = {one["value"]: one["choice"] for one in plan["values"]}
    assert (words["机器人"], words["某某"], words["别的"]) == ("new", "empty", "open")
    assert list(words["光伏"]) == ["word"]
    assert dict(exported(own, "exhibitors", "参展单位", "产业")) == {
        "先来公司": "新能源", "甲公司": "新能源", "乙公司": "机器人", "丙公司": "", "丁公司": "",
    }  # fmt: skip
    later = csv(tmp_path, "参展单位,产业", "戊公司,光伏", name="后.csv")
    assert brought(own, "exhibitors", later)["values"] == []
    assert dict(exported(own, "exhibitors", "参展单位", "产业"))["戊公司"] == "新能源"
    for number in (3, 2):
        said("undo", number, "--db", own)
    assert choices(planned(own, "exhibitors", later)) == {"光伏": "open"}


def test_a_word_that_carries_rules_is_not_made_here(own: Path, tmp_path: Path) -> None:
    table = csv(tmp_path, "活动名称,类型,开始", "开幕式,谁也不知道,2018-11-28 9:00")
    assert choices(planned(own, "programme", table, "--new-words")) == {"谁也不知道": "open"}
    people = csv(tmp_path, "姓名,类别", "张三,谁也不知道", name="观众.csv")
    done = brought(own, "attendees", people, "--new-words")
    assert (done["new"], choices(done)) == (1, {"谁也不知道": "open"})
    assert exported(own, "attendees", "姓名", "类别") == [("张三", "观众")]


# --- the same ---


def test_names_that_are_taken_for_the_same(own: Path, tmp_path: Path) -> None:
    brought(own, "exhibitors", csv(tmp_path, "参展单位", "上海嘉氢科技有限公司", name="先.csv"))
    table = csv(tmp_path, "参展单位,备注", "上海嘉氢科技有限责任公司,一")
    plan = planned(own, "exhibitors", table)
    assert (plan["new"], [pair["choice"] for pair in plan["suspects"]]) == (1, ["open"])
    pair = "上海嘉氢科技有限责任公司=上海嘉氢科技有限公司"
    for options in (("--same", pair), ("--same-above", "0.95")):
        assert planned(own, "exhibitors", table, *options)["changed"] == 1
    assert planned(own, "exhibitors", table, "--same-above", "1")["new"] == 1
    decided = planned(own, "exhibitors", table, "--same", "上海嘉氢科技有限责任公司=", "--same-above", "0.95")
    assert (decided["new"], decided["suspects"][0]["choice"]) == (1, "new")
    done = brought(own, "exhibitors", table, "--same", pair)
    assert (done["changed"], done["suspects"][0]["choice"]) == (1, "same")
    later = csv(tmp_path, "参展单位,备注", "上海嘉氢科技有限责任公司,一", name="后.csv")
    again = planned(own, "exhibitors", later)
    assert (again["same"], again["suspects"]) == (1, [])
    said("undo", done["number"], "--db", own)
    assert planned(own, "exhibitors", later)["new"] == 1


def test_a_name_taken_for_one_that_is_itself_taken_for_another(own: Path, tmp_path: Path) -> None:
    brought(own, "exhibitors", csv(tmp_path, "参展单位", "上海嘉氢科技有限公司", name="先.csv"))
    table = csv(tmp_path, "参展单位", "上海嘉氢科技集团", "嘉氢集团")
    same = ("--same", "嘉氢集团=上海嘉氢科技集团", "--same", "上海嘉氢科技集团=上海嘉氢科技有限公司")
    plan = planned(own, "exhibitors", table, *same)
    assert (plan["new"], plan["same"], len(plan["invalid"])) == (0, 1, 1)


# --- filled fields ---


def test_filled_fields_stay_unless_asked(own: Path, tmp_path: Path) -> None:
    brought(own, "exhibitors", csv(tmp_path, "参展单位,备注", "甲公司,旧", name="先.csv"))
    table = csv(tmp_path, "参展单位,备注,邮编", "甲公司,新,200000")
    plan = planned(own, "exhibitors", table)
    assert plan["changes"] == [{"row": 2, "fields": {"邮编": ["—", "200000"]}}]
    assert plan["noted"] == [{"row": 2, "notes": {"备注": "库里是“旧”，文件里是“新”，没有改。"}}]
    brought(own, "exhibitors", table)
    assert exported(own, "exhibitors", "备注", "邮编") == [("旧", "200000")]
    assert brought(own, "exhibitors", table, "--update")["changes"] == [{"row": 2, "fields": {"备注": ["旧", "新"]}}]
    assert exported(own, "exhibitors", "备注") == [("新",)]


# --- mapping files and memory ---

STRANGE = ("谁,干啥的,说说", "甲公司,机器人,一", "乙公司,光伏,二")
AS_TOLD = (
    "--map", "谁=参展单位", "--map", "干啥的=产业", "--map", "说说=备注",
    "--value", "产业:机器人=+", "--value", "产业:光伏=",
)  # fmt: skip


def test_a_mapping_handed_on(own: Path, tmp_path: Path) -> None:
    table, mapping = csv(tmp_path, *STRANGE), tmp_path / "对应.json"
    first = planned(own, "exhibitors", table, *AS_TOLD, "--save-mapping", mapping)
    kept = json.loads(mapping.read_text("utf-8"))
    assert list(kept) == ["version", "kind", "sheets", "columns", "units", "values", "same", "filled"]
    assert (kept["version"], kept["kind"]) == (1, "exhibitors")
    other = tmp_path / "other.db"
    said("new", "别的展会", *EXPO, "--db", other)
    second = brought(other, "exhibitors", table, "--mapping", mapping)
    assert (second["new"], choices(second)) == (first["new"], choices(first)) == (2, {"机器人": "new", "光伏": "empty"})
    assert {how for _field, how in fields(second).values()} == {"given"}
    beaten = planned(own, "exhibitors", table, "--mapping", mapping, "--map", "说说=展品与成果")
    assert fields(beaten)["说说"] == ("exhibits", "given")
    assert fields(beaten)["谁"] == ("organisation.name", "given")


def test_a_list_of_the_same_columns_is_read_as_the_first_was(own: Path, tmp_path: Path) -> None:
    done = brought(own, "exhibitors", csv(tmp_path, *STRANGE), *AS_TOLD)
    second = csv(tmp_path, STRANGE[0], "丙公司,光伏,三", name="第二份.csv")
    plan = planned(own, "exhibitors", second)
    assert fields(plan) == {
        "谁": ("organisation.name", "remembered"), "干啥的": ("organisation.industry_id", "remembered"),
        "说说": ("note", "remembered"),
    }  # fmt: skip
    assert (plan["new"], choices(plan)) == (1, {"光伏": "empty"})
    mapping = tmp_path / "对应.json"
    mapping.write_text(
        json.dumps({"version": 1, "kind": "exhibitors", "columns": {"说说": ["exhibits"]}}), encoding="utf-8"
    )
    assert fields(planned(own, "exhibitors", second, "--mapping", mapping))["说说"] == ("exhibits", "given")
    assert fields(planned(own, "exhibitors", second, "--map", "说说=合作需求"))["说说"] == ("wants", "given")
    fresh = planned(own, "exhibitors", second, "--no-memory")
    assert "remembered" not in {how for _field, how in fields(fresh).values()}
    said("undo", done["number"], "--db", own)
    assert planned(own, "exhibitors", second) == fresh


def test_nothing_is_remembered_without_memory(own: Path, tmp_path: Path) -> None:
    brought(own, "exhibitors", csv(tmp_path, *STRANGE), *AS_TOLD, "--no-memory")
    second = csv(tmp_path, STRANGE[0], "丙公司,光伏,三", name="第二份.csv")
    assert "remembered" not in {how for _field, how in fields(planned(own, "exhibitors", second)).values()}


def test_a_correction_file_is_read_by_the_same_mapping(own: Path, tmp_path: Path) -> None:
    """The unit stood above the table and the column was given by hand: neither is in the correction's own header."""
    rows = [
        ("2018 签约项目", None, None, None, None), (None, None, None, None, "单位：元"),
        ("项目名称", "类型", "阶段", "说说", "合同金额"), ("甲", "技术合同", "意向", "一", 8600000),
        ("乙", "技术合同", "意向", "二", "八百多"),
    ]  # fmt: skip
    mended = tmp_path / "改.xlsx"
    table = xlsx(tmp_path, ("名单", rows))
    done = brought(own, "deals", table, "--map", "说说=备注", "--correction", mended)
    assert (done["new"], [row["row"] for row in done["invalid"]], done["correction"]) == (1, [5], str(mended))
    book = openpyxl.load_workbook(mended)
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    at = next(n for n, text in enumerate(header, 1) if str(text).startswith("合同金额"))
    assert sheet.cell(2, at).value == "八百多"
    sheet.cell(2, at).value = 1200000
    book.save(mended)
    again = brought(own, "deals", mended)
    assert (again["new"], again["invalid"]) == (1, [])
    there = exported(own, "deals", "项目名称", "成交额（万元）", "备注")
    assert {(title, float(amount), note) for title, amount, note in there} == {("甲", 860.0, "一"), ("乙", 120.0, "二")}


def test_a_remembered_unit_gives_way_to_the_one_that_a_later_list_says(own: Path, tmp_path: Path) -> None:
    rows = ("甲,技术合同,意向,8600000", "乙,技术合同,意向,120")
    first = csv(tmp_path, "项目名称,类型,阶段,成交额", rows[0], name="一.csv")
    mapping = tmp_path / "对应.json"
    brought(own, "deals", first, "--map", "成交额=成交额（元）", "--save-mapping", mapping)
    second = csv(tmp_path, "项目名称,类型,阶段,成交额（万元）", rows[1], name="二.csv")
    third = csv(tmp_path, "项目名称,类型,阶段,成交额", rows[1], name="三.csv")
    said_units = [
        [column["unit"] for column in planned(own, "deals", table)["columns"] if column["field"] == "amount"]
        for table in (second, third)
    ]
    assert said_units == [["万元"], ["元"]]
    brought(own, "deals", second)
    assert {title: float(amount) for title, amount in exported(own, "deals", "项目名称", "成交额（万元）")} == {
        "甲": 860.0, "乙": 120.0,
    }  # fmt: skip
    other = planned(own, "deals", CASES / "unit-in-title-line.xlsx", "--save-mapping", mapping)
    assert [column["unit"] for column in other["columns"] if column["field"] == "amount"] == ["元"]
    assert json.loads(mapping.read_text("utf-8"))["units"] == {}  # the list says it: another may say another


def test_a_mapping_of_sheets_and_fields_that_are_not_there_refuses_no_file(own: Path, tmp_path: Path) -> None:
    mapping, table = tmp_path / "对应.json", csv(tmp_path, "参展单位,说说", "甲公司,一")
    planned(own, "exhibitors", CASES / "one-sheet-per-region.xlsx", "--sheet", "上海", "--save-mapping", mapping)
    assert planned(own, "exhibitors", table, "--mapping", mapping)["new"] == 1
    plan = {"version": 1, "kind": "exhibitors", "columns": {"说说": ["没有的字段"]}, "values": {"没有": {"a": "b"}}}
    mapping.write_text(json.dumps(plan | {"same": {"甲公司": "没有公司"}}), encoding="utf-8")
    found = planned(own, "exhibitors", table, "--mapping", mapping)
    assert (found["new"], fields(found)["说说"], found["suspects"]) == (1, (None, "given"), [])
    planned(own, "exhibitors", CASES / "one-sheet-per-region.xlsx", "--sheet", "上海", "--save-mapping", mapping)
    again = planned(own, "exhibitors", CASES / "one-sheet-per-region.xlsx", "--mapping", mapping)
    assert [sheet["used"] for sheet in again["sheets"]] == [True, False, False]


# --- what is wrong ---


@pytest.mark.parametrize(
    ("options", "status", "sentence"),
    [
        (("--sheet", "没有"), 1, "文件里没有工作表“没有”。 [E-FILE-SHEET]"),
        (("--header", "x"), 2, "--header 应写成 3 或 2-3，不是“x”；没有表头写 0。 [E-USAGE]"),
        (("--header", "3-2"), 2, "--header 应写成 3 或 2-3，不是“3-2”；没有表头写 0。 [E-USAGE]"),
        (("--map", "产业"), 2, "--map 里缺“=”：产业。 [E-USAGE]"),
        (
            ("--map", "没有的=备注"), 1,
            "--map：文件里没有“没有的”这一列，有：参展单位、产业。没有导入任何内容。 [E-COLUMN]",
        ),
        (("--value", "产业"), 2, "--value 应写成“字段:值=目标”，不是“产业”。 [E-USAGE]"),
        (("--value", "产业:机器人"), 2, "--value 里缺“=”：机器人。 [E-USAGE]"),
        (
            ("--value", "产业:机器人=没有的词"), 1,
            "--value：“产业”里没有“没有的词”，可填：新能源。没有导入任何内容。 [E-VALUE]",
        ),
        (
            ("--value", "产业:没有的值=新能源"), 1,
            "--value：“产业”里没有待定的值“没有的值”。没有导入任何内容。 [E-VALUE]",
        ),
        (("--same", "甲公司"), 2, "--same 里缺“=”：甲公司。 [E-USAGE]"),
        (("--same", "甲公司=没有公司"), 1, "--same：库里和文件里都没有单位“没有公司”。没有导入任何内容。 [E-SAME]"),
        (("--mapping", "no.json"), 1, "读不了 no.json：路径不存在。没有导入任何内容。 [E-MAPPING]"),
    ],
)  # fmt: skip
def test_a_wrong_option_says_one_sentence(
    options: tuple[str, ...], status: int, sentence: str, own: Path, tmp_path: Path
) -> None:
    brought(own, "exhibitors", csv(tmp_path, "参展单位,产业", "先来公司,新能源", name="先.csv"), "--new-words")
    table = csv(tmp_path, "参展单位,产业", "甲公司,机器人")
    assert ran("import", "exhibitors", table, "--db", own, *options, "--apply") == (status, "", f"{sentence}\n")
    assert exported(own, "exhibitors", "参展单位") == [("先来公司",)]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--same-above", "2"), "--same-above：应是 0 到 1 之间的数，如 0.95"),
        (("--same-above", "x"), "--same-above：应是 0 到 1 之间的数，如 0.95"),
        (("--hidden", "no"), "--hidden：没有 'no'，可选 'keep', 'skip'"),
    ],
)
def test_a_wrong_choice_is_wrong_usage(
    options: tuple[str, str], sentence: str, own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = csv(tmp_path, "参展单位", "甲公司")
    assert ran("import", "exhibitors", table, "--db", own, *options)[0] == 2
    assert capsys.readouterr().err.splitlines()[-1] == f"main.py import：{sentence}"


def test_a_field_that_is_not_there_is_named_with_those_that_are(own: Path, tmp_path: Path) -> None:
    table = csv(tmp_path, "参展单位,产业", "甲公司,机器人")
    status, out, err = ran("import", "exhibitors", table, "--db", own, "--map", "产业=没有", "--apply")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("--map：没有“没有”这个字段，有：展位（booths）、参展单位（organisation.name）")
    assert exported(own, "exhibitors", "参展单位") == []


WRONG = (
    '"columns": [1]', '"sheets": {"a": 1}', '"sheets": {"a": {"header": [1]}}', '"sheets": {"a": {"header": "x2"}}',
    '"sheets": {"a": {"header": [2, 1]}}', '"sheets": {"a": {"header": [true, null]}}', '"values": {"a": "b"}',
    '"values": "x"', '"same": ["a"]', '"units": 5', '"columns": 3', '"columns": {"a": "note"}',
    '"sheets": {"a": {"used": "no"}}', '"units": {"a": null}', '"same": {"a": 3}',
)  # fmt: skip
"""What is wrong in a mapping of exhibitors."""


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "x" * 9, '{"version": 2}', *(f'{{"version": 1, "kind": "exhibitors", {one}}}' for one in WRONG)],
)
def test_a_file_that_is_no_mapping(text: str, own: Path, tmp_path: Path) -> None:
    mapping, table = csv(tmp_path, text, name="对应.json"), csv(tmp_path, "参展单位", "甲公司")
    status, out, err = ran("import", "exhibitors", table, "--db", own, "--mapping", mapping, "--apply")
    assert (status, out, err.count("\n"), err.rpartition("[")[2]) == (1, "", 1, "E-MAPPING]\n")


def test_a_mapping_of_another_kind(own: Path, tmp_path: Path) -> None:
    mapping, table = tmp_path / "对应.json", csv(tmp_path, "参展单位", "甲公司")
    planned(own, "exhibitors", table, "--save-mapping", mapping)
    status, _out, err = ran("import", "deals", table, "--db", own, "--mapping", mapping)
    assert (status, err) == (1, "这份对应关系是“exhibitors”的，不是“deals”的。没有导入任何内容。 [E-MAPPING-KIND]\n")


def test_a_mapping_that_cannot_be_saved_keeps_everything_as_it_is(own: Path, tmp_path: Path) -> None:
    table = csv(tmp_path, "参展单位", "甲公司")
    nowhere = tmp_path / "没有" / "对应.json"
    assert ran("import", "exhibitors", table, "--db", own, "--save-mapping", nowhere, "--apply")[0] == 1
    assert exported(own, "exhibitors", "参展单位") == []


def test_new_booths_stand_in_the_hall_of_their_number_in_the_only_one_or_nowhere(own: Path, tmp_path: Path) -> None:
    def table(number: str) -> Path:
        return csv(tmp_path, "参展单位,展位", f"{number} 公司,{number}", name=f"{number}.csv")

    for number in ("A1-01", "C-01"):  # a file without any hall gets one
        brought(own, "exhibitors", table(number), "--new-booths")
    db = open_database(own)
    with db.transaction() as session:
        make_hall(session, session.scalars(select(Expo)).one(), "D 馆")
    db.close()
    brought(own, "exhibitors", table("D-07"), "--new-booths")
    assert ran("import", "exhibitors", table("E-01"), "--db", own, "--new-booths", "--apply")[::2] == (
        1,
        "展位：看不出展区 E 在哪个展厅，先在“数据与设置”里建好展厅和展区。没有写入任何数据。 [E-IMPORT-ROW]\n",
    )
    assert exported(own, "booths", "展位号", "参展单位") == [
        ("A1-01", "A1-01 公司"), ("C-01", "C-01 公司"), ("D-07", "D-07 公司"),
    ]  # fmt: skip
    assert len(exported(own, "exhibitors", "参展单位")) == 3


# --- the number of an import ---


def test_the_number_told_is_that_of_this_import_though_the_clock_went_back(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, number in ((20, 1), (10, 2), (15, 3)):
        monkeypatch.setattr(expos, "clock_of", lambda _db, _expo, day=day: lambda: datetime(2018, 10, day, tzinfo=UTC))
        table = csv(tmp_path, "参展单位", f"{number} 号公司", name=f"{number}.csv")
        assert brought(own, "exhibitors", table)["number"] == number
    assert [(one["number"], one["file"]) for one in value("undo", "--db", own)] == [
        (3, "3.csv"), (2, "2.csv"), (1, "1.csv"),
    ]  # fmt: skip
    assert value("undo", 2, "--db", own)["file"] == "2.csv"
    assert sorted(exported(own, "exhibitors", "参展单位")) == [("1 号公司",), ("3 号公司",)]


def test_a_list_of_which_nothing_can_come_in_ends_with_1(own: Path) -> None:
    status, out, err = ran("import", "exhibitors", CASES / "error-words.csv", "--db", own, "--apply")
    assert (status, err) == (1, "没有一行可以写入，数据未变。每行的问题见上，改好后再导入。\n")
    assert out.splitlines()[-1] == "新增 0，更新 0，相同 0，有问题 9。没有要写入的行，数据未变。"
    assert ran("import", "exhibitors", CASES / "error-words.csv", "--db", own)[0] == 0


def test_a_list_without_states_is_confirmed_by_an_option(own: Path, tmp_path: Path) -> None:
    table = csv(tmp_path, "姓名,手机", "王敏,13800000001", "李雷,13800000002")
    told = said("import", "attendees", table, "--db", own)
    assert "没有写“状态”的 2 人进来是待确认，确认之前各入口都不放行。" in told
    assert "加 --fill 状态 就都按“已确认”导入。" in told
    (plan,) = value("import", "attendees", table, "--db", own)["unsaid"]
    assert (plan["field"], plan["rows"], plan["value"], plan["filled"]) == ("state", 2, "已确认", False)
    _status, _out, refused = ran("import", "attendees", table, "--fill", "备注", "--db", own)
    assert "--fill：“备注”不能这样填，可以的：状态" in refused
    mapping = tmp_path / "mapping.json"
    told = said("import", "attendees", table, "--fill", "state", "--save-mapping", mapping, "--apply", "--db", own)
    assert "没有写“状态”的 2 行都按“已确认”导入。" in told
    db = open_database(own)
    with db.reading() as session:
        assert [state.name for state in session.scalars(select(Attendee.state))] == ["CONFIRMED"] * 2
    db.close()
    assert json.loads(mapping.read_text("utf-8"))["filled"] == {"state": True}
    again = csv(tmp_path, "姓名,手机", "王敏,13800000001", "韩梅,13800000003", name="again.csv")
    (plan,) = value("import", "attendees", again, "--no-memory", "--mapping", mapping, "--db", own)["unsaid"]
    assert (plan["rows"], plan["filled"]) == (1, True)
