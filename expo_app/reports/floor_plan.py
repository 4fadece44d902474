"""The floor plan on paper: a page for every hall, vector, with its legend, and an index of booths.

It reads without colour too: every booth carries the mark of its look, patterns say who is missing.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from expo_app.i18n import _
from expo_app.reports import fonts
from expo_app.reports.canvas import Ink, Progress
from expo_app.reports.pdf import Column, Document
from expo_app.specs.floor_plan import BACK_HATCHED, CROSSED, DASHED, HATCHED, RESERVED, Block, Look, Sheet
from expo_app.specs.floor_plan import Box as Booth

LEANS = {HATCHED: (1,), BACK_HATCHED: (-1,), CROSSED: (1, -1)}
"""Slanted patterns; the others of the screen are letters on paper, which say more."""
SAID = (HATCHED, CROSSED)
CORNER_SIDE = 6.0  # pt, of the mark of who is not here yet
"""Patterns that need no letter."""
LEGEND, SWATCH, GAP = 16.0, 11.0, 18.0  # points: a line of the legend, its squares, between two of its words
PAIRS = 4  # columns of the index: number and name beside each other
NAME = 5.0  # points, of who stands in a booth
LEAST = 3.5  # points below which no words are set


def write(
    path: Path,
    sheets: Sequence[Sheet],
    *,
    expo_name: str,
    by: str,
    now: datetime,
    sample: bool = False,
    progress: Progress | None = None,
) -> int:
    """Write these halls; `by` names what the colours say. How many booths were drawn.

    Raises UserError where the file cannot be written; a cancel leaves nothing behind.
    """
    total = sum(len(sheet.boxes) for sheet in sheets)
    title, subtitle = _("展位图"), _("着色：{by}").format(by=by)
    with Document(
        path, title, expo_name=expo_name, now=now, subtitle=subtitle, sample=sample, landscape=True, size="A3",
        progress=progress, total=2 * total,
    ) as doc:  # fmt: skip
        for sheet in sheets:
            doc.heading(sheet.name, keep=doc.page_size[1] / 2)
            _draw_hall(doc, sheet)
        for sheet in sheets:
            _index(doc, sheet)
    return total


def _draw_hall(doc: Document, sheet: Sheet) -> None:
    lines = _legend_lines(sheet.legend, doc.width)
    place = doc.place(doc.y - doc.bottom - 4)
    legend = len(lines) * LEGEND + 6
    scale = min(place.w / sheet.width, (place.h - legend) / sheet.depth)
    left, top = place.x + (place.w - sheet.width * scale) / 2, place.y + place.h
    drawing = _Hall(doc.ink, left, top, scale)
    drawing.hall(sheet)
    for box in sheet.boxes:
        drawing.booth(box)
        doc.advance()
    y = top - sheet.depth * scale - 6
    for line in lines:
        y -= LEGEND
        x = place.x
        for look in line:
            _look(doc.ink, x, y, SWATCH, SWATCH, look)
            if look.pattern not in SAID:
                doc.ink.text(x + SWATCH / 2, y + 3, look.mark, 6, "text.1", True, "center")
            x += SWATCH + 5 + doc.ink.text(x + SWATCH + 5, y + 2, look.words, 9, "text.2") + GAP


def _legend_lines(legend: Sequence[Look], room: float) -> list[list[Look]]:
    lines: list[list[Look]] = [[]]
    used = 0.0
    for look in legend:
        wide = SWATCH + 5 + fonts.width(look.words, 9) + GAP
        if lines[-1] and used + wide > room:
            lines.append([])
            used = 0.0
        lines[-1].append(look)
        used += wide
    return lines


def _index(doc: Document, sheet: Sheet) -> None:
    """Numbers and names, read downwards in each pair of columns."""
    doc.heading(_("{hall} 展位索引").format(hall=sheet.name), 2)
    columns = [Column(_("展位"), 1), Column(_("参展单位"), 3.2)] * PAIRS
    entries = [(box.words.partition(" · ")[0], box.name or box.look.words) for box in sheet.boxes]
    high = -(-len(entries) // PAIRS)
    rows = []
    for n in range(high):
        pairs = [entries[n + high * pair] if n + high * pair < len(entries) else ("", "") for pair in range(PAIRS)]
        rows.append([cell for pair in pairs for cell in pair])
    doc.table(columns, rows)


def _look(ink: Ink, x: float, y: float, w: float, h: float, look: Look) -> None:
    if look.fill:
        ink.rect(x, y, w, h, look.fill, radius=1.5)
    for lean in LEANS.get(look.pattern, ()):
        ink.hatch(x, y, w, h, look.line, 4, lean)
    if look.is_awaited:
        side = min(CORNER_SIDE, w / 2, h / 2)
        ink.polygon([(x + w - side, y + h), (x + w, y + h), (x + w, y + h - side)], "bad")
    if look.pattern in (DASHED, RESERVED):
        ink.line([(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)], look.line, 0.7, "2 1.6")
    else:
        ink.rect(x, y, w, h, "", look.line, 0.7, 1.5)


class _Hall:
    """Metres from the upper left corner to points from the page's lower left one."""

    def __init__(self, ink: Ink, left: float, top: float, scale: float) -> None:
        self._ink, self._left, self._top, self._scale = ink, left, top, scale

    def hall(self, sheet: Sheet) -> None:
        """Walls, rooms, entrances, titles of zones."""
        x, y, w, h = self._rect(0, 0, sheet.width, sheet.depth)
        self._ink.rect(x, y, w, h, "white", "border.strong", 1, 3)
        for block in sheet.blocks:
            self._block(block, f"{sheet.arrow_of(block)} {block.title}" if block.is_entrance else block.title)
        for caption in sheet.captions:
            x, y, _w, _h = self._rect(caption.x, caption.y, 0, 0)
            size = min(11.0, 2.2 * self._scale)
            if size >= LEAST:
                self._ink.text(x, y - size, f"{caption.title}  {caption.note}", size, "text.1", True)

    def booth(self, box: Booth) -> None:
        """One booth: its look, its number, its look's mark."""
        x, y, w, h = self._rect(box.x, box.y, box.width, box.depth)
        x, w, y, h = x + 0.5, w - 1, y + 0.5, h - 1
        _look(self._ink, x, y, w, h, box.look)
        size = min(9.0, h * 0.42, w / max(1.0, 0.62 * len(box.label)))
        if size < LEAST:
            return
        look = box.look
        middle, has_mark = x + w / 2, bool(look.mark) and h > 15 and look.pattern not in SAID
        foot = size * 0.9 if has_mark else 0
        lines = self._named(box, w - 3, h - 1.4 * size - foot)
        words = y + h / 2 - size * 0.36 + foot * 0.47 + len(lines) * NAME * 0.6
        self._over(look, middle, words, box.label, size, "text.1", True)
        for n, line in enumerate(lines, 1):
            self._over(look, middle, words - n * NAME * 1.2, line, NAME, "text.1", False)
        if has_mark:
            self._over(look, middle, y + h * 0.14, look.mark, size * 0.62, "text.2", False)

    def _named(self, box: Booth, room: float, height: float) -> list[str]:
        """Lines that say who stands in a booth, if that has room below the number; the name, or the short one."""
        most = int(height // (NAME * 1.2))

        def lines(name: str) -> list[str]:
            return fonts.wrap(name, NAME, room)

        called = box.called(lambda name: room >= 3 * NAME and len(lines(name)) <= most)
        return lines(called) if called else []

    def _over(self, look: Look, x: float, y: float, words: str, size: float, colour: str, bold: bool) -> None:
        """Words around `x`; they stay readable over slanted lines."""
        if look.pattern in LEANS:
            wide = fonts.width(words, size, bold) + 3
            self._ink.rect(x - wide / 2, y - 1, wide, size, "white", radius=1)
        self._ink.text(x, y, words, size, colour, bold, "center")

    def _rect(self, x: float, y: float, width: float, depth: float) -> tuple[float, float, float, float]:
        scale = self._scale
        return self._left + x * scale, self._top - (y + depth) * scale, width * scale, depth * scale

    def _block(self, block: Block, title: str) -> None:
        x, y, w, h = self._rect(block.x, block.y, block.width, block.depth)
        fill, line = ("primary.soft", "primary") if block.is_entrance else ("bg.subtle", "border.strong")
        self._ink.rect(x, y, w, h, fill, line, 0.7, 2)
        lines = [(title, 10.0, True), *((words, 8.5, False) for words in block.lines)]
        while len(lines) > 1 and sum(size * 1.4 for _words, size, _bold in lines) > h:
            lines.pop()
        at = y + h / 2 + sum(size * 1.4 for _words, size, _bold in lines) / 2
        for words, size, bold in lines:
            low = min(size, h * 0.7)
            at -= low * 1.4
            if low >= LEAST:
                shown = fonts.elide(words, low, w - 6, bold)
                colour = "primary" if block.is_entrance else "text.1" if bold else "text.2"
                self._ink.text(x + w / 2, at + low * 0.36, shown, low, colour, bold, "center")
