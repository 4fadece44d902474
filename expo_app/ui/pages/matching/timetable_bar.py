"""The line above the timetable: day, length of a slot, which tables are in sight, search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.rules.meeting_board import LENGTHS
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import MenuButton, Segmented
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import row
from expo_app.ui.pages.matching.timetable_shown import DayGrid, day_words

SEARCH = 190
"""px."""


class TimetableBar(QWidget):
    """It only asks; the face shows."""

    day_chosen = Signal(object)
    length_chosen = Signal(int)
    lane_chosen = Signal(int)
    searched = Signal()
    next_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._grid: DayGrid | None = None
        self._shown: list[date] = []
        line = row(self, theme.Space.S)
        self._days = row(spacing=0)
        line.addLayout(self._days)
        self.days: Segmented | None = None
        self.lengths = Segmented([(n, _("{n} 分").format(n=n)) for n in LENGTHS], LENGTHS[1])
        self.lengths.chosen.connect(lambda minutes: self.length_chosen.emit(int(str(minutes))))
        self.jump = MenuButton("", self._fill_jump)
        self.search = LineEditor()
        self.search.setPlaceholderText(_("单位、人或桌号"))
        self.search.setAccessibleName(_("查找"))
        self.search.setFixedWidth(SEARCH)
        self.search.textChanged.connect(lambda _text: self.searched.emit())
        self.search.returnPressed.connect(self.next_wanted)
        for widget in (Label(_("每段"), "fact"), self.lengths, self.jump, self.search):
            line.addWidget(widget)
        line.addStretch(1)

    def show_days(self, days: Sequence[date], shown: date) -> None:
        """Offer these days, one of them shown; buttons stay where the days are the same."""
        if self.days is None or list(days) != self._shown:
            if self.days is not None:
                self._days.removeWidget(self.days)
                self.days.deleteLater()
            self.days = Segmented([(day, day_words(day)) for day in days], shown)
            self.days.chosen.connect(self.day_chosen)
            self._days.addWidget(self.days)
            self._shown = list(days)
        self.days.choose(shown)

    def show_length(self, minutes: int, may_change: bool) -> None:
        """How long a slot is; another length than those offered chooses none of them."""
        for length in LENGTHS:
            button = self.lengths.button(length)
            button.setEnabled(may_change)
            button.setToolTip("" if may_change else _("时段的长度由管理员来改"))
        if minutes in LENGTHS:
            self.lengths.choose(minutes)

    def show_lanes(self, grid: DayGrid, seen: tuple[int, int]) -> None:
        """桌 01–09，共 12: what is in sight."""
        self._grid = grid
        first, last = (grid.lanes[number].title for number in seen)
        self.jump.set_text(_("桌 {first}–{last}，共 {n}").format(first=first, last=last, n=len(grid.lanes)))

    def _fill_jump(self, menu: Menu) -> None:
        """Where each area begins."""
        areas: dict[str, int] = {}
        for number, lane in enumerate(self._grid.lanes if self._grid else ()):
            areas.setdefault(lane.note, number)
        for area, number in areas.items():
            words = f"{area} · {self._grid.lanes[number].title}" if self._grid else area
            menu.add(words, partial(self.lane_chosen.emit, number))

    def focus_search(self) -> None:
        """Ctrl+F."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()
