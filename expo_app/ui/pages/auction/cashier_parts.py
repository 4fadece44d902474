"""Painted parts of the cashier: rows of paddles with an amount and a state, and what a buyer owes for each lot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.rules.auction_words import paddle_no
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import CENTER, LEFT, RIGHT, draw_pill, pill_width, write

ROW, CHIP_WIDE, CHIP_HIGH, GAP, HEAD = 34, 32, 24, 8, 32
MONEY = 116
"""Least width of a column of money."""


def yuan(amount: Decimal) -> str:
    """1,564,250.00, with a true minus sign."""
    return f"{amount:,.2f}".replace("-", "−")


@dataclass(frozen=True)
class PaddleLine:
    """A paddle, an amount in yuan, small words, and a state as (words, kind); `is_past`: nothing is to be done."""

    paddle: int
    amount: Decimal
    state: tuple[str, str]
    more: str = ""
    is_past: bool = False


def draw_number(painter: QPainter, box: QRectF, text: str, is_on: bool = False) -> None:
    """A paddle's or lot's number on its chip."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("primary" if is_on else "plum.soft"))
    painter.drawRoundedRect(box, theme.Radius.MARK, theme.Radius.MARK)
    write(painter, box, text, theme.font("caption.bold"), "on.primary" if is_on else "plum", CENTER)


