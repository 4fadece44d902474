"""观众登记."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import NAMES, ON_SITE, Area, Found, ListEntry, Offer, PageDef, SectionDef
from expo_app.i18n import N_
from expo_app.routes import ListRoute
from expo_app.routes.first_steps import FirstStep
from expo_app.specs import ATTENDEES, PEOPLE
from expo_app.specs.list_look import ListLook

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.attendees import AttendeesPage

    return AttendeesPage(context)


AREA = Area(
    "attendees",
    lists=(
        ListEntry(
            ATTENDEES,
            found=Found(3, ("person.name", "organisation_id", "badge_no", "category"), ("person.phone",)),
            new=Offer(N_("新增人员"), 2),
            imported=Offer(N_("导入观众名单"), 2),
        ),
        ListEntry(
            PEOPLE,
            look=ListLook(N_("人员"), N_("共 {n} 人"), N_("姓名、拼音首字母、手机后四位")),
            section=SectionDef(31, N_("人员"), "user-line", NAMES),
        ),
    ),
    pages=(PageDef("attendees", N_("观众登记"), "contacts-book-2", _page, ON_SITE),),
    steps=(
        FirstStep(
            8, "attendees", N_("登记观众"), N_("从 Excel 导入，或在现场登记"), N_("去登记"), ListRoute(ATTENDEES)
        ),
    ),
)
