"""The people registered: those the program builds, and those who come with the untidy Excel file. All generated.

Phone numbers begin with 160, which no operator in China has been given; e-mail addresses end in example.com.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from expo_app.model import AttendeeSource, AttendeeState, ExhibitorKind
from expo_app.rules import phones
from expo_app.services.record_writer import Writer, write_rows
from expo_app.services.sample import words
from expo_app.services.sample.lists import Values, add_missing, file_of, read
from expo_app.specs import ATTENDEES, EXHIBITORS, ORGANISATIONS

IN_FILE = 600
"""People in the untidy file."""
FEWEST = 100
"""Up to so many are built of a sample asked to be no larger than the file, so that its first day has visitors."""
SHARES = {
    "exhibitor": 0.16,
    "trade_visitor": 0.47,
    "visitor": 0.225,
    "investor": 0.04,
    "staff": 0.04,
    "media": 0.025,
    "guest": 0.03,
    "speaker": 0.01,
}
OPENED = datetime(2018, 10, 8, 0, 0, tzinfo=UTC)
"""08:00 in Shanghai on the day registration opened."""
REGISTRATION_DAYS = 50
DAYS = ("2018-11-28", "2018-11-29", "2018-11-30")
CONSENT_VERSION = "2018-1"
CHUNK = 1000
VISITORS = "organisations_of_visitors"
"""The file of the bodies that visitors, guests, investors, media and staff come from."""


@dataclass(frozen=True)
class Registrant:
    """One person to be registered. `body`: name of the organisation; None: comes for himself."""

    name: str
    phone: str | None
    email: str | None
    body: str | None
    title: str
    category: str
    """The key of it."""
    state: AttendeeState
    days: tuple[str, ...] | None
    has_consent: bool
    note: str = ""


def phone(number: int) -> str:
    """A mobile number of the right form that nobody has: 160 and eight digits."""
    return f"160{number:08d}"


def email(number: int) -> str:
    """An address of a domain that is reserved for examples (RFC 2606)."""
    return f"sample{number:06d}@example.com"


def person_name(rng: Random) -> str:
    """A Chinese name of two to four characters."""
    if rng.random() < 0.015:
        surname = rng.choice(words.DOUBLE_SURNAMES)
    else:
        surname = words.SURNAMES[int(len(words.SURNAMES) * rng.random() ** 1.9)]
    length = 1 if rng.random() < 0.22 else 2
    return surname + "".join(rng.choice(words.GIVEN) for _n in range(length))


def bodies() -> Mapping[str, Sequence[str]]:
    """Names of the bodies by the category of the people they send."""
    by_kind: dict[str, list[str]] = {}
    companies = []
    for row in read(ORGANISATIONS, file_of(VISITORS)):
        by_kind.setdefault(row["kind_id"], []).append(row["name"])
        if row["kind_id"] in ("企业", "科研院所"):
            companies.append(row["name"])
    schools = by_kind["高等院校"]
    return {
        "trade_visitor": companies + schools,
        "visitor": schools * 8 + companies[:120],
        "investor": by_kind["投资机构"],
        "staff": by_kind["其他"],
        "media": by_kind["媒体"],
        "guest": by_kind["政府机关"],
        "speaker": schools,
    }


def built_count(attendees: int) -> int:
    """How many of so many people are built, the others coming with the file."""
    return attendees - IN_FILE if attendees > IN_FILE else min(attendees, FEWEST)


def built_registrants(count: int) -> list[Registrant]:
    """`count` people in the order they registered."""
    rng = Random("people")  # noqa: S311
    staff = _staff_of([row for row in read(EXHIBITORS) if row["is_sample"]], rng)
    rare = iter(words.RARE_NAMES)
    senders = bodies()
    found = []
    for n, category in enumerate(_categories(rng, count)):
        member = next(staff, None) if category == "exhibitor" else None
        if member is not None:
            found.append(member)
            continue
        chosen = "trade_visitor" if category == "exhibitor" else category
        name = next(rare, None) if n % 19 == 3 and chosen in ("trade_visitor", "visitor") else None
        body = None if chosen == "visitor" and rng.random() < 0.4 else rng.choice(senders[chosen])
        found.append(registrant(rng, name or person_name(rng), n + 1, body, chosen))
    rng.shuffle(found)
    return found


def _categories(rng: Random, count: int) -> list[str]:
    """Exact shares, trade visitors taking what rounding leaves."""
    found = [category for category, share in SHARES.items() for _n in range(int(count * share))]
    return found + ["trade_visitor"] * (count - len(found))


def _staff_of(exhibitors: Sequence[Values], rng: Random) -> Iterator[Registrant]:
    """Staff of the built exhibitors: first everybody's contact, then the second of each, and so on."""
    serial = 98_000_000
    for n in range(8):
        for exhibitor in exhibitors:
            if n < (2 if exhibitor["kind"] is ExhibitorKind.SERVICE else exhibitor["badge_quota"]):
                serial += 1
                yield staff(rng, exhibitor, n, serial)


