"""Three lists with the same bodies in other spellings → suspects → merged, one taken back after a restart → staff lists
→ badges for exhibitors and speakers → scanned → arrivals: in the real window, on an expo that is not the sample.
"""

from pathlib import Path

import pypdf
import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from expo_app import settings
from expo_app.documents.badges import write_badges
from expo_app.model import Attendee, Badge, Exhibitor, ExhibitorState, Organisation, Person
from expo_app.routes import ListRoute
from expo_app.routes.duplicates import DuplicatesRoute
from expo_app.routes.settings import SectionRoute
from expo_app.services import badges, expos, imports, records
from expo_app.specs import EXHIBITORS, ORGANISATIONS, SPEAKERS, SPECS
from expo_app.store.database import open_database
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.kit.buttons import Button
from expo_app.ui.pages.checkin_desk import CheckinDesk
from expo_app.ui.pages.settings.data import ImportsSection
from expo_app.ui.pages.settings.duplicates import DuplicatesPage
from expo_app.ui.parts.staff_dialog import RegisterDialog
from expo_app.ui.records.merge_dialog import MergeDialog
from expo_app.ui.window import Window
from tests.journeys.test_first_expo import SEVENTH
from tests.reports.test_badge_pages import pages_of
from tests.ui.conftest import qtbot, themed  # noqa: F401

BIO, ROBOTS, CHIPS = "苏州信安生物医药有限公司", "嘉兴智联机器人股份有限公司", "湖州凌霄半导体有限公司"
BODIES = {BIO, ROBOTS, CHIPS}
LISTS = {
    "exhibitors": f"""单位名称,展位,状态,联系人,手机
{BIO},N01,已确认,李雷,13800000001
{ROBOTS},N02,已确认,韩梅,13800000002
{CHIPS},N03,已确认,,
""",
    "attendees": """姓名,单位,手机,类别,状态
王芳,信安生物,13800000011,专业观众,已确认
赵敏,智联机器人,13800000012,专业观众,已确认
""",
    "achievements": """成果名称,权利人
抗体药物,苏州信安生物医约有限公司
协作机械臂,智联机器人（嘉兴）
光刻胶,凌霄半导体
""",
}
STAFF = "姓名,手机,职务\n钱多,13800000021,工程师\n孙理,13800000022,销售\n"


