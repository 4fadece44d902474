"""Published figures as plain data: what `services.statistics` counts, screens show and reports print.

A figure carries its name, its value and its unit, and how to list the records it was counted from. What one part of
the statistics counts stands beside this file: `…_figures`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import Select

from expo_app.i18n import _
from expo_app.rules import amounts
from expo_app.specs.fields import MISSING

WAN, SHARE, SQUARE_METRES = amounts.UNIT, "%", "㎡"


@dataclass(frozen=True)
class Trace:
    """The records behind a figure: `spec` is their kind, `words` says which ones, `ids` selects their ids.

    `keys`: the ids themselves, where the figure was kept with them and no query finds them any more.
    `first`: the one to be looked at before the others, where there is one.
    """

    spec: str
    words: str
    ids: Select[Any] = field(compare=False, repr=False)
    keys: frozenset[uuid.UUID] | None = field(default=None, compare=False, repr=False)
    first: uuid.UUID | None = None


@dataclass(frozen=True)
class Figure:
    """One number that may be published. Money is in yuan and shown in 万元; a share is 0 to 1 and shown in percent.

    `value` None: not known, or nothing to count it from; it is shown as —, never as 0.
    """

    name: str
    label: str
    value: int | Decimal | None
    unit: str = ""
    note: str = ""
    trace: Trace | None = None

    @property
    def shown(self) -> str:
        """The value as a person reads it, without its unit."""
        if self.unit == WAN:
            return amounts.format_wan(None if self.value is None else Decimal(self.value))
        if self.unit == SHARE:
            return percent(None if self.value is None else Decimal(self.value))
        return plain(self.value)

    @property
    def apart(self) -> tuple[str, str]:
        """Number and unit as a key figure shows them."""
        if self.unit == WAN:
            return amounts.apart(None if self.value is None else Decimal(self.value))
        return self.shown, self.unit_shown

    @property
    def in_words(self) -> str:
        """An amount with its unit, as a sentence says it."""
        return amounts.in_words(None if self.value is None else Decimal(self.value))

    @property
    def unit_shown(self) -> str:
        """The unit in the current language; a share carries its own."""
        return "" if self.unit == SHARE else _(self.unit)

    @property
    def as_value(self) -> Mapping[str, object]:
        """As programs read it: money in yuan, a share from 0 to 1 without a unit."""
        unit = _("元") if self.unit == WAN else self.unit_shown
        return {"label": self.label, "value": self.value, "unit": unit, "note": self.note}


def plain(value: int | Decimal | None) -> str:
    """1,234 or 1,234.5; None is —."""
    if value is None:
        return MISSING
    return f"{int(value):,}" if value == int(value) else f"{Decimal(value).normalize():,f}"


def percent(share: Decimal | None) -> str:
    """0.6134 as 61.3%; None is —."""
    return MISSING if share is None else f"{(share * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def ratio(part: int | Decimal | None, whole: int | Decimal | None) -> Decimal | None:
    """`part` of `whole`, 0 to 1; None where there is no whole, or the part is not known."""
    return Decimal(part) / Decimal(whole) if whole and part is not None else None
