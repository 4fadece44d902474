"""What an import would do, row by row, before anything is written: new, changed, same or invalid with every reason."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from expo_app.errors import UserError
from expo_app.exchange import input_limits, suspects
from expo_app.exchange.columns import Column, comparer, key_parts, may_be_new, read_column
from expo_app.exchange.field_cells import Gathered, gather
from expo_app.exchange.fixed_fields import with_fixed
from expo_app.exchange.headers import IGNORED, PROBLEM, forms, normal
from expo_app.exchange.mapping import Use, uses
from expo_app.exchange.numbers import numbered
from expo_app.exchange.row_kinds import is_guide
from expo_app.exchange.table_reader import Grid
from expo_app.exchange.tables import PREVIEW, Table, find_table, naming_fields
from expo_app.exchange.workbook import Book
from expo_app.i18n import _, in_every_language
from expo_app.memory import no_collection
from expo_app.rules.regions import at_home_in
from expo_app.specs import Existing, Field, ImportPlan, Outcome, PlanRow, RecordSpec
from expo_app.specs.choices import ANY_SHEET, NEW, NO_HEADER, SECTION, SHEET_NAME, Choices, SheetChoice
from expo_app.specs.plan import ColumnSeen, How, Memory, SheetSeen, Suspect, ValueSeen
from expo_app.specs.records import by_name

WHOLE_ROW = ""
SAMPLE = "is_sample"
Key = tuple[Any, ...]
Place = tuple[str, int]
"""Sheet and row."""
Keys = tuple[Key | None, ...]
"""A record's key, one entry per alternative of the spec; None where it is not complete."""
Read = tuple[Table, list[Use]]
"""A table that is read, and its columns."""


@no_collection()
def plan(spec: RecordSpec, book: Book, existing: Existing, choices: Choices = Choices()) -> ImportPlan:  # noqa: B008
    """The plan of a file for records of this spec. Pure: nothing is read or written.

    Only columns of the file are compared; an empty or masked cell leaves an existing value alone, and so does a filled
    one where the record has a value, unless `choices` say otherwise.
    `PlanRow.values` holds what is given; a record made from it gets the spec's defaults for the rest.
    UserError if the kind cannot be imported or no sheet of the file holds a list of it.
    """
    if not spec.writable:
        raise UserError(_("“{title}”只能导出，不能导入。").format(title=spec.label), "E-IMPORT-KIND")
    spec = existing.here or spec
    with at_home_in(existing.homes):
        seen, read = _sheets(spec, book, existing, choices)
        memory = _memory_of(read, existing, choices)
        decided = replace(choices, remembered=memory.choices if memory else None)
        gathered = gather(spec, [(table, found) for table, found in read], decided, existing)
        columns = [
            read_column(spec, spec.field(name), cells, existing, decided, gathered)
            for name, cells in gathered.columns.items()
        ]
        columns, said_of_all = with_fixed(spec, columns, gathered, existing, decided)
        columns, bodies = suspects.resolved(spec, columns, gathered, existing, decided)
        columns = list(numbered(spec, columns, gathered, existing))
        people, links = suspects.people(spec, columns, existing, decided)
    pairs = (*bodies, *people)
    planned = _Planner(spec, columns, gathered, existing, choices, _samples(read, gathered, existing), links).rows()
    unsaid = _unsaid(spec, planned, columns, gathered)
    filled = frozenset(name for name in unsaid if decided.fills(name))
    rows = [_filled(spec, row, {name: unsaid[name] for name in filled}) for row in planned] if filled else planned
    unknown = dict.fromkeys(use.header for _table, found in read for use in found if _is_unread(use))
    values = _values_seen(spec, columns, gathered, existing)
    return ImportPlan(
        spec.name,
        book.file_name,
        read[0][0].headers if read else (),
        tuple(rows),
        tuple(unknown),
        (*said_of_all, *_notes(seen, read, columns, gathered, rows)),
        seen,
        _columns_seen(read),
        values,
        pairs,
        choices,
        memory,
        _to_remember(read, decided, values, pairs) if choices.uses_memory else {},
        _aliases(columns, pairs),
        unsaid,
        filled,
    )


# --- what is remembered of earlier lists ------------------------------------------------------------------------------


def fingerprint(table: Table) -> str:
    """What lists of the same columns have in common, whatever their order and units: a digest of 64 characters."""
    names = sorted({_plainest(header) for header in table.headers if header})
    return hashlib.sha256(
        "\n".join(name for name in names if name not in IGNORED).encode(errors="surrogatepass")
    ).hexdigest()


def _plainest(header: str) -> str:
    """A header without its unit; one of several lines, or of marks alone, as it is."""
    known = () if "\n" in header else forms(header)
    return known[-1] if known else normal(header)


