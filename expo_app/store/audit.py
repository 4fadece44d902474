"""An audit row for every write through the ORM, in the same transaction; `record_audit` for the rest."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Date, Table, Time, event, insert, inspect, select
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeEngine

from expo_app.damaged import DamagedValue
from expo_app.model import (
    LOGS,
    AttachmentContent,
    Audit,
    Base,
    Counter,
    DeskCount,
    DeskSignal,
    Fen,
    ImportMemory,
    ImportRow,
    Key,
    Moment,
    Presence,
    PressFigure,
    Rate,
)

NOT_AUDITED: tuple[type[Base], ...] = (
    *LOGS,
    Presence,
    DeskCount,
    DeskSignal,
    ImportRow,
    ImportMemory,
    Counter,
    PressFigure,
    AttachmentContent,
)
"""The log itself, rows that are their own record, and bytes, of which their attachment tells."""
SILENT = frozenset(model.__tablename__ for model in NOT_AUDITED)
NOT_SHOWN = {"id", "search_text", "pin_hash"}
HIDDEN = "***"
READERS: dict[type[TypeEngine[Any]], Callable[[str], Any]] = {
    Key: uuid.UUID,
    Fen: Decimal,
    Rate: Decimal,
    Moment: datetime.fromisoformat,
    Date: date.fromisoformat,
    Time: time.fromisoformat,
}


class AuditedSession(Session):
    """A session whose flushes write the audit; reading sessions need none."""


def json_safe(value: Any) -> Any:
    """As JSON keeps it: money and keys as text, an enum by name, moments in UTC and dates as ISO text."""
    match value:
        case Enum():
            return value.name
        case Decimal() | uuid.UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case _:
            return value


def to_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """A record's values by column name, as the audit and import rows keep them; never a PIN."""
    return {name: json_safe(value) for name, value in values.items() if name not in NOT_SHOWN}


def from_json(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """The opposite of `to_json`: values that can be bound to the columns of `table` again."""
    return {name: _revive(name, table.columns[name].type, value) for name, value in values.items()}


def _revive(name: str, kind: TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    try:
        if isinstance(kind, SqlEnum):
            return kind.python_type[value]
        reader = next((reader for types, reader in READERS.items() if isinstance(kind, types)), None)
        return reader(value) if reader else value
    except (LookupError, ValueError, ArithmeticError):  # it was damaged already when it was kept
        raise DamagedValue(name) from None


def record_audit(
    target: Session | Connection,
    action: str,
    table: str,
    record_id: uuid.UUID | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """One audit row for a write that the ORM does not see; before and after hold plain Python values."""
    connection = target.connection() if isinstance(target, Session) else target
    log(connection, [{**entry(action, table, record_id, before, after), "reason": reason}])


def entry(
    action: str,
    table: str,
    record_id: uuid.UUID | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """An audit row for `log`, not signed yet; before and after hold plain Python values."""
    return {
        "action": action,
        "table_name": table,
        "record_id": record_id,
        "before": None if before is None else _told(table, before),
        "after": None if after is None else _told(table, after),
        "reason": "",
    }


def _told(table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the log says of values: of a secret column (`info`) that it holds one, never which."""
    known = Base.metadata.tables.get(table)
    secret = {column.name for column in known.c if column.info.get("secret")} if known is not None else set()
    return to_json({name: HIDDEN if name in secret and value is not None else value for name, value in values.items()})


def log(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write audit rows, signed by who is working."""
    database = connection.get_execution_options()["database"]
    signature = {"at": database.now(), "operator": database.actor.name, "desk": database.actor.desk}
    connection.execute(insert(Audit.__table__), [{**signature, **row} for row in rows])
    _told_of(connection).update(row["table_name"] for row in rows)


def tables_written(connection: Connection) -> set[str]:
    """Tables written in the transaction that runs here, without those that need no audit row."""
    tables: set[str] = connection.info["written"]
    return tables - SILENT


def unaudited(connection: Connection) -> set[str]:
    """Those of them of which no audit row tells."""
    return tables_written(connection) - _told_of(connection)


def _told_of(connection: Connection) -> set[str]:
    told: set[str] = connection.info.setdefault("audited", set())
    return told


@event.listens_for(AuditedSession, "before_flush")
def _load_old_values(session: Session, _context: UOWTransaction, _instances: object) -> None:
    """A value overwritten before it was ever loaded still needs its `before`."""
    for record in _audited(session.dirty):
        state = inspect(record)
        unknown = [name for name in _changed(record) if not state.attrs[name].history.deleted]
        if unknown and state.has_identity:
            _recall(session, record, unknown)


def _recall(session: Session, record: Base, names: list[str]) -> None:
    table = record.__table__
    old: Any = (
        session.connection()
        .execute(select(*(table.c[name] for name in names)).where(table.c.id == record.id))
        .one_or_none()
    )
    for name, value in zip(names, () if old is None else tuple(old), strict=False):
        new = getattr(record, name)
        set_committed_value(record, name, value)
        setattr(record, name, new)


@event.listens_for(AuditedSession, "after_flush")
def _audit_flush(session: Session, _context: UOWTransaction) -> None:
    new, deleted, dirty = map(_audited, (session.new, session.deleted, session.dirty))
    _told_of(session.connection()).update(record.__tablename__ for record in (*new, *deleted, *dirty))
    rows = [entry("insert", record.__tablename__, record.id, None, _filled(record)) for record in new]
    rows += [entry("delete", record.__tablename__, record.id, _filled(record)) for record in deleted]
    for record in dirty:
        changes = {name: inspect(record).attrs[name].history for name in _changed(record)}
        before = {name: next(iter(change.deleted)) for name, change in changes.items() if change.deleted}
        after = {name: next(iter(change.added)) for name, change in changes.items()}
        if "pin_hash" in inspect(record).dict and inspect(record).attrs["pin_hash"].history.added:
            after["pin"] = "changed"
        if after:
            rows.append(entry("update", record.__tablename__, record.id, before, after))
    if rows:
        log(session.connection(), rows)


def _audited(records: Iterable[Any]) -> list[Base]:
    return [record for record in records if isinstance(record, Base) and not isinstance(record, NOT_AUDITED)]


def _columns(record: Base) -> list[str]:
    return [column.key for column in inspect(type(record)).column_attrs if column.key not in NOT_SHOWN]


def _changed(record: Base) -> list[str]:
    attributes = inspect(record).attrs
    return [name for name in _columns(record) if attributes[name].history.added]


def _filled(record: Base) -> dict[str, Any]:
    """What a new or deleted record holds, without its empty columns."""
    values = {name: getattr(record, name) for name in _columns(record)}
    return {name: value for name, value in values.items() if value not in (None, "")}
