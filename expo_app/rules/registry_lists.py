"""The lists a technology contract chooses from at its registration, and the days an office has: data with dates.

What ships with the program are the choices of `rules.tech_contracts` and the deadlines below; a file may hold more, or
the same with other dates or with the office's code, and then its own count. A list that neither has takes any word.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from expo_app import paths
from expo_app.model import RegistryList
from expo_app.rules import tech_contracts
from expo_app.rules.tech_contracts import Choice

SATURDAY = 5
BEHIND = 10_000
"""After every position that can be given."""


@dataclass(frozen=True)
class Deadline:
    """Days an office of a region ("" the whole country) has to decide on what was submitted from `since` to `until`."""

    region: str
    since: date
    until: date | None
    days: int
    is_working_days: bool = False
    source: str = ""

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def due(self, submitted_on: date) -> date:
        """The last day. Counting working days skips Saturdays and Sundays; public holidays are not known."""
        if not self.is_working_days:
            return submitted_on + timedelta(self.days)
        day, left = submitted_on, self.days
        while left:
            day += timedelta(1)
            left -= day.weekday() < SATURDAY
        return day


@dataclass(frozen=True)
class Lists:
    """Everything a contract chooses from, each in its order."""

    choices: Mapping[RegistryList, tuple[Choice, ...]]
    deadlines: tuple[Deadline, ...] = ()

    def names(self, of: RegistryList, day: date | None = None, parent: str | None = None) -> tuple[str, ...]:
        """The names of a list that hold on a day (None: of any time), each once; `parent` None: under any."""
        found = self.choices.get(of, ())
        chosen = (c.name for c in found if c.holds_on(day) and parent in (None, c.parent))
        return tuple(dict.fromkeys(chosen))

    def decide_by(self, region: str | None, submitted_on: date | None) -> date | None:
        """By when an office of the region (six digits, the seller's) decides; None where no rule is known."""
        rule = self.deadline(region, submitted_on)
        return rule.due(submitted_on) if rule and submitted_on else None

    def deadline(self, region: str | None, day: date | None) -> Deadline | None:
        """The rule of the longest prefix of the region that holds on the day; of several the newest."""
        if day is None:
            return None
        fits = [d for d in self.deadlines if d.holds_on(day) and (region or "").startswith(_prefix(d.region))]
        return max(fits, key=lambda d: (len(_prefix(d.region)), d.since), default=None)


def _prefix(code: str) -> str:
    """A region's code without the noughts that stand for all of it: 330000 is 33."""
    pairs = [code[n : n + 2] for n in range(0, len(code), 2)]
    while pairs and pairs[-1] == "00":
        pairs.pop()
    return "".join(pairs)


@cache
def shipped() -> Lists:
    """What comes with the program."""
    plain = {
        RegistryList.TECH_FIELD: tech_contracts.TECH_FIELDS,
        RegistryList.IP_KIND: tech_contracts.IP_KINDS,
        RegistryList.NATURE: tech_contracts.NATURES,
    }
    choices = {of: tuple(map(Choice, names)) for of, names in plain.items()}
    choices |= {RegistryList.KIND: tech_contracts.KINDS, RegistryList.SUBKIND: tech_contracts.SUBKINDS}
    with paths.resource("contracts", "deadlines.csv").open(encoding="utf-8", newline="") as handle:
        deadlines = tuple(map(_deadline, csv.DictReader(handle)))
    return Lists(choices, deadlines)


def _deadline(row: Mapping[str, str]) -> Deadline:
    until = date.fromisoformat(row["until"]) if row["until"] else None
    since, days = date.fromisoformat(row["since"]), int(row["days"])
    return Deadline(row["region_code"], since, until, days, bool(row["is_working_days"]), row["source"])


def with_own(own: Mapping[RegistryList, Iterable[Choice]], deadlines: Iterable[Deadline]) -> Lists:
    """What ships, and what a file adds; a name, or a region on its day, that the file has is as the file says."""
    base = shipped()
    choices = {of: _together(base.choices.get(of, ()), tuple(own.get(of, ()))) for of in RegistryList}
    given = tuple(deadlines)
    own_days = {(d.region, d.since) for d in given}
    return Lists(choices, (*(d for d in base.deadlines if (d.region, d.since) not in own_days), *given))


def _together(known: tuple[Choice, ...], own: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Each where its position says, else where it ships, else behind."""
    named, places = {(c.parent, c.name) for c in own}, {(c.parent, c.name): at for at, c in enumerate(known, 1)}

    def place(choice: Choice) -> int:
        return choice.position or places.get((choice.parent, choice.name), BEHIND)

    return tuple(sorted((*(c for c in known if (c.parent, c.name) not in named), *own), key=place))
