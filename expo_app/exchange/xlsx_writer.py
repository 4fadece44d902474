"""Writing .xlsx: openpyxl makes the book with its styles and headers, the rows are streamed into its sheets as XML.

Rows as text are three times faster than openpyxl's own cells, take no memory, and keep every figure exact.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expo_app.atomic_files import replacing
from expo_app.exchange import xlsx_charts
from expo_app.exchange.headers import letter
from expo_app.exchange.input_limits import MAX_CELL
from expo_app.i18n import N_, _
from expo_app.plain_text import GUARDED, MARKS, ORDERS, is_guarded, visible
from expo_app.specs.report_data import Share, SheetChart, SheetColumn

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

Progress = Callable[[int, int], None]
Body = Callable[[Any], str]
"""A value as the inside of its cell element, from the style on; "" for an empty cell."""

BLOCK = 500
"""Rows written between two looks at `progress`."""
EXACT_DIGITS = 15
"""A spreadsheet's numbers hold this many digits; a longer figure is written as text."""
FIRST_DATE = date(1900, 3, 1)
"""Before it, Excel's calendar has a day that never was: older dates are written as text."""
SAMPLE = N_("示例")
CREATOR = "展务台"
"""Our files name this program, so that it may replace them."""

FORMATS = {
    "text": "@",
    "long": "@",
    "general": "General",
    "int": "0",
    "count": "#,##0",
    "number": "General",
    "figure": "#,##0",
    "money": "#,##0.00####",
    "yuan": "#,##0.00",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
"""Kind of a column → number format. "number" and "money" show as many decimals as a value has, "figure" those that
it is given with: 3831, 70.5 and 12249.30 as 3,831, 70.5 and 12,249.30, and a `Share` in percent.
"money" is 万元, "yuan" 元."""
TYPED = ("text", "long", "date", "moment")
"""Kinds whose whole column has the format, so that what is typed into an empty cell stays what it is: a stand 3-1 no
date, a phone no number."""
LONG = 255
"""A cell of text format shows #### past this length: such cells are of the general format."""
NUMERIC = frozenset({"int", "count", "number", "figure", "money", "yuan", "percent"})
MOST_PLACES = 6

_SPECIAL = re.compile(f"[&<>{ORDERS}{MARKS}\u2028\u2029]|_x[0-9A-Fa-f]{{4}}_|^\\s|\\s$")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\\t\n]")
MAX_SHEET_NAME, MAX_AROUND = 31, 120
"""Characters of a sheet's name, and of what stands above a printed page (Excel takes 255, each & of it twice)."""


@dataclass(frozen=True)
class Page:
    """One sheet. `rows` hold a value per column, after the first `skip` ones; None is an empty cell.

    `head` are lines above the header, `foot` below the rows; `bold_rows` counts totals at the end.
    """

    name: str
    columns: tuple[SheetColumn, ...]
    rows: Sequence[Sequence[Any]] = ()
    skip: int = 0
    head: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    totals: tuple[Sequence[Any], ...] = ()
    charts: tuple[SheetChart, ...] = ()
    convert: Sequence[Callable[[Any], Any] | None] = field(default=())
    """Per column, what turns a row's value into text, number or date; nothing for those that are one already."""


def write_book(
    path: Path, pages: Sequence[Page], *, title: str, sample: bool, note: str, progress: Progress | None
) -> None:
    """Write the sheets; the file appears whole or not at all. UserError where it cannot be written."""
    total = sum(len(page.rows) for page in pages)
    done = 0

    def step(rows: int) -> None:
        nonlocal done
        done += rows
        if progress:
            progress(done, total)

    step(0)
    skeleton, bodies = _skeleton(pages, title, sample, note)
    with replacing(path) as handle, zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in skeleton.namelist():
            content = skeleton.read(part)
            index = _sheet_index(part)
            if index is None:
                archive.writestr(part, content)
                continue
            page = pages[index]
            before, found, after = content.partition(b"</sheetData>")
            with archive.open(part, "w") as sheet:
                sheet.write(_sized(before, page))
                for block, rows in _blocks(page, bodies[index]):
                    sheet.write(block.encode())
                    step(rows)
                sheet.write(found + after)


