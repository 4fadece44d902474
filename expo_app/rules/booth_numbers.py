"""Numbers of booths: when two spellings mean one booth, which booths a cell names, what a spreadsheet made of one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from expo_app.i18n import _
from expo_app.rules.natural_order import natural_key

MOST = 200
"""Booths in one range; more is a slip of the pen."""
_DASHES = re.compile("[‐‑‒–—―−﹘─━-]")
_AROUND = re.compile(r"\s*([-~〜∼至到])\s*")
_SPACE = re.compile(r"(?<=\d)\s+(?=\d)|(\s+)")
_LOOSE = re.compile(r"(?<![0-9])-+|-+(?![0-9])|(?<=[0-9])号(?:展位)?$")
_APART = re.compile(r"[、，,;；/／|\n\r\t&＆+＋和及与]+")
_BETWEEN = re.compile("[~〜∼至到]|-{2,}")
_LETTERS = re.compile("[A-Z]{1,3}")
_END = re.compile(r"(.*?)([0-9]+)", re.DOTALL)
NONE = frozenset(
    {"", "/", "~", "?", "无", "没有", "暂无", "待定", "未定", "另定", "待分配", "未分配", "待安排", "未安排"}
    | {"TBD", "TBA", "N/A", "#N/A", "NA", "NONE"}
)
"""What people write where there is no booth yet, as `booth_key` leaves it."""


@lru_cache(1 << 14)
def tidy_number(text: str) -> str:
    """The form to keep: capitals, half width, one kind of dash, no spaces but between two digits: "a 902" is A902."""
    return _SPACE.sub(lambda gap: "" if gap[1] else " ", _in_one_form(text))


def _in_one_form(text: str) -> str:
    """Half width, capitals, one kind of dash, no spaces around a dash or a ~."""
    return _AROUND.sub(r"\1", _DASHES.sub("-", unicodedata.normalize("NFKC", text)).upper()).strip()


@lru_cache(1 << 14)
def booth_key(text: str) -> str:
    """What two spellings of one booth's number have in common; also of a part of one, for searching.

    Case, width, spaces, the kind of dash and a last 号 do not count: a901, Ａ901, A 901 and A901号 are one booth.
    A dash counts only between two digits, where it tells booths apart (A1-25 is not A125, 3-1 is not 31). Beside a
    letter it does not: A-01 and A01 are one booth, for the same fair writes both and no hall has two of them.
    Zeros count: A-1 and A-01 are two, since no list says how wide the numbers of another are.
    """
    return _LOOSE.sub("", tidy_number(text))


def check_number(text: str) -> str:
    """A booth's number as it is kept; ValueError with a sentence for a word that says there is none."""
    number = tidy_number(text)
    if booth_key(number) in NONE:
        raise ValueError(_("“{text}”不是展位号。").format(text=text))
    return number


def numbers_in(text: str, known: Collection[str] = ()) -> list[str]:
    """The booths named in one text, each once, as they are kept: A1-25~A1-26 is two, 待定 none.

    Apart by 、 ， ; / new lines, 和 and spaces (but A 902 is one). ~ and 至 make a range; a dash only between two
    numbers with one beginning (A101-A104), never in a plain number (A1-25, 3-1). `known`: keys of booths that are
    there, whose numbers are taken whole whatever they look like. ValueError with a sentence for a range whose ends
    do not say what is between them.
    """
    found: list[str] = []
    for part in [text] if booth_key(text) in known else _APART.split(text):
        words = [part] if booth_key(part) in known else _words(_in_one_form(part))
        for word in words:
            key = booth_key(word)
            if key not in NONE:
                found += [tidy_number(word)] if key in known else _spread(_whole(word, found))
    return list(dict.fromkeys(found))


def _whole(word: str, before: Sequence[str]) -> str:
    """A1-08、09: a bare number as wide as the end of the one before it shares its beginning."""
    last = _END.fullmatch(before[-1]) if before and word.isdigit() else None
    return f"{last[1]}{word}" if last and last[1] and len(last[2]) == len(word) else word


def _words(text: str) -> list[str]:
    """What stands between spaces; letters alone belong to the number behind them."""
    words: list[str] = []
    for word in text.split():
        if words and _LETTERS.fullmatch(words[-1]) and word[0].isdigit():
            words[-1] += word
        else:
            words.append(word)
    return words


