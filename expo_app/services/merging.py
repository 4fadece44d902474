"""Two records that are one: what would change, and the merge itself, a numbered batch that can be undone.

Every reference follows. Records that hang on both and may be there once only (the two exhibitors of one expo, the two
registrations of one person) become one in the same act. What is written is kept step by step; `take_back` goes the same
steps backwards, so that every constraint holds on the way.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, UniqueConstraint, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from expo_app import registry
from expo_app.damaged import is_damaged, readable
from expo_app.errors import Conflict, UserError
from expo_app.i18n import _, named
from expo_app.model import LOGS, Base, BatchKind, Expo, ImportBatch, ImportRow, NotSame, new_id
from expo_app.services import records
from expo_app.services.access import require
from expo_app.services.batches import (
    MERGED,
    changed_since,
    moment_of_undo,
    packed,
    refuse_if_merged,
    unpacked,
    without_added,
)
from expo_app.services.record_rules import Folding, folding_of
from expo_app.services.record_writer import Change, Writer, in_parts, writing
from expo_app.services.statistics.scope import scope_of
from expo_app.specs import SPECS, Field, RecordSpec
from expo_app.specs.figures import Figure
from expo_app.specs.names import name_key
from expo_app.specs.records import by_name
from expo_app.store.as_if import as_if
from expo_app.store.audit import from_json, to_json
from expo_app.store.database import Database

Row = Mapping[str, Any]
ALIASES = "aliases"
OWN_KEYS = frozenset(model.__table__ for model in LOGS)
"""Rows whose keys are made before they are written, by desks: a later one may have an earlier key."""
NOT_FILLED = frozenset({"id", "is_sample", "search_text"})
_batch, _row, _apart = ImportBatch.__table__, ImportRow.__table__, NotSame.__table__


@dataclass(frozen=True)
class Pair:
    """`keep` stays and `other` goes into it; ids of records of the spec (organisations, people, attendees).

    `takes`: names of the fields whose value is the other's; None: as suggested, what is empty in the one that stays.
    `badges`: registrations whose badge stays good, of two of one expo; where none of them is named, as suggested.
    """

    spec: str
    keep: uuid.UUID
    other: uuid.UUID
    takes: frozenset[str] | None = None
    badges: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True)
class Line:
    """One field of the two side by side, as they are shown (personal data masked); `takes`: the other's is kept."""

    name: str
    title: str
    ours: str
    theirs: str
    is_same: bool
    takes: bool


@dataclass(frozen=True)
class BadgeSide:
    """One of two registrations of an expo: its number, how its badge stands in words, whether it would stay good."""

    attendee_id: uuid.UUID
    badge_no: str
    words: str
    stays: bool
    has_badge: bool = True


@dataclass(frozen=True)
class BadgePair:
    """Two registrations of one expo of which one badge stays good: the kept one's, then the other's."""

    expo: str
    sides: tuple[BadgeSide, BadgeSide]


@dataclass(frozen=True)
class Effect:
    """A figure that changes: its name, the expo it is of, before and after as they are shown."""

    label: str
    expo: str
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """What a merge would do. `follows`: what goes over to the kept one, counted; `notes`: sentences to know."""

    pair: Pair
    names: tuple[str, str]
    lines: tuple[Line, ...]
    badges: tuple[BadgePair, ...]
    follows: tuple[tuple[str, int], ...]
    effects: tuple[Effect, ...]
    notes: tuple[str, ...] = ()
    state: int = field(default=0, repr=False)
    """Another one once a value of the two was changed, also where it is masked."""

    @property
    def kept_name(self) -> str:
        """What the one that stays is called afterwards."""
        takes_name = any(line.takes and line.name.rpartition(".")[2] == "name" for line in self.lines)
        return self.names[1 if takes_name else 0]


def preview(db: Database, pair: Pair) -> Preview:
    """What the merge would do, without writing; slow enough for a worker. Conflict where a record is gone."""
    spec = _spec(pair)
    with db.reading() as session:
        writer = Writer(db, session, None, staged=True)
        merger = Merger(writer, pair.badges)
        both = _Both.read(session, spec, pair)
        merger.merge(both)
        effects = _effects(db, writer)
    return Preview(
        pair, both.names, both.lines, tuple(merger.badge_pairs), merger.followed, effects, tuple(merger.notes),
        hash(repr((both.keep, both.other))),
    )  # fmt: skip


