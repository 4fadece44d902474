"""Small makers of records for tests, straight through the ORM: what is not given gets a plain, valid value.

    with db.transaction() as session:
        expo = make_expo(session)
        person = make_attendee(session, expo, "沈华棣", category="guest")
        make_scan(session, make_gate(session, expo), person, at=local(28, 9, 5))

Every maker flushes, so ids can be used at once; what a record needs and is not given is made with it. Search words
are written as the services write them.
"""

import itertools
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.model import (
    Achievement,
    Attendee,
    AttendeeState,
    Badge,
    Base,
    Booth,
    BoothState,
    Category,
    CheckIn,
    Deal,
    DealParty,
    Desk,
    Entry,
    Exhibitor,
    ExhibitorState,
    Expo,
    ExpoVenue,
    Gate,
    GateCategory,
    GateHours,
    GateKind,
    Hall,
    Organisation,
    PartyRole,
    Person,
    Pitch,
    ProgrammeItem,
    RegionGroup,
    Room,
    Speaker,
    SpeakerRole,
    Venue,
    Verdict,
    Word,
    Zone,
)
from expo_app.rules import phones
from expo_app.rules.badge_code import new_code
from expo_app.rules.categories import CategoryTerm
from expo_app.rules.person_names import person_key
from expo_app.rules.search_key import search_key
from expo_app.services import words
from expo_app.services.checkin_presence import Presences, ways_of
from expo_app.specs import ACHIEVEMENT_KINDS, BOOTH_KINDS, ITEM_KINDS, SPECS
from expo_app.specs.expo import venues_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
Record = TypeVar("Record", bound=Base)
_numbers = itertools.count(1)


