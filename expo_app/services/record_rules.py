"""What is true of one kind of record alone, as its area registers it: asked by every save and every import."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from expo_app import registry
from expo_app.specs import SPECS, PlanRow, RecordSpec
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.services.merging_fold import Merger
    from expo_app.services.record_writer import Draft, Writer

    Hook = Callable[[Writer, list[Draft]], None]
    """A function over all drafts of one write, so that one record and ten thousand take the same path."""
    Maker = Callable[[Writer, list[str], str], None]
    """(writer, names, the hall they stand in where the names do not tell)."""
    Gone = Callable[[Writer, Iterable[Mapping[str, Any]]], None]
    """(writer, the rows that were deleted)."""
Rows = tuple[PlanRow, ...]
Review = Callable[[Session, uuid.UUID, RecordSpec, Rows], Rows]
"""(session, expo id, spec, rows of a plan) → the rows, some of them refused or with a note."""


@contextmanager
def _undisturbed(_writer: Writer, _ids: Sequence[uuid.UUID]) -> Iterator[None]:
    yield


def _nothing(_session: Session, _keep: Mapping[str, Any], _other: Mapping[str, Any], _badges: Any) -> set[str]:
    return set()


@dataclass(frozen=True)
class Folding:
    """How two records of one kind become one (`services.merging`).

    `once`: sets of columns whose values may be there once only, though no constraint says so. Of one that goes in by
    the way: `joined` texts are both kept, of `earliest` moments the first one, of `ranked` columns the value that comes
    last in the order given. `columns`: what a field is kept in that is no column. `suggests`(session, keep, other,
    badges): fields whose value is better the other's. `before`: what else happens before its references follow; the
    values the kept one gets by it. `during`(writer, ids) brings the `settled` tables, which
    follow from others, up to date around a merge and its undo.
    """

    once: tuple[tuple[str, ...], ...] = ()
    joined: tuple[str, ...] = ()
    earliest: tuple[str, ...] = ()
    ranked: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    suggests: Callable[[Session, Mapping[str, Any], Mapping[str, Any], frozenset[uuid.UUID]], set[str]] = _nothing
    before: tuple[Callable[[Merger, Mapping[str, Any], Mapping[str, Any]], dict[str, Any]], ...] = ()
    during: Callable[[Writer, Sequence[uuid.UUID]], AbstractContextManager[None]] = _undisturbed
    settled: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Known:
    """A record that what is being typed probably is: `spec` and `id` say where it is shown, `why` is no sentence."""

    spec: RecordSpec
    id: uuid.UUID
    name: str
    likeness: float
    why: str
    detail: str


Alike = Callable[[Database, RecordSpec, Mapping[str, Any], uuid.UUID | None], list[Known]]
"""(database, spec, a form's values, expo id) → the records that a new one probably is, the likeliest first."""


Hold = Callable[[Session, Table, Sequence[Mapping[str, Any]]], None]
"""(session, table, rows that an undo is about to change, bring back or take away, each with its `id` and the columns
concerned): Conflict where one is held as it is."""
WAS = "was"
"""Where a session says what an undo changed, by key: the columns as they were."""
Agree = Callable[[Session, Table, Collection[uuid.UUID]], None]
"""(session, table, keys of rows that were written but are not yet committed): Conflict where they contradict each other
or what stayed. Others that would write the same wait from then on."""
UndoneBy = Callable[[Sequence[Mapping[str, Any]]], str]
"""(rows of an import that is taken back) → the permission that this asks beside the list's own, "" for none."""
Only = Callable[[Session, uuid.UUID], Mapping[str, str]]
"""(session, expo id) → what a list that does not say a field means, where there is one it can mean alone."""
Here = Callable[[Session, RecordSpec], RecordSpec]
"""(session, spec) → the spec with the words that the file itself holds beside those that ship."""
Shipped = Callable[[Database, RecordSpec], Sequence[Mapping[str, Any]]]
"""(database, spec) → values of records that hold without being in the file."""


@dataclass(frozen=True)
class Rules:
    """`before` a record is checked and written: numbers, defaults, what refuses it; `after`: rows of other tables.

    `reviews` say of a plan what only the database can say, refusing by the same rule what a save would refuse.
    """

    before: tuple[Hook, ...] = ()
    after: tuple[Hook, ...] = ()
    gone: tuple[Gone, ...] = ()
    """What follows in other tables when records are deleted."""
    reviews: tuple[Review, ...] = ()
    make: Maker | None = None
    """Makes records of which a file knows no more than their names."""
    folding: Folding = Folding()
    shipped: Shipped | None = None
    """What an export of the whole list has besides."""
    alike: Alike | None = None
    """Asked in a worker while somebody fills in the form of a new one."""
    holds: tuple[Hold, ...] = ()
    """What may not be taken back any more, whatever table it is in."""
    undone_by: UndoneBy | None = None
    """Who may take back what a list brought, where only some may do by hand what it did."""
    agree: tuple[Agree, ...] = ()
    """What must be right together of what an undo, or the mending of a value, left, in whatever table."""
    stands: tuple[Agree, ...] = ()
    """What of an import must hold once more in the transaction it takes effect in; asked of each table it wrote to."""
    only: Only | None = None
    here: Here | None = None
    """By what forms, saves and plans read and judge values, where the file itself says more than the spec."""

    def followed_by(self, more: Rules) -> Rules:
        """These rules, then those of another area."""
        made, shipped, alike = self.make or more.make, self.shipped or more.shipped, self.alike or more.alike
        mine, theirs = self.folding, more.folding
        return Rules(
            self.before + more.before, self.after + more.after, self.gone + more.gone, self.reviews + more.reviews,
            made, replace(mine, before=mine.before + theirs.before), shipped, alike, self.holds + more.holds,
            self.undone_by or more.undone_by, self.agree + more.agree, self.stands + more.stands,
            self.only or more.only, self.here or more.here,
        )  # fmt: skip


NO_RULES = Rules()


def alone(session: Session, what: str) -> None:
    """Who else comes here for the same waits until this transaction ends. SQLite has one writer anyway."""
    if session.connection().dialect.name != "sqlite":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})


def rules_of(spec: RecordSpec) -> Rules:
    """What the area of these records registers; nothing where none does."""
    return _all_rules().get(spec.name, NO_RULES)


def in_file(session: Session, spec: RecordSpec) -> RecordSpec:
    """The spec as this file has it: what values are read and judged by."""
    here = rules_of(spec).here
    return here(session, spec) if here else spec


def folding_of(table: Table) -> Folding:
    """How two records of a table become one."""
    spec = next((spec for spec in SPECS.values() if spec.table is table), None)
    return rules_of(spec).folding if spec else Folding()


def refuse_held(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Conflict where something that an undo or a deletion would change is held as it is, by whatever area."""
    for rules in _all_rules().values() if rows else ():
        for hold in rules.holds:
            hold(session, table, rows)


def refuse_disagreeing(
    session: Session, touched: Mapping[Table, Collection[uuid.UUID]], was: Mapping[uuid.UUID, Mapping[str, Any]]
) -> None:
    """Conflict where what an undo has written contradicts what stayed, by whatever area; `was`: what it changed."""
    session.info[WAS] = was
    for rules in _all_rules().values():
        for agree in rules.agree:
            for table, keys in touched.items():
                agree(session, table, keys)


@cache
def _all_rules() -> dict[str, Rules]:
    found: dict[str, Rules] = {entry.spec.name: entry.rules for area in registry.areas() for entry in area.lists}
    for area in registry.areas():
        for spec, rules in area.adds:
            found[spec.name] = found[spec.name].followed_by(rules)
    return found
