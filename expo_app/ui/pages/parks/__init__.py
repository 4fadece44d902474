"""合作园区: what came of the visits, park by park; and the list of everybody who moved in."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.routes import ListRoute, Route
from expo_app.routes.parks import ParksRoute
from expo_app.rules.palette_rows import Command
from expo_app.ui.context import Context
from expo_app.ui.pages.parks.board import ParksFace
from expo_app.ui.pages.parks.lists import TenantsFace
from expo_app.ui.parts.faces import FaceDef, FacedPage

FACES: tuple[FaceDef, ...] = (
    FaceDef("board", N_("园区"), "building-4-line", ParksFace),
    FaceDef("tenants", N_("入驻企业"), "file-list-3-line", TenantsFace),
)


class ParksPage(FacedPage):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("合作园区"), FACES, parent)

    def open_with(self, route: Route) -> None:
        if isinstance(route, ParksRoute):
            self.show_face(route.face or (FACES[0].key if route.park is not None else self.key))
        elif isinstance(route, ListRoute):
            self.show_face("tenants")
        self.face.open_with(route)

    def place(self) -> Route | None:
        return self.face.place()

    def commands(self) -> list[Command]:
        """Those of the face in front, and the ways to the others."""
        others = (face for face in FACES if face.key != self.key)
        ways = [Command(_(f.words), _("合作园区"), f.icon, "", partial(self.show_face, f.key)) for f in others]
        return [*self.face.commands(), *ways]
