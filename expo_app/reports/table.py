"""The table of a report: repeated header, wrapped cells, rows split over pages where they must be, totals."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from expo_app.reports import fonts

if TYPE_CHECKING:
    from expo_app.reports.pdf import Document

Align = Literal["left", "center", "right"]
_PAD_X, _LEAD = 5.0, 1.42
_WORD = re.compile(rf"\([^()]{{1,{fonts.MOST_BRACKETED}}}\)|\S+")
LAST = 2
"""Rows at the end of a table that stay with each other and with the totals: none goes alone onto another page."""


@dataclass(frozen=True)
class Column:
    """A table's column: its header, its share of the width, where its cells stand, and whether they are bold.

    `holds`: cells it must have room for. A column takes more than its share where a word of its header or of these
    would be broken, in whatever language they are.
    """

    title: str
    share: float = 1
    align: Align = "left"
    bold: bool = False
    holds: Sequence[Cell] = ()


@dataclass(frozen=True)
class Mark:
    """A cell with a coloured square before its words; `colour` is a token such as "cat.it"."""

    text: str
    colour: str


@dataclass(frozen=True)
class Noted:
    """A cell with quieter lines below its words; `key`: `Document.places` tells under it on which page it begins."""

    text: str
    notes: tuple[str, ...] = ()
    key: Hashable = None


@dataclass(frozen=True)
class Band:
    """A row that spans the table and opens a group; `note` stands at its right end."""

    text: str
    note: str = ""


Cell = str | Mark | Noted | None
Row = Sequence[Cell] | Band


class _Line(NamedTuple):
    """One line of a cell; a quiet one is a note."""

    text: str
    is_quiet: bool = False


_Held = tuple[list[list[_Line]], Row]


class Table:
    """Writes rows onto a document as they come; holds back the last few, which stay together."""

    def __init__(
        self, document: Document, columns: Sequence[Column], size: float, totals: Sequence[Cell] | None = None
    ) -> None:
        self.document, self.columns, self.size, self.totals = document, columns, size, totals
        self.step, self.pad = size * _LEAD, document.row_pad
        last = totals or [""] * len(columns)
        needs = [_need(column, size, self.step, cell) for column, cell in zip(columns, last, strict=True)]
        self.widths = share_out(document.width, [column.share for column in columns], needs)
        self.lefts = [document.left + sum(self.widths[:at]) for at in range(len(columns))]
        self.head = [
            [_Line(line) for line in fonts.wrap(column.title, size, wide - 2 * _PAD_X, True)]
            for column, wide in zip(columns, self.widths, strict=True)
        ]
        self.head_height = max((len(lines) for lines in self.head), default=1) * self.step + 2 * self.pad

    def write(self, rows: Iterable[Row], empty: str) -> int:
        """All rows, then the totals; how many rows (without bands) there were."""
        document, count = self.document, 0
        document.need(self.head_height + 3 * self.step + 4 * self.pad)
        self._header()
        held: deque[_Held] = deque()
        for row in rows:
            if isinstance(row, Band):
                self._rows(held)
                held.append(([], row))
                continue
            held.append(([self._lines(cell, at) for at, cell in enumerate(row)], row))
            if len(held) > LAST:
                self._rows(held, 1)
            count += 1
            document.advance()
        if not count:
            self._empty(empty)
        totals = self.totals
        total = None if totals is None else [self._lines(cell, at, True) for at, cell in enumerate(totals)]
        last = [lines for lines, _row in held] + ([total] if total is not None else [])
        height = sum(map(self._height, last))
        written = count - sum(not isinstance(row, Band) for _lines, row in held)
        if written and self._room() < height <= document.top - document.bottom - self.head_height:
            self._turn_page()
        self._rows(held)
        if total is not None and totals is not None:
            self._row(total, totals, total=True)
        document.y -= 10
        return count

    def _rows(self, held: deque[_Held], most: int = LAST + 1) -> None:
        """Write so many of the rows that were held back."""
        for _n in range(min(most, len(held))):
            lines, row = held.popleft()
            if isinstance(row, Band):
                self._band(row)
            else:
                self._row(lines, row)

    def _height(self, lines: list[list[_Line]]) -> float:
        return max(map(len, lines), default=1) * self.step + 2 * self.pad

    def _lines(self, cell: Cell, at: int, bold: bool = False) -> list[_Line]:
        room = self.widths[at] - 2 * _PAD_X - (self.step if isinstance(cell, Mark) else 0)
        shown = fonts.wrap(_words(cell), self.size, room, bold or self.columns[at].bold)
        notes = cell.notes if isinstance(cell, Noted) else ()
        quiet = [line for note in notes for line in fonts.wrap(note, self.size, room)]
        return [*map(_Line, shown), *(_Line(line, True) for line in quiet)]

    def _header(self) -> None:
        document, ink = self.document, self.document.ink
        document.y -= self.head_height
        document._fresh = False
        ink.rect(document.left, document.y, document.width, self.head_height, "bg.subtle")
        for at, lines in enumerate(self.head):
            self._cell(lines, at, document.y + self.head_height, colour="text.2", bold=True)
        bottom = [(document.left, document.y), (document.left + document.width, document.y)]
        ink.line(bottom, "border.strong", 0.8)

    def _turn_page(self) -> None:
        self.document.page_break()
        self._header()

    def _room(self) -> float:
        return self.document.y - self.document.bottom

    def _band(self, band: Band) -> None:
        document, height = self.document, self.step + 2 * self.pad
        if self._room() < 2.5 * height:
            self._turn_page()
        document.y -= height
        document.ink.rect(document.left, document.y, document.width, height, "primary.soft")
        base = document.y + self.pad + self.step * 0.28
        right = document.left + document.width - _PAD_X
        noted = document.ink.text(right, base, band.note, self.size, "text.2", align="right")
        words = fonts.elide(band.text, self.size, document.width - noted - 4 * _PAD_X, True)
        document.ink.text(document.left + _PAD_X, base, words, self.size, "text.1", True)

    def _row(self, lines: list[list[_Line]], cells: Sequence[Cell], total: bool = False) -> None:
        """One row; it moves to the next page whole, and is split only where a whole page cannot hold it."""
        document = self.document
        tallest, height = max(map(len, lines)), self._height(lines)
        page = document.top - document.bottom - self.head_height
        if height > self._room() and (height <= page or self._room() < page / 4):
            self._turn_page()
        for cell in cells:
            if isinstance(cell, Noted) and cell.key is not None:
                document.places[cell.key] = document.page_no
        while tallest:
            fits = min(tallest, max(1, int((self._room() - 2 * self.pad) / self.step)))
            self._part([part[:fits] for part in lines], cells, fits, total)
            lines, tallest = [part[fits:] for part in lines], tallest - fits
            cells = [None if isinstance(cell, Mark) else cell for cell in cells]
            if tallest:
                self._turn_page()

    def _part(self, lines: list[list[_Line]], cells: Sequence[Cell], count: int, total: bool) -> None:
        document, ink = self.document, self.document.ink
        height = count * self.step + 2 * self.pad
        top, document.y = document.y, document.y - height
        left, right = document.left, document.left + document.width
        if total:
            ink.rect(left, document.y, document.width, height, "bg.subtle")
            ink.line([(left, top), (right, top)], "text.1", 0.9)
        for at, part in enumerate(lines):
            cell, indent = cells[at], 0.0
            if isinstance(cell, Mark) and part:
                side = self.size * 0.72
                base = top - self.pad - self.step * 0.5 - side / 2
                ink.rect(self.lefts[at] + _PAD_X, base, side, side, cell.colour, radius=1)
                indent = self.step
            self._cell(part, at, top, bold=total or self.columns[at].bold, indent=indent)
        ink.line([(left, document.y), (right, document.y)], "border")

    def _cell(
        self, lines: Sequence[_Line], at: int, top: float, *, bold: bool, colour: str = "text.1", indent: float = 0
    ) -> None:
        align, left, wide = self.columns[at].align, self.lefts[at], self.widths[at]
        x = {"left": left + _PAD_X + indent, "right": left + wide - _PAD_X, "center": left + wide / 2}[align]
        for number, line in enumerate(lines):
            y = top - self.pad - (number + 1) * self.step + self.step * 0.28
            shade = "text.2" if line.is_quiet else colour
            self.document.ink.text(x, y, line.text, self.size, shade, bold and not line.is_quiet, align)

    def _empty(self, words: str) -> None:
        document, height = self.document, self.step + 14
        document.y -= height
        middle = document.left + document.width / 2
        document.ink.text(middle, document.y + height / 2 - 3, words, self.size, "text.3", align="center")
        bottom = [(document.left, document.y), (document.left + document.width, document.y)]
        document.ink.line(bottom, "border")


def _words(cell: Cell) -> str:
    text = cell.text if isinstance(cell, (Mark, Noted)) else cell
    return "—" if text is None else str(text)


def _need(column: Column, size: float, step: float, total: Cell) -> float:
    """How wide a column must be so that no word of its header, its total or of what it holds is broken."""
    words = [fonts.width(word, size, True) for word in [*_WORD.findall(column.title), *_words(total).split()]]
    for cell in column.holds:
        mark = step if isinstance(cell, Mark) else 0
        words += [fonts.width(word, size, column.bold) + mark for word in _words(cell).split()]
    return max(words, default=0) + 2 * _PAD_X + 0.1


def share_out(room: float, shares: Sequence[float], needs: Sequence[float]) -> list[float]:
    """`room` by shares, each at least its need, the others giving way; all needs shrink alike where they are too many.

    >>> share_out(100, [1, 1, 2], [40, 0, 0])
    [40, 20.0, 40.0]
    """
    if sum(needs) >= room:
        return [room * need / sum(needs) for need in needs]
    raised: set[int] = set()
    while True:
        left = room - sum(needs[at] for at in raised)
        whole = sum(share for at, share in enumerate(shares) if at not in raised)
        widths = [needs[at] if at in raised else left * share / whole for at, share in enumerate(shares)]
        short = {at for at, wide in enumerate(widths) if wide < needs[at]} - raised
        if not short:
            return widths
        raised |= short
