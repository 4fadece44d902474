"""Searching the plan: the first booth found is gone to while one types, Enter goes on to the next."""

import uuid
from collections.abc import Callable

from PySide6.QtCore import QTimer

from expo_app.i18n import _
from expo_app.specs.floor_plan import PlanBooth
from expo_app.ui.kit import messages
from expo_app.ui.kit.fields import SearchField
from expo_app.ui.pages.booths.commands import BoothActs, matches

WIDTHS = (140, 210)  # px, least and greatest


class BoothSearch(SearchField):
    """Finds by number (A-007, a007), company, pinyin or initials, in every hall; `go(booth id)` shows one."""

    def __init__(self, acts: BoothActs, go: Callable[[uuid.UUID], object]) -> None:
        super().__init__(_("展位号、单位、拼音"))
        self.setMinimumWidth(self.fitting_width(WIDTHS[0]))
        self.setMaximumWidth(max(WIDTHS[1], self.minimumWidth()))
        self._acts, self._go = acts, go
        self._found: list[PlanBooth] = []
        self._at, self._is_fresh = 0, False
        self.searched.connect(self.look_for)
        self.returnPressed.connect(self._next)

    def look_for(self, text: str) -> None:
        """Go to the first booth that is meant."""
        self._found = [booth for booth in self._acts.booths if matches(booth, text)] if text.strip() else []
        self._at, self._is_fresh = 0, True
        QTimer.singleShot(0, self, self._settle)
        self._show()

    def _settle(self) -> None:
        self._is_fresh = False

    def _next(self) -> None:
        """The next one found, unless this very Enter began the search."""
        text = self.text().strip()
        if text and not self._found:
            messages.show(self, _("没有找到“{text}”").format(text=text), "info")
        elif not self._is_fresh:
            self._at += 1
            self._show()

    def _show(self) -> None:
        if self._found:
            self._go(self._found[self._at % len(self._found)].id)
