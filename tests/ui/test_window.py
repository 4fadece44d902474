"""The window from the start page to a page and back: files, people, languages, keys, the palette, the status bar."""

import gc
import sys
import threading
import uuid
import weakref
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt, qInstallMessageHandler
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from expo_app import i18n, paths, settings
from expo_app.errors import UserError
from expo_app.model import ExhibitorState, Expo, Operator, Role
from expo_app.registry import areas
from expo_app.routes import ListRoute
from expo_app.routes.settings import SectionRoute
from expo_app.rules import pins
from expo_app.rules.palette_rows import PaletteRow
from expo_app.services import expos, operators, records
from expo_app.services.finder import Finder, sources
from expo_app.settings import Settings
from expo_app.specs import ATTENDEES, EXHIBITORS, ORGANISATIONS
from expo_app.store.database import Actor, open_database
from expo_app.ui.kit import dialog, jobs, messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.placeholders import ErrorState
from expo_app.ui.pages.booths import BoothsPage
from expo_app.ui.pages.checkin_desk import CheckinDesk
from expo_app.ui.records import drafts
from expo_app.ui.records.list_page import ListPage
from expo_app.ui.window import PAGES, Window
from expo_app.ui.window.commands import everywhere
from expo_app.ui.window.frame import Frame, days_of
from expo_app.ui.window.help import text_of
from expo_app.ui.window.locked import LockedPage
from expo_app.ui.window.sign_in import SignInPage
from expo_app.ui.window.start import NewExpoDialog, StartPage
from tests.factories import make_attendee, make_deal, make_desk, make_exhibitor, make_expo, make_gate, make_item

PIN = "719304"


@pytest.fixture
def file(db_path: Path) -> Path:
    """A file with two expos; the newer one has an exhibitor, an attendee, a deal and a forum."""
    db = open_database(db_path)
    with db.transaction() as session:
        make_expo(session, name="往届", code="OLD17", starts_on=expo_day(2017), ends_on=expo_day(2017))
        expo = make_expo(session, name="第一届科技交易博览会", name_en="First technology expo", code="KJH18")
        make_exhibitor(session, expo, "嘉定氢能动力系统有限公司", state=ExhibitorState.ARRIVED, region_code="310114")
        make_attendee(session, expo, "沈华棣", phone="13800005678")
        make_deal(session, expo, title="储氢瓶阀联合开发")
        make_item(session, expo, "科创嘉路演专场")
    db.close()
    return db_path


def expo_day(year: int):  # type: ignore[no-untyped-def]
    from datetime import date

    return date(year, 11, 1)


@pytest.fixture
def window(main_window: Window) -> Window:
    return main_window


@pytest.fixture
def frame(window: Window, file: Path) -> Frame:
    """The file's newest expo on the screen."""
    window.open(str(file))
    QApplication.processEvents()
    assert window.frame is not None
    return window.frame


def key(qtbot: QtBot, window: Window, *keys: object) -> None:
    target = QApplication.focusWidget() or window
    qtbot.keyClick(target, *keys)


def test_pages_are_data(qapp: QApplication) -> None:
    assert [page.name for page in PAGES] == [page.name for area in areas() for page in area.pages]
    assert len({page.name for page in PAGES}) == len(PAGES)
    assert [page.name for page in PAGES if page.at_end] == ["settings"]


def test_a_file_opens_on_its_newest_expo(window: Window, frame: Frame, file: Path) -> None:
    assert frame.top.expo.text() == "第一届科技交易博览会"
    assert window.windowTitle() == "第一届科技交易博览会 — 展务台"
    assert window.settings.last_file == str(file)
    assert settings.load().recent_files == [str(file)]
    assert frame.page_name == next(name for name in frame.defs)
    assert list(frame._made) == [frame.page_name]  # nothing else was made


