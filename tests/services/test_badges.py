"""Badges: issue, print, reprint, reissue, substitute, revoke; walk-ins with their numbers."""

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from expo_app import i18n
from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import (
    Attendee,
    AttendeeSource,
    AttendeeState,
    Audit,
    Badge,
    Category,
    ExhibitorState,
    Expo,
    ItemState,
    Organisation,
    Person,
    Role,
    Venue,
)
from expo_app.rules import badge_code
from expo_app.services import badges, records
from expo_app.services.attendees import walk_in
from expo_app.services.checkin import OpenDesk
from expo_app.services.report_head import read_head
from expo_app.specs import ATTENDEES
from expo_app.store.database import Actor, Database
from tests.factories import (
    local,
    make_attendee,
    make_badge,
    make_booth,
    make_desk,
    make_exhibitor,
    make_expo,
    make_gate,
    make_item,
    make_organisation,
    make_person,
    make_room,
    make_speaker,
    venue_of,
)

NOON = local(29, 12)


@pytest.fixture
def expo(db: Database) -> Expo:
    db.clock = lambda: NOON
    db.actor = Actor("李可", Role.REGISTRAR)
    with db.transaction() as session:
        return make_expo(session, code="KJH18", is_sample=False)


def add(db: Database, expo: Expo, name: str = "", *, badge: bool = True, **given: Any) -> Attendee:
    with db.transaction() as session:
        person = make_attendee(session, expo, name, **given)
        if badge:
            make_badge(session, person)
        return person


def active(db: Database, person: Attendee) -> Badge:
    with db.reading() as session:
        return session.scalars(select(Badge).where(Badge.attendee_id == person.id, Badge.revoked_at.is_(None))).one()


def state_of(db: Database, person: Attendee) -> str:
    return records.get(db, ATTENDEES, person.id)["badge"]


def code_of(error: pytest.ExceptionInfo[UserError]) -> str:
    return error.value.code


def test_badges_are_issued_to_whoever_has_none(db: Database, expo: Expo) -> None:
    with_badge, without = add(db, expo), add(db, expo, badge=False)
    cancelled = add(db, expo, badge=False, state=AttendeeState.CANCELLED)
    assert badges.issue(db, [with_badge.id, without.id, cancelled.id]) == 1
    assert badges.issue(db, [without.id]) == 0
    badge = active(db, without)
    assert badge_code.normalise(badge.code) == badge.code
    assert (badge.issued_at, badge.issued_by, badge.print_count) == (NOON, "李可", 0)


def test_badges_are_issued_by_category(db: Database, expo: Expo) -> None:
    for category in ("media", "staff", "staff"):
        add(db, expo, badge=False, category=category)
    assert badges.issue_all(db, expo.id, ["staff"]) == 2
    assert badges.issue_all(db, expo.id) == 1
    assert badges.stock(db, expo.id) == badges.Stock(0, issued=3, unprinted=3, printed=0, reprinted=0, revoked=0)


def test_two_computers_issuing_at_once_make_one_badge_each(db: Database, expo: Expo) -> None:
    for _n in range(20):
        add(db, expo, badge=False)
    made: list[int] = []
    threads = [threading.Thread(target=lambda: made.append(badges.issue_all(db, expo.id))) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(made) == 20
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Badge)) == 20


def test_a_card_says_what_is_printed(db: Database, expo: Expo) -> None:
    with db.transaction() as session:
        company = make_organisation(session, "嘉定氢能动力系统有限公司")
    person = add(db, expo, "沈华棣", category="exhibitor", title="市场总监", organisation_id=company.id)
    add(db, expo)
    (card,) = badges.cards(db, expo.id, [person.id])
    with db.reading() as session:
        venue = session.get_one(Venue, venue_of(session, expo)).name
    assert card.face() == {
        "name": "沈华棣", "organisation": "嘉定氢能动力系统有限公司", "title": "市场总监", "category_label": "参展商",
        "category_colour_key": "cat.it", "badge_no": person.badge_no, "code": active(db, person).code,
        "sample": False, "expo_name": expo.name, "dates_text": "2018.11.28–30", "venue_text": venue,
        "booth": "", "sessions": (),
    }  # fmt: skip


