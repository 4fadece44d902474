"""The code in a badge's QR: `E1` and 26 characters of Base32 that say nothing about the person."""

import base64
import re
import secrets
import unicodedata

CODE_LENGTH = 28
RAW_LENGTH = 256
"""Longer readings are no badge code and are kept cut."""

_CODE = re.compile(r"E1[A-Z2-7]{26}")
_NUMBER = re.compile(r"[A-Z0-9]{1,10}-[A-Z]-[0-9]{5,6}")
_AIM = re.compile(r"\][A-Z][0-9A-Z](?:\\[0-9]{6})?")
"""What a reader may put in front: the symbology (ISO/IEC 15424) and the character set (AIM ECI)."""
_BEGUN = re.compile(r"(?:\](?:[A-Z][0-9A-Z]?)?|\][A-Z][0-9A-Z]\\[0-9]{0,6})|(?:E(?:1[A-Z2-7]{0,26})?)")
_BETWEEN = re.compile(r"[,;|\s\x00-\x1f\x7f-\x9f]+")
_LINE_ENDS = re.compile(r"[\r\n\v\f\x85\u2028\u2029]")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def new_code() -> str:
    """A new code: E1 and 130 random bits."""
    return "E1" + base64.b32encode(secrets.token_bytes(17)).decode("ascii")[:26]


def normalise(raw: str) -> str | None:
    """The one code in what a reader sent, or None: there is none, or there are two. Linear in the first 256 characters.

    Beside it may stand what readers and their files add: a date and a time behind commas, the symbology in front,
    control characters. A code is a word of its own: it is never taken out of a longer one, such as an address.
    """
    if len(raw) > RAW_LENGTH:
        return None
    words = _plain(raw).strip()
    if _LINE_ENDS.search(words):
        return None  # several readings
    found = {word for word in map(_bare, _BETWEEN.split(words)) if _CODE.fullmatch(word)}
    return found.pop() if len(found) == 1 else None


def may_become(raw: str) -> bool:
    """Whether a reading that began like this may be one that begins with a code."""
    text = _plain(raw).lstrip()
    if _BEGUN.fullmatch(text):
        return True
    code = _bare(text)
    return len(raw) < RAW_LENGTH and (not code or bool(_BEGUN.fullmatch(code)) or normalise(raw) is not None)


def is_number(reading: str) -> bool:
    """Whether a reading is a telephone or identity number: mostly digits, and no badge number."""
    signs = [char for char in reading if char.isalnum()]
    return 2 * sum(map(str.isdecimal, signs)) > len(signs) and badge_no(reading) is None


def _plain(raw: str) -> str:
    """Half width, upper case, without what is not seen, such as a byte order mark or marks of direction."""
    visible = "".join(char for char in raw if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", visible).upper()


def _bare(word: str) -> str:
    return _AIM.sub("", word.strip("\"'"), count=1) if word.startswith(("]", '"', "'")) else word


def clean_raw(raw: str) -> str:
    """What is stored and shown of a reading: 256 characters, control, bidi, zero-width and stray ones replaced by �."""
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in _HIDDEN else c for c in raw[:RAW_LENGTH])


def is_badge_no(text: str, prefix: str) -> bool:
    """Whether a person typed a badge number of the expo whose code is `prefix`: EX26-E-00713, in any width or case."""
    number = badge_no(text)
    return number is not None and number.startswith(f"{prefix.upper()}-")


def badge_no(text: str) -> str | None:
    """The badge number typed, in its printed form, or None."""
    if len(text) > RAW_LENGTH:
        return None
    number = _bare(_plain(text).strip())
    return number if _NUMBER.fullmatch(number) else None
