"""Names of a file that are probably known: which, how alike, and what was decided about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from expo_app.exchange.columns import Column, is_list, parts
from expo_app.exchange.field_cells import Gathered
from expo_app.specs import Existing, Field, RecordSpec
from expo_app.specs.choices import EMPTY, Choices
from expo_app.specs.names import name_key
from expo_app.specs.plan import Suspect

if TYPE_CHECKING:
    from expo_app.rules.likeness import Someone

ORGANISATIONS, PEOPLE = "organisations", "people"


@dataclass
class _Said:
    """A name in the file: rows that say it, with the code and the phones that stand beside it."""

    rows: list[int] = field(default_factory=list)
    code: str | None = None
    phones: set[str] = field(default_factory=set)


def resolved(
    spec: RecordSpec, columns: Sequence[Column], gathered: Gathered, existing: Existing, choices: Choices
) -> tuple[list[Column], tuple[Suspect, ...]]:
    """The columns with names that were taken for known ones replaced, and every pair there is to decide about."""
    at = [n for n, column in enumerate(columns) if names_bodies(spec, column.field)]
    if not at:
        return list(columns), ()
    said = _said(spec, [columns[n] for n in at], columns)
    pairs = _pairs(said, existing, choices)
    same = final(pairs)
    result = list(columns)
    for n in at if same else ():
        result[n] = replace(columns[n], values=_replaced(columns[n], same))
    return result, pairs


def final(pairs: Sequence[Suspect]) -> dict[str, str]:
    """A name in the file → the record it was taken for, which may itself have been taken for another."""
    same = {pair.file: pair.ours for pair in pairs if pair.choice}
    found = {}
    for name in same:
        passed = [name]
        while (ours := same.get(passed[-1])) is not None and ours not in passed:
            passed.append(ours)
        found[name] = passed[-1]
    return found


def names_bodies(spec: RecordSpec, own: Field) -> bool:
    """Whether a field names organisations, one or several."""
    parent, _dot, last = own.name.rpartition(".")
    is_own = last == "name" and (parent == "organisation" or (not parent and spec.name == ORGANISATIONS))
    return is_own or (own.ref == ORGANISATIONS and own.creates) or own.lists == ORGANISATIONS


def _said(spec: RecordSpec, naming: Sequence[Column], columns: Sequence[Column]) -> dict[str, _Said]:
    codes = next((c.values for c in columns if c.field.name.rpartition(".")[2] == "credit_code"), None)
    phones = next((c.values for c in columns if c.field.mask == "phone"), None)
    found: dict[str, _Said] = {}
    for column in naming:
        alone = not is_list(column.field)
        for index, value in enumerate(column.values):
            for name in _names(column.field, value):
                one = found.setdefault(name, _Said())
                one.rows.append(index)
                if alone and codes is not None and codes[index] and one.code is None:
                    one.code = codes[index]
                if alone and phones is not None and phones[index]:
                    one.phones.add(phones[index])
    return found


def _names(own: Field, value: Any) -> Sequence[str]:
    if not isinstance(value, str):
        return ()
    return (own.split or parts)(value) if is_list(own) else (value,)


def _pairs(said: Mapping[str, _Said], existing: Existing, choices: Choices) -> tuple[Suspect, ...]:
    from expo_app.rules.likeness import Body, Likeness, likely
    from expo_app.rules.likeness import alike as alike_in_file

    bodies = [Body(name, (), one.code, frozenset(one.phones)) for name, one in said.items()]
    codes = {body.credit_code: body.name for body in existing.bodies if body.credit_code}
    known = {name_key(name) for name in existing.names.get(ORGANISATIONS, ())}
    asked = [body for body in bodies if name_key(body.name) not in known and body.credit_code not in codes]
    found: dict[str, Likeness] = dict(likely(asked, existing.bodies, name_key)) if existing.bodies else {}
    for name, one in alike_in_file((b for b in asked if b.name not in found), name_key).items():
        found.setdefault(name, one)
    decided = _decided(choices)
    there = {EMPTY, *known, *map(name_key, said)}
    spelt = existing.spellings.get(ORGANISATIONS, {})  # what it was taken for may go by another name since
    decided = {key: spelt.get(name_key(ours), ours) for key, ours in decided.items()}
    decided = {key: ours for key, ours in decided.items() if name_key(ours) in there}
    pairs = []
    for name, own in found.items():
        target = decided.get(name_key(name))
        choice = None if target is None else target != EMPTY
        if choice is None and choices.same_above is not None:
            choice = own.likeness >= choices.same_above or None
        pairs.append(
            Suspect(ORGANISATIONS, name, target or own.ours, own.likeness, own.why, len(said[name].rows), choice)
        )
    extra = [name for name in said if name_key(name) in decided and name not in found and decided[name_key(name)]]
    pairs += [
        Suspect(ORGANISATIONS, name, decided[name_key(name)], 1.0, "", len(said[name].rows), True)
        for name in extra
        if name_key(decided[name_key(name)]) != name_key(name)
    ]
    return tuple(sorted(pairs, key=lambda pair: -pair.likeness))


def people(
    spec: RecordSpec, columns: Sequence[Column], existing: Existing, choices: Choices
) -> tuple[tuple[Suspect, ...], dict[int, int]]:
    """Rows of people who are probably there under another name or number: the pairs to decide about, and for each row
    that was taken for somebody the place of that record in `existing.rows`.
    """
    by_field = {column.field.name: column.values for column in columns}
    if NAME not in by_field or not existing.rows:
        return (), {}
    from expo_app.rules.likeness import likely_people

    count = len(by_field[NAME])
    empty: list[Any] = [None] * count
    body = next((by_field[name] for name in BODY if name in by_field), empty)
    phones = by_field.get(PHONE, empty)
    wanted = [_someone(*one) for one in zip(by_field[NAME], body, phones, strict=True)]
    known = [
        _someone(values.get(NAME), next((values[name] for name in BODY if values.get(name)), None), values.get(PHONE))
        for _id, values in existing.rows
    ]
    decided = _decided(choices)
    pairs: dict[str, Suspect] = {}
    links: dict[int, int] = {}
    for index, (at, like) in likely_people(wanted, known).items():
        file, ours = _called(wanted[index]), _called(known[at])
        target = decided.get(name_key(file))
        choice = None if target is None else target != EMPTY
        if choice is None and choices.same_above is not None:
            choice = like.likeness >= choices.same_above or None
        rows = pairs[file].rows + 1 if file in pairs else 1
        pairs[file] = Suspect(PEOPLE, file, ours, like.likeness, like.why, rows, choice)
        if choice:
            links[index] = at
    return tuple(sorted(pairs.values(), key=lambda pair: -pair.likeness)), links


NAME, PHONE, BODY = "person.name", "person.phone", ("organisation_id", "person.organisation_id")
"""Fields of a record that is a person."""


def _someone(name: Any, body: Any, phone: Any) -> Someone:
    from expo_app.rules.likeness import Someone

    return Someone(str(name or ""), str(body or ""), frozenset((str(phone),) if phone else ()))


def _called(person: Someone) -> str:
    """How a person is named where there may be several of the name; numbers stay hidden."""
    return f"{person.name}（{person.organisation}）" if person.organisation else person.name


def _decided(choices: Choices) -> dict[str, str]:
    """What was said of names, now or of an earlier list."""
    memory = choices.remembered if choices.uses_memory else None
    said = {**(memory.same if memory else {}), **choices.same}
    return {name_key(name): ours for name, ours in said.items()}


def _replaced(column: Column, same: Mapping[str, str]) -> list[Any]:
    def of(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if not is_list(column.field):
            return same.get(value, value)
        names = [same.get(name, name) for name in _names(column.field, value)]
        return "、".join(dict.fromkeys(names))

    table = {value: of(value) for value in set(column.values)}
    return [table[value] for value in column.values]


__all__ = ["people", "resolved"]
