"""One column of an import at a time: its cells as values, each different cell parsed once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from expo_app.exchange.headers import flat, normal, unit
from expo_app.exchange.input_limits import MAX_CELL
from expo_app.i18n import _, in_every_language
from expo_app.specs import Existing, Field, FieldType, RecordSpec, clean_text
from expo_app.specs.field_types import TAG_SEPARATORS, as_text, has_control
from expo_app.specs.names import is_near, name_key, nearest, not_a_word, tidy
from expo_app.specs.records import by_name

NOTHING = frozenset({"", "—", "-", "--", "——", "/", "\\", "n/a", "N/A", "#N/A"})
"""What people write where there is nothing to say."""

_LIST = re.compile(f"[{TAG_SEPARATORS}]+")
_BARE = re.compile(r"[\d,.\s]+")

Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """A column that is read: the header as found, its field, a value per row (None: nothing given).

    Row index → reason: `problems`; `notes`, for which the row may go in; `absent`: notes of names that are not set up.
    """

    header: str
    field: Field
    values: list[Any]
    problems: Mapping[int, str]
    notes: Mapping[int, str]
    absent: Mapping[int, str]
    fresh: tuple[str, ...] = ()
    """Words that no vocabulary has and that would be added to it."""


def read_column(spec: RecordSpec, field: Field, header: str, cells: Sequence[Any], existing: Existing) -> Column:
    """Parse the cells of one column."""
    cells = [_word(cell) for cell in cells] if bool in set(map(type, cells)) else cells
    read = _reader(spec, field, header, existing)
    is_elsewhere = is_listing(field, existing) and _knows_none(existing.names[field.ref], cells)
    table: dict[Any, Any] = {}
    bad: dict[Any, str] = {}
    left_out: dict[Any, str] = {}
    dropped: dict[Any, str] = {}
    for cell in set(cells):
        if isinstance(cell, str) and has_control(cell):
            dropped[cell] = _("有看不见的控制字符，已去掉。")
        try:
            table[cell] = read(cell)
        except UnknownName as unknown:
            table[cell] = None
            (left_out if is_elsewhere else bad)[cell] = str(unknown)
        except ValueError as problem:
            table[cell], bad[cell] = None, str(problem)
    values = [table[cell] for cell in cells]
    absent, noted = _by_row(cells, left_out), _by_row(cells, dropped)
    return Column(
        flat(header), field, values, _by_row(cells, bad), {**noted, **absent}, absent, _fresh(field, values, existing)
    )


def _fresh(field: Field, values: Sequence[Any], existing: Existing) -> tuple[str, ...]:
    if not field.ref or not field.creates or field.ref not in existing.spellings:
        return ()
    known = existing.spellings[field.ref]
    return tuple(dict.fromkeys(word for word in values if word is not None and name_key(word) not in known))


def _by_row(cells: Sequence[Any], reasons: Mapping[Any, str]) -> dict[int, str]:
    return {index: reasons[cell] for index, cell in enumerate(cells) if cell in reasons} if reasons else {}


class UnknownName(ValueError):  # noqa: N818  (caught by its name, shown as a sentence)
    """A list names a record there is not."""


def is_listing(field: Field, existing: Existing) -> bool:
    """Whether the column lists records that must be there already (展位)."""
    return is_list(field) and field.ref in existing.names and not field.creates


def _knows_none(names: frozenset[str], cells: Sequence[Any]) -> bool:
    """None of the names in a column is known: not misspelt, but of something that is not set up yet (a floor plan)."""
    known = {name_key(name) for name in names}
    texts = (as_text(cell) for cell in set(cells) if cell is not None)
    return not any(name_key(word) in known for text in texts for part in parts(text) for word in (part, *part.split()))


def _word(cell: Any) -> Any:
    """True and 1.0 are one key in a set: a yes/no cell becomes its word."""
    return as_text(cell) if isinstance(cell, bool) else cell


def _reader(spec: RecordSpec, field: Field, header: str, existing: Existing) -> Reader:
    """A cell as the value kept; None where nothing is given; ValueError with a sentence."""
    if field.type.units is not None:
        return partial(_read_with_unit, field, unit_of(field, header) or "")
    if is_name(spec, field):
        source = field.ref or _parent_of(spec, field)
        return partial(_read_name, field, _known(existing, source), source in existing.names)
    if is_list(field) and field.ref in existing.names:
        return partial(_read_names, field, {name_key(name): name for name in existing.names[field.ref]})
    return partial(_read_plain, field, existing.zone)


def _known(existing: Existing, source: str) -> Mapping[str, str]:
    """The names there are, by what their spellings have in common."""
    return existing.spellings.get(source) or {name_key(name): name for name in existing.names.get(source, ())}


def unit_of(field: Field, header: str) -> str | None:
    """What to read behind the bare numbers of a column: "" for the field's own unit, None for one not understood."""
    found = unit(header)
    if field.type.units is None or found in {normal(name) for name in in_every_language(field.unit)}:
        return ""
    return field.type.units.get(found)


