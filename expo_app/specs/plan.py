"""What an import would do, row by row, before anything is written."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from expo_app.i18n import _
from expo_app.rules.likeness import Body
from expo_app.specs.choices import Choices
from expo_app.specs.expo_facts import ExpoFacts

if TYPE_CHECKING:
    from expo_app.specs.records import RecordSpec


class Outcome(Enum):
    """What one row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    INVALID = "invalid"


@dataclass(frozen=True)
class SheetSeen:
    """A sheet of the file: how many rows of it are records, whether it is read, and why or why not.

    `preview`: the first rows as they stand, (row number, cells). `header`: its first and last row, None where none was
    found. `left_out`: (row number, why) of rows that are no records.
    """

    name: str
    rows: int = 0
    used: bool = False
    why: str = ""
    is_hidden: bool = False
    header: tuple[int, int] | None = None
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    """From 0."""
    left_out: tuple[tuple[int, str], ...] = ()
    preview: tuple[tuple[int, tuple[Any, ...]], ...] = ()
    headers: tuple[str, ...] = ()
    """One text per column, as `PlanRow.raw` has its cells; a unit that stands elsewhere is told in brackets."""
    is_turned: bool = False
    """On its side, or cards: what stands in `preview` is not how it is read."""


class How(Enum):
    """How it is known which field a column goes to."""

    NAME = "name"
    GUESS = "guess"
    REMEMBERED = "remembered"
    GIVEN = "given"
    NONE = "none"


@dataclass(frozen=True)
class ColumnSeen:
    """A column of a sheet and the fields it goes to.

    `key` is what a choice about it is kept under, `index` its place from 0 (-1: the sheet's name, -2: section titles).
    `why` tells of a guess, `clash` what is wrong (two columns on one field). `unit` is the word a bare number is read
    in, `unit_from` where it stands ("" for nowhere). `samples`: (cell as it stands, what each field gets of it).
    """

    sheet: str
    index: int
    key: str
    header: str
    fields: tuple[str, ...] = ()
    how: How = How.NONE
    why: str = ""
    clash: str = ""
    unit: str = ""
    unit_from: str = ""
    filled: int = 0


@dataclass(frozen=True)
class ValueSeen:
    """A value the program does not know. `target`: a record's name, NEW, EMPTY, or None while it is open.

    `near`: the nearest name there is. `may_be_new` is False where a new word carries rules. `example`: (row, what
    names its record).
    """

    field: str
    value: str
    rows: int
    target: str | None = None
    near: str = ""
    may_be_new: bool = False
    offered: tuple[str, ...] = ()
    example: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Suspect:
    """A name in the file that is probably a known one. `choice`: True the same, False a new one, None undecided."""

    spec: str
    file: str
    ours: str
    likeness: float
    why: str
    rows: int = 1
    choice: bool | None = None


