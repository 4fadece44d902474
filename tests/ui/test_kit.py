"""The small parts: chips, segments, search, labels, panel, states, charts, palette, frame."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from expo_app.errors import UserError
from expo_app.rules.palette_rows import MOST, PaletteRow
from expo_app.ui.kit import charts, theme
from expo_app.ui.kit.charts import Bar, HBars, LineChart, Sparkline
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.palette import Palette
from expo_app.ui.kit.panels import FactRow, PageHeader, caption_width
from expo_app.ui.kit.widgets import (
    Banner,
    Button,
    Chip,
    ChipRow,
    DetailPanel,
    ElidedLabel,
    EmptyState,
    ErrorState,
    IconButton,
    KeyCap,
    KpiCard,
    Label,
    NoResult,
    Pill,
    SearchField,
    Segmented,
    Skeleton,
    Tabs,
)
from expo_app.ui.pages.deals.share_bar import Share, ShareBar
from expo_app.ui.window.shell import Content, Rail, RailEntry, StatusBar, StatusItem, TopBar

ENTRIES = [
    RailEntry("home", "总览", "dashboard"),
    RailEntry("exhibitors", "参展商", "store-2", "筹备"),
    RailEntry("deals", "成交台账", "hand-coin", "交易"),
    RailEntry("settings", "数据与设置", "settings-3", at_end=True),
]


# --- buttons ---


def test_a_button_shows_an_ampersand_and_its_keys(qapp: QApplication) -> None:
    button = Button("R&D", "primary", keys="Ctrl+N", show_keys=True)
    assert button.text() == "R&&D  Ctrl N"


def test_an_icon_button_needs_a_name(qapp: QApplication) -> None:
    assert IconButton("more-line", "更多").accessibleName() == "更多"
    with pytest.raises(ValueError, match="more-line"):
        IconButton("more-line", "")


def test_a_chip_at_nought_is_grey_but_there(qapp: QApplication) -> None:
    chip = Chip("温州", 0)
    assert (chip.text(), chip.property("empty"), chip.isEnabled()) == ("温州 0", "true", True)
    chip.set_count(1234)
    assert (chip.text(), chip.property("empty")) == ("温州 1,234", "false")


def test_chips_keep_the_choice_while_counts_change(qapp: QApplication) -> None:
    chips, heard = ChipRow([("", "全部", 3), ("jd", "嘉定", 2), ("sz", "苏州", 1)]), []
    chips.chosen.connect(heard.append)
    chips.chip("sz").click()
    chips.set_items([("", "全部", 5), ("sz", "苏州", 4), ("wz", "温州", 1)])
    assert (chips.key, heard, chips.chip("sz").text()) == ("sz", ["sz"], "苏州 4")
    chips.set_items([("", "全部", 5)])
    assert chips.key == ""


def test_chips_break_the_row_when_it_is_full(qapp: QApplication) -> None:
    chips = ChipRow([(number, f"地区 {number}", number) for number in range(12)])
    one, many = chips.layout().heightForWidth(2000), chips.layout().heightForWidth(300)
    assert (one, many > 2 * one) == (28, True)


def test_segments_choose_one(qapp: QApplication) -> None:
    segments, heard = Segmented([("list", "列表", "list-check"), ("map", "展位图", "map-2-line")], "map"), []
    segments.chosen.connect(heard.append)
    assert segments.key == "map"
    segments.choose("list")
    segments.findChildren(Button)[1].click()
    assert (segments.key, heard) == ("map", ["map"])


# --- fields and labels ---


def test_a_search_is_told_once_after_the_last_key(qtbot: QtBot) -> None:
    field, heard = SearchField("单位", delay=40), []
    field.searched.connect(heard.append)
    for text in ("s", "su", "sun"):
        field.setText(text)
    assert heard == []
    qtbot.waitUntil(lambda: heard == ["sun"])
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (heard, field.text()) == (["sun", ""], "")
    field.set_text("quiet")
    qtbot.wait(80)
    assert heard == ["sun", ""]


def test_a_label_that_does_not_fit_ends_in_dots_and_tells_all(qapp: QApplication) -> None:
    label = ElidedLabel("长三角智能网联汽车产品开发及验证测试技术论坛")
    label.resize(100, 20)
    label.show()
    assert label.text().endswith("…")
    assert (label.toolTip(), label.whole_text) == (label.whole_text, "长三角智能网联汽车产品开发及验证测试技术论坛")
    label.resize(600, 20)
    assert (label.text(), label.toolTip()) == (label.whole_text, "")


def test_data_labels_show_marks_as_they_are(qapp: QApplication) -> None:
    assert Label("<b>x</b>").textFormat() == Qt.TextFormat.PlainText


def test_a_pill_says_its_state_aloud(qapp: QApplication) -> None:
    pill = Pill("已到场", "ok")
    pill.set("未到场", "bad")
    assert (pill.accessibleName(), pill.height() <= 480, pill.sizeHint().height()) == ("未到场", True, 20)


def test_shapes_differ_without_colour(qapp: QApplication) -> None:
    """ok, warn, bad and neutral can be told apart in black and white."""
    pictures = []
    for kind in ("ok", "warn", "bad", "mute"):
        pill = Pill("", kind)
        image = pill.grab().toImage()
        ground = image.pixelColor(20, 3).name()
        box = [(x, y) for x in range(5, 17) for y in range(4, 16)]
        pictures.append(tuple(image.pixelColor(x, y).name() != ground for x, y in box))
    assert len(set(pictures)) == 4


# --- states and panels ---


def test_states_say_what_to_do(qapp: QApplication) -> None:
    pressed: list[str] = []
    empty = EmptyState("store-2-line", "还没有参展商", "从 Excel 名单导入", [Button("导入名单", "primary")])
    nothing = NoResult("温州 · 未到场", "去掉一个条件试试", lambda: pressed.append("clear"))
    error = ErrorState(
        "打不开展会库", UserError("文件被占用。数据没有丢失", "E-DB-LOCKED"), lambda: pressed.append("retry")
    )
    assert (empty.title.text(), nothing.title.text()) == ("还没有参展商", "没有符合“温州 · 未到场”的记录")
    for button in (*nothing.findChildren(Button), *error.findChildren(Button)):
        button.click()
    assert pressed == ["clear", "retry"]
    assert QGuiApplication.clipboard().text() == "打不开展会库\n文件被占用。数据没有丢失 [E-DB-LOCKED]"


def test_a_skeleton_waits_before_it_shows(window: QMainWindow, qtbot: QtBot) -> None:
    skeleton = Skeleton(window)
    skeleton.show()
    assert not skeleton.drawn
    qtbot.waitUntil(lambda: skeleton.drawn)
    skeleton.hide()
    skeleton.show()
    assert not skeleton.drawn


def test_a_banner_keeps_its_sentence(qapp: QApplication) -> None:
    banner = Banner("warn", "2 张胸卡未打印", [Button("打印", "link")], small=True)
    banner.set_text("1 张胸卡未打印")
    assert banner.text == "1 张胸卡未打印"


def test_a_kpi_opens_by_mouse_and_key(window: QMainWindow) -> None:
    card, heard = KpiCard("user-follow-line", "今日签到"), []
    card.setParent(window)
    card.pressed.connect(lambda: heard.append(1))
    card.set("3,130", "人", "已到 61%")
    card.show()
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert (len(heard), card.accessibleName()) == (2, "今日签到 3,130 人 已到 61%")


def test_the_panel_closes_on_esc_and_narrows_with_the_window(window: QMainWindow, qapp: QApplication) -> None:
    panel, heard = DetailPanel(window), []
    panel.closed.connect(lambda: heard.append("closed"))
    panel.show()
    assert panel.width() == 320
    window.resize(1440, 800)
    qapp.processEvents()
    assert panel.width() == 360
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert (heard, panel.isHidden()) == (["closed"], True)


def test_the_panels_tabs(window: QMainWindow) -> None:
    panel, heard = DetailPanel(window), []
    panel.tab_chosen.connect(heard.append)
    panel.set_head("嘉定氢能", "嘉定 · 新能源", [("A-007", "info")])
    panel.clear_tabs()
    for key, words in (("facts", "概况"), ("people", "联系人 3")):
        panel.add_tab(key, words).addWidget(Label(words))
    panel.set_actions(Button("编辑"), Button("登记成交", "primary"))
    panel.show()
    panel.tabs.button("people").click()
    shown = [label.text() for label in panel._pages.currentWidget().findChildren(Label)]
    assert (heard, shown) == (["people"], ["联系人 3"])
    panel.choose_tab("facts")
    assert panel.tabs.key == "facts"


def test_tabs_keep_the_choice(qapp: QApplication) -> None:
    tabs = Tabs([("a", "概况"), ("b", "联系人")])
    tabs.choose("b")
    tabs.set_items([("b", "联系人 4"), ("c", "成交")])
    assert tabs.key == "b"
    tabs.set_items([])
    assert tabs.key is None


# --- charts ---


def test_charts_draw_with_and_without_values(window: QMainWindow) -> None:
    line, bars, shares, spark = (
        LineChart(window),
        HBars(parent=window),
        ShareBar(parent=window),
        Sparkline(parent=window),
    )
    for widget in (line, bars, shares):
        widget.resize(400, 200)
        blank = widget.grab().toImage()
        {
            line: lambda: line.set([(480, 0), (540, 5)], [(480, 1), (600, 2)], 540, "现在", lambda m, v: "峰值"),
            bars: lambda: bars.set([Bar("嘉定", 61, total=62), Bar("空", 0)]),
            shares: lambda: shares.set([Share("转让", 7, "cat.it", "7.0"), Share("开发", 0, "plum", "0.0")]),
        }[widget]()
        assert widget.grab().toImage() != blank
    spark.grab()
    spark.set([0, 0, 0])
    spark.grab()
    line.set([(480, 3)])
    line.grab()
    assert line._words_at(100) == "08:00  3"


def test_a_smooth_curve_stays_between_its_points() -> None:
    points = [charts.QPointF(x, y) for x, y in ((0, 0), (10, 50), (20, 10), (30, 10))]
    path = charts.smooth(points)
    heights = [path.pointAtPercent(part / 100).y() for part in range(101)]
    assert (min(heights), max(heights)) == (pytest.approx(0), pytest.approx(50, abs=0.5))


# --- palette ---


def rows_for(ran: list[str]) -> Sequence[PaletteRow]:
    return [
        PaletteRow("日程", "mic-line", "“科创嘉”路演", lambda: ran.append("pitch"), matched=((1, 4),)),
        PaletteRow("参展商", "store-2-line", "昆山科创聚", lambda: ran.append("exhibitor")),
        PaletteRow("命令", "add-line", "新建成交", lambda: ran.append("deal"), key_hint="Ctrl N"),
    ]


def test_the_palette_runs_the_row_chosen_by_keys(window: QMainWindow) -> None:
    ran: list[str] = []
    asked: list[str] = []
    palette = Palette(window, lambda text: (asked.append(text), rows_for(ran) if text else [])[1])
    palette.open()
    assert palette.line.hasFocus()
    assert (palette.width(), palette.y()) == (640, 96)
    QTest.keyClicks(palette.line, "kcj ")
    assert (asked, palette.current.title) == (["", "k", "kc", "kcj", "kcj"], "“科创嘉”路演")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Return):
        QTest.keyClick(palette.line, key)
    assert (ran, palette.is_open) == (["deal"], False)


def test_the_palette_shows_eight_rows_at_most_and_says_when_there_is_none(window: QMainWindow) -> None:
    many = [PaletteRow("命令", "add-line", str(number), lambda: None) for number in range(20)]
    palette = Palette(window, lambda text: [] if text == "x" else many)
    palette.open()
    assert len(palette.rows) == MOST
    palette.line.setText("x")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert (palette.rows, palette.current, palette.is_open) == ([], None, True)
    QTest.keyClick(palette.line, Qt.Key.Key_Escape)
    assert not palette.is_open


def test_the_palette_runs_a_row_by_mouse(window: QMainWindow) -> None:
    ran: list[str] = []
    palette = Palette(window, lambda text: rows_for(ran))
    palette.open()
    y = palette._rows._places()[1][0] + 10
    QTest.mouseClick(palette._rows, Qt.MouseButton.LeftButton, pos=QPoint(100, y))
    assert ran == ["exhibitor"]


# --- frame ---


def test_the_rail_by_mouse_key_and_number(window: QMainWindow) -> None:
    rail, heard = Rail(ENTRIES, window), []
    rail.chosen.connect(heard.append)
    rail.resize(200, 600)
    rail.show()
    rail.choose("home")
    rail.item("deals").click()
    QTest.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    rail.item("home").setFocus()
    QTest.keyClick(rail.item("home"), Qt.Key.Key_Down)
    QTest.keyClick(rail.item("exhibitors"), Qt.Key.Key_Return)
    assert (heard, rail.key) == (["deals", "settings", "exhibitors"], "exhibitors")


def test_the_rail_folds_only_on_request(window: QMainWindow) -> None:
    rail, heard = Rail(ENTRIES, window), []
    rail.folded.connect(heard.append)
    rail.show()
    rail.set_badge("deals", 1234, "warn")
    assert (rail.width(), rail.item("deals").badge) == (200, "1,234")
    QTest.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert (rail.width(), rail.item("deals").toolTip(), heard) == (56, "成交台账", [True])
    rail.set_badge("deals", 0)
    assert rail.item("deals").badge == ""


def test_english_rail_words_do_not_meet_their_badges(window: QMainWindow) -> None:
    rail = Rail([RailEntry("badges", "Badges & printing", "printer")], window)
    rail.resize(200, 300)
    rail.show()
    rail.choose("badges")
    item = rail.item("badges")
    item.set_badge("42", "warn")
    assert theme.font("strong").bold()
    assert charts.QFontMetrics(theme.font("strong")).horizontalAdvance(item.entry.label) <= 122


@pytest.mark.parametrize("badge", ["", "42", "276", "12,345"])
def test_the_rail_is_as_wide_as_its_words_beside_their_badges(window: QMainWindow, badge: str) -> None:
    """No word is cut, and the width is settled before the counts come unless they are very large."""
    rail = Rail([RailEntry("badges", "Badges & printing", "printer", counts=True)], window)
    before = rail.width()
    rail.set_badge("badges", int(badge.replace(",", "")) if badge else 0)
    item = rail.item("badges")
    words = charts.QFontMetrics(theme.font("strong")).horizontalAdvance(item.entry.label)
    assert rail.width() >= 48 + words + 6 + (item._pill_wide(badge) + 16 if badge else 0)
    assert (rail.width() == before) == (len(badge) <= 3)


@pytest.mark.parametrize("width", [1366, 1440])
def test_the_top_bar_cuts_neither_the_days_nor_the_hint(window: QMainWindow, width: int) -> None:
    window.resize(width, 768)
    bar = TopBar(lambda _menu: None, lambda _menu: None, window)
    bar.set_expo("First Yangtze Delta Science & Technology Trade Expo", "11-28 to 11-30 · day 2", is_sample=True)
    bar.set_user("Administrator")
    bar.resize(width, bar.height())
    bar.show()
    QApplication.processEvents()
    assert bar._facts.text() == bar._facts.whole_text
    assert bar.search.shown_words(bar.search.width()) == bar.search._words
    assert bar.search.shown_words(60) == "搜索"


def test_the_top_bar_shows_the_expo_and_passes_presses_on(window: QMainWindow) -> None:
    filled: list[str] = []

    def fill(menu: Menu) -> None:
        filled.append("expo")
        menu.add("首届 · 2018-11-28")

    bar, heard = TopBar(fill, lambda menu: filled.append("user"), window), []
    for name in ("search_pressed", "desk_pressed", "theme_pressed", "help_pressed"):
        getattr(bar, name).connect(lambda name=name: heard.append(name))
    bar.resize(1200, 52)
    bar.set_expo("首届长三角科技交易博览会", "11-28 至 11-30", is_sample=True)
    bar.set_user("周敏", "主管")
    bar.show()
    for button in (bar.search, bar.desk, bar.theme_button, bar.help_button):
        button.click()
    assert heard == ["search_pressed", "desk_pressed", "theme_pressed", "help_pressed"]
    assert bar._sample.isVisible()
    bar.expo.click()
    QApplication.activePopupWidget().close()
    assert filled == ["expo"]
    assert bar.search.width() == 420


def test_the_theme_button_offers_the_other_theme(qapp: QApplication, window: QMainWindow) -> None:
    bar = TopBar(lambda menu: None, lambda menu: None, window)
    before = bar.theme_button.toolTip()
    theme.apply(qapp, "dark")
    assert (before, bar.theme_button.toolTip()) == ("深色", "浅色")


def test_status_items_are_buttons_and_keep_the_focus(window: QMainWindow) -> None:
    bar, heard = StatusBar(window), []
    bar.pressed.connect(heard.append)
    items = [StatusItem("db", "database-2-line", "正常", "ok"), StatusItem("time", "time-line", "10:42", at_end=True)]
    bar.set_items(items)
    bar.show()
    bar.button("db").setFocus()
    bar.set_items([StatusItem("db", "database-2-line", "断开", "bad"), items[1]])
    assert bar.button("db").hasFocus()
    bar.button("db").click()
    assert (heard, bar.button("db").text(), bar.button("db").property("tone")) == (["db"], "断开", "bad")


@pytest.mark.parametrize("name", ["light", "dark"])
def test_everything_can_be_painted_in_both_themes(name: str, qapp: QApplication, window: QMainWindow) -> None:
    theme.apply(qapp, name)
    parts: list[QWidget] = [
        Content(),
        KeyCap("Ctrl+K"),
        Banner("bad", "x"),
        Banner("ok", "x"),
        KpiCard("mic-line", "x"),
    ]
    for part in parts:
        part.setParent(window)
        part.resize(200, 60)
        part.show()
        colors = {part.grab().toImage().pixelColor(x, 30).name() for x in range(0, 200, 3)}
        assert len(colors) > 1 or isinstance(part, Content)


def test_notes_of_shares_that_do_not_fit_stand_below(window: QMainWindow) -> None:
    bar = ShareBar([Share("Technology transfer", 7, "cat.it", "8,650.0", "× 10k CNY · 5 items")] * 4, window)
    bar.show()
    bar.resize(1100, bar.height())
    assert bar.height() == ShareBar.HIGH
    bar.resize(760, bar.height())
    assert bar.height() == ShareBar.HIGH + ShareBar.LINE


def test_facts_too_long_beside_the_actions_have_a_line_of_their_own(window: QMainWindow) -> None:
    header = PageHeader("Exhibitors", "176 firms · Arrived 168 · Badges printed 888 / 888 · plus 32 service providers")
    for words in ("Import", "Export", "New"):
        header.add(Button(words))
    header.setParent(window)
    header.show()
    for width, is_below in ((1100, False), (640, True), (1100, False)):
        header.resize(width, header.sizeHint().height())
        QApplication.processEvents()
        assert header._fact.text() == header._fact.whole_text
        assert (header._lines.indexOf(header._fact) >= 0) is is_below


def test_values_of_facts_begin_at_one_edge_and_long_words_wrap(window: QMainWindow) -> None:
    names = ["Phone", "Privacy consent", "An unusually long name of a fact"]
    width = caption_width(names)
    assert (caption_width(["Phone"]), width) == (72, 112)
    rows = [FactRow(name, "Yes", width) for name in names]
    assert {fact.layout().itemAt(0).widget().width() for fact in rows} == {112}
    assert all(fact.layout().itemAt(0).widget().wordWrap() for fact in rows)


def test_a_long_label_takes_room_from_short_ones(window: QMainWindow) -> None:
    words = ("Technology development", "Transfer", "Consulting", "Services")
    bar = ShareBar([Share(label, 7, "cat.it", "8.0", "") for label in words], window)
    bar.show()
    bar.resize(660, bar.height())
    need = QFontMetrics(theme.font("body")).horizontalAdvance(words[0])
    assert bar._widths[0] - ShareBar.BESIDE >= need > 660 / 4 - ShareBar.BESIDE
    assert round(sum(bar._widths)) == 660
    bar.resize(1100, bar.height())
    assert bar._widths == [275] * 4
