"""Three days of signing → duplicates caught → contracts completed → tables → closing report → next edition compared: in
the real window, on an expo set up from nothing. Whatever a screen or a finished file says is added up here by hand.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import docx
import pypdfium2
import pytest
import python_calamine
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from expo_app import documents, settings
from expo_app.model import DealStage, Entry, Registration
from expo_app.routes import ListRoute
from expo_app.routes.reports import ReportsRoute
from expo_app.routes.settings import SectionRoute
from expo_app.routes.statistics import StatisticsRoute
from expo_app.rules.amounts import format_wan
from expo_app.services import contracts, deals, expos, records
from expo_app.services.statistics.deals import deal_figures, deal_totals
from expo_app.services.statistics.trends import trends
from expo_app.specs import CONTRACTS, DEALS, EDITIONS, RecordSpec
from expo_app.store.database import Database, open_database
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.kit.buttons import Button
from expo_app.ui.pages.contracts.form import ContractDialog
from expo_app.ui.pages.deals import DealDialog
from expo_app.ui.pages.reports import ReportsPage
from expo_app.ui.pages.statistics import StatisticsPage
from expo_app.ui.window import Window
from tests.exchange.made_tables import credit_code
from tests.ui.conftest import qtbot, themed  # noqa: F401

ZONE = ZoneInfo("Asia/Shanghai")
EXPO = {
    "name": "第七届滨江科技交易会", "code": "BJ24", "edition_no": "7", "starts_on": "2024-11-13",
    "ends_on": "2024-11-15", "venues": "滨江会展中心", "submit_days": "15",
}  # fmt: skip
SCHOOL, INSTITUTE, MAKER, BUYER = "滨海大学", "蓝岭研究院", "云帆制造有限公司", "Nordlicht GmbH"
SIGNINGS: tuple[tuple[int, dict[str, Any]], ...] = (
    (13, {"title": "减速器技术开发", "kind": "TECH_CONTRACT", "contract_kind": "技术开发",
          "contract_subkind": "委托开发", "sellers": SCHOOL, "buyers": MAKER,
          "amount": "860.55", "tech_amount": "800.05", "contract_no": "HT-1"}),
    (14, {"title": "涂层秘密许可", "kind": "TECH_CONTRACT", "contract_kind": "技术许可",
          "contract_subkind": "技术秘密使用许可", "sellers": INSTITUTE, "buyers": MAKER,
          "amount": "120", "tech_amount": "120", "contract_no": "HT-2"}),
    (14, {"title": "激光器采购", "kind": "PURCHASE", "sellers": MAKER, "buyers": BUYER, "currency": "USD",
          "foreign_amount": "50.25", "rate": "7.1986", "rate_on": "2024-11-13", "rate_source": "中国外汇交易中心"}),
    (15, {"title": "检测服务", "kind": "TECH_CONTRACT", "contract_kind": "技术服务", "contract_subkind": "一般技术服务",
          "sellers": SCHOOL, "buyers": MAKER, "amount": "33.333333", "tech_amount": "33.333333",
          "contract_no": "HT-4", "is_prior": True,
          "prior_note": "2024 年 9 月在另一场对接会"}),
)  # fmt: skip
"""Day and what is typed."""
LIST = """项目名称,类型,卖方,买方,成交额（万元）,签订日期,阶段,登记,合同编号,合同类别
减速器的技术开发,技术合同,滨海大学,云帆制造有限公司,860.55,2024-11-15,签约,有效,,技术开发
共建实验室,投资 / 融资,蓝岭研究院,云帆制造有限公司,5000,,意向,有效,,
"""
"""A list that a colleague sends on the last day: its first row is the first day's contract again."""
OFFICE = """合同编号,合同登记编号,登记日期,登记状态
HT-1,2024 3301 00 000123,2024-12-02,已登记
HT-2,2024 3301 00 000124,2024-12-03,已登记
"""
KEPT = {
    "tech_field": "先进制造", "ip_kind": "技术秘密", "payment_way": "分期支付", "plan_source": "计划外",
    "social_goal": "工商业发展", "valid_from": "2024-11-15", "valid_until": "2027-11-14", "seller_nature": "内资企业",
    "buyer_nature": "内资企业", "seller_region": "深圳市", "buyer_region": "成都市", "registry_office": "高新区登记站",
}  # fmt: skip
"""What a contract's registration needs besides its parties' codes."""
DOLLARS = Decimal("3617296.50")
TECHNICAL = Decimal("8605500") + Decimal("1200000") + Decimal("333333.33")
SIGNED = TECHNICAL + DOLLARS
FIRST = SIGNED - Decimal("333333.33")
TECH = Decimal("8000500") + Decimal("1200000") + Decimal("333333.33")
INTENDED = Decimal("50000000")
PAST = """届次,展会名称,开始日期,结束日期,签约项目（项）,签约成交额（万元）,技术交易额（万元）,\
累计技术交易额（万元）,来源
6,第六届滨江科技交易会,2023-11-15,2023-11-17,2,1000,约 500,77000,报道
"""
EIGHTH = {
    "name": "第八届滨江科技交易会", "code": "BJ25", "edition_no": "8", "starts_on": "2025-11-12",
    "ends_on": "2025-11-14",
}  # fmt: skip


