"""双创券: uses and vouchers, the catalogue of resources, what regions' policies say, and how regions settle."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.routes import ListRoute, Route
from expo_app.routes.vouchers import CatalogueRoute, SettlementRoute, UseRoute, VouchersRoute
from expo_app.rules.palette_rows import Command
from expo_app.specs import INSTRUMENTS, LISTED_PROVIDERS, POLICIES, RELATED_BODIES, VOUCHER_USES, VOUCHERS
from expo_app.ui.context import Context
from expo_app.ui.pages.vouchers.catalogue import CatalogueFace
from expo_app.ui.pages.vouchers.policies import PoliciesFace
from expo_app.ui.pages.vouchers.settlement import SettlementFace
from expo_app.ui.pages.vouchers.uses import UsesFace
from expo_app.ui.parts.faces import FaceDef, FacedPage

FACES: tuple[FaceDef, ...] = (
    FaceDef("uses", N_("用券"), "coupon-3-line", UsesFace),
    FaceDef("catalogue", N_("资源目录"), "microscope-line", CatalogueFace),
    FaceDef("policies", N_("政策"), "article-line", PoliciesFace),
    FaceDef("settlement", N_("三地结算"), "scales-3-line", SettlementFace),
)
"""In the order of the switch: uses, catalogue, policies, settlement."""
ANSWERS: Mapping[type[Route], str] = {UseRoute: "uses", CatalogueRoute: "catalogue", SettlementRoute: "settlement"}
"""The face that answers a route."""
OF_LISTS: Mapping[str, str] = {
    VOUCHER_USES.name: "uses",
    VOUCHERS.name: "uses",
    INSTRUMENTS.name: "catalogue",
    POLICIES.name: "policies",
    LISTED_PROVIDERS.name: "policies",
    RELATED_BODIES.name: "policies",
}
"""The face that shows a list."""


class VouchersPage(FacedPage):
    """Each face answers the routes that are its own."""

    has_icons = False

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("双创券"), FACES, parent)

    def open_with(self, route: Route) -> None:
        if isinstance(route, VouchersRoute):
            self.show_face(route.face or self.key)
            return
        key = OF_LISTS.get(route.spec.name, "") if isinstance(route, ListRoute) else ANSWERS.get(type(route), "")
        if key:
            self.show_face(key)
            self.face.open_with(route)

    def place(self) -> Route | None:
        return self.face.place() or VouchersRoute(face=self.key)

    def commands(self) -> list[Command]:
        """Those of the face in front, and the ways to the others."""
        others = (face for face in FACES if face.key != self.key)
        ways = [Command(_(f.words), _("双创券"), f.icon, "", partial(self.show_face, f.key)) for f in others]
        return [*self.face.commands(), *ways]
