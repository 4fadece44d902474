"""The table of a vocabulary: cells edited in place, rows moved by handle or keys; what else is asked for goes out as a
verb. Every act has a key: F2 and Enter edit, Alt+↑↓ move, M merges, H hides, Del deletes.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QToolTip, QWidget

from expo_app import plain_text
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import repolish
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.labels import Label
from expo_app.ui.pages.vocabularies.cells import Column, Line, Part, WordDelegate, WordModel

ROW, TALL = 44, 58
MOST, LEAST, STRETCHED = 260, 96, 116
"""px that a column takes at most and keeps at least, and that one keeps which stretches."""
GIVING = ("text", "two", "strong", "pill")
"""Kinds of cells that may be cut where the table is narrow: the tooltip says the rest."""
PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
LETTERS = {Qt.Key.Key_M: "merge", Qt.Key.Key_H: "hide", Qt.Key.Key_Delete: "delete", Qt.Key.Key_Menu: "more"}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
Save = Callable[[uuid.UUID | None, str, str], Mapping[str, str]]
"""Keep what was typed in a cell (None: of a new word); problems by field, none where it is kept."""


class CellEditor(LineEditor):
    """The line in a cell: Enter and leaving keep, Tab keeps and goes on, Esc gives up.

    `on_key`("keep", "next", "back", "drop") says whether it is done with: Tab leaves what is refused, as it is.
    """

    def __init__(self, on_key: Callable[[str], bool], parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._on_key = on_key

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            verbs = {Qt.Key.Key_Tab: "next", Qt.Key.Key_Backtab: "back", Qt.Key.Key_Escape: "drop"}
            verb = "keep" if event.key() in ENTER else verbs.get(Qt.Key(event.key()), "")
            if verb and (self._on_key(verb) or verb in ("keep", "drop")):
                return True
        own = isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Escape, *ENTER)
        if own and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)


class WordTable(QTableView):
    """`asked(verb, word id, about)`: look, merge, hide, more, used, delete, untag or what a column `asks`;
    `moved(word id, place)`. `host`: the widget in which the line of a cell lies, and the words below a refused one.
    """

    asked = Signal(str, object, str)
    moved = Signal(object, int)
    current_changed = Signal()

    def __init__(self, name: str, columns: Sequence[Column], save: Save, host: QWidget, tall: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.horizontalHeader().setAccessibleName(name)
        self.words, self._save, self._host = WordModel(columns), save, host
        self.may_edit = self.can_move = True
        self.hovered = -1
        self._row_height = TALL if tall else ROW
        self._editor: CellEditor | None = None
        self._edited: tuple[uuid.UUID | None, str] = (None, "")
        self._pressed: Part | None = None
        self._dragged: uuid.UUID | None = None
        self._drop_at = -1
        self.problem = Label("", "cell.problem", wrap=True, parent=host)
        self.problem.hide()
        self._delegate = WordDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setModel(self.words)
        self._set_up()
        self.selectionModel().currentChanged.connect(lambda _new, _old: self.current_changed.emit())

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head, side = self.horizontalHeader(), self.verticalHeader()
        head.setHighlightSections(False)
        head.setFixedHeight(theme.Height.HEADER)
        head.setMinimumSectionSize(theme.Space.L)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(self._row_height)
        side.hide()

    # --- lines ---

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these words; the current cell stays, and so does what is being typed."""
        before, column = self.current_key(), self.currentIndex().column()
        if self._editor is not None and self._edited[0] is None:
            lines = [*lines, Line(None)]
        self.words.set_lines(lines)
        self._fit()
        place = self.words.place_of(before) if before is not None else -1
        if place >= 0:
            self.choose(before, column)
        if self._editor is not None:
            self._place_editor()

    def current_key(self) -> uuid.UUID | None:
        """The word of the current row."""
        index = self.currentIndex()
        return self.words.lines[index.row()].key if index.isValid() else None

    def choose(self, key: uuid.UUID | None, column: int = -1) -> None:
        """Make a word's row the current one."""
        place = self.words.place_of(key)
        if place >= 0:
            self.setCurrentIndex(self.words.index(place, max(0, column) if column >= 0 else self._first()))

    def _first(self) -> int:
        """The column of the name."""
        return next((n for n, column in enumerate(self.words.columns) if column.edited), 0)

    def _fit(self) -> None:
        """As high as its lines; columns as wide as their words, the rest to the one that stretches."""
        head = self.horizontalHeader().height()
        self.setFixedHeight(head + len(self.words.lines) * self._row_height + 2 * self.frameWidth())
        columns, room = self.words.columns, self.viewport().width()
        needs, least = list[int](), list[int]()
        for section, column in enumerate(columns):
            words = max((self._delegate.need(line, column) for line in self.words.lines if line.term), default=0)
            label = self.horizontalHeader().sectionSizeFromContents(section).width()
            needs.append(max(label, STRETCHED if column.stretch else min(words, MOST)))
            least.append(max(label, LEAST) if column.kind in GIVING else needs[-1])
        over = sum(needs) - room
        for section in sorted(range(len(columns)), key=lambda n: -needs[n]):
            given = min(max(over, 0), max(0, needs[section] - least[section]))  # what is cut, the tooltip tells
            needs[section] -= given
            over -= given
        wide = [n for n, column in enumerate(columns) if column.stretch] or [len(columns) - 1]
        for section, need in enumerate(needs):
            self.setColumnWidth(section, need + (max(0, -over) // len(wide) if section in wide else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        if self._editor is not None:
            self._place_editor()

    # --- writing in a cell ---

    @property
    def is_editing(self) -> bool:
        """Whether something is being typed."""
        return self._editor is not None

    def begin_new(self) -> None:
        """A line for a new word, its name to be typed."""
        if self.may_edit and self._close_editor():
            self.words.set_lines([*self.words.lines, Line(None)])
            self._fit()
            self.edit_cell(None, self.words.columns[self._first()].name)

    def edit_cell(self, key: uuid.UUID | None, name: str, text: str | None = None) -> None:
        """Type in the cell of a word; `text` instead of what is there."""
        if not self.may_edit or not self._close_editor(keep_new=key is None):
            return
        place = self.words.place_of(key)
        if place < 0:
            return
        line = self.words.lines[place]
        column = next(column for column in self.words.columns if column.name == name)
        self._edited = key, name
        editor = self._editor = CellEditor(self._on_wanted, self._host)
        begun = "" if line.term is None else str(line.values.get(name, "")) if text is None else text
        editor.setText(begun)
        editor.setAccessibleName(column.label)
        editor.left.connect(partial(self._on_left, editor))
        self._place_editor()
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        editor.selectAll() if text is None else editor.end(False)

    def _place_editor(self) -> None:
        key, name = self._edited
        place = self.words.place_of(key)
        if self._editor is None:
            return
        if place < 0:  # somebody deleted it meanwhile
            self._drop_editor()
            return
        section = next(n for n, column in enumerate(self.words.columns) if column.name == name)
        rect = self.visualRect(self.words.index(place, section))
        height = theme.Height.CONTROL
        box = QRect(rect.x() + 2, rect.center().y() - height // 2 + 1, max(rect.width() - 4, LEAST), height)
        box.setRight(min(box.right(), self.viewport().width() - 2))
        self._editor.setGeometry(box.translated(self.viewport().mapTo(self._host, QPoint(0, 0))))
        self._editor.raise_()
        self._place_problem()

    def _place_problem(self) -> None:
        if self._editor is None or not self.problem.text():
            self.problem.hide()
            return
        corner = self._editor.geometry().bottomLeft() + QPoint(0, 2)
        room = max(self._editor.width(), theme.Width.PANEL)
        self.problem.setFixedWidth(min(room, self._host.width() - corner.x()))
        self.problem.adjustSize()
        self.problem.move(corner)
        self.problem.show()
        self.problem.raise_()

    def _on_wanted(self, verb: str) -> bool:
        """A key in the editor; whether it is done with what is typed."""
        key, name = self._edited
        if verb == "drop":
            self._drop_editor()
        elif not self._keep():
            return False
        names = [column.name for column in self.words.columns if column.edited]
        place = names.index(name) + {"next": 1, "back": -1}.get(verb, len(names))
        if key is not None and 0 <= place < len(names):
            self.edit_cell(key, names[place])
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _on_left(self, editor: CellEditor) -> None:
        if editor is self._editor:
            self._keep()

    def _keep(self) -> bool:
        """Keep what was typed; whether that went well. A new word without a name is given up."""
        editor, (key, name) = self._editor, self._edited
        if editor is None:
            return True
        text = editor.text().strip()
        place = self.words.place_of(key)
        begun = str(self.words.lines[place].values.get(name, "")) if place >= 0 else ""
        if (key is None and not text) or (key is not None and text == begun):
            self._drop_editor()
            return True
        problems = self._save(key, name, text)
        if problems:
            self._refuse(editor, "；".join(problems.values()))
            return False
        if self._editor is editor:
            self._drop_editor()
        return True

    def _refuse(self, editor: CellEditor, words: str) -> None:
        self.problem.setText(words)
        editor.setProperty("state", "bad")
        editor.setAccessibleDescription(words)
        repolish(editor)
        self._place_problem()

    def _close_editor(self, keep_new: bool = False) -> bool:
        if keep_new and self._editor is None:
            return True
        return self._keep()

    def _drop_editor(self) -> None:
        editor, self._editor = self._editor, None
        self.problem.setText("")
        self.problem.hide()
        if editor is not None:
            editor.hide()
            editor.deleteLater()
        if any(line.term is None for line in self.words.lines):
            self.words.set_lines([line for line in self.words.lines if line.term is not None])
            self._fit()

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = self.current_key(), event.modifiers() in PLAIN
        code = Qt.Key(event.key())
        if key is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and code in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_by(-1 if code == Qt.Key.Key_Up else 1)
        elif plain and code == Qt.Key.Key_F2:
            column = self.words.columns[self.currentIndex().column()]
            self._do(Part(QRect(), "edit"), key, column if column.edited else self.words.columns[self._first()])
        elif plain and code in ENTER:
            column = self.words.columns[self.currentIndex().column()]
            part = "used" if column.kind == "link" else "more" if column.kind == "acts" else column.asks or "edit"
            self._do(Part(QRect(), part), key, column if column.edited else self.words.columns[self._first()])
        elif plain and code in LETTERS and self.may_edit:
            self.asked.emit(LETTERS[code], key, "")
        elif plain and event.text().isalpha():
            event.ignore()  # no search by first letter: letters are commands
        else:
            super().keyPressEvent(event)

    def move_by(self, step: int) -> None:
        """Move the current word up or down."""
        key = self.current_key()
        place = self.words.place_of(key) + step
        if key is not None and self.can_move and self.may_edit and 0 <= place < len(self.words.lines):
            self.moved.emit(key, place)

    def _do(self, part: Part, key: uuid.UUID, column: Column) -> None:
        if part.verb == "used":
            self.asked.emit("used", key, "")
        elif not self.may_edit:
            return
        elif part.verb == "edit":
            self.edit_cell(key, column.name)
        elif part.verb == "tag":
            line = self.words.lines[self.words.place_of(key)]
            begun = str(line.values.get(column.name, ""))
            self.edit_cell(key, column.name, f"{begun}、" if begun else "")
        else:
            self.asked.emit(part.verb, key, part.about)

    # --- mouse ---

    def part_at(self, point: QPoint) -> tuple[Part | None, Line | None, Column | None]:
        """What lies under a point of the viewport."""
        index = self.indexAt(point)
        if not index.isValid():
            return None, None, None
        line, column = self.words.lines[index.row()], self.words.columns[index.column()]
        parts = self._delegate.parts(self.visualRect(index), line, column)
        return next((part for part in parts if part.rect.contains(point)), None), line, column

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        super().mousePressEvent(event)
        part, line, _column = self.part_at(point)
        self._pressed = part if event.button() == Qt.MouseButton.LeftButton else None
        if self._pressed is not None and self._pressed.verb == "drag" and line is not None:
            self._dragged, self._drop_at = line.key, -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._dragged is not None:
            self._drop_at = self._gap_at(point.y())
            self.viewport().update()
            return
        part, _line, _column = self.part_at(point)
        shape = Qt.CursorShape.PointingHandCursor
        if part is None or part.verb == "edit":
            shape = Qt.CursorShape.ArrowCursor if part is None else Qt.CursorShape.IBeamCursor
        elif part.verb == "drag":
            shape = Qt.CursorShape.OpenHandCursor
        self.viewport().setCursor(shape)
        row = self.indexAt(point).row()
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def _gap_at(self, y: int) -> int:
        """The gap between two rows that is nearest."""
        return max(0, min(len(self.words.lines), round(y / self._row_height)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if self._dragged is not None:
            key, gap, self._dragged, self._drop_at = self._dragged, self._drop_at, None, -1
            self.viewport().update()
            place = self.words.place_of(key)
            if gap >= 0 and gap not in (place, place + 1):
                self.moved.emit(key, gap - (gap > place))
            return
        part, line, column = self.part_at(event.position().toPoint())
        if pressed is not None and part == pressed and line is not None and column is not None and line.key:
            self._do(part, line.key, column)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        key = self.current_key()
        if key is not None and self.may_edit:
            self.asked.emit("more", key, "")

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered = -1
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_text.shown(self._tip(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def _tip(self, point: QPoint) -> str:
        part, line, column = self.part_at(point)
        if part is not None and part.words:
            return part.words
        if line is None or column is None or line.term is None:
            return ""
        short = self.columnWidth(self.words.columns.index(column)) < self._delegate.need(line, column)
        return column.words(line) if short else ""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.words.lines:
            self.choose(self.words.lines[0].key)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._dragged is not None and self._drop_at >= 0:
            painter = QPainter(self.viewport())
            painter.setPen(QPen(theme.color("primary"), 2))
            y = min(self._drop_at * self._row_height, self.viewport().height() - 1)
            painter.drawLine(0, y, self.viewport().width(), y)


def corner_below(table: WordTable, key: Any, name: str) -> QPoint:
    """The point of the screen below a cell, for what opens there."""
    section = next((n for n, column in enumerate(table.words.columns) if column.name == name), 0)
    rect = table.visualRect(table.words.index(table.words.place_of(key), section))
    return table.viewport().mapToGlobal(rect.bottomLeft() + QPoint(theme.Space.S, 0))
