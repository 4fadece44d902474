"""What an import would do, row by row, before anything is written: new, changed, same or invalid with every reason."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from expo_app.errors import UserError
from expo_app.exchange.columns import Column, comparer, key_parts, read_column, unit_of
from expo_app.exchange.headers import Sheet, flat, match_headers, unread
from expo_app.i18n import _
from expo_app.memory import no_collection
from expo_app.rules.regions import at_home_in
from expo_app.specs import Existing, Field, ImportPlan, Outcome, PlanRow, RecordSpec
from expo_app.specs.records import by_name

WHOLE_ROW = ""
SAMPLE = "is_sample"
Key = tuple[Any, ...]
Keys = tuple[Key | None, ...]
"""A record's key, one entry per alternative of the spec; None where it is not complete."""


@no_collection()
def plan(spec: RecordSpec, sheet: Sheet, existing: Existing, file_name: str) -> ImportPlan:
    """The plan of a sheet for records of this spec. Pure: nothing is read or written.

    Only columns of the file are compared; an empty or masked cell leaves an existing value alone.
    `PlanRow.values` holds what is given; a record made from it gets the spec's defaults for the rest.
    UserError if the kind cannot be imported or the file has no column of it.
    """
    if not spec.writable:
        raise UserError(_("“{title}”只能导出，不能导入。").format(title=spec.label), "E-IMPORT-KIND")
    matched = match_headers(spec, sheet.headers, sheet.rows)
    foreign = {column for column, f in matched.items() if _is_foreign(f, sheet.headers[column])}
    wanted = {column: f for column, f in matched.items() if not f.readonly and column not in foreign}
    if not wanted:
        raise UserError(
            _("表头里没有“{title}”的列。没有导入任何内容。核对选的是不是这类表，或从模板复制列名。").format(
                title=spec.label
            ),
            "E-IMPORT-COLUMNS",
        )
    numbers, raws = [number for number, _raw in sheet.rows], [raw for _number, raw in sheet.rows]
    cells = list(zip(*raws, strict=True)) if raws else [() for _header in sheet.headers]
    with at_home_in(existing.homes):
        columns = [read_column(spec, f, sheet.headers[c], cells[c], existing) for c, f in wanted.items()]
    samples = _samples(matched, cells, existing)
    rows = _Planner(spec, columns, existing, samples).rows(numbers, raws)
    notes = [*sheet.notes, *(_foreign_note(sheet.headers[column]) for column in sorted(foreign))]
    notes += [note for column in columns if column.absent and (note := _left_out_note(column, numbers, rows))]
    notes += [_fresh_note(column) for column in columns if column.fresh]
    if not raws:
        notes.append(_("表头下面没有内容。"))
    unknown = unread(sheet.headers, matched)
    return ImportPlan(spec.name, file_name, sheet.headers, tuple(rows), unknown, tuple(notes))


def _samples(matched: Mapping[int, Field], cells: Sequence[Sequence[Any]], existing: Existing) -> frozenset[int]:
    """Indexes of the rows that a real expo does not take: those that say they are generated."""
    at = next((column for column, field in matched.items() if field.name == SAMPLE), None)
    if at is None or existing.facts is None or existing.facts.is_sample:
        return frozenset()
    yes = {cell for cell in set(cells[at]) if _is_yes(matched[at], cell)}
    return frozenset(index for index, cell in enumerate(cells[at]) if cell in yes)


def _is_yes(field: Field, cell: Any) -> bool:
    try:
        return field.parse(cell) is True
    except ValueError:
        return False


def _is_foreign(field: Field, header: str) -> bool:
    """A money column in a unit that is not understood (美元) must not be read as 万元."""
    return unit_of(field, header) is None


def _foreign_note(header: str) -> str:
    return _("“{header}”的单位不认识，这一列没有读。").format(header=flat(header))


def _left_out_note(column: Column, numbers: Sequence[int], rows: Sequence[PlanRow]) -> str:
    absent = {numbers[index] for index in column.absent}
    what, count = by_name(column.field.ref).label, sum(bool(row.notes) and row.row in absent for row in rows)
    if not count:
        return ""
    return _(
        "“{header}”里的{what}本展会一个也没有：{n} 行照样导入，只是不写这一项。"
        "建好{what}后，把同一文件再导一次就会补上。"
    ).format(header=column.header, what=what, n=count)


def _fresh_note(column: Column) -> str:
    """Words that go into a vocabulary with the rows that say them."""
    return _("“{header}”里有 {n} 个新的{what}，会加进类目：{words}。不想加的，先在类目里记作别名。").format(
        header=column.header,
        n=len(column.fresh),
        what=by_name(column.field.ref).label,
        words=_("、").join(column.fresh),
    )


