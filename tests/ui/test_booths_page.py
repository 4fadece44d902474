"""展位图: how booths look, walking by keys, the panel, giving and moving booths with undo, states, paper."""

from dataclasses import replace

import pypdfium2
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPixmap, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import text

from expo_app import i18n
from expo_app.errors import UserError
from expo_app.model import (
    Booth,
    BoothState,
    DealStage,
    Exhibitor,
    ExhibitorKind,
    ExhibitorState,
    Expo,
    FeatureKind,
    HallFeature,
    Organisation,
    Role,
)
from expo_app.reports import canvas, floor_plan
from expo_app.routes import ListRoute
from expo_app.routes.floor import BoothRowsRoute, PlanRoute
from expo_app.services import exhibitors, floor, records
from expo_app.specs import BOOTH_KINDS, EXHIBITORS, HALLS, INDUSTRIES, floor_sheet
from expo_app.specs.floor_plan import CROSSED, DASHED, DOTTED, HATCHED, HORIZONTAL, RESERVED, SOLID
from expo_app.store.database import Actor
from expo_app.ui.kit import dialog, jobs, messages, theme
from expo_app.ui.kit.buttons import Button, Segmented
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.palette import Palette
from expo_app.ui.kit.placeholders import Banner, EmptyState, ErrorState
from expo_app.ui.pages.booths import BoothsPage
from expo_app.ui.parts.plan_items import named, stamp
from expo_app.ui.records import printing
from tests.factories import local, make_booth, make_deal, make_exhibitor, make_hall, make_organisation, make_zone, word
from tests.ui.clipping import clipped
from tests.ui.conftest import put

AWAITED = "未到场"


@pytest.fixture
def floor_of(context):
    """Two rows of four booths in 1 号馆 (60 × 40 m), one in 2 号馆.

    A-001 嘉芯 awaited, A-002 氢能 here, A-003 free, A-004 held; A-005 检测 a service, A-006 退展 cancelled, A-007 光电
    here with a deal, A-008 free; B-001 太仓 here. 马陆 has no booth.
    """
    here = ExhibitorState.ARRIVED
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        hall = make_hall(session, expo, width=60.0, depth=40.0)
        other = make_hall(session, expo, "2 号馆", width=30.0, depth=20.0, position=1)
        make_zone(session, expo, "A", hall_id=hall.id, name="嘉定展区", x=2.0, y=2.0)
        make_zone(session, expo, "B", hall_id=other.id, name="太仓展区", x=2.0, y=2.0)
        session.add(HallFeature(hall_id=hall.id, kind=FeatureKind.ENTRANCE, label="南门", x=20, y=36, width=9, depth=3))
        chips = make_exhibitor(session, expo, "嘉芯", industry="it", region_code="310114")
        power = make_exhibitor(session, expo, "氢能", industry="energy", region_code="310114", state=here)
        service = make_organisation(session, "检测", kind="service", region_code="320583")
        test = make_exhibitor(session, expo, organisation_id=service.id, kind=ExhibitorKind.SERVICE, state=here)
        gone = make_exhibitor(session, expo, "退展", state=ExhibitorState.CANCELLED)
        light = make_exhibitor(session, expo, "光电", industry="it", state=here)
        town = make_exhibitor(session, expo, "太仓", state=here, region_code="320585")
        waiting = make_exhibitor(session, expo, "马陆", state=here)
        make_deal(session, expo, sellers=("光电",))
        make_deal(session, expo, sellers=("氢能",), stage=DealStage.INTENT)
        standing = (chips, power, None, None, test, gone, light, None)
        ids = {}
        for n, tenant in enumerate(standing):
            number, row = f"A-{n + 1:03d}", n // 4
            given = {"state": BoothState.HELD} if number == "A-004" else {}
            ids[number] = make_booth(session, expo, number, tenant, x=5.0 + n % 4 * 4, y=5.0 + row * 10, **given).id
        ids["B-001"] = make_booth(session, expo, "B-001", town, x=5.0, y=5.0).id
        named = {"嘉芯": chips, "氢能": power, "检测": test, "光电": light, "太仓": town, "马陆": waiting}
        return ids | {name: exhibitor.id for name, exhibitor in named.items()}


