"""What an import would do, row by row, before anything is written."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from expo_app.i18n import _
from expo_app.specs.expo_facts import ExpoFacts


class Outcome(Enum):
    """What one row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    INVALID = "invalid"


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

    def count(self, outcome: Outcome) -> int:
        """How many rows have this outcome."""
        return sum(row.outcome is outcome for row in self.rows)

    def of(self, outcome: Outcome) -> list[PlanRow]:
        """The rows with this outcome, in file order."""
        return [row for row in self.rows if row.outcome is outcome]

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

    def refused(self, row: int, problems: Mapping[str, str]) -> ImportPlan:
        """The plan with the row of that number invalid for these reasons (header → reason)."""
        rows = (planned.refused(problems) if planned.row == row else planned for planned in self.rows)
        return replace(self, rows=tuple(rows))


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
