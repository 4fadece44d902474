"""An organiser's own expo from nothing, through the real window: the start page, then what 还差什么 asks for."""

from datetime import date

import pytest
from PySide6.QtWidgets import QApplication

from expo_app import documents, settings
from expo_app.routes import ListRoute
from expo_app.routes.settings import SectionRoute
from expo_app.services import badges, expos, first_steps, floor, imports, records
from expo_app.specs import ATTENDEES, EXHIBITORS, EXPOS, HALLS, ZONES
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.pages.booths.rows import RowsDialog
from expo_app.ui.pages.settings.missing import MissingSection
from expo_app.ui.window import Window
from expo_app.ui.window.start import NewExpoDialog
from tests.ui.conftest import qtbot, themed  # noqa: F401

SEVENTH = {
    "name": "第七届长三角科技交易博览会", "code": "KJH24", "edition_no": "7", "starts_on": "2024-11-13",
    "ends_on": "2024-11-15", "venues": "上海汽车会展中心、嘉定体育馆", "hosts": "上海市嘉定区人民政府",
    "theme": "跨界创新，携手同行",
}  # fmt: skip


def settle():
    for _turn in range(6):
        QApplication.processEvents()
        assert jobs.wait(60_000)
        QApplication.processEvents()


@pytest.fixture
def window(themed):  # noqa: F811
    made = Window(settings.load())
    made.resize(1440, 900)
    made.show()
    made.show_start()
    settle()
    yield made
    made.close_database()


def press(window, part):
    """The button of a line of 还差什么."""
    window.context.navigate(SectionRoute("missing"))
    settle()
    page = window.frame.page.current
    assert isinstance(page, MissingSection)
    page.buttons[part].click()
    settle()


def enter(window, values):
    box = dialog.top(window)
    box.form.fill(values)
    box.submit()
    settle()
    assert dialog.top(window) is None


def test_the_seventh_edition_from_nothing(window, tmp_path, qtbot):  # noqa: F811
    start = window.centralWidget()
    box = NewExpoDialog(start)
    box.open()
    box.form.fill(SEVENTH)
    box.person.setText("陈放")
    box.file.setText(str(tmp_path / "kjh24.db"))
    made = []
    box.closed.connect(made.append)
    box.submit()
    window.open(made[0][0], actor=made[0][1])
    settle()
    context = window.context
    db, expo = context.db, context.expo
    assert (expo.days[0], len(expo.days), expo.place) == (date(2024, 11, 13), 3, "上海汽车会展中心、嘉定体育馆")

    press(window, "halls")
    enter(window, {"name": "A 馆", "venue_id": "上海汽车会展中心", "width": "120", "depth": "90"})
    window.context.navigate(ListRoute(HALLS, new=True))
    settle()
    enter(window, {"name": "体育馆", "venue_id": "嘉定体育馆", "width": "60", "depth": "40"})
    press(window, "zones")
    enter(window, {"code": "A", "name": "长三角综合展区", "hall_id": "A 馆"})
    for code, name, hall in (("B", "科技成果展区", "A 馆"), ("C", "科技生态区", "体育馆")):
        window.context.navigate(ListRoute(ZONES, new=True))
        settle()
        enter(window, {"code": code, "name": name, "hall_id": hall})
    press(window, "booths")
    rows = dialog.top(window)
    assert isinstance(rows, RowsDialog)
    rows.submit()
    settle()
    assert [hall.name for hall in floor.plan(db, expo.id).halls] == ["A 馆", "体育馆"]

    press(window, "exhibitors")
    table = tmp_path / "名单.csv"
    table.write_text("单位名称,展位\n苏州纳米所,A-001\n", encoding="utf-8-sig")
    plan = documents.plan_import(db, expo, EXHIBITORS, table)
    imports.apply(db, plan, expo.id)
    press(window, "attendees")
    records.save(db, ATTENDEES, {"person.name": "李雷", "category_id": "观众"}, expo_id=expo.id)
    settle()
    press(window, "badges")
    page = window.frame.page
    page.issue([row[0] for row in page.rows])
    qtbot.waitUntil(lambda: badges.stock(db, expo.id).without == 0)
    settle()

    assert first_steps.is_ready(first_steps.set_up(db, expo.id))
    press(window, "approved_headcount")
    assert window.frame.page.current.spec is EXPOS
    records.save(db, EXPOS, {"approved_headcount": "5000", "gross_area": "10000", "filing_no": "2024-118"}, expo.id)
    context.navigate(SectionRoute("missing"))
    settle()
    assert set(window.frame.page.current.buttons) == {"rooms", "programme", "region_groups"}
    assert expos.all_expos(db)[0].place == "上海汽车会展中心、嘉定体育馆"
