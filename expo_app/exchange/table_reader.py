"""The cells of a file: parsed in this process when its bytes prove it harmless, else in a child with limits."""

from __future__ import annotations

import csv
import io
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expo_app.errors import UserError, why
from expo_app.exchange import input_limits
from expo_app.exchange.input_limits import MAX_COLUMNS, MAX_ROWS, MEGABYTE, Kind
from expo_app.i18n import _

TIMEOUT = 8.0
"""Seconds a child may take, its start included."""
CHILD_MEMORY = 512 * MEGABYTE
CHILD_FLAG = "--parse-table"
"""First argument by which a frozen program is told to be the child: `main` must call `serve` then."""
GUARDED = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""First characters that a spreadsheet program may take for a formula; in CSV they stand behind an apostrophe."""

WIDE = 10
"""UTF-16 without a mark is told by NULs in one half of its bytes: at least one byte in so many."""
STRAY = 20
"""Control characters that a short text may hold, in lines and among four times as many others."""

Range = tuple[tuple[int, int], tuple[int, int]]
SheetLine = tuple[int, list[Any]]
"""A row: its number in the file, from 1, and its cells."""
Refusal = tuple[Any, ...]
"""Why a sheet is not read: a key of _REFUSALS and what its sentence needs."""


@dataclass(frozen=True)
class Grid:
    """One sheet as found: the rows that hold anything, all equally wide, "" for an empty cell.

    `merged` as ((row, column), (row, column)), both from 0.
    """

    rows: list[SheetLine]
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    """Names of the visible sheets, in order."""
    merged: tuple[Range, ...] = ()
    notes: tuple[str, ...] = ()


def load(path: Path) -> bytes:
    """The file's bytes; UserError where it cannot be read."""
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


def grid(data: bytes, facts: input_limits.Facts, sheet: str | None = None) -> Grid:
    """The cells of one sheet: `sheet`, or the first visible one that is not empty."""
    if facts.kind is Kind.TEXT:
        return text_grid(data)
    found = parse(data, sheet) if facts.is_small else _parse_in_child(data, sheet)
    if not isinstance(found, Grid):
        raise _REFUSALS[found[0]](*found[1:])
    marks = facts.marks.get(facts.sheets.get(found.sheet, ""))
    return Grid(
        found.rows, found.sheet, found.sheets, found.merged, (*facts.notes, *(_cell_notes(marks) if marks else ()))
    )


def _cell_notes(marks: input_limits.Marks) -> list[str]:
    notes = []
    if marks.uncomputed:
        notes.append(_("公式没有算出结果，按空白读：{cells}。").format(cells=_listed(marks.uncomputed)))
    if marks.errors:
        notes.append(_("单元格是错误值，按空白读：{cells}。").format(cells=_listed(marks.errors)))
    return notes


def _listed(cells: list[str]) -> str:
    return "、".join(cells[:8]) + ("…" if len(cells) > 8 else "")


def parse(data: bytes, sheet: str | None) -> Grid | Refusal:
    """The cells by calamine; a refusal is returned, not raised, so that it crosses a process border."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = tuple(
            about.name
            for about in book.sheets_metadata
            if about.visible is SheetVisibleEnum.Visible and about.typ is SheetTypeEnum.WorkSheet
        )
        if sheet is not None and sheet not in book.sheet_names:
            return "no_sheet", sheet, *visible
        for name in [sheet] if sheet is not None else visible:
            found = book.get_sheet_by_name(name)
            if found.height:
                rows = _rows(found)
                return (
                    Grid(rows, name, visible, tuple(found.merged_cell_ranges or ())) if isinstance(rows, list) else rows
                )
    except PasswordError:
        return ("locked",)
    except CalamineError:
        return ("damaged",)
    except BaseException as error:
        # a fault inside the reader: its PanicException is no Exception and cannot be imported
        if type(error).__name__ != "PanicException":
            raise
        return ("damaged",)
    return Grid([], sheet or "", visible)


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


def no_sheet(name: str, *visible: str) -> UserError:
    """The refusal of a sheet name that the file does not have."""
    return UserError(
        _("文件里没有工作表“{name}”，有：{names}。").format(name=name, names="、".join(visible)), "E-FILE-SHEET"
    )


_REFUSALS: dict[str, Callable[..., UserError]] = {
    "locked": input_limits.locked, "damaged": input_limits.damaged, "too_large": input_limits.too_large,
    "too_wide": too_wide, "too_long": too_long, "no_sheet": no_sheet,
}  # fmt: skip


def _parse_in_child(data: bytes, sheet: str | None) -> Grid | Refusal:
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
        answer, _errors = child.communicate(pickle.dumps((data, sheet)), TIMEOUT)
    except subprocess.TimeoutExpired:
        return ("too_large",)
    finally:
        child.kill()
        child.communicate()
    if child.returncode != 0 or not answer:
        return ("too_large",)
    found: Grid | Refusal = pickle.loads(answer)  # noqa: S301  (written by `serve`, our own code)
    return found


def serve() -> None:
    """The child: parse what comes on standard input, answer on standard output. `main.py CHILD_FLAG` when frozen."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY, CHILD_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(TIMEOUT) + 1, int(TIMEOUT) + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = pickle.dumps(parse(*pickle.load(sys.stdin.buffer)))  # noqa: S301  (written by our parent)
    except MemoryError:
        answer = pickle.dumps(("too_large",))
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def text_grid(data: bytes) -> Grid:
    """The cells of a CSV or TSV file, whatever its encoding and separator."""
    text = _decode(data)
    csv.field_size_limit(input_limits.MAX_FILE)
    delimiter = _delimiter(text)
    rows: list[list[Any]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([unguard(cell) for cell in row])
            if len(row) > MAX_COLUMNS:
                raise too_wide(len(row))
            if len(rows) > MAX_ROWS + 1000:
                raise too_long(text.count("\n"))
    except csv.Error:
        raise input_limits.damaged() from None
    width = max(map(len, rows), default=0)
    for row in rows:
        row.extend("" for _cell in range(width - len(row)))
    return Grid(filled(rows))


def unguard(cell: str) -> str:
    """Take off the apostrophe that keeps a formula-like text a text."""
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'").lstrip(" ")[:1] in GUARDED else cell


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
