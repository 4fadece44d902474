"""The cells of a file by the field they go to: split, joined, one after the other over all its tables."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from expo_app.exchange import prices, scaled_numbers
from expo_app.exchange.columns import NOTHING
from expo_app.exchange.headers import normal
from expo_app.exchange.labelled_cells import part_labelled
from expo_app.exchange.mapping import BODY, MONEY_WORD, PHONE_AND_NAME, Use, beside, cells_of, phone_beside
from expo_app.exchange.ranges import take_ranges, with_unit
from expo_app.exchange.tables import Table, naming_fields
from expo_app.i18n import _
from expo_app.rules import amounts, currencies, phones, regions
from expo_app.specs import Existing, Field, FieldType, RecordSpec
from expo_app.specs.choices import Choices
from expo_app.specs.field_types import as_text
from expo_app.specs.records import Sides

Cells = Mapping[str, Sequence[Any]]
_HOME = re.compile(r"人民币|rmb|cny|[¥￥]|[（）()]", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_BARE = re.compile(r"[-\N{MINUS SIGN}]?[\d,.\s]+")
_YUAN = "元"
_ROUGH = re.compile(r"[^0-9０-９]*[0-9０-９][0-9０-９,，.]*\s*(?:余|多|左右|上下|以上|[+＋])*")
"""约 12, 50 余: a number that is meant roughly, without a unit."""
_SAME = frozenset({"同左", "同上", "同前", "无", "—", "-", "/", "〃"})
_SHORTENED = re.compile(r"\s*(\D+?)[\s:：/／,，]*(\d(?:\.\d+)?[eE]\+?\d{1,2})\s*")
"""何平 1.38E+10: a number that lost its digits behind a name."""
_SEVERAL = re.compile(r"[\n、,，;；/／]|\s{2,}|[（(]|\d(?:[\s-]*\d){6}")
"""What a cell has that names several people or a number: as many digits as the shortest number."""


SMALLEST_BOOTH = 4
"""Square metres below which no booth is let."""
LONGEST_ALONE = 14
"""Characters up to which a cell cannot hold two numbers of seven figures."""


@dataclass
class Gathered:
    """`columns`: field → a cell for every row. `places`: (sheet, row number, raw cells, its table) of every row.

    `problems`: field → row index → why nothing can be said of it; `also`: row index → further (name, number) of a cell
    that names several people.
    """

    columns: dict[str, list[Any]]
    places: list[tuple[str, int, tuple[Any, ...], int]]
    headers: list[dict[str, str]]
    """Of each table: field → the header of its column."""
    problems: dict[str, dict[int, str]] = field(default_factory=dict)
    also: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    notes: dict[str, dict[int, str]] = field(default_factory=dict)
    """Field → row index → what was left out of a cell."""

    def refuse(self, name: str, index: int, reason: str) -> None:
        """Say that a cell cannot be read."""
        self.problems.setdefault(name, {})[index] = reason
        self.columns[name][index] = None


def gather(
    spec: RecordSpec, tables: Sequence[tuple[Table, Sequence[Use]]], choices: Choices, existing: Existing
) -> Gathered:
    """The cells of all tables, a list per field that some column goes to."""
    fields = {f.name: f for _table, uses in tables for use in uses if use.is_read for f in use.fields}
    found = Gathered({name: [] for name in fields}, [], [])
    for number, (table, uses) in enumerate(tables):
        _add_table(spec, found, number, table, [use for use in uses if use.is_read], fields, existing)
    _take_abroad(spec, found, fields)
    _say_country(found, fields)
    take_ranges(found.columns, fields)
    prices.take_prices(found.columns, fields, [found.headers[number] for *_place, number in found.places])
    _name_in_english(spec, found)
    part_labelled(spec, found)
    if spec.natural != "title":  # there it is what a thing is called, not somebody's post
        _part_titles(found, fields)
        _part_bodies(found, fields)
    _part_people(spec, found, fields)
    _correct(found, choices)  # one field of a cell that fills two
    return _one_row_each(spec, _one_row_per_number(spec, found, existing))


def _add_table(
    spec: RecordSpec,
    found: Gathered,
    number: int,
    table: Table,
    uses: Sequence[Use],
    fields: Mapping[str, Field],
    existing: Existing,
) -> None:
    first, count = len(found.places), len(table.rows)
    beside = [cells_of(table, use.column) for use in uses if use.column < 0]
    found.places += [
        (table.sheet, row, (*cells, *(more[n] for more in beside)), number) for n, (row, cells) in enumerate(table.rows)
    ]
    found.headers.append({f.name: use.header for use in reversed(uses) for f in use.fields})
    _add_second_people(found, first, table, [use for use in uses if use.is_second])
    uses = [use for use in uses if not use.is_second]
    given: dict[str, list[tuple[Use, Sequence[Any]]]] = {}
    own_cells = _priced(found, first, table, uses)
    for use in uses:
        cells = own_cells[use.column]
        if use.told_by is not None:
            cells = _in_said_money(cells, cells_of(table, use.told_by), use)
        for own in use.fields:
            given.setdefault(own.name, []).append((use, _with_unit(own, use.unit or "", cells)))
            if own.type.units is not None and use.unit not in (None, "", _YUAN):
                _say_yuan(found, own, first, use.unit, cells)
    columns: dict[str, list[Any]] = {}
    for name in fields:
        columns[name] = list(given[name][0][1]) if len(given.get(name, ())) == 1 else [None] * count
    for start in (f for f in fields.values() if f.until):
        _span(found, first, start, spec.field(start.until), given, columns, existing)
    for name, parts in given.items():
        own = fields[name]
        lasts = own.until or any(f.until == name for f in fields.values())
        if len(parts) > 1 and not lasts and not any(use.side for use, _cells in parts):
            columns[name] = _joined(found, first, own, parts, existing)
    if spec.sides is not None and any(use.side for use in uses):
        by_key = {use.key: cells for parts in given.values() for use, cells in parts}
        _take_sides(spec, found, first, spec.sides, uses, columns, by_key)
    for name, cells in columns.items():
        found.columns[name] += cells


def _priced(found: Gathered, first: int, table: Table, uses: Sequence[Use]) -> dict[int, list[Any]]:
    """The cells of each column, those of prices with the unit that the column of what they are for says."""
    cells = {use.column: [None if cell == "" else cell for cell in cells_of(table, use.column)] for use in uses}
    of = {use.fields[0].name: use.column for use in uses if len(use.fields) == 1}
    for own in [one for use in uses for one in use.fields if one.per in of and one.name in of]:
        price, what = of[own.name], of[own.per]
        cells[price], cells[what], wrong = prices.by_said_units(cells[price], cells[what])
        found.problems.setdefault(own.name, {}).update({first + index: words for index, words in wrong.items()})
    return cells


def _say_yuan(found: Gathered, own: Field, first: int, unit: str, cells: Sequence[Any]) -> None:
    """￥860 below a header in 万元 are yuan, and that they are is said."""
    for index, cell in enumerate(cells, first):
        if isinstance(cell, str) and amounts.is_bare(cell) and currencies.told(cell) == currencies.HOME:
            words = _("表头写的是{unit}，“{text}”带货币符号、没有写单位，按元读。")
            found.notes.setdefault(own.name, {})[index] = words.format(unit=unit, text=cell.strip())


def _say_country(found: Gathered, fields: Mapping[str, Field]) -> None:
    """泰国曼谷 is read as the country alone, and that it is is said."""
    for own in [one for one in fields.values() if one.check is regions.parse_region]:
        for index, cell in enumerate(found.columns[own.name]):
            code = regions.find_region(cell) if isinstance(cell, str) else None
            if code and regions.is_country(code) and not regions.find_country(cell):
                words = _("“{text}”按{country}读：地区只记国家，城市写在地址里。")
                said = words.format(text=cell.strip()[:40], country=regions.region_name(code))
                found.notes.setdefault(own.name, {})[index] = said


def _take_abroad(spec: RecordSpec, found: Gathered, fields: Mapping[str, Field]) -> None:
    """An amount in another currency (120万美元) goes to the fields for that, unless they say it themselves."""
    for own in [one for one in fields.values() if one.abroad]:
        for index, cell in enumerate(found.columns[own.name]):
            try:
                said = amounts.parse_foreign(cell) if isinstance(cell, str) else None
            except ValueError:
                continue  # said of the cell when it is read
            if said is None:
                continue
            if amounts.is_bare(cell):
                words = _("“{text}”按 {n} 万{currency}读。")
                read = words.format(
                    text=cell, n=amounts.format_wan(said[1]), currency=_(currencies.CURRENCIES[said[0]][0])
                )
                found.notes.setdefault(own.name, {})[index] = read
            for name, value in zip(own.abroad or (), (said[0], said[1]), strict=True):
                column = found.columns.setdefault(name, [None] * len(found.places))
                column[index] = value if column[index] is None or name == (own.abroad or ("",))[0] else column[index]
            found.columns[own.name][index] = None


def _add_second_people(found: Gathered, first: int, table: Table, uses: Sequence[Use]) -> None:
    """Further people who have columns of their own, each a name and, behind it, a phone."""
    last: Sequence[Any] | None = None
    for use in uses:
        cells = cells_of(table, use.column)
        if use.fields[0].name.rpartition(".")[2] == "name":
            last = cells
            for index, cell in enumerate(cells):
                if isinstance(cell, str) and cell.strip() and cell.strip() not in _SAME:
                    found.also.setdefault(first + index, []).append((cell.strip(), ""))
        elif use.fields[0].mask == "phone" and last is not None:
            for index, cell in enumerate(cells):
                people = found.also.get(first + index)
                if cell != "" and last[index] != "" and people and people[-1][0] == str(last[index]).strip():
                    people[-1] = (people[-1][0], as_text(cell))


def _with_unit(own: Field, unit: str, cells: list[Any]) -> list[Any]:
    """Bare numbers of a column with the unit that they are in behind them."""
    if not unit:
        return cells
    if own.type is FieldType.NUMBER:
        return scaled_numbers.with_unit(cells, unit)
    if own.type.units is None and own.type is not FieldType.REPORTED:
        return cells

    def said(cell: Any) -> Any:
        if cell is None or isinstance(cell, bool | datetime):
            return cell
        text = f"{cell:.15g}" if isinstance(cell, float) else as_text(cell)
        if own.up_to:
            text = with_unit(text, unit)
        if own.per:
            text = prices.with_unit(text, unit)
        bare = _ROUGH if own.type in (FieldType.REPORTED, FieldType.REPORTED_MONEY) else _BARE
        is_said = amounts.is_bare(text) or not bare.fullmatch(text)  # a sign of money is the unit
        return (text if own.up_to or own.per else cell) if is_said else f"{text.strip()}{unit}"

    table = {cell: said(cell) for cell in set(cells)}
    return [table[cell] for cell in cells]


def _in_said_money(cells: list[Any], said: Sequence[Any], use: Use) -> list[Any]:
    """Amounts with what the column beside them says; no amount is read of a text with a foreign currency."""
    usual = next((f.unit for f in use.fields if f.type.units is not None), "")

    def one(cell: Any, word: Any) -> Any:
        own = _HOME.sub("", unicodedata.normalize("NFKC", as_text(word))).strip()
        if cell is None or isinstance(cell, bool | datetime) or not own:
            return cell
        text = f"{cell:.15g}" if isinstance(cell, float) else as_text(cell).strip()
        is_bare, is_foreign = _BARE.fullmatch(text) is not None, MONEY_WORD.fullmatch(own) is None
        if is_foreign and is_bare:  # in the unit of its column, as amounts in yuan are
            return f"{text}{(use.unit or usual).removesuffix('元')}{own}"
        if is_foreign or (is_bare and not use.unit_from):
            return f"{text}{own}"
        return cell

    return [one(cell, word) for cell, word in zip(cells, said, strict=True)]


def _joined(
    found: Gathered, first: int, own: Field, parts: Sequence[tuple[Use, Sequence[Any]]], existing: Existing
) -> list[Any]:
    """One value of the cells of several columns."""
    days = existing.facts.days if existing.facts else None
    result: list[Any] = []
    parts = sorted(parts, key=lambda part: normal(part[0].header) != "姓")
    for index, cells in enumerate(zip(*(cells for _use, cells in parts), strict=True)):
        filled = [cell for cell in cells if cell is not None and as_text(cell) not in NOTHING]
        if len(filled) < 2 or own.type.join is None:
            result.append(filled[0] if filled else None)
            continue
        try:
            result.append(own.type.join(filled, existing.zone, own, days, None))
        except ValueError as problem:
            found.problems.setdefault(own.name, {})[first + index] = str(problem)
            result.append(None)
    return result


def _span(
    found: Gathered,
    first: int,
    start: Field,
    end: Field,
    given: Mapping[str, Sequence[tuple[Use, Sequence[Any]]]],
    columns: dict[str, list[Any]],
    existing: Existing,
) -> None:
    """Start and end of what lasts: a span in one cell gives both, a day beside times is that of both."""
    starts, ends = given.get(start.name, ()), given.get(end.name, ())
    if not starts and not ends:
        return
    shared = {use.key for use, _cells in starts} & {use.key for use, _cells in ends}
    own_ends = [use for use, _cells in ends if use.key not in shared]
    days = existing.facts.days if existing.facts else None
    count = len((starts or ends)[0][1])
    columns.setdefault(start.name, [None] * count)
    columns.setdefault(end.name, [None] * count)
    found.columns.setdefault(end.name, [None] * first)
    for index in range(count):
        of_start, of_end, spanned = _parts(start, index, starts, ends, shared, bool(own_ends))
        of_end = of_end if any(c is not None for c in of_end) else spanned
        at = _moment(found, first + index, start, of_start, existing, days, None)
        columns[start.name][index] = at
        after = at if isinstance(at, datetime) else None
        columns[end.name][index] = _moment(found, first + index, end, of_end, existing, days, after)


def _parts(
    start: Field,
    index: int,
    starts: Sequence[tuple[Use, Sequence[Any]]],
    ends: Sequence[tuple[Use, Sequence[Any]]],
    shared: set[str],
    has_own_end: bool,
) -> tuple[list[Any], list[Any], list[Any]]:
    """The cells of the start, of the end, and those that a span in a start's cell gives the end."""
    split = start.type.split_span
    of_start, of_end, spanned, days = [], [], [], []
    for use, cells in starts:
        cell = cells[index]
        span = split(cell) if split is not None and isinstance(cell, str) else None
        of_start.append(span[0] if span else cell)
        if span and use.key in shared and has_own_end:
            days.append(span[1])
        elif span:
            spanned.append(span[1])
        elif use.key in shared and cell is not None:
            days.append(cell)
    own = [cells[index] for use, cells in ends if use.key not in shared and cells[index] is not None]
    if own:
        of_end = [*days, *own]
    elif spanned:
        spanned = [*days, *spanned]
    elif not starts and not has_own_end:
        of_end = [cells[index] for _use, cells in ends]
    return [c for c in of_start if c is not None], of_end, spanned


