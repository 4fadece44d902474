"""The lists and deadlines of the registration of technology contracts, as a file has them beside what ships."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged
from expo_app.model import RegistryChoice, RegistryDeadline, RegistryList, new_id
from expo_app.rules.registry_lists import Deadline, Lists, shipped, with_own
from expo_app.rules.tech_contracts import Choice
from expo_app.services.record_writer import writing
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
            own.setdefault(row.list, []).append(Choice(row.name, row.parent, row.since, row.until))
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
        there = {(row.list, row.parent, row.name) for row in writer.session.execute(select(_choice))}
        rows = [
            {
                "id": new_id(), "list": of, "position": place, "name": choice.name, "code": "",
                "parent": choice.parent, "since": choice.since, "until": choice.until, "source": "",
            }
            for of, choices in shipped().choices.items()
            for place, choice in enumerate(choices, 1)
            if (of, choice.parent, choice.name) not in there
        ]  # fmt: skip
        known = {(row.region_code, row.since) for row in writer.session.execute(select(_deadline))}
        limits = [
            {
                "id": new_id(), "region_code": limit.region, "since": limit.since, "until": limit.until,
                "days": limit.days, "is_working_days": limit.is_working_days, "source": limit.source,
            }
            for limit in shipped().deadlines
            if (limit.region, limit.since) not in known
        ]  # fmt: skip
        writer.insert(_choice, rows)
        writer.insert(_deadline, limits)
    return len(rows) + len(limits)
