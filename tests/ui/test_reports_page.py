"""报表: cards, options, one after another, never over a file, never half a file, failures with another place."""

import threading
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow
from pytestqt.qtbot import QtBot

from expo_app import documents, i18n, settings
from expo_app.documents import all_documents
from expo_app.errors import UserError
from expo_app.model import Expo, Role
from expo_app.reports import preview
from expo_app.routes.reports import ReportsRoute
from expo_app.services import badges
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, jobs, messages
from expo_app.ui.pages.reports import ReportsPage, size_words
from expo_app.ui.pages.reports.checks import ChecksDialog
from expo_app.ui.pages.reports.gallery import CARD_WIDTH, SHAPES, Gallery
from expo_app.ui.pages.reports.making import Made, made_files, maker_of, when
from expo_app.ui.pages.reports.preview import PreviewDialog
from tests.factories import SHANGHAI, local, make_attendee, make_booth, make_exhibitor, make_hall
from tests.ui.conftest import put

DOCUMENTS = all_documents()


@pytest.fixture
def page(context: Context, window: QMainWindow, tmp_path: Path) -> ReportsPage:
    context.db.clock = lambda: local(29, 10, 42)
    context.settings.export_folder = str(tmp_path / "out")
    Path(context.settings.export_folder).mkdir()
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        people = [make_attendee(session, expo, name).id for name in ("沈华棣", "卢渊")]
    badges.issue(context.db, people)
    made = ReportsPage(context)
    put(window, made)
    return made


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Documents wait for this before they are written, so that a test can look at what happens meanwhile."""
    opened, write = threading.Event(), documents.write

    def slowly(*given: Any, **named: Any) -> None:
        progress = given[4]
        progress(1, 4)
        while not opened.wait(0.01):
            progress(1, 4)
        write(*given, **named)

    monkeypatch.setattr(documents, "write", slowly)
    return opened


def settle(qtbot: QtBot, page: ReportsPage) -> None:
    qtbot.waitUntil(lambda: page.maker.current is None and not page.maker.waiting)


def names(context: Context) -> list[str]:
    return sorted(path.name for path in Path(context.settings.export_folder).iterdir())


# --- the gallery ---


def test_the_floor_plan_is_one_of_the_reports(page: ReportsPage, context: Context, tmp_path: Path) -> None:
    page.open_with(ReportsRoute("floor"))
    assert page.panel._title.text() == "展位图"
    expo, path = context.expo, tmp_path / "plan.pdf"
    assert expo is not None
    with pytest.raises(UserError, match="E-EMPTY"):
        documents.write(context.db, expo, "floor", path)
    assert not path.exists()
    with context.db.transaction() as session:
        row = session.get_one(Expo, expo.id)
        make_hall(session, row, width=60.0, depth=40.0)
        make_booth(session, row, "A-001", make_exhibitor(session, row, "嘉芯", industry="it"), x=1.0, y=5.0)
    documents.write(context.db, expo, "floor", path)
    with pypdfium2.PdfDocument(path) as pdf:
        text = "".join(sheet.get_textpage().get_text_bounded() for sheet in pdf)
    for words in ("着色：产业", "A-001", "嘉芯", "未到场", "2018-11-29 10:42"):
        assert words in text


def test_every_document_has_a_card_and_a_picture(page: ReportsPage) -> None:
    assert list(page.gallery.cards) == [document.name for document in DOCUMENTS]
    assert {document.shape for document in DOCUMENTS} <= set(SHAPES)
    assert page.grab().isNull() is False


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_it_opens_in_both_languages(context: Context, window: QMainWindow, language: str) -> None:
    i18n.set_language(language)
    page = ReportsPage(context)
    put(window, page)
    for document in DOCUMENTS:
        page.open_with(ReportsRoute(document.name))
        assert page.panel.document is document
        assert page.panel._title.text() == i18n._(document.title)


def test_groups_count_what_a_press_leaves(page: ReportsPage) -> None:
    groups = {group: sum(d.group == group for d in DOCUMENTS) for group in {d.group for d in DOCUMENTS}}
    assert page.chips.chip(None).count == len(DOCUMENTS)
    for group, count in groups.items():
        assert page.chips.chip(group).count == count
        page.chips.chip(group).click()
        assert page.gallery.shown == [d.name for d in DOCUMENTS if d.group == group]


@pytest.mark.parametrize("typed", ["会刊", "huik", "hk", "拼音索引"])
def test_search_knows_title_words_and_pinyin(page: ReportsPage, typed: str) -> None:
    page.focus_search()
    page.search.setText(typed)
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert page.gallery.shown == ["directory"]
    assert page.chips.chip(None).count == 1


def test_nothing_found_says_so_and_offers_all(page: ReportsPage) -> None:
    page.search.setText("qqqq")
    page.search._say()
    assert page.gallery.shown == []
    page._shelf.currentWidget().findChild(type(page.panel.make_button)).click()
    assert page.gallery.shown == [document.name for document in DOCUMENTS]


def test_cards_stand_beside_each_other_as_far_as_they_fit(qapp: QApplication) -> None:
    gallery = Gallery(DOCUMENTS)
    gallery.resize(4 * CARD_WIDTH + 3 * 12, 600)
    gallery.show()
    assert gallery._grid.getItemPosition(gallery._grid.indexOf(gallery.cards[DOCUMENTS[4].name]))[:2] == (1, 0)
    gallery.resize(2 * CARD_WIDTH + 12, 900)
    assert gallery._grid.getItemPosition(gallery._grid.indexOf(gallery.cards[DOCUMENTS[4].name]))[:2] == (2, 0)


def test_arrows_go_from_card_to_card(page: ReportsPage, window: QMainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    first = page.gallery.cards[DOCUMENTS[0].name]
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert page.document is DOCUMENTS[1]


# --- making ---


def test_a_document_is_made_where_it_says(
    page: ReportsPage, context: Context, qtbot: QtBot, shown: Any, window: QMainWindow
) -> None:
    page.open_with(ReportsRoute("exhibitors"))
    page.panel.make_button.click()
    settle(qtbot, page)
    assert names(context) == ["参展商名录_KJH18_11-29.xlsx"]
    assert shown(window) == [("ok", "已生成 参展商名录_KJH18_11-29.xlsx")]
    assert page.gallery.cards["exhibitors"].last == "今天 10:42"
    assert [made.document for made in made_files(context)] == ["exhibitors"]
    assert settings.load().made_files == context.settings.made_files


def test_the_chosen_format_and_paper_are_used(page: ReportsPage, context: Context, qtbot: QtBot) -> None:
    page.open_with(ReportsRoute("badges"))
    page.panel.papers.setCurrentIndex(page.panel.papers.findData("A6"))
    page.panel.papers.activated.emit(page.panel.papers.currentIndex())
    page.make()
    settle(qtbot, page)
    (made,) = made_files(context)
    assert [(round(w), round(h)) for w, h in preview.page_sizes(made.file)] == [(105, 148), (105, 148)]
    assert context.settings.badge_layout == "A6"


def test_never_over_a_file(page: ReportsPage, context: Context, qtbot: QtBot) -> None:
    page.open_with(ReportsRoute("attendees"))
    for _time in range(2):
        page.make()
        settle(qtbot, page)
    assert names(context) == ["参会人员名单_KJH18_11-29.xlsx", "参会人员名单_KJH18_11-29_2.xlsx"]


def test_the_second_waits_for_the_first(
    page: ReportsPage, context: Context, gate: threading.Event, qtbot: QtBot
) -> None:
    page.open_with(ReportsRoute("exhibitors"))
    page.make()
    page.make()
    qtbot.waitUntil(lambda: page.maker.state == (1, 4, ""))
    card = page.panel.progress
    assert (card.isVisible(), card.percent.text(), card.note.text()) == (True, "25%", "后面还有 1 份在等。")
    assert len(jobs.running()) == 1
    gate.set()
    settle(qtbot, page)
    assert names(context) == ["参展商名录_KJH18_11-29.xlsx", "参展商名录_KJH18_11-29_2.xlsx"]
    assert card.isVisible() is False


def test_cancelling_leaves_nothing_and_the_next_begins(
    page: ReportsPage, context: Context, gate: threading.Event, qtbot: QtBot, shown: Any, window: QMainWindow
) -> None:
    page.open_with(ReportsRoute("summary"))
    page.make()
    page.open_with(ReportsRoute("exhibitors"))
    page.make()
    page.panel.progress.cancel_button.click()
    qtbot.waitUntil(lambda: page.maker.current is not None and page.maker.current.document.name == "exhibitors")
    assert names(context) == []
    gate.set()
    settle(qtbot, page)
    assert names(context) == ["参展商名录_KJH18_11-29.xlsx"]
    assert [kind for kind, _words in shown(window)] == ["ok"]


def test_closing_the_database_drops_what_waits(
    page: ReportsPage, context: Context, gate: threading.Event, qtbot: QtBot
) -> None:
    page.make()
    page.make()
    assert jobs.wait(60_000)
    settle(qtbot, page)
    assert names(context) == []


def test_it_goes_on_while_the_page_is_gone(
    page: ReportsPage, context: Context, window: QMainWindow, gate: threading.Event, qtbot: QtBot
) -> None:
    page.open_with(ReportsRoute("exhibitors"))
    page.make()
    put(window, again := ReportsPage(context))
    assert again.maker is maker_of(context)
    assert again.panel.progress.isVisible()
    gate.set()
    settle(qtbot, again)
    assert again.gallery.cards["exhibitors"].last == "今天 10:42"


def test_a_failure_says_why_and_offers_another_place(
    page: ReportsPage, context: Context, qtbot: QtBot, window: QMainWindow, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    write = documents.write

    def full(db: Any, expo: Any, name: str, path: Path, *given: Any, **named: Any) -> None:
        if path.parent.name == "out":
            raise UserError("磁盘已满，没有写入。", "E-DISK")
        write(db, expo, name, path, *given, **named)

    monkeypatch.setattr(documents, "write", full)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_given: str(tmp_path / "other"))
    (tmp_path / "other").mkdir()
    page.open_with(ReportsRoute("exhibitors"))
    page.make()
    settle(qtbot, page)
    (toast,) = messages.toasts(window)
    assert (toast.kind, toast.text) == ("bad", "磁盘已满，没有写入。 [E-DISK]")
    next(b for b in toast.findChildren(type(page.panel.make_button)) if b.text() == "换位置").click()
    settle(qtbot, page)
    assert names(context) == ["参展商名录_KJH18_11-29.xlsx"]
    assert context.settings.export_folder == str(tmp_path / "other")


def test_a_folder_that_is_gone_is_not_written_to(page: ReportsPage, context: Context, qtbot: QtBot) -> None:
    Path(context.settings.export_folder).rmdir()
    page.refresh()
    assert page.panel.place.text() != context.settings.export_folder


# --- files made before ---


def test_files_say_when_they_are_out_of_date_and_where_they_went(
    page: ReportsPage, context: Context, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: bool(opened.append(url)))
    page.open_with(ReportsRoute("exhibitors"))
    page.make()
    settle(qtbot, page)
    made = made_files(context)[0]
    row = page.panel._recent.itemAt(0).widget()
    row.pressed.emit()
    assert [url.toLocalFile() for url in opened] == [made.path]
    assert page._words(made, made.stamp) == f"今天 10:42 · {size_words(made.file.stat().st_size)}"
    with context.db.transaction() as session:
        session.get_one(Expo, context.expo_id).theme = "新主题"
    qtbot.waitUntil(lambda: "之后数据有改动" in page.panel._recent.itemAt(0).widget().accessibleName())
    made.file.unlink()
    page.refresh()
    assert page.panel._recent.itemAt(0).widget().pressed is not None
    assert page.panel._listed[0][2] is False  # type: ignore[index]


def test_times_are_told_as_people_say_them() -> None:
    now = local(29, 10, 42)
    assert [when(at, now, SHANGHAI) for at in (local(29, 9, 30), local(28, 18, 2), local(27, 8))] == [
        "今天 09:30", "昨天 18:02", "11-27",
    ]  # fmt: skip


def test_settings_of_another_version_are_passed_over(context: Context) -> None:
    whole = Made("deals", "/a.pdf", str(context.expo_id), local(29, 9).isoformat(), "s")
    context.settings.made_files = [{"document": "deals"}, vars(whole)]
    assert made_files(context) == [whole]


# --- preview, roles, nothing there ---


def test_preview_shows_the_pdf_page_by_page(page: ReportsPage, context: Context, qtbot: QtBot) -> None:
    page.open_with(ReportsRoute("badges"))
    page.panel.preview_button.click()
    qtbot.waitUntil(lambda: dialog.top(page) is not None)
    box = dialog.top(page)
    assert isinstance(box, PreviewDialog)
    assert (box.where.text(), box.back.isEnabled(), box.on.isEnabled()) == ("第 1 页，共 2 页", False, True)
    first = box.sheet.pixmap().toImage()
    QTest.keyClick(box, Qt.Key.Key_PageDown)
    assert box.where.text() == "第 2 页，共 2 页"
    assert box.sheet.pixmap().toImage() != first
    made_at = Path(page._scratch.name)  # type: ignore[union-attr]
    box.cancel()
    assert (made_at.exists(), names(context)) == (False, [])


def test_excel_has_no_preview(page: ReportsPage) -> None:
    page.open_with(ReportsRoute("summary"))
    assert page.panel.preview_button.isEnabled()
    page.panel.format.button("xlsx").click()  # type: ignore[union-attr]
    assert (page.panel.ending, page.panel.preview_button.isEnabled()) == ("xlsx", False)


def test_counted_printing_of_badges_is_elsewhere(page: ReportsPage, context: Context) -> None:
    went: list[str] = []
    context.navigated.connect(lambda route: went.append(route.page))
    page.open_with(ReportsRoute("badges"))
    assert page.panel.print_button.isHidden()
    page.panel.hint.click()
    assert went == ["badges"]


def test_a_desk_volunteer_may_not_make_files(page: ReportsPage, context: Context) -> None:
    context.set_actor(Actor("李可", Role.DESK))
    assert (page.panel.make_button.isEnabled(), page.panel.preview_button.isEnabled()) == (False, False)
    page.make()
    assert page.maker.current is None


def test_without_an_expo_it_says_what_to_do_first(page: ReportsPage, context: Context) -> None:
    context.expo = None
    page.refresh()
    assert (page.panel.isVisible(), page._stack.currentIndex()) == (False, 1)


def test_the_directory_says_before_it_is_made_what_is_to_be_corrected(
    page: ReportsPage, context: Context, qtbot: QtBot
) -> None:
    went = []
    context.navigate = went.append  # type: ignore[method-assign]
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        wrong = make_exhibitor(session, expo, "找激光，到伯纳！").id
    page.open_with(ReportsRoute("directory"))
    qtbot.waitUntil(page.panel.checks.isVisible)
    assert page.panel.checks.text() == "核对：1 处要改"
    page.panel.checks.click()
    box = dialog.top(page)
    assert isinstance(box, ChecksDialog)
    assert box.title.text() == "参展商会刊核对"
    QTest.keyClick(box.rows[0], Qt.Key.Key_Return)
    assert [(route.spec.name, route.record) for route in went] == [("exhibitors", wrong)]
    page.open_with(ReportsRoute("summary"))
    assert not page.panel.checks.isVisible()


def test_what_a_report_tells_of_alone_is_called_what_it_is_and_a_long_name_widens_nothing(page: ReportsPage) -> None:
    side = page.panel
    long = [("1", "某地跨省合作产业园区管理委员会" * 8), ("2", "乙园区")]
    for name, label in (("park", "合作园区"), ("alliance", "联盟与共同体"), ("auction", "场次")):
        side.show_document(next(one for one in DOCUMENTS if one.name == name), True, "", None, long)
        assert side.part_field._label.text() == label
        QApplication.processEvents()
        assert side.parts.mapTo(side, side.parts.rect().topRight()).x() < side.width()
