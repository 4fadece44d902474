"""数据与设置: every subject opens in both languages; booths are generated; imports are taken back; restore is asked."""

import time
from datetime import UTC

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from expo_app import i18n
from expo_app.model import Expo, Operator, Person, Role
from expo_app.routes import ListRoute
from expo_app.services import expos, imports, operators, records
from expo_app.specs import ATTENDEES, BOOTHS, EXPOS, OPERATORS, SPECS, ZONES
from expo_app.specs.plan import ImportPlan, Outcome, PlanRow
from expo_app.store import backup
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.panels import DetailPanel
from expo_app.ui.pages.booths.rows import RowsDialog
from expo_app.ui.pages.settings import SettingsPage, subjects
from expo_app.ui.records import drafts, editors
from expo_app.ui.records.record_dialog import RecordDialog
from tests.factories import make_hall, make_person, make_venue, make_zone
from tests.ui.conftest import put


@pytest.fixture
def page(context, window):
    made = SettingsPage(context)
    put(window, made)
    return made


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_subject_opens(context, window, qapp, language):
    i18n.set_language(language)
    page = SettingsPage(context)
    put(window, page)
    for section in subjects():
        page.choose(section.key)
        qapp.processEvents()
        assert jobs.wait(60_000)
        qapp.processEvents()
        assert page.current.isVisible()


@pytest.fixture
def zone(context):
    """Zone Z without booths, in a hall of 60 × 40 m."""
    db, expo = context.db, context.expo_id
    with db.transaction() as session:
        hall = make_hall(session, session.get_one(Expo, expo), "9 号馆", width=60.0, depth=40.0)
        return make_zone(session, session.get_one(Expo, expo), "Z", name="新区", hall_id=hall.id).id


def rows_dialog(page, window):
    page.choose("booths")
    page.current.generate()
    box = dialog.top(window)
    assert isinstance(box, RowsDialog)
    return box


def booths_of(context):
    return [row[1] for row in records.list_rows(context.db, BOOTHS, context.expo_id, [BOOTHS.field("number")])]


def texts(box):
    return [box.warnings.itemAt(n).widget().text for n in range(box.warnings.count())]


def put_into(box, **values):
    for name, value in values.items():
        field = box._fields[name]
        field.setValue(value) if isinstance(value, int) else field.set_value(value)
    box._say()


