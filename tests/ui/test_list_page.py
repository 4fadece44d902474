"""A list screen from its spec: rows, filters, panel, forms, undo, states; alive while the data changes."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from expo_app import i18n
from expo_app.errors import UserError
from expo_app.i18n import N_
from expo_app.model import Attendee, AttendeeState, Expo, Person, Role
from expo_app.routes import ListRoute
from expo_app.services import records
from expo_app.services.records import Row
from expo_app.specs import ATTENDEES, EXHIBITORS
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, jobs, messages
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.placeholders import EmptyState, ErrorState, NoResult
from expo_app.ui.records import list_page
from expo_app.ui.records.import_wizard import ImportWizard
from expo_app.ui.records.list_page import ListPage, Panel, Toggle
from expo_app.ui.records.record_dialog import RecordDialog
from tests.factories import make_attendee, make_booth, make_exhibitor, make_expo
from tests.ui.conftest import put

Shown = Callable[[QWidget], list[tuple[str, str]]]


class People(ListPage):
    """The page under test."""

    spec = ATTENDEES
    noun, counted = N_("人员"), N_("共 {n} 人")
    columns = ("badge_no", "person.name", "category_id", "person.phone", "state")

    def filters(self) -> list[Toggle]:
        return [Toggle("no_phone", "没有手机", lambda row: self.value(row, "person.phone") is None)]

    def panels(self, record_id: uuid.UUID, values: Any) -> list[Panel]:
        return [Panel("more", "更多", lambda: [Label(str(values["person.name"]))])]


class Companies(ListPage):
    spec = EXHIBITORS


PEOPLE = (
    ("沈华棣", "guest", AttendeeState.CONFIRMED, "13800005678"),
    ("单雄信", "visitor", AttendeeState.CONFIRMED, None),
    ("曾静", "visitor", AttendeeState.REGISTERED, "13900001111"),
)


@pytest.fixture
def page(context: Context, window: QMainWindow) -> People:
    """Three attendees on the screen."""
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        for name, category, state, phone in PEOPLE:
            make_attendee(session, expo, name, category=category, state=state, phone=phone)
    made = People(context)
    put(window, made)
    return made


def names(page: ListPage) -> list[str]:
    """The names shown, in order."""
    return [page.value(row, "person.name") for row in page.model.rows()]


def id_of(page: ListPage, name: str) -> uuid.UUID:
    return next(row[0] for row in page.rows if page.value(row, "person.name") == name)


def chips(page: ListPage) -> dict[object, int | None]:
    return {key: page.bar._chips.chip(key).count for key in page.bar._chips._chips}


def test_it_opens_sorted_with_its_facts(page: People, qtmodeltester: Any) -> None:
    qtmodeltester.check(page.model)
    assert names(page) == ["沈华棣", "单雄信", "曾静"]
    assert page.header._fact.whole_text == "共 3 人"
    assert page.model.sort_name == "badge_no"
    assert [column.label for column in page.model.columns] == ["", "证件号", "姓名", "类别", "手机", "状态"]
    assert page.value(page.rows[0], "person.phone") == "138****5678"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("沈", ["沈华棣"]), ("shd", ["沈华棣"]), ("shan", ["单雄信"]), ("5678", ["沈华棣"]), ("ZENG", ["曾静"]),
        ("单 sxx", ["单雄信"]), ("kj", []), ("xyz", []), ("%", []), ("", ["沈华棣", "单雄信", "曾静"]),
    ],
)  # fmt: skip
def test_search(page: People, text: str, found: list[str]) -> None:
    page.bar.choose(search=text)
    if text == "kj":
        assert names(page) == ["沈华棣", "单雄信", "曾静"]  # the badge number
    else:
        assert names(page) == found


def test_chips_count_what_a_press_would_leave(page: People) -> None:
    menus = {name: menu.items for name, menu in page.bar._menus.items()}
    assert [count for _key, _words, count in menus["category_id"]] == [3, 2, 1]
    page.bar.choose(state=AttendeeState.REGISTERED)
    assert names(page) == ["曾静"]
    assert chips(page) == {None: 1, "观众": 1, "嘉宾": 0}
    states = {key: count for key, _words, count in page.bar._menus["state"].items}
    assert states == {None: 3, AttendeeState.REGISTERED: 1, AttendeeState.CONFIRMED: 2, AttendeeState.CANCELLED: 0}
    page.bar.choose(no_phone=True)
    assert names(page) == []
    assert page.bar.describe() == "待确认 · 没有手机"
    page.bar.clear()
    assert len(names(page)) == 3


def test_a_press_on_a_switch_narrows_the_list_and_the_next_one_widens_it(page: People) -> None:
    switch = page.bar._switches["no_phone"]
    switch.click()
    assert names(page) == ["单雄信"]
    switch.click()
    assert len(names(page)) == 3


def test_nothing_found_names_the_conditions_and_can_be_cleared(page: People, window: QMainWindow) -> None:
    page.bar.choose(search="qn", category_id="嘉宾")
    state = page._pages.currentWidget()
    assert isinstance(state, NoResult)
    assert state.title.text() == "没有符合“嘉宾 · qn”的记录"
    page.bar.clear()
    assert page._pages.currentWidget() is page._card


def test_an_empty_list_offers_import_and_fills_itself(context: Context, window: QMainWindow) -> None:
    page = People(context)
    put(window, page)
    state = page._pages.currentWidget()
    assert isinstance(state, EmptyState)
    assert state.title.text() == "还没有人员"
    records.save(context.db, ATTENDEES, {"person.name": "沈华棣"}, expo_id=context.expo_id)
    QApplication.processEvents()
    assert names(page) == ["沈华棣"]
    assert page._pages.currentWidget() is page._card


def test_a_change_elsewhere_is_shown_and_the_place_is_kept(page: People, qtbot: QtBot) -> None:
    chosen, ticked = id_of(page, "曾静"), id_of(page, "单雄信")
    page.view.select_id(chosen)
    page.model.set_checked(ticked, True)
    records.save(page.context.db, ATTENDEES, {"title": "教授"}, id_of(page, "沈华棣"), expo_id=page.context.expo_id)
    records.save(page.context.db, ATTENDEES, {"person.name": "新来的"}, expo_id=page.context.expo_id)
    QApplication.processEvents()
    assert sorted(names(page)) == sorted(["沈华棣", "单雄信", "曾静", "新来的"])
    assert page.view.current_id() == chosen
    assert page.checked() == [ticked]


def test_a_hidden_page_waits_and_other_tables_do_not_matter(page: People, window: QMainWindow) -> None:
    page.hide()
    records.save(page.context.db, ATTENDEES, {"person.name": "新来的"}, expo_id=page.context.expo_id)
    QApplication.processEvents()
    assert len(names(page)) == 3
    page.show()
    assert len(names(page)) == 4
    asked: list[object] = []
    page.load = lambda db, expo_id: asked.append(1) or []  # type: ignore[method-assign,func-returns-value]
    page.context.changed.emit(frozenset({"lot"}))
    assert asked == []


def test_many_rows_are_read_in_a_worker(
    page: People, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, window: QMainWindow
) -> None:
    monkeypatch.setattr(list_page, "LARGE", 1)
    other = People(page.context)
    put(window, other)
    assert other._pages.currentWidget() is other._skeleton
    other.refresh()  # asked again meanwhile
    qtbot.waitUntil(lambda: not jobs.running())
    assert names(other) == ["沈华棣", "单雄信", "曾静"]
    assert other._pages.currentWidget() is other._card


def test_what_cannot_be_read_says_so_and_can_be_tried_again(page: People) -> None:
    good = page.load

    def bad(db: object, expo_id: object) -> list[Row]:
        raise UserError("磁盘读不出来。数据没有变动。", "E-DB-IO")

    page.load = bad  # type: ignore[method-assign]
    page.refresh()
    state = page._pages.currentWidget()
    assert isinstance(state, ErrorState)
    assert state.text.text() == "磁盘读不出来。数据没有变动。\n[E-DB-IO]"
    page.load = good  # type: ignore[method-assign]
    page.refresh()
    assert len(names(page)) == 3


def test_esc_leads_from_search_and_filters_back_to_the_rows(page: People, qtbot: QtBot) -> None:
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_F)
    assert not page.view.hasFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert page.view.hasFocus()
    page.focus_search()
    qtbot.keyClicks(QApplication.focusWidget(), "shd")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert (page.bar.search.text(), page.view.hasFocus()) == ("", False)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert page.view.hasFocus()


def test_the_panel_follows_the_rows_and_goes_with_esc(page: People, qtbot: QtBot) -> None:
    page.view.setFocus()
    page.view.select_id(id_of(page, "沈华棣"))
    qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert page.panel.isVisible()
    assert page.panel._title.text() == "沈华棣"
    assert [words for _key, words in page.panel._tab_keys] == ["概况", "更多"]
    qtbot.keyClick(page.view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.panel._title.text() == "单雄信")
    qtbot.keyClick(page.view, Qt.Key.Key_Escape)
    assert not page.panel.isVisible()
    assert page.view.hasFocus()


def test_phones_are_shown_for_a_reason_that_is_logged(page: People) -> None:
    page.open_record(id_of(page, "沈华棣"))
    shown = [label.text() for label in page.panel.findChildren(Label)]
    assert "138****5678" in shown
    page.panel.show_record(id_of(page, "沈华棣"), reveal="来电核实")
    shown = [label.text() for label in page.panel.findChildren(Label) if not label.isHidden()]
    assert "13800005678" in shown
    assert page.panel._eye.isHidden()


def test_a_new_record_is_saved_shown_and_can_be_taken_back(page: People, shown: Shown, qtbot: QtBot) -> None:
    qtbot.keyClick(page.view, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    box = dialog.top(page)
    assert isinstance(box, RecordDialog)
    assert box.title.text() == "新增人员"
    box.form.fill({"person.name": "李雷", "person.phone": "13700001234"})
    qtbot.keyClick(box.form.editor("person.name"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not box.is_open
    QApplication.processEvents()
    assert sorted(names(page)) == sorted(["沈华棣", "单雄信", "曾静", "李雷"])
    assert page.view.current_id() == id_of(page, "李雷")
    assert shown(page) == [("ok", "已新增人员")]
    page.undo()
    QApplication.processEvents()
    assert names(page) == ["沈华棣", "单雄信", "曾静"]


def test_an_edit_is_undone_and_redone(page: People) -> None:
    key = id_of(page, "曾静")
    page.edit(key)
    box = dialog.top(page)
    assert isinstance(box, RecordDialog)
    box.form.fill({"category_id": "媒体"})
    box.submit()

    def category() -> str:
        value: str = records.get(page.context.db, ATTENDEES, key)["category_id"]
        return value

    assert category() == "媒体"
    page.undo()
    assert category() == "观众"
    page.redo()
    assert category() == "媒体"


def add_by_hand(page: ListPage, **values: str) -> None:
    page.add()
    box = dialog.top(page)
    assert isinstance(box, RecordDialog)
    box.form.fill({name.replace("__", "."): value for name, value in values.items()})
    box.submit()
    QApplication.processEvents()


def test_a_masked_edit_is_undone_as_well(page: People) -> None:
    key = id_of(page, "沈华棣")
    page.edit(key)
    box = dialog.top(page)
    assert isinstance(box, RecordDialog)
    box.form.fill({"person.phone": "13700001234"})
    box.submit()
    page.undo()
    phone = records.get(page.context.db, ATTENDEES, key, reveal="核对")["person.phone"]
    assert phone == "+8613800005678"


def test_an_import_is_the_last_act_and_goes_first(page: People, tmp_path: Path, qtbot: QtBot) -> None:
    """Ctrl+Z right after an import once took back what was done before it."""
    add_by_hand(page, person__name="李雷")
    table = tmp_path / "名单.csv"
    table.write_text("姓名,手机\n韩梅,13700001111\n周敏,13700002222\n", "utf-8")
    page.import_file()
    wizard = dialog.top(page)
    assert isinstance(wizard, ImportWizard)
    wizard.read(table)
    qtbot.waitUntil(lambda: wizard.plan is not None)
    with qtbot.waitSignal(wizard.imported):
        wizard.apply()
    QApplication.processEvents()
    assert len(names(page)) == 6
    page.undo()
    qtbot.waitUntil(lambda: len(names(page)) == 4)
    assert sorted(names(page)) == sorted(["沈华棣", "单雄信", "曾静", "李雷"])
    page.redo()
    QApplication.processEvents()
    assert len(names(page)) == 4
    page.undo()
    QApplication.processEvents()
    assert names(page) == ["沈华棣", "单雄信", "曾静"]


def test_an_exhibitor_added_with_a_booth_is_taken_back_with_it(context: Context, window: QMainWindow) -> None:
    with context.db.transaction() as session:
        make_booth(session, session.get_one(Expo, context.expo_id), "A-020")
    page = Companies(context)
    put(window, page)
    add_by_hand(page, organisation__name="上海大学", booths="A-020")
    assert records.count(context.db, EXHIBITORS, context.expo_id) == 1
    page.undo()
    assert records.count(context.db, EXHIBITORS, context.expo_id) == 0
    page.redo()
    assert records.list_rows(context.db, EXHIBITORS, context.expo_id, [EXHIBITORS.field("booths")])[0][1] == "A-020"


def test_deleting_bars_what_came_before(page: People, shown: Shown) -> None:
    add_by_hand(page, person__name="李雷")
    page._delete([id_of(page, "曾静")])
    QApplication.processEvents()
    page.undo()
    QApplication.processEvents()
    assert sorted(names(page)) == sorted(["沈华棣", "单雄信", "李雷"])
    assert shown(page)[-1] == ("info", "“已删除 1 条”不能撤销")


def test_delete_asks_and_what_is_in_use_stays(page: People, shown: Shown, qtbot: QtBot) -> None:
    page.view.setFocus()
    page.view.select_id(id_of(page, "曾静"))
    qtbot.keyClick(page.view, Qt.Key.Key_Delete)
    question = dialog.top(page)
    assert isinstance(question, messages.Question)
    assert question.title == "删除“曾静”？"
    question.press("safe")
    assert len(records.list_rows(page.context.db, ATTENDEES, page.context.expo_id)) == 3
    page.remove([id_of(page, "曾静")])
    question = dialog.top(page)
    assert isinstance(question, messages.Question)
    question.press("verb")
    QApplication.processEvents()
    assert names(page) == ["沈华棣", "单雄信"]
    assert shown(page) == [("ok", "已删除 1 条")]


def test_deleting_and_exporting_ticked_rows_leave_out_what_a_filter_hides(
    page: People, qtbot: QtBot, shown: Shown
) -> None:
    """By the button, the Delete key and the export dialog alike."""
    from expo_app.ui.records.export_dialog import ExportDialog

    for name in ("沈华棣", "曾静"):
        page.model.set_checked(id_of(page, name), True)
    page.bar.choose(search="曾静")
    page.export()
    box = dialog.top(page)
    assert isinstance(box, ExportDialog)
    assert box._ids["checked"] == [id_of(page, "曾静")]
    box.close_with(None)
    assert shown(page)[-1] == ("info", "另有 1 条被筛选隐藏，不在其中")
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_Delete)
    question = dialog.top(page)
    assert isinstance(question, messages.Question)
    assert question.title == "删除“曾静”？"
    assert shown(page)[-1] == ("info", "另有 1 条被筛选隐藏，没有动")
    question.press("verb")
    QApplication.processEvents()
    page.bar.clear()
    assert (names(page), page.checked()) == (["沈华棣", "单雄信"], [id_of(page, "沈华棣")])


def test_a_refresh_takes_no_button_from_under_the_pointer(page: People) -> None:
    page.model.set_checked(id_of(page, "曾静"), True)
    before = page._bulk._line.itemAt(1).widget()
    records.save(page.context.db, ATTENDEES, {"title": "教授"}, id_of(page, "沈华棣"), expo_id=page.context.expo_id)
    QApplication.processEvents()
    assert page._bulk._line.itemAt(1).widget() is before


def test_keys_of_lists(page: People, qtbot: QtBot) -> None:
    page.view.setFocus()
    page.view.selectRow(0)
    qtbot.keyClick(page.view, Qt.Key.Key_Space)
    assert len(page.checked()) == 1
    qtbot.keyClick(page.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(page.checked()) == 3
    qtbot.keyClick(page.view, Qt.Key.Key_F)
    assert page.bar._chips.chip(None).hasFocus() or page.bar._menus["category_id"].hasFocus()
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.bar.search.hasFocus()
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_F2)
    assert isinstance(dialog.top(page), RecordDialog)


def test_copied_rows_are_tsv(page: People, qtbot: QtBot) -> None:
    page.view.selectRow(1)
    qtbot.keyClick(page.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    head, line = QGuiApplication.clipboard().text().split("\n")
    assert head == "证件号\t姓名\t类别\t手机\t状态"
    assert line.split("\t")[1:] == ["单雄信", "观众", "", "已确认"]


def test_who_may_not_write_only_looks(context: Context, window: QMainWindow) -> None:
    context.db.actor = Actor("孙正", Role.AUDITOR)
    page = People(context)
    put(window, page)
    buttons = {button.text(): button.isEnabled() for button in page.header.findChildren(list_page.Button)}
    assert buttons == {"导入": False, "导出": True, "新增": False}
    page.add()
    assert dialog.top(page) is None


def test_others_can_ask_for_a_record_a_search_a_filter_a_form(page: People) -> None:
    page.open_with(ListRoute(page.spec, record=id_of(page, "曾静")))
    assert page.panel._title.text() == "曾静"
    page.open_with(ListRoute(page.spec, search="shd"))
    assert names(page) == ["沈华棣"]
    page.open_with(ListRoute(page.spec, facets={"category_id": "观众", "no_phone": True}))
    assert names(page) == ["单雄信"]
    page.open_with(ListRoute(page.spec, new=True))
    assert isinstance(dialog.top(page), RecordDialog)


def test_a_page_not_yet_read_remembers_what_was_asked(page: People, window: QMainWindow) -> None:
    fresh = People(page.context)
    fresh.open_with(ListRoute(page.spec, record=id_of(page, "曾静")))
    put(window, fresh)
    assert fresh.panel._title.text() == "曾静"


def test_another_expo_shows_its_own(page: People) -> None:
    from expo_app.services import expos

    with page.context.db.transaction() as session:
        expo = make_expo(session)
        make_attendee(session, expo, "别处的人")
        key = expo.id
    other = expos.current(page.context.db, key)
    assert other is not None
    page.context.set_expo(other)
    assert names(page) == ["别处的人"]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_exhibitors_open_in_both_languages(context: Context, window: QMainWindow, language: str) -> None:
    i18n.set_language(language)
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        make_exhibitor(session, expo, "昆山德盈机器人有限公司", region_code="320583", industry="mfg")
        make_exhibitor(session, expo, "温州瓯江激光装备有限公司", region_code="330302", industry=None)
    page = Companies(context)
    put(window, page)
    assert page.model.rowCount() == 2
    page.open_record(page.rows[0][0])
    assert page.panel.isVisible()
    groups = {page.bar.facets[0].words(key) for key in page.bar._chips._chips if key}
    assert len(groups) == 2


def test_a_masked_list_never_holds_a_phone(page: People) -> None:
    with page.context.db.reading() as session:
        phones = [p for p in session.query(Person.phone).join(Attendee, Attendee.person_id == Person.id) if p[0]]
    held = str(page.rows)
    assert phones
    assert [phone for (phone,) in phones if phone[-11:] in held] == []


@pytest.mark.parametrize("text", ["138 0000 5678", "+86 138-0000-5678", "沈华棣先生 13800005678", "5678"])
def test_a_list_is_searched_by_a_number_in_any_spelling(page: People, text: str) -> None:
    page.bar.choose(search=text)
    assert names(page) == ["沈华棣"]
    page.bar.choose(search="138 0000 5679")
    assert names(page) == []


def test_model_keeps_qt_satisfied_while_filtering(page: People) -> None:
    watch = QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for text in ("s", "zz", ""):
        page.bar.choose(search=text)
    page.refresh()
    assert watch.model() is page.model


def test_beside_an_open_panel_columns_make_room_from_the_right(page: People, window: QMainWindow, qtbot: QtBot) -> None:
    window.resize(760, 700)
    QApplication.processEvents()
    names_ = [column.name for column in page.model.columns]

    def hidden() -> list[str]:
        return [name for n, name in enumerate(names_) if page.view.isColumnHidden(n)]

    assert hidden() == []
    page.open_record(id_of(page, "曾静"))
    qtbot.waitUntil(lambda: bool(hidden()))
    assert hidden()[-1] == "person.phone"
    assert "person.name" not in hidden()
    page.panel.close_panel()
    qtbot.waitUntil(lambda: not hidden())


def test_what_rows_say_is_read_in_the_worker(
    page: People, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, window: QMainWindow
) -> None:
    """100,000 rows times every facet and toggle would hold the window up."""
    import threading

    asked: set[int] = set()

    class Heavy(People):
        def filters(self) -> list[Toggle]:
            return [Toggle("slow", "慢", lambda row: not asked.add(threading.get_ident()))]  # type: ignore[func-returns-value]

    monkeypatch.setattr(list_page, "LARGE", 1)
    other = Heavy(page.context)
    put(window, other)
    qtbot.waitUntil(lambda: bool(other.rows) and not jobs.running())
    other.bar.choose(search="shd", slow=True)
    assert names(other) == ["沈华棣"]
    assert len(asked) == 1
    assert threading.get_ident() not in asked


def test_two_conditions_leave_to_each_its_other_choices(page: People) -> None:
    page.bar.choose(category_id="观众", state=AttendeeState.CONFIRMED)
    assert names(page) == ["单雄信"]
    counts = {name: {key: n for key, _w, n in menu.items if n} for name, menu in page.bar._menus.items()}
    assert counts["category_id"] == {None: 2, "观众": 1, "嘉宾": 1}
    assert counts["state"] == {None: 2, AttendeeState.CONFIRMED: 1, AttendeeState.REGISTERED: 1}