class PaddleRows(QWidget):
    """`picked(paddle)`: one was pressed. `current`: the one that is being served."""

    picked = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.lines: tuple[PaddleLine, ...] = ()
        self.current: int | None = None
        self._under = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set(self, lines: Sequence[PaddleLine], current: int | None) -> None:
        """Show these."""
        self.lines, self.current = tuple(lines), current
        told = (f"{paddle_no(line.paddle)} {yuan(line.amount)} {line.state[0]}" for line in self.lines)
        self.setAccessibleName(f"{self._name} " + _("；").join(told))
        self.setFixedHeight(max(1, ROW * len(self.lines)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.Space.XXXL * 4, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        states = [pill_width(line.state[0]) for line in self.lines]
        more = max((QFontMetrics(theme.font("caption")).horizontalAdvance(x.more) for x in self.lines), default=0)
        right = self.width() - max(states, default=0) - GAP
        body = QFontMetrics(theme.font("body"))
        money_wide = max((body.horizontalAdvance(yuan(line.amount)) for line in self.lines), default=0)
        if right - 2 * GAP - CHIP_WIDE - more - GAP < money_wide:
            more = 0  # an amount is always whole; the day stands above all of them as well
        for at, (line, wide) in enumerate(zip(self.lines, states, strict=True)):
            box = QRectF(0, at * ROW, self.width(), ROW)
            if not box.intersects(QRectF(event.rect())):
                continue
            is_on = line.paddle == self.current
            if is_on or at == self._under:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("bg.selected" if is_on else "bg.hover"))
                painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), theme.Radius.CONTROL, theme.Radius.CONTROL)
            middle = box.center().y()
            draw_number(painter, QRectF(GAP, middle - CHIP_HIGH / 2, CHIP_WIDE, CHIP_HIGH),
                        paddle_no(line.paddle), is_on)  # fmt: skip
            tone = "text.3" if line.is_past else "text.1"
            edge = right - (more + GAP if more else 0)
            money = QRectF(GAP + CHIP_WIDE, box.y(), edge - GAP - CHIP_WIDE - GAP, ROW)
            write(painter, money, yuan(line.amount), theme.font("body"), tone, RIGHT)
            if line.more and more:
                small = QRectF(edge, box.y(), more + 1, ROW)
                write(painter, small, line.more, theme.font("caption"), "text.2", LEFT)
            pill = QRectF(self.width() - wide - 2, middle - theme.Height.PILL / 2, wide, theme.Height.PILL)
            draw_pill(painter, pill, line.state[1], line.state[0])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        under = int(event.position().y() // ROW)
        if under != self._under:
            self._under = under
            self.update()

    def leaveEvent(self, event: object) -> None:
        self._under = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = int(event.position().y() // ROW)
        if event.button() == Qt.MouseButton.LeftButton and 0 <= at < len(self.lines):
            self.picked.emit(self.lines[at].paddle)


@dataclass(frozen=True)
class OwedLine:
    """A lot: its number, title, and amounts in yuan; `state` of its paper as (words, kind)."""

    lot_no: str
    title: str
    hammer: Decimal
    commission: Decimal
    deposit: Decimal
    state: tuple[str, str] = ("", "mute")


class OwedTable(QWidget):
    """What is owed lot by lot, with a sum."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[OwedLine, ...] = ()
        self.total: OwedLine | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def headers(self) -> tuple[str, ...]:
        return (_("标的"), _("成交价"), _("佣金"), _("已付保证金"), _("确认书"))

    def set(self, lines: Sequence[OwedLine], total: OwedLine | None) -> None:
        """Show these and their sum, where there is one."""
        self.lines, self.total = tuple(lines), total
        rows = self._rows
        told = [f"{x.lot_no} {x.title} {yuan(x.hammer)} {yuan(x.commission)} {yuan(-x.deposit)} {x.state[0]}"
                for x in rows]  # fmt: skip
        self.setAccessibleName(_("；").join(told))
        self.setFixedHeight(HEAD + ROW * len(rows))
        self.update()

    @property
    def _rows(self) -> list[OwedLine]:
        return [*self.lines, *([self.total] if self.total else [])]

    def _edges(self) -> list[float]:
        """Right ends of the title and the columns of money, and the left one of the state."""
        body = QFontMetrics(theme.font("strong"))
        columns = list(zip(*((x.hammer, x.commission, -x.deposit) for x in self._rows), strict=True)) or [()] * 3
        widths = [
            max([MONEY * 0.8, *(body.horizontalAdvance(yuan(amount)) + 2 * GAP for amount in amounts)])
            for amounts in columns
        ]
        header = QFontMetrics(theme.font("caption.bold")).horizontalAdvance(self.headers[4])
        state = max([header, *(pill_width(x.state[0]) for x in self.lines)]) + 3 * GAP
        right = self.width() - max(state, MONEY * 0.7)
        first = right - widths[2] - widths[1]
        return [first - widths[0], first, right - widths[2], right, right + 2 * GAP]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, edges = QPainter(self), self._edges()
        painter.fillRect(QRectF(0, 0, self.width(), HEAD), theme.color("bg.subtle"))
        small = theme.font("caption.bold")
        left, right = theme.Space.L, RIGHT
        write(painter, QRectF(left, 0, 200, HEAD), self.headers[0], small, "text.2")
        for edge, words in zip(edges[1:4], self.headers[1:4], strict=True):
            write(painter, QRectF(edge - 120, 0, 120, HEAD), words, small, "text.2", right)
        write(painter, QRectF(edges[4], 0, 120, HEAD), self.headers[4], small, "text.2")
        for at, line in enumerate(self._rows):
            self._draw(painter, edges, HEAD + at * ROW, line, is_total=line is self.total)

    def _draw(self, painter: QPainter, edges: Sequence[float], top: float, line: OwedLine, is_total: bool) -> None:
        painter.setPen(theme.color("border"))
        painter.drawLine(QPointF(0, top), QPointF(self.width(), top))
        left, middle = theme.Space.L, top + ROW / 2
        if not is_total:
            wide = max(CHIP_WIDE, QFontMetrics(theme.font("caption.bold")).horizontalAdvance(line.lot_no) + 2 * GAP)
            draw_number(painter, QRectF(left, middle - CHIP_HIGH / 2, wide - 6, CHIP_HIGH), line.lot_no)
            left += wide + 2
        strong, body = theme.font("strong"), theme.font("body")
        room = edges[0] - left
        write(painter, QRectF(left, top, room, ROW), line.title, strong if is_total else body, "text.1")
        amounts = ((line.hammer, strong, "text.1"), (line.commission, strong if is_total else body, "text.1"),
                   (-line.deposit, strong if is_total else body, "ok" if line.deposit else "text.3"))  # fmt: skip
        for edge, (amount, face, token) in zip(edges[1:4], amounts, strict=True):
            write(painter, QRectF(edge - 160, top, 160, ROW), yuan(amount), face, token, RIGHT)
        if line.state[0]:
            wide = pill_width(line.state[0])
            pill = QRectF(edges[4], middle - theme.Height.PILL / 2, wide, theme.Height.PILL)
            draw_pill(painter, pill, line.state[1], line.state[0])
