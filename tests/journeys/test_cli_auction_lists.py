"""An auction prepared from nothing by the command line: lists as organisers have them, in, out and in again."""

from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tests.journeys.command import called

LOTS = [
    ["图录号", "拍品名称", "专利权人", "专利号", "起拍价（万元）", "底价（万元）", "竞买保证金（万元）", "是否国资"],
    ["L1", "阀门", "甲研究所", "ZL201619999003.7", 40, 56.78, 5, "否"],
    ["L2", "轴承", "乙大学", "201619999003.7、201629999003.2", 60, None, 5, "是"],
]
PADDLES = [
    ["竞买号牌", "竞买单位", "举牌人", "手机", "银行账号", "参与方式"],
    ["07", "丙公司", "林某", "13812345678", "6222020200112233445", "场内"],
    [12, "丁公司", "王某", "13912345678", "", "电话"],
]


def sheet(path: Path, rows: list[list[object]]) -> str:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return str(path)


def cells(path: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    db = tmp_path / "e.db"
    called("new", "某市技术交易会", "--code", "MS27", "--starts", "2027-05-12", "--ends", "2027-05-14", "--db", str(db))
    sessions = [
        ["专场名称", "时间", "公告日期", "佣金各档"],
        ["专利专场", "2027-05-13 14:00", "2027-05-01", "买受人；0；5"],
    ]
    for kind, rows in (("auctions", sessions), ("bidders", PADDLES), ("lots", LOTS)):
        said = called("import", kind, sheet(tmp_path / f"{kind}.xlsx", rows), "--db", str(db), "--apply")
        assert f"新增 {len(rows) - 1}" in said, said
    return db


def test_an_auction_is_prepared_from_nothing(prepared: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    called("export", "lots", str(out), "--db", str(prepared))
    headers, first, second = cells(out)
    told = dict(zip(headers, first, strict=True))
    assert (told["标的号"], told["专场"], told["委托人"], told["起拍价（万元）"]) == ("L1", "专利专场", "甲研究所", 40)
    assert (told["有无保留价"], told["保留价（万元）"], told["状态"]) == ("已设", "", "待拍")
    assert dict(zip(headers, second, strict=True))["专利"].count("\n") == 1
    assert 56.78 not in first
    said = called("import", "lots", str(out), "--db", str(prepared))
    assert "新增 0，更新 0，相同 2，有问题 0" in said


def test_a_list_says_which_session_it_means_and_goes_back(prepared: Path, tmp_path: Path) -> None:
    more = sheet(tmp_path / "more.xlsx", [LOTS[0], ["L3", "齿轮", "甲研究所", "", 30, 35, 5, "否"]])
    said = called("import", "lots", more, "--db", str(prepared), "--apply")
    assert "没写“专场”的行按“专利专场”。" in said
    called("undo", "4", "--db", str(prepared))
    called("export", "lots", str(tmp_path / "out.csv"), "--db", str(prepared))
    assert "齿轮" not in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


def test_numbers_of_people_leave_masked_and_do_not_come_back(prepared: Path, tmp_path: Path) -> None:
    out = tmp_path / "paddles.xlsx"
    called("export", "bidders", str(out), "--db", str(prepared))
    headers, first, _second = cells(out)
    told = dict(zip(headers, first, strict=True))
    assert (told["号牌"], told["电话"], told["退款账号"]) == ("07", "138****5678", "****3445")
    assert "相同 2" in called("import", "bidders", str(out), "--db", str(prepared), "--apply")


def test_bids_are_not_imported(prepared: Path, tmp_path: Path) -> None:
    wrong = sheet(tmp_path / "bids.xlsx", [["标的号", "出价"], ["L1", 50]])
    assert "bids" in called("import", "bids", wrong, "--db", prepared, status=2)
    called("export", "bids", str(tmp_path / "b.csv"), "--db", str(prepared))
    assert (tmp_path / "b.csv").exists()
