"""Lists for an import: made of rows, or the tables that it finds in a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from expo_app.exchange import excel, import_plan, table_reader
from expo_app.exchange.tables import Table, find_table
from expo_app.exchange.workbook import Book
from expo_app.specs import Existing, ImportPlan, RecordSpec
from expo_app.specs.choices import Choices

NOTHING = Existing((), {}, None)


def book_of(headers: Sequence[str], rows: Sequence[Sequence[Any]], name: str = "a.xlsx") -> Book:
    """A file of one sheet with these headers in its first row."""
    lines = table_reader.filled([list(headers), *map(list, rows)])
    return Book(name, (table_reader.Grid(lines, "名单"),))


def plan_of(
    spec: RecordSpec,
    path: Path,
    existing: Existing = NOTHING,
    choices: Choices = Choices(),  # noqa: B008
) -> ImportPlan:
    """What importing a file would do."""
    return import_plan.plan(spec, excel.open_book(path), existing, choices)


def tables_of(spec: RecordSpec, path: Path) -> list[Table]:
    """The lists of a file as an import reads them; UserError where it refuses the file."""
    book = excel.open_book(path)
    used = [sheet.name for sheet in import_plan.plan(spec, book, NOTHING).sheets if sheet.used]
    tables = [find_table(grid, spec) for grid in book.grids if grid.sheet in used]
    return [table for table in tables if table is not None]


def rows_of(spec: RecordSpec, path: Path) -> list[tuple[int, tuple[Any, ...]]]:
    """The rows of a file's lists."""
    return [row for table in tables_of(spec, path) for row in table.rows]
