"""The booths as a list, in 数据与设置."""

from __future__ import annotations

from typing import Any

from expo_app.i18n import N_, _
from expo_app.routes import Route
from expo_app.routes.floor import BoothRowsRoute
from expo_app.specs import BOOTHS, ZONES
from expo_app.ui.kit.buttons import Button
from expo_app.ui.pages.booths.rows import RowsDialog, rows_act
from expo_app.ui.records.list_page import ListPage


class BoothsList(ListPage):
    """Booths, one by one or a row at a time."""

    spec, noun, counted = BOOTHS, N_("展位"), N_("共 {n} 个")
    also_shows = ("exhibitor", "organisation")

    def defaults(self) -> dict[str, Any]:
        return self.context.only("zone_id", ZONES)

    def actions(self) -> list[Any]:
        button = Button(_("成排生成"), icon="grid-line", clicked=self.generate)
        button.setEnabled(self.context.may_write("floor.edit") and self.context.expo_id is not None)
        return [button]

    def open_with(self, route: Route) -> None:
        super().open_with(route)
        if isinstance(route, BoothRowsRoute):
            self.generate()

    def generate(self) -> None:
        """Ask for rows of booths; what was made can be taken back in one step."""
        box = RowsDialog(self, self.context)
        box.closed.connect(lambda made: self.acts.add(rows_act(self.context, *made)) if made else None)
        box.open()
