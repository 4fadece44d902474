"""Who speaks where, the order of pitches, what became of a result."""

from typing import Any

import pytest
from sqlalchemy import select

from expo_app.errors import Conflict, InvalidRecord
from expo_app.model import Organisation, Person, Pitch, ProgrammeItem, Speaker, SpeakerRole
from expo_app.services import guests
from expo_app.services.records import get
from expo_app.specs import SPEAKERS
from expo_app.store.database import Database
from tests.factories import (
    local,
    make_achievement,
    make_expo,
    make_item,
    make_organisation,
    make_person,
    make_pitch,
    make_room,
    make_speaker,
)


@pytest.fixture
def expo_id(db: Database) -> Any:
    """论坛 (沈知远, 同济大学) and 对接 at the same hour in two rooms."""
    with db.transaction() as session:
        expo = make_expo(session)
        rooms = [make_room(session, expo, f"{letter} 会场").id for letter in "AB"]
        forum = make_item(session, expo, "论坛", room_id=rooms[0], starts_at=local(29, 14))
        make_item(session, expo, "对接", room_id=rooms[1], starts_at=local(29, 14, 30))
        make_speaker(session, forum, "沈知远", organisation="同济大学", topic="智能网联")
        return expo.id


def rows(db: Database, expo_id: Any) -> list[tuple[Any, ...]]:
    fields = tuple(SPEAKERS.field(name) for name in ("person", "organisation", "role", "item_id", "clash"))
    return [row[1:-1] for row in guests.speaker_rows(db, expo_id, fields)]


def person_of(db: Database, speaker_id: Any) -> Person:
    with db.reading() as session:
        return session.scalars(select(Person).join(Speaker).where(Speaker.id == speaker_id)).one()


def test_a_known_person_is_found_by_name_and_organisation(db: Database, expo_id: Any) -> None:
    with db.transaction() as session:
        other = make_person(session, "沈知远", organisation_id=make_organisation(session, "苏州大学").id).id
    given = {"person": "沈知远", "organisation": "苏州大学", "item_id": "论坛", "role": "主持"}
    saved = guests.save_speaker(db, expo_id, given)
    assert person_of(db, saved).id == other
    assert rows(db, expo_id) == [
        ("沈知远", "同济大学", SpeakerRole.SPEAKER, "论坛", None),
        ("沈知远", "苏州大学", SpeakerRole.MODERATOR, "论坛", None),
    ]


def test_an_unknown_person_and_organisation_are_made(db: Database, expo_id: Any) -> None:
    given = {"person": "周岚", "organisation": "嘉定区科委", "person_title": "主任", "item_id": "对接"}
    person = person_of(db, guests.save_speaker(db, expo_id, given))
    with db.reading() as session:
        organisation = session.scalars(select(Organisation.name).where(Organisation.id == person.organisation_id)).one()
    assert (person.name, person.title, organisation) == ("周岚", "主任", "嘉定区科委")


def test_one_person_twice_in_an_item_is_refused(db: Database, expo_id: Any) -> None:
    with pytest.raises(InvalidRecord) as refused:
        guests.save_speaker(db, expo_id, {"person": "沈知远", "organisation": "同济大学", "item_id": "论坛"})
    assert refused.value.problems == {"person": "这位嘉宾已在这场活动里。"}


def test_an_unknown_item_is_refused(db: Database, expo_id: Any) -> None:
    with pytest.raises(InvalidRecord) as refused:
        guests.save_speaker(db, expo_id, {"person": "沈知远", "item_id": "不存在"})
    assert list(refused.value.problems) == ["item_id"]


def test_a_clash_is_told_beside_both_parts(db: Database, expo_id: Any) -> None:
    guests.save_speaker(db, expo_id, {"person": "沈知远", "organisation": "同济大学", "item_id": "对接"})
    assert [row[-1] for row in rows(db, expo_id)] == ["嘉宾时间重叠", "嘉宾时间重叠"]


def test_editing_topic_and_person(db: Database, expo_id: Any) -> None:
    with db.reading() as session:
        speaker_id = session.scalars(select(Speaker.id)).one()
    before = person_of(db, speaker_id)
    guests.save_speaker(db, expo_id, {"topic": "车路协同"}, speaker_id)
    assert (person_of(db, speaker_id).id, get(db, SPEAKERS, speaker_id)["topic"]) == (before.id, "车路协同")
    guests.save_speaker(db, expo_id, {"person": "陆文涛"}, speaker_id)
    assert person_of(db, speaker_id).name == "陆文涛"
    with db.reading() as session:
        assert session.get_one(Person, before.id).name == "沈知远"


def test_somebody_else_changed_it_meanwhile(db: Database, expo_id: Any) -> None:
    with db.reading() as session:
        speaker_id = session.scalars(select(Speaker.id)).one()
    seen = get(db, SPEAKERS, speaker_id)
    guests.save_speaker(db, expo_id, {"topic": "车路协同"}, speaker_id)
    with pytest.raises(Conflict):
        guests.save_speaker(db, expo_id, {"topic": "数字经济"}, speaker_id, seen)


@pytest.fixture
def pitches(db: Database) -> list[Any]:
    with db.transaction() as session:
        expo = make_expo(session)
        item = make_item(session, expo, "路演", starts_at=local(29, 9))
        return [
            make_pitch(session, item, make_achievement(session, expo, title), position=n, score=90 - n).id
            for n, title in enumerate(("光学", "水声", "催化"), 1)
        ]


def order(db: Database) -> list[Any]:
    with db.reading() as session:
        return list(session.scalars(select(Pitch.id).order_by(Pitch.position)))


def test_pitches_change_places(db: Database, pitches: list[Any]) -> None:
    first, second, third = pitches
    assert guests.shift_pitch(db, third, -1) is True
    assert order(db) == [first, third, second]
    assert guests.shift_pitch(db, first, -1) is False
    guests.shift_pitch(db, first, 2)
    assert order(db) == [third, second, first]


def test_what_became_of_a_result(db: Database, pitches: list[Any]) -> None:
    with db.reading() as session:
        pitch = session.get_one(Pitch, pitches[1])
        title = session.get_one(ProgrammeItem, pitch.item_id).title
    found = guests.pitches_of(db, pitch.achievement_id)
    assert [(p.id, p.item, p.position, p.score) for p in found] == [(pitches[1], title, 2, 88)]


def test_a_pitch_that_is_gone(db: Database, pitches: list[Any]) -> None:
    with db.transaction() as session:
        session.delete(session.get_one(Pitch, pitches[0]))
    with pytest.raises(Conflict):
        guests.shift_pitch(db, pitches[0], 1)
