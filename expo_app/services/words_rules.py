"""What a word gets when it is written, and which words cannot stand beside each other."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import _
from expo_app.model import Colour, Expo, Pattern, Vocabulary, Word, WordChoice
from expo_app.rules.search_key import spelling
from expo_app.services import words
from expo_app.services.categories_rules import copy_categories
from expo_app.services.record_rules import Rows, Rules
from expo_app.services.record_writer import Draft, Writer, copy_rows
from expo_app.specs import PlanRow, RecordSpec
from expo_app.specs.names import name_key

_word = Word.__table__
Row = Mapping[str, Any]
COLOURS = (Colour.BLUE, Colour.GREEN, Colour.ORANGE, Colour.PINK, Colour.TEAL, Colour.PURPLE)
"""What an industry is given; red is for what is refused, grey for what has no pair."""


def rules_for(table: Table) -> Rules:
    """The rules of a table of words."""
    return Rules(before=(partial(fill_in, table),), reviews=(partial(told_apart, table),))


def fill_in(table: Table, writer: Writer, drafts: list[Draft]) -> None:
    """Whose word it is, a key of its own, its place, a free pair of colour and pattern; refuses what is there twice."""
    for draft in drafts:
        if draft.is_new:
            of_file = "vocabulary" in table.c and draft.get("vocabulary").is_of_file
            draft.values["expo_id"] = None if of_file or writer.expo is None else writer.expo.id
    known = _known(table, writer, drafts)
    chosen = _chosen_pairs(writer) if any(draft.is_new for draft in drafts) else set()
    chosen |= {(draft.get("colour"), draft.get("pattern")) for draft in drafts}
    is_ordered = any(draft.get("position") for draft in drafts if draft.is_new)
    for draft in drafts:
        others = [row for row in known[_place(draft.get)] if row["id"] != draft.record_id]
        if draft.is_new:
            _complete(draft, others, chosen)
            if not is_ordered:  # 0 is what a form gives that says nothing
                draft.values["position"] = max((row["position"] for row in others), default=-1) + 1
        _refuse_twice(draft, others)
        known[_place(draft.get)] = [*others, _row(table, draft)]


def _place(get: Any) -> tuple[Any, Any]:
    return get("expo_id"), get("vocabulary")


def _row(table: Table, draft: Draft) -> Row:
    return {column.name: draft.get(column.name) for column in table.c} | {"id": draft.record_id}


def _known(table: Table, writer: Writer, drafts: Iterable[Draft]) -> dict[tuple[Any, Any], list[Row]]:
    """The words there are, in each vocabulary that is written to."""
    found: dict[tuple[Any, Any], list[Row]] = {_place(draft.get): [] for draft in drafts}
    rows = [dict(row) for row in writer.session.execute(select(table)).mappings()]
    for row in [*rows, *writer.pending(table)]:
        if (place := _place(row.get)) in found:
            found[place].append(row)
    return found


def _chosen_pairs(writer: Writer) -> set[tuple[Any, Any]]:
    """What expos show words of the file in."""
    choice = WordChoice.__table__
    return {tuple(row) for row in writer.session.execute(select(choice.c.colour, choice.c.pattern).distinct())}


def _complete(draft: Draft, others: list[Row], chosen: set[tuple[Any, Any]]) -> None:
    if not draft.get("key"):
        draft.values["key"] = _free_key(draft, {row["key"] for row in others})
    if draft.get("vocabulary") is Vocabulary.INDUSTRY and draft.get("colour") is None:
        draft.values |= _free_pair(chosen | {(row["colour"], row["pattern"]) for row in others})


def _free_key(draft: Draft, taken: set[str]) -> str:
    """From the English name, else from the pinyin: 新材料 → xincailiao."""
    text = draft.get("name_en") or "_".join(spelling(draft.get("name") or ""))
    base = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:20].strip("_")
    base = base if re.match("[a-z]", base) else f"w_{base}".strip("_")
    return next(key for key in _numbered(base) if key not in taken)


def _numbered(base: str) -> Iterable[str]:
    yield base
    yield from (f"{base}_{n}" for n in range(2, 10_000))


def _free_pair(taken: set[tuple[Any, Any]]) -> dict[str, Any]:
    """A colour and pattern that no word of the vocabulary has; none when all are taken."""
    pairs = [(colour, pattern) for pattern in Pattern for colour in COLOURS]
    pairs.sort(key=lambda pair: any(colour is pair[0] for colour, _pattern in taken))  # a colour of its own first
    free = next((pair for pair in pairs if pair not in taken), None)
    return dict(zip(("colour", "pattern"), free, strict=True)) if free else {}


def _refuse_twice(draft: Draft, others: list[Row]) -> None:
    if problems := twice(draft.get, others):
        raise InvalidRecord(problems, draft.row)


def twice(get: Callable[[str], Any], others: Iterable[Row]) -> dict[str, str]:
    """No two words share a name, an alias, or (industries) a colour with its pattern: problems by field."""
    problems = {}
    spelt = [("name", get("name")), *(("aliases", text) for text in get("aliases") or ())]
    pair = get("colour"), get("pattern")
    for row in others:
        known = {name_key(word) for word in (row["name"], *(row["aliases"] or ())) if word}
        for field, word in spelt:
            if word and name_key(word) in known:
                problems[field] = _("“{word}”已经是“{name}”的名称或别名。").format(word=word, name=row["name"])
        if get("vocabulary") is Vocabulary.INDUSTRY and all(pair) and (row["colour"], row["pattern"]) == pair:
            problems["pattern"] = _("“{name}”已经用这个颜色和图案。").format(name=row["name"])
    return problems


def told_apart(table: Table, session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Rows of a file that would make two words one are refused before anything is written."""
    known: dict[Any, dict[Any, Row]] = {}
    for word in session.execute(select(table)).mappings():
        if word["expo_id"] in (None, expo_id):
            known.setdefault(word.get("vocabulary"), {})[word["id"]] = dict(word)

    def reviewed(row: PlanRow) -> PlanRow:
        if not row.goes_in:
            return row
        values = {**spec.constant, **row.values}
        home = known.setdefault(values.get("vocabulary"), {})
        old = home.get(row.record_id, {})
        word = {column.name: values.get(column.name, old.get(column.name)) for column in table.c}
        if problems := twice(word.get, [other for key, other in home.items() if key != row.record_id]):
            return row.refused({spec.field(name).title: words_ for name, words_ in problems.items()})
        home[row.record_id or row.place] = word
        return row

    return tuple(map(reviewed, rows))


def words_of_expos(writer: Writer, drafts: list[Draft]) -> None:
    """A new expo has the words that every expo needs; its industries are its own."""
    for draft in drafts:
        if draft.is_new:
            with writer.within(writer.session.get_one(Expo, draft.record_id)):
                words.begin(writer)


def copy_words(writer: Writer, source: uuid.UUID, target: uuid.UUID) -> None:
    """The words of the last edition instead of those an expo begins with, and how it shows those of the file."""
    for row in words.own_rows(writer.session, target):
        writer.delete(_word, row["id"], row)
    copy_rows(writer, _word, source, target)
    copy_rows(writer, WordChoice.__table__, source, target)
    copy_categories(writer, source, target)
