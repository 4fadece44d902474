"""参展商: figures, filters, the panel with people and phones, arrivals and states with undo."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from expo_app import i18n
from expo_app.model import Exhibitor, ExhibitorKind, ExhibitorState, Expo, Role
from expo_app.routes import ListRoute
from expo_app.routes.badges import BadgesRoute
from expo_app.routes.floor import PlanRoute
from expo_app.services import exhibitors, records
from expo_app.services.checkin import OpenDesk
from expo_app.specs import DEALS, EXHIBITORS
from expo_app.store.database import Actor
from expo_app.ui.kit import dialog, jobs, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.filters import UNFILLED
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label, SectionTitle
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.exhibitors import ExhibitorsPage
from expo_app.ui.parts.exhibitor_panel import ContactRow
from tests.factories import (
    local,
    make_achievement,
    make_attendee,
    make_badge,
    make_booth,
    make_deal,
    make_desk,
    make_exhibitor,
    make_gate,
    make_organisation,
)
from tests.ui.clipping import clipped
from tests.ui.conftest import put

ARRIVED, CONFIRMED = ExhibitorState.ARRIVED, ExhibitorState.CONFIRMED


@pytest.fixture
def ids(context):
    """氢能 in A-007 is awaited, with people, exhibits, deals; 光电 has arrived, lacks its data; 检测 is a service."""
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        power = make_exhibitor(
            session, expo, "嘉定氢能", region_code="310114", industry="energy", contact="高建峰",
            phone="13812345678", exhibits="电堆",
        )  # fmt: skip
        light = make_exhibitor(session, expo, "中科光电", region_code="320583", state=ARRIVED)
        institute = make_organisation(session, "昆山检测", kind="service", region_code="320583")
        test = make_exhibitor(session, expo, organisation_id=institute.id, kind=ExhibitorKind.SERVICE)
        partner = make_exhibitor(session, expo, "马陆科讯", main_id=power.id, region_code="310114")
        make_booth(session, expo, "A-007", power)
        make_booth(session, expo, "S-001", test)
        for n, title in enumerate(("电堆", "瓶阀", "加氢站", "采集终端")):
            ways = ["TRANSFER", "LICENCE"] if n == 0 else None
            make_achievement(session, expo, title, owner_id=power.organisation_id, transfer_ways=ways)
        make_deal(session, expo, "联合开发", 8_600_000, sellers=("嘉定氢能",))
        staff = make_attendee(session, expo, "许静", phone="13900001111", exhibitor_id=power.id)
        chief = make_attendee(session, expo, person_id=power.contact_id, exhibitor_id=power.id)
        make_badge(session, staff, printed_at=local(20))
        make_badge(session, chief)
        return {
            "氢能": power.id,
            "光电": light.id,
            "检测": test.id,
            "马陆": partner.id,
            "高建峰": chief.id,
            "许静": staff.id,
        }


@pytest.fixture
def page(context, window, ids):
    made = ExhibitorsPage(context)
    put(window, made)
    return made


@pytest.fixture
def gone_to(context):
    """Where the page sent the window: (page, arguments)."""
    heard = []
    context.navigated.connect(heard.append)
    return heard


def column(page, name):
    return [page.value(row, name) for row in page.model.rows()]


def banners(page):
    return [banner.text for banner in page.panel.findChildren(Banner) if banner.isVisible()]


def button(page, words):
    return next(b for b in page.panel.findChildren(Button) if b.text() == words and b.isVisible())


def settle(qapp):
    qapp.processEvents()
    assert jobs.wait(60_000)
    qapp.processEvents()


# --- the list ---


def test_the_fact_line_tells_the_published_figures(page):
    assert page.fact(page.rows) == "2 家 · 已到场 1 · 胸卡已打 1 / 2 · 另有服务机构 1 家、联合参展 1 家"


def test_the_industry_column_falls_back_to_the_kind_of_organisation(page):
    page.model.sort_by("organisation.industry_id")
    assert column(page, "organisation.industry_id") == ["新能源", "技术服务机构", None, None]


def test_regions_are_chips_in_the_reports_order_with_their_counts(page):
    assert [chip.text() for chip in page.bar._chips._chips.values()] == ["全部 4", "嘉定 2", "昆山 2"]


def test_chips_add_up_with_those_that_say_nothing(page, context, qapp):
    records.save(context.db, EXHIBITORS, {"organisation.name": "新来的"}, expo_id=context.expo_id)
    settle(qapp)
    assert [chip.text() for chip in page.bar._chips._chips.values()] == ["全部 5", "嘉定 2", "昆山 2", "未填 1"]
    page.bar._chips.chip(UNFILLED).click()
    assert column(page, "organisation.name") == ["新来的"]
    assert page.bar.describe() == "未填"


def test_who_only_applied_is_told_apart(page, context, ids, qapp):
    exhibitors.set_state(context.db, list(ids.values())[:4], ExhibitorState.APPLIED)
    settle(qapp)
    assert page.fact(page.rows).startswith("已确认 0 家 · 申请 2 家 · 已到场 0 · ")


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"absent": True}, ["嘉定氢能", "昆山检测"]),
        ({"incomplete": True}, ["中科光电", "昆山检测", "马陆科讯"]),
        ({"region_group": "昆山"}, ["中科光电", "昆山检测"]),
        ({"state": ARRIVED}, ["中科光电"]),
        ({"kind": ExhibitorKind.SERVICE}, ["昆山检测"]),
        ({"search": "jdqn"}, ["嘉定氢能"]),
        ({"search": "a-007"}, ["嘉定氢能"]),
    ],
)
def test_filters_leave_what_they_count(page, wanted, names):
    page.bar.choose(**wanted)
    assert sorted(column(page, "organisation.name")) == sorted(names)


def test_a_company_without_a_booth_is_in_the_list(page):
    booths = dict(zip(column(page, "organisation.name"), column(page, "booths"), strict=True))
    assert booths == {"嘉定氢能": "A-007", "昆山检测": "S-001", "中科光电": None, "马陆科讯": None}


def test_new_exhibitors_and_badges_appear_by_themselves(page, context, qapp):
    records.save(context.db, EXHIBITORS, {"organisation.name": "新来的"}, expo_id=context.expo_id)
    settle(qapp)
    assert len(page.rows) == 5


# --- the panel ---


def test_the_panel_tells_who_and_where(page, ids):
    page.open_record(ids["氢能"])
    title, facts, pills = page.head(records.get(page.context.db, EXHIBITORS, ids["氢能"]))
    assert (title, facts) == ("嘉定氢能", "嘉定 · 新能源 · 标准展台 9 ㎡")
    assert pills == [("A-007", "info"), ("已确认", "info")]
    assert [words for _key, words in page.panel._tab_keys] == ["概况", "联系人 2", "展品 4", "成交 1"]


def test_the_panel_warns_first_then_lists_a_few_of_each(page, ids, qapp):
    page.open_record(ids["氢能"])
    assert banners(page) == ["1 张胸卡未打印：高建峰", "还没有到场"]
    titles = [title.text() for title in page.panel.findChildren(SectionTitle) if title.isVisible()]
    assert titles[:4] == ["联系人", "展品", "成交与意向", "联合参展"]
    assert [row.contact.name for row in page.panel.findChildren(ContactRow)] == ["高建峰", "许静"]
    button(page, "查看全部 4 项").click()
    qapp.processEvents()
    assert page.panel.tabs.key == "exhibits"
    shown = [row for row in page.panel.findChildren(ItemRow) if row.isVisible()]
    assert len(shown) == 4


def test_exhibits_of_an_import_are_there_as_text(page, context, qapp):
    """They stand in the file as words; the achievements are entered later."""
    values = {"organisation.name": "苏州纳米", "exhibits": "纳米膜、石墨烯\n；量子点 "}
    key = records.save(context.db, EXHIBITORS, values, expo_id=context.expo_id)
    settle(qapp)
    counts = dict(zip(column(page, "organisation.name"), column(page, "exhibit_count"), strict=True))
    assert counts == {"嘉定氢能": 4, "苏州纳米": 3, "中科光电": 0, "马陆科讯": 0, "昆山检测": 0}
    page.open_record(key)
    qapp.processEvents()
    assert "展品" in [title.text() for title in page.panel.findChildren(SectionTitle)]
    named = [label.text() for label in page.panel.findChildren(Label)]
    assert [name for name in named if name in ("纳米膜", "石墨烯", "量子点")] == ["纳米膜", "石墨烯", "量子点"]
    assert [panel.words for panel in page.panels(key, page.sheet._values)][1] == "展品 3"


def test_what_is_missing_is_named(page, ids):
    page.open_record(ids["光电"])
    assert banners(page) == ["资料待补：联系人、手机、展品与成果", "还没有展位"]


def test_the_panel_follows_a_change_elsewhere(page, ids, qapp):
    page.open_record(ids["氢能"])
    exhibitors.arrive(page.context.db, [ids["氢能"]])
    settle(qapp)
    assert banners(page) == ["1 张胸卡未打印：高建峰"]


def test_phones_are_masked_until_somebody_says_why(page, ids, window):
    page.open_record(ids["氢能"])
    contact = page.panel.findChildren(ContactRow)[0]
    assert "138****5678" in contact.eye.toolTip()
    assert contact.detail.whole_text == "主联系人"
    contact.copy_phone()
    box = dialog.top(window)
    box.close_with("接站")
    assert contact.detail.whole_text == "13812345678 · 主联系人"
    assert QGuiApplication.clipboard().text() == "13812345678"
    contact.copy_phone()
    assert dialog.top(window) is None


def test_who_may_not_see_phones_sees_them_masked(page, ids):
    page.context.db.actor = Actor("吴悠", Role.REGISTRAR)
    page.open_record(ids["氢能"])
    contact = page.panel.findChildren(ContactRow)[0]
    assert (hasattr(contact, "eye"), contact.detail.whole_text) == (False, "138****5678 · 主联系人")


def test_printing_and_deals_go_to_their_pages(page, ids, gone_to):
    page.open_record(ids["氢能"])
    button(page, "打印").click()
    button(page, "打印胸卡").click()
    button(page, "登记成交").click()
    assert gone_to == [
        BadgesRoute(people=[ids["高建峰"]]),
        BadgesRoute(people=[ids["高建峰"], ids["许静"]]),
        ListRoute(DEALS, new=True, values={"sellers": "嘉定氢能"}),
    ]


def test_the_plan_opens_with_the_same_exhibitor(page, ids, gone_to):
    page._on_view("map")
    page.open_record(ids["氢能"])
    page._on_view("map")
    assert gone_to == [PlanRoute(), PlanRoute(record=ids["氢能"])]
    assert page.views.key == "list"


# --- acts ---


def test_one_key_says_that_somebody_is_here_and_it_is_taken_back(page, ids, qapp, shown):
    page.view.select_id(ids["氢能"])
    QTest.keyClick(page, Qt.Key.Key_D)
    settle(qapp)
    assert exhibitor(page, ids["氢能"]).state is ARRIVED
    assert shown(page) == [("ok", "已到场 1 家")]
    page.undo()
    assert exhibitor(page, ids["氢能"]).state is CONFIRMED
    page.redo()
    assert exhibitor(page, ids["氢能"]).state is ARRIVED
    assert shown(page) == [("ok", "已撤销“到场 1 家”"), ("ok", "已到场 1 家")]


def test_the_key_means_every_ticked_one_and_is_taken_back_at_once(page, ids, qapp, shown):
    exhibitors.set_state(page.context.db, [ids["马陆"]], ExhibitorState.CANCELLED)
    settle(qapp)
    ticked = [ids[name] for name in ("氢能", "光电", "检测", "马陆")]
    page.view.select_id(ids["光电"])
    for key in ticked:
        page.model.set_checked(key, True)
    QTest.keyClick(page, Qt.Key.Key_D)
    settle(qapp)

    def states():
        return [exhibitor(page, key).state for key in ticked]

    assert states() == [ARRIVED, ARRIVED, ARRIVED, ExhibitorState.CANCELLED]
    assert shown(page)[-1] == ("ok", "已到场 2 家")
    page.undo()
    settle(qapp)
    assert states() == [CONFIRMED, ARRIVED, CONFIRMED, ExhibitorState.CANCELLED]
    page.arrive([ids["光电"], ids["马陆"]])
    assert shown(page)[-1] == ("info", "选中的 2 家都已到场或已取消，没有改动。")


def test_the_key_means_every_selected_row(page, ids, qapp, shown):
    page.view.selectAll()
    QTest.keyClick(page.view, Qt.Key.Key_D)
    settle(qapp)
    assert {exhibitor(page, ids[name]).state for name in ("氢能", "光电", "检测", "马陆")} == {ARRIVED}
    assert shown(page) == [("ok", "已到场 3 家")]


def test_who_is_here_or_cancelled_does_not_arrive_again(page, ids, shown):
    page.view.select_id(ids["光电"])
    page.arrive()
    assert shown(page) == []


def test_a_volunteer_marks_arrivals_and_nothing_else(page, ids, context):
    context.db.actor = Actor("小李", Role.DESK)
    assert [words for words, _icon, _call in page.bulk_actions([ids["氢能"]])] == ["打印胸卡", "确认到场"]
    page.open_record(ids["氢能"])
    button(page, "确认到场").click()
    assert exhibitor(page, ids["氢能"]).state is ARRIVED


def exhibitor(page, key):
    with page.context.db.reading() as session:
        return session.get_one(Exhibitor, key)


def test_many_change_state_at_once_and_back(page, ids, qapp):
    chosen = [ids["氢能"], ids["光电"], ids["检测"]]
    menu = page.state_menu(chosen)
    assert [action.text() for action in menu.actions()] == [state.label for state in ExhibitorState]
    menu.actions()[4].trigger()
    assert [exhibitor(page, key).state for key in chosen] == [ARRIVED] * 3
    page.undo()
    assert [exhibitor(page, key).state for key in chosen] == [CONFIRMED, ARRIVED, CONFIRMED]
    settle(qapp)


def test_badges_of_ticked_exhibitors(page, ids, gone_to):
    acts = {words: call for words, _icon, call in page.bulk_actions([])}
    acts["打印胸卡"]([ids["氢能"], ids["光电"]])
    assert [(route.page, set(route.people)) for route in gone_to] == [("badges", {ids["高建峰"], ids["许静"]})]


# --- both languages, narrow, dark ---


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("width", [1440, 1166])
def test_nothing_is_clipped(context, window, ids, language, width):
    i18n.set_language(language)
    theme.apply(theme.QApplication.instance(), "dark")
    window.resize(width, 700)
    made = ExhibitorsPage(context)
    put(window, made)
    made.open_record(ids["氢能"])
    assert clipped(made) == []


def test_who_may_only_look_is_offered_no_act(page, ids):
    page.context.db.actor = Actor("孙正", Role.AUDITOR)
    page.open_record(ids["氢能"])
    words = {b.text() for b in page.panel.findChildren(Button)}
    assert words & {"确认到场", "登记成交", "编辑", "补充"} == set()
    assert [words for words, _icon, _call in page.bulk_actions([])] == ["打印胸卡"]


def test_what_looks_for_cut_words_finds_them(window):
    words = Label("一段放不下的话")
    words.setFixedWidth(30)
    put(window, words)
    assert clipped(window) == ["一段放不下的话"]


def test_an_arrival_by_scan_shows_at_once_and_goes_with_the_scan(page, context, ids, qapp):
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        desk = make_desk(session, make_gate(session, expo, "南门")).id
        staff = make_attendee(session, expo, "周海", category="exhibitor", exhibitor_id=ids["氢能"])
        code = make_badge(session, staff).code
    context.db.clock = lambda: local(29, 10)
    opened = OpenDesk(context.db, desk)
    row = lambda: next(row for row in page.rows if row[0] == ids["氢能"])  # noqa: E731
    for act, state in ((lambda: opened.check_in(code), ARRIVED), (opened.undo_last, CONFIRMED)):
        act()
        settle(qapp)
        assert page.value(row(), "state") is state
    opened.close()


def test_a_cancelled_exhibitor_is_asked_about_before_a_bulk_act_revives_it(page, ids, qapp, shown, window):
    exhibitors.set_state(page.context.db, [ids["马陆"]], ExhibitorState.CANCELLED)
    settle(qapp)
    ticked = [ids[name] for name in ("氢能", "马陆")]
    for key in ticked:
        page.model.set_checked(key, True)

    def states():
        return [exhibitor(page, key).state for key in ticked]

    def move():
        menu = page.state_menu(page.checked())
        next(a for a in menu.actions() if a.text() == ExhibitorState.SETTING_UP.label).trigger()

    before = states()
    move()
    question = dialog.top(window)
    assert question.title == f"其中 1 条是“已取消”，也要改为{ExhibitorState.SETTING_UP.label}吗？"
    question.press("safe")
    assert states() == before
    move()
    dialog.top(window).press("verb")
    settle(qapp)
    assert states() == [ExhibitorState.SETTING_UP] * 2
    page.undo()
    assert states() == before