def _moment(
    found: Gathered, at: int, own: Field, parts: Sequence[Any], existing: Existing, days: Any, after: datetime | None
) -> Any:
    """One cell as it is; several, or one that follows another, joined."""
    if not parts or own.type.join is None:
        return parts[0] if parts else None
    try:
        return own.type.join(parts, existing.zone, own, days, after if len(parts) > 1 else None)
    except ValueError as problem:
        found.problems.setdefault(own.name, {})[at] = str(problem)
        return None


def _take_sides(
    spec: RecordSpec,
    found: Gathered,
    first: int,
    sides: Sides,
    uses: Sequence[Use],
    columns: dict[str, list[Any]],
    cells_by_key: Cells,
) -> None:
    """甲方 and 乙方 go to the side that the kind of contract gives them, row by row; unclear ones are not guessed."""
    sided = [use for use in uses if use.side]
    others = {f.name: cells for use in uses if not use.side for f in use.fields for cells in [cells_by_key[use.key]]}
    for name in sides.fields:
        columns[name] = list(others.get(name, [None] * len(columns[name])))
    for index in range(len(columns[sides.fields[0]])):
        told = [as_text(columns[name][index]) for name in sides.told if columns.get(name) and columns[name][index]]
        for use in sided:
            cell = cells_by_key[use.key][index]
            if cell is None:
                continue
            side = sides.of(use.side, told)
            if side is not None:
                columns[side][index] = cell
            else:
                words = _("看不出{word}是{one}还是{other}，在“对应列”里指定一次。")
                one, other = (spec.field(name).title for name in sides.fields)
                reason = words.format(word=use.header, one=one, other=other)
                found.problems.setdefault(sides.fields[0], {})[first + index] = reason


