"""The cells of a file: parsed in this process when its bytes prove it harmless, else in a child with limits."""

from __future__ import annotations

import csv
import io
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from expo_app.atomic_files import refuse_device
from expo_app.errors import UserError, why
from expo_app.exchange import input_limits, sheet_marks
from expo_app.exchange.input_limits import MAX_COLUMNS, MAX_ROWS, MEGABYTE, Kind
from expo_app.exchange.sheet_marks import MAX_FAULTS, Fault, Marks, Range
from expo_app.i18n import _
from expo_app.plain_text import unguarded

TIMEOUT = 8.0
"""Seconds a child may take, its start included."""
CHILD_MEMORY = 512 * MEGABYTE
CHILD_FLAG = "--parse-table"
"""First argument by which a frozen program is told to be the child: `main` must call `serve` then."""

WIDE = 10
"""UTF-16 without a mark is told by NULs in one half of its bytes: at least one byte in so many."""
STRAY = 20
"""Control characters that a short text may hold, in lines and among four times as many others."""

SheetLine = tuple[int, list[Any]]
"""A row: its number in the file, from 1, and its cells."""
Refusal = tuple[Any, ...]
"""Why a sheet is not read: a key of _REFUSALS and what its sentence needs."""


MIXED = "mixed"


@dataclass(frozen=True)
class Grid:
    """One sheet as found: the rows that hold anything, all equally wide, "" for an empty cell, a Fault for an error."""

    rows: list[SheetLine]
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    """Names of the visible sheets, in order."""
    merged: tuple[Range, ...] = ()
    notes: tuple[str, ...] = ()
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    """Numbers of rows that are hidden, by hand or by a filter; of those in `rows`."""
    hidden_columns: frozenset[int] = frozenset()
    """From 0, of those there are."""
    units: Mapping[int, str] = field(default_factory=dict)
    """Column from 0 → the unit that the format of most of its numbers says: 元, 万元, 美元 …; MIXED of several."""
    refusal: Refusal = ()
    """Why this sheet was not read: it has no rows then, others of the file may."""

    @property
    def refused(self) -> str:
        """The sentence of the refusal, "" for a sheet that was read."""
        return self.error().message if self.refusal else ""

    def error(self) -> UserError:
        """The refusal as it is raised."""
        return _REFUSALS[self.refusal[0]](*self.refusal[1:])

    @property
    def width(self) -> int:
        """Columns."""
        return len(self.rows[0][1]) if self.rows else 0


def load(path: Path) -> bytes:
    """The file's bytes; UserError where it cannot be read."""
    refuse_device(path)
    try:
        if path.is_dir():
            raise UserError(
                _("“{path}”是文件夹，不是表格。没有导入任何内容。请选里面的 xlsx、xls、ods、csv 文件。").format(
                    path=path
                ),
                "E-FILE-FOLDER",
            )
        with path.open("rb") as handle:
            return handle.read(input_limits.MAX_FILE + 1)
    except FileNotFoundError:
        raise UserError(
            _("找不到文件 {name}。它可能被移动或改名，重新选择。").format(name=path.name), "E-FILE-GONE"
        ) from None
    except OSError as error:
        raise UserError(
            _("读不了 {name}：{reason}。没有导入任何内容。关闭正打开它的程序后再试。").format(
                name=path.name, reason=why(error)
            ),
            "E-FILE-READ",
        ) from error


def grids(data: bytes, facts: input_limits.Facts) -> tuple[Grid, ...]:
    """Every worksheet of the file in its order, hidden and empty ones too.

    A sheet over the limits is `refused`; UserError where nothing else is in the file.
    """
    if facts.kind is Kind.TEXT:
        return (text_grid(data),)
    found = parse(data) if facts.is_small else _parse_in_child(data)
    if not isinstance(found, list):
        raise _REFUSALS[found[0]](*found[1:])
    if any(one.refusal for one in found) and not any(one.rows for one in found):
        raise next(one for one in found if one.refusal).error()
    return tuple(_completed(one, facts) for one in found)


def _completed(one: Grid, facts: input_limits.Facts) -> Grid:
    """With what was seen on the way past (.xlsx), and what there is to say."""
    marks = facts.marks.get(one.sheet)
    whole = marked(one, marks) if marks else one
    blind = facts.kind is Kind.XLSX and marks is None  # .xlsb
    return replace(whole, notes=(*facts.notes, *([_blind()] if blind else []), *map(_say, whole.notes)))