def test_the_day_of_a_short_expo_is_named_once(db: Database, expo: Expo) -> None:
    person = add(db, expo)
    with db.transaction() as session:
        stored = session.get_one(Expo, expo.id)
        stored.ends_on = stored.starts_on
        head = read_head(session, stored, NOON)
    (card,) = badges.cards(db, expo.id, [person.id])
    assert (card.face()["dates_text"], head.dates) == ("2018.11.28", "2018-11-28")


def test_cards_are_chosen_by_category_and_state(db: Database, expo: Expo) -> None:
    media, staff = add(db, expo, category="media"), add(db, expo, category="staff")
    add(db, expo, state=AttendeeState.CANCELLED)
    add(db, expo, badge=False)
    badges.mark_printed(db, [active(db, media).id])

    def chosen(**options: Any) -> list[Any]:
        return [card.attendee_id for card in badges.cards(db, expo.id, **options)]

    assert set(chosen()) == {media.id, staff.id}
    assert chosen(categories=["media"]) == [media.id]
    assert chosen(only_unprinted=True) == [staff.id]
    assert chosen(attendee_ids=[]) == []


def test_printing_is_counted_and_logged(db: Database, expo: Expo) -> None:
    person = add(db, expo)
    badge = active(db, person)
    states = [state_of(db, person)]
    badges.mark_printed(db, [badge.id])
    db.clock = lambda: local(29, 13)
    badges.mark_printed(db, [badge.id])
    states.append(state_of(db, person))
    badge = active(db, person)
    assert (badge.printed_at, badge.print_count, states) == (NOON, 2, ["ISSUED", "PRINTED"])
    with db.reading() as session:
        logged = session.execute(select(Audit.record_id, Audit.operator).where(Audit.action == "print")).all()
    assert logged == [(badge.id, "李可")] * 2
    assert badges.stock(db, expo.id).reprinted == 1


def test_a_badge_handed_over_is_not_reprinted(db: Database, expo: Expo) -> None:
    person = add(db, expo)
    badges.check_reprint(db, person.id)
    badges.hand_over(db, [person.id])
    with pytest.raises(Conflict) as caught:
        badges.check_reprint(db, person.id)
    assert code_of(caught) == "E-HANDED-OVER"
    assert state_of(db, person) == "HANDED_OVER"


def test_a_badge_that_let_its_holder_in_is_not_reprinted(db: Database, expo: Expo) -> None:
    person = add(db, expo)
    with db.transaction() as session:
        desk_id = make_desk(session, make_gate(session, expo)).id
    desk = OpenDesk(db, desk_id)
    desk.check_in(active(db, person).code, NOON)
    with pytest.raises(Conflict) as caught:
        badges.check_reprint(db, person.id)
    assert (code_of(caught), state_of(db, person)) == ("E-HANDED-OVER", "HANDED_OVER")
    desk.undo_last()
    badges.check_reprint(db, person.id)
    assert state_of(db, person) == "ISSUED"
    desk.close()


def test_who_was_let_in_by_name_still_gets_the_badge(db: Database, expo: Expo) -> None:
    person = add(db, expo)
    with db.transaction() as session:
        desk_id = make_desk(session, make_gate(session, expo)).id
    desk = OpenDesk(db, desk_id)
    desk.admit(person.id, NOON)
    badges.check_reprint(db, person.id)
    assert state_of(db, person) == "ISSUED"
    desk.close()


def test_a_reissue_revokes_and_can_be_reprinted(db: Database, expo: Expo) -> None:
    person = add(db, expo)
    badges.hand_over(db, [person.id])
    old = active(db, person)
    new_id = badges.reissue(db, person.id, " 遗失 ")
    new = active(db, person)
    assert (new.id, new.code != old.code) == (new_id, True)
    badges.check_reprint(db, person.id)
    with db.reading() as session:
        gone = session.get_one(Badge, old.id)
    assert (gone.revoked_at, gone.revoked_by, gone.revoke_reason) == (NOON, "李可", "遗失")
    assert badges.stock(db, expo.id).revoked == 1


