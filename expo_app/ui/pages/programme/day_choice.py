"""The days of an expo beside each other, with how much happens on each."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.ui.kit.buttons import Segmented
from expo_app.ui.kit.panels import row
from expo_app.ui.pages.programme import blocks

PATTERNS = ("{day} · {n}", "{date} · {n}", "{date}")


class DayChoice(QWidget):
    """`counts` says how many items there are on each day; `control` is None before the first `offer`."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._line = row(self, 0)
        self.counts: dict[date, int] = {}
        self.control: Segmented | None = None

    def offer(self, counts: dict[date, int], shown: date | None) -> None:
        """Offer these days, one of them shown; buttons stay where the days are the same."""
        if list(counts) != list(self.counts) or self.control is None:
            if self.control is not None:
                self._line.removeWidget(self.control)
                self.control.deleteLater()
            self.control = Segmented([(day, blocks.day_words(day)) for day in counts], shown)
            self.control.chosen.connect(self.chosen)
            self._line.addWidget(self.control)
        self.counts = counts
        self.choose(shown)

    def choose(self, day: date | None) -> None:
        """Show another day as chosen."""
        if self.control is not None:
            self.control.choose(day)

    def fit(self, room: int) -> None:
        """Say as much as fits into so many pixels: with weekday and count, without the weekday, the bare date."""
        if self.control is None:
            return
        for pattern in PATTERNS:
            for day, count in self.counts.items():
                number, button = _("{n} 场").format(n=count), self.control.button(day)
                button.set_text(pattern.format(day=blocks.day_words(day), date=f"{day:%m-%d}", n=number))
                button.setToolTip(f"{blocks.day_words(day)} · {number}")
            if self.control.sizeHint().width() <= room:
                break