def effects_of(db: Database, pairs: Sequence[Pair], progress: Callable[[int, int], None]) -> tuple[Effect, ...]:
    """Which figures change by all these merges together; those that cannot be merged are passed over."""
    with db.reading() as session:
        writer = Writer(db, session, None, staged=True)
        for number, pair in enumerate(pairs):
            progress(number, len(pairs))
            done = len(writer.changes)
            try:
                Merger(writer, pair.badges).merge(_Both.read(session, _spec(pair), pair))
            except UserError:
                del writer.changes[done:]
        return _effects(db, writer)


def merge(db: Database, pair: Pair, expo_id: uuid.UUID | None = None) -> uuid.UUID:
    """Make the two one; the batch's id, which `imports.undo` takes. `expo_id`: in whose history it stands, where it is
    of one expo alone; else it stands in every one's.

    Conflict, with nothing changed, where a record is gone or the two cannot be one.
    """
    spec = _spec(pair)
    require(db, spec.permission)
    with writing(db, spec.permission, reason=_("合并")) as writer:
        merger = Merger(writer, pair.badges)
        both = _Both.read(writer.session, spec, pair, to_write=True)
        merger.merge(both)
        batch_id, history = new_id(), expo_id if both.is_of_one_expo else None
        batch = {
            "id": batch_id, "expo_id": history, "kind": BatchKind.MERGE, "spec": spec.name,
            "file_name": " ← ".join(both.names)[:260], "at": writer.now, "operator": db.actor.name, "new_count": 0,
            "changed_count": len(writer.changes), "undone_at": None, "made": merger.made(),
        }  # fmt: skip
        writer.session.execute(insert(_batch), [batch])
        rows = [
            {
                "id": new_id(), "batch_id": batch_id, "row_no": number, "table_name": change.table.name,
                "record_id": change.record_id, "before": to_json(change.before),
                "after": None if change.after is None else to_json(change.after),
            }
            for number, change in enumerate([*writer.changes, *merger.sealed], 1)
        ]  # fmt: skip
        writer.session.connection().execute(insert(_row), rows)
        writer.note(MERGED, _batch, batch_id, {"file_name": batch["file_name"], "spec": spec.name})
    return batch_id


def take_back(db: Database, spec: RecordSpec, batch_id: uuid.UUID) -> None:
    """A merge of records of this kind as if it had never been; Conflict, with nothing changed, where something was
    built on it since.
    """
    with writing(db, spec.permission, reason=_("撤销合并")) as writer:
        session = writer.session
        batch = session.get_one(ImportBatch, batch_id)
        undone = moment_of_undo(db, batch.at)
        taken = update(_batch).where(_batch.c.id == batch_id, _batch.c.undone_at.is_(None)).values(undone_at=undone)
        if not session.connection().execute(taken).rowcount:
            raise Conflict(_("这次合并已经撤销过，数据未变。"), "E-UNDONE")
        rows = session.scalars(select(ImportRow).where(ImportRow.batch_id == batch_id).order_by(ImportRow.row_no)).all()
        both = {Base.metadata.tables[name]: unpacked(text) for name, text in batch.made.items() if "." not in name}
        stayed = {table: keys[::2] for table, keys in both.items()}
        with ExitStack() as stack:
            for table, keys in both.items():
                stack.enter_context(folding_of(table).during(writer, keys))
            touched = {row.record_id for row in rows}
            refuse_if_merged(session, batch_id, touched.union(*stayed.values()), _named_in(rows))
            _refuse_if_used(session, batch, stayed, touched)
            try:
                _walk_back(writer, rows)
            except IntegrityError as error:
                words = _("合并掉的那条的名称或编号，之后又被别的记录用了，不能撤销，数据未变。先改那条记录再撤销。")
                raise Conflict(words, "E-CHANGED-SINCE") from error
        writer.note("undo_merge", _batch, batch_id, {"file_name": batch.file_name})


