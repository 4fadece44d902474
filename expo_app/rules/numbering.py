"""Printed numbers: badges KJH18-E-00713, deals KJH-2018-025. Drawing the next one is the services' part."""

import re

_BADGE = re.compile(r"([A-Z0-9]{1,10})-([EVSMW])-([0-9]{5,6})")
_DEAL = re.compile(r"([A-Z][A-Z0-9]{0,9})-([0-9]{4})-([0-9]{3,6})")


def badge_no(expo_code: str, letter: str, number: int) -> str:
    """KJH18-E-00713: expo, `Category.letter`, running number over the whole expo, at least five digits."""
    return f"{expo_code}-{letter}-{_positive(number):05d}"


def parse_badge_no(text: str) -> tuple[str, str, int] | None:
    """(expo code, category letter, running number) of a printed badge number, or None."""
    found = _BADGE.fullmatch(text)
    return (found[1], found[2], int(found[3])) if found else None


def deal_no(expo_code: str, year: int, number: int) -> str:
    """KJH-2018-025: the expo's code without its year, the year, running number."""
    return f"{deal_prefix(expo_code, year)}{_positive(number):03d}"


def deal_prefix(expo_code: str, year: int) -> str:
    """What all deal numbers of an expo begin with: KJH-2018- for KJH18, KJH2018 and KJH."""
    stem = re.sub(f"-?({year}|{year % 100:02d})$", "", expo_code) or expo_code
    return f"{stem}-{year}-"


def parse_deal_no(text: str) -> tuple[str, int, int] | None:
    """(stem, year, running number) of a printed deal number, or None."""
    found = _DEAL.fullmatch(text)
    return (found[1], int(found[2]), int(found[3])) if found else None


def short_deal_no(text: str) -> str:
    """The running number alone, as lists of one expo show it: 025."""
    return text.rpartition("-")[2]


def _positive(number: int) -> int:
    if number < 1:
        raise ValueError(f"a running number starts at 1, not {number}")
    return number
