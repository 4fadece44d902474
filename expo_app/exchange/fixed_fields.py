"""Fields that were decided for a whole list: what they are in every row, and where a row does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from expo_app.errors import UserError
from expo_app.exchange.columns import Column, read_column
from expo_app.exchange.field_cells import Gathered
from expo_app.i18n import _
from expo_app.specs import Existing, Field, RecordSpec
from expo_app.specs.choices import Choices


def with_fixed(
    spec: RecordSpec, columns: Sequence[Column], gathered: Gathered, existing: Existing, choices: Choices
) -> tuple[list[Column], list[str]]:
    """The columns with what was decided for the whole list, and what is to be said of it.

    A row that gives nothing of its own stays empty. UserError for a value that the field cannot take.
    """
    count = len(gathered.places)
    gives = [any(column.values[n] is not None or n in column.problems for column in columns) for n in range(count)]
    found = {column.field.name: column for column in columns}
    notes = []
    said = (_("每一行的“{title}”都是“{value}”。"), "")
    only = {
        name: text for name, text in existing.only.items() if name not in choices.fixed and _lacks(found, name, gives)
    }
    for decided, words in zip((choices.fixed, {**only, **choices.usual}), said, strict=True):
        for name, text in decided.items():
            own = spec.field(name)
            value = _read(spec, own, text, existing, choices)
            column = found.get(name) or Column(own, [None] * count, {}, {}, frozenset(), {}, {})
            found[name] = (_everywhere if words else _where_unsaid)(column, value, gives)
            notes.append(
                (words or _("没写“{title}”的行按“{value}”。")).format(title=own.title, value=own.display(value))
            )
    return list(found.values()), notes


def _lacks(found: Mapping[str, Column], name: str, gives: Sequence[bool]) -> bool:
    """Whether some row says nothing of a field."""
    column = found.get(name)
    return column is None or any(
        given and value is None and n not in column.problems
        for n, (value, given) in enumerate(zip(column.values, gives, strict=True))
    )


def _read(spec: RecordSpec, own: Field, text: str, existing: Existing, choices: Choices) -> Any:
    plain = replace(choices, values={}, remembered=None, new_words=False, new_booths=False)
    column = read_column(spec, own, [text], existing, plain)
    if column.values[0] is None:
        why = next(iter((*column.problems.values(), *column.notes.values())), _("不能为空。"))
        raise UserError(
            _("“{title}”不能是“{text}”：{why}没有导入任何内容。").format(title=own.title, text=text, why=why), "E-SET"
        )
    return column.values[0]


def _everywhere(column: Column, value: Any, gives: Sequence[bool]) -> Column:
    """That value in every row; what the file says instead is a note."""
    words = _("文件里写的是“{theirs}”，按“{ours}”登记。")
    shown = column.field.display
    said: Mapping[int, str] = {
        n: words.format(theirs=shown(theirs), ours=shown(value))
        for n, theirs in enumerate(column.values)
        if theirs not in (None, value)
    }
    values = [value if given else None for given in gives]
    return Column(column.field, values, {}, said, frozenset(), {}, {})


def _where_unsaid(column: Column, value: Any, gives: Sequence[bool]) -> Column:
    """That value where the file gives none, or none that can be read."""
    wanting = [theirs is None and given for theirs, given in zip(column.values, gives, strict=True)]
    unsaid = frozenset(n for n, is_wanting in enumerate(wanting) if is_wanting and n not in column.problems)
    values = [value if n in unsaid else theirs for n, theirs in enumerate(column.values)]
    return replace(column, values=values, unsaid=unsaid)
