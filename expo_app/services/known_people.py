"""Who is about to be registered and is known already: by the rule of import, asked at the desk before a second badge.

Surely the same is a person of that name (in any spelling, other spellings kept with the person included) and phone.
Who is only probably the same (`rules.likeness`) is asked about. The look-up reads one index of names and the few
records it leads to, so that a form can ask while somebody types.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import _
from expo_app.model import Attendee, AttendeeState, Organisation, Person
from expo_app.rules.likeness import LEAST, Someone, likely_people, person_core
from expo_app.rules.masks import mask_phone
from expo_app.rules.person_names import person_key
from expo_app.rules.plain_letters import han
from expo_app.specs.names import name_key
from expo_app.specs.natural_order import natural
from expo_app.store.database import Database

MOST = 200
"""So many of one name are compared; of more nobody could say anything by the name."""
_person, _attendee = Person.__table__, Attendee.__table__
_own, _then = Organisation.__table__.alias("own"), Organisation.__table__.alias("then")


@dataclass(frozen=True)
class Known:
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


def find_known(db: Database, expo_id: uuid.UUID, newcomer: Newcomer, apart: Collection[uuid.UUID] = ()) -> Known | None:
    """The one it most probably is, registrations for this expo first; `apart`: people it was said not to be."""
    with db.reading() as session:
        return meet(session, expo_id, newcomer, apart)


def meet(session: Session, expo_id: uuid.UUID, newcomer: Newcomer, apart: Collection[uuid.UUID] = ()) -> Known | None:
    """The same within a transaction."""
    found = (
        known
        for row in _candidates(session, expo_id, newcomer)
        if (known := _compared(newcomer, row)) is not None and (known.is_sure or known.person_id not in apart)
    )
    ranked = sorted(found, key=lambda known: (not known.is_registered, not known.is_sure, -known.likeness))
    return next((one for one in ranked if one.person_id not in apart or one.is_registered), None)


def _candidates(session: Session, expo_id: uuid.UUID, newcomer: Newcomer) -> Sequence[Any]:
    """People of this phone, of this name, of another spelling in this organisation, with their registration."""
    wanted: list[ColumnElement[bool]] = []
    if newcomer.phone:
        wanted.append(_person.c.phone == newcomer.phone)
    if newcomer.person_id is not None:
        wanted.append(_person.c.id == newcomer.person_id)
    if newcomer.name:
        if names := _spelt_so(session, newcomer.name):
            wanted.append(_person.c.name.in_(names))
        if newcomer.organisation and not newcomer.phone:
            own = select(_own.c.id).where(_own.c.name == newcomer.organisation)
            wanted.append(and_(_person.c.organisation_id.in_(own), _person.c.aliases.is_not(None)))
    if not wanted:
        return []
    here = and_(
        _attendee.c.person_id == _person.c.id,
        _attendee.c.expo_id == expo_id,
        _attendee.c.state != AttendeeState.CANCELLED,
    )
    query = (
        select(
            _person.c.id, _person.c.name, _person.c.aliases, _person.c.phone, _own.c.name.label("own"),
            _attendee.c.id.label("attendee_id"), _attendee.c.badge_no, _then.c.name.label("then"),
        )
        .outerjoin(_own, _own.c.id == _person.c.organisation_id)
        .outerjoin(_attendee, here)
        .outerjoin(_then, _then.c.id == _attendee.c.organisation_id)
        .where(or_(*wanted))
        .order_by(_attendee.c.id.is_(None), natural(_attendee.c.badge_no))
        .limit(MOST)
    )  # fmt: skip
    return session.execute(query).all()


def _spelt_so(session: Session, name: str) -> list[str]:
    """Names in the file that are spellings of this one. SQL thins them out by the index of names alone."""
    keys = {person_key(name), *_core(name)}
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    query = select(_person.c.name).distinct().where(or_(*(_has_letters(key, is_sqlite) for key in keys)))
    return [other for other in session.scalars(query) if person_key(other) in keys or _core(other) & keys][:MOST]


def _core(name: str) -> set[str]:
    core = person_core(name)
    return {core} if len(core) > 1 else set()


def _has_letters(key: str, is_sqlite: bool) -> ColumnElement[bool]:
    """Whether a name may be this one: its words in any order, its letters with anything between them.

    SQLite's LIKE knows no case anyway, and its ILIKE would take each name apart first; of a Chinese name it looks
    through those of the surname alone, which stand together in the index.
    """

    def pattern(word: str) -> str:
        escaped = (f"\\{char}" if char in "%_\\" else char for char in word)
        return f"%{'%'.join(escaped)}%"

    like = _person.c.name.like if is_sqlite else _person.c.name.ilike
    spelt: list[ColumnElement[bool]] = [like(pattern(word), escape="\\") for word in key.split()]
    if is_sqlite and han().match(key):
        spelt += [_person.c.name >= key[0], _person.c.name < chr(ord(key[0]) + 1)]
    return and_(*spelt)


def _compared(newcomer: Newcomer, row: Any) -> Known | None:
    """What one candidate is to the newcomer; None: somebody else."""
    known = Known(
        row.id, row.attendee_id, row.badge_no or "", row.name, mask_phone(row.phone), row.then or row.own or ""
    )
    if row.id == newcomer.person_id:
        return known
    spellings = [row.name, *(readable(row.aliases) or ())]
    key = person_key(newcomer.name)
    is_named_so = any(person_key(spelling) == key for spelling in spellings)
    if is_named_so and newcomer.phone and row.phone == newcomer.phone:
        return known
    bodies = list(dict.fromkeys(filter(None, (row.then, row.own))))
    is_of_it = bool(newcomer.organisation) and name_key(newcomer.organisation) in map(name_key, bodies)
    if not known.is_registered and is_named_so and is_of_it and not (newcomer.phone and row.phone):
        return known  # as an import takes it: one name, one organisation, no two phones
    best = max(_likenesses(newcomer, row.phone, spellings, bodies), default=(0.0, ""))
    is_told_by_name_alone = not (newcomer.phone and row.phone) and not (newcomer.organisation and bodies)
    if best[0] < LEAST and is_named_so and known.is_registered and is_told_by_name_alone:
        best = LEAST, _("同名，没有电话或单位可以核对")
    return replace(known, likeness=best[0], why=best[1]) if best[0] >= LEAST else None


def _likenesses(
    newcomer: Newcomer, phone: str | None, spellings: Sequence[str], bodies: Sequence[str]
) -> Iterator[tuple[float, str]]:
    def someone(name: str, body: str, number: str | None) -> Someone:
        return Someone(name, body, frozenset(filter(None, (number,))))

    mine = someone(newcomer.name, newcomer.organisation, newcomer.phone)
    for spelling in spellings:
        for body in bodies or ("",):
            for _at, like in likely_people([mine], [someone(spelling, body, phone)]).values():
                yield like.likeness, like.why
