"""Finding the header of an untidy sheet, and which field each of its columns means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from expo_app.errors import UserError
from expo_app.exchange.table_reader import Grid, Range, SheetLine
from expo_app.i18n import N_, _, in_every_language
from expo_app.specs import SPECS, Field, RecordSpec

HEADER_SHARE = 0.5
"""Part of the best row's known words from which a row above it is the header."""
LOOK = 30
"""Rows searched for a header."""
MOST_HEADER_ROWS = 3
MAX_FILL = 1_000_000
"""Cells that merged ranges may fill."""
PROBLEM = N_("问题")
IGNORED = frozenset({"问题", "序号", "示例", "行号", "no", "no.", "#", "problem", "problems", "sample", "demo"})
"""Columns that are not data: said nothing about."""

_REMARK = re.compile(r"[(（【\[](必填|选填|可选|必选|required|optional)[)）】\]]", re.IGNORECASE)
_NOISE = re.compile(r"[\s*＊:：·•]+")
_BRACKETS = re.compile(r"\([^()]*\)$|\[[^\[\]]*\]$|【[^】]*】$|(?<=.)/?(?:万元|㎡)$")
_TOTAL = re.compile(
    r"(?:合计|总计|小计|共计|总数|total|grandtotal|subtotal|sum)[:：]?(?:[\d,.]*(?:万元|元|家|人|项|条|个|件|户)?)"
    r"|共[\d,]+(?:家|人|项|条|个|件|户|行)?"
)
_FOOTNOTE = re.compile(
    r"(?:注|备注|说明|填表人|填表日期|制表人?|制表日期|审核人?|联系人|统计人|打印日期|note)[:：].*", re.DOTALL
)


@dataclass(frozen=True)
class Sheet:
    """A table with its header found. `rows` are (row number in the file, raw cells); `headers` one text per column.

    A header over two rows is both texts with a line break between. `notes` tell what was passed over.
    """

    headers: tuple[str, ...]
    rows: list[tuple[int, tuple[Any, ...]]]
    notes: tuple[str, ...] = ()
    sheet_name: str = ""
    header_row: int = 1
    """The last row of the header, from 1."""
    sheets: tuple[str, ...] = ()
    """The visible sheets of the file."""


def normal(text: str) -> str:
    """A header for comparing: NFKC, without case, spaces, stars, colons and 必填."""
    return _NOISE.sub("", _REMARK.sub("", unicodedata.normalize("NFKC", text))).casefold()


def forms(header: str) -> tuple[str, ...]:
    """What a header may be known by, surest first: whole, without its unit, its lowest row."""
    whole = normal(header)
    found = [whole, _BRACKETS.sub("", whole)]
    if "\n" in header:
        lowest = normal(header.rpartition("\n")[2])
        found += [lowest, _BRACKETS.sub("", lowest)]
    return tuple(dict.fromkeys(form for form in found if form))


def unit(header: str) -> str:
    """What stands in the last brackets of a header: 元 of 合同金额（元）; "" without brackets."""
    found = re.search(r"[(\[【]([^()\[\]【】]*)[)\]】]\s*$", unicodedata.normalize("NFKC", header).strip())
    return normal(found[1]) if found else ""


