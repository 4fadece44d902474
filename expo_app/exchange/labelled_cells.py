"""Organisations with their part in a deal said beside each in one cell: 甲方：…  乙方：…, 某大学（乙方）."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from expo_app.exchange.headers import forms
from expo_app.i18n import _
from expo_app.specs import RecordSpec
from expo_app.specs.field_types import as_text
from expo_app.specs.records import Sides

if TYPE_CHECKING:
    from expo_app.exchange.field_cells import Gathered

_BETWEEN = " \n\t、，,；;。/"
Names = list[tuple[str, str]]
"""What is said before or behind each name, "" for nothing, and the name."""


def part_labelled(spec: RecordSpec, found: Gathered) -> None:
    """Names go to the field that what is said beside them means, where that is empty; else they stay, without it."""
    sides = spec.sides
    if sides is None:
        return
    words = _words(spec, sides)
    before = re.compile(rf"(?:^|(?<=[{_BETWEEN}（(]))({'|'.join(words)})\s*[:：]\s*")
    behind = re.compile(rf"\s*[（(]\s*({'|'.join(words)})\s*[)）]$")
    for name in [own.name for own in spec.writable if own.split is not None and own.name in found.columns]:
        split = spec.field(name).split
        if split is None or spec.field(name).ref:
            continue
        for index, cell in enumerate(found.columns[name]):
            if isinstance(cell, str) and any(mark in cell for mark in "：:（("):
                said = _labelled(cell, before, behind, split)
                if any(label for label, _own in said):
                    _take(found, name, index, said, sides, words)


def _words(spec: RecordSpec, sides: Sides) -> Mapping[str, str]:
    """What may be said of a party → the field it means, "" where the kind of contract tells; longer words first."""
    known = dict.fromkeys(sides.words, "")
    for name in sides.fields:
        own = spec.field(name)
        texts = [form for text in (own.title, *own.aliases) for form in (*forms(text), *own.title.split(" / "))]
        known |= {text: name for text in texts if text and not text.isascii() and "/" not in text}
    return {word: known[word] for word in sorted(known, key=len, reverse=True)}


def _labelled(cell: str, before: re.Pattern[str], behind: re.Pattern[str], split: Callable[[str], list[str]]) -> Names:
    """The names of a cell with what is said of each."""
    plain = unicodedata.normalize("NFC", cell)
    parts = before.split(plain)
    found: Names = [("", name) for name in _behind(parts[0], split)]
    for label, names in zip(parts[1::2], parts[2::2], strict=True):
        found += [(label, name) for name in _behind(names, split)]
    return [
        (mark[1], name[: mark.start()]) if (mark := behind.search(name)) else (label, name) for label, name in found
    ]


def _behind(text: str, split: Callable[[str], list[str]]) -> Iterator[str]:
    return (name for name in split(text.strip(_BETWEEN)) if name)


def _take(found: Gathered, name: str, index: int, said: Names, sides: Sides, words: Mapping[str, str]) -> None:
    """Put the names of a cell where they belong."""
    row = {key: cells[index] for key, cells in found.columns.items()}
    told = [as_text(row[key]) for key in sides.told if row.get(key)]
    by_field: dict[str, list[str]] = {}
    for label, own in said:
        side = (words.get(label) or sides.of(label, told) or name) if label else name
        is_free = name not in sides.fields and row.get(side) in (None, "")
        by_field.setdefault(side if is_free else name, []).append(own)
    found.columns[name][index] = None
    for side, names in by_field.items():
        column: list[Any] = found.columns.setdefault(side, [None] * len(found.places))
        column[index] = _("、").join(names)
