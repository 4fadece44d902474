"""What is true of one kind of record alone, as its area registers it: asked by every save and every import."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from expo_app import registry
from expo_app.specs import PlanRow, RecordSpec

if TYPE_CHECKING:
    from expo_app.services.record_writer import Draft, Writer

    Hook = Callable[[Writer, list[Draft]], None]
    """A function over all drafts of one write, so that one record and ten thousand take the same path."""
    Maker = Callable[[Writer, list[str], str], None]
    """(writer, names, the hall they stand in where the names do not tell)."""
Rows = tuple[PlanRow, ...]
Review = Callable[[Session, uuid.UUID, RecordSpec, Rows], Rows]
"""(session, expo id, spec, rows of a plan) → the rows, some of them refused or with a note."""


@dataclass(frozen=True)
class Rules:
    """`before` a record is checked and written: numbers, defaults, what refuses it; `after`: rows of other tables.

    `reviews` say of a plan what only the database can say, refusing by the same rule what a save would refuse.
    """

    before: tuple[Hook, ...] = ()
    after: tuple[Hook, ...] = ()
    reviews: tuple[Review, ...] = ()
    make: Maker | None = None
    """Makes records of which a file knows no more than their names."""

    def followed_by(self, more: Rules) -> Rules:
        """These rules, then those of another area."""
        made = self.make or more.make
        return Rules(self.before + more.before, self.after + more.after, self.reviews + more.reviews, made)


NO_RULES = Rules()


def rules_of(spec: RecordSpec) -> Rules:
    """What the area of these records registers; nothing where none does."""
    return _all_rules().get(spec.name, NO_RULES)


@cache
def _all_rules() -> dict[str, Rules]:
    found: dict[str, Rules] = {entry.spec.name: entry.rules for area in registry.areas() for entry in area.lists}
    for area in registry.areas():
        for spec, rules in area.adds:
            found[spec.name] = found[spec.name].followed_by(rules)
    return found