def settle() -> None:
    """Until nothing runs and what came of it is on the screen."""
    for _turn in range(4):
        QApplication.processEvents()
        while jobs.running():
            QTest.qWait(5)
        QTest.qWait(5)


@pytest.fixture
def window(tmp_path: Path, themed: Any) -> Iterator[Window]:  # noqa: F811
    """The window on a file that holds nothing but this expo."""
    file = tmp_path / "own.db"
    db = open_database(file, create=True)
    expos.create(db, EXPO)
    db.close()
    kept = settings.load()
    kept.export_folder = str(tmp_path / "out")
    Path(kept.export_folder).mkdir()
    made = Window(kept)
    made.resize(1440, 900)
    made.open(str(file))
    made.show()
    settle()
    yield made
    made.close_database()


def at(window: Window, day: int, month: int = 11, year: int = 2024) -> None:
    """Set the clock of everything that asks the database what time it is."""
    window.context.db.clock = lambda: datetime(year, month, day, 10, tzinfo=ZONE)


def sign(window: Window, values: Mapping[str, Any]) -> DealDialog:
    """Fill in the signing form and submit it; the form comes back, closed where it was taken."""
    window.context.navigate(ListRoute(DEALS, new=True))
    settle()
    box = dialog.top(window)
    assert isinstance(box, DealDialog)
    box.form.fill(values | {"stage": "SIGNED"})
    QTest.qWait(200)
    settle()
    if box.submit_button.isEnabled():
        box.submit()
        settle()
    return box


def import_list(qtbot: Any, window: Window, spec: Any, path: Path, text: str) -> Any:  # noqa: F811
    """Through the import window; its plan."""
    path.write_text(text, encoding="utf-8-sig")
    window.context.navigate(ListRoute(spec, imports=True))
    settle()
    wizard = dialog.top(window)
    wizard.read(path)
    qtbot.waitUntil(lambda: wizard.plan is not None)
    plan = wizard.plan
    with qtbot.waitSignal(wizard.imported):
        wizard.apply()
    settle()
    return plan


def figures_of(path: Path) -> set[Decimal]:
    """Every number in a workbook."""
    book = python_calamine.CalamineWorkbook.from_path(path)
    rows = (row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())
    return {Decimal(str(cell)) for row in rows for cell in row if isinstance(cell, int | float)}


def words_of(path: Path) -> str:
    """Every word of a PDF or Word file."""
    if path.suffix == ".pdf":
        with closing(pypdfium2.PdfDocument(str(path))) as pages:
            return "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    text = docx.Document(str(path))
    cells = (cell.text for table in text.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in text.paragraphs), *cells])


