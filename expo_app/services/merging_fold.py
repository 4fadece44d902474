"""One record goes into another: every reference follows, in an order that every constraint accepts.

Records that hang on both and may be there once only (the two exhibitors of one expo, the two registrations of one
person) become one in the same act. What a kind of record needs besides is its `Folding`.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any

from sqlalchemy import Table, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged, readable
from expo_app.errors import Conflict
from expo_app.i18n import _, named
from expo_app.model import LOGS, Expo, NotSame
from expo_app.services import records
from expo_app.services.batches import packed
from expo_app.services.record_rules import Folding, folding_of
from expo_app.services.record_writer import Change, Writer
from expo_app.specs import SPECS, Field, RecordSpec
from expo_app.specs.merging import BadgePair
from expo_app.specs.names import name_key
from expo_app.specs.records import by_name

Row = Mapping[str, Any]
ALIASES = "aliases"
OWN_KEYS = frozenset(model.__table__ for model in LOGS)
"""Rows whose keys are made before they are written, by desks: a later one may have an earlier key."""
NOT_FILLED = frozenset({"id", "is_sample", "search_text"})
_apart = NotSame.__table__


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
        for child, column, ids in pointing(stayed):
            if child in OWN_KEYS:
                pairs[f"{child.name}.{column}"] = str(counted(self.session, child, column, ids))
        return pairs

    @property
    def followed(self) -> tuple[tuple[str, int], ...]:
        """What went over, by what it is called."""
        return tuple((records.title_of(table), n) for table, n in self._moved.items() if n and is_named(table))

    def merge(self, spec: RecordSpec, keep: Row, other: Row, takes: frozenset[str]) -> None:
        """The two of one spec; of two that hang on two parents (registrations of two people) those too."""
        self.takes, parent = takes, parent_of(spec)
        own = _unseen(spec, spec.table, keep, other) | _chosen(spec, other, takes)
        if not parent or keep[parent] == other[parent]:
            self.fold(spec.table, keep, other, own)
            return
        prefix = parent.removesuffix("_id")
        table = by_name((spec.parents or {})[prefix].spec).table
        rows = self.writer.rows(table, (keep[parent], other[parent]))
        mine, theirs = rows[keep[parent]], rows[other[parent]]
        refuse_damaged(mine, theirs)
        self._chosen[other["id"]] = keep, own
        names = [name.removeprefix(f"{prefix}.") for name in takes if name.startswith(f"{prefix}.")]
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
        refuse_damaged(chosen, other)
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


def choosable(spec: RecordSpec) -> list[Field]:
    """What may be chosen; other names are kept of both, a number goes with its badge."""
    return [f for f in spec.writable if f.in_form and f.name != "aliases"]


def parent_of(spec: RecordSpec) -> str:
    """The column of the parent whose fields are chosen among with the record's own; "" where there is none."""
    return next(
        (f"{name}_id" for name in spec.parents or () if any(f.name.startswith(f"{name}.") for f in choosable(spec))), ""
    )


def refuse_damaged(*rows: Row) -> None:
    """What cannot be read could not be brought back as it was."""
    if any(is_damaged(value) for row in rows for value in row.values()):
        raise Conflict(_("其中一条有读不出的值，不能合并，数据未变。请在“检查”里修复后再合并。"), "E-DAMAGED")


def _unique(table: Table) -> list[tuple[str, ...]]:
    """The sets of columns whose values may be there once only."""
    found = [tuple(column.name for column in u.columns) for u in table.constraints if isinstance(u, UniqueConstraint)]
    return [*found, *folding_of(table).once]


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
    seen = {column for f in choosable(spec) for column in (f.name, *kept_in.get(f.name, ()))}
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
    return {**final, **searched(table, final)}


def searched(table: Table, row: Row) -> dict[str, Any]:
    spec = next((spec for spec in SPECS.values() if spec.table is table and spec.search_words), None)
    return {"search_text": spec.searched_by(row.get)} if spec else {}


def is_named(table: Table) -> bool:
    return "title" in table.info or any(spec.table is table for spec in SPECS.values())


def pointing(stayed: Mapping[Table, Sequence[uuid.UUID]]) -> Iterator[tuple[Table, str, Sequence[uuid.UUID]]]:
    """Tables and their columns that point at these records."""
    for table, ids in stayed.items():
        for child, column in [*records.links(table, is_part=False), *records.links(table, is_part=True)]:
            if child not in folding_of(table).settled:
                yield child, column, ids


def counted(session: Session, child: Table, column: str, ids: Sequence[uuid.UUID]) -> int:
    return session.scalar(select(func.count()).select_from(child).where(child.c[column].in_(ids))) or 0
