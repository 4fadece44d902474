"""展位图."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import BEFORE, PLACES, Area, Found, ListEntry, Offer, PageDef, PlainList, Section
from expo_app.documents import FOR_STAFF, Document, Writing
from expo_app.i18n import N_
from expo_app.services import checkin_rules, floor_rules
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


def _booths(context: Context) -> QWidget:
    from expo_app.ui.pages.settings.lists import BoothsList

    return BoothsList(context)


def _venue(context: Context) -> dict[str, Any]:
    """What belongs to a venue is that of the expo's, else of the only one there is."""
    expo = context.expo
    return {"venue_id": expo.venue} if expo and expo.venue else context.only("venue_id", VENUES)


def _hall(context: Context) -> dict[str, Any]:
    return context.only("hall_id", HALLS)


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
            found=Found(
                "booths",
                70,
                ("number", "state", "zone_id", "holder"),
                section="booths",
                shows="booth",
                few=True,
                dashless=True,
                unless="holder",
            ),
        ),
        ListEntry(
            ROOMS,
            Rules(after=(checkin_rules.gates_of_rooms,)),
            found=Found("settings", 80, ("name", "venue_id"), silent=("venue_id",), section="rooms", few=True),
        ),
    ),
    pages=(PageDef("booths", N_("展位图"), "map-2", _page, BEFORE),),
    sections=(
        Section.plain(PlainList(VENUES, N_("共 {n} 个"), can_import=False), PLACES, 20),
        Section.plain(PlainList(HALLS, N_("共 {n} 个"), can_import=False, defaults=_venue), PLACES, 30),
        Section.plain(PlainList(ZONES, N_("共 {n} 个"), can_import=False, defaults=_hall), PLACES, 40),
        Section("booths", N_("展位"), "store-2-line", _booths, PLACES, 50),
        Section.plain(PlainList(ROOMS, N_("共 {n} 个"), can_import=False, defaults=_venue), PLACES, 60),
    ),
    offers=(
        Offer(N_("调整展位"), "floor.edit", "drag-move-2-line", "booths", {"adjust": True}),
        Offer(N_("成排生成展位"), "floor.edit", "grid-line", "settings", {"rows": True}, belongs="booths"),
    ),
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