def test_a_reissue_needs_a_reason_and_a_valid_registration(db: Database, expo: Expo) -> None:
    person, cancelled = add(db, expo), add(db, expo, state=AttendeeState.CANCELLED)
    for one, reason, code in ((person, "  ", "E-REASON"), (cancelled, "遗失", "E-CANCELLED")):
        before = active(db, one).id
        with pytest.raises(UserError) as caught:
            badges.reissue(db, one.id, reason)
        assert (code_of(caught), active(db, one).id) == (code, before)


def test_who_never_had_a_badge(db: Database, expo: Expo) -> None:
    person = add(db, expo, badge=False)
    for act in (lambda: badges.check_reprint(db, person.id), lambda: badges.revoke(db, person.id, "x")):
        with pytest.raises(UserError) as caught:
            act()
        assert code_of(caught) == "E-NO-BADGE"
    assert badges.reissue(db, person.id, "补发") == active(db, person).id
    assert state_of(db, add(db, expo, badge=False)) == "NONE"


def test_a_substitute_takes_the_place_not_the_consent(db: Database, expo: Expo) -> None:
    with db.transaction() as session:
        company = make_organisation(session, "嘉定氢能动力系统有限公司").id
    person = add(
        db, expo, "沈华棣", title="市场总监", organisation_id=company, consent_at=NOON, consent_version="2018-1"
    )
    old = active(db, person)
    badges.substitute(db, person.id, {"name": "周岚", "phone": "13800000002", "title": "经理"}, "换人")
    with db.reading() as session:
        now = session.get_one(Attendee, person.id)
        name, phone, home = session.execute(
            select(Person.name, Person.phone, Organisation.name)
            .join(Organisation, Organisation.id == Person.organisation_id)
            .where(Person.id == now.person_id)
        ).one()
        assert session.get_one(Badge, old.id).revoke_reason == "换人"
    assert (name, phone, home) == ("周岚", "+8613800000002", "嘉定氢能动力系统有限公司")
    assert (now.title, now.badge_no, now.organisation_id) == ("经理", person.badge_no, company)
    assert (now.consent_at, now.consent_version) == (None, "")
    assert active(db, person).code != old.code


def test_a_known_person_can_be_the_substitute(db: Database, expo: Expo) -> None:
    person = add(db, expo, "沈华棣")
    with db.transaction() as session:
        other = make_person(session, "周岚", phone="13800000002").id
    badges.substitute(db, person.id, {"name": "周岚", "phone": "138 0000 0002", "consent": True}, "换人")
    with db.reading() as session:
        now = session.get_one(Attendee, person.id)
    assert (now.person_id, now.consent_at) == (other, NOON)


def test_a_substitute_that_is_wrong_changes_nothing(db: Database, expo: Expo) -> None:
    person = add(db, expo, "沈华棣")
    before = active(db, person).id
    with pytest.raises(InvalidRecord) as caught:
        badges.substitute(db, person.id, {"name": "", "phone": "12"}, "换人")
    assert set(caught.value.problems) == {"name", "phone"}
    assert active(db, person).id == before


def test_who_may_not_touch_badges(db: Database, expo: Expo) -> None:
    person = add(db, expo)
    db.actor = Actor("审计", Role.AUDITOR)
    acts = (
        lambda: badges.issue(db, [person.id]),
        lambda: badges.reissue(db, person.id, "x"),
        lambda: badges.revoke(db, person.id, "x"),
        lambda: badges.mark_printed(db, []),
        lambda: walk_in(db, expo.id, {"person.name": "周岚"}),
    )
    for act in acts:
        with pytest.raises(UserError) as caught:
            act()
        assert code_of(caught) == "E-ACCESS"


