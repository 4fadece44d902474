"""What stands around a floor plan: legend, zoom buttons, the tray of those without a booth, a free booth's panel."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.specs.floor_plan import Look, PlanBooth
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label, Line, SectionTitle, draw_box
from expo_app.ui.kit.panels import DetailPanel, FactRow, clear, column, row, scrolled
from expo_app.ui.pages.booths.plan_view import PlanView
from expo_app.ui.parts.plan_items import draw_look
from expo_app.ui.records import state_colours

SWATCH = 14
TRAY = 76  # px, the tray's greatest height
MOST_CHIPS = 200


class PlanCard(QFrame):
    """The plan in its rounded frame, with the focus ring around it, and room below."""

    def __init__(self, view: PlanView, content: QWidget) -> None:
        super().__init__()
        self._view = view
        self.body = column(self, 0, 2)
        self.body.addWidget(content, 1)
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        focused = self._view.hasFocus()
        edge = theme.color("focus" if focused else "border")
        draw_box(QPainter(self), QRectF(self.rect()), theme.color("bg.surface"), edge, line=2 if focused else 1)


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


class ZoomBar(QWidget):
    """− 100 % + and the whole hall."""

    def __init__(self, view: PlanView) -> None:
        super().__init__()
        line = row(self, theme.Space.XS)
        self.minus = IconButton("zoom-out-line", _("缩小（-）"), view.zoom_out)
        self.plus = IconButton("zoom-in-line", _("放大（+）"), view.zoom_in)
        self.whole = IconButton("fullscreen-line", _("看全馆（0）"), view.fit)
        self.words = Label("100%", "fact")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setMinimumWidth(theme.Space.XXXL)
        for widget in (self.minus, self.words, self.plus, self.whole):
            line.addWidget(widget)
        view.zoomed.connect(self._show)
        self._show(view.percent)

    def _show(self, percent: int) -> None:
        self.words.setText(f"{percent}%")
        self.minus.setEnabled(percent > 100)


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


@dataclass(frozen=True)
class Waiting:
    """An exhibitor without a booth."""

    key: uuid.UUID
    name: str


class TrayChip(QFrame):
    """One of them: dragged onto a booth, or pressed to see who it is."""

    pressed = Signal(object)
    dragged = Signal(object, QPoint)  # key, place on the screen
    dropped = Signal(object, QPoint)

    def __init__(self, waiting: Waiting) -> None:
        super().__init__()
        self.waiting, self.may_drag = waiting, False
        self._start: QPoint | None = None
        self._moving = False
        line = row(self)
        line.setContentsMargins(theme.Space.M, theme.Space.XS, theme.Space.M, theme.Space.XS)
        line.addWidget(Label(waiting.name, "fact"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(waiting.name)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._start, self._moving = event.position().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is None or not self.may_drag:
            return
        far = (event.position().toPoint() - self._start).manhattanLength()
        self._moving = self._moving or far >= QApplication.startDragDistance()
        if self._moving:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(self.waiting.key, event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        start, self._start = self._start, None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if start is None:
            return
        if self._moving:
            self._moving = False
            self.dropped.emit(self.waiting.key, event.globalPosition().toPoint())
        else:
            self.pressed.emit(self.waiting.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit(self.waiting.key)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        edge = "focus" if self.hasFocus() else "border.strong" if self.underMouse() else "border.button"
        line = 2 if self.hasFocus() else 1
        draw_box(
            QPainter(self), QRectF(self.rect()), theme.color("bg.surface"), theme.color(edge), self.height() / 2, line
        )


class Tray(QWidget):
    """Exhibitors without a booth; hidden when there are none."""

    pressed = Signal(object)
    dragged = Signal(object, QPoint)
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

    def set_waiting(self, waiting: Iterable[Waiting]) -> None:
        """Show these."""
        found = list(waiting)
        clear(self._flow)
        self.chips = []
        for one in found[:MOST_CHIPS]:
            chip = TrayChip(one)
            chip.may_drag = self._may_drag
            chip.pressed.connect(self.pressed)
            chip.dragged.connect(self.dragged)
            chip.dropped.connect(self.dropped)
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


class DragLabel(Label):
    """What is being dragged, beside the pointer."""

    def __init__(self, window: QWidget) -> None:
        super().__init__("", "fact", parent=window)
        self.setMargin(theme.Space.S)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        box = QRectF(self.rect())
        draw_box(QPainter(self), box, theme.color("bg.surface"), theme.color("focus"), theme.Radius.CONTROL)
        super().paintEvent(event)

    def follow(self, words: str, screen: QPoint, near: Callable[[QPoint], QPoint]) -> None:
        """Show `words` at a place on the screen; `near` maps it into the window."""
        self.setText(words)
        self.adjustSize()
        self.move(near(screen) + QPoint(theme.Space.M, theme.Space.M))
        self.raise_()
        self.show()
