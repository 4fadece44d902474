"""What stands in a sheet beside its values: faults, what is hidden, units, merged cells; of .xlsx, .ods and .xls."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from expo_app.exchange.number_units import PERCENT, PERCENT_FORMATS, format_of, unit_of

MAX_FAULTS = 100_000
"""Cells with a fault that are kept of one sheet."""
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell as (row, column), from 0."""

UNCOMPUTED = "="
_FAULT = re.compile(
    r"#(?:REF!|DIV/0!|NAME\?|N/A|VALUE!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|BUSY!|CONNECT!|UNKNOWN!|GETTING_DATA)"
    r"|Err:\d{3}|#{3,}",
    re.IGNORECASE,
)


class Fault(str):
    """What a cell holds in place of a value: an error's code ("#REF!"), "=" for a formula that was never computed."""

    __slots__ = ()


def is_fault(cell: Any) -> bool:
    """Whether a cell holds no value but a fault, as such or as a text that was copied from one (also ########)."""
    if not isinstance(cell, str):
        return False
    return isinstance(cell, Fault) or (("#" in cell or ":" in cell) and _FAULT.fullmatch(cell.strip()) is not None)


@dataclass
class Marks:
    """Of one sheet: rows from 1, columns from 0."""

    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    """(row, column) → code, MAX_FAULTS at most; the rest is counted in `more_faults`."""
    more_faults: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    units: Counter[tuple[int, str]] = field(default_factory=Counter)
    """(column, unit) → number cells whose format says so."""
    percents: set[tuple[int, int]] = field(default_factory=set)
    """(row, column) of numbers that are shown as a percentage: 0.6 as 60%."""
    merged: list[Range] = field(default_factory=list)
    """Of .ods alone: the reader of values knows the others'."""
    row: int = 0
    """The last row seen."""

    def fault(self, row: int, column: int, code: str) -> None:
        """Keep a fault."""
        if len(self.faults) < MAX_FAULTS:
            self.faults[row, column] = code
        else:
            self.more_faults += 1

    def hide(self, where: set[int], first: int, last: int, end: int) -> None:
        """Keep a range of rows or columns, as far as a sheet can reach."""
        where.update(range(first, min(last, end) + 1))


# .xlsx: searched in pieces on the way past ---------------------------------------------------------------------------

_ROW = re.compile(rb"<row(?=[\s/>])([^>]*)>")
_COLUMN = re.compile(rb"<col\s([^>]*)>")
_IS_HIDDEN = rb"""\shidden\s*=\s*["'](?:1|true)["']"""
_HIDDEN = re.compile(_IS_HIDDEN)
_AT = re.compile(rb"""\sr\s*=\s*["'](\d{1,7})["']""")
_MIN, _MAX = (re.compile(rb"""\b%s\s*=\s*["'](\d{1,5})["']""" % name) for name in (b"min", b"max"))
_F = rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)"
_FORMULA = re.compile(
    rb'<c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"([^>]*)>\s*' + _F + rb"\s*(<v\s*/>|<v>\s*</v>)?\s*(?:</c>|<is)"
)
_ERROR = re.compile(
    rb'<c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?\bt="e"[^>]*>\s*(?:' + _F + rb")?\s*<v>([^<]{1,20})</v>"
)
_PLACED_ROW = b'<row r="'
_NUMBERED_ROW = re.compile(rb'<row r="(\d{1,7})"')
_HIDDEN_ROW = re.compile(rb'<row r="(\d{1,7})"[^>]*?' + _IS_HIDDEN)

CellFormats = tuple[re.Pattern[bytes] | None, Mapping[bytes, str], re.Pattern[bytes] | None]
"""What finds the number cells whose format says a unit, style → unit, and what finds those shown as a percentage."""

