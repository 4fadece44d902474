"""Organisations named in one text: which marks stand between two of them, and which belong to a name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LONG = r"Co|Company|Corp|Corporation|Inc|Incorporated|Ltd|Limited|LLC|LLP|PLC|GmbH|Pty|Pte|Sdn|Bhd"
_SHORT = r"LP|KG|AG|SE|S\.?A|S\.?p\.?A|S\.?r\.?l|B\.?V|N\.?V|Oy|AB|K\.?K"
_TAIL = re.compile(rf"[,，]\s*(?:(?:{_LONG})\b|(?:{_SHORT})\b(?=\.?\s*(?:[^\w\s]|$)))|\b[AIK]/S\b", re.IGNORECASE)
"""What belongs to the name before it, marks included: the `, Ltd.` of `Co., Ltd.`."""
_NUMBERING = re.compile(
    r"(?:^|(?<=[\n、，,;；\t 司院所学心团]))\s*"
    r"(?:[（(]\s*\d{1,2}\s*[)）]\s*|\d{1,2}\s*(?:[.．](?!\d)|[、)）])\s*|[①-⑳]\s*)"
)
"""1. 2、 (3) ④ before a name; the 3. of 3.5 is none."""
_MARKS = re.compile(r"[、，,;；|\n\r\t]+|—{2,}|-{2,}|(?<!\d)[/／](?!\d)")
_BODY = re.compile(
    r"(?:公司|集团|企业|厂|院|所|大学|学院|学校|中学|小学|中心|局|委|委员会|政府|办公室|管委会|银行|协会|商会|学会|联盟|研究会|"
    r"促进会|联合会|基金会|基金|合作社|事务所|实验室|医院|园区|开发区|高新区|出版社|电视台|工作室|经营部|部|处|社|站|馆|店)"
    r"(?:[（(][^（）()]*[)）])?"
)
_PART = re.compile(r"(?:部|处|室|中心|站|联合[^与和及]{0,12}(?:院|所|基地))$")
_PART_OF_SCHOOL = re.compile(r"(?:院|所|中学|小学)$")
_SCHOOL = re.compile(r"(?:大学|院|校|所)$")
"""复旦大学 管理学院 is one body, 甲公司 乙研究院 are two."""
_HAN = re.compile("[\u3400-\u9fff]")
_AND = re.compile("[与和及&＆]")
_AMPERSAND = re.compile(r"(?<=[\u3400-\u9fff）)])\s*[&＆]\s*(?=[\u3400-\u9fff])")
_ANY = re.compile(r"[、，,;；|\s—\-/／与和及&＆\d①-⑳（(]")
"""Without one of these a text is one name."""
_SPACES = re.compile(r"[ \u3000]+")


def split_parties(text: str) -> list[str]:
    """Names of organisations in one text, each once, in their order.

    Apart by 、 ， ; | / tabs, new lines, —— and --; by 与 和 及 or a space only where what stands on both sides ends
    as an organisation does (公司, 大学, 中心 …), so that 上海和平化工有限公司 stays whole. Numbering before a name
    (1. 2、 (3)) goes; the comma of `Co., Ltd.` stays.
    """
    return list(dict.fromkeys(_split(text)))


def each_party(text: str) -> list[str]:
    """The same, each as often as it is named."""
    return list(_split(text))


@lru_cache(1 << 14)
def _split(text: str) -> tuple[str, ...]:
    text = _AMPERSAND.sub("&", unicodedata.normalize("NFC", text))
    if not _ANY.search(text):
        return (text,) if text else ()
    found: list[str] = []
    for part in _pieces(_NUMBERING.sub("\n", text)):
        for piece in _apart(part.strip(), _SPACES):
            found += _apart(piece, _AND)
    return tuple(" ".join(name.split()) for name in found if name.strip())


def _pieces(text: str) -> list[str]:
    """What stands between marks that no name holds."""
    kept = [tail.span() for tail in _TAIL.finditer(text)]
    pieces, start = [], 0
    for mark in _MARKS.finditer(text):
        if any(low <= mark.start() < high for low, high in kept) or _is_inside_brackets(text[start : mark.start()]):
            continue
        pieces.append(text[start : mark.start()])
        start = mark.end()
    return [*pieces, text[start:]]


def _is_inside_brackets(before: str) -> bool:
    """An open bracket waits for its end: 某公司（甲，乙） is one name."""
    return sum(map(before.count, "（(")) > sum(map(before.count, "）)"))


def _apart(text: str, between: re.Pattern[str]) -> list[str]:
    """Split at marks that have a whole organisation on both sides."""
    if not _HAN.search(text):
        return [text]
    for mark in between.finditer(text):
        left, right = text[: mark.start()], text[mark.end() :]
        if _is_body(left) and any(map(_is_body, [right, *between.split(right)])) and not _is_part(left, right, mark[0]):
            return [left, *_apart(right, between)]
    return [text]


def _is_part(whole: str, text: str, mark: str) -> bool:
    """Whether a text names a part of the body before it, or what both have together (与…联合实验室)."""
    if not mark.isspace():
        return "联合" in text and bool(_PART.search(text))
    return bool(_PART.search(text) or (_SCHOOL.search(whole.strip()) and _PART_OF_SCHOOL.search(text)))


def _is_body(text: str) -> bool:
    """Whether a text ends as the name of an organisation does, and has something before that end."""
    text = text.strip()
    ends = [found.start() for found in _BODY.finditer(text) if found.end() == len(text)]
    return bool(ends) and ends[0] > 0
