"""日程: what is moved is saved in the draft and can be taken back; clashes are warned of; publishing refuses them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from expo_app import i18n
from expo_app.model import Expo, ItemState, ProgrammeItem, Role, SpeakerRole
from expo_app.routes import ListRoute
from expo_app.services import programme, records
from expo_app.specs import ITEM_KINDS, PROGRAMME, ROOMS
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import IconView
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.pages.programme import ProgrammePage
from expo_app.ui.pages.programme.item_dialog import ItemDialog
from expo_app.ui.pages.programme.publish import PublishDialog
from expo_app.ui.records.record_dialog import RecordDialog
from tests.factories import (
    local,
    make_attendee,
    make_gate,
    make_item,
    make_person,
    make_room,
    make_scan,
    make_speaker,
    word,
)
from tests.ui.clipping import clipped
from tests.ui.conftest import put

Shown = Callable[[QWidget], list[tuple[str, str]]]


class Plan:
    """论坛 A 14:00–16:00, 说明会 C 14:15–15:30 (one speaker in both), 拍卖 A 09:30–11:30 locked, 总结 in the tray."""

    def __init__(self, context: Context) -> None:
        self.context = context
        context.db.clock = lambda: local(29, 10, 42)
        with context.db.transaction() as session:
            expo = session.get_one(Expo, context.expo_id)
            self.rooms = [
                make_room(session, expo, f"{name} 会场", seats=seats, purpose=purpose, position=n).id
                for n, (name, seats, purpose) in enumerate((("A", 280, "主论坛"), ("B", 120, ""), ("C", 60, "洽谈")))
            ]
            a, _b, c = self.rooms
            shen = make_person(session, "沈知远").id
            forum = make_item(session, expo, "论坛", room_id=a, starts_at=local(29, 14), minutes=120, registrations=262)
            talk = make_item(session, expo, "说明会", room_id=c, starts_at=local(29, 14, 15), minutes=75)
            make_speaker(session, forum, person_id=shen)
            make_speaker(session, talk, person_id=shen, role=SpeakerRole.MODERATOR)
            auction = make_item(
                session, expo, "拍卖", room_id=a, starts_at=local(29, 9, 30), minutes=120, kind="auction",
                is_locked=True, registrations=240,
            )  # fmt: skip
            closing = make_item(session, expo, "总结", minutes=45)
            self.forum, self.talk, self.auction, self.closing = forum.id, talk.id, auction.id, closing.id

    def where(self, item_id: Any) -> tuple[str, str]:
        found = programme.load(self.context.db, self.context.expo_id).find(item_id)
        assert found is not None
        return found.slot.room_name, found.slot.hours

    def change(self, item_id: Any, **values: Any) -> None:
        with self.context.db.transaction() as session:
            item = session.get_one(ProgrammeItem, item_id)
            for name, value in values.items():
                setattr(item, name, value)


@pytest.fixture
def plan(context: Context) -> Plan:
    return Plan(context)


@pytest.fixture
def page(plan: Plan, context: Context, window: QMainWindow) -> ProgrammePage:
    window.resize(1240, 820)
    made = ProgrammePage(context)
    put(window, made)
    made.setFocus()
    return made


def press(page: ProgrammePage, item_id: Any, *keys: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    page.plan.timeline.view.select(item_id)
    for key in keys:
        QTest.keyClick(page.plan.timeline.view, key, modifier)
    QApplication.processEvents()


def drag(page: ProgrammePage, item_id: Any, x: int, y: int) -> None:
    view = page.plan.timeline.view
    at = view.center_of(item_id)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(view.viewport(), at + QPoint(x // 2, y // 2))
    QTest.mouseMove(view.viewport(), at + QPoint(x, y))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at + QPoint(x, y))
    QApplication.processEvents()


def problem(page: ProgrammePage, item_id: Any) -> str:
    return page.plan.timeline.view.things[item_id].problem


# --- what is shown ---


@pytest.mark.parametrize(
    ("language", "days"), [("zh_CN", ["周三 11-28 · 0 场", "周四 11-29 · 3 场", "周五 11-30 · 0 场"]), ("en", None)]
)
def test_opens_in_both_languages(
    plan: Plan, context: Context, window: QMainWindow, language: str, days: list[str] | None
) -> None:
    i18n.set_language(language)
    page = ProgrammePage(context)
    put(window, page)
    bar = page.plan.day_choice.control
    assert bar is not None
    assert bar.key == date(2018, 11, 29)
    if days is not None:
        assert [bar.button(day).text() for day in page.plan.day_choice.counts] == days
    assert set(page.plan.timeline.view.things) == {plan.forum, plan.talk, plan.auction}
    assert [card.item.id for card in page.plan.side.tray] == [plan.closing]


def test_blocks_say_people_seats_and_reasons(page: ProgrammePage, plan: Plan) -> None:
    blocks = page.plan.timeline.view.things
    forum, talk, auction = blocks[plan.forum], blocks[plan.talk], blocks[plan.auction]
    assert (forum.people, forum.foot) == ("嘉宾 1 人", "报名 262 / 280")
    assert (talk.people, talk.foot) == ("主持 沈知远", "60 座")
    assert forum.problem == "嘉宾冲突：沈知远同时在 C 会场"
    assert (auction.problem, auction.is_locked, auction.tag) == ("", True, "拍卖")


def test_the_header_counts(page: ProgrammePage) -> None:
    fact = page.plan.header._fact.whole_text
    assert fact == "4 场论坛与路演，其中签约与对接 0 场 · 未发布的改动 3 处"


def test_who_is_in_the_room(page: ProgrammePage, plan: Plan, context: Context) -> None:
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        gate = make_gate(session, expo, "A 门", room_id=plan.rooms[0])
        for minute in (20, 40):
            make_scan(session, gate, make_attendee(session, expo), local(29, 9, minute))
    page.plan._counted = None
    page.refresh()
    assert page.plan.timeline.view.things[plan.auction].foot == "报名 240 / 280 · 在场 2"
    context.db.clock = lambda: local(29, 12)
    page.refresh()
    assert page.plan.timeline.view.things[plan.auction].foot == "报名 240 / 280 · 到场 2"


def test_refreshes_on_an_announcement(page: ProgrammePage, plan: Plan, context: Context) -> None:
    records.save(context.db, PROGRAMME, {"title": "高峰论坛"}, plan.forum, expo_id=context.expo_id)
    QApplication.processEvents()
    assert page.plan.timeline.view.things[plan.forum].title == "高峰论坛"


def test_a_kind_with_another_name_is_read_in_the_open_plan(page: ProgrammePage, plan: Plan, context: Context) -> None:
    with context.db.reading() as session:
        forum = word(session, "item_kinds", "forum", session.get_one(Expo, context.expo_id))
    records.save(context.db, ITEM_KINDS, {"name": "大会", "colour": "紫"}, forum, expo_id=context.expo_id)
    QApplication.processEvents()
    block = page.plan.timeline.view.things[plan.forum]
    assert (block.tag, block.token) == ("大会", "plum")


def test_a_refresh_waits_while_a_block_is_in_the_hand(page: ProgrammePage, plan: Plan, context: Context) -> None:
    view = page.plan.timeline.view
    at = view.center_of(plan.talk)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(view.viewport(), at + QPoint(0, 60))
    records.save(context.db, PROGRAMME, {"title": "高峰论坛"}, plan.forum, expo_id=context.expo_id)
    QApplication.processEvents()
    assert (view.carried is not None, view.things[plan.forum].title) == (True, "论坛")
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.things[plan.forum].title == "高峰论坛"


def test_an_item_on_a_day_outside_the_expo_gets_a_day_of_its_own(page: ProgrammePage, plan: Plan) -> None:
    plan.change(plan.forum, starts_at=local(27, 14), ends_at=local(27, 16))
    page.refresh()
    assert min(page.plan.day_choice.counts) == date(2018, 11, 27)
    page.open_with(ListRoute(PROGRAMME, record=plan.forum))
    assert (page.plan.day, page.plan.timeline.view.key) == (date(2018, 11, 27), plan.forum)
    assert problem(page, plan.forum) == "不在展期内"


def test_empty_without_items_and_without_rooms(context: Context, window: QMainWindow) -> None:
    page = ProgrammePage(context)
    put(window, page)
    state = page.plan._pages.currentWidget()
    assert isinstance(state, EmptyState)
    assert state.title.text() == "还没有会场"
    gone_to: list[object] = []
    context.navigated.connect(gone_to.append)
    state.findChild(Button).click()
    assert gone_to == [ListRoute(ROOMS, new=True)]
    with context.db.transaction() as session:
        make_room(session, session.get_one(Expo, context.expo_id))
    QApplication.processEvents()
    state = page.plan._pages.currentWidget()
    assert isinstance(state, EmptyState)
    assert state.title.text() == "还没有活动"


# --- moving ---


def test_a_drag_is_saved_and_undone(page: ProgrammePage, plan: Plan, shown: Shown) -> None:
    lane = round(page.plan.timeline.view.across.scale)
    drag(page, plan.talk, -lane, -144)
    assert plan.where(plan.talk) == ("B 会场", "12:15–13:30")
    assert shown(page) == [("ok", "“说明会”已移动")]
    page.undo()
    assert plan.where(plan.talk) == ("C 会场", "14:15–15:30")
    page.redo()
    assert plan.where(plan.talk) == ("B 会场", "12:15–13:30")


def test_keys_move_and_every_step_can_be_undone(page: ProgrammePage, plan: Plan, shown: Shown) -> None:
    press(page, plan.talk, Qt.Key.Key_Down, Qt.Key.Key_Left)
    press(page, plan.talk, Qt.Key.Key_Down, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert plan.where(plan.talk) == ("B 会场", "14:20–15:40")
    assert shown(page) == []
    for expected in (("B 会场", "14:20–15:35"), ("C 会场", "14:20–15:35"), ("C 会场", "14:15–15:30")):
        page.undo()
        assert plan.where(plan.talk) == expected
    page.undo()
    assert plan.where(plan.talk) == ("C 会场", "14:15–15:30")


def test_a_conflicting_drop_is_saved_and_warned_of(page: ProgrammePage, plan: Plan, shown: Shown) -> None:
    drag(page, plan.talk, -2 * round(page.plan.timeline.view.across.scale), 0)
    assert plan.where(plan.talk) == ("A 会场", "14:15–15:30")
    assert shown(page) == [("warn", "已存入草稿，新增冲突：会场重叠 75 分钟：论坛")]
    card = page.plan.side.cards[0]
    assert (card.clash.blocks, card.clash.kind.label) == (True, "会场时间重叠")
    page.undo()
    assert plan.where(plan.talk) == ("C 会场", "14:15–15:30")


def test_a_locked_item_does_not_move_until_unlocked(page: ProgrammePage, plan: Plan, shown: Shown) -> None:
    drag(page, plan.auction, 0, 120)
    press(page, plan.auction, Qt.Key.Key_Down)
    assert plan.where(plan.auction) == ("A 会场", "09:30–11:30")
    assert shown(page) == [("info", "“拍卖”已锁定，没有移动")]
    action = messages.toasts(page)[0].findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    next(w for w in action if getattr(w, "text", lambda: "")() == "解锁").click()  # type: ignore[attr-defined]
    press(page, plan.auction, Qt.Key.Key_Down)
    assert plan.where(plan.auction) == ("A 会场", "09:35–11:35")


def test_u_puts_into_the_tray_and_a_drag_brings_back(page: ProgrammePage, plan: Plan) -> None:
    press(page, plan.talk, Qt.Key.Key_U)
    assert plan.where(plan.talk) == ("", "—")
    cards = {card.item.id: card for card in page.plan.side.tray}
    assert set(cards) == {plan.talk, plan.closing}
    card, view = cards[plan.closing], page.plan.timeline.view
    view.set_zoom(1.0, QPoint(0, 0))
    spot = view.mapFromScene(view.across.px(1) + 60, view.down.px(720) + 2)
    start = card.rect().center()
    QTest.mousePress(card, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(card, start + QPoint(-30, 0))
    end = card.mapFromGlobal(view.viewport().mapToGlobal(spot))
    QTest.mouseMove(card, end)
    QTest.mouseRelease(card, Qt.MouseButton.LeftButton, pos=end)
    QApplication.processEvents()
    assert plan.where(plan.closing) == ("B 会场", "11:45–12:30")


def test_dropped_on_the_column_beside_it_goes_to_the_tray(page: ProgrammePage, plan: Plan) -> None:
    view, side = page.plan.timeline.view, page.plan.side
    at = view.viewport().mapFromGlobal(side.mapToGlobal(side.rect().center()))
    way = at - view.center_of(plan.talk)
    drag(page, plan.talk, way.x(), way.y())
    assert plan.where(plan.talk) == ("", "—")


def test_somebody_else_was_faster(page: ProgrammePage, plan: Plan, context: Context, shown: Shown) -> None:
    plan.change(plan.talk, starts_at=local(29, 9), ends_at=local(29, 10, 15))
    page.plan.timeline.view.select(plan.talk)
    QTest.keyClick(page.plan.timeline.view, Qt.Key.Key_Down)
    assert plan.where(plan.talk) == ("C 会场", "09:00–10:15")
    assert [kind for kind, _words in shown(page)] == ["bad"]


def test_an_auditor_only_looks(context: Context, plan: Plan, window: QMainWindow, shown: Shown) -> None:
    context.db.actor = Actor("孙正", Role.AUDITOR)
    page = ProgrammePage(context)
    put(window, page)
    press(page, plan.talk, Qt.Key.Key_Down)
    assert plan.where(plan.talk) == ("C 会场", "14:15–15:30")
    assert shown(page) == [("info", f"{Role.AUDITOR.label}没有这项权限")]
    assert page.plan.publish_button.isEnabled() is False
    assert [a.isEnabled() for a in page.plan.acts.menu_of(page.plan.acts.find(plan.talk)).actions()] == [True] + [
        False
    ] * 4


# --- clashes ---


def test_a_remedy_settles_its_clash(page: ProgrammePage, plan: Plan) -> None:
    (card,) = page.plan.side.cards
    assert card.remedy is not None
    assert card.remedy_button.text() == card.remedy.label
    card.remedy_button.click()
    QApplication.processEvents()
    assert programme.load(page.context.db, page.context.expo_id).clashes == ()
    assert (page.plan.side.cards, page.plan.side.clash_count.text) == ([], "0")
    page.undo()
    assert plan.where(plan.talk) == ("C 会场", "14:15–15:30")


def test_a_warning_is_allowed_with_a_reason_in_the_card(page: ProgrammePage, plan: Plan) -> None:
    (card,) = page.plan.side.cards
    card.waive_button.click()
    card.allow_button.click()
    assert page.plan.side.cards == [card]
    card.why.setText("提前离场")
    QTest.keyClick(card.why, Qt.Key.Key_Return)
    QApplication.processEvents()
    (waived,) = page.plan.side.cards
    assert (waived.clash.waived, page.plan.side.clash_count.text, problem(page, plan.talk)) == ("提前离场", "0", "")
    page.undo()
    assert page.plan.side.clash_count.text == "1"


def test_a_refresh_leaves_a_half_written_reason(page: ProgrammePage, plan: Plan) -> None:
    (card,) = page.plan.side.cards
    card.waive_button.click()
    card.why.setText("提前")
    page.refresh()
    QApplication.processEvents()
    assert [(c.why.text(), c.isVisible()) for c in page.plan.side.cards] == [("提前", True)]


def test_n_goes_to_the_next_clash_on_whatever_day(page: ProgrammePage, plan: Plan, shown: Shown) -> None:
    page.plan.show_day(date(2018, 11, 28))
    QTest.keyClick(page.plan.timeline.view, Qt.Key.Key_N)
    assert (page.plan.day, page.plan.timeline.view.key) == (date(2018, 11, 29), plan.talk)
    assert [card.ground for card in page.plan.side.cards] == ["warn.soft"]
    plan.change(plan.talk, state=ItemState.CANCELLED)
    page.refresh()
    QTest.keyClick(page.plan.timeline.view, Qt.Key.Key_N)
    assert shown(page) == [("ok", "没有冲突")]


# --- publishing ---


def published(context: Context) -> bool:
    return programme.load(context.db, context.expo_id).is_published


def test_publishing_lists_the_changes_first(page: ProgrammePage, plan: Plan, context: Context, shown: Shown) -> None:
    page.plan.publish_button.click()
    box = dialog.top(page)
    assert isinstance(box, PublishDialog)
    assert (box.publish_button.text(), published(context)) == ("发布 3 处", False)
    box.publish_button.click()
    QApplication.processEvents()
    assert published(context) is True
    assert shown(page) == [("ok", "已发布 3 处改动")]
    assert page.plan.header._fact.whole_text.endswith("没有未发布的改动")


def test_publishing_refuses_a_blocking_clash(page: ProgrammePage, plan: Plan, context: Context) -> None:
    plan.change(plan.talk, room_id=plan.rooms[0])
    QApplication.processEvents()
    page.plan.publish_button.click()
    box = dialog.top(page)
    assert isinstance(box, PublishDialog)
    assert box.publish_button.isEnabled() is False
    box.cancel()
    assert published(context) is False


def test_a_clash_that_came_meanwhile_is_refused_too(
    page: ProgrammePage, plan: Plan, context: Context, shown: Shown
) -> None:
    page.plan.publish_button.click()
    box = dialog.top(page)
    assert isinstance(box, PublishDialog)
    plan.change(plan.talk, room_id=plan.rooms[0])
    box.publish_button.click()
    assert published(context) is False
    assert [kind for kind, _words in shown(page)] == ["bad"]


# --- items ---


def test_enter_edits_and_the_edit_can_be_undone(page: ProgrammePage, plan: Plan) -> None:
    press(page, plan.talk, Qt.Key.Key_Return)
    box = dialog.top(page)
    assert isinstance(box, RecordDialog)
    box.form.editor("title").setText("双创券说明会")
    box.form._on_edited(PROGRAMME.field("title"))
    box.submit()
    QApplication.processEvents()
    assert page.plan.timeline.view.things[plan.talk].title == "双创券说明会"
    page.undo()
    assert page.plan.timeline.view.things[plan.talk].title == "说明会"


def test_the_menu_locks_places_and_deletes(page: ProgrammePage, plan: Plan) -> None:
    def act(item_id: Any, number: int) -> None:
        page.plan.acts.menu_of(page.plan.acts.find(item_id)).actions()[number].trigger()
        QApplication.processEvents()

    act(plan.talk, 1)
    assert page.plan.timeline.view.things[plan.talk].is_locked is True
    page.undo()
    assert page.plan.timeline.view.things[plan.talk].is_locked is False
    act(plan.closing, 3)
    assert plan.where(plan.closing) == ("C 会场", "09:00–09:45")
    act(plan.closing, 4)
    question = dialog.top(page)
    assert isinstance(question, messages.Question)
    question.press("verb")
    QApplication.processEvents()
    assert plan.closing not in page.plan.timeline.view.things


def test_the_window_can_ask_for_an_item_a_form_and_the_table(page: ProgrammePage, plan: Plan) -> None:
    page.open_with(ListRoute(PROGRAMME, record=plan.closing))
    assert page.window().focusWidget() is page.plan.side.tray[0]
    page.open_with(ListRoute(PROGRAMME, new=True))
    box = dialog.top(page)
    assert isinstance(box, RecordDialog)
    box.cancel()
    page.open_with(ListRoute(PROGRAMME, search="论坛"))
    assert [page.table.value(row, "title") for row in page.table.model.rows()] == ["论坛"]
    page.show_view("plan")
    assert page.shown is page.plan


# --- looks ---


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(("width", "tone"), [(1240, "light"), (1166, "dark")])
def test_nothing_is_clipped(
    plan: Plan, context: Context, window: QMainWindow, language: str, width: int, tone: str
) -> None:
    i18n.set_language(language)
    theme.apply(QApplication.instance(), tone)  # type: ignore[arg-type]
    window.resize(width, 700)
    page = ProgrammePage(context)
    put(window, page)
    page.plan.timeline.view.select(plan.talk)
    assert clipped(page) == []
    page.show_view("table")
    assert clipped(page) == []
    page.show_view("plan")
    page.plan.acts.publish()
    assert clipped(window) == []


def test_the_line_of_the_present_is_right_when_the_page_is_seen_again(page: ProgrammePage, plan: Plan) -> None:
    shown = page.plan.timeline.view
    assert shown.now == 10 * 60 + 42
    page.hide()
    plan.context.db.clock = lambda: local(29, 11, 5)
    page.show()
    assert shown.now == 11 * 60 + 5
    plan.context.db.clock = lambda: local(29, 11, 6)
    page.plan._beat.timeout.emit()
    assert shown.now == 11 * 60 + 6


def test_the_focus_follows_a_session_out_of_the_tray(page: ProgrammePage, plan: Plan) -> None:
    """Ctrl+Z right after U: its card goes, and the next key acts on the timetable again."""
    page.window().activateWindow()
    press(page, plan.forum, Qt.Key.Key_U)
    card = next(card for card in page.plan.side.tray if card.item.id == plan.forum)
    card.setFocus()
    assert card.hasFocus()
    messages.show(page, "在旁边", "warn")  # its buttons would be next in turn
    page.undo()
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert page.plan.timeline.view.hasFocus()


def test_what_only_warns_is_amber_with_a_mark_of_its_own(page: ProgrammePage, plan: Plan) -> None:
    block = page.plan.timeline.view.things[plan.talk]
    (card,) = page.plan.side.cards
    assert (block.is_warning, card.clash.blocks, card.findChild(IconView)._name) == (True, False, "alert-fill")
    plan.change(plan.talk, starts_at=local(27, 9), ends_at=local(27, 10))
    page.refresh()
    page.plan.show_day(date(2018, 11, 27))
    assert not page.plan.timeline.view.things[plan.talk].is_warning
    first = page.plan.side.cards[0]
    assert (first.clash.blocks, first.findChild(IconView)._name) == (True, "error-warning-fill")
    assert first.clash.detail == "不在展期 11-28 至 11-30 内"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_fourth_day_is_not_clipped(context: Context, window: QMainWindow, plan: Plan, language: str) -> None:
    i18n.set_language(language)
    plan.change(plan.talk, starts_at=local(27, 9), ends_at=local(27, 10))
    for width in (940, 1140, 1240):
        window.resize(width, 700)
        page = ProgrammePage(context)
        put(window, page)
        assert page.plan.day_choice.control is not None
        assert len(page.plan.day_choice.counts) == 4
        assert clipped(page.plan.day_choice.control) == []
        page.deleteLater()


def test_length_and_end_say_the_same(page: ProgrammePage, plan: Plan) -> None:
    page.plan.acts.edit(None)
    box = dialog.top(page)
    assert isinstance(box, ItemDialog)
    box.form.fill({"starts_at": "2018-11-29 09:00", "ends_at": "2018-11-29 11:00"})
    assert box.form.editor("minutes").value() == "120"
    box.form.fill({"minutes": "45"})
    assert box.form.editor("ends_at").value() == "2018-11-29 09:45"
