"""Two records that are one: what would change, and the merge itself, a numbered batch that can be undone."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from expo_app import registry
from expo_app.damaged import readable
from expo_app.errors import Conflict, UserError
from expo_app.i18n import _, named
from expo_app.model import BatchKind, Expo, ImportBatch, ImportRow, new_id
from expo_app.services import records
from expo_app.services.access import require
from expo_app.services.batches import MERGED
from expo_app.services.merging_fold import Merger, Row, choosable, parent_of, refuse_damaged
from expo_app.services.record_rules import folding_of
from expo_app.services.record_writer import Change, Writer, in_parts, writing
from expo_app.services.statistics.scope import scope_of
from expo_app.specs import SPECS, Field, RecordSpec
from expo_app.specs.figures import Figure
from expo_app.specs.merging import Effect, Line, Pair, Preview
from expo_app.store.as_if import as_if
from expo_app.store.audit import to_json
from expo_app.store.database import Database

_batch, _row = ImportBatch.__table__, ImportRow.__table__


def preview(db: Database, pair: Pair) -> Preview:
    """What the merge would do, without writing; slow enough for a worker. Conflict where a record is gone."""
    spec = _spec(pair)
    with db.reading() as session:
        writer = Writer(db, session, None, staged=True)
        merger = Merger(writer, pair.badges)
        both = _Both.read(db, session, spec, pair)
        merger.merge(both.spec, both.keep, both.other, both.takes)
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
                both = _Both.read(db, session, _spec(pair), pair)
                Merger(writer, pair.badges).merge(both.spec, both.keep, both.other, both.takes)
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
        both = _Both.read(db, writer.session, spec, pair, to_write=True)
        merger.merge(both.spec, both.keep, both.other, both.takes)
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
        parent = parent_of(self.spec)
        return bool(self.spec.scope) and (not parent or self.keep[parent] == self.other[parent])

    @staticmethod
    def read(db: Database, session: Session, spec: RecordSpec, pair: Pair, to_write: bool = False) -> _Both:
        """Conflict where one is gone, or one is a sample and the other is not, or they are of two expos."""
        query = select(spec.table).where(spec.table.c.id.in_((pair.keep, pair.other))).order_by(spec.table.c.id)
        found = {
            row["id"]: dict(row) for row in session.execute(query.with_for_update() if to_write else query).mappings()
        }
        if len(found) < 2:
            raise Conflict(_("其中一条已被删除或合并，数据未变。请刷新。"), "E-GONE")
        keep, other = found[pair.keep], found[pair.other]
        refuse_damaged(keep, other)
        if spec.scope and keep[spec.scope] != other[spec.scope]:
            raise Conflict(_("两条不在同一届展会里，不能合并，数据未变。"), "E-MERGE-EXPO")
        values = [records.values_of(session, spec, key, masked=False) for key in (pair.keep, pair.other)]
        by = {f.name: f for f in spec.fields}
        parent = parent_of(spec)
        zone = _zone(session, keep.get("expo_id"))
        fields = [f for f in choosable(spec) if not parent or keep[parent] != other[parent] or "." not in f.name]
        takes = pair.takes
        if takes is None:
            more = folding_of(spec.table).suggests(session, keep, other, pair.badges)
            takes = frozenset(_suggested(spec, fields, values) | more)
        read = [records.values_of(session, spec, key, masked=True, spoken=True) for key in (pair.keep, pair.other)]
        shown = [
            records.as_seen(db, spec, {n: v if by[n].ref else own[n] for n, v in one.items()})
            for one, own in zip(read, values, strict=True)
        ]
        lines = tuple(_line(f, values, shown, takes, zone) for f in fields)
        first = next(f for f in spec.fields if f.show == "bold")
        names = tuple(first.display(value[first.name]) for value in values)
        return _Both(spec, keep, other, (names[0], names[1]), lines, takes)


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
