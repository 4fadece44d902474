"""A report as a Word text, handed on for editing: headings are headings, tables are tables, pages number themselves.

    with Text(path, "展后报告", head, progress=progress) as text:
        text.contents()
        text.chapter("统计口径与方法")

It takes what a chapter writes as `reports.pdf.Document` does (`reports.paper.Paper`). Charts are pictures that say in
words what they show. The file appears whole at the end of the block, or not at all.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from expo_app.atomic_files import replacing
from expo_app.i18n import _, language
from expo_app.reports import canvas, fonts, preview
from expo_app.reports.canvas import PALETTE, Box, Ink, Progress
from expo_app.reports.paper import numbered
from expo_app.reports.pdf import Kpi
from expo_app.reports.style import as_of
from expo_app.reports.table import Band, Cell, Column, Mark, Noted, Row
from expo_app.reports.word_parts import add_field, add_link, bookmark, font_of, repeat_header, shade
from expo_app.specs.report_data import Head

if TYPE_CHECKING:
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

CREATOR = "展务台"
WIDTH = 174.0
"""Millimetres between the margins of the page."""
POINTS = WIDTH / 25.4 * 72
DOTS = 200


class Text:
    """A Word text being written; see the module's example."""

    def __init__(self, path: Path, title: str, head: Head, *, progress: Progress | None = None, total: int = 0) -> None:
        self.path, self.title, self.head = path, title, head
        self.width = POINTS
        self.missing: set[str] = set()
        """As of a PDF's page; Word takes another font for what this one lacks."""
        self._progress, self._total, self._done = progress, total, 0
        self._chapters = self._headings = 0
        self._contents: Paragraph | None = None
        self._told: list[tuple[str, int, str]] = []

    # --- the file -----------------------------------------------------------------------------------------------------
    def __enter__(self) -> Self:
        import docx

        self.docx = docx.Document()
        self._describe()
        self._dress()
        self._around()
        self._cover()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            return
        self._name_damaged()
        self._fill_contents()
        self.advance(0)
        whole = io.BytesIO()  # python-docx leaves a ZIP open where a write fails, which says so again when it goes
        self.docx.save(whole)
        with replacing(self.path) as handle:
            handle.write(whole.getbuffer())

    def _describe(self) -> None:
        about, head = self.docx.core_properties, self.head
        about.title = fonts.clean(f"{self.title} · {head.expo_name}")[:255]
        about.subject, about.comments = as_of(head), ""
        about.author = about.last_modified_by = CREATOR
        about.keywords = _("示例数据") if head.is_sample else ""
        about.language = language().replace("_", "-")
        about.created = about.modified = head.at.astimezone(UTC).replace(tzinfo=None)

    def _dress(self) -> None:
        """A4, the fonts of every style, and the language of proofing."""
        from docx.oxml.ns import qn
        from docx.shared import Mm, Pt, RGBColor

        section = self.docx.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(18)
        section.top_margin = section.bottom_margin = Mm(20)
        sizes = {"Normal": 10, "Title": 28, "Heading 1": 16, "Heading 2": 12, "Caption": 9, "List Bullet": 10}
        for name, size in sizes.items():
            style = self.docx.styles[name]
            font_of(style.element.get_or_add_rPr())
            style.font.size = Pt(size)
            if name not in ("Normal", "List Bullet"):
                style.font.color.rgb = RGBColor.from_string(PALETTE["text.1"][1:])
        for part in self.docx.styles.element.iter(qn("w:lang")):
            part.set(qn("w:val"), "en-GB")
            part.set(qn("w:eastAsia"), "zh-CN")

    def _around(self) -> None:
        """Above each page the expo and the report, below it when it was made and the page's number."""
        section, head = self.docx.sections[0], self.head
        mark = _("示例数据") if head.is_sample else ""
        above = section.header.paragraphs[0]
        self._stops(above)
        self._run(above, " · ".join(filter(None, (head.expo_name, self.title))), 8, "text.3")
        self._run(above, f"\t\t{mark}", 8, "warn", True)
        below = section.footer.paragraphs[0]
        self._stops(below)
        self._run(below, _("{when} 生成").format(when=f"{head.at:%Y-%m-%d %H:%M}") + "\t", 8, "text.3")
        add_field(below, "PAGE")
        self._run(below, " / ", 8, "text.2")
        add_field(below, "NUMPAGES")
        self._run(below, "\t" + _("展务台"), 8, "text.3")

    def _stops(self, paragraph: Paragraph) -> None:
        from docx.enum.text import WD_TAB_ALIGNMENT
        from docx.shared import Mm

        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(Mm(WIDTH / 2), WD_TAB_ALIGNMENT.CENTER)
        stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)

    def _cover(self) -> None:
        from docx.shared import Pt

        head = self.head
        first = self.docx.add_paragraph()
        first.paragraph_format.space_before = Pt(120)
        self._run(first, head.expo_name, 15, "text.2", True)
        self.docx.add_paragraph(fonts.clean(self.title), style="Title")
        if head.theme:
            self.paragraph(head.theme, 13, "text.2")
        told = [(_("日期"), head.dates), (_("地点"), head.venue), *head.organisers]
        self.facts([*told, (_("数据时点"), f"{head.at:%Y-%m-%d %H:%M}")])
        if head.is_sample:
            words = _("本报告由示例展会生成：标有“示例”的单位、金额和人员都是程序生成的，不是真实数据。")
            self.paragraph(words, 10, "warn", True)
        self.page_break()

    def _name_damaged(self) -> None:
        if self.head.damaged:
            self.heading(_("读不出的值"))
            self.paragraph(_("数据库里有读不出的值，上文没有计入或以 ⚠ 标出。请管理员在检查里修复后重新生成。"))
            for place in self.head.damaged:
                self.paragraph(place)

    def advance(self, steps: int = 1) -> None:
        """Count rows written; raises `Cancelled` after the person pressed cancel."""
        self._done += steps
        if self._progress:
            self._progress(min(self._done, max(self._total, self._done)), max(self._total, self._done))

    # --- the contents -------------------------------------------------------------------------------------------------
    def contents(self) -> None:
        """A table of contents: a field that Word brings up to date with its page numbers (F9), links until then."""
        self.heading(_("目录"))
        self._told.clear()
        self._contents = self.docx.add_paragraph()

    def _fill_contents(self) -> None:
        if self._contents is None:
            return
        for text, level, key in self._told:
            line = self._contents.insert_paragraph_before()
            line.paragraph_format.left_indent = None if level == 1 else self._points(14)
            line.paragraph_format.space_after = self._points(1)
            add_link(line, fonts.clean(text), key)
        self._contents.insert_paragraph_before()
        add_field(self._contents, 'TOC \\o "1-2" \\h \\z \\u', _("在 Word 里按 F9，这里换成带页码的目录。"))

    # --- words --------------------------------------------------------------------------------------------------------
    def chapter(self, text: str, keep: float = 60) -> None:
        """A heading of level 1 with the number of the next chapter."""
        self._chapters += 1
        self.heading(numbered(self._chapters, text), keep=keep)

    def heading(self, text: str, level: int = 1, keep: float = 60) -> None:
        """A heading in its style, which a contents field finds; Word keeps it with what follows."""
        self._headings += 1
        key = f"_h{self._headings}"
        bookmark(self.docx.add_heading(fonts.clean(text), level), key, self._headings)
        self._told.append((text, level, key))

    def paragraph(self, text: str, size: float = 10, colour: str = "text.1", bold: bool = False) -> None:
        """Running text; one that begins with · is an item of a list."""
        is_item = text.startswith("· ")
        paragraph = self.docx.add_paragraph(style="List Bullet" if is_item else None)
        paragraph.paragraph_format.space_after = self._points(4)
        self._run(paragraph, text.removeprefix("· "), size, colour, bold)

    def note(self, text: str) -> None:
        """A small remark."""
        self.paragraph(text, 8, "text.3")

    def facts(self, pairs: Iterable[tuple[str, str | None]], label_width: float = 84) -> None:
        """Names and values below each other; a missing value shows —."""
        rows = [(label, value or "—") for label, value in pairs]
        if rows:
            table = self._grid(len(rows), [label_width + 16, POINTS - label_width - 16], lined=False)
            for row, (label, value) in zip(table.rows, rows, strict=True):
                cells = row.cells
                self._fill(cells[0], label, 9, "text.3")
                self._fill(cells[1], value, 10)
            self._gap()

    def kpis(self, figures: Sequence[Kpi], per_row: int = 4) -> None:
        """Key figures in a table, `per_row` beside each other."""
        rows = [figures[start : start + per_row] for start in range(0, len(figures), per_row)]
        if not rows:
            return
        table = self._grid(len(rows), [POINTS / per_row] * per_row)
        for row, shown in zip(table.rows, rows, strict=True):
            for cell, figure in zip(row.cells, shown, strict=False):
                self._fill(cell, figure.label, 8.5, "text.2")
                value = cell.add_paragraph()
                value.paragraph_format.space_after = self._points(0)
                self._run(value, figure.value, 17, "text.1", True)
                self._run(value, f" {figure.unit}" if figure.unit else "", 9, "text.2", True)
                if figure.note:
                    self._run(cell.add_paragraph(), figure.note, 8, "text.3")
        self._gap()

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
        """A table whose header Word repeats on every page; see `Document.table`."""
        shares = sum(column.share for column in columns)
        table = self._grid(1, [POINTS * column.share / shares for column in columns])
        header = table.rows[0]
        repeat_header(header)
        for cell, column in zip(header.cells, columns, strict=True):
            shade(cell, PALETTE["bg.subtle"])
            self._fill(cell, column.title.replace("\n", " "), size, "text.2", True, column.align)
        count = 0
        for row in rows:
            cells = table.add_row().cells
            if isinstance(row, Band):
                self._band(cells, row, size)
                continue
            for cell, column, value in zip(cells, columns, row, strict=True):
                self._value(cell, value, size, column)
            count += 1
            self.advance()
        if not count:
            cells = table.add_row().cells
            self._fill(cells[0].merge(cells[-1]), empty or _("没有记录"), size, "text.3")
        if totals is not None:
            for cell, column, value in zip(table.add_row().cells, columns, totals, strict=True):
                shade(cell, PALETTE["bg.subtle"])
                self._value(cell, value, size, column, True)
        self._gap()
        return count

    def _band(self, cells: Sequence[_Cell], band: Band, size: float) -> None:
        whole = cells[0].merge(cells[-1])
        shade(whole, PALETTE["primary.soft"])
        self._fill(whole, " · ".join(filter(None, (band.text, band.note))), size, bold=True)

    def _value(self, cell: _Cell, value: Cell, size: float, column: Column, bold: bool = False) -> None:
        text = value.text if isinstance(value, (Mark, Noted)) else value
        self._fill(cell, "—" if text is None else text, size, bold=bold or column.bold, align=column.align)
        for note in value.notes if isinstance(value, Noted) else ():
            self._run(cell.add_paragraph(), note, size, "text.2")

    def chart(self, draw: Callable[[Ink, Box], None], height: float = 150, title: str = "", note: str = "") -> None:
        """A chart over the whole width."""
        self.side_by_side([(title, draw)], height, note)

    def side_by_side(
        self, charts: Sequence[tuple[str, Callable[[Ink, Box], None]]], height: float = 150, note: str = ""
    ) -> None:
        """Charts beside each other as pictures, each with what it shows in words."""
        from docx.shared import Pt

        line = self.docx.add_paragraph()
        wide = (POINTS - 4 * (len(charts) - 1)) / len(charts)
        for title, draw in charts:
            png, high = self._picture(title, draw, wide, height)
            shape = line.add_run().add_picture(io.BytesIO(png), Pt(wide - 2), Pt(high))
            shape._inline.docPr.set("title", fonts.clean(title))
            said = " · ".join(filter(None, (title, getattr(draw, "words", ""))))
            shape._inline.docPr.set("descr", fonts.clean(said))
        if note:
            self.note(note)

    def _picture(self, title: str, draw: Callable[[Ink, Box], None], wide: float, height: float) -> tuple[bytes, float]:
        """A framed chart as PNG, and how high it is in points."""
        high = height + (33 if title else 14)
        out = io.BytesIO()
        sheet = canvas.open_canvas(out, (wide, high), self.head.at)
        ink = Ink(sheet)
        ink.rect(1, 1, wide - 2, high - 2, "white", "border", 0.8, 5)
        if title:
            ink.text(11, high - 17, fonts.elide(title, 9.5, wide - 20, True), 9.5, bold=True)
        draw(ink, Box(11, 9, wide - 22, height))
        self.missing |= ink.missing
        sheet.showPage()
        sheet.save()
        return preview.render(out.getvalue(), dpi=DOTS).png(), high

    def page_break(self) -> None:
        """What follows begins on a new page."""
        self.docx.add_page_break()

    # --- what they are made of ----------------------------------------------------------------------------------------
    def _points(self, value: float) -> Any:
        from docx.shared import Pt

        return Pt(value)

    def _grid(self, rows: int, widths: Sequence[float], *, lined: bool = True) -> Any:
        table = self.docx.add_table(rows, len(widths), style="Table Grid" if lined else None)
        table.autofit = False
        for column, wide in zip(table.columns, widths, strict=True):
            column.width = self._points(wide)
        return table

    def _gap(self) -> None:
        gap = self.docx.add_paragraph()
        gap.paragraph_format.space_after = self._points(2)

    def _fill(
        self, cell: _Cell, text: str, size: float, colour: str = "text.1", bold: bool = False, align: str = "left"
    ) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = self._points(0)
        if align != "left":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if align == "right" else WD_ALIGN_PARAGRAPH.CENTER
        self._run(paragraph, text, size, colour, bold)

    def _run(self, paragraph: Paragraph, text: str, size: float, colour: str = "text.1", bold: bool = False) -> None:
        from docx.shared import RGBColor

        if not text:
            return
        run = paragraph.add_run("\n".join(map(_plain, text.split("\n"))))
        run.font.size, run.font.bold = self._points(size), bold or None
        run.font.color.rgb = RGBColor.from_string(PALETTE[colour][1:])


def _plain(text: str) -> str:
    """`text` without what is no text, its tabs kept."""
    return "\t".join(map(fonts.clean, text.split("\t")))