@pytest.fixture
def page(context, window, floor_of):
    context.db.clock = lambda: local(29, 10)
    made = BoothsPage(context)
    put(window, made)
    return made


@pytest.fixture
def gone_to(context):
    """Where the page sent the window: (page, arguments)."""
    heard = []
    context.navigated.connect(heard.append)
    return heard


def settle(qapp):
    qapp.processEvents()
    assert jobs.wait(60_000)
    qapp.processEvents()


def box(page, key):
    return page.view.items_by_key[key].thing


def looks(page, names):
    """Number → (words, pattern) of booths on the screen."""
    return {number: (box(page, names[number]).look.words, box(page, names[number]).look.pattern)
            for number in names if number.startswith("A-")}  # fmt: skip


def standing(page, key):
    with page.context.db.reading() as session:
        return session.get_one(Booth, key).exhibitor_id


def on_view(page, key):
    """The middle of a booth on the viewport."""
    return page.view.mapFromScene(page.view.items_by_key[key].sceneBoundingRect().center())


def drag(page, start, end):
    port = page.view.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    for n in range(1, 5):
        QTest.mouseMove(port, start + (end - start) * (n / 4))
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end)


def metres(page, x, y):
    return QPoint(round(x * page.view.scale_now), round(y * page.view.scale_now))


# --- how it looks ---


def test_awaited_keeps_its_colour_and_has_a_corner(page, floor_of):
    awaited, here = box(page, floor_of["A-001"]), box(page, floor_of["A-007"])
    assert (awaited.look.is_awaited, here.look.is_awaited) == (True, False)
    assert replace(awaited.look, is_awaited=False) == here.look
    assert awaited.words == "A-001 · 嘉芯 · 信息技术 · 未到场 · 已确认"
    one, other = (stamp(of.look, 22, 20, 1.0, "light") for of in (awaited, here))
    differing = {(x, y) for x in range(22) for y in range(20) if one.pixel(x, y) != other.pixel(x, y)}
    assert 30 <= len(differing) <= 60
    assert all(x - y >= 11 for x, y in differing)


def test_held_and_free_are_dashed(page, floor_of):
    assert looks(page, floor_of) == {
        "A-001": ("信息技术", DOTTED),
        "A-002": ("新能源", HORIZONTAL),
        "A-003": ("空闲", DASHED),
        "A-004": ("预留", RESERVED),
        "A-005": ("技术服务机构", SOLID),
        "A-006": ("已取消", CROSSED),
        "A-007": ("信息技术", DOTTED),
        "A-008": ("空闲", DASHED),
    }
    assert box(page, floor_of["A-003"]).look.fill == ""
    page.colour("arrival")
    assert looks(page, floor_of)["A-001"] == (AWAITED, HATCHED)


def test_the_legend_explains_what_occurs_and_nothing_else(page):
    words = [look.words for look in page.legend.looks]
    assert words == ["信息技术", "新能源", "技术服务机构", AWAITED, "已取消", "预留", "空闲"]


def test_a_word_with_another_name_is_read_in_the_open_plan(page, context, qapp):
    with context.db.reading() as session:
        it, shell = (
            word(session, "industries", "it"),
            word(session, "booth_kinds", "shell_scheme", session.get_one(Expo, context.expo_id)),
        )
    records.save(context.db, INDUSTRIES, {"name": "数字产业"}, it, expo_id=context.expo_id)
    records.save(context.db, BOOTH_KINDS, {"name": "标展"}, shell, expo_id=context.expo_id)
    settle(qapp)
    assert page.legend.looks[0].words == "数字产业"
    assert {booth.kind.label for hall in page.plan.halls for booth in hall.booths} == {"标展"}


