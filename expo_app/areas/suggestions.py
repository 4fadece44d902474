"""供需对接: the page of suggestions, meetings and their timetable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import TRADE, Area, PageDef
from expo_app.i18n import N_

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.matching import MatchingPage

    return MatchingPage(context)


AREA = Area("suggestions", pages=(PageDef("matching", N_("供需对接"), "links", _page, TRADE),))