def test_a_walk_in_is_confirmed_with_a_badge(db: Database, expo: Expo) -> None:
    made = walk_in(
        db, expo.id,
        {
            "person.name": "赵长庚", "person.phone": "138-0000-0003", "organisation_id": "太仓欧恒精密传动有限公司",
            "category_id": "专业观众", "consent": True,
        },
    )  # fmt: skip
    with db.reading() as session:
        row = session.get_one(Attendee, made.attendee_id)
        name, phone, words = session.execute(
            select(Person.name, Person.phone, Person.search_text).where(Person.id == row.person_id)
        ).one()
        badge = session.get_one(Badge, made.badge_id)
        kept = session.get_one(Category, row.category_id).key
    assert (made.badge_no, made.code) == ("KJH18-V-00001", badge.code)
    assert (row.state, row.source, kept) == (
        AttendeeState.CONFIRMED, AttendeeSource.WALK_IN, "trade_visitor",
    )  # fmt: skip
    assert (row.registered_at, row.consent_at, row.badge_no) == (NOON, NOON, "KJH18-V-00001")
    assert (name, phone, "zcg" in words.split(), "0003" in words.split()) == ("赵长庚", "+8613800000003", True, True)


def test_a_walk_in_says_what_is_wrong_beside_the_field(db: Database, expo: Expo) -> None:
    with pytest.raises(InvalidRecord) as caught:
        walk_in(db, expo.id, {"person.name": " ", "person.phone": "1380000"})
    assert set(caught.value.problems) == {"person.name", "person.phone"}
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attendee)) == 0


def test_nobody_is_registered_twice(db: Database, expo: Expo) -> None:
    values = {"person.name": "赵长庚", "person.phone": "13800000003"}
    walk_in(db, expo.id, values)
    with pytest.raises(Conflict) as caught:
        walk_in(db, expo.id, {"person.name": "赵长庚 先生", "person.phone": "+86 138 0000 0003"})
    assert (code_of(caught), "KJH18-V-00001" in caught.value.message) == ("E-REGISTERED", True)


def test_eight_desks_draw_numbers_without_gaps(db: Database, expo: Expo) -> None:
    numbers: list[str] = []
    start = threading.Barrier(8)

    def work(n: int) -> None:
        start.wait()
        for k in range(4):
            numbers.append(walk_in(db, expo.id, {"person.name": f"甲{n}乙{k}"}).badge_no)
            with pytest.raises(InvalidRecord):
                walk_in(db, expo.id, {"person.name": "丙", "person.phone": "1"})

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [f"KJH18-V-{n:05d}" for n in range(1, 33)]


def test_numbers_given_by_hand_are_kept_clear_of(db: Database, expo: Expo) -> None:
    given = {"person.name": "周岚", "badge_no": "KJH18-S-00005", "category_id": "嘉宾"}
    records.save(db, ATTENDEES, given, expo_id=expo.id)
    assert walk_in(db, expo.id, {"person.name": "许静"}).badge_no == "KJH18-V-00006"
    records.save(db, ATTENDEES, given | {"person.name": "何其光", "badge_no": "KJH18-S-00002"}, expo_id=expo.id)
    assert walk_in(db, expo.id, {"person.name": "马骁"}).badge_no == "KJH18-V-00007"


def test_a_card_of_two_months(db: Database) -> None:
    with db.transaction() as session:
        expo = make_expo(session, starts_on=date(2018, 11, 29), ends_on=date(2018, 12, 1))
    add(db, expo)
    assert [card.dates_text for card in badges.cards(db, expo.id)] == ["2018.11.29–12.01"]


def test_a_print_that_never_came_out_is_taken_back(db: Database, expo: Expo) -> None:
    person = add(db, expo)
    badge = active(db, person)
    badges.mark_printed(db, [badge.id])
    badges.mark_printed(db, [badge.id])
    badges.unmark_printed(db, [badge.id])
    once = active(db, person)
    badges.unmark_printed(db, [badge.id])
    badges.unmark_printed(db, [badge.id])
    never = active(db, person)
    assert (once.print_count, once.printed_at) == (1, NOON)
    assert (never.print_count, never.printed_at, state_of(db, person)) == (0, None, "ISSUED")
    with db.reading() as session:
        logged = session.scalars(select(Audit.action).where(Audit.record_id == badge.id).order_by(Audit.id)).all()
    assert logged == ["insert", "print", "print", "unprint", "unprint", "unprint"]