def local(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of November 2018 on the expo's own clock."""
    return datetime(2018, 11, day, hour, minute, tzinfo=SHANGHAI)


def _added(session: Session, record: Record) -> Record:
    session.add(record)
    session.flush()
    return record


def make_venue(session: Session, name: str = "", **given: Any) -> Venue:
    return _added(session, Venue(name=name or f"展馆 {next(_numbers)}", **given))


DELTA = (
    ("嘉定", ("310114",), None), ("苏州市区", ("32050",), None), ("昆山", ("320583",), "320500"),
    ("太仓", ("320585",), "320500"), ("温州", ("3303",), None),
)  # fmt: skip
"""Groups of regions: name, prefixes, the city it counts with."""


def make_expo(session: Session, groups: Sequence[tuple[str, Sequence[str], str | None]] = DELTA, **given: Any) -> Expo:
    """An expo of 2018-11-28 to 11-30 in a venue of its own, with its words; it is real unless `is_sample` says so."""
    number = next(_numbers)
    values = {
        "name": f"第 {number} 届科技交易博览会",
        "name_en": f"Technology Trade Expo {number}",
        "short_name": "科交会",
        "code": f"KJ{number}",
        "starts_on": date(2018, 11, 28),
        "ends_on": date(2018, 11, 30),
    } | given
    venue_id = values.pop("venue_id") if "venue_id" in values else make_venue(session).id
    expo = _added(session, Expo(**values))
    if venue_id is not None:
        _added(session, ExpoVenue(expo_id=expo.id, venue_id=venue_id))
    for place, (name, prefixes, rolls_up) in enumerate(groups, 1):
        _added(
            session, RegionGroup(expo_id=expo.id, position=place, name=name, prefixes=[*prefixes], rolls_up=rolls_up)
        )
    for spec in (ITEM_KINDS, ACHIEVEMENT_KINDS, BOOTH_KINDS):
        session.add_all(Word(expo_id=expo.id, **spec.constant, **row) for row in words.preset(spec.name))
    session.add_all(Category(expo_id=expo.id, **row) for row in words.preset("categories"))
    session.flush()
    return expo


def venue_of(session: Session, expo: Expo) -> uuid.UUID:
    """The key of its first venue."""
    return session.scalars(venues_of(expo.id)).first()  # type: ignore[return-value]


READY_MADE = {"industries": "industries_four"} | words.FIRST
"""The set of words that tests take a vocabulary's from."""


def word(session: Session, vocabulary: str, key: str, expo: Expo | None = None) -> uuid.UUID:
    """The id of the word of that key; made from the ready-made ones where it is not there yet."""
    spec, expo_id = SPECS[vocabulary], expo.id if expo else None
    found = words.word_keyed(session, spec, key, expo_id)
    if found is None:
        values = next(row for row in words.preset(READY_MADE[vocabulary]) if row["key"] == key)
        found = _added(session, Word(expo_id=expo_id, **spec.constant, **values)).id
    return found


def category(session: Session, expo: Expo, key: str) -> Category:
    """The expo's category of that key."""
    return session.scalars(select(Category).where(Category.expo_id == expo.id, Category.key == key)).one()


def term(key: str) -> CategoryTerm:
    """The category of that key as every expo begins with it, for rules that need no database."""
    values = next(values for values in words.preset("categories") if values["key"] == key)
    names = ("key", "name", "name_en", "colour", "counts_as", "letter")
    days = values["valid_days"]
    own = {name: values[name] for name in names}
    return CategoryTerm(
        uuid.uuid5(uuid.NAMESPACE_OID, key), valid_days=None if days is None else frozenset(days), **own
    )


def make_organisation(session: Session, name: str = "", **given: Any) -> Organisation:
    """`kind` and `industry` are keys of words."""
    name = name or f"单位{next(_numbers)}有限公司"
    for field, vocabulary in (("kind", "organisation_kinds"), ("industry", "industries")):
        if key := given.pop(field, None):
            given[f"{field}_id"] = word(session, vocabulary, key)
    return _added(session, Organisation(**{"name": name, "search_text": search_key(name)[:600], **given}))


def make_person(session: Session, name: str = "", **given: Any) -> Person:
    name = name or f"人员{next(_numbers)}"
    given["phone"] = phones.parse(given["phone"]) if given.get("phone") else None
    spelt = search_key(person_key(name), name, phone=given["phone"])[:400]
    return _added(session, Person(**{"name": name, "search_text": spelt, **given}))


def make_exhibitor(session: Session, expo: Expo, name: str = "", **given: Any) -> Exhibitor:
    """A confirmed exhibitor; `region_code` and `industry` go to its organisation, `contact` names its person."""
    own = {key: given.pop(key) for key in ("region_code", "industry", "credit_code", "name_en") if key in given}
    if "organisation_id" not in given:
        given["organisation_id"] = make_organisation(session, name, **own).id
    if contact := given.pop("contact", None):
        person = make_person(session, contact, organisation_id=given["organisation_id"], phone=given.pop("phone", None))
        given["contact_id"] = person.id
    return _added(session, Exhibitor(**{"expo_id": expo.id, "state": ExhibitorState.CONFIRMED, **given}))


def make_hall(session: Session, expo: Expo, name: str = "1 号馆", **given: Any) -> Hall:
    values = {"venue_id": venue_of(session, expo)} | given
    found = session.scalars(select(Hall).filter_by(venue_id=values["venue_id"], name=name)).first()
    return found or _added(session, Hall(name=name, **values))


def make_zone(session: Session, expo: Expo, code: str = "A", **given: Any) -> Zone:
    """The zone of that code, made once."""
    found = session.scalars(select(Zone).where(Zone.expo_id == expo.id, Zone.code == code)).first()
    if found:
        return found
    values = {"hall_id": make_hall(session, expo).id, "name": f"{code} 展区"} | given
    return _added(session, Zone(expo_id=expo.id, code=code, **values))


def make_booth(
    session: Session, expo: Expo, number: str = "", exhibitor: Exhibitor | None = None, **given: Any
) -> Booth:
    """A booth of 9 ㎡ in the zone its number begins with; with an exhibitor it is confirmed, else free.

    `kind` is a word's key.
    """
    number = number or f"A{next(_numbers):03d}"
    kind = word(session, "booth_kinds", given.pop("kind", "shell_scheme"), expo)
    values = {"zone_id": make_zone(session, expo, number[0]).id, "number": number, "kind_id": kind} | given
    if exhibitor:
        values = {"exhibitor_id": exhibitor.id, "state": BoothState.CONFIRMED} | values
    return _added(session, Booth(expo_id=expo.id, **values))


def make_room(session: Session, expo: Expo, name: str = "", **given: Any) -> Room:
    return _added(session, Room(venue_id=venue_of(session, expo), name=name or f"{next(_numbers)} 会场", **given))


def make_gate(session: Session, expo: Expo, name: str = "", room: Room | None = None, **given: Any) -> Gate:
    """An entrance, or the gate of `room`; `categories`: the keys of those that pass, instead of all; `opens` and
    `closes` are its hours of every day."""
    allowed = given.pop("categories", ())
    hours = {key: given.pop(key) for key in ("opens", "closes") if key in given}
    kind = GateKind.ROOM if room else GateKind.ENTRANCE
    named = name or (room.name if room else f"入口 {next(_numbers)}")
    values = {"expo_id": expo.id, "name": named, "kind": kind, "room_id": room and room.id}
    gate = _added(session, Gate(**values | given))
    for key in allowed:
        _added(session, GateCategory(gate_id=gate.id, category_id=category(session, expo, key).id))
    if hours:
        _added(session, GateHours(**{"gate_id": gate.id, "opens": time.min, "closes": time.min} | hours))
    return gate


def make_desk(session: Session, gate: Gate, name: str = "") -> Desk:
    """A desk of the gate; without a name the gate's first one, made once."""
    found = session.scalars(select(Desk).where(Desk.gate_id == gate.id).order_by(Desk.name)).first()
    if found and name in ("", found.name):
        return found
    return _added(session, Desk(expo_id=gate.expo_id, gate_id=gate.id, name=name or f"{next(_numbers)} 号台"))


def make_attendee(session: Session, expo: Expo, name: str = "", **given: Any) -> Attendee:
    """A confirmed visitor, or of the `category` with that key; `phone` and `email` go to the person."""
    own = {key: given.pop(key) for key in ("phone", "email") if key in given}
    if "person_id" not in given:
        given["person_id"] = make_person(session, name, organisation_id=given.get("organisation_id"), **own).id
    of = category(session, expo, given.pop("category", "visitor"))
    values = {
        "expo_id": expo.id,
        "category_id": of.id,
        "state": AttendeeState.CONFIRMED,
        "badge_no": f"{expo.code}-{of.letter}-{next(_numbers):05d}",
        "registered_at": datetime(2018, 11, 1, tzinfo=UTC),
    }
    return _added(session, Attendee(**values | given))


def make_badge(session: Session, attendee: Attendee, **given: Any) -> Badge:
    """A badge, issued and not yet printed."""
    values = {"attendee_id": attendee.id, "code": new_code(), "issued_at": datetime(2018, 11, 20, tzinfo=UTC)}
    return _added(session, Badge(**values | given))


def make_scan(session: Session, gate: Gate, attendee: Attendee | None, at: datetime, **given: Any) -> CheckIn:
    """An admission at a desk of the gate, unless `verdict` says otherwise; counted as a desk counts it."""
    expo = session.get_one(Expo, gate.expo_id)
    values = {
        "expo_id": expo.id,
        "gate_id": gate.id,
        "desk_id": make_desk(session, gate).id,
        "attendee_id": attendee and attendee.id,
        "at": at,
        "local_day": expo.local_day(at),
        "verdict": Verdict.ADMITTED,
    }
    connection, people = session.connection(), [attendee.id] if attendee else []
    before = ways_of(connection, people)
    scan = _added(session, CheckIn(**values | given))
    Presences(connection.dialect.name == "sqlite").settle(connection, before, people)
    return scan


def make_item(session: Session, expo: Expo, title: str = "", **given: Any) -> ProgrammeItem:
    """A programme item; with `starts_at` it ends `minutes` (90) later, without it lies in the tray.

    `kind` is a word's key.
    """
    title = title or f"论坛 {next(_numbers)}"
    if given.get("starts_at") and "ends_at" not in given:
        given["ends_at"] = given["starts_at"] + timedelta(minutes=given.get("minutes", 90))
    kind = word(session, "item_kinds", given.pop("kind", "forum"), expo)
    values = {"expo_id": expo.id, "title": title, "kind_id": kind, "search_text": search_key(title)}
    return _added(session, ProgrammeItem(**values | given))


def make_speaker(session: Session, item: ProgrammeItem, name: str = "", **given: Any) -> Speaker:
    """A speaker of the item; `organisation` names the person's organisation."""
    organisation = given.pop("organisation", None)
    if "person_id" not in given:
        of = make_organisation(session, organisation).id if organisation else None
        given["person_id"] = make_person(session, name, organisation_id=of).id
    return _added(session, Speaker(**{"item_id": item.id, "role": SpeakerRole.SPEAKER, **given}))


def make_achievement(session: Session, expo: Expo, title: str = "", **given: Any) -> Achievement:
    """A result; `kind` is a word's key."""
    if "owner_id" not in given:
        given["owner_id"] = make_organisation(session).id
    title = title or f"成果 {next(_numbers)}"
    kind = word(session, "achievement_kinds", given.pop("kind", "result"), expo)
    values = {"expo_id": expo.id, "title": title, "kind_id": kind, "search_text": search_key(title)}
    return _added(session, Achievement(**values | given))


def make_pitch(session: Session, item: ProgrammeItem, achievement: Achievement, **given: Any) -> Pitch:
    return _added(session, Pitch(item_id=item.id, achievement_id=achievement.id, **given))


def make_deal(session: Session, expo: Expo, title: str = "", amount: str | Decimal | None = None, **given: Any) -> Deal:
    """A valid, signed technology contract between two organisations; `amount` in yuan.

    `sellers`, `buyers` and `others` are names of organisations; with `others` alone there is no seller or buyer.
    """
    number = next(_numbers)
    others = given.pop("others", ())
    parties = {
        PartyRole.SELLER: given.pop("sellers", () if others else (f"卖方{number}",)),
        PartyRole.BUYER: given.pop("buyers", () if others else (f"买方{number}",)),
        PartyRole.PARTY: others,
    }
    title = title or f"项目 {number}"
    values = {
        "expo_id": expo.id,
        "deal_no": f"{expo.code}-2018-{number:03d}",
        "title": title,
        "entry": Entry.VALID,
        "amount": None if amount is None else Decimal(amount),
        "signed_on": date(2018, 11, 29),
        "created_at": local(29, 10),
        "search_text": search_key(title)[:1200],
    }
    deal = _added(session, Deal(**values | given))
    for role, names in parties.items():
        for position, name in enumerate(names):
            organisation = session.scalars(select(Organisation).where(Organisation.name == name)).first()
            owner = organisation or make_organisation(session, name)
            _added(session, DealParty(deal_id=deal.id, organisation_id=owner.id, role=role, position=position))
    return deal
