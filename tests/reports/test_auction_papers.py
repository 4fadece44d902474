"""What the law wants on the papers of a lot, read back from the pages: no reserve, both entries kept."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from expo_app.i18n import set_language
from expo_app.model import Channel, LadderKind, Lot, ReserveKind, Role
from expo_app.reports import auction_papers as report
from expo_app.rules.auction_judge import Answer
from expo_app.services import auction_cashier, auction_hall
from expo_app.services.auction_papers import read_papers
from expo_app.store.database import Actor, Database
from tests.auction_till import WAN, Till
from tests.reports.conftest import PdfText

RESERVE = "1234567"


@pytest.fixture
def till(db: Database) -> Till:
    return Till(db, notice_on=date(2018, 11, 20), viewing_from=date(2018, 11, 26), viewing_until=date(2018, 11, 28))


def hold(till: Till) -> None:
    """Lot 01 with everything that can happen to it, sold to 23; lot 02 passed under its reserve."""
    lot, db = till.lots["01"], till.db
    with db.transaction() as session:
        one = session.get_one(Lot, lot)
        one.reserve_kind, one.reserve = ReserveKind.SET, Decimal(RESERVE)
        other = session.get_one(Lot, till.lots["02"])
        other.reserve_kind, other.reserve = ReserveKind.SET, Decimal(9_000_000)
    auction_hall.open_lot(db, lot)
    auction_hall.bid(db, lot, 7, console="竞价台 1")
    wrong = auction_hall.bid(db, lot, 18, 110 * WAN, Channel.PHONE)
    auction_hall.correct(db, lot, wrong.lot.seq, "顾师", 23, reason="听错号牌")
    auction_hall.pause(db, lot, reason="核对电话")
    auction_hall.resume(db, lot)
    auction_hall.change_ladder(db, lot, LadderKind.FIXED, 2 * WAN)
    db.actor = Actor("主管", Role.SUPERVISOR, "竞价台")
    auction_hall.look_at_reserve(db, lot, reason="委托人询问")
    auction_hall.lower_reserve(db, lot, 110 * WAN, "委托人代表")
    auction_hall.bid(db, lot, 23, 115 * WAN, sure=True)
    for _n in range(3):
        auction_hall.call(db, lot)
    assert auction_hall.hammer(db, lot, sure=True).answer is Answer.SOLD
    auction_hall.open_lot(db, till.lots["02"])
    auction_hall.bid(db, till.lots["02"], 7)
    assert auction_hall.hammer(db, till.lots["02"], sure=True).answer is Answer.PASSED


def printed(till: Till, path: Path, kind: str, pdf_text: PdfText) -> list[str]:
    data = read_papers(till.db, till.auction, till.db.now())
    assert report.write(path, [kind], data) == set()
    return pdf_text(path)


def holds(text: str, *words: str) -> None:
    plain = "".join(text.split())
    assert [word for word in words if "".join(word.split()) not in plain] == []


def test_a_confirmation_holds_what_it_must(till: Till, tmp_path: Path, pdf_text: PdfText) -> None:
    till.deposit(23, 5)
    hold(till)
    (page,) = printed(till, tmp_path / "c.pdf", report.CONFIRMATION, pdf_text)
    holds(
        page, "拍卖成交确认书", "专利专场（拍卖会）", "2018-11-29 14:00", "拍卖人", "练祁拍卖公司",
        "许可证号 许-001", "拍卖师", "顾师",
        "证号 师-001", "记录人", "沈记", "标的01", "专利01", "ZL2018100000000", "委托人", "买受人",
        "竞买单位23", "23 号", "代理23",
        "1,150,000.00 元", "人民币壹佰壹拾伍万元整", "57,500.00 元", "50,000.00 元", "1,157,500.00 元",
        "2018-12-06", "成交编号",
        "买受人（签字盖章）", "拍卖人（签字盖章）", "不少于五年",
    )  # fmt: skip
    assert "补打" not in page
    assert RESERVE not in page.replace(",", "")


def test_a_record_holds_every_call_bid_and_correction(till: Till, tmp_path: Path, pdf_text: PdfText) -> None:
    hold(till)
    pages = printed(till, tmp_path / "r.pdf", report.RECORD, pdf_text)
    text = "".join(pages)
    holds(
        text, "拍卖笔录", "公告", "2018-11-20", "展示", "2018-11-26 至 2018-11-28", "宣读规则",
        "2018-11-29 09:00", "报次规则落槌前 3 次", "第 1 次", "第 2 次", "第 3 次", "落槌前报次3 次（规则 3 次）",
        "固定加价 2.00 万元（第 7 条调整后）",
        "起拍价", "1,000,000.00 元", "加价幅度", "保留价已设", "开始竞价", "出价", "电话", "更正第 3 条",
        "确认人 顾师：听错号牌",
        "录入有误，已更正", "暂停", "核对电话", "继续", "调整加价幅度", "固定加价 2.00 万元", "降低保留价",
        "委托人代表", "报次",
        "落槌成交", "没有达到保留价，流拍", "最高应价", "拍卖师（签名）", "记录人（签名）", "买受人（签名）",
        "第五十四条",
    )  # fmt: skip
    plain = text.replace(",", "")
    for secret in (RESERVE, "9000000", "900.00", "查看保留价"):
        assert secret not in plain
    assert "1,100,000.00" in text  # the wrong entry and the right one
    assert all(f"拍卖笔录 · 专利专场 · 标的 {no}" in "".join(pages) for no in ("01", "02"))
    last = [page for page in pages if "标的02" in page][-1]
    assert "买受人（签名）" not in last
    assert "记录人（签名）" in last


def test_a_record_says_the_calls_that_were_made(till: Till, tmp_path: Path, pdf_text: PdfText) -> None:
    """Of the price that the hammer fell on; a bid in between begins them anew."""
    lot = till.lots["01"]
    auction_hall.open_lot(till.db, lot)
    auction_hall.bid(till.db, lot, 7)
    for _n in range(2):
        auction_hall.call(till.db, lot)
    auction_hall.bid(till.db, lot, 23)
    auction_hall.call(till.db, lot)
    auction_hall.hammer(till.db, lot, sure=True)
    (paper,) = read_papers(till.db, till.auction, till.db.now()).lots
    assert [line.call for line in paper.lines] == [0, 0, 1, 2, 0, 1, 0]
    holds("".join(printed(till, tmp_path / "r.pdf", report.RECORD, pdf_text)), "落槌前报次1 次（规则 3 次）")


@pytest.mark.parametrize("bids", range(1, 5))
def test_nobody_signs_a_page_without_the_result(till: Till, tmp_path: Path, pdf_text: PdfText, bids: int) -> None:
    """However many entries go before it."""
    lot = till.lots["01"]
    auction_hall.open_lot(till.db, lot)
    for n in range(bids):
        auction_hall.bid(till.db, lot, (7, 23)[n % 2], console="竞价台 1")
    auction_hall.call(till.db, lot)
    auction_hall.hammer(till.db, lot, sure=True)
    pages = printed(till, tmp_path / "r.pdf", report.RECORD, pdf_text)
    signed = [page for page in pages if "记录人（签名）" in page]
    assert ["落槌时间" in page for page in signed] == [True] * len(signed)


def test_without_a_licence_no_word_says_auction(till: Till, tmp_path: Path, pdf_text: PdfText) -> None:
    till.change(auctioneer_no="")
    hold(till)
    text = "".join(
        page
        for kind in (report.CONFIRMATION, report.RECORD)
        for page in printed(till, tmp_path / f"{kind}.pdf", kind, pdf_text)
    )
    holds(text, "竞价会成交确认书", "竞价笔录", "专利专场（竞价会）", "组织方", "主持人（签名）", "不少于五年")
    without_names = text.replace("练祁拍卖公司", "")
    assert "拍卖" not in without_names


def test_a_second_print_says_so(till: Till, tmp_path: Path, pdf_text: PdfText) -> None:
    hold(till)
    auction_cashier.count_prints(till.db, [till.lots["01"]], auction_cashier.CONFIRMATION)
    (page,) = printed(till, tmp_path / "again.pdf", report.CONFIRMATION, pdf_text)
    holds(page, "补打（第 2 份）")
    assert "补打" not in "".join(printed(till, tmp_path / "r.pdf", report.RECORD, pdf_text))


def test_in_english(till: Till, tmp_path: Path, pdf_text: PdfText) -> None:
    hold(till)
    set_language("en")
    text = "".join(printed(till, tmp_path / "en.pdf", report.CONFIRMATION, pdf_text))
    assert "人民币" not in text


def test_one_lot_alone(till: Till, tmp_path: Path, pdf_text: PdfText) -> None:
    hold(till)
    data = read_papers(till.db, till.auction, till.db.now(), [till.lots["02"]])
    report.write(tmp_path / "one.pdf", [report.RECORD], data)
    text = "".join(pdf_text(tmp_path / "one.pdf"))
    assert "标的02" in text
    assert "标的01" not in text
    report.write(tmp_path / "none.pdf", [report.CONFIRMATION], data)
    holds("".join(pdf_text(tmp_path / "none.pdf")), "没有成交的标的")
