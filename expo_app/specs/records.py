"""`RecordSpec`: the columns of one kind of record, how it is found, read and checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Column,
    ColumnElement,
    Enum,
    FromClause,
    Integer,
    Numeric,
    Select,
    String,
    Table,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)

from expo_app.errors import InvalidRecord
from expo_app.i18n import _, language
from expo_app.model import Base, Rate
from expo_app.rules import masks
from expo_app.rules.person_names import person_key
from expo_app.rules.search_key import search_key, search_term, search_terms
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.natural_order import natural

NamedBy = Callable[..., ColumnElement[Any]]
"""Which name of a record a computed column takes: `own_name`, `read_name` or `both_names`, of (table, column)."""
SPECS: dict[str, RecordSpec] = {}
"""Every kind of record that lists and files know, by name; filled by the package."""
LONG = 300
"""Text columns of this length and more are long text."""


@dataclass(frozen=True)
class Parent:
    """A record that a path ("person.phone") is kept in: found by its own key, or made.

    `also` copies values of the child into the parent: {"organisation_id": "organisation_id"}.
    """

    spec: str
    also: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Sides:
    """Words of a header (甲方) that mean one of two fields, as other fields of the row tell.

    `words`: normalised; `told`: the fields that tell; `of(word, their texts)` gives a field's name, None where they do
    not tell.
    """

    words: tuple[str, ...]
    fields: tuple[str, str]
    told: tuple[str, ...]
    of: Callable[[str, list[str]], str | None]


@dataclass(frozen=True)
class RecordSpec:
    """One kind of record. `name` is the word for it in files, on the command line and in pages.

    `key`: alternatives, first complete one wins; two records that both have a complete earlier alternative
    and differ in it are different records. `where` and `from_clause` narrow and join for the computed columns.
    """

    name: str
    model: type[Base]
    title: str
    key: tuple[tuple[str, ...], ...]
    fields: tuple[Field, ...]
    parents: Mapping[str, Parent] | None = None
    numbers: Callable[[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]], Sequence[int]] | None = None
    """What the number that ends the key is in each row of a list that does not say it: (rows, records there) of one
    key without it."""
    recurs_at: str = ""
    """The field that tells apart records of one key, where there are several (茶歇 twice a day)."""
    scope: str = "expo_id"
    """The column that ties the record to one expo; "" for what lives across expos."""
    needs_expo: bool = True
    """False: what an expo says changes nothing in these records; a file without any may have them."""
    scope_filter: Callable[[Any], ColumnElement[bool]] | None = None
    """Ties a record without such a column to an expo (a room through its venue)."""
    holds_on: Callable[[date], ColumnElement[bool]] | None = None
    """Records that are shown on a day of the expo; the others are kept and told to nobody (a consent that ended)."""
    constant: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """Columns that have one value in all records of this kind: several kinds may share a table."""
    is_offered: bool = False
    """So few, and changed so seldom, that a form offers all of them in their order; files may call them by an alias."""
    order: tuple[str, ...] = ()
    """Field names of the default order; "-" in front turns it round."""
    search: Callable[[], ColumnElement[str]] | None = None
    """SQL text in which a search looks; the record's own search words where nothing is said."""
    open_search: Callable[[], ColumnElement[str]] | None = None
    """The same without what is `Field.secret`, for whoever may not see it; None where nothing is."""
    search_words: tuple[str, ...] = ()
    """Columns of which the record's own `search_text` is made; every write keeps it in step."""
    chips: tuple[str, ...] = ()
    """Fields offered as filter chips with counts."""
    icon: str = "database-2"
    permission: str = "settings.edit"
    natural: str = "name"
    """The field whose text names the record in a REF."""
    also_by: str = ""
    """The field by which a file may name it as well, where no other record says the same there (a deal's title)."""
    contradictions: Callable[[Mapping[str, Any], ExpoFacts | None], dict[str, str]] | None = None
    """Problems by field of values that are right one by one and wrong together, or in this expo. A name that is not
    there is not known and no problem; None is empty. Forms, saves and plans of imports all ask here."""
    lacking: Callable[[Mapping[str, Any]], dict[str, str]] | None = None
    """What a record that counts needs and has not, by field; nothing is said of one that does not count."""
    file_problems: Callable[[Mapping[str, Any], Mapping[str, Any], ExpoFacts], dict[str, str]] | None = None
    """Problems by field of what only a file can say: (values given, those there, the expo)."""
    file_remarks: Callable[[Mapping[str, Any], Mapping[str, Any], ExpoFacts], dict[str, str]] | None = None
    """What a person should know of a row of a file that comes in all the same, by field; asked like `file_problems`."""
    holds_expo: bool = False
    """A save holds the expo first: what may be is judged by all of its records, so of two at once the second sees the
    first."""
    sides: Sides | None = None
    follows: Mapping[str, str] | None = None
    """Field → the one it is worked out from when that is given without it."""

    searched: tuple[Field, ...] = dataclasses.field(init=False, repr=False, compare=False)
    """The fields of `search_words`."""
    joined: Mapping[str, FromClause] = dataclasses.field(init=False, repr=False, compare=False)
    """Own column → the aliased table that it points into."""

    def __post_init__(self) -> None:
        if ("search_text" in self.table.c) != bool(self.search_words):
            raise ValueError(f"{self.name}: search_words and a column search_text need each other")
        if self.search is None and self.search_words:
            object.__setattr__(self, "search", lambda: self.table.c.search_text)
        object.__setattr__(self, "fields", tuple(self._bound(f) for f in self.fields))
        object.__setattr__(self, "searched", tuple(self.field(name) for name in self.search_words))
        links = {c.name: next(iter(c.foreign_keys)).column.table for c in self.table.c if c.foreign_keys}
        joined = {name: of.alias(f"{self.table.name}_{name.removesuffix('_id')}") for name, of in links.items()}
        object.__setattr__(self, "joined", joined)

    @property
    def label(self) -> str:
        """The title in the current language."""
        return _(self.title)

    @property
    def table(self) -> Table:
        """The mapped table."""
        return self.model.__table__

    def field(self, name: str) -> Field:
        """The field of that name; KeyError if there is none."""
        return self._by_name[name]

    def is_secret(self, name: str) -> bool:
        """Whether a field is kept nowhere but in its column: not in the log, nor in what an undo or a form keeps."""
        column = self.table.c.get(name)
        return column is not None and bool(column.info.get("secret"))

    @cached_property
    def _by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    def again(self, name: str, through: str = "", also: tuple[str, ...] = (), **differs: Any) -> Field:
        """The field of that name for another spec that has the column too, or keeps it `through` a parent.

        It is what it is here but for `differs` and the headers it is known by `also`.
        """
        field = self.field(name)
        path = f"{through}.{name}" if through else name
        aliases = differs.pop("aliases", field.aliases) + also
        was = tuple(f"{through}.{former}" if through else former for former in field.was)
        return replace(field, name=path, required=None, default=None, aliases=aliases, was=was, **differs)

    @property
    def key_names(self) -> tuple[str, ...]:
        """Every field that some alternative of the key uses, each once."""
        return tuple(dict.fromkeys(name for alternative in self.key for name in alternative))

    @property
    def writable(self) -> tuple[Field, ...]:
        """Fields a person may enter."""
        return tuple(f for f in self.fields if not f.readonly)

    def searched_by(self, value: Callable[[str], Any]) -> str:
        """The `search_text` of a record with these values, as long as its column."""
        words, phone = [], None
        for field in self.searched:
            text = value(field.name)
            if field.mask == "phone":
                phone = text
            elif isinstance(text, list):
                words += text
            elif text:
                key = field.alike(text) if field.alike else text
                words += [key] if key == text else [key, text]
        limit = self.table.c.search_text.type.length  # type: ignore[attr-defined]
        return search_key(*words, phone=phone, limit=limit)

    @property
    def table_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.in_table)

    @property
    def excel_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.in_excel)

    def clean(self, raw: Mapping[str, Any], zone: ZoneInfo | None = None, partial: bool = False) -> dict[str, Any]:
        """Values by field name. `partial`: only what is given. Raises InvalidRecord with every problem at once."""
        values: dict[str, Any] = {}
        problems: dict[str, str] = {}
        for field in self.writable:
            if field.name not in raw and (partial or not (field.required and field.default is None)):
                if not partial:
                    values[field.name] = field.default
                continue
            try:
                value = field.parse(raw.get(field.name), zone)
                values[field.name] = field.default if value is None else value
            except ValueError as problem:
                problems[field.name] = str(problem)
        if problems:
            raise InvalidRecord(problems)
        return values

    def contradicted(
        self, values: Mapping[str, Any], facts: ExpoFacts | None, old: Mapping[str, Any] | None = None
    ) -> dict[str, str]:
        """`contradictions` of these values; what was wrong with the record before (`old`) is not held against them."""
        if self.contradictions is None:
            return {}
        found = self.contradictions(values, facts)
        return _new_in(found, self.contradictions(old, facts)) if found and old is not None else found

    def incomplete(self, values: Mapping[str, Any], old: Mapping[str, Any] | None = None) -> dict[str, str]:
        """What is `lacking`; a record that counts already may go on lacking what it came in without."""
        found = self.lacking(values) if self.lacking else {}
        return _new_in(found, self.lacking(old)) if found and old is not None and self.lacking else found

    def said_changes(self, changes: Mapping[str, tuple[Any, Any]], zone: ZoneInfo | None) -> dict[str, tuple[str, str]]:
        """Title → (old, new) as a person reads them, personal ones masked."""
        found = {}
        for name, pair in changes.items():
            field = self.field(name)
            old, new = (field.display(field.masked(value), zone) for value in pair)
            found[field.title] = old, new
        return found

    def column(self, field: Field, spoken: bool = False) -> ColumnElement[Any]:
        """The SQL of a field: own column, parent's column, referred name or computed; `spoken`: names as read."""
        if spoken and field.read:
            return field.read()
        if field.select:
            return field.select()
        named = read_name if spoken else own_name
        if "." in field.name:
            parent, attribute = field.name.split(".", 1)
            if field.type is FieldType.REF:
                return _named_by(self.parent_table(parent).c[attribute], by_name(field.ref), named)
            return named(self.parent_table(parent), attribute)
        if field.type is FieldType.REF:
            return named(self.joined[field.name], by_name(field.ref).natural)
        return named(self.table, field.name)

    def _shown(self, field: Field, spoken: bool, discreet: bool) -> ColumnElement[Any]:
        column = self.column(field, spoken)
        if not discreet or field.secret is None:
            return column
        return case((and_(field.secret(), column.is_not(None)), masks.hidden()), else_=column)

    def searched_in(self, blind: bool = False) -> ColumnElement[str] | None:
        """The text in which a search looks; `blind`: a secret name is not found by who may not see it."""
        search = self.open_search if blind and self.open_search else self.search
        return search() if search else None

    def parent_table(self, name: str) -> FromClause:
        """The aliased table a path goes through."""
        return self.joined[f"{name}_id"]

    def query(
        self,
        fields: tuple[Field, ...],
        expo_id: Any = None,
        with_search: bool = False,
        spoken: bool = False,
        discreet: bool = False,
        blind: bool = False,
    ) -> Select[Any]:
        """`SELECT id, *fields[, search text]`, joined, tied to the expo, in default order.

        `spoken`: records by the name that is read, for the screen; files and forms keep the one they go by.
        `discreet`: what is `Field.secret` of a record is hidden; `blind`: from the search text as well.
        A short list without a `search` of its own is searched by what it shows, and by both names of its records.
        """
        columns: list[ColumnElement[Any]] = [
            self.table.c.id,
            *(self._shown(f, spoken, discreet).label(f"f{n}") for n, f in enumerate(fields)),
        ]
        if with_search:
            found_in = self.searched_in(blind)
            columns.append(search_of(*self._both_names(fields)) if found_in is None else found_in)
        source: FromClause = self.table
        for column in self._join_columns():
            source = source.outerjoin(self.joined[column], self.table.c[column] == self.joined[column].c.id)
        statement = select(*columns).select_from(source)
        if self.scope_filter is not None and expo_id is not None:
            statement = statement.where(self.scope_filter(expo_id))
        elif self.scope and expo_id is not None:
            statement = statement.where(self.table.c[self.scope] == expo_id)
        statement = statement.where(*(self.table.c[name] == value for name, value in self.constant.items()))
        for name in self.order:
            field = self.field(name.removeprefix("-"))
            column_ = natural(self.column(field)) if field.is_words else self.column(field)
            statement = statement.order_by(
                column_.desc().nulls_last() if name.startswith("-") else column_.nulls_last()
            )
        return statement.order_by(self.table.c.id)

    def _both_names(self, fields: tuple[Field, ...]) -> list[ColumnElement[Any]]:
        """Own and English names of the record and of those it refers to, where these fields show them."""
        refs = {f.name: by_name(f.ref).natural for f in fields if f.name in self.references}
        found = [(self.joined[f.name], refs[f.name]) if f.name in refs else (self.table, f.name) for f in fields]
        return [both_names(source, name) for source, name in found if f"{name}_en" in source.c] or [literal("")]

    def is_handed_on(self, name: str) -> bool:
        """Whether a path goes to a record that is only named here (owner.region_code): filled there where empty."""
        parent, dot, _attribute = name.partition(".")
        return bool(dot) and parent not in (self.parents or ()) and f"{parent}_id" in self.references

    @property
    def references(self) -> tuple[str, ...]:
        """Own columns whose fields name a record."""
        return tuple(f.name for f in self.fields if f.type is FieldType.REF and not f.select and f.name in self.table.c)

    def _join_columns(self) -> list[str]:
        names = {f"{f.name.split('.', 1)[0]}_id" for f in self.fields if "." in f.name and not f.select}
        names |= set(self.references)
        names |= {f"{name}_id" for name in self.parents or ()}
        return sorted(names)

    def _bound(self, field: Field) -> Field:
        """`field` with type, length and required-ness of its mapped column."""
        if field.select and field.name not in self.table.c:
            return replace(field, required=bool(field.required))
        is_path = "." in field.name
        if is_path:
            parent, attribute = field.name.split(".", 1)
            link = self.table.c[f"{parent}_id"]
            column = next(iter(link.foreign_keys)).column.table.c[attribute]
        else:
            link = column = self.table.c[field.name]
        kind = FieldType.REF if field.ref else _type_of(column)
        given: dict[str, Any] = {"type": kind if field.type is FieldType.TEXT else field.type}
        if isinstance(column.type, String) and not isinstance(column.type, Enum):
            given["max_length"] = field.max_length or column.type.length
        elif field.creates:  # the name becomes a record's
            given["max_length"] = next(iter(column.foreign_keys)).column.table.c["name"].type.length  # type: ignore[attr-defined]
        if isinstance(column.type, Enum):
            given["choices"] = column.type.enum_class
        if isinstance(column.type, Numeric) and not isinstance(column.type, Integer):
            given["places"] = column.type.scale or 0
        elif isinstance(column.type, Rate):
            given["places"] = column.type.places
        if given["type"] is FieldType.NUMBER:
            given["most"] = min(field.most, _most(column))
        default = column.default.arg if column.default is not None and column.default.is_scalar else None  # type: ignore[attr-defined]
        if field.default is None and not is_path:
            given["default"] = default
        if field.required is None:
            needed = not column.nullable and not link.nullable and default is None and field.default is None
            given["required"] = needed and not field.readonly
        return replace(field, **given)


