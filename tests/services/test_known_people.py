"""Who is known already when somebody is registered: surely the same, probably, or somebody else."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from expo_app.errors import Conflict, InvalidRecord
from expo_app.model import Attendee, AttendeeState, Expo, NotSame, Person, Role
from expo_app.services import attendees, badges, records, staff_badges
from expo_app.services.attendees import Said, register, walk_in
from expo_app.services.duplicates import suspects
from expo_app.services.known_people import KnownPerson, Newcomer, find_known
from expo_app.services.staff_badges import Ticked, Whom
from expo_app.specs import ATTENDEES, PEOPLE
from expo_app.store.database import Actor, Database
from tests.factories import local, make_attendee, make_badge, make_exhibitor, make_expo, make_organisation, make_person

NAME, PHONE, BODY = "person.name", "person.phone", "organisation_id"
OURS, OTHER = "+8613812345678", "+8613900001111"
COMPANY = "嘉定氢能动力系统有限公司"


@pytest.fixture
def expo(db: Database) -> Expo:
    db.clock = lambda: local(29, 12)
    db.actor = Actor("李可", Role.REGISTRAR)
    with db.transaction() as session:
        return make_expo(session, code="KJH18")


@pytest.fixture
def there(db: Database, expo: Expo) -> Attendee:
    """王敏 of a company, with a phone, registered."""
    with db.transaction() as session:
        company = make_organisation(session, COMPANY).id
        return make_attendee(session, expo, "王敏", phone=OURS, organisation_id=company, badge_no="KJH18-V-90001")


def count(db: Database, model: type[Any]) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Conflict) as caught:
        act()
    return caught.value.code


CASES = [
    ("王敏", OURS, "", "sure"),
    ("王 敏女士", OURS, "别的公司", "sure"),
    ("敏敏", OURS, "", "sure"),  # another spelling kept with the person
    ("王敏", "", COMPANY, "ask"),
    ("王　敏", "", "嘉定氢能动力系统(有限公司)", "ask"),
    ("敏敏", "", COMPANY, "ask"),
    ("王敏", OTHER, COMPANY, "ask"),
    ("王珉", OURS, COMPANY, "ask"),
    ("Min Wang", OURS, "", "ask"),
    ("王", OURS, COMPANY, "ask"),
    ("王敏", "", "", "ask"),  # nothing to tell them apart by
    ("王敏", OTHER, "", ""),
    ("王敏", "", "别的公司", ""),
    ("王敏", OTHER, "别的公司", ""),
    ("李强", OURS, COMPANY, ""),  # a phone that a company shares
    ("王敏敏", "", COMPANY, ""),
    ("%", "", COMPANY, ""),
]


@pytest.mark.parametrize(("name", "phone", "body", "what"), CASES)
def test_who_is_who(db: Database, expo: Expo, there: Attendee, name: str, phone: str, body: str, what: str) -> None:
    records.save(db, PEOPLE, {"aliases": ["敏敏"]}, there.person_id)
    with db.transaction() as session:
        make_attendee(session, expo, "张三丰", phone="+8613700000000")
    known = find_known(db, expo.id, Newcomer(name, phone, body))
    assert ("" if known is None else "sure" if known.is_sure else "ask") == what
    if known is not None:
        assert (known.attendee_id, known.badge_no, known.phone) == (there.id, "KJH18-V-90001", "138****5678")


def test_latin_names_in_any_order(db: Database, expo: Expo) -> None:
    with db.transaction() as session:
        person = make_attendee(
            session, expo, "Dr. Anna Maria Weber", organisation_id=make_organisation(session, "TÜV").id
        )
    for name in ("anna maria weber", "Weber Anna Maria", "Prof. Anna Maria Weber"):
        known = find_known(db, expo.id, Newcomer(name, "", "TÜV"))
        assert known is not None, name
        assert (known.attendee_id, known.is_sure) == (person.id, False), name


def test_who_cancelled_or_is_of_another_expo_is_not_registered(db: Database, expo: Expo) -> None:
    with db.transaction() as session:
        gone = make_attendee(session, expo, "韩梅", phone=OTHER, state=AttendeeState.CANCELLED).person_id
        before = make_attendee(session, make_expo(session, code="KJH17"), "李雷", phone=OURS).person_id
    for name, phone, person in (("韩梅", OTHER, gone), ("李 雷", OURS, before)):
        known = find_known(db, expo.id, Newcomer(name, phone))
        assert known is not None
        assert (known.person_id, known.attendee_id, known.is_sure) == (person, None, True)
        persons = count(db, Person)
        made = walk_in(db, expo.id, {NAME: name, PHONE: phone})
        with db.reading() as session:
            assert session.get_one(Attendee, made.attendee_id).person_id == person
        assert count(db, Person) == persons


def test_nobody_is_registered_twice_by_the_service_either(db: Database, expo: Expo, there: Attendee) -> None:
    again = {NAME: "王 敏", PHONE: "138-1234-5678"}
    assert refused(lambda: walk_in(db, expo.id, again)) == "E-REGISTERED"
    assert refused(lambda: walk_in(db, expo.id, again, Said(apart=frozenset({there.person_id})))) == "E-REGISTERED"
    assert refused(lambda: register(db, expo.id, {NAME: "王敏"}, Said(there.person_id))) == "E-REGISTERED"
    maybe = {NAME: "王 敏", BODY: COMPANY}
    assert refused(lambda: walk_in(db, expo.id, maybe)) == "E-PROBABLY"
    assert refused(lambda: register(db, expo.id, maybe)) == "E-PROBABLY"
    assert (count(db, Attendee), count(db, Person)) == (1, 1)


def test_somebody_else_is_another_person_and_stays_so(db: Database, expo: Expo, there: Attendee) -> None:
    maybe = {NAME: "王敏", BODY: COMPANY}
    made = walk_in(db, expo.id, maybe, Said(apart=frozenset({there.person_id})))
    with db.reading() as session:
        own = session.get_one(Attendee, made.attendee_id).person_id
        (pair,) = session.execute(select(NotSame.spec, NotSame.one_id, NotSame.other_id)).all()
    assert (own != there.person_id, pair) == (True, ("people", *sorted((own, there.person_id))))
    assert refused(lambda: walk_in(db, expo.id, maybe, Said(apart=frozenset({there.person_id})))) == "E-PROBABLY"


def test_two_told_apart_before_are_told_apart_again(db: Database, expo: Expo, there: Attendee) -> None:
    """Both come to the next expo: what was said of them at the last one stands already."""
    maybe, apart = {NAME: "王敏", BODY: COMPANY}, frozenset({there.person_id})
    walk_in(db, expo.id, maybe, Said(apart=apart))
    with db.transaction() as session:
        later = make_expo(session, code="KJH19").id
    walk_in(db, later, {NAME: "王敏", PHONE: OURS})
    persons = count(db, Person)
    walk_in(db, later, maybe, Said(apart=apart))
    assert (count(db, Person), count(db, NotSame), count(db, Attendee)) == (persons, 1, 4)


def test_who_was_probably_meant_keeps_the_record_with_what_is_new(db: Database, expo: Expo) -> None:
    with db.transaction() as session:
        known = make_person(session, "王敏", phone=OURS, organisation_id=make_organisation(session, COMPANY).id).id
    values = {NAME: "王 敏", PHONE: OTHER, BODY: COMPANY, "title": ""}
    assert refused(lambda: register(db, expo.id, values)) == "E-PROBABLY"
    attendee_id = register(db, expo.id, values, Said(known))
    with db.reading() as session:
        person = session.get_one(Person, known)
        assert (session.get_one(Attendee, attendee_id).person_id, person.name, person.phone) == (known, "王敏", OTHER)
        assert OTHER[-4:] in person.search_text
    assert count(db, Person) == 1


def test_a_contact_of_the_organisation_without_a_phone_is_taken(db: Database, expo: Expo) -> None:
    with db.transaction() as session:
        known = make_person(session, "王敏", organisation_id=make_organisation(session, COMPANY).id).id
    made = walk_in(db, expo.id, {NAME: "王敏", PHONE: OURS, BODY: COMPANY})
    with db.reading() as session:
        assert session.get_one(Attendee, made.attendee_id).person_id == known
        assert session.get_one(Person, known).phone == OURS


def test_a_registration_comes_before_a_record_of_other_occasions(db: Database, expo: Expo, there: Attendee) -> None:
    with db.transaction() as session:
        make_person(session, "王敏", phone=OTHER)
    known = find_known(db, expo.id, Newcomer("王敏", OTHER, COMPANY))
    assert known is not None
    assert (known.attendee_id, known.is_sure) == (there.id, False)
    other = find_known(db, expo.id, Newcomer("王敏", OTHER, COMPANY), {there.person_id})
    assert other is not None
    assert (other.is_registered, other.is_sure) == (False, True)


def test_two_desks_register_one_visitor_once(db: Database, expo: Expo) -> None:
    """Both looked, neither saw the other; the service is asked at the same moment."""
    start, made, codes = threading.Barrier(4), list[uuid.UUID](), list[str]()

    def desk(name: str) -> None:
        start.wait()
        try:
            made.append(walk_in(db, expo.id, {NAME: name, PHONE: OURS}).attendee_id)
        except Conflict as conflict:
            codes.append(conflict.code)

    threads = [threading.Thread(target=desk, args=(name,)) for name in ("王敏", "王 敏", "王敏女士", "王敏")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), codes, count(db, Attendee), count(db, Person)) == (1, ["E-REGISTERED"] * 3, 1, 1)


def test_who_is_named_shows_what_tells_people_apart() -> None:
    known = KnownPerson(uuid.uuid4(), None, "", "王敏", "", COMPANY)
    assert known.words == f"王敏 · {COMPANY}"


MANY = 1_200


def test_who_says_a_number_is_found_among_any_number_of_one_name(db: Database, expo: Expo) -> None:
    with db.transaction() as session:
        for n in range(MANY):
            make_attendee(session, expo, "张伟", phone=f"+86138000{n:05d}", badge_no=f"KJH18-V-{n:05d}")
    again = {NAME: "张伟", PHONE: f"13800{MANY - 1:06d}"}
    assert refused(lambda: walk_in(db, expo.id, again)) == "E-REGISTERED"


def test_every_name_and_address_somebody_is_known_by_counts(db: Database, expo: Expo) -> None:
    with db.transaction() as session:
        company = make_organisation(session, COMPANY, aliases=["嘉氢"]).id
        one = make_attendee(session, expo, "高建峰", organisation_id=company, email="Gao@example.com").person_id
    records.save(db, PEOPLE, {"name_en": "Jeff Gao", "aliases": ["高剑锋"]}, one)
    for newcomer in (
        Newcomer("Gao, Jeff", "", COMPANY),
        Newcomer("高剑锋", OTHER, COMPANY),
        Newcomer("高建峰", OTHER, "嘉氢"),
        Newcomer("高剑锋", "", "嘉 氢"),
        Newcomer("高 建峰", "", "", email="gao@EXAMPLE.com"),
        Newcomer("吉夫高", "", COMPANY, name_en="Jeff Gao"),
    ):
        known = find_known(db, expo.id, newcomer)
        assert known is not None, newcomer
        assert (known.person_id, known.is_sure) == (one, False), newcomer
    mailed = {NAME: "高 建峰", "person.email": "gao@example.com"}
    assert refused(lambda: register(db, expo.id, mailed)) == "E-PROBABLY"


def test_who_is_surely_somebody_else_is_not_asked_about_again(db: Database, expo: Expo, there: Attendee) -> None:
    """王敏 of another number, told apart from the one registered: known by the number at the next expo."""
    walk_in(db, expo.id, {NAME: "王敏", PHONE: OTHER, BODY: COMPANY}, Said(apart=frozenset({there.person_id})))
    with db.transaction() as session:
        later = make_expo(session, code="KJH19").id
    walk_in(db, later, {NAME: "王敏", PHONE: OURS})
    known = find_known(db, later, Newcomer("王敏", OTHER, COMPANY))
    assert known is not None
    assert (known.person_id != there.person_id, known.is_sure, known.is_registered) == (True, True, False)
    walk_in(db, later, {NAME: "王敏", PHONE: OTHER, BODY: COMPANY})
    assert suspects(db, ATTENDEES, later) == []
    assert suspects(db, ATTENDEES, expo.id) == []


def test_a_registration_does_not_come_back_beside_a_newer_one(db: Database, expo: Expo, there: Attendee) -> None:
    attendees.cancel(db, [there.id], "不来了")
    walk_in(db, expo.id, {NAME: "王敏", PHONE: OURS})
    acts: tuple[Callable[[], object], ...] = (
        lambda: attendees.confirm(db, [there.id]),
        lambda: records.save(db, ATTENDEES, {"state": "已确认"}, there.id, expo_id=expo.id),
    )
    for act in acts:
        with pytest.raises(InvalidRecord) as caught:
            act()
        assert "王敏已经另外登记，证件号 KJH18-V-" in str(caught.value)
    with db.reading() as session:
        assert session.get_one(Attendee, there.id).state is AttendeeState.CANCELLED


def test_nobody_registered_takes_anothers_place(db: Database, expo: Expo, there: Attendee) -> None:
    db.actor = Actor("王总", Role.ADMIN)
    with db.transaction() as session:
        other = make_attendee(session, expo, "李雷", phone=OTHER)
        make_badge(session, other)
    said = refused(lambda: badges.substitute(db, other.id, {"name": "王 敏", "phone": "138 1234 5678"}, "换人"))
    assert said == "E-REGISTERED"
    with db.reading() as session:
        assert session.get_one(Attendee, other.id).person_id == other.person_id
    badges.substitute(db, other.id, {"name": "韩梅", "phone": "13700000000"}, "换人")


def test_a_desk_waits_for_lists_that_become_badges(db: Database, expo: Expo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both register one person at the same moment: one of them does."""
    with db.transaction() as session:
        make_exhibitor(session, expo, "嘉定氢能", contact="王敏", phone=OURS)
    writes, codes, desks = staff_badges.write_rows, list[str](), list[threading.Thread]()

    def beside(writer: Any, spec: Any, rows: Any) -> Any:
        written = writes(writer, spec, rows)
        desks.append(threading.Thread(target=lambda: codes.append(refused(lambda: walk_in(db, expo.id, values)))))
        desks[-1].start()
        desks[-1].join(0.3)
        return written

    values = {NAME: "王敏", PHONE: OURS}
    monkeypatch.setattr(staff_badges, "write_rows", beside)
    staff_badges.register_people(db, expo.id, Ticked(Whom.CONTACTS))
    desks[0].join()
    assert (codes, count(db, Attendee)) == (["E-REGISTERED"], 1)