def _with_notes(row: PlanRow, notes: Mapping[str, str]) -> PlanRow:
    """What is left out of a row that goes in; of one that does not it is one problem more."""
    if row.outcome is Outcome.INVALID:
        return replace(row, problems={**notes, **row.problems})
    told = {header: _("{reason}其余照常导入。").format(reason=reason) for header, reason in notes.items()}
    return replace(row, notes=told)


@dataclass
class _Index:
    """Records by each alternative of the key."""

    tables: list[dict[Key, list[int]]]
    keys: list[Keys] = field(default_factory=list)

    def add(self, keys: Keys) -> None:
        at = len(self.keys)
        self.keys.append(keys)
        for table, key in zip(self.tables, keys, strict=True):
            if key is not None:
                table.setdefault(key, []).append(at)

    def find(self, keys: Keys) -> list[int]:
        """The records that `keys` mean, by the first alternative that finds any."""
        for position, (table, key) in enumerate(zip(self.tables, keys, strict=True)):
            if key is None or key not in table:
                continue
            found = [at for at in table[key] if not _contradicts(keys, self.keys[at], position)]
            if found:
                return found
        return []


def _contradicts(one: Keys, other: Keys, before: int) -> bool:
    """Both complete in an alternative before this one and different there: different records."""
    return any(a is not None and b is not None and a != b for a, b in zip(one[:before], other[:before], strict=True))


def _all_keys(spec: RecordSpec, columns: Mapping[str, Sequence[Any]], count: int) -> list[Keys]:
    """The keys of `count` records given by columns; in the last alternative a missing part is a value of its own."""
    parts = {n: key_parts(spec, n, columns[n]) if n in columns else [None] * count for n in spec.key_names}
    found: list[list[Key | None]] = []
    for alternative in spec.key:
        keys = zip(*(parts[name] for name in alternative), strict=True)
        if alternative is spec.key[-1]:
            found.append([key if key[0] is not None else None for key in keys])
        else:
            found.append([key if None not in key else None for key in keys])
    return list(zip(*found, strict=True))