def settle() -> None:
    """Until nothing runs and what came of it is on the screen."""
    for _turn in range(4):
        QApplication.processEvents()
        while jobs.running():
            QTest.qWait(5)
        QTest.qWait(5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A new expo with a hall, booths, a gate, a room and one item with a speaker."""
    made = tmp_path / "kjh24.db"
    db = open_database(made, create=True)
    expo = expos.create(db, SEVENTH | {"rehearsal_at": "2024-11-13 08:30"})
    for kind, values in (
        ("halls", {"name": "北馆", "venue_id": "上海汽车会展中心", "width": "90", "depth": "60"}),
        ("zones", {"code": "N", "name": "未来产业", "hall_id": "北馆"}),
        *(("booths", {"number": f"N0{n}", "zone_id": "N", "area": "9"}) for n in (1, 2, 3)),
        ("gates", {"name": "北门"}),
        ("desks", {"name": "北门 1 号", "gate_id": "北门"}),
        ("rooms", {"name": "北厅", "venue_id": "上海汽车会展中心"}),
        ("programme", {"title": "机器人论坛", "room_id": "北厅", "starts_at": "2024-11-13 14:00", "minutes": "60"}),
    ):
        records.save(db, SPECS[kind], values, expo_id=expo)
    from expo_app.services import guests

    guests.save_speaker(
        db, expo, {"person": "周讲", "organisation": "浙江大学", "item_id": "机器人论坛", "topic": "灵巧手"}
    )
    db.close()
    return made


def opened(path: Path) -> Window:
    window = Window(settings.load())
    window.resize(1440, 900)
    window.open(str(path))
    window.show()
    settle()
    return window


@pytest.fixture
def windows(themed):  # noqa: F811
    made: list[Window] = []
    yield made
    for window in made:
        window.close_database()


def import_list(qtbot, wizard, table):  # noqa: F811
    wizard.read(table)
    qtbot.waitUntil(lambda: wizard.plan is not None)
    with qtbot.waitSignal(wizard.imported):
        wizard.apply()
    settle()


def press(host, words: str) -> None:
    """The button of these words that can be seen."""
    next(b for b in host.findChildren(Button) if b.isVisible() and b.text().startswith(words)).click()
    settle()


def bodies(db) -> set[str]:
    with db.reading() as session:
        return set(session.scalars(select(Organisation.name)))


def suspects_of(window: Window) -> DuplicatesPage:
    window.context.navigate(DuplicatesRoute(spec=ORGANISATIONS.name))
    settle()
    page = window.frame.page.current
    assert isinstance(page, DuplicatesPage)
    return page


def merge_all_by_keys(qtbot, window: Window) -> int:  # noqa: F811
    """Enter on each pair, Ctrl+Enter in its dialog, until none is left; how many were merged."""
    merged = 0
    page = suspects_of(window)
    while page.model.rowCount():
        QTest.keyClick(page.view, Qt.Key.Key_Return)
        box = dialog.top(window)
        assert isinstance(box, MergeDialog)
        qtbot.waitUntil(lambda box=box: box.merge_button.isEnabled())
        QTest.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        settle()
        assert dialog.top(window) is None
        merged += 1
        page = suspects_of(window)
    return merged


def test_from_three_lists_to_arrivals(path, tmp_path, windows, qtbot):  # noqa: F811
    windows.append(window := opened(path))
    for name, text in LISTS.items():
        table = tmp_path / f"{name}.csv"
        table.write_text(text, encoding="utf-8-sig")
        window.context.navigate(ListRoute(SPECS[name], imports=True))
        settle()
        import_list(qtbot, dialog.top(window), table)
    db, expo = window.context.db, window.context.expo
    known = bodies(db) - {"浙江大学", SEVENTH["hosts"]}
    assert known > BODIES
    assert len(known) == 8
    count = merge_all_by_keys(qtbot, window)
    assert (bodies(db) - {"浙江大学", SEVENTH["hosts"]}, count) == (BODIES, 5)

    # one is taken back after a restart, and merged again
    window.close_database()
    windows[:] = [window := opened(path)]
    db = window.context.db
    window.context.navigate(SectionRoute("imports"))
    settle()
    page = window.frame.page.current
    assert isinstance(page, ImportsSection)
    press(page, "撤销合并")
    dialog.top(window).press("verb")
    settle()
    assert len(bodies(db) - {"浙江大学", SEVENTH["hosts"]}) == len(BODIES) + 1
    assert sum(batch.undone_at is not None for batch in imports.history(db, expo.id)) == 1
    assert merge_all_by_keys(qtbot, window) == 1

    # staff lists and badges: a list of one exhibitor's people, the contacts of all, the speakers
    (tmp_path / "人员.csv").write_text(STAFF, encoding="utf-8-sig")
    with db.reading() as session:
        stand = session.scalars(select(Exhibitor.id).join(Organisation).where(Organisation.name == CHIPS)).one()
    window.context.navigate(ListRoute(EXHIBITORS, record=stand))
    settle()
    exhibitors = window.frame.page
    press(exhibitors.panel, "导入人员名单")
    import_list(qtbot, dialog.top(window), tmp_path / "人员.csv")
    exhibitors.model.check_only({row[0] for row in exhibitors.rows})
    settle()
    press(exhibitors.bar, "联系人制证")
    box = dialog.top(window)
    assert isinstance(box, RegisterDialog)
    qtbot.waitUntil(lambda: box.intake is not None)
    assert sorted(one.name for one in box.intake.people) == ["李雷", "韩梅"]
    press(box, "只登记")
    window.context.navigate(ListRoute(SPEAKERS))
    settle()
    guests = window.frame.page.shown
    guests.model.check_only({row[0] for row in guests.rows})
    settle()
    press(guests.bar, "嘉宾制证")
    box = dialog.top(window)
    qtbot.waitUntil(lambda: box.intake is not None)
    press(box, "登记 1 人并去打印")
    page = window.frame.page
    page.issue([row[0] for row in page.rows])
    qtbot.waitUntil(lambda: badges.stock(db, expo.id).without == 0)
    settle()

    # what is printed: booths of exhibitors, sessions of speakers; the codes read from the page
    cards = badges.cards(db, expo.id)
    assert len(cards) == 7
    write_badges(cards, tmp_path / "badges.pdf", "90x130", now=db.now())
    codes = {}
    printed = pypdf.PdfReader(tmp_path / "badges.pdf").pages
    for card, image, sheet in zip(cards, pages_of(tmp_path / "badges.pdf", 130), printed, strict=True):
        (found,) = zxingcpp.read_barcodes(image)
        codes[card.name] = found.text
        assert {"钱多": "N03", "李雷": "N01", "韩梅": "N02", "周讲": "机器人论坛"}.get(
            card.name, ""
        ) in sheet.extract_text()
    assert codes == {card.name: card.code for card in cards}

    # scanned at the desk: the first of an exhibitor's people brings its arrival
    desk = CheckinDesk(window.context, "北门 1 号")
    desk.resize(1366, 768)
    desk.show()
    desk.activateWindow()
    settle()
    for name in ("钱多", "李雷", "周讲", "王芳"):
        QTest.keyClicks(desk.line, codes[name])
        QTest.keyClick(desk.line, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda name=name: desk.last is not None and desk.last.name == name)
    desk.close()
    settle()
    with db.reading() as session:
        states = dict(session.execute(select(Organisation.name, Exhibitor.state).join(Exhibitor)).all())
        there = session.execute(select(Person.name).join(Attendee).join(Badge)).all()
    assert states == {BIO: ExhibitorState.ARRIVED, CHIPS: ExhibitorState.ARRIVED, ROBOTS: ExhibitorState.CONFIRMED}
    assert len(there) == len(cards)
    QApplication.processEvents()
