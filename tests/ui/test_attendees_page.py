"""观众登记: the list, states in bulk, walk-ins by the keyboard, nobody registered twice, scans and badges."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton
from sqlalchemy import func, select

from expo_app import i18n
from expo_app.model import Attendee, AttendeeSource, AttendeeState, Badge, Person, Role
from expo_app.routes import ListRoute
from expo_app.routes.badges import BadgesRoute
from expo_app.services import attendees, badges, records
from expo_app.services.known_people import Newcomer, find_known
from expo_app.specs import ATTENDEES, PEOPLE
from expo_app.store.database import Actor
from expo_app.ui.kit import dialog, jobs, messages
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label, Pill
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import FactRow
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.attendees import AttendeesPage
from expo_app.ui.pages.attendees.dialogs import AttendeeDialog, SubstituteDialog
from expo_app.ui.parts import known_person
from tests.factories import (
    category,
    local,
    make_attendee,
    make_badge,
    make_desk,
    make_gate,
    make_organisation,
    make_person,
    make_scan,
)
from tests.ui.conftest import put

PHONE = "13812345678"


@pytest.fixture
def people(context):
    """On the second day: one at the door with a badge, one waiting, one for today alone, one who cancelled."""
    context.db.clock = lambda: local(29, 10, 42)
    context.db.actor = Actor("李可", Role.REGISTRAR)
    with context.db.transaction() as session:
        expo = context.expo
        company = make_organisation(session, "嘉定氢能动力系统有限公司").id

        def add(name, number, **given):
            given = {"badge_no": f"KJH18-V-{90000 + number}", "consent_at": local(1)} | given
            return make_attendee(session, expo, name, **given)

        here = add("王敏", 1, phone=PHONE, organisation_id=company, title="总监", category="trade_visitor")
        badge = make_badge(session, here, printed_at=local(28), print_count=1)
        gate = make_gate(session, expo, "东门")
        make_desk(session, gate, "01 号台")
        make_scan(session, gate, here, local(28, 9), badge_id=badge.id)
        make_scan(session, gate, here, local(29, 9, 5), badge_id=badge.id)
        made = {"王敏": here.id, "待确认": add("待确认", 2, state=AttendeeState.REGISTERED, note="电话约定").id}
        made["今日"] = add("今日", 3, valid_days=["2018-11-29"], consent_at=None).id
        made["已取消"] = add("已取消", 4, state=AttendeeState.CANCELLED).id
    return made


@pytest.fixture
def page(context, window, people):
    window.resize(1440, 900)
    made = AttendeesPage(context)
    put(window, made)
    window.activateWindow()
    return made


@pytest.fixture
def settle(qtbot):
    """Until nothing runs and what was told has arrived."""

    def wait():
        qtbot.wait(10)
        qtbot.waitUntil(lambda: not jobs.running())
        qtbot.wait(10)

    return wait


def names(page):
    return [page.value(row, "person.name") for row in page.model.rows()]


def states(context, people):
    with context.db.reading() as session:
        return {name: session.get_one(Attendee, key).state.name for name, key in people.items()}


def count(context, model):
    with context.db.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def press(box, words):
    next(button for button in box.findChildren(QPushButton) if button.text() == words).click()


def answer(window, reason, verb):
    """Fill the reason of the question in front and press its verb."""
    box = dialog.top(window)
    box.findChild(type(box.first_focus())).setText(reason)
    press(box, verb)


# --- the list ---


def test_the_fact_line_and_the_conditions(page):
    assert page.header._fact.whole_text == "登记 3 人 · 已确认 2 · 今日到场 1 · 未制证 2"
    counts = {name: chip.text() for name, chip in page.bar._switches.items()}
    assert counts == {"today": "今日到场 1", "one_day": "仅当日 1", "no_consent": "未同意隐私告知 1"}
    page.open_with(ListRoute(ATTENDEES, facets={"today": True}))
    assert names(page) == ["王敏"]
    page.open_with(ListRoute(ATTENDEES, facets={"one_day": True}))
    assert names(page) == ["今日"]
    page.open_with(ListRoute(ATTENDEES, facets={"badge": "HANDED_OVER"}))
    assert names(page) == ["王敏"]
    page.open_with(ListRoute(ATTENDEES, facets={"category_id": "观众", "state": AttendeeState.CANCELLED}))
    assert names(page) == ["已取消"]


def test_phones_are_masked(page):
    row = next(row for row in page.rows if page.value(row, "person.name") == "王敏")
    assert page.value(row, "person.phone") == "138****5678"


def test_the_list_follows_what_others_register(page, context, settle):
    records.save(context.db, ATTENDEES, {"person.name": "新来的"}, expo_id=context.expo_id)
    settle()
    assert "新来的" in names(page)


def test_scans_are_followed_slowly(page, context, people, qtbot):
    """A gate scans all the time; the list is read again once for many scans."""
    with context.db.transaction() as session:
        attendee = session.get_one(Attendee, people["今日"])
        make_scan(session, make_gate(session, context.expo, "西门"), attendee, local(29))
    context.changed.emit(frozenset({"check_in"}))
    assert page._later.isActive()
    page._later.setInterval(0)
    page._later.start()
    qtbot.waitUntil(lambda: page.header._fact.whole_text.startswith("登记 3 人 · 已确认 2 · 今日到场 2"))


# --- states ---


def test_confirming_in_bulk_and_taking_it_back(page, context, people, settle, shown):
    for name in ("王敏", "待确认"):
        page.model.set_checked(people[name], True)
    assert [words for words, _icon, _call in page.bulk_actions(page.checked())] == ["确认", "取消登记", "打印胸卡"]
    page.confirm(page.checked())
    assert (states(context, people)["待确认"], shown(page)[-1]) == ("CONFIRMED", ("ok", "已确认 1 人"))
    page.undo()
    assert states(context, people)["待确认"] == "REGISTERED"
    page.confirm([people["王敏"]])
    assert shown(page)[-1] == ("info", "本来就是这样，没有改动")
    settle()


def tick(page, *ids):
    """By the mouse, on the boxes as they are painted."""
    for key in ids:
        cell = page.view.visualRect(page.model.index(page.model.place_of(key), 0))
        QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=cell.center())


def narrow(page, settle, text):
    page.bar.search.setText(text)
    page.bar.search.searched.emit(text)
    settle()


def offered(page):
    """What stands beside the filters: how many are ticked, then the acts."""
    return [page._bulk._line.itemAt(n).widget() for n in range(page._bulk._line.count())]


def bulk(page, words):
    QApplication.processEvents()
    button = next(widget for widget in offered(page) if widget.text() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def told(page):
    return offered(page)[0].text()


def test_what_a_filter_hides_is_never_touched(page, context, people, settle, shown, window):
    """Ticked, filtered, acted on: those hidden by now are counted and left alone."""
    tick(page, people["王敏"], people["待确认"], people["今日"])
    assert told(page) == "已选 3"
    narrow(page, settle, "王敏")
    assert (told(page), page.checked()) == ("已选 1，另有 2 被筛选隐藏", [people["王敏"]])
    bulk(page, "取消登记")
    assert dialog.top(window).title.text() == "取消 王敏 的登记"
    answer(window, "本人来电", "取消登记")
    settle()
    assert states(context, people) == {
        "王敏": "CANCELLED", "待确认": "REGISTERED", "今日": "CONFIRMED", "已取消": "CANCELLED",
    }  # fmt: skip
    assert ("info", "另有 2 条被筛选隐藏，没有动") in shown(page)
    page.undo()
    assert states(context, people)["王敏"] == "CONFIRMED"
    narrow(page, settle, "没有这个人")
    assert [widget.text() for widget in offered(page)] == ["已选 0，另有 3 被筛选隐藏"]
    narrow(page, settle, "")
    assert told(page) == "已选 3"


def test_undo_leaves_who_was_cancelled_by_somebody_else_since(page, context, people, settle, shown):
    tick(page, people["待确认"])
    bulk(page, "确认")
    settle()
    attendees.cancel(context.db, [people["待确认"]], "本人电话取消")
    settle()
    page.undo()
    assert states(context, people)["待确认"] == "CANCELLED"
    assert "之后又有改动" in shown(page)[-1][1]


def test_an_act_names_what_it_leaves_out_and_asks_before_it_revives(page, context, people, settle, shown, window):
    tick(page, *people.values())
    bulk(page, "确认")
    question = dialog.top(window)
    assert question.title == "其中 1 条是“已取消”，也要确认吗？"
    assert shown(page)[-1] == ("info", "王敏、今日早已确认，没有动")
    question.press("safe")
    assert states(context, people)["待确认"] == "REGISTERED"
    bulk(page, "确认")
    dialog.top(window).press("verb")
    settle()
    assert set(states(context, people).values()) == {"CONFIRMED"}
    page.undo()  # one act, one undo
    assert states(context, people) == {
        "王敏": "CONFIRMED", "待确认": "REGISTERED", "今日": "CONFIRMED", "已取消": "CANCELLED",
    }  # fmt: skip


def test_cancelled_ones_are_not_sent_to_be_printed(page, context, people, settle, shown):
    asked = []
    context.navigated.connect(asked.append)
    tick(page, people["王敏"], people["已取消"])
    bulk(page, "打印胸卡")
    assert asked == [BadgesRoute(people=[people["王敏"]])]
    assert shown(page)[-1] == ("info", "已取消登记已取消，没有动")


def test_cancelling_asks_why_and_can_be_taken_back(page, context, people, window, shown):
    page.cancel([people["王敏"], people["待确认"]])
    assert dialog.top(window).title.text() == "取消 2 人的登记"
    answer(window, "本人来电", "取消登记")
    assert states(context, people) == dict.fromkeys(("王敏", "待确认", "已取消"), "CANCELLED") | {"今日": "CONFIRMED"}
    assert shown(page)[-1] == ("ok", "已取消 2 人的登记")
    page.undo()
    with context.db.reading() as session:
        back = session.get_one(Attendee, people["待确认"])
    assert (back.state, back.note) == (AttendeeState.REGISTERED, "电话约定")


def test_printing_many_goes_where_they_can_be_looked_at(page, context, people):
    asked = []
    context.navigated.connect(asked.append)
    ids = [people["王敏"], people["今日"]]
    next(call for words, _icon, call in page.bulk_actions(ids) if words == "打印胸卡")(ids)
    assert asked == [BadgesRoute(people=ids)]


# --- the panel ---


def test_the_panel_tells_scans_and_badges(page, people, settle):
    page.open_with(ListRoute(ATTENDEES, record=people["王敏"]))
    panel = page.panel
    assert (panel._title.text(), panel._facts.text()) == ("王敏", "KJH18-V-90001 · 专业观众")
    assert [panel._pills.itemAt(n).widget().text for n in range(panel._pills.count())] == ["已确认", "已领取"]
    panel._on_tab("scans")
    rows = [(row.findChildren(Label)[0].text(), row.findChild(Pill).text) for row in panel.findChildren(ItemRow)]
    assert rows == [("11-29 09:05", "通过"), ("11-28 09:00", "通过")]
    panel._on_tab("badge")
    facts = {fact.findChildren(Label)[0].text(): fact.findChildren(Label)[1].text() for fact in _facts(panel, "badge")}
    assert facts == {"制证": "11-20 08:00", "首次打印": "11-28 09:00 · 共打印 1 次"}
    settle()


def _facts(panel, tab):
    body = panel._pages.widget([key for key, _words in panel._tab_keys].index(tab))
    return body.findChildren(FactRow)


def test_notices_say_what_a_gate_will_do(page, people):
    said = {}
    for name in ("王敏", "待确认", "今日", "已取消"):
        page.open_with(ListRoute(ATTENDEES, record=people[name]))
        said[name] = [
            banner.text for banner in page.notices(people[name], records.get(page.context.db, ATTENDEES, people[name]))
        ]
    assert said == {
        "王敏": [], "待确认": ["待确认，入口会拒绝。"], "今日": ["没有同意隐私告知：不进入任何对外名单。"],
        "已取消": ["登记已取消，入口会拒绝。"],
    }  # fmt: skip


def more(page, attendee_id):
    menu = Menu(page)
    page._fill_more(attendee_id, records.get(page.context.db, ATTENDEES, attendee_id), menu)
    return {action.text(): action for action in menu.actions()}


def test_what_else_can_be_done(page, people):
    offered = {
        name: [words for words, act in more(page, people[name]).items() if act.isEnabled()]
        for name in ("王敏", "今日", "已取消")
    }
    assert offered == {"王敏": ["换发新卡", "作废胸卡", "换人", "取消登记"], "今日": ["换人", "取消登记"], "已取消": []}


def test_a_badge_is_reissued_and_revoked_with_a_reason(page, context, people, window, shown):
    key = people["王敏"]
    more(page, key)["换发新卡"].trigger()
    answer(window, "遗失", "换发")
    now, before = badges.lives(context.db, key)
    assert (before.revoke_reason, now.revoked_at, shown(page)[-1]) == (
        "遗失", None, ("ok", "已换发，旧卡作废，新卡待打印"),
    )  # fmt: skip
    more(page, key)["作废胸卡"].trigger()
    answer(window, "停用", "作废")
    assert [life.revoke_reason for life in badges.lives(context.db, key)] == ["停用", "遗失"]


def test_another_person_takes_the_place(page, context, people, window, settle):
    more(page, people["王敏"])["换人"].trigger()
    box = dialog.top(window)
    assert isinstance(box, SubstituteDialog)
    box.form.fill({"name": "赵强", "phone": "1381234"})
    box.submit()
    assert box.form.box("phone").problem == "少 4 位，应为 11 位数字。"
    box.form.fill({"phone": "13900001111"})
    box.submit()
    assert box.reason.problem == "不能为空。"
    box.why.setText("临时出差")
    box.findChild(QCheckBox).setChecked(True)
    box.submit()
    settle()
    with context.db.reading() as session:
        attendee = session.get_one(Attendee, people["王敏"])
        name = session.get_one(Person, attendee.person_id).name
    assert (box.is_open, name, attendee.consent_at) == (False, "赵强", local(29, 10, 42))
    assert badges.lives(context.db, people["王敏"])[1].revoke_reason == "临时出差"


def test_after_a_list_without_states_its_people_are_confirmed_by_one_press(page, context, qtbot, settle, shown):
    QApplication.clipboard().setText("姓名\t手机\n韩梅\t13700001111\n周敏\t13700002222\n王敏\t13812345678\n")
    assert page.paste()
    wizard = dialog.top(page)
    qtbot.waitUntil(lambda: wizard.plan is not None and not wizard.work.is_waiting)
    wizard.apply()
    qtbot.waitUntil(lambda: not wizard.is_open)
    settle()
    assert ("warn", "新来的 2 人待确认，确认之前各入口都不放行") in shown(page)
    toast = next(t for t in messages.toasts(page) if "新来的" in t.text)
    press(toast, "确认这 2 人")
    settle()
    assert shown(page)[-1] == ("ok", "已确认 2 人")
    by_name = {page.value(row, "person.name"): page.value(row, "state") for row in page.rows}
    assert (by_name["韩梅"], by_name["周敏"], by_name["待确认"]) == (
        AttendeeState.CONFIRMED, AttendeeState.CONFIRMED, AttendeeState.REGISTERED,
    )  # fmt: skip
    page.undo()
    settle()
    by_name = {page.value(row, "person.name"): page.value(row, "state") for row in page.rows}
    assert by_name["韩梅"] is AttendeeState.REGISTERED


# --- walking in ---


def typed(text):
    """Into the field that has the focus, as an input method does."""
    line = QApplication.focusWidget()
    line.insert(text)
    line.textEdited.emit(line.text())


def enter():
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    focused = QApplication.focusWidget()
    return focused.accessibleName() or focused.text()


@pytest.fixture
def form(page, qtbot, window):
    page.walk_in_button.click()
    qtbot.waitUntil(lambda: page.walk_in.form.editor("person.name").hasFocus())
    return page.walk_in


def test_a_walk_in_by_the_keyboard_alone(form, page, context, settle, qtbot):
    typed("李雷")
    assert enter() == "手机"
    typed("13900002222")
    assert enter() == "单位"
    typed("嘉定测试公司")
    assert [enter(), enter(), enter(), enter()] == ["职务", "类别", "2018-11-29", "同意隐私告知"]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    enter()
    settle()
    known = find_known(context.db, context.expo_id, Newcomer("李雷", "+8613900002222"))
    key, number = known.attendee_id, known.badge_no
    values = records.get(context.db, ATTENDEES, key)
    told = [values[name] for name in ("state", "source", "category_id", "organisation_id", "consent", "badge")]
    assert told == [AttendeeState.CONFIRMED, AttendeeSource.WALK_IN, "观众", "嘉定测试公司", True, "ISSUED"]
    assert [banner.text for banner in form.findChildren(Banner)] == [f"{number} 李雷 已登记"]
    assert (form.form.editor("person.name").text(), QApplication.focusWidget().accessibleName()) == ("", "姓名")
    assert page.view.current_id() == key


def test_the_category_stays_for_the_next_person_and_consent_does_not(form, context, settle):
    form.form.fill({"person.name": "甲", "category_id": "媒体", "consent": True})
    QTest.keyClick(form.form.editor("person.name"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert count(context, Attendee) == 5
    assert (form.form.editor("category_id").value(), form.form.editor("consent").value()) == ("媒体", False)


def test_one_more_than_an_organisation_may_have_is_said_and_kept(form, page, context, window, settle):
    with context.db.transaction() as session:
        category(session, context.expo, "media").quota_each = 1
    said = "“新民报”的媒体名额是 1 个，现在登记了 2 个。照常登记，请和对方核对。"
    for name, toasts in (("甲", []), ("乙", [said])):
        form.form.fill({"person.name": name, "organisation_id": "新民报", "category_id": "媒体"})
        form.submit()
        settle()
        assert [t.text for t in messages.toasts(window) if "名额" in t.text] == toasts
    assert count(context, Attendee) == 6
    page.add()
    box = dialog.top(window)
    box.form.fill({"person.name": "丙", "organisation_id": "新民报", "category_id": "媒体"})
    box.submit()
    settle()
    assert count(context, Attendee) == 7
    assert any("现在登记了 3 个" in toast.text for toast in messages.toasts(window))


def test_a_wrong_phone_is_said_beside_it_and_nothing_is_kept(form, context):
    form.form.fill({"person.name": "乙", "person.phone": "138123456"})
    form.submit()
    assert form.form.box("person.phone").problem == "少 2 位，应为 11 位数字。"
    assert (QApplication.focusWidget().accessibleName(), count(context, Attendee)) == ("手机", 4)


def test_a_name_is_needed(form, context):
    form.submit()
    assert (form.form.box("person.name").problem, count(context, Attendee)) == ("不能为空。", 4)


def test_nobody_is_registered_twice(form, page, context, people, qtbot):
    form.form.fill({"person.name": "王敏", "person.phone": "138 1234 5678"})
    qtbot.waitUntil(lambda: form.known is not None)
    (banner,) = form.findChildren(Banner)
    assert banner.text == "已登记过：KJH18-V-90001"
    form.submit()
    assert (count(context, Attendee), form.isVisible()) == (4, True)
    press(form.notice, "查看")
    assert (page.panel.record_id, form.isVisible(), page.panel.isVisible()) == (people["王敏"], False, True)
    page.open_walk_in()
    assert form.form.editor("person.name").text() == "王敏"


def test_whoever_registered_elsewhere_meanwhile_is_found_on_submit(form, context):
    form.form.fill({"person.name": "丙", "person.phone": "13700003333"})
    values = {"person.name": "丙", "person.phone": "13700003333"}
    records.save(context.db, ATTENDEES, values, expo_id=context.expo_id)
    form.submit()
    assert (form.known is not None, count(context, Attendee)) == (True, 5)


def test_who_is_probably_known_is_asked_about_before_a_second_badge(form, page, context, people, qtbot):
    """No phone, a space in the name: nothing is registered by any key until somebody says which."""
    form.form.fill({"person.name": "王 敏", "organisation_id": "嘉定氢能动力系统有限公司"})
    qtbot.waitUntil(lambda: form.known is not None)
    who = "王敏 · 嘉定氢能动力系统有限公司 · 138****5678 · KJH18-V-90001"
    assert form.findChildren(Banner)[0].text == f"可能已经登记过：{who}。同名同单位，一处没有电话。"
    for _time in range(2):
        form.submit()
        assert (count(context, Attendee), QApplication.focusWidget().text()) == (4, "就是这位")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert (count(context, Attendee), page.panel.record_id, form.isVisible()) == (4, people["王敏"], False)
    assert any(button.text() == "打印胸卡" and button.isEnabled() for button in page.panel.findChildren(QPushButton))


def test_somebody_else_of_the_name_is_registered_all_the_same(form, context, people, qtbot, settle):
    form.form.fill({"person.name": "王敏", "organisation_id": "嘉定氢能动力系统有限公司"})
    qtbot.waitUntil(lambda: form.known is not None)
    press(form.notice, "另一个人，照样登记")
    assert (form.known, QApplication.focusWidget().text()) == (None, "登记并制证")
    enter()
    settle()
    assert (count(context, Attendee), count(context, Person)) == (5, 5)
    form.form.fill({"person.name": "王敏", "organisation_id": "嘉定氢能动力系统有限公司"})
    form.submit()
    assert (form.known is not None, count(context, Attendee)) == (True, 5)  # asked anew about the next one


def test_who_is_known_from_elsewhere_is_not_made_a_second_time(form, context, qtbot, settle):
    with context.db.transaction() as session:
        known = make_person(session, "林清", phone="13700008888").id
    form.form.fill({"person.name": "林 清", "person.phone": "137 0000 8888"})
    qtbot.waitUntil(lambda: form.known is not None)
    assert form.findChildren(Banner)[0].text == "已有这位的资料：林清 · 137****8888。登记用同一份。"
    persons = count(context, Person)
    form.submit()
    settle()
    assert (count(context, Attendee), count(context, Person)) == (5, persons)
    assert find_known(context.db, context.expo_id, Newcomer("林清", "+8613700008888")).person_id == known


def test_the_next_form_offers_what_the_last_one_had(form, context, settle):
    days = form.form.editor("valid_days")
    assert list(days._chips) == ["2018-11-29", "2018-11-30"]
    form.form.fill(
        {"person.name": "甲", "organisation_id": "新民报", "category_id": "媒体", "valid_days": ["2018-11-29"]}
    )
    form.submit()
    settle()
    held = form.form.values()
    assert [held[name] for name in ("person.name", "organisation_id", "category_id", "valid_days")] == [
        "", "新民报", "媒体", ["2018-11-29"],
    ]  # fmt: skip
    typed("乙")
    assert [enter(), enter()] == ["手机", "单位"]
    QTest.keyClicks(QApplication.focusWidget(), "x")  # what is offered is typed over
    assert form.form.values()["organisation_id"] == "x"
    form.clear_button.click()
    assert form.form.values()["organisation_id"] == ""


def test_the_full_form_asks_too(page, context, people, window, qtbot, settle):
    page.add()
    box = dialog.top(window)
    box.form.fill({"person.name": "王敏女士", "organisation_id": "嘉定氢能动力系统有限公司"})
    box.submit()
    assert (count(context, Attendee), box.is_open, box.notice.blocks) == (4, True, True)
    press(box.notice, "另一个人，照样登记")
    box.submit()
    settle()
    assert (count(context, Attendee), count(context, Person), box.is_open) == (5, 5, False)


def test_the_last_badge_is_printed_from_the_form(form, page, context, settle, shown):
    form.form.fill({"person.name": "丁"})
    form.submit()
    settle()
    press(form, "打印")
    settle()
    assert shown(page)[-1] == ("warn", "这台电脑还没有打印机，没有打印。可以存为 PDF，到别处打印。")


def test_a_printed_badge_is_counted_and_can_be_taken_back(page, context, people):
    badges.issue(context.db, [people["今日"]])
    (life,) = badges.lives(context.db, people["今日"])
    page._on_printed(page_printed(life.id), 1)
    assert badges.lives(context.db, people["今日"])[0].print_count == 1
    page.undo()
    assert badges.lives(context.db, people["今日"])[0].print_count == 0


def page_printed(badge_id):
    from expo_app.documents.badges import Printed

    return Printed((badge_id,), 0)


# --- the full form ---


def test_the_form_leads_to_who_is_registered_already(page, context, people, window, qtbot):
    page.add()
    box = dialog.top(window)
    assert isinstance(box, AttendeeDialog)
    box.form.fill({"person.name": "王敏", "person.phone": PHONE})
    qtbot.waitUntil(lambda: bool(box.findChildren(Banner)))
    asked = []
    context.navigated.connect(asked.append)
    box.submit()
    assert (count(context, Attendee), box.is_open) == (4, True)
    press(box.notice, "查看")
    assert (asked, box.is_open) == ([ListRoute(ATTENDEES, record=people["王敏"])], False)


def test_the_form_registers_somebody_new(page, context, window, settle):
    page.add()
    box = dialog.top(window)
    box.form.fill({"person.name": "戊", "person.phone": "13600004444"})
    box.submit()
    settle()
    assert (box.is_open, count(context, Attendee), count(context, Badge)) == (False, 5, 1)


def test_an_auditor_only_reads(context, window, people):
    context.db.actor = Actor("孙正", Role.AUDITOR)
    made = AttendeesPage(context)
    put(window, made)
    assert (made.walk_in_button.isEnabled(), made.bulk_actions([people["王敏"]])) == (False, [])
    made.open_walk_in()
    assert not made.walk_in.isVisible()


def test_both_languages(context, window, people):
    i18n.set_language("en")
    window.resize(1180, 680)
    made = AttendeesPage(context)
    put(window, made)
    made.open_walk_in()
    QApplication.processEvents()
    assert len(made.model.rows()) == 4
    for button in made.findChildren(QPushButton):
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width(), button.text()
    for field in made.walk_in.findChildren(FormField):
        assert field.editor.width() >= field.editor.minimumSizeHint().width()


def test_the_window_never_waits_for_an_answer_and_nobody_slips_through_before_it(form, context, monkeypatch, qtbot):
    """Who is known is asked in a worker; whoever registers before the answer is told by the service."""
    may, threads, real = threading.Event(), [], known_person.find_known

    def slow(*given):
        threads.append(threading.current_thread())
        may.wait(60)
        return real(*given)

    monkeypatch.setattr(known_person, "find_known", slow)
    form.form.fill({"person.name": "王敏", "organisation_id": "嘉定氢能动力系统有限公司"})
    qtbot.waitUntil(lambda: bool(threads))
    assert (form.known, threads[0] is threading.main_thread()) == (None, False)
    form.submit()
    assert (count(context, Attendee), form.notice.blocks, QApplication.focusWidget().text()) == (4, True, "就是这位")
    may.set()


def test_the_full_form_looks_once_and_at_the_address_too(page, context, people, window, settle, monkeypatch, qtbot):
    asked, real = [], known_person.find_known
    monkeypatch.setattr(known_person, "find_known", lambda *given: asked.append(given[2]) or real(*given))
    records.save(context.db, PEOPLE, {"email": "min@example.com"}, person_of(context, people["王敏"]))
    page.add()
    box = dialog.top(window)
    box.form.fill({"person.name": "王敏", "person.email": "min@example.com"})
    qtbot.waitUntil(lambda: box.notice.blocks)
    assert [one.email for one in asked] == ["min@example.com"]
    box.submit()
    assert count(context, Attendee) == 4


def person_of(context, attendee_id):
    with context.db.reading() as session:
        return session.get_one(Attendee, attendee_id).person_id
