"""The auction's report: figures counted once, shown everywhere; nobody named who asked not to be."""

import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from expo_app import documents
from expo_app.documents import auction as papers
from expo_app.documents.summary import read_closing
from expo_app.errors import UserError
from expo_app.model import Bidder, Expo, Lot, LotState, Organisation, ReserveKind, Role
from expo_app.reports.auction_papers import CONFIRMATION, RECORD
from expo_app.rules.auction_judge import Answer
from expo_app.services import auction_cashier, auction_hall, expos, records
from expo_app.services.auction_report import findings
from expo_app.services.expos import ExpoInfo
from expo_app.services.statistics.auction import auctions
from expo_app.store.database import Actor, Database, open_database
from tests.auction_room import make_auction, make_lot
from tests.auction_till import WAN, Till
from tests.factories import make_expo
from tests.reports.conftest import PdfText

HIDDEN = "竞买单位18"


@pytest.fixture
def till(db: Database) -> Till:
    """01 sold to 7, 02 to 18 who asked to be kept secret, 03 passed, 04 never called."""
    made = Till(db)
    for paddle in (7, 18):
        made.deposit(paddle, 5)
    with db.transaction() as session:
        session.get_one(Bidder, made.bidders[18]).is_confidential = True
        session.get_one(Lot, made.lots["03"]).is_owner_confidential = True
    made.sell("01", 7, 150)
    made.sell("02", 18, 250)
    made.pass_("03")
    return made


def this(till: Till) -> ExpoInfo:
    return next(expo for expo in expos.all_expos(till.db) if expo.id == till.expo)


def written(till: Till, path: Path, part: str = "") -> Path:
    assert documents.write(till.db, this(till), "auction", path, part=part) == frozenset()
    return path


def test_figures_of_a_session(till: Till) -> None:
    found = auctions(till.db, till.expo)
    values = {figure.name: figure.value for figure in found.figures}
    assert values == {
        "auction_lots": 3, "auction_sold": 2, "auction_passed": 1, "auction_defaulted": 0,
        "auction_rate": Decimal(2) / 3, "auction_amount": 400 * WAN, "auction_premium": Decimal(1),
    }  # fmt: skip
    (line,) = found.lines
    assert (line.lots, line.sold, line.passed, line.amount, line.started) == (3, 2, 1, 400 * WAN, 200 * WAN)


def test_every_figure_is_traced_to_its_lots(till: Till) -> None:
    figures = auctions(till.db, till.expo).figures
    traced = {figure.name: records.traced(till.db, figure.trace) for figure in figures if figure.trace}
    sold = {till.lots["01"], till.lots["02"]}
    assert traced["auction_sold"] == traced["auction_amount"] == sold
    assert traced["auction_lots"] == {*sold, till.lots["03"]}
    assert traced["auction_passed"] == {till.lots["03"]}


def test_a_withdrawn_lot_a_later_agreement_and_a_resale(till: Till) -> None:
    till.close()
    auction_cashier.agree(till.db, till.lots["03"], "竞买单位23", 90 * WAN)
    found = auctions(till.db, till.expo)
    assert (found.lots.value, found.amount.value) == (3, 400 * WAN)
    assert found.lines[0].withdrawn == 1
    till.later(8)
    auction_cashier.default(till.db, till.lots["02"], "逾期")
    found = auctions(till.db, till.expo)
    assert (found.lots.value, found.sold.value, found.defaulted.value, found.amount.value) == (3, 1, 1, 150 * WAN)
    till.lots["02R"] = auction_cashier.resell(till.db, till.lots["02"], till.auction, "02R", till.at.date())
    with till.db.transaction() as session:
        session.get_one(Lot, till.lots["02R"]).reserve_kind = ReserveKind.NONE
    auction_hall.open_lot(till.db, till.lots["02R"])
    running = auctions(till.db, till.expo)  # until its hammer, what it was resold for counts
    assert (running.lots.value, running.sold.value, running.defaulted.value) == (3, 1, 1)
    assert auction_hall.hammer(till.db, till.lots["02R"], sure=True).answer is Answer.PASSED
    till.sell("02R", 7, 200)
    found = auctions(till.db, till.expo)
    assert (found.lots.value, found.sold.value, found.defaulted.value, found.amount.value) == (3, 2, 0, 350 * WAN)


def test_reported_sessions_say_what_was_reported_and_no_more(till: Till) -> None:
    with till.db.transaction() as session:
        first = make_expo(session, name="前一届", code="KJH17", starts_on=date(2017, 5, 1),
                          ends_on=date(2017, 5, 3), edition_no=9)  # fmt: skip
        sample = make_expo(session, name="演练", code="X", starts_on=date(2016, 5, 1),
                           ends_on=date(2016, 5, 3), is_sample=True, edition_no=8)  # fmt: skip
        told = {"is_reported": True, "source": "报道", "rules_read_at": None}
        make_auction(session, first, "那一场", reported_sold=18, reported_amount=Decimal(90_400_000), **told)
        seven = make_auction(session, first, "七件", **told)
        for n in range(7):
            make_lot(session, seven, f"{n}", state=LotState.SOLD, price=None)
        make_auction(session, sample, "示例场", reported_lots=3, reported_sold=3, **told)
    found = auctions(till.db, till.expo)
    lines = {line.title: line for line in found.earlier}
    assert set(lines) == {"那一场", "七件"}  # samples beside samples alone
    one, other = lines["那一场"], lines["七件"]
    assert (one.lots, one.sold, one.passed, one.amount, one.rate) == (None, 18, None, Decimal(90_400_000), None)
    assert (other.lots, other.sold, other.passed, other.amount) == (7, 7, 0, None)
    assert found.amount.value == 400 * WAN


