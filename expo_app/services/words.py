"""Words of vocabularies: read for screens and figures, ready-made sets of them, merging two."""

from __future__ import annotations

import csv
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select
from sqlalchemy.orm import Session

from expo_app import paths
from expo_app.damaged import Damaged
from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import N_, _
from expo_app.model import Category, Colour, CountsAs, Expo, Pattern, Vocabulary, Word, WordChoice, WordRole, new_id
from expo_app.rules.categories import CategoryTerm, Quota
from expo_app.rules.terms import Term, Terms
from expo_app.services.record_writer import Writer, write_rows, writing
from expo_app.services.records import delete_whole, links, refuse_if_used
from expo_app.services.uniqueness import unique_columns
from expo_app.specs import SPECS, RecordSpec
from expo_app.specs.figures import Trace
from expo_app.specs.names import name_key
from expo_app.store.database import Database

_word, _choice, _category = Word.__table__, WordChoice.__table__, Category.__table__
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


def terms_of(session: Session, spec: RecordSpec, expo_id: uuid.UUID | None) -> Terms[Term]:
    """The words of a vocabulary in an expo's order, hidden ones too: one statement."""
    if spec.table is _category:
        return Terms[Term](categories_of(session, expo_id))
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
    rows = map(_readable, session.execute(query).mappings())
    return Terms(Term(**{**row, "aliases": tuple(row["aliases"] or ())}) for row in rows)


def names_offered(db: Database, spec: RecordSpec, expo_id: uuid.UUID | None) -> dict[str, tuple[str, ...]]:
    """What the columns of a list that hold words may say in an expo, by the spec they refer to."""
    refs = {field.ref for field in spec.writable if field.ref and SPECS[field.ref].is_offered}
    return {ref: tuple(term.name for term in terms(db, ref, expo_id).offered) for ref in refs}


def terms(db: Database, name: str, expo_id: uuid.UUID | None) -> Terms[Term]:
    """The words of the vocabulary that a spec of this name describes."""
    with db.reading() as session:
        return terms_of(session, SPECS[name], expo_id)


_AS_KEPT = ("id", "key", "name", "name_en", "colour", "counts_as", "letter", "opens", "closes")


def categories_of(session: Session, expo_id: uuid.UUID | None) -> Terms[CategoryTerm]:
    """An expo's categories of attendees in its order, hidden ones too: one statement."""
    query = select(_category).where(_category.c.expo_id == expo_id).order_by(_category.c.position, _category.c.id)
    return Terms(category_of(row) for row in session.execute(query).mappings())


_INSTEAD = {"counts_as": CountsAs.NOBODY, "is_hidden": False, "valid_days": ()}
"""What a word is taken to say where it cannot be read; other looks are none. A text shows that it is damaged."""


def _readable(row: Mapping[Any, Any]) -> Mapping[Any, Any]:
    return {name: _INSTEAD.get(name) if isinstance(value, Damaged) else value for name, value in row.items()}


def category_of(kept: Mapping[Any, Any]) -> CategoryTerm:
    """A category from its row."""
    row = _readable(kept)
    days = row["valid_days"]
    return CategoryTerm(
        **{name: row[name] for name in _AS_KEPT},
        is_hidden=row["is_hidden"],
        aliases=tuple(row["aliases"] or ()),
        valid_days=None if days is None else frozenset(map(date.fromisoformat, days)),
        quota=Quota(row["quota_area"], row["quota_least"], row["quota_each"]),
    )


def standing_for(role: WordRole) -> Select[Any]:
    """Ids of the words, of any expo, that the program takes for this."""
    return select(_word.c.id).where(_word.c.role == role)


def word_keyed(session: Session, spec: RecordSpec, key: str, expo_id: uuid.UUID | None = None) -> uuid.UUID | None:
    """The id of the word that programs know by this key."""
    query = select(_word.c.id).where(_word.c.vocabulary == spec.constant["vocabulary"], _word.c.key == key)
    found: uuid.UUID | None = session.scalar(query.where(_word.c.expo_id.is_not_distinct_from(expo_id)))
    return found


@dataclass(frozen=True)
class Offered:
    """A ready-made word and the word of the vocabulary that is it already, by key, name or alias; None: it is new."""

    values: Mapping[str, Any]
    known: Term | None


def offered(session: Session, spec: RecordSpec, expo_id: uuid.UUID | None, name: str) -> list[Offered]:
    """Each word of a ready-made set beside what is there of it."""
    return _beside(session, spec, expo_id, preset(name))


def _beside(
    session: Session, spec: RecordSpec, expo_id: uuid.UUID | None, words: Iterable[Mapping[str, Any]]
) -> list[Offered]:
    spelt: dict[str, Term] = {}
    for term in terms_of(session, spec, expo_id):
        for word in (term.name, term.key, *term.aliases):
            spelt.setdefault(name_key(word), term)
    names = [[name_key(word) for word in (v["key"], v["name"], *(v["aliases"] or ()))] for v in words]
    return [
        Offered(values, next((spelt[word] for word in known if word in spelt), None))
        for values, known in zip(words, names, strict=True)
    ]


