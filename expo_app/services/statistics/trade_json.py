"""The statistic tables as plain data for other programs: amounts are yuan as text, exact to the fen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from expo_app.specs.trade_tables import Line, Matrix, Sums, Table, TradeTables


def plain(tables: TradeTables) -> dict[str, Any]:
    """Everything that screen, Excel and PDF show of one moment."""
    return {
        "expo": tables.head.expo_name,
        "is_sample": tables.head.is_sample,
        "moment": tables.at.isoformat(),
        "basis": tables.query.basis.name,
        "filters": list(tables.filters),
        "agrees": not tables.failing(),
        "differences": [f"{check.table} {check.label} {check.words}".strip() for check in tables.failing()],
        "tables": [_table(table) for table in tables.tables],
        "notes": list(tables.notes),
    }


def _table(table: Table) -> dict[str, Any]:
    found: dict[str, Any] = {"no": table.no, "title": table.title, "lines": [_line(line) for line in table.lines]}
    if table.total is not None:
        found["total"] = _line(table.total)
    if table.extras:
        found["extras"] = [_line(line) for line in table.extras]
    if table.mean is not None:
        found["mean"] = _yuan(table.mean.quantize(Decimal("0.01")))
    if table.matrix is not None:
        found["matrix"] = _matrix(table.matrix)
    return found | {"notes": list(table.notes)}


def _line(line: Line) -> dict[str, Any]:
    found = {"key": line.key, "label": line.label, **_sums(line.sums), "share": _number(line.share)}
    if line.before is not None:
        found["before"] = _sums(line.before)
        found["change"] = _number(line.change)
    if line.parts:
        found["parts"] = [_line(part) for part in line.parts]
    return found


def _matrix(matrix: Matrix) -> dict[str, Any]:
    net = matrix.net
    return {
        "regions": [
            {
                "key": key, "label": label, "output": _sums(matrix.outputs[key]), "intake": _sums(matrix.intakes[key]),
                "net_output": _yuan(net[key]),
            }
            for key, label in matrix.regions
        ],
        "flows": [
            {"seller": seller, "buyer": buyer, **_sums(sums)} for (seller, buyer), sums in sorted(matrix.cells.items())
        ],
    }  # fmt: skip


def _sums(sums: Sums) -> dict[str, Any]:
    return {"count": sums.count, "amount": _yuan(sums.amount), "tech_amount": _yuan(sums.tech_amount)}


def _yuan(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _number(share: Decimal | None) -> float | None:
    return None if share is None else round(float(share), 6)
