"""The people registered: those the program builds, and those who come with the untidy Excel file. All generated."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from expo_app.model import Attendee, AttendeeSource, AttendeeState, Category, Counter, ExhibitorKind, Person
from expo_app.rules.numbering import badge_no
from expo_app.services.sample import facts, words
from expo_app.services.sample.people import Cast, Company, Participant, email, person_name, phone
from expo_app.services.sample.rows import Row, Rows

IN_FILE = 600
"""People in the untidy file."""
FEWEST = 100
"""Up to so many are built of a sample asked to be no larger than the file, so that its first day has visitors."""
SHARES = {
    Category.EXHIBITOR: 0.16,
    Category.TRADE_VISITOR: 0.47,
    Category.VISITOR: 0.225,
    Category.INVESTOR: 0.04,
    Category.STAFF: 0.04,
    Category.MEDIA: 0.025,
    Category.GUEST: 0.03,
    Category.SPEAKER: 0.01,
}
OPENED = datetime(2018, 10, 8, 0, 0, tzinfo=UTC)
"""08:00 in Shanghai on the day registration opened."""
REGISTRATION_DAYS = 50
DAYS = ("2018-11-28", "2018-11-29", "2018-11-30")
CONSENT_VERSION = "2018-1"


@dataclass(frozen=True)
class Registrant:
    """One person to be registered. `body` None: comes for himself."""

    name: str
    phone: str | None
    email: str | None
    body: Company | None
    title: str
    category: Category
    state: AttendeeState
    days: tuple[str, ...] | None
    has_consent: bool
    note: str = ""


def built_count(attendees: int) -> int:
    """How many of so many people are built, the others coming with the file."""
    return attendees - IN_FILE if attendees > IN_FILE else min(attendees, FEWEST)


def file_registrants(cast: Cast) -> list[Registrant]:
    """The people of the untidy file: the staff of the exhibitors in it, and visitors."""
    rng = Random("people in the file")  # noqa: S311
    bodies = cast.bodies[Category.TRADE_VISITOR][:60]
    found = [
        _staff(rng, participant, n, 99_100_000 + serial * 10 + n)
        for serial, participant in enumerate(cast.in_file)
        for n in range(4)
    ]
    rare = iter(words.RARE_NAMES[::3])
    while len(found) < IN_FILE:
        category = Category.TRADE_VISITOR if rng.random() < 0.7 else Category.VISITOR
        body = None if category is Category.VISITOR and rng.random() < 0.3 else rng.choice(bodies)
        name = (next(rare, None) if len(found) % 40 == 7 else None) or person_name(rng)
        found.append(_registrant(rng, name, 99_200_000 + len(found), body, category))
    return [_plain(person) for person in found]


def _plain(person: Registrant) -> Registrant:
    """Nobody in the file has cancelled."""
    if person.state is AttendeeState.CANCELLED:
        return Registrant(**{**vars(person), "state": AttendeeState.CONFIRMED, "note": ""})
    return person


def built_registrants(cast: Cast, count: int) -> list[Registrant]:
    """`count` people in the order they registered."""
    rng = Random("people")  # noqa: S311
    staff = _staff_of(cast, rng)
    rare = iter(words.RARE_NAMES)
    found = []
    for n, category in enumerate(_categories(rng, count)):
        member = next(staff, None) if category is Category.EXHIBITOR else None
        if member is not None:
            found.append(member)
            continue
        chosen = Category.TRADE_VISITOR if category is Category.EXHIBITOR else category
        name = next(rare, None) if n % 19 == 3 and chosen in (Category.TRADE_VISITOR, Category.VISITOR) else None
        body = None if chosen is Category.VISITOR and rng.random() < 0.4 else rng.choice(cast.bodies[chosen])
        found.append(_registrant(rng, name or person_name(rng), n + 1, body, chosen))
    rng.shuffle(found)
    return found


def _categories(rng: Random, count: int) -> list[Category]:
    """Exact shares, trade visitors taking what rounding leaves."""
    found = [category for category, share in SHARES.items() for _n in range(int(count * share))]
    return found + [Category.TRADE_VISITOR] * (count - len(found))


def _staff_of(cast: Cast, rng: Random) -> Iterator[Registrant]:
    """Staff of the built exhibitors: first everybody's contact, then the second of each, and so on."""
    own = [p for p in cast.participants if not p.in_file and not isinstance(p.company, str)]
    serial = 98_000_000
    for n in range(8):
        for participant in own:
            if n < (2 if participant.kind is ExhibitorKind.SERVICE else participant.quota):
                serial += 1
                yield _staff(rng, participant, n, serial)


