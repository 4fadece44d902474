"""The words of headers: one form to compare by, the fields a word may mean, the unit it names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from expo_app.i18n import N_, in_every_language
from expo_app.rules.name_parts import plain as simplified
from expo_app.specs import Field, RecordSpec

PROBLEM = N_("问题")
IGNORED = frozenset({"问题", "序号", "编号", "示例", "行号", "no", "no.", "#", "problem", "problems", "sample", "demo"})
"""Columns that are not data, where no field is called so: said nothing about."""
FEWEST = 2
"""Characters of a field's word that may be found inside a longer header."""
MOST_BESIDE = 8
"""Characters a header may have beside that word."""

_REMARK = re.compile(r"[(（【\[](必填|选填|可选|必选|不填|required|optional)[)）】\]]", re.IGNORECASE)
_NOISE = re.compile(r"[\s*＊:：·•★☆▲△●]+|\.$")
_NUMBER = re.compile(r"^(?:[(]?\d{1,2}[.、)]|[(]?[一二三四五六七八九十]{1,2}[、)])(?=\D)")
_BRACKETS = re.compile(
    r"\([^()]*\)$|\[[^\[\]]*\]$|【[^】]*】$|^\([^()]*\)(?=.)|(?<=.)/?(?:万元|亿元|元|㎡|平方米|平米)$"
)
_IN_BRACKETS = re.compile(
    r"[(\[【/]\s*(?:(?:单位|人民币|rmb)[:：]?\s*(?=[^\s)\]】/]))?([^()\[\]【】/]*?)\s*(?:[)\]】]|(?=/)|$)",
    re.IGNORECASE,
)
_HAN_FIRST = re.compile(r"([^A-Za-z]*[\u3400-\u9fff)])[\s/|(]*([A-Za-z][A-Za-z .,'/&-]*)[)]?", re.DOTALL)
_LATIN_FIRST = re.compile(r"([A-Za-z][A-Za-z .,'&-]*?)[\s/|(]+([\u3400-\u9fff][^A-Za-z]*)", re.DOTALL)
_COUNTED = re.compile(r"(?<=[\u3400-\u9fffa-z])[(（]?[1-3一二三][)）]?$")
"""Of 联系人1 and 联系人2."""
_CALLED = re.compile(r"(?<=[\u3400-\u9fff])(?:名称|全称)$")
UNITS_OF_MONEY = "百万元|千元|万元|亿元|万美元|美元|欧元|元|usd|eur"
"""As a part of a pattern, longer ones first."""
_ENGLISH_UNIT = re.compile(
    r"(?:cny|rmb|yuan)?(?P<scale>1,?000|10,?000|100,?000,?000|1?k|10k|thousands?|m|mn|millions?|)(?:cny|rmb|yuan)?"
)
_SCALES = {
    "": "元", "1000": "千元", "k": "千元", "1k": "千元", "thousand": "千元", "10000": "万元", "10k": "万元",
    "m": "百万元", "mn": "百万元", "million": "百万元", "100000000": "亿元",
}  # fmt: skip
_UNIT_ALONE = re.compile(rf"{UNITS_OF_MONEY}|人民币|rmb|cny", re.IGNORECASE)
_UNIT_ABOVE = re.compile(
    rf"(?:单位|金额|价格|币种|数额)[^。;；\n\d]{{0,8}}?({UNITS_OF_MONEY})"
    r"|[(（]\s*(百万元|千元|万元|亿元|元)\s*[)）]",
    re.IGNORECASE,
)