def _name_in_english(spec: RecordSpec, found: Gathered) -> None:
    """Who has no Chinese name goes by the English one."""
    for name in naming_fields(spec):
        english = found.columns.get(f"{name}_en")
        own = found.columns.get(name)
        if english is not None and own is not None:
            found.columns[name] = [e if n is None else n for n, e in zip(own, english, strict=True)]


def _correct(found: Gathered, choices: Choices) -> None:
    """Cells that somebody corrected in this import."""
    if not choices.cells:
        return
    at = {(sheet, row): index for index, (sheet, row, _raw, _table) in enumerate(found.places)}
    for (sheet, row, name), value in choices.cells.items():
        index = at.get((sheet, row))
        if index is not None:
            found.columns.setdefault(name, [None] * len(found.places))
            found.columns[name][index] = value or None
            found.problems.get(name, {}).pop(index, None)


def _part_people(spec: RecordSpec, found: Gathered, fields: Mapping[str, Field]) -> None:
    """A cell that names people with their numbers, or several of them: the first stays, the others beside it."""
    for own in fields.values():
        phone = phone_beside(spec, own)
        is_body = "organisation" in (own.name.partition(".")[0], spec.name.removesuffix("s"))
        if phone is None or own.type is not FieldType.TEXT or is_body:
            continue
        names = found.columns[own.name]
        numbers = found.columns.get(phone.name)
        for index, cell in enumerate(names):
            number = numbers[index] if numbers is not None else None
            if not isinstance(cell, str):
                continue
            if "@" in cell:
                cell = _without_mail(spec, found, own, index, cell)  # noqa: PLW2901
            if not (_SEVERAL.search(cell) or _holds_several(number) or _SHORTENED.fullmatch(cell)):
                continue
            if phone.name not in found.columns:
                numbers = found.columns[phone.name] = [None] * len(names)
            _part(found, own, phone, index, cell, number if number != cell else None)


