"""The statements on paper, in Excel and for programs say what the tables hold, to the fen."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from expo_app import documents, i18n
from expo_app.errors import UserError
from expo_app.model import PaidWay
from expo_app.rules.settlement import party_name
from expo_app.services import expos, settlement_acts, settlement_report
from expo_app.store.database import Database
from tests.made_settlement import Fair, make_fair, make_use
from tests.made_vouchers import Counter

JD, KS, WZ = "310114", "320583", "3303"
MARCH = date(2019, 3, 5)


@pytest.fixture
def fair(db: Database) -> Fair:
    db.clock = lambda: datetime(2019, 7, 9, 6, 20, tzinfo=UTC)
    with db.transaction() as session:
        fair = make_fair(session)
        make_use(session, fair, JD, KS, "81205.00", MARCH)
        make_use(session, fair, KS, JD, "164823.50", MARCH)
        make_use(session, fair, KS, JD, "400.00", MARCH, way=PaidWay.REFUNDED)
        make_use(session, fair, JD, WZ, "0.01", MARCH)
        make_use(session, fair, JD, JD, "31200.00", MARCH)
    settlement_acts.draw(db, fair.expo_id, "2019H1")
    return fair


def the_expo(db: Database, fair: Fair) -> expos.ExpoInfo:
    found = expos.current(db, fair.expo_id)
    assert found is not None
    return found


def pages_of(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as pdf:
        return ["".join(page.get_textpage().get_text_range().split()) for page in pdf]


def test_programs_get_the_net_of_every_pair(db: Database, fair: Fair) -> None:
    expo = the_expo(db, fair)
    told = documents.figures(db, expo, "settlement", period="2019H1")
    assert told == documents.figures(db, expo, "settlement")  # the last half-year
    assert isinstance(told, dict)
    nets = [(one["a"], one["b"], one["net"], one["payer"], one["uses"]) for one in told["pairs"]]
    assert nets == [(JD, KS, Decimal("83618.50"), KS, 3), (JD, WZ, Decimal("0.01"), JD, 1)]
    assert told["refunded"] == {"uses": 1, "amount": Decimal(400)}
    assert told["local"] == [{"region": JD, "name": party_name(JD), "uses": 1, "amount": Decimal(31200)}]
    assert told["check"]["is_right"]
    assert told["check"]["difference"] == 0
    one = documents.figures(db, expo, "settlement", part="DZ-19H1-02")
    assert isinstance(one, dict)
    assert [line["statement"] for pair in one["pairs"] for line in pair["statements"]] == ["DZ-19H1-02"]
    assert json.dumps(told, default=str)


def test_programs_get_a_pair_once_however_many_statements_it_has(db: Database, fair: Fair) -> None:
    with db.transaction() as session:
        make_use(session, fair, JD, KS, "618.50", date(2019, 7, 2))
    told = documents.figures(db, the_expo(db, fair), "settlement", period="2019")
    assert isinstance(told, dict)
    nets = [(one["a"], one["b"], one["net"], one["uses"]) for one in told["pairs"]]
    assert nets == [(JD, KS, Decimal(83000), 4), (JD, WZ, Decimal("0.01"), 1)]
    parts = [(one["statement"], one["net"], one["payer"]) for one in told["pairs"][0]["statements"]]
    assert parts == [("DZ-19H1-01", Decimal("83618.50"), KS), (None, Decimal("618.50"), JD)]


def test_an_unknown_period_is_one_sentence(db: Database, fair: Fair) -> None:
    expo = the_expo(db, fair)
    with pytest.raises(UserError, match="2019H3"):
        documents.figures(db, expo, "settlement", period="2019H3")
    with pytest.raises(UserError, match="不按结算期"):
        documents.figures(db, expo, "supply", period="2019H1")


def test_every_statement_is_a_sheet_of_its_own(db: Database, fair: Fair, tmp_path: Path) -> None:
    expo, path = the_expo(db, fair), tmp_path / "out.pdf"
    assert documents.write(db, expo, "settlement", path, period="2019H1") == frozenset()
    cover, *sheets = pages_of(path)
    assert "已核对到分" in cover
    assert "83,618.50" in cover
    assert "2019上半年" in cover[: cover.index("已核对到分")]  # in the place of the expo's days and venue
    assert len(sheets) == 3
    assert "DZ-19H1-01" in sheets[0]
    assert "164,823.50" in sheets[0]
    assert "签字盖章" in sheets[0]
    assert "不进轧差" in sheets[0]
    assert "400.00" in sheets[0]
    assert "BD-19H1-01" in sheets[2]
    documents.write(db, expo, "settlement", path, part="DZ-19H1-02")
    (only,) = pages_of(path)
    assert "DZ-19H1-02" in only
    assert "164,823.50" not in only


@pytest.mark.parametrize(
    ("period", "says"),
    [
        ("2018", "2018 全年没有已核验的用券。用券按核验日期归期。没有生成"),
        ("2019Q1", "它和 2019 上半年 的对账单重叠"),
        ("2019H2", "更早的结算期还有 1 笔 7.00 元没有出对账单。没有生成"),
    ],
)
def test_a_period_without_uses_is_one_sentence_and_no_document(
    db: Database, fair: Fair, tmp_path: Path, period: str, says: str
) -> None:
    """A program gets no pair and sums of nothing, and need not read a sentence."""
    if period == "2019H2":
        with db.transaction() as session:
            make_use(session, fair, WZ, KS, "7.00", MARCH)
    expo = the_expo(db, fair)
    for ending in ("pdf", "xlsx"):
        path = tmp_path / f"out.{ending}"
        with pytest.raises(UserError, match=says) as refused:
            documents.write(db, expo, "settlement", path, period=period)
        assert refused.value.code == "E-EMPTY"
        assert not path.exists()
    told = documents.figures(db, expo, "settlement", period=period)
    assert isinstance(told, dict)
    assert (told["pairs"], told["local"], told["refunded"]) == ([], [], {"uses": 0, "amount": 0})
    assert [told["check"][name] for name in ("is_right", "ledger", "statements", "waiting")] == [True, 0, 0, 0]


def test_names_of_its_sheets_are_english_in_english(db: Database, fair: Fair, tmp_path: Path) -> None:
    i18n.set_language("en")
    path = tmp_path / "out.xlsx"
    documents.write(db, the_expo(db, fair), "settlement", path, period="2019H1")
    assert all(name.isascii() for name in openpyxl.load_workbook(path).sheetnames)


def test_the_workbook_adds_up(db: Database, fair: Fair, tmp_path: Path) -> None:
    expo, path = the_expo(db, fair), tmp_path / "out.xlsx"
    documents.write(db, expo, "settlement", path, period="2019H1")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:5] == ["往来", "对账单", "明细", "按服务类别", "企业余额"]
    told = [str(row[0]) for row in book["往来"].iter_rows(values_only=True)]
    assert any("对角线是本地用券，不进合计" in words for words in told)
    rows = list(book["明细"].iter_rows(values_only=True))
    at = next(n for n, row in enumerate(rows) if "券付（元）" in row)
    column = rows[at].index("券付（元）")
    shares = [row[column] for row in rows[at + 1 :] if isinstance(row[column], int | float)]
    assert round(sum(shares), 2) == 277628.51


def test_what_waits_for_a_statement_is_in_every_sheet_as_it_is_in_the_matrix(db: Database, fair: Fair) -> None:
    with db.transaction() as session:
        make_use(session, fair, WZ, KS, "7.00", MARCH)
        make_use(session, fair, JD, KS, "9.00", MARCH)  # late: of the next period
    data = settlement_report.read(db, fair.expo_id, db.now(), "2019H1")
    added = {place: Decimal(0) for place in data.board.settlement.cells}
    for issuer, payee, _kind, _count, paid, refunded in data.by_kind:
        added[issuer, payee] += paid + refunded
    assert added == {place: cell.all.yuan for place, cell in data.board.settlement.cells.items()}
    assert sum(added.values()) == Decimal("277635.51")
    assert [use.share for use in data.uses if use.statement_id is None] == [Decimal(7)]
    (only,) = [line for line in data.board.lines if line.no == "DZ-19H1-02"]
    one = settlement_report.read(db, fair.expo_id, db.now(), only=str(only.id))
    assert {use.statement_id for use in one.uses} == {only.id}


def test_a_voucher_past_its_last_day_has_nothing_left_for_a_company(db: Database) -> None:
    counter = Counter(db, valid_months=1)
    counter.voucher("3000.00")
    counter.verified("2000.00")
    for day, left in ((date(2030, 6, 16), 1), (date(2030, 6, 17), 0)):
        counter.day(day)
        assert len(settlement_report.read(db, counter.expo_id, db.now(), "2030Q2").left) == left
