"""`report auction`: files and figures of a session that was held, from the command line."""

from pathlib import Path

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from expo_app.store.database import Database, open_database
from tests.auction_till import Till
from tests.journeys.test_cli_usage import ran, said, value


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A session of which 01 was sold and 02 passed."""
    path = tmp_path / "own.db"
    db: Database = open_database(path, create=True)
    till = Till(db)
    till.deposit(7, 5)
    till.sell("01", 7, 150)
    till.pass_("02")
    db.close()
    return path


def test_figures_without_a_file(held: Path) -> None:
    found = value("report", "auction", "--db", held)
    told = {name: (figure["value"], figure["unit"]) for name, figure in found["figures"].items()}
    assert (told["auction_amount"], told["auction_lots"], told["auction_rate"]) == (
        ("1500000.00", "元"), (2, "件"), ("0.5", ""),
    )  # fmt: skip
    assert [(lot["lot_no"], lot["state"]) for lot in found["lots"]] == [("01", "SOLD"), ("02", "PASSED")]
    assert value("report", "auction", "--of", "专利专场", "--db", held)["lots"] == found["lots"]


def test_files(held: Path, tmp_path: Path) -> None:
    said("report", "auction", tmp_path / "a.pdf", "--db", held)
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "拍卖笔录" in text
    value("report", "auction", tmp_path / "a.xlsx", "--of", "专利专场", "--db", held)
    assert "笔录" in CalamineWorkbook.from_path(tmp_path / "a.xlsx").sheet_names


def test_a_session_that_is_not_there(held: Path, tmp_path: Path) -> None:
    status, _out, problem = ran("report", "auction", tmp_path / "a.pdf", "--of", "晚场", "--db", held)
    assert status == 1
    assert "里没有“晚场”，没有写入。有：专利专场。" in problem
    assert not (tmp_path / "a.pdf").exists()
    status, _out, problem = ran("report", "deals", tmp_path / "d.pdf", "--of", "晚场", "--db", held)
    assert "不分场次" in problem
