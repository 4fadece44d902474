"""What the page of suggestions shows, as plain data: demands, supply, suggestions with what both sides said."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from expo_app.i18n import N_
from expo_app.model import Answer, Unsuitable
from expo_app.rules.matching_score import Side
from expo_app.specs.profile import Contact

LOW = 40
"""Suggestions with fewer points are folded at the end of their list."""


class Party(StrEnum):
    """A side of a suggestion."""

    DEMAND = N_("需方")
    SUPPLY = N_("供方")

    @property
    def other(self) -> Party:
        return Party.SUPPLY if self is Party.DEMAND else Party.DEMAND

    @property
    def column(self) -> str:
        """What the names of its columns begin with."""
        return self.name.lower()


@dataclass(frozen=True)
class Subject:
    """A demand or an offer as it is shown. Money in yuan. `there`: 已到场 and the booths, "" where that is not known.

    `side`: as it is compared; `mark`: a fingerprint of that. `is_open`: suggestions are still looked for. `read_title`,
    `owner`: as the language of the screen has them.
    """

    side: Side
    mark: str
    read_title: str
    owner: str
    region: str
    ways: tuple[str, ...]
    amount: Decimal | None
    indicators: str = ""
    term: date | None = None
    trl: int | None = None
    ip: str = ""
    unit: str = ""
    there: str = ""
    is_open: bool = True
    spec: str = "demands"
    contact_id: uuid.UUID | None = None
    search: str = ""

    @property
    def key(self) -> uuid.UUID:
        return self.side.key

    @property
    def lacks(self) -> tuple[str, ...]:
        """Fields without which hardly anything is found, as source text."""
        given = {N_("领域"): self.side.field, N_("关键词"): self.side.keywords, N_("正文"): self.side.body}
        return tuple(words for words, text in given.items() if not text.strip())


@dataclass(frozen=True)
class Said:
    """What one side said. `how`: who answered on whose behalf and how; `answer_by`: when the question expires."""

    answer: Answer
    at: datetime | None = None
    how: str = ""
    answer_by: datetime | None = None
    reminded_at: datetime | None = None

    def is_expired(self, now: datetime) -> bool:
        """Whether it was asked and let the term pass."""
        return self.answer is Answer.WAITING and self.answer_by is not None and self.answer_by <= now


@dataclass(frozen=True)
class Card:
    """A suggestion. `reasons`: kind → points and what stands behind it, as `matching_score` gives them.

    `contacts`: of whom both sides may learn now, by side, the number masked; none until both accepted, nor without
    consent.
    """

    id: uuid.UUID
    demand: Subject
    supply: Subject
    score: int
    reasons: Mapping[str, Mapping[str, Any]]
    counted_at: datetime | None
    is_stale: bool
    said: Mapping[Party, Said]
    unsuitable: Unsuitable | None = None
    unsuitable_words: str = ""
    judged_by: str = ""
    judged_at: datetime | None = None
    meeting_no: str = ""
    contacts: Mapping[Party, Contact] = field(default_factory=dict)

    def of(self, party: Party) -> Subject:
        """What that side brings."""
        return self.demand if party is Party.DEMAND else self.supply

    @property
    def both_accepted(self) -> bool:
        return all(said.answer is Answer.ACCEPTED for said in self.said.values())

    @property
    def is_declined(self) -> bool:
        return any(said.answer is Answer.DECLINED for said in self.said.values())

    @property
    def is_waiting(self) -> bool:
        return any(said.answer is Answer.WAITING for said in self.said.values())

    def late(self, now: datetime) -> frozenset[Party]:
        """The sides that were asked and let the term pass."""
        return frozenset(party for party, said in self.said.items() if said.is_expired(now))

    @property
    def is_spoken_of(self) -> bool:
        """Whether anybody said anything of it."""
        return self.unsuitable is not None or any(one.answer is not Answer.NOT_ASKED for one in self.said.values())

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing left to do: agreed, declined, or unsuitable."""
        return self.both_accepted or self.is_declined or self.unsuitable is not None


@dataclass(frozen=True)
class Rates:
    """What became of suggestions so far, counted: answers of sides that were asked, and judgements by reason."""

    asked: int
    accepted: int
    declined: int
    expired: int
    judged: Mapping[Unsuitable, int]

    @property
    def answered(self) -> int:
        return self.accepted + self.declined


def rates_of(cards: Iterable[Card], now: datetime) -> Rates:
    """Measured, of all suggestions there are; nothing is promised by them."""
    answers: Counter[Answer] = Counter()
    judged: Counter[Unsuitable] = Counter()
    expired = 0
    for card in cards:
        answers.update(said.answer for said in card.said.values())
        if card.unsuitable is not None:
            judged[card.unsuitable] += 1
        expired += len(card.late(now))
    asked = answers.total() - answers[Answer.NOT_ASKED]
    return Rates(asked, answers[Answer.ACCEPTED], answers[Answer.DECLINED], expired, judged)


@dataclass(frozen=True)
class Board:
    """All of an expo's suggestions. Cards stand by score, what was judged unsuitable last among equals of a subject."""

    demands: Sequence[Subject]
    supply: Sequence[Subject]
    cards: Sequence[Card]
    now: datetime

    @cached_property
    def by_demand(self) -> Mapping[uuid.UUID, Sequence[Card]]:
        """The suggestions of each demand."""
        return _grouped(self.cards, Party.DEMAND)

    @cached_property
    def by_supply(self) -> Mapping[uuid.UUID, Sequence[Card]]:
        """The suggestions of each offer."""
        return _grouped(self.cards, Party.SUPPLY)

    @cached_property
    def counted_at(self) -> datetime | None:
        """When suggestions were last computed."""
        return max((card.counted_at for card in self.cards if card.counted_at is not None), default=None)

    @cached_property
    def rates(self) -> Rates:
        return rates_of(self.cards, self.now)

    @property
    def both_accepted(self) -> int:
        return sum(card.both_accepted for card in self.cards)


def _grouped(cards: Iterable[Card], party: Party) -> dict[uuid.UUID, list[Card]]:
    found: dict[uuid.UUID, list[Card]] = {}
    for card in cards:
        found.setdefault(card.of(party).key, []).append(card)
    return found
