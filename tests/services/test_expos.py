"""Setting up an expo: its organisers, and the next edition that takes them over."""

import uuid

import pytest
from sqlalchemy import select

from expo_app import i18n
from expo_app.errors import Conflict, InvalidRecord
from expo_app.model import Expo, ExpoVenue, Gate, Venue
from expo_app.services import badges, expos, floor, programme, programme_report, records
from expo_app.specs import BOOTHS, EXPOS, HALLS, ROOMS, VENUES, ZONES
from expo_app.store.database import Database
from tests.factories import make_attendee, make_badge

GIVEN = {"name": "第一届", "code": "KJH18", "starts_on": "2018-11-28", "ends_on": "2018-11-30"}
NEXT = {"name": "第二届", "code": "KJH19", "starts_on": "2019-11-28", "ends_on": "2019-11-30"}
ROLES = ("hosts", "co_hosts", "organizers", "co_organizers", "supporters")


def organisers(db: Database, expo_id: uuid.UUID) -> list[str | None]:
    values = records.get(db, EXPOS, expo_id)
    return [values[name] for name in ROLES]


@pytest.fixture
def expo_id(db: Database) -> uuid.UUID:
    return expos.create(db, GIVEN | {"hosts": "嘉定区人民政府", "supporters": "中科院、嘉定区人民政府"})


def test_organisers_are_kept_in_their_order(db: Database, expo_id: uuid.UUID) -> None:
    assert organisers(db, expo_id) == ["嘉定区人民政府", None, None, None, "中科院、嘉定区人民政府"]
    changed = {"co_hosts": "温州市人民政府；苏州市人民政府", "supporters": "中科院"}
    records.save(db, EXPOS, changed, expo_id)
    assert organisers(db, expo_id) == ["嘉定区人民政府", "温州市人民政府、苏州市人民政府", None, None, "中科院"]
    records.save(db, EXPOS, {"hosts": ""}, expo_id)
    assert organisers(db, expo_id)[0] is None


def test_the_next_edition_takes_them_over_unless_others_are_named(db: Database, expo_id: uuid.UUID) -> None:
    same = expos.create(db, NEXT, expo_id)
    assert organisers(db, same) == organisers(db, expo_id)
    other = NEXT | {"name": "第三届", "code": "KJH20", "hosts": "苏州市人民政府", "supporters": ""}
    assert organisers(db, expos.create(db, other, expo_id)) == ["苏州市人民政府", None, None, None, None]


def test_documents_name_them(db: Database, expo_id: uuid.UUID) -> None:
    head = programme_report.read(db, expo_id, db.now()).head
    assert head.organisers == (("主办", "嘉定区人民政府"), ("支持", "中科院、嘉定区人民政府"))


# --- several venues ---


@pytest.fixture
def two_venues(db: Database) -> uuid.UUID:
    """An expo in two venues, each with a hall and a room."""
    key = expos.create(db, GIVEN | {"venues": "东馆、西馆"})
    for venue in ("西馆", "东馆"):
        records.save(db, HALLS, {"name": f"{venue} 1 号厅", "venue_id": venue, "width": "30"}, expo_id=key)
        records.save(db, ROOMS, {"name": f"{venue}会议室", "venue_id": venue}, expo_id=key)
    return key


def test_an_expo_has_the_halls_and_rooms_of_all_its_venues_in_their_order(db: Database, two_venues: uuid.UUID) -> None:
    elsewhere = expos.create(db, NEXT | {"venues": "南馆"})
    records.save(db, HALLS, {"name": "南馆 1 号厅", "venue_id": "南馆"}, expo_id=elsewhere)
    assert [hall.name for hall in floor.plan(db, two_venues).halls] == ["东馆 1 号厅", "西馆 1 号厅"]
    assert [room.name for room in programme.load(db, two_venues).frame.rooms] == ["东馆会议室", "西馆会议室"]
    assert [room.name for room in programme_report.read(db, two_venues, db.now()).rooms] == ["东馆会议室", "西馆会议室"]
    assert records.count(db, HALLS, two_venues) == records.count(db, ROOMS, two_venues) == 2
    with db.reading() as session:
        gates = set(session.scalars(select(Gate.name).where(Gate.expo_id == two_venues)))
    assert {"东馆会议室", "西馆会议室"} < gates
    records.save(db, EXPOS, {"venues": "西馆"}, two_venues)
    assert [hall.name for hall in floor.plan(db, two_venues).halls] == ["西馆 1 号厅"]


