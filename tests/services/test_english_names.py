"""English names of places, people and results: shown where English is spoken, Chinese where there is none."""

from collections.abc import Iterator
from typing import Any

import pytest
from factories import (
    local,
    make_achievement,
    make_attendee,
    make_badge,
    make_booth,
    make_deal,
    make_exhibitor,
    make_expo,
    make_gate,
    make_hall,
    make_item,
    make_pitch,
    make_room,
    make_speaker,
    venue_of,
)  # fmt: skip
from sqlalchemy import select

from expo_app import i18n
from expo_app.errors import InvalidRecord
from expo_app.model import Exhibitor, Person, Venue, Zone
from expo_app.rules.search_key import search_term
from expo_app.services import badges, exhibitors, exhibitors_report, expos, floor, programme, programme_report, records
from expo_app.specs import ORGANISATIONS, PITCHES, PROGRAMME, SPEAKERS, SPECS, RecordSpec

NOW = local(29, 10, 42)


@pytest.fixture
def expo_id(db: Any) -> Iterator[Any]:
    with db.transaction() as session:
        expo = make_expo(session)
        session.get_one(Venue, venue_of(session, expo)).name_en = "Expo Centre"
        make_hall(session, expo, "一号馆", name_en="Hall 1")
        zone = session.get_one(Zone, make_booth(session, expo, "A-001").zone_id)
        zone.name, zone.name_en = "嘉定展区", "Jiading"
        room = make_room(session, expo, "C 会场", name_en="Room C")
        make_room(session, expo, "D 会场")
        make_gate(session, expo, room=room)
        item = make_item(
            session, expo, "路演", title_en="Pitches", kind="roadshow", room_id=room.id, starts_at=local(28, 14)
        )
        speaker = make_speaker(session, item, "沈知远")
        session.get_one(Person, speaker.person_id).name_en = "Shen Zhiyuan"
        make_pitch(session, item, make_achievement(session, expo, "激光雷达", title_en="Lidar"))
        make_exhibitor(session, expo, "温州激光", name_en="Wenzhou Laser")
        made = make_attendee(session, expo, "周岚")
        firm = session.scalars(select(Exhibitor)).one()
        make_booth(session, expo, "A-002", firm)
        make_deal(session, expo, "合作", sellers=["温州激光"], buyers=["另一家"])
        make_badge(session, made)
        session.get_one(Person, made.person_id).name_en = "Zhou Lan"
        found = expo.id
    i18n.set_language("en")
    yield found
    i18n.set_language("zh_CN")


def listed(db: Any, spec: RecordSpec, expo_id: Any, name: str) -> str:
    """What the list on the screen says of its first record."""
    return str(records.list_rows(db, spec, expo_id, [spec.field(name)], spoken=True)[0][1])


def seen(db: Any, expo_id: Any) -> dict[str, Any]:
    """The names that documents and screens show."""
    agenda = programme_report.read(db, expo_id, NOW)
    plan = floor.plan(db, expo_id)
    planned = programme.load(db, expo_id)
    card = badges.cards(db, expo_id)[0]
    return {
        "venue": {agenda.head.venue, card.venue_text, expos.all_expos(db)[0].place},
        "halls": [hall.name for hall in plan.halls][-1:],
        "zones": [zone.name for hall in plan.halls for zone in hall.zones],
        "rooms": [{room.name for room in agenda.rooms}, {room.name for room in planned.frame.rooms}],
        "room": [agenda.entries[0].room, listed(db, PROGRAMME, expo_id, "room_id")],
        "speaker": agenda.entries[0].speakers[0].name,
        "pitch": [agenda.entries[0].pitches[0].title, listed(db, PITCHES, expo_id, "achievement_id")],
        "card": card.name,
        "directory": [e.name for g in exhibitors_report.read(db, expo_id, NOW).groups for e in g.entries],
    }


def test_english_names_are_read_in_english(db: Any, expo_id: Any) -> None:
    assert seen(db, expo_id) == {
        "venue": {"Expo Centre"},
        "halls": ["Hall 1"],
        "zones": ["Jiading"],
        "rooms": [{"Room C", "D 会场"}] * 2,
        "room": ["Room C"] * 2,
        "speaker": "Shen Zhiyuan",
        "pitch": ["Lidar"] * 2,
        "card": "Zhou Lan",
        "directory": ["Wenzhou Laser"],
    }


def test_and_chinese_ones_in_chinese(db: Any, expo_id: Any) -> None:
    i18n.set_language("zh_CN")
    found = seen(db, expo_id)
    assert found["rooms"] == [{"C 会场", "D 会场"}] * 2
    assert (found["halls"], found["zones"], found["room"]) == (["一号馆"], ["嘉定展区"], ["C 会场"] * 2)
    assert (found["speaker"], found["pitch"], found["card"]) == ("沈知远", ["激光雷达"] * 2, "周岚")