def _new_in(found: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    return {name: words for name, words in found.items() if before.get(name) != words}


def _most(column: Column[Any]) -> int:
    """The largest whole number the column holds on a server."""
    if isinstance(column.type, Numeric) and column.type.precision:
        return 10 ** (column.type.precision - (column.type.scale or 0)) - 1
    return 2**31 - 1


def _type_of(column: Column[Any]) -> FieldType:
    """The field type of a mapped column."""
    for kind in vars(FieldType).values():
        if isinstance(kind, FieldType) and isinstance(column.type, kind.kept_as):
            return kind
    is_long = isinstance(column.type, String) and (column.type.length or 0) >= LONG
    return FieldType.LONG_TEXT if is_long else FieldType.TEXT


def by_name(name: str) -> RecordSpec:
    """The spec called `name`; KeyError if there is none."""
    return SPECS[name]


def own_name(source: FromClause, name: str = "name") -> ColumnElement[Any]:
    """SQL of the name a record goes by."""
    return source.c[name]


def both_names(source: FromClause, name: str = "name") -> ColumnElement[Any]:
    """SQL of a name and its English one, for searching in either language."""
    own, english = source.c[name], source.c.get(f"{name}_en")
    return own if english is None else own + " " + func.replace(func.lower(func.coalesce(english, "")), " ", "")


def _named_by(key: ColumnElement[Any], target: RecordSpec, named: NamedBy) -> ColumnElement[Any]:
    """SQL of the name of the record that a column of another table points to."""
    record = target.table.alias(f"{target.name}_of_parent")
    return select(named(record, target.natural)).where(record.c.id == key).scalar_subquery()


def read_name(source: FromClause, name: str = "name") -> ColumnElement[Any]:
    """SQL of a name as it is read: the English one where English is spoken and there is one."""
    own, english = source.c[name], source.c.get(f"{name}_en")
    return own if english is None or language() != "en" else case((english != "", english), else_=own)


def spoken(model: type[Base], name: str = "name") -> ColumnElement[Any]:
    """`read_name` of a table."""
    return read_name(model.__table__, name)


def searched_words(spec: RecordSpec, text: str) -> tuple[tuple[str, ...], ...]:
    """What each word of a search is looked for as among these records; of the spellings of a word one is enough."""
    keys = [field.alike for field in spec.fields if field.alike not in (None, person_key)]
    terms = search_terms(text)
    others = ([search_term(key(term[0])) for key in keys if key is not None] for term in terms)
    return tuple(tuple(filter(None, dict.fromkeys((*term, *more)))) for term, more in zip(terms, others, strict=True))


def search_of(*columns: ColumnElement[Any]) -> ColumnElement[str]:
    """Several text columns joined for searching; missing ones count as empty."""
    joined: ColumnElement[Any] = func.coalesce(columns[0], "")
    for column in columns[1:]:
        joined = joined + " " + func.coalesce(column, "")
    return joined


def has_one(column: ColumnElement[str], term: Sequence[str]) -> ColumnElement[bool]:
    """SQL of whether a text has one of the spellings of a searched word (`rules.search_key.search_terms`)."""
    return or_(*(column.contains(spelling, autoescape=True) for spelling in term))


__all__ = [
    "Field", "FieldType", "NamedBy", "Parent", "RecordSpec", "Sides", "both_names", "by_name", "has_one", "own_name",
    "read_name", "search_of", "searched_words", "spoken",
]  # fmt: skip
