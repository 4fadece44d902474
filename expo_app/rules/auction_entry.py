"""What a clerk's fingers say at the console: a paddle, how much, and when a hammer is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from expo_app.rules.amounts import parse_wan

LETTERS = {"y": "元", "w": "万", "e": "亿"}
"""Units as they are typed without an input method."""
WITHIN = 2.0
"""Seconds in which a second press of the hammer belongs to the first."""
HELD = 1.0
"""Seconds for which one press says as much as two."""
READING = 6.0
"""Seconds for the sentence that calls are lacking."""


def amount_of(text: str) -> Decimal:
    """Yuan of an amount as people write it, in 万元 unless it says a unit: 180, 180.5万, 1805000元, 1805000y.

    ValueError with a sentence for what is none.
    """
    text = text.strip()
    if found := re.fullmatch(r"([\d.,]+)([ywe])", text, re.IGNORECASE):
        text = found[1] + LETTERS[found[2].lower()]
    return parse_wan(text)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields: digits of a paddle, `more` steps above the next one, an amount, or 同价跟价."""

    paddle: str = ""
    more: int = 0
    amount: str = ""
    is_equal: bool = False

    @property
    def number(self) -> int | None:
        """The paddle; None while nothing is typed."""
        return int(self.paddle) if self.paddle.isdecimal() and int(self.paddle) else None


class Means(Enum):
    """What a press of the hammer's key is taken for."""

    ONCE = auto()
    """One more is wanted."""
    EARLY = auto()
    """The price was not called as often as it should be: one more takes it all the same."""
    NOW = auto()


@dataclass(slots=True)
class Presses:
    """Twice within `WITHIN` seconds is the hammer; where calls are lacking that is said, and a third press takes it.

    One press held for `HELD` counts as two: whoever watches the key says so by a second `press`.
    """

    count: int = 0
    at: float = float("-inf")

    def press(self, now: float, is_called_out: bool) -> Means:
        """One press at `now` seconds of a steady clock; `is_called_out`: the price was called often enough."""
        if now - self.at > (WITHIN if self.count < 2 else READING):
            self.count = 0
        self.count, self.at = self.count + 1, now
        if self.count == 1:
            return Means.ONCE
        if self.count == 2 and not is_called_out:
            return Means.EARLY
        self.forget()
        return Means.NOW

    def forget(self) -> None:
        """Something else happened: the next press is a first one."""
        self.count, self.at = 0, float("-inf")
