"""A report as PDF: pages with header and footer, then headings, paragraphs, key figures, tables and charts.

    with Document(path, "成交台账", expo_name="首届…", subtitle="截至 11-29 10:42", sample=True, now=now) as doc:
        doc.heading("一、规模")
        doc.kpis([Kpi("参展商", "176", "家")])
        doc.table([Column("单位", 3), Column("金额", 1, "right")], rows, totals=["合计", "8,600.00"])

Leaving the block writes the file in one step; an error or a cancel inside it leaves nothing behind. Units are points.
A report of any length keeps one page in memory, beside the finished pages in their packed form.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from math import cos, radians, sin
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from expo_app.atomic_files import replacing
from expo_app.i18n import _
from expo_app.reports import canvas, fonts
from expo_app.reports.canvas import MM, PALETTE, Box, Ink, Progress
from expo_app.reports.fonts import missing_glyphs
from expo_app.reports.paper import numbered
from expo_app.reports.table import Band, Cell, Column, Mark, Noted, Row, Table

__all__ = [
    "MM", "PALETTE", "Band", "Box", "Cell", "Column", "Document", "Ink", "Kpi", "Mark", "Noted", "Progress", "Row",
    "missing_glyphs",
]  # fmt: skip

SIZES = {"A3": (297 * MM, 420 * MM), "A4": (210 * MM, 297 * MM), "A5": (148 * MM, 210 * MM)}
MARGIN, HEAD, FOOT = 16 * MM, 18 * MM, 16 * MM
LEADING = 1.55
MOST_KPI_ROWS = 4
"""Rows of key figures that stay on one page."""
LEAN = 35
"""Degrees that the mark of samples rises by."""
_CHUNK = 50  # rows between two reports of progress


@dataclass(frozen=True)
class Kpi:
    """One key figure: its name, its value as shown, its unit behind it, and a remark below."""

    label: str
    value: str
    note: str = ""
    unit: str = ""


class Document:
    """A report being written; see the module's example. `ink` draws freely inside what `place` gives.

    path: where the file goes; `sample`: mark every page with 示例; `now`: when it was made, in the expo's time zone
    (also in the metadata); `progress(n, total)` is called with rows done of `total` and may raise `Cancelled`.
    `damaged`: places of values that could not be read, named at the end.
    `missing`: characters the font lacks, met so far. `places`: pages of the cells that have a key, once they are
    drawn. Raises `UserError` where the file cannot be written.
    """

    row_pad = 4.0
    """Points above and below the words of a table's row."""
    gaps = (16.0, 10.0, 8.0)
    """Points above a heading of level 1, above one of level 2, and below either."""
    kpi_room, kpi_sizes = 37.0, (20, 17, 14, 12)
    """Height of a key figure beside its words and remarks, and the sizes its value may have."""

    def __init__(
        self,
        path: Path,
        title: str,
        *,
        expo_name: str,
        now: datetime,
        subtitle: str = "",
        sample: bool = False,
        landscape: bool = False,
        size: str = "A4",
        progress: Progress | None = None,
        total: int = 0,
        damaged: Sequence[str] = (),
    ) -> None:
        self.damaged = damaged
        self.path, self.title, self.subtitle, self.expo_name = Path(path), title, subtitle, expo_name
        self.sample, self.now, self.total, self.done = sample, now, total, 0
        self.places: dict[Hashable, int] = {}
        """The pages of cells that have a key, known once they are drawn."""
        self._progress, self._stack = progress, ExitStack()
        self._keys, self._level, self._chapters = 0, -1, 0
        short, long = SIZES[size]
        self.page_size = (long, short) if landscape else (short, long)
        self.left, self.width = MARGIN, self.page_size[0] - 2 * MARGIN
        self.top, self.bottom = self.page_size[1] - MARGIN - HEAD * 0.4, FOOT + 4 * MM
        self.y, self.page_no, self._fresh = self.top, 0, True

    # --- the file -----------------------------------------------------------------------------------------------------
    def __enter__(self) -> Self:
        handle = self._stack.enter_context(replacing(self.path))
        self.canvas: Any = canvas.open_canvas(handle, self.page_size, self.now)
        canvas.describe(self.canvas, self.title, self.expo_name, self.subtitle, self.sample)
        self.ink = Ink(self.canvas)
        try:
            self._open_page()
            self._title_block()
        except BaseException as error:
            self._stack.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            try:
                self._name_damaged()
                self._close_page()
                self._write_total()
                self.canvas.save()
            except BaseException as failed:
                self._stack.__exit__(type(failed), failed, failed.__traceback__)
                raise
        self._stack.__exit__(kind, error, trace)

    def _name_damaged(self) -> None:
        if self.damaged:
            self.heading(_("读不出的值"))
            self.paragraph(_("数据库里有读不出的值，上文没有计入或以 ⚠ 标出。请管理员在检查里修复后重新生成。"))
            for place in self.damaged:
                self.paragraph(place)

    @property
    def missing(self) -> set[str]:
        """Characters that print as an empty box because the font lacks them."""
        return self.ink.missing

    def advance(self, steps: int = 1) -> None:
        """Count work done; tables count one for each row. Raises `Cancelled` after the person pressed cancel."""
        before, self.done = self.done, self.done + steps
        if self._progress and (self.done // _CHUNK > before // _CHUNK or self.done == self.total):
            self._progress(min(self.done, max(self.total, self.done)), max(self.total, self.done))

    # --- pages --------------------------------------------------------------------------------------------------------
    def page_break(self) -> None:
        """Begin a new page, unless this one is still empty."""
        if not self._fresh:
            self._close_page()
            self._open_page()

    def bare_page(self, size: str, title: str) -> tuple[float, float]:
        """A page of its own without header and footer, to be drawn on with `ink`; its width and height."""
        if not self._fresh or self.page_no > 1:
            self._close_page()
            self.page_no += 1
        self.canvas.setPageSize(SIZES[size])
        wide, high = SIZES[size]
        self.y, self._fresh = high, False
        self._bookmark(title, 1)
        if self.sample:
            self._watermark(wide, high)
        return wide, high

    def need(self, height: float) -> None:
        """Begin a new page where less than `height` is left."""
        if self.y - height < self.bottom:
            self.page_break()

    def space(self, height: float) -> None:
        """Leave `height` free, unless the page has just begun."""
        if not self._fresh:
            self.y -= height

    def place(self, height: float) -> Box:
        """Take a stretch of the page for free drawing with `ink`; on a new page where it does not fit."""
        self.need(height)
        self.y -= height
        self._fresh = False
        return Box(self.left, self.y, self.width, height)

    def _open_page(self) -> None:
        self.page_no += 1
        self.y, self._fresh = self.top, True
        self.canvas.setPageSize(self.page_size)
        draw, (wide, high) = self.ink, self.page_size
        if self.sample:
            self._watermark(wide, high)
        line_y = high - MARGIN
        draw.text(self.left, line_y + 4, self.expo_name, 8, "text.3")
        right = self.left + self.width
        if self.sample:
            right -= self._sample_pill(right, line_y + 4) + 6
        if self.page_no > 1:
            draw.text(right, line_y + 4, self.title, 8, "text.3", align="right")
        draw.line([(self.left, line_y), (self.left + self.width, line_y)], "border", 0.8)
        self._footer(wide / 2)

    def _footer(self, middle: float) -> None:
        draw, y = self.ink, FOOT - 4 * MM
        draw.line([(self.left, y + 12), (self.left + self.width, y + 12)], "border", 0.8)
        made = _("{when} 生成").format(when=f"{self.now:%Y-%m-%d %H:%M}")
        draw.text(self.left, y, made, 8, "text.3")
        draw.text(self.left + self.width, y, _("展务台"), 8, "text.3", align="right")
        draw.text(middle - 2, y, f"{self.page_no} /", 8, "text.2", align="right")
        # How many pages there are is known at the end: a form that is defined last, drawn on every page.
        self.canvas.saveState()
        self.canvas.translate(middle, y)
        self.canvas.doForm("page-total")
        self.canvas.restoreState()

    def _write_total(self) -> None:
        self.canvas.beginForm("page-total", 0, -4, 60, 12)
        self.ink.text(1, 0, str(self.page_no), 8, "text.2")
        self.canvas.endForm()

    def _watermark(self, wide: float, high: float) -> None:
        self.canvas.saveState()
        self.canvas.translate(wide / 2, high / 2)
        self.canvas.rotate(LEAN)
        words = _("示例")
        size = min(150.0, 0.9 * wide / (fonts.width(words, 1, True) * cos(radians(LEAN)) + sin(radians(LEAN))))
        self.ink.text(0, -0.27 * size, words, size, "#F4F5F8", bold=True, align="center")
        self.canvas.restoreState()

    def _sample_pill(self, right: float, y: float) -> float:
        words = _("示例数据")
        wide = fonts.width(words, 7.5, True) + 12
        self.ink.rect(right - wide, y - 3.2, wide, 12.4, "warn.soft", "warn", 0.5, 6)
        self.ink.text(right - wide / 2, y + 0.4, words, 7.5, "warn", True, "center")
        return wide

    def _close_page(self) -> None:
        canvas.finish_page(self.canvas)
        if self._progress:
            self._progress(min(self.done, max(self.total, self.done)), max(self.total, self.done))

    def new_sheet(self) -> None:
        """A new page that is handed on by itself: it begins with the title, as the first one does."""
        self.page_break()
        self._title_lines()

    def _title_block(self) -> None:
        self._bookmark(self.title, 0)
        self._title_lines()

    def _title_lines(self) -> None:
        for line in fonts.wrap(self.title, 22, self.width - 12, True):
            self.y -= 30
            self.ink.text(self.left + 12, self.y + 4, line, 22, "text.1", True)
        self.ink.rect(self.left, self.y - 1, 4, self.top - self.y - 3, "primary", radius=2)
        if self.subtitle:
            self.y -= 4
            self._lines(fonts.wrap(self.subtitle, 10, self.width), 10, "text.2")
        self.y -= 10
        self._fresh = False

    # --- words --------------------------------------------------------------------------------------------------------
    def _bookmark(self, text: str, level: int) -> None:
        self._keys += 1
        key = f"h{self._keys}"
        self._level = min(level, self._level + 1)
        self.canvas.bookmarkHorizontalAbsolute(key, min(self.y + 24, self.page_size[1]))
        self.canvas.addOutlineEntry(fonts.clean(text), key, self._level)

    def chapter(self, text: str, keep: float = 60) -> None:
        """A heading of level 1 with the number of the next chapter."""
        self._chapters += 1
        self.heading(numbered(self._chapters, text), keep=keep)

    def heading(self, text: str, level: int = 1, keep: float = 60) -> None:
        """A heading of level 1 or 2 with a bookmark; `keep`: what must follow it on the same page."""
        size = 15 if level == 1 else 11.5
        lines = fonts.wrap(text, size, self.width, True)
        self.space(self.gaps[0] if level == 1 else self.gaps[1])
        self.need(len(lines) * size * LEADING + keep)
        self._fresh = False
        self._bookmark(text, level)
        self._lines(lines, size, "text.1", True)
        if level == 1:
            self.ink.line([(self.left, self.y), (self.left + self.width, self.y)], "primary", 1.2)
        self.y -= self.gaps[2]

    def paragraph(self, text: str, size: float = 10, colour: str = "text.1", bold: bool = False) -> None:
        """Running text over the whole width, at most one line alone at a page's end or beginning."""
        lines = fonts.wrap(text, size, self.width, bold)
        self.need(min(len(lines), 2) * size * LEADING)
        self._lines(lines, size, colour, bold)
        self.y -= size * 0.45

    def note(self, text: str) -> None:
        """A small remark, such as where figures come from and what they leave out."""
        self.paragraph(text, 8, "text.3")

    def _lines(self, lines: list[str], size: float, colour: str, bold: bool = False) -> None:
        step = size * LEADING
        for line in lines:
            self.need(step)
            self.y -= step
            self._fresh = False
            self.ink.text(self.left, self.y + step * 0.3, line, size, colour, bold)

    def facts(self, pairs: Iterable[tuple[str, str | None]], label_width: float = 84) -> None:
        """Names and values below each other; a missing value shows —."""
        for label, value in pairs:
            lines = fonts.wrap(value or "—", 10, self.width - label_width)
            names = fonts.wrap(label, 9, label_width - 8)
            self.need(15.5 * min(max(len(lines), len(names)), 3))
            for name, line in zip_longest(names, lines, fillvalue=""):
                self.need(15.5)
                self.y -= 15.5
                self._fresh = False
                self.ink.text(self.left, self.y + 4.5, name, 9, "text.3")
                self.ink.text(self.left + label_width, self.y + 4.5, line, 10)
        self.y -= 8

    def kpis(self, figures: Sequence[Kpi], per_row: int = 4) -> None:
        """Key figures in boxes, `per_row` beside each other, on one page; a row is as high as what is said in it."""
        gap, side = 10.0, 12.0
        wide = (self.width - gap * (per_row - 1)) / per_row
        room = wide - 2 * side + 4
        told = []
        for start in range(0, len(figures), per_row):
            row = [self._narrow(figure, room) for figure in figures[start : start + per_row]]
            labels = [fonts.wrap(figure.label, 8.5, room, most=2) for figure in row]
            notes = [fonts.wrap(figure.note, 8, room, most=3) for figure in row]
            foot = 11 * max(map(len, notes))
            told.append(
                (self.kpi_room + 11 * max(map(len, labels)) + foot, foot, list(zip(row, labels, notes, strict=True)))
            )
        self.space(4)
        self.need(sum(high + gap for high, _foot, _row in told[:MOST_KPI_ROWS]) - gap)
        for high, foot, cards in told:
            box = self.place(high)
            for at, (figure, label, note) in enumerate(cards):
                self._kpi(figure, Box(box.x + at * (wide + gap), box.y, wide, box.h), label, note, 6 + foot)
            self.y -= gap

    def _narrow(self, figure: Kpi, room: float) -> Kpi:
        """A figure that leaves no room for its unit has it among its remarks."""
        if fonts.width(figure.value, self.kpi_sizes[-1], True) + fonts.width(figure.unit, 9, True) + 4 <= room:
            return figure
        return replace(figure, unit="", note=" · ".join(filter(None, (figure.unit, figure.note))))

    def _kpi(self, figure: Kpi, box: Box, labels: list[str], notes: list[str], foot: float) -> None:
        draw, left, room = self.ink, box.x + 12, box.w - 20
        draw.rect(box.x, box.y, box.w, box.h, "white", "border", 0.8, 5)
        draw.rect(box.x, box.y + 10, 3, box.h - 20, "primary", radius=1.5)
        for at, line in enumerate(labels):
            draw.text(left, box.y + box.h - 16 - 11 * at, line, 8.5, "text.2")
        unit = fonts.width(figure.unit, 9, True) + 4 if figure.unit else 0.0
        sizes = (*self.kpi_sizes, 10, 9, 8)
        size = next((size for size in sizes if fonts.width(figure.value, size, True) + unit <= room), sizes[-1])
        used = draw.text(left, box.y + foot + 4, fonts.elide(figure.value, size, room, True), size, "text.1", True)
        draw.text(left + used + 4, box.y + foot + 4, figure.unit, 9, "text.2", True)
        for at, line in enumerate(notes):
            draw.text(left, box.y + foot - 9 - 11 * at, line, 8, "text.3")

    # --- tables and charts --------------------------------------------------------------------------------------------
    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Row],
        totals: Sequence[Cell] | None = None,
        *,
        size: float = 8.5,
        empty: str = "",
    ) -> int:
        """A table whose header repeats on every page; cells wrap, `None` shows —, `Band` rows open groups.

        rows may be a generator of any length. totals: one last row, set apart. empty: what stands in a table without
        rows. How many rows were written (without bands) comes back.
        """
        return Table(self, columns, size, totals).write(rows, empty or _("没有记录"))

    def chart(self, draw: Callable[[Ink, Box], None], height: float = 150, title: str = "", note: str = "") -> None:
        """A chart of `reports.charts` (or any drawing function) over the whole width."""
        self.side_by_side([(title, draw)], height, note)

    def side_by_side(
        self, charts: Sequence[tuple[str, Callable[[Ink, Box], None]]], height: float = 150, note: str = ""
    ) -> None:
        """Charts beside each other, each under its title, framed."""
        gap, head = 12.0, 25.0 if any(title for title, _draw in charts) else 6.0
        self.need(height + head + (28 if note else 8))
        box = self.place(height + head + 8)
        wide = (box.w - gap * (len(charts) - 1)) / len(charts)
        for at, (title, draw) in enumerate(charts):
            x = box.x + at * (wide + gap)
            self.ink.rect(x, box.y, wide, box.h, "white", "border", 0.8, 5)
            if title:
                self.ink.text(x + 10, box.y + box.h - 16, fonts.elide(title, 9.5, wide - 20, True), 9.5, bold=True)
            with self.ink.said(getattr(draw, "words", "")):
                draw(self.ink, Box(x + 10, box.y + 8, wide - 20, height))
        self.y -= 6
        if note:
            self.note(note)
        self.space(4)