def _words(field: Field, everywhere: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The field's own names, in all languages or the current one, and its other names, normalised."""
    names = (field.header, field.title, *(in_every_language(field.label) if everywhere else (field.label,)))
    own = dict.fromkeys(form for name in names for form in forms(name))
    return tuple(own), tuple(normal(alias) for alias in field.aliases)


Meaning = tuple[int, Field]
OWN, SHOWN, OTHER = 0, 1, 2
"""How sure a word is: the own name of a column that is read, of one that is only shown, another name."""


def meanings(spec: RecordSpec, everywhere: bool = False) -> dict[str, list[Meaning]]:
    """Normalised word → fields that it may mean, surest first; `everywhere`: titles in all languages."""
    found: dict[str, list[Meaning]] = {}
    for field in spec.fields:
        if not field.in_excel:
            continue
        own, other = _words(field, everywhere)
        for word in own:
            found.setdefault(word, []).append((SHOWN if field.readonly else OWN, field))
        for word in () if field.readonly else other:
            found.setdefault(word, []).append((OTHER, field))
    for candidates in found.values():
        candidates.sort(key=lambda meaning: meaning[0])
    return found


def match_headers(
    spec: RecordSpec, headers: Sequence[str], rows: Sequence[tuple[int, Sequence[Any]]] = ()
) -> dict[int, Field]:
    """Column index → field, columns that are only shown included. `rows` decide where a word has two meanings.

    UserError if two columns mean the same field equally well.
    """
    known = meanings(spec)
    if any(header.isascii() and known.keys().isdisjoint(forms(header)) for header in headers if header):
        known = meanings(spec, everywhere=True)
    claims: dict[str, list[tuple[tuple[int, int], int]]] = {}
    candidates: dict[int, list[Meaning]] = {}
    fields: dict[str, Field] = {}
    for column, header in enumerate(headers):
        for step, form in enumerate(forms(header)):
            if form in known:
                candidates[column] = known[form]
                sureness, field = _choose(known[form], column, rows)
                claims.setdefault(field.name, []).append(((sureness, step), column))
                fields[field.name] = field
                break
    found: dict[int, Field] = {}
    for name, claimed in claims.items():
        claimed.sort()
        if len(claimed) > 1 and claimed[0][0] == claimed[1][0] and not fields[name].readonly:
            raise _double(headers, claimed[0][1], claimed[1][1], fields[name])
        found[claimed[0][1]] = fields[name]
    return dict(sorted(found.items()))


def _choose(candidates: list[Meaning], column: int, rows: Sequence[tuple[int, Sequence[Any]]]) -> Meaning:
    """A column of words under the name of a shown figure (展品) is the one that is read by that other name."""
    first = candidates[0]
    if first[0] == SHOWN and first[1].is_number and len(candidates) > 1:
        cells = [row[column] for _number, row in rows[:200] if row[column] != ""]
        if any(isinstance(cell, str) and not re.fullmatch(r"\s*[\d.,]+\s*", cell) for cell in cells):
            return candidates[1]
    return first


def _double(headers: Sequence[str], one: int, two: int, field: Field) -> UserError:
    return UserError(
        _("第 {one} 列“{a}”和第 {two} 列“{b}”都是“{field}”。没有导入任何内容。删去或改名其中一列再导入。").format(
            one=letter(one), a=flat(headers[one]), two=letter(two), b=flat(headers[two]), field=field.title
        ),
        "E-FILE-DOUBLE",
    )


def letter(column: int) -> str:
    """The letter of a column counted from 0: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def flat(header: str) -> str:
    """A header on one line."""
    return " ".join(header.split())


def find_sheet(grid: Grid, spec: RecordSpec | None = None) -> Sheet | None:
    """The table in a grid, or None if no row looks like a header. Without `spec`, a header of any kind of record."""
    specs = [spec] if spec else list(SPECS.values())
    for everywhere in (False, True):
        vocabulary = {word for one in specs for word in meanings(one, everywhere)}
        at = _header_index(grid.rows, vocabulary)
        if at is not None:
            break
    if at is None:
        return None
    top, bottom = _header_block(grid, at, vocabulary)
    headers = _header_texts(grid, top, bottom)
    notes = list(grid.notes)
    body = grid.rows[bottom + 1 :]
    _fill_merged(body, grid.merged)
    titles = {text for _number, cells in grid.rows[:top] for text in _texts(cells)}
    rows = list(_data(body, _header_words(grid, top, bottom), titles, notes))
    return Sheet(headers, rows, tuple(notes), grid.sheet, grid.rows[bottom][0], grid.sheets)


def _texts(cells: Iterable[Any]) -> list[str]:
    return [cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()]


def _header_index(rows: Sequence[SheetLine], vocabulary: set[str]) -> int | None:
    """The first row that knows nearly as many words as the best one: a fuller header repeated below is no other one."""
    scores = [
        len({form for text in _texts(cells) for form in forms(text) if form in vocabulary})
        for _number, cells in rows[:LOOK]
    ]
    best = max(scores, default=0)
    enough = max(min(best, 2), best * HEADER_SHARE)
    return next((index for index, score in enumerate(scores) if score and score >= enough), None)


def _header_block(grid: Grid, at: int, vocabulary: set[str]) -> tuple[int, int]:
    """First and last index of the rows that the header covers, told by the merged ranges around row `at`."""
    number = grid.rows[at][0] - 1
    first = last = number
    for (top, _left), (bottom, _right) in grid.merged:
        if top <= number <= bottom and bottom - top < MOST_HEADER_ROWS:
            first, last = min(first, top), max(last, bottom)
    numbers = {line[0] - 1: index for index, line in enumerate(grid.rows[: LOOK + MOST_HEADER_ROWS])}
    spans = {top for (top, left), (bottom, right) in grid.merged if top == bottom and right > left}
    if first == last == number:
        above, below = numbers.get(number - 1), numbers.get(number + 1)
        if number - 1 in spans and above is not None and len(_texts(grid.rows[above][1])) > 1:
            first = number - 1
        elif number in spans and below is not None and _knows(grid.rows[below][1], vocabulary) > 1:
            last = number + 1
    inside = [index for row, index in numbers.items() if first <= row <= last]
    return min(inside), max(inside)


def _knows(cells: Sequence[Any], vocabulary: set[str]) -> int:
    return sum(any(form in vocabulary for form in forms(text)) for text in _texts(cells))


def _header_texts(grid: Grid, top: int, bottom: int) -> tuple[str, ...]:
    """One text per column: its words from top to bottom, each once, a merged heading over all its columns."""
    lines = [(number, list(cells)) for number, cells in grid.rows[top : bottom + 1]]
    by_number = {number - 1: cells for number, cells in lines}
    for (first, left), (last, right) in grid.merged if bottom > top else ():
        for row in range(first, last + 1):
            cells = by_number.get(row, [])
            for column in range(left, min(right + 1, len(cells))):
                cells[column] = by_number[first][left] if first in by_number else cells[column]
    columns = zip(*(cells for _number, cells in lines), strict=True)
    return tuple("\n".join(dict.fromkeys(_header_text(cell) for cell in column if cell != "")) for column in columns)


def _header_text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell.strip()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _header_words(grid: Grid, top: int, bottom: int) -> frozenset[str]:
    return frozenset(text for _number, cells in grid.rows[top : bottom + 1] for text in _texts(cells))


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


def _data(
    body: Sequence[SheetLine], words: frozenset[str], titles: set[str], notes: list[str]
) -> Iterable[tuple[int, tuple[Any, ...]]]:
    """The rows below the header without repeated headers, repeated titles, totals and footnotes."""
    for number, cells in body:
        first = next(cell for cell in cells if cell != "")
        reason = _passed_over(first, cells, words, titles) if isinstance(first, str) else None
        if reason == BLANK:
            continue
        if reason:
            notes.append(_(reason).format(row=number))
        else:
            yield number, tuple(cells)


BLANK = "blank"
REASONS: Mapping[str, str] = {
    "header": N_("第 {row} 行重复了表头，已跳过。"),
    "title": N_("第 {row} 行重复了标题，已跳过。"),
    "total": N_("第 {row} 行是合计，已跳过。"),
    "footnote": N_("第 {row} 行是附注，已跳过。"),
}


def _passed_over(first: str, cells: Sequence[Any], words: frozenset[str], titles: set[str]) -> str | None:
    """Why a row is no record: one of REASONS, BLANK, or None if it is one."""
    first = first.strip()
    if first in words:
        texts = _texts(cells)
        known = sum(text in words for text in texts)
        if known > 1 and known * 2 > len(cells) - cells.count(""):
            return REASONS["header"]
    if not first:
        return BLANK if not _texts(cells) and all(isinstance(c, str) for c in cells) else None
    if len(first) <= 20 and _TOTAL.fullmatch(normal(first)):
        return REASONS["total"]
    if first in titles or _FOOTNOTE.match(first):
        alone = len(cells) - cells.count("") == 1
        if alone and len(cells) > 1:
            return REASONS["title"] if first in titles else REASONS["footnote"]
    return None


def unread(headers: Sequence[str], matched: Mapping[int, Field]) -> tuple[str, ...]:
    """Headers nobody reads, except those that are not data."""
    return tuple(
        flat(header)
        for column, header in enumerate(headers)
        if column not in matched and normal(header) and normal(header) not in IGNORED
    )