def add_preset(db: Database, expo_id: uuid.UUID, name: str) -> int:
    """Add what a vocabulary lacks of a ready-made set; how many words that were."""
    chosen = next(p for p in PRESETS if p.name == name)
    with writing(db, "settings.edit", expo_id) as writer:
        return add_missing(writer, SPECS[chosen.spec], name)


def add_missing(writer: Writer, spec: RecordSpec, name: str) -> int:
    """The same within a write."""
    return _add(writer, spec, preset(name))


def _add(writer: Writer, spec: RecordSpec, words: Sequence[Mapping[str, Any]]) -> int:
    """Add those of the words that are new, behind the others; a look that is taken gives way to a free one."""
    expo_id = writer.expo.id if writer.expo else None
    new = [found.values for found in _beside(writer.session, spec, expo_id, words) if found.known is None]
    taken = {(t.colour, t.pattern) for t in terms_of(writer.session, spec, expo_id)} if has_own_looks(spec) else set()
    first = _next_position(writer.session, spec, writer)
    rows = [{**values, "position": first + n} for n, values in enumerate(new)]
    for values in rows:
        if values.get("colour") and (values["colour"], values.get("pattern")) in taken:
            del values["colour"], values["pattern"]
    write_rows(writer, spec, [(None, values, 0) for values in rows])
    return len(rows)


def last_edition(session: Session, expo_id: uuid.UUID) -> uuid.UUID | None:
    """The expo before this one; a sample is no edition of a real one."""
    expo = session.get_one(Expo, expo_id)
    before = select(Expo.id).where(Expo.starts_on < expo.starts_on, Expo.is_sample == expo.is_sample)
    return session.scalar(before.order_by(Expo.starts_on.desc()).limit(1))


def offered_by(session: Session, spec: RecordSpec, expo_id: uuid.UUID, other: uuid.UUID) -> list[Offered]:
    """Each word of another expo beside what is there of it."""
    return _beside(session, spec, expo_id, words_of(session, spec, other, expo_id))


def take_over(db: Database, expo_id: uuid.UUID, spec: RecordSpec, other: uuid.UUID) -> int:
    """The words of another expo that are missing here; of the file's words how that expo shows them. How many."""
    with writing(db, spec.permission, expo_id) as writer:
        if is_of_file(spec):
            terms = terms_of(writer.session, spec, other)
            return _show(writer, spec, terms)
        return _add(writer, spec, words_of(writer.session, spec, other, expo_id))


def words_of(session: Session, spec: RecordSpec, expo_id: uuid.UUID, target: uuid.UUID) -> list[Mapping[str, Any]]:
    """The words of an expo as another one may have them: days of its own lie in that as they lay here."""
    query = select(spec.table).where(*_own(spec, expo_id)).order_by(spec.table.c.position, spec.table.c.id)
    rows = session.execute(query).mappings()
    found: list[Mapping[str, Any]] = [
        {name: value for name, value in row.items() if name not in ("id", "expo_id")} for row in rows
    ]
    if "valid_days" in spec.table.c:
        begins = dict(session.execute(select(Expo.id, Expo.starts_on).where(Expo.id.in_((expo_id, target)))).all())
        by = begins[target] - begins[expo_id]
        found = [{**row, "valid_days": _moved(row["valid_days"], by)} for row in found]
    return found


def _moved(days: Sequence[str] | None, by: timedelta) -> list[str] | None:
    return None if days is None else [(date.fromisoformat(day) + by).isoformat() for day in days]


def is_of_file(spec: RecordSpec) -> bool:
    """Whether the words of a vocabulary belong to the file, each expo choosing how it shows them."""
    vocabulary = spec.constant.get("vocabulary")
    return vocabulary is not None and vocabulary.is_of_file


def has_own_looks(spec: RecordSpec) -> bool:
    """Whether no two words of a vocabulary may look alike, as what is painted by it is told apart by nothing else."""
    return spec.constant.get("vocabulary") is Vocabulary.INDUSTRY


def _own(spec: RecordSpec, expo_id: uuid.UUID | None) -> list[ColumnElement[bool]]:
    """What ties rows of a table to one vocabulary."""
    table = spec.table
    found = [table.c[name] == value for name, value in spec.constant.items()]
    return [*found, table.c.expo_id.is_not_distinct_from(None if is_of_file(spec) else expo_id)]


def _next_position(session: Session, spec: RecordSpec, writer: Writer) -> int:
    own = _own(spec, writer.expo.id if writer.expo else None)
    last = session.scalar(select(func.max(spec.table.c.position)).where(*own))
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
        has_home = is_of_file(spec) or writer.expo is not None
        if has_home and not _next_position(writer.session, spec, writer):
            add_missing(writer, spec, name)