def _without_mail(spec: RecordSpec, found: Gathered, own: Field, index: int, cell: str) -> str:
    """The cell without the mail address in it, which goes to the person's own field where that is empty."""
    mail, field = _MAIL.search(cell), beside(spec, own, "email")
    if mail is None or field is None:
        return cell
    column = found.columns.setdefault(field.name, [None] * len(found.places))
    column[index] = mail[0] if column[index] is None else column[index]
    found.columns[own.name][index] = rest = cell.replace(mail[0], "").strip(" ,，;；/／\n")
    return re.sub(r"[,，;；/／、\s]+(?=[）)])", "", rest)


def _part_titles(found: Gathered, fields: Mapping[str, Field]) -> None:
    """甘示例 局长, 白示例（副校长）: the title behind a name in one cell."""
    for name in fields:
        beside = (f"{name.removesuffix('name')}title", "title")
        title = next((one for one in beside if one in found.columns), "")
        if not name.endswith("name") or not title:
            continue
        for index, cell in enumerate(found.columns[title]):
            if isinstance(cell, str) and cell == found.columns[name][index]:
                try:
                    people = phones.split_name_and_phone(cell)
                except ValueError as problem:
                    found.refuse(name, index, str(problem))
                    continue
                own = people[0][0] if people and cell.strip().startswith(people[0][0]) else cell
                rest = cell.strip().removeprefix(own).strip(" \n（）()，,、/:：")
                found.columns[name][index], found.columns[title][index] = own, rest or None