@dataclass(frozen=True)
class PlanRow:
    """`row` is the number in the file, from 1; `values` by field name; `changes`: field → (old, new)."""

    row: int
    outcome: Outcome
    values: Mapping[str, Any] = field(default_factory=dict)
    record_id: uuid.UUID | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    """Header → reason; "" stands for the whole row."""
    raw: tuple[Any, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    """Header → what to know of a row that goes in: left out, dropped, renamed."""
    sheet: str = ""
    kept: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    """Field → (what is there, what the file says) where a filled field stays as it is."""
    companions: tuple[Mapping[str, Any], ...] = ()
    """Further people named in the row, by fields of PEOPLE: they come in beside the first."""
    refused_fields: frozenset[str] = frozenset()
    """Fields whose value could not be read: the row goes in without them."""

    @property
    def place(self) -> tuple[str, int]:
        """Sheet and row."""
        return self.sheet, self.row

    @property
    def goes_in(self) -> bool:
        """Whether it would be written."""
        return self.outcome in (Outcome.NEW, Outcome.CHANGED)

    def noted(self, header: str, note: str) -> PlanRow:
        """The row with something more to know."""
        return replace(self, notes={**self.notes, header: note})

    def without(self, name: str) -> PlanRow:
        """The row without what it says of one field."""
        values = {key: value for key, value in self.values.items() if key != name}
        changes = {key: change for key, change in self.changes.items() if key != name}
        is_same = self.outcome is Outcome.CHANGED and not changes
        return replace(self, values=values, changes=changes, outcome=Outcome.SAME if is_same else self.outcome)

    def refused(self, problems: Mapping[str, str]) -> PlanRow:
        """The row as one that does not go in, for these reasons (header → reason)."""
        return replace(self, outcome=Outcome.INVALID, problems=dict(problems), notes={}, changes={})


@dataclass(frozen=True)
class ImportPlan:
    """The whole file. `headers` as found; `unknown` are headers nobody reads; `notes` tell what was skipped."""

    spec: str
    file_name: str
    headers: tuple[str, ...]
    rows: tuple[PlanRow, ...]
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sheets: tuple[SheetSeen, ...] = ()
    columns: tuple[ColumnSeen, ...] = ()
    values: tuple[ValueSeen, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    choices: Choices = field(default_factory=Choices)
    remembered: Memory | None = None
    """What an earlier list of the same columns was given, where it is used."""
    to_remember: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Fingerprint → mapping to be kept when the plan is written."""
    aliases: tuple[tuple[str, str, str], ...] = ()
    """(spec, the record's name, another name for it) to be kept when the plan is written."""
    unsaid: Mapping[str, frozenset[tuple[str, int]]] = field(default_factory=dict)
    """Field (`Field.unsaid`) → sheet and row of what is new and says nothing of it."""
    filled: frozenset[str] = frozenset()
    """Those of them that get what is offered."""

    def count(self, outcome: Outcome) -> int:
        """How many rows have this outcome."""
        return sum(row.outcome is outcome for row in self.rows)

    def of(self, outcome: Outcome) -> list[PlanRow]:
        """The rows with this outcome, in file order."""
        return [row for row in self.rows if row.outcome is outcome]

    @property
    def to_write(self) -> list[PlanRow]:
        """The rows that go in and have their tick, in file order."""
        return [row for row in self.rows if row.goes_in and row.place not in self.choices.left_out]

    def count_unsaid(self, name: str) -> int:
        """How many new rows that go in say nothing of a field."""
        places = self.unsaid.get(name, frozenset())
        return sum(row.outcome is Outcome.NEW and row.place in places for row in self.to_write)

    @property
    def has_remarks(self) -> bool:
        """Whether some row is invalid or goes in with a note: whether a correction file has rows."""
        return any(row.problems or row.notes for row in self.rows)

    @property
    def noted(self) -> list[PlanRow]:
        """The rows that go in with something to know, in file order."""
        return [row for row in self.rows if row.notes]

    def said_of_remarks(self, path: str) -> str:
        """What a correction file of that name holds."""
        words = _("{path} 里是有问题的 {n} 行，改好后可再导入。")
        if self.noted:
            words = _("{path} 里是有问题的 {n} 行和照常导入但带说明的 {m} 行，改好后可再导入。")
        return words.format(path=path, n=self.count(Outcome.INVALID), m=len(self.noted))

    def refused(self, place: tuple[str, int], problems: Mapping[str, str]) -> ImportPlan:
        """The plan with the row of that sheet and number invalid for these reasons (header → reason)."""
        rows = (planned.refused(problems) if planned.place == place else planned for planned in self.rows)
        return replace(self, rows=tuple(rows))


@dataclass(frozen=True)
class Memory:
    """What was decided about an earlier list: when, by whom, how many columns it had."""

    choices: Choices
    at: datetime
    operator: str
    columns: int


@dataclass(frozen=True)
class Existing:
    """What the database holds now, for a plan: every record of the spec and the names REF fields may use.

    `rows`: (id, values by field name); `names`: spec name → known natural keys; `zone` of the expo; `facts` of it;
    `homes`: code prefixes of its places, which decide what a name of several places means.
    `spellings`: spec name → a spelling (`specs.names.name_key`) → the natural key it means, for records with aliases.
    """

    rows: tuple[tuple[uuid.UUID, Mapping[str, Any]], ...]
    names: Mapping[str, frozenset[str]]
    zone: Any
    facts: ExpoFacts | None = None
    homes: tuple[str, ...] = ()
    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    bodies: tuple[Body, ...] = ()
    """The organisations there are, with all they are called."""
    has_venue: bool = False
    """Whether the expo has a venue, so that a room can be made in it."""
    memory: Mapping[str, Memory] = field(default_factory=dict)
    """Fingerprint of a list's columns → what was decided about such a list."""
    other_names: Mapping[uuid.UUID, tuple[str, ...]] = field(default_factory=dict)
    """Record → further spellings of the name of the person it is or is known by."""
    only: Mapping[str, str] = field(default_factory=dict)
    """Field → the one thing a list means that does not say it."""
    here: RecordSpec | None = None
    """The spec as the file has it; None: as it ships."""
