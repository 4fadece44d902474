"""What may be there only once, said beside its field before the database refuses it.

Two desks that save the same at the same moment still meet the database's own refusal, a general sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Table, UniqueConstraint, select

from expo_app.errors import InvalidRecord
from expo_app.i18n import _
from expo_app.specs import Field, RecordSpec
from expo_app.specs.records import by_name

if TYPE_CHECKING:
    from expo_app.services.record_writer import Draft, Writer


def refuse_duplicates(writer: Writer, spec: RecordSpec, drafts: Iterable[Draft]) -> None:
    """InvalidRecord that names the value, for a form's record which another one equals; a file's rows are planned."""
    for draft in () if writer.staged else drafts:
        problems = {} if draft.row else dict(_problems(writer, spec, draft))
        if problems:
            raise InvalidRecord(problems)


def _problems(writer: Writer, spec: RecordSpec, draft: Draft) -> Iterator[tuple[str, str]]:
    for columns in unique_columns(spec.table):
        values = {column: _value(writer, spec, draft, column.name) for column in columns}
        is_touched = any(draft.changed(column.name) for column in columns)
        if not is_touched or any(value is None for value in values.values()):
            continue
        if there := _there(writer, spec, draft, values):
            field, column = _place(spec, columns)
            parts = [(f, there[c]) for c in columns for f in spec.fields if f.name == c.name and not f.ref and there[c]]
            if len(parts) > 1:
                yield field.name, _together(spec, parts)
                continue
            said = _words(writer, spec, field, there[column])
            yield field.name, _("已有“{value}”，不能重复。").format(value=said)


def _together(spec: RecordSpec, parts: Sequence[tuple[Field, Any]]) -> str:
    """Of what may be there only once together, each may recur alone: all of it is said, and what to do."""
    (first, name), *others = sorted(parts, key=lambda part: part[0].name != spec.natural)
    told = _("，").join(f"{field.title} {field.display(value)}" for field, value in others)
    words = _("已有“{name}”（{others}）。打开那一条改，或换{fields}再保存。")
    fields = _("、").join(field.title for field, _value in parts)
    return words.format(name=first.display(name), others=told, fields=fields)


def _there(writer: Writer, spec: RecordSpec, draft: Draft, values: Mapping[Column[Any], Any]) -> Mapping[Any, Any]:
    """The values of another record that equals these, where the spelling of a name does not count; {} of none."""
    alike = {spec.table.c[f.name]: f.alike for f in spec.fields if f.alike is not None and f.name in spec.table.c}
    loose = [column for column in values if column in alike]
    strict = [column == value for column, value in values.items() if column not in loose]
    others = writer.session.execute(select(*values).where(*strict, spec.table.c.id != draft.record_id))
    for row in others.mappings():
        if all(alike[column](row[column]) == alike[column](values[column]) for column in loose):
            return row
    return {}


@lru_cache
def unique_columns(table: Table) -> tuple[tuple[Column[Any], ...], ...]:
    """The columns of every unique key of a table."""
    keys = (key for key in table.constraints if isinstance(key, UniqueConstraint))
    return tuple(sorted((tuple(key.columns) for key in keys), key=lambda columns: [c.name for c in columns]))


def _value(writer: Writer, spec: RecordSpec, draft: Draft, name: str) -> Any:
    if name == spec.scope and draft.is_new:
        return writer.expo.id if writer.expo is not None else draft.get(name)
    return draft.get(name)


def _place(spec: RecordSpec, columns: Iterable[Column[Any]]) -> tuple[Field, Column[Any]]:
    """The field to mark: one of plain words where there is one, else the record that is named."""
    plain: list[tuple[Field, Column[Any]]] = []
    named: list[tuple[Field, Column[Any]]] = []
    for column in columns:
        field = next((f for f in spec.fields if f.name == column.name), None)
        if field is not None:
            (named if field.ref else plain).append((field, column))
        elif column.name.removesuffix("_id") in (spec.parents or {}):
            parent = column.name.removesuffix("_id")
            natural = by_name((spec.parents or {})[parent].spec).natural
            named.append((spec.field(f"{parent}.{natural}"), column))
    return (plain or named)[-1]


def _words(writer: Writer, spec: RecordSpec, field: Field, value: Any) -> str:
    """The value as a person knows it: a record by its name."""
    parent, dot, _attribute = field.name.partition(".")
    source = (spec.parents or {})[parent].spec if dot else field.ref
    if not source:
        return field.display(value)
    target = by_name(source)
    return str(writer.rows(target.table, [value])[value][target.natural])
