"""观众登记."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import ON_SITE, Area, ListEntry, PageDef
from expo_app.i18n import N_
from expo_app.services import attendees_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import ATTENDEES, PEOPLE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from expo_app.ui.context import Context


def _page(context: Context) -> QWidget:
    from expo_app.ui.pages.attendees import AttendeesPage

    return AttendeesPage(context)


AREA = Area(
    "attendees",
    lists=(
        ListEntry(ATTENDEES, Rules(before=(attendees_rules.fill_in,), reviews=(attendees_rules.badges_in_hand,))),
        ListEntry(PEOPLE),
    ),
    pages=(PageDef("attendees", N_("观众登记"), "contacts-book-2", _page, ON_SITE),),
)
