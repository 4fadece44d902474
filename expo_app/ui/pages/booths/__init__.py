"""展位图: the halls drawn from data; who stands where, who is missing, and giving booths to exhibitors."""

import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from expo_app.documents.floor import write_floor
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.routes import ListRoute, Route
from expo_app.routes.floor import BoothRowsRoute, PlanRoute
from expo_app.services import floor
from expo_app.specs import BOOTHS, HALLS, floor_sheet
from expo_app.specs.floor_plan import HallPlan, Plan, Sheet, Tenant
from expo_app.ui.canvas.geometry import Spot
from expo_app.ui.canvas.surroundings import CanvasCard, DragLabel, ZoomBar
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, tab_order, theme
from expo_app.ui.kit.buttons import Button, Segmented
from expo_app.ui.kit.labels import Label, Line
from expo_app.ui.kit.panels import DetailPanel, PageHeader, clear, column, row
from expo_app.ui.kit.placeholders import Banner, EmptyState, ErrorState, StateStack
from expo_app.ui.page import Page
from expo_app.ui.pages.booths.commands import BoothActs
from expo_app.ui.pages.booths.finding import BoothSearch
from expo_app.ui.pages.booths.panels import PlanPanels
from expo_app.ui.pages.booths.plan_parts import HallChoice, Legend, Tools, Tray, hall_fact
from expo_app.ui.pages.booths.plan_view import PlanView
from expo_app.ui.records import printing

LIST, MAP = "list", "map"
TABLES = frozenset(
    {
        "booth", "zone", "hall", "hall_feature", "room", "expo", "exhibitor", "organisation", "attendee", "badge",
        "deal", "deal_party", "achievement", "person", "region_group", "word", "word_choice",
    }
)  # fmt: skip
MOST_NAMED = 5  # booths in one sentence