def staff(rng: Random, exhibitor: Values, n: int, serial: int) -> Registrant:
    """Member `n` of a stand's staff; the first is its contact."""
    person = registrant(rng, person_name(rng), serial, exhibitor["organisation.name"], "exhibitor")
    known = {name: exhibitor[f"contact.{name}"] for name in ("name", "title", "phone", "email")} if n == 0 else {}
    return replace(person, state=AttendeeState.CONFIRMED, days=None, has_consent=True, note="", **known)


def registrant(rng: Random, name: str, serial: int, body: str | None, category: str) -> Registrant:
    """A person of that category, of whom `serial` makes phone and address."""
    chance = rng.random()
    state, note = AttendeeState.CONFIRMED, ""
    if category in ("trade_visitor", "visitor", "investor"):
        if chance < 0.02:
            state, note = AttendeeState.CANCELLED, rng.choice(("本人来电取消", "行程有变", "单位另派他人"))
        elif chance < 0.06:
            state = AttendeeState.REGISTERED
    title = rng.choice(words.TITLES[category]) if body else rng.choice(("", "学生", "自由职业"))
    return Registrant(
        name,
        phones.parse(phone(serial)),
        email(serial) if rng.random() < 0.6 else None,
        body,
        title,
        category,
        state,
        _days(rng, category),
        rng.random() < 0.92,
        note,
    )


def _days(rng: Random, category: str) -> tuple[str, ...] | None:
    if category not in ("trade_visitor", "visitor"):
        return None
    chance = rng.random()
    if chance < 0.09:
        return (rng.choice(DAYS),)
    return rng.choice((DAYS[:2], DAYS[1:])) if chance < 0.13 else None


def add_attendees(writer: Writer, count: int, done: Callable[[int], None]) -> None:
    """Register `count` people, with the bodies they come from; `done(people)` is told now and then."""
    registrants = built_registrants(count)
    listed = {row["name"]: row for row in read(ORGANISATIONS, file_of(VISITORS))}
    mentioned = dict.fromkeys(person.body for person in registrants)
    add_missing(writer, [listed[body] for body in mentioned if body in listed])
    rng = Random("registered")  # noqa: S311
    seconds = sorted(rng.randrange(REGISTRATION_DAYS * 50_000) for _person in registrants)
    rows = [_values(rng, person, second) for person, second in zip(registrants, seconds, strict=True)]
    for start in range(0, count, CHUNK):
        part = rows[start : start + CHUNK]
        write_rows(writer, ATTENDEES, [(None, values, n) for n, values in enumerate(part, start + 1)])
        done(len(part))


def _values(rng: Random, person: Registrant, second: int) -> Values:
    day, rest = divmod(second, 50_000)
    at = OPENED + timedelta(days=day, seconds=rest)
    return {
        "person.name": person.name,
        "person.phone": person.phone,
        "person.email": person.email,
        "organisation_id": person.body,
        "title": person.title,
        "category_id": person.category,
        "state": person.state,
        "source": AttendeeSource.IMPORT if rng.random() < 0.7 else AttendeeSource.MANUAL,
        "valid_days": list(person.days) if person.days else None,
        "registered_at": at,
        "consent_at": at if person.has_consent else None,
        "consent_version": CONSENT_VERSION if person.has_consent else "",
        "note": person.note,
    }
