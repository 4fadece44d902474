"""Printed numbers of badges, EX26-E-00713. Drawing the next one is the services' part."""

import re

_BADGE = re.compile(r"([A-Z0-9]{1,10})-([A-Z])-([0-9]{5,6})")


def badge_no(expo_code: str, letter: str, number: int) -> str:
    """EX26-E-00713: expo, letter of the category, running number over the whole expo, at least five digits."""
    return f"{expo_code}-{letter}-{positive(number):05d}"


def parse_badge_no(text: str) -> tuple[str, str, int] | None:
    """(expo code, category letter, running number) of a printed badge number, or None."""
    found = _BADGE.fullmatch(text)
    return (found[1], found[2], int(found[3])) if found else None


def positive(number: int) -> int:
    """`number`; ValueError where no series can hold it."""
    if number < 1:
        raise ValueError(f"a running number starts at 1, not {number}")
    return number