def is_name(spec: RecordSpec, field: Field) -> bool:
    """A column that names a record: compared without regard to width, spaces and brackets."""
    return field.type is FieldType.REF or (not field.select and field.name in (spec.natural, *_natural_paths(spec)))


def is_list(field: Field) -> bool:
    """A column that lists several records in one text (展位, 嘉宾, 卖方)."""
    return field.select is not None and field.type.is_text


def _natural_paths(spec: RecordSpec) -> list[str]:
    return [f"{name}.{by_name(parent.spec).natural}" for name, parent in (spec.parents or {}).items()]


def _parent_of(spec: RecordSpec, field: Field) -> str:
    parent = (spec.parents or {}).get(field.name.partition(".")[0])
    return parent.spec if parent and "." in field.name else ""


def given(cell: Any, field: Field) -> bool:
    """Whether a cell says anything about a record; a masked one does not."""
    if not isinstance(cell, str):
        return cell is not None
    if len(cell) > MAX_CELL:
        raise ValueError(_("太长：{n} 字，一格最多 {limit} 字。").format(n=len(cell), limit=MAX_CELL))
    return clean_text(cell) not in NOTHING and not field.is_masked(cell)


def _read_plain(field: Field, zone: Any, cell: Any) -> Any:
    if not given(cell, field):
        return None
    if isinstance(cell, str) and field.unit:
        text = unicodedata.normalize("NFKC", cell).strip()
        cell = text.removesuffix(unicodedata.normalize("NFKC", _(field.unit))).strip() or cell
    if isinstance(cell, datetime) and cell.microsecond:
        cell = (cell + timedelta(microseconds=500_000)).replace(microsecond=0)
    return field.parse(cell, zone)


def _read_with_unit(field: Field, unit_word: str, cell: Any) -> Any:
    if not given(cell, field):
        return None
    text = f"{cell:.15g}" if isinstance(cell, float) else as_text(cell)
    return field.parse(f"{text}{unit_word}" if _BARE.fullmatch(text) else text)


def _read_name(field: Field, known: Mapping[str, str], is_known: bool, cell: Any) -> Any:
    """A name in its known spelling; an unknown one is refused unless the field makes records."""
    if not given(cell, field):
        return None
    name = field.parse(tidy(as_text(cell)))
    found = known.get(name_key(name))
    if found is None and is_known and field.ref and (not field.creates or _is_misspelt(field, name, known)):
        raise ValueError(_unknown(field, name, set(known.values())))
    return found or name


def _unknown(field: Field, name: str, known: Collection[str]) -> str:
    """The sentence for a name that is not known and is not made."""
    target = by_name(field.ref)
    said = nearest(name, known, target.label)
    return not_a_word(said) if target.is_offered else said


def _is_misspelt(field: Field, name: str, known: Mapping[str, str]) -> bool:
    """A new word of a vocabulary that is too near to one there is to be one of its own."""
    return by_name(field.ref).is_offered and is_near(name, known)


def _read_names(field: Field, known: Mapping[str, str], cell: Any) -> Any:
    """Several names in one cell, in their known spelling, joined by 、."""
    if not given(cell, field):
        return None
    names = []
    for part in parts(field.parse(cell)):
        words = [part] if name_key(part) in known else part.split()
        for word in words:
            found = known.get(name_key(word))
            if found is None and not field.creates:
                raise UnknownName(nearest(word, known.values(), by_name(field.ref).label))
            names.append(found or tidy(word))
    return "、".join(dict.fromkeys(names))


def parts(text: str) -> list[str]:
    """The names listed in one cell."""
    return [part.strip() for part in _LIST.split(text) if part.strip()]


def comparer(spec: RecordSpec, field: Field) -> Callable[[Any, Any], bool] | None:
    """Whether two unequal values still say the same; None where unequal is different."""
    if is_name(spec, field):
        return lambda new, old: name_key(new) == name_key(old)
    if is_list(field):
        return lambda new, old: {name_key(p) for p in parts(new)} == {name_key(p) for p in parts(old)}
    return field.type.says_same


def key_parts(spec: RecordSpec, name: str, values: Sequence[Any]) -> list[Any]:
    """Values as parts of a key: texts by what their spellings have in common, lists without their order."""
    listed = any(field.name == name and is_list(field) for field in spec.fields)

    def part(value: Any) -> Any:
        if value is None or value == "":
            return None
        if listed:
            return frozenset(map(name_key, parts(value)))
        return name_key(value) if isinstance(value, str) else value

    table = {value: part(value) for value in set(values)}
    return [table[value] for value in values]
