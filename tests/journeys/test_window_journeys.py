"""Stories through the real window: import → badges → scan → deal → summary; languages; a restart."""

import shutil
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from sqlalchemy import select

from expo_app import documents, i18n, paths, settings
from expo_app.documents.badges import write_badges
from expo_app.model import CheckIn, DealKind, DealStage, Verdict
from expo_app.routes import ListRoute
from expo_app.services import badges, records, sample
from expo_app.services.statistics.deals import deal_totals
from expo_app.services.statistics.exhibition import exhibition
from expo_app.specs import ATTENDEES, SPECS
from expo_app.store.database import open_database
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.pages.checkin_desk import CheckinDesk
from expo_app.ui.records.import_wizard import ImportWizard
from expo_app.ui.window import PAGES, Window
from tests.ui.conftest import qtbot, themed  # noqa: F401


def settle():
    """Let workers finish and their results arrive."""
    for _turn in range(6):
        QApplication.processEvents()
        assert jobs.wait(60_000)
        QApplication.processEvents()


@pytest.fixture(scope="session")
def large_file(made_once):
    """The sample expo as it stands before the files are imported, with its 700 people, to be copied."""

    def make(folder):
        db = open_database(folder / "expo.db", create=True)
        sample.build(db, attendees=700)
        db.close()

    return made_once("large", make) / "expo.db"


@pytest.fixture
def opened(large_file, tmp_path, themed):  # noqa: F811
    path = Path(shutil.copy(large_file, tmp_path / "expo.db"))
    window = Window(settings.load())
    window.resize(1440, 900)
    window.open(str(path))
    window.show()
    settle()
    yield window
    window.close_database()


def go(window, page, new=False):
    if new:
        window.context.navigate(ListRoute(SPECS[page], new=True))
    else:
        window.frame.show_page(page)
    settle()
    return window.frame.page


def import_file(qtbot, window, page, name):  # noqa: F811
    page.import_file()
    wizard = dialog.top(window)
    assert isinstance(wizard, ImportWizard)
    wizard.read(paths.resource("sample", name))
    qtbot.waitUntil(lambda: wizard.plan is not None)
    with qtbot.waitSignal(wizard.imported):
        wizard.apply()
    settle()


def test_from_the_files_to_the_summary(opened, tmp_path, qtbot):  # noqa: F811
    window, context = opened, opened.context
    db, expo = context.db, context.expo
    exhibitors = go(window, "exhibitors")
    import_file(qtbot, window, exhibitors, "exhibitors_untidy.xlsx")
    import_file(qtbot, window, go(window, "attendees"), "attendees_untidy.xlsx")
    assert exhibition(db, expo.id).exhibitors.value == 176
    assert records.count(db, ATTENDEES, expo.id) == 700

    page = go(window, "badges")
    page.issue([row[0] for row in page.rows])
    qtbot.waitUntil(lambda: badges.stock(db, expo.id).without == 0)
    cards = badges.cards(db, expo.id)
    write_badges(cards[:8], tmp_path / "badges.pdf", "8xA7", now=db.now())
    assert len(pypdf.PdfReader(tmp_path / "badges.pdf").pages) == 1

    fresh = next(card for card in cards if card.printed_at is None)
    desk = CheckinDesk(context, "南门 01 号台")
    desk.resize(1366, 768)
    desk.show()
    desk.activateWindow()
    settle()
    QTest.keyClicks(desk.line, fresh.code)
    QTest.keyClick(desk.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.last is not None)
    with db.reading() as session:
        scan = session.scalars(select(CheckIn).order_by(CheckIn.id.desc()).limit(1)).one()
    assert scan.badge_id == fresh.badge_id
    assert desk.body.verdict.face.word == ("通过" if scan.verdict is Verdict.ADMITTED else "不能入场")
    desk.close()

    deals = go(window, "deals", new=True)
    box = dialog.top(window)
    box.form.fill(
        {"title": "旅程验收（示例）", "kind": DealKind.PURCHASE, "sellers": "甲（示例）", "buyers": "乙（示例）",
         "amount": "12.3456", "signed_on": "2018-11-29", "stage": DealStage.SIGNED}
    )  # fmt: skip
    box.submit()
    settle()
    assert deals.context is context
    signed = deal_totals(db, expo.id).signed_amount
    assert signed == Decimal("123456.00")
    documents.write(db, expo, "summary", tmp_path / "summary.pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "summary.pdf").pages)
    assert "12.3456" in text.replace("\n", "")


def test_every_page_in_both_languages_and_themes(opened):
    window = opened
    for language in ("en", "zh_CN"):
        window.set_language(language)
        settle()
        for page in PAGES:
            if not page.own_window:
                shown = go(window, page.name)
                assert shown.isVisible()
        window.frame.toggle_theme()
    assert i18n.language() == "zh_CN"


def test_a_restart_finds_everything(opened, tmp_path):
    window = opened
    go(window, "deals", new=True)
    dialog.top(window).form.fill({"title": "没有写完的一份", "amount": "88"})
    dialog.top(window).cancel()
    window.close_database()
    again = Window(settings.load())
    again.open(str(tmp_path / "expo.db"))
    again.show()
    settle()
    go(again, "deals", new=True)
    box = dialog.top(again)
    banners = [w.text() for w in box.findChildren(QLabel) if "“没有写完的一份”没有提交，内容还在" in w.text()]
    assert len(banners) == 1
    box.cancel()
    again.close_database()


class Alone(QObject):
    """Notes widgets that show up as windows of their own."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def test_nothing_but_windows_is_ever_a_window(opened, themed):  # noqa: F811
    """A widget shown before it has a place flashes over the screen and takes the focus with it."""
    window, alone = opened, Alone()
    themed.installEventFilter(alone)
    for page in PAGES:
        if not page.own_window:
            go(window, page.name)
    go(window, "attendees").export()
    dialog.top(window).cancel()
    window.set_language("en")
    settle()
    desk = CheckinDesk(window.context, "南门 01 号台")
    desk.show()
    settle()
    desk.close()
    themed.removeEventFilter(alone)
    assert alone.seen == ["CheckinDesk"]
