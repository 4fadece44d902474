"""历届对比 as plain data: every edition beside the others, own figures and cumulative ones apart."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from expo_app.i18n import N_, _
from expo_app.rules.reported import Reported
from expo_app.specs.editions import KeyFigure
from expo_app.specs.figures import Figure
from expo_app.specs.report_data import Head
from expo_app.specs.trend_figures import Past, Trend

APART = N_("打开的是示例展会：它的数字不与真实的各届相比，各届也不随它的排练时钟。")


@dataclass(frozen=True)
class EditionHead:
    """One edition: `is_this` the one that is open; `expo_id` where its figures are counted from records of the file."""

    edition_no: int
    name: str
    starts_on: date | None
    source: str
    is_this: bool
    expo_id: uuid.UUID | None
    record_id: uuid.UUID | None

    @property
    def label(self) -> str:
        """第 6 届 2023."""
        year = f" {self.starts_on.year}" if self.starts_on else ""
        return _("第 {n} 届").format(n=self.edition_no) + year


@dataclass(frozen=True)
class ComparedFigure:
    """One figure of all editions, the first edition first; None: nobody reported it."""

    figure: KeyFigure
    past: tuple[Past, ...]

    def shown(self, past: Past) -> str:
        """A cell: 约 50, 12,249.30, —."""
        if past.value is None:
            return "—"
        return Reported(Decimal(past.value), past.qualifier).shown(self.figure.is_money)

    @property
    def change_shown(self) -> str:
        """The last edition against the one before it."""
        if len(self.past) < 2:
            return "—"
        *_earlier, before, last = self.past
        figure = Figure(self.figure.name, self.figure.label, last.value, self.figure.unit)
        return Trend(figure, (before,)).change_shown


@dataclass(frozen=True)
class Comparison:
    """Every edition of the file's real expos and records, or of its samples. `rows`: figures that somebody knows."""

    editions: tuple[EditionHead, ...]
    rows: tuple[ComparedFigure, ...]
    totals: tuple[tuple[KeyFigure, tuple[Reported | None, ...]], ...]
    """Cumulative figures since the first edition, by edition: never an edition's own."""
    is_apart: bool = False
    """The expo that is open is none of them: a sample, whose figures never stand beside real ones."""

    @property
    def apart(self) -> str:
        """Why the open expo is not there; "" where it is."""
        return _(APART) if self.is_apart else ""


@dataclass(frozen=True)
class ComparisonData:
    """The same as a document."""

    head: Head
    comparison: Comparison
