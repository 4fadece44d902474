"""What stands around a TableView: its rounded frame, the totals below, room for a footer."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import Label, draw_box, elided
from expo_app.ui.kit.panels import column as column_layout
from expo_app.ui.kit.table import Column
from expo_app.ui.kit.table_cells import PAD
from expo_app.ui.kit.table_view import TableView

LONG_TOTAL = 20  # characters; longer words are said in full by the tooltip


class TotalsView(QWidget):
    """A row of totals under a table, its cells where the table's columns are, and below it a line of its own for what
    the figures leave out, which wraps. `set_totals({column name: words}, note)`.
    """

    def __init__(self, view: TableView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._totals: dict[str, str] = {}
        self._note = Label("", "secondary", wrap=True)
        self._lines = column_layout(self, 0)
        self._lines.addWidget(self._note)
        head = view.horizontalHeader()
        for signal in (head.sectionResized, head.sectionMoved, head.geometriesChanged):
            signal.connect(self._on_moved)
        view.horizontalScrollBar().valueChanged.connect(self._on_moved)
        self.set_totals({})
        self._on_moved()

    def _on_moved(self, *_where: int) -> None:
        left = self._view.columnViewportPosition(self._first()) + PAD
        self._lines.setContentsMargins(left, theme.Height.ROW, PAD, theme.Space.S)
        self.update()

    def _first(self) -> int:
        """The column under which the words begin."""
        columns = self._view.rows_model.columns
        return next((n for n, column in enumerate(columns) if column.kind != "check"), 0)

    def set_totals(self, totals: Mapping[str, str], note: str = "") -> None:
        """Words per column name, and in `note` what they leave out."""
        self._totals = dict(totals)
        self.setAccessibleName("  ".join(filter(None, [*self._totals.values(), note])))
        self.setToolTip("\n".join(words for words in self._totals.values() if len(words) > LONG_TOTAL))
        self._note.setText(note)
        self._note.setVisible(bool(note))
        room = QSizePolicy.Policy.Minimum if note else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, room)
        self.update()

    def sizeHint(self) -> QSize:
        return super().sizeHint() if self._note.text() else QSize(super().sizeHint().width(), theme.Height.ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height() if self._note.text() else theme.Height.ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.subtle"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("border"))
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.color("text.1"))
        taken = self.width()
        for section, column in reversed(list(enumerate(self._view.rows_model.columns))):
            words = self._totals.get(column.name)
            if words and not self._view.isColumnHidden(section):
                wide = painter.fontMetrics().horizontalAdvance(words)
                rect, side = self._place(section, column, taken, wide)
                said = elided(words, painter.fontMetrics(), rect.width())
                painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, said)
                own = painter.fontMetrics().horizontalAdvance(said)
                taken = (rect.right() - own if side == Qt.AlignmentFlag.AlignRight else rect.x()) - PAD

    def _place(self, section: int, column: Column, taken: int, wide: int) -> tuple[QRect, Qt.AlignmentFlag]:
        """Texts may run on over the empty cells after them, up to `taken`, where the next words begin: left ones, and
        figures as wide as no cell of their column is."""
        x = self._view.columnViewportPosition(section)
        width = self._view.columnWidth(section)
        if column.right and (wide <= width - PAD or taken <= x + width):
            return QRect(x, 0, width - PAD, theme.Height.ROW), Qt.AlignmentFlag.AlignRight
        return QRect(x + PAD, 0, max(width - PAD, taken - x - PAD), theme.Height.ROW), Qt.AlignmentFlag.AlignLeft


class TableCard(QFrame):
    """A table in its rounded frame, with the focus ring around it, and room below for totals and a footer."""

    def __init__(self, view: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.body = column_layout(self, 0, 2)
        self.body.addWidget(view, 1)
        view.installEventFilter(self)

    def add_below(self, widget: QWidget) -> None:
        """Put totals or a footer under the table."""
        self.body.addWidget(widget)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        focused = self._view.hasFocus()
        edge = theme.color("focus" if focused else "border")
        draw_box(QPainter(self), QRectF(self.rect()), theme.color("bg.surface"), edge, line=2 if focused else 1)