def test_a_start_tells_of_what_was_not_submitted(window: Window, file: Path) -> None:
    drafts.keep("deals-KJH18-new", {"title": "储氢"})
    drafts.keep("deals-OLD17-new", {"title": "另一届的"})
    window.open(str(file))
    QApplication.processEvents()
    (toast,) = messages.toasts(window)
    assert toast.text == "成交台账：有 1 份没有提交的草稿"
    next(button for button in toast.findChildren(Button) if button.text() == "查看").click()
    assert window.frame is not None
    assert window.frame.page_name == "deals"


def test_every_page_opens_in_both_languages_and_the_page_stays(window: Window, frame: Frame, qtbot: QtBot) -> None:
    for language in ("zh_CN", "en"):
        shown = window.frame
        assert shown is not None
        for name, known in shown.defs.items():
            if not known.own_window:
                shown.show_page(name)
                QApplication.processEvents()
                assert shown.page_name == name
                assert not isinstance(shown.page, ErrorState)
        shown.show_page("exhibitors")
        if language == "zh_CN":
            shown.language_wanted.emit("en")
            QApplication.processEvents()
    assert window.frame is not None
    assert window.frame.page_name == "exhibitors"
    assert window.frame.top.expo.text() == "First technology expo"
    assert settings.load().language == "en"
    qtbot.waitUntil(lambda: not jobs.running())


