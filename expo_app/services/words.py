"""Words of vocabularies: read for screens and figures, ready-made sets of them, merging two."""

from __future__ import annotations

import csv
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from expo_app import paths
from expo_app.errors import Conflict
from expo_app.i18n import N_, _
from expo_app.model import Base, Category, Colour, CountsAs, Pattern, Word, WordChoice, WordRole, new_id
from expo_app.rules.terms import Term
from expo_app.services.record_writer import Writer, write_rows, writing
from expo_app.services.terms import terms, terms_of
from expo_app.services.uniqueness import unique_columns
from expo_app.specs import SPECS, RecordSpec
from expo_app.specs.names import name_key
from expo_app.store.database import Database

__all__ = [
    "FIRST", "PRESETS", "Preset", "add_missing", "add_preset", "begin", "choose", "counterparts", "merge", "missing",
    "own_rows", "preset", "terms", "terms_of", "uses",
]  # fmt: skip
_word, _choice, _category = Word.__table__, WordChoice.__table__, Category.__table__
LIST_MARK = "、"


@dataclass(frozen=True)
class Preset:
    """A ready-made set of words for a vocabulary, `resources/words/<name>.csv`."""

    name: str
    spec: str
    title: str


PRESETS = (
    Preset("industries_strategic", "industries", N_("战略性新兴产业 9 类")),
    Preset("industries_gbt4754", "industries", N_("国民经济行业门类（GB/T 4754，20 类）")),
    Preset("industries_four", "industries", N_("四大产业：信息技术、新能源、高端制造、健康医疗")),
    Preset("organisation_kinds", "organisation_kinds", N_("常用单位类型")),
    Preset("item_kinds", "item_kinds", N_("常用活动类型")),
    Preset("achievement_kinds", "achievement_kinds", N_("常用展品类别")),
    Preset("booth_kinds", "booth_kinds", N_("常用展位类型")),
    Preset("categories", "categories", N_("常用参会类别")),
)
FIRST = {preset.spec: preset.name for preset in PRESETS if preset.name == preset.spec}
"""What a vocabulary begins with: every expo needs these words, while its industries are its own."""