def _memory_of(read: Sequence[Read], existing: Existing, choices: Choices) -> Memory | None:
    if not choices.uses_memory:
        return None
    found = (_of_like(existing, table) for table, _uses in read)
    return next((memory for memory in found if memory is not None), None)


def _of_like(existing: Existing, table: Table) -> Memory | None:
    """What is remembered of lists of these columns; of rows to correct, of the list they are of."""
    own = existing.memory.get(fingerprint(table))
    if own is not None or normal(table.headers[0] if table.headers else "") not in _problems_said():
        return own
    told = [(memory, _headers_told(memory.choices)) for memory in existing.memory.values()]
    like = [memory for memory, keys in told if keys and keys <= table.names]
    newest = max(like, key=lambda memory: memory.at, default=None)
    if newest is None:
        return None
    kept = {key: names for key, names in newest.choices.columns.items() if not key.isupper()}
    return replace(newest, choices=replace(newest.choices, columns=kept))


def _headers_told(choices: Choices) -> set[str]:
    """The headers of the columns decided on, without the letters of those that have none: they are elsewhere here."""
    keys = (key.partition("#")[0] for key in choices.columns if key not in (SHEET_NAME, SECTION))
    return {key for key in keys if not key.isupper()}


def _problems_said() -> frozenset[str]:
    return frozenset(map(normal, in_every_language(PROBLEM)))


def _to_remember(
    read: Sequence[Read], choices: Choices, values: Sequence[ValueSeen], pairs: Sequence[Suspect]
) -> dict[str, dict[str, Any]]:
    """What the columns of each table were given, and what no alias keeps: values left empty, names that are new."""
    decided: dict[str, dict[str, str]] = {}
    for value in values:
        if value.target not in (None, NEW):
            decided.setdefault(value.field, {})[value.value] = value.target or ""
    same = {pair.file: "" for pair in pairs if pair.choice is False}
    filled = {**(choices.remembered.filled if choices.remembered else {}), **choices.filled}
    found = {}
    for table, table_uses in read:
        columns = {u.key: [f.name for f in u.fields] for u in table_uses if u.how not in (How.NAME, How.NONE)}
        units = {u.key: u.unit for u in table_uses if u.unit_from == "given" and u.unit}
        if columns or units or decided or same or filled:
            mapping = Choices(values=decided, same=same, filled=filled).mapping()
            header = {table.sheet: {"used": None, "header": list(choices.header)}} if choices.header else {}
            found[fingerprint(table)] = {**mapping, "sheets": header, "columns": columns, "units": units}
    return found


# --- what the list says nothing of ---


def _unsaid(
    spec: RecordSpec, rows: Sequence[PlanRow], columns: Sequence[Column], gathered: Gathered
) -> dict[str, frozenset[Place]]:
    """Field → the new rows without it, where what they get by themselves matters; a value not understood is none."""
    found = {}
    new = {row.place: row for row in rows if row.outcome is Outcome.NEW}
    for own in (one for one in spec.writable if one.unsaid is not None):
        column = next((one for one in columns if one.field.name == own.name), None)
        unknown = [n for value in column.unknown.values() for n in value.rows] if column else []
        refused = {gathered.places[n][:2] for n in unknown}
        refused |= {place for place, row in new.items() if own.name in row.refused_fields}
        there = {place for place, row in new.items() if row.values.get(own.name) is None} - refused
        if there:
            found[own.name] = frozenset(there)
    return found


def _filled(spec: RecordSpec, row: PlanRow, unsaid: Mapping[str, frozenset[Place]]) -> PlanRow:
    given = {
        name: own.unsaid.value
        for name, places in unsaid.items()
        if row.place in places and (own := spec.field(name)).unsaid is not None
    }
    return replace(row, values={**row.values, **given}) if given else row


# --- sheets -----------------------------------------------------------------------------------------------------------