def test_its_venues_are_named_wherever_the_place_is(db: Database, two_venues: uuid.UUID) -> None:
    with db.transaction() as session:
        session.scalars(select(Venue).where(Venue.name == "东馆")).one().name_en = "East Hall"
        expo = session.get_one(Expo, two_venues)
        make_badge(session, make_attendee(session, expo, "李雷"))
    for language, words in (("zh_CN", "东馆、西馆"), ("en", "East Hall, 西馆")):
        i18n.set_language(language)
        (card,) = badges.cards(db, two_venues)
        place = expos.all_expos(db)[0].place
        assert (place, card.venue_text, programme_report.read(db, two_venues, db.now()).head.venue) == (words,) * 3
    assert records.get(db, EXPOS, two_venues)["venues"] == "东馆、西馆"


def test_the_next_edition_takes_its_venues_over(db: Database, two_venues: uuid.UUID) -> None:
    records.save(db, ZONES, {"code": "A", "name": "综合", "hall_id": "西馆 1 号厅"}, expo_id=two_venues)
    records.save(db, BOOTHS, {"number": "A-001", "zone_id": "A", "is_paid": "是"}, expo_id=two_venues)
    same = expos.create(db, NEXT, two_venues)
    other = expos.create(db, NEXT | {"name": "第三届", "code": "KJH20", "venues": "南馆"}, two_venues)
    assert [records.get(db, EXPOS, key)["venues"] for key in (same, other)] == ["东馆、西馆", "南馆"]
    booths = {hall.name: [booth.number for booth in hall.booths] for hall in floor.plan(db, same).halls}
    assert booths == {"东馆 1 号厅": [], "西馆 1 号厅": ["A-001"]}
    paid = [
        row[1] for key in (two_venues, same) for row in records.list_rows(db, BOOTHS, key, [BOOTHS.field("is_paid")])
    ]
    assert paid == [True, None]  # what the next edition's contracts say is not known yet


def test_a_venue_that_is_in_use_stays(db: Database, two_venues: uuid.UUID) -> None:
    with db.reading() as session:
        key = session.scalars(select(Venue.id).where(Venue.name == "东馆")).one()
    with pytest.raises(Conflict, match="展会"):
        records.delete(db, VENUES, [key])


@pytest.mark.parametrize("what", ["halls", "rooms"])
def test_two_venues_of_one_expo_have_no_hall_or_room_of_the_same_name(
    db: Database, two_venues: uuid.UUID, what: str
) -> None:
    spec, words = {"halls": (HALLS, "展厅“甲”"), "rooms": (ROOMS, "会场“甲”")}[what]
    records.save(db, spec, {"name": "甲", "venue_id": "东馆"}, expo_id=two_venues)
    with pytest.raises(InvalidRecord, match=words):
        records.save(db, spec, {"name": "甲", "venue_id": "西馆"}, expo_id=two_venues)
    expos.create(db, NEXT | {"venues": "南馆"})
    records.save(db, spec, {"name": "甲", "venue_id": "南馆"})
    with pytest.raises(InvalidRecord, match=words):
        records.save(db, EXPOS, {"venues": "东馆、西馆、南馆"}, two_venues)
    assert records.get(db, EXPOS, two_venues)["venues"] == "东馆、西馆"


def test_a_name_with_a_comma_in_it_is_one_venue_as_long_as_nobody_touches_it(db: Database) -> None:
    key = expos.create(db, GIVEN)
    with db.transaction() as session:
        venue = Venue(name="会展中心、南区")
        session.add(venue)
        session.flush()
        session.add(ExpoVenue(expo_id=key, venue_id=venue.id))
    records.save(db, EXPOS, {"venues": "会展中心、南区", "theme": "协同"}, key)
    with db.reading() as session:
        assert session.scalars(select(Venue.name)).all() == ["会展中心、南区"]


def test_between_two_venues_a_speaker_walks_both_ways(db: Database, two_venues: uuid.UUID) -> None:
    with db.transaction() as session:
        for name, minutes in (("东馆", 5), ("西馆", 12)):
            session.scalars(select(Venue).where(Venue.name == name)).one().walk_minutes = minutes
    frame = programme.load(db, two_venues).frame
    east, west = (room.id for room in frame.rooms)
    assert [frame.walk(*way).seconds // 60 for way in ((east, east), (west, west), (east, west))] == [5, 12, 17]
    assert frame.longest_walk.seconds // 60 == 17


# --- what is declared and permitted ---


def test_the_declared_areas_contain_each_other(db: Database) -> None:
    wrong = {"net_area": "6000", "paid_area": "6000.01", "gross_area": "5999"}
    with pytest.raises(InvalidRecord) as refused:
        expos.create(db, GIVEN | wrong)
    assert set(refused.value.problems) == {"paid_area", "gross_area"}
    key = expos.create(db, GIVEN | {"net_area": "6000", "paid_area": "6000", "gross_area": "10000"})
    assert str(records.get(db, EXPOS, key)["gross_area"]) == "10000.00"
