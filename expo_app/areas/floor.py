"""展位图."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import BEFORE, Area, ListEntry, PageDef
from expo_app.documents import FOR_STAFF, Document, Writing
from expo_app.i18n import N_
from expo_app.services import floor_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import BOOTHS, HALLS, ROOMS, VENUES, ZONES

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from expo_app.ui.context import Context


def _page(context: Context) -> QWidget:
    from expo_app.ui.pages.booths import BoothsPage

    return BoothsPage(context)


def _floor_plan(writing: Writing) -> None:
    from expo_app.documents import floor

    floor.write_floor(writing.db, writing.expo, writing.path, progress=writing.progress)


AREA = Area(
    "floor",
    lists=(
        ListEntry(VENUES),
        ListEntry(HALLS),
        ListEntry(ZONES),
        ListEntry(
            BOOTHS,
            Rules(
                before=(floor_rules.states_follow, floor_rules.inside_their_hall),
                reviews=(floor_rules.states_left_out,),
            ),
            command_at=90,
            command=N_("booths 展位"),
        ),
        ListEntry(ROOMS),
    ),
    copies=floor_rules.copy_booths,
    pages=(PageDef("booths", N_("展位图"), "map-2", _page, BEFORE),),
    reports=(
        Document(
            "floor",
            N_("展位图"),
            N_("每个展厅一页，按产业着色，附展位索引。"),
            group=FOR_STAFF,
            at=40,
            formats=("pdf",),
            shape="plan",
            write=_floor_plan,
            command_at=30,
        ),
    ),
)
