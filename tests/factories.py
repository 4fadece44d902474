"""Small makers of records for tests, straight through the ORM: what is not given gets a plain, valid value.

    with db.transaction() as session:
        expo = make_expo(session)
        person = make_attendee(session, expo, "沈华棣", category=Category.GUEST)
        make_scan(session, make_gate(session, expo), person, at=local(28, 9, 5))

Every maker flushes, so ids can be used at once; what a record needs and is not given is made with it. Search words
are written as the services write them.
"""

import itertools
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
    Gate,
    GateHours,
    GateKind,
    Hall,
    Organisation,
    PartyRole,
    Person,
    Pitch,
    ProgrammeItem,
    Room,
    Speaker,
    SpeakerRole,
    Venue,
    Verdict,
    Zone,
)
from expo_app.rules.badge_code import new_code
from expo_app.rules.search_key import search_key

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


def make_expo(session: Session, **given: Any) -> Expo:
    """An expo of 2018-11-28 to 11-30 in a venue of its own; it is real unless `is_sample` says otherwise."""
    number = next(_numbers)
    values = {
        "name": f"第 {number} 届科技交易博览会",
        "name_en": f"Technology Trade Expo {number}",
        "short_name": "科交会",
        "code": f"KJ{number}",
        "starts_on": date(2018, 11, 28),
        "ends_on": date(2018, 11, 30),
    } | given
    if "venue_id" not in values:
        values["venue_id"] = make_venue(session).id
    return _added(session, Expo(**values))


def make_organisation(session: Session, name: str = "", **given: Any) -> Organisation:
    name = name or f"单位{next(_numbers)}有限公司"
    return _added(session, Organisation(**{"name": name, "search_text": search_key(name)[:600], **given}))


def make_person(session: Session, name: str = "", **given: Any) -> Person:
    name = name or f"人员{next(_numbers)}"
    words = search_key(name, phone=given.get("phone"))[:400]
    return _added(session, Person(**{"name": name, "search_text": words, **given}))


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
    found = session.scalars(select(Hall).where(Hall.venue_id == expo.venue_id, Hall.name == name)).first()
    return found or _added(session, Hall(venue_id=expo.venue_id, name=name, **given))


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
    """A booth of 9 ㎡ in the zone its number begins with; with an exhibitor it is confirmed, else free."""
    number = number or f"A{next(_numbers):03d}"
    values = {"zone_id": make_zone(session, expo, number[0]).id, "number": number} | given
    if exhibitor:
        values = {"exhibitor_id": exhibitor.id, "state": BoothState.CONFIRMED} | values
    return _added(session, Booth(expo_id=expo.id, **values))


def make_room(session: Session, expo: Expo, name: str = "", **given: Any) -> Room:
    return _added(session, Room(venue_id=expo.venue_id, name=name or f"{next(_numbers)} 会场", **given))


def make_gate(session: Session, expo: Expo, name: str = "", room: Room | None = None, **given: Any) -> Gate:
    """An entrance, or the gate of `room`; `opens` and `closes` are its hours of every day."""
    hours = {key: given.pop(key) for key in ("opens", "closes") if key in given}
    kind = GateKind.ROOM if room else GateKind.ENTRANCE
    named = name or (room.name if room else f"入口 {next(_numbers)}")
    values = {"expo_id": expo.id, "name": named, "kind": kind, "room_id": room and room.id}
    gate = _added(session, Gate(**values | given))
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
    """A confirmed visitor; `phone` and `email` go to the person."""
    own = {key: given.pop(key) for key in ("phone", "email") if key in given}
    if "person_id" not in given:
        given["person_id"] = make_person(session, name, organisation_id=given.get("organisation_id"), **own).id
    category: Category = given.get("category", Category.VISITOR)
    values = {
        "expo_id": expo.id,
        "category": category,
        "state": AttendeeState.CONFIRMED,
        "badge_no": f"{expo.code}-{category.letter}-{next(_numbers):05d}",
        "registered_at": datetime(2018, 11, 1, tzinfo=UTC),
    }
    return _added(session, Attendee(**values | given))


def make_badge(session: Session, attendee: Attendee, **given: Any) -> Badge:
    """A badge, issued and not yet printed."""
    values = {"attendee_id": attendee.id, "code": new_code(), "issued_at": datetime(2018, 11, 20, tzinfo=UTC)}
    return _added(session, Badge(**values | given))


def make_scan(session: Session, gate: Gate, attendee: Attendee | None, at: datetime, **given: Any) -> CheckIn:
    """An admission at a desk of the gate, unless `verdict` says otherwise."""
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
    return _added(session, CheckIn(**values | given))


def make_item(session: Session, expo: Expo, title: str = "", **given: Any) -> ProgrammeItem:
    """A programme item; with `starts_at` it ends `minutes` (90) later, without it lies in the tray."""
    title = title or f"论坛 {next(_numbers)}"
    if given.get("starts_at") and "ends_at" not in given:
        given["ends_at"] = given["starts_at"] + timedelta(minutes=given.get("minutes", 90))
    values = {"expo_id": expo.id, "title": title, "search_text": search_key(title)}
    return _added(session, ProgrammeItem(**values | given))


def make_speaker(session: Session, item: ProgrammeItem, name: str = "", **given: Any) -> Speaker:
    """A speaker of the item; `organisation` names the person's organisation."""
    organisation = given.pop("organisation", None)
    if "person_id" not in given:
        of = make_organisation(session, organisation).id if organisation else None
        given["person_id"] = make_person(session, name, organisation_id=of).id
    return _added(session, Speaker(**{"item_id": item.id, "role": SpeakerRole.SPEAKER, **given}))


def make_achievement(session: Session, expo: Expo, title: str = "", **given: Any) -> Achievement:
    if "owner_id" not in given:
        given["owner_id"] = make_organisation(session).id
    title = title or f"成果 {next(_numbers)}"
    values = {"expo_id": expo.id, "title": title, "search_text": search_key(title)}
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
