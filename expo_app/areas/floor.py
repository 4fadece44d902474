"""展位图."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import BEFORE, GROUNDS, Act, Area, Found, ListEntry, PageDef, SectionDef
from expo_app.documents import FOR_STAFF, Document, Writing
from expo_app.i18n import N_
from expo_app.model import BoothState
from expo_app.routes import ListRoute
from expo_app.routes.first_steps import FirstStep
from expo_app.routes.floor import BoothRowsRoute, PlanRoute
from expo_app.services import expos_rules, floor_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import BOOTHS, HALLS, ROOMS, VENUES, ZONES
from expo_app.specs.list_look import ADD, DELETE, EXPORT, ListLook

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.booths import BoothsPage

    return BoothsPage(context)


def _floor_plan(writing: Writing) -> None:
    from expo_app.documents import floor

    floor.write_floor(writing.db, writing.expo, writing.path, progress=writing.progress)


def _booths(context: Context) -> Page:
    from expo_app.ui.pages.booths.booth_list import BoothsList

    return BoothsList(context)


def _of_the_venue(context: Context) -> Mapping[str, Any]:
    """What a venue is made of belongs to that of the expo; with several the person chooses."""
    names = [name for name, _english in context.expo.venues] if context.expo else []
    return {"venue_id": names[0]} if len(names) == 1 else {} if names else context.only("venue_id", VENUES)


COUNTED = N_("共 {n} 个")
HERE = frozenset({ADD, EXPORT, DELETE})
AREA = Area(
    "floor",
    lists=(
        ListEntry(
            VENUES,
            look=ListLook(N_("展馆"), COUNTED, can=HERE),
            section=SectionDef(11, N_("展馆"), "community-line", GROUNDS),
        ),
        ListEntry(
            HALLS,
            Rules(after=(expos_rules.names_differ,)),
            look=ListLook(N_("展厅"), COUNTED, can=HERE, begins=_of_the_venue),
            section=SectionDef(12, N_("展厅"), "layout-column-line", GROUNDS),
        ),
        ListEntry(
            ZONES,
            look=ListLook(N_("展区"), COUNTED, can=HERE, begins=lambda context: context.only("hall_id", HALLS)),
            section=SectionDef(13, N_("展区"), "map-2-line", GROUNDS),
        ),
        ListEntry(
            BOOTHS,
            Rules(
                before=(floor_rules.zones_of_numbers, floor_rules.states_follow, floor_rules.inside_their_hall),
                reviews=(floor_rules.states_left_out, floor_rules.in_some_zone),
                make=floor_rules.make_booths,
            ),
            command_at=90,
            command=N_("booths 展位"),
            section=SectionDef(14, N_("展位"), "store-2-line", GROUNDS, _booths),
            found=Found(
                7,
                ("number", "state", "zone_id", "holder"),
                few=True,
                dashless=True,
                empty="holder",
                route=lambda key: PlanRoute(booth=key),
            ),
        ),
        ListEntry(
            ROOMS,
            Rules(after=(expos_rules.names_differ,), make=floor_rules.make_rooms),
            look=ListLook(N_("会场"), COUNTED, can=HERE, begins=_of_the_venue),
            section=SectionDef(15, N_("会场"), "mic-line", GROUNDS),
            found=Found(8, ("name", "venue_id"), few=True),
        ),
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
    acts=(
        Act(N_("调整展位"), "booths", "drag-move-2-line", "floor.edit", PlanRoute(adjust=True)),
        Act(N_("成排生成展位"), "booths", "grid-line", "floor.edit", BoothRowsRoute()),
    ),
    steps=(
        FirstStep(
            2,
            "halls",
            N_("建展厅"),
            N_("写上宽和深，展位图照此画"),
            N_("建展厅"),
            ListRoute(HALLS, new=True),
            lacking=N_("没有展厅：展位图画不出来。"),
        ),
        FirstStep(
            3,
            "zones",
            N_("分展区"),
            N_("展区代号是展位号的开头，如 A"),
            N_("建展区"),
            ListRoute(ZONES, new=True),
            lacking=N_("没有展区：展位编不了号。"),
        ),
        FirstStep(
            4,
            "booths",
            N_("生成展位"),
            N_("按排生成，先看图再写入"),
            N_("成排生成"),
            BoothRowsRoute(),
            lacking=N_("没有展位：参展商没有位置，净面积为 0。"),
        ),
        FirstStep(
            6,
            "rooms",
            N_("建会场"),
            N_("论坛和路演的房间，写上座位数"),
            N_("建会场"),
            ListRoute(ROOMS, new=True),
            optional=True,
            lacking=N_("没有会场：论坛和路演排不进日程。"),
        ),
    ),
    pills={BoothState.HELD: "warn", BoothState.CONFIRMED: "ok"},
)