def test_rows_of_booths_are_made_and_taken_back_in_one_step(page, context, window, zone, qapp, shown):
    box = rows_dialog(page, window)
    put_into(box, count=24)
    assert (box.said.text(), texts(box)) == ("将生成 24 个展位：Z-001 至 Z-024。", [])
    QTest.keyClick(box._fields["x"], Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert booths_of(context) == [f"Z-{n:03d}" for n in range(1, 25)]
    qapp.processEvents()
    page.undo()
    assert booths_of(context) == []
    page.redo()
    assert booths_of(context) == [f"Z-{n:03d}" for n in range(1, 25)]
    page.undo()
    assert [words for _kind, words in shown(page)][-1] == "已撤销“生成 24 个展位”"


def test_the_next_rows_begin_below_with_the_next_number(page, context, window, zone):
    rows_dialog(page, window).submit()
    box = rows_dialog(page, window)
    assert (box.said.text(), texts(box)) == ("将生成 12 个展位：Z-013 至 Z-024。", [])
    put_into(box, first="z003")
    assert box.said.text() == ("将生成 12 个展位：Z013 至 Z024。跳过已有的 10 个：Z-003、Z-004、Z-005…。")
    put_into(box, first="Z")
    assert (box.said.text(), box.make.isEnabled()) == ("", False)
    assert box._boxes["first"].problem == "起始号要以数字结尾，如 A1-01、1H01。"
    put_into(box, first="1H01", count=2)
    assert (box.said.text(), box.make.isEnabled()) == ("将生成 2 个展位：1H01 至 1H02。", True)
    box.submit()
    assert booths_of(context)[:3] == ["1H01", "1H02", "Z-001"]


def test_a_number_taken_meanwhile_is_passed_over_and_said(page, context, window, zone, qapp, shown):
    box = rows_dialog(page, window)
    rows_dialog(page, window).submit()
    box.submit()
    qapp.processEvents()
    assert booths_of(context) == [f"Z-{n:03d}" for n in range(1, 25)]
    words = [words for _kind, words in shown(page)][-1]
    assert words == "已生成 12 个展位，跳过已有的 12 个：Z-001、Z-002、Z-003…"


def test_what_is_in_the_way_of_rows_is_said_and_drawn(page, context, window, zone):
    box = rows_dialog(page, window)
    assert (box.make.text(), box.preview.wrong) == ("生成", frozenset())
    plain = box.preview.grab().toImage()
    put_into(box, per_row=24, count=24)
    assert texts(box) == ["Z-021 等 4 个超出 9 号馆（宽 60 m，深 40 m）。"]
    assert box.preview.wrong == {"Z-021", "Z-022", "Z-023", "Z-024"}
    assert box.make.text() == "照样生成"
    assert box.preview.grab().toImage() != plain
    put_into(box, per_row=12, count=2, y="0")
    assert texts(box) == ["Z-001 等 2 个压住展区名：Z · 新区。"]


def test_every_wrong_length_is_said_at_its_field(page, context, window, zone):
    box = rows_dialog(page, window)
    put_into(box, x="左边", width="nan", depth="-3")
    assert {name: field.problem for name, field in box._boxes.items() if field.problem} == {
        "x": "“左边”不是数字。", "width": "“nan”不是数字。", "depth": "不能小于 0。",
    }  # fmt: skip
    assert not box.make.isEnabled()
    put_into(box, x="０", width="3", depth="3")
    assert box.make.isEnabled()


def test_the_focus_stays_on_a_panels_action_when_it_is_filled_again(window, qapp):
    panel = DetailPanel()
    put(window, panel)
    panel.set_actions(Button("编辑"), Button("设置 PIN", "primary"))
    panel.findChildren(Button)[-1].setFocus()
    again = Button("设置 PIN", "primary")
    panel.set_actions(Button("编辑"), again)
    qapp.processEvents()
    assert window.focusWidget() is again


def test_a_pin_is_typed_twice(page, context, window, qapp, qtbot, shown):
    with context.db.transaction() as session:
        chief = Operator(name="周敏", role=Role.SUPERVISOR)
        session.add(chief)
        session.flush()
        key = chief.id
    page.choose("operators")
    qtbot.waitUntil(lambda: page.current.rows != [])
    page.current.view.select_id(key)
    qapp.processEvents()
    page.current._ask_pin(key, "周敏")
    box = dialog.top(window)
    assert box.title.text() == "周敏 的 PIN"
    QTest.keyClicks(box.pin, "123456")
    QTest.keyClick(box.pin, Qt.Key.Key_Return)
    assert box.focusWidget() is box.again
    QTest.keyClicks(box.again, "123457")
    QTest.keyClick(box.again, Qt.Key.Key_Return)
    assert box.again_box.problem == "两次输入的不一样。"
    QTest.keyClick(box.again, Qt.Key.Key_Backspace)
    assert box.again_box.problem == ""
    QTest.keyClicks(box.again, "6")
    QTest.keyClick(box.again, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert box.pin_box.problem == "太容易猜：换一组不连续、不重复的。"
    for line in (box.pin, box.again):
        line.selectAll()
        QTest.keyClicks(line, "739105")
    assert box.pin_box.problem == ""
    box.submit()
    assert shown(page) == [("ok", "周敏 的 PIN 已更换")]
    assert operators.sign_in(context.db, "周敏", "739105").name == "周敏"
    assert records.get(context.db, OPERATORS, key)["has_pin"] is True


def test_a_cancelled_next_edition_leaves_no_trace_in_a_plain_new_one(page, context, window, qtbot):
    with context.db.transaction() as session:
        make_zone(session, session.get_one(Expo, context.expo_id), "A")
    page.choose("expos")
    page.current._begin_next(context.expo_id)
    dialog.top(window).cancel()
    values = {"name": "另一个", "code": "LYG", "starts_on": "2020-11-01", "ends_on": "2020-11-02"}
    page.current.add()
    box = dialog.top(window)
    box.form.fill(values)
    box.submit()
    plain = next(e for e in expos.all_expos(context.db) if e.code == "LYG")
    assert records.count(context.db, ZONES, plain.id) == 0
    page.current._begin_next(context.expo_id)
    box = dialog.top(window)
    box.form.fill({"name": "第二届", "code": "KJH19", "starts_on": "2019-11-01", "ends_on": "2019-11-02"})
    box.submit()
    again = next(e for e in expos.all_expos(context.db) if e.code == "KJH19")
    assert records.count(context.db, ZONES, again.id) == 1


def test_an_import_is_taken_back(page, context, window, qapp):
    plan = ImportPlan("attendees", "名单.xlsx", (), (PlanRow(2, Outcome.NEW, {"person.name": "李四"}),))
    imports.apply(context.db, plan, context.expo_id)
    page.choose("imports")
    page.current._ask(imports.history(context.db, context.expo_id)[0])
    dialog.top(window).press("verb")
    assert jobs.wait(60_000)
    qapp.processEvents()
    assert records.count(context.db, ATTENDEES, context.expo_id) == 0


@pytest.fixture
def machine_in():
    """Call with a time zone: this computer's clock goes by it."""
    with pytest.MonkeyPatch.context() as own:
        yield lambda zone: (own.setenv("TZ", zone), time.tzset())
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a Windows process cannot be changed")
@pytest.mark.parametrize(("zone", "beside"), [("Asia/Shanghai", ""), ("UTC", "（本机时间 {here}）")])
def test_a_backup_made_here_is_told_to_the_status_bar(page, context, qtbot, machine_in, zone, beside):
    """The list speaks of the expo's time, as the clock does; another time of this computer stands beside it."""
    machine_in(zone)
    page.choose("backup")
    with qtbot.waitSignal(context.backed_up):
        page.current._back_up()
    assert page.current.header._fact.whole_text == "共 1 份备份"
    (info,) = backup.backups(context.settings.backup_path)
    next(b for b in page.current.findChildren(Button) if b.text() == "恢复").click()
    when = f"{info.made_at.astimezone(context.expo.zone):%Y-%m-%d %H:%M}"
    when += beside.format(here=f"{info.made_at.astimezone(UTC):%m-%d %H:%M}")
    assert dialog.top(page).title == f"恢复到 {when} 的备份？"


def test_restoring_asks_first(page, context, window, tmp_path):
    info = backup.backup(context.db, tmp_path / "b.db")
    wanted = []
    context.restore_wanted.connect(wanted.append)
    page.choose("backup")
    page.current._ask(info.path if hasattr(info.path, "name") else tmp_path / "b.db")
    assert wanted == []
    dialog.top(window).press("verb")
    assert [path.name for path in wanted] == ["b.db"]


def test_the_next_expo_from_this_one(page, context, window):
    page.choose("expos")
    page.current._begin_next(context.expo_id)
    box = dialog.top(window)
    box.form.fill({"name": "第二届", "code": "KJH19", "starts_on": "2019-11-28", "ends_on": "2019-11-30"})
    box.submit()
    assert [e.code for e in expos.all_expos(context.db)] == ["KJH19", "KJH18"]


def test_the_only_place_there_is_stands_in_a_new_form(page, context, window):
    venue = context.expo.place
    for section, name in (("halls", "venue_id"), ("rooms", "venue_id")):
        page.open_with(ListRoute(SPECS[section], new=True))
        box = dialog.top(window)
        assert (section, box.form.editor(name).value()) == (section, venue)
        box.form.fill({"name": "1 号馆"})
        box.keep_draft()
        box.close_with(None)
        again = type(box)(page, context, box.spec)
        again.open()
        again.submit()
        again.take_up()
        assert (again.form.editor(name).value(), again.form.box(name).problem) == (venue, "")
        again.submit()
        assert not again.is_open
    page.open_with(ListRoute(ZONES, new=True))
    assert dialog.top(window).form.editor("hall_id").value() == "1 号馆"


def test_a_new_form_begins_with_what_is_missing(page, context, window, qapp):
    box = RecordDialog(window, context, SPECS["exhibitors"])
    box.open()
    assert qapp.focusWidget() is box.form.editor("organisation.name")


def test_a_new_expo_takes_over_what_the_chosen_one_has(page, context, window, zone):
    page.open_with(ListRoute(EXPOS, new=True))
    box = dialog.top(window)
    assert [box.like.itemText(n) for n in range(box.like.count())] == ["不沿用", context.expo.name]
    box.take_over(context.expo_id)
    assert [box.form.editor(name).value() for name in ("venues", "edition_no")] == [context.expo.place, "2"]
    box.form.fill({"name": "第二届", "code": "KJH19", "starts_on": "2019-11-28", "ends_on": "2019-11-30"})
    box.submit()
    assert not box.is_open
    made = next(expo for expo in expos.all_expos(context.db) if expo.code == "KJH19")
    there = [row[1] for row in records.list_rows(context.db, ZONES, made.id, [ZONES.field("code")])]
    assert there == ["Z"]


def test_the_chosen_subject_is_in_sight_in_a_low_window(page, window, qapp):
    window.resize(1180, 400)
    page.choose("look")
    qapp.processEvents()
    button, area = page._buttons["look"], page._area
    assert area.viewport().rect().contains(button.mapTo(area.viewport(), button.rect().center()))


def test_english_names_one_thing_in_the_singular(context, window):
    i18n.set_language("en")
    titles = [RecordDialog(window, context, SPECS[name]).title.text() for name in ("exhibitors", "booths", "rooms")]
    assert titles == ["New exhibitor", "New booth", "New room"]


def test_dates_are_shown_by_a_day_of_the_expo(page, context, window):
    """In its forms; one of a new expo by today."""
    page.open_with(ListRoute(EXPOS, record=context.expo_id))
    assert (context.expo.starts_on <= context.now().date() <= context.expo.ends_on) is False
    box = RecordDialog(page, context, SPECS["deals"])
    box.open()
    assert box.form.editor("signed_on").usual in context.expo.days
    box.cancel()
    page.choose("expos")
    page.current.add()
    box = dialog.top(window)
    starts, ends, zone = (box.form.box(name) for name in ("starts_on", "ends_on", "time_zone"))
    assert starts.editor.usual == editors.today()
    assert starts.mapTo(box, QPoint(0, 0)).y() == ends.mapTo(box, QPoint(0, 0)).y() == zone.mapTo(box, QPoint(0, 0)).y()


def test_another_venue_brings_its_halls_to_every_page(page, context, window, qapp):
    page.choose("halls")
    assert page.current.rows == []
    with context.db.transaction() as session:
        venue = make_venue(session, "南馆")
        make_hall(session, session.get_one(Expo, context.expo_id), "南厅", venue_id=venue.id)
    qapp.processEvents()
    assert page.current.rows == []  # in nobody's venue
    heard = []
    context.expo_changed.connect(lambda: heard.append(context.expo.place))
    records.save(context.db, EXPOS, {"venues": "南馆"}, context.expo_id)
    qapp.processEvents()
    assert heard == ["南馆"]
    assert [row[1] for row in page.current.rows] == ["南厅"]
    records.save(context.db, SPECS["venues"], {"name": "国展南馆"}, venue.id)
    qapp.processEvents()
    assert heard == ["南馆", "国展南馆"]


def test_a_draft_of_an_expo_kept_by_the_first_version_still_names_its_venue(page, context, window):
    page.choose("expos")
    page.current.add()
    box = dialog.top(window)
    drafts.keep(box._draft_key, {"name": "第八届", "venue_id": "国家会展中心"})
    box.cancel()
    page.current.add()
    again = dialog.top(window)
    again.take_up()
    assert (again.form.editor("name").value(), again.form.editor("venues").value()) == ("第八届", "国家会展中心")


def test_a_damaged_value_is_mended_where_it_is_found(page, context, window, qtbot):
    with context.db.transaction() as session:
        person = make_person(session, "陆一鸣").id
    with context.db.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET name = CAST(x'ff01' AS TEXT) WHERE id = ?", (person.bytes,))
    page.choose("doctor")
    mends = lambda: [b for b in page.current.findChildren(Button) if b.text() == "修复"]  # noqa: E731
    qtbot.waitUntil(lambda: bool(mends()))
    mends()[0].click()
    box = dialog.top(window)
    line = box.findChild(QLineEdit)
    line.setText("陆一鸣")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert dialog.top(window) is None
    with context.db.reading() as session:
        assert session.get_one(Person, person).name == "陆一鸣"
    qtbot.waitUntil(lambda: not mends())
