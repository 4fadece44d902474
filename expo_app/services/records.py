"""List, get, save and delete any kind of record by its spec."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, Select, Table, false, func, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import _
from expo_app.model import Base, Expo
from expo_app.model.expo import today_of
from expo_app.rules import masks
from expo_app.rules.access import allowed
from expo_app.rules.regions import at_home_in
from expo_app.rules.search_key import search_term
from expo_app.services.record_rules import in_file, refuse_held, rules_of
from expo_app.services.record_writer import Writer, in_parts, write_row, writing
from expo_app.specs import SPECS, Field, RecordSpec
from expo_app.specs.figures import Trace
from expo_app.specs.records import has_one, searched_words
from expo_app.store import audit
from expo_app.store.database import Database

Row = tuple[Any, ...]


def list_rows(
    db: Database,
    spec: RecordSpec,
    expo_id: uuid.UUID | None = None,
    fields: Sequence[Field] | None = None,
    *,
    search: str = "",
    limit: int | None = None,
    reveal: str = "",
    spoken: bool = False,
) -> list[Row]:
    """`(id, *values, search text)` of every record of the expo, in the spec's order; `spoken` as `RecordSpec.query`.

    Personal fields are masked unless `reveal` gives the reason; then the role is checked and the act is logged.
    """
    wanted = tuple(fields if fields is not None else spec.table_fields)
    blind = _is_blind(db, spec)
    query = spec.query(wanted, expo_id, with_search=True, spoken=spoken, discreet=not reveal, blind=blind)
    query = _searched(_of_today(db, spec, expo_id, query), spec, search, blind)
    if limit is not None:
        query = query.limit(limit)
    if reveal:
        log_reveal(db, spec.table, reveal)
    with db.reading() as session:
        rows = [tuple(row) for row in session.execute(query)]
    if spec.search is None:  # a short list: what it shows is what it is searched by
        rows = [(*row[:-1], search_term(" ".join(v for v in row[1:] if isinstance(v, str)))) for row in rows]
    if unseen := {n for n, f in enumerate(wanted, 1) if _is_unseen(db, f)}:
        rows = [tuple(_unseen(v) if n in unseen else v for n, v in enumerate(row)) for row in rows]
    masked = {n: f for n, f in enumerate(wanted, 1) if f.mask}
    if reveal or not masked:
        return rows
    return [tuple(masked[n].masked(v) if n in masked else v for n, v in enumerate(row)) for row in rows]


def _of_today(db: Database, spec: RecordSpec, expo_id: uuid.UUID | None, query: Select[Any]) -> Select[Any]:
    """Records that are shown today."""
    if spec.holds_on is None:
        return query
    with db.reading() as session:
        expo = session.get(Expo, expo_id) if expo_id is not None else None
        return query.where(spec.holds_on(today_of(expo, db.now())))


def _searched(query: Select[Any], spec: RecordSpec, search: str, blind: bool) -> Select[Any]:
    """Records in which every word is found."""
    text = spec.searched_in(blind)
    if text is not None:
        for term in searched_words(spec, search):
            query = query.where(has_one(text, term))
    return query


def _is_blind(db: Database, spec: RecordSpec) -> bool:
    """Whether what is secret of these records is hidden from the actor even in a form."""
    return not allowed(db.actor.role, spec.permission)


def _is_unseen(db: Database, field: Field) -> bool:
    return bool(field.seen_by) and not allowed(db.actor.role, field.seen_by)


def _unseen(value: Any) -> Any:
    return None if value is None else masks.UNSEEN


def log_reveal(db: Database, table: Table, reason: str, record_id: uuid.UUID | None = None) -> None:
    """Keep who saw personal data unmasked, and why; UserError without the right to."""
    with writing(db, "data.reveal", reason=reason[:200]) as writer:
        writer.note("reveal", table, record_id)


def get(
    db: Database, spec: RecordSpec, record_id: uuid.UUID, *, reveal: str = "", spoken: bool = False
) -> dict[str, Any]:
    """Values by field name, masked and `spoken` as in `list_rows`; Conflict if the record is gone.

    What is secret of it is hidden from whoever may not edit such a record either.
    """
    if reveal:
        log_reveal(db, spec.table, reveal, record_id)
    discreet = not reveal and _is_blind(db, spec)
    with db.reading() as session:
        values = values_of(session, spec, record_id, masked=not reveal, spoken=spoken, discreet=discreet)
    return as_seen(db, spec, values)


def as_seen(db: Database, spec: RecordSpec, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by field name, what the actor's role may not see (`Field.seen_by`) hidden."""
    return {name: _unseen(v) if _is_unseen(db, spec.field(name)) else v for name, v in values.items()}


