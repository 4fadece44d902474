"""类目: words are edited in the cell, moved, merged, hidden, deleted; every act by keys, every act taken back."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from expo_app import i18n
from expo_app.model import Colour, CountsAs, Expo, Pattern, Role, WordRole
from expo_app.routes import ListRoute
from expo_app.routes.settings import SectionRoute
from expo_app.services import expos, records, words
from expo_app.specs import SPECS
from expo_app.store.database import Actor
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.pages.settings import SettingsPage
from expo_app.ui.pages.vocabularies import VocabulariesPage
from expo_app.ui.pages.vocabularies.dialogs import MergeDialog, OfferDialog
from expo_app.ui.pages.vocabularies.entries import ENTRIES
from expo_app.ui.pages.vocabularies.looks import LookPopup
from tests.factories import local, make_attendee, make_exhibitor, make_gate, make_scan
from tests.ui.conftest import put

NEXT = {"name": "第二届", "code": "KJH19", "starts_on": "2019-11-28", "ends_on": "2019-11-30"}
FOUR = ["信息技术", "新能源", "高端制造", "健康医疗"]


@pytest.fixture
def industries(context):
    words.add_preset(context.db, context.expo_id, "industries_four")
    return SPECS["industries"]


@pytest.fixture
def page(context, window, industries):
    made = VocabulariesPage(context)
    put(window, made)
    return made


@pytest.fixture
def shown_words(page):
    return page.current


def terms(context, name="industries"):
    return words.terms(context.db, name, context.expo_id)


def names(context, name="industries"):
    return [term.name for term in terms(context, name)]


def in_table(page):
    return [line.term.name for line in page.current.table.words.lines if line.term]


def key_of(context, name, vocabulary="industries"):
    return next(term.id for term in terms(context, vocabulary) if term.name == name)


def choose(page, context, name):
    page.current.table.choose(key_of(context, name))
    page.current.table.setFocus()
    QApplication.processEvents()


def press(page, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(page.current.table, key, modifier)
    QApplication.processEvents()


def write(page, text, key=Qt.Key.Key_Return):
    editor = page.current.table._editor
    editor.setText(text)
    QTest.keyClick(editor, key)
    QApplication.processEvents()


def popup_of(page):
    found = [box for box in page.current.findChildren(LookPopup) if box.isVisible()]
    return found[-1]


# --- what is there ----------------------------------------------------------------------------------------------------
def test_what_stays_fixed_is_no_vocabulary(page):
    assert {entry.name for entry in ENTRIES} & {"deals", "maturities", "payments", "sources"} == set()
    assert [*page._buttons] == [
        "industries", "organisation_kinds", "region_groups", "categories", "item_kinds", "achievement_kinds",
        "booth_kinds",
    ]  # fmt: skip


def test_the_list_at_the_left_counts_what_is_in_use(page, context):
    assert page._buttons["industries"].accessibleName() == "产业 4"
    page.current.do("hide", key_of(context, "新能源"))
    QApplication.processEvents()
    assert page._buttons["industries"].accessibleName() == "产业 3"
    assert "3 个在用、1 个隐藏" in page.current.header._fact.whole_text


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_vocabulary_opens(context, window, industries, language):
    i18n.set_language(language)
    page = VocabulariesPage(context)
    put(window, page)
    for name in page._buttons:
        page.choose(name)
        QApplication.processEvents()
        assert page.current.isVisible()


def test_ways_lead_to_a_vocabulary_and_to_a_word(context, window, industries):
    page = SettingsPage(context)
    put(window, page)
    page.open_with(SectionRoute("booth_kinds"))
    assert page.current.key == "booth_kinds"
    assert page.place() == SectionRoute("booth_kinds")
    key = key_of(context, "高端制造")
    page.open_with(ListRoute(SPECS["words"], record=key))
    QApplication.processEvents()
    assert (page.current.key, page.current.current.table.current_key()) == ("industries", key)


def test_an_empty_vocabulary_offers_presets_first(context, window):
    page = VocabulariesPage(context)
    put(window, page)
    state = page.current.findChild(EmptyState)
    assert state.title.text() == "还没有产业"
    buttons = [button.text() for button in state.findChildren(type(page.current.presets))]
    assert buttons == ["套用预设"]
    assert state.findChildren(type(page.current.presets))[0].property("kind") == "primary"


# --- writing in the cell ----------------------------------------------------------------------------------------------
def test_a_name_is_changed_by_keys_and_taken_back(page, context, shown):
    choose(page, context, "新能源")
    press(page, Qt.Key.Key_F2)
    write(page, "新能源与节能")
    assert names(context)[1] == "新能源与节能"
    assert shown(page)[-1] == ("ok", "已改名：新能源与节能")
    page.undo()
    assert names(context) == FOUR
    page.redo()
    assert names(context)[1] == "新能源与节能"
    assert in_table(page) == names(context)


def test_a_click_begins_writing_and_leaving_keeps(page, context):
    table = page.current.table
    section = [column.name for column in table.words.columns].index("name_en")
    point = table.visualRect(table.words.index(1, section)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert table.is_editing
    table._editor.setText("Green energy")
    page.current.search.show()
    page.current.search.setFocus()
    QApplication.processEvents()
    assert terms(context).keyed("energy").name_en == "Green energy"
    assert not table.is_editing


def test_escape_gives_up(page, context):
    choose(page, context, "新能源")
    press(page, Qt.Key.Key_F2)
    write(page, "别的", Qt.Key.Key_Escape)
    assert names(context) == FOUR
    assert page.current.table.hasFocus()


def test_tab_goes_on_to_the_next_cell(page, context):
    choose(page, context, "新能源")
    press(page, Qt.Key.Key_F2)
    write(page, "新能", Qt.Key.Key_Tab)
    assert page.current.table._edited[1] == "name_en"
    write(page, "Energy", Qt.Key.Key_Tab)
    write(page, "储能、氢能、储能、新能")
    found = terms(context).keyed("energy")
    assert (found.name, found.name_en, found.aliases) == ("新能", "Energy", ("储能", "氢能"))


def test_a_name_that_is_there_is_refused_under_the_cell(page, context):
    choose(page, context, "新能源")
    press(page, Qt.Key.Key_F2)
    write(page, "信息技术")
    table = page.current.table
    assert table.is_editing
    assert table.problem.isVisible()
    assert table.problem.text() == "“信息技术”已经是“信息技术”的名称或别名。"
    assert table._editor.property("state") == "bad"
    assert table._editor.accessibleDescription() == table.problem.text()
    write(page, "新能源二")
    assert not table.problem.isVisible()
    assert names(context)[1] == "新能源二"


def test_what_is_typed_survives_news_from_elsewhere(page, context):
    choose(page, context, "新能源")
    press(page, Qt.Key.Key_F2)
    page.current.table._editor.setText("新能源三")
    words.restyle(context.db, context.expo_id, SPECS["industries"], key_of(context, "信息技术"), is_hidden=True)
    QApplication.processEvents()
    assert page.current.table._editor.text() == "新能源三"
    QTest.keyClick(page.current.table._editor, Qt.Key.Key_Return)
    assert names(context)[1] == "新能源三"


def test_an_alias_is_added_and_taken_off_by_mouse(page, context):
    page.current.save_cell(key_of(context, "新能源"), "aliases", "储能、氢能")
    table = page.current.table
    section = [column.name for column in table.words.columns].index("aliases")
    parts = list(
        table._delegate.parts(
            table.visualRect(table.words.index(1, section)), table.words.lines[1], table.words.columns[section]
        )
    )
    assert [(part.verb, part.about) for part in parts[:3]] == [("untag", "储能"), ("untag", "氢能"), ("tag", "")]
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=parts[0].rect.center())
    assert terms(context).keyed("energy").aliases == ("氢能",)
    page.undo()
    assert terms(context).keyed("energy").aliases == ("储能", "氢能")


def test_a_new_word_is_typed_in_a_line_at_the_end(page, context):
    page.current.add()
    write(page, "新材料")
    assert names(context) == [*FOUR, "新材料"]
    page.current.add()
    write(page, "海洋", Qt.Key.Key_Escape)
    assert in_table(page) == [*FOUR, "新材料"]
    page.undo()
    assert names(context) == FOUR


def test_ctrl_n_begins_a_line_in_the_vocabulary_shown(page, context):
    page.choose("item_kinds")
    page.choose("industries")
    choose(page, context, "新能源")
    QTest.keyClick(page.current.table, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    write(page, "新材料")
    assert names(context)[-1] == "新材料"
    assert "新材料" not in names(context, "item_kinds")


def test_tab_leaves_what_is_refused_and_leads_back_to_it(page, context):
    choose(page, context, "新能源")
    press(page, Qt.Key.Key_F2)
    write(page, "信息技术", Qt.Key.Key_Tab)
    table = page.current.table
    assert table.is_editing
    assert not table._editor.hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert table._editor.hasFocus()
    write(page, "", Qt.Key.Key_Escape)
    assert not table.is_editing
    assert names(context) == FOUR


def test_a_new_kind_of_item_is_taken_for_something_else_until_said(page, context):
    page.choose("item_kinds")
    QApplication.processEvents()
    page.current.add()
    write(page, "走访")
    assert [term.role for term in terms(context, "item_kinds").offered if term.name == "走访"] == [WordRole.OTHER]


# --- order, look, hidden ----------------------------------------------------------------------------------------------
def test_alt_and_arrows_move_a_word(page, context):
    choose(page, context, "健康医疗")
    press(page, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    press(page, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert in_table(page) == ["信息技术", "健康医疗", "新能源", "高端制造"]
    assert page.current.table.current_key() == key_of(context, "健康医疗")
    press(page, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    page.undo()
    page.undo()
    page.undo()
    assert names(context) == FOUR


def test_the_handle_moves_a_word(page, context):
    table = page.current.table
    start, end = (table.visualRect(table.words.index(row, 0)).center() for row in (0, 2))
    QTest.mousePress(table.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(table.viewport(), end + QPoint(0, 15))
    QTest.mouseRelease(table.viewport(), Qt.MouseButton.LeftButton, pos=end + QPoint(0, 15))
    assert names(context) == ["新能源", "高端制造", "信息技术", "健康医疗"]


def test_nothing_is_moved_while_a_filter_is_on(page, context):
    page.current.search.set_text("新能")
    page.current._show()
    assert in_table(page) == ["新能源"]
    choose(page, context, "新能源")
    press(page, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    page.current.move_word(key_of(context, "新能源"), 0)
    assert names(context) == FOUR


def test_a_look_is_chosen_and_one_in_use_refused(page, context):
    choose(page, context, "新能源")
    page.current.do("look", key_of(context, "新能源"))
    popup = popup_of(page)
    taken = popup.button(Colour.BLUE, Pattern.DOTTED)
    assert taken.accessibleName() == "蓝 圆点（信息技术在用）"
    taken.click()
    assert popup.isVisible()
    assert popup.problem.text() == "“信息技术”已经用这个颜色和图案。"
    popup.button(Colour.TEAL, Pattern.GRID).click()
    QApplication.processEvents()
    found = terms(context).keyed("energy")
    assert (found.colour, found.pattern) == (Colour.TEAL, Pattern.GRID)
    page.undo()
    assert terms(context).keyed("energy").colour is Colour.GREEN


def test_a_look_is_chosen_by_keys(page, context):
    choose(page, context, "信息技术")
    table = page.current.table
    table.setCurrentIndex(table.words.index(0, [column.name for column in table.words.columns].index("look")))
    press(page, Qt.Key.Key_Return)
    popup = popup_of(page)
    QTest.keyClick(popup, Qt.Key.Key_Right)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert (terms(context).keyed("it").colour, terms(context).keyed("it").pattern) == (Colour.BLUE, Pattern.HORIZONTAL)


def test_h_hides_and_shows(page, context):
    choose(page, context, "新能源")
    press(page, Qt.Key.Key_H)
    assert [term.name for term in terms(context).offered] == ["信息技术", "高端制造", "健康医疗"]
    assert in_table(page) == FOUR
    press(page, Qt.Key.Key_H)
    assert len(terms(context).offered) == 4


# --- merging and deleting ---------------------------------------------------------------------------------------------
def test_m_asks_once_and_merges(page, context, window, shown):
    choose(page, context, "健康医疗")
    press(page, Qt.Key.Key_M)
    box = dialog.top(window)
    assert isinstance(box, MergeDialog)
    assert [box.target.itemText(n) for n in range(box.target.count())] == FOUR[:3]
    box.target.setCurrentIndex(1)
    QTest.keyClick(box.target, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert jobs.wait(60_000)
    QApplication.processEvents()
    assert names(context) == FOUR[:3]
    assert terms(context).keyed("energy").aliases == ("健康医疗",)
    assert shown(page)[-1] == ("ok", "已把“健康医疗”并入“新能源”")
    page.undo()
    assert jobs.wait(60_000)
    QApplication.processEvents()
    assert names(context) == FOUR
    assert terms(context).keyed("energy").aliases == ()


def test_del_takes_an_unused_word_and_undo_brings_it_back(page, context):
    choose(page, context, "新能源")
    press(page, Qt.Key.Key_Delete)
    assert in_table(page) == ["信息技术", "高端制造", "健康医疗"]
    page.undo()
    assert in_table(page) == FOUR


def test_the_right_button_opens_the_menu(page, context, qapp):
    choose(page, context, "新能源")
    press(page, Qt.Key.Key_Menu)
    opened = [menu for menu in page.current.findChildren(QMenu) if menu.isVisible()]
    assert [menu.actions()[0].text() for menu in opened] == ["改名\tF2"]
    opened[0].close()


def test_the_menu_offers_every_act_with_its_key(page, context):
    menu = Menu()
    page.current.fill_menu(menu, terms(context).keyed("it"))
    acts = {act.text().partition("\t")[0]: act for act in menu.actions()}
    assert [*acts] == [
        "改名", "改英文", "改别名", "颜色和图案", "上移", "下移", "并入…", "隐藏这个词", "删除",
    ]  # fmt: skip
    assert (acts["上移"].isEnabled(), acts["下移"].isEnabled()) == (False, True)
    acts["下移"].trigger()
    assert names(context)[0] == "新能源"


@pytest.fixture
def firms(context, industries):
    """Two exhibitors of new energy, one without an industry."""
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        return [make_exhibitor(session, expo, industry=key).id for key in ("energy", "energy", "")]


def test_a_number_leads_to_the_records_behind_it(firms, page, context):
    routes = []
    context.navigated.connect(routes.append)
    table = page.current.table
    section = [column.name for column in table.words.columns].index("used")
    assert [line.used for line in table.words.lines] == [0, 2, 0, 0]
    for row in (0, 1):  # nothing leads from 0
        QTest.mouseClick(
            table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.words.index(row, section)).center()
        )
    table.setCurrentIndex(table.words.index(1, section))
    press(page, Qt.Key.Key_Return)
    page.current._open_lacking.click()
    assert [(route.spec.name, route.trace.words) for route in routes] == [
        ("exhibitors", "产业 新能源"), ("exhibitors", "产业 新能源"), ("exhibitors", "没有产业"),
    ]  # fmt: skip
    assert [records.traced(context.db, route.trace) for route in routes[1:]] == [set(firms[:2]), {firms[2]}]
    assert page.current._lacking.text() == "1 条参展商没有产业"
    assert "参展商 3 条，2 条已填" in page.current.header._fact.whole_text


def test_del_says_what_to_do_with_a_word_in_use(firms, page, context, shown):
    choose(page, context, "新能源")
    press(page, Qt.Key.Key_Delete)
    assert names(context) == FOUR
    said = "“新能源”有 2 条记录在用，没有删除，数据未变。可以隐藏（H），或并入另一个词（M）。"
    assert shown(page)[-1] == ("warn", said)


def test_merging_says_how_many_records_change(firms, page, context, window):
    choose(page, context, "新能源")
    assert page.current._merging.text() == "“新能源”的 2 条记录改成并入的那个，原名记成别名，可撤销"
    press(page, Qt.Key.Key_M)
    said = [label.text() for label in dialog.top(window).findChildren(Label)]
    assert "2 条记录改成并入的那个，“新能源”记成它的别名。Ctrl+Z 可撤销。" in said


# --- ready-made words -------------------------------------------------------------------------------------------------
def presets_menu(page):
    menu = Menu()
    page.current._fill_presets(menu)
    return menu


def test_a_preset_is_shown_before_it_is_added(page, context, window):
    menu = presets_menu(page)
    said = [act.text() for act in menu.actions() if not act.isSeparator()]
    assert said[0] == "只补没有的，不动已有的"
    assert said[-1] == "从上一届沿用…\t没有上一届"
    assert not menu.actions()[-1].isEnabled()
    next(act for act in menu.actions() if act.text().startswith("战略性")).trigger()
    box = dialog.top(window)
    assert isinstance(box, OfferDialog)
    assert box.add_button.text() == "新增 5 个"
    box.add_button.click()
    assert len(names(context)) == 9
    page.undo()
    assert names(context) == FOUR


def test_words_of_the_last_edition_are_offered(context, window, industries):
    following = expos.create(context.db, NEXT)
    words.arrange(context.db, context.expo_id, industries, [key_of(context, "健康医疗")])
    context.set_expo(next(expo for expo in expos.all_expos(context.db) if expo.id == following))
    page = VocabulariesPage(context)
    put(window, page)
    menu = presets_menu(page)
    menu.actions()[-1].trigger()
    dialog.top(window).press("verb")
    assert names(context)[0] == "健康医疗"
    assert in_table(page) == names(context)


# --- categories of attendees ------------------------------------------------------------------------------------------
@pytest.fixture
def at_categories(context, page):
    """The ready-made categories; two people came as visitors, one as an investor."""
    words.add_preset(context.db, context.expo_id, "categories")
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        gate = make_gate(session, expo, "南门")
        for key in ("visitor", "visitor", "investor"):
            person = make_attendee(session, expo, category=key)
            make_scan(session, gate, person, local(28, 10))
    page.choose("categories")
    QApplication.processEvents()
    return page.current


def cells(listed, name):
    """What the table says of a category, by column."""
    model = listed.table.words
    row = next(n for n, line in enumerate(model.lines) if line.term.name == name)
    return {column.name: column.words(model.lines[row]) for column in model.columns}


def test_a_category_says_band_days_quota_and_gates(at_categories, context):
    listed = at_categories
    listed._kept(
        {"quota_area": "3", "quota_least": "2", "opens": "08:00", "closes": "17:30"},
        key_of(context, "参展商", "categories"),
        "",
    )
    told = cells(listed, "参展商")
    assert told == {
        "handle": "", "band": "蓝 E", "name": "参展商\nExhibitor", "counts_as": "参展方",
        "valid": "展期 3 天\n08:00–17:30", "quota": "1 个 / 3 ㎡\n至少 2 个", "gates": "南门", "used": "0",
    }  # fmt: skip
    assert cells(listed, "观众")["used"] == "2"
    assert "3 人已登记" in listed.header._fact.whole_text


def test_what_a_category_counts_as_changes_after_before_and_after_were_seen(at_categories, context, window, qapp):
    listed = at_categories
    investor = listed.terms.keyed("investor")
    listed.ask_counting(investor, investor.counts_as)
    assert dialog.top(window) is None
    listed.ask_counting(investor, CountsAs.NOBODY)
    assert jobs.wait(60_000)
    qapp.processEvents()
    box = dialog.top(window)
    said = "\n".join(label.text() for label in box.findChildren(Label))
    assert "“投资人”改为计作不计？" in said
    assert "观众  3 → 2" in said
    assert "专业观众  1 → 0" in said
    box.press("verb")
    assert terms(context, "categories").keyed("investor").counts_as is CountsAs.NOBODY
    listed.undo()
    assert terms(context, "categories").keyed("investor").counts_as is CountsAs.TRADE_VISITOR


def test_gates_are_ticked_for_a_category_and_the_gate_knows_it(at_categories, context, window):
    listed = at_categories
    with context.db.transaction() as session:
        other = make_gate(session, session.get_one(Expo, context.expo_id), "货运通道").id
    investor = listed.terms.keyed("investor")
    listed.do("gates", investor.id)
    box = dialog.top(window)
    assert [tick.isChecked() for tick in box.ticks.values()] == [True, True]
    box.ticks[other].setChecked(False)
    QTest.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert cells(listed, "投资人")["gates"] == "南门"
    said = records.get(context.db, SPECS["gates"], other)["categories"]
    assert said.split("、") == [name for name in names(context, "categories") if name != "投资人"]
    listed.undo()
    assert cells(listed, "投资人")["gates"] == "南门、货运通道"
    assert records.get(context.db, SPECS["gates"], other)["categories"] is None


def test_a_category_is_added_in_the_form_and_named_in_the_cell(at_categories, context, window, page):
    listed = at_categories
    listed.add()
    box = dialog.top(window)
    box.form.set_values({"name": "志愿者", "letter": "W", "counts_as": CountsAs.STAFF})
    box.submit()
    assert names(context, "categories")[-1] == "志愿者"
    listed.table.choose(key_of(context, "志愿者", "categories"))
    listed.table.setFocus()
    press(page, Qt.Key.Key_F2)
    write(page, "服务志愿者")
    assert names(context, "categories")[-1] == "服务志愿者"
    press(page, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert names(context, "categories")[-2] == "服务志愿者"


# --- who may only look ------------------------------------------------------------------------------------------------
def test_for_a_role_that_may_not_write_cells_are_text(context, window, industries):
    context.set_actor(Actor("志愿者", Role.DESK))
    page = VocabulariesPage(context)
    put(window, page)
    table = page.current.table
    assert [column.name for column in table.words.columns] == ["look", "name", "name_en", "aliases", "used"]
    choose(page, context, "新能源")
    for key in (Qt.Key.Key_F2, Qt.Key.Key_M, Qt.Key.Key_H, Qt.Key.Key_Delete, Qt.Key.Key_Return):
        press(page, key)
        assert not table.is_editing
    assert dialog.top(window) is None
    assert not page.current.add_line.isVisible()
    assert names(context) == FOUR


def test_a_screen_reader_is_told_each_cell(page):
    model = page.current.table.words
    told = [
        model.data(model.index(0, n), Qt.ItemDataRole.AccessibleTextRole) for n, _column in enumerate(model.columns)
    ]
    assert told[1:4] == ["色与纹 蓝 圆点", "名称 信息技术", "英文 Information technology"]
    assert all(told)
