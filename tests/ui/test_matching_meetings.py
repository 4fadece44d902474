"""供需对接 → 洽谈: a request to its outcome and deal by keys, badges that are read, limits, undo."""

from datetime import date, time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from sqlalchemy import select

from expo_app.model import (
    Deal,
    Expo,
    InterestLevel,
    MatchingConsent,
    MatchingSettings,
    Meeting,
    MeetingHours,
    MeetingPlace,
    MeetingState,
    Outcome,
    Role,
    Standby,
    Task,
)
from expo_app.routes import ListRoute
from expo_app.routes.matching import MatchingRoute
from expo_app.rules.meeting_requests import Standing
from expo_app.services import meetings
from expo_app.specs import MEETINGS
from expo_app.ui.kit import dialog, jobs, messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.pages.matching import MatchingPage
from expo_app.ui.pages.matching.meeting_request import RequestDialog
from tests.factories import local, make_attendee, make_badge, make_exhibitor, make_organisation
from tests.ui.conftest import put

ACCEPTED = MeetingState.ACCEPTED


def settle():
    """Let workers, timers of nought and their results arrive."""
    for _turn in range(4):
        QApplication.processEvents()
        while jobs.running():
            QApplication.processEvents()


@pytest.fixture
def face(context, window):
    """Two exhibitors and a visitor who agreed to be matched, a table, and a request of one to the other."""
    db = context.db
    db.clock = lambda: local(28, 10)
    with db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        one, two, visitor, guest = (
            make_organisation(session, name) for name in ("甲公司", "乙公司", "丙公司", "丁公司")
        )
        for body in (one, two):
            make_exhibitor(session, expo, organisation_id=body.id)
        session.add_all(MatchingConsent(expo_id=expo.id, organisation_id=b.id) for b in (one, two, visitor))
        place = MeetingPlace(expo_id=expo.id, name="T1")
        session.add(place)
        session.add(MeetingHours(expo_id=expo.id, day=date(2018, 11, 28), opens=time(10), closes=time(12)))
        session.flush()
        row = Meeting(
            expo_id=expo.id, meeting_no="A-001", a_id=one.id, b_id=two.id, asked_at=local(27), answer_by=local(29, 18),
            subject="低温阀门",
        )  # fmt: skip
        session.add(row)
        session.add(Standby(expo_id=expo.id, host_id=one.id, guest_id=guest.id, since=local(28)))
        session.flush()
        keys = {"place": place.id, "meeting": row.id, "two": two.id, "guest": guest.id, "one": one.id}
    page = MatchingPage(context)
    put(window, page)
    page.open_with(MatchingRoute(face="meetings"))
    settle()
    made = page.face
    made.keys, made.page = keys, page
    made.meetings.view.select_id(keys["meeting"])
    return made


def row(face, key=None):
    with face.context.db.reading() as session:
        wanted = key or face.keys["meeting"]
        return dict(session.execute(select(Meeting.__table__).where(Meeting.id == wanted)).mappings().one())


def change(face, **values):
    with face.context.db.transaction() as session:
        found = session.get_one(Meeting, face.keys["meeting"])
        for name, value in values.items():
            setattr(found, name, value)
    face.refresh()
    settle()


def seat(face, **more):
    change(face, state=MeetingState.ACCEPTED, place_id=face.keys["place"], starts_at=local(28, 10), minutes=20, **more)


