"""What is right of a past edition when it is written: its key figures hang on it, each once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from expo_app.model import EditionFigure
from expo_app.rules.reported import of_text
from expo_app.services.child_rows import sync_children
from expo_app.services.record_writer import Draft, Writer
from expo_app.specs.editions import KEY_FIGURES, field_of

_figure = EditionFigure.__table__
_FIELDS = {field_of(figure.name, total): (figure, total) for figure in KEY_FIGURES for total in (False, True)}
_KEPT = ("figure", "is_cumulative", "value", "qualifier")


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