def test_nobody_is_missing_before_the_expo_begins(page, floor_of):
    page.context.db.clock = lambda: local(27, 10)
    page.refresh()
    assert looks(page, floor_of)["A-001"] == ("信息技术", DOTTED)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("region", {"A-001": "嘉定", "A-002": "嘉定", "A-005": "昆山", "A-007": "地区未填"}),
        ("arrival", {"A-001": AWAITED, "A-002": "已到场", "A-006": "已取消"}),
        ("deals", {"A-001": "还没有成交", "A-002": "有意向", "A-007": "已签约"}),
    ],
)
def test_other_colourings(page, floor_of, by, expected):
    page.colours._buttons[by].click()
    shown = looks(page, floor_of)
    assert {number: shown[number][0] for number in expected} == expected


def test_every_two_looks_that_may_meet_differ_without_colour(page):
    for by, _words in floor_sheet.COLOURINGS:
        page.colour(by)
        looks_shown = page.legend.looks
        said = [(look.pattern, look.mark, bool(look.fill)) for look in looks_shown]
        assert len(set(said)) == len(said)


def grey_booth(look):
    """The greys of a booth of 22 px, as small as on a small screen."""
    return stamp(look, 22, 20, 1.0, "light").convertToFormat(QImage.Format.Format_Grayscale8)


@pytest.mark.parametrize("by", ["industry", "region", "arrival", "deals"])
def test_the_patterns_are_seen_in_grey(by):
    """As many different grey pictures as there are looks of different colour or pattern, by more than a few pixels."""
    looks_of = {(look.pattern, look.line, look.fill): look for look in floor_sheet.legend(by)}
    pictures = [grey_booth(look) for look in looks_of.values()]
    for n, one in enumerate(pictures):
        for other in pictures[n + 1 :]:
            differing = sum(
                abs(one.pixelColor(x, y).lightness() - other.pixelColor(x, y).lightness()) > 12
                for x in range(22)
                for y in range(20)
            )
            assert differing >= 20


def test_booths_say_their_last_digits_and_who_stands_there(page, floor_of):
    shown = box(page, floor_of["A-007"])
    assert (shown.label, shown.name, shown.words) == ("07", "光电", "A-007 · 光电 · 信息技术 · 已到场")
    assert page.view.items_by_key[floor_of["A-007"]].toolTip() == shown.words


def test_a_booth_too_small_for_a_name_says_the_short_one(page, floor_of):
    whole, short = "上海嘉定光电科技股份有限公司", "光电"
    shown = replace(box(page, floor_of["A-007"]), name=whole, short_name=short)
    assert named(shown, 500, 1) == (whole,)
    assert named(shown, 40, 1) == (short,)
    assert named(shown, 40, 0) == named(shown, 20, 1) == ()
    assert named(replace(shown, short_name=""), 40, 1) == ()
    assert named(replace(shown, short_name="太长的简称也放不下"), 40, 1) == ()
    (begun,) = named(replace(shown, short_name=""), 80, 1)
    assert begun.endswith("…")
    assert whole.startswith(begun[:-1])


def test_a_short_name_is_read_from_the_organisation(page, context, floor_of, qapp):
    tenant = next(b.tenant for hall in page.plan.halls for b in hall.booths if b.number == "A-007")
    records.save(
        context.db, EXHIBITORS, {"organisation.short_name": "光"}, tenant.exhibitor_id, expo_id=context.expo_id
    )
    qapp.processEvents()
    assert box(page, floor_of["A-007"]).short_name == "光"
    with context.db.transaction() as session:
        exhibitor = session.get_one(Exhibitor, tenant.exhibitor_id)
        session.get_one(Organisation, exhibitor.organisation_id).name_en = "Opto"
    i18n.set_language("en")
    try:
        plan = floor.plan(context.db, context.expo_id)
    finally:
        i18n.set_language("zh_CN")
    read = next(b.tenant for hall in plan.halls for b in hall.booths if b.number == "A-007")
    assert (read.name, read.short_name) == ("Opto", "")


def test_the_fact_line(page):
    assert page.header._fact.whole_text == "1 号馆 · 7 个展位 + 1 个服务机构台位 · 1 个展位未到场 · 空展位 3 个"


def test_zones_and_entrances(page):
    sheet = page.view.sheet
    assert [(c.title, c.note) for c in sheet.captions] == [("A · 嘉定展区", "5 家")]
    assert [(b.title, b.is_entrance, sheet.arrow_of(b)) for b in sheet.blocks] == [("南门", True, "↑")]


