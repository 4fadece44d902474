"""Vocabularies without a window: words handed on in a file, what a file may not do, taken back."""

import csv
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.journeys.test_cli_usage import said, value

HEAD = "类目,名称,英文,别名,颜色,图案,用作"
EXPO = ("--code", "MY19", "--starts", "2019-11-01", "--ends", "2019-11-03")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A file with one new expo, which has the words every expo needs and no industry."""
    return new(tmp_path / "own.db")


def new(path: Path) -> Path:
    said("new", "我的展会", *EXPO, "--db", path)
    return path


def imported(db: Path, *lines: str, apply: bool = True) -> Any:
    table = db.parent / "words.csv"
    table.write_text("\n".join((HEAD, *lines)), encoding="utf-8")
    return value("import", "words", table, "--db", db, *(["--apply"] if apply else []))


def words_of(db: Path, vocabulary: str) -> list[dict[str, str]]:
    """What an export holds of a vocabulary."""
    path = db.parent / f"{db.stem}-{vocabulary}.csv"
    path.unlink(missing_ok=True)
    said("export", "words", path, "--db", db)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return [row for row in csv.DictReader(handle) if row["类目"] == vocabulary]


def test_the_template_has_the_columns_and_says_what_goes_in(tmp_path: Path) -> None:
    said("template", "words", tmp_path / "words.xlsx")
    book = load_workbook(tmp_path / "words.xlsx", read_only=True)
    assert [cell.value for cell in next(iter(book.worksheets[0].iter_rows(max_row=1)))] == [
        "类目 *", "名称 *", "英文", "别名", "颜色", "图案", "用作", "顺序", "隐藏", "代号",
    ]  # fmt: skip
    book.close()


def test_words_are_handed_on_from_one_file_to_another(own: Path, tmp_path: Path) -> None:
    done = imported(own, "产业,新能源,New energy,储能、氢能,绿,横纹,", "产业,海洋,,,,,", "活动类型,走访,Visit,,,,其他")
    assert (done["new"], done["changed"], done["invalid"]) == (3, 0, [])
    industries = words_of(own, "产业")
    assert [(row["名称"], row["别名"], row["代号"]) for row in industries] == [
        ("新能源", "储能、氢能", "new_energy"), ("海洋", "", "hai_yang"),
    ]  # fmt: skip
    other = new(tmp_path / "other.db")
    handed = tmp_path / "own-产业.csv"
    plan = value("import", "words", handed, "--db", other, "--apply")
    assert (plan["new"], plan["changed"], plan["invalid"]) == (3, 0, [])
    assert words_of(other, "产业") == industries
    assert words_of(other, "活动类型") == words_of(own, "活动类型")
    again = value("import", "words", handed, "--db", other)
    assert (again["new"], again["changed"]) == (0, 0)


def test_a_file_renames_a_word_by_its_key_and_is_taken_back(own: Path) -> None:
    imported(own, "产业,新能源,New energy,,,,")
    table = own.parent / "renamed.csv"
    table.write_text("类目,代号,名称\n产业,new_energy,绿色能源", encoding="utf-8")
    done = value("import", "words", table, "--db", own, "--update", "--apply")
    assert done["changes"] == [{"row": 2, "fields": {"名称": ["新能源", "绿色能源"]}}]
    assert [row["名称"] for row in words_of(own, "产业")] == ["绿色能源"]
    said("undo", "2", "--db", own)
    assert [row["名称"] for row in words_of(own, "产业")] == ["新能源"]


def test_what_would_make_two_words_one_is_refused_row_by_row(own: Path) -> None:
    done = imported(
        own,
        "产业,新能源,,储能、氢能,绿,横纹,",
        "产业,氢能,,,,,",
        "产业,光伏,,储能,,,",
        "产业,海洋,,,绿,横纹,",
        "活动类型,氢能,,,,,其他",
        "活动类型,走访,,,,,标准展台",
        "颜料,红,,,,,",
    )
    assert {row["row"]: row["problems"] for row in done["invalid"]} == {
        3: {"名称": "“氢能”已经是“新能源”的名称或别名。"},
        4: {"别名": "“储能”已经是“新能源”的名称或别名。"},
        5: {"图案": "“新能源”已经用这个颜色和图案。"},
        7: {"用作": "应为：开幕式、论坛、路演、对接、签约、拍卖、其他。"},
        8: {"类目": "没有“颜料”这一项，可填：产业、单位类型、活动类型、展品类别、展位类型。"},
    }
    assert done["new"] == 2
    assert [row["名称"] for row in words_of(own, "产业")] == ["新能源"]


def test_a_word_that_records_use_is_known_by_its_alias_in_their_file(own: Path) -> None:
    imported(own, "产业,新能源,New energy,储能、氢能,,,")
    table = own.parent / "firms.csv"
    table.write_text("参展单位,产业\n甲公司,氢能\n乙公司,New energy\n丙公司,new_energy", encoding="utf-8")
    done = value("import", "exhibitors", table, "--db", own, "--apply")
    assert (done["new"], done["invalid"]) == (3, [])
    assert len(words_of(own, "产业")) == 1