def _sheets(
    spec: RecordSpec, book: Book, existing: Existing, choices: Choices
) -> tuple[tuple[SheetSeen, ...], list[Read]]:
    """Every sheet as it is seen, and the tables that are read."""
    if not choices.sheets.keys() & {grid.sheet for grid in book.grids}:  # those of another file
        choices = replace(choices, sheets={})
    found: list[tuple[Grid, Table | None, list[Use]]] = []
    many = len(book.grids) > 1
    for grid in book.grids:
        chosen = _choice_of(choices, grid.sheet)
        table = find_table(
            grid,
            spec,
            chosen.header or choices.header,
            keeps_hidden=choices.keeps_hidden,
            keeps_totals=choices.keeps_totals,
        )
        memory = _of_like(existing, table) if table is not None and choices.uses_memory else None
        mine = replace(choices, remembered=memory.choices) if memory else choices
        own = uses(spec, table, mine, existing, many) if table else []
        is_told = NO_HEADER in (chosen.header, choices.header)
        if table is not None and table.header is None and not is_told and not _names_records(spec, own):
            table, own = None, []  # texts without a header of which nothing says whom they name
        found.append((grid, table, own))
    found = _agreed(found)
    named = [_names_records(spec, found_uses) and not is_guide(grid.sheet) for grid, _table, found_uses in found]
    lists = [is_named and bool(table and table.rows) for is_named, (_g, table, _u) in zip(named, found, strict=True)]
    shown = [is_list and not grid.is_hidden for is_list, (grid, _t, _u) in zip(lists, found, strict=True)]
    fallback = None
    if not any(shown):
        tables = [n for n, (grid, table, _u) in enumerate(found) if table and not grid.is_hidden]
        fallback = max(tables, key=lambda n: (named[n], -n), default=None)
    seen, read = [], []
    for number, (grid, table, found_uses) in enumerate(found):
        wanted = _choice_of(choices, grid.sheet).used
        is_used = shown[number] or number == fallback or (choices.all_sheets and table is not None)
        is_used = table is not None and (is_used if wanted is None else wanted)
        seen.append(_seen(grid, table, found_uses, is_used, lists[number], spec))
        if is_used and table is not None:
            read.append((table, found_uses))
    if not read and not choices.sheets:
        raise _no_list(spec, book)
    return tuple(seen), _only_needed(read)


def _agreed(found: list[tuple[Grid, Table | None, list[Use]]]) -> list[tuple[Grid, Table | None, list[Use]]]:
    """Sheets of the same columns are read in one way: what the contents of one tell holds for the others."""
    guessed: dict[tuple[str, str], Use] = {}
    for _grid, table, table_uses in found:
        for use in table_uses if table else ():
            if use.how is How.GUESS and table is not None:
                guessed.setdefault((fingerprint(table), use.key), use)

    def agreed(table: Table, own: list[Use]) -> list[Use]:
        taken = {f.name for use in own if use.column >= 0 for f in use.fields}
        result = []
        for use in own:
            like = guessed.get((fingerprint(table), use.key))
            names = {f.name for f in like.fields if not f.is_joined} if like else set()
            if use.how is How.NONE and like is not None and not names & taken:
                use = replace(use, fields=like.fields, how=like.how, why=like.why)  # noqa: PLW2901
                taken |= names
            elif use.column < 0 and use.how is How.GUESS and names & taken:
                use = replace(use, fields=(), how=How.NONE, why="")  # noqa: PLW2901
            result.append(use)
        return result

    return [(grid, table, agreed(table, own) if table else own) for grid, table, own in found]


def _only_needed(read: list[Read]) -> list[Read]:
    """The name of a single sheet says nothing about its rows."""
    return [(table, [use for use in found if use.column != -1]) for table, found in read] if len(read) == 1 else read


def _choice_of(choices: Choices, sheet: str) -> SheetChoice:
    return choices.sheets.get(sheet, choices.sheets.get(ANY_SHEET, SheetChoice()))


def _names_records(spec: RecordSpec, found: Sequence[Use]) -> bool:
    """Whether a column names records of this kind: what they are called by, else two of what tells them apart."""
    given = {f.name for use in found if use.unit is not None for f in use.fields}
    naming = naming_fields(spec)
    is_named = spec.natural in given if spec.natural in naming else len(given & naming) >= min(2, len(naming))
    return is_named or any(all(name in given for name in one) for one in spec.key)


def _seen(
    grid: Grid, table: Table | None, found: Sequence[Use], is_used: bool, is_list: bool, spec: RecordSpec
) -> SheetSeen:
    preview = tuple((number, tuple(cells)) for number, cells in grid.rows[: PREVIEW + 12])
    why = grid.refused
    if not why and not grid.rows:
        why = _("空的")
    elif not why and not is_used and is_guide(grid.sheet):
        why = _("是填写说明")
    elif not why and not is_list:
        named = _("、").join(sorted(spec.field(name).title for name in naming_fields(spec)))
        why = _("不像名单：没有“{column}”列").format(column=named) if not is_used else ""
    if not why and grid.is_hidden:
        why = _("工作表已隐藏")
    if table is None:
        return SheetSeen(grid.sheet, 0, False, why, grid.is_hidden, preview=preview)
    return SheetSeen(
        grid.sheet, len(table.rows), is_used, why, grid.is_hidden, table.header, table.hidden_rows,
        table.hidden_columns, table.left_out, preview, _headers(table, found), table.is_turned,
    )  # fmt: skip


def _headers(table: Table, found: Sequence[Use]) -> tuple[str, ...]:
    """The headers of a correction file: a unit above the table or in a number format goes with its column."""
    outside = {use.column: use.unit for use in found if use.unit_from in ("above", "format")}
    titles = {use.column: use.fields[0].title for use in found if use.is_read and not table.headers[use.column]}
    own = [f"{h}（{outside[n]}）" if outside.get(n) else h or titles.get(n, "") for n, h in enumerate(table.headers)]
    beside = [use.fields[0] for use in found if use.column < 0 and use.is_read]
    return (*own, *(_("日期") if field.until else field.title for field in beside))


