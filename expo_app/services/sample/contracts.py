"""How far the registration of the sample's technology contracts is: found by contract number, generated throughout."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from expo_app.model import Deal, Registration
from expo_app.services.record_writer import Writer, write_rows
from expo_app.services.sample.lists import read
from expo_app.specs import CONTRACTS

WAS_SUBMITTED = (Registration.REGISTERED, Registration.RETURNED)


def enter_registrations(writer: Writer) -> None:
    """What was entered of each contract, and first that it was handed in, where the office has answered since."""
    deal = Deal.__table__
    expo = writer.expo.id if writer.expo else None
    query = select(deal.c.contract_no, deal.c.id).where(deal.c.expo_id == expo, deal.c.contract_no.is_not(None))
    ids = {row.contract_no: row.id for row in writer.session.execute(query)}
    rows = [(ids[row.pop("contract_no")], _emptied(row)) for row in read(CONTRACTS)]
    first = [(key, _handed_in(row), 0) for key, row in rows if row["registration"] in WAS_SUBMITTED]
    write_rows(writer, CONTRACTS, first)
    write_rows(writer, CONTRACTS, [(key, row, 0) for key, row in rows])


def _emptied(row: dict[str, Any]) -> dict[str, Any]:
    """What a cell says is not there is as empty as a form leaves it."""
    return {name: CONTRACTS.field(name).default if value is None else value for name, value in row.items()}


def _handed_in(row: dict[str, Any]) -> dict[str, Any]:
    return {"registration": Registration.SUBMITTED, "submitted_on": row["submitted_on"]}
