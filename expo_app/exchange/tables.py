"""The list in a sheet: its header, the rows that are records; lists on their side, cards, two side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from expo_app.exchange import row_kinds
from expo_app.exchange.headers import UNITS_OF_MONEY, Meaning, forms, meanings, normal, texts, unit_above, within
from expo_app.exchange.row_kinds import BLANK, GROUP, REASONS
from expo_app.exchange.table_reader import Grid, Range, SheetLine
from expo_app.i18n import _
from expo_app.specs import RecordSpec
from expo_app.specs.choices import NO_HEADER, Header

HEADER_SHARE = 0.5
"""Part of the best row's known words from which a row above it is the header."""
_UNIT = re.compile(
    rf"[(（]?(?:单位[:：]?)?(?:{UNITS_OF_MONEY}|人民币|rmb|cny|[万千]?(?:㎡|m2|m²|平方米|平米|人|家|人次)|亩|公顷|%|个|家|人|项|件|天|小时|分钟)[)）]?"
)
LOOK = 30
"""Rows searched for a header."""
MOST_HEADER_ROWS = 3
MAX_FILL = 1_000_000
"""Cells that merged ranges may fill."""
LONGEST_HEADER, LONGEST_LABEL = 60, 12
PREVIEW = 8
LONG = 300
"""Rows from which a list with a plain header is not looked at any further."""
FOOT = 6
"""Rows at the end of a sheet that may say the unit of its amounts."""
LEAST_LABELS = 3
"""Labels a card or a list on its side has at least."""