def _no_list(spec: RecordSpec, book: Book) -> UserError:
    refused = next((grid.refused for grid in book.grids if grid.refused), "")
    if refused:
        return UserError(refused, "E-FILE-SHEET")
    if not any(grid.rows for grid in book.grids):
        return UserError(_("表格里没有内容。没有导入任何内容。核对选的是不是这个文件。"), "E-FILE-EMPTY")
    if book.is_mistaken:
        return input_limits.not_a_workbook()
    known = _("、").join(f.title for f in spec.writable[:6])
    return UserError(
        _("文件里没有像“{title}”的表。没有导入任何内容。表头应有：{known} 等；也可以指定表头在第几行。").format(
            title=spec.label, known=known
        ),
        "E-FILE-HEADER",
    )


# --- what is said of the columns and values ---------------------------------------------------------------------------


def _is_unread(use: Use) -> bool:
    """A column nobody reads, and that is no mere number of the row."""
    is_known = use.shown is not None or use.how in (How.GIVEN, How.REMEMBERED)
    return use.column >= 0 and not use.is_read and not is_known and normal(use.header) not in IGNORED


def _columns_seen(read: Sequence[Read]) -> tuple[ColumnSeen, ...]:
    filled = [
        [len(column) - column.count("") for column in zip(*(c for _n, c in t.rows), strict=True)] for t, _u in read
    ]
    return tuple(
        ColumnSeen(
            table.sheet, use.column, use.key, use.header, tuple(f.name for f in use.fields), use.how, use.why,
            use.clash or (_foreign(use) if use.unit is None else ""), use.unit or "", use.unit_from,
            (counts[use.column] if counts else 0) if use.column >= 0 else len(table.rows),
        )
        for (table, found), counts in zip(read, filled, strict=True)
        for use in found
    )  # fmt: skip


def _foreign(use: Use) -> str:
    """A money column in a unit that is not understood (美元) must not be read as 万元."""
    return _("“{header}”的单位不认识，这一列没有读。").format(header=use.header)


def _values_seen(
    spec: RecordSpec, columns: Sequence[Column], gathered: Gathered, existing: Existing
) -> tuple[ValueSeen, ...]:
    named = next((c for c in columns if c.field.name in naming_fields(spec)), None)
    found = []
    for column in columns:
        if not column.unknown:
            continue
        offered = tuple(offered_for(column.field, existing))
        for value, one in column.unknown.items():
            first = one.rows[0] if one.rows else None
            where = _("第 {row} 行").format(row=gathered.places[first][1]) if first is not None else ""
            who = str(named.values[first] or "") if named is not None and first is not None else ""
            found.append(
                ValueSeen(
                    column.field.name, value, len(one.rows), one.target, one.near,
                    may_be_new(column.field, existing), offered, f"{where} {who}".strip(),
                    one.reason,
                )
            )  # fmt: skip
    return tuple(found)


def offered_for(own: Field, existing: Existing) -> list[str]:
    """The names that a value of this field may be taken for."""
    if own.ref:
        spelt = existing.spellings.get(own.ref)
        return list(dict.fromkeys(filter(None, spelt.values()))) if spelt else sorted(existing.names.get(own.ref, ()))
    return list(own.suggestions()) if own.suggestions else list(own.type.choices(own))


def _aliases(columns: Sequence[Column], pairs: Sequence[Suspect]) -> tuple[tuple[str, str, str], ...]:
    """Names that were taken for a record of ours: they are known from now on."""
    decided = [
        (column.field.ref, one.target, value)
        for column in columns
        if column.field.ref and by_name(column.field.ref).is_offered
        for value, one in column.unknown.items()
        if one.target not in (None, "", NEW)
    ]
    same = [("organisations", ours, name) for name, ours in suspects.final(pairs).items()]
    return tuple(dict.fromkeys((spec, name, alias) for spec, name, alias in [*decided, *same] if name))


