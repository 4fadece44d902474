"""The number that ends a record's key, given to the rows of a list that do not say it (`RecordSpec.numbers`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from expo_app.exchange.columns import Column, key_parts
from expo_app.exchange.field_cells import Gathered
from expo_app.i18n import _
from expo_app.specs import Existing, RecordSpec

Groups = dict[tuple[Any, ...], list[int]]


def numbered(spec: RecordSpec, columns: Sequence[Column], gathered: Gathered, existing: Existing) -> list[Column]:
    """The columns with that number in every row whose key is complete but for it; a new one beyond 1 is noted."""
    if spec.numbers is None:
        return list(columns)
    *names, last = spec.key[-1]
    count, known = len(gathered.places), [values for _id, values in existing.rows]
    found = {column.field.name: column for column in columns}
    given: dict[str, Sequence[Any]] = {column.field.name: column.values for column in columns}
    mine = _groups(spec, names, given, count, existing.zone)
    there = _groups(spec, names, {n: [one[n] for one in known] for n in names}, len(known), existing.zone)
    own = found.get(last) or Column(spec.field(last), [None] * count, {}, {}, frozenset(), {}, {})
    values, notes = list(own.values), dict(own.notes)
    for key, places in mine.items():
        rows = [{name: column[at] for name, column in given.items()} for at in places]
        old = [known[at] for at in there.get(key, ())]
        for at, number in zip(places, spec.numbers(rows, old), strict=True):
            if values[at] is None and number > 1 and number not in {one[last] for one in old}:
                notes[at] = _("按日期记为第 {n} 次。").format(n=number)
            values[at] = number
    return [*(column for column in columns if column is not own), replace(own, values=values, notes=notes)]


def _groups(spec: RecordSpec, names: Sequence[str], columns: dict[str, Sequence[Any]], count: int, zone: Any) -> Groups:
    """Rows by their key without its number; those whose key lacks more are in none."""
    parts = [key_parts(spec, name, columns.get(name, [None] * count), zone) for name in names]
    found: Groups = {}
    for at, key in enumerate(zip(*parts, strict=True)):
        if None not in key:
            found.setdefault(key, []).append(at)
    return found