def _refuse_if_used(
    session: Session, batch: ImportBatch, stayed: Mapping[Table, Sequence[uuid.UUID]], touched: Collection[uuid.UUID]
) -> None:
    """Conflict where a record that was made since points at one that stayed: it may mean either of the two."""
    for child, column, ids in _pointing(stayed):
        query = select(child.c.id).where(child.c[column].in_(ids), child.c.id > batch.id)
        more = len(set(session.scalars(query)) - set(touched))
        if child in OWN_KEYS:
            more = _count(session, child, column, ids) - int(batch.made.get(f"{child.name}.{column}", 0))
        if more > 0:
            what = records.title_of(child) if _is_named(child) else _("记录")
            words = _("合并之后又有 {n} 条“{what}”用到它，分不清是谁的，不能撤销，数据未变。")
            raise Conflict(words.format(n=more, what=what), "E-CHANGED-SINCE")


def _pointing(stayed: Mapping[Table, Sequence[uuid.UUID]]) -> Iterator[tuple[Table, str, Sequence[uuid.UUID]]]:
    """Tables and their columns that point at these records."""
    for table, ids in stayed.items():
        for child, column in [*records.links(table, is_part=False), *records.links(table, is_part=True)]:
            if child not in folding_of(table).settled:
                yield child, column, ids


def _count(session: Session, child: Table, column: str, ids: Sequence[uuid.UUID]) -> int:
    return session.scalar(select(func.count()).select_from(child).where(child.c[column].in_(ids))) or 0


def _named_in(rows: Sequence[ImportRow]) -> set[uuid.UUID]:
    """The records that the rows point at, as they were before."""
    tables = Base.metadata.tables
    return {
        uuid.UUID(value)
        for row in rows
        for name, value in row.before.items()
        if value and tables[row.table_name].c[name].foreign_keys
    }


def _walk_back(writer: Writer, rows: Sequence[ImportRow]) -> None:
    """Each step of the merge backwards; Conflict where a value is no longer what the step made it."""
    ids: dict[Table, set[uuid.UUID]] = {}
    for row in rows:
        ids.setdefault(Base.metadata.tables[row.table_name], set()).add(row.record_id)
    now = {table: {key: dict(row) for key, row in writer.rows(table, keys).items()} for table, keys in ids.items()}
    for table, of_table in groupby(reversed(rows), key=lambda row: Base.metadata.tables[row.table_name]):
        for is_gone, some in groupby(of_table, key=lambda row: row.after is None):
            if is_gone:
                again = [_revived(table, row) for row in some]
                writer.insert(table, again)
                now[table].update({row["id"]: row for row in again})
            else:
                writer.update_many(table, [_step_back(table, row, now[table]) for row in some])


def _revived(table: Table, row: ImportRow) -> dict[str, Any]:
    values = {"id": row.record_id, **from_json(table, row.before)}
    return {**values, **_searched(table, values)}


def _step_back(
    table: Table, row: ImportRow, now: dict[uuid.UUID, dict[str, Any]]
) -> tuple[uuid.UUID, Row, dict[str, Any], int]:
    current = now.get(row.record_id)
    before, after = from_json(table, row.before), from_json(table, row.after or {})
    if current is not None and ALIASES in after:
        before[ALIASES] = without_added(current[ALIASES], before[ALIASES], after.pop(ALIASES))
    if current is None or any(current[name] != value for name, value in after.items()):
        raise changed_since()
    new = {**before, **_searched(table, {**current, **before})}
    now[row.record_id] = {**current, **new}
    return row.record_id, current, new, 0


def _spec(pair: Pair) -> RecordSpec:
    if pair.keep == pair.other:
        raise UserError(_("这是同一条记录，没有合并。请选两条不同的。"), "E-MERGE-SAME")
    return SPECS[pair.spec]