def shown(widget: Any) -> str:
    """Every label on the screen."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_from_the_first_signature_to_the_next_edition(window: Window, tmp_path: Path, qtbot: Any) -> None:  # noqa: F811
    context = window.context
    db, expo = context.db, context.expo_id

    # three days of signing, each deal in the form
    for day, values in SIGNINGS:
        at(window, day)
        assert not sign(window, values).is_open
    totals = deal_totals(db, expo)
    assert (totals.signed, totals.signed_amount, totals.signed_prior, totals.signed_converted) == (4, SIGNED, 1, 1)

    # a second entry of the first contract: said while it is typed, and not taken
    first = SIGNINGS[0][1]
    box = sign(window, first | {"title": "减速器联合技术开发", "amount": "870", "contract_no": ""})
    assert (box.is_open, box.submit_button.isEnabled()) == (True, False)
    assert "减速器技术开发" in shown(box)
    box.cancel()
    settle()

    # a colleague's list holds it too: it waits to be checked, and is made void with a reason
    plan = import_list(qtbot, window, DEALS, tmp_path / "名单.csv", LIST)
    assert [bool(row.notes) for row in plan.rows] == [True, False]
    (doubt,) = [row[0] for row in records.list_rows(db, DEALS, expo, [DEALS.field("entry")]) if row[1] is Entry.CHECK]
    deals.set_entry(db, [doubt], Entry.VOID, "与首日登记的是同一份")
    settle()
    totals = deal_totals(db, expo)
    assert (totals.signed, totals.signed_amount, totals.void) == (4, SIGNED, 1)
    assert (totals.intended, totals.intended_amount) == (1, INTENDED)

    # the contracts are completed: what is missing, then the office's numbers
    at(window, 18)
    window.context.navigate(ListRoute(CONTRACTS))
    settle()
    page = window.frame.page
    before = contracts.lines(db, expo)
    assert len(before) == 3
    assert all(line.lacking for line in before.values())
    for key in before:
        page.fill(key, "tech_field")
        settle()
        form = dialog.top(window)
        assert isinstance(form, ContractDialog)
        form.form.fill(KEPT | {"seller_code": credit_code(len(before[key].seller)), "buyer_code": credit_code(9)})
        form.submit()
        settle()
        assert not form.is_open, [box.problem for box in form.form.boxes.values() if box.problem]
    assert [line.lacking for line in contracts.lines(db, expo).values()] == [0, 0, 0]
    at(window, 20)
    page.submit(list(before))
    settle()
    dialog.top(window)._footer.findChildren(Button)[-1].click()
    settle()
    at(window, 3, month=12)
    import_list(qtbot, window, CONTRACTS, tmp_path / "登记结果.csv", OFFICE)
    states = {row[1]: row[2:-1] for row in _rows(db, CONTRACTS, expo, "contract_no", "registration", "registry_no")}
    assert states == {
        "HT-1": (Registration.REGISTERED, "2024330100000123"), "HT-2": (Registration.REGISTERED, "2024330100000124"),
        "HT-4": (Registration.SUBMITTED, ""),
    }  # fmt: skip
    stages = {row[1]: row[2] for row in _rows(db, DEALS, expo, "contract_no", "stage")}
    assert (stages["HT-1"], stages["HT-4"]) == (DealStage.REGISTERED, DealStage.SIGNED)

    # the tables on the screen, each total counted a second time from the raw records; two clicks lead to the deals
    window.context.navigate(StatisticsRoute("tables", "T1"))
    settle()
    statistics = window.frame.page
    assert isinstance(statistics, StatisticsPage)
    face = statistics.face
    assert [one.text for one in face.card.table.rows[-1].cells[:2]] == ["3", format_wan(TECHNICAL)]
    assert face.tables.failing() == ()

    # what was reported of the last edition
    import_list(qtbot, window, EDITIONS, tmp_path / "往届.csv", PAST)

    # the closing report in three formats and the press page, made from the page of reports
    window.context.navigate(ReportsRoute("closing"))
    settle()
    for name, ending in (("closing", "pdf"), ("closing", "xlsx"), ("closing", "docx"), ("press", "pdf")):
        make(qtbot, window, name, ending)
    made = made_of(window, "closing")
    screen = deal_figures(db, expo)
    assert (screen.totals.signed_amount, screen.first_amount.value) == (SIGNED, FIRST)
    assert {SIGNED.scaleb(-4), TECHNICAL.scaleb(-4), TECH.scaleb(-4), INTENDED.scaleb(-4)} <= figures_of(made[".xlsx"])
    for ending in (".pdf", ".docx"):
        words = words_of(made[ending])
        for amount in (SIGNED, TECHNICAL, TECH, INTENDED):
            assert format_wan(amount) in words, (ending, amount)
        beside = "".join(words.split())
        for label, own, last in (("签约成交额", SIGNED, "1,000.00"), ("技术交易额", TECH, "约500.00")):
            assert f"{label}{format_wan(own)}万元{last}万元" in beside, (ending, label)
    words = words_of(made_of(window, "press")[".pdf"])
    assert format_wan(FIRST) in words
    assert "检测服务" in words  # signed before: named, not counted

    # the next edition stands beside this one, and beside what was reported before; what is cumulative is nobody's own
    eighth = expos.create(db, EIGHTH, like=expo)
    window.frame.switch_expo(next(one for one in expos.all_expos(db) if one.id == eighth))
    settle()
    at(window, 12, year=2025)
    assert not sign(window, SIGNINGS[0][1] | {"contract_no": "HT-8"}).is_open
    figures = deal_figures(db, eighth)
    beside = trends(db, eighth, (figures.signed, figures.signed_amount, figures.tech_amount))
    assert [past.value for past in beside["signed_amount"].past] == [SIGNED, Decimal(10_000_000)]
    assert [past.value for past in beside["signed"].past] == [4, 2]
    assert [past.value for past in beside["tech_amount"].past] == [TECH, Decimal(5_000_000)]
    assert beside["signed_amount"].change == (Decimal("8605500") - SIGNED) / SIGNED
    window.context.navigate(SectionRoute("comparison"))
    settle()
    words = shown(window)
    for amount in ("1,000.00", format_wan(SIGNED), "860.55"):
        assert amount in words, amount


def made_of(window: Window, name: str) -> dict[str, Path]:
    """Ending → the file of a document in the folder of reports."""
    title = documents.by_name(name).title
    return {path.suffix: path for path in Path(window.context.settings.export_folder).glob(f"{title}_*")}


def make(qtbot: Any, window: Window, name: str, ending: str) -> None:  # noqa: F811
    """One report in one format."""
    page = window.frame.page
    assert isinstance(page, ReportsPage)
    page.open_with(ReportsRoute(name))
    settle()
    if page.panel.format is not None:
        page.panel.format.choose(ending)
    page.make()
    qtbot.waitUntil(lambda: page.maker.current is None and not page.maker.waiting, timeout=60_000)
    settle()


def _rows(db: Database, spec: RecordSpec, expo: Any, *names: str) -> list[tuple[Any, ...]]:
    return records.list_rows(db, spec, expo, [spec.field(name) for name in names])
