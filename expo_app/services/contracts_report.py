"""The register of technology contracts in an office's columns, which are data: `register_columns.csv`.

A file of that name in the program's settings folder takes the place of the one that ships, so that an organiser's
office can have its own. Its columns: header, from (a field of `specs.contracts`), width in characters.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from expo_app import paths
from expo_app.errors import UserError
from expo_app.i18n import Labelled, _
from expo_app.model import Deal, Expo
from expo_app.rules.contract_completeness import Contract, findings, open_ones
from expo_app.services.contracts import read_contracts
from expo_app.services.record_writer import in_parts
from expo_app.services.report_head import read_head
from expo_app.specs import CONTRACTS
from expo_app.specs.contracts import in_register
from expo_app.specs.contracts_report import Gap, OfficeColumn, RegisterData
from expo_app.store.database import Database

COLUMNS = "register_columns.csv"
WIDTH = 16.0


def read(db: Database, expo_id: uuid.UUID, now: datetime) -> RegisterData:
    """Every contract of the register; UserError where the office's own columns are none."""
    columns = office_columns()
    fields = [CONTRACTS.field(column.field) for column in columns]
    with db.reading() as session:
        expo = session.get_one(Expo, expo_id)
        head = read_head(session, expo, now)
        rows = session.execute(CONTRACTS.query(tuple(fields), expo_id)).all()
        found = read_contracts(session, in_register(expo_id))
    told = [(contract, open_ones(findings(contract))) for contract in found.values()]
    gaps = [
        Gap(contract.get("deal_no") or "", contract.get("title") or "", [f"{f.label}：{f.words}" for f in lacking])
        for contract, lacking in told
        if lacking
    ]
    gaps.sort(key=lambda gap: gap.deal_no)
    return RegisterData(head, columns, [tuple(map(_plain, row[1:])) for row in rows], gaps)


def office_columns() -> tuple[OfficeColumn, ...]:
    """The columns of the office's sheet: the organiser's own, else those that ship."""
    own = paths.config_dir() / COLUMNS
    return columns_of(own if own.is_file() else paths.resource("contracts", COLUMNS))


def columns_of(path: Path) -> tuple[OfficeColumn, ...]:
    """The columns a file names; UserError, with the line, for a field that is none."""
    known = {field.name for field in CONTRACTS.excel_fields}
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
        columns = tuple(OfficeColumn(row["header"], row["from"], float(row.get("width") or WIDTH)) for row in rows)
    except (OSError, KeyError, ValueError, TypeError, UnicodeDecodeError, csv.Error) as error:
        words = _("登记表的列读不出：{path}。没有写入。改好这个文件，或删掉它用自带的列。")
        raise UserError(words.format(path=path), "E-OFFICE-COLUMNS") from error
    if wrong := next((column.field for column in columns if column.field not in known), ""):
        words = _("登记表的列里没有“{name}”这个字段：{path}。没有写入。改好这个文件再导出。")
        raise UserError(words.format(name=wrong, path=path), "E-OFFICE-COLUMNS")
    return columns


def _plain(value: Any) -> Any:
    """A word in the current language; amounts, days and numbers as they are."""
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return value or None if isinstance(value, str) else value


def lacking(db: Database, ids: Sequence[uuid.UUID]) -> list[Gap]:
    """Of these contracts, those that are not complete."""
    deal = Deal.__table__
    found: dict[uuid.UUID, Contract] = {}
    with db.reading() as session:
        for part in in_parts(ids):
            found |= read_contracts(session, deal.c.id.in_(part))
    return [
        Gap(contract.get("deal_no") or "", contract.get("title") or "", [f.label for f in gaps])
        for contract in found.values()
        if (gaps := open_ones(findings(contract)))
    ]
