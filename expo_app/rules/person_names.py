"""What spellings of one person's name have in common: the one rule for imports, forms, the desk and searches."""

import re
import unicodedata
from functools import lru_cache

from expo_app.rules.plain_letters import MIDDLE_DOTS

_LOST = re.compile(rf"[\s.{MIDDLE_DOTS}]+")
_CHINESE = "先生|女士|小姐|老师|教授|博士"
_ENGLISH = "dr|mr|mrs|ms|miss|prof|professor"
_BEHIND = re.compile(f"(.+?)(?:{_CHINESE})")
_BEFORE = re.compile(rf"(?:{_ENGLISH})(?:\.\s*|\s+)(.+)")
_TITLE = re.compile(rf"(?:{_CHINESE}|(?:{_ENGLISH})\.?)", re.IGNORECASE)
_DOUBLE = re.compile(
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|夏侯|端木|独孤|南宫|万俟|闻人|轩辕|澹台|申屠|鲜于"
)


@lru_cache(1 << 16)
def person_key(name: str) -> str:
    """What two spellings of one person's name have in common: titles, spaces, dots, width and case do not count.

    A title stays where no whole name would be left of it: 王先生 and 王女士 are two, like Mr. and Mrs. Smith.
    """
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return _LOST.sub("", _untitled(plain)) or _LOST.sub("", plain) or plain


def is_title(word: str) -> bool:
    """Whether a word is a title by itself, which says nothing of who is meant."""
    return _TITLE.fullmatch(word) is not None


def is_surname(name: str) -> bool:
    """Whether a Chinese name, without its title, says the family alone."""
    return len(name) < 2 or _DOUBLE.fullmatch(name) is not None


def _untitled(name: str) -> str:
    while True:
        behind, before = _BEHIND.fullmatch(name), _BEFORE.fullmatch(name)
        if behind and not is_surname(rest := behind[1].rstrip()):
            name = rest
        elif before and " " in before[1].strip():
            name = before[1].strip()
        else:
            return name