# --- the two side by side ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Both:
    """The two records, what they are called, their fields side by side, and the columns the kept one gets."""

    spec: RecordSpec
    keep: Row
    other: Row
    names: tuple[str, str]
    lines: tuple[Line, ...]
    takes: frozenset[str]

    @property
    def is_of_one_expo(self) -> bool:
        """Whether nothing beyond one expo becomes one."""
        parent = _parent(self.spec)
        return bool(self.spec.scope) and (not parent or self.keep[parent] == self.other[parent])

    @staticmethod
    def read(session: Session, spec: RecordSpec, pair: Pair, to_write: bool = False) -> _Both:
        """Conflict where one is gone, or one is a sample and the other is not, or they are of two expos."""
        query = select(spec.table).where(spec.table.c.id.in_((pair.keep, pair.other))).order_by(spec.table.c.id)
        found = {
            row["id"]: dict(row) for row in session.execute(query.with_for_update() if to_write else query).mappings()
        }
        if len(found) < 2:
            raise Conflict(_("其中一条已被删除或合并，数据未变。请刷新。"), "E-GONE")
        keep, other = found[pair.keep], found[pair.other]
        _refuse_damaged(keep, other)
        if spec.scope and keep[spec.scope] != other[spec.scope]:
            raise Conflict(_("两条不在同一届展会里，不能合并，数据未变。"), "E-MERGE-EXPO")
        values = [records.values_of(session, spec, key, masked=False) for key in (pair.keep, pair.other)]
        by = {f.name: f for f in spec.fields}
        parent = _parent(spec)
        zone = _zone(session, keep.get("expo_id"))
        fields = [f for f in _fields(spec) if not parent or keep[parent] != other[parent] or "." not in f.name]
        takes = pair.takes
        if takes is None:
            more = folding_of(spec.table).suggests(session, keep, other, pair.badges)
            takes = frozenset(_suggested(spec, fields, values) | more)
        read = [records.values_of(session, spec, key, masked=True, spoken=True) for key in (pair.keep, pair.other)]
        shown = [{n: v if by[n].ref else own[n] for n, v in one.items()} for one, own in zip(read, values, strict=True)]
        lines = tuple(_line(f, values, shown, takes, zone) for f in fields)
        first = next(f for f in spec.fields if f.show == "bold")
        names = tuple(first.display(value[first.name]) for value in values)
        return _Both(spec, keep, other, (names[0], names[1]), lines, takes)


def _fields(spec: RecordSpec) -> list[Field]:
    """What may be chosen; other names are kept of both, a number goes with its badge."""
    return [f for f in spec.writable if f.in_form and f.name != "aliases"]


def _parent(spec: RecordSpec) -> str:
    """The column of the parent whose fields are chosen among with the record's own; "" where there is none."""
    return next(
        (f"{name}_id" for name in spec.parents or () if any(f.name.startswith(f"{name}.") for f in _fields(spec))), ""
    )


def _suggested(spec: RecordSpec, fields: Sequence[Field], values: Sequence[Row]) -> set[str]:
    """The fields in which the other's value is the better one: ours is empty, or ranks below it."""
    ranked, found = folding_of(spec.table).ranked, set[str]()
    for own in fields:
        mine, other = (readable(value[own.name]) for value in values)
        order = ranked.get(own.name, ())
        is_ranked = mine in order and other in order
        if (order.index(other) > order.index(mine)) if is_ranked else (not mine and bool(other)):
            found.add(own.name)
    return found


def _line(
    own: Field, values: Sequence[Row], shown: Sequence[Row], takes: frozenset[str], zone: ZoneInfo | None
) -> Line:
    mine, other = (value[own.name] or None for value in values)
    ours, theirs = (own.display(own.masked(value[own.name]), zone) for value in shown)
    if mine != other and ours == theirs:  # what is masked may look the same
        theirs = _("{value}（不同）").format(value=theirs)
    return Line(own.name, own.title, ours, theirs, mine == other, own.name in takes and mine != other)


def _zone(session: Session, expo_id: uuid.UUID | None) -> ZoneInfo | None:
    expo = session.get(Expo, expo_id) if expo_id else None
    return expo.zone_info if expo else None


