"""Contacts and speakers become people with badges: looked at first, one act, taken back at once; a staff list."""

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from expo_app.model import Attendee, AttendeeState, CountsAs, Exhibitor, Expo, Person, Role
from expo_app.routes.badges import BadgesRoute
from expo_app.services import records, staff_badges
from expo_app.services.staff_badges import Why
from expo_app.specs import ATTENDEES
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, jobs, messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.badges import BadgesPage
from expo_app.ui.pages.exhibitors import ExhibitorsPage
from expo_app.ui.pages.guests import GuestsPage
from expo_app.ui.parts.staff_dialog import RegisterDialog
from expo_app.ui.records.import_wizard import ImportWizard
from expo_app.ui.records.import_wizard.dialog import ROWS
from tests.factories import local, make_exhibitor, make_item, make_person, make_speaker
from tests.ui.conftest import put


def settle(qapp: QApplication) -> None:
    for _again in range(3):
        qapp.processEvents()
        assert jobs.wait(60_000)
    qapp.processEvents()


@pytest.fixture
def page(context: Context, window: QMainWindow) -> ExhibitorsPage:
    """氢能 with two more people known of it and a quota of 2; 光电 with a contact; 检测 with none."""
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        power = make_exhibitor(session, expo, "嘉定氢能", contact="高建峰", phone="13812345678", badge_quota=2)
        for name in ("王一", "李二"):
            make_person(session, name, organisation_id=power.organisation_id)
        make_exhibitor(session, expo, "中科光电", contact="许静", phone="13900001111")
        make_exhibitor(session, expo, "昆山检测")
    made = ExhibitorsPage(context)
    put(window, made)
    return made


def asked(page: ExhibitorsPage, qapp: QApplication) -> RegisterDialog:
    """The dialog over every exhibitor, as the bar of ticked rows opens it."""
    page.model.check_only({row[0] for row in page.rows})
    act = next(act for words, _icon, act in page.bulk_actions(page.checked()) if words == "联系人制证")
    act(page.checked())
    settle(qapp)
    (box,) = page.window().findChildren(RegisterDialog)
    return box


def registered(context: Context) -> list[str]:
    with context.db.reading() as session:
        query = select(Person.name).join(Attendee, Attendee.person_id == Person.id).order_by(Person.name)
        return list(session.scalars(query))


def test_contacts_are_looked_at_registered_and_taken_back(
    page: ExhibitorsPage, context: Context, qapp: QApplication
) -> None:
    gone_to: list[object] = []
    context.navigated.connect(gone_to.append)
    box = asked(page, qapp)
    assert [row[1] for row in box.going.rows()] == ["许静", "高建峰"]
    assert [tuple(row[1:]) for row in box.staying.rows()] == [("", "昆山检测", "没有联系人")]
    assert (box.category.currentText(), box.print_button.text()) == ("参展商", "登记 2 人并去打印胸卡")
    assert registered(context) == []
    box.print_button.click()
    settle(qapp)
    assert registered(context) == ["许静", "高建峰"]
    (route,) = gone_to
    assert isinstance(route, BadgesRoute)
    assert len(route.people) == 2
    page.undo()
    assert registered(context) == []
    page.redo()
    assert registered(context) == ["许静", "高建峰"]


def test_the_badges_of_those_registered_can_be_made_at_once(
    page: ExhibitorsPage, context: Context, window: QMainWindow, qapp: QApplication
) -> None:
    routes: list[BadgesRoute] = []
    context.navigated.connect(routes.append)
    asked(page, qapp).print_button.click()
    settle(qapp)
    badges = BadgesPage(context)
    put(window, badges)
    badges.open_with(routes[0])
    settle(qapp)
    assert badges.issue_button.text() == "制证 2"
    badges.issue_button.click()
    settle(qapp)
    assert badges.print_button.text() == "打印未打胸卡 2"


def test_more_people_than_passes_are_named_and_one_may_choose_who_goes(
    page: ExhibitorsPage, context: Context, qapp: QApplication
) -> None:
    box = asked(page, qapp)
    box.everybody.click()
    settle(qapp)
    assert [row[1] for row in box.going.rows()] == ["许静", "李二", "高建峰"]
    (over,) = [one for one in (box.intake.left_out if box.intake else ()) if one.why is Why.OVER]
    assert over.name == "王一"
    (said,) = [banner.text for banner in box.findChildren(Banner)]
    assert said == "“嘉定氢能”的参展商名额 2 个，已登记 0 人，下列 1 人没有登记：王一。"
    place = [row[1] for row in box.going.rows()].index("李二")
    box.going.set_checked(box.going.id_at(place), False)
    settle(qapp)
    assert {row[1] for row in box.going.rows() if row[0] in box.going.checked} == {"许静", "王一", "高建峰"}
    box.register_button.click()
    settle(qapp)
    assert registered(context) == ["王一", "许静", "高建峰"]


def test_nothing_is_offered_to_who_may_not_register(page: ExhibitorsPage, context: Context) -> None:
    context.db.actor = Actor("审计", Role.AUDITOR)
    ids = [row[0] for row in page.rows]
    assert "联系人制证" not in {words for words, _icon, _act in page.bulk_actions(ids)}
    page.open_record(ids[0])
    assert not {"联系人制证", "导入人员名单"} & {b.text() for b in page.panel.findChildren(Button)}


def test_the_panel_of_one_exhibitor_registers_its_contact(
    page: ExhibitorsPage, context: Context, qapp: QApplication
) -> None:
    power = next(row[0] for row in page.rows if page.value(row, "organisation.name") == "嘉定氢能")
    page.open_record(power)
    qapp.processEvents()
    next(b for b in page.panel.findChildren(Button) if b.text() == "联系人制证" and b.isVisible()).click()
    settle(qapp)
    (box,) = page.window().findChildren(RegisterDialog)
    assert [row[1] for row in box.going.rows()] == ["高建峰"]
    box.register_button.click()
    settle(qapp)
    assert registered(context) == ["高建峰"]


