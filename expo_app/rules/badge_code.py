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
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def new_code() -> str:
    """A new code: E1 and 130 random bits."""
    return "E1" + base64.b32encode(secrets.token_bytes(17)).decode("ascii")[:26]


def normalise(raw: str) -> str | None:
    """The code a reader sent, or None where that is no badge code. Time is linear in the first 256 characters."""
    if len(raw) > RAW_LENGTH:
        return None
    code = unicodedata.normalize("NFKC", raw).strip().upper()
    return code if _CODE.fullmatch(code) else None


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
    number = unicodedata.normalize("NFKC", text).strip().upper()
    return number if _NUMBER.fullmatch(number) else None