def _notes(
    seen: Sequence[SheetSeen],
    read: Sequence[Read],
    columns: Sequence[Column],
    gathered: Gathered,
    rows: Sequence[PlanRow],
) -> list[str]:
    """What is to be known of the file as a whole."""
    notes: list[str] = []
    used = [sheet for sheet in seen if sheet.used]
    if len(seen) > 1:
        unused = [sheet for sheet in seen if not sheet.used]
        notes.append(
            _("读了 {n} 张表：{names}。").format(n=len(used), names=_("、").join(sheet.name for sheet in used))
        )
        notes += [
            _("“{name}”没有读：{why}。").format(name=sheet.name, why=sheet.why or _("没有选")) for sheet in unused
        ]
    for sheet in used:
        where = _("“{name}”").format(name=sheet.name) if len(used) > 1 else ""
        notes += _left_out_of(sheet, where)
    for table, found in read:
        notes += [note for note in table.notes if note not in notes]
        said = (use.clash or (_foreign(use) if use.unit is None else "") for use in found)
        notes += [note for note in dict.fromkeys(said) if note and note not in notes]
    notes += dict.fromkeys(_unit_note(use, amount) for use, amount in _without_unit(read, columns, gathered))
    notes += [note for column in columns if column.absent and (note := _absent_note(column, gathered, rows))]
    notes += [note for column in columns if (note := _made_note(column))]
    if read and not gathered.places:
        notes.append(_("表头下面没有内容。"))
    return notes


def _left_out_of(sheet: SheetSeen, where: str) -> list[str]:
    by_reason: dict[str, list[int]] = {}
    for row, why in sheet.left_out:
        by_reason.setdefault(why, []).append(row)
    notes = [
        _("{where}第 {rows} 行是{why}，没有当成记录。").format(where=where, rows=_listed(found), why=why)
        for why, found in by_reason.items()
    ]
    if sheet.hidden_rows:
        words = _("{where}隐藏的 {n} 行没有读：第 {rows} 行。")
        notes.append(words.format(where=where, n=len(sheet.hidden_rows), rows=_listed(sheet.hidden_rows)))
    if sheet.hidden_columns:
        words = _("{where}隐藏的 {n} 列没有读。")
        notes.append(words.format(where=where, n=len(sheet.hidden_columns)))
    return notes


def _listed(rows: Sequence[int]) -> str:
    return _("、").join(map(str, rows[:8])) + ("…" if len(rows) > 8 else "")


def _without_unit(read: Sequence[Read], columns: Sequence[Column], gathered: Gathered) -> list[tuple[Use, Any]]:
    """Money columns that say their unit nowhere, with the largest bare amount as it would be kept."""
    by_field = {column.field.name: column for column in columns}
    found = []
    for _table, table_uses in read:
        for use in table_uses:
            own = next((f for f in use.fields if f.type.units is not None), None)
            if own is None or not use.is_read or use.unit or use.unit_from:
                continue
            pairs = zip(by_field[own.name].values, gathered.columns[own.name], strict=True)
            values = [value for value, cell in pairs if value is not None and not _UNIT.search(str(cell))]
            if values:
                found.append((use, own.display(max(values, key=own.type.size))))
    return found


_UNIT = re.compile("[元万亿]")


def _unit_note(use: Use, amount: str) -> str:
    own = next(f for f in use.fields if f.type.units is not None)
    words = _("“{header}”没有写单位，按{unit}读，最大的一笔是 {amount} {unit}。")
    return words.format(header=use.header, unit=_(own.unit), amount=amount)


def _absent_note(column: Column, gathered: Gathered, rows: Sequence[PlanRow]) -> str:
    places = {gathered.places[index][:2] for index in column.absent}
    what, count = by_name(column.field.ref).label, sum(row.place in places and row.goes_in for row in rows)
    if not count:
        return ""
    return _(
        "“{header}”里的{what}本展会一个也没有：{n} 行照样导入，只是不写这一项。"
        "建好{what}后，把同一文件再导一次就会补上。"
    ).format(header=column.field.title, what=what, n=count)


def _made_note(column: Column) -> str:
    """Words and records that come in with the rows that say them."""
    made = [value for value, one in column.unknown.items() if one.target == NEW]
    if not made:
        return ""
    words = _("、").join(made[:20]) + (_("等") if len(made) > 20 else "")
    return _("“{header}”里有 {n} 个新的{what}，会一起新建：{words}。").format(
        header=column.field.title, n=len(made), what=by_name(column.field.ref).label, words=words
    )


def _samples(read: Sequence[Read], gathered: Gathered, existing: Existing) -> frozenset[int]:
    """Indexes of the rows that a real expo does not take: those that say they are generated."""
    if existing.facts is None or existing.facts.is_sample:
        return frozenset()
    found, first = set(), 0
    for table, table_uses in read:
        use = next((u for u in table_uses if u.shown is not None and u.shown.name == SAMPLE), None)
        if use is not None and use.shown is not None:
            found |= {first + n for n, (_r, cells) in enumerate(table.rows) if _is_yes(use.shown, cells[use.column])}
        first += len(table.rows)
    return frozenset(found)


def _is_yes(own: Field, cell: Any) -> bool:
    try:
        return own.parse(cell) is True
    except ValueError:
        return False


def _with_notes(row: PlanRow, notes: Mapping[str, str]) -> PlanRow:
    """What is left out of a row that goes in; of one that does not it is one problem more."""
    if row.outcome is Outcome.INVALID:
        return replace(row, problems={**notes, **row.problems})
    return replace(row, notes={**notes, **row.notes})


