"""Writing records by their spec: references resolved, parents found or made, every change logged.

Everything that saves a record, one or ten thousand, goes through `write_rows` inside the caller's transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.errors import InvalidRecord
from expo_app.i18n import _, singular
from expo_app.model import Expo
from expo_app.model.base import new_id, new_ids
from expo_app.model.expo import today_of
from expo_app.rules.terms import Usual
from expo_app.services import uniqueness
from expo_app.services.access import require
from expo_app.services.record_rules import in_file, rules_of
from expo_app.specs import ExpoFacts, Field, FieldType, RecordSpec
from expo_app.specs.field_types import clean_text
from expo_app.specs.names import name_key, not_a_word
from expo_app.specs.records import by_name
from expo_app.store import audit
from expo_app.store.database import Database
from expo_app.store.staging import default

ORGANISATIONS = "organisations"
CHUNK = 500
"""Rows in one IN list: below the bound-parameter limits of both databases."""
Value = TypeVar("Value")


def in_parts(values: Iterable[Value]) -> Iterator[Sequence[Value]]:
    """The values, so many at once as one IN list takes."""
    whole = list(values)
    return (whole[start : start + CHUNK] for start in range(0, len(whole), CHUNK))


@dataclass
class Change:
    """What is there was written: only changed columns; `after` None for a deleted record."""

    table: Table
    record_id: uuid.UUID
    before: dict[str, Any]
    after: dict[str, Any] | None
    row: int = 0


@dataclass
class Draft:
    """A record about to be written. `values` are own columns, `virtual` the rest; `old` is None for a new one."""

    record_id: uuid.UUID
    values: dict[str, Any]
    virtual: dict[str, Any]
    old: Mapping[str, Any] | None
    row: int = 0

    @property
    def is_new(self) -> bool:
        return self.old is None

    def get(self, column: str) -> Any:
        """The value after writing."""
        return self.values[column] if column in self.values else (self.old or {}).get(column)

    def gives(self, name: str) -> bool:
        """Whether something outside the own columns was entered; None empties it, but says nothing of a new record."""
        return name in self.virtual and (self.virtual[name] is not None or not self.is_new)

    def changed(self, column: str) -> bool:
        """Whether this write changes the column."""
        return column in self.values and (self.old is None or self.old[column] != self.values[column])


@dataclass
class Writer:
    """One operation's writes by Core, each remembered: new rows by table in `made`, the rest in `changes`.

    `staged`: nothing is executed; `store.staging` writes all of it afterwards in one short transaction. `permission`:
    what was asked for it, where `writing` did.
    """

    db: Database
    session: Session
    expo: Expo | None
    staged: bool = False
    reason: str = ""
    permission: str | None = None
    made: dict[Table, list[dict[str, Any]]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def now(self) -> datetime:
        """The moment of the whole operation."""
        return self.db.now()

    @property
    def today(self) -> date:
        """The day of the operation."""
        return today_of(self.expo, self.now)

    @cached_property
    def facts(self) -> ExpoFacts | None:
        """What the records of this operation are checked against."""
        return facts_of(self.expo, self.now) if self.expo else None

    @property
    def zone(self) -> ZoneInfo | None:
        """In which zone the words of a form tell the time."""
        return self.expo.zone_info if self.expo else None

    @property
    def in_sample(self) -> bool:
        """Whether new records belong to a sample expo."""
        return self.expo is not None and self.expo.is_sample

    @contextmanager
    def within(self, expo: Expo) -> Iterator[None]:
        """Write for another expo than the operation's for a while."""
        before, self.expo = self.expo, expo
        try:
            yield
        finally:
            self.expo = before

    def insert(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert rows (same keys, `id` included)."""
        if not rows:
            return
        if not self.staged:
            self.session.execute(insert(table), rows)
        self.made.setdefault(table, []).extend(rows)

    def update(
        self, table: Table, record_id: uuid.UUID, old: Mapping[str, Any], values: Mapping[str, Any], row: int = 0
    ) -> None:
        """Write the columns of `values` that differ from `old`."""
        self.update_many(table, [(record_id, old, values, row)])

    def update_many(
        self, table: Table, rows: Iterable[tuple[uuid.UUID, Mapping[str, Any], Mapping[str, Any], int]]
    ) -> None:
        """The same for many records; those with the same columns share one statement."""
        grouped: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for record_id, old, values, number in rows:
            after = {name: value for name, value in values.items() if old[name] != value}
            if not after:
                continue
            self.changes.append(Change(table, record_id, {name: old[name] for name in after}, after, number))
            if not self.staged:
                values_by_name = {f"v_{k}": v for k, v in after.items()}
                grouped.setdefault(tuple(after), []).append({**values_by_name, "record": record_id})
        for names, parameters in grouped.items():
            statement = (
                update(table)
                .where(table.c.id == bindparam("record"))
                .values({table.c[name]: bindparam(f"v_{name}") for name in names})
            )
            self.session.connection().execute(statement, parameters)

    def delete(self, table: Table, record_id: uuid.UUID, old: Mapping[str, Any]) -> None:
        """Delete one record."""
        if not self.staged:
            self.session.execute(table.delete().where(table.c.id == record_id))
        self.changes.append(Change(table, record_id, dict(old), None))

    def pending(self, table: Table) -> Iterable[dict[str, Any]]:
        """New rows of a table that a query does not see yet."""
        return self.made.get(table, ()) if self.staged else ()

    def rows(self, table: Table, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Mapping[str, Any]]:
        """Whole rows by id."""
        found: dict[uuid.UUID, Mapping[str, Any]] = {}
        for part in in_parts(ids):
            for row in self.session.execute(select(table).where(table.c.id.in_(part))).mappings():
                found[row["id"]] = dict(row)
        return found

    def locked(self, table: Table, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Mapping[str, Any]]:
        """The same, held against other writers, in one order for all; a stage only reads."""
        found: dict[uuid.UUID, Mapping[str, Any]] = {}
        for part in in_parts(sorted(set(ids))):
            query = select(table).where(table.c.id.in_(part)).order_by(table.c.id)
            query = query if self.staged else query.with_for_update()
            found |= {row["id"]: dict(row) for row in self.session.execute(query).mappings()}
        return found

    def hold(self, table: Table, record_id: uuid.UUID) -> None:
        """Who else would write this record waits until the end, who only points at it does not; nobody for a stage."""
        if not self.staged:
            self.session.execute(select(table.c.id).where(table.c.id == record_id).with_for_update(key_share=True))

    def note(
        self, action: str, table: Table, record_id: uuid.UUID | None = None, after: Mapping[str, Any] | None = None
    ) -> None:
        """Have the log tell of an act that changes no row, or many at once."""
        self.notes.append(audit.entry(action, table.name, record_id, None, after))

    def audit(self, reason: str = "") -> None:
        """One audit row for every write and note so far."""
        rows = [audit.entry("insert", t.name, row["id"], None, row) for t, made in self.made.items() for row in made]
        rows += [
            audit.entry("delete" if c.after is None else "update", c.table.name, c.record_id, c.before, c.after)
            for c in self.changes
        ]
        target = self.session.connection()
        if rows := rows + self.notes:
            audit.log(target, [{**row, "at": self.now, "reason": reason or self.reason} for row in rows])
        by_orm_alone = not (self.made or self.changes) and audit.tables_written(target)
        if (followed_here := _followed.get()) is not None and not by_orm_alone:  # no step that could be taken back
            followed_here.append(self)


_followed: ContextVar[list[Writer] | None] = ContextVar("followed", default=None)


@contextmanager
def followed() -> Iterator[list[Writer]]:
    """The operations that end inside, in their order: what a save wrote, whatever service did it."""
    writers: list[Writer] = []
    token = _followed.set(writers)
    try:
        yield writers
    finally:
        _followed.reset(token)


@contextmanager
def writing(
    db: Database, permission: str | None, expo_id: uuid.UUID | None = None, *, reason: str = ""
) -> Iterator[Writer]:
    """One write by whoever holds `permission` (None: anybody), in one transaction, with an audit row for all of it.

    What goes through the writer or the ORM is logged at the end. A table written past both needs a `note`: without
    one the write is undone, and that is a bug.
    """
    if permission is not None:
        require(db, permission)
    with db.transaction() as session:
        expo = session.get(Expo, expo_id) if expo_id else None
        writer = Writer(db, session, expo, reason=clean_text(reason), permission=permission)
        yield writer
        session.flush()
        writer.audit()
        if silent := audit.unaudited(session.connection()):
            raise RuntimeError(f"written without an audit row: {', '.join(sorted(silent))}")


def facts_of(expo: Expo, now: datetime) -> ExpoFacts:
    """What decides, at this moment, whether a record of the expo can be right."""
    return ExpoFacts(expo.code, expo.starts_on, expo.ends_on, expo.local_day(now), expo.is_sample, expo.zone_info)


def write_rows(
    writer: Writer, spec: RecordSpec, rows: Sequence[tuple[uuid.UUID | None, Mapping[str, Any], int]]
) -> list[uuid.UUID]:
    """Insert (id None) or update records. Values by field name, REFs as id or name. Returns the ids in order.

    Raises InvalidRecord when a reference is unknown or a rule of its area refuses.
    """
    spec, rules = in_file(writer.session, spec), rules_of(spec)
    own = [(key, dict(values) if key else {**values, **spec.constant}, number) for key, values, number in rows]
    old = writer.rows(spec.table, (record_id for record_id, _values, _n in own if record_id))
    for name in _references(spec):
        _resolve(writer, spec, spec.field(name), own)
    for parent in spec.parents or ():
        _write_parent(writer, spec, parent, own, old)
    for one in spec.writable:
        if spec.is_handed_on(one.name):
            _hand_on(writer, spec, one, own, old)
    columns = frozenset(spec.table.c.keys())
    made = iter(new_ids(sum(record_id is None for record_id, _values, _n in own)))
    drafts = [
        _draft(columns, record_id or next(made), values, old.get(record_id) if record_id else None, number)
        for record_id, values, number in own
    ]
    for before in rules.before:
        before(writer, drafts)
    _keep_search_words(spec, drafts)
    _refuse_contradictions(writer, spec, drafts)
    uniqueness.refuse_duplicates(writer, spec, drafts)
    _fill_new(writer, spec, [d for d in drafts if d.is_new])
    writer.update_many(spec.table, ((d.record_id, d.old, d.values, d.row) for d in drafts if d.old is not None))
    for after in rules.after:
        after(writer, drafts)
    return [draft.record_id for draft in drafts]


def write_row(
    writer: Writer, spec: RecordSpec, values: Mapping[str, Any], record_id: uuid.UUID | None = None
) -> uuid.UUID:
    """The same for one record; its id."""
    (written,) = write_rows(writer, spec, [(record_id, values, 0)])
    return written


def _refuse_contradictions(writer: Writer, spec: RecordSpec, drafts: Sequence[Draft]) -> None:
    if spec.contradictions is None:
        return
    for draft in drafts:
        problems = spec.contradicted({**(draft.old or {}), **draft.virtual, **draft.values}, writer.facts, draft.old)
        if problems:
            raise InvalidRecord(problems, draft.row)


def _keep_search_words(spec: RecordSpec, drafts: Iterable[Draft]) -> None:
    """`search_text` follows the columns it is made of, whoever writes them."""
    for draft in drafts if spec.search_words else ():
        if draft.is_new or any(draft.changed(name) for name in spec.search_words):
            draft.values["search_text"] = spec.searched_by(draft.get)


def _references(spec: RecordSpec) -> list[str]:
    return [f.name for f in spec.fields if f.type is FieldType.REF and not f.select]


def _draft(
    columns: frozenset[str], record_id: uuid.UUID, values: dict[str, Any], old: Mapping[str, Any] | None, number: int
) -> Draft:
    own = {name: value for name, value in values.items() if name in columns}
    rest = {name: values[name] for name in values.keys() - columns if "." not in name}
    return Draft(record_id, own, rest, old, number)


def _fill_new(writer: Writer, spec: RecordSpec, drafts: list[Draft]) -> None:
    """Insert new records, every column given, defaults included."""
    if not drafts:
        return
    defaults = {c.name: default(c) for c in spec.table.c if c.name != "id"}
    if spec.scope and writer.expo is not None:
        defaults[spec.scope] = writer.expo.id
    if "is_sample" in defaults:
        defaults["is_sample"] = writer.in_sample
    needed = [(name, value) for name, value in defaults.items() if value is not None]
    rows = []
    for draft in drafts:
        row = {"id": draft.record_id, **defaults, **draft.values}
        for name, value in needed:
            if row[name] is None:
                row[name] = value
        rows.append(row)
    writer.insert(spec.table, rows)


def _resolve(
    writer: Writer, spec: RecordSpec, ref: Field, rows: list[tuple[uuid.UUID | None, dict[str, Any], int]]
) -> None:
    """Turn the names in one REF column into ids; make unknown ones where the field `creates`, with what the rows say
    of them.
    """
    if isinstance(ref.default, Usual):
        _give_usual(writer, ref, ref.default, rows)
    names = {v[ref.name] for _i, v, _n in rows if isinstance(v.get(ref.name), str)}
    if not names:
        return
    target = by_name(ref.ref)
    known = named_words(writer, target, names) if target.is_offered else _told_apart(writer, ref, target, names, rows)
    missing = sorted(names - known.keys())
    if missing and ref.creates:
        told = {name: {target.natural: name} for name in missing}
        for path in (field.name for field in spec.writable if spec.is_handed_on(field.name)):
            parent, _dot, attribute = path.partition(".")
            for _id, values, _n in rows if f"{parent}_id" == ref.name else ():
                if values.get(ref.name) in told and values.get(path):
                    told[values[ref.name]].setdefault(attribute, values[path])
        made = write_rows(writer, target, [(None, told[name], 0) for name in missing])
        known |= dict(zip(missing, made, strict=True))
    elif missing:
        at = next(number for _id, values, number in rows if values.get(ref.name) == missing[0])
        said = _("没有{what}“{name}”。").format(what=singular(target.title), name=missing[0])
        raise InvalidRecord({ref.name: not_a_word(said) if target.is_offered else said}, at)
    for _id, values, _n in rows:
        if isinstance(values.get(ref.name), str):
            values[ref.name] = known[values[ref.name]]


def _told_apart(
    writer: Writer,
    ref: Field,
    target: RecordSpec,
    names: set[str],
    rows: list[tuple[uuid.UUID | None, dict[str, Any], int]],
) -> dict[str, uuid.UUID]:
    """Ids by name; InvalidRecord for a name that recurs (茶歇) and therefore says of none which it is."""
    found = all_by(writer, target, target.natural, names)
    for _id, values, number in rows if target.recurs_at else ():
        if len(found.get(values.get(ref.name), ())) > 1:
            raise InvalidRecord({ref.name: name_recurs(target, values[ref.name])}, number)
    return {name: ids[0] for name, ids in found.items()}


def name_recurs(target: RecordSpec, name: str) -> str:
    """Why a record is not found by this name."""
    return _("叫“{name}”的{what}不止一条，分不出是哪一条；先给它们不同的名称。").format(name=name, what=target.label)


def _give_usual(
    writer: Writer, ref: Field, usual: Usual, rows: list[tuple[uuid.UUID | None, dict[str, Any], int]]
) -> None:
    """A new record that is given no word gets the usual one of this expo."""
    wanting = [
        (values, number)
        for record_id, values, number in rows
        if isinstance(values.get(ref.name), Usual) or (record_id is None and values.get(ref.name) is None)
    ]
    if not wanting:
        return
    target = by_name(ref.ref)
    query = target.query(
        (target.field(usual.reads), target.field("is_hidden")), writer.expo.id if writer.expo else None
    )
    word = usual.among((key, kind) for key, kind, is_hidden in writer.session.execute(query) if not is_hidden)
    if word is None:
        said = _("还没有可选的{what}。").format(what=target.label)
        raise InvalidRecord({ref.name: not_a_word(said)}, wanting[0][1])
    for values, _number in wanting:
        values[ref.name] = word


def find_by(writer: Writer, spec: RecordSpec, attribute: str, wanted: Collection[Any]) -> dict[Any, uuid.UUID]:
    """The first id by the value of one column, within the writer's expo where the spec is tied to one."""
    return {value: ids[0] for value, ids in all_by(writer, spec, attribute, wanted).items()}


def all_by(writer: Writer, spec: RecordSpec, attribute: str, wanted: Collection[Any]) -> dict[Any, list[uuid.UUID]]:
    """Every id by the value of one column, as in `find_by`; organisations by any spelling of their names."""
    query = spec.query((spec.field(attribute),), writer.expo.id if writer.expo else None)
    column = spec.column(spec.field(attribute))
    found: dict[Any, list[uuid.UUID]] = {}
    for part in in_parts(wanted):
        for record_id, value in writer.session.execute(query.where(column.in_(part))):
            found.setdefault(value, []).append(record_id)
    if attribute in spec.table.c:
        for row in writer.pending(spec.table):
            if row[attribute] in wanted:
                found.setdefault(row[attribute], []).append(row["id"])
    if spec.name == ORGANISATIONS and attribute == spec.natural and (missing := set(wanted) - found.keys()):
        known = spellings(writer.session, spec, None)
        found |= {name: [known[name_key(name)][0]] for name in missing if name and name_key(name) in known}
    return found


def named_words(writer: Writer, spec: RecordSpec, names: set[str]) -> dict[str, uuid.UUID]:
    """Ids of the records of an offered kind by name, English name, key or alias; those that are known."""
    known = find_by(writer, spec, spec.natural, names)
    return known | found_by_alias(writer, spec, names - known.keys()) if names - known.keys() else known


def found_by_alias(writer: Writer, spec: RecordSpec, wanted: Collection[str]) -> dict[str, uuid.UUID]:
    """Ids of the records of an offered kind by their English name, key or alias, as `wanted` spells them."""
    known = spellings(writer.session, spec, writer.expo.id if writer.expo else None)
    return {name: known[name_key(name)][0] for name in wanted if name_key(name) in known}


def spellings(session: Session, spec: RecordSpec, expo_id: uuid.UUID | None) -> dict[str, tuple[uuid.UUID, str]]:
    """Every spelling an offered kind of record or an organisation is surely known by → (id, the name it goes by).

    Its own name comes first; what two organisations go by besides says of neither which it is.
    """
    more = ("name_en", "key", "aliases") if spec.is_offered else ("aliases",)
    query = spec.query(tuple(spec.field(name) for name in (spec.natural, *more)), expo_id)
    rows = sorted((row for row in session.execute(query) if readable(row[1])), key=lambda row: row[0])
    found: dict[str, tuple[uuid.UUID, str]] = {}
    for key, name, *_more in rows:
        found.setdefault(name_key(name), (key, name))
    own, shared = frozenset(found), set[str]()
    for key, name, *given, aliases in rows:
        for spelling in map(name_key, filter(None, (*given, *(readable(aliases) or ())))):
            if found.setdefault(spelling, (key, name))[0] != key and spelling not in own:
                shared.add(spelling)
    return found if spec.is_offered else {name: known for name, known in found.items() if name not in shared}


@dataclass
class _Told:
    """What a row says of the record it is linked to, or is to be. `follows`: what changes there as it changed here.

    `record`: which one that is, None for a new one; `is_found`: by what the row says, not by a link that is there.
    """

    values: dict[str, Any]
    given: dict[str, Any]
    current: uuid.UUID | None
    row: int
    follows: frozenset[str]
    record: uuid.UUID | None = None
    is_found: bool = False


def _write_parent(
    writer: Writer,
    spec: RecordSpec,
    parent: str,
    rows: list[tuple[uuid.UUID | None, dict[str, Any], int]],
    old: Mapping[uuid.UUID, Mapping[str, Any]],
) -> None:
    """Find, make or update the records that the paths of `parent` are kept in, and link them."""
    link = spec.parents[parent]  # type: ignore[index]
    target, column = by_name(link.spec), f"{parent}_id"
    told = _told_of(spec, parent, rows, old)
    _find_told(writer, target, told, bool(spec.table.c[column].nullable))
    there = writer.rows(target.table, {one.record for one in told if one.record})
    plan: dict[Any, tuple[uuid.UUID | None, dict[str, Any], int]] = {}
    keys = []
    for one in told:
        for own in link.also or ():  # where somebody known belongs is not for a list that names them to say
            is_filled = one.record in there and there[one.record][own] not in (None, "")
            if is_filled and not (one.record == one.current and own in one.follows):
                one.given.pop(own, None)
        key = one.record or _identity(target, one.given)
        keys.append((one.values, key))
        merged = plan[key][1] | one.given if key in plan else one.given
        plan[key] = (one.record, merged, one.row)
    ids = dict(zip(plan, write_rows(writer, target, list(plan.values())), strict=True))
    for values, key in keys:
        values[column] = ids[key]


def _hand_on(
    writer: Writer,
    spec: RecordSpec,
    field: Field,
    rows: list[tuple[uuid.UUID | None, dict[str, Any], int]],
    old: Mapping[uuid.UUID, Mapping[str, Any]],
) -> None:
    """What the rows say of a record that they name goes to it, where it has nothing there."""
    parent, _dot, attribute = field.name.partition(".")
    target = by_name(spec.field(f"{parent}_id").ref)
    said: dict[uuid.UUID, tuple[Any, int]] = {}
    for record_id, values, number in rows:
        owner = values.get(f"{parent}_id") or (old[record_id][f"{parent}_id"] if record_id else None)
        if owner and values.get(field.name):
            said.setdefault(owner, (values[field.name], number))
    there = writer.rows(target.table, said)  # not those that this list has just made
    empty = [(key, {attribute: said[key][0]}, said[key][1]) for key, row in there.items() if not row[attribute]]
    if empty:
        write_rows(writer, target, empty)


def _told_of(
    spec: RecordSpec,
    parent: str,
    rows: list[tuple[uuid.UUID | None, dict[str, Any], int]],
    old: Mapping[uuid.UUID, Mapping[str, Any]],
) -> list[_Told]:
    """What the rows say of their parents; of one that says nothing, or who it is already, nothing."""
    link, prefix = spec.parents[parent], f"{parent}."  # type: ignore[index]
    names = {name for _id, values, _n in rows for name in values}
    theirs = {name: name.removeprefix(prefix) for name in names if name.startswith(prefix)}
    found = []
    for record_id, values, number in rows:
        before = old[record_id] if record_id else {}
        given, current = (
            {own: values[name] for name, own in theirs.items() if name in values},
            before.get(f"{parent}_id"),
        )
        if values.get(f"{parent}_id") or (current is None and not given.get(by_name(link.spec).natural)):
            continue
        also = {own: values.get(ours) or before.get(ours) for own, ours in (link.also or {}).items()}
        given |= {own: value for own, value in also.items() if value is not None}
        changed = (
            own for own, ours in (link.also or {}).items() if ours in values and values[ours] != before.get(ours)
        )
        if given:
            kept = {name: value for name, value in given.items() if value is not None or current}
            found.append(_Told(values, kept, current, number, frozenset(changed if record_id else ())))
    return found


def _find_told(writer: Writer, target: RecordSpec, told: Sequence[_Told], may_change: bool) -> None:
    """Which records are meant: those linked, and by what is said those that are not, or are to be another's."""
    named = _natural_of(writer, target, (one.current for one in told if one.current)) if may_change else {}
    loose = [
        one
        for one in told
        if one.current is None or (may_change and one.given.get(target.natural) not in (None, named.get(one.current)))
    ]
    said = {one.given[target.natural] for one in loose if one.given.get(target.natural)}
    spelt = find_by(writer, target, target.natural, said) if target.name == ORGANISATIONS else {}
    for one in told:
        one.record = one.current
    for one, record in zip(loose, match(writer, target, [one.given for one in loose]), strict=True):
        one.record, one.is_found = record, record is not None
    for one in told:
        is_spelling = one.record is not None and spelt.get(one.given.get(target.natural)) == one.record
        if is_spelling or (one.is_found and target.field(target.natural).alike):
            del one.given[target.natural]  # it stays as it is there, however it is spelt here


def _natural_of(writer: Writer, spec: RecordSpec, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Any]:
    return {key: row[spec.natural] for key, row in writer.rows(spec.table, ids).items()}


def _identity(spec: RecordSpec, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes two unsaved records the same one: the first complete alternative of the key."""
    for alternative in spec.key:
        given = [(spec.field(name).alike or _as_it_is, values.get(name)) for name in alternative]
        parts = tuple(None if value is None else key(value) for key, value in given)
        if all(part is not None for part in parts):
            return (alternative, *parts)
    return (spec.natural, values.get(spec.natural), id(values))


def copy_rows(writer: Writer, table: Table, source: uuid.UUID, target: uuid.UUID) -> dict[uuid.UUID, uuid.UUID]:
    """Copy an expo's rows of a table to another expo; the new ids by the old ones."""
    rows = [dict(r) for r in writer.session.execute(select(table).where(table.c.expo_id == source)).mappings()]
    renamed = {row["id"]: new_id() for row in rows}
    writer.insert(table, [{**row, "id": renamed[row["id"]], "expo_id": target} for row in rows])
    return renamed


def match(writer: Writer, spec: RecordSpec, rows: Sequence[Mapping[str, Any]]) -> list[uuid.UUID | None]:
    """Ids of the records that these values mean, by the spec's key over own columns; None where there is none."""
    result: list[uuid.UUID | None] = [None] * len(rows)
    for position, alternative in enumerate(spec.key):
        open_rows = [
            n
            for n, row in enumerate(rows)
            if result[n] is None and all(row.get(name) is not None for name in alternative)
        ]
        keys = {name: spec.field(name).alike or _as_it_is for name in alternative}
        exact = next((name for name in alternative if keys[name] is _as_it_is), alternative[0])
        candidates = _candidates(writer, spec, exact, {rows[n][exact] for n in open_rows})
        for n in open_rows:
            for record in candidates.get(rows[n][exact], ()):
                same = all(
                    key(rows[n][name]) in (key(record[name]), *_other_keys(record, spec, name, key))
                    for name, key in keys.items()
                )
                if same and not _contradicts(spec.key[:position], record, rows[n]):
                    result[n] = record["id"]
                    break
    unknown = {n: row[spec.natural] for n, row in enumerate(rows) if result[n] is None and row.get(spec.natural)}
    if spec.name == ORGANISATIONS and unknown:
        known = spellings(writer.session, spec, None)
        spelt = {n: known[name_key(name)][1] for n, name in unknown.items() if name_key(name) in known}
        there = {n: {**rows[n], spec.natural: name} for n, name in spelt.items() if name != unknown[n]}
        for n, found in zip(there, match(writer, spec, list(there.values())) if there else (), strict=True):
            result[n] = found
    return result


def _other_keys(record: Mapping[str, Any], spec: RecordSpec, name: str, key: Callable[[Any], Any]) -> list[Any]:
    """What the record's other spellings of its name come to."""
    is_name = name == spec.natural and key is not _as_it_is
    return [key(text) for text in readable(record.get("aliases")) or ()] if is_name else []


def _as_it_is(value: Any) -> Any:
    return value


def _contradicts(earlier: Sequence[tuple[str, ...]], record: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Both complete in an earlier alternative and different there: different records."""
    return any(
        all(record[name] is not None and values.get(name) is not None for name in alternative)
        and any(record[name] != values[name] for name in alternative)
        for alternative in earlier
    )


def _candidates(writer: Writer, spec: RecordSpec, column: str, wanted: set[Any]) -> dict[Any, list[Mapping[str, Any]]]:
    found: dict[Any, list[Mapping[str, Any]]] = {}
    names_needed = {name for alternative in spec.key for name in alternative} | {"id", "aliases"}
    columns = [spec.table.c[name] for name in sorted(names_needed & set(spec.table.c.keys()))]
    for part in in_parts(wanted):
        query = select(*columns).where(spec.table.c[column].in_(part))
        for row in map(dict, writer.session.execute(query).mappings()):
            found.setdefault(row[column], []).append(row)
    for pending in writer.pending(spec.table):
        if pending[column] in wanted:
            found.setdefault(pending[column], []).append(pending)
    return found