def _sheet_index(part: str) -> int | None:
    found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", part)
    return int(found[1]) - 1 if found else None


def _skeleton(
    pages: Sequence[Page], title: str, sample: bool, note: str
) -> tuple[zipfile.ZipFile, list[list[tuple[Body, Body]]]]:
    """The book without its rows, and per sheet and column what writes a cell and a cell of a total."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    mark, named = _(SAMPLE) if sample else "", clean(marked(title, sample))
    book.properties.title = named
    book.properties.creator = CREATOR
    book.properties.category = mark or None
    book.properties.description = note or None
    taken = {"history"}  # Excel's own
    bodies = []
    for page in pages:
        sheet = book.create_sheet(_sheet_name(page.name, mark, taken))
        _dress(sheet, page, named, note)
        if page.charts and page.rows:
            xlsx_charts.add(sheet, page.charts, len(page.head) + 1, len(page.rows), len(page.columns))
        bodies.append([_bodies(sheet, page, index) for index in range(len(page.columns))])
    return _packed(book), bodies


def _packed(book: Workbook) -> zipfile.ZipFile:
    """The book as it is saved, in memory alone: openpyxl's files of its own know errors of their own, without room."""
    from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    whole = io.BytesIO()
    archive = zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED)

    class Packer(ExcelWriter):
        def write_worksheet(self, ws: Any) -> None:
            ws._drawing = SpreadsheetDrawing()
            ws._drawing.charts = ws._charts
            content = io.BytesIO()
            writer: Any = WorksheetWriter(ws, content)
            writer.write()
            ws._rels = writer._rels
            archive.writestr(ws.path[1:], content.getvalue())
            self.manifest.append(ws)

    book.properties.modified = book.properties.created
    Packer(book, archive).save()
    return zipfile.ZipFile(whole)


def marked(title: str, sample: bool) -> str:
    """The title of a book, with the mark of a sample."""
    return _("{title}（{mark}）").format(title=title, mark=_(SAMPLE)) if sample else title


def _sheet_name(name: str, mark: str, taken: set[str]) -> str:
    """At most 31 characters, none that Excel forbids, the sample's mark, each name once."""
    plain, end, n = _SHEET_NAME.sub(" ", clean(name)).strip(" '") or "Sheet", marked("", bool(mark)), 1
    found = _cut(plain, MAX_SHEET_NAME - len(end)) + end
    while found.casefold() in taken:
        n += 1
        tail = f" {n}{end}"
        found = _cut(plain, MAX_SHEET_NAME - len(tail)) + tail
    taken.add(found.casefold())
    return found


def _cut(text: str, most: int) -> str:
    """`text` in `most` characters as Excel counts them, in which 𬭚 is two: whole words where there are several; no
    apostrophe may stand last."""
    kept = text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")
    if kept != text and text[len(kept)] != " ":
        kept = kept.rpartition(" ")[0] or kept
    return kept.rstrip(" '")


