"""Tables in and out: `read` any spreadsheet file, `write` records, an empty template, a correction file."""
from pathlib import Path

from expo_app.exchange import grid as cells
from expo_app.exchange import guard, headers
from expo_app.exchange.headers import Sheet, match_headers
from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.specs import RecordSpec

GUIDE = N_("填写说明")


def read(path: Path, sheet: str | None = None, spec: RecordSpec | None = None) -> Sheet:
    data = cells.load(path)
    facts = guard.inspect(data)
    grid = cells.grid(data, facts, sheet)
    return headers.find_sheet(grid, spec)
