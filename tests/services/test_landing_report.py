"""What had become of the deals on a day, what is due, complaints in figures; screen, PDF, Excel and database agree."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event, func, select

from expo_app import documents
from expo_app.errors import UserError
from expo_app.model import Deal, DealMilestone, DealStage, DealStep, Entry, Expo, Role, TaskState
from expo_app.services import deals, expos, follow_up, records, statistics
from expo_app.services.statistics.follow_up import complaints
from expo_app.services.statistics.follow_up import follow_up as follow_up_figures
from expo_app.services.statistics.landing import landing
from expo_app.services.statistics.overview import overview
from expo_app.specs import COMPLAINTS, DEALS, MILESTONES, TASKS
from expo_app.store.database import Actor
from tests.factories import local, make_deal, make_expo, make_organisation

CLOSED, LATER = date(2018, 11, 30), date(2018, 12, 31)


def clock(month: int, day: int, hour: int = 10):
    return local(1).replace(month=month, day=day, hour=hour)


class Trade:
    """Four signed deals and two intentions of a fair in other regions; by the end of the year two landed."""

    def __init__(self, db) -> None:
        self.db, self.keys = db, {}
        db.actor = Actor("周敏", Role.ADMIN)
        db.clock = lambda: clock(11, 28)
        groups = (("广东", ("44",), None), ("四川", ("51",), None))
        with db.transaction() as session:
            expo = make_expo(session, groups, code="TT18")
            self.expo = expo.id
            make_organisation(session, "粤公司", region_code="440300")
            make_organisation(session, "川公司", region_code="510100")
        self.info = next(e for e in expos.all_expos(db) if e.id == self.expo)
        for title, buyer, amount, stage in (
            ("甲", "粤公司", "100", "签约"), ("乙", "粤公司", "200.01", "签约"), ("丙", "川公司", None, "签约"),
            ("丁", "川公司", "50", "签约"), ("戊", "川公司", "70", "意向"), ("己", "粤公司", "80", "意向"),
        ):  # fmt: skip
            signed_on = {"signed_on": "2018-11-28"} if stage == "签约" else {}
            values = {"title": title, "kind": "采购 / 销售", "stage": stage, "sellers": f"卖方{title}", "buyers": buyer}
            self.keys[title] = deals.register(db, self.expo, values | {"amount": amount} | signed_on)
        self.number = {title: records.get(db, DEALS, key)["deal_no"] for title, key in self.keys.items()}

    def advance(self, title: str, stage: DealStage, at, **given) -> None:
        self.db.clock = lambda: at
        deals.advance(self.db, [self.keys[title]], stage, at.date(), **given)

    def point(self, title: str, name: str, **values) -> None:
        given = {"deal_id": self.number[title], "title": name, **values}
        records.save(self.db, MILESTONES, given, expo_id=self.expo)

    def played(self) -> "Trade":
        self.advance("甲", DealStage.PERFORMING, clock(12, 3))
        self.advance("甲", DealStage.LANDED, clock(12, 20))
        self.advance("丙", DealStage.LANDED, clock(12, 21))
        self.advance("丁", DealStage.TERMINATED, clock(12, 5), reason="资金没有到位")
        self.advance("戊", DealStage.SIGNED, clock(12, 10), signed_on=date(2018, 12, 10))
        self.db.clock = lambda: clock(12, 28)
        self.point("甲", "首付款", amount="40", due_on="2018-12-10", done_on="2018-12-11")
        self.point("甲", "尾款", amount="60", due_on="2018-12-24", done_on="2018-12-28", done_amount="50")
        self.point("乙", "首付款", amount="100", due_on="2018-12-15")
        self.point("乙", "验收", kind="里程碑", due_on="2019-03-01")
        self.point("丁", "首付款", amount="50", due_on="2018-12-01")
        task = {"title": "催款", "deal_id": self.number["乙"], "due_on": "2018-12-20", "assignee": "郑岚"}
        records.save(self.db, TASKS, task, expo_id=self.expo)
        records.save(self.db, TASKS, task | {"title": "寄合同", "state": "已办"}, expo_id=self.expo)
        self.db.clock = lambda: clock(12, 31)
        return self


@pytest.fixture
def trade(db) -> Trade:
    return Trade(db)


def value(figures, name: str):
    return next(figure.value for figure in figures.figures if figure.name == name)


def test_on_the_closing_day_nothing_had_landed(trade):
    trade.played()
    found = landing(trade.db, trade.expo, CLOSED)
    assert (found.signed.value, found.landed.value, found.terminated.value) == (4, 0, 0)
    assert (found.signed_amount.value, found.landed_amount.value) == (Decimal("3500100.00"), None)
    assert found.landing_rate.value == 0
    assert (found.intended.value, found.intended_signed.value) == (2, 0)


def test_a_month_later(trade):
    trade.played()
    found = landing(trade.db, trade.expo, LATER)
    assert (found.signed.value, found.landed.value, found.terminated.value) == (5, 2, 1)
    assert (found.signed_amount.value, found.landed_amount.value) == (Decimal("4200100.00"), Decimal(1_000_000))
    assert found.landing_rate.value == Decimal(2) / 5
    assert (found.intended.value, found.intended_signed.value) == (2, 1)
    assert [(p.label, p.signed, p.landed, p.terminated) for p in found.regions] == [
        ("广东", 2, 1, 0),
        ("四川", 3, 1, 1),
    ]
    assert [(p.label, p.then, p.now) for p in found.stages] == [
        ("签约", 4, 2), ("认定登记", 0, 0), ("履行中", 0, 0), ("落地 / 完成", 0, 2), ("终止", 0, 1),
    ]  # fmt: skip
    gone = next(line for line in found.lines if line.title == "丁")
    assert (gone.now.reason, gone.overdue) == ("资金没有到位", 0)
    assert [(late.name, late.days) for late in found.late] == [("首付款", 16), ("尾款", 7)]
    second = next(line for line in found.lines if line.title == "乙")
    assert (second.milestones, second.tasks, second.due, second.overdue) == ((0, 1), (1, 2), Decimal(1_000_000), 1)


def test_payments_of_a_day_are_those_of_that_day(trade):
    trade.played()
    names = ("payments_agreed", "payments_due", "payments_made", "payments_overdue", "tasks_open", "tasks_overdue")
    today = follow_up_figures(trade.db, trade.expo, LATER)
    assert [value(today, name) for name in names] == [
        Decimal(2_000_000), Decimal(2_000_000), Decimal(900_000), Decimal(1_100_000), 1, 1,
    ]  # fmt: skip
    earlier = follow_up_figures(trade.db, trade.expo, date(2018, 12, 11))
    assert [value(earlier, name) for name in names[1:4]] == [Decimal(400_000), Decimal(400_000), Decimal(0)]
    assert value(earlier, "tasks") == 0  # entered later
    due = follow_up_figures(trade.db, trade.expo, date(2018, 12, 20))
    assert [value(due, name) for name in ("tasks", "tasks_open")] == [2, 2]  # entered later, and due by then
    report = landing(trade.db, trade.expo, LATER).follow
    assert [(f.name, f.value) for f in report.figures] == [(f.name, f.value) for f in today.figures]


def test_lines_parts_and_figures_agree_on_every_day(trade):
    trade.played()
    for day in (CLOSED, date(2018, 12, 5), date(2018, 12, 20), LATER):
        found = landing(trade.db, trade.expo, day)
        for parts in (found.kinds, found.regions):
            assert sum(part.signed for part in parts) == found.signed.value == len(found.lines)
            assert sum(part.landed for part in parts) == found.landed.value
            assert sum(part.amount or 0 for part in parts) == (found.signed_amount.value or 0)
        assert sum(part.now for part in found.stages) == found.signed.value
        for figure in found.figures:
            if figure.trace is not None and figure.unit == "项" and figure.name.startswith("landing"):
                assert len(statistics.traced(trade.db, figure)) == figure.value, figure.name
    rates = [landing(trade.db, trade.expo, day).signed.value for day in (CLOSED, date(2018, 12, 10), LATER)]
    assert all(one <= two for one, two in pairwise(rates))


def test_what_figures_trace_is_what_they_counted(trade):
    trade.played()
    figures = follow_up_figures(trade.db, trade.expo, LATER)
    for figure in figures.figures:
        ids = statistics.traced(trade.db, figure)
        if figure.name == "payments_overdue":
            with trade.db.reading() as session:
                rows = session.scalars(select(DealMilestone).where(DealMilestone.id.in_(ids))).all()
            owed = sum(row.amount - (row.done_amount or 0) for row in rows)
            assert owed == figure.value
        elif figure.unit != "万元":
            assert len(ids) == figure.value, figure.name


def test_void_entries_and_samples_are_left_out(trade):
    trade.played()
    deals.set_entry(trade.db, [trade.keys["甲"]], Entry.VOID, "重复登记")
    with trade.db.transaction() as session:
        make_deal(session, session.get_one(Expo, trade.expo), "示例", amount=Decimal(1), is_sample=True)
    found = landing(trade.db, trade.expo, LATER)
    assert (found.signed.value, found.landed.value) == (4, 1)
    assert value(follow_up_figures(trade.db, trade.expo, LATER), "payments_made") == Decimal(0)


# --- the due list ---


def test_what_is_due_is_said_on_the_dashboard(trade):
    trade.played()
    seen = overview(trade.db, trade.expo, clock(12, 20))
    assert (seen.due_tasks.value, seen.due_milestones.value) == (1, 2)
    assert "催款" in seen.due_tasks.note
    assert "郑岚" in seen.due_tasks.note
    assert seen.due_milestones.note.startswith("逾期 1：")
    assert seen.due_milestones.trace is not None
    first = records.get(trade.db, MILESTONES, seen.due_milestones.trace.first)
    assert (first["title"], first["deal_id"]) == ("首付款", trade.number["乙"])
    assert len(records.traced(trade.db, seen.due_milestones.trace)) == 2
    assert {figure.name for figure in seen.alerts} >= {"due_tasks", "due_milestones"}
    follow_up.settle(trade.db, list(records.traced(trade.db, seen.due_tasks.trace)), TaskState.DONE)
    assert overview(trade.db, trade.expo, clock(12, 20)).due_tasks.value == 0


def test_the_due_list_takes_as_many_statements_however_much_is_due(trade):
    trade.played()
    said: list[str] = []
    engine = getattr(trade.db.reader, "engine", trade.db.reader)
    event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))

    def statements() -> int:
        said.clear()
        overview(trade.db, trade.expo, clock(12, 20))
        return len(said)

    before = statements()
    for n in range(30):
        records.save(trade.db, TASKS, {"title": f"第 {n} 件", "due_on": "2018-12-01"}, expo_id=trade.expo)
        trade.point("乙", f"第 {n} 笔", amount="0.1", due_on="2018-12-01")
    assert statements() == before
    assert overview(trade.db, trade.expo, clock(12, 20)).due_tasks.value == 31


# --- complaints ---


def test_complaints_by_kind_state_and_measure(trade):
    assert complaints(trade.db, trade.expo).total.value == 0
    settled = {"state": "已办结", "result": "撤下", "measure": "撤下展品"}
    for kind, more in (("知识产权", settled), ("知识产权", {}), ("展会服务", {"state": "已撤回"})):
        given = {"subject": f"{kind}{len(more)}", "kind": kind, "received_at": "2018-11-28 09:00", **more}
        records.save(trade.db, COMPLAINTS, given, expo_id=trade.expo)
    found = complaints(trade.db, trade.expo)
    assert (found.total.value, found.open.value, found.settled.value) == (3, 1, 1)
    assert [(part.label, part.count, part.open) for part in found.kinds] == [("知识产权", 2, 1), ("展会服务", 1, 0)]
    assert [(part.label, part.count) for part in found.measures] == [("撤下展品", 1), ("未填", 2)]
    assert sum(part.count for part in found.states) == 3
    assert len(statistics.traced(trade.db, found.open)) == 1


# --- the files ---


def test_pdf_excel_and_database_agree_to_the_fen(trade, tmp_path):
    trade.played()
    figures = landing(trade.db, trade.expo, LATER)
    paths = [tmp_path / f"landing.{ending}" for ending in ("pdf", "xlsx")]
    for path in paths:
        documents.write(trade.db, trade.info, "landing", path, day=LATER)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paths[0]))
    for words in ("420.01", "100.00", "40.0%", "110.00", "90.00", "资金没有到位", "2018-12-31"):
        assert words in text, words
    book = CalamineWorkbook.from_path(str(paths[1]))
    told = {row[0]: row[1] for row in book.get_sheet_by_index(0).to_python()}
    assert told["签过约的成交额"] == float(figures.signed_amount.value / 10_000) == 420.01
    assert told["落地率"] == 0.4
    with trade.db.reading() as session:
        kept = session.scalar(
            select(func.sum(Deal.amount)).where(Deal.expo_id == trade.expo, Deal.stage != DealStage.INTENT)
        )
    assert kept == figures.signed_amount.value
    rows = book.get_sheet_by_name(next(name for name in book.sheet_names if "逐项" in name)).to_python()
    assert len(rows) - 2 == figures.signed.value
    assert sum(row[6] or 0 for row in rows[2:]) == pytest.approx(420.01, abs=1e-9)


def test_a_day_nobody_said_is_told_as_the_day_of_entry(trade, tmp_path):
    with trade.db.transaction() as session:
        expo = session.get_one(Expo, trade.expo)
        deal = make_deal(session, expo, "旧约", None, signed_on=None)
        session.add(DealStep(deal_id=deal.id, stage=DealStage.SIGNED, entry=Entry.VALID, at=clock(11, 29)))
    documents.write(trade.db, trade.info, "landing", tmp_path / "a.pdf", day=CLOSED)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(tmp_path / "a.pdf"))
    assert text.count("2018-11-29 录入") == 1


def test_a_day_that_is_to_come_is_said_and_an_empty_expo_has_a_report(trade, tmp_path):
    path = tmp_path / "a.pdf"
    documents.write(trade.db, trade.info, "landing", path, day=date(2019, 6, 30))
    assert "还没有到" in pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
    with trade.db.transaction() as session:
        made = make_expo(session, code="LEER18").id
    empty = next(e for e in expos.all_expos(trade.db) if e.id == made)
    documents.write(trade.db, empty, "landing", path)
    assert "还没有签过约的项目" in pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
    documents.write(trade.db, empty, "landing", tmp_path / "a.xlsx")
    with pytest.raises(UserError) as refused:
        documents.write(trade.db, empty, "deals", path, day=LATER)
    assert refused.value.code == "E-DAY"