class BoothsPage(Page):
    """Colours and patterns say what an exhibitor does, hatching who is missing; rearranging only after 调整展位."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.plan = Plan((), ())
        self.hall_id: uuid.UUID | None = None
        self.colouring = floor_sheet.INDUSTRY
        self.acts = BoothActs(self, context)
        self.view = PlanView()
        self.panels = PlanPanels(self, context, self.acts)
        self._stale, self._wanted = True, PlanRoute()
        self._build()
        self._connect()
        self.setFocusProxy(self.view)

    # --- building ---

    def _build(self) -> None:
        outer = row(self, 0)
        main = QWidget()
        lines = column(main, theme.Space.M)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        lines.addWidget(self._make_header())
        tools = self._make_tools()
        tools.setProperty(tab_order.RANK, -1)  # with the search, as on a list
        lines.addWidget(tools)
        self._hint = column()
        lines.addLayout(self._hint)
        self._pages = StateStack(self.view)
        card = CanvasCard(self.view)
        card.body.addWidget(self._pages, 1)
        self.legend, self.tray, self._drag = Legend(), Tray(), DragLabel(self)
        for widget in (self.tray, Line(), self.legend):
            card.body.addWidget(widget)
        lines.addWidget(card, 1)
        outer.addWidget(main, 1)
        outer.addWidget(self.panels)

    def _make_header(self) -> QWidget:
        self.header = PageHeader(_("展位图"))
        self.views = Segmented([(LIST, _("列表"), "list-check"), (MAP, _("展位图"), "map-2-line")], MAP)
        self.pdf_button = Button(_("导出 PDF"), icon="file-pdf-line", clicked=self.save_pdf)
        self.adjust_button = Button(_("调整展位"), icon="drag-move-2-line", clicked=self.toggle_adjusting)
        for widget in (self.views, self.pdf_button, self.adjust_button):
            self.header.add(widget)
        return self.header

    def _make_tools(self) -> QWidget:
        left, right = QWidget(), QWidget()
        line = row(left)
        self.search = BoothSearch(self.acts, self.show_booth)
        self.colours = Segmented([(key, _(words)) for key, words in floor_sheet.COLOURINGS], self.colouring)
        line.addWidget(self.search, 9)
        line.addWidget(Label(_("着色"), "fact"))
        line.addWidget(self.colours)
        line.addStretch(1)
        line = row(right)
        self.hall_choice = HallChoice()
        line.addWidget(self.hall_choice)
        self.zoom = ZoomBar(self.view, _("看全馆（0）"))
        line.addWidget(self.zoom)
        line.addStretch(1)
        return Tools(left, right)

    def _connect(self) -> None:
        context, view = self.context, self.view
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        self.views.chosen.connect(self._on_view)
        self.colours.chosen.connect(self.colour)
        self.hall_choice.chosen.connect(self.show_hall)
        view.chosen.connect(self.panels.show_booth)
        view.stepped.connect(self.panels.follow)
        view.opened.connect(self._on_opened)
        view.moved.connect(self._on_moved)
        view.dropped.connect(self.acts.swap)
        view.emptied.connect(self.acts.vacate)
        self.panels.closed.connect(lambda: view.setFocus(Qt.FocusReason.OtherFocusReason))
        self.tray.pressed.connect(lambda waiting: self.show_exhibitor(waiting.exhibitor_id))
        self.tray.dragged.connect(self._on_tray_dragged)
        self.tray.dropped.connect(self._on_tray_dropped)

    # --- reading ---

    @property
    def panel(self) -> DetailPanel | None:
        """The panel on the screen."""
        return self.panels.shown

    @property
    def hall(self) -> HallPlan | None:
        """The hall on the screen."""
        return next((hall for hall in self.plan.halls if hall.id == self.hall_id), None)

    def refresh(self) -> None:
        """Read the floor again; hall, zoom, choice and panel stay."""
        self._stale = False
        expo_id = self.context.expo_id
        if expo_id is None:
            self._show_state(EmptyState("map-2-line", _("还没有展会")))
            return
        try:
            self.plan = self.acts.plan = floor.plan(self.context.db, expo_id)
        except UserError as error:
            self._show_state(ErrorState(_("读不出展位图"), error, self.refresh))
            return
        if self.hall is None:
            first = next((hall for hall in self.plan.halls if hall.booths), None) or next(iter(self.plan.halls), None)
            self.hall_id = first.id if first else None
        self.hall_choice.offer(self.plan.halls, self.hall)
        self.tray.set_waiting(self.plan.unplaced)
        self._draw()
        self.panels.refill()
        self._meet_wishes()

    def _draw(self) -> None:
        hall = self.hall
        if hall is None:
            text = _("在“数据与设置”里建好展厅和展区，再按排生成展位。")
            set_up = partial(self.context.navigate, ListRoute(HALLS))
            go = Button(_("去设置"), "primary", "settings-3-line", clicked=set_up)
            self._show_state(EmptyState("map-2-line", _("还没有展厅"), text, [go]))
            self.header.set_fact("")
            return
        sheet = floor_sheet.sheet(hall, self.colouring, self._is_open, self.plan)
        self._pages.show_content()
        self.view.set_sheet(sheet)
        self.legend.set_looks(sheet.legend)
        self.legend.setVisible(bool(sheet.legend))
        self.header.set_fact(hall_fact(hall))
        self._show_hint()

    @property
    def _is_open(self) -> bool:
        """Whether the expo has begun: only then is somebody who is not here missing."""
        expo = self.context.expo
        return expo is not None and expo.local_day(self.context.now()) >= expo.starts_on

    def _show_state(self, state: QWidget) -> None:
        self._pages.show_state(state)
        self.legend.hide()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES:
            if self.isVisible():
                self.refresh()
            else:
                self._stale = True

    def _on_expo(self) -> None:
        self.panels.close_all()
        self.acts.done.clear()
        self.plan, self.hall_id, self._stale = Plan((), ()), None, True
        if self.isVisible():
            self.refresh()

    # --- looking ---

    def show_hall(self, hall_id: uuid.UUID) -> None:
        """Bring a hall up."""
        if hall_id != self.hall_id:
            self.hall_id = hall_id
            self.panels.close_all()
            self.hall_choice.offer(self.plan.halls, self.hall)
            self._draw()

    def colour(self, by: str) -> None:
        """Colour by one of floor_sheet.COLOURINGS."""
        self.colouring = by
        self.colours.choose(by)
        self._draw()

    def show_booth(self, key: uuid.UUID) -> None:
        """Go to a booth in whatever hall, and open its panel."""
        hall = next((h for h in self.plan.halls if any(b.id == key for b in (*h.booths, *h.lost))), None)
        if hall is not None:
            self.show_hall(hall.id)
            self.panels.show_booth(key)
            self.view.select(key)
            self.view.center(key)

    def show_exhibitor(self, exhibitor_id: uuid.UUID) -> None:
        """Go to the exhibitor's booth; without one its panel opens all the same."""
        booth = self.acts.booth_of(exhibitor_id)
        if booth is not None:
            self.show_booth(booth.id)
        else:
            self.view.select(None)
            self.panels.show_exhibitor(exhibitor_id)

    def _on_opened(self, key: uuid.UUID) -> None:
        self.panels.show_booth(key)
        if self.panel is not None:
            self.panel.close_button.setFocus(Qt.FocusReason.TabFocusReason)

    # --- searching ---

    def focus_search(self) -> None:
        """Ctrl+F."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # --- going elsewhere, coming from elsewhere ---

    def open_with(self, route: Route) -> None:
        if isinstance(route, PlanRoute):
            self._wanted = route
            if not self._stale:
                self._meet_wishes()

    def pane(self) -> QWidget | None:
        return self.panel

    def _meet_wishes(self) -> None:
        wanted, self._wanted = self._wanted, PlanRoute()
        if wanted.adjust:
            self.set_adjusting(True)
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if wanted.record is not None:
            self.show_exhibitor(wanted.record)
        if wanted.booth is not None:
            self.show_booth(wanted.booth)
        if wanted.search:
            self.search.set_text(wanted.search)
            self.search.look_for(wanted.search)

    def _on_view(self, key: object) -> None:
        if key == LIST:
            self.views.choose(MAP)
            self.panels.show_in_list()

    # --- adjusting ---

    def toggle_adjusting(self) -> None:
        """Begin or end rearranging."""
        self.set_adjusting(not self.view.may_move)

    def set_adjusting(self, on: bool) -> None:
        """Booths and the tray can be dragged, or not."""
        on = on and self.acts.allowed
        self.view.set_adjusting(on)
        self.tray.set_adjusting(on)
        self.adjust_button.set_text(_("完成") if on else _("调整展位"))
        self.adjust_button.set_kind("primary" if on else "plain")
        self.adjust_button.set_icon("check-line" if on else "drag-move-2-line")
        self._show_hint()

    def _show_hint(self) -> None:
        clear(self._hint)
        hall = self.hall
        for words, to_mend in self._wrong(hall) if hall is not None else ():
            self._hint.addWidget(Banner("warn", words, [Button(_("去改"), "link", clicked=to_mend)], small=True))
        if hall is not None and not hall.booths and not hall.lost:
            go = Button(_("生成展位"), "link", clicked=partial(self.context.navigate, BoothRowsRoute()))
            self._hint.addWidget(Banner("info", _("{hall} 还没有展位。").format(hall=hall.name), [go], small=True))
        elif self.view.may_move:
            drag = _("拖动展位换位置，0.5 m 一格；拖到另一个展位上互换参展商；待分配的拖到展位上。")
            keys = _("Ctrl + 方向键微移，Del 腾出。")
            self._hint.addWidget(Banner("info", drag + keys, icon="drag-move-2-line", small=True))
        self.adjust_button.setEnabled(self.acts.allowed)
        self.adjust_button.setToolTip("" if self.acts.allowed else self._refusal())

    def _wrong(self, hall: HallPlan) -> list[tuple[str, Callable[[], object]]]:
        """What the file says of the hall and cannot be so, with the way to mend it."""
        go, found = self.context.navigate, list[tuple[str, Callable[[], object]]]()
        if hall.is_guessed:
            words = _("{hall} 的宽或深不对，先按 {width} × {depth} m 画。")
            words = words.format(hall=hall.name, width=f"{hall.width:g}", depth=f"{hall.depth:g}")
            found.append((words, partial(go, ListRoute(HALLS, record=hall.id))))
        lost = (hall.lost, _("{numbers} 的位置或尺寸不对，不在图上。"))
        for booths, words in (lost, (hall.sticking_out, _("{numbers} 超出 {hall}。"))):
            if booths:
                numbers = "、".join(booth.number for booth in booths[:MOST_NAMED])
                if len(booths) > MOST_NAMED:
                    numbers = _("{numbers} 等 {n} 个").format(numbers=numbers, n=f"{len(booths):,}")
                to_mend = partial(go, ListRoute(BOOTHS, record=booths[0].id))
                found.append((words.format(numbers=numbers, hall=hall.name), to_mend))
        return found

    def _refusal(self) -> str:
        if self.context.is_read_only:
            return _("数据库以只读方式打开")
        return _("{role}没有这项权限").format(role=self.context.actor.role.label)

    def _on_moved(self, key: uuid.UUID, place: Spot, _by_mouse: bool) -> None:
        self.acts.place(key, *place)

    def _on_tray_dragged(self, waiting: Tenant, screen: QPoint) -> None:
        self._drag.follow(waiting.name, screen, self.mapFromGlobal)
        self.view.set_target(self.view.key_under(screen))

    def _on_tray_dropped(self, waiting: Tenant, screen: QPoint) -> None:
        self._drag.hide()
        self.view.set_target(None)
        booth_id = self.view.key_under(screen)
        if booth_id is not None:
            self.acts.assign(booth_id, waiting.exhibitor_id, waiting.name)

    # --- undo, paper, keys ---

    def undo(self) -> None:
        """Take back the last act of this page."""
        self.acts.done.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.acts.done.redo()

    def sheets(self) -> list[Sheet]:
        """Every hall with booths as it is coloured now."""
        return floor_sheet.sheets(self.plan, self.colouring, self._is_open)

    def save_pdf(self) -> None:
        """Ask where, and write every hall as a PDF."""
        expo, by = self.context.expo, self.colouring
        if expo is None or not self.sheets():
            messages.show(self, _("还没有展位，没有可导出的图"), "info")
            return

        def make(path: Path, progress: jobs.Progress) -> None:
            write_floor(self.context.db, expo, path, by, progress)

        printing.save_pdf(self, _("展位图"), make)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.panel is not None:
            self.panel.close_panel()
        elif event.key() == Qt.Key.Key_Escape and self.view.may_move:
            self.set_adjusting(False)
        elif event.key() == Qt.Key.Key_F5:
            self.refresh()
        else:
            super().keyPressEvent(event)
