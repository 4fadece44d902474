"""What a person decides about a list before it goes in: sheets, header, columns, units, values, who is the same.

One `Choices` is the state of the import window, what the options of the command line say, what a mapping file holds and
what is remembered of a list that came before. It is plain data; `exchange.import_plan` works out the rest.
"""

from __future__ import annotations

import json
from collections.abc import ItemsView, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from expo_app.errors import UserError
from expo_app.i18n import _

VERSION = 1
NEW = "+"
"""A value's target: a new word of its vocabulary, a new booth, a new room."""
EMPTY = ""
"""A value's target: nothing is written."""
ANY_SHEET = "*"
"""In `Choices.sheets`: what holds for every sheet that is not named."""
SHEET_NAME, SECTION = "@sheet", "@section"
"""Columns no sheet has: its own name, and the title above each group of rows."""

Header = tuple[int, int]
"""First and last row of a header, from 1; NO_HEADER where a list has none."""
NO_HEADER = (0, 0)
Cell = tuple[str, int, str]
"""Sheet, row number from 1, field."""


@dataclass(frozen=True)
class SheetChoice:
    """What was decided about one sheet; None: as the program finds it."""

    used: bool | None = None
    header: Header | None = None


@dataclass(frozen=True)
class Choices:
    """`columns`: key of a header (`exchange.headers.key_of`) → fields it goes to, none for a column that is left out;
    a key with the sheet before it, "sheet\\nkey", holds for that sheet alone. `units`: key → word of a unit.
    `values`: field → value in the file → the record's name, NEW or EMPTY. `same`: name in the file → name that is
    there, EMPTY for a new one. `remembered`: what an earlier list of these columns was given; all else beats it.
    `fixed`: field → what it is in every row, whatever the file says; `usual`: in a new
    record of a row that does not say.
    """

    sheets: Mapping[str, SheetChoice] = field(default_factory=dict)
    header: Header | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    usual: Mapping[str, str] = field(default_factory=dict)
    same_above: float | None = None
    """Likeness from which names that nobody decided about are taken for the same."""
    keeps_hidden: bool = False
    keeps_totals: bool = False
    all_sheets: bool = False
    filled: Mapping[str, bool] = field(default_factory=dict)
    """Field a list says nothing of → whether its new records get what is offered (`Field.unsaid`)."""
    new_words: bool = False
    new_booths: bool = False
    booth_hall: str = ""
    """Where new booths stand whose number does not say it."""
    update: bool = False
    """Filled fields take the file's values."""
    updated: frozenset[Cell] = frozenset()
    """Single fields of single rows that do, or with `update` do not."""
    left_out: frozenset[tuple[str, int]] = frozenset()
    """Rows without a tick: sheet and row."""
    cells: Mapping[Cell, str] = field(default_factory=dict)
    """Values corrected in this import alone."""
    remembered: Choices | None = None
    uses_memory: bool = True

    def with_column(self, key: str, fields: tuple[str, ...]) -> Choices:
        """The same with one column decided."""
        return replace(self, columns={**self.columns, key: fields})

    def with_value(self, name: str, value: str, target: str | None) -> Choices:
        """The same with one value decided; None: not decided any more."""
        of_field = {k: v for k, v in self.values.get(name, {}).items() if k != value}
        return replace(self, values={**self.values, name: of_field | ({} if target is None else {value: target})})

    def fills(self, name: str) -> bool:
        """Whether new records that say nothing of a field get what is offered: decided now, or for an earlier list."""
        if name in self.filled or self.remembered is None:
            return self.filled.get(name, False)
        return self.remembered.filled.get(name, False)

    def mapping(self) -> dict[str, Any]:
        """What can be handed on and remembered, as JSON; rows, cells and switches belong to one file."""
        return {
            "sheets": {
                name: {"used": one.used, "header": list(one.header) if one.header else None}
                for name, one in self.sheets.items()
            },
            "columns": {key: list(fields) for key, fields in self.columns.items()},
            "units": dict(self.units),
            "values": {name: dict(targets) for name, targets in self.values.items()},
            "same": dict(self.same),
            "filled": dict(self.filled),
        }


def written(kind: str, choices: Choices) -> str:
    """A mapping file for one kind of record."""
    return json.dumps({"version": VERSION, "kind": kind, **choices.mapping()}, ensure_ascii=False, indent=1)


def read_mapping(text: str, kind: str) -> Choices:
    """The choices in a mapping file; UserError with a sentence if it is none, or one of another kind of record."""
    try:
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("version") != VERSION:
            raise ValueError(text[:40])
        found = from_mapping(data)
    except (ValueError, TypeError, AttributeError, KeyError):
        raise UserError(
            _("这不是对应关系文件，没有导入任何内容。选由“保存对应”或 --save-mapping 写出的 .json 文件。"), "E-MAPPING"
        ) from None
    if data.get("kind") != kind:
        raise UserError(
            _("这份对应关系是“{theirs}”的，不是“{ours}”的。没有导入任何内容。").format(
                theirs=data.get("kind"), ours=kind
            ),
            "E-MAPPING-KIND",
        )
    return found


def from_mapping(data: Mapping[str, Any]) -> Choices:
    """What `Choices.mapping` gave; ValueError, TypeError or AttributeError where it is something else."""
    return Choices(
        sheets={name: _sheet(one) for name, one in _of("sheets", data)},
        columns={key: tuple(map(_text, _listed(fields))) for key, fields in _of("columns", data)},
        units={key: _text(word) for key, word in _of("units", data)},
        values={name: {value: _text(target) for value, target in found.items()} for name, found in _of("values", data)},
        same={name: _text(ours) for name, ours in _of("same", data)},
        filled={name: _is_on(on) for name, on in _of("filled", data)},
    )


def _of(part: str, data: Mapping[str, Any]) -> ItemsView[str, Any]:
    found: dict[str, Any] = data.get(part) or {}
    return found.items()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _is_on(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _sheet(one: Mapping[str, Any]) -> SheetChoice:
    if not isinstance(used := one.get("used"), bool | None):
        raise TypeError(used)
    return SheetChoice(used, _header(one.get("header")))


def _header(rows: Any) -> Header | None:
    if rows is None:
        return None
    first, last = map(int, rows)
    if not (0 < first <= last or first == last == 0):
        raise ValueError(rows)
    return first, last
