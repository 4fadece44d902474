"""A file opened for an import: the cells of all its sheets, read once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from expo_app.exchange import input_limits, table_reader
from expo_app.exchange.table_reader import Grid
from expo_app.i18n import _
from expo_app.memory import no_collection

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


@dataclass(frozen=True)
class Book:
    """`grids` in the order of the sheets, hidden ones too. `is_mistaken`: a text that is only named like a workbook."""

    file_name: str
    grids: tuple[Grid, ...]
    is_mistaken: bool = False


@no_collection()
def open_book(path: Path) -> Book:
    """Every sheet of an .xlsx, .xls, .ods, .csv or .tsv file; its bytes tell which, not its name.

    UserError, one sentence with a code, if it is no table or not safe to read.
    """
    data = table_reader.load(path)
    facts = input_limits.inspect(data)
    is_text = facts.kind is input_limits.Kind.TEXT
    return Book(path.name, table_reader.grids(data, facts), is_text and path.suffix.lower() in WORKBOOKS)


def open_pasted(text: str) -> Book:
    """What was copied in a spreadsheet program, as it comes through the clipboard: tab separated."""
    return Book(_("粘贴的表格"), (table_reader.pasted(text),))