_ATTRIBUTES = rb"""([^>"']*+(?:"[^"]*+"[^>"']*+|'[^']*+'[^>"']*+)*+)>"""
_NUMBER_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s" + _ATTRIBUTES)
_CELL_STYLES = re.compile(rb"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"""<(?:\w+:)?xf\s[^>]*?\bnumFmtId\s*=\s*["'](\d+)["']""")
_ID = re.compile(rb"""\bnumFmtId\s*=\s*["'](\d+)["']""")
_CODE = re.compile(rb"""\bformatCode\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def xlsx_formats(styles: bytes) -> CellFormats | None:
    """What xl/styles.xml says of units; None if nothing. The built-in currency of the reader's country says nothing."""
    units = {str(number).encode(): PERCENT for number in PERCENT_FORMATS}
    for attributes in _NUMBER_FORMAT.findall(styles):
        number, code = _ID.search(attributes), _CODE.search(attributes)
        if number and code:
            text = html.unescape((code[1] or code[2] or b"").decode("utf-8", "replace"))
            unit = unit_of(text)
            if unit:
                units[number[1]] = unit
    kept = _CELL_STYLES.search(styles)
    by_style = {
        str(style).encode(): units[number]
        for style, number in enumerate(_STYLE.findall(kept[0]) if kept else ())
        if number in units
    }
    if not by_style:
        return None
    percents = [style for style, unit in by_style.items() if unit == PERCENT]
    money = [style for style, unit in by_style.items() if unit != PERCENT]
    at_column, at_cell = rb"([A-Z]{1,3})[0-9]++", rb"([A-Z]{1,3})([0-9]{1,7})"
    return _cells_of(at_column, money), by_style, _cells_of(at_cell, percents)


def _cells_of(at: bytes, styles: Sequence[bytes]) -> re.Pattern[bytes] | None:
    """What finds the number cells of these styles; None of none."""
    found = rb'<c r="' + at + rb'"(?: t="n")? s="(' + rb"|".join(styles) + rb')"(?: t="n")?>'
    return re.compile(found) if styles else None


def note_block(block: bytes, marks: Marks, formats: CellFormats | None) -> int:
    """Note what one piece of a worksheet holds, which begins and ends between tags; how many rows begin in it."""
    if b"<f" in block:
        for letters, row, attributes, value in _FORMULA.findall(block):
            if not (value and b't="str"' in attributes):  # a text that was computed and is empty
                marks.fault(int(row), column_of(letters), UNCOMPUTED)
    if b't="e"' in block:
        for letters, row, code in _ERROR.findall(block):
            marks.fault(int(row), column_of(letters), code.decode("utf-8", "replace").strip())
    hides = b"hidden" in block
    if hides and b"<col " in block:
        for attributes in _COLUMN.findall(block):
            first, last = _MIN.search(attributes), _MAX.search(attributes)
            if first and last and _HIDDEN.search(b" " + attributes):
                marks.hide(marks.hidden_columns, int(first[1]) - 1, int(last[1]) - 1, LAST_COLUMN)
    if formats is not None:
        pattern, units, percents = formats
        for (letters, style), count in Counter(pattern.findall(block) if pattern else ()).items():
            marks.units[column_of(letters), units[style]] += count
        for letters, row, _style in percents.findall(block) if percents else ():
            marks.percents.add((int(row), column_of(letters)))
    return _note_rows(block, marks, hides)


def _note_rows(block: bytes, marks: Marks, hides: bool) -> int:
    """Hidden rows; a row without a number counts on from the last one."""
    rows = block.count(b"<row")
    if not rows:
        return 0
    if hides and block.count(_PLACED_ROW) == rows:
        marks.hidden_rows.update(row for row in map(int, _HIDDEN_ROW.findall(block)) if row <= LAST_ROW)
        hides = False
    last = _NUMBERED_ROW.match(block, block.rfind(b"<row"))
    if last and not hides:
        marks.row = int(last[1])
        return rows
    for attributes in _ROW.findall(block):
        number = _AT.search(attributes)
        marks.row = int(number[1]) if number else marks.row + 1
        if _HIDDEN.search(attributes):
            marks.hide(marks.hidden_rows, marks.row, marks.row, LAST_ROW)
    return rows


@cache
def column_of(letters: bytes) -> int:
    """The column from 0 of a cell's letters: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


# .ods: the whole of content.xml, in the child process ----------------------------------------------------------------

_ODS_PART = re.compile(rb"<table:table(-column|-row|)(?=[\s/>])" + _ATTRIBUTES)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell(?=[\s/>])" + _ATTRIBUTES)
_ODS_TEXT = re.compile(rb"<text:p(?:\s[^>]*)?>(.*?)</text:p>", re.DOTALL)
_ODS_STYLE = re.compile(rb"<number:(number|currency)-style\s" + _ATTRIBUTES + rb"(.*?)</number:\1-style>", re.DOTALL)
_ODS_CELL_STYLE = re.compile(rb"<style:style\s" + _ATTRIBUTES)
_TELLING = re.compile(rb'="error"|-spanned=|office:currency=|table:formula=|="percentage"')
"""What a row must hold for its cells to be looked at, unless there are styles of units."""


def of_ods(data: bytes) -> dict[str, Marks]:
    """Sheet name → marks, from the text of the tables. Names are matched as written, as the reader of values does."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml")
        styles = archive.read("styles.xml") if "styles.xml" in archive.namelist() else b""
    units = _ods_units(styles) | _ods_units(content)
    if not (units or b"table:visibility=" in content or _TELLING.search(content)):
        return {}
    found: dict[str, Marks] = {}
    marks, column = Marks(), 0
    by_default: dict[int, str] = {}
    parts = list(_ODS_PART.finditer(content))
    for part, until in zip(parts, [*(p.start() for p in parts[1:]), len(content)], strict=False):
        kind, attributes = part[1], part[2]
        if not kind:
            marks, column, by_default = Marks(), 0, {}
            found.setdefault(_attribute(attributes, b"table:name"), marks)
            continue
        is_hidden = b'table:visibility="collapse"' in attributes or b'table:visibility="filter"' in attributes
        if kind == b"-column":
            end = column + _count(attributes, b"table:number-columns-repeated")
            if is_hidden:
                marks.hide(marks.hidden_columns, column, end - 1, LAST_COLUMN)
            unit = units.get(_attribute(attributes, b"table:default-cell-style-name"))
            by_default |= dict.fromkeys(range(column, min(end, LAST_COLUMN)), unit) if unit else {}
            column = end
            continue
        first, marks.row = marks.row + 1, marks.row + _count(attributes, b"table:number-rows-repeated")
        if is_hidden:
            marks.hide(marks.hidden_rows, first, marks.row, LAST_ROW)
        if units or _TELLING.search(content, part.end(), until):
            numbers = range(first, min(marks.row, LAST_ROW) + 1)
            _note_ods_row(content[part.end() : until], numbers, marks, units, by_default)
    return found


def _note_ods_row(
    row: bytes, numbers: range, marks: Marks, units: Mapping[str, str], by_default: Mapping[int, str]
) -> None:
    """Faults, spans and units of the cells of one row, which stands in the file at all `numbers`."""
    column = 0
    cells = list(_ODS_CELL.finditer(row))
    for cell, until in zip(cells, [*(c.start() for c in cells[1:]), len(row)], strict=False):
        attributes = cell[1]
        width = _count(attributes, b"table:number-columns-repeated")
        columns, column = range(column, min(column + width, LAST_COLUMN)), column + width
        if not (numbers and columns):
            return
        if b"table:formula=" in attributes or b'"error"' in attributes:
            code = _ods_fault(attributes, row[cell.end() : until])
            for number in numbers if code else ():
                for at in columns:
                    marks.fault(number, at, code)
        if b'office:value-type="float"' in attributes or b'office:value-type="currency"' in attributes:
            style = _attribute(attributes, b"table:style-name")
            said = unit_of(f"[${_attribute(attributes, b'office:currency')}]0") if b":currency=" in attributes else None
            for at in columns if units or said else ():
                unit = (units.get(style) if style else by_default.get(at)) or said
                if unit:
                    marks.units[at, unit] += len(numbers)
        if b'office:value-type="percentage"' in attributes:
            marks.percents.update((number, at) for number in numbers for at in columns)
        if b"-spanned=" in attributes:
            bottom = numbers[0] - 2 + _count(attributes, b"table:number-rows-spanned")
            right = columns[0] - 1 + _count(attributes, b"table:number-columns-spanned")
            if (bottom, right) != (numbers[0] - 1, columns[0]):
                marks.merged.append(((numbers[0] - 1, columns[0]), (bottom, right)))


def _ods_fault(attributes: bytes, content: bytes) -> str:
    """The code of a cell's fault, "" where there is none. Some programs keep an error as a formula's text."""
    text = _ODS_TEXT.search(content)
    shown = html.unescape(re.sub(r"<[^>]*>", "", text[1].decode("utf-8", "replace"))).strip() if text else ""
    if b'calcext:value-type="error"' in attributes:
        return shown[:20] or "#VALUE!"
    if b"office:value-type=" not in attributes:
        return "" if shown else UNCOMPUTED
    return shown if b'office:value-type="string"' in attributes and _FAULT.fullmatch(shown) else ""


def _ods_units(xml: bytes) -> dict[str, str]:
    """Cell style → unit."""
    formats = {}
    for _kind, attributes, inside in _ODS_STYLE.findall(xml):
        unit = unit_of(format_of(html.unescape(inside.decode("utf-8", "replace"))))
        if unit:
            formats[_attribute(attributes, b"style:name")] = unit
    if not formats:
        return {}
    styles = _ODS_CELL_STYLE.findall(xml)
    named = ((_attribute(a, b"style:name"), formats.get(_attribute(a, b"style:data-style-name"))) for a in styles)
    return {name: unit for name, unit in named if unit}


def _attribute(attributes: bytes, name: bytes) -> str:
    found = _named(name).search(attributes) if name in attributes else None
    return html.unescape((found[1] or found[2] or b"").decode("utf-8", "replace")) if found else ""


@cache
def _named(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![\w:-])" + name + rb"""=(?:"([^"]*)"|'([^']*)')""")