def press(face, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(face.meetings.view, key, modifier)
    settle()


def write(box, words):
    """Type into the first line of a dialog."""
    line = next(one for one in box.findChildren(QLineEdit) if one.isVisible())
    line.setFocus()
    line.setText(words)
    line.textEdited.emit(words)


def at(face, hour, minute):
    face.context.db.clock = lambda: local(28, hour, minute)


def said(face):
    return " ".join(label.text() for label in face.meetings.panel.findChildren(QLabel))


def toasts(face):
    return " ".join(toast.text for toast in messages.toasts(face.meetings))


def test_a_request_is_accepted_seated_held_and_becomes_a_deal_by_keys(face):
    press(face, Qt.Key.Key_A)
    box = dialog.top(face.window())
    next(b for b in box.findChildren(Button) if b.text() == "接受").click()
    settle()
    assert row(face)["state"] is MeetingState.ACCEPTED
    press(face, Qt.Key.Key_Q)
    assert (row(face)["starts_at"], row(face)["place_id"]) == (local(28, 10, 20), face.keys["place"])
    at(face, 10, 25)
    press(face, Qt.Key.Key_H)
    next(b for b in dialog.top(face.window()).findChildren(Button) if b.text() == "已洽谈").click()
    settle()
    press(face, Qt.Key.Key_1)
    assert (row(face)["outcome"], row(face)["level"]) == (Outcome.HELD, InterestLevel.STRONG)
    press(face, Qt.Key.Key_D)
    with face.context.db.reading() as session:
        deal = session.scalars(select(Deal)).one()
    assert row(face)["deal_id"] == deal.id
    press(face, Qt.Key.Key_L)
    assert row(face)["deal_id"] is None
    face.undo()
    settle()
    assert row(face)["deal_id"] == deal.id
    face.undo()
    settle()
    assert row(face)["deal_id"] is None


def test_a_task_is_added_by_t(face):
    seat(face, outcome=Outcome.HELD, next_step="现场考察")
    press(face, Qt.Key.Key_T)
    box = dialog.top(face.window())
    next(b for b in box.findChildren(Button) if b.text() == "加任务").click()
    settle()
    with face.context.db.reading() as session:
        assert session.scalars(select(Task.title)).all() == ["现场考察：乙公司 — 甲公司"]


def test_declining_asks_for_a_reason_and_is_taken_back(face):
    press(face, Qt.Key.Key_X)
    box = dialog.top(face.window())
    button = next(b for b in box.findChildren(Button) if b.text() == "婉拒")
    button.click()
    settle()
    assert row(face)["state"] is MeetingState.REQUESTED
    write(box, "没有时间")
    button.click()
    settle()
    assert (row(face)["state"], row(face)["reason"]) == (MeetingState.DECLINED, "没有时间")
    face.undo()
    settle()
    assert row(face)["state"] is MeetingState.REQUESTED


def test_cancelling_is_not_undone_into_a_seat_that_is_taken(face):
    seat(face)
    at(face, 9, 50)
    press(face, Qt.Key.Key_X)
    box = dialog.top(face.window())
    write(box, "来不了")
    next(b for b in box.findChildren(Button) if b.text() == "取消洽谈").click()
    settle()
    assert (row(face)["state"], row(face)["place_id"]) == (MeetingState.CANCELLED, None)
    with face.context.db.transaction() as session:
        session.add(
            Meeting(expo_id=face.context.expo_id, meeting_no="A-002", a_id=face.keys["guest"], b_id=face.keys["two"],
                    asked_at=local(27), state=MeetingState.ACCEPTED, place_id=face.keys["place"],
                    starts_at=local(28, 10), minutes=20)
        )  # fmt: skip
    face.undo()
    settle()
    assert (row(face)["state"], row(face)["place_id"]) == (MeetingState.CANCELLED, None)
    assert "T1 10:00–10:20已有 丁公司 — 乙公司" in toasts(face)


def test_contacts_are_there_only_once_both_accepted_and_agreed_to_it(face):
    db = face.context.db
    with db.transaction() as session:
        expo = session.get_one(Expo, face.context.expo_id)
        person = make_attendee(session, expo, "陆工", organisation_id=face.keys["two"], phone="+8613800000067")
        session.get_one(Meeting, face.keys["meeting"]).b_person_id = person.person_id
    face.meetings.open_record(face.keys["meeting"])
    settle()
    assert "联系方式在双方都接受以后才显示" in said(face)
    assert "0067" not in said(face)
    seat(face)
    assert "****0067" in meetings.card(db, face.context.expo_id, face.keys["meeting"]).b.contact
    with db.transaction() as session:
        query = select(MatchingConsent).where(MatchingConsent.organisation_id == face.keys["two"])
        session.scalars(query).one().valid_until = date(2018, 11, 27)
    assert meetings.card(db, face.context.expo_id, face.keys["meeting"]).b.contact == ""


def test_a_badge_read_in_front_of_the_page_checks_in(face):
    seat(face)
    with face.context.db.transaction() as session:
        expo = session.get_one(Expo, face.context.expo_id)
        code = make_badge(session, make_attendee(session, expo, "陆工", organisation_id=face.keys["two"])).code
    face.page.read_code(code)
    settle()
    assert row(face)["b_came_at"] == local(28, 10)
    assert "陆工已签到：T1 · 乙公司 — 甲公司" in toasts(face)
    face.page.show_face("suggestions")
    face.page.read_code(code)  # which has no use for it
    settle()
    assert face.page.key == "meetings"
    assert "陆工早已签到" in toasts(face)
    face.page.read_code("E1" + "A" * 26)
    settle()
    assert "没有登记过" in toasts(face)


def test_a_no_show_waits_five_minutes_and_the_standby_steps_in(face):
    seat(face, a_came_at=local(28, 10))
    at(face, 10, 22)
    press(face, Qt.Key.Key_N)
    assert row(face)["outcome"] is None
    assert "10:25 才能记爽约" in toasts(face)
    press(face, Qt.Key.Key_R)
    assert row(face)["outcome"] is None
    question = dialog.top(face.window())
    assert "丁公司顶替乙公司" in question.text
    next(b for b in question.findChildren(Button) if b.text() == "在场，顶替").click()
    settle()
    assert (row(face)["outcome"], row(face)["instead_id"]) == (Outcome.REPLACED, face.keys["guest"])
    press(face, Qt.Key.Key_U)
    assert row(face)["outcome"] is None
    at(face, 10, 25)
    face.refresh()
    press(face, Qt.Key.Key_N)
    assert row(face)["outcome"] is Outcome.NO_SHOW_B


@pytest.mark.parametrize(
    ("minute", "came", "key", "asks"),
    [
        (5, {}, Qt.Key.Key_H, True), (25, {}, Qt.Key.Key_H, False),
        (25, {"a_came_at": local(28, 10)}, Qt.Key.Key_H, True), (5, {}, Qt.Key.Key_1, True),
        (5, {}, Qt.Key.Key_E, True),
        (5, {"a_came_at": local(28, 10), "b_came_at": local(28, 10)}, Qt.Key.Key_1, False),
    ],
)  # fmt: skip
def test_who_did_not_check_in_is_asked_for_once(face, minute, came, key, asks):
    seat(face, **came)
    at(face, 10, minute)
    press(face, key)
    assert (row(face)["outcome"] is None) is asks
    if asks:
        assert "乙公司还没有签到" in dialog.top(face.window()).text


def test_a_locked_meeting_is_unlocked_beside_its_seat_and_a_lock_stops_no_undo_of_an_outcome(face):
    seat(face, a_came_at=local(28, 10), b_came_at=local(28, 10), is_locked=True)
    at(face, 10, 5)
    press(face, Qt.Key.Key_H)
    assert row(face)["outcome"] is Outcome.HELD
    face.meetings.acts.undo()
    settle()
    assert (row(face)["outcome"], row(face)["is_locked"]) == (None, True)
    press(face, Qt.Key.Key_L)
    assert row(face)["is_locked"] is False
    assert not face.meetings.act("L")


def test_of_a_side_that_comes_no_more_the_later_meetings_wait_again(face):
    seat(face)
    at(face, 9, 50)
    face.refresh()
    settle()
    press(face, Qt.Key.Key_K)
    face.meetings.menu.actions()[1].trigger()
    settle()
    box = dialog.top(face.window())
    write(box, "航班取消")
    next(b for b in box.findChildren(Button) if b.text() == "记下").click()
    settle()
    assert (row(face)["state"], row(face)["place_id"], row(face)["unseated"]) == (ACCEPTED, None, "航班取消")
    face.undo()
    settle()
    assert row(face)["place_id"] == face.keys["place"]


def test_a_meeting_is_moved_to_a_free_seat(face):
    seat(face)
    at(face, 9, 50)
    press(face, Qt.Key.Key_G)
    box = dialog.top(face.window())
    next(b for b in box.findChildren(Button) if b.text() == "改期").click()
    settle()
    assert (row(face)["outcome"], row(face)["place_id"]) == (Outcome.MOVED, None)
    with face.context.db.reading() as session:
        new = session.scalars(select(Meeting).where(Meeting.id != face.keys["meeting"])).one()
        assert (new.starts_at, new.place_id) == (local(28, 10, 20), face.keys["place"])


def test_two_organisations_without_a_suggestion_and_a_limit_lifted_with_a_reason(face):
    with face.context.db.transaction() as session:
        session.add(MatchingSettings(expo_id=face.context.expo_id, sent_at_most=0))
    face.meetings.add({"a_id": "丙公司", "b_id": "甲公司", "subject": "代工"})
    box = dialog.top(face.window())
    assert isinstance(box, RequestDialog)
    box.submit()
    settle()
    assert box.limit.isVisible()
    assert "最多 0 个" in box.limit.text
    box.reason.setText("书记点名")
    box.submit()
    settle()
    with face.context.db.reading() as session:
        made = session.scalars(select(Meeting).where(Meeting.subject == "代工")).one()
        assert (made.state, made.reason) == (MeetingState.REQUESTED, "书记点名")


def test_one_organisation_with_itself_is_said_in_the_form(face):
    face.meetings.add({"a_id": "甲公司", "b_id": "甲公司"})
    box = dialog.top(face.window())
    box.submit()
    settle()
    assert box.isVisible()
    assert "同一家" in " ".join(label.text() for label in box.findChildren(QLabel))


def test_rows_say_how_they_stand_and_rates_have_both_numbers(face):
    change(face, answer_by=local(28, 9))
    page = face.meetings
    (only,) = page.rows
    assert page.value(only, "standing") is Standing.EXPIRED
    assert "接受" not in page.fact(page.rows), "nobody answered"
    change(face, state=MeetingState.DECLINED)
    assert "接受 0/1" in page.fact(page.rows)
    seat(face, outcome=Outcome.NO_SHOW_A)
    assert "接受 1/1 · 已洽谈 0/1 · 爽约 1/1" in page.fact(page.rows)


def test_a_record_of_either_list_is_found_by_its_route(face):
    face.page.show_face("suggestions")
    face.page.open_with(ListRoute(MEETINGS, record=face.keys["meeting"]))
    settle()
    assert (face.page.key, face.key) == ("meetings", "meetings")
    assert face.meetings.panel.record_id == face.keys["meeting"]
    face.show_list("standby")
    settle()
    assert len(face.shown.rows) == 1
    said = []
    face.fact_changed.connect(said.append)
    face.show_list("meetings")
    face.show_list("standby")
    assert [words.split(" · ")[0] for words in said] == ["共 1 场洽谈", "共 1 家"]


def test_who_may_not_is_offered_nothing(face):
    face.context.db.actor = type(face.context.db.actor)("看客", Role.AUDITOR)
    face.meetings.open_record(face.keys["meeting"])
    settle()
    press(face, Qt.Key.Key_A)
    assert dialog.top(face.window()) is None
