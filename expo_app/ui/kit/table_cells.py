"""How a TableView paints its cells: one delegate for texts, pills, dots, bars and tick boxes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from expo_app import plain_text
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.labels import draw_box, draw_meter, draw_pill, elided, meter_token, pill_width
from expo_app.ui.kit.table import Column, Index

if TYPE_CHECKING:
    from expo_app.ui.kit.table_view import TableView

ROLES = {
    "body": ("body", "text.1"), "strong": ("strong", "text.1"), "muted": ("body", "text.2"),
    "caption": ("caption", "text.2"), "faded": ("body", "text.3"),
}  # fmt: skip
PAD, BAR, BOX, METER = theme.Space.M, 3, 16, 48
Span = tuple[int, int]
"""Characters from, to."""


class CellDelegate(QStyledItemDelegate):
    """Paints every kind of cell, with row hover, selection bar and hairline; shows whole texts as tooltips."""

    def __init__(self, view: "TableView") -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = self._view.rows_model
        column, rect = model.columns[index.column()], option.rect
        self._ground(painter, rect, index, bool(option.state & QStyle.StateFlag.State_Selected))
        value = model.value(index.row(), index.column())
        inner = QRectF(rect.adjusted(PAD, 0, -PAD, -1))
        if column.kind == "check":
            draw_check(painter, QPointF(rect.x() + PAD + BOX / 2, rect.center().y()), value)
        elif column.kind == "pill" and value is not None:
            self._pill(painter, inner, column, value)
        elif column.kind == "bar" and value is not None:
            self._bar(painter, inner, column, value)
        else:
            is_faded = model.is_faded(model.row(index.row()))
            self._words(painter, inner, replace(column, role="faded") if is_faded else column, value)

    def _ground(self, painter: QPainter, rect: QRect, index: Index, selected: bool) -> None:
        token = "bg.selected" if selected else "bg.hover" if index.row() == self._view.hovered else "bg.surface"
        painter.fillRect(rect, theme.color(token))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.color("border"))
        if selected and index.column() == self._view.first_column():
            painter.fillRect(rect.x(), rect.y(), BAR, rect.height(), theme.color("primary"))

    def _words(self, painter: QPainter, inner: QRectF, column: Column, value: Any) -> None:
        face, token = ROLES[column.role]
        if column.kind == "dot" and value is not None and column.tone:
            painter.fillRect(QRectF(inner.x(), inner.center().y() - 4, 8, 8), theme.color(column.tone(value)))
            inner = inner.adjusted(theme.Space.L, 0, 0, 0)
        elif column.tone and value is not None:
            token = column.tone(value) or token
        words = column.words(value)
        painter.setFont(theme.font(face))
        painter.setPen(theme.color("text.3" if words == "—" else token))
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        shown = elided(words, painter.fontMetrics(), inner.width())
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def _pill(self, painter: QPainter, inner: QRectF, column: Column, value: Any) -> None:
        tone = column.tone(value) if column.tone else "mute"
        words = column.words(value)
        width, height = min(inner.width(), pill_width(words)), theme.Height.PILL
        box = QRectF(inner.x(), inner.center().y() - height / 2, width, height)
        draw_pill(painter, box, tone, words)

    def _bar(self, painter: QPainter, inner: QRectF, column: Column, value: tuple[float, float]) -> None:
        done, total = value
        token = column.tone(value) if column.tone else meter_token(done, total)
        draw_meter(painter, QRectF(inner.x(), inner.center().y() - 3, METER, 6), done / total if total else 0, token)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.2"))
        painter.drawText(inner.adjusted(METER + 8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, column.words(value))

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        words = self.whole_text(index) if event.type() == QEvent.Type.ToolTip and index.isValid() else ""
        QToolTip.showText(event.globalPos(), plain_text.shown(words), view)
        return bool(words)

    def whole_text(self, index: Index) -> str:
        """The cell's words where they do not fit, else ""."""
        model = self._view.rows_model
        column = model.columns[index.column()]
        if column.kind in ("check", "bar"):
            return ""
        words = column.words(model.value(index.row(), index.column()))
        lead = theme.Space.L if column.kind == "dot" else 0
        need = pill_width(words) if column.kind == "pill" else lead + advance(ROLES[column.role][0], words)
        return words if need > self._view.columnWidth(index.column()) - 2 * PAD else ""


def advance(role: str, words: str) -> int:
    """Width of words in a role of theme.TYPE."""
    return QFontMetrics(theme.font(role)).horizontalAdvance(words)


def draw_check(painter: QPainter, center: QPointF, on: bool) -> None:
    """A tick box around `center`."""
    box = QRectF(center.x() - BOX / 2, center.y() - BOX / 2, BOX, BOX).toRect()
    ground, edge = ("primary", "primary") if on else ("bg.surface", "border.strong")
    draw_box(painter, QRectF(box), theme.color(ground), theme.color(edge), theme.Radius.MARK)
    if on:
        icons.draw(painter, "check-line", "on.primary", QRectF(box).adjusted(1, 1, -1, -1))


def draw_two_lines(
    painter: QPainter,
    cell: QRectF,
    words: str,
    small: str,
    spans: Sequence[Span] = (),
    face: str = "body",
    token: str = "text.1",
) -> None:
    """Words over small words, the characters of `spans` on amber."""
    x, room = cell.x() + PAD, cell.width() - 2 * PAD
    painter.setFont(theme.font(face))
    metrics = painter.fontMetrics()
    shown, at = elided(words, metrics, room), QPointF(x, cell.y() + 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("warn.soft"))
    for start, end in spans:
        left, right = (metrics.horizontalAdvance(shown[:n]) for n in (start, end))
        box = QRectF(at.x() + left, at.y() - metrics.ascent(), right - left, metrics.height())
        painter.drawRoundedRect(box, 3, 3)
    painter.setPen(theme.color(token))
    painter.drawText(at, shown)
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.color("text.2"))
    below = QRectF(x, cell.y() + 23, room, 18)
    painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, elided(small, painter.fontMetrics(), room))