# --- the merge --------------------------------------------------------------------------------------------------------
class Merger:
    """One merge while it is written, in an order that every constraint accepts.

    `stayed`: table → the records that others went into. Staged, nothing is written and all is known.
    """

    def __init__(self, writer: Writer, badges: frozenset[uuid.UUID]) -> None:
        self.writer, self.session = writer, writer.session
        self.badges, self.takes = badges, frozenset[str]()
        self._chosen: dict[uuid.UUID, tuple[Row, dict[str, Any]]] = {}
        self._moved: Counter[Table] = Counter()
        self._kept: dict[Table, list[tuple[uuid.UUID, uuid.UUID]]] = {}
        self.sealed: list[Change] = []
        """What is ranked of those that stayed: an undo looks whether it is still so."""
        self.badge_pairs: list[BadgePair] = []
        self.notes: list[str] = []

    def expo_name(self, expo_id: uuid.UUID) -> str:
        """What an expo is called in words to read."""
        expo = self.session.get_one(Expo, expo_id)
        return named(expo.name, expo.name_en)

    def made(self) -> dict[str, str]:
        """What a batch keeps of a merge: by table who stayed and who went, in turn; how many `OWN_KEYS` there are."""
        pairs = {table.name: packed(key for pair in kept for key in pair) for table, kept in self._kept.items()}
        stayed = {table: [keep for keep, _other in kept] for table, kept in self._kept.items()}
        for child, column, ids in _pointing(stayed):
            if child in OWN_KEYS:
                pairs[f"{child.name}.{column}"] = str(_count(self.session, child, column, ids))
        return pairs

    @property
    def followed(self) -> tuple[tuple[str, int], ...]:
        """What went over, by what it is called."""
        return tuple((records.title_of(table), n) for table, n in self._moved.items() if n and _is_named(table))

    def merge(self, both: _Both) -> None:
        """The two of one spec; of two that hang on two parents (registrations of two people) those too."""
        spec, keep, other, parent = both.spec, both.keep, both.other, _parent(both.spec)
        self.takes = both.takes
        own = _unseen(spec, spec.table, keep, other) | _chosen(spec, other, both.takes)
        if not parent or keep[parent] == other[parent]:
            self.fold(spec.table, keep, other, own)
            return
        prefix = parent.removesuffix("_id")
        table = by_name((spec.parents or {})[prefix].spec).table
        rows = self.writer.rows(table, (keep[parent], other[parent]))
        mine, theirs = rows[keep[parent]], rows[other[parent]]
        _refuse_damaged(mine, theirs)
        self._chosen[other["id"]] = keep, own
        names = [name.removeprefix(f"{prefix}.") for name in both.takes if name.startswith(f"{prefix}.")]
        unseen = _unseen(spec, table, mine, theirs, f"{prefix}.")
        self.fold(table, mine, theirs, unseen | {name: theirs[name] for name in names})

    def fold(self, table: Table, keep: Row, other: Row, values: Mapping[str, Any]) -> None:
        """`other` goes into `keep`: what hangs on it follows, it is deleted, `keep` gets `values`."""
        if keep.get("is_sample") != other.get("is_sample"):
            raise Conflict(_("一条是示例，一条是真实的，不能合并，数据未变。"), "E-MERGE-SAMPLE")
        folding = folding_of(table)
        with nullcontext() if self.writer.staged else folding.during(self.writer, [keep["id"], other["id"]]):
            own = dict(values)
            for before in folding.before:
                own |= before(self, keep, other)
            for child, column in [*records.links(table, is_part=False), *records.links(table, is_part=True)]:
                if child not in folding.settled:
                    keep = self._follow(child, column, table, keep, other["id"])
            self.writer.delete(table, other["id"], other)
            final = {**keep, **_named_values(table, keep, other, own)}
            self.writer.update(table, keep["id"], keep, final)
        ranked = {name: final[name] for name in folding.ranked}
        self.sealed += [Change(table, keep["id"], ranked, ranked)] if ranked else []
        self._kept.setdefault(table, []).append((keep["id"], other["id"]))
        self._forget_apart(keep["id"], other["id"])

    def _follow(self, child: Table, column: str, table: Table, keep: Row, other: uuid.UUID) -> Row:
        """What points at the other points at the kept one; that one itself, as it is then."""
        query, moving = select(child).where(child.c[column] == other).order_by(child.c.id), []
        for row in [dict(row) for row in self.session.execute(query).mappings()]:
            if child is table and row["id"] == keep["id"]:  # it stood with the one that goes
                self.writer.update(table, row["id"], row, {column: None})
                keep = {**keep, column: None}
            elif (twin := self._twin(child, column, row, keep["id"])) is None:
                moving.append((row["id"], row, {column: keep["id"]}, 0))
            else:
                self._fold_twin(child, twin, row)
        self.writer.update_many(child, moving)
        self._moved[child] += len(moving)
        return keep

    def _fold_twin(self, table: Table, keep: Row, other: Row) -> None:
        chosen, values = self._chosen.get(other["id"], (keep, None))
        _refuse_damaged(chosen, other)
        if values is None:
            values = _filled(table, chosen, other)
            self.notes += _cut(table, chosen, other, values)
        self.fold(table, chosen, other, values)
        self._moved[table] += 1

    def _twin(self, table: Table, column: str, row: Row, keep: uuid.UUID) -> Row | None:
        """What already stands in the place where `row` would come, once `column` points to `keep`."""
        if row["id"] in self._chosen:
            return self._chosen[row["id"]][0]
        for names in _unique(table):
            if column in names:
                same = (table.c[name] == row[name] for name in names if name != column)
                found = self.session.execute(select(table).where(table.c[column] == keep, *same).order_by(table.c.id))
                rows = [dict(one) for one in found.mappings()]
                if rows and all(row[name] is not None for name in names):
                    return max(rows, key=partial(_rank, folding_of(table)))
        return None

    def _forget_apart(self, keep: uuid.UUID, other: uuid.UUID) -> None:
        """What the other is not, the kept one is not; that the two are not the same is no longer true."""
        query = select(_apart).where(or_(_apart.c.one_id == other, _apart.c.other_id == other))
        for row in self.session.execute(query).mappings().all():
            third = row["other_id"] if row["one_id"] == other else row["one_id"]
            one, two = sorted((keep, third))
            there = select(_apart.c.id).where(_apart.c.one_id == one, _apart.c.other_id == two)
            if third == keep or self.session.scalar(there) is not None:
                self.writer.delete(_apart, row["id"], dict(row))
            else:
                self.writer.update(_apart, row["id"], dict(row), {"one_id": one, "other_id": two})