def marked(one: Grid, marks: Marks) -> Grid:
    """A sheet's values with what stands beside them."""
    by_number = dict(one.rows)
    width = one.width
    for (number, column), code in marks.faults.items():
        if column >= MAX_COLUMNS:
            continue
        if column >= width:
            width = column + 1
            for cells in by_number.values():
                cells.extend([""] * (width - len(cells)))
        cells = by_number.setdefault(number, [""] * width)
        cells[column] = Fault(code)
    for number, column in marks.percents:
        cells = by_number.get(number, [])
        if column < len(cells) and isinstance(cells[column], float | int):
            by_number[number][column] = f"{(Decimal(f'{cells[column]:.15g}') * 100).normalize():f}%"
    rows = one.rows if len(by_number) == len(one.rows) else sorted(by_number.items())
    if len(rows) > MAX_ROWS:
        return replace(one, rows=[], merged=(), refusal=("too_long", len(rows)))
    kinds = {
        column: [type(cells[column]) for _number, cells in rows]
        for column in {column for column, _unit in marks.units}
        if column < width
    }
    numbers = {column: found.count(float) + found.count(int) for column, found in kinds.items()}
    said: dict[int, set[str]] = {}
    for column, unit in marks.units:
        said.setdefault(column, set()).add(unit)
    units = {column: unit for (column, unit), count in marks.units.items() if count * 2 > numbers.get(column, 0) > 0}
    units |= {column: MIXED for column, found in said.items() if len(found) > 1}
    return replace(
        one,
        rows=rows,
        merged=one.merged or tuple(marks.merged),
        hidden_rows=frozenset(marks.hidden_rows & by_number.keys()),
        hidden_columns=frozenset(column for column in marks.hidden_columns if column < width),
        units=units,
        notes=(*one.notes, *([MORE_FAULTS] if marks.more_faults else [])),
    )


MORE_FAULTS, BLIND = "more_faults", "blind"
"""What a sheet's notes hold until they have crossed the process border, where the user's language is known."""


def _say(note: str) -> str:
    if note == MORE_FAULTS:
        return _("错误值超过 {n:,} 个，其余按空白读。").format(n=MAX_FAULTS)
    return _blind()


def _blind() -> str:
    return _("看不出这个文件里隐藏了哪些行列、哪些格是错误值：隐藏的照读，错误值按空白读。另存为 .xlsx 就能分清。")


def parse(data: bytes) -> list[Grid] | Refusal:
    """The cells by calamine, every sheet; a refusal is returned, not raised, so that it crosses a process border."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = _tried(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))
    if isinstance(book, tuple):
        return book
    about = [one for one in book.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
    visible = tuple(one.name for one in about if one.visible is SheetVisibleEnum.Visible)
    marks = _marks(data)
    found = []
    for one in about:
        grid = _tried(lambda: _grid(book.get_sheet_by_name(one.name)))  # noqa: B023  (called at once)
        if isinstance(grid, tuple):
            grid = Grid([], one.name, refusal=grid)
        elif marks is None:
            grid = replace(grid, notes=(BLIND,))
        elif one.name in marks:
            grid = marked(grid, marks[one.name])
        found.append(replace(grid, sheets=visible, is_hidden=one.visible is not SheetVisibleEnum.Visible))
    return found


def _marks(data: bytes) -> Mapping[str, Marks] | None:
    """What stands beside the values of an .xls or .ods, None if it cannot be known; of an .xlsx it was seen before."""
    if data.startswith(input_limits.OLE):
        return sheet_marks.of_xls(data)
    return sheet_marks.of_ods(data) if input_limits.is_ods(data) else {}


def _tried(act: Callable[[], Any]) -> Any:
    """What the reader answers, or the refusal in place of its error."""
    from python_calamine import CalamineError, PasswordError

    try:
        return act()
    except PasswordError:
        return ("locked",)
    except CalamineError:
        return ("damaged",)
    except BaseException as error:
        # a fault inside the reader: its PanicException is no Exception and cannot be imported
        if type(error).__name__ != "PanicException":
            raise
        return ("damaged",)


def _grid(sheet: Any) -> Grid:
    rows: list[SheetLine] | Refusal = _rows(sheet) if sheet.height else []
    if isinstance(rows, tuple):
        return Grid([], sheet.name, refusal=rows)
    return Grid(rows, sheet.name, merged=tuple(sheet.merged_cell_ranges or ()))


def _rows(sheet: Any) -> list[SheetLine] | Refusal:
    """The rows that hold anything, within the limits."""
    (_top, left), (bottom, right) = sheet.start, sheet.end
    if right >= MAX_COLUMNS:
        return "too_wide", right + 1
    if bottom < MAX_ROWS:
        return filled(sheet.to_python(skip_empty_area=False))
    rows, count = [], 0
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if cells.count("") != len(cells):
            count += 1
            if count <= MAX_ROWS:
                rows.append((number, [""] * left + cells))
    return ("too_long", count) if count > MAX_ROWS else rows


def filled(rows: list[list[Any]]) -> list[SheetLine]:
    """The rows that hold anything, with their numbers from 1."""
    return [(number, cells) for number, cells in enumerate(rows, 1) if cells.count("") != len(cells)]


def too_wide(columns: int) -> UserError:
    """The refusal of a sheet with too many columns."""
    return UserError(
        _("表格有 {n} 列，最多 {limit} 列。没有导入任何内容。删去不用的列再导入。").format(
            n=columns, limit=MAX_COLUMNS
        ),
        "E-FILE-COLUMNS",
    )


def too_long(rows: int) -> UserError:
    """The refusal of a sheet with too many rows."""
    return UserError(
        _("表格有 {n:,} 行，一次最多 {limit:,} 行。没有导入任何内容。分成几个文件再导入。").format(
            n=rows, limit=MAX_ROWS
        ),
        "E-FILE-ROWS",
    )


_REFUSALS: dict[str, Callable[..., UserError]] = {
    "locked": input_limits.locked, "damaged": input_limits.damaged, "too_large": input_limits.too_large,
    "too_wide": too_wide, "too_long": too_long,
}  # fmt: skip


def _parse_in_child(data: bytes) -> list[Grid] | Refusal:
    """The same in a child process that may use little memory and time; whatever ends it is a refusal."""
    frozen = getattr(sys, "frozen", False)
    code = f"from {__name__} import serve; serve()"
    command = [sys.executable, CHILD_FLAG] if frozen else [sys.executable, "-P", "-c", code]
    child = subprocess.Popen(  # noqa: S603  (our own interpreter and code)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        answer, _errors = child.communicate(pickle.dumps(data), TIMEOUT)
    except subprocess.TimeoutExpired:
        return ("too_large",)
    finally:
        child.kill()
        child.communicate()
    if child.returncode != 0 or not answer:
        return ("too_large",)
    found: list[Grid] | Refusal = pickle.loads(answer)  # noqa: S301  (written by `serve`, our own code)
    return found


def serve() -> None:
    """The child: parse what comes on standard input, answer on standard output. `main.py CHILD_FLAG` when frozen."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY, CHILD_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(TIMEOUT) + 1, int(TIMEOUT) + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = pickle.dumps(parse(pickle.load(sys.stdin.buffer)))  # noqa: S301  (written by our parent)
    except MemoryError:
        answer = pickle.dumps(("too_large",))
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def text_grid(data: bytes) -> Grid:
    """The cells of a CSV or TSV file, whatever its encoding and separator."""
    text = _decode(data)
    csv.field_size_limit(input_limits.MAX_FILE)
    try:
        return _text_rows(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)), text)
    except csv.Error:
        raise input_limits.damaged() from None