def _part_bodies(found: Gathered, fields: Mapping[str, Field]) -> None:
    """示例大学 教授, 示例公司总经理: the title behind an organisation in one cell."""
    titles = found.columns.get("title")
    body = next((own.name for own in fields.values() if own.ref == "organisations"), "")
    if titles is None or not body:
        return
    for index, cell in enumerate(titles):
        if isinstance(cell, str) and cell == found.columns[body][index]:
            own, title = _body_and_title(cell.strip())
            found.columns[body][index], titles[index] = own, title or None


def _body_and_title(cell: str) -> tuple[str, str]:
    """An organisation and what stands behind it; all of the cell is its name where the two cannot be told apart."""
    for end in range(len(cell), 1, -1):
        if BODY.fullmatch(cell, 0, end) and (end == len(cell) or not cell[end].isascii() or not cell[end].isalpha()):
            return cell[:end], cell[end:].strip(" \n\t/／,，、:：-—")
    own, _gap, title = cell.rpartition("/" if "/" in cell else " ")
    is_told = own and not BODY.search(title) and ("/" in cell or not title.isascii())
    return (own.strip(), title.strip()) if is_told else (cell, "")


def _one_row_per_number(spec: RecordSpec, found: Gathered, existing: Existing) -> Gathered:
    """A cell that names a row of records (A1-01～A1-04) is a record each, all alike."""
    name = spec.natural
    own = next((f for f in spec.writable if f.name == name), None)
    if own is None or own.split is None or name not in found.columns:
        return found
    there = {values.get(name) for _id, values in existing.rows}
    order: list[tuple[int, Any]] = []
    for index, cell in enumerate(found.columns[name]):
        try:
            said = own.split(cell) if isinstance(cell, str) and cell not in there else []
        except ValueError:
            said = []
        order += [(index, one) for one in said] if len(said) > 1 else [(index, cell)]
    if len(order) == len(found.places):
        return found
    count = Counter(index for index, _one in order)
    result = _rows_again(found, [index for index, _one in order])
    result.columns[name] = [one for _index, one in order]
    for area in (f.name for f in spec.writable if f.unit == "㎡" and f.name in result.columns):
        _doubt_areas(result, area, [count[index] for index, _one in order])
    return result


