"""总览."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import Area, PageDef
from expo_app.i18n import N_

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.home import HomePage

    return HomePage(context)


AREA = Area("overview", pages=(PageDef("home", N_("总览"), "dashboard", _page),))