@cache
def preset(name: str) -> tuple[Mapping[str, Any], ...]:
    """The words of a ready-made set, in its order, as values by field name."""
    with paths.resource("words", f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(_values(row, place) for place, row in enumerate(csv.DictReader(handle)))


def _values(row: Mapping[str, str], place: int) -> Mapping[str, Any]:
    readers: Mapping[str, Callable[[str], Any]] = {
        "colour": Colour.__getitem__,
        "pattern": Pattern.__getitem__,
        "role": WordRole.__getitem__,
        "counts_as": CountsAs.__getitem__,
        "aliases": lambda text: text.split(LIST_MARK),
        "valid_days": json.loads,
    }
    read = {name: (readers[name](text) if text else None) for name, text in row.items() if name in readers}
    return {**row, **read, "position": place}


def missing(session: Session, spec: RecordSpec, expo_id: uuid.UUID | None, name: str) -> list[Mapping[str, Any]]:
    """What of a ready-made set is not there yet, by key, name and alias."""
    there = terms_of(session, spec, expo_id)
    known = {name_key(word) for term in there for word in (term.name, term.key, *term.aliases)}
    return [v for v in preset(name) if not known & {name_key(v["name"]), v["key"]}]


def add_preset(db: Database, expo_id: uuid.UUID, name: str) -> int:
    """Add what a vocabulary lacks of a ready-made set; how many words that were."""
    chosen = next(p for p in PRESETS if p.name == name)
    with writing(db, "settings.edit", expo_id) as writer:
        return add_missing(writer, SPECS[chosen.spec], name)


def add_missing(writer: Writer, spec: RecordSpec, name: str) -> int:
    """The same within a write."""
    values = missing(writer.session, spec, writer.expo.id if writer.expo else None, name)
    first = _next_position(writer.session, spec, writer)
    rows = [(None, {**v, "position": first + n}, 0) for n, v in enumerate(values)]
    write_rows(writer, spec, rows)
    return len(rows)


def _next_position(session: Session, spec: RecordSpec, writer: Writer) -> int:
    table = spec.table
    expo_id = writer.expo.id if spec.scope and writer.expo is not None else None
    query = select(func.max(table.c.position)).where(*(table.c[name] == value for name, value in spec.constant.items()))
    last = session.scalar(query.where(table.c.expo_id.is_not_distinct_from(expo_id)))
    return 0 if last is None else last + 1


def own_rows(session: Session, expo_id: uuid.UUID, table: Table = _word) -> list[Mapping[str, Any]]:
    """The rows of an expo's own words, or categories."""
    return [dict(row) for row in session.execute(select(table).where(table.c.expo_id == expo_id)).mappings()]


def counterparts(session: Session, source: uuid.UUID, target: uuid.UUID) -> dict[uuid.UUID, uuid.UUID]:
    """Words of one expo → those of another with the same key, for records that are copied."""
    found: dict[uuid.UUID, uuid.UUID] = {}
    for table in (_word, _category):
        theirs = {(row.get("vocabulary"), row["key"]): row["id"] for row in own_rows(session, target, table)}
        rows = [((row.get("vocabulary"), row["key"]), row["id"]) for row in own_rows(session, source, table)]
        found |= {key: theirs[known] for known, key in rows if known in theirs}
    return found


def begin(writer: Writer) -> None:
    """Give a vocabulary that has no word those that every expo needs."""
    for spec_name, name in FIRST.items():
        spec = SPECS[spec_name]
        if not _next_position(writer.session, spec, writer):
            add_missing(writer, spec, name)


# --- use and merging --------------------------------------------------------------------------------------------------
def uses(session: Session, table: Table, expo_id: uuid.UUID | None = None) -> dict[uuid.UUID, int]:
    """How many records keep each word of a table; of what belongs to expos only the records of this one."""
    found: Counter[uuid.UUID] = Counter()
    for other, column in _links(table, is_part=False):
        if _is_pairing(other, column):
            continue
        query = select(other.c[column], func.count()).where(other.c[column].is_not(None)).group_by(other.c[column])
        if "expo_id" in other.c and expo_id is not None:
            query = query.where(other.c.expo_id == expo_id)
        found.update(dict(session.execute(query).all()))
    return found


def _links(table: Table, is_part: bool) -> list[tuple[Table, str]]:
    """Tables and their columns that point to a word of this table, as its parts or as records that keep it."""
    keys = [key for other in Base.metadata.sorted_tables for key in other.foreign_key_constraints]
    return [
        (key.table, next(iter(key.column_keys)))
        for key in keys
        if key.elements[0].column.table is table and bool(key.elements[0].info.get("is_part")) is is_part
    ]


def _is_pairing(table: Table, column: str) -> bool:
    """Whether rows of a table do no more than tie a word to something: a category to a gate."""
    return any(column in {c.name for c in columns} for columns in unique_columns(table))


def merge(db: Database, spec: RecordSpec, gone: uuid.UUID, kept: uuid.UUID, expo_id: uuid.UUID | None) -> int:
    """Give every record of the one word the other, of which the first becomes an alias; how many records those were."""
    with writing(db, spec.permission, expo_id) as writer:
        rows = writer.locked(spec.table, [gone, kept])
        old, new = rows.get(gone), rows.get(kept)
        if old is None or new is None or gone == kept or _home(old) != _home(new):
            raise Conflict(_("这两个词不能合并，数据未变。请刷新后再试。"), "E-MERGE")
        changed = sum(_move(writer, table, column, gone, kept) for table, column in _links(spec.table, is_part=False))
        for table, column in _links(spec.table, is_part=True):
            for row in _pointing(writer, table, column, gone):
                writer.delete(table, row["id"], row)
        writer.delete(spec.table, gone, old)
        spelt = dict.fromkeys([*(new["aliases"] or ()), old["name"], *(old["aliases"] or ())])
        writer.update(spec.table, kept, new, {"aliases": [word for word in spelt if word != new["name"]]})
        return changed


def _home(row: Mapping[str, Any]) -> tuple[Any, Any]:
    return row["expo_id"], row.get("vocabulary")


def _pointing(writer: Writer, table: Table, column: str, word: uuid.UUID) -> list[Mapping[str, Any]]:
    return [dict(row) for row in writer.session.execute(select(table).where(table.c[column] == word)).mappings()]


def _move(writer: Writer, table: Table, column: str, gone: uuid.UUID, kept: uuid.UUID) -> int:
    rows = _pointing(writer, table, column, gone)
    if not _is_pairing(table, column):
        writer.update_many(table, ((row["id"], row, {column: kept}, 0) for row in rows))
        return len(rows)
    others = [name for name in (c.name for c in table.c) if name not in ("id", column)]
    there = [[row[name] for name in others] for row in _pointing(writer, table, column, kept)]
    for row in rows:
        if [row[name] for name in others] in there:
            writer.delete(table, row["id"], row)
        else:
            writer.update(table, row["id"], row, {column: kept})
    return 0


def choose(db: Database, expo_id: uuid.UUID, spec: RecordSpec, shown: Sequence[Term]) -> None:
    """How an expo shows the words of the file: in this order, with this look, hidden or not."""
    with writing(db, spec.permission, expo_id) as writer:
        there = {row["word_id"]: dict(row) for row in _choices(writer.session, expo_id)}
        for place, term in enumerate(shown):
            look = {"position": place, "colour": term.colour, "pattern": term.pattern, "is_hidden": term.is_hidden}
            if (row := there.get(term.id)) is None:
                writer.insert(_choice, [{"id": new_id(), "expo_id": expo_id, "word_id": term.id, **look}])
            else:
                writer.update(_choice, row["id"], row, look)


def _choices(session: Session, expo_id: uuid.UUID) -> Iterable[Mapping[Any, Any]]:
    return session.execute(select(_choice).where(_choice.c.expo_id == expo_id)).mappings().all()
