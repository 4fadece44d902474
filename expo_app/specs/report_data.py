"""What every document is made from: plain data that services read and `reports` print.

Every moment is in the expo's time zone; every word is in the language current when it was read. What one report alone
holds stands beside this file: `…_report`.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from expo_app.i18n import _
from expo_app.rules.chart_layout import Bar


@dataclass(frozen=True)
class Head:
    """What every document says of its expo; `at` is the moment its data were read."""

    expo_name: str
    dates: str
    venue: str
    days: tuple[date, ...]
    at: datetime
    is_sample: bool
    organisers: tuple[tuple[str, str], ...] = ()
    """(role, names) in order: 主办, 某区人民政府."""
    theme: str = ""
    permits: str = ""
    """What the organiser filed and was permitted, in one sentence; "" where nothing is entered."""

    damaged: tuple[str, ...] = ()
    """Values that could not be read, each by its place: what the document says may lack them."""
    made: datetime | None = None
    """When the document was made, where its data are of an earlier moment."""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What a document names under its title: theme and organisers, those there are."""
        return (((_("主题"), self.theme),) if self.theme else ()) + self.organisers


@dataclass(frozen=True)
class Finding:
    """What is to be corrected in a record before a document is made of it; `is_mended`: it is printed right anyway."""

    spec: str
    id: uuid.UUID
    name: str
    words: str
    is_mended: bool = False


class Share(Decimal):
    """A share among other figures: 0.1 is shown as 10.0%."""


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet: header, width in characters, kind of value, and the choices of its drop-down list.

    Kinds: text, long, general, int, count (with thousands), number, figure (with the decimals it is given with, a
    `Share` in percent), money (yuan), percent (0.1 is 10 %), date, moment (local).
    """

    header: str
    width: float = 12
    kind: str = "text"
    choices: tuple[str, ...] = ()
    is_bold: bool = False


@dataclass(frozen=True)
class SheetChart:
    """A chart of a table's own cells: a native one beside it in Excel, `bars` of the same for screen and paper.

    `labels`: place of the column of words; `values`: places of the columns of numbers, each a series named by its
    header; `shape`: bars (lying), columns, lines or shares; `rows`: how many of the first rows it shows, 0 all;
    `colours`: tokens of its points (of one series) or of its series.
    """

    title: str
    values: tuple[int, ...]
    labels: int = 0
    shape: str = "bars"
    rows: int = 0
    colours: tuple[str, ...] = ()

    def bars(self, table: SheetTable, at: int = 0) -> list[Bar]:
        """One of its series as bars; cells without a number are none."""
        shown = table.rows[: self.rows or len(table.rows)]
        tokens = (*self.colours, *[""] * (len(shown) - len(self.colours)))
        return [
            Bar(str(row[self.labels]), row[self.values[at]], token)
            for row, token in zip(shown, tokens, strict=False)
            if row[self.values[at]] is not None
        ]


@dataclass(frozen=True)
class SheetTable:
    """A table of a report as values, for Excel: one sheet, `notes` below it, `charts` beside it."""

    title: str
    columns: tuple[SheetColumn, ...]
    rows: Sequence[Sequence[Any]]
    notes: tuple[str, ...] = ()
    totals: tuple[Sequence[Any], ...] = ()
    charts: tuple[SheetChart, ...] = ()