@dataclass
class _Index:
    """Records by each alternative of the key; `recurring`: keys that several rows of the file have."""

    tables: list[dict[Key, list[int]]]
    recurring: list[set[Key]]
    keys: list[Keys] = field(default_factory=list)
    times: list[Any] = field(default_factory=list)

    def add(self, keys: Keys, time: Any) -> None:
        at = len(self.keys)
        self.keys.append(keys)
        self.times.append(time)
        for table, key in zip(self.tables, keys, strict=True):
            if key is not None:
                table.setdefault(key, []).append(at)

    def add_spelling(self, keys: Keys, at: int) -> None:
        """Further keys of a record that is there."""
        for table, key in zip(self.tables, keys, strict=True):
            if key is not None and at not in table.setdefault(key, []):
                table[key].append(at)

    def find(self, keys: Keys, time: Any) -> list[int]:
        """The records that `keys` mean, by the first alternative that finds any; of several those of this time."""
        for position, (table, key) in enumerate(zip(self.tables, keys, strict=True)):
            if key is None or key not in table:
                continue
            found = [at for at in table[key] if not _contradicts(keys, self.keys[at], position)]
            if time is not None and (len(found) > 1 or key in self.recurring[position]):
                found = [at for at in found if self.times[at] == time]
            if found:
                return found
        return []


def _contradicts(one: Keys, other: Keys, before: int) -> bool:
    """Both complete in an alternative before this one and different there: different records."""
    return any(a is not None and b is not None and a != b for a, b in zip(one[:before], other[:before], strict=True))


def _all_keys(spec: RecordSpec, columns: Mapping[str, Sequence[Any]], count: int, zone: Any) -> list[Keys]:
    """The keys of `count` records given by columns; in the last alternative a missing part is a value of its own."""
    parts = {n: key_parts(spec, n, columns[n], zone) if n in columns else [None] * count for n in spec.key_names}
    found: list[list[Key | None]] = []
    for alternative in spec.key:
        keys = zip(*(parts[name] for name in alternative), strict=True)
        if alternative is spec.key[-1]:
            found.append([key if key[0] is not None else None for key in keys])
        else:
            found.append([key if None not in key else None for key in keys])
    return list(zip(*found, strict=True))


