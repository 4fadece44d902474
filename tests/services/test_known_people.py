"""Who is known already when somebody is registered: surely the same, probably, or somebody else."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from expo_app.errors import Conflict
from expo_app.model import Attendee, AttendeeState, Expo, NotSame, Person, Role
from expo_app.services import records
from expo_app.services.attendees import Said, register, walk_in
from expo_app.services.known_people import Known, Newcomer, find_known
from expo_app.specs import PEOPLE
from expo_app.store.database import Actor, Database
from tests.factories import local, make_attendee, make_expo, make_organisation, make_person

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
    known = Known(uuid.uuid4(), None, "", "王敏", "", COMPANY)
    assert known.words == f"王敏 · {COMPANY}"