def values_of(
    session: Session, spec: RecordSpec, record_id: uuid.UUID, masked: bool, spoken: bool = False, discreet: bool = False
) -> dict[str, Any]:
    """What `get` returns, within a transaction."""
    query = spec.query(spec.fields, spoken=spoken, discreet=discreet).where(spec.table.c.id == record_id)
    row = session.execute(query).first()
    if row is None:
        raise Conflict(_("这条记录已被删除，未保存任何改动。请刷新后再试。"), "E-GONE")
    return {f.name: f.masked(v) if masked else v for f, v in zip(spec.fields, row[1:], strict=True)}


def save(
    db: Database,
    spec: RecordSpec,
    values: Mapping[str, Any],
    record_id: uuid.UUID | None = None,
    *,
    expo_id: uuid.UUID | None = None,
    seen: Mapping[str, Any] | None = None,
    reason: str = "",
) -> uuid.UUID:
    """Check and save one record; its id comes back.

    `values` by field name, raw or typed; for an existing record only what is given is written. `seen` are the
    values the person started from: if somebody else changed one of them meanwhile, Conflict names it.
    Raises InvalidRecord with a problem per field.
    """
    fields = {field.name for field in spec.fields}
    with writing(db, spec.permission, expo_id, reason=reason) as writer:
        _current, changes = entered(writer, spec, values, record_id, seen)
        beside = {name: value for name, value in values.items() if name in spec.table.c and name not in fields}
        return write_row(writer, spec, changes | beside, record_id)


def spec_in(db: Database, spec: RecordSpec) -> RecordSpec:
    """The spec as the file has it."""
    with db.reading() as session:
        return in_file(session, spec)