def _dress(sheet: Worksheet, page: Page, title: str, note: str) -> None:
    """Header, widths, filter, frozen rows, validation and the printed page."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.properties import PageSetupProperties

    for line in page.head:
        sheet.append([clean(line)])
        _as_text(sheet.cell(sheet.max_row, 1)).font = Font(bold=True, size=14)
    top = len(page.head) + 1
    last = letter(len(page.columns) - 1)
    for index, column in enumerate(page.columns):
        cell = sheet.cell(top, index + 1, clean(column.header))
        _as_text(cell).font = Font(bold=True)
        side = "right" if column.kind in NUMERIC else None  # above its numbers
        cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
        about = sheet.column_dimensions[letter(index)]
        about.width = max(column.width, 2 * len(column.header)) + 2
        if column.kind in TYPED:
            about.number_format = FORMATS[column.kind]
        if column.choices and not page.rows:
            _offer(sheet, f"{letter(index)}{top + 1}:{letter(index)}1048576", column.choices)
    sheet.freeze_panes = f"A{top + 1}"
    if page.rows:
        sheet.auto_filter.ref = f"A{top}:{last}{top + len(page.rows)}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    around: Any = sheet.HeaderFooter
    around.oddHeader.center.text = _around(title)
    around.oddFooter.left.text = _around(note) or None
    around.oddFooter.right.text = "&P / &N"


def _around(text: str) -> str:
    """A text above or below a printed page, where & begins an order (&P, the page's number)."""
    return text[:MAX_AROUND].replace("&", "&&")


def _as_text(cell: Any) -> Any:
    """A header is a text whatever it begins with."""
    cell.data_type = "s"
    cell.quotePrefix = is_guarded(str(cell.value or ""))
    return cell


def _offer(sheet: Worksheet, cells: str, choices: tuple[str, ...]) -> None:
    """A drop-down list; a list too long for a rule is left out (it stands in the guide)."""
    from openpyxl.worksheet.datavalidation import DataValidation

    choices = tuple(map(clean, choices))
    words = ",".join(choices)
    if len(words) > 255 or len(words.split(",")) != len(choices):
        return
    rule = DataValidation(type="list", formula1='"{}"'.format(words.replace('"', '""')), allow_blank=True)
    rule.errorTitle, rule.error = _("不在可填的词里"), _("可填：{choices}。").format(choices="、".join(choices))[:250]
    rule.showErrorMessage = True
    rule.add(cells)
    sheet.add_data_validation(rule)


def _sized(before: bytes, page: Page) -> bytes:
    """The top of the sheet with its real size, which other readers use."""
    bottom = len(page.head) + 1 + len(page.rows) + len(page.totals) + len(page.foot)
    size = f'<dimension ref="A1:{letter(len(page.columns) - 1)}{bottom}"/>'
    return re.sub(rb"<dimension [^>]*/>", size.encode(), before, count=1)


def _blocks(page: Page, bodies: list[tuple[Body, Body]]) -> Iterator[tuple[str, int]]:
    """The rows as XML, BLOCK at a time, with their number; then totals and foot."""
    columns = [(letter(index), body) for index, (body, _total) in enumerate(bodies)]
    number = len(page.head) + 1
    for start in range(0, len(page.rows), BLOCK):
        block = page.rows[start : start + BLOCK]
        texts = []
        for row in block:
            number += 1
            texts.append(_row(number, columns, row[page.skip :] if page.skip else row))
        yield "".join(texts), len(block)
    totals = [(letter(index), total) for index, (_body, total) in enumerate(bodies)]
    rest = []
    for row in page.totals:
        number += 1
        rest.append(_row(number, totals, row))
    text = text_body("", "")
    for line in page.foot:
        number += 1
        rest.append(_row(number, [("A", text)], [line]))
    yield "".join(rest), 0


def _row(number: int, columns: Iterable[tuple[str, Body]], values: Sequence[Any]) -> str:
    cells = [f'<row r="{number}">']
    for (name, body), value in zip(columns, values, strict=False):
        if value is not None and (inside := body(value)):
            cells.append(f'<c r="{name}{number}"{inside}')
    cells.append("</row>")
    return "".join(cells)


def _bodies(sheet: Worksheet, page: Page, index: int) -> tuple[Body, Body]:
    """What writes the column's cells, and the bold ones of its totals."""
    column = page.columns[index]
    convert = page.convert[index] if page.convert else None
    plain, bold = (_body(sheet, column.kind, heavy) for heavy in (column.is_bold, True))
    if convert is None:
        return plain, bold
    return lambda value: plain(convert(value)), lambda value: bold(value if isinstance(value, str) else convert(value))


def _body(sheet: Worksheet, kind: str, bold: bool) -> Body:
    """What writes the cells of a kind of column."""
    guarded = _style(sheet, "text", bold=bold, guarded=True)
    day, moment = _style(sheet, "date", bold=bold), _style(sheet, "moment", bold=bold)
    plain = cell_body(_style(sheet, kind, bold=bold), guarded, day, moment)
    if kind == "long":
        general = cell_body(_style(sheet, "general", bold=bold, wrapped=True), guarded, day, moment)
        return lambda value: (plain if isinstance(value, str) and len(value) <= LONG else general)(value)
    if kind != "figure":
        return plain
    exact = [
        cell_body(_style(sheet, kind, bold=bold, places=places), guarded, day, moment)
        for places in range(MOST_PLACES + 1)
    ]

    share = cell_body(_style(sheet, "percent", bold=bold), guarded, day, moment)

    def body(value: Any) -> str:
        if isinstance(value, Share):
            return share(Decimal(value))
        given = value.as_tuple().exponent if isinstance(value, Decimal) else 0
        return exact[min(max(-given, 0), MOST_PLACES)](value) if isinstance(given, int) else plain(value)

    return body


def _style(
    sheet: Worksheet, kind: str, *, bold: bool = False, guarded: bool = False, places: int = 0, wrapped: bool = False
) -> str:
    """The attribute that gives a cell its style: s="3"; `places`: decimals that always show; `wrapped`: like "long"."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    cell: Any = WriteOnlyCell(sheet)
    cell.number_format = FORMATS[kind] + ("." + "0" * places if places else "")
    cell.quotePrefix = guarded
    if bold:
        cell.font = Font(bold=True)
    if kind == "long" or wrapped:
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    elif kind in ("date", "moment"):
        cell.alignment = Alignment(horizontal="left")
    return f' s="{cell.style_id}"'


def clean(text: str) -> str:
    """Text that XML can hold and nobody obeys, not longer than a cell."""
    text = visible(text)
    if len(text) > MAX_CELL:
        text = text[: MAX_CELL - 1] + "…"
    return text


def text_body(style: str, guarded: str) -> Body:
    """Writes a text cell: never a formula, never a number."""

    def body(value: Any) -> str:
        text = value if type(value) is str else str(value)
        space = ""
        if _SPECIAL.search(text) or len(text) > MAX_CELL:
            text = _ESCAPED.sub("_x005F_", clean(text))
            space = ' xml:space="preserve"' if text != text.strip() else ""
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        if not text:
            return ""
        mark = guarded if text[0] in GUARDED or is_guarded(text) else style
        return f'{mark} t="inlineStr"><is><t{space}>{text}</t></is></c>'

    return body


def cell_body(style: str, guarded: str, day: str, moment: str) -> Body:
    """Writes a cell by the type of its value."""
    as_text = text_body(style, guarded)

    def body(value: Any) -> str:
        kind = type(value)
        if kind is str:
            return as_text(value)
        if kind is int and -(10**EXACT_DIGITS) < value < 10**EXACT_DIGITS:
            return f"{style}><v>{value}</v></c>"
        if kind is Decimal:
            return f"{style}><v>{value:f}</v></c>" if _is_exact(value) else as_text(f"{value:f}")
        if kind is float:
            return f"{style}><v>{value:.15g}</v></c>" if value - value == 0 else ""
        if kind is bool:
            return as_text(_("是") if value else _("否"))
        if kind is datetime or kind is date:
            number = serial(value)
            if number is None:
                return as_text(value.isoformat(" ") if kind is datetime else value.isoformat())
            return f"{moment if kind is datetime else day}><v>{number}</v></c>"
        return as_text(value)

    return body


def _is_exact(value: Decimal) -> bool:
    return (
        value.is_finite() and len(value.normalize().as_tuple().digits) <= EXACT_DIGITS and abs(value) < 10**EXACT_DIGITS
    )


def serial(value: date) -> str | None:
    """Excel's number of a day or of a moment without zone, to the second; None before its calendar is right."""
    if isinstance(value, datetime):
        if value.date() < FIRST_DATE:
            return None
        return f"{(value - datetime(1899, 12, 30)) / timedelta(days=1):.10f}".rstrip("0").rstrip(".")  # noqa: DTZ001
    return str((value - date(1899, 12, 30)).days) if value >= FIRST_DATE else None