def test_files_keep_the_name_a_record_goes_by(db: Any, expo_id: Any) -> None:
    rows = records.list_rows(db, PROGRAMME, expo_id, [PROGRAMME.field("room_id")])
    assert rows[0][1] == "C 会场"


def test_a_body_is_found_by_its_short_name(db: Any) -> None:
    values = {"name": "上海融南科技有限公司", "short_name": "融南", "postcode": "２０１８ 00"}
    key = records.save(db, ORGANISATIONS, values)
    assert records.get(db, ORGANISATIONS, key)["postcode"] == "201800"
    assert [row[0] for row in records.list_rows(db, ORGANISATIONS, search="融南")] == [key]
    with pytest.raises(InvalidRecord, match="6 位数字"):
        records.save(db, ORGANISATIONS, values | {"name": "另一家", "postcode": "2018"})


ALL = {**SPECS, "speakers": SPEAKERS}
OWN = {
    ("venues", "name"): ("国家会展中心", "Expo Centre"),
    ("halls", "name"): ("一号馆", "Hall 1"),
    ("zones", "name"): ("嘉定展区", "Jiading"),
    ("rooms", "name"): ("C 会场", "Room C"),
    ("gates", "name"): ("C 会场", "Room C"),
    ("people", "name"): ("周岚", "Zhou Lan"),
    ("organisations", "name"): ("温州激光", "Wenzhou Laser"),
    ("achievements", "title"): ("激光雷达", "Lidar"),
    ("attendees", "person.name"): ("周岚", "Zhou Lan"),
    ("exhibitors", "organisation.name"): ("温州激光", "Wenzhou Laser"),
    ("booths", "holder"): ("温州激光", "Wenzhou Laser"),
    ("deals", "sellers"): ("温州激光", "Wenzhou Laser"),
    ("programme", "title"): ("路演", "Pitches"),
    ("programme", "speakers"): ("沈知远", "Shen Zhiyuan"),
    ("speakers", "person"): ("沈知远", "Shen Zhiyuan"),
    ("speakers", "room"): ("C 会场", "Room C"),
    ("speakers", "item_id"): ("路演", "Pitches"),
}
"""What lists and panels call their records, by spec and field: in Chinese, in English."""


@pytest.mark.parametrize(("spec", "name"), OWN)
def test_a_record_is_called_by_the_name_that_is_read(db: Any, expo_id: Any, spec: str, name: str) -> None:
    chinese, english = OWN[spec, name]
    if spec == "venues":
        chinese = db_venue(db)
    of = ALL[spec]
    asked = of, expo_id, [of.field(name)]
    for language, read in (("en", english), ("zh_CN", chinese)):
        i18n.set_language(language)
        kept = {row[1]: row for row in records.list_rows(db, *asked)}
        shown = {row[1]: row for row in records.list_rows(db, *asked, spoken=True)}
        assert chinese in kept
        assert english not in kept
        assert read in shown
        key = shown[read][0]
        assert records.get(db, of, key)[name] == chinese
        assert records.get(db, of, key, spoken=True)[name] == read


def db_venue(db: Any) -> str:
    with db.reading() as session:
        return str(session.scalars(select(Venue.name)).first())


@pytest.mark.parametrize("spec", ["halls", "rooms", "zones", "booths", "deals", "programme"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_and_found_by_both(db: Any, expo_id: Any, spec: str, language: str) -> None:
    i18n.set_language(language)
    name = next(name for of, name in reversed(OWN) if of == spec)
    rows = records.list_rows(db, SPECS[spec], expo_id, [SPECS[spec].field(name)], spoken=True)
    text = " ".join(row[-1] for row in rows)
    for word in OWN[spec, name]:
        assert search_term(word) in text.replace(" ", ""), word


def test_timeline_plan_and_panel_read_english_and_forms_keep_their_own(db: Any, expo_id: Any) -> None:
    found = {}
    for language in ("en", "zh_CN"):
        i18n.set_language(language)
        (item,) = programme.load(db, expo_id).items
        tenants = [b.tenant.name for hall in floor.plan(db, expo_id).halls for b in hall.booths if b.tenant]
        with db.reading() as session:
            firm = session.scalars(select(Exhibitor.id)).one()
        profile = exhibitors.profile(db, firm)
        assert profile.own_name == "温州激光"
        found[language] = (item.slot.title, [name for _key, name in item.slot.speakers], tenants, profile.name)
    assert found == {
        "en": ("Pitches", ["Shen Zhiyuan"], ["Wenzhou Laser"], "Wenzhou Laser"),
        "zh_CN": ("路演", ["沈知远"], ["温州激光"], "温州激光"),
    }
