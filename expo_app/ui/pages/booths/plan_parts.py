"""What stands around a floor plan: halls and legend, the tray of those without a booth, a free booth's panel."""

import uuid
from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.model import ExhibitorKind
from expo_app.specs.floor_plan import HallPlan, Look, PlanBooth, Tenant
from expo_app.ui.canvas.surroundings import DragCard
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, MenuButton, Segmented
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label, Line, SectionTitle
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import DetailPanel, FactRow, clear, column, row, scrolled
from expo_app.ui.parts.plan_items import draw_look
from expo_app.ui.records import state_colours

SWATCH = 14
TRAY = 76  # px, the tray's greatest height
MOST_CHIPS = 200
MOST_HALLS = 3  # beside each other; more become a menu


class Swatch(QWidget):
    """A look as a small square."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedSize(SWATCH, SWATCH)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_look(painter, QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), self._look, theme.Radius.MARK - 1)


class Legend(QWidget):
    """What the colours and patterns on the plan say."""

    def __init__(self) -> None:
        super().__init__()
        line = row(self, theme.Space.L)
        line.setContentsMargins(theme.Space.M, theme.Space.S, theme.Space.M, theme.Space.S)
        self._box = QWidget()
        self._flow = FlowLayout(self._box, theme.Space.M)
        line.addWidget(self._box, 1)
        self._note = Label(_("图案 + 颜色双重区分，黑白打印可读"), "fact")
        line.addWidget(self._note, 0, Qt.AlignmentFlag.AlignTop)
        self.looks: tuple[Look, ...] = ()

    def set_looks(self, looks: Sequence[Look]) -> None:
        """Explain these."""
        if tuple(looks) == self.looks:
            return
        self.looks = tuple(looks)
        clear(self._flow)
        for look in looks:
            pair = QWidget()
            line = row(pair, 6)
            line.addWidget(Swatch(look))
            line.addWidget(Label(look.words, "fact"))
            self._flow.addWidget(pair)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = self._flow.sizeHint().width() + self._note.sizeHint().width() + 3 * theme.Space.L
        self._note.setVisible(self.width() >= needed)


class HallChoice(QWidget):
    """The halls beside each other, or as a menu where there are many; nothing for a single one."""

    chosen = Signal(object)  # hall id

    def __init__(self) -> None:
        super().__init__()
        self._line = row(self, 0)
        self.control: Segmented | MenuButton | None = None

    def offer(self, halls: Sequence[HallPlan], shown: HallPlan | None) -> None:
        """Offer these, one of them shown."""
        clear(self._line)
        self.control = None
        if len(halls) > MOST_HALLS:
            fill = partial(self._fill, halls)
            self.control = MenuButton(shown.name if shown else "", fill, "plain", "arrow-down-s-line")
        elif len(halls) > 1:
            self.control = Segmented([(hall.id, hall.name) for hall in halls], shown.id if shown else None)
            self.control.chosen.connect(self.chosen)
        if self.control is not None:
            self._line.addWidget(self.control)

    def _fill(self, halls: Sequence[HallPlan], menu: Menu) -> None:
        for hall in halls:
            menu.add(hall.name, partial(self.chosen.emit, hall.id))


def hall_fact(hall: HallPlan) -> str:
    """1 号馆 · 176 个展位 + 32 个服务机构台位 · 8 个展位未到场."""
    tenants = [booth.tenant for booth in hall.booths if booth.tenant is not None]
    services = sum(tenant.kind is ExhibitorKind.SERVICE for tenant in tenants)
    booths = _("{n} 个展位").format(n=f"{len(hall.booths) - services:,}")
    if services:
        booths += _(" + {n} 个服务机构台位").format(n=f"{services:,}")
    words = [hall.name, booths]
    absent, free = sum(tenant.is_absent for tenant in tenants), len(hall.booths) - len(tenants)
    if absent:
        words.append(_("{n} 个展位未到场").format(n=f"{absent:,}"))
    if free:
        words.append(_("空展位 {n} 个").format(n=f"{free:,}"))
    if hall.lost:
        words.append(_("{n} 个不在图上").format(n=f"{len(hall.lost):,}"))
    return " · ".join(words)


class Tools(QWidget):
    """Two groups of controls: beside each other, the second at the right; below each other where it is too narrow."""

    def __init__(self, left: QWidget, right: QWidget) -> None:
        super().__init__()
        self._line = row(self, theme.Space.M)
        self._left, self._right = left, right
        self._line.addWidget(left, 1)
        self._line.addWidget(right)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        width = max(self._left.minimumSizeHint().width(), self._right.minimumSizeHint().width())
        return QSize(width, self._line.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        need = self._left.minimumSizeHint().width() + self._right.sizeHint().width() + 2 * theme.Space.M
        way = QBoxLayout.Direction.LeftToRight if self.width() >= need else QBoxLayout.Direction.TopToBottom
        if way != self._line.direction():
            self._line.setDirection(way)
            self.updateGeometry()


class TrayChip(DragCard):
    """An exhibitor without a booth: dragged onto a booth, or pressed to see who it is."""

    def __init__(self, waiting: Tenant, may_drag: bool) -> None:
        super().__init__(waiting.name, may_drag, theme.Height.CHIP, "border.button")
        self.waiting = waiting
        line = row(self)
        line.setContentsMargins(theme.Space.M, theme.Space.XS, theme.Space.M, theme.Space.XS)
        line.addWidget(Label(waiting.name, "fact"))


class Tray(QWidget):
    """Exhibitors without a booth; hidden when there are none."""

    pressed = Signal(object)
    dragged = Signal(object, QPoint)  # Tenant, place on the screen
    dropped = Signal(object, QPoint)

    def __init__(self) -> None:
        super().__init__()
        outer = column(self, 0)
        outer.addWidget(Line())
        box = QWidget()
        line = row(box, theme.Space.M)
        line.setContentsMargins(theme.Space.M, theme.Space.S, theme.Space.M, theme.Space.S)
        self._title = Label("", "caption.bold")
        line.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        content = QWidget()
        self._flow = FlowLayout(content, theme.Space.S)
        self._area = scrolled(content)
        self._area.setMaximumHeight(TRAY)
        line.addWidget(self._area, 1)
        outer.addWidget(box)
        self.chips: list[TrayChip] = []
        self._may_drag = False
        self.hide()

    def set_waiting(self, waiting: Iterable[Tenant]) -> None:
        """Show these."""
        found = list(waiting)
        clear(self._flow)
        self.chips = []
        for one in found[:MOST_CHIPS]:
            chip = TrayChip(one, self._may_drag)
            for told, tell in (
                (chip.pressed, self.pressed),
                (chip.dragged, self.dragged),
                (chip.dropped, self.dropped),
            ):
                told.connect(partial(tell.emit, one))
            self.chips.append(chip)
            self._flow.addWidget(chip)
        self._title.setText(_("待分配 {n} 家").format(n=f"{len(found):,}"))
        self.setVisible(bool(found))
        self._fit()

    def set_adjusting(self, on: bool) -> None:
        """Let them be dragged, or not."""
        self._may_drag = on
        for chip in self.chips:
            chip.may_drag = on

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self._area.viewport().width()
        self._area.setFixedHeight(min(TRAY, max(theme.Height.CHIP, self._flow.heightForWidth(room))))


class BoothPanel(DetailPanel):
    """A booth nobody stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.booth_id: uuid.UUID | None = None

    def show_booth(
        self, booth: PlanBooth, zone: str, moves: Sequence[tuple[str, str, str]], actions: Sequence[Button]
    ) -> None:
        """`moves`: (moment, who, operator), newest first; who "" means that it became empty."""
        self.booth_id = booth.id
        state = (booth.state.label, state_colours.pill(booth.state))
        self.set_head(booth.number, f"{booth.kind.label} {booth.area.normalize():,f} ㎡", [state])
        self.clear_tabs()
        body = self.add_tab(None, "")
        body.addWidget(FactRow(_("展区"), zone))
        body.addWidget(FactRow(_("尺寸"), f"{booth.width:g} × {booth.depth:g} m"))
        if booth.note:
            body.addWidget(FactRow(_("备注"), booth.note))
        if moves:
            body.addWidget(Line())
            body.addWidget(SectionTitle(_("使用记录")))
            for moment, who, operator in moves:
                body.addWidget(ItemRow(moment, " · ".join(filter(None, (who or _("腾出"), operator))), "history-line"))
        self.set_actions(*actions)
