"""An organiser's own expo from nothing, through the real window: the start page, then what 还差什么 asks for."""

import json
import re
from contextlib import closing
from datetime import date

import pypdfium2
import pytest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from sqlalchemy import select

from expo_app import documents, settings
from expo_app.areas import AREAS
from expo_app.model import Attendee, Badge, Person
from expo_app.routes import ListRoute
from expo_app.routes.settings import SectionRoute
from expo_app.services import badges, expos, first_steps, floor, imports, records
from expo_app.specs import ATTENDEES, EXHIBITORS, EXPOS, HALLS, ZONES
from expo_app.store.database import open_database
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.pages.booths.rows import RowsDialog
from expo_app.ui.pages.settings.missing import MissingSection
from expo_app.ui.window import Window
from expo_app.ui.window.start import NewExpoDialog
from tests.journeys.command import called
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
    records.save(db, ATTENDEES, {"person.name": "李雷", "category_id": "观众", "state": "已确认"}, expo_id=expo.id)
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
    assert set(window.frame.page.current.buttons) == {"rooms", "programme", "region_groups", "industries", "quotas"}
    assert expos.all_expos(db)[0].place == "上海汽车会展中心、嘉定体育馆"


WORDS = re.compile("嘉定|科交会|昆山|太仓|苏州|温州|安亭|健康医疗|高端制造|KJH|2018")
GATES = """名称,类型,允许类别,开放时段,方向,核定人数,到数后
北门,入口,观众、专业观众、嘉宾、演讲人、投资人、媒体,09:00–16:30,双向,2,停止放行
员工通道,通道,工作人员、参展商,07:30–22:00,进,,
货运门,通道,布撤展,20:00–02:00,进,,
贵宾门,入口,嘉宾、演讲人,08:30–17:00,进,30,
夜市门,入口,,18:00–01:00,进,,
"""
LISTS = {
    "words": "类目,名称,英文\n产业,人工智能,AI\n产业,绿色低碳,Green\n",
    "region-groups": "名称,包括\n粤,广东省\n深圳,深圳市\n境外,境外\n",
    "categories": "名称,英文,计为,胸卡字母\n评委,Juror,不计,J\n",
    "exhibitors": "单位名称,地区,产业,状态\n" + "".join(
        f"滨海科技{n}有限公司,{place},{industry},已确认\n"
        for n, (place, industry) in enumerate(
            (("广州市", "人工智能"), ("深圳市", "绿色低碳"), ("德国", "商业航天"), ("四川省", "人工智能"), ("", ""))
        )
    ),
    "gates": GATES,
    "desks": "名称,入口与通道\n北门 1 号台,北门\n货运 1 号台,货运门\n",
    "attendees": "姓名,类别,手机,状态\n" + "".join(
        f"甲{name},{category},1390000000{n},已确认\n"
        for n, (name, category) in enumerate(
            (("一", "观众"), ("二", "专业观众"), ("三", "投资人"), ("四", "工作人员"), ("五", "评委"))
        )
    ),
}  # fmt: skip


def test_an_expo_elsewhere_is_set_up_by_its_lists_and_holds_no_word_of_another(window, tmp_path):
    file = tmp_path / "own.db"
    new = ("new", "第七届科技交易博览会", "--code", "GBA24", "--starts", "2024-11-13", "--ends", "2024-11-15")
    called(*new, "--venue", "滨江会展中心", "--venue", "西岸会展中心", "--theme", "跨界创新，携手同行", "--db", file)
    for kind, text in LISTS.items():
        table = tmp_path / f"{kind}.csv"
        table.write_text(text, encoding="utf-8-sig")
        called("import", kind, table, "--db", file, "--new-words", "--apply")
    called("badges", tmp_path / "badges.pdf", "--db", file)

    db = open_database(file)
    with db.reading() as session:
        codes = dict(
            session.execute(
                select(Person.name, Badge.code)
                .join(Attendee, Attendee.id == Badge.attendee_id)
                .join(Person, Person.id == Attendee.person_id)
            ).all()
        )
    db.close()

    def scanned(name, *more, at="2024-11-13T10:00", desk="北门 1 号台"):
        typed = f"{codes[name]}\n"
        answer = called("checkin", "--desk", desk, "--at", at, "--db", file, "--json", *more, typed=typed)
        found = json.loads(answer)
        return found["verdict"], found["category"], found["category_name"]

    assert scanned("甲一") == ("admitted", "visitor", "观众")
    assert scanned("甲四") == ("wrong_category", "staff", "工作人员")
    assert scanned("甲五")[0] == "wrong_category"
    assert scanned("甲二")[0] == "admitted"
    assert scanned("甲三")[0] == "full"
    assert scanned("甲一", at="2024-11-13T11:00")[0] == "again"
    assert scanned("甲一", "--direction", "out", at="2024-11-13T11:10")[0] == "out"
    assert scanned("甲三", at="2024-11-13T11:20")[0] == "admitted"
    assert scanned("甲三", at="2024-11-13T20:00")[0] == "closed"
    assert scanned("甲四", at="2024-11-14T12:00", desk="货运 1 号台")[0] == "closed"

    texts = {}
    for name in ("summary", "directory", "programme", "deals"):
        called("report", name, tmp_path / f"{name}.pdf", "--db", file)
        with closing(pypdfium2.PdfDocument(str(tmp_path / f"{name}.pdf"))) as pages:
            texts[name] = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    assert "粤" in texts["summary"]
    assert "商业航天" in texts["summary"]
    window.open(str(file))
    settle()
    for page in (p.name for area in AREAS for p in area.pages if not p.own_window):
        window.frame.show_page(page)
        settle()
        texts[page] = "\n".join(words_in(window))
    found = {place: sorted(set(WORDS.findall(text))) for place, text in texts.items()}
    assert {place: words for place, words in found.items() if words} == {}


def words_in(window):
    """Every word that stands on the screen: labels, buttons, cells and what fields ask for."""
    for part in (part for part in window.findChildren(QWidget) if part.isVisible()):
        for say in ("text", "placeholderText", "toolTip"):
            if callable(told := getattr(part, say, None)):
                yield str(told())
        if isinstance(part, QAbstractItemView) and (model := part.model()):
            for row in range(min(model.rowCount(), 200)):
                yield from (str(model.index(row, column).data() or "") for column in range(model.columnCount()))
