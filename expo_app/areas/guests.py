"""嘉宾与路演."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import BEFORE, Area, ListEntry, PageDef
from expo_app.i18n import N_
from expo_app.specs import ACHIEVEMENTS, PITCHES, SPEAKERS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from expo_app.ui.context import Context


def _page(context: Context) -> QWidget:
    from expo_app.ui.pages.guests import GuestsPage

    return GuestsPage(context)


AREA = Area(
    "guests",
    lists=(ListEntry(SPEAKERS), ListEntry(PITCHES, command_at=60), ListEntry(ACHIEVEMENTS, command_at=50)),
    pages=(PageDef("guests", N_("嘉宾与路演"), "mic", _page, BEFORE),),
)
