"""供需对接: suggestions, meetings and their timetable, each a face of one page."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.routes import ListRoute, Route
from expo_app.routes.matching import MatchingRoute
from expo_app.rules.palette_rows import Command
from expo_app.ui.context import Context
from expo_app.ui.pages.matching.meetings import MeetingsFace
from expo_app.ui.pages.matching.suggestions import SuggestionsFace
from expo_app.ui.pages.matching.timetable import TimetableFace
from expo_app.ui.parts.faces import FaceDef, FacedPage

FACES: tuple[FaceDef, ...] = (
    FaceDef("suggestions", N_("建议"), "lightbulb-line", SuggestionsFace),
    FaceDef("meetings", N_("洽谈"), "user-received-line", MeetingsFace),
    FaceDef("timetable", N_("排程"), "calendar-check-line", TimetableFace),
)
MEETING_LISTS = ("meetings", "standby")
"""Lists that the face of meetings shows."""


class MatchingPage(FacedPage):
    """A badge read over any face is the meetings' affair where the face takes none."""

    takes_codes = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("供需对接"), FACES, parent)

    def open_with(self, route: Route) -> None:
        if isinstance(route, MatchingRoute):
            is_one = route.demand is not None or route.offer is not None
            self.show_face(route.face or (FACES[0].key if is_one else self.key))
            self.face.open_with(route)
        elif isinstance(route, ListRoute) and route.spec.name in MEETING_LISTS:
            self.show_face("meetings")
            self.face.open_with(route)

    def place(self) -> Route | None:
        return self.face.place() or MatchingRoute(face=self.key)

    def read_code(self, raw: str) -> None:
        if not self.face.takes_codes:
            self.show_face("meetings")
        self.face.read_code(raw)

    def commands(self) -> list[Command]:
        """Those of the face in front, and the ways to the others."""
        others = (face for face in FACES if face.key != self.key)
        ways = [Command(_(f.words), _("供需对接"), f.icon, "", partial(self.show_face, f.key)) for f in others]
        return [*self.face.commands(), *ways]
