"""联盟与共同体: bodies at the left, members by role and region, agreements with their signatures, events."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from expo_app.model import (
    Agreement,
    Alliance,
    AllianceMember,
    DealKind,
    Expo,
    MemberRole,
    Organisation,
    ProgrammeItem,
    Role,
    SharingEvent,
    SharingEventState,
)
from expo_app.routes import ListRoute
from expo_app.services import records
from expo_app.specs import AGREEMENTS, ALLIANCES, DEALS, MEMBERS, ORGANISATIONS, PLATFORMS, SHARING_EVENTS, TASKS
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import ElidedLabel, Pill
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.palette import Palette
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.pages import alliances as alliances_page
from expo_app.ui.pages.alliances import AlliancesPage
from expo_app.ui.pages.alliances.beside import PartyBox
from expo_app.ui.pages.alliances.deals import choose_deal
from expo_app.ui.parts.agreement_of_deal import agreement_notice
from expo_app.ui.records.record_dialog import RecordDialog
from tests.factories import make_deal, make_organisation
from tests.ui.conftest import put


class World:
    """Two bodies, four members of one of them in three places, an agreement of three parties of which two signed."""

    def __init__(self, context: Context) -> None:
        self.context = context
        with context.db.transaction() as session:
            for name, code in (("甲中心", "42"), ("乙中心", "43"), ("丙公司", "4201"), ("丁公司", "DE")):
                make_organisation(session, name, region_code=code)
        self.first = self.save(ALLIANCES, name="江汉联盟", founded="2018-11", source="某报")
        self.second = self.save(ALLIANCES, name="洞庭联盟", founded="2019")
        rows = (("甲中心", "发起", "2018-11"), ("乙中心", "发起", "2018-11"), ("丙公司", "会员", "2018-11"),
                ("丁公司", "会员", "2030"))  # fmt: skip
        for body, role, since in rows:
            self.save(MEMBERS, alliance_id="江汉联盟", organisation_id=body, role=role, since=since)
        parties = "丁公司；已签；2018-11\n甲中心；已签\n乙中心"
        self.agreement = self.save(AGREEMENTS, title="三方机制", alliance_id="江汉联盟", parties=parties)
        self.save(PLATFORMS, alliance_id="江汉联盟", title="研究院", state_since="2018-01-01")
        self.save(SHARING_EVENTS, alliance_id="江汉联盟", title="对接会", on_day="2018-11-29")

    def save(self, spec: Any, **values: Any) -> uuid.UUID:
        return records.save(self.context.db, spec, values, expo_id=self.context.expo_id)


@pytest.fixture
def world(context: Context) -> World:
    context.db.actor = Actor("周敏", Role.ADMIN)
    return World(context)


@pytest.fixture
def page(context: Context, world: World, window: QMainWindow) -> AlliancesPage:
    window.resize(1366, 768)
    made = AlliancesPage(context)
    put(window, made)
    return made


def _names(page: AlliancesPage) -> list[str]:
    return [row[1] for row in page.shown.model.rows()]


def test_who_belongs_today_by_role_and_region(page: AlliancesPage) -> None:
    assert [card.body.name for card in page.side.bodies] == ["江汉联盟", "洞庭联盟"]
    assert _names(page) == ["乙中心", "甲中心", "丙公司"]
    assert page.seen is not None
    assert [label for _key, label in page.seen.matrix.columns] == ["湖北", "湖南"]
    page.map.at = (0, 1)
    QTest.keyClick(page.map, Qt.Key.Key_Return)
    assert _names(page) == ["乙中心"]
    assert page.shown.bar.describe() == "发起 · 湖南"
    QTest.keyClick(page.map, Qt.Key.Key_Return)
    assert len(_names(page)) == 3
    page.map.at = (4, 0)
    page.map.press()
    assert _names(page) == ["甲中心", "丙公司"]
    page.shown.bar.clear()
    assert page.map.picked is None


def test_a_day_of_the_past_and_of_the_future(page: AlliancesPage) -> None:
    page._until.set_value(date(2030, 5, 1))
    page._until.editingFinished.emit()
    assert "丁公司" in _names(page)
    assert page._count.text() == "成员 4"
    page._until.set_value(date(2018, 10, 31))
    page._until.editingFinished.emit()
    assert _names(page) == []


def test_a_body_without_members(page: AlliancesPage, world: World) -> None:
    page.choose(world.second)
    assert page._count.text() == "成员 0"
    assert _names(page) == []
    assert page.agreement is not None


def test_an_agreement_that_not_all_have_signed(page: AlliancesPage, world: World) -> None:
    page.choose_agreement(world.agreement)
    card = page.beside.agreement
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    names = [box.accessibleName().split(" · ")[0] for box in card.findChildren(PartyBox)]
    assert names == ["丁公司", "甲中心", "乙中心"]
    assert "已签 2 / 3" in [pill.text for pill in card.findChildren(Pill)]


def test_keys_one_to_three_and_a_new_one_of_the_view_in_front(page: AlliancesPage, world: World) -> None:
    for key, name in ((Qt.Key.Key_2, "platforms"), (Qt.Key.Key_3, "events"), (Qt.Key.Key_1, "members")):
        QTest.keyClick(page.shown.view, key)
        assert page.shown.key == name
    QTest.keyClick(page.shown.view, Qt.Key.Key_2)
    QTest.keyClick(page.shown.view, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    form = dialog.top(page)
    assert isinstance(form, RecordDialog)
    assert form.spec is PLATFORMS
    assert form.form.read("alliance_id") == "江汉联盟"
    form.cancel()


def test_enter_opens_the_organisation(page: AlliancesPage, context: Context) -> None:
    went: list[Any] = []
    context.navigated.connect(went.append)
    page.shown.view.selectRow(0)
    QTest.keyClick(page.shown.view, Qt.Key.Key_Return)
    (route,) = went
    assert route.spec is ORGANISATIONS
    with context.db.reading() as session:
        assert session.get_one(Organisation, route.record).name == "乙中心"


def test_an_event_goes_into_the_programme_and_back_by_undo(page: AlliancesPage, context: Context) -> None:
    QTest.keyClick(page.shown.view, Qt.Key.Key_3)
    event = page.seen.events[0] if page.seen else None
    assert event is not None
    (button,) = page.shown.panel_actions(event.id, {})
    button.click()
    form = dialog.top(page)
    assert isinstance(form, RecordDialog)
    form.form.fill({"minutes": 60})
    form.submit()
    with context.db.reading() as session:
        item = session.get_one(SharingEvent, event.id).programme_item_id
        assert session.get_one(ProgrammeItem, item).title == "对接会"
    page.undo()
    with context.db.reading() as session:
        assert session.get_one(SharingEvent, event.id).programme_item_id is None
        assert session.get(ProgrammeItem, item) is None


def test_the_card_starts_the_act_for_its_event_and_not_for_one_held_on_other_days(
    page: AlliancesPage, world: World
) -> None:
    held = {"on_day": "2017-05-04", "state": SharingEventState.HELD}
    world.save(SHARING_EVENTS, alliance_id="江汉联盟", title="去年的会", **held)
    world.save(SHARING_EVENTS, alliance_id="江汉联盟", title="明年的会", on_day="2019-05", state="PLANNED")
    page.read()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    (button,) = [one for one in page.beside.events.findChildren(Button) if one.text() == "进日程"]
    button.click()
    form = dialog.top(page)
    assert isinstance(form, RecordDialog)
    assert form.form.values()["title"] == "对接会"
    days = {"2018-11-29", "2017-05-04", "2019-05"}
    page.beside.set_narrow(False)
    assert days <= {one.text for one in page.beside.events.findChildren(Pill)}
    page.beside.set_narrow(True)
    assert days <= {one.whole_text.split(" · ")[0] for one in page.beside.events.findChildren(ElidedLabel)}


def test_a_stalled_platform_and_an_overdue_task_are_told(page: AlliancesPage, world: World) -> None:
    assert page.seen is not None
    assert page.seen.platforms[0].is_stalled
    world.save(TASKS, title="复函", alliance_id="江汉联盟", due_on="2018-11-20", assignee="周敏")
    QApplication.processEvents()
    assert page.board is not None
    assert [(task.title, task.alliance_id) for task in page.board.tasks] == [("复函", world.first)]


def test_routes_lead_to_a_body_an_agreement_and_a_member(page: AlliancesPage, world: World, context: Context) -> None:
    page.open_with(ListRoute(ALLIANCES, record=world.second))
    assert page.body_id == world.second
    page.open_with(ListRoute(AGREEMENTS, record=world.agreement))
    assert page.agreement_id == world.agreement
    with context.db.reading() as session:
        member = session.query(AllianceMember).filter_by(role=MemberRole.MEMBER, since="2018-11").one().id
    page.open_with(ListRoute(MEMBERS, record=member))
    assert page.body_id == world.first
    assert page.shown.panel.record_id == member


def test_a_form_of_a_body_and_one_of_an_agreement(page: AlliancesPage, context: Context) -> None:
    page.making.open_form(ALLIANCES)
    form = dialog.top(page)
    assert isinstance(form, RecordDialog)
    form.form.fill({"name": "汉水联盟"})
    form.submit()
    QApplication.processEvents()
    page.making.open_form(AGREEMENTS)
    form = dialog.top(page)
    assert isinstance(form, RecordDialog)
    form.form.fill({"title": "两方协议"})
    form.submit()
    QApplication.processEvents()
    with context.db.reading() as session:
        owner = session.query(Agreement).filter_by(title="两方协议").one().alliance_id
        assert session.get_one(Alliance, owner).name == "汉水联盟"
    assert page.agreement is not None
    assert page.agreement.title == "两方协议"


def test_an_empty_file_says_how_to_begin(context: Context, window: QMainWindow) -> None:
    context.db.actor = Actor("周敏", Role.ADMIN)
    page = AlliancesPage(context)
    put(window, page)
    assert page.seen is None
    state = page.shown.findChild(EmptyState)
    assert state is not None
    (add,) = [button for button in state.findChildren(Button) if button.isVisible()]
    assert (state.title.text(), add.text()) == ("还没有联盟与共同体", "新增联盟或共同体")
    add.click()
    form = dialog.top(page)
    assert isinstance(form, RecordDialog)
    assert form.spec is ALLIANCES
    form.cancel()
    with context.db.reading() as session:
        assert session.query(Alliance).count() == 0


def test_a_deal_and_its_agreement_lead_to_each_other(page: AlliancesPage, context: Context, qapp: QApplication) -> None:
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        deal = make_deal(session, expo, "战略合作", kind=DealKind.FRAMEWORK, others=("甲中心", "乙中心")).id
    choose_deal(page)
    went: list[Any] = []
    context.navigated.connect(went.append)
    palette = next(one for one in page.window().findChildren(Palette) if one.isVisible())
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    qapp.processEvents()
    assert page.agreement is not None
    assert page.agreement.deal is not None
    assert page.agreement.deal[1] == deal
    (notice,) = agreement_notice(context, deal)
    notice.findChildren(Button)[0].click()
    page.beside.agreement.deal_wanted.emit(page.agreement.deal[:2])
    assert [(route.spec, route.record) for route in went] == [(AGREEMENTS, page.agreement.id), (DEALS, deal)]


def test_what_a_role_may_not_make_is_not_offered(page: AlliancesPage, context: Context) -> None:
    context.db.actor = Actor("登记", Role.REGISTRAR)
    menu = Menu(page)
    page.making.fill_new(menu)
    words = [action.text() for action in menu.actions()]
    assert "共建平台" in words
    assert "活动" not in words


def test_a_body_just_deleted_is_said_to_be_gone(page: AlliancesPage) -> None:
    page.choose(uuid.uuid4())
    assert any("已被删除" in toast.text for toast in messages.toasts(page))


def test_the_list_of_bodies_counts_as_the_page_does(page: AlliancesPage, context: Context, world: World) -> None:
    world.save(MEMBERS, alliance_id="洞庭联盟", organisation_id="甲中心", since="2010", until="2099")
    page.refresh()
    shown = page.show_list("alliances")
    told = {shown.value(row, "name"): shown.value(row, "members") for row in shown.model.rows()}
    assert told == {card.body.name: card.body.members for card in page.side.bodies}
    assert told == {"江汉联盟": 3, "洞庭联盟": 1}


def test_many_members_are_read_in_a_worker(
    page: AlliancesPage, world: World, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alliances_page, "LARGE", 0)
    world.save(ALLIANCES, name="澧水联盟")
    page.read()
    page.read()
    qtbot.waitUntil(lambda: "澧水联盟" in [card.body.name for card in page.side.bodies])
    qtbot.waitUntil(lambda: not page._loading)


def test_an_arrival_reads_the_attendance_alone(page: AlliancesPage, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setattr(page, "read", lambda: read.append(1))
    page._on_changed(frozenset({"check_in"}))
    assert not read
    page._on_changed(frozenset({"alliance_member"}))
    assert read
