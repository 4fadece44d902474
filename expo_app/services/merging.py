"""Two records that are one: what would change, and the merge itself, a numbered batch that can be undone.

Every reference follows. Records that hang on both and may be there once only (the two exhibitors of one expo, the two
registrations of one person) become one in the same act.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from expo_app.services.access import require
from expo_app.specs import SPECS
from expo_app.store.database import Database


@dataclass(frozen=True)
class Pair:
    """`keep` stays and `other` goes into it; ids of records of the spec (organisations, people, attendees).

    `takes`: names of the fields whose value is the other's; None: those that are empty in the one that stays.
    `badges`: registrations whose badge stays good, of two of one expo; where none of them is named, as suggested.
    """

    spec: str
    keep: uuid.UUID
    other: uuid.UUID
    takes: frozenset[str] | None = None
    badges: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True)
class Line:
    """One field of the two side by side, as they are shown (personal data masked); `takes`: the other's is kept."""

    name: str
    title: str
    ours: str
    theirs: str
    is_same: bool
    takes: bool


@dataclass(frozen=True)
class BadgeSide:
    """One of two registrations of an expo: its number, how its badge stands in words, whether it would stay good."""

    attendee_id: uuid.UUID
    badge_no: str
    words: str
    stays: bool


@dataclass(frozen=True)
class BadgePair:
    """Two registrations of one expo of which one badge stays good: the kept one's, then the other's."""

    expo: str
    sides: tuple[BadgeSide, BadgeSide]


@dataclass(frozen=True)
class Effect:
    """A figure that changes: its name, the expo it is of, before and after as they are shown."""

    label: str
    expo: str
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """What a merge would do. `follows`: what goes over to the kept one, counted; `notes`: sentences to know."""

    pair: Pair
    names: tuple[str, str]
    lines: tuple[Line, ...]
    badges: tuple[BadgePair, ...]
    follows: tuple[tuple[str, int], ...]
    effects: tuple[Effect, ...]
    notes: tuple[str, ...] = ()


def preview(db: Database, pair: Pair) -> Preview:
    """What the merge would do, without writing; slow enough for a worker. Conflict where a record is gone."""
    raise NotImplementedError


def merge(db: Database, pair: Pair, expo_id: uuid.UUID | None = None) -> uuid.UUID:
    """Make the two one; the batch's id, which `imports.undo` takes. `expo_id`: in whose history it stands."""
    require(db, SPECS[pair.spec].permission)
    raise NotImplementedError
