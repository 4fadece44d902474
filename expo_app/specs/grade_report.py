"""The grade sheet and the audit sheet as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from expo_app.rules.grade import Criterion, Grade, is_met
from expo_app.specs.figures import Figure
from expo_app.specs.report_data import Head

Number = int | Decimal | None


@dataclass(frozen=True)
class GradeLine:
    """A criterion with its figure, whose note says what it was counted from."""

    criterion: Criterion
    figure: Figure

    def least(self, grade: Grade) -> Figure:
        """What a grade asks, shown as the figure is."""
        return Figure(self.figure.name, self.figure.label, grade.least[self.criterion.name], self.figure.unit)

    def met(self, grade: Grade) -> bool | None:
        return is_met(self.figure.value, grade.least[self.criterion.name])


@dataclass(frozen=True)
class AuditLine:
    """One line of the audit sheet: 境内, 境外, where no region is known; their sum where they can be added."""

    label: str
    home: Number
    abroad: Number
    unknown: Number
    total: Number


@dataclass(frozen=True)
class GradeData:
    """What the sheet says of one moment."""

    head: Head
    lines: tuple[GradeLine, ...]
    audit: tuple[AuditLine, ...]