class _Planner:
    """The plan of one sheet: the columns read, what exists, what the rows so far would make."""

    def __init__(
        self, spec: RecordSpec, columns: Sequence[Column], existing: Existing, samples: frozenset[int] = frozenset()
    ) -> None:
        self.spec, self.columns, self.existing, self.samples = spec, columns, existing, samples
        self.names = [column.field.name for column in columns]
        self.headers = {column.field.name: column.header for column in columns}
        self.blank = dict.fromkeys(f.name for f in spec.writable)
        self.required = [f for f in spec.writable if f.required and f.default is None]
        self.parents = self._parents()
        self.compare = {column.field.name: comparer(spec, column.field) for column in columns}
        self.there = self._index()
        for keys in _all_keys(
            spec, {n: [v.get(n) for _id, v in existing.rows] for n in spec.key_names}, len(existing.rows)
        ):
            self.there.add(keys)
        self.seen = self._index()
        self.seen_rows: list[int] = []
        self.taken: dict[int, int] = {}

    def _index(self) -> _Index:
        return _Index([{} for _alternative in self.spec.key])

    def _parents(self) -> list[tuple[str, tuple[str, ...]]]:
        """Naming field → the other fields of each parent that may be left out: they are nothing without it."""
        found = []
        for name, parent in (self.spec.parents or {}).items():
            naming = f"{name}.{by_name(parent.spec).natural}"
            others = tuple(n for n in self.names if n.startswith(f"{name}.") and n != naming)
            if others and not any(f.name == naming for f in self.required):
                found.append((naming, others))
        return found

    def rows(self, numbers: Sequence[int], raws: Sequence[tuple[Any, ...]]) -> list[PlanRow]:
        """A PlanRow for every row that gives anything."""
        problems: dict[int, dict[str, str]] = {}
        notes: dict[int, dict[str, str]] = {}
        for column in self.columns:
            for reasons, said in ((column.problems, problems), (column.notes, notes)):
                for index, reason in reasons.items():
                    said.setdefault(index, {})[column.header] = reason
        keys = _all_keys(self.spec, {column.field.name: column.values for column in self.columns}, len(raws))
        found = []
        names = self.names
        for index, given in enumerate(zip(*(column.values for column in self.columns), strict=True)):
            values = {name: value for name, value in zip(names, given, strict=True) if value is not None}
            wrong, noted = problems.get(index, {}), notes.get(index, {})
            if values or wrong or noted:
                row = self._row(numbers[index], keys[index], values, wrong, raws[index], index in self.samples)
                found.append(_with_notes(row, noted) if noted else row)
        return found

    def _row(
        self,
        number: int,
        keys: Keys,
        values: dict[str, Any],
        wrong: dict[str, str],
        raw: tuple[Any, ...],
        is_sample: bool,
    ) -> PlanRow:
        matches = self.there.find(keys)
        if len(matches) > 1:
            wrong[WHOLE_ROW] = self._ambiguous(len(matches), keys)
        at = matches[0] if len(matches) == 1 else None
        old = self.existing.rows[at][1] if at is not None else None
        if not matches:
            self._check_new(values, wrong)
        self._check_parents(values, old or {}, wrong)
        changes = self._changes(values, old) if old is not None and not wrong else {}
        if is_sample and (old is None or changes):
            wrong[self.spec.field(SAMPLE).title] = _("这一行是示例数据，正式展会不收。")
        if (old is None or changes) and not wrong:
            self._check_whole(values, old, changes, wrong)
        if not wrong:
            self._check_repeated(number, keys, at, wrong)
        if wrong:
            return PlanRow(number, Outcome.INVALID, values, None, {}, wrong, raw)
        if old is None:
            return PlanRow(number, Outcome.NEW, values, None, {}, {}, raw)
        outcome = Outcome.CHANGED if changes else Outcome.SAME
        return PlanRow(number, outcome, values, self._id(at), changes, {}, raw)

    def _check_whole(
        self,
        values: Mapping[str, Any],
        old: Mapping[str, Any] | None,
        changes: Mapping[str, tuple[Any, Any]],
        wrong: dict[str, str],
    ) -> None:
        """What is right cell by cell and wrong together, or in this expo."""
        spec, facts = self.spec, self.existing.facts
        found: dict[str, str] = {}
        if spec.contradictions is not None:
            after = {**self.blank, **(old or {}), **values}
            for name, leader in (spec.follows or {}).items():
                if leader in changes and name not in values:
                    after[name] = None
            found = {**spec.incomplete(after, old), **spec.contradicted(after, facts, old)}
        if facts and spec.file_problems is not None:
            found |= spec.file_problems(values, old or {}, facts)
        for name, reason in found.items():
            wrong[self.headers.get(name) or spec.field(name).header] = reason

    def _id(self, at: int | None) -> uuid.UUID | None:
        return self.existing.rows[at][0] if at is not None else None

    def _ambiguous(self, count: int, keys: Keys) -> str:
        """Several records fit: say which column would tell them apart."""
        missing = [
            self.spec.field(name).title
            for alternative, key in zip(self.spec.key, keys, strict=True)
            for name in alternative
            if key is None and name not in self.spec.key[-1]
        ]
        if missing:
            return _("有 {n} 条记录都符合，补上{columns}才能辨认。").format(
                n=count, columns="、".join(dict.fromkeys(missing))
            )
        return _("有 {n} 条记录都符合，无法辨认是哪一条。").format(n=count)

    def _check_new(self, values: Mapping[str, Any], wrong: dict[str, str]) -> None:
        for needed in self.required:
            header = self.headers.get(needed.name)
            if header is None:
                wrong.setdefault(needed.header, _("新记录必填，文件里没有这一列。"))
            elif needed.name not in values:
                wrong.setdefault(header, _("不能为空。"))

    def _check_parents(self, values: Mapping[str, Any], old: Mapping[str, Any], wrong: dict[str, str]) -> None:
        """A phone number without the name of whom it belongs to would be lost."""
        for naming, others in self.parents:
            if values.get(naming) or old.get(naming) or self.headers.get(naming) in wrong:
                continue
            given = next((name for name in others if name in values), None)
            if given:
                label = self.spec.field(naming).title
                wrong.setdefault(self.headers[given], _("缺“{label}”，这一项无处保存。").format(label=label))

    def _check_repeated(self, number: int, keys: Keys, at: int | None, wrong: dict[str, str]) -> None:
        """The same record twice in one file: the second is refused."""
        repeated = self.seen.find(keys)
        first = self.seen_rows[repeated[0]] if repeated else self.taken.get(at) if at is not None else None
        if first is not None:
            wrong[WHOLE_ROW] = _("与第 {row} 行重复。").format(row=first)
            return
        self.seen.add(keys)
        self.seen_rows.append(number)
        if at is not None:
            self.taken[at] = number

    def _changes(self, values: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        """What differs: field → (old, new)."""
        found: dict[str, tuple[Any, Any]] = {}
        for name, new in values.items():
            before = old.get(name)
            if new == before:
                continue
            same: Callable[[Any, Any], bool] | None = self.compare[name]
            if before is not None and same is not None and same(new, before):
                continue
            found[name] = (before, new)
        return found
