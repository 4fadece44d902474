"""参展商."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from expo_app.areas.registration import BEFORE, NAMES, Area, Count, Found, ListEntry, Offer, PageDef, SectionDef
from expo_app.i18n import N_
from expo_app.routes import ListRoute
from expo_app.routes.first_steps import FirstStep
from expo_app.specs import EXHIBITORS, ORGANISATIONS
from expo_app.specs.list_look import ListLook
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.exhibitors import ExhibitorsPage

    return ExhibitorsPage(context)


def _count(db: Database, expo_id: uuid.UUID) -> Count:
    from expo_app.services import statistics

    return int(statistics.exhibition(db, expo_id).exhibitors.value or 0), "mute"


AREA = Area(
    "exhibitors",
    lists=(
        ListEntry(
            EXHIBITORS,
            found=Found(
                2, ("organisation.name", "booths", "region_group", "organisation.industry"),
                ("contact.name", "contact.phone"),
            ),
            new=Offer(N_("新增参展商"), 1),
            imported=Offer(N_("导入参展商"), 1),
        ),
        ListEntry(
            ORGANISATIONS,
            look=ListLook(N_("单位"), N_("共 {n} 家"), N_("单位名称、拼音首字母")),
            section=SectionDef(30, N_("单位"), "building-line", NAMES),
        ),
    ),
    pages=(PageDef("exhibitors", N_("参展商"), "store-2", _page, BEFORE, _count),),
    steps=(
        FirstStep(
            5, "exhibitors", N_("导入参展商"), N_("从 Excel 导入，或逐家新增"), N_("去导入"), ListRoute(EXHIBITORS)
        ),
    ),
)  # fmt: skip
