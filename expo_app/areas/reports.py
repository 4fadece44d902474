"""报表."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import ANALYSIS, Area, PageDef
from expo_app.i18n import N_

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.reports import ReportsPage

    return ReportsPage(context)


AREA = Area("reports", pages=(PageDef("reports", N_("报表"), "bar-chart-box", _page, ANALYSIS),))
