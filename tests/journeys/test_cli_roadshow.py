"""A roadshow of an expo set up from nothing, by the command line: pitches, criteria, scores, comments, interest."""

import json
from contextlib import closing
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from tests.journeys.command import called

LISTS: dict[str, list[list[object]]] = {
    "programme": [
        ["活动名称", "类型", "开始", "时长（分钟）"],
        ["上午场", "路演", "2027-05-13 09:30", 90],
        ["下午场", "路演", "2027-05-13 14:00", 90],
    ],
    "achievements": [["成果名称", "完成单位"], ["阀门", "甲研究所"], ["轴承", "乙大学"]],
    "pitches": [
        ["场次", "序号", "项目名称", "路演人", "路演时间"],
        ["上午场", 1, "阀门", "丙某", 8],
        ["上午场", 2, "轴承", "丁某", 8],
        ["下午场", 1, "轴承", "丁某", 10],
    ],
    "score-criteria": [["场次", "指标", "满分", "权重"], ["上午场", "创新", 40, 1], ["上午场", "市场", 100, 3]],
    "scores": [
        ["项目", "评委", "评分项", "得分"],
        ["阀门", "戊教授", "创新", 30],
        ["阀门", "戊教授", "市场", 90.5],
        ["阀门", "己教授", "创新", 40],
    ],
    "pitch-comments": [["项目", "评委", "点评内容"], ["阀门", "戊教授", "先做认证"]],
    "interests": [
        ["项目", "场次", "投资机构", "程度", "金额下限（万元）", "金额上限（万元）", "联系人", "手机", "下一步"],
        ["阀门", "", "庚资本", "强烈", 50, 200, "辛某", "13812345678", "约洽谈"],
        ["轴承", "下午场", "庚资本", "想了解", "", "", "辛某", "13812345678", ""],
    ],
}


def sheet(path: Path, rows: list[list[object]]) -> str:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return str(path)


def exported(db: Path, kind: str, out: Path) -> list[dict[object, object]]:
    called("export", kind, str(out), "--db", str(db))
    headers, *rows = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()
    return [dict(zip(headers, row, strict=True)) for row in rows]


@pytest.fixture
def held(tmp_path: Path) -> Path:
    db = tmp_path / "e.db"
    called("new", "某市技术交易会", "--code", "MS27", "--starts", "2027-05-12", "--ends", "2027-05-14", "--db", str(db))
    for kind, rows in LISTS.items():
        said = called("import", kind, sheet(tmp_path / f"{kind}.xlsx", rows), "--db", str(db), "--apply")
        assert f"新增 {len(rows) - 1}" in said, said
    return db


def test_a_roadshow_comes_in_and_goes_out(held: Path, tmp_path: Path) -> None:
    first, second = sorted(exported(held, "interests", tmp_path / "i.xlsx"), key=lambda row: str(row["编号"]))
    assert (first["编号"], first["路演场次"], first["意向单位"], first["意向程度"]) == (
        "YX-001",
        "上午场",
        "庚资本",
        "强烈",
    )
    assert (first["意向金额从（万元）"], first["意向金额至（万元）"], first["下一步"]) == (50, 200, "约洽谈")
    assert first["联系电话"] == "138****5678"
    assert (second["路演场次"], second["意向程度"], second["意向金额从（万元）"]) == ("下午场", "想了解", "")
    scores = exported(held, "scores", tmp_path / "s.xlsx")
    assert {(row["专家"], row["评分项"], row["得分"]) for row in scores} == {
        ("戊教授", "创新", 30), ("戊教授", "市场", 90.5), ("己教授", "创新", 40),
    }  # fmt: skip
    assert [row["点评"] for row in exported(held, "pitch-comments", tmp_path / "c.xlsx")] == ["先做认证"]


@pytest.mark.parametrize("kind", ["pitches", "score-criteria", "scores", "pitch-comments", "interests"])
def test_what_goes_out_comes_in_as_the_same(held: Path, tmp_path: Path, kind: str) -> None:
    count = len(exported(held, kind, tmp_path / "out.xlsx"))
    said = called("import", kind, str(tmp_path / "out.xlsx"), "--db", str(held))
    assert f"新增 0，更新 0，相同 {count}，有问题 0" in said


def test_rows_that_name_nothing_known_are_told_and_stay_out(held: Path, tmp_path: Path) -> None:
    wrong = [
        ["项目", "评委", "评分项", "得分"],
        ["飞机", "戊教授", "创新", 30],
        ["轴承", "戊教授", "创新", 30],
        ["阀门", "戊教授", "价格", 30],
        ["阀门", "庚教授", "创新", 41],
        ["阀门", "庚教授", "市场", 99],
    ]
    said = called("import", "scores", sheet(tmp_path / "wrong.xlsx", wrong), "--db", str(held))
    for words in ("没有路演项目“飞机”", "写明路演场次", "没有评分项“价格”", "最多 40 分"):
        assert words in said, said
    assert "新增 1，更新 0，相同 0，有问题 4" in said


