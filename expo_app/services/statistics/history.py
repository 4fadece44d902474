"""An expo as it was at a moment: what its records held then, read by the same functions that count it now.

Deals go by their steps, and by the log where those were taken back or done again. Exhibitors and items go by the log:
every change since the moment is taken back, where it was made by hand, by an import or by a merge. Scans carry their
own moment (`Scope.until`). What no log tells is said.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, or_, select
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged, readable
from expo_app.i18n import _
from expo_app.model import Attendee, Audit, BatchKind, Deal, DealStep, Exhibitor, ImportBatch, ImportRow, ProgrammeItem
from expo_app.services.batches import unpacked
from expo_app.services.record_writer import in_parts
from expo_app.services.statistics.deals import COUNTED_BY
from expo_app.services.statistics.exhibition import CONTRACTED
from expo_app.store.as_if import show, snapshot
from expo_app.store.audit import from_json
from expo_app.store.database import Database

Rows = dict[uuid.UUID, Mapping[str, Any]]
LOGGED: tuple[Table, ...] = (Deal.__table__, DealStep.__table__, Exhibitor.__table__, ProgrammeItem.__table__)
STEP = ("id", "deal_id", "stage", "entry", "at")
DATED: tuple[Table, ...] = (Deal.__table__, DealStep.__table__)
"""Whose rows say themselves when they came, so that the log says only when one went and came again."""


@dataclass
class Since:
    """What happened to one table's records since the moment: by record its old values, which are new, which went."""

    old: dict[uuid.UUID, dict[str, Any]] = field(default_factory=dict)
    new: set[uuid.UUID] = field(default_factory=set)
    gone: dict[uuid.UUID, dict[str, Any]] = field(default_factory=dict)

    def heard(self, record_id: uuid.UUID, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> None:
        """One change, the oldest first."""
        if before is None and record_id in self.gone:
            self.old[record_id] = self.gone.pop(record_id)  # it went and came again: it was there
        elif before is None:
            self.new.add(record_id)
        elif after is None:
            self.gone[record_id] = {**before, **self.old.pop(record_id, {})}
        else:
            self.old[record_id] = {**before, **self.old.get(record_id, {})}


@contextmanager
def as_of(db: Database, expo_id: uuid.UUID, at: datetime) -> Iterator[tuple[Session, tuple[str, ...]]]:
    """A session that reads the expo as it was at `at` (aware), and what could not be known of it, in sentences."""
    with snapshot(db) as session:
        changed = {table: _since(session, table, at) for table in LOGGED}
        rows = {table: _rows(session, table, since) for table, since in changed.items()}
        deals, unborn = _deals(session, expo_id, at, rows)
        item, exhibitor = ProgrammeItem.__table__, Exhibitor.__table__
        unknown = _unknown(session, expo_id, at, changed[exhibitor])
        broken = {key for key, row in deals.items() if any(is_damaged(row[name]) for name in COUNTED_BY)}
        unborn |= broken
        deals = {key: row for key, row in deals.items() if key not in broken}
        after = {table: _sound(found) for table, found in ((Deal.__table__, deals), (item, rows[item]))}
        after[exhibitor] = _sound(rows[exhibitor])
        gone = {Deal.__table__: unborn, item: changed[item].new}
        show(session, {t: found for t, found in after.items() if found}, {t: k for t, k in gone.items() if k})
        yield session, unknown


def _sound(rows: Rows) -> Rows:
    """What cannot be read is not there: no figure goes by it."""
    return {key: {name: readable(value) for name, value in row.items()} for key, row in rows.items()}


def _since(session: Session, table: Table, at: datetime) -> Since:
    """Every change of a table's records since `at`, from the log and from what imports and merges kept."""
    audit, found = Audit.__table__, Since()
    logged = select(audit.c.at, audit.c.id, audit.c.record_id, audit.c.before, audit.c.after, audit.c.action).where(
        audit.c.at > at, audit.c.table_name == table.name, audit.c.record_id.is_not(None),
        audit.c.action.in_(("insert", "update", "delete")),
    )  # fmt: skip
    events = [(row.at, row.id, row.record_id, row.before, row.after) for row in session.execute(logged)]
    batch, kept = ImportBatch.__table__, ImportRow.__table__
    stands = (batch.c.at > at) & or_(batch.c.undone_at.is_(None), batch.c.undone_at < batch.c.at)
    of_batches = (
        select(batch.c.at, kept.c.id, kept.c.record_id, kept.c.before, kept.c.after)
        .join(batch, batch.c.id == kept.c.batch_id)
        .where(stands, kept.c.table_name == table.name)
    )
    events += [tuple(row) for row in session.execute(of_batches)]
    imports = select(batch.c.at, batch.c.id, batch.c.made).where(stands, batch.c.kind == BatchKind.IMPORT)
    for when, key, made in session.execute(imports):
        events += [(when, key, record_id, None, {}) for record_id in unpacked(made.get(table.name, ""))]
    for _when, _key, record_id, before, after in sorted(events, key=lambda event: event[:2]):
        found.heard(record_id, before, after)
    return found


def _rows(session: Session, table: Table, since: Since) -> Rows:
    """Whole rows as they were: those that changed, and those that went."""
    found: Rows = {}
    new = set() if table in DATED else since.new
    for part in in_parts(since.old.keys() - new):
        for row in session.execute(select(table).where(table.c.id.in_(part))).mappings():
            found[row["id"]] = {**row, **from_json(table, since.old[row["id"]])}
    empty = {column.name: None for column in table.c}
    for record_id, values in since.gone.items():
        if record_id not in new:
            found[record_id] = {**empty, **from_json(table, values), "id": record_id}
    return found


def _deals(
    session: Session, expo_id: uuid.UUID, at: datetime, logged: Mapping[Table, Rows]
) -> tuple[Rows, set[uuid.UUID]]:
    """The expo's deals that stood elsewhere, and those that nobody had entered, or whose entry was taken back.

    A deal's steps say when it was what; of one without any so early the log does.
    """
    deal, step = Deal.__table__, DealStep.__table__
    own = select(deal).where(deal.c.expo_id == expo_id)
    there: Rows = {row["id"]: dict(row) for row in session.execute(own).mappings()}
    then = {**there, **{key: row for key, row in logged[deal].items() if row["expo_id"] == expo_id}}
    taken = select(*(step.c[name] for name in STEP)).join(deal, deal.c.id == step.c.deal_id)
    steps: Rows = {row["id"]: dict(row) for row in session.execute(taken.where(deal.c.expo_id == expo_id)).mappings()}
    steps = {**steps, **logged[step]}
    again = _again(session, at)
    taken_back = {key for key, came in again.items() if came is None}
    stood: dict[uuid.UUID, tuple[Any, Any]] = {}
    for key in sorted(steps, key=lambda key: again.get(key) or key):  # as they were recorded, whatever the clock said
        row = steps[key]
        if key not in taken_back and not any(is_damaged(row[name]) for name in STEP) and row["at"] <= at:
            stood[row["deal_id"]] = row["stage"], row["entry"]
    found: Rows = {}
    unborn = set()
    for key, before in then.items():
        values = dict(before)
        if key in stood and key not in taken_back:
            values["stage"], values["entry"] = stood[key]
        elif key in taken_back or readable(values["created_at"], at) > at:
            unborn.add(key)
            continue
        if values != there.get(key):
            found[key] = values
    return found, unborn


def _again(session: Session, at: datetime) -> dict[uuid.UUID, uuid.UUID | None]:
    """Of deals and steps that went before `at`: the key of the log under which they came again; None: they had not."""
    audit = Audit.__table__
    told = (audit.c.at <= at) & audit.c.table_name.in_([table.name for table in DATED])
    went = select(audit.c.record_id).where(told, audit.c.action == "delete")
    moves = select(audit.c.record_id, audit.c.id, audit.c.action).where(
        told, audit.c.action.in_(("insert", "delete")), audit.c.record_id.in_(went)
    )
    return {
        record: None if action == "delete" else key
        for record, key, action in session.execute(moves.order_by(audit.c.id))
    }


def _unknown(session: Session, expo_id: uuid.UUID, at: datetime, exhibitors: Since) -> tuple[str, ...]:
    """What no log tells, or tells of something else than the figures ask."""
    said = []
    if later := _entered_later(session, expo_id, at, exhibitors.new):
        said.append(_("{n} 家参展单位是时点后才录入的，合同哪天签的没有记，照算在内").format(n=f"{later:,}"))
    audit, attendee = Audit.__table__, Attendee.__table__
    changed = (
        select(audit.c.record_id, audit.c.before)
        .join(attendee, attendee.c.id == audit.c.record_id)
        .where(audit.c.at > at, audit.c.table_name == attendee.name, audit.c.action == "update")
        .where(attendee.c.expo_id == expo_id)
    )
    if people := len({key for key, before in session.execute(changed) if "category_id" in (before or {})}):
        said.append(_("{n} 人时点后改过类别，按现在的类别算").format(n=f"{people:,}"))
    batch = ImportBatch.__table__
    taken_back = batch.c.undone_at > at, batch.c.at <= at, batch.c.undone_at >= batch.c.at
    if undone := session.scalar(select(func.count()).select_from(batch).where(batch.c.expo_id == expo_id, *taken_back)):
        said.append(_("时点后撤销过 {n} 次导入或合并，撤掉的记录算不回来").format(n=f"{undone:,}"))
    return tuple(said)


def _entered_later(session: Session, expo_id: uuid.UUID, at: datetime, new: set[uuid.UUID]) -> int:
    """Exhibitors under contract that were entered since; whoever was there at the moment had a contract by then."""
    table, found = Exhibitor.__table__, 0
    is_new = table.c.arrived_at.is_(None) | (table.c.arrived_at > at)
    for part in in_parts(new):
        query = select(func.count()).where(
            table.c.expo_id == expo_id, table.c.id.in_(part), table.c.state.in_(CONTRACTED), is_new
        )
        found += session.scalar(query) or 0
    return found
