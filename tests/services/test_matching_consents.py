"""Consent to be matched: who learns a contact, what two who are one had said, two clerks at once, what is withdrawn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest

from expo_app.errors import Conflict, InvalidRecord
from expo_app.model import Answer, Exhibitor, MatchingConsent, Meeting, MeetingState, Role, SharedWith
from expo_app.services import chain, meetings, merging, records, suggestion_acts, suggestions
from expo_app.services.meeting_consents import read_consents
from expo_app.specs import MATCHES, MATCHING_CONSENTS
from expo_app.specs.merging import Pair
from expo_app.specs.suggested import Party
from expo_app.store.database import Actor, Database
from tests.factories import local, make_expo, make_person
from tests.services.test_suggestions import World

NO = {"may_match": False, "shared_with": SharedWith.NOBODY}


@pytest.fixture
def world(db: Database) -> World:
    with db.transaction() as session:
        expo = make_expo(session).id
    db.actor = Actor("管理员", Role.ADMIN)
    db.clock = lambda: local(28, 9)
    return World(db, expo)


def person(world: World, name: str, body: Any, **said: Any) -> Any:
    """Somebody of an organisation; `said`: with a word of its own."""
    with world.db.transaction() as session:
        key = make_person(session, name, phone="13812345678", organisation_id=body).id
        if said:
            session.add(MatchingConsent(expo_id=world.expo, organisation_id=body, person_id=key, **said))
        return key


def is_shared(world: World, body: Any, key: Any = None) -> bool:
    with world.db.reading() as session:
        return read_consents(session, world.expo, local(28).date()).is_shared(body, key)


# --- whose contact is told --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("said", "told"), [({}, "贺知秋"), (NO, "")])
def test_the_contact_of_an_exhibitor_is_told_by_its_own_word_and_not_before_both_agreed(
    world: World, said: dict[str, Any], told: str
) -> None:
    a, b = world.body("甲公司"), world.body("乙公司")
    contact = person(world, "贺知秋", b, **said)
    with world.db.transaction() as session:
        session.add(Exhibitor(expo_id=world.expo, organisation_id=b, contact_id=contact))
        meeting = Meeting(expo_id=world.expo, meeting_no="A-1", a_id=a, b_id=b, asked_at=local(27))
        session.add(meeting)
        session.flush()
        key = meeting.id
    before = meetings.card(world.db, world.expo, key)
    assert before is not None
    assert (before.b.person, before.b.contact) == ("", "")
    world.put(Meeting, key, state=MeetingState.ACCEPTED)
    after = meetings.card(world.db, world.expo, key)
    assert after is not None
    assert (after.b.person, bool(after.b.contact), after.b.is_shared) == (told, bool(told), bool(told))


# --- two who are one --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("kept", "other"), [(NO, {"may_match": True}), ({"may_match": True}, NO)])
def test_of_two_people_who_are_one_the_narrower_word_holds(
    world: World, kept: dict[str, Any], other: dict[str, Any]
) -> None:
    body = world.body("甲公司")
    one, two = person(world, "张三", body, **kept), person(world, "张 三", body, **other)
    merging.merge(world.db, Pair("people", one, two), world.expo)
    assert not is_shared(world, body, one)


def test_of_two_organisations_that_name_one_person_the_narrower_word_holds(world: World) -> None:
    one, two = world.body("甲公司"), world.body("乙公司")
    key = person(world, "张三", one, may_match=True)
    with world.db.transaction() as session:
        session.add(MatchingConsent(expo_id=world.expo, organisation_id=two, person_id=key, **NO))
    merging.merge(world.db, Pair("organisations", one, two), world.expo)
    assert not is_shared(world, one, key)
    assert is_shared(world, one)


# --- said once --------------------------------------------------------------------------------------------------------
def test_of_two_clerks_one_records_what_an_organisation_said(world: World) -> None:
    world.body("甲公司", agrees=False)
    gate = Barrier(2)

    def record(may_match: bool) -> bool:
        gate.wait()
        try:
            values = {"organisation_id": "甲公司", "may_match": may_match}
            records.save(world.db, MATCHING_CONSENTS, values, expo_id=world.expo)
        except InvalidRecord:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(record, (True, False))) == [False, True]


def test_no_file_holds_two_words_of_one_organisation(world: World) -> None:
    body = world.body("甲公司")
    with pytest.raises(Conflict, match="已有相同的记录"), world.db.transaction() as session:
        session.add(MatchingConsent(expo_id=world.expo, organisation_id=body, **NO))


# --- withdrawn --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("whose", ["甲公司", "乙公司"])
@pytest.mark.parametrize("ended", [{"may_match": False}, {"valid_until": date(2018, 11, 27)}])
def test_what_is_withdrawn_is_told_nowhere(world: World, whose: str, ended: dict[str, Any]) -> None:
    demand = world.demand()
    world.result()
    world.compute()
    suggestion_acts.ask(world.db, world.expo, world.card().id, Party.DEMAND, seen=Answer.NOT_ASKED)

    def told() -> tuple[int, int, int, int]:
        links = chain.chain_of(world.db, world.expo, "demands", demand)
        return (
            len(world.board().cards), suggestions.waiting(world.db, world.expo),
            len(records.list_rows(world.db, MATCHES, world.expo)), sum(link.key == "suggestion" for link in links),
        )  # fmt: skip

    assert told() == (1, 1, 1, 1)
    assert records.count(world.db, MATCHES, world.expo) == 1
    world.consent(whose, **ended)
    assert told() == (0, 0, 0, 0)
    assert records.count(world.db, MATCHES, world.expo) == 0
