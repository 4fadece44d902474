"""Who is about to be registered and is known already: asked at the desk before a second badge.

`services.same_person` decides; here the few are looked for who may be the one. Surely the same is a person of that name
(in any spelling, those kept with the person included) and phone; who is only probably the same is asked about.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, literal, or_, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.errors import Conflict
from expo_app.model import Attendee, AttendeeState, Expo, NotSame, Organisation, Person
from expo_app.rules.masks import mask_phone
from expo_app.rules.plain_letters import han
from expo_app.rules.search_key import SEPARATOR, search_term
from expo_app.services.record_writer import Writer, in_parts
from expo_app.services.same_person import Compared, Sameness, Somebody, compare
from expo_app.specs.natural_order import natural
from expo_app.store.database import Database

MOST = 200
"""So many of one name are compared, the likeliest first; of more nobody could say anything by the name."""
_person, _attendee, _apart = Person.__table__, Attendee.__table__, NotSame.__table__
_own, _then = Organisation.__table__.alias("own"), Organisation.__table__.alias("then")


@dataclass(frozen=True)
class KnownPerson:
    """Somebody known. `attendee_id`: the registration for this expo, None: a person of other occasions.

    `why`: what makes it probable, in the user's language; "" for who is surely the same.
    """

    person_id: uuid.UUID
    attendee_id: uuid.UUID | None
    badge_no: str
    name: str
    phone: str
    """Masked."""
    organisation: str
    likeness: float = 1.0
    why: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether there is nothing to ask."""
        return not self.why

    @property
    def is_registered(self) -> bool:
        return self.attendee_id is not None

    @property
    def words(self) -> str:
        """Who it is, for telling people apart: name, organisation, masked phone, badge number."""
        return " · ".join(filter(None, (self.name, self.organisation, self.phone, self.badge_no)))


@dataclass(frozen=True)
class Newcomer:
    """What a form says so far; `phone` as it is kept, `organisation` by name; `person_id`: chosen from the list."""

    name: str
    phone: str = ""
    organisation: str = ""
    person_id: uuid.UUID | None = None
    email: str = ""
    name_en: str = ""

    @property
    def somebody(self) -> Somebody:
        """The same to compare by."""
        names = tuple(filter(None, (self.name, self.name_en)))
        return Somebody(names, ((self.organisation,),) if self.organisation else (), self.phone, self.email.casefold())


class AlreadyKnown(Conflict):
    """Nobody was registered: `known` is, or it is open whether the newcomer is `known`."""

    def __init__(self, words: str, code: str, known: KnownPerson) -> None:
        super().__init__(words, code)
        self.known = known


def hold_registrations(writer: Writer, expo_id: uuid.UUID) -> None:
    """Nobody else is registered for this expo until this transaction ends: whoever registers somebody waits here."""
    writer.hold(Expo.__table__, expo_id)


def find_known(
    db: Database, expo_id: uuid.UUID, newcomer: Newcomer, apart: Collection[uuid.UUID] = ()
) -> KnownPerson | None:
    """The one it most probably is, registrations for this expo first; `apart`: people it was said not to be.

    For a worker: a server takes its time.
    """
    with db.reading() as session:
        return meet(session, expo_id, newcomer, apart)


def meet(
    session: Session, expo_id: uuid.UUID, newcomer: Newcomer, apart: Collection[uuid.UUID] = ()
) -> KnownPerson | None:
    """The same within a transaction."""
    compared = [(row, _compared(newcomer, row)) for row in _candidates(session, expo_id, newcomer)]
    sure = {row.id for row, found in compared if found.how is Sameness.SURE}
    others = {*apart} | {key for pair in told_apart(session, sure) for key in pair} - sure
    known = (_known(row, found) for row, found in compared if _is_worth(found, row.attendee_id is not None))
    left = (one for one in known if one.person_id not in others or (one.is_sure and one.is_registered))
    return min(left, key=lambda one: (not one.is_registered, not one.is_sure, -one.likeness), default=None)


def _is_worth(found: Compared, is_registered: bool) -> bool:
    """Whether anything is to be said: of a name alone only where somebody might get a second badge."""
    return found.how > (Sameness.OTHER if is_registered else Sameness.NAMED)


