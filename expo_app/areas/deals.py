"""成交台账."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from expo_app.areas.registration import TRADE, Area, Count, Found, ListEntry, Offer, PageDef
from expo_app.i18n import N_
from expo_app.specs import DEALS
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
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
            found=Found(5, ("title", "deal_no", "stage"), ("sellers", "buyers", "others", "contract_no")),
            new=Offer(N_("新增成交"), 3),
            imported=Offer(N_("导入成交"), 4),
        ),
    ),
    pages=(PageDef("deals", N_("成交台账"), "hand-coin", _page, TRADE, _count),),
)
