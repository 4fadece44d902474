"""The register of technology contracts as a workbook: the office's columns, in yuan; and what is not complete."""

from __future__ import annotations

from expo_app.i18n import _
from expo_app.specs import CONTRACTS, FieldType
from expo_app.specs.contracts_report import OfficeColumn, RegisterData
from expo_app.specs.report_data import SheetColumn, SheetTable

KINDS = {FieldType.MONEY: "number", FieldType.DATE: "date"}


def tables(data: RegisterData) -> list[SheetTable]:
    """登记表, and 还缺的 where anything is missing."""
    found = [SheetTable(_("登记表"), tuple(map(_column, data.columns)), data.rows)]
    if data.gaps:
        columns = (SheetColumn(_("还缺材料的合同"), 50), SheetColumn(_("缺什么"), 60, "long"))
        rows = [(f"{gap.deal_no} {gap.title}".strip(), "；".join(gap.lacking)) for gap in data.gaps]
        found.append(SheetTable(_("还缺的"), columns, rows))
    return found


def _column(column: OfficeColumn) -> SheetColumn:
    kind = KINDS.get(CONTRACTS.field(column.field).type, "text")
    return SheetColumn(column.header, column.width, kind)
