"""统计: the statistic tables and whatever else stands beside them, each a face of one page."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.routes import Route
from expo_app.routes.statistics import StatisticsRoute
from expo_app.rules.palette_rows import Command
from expo_app.ui.context import Context
from expo_app.ui.pages.statistics.cooperation_face import CooperationFace
from expo_app.ui.pages.statistics.press_face import PressFace
from expo_app.ui.pages.statistics.tables_face import TablesFace
from expo_app.ui.parts.faces import FaceDef, FacedPage

FACES: tuple[FaceDef, ...] = (
    FaceDef("tables", N_("统计表"), "table-line", TablesFace),
    FaceDef("press", N_("发布口径"), "profile-line", PressFace),
    FaceDef("cooperation", N_("区域协同"), "map-2-line", CooperationFace),
)


class StatisticsPage(FacedPage):
    """The faces above, their routes and commands."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("统计"), FACES, parent)

    def open_with(self, route: Route) -> None:
        if isinstance(route, StatisticsRoute):
            if route.face:
                self.show_face(route.face)
            self.face.open_with(route)

    def place(self) -> Route | None:
        return self.face.place() or StatisticsRoute(face=self.key)

    def commands(self) -> list[Command]:
        return [command for face in self.faces.values() for command in face.commands()]
