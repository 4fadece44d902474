"""跟进: tasks by keys, ticking off and back, payments in a deal's panel, what is due on 总览."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from expo_app.model import Expo, Role, TaskState
from expo_app.routes import ListRoute
from expo_app.services import records
from expo_app.specs import MILESTONES, TASKS
from expo_app.store.database import Actor
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label, Pill
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.deals import DealsPage
from expo_app.ui.pages.exhibitors import ExhibitorsPage
from expo_app.ui.pages.follow_up import FollowUpPage
from expo_app.ui.pages.guests import GuestsPage
from expo_app.ui.pages.home import HomePage
from expo_app.ui.parts.follow_up import MilestoneBox, TaskBox
from tests.factories import local, make_achievement, make_deal, make_exhibitor, make_item, make_pitch, make_room
from tests.ui.clipping import clipped
from tests.ui.conftest import put


@pytest.fixture(autouse=True)
def at_ten(context):
    context.db.clock = lambda: local(29, 10)
    context.set_actor(Actor("郑岚", Role.ADMIN))


@pytest.fixture
def records_of(context):
    """A deal of 100 万元, an exhibitor and a pitch."""
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        deal = make_deal(session, expo, "膜材料转让", amount=Decimal(1_000_000), contract_subkind="专利权转让")
        body = make_exhibitor(session, expo, "甲公司")
        item = make_item(session, expo, "路演", kind="roadshow", room_id=make_room(session, expo, "A 会场").id)
        pitch = make_pitch(session, item, make_achievement(session, expo, "纳米膜"), position=1)
        return {"deals": deal.id, "exhibitors": body.id, "pitches": pitch.id, "no": deal.deal_no}


def task(context, **values):
    return records.save(context.db, TASKS, {"title": "寄回合同", **values}, expo_id=context.expo_id)


def shown_page(context, window):
    made = FollowUpPage(context)
    put(window, made)
    return made


def settled(qapp):
    for _n in range(3):
        qapp.processEvents()
    assert jobs.wait(60_000)
    qapp.processEvents()


def states(context):
    fields = [TASKS.field(name) for name in ("title", "state", "done_on")]
    return {row[1]: row[2:4] for row in records.list_rows(context.db, TASKS, context.expo_id, fields)}


# --- the list ---


def test_the_chips_count_what_is_open(context, window):
    task(context, due_on="2018-11-28", assignee="郑岚")
    task(context, title="今天", due_on="2018-11-29")
    task(context, title="下周", due_on="2018-12-06")
    task(context, title="以后", due_on="2018-12-07")
    task(context, title="办了", due_on="2018-11-20", state="已办")
    page = shown_page(context, window).shown
    assert page.header.findChildren(Label)[1].text() == "待办 4 件 · 逾期 1 件"
    for name, titles in (
        ("overdue", ["寄回合同"]), ("today", ["今天"]), ("week", ["今天", "下周"]), ("mine", ["寄回合同"]),
    ):  # fmt: skip
        page.open_with(ListRoute(TASKS, facets={name: True}))
        assert sorted(page.value(row, "title") for row in page.model.rows()) == sorted(titles), name
    page.bar.clear()
    words = {
        page.value(row, "title"): page.words(TASKS.field("timing"), page.value(row, "timing")) for row in page.rows
    }
    assert words == {"寄回合同": "逾期 1 天", "今天": "今天到期", "下周": "还有 7 天", "以后": "—", "办了": "—"}
    assert clipped(page) == []


def test_ticked_tasks_are_done_at_once_and_taken_back(context, window):
    task(context)
    task(context, title="二")
    task(context, title="三", state="不办了")
    page = shown_page(context, window).shown
    for row in range(2):
        page.model.set_checked(next(r[0] for r in page.rows if page.value(r, "title") == ("寄回合同", "二")[row]), True)
    done = next(call for words, _icon, call in page.bulk_actions(page.checked()) if words == "标记已办")
    done(page.checked())
    assert {title: state for title, (state, _on) in states(context).items()} == {
        "寄回合同": TaskState.DONE, "二": TaskState.DONE, "三": TaskState.DROPPED,
    }  # fmt: skip
    assert states(context)["二"][1] == date(2018, 11, 29)
    page.undo()
    assert states(context)["二"] == (TaskState.OPEN, None)
    page.redo()
    assert states(context)["二"][0] is TaskState.DONE


def test_a_role_without_the_right_only_looks(context, window):
    key = task(context)
    context.set_actor(Actor("李可", Role.DESK))
    page = shown_page(context, window).shown
    page.open_record(key)
    assert page.bulk_actions([key]) == []
    assert [button.text() for button in page.panel_actions(key, records.get(context.db, TASKS, key))] == []


# --- from a panel ---


@pytest.mark.parametrize(
    ("page", "spec"), [(DealsPage, "deals"), (ExhibitorsPage, "exhibitors"), (GuestsPage, "pitches")]
)
def test_a_task_is_added_by_keys_from_a_panel(page, spec, records_of, context, window, qapp):
    """One press, three fields, Enter: 事项 ⇥ 负责人 ⇥ 期限 ⏎."""
    made = page(context)
    put(window, made)
    shown = made.show_list("pitches") if spec == "pitches" else made
    shown.open_record(records_of[spec])
    box = shown.panel.findChild(TaskBox)
    QTest.mouseClick(box.add_button, Qt.MouseButton.LeftButton)
    qapp.processEvents()
    for text in ("催首付款", "\t李可", "\t2018-12-05"):
        for letter in text:
            if letter == "\t":
                QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            else:
                QApplication.focusWidget().insert(letter)
                QApplication.focusWidget().textEdited.emit(QApplication.focusWidget().text())
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    settled(qapp)
    assert dialog.top(window) is None
    (row,) = records.list_rows(context.db, TASKS, context.expo_id)
    got = records.get(context.db, TASKS, row[0])
    assert (got["title"], got["assignee"], got["due_on"]) == ("催首付款", "李可", date(2018, 12, 5))
    assert got["subject"] in ("膜材料转让", "甲公司", "纳米膜")
    rows = list(shown.panel.findChild(TaskBox).findChildren(ItemRow))
    assert [item.accessibleName().split()[0] for item in rows] == ["催首付款"]
    shown.undo()
    assert records.count(context.db, TASKS, context.expo_id) == 0


def test_a_tick_in_the_panel_is_one_press(records_of, context, window, qapp):
    task(context, deal_id=records_of["no"], due_on="2018-11-28")
    page = DealsPage(context)
    put(window, page)
    page.open_record(records_of["deals"])
    box = page.panel.findChild(TaskBox)
    (tick,) = box.findChildren(IconButton)
    tick.click()
    settled(qapp)
    assert states(context)["寄回合同"] == (TaskState.DONE, date(2018, 11, 29))
    assert page.panel.findChild(TaskBox).findChildren(IconButton) == []
    page.undo()
    assert states(context)["寄回合同"] == (TaskState.OPEN, None)


def test_payments_stand_beside_the_amount_and_never_above_it_in_silence(records_of, context, window, qapp):
    point = partial(records.save, context.db, MILESTONES, expo_id=context.expo_id)
    point({"deal_id": records_of["no"], "title": "首付款", "amount": "40", "due_on": "2018-11-28"})
    page = DealsPage(context)
    put(window, page)
    page.open_record(records_of["deals"])
    page.panel._on_tab("milestones")
    box = page.panel.findChild(MilestoneBox)
    words = lambda: [label.text() for label in page.panel.findChild(MilestoneBox).findChildren(Label)]  # noqa: E731
    assert "已付 0.00 万元 / 100.00 万元" in words()
    assert [pill.text for pill in box.findChildren(Pill)] == ["逾期 1 天"]
    (paid,) = [button for button in box.findChildren(Button) if button.text() == "记为已付"]
    paid.click()
    settled(qapp)
    assert "已付 40.00 万元 / 100.00 万元" in words()
    assert page.panel.findChild(MilestoneBox).findChildren(Banner) == []
    point({"deal_id": records_of["no"], "title": "尾款", "amount": "60.01"})
    settled(qapp)
    (banner,) = page.panel.findChild(MilestoneBox).findChildren(Banner)
    assert any("超过成交额 0.01 万元" in label.text() for label in banner.findChildren(Label))
    page.undo()
    settled(qapp)
    assert "已付 0.00 万元 / 100.00 万元" in words()


def test_a_milestone_has_no_amount_in_its_form(records_of, context, window, qapp):
    page = DealsPage(context)
    put(window, page)
    page.open_record(records_of["deals"])
    page.panel._on_tab("milestones")
    page.panel.findChild(MilestoneBox).add_button.click()
    form = dialog.top(window).form
    assert form.is_shown("amount")
    form.fill({"kind": "STEP", "title": "样机验收"})
    assert not form.is_shown("amount")
    dialog.top(window).submit()
    settled(qapp)
    (row,) = records.list_rows(context.db, MILESTONES, context.expo_id)
    assert records.get(context.db, MILESTONES, row[0])["deal_id"] == records_of["no"]
    transfer = next(b for b in page.panel.findChild(MilestoneBox).findChildren(Button) if "专利转让登记" in b.text())
    transfer.click()
    settled(qapp)
    assert records.count(context.db, MILESTONES, context.expo_id) == 2


# --- the due list ---


def test_what_is_due_opens_the_first_of_them(context, window, qapp):
    later = task(context, title="后", due_on="2018-12-01")
    first = task(context, title="先", due_on="2018-11-27")
    home = HomePage(context)
    put(window, home)
    settled(qapp)
    gone = []
    context.navigated.connect(gone.append)
    alert = next(w for w in home._body.findChildren(Label) if w.text().startswith("跟进任务到期"))
    assert alert.text() == "跟进任务到期 2 件"
    button = next(b for b in alert.parentWidget().findChildren(Button) if b.text() == "打开")
    button.click()
    assert (gone[-1].spec, gone[-1].record) == (TASKS, first)
    page = shown_page(context, window)
    page.open_with(gone[-1])
    settled(qapp)
    assert {row[0] for row in page.shown.model.rows()} == {first, later}
    assert page.shown.panel.record_id == first
    next(b for b in home._body.findChildren(Button) if b.text() == "全部任务").click()
    assert gone[-1] == ListRoute(TASKS)
