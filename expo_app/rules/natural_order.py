"""Texts with numbers in them in the order a person counts: A-2 before A-10, EX-2026-999 before EX-2026-1000."""

import re

DIGITS = 12
"""Numbers up to this length are compared as numbers; longer ones stand as they are written."""
_NUMBER = re.compile("[0-9]+")


def natural_key(text: str) -> str:
    """What such a text is sorted by: every number in it filled up with zeros."""
    return _NUMBER.sub(_filled, text)


def _filled(number: re.Match[str]) -> str:
    return number[0].lstrip("0").zfill(DIGITS)
