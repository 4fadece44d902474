"""The groups by which an expo's places are counted and shown: read, preset, copied."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.model import Exhibitor, Organisation, RegionGroup
from expo_app.rules.region_groups import RegionGroup as Group
from expo_app.rules.region_groups import RegionRule, by_default
from expo_app.services.expos import copy_rows
from expo_app.services.record_writer import Writer, write_rows, writing
from expo_app.specs import REGION_GROUPS
from expo_app.store.database import Database

_table = RegionGroup.__table__


def read_rule(session: Session, expo_id: uuid.UUID | None) -> RegionRule:
    """The expo's groups in their order, else the provinces; one statement."""
    query = select(_table).where(_table.c.expo_id == expo_id).order_by(_table.c.position, _table.c.name)
    rows = session.execute(query).mappings().all()
    groups = (Group(row["name"], row["name_en"], tuple(readable(row["prefixes"], ())), row["rolls_up"]) for row in rows)
    return RegionRule(tuple(groups)) if rows else by_default()


def rule_of(db: Database, expo_id: uuid.UUID | None) -> RegionRule:
    """The same by itself."""
    with db.reading() as session:
        return read_rule(session, expo_id)


def codes_of(db: Database, expo_id: uuid.UUID) -> list[str]:
    """The regions of the expo's exhibitors, each once."""
    table = Organisation.__table__
    query = (
        select(table.c.region_code)
        .join(Exhibitor.__table__, Exhibitor.__table__.c.organisation_id == table.c.id)
        .where(Exhibitor.__table__.c.expo_id == expo_id, table.c.region_code.is_not(None))
        .distinct()
    )
    with db.reading() as session:
        return sorted(code for code in session.scalars(query) if code)


def missing(rule: RegionRule, groups: Iterable[Group]) -> tuple[list[Group], list[Group]]:
    """Of the groups of a preset those that a chosen rule lacks, and those it has by name or place already."""
    names = {group.name for group in rule.groups} if rule.is_chosen else set()
    taken = {prefix for group in rule.groups for prefix in group.prefixes} if rule.is_chosen else set()
    new: list[Group] = []
    there: list[Group] = []
    for group in groups:
        (there if group.name in names or taken & set(group.prefixes) else new).append(group)
    return new, there


def add(db: Database, expo_id: uuid.UUID, groups: Sequence[Group]) -> int:
    """Add those of these groups that the expo lacks, behind its own; how many."""
    with writing(db, REGION_GROUPS.permission, expo_id) as writer:
        new, _there = missing(read_rule(writer.session, expo_id), groups)
        rows = [
            {"name": g.name, "name_en": g.name_en, "prefixes": list(g.prefixes), "rolls_up": g.rolls_up} for g in new
        ]
        write_rows(writer, REGION_GROUPS, [(None, row, 0) for row in rows])
    return len(new)


def copy_groups(writer: Writer, source: uuid.UUID, target: uuid.UUID) -> None:
    """The next edition groups as the last one did."""
    copy_rows(writer, _table, source, target)