def _count(attributes: bytes, name: bytes) -> int:
    """How often a thing is repeated, or over how many cells it goes: 1 unless said."""
    text = _attribute(attributes, name)
    return max(int(text), 1) if text.isdecimal() and len(text) < 9 else 1


# .xls: by xlrd, in the child process ----------------------------------------------------------------------------------


def of_xls(data: bytes) -> dict[str, Marks] | None:
    """Sheet name → marks; None for a file that xlrd cannot follow, however another reader does."""
    import xlrd

    try:
        book = xlrd.open_workbook(
            file_contents=data,
            formatting_info=True,
            on_demand=True,
            ignore_workbook_corruption=True,
            logfile=io.StringIO(),  # it would write where the child answers
        )
        units = {index: unit for index, style in enumerate(book.xf_list) if (unit := _xls_unit(book, style))}
        return {name: _xls_marks(book.sheet_by_name(name), units) for name in book.sheet_names()}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  (it raises whatever damaged bytes lead to)
        return None


def _xls_unit(book: Any, style: Any) -> str | None:
    if style.format_key in PERCENT_FORMATS:
        return PERCENT
    kept = book.format_map.get(style.format_key)
    return unit_of(kept.format_str) if kept and style.format_key >= _XLS_OWN else None


_XLS_OWN = 50
"""Number formats below are built in: their currency is that of the reader's country."""


def _xls_marks(sheet: Any, units: Mapping[int, str]) -> Marks:
    import xlrd

    marks = Marks()
    marks.hidden_rows = {row + 1 for row, about in sheet.rowinfo_map.items() if about.hidden}
    marks.hidden_columns = {column for column, about in sheet.colinfo_map.items() if about.hidden}
    for row in range(sheet.nrows):
        kinds = sheet.row_types(row)
        if xlrd.XL_CELL_ERROR in kinds:
            for column, kind in enumerate(kinds):
                if kind == xlrd.XL_CELL_ERROR:
                    code = sheet.cell_value(row, column)
                    marks.fault(row + 1, column, xlrd.error_text_from_code.get(code, "#VALUE!"))
        for column, kind in enumerate(kinds if units else ()):
            if kind == xlrd.XL_CELL_NUMBER:
                unit = units.get(sheet.cell_xf_index(row, column))
                if unit == PERCENT:
                    marks.percents.add((row + 1, column))
                elif unit:
                    marks.units[column, unit] += 1
    return marks
