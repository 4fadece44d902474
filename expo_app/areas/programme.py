"""日程."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from expo_app.areas.registration import BEFORE, Area, Count, Found, ListEntry, Offer, PageDef
from expo_app.i18n import N_
from expo_app.routes import ListRoute
from expo_app.routes.first_steps import FirstStep
from expo_app.specs import PROGRAMME
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.programme import ProgrammePage

    return ProgrammePage(context)


def _count(db: Database, expo_id: uuid.UUID) -> Count:
    from expo_app.services import programme

    clashes = programme.load(db, expo_id).open_clashes
    return len(clashes), "bad" if any(clash.blocks for clash in clashes) else "warn"


AREA = Area(
    "programme",
    lists=(
        ListEntry(
            PROGRAMME,
            found=Found(1, ("title", "starts_at", "room_id"), ("speakers", "title_en", "host")),
            new=Offer(N_("新增场次"), 4),
            imported=Offer(N_("导入日程"), 3),
        ),
    ),
    pages=(PageDef("programme", N_("日程"), "calendar-event", _page, BEFORE, _count),),
    steps=(
        FirstStep(
            7,
            "items",
            N_("排日程"),
            N_("论坛、路演和签约，会场和时间"),
            N_("去排"),
            ListRoute(PROGRAMME),
            optional=True,
        ),
    ),
)