def test_the_plan_is_painted(page, floor_of):
    """The selected booth has its ring, hatched and plain booths differ in their pixels."""
    page.view.select(floor_of["A-002"])
    picture = QPixmap(page.view.viewport().size())
    page.view.viewport().render(picture)
    image = picture.toImage()
    ring = page.view.mapFromScene(page.view.items_by_key[floor_of["A-002"]].sceneBoundingRect().topLeft())
    near = {image.pixelColor(ring + QPoint(12, n)).name() for n in range(7)}
    assert theme.color("focus").name() in near
    held = on_view(page, floor_of["A-003"])  # free: nothing of the ring may lie over its number
    page.view.select(floor_of["A-003"])
    chosen = QPixmap(page.view.viewport().size())
    page.view.viewport().render(chosen)
    number = QRect(held - QPoint(9, 6), QSize(18, 12))
    assert chosen.copy(number).toImage() == picture.copy(number).toImage()
    inside = on_view(page, floor_of["A-001"])
    colours = {image.pixelColor(inside + QPoint(dx, dy)).name() for dx in range(-14, -4) for dy in range(-9, 9)}
    assert len(colours) >= 2


# --- halls, search, coming from elsewhere ---


def test_another_hall(page, floor_of):
    assert isinstance(page.hall_choice.control, Segmented)
    page.hall_choice.control._buttons[page.plan.halls[1].id].click()
    assert list(page.view.items_by_key) == [floor_of["B-001"]]
    assert page.view.percent == 100


@pytest.mark.parametrize(
    ("text", "number"), [("a-007", "A-007"), ("A007", "A-007"), ("光电", "A-007"), ("gd", "A-007"), ("b-001", "B-001")]
)
def test_search_goes_to_the_booth_in_whatever_hall(page, floor_of, text, number):
    page.search.setText(text)
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert page.view.key == floor_of[number]
    assert page.panel is page.panels.record


def test_enter_again_goes_to_the_next(page, floor_of, qapp):
    page.search.setText("A-00")
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    qapp.processEvents()
    assert page.view.key == floor_of["A-001"]
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert page.view.key == floor_of["A-002"]


def test_nothing_found_is_said_once_asked(page, shown):
    page.search.setText("没有这家")
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert shown(page) == [("info", "没有找到“没有这家”")]


def test_the_list_hands_over_an_exhibitor(page, floor_of, gone_to):
    page.open_with(PlanRoute(record=floor_of["太仓"]))
    assert (page.hall.name, page.view.key, page.panels.exhibitor_id) == ("2 号馆", floor_of["B-001"], floor_of["太仓"])
    page._on_view("list")
    assert gone_to == [ListRoute(EXHIBITORS, record=floor_of["太仓"])]
    assert page.views.key == "map"


def test_an_exhibitor_without_a_booth_waits_in_the_tray_and_has_its_panel(page, floor_of, window):
    (chip,) = page.tray.chips
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert (page.panels.exhibitor_id, page.view.key) == (floor_of["马陆"], None)
    said = [banner for banner in page.panels.record.findChildren(Banner) if banner.text == "还没有展位"]
    said[0].findChildren(Button)[0].click()
    picker = dialog.top(window)
    assert isinstance(picker, Palette)
    assert [row.title for row in picker._rows.rows] == ["A-003 · 空闲", "A-004 · 预留", "A-008 · 空闲"]
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    assert standing(page, floor_of["A-003"]) == floor_of["马陆"]


# --- keys ---


def test_arrows_walk_to_the_nearest_booth(page, floor_of):
    walked = []
    page.view.stepped.connect(lambda key: walked.append(next(n for n, k in floor_of.items() if k == key)))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up):
        QTest.keyClick(page.view, key)
    assert walked == ["A-001", "A-002", "A-006", "A-005", "A-001"]
    assert page.view.accessibleDescription() == "A-001 · 嘉芯 · 信息技术 · 未到场 · 已确认"


def test_an_open_panel_follows_the_arrows(page, floor_of, qtbot):
    page.view.select(floor_of["A-001"])
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    assert page.panels.exhibitor_id == floor_of["嘉芯"]
    QTest.keyClick(page.view, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: page.panels.exhibitor_id == floor_of["氢能"])
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page.panel is None