def test_the_pages(till: Till, tmp_path: Path, pdf_text: PdfText) -> None:
    pages = pdf_text(written(till, tmp_path / "a.pdf"))
    text = "".join("".join(pages).split())
    wanted = ("专利拍卖报告", "成交表", "未成交表", "保证金表（元）", "各场竞价", "拍卖笔录", "400.00", "竞买单位07")
    wanted += ("保密", "****0007", "66.7%")
    assert [word for word in wanted if "".join(word.split()) not in text] == []
    assert HIDDEN not in text
    assert "代理18" not in text
    with till.db.reading() as session:
        owner = session.get_one(Lot, till.lots["03"]).owner_id
    assert str(owner) not in text
    assert len(pages) >= 4  # a record of each lot on pages of its own


def test_without_a_licence_no_word_of_the_report_says_auction(till: Till, tmp_path: Path, pdf_text: PdfText) -> None:
    till.change(auctioneer_no="")
    text = "".join("".join(pdf_text(written(till, tmp_path / "s.pdf"))).split())
    assert "专利竞价报告" in text
    assert "拍卖" not in text.replace("练祁拍卖公司", "")


def test_a_workbook_with_real_types(till: Till, tmp_path: Path) -> None:
    book = CalamineWorkbook.from_path(written(till, tmp_path / "a.xlsx"))
    assert book.sheet_names == ["成交表", "未成交表", "保证金", "收退款", "各场竞价", "笔录"]
    sold = book.get_sheet_by_name("成交表").to_python()
    head = next(row for row in sold if "标的号" in row)
    rows = [dict(zip(head, row, strict=True)) for row in sold[sold.index(head) + 1 :] if row[1] in ("01", "02")]
    assert [row["成交价（元）"] for row in rows] == [1_500_000.0, 2_500_000.0]
    assert isinstance(rows[0]["落槌时间"], datetime)
    assert [row["买受人"] for row in rows] == ["竞买单位07", "保密"]
    assert rows[0]["溢价率"] == pytest.approx(0.5)
    money = book.get_sheet_by_name("收退款").to_python()
    assert [row[5] for row in money if row[3] == "收保证金"] == [50_000.0, 50_000.0]
    everything = json.dumps([book.get_sheet_by_name(name).to_python() for name in book.sheet_names], default=str,
                            ensure_ascii=False)  # fmt: skip
    assert HIDDEN not in everything


@pytest.mark.parametrize("name", ["auction", "deals", "deals-bulletin", "closing", "landing", "summary"])
def test_no_report_names_a_secret_party_of_a_sale(till: Till, name: str, tmp_path: Path, pdf_text: PdfText) -> None:
    """Art. 21: also not by the deal that the hammer made, nor by a note of the record."""
    seller = "隐身卖家"
    with till.db.transaction() as session:
        lot = session.get_one(Lot, till.lots["04"])
        lot.is_owner_confidential, lot.reserve_kind, lot.reserve = True, ReserveKind.SET, 200 * WAN
        session.get_one(Organisation, lot.owner_id).name = seller
    clerk, till.db.actor = till.db.actor, Actor("周敏", Role.ADMIN)
    assert auction_hall.lower_reserve(till.db, till.lots["04"], 180 * WAN, f"{seller}李总").is_done
    till.db.actor = clerk
    till.sell("04", 18, 300)
    assert documents.write(till.db, this(till), name, tmp_path / "a.pdf") is not None
    text = "".join("".join(pdf_text(tmp_path / "a.pdf")).split())
    assert "竞买单位07" in text or name in ("closing", "summary"), text
    assert [word for word in (HIDDEN, seller) if word in text] == []


def test_json_names_nobody_who_asked_not_to_be(till: Till) -> None:
    found = documents.figures(till.db, this(till), "auction")
    text = json.dumps(found, default=str, ensure_ascii=False)
    assert HIDDEN not in text
    assert isinstance(found, dict)
    assert found["figures"]["auction_amount"]["value"] == 400 * WAN
    lots = {lot["lot_no"]: lot for lot in found["lots"]}
    assert (lots["02"]["price"], lots["02"]["buyer"], lots["03"]["owner"], lots["03"]["price"]) == (
        250 * WAN, None, None, None,
    )  # fmt: skip