def test_who_has_the_badge_in_hand(db: Database, expo: Expo) -> None:
    given, scanned, neither, none = add(db, expo), add(db, expo), add(db, expo), add(db, expo, badge=False)
    badges.hand_over(db, [given.id])
    with db.transaction() as session:
        desk_id = make_desk(session, make_gate(session, expo)).id
    desk = OpenDesk(db, desk_id)
    desk.check_in(active(db, scanned).code, NOON)
    everybody = [one.id for one in (given, scanned, neither, none)]
    assert badges.in_hand(db, everybody) == {given.id, scanned.id}
    badges.reissue(db, given.id, "遗失")
    assert badges.in_hand(db, everybody) == {scanned.id}
    desk.close()


def test_the_lives_of_a_persons_badges(db: Database, expo: Expo) -> None:
    person = add(db, expo)
    first = active(db, person)
    badges.mark_printed(db, [first.id])
    second = badges.reissue(db, person.id, "遗失")
    now, before = badges.lives(db, person.id)
    assert (now.id, now.issued_by, now.print_count, now.revoked_at) == (second, "李可", 0, None)
    assert (before.id, before.print_count, before.printed_at) == (first.id, 1, NOON)
    assert (before.revoked_at, before.revoked_by, before.revoke_reason) == (NOON, "李可", "遗失")


def test_a_cancelled_registration_has_nothing_to_print(db: Database, expo: Expo) -> None:
    add(db, expo)
    add(db, expo, state=AttendeeState.CANCELLED)
    assert badges.stock(db, expo.id).unprinted == len(badges.cards(db, expo.id)) == 1


# --- what stands beside the code ---


def test_badges_of_exhibitors_carry_the_booths_also_of_whom_they_stand_with(db: Database, expo: Expo) -> None:
    with db.transaction() as session:
        own = make_exhibitor(session, expo, "嘉定氢能")
        for number in ("A-010", "A-002"):
            make_booth(session, expo, number, own)
        partner = make_exhibitor(session, expo, "马陆科讯", main_id=own.id)
        gone = make_exhibitor(session, expo, "温州阀门", state=ExhibitorState.CANCELLED)
        make_booth(session, expo, "B-001", gone)
    for name, exhibitor in (("许静", own), ("高建峰", partner), ("林阀", gone)):
        add(db, expo, name, exhibitor_id=exhibitor.id)
    add(db, expo, "观众")
    found = {card.name: (card.booth, card.sessions) for card in badges.cards(db, expo.id)}
    assert found == {"许静": ("A-002 A-010", ()), "高建峰": ("A-002 A-010", ()), "林阀": ("", ()), "观众": ("", ())}


def test_badges_of_speakers_carry_their_next_sessions(db: Database, expo: Expo) -> None:
    """It is noon of the 29th: what is over is not told while something comes; what is off or unplanned never is."""
    speaker = add(db, expo, "李院士")
    with db.transaction() as session:
        room = make_room(session, expo, "A 会场", name_en="Room A").id
        for title, day, hour, given in (
            ("昨天的论坛", 28, 9, {}), ("停办的论坛", 29, 13, {"state": ItemState.CANCELLED}),
            ("正在进行的论坛", 29, 11, {"room_id": room, "title_en": "Forum under way"}), ("对话", 29, 16, {}),
            ("路演", 30, 9, {}), ("闭幕", 30, 15, {}),
        ):  # fmt: skip
            item = make_item(session, expo, title, starts_at=local(day, hour), **given)
            make_speaker(session, item, person_id=speaker.person_id)
        make_speaker(session, make_item(session, expo, "待排的论坛"), person_id=speaker.person_id)
    (card,) = badges.cards(db, expo.id)
    assert card.sessions == (("11-29 11:00 A 会场", "正在进行的论坛"), ("11-29 16:00", "对话"), ("另有 2 场", ""))
    i18n.set_language("en")
    (card,) = badges.cards(db, expo.id)
    assert card.sessions[0] == ("11-29 11:00 Room A", "Forum under way")
    assert card.face()["sessions"] == card.sessions
    db.clock = lambda: local(30, 20)
    (card,) = badges.cards(db, expo.id)
    assert card.sessions[0] == ("11-28 09:00", "昨天的论坛")
