"""Words of vocabularies: read for screens and figures, ready-made sets of them, merging two."""

from __future__ import annotations

import csv
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from expo_app import paths
from expo_app.errors import Conflict
from expo_app.i18n import N_, _
from expo_app.model import Base, Colour, Pattern, Vocabulary, Word, WordChoice, WordRole, new_id
from expo_app.rules.terms import Term, Terms
from expo_app.services.record_writer import Writer, write_rows, writing
from expo_app.specs import SPECS, RecordSpec
from expo_app.specs.names import name_key
from expo_app.store.database import Database

_word, _choice = Word.__table__, WordChoice.__table__
LIST_MARK = "、"
_LATER = 10_000
"""Words that an expo has not put in an order stand behind those it has."""


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
)
FIRST = {preset.spec: preset.name for preset in PRESETS if preset.name == preset.spec}
"""What a vocabulary begins with: every expo needs these words, while its industries are its own."""


@cache
def preset(name: str) -> tuple[Mapping[str, Any], ...]:
    """The words of a ready-made set, in its order, as values by field name."""
    with paths.resource("words", f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(_values(row, place) for place, row in enumerate(csv.DictReader(handle)))


def _values(row: Mapping[str, str], place: int) -> Mapping[str, Any]:
    kinds = {"colour": Colour, "pattern": Pattern, "role": WordRole}
    values: dict[str, Any] = {name: text for name, text in row.items() if name not in kinds and name != "aliases"}
    values |= {name: kind[row[name]] if row[name] else None for name, kind in kinds.items()}
    return values | {"aliases": row["aliases"].split(LIST_MARK) if row["aliases"] else None, "position": place}


def terms_of(session: Session, spec: RecordSpec, expo_id: uuid.UUID | None) -> Terms[Term]:
    """The words of a vocabulary in an expo's order, hidden ones too: one statement."""
    vocabulary: Vocabulary = spec.constant["vocabulary"]
    names = ("id", "key", "name", "name_en")
    own: list[Any] = [_word.c[name] for name in names]
    role, aliases = _word.c.role, _word.c.aliases
    if not vocabulary.is_of_file:
        look: list[Any] = [_word.c.colour, _word.c.pattern, _word.c.is_hidden]
        query = select(*own, *look, role, aliases).where(_word.c.expo_id == expo_id)
        query = query.order_by(_word.c.position, _word.c.id)
    else:
        chosen = _choice.c.id.is_not(None)
        look = [
            func.coalesce(_choice.c.colour, _word.c.colour).label("colour"),
            func.coalesce(_choice.c.pattern, _word.c.pattern).label("pattern"),
            func.coalesce(_choice.c.is_hidden, _word.c.is_hidden).label("is_hidden"),
        ]
        joined = _word.outerjoin(_choice, (_choice.c.word_id == _word.c.id) & (_choice.c.expo_id == expo_id))
        query = select(*own, *look, role, aliases).select_from(joined)
        place = func.coalesce(_choice.c.position, _word.c.position + _LATER)
        query = query.order_by(chosen.desc(), place, _word.c.position, _word.c.id)
    query = query.where(_word.c.vocabulary == vocabulary)
    return Terms(Term(**{**row, "aliases": tuple(row["aliases"] or ())}) for row in session.execute(query).mappings())


def terms(db: Database, name: str, expo_id: uuid.UUID | None) -> Terms[Term]:
    """The words of the vocabulary that a spec of this name describes."""
    with db.reading() as session:
        return terms_of(session, SPECS[name], expo_id)


def word_keyed(session: Session, spec: RecordSpec, key: str, expo_id: uuid.UUID | None = None) -> uuid.UUID | None:
    """The id of the word that programs know by this key."""
    query = select(_word.c.id).where(_word.c.vocabulary == spec.constant["vocabulary"], _word.c.key == key)
    found: uuid.UUID | None = session.scalar(query.where(_word.c.expo_id.is_not_distinct_from(expo_id)))
    return found


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
    expo_id = None if spec.constant["vocabulary"].is_of_file or writer.expo is None else writer.expo.id
    query = select(func.max(_word.c.position)).where(_word.c.vocabulary == spec.constant["vocabulary"])
    last = session.scalar(query.where(_word.c.expo_id.is_not_distinct_from(expo_id)))
    return 0 if last is None else last + 1


def own_rows(session: Session, expo_id: uuid.UUID) -> list[Mapping[str, Any]]:
    """The rows of an expo's own words."""
    return [dict(row) for row in session.execute(select(_word).where(_word.c.expo_id == expo_id)).mappings()]


def counterparts(session: Session, source: uuid.UUID, target: uuid.UUID) -> dict[uuid.UUID, uuid.UUID]:
    """Words of one expo → those of another with the same key, for records that are copied."""
    theirs = {(row["vocabulary"], row["key"]): row["id"] for row in own_rows(session, target)}
    rows = [((row["vocabulary"], row["key"]), row["id"]) for row in own_rows(session, source)]
    return {key: theirs[known] for known, key in rows if known in theirs}


def begin(writer: Writer) -> None:
    """Give a vocabulary that has no word those that every expo needs."""
    for spec_name, name in FIRST.items():
        spec = SPECS[spec_name]
        has_home = spec.constant["vocabulary"].is_of_file or writer.expo is not None
        if has_home and not _next_position(writer.session, spec, writer):
            add_missing(writer, spec, name)


# --- use and merging --------------------------------------------------------------------------------------------------
def uses(session: Session, table: Table, expo_id: uuid.UUID | None = None) -> dict[uuid.UUID, int]:
    """How many records keep each word of a table; of what belongs to expos only the records of this one."""
    found: Counter[uuid.UUID] = Counter()
    for other, column in _links(table, is_part=False):
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
    writer.update_many(table, ((row["id"], row, {column: kept}, 0) for row in rows))
    return len(rows)


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
