"""What is right of a past edition when it is written: its key figures hang on it, each once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from expo_app.damaged import sound
from expo_app.i18n import _
from expo_app.model import EditionFigure
from expo_app.rules.reported import of_text
from expo_app.services.child_rows import sync_children
from expo_app.services.record_rules import Known
from expo_app.services.record_writer import Draft, Writer
from expo_app.specs import RecordSpec
from expo_app.specs.editions import KEY_FIGURES, field_of
from expo_app.store.database import Database

_figure = EditionFigure.__table__
_FIELDS = {field_of(figure.name, total): (figure, total) for figure in KEY_FIGURES for total in (False, True)}
_KEPT = ("figure", "is_cumulative", "value", "qualifier")


def same_number(
    db: Database, spec: RecordSpec, values: Mapping[str, Any], _expo_id: uuid.UUID | None = None
) -> list[Known]:
    """Editions of the number that is being typed, by whatever name: the form asks whether this is one of them."""
    text, table = str(values.get("edition_no") or "").strip(), spec.table
    if not text.isdecimal():
        return []
    number = int(text)
    query = select(table.c.id, table.c.name).where(table.c.edition_no == number, table.c.is_sample.is_(False))
    with db.reading() as session:
        return [
            Known(spec, key, name, 1.0, _("第 {n} 届").format(n=number), "")
            for key, name in sound(session.execute(query.order_by(table.c.name)))
        ]


def figures(writer: Writer, drafts: list[Draft]) -> None:
    """Key figures as entered; what is not given stays, what is emptied is no longer reported."""
    for draft in drafts:
        given = {name: draft.virtual[name] for name in _FIELDS if draft.gives(name)}
        if not given:
            continue
        wanted: list[dict[str, Any]] = []
        if not draft.is_new:
            there = writer.session.execute(select(_figure).where(_figure.c.edition_id == draft.record_id)).mappings()
            kept = (row for row in there if field_of(row["figure"], row["is_cumulative"]) not in given)
            wanted = [{name: row[name] for name in _KEPT} for row in kept]
        for name, text in given.items():
            if text is not None:
                figure, is_cumulative = _FIELDS[name]
                known = of_text(text, figure.is_money)
                values = (figure.name, is_cumulative, known.value, known.qualifier)
                wanted.append(dict(zip(_KEPT, values, strict=True)))
        sync_children(writer, _figure, "edition_id", draft, wanted, ("figure", "is_cumulative"))
