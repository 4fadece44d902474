"""Seven lots and six pitches without a window: lists in, `bid` from standard input, papers and figures out, all of them
agreeing.
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests import made_auction as made
from tests import made_roadshow as show
from tests.journeys.command import called
from tests.journeys.pages import words_of

CALLED = "call {0}\ncall {0}\ncall {0}\nhammer {0}\n"
SOLD = {"01": "160", "04": "32.5", "05": "80", "06": "219", "07": "143"}
"""万元, of the lines typed below."""


def words(db: Path, lines: str, status: int = 0) -> list[list[str]]:
    return [line.split("\t") for line in called("bid", "--db", db, typed=lines, status=status).splitlines()]


def answers(db: Path, lines: str) -> list[str]:
    return [line[0] for line in words(db, lines)]


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    db = tmp_path / "e.db"
    dates = ("--starts", made.EXPO["starts_on"], "--ends", made.EXPO["ends_on"])
    called("new", made.EXPO["name"], "--code", made.EXPO["code"], *dates, "--db", db)
    for kind, rows in made.LISTS.items():
        said = called("import", kind, made.sheet(tmp_path / f"{kind}.xlsx", rows), "--db", db, "--apply")
        assert f"新增 {len(rows) - 1}，更新 0，相同 0，有问题 0" in said
    return db


def test_from_the_lists_to_the_report(prepared: Path, tmp_path: Path) -> None:
    db = prepared
    assert answers(db, "open 01\nrules\nopen 01\n01 05\n01 18\n01 7 150万\n01 18\n" + CALLED.format("01")) == [
        "refused", "done", "opened", *["accepted"] * 4, *["called"] * 3, "sold",
    ]  # fmt: skip

    # a co-owner's consent is missing, then imported, and it is called: under its reserve it passes
    (closed,) = words(db, "open 02\n")
    assert (closed[0], made.CO_OWNER in closed[-1]) == ("refused", True)
    headers, *lots = made.LISTS["lots"]
    at = headers.index("共有人与优先权人")
    lots[1] = [*lots[1][:at], f"共有人；{made.CO_OWNER}；2027-04-20；同意；2027-05-13", *lots[1][at + 1 :]]
    again = made.sheet(tmp_path / "consent.xlsx", [headers, lots[1]])
    called("import", "lots", again, "--db", db, "--apply", "--update")
    assert answers(db, "open 02\n02 9\n02 11\nhammer 02\nhammer 02\n")[2:] == ["accepted", "check", "passed"]

    # nobody wants the third; equal price by priority; an owner, a paddle nobody holds, a digit too many
    assert answers(db, "open 03\nhammer 03\n") == ["opened", "passed"]
    assert answers(db, "open 04\n04 12\n04 14\n04 12 =\n04 23 =\n" + CALLED.format("04"))[1:5] == [
        "accepted", "accepted", "no_priority", "accepted",
    ]  # fmt: skip
    assert answers(db, "open 05\n05 10\n05 11 80万\n05 10 80万\n" + CALLED.format("05"))[1:4] == [
        "accepted", "accepted", "low",
    ]  # fmt: skip
    assert answers(db, "open 06\n06 30\n06 24 219万\n" + CALLED.format("06"))[-1] == "sold"
    assert answers(db, f"open 07\n07 {made.OWN}\n07 99\n07 28\n07 29 13300万\n07 29 133万\n07 18\n"
                   + CALLED.format("07"))[1:7] == [
        "own_lot", "unknown_paddle", "accepted", "check", "accepted", "accepted",
    ]  # fmt: skip
    assert answers(db, "07 5\nopen 07\nhammer 07\n") == ["closed", "refused", "closed"]

    # what the lists, the report's figures, its workbook and its pages say is the same, to the fen
    prices = {number: Decimal(wan) * 10_000 for number, wan in SOLD.items()}
    told = json.loads(called("report", "auction", "--json", "--db", db))
    found = {lot["lot_no"]: Decimal(lot["price"]) for lot in told["lots"] if lot["state"] == "SOLD"}
    whole = Decimal(told["figures"]["auction_amount"]["value"])
    assert (found, whole) == (prices, sum(prices.values()))
    called("report", "auction", tmp_path / "a.xlsx", "--db", db)
    called("report", "auction", tmp_path / "a.pdf", "--db", db)
    book = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx"))
    rows = book.get_sheet_by_name("成交表").to_python()
    headers = next(row for row in rows if "标的号" in row)
    no, price = headers.index("标的号"), headers.index("成交价（元）")
    assert {row[no]: Decimal(str(row[price])) for row in rows if row[no] in SOLD} == prices
    pages = words_of(tmp_path / "a.pdf")
    assert f"{whole / 10_000:,.2f}" in pages
    assert pages.count("拍卖师（签名）") == 7
    called("export", "deals", tmp_path / "deals.csv", "--db", db)
    deals = (tmp_path / "deals.csv").read_text(encoding="utf-8-sig")
    assert deals.count("专利拍卖") == len(SOLD)
    bids = tmp_path / "bids.csv"
    called("export", "bids", bids, "--db", db)
    assert len(bids.read_text(encoding="utf-8-sig").splitlines()) == 1 + 4 + 2 + 3 + 2 + 2 + 3

    # no file says a reserve, or who asked to be kept secret
    for text in (
        pages,
        repr([book.get_sheet_by_name(name).to_python() for name in book.sheet_names]),
        json.dumps(told),
    ):
        for secret in (made.OWNERS[0], made.bidder(made.SECRET_BUYER)):
            assert secret not in text
        assert not any(wan in text or f"{Decimal(wan) * 10_000:,.2f}" in text for wan in made.RESERVES.values())


def test_a_roadshow_from_its_lists_to_the_sheet_of_the_evening(prepared: Path, tmp_path: Path) -> None:
    scores = [["路演项目", "专家", "评分项", "得分"]] + [
        [title, expert, criterion, points]
        for n, title in enumerate(show.RESULTS)
        for expert, said in zip(show.EXPERTS, show.points(n), strict=True)
        for criterion, points in zip(("创新", "市场"), said, strict=True)
    ]
    interests = [
        ["路演项目", "意向单位", "意向程度", "金额下限（万元）", "联系人", "联系电话", "下一步"],
        [show.RESULTS[4], show.INVESTORS[0], "强烈", 300, "周舟", "13900000001", "约洽谈"],
        [show.RESULTS[0], show.INVESTORS[1], "想了解", None, "林岚", "", ""],
    ]
    lists = {kind: rows for kind, rows in show.LISTS.items() if kind != "attendees"}
    for kind, rows in {**lists, "scores": scores, "interests": interests}.items():
        path = made.sheet(tmp_path / f"{kind}.xlsx", rows)
        said = called("import", kind.replace("_", "-"), path, "--db", prepared, "--apply")
        assert f"新增 {len(rows) - 1}，更新 0，相同 0，有问题 0" in said
    called("report", "roadshow", tmp_path / "r.pdf", "--db", prepared)
    called("report", "roadshow", tmp_path / "r.xlsx", "--db", prepared)
    rows = CalamineWorkbook.from_path(str(tmp_path / "r.xlsx")).get_sheet_by_name("结果").to_python()
    headers = next(row for row in rows if "得分" in row)
    title, score = headers.index("成果"), headers.index("得分")
    found = {row[title]: Decimal(str(row[score])) for row in rows if row[title] in show.RESULTS}
    assert found == {name: show.mean(n) for n, name in enumerate(show.RESULTS)}
    pages = words_of(tmp_path / "r.pdf")
    for word in (*show.RESULTS, *show.EXPERTS, *filter(None, show.INVESTORS), "约洽谈"):
        assert word in pages, word
    assert "13900000001" not in pages
