"""Letters as everybody can type them: simplified Chinese, and Latin ones without marks."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

HAN = "〇㐀-䶿一-鿿豈-\ufaff\U00020000-\U0003ffff"
MIDDLE_DOTS = "·•‧・･∙⋅ᐧㆍᆞ⸱․"
"""What stands between the parts of a foreign name, whichever a keyboard has."""
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


@cache
def han() -> re.Pattern[str]:
    """Chinese characters. Compiled on first use, since that takes as long as loading twenty modules."""
    return re.compile(f"[{HAN}]+")


@lru_cache(1)
def simplified() -> dict[int, str]:
    """Traditional characters to simplified ones, by the table of OpenCC."""
    text = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text("utf-8")
    pairs = (line.split() for line in text.splitlines() if line.strip())
    return {ord(pair[0]): pair[1] for pair in pairs if pair[0] != pair[1]}


def unmarked(text: str) -> str:
    """陈大文 for 陳大文, Nguyen for Nguyễn, Ivanov for Иванов; in lower case."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", text).translate(simplified()).lower()
    if han().sub("", plain).isascii():
        return plain
    return "".join(char if char.isascii() or han().match(char) else _latin(char) for char in plain)


def is_spelt_out(text: str) -> bool:
    """Whether a letter of it is written as two where it is not at hand."""
    return not _SPELT_OUT.keys().isdisjoint(map(ord, unicodedata.normalize("NFKC", text).lower()))


def spelt_out(text: str) -> str:
    """As `unmarked`, but a marked letter is the two that are written where it is not at hand: Mueller for Müller."""
    return unmarked(unicodedata.normalize("NFKC", text).lower().translate(_SPELT_OUT))


@lru_cache(1024)
def _latin(char: str) -> str:
    """The Latin letters of one of any script; what is no letter stays."""
    if unicodedata.category(char)[0] not in "LM":
        return char
    from anyascii import anyascii

    return anyascii(char).lower()
