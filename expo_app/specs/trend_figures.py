"""A figure beside the same figure of earlier editions: what `services.statistics.trends` finds."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from expo_app.i18n import N_, _
from expo_app.model import Qualifier
from expo_app.rules.reported import qualified
from expo_app.specs.fields import MISSING
from expo_app.specs.figures import SHARE, Figure

Value = int | Decimal
CHANGE = N_("与上届相比：本届数减上届数，除以上届数；占比相减，单位是百分点")
"""The definition that stands wherever changes are shown."""
NONE_LAST = N_("上届无")


@dataclass(frozen=True)
class Past:
    """A figure's value at an earlier edition; `value` None: nobody reported it, and no records say it.

    `is_reported`: from the edition's record, as `source` says; otherwise counted from the records of an expo of this
    file. `is_last`: this is the edition right before.
    """

    edition_no: int
    name: str
    starts_on: date | None
    is_last: bool
    value: Value | None
    qualifier: Qualifier | None = None
    is_reported: bool = False
    source: str = ""
    expo_id: uuid.UUID | None = None

    @property
    def called(self) -> str:
        """上届, or 第 5 届 where editions between are not known."""
        return _("上届") if self.is_last else _("第 {n} 届").format(n=self.edition_no)


@dataclass(frozen=True)
class Trend:
    """A figure of one edition and its value at the earlier ones, the last first; never a cumulative value."""

    figure: Figure
    past: tuple[Past, ...] = ()

    @property
    def previous(self) -> Past | None:
        """The edition it is compared with; None where no earlier one is known."""
        return self.past[0] if self.past else None

    @property
    def change(self) -> Decimal | None:
        """0.173 is 17.3 % more than at the previous edition, of a share 17.3 points.

        None where either is not known, or there was none the last time.
        """
        last, now = (self.previous.value if self.previous else None), self.figure.value
        if last is None or now is None:
            return None
        if self.figure.unit == SHARE:
            return Decimal(now) - Decimal(last)
        return (Decimal(now) - Decimal(last)) / Decimal(last) if last else None

    @property
    def change_shown(self) -> str:
        """+17.3%, 约 −4.0%, +1.2 个百分点, 上届无 where it was 0, — where it is not known."""
        if self.change is None:
            last = self.previous.value if self.previous else None
            return _(NONE_LAST) if last == 0 and self.figure.value is not None else MISSING
        points = (self.change * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
        sign = "+" if points > 0 else "−" if points < 0 else ""
        number = f"{sign}{abs(points):,}"
        text = _("{n} 个百分点").format(n=number) if self.figure.unit == SHARE else f"{number}%"
        is_rough = self.previous is not None and self.previous.qualifier is not None
        return qualified(Qualifier.ABOUT, text) if is_rough else text

    def shown(self, past: Past) -> str:
        """An earlier value as a person reads it, with its qualifier and unit: 约 50 场."""
        figure = Figure(self.figure.name, self.figure.label, past.value, self.figure.unit)
        if past.value is None:
            return MISSING
        unit = figure.unit_shown
        return qualified(past.qualifier, f"{figure.shown} {unit}" if unit else figure.shown)

    @property
    def short(self) -> str:
        """The change alone, where there is one: 上届 +17.3%; else the same as `line`."""
        last = self.previous
        return self.line if last is None or self.change is None else f"{last.called} {self.change_shown}"

    @property
    def line(self) -> str:
        """A small line beside the figure: 上届 150 家 +17.3%; "" where no earlier edition is known."""
        last = self.previous
        if last is None:
            return ""
        if self.change is None:
            none = last.value == 0 and self.figure.value is not None
            return _("{edition}无").format(edition=last.called) if none else f"{last.called} {self.shown(last)}"
        return f"{last.called} {self.shown(last)} {self.change_shown}"
