"""Names as people type them: one tidy form to keep, one key to compare by, the nearest known one to suggest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from functools import lru_cache

from expo_app.i18n import _
from expo_app.rules.plain_letters import MIDDLE_DOTS
from expo_app.specs.field_types import clean_text

_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_TIDY = str.maketrans(_WIDE | {0x3000: 0x20})
_CJK = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAS_CJK = re.compile(f"[{_CJK}]")
_GAP = re.compile(f"(?<=[{_CJK}（）]) +(?=[{_CJK}（）])")
SURE = 4
"""So many characters tell a word from another that differs in one: 信息技朮 is 信息技术, 新材料 is not 新能源."""
NEAR = 50
"""Likeness of two names in percent from which one is offered for the other."""
_LOOSE = re.compile(rf"[\s{MIDDLE_DOTS}]+")


def tidy(text: str) -> str:
    """The form to keep: half-width letters and digits, no spaces between Chinese characters, （） in Chinese names."""
    if text.isascii():
        return text
    text = text.translate(_TIDY)
    if _HAS_CJK.search(text):
        text = _GAP.sub("", text.replace("(", "（").replace(")", "）"))
    return text


@lru_cache(1 << 16)
def name_key(text: str) -> str:
    """What two spellings of one name have in common: width, case, spaces and brackets do not count."""
    return _LOOSE.sub("", unicodedata.normalize("NFKC", clean_text(text))).casefold()


def listed_names(text: str) -> list[str]:
    """Names of places or words separated by 、 ； or new lines, each once; for organisations `rules.parties`."""
    return list(dict.fromkeys(name.strip() for name in re.split(r"[、;；\n]+", text) if name.strip()))


def is_near(name: str, known: Collection[str]) -> bool:
    """Whether a name is probably one of these (as `name_key` spells them), one of its characters mistyped."""
    key = name_key(name)
    alike = (word for word in known if len(word) == len(key) >= SURE)
    return any(sum(a != b for a, b in zip(key, word, strict=True)) == 1 for word in alike)


def unknown(name: str, known: Collection[str], what: str, near: str) -> str:
    """The sentence for an unknown name: the nearest known one, or all of them when they are few."""
    if near:
        return _("没有{what}“{name}”，最接近的是“{near}”。").format(what=what, name=name, near=near)
    if 0 < len(known) <= 8:
        return _("没有{what}“{name}”，可填：{known}。").format(what=what, name=name, known=_("、").join(sorted(known)))
    return _("没有{what}“{name}”。").format(what=what, name=name)


def nearest_of(known: Collection[str]) -> Callable[[str], str]:
    """What finds the known name nearest to one, "" where none is near: thousands against thousands within a second."""
    from rapidfuzz import fuzz, process

    keys = {name_key(one): one for one in known}
    spelt = list(keys)

    def find(name: str) -> str:
        found = process.extractOne(name_key(name), spelt, scorer=fuzz.ratio, score_cutoff=NEAR)
        return keys[found[0]] if found else ""

    return find


def not_a_word(reason: str) -> str:
    """The same of a word that nothing makes on the way, for somebody must say what it stands for; and where to."""
    return _("{reason}要用新词，先在“数据与设置”的“类目”里新增。").format(reason=reason)