def test_a_criterion_that_cannot_be_read_stays_out(held: Path, tmp_path: Path) -> None:
    """Else it would weigh what nobody said, and change every mean."""
    wrong = [
        ["场次", "指标", "满分", "权重"],
        ["下午场", "团队", 20, -1],
        ["下午场", "成熟度", "二十分", 2],
        ["下午场", "市场", 50, 2],
    ]
    said = called("import", "score-criteria", sheet(tmp_path / "wrong.xlsx", wrong), "--db", held)
    assert "新增 1，更新 0，相同 0，有问题 2" in said


@pytest.mark.parametrize("header", ["意向金额（万元）", "意向金额（元）", "金额范围"])
def test_a_range_in_one_cell_is_both_ends(held: Path, tmp_path: Path, header: str) -> None:
    of, many = ("元", 10_000) if "（元）" in header else ("", 1)
    cells = [
        f"{50 * many}-{200 * many}",
        f"{50 * many} 以上",
        f"{200 * many}以内",
        80 * many,
        "0.8-1 亿元",
        f"{60 * many}~{70 * many}{of}",
    ]
    rows = [["项目", "联系人", header], *(["阀门", f"某{n}", cell] for n, cell in enumerate(cells))]
    said = called("import", "interests", sheet(tmp_path / "r.xlsx", rows), "--db", held, "--apply")
    assert "新增 6，更新 0，相同 0，有问题 0" in said, said
    ends = {
        row["联系人"]: (row["意向金额从（万元）"], row["意向金额至（万元）"])
        for row in exported(held, "interests", tmp_path / "o.xlsx")
    }
    assert [ends[f"某{n}"] for n in range(6)] == [(50, 200), (50, ""), ("", 200), (80, ""), (8000, 10_000), (60, 70)]


# --- what becomes of interest -----------------------------------------------------------------------------------------
TASKS: list[list[object]] = [["事项", "意向编号", "负责人", "期限"], ["约洽谈：庚资本", "YX-001", "壬某", "2027-05-20"]]


def test_a_list_of_tasks_may_say_which_interest_they_came_of(held: Path, tmp_path: Path) -> None:
    table = sheet(tmp_path / "tasks.xlsx", TASKS)
    assert "新增 1" in called("import", "tasks", table, "--db", held, "--apply")
    (task,) = exported(held, "tasks", tmp_path / "out.xlsx")
    assert (task["意向编号"], task["路演项目"]) == ("YX-001", "阀门")
    said = called("import", "tasks", tmp_path / "out.xlsx", "--db", held)
    assert "新增 0，更新 0，相同 1，有问题 0" in said


def test_the_results_sheet_of_one_roadshow_and_of_all(held: Path, tmp_path: Path) -> None:
    called("import", "tasks", sheet(tmp_path / "tasks.xlsx", TASKS), "--db", held, "--apply")
    called("report", "roadshow", tmp_path / "all.pdf", "--db", held)
    called("report", "roadshow", tmp_path / "all.xlsx", "--db", held)
    called("report", "roadshow", tmp_path / "one.xlsx", "--of", "下午场", "--db", held)
    with closing(pypdfium2.PdfDocument(str(tmp_path / "all.pdf"))) as pages:
        text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    for words in (
        "上午场",
        "下午场",
        "86.63",
        "戊教授",
        "先做认证",
        "庚资本",
        "50.00–200.00 万元",
        "138****5678",
        "任务 0/1",
    ):
        assert words in text, words
    assert "13812345678" not in text
    rows = CalamineWorkbook.from_path(str(tmp_path / "one.xlsx")).get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows if row[0] == "下午场"] == ["轴承"]
    assert "上午场" not in {row[0] for row in rows}


def test_its_figures_are_plain_data_without_contacts(held: Path) -> None:
    text = called("report", "roadshow", "--db", held, "--json")
    told = json.loads(text)
    assert {name: told["figures"][name]["value"] for name in ("roadshow_pitches", "roadshow_interests")} == {
        "roadshow_pitches": 3, "roadshow_interests": 2,
    }  # fmt: skip
    valve = told["shows"][0]["pitches"][0]
    assert (float(valve["score"]), valve["experts_counted"], len(valve["experts"])) == (86.63, 1, 2)
    assert "辛某" not in text
    assert "5678" not in text