def test_zoom_keys_and_fit(page, floor_of):
    for key, percent in ((Qt.Key.Key_Minus, 100), (Qt.Key.Key_Plus, 125), (Qt.Key.Key_Equal, 156), (Qt.Key.Key_0, 100)):
        QTest.keyClick(page.view, key)
        assert (page.view.percent, page.zoom.words.text()) == (percent, f"{percent}%")
    assert not page.zoom.minus.isEnabled()


def test_the_wheel_zooms_where_the_pointer_is(page, floor_of):
    at = on_view(page, floor_of["A-007"])
    turn = QWheelEvent(
        QPointF(at), QPointF(page.view.viewport().mapToGlobal(at)), QPoint(), QPoint(0, 480),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(page.view.viewport(), turn)
    assert page.view.percent == 244
    assert (on_view(page, floor_of["A-007"]) - at).manhattanLength() <= 8


def test_dragging_pans_and_moves_no_booth(page, floor_of):
    page.view.set_zoom(4)
    page.view.center(floor_of["A-002"])
    start = on_view(page, floor_of["A-002"])
    drag(page, start, start + QPoint(-60, 0))
    assert on_view(page, floor_of["A-002"]) == start + QPoint(-60, 0)
    assert floor.plan(page.context.db, page.context.expo_id).halls[0].booths[1].x == 9.0
    assert page.panel is None


# --- the panel ---


def test_a_click_opens_the_panel_of_the_list(page, floor_of, qapp):
    QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=on_view(page, floor_of["A-001"]))
    assert page.panels.exhibitor_id == floor_of["嘉芯"]
    words = [words for _key, words in page.panels.record._tab_keys]
    assert words == ["概况", "联系人 0", "展品 0", "成交 0"]
    QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert (page.panel, page.view.key) == (None, None)


def test_a_free_booth_shows_what_it_is_and_who_stood_there(page, floor_of, qapp):
    page.acts.assign(floor_of["A-003"], floor_of["马陆"], "马陆")
    settle(qapp)
    page.acts.vacate(floor_of["A-003"])
    settle(qapp)
    page.panels.show_booth(floor_of["A-003"])
    shown_panel = page.panels.empty
    assert (page.panel, shown_panel._title.text(), shown_panel._facts.text()) == (shown_panel, "A-003", "标准展台 9 ㎡")
    buttons = {b.text(): b for b in shown_panel.findChildren(Button) if b.text()}
    buttons["预留"].click()
    settle(qapp)
    assert box(page, floor_of["A-003"]).look.words == "预留"
    page.undo()
    settle(qapp)
    assert box(page, floor_of["A-003"]).look.words == "空闲"


def test_the_plan_follows_what_happens_elsewhere(page, floor_of, qapp):
    page.panels.show_booth(floor_of["A-001"])
    exhibitors.arrive(page.context.db, [floor_of["嘉芯"]])
    settle(qapp)
    assert looks(page, floor_of)["A-001"] == ("信息技术", DOTTED)
    floor.vacate(page.context.db, floor_of["A-001"])
    settle(qapp)
    assert page.panel is page.panels.empty


def test_a_hidden_page_reads_again_when_it_is_shown(page, floor_of, qapp):
    page.hide()
    exhibitors.arrive(page.context.db, [floor_of["嘉芯"]])
    settle(qapp)
    assert box(page, floor_of["A-001"]).look.is_awaited
    page.show()
    assert not box(page, floor_of["A-001"]).look.is_awaited


# --- giving booths ---


def test_assigning_is_taken_back_and_done_again(page, floor_of, qapp, shown):
    page.acts.assign(floor_of["A-004"], floor_of["马陆"], "马陆")
    settle(qapp)
    assert (standing(page, floor_of["A-004"]), page.tray.isHidden()) == (floor_of["马陆"], True)
    page.undo()
    settle(qapp)
    assert (standing(page, floor_of["A-004"]), looks(page, floor_of)["A-004"]) == (None, ("预留", RESERVED))
    assert [chip.waiting.name for chip in page.tray.chips] == ["马陆"]
    page.redo()
    assert standing(page, floor_of["A-004"]) == floor_of["马陆"]
    assert [words for _kind, words in shown(page)] == ["已撤销“A-004 已分给马陆”", "A-004 已分给马陆"]