def _refuse_damaged(*rows: Row) -> None:
    """What cannot be read could not be brought back as it was."""
    if any(is_damaged(value) for row in rows for value in row.values()):
        raise Conflict(_("其中一条有读不出的值，不能合并，数据未变。请在“检查”里修复后再合并。"), "E-DAMAGED")


def _unique(table: Table) -> list[tuple[str, ...]]:
    """The sets of columns whose values may be there once only."""
    found = [tuple(column.name for column in u.columns) for u in table.constraints if isinstance(u, UniqueConstraint)]
    return [*found, *folding_of(table).once]


def _is_named(table: Table) -> bool:
    return "title" in table.info or any(spec.table is table for spec in SPECS.values())


def _rank(folding: Folding, row: Row) -> int:
    """How good a record is by what is ranked of it."""
    return sum(order.index(row[name]) for name, order in folding.ranked.items())


def _chosen(spec: RecordSpec, other: Row, takes: frozenset[str]) -> dict[str, Any]:
    """The other's values of the columns that the fields in `takes` are kept in."""
    kept_in = folding_of(spec.table).columns
    return {column: other[column] for name in takes for column in kept_in.get(name, (name,)) if column in spec.table.c}


def _unseen(spec: RecordSpec, table: Table, keep: Row, other: Row, prefix: str = "") -> dict[str, Any]:
    """What is not side by side is filled in as of a record that goes in by the way."""
    kept_in = folding_of(spec.table).columns
    seen = {column for f in _fields(spec) for column in (f.name, *kept_in.get(f.name, ()))}
    return {name: value for name, value in _filled(table, keep, other).items() if f"{prefix}{name}" not in seen}


def _filled(table: Table, keep: Row, other: Row) -> dict[str, Any]:
    """What the kept one lacks and the other has, and what its area says of texts, moments and what is ranked."""
    folding = folding_of(table)
    values = {
        name: other[name]
        for name in keep
        if name not in NOT_FILLED and readable(keep[name]) in (None, "") and readable(other[name])
    }
    for name in folding.joined:
        values[name] = _joined(keep, other, name)[: table.c[name].type.length]  # type: ignore[attr-defined]
    for name in folding.earliest:
        values[name] = min((row[name] for row in (keep, other) if row[name] is not None), default=None)
    for name, order in folding.ranked.items():
        values[name] = max(keep[name], other[name], key=order.index)
    return values


def _joined(keep: Row, other: Row, name: str) -> str:
    return "；".join(dict.fromkeys(text for text in (keep[name], other[name]) if text))