# --- use and merging --------------------------------------------------------------------------------------------------
def uses(session: Session, table: Table) -> dict[uuid.UUID, int]:
    """How many records keep each word of a table."""
    found: Counter[uuid.UUID] = Counter()
    for other, column in links(table, is_part=False):
        if _is_pairing(other, column):
            continue
        query = select(other.c[column], func.count()).where(other.c[column].is_not(None)).group_by(other.c[column])
        found.update(dict(session.execute(query).all()))
    return found


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
        changed = sum(_move(writer, table, column, gone, kept) for table, column in links(spec.table, is_part=False))
        delete_whole(writer, spec.table, old)
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
    others = [c.name for c in table.c if c.name not in ("id", column)]
    there = [[row[name] for name in others] for row in _pointing(writer, table, column, kept)]
    for row in rows:
        if [row[name] for name in others] in there:
            writer.delete(table, row["id"], row)
        else:
            writer.update(table, row["id"], row, {column: kept})
    return 0


def remove(db: Database, spec: RecordSpec, word: uuid.UUID) -> None:
    """Delete a word that nothing uses; Conflict where something does."""
    with writing(db, spec.permission) as writer:
        for record_id, row in writer.locked(spec.table, [word]).items():
            refuse_if_used(writer.session, spec.table, [record_id], {})
            delete_whole(writer, spec.table, row)


# --- how an expo shows them -------------------------------------------------------------------------------------------
def arrange(db: Database, expo_id: uuid.UUID, spec: RecordSpec, ids: Sequence[uuid.UUID]) -> None:
    """Show words in this order; any that came meanwhile stand behind."""
    places = {key: place for place, key in enumerate(ids)}
    with writing(db, spec.permission, expo_id) as writer:
        terms = terms_of(writer.session, spec, expo_id)
        _show(writer, spec, sorted(terms, key=lambda term: places.get(term.id, len(places))))


def restyle(db: Database, expo_id: uuid.UUID, spec: RecordSpec, word: uuid.UUID, **look: Any) -> None:
    """Give a word another `colour` and `pattern`, or hide it (`is_hidden`). InvalidRecord where another looks so."""
    with writing(db, spec.permission, expo_id) as writer:
        terms = terms_of(writer.session, spec, expo_id)
        if terms.get(word) is None:
            raise Conflict(_("这个词已被删除，数据未变。请刷新。"), "E-GONE")
        is_pair = "colour" in look and "pattern" in spec.table.c  # bands of badges may be alike, their letters differ
        other = terms.looking(look["colour"], look["pattern"]) if is_pair else None
        if other is not None and other.id != word:
            raise InvalidRecord({"pattern": _("“{name}”已经用这个颜色和图案。").format(name=other.name)})
        _show(writer, spec, [replace(term, **look) if term.id == word else term for term in terms])


def _show(writer: Writer, spec: RecordSpec, shown: Iterable[Term]) -> int:
    looks = {
        term.id: {"position": place, "colour": term.colour, "pattern": term.pattern, "is_hidden": term.is_hidden}
        for place, term in enumerate(shown)
    }
    if not is_of_file(spec):
        rows = writer.locked(spec.table, looks)
        writer.update_many(spec.table, ((key, row, _known_columns(spec, looks[key]), 0) for key, row in rows.items()))
        return len(rows)
    expo_id = writer.expo.id if writer.expo else None
    query = select(_choice).where(_choice.c.expo_id == expo_id)
    there = {row["word_id"]: dict(row) for row in writer.session.execute(query).mappings()}
    for key, look in looks.items():
        if (row := there.get(key)) is None:
            writer.insert(_choice, [{"id": new_id(), "expo_id": expo_id, "word_id": key, **look}])
        else:
            writer.update(_choice, row["id"], row, look)
    return len(looks)


def _known_columns(spec: RecordSpec, look: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in look.items() if name in spec.table.c}


# --- where they are used ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Usage:
    """How many records of one list keep each word, how many keep none, and the way to them."""

    list: RecordSpec
    counts: Mapping[uuid.UUID | None, int]
    key: ColumnElement[Any]
    query: Select[Any]

    @property
    def without(self) -> int:
        """How many keep none."""
        return self.counts.get(None, 0)

    @property
    def whole(self) -> int:
        """How many there are."""
        return sum(self.counts.values())

    def trace(self, word: uuid.UUID | None, words: str) -> Trace:
        """The records that keep a word (None: none); `words` say which those are."""
        return Trace(self.list.name, words, self.query.where(self.key.is_not_distinct_from(word)))


def usage(db: Database, spec: RecordSpec, shown_in: RecordSpec, expo_id: uuid.UUID | None) -> Usage | None:
    """How the records of a list use a vocabulary; None where no field of it refers to that."""
    field = next((f for f in shown_in.fields if f.ref == spec.name and not f.select), None)
    if field is None:
        return None
    parent, _dot, attribute = field.name.rpartition(".")
    key = (shown_in.parent_table(parent) if parent else shown_in.table).c[attribute]
    query = shown_in.query((), expo_id).order_by(None)
    found = query.add_columns(key.label("word")).subquery()
    with db.reading() as session:
        rows = session.execute(select(found.c.word, func.count()).group_by(found.c.word))
        counts: dict[uuid.UUID | None, int] = {row[0]: row[1] for row in rows}
    return Usage(shown_in, counts, key, query)