def test_links_and_keys_lead_to_pages(window: Window, frame: Frame, qtbot: QtBot) -> None:
    context = frame.context
    (row,) = records.list_rows(context.db, ATTENDEES, context.expo_id)
    context.navigate(ListRoute(ATTENDEES, record=row[0]))
    page = frame.page
    assert isinstance(page, ListPage)
    assert page.panel._title.text() == "沈华棣"
    places = [n for n, known in frame.defs.items()]
    key(qtbot, window, str(places.index("exhibitors") + 1), Qt.KeyboardModifier.ControlModifier)
    assert frame.page_name == "exhibitors"
    key(qtbot, window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert frame.rail.is_folded
    assert settings.load().rail_collapsed


def test_keys_go_to_the_page(window: Window, frame: Frame, qtbot: QtBot) -> None:
    frame.show_page("attendees")
    page = frame.page
    assert isinstance(page, ListPage)
    key(qtbot, window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.bar.search.hasFocus()
    (row,) = page.rows
    page.edit(row[0])
    box = dialog.top(window)
    assert box is not None
    box.form.fill({"title": "教授"})  # type: ignore[attr-defined]
    box.submit()  # type: ignore[attr-defined]
    page.view.setFocus()
    key(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert records.get(frame.context.db, ATTENDEES, row[0])["title"] == ""
    key(qtbot, window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert records.get(frame.context.db, ATTENDEES, row[0])["title"] == "教授"
    key(qtbot, window, Qt.Key.Key_F1)
    help_box = dialog.top(window)
    assert isinstance(help_box, dialog.Dialog)
    assert help_box.title.text() == "帮助：观众登记"


def test_no_key_is_bound_twice_on_any_page(frame: Frame) -> None:
    """Qt answers neither of two shortcuts with the same key."""
    for name, known in frame.defs.items():
        if known.own_window:
            continue
        frame.show_page(name)
        QApplication.processEvents()
        active = [s.key().toString() for s in frame.window().findChildren(QShortcut) if _is_live(s)]
        assert sorted(set(active)) == sorted(active), name


def _is_live(shortcut: QShortcut) -> bool:
    parent = shortcut.parent()
    wide = shortcut.context() == Qt.ShortcutContext.WindowShortcut
    return wide and parent.isVisible() and parent.isEnabled()  # type: ignore[attr-defined]


def test_panes_in_turn(window: Window, frame: Frame, qtbot: QtBot) -> None:
    frame.show_page("attendees")
    page = frame.page
    assert isinstance(page, ListPage)
    assert page.view.hasFocus()
    page.open_record(page.rows[0][0])
    seen = []
    for _press in range(4):
        frame.next_pane()
        focused = QApplication.focusWidget()
        assert focused is not None
        inside = "page" if page.isAncestorOf(focused) else "frame"
        seen.append("panel" if page.panel.isAncestorOf(focused) else inside)
    assert seen == ["panel", "frame", "frame", "page"]


def _namesakes(frame: Frame, count: int) -> None:
    with frame.context.db.transaction() as session:
        expo = session.get_one(Expo, frame.context.expo_id)
        for _n in range(count):
            make_attendee(session, expo, "王芳")


@pytest.mark.parametrize("people", [9, 60])
def test_the_palette_leads_to_those_it_has_no_room_for(frame: Frame, qtbot: QtBot, people: int) -> None:
    _namesakes(frame, people)
    frame.open_palette()
    palette = frame._palette
    assert palette is not None
    palette.line.setText("王芳")
    titles = [hit.title for hit in palette.rows]
    assert titles == ["王芳"] * 7 + [f"还有 {people - 7} 条"]
    for _n in range(7):
        qtbot.keyClick(palette.line, Qt.Key.Key_Down)
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    page = frame.page
    assert (frame.page_name, isinstance(page, ListPage)) == ("attendees", True)
    qtbot.waitUntil(lambda: page.model.rowCount() == people)  # type: ignore[union-attr]


@pytest.mark.parametrize("spec", [source.spec.name for source in sources()])
def test_every_kind_in_the_palette_has_a_list_to_lead_to(frame: Frame, qtbot: QtBot, spec: str) -> None:
    """The last row of a kind opens that kind's own list with the search in its field."""
    source = next(source for source in sources() if source.spec.name == spec)
    finder = Finder(frame.context, list)
    hits = [PaletteRow(spec, "list-check", "甲", lambda: None)] * 3
    finder._cut(source, hits, 2, "甲")[1].action()
    page = frame.page
    shown = page if isinstance(page, ListPage) else getattr(page, "shown", getattr(page, "current", None))
    assert isinstance(shown, ListPage)
    assert (frame.page_name, shown.spec.name, shown.bar.search.text()) == (source.page_name, spec, "甲")


def test_the_palette_opens_what_was_chosen_and_runs_commands(frame: Frame, window: Window, qtbot: QtBot) -> None:
    key(qtbot, window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = frame._palette
    assert palette is not None
    palette.line.setText("shd")
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert frame.page_name == "attendees"
    frame.open_palette()
    assert frame._palette is not None
    frame._palette.line.setText("深浅色")
    qtbot.keyClick(frame._palette.line, Qt.Key.Key_Return)
    assert theme.theme() == "dark"
    assert settings.load().theme == "dark"


def test_the_palette_begins_adjusting_booths(frame: Frame, window: Window, qtbot: QtBot) -> None:
    frame.open_palette()
    assert frame._palette is not None
    frame._palette.line.setText("调整展位")
    qtbot.keyClick(frame._palette.line, Qt.Key.Key_Return)
    assert frame.page_name == "booths"
    assert isinstance(frame.page, BoothsPage)
    assert frame.page.view.may_move
    window.db.actor = Actor("小李", Role.DESK)  # type: ignore[union-attr]
    assert "调整展位" not in [command.words for command in frame.commands()]


def test_a_frame_that_was_replaced_is_gone(window: Window, frame: Frame, qtbot: QtBot) -> None:
    """Its pages hold every row of their lists."""
    frame.show_page("attendees")
    gone = [weakref.ref(frame), weakref.ref(frame.page)]
    qtbot.waitUntil(lambda: not jobs.running())
    window.set_language("en")
    del frame
    for _turn in range(3):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
    assert [isValid(found) for ref in gone if (found := ref()) is not None] in ([], [False], [False, False])


def test_switching_the_expo(frame: Frame) -> None:
    menu = Menu()
    frame._fill_expos(menu)
    words = [action.text() for action in menu.actions() if action.isCheckable()]
    assert [text.split("    ")[0] for text in words] == ["第一届科技交易博览会", "往届"]
    frame.show_page("attendees")
    menu.actions()[1].trigger()
    assert frame.top.expo.text() == "往届"
    page = frame.page
    assert isinstance(page, ListPage)
    assert page.rows == []


def _leave_in_turn(window: Window, frame: Frame) -> list[str]:
    """Try every way out of the frame; those that took it away or left its desk."""
    older = expos.all_expos(frame.context.db)[-1]
    ways = {
        "expo": lambda: frame._switch(older), "language": lambda: window.set_language("en"),
        "start": window.show_start, "other file": lambda: window.open("/nowhere/other.db"),
        "operator": window._change_operator, "restore": lambda: window.restore(Path("/nowhere/backup.db")),
        "close": window.close,
    }  # fmt: skip
    left, stood = [], window.content
    for name, way in ways.items():
        way()
        if window.frame is not frame or window.content is not stood or not window.isVisible() or frame._desk is None:
            left.append(name)
    return left


def test_another_language_keeps_the_section_of_the_settings(window: Window, frame: Frame, qtbot: QtBot) -> None:
    frame.go(SectionRoute("look"))
    assert window.context is not None
    window.context.language_wanted.emit("en")
    qtbot.waitUntil(lambda: window.frame is not frame)
    assert window.frame is not None
    assert (window.frame.page_name, window.frame.asked.place()) == ("settings", SectionRoute("look"))
    window.frame.show_page("home")
    assert window.frame.asked.place() is None


def test_a_desk_that_may_not_be_left_keeps_everything(window: Window, frame: Frame, qtbot: QtBot) -> None:
    """A locked desk, or one with scans to keep, stays: no way round it, and nothing of it is deleted."""
    db, expo = frame.context.db, frame.context.expo
    assert expo is not None
    with db.transaction() as session:
        make_desk(session, make_gate(session, session.get_one(Expo, expo.id), "南门"), "南门 01 号台")
    frame.open_desk()
    desk = frame._desk
    assert isinstance(desk, CheckinDesk)
    frame.context.set_locked(True)
    assert _leave_in_turn(window, frame) == []
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert isValid(desk)
    assert (desk.isVisible(), frame.context.expo, i18n.language()) == (True, expo, "zh_CN")
    desk.close_unlocked()
    assert QApplication.activeWindow() is window
    frame._switch(expos.all_expos(db)[-1])
    assert (frame._desk, frame.top.expo.text()) == (None, "往届")


@pytest.fixture
def guarded(window: Window, frame: Frame, qtbot: QtBot) -> CheckinDesk:
    """A desk beside the main window, a supervisor who could lock it, and a person's panel open in a list."""
    expo = frame.context.expo
    assert expo is not None
    with frame.context.db.transaction() as session:
        make_desk(session, make_gate(session, session.get_one(Expo, expo.id), "南门"), "南门 01 号台")
        session.add(Operator(name="周敏", role=Role.SUPERVISOR, pin_hash=pins.hash_pin(PIN)))
    frame.show_page("settings")
    frame.open_palette()
    frame.open_desk()
    assert isinstance(frame._desk, CheckinDesk)
    return frame._desk


def _seen(window: Window) -> list[str]:
    """What stands in the main window."""
    inside = [part for part in window.findChildren(QWidget) if part.window() is window]
    return [type(part).__name__ for part in inside if part.isVisible()]


def test_a_locked_desk_guards_the_main_window(window: Window, frame: Frame, guarded: CheckinDesk, qtbot: QtBot) -> None:
    """Neither pages nor an open palette can be reached, and no key acts; the right PIN brings all of it back."""
    guarded.body.header.lock.click()
    page = window.content
    assert isinstance(page, LockedPage)
    assert {"Frame", "Scrim", "Palette", "Rail"} & set(_seen(window)) == set()
    window.activateWindow()
    for key in ("K", "2", "F"):
        QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    assert (frame.page_name, window.content) == ("settings", page)
    page.desk.click()
    assert (guarded.isVisible(), guarded.is_locked) == (True, True)
    for pin, said in (("", "不能为空。"), ("000000", "PIN 不对")):
        page.pin.setText(pin)
        page.go.click()
        assert page.field.problem.startswith(said)
    page.pin.setText(PIN)
    page.go.click()
    assert (window.content, guarded.is_locked) == (frame, False)
    assert {"Frame", "Scrim", "Palette"} <= set(_seen(window))


def test_a_lock_outlives_the_program(
    window: Window, frame: Frame, guarded: CheckinDesk, file: Path, qtbot: QtBot
) -> None:
    """However the program ended: the next window opens the file with its desk locked."""
    guarded.body.header.lock.click()
    kept = settings.load()
    assert frame.context.db._claim is not None
    frame.context.db._claim.release()  # as the system does for a program that was killed
    second = Window(kept)
    second.open(str(file))
    if isinstance(second.content, SignInPage):
        second.content.signed_in.emit(Actor("李可", Role.DESK))
        qtbot.waitUntil(lambda: second.frame is not None)
    assert isinstance(second.content, LockedPage)
    qtbot.waitUntil(lambda: second.frame is not None and second.frame._desk is not None)
    desk = second.frame._desk if second.frame else None
    assert isinstance(desk, CheckinDesk)
    assert (desk.is_locked, second.close()) == (True, False)
    desk.close_unlocked()
    assert (settings.load().locked_file, second.content) == ("", second.frame)
    assert second.close()
    frame.context.set_locked(False)


def test_a_lock_nobody_can_open_is_none(window: Window, frame: Frame) -> None:
    frame.context.set_locked(True)
    frame.context.set_locked(False)
    window.settings.locked_file = frame.context.db.url
    window._build_frame(frame.context.expo)
    assert (window.content, window.settings.locked_file) == (window.frame, "")


def test_a_page_without_an_entry_of_its_own_is_marked_as_the_one_it_stands_in(frame: Frame) -> None:
    frame.show_page("follow_up")
    assert (frame.page_name, frame.rail.key) == ("follow_up", "home")
    shown = [known.name for known in frame.defs.values() if not known.inside]
    assert list(frame.rail._items) == sorted(shown, key=lambda name: frame.defs[name].at_end)
    keys = {command.words: command.keys for command in everywhere(frame) if command.words.startswith("打开")}
    for place, name in enumerate(list(frame.rail._items)[:9], 1):
        if not frame.defs[name].own_window and not frame.defs[name].at_end:
            assert keys[f"打开{frame.defs[name].title}"] == f"Ctrl+{place}"
    assert keys["打开跟进"] == ""


def test_the_rail_counts_what_is_there(frame: Frame, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: frame.rail.item("exhibitors").badge == "1")
    values = {"organisation.name": "昆山德盈机器人有限公司", "state": "CONFIRMED"}
    records.save(frame.context.db, EXHIBITORS, values, expo_id=frame.context.expo_id)
    qtbot.waitUntil(lambda: frame.rail.item("exhibitors").badge == "2")


def test_a_backup_is_one_press_away(frame: Frame, qtbot: QtBot) -> None:
    items = {item.key: item for item in frame.machine.items()}
    assert items["backup"].text == "还没有备份"
    assert items["database"].text == "展会库 expo · 正常"
    frame.status.button("backup").click()
    qtbot.waitUntil(lambda: not jobs.running())
    assert len(list((paths.data_dir() / "backups").glob("*.db"))) == 1
    assert {item.key: item.text for item in frame.machine.items()}["backup"] == "备份 刚刚"
    frame.status.button("database").click()
    assert isinstance(dialog.top(frame), dialog.Dialog)


def test_days_of_an_expo(frame: Frame) -> None:
    from tests.factories import local

    expo = frame.context.expo
    assert expo is not None
    assert days_of(expo, local(27)) == "11-28 至 11-30 · 还有 1 天"
    assert days_of(expo, local(29)) == "11-28 至 11-30 · 第 2 天"
    assert days_of(expo, local(30).replace(month=12)) == "11-28 至 11-30 · 已结束"
    assert days_of(replace(expo, ends_on=expo.starts_on), local(28)) == "11-28 · 第 1 天"


def test_help_of_every_page_lists_the_keys(qapp: QApplication) -> None:
    for page in PAGES:
        assert "| **Ctrl+K** | 命令面板 |" in text_of(page.name)
    i18n.set_language("en")
    assert "| **Ctrl+K** | Command palette |" in text_of("home")


# --- who works ---


def add_operator(file: Path, name: str, role: Role, pin: str = "", **given: object) -> uuid.UUID:
    db = open_database(file)
    with db.transaction() as session:
        operator = Operator(name=name, role=role, **given)
        session.add(operator)
        session.flush()
        made: uuid.UUID = operator.id
    if pin:
        operators.set_pin(db, made, pin)
    db.close()
    return made


def test_names_are_chosen_and_a_pin_is_asked_for(window: Window, file: Path, qtbot: QtBot) -> None:
    add_operator(file, "周敏", Role.ADMIN, PIN)
    add_operator(file, "李可", Role.DESK)
    window.open(str(file))
    page = window.content
    assert isinstance(page, SignInPage)
    assert isinstance(QApplication.focusWidget(), ItemRow)
    page.choose(next(o for o in page._known if o.name == "周敏"))
    assert page.pin is not None
    assert QApplication.focusWidget() is page.pin
    page.pin.setText("000001")
    qtbot.keyClick(page.pin, Qt.Key.Key_Return)
    assert window.frame is None
    page.pin.setText(PIN)
    qtbot.keyClick(page.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.frame is not None)
    assert window.frame is not None
    assert window.frame.context.actor.role is Role.ADMIN
    window.frame.operator_wanted.emit()
    qtbot.waitUntil(lambda: isinstance(window.content, SignInPage))
    again = window.content
    assert isinstance(again, SignInPage)
    again.choose(next(o for o in again._known if o.name == "李可"))
    qtbot.waitUntil(lambda: window.frame is not None)
    assert window.db is not None
    assert (window.db.actor.name, window.db.actor.role) == ("李可", Role.DESK)


def test_the_only_volunteer_needs_no_question(window: Window, file: Path) -> None:
    add_operator(file, "李可", Role.DESK)
    window.open(str(file))
    assert window.frame is not None
    assert window.frame.top.user.text() == "李可"


def test_a_sample_opens_straight_away(window: Window, file: Path) -> None:
    add_operator(file, "陈放", Role.ADMIN, PIN, is_sample=True)
    add_operator(file, "李可", Role.DESK, is_sample=True)
    window.open(str(file))
    assert window.frame is not None
    assert window.frame.context.actor.name == "陈放"


def test_a_sample_says_its_pins_until_they_are_changed(window: Window, file: Path, qtbot: QtBot) -> None:
    """Whoever changes the operator of the sample is not locked out; a PIN of one's own is nobody's business."""
    chief = add_operator(file, "陈放", Role.ADMIN, "201811", is_sample=True)
    add_operator(file, "李可", Role.DESK, is_sample=True)
    window.open(str(file))
    assert window.frame is not None
    window.frame.operator_wanted.emit()
    qtbot.waitUntil(lambda: isinstance(window.content, SignInPage))
    page, db = window.content, window.db
    assert isinstance(page, SignInPage)
    assert db is not None
    admin = next(operator for operator in page._known if operator.name == "陈放")
    page.choose(admin)
    assert _hints(page) == ["示例操作员的 PIN：201811"]
    assert page.pin is not None
    page.pin.setText("201811")
    qtbot.keyClick(page.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.frame is not None)
    operators.set_pin(db, chief, PIN)
    page = SignInPage(db)
    page.choose(admin)
    assert _hints(page) == []


def test_a_real_operator_of_a_sample_name_keeps_the_pin(window: Window, file: Path) -> None:
    add_operator(file, "陈放", Role.ADMIN, "201811")
    window.open(str(file))
    page = window.content
    assert isinstance(page, SignInPage)
    page.choose(page._known[0])
    assert _hints(page) == []


def _hints(page: SignInPage) -> list[str]:
    """What stands below the PIN."""
    return [label.text() for label in page.findChildren(QLabel) if "PIN：" in label.text()]


def test_who_is_known_can_type_the_pin_at_once(window: Window, file: Path, qtbot: QtBot) -> None:
    add_operator(file, "周敏", Role.ADMIN, PIN)
    window.settings.operator_name = "周敏"
    window.open(str(file))
    page = window.content
    assert isinstance(page, SignInPage)
    QApplication.processEvents()
    assert page.pin is not None
    assert QApplication.focusWidget() is page.pin


# --- start page, new file, files that cannot be opened ---


def test_start_page_lists_recent_files_and_makes_a_new_expo(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    window.settings.recent_files = ["/gone/old.db"]
    window.show_start()
    page = window.content
    assert isinstance(page, StartPage)
    page.make_new()
    box = dialog.top(window)
    assert isinstance(box, NewExpoDialog)
    box.submit()
    assert box.form.box("name").problem == "不能为空。"
    assert box.person_box.problem == "不能为空。"
    box.form.fill({"name": "第二届", "code": "KJH19", "starts_on": "2019-11-28", "ends_on": "2019-11-30"})
    assert box.file.text().endswith("kjh19.db")
    box.file.setText(str(tmp_path / "new.db"))
    box.person.setText("周敏")
    box.pin.setText(PIN)
    box.submit()
    qtbot.waitUntil(lambda: window.frame is not None)  # the PIN just typed is not asked again
    assert window.db is not None
    expo = expos.current(window.db)
    assert expo is not None
    assert (expo.name, expo.code, window.db.actor.name) == ("第二届", "KJH19", "周敏")


def test_a_new_file_that_fails_leaves_nothing(window: Window, tmp_path: Path) -> None:
    window.show_start()
    box = NewExpoDialog(window)
    box.open()
    box.form.fill({"name": "第二届", "code": "KJH19", "starts_on": "2019-11-30", "ends_on": "2019-11-28"})
    box.file.setText(str(tmp_path / "new.db"))
    box.person.setText("周敏")
    box.submit()
    assert box.is_open
    assert box.form.box("ends_on").problem == "结束日期不能早于开始日期。"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("new")] == []
    (tmp_path / "new.db").touch()
    box.submit()
    assert box.file_box.problem == "这里已有同名文件，换个名字。"


def test_a_file_that_is_not_ours_shows_ways_out(window: Window, tmp_path: Path, file: Path) -> None:
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"not a database at all" * 100)
    window.open(str(bad))
    page = window.content
    assert isinstance(page, ErrorState)
    buttons = [b.text() for b in page.findChildren(messages.Button)]
    assert buttons == ["复制详情", "换一个文件", "只读打开", "重试"]
    window.open(str(file))
    assert window.frame is not None


def test_a_second_window_on_the_same_file_may_only_look(window: Window, frame: Frame, file: Path) -> None:
    second = Window(Settings())
    second.open(str(file))
    assert isinstance(second.content, ErrorState)
    second.open(str(file), read_only=True)
    assert second.frame is not None
    assert second.frame.machine.items()[0].text == "展会库 expo · 只读"
    second.close_database()


def test_the_place_of_the_window_is_remembered(window: Window, frame: Frame) -> None:
    window.setGeometry(20, 30, 1280, 700)
    QApplication.processEvents()
    window.close()
    assert settings.load().window[2:] == [1280, 700]
    again = Window(settings.load())
    assert (again.width(), again.height()) == (1280, 700)
    assert again.minimumSize().toTuple() == (1180, 680)


def test_closing_asks_while_work_goes_on(window: Window, frame: Frame, qtbot: QtBot) -> None:
    def work(progress: jobs.Progress) -> None:
        while True:
            progress(1, 2)

    jobs.run_job(window, "导出", work)
    window.close()
    assert window.isVisible()
    question = dialog.top(window)
    assert isinstance(question, messages.Question)
    question.press("verb")
    assert not window.isVisible()
    qtbot.waitUntil(lambda: not jobs.running())


def test_what_nobody_expected_is_logged_and_said_once(
    window: Window, frame: Frame, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from expo_app import opening

    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    before = qInstallMessageHandler(None)
    try:
        opening.catch_everything(window)
        for _time in range(2):
            try:
                raise KeyError(str(13800005670 + 8))
            except KeyError as error:
                sys.excepthook(type(error), error, error.__traceback__)
    finally:
        qInstallMessageHandler(before)
    boxes = [box for box in window.findChildren(dialog.Dialog) if box.is_open]
    assert [box.title.text() for box in boxes] == ["出了意外"]
    details = boxes[0].findChild(QPlainTextEdit)
    assert details is not None
    assert details.toPlainText().endswith("builtins.KeyError")
    assert "13800005678" not in details.toPlainText()
    assert [record.message for record in caplog.records if record.levelname == "CRITICAL"] == ["unforeseen"] * 2
    caplog.clear()
    boxes[0].cancel()
    assert window.frame is frame


# --- other programs on the same file ---


def test_what_another_program_writes_is_seen(window: Window, frame: Frame, file: Path, qtbot: QtBot) -> None:
    """A headless gate or an import beside the window: pages follow within a look, and nothing else moves them."""
    frame.show_page("exhibitors")
    page, context = frame.page, frame.context
    assert isinstance(page, ListPage)
    before = len(page.rows)
    heard: list[frozenset[str]] = []
    context.changed.connect(heard.append)
    assert (context._others.interval(), context._others.isActive()) == (2000, True)
    other = open_database(file)
    with other.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        make_exhibitor(session, expo, "太仓欧恒精密传动有限公司")
    other.close()
    context._others.timeout.emit()
    qtbot.waitUntil(lambda: len(page.rows) == before + 1)
    assert [tables >= {"exhibitor", "check_in"} for tables in heard] == [True]
    with context.db.transaction() as session:
        make_exhibitor(session, session.get_one(Expo, context.expo_id), "昆山德盈机器人有限公司")
    qtbot.waitUntil(lambda: len(page.rows) == before + 2)
    context._others.timeout.emit()
    QApplication.processEvents()
    assert len(heard) == 2  # our own write was announced once


def test_problems_of_a_page_go_with_it_and_all_words_with_the_language(window: Window, frame: Frame) -> None:
    frame.show_page("exhibitors")
    messages.show(frame.page, UserError("没有保存"))
    frame.show_page("exhibitors")
    assert [toast.text for toast in messages.toasts(window)] == ["没有保存"]
    frame.show_page("deals")
    assert messages.toasts(window) == []
    messages.show(frame.page, UserError("没有保存"))
    window.set_language("en")
    assert messages.toasts(window) == []


def test_a_backup_is_due_whoever_works(window: Window, frame: Frame, qtbot: QtBot) -> None:
    """What one operator changed is backed up in another's time: a frame made anew does not begin to wait again."""
    before = frame.machine.backups
    records.save(frame.context.db, ORGANISATIONS, {"name": "甲公司"})
    qtbot.waitUntil(lambda: before.is_changed)
    window._enter(Actor("乙", Role.ADMIN))
    assert window.frame is not None
    after = window.frame.machine.backups
    assert after is not before
    assert after.is_changed
    after.back_up(quiet=True)
    qtbot.waitUntil(lambda: not jobs.running())
    assert not after.is_changed
