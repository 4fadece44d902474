"""The cards of the gallery: a thumbnail painted by the document's shape, its formats, when it was made last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QSizePolicy, QWidget

from expo_app.documents import Document
from expo_app.i18n import _
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import draw_box, draw_pill, elided, pill_width

FORMATS = {"pdf": "PDF", "docx": "Word", "xlsx": "Excel"}
CARD_WIDTH, CARD_HEIGHT, THUMBNAIL = 186, 202, 128
SHEET, WIDE_SHEET = (92, 110), (136, 100)
LINE = 5.0
"""Pixels: the narrowest card, its height, its picture, and what is drawn there: paper upright and across, one row."""


class DocumentCard(QAbstractButton):
    """One document; chosen by mouse, Space or arrow keys."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document, self.last = document, ""
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(CARD_HEIGHT)
        self.set_last("")

    def set_last(self, words: str) -> None:
        """Say when it was made last; "" for never."""
        self.last = words
        formats = "、".join(FORMATS[kind] for kind in self.document.formats)
        self.setAccessibleName(f"{_(self.document.title)} {formats} {words}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(CARD_WIDTH, CARD_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        title, room = _(self.document.title), self.width() - 2 * theme.Space.M
        fits = QFontMetrics(theme.font("strong")).horizontalAdvance(title) <= room
        self.setToolTip("" if fits else title)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), QRectF(self.rect())
        chosen, focused = self.isChecked(), self.hasFocus()
        edge = "focus" if focused else "primary" if chosen else "border.strong" if self.underMouse() else "border"
        ground = "primary.soft" if chosen else "bg.surface"
        draw_box(painter, box, theme.color(ground), theme.color(edge), line=2 if focused else 1)
        inner = box.adjusted(theme.Space.M, theme.Space.M, -theme.Space.M, -theme.Space.M)
        frame = QRectF(inner.x(), inner.y(), inner.width(), THUMBNAIL)
        draw_box(painter, frame, theme.color("bg.subtle"), theme.color("border"), theme.Radius.CONTROL)
        draw_thumbnail(painter, frame, self.document.shape)
        self._draw_words(painter, QRectF(inner.x(), frame.bottom(), inner.width(), inner.bottom() - frame.bottom()))

    def _draw_words(self, painter: QPainter, box: QRectF) -> None:
        left, middle = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.color("text.1"))
        title = elided(_(self.document.title), painter.fontMetrics(), box.width())
        below = box.bottom() - theme.Height.PILL
        painter.drawText(QRectF(box.x(), box.y(), box.width(), below - box.y()), left | middle, title)
        x = box.x()
        for kind in self.document.formats:
            width = pill_width(FORMATS[kind], shape=False)
            draw_pill(painter, QRectF(x, below, width, theme.Height.PILL), "mute", FORMATS[kind], shape=False)
            x += width + theme.Space.XS
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.3"))
        room = QRectF(x, below, box.right() - x, theme.Height.PILL)
        words = elided(self.last or "—", painter.fontMetrics(), room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | middle, words)


# --- thumbnails -------------------------------------------------------------------------------------------------------
def draw_thumbnail(painter: QPainter, frame: QRectF, shape: str) -> None:
    """A page in small, in the middle of `frame`; KeyError for an unknown shape."""
    wide, high = WIDE_SHEET if shape in ("grid", "plan") else SHEET
    paper = QRectF(round(frame.center().x() - wide / 2), round(frame.center().y() - high / 2), wide, high)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillRect(paper.translated(2, 2), theme.tint("shadow", 0.18))
    painter.fillRect(paper, theme.color("bg.surface"))
    inner = paper.adjusted(8, 8, -8, -6)
    bar(painter, inner.x(), inner.y(), 46, 5, "text.1")
    bar(painter, inner.x(), inner.y() + 9, 30, 3, "text.3")
    SHAPES[shape](painter, inner.adjusted(0, 17, 0, 0))


def bar(painter: QPainter, x: float, y: float, width: float, height: float, token: str) -> None:
    """A line of writing."""
    painter.fillRect(QRectF(x, y, width, height), theme.color(token))


def _chart(painter: QPainter, box: QRectF) -> None:
    for number, token in enumerate(("primary", "cat.research", "cat.mfg")):
        x = box.x() + number * box.width() / 3
        bar(painter, x, box.y(), box.width() / 3 - 4, 12, "primary.soft")
        bar(painter, x + 4, box.y() + 4, 12, 4, token)
    top, low = box.y() + 20, box.y() + 46
    path = QPainterPath(QPointF(box.x(), low))
    path.cubicTo(QPointF(box.x() + 22, top - 8), QPointF(box.x() + 44, top + 4), QPointF(box.right(), top + 20))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("primary"), 1.4))
    painter.drawPath(path)
    for number, part in enumerate((1, 1, 1, 0.6)):
        bar(painter, box.x(), low + 8 + number * LINE * 1.4, box.width() * part, 2, "border.button")