def test_a_taken_booth_asks_first(page, floor_of, window):
    page.acts.assign(floor_of["A-002"], floor_of["马陆"], "马陆")
    question = dialog.top(window)
    assert isinstance(question, messages.Question)
    assert "氢能" in question.text
    question.press("safe")
    assert standing(page, floor_of["A-002"]) == floor_of["氢能"]
    page.acts.assign(floor_of["A-002"], floor_of["马陆"], "马陆")
    dialog.top(window).press("verb")
    assert standing(page, floor_of["A-002"]) == floor_of["马陆"]
    page.undo()
    assert standing(page, floor_of["A-002"]) == floor_of["氢能"]


def test_a_picker_offers_those_without_a_booth_first(page, floor_of, window):
    page.acts.choose_tenant(floor_of["A-003"])
    picker = dialog.top(window)
    assert [row.title for row in picker._rows.rows] == ["马陆"]
    picker.line.setText("光电")
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    assert standing(page, floor_of["A-003"]) == floor_of["光电"]


def test_booths_are_not_dragged_before_adjusting(page, floor_of):
    start = on_view(page, floor_of["A-002"])
    drag(page, start, start + metres(page, 6, 20))
    assert not page.acts.done._done
    assert (box(page, floor_of["A-002"]).x, box(page, floor_of["A-002"]).y) == (9.0, 5.0)


def test_adjusting_begins_from_elsewhere(page, floor_of):
    page.open_with(PlanRoute(adjust=True))
    assert (page.view.may_move, page.adjust_button.text()) == (True, "完成")
    page.set_adjusting(False)
    page.context.db.actor = Actor("小李", Role.DESK)
    page.open_with(PlanRoute(adjust=True))
    assert not page.view.may_move


def test_a_dragged_booth_snaps_and_is_taken_back(page, floor_of, qapp):
    page.set_adjusting(True)
    start = on_view(page, floor_of["A-002"])
    drag(page, start, start + metres(page, 10.2, 20.1))
    settle(qapp)
    assert (box(page, floor_of["A-002"]).x, box(page, floor_of["A-002"]).y) == (19.0, 25.0)
    page.undo()
    settle(qapp)
    assert (box(page, floor_of["A-002"]).x, box(page, floor_of["A-002"]).y) == (9.0, 5.0)
    page.redo()
    settle(qapp)
    assert box(page, floor_of["A-002"]).x == 19.0


def test_a_booth_cannot_leave_the_hall(page, floor_of, qapp):
    page.set_adjusting(True)
    start = on_view(page, floor_of["A-001"])
    drag(page, start, start - metres(page, 20, 20))
    settle(qapp)
    assert (box(page, floor_of["A-001"]).x, box(page, floor_of["A-001"]).y) == (0.0, 0.0)


def test_dropping_a_booth_on_another_asks_to_exchange(page, floor_of, window, qapp):
    page.set_adjusting(True)
    drag(page, on_view(page, floor_of["A-001"]), on_view(page, floor_of["A-007"]))
    question = dialog.top(window)
    assert question.title == "A-001 与 A-007 互换参展商？"
    question.press("verb")
    settle(qapp)
    assert (standing(page, floor_of["A-001"]), standing(page, floor_of["A-007"])) == (
        floor_of["光电"],
        floor_of["嘉芯"],
    )
    assert (box(page, floor_of["A-001"]).x, box(page, floor_of["A-001"]).y) == (5.0, 5.0)
    page.undo()
    assert standing(page, floor_of["A-001"]) == floor_of["嘉芯"]


def test_dropping_on_a_free_booth_moves_the_exhibitor(page, floor_of, window):
    page.set_adjusting(True)
    drag(page, on_view(page, floor_of["A-001"]), on_view(page, floor_of["A-003"]))
    dialog.top(window).press("verb")
    assert (standing(page, floor_of["A-001"]), standing(page, floor_of["A-003"])) == (None, floor_of["嘉芯"])


