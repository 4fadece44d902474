"""The deals bulletin: one day, what was signed before and intentions apart; paper, sheets and database agree."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from factories import local, make_deal, make_expo
from python_calamine import CalamineWorkbook

from expo_app import documents
from expo_app.exchange import excel
from expo_app.model import DealKind, DealStage, Entry, Organisation
from expo_app.reports import deals_bulletin as pages
from expo_app.services import deals_bulletin, expos, records
from expo_app.services.statistics.deals import deal_totals

WAN = Decimal(10_000)
NOW, DAY = local(29, 18), date(2018, 11, 28)


def flat(texts: list[str]) -> str:
    return re.sub(r"\s+", "", "".join(texts))


@pytest.fixture
def expo_id(db: Any) -> Any:
    with db.transaction() as session:
        expo = make_expo(session)
        for name, code in (("嘉芯传感", "310114"), ("德盈机器人", "320583"), ("瓯越激光", "330300")):
            session.add(Organisation(name=name, region_code=code))
        session.flush()
        pair = {"sellers": ("嘉芯传感",), "buyers": ("德盈机器人",)}
        make_deal(session, expo, "雷达转让", Decimal("12800000.01"), signed_on=DAY, contract_kind="技术转让", **pair)
        make_deal(session, expo, "同城服务", 100 * WAN, signed_on=DAY, sellers=("嘉芯传感",), buyers=("瓯越激光",))
        make_deal(
            session, expo, "此前签过的", 900 * WAN, signed_on=DAY, is_prior=True, prior_note="2018-05 苏州", **pair
        )
        make_deal(session, expo, "次日签的", 50 * WAN, signed_on=date(2018, 11, 29), **pair)
        make_deal(session, expo, "没写日期的", 7 * WAN, signed_on=None, **pair)
        make_deal(
            session, expo, "框架协议", None, signed_on=DAY, kind=DealKind.FRAMEWORK, others=("瓯越激光", "嘉芯传感")
        )
        make_deal(session, expo, "草稿项目", 77 * WAN, signed_on=DAY, entry=Entry.DRAFT, **pair)
        make_deal(session, expo, "融资意向", 3000 * WAN, stage=DealStage.INTENT, kind=DealKind.INVESTMENT, **pair)
        return expo.id


def test_the_day_and_what_was_signed_until_then(db: Any, expo_id: Any) -> None:
    found = deals_bulletin.read(db, expo_id, NOW, DAY)
    figures = found.figures
    assert [(f.value, f.shown) for f in (figures.first, figures.first_amount)] == [
        (3, "3"), (Decimal("13800000.01"), "1,380.000001"),
    ]  # fmt: skip
    assert (figures.first_so_far.value, figures.first_amount_so_far.value) == (4, Decimal("13870000.01"))
    assert (figures.intended.value, figures.intended_amount.value) == (1, 3000 * WAN)
    assert [line.values["title"] for line in found.signed] == ["雷达转让", "同城服务", "框架协议"]
    assert [line.values["title"] for line in found.prior] == ["此前签过的"]
    assert [(part.label, part.count, part.amount) for part in found.regions] == [
        ("嘉定", 3, Decimal("13800000.01")), ("昆山", 1, Decimal("12800000.01")), ("温州", 2, 100 * WAN),
    ]  # fmt: skip


def test_each_figure_leads_to_its_deals(db: Any, expo_id: Any) -> None:
    figures = deals_bulletin.read(db, expo_id, NOW, DAY).figures
    traced = {f.name: len(records.traced(db, f.trace)) for f in (figures.first, figures.first_so_far) if f.trace}
    assert traced == {"signed_of_day": 3, "signed_until_day": 4}


def test_the_last_day_comes_to_what_the_ledger_says(db: Any, expo_id: Any) -> None:
    figures, totals = deals_bulletin.read(db, expo_id, NOW, date(2018, 11, 30)).figures, deal_totals(db, expo_id)
    assert figures.first_so_far.value == totals.first
    assert figures.first_amount_so_far.value == totals.first_amount
    assert (figures.first.value, figures.first_amount.value) == (0, None)


def test_paper_and_sheets_say_the_same(db: Any, expo_id: Any, tmp_path: Any, pdf_text: Any) -> None:
    found = deals_bulletin.read(db, expo_id, NOW, DAY)
    assert pages.write(tmp_path / "a.pdf", found) == set()
    texts = pdf_text(tmp_path / "a.pdf")
    whole = flat(texts)
    assert len(texts) <= 2
    for words in (
        "成交快报·11-28周三", "1,380.000001", "1,387.000001", "卖方嘉芯传感（嘉定）", "买方德盈机器人（昆山）",
        "此前已签，列名不计数", "3,000.00", "意向项目（另列，不与签约相加）",
    ):  # fmt: skip
        assert words in whole
    assert [words for words in ("草稿项目", "次日签的", "4,380") if words in whole] == []
    excel.write_tables(tmp_path / "a.xlsx", pages.tables(found), title="成交快报")
    book = CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    assert book.sheet_names == ["当日签约", "当日按类型", "当日按地区", "此前已签", "意向（另列）"]
    signed = book.get_sheet_by_name("当日签约").to_python()
    assert [(row[1], row[4]) for row in signed[2:5]] == [("雷达转让", 1280.000001), ("同城服务", 100), ("框架协议", "")]
    assert signed[2][5] == DAY


@pytest.mark.usefixtures("expo_id")
def test_a_day_without_anything_says_so_and_without_a_day_it_is_of_today(db: Any, tmp_path: Any, pdf_text: Any) -> None:
    db.clock = lambda: NOW
    expo = expos.all_expos(db)[0]
    documents.write(db, expo, "deals-bulletin", tmp_path / "a.pdf", day=date(2018, 11, 30))
    assert "当日没有签约项目" in flat(pdf_text(tmp_path / "a.pdf"))
    documents.write(db, expo, "deals-bulletin", tmp_path / "b.pdf")
    assert "次日签的" in flat(pdf_text(tmp_path / "b.pdf")), "without a day it is of today"