class _Planner:
    """The plan of one file: the columns read, what exists, what the rows so far would make."""

    def __init__(
        self,
        spec: RecordSpec,
        columns: Sequence[Column],
        gathered: Gathered,
        existing: Existing,
        choices: Choices,
        samples: frozenset[int],
        links: Mapping[int, int],
    ) -> None:
        self.spec, self.columns, self.existing, self.samples = spec, columns, existing, samples
        self.gathered, self.choices, self.links = gathered, choices, links
        self.names = [column.field.name for column in columns]
        self.unsaid = [column for column in columns if column.unsaid]
        self.headers: Mapping[str, str] = {}
        self.blank = dict.fromkeys(f.name for f in spec.writable)
        self.required = [f for f in spec.writable if f.required and f.default is None]
        self.parents = self._parents()
        self.compare = {column.field.name: comparer(spec, column.field) for column in columns}
        self.recurring: list[set[Key]] = [set() for _alternative in spec.key]
        self.there = self._index()
        there = {n: [v.get(n) for _id, v in existing.rows] for n in spec.key_names}
        for keys, (_id, values) in zip(
            _all_keys(spec, there, len(existing.rows), existing.zone), existing.rows, strict=True
        ):
            self.there.add(keys, values.get(spec.recurs_at))
        self.naming = next((n for n in spec.key_names if n.rpartition(".")[2] == "name"), "")
        for at, (record_id, values) in enumerate(existing.rows if existing.other_names else ()):
            for spelling in existing.other_names.get(record_id, ()):
                given = {n: [spelling if n == self.naming else values.get(n)] for n in spec.key_names}
                self.there.add_spelling(_all_keys(spec, given, 1, existing.zone)[0], at)
        self.seen = self._index()
        self.seen_rows: list[str] = []
        self.taken: dict[int, str] = {}
        self.several = len({place[0] for place in gathered.places}) > 1

    def _index(self) -> _Index:
        return _Index([{} for _alternative in self.spec.key], self.recurring)

    def _parents(self) -> list[tuple[str, tuple[str, ...]]]:
        """Naming field → the other fields of each parent that may be left out: they are nothing without it."""
        found = []
        for name, parent in (self.spec.parents or {}).items():
            naming = f"{name}.{by_name(parent.spec).natural}"
            others = tuple(n for n in self.names if n.startswith(f"{name}.") and n != naming)
            if others and not any(f.name == naming for f in self.required):
                found.append((naming, others))
        return found

    def rows(self) -> list[PlanRow]:
        """A PlanRow for every row that gives anything."""
        problems: dict[int, dict[str, str]] = {}
        notes: dict[int, dict[str, str]] = {}
        refused: dict[int, set[str]] = {}
        for column in self.columns:
            name = column.field.name
            for reasons, said in ((column.problems, problems), (column.notes, notes)):
                for index, reason in reasons.items():
                    if index not in column.absent:
                        said.setdefault(index, {})[self._header(index, name)] = reason
            for index in column.refused:
                refused.setdefault(index, set()).add(name)
        count = len(self.gathered.places)
        given_columns = {column.field.name: column.values for column in self.columns}
        keys = _all_keys(self.spec, given_columns, count, self.existing.zone)
        if self.spec.recurs_at:
            for alternative, recurring in zip(zip(*keys, strict=True), self.recurring, strict=False):
                recurring.update(key for key, n in Counter(alternative).items() if key is not None and n > 1)
        found = []
        for index, given in enumerate(zip(*(column.values for column in self.columns), strict=True)):
            values = {name: value for name, value in zip(self.names, given, strict=True) if value is not None}
            wrong, noted = problems.get(index, {}), notes.get(index, {})
            if values or wrong or noted:
                row = self._row(index, keys[index], values, wrong, frozenset(refused.get(index, ())))
                found.append(_with_notes(row, noted) if noted else row)
        return found

    def _header(self, index: int, name: str) -> str:
        """What the column of a field is called in the table of this row."""
        headers = self.gathered.headers[self.gathered.places[index][3]]
        return headers.get(name) or self.spec.field(name).title

    def _where(self, index: int) -> str:
        sheet, row = self.gathered.places[index][:2]
        return f"{sheet} {row}" if self.several else str(row)

    def _row(
        self, index: int, keys: Keys, values: dict[str, Any], wrong: dict[str, str], refused: frozenset[str]
    ) -> PlanRow:
        sheet, number, raw, table = self.gathered.places[index]
        self.headers = self.gathered.headers[table]
        time = values.get(self.spec.recurs_at)
        matches = [self.links[index]] if index in self.links else self.there.find(keys, time)
        if len(matches) > 1:
            wrong[WHOLE_ROW] = self._ambiguous(len(matches), keys, values)
        at = matches[0] if len(matches) == 1 else None
        record, old = self.existing.rows[at] if at is not None else (None, None)
        if record is not None and old is not None and self._goes_by(values.get(self.naming), record):
            values = {**values, self.naming: old[self.naming]}
        if not matches:
            self._check_new(values, wrong)
        for column in self.unsaid if matches else ():
            if index in column.unsaid:  # what is usual of a new record is nothing to hold against a known one
                values.pop(column.field.name)
        noted = self._drop_loose(values, old or {}, wrong)
        changes = self._changes(values, old) if old is not None and not wrong else {}
        kept = self._kept(sheet, number, values, changes)
        if index in self.samples and (old is None or changes):
            wrong[self.spec.field(SAMPLE).title] = _("这一行是示例数据，正式展会不收。")
        if (old is None or changes) and not wrong:
            self._check_whole(values, old, changes, wrong)
        if not wrong:
            self._check_repeated(index, keys, time, at, wrong)
        record_id = self._id(at)
        if wrong:
            return PlanRow(
                number, Outcome.INVALID, values, record_id, problems=wrong, raw=raw, sheet=sheet, refused_fields=refused
            )
        if old is None or changes:
            noted = {**self._worth_knowing(values, old or {}), **noted}
        companions = self._companions(index, values)
        there = Outcome.CHANGED if changes or companions else Outcome.SAME
        outcome = Outcome.NEW if old is None else there
        if kept:
            noted = {**noted, **self._kept_notes(kept)}
        if companions:
            names = _("、").join(one["name"] for one in companions)
            noted = {**noted, _("人员"): _("还有{names}，记在人员名录里。").format(names=names)}
        return PlanRow(
            number, outcome, values, record_id, changes, raw=raw, notes=noted, sheet=sheet, kept=kept,
            companions=companions, refused_fields=refused,
        )  # fmt: skip

    def _kept(
        self, sheet: str, number: int, values: dict[str, Any], changes: dict[str, tuple[Any, Any]]
    ) -> dict[str, tuple[Any, Any]]:
        """Filled fields that stay as they are: taken out of the changes."""
        kept = {}
        for name, (old, new) in list(changes.items()):
            is_turned = (sheet, number, name) in self.choices.updated
            stays = self.spec.is_handed_on(name) or self.choices.update is is_turned
            if old not in (None, "", []) and stays:
                kept[name] = (old, new)
                del changes[name]
                values[name] = old
        return kept

    def _kept_notes(self, kept: Mapping[str, tuple[Any, Any]]) -> dict[str, str]:
        said = self.spec.said_changes(kept, self.existing.zone)
        return {
            title: _("库里是“{old}”，文件里是“{new}”，没有改。").format(old=old, new=new)
            for title, (old, new) in said.items()
        }

    def _companions(self, index: int, values: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
        """Further people of the row, as they would be written beside the first."""
        found = []
        for name, number in self.gathered.also.get(index, ()):
            one = {"name": name}
            if number:
                phone = by_name("people").field("phone")
                try:
                    one["phone"] = phone.parse(number)
                except ValueError:
                    continue
            found.append(one)
        return tuple(found)

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

    def _worth_knowing(self, values: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, str]:
        if self.existing.facts is None or self.spec.file_remarks is None:
            return {}
        found = self.spec.file_remarks(values, old, self.existing.facts)
        return {self.headers.get(name) or self.spec.field(name).title: words for name, words in found.items()}

    def _id(self, at: int | None) -> uuid.UUID | None:
        return self.existing.rows[at][0] if at is not None else None

    def _ambiguous(self, count: int, keys: Keys, values: Mapping[str, Any]) -> str:
        """Several records fit: say which column would tell them apart."""
        missing = [
            self.spec.field(name).title
            for alternative, key in zip(self.spec.key, keys, strict=True)
            for name in alternative
            if key is None and name not in self.spec.key[-1] and name not in values
        ]
        if missing:
            return _("有 {n} 条记录都符合，补上{columns}才能辨认。").format(
                n=count, columns=_("、").join(dict.fromkeys(missing))
            )
        return _("有 {n} 条记录都符合，无法辨认是哪一条。").format(n=count)

    def _check_new(self, values: Mapping[str, Any], wrong: dict[str, str]) -> None:
        for needed in self.required:
            header = self.headers.get(needed.name)
            if needed.name in values:
                continue
            if header is None:
                wrong.setdefault(needed.header, _("新记录必填，文件里没有这一列。"))
            else:
                wrong.setdefault(header, _("不能为空。"))

    def _drop_loose(self, values: dict[str, Any], old: Mapping[str, Any], wrong: Mapping[str, str]) -> dict[str, str]:
        """A phone number without the name of whom it belongs to has no place: the row goes in without it."""
        noted = {}
        for naming, others in self.parents:
            if values.get(naming) or old.get(naming) or self.headers.get(naming) in wrong:
                continue
            for name in others:
                if values.pop(name, None) is not None:
                    label = self.spec.field(naming).title
                    said = _("缺“{label}”，这一项无处保存。").format(label=label)
                    noted[self.headers.get(name) or self.spec.field(name).title] = said
        return noted

    def _check_repeated(self, index: int, keys: Keys, time: Any, at: int | None, wrong: dict[str, str]) -> None:
        """The same record twice in one file: the second is refused."""
        repeated = self.seen.find(keys, time)
        first = self.seen_rows[repeated[0]] if repeated else self.taken.get(at) if at is not None else None
        if first is not None:
            shared = self._shared(keys, self.seen.keys[repeated[0]]) if repeated else ""
            words = _("与第 {row} 行的{shared}相同，其他内容不同：改正{shared}，或只留一行。")
            words = words if shared else _("与第 {row} 行重复，只留一行。")
            if number := self._number_lacking(keys, self.seen.keys[repeated[0]]) if repeated else "":
                words = _("与第 {row} 行相同，都没有写{number}：是两条就都补上{number}，是一条就只留一行。")
            wrong[WHOLE_ROW] = words.format(row=first, shared=shared, number=number)
            return
        self.seen.add(keys, time)
        self.seen_rows.append(self._where(index))
        if at is not None:
            self.taken[at] = self._where(index)

    def _number_lacking(self, one: Keys, other: Keys) -> str:
        """The number that would tell two rows apart and that neither says: 券号; "" where there is none such."""
        name, *more = self.spec.key[0]
        is_number = not more and name == self.spec.natural and not self.spec.field(name).required
        return self.spec.field(name).title if is_number and one[0] is None and other[0] is None else ""

    def _shared(self, one: Keys, other: Keys) -> str:
        """What makes two rows the same record though a later alternative of the key tells them apart: 编号; else ""."""
        place = next(n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a is not None and a == b)
        later = range(place + 1, len(one))
        apart = [n for n in later if one[n] is not None and other[n] is not None and one[n] != other[n]]
        told = {name for n in apart for name in self.spec.key[n]}
        own = [name for name in self.spec.key[place] if name not in told] if apart else []
        return _("、").join(self.spec.field(name).title for name in own)

    def _goes_by(self, name: Any, record: uuid.UUID) -> bool:
        """Whether this is another spelling by which the person of a record is known."""
        known = self.existing.other_names.get(record, ())
        same = self.spec.field(self.naming).alike if known else None
        return bool(name and same and same(name) in map(same, known))

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
