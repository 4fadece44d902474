"""Rows that hang on a record, in its form: a card each, with a field for every cell of a line (`specs.child_lines`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from expo_app.i18n import _
from expo_app.specs import Field, FieldType
from expo_app.specs.child_lines import EMPTY, MARK, Lines
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.panels import Card, clear, column, row

UNITS = 12
SPANS = ((8, 2), (16, 3), (20, 4))
"""Characters of a cell up to which it takes so many of the units of a line; more takes half of it."""
AS_TYPED = (FieldType.DATE, FieldType.MOMENT, FieldType.ENUM, FieldType.MONEY, FieldType.YUAN)
"""Cells whose editors take the value itself, not its words."""
Make = Callable[[Field], Any]


def _span(cell: Field) -> int:
    return next((units for width, units in SPANS if cell.width <= width), UNITS // 2)


class LineCard(Card):
    """One line; `text()` is what was typed in it, "" for nothing where nothing must be there."""

    edited = Signal()
    removed = Signal(object)

    def __init__(self, lines: Lines, make: Make, zone: ZoneInfo | None) -> None:
        super().__init__(padding=theme.Space.M)
        self.lines, self.zone = lines, zone
        self._editors = {cell.name: make(cell) for cell in lines.cells}
        self.boxes = {
            cell.name: FormField(cell.title, self._editors[cell.name], required=bool(cell.required), unit=_(cell.unit))
            for cell in lines.cells
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.Space.M)
        grid.setVerticalSpacing(theme.Space.S)
        line = at = 0
        for cell in lines.cells:
            units = _span(cell)
            if at + units > UNITS:
                line, at = line + 1, 0
            box = self.boxes[cell.name]
            box.setMinimumWidth(1)
            grid.addWidget(box, line, at, 1, units, Qt.AlignmentFlag.AlignTop)
            at += units
            self.editor(cell.name).edited.connect(self.edited)
            self.editor(cell.name).left.connect(partial(self._on_left, cell))
        for unit in range(UNITS):
            grid.setColumnStretch(unit, 1)
        held = row(spacing=theme.Space.S)
        held.addLayout(grid, 1)
        away = IconButton("delete-bin-line", _("去掉这一项"), lambda: self.removed.emit(self))
        held.addWidget(away, 0, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(held)

    def editor(self, name: str) -> Any:
        """The editor of a cell."""
        return self._editors[name]

    def set_text(self, line: str) -> None:
        """Show a line, kept or typed; a cell that cannot be read stays as it was typed."""
        texts = [text.strip() for text in line.split(MARK)]
        for cell, text in zip(self.lines.cells, [*texts, *[""] * len(self.lines.cells)], strict=False):
            self.editor(cell.name).set_value(self._shown(cell, "" if text == EMPTY else text))

    def _shown(self, cell: Field, text: str) -> Any:
        if not text:
            return cell.default
        try:
            value = self.lines.value(cell, text, self.zone)
        except ValueError:
            return text
        return value if cell.type in AS_TYPED else cell.display(value, self.zone)

    def text(self) -> str:
        typed = {cell.name: str(self.editor(cell.name).value() or "").strip() for cell in self.lines.cells}
        told = [text for cell, text in zip(self.lines.cells, typed.values(), strict=True) if not _is_preset(cell)]
        if not any(told):
            return ""
        return MARK.join(text.replace(MARK, "，").replace("\n", " ") or EMPTY for text in typed.values())

    def _on_left(self, cell: Field) -> None:
        """What is wrong with a cell, once it is typed."""
        text = str(self.editor(cell.name).value() or "").strip()
        try:
            if text:
                self.lines.value(cell, text, self.zone)
        except ValueError as problem:
            self.boxes[cell.name].set_problem(str(problem))
        else:
            self.boxes[cell.name].clear_problem()


def _is_preset(cell: Field) -> bool:
    """A choice that is always one of its words: it says nothing of whether the line was filled in."""
    return cell.type is FieldType.ENUM and (bool(cell.required) or cell.default is not None)


class LinesEditor(QWidget):
    """All lines; `value()` is their text as `Lines.read` takes it."""

    edited = Signal()
    left = Signal()

    def __init__(self, lines: Lines, make: Make, zone: ZoneInfo | None = None) -> None:
        super().__init__()
        self.lines, self.zone, self._make = lines, zone, make
        self.cards: list[LineCard] = []
        outer = column(self, theme.Space.S)
        self._body = column(spacing=theme.Space.S)
        outer.addLayout(self._body)
        self._add = Button(_("加一项"), "text", "add-line", clicked=self._on_add)
        foot = row()
        foot.addWidget(self._add)
        foot.addStretch(1)
        outer.addLayout(foot)
        self.setFocusProxy(self._add)

    def add(self, line: str = "") -> LineCard:
        """One more card."""
        card = LineCard(self.lines, self._make, self.zone)
        card.set_text(line)
        card.edited.connect(self.edited)
        card.removed.connect(self._remove)
        self.cards.append(card)
        self._body.addWidget(card)
        return card

    def _on_add(self) -> None:
        card = self.add()
        card.editor(self.lines.cells[0].name).setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, card: LineCard) -> None:
        self.cards.remove(card)
        self._body.removeWidget(card)
        card.deleteLater()
        self.edited.emit()
        self._add.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to(self, name: str) -> None:
        """The focus into that cell of the first line in which it is open: empty, or still to be decided."""
        if not self.cards:
            self._on_add()
            return
        waits = [card for card in self.cards if card.editor(name).value() in (None, "", "PENDING")]
        card = (waits or self.cards)[0]
        card.editor(name).setFocus(Qt.FocusReason.OtherFocusReason)

    def value(self) -> str:
        return "\n".join(filter(None, (card.text() for card in self.cards)))

    def set_value(self, value: Any) -> None:
        clear(self._body)
        self.cards = []
        for line in str(value or "").splitlines():
            self.add(line)

    def setReadOnly(self, read_only: bool) -> None:
        self.setEnabled(not read_only)
