"""Who asked an auction to be kept secret (拍卖法 art. 21) stands in no list and no export of one, and is not called out
at a signing; whoever may see personal data gives a reason, and it is kept."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from expo_app import documents
from expo_app.errors import UserError
from expo_app.exchange import excel, import_plan
from expo_app.model import Audit, Bidder, Deal, Lot, LotPatent, Organisation, ReserveKind, Role
from expo_app.services import (
    auction_cashier,
    auction_hall,
    deals_bulletin,
    deals_ceremony,
    expos,
    import_review,
    imports,
    records,
)
from expo_app.specs import BIDDERS, DEALS, LOTS, Outcome
from expo_app.specs.choices import Choices
from expo_app.store.database import Actor, Database
from tests.auction_room import make_order
from tests.auction_till import Till

OWNER, BUYER, AGENT = "隐身卖家", "隐身买家", "隐身代理"
SECRET = (OWNER, BUYER, AGENT)


@pytest.fixture
def till(db: Database) -> Till:
    """Lot 01 went from one secret party to the other, 02 between two that anybody may know."""
    made = Till(db)
    with db.transaction() as session:
        lot, bidder = session.get_one(Lot, made.lots["01"]), session.get_one(Bidder, made.bidders[18])
        lot.is_owner_confidential = bidder.is_confidential = True
        for one in session.scalars(select(LotPatent)):
            one.patent_no = "2016199990037"
        session.get_one(Organisation, lot.owner_id).name = OWNER
        session.get_one(Organisation, bidder.organisation_id).name = BUYER
        bidder.agent = bidder.search_text = AGENT
    made.sell("01", 18, 100)
    made.sell("02", 7, 100)
    return made


@pytest.mark.parametrize("spec", [LOTS, BIDDERS, DEALS], ids=lambda spec: spec.name)
@pytest.mark.parametrize("spoken", [False, True])
def test_no_list_names_them(till: Till, spec: Any, spoken: bool) -> None:
    rows = records.list_rows(till.db, spec, till.expo, spec.excel_fields, spoken=spoken)
    shown = json.dumps([row[1:-1] for row in rows], default=str, ensure_ascii=False)
    assert [name for name in SECRET if name in shown] == []
    assert "竞买单位07" in shown or spec is LOTS
    assert "**保密**" in shown


@pytest.mark.parametrize("spec", [LOTS, BIDDERS, DEALS], ids=lambda spec: spec.name)
def test_no_export_names_them_unless_somebody_says_why(till: Till, spec: Any, tmp_path: Path) -> None:
    (expo,) = expos.all_expos(till.db)
    documents.export(till.db, expo, spec, tmp_path / "a.xlsx")
    assert not any(name in cells(tmp_path / "a.xlsx") for name in SECRET)
    with pytest.raises(UserError):
        documents.export(till.db, expo, spec, tmp_path / "b.xlsx", reveal="核对")
    till.db.actor = Actor("周敏", Role.ADMIN)
    documents.export(till.db, expo, spec, tmp_path / "b.xlsx", reveal="核对")
    assert any(name in cells(tmp_path / "b.xlsx") for name in SECRET)
    with till.db.reading() as session:
        query = select(Audit.reason).where(Audit.action == "reveal")
        assert session.scalars(query).all() == ["核对"]


def test_how_far_an_order_goes_is_for_those_who_run_the_auction_until_its_lot_is_over(
    till: Till, tmp_path: Path
) -> None:
    with till.db.transaction() as session:
        for no in ("02", "03"):
            bidder = session.get_one(Bidder, till.bidders[7])
            make_order(session, session.get_one(Lot, till.lots[no]), bidder, 1_234_500)
    (expo,) = expos.all_expos(till.db)

    def exported(role: Role, **given: Any) -> list[Any]:
        till.db.actor = Actor("某", role)
        documents.export(till.db, expo, LOTS, tmp_path / "a.xlsx", **given)
        headers, *rows = load_workbook(tmp_path / "a.xlsx").worksheets[0].values
        at = headers.index("书面委托")
        return [row[at] and "123.45" in row[at] for row in rows]

    def told(role: Role, no: str) -> str:
        till.db.actor = Actor("某", role)
        return LOTS.field("orders").display(records.get(till.db, LOTS, till.lots[no])["orders"])

    assert exported(Role.AUDITOR) == [None, True, False, None]  # 02 is over
    assert exported(Role.SUPERVISOR, reveal="核对") == [None, True, True, None]
    assert told(Role.REGISTRAR, "03") == told(Role.AUDITOR, "03") == "保密"
    assert ("123.45" in told(Role.DEALS, "03"), "123.45" in told(Role.REGISTRAR, "02")) == (True, True)


def cells(path: Path) -> str:
    return json.dumps([[*sheet.values] for sheet in load_workbook(path)], default=str, ensure_ascii=False)


def test_an_export_that_comes_back_leaves_them_who_they_are(till: Till, tmp_path: Path) -> None:
    (expo,) = expos.all_expos(till.db)
    documents.export(till.db, expo, BIDDERS, tmp_path / "a.xlsx")
    planned = import_plan.plan(
        BIDDERS, excel.open_book(tmp_path / "a.xlsx"), imports.state(till.db, BIDDERS, till.expo), Choices(update=True)
    )
    rows = import_review.review(till.db, planned, till.expo).rows
    assert {row.outcome for row in rows} == {Outcome.SAME}


def test_a_form_has_the_name_to_work_with(till: Till) -> None:
    assert records.get(till.db, LOTS, till.lots["01"])["owner_id"] == OWNER
    found = records.list_rows(till.db, LOTS, till.expo, search=OWNER)
    assert [row[0] for row in found] == [till.lots["01"]]


@pytest.mark.parametrize("spec", [LOTS, BIDDERS, DEALS], ids=lambda spec: spec.name)
def test_no_search_finds_them_for_who_may_not_see_them(till: Till, spec: Any) -> None:
    """What is found alone tells who it is, as much as a name in a list."""

    def found(role: Role, name: str) -> int:
        till.db.actor = Actor("某", role)
        rows = records.list_rows(till.db, spec, till.expo, search=name)
        told = [row for row in records.list_rows(till.db, spec, till.expo) if name in row[-1]]
        assert len(told) == len(rows) == records.count(till.db, spec, till.expo, name)
        return len(rows)

    own = {"lots": (OWNER,), "bidders": (BUYER, AGENT), "deals": (OWNER, BUYER)}[spec.name]
    assert [found(Role.REGISTRAR, name) for name in own] == [0] * len(own)
    assert [found(Role.DEALS, name) for name in own] == [1] * len(own)
    shown = {"lots": "01", "bidders": "18", "deals": "标的01"}[spec.name]
    assert found(Role.REGISTRAR, shown)


def test_a_confirmation_names_them_to_whoever_may_see_them_alone_and_that_is_kept(till: Till) -> None:
    with till.db.reading() as session:
        ids = {title: key for key, title in session.execute(select(Deal.id, Deal.title))}
        for_confirm = ids["标的01"]

    def told(role: Role, deal: Any = None) -> set[str]:
        till.db.actor = Actor("某", role)
        data = deals_ceremony.read_confirmations(till.db, till.expo, till.db.now(), deal)
        return {who.organisation for one in data.deals for who in one.signatories if one.values["title"] == "标的01"}

    assert told(Role.REGISTRAR, for_confirm) == told(Role.DEALS, for_confirm) == {"保密"}
    assert told(Role.SUPERVISOR, for_confirm) == {OWNER, BUYER}
    assert told(Role.SUPERVISOR) <= {"保密"}
    with till.db.reading() as session:
        logged = session.execute(select(Audit.record_id, Audit.reason).where(Audit.action == "reveal")).all()
    assert [tuple(row) for row in logged] == [(for_confirm, "签约确认单")]


def test_the_bulletin_does_not_say_where_they_are_from_either(till: Till) -> None:
    with till.db.transaction() as session:
        for body in session.scalars(select(Organisation)):
            body.region_code = "110000"
    (expo,) = expos.all_expos(till.db)
    data = deals_bulletin.read(till.db, till.expo, till.db.now(), expo.local_day(till.db.now()))
    sides = [side for rows in data.sides.values() for side in rows]
    assert {bool(side.region) for side in sides if side.name == "保密"} == {False}
    assert {bool(side.region) for side in sides if side.name != "保密"} == {True}


def test_a_signing_does_not_call_them_out(till: Till) -> None:
    with till.db.transaction() as session:
        for deal in session.scalars(select(Deal)):
            deal.signing_batch = "第 1 批"
    stage = deals_ceremony.read_stage(till.db, till.expo, till.db.now())
    said = {one.title: [(who.organisation, who.signer) for who in one.signatories] for one in stage.signings}
    assert said["标的01"] == [("保密", ""), ("保密", "")]
    assert ("竞买单位07", "代理7") in said["标的02"] or said["标的02"][1][0] == "竞买单位07"
    names = {who.organisation for one in deals_ceremony.signings(till.db, till.expo) for who in one.signatories}
    assert {OWNER, BUYER} <= names  # who prepares it has to know


def test_a_bidder_who_led_and_did_not_buy_hides_no_other_buyer(till: Till) -> None:
    """A lot that passed and was then agreed on: the buyer is somebody else."""
    with till.db.transaction() as session:
        lot = session.get_one(Lot, till.lots["03"])
        lot.reserve_kind, lot.reserve = ReserveKind.SET, lot.start_price * 9  # type: ignore[operator]
    auction_hall.open_lot(till.db, till.lots["03"])
    auction_hall.bid(till.db, till.lots["03"], 18)
    auction_hall.hammer(till.db, till.lots["03"], sure=True)
    auction_cashier.agree(till.db, till.lots["03"], "公开买家")
    rows = records.list_rows(till.db, DEALS, till.expo, [DEALS.field("buyers")])
    assert "公开买家" in {row[1] for row in rows}