def _doubt_areas(found: Gathered, name: str, booths: Sequence[int]) -> None:
    """An area beside several booths may be that of each or of all together: only a small one is surely of each."""
    for at, cell in enumerate(found.columns[name]):
        digits = re.search(r"\d+(?:\.\d+)?", as_text(cell)) if cell is not None else None
        if booths[at] > 1 and digits and float(digits[0]) >= SMALLEST_BOOTH * booths[at]:
            words = _("一格里有 {n} 个展位，看不出 {area} 是每个的还是合计的。")
            found.refuse(name, at, words.format(n=booths[at], area=as_text(cell)))


def _rows_again(found: Gathered, order: Sequence[int]) -> Gathered:
    """The rows at these indexes, some of them several times, with all that is said of them."""

    def of_rows(reasons: Mapping[str, Mapping[int, str]]) -> dict[str, dict[int, str]]:
        return {key: {at: own[index] for at, index in enumerate(order) if index in own} for key, own in reasons.items()}

    columns = {key: [cells[index] for index in order] for key, cells in found.columns.items()}
    places = [found.places[index] for index in order]
    return Gathered(columns, places, found.headers, of_rows(found.problems), notes=of_rows(found.notes))


def _one_row_each(spec: RecordSpec, found: Gathered) -> Gathered:
    """Where a row is a person, further people in its cell are rows of their own beside it."""
    name = next((name for name in naming_fields(spec) if name.rpartition(".")[2] == "name"), "")
    phone = phone_beside(spec, spec.field(name)) if name else None
    if not found.also or phone is None or name.startswith("organisation") or name not in found.columns:
        return found
    order = [(index, one) for index in range(len(found.places)) for one in (None, *found.also.get(index, ()))]
    result = _rows_again(found, [index for index, _one in order])
    for at, (_index, one) in enumerate(order):
        if one is not None:
            result.columns[name][at], result.columns[phone.name][at] = one[0], one[1] or None
    return result


def _holds_several(cell: Any) -> bool:
    return isinstance(cell, str) and len(cell) > LONGEST_ALONE and len(phones.split_phones(cell)) > 1


def _part(found: Gathered, own: Field, phone: Field, index: int, cell: str, number: Any) -> None:
    try:
        cell = PHONE_AND_NAME.sub(r"\2 \1", cell) if PHONE_AND_NAME.fullmatch(cell) else cell
        shortened = _SHORTENED.fullmatch(cell)
        people = [shortened.groups()] if shortened else phones.split_name_and_phone(cell)
    except ValueError as problem:
        found.refuse(own.name, index, str(problem))
        return
    people = [(name.rpartition(":")[2].rpartition("：")[2].strip(), number) for name, number in people]
    given = phones.split_phones(as_text(number)) if isinstance(number, str) else []
    if len(people) > 1 and len(given) == len(people) and not any(n for _name, n in people):
        people = [(name, n) for (name, _none), n in zip(people, given, strict=True)]
    elif people and len(given) > 1 and not people[0][1]:
        people = [(people[0][0], given[0]), *people[1:]]
        words = _("有 {n} 个号码，只写第一个，其余没有写：{others}。")
        found.notes.setdefault(phone.name, {})[index] = words.format(n=len(given), others=_("、").join(given[1:]))
    elif number is not None and people and not people[0][1]:
        people = [(people[0][0], as_text(number)), *people[1:]]
    if not people:
        return
    name, mobile = people[0]
    found.columns[own.name][index] = name or None
    if mobile or found.columns[phone.name][index] == cell:
        found.columns[phone.name][index] = mobile or None
    if others := [one for one in people[1:] if one[0]]:
        found.also[index] = [*others, *found.also.get(index, ())]
