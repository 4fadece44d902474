"""Words of a vocabulary as screens, documents and figures use them: a name, a look, an order.

The words themselves are rows (`model.words`); what is here is read once and asked without a database.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar, Generic, TypeVar, cast

from expo_app.damaged import SHOWN
from expo_app.i18n import _, named
from expo_app.model import Colour, Pattern, WordRole

TOKENS: Mapping[Colour | None, str] = MappingProxyType(
    {
        Colour.BLUE: "cat.it", Colour.GREEN: "cat.energy", Colour.ORANGE: "cat.mfg", Colour.PINK: "cat.health",
        Colour.TEAL: "cat.research", Colour.PURPLE: "plum", Colour.RED: "bad", Colour.GREY: "cat.service",
        None: "cat.service",
    }
)  # fmt: skip
"""The token of the design a word is shown in; one without a colour is grey."""
PATTERNS: Mapping[Pattern | None, str] = MappingProxyType(
    {None: "solid"} | {pattern: pattern.name.lower() for pattern in Pattern}
)
"""What a plan draws (`specs.floor_plan`)."""


@dataclass(frozen=True)
class Term:
    """One word. `key` is what programs see, `role` what the program takes it for."""

    id: uuid.UUID
    key: str
    name: str
    name_en: str = ""
    colour: Colour | None = None
    pattern: Pattern | None = None
    role: WordRole | None = None
    is_hidden: bool = False
    aliases: tuple[str, ...] = field(default=(), compare=False)

    @property
    def label(self) -> str:
        """The name in the current language."""
        return named(self.name, self.name_en)

    @property
    def token(self) -> str:
        """The colour it is shown in."""
        return TOKENS[self.colour]


T = TypeVar("T", bound=Term)
W = TypeVar("W")


@dataclass(frozen=True)
class Usual:
    """The default of a field that holds a word: the first one offered that stands for `role`, else the first."""

    role: WordRole | None = None
    reads: ClassVar[str] = "role"
    """What of a word decides."""

    def among(self, offered: Iterable[tuple[W, Any]]) -> W | None:
        """That word of (word, what it stands for) in their order; None where there is none."""
        words = list(offered)
        first = words[0][0] if words else None
        return next((word for word, role in words if role is self.role), first)

    def of(self, terms: Terms[T]) -> T | None:
        """The same of a vocabulary."""
        return self.among((term, getattr(term, self.reads)) for term in terms.offered)


class Terms(Generic[T]):
    """The words of a vocabulary in the expo's order, hidden ones too."""

    def __init__(self, terms: Iterable[T] = ()) -> None:
        self._terms = tuple(terms)

    def __iter__(self) -> Iterator[T]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Terms) and self._terms == other._terms

    def __hash__(self) -> int:
        return hash(self._terms)

    @cached_property
    def _by_id(self) -> dict[uuid.UUID, T]:
        return {term.id: term for term in self._terms}

    @cached_property
    def _by_name(self) -> dict[str, T]:
        return {name: term for term in reversed(self._terms) for name in (term.label, term.name)}

    @cached_property
    def places(self) -> dict[uuid.UUID, int]:
        """Where each word stands."""
        return {term.id: place for place, term in enumerate(self._terms)}

    def get(self, key: uuid.UUID | None) -> T | None:
        """The word of that id."""
        return None if key is None else self._by_id.get(key)

    def called(self, name: str | None) -> T | None:
        """The word of that name, as it is kept or read."""
        return None if name is None else self._by_name.get(name)

    def place(self, name: str | None) -> int:
        """Where the word of that name stands; behind all where there is none."""
        term = self.called(name)
        return len(self) if term is None else self.places[term.id]

    def __getitem__(self, key: uuid.UUID) -> T:
        """The word of that id, which a record keeps; where it cannot be read, one that says so."""
        known = self._by_id.get(key)
        if known is not None:
            return known
        kind = type(self._terms[0]) if self._terms else Term
        return cast("T", kind(key, "", _(SHOWN)))

    def standing_for(self, role: WordRole | None) -> T | None:
        """The first word one may choose that the program takes for this."""
        return next((term for term in self.offered if term.role is role), None)

    def keyed(self, key: str) -> T | None:
        """The word that programs know by that key."""
        return next((term for term in self._terms if term.key == key), None)

    def looking(self, colour: Colour | None, pattern: Pattern | None) -> T | None:
        """The word that is shown in that colour and pattern, which no other may have; grey alone tells nothing."""
        pair = colour, pattern or Pattern.SOLID
        found = (term for term in self._terms if term.colour and (term.colour, term.pattern or Pattern.SOLID) == pair)
        return next(found, None) if colour else None

    @property
    def offered(self) -> tuple[T, ...]:
        """Those one may choose."""
        return tuple(term for term in self._terms if not term.is_hidden)
