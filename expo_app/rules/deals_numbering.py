"""Printed numbers of deals, EX-2026-025. Drawing the next one is the services' part."""

import re

from expo_app.rules.numbering import positive

_DEAL = re.compile(r"([A-Z][A-Z0-9]{0,9})-([0-9]{4})-([0-9]{3,6})")


def deal_no(expo_code: str, year: int, number: int) -> str:
    """EX-2026-025: the expo's code without its year, the year, running number."""
    return f"{deal_prefix(expo_code, year)}{positive(number):03d}"


def deal_prefix(expo_code: str, year: int) -> str:
    """What all deal numbers of an expo begin with: EX-2026- for EX26, EX2026 and EX."""
    stem = re.sub(f"-?({year}|{year % 100:02d})$", "", expo_code) or expo_code
    return f"{stem}-{year}-"


def parse_deal_no(text: str) -> tuple[str, int, int] | None:
    """(stem, year, running number) of a printed deal number, or None."""
    found = _DEAL.fullmatch(text)
    return (found[1], int(found[2]), int(found[3])) if found else None


def short_deal_no(text: str) -> str:
    """The running number alone, as lists of one expo show it: 025."""
    return text.rpartition("-")[2]
