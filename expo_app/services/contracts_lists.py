"""The lists and deadlines of the registration of technology contracts, as a file has them beside what ships."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy import FromClause, select
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged
from expo_app.model import RegistryChoice, RegistryDeadline, RegistryList, new_id
from expo_app.rules.registry_lists import Deadline, Lists, shipped, with_own
from expo_app.rules.tech_contracts import Choice
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import writing
from expo_app.specs import Outcome, PlanRow, RecordSpec
from expo_app.store.database import Database

_choice, _deadline = RegistryChoice.__table__, RegistryDeadline.__table__


def lists(db: Database) -> Lists:
    """Everything a contract may choose from."""
    with db.reading() as session:
        return lists_of(session)


def lists_of(session: Session) -> Lists:
    """The same within a session that is already open: two statements. A row that cannot be read says nothing."""
    own: dict[RegistryList, list[Choice]] = {}
    query = select(_choice).order_by(_choice.c.position, _choice.c.name, _choice.c.id)
    for row in session.execute(query):
        if not any(map(is_damaged, row)):
            own.setdefault(row.list, []).append(Choice(row.name, row.parent, row.since, row.until, row.position))
    deadlines = [
        Deadline(row.region_code, row.since, row.until, row.days, row.is_working_days, row.source)
        for row in session.execute(select(_deadline).order_by(_deadline.c.since, _deadline.c.id))
        if not any(map(is_damaged, row))
    ]
    return with_own(own, deadlines)


def add_shipped(db: Database) -> int:
    """Put what ships with the program into the file's own lists, so that dates and codes can be changed; how many rows.

    A name, or a region on its day, that the file has already stays as it is there.
    """
    with writing(db, "settings.edit") as writer:
        added = {table: _shipped_beside(writer.session, table) for table in (_choice, _deadline)}
        for table, rows in added.items():
            writer.insert(table, [{"id": new_id(), **row} for row in rows])
    return sum(map(len, added.values()))


def shipped_rows(db: Database, spec: RecordSpec) -> list[dict[str, Any]]:
    """What ships and holds without being in the file, as records of such a list."""
    with db.reading() as session:
        return [{**row, "is_shipped": True} for row in _shipped_beside(session, spec.table)]


def same_as_shipped(session: Session, _expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """A row of a file that says what ships, as an export has it, changes nothing."""
    names = [field.name for field in spec.writable]
    there = {tuple(row[name] or None for name in names) for row in _shipped_beside(session, spec.table)}

    def reviewed(row: PlanRow) -> PlanRow:
        is_shipped = tuple(row.values.get(name) or None for name in names) in there
        return replace(row, outcome=Outcome.SAME) if row.outcome is Outcome.NEW and is_shipped else row

    return tuple(map(reviewed, rows))


def _shipped_beside(session: Session, table: FromClause) -> list[dict[str, Any]]:
    """The rows that ship, but for the names, or regions on their days, that the file has itself."""
    if table is _deadline:
        known = {(row.region_code, row.since) for row in session.execute(select(_deadline))}
        return [
            {
                "region_code": limit.region, "since": limit.since, "until": limit.until, "days": limit.days,
                "is_working_days": limit.is_working_days, "source": limit.source,
            }
            for limit in shipped().deadlines
            if (limit.region, limit.since) not in known
        ]  # fmt: skip
    there = {(row.list, row.parent, row.name) for row in session.execute(select(_choice))}
    return [
        {
            "list": of, "position": place, "name": choice.name, "code": "", "parent": choice.parent,
            "since": choice.since, "until": choice.until, "source": "",
        }
        for of, choices in shipped().choices.items()
        for place, choice in enumerate(choices, 1)
        if (of, choice.parent, choice.name) not in there
    ]  # fmt: skip
