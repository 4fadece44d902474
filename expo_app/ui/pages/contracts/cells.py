"""How the register's cells are painted: the ring of what is missing, and cells of two lines."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from expo_app.i18n import _
from expo_app.rules import tech_contracts
from expo_app.specs.contracts import Line
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.labels import elided
from expo_app.ui.kit.table import Index
from expo_app.ui.kit.table_cells import PAD, CellDelegate, advance, draw_two_lines
from expo_app.ui.kit.table_view import TableView

ROW, RING, BIG_RING = 45, 18, 64
MANY, ARROW = 5, " → "
"""So many missing items are red."""
SOON, AT_ONCE = 10, 3
"""Days left that are amber, and red."""


@dataclass(frozen=True)
class Cell:
    """A cell of two lines: words over small words, the token of their colour, and of the mark before them ("" none)."""

    words: str
    small: str = ""
    token: str = "text.1"  # noqa: S105  (a colour)
    mark: str = ""
    sides: tuple[str, str] | None = None
    # Seller and buyer, who share the room behind the small words: neither hides the other.


def shared(seller: str, buyer: str, room: float) -> str:
    """Seller → buyer in `room` px: each cut to half of it, or to what the other leaves."""
    metrics = QFontMetrics(theme.font("caption"))
    room -= metrics.horizontalAdvance(ARROW)
    wide = metrics.horizontalAdvance(buyer)
    seller = elided(seller, metrics, max(room / 2, room - wide))
    return seller + ARROW + elided(buyer, metrics, max(0, room - metrics.horizontalAdvance(seller)))


def missing_token(line: Line) -> str:
    """Green for nothing missing, amber for a little, red for much."""
    return "ok" if not line.lacking else "warn" if line.lacking < MANY else "bad"


def widths() -> dict[str, int]:
    """How wide the columns are that the register paints, by name, in the language of the moment."""
    kinds = [advance("body", _(word)) for word in tech_contracts.kind_names()]
    kinds += [advance("caption", _(word)) for word in tech_contracts.subkind_names()]
    dues = [advance("body", "0000-00-00"), advance("caption", _("还有 {n} 天").format(n=30))]
    counts = [advance("caption", missing_words(count)) for count in (0, 10)]
    return {
        "materials": RING + theme.Space.S + max(counts) + 2 * PAD,
        "contract_kind": theme.Space.M + max(kinds) + 2 * PAD,
        "due": max(dues) + 2 * PAD,
    }


def arc_token(colour: str) -> str:
    """A line of amber is bright where words of it are dark."""
    return "warn.solid" if colour == "warn" else colour


def missing_words(count: int) -> str:
    return _("缺 {n} 项").format(n=count) if count else _("齐全")


def due_token(days: int | None) -> str:
    """Amber where little time is left, red for next to none or past."""
    if days is None or days > SOON:
        return "text.1"
    return "bad" if days <= AT_ONCE else "warn"


def draw_ring(painter: QPainter, box: QRectF, part: float, token: str, width: float) -> None:
    """How much is there, as a ring from the top clockwise."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("border"), width))
    painter.drawEllipse(inner)
    painter.setPen(QPen(theme.color(token), width, c=Qt.PenCapStyle.FlatCap))
    painter.drawArc(inner, 90 * 16, -round(360 * 16 * part))


class Ring(QWidget):
    """18/20 in a ring."""

    def __init__(self, done: int, total: int, token: str) -> None:
        super().__init__()
        self._done, self._total, self._token = done, total, token
        self.setFixedSize(BIG_RING, BIG_RING)
        self.setAccessibleName(f"{done}/{total}")

    def sizeHint(self) -> QSize:
        return QSize(BIG_RING, BIG_RING)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), QRectF(self.rect())
        part = self._done / self._total if self._total else 1
        draw_ring(painter, box, part, arc_token(self._token), 6)
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.color("text.1"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{self._done}/{self._total}")


class RegisterDelegate(CellDelegate):
    """`line(id)` is the contract of a row, `cell(column, id)` its two lines, None for a cell of the usual kind."""

    def __init__(
        self, view: TableView, line: Callable[[uuid.UUID], Line | None], cell: Callable[[str, uuid.UUID], Cell | None]
    ) -> None:
        super().__init__(view)
        self._line, self._cell = line, cell

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        name, key = self._of(index)
        line = self._line(key) if name == "materials" else None
        cell = self._cell(name, key)
        if line is None and cell is None:
            super().paint(painter, option, index)
            return
        painter.save()
        self._ground(painter, option.rect, index, bool(option.state & QStyle.StateFlag.State_Selected))
        if line is not None:
            self._materials(painter, QRectF(option.rect), line)
        elif cell is not None:
            self._two_lines(painter, QRectF(option.rect), cell)
        painter.restore()

    def _of(self, index: Index) -> tuple[str, uuid.UUID]:
        model = self._view.rows_model
        return model.columns[index.column()].name, model.id_at(index.row())

    def _materials(self, painter: QPainter, cell: QRectF, line: Line) -> None:
        token = missing_token(line)
        box = QRectF(cell.x() + PAD, cell.center().y() - RING / 2, RING, RING)
        part = (line.total - line.lacking) / line.total if line.total else 1
        draw_ring(painter, box, part, arc_token(token), 2.5)
        if not line.lacking:
            icons.draw(painter, "check-line", token, box.adjusted(3, 3, -3, -3))
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color(token))
        words = QRectF(box.right() + 6, cell.y(), cell.right() - box.right() - PAD, cell.height())
        said = elided(missing_words(line.lacking), painter.fontMetrics(), words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, said)

    def _two_lines(self, painter: QPainter, rect: QRectF, cell: Cell) -> None:
        if cell.mark:
            painter.fillRect(QRectF(rect.x() + PAD, rect.y() + 9, 8, 8), theme.color(cell.mark))
            rect = rect.adjusted(theme.Space.M, 0, 0, 0)
        if cell.small:
            small = cell.small
            if cell.sides:
                small += shared(*cell.sides, rect.width() - 2 * PAD - advance("caption", cell.small))
            draw_two_lines(painter, rect, cell.words, small, (), "body", cell.token)
            return
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color(cell.token))
        inner = rect.adjusted(PAD, 0, -PAD, 0)
        said = elided(cell.words, painter.fontMetrics(), inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, said)

    def whole_text(self, index: Index) -> str:
        """Full names, where the cell says short ones."""
        name, key = self._of(index)
        cell = self._cell(name, key)
        if cell is None:
            return "" if name == "materials" else super().whole_text(index)
        room = self._view.columnWidth(index.column()) - 2 * PAD
        small = cell.small + (ARROW.join(cell.sides) if cell.sides else "")
        fits = advance("body", cell.words) <= room and advance("caption", small) <= room
        return "" if fits else f"{cell.words}\n{small}".strip()