@dataclass(frozen=True)
class Table:
    """A list with its header found. `headers`: one text per column, the lines of a header over several rows below each
    other. `rows`: (row number in the file, cells); `groups`: the title above each row, "" without one.
    """

    sheet: str
    headers: tuple[str, ...]
    rows: list[tuple[int, tuple[Any, ...]]]
    header: Header | None = None
    """First and last row, from 1; None where the sheet has none."""
    groups: tuple[str, ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()
    unit: str = ""
    """The unit of money that stands above the table."""
    units: Mapping[int, str] = field(default_factory=dict)
    """Column → the unit that the number format of its cells shows."""
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    is_turned: bool = False
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every header, normalised."""
        return frozenset(map(normal, self.headers))


@dataclass(frozen=True)
class Words:
    """The words of one kind of record: every form a header may have, and those of the field that names a record."""

    known: dict[str, list[Meaning]]
    naming: frozenset[str]
    near: dict[str, str] = field(default_factory=dict)
    """Text → the field of a word within it, "" for none: worked out once."""

    def knows(self, text: str) -> bool:
        """Whether a text is a word of a header."""
        return len(text) <= LONGEST_HEADER and any(form in self.known for form in forms(text))

    def fields(self, cells: Iterable[Any]) -> set[str]:
        """The words of a row that mean different fields."""
        found = set()
        for text in texts(cells):
            if len(text) <= LONGEST_HEADER:
                word = next((form for form in forms(text) if form in self.known), None)
                if word is not None:
                    found.add(self.known[word][0][1].name)
        return found

    def nearly(self, cells: Iterable[Any]) -> set[str]:
        """The same with words within longer ones."""
        said = [text for text in texts(cells) if len(text) <= LONGEST_LABEL]
        for text in said:
            if text not in self.near:
                self.near[text] = next((meant.name for meant in within(text, self.known)), "")
        return self.fields(said) | {self.near[text] for text in said if self.near[text]}

    def names_record(self, text: str) -> bool:
        """Whether a header is that of the field by which a record is known."""
        word = next((form for form in forms(text) if form in self.known), None)
        if word is not None:
            return any(meant.name in self.naming for _sure, meant in self.known[word])
        return any(meant.name in self.naming for meant in within(text, self.known)[:1])


def naming_fields(spec: RecordSpec) -> frozenset[str]:
    """The fields without which a row is no record of this kind."""
    required = [f.name for f in spec.writable if f.required and f.default is None and f.name in spec.key_names]
    return frozenset(required) or frozenset(spec.key[-1][:1])


def words_of(spec: RecordSpec, grid: Grid | None = None) -> Words:
    """The words of this kind; in all languages where the current one's are not found in the sheet."""
    naming = naming_fields(spec)
    here = Words(meanings(spec), naming)
    if grid is None or any(here.knows(text) for _n, cells in grid.rows[:LOOK] for text in texts(cells)):
        return here if grid is None else _joined(here, spec, grid)
    return Words(meanings(spec, everywhere=True), naming)


def _joined(here: Words, spec: RecordSpec, grid: Grid) -> Words:
    """A header with Latin words that the current language does not know is asked in every language."""
    latin = (text for _n, cells in grid.rows[:LOOK] for text in texts(cells) if text.isascii() and len(text) < 30)
    return Words(meanings(spec, everywhere=True), here.naming) if any(not here.knows(text) for text in latin) else here


def find_table(
    grid: Grid,
    spec: RecordSpec,
    header: Header | None = None,
    *,
    keeps_hidden: bool = False,
    keeps_totals: bool = False,
) -> Table | None:
    """The list in a sheet, None if it holds none of this kind. `header`: its rows as somebody said, from 1."""
    hidden = () if keeps_hidden else tuple(n for n, _cells in grid.rows if n in grid.hidden_rows)
    columns = () if keeps_hidden else tuple(sorted(grid.hidden_columns))
    seen = _without_hidden(grid, hidden, columns)
    if not seen.rows:
        return None
    words = words_of(spec, seen)
    found = _turned(seen, words) if header is None else None
    if found is None:
        found = _upright(seen, words, header, keeps_totals)
    return found and replace(found, hidden_rows=hidden, hidden_columns=columns)


def _without_hidden(grid: Grid, rows: Sequence[int], columns: Sequence[int]) -> Grid:
    gone, left = set(rows), []
    for number, cells in grid.rows:
        if number not in gone:
            shown = list(cells)
            for column in columns:
                if column < len(shown):
                    shown[column] = ""
            if shown.count("") != len(shown):
                left.append((number, shown))
    return replace(grid, rows=left)


# --- a list below its header ---


def _upright(grid: Grid, words: Words, header: Header | None, keeps_totals: bool) -> Table | None:
    block = _given_block(grid, header) if header else _find_block(grid, words)
    if block is None:
        return None
    top, bottom = block
    headers = _header_texts(grid, top, bottom) if bottom >= top else tuple("" for _cell in grid.rows[0][1])
    above = [text for _n, cells in grid.rows[:top] for text in texts(cells)]
    body = grid.rows[bottom + 1 :]
    _fill_merged(body, grid.merged)
    rows, groups, left_out = _records(grid, body, words, (top, bottom), headers, above, keeps_totals)
    found = Table(
        grid.sheet,
        headers,
        rows,
        (grid.rows[top][0], grid.rows[bottom][0]) if bottom >= top else None,
        groups,
        left_out,
        unit_above([*above, *_below(body, left_out)]),
        grid.units,
        notes=grid.notes,
    )
    return _stacked(found, words)


def _below(body: Sequence[SheetLine], left_out: Sequence[tuple[int, str]]) -> Iterator[str]:
    """What is said below the records, in the last rows that are none."""
    others = {number for number, _why in left_out}
    return (text for number, cells in body[-FOOT:] if number in others for text in texts(cells))


def _given_block(grid: Grid, header: Header) -> tuple[int, int] | None:
    """Indexes of the rows from the first to the last of a header; (0, -1): there is none."""
    if header == NO_HEADER:
        return 0, -1
    inside = [index for index, (number, _cells) in enumerate(grid.rows) if header[0] <= number <= header[1]]
    return (inside[0], inside[-1]) if inside else None


def _find_block(grid: Grid, words: Words) -> tuple[int, int]:
    """Indexes of the header's rows; (0, -1): none is seen."""
    at = _header_index(grid.rows, words)
    if at is None:
        at = _plain_header(grid.rows)
    return (0, -1) if at is None else _header_block(grid, at, words)


def _header_index(rows: Sequence[SheetLine], words: Words) -> int | None:
    """The first row that knows nearly as many words as the best one: a fuller header repeated below is no other one."""
    scores = [len(words.fields(cells)) if _may_head(cells) else 0 for _number, cells in rows[:LOOK]]
    best = max(scores, default=0)
    enough = max(min(best, 2), best * HEADER_SHARE)
    return next((index for index, score in enumerate(scores) if score and score >= enough), None)


def _may_head(cells: Sequence[Any]) -> bool:
    """A header has no numbers in half of its cells."""
    filled = [cell for cell in cells if cell != ""]
    return 2 * sum(isinstance(cell, str) for cell in filled) >= len(filled)


def _plain_header(rows: Sequence[SheetLine]) -> int | None:
    """Where no word is known: the first row of different short texts that fills the table's width."""
    widest = max((sum(cell != "" for cell in cells) for _n, cells in rows[:LOOK]), default=0)
    for index, (_number, cells) in enumerate(rows[:LOOK]):
        filled = [cell for cell in cells if cell != ""]
        said = texts(cells)
        if len(filled) * 10 >= widest * 6 and len(said) == len(filled) >= 2 and len(set(said)) == len(said):
            is_short = all(len(text) <= 12 and not any(c.isdigit() for c in text) for text in said)
            return index if is_short and index + 1 < len(rows) else None
    return None


def _header_block(grid: Grid, at: int, words: Words) -> tuple[int, int]:
    """First and last index of the rows that the header covers: merged ranges around row `at`, else what is empty in
    one and filled in the other.
    """
    number = grid.rows[at][0] - 1
    first = last = number
    for _round in range(MOST_HEADER_ROWS):
        for (top, _left), (bottom, _right) in grid.merged:
            if top <= last and bottom >= first and bottom - top < MOST_HEADER_ROWS and bottom > top:
                first, last = min(first, top), max(last, bottom)
    numbers = {line[0] - 1: index for index, line in enumerate(grid.rows[: LOOK + MOST_HEADER_ROWS])}
    spans = {top for (top, left), (bottom, right) in grid.merged if top == bottom and right > left}
    while last - first + 1 < MOST_HEADER_ROWS:
        above, below = numbers.get(first - 1), numbers.get(last + 1)
        if above is not None and _heads(grid, above, numbers[first], first - 1 in spans, words):
            first -= 1
        elif below is not None and (
            _continues(grid, numbers[last], below, last in spans, words) or _are_units(grid.rows[below][1])
        ):
            last += 1
        else:
            break
    inside = [index for row, index in numbers.items() if first <= row <= last]
    return min(inside), max(inside)


def _heads(grid: Grid, above: int, below: int, is_spanned: bool, words: Words) -> bool:
    """Whether a row stands above a header as its upper line: more than one short text, and gaps in one of the two."""
    upper, lower = grid.rows[above][1], grid.rows[below][1]
    said = texts(upper)
    if len(said) < 2 or len(said) != sum(cell != "" for cell in upper) or any(":" in t or "：" in t for t in said):
        return False
    if any(len(text) > 20 for text in said):
        return False
    if is_spanned:
        return True
    gaps = any(up == "" != low for up, low in zip(upper, lower, strict=True))
    fills = any(up != "" == low for up, low in zip(upper, lower, strict=True))
    return gaps and (fills or len(said) * 2 <= len(texts(lower)))


def _continues(grid: Grid, at: int, below: int, is_spanned: bool, words: Words) -> bool:
    """Whether the row below a header is its lower line: words, where the upper line has a gap or spans."""
    upper, lower = grid.rows[at][1], grid.rows[below][1]
    joined = (f"{up}{low}" for up, low in zip(upper, lower, strict=True) if up and low)
    known = sum(words.knows(text) for text in texts(lower)) + sum(normal(one) in words.known for one in joined)
    if len(texts(lower)) != sum(cell != "" for cell in lower) or known < 2:
        return False
    fills = any(up == "" != low for up, low in zip(upper, lower, strict=True))
    again = words.fields(upper) & words.fields(lower)
    return (is_spanned or fills) and len(again) * 2 < max(known, 1) * 2 and (fills or not again)


def _are_units(cells: Iterable[Any]) -> bool:
    """Whether a row below a header only says in what its columns are: 万元, ㎡."""
    said = [cell for cell in cells if cell != ""]
    return bool(said) and all(isinstance(cell, str) and _UNIT.fullmatch(normal(cell)) for cell in said)


def _header_texts(grid: Grid, top: int, bottom: int) -> tuple[str, ...]:
    """One text per column: its words from top to bottom, each once, a merged heading over all its columns."""
    lines = [(number, list(cells)) for number, cells in grid.rows[top : bottom + 1]]
    by_number = {number - 1: cells for number, cells in lines}
    for (first, left), (last, right) in grid.merged:
        for row in range(first, last + 1):
            cells = by_number.get(row, [])
            for column in range(left, min(right + 1, len(cells))):
                cells[column] = by_number[first][left] if first in by_number else cells[column]
    if bottom > top and not any(first - 1 == lines[0][0] - 1 for (first, _l), _r in grid.merged):
        _spread(lines)
    columns = zip(*(cells for _number, cells in lines), strict=True)
    return tuple("\n".join(dict.fromkeys(_header_text(cell) for cell in column if cell != "")) for column in columns)


def _spread(lines: list[tuple[int, list[Any]]]) -> None:
    """An upper heading that is not merged counts for the empty cells behind it, where the lower line says something."""
    for (_n, upper), (_m, lower) in pairwise(lines):
        last = ""
        for column, cell in enumerate(upper):
            if cell != "":
                last = cell
            elif last and lower[column] != "" and _is_heading(upper, lower, column):
                upper[column] = last


def _is_heading(upper: list[Any], lower: list[Any], column: int) -> bool:
    """The nearest filled cell on the left heads something below itself too."""
    left = next((c for c in range(column, -1, -1) if upper[c] != ""), None)
    return left is not None and lower[left] != ""


def _header_text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell.strip()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _fill_merged(body: Sequence[SheetLine], merged: Sequence[Range]) -> None:
    """A cell merged over several rows counts for each of them."""
    tall = [(top, left, bottom) for (top, left), (bottom, _right) in merged if bottom > top]
    if not tall or not body:
        return
    by_number = {number - 1: cells for number, cells in body}
    left_to_fill = MAX_FILL
    for top, left, bottom in tall:
        if top not in by_number or left >= len(by_number[top]):
            continue
        value = by_number[top][left]
        end = min(bottom, body[-1][0])
        left_to_fill -= end - top
        if left_to_fill < 0:
            return
        for row in range(top + 1, end + 1):
            if row in by_number and by_number[row][left] == "":
                by_number[row][left] = value


def _records(
    grid: Grid,
    body: Sequence[SheetLine],
    words: Words,
    block: tuple[int, int],
    headers: Sequence[str],
    above: Sequence[str],
    keeps_totals: bool,
) -> tuple[list[tuple[int, tuple[Any, ...]]], tuple[str, ...], tuple[tuple[int, str], ...]]:
    """The rows below the header that are records, the title above each, and what was passed over."""
    name_at = next((column for column, header in enumerate(headers) if words.names_record(header)), None)
    said = {text for _n, cells in grid.rows[block[0] : block[1] + 1] for text in texts(cells)} | words.known.keys()
    titles = set(above)
    spans = {(top, left): right - left + 1 for (top, left), (bottom, right) in grid.merged if top == bottom}
    rows, groups, left_out, group, day, is_first = [], [], [], "", "", True
    if _is_translation(headers, body):
        left_out.append((body[0][0], _(REASONS[row_kinds.HEADER])))
        body = body[1:]
    for number, cells in body:
        start = next(index for index, cell in enumerate(cells) if cell != "")
        span = spans.get((number - 1, start), 1)
        kind = row_kinds.kind_of(cells, name_at, said, titles, span, is_first)
        if kind is not None and not (keeps_totals and kind == row_kinds.TOTAL):
            if kind == GROUP:
                title = row_kinds.group_title(max(texts(cells), key=len))
                day = title if row_kinds.is_day(title) else day
                group = f"{day} {title}" if row_kinds.is_half_day(title) else title
            if kind != BLANK:
                left_out.append((number, _(REASONS[kind])))
            continue
        is_first = False
        rows.append((number, tuple(cells)))
        groups.append(group)
    return rows, _with_first_day(groups, above), tuple(left_out)


def _with_first_day(groups: list[str], above: Sequence[str]) -> tuple[str, ...]:
    """Where the days of a programme stand above its rows, the first may stand above the header."""
    first = [row_kinds.group_title(text) for text in above if row_kinds.is_day(row_kinds.group_title(text))]
    if len(first) != 1 or not any(map(row_kinds.is_day, groups)):
        return tuple(groups)
    begins = next((n for n, group in enumerate(groups) if group), 0)
    return (*[first[0]] * begins, *groups[begins:])


def _is_translation(headers: Sequence[str], body: Sequence[SheetLine]) -> bool:
    """Whether the row below a Chinese header says it again in Latin letters: those below it are not so."""
    if len(body) < 2 or not any(not header.isascii() for header in headers):
        return False
    first, *others = ([cell for cell in cells if cell != ""] for _n, cells in body[:4])
    filled = sum(header != "" for header in headers)
    if len(first) < max(2, filled - 1) or not all(map(_is_latin, first)):
        return False
    return any(2 * sum(map(_is_latin, cells)) < len(cells) for cells in others)


def _is_latin(cell: Any) -> bool:
    return isinstance(cell, str) and cell.isascii() and not any(map(str.isdigit, cell.replace("10,000", "")))


def _stacked(table: Table, words: Words) -> Table:
    """Two lists side by side under one and the same header: the right one below the left one."""
    names = [normal(header) for header in table.headers]
    naming = [column for column, header in enumerate(table.headers) if words.names_record(header)]
    if len(naming) < 2 or names[naming[0]] != names[naming[1]]:
        return table
    step = naming[1] - naming[0]
    again = sum(names[c] != "" and names[c] == names[c + step] for c in range(len(names) - step))
    width = next((c for c in range(len(names) - step) if names[c] and names[c] == names[c + step]), None)
    if again < 2 or width is None:
        return table
    parts = range(width, len(names), step)
    rows, groups = [], []
    for start in parts:
        for (number, cells), group in zip(table.rows, table.groups, strict=True):
            part = cells[start : start + step]
            part += ("",) * (step - len(part))
            if any(cell != "" for cell in part):
                rows.append((number, part))
                groups.append(group)
    return replace(table, headers=table.headers[width : width + step], rows=rows, groups=tuple(groups), is_turned=True)


# --- lists on their side, and cards ---


def _turned(grid: Grid, words: Words) -> Table | None:
    """A list whose header is its first column, or one card per record; None for a list that stands upright."""
    if len(grid.rows) > LONG and any(_is_all_words(cells, words) for _n, cells in grid.rows[:LOOK]):
        return None
    best_row = max((len(words.nearly(cells)) for _n, cells in grid.rows[:LOOK]), default=0)
    width = max(len(cells) for _n, cells in grid.rows)
    columns = [[cells[c] for _n, cells in grid.rows[: 2 * LOOK] if c < len(cells)] for c in range(min(width, 4))]
    cards = _cards(grid, words)
    if cards is not None and best_row <= 2 + _label_columns(columns, words):
        return cards
    for column, cells in enumerate(columns):
        known = words.nearly(cells)
        is_named = any(words.names_record(text) for text in texts(cells))
        if len(known) >= LEAST_LABELS and len(known) > best_row and is_named:
            return _on_its_side(grid, words, column)
    return None


def _is_all_words(cells: Sequence[Any], words: Words) -> bool:
    known = len(words.fields(cells))
    return known >= LEAST_LABELS and 2 * known > len(cells) - cells.count("")


def _label_columns(columns: Sequence[Sequence[Any]], words: Words) -> int:
    return sum(len(words.fields(cells)) >= 2 for cells in columns)


def _on_its_side(grid: Grid, words: Words, at: int) -> Table:
    lines = [
        (n, cells)
        for n, cells in grid.rows
        if isinstance(cells[at], str) and cells[at].strip() and any(cell != "" for cell in cells[at + 1 :])
    ]
    headers = tuple(_header_text(cells[at]) for _n, cells in lines)
    rows = []
    for column in range(at + 1, max(len(cells) for _n, cells in lines)):
        record = tuple(cells[column] for _n, cells in lines)
        if any(cell != "" for cell in record):
            rows.append((column + 1, record))
    above = [text for n, cells in grid.rows if n < lines[0][0] for text in texts(cells)]
    return Table(
        grid.sheet, headers, rows, (lines[0][0], lines[0][0]), ("",) * len(rows), (), unit_above(above),
        is_turned=True, notes=(*grid.notes, _("表是横着的，按一列一条读。")),
    )  # fmt: skip


def _cards(grid: Grid, words: Words) -> Table | None:
    """Label and value beside each other, a record from one naming label to the next."""
    first = [pair for number, cells in grid.rows[: 2 * LOOK] for pair in _labelled(number, cells, words)]
    if sum(words.names_record(label) for _n, label, _v in first) < 2:
        return None
    pairs = [*first, *(pair for number, cells in grid.rows[2 * LOOK :] for pair in _labelled(number, cells, words))]
    counts: dict[str, int] = {}
    for _number, label, _value in pairs:
        counts[normal(label)] = counts.get(normal(label), 0) + 1
    naming = [label for _n, label, _v in pairs if words.names_record(label)]
    if len(naming) < 2 or len(counts) < LEAST_LABELS or len(pairs) < 2 * LEAST_LABELS:
        return None
    records: list[tuple[int, dict[str, Any]]] = []
    labels: dict[str, str] = {}
    for number, label, value in pairs:
        key = normal(label)
        labels.setdefault(key, label)
        if not records or key in records[-1][1]:
            records.append((number, {}))
        records[-1][1][key] = value
    rows = [(number, tuple(record.get(key, "") for key in labels)) for number, record in records]
    return Table(
        grid.sheet, tuple(labels.values()), rows, (grid.rows[0][0], grid.rows[0][0]), ("",) * len(rows), (),
        unit_above(text for _n, cells in grid.rows for text in texts(cells)),
        is_turned=True, notes=(*grid.notes, _("一条一张卡片，按卡片读。")),
    )  # fmt: skip


def _labelled(number: int, cells: Sequence[Any], words: Words) -> list[tuple[int, str, Any]]:
    """The labels in a row with the values beside or behind them; a row of labels alone has none."""
    found: list[tuple[int, str, Any]] = []
    column = 0
    while column < len(cells):
        cell = cells[column]
        text = cell.strip() if isinstance(cell, str) else ""
        label, mark, rest = text.replace("：", ":").partition(":")
        if mark and rest.strip() and words.knows(label):
            found.append((number, label.strip(), rest.strip()))
        elif text and words.knows(text):
            value = cells[column + 1] if column + 1 < len(cells) else ""
            if isinstance(value, str) and words.knows(value):
                column += 1
                continue
            found.append((number, text.rstrip(":：").strip(), value))
            column += 1
        column += 1
    return found
