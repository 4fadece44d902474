"""成交台账."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from expo_app.areas.registration import TRADE, Area, Count, ListEntry, PageDef
from expo_app.i18n import N_
from expo_app.services import deals_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import DEALS
from expo_app.store.database import Database

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from expo_app.ui.context import Context


def _page(context: Context) -> QWidget:
    from expo_app.ui.pages.deals import DealsPage

    return DealsPage(context)


def _count(db: Database, expo_id: uuid.UUID) -> Count:
    from expo_app.services import deals

    return deals.count_to_check(db, expo_id), "warn"


AREA = Area(
    "deals",
    lists=(
        ListEntry(
            DEALS,
            Rules(
                before=(deals_rules.fill_in,), after=(deals_rules.parties_and_step,), reviews=(deals_rules.repeated,)
            ),
        ),
    ),
    pages=(PageDef("deals", N_("成交台账"), "hand-coin", _page, TRADE, _count),),
)
