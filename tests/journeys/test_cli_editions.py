"""Past editions from the command line: no expo is needed, nothing rough is taken for exact, cumulative stays apart."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.journeys.test_cli_usage import refused, said, value

LIST = """届次,名称,开幕日期,参展企业数,活动数,展览面积,累计技术交易额（亿元）,来源
5,某展,2022-11-16,,约 50 场,,,报道
6,某展,2023-11-15,176家,50余,近 1 万,7.7,报道
7,某展,2024-11-13,,abc,约 10000㎡,约 12,报道
"""


def new(db: Path, code: str) -> None:
    year = 2018 + len(code)
    said("new", f"展会 {code}", "--code", code, "--starts", f"{year}-05-01", "--ends", f"{year}-05-03",
         "--venue", "展馆", "--db", db)  # fmt: skip


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "editions.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


@pytest.fixture
def empty(tmp_path: Path, _empty_file: Path) -> Path:
    """A file without any expo."""
    path = tmp_path / "empty.db"
    path.write_bytes(_empty_file.read_bytes())
    return path


def test_a_file_without_an_expo_takes_them_and_gives_them_back(empty, listed, tmp_path):
    plan = value("import", "editions", listed, "--db", empty, "--apply")
    assert (plan["new"], plan["number"]) == (3, 1)
    assert plan["noted"] == [
        {"row": 4, "notes": {"活动数": "“abc”不是数，写数字，可在前面写约、近、超过，如 约 50。"}}
    ]  # fmt: skip
    out = tmp_path / "out.xlsx"
    value("export", "editions", out, "--db", empty)
    header, *rows = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python(skip_empty_area=True)
    at = {name: header.index(name) for name in header if name}
    told = {
        int(row[at["届次"]]): tuple(
            row[at[name]]
            for name in ("参展商（家）", "活动（场）", "展览面积（未说明净毛）（㎡）", "累计技术交易额（万元）")
        )
        for row in rows
        if row[at["届次"]]
    }
    assert told == {
        5: ("", "约 50", "", ""),
        6: (176.0, "超过 50", "近 10,000", 77000.0),
        7: ("", "", "约 10,000", "约 120,000.00"),
    }, "exact numbers are numbers, rough ones words, nothing is nought"
    assert value("import", "editions", out, "--db", empty)["same"] == 3
    assert value("undo", 1, "--db", empty)["undone"]
    assert value("export", "editions", out, "--db", empty)["rows"] == 0


def test_several_expos_make_none_compulsory(empty, listed, tmp_path):
    new(empty, "AA")
    new(empty, "BBB")
    assert value("import", "editions", listed, "--db", empty, "--apply")["new"] == 3
    assert value("export", "editions", tmp_path / "out.csv", "--db", empty)["rows"] == 3
    said("template", "editions", tmp_path / "form.xlsx", "--db", empty)
    assert "E-WHICH-EXPO" in refused("import", "exhibitors", listed, "--db", empty)


def test_an_english_export_comes_in_again(empty, listed, tmp_path):
    value("import", "editions", listed, "--db", empty, "--apply")
    value("export", "editions", tmp_path / "out.xlsx", "--db", empty, "--lang", "en")
    again = value("import", "editions", tmp_path / "out.xlsx", "--db", empty)
    assert (again["same"], again["noted"]) == (3, [])


def test_the_same_edition_twice_in_a_list_says_which_row_has_it_and_what_to_do(empty, tmp_path):
    twice = tmp_path / "twice.csv"
    twice.write_text("届次,展会名称\n6,某展\n7,某展\n6,某展\n", encoding="utf-8")
    plan = value("import", "editions", twice, "--db", empty)
    assert (plan["new"], plan["invalid"]) == (2, [{"row": 4, "problems": {"": "与第 2 行重复，只留一行。"}}])
