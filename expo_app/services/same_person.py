"""Whether somebody is who is known already: the one rule of desks, forms and of lists that become badges.

It compares all that two people are known by: every spelling of their names, their organisations by every name these go
by, a telephone number, an e-mail address. What follows from it each caller says: a desk asks, a list leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

from expo_app.i18n import _
from expo_app.rules.likeness import LEAST, Someone, likely_people, person_core
from expo_app.rules.person_names import person_key
from expo_app.specs.names import name_key


class Sameness(IntEnum):
    """How sure it is that two are one, the surest last."""

    OTHER = 0
    NAMED = 1
    """Of one name, and nothing else is known to tell them apart by."""
    LIKELY = 2
    """A person should look."""
    LISTED = 3
    """One name, one organisation and not two numbers: a list takes it for one."""
    SURE = 4
    """One name and one number."""


class Compared(NamedTuple):
    """`why` is a reason, no sentence; "" where there is nothing to ask."""

    how: Sameness
    likeness: float = 0.0
    why: str = ""


@dataclass(frozen=True)
class Somebody:
    """`names`: the one they go by first. `bodies`: of each organisation all names, the one it goes by first."""

    names: tuple[str, ...]
    bodies: tuple[tuple[str, ...], ...] = ()
    phone: str = ""
    email: str = ""

    @cached_property
    def keys(self) -> frozenset[str]:
        """What spellings of the name have in common."""
        return frozenset(map(person_key, self.names))

    @cached_property
    def spellings(self) -> frozenset[str]:
        """The same of names without all titles and in any order of their words."""
        return self.keys | {core for core in map(person_core, self.names) if len(core) > 1}

    @cached_property
    def body_keys(self) -> frozenset[str]:
        """What spellings of the organisations have in common."""
        return frozenset(name_key(name) for names in self.bodies for name in names)


def compare(one: Somebody, other: Somebody) -> Compared:
    """Whether two are one, and why that is probable."""
    is_named_so = not one.keys.isdisjoint(other.keys)
    has_two = bool(one.phone and other.phone)
    if is_named_so and has_two and one.phone == other.phone:
        return Compared(Sameness.SURE, 1.0)
    likeness, why = max(_likenesses(one, other), default=(0.0, ""))
    if is_named_so and not has_two and not one.body_keys.isdisjoint(other.body_keys):
        return Compared(Sameness.LISTED, likeness, why)
    if likeness >= LEAST:
        return Compared(Sameness.LIKELY, likeness, why)
    if is_named_so and not has_two and not (one.bodies and other.bodies):
        return Compared(Sameness.NAMED, LEAST, _("同名，没有电话或单位可以核对"))
    return Compared(Sameness.OTHER)


def _likenesses(one: Somebody, other: Somebody) -> Iterator[tuple[float, str]]:
    for body, its in _pairs_of_bodies(one, other):
        for name in one.names:
            for its_name in other.names:
                found = likely_people([_someone(one, name, body)], [_someone(other, its_name, its)])
                yield from ((like.likeness, like.why) for _at, like in found.values())


def _pairs_of_bodies(one: Somebody, other: Somebody) -> Iterator[tuple[str, str]]:
    """Names of their organisations; of one that both belong to, whatever each calls it, the same one."""
    for names in one.bodies or (("",),):
        for its_names in other.bodies or (("",),):
            is_one = not set(map(name_key, names)).isdisjoint(map(name_key, its_names))
            yield (its_names[0] if is_one else names[0]), its_names[0]


def _someone(somebody: Somebody, name: str, body: str) -> Someone:
    return Someone(name, body, _set(somebody.phone), _set(somebody.email))


def _set(text: str) -> frozenset[str]:
    return frozenset((text,) if text else ())