@lru_cache(1 << 14)
def normal(text: str) -> str:
    """A header for comparing: NFKC, simplified characters, without case, spaces, stars, colons, numbers and 必填."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isascii():
        plain = plain.translate(simplified())
    return _NUMBER.sub("", _NOISE.sub("", _REMARK.sub("", plain))).casefold()


key_of = normal
"""What a choice about a column is kept under."""


def without_unit(header: str) -> str:
    """A header for comparing, without the unit behind it: 成交额 of 成交额（万元）."""
    return _BRACKETS.sub("", normal(header))


@lru_cache(1 << 12)
def forms(header: str) -> tuple[str, ...]:
    """What a header may be known by, surest first: whole, without unit, its lowest row, each language; uncounted."""
    whole = normal(header)
    found = [whole, without_unit(header)]
    if "\n" in header:
        for line in reversed(header.split("\n")):
            lowest = normal(line)
            found += [lowest, _BRACKETS.sub("", lowest)]
    found += _languages(header)
    found += [_COUNTED.sub("", form) for form in found]
    return tuple(dict.fromkeys(form for form in found if form))


def _languages(header: str) -> list[str]:
    """参展单位 Company: its Chinese and its Latin half."""
    text = unicodedata.normalize("NFKC", header).strip()
    halves = _HAN_FIRST.fullmatch(text) or _LATIN_FIRST.fullmatch(text)
    return [normal(half.strip(" /|()")) for half in halves.groups()] if halves else []


def unit_words(header: str) -> list[str]:
    """What stands in brackets, behind a stroke or alone on a line of a header, the last first: 元 of 合同金额（元）."""
    text = unicodedata.normalize("NFKC", header)
    found = [normal(word) for line in reversed(text.split("\n")) for word in reversed(_IN_BRACKETS.findall(line))]
    tail = re.search(r"(?<=[\u3400-\u9fff])(百万元|千元|万元|亿元)$", text.strip())
    lines = text.split("\n")
    alone = [normal(line) for line in lines if len(lines) > 1 and _UNIT_ALONE.fullmatch(line.strip())]
    return [word for word in [*found, *alone, *([tail[1]] if tail else [])] if word]


def english_unit(word: str) -> str:
    """元, 千元, 万元 … of CNY, thousand yuan, 10k CNY, RMB million; "" of anything else."""
    found = _ENGLISH_UNIT.fullmatch(word)
    is_money = found is not None and re.search("cny|rmb|yuan", word) is not None
    return _SCALES[found["scale"].replace(",", "").removesuffix("s")] if found and is_money else ""


def unit_above(texts: Iterable[str]) -> str:
    """The unit of money that a line above the table names: 单位：元; "" without one."""
    for text in texts:
        if found := _UNIT_ABOVE.search(unicodedata.normalize("NFKC", text)):
            return normal(found[1] or found[2])
    return ""


def _words(field: Field, everywhere: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The field's own names, in all languages or the current one, and its other names, normalised."""
    names = (field.header, field.title, *(in_every_language(field.label) if everywhere else (field.label,)))
    own = dict.fromkeys(form for name in names for form in forms(name))
    return tuple(own), tuple(normal(alias) for alias in field.aliases)


ENDS = ("起", "止")
"""What stands below the header of a span (执行期限) where each end of it has a column."""
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
    for field in spec.fields:
        for word, one in zip(ENDS, (field, spec.field(field.until)), strict=True) if field.until else ():
            found.setdefault(word, []).append((OTHER, one))
    for candidates in found.values():
        candidates.sort(key=lambda meaning: meaning[0])
    return found


def within(header: str, words: dict[str, list[Meaning]]) -> list[Field]:
    """The fields whose words a header ends or begins with, the longest first: 参展单位全称, 业务联系人.

    None of a header that names two things at once (单位及职务).
    """
    found: dict[str, tuple[int, int, Field]] = {}
    for form in forms(header):
        bare = _CALLED.sub("", form)
        if bare != form and bare in words and not words[bare][0][1].readonly:
            return [words[bare][0][1]]  # 卖方名称
        if _names_two(form, words):
            return []
        for word, candidates in words.items():
            beside = len(form) - len(word)
            if len(word) < FEWEST or not 0 < beside <= MOST_BESIDE or candidates[0][1].readonly:
                continue
            place = 2 if form.endswith(word) else 1 if form.startswith(word) else 0
            own = candidates[0][1]
            best = found.get(own.name)
            if place and word.isascii() is form.isascii() and (best is None or (len(word), place) > best[:2]):
                found[own.name] = len(word), place, own
    return [own for _length, _place, own in sorted(found.values(), key=lambda one: (-one[0], -one[1]))]


def _names_two(form: str, words: dict[str, list[Meaning]]) -> bool:
    parts = re.split(r"[及与和、/&+]", form)
    cuts = [parts, *([form[:at], form[at:]] for at in range(FEWEST, len(form) - 1))]
    named = ({words[part][0][1].name for part in cut} for cut in cuts if all(part in words for part in cut))
    return any(len(names) > 1 for names in named)


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


def texts(cells: Iterable[Any]) -> list[str]:
    """The cells that hold words."""
    return [text for cell in cells if isinstance(cell, str) and (text := cell.strip())]
