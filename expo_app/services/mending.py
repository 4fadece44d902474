"""A new value in the place of one that cannot be read."""

from __future__ import annotations

import uuid
from itertools import islice
from typing import Any

from sqlalchemy import Column, select
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.services.record_rules import refuse_disagreeing
from expo_app.services.record_writer import Writer, writing
from expo_app.specs import SPECS
from expo_app.store import damage
from expo_app.store.database import Database


def mend(db: Database, place: str, record_id: uuid.UUID, text: str) -> None:
    """Write what `text` means (`damage.read_value`) where one is damaged; `place` is table.column, as `doctor` says.

    UserError where there is no such place, it is not damaged, or the text is no value of it: nothing else is changed.
    """
    column = damage.column_of(place)
    value, table = damage.read_value(column, text), column.table
    with writing(db, "settings.edit", reason=_("修复损坏的值")) as writer:
        old = writer.locked(table, [record_id]).get(record_id)
        if old is None or not (is_damaged(old[column.name]) or _leads_nowhere(writer, column, old[column.name])):
            words = _("{place} {id} 没有损坏的值，没有改动任何数据。请按检查的结果填写位置。")
            raise UserError(words.format(place=place, id=record_id), "E-MEND")
        values = {column.name: value}
        for spec in SPECS.values():
            if spec.table is table and column.name in spec.search_words:
                values["search_text"] = spec.searched_by({**old, **values}.get)
        writer.update(table, record_id, old, values)
        refuse_disagreeing(writer.session, {table: {record_id}}, {record_id: old})


def _leads_nowhere(writer: Writer, column: Column[Any], value: Any) -> bool:
    """Whether a reference names no record there is."""
    targets = [key.column for key in column.foreign_keys]
    return value is not None and any(
        writer.session.scalar(select(target).where(target == value)) is None for target in targets
    )


def named_places(db: Database, most: int = 20) -> tuple[str, ...]:
    """The values that cannot be read, as a document names them: the list, the record, the column; the rest counted."""
    with db.reading() as session:
        found = damage.damages(session.connection())
        lines = [_named(session, one) for one in islice(found, most)]
        if left := sum(1 for _one in found):
            lines.append(_("另有 {n} 处").format(n=left))
    return tuple(lines)


def _named(session: Session, one: damage.Damage) -> str:
    spec = next((spec for spec in SPECS.values() if spec.table.name == one.table), None)
    if spec is None or one.record_id is None:
        return one.place
    column = spec.table.c.get(spec.natural)
    name = None if column is None else session.scalar(select(column).where(spec.table.c.id == one.record_id))
    title = next((field.title for field in spec.fields if field.name == one.column), one.column)
    words = _("{list}“{name}”的{column}（{place}）")
    return words.format(list=spec.label, name=name or "—", column=title, place=one.place)
