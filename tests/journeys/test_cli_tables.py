"""`tables`: the statistic tables by period, region, basis and comparison from the command line."""

import shutil
from pathlib import Path

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from tests.journeys.test_cli_usage import ran, said, value


@pytest.fixture
def own(fair_file: Path, tmp_path: Path) -> Path:
    """A copy of the sample in the middle of its second morning."""
    return Path(shutil.copy(fair_file, tmp_path / "own.db"))


def test_without_a_file_the_tables_are_listed(own: Path) -> None:
    lines = said("tables", "--db", own).splitlines()
    assert lines[0].endswith("签约 · 不限时期 · 全部地区")
    assert "  合计  13 项  11,571.50 万元" in lines
    assert "  意向  4 项  6,500.00 万元" in lines


def test_what_is_asked_holds_for_json_and_files_alike(own: Path, tmp_path: Path) -> None:
    asked = ("--region", "太仓", "--since", "2018-11-28", "--until", "2018.11.28")
    plain = value("tables", *asked, "--db", own)
    total = plain["tables"][0]["total"]
    assert plain["agrees"] is True
    assert plain["filters"][1:] == ["签约", "2018-11-28", "太仓"]
    assert 0 < total["count"] < 13
    made = value("tables", tmp_path / "t.xlsx", *asked, "--db", own)
    assert made["path"] == str(tmp_path / "t.xlsx")
    rows = {row[0]: row for row in CalamineWorkbook.from_path(tmp_path / "t.xlsx").get_sheet_by_index(0).to_python()}
    assert rows["合计"][1:3] == [total["count"], float(total["amount"]) / 10_000]
    said("tables", tmp_path / "t.pdf", *asked, "--db", own)
    document = pypdfium2.PdfDocument(tmp_path / "t.pdf")
    first = document[0].get_textpage().get_text_range()
    document.close()
    assert "2018-11-28" in first


def test_one_basis_and_cities(own: Path) -> None:
    plain = value("tables", "--basis", "intended", "--by-city", "--db", own)
    assert plain["basis"] == "INTENDED"
    assert "苏州" in [region["label"] for region in plain["tables"][6]["matrix"]["regions"]]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("--region", "火星"), "没有地区“火星”，没有统计。可选：嘉定、"),
        (("--against", "上一届"), "没有可比的“上一届”，没有统计。可选："),
        (("--since", "13 月"), "13 月"),
        (("--basis", "both"), "both"),
    ],
)
def test_what_is_not_there_is_said(
    own: Path, asked: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = ran("tables", *asked, "--db", own)
    assert status != 0
    assert out == ""
    assert words in err + capsys.readouterr().err
