"""What one save wrote, as a step: taken back and done again as a whole, refused where something was built on it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError

from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import Base
from expo_app.services.record_rules import refuse_disagreeing, refuse_held
from expo_app.services.record_writer import Writer, writing
from expo_app.services.records import refuse_if_used
from expo_app.store.database import Database

SHARED = ("organisation", "person", "word")
"""Made along with a record and kept across expos: they stay where something else uses them by now."""

HELD_BY_LOCK = ("starts_at", "ends_at", "minutes", "room_id", "place_id")
"""What a lock keeps as it is: where and when something is held."""

Values = Mapping[str, Any]
Turned = Mapping[uuid.UUID, tuple[Values, Values]]
"""Records of one table an act changed: what it changed of each, (before, after)."""


@dataclass(frozen=True)
class Step:
    """Rows made by table, (before, after) of changed ones, rows deleted; and who may write such records."""

    permission: str
    made: Mapping[Table, Mapping[uuid.UUID, Values]]
    changed: Mapping[tuple[Table, uuid.UUID], tuple[Values, Values]]
    deleted: Sequence[tuple[Table, Values]]

    @property
    def wrote(self) -> bool:
        """Whether there is anything to take back: a form may be saved as it was."""
        return bool(self.made or self.changed or self.deleted)


def step_of(permission: str, writers: Sequence[Writer]) -> Step | None:
    """What these operations wrote (see `record_writer.followed`); None where nothing was followed."""
    made: dict[Table, dict[uuid.UUID, Values]] = {}
    changed: dict[tuple[Table, uuid.UUID], tuple[Values, Values]] = {}
    deleted: list[tuple[Table, Values]] = []
    for writer in writers:
        for table, rows in writer.made.items():
            made.setdefault(table, {}).update({row["id"]: row for row in rows})
    for change in (change for writer in writers for change in writer.changes):
        own = made.get(change.table, {})
        if change.after is None and own.pop(change.record_id, None) is None:
            deleted.append((change.table, change.before))
        elif change.after is None:
            pass  # made and deleted again: the step never had it
        elif change.record_id in own:
            own[change.record_id] = {**own[change.record_id], **change.after}
        else:
            before, after = changed.get((change.table, change.record_id), ({}, {}))
            changed[change.table, change.record_id] = ({**change.before, **before}, {**after, **change.after})
    return Step(permission, made, changed, deleted) if writers else None


def take_back(db: Database, step: Step) -> None:
    """Everything as before the step, in one transaction; Conflict, with nothing changed, where that cannot be."""
    with writing(db, step.permission, reason=_("撤销")) as writer:
        _refuse_held(writer, step)
        needed, rest = _deleted(step)
        _insert(writer, needed)
        _turn(writer, step, forth=False)
        for table in reversed(Base.metadata.sorted_tables):
            _remove(writer, table, step.made.get(table, {}))
        _insert(writer, rest)
        _refuse_disagreeing(writer, step)


def do_again(db: Database, step: Step) -> None:
    """The step once more, after it was taken back; Conflict where something else has come in its way."""
    with writing(db, step.permission, reason=_("重做")) as writer:
        _refuse_held(writer, step)
        needed, rest = _deleted(step)
        for table, row in rest:
            _remove(writer, table, {row["id"]: row})
        kept = {table: writer.rows(table, rows) for table, rows in step.made.items() if table.name in SHARED}
        rows = [(table, row) for table, made in step.made.items() for row in made.values()]
        _insert(writer, [(table, row) for table, row in rows if row["id"] not in kept.get(table, {})])
        _turn(writer, step, forth=True)
        for table, row in needed:
            _remove(writer, table, {row["id"]: row})
        _refuse_disagreeing(writer, step)


def _refuse_disagreeing(writer: Writer, step: Step) -> None:
    touched: dict[Table, set[uuid.UUID]] = {table: set(made) for table, made in step.made.items()}
    for table, key in [*step.changed, *((table, row["id"]) for table, row in step.deleted)]:
        touched.setdefault(table, set()).add(key)
    refuse_disagreeing(writer.session, touched, {one.record_id: one.before for one in writer.changes})


def _refuse_held(writer: Writer, step: Step) -> None:
    rows: dict[Table, list[Values]] = {table: list(made.values()) for table, made in step.made.items()}
    for (table, key), (before, _after) in step.changed.items():
        rows.setdefault(table, []).append({**before, "id": key})
    for table, row in step.deleted:
        rows.setdefault(table, []).append(row)
    for table, concerned in rows.items():
        refuse_held(writer.session, table, concerned)


def _deleted(step: Step) -> tuple[list[tuple[Table, Values]], list[tuple[Table, Values]]]:
    """Deleted rows that changed rows had pointed to, which must be there as long as those do, and the others."""
    keys = {value for old, _new in step.changed.values() for value in old.values() if isinstance(value, uuid.UUID)}
    needed = [(table, row) for table, row in step.deleted if row["id"] in keys]
    return needed, [(table, row) for table, row in step.deleted if row["id"] not in keys]


def _turn(writer: Writer, step: Step, forth: bool) -> None:
    """Changed rows to what they were after (or before) the step."""
    by_table: dict[Table, dict[uuid.UUID, tuple[Values, Values]]] = {}
    for (table, record_id), values in step.changed.items():
        by_table.setdefault(table, {})[record_id] = values
    for table, changed in by_table.items():
        turn(writer, table, changed, forth)


def turn(writer: Writer, table: Table, changed: Turned, forth: bool = False) -> None:
    """Records to what they were before an act (`forth`: after it); Conflict where one was changed since."""
    wanted = {key: (values if forth else values[::-1]) for key, values in changed.items()}
    rows = unchanged(writer, table, {key: old for key, (old, _new) in wanted.items()})
    refuse_held(writer.session, table, [{**old, "id": key} for key, (old, _new) in wanted.items()])
    for key, (_old, new) in wanted.items():
        if rows[key].get("is_locked") and "is_locked" not in new and not new.keys().isdisjoint(HELD_BY_LOCK):
            raise Conflict(_("它已锁定，没有动它，数据未变。先解锁再撤销。"), "E-LOCKED")
    writer.update_many(table, ((key, rows[key], new, 0) for key, (_old, new) in wanted.items()))


def unchanged(writer: Writer, table: Table, left: Mapping[uuid.UUID, Values]) -> Mapping[uuid.UUID, Values]:
    """The rows, held against other writers; Conflict where one is no longer as an act left it, or is gone."""
    rows = writer.locked(table, left)
    changed = sum(key not in rows or _differs(rows[key], values) for key, values in left.items())
    if changed and len(left) > 1:
        words = _("{n} 条里有 {count} 条之后又有改动，都没有动，数据未变。可以逐条改回。")
        raise Conflict(words.format(n=len(left), count=changed), "E-CHANGED-SINCE")
    if changed:
        raise _changed_since()
    return rows


def _remove(writer: Writer, table: Table, made: Mapping[uuid.UUID, Values]) -> None:
    now = writer.locked(table, made)
    for record_id, row in made.items():
        current = now.get(record_id)
        if table.name in SHARED and (current is None or _differs(current, row) or _is_used(writer, table, record_id)):
            continue
        if current is None:
            raise Conflict(_("这条记录已被删除，数据未变。请刷新。"), "E-GONE")
        if _differs(current, row):
            raise _changed_since()
        refuse_if_used(writer.session, table, [record_id], {})
        writer.delete(table, record_id, current)


def _is_used(writer: Writer, table: Table, record_id: uuid.UUID) -> bool:
    try:
        refuse_if_used(writer.session, table, [record_id], {})
    except Conflict:
        return True
    return False


def _insert(writer: Writer, rows: Sequence[tuple[Table, Values]]) -> None:
    order = {table: place for place, table in enumerate(Base.metadata.sorted_tables)}
    try:
        for table, row in sorted(rows, key=lambda pair: order[pair[0]]):
            writer.insert(table, [dict(row)])
    except IntegrityError as error:  # what it belonged to is gone, or the same was entered anew
        raise _changed_since() from error


def _differs(current: Values, known: Values) -> bool:
    return any(current[name] != value for name, value in known.items())


def _changed_since() -> Conflict:
    return Conflict(_("这之后又有改动，没有动它，数据未变。可以逐条改回。"), "E-CHANGED-SINCE")
