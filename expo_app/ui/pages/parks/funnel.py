"""转化: from the first visit to the landed project. Heights fall by step, not by proportion: the numbers say how much.

A step that nobody reported is dashed, hatched and —; a press on a step, or Enter on the one ←→ chose, tells which.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from expo_app.i18n import _
from expo_app.model import ParkTotal
from expo_app.plain_text import shown
from expo_app.specs.park_shown import Funnel, ParkCard
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import CENTER, ElidedLabel, Label, SectionTitle, elided
from expo_app.ui.kit.panels import Card, row
from expo_app.ui.pages.parks import words

HEIGHT, LOW_HEIGHT = 226, 196
TOKENS = ("primary", "primary", "primary", "cat.research", "ok.solid")
FIRST, FALL = 1.0, 0.15
"""Height of the first edge, and how much each further one is lower, as parts of the room."""
GAP, LINES = 3, 36
"""px between two steps, and of the two lines below one."""
ORDER = tuple(words.STEPS)


class FunnelView(QWidget):
    """`pressed(step)`: a `ParkTotal`."""

    pressed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.funnel: Funnel | None = None
        self.chosen: ParkTotal | None = None
        self._at, self._under = 0, -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(560, 130)

    def minimumSizeHint(self) -> QSize:
        return QSize(360, 84)

    def set(self, funnel: Funnel, chosen: ParkTotal | None) -> None:
        """Show other numbers; `chosen`: the step that the table is narrowed to."""
        self.funnel, self.chosen = funnel, chosen
        self.setAccessibleName(" · ".join(f"{_(words.STEPS[step][0])} {self.value(step)}" for step in ORDER))
        self.update()

    def value(self, step: ParkTotal) -> str:
        """What a step says."""
        return words.count(self.funnel.steps.get(step)) if self.funnel else words.MISSING

    def about(self, step: ParkTotal) -> str:
        """The words below its name."""
        if self.funnel is None or self.funnel.steps.get(step) is None:
            return _("未报道")
        centres = self.funnel.beside.get(ParkTotal.RESEARCH_CENTRES)
        if step is ParkTotal.TENANTS and centres is not None and centres.value:
            return _("其中研发中心 {n}").format(n=words.count(centres))
        return _(words.STEPS[step][1]) if words.STEPS[step][1] else ""

    def shape(self, place: int) -> QPolygonF:
        """The outline of a step."""
        high = max(40.0, self.height() - LINES - 12)
        each = self.width() / len(ORDER)
        left, right = place * each + 1, (place + 1) * each - GAP
        tall = [high * (FIRST - FALL * edge) for edge in (place, place + 1)]
        middle = high / 2 + 4
        return QPolygonF(
            [
                QPointF(left, middle - tall[0] / 2), QPointF(right, middle - tall[1] / 2),
                QPointF(right, middle + tall[1] / 2), QPointF(left, middle + tall[0] / 2),
            ]
        )  # fmt: skip

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, step in enumerate(ORDER):
            self._step(painter, place, step)

    def _step(self, painter: QPainter, place: int, step: ParkTotal) -> None:
        outline, is_known = self.shape(place), self.funnel is not None and self.funnel.steps.get(step) is not None
        token = TOKENS[place]
        if is_known:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(token))
            painter.drawPolygon(outline)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(theme.color("border"), Qt.BrushStyle.BDiagPattern))
            painter.drawPolygon(outline)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("border.strong"), 1, Qt.PenStyle.DashLine))
            painter.drawPolygon(outline)
        if place == self._under or step is self.chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("text.1"), 2 if step is self.chosen else 1))
            painter.drawPolygon(outline)
        if self.hasFocus() and place == self._at:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(outline.boundingRect().adjusted(2, 2, -2, -2), 4, 4)
        box = outline.boundingRect()
        painter.setFont(theme.font("title"))
        ink = "text.2" if not is_known else "on.ok" if token == "ok.solid" else "on.primary"  # noqa: S105
        painter.setPen(theme.color(ink))
        painter.drawText(box, CENTER, elided(self.value(step), painter.fontMetrics(), box.width()))
        self._words(painter, QRectF(box.x(), self.height() - LINES, box.width(), LINES), step)

    def _words(self, painter: QPainter, box: QRectF, step: ParkTotal) -> None:
        half = box.height() / 2
        for text, role, token, top in (
            (_(words.STEPS[step][0]), "strong", "text.1", box.y()),
            (self.about(step), "caption", "text.2", box.y() + half),
        ):
            painter.setFont(theme.font(role))
            painter.setPen(theme.color(token))
            line = QRectF(box.x(), top, box.width(), half)
            painter.drawText(line, CENTER, elided(text, painter.fontMetrics(), box.width()))

    # --- choosing ---

    def place_at(self, x: float) -> int:
        """The step there."""
        return max(0, min(int(x * len(ORDER) / max(self.width(), 1)), len(ORDER) - 1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._under = self.place_at(event.position().x())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._under = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._at = self.place_at(event.position().x())
            self.pressed.emit(ORDER[self._at])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps:
            self._at = max(0, min(self._at + steps[Qt.Key(event.key())], len(ORDER) - 1))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit(ORDER[self._at])
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.funnel is not None:
            amount = self.funnel.steps.get(ORDER[self.place_at(event.pos().x())])
            said = [amount.on, amount.source] if amount else [_("没有报道，不推算")]
            QToolTip.showText(event.globalPos(), shown(" · ".join(filter(None, said))), self)
            return True
        return super().event(event)


class FunnelCard(Card):
    """The funnel of a park with its rates."""

    def __init__(self) -> None:
        super().__init__(padding=theme.Space.L)
        self.set_padding(theme.Space.L, theme.Space.S)
        self.view = FunnelView()
        self.body.setSpacing(theme.Space.XS)
        head = row(spacing=theme.Space.M)
        self._about = ElidedLabel("", "fact")
        head.addWidget(SectionTitle(_("转化")))
        head.addWidget(self._about, 1)
        head.addWidget(Label(_("点一段看名单"), "fact"))
        self.body.addLayout(head)
        self.body.addWidget(self.view, 1)
        self.rates = ElidedLabel("", "fact")
        self.body.addWidget(self.rates)

    def set(self, park: ParkCard, chosen: ParkTotal | None) -> None:
        """Show a park's."""
        funnel = park.funnel
        said = (park.name, words.span(funnel), _(funnel.origin))
        source = next((one.source for one in funnel.steps.values() if one is not None and one.source), "")
        self._about.set_text(" · ".join(filter(None, said)), source)
        self.view.set(funnel, chosen)
        self.rates.set_text("    ".join(words.rates(funnel)))

    def fit(self, is_low: bool) -> None:
        """Its height, less in a low window."""
        self.setFixedHeight(LOW_HEIGHT if is_low else HEIGHT)