def test_a_staff_list_comes_in_on_the_exhibitors_own_page(
    page: ExhibitorsPage, context: Context, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    power = next(row[0] for row in page.rows if page.value(row, "organisation.name") == "嘉定氢能")
    page.open_record(power)
    qapp.processEvents()
    next(b for b in page.panel.findChildren(Button) if b.text() == "导入人员名单" and b.isVisible()).click()
    (wizard,) = page.window().findChildren(ImportWizard)
    table = tmp_path / "人员.csv"
    table.write_text("姓名,手机,类别\n钱一,13811112222,\n孙二,13811113333,观众\n", encoding="utf-8")
    wizard.read(table)
    qtbot.waitUntil(lambda: wizard.plan is not None and not wizard.work.is_waiting)
    assert wizard.step == ROWS
    banner = next(b.text for b in wizard.findChildren(Banner) if "嘉定氢能" in b.text)
    assert banner.startswith("每一行的“单位”都是“嘉定氢能”。")
    wizard.go_on()
    qtbot.waitUntil(lambda: registered(context) == ["孙二", "钱一"])
    settle(qapp)
    wanted = [ATTENDEES.field(name) for name in ("person.name", "organisation_id", "category_id", "state")]
    found = {tuple(row[1:5]) for row in records.list_rows(context.db, ATTENDEES, context.expo_id, wanted)}
    assert found == {
        ("钱一", "嘉定氢能", "参展商", AttendeeState.CONFIRMED),
        ("孙二", "嘉定氢能", "观众", AttendeeState.CONFIRMED),
    }
    with context.db.reading() as session:
        linked = dict(session.execute(select(Person.name, Attendee.exhibitor_id).join(Attendee)).all())
    assert linked == {"钱一": power, "孙二": None}
    page.undo()
    settle(qapp)
    assert registered(context) == []


def test_speakers_are_registered_from_their_list(context: Context, window: QMainWindow, qapp: QApplication) -> None:
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        for hour, title in ((9, "论坛"), (14, "对话")):
            item = make_item(session, expo, title, starts_at=local(29, hour))
            person = session.scalars(select(Person).where(Person.name == "李院士")).first()
            make_speaker(session, item, person_id=(person or make_person(session, "李院士")).id)
    guests = GuestsPage(context)
    put(window, guests)
    page = guests.shown
    ids = [row[0] for row in page.rows]
    ((words, _icon, act),) = page.bulk_actions(ids)
    assert (words, len(ids)) == ("嘉宾制证", 2)
    act(ids)
    settle(qapp)
    (box,) = guests.window().findChildren(RegisterDialog)
    assert not box.everybody.isVisible()
    assert (box.category.currentText(), [row[1] for row in box.going.rows()]) == ("演讲人", ["李院士"])
    box.category.setCurrentIndex(box.category.findText("嘉宾"))
    box.category.activated.emit(box.category.currentIndex())
    settle(qapp)
    box.register_button.click()
    settle(qapp)
    assert registered(context) == ["李院士"]
    with context.db.reading() as session:
        kept = session.scalars(select(Attendee)).one()
        term = next(term for term in context.terms("categories") if term.id == kept.category_id)
    assert term.key == "guest"


def test_without_a_category_of_exhibitors_nobody_can_be_registered(
    page: ExhibitorsPage, context: Context, qapp: QApplication
) -> None:
    from tests.factories import category

    with context.db.transaction() as session:
        category(session, session.get_one(Expo, context.expo_id), "exhibitor").counts_as = CountsAs.NOBODY
    box = asked(page, qapp)
    assert not box.register_button.isEnabled()
    assert dialog.top(box) is box
    assert registered(context) == []


def test_nobody_is_registered_who_was_not_shown(page: ExhibitorsPage, context: Context, qapp: QApplication) -> None:
    """The contact is another one by the time the button is pressed: shown anew, and only then registered."""
    box = asked(page, qapp)
    with context.db.transaction() as session:
        other = session.scalars(select(Person.id).where(Person.name == "王一")).one()
        was = session.scalars(select(Person.id).where(Person.name == "高建峰")).one()
        session.scalars(select(Exhibitor).where(Exhibitor.contact_id == was)).one().contact_id = other
    box.register_button.click()
    settle(qapp)
    assert (registered(context), box.is_open) == ([], True)
    assert any("名单刚刚被别处改过" in toast.text for toast in messages.toasts(page.window()))
    assert [row[1] for row in box.going.rows()] == ["许静", "王一"]
    box.register_button.click()
    settle(qapp)
    assert registered(context) == ["王一", "许静"]


def test_what_was_done_after_esc_is_said(
    page: ExhibitorsPage, context: Context, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The act was under way: it is told with its 撤销, and nobody is led away."""
    may, real, gone_to = threading.Event(), staff_badges.register_people, list[object]()
    context.navigated.connect(gone_to.append)
    box = asked(page, qapp)

    def slow(*given: Any) -> Any:
        may.wait(60)
        return real(*given)

    monkeypatch.setattr(staff_badges, "register_people", slow)
    box.print_button.click()
    box.cancel()
    qapp.processEvents()
    may.set()
    settle(qapp)
    assert (registered(context), gone_to) == (["许静", "高建峰"], [])
    assert "已登记 2 人为参展商" in [toast.text for toast in messages.toasts(page.window())]
    page.undo()
    assert registered(context) == []