def test_from_the_tray_onto_a_booth(page, floor_of, qapp):
    (chip,) = page.tray.chips
    for adjusting in (False, True):
        page.set_adjusting(adjusting)
        qapp.processEvents()
        target = chip.mapFromGlobal(page.view.viewport().mapToGlobal(on_view(page, floor_of["A-003"])))
        QTest.mousePress(chip, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        QTest.mouseMove(chip, target)
        assert page.view.items_by_key[floor_of["A-003"]].is_target is adjusting
        QTest.mouseRelease(chip, Qt.MouseButton.LeftButton, pos=target)
        assert standing(page, floor_of["A-003"]) == (floor_of["马陆"] if adjusting else None)


def test_adjusting_by_keys_alone(page, floor_of, qapp):
    page.set_adjusting(True)
    page.view.select(floor_of["A-002"])
    QTest.keyClick(page.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    settle(qapp)
    assert box(page, floor_of["A-002"]).y == 5.5
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    assert standing(page, floor_of["A-002"]) is None
    page.panels.close_all()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.view.may_move


def test_who_may_not_edit_the_floor_only_looks(context, window, floor_of):
    context.db.actor = Actor("小李", Role.DESK)
    made = BoothsPage(context)
    put(window, made)
    made.toggle_adjusting()
    made.panels.show_booth(floor_of["A-003"])
    assert (made.adjust_button.isEnabled(), made.view.may_move) == (False, False)
    assert [b.text() for b in made.panels.empty.findChildren(Button) if b.text()] == []


# --- states ---


def test_without_halls_it_says_what_to_do(context, window, gone_to):
    made = BoothsPage(context)
    put(window, made)
    state = made._pages.currentWidget()
    assert (type(state), state.title.text()) == (EmptyState, "还没有展厅")
    state.findChildren(Button)[0].click()
    assert gone_to == [ListRoute(HALLS)]
    made.save_pdf()
    assert [toast.text for toast in messages.toasts(made)] == ["还没有展位，没有可导出的图"]


def test_a_hall_without_booths_says_so(page, qapp):
    with page.context.db.transaction() as session:
        make_hall(session, session.get_one(Expo, page.context.expo_id), "3 号馆", position=2)
    settle(qapp)
    page.show_hall(page.plan.halls[2].id)
    qapp.processEvents()
    said = [banner.text for banner in page.findChildren(Banner) if banner.isVisibleTo(page)]
    assert said == ["3 号馆 还没有展位。"]
    gone_to = []
    page.context.navigated.connect(gone_to.append)
    next(banner for banner in page.findChildren(Banner) if banner.isVisibleTo(page)).findChild(Button).click()
    assert gone_to == [BoothRowsRoute()]


def test_a_floor_that_cannot_be_read(page, monkeypatch):
    def refuse(*_given):
        raise UserError("数据库忙，数据没有丢失。", "E-BUSY")

    monkeypatch.setattr(floor, "plan", refuse)
    page.refresh()
    assert isinstance(page._pages.currentWidget(), ErrorState)
    monkeypatch.undo()
    page.refresh()
    assert page._pages.currentWidget() is page.view


# --- paper, languages ---


def test_the_pdf_holds_every_hall_and_an_index(page, tmp_path):
    path, seen = tmp_path / "plan.pdf", []
    count = floor_plan.write(
        path, page.sheets(), expo_name="展会", by="产业", now=local(29, 10), sample=True,
        progress=lambda n, total: seen.append((n, total)),
    )  # fmt: skip
    document = pypdfium2.PdfDocument(path)
    texts = []
    for sheet in document:
        words = sheet.get_textpage()
        texts.append(words.get_text_range())
        words.close()
        sheet.close()
    document.close()
    assert (count, len(texts)) == (9, 3)
    assert [("1 号馆" in texts[0], "2 号馆" in texts[1], "A-007" in texts[2])] == [(True, True, True)]
    assert [word in texts[0] for word in ("嘉定展区", "↑ 南门", AWAITED, "预留", "信息技术", "07")] == [True] * 6


def test_paper_knows_every_colour_of_every_look(page):
    used = set()
    for by, _words in floor_sheet.COLOURINGS:
        used |= {token for look in floor_sheet.legend(by) for token in (look.fill, look.line) if token}
    assert used - canvas.PALETTE.keys() == set()


def test_exporting_goes_through_a_job(page, tmp_path, monkeypatch, shown, qtbot):
    asked = []
    monkeypatch.setattr(printing, "save_pdf", lambda *given: asked.append(given))
    page.colour(floor_sheet.REGION)
    page.save_pdf()
    parent, title, make = asked[0]
    printing.save_to(parent, tmp_path / "图.pdf", title, make)
    qtbot.waitUntil(lambda: shown(page) == [("ok", "已存为 图.pdf")])
    document = pypdfium2.PdfDocument(tmp_path / "图.pdf")
    words = document[0].get_textpage()
    assert ("地区" in words.get_text_range(), "产业" in words.get_text_range()) == (True, False)
    words.close()
    document.close()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("width", [1240, 1000])
def test_nothing_is_clipped(context, window, floor_of, language, width):
    i18n.set_language(language)
    theme.apply(QApplication.instance(), "dark")
    window.resize(width, 700)
    made = BoothsPage(context)
    put(window, made)
    made.show_booth(floor_of["A-001"])
    made.set_adjusting(True)
    assert clipped(made) == []


# --- whatever is in the file ---


def write(context, statement, **values):
    with context.db.transaction() as session:
        session.execute(text(statement), values)


@pytest.mark.parametrize("width", [0, -3, 0.5, 1e12, float("inf"), "broad"])
def test_a_hall_of_no_width_is_drawn_with_a_usual_one(context, window, floor_of, width, gone_to):
    write(context, "update hall set width = :width where name = '1 号馆'", width=width)
    page = BoothsPage(context)
    put(window, page)
    assert (page.hall.width, page.hall.depth, page.hall.is_guessed) == (100.0, 40.0, True)
    assert [booth.number for booth in page.hall.booths] == [f"A-{n:03d}" for n in range(1, 9)]
    banner = page.findChild(Banner)
    assert banner.findChild(Label).text() == "1 号馆 的宽或深不对，先按 100 × 40 m 画。"
    banner.findChild(Button).click()
    assert gone_to == [ListRoute(HALLS, record=page.hall_id)]


@pytest.mark.parametrize(
    "wrong", ["width = 0", "depth = -1", "x = 999999999", "y = 60", "width = 1e300", "x = 9e999", "y = 'top'"]
)
def test_a_booth_that_lies_nowhere_is_named_and_not_counted(context, window, floor_of, wrong):
    write(context, f"update booth set {wrong} where number = 'A-003'")  # noqa: S608
    page = BoothsPage(context)
    put(window, page)
    drawn = {item.thing.key for item in page.view.items_by_key.values()}
    assert drawn == {floor_of[f"A-{n:03d}"] for n in (1, 2, 4, 5, 6, 7, 8)}
    said = "1 号馆 · 6 个展位 + 1 个服务机构台位 · 1 个展位未到场 · 空展位 2 个 · 1 个不在图上"
    assert page.header._fact.whole_text == said
    assert page.findChild(Banner).findChild(Label).text() == "A-003 的位置或尺寸不对，不在图上。"
    page.show_booth(floor_of["A-003"])
    assert page.panels.booth_id == floor_of["A-003"]


def test_a_booth_through_the_wall_is_drawn_and_named(context, window, floor_of):
    write(context, "update booth set x = 58 where number = 'A-003'")
    page = BoothsPage(context)
    put(window, page)
    assert len(page.view.items_by_key) == 8
    assert page.findChild(Banner).findChild(Label).text() == "A-003 超出 1 号馆。"


def test_a_zone_counts_its_firms_not_their_booths(context, page, floor_of):
    floor.assign(context.db, floor_of["A-003"], floor_of["光电"])
    page.refresh()
    (zone,) = page.hall.zones
    assert zone.count == 5  # 嘉芯, 氢能, 检测, 退展, 光电 on two
