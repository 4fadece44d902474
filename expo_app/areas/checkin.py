"""签到台."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import ON_SITE, ON_THE_SPOT, Area, ListEntry, PageDef, SectionDef
from expo_app.i18n import N_
from expo_app.specs import CHECKINS, DESKS, GATES
from expo_app.specs.list_look import ADD, DELETE, EXPORT, ListLook

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.checkin_desk import CheckinDesk

    return CheckinDesk(context)


AREA = Area(
    "checkin",
    lists=(
        ListEntry(
            GATES,
            look=ListLook(N_("入口与通道"), N_("共 {n} 个"), can=frozenset()),
            section=SectionDef(21, N_("入口与通道"), "door-line", ON_THE_SPOT),
        ),
        ListEntry(
            DESKS,
            look=ListLook(N_("签到台"), N_("共 {n} 台"), can=frozenset({ADD, EXPORT, DELETE})),
            section=SectionDef(22, N_("签到台"), "computer-line", ON_THE_SPOT),
        ),
        ListEntry(CHECKINS),
    ),
    pages=(PageDef("checkin_desk", N_("签到台"), "qr-scan-2", _page, ON_SITE, shortcut="F11", own_window=True),),
)
