"""The lists of the auction: what a form and a file may say, what nobody learns, what is locked once a lot is called."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select, update

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.exchange import excel, import_plan
from expo_app.model import (
    Channel,
    Consent,
    EventKind,
    ImportRow,
    Lot,
    LotEvent,
    LotPatent,
    LotRight,
    LotState,
    PatentKind,
    ReserveKind,
    Role,
    WrittenOrder,
)
from expo_app.services import (
    auction_checklist,
    auction_hall,
    import_review,
    imports,
    merging,
    record_writer,
    records,
    steps,
)
from expo_app.services.auction_sessions import Standing, sessions
from expo_app.specs import AUCTIONS, BIDDERS, BIDS, HOLIDAYS, LOTS, ORGANISATIONS, Outcome
from expo_app.specs.auction_lines import PATENTS
from expo_app.specs.choices import Choices
from expo_app.specs.merging import Pair
from expo_app.store.database import Actor, Database
from tests.auction_room import make_auction
from tests.factories import local, make_expo, make_organisation
from tests.lists import book_of

LOT = {"lot_no": "01", "auction_id": "专利专场", "title": "阀门", "owner_id": "甲研究所", "start_price": "40"}
CLERK = Actor("郑岚", Role.DEALS)


class Made:
    """An expo with one session that is still to be held, and paddles 7 (乙公司) and 9 (甲研究所, an owner)."""

    def __init__(self, db: Database) -> None:
        db.actor = Actor("周敏", Role.ADMIN)
        db.clock = lambda: local(10)
        with db.transaction() as session:
            expo = make_expo(session)
            self.expo, self.auction = expo.id, make_auction(session, expo).id
        self.db = db
        for paddle, name in (("07", "乙公司"), ("9", "甲研究所")):
            self.save(BIDDERS, paddle=paddle, auction_id="专利专场", organisation_id=name, phone="13812345678",
                      account="6222020200112233445")  # fmt: skip

    def save(self, spec: Any, key: uuid.UUID | None = None, **values: Any) -> uuid.UUID:
        return records.save(self.db, spec, values, key, expo_id=self.expo)

    def lot(self, **values: Any) -> uuid.UUID:
        return self.save(LOTS, **{**LOT, **values})

    def row(self, lot: uuid.UUID) -> Any:
        with self.db.reading() as session:
            return session.get_one(Lot, lot)

    def plan(self, spec: Any, header: list[str], *rows: list[Any], **choices: Any) -> Any:
        planned = import_plan.plan(spec, book_of(header, rows), imports.state(self.db, spec, self.expo),
                                   Choices(**choices))  # fmt: skip
        return import_review.review(self.db, planned, self.expo)

    def called(self, lot: uuid.UUID, state: LotState, paddle: int = 7) -> None:
        """The lot as it is after a bid of that paddle."""
        with self.db.transaction() as session:
            bidder = session.scalar(select(BIDDERS.table.c.id).where(BIDDERS.table.c.paddle == paddle))
            session.add(
                LotEvent(lot_id=lot, seq=1, kind=EventKind.BID, at=local(11), amount=Decimal(400_000),
                         bidder_id=bidder, channel=Channel.ROOM)
            )  # fmt: skip
            session.execute(update(Lot).where(Lot.id == lot).values(seq=1, state=state, price=Decimal(400_000)))


@pytest.fixture
def made(db: Database) -> Made:
    return Made(db)


# --- lines ---


def test_patents_rights_and_orders_are_entered_with_the_lot(made: Made) -> None:
    lot = made.lot(
        patents="实用新型专利；阀门壳体；2016299990032；—；甲；甲；2016-05-12",
        rights="共有人；丙大学；2018-11-01；同意；2018-11-03\n委托开发方；乙公司；2018-11-01；；；主张；07",
        orders="7；50；2018-11-28 16:20",
    )
    with made.db.reading() as session:
        patent = session.scalars(select(LotPatent).where(LotPatent.lot_id == lot)).one()
        rights = session.scalars(select(LotRight).where(LotRight.lot_id == lot).order_by(LotRight.position)).all()
        order = session.scalars(select(WrittenOrder).where(WrittenOrder.lot_id == lot)).one()
    assert (patent.kind, patent.title, patent.filed_on) == (PatentKind.UTILITY_MODEL, "阀门壳体", date(2016, 5, 12))
    assert [(right.name, right.consent, right.bidder_id is None) for right in rights] == [
        ("丙大学", Consent.GIVEN, True), ("乙公司", None, False),
    ]  # fmt: skip
    assert (order.up_to, order.received_at) == (Decimal(500_000), local(28, 16, 20))
    there = records.get(made.db, LOTS, lot)
    zone = local(1).tzinfo
    for name in ("patents", "rights", "orders"):  # what is shown says, read again, what is kept
        field = LOTS.field(name)
        assert field.parse(field.display(there[name], zone), zone) == there[name]
    assert LOTS.field("orders").display(there["orders"], zone) == "07；50.00；2018-11-28 16:20"


def test_numbers_alone_are_patents_and_their_check_digits_are_checked(made: Made) -> None:
    lot = made.lot(patents="ZL 2016 2 9999003.2、201619999003.7")
    with made.db.reading() as session:
        found = session.scalars(select(LotPatent).where(LotPatent.lot_id == lot).order_by(LotPatent.position)).all()
    assert [(one.kind, one.title, one.application_no, one.patent_no) for one in found] == [
        (PatentKind.UTILITY_MODEL, "阀门", "2016299990032", "2016299990032"),
        (PatentKind.INVENTION, "阀门", "2016199990037", ""),
    ]
    with pytest.raises(InvalidRecord) as refused:
        made.lot(lot_no="02", patents="201619999003.8")
    assert "校验位不对" in refused.value.problems["patents"]


@pytest.mark.parametrize(
    ("orders", "words"),
    [
        ("12；50", "这一场没有 12 号牌"),
        ("9；50", "不能竞买自己的标的"),
        ("7；50\n07；60", "第 2 行与第 1 行重复"),
        ("7", "缺最高出到"),
    ],
)
def test_orders_that_cannot_be(made: Made, orders: str, words: str) -> None:
    with pytest.raises(InvalidRecord) as refused:
        made.lot(orders=orders)
    assert words in refused.value.problems["orders"]


def test_commissions_not_agreed_stay_below_the_cap(made: Made) -> None:
    given = {"title": "另一场", "is_commission_agreed": "否"}
    for bands, words in (
        ("买受人；0；6", "不超过 5%"),
        ("买受人；0；2\n买受人；100；3", "价格越高比例越低"),
        ("买受人；10；2", "从 0 起"),
    ):
        with pytest.raises(InvalidRecord) as refused:
            made.save(AUCTIONS, **given, commissions=bands)
        assert words in refused.value.problems["commissions"]
    made.save(AUCTIONS, **{**given, "is_commission_agreed": "是"}, commissions="买受人；0；6\n委托人；0；0.5")


# --- the reserve ---


def test_a_reserve_is_written_and_never_read(made: Made, tmp_path: Any) -> None:
    lot = made.lot(reserve="56.78")
    assert (made.row(lot).reserve, made.row(lot).reserve_kind) == (Decimal("567800.00"), ReserveKind.SET)
    assert records.get(made.db, LOTS, lot)["reserve"] is None
    rows = records.list_rows(made.db, LOTS, made.expo, LOTS.excel_fields)
    assert "567800" not in repr(rows)
    excel.write(LOTS, rows, tmp_path / "lots.xlsx", zone=local(1).tzinfo)
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "lots.xlsx").active.values for cell in row]
    assert not {56.78, 567800, "56.78"} & set(cells)
    assert "已设" in cells
    made.save(LOTS, lot, title="阀门组", reserve="")
    assert made.row(lot).reserve == Decimal("567800.00")  # an empty field says nothing
    made.save(LOTS, lot, reserve_kind="无底价")
    assert made.row(lot).reserve is None


def test_who_may_not_look_may_not_set(made: Made) -> None:
    lot = made.lot(reserve="56")
    made.db.actor = CLERK
    other = made.lot(lot_no="02")
    for key, values in ((lot, {"reserve": "60"}), (lot, {"reserve_kind": "无底价"}), (other, {"reserve": "60"})):
        with pytest.raises(UserError, match="没有这项权限"):
            made.save(LOTS, key, **values)
    made.save(LOTS, lot, title="换个名称")
    assert made.row(lot).reserve == Decimal(560_000)


@pytest.mark.parametrize("guess", ["55.99", "56", "56.01"])
def test_no_answer_tells_which_guess_was_the_reserve(made: Made, guess: str) -> None:
    lot = made.lot(reserve="56")
    made.db.actor = CLERK
    with pytest.raises(UserError, match="没有这项权限"):
        made.save(LOTS, lot, reserve=guess)


def test_no_undo_writes_a_reserve_for_who_may_not_look(made: Made) -> None:
    lot = made.lot(reserve="60")
    with record_writer.followed() as writers:
        made.save(LOTS, lot, reserve="56", lot_no="1")
    step = steps.step_of(LOTS.permission, writers)
    made.db.actor = CLERK
    with pytest.raises(UserError, match="没有这项权限"):
        steps.take_back(made.db, step)
    made.db.actor = Actor("周敏", Role.ADMIN)
    steps.take_back(made.db, step)
    made.db.actor = CLERK
    with pytest.raises(UserError, match="没有这项权限"):
        steps.do_again(made.db, step)
    assert made.row(lot).reserve == Decimal(600_000)


def test_a_list_changes_no_reserve_and_keeps_none(made: Made) -> None:
    lot = made.lot(reserve="56")
    header = ["标的号", "标的名称", "委托人", "保留价（元）", "保证金（万元）"]
    rows = (["01", "阀门", "甲研究所", 550000, 5], ["02", "轴承", "甲研究所", 770000, 5])
    plan = made.plan(LOTS, header, *rows)
    assert "只在标的表单里改" in plan.rows[0].notes["保留价"]
    imports.apply(made.db, plan, made.expo)
    assert (made.row(lot).reserve, made.row(lot).deposit) == (Decimal(560_000), Decimal(50_000))
    with made.db.reading() as session:
        assert session.scalar(select(Lot.reserve).where(Lot.lot_no == "02")) == Decimal(770_000)
        kept = repr([(row.before, row.after) for row in session.scalars(select(ImportRow))])
    assert "deposit" in kept
    assert "reserve" not in kept
    header, row = ["标的号", "标的名称", "委托人", "保留价（元）"], ["01", "阀门", "甲研究所", 550000]
    unseen = import_plan.plan(LOTS, book_of(header, [row]), imports.state(made.db, LOTS, made.expo), Choices())
    with pytest.raises(Conflict, match="只在标的表单里改"):  # a plan that nobody reviewed
        imports.apply(made.db, unseen, made.expo)


def test_a_list_with_reserves_comes_in_without_them_for_who_may_not_set_one(made: Made) -> None:
    made.db.actor = CLERK
    header = ["标的号", "专场", "标的名称", "委托人", "有无保留价", "保留价（万元）"]
    plan = made.plan(LOTS, header, ["02", "专利专场", "轴承", "甲研究所", None, 77],
                     ["03", "专利专场", "齿轮", "甲研究所", "无底价", None])  # fmt: skip
    assert "没有保留价的权限" in plan.rows[0].notes["保留价"]
    assert "没有保留价的权限" in plan.rows[1].notes["有无保留价"]
    imports.apply(made.db, plan, made.expo)
    with made.db.reading() as session:
        found = {lot.lot_no: (lot.reserve_kind, lot.reserve) for lot in session.scalars(select(Lot))}
    assert found == {"02": (ReserveKind.UNSET, None), "03": (ReserveKind.UNSET, None)}


def test_a_clerk_takes_back_words_of_a_lot_with_a_reserve(made: Made) -> None:
    lot = made.lot(reserve="56")
    made.db.actor = CLERK
    with record_writer.followed() as writers:
        made.save(LOTS, lot, title="换个名称")
    steps.take_back(made.db, steps.step_of(LOTS.permission, writers))
    assert (made.row(lot).title, made.row(lot).reserve) == ("阀门", Decimal(560_000))


def test_an_import_is_taken_back_by_who_may_write_its_list(made: Made) -> None:
    plan = made.plan(LOTS, ["标的号", "标的名称", "委托人"], ["01", "阀门", "甲研究所"])
    batch = imports.apply(made.db, plan, made.expo)
    made.db.actor = Actor("何签", Role.REGISTRAR)
    with pytest.raises(UserError, match="没有这项权限"):
        imports.undo(made.db, batch)


def test_an_import_of_a_lot_that_was_only_opened_is_not_taken_back_and_no_bid_is_spoken_of(made: Made) -> None:
    batch = imports.apply(
        made.db, made.plan(LOTS, ["标的号", "标的名称", "委托人"], ["01", "阀门", "甲研究所"]), made.expo
    )
    with made.db.transaction() as session:
        lot = session.scalars(select(Lot)).one()
        session.add(LotEvent(lot_id=lot.id, seq=1, kind=EventKind.OPEN, at=local(11)))
    with pytest.raises(Conflict, match="竞价记录"):
        imports.undo(made.db, batch)


def test_a_list_without_reserves_keeps_them_and_one_that_only_says_set_is_noted(made: Made) -> None:
    lot = made.lot(reserve="56")
    header = ["标的号", "标的名称", "委托人", "有无保留价"]
    plan = made.plan(LOTS, header, ["01", "阀门", "甲研究所", "已设"], ["02", "轴承", "甲研究所", "已设"])
    assert [row.outcome for row in plan.rows] == [Outcome.SAME, Outcome.NEW]
    assert "没有写保留价是多少" in plan.rows[1].notes["有无保留价"]
    imports.apply(made.db, plan, made.expo)
    assert made.row(lot).reserve == Decimal(560_000)
    plan = made.plan(LOTS, ["标的号", "标的名称", "委托人", "保留价（元）"], ["03", "齿轮", "甲研究所", 880000])
    imports.apply(made.db, plan, made.expo)
    with made.db.reading() as session:
        assert session.scalar(select(Lot.reserve).where(Lot.lot_no == "03")) == Decimal(880_000)


# --- files ---


def test_a_list_that_names_no_session_means_the_only_one(made: Made) -> None:
    plan = made.plan(BIDDERS, ["号牌", "竞买单位"], ["07", "乙公司"], [12, "丁公司"])
    assert [row.outcome for row in plan.rows] == [Outcome.SAME, Outcome.NEW]
    assert "没写“专场”的行按“专利专场”。" in plan.notes
    made.save(AUCTIONS, title="第二场")
    plan = made.plan(BIDDERS, ["号牌", "竞买单位"], [12, "丁公司"])
    assert plan.rows[0].outcome is Outcome.INVALID
    assert not any("专利专场" in note for note in plan.notes)


@pytest.mark.parametrize(
    ("header", "said", "words"),
    [
        ("书面委托", "12；50", "这一场没有 12 号牌"),
        ("书面委托", "9；50", "不能竞买自己的标的"),
        ("共有人与优先权人", "委托开发方；丁公司；；；；主张；12", "这一场没有 12 号牌"),
        ("专利", "2016299990033", "校验位不对"),
    ],
)
def test_a_plan_refuses_what_the_save_would(made: Made, header: str, said: str, words: str) -> None:
    plan = made.plan(LOTS, ["标的号", "标的名称", "委托人", header], ["01", "阀门", "甲研究所", said],
                     ["02", "轴承", "甲研究所", ""])  # fmt: skip
    assert [row.outcome for row in plan.rows] == [Outcome.INVALID, Outcome.NEW]
    assert words in plan.rows[0].problems[header]
    imports.apply(made.db, plan, made.expo)
    with made.db.reading() as session:
        assert session.scalars(select(Lot.lot_no)).all() == ["02"]


def test_how_a_lot_went_is_not_for_a_list_but_of_a_reported_session(made: Made) -> None:
    header = ["标的号", "专场", "标的名称", "委托人", "状态", "成交价（万元）"]
    made.save(AUCTIONS, title="报道的一场", is_reported="是", source="据报道")
    plan = made.plan(LOTS, header, ["01", "专利专场", "阀门", "甲研究所", "已成交", 60],
                     ["01", "报道的一场", "轴承", "甲研究所", "已成交", 60])  # fmt: skip
    assert plan.rows[0].notes.keys() == {"状态", "成交价"}
    imports.apply(made.db, plan, made.expo)
    with made.db.reading() as session:
        found = {lot.title: (lot.state, lot.price) for lot in session.scalars(select(Lot))}
    assert found == {"阀门": (LotState.READY, None), "轴承": (LotState.SOLD, Decimal(600_000))}
    with pytest.raises(InvalidRecord):
        made.lot(lot_no="05", state="已成交")


def test_a_list_changes_nothing_that_the_reported_sale_of_a_lot_rests_on(made: Made) -> None:
    """A sold lot is locked, whoever sold it: not even what the report did not tell is filled in by a list."""
    header = ["标的号", "专场", "标的名称", "委托人", "状态", "起拍价（万元）"]
    made.save(AUCTIONS, title="报道的一场", is_reported="是", source="据报道")
    imports.apply(made.db, made.plan(LOTS, header, ["01", "报道的一场", "轴承", "甲研究所", "已成交", None],
                                     ["02", "报道的一场", "阀门", "甲研究所", "流拍", None]), made.expo)  # fmt: skip
    plan = made.plan(LOTS, header, ["01", "报道的一场", "轴承", "甲研究所", "已成交", 10],
                     ["02", "报道的一场", "阀门", "甲研究所", "流拍", 10], update=True)  # fmt: skip
    assert [row.outcome for row in plan.rows] == [Outcome.INVALID, Outcome.CHANGED]
    assert "报道已成交" in plan.rows[0].problems["起拍价"]
    plan = made.plan(LOTS, header[:3], ["01", "报道的一场", "滚动轴承"], update=True)
    assert plan.rows[0].outcome is Outcome.CHANGED  # a name may be put right


def test_bids_are_only_exported(made: Made) -> None:
    lot = made.lot()
    made.called(lot, LotState.OPEN)
    (row,) = records.list_rows(made.db, BIDS, made.expo, BIDS.fields)
    told = dict(zip([field.name for field in BIDS.fields], row[1:], strict=False))
    assert (told["lot"], told["paddle"], told["organisation"], told["amount"]) == ("01", 7, "乙公司", Decimal(400_000))
    key = records.list_rows(made.db, BIDDERS, made.expo, search="乙公司")[0][0]
    made.save(BIDDERS, key, is_confidential="是")
    (row,) = records.list_rows(made.db, BIDS, made.expo, BIDS.fields)
    assert "乙公司" not in repr(row)
    with pytest.raises(UserError, match="只能导出"):
        made.plan(BIDS, ["标的号", "出价"], ["01", 5])


def test_personal_numbers_are_masked(made: Made) -> None:
    key = records.list_rows(made.db, BIDDERS, made.expo)[0][0]
    shown = records.get(made.db, BIDDERS, key)
    assert (shown["phone"], shown["account"]) == ("138****5678", "****3445")
    assert BIDDERS.field("paddle").display(shown["paddle"]) == "07"


def test_holidays_are_of_no_expo(made: Made) -> None:
    made.save(HOLIDAYS, day="2018-12-30", name="元旦")
    made.save(HOLIDAYS, day="2018-12-29", name="元旦调休", is_working="是")
    assert [row[1:4] for row in records.list_rows(made.db, HOLIDAYS)] == [
        (date(2018, 12, 29), True, "元旦调休"), (date(2018, 12, 30), False, "元旦"),
    ]  # fmt: skip


# --- what is locked ---


@pytest.mark.parametrize("state", [LotState.OPEN, LotState.SOLD, LotState.DEFAULTED])
@pytest.mark.parametrize(
    "values",
    [{"title": "别的"}, {"owner_id": "丙公司"}, {"start_price": "1"}, {"reserve": "9"}, {"lot_no": "99"},
     {"patents": ""}, {"rights": "共有人；丙大学"}, {"orders": "7；1"}],
    ids=lambda values: next(iter(values)),
)  # fmt: skip
def test_what_a_sale_rests_on_is_locked(made: Made, state: LotState, values: dict[str, str]) -> None:
    lot = made.lot(patents="201619999003.7")
    made.called(lot, state)
    with pytest.raises(InvalidRecord) as refused:
        made.save(LOTS, lot, **values)
    assert "已锁定" in refused.value.problems[next(iter(values))]
    made.save(LOTS, lot, note="说明可以写")


def test_a_passed_lot_is_free(made: Made) -> None:
    lot = made.lot()
    made.called(lot, LotState.PASSED)
    made.save(LOTS, lot, start_price="30")
    assert made.row(lot).start_price == Decimal(300_000)


def test_a_file_does_not_change_a_sold_lot(made: Made) -> None:
    lot = made.lot()
    made.called(lot, LotState.SOLD)
    plan = made.plan(LOTS, ["标的号", "标的名称", "委托人"], ["01", "改了名", "甲研究所"], update=True)
    assert plan.rows[0].outcome is Outcome.INVALID
    assert "已锁定" in plan.rows[0].problems["标的名称"]


def test_no_undo_changes_the_terms_of_a_session_behind_its_back(made: Made) -> None:
    """What the form refuses, an undo does not do: the commission after a sale, the calls while a lot is open."""
    lot_id, kept = made.lot(), {}
    for name, value in (("calls", "2"), ("is_commission_agreed", "否")):
        with record_writer.followed() as writers:
            made.save(AUCTIONS, made.auction, **{name: value})
        kept[name] = steps.step_of(AUCTIONS.permission, writers)
    made.called(lot_id, LotState.OPEN)
    steps.take_back(made.db, kept["is_commission_agreed"])
    steps.do_again(made.db, kept["is_commission_agreed"])
    with pytest.raises(Conflict, match="正在竞价"):
        steps.take_back(made.db, kept["calls"])
    with made.db.transaction() as session:
        session.get_one(Lot, lot_id).state = LotState.SOLD
    steps.take_back(made.db, kept["calls"])
    with pytest.raises(Conflict, match="佣金不再改"):
        steps.take_back(made.db, kept["is_commission_agreed"])


def test_neither_undo_goes_behind_a_sale(made: Made) -> None:
    lot = made.lot()
    with record_writer.followed() as writers:
        made.save(LOTS, lot, start_price="45")
    step = steps.step_of(LOTS.permission, writers)
    plan = made.plan(LOTS, ["标的号", "标的名称", "委托人", "保证金（万元）"], ["01", "阀门", "甲研究所", 5])
    batch = imports.apply(made.db, plan, made.expo)
    made.called(lot, LotState.SOLD)
    for undo in (lambda: steps.take_back(made.db, step), lambda: imports.undo(made.db, batch)):
        with pytest.raises(Conflict, match="已锁定"):
            undo()
    assert (made.row(lot).start_price, made.row(lot).deposit) == (Decimal(450_000), Decimal(50_000))


def test_lots_and_paddles_with_a_history_are_not_deleted(made: Made) -> None:
    lot = made.lot()
    made.called(lot, LotState.PASSED)
    bidder, free = (row[0] for row in records.list_rows(made.db, BIDDERS, made.expo))
    for spec, key in ((LOTS, lot), (BIDDERS, bidder), (AUCTIONS, made.auction)):
        with pytest.raises(Conflict, match="未删除"):
            records.delete(made.db, spec, [key])
    records.delete(made.db, BIDDERS, [free])


def test_the_holder_of_a_paddle_that_bid_stays(made: Made) -> None:
    made.called(made.lot(), LotState.OPEN)
    bidder = records.list_rows(made.db, BIDDERS, made.expo)[0][0]
    with pytest.raises(InvalidRecord, match="已经出过价"):
        made.save(BIDDERS, bidder, organisation_id="戊公司")
    made.save(BIDDERS, bidder, agent="林某")


def test_increments_and_commissions_of_a_running_session_stay(made: Made) -> None:
    lot = made.lot()
    made.called(lot, LotState.OPEN)
    with pytest.raises(InvalidRecord, match="竞价台调整"):
        made.save(AUCTIONS, made.auction, ladder="固定加价", ladder_step="1")
    made.save(AUCTIONS, made.auction, commissions="买受人；0；5")
    with made.db.transaction() as session:
        session.execute(update(Lot).where(Lot.id == lot).values(state=LotState.SOLD))
    with pytest.raises(InvalidRecord, match="不再改"):
        made.save(AUCTIONS, made.auction, commissions="买受人；0；4")


def test_an_owner_and_who_bid_on_its_lot_do_not_become_one(made: Made) -> None:
    made.called(made.lot(), LotState.SOLD)
    with made.db.reading() as session:
        ids = dict(session.execute(select(ORGANISATIONS.table.c.name, ORGANISATIONS.table.c.id)).all())
    with pytest.raises(Conflict, match="没有合并"):
        merging.merge(made.db, Pair(ORGANISATIONS.name, ids["甲研究所"], ids["乙公司"]))


def test_merged_organisations_take_lots_and_paddles_along(made: Made) -> None:
    lot = made.lot()
    with made.db.transaction() as session:
        keep = make_organisation(session, "甲研究所总部").id
    other = made.row(lot).owner_id
    merging.merge(made.db, Pair(ORGANISATIONS.name, keep, other))
    assert made.row(lot).owner_id == keep
    assert {row[3] for row in records.list_rows(made.db, BIDDERS, made.expo)} == {"乙公司", "甲研究所总部"}


# --- checklist and sessions ---


def test_the_checklist_is_read_without_the_reserve(made: Made) -> None:
    made.lot(reserve="56", rights="共有人；丙大学")
    made.lot(lot_no="02", title="轴承")
    found = auction_checklist.read(made.db, made.auction)
    assert [(line.lot_no, line.conclusion.value) for line in found.lines] == [("01", "bad"), ("02", "bad")]
    assert "560000" not in repr(found)
    assert (found.called, found.is_auction, found.rules_read_at is not None) == ("竞价会", False, True)
    made.save(AUCTIONS, made.auction, house_id="己拍卖公司", licence_no="许-1", auctioneer="庚", auctioneer_no="证-1")
    assert auction_checklist.read(made.db, made.auction).called == "拍卖会"


def test_a_look_before_the_session_is_no_call(made: Made) -> None:
    auction_hall.look_at_reserve(made.db, made.lot())
    assert sessions(made.db, made.expo)[0].standing is Standing.BEFORE
    made.save(AUCTIONS, made.auction, is_reported="是", source="据报道")
    made.save(AUCTIONS, made.auction, is_reported="否")


def test_sessions_say_how_far_they_are(made: Made) -> None:
    made.save(AUCTIONS, title="报道的一场", is_reported="是", source="据报道")
    lot = made.lot()
    (info,) = sessions(made.db, made.expo)
    assert (info.standing, info.paddles, info.lots) == (Standing.BEFORE, 2, 1)
    made.called(lot, LotState.OPEN)
    assert sessions(made.db, made.expo)[0].standing is Standing.RUNNING
    with made.db.transaction() as session:
        session.execute(update(Lot).where(Lot.id == lot).values(state=LotState.SOLD))
    (info,) = sessions(made.db, made.expo)
    assert (info.standing, info.sold) == (Standing.OVER, 1)


def test_a_number_that_would_not_be_taken_today_is_shown_as_it_is_kept() -> None:
    """So that one such row ends no list, panel or export."""
    kept = "INVENTION；量子点；—；ZL201310000000.9；—；—；2013-01-02"
    with pytest.raises(ValueError, match="校验"):
        PATENTS.read(PATENTS.shown(kept, None), None)
    assert PATENTS.shown(kept, None) == "发明专利；量子点；—；ZL201310000000.9；—；—；2013-01-02"
