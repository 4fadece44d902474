"""The panel beside the plan: of the exhibitor in a booth (the same as in the list), or of a free booth."""

import uuid
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.model import BoothState
from expo_app.routes import ListRoute
from expo_app.services import exhibitors, floor
from expo_app.specs import EXHIBITORS
from expo_app.specs.floor_plan import PlanBooth
from expo_app.specs.profile import Profile
from expo_app.ui.context import Context
from expo_app.ui.kit.buttons import Button, IconButton, MenuButton
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import DetailPanel, row
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.booths.commands import BoothActs
from expo_app.ui.pages.booths.plan_parts import BoothPanel
from expo_app.ui.parts.exhibitor_panel import ExhibitorSheet
from expo_app.ui.records.record_panel import RecordPanel

FOLLOW = 60  # ms after the last arrow key before the panel follows
MOVES = 8  # shown of a booth's history


class PlanPanels(QWidget):
    """At most one of the two panels; `booth_id` is the booth it was opened for, None for an exhibitor without one."""

    closed = Signal()

    def __init__(self, page: QWidget, context: Context, acts: BoothActs) -> None:
        super().__init__(page)
        self._context, self._acts = context, acts
        self.booth_id: uuid.UUID | None = None
        db = context.db
        self.sheet = ExhibitorSheet(
            page, context, partial(exhibitors.profile, db), partial(exhibitors.arrive, db),
            partial(exhibitors.restore_states, db), acts.done, self._placing,
        )  # fmt: skip
        self.record, self.empty = RecordPanel(self.sheet), BoothPanel()  # type: ignore[arg-type]  # as a page would
        self._more = MenuButton("", self._fill_more, "text", "more-line")
        self._more.setToolTip(_("展位操作"))
        self._more.setAccessibleName(_("展位操作"))
        self.record.add_corner(self._more)
        self.record.add_corner(IconButton("external-link-line", _("在列表中打开"), self.show_in_list))
        line = row(self, 0)
        for panel in (self.record, self.empty):
            panel.hide()
            panel.closed.connect(self._on_closed)
            line.addWidget(panel)
        self._look = QTimer(self, singleShot=True, interval=FOLLOW)
        self._look.timeout.connect(lambda: self.show_booth(self._next))
        self._next: uuid.UUID | None = None
        self.hide()

    @property
    def shown(self) -> DetailPanel | None:
        """The panel on the screen."""
        return next((panel for panel in (self.record, self.empty) if panel.isVisible()), None)

    @property
    def exhibitor_id(self) -> uuid.UUID | None:
        """The exhibitor on the screen."""
        return self.record.record_id if self.record.isVisible() else None

    # --- opening and closing ---

    def show_booth(self, key: uuid.UUID | None) -> None:
        """Open the panel of a booth; None closes."""
        booth = self._acts.booth(key) if key is not None else None
        if booth is None:
            self.close_all()
        elif booth.tenant is not None:
            self._show_record(booth.tenant.exhibitor_id, booth.id)
        else:
            self._show_empty(booth)

    def show_exhibitor(self, exhibitor_id: uuid.UUID) -> None:
        """Open the panel of an exhibitor that has no booth."""
        self._show_record(exhibitor_id, None)

    def follow(self, key: uuid.UUID) -> None:
        """Let an open panel show another booth, once the keys rest."""
        self._next = key
        if self.shown is not None:
            self._look.start()

    def refill(self) -> None:
        """Read again what is shown: the booth may have another tenant now."""
        if self.shown is None:
            return
        if self.booth_id is not None:
            self.show_booth(self.booth_id)
        elif self.exhibitor_id is not None:
            booth = self._acts.booth_of(self.exhibitor_id)
            self._show_record(self.exhibitor_id, booth.id if booth else None)

    def close_all(self) -> None:
        """Hide, without telling."""
        self._look.stop()
        self.record.hide()
        self.empty.hide()
        self.hide()

    def _on_closed(self) -> None:
        self.close_all()
        self.closed.emit()

    def _show_record(self, exhibitor_id: uuid.UUID, booth_id: uuid.UUID | None) -> None:
        self.booth_id = booth_id
        self._more.setVisible(booth_id is not None and self._acts.allowed)
        self.record.show_record(exhibitor_id, keep_tab=self.record.isVisible())
        self.empty.hide()
        self.record.setVisible(self.record.record_id is not None)
        self.setVisible(self.record.record_id is not None)

    def _show_empty(self, booth: PlanBooth) -> None:
        zone = self._acts.zone_of(booth)
        tz = self._context.expo.zone if self._context.expo else None
        moves = [
            (f"{at.astimezone(tz):%m-%d %H:%M}", who, operator)
            for at, who, operator in floor.history(self._context.db, booth.id, MOVES)
        ]
        self.booth_id = booth.id
        self.empty.show_booth(booth, f"{zone.code} · {zone.name}", moves, self._acts_for(booth))
        self.record.hide()
        self.empty.show()
        self.show()

    def _acts_for(self, booth: PlanBooth) -> list[Button]:
        if not self._acts.allowed:
            return []
        held = booth.state is BoothState.HELD
        keep = Button(_("取消预留") if held else _("预留"), icon="pushpin-line")
        keep.clicked.connect(lambda _on=False: self._acts.hold(booth.id, not held))
        give = partial(self._acts.choose_tenant, booth.id)
        return [keep, Button(_("分配"), "primary", "store-2-line", clicked=give)]

    # --- in the exhibitor's panel ---

    def _placing(self, profile: Profile) -> list[QWidget]:
        """An exhibitor without a booth is never lost: its panel offers one."""
        if profile.booths or profile.main is not None or not self._acts.allowed:
            return []
        give = partial(self._acts.choose_booth, profile.exhibitor_id, profile.name)
        return [Banner("info", _("还没有展位"), [Button(_("分配"), "link", clicked=give)], small=True)]

    def _fill_more(self, menu: Menu) -> None:
        """What can be done with the booth."""
        booth = self._acts.booth(self.booth_id) if self.booth_id else None
        if booth is not None:
            menu.add(_("腾出 {number}").format(number=booth.number), partial(self._acts.vacate, booth.id))
            menu.add(_("与其他展位互换"), partial(self._acts.choose_other, booth.id))
            menu.add(_("改分给别家"), partial(self._acts.choose_tenant, booth.id))

    def show_in_list(self) -> None:
        """The same exhibitor in the list."""
        self._context.navigate(ListRoute(EXHIBITORS, record=self.exhibitor_id))
