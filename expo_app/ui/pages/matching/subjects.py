"""The list at the left of 建议: demands, or supply, a card for each; painted, so that hundreds cost what is seen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from expo_app.i18n import _
from expo_app.rules.amounts import in_words
from expo_app.specs.suggested import Subject
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import RIGHT, draw_box, draw_pill, pill_width, write

WIDTH, CARD = 268, 80
"""px of the list and of one card."""
PAD, BAR = 14, 3
FIELD_TONES = {
    "电子信息": "cat.it", "先进制造": "cat.mfg", "航空航天": "cat.mfg", "生物、医药和医疗器械": "cat.health",
    "新材料及其应用": "cat.research", "新能源与高效节能": "cat.energy", "环境保护与资源综合利用": "cat.energy",
    "核应用": "cat.energy", "农业": "cat.health", "现代交通": "cat.it", "城市建设与社会发展": "cat.service",
}  # fmt: skip
"""Colour of a field's mark; an organiser's own fields are grey. The word always stands beside it."""
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Entry:
    """A card: the subject, how many suggestions it has, and whether one of them waits for somebody."""

    subject: Subject
    count: int
    has_open: bool


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.entries: Sequence[Entry] = ()

    def set_entries(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _("，").join(filter(None, (entry.subject.read_title, entry.subject.owner, count_words(entry.count))))
        return entry if role == Qt.ItemDataRole.UserRole else None


def count_words(count: int) -> str:
    """How many suggestions a subject has."""
    return _("建议 {n} 条").format(n=count) if count else _("无建议")


class _Cards(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(WIDTH - 2, CARD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(Qt.ItemDataRole.UserRole)
        subject, box = entry.subject, QRectF(option.rect)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, theme.color("primary.soft" if chosen else "bg.hover"))
        if chosen:
            painter.fillRect(QRectF(box.x(), box.y(), BAR, box.height()), theme.color("primary"))
        painter.fillRect(QRectF(box.x(), box.bottom() - 1, box.width(), 1), theme.color("border"))
        inner = box.adjusted(PAD, 8, -PAD, -8)
        words = f"{entry.count}" if entry.count else _("无建议")
        wide = pill_width(words, shape=False)
        pill = QRectF(inner.right() - wide, inner.y(), wide, theme.Height.PILL)
        draw_pill(painter, pill, "info" if entry.has_open else "mute", words, shape=False)
        title = QRectF(inner.x(), inner.y(), inner.width() - wide - 6, 20)
        write(painter, title, subject.read_title, theme.font("strong"), "text.1")
        below = QRectF(inner.x(), inner.y() + 22, inner.width(), 17)
        write(painter, below, subject.owner, theme.font("caption"), "text.2")
        self._paint_marks(painter, QRectF(inner.x(), inner.y() + 43, inner.width(), 20), subject)
        painter.restore()

    def _paint_marks(self, painter: QPainter, line: QRectF, subject: Subject) -> None:
        amount = in_words(subject.amount) if subject.amount is not None else "—"
        if subject.spec == "service-items" and subject.amount is not None:
            amount = _("{amount} 元").format(amount=f"{subject.amount:,.2f}")
        room = line.width() - painter.fontMetrics().horizontalAdvance(amount)
        write(painter, line, amount, theme.font("caption"), "text.2" if subject.amount is not None else "text.3", RIGHT)
        left = line.x()
        for words, tone in ((_(subject.side.field), FIELD_TONES.get(subject.side.field, "mute")), (subject.region, "")):
            if not words:
                continue
            wide = min(pill_width(words, shape=bool(tone)), line.x() + room - left - 8)
            if wide < 40:
                break
            draw_pill(painter, QRectF(left, line.y(), wide, 20), tone or "mute", words, shape=bool(tone))
            left += wide + 6


class SubjectList(QListView):
    """The cards; `chosen(key)` when the person picks one. Keys belong to the page."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._model = _Model()
        self.setModel(self._model)
        self.setItemDelegate(_Cards(self))
        self.setFixedWidth(WIDTH)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setViewportMargins(1, 1, 1, 1)
        self.clicked.connect(self._on_clicked)

    @property
    def entries(self) -> Sequence[Entry]:
        """What is listed now."""
        return self._model.entries

    @property
    def key(self) -> uuid.UUID | None:
        """The subject chosen."""
        place = self.currentIndex()
        return self.entries[place.row()].subject.key if place.isValid() else None

    def show_entries(self, entries: Sequence[Entry], key: uuid.UUID | None) -> None:
        """List these; the one of `key` is chosen, else the first, and the list stays where it was scrolled to."""
        where = self.verticalScrollBar().value()
        self._model.set_entries(entries)
        place = next((n for n, entry in enumerate(entries) if entry.subject.key == key), 0)
        self.setCurrentIndex(self._model.index(place))
        self.verticalScrollBar().setValue(where)
        if entries and not self.viewport().rect().contains(self.visualRect(self.currentIndex()).center()):
            self.scrollTo(self.currentIndex())

    def step(self, by: int) -> None:
        """Choose the one so many further on."""
        place = self.currentIndex().row() + by
        if 0 <= place < len(self.entries):
            self.setCurrentIndex(self._model.index(place))
            self.scrollTo(self.currentIndex())
            self.chosen.emit(self.key)

    def _on_clicked(self, _index: QModelIndex) -> None:
        self.chosen.emit(self.key)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self.viewport())
        draw_box(painter, QRectF(self.viewport().rect()), theme.color("bg.surface"), theme.color("border"))
        painter.end()
        super().paintEvent(event)  # type: ignore[arg-type]