def told_apart(session: Session, people: Collection[uuid.UUID]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Pairs that somebody said are not one person, of these people and others."""
    query = select(_apart.c.one_id, _apart.c.other_id)
    found: set[tuple[uuid.UUID, uuid.UUID]] = set()
    for part in in_parts(people):
        rows = session.execute(query.where(or_(_apart.c.one_id.in_(part), _apart.c.other_id.in_(part))))
        found.update((one, other) for one, other in rows)
    return found


def _candidates(session: Session, expo_id: uuid.UUID, newcomer: Newcomer) -> Sequence[Any]:
    """People of this number, address or name in any spelling, with their registration."""
    exact: list[ColumnElement[bool]] = [_person.c.id == newcomer.person_id] if newcomer.person_id else []
    if newcomer.phone:
        exact.append(_person.c.phone == newcomer.phone)
    if newcomer.email:
        exact.append(func.lower(_person.c.email) == newcomer.email.casefold())
    named = _spelt_so(session, newcomer.somebody)
    here = and_(
        _attendee.c.person_id == _person.c.id,
        _attendee.c.expo_id == expo_id,
        _attendee.c.state != AttendeeState.CANCELLED,
    )
    query = (
        select(
            _person.c.id, _person.c.name, _person.c.name_en, _person.c.aliases, _person.c.phone, _person.c.email,
            _own.c.name.label("own"), _own.c.aliases.label("own_aliases"), _attendee.c.id.label("attendee_id"),
            _attendee.c.badge_no, _then.c.name.label("then"), _then.c.aliases.label("then_aliases"),
        )
        .outerjoin(_own, _own.c.id == _person.c.organisation_id)
        .outerjoin(_attendee, here)
        .outerjoin(_then, _then.c.id == _attendee.c.organisation_id)
        .order_by(_attendee.c.id.is_(None), natural(_attendee.c.badge_no))
    )  # fmt: skip
    asked = [*exact, *(_person.c.id.in_(part) for part in in_parts(named))]
    rows = {(row.id, row.attendee_id): row for where in asked for row in session.execute(query.where(where))}
    return [row for row in rows.values() if readable(row.name)]


def _spelt_so(session: Session, somebody: Somebody) -> list[uuid.UUID]:
    """People whose name, or another spelling of it, is one of these. SQL thins them out by their search words."""
    keys = somebody.spellings
    wanted = [and_(*map(_has_word, key.split())) for key in sorted(keys)]
    query = select(_person.c.id, _person.c.name, _person.c.name_en, _person.c.aliases).where(or_(false(), *wanted))
    rows = (row for row in session.execute(query) if readable(row.name))
    return [row.id for row in rows if not keys.isdisjoint(Somebody(names_of(row)).spellings)][:MOST]


def _has_word(word: str) -> ColumnElement[bool]:
    """Whether search words have this one: a Chinese name begins one of them, a Latin one stands anywhere in them."""
    begins = SEPARATOR if han().match(word) else ""
    return (literal(SEPARATOR) + _person.c.search_text).contains(begins + search_term(word), autoescape=True)


def names_of(row: Any) -> tuple[str, ...]:
    """Every spelling of a person's name, from a row with `name`, `name_en` and `aliases`."""
    return tuple(filter(None, (row.name, readable(row.name_en), *(readable(row.aliases) or ()))))


def body_of(name: Any, aliases: Any) -> tuple[tuple[str, ...], ...]:
    """An organisation by all its names, where there is one."""
    return ((name, *(readable(aliases) or ())),) if name and readable(name) else ()


def _compared(newcomer: Newcomer, row: Any) -> Compared:
    """What one candidate is to the newcomer."""
    if row.id == newcomer.person_id:
        return Compared(Sameness.SURE, 1.0)
    bodies = dict.fromkeys((*body_of(row.then, row.then_aliases), *body_of(row.own, row.own_aliases)))
    email = (readable(row.email) or "").casefold()
    return compare(newcomer.somebody, Somebody(names_of(row), tuple(bodies), readable(row.phone) or "", email))


def _known(row: Any, found: Compared) -> KnownPerson:
    """Where nothing tells the two apart, a list takes them for one; a desk asks before it refuses a badge."""
    is_sure = found.how is Sameness.SURE or (found.how is Sameness.LISTED and row.attendee_id is None)
    likeness, why = (1.0, "") if is_sure else (found.likeness, found.why)
    phone, of = mask_phone(readable(row.phone)), readable(row.then) or readable(row.own) or ""
    return KnownPerson(row.id, row.attendee_id, row.badge_no or "", row.name, phone, of, likeness, why)
