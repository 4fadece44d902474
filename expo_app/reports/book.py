"""A report that is bound: a cover, contents that lead to their pages, chapters.

    with Book(path, title, head, progress=progress, total=rows) as book:
        book.contents()
        book.chapter("统计口径与方法")

What the contents say is known at the end: their place is kept, and filled in then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from expo_app.i18n import _
from expo_app.reports import fonts
from expo_app.reports.canvas import Progress
from expo_app.reports.pdf import Document
from expo_app.reports.style import as_of
from expo_app.specs.report_data import Head

if TYPE_CHECKING:
    from expo_app.reports.paper import Painted
    from expo_app.reports.table import Cell, Column, Row

CONTENTS = "contents"
STEP, GAP = 15.0, 22.0
"""Of the contents: points per line, and between its columns."""


class Heading(NamedTuple):
    """A heading that was written: its words, its level, its page and the key of its bookmark."""

    text: str
    level: int
    page: int
    key: str


class Book(Document):
    """A document with a cover in place of the title block; see the module's example."""

    row_pad = 1.8
    gaps = (12.0, 6.0, 5.0)
    kpi_room, kpi_sizes = 33.0, (16, 14, 13, 12)
    most_size = 8.0
    """Points of a table's words."""
    kept, dense, low = 0.76, 0.85, 80.0
    """Of what a chapter keeps below a heading, as rows are lower here, and of its charts; low ones stay as they are."""

    def __init__(self, path: Path, title: str, head: Head, *, progress: Progress | None = None, total: int = 0) -> None:
        self.head = head
        self.headings: list[Heading] = []
        self._place: tuple[int, float, float] | None = None
        super().__init__(
            path, title, expo_name=head.expo_name, now=head.at, subtitle=as_of(head), sample=head.is_sample,
            progress=progress, total=total, damaged=head.damaged,
        )  # fmt: skip

    # --- the cover ----------------------------------------------------------------------------------------------------
    def _title_block(self) -> None:
        head, ink = self.head, self.ink
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self.canvas.showOutline()
        self._bookmark(self.title, 0)
        self.y = self.top - 40
        foot = self.y
        self._cover_lines(head.expo_name, 15, "text.2", 0)
        self._cover_lines(self.title, 34, "text.1", 10)
        if head.theme:
            self._cover_lines(head.theme, 13, "text.2", 14)
        ink.rect(self.left, self.y - 4, 5, foot - self.y + 4, "primary", radius=2)
        self.y -= 30
        self.facts([*self._about(), (_("数据时点"), f"{head.at:%Y-%m-%d %H:%M}")], 96)
        if head.is_sample:
            self.y -= 14
            words = _("本报告由示例展会生成：标有“示例”的单位、金额和人员都是程序生成的，不是真实数据。")
            lines = fonts.wrap(words, 10, self.width - 28, True)
            high = 15.5 * len(lines) + 14
            self.y -= high
            ink.rect(self.left, self.y, self.width, high, "warn.soft", "warn", 0.6, 5)
            for at, line in enumerate(lines):
                ink.text(self.left + 14, self.y + high - 19 - 15.5 * at, line, 10, "warn", True)
            self.y -= 10

    def _about(self) -> list[tuple[str, str]]:
        head = self.head
        told = [(_("日期"), head.dates), (_("地点"), head.venue), *head.organisers]
        return [(label, value) for label, value in told if value]

    def _cover_lines(self, text: str, size: float, colour: str, above: float) -> None:
        self.y -= above
        for line in fonts.wrap(text, size, self.width - 20, True, most=3):
            self.y -= size * 1.4
            self.ink.text(self.left + 18, self.y + size * 0.3, line, size, colour, True)
        self._fresh = False

    def heading(self, text: str, level: int = 1, keep: float = 60) -> None:
        super().heading(text, level, keep * self.kept)

    def side_by_side(self, charts: Sequence[tuple[str, Painted]], height: float = 150, note: str = "") -> None:
        super().side_by_side(charts, height if height < self.low else height * self.dense, note)

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Row],
        totals: Sequence[Cell] | None = None,
        *,
        size: float = 8.5,
        empty: str = "",
    ) -> int:
        return super().table(columns, rows, totals, size=min(size, self.most_size), empty=empty)

    # --- the contents -------------------------------------------------------------------------------------------------
    def contents(self, rows: int = 18) -> None:
        """Keep a place for the contents, two columns of so many lines; what follows begins on a new page."""
        self.heading(_("目录"), keep=rows * STEP + 4)
        box = self.place(rows * STEP + 4)
        self._place = (len(self.canvas._doc.Pages.pages), box.y, box.h)
        self.canvas.saveState()
        self.canvas.translate(box.x, box.y)
        self.canvas.doForm(CONTENTS)
        self.canvas.restoreState()
        self.page_break()

    def _bookmark(self, text: str, level: int) -> None:
        super()._bookmark(text, level)
        self.headings.append(Heading(text, level, self.page_no, f"h{self._keys}"))

    def _write_total(self) -> None:
        super()._write_total()
        if self._place is not None:
            self._fill_contents(*self._place)

    def _fill_contents(self, page: int, bottom: float, high: float) -> None:
        """Write what the contents say, and links over its lines; of more headings than fit the chapters alone."""
        rows = int(high / STEP)
        told = self.headings[2:]  # after the title and its own heading
        if len(told) > 2 * rows:
            told = [heading for heading in told if heading.level == 1]
        wide, links = (self.width - GAP) / 2, self.canvas._doc.Pages.pages[page].Annots
        self.canvas.beginForm(CONTENTS, 0, 0, self.width, high)
        half = max(-(-len(told) // 2), min(rows, len(told), 8))
        for at, heading in enumerate(told[: 2 * rows]):
            column, row = divmod(at, half)
            x, y = column * (wide + GAP), high - STEP * (row + 1)
            self._content(heading, x, y, wide)
            place = (self.left + x, bottom + y - 3, self.left + x + wide, bottom + y + STEP - 3)
            name = f"to-{heading.key}"
            self.canvas.linkAbsolute(heading.text, heading.key, place, addtopage=0, name=name, Border="[0 0 0]")
            links.append(self.canvas._doc.refAnnotation(name))
        self.canvas.endForm()

    def _content(self, heading: Heading, x: float, y: float, wide: float) -> None:
        is_chapter = heading.level <= 1
        size, indent = (9.5, 0.0) if is_chapter else (8.5, 14.0)
        colour = "text.1" if is_chapter else "text.2"
        number = self.ink.text(x + wide, y, str(heading.page), size, colour, is_chapter, "right")
        room = wide - indent - number - 14
        used = self.ink.text(x + indent, y, fonts.elide(heading.text, size, room, is_chapter), size, colour, is_chapter)
        self.ink.line([(x + indent + used + 5, y + 2), (x + wide - number - 5, y + 2)], "border.strong", 0.6, "0.6 3")