def _cut(table: Table, keep: Row, other: Row, values: Mapping[str, Any]) -> list[str]:
    """What to say of texts of which the end is lost."""
    spec = next(spec for spec in SPECS.values() if spec.table is table) if folding_of(table).joined else None
    words = _("{what}的“{column}”合起来太长，只留下前 {n} 字。")
    return [
        words.format(what=spec.label, column=spec.field(name).title, n=len(values[name]))
        for name in (folding_of(table).joined if spec else ())
        if spec and len(_joined(keep, other, name)) > len(values[name])
    ]


def _named_values(table: Table, keep: Row, other: Row, values: Mapping[str, Any]) -> dict[str, Any]:
    """Every name that either went by is known, and searches find them."""
    final = {**keep, **values}
    spec = next((spec for spec in SPECS.values() if spec.table is table and ALIASES in table.c), None)
    if spec is not None:
        key = spec.field(spec.natural).alike or name_key
        names = [name for name in ("name", "short_name", "name_en") if name in table.c]
        taken = {key(final[name]) for name in names if final[name]}
        known: dict[str, str] = {}
        for text in (
            text for row in (keep, other) for text in (*(readable(row[ALIASES]) or ()), *(row[n] for n in names))
        ):
            if text and key(text) not in taken:
                known.setdefault(key(text), text)
        final[ALIASES] = list(known.values()) or None
    return {**final, **_searched(table, final)}


def _searched(table: Table, row: Row) -> dict[str, Any]:
    spec = next((spec for spec in SPECS.values() if spec.table is table and spec.search_words), None)
    return {"search_text": spec.searched_by(row.get)} if spec else {}


# --- what figures it changes ------------------------------------------------------------------------------------------
def _effects(db: Database, writer: Writer) -> tuple[Effect, ...]:
    """The figures that what is staged would change."""
    expos = _expos_of(writer.session, writer.changes)
    before = {expo: _figures(writer.session, expo) for expo in expos}
    changed, gone = _afterwards(writer)
    with as_if(db, changed, gone) as session:
        after = {expo: _figures(session, expo) for expo in expos}
    return tuple(
        Effect(old.label, name, old.shown, after[expo][key].shown)
        for expo, name in expos.items()
        for key, old in before[expo].items()
        if key in after[expo] and after[expo][key].value != old.value
    )


def _afterwards(writer: Writer) -> tuple[dict[Table, dict[uuid.UUID, Row]], dict[Table, list[uuid.UUID]]]:
    """Whole rows as they would be, and the records that would be gone."""
    changed: dict[Table, dict[uuid.UUID, dict[str, Any]]] = {}
    gone: dict[Table, list[uuid.UUID]] = {}
    for change in writer.changes:
        if change.after is None:
            gone.setdefault(change.table, []).append(change.record_id)
        else:
            changed.setdefault(change.table, {}).setdefault(change.record_id, {}).update(change.after)
    whole: dict[Table, dict[uuid.UUID, Row]] = {}
    for table, rows in changed.items():
        left = rows.keys() - set(gone.get(table, ()))
        whole[table] = {key: {**row, **rows[key]} for key, row in writer.rows(table, left).items()}
    return whole, gone


def _expos_of(session: Session, changes: Iterable[Change]) -> dict[uuid.UUID, str]:
    """The expos whose records change, with their names."""
    touched: set[uuid.UUID] = set()
    by_table: dict[Table, set[uuid.UUID]] = {}
    for change in changes:
        by_table.setdefault(change.table, set()).add(change.record_id)
    for table, ids in by_table.items():
        for some in in_parts(ids) if "expo_id" in table.c else ():
            touched |= set(session.scalars(select(table.c.expo_id).where(table.c.id.in_(some)).distinct()))
    query = select(Expo).where(Expo.id.in_(touched)).order_by(Expo.starts_on)
    return {expo.id: named(expo.name, expo.name_en) for expo in session.scalars(query)}


def _figures(session: Session, expo_id: uuid.UUID) -> dict[str, Figure]:
    """Every published figure that goes by who is there, by name."""
    scope = scope_of(session, expo_id)
    told = (area.figures(session, scope) for area in registry.areas() if area.figures)
    return {figure.name: figure for figures in told for figure in figures}
