"""What every document is made from: plain data that services read and `reports` print.

Every moment is in the expo's time zone; every word is in the language current when it was read. What one report alone
holds stands beside this file: `…_report`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from expo_app.i18n import _


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

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What a document names under its title: theme and organisers, those there are."""
        return (((_("主题"), self.theme),) if self.theme else ()) + self.organisers


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
class SheetTable:
    """A table of a report as values, for Excel: one sheet, `notes` below it."""

    title: str
    columns: tuple[SheetColumn, ...]
    rows: Sequence[Sequence[Any]]
    notes: tuple[str, ...] = ()
    totals: tuple[Sequence[Any], ...] = ()