def entered(
    writer: Writer,
    spec: RecordSpec,
    values: Mapping[str, Any],
    record_id: uuid.UUID | None = None,
    seen: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A record as it is ({} for a new one), and what the values of a form, cleaned, change in it; others who would
    write it wait.

    Raises InvalidRecord for what cannot be right, Conflict where it is gone or no longer as it was `seen`.
    """
    spec = in_file(writer.session, spec)
    if spec.holds_expo and writer.expo is not None:
        writer.hold(Expo.__table__, writer.expo.id)
    if record_id is not None:
        writer.hold(spec.table, record_id)
    current = {} if record_id is None else values_of(writer.session, spec, record_id, masked=False)
    zone = writer.zone or zone_named(values.get("time_zone") or current.get("time_zone"))
    with at_home_in(writer.expo.homes if writer.expo else ()):
        clean = spec.clean(values, zone, partial=record_id is not None)
    if record_id is None:
        return {}, clean
    changes = {name: value for name, value in clean.items() if name not in current or current[name] != value}
    check_seen(spec, current, seen or {}, changes)
    return current, changes


def zone_named(name: Any) -> ZoneInfo | None:
    """The time zone an expo is entered with; None where it says none, or none that is known."""
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, ZoneInfoNotFoundError):
        return None


def check_seen(
    spec: RecordSpec, current: Mapping[str, Any], seen: Mapping[str, Any], changes: Mapping[str, Any]
) -> None:
    """Conflict if somebody changed, since the person looked, a value that is about to be changed."""
    for name in changes:
        if name not in seen or name not in current:
            continue
        field = spec.field(name)
        if seen[name] != current[name] and seen[name] != field.masked(current[name]):
            raise Conflict(
                _("“{label}”刚被别人改为“{value}”，本次未保存。请刷新后再改。").format(
                    label=field.title, value=field.display(field.masked(current[name]))
                ),
                "E-CONFLICT",
            )


def delete(db: Database, spec: RecordSpec, record_ids: Sequence[uuid.UUID], reason: str = "") -> None:
    """Delete records; Conflict with a count when others depend on them."""
    with writing(db, spec.permission, reason=reason) as writer:
        rows = writer.rows(spec.table, record_ids)
        for record_id, old in rows.items():
            refuse_if_used(writer.session, spec.table, [record_id], {})
            refuse_held(writer.session, spec.table, [old])
            delete_whole(writer, spec.table, old)
        for gone in rules_of(spec).gone:
            gone(writer, rows.values())


def refuse_if_used(
    session: Session, table: Table, ids: Sequence[uuid.UUID], together: Mapping[str, set[uuid.UUID]]
) -> None:
    """Raise Conflict if rows elsewhere, neither parts nor in `together` (table → ids), point at these records."""
    for other, column in links(table, is_part=False):
        used = _users(session, other, column, ids) - together.get(other.name, set())
        if used:
            raise _in_use(len(used), other)


def refuse_users(connection: Connection, table: Table, ids: Select[Any]) -> None:
    """The same of the records whose keys a query gives; what goes with them in other tables is gone already."""
    for other, column in links(table, is_part=False):
        users = select(func.count()).select_from(other).where(other.c[column].in_(ids))
        if other is table:
            users = users.where(other.c.id.not_in(ids))
        if count := connection.scalar(users):
            raise _in_use(count, other)


def _in_use(count: int, other: Table) -> Conflict:
    words = _("还有 {n} 条“{what}”用到它，未删除，数据未变。先处理这些记录再删。")
    return Conflict(words.format(n=count, what=title_of(other)), "E-IN-USE")


def links(table: Table, is_part: bool) -> list[tuple[Table, str]]:
    """Tables and their columns that point to rows of this table, as parts of those or as records of their own."""
    keys = [key for other in Base.metadata.sorted_tables for key in other.foreign_key_constraints]
    return [
        (key.table, next(iter(key.column_keys)))
        for key in keys
        if key.elements[0].column.table is table and bool(key.elements[0].info.get("is_part")) is is_part
    ]


def delete_whole(writer: Writer, table: Table, row: Mapping[str, Any]) -> None:
    """Delete a row and its parts with theirs, each in the log, so that undo brings all of it back.

    What needs no line in the log goes with what it is a part of. What only points at it, and may do without (an
    interest at its draft deal), stays and lets go.
    """
    for other, column in _loose(table):
        for user in writer.session.execute(select(other).where(other.c[column] == row["id"])).mappings().all():
            writer.update(other, user["id"], dict(user), {column: None})
    for other, column in links(table, is_part=True):
        if other.name not in audit.SILENT:
            query = select(other).where(other.c[column] == row["id"])
            for part in writer.session.execute(query).mappings().all():
                delete_whole(writer, other, dict(part))
    writer.delete(table, row["id"], row)


def _loose(table: Table) -> list[tuple[Table, str]]:
    """Tables and their columns whose rows stay, pointing nowhere, when a row of this table goes."""
    return [
        (other, column)
        for other, column in links(table, is_part=False)
        if any(key.ondelete == "SET NULL" for key in other.c[column].foreign_keys)
    ]


def _users(session: Session, other: Table, column: str, ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    found: set[uuid.UUID] = set()
    for part in in_parts(ids):
        found |= set(session.scalars(select(other.c.id).where(other.c[column].in_(part))))
    return found


def title_of(table: Table) -> str:
    """What records of a table are called; KeyError where nobody need know it.

    A list of some of them alone (bids among the events of a lot) gives its name to none but those.
    """
    for spec in SPECS.values():
        if spec.table is table and not (spec.constant and "title" in table.info):
            return spec.label
    title: str = table.info["title"]
    return _(title)


def options(
    db: Database, spec: RecordSpec, text: str, expo_id: uuid.UUID | None = None, limit: int | None = 20
) -> list[tuple[uuid.UUID, str]]:
    """`(id, natural key)` of records that match what was typed, for a picker."""
    query = query_of(db, spec, (spec.field(spec.natural),), expo_id, text)
    with db.reading() as session:
        return [(row[0], row[1]) for row in session.execute(query.limit(limit))]


def query_of(
    db: Database, spec: RecordSpec, fields: Sequence[Field], expo_id: uuid.UUID | None, text: str
) -> Select[Any]:
    """Key and fields of the records that match what was typed, for a picker."""
    query = spec.query(tuple(fields), expo_id)
    looked_in = spec.searched_in(_is_blind(db, spec))
    for term in searched_words(spec, text):
        where = func.lower(spec.column(spec.field(spec.natural))) if looked_in is None else looked_in
        query = query.where(has_one(where, term))
    return query


def kept_trace(spec: RecordSpec, words: str, keys: Iterable[uuid.UUID]) -> Trace:
    """Exactly these records of a list, however many."""
    return Trace(spec.name, words, select(spec.table.c.id).where(false()), frozenset(keys))


def traced(db: Database, trace: Trace, spec: RecordSpec | None = None) -> set[uuid.UUID]:
    """Ids of the records behind a published figure, as they are now; those that were kept with it stay as they are.

    `spec`: the list that shows them, where it is another one: the records of it that they are of.
    """
    with db.reading() as session:
        found = set(session.scalars(trace.ids) if trace.keys is None else trace.keys)
        if spec is None or spec.name == trace.spec:
            return found
        own = SPECS[trace.spec].table
        to = next(key.parent for key in own.foreign_keys if key.column.table is spec.table)
        of: set[uuid.UUID] = set()
        for part in in_parts(sorted(found)):
            of.update(session.scalars(select(to).where(own.c.id.in_(part), to.is_not(None))))
        return of


def count(db: Database, spec: RecordSpec, expo_id: uuid.UUID | None = None, search: str = "") -> int:
    """How many records there are, or `list_rows` would find."""
    query = _of_today(db, spec, expo_id, spec.query((), expo_id))
    query = _searched(query, spec, search, _is_blind(db, spec)).order_by(None)
    with db.reading() as session:
        return session.execute(select(func.count()).select_from(query.subquery())).scalar_one()


__all__ = ["InvalidRecord", "Row", "count", "delete", "get", "list_rows", "options", "save"]