def _table(painter: QPainter, box: QRectF) -> None:
    bar(painter, box.x(), box.y(), box.width(), LINE, "primary.soft")
    for number in range(1, int(box.height() / (LINE * 1.6))):
        y = box.y() + number * LINE * 1.6
        bar(painter, box.x(), y, 16, 2, "text.3")
        bar(painter, box.x() + 22, y, 30, 2, "border.button")
        bar(painter, box.right() - 16, y, 16, 2, "border.strong")


def _grid(painter: QPainter, box: QRectF) -> None:
    width = box.width() / 3
    for place, (part, token) in enumerate(
        ((0.26, "cat.it"), (0.26, "cat.research"), (0.2, "cat.it"), (0.2, "cat.energy"), (0.32, "cat.mfg"),
         (0.3, "plum"), (0.34, "cat.it"), (0.24, "cat.health"), (0.3, "cat.it"))
    ):  # fmt: skip
        y = box.y() + place // 3 * box.height() / 3
        bar(painter, box.x() + place % 3 * width, y, width - 4, box.height() * part, f"{token}.soft")


def _cards(painter: QPainter, box: QRectF) -> None:
    wide, high = box.width() / 3, box.height() / 2
    for place in range(6):
        x, y = box.x() + place % 3 * wide, box.y() + place // 3 * high
        bar(painter, x, y, wide - 4, high - 5, "bg.subtle")
        bar(painter, x, y, wide - 4, 7, "primary")
        bar(painter, x + wide / 2 - 6, y + 14, 8, 8, "text.1")


def _plan(painter: QPainter, box: QRectF) -> None:
    painter.setPen(QPen(theme.color("border.strong"), 1))
    painter.drawRect(box)
    tokens = ("cat.it", "cat.energy", "cat.mfg", "cat.it", "cat.health", "cat.energy", "cat.research")
    wide, high = (box.width() - 8) / 7, (box.height() - 8) / 4
    for place in range(28):
        x, y = box.x() + 4 + place % 7 * wide, box.y() + 4 + place // 7 * high
        bar(painter, x, y, wide - 2, high - (6 if place // 7 % 2 else 2), f"{tokens[place * 3 % 7]}.soft")


SHAPES: dict[str, Callable[[QPainter, QRectF], None]] = {
    "chart": _chart, "table": _table, "grid": _grid, "cards": _cards, "plan": _plan,
}  # fmt: skip
"""How a document's shape is drawn; a test holds it against `documents.all_documents`."""


class Gallery(QWidget):
    """The cards, as many beside each other as fit; `chosen(document)`."""

    chosen = Signal(object)

    def __init__(self, documents: Sequence[Document]) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.Space.M)
        self._group = QButtonGroup(self)
        self.cards = {document.name: DocumentCard(document) for document in documents}
        for card in self.cards.values():
            self._group.addButton(card)
            card.toggled.connect(partial(self._on_toggled, card.document))  # arrow keys choose without a click
        self.shown: list[str] = list(self.cards)
        self._across, self._is_told = 0, False
        self._arrange(1)

    def show_only(self, names: Sequence[str]) -> None:
        """Show these cards, in the order of the table."""
        self.shown = [name for name in self.cards if name in set(names)]
        self._arrange(self._across, again=True)

    def choose(self, name: str) -> None:
        """Choose a card without a signal; KeyError for an unknown name."""
        self._is_told = True
        self.cards[name].setChecked(True)
        self._is_told = False

    def _on_toggled(self, document: Document, on: bool) -> None:
        if on and not self._is_told:
            self.chosen.emit(document)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        gap = theme.Space.M
        self._arrange(max(1, (self.width() + gap) // (CARD_WIDTH + gap)))

    def _arrange(self, across: int, again: bool = False) -> None:
        if across == self._across and not again:
            return
        for card in self.cards.values():
            self._grid.removeWidget(card)
            if card.document.name not in self.shown:
                card.hide()
        for column in range(max(across, self._across)):
            self._grid.setColumnStretch(column, 1 if column < across else 0)
        for place, name in enumerate(self.shown):
            self._grid.addWidget(self.cards[name], place // across, place % across)
            self.cards[name].show()
        self._across = across