def pasted(text: str) -> Grid:
    """The cells of a text that was copied: from a spreadsheet, by tabs, else as a CSV file.

    A spreadsheet puts quotes only round a cell of several lines: any others are the cell's own.
    """
    if "\t" not in text:
        return text_grid(text.encode("utf-8", "replace"))
    return _text_rows(_copied(text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")), text)


def _copied(text: str) -> Iterator[list[str]]:
    row: list[str] = []
    at = 0
    while at <= len(text):
        quoted = _QUOTED.match(text, at)
        if quoted and ("\n" in quoted[1] or "\t" in quoted[1]):
            row.append(quoted[1].replace('""', '"'))
            at = quoted.end()
        else:
            end = _CELL_END.search(text, at)
            until = end.start() if end else len(text)
            row.append(text[at:until])
            at = until
        if text[at : at + 1] != "\t":
            yield row
            row = []
        at += 1


_QUOTED = re.compile(r'"((?:[^"]|"")*+)"(?=[\t\n]|\Z)')
_CELL_END = re.compile(r"[\t\n]")


_FORCED = re.compile(r"""\A(?:="([^"]*)"|'([+\d][-\d ./]*))\Z""")
"""What keeps a number a text where there are no types: ="0045", '0045."""


def _text_rows(lines: Iterable[list[str]], text: str) -> Grid:
    rows: list[list[Any]] = []
    for row in lines:
        rows.append([_FORCED.sub(r"\1\2", unguarded(cell)) for cell in row])
        if len(row) > MAX_COLUMNS:
            raise too_wide(len(row))
        if len(rows) > MAX_ROWS + 1000:
            raise too_long(text.count("\n"))
    width = max(map(len, rows), default=0)
    for cells in rows:
        cells.extend("" for _cell in range(width - len(cells)))
    return Grid(filled(rows))


def _decode(data: bytes) -> str:
    """Text from UTF-8, UTF-16 (with or without a mark) or GB18030."""
    encodings = ["utf-8-sig", "gb18030"]
    high, low = data[1::2].count(0), data[::2].count(0)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif max(high, low) * WIDE >= len(data):
        encodings = ["utf-16-le" if high > low else "utf-16-be"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text[:4000]):
            return text.removeprefix("\ufeff")
    raise input_limits.not_a_table()


def _is_text(sample: str) -> bool:
    """Whether hardly a character is one that nobody types; a stray one in a cell or two is left to its row."""
    odd = sum(not (c.isprintable() or c in "\r\n\t\ufeff") for c in sample)
    return odd * 50 <= len(sample) or ("\n" in sample and odd <= STRAY and odd * 4 <= len(sample))


def _delimiter(text: str) -> str:
    """The separator that splits the first lines into the most columns, most often."""
    lines = [line for line in text[:20_000].splitlines()[:30] if line.strip()]

    def fields(mark: str) -> int:
        widths = sorted(len(row) for row in csv.reader(lines, delimiter=mark))
        return widths[len(widths) // 2] if widths else 0

    return max(",\t;|", key=fields)