def _spread(word: str) -> list[str]:
    """The numbers of a range, or the one number."""
    ends = [end for end in _BETWEEN.split(word) if end]
    if len(ends) > 1:
        found = _between(ends[0], ends[1]) if len(ends) == 2 else []
        if not found:
            raise ValueError(_("看不出“{text}”是哪些展位，应如 A1-01~A1-04。").format(text=word))
        return found
    for dash in re.finditer("-", word):
        left, right = word[: dash.start()], word[dash.end() :]
        begin, end = _END.fullmatch(left), _END.fullmatch(right)
        is_range = begin and end and begin[1] == end[1] and any(map(str.isalpha, begin[1]))
        if is_range and (found := _between(left, right)):
            return found
    return ends


def _between(first: str, last: str) -> list[str]:
    """Every number from `first` to `last`, which may leave out the beginning they share; [] where that is not clear."""
    begin, end = _END.fullmatch(first), _END.fullmatch(last)
    if begin is None or end is None or (end[1] and booth_key(end[1]) != booth_key(begin[1])):
        return []
    low, high = int(begin[2]), int(end[2])
    if not low < high < low + MOST:
        return []
    wide = len(begin[2]) if begin[2][0] == "0" else 1
    return [f"{begin[1]}{n:0{wide}d}" for n in range(low, high + 1)]


# --- what a spreadsheet makes of a number -----------------------------------------------------------------------------
_ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")
_MONTH_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日")
_YEAR_MONTH = re.compile(r"(\d{4})年(\d{1,2})月")
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_NAMED = re.compile(rf"(\d{{1,2}})-({'|'.join(_MONTHS)})|({'|'.join(_MONTHS)})-(\d{{2}})")
_FRACTION = re.compile(r"(\d+)\.(\d+)")
_POWER = re.compile(r"([1-9]\d??)(0{4,})")
_SCIENTIFIC = re.compile(r"(\d)(?:\.0+)?E\+(\d+)")


def made_by_excel(cell: Any) -> None:
    """ValueError for a cell of a booth column that a spreadsheet probably made of something else.

    A date (2024-03-01 or 3月1日 of 3-1), a fraction (1.1, also of 1.10), a round number (100000 of 1E5). The sentence
    names what it probably was and asks for it; nothing is ever put right silently.
    """
    if isinstance(cell, date):
        text = cell.isoformat()[:10]
    else:
        text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    if probably := _probably(unicodedata.normalize("NFKC", text).upper()):
        words = _("“{text}”多半是 Excel 由 {number} 改成的。请核对，填上真正的展位号，并把这一列设成文本。")
        raise ValueError(words.format(text=text, number=_(" 或 ").join(probably)))


def _probably(text: str) -> list[str]:
    """What such a text was, most likely first; [] where it is nothing that a spreadsheet makes."""
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
        return [f"{month}-{day}", *([f"{year % 100}-{month}"] if day == 1 and year % 100 > 12 else [])]
    if found := _MONTH_DAY.fullmatch(text):
        return [f"{int(found[1])}-{int(found[2])}"]
    if found := _YEAR_MONTH.fullmatch(text):
        return [f"{int(found[1]) % 100}-{int(found[2])}"]
    if found := _NAMED.fullmatch(text):
        month = _MONTHS.index(found[2] or found[3]) + 1
        return [f"{month}-{int(found[1] or found[4])}"]
    if found := _FRACTION.fullmatch(text):
        return [f"{found[1]}-{found[2]}", f"{text}0"]
    if found := _POWER.fullmatch(text):
        return [f"{found[1]}E{len(found[2])}"]
    if found := _SCIENTIFIC.fullmatch(text):
        return [f"{found[1]}E{int(found[2])}"]
    return []


# --- a row of them ----------------------------------------------------------------------------------------------------
def series(first: str, count: int, taken: Iterable[str] = ()) -> tuple[list[str], list[str]]:
    """`count` numbers from `first` on (A1-01 → A1-01, A1-02, …), as wide as it; and those of `taken` it passed over.

    ValueError with a sentence where `first` does not end in a number.
    """
    found = _END.fullmatch(check_number(first)) if first.strip() else None
    if found is None:
        raise ValueError(_("起始号要以数字结尾，如 A1-01、1H01。"))
    there = {booth_key(number): number for number in taken}
    made: list[str] = []
    passed: list[str] = []
    at = int(found[2])
    while len(made) < count:
        number = f"{found[1]}{at:0{len(found[2])}d}"
        known = there.get(booth_key(number))
        made.append(number) if known is None else passed.append(known)
        at += 1
    return made, passed


def following(numbers: Iterable[str], usual: str) -> str:
    """The number after the last of these that end in one, as wide; `usual` where there is none."""
    ends = [found for number in numbers if (found := _END.fullmatch(number))]
    if not ends:
        return usual
    last = max(ends, key=lambda found: natural_key(found[0]))
    return f"{last[1]}{int(last[2]) + 1:0{len(last[2])}d}"
