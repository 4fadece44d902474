"""The day plan: moves and their undo, locks, waivers, publishing, who is present."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import AgendaEntry, Audit, Expo, ItemState, ProgrammeItem, Role, SpeakerRole, Verdict
from expo_app.rules.programme_clashes import ClashKind
from expo_app.services import programme, records
from expo_app.services.programme import ChangeKind, Position
from expo_app.services.programme_checkins import present
from expo_app.specs import PROGRAMME
from expo_app.store.database import Actor, Database
from tests.factories import (
    local,
    make_attendee,
    make_expo,
    make_gate,
    make_item,
    make_person,
    make_room,
    make_scan,
    make_speaker,
)


class Plan:
    """Two rooms on one day: 论坛 in A 14:00–16:00, 对接 in B 16:10–17:00, 总结 in the tray."""

    def __init__(self, db: Database) -> None:
        self.db = db
        with db.transaction() as session:
            expo = make_expo(session)
            self.expo_id = expo.id
            self.a = make_room(session, expo, "A 会场", seats=280, position=0).id
            self.b = make_room(session, expo, "B 会场", seats=120, position=1).id
            forum = make_item(session, expo, "论坛", room_id=self.a, starts_at=local(29, 14), minutes=120)
            matching = make_item(session, expo, "对接", room_id=self.b, starts_at=local(29, 16, 10), minutes=50)
            self.forum, self.matching = forum.id, matching.id
            self.closing = make_item(session, expo, "总结", minutes=45).id

    def load(self) -> programme.Programme:
        return programme.load(self.db, self.expo_id)

    def item(self, item_id: Any) -> programme.Item:
        found = self.load().find(item_id)
        assert found is not None
        return found

    def move(self, item_id: Any, room: Any, at: datetime | None, minutes: int, **more: Any) -> Position:
        return programme.move(self.db, item_id, Position(room, at, minutes), **more)

    def hours(self, item_id: Any) -> tuple[str, str]:
        slot = self.item(item_id).slot
        return slot.room_name, slot.hours

    def change(self, item_id: Any, **values: Any) -> None:
        with self.db.transaction() as session:
            item = session.get_one(ProgrammeItem, item_id)
            for name, value in values.items():
                setattr(item, name, value)


@pytest.fixture
def plan(db: Database) -> Plan:
    return Plan(db)


def kinds(plan: Plan) -> list[ClashKind]:
    return [clash.kind for clash in plan.load().clashes]


# --- moving ---


def test_a_move_is_undone_by_moving_back(plan: Plan) -> None:
    before = plan.move(plan.forum, plan.b, local(29, 9, 30), 90)
    assert plan.hours(plan.forum) == ("B 会场", "09:30–11:00")
    again = programme.move(plan.db, plan.forum, before)
    assert plan.hours(plan.forum) == ("A 会场", "14:00–16:00")
    assert again.same_place(Position(plan.b, local(29, 9, 30).astimezone(UTC), 90))


def test_into_the_tray_and_out_again(plan: Plan) -> None:
    before = plan.move(plan.forum, None, None, 120)
    assert (plan.item(plan.forum).is_placed, plan.item(plan.forum).minutes) == (False, 120)
    programme.move(plan.db, plan.forum, before)
    assert plan.hours(plan.forum) == ("A 会场", "14:00–16:00")


def test_a_clash_is_saved_and_seen(plan: Plan) -> None:
    plan.move(plan.matching, plan.a, local(29, 15), 50)
    assert plan.hours(plan.matching) == ("A 会场", "15:00–15:50")
    assert kinds(plan) == [ClashKind.ROOM_OVERLAP]


def test_a_locked_item_does_not_move(plan: Plan) -> None:
    programme.lock(plan.db, plan.forum, True)
    with pytest.raises(UserError, match="已锁定，没有移动") as refused:
        plan.move(plan.forum, plan.b, local(29, 9), 120)
    assert refused.value.code == "E-LOCKED"
    assert plan.hours(plan.forum) == ("A 会场", "14:00–16:00")


def test_a_locked_item_is_not_moved_by_a_form_or_a_file_either(plan: Plan) -> None:
    programme.lock(plan.db, plan.forum, True)
    with pytest.raises(InvalidRecord) as refused:
        records.save(plan.db, PROGRAMME, {"starts_at": "2018-11-29 15:00"}, plan.forum, expo_id=plan.expo_id)
    assert list(refused.value.problems) == ["starts_at"]
    records.save(plan.db, PROGRAMME, {"title": "论坛（新）"}, plan.forum, expo_id=plan.expo_id)
    assert plan.item(plan.forum).slot.title == "论坛（新）"


def test_what_somebody_else_moved_is_not_moved_blindly(plan: Plan) -> None:
    seen = plan.item(plan.forum).position
    plan.move(plan.forum, plan.b, local(29, 9), 120)
    with pytest.raises(Conflict, match="刚被别人移动"):
        plan.move(plan.forum, plan.a, local(29, 10), 120, seen=seen)
    assert plan.hours(plan.forum) == ("B 会场", "09:00–11:00")


def test_an_end_before_the_start_can_be_put_back_by_undo(plan: Plan) -> None:
    plan.change(plan.forum, ends_at=local(29, 13))
    before = plan.move(plan.forum, plan.a, local(29, 13), 60)
    assert kinds(plan) == []
    programme.move(plan.db, plan.forum, before)
    assert kinds(plan) == [ClashKind.END_BEFORE_START]


def test_a_room_of_another_venue_counts_as_none(plan: Plan) -> None:
    with plan.db.transaction() as session:
        other = make_room(session, make_expo(session), "旧会场").id
    plan.change(plan.forum, room_id=other)
    assert plan.item(plan.forum).is_placed is False


def test_moving_needs_the_right(plan: Plan) -> None:
    plan.db.actor = Actor("孙正", Role.AUDITOR)
    with pytest.raises(UserError) as refused:
        plan.move(plan.forum, plan.b, local(29, 9), 120)
    assert refused.value.code == "E-ACCESS"


# --- the agenda goes along ---


@pytest.fixture
def agenda(plan: Plan) -> Plan:
    with plan.db.transaction() as session:
        for n, minute in enumerate((0, 60)):
            starts = local(29, 14) + timedelta(minutes=minute)
            ends = starts + timedelta(minutes=30)
            session.add(
                AgendaEntry(item_id=plan.forum, position=n, title=f"第 {n + 1} 项", starts_at=starts, ends_at=ends)
            )
    return plan


def times(plan: Plan) -> list[str]:
    return [f"{entry.starts_at:%H:%M}" for entry in plan.item(plan.forum).slot.agenda if entry.starts_at]


def test_the_agenda_goes_along_with_its_item(agenda: Plan) -> None:
    agenda.move(agenda.forum, agenda.b, local(29, 9), 120)
    assert times(agenda) == ["09:00", "10:00"]


def test_moving_only_the_start_leaves_the_agenda(agenda: Plan) -> None:
    agenda.move(agenda.forum, agenda.a, local(29, 13), 180)
    assert times(agenda) == ["14:00", "15:00"]


def test_out_of_the_tray_the_agenda_begins_with_its_item(agenda: Plan) -> None:
    agenda.move(agenda.forum, None, None, 120)
    before = agenda.move(agenda.forum, agenda.a, local(30, 9), 120)
    assert times(agenda) == ["09:00", "10:00"]
    programme.move(agenda.db, agenda.forum, before)
    assert times(agenda) == ["14:00", "15:00"]


# --- warnings waived ---


def test_a_warning_is_waived_with_a_reason_and_taken_back(plan: Plan) -> None:
    plan.move(plan.matching, plan.a, local(29, 16, 5), 50)
    (clash,) = plan.load().clashes
    programme.waive(plan.db, clash, " 保洁已安排 ")
    waived = plan.load()
    assert [c.waived for c in waived.clashes] == ["保洁已安排"]
    assert waived.open_clashes == ()
    programme.waive(plan.db, clash, "")
    assert [c.waived for c in plan.load().clashes] == [None]


def test_a_blocking_clash_cannot_be_waived(plan: Plan) -> None:
    plan.move(plan.matching, plan.a, local(29, 15), 50)
    with pytest.raises(UserError) as refused:
        programme.waive(plan.db, plan.load().clashes[0], "没关系")
    assert refused.value.code == "E-BLOCKS"


# --- publishing ---


def changes(plan: Plan) -> list[tuple[ChangeKind, str, str, str]]:
    found = [item.change for item in plan.load().items if item.change]
    return sorted(((c.kind, c.title, c.before, c.after) for c in found), key=lambda c: c[1])


def test_before_the_first_publishing_every_placed_item_is_new(plan: Plan) -> None:
    assert changes(plan) == [
        (ChangeKind.ADDED, "对接", "", "B 会场 11-29 16:10–17:00"),
        (ChangeKind.ADDED, "论坛", "", "A 会场 11-29 14:00–16:00"),
    ]


def test_publishing_fixes_what_is_there(plan: Plan) -> None:
    assert programme.publish(plan.db, plan.expo_id) == 2
    assert (changes(plan), plan.load().is_published) == ([], True)
    plan.move(plan.forum, plan.b, local(29, 9), 120)
    assert changes(plan) == [(ChangeKind.MOVED, "论坛", "A 会场 11-29 14:00–16:00", "B 会场 11-29 09:00–11:00")]
    assert programme.publish(plan.db, plan.expo_id) == 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"state": ItemState.CANCELLED}, (ChangeKind.CANCELLED, "论坛", "A 会场 11-29 14:00–16:00", "")),
        ({"room_id": None}, (ChangeKind.REMOVED, "论坛", "A 会场 11-29 14:00–16:00", "")),
        (
            {"state": ItemState.DRAFT},
            (ChangeKind.MOVED, "论坛", "A 会场 11-29 14:00–16:00 已确认", "A 会场 11-29 14:00–16:00 待确认"),
        ),
        (
            {"title": "高峰论坛"},
            (ChangeKind.MOVED, "高峰论坛", "“论坛” A 会场 11-29 14:00–16:00", "A 会场 11-29 14:00–16:00"),
        ),
        ({"summary": "另写"}, None),
    ],
)
def test_kinds_of_change(plan: Plan, values: dict[str, Any], expected: tuple[Any, ...] | None) -> None:
    programme.publish(plan.db, plan.expo_id)
    plan.change(plan.forum, **values)
    assert changes(plan) == ([expected] if expected else [])


def test_back_after_a_published_cancelling_it_is_new(plan: Plan) -> None:
    plan.change(plan.forum, state=ItemState.CANCELLED)
    programme.publish(plan.db, plan.expo_id)
    assert changes(plan) == []
    plan.change(plan.forum, state=ItemState.CONFIRMED)
    assert changes(plan) == [(ChangeKind.ADDED, "论坛", "", "A 会场 11-29 14:00–16:00")]


def test_publishing_refuses_a_blocking_clash_and_keeps_everything(plan: Plan) -> None:
    plan.move(plan.matching, plan.a, local(29, 15), 50)
    with pytest.raises(UserError, match="还有 1 处会场或时间冲突") as refused:
        programme.publish(plan.db, plan.expo_id)
    assert refused.value.code == "E-CLASHES"
    assert (plan.load().is_published, len(changes(plan))) == (False, 2)


def test_publishing_with_a_warning_is_allowed(plan: Plan) -> None:
    plan.move(plan.matching, plan.a, local(29, 16, 5), 50)
    assert programme.publish(plan.db, plan.expo_id) == 2


def test_publishing_is_for_supervisors(plan: Plan) -> None:
    plan.db.actor = Actor("吴悠", Role.REGISTRAR)
    with pytest.raises(UserError) as refused:
        programme.publish(plan.db, plan.expo_id)
    assert refused.value.code == "E-ACCESS"


def test_every_act_is_logged(plan: Plan) -> None:
    plan.move(plan.forum, plan.b, local(29, 9), 120)
    programme.lock(plan.db, plan.forum, True)
    with plan.db.reading() as session:
        query = select(Audit.after).where(Audit.record_id == plan.forum, Audit.action == "update").order_by(Audit.at)
        logged = list(session.scalars(query))
    assert [sorted(after) for after in logged if after] == [["ends_at", "room_id", "starts_at"], ["is_locked"]]


# --- what the plan shows ---


def test_days_of_an_item_across_midnight(plan: Plan) -> None:
    plan.move(plan.forum, plan.a, local(29, 23), 120)
    assert programme.days_of(plan.item(plan.forum)) == [date(2018, 11, 29), date(2018, 11, 30)]
    plan.move(plan.forum, plan.a, local(29, 22), 120)
    assert programme.days_of(plan.item(plan.forum)) == [date(2018, 11, 29)]
    assert [i.slot.title for i in programme.placed_on(plan.load().items, date(2018, 11, 29))] == ["对接", "论坛"]


def test_what_ends_on_another_day_says_so_before_it_is_published(plan: Plan) -> None:
    plan.move(plan.forum, plan.a, local(29, 23), 120)
    (change,) = [c.change for c in plan.load().changed if c.id == plan.forum]
    assert change is not None
    assert change.after == "A 会场 11-29 23:00–11-30 01:00"


def test_moderator_and_guests(plan: Plan) -> None:
    with plan.db.transaction() as session:
        item = session.get_one(ProgrammeItem, plan.forum)
        make_speaker(session, item, "陆文涛", role=SpeakerRole.MODERATOR)
        make_speaker(session, item, "沈知远")
    item_ = plan.item(plan.forum)
    assert (item_.moderator, item_.guests) == ("陆文涛", 2)


def test_present_counts_each_person_once_during_the_item(plan: Plan) -> None:
    with plan.db.transaction() as session:
        expo = session.get_one(Expo, plan.expo_id)
        room = next(r for r in programme.read(session, plan.expo_id).frame.rooms if r.id == plan.a)
        gate = make_gate(session, expo, "A 门", room_id=room.id)
        people = [make_attendee(session, expo) for _n in range(5)]
        make_scan(session, gate, people[0], local(29, 13, 45))
        make_scan(session, gate, people[0], local(29, 15), verdict=Verdict.AGAIN)
        make_scan(session, gate, people[1], local(29, 10))
        make_scan(session, gate, people[1], local(29, 14, 30), verdict=Verdict.AGAIN)
        make_scan(session, gate, people[2], local(29, 14), verdict=Verdict.WRONG_CATEGORY)
        make_scan(session, gate, people[3], local(29, 14), undone_at=local(29, 14, 1))
        make_scan(session, gate, make_attendee(session, expo, is_sample=True), local(29, 14))
    assert present(plan.db, plan.expo_id, date(2018, 11, 29)) == {plan.forum: 2}
    assert present(plan.db, plan.expo_id, date(2018, 11, 30)) == {}


def test_as_many_statements_for_many_items_as_for_few(plan: Plan) -> None:
    few = statements(plan)
    with plan.db.transaction() as session:
        expo = session.get_one(Expo, plan.expo_id)
        for n in range(5):
            item = make_item(session, expo, room_id=plan.b, starts_at=local(28, 8 + 2 * n))
            make_speaker(session, item, person_id=make_person(session).id)
    assert (few, statements(plan)) == (7, 7)


def statements(plan: Plan) -> int:
    heard: list[str] = []

    def hear(_c: Any, _k: Any, statement: str, *_more: Sequence[Any]) -> None:
        if statement.startswith("SELECT"):
            heard.append(statement)

    event.listen(plan.db.reader.engine, "before_cursor_execute", hear)
    plan.load()
    event.remove(plan.db.reader.engine, "before_cursor_execute", hear)
    return len(heard)


def test_a_room_smaller_than_what_an_item_needs_is_a_clash_before_and_after_the_move(plan: Plan) -> None:
    plan.change(plan.closing, capacity=150)
    to = Position(plan.b, local(29, 9), 45)
    before = programme.clashes_at(plan.load(), plan.item(plan.closing), to)
    plan.move(plan.closing, to.room_id, to.starts_at, to.minutes)
    found = plan.load().clashes
    for clashes in (before, found):
        assert [(clash.kind, clash.text, clash.detail) for clash in clashes] == [
            (ClashKind.CAPACITY, "B 会场：总结", "需要 150 座，会场 120 座，缺 30")
        ]
    plan.move(plan.closing, plan.a, local(29, 9), 45)
    assert kinds(plan) == []


def test_fewer_seats_than_the_room_has_are_the_limit_of_registrations(plan: Plan) -> None:
    plan.change(plan.matching, capacity=40, registrations=41)
    assert [clash.detail for clash in plan.load().clashes] == ["报名 41 人，座位 40，缺 1"]
    assert plan.item(plan.matching).slot.places == 40