def _staff(rng: Random, participant: Participant, n: int, serial: int) -> Registrant:
    """Member `n` of a stand's staff; the first is its contact."""
    if isinstance(participant.company, str) or participant.contact is None:
        raise ValueError(f"{participant.name} is a real body: nobody is invented for it")
    person = _registrant(rng, person_name(rng), serial, participant.company, Category.EXHIBITOR)
    contact = participant.contact
    known = (
        {"name": contact.name, "title": contact.title, "phone": contact.phone, "email": contact.email} if n == 0 else {}
    )
    return Registrant(
        **{**vars(person), "state": AttendeeState.CONFIRMED, "days": None, "has_consent": True, "note": "", **known}
    )


def _registrant(rng: Random, name: str, serial: int, body: Company | None, category: Category) -> Registrant:
    chance = rng.random()
    state, note = AttendeeState.CONFIRMED, ""
    if category in (Category.TRADE_VISITOR, Category.VISITOR, Category.INVESTOR):
        if chance < 0.02:
            state, note = AttendeeState.CANCELLED, rng.choice(("本人来电取消", "行程有变", "单位另派他人"))
        elif chance < 0.06:
            state = AttendeeState.REGISTERED
    title = rng.choice(words.TITLES[category.name]) if body else rng.choice(("", "学生", "自由职业"))
    return Registrant(
        name,
        phone(serial),
        email(serial) if rng.random() < 0.6 else None,
        body,
        title,
        category,
        state,
        _days(rng, category),
        rng.random() < 0.92,
        note,
    )


def _days(rng: Random, category: Category) -> tuple[str, ...] | None:
    if category not in (Category.TRADE_VISITOR, Category.VISITOR):
        return None
    chance = rng.random()
    if chance < 0.09:
        return (rng.choice(DAYS),)
    return rng.choice((DAYS[:2], DAYS[1:])) if chance < 0.13 else None


def add_attendees(
    rows: Rows, expo_id: uuid.UUID, registrants: list[Registrant], exhibitors: dict[str, Row]
) -> list[Row]:
    """Their rows, numbered in order; the contacts of exhibitors are the people already there."""
    rng = Random("registered")  # noqa: S311
    seconds = sorted(rng.randrange(REGISTRATION_DAYS * 50_000) for _person in registrants)
    contacts = {exhibitor["contact_id"] for exhibitor in exhibitors.values()}
    known = {(row["name"], row["phone"]): row["id"] for row in rows.of(Person) if row["id"] in contacts}
    found = []
    for n, (person, second) in enumerate(zip(registrants, seconds, strict=True), 1):
        day, rest = divmod(second, 50_000)
        at = OPENED + timedelta(days=day, seconds=rest)
        organisation = _organisation(rows, person.body)
        exhibitor = exhibitors.get(person.body.name) if person.body and person.category is Category.EXHIBITOR else None
        person_id = known.get((person.name, person.phone)) or rows.person(
            person.name, phone=person.phone, email=person.email, title=person.title, organisation_id=organisation
        )
        found.append(
            rows.add(
                Attendee, expo_id=expo_id, person_id=person_id, organisation_id=organisation,
                exhibitor_id=exhibitor["id"] if exhibitor else None, title=person.title, category=person.category,
                state=person.state, source=AttendeeSource.IMPORT if rng.random() < 0.7 else AttendeeSource.MANUAL,
                badge_no=badge_no(facts.CODE, person.category.letter, n),
                valid_days=list(person.days) if person.days else None, registered_at=at,
                consent_at=at if person.has_consent else None, note=person.note, is_sample=True,
                consent_version=CONSENT_VERSION if person.has_consent else "",
            )
        )  # fmt: skip
    rows.add(Counter, series=f"badge {facts.CODE}", next_no=len(registrants) + 1)
    return found


def _organisation(rows: Rows, body: Company | None) -> uuid.UUID | None:
    if body is None:
        return None
    return rows.organisation(
        body.name, kind=body.kind, region_code=body.region, industry=body.industry, credit_code=body.credit_code
    )
