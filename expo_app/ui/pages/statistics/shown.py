"""The statistic tables as rows of cells, as text to copy, and as bars: what the page shows of plain data."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expo_app.i18n import _
from expo_app.rules import amounts
from expo_app.specs.fields import MISSING
from expo_app.specs.figures import percent
from expo_app.specs.trade_tables import Line, Matrix, Sums, Table, TradeTables, signed
from expo_app.ui.pages.statistics.figure_table import Cell, Row


@dataclass(frozen=True)
class Opening:
    """Where a number leads: the deals behind it, and what they are called."""

    words: str
    ids: tuple[uuid.UUID, ...]


def headers_of(table: Table) -> tuple[str, ...]:
    """The head of a table; amounts are in 万元, which its title says."""
    shares = (_("占比"),) if table.total is not None else ()
    return (table.first, _("项数"), table.amount, _("技术交易额"), *shares, _("同比"))


def rows_of(table: Table, opened: Collection[str]) -> list[Row]:
    """The lines, those of `opened` with their parts below them, the total, and sums beside it."""
    found = []
    for line in table.lines:
        is_open = line.key in opened if line.parts else None
        found.append(_row(table, line, is_open=is_open))
        if is_open:
            found += [_row(table, part, "part", above=line.label) for part in line.parts]
    if table.total is not None:
        found.append(_row(table, table.total, "total"))
    return found + [_row(table, line, "extra") for line in table.extras]


def _row(table: Table, line: Line, role: str = "", is_open: bool | None = None, above: str = "") -> Row:
    words = _("、").join(part for part in (above, line.label) if part)
    key = Opening(f"{table.no} {table.title} · {words}", line.sums.ids) if line.sums.ids else None
    shares = () if table.total is None else (Cell(percent(line.share), tone="text.2" if role else "text.1"),)
    cells = (
        Cell(f"{line.sums.count:,}" if line.sums.count else MISSING, key if line.sums.count else None),
        _money(line.sums.amount, key),
        _money(line.sums.tech_amount, key),
        *shares,
        _change(line),
    )
    return Row(f"{above}/{line.key}" if above else line.key, line.label, cells, role, is_open, line.colour)


def _money(amount: Decimal | None, key: Opening | None) -> Cell:
    return Cell(amounts.format_wan(amount), key if amount is not None else None)


def _change(line: Line) -> Cell:
    """A rise is green, a fall neither amber nor red."""
    words = line.change_shown
    return Cell(words, tone="ok" if words.startswith("+") else "text.2" if words == _("上届无") else "text.1")


# --- T7 ---------------------------------------------------------------------------------------------------------------
def matrix_headers(matrix: Matrix) -> tuple[str, ...]:
    """Sellers' places down, buyers' across."""
    return (_("卖方 → 买方"), *(label for _key, label in matrix.regions), _("输出"), _("净输出"))


def matrix_rows(matrix: Matrix) -> list[Row]:
    """Cells tinted by size, local ones framed; the last row is what each place takes in."""
    most = max((sums.amount or Decimal(0) for sums in matrix.cells.values()), default=Decimal(0))

    def cell(seller: str, buyer: str, words: str) -> Cell:
        sums = matrix.cell(seller, buyer)
        weight = float((sums.amount or 0) / most) if most else 0.0
        return Cell(
            _wan_or_count(sums), _flow(words, sums), weight=weight, is_framed=seller == buyer and bool(sums.ids)
        )

    found = []
    for seller, label in matrix.regions:
        cells = [cell(seller, buyer, f"{label} → {other}") for buyer, other in matrix.regions]
        out = matrix.outputs[seller]
        cells.append(Cell(_wan_or_count(out), _flow(_("{place}输出").format(place=label), out), is_bold=True))
        balance = matrix.net_of(seller)
        cells.append(Cell(MISSING if balance is None else signed(amounts.format_wan(abs(balance)), balance)))
        found.append(Row(seller, label, tuple(cells)))
    taken = [(label, matrix.intakes[key]) for key, label in matrix.regions]
    cells = [Cell(_wan_or_count(sums), _flow(_("{place}吸纳").format(place=label), sums)) for label, sums in taken]
    whole = sum(matrix.net.values(), Decimal(0))
    cells += [
        Cell(_wan_or_count(matrix.total), _flow(_("合计"), matrix.total)),
        Cell(signed(amounts.format_wan(abs(whole)), whole), tone="text.2"),
    ]
    return [*found, Row("taken", _("吸纳"), tuple(cells), "total")]


def _flow(words: str, sums: Sums) -> Opening | None:
    return Opening(f"T7 {words}", sums.ids) if sums.ids else None


def _wan_or_count(sums: Sums) -> str:
    """The amount; deals without one are named by their number."""
    if sums.amount is None and sums.count:
        return _("{n} 项").format(n=f"{sums.count:,}")
    return amounts.format_wan(sums.amount)


# --- to copy ----------------------------------------------------------------------------------------------------------
def as_tsv(tables: TradeTables, table: Table, opened: Collection[str]) -> str:
    """The table as text for a spreadsheet: title, filter line, head, rows; T7 with its matrix."""
    blocks = [_tsv(headers_of(table), rows_of(table, opened))]
    if table.matrix is not None:
        blocks.append(_tsv(matrix_headers(table.matrix), matrix_rows(table.matrix)))
    head = f"{table.no} {table.title}\t{_('万元')}\n{tables.filter_line}"
    return "\n".join([head, "\n\n".join(blocks)]) + "\n"


def _tsv(headers: Sequence[str], rows: Sequence[Row]) -> str:
    lines = ["\t".join(headers)]
    for row in rows:
        label = f"  {row.label}" if row.role == "part" else row.label
        lines.append("\t".join([label, *(cell.text for cell in row.cells)]))
    return "\n".join(lines)
