"""嘉宾与路演."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import BEFORE, Area, Found, ListEntry, PageDef
from expo_app.i18n import N_
from expo_app.model import SpeakerRole
from expo_app.specs import PITCHES, SPEAKERS

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.guests import GuestsPage

    return GuestsPage(context)


PILLS = {
    SpeakerRole.SPEAKER: "info", SpeakerRole.MODERATOR: "plum", SpeakerRole.PANELIST: "info",
}  # fmt: skip
AREA = Area(
    "guests",
    lists=(
        ListEntry(
            SPEAKERS, page="guests", found=Found(4, ("person", "organisation", "person_title", "item_id"), once=True)
        ),
        ListEntry(PITCHES, command_at=60, page="guests"),
    ),
    pages=(PageDef("guests", N_("嘉宾与路演"), "mic", _page, BEFORE),),
    pills=PILLS,
)