def test_one_session_alone(till: Till, tmp_path: Path) -> None:
    with till.db.transaction() as session:
        make_auction(session, session.get_one(Expo, till.expo), "下午场")
    found = documents.figures(till.db, this(till), "auction", part="下午场")
    assert isinstance(found, dict)
    assert found["lots"] == []
    amounts = [documents.figures(till.db, this(till), "auction", part=part)["figures"]["auction_amount"]["value"]
               for part in ("下午场", str(till.auction))]  # fmt: skip
    assert amounts == [None, 400 * WAN]  # the figures are those of the session asked for
    whole = documents.figures(till.db, this(till), "auction", part=str(till.auction))
    assert isinstance(whole, dict)
    assert len(whole["lots"]) == 3
    with pytest.raises(UserError, match="没有“晚上场”"):
        documents.figures(till.db, this(till), "auction", part="晚上场")
    with pytest.raises(UserError, match="不分场次"):
        documents.write(till.db, this(till), "deals", tmp_path / "d.pdf", part="下午场")


def test_what_is_to_be_corrected(till: Till) -> None:
    till.change(recorder="")
    with till.db.transaction() as session:
        for key in till.bidders.values():
            session.get_one(Bidder, key).is_identity_checked = False
    with till.db.transaction() as session:
        make_auction(session, session.get_one(Expo, till.expo), "下午场")
    none = [finding.name for finding in findings(till.db, till.expo) if "没有填佣金各档" in finding.words]
    assert none == ["下午场"]
    words = [finding.words for finding in findings(till.db, till.expo)]
    assert any("没有记录人" in one for one in words)
    assert sum("身份还没有核验" in one for one in words) == 2
    with till.db.transaction() as session:
        session.get_one(Lot, till.lots["01"]).price = 100 * WAN
    till.later(9)
    words = [finding.words for finding in findings(till.db, till.expo)]
    assert any("落槌价 1,000,000.00 元，台账里是 1,500,000.00 元" in one for one in words)
    assert sum("过了付款期" in one for one in words) == 2


def test_papers_are_counted_when_they_are_made(till: Till, tmp_path: Path, pdf_text: PdfText) -> None:
    key = till.lots["01"]
    papers.write_papers(till.db, till.auction, [key], (CONFIRMATION, RECORD), tmp_path / "p.pdf")
    assert (till.lot("01").confirmation_prints, till.lot("01").record_prints) == (1, 1)
    assert "补打" not in "".join(pdf_text(tmp_path / "p.pdf"))
    papers.write_papers(till.db, till.auction, [key], (CONFIRMATION,), tmp_path / "q.pdf")
    assert (till.lot("01").confirmation_prints, till.lot("01").record_prints) == (2, 1)
    assert "补打（第 2 份）" in "".join(pdf_text(tmp_path / "q.pdf"))
    with pytest.raises(UserError):
        papers.write_papers(till.db, till.auction, [key], (RECORD,), tmp_path / "no" / "p.pdf")
    assert till.lot("01").record_prints == 1  # what was not written is not counted


def test_the_refund_list_masks_accounts(till: Till, tmp_path: Path, pdf_text: PdfText) -> None:
    till.deposit(23, 5)
    papers.write_refunds(till.db, till.auction, tmp_path / "r.pdf")
    text = "".join("".join(pdf_text(tmp_path / "r.pdf")).split())
    assert "****0023" in text
    assert "62000000" not in text
    assert "竞买单位23" in text


def test_whoever_may_not_hand_out_gets_no_paper(till: Till, tmp_path: Path) -> None:
    till.db.actor = Actor("门口", Role.DESK, "")
    with pytest.raises(UserError, match="没有这项权限"):
        papers.write_papers(till.db, till.auction, None, (RECORD,), tmp_path / "p.pdf")
    assert not (tmp_path / "p.pdf").exists()


@pytest.fixture
def sample(sample_file: Path, tmp_path: Path) -> Iterator[tuple[Database, ExpoInfo]]:
    db = open_database(Path(shutil.copy(sample_file, tmp_path / "sample.db")))
    found = expos.current(db)
    assert found is not None
    yield db, found
    db.close()


def test_the_sample_stands_beside_what_was_reported(sample: tuple[Database, ExpoInfo]) -> None:
    db, expo = sample
    found = auctions(db, expo.id)
    assert found.lots.value is None
    reported = [line for line in found.lines if line.is_reported]
    assert {(line.lots, line.sold, line.amount) for line in reported} == {
        (7, 7, None), (None, 18, Decimal(90_400_000)),
    }  # fmt: skip
    assert all(line.source for line in reported)


def test_the_closing_report_tells_of_sessions_that_have_figures(db: Database) -> None:
    """What was reported of one is enough, however little; one that was only prepared is left out."""
    with db.transaction() as session:
        expo = make_expo(session)
        make_auction(session, expo, "还没开的一场")
        key = expo.id
    assert "专利拍卖" not in {one.title for one in read_closing(db, key, db.now()).chapters}
    with db.transaction() as session:
        told = {"is_reported": True, "source": "报道", "rules_read_at": None, "reported_sold": 18}
        make_auction(session, session.get_one(Expo, key), "报道的一场", **told)
    chapter = next(one for one in read_closing(db, key, db.now()).chapters if one.title == "专利拍卖")
    assert ["报道的一场" in row for sheet in chapter.sheets(()) for row in sheet.rows] == [True]
