"""Two records that are to become one, and what that would change: plain data for screens and the command line."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pair:
    """`keep` stays and `other` goes into it; ids of records of the spec (organisations, people, attendees).

    `takes`: names of the fields whose value is the other's; None: as suggested, what is empty in the one that stays.
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
    has_badge: bool = True


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
    state: int = field(default=0, repr=False)
    """Another one once a value of the two was changed, also where it is masked."""

    @property
    def kept_name(self) -> str:
        """What the one that stays is called afterwards."""
        takes_name = any(line.takes and line.name.rpartition(".")[2] == "name" for line in self.lines)
        return self.names[1 if takes_name else 0]
