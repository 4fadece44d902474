"""Why an offer is suggested for a demand: field, words, regional policy, way of co-operation, history, judgement.

Pure. The parts are whole points and add up to the score exactly; each says what stands behind it, as plain values that
are kept with the suggestion. How many points a part has at most is the expo's (`model.MatchingSettings`). A score says
how much two texts have in common; it is no measure of quality.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from expo_app.model import CooperationWay, TransferWay
from expo_app.rules import matching_words as words
from expo_app.rules.matching_words import WordsByPart
from expo_app.rules.region_groups import whole
from expo_app.rules.tech_contracts import field_key

ALIKE = 0.3
"""Texts as alike as that have all the points of words: two descriptions of one thing by different people."""
FLOOR = 0.05
"""Texts less alike have nothing in common but chance, and are not suggested."""
FEW = 8
"""A text of no more words is short: with it one common word is enough, else it takes two."""
SHOWN = 3
"""So many words are told of a reason."""
PER_DEMAND = 20
"""So many suggestions of one demand are kept."""
UNSUITABLE = 30
"""Points that a judgement 不合适 takes from the same pair, as far as there are any."""
NEAR = 0.5
"""Of the points of a field, where the fields are near."""

CORE = {
    "电子信息": ("先进制造", "现代交通", "生物、医药和医疗器械"), "航空航天": ("先进制造", "新材料及其应用"),
    "先进制造": ("电子信息", "航空航天", "新材料及其应用", "现代交通", "新能源与高效节能"),
    "生物、医药和医疗器械": ("新材料及其应用", "农业", "电子信息"),
    "新材料及其应用": ("先进制造", "航空航天", "新能源与高效节能", "环境保护与资源综合利用", "生物、医药和医疗器械"),
    "新能源与高效节能": ("新材料及其应用", "环境保护与资源综合利用", "核应用", "先进制造", "现代交通"),
    "环境保护与资源综合利用": ("新能源与高效节能", "新材料及其应用", "城市建设与社会发展", "农业"),
    "核应用": ("新能源与高效节能",), "农业": ("生物、医药和医疗器械", "环境保护与资源综合利用"),
    "现代交通": ("电子信息", "先进制造", "新能源与高效节能", "城市建设与社会发展"),
    "城市建设与社会发展": ("环境保护与资源综合利用", "现代交通"),
}  # fmt: skip
"""Of the eleven fields of the technical contract statistics, those whose subjects overlap. Ours, not the registry's."""
SUITS: Mapping[CooperationWay, frozenset[TransferWay]] = {
    CooperationWay.DEVELOPMENT: frozenset({TransferWay.COOPERATION}),
    CooperationWay.TRANSFER: frozenset({TransferWay.TRANSFER}),
    CooperationWay.LICENCE: frozenset({TransferWay.LICENCE}),
    CooperationWay.INVESTMENT: frozenset({TransferWay.INVESTMENT}),
    CooperationWay.JOINT: frozenset({TransferWay.COOPERATION}),
    CooperationWay.SERVICE: frozenset(),
    CooperationWay.OTHER: frozenset(),
}
"""What a demander would agree to → how a result may be had. A service item is had as a service, whatever is said."""
BY_SERVICE = frozenset({CooperationWay.SERVICE, CooperationWay.DEVELOPMENT})


@dataclass(frozen=True)
class Points:
    """The most each part counts."""

    field: int = 40
    words: int = 30
    policy: int = 12
    way: int = 8
    history: int = 10


@dataclass(frozen=True)
class Side:
    """A demand or an offer as it is compared.

    `owner`: the organisation; `known_as`: keys of every name it goes by, so that one kept twice is told. `ways`: names
    of `CooperationWay` of a demand, of `TransferWay` of a result. `may_be_suggested`: its owner agreed, today.
    """

    key: uuid.UUID
    owner: uuid.UUID
    title: str
    field: str = ""
    keywords: str = ""
    body: str = ""
    region: str = ""
    ways: tuple[str, ...] = ()
    known_as: frozenset[str] = frozenset()
    is_service: bool = False
    is_sample: bool = False
    may_be_suggested: bool = True


@dataclass(frozen=True)
class Policy:
    """A policy of regions: codes whose places are meant ("": any), and the days it holds."""

    title: str
    demand_region: str = ""
    supply_region: str = ""
    field: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    def holds(self, demand: Side, offer: Side, day: date) -> bool:
        """Whether it is about these two on that day."""
        return (
            (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
            and demand.region.startswith(whole(self.demand_region))
            and offer.region.startswith(whole(self.supply_region))
            and (not self.field or any(is_one_field(self.field, side.field) for side in (demand, offer)))
        )


@dataclass(frozen=True)
class Reason:
    """A part of a score: its points, and what stands behind it."""

    points: int
    says: Mapping[str, Any]


@dataclass(frozen=True)
class Scored:
    """A suggestion. `reasons`: kind (field, words, policy, way, history, judged) → reason; they add up to `score`."""

    demand: uuid.UUID
    offer: uuid.UUID
    score: int
    reasons: Mapping[str, Reason]


@dataclass(frozen=True)
class Known:
    """What is known besides the texts. `met`: two organisations, in the order of their keys → editions they met or
    signed in, the newest first. `unsuitable`: demand and offer that somebody judged so; `kept`: those about which
    something was said, which are scored however many better ones there are.
    """

    day: date
    policies: Sequence[Policy] = ()
    met: Mapping[tuple[uuid.UUID, uuid.UUID], Sequence[str]] = field(default_factory=dict)
    unsuitable: frozenset[tuple[uuid.UUID, uuid.UUID]] = frozenset()
    kept: frozenset[tuple[uuid.UUID, uuid.UUID]] = frozenset()


def pair(one: uuid.UUID, other: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
    """Two organisations, whoever is named first."""
    return (one, other) if one <= other else (other, one)


def is_own(demand: Side, offer: Side) -> bool:
    """Whether both are of one organisation, by whatever name."""
    return demand.owner == offer.owner or not demand.known_as.isdisjoint(offer.known_as)


def may_meet(demand: Side, offer: Side) -> bool:
    """Whether one may be suggested to the other at all."""
    agreed = demand.may_be_suggested and offer.may_be_suggested
    return agreed and demand.is_sample == offer.is_sample and not is_own(demand, offer)


def suggest(
    demands: Sequence[Side],
    offers: Sequence[Side],
    known: Known,
    points: Points,
    told: Callable[[int, int], object] = lambda _n, _total: None,
) -> list[Scored]:
    """The best offers of every demand, by score. `told(n, of)` is called between texts and may raise to stop."""
    total = 2 * len(demands) + len(offers)
    texts: list[WordsByPart] = []
    for number, side in enumerate((*demands, *offers)):
        told(number, total)
        texts.append(words.words_by_part(side.title, side.keywords, side.body))
    rare = words.rarity(texts)
    vectors = [words.vector(text, rare) for text in texts]
    own, theirs = vectors[: len(demands)], vectors[len(demands) :]
    by_word = words.postings(theirs)
    found: list[Scored] = []
    for number, (demand, vector) in enumerate(zip(demands, own, strict=True)):
        told(len(demands) + len(offers) + number, total)
        kept = [
            (place, like)
            for place, (like, count) in words.likenesses(vector, by_word).items()
            if like >= FLOOR
            and (count > 1 or min(len(vector.weights), len(theirs[place].weights)) <= FEW)
            and may_meet(demand, offers[place])
        ]
        scored = []
        for place, like in kept:
            parts = _parts(demand, offers[place], like, known, points)
            scored.append((-sum(parts.values()), -like, place, parts))
        for rank, (_score, like, place, parts) in enumerate(sorted(scored, key=lambda one: one[:3])):
            offer = offers[place]
            if rank >= PER_DEMAND and (demand.key, offer.key) not in known.kept:
                continue
            reasons = _reasons(demand, offer, known, parts)
            if "words" in reasons:
                both = words.shared(vector, theirs[place], SHOWN)
                said = _said(both, texts[number], texts[len(demands) + place])
                reasons["words"] = Reason(parts["words"], {"words": said, "alike": round(-like, 3)})
            score = sum(reason.points for reason in reasons.values())
            found.append(Scored(demand.key, offer.key, score, reasons))
    return found


def _parts(demand: Side, offer: Side, like: float, known: Known, points: Points) -> dict[str, int]:
    """Kind → points of a pair; what has none is left out."""
    parts = {
        "field": round(points.field * nearness(demand.field, offer.field)),
        "words": round(points.words * min(1.0, like / ALIKE)),
        "policy": points.policy if any(one.holds(demand, offer, known.day) for one in known.policies) else 0,
        "way": points.way if suiting(demand, offer) else 0,
        "history": points.history if pair(demand.owner, offer.owner) in known.met else 0,
    }
    if (demand.key, offer.key) in known.unsuitable:
        parts["judged"] = -min(UNSUITABLE, sum(parts.values()))
    return {kind: number for kind, number in parts.items() if number}


def _reasons(demand: Side, offer: Side, known: Known, parts: Mapping[str, int]) -> dict[str, Reason]:
    says: dict[str, Callable[[], Mapping[str, Any]]] = {
        "field": lambda: {
            "same": is_one_field(demand.field, offer.field),
            "demand": demand.field,
            "offer": offer.field,
        },
        "words": lambda: {},
        "policy": lambda: {
            "titles": list(dict.fromkeys(one.title for one in known.policies if one.holds(demand, offer, known.day)))
        },
        "way": lambda: {"ways": [way.name for way in suiting(demand, offer)]},
        "history": lambda: {"editions": list(known.met[pair(demand.owner, offer.owner)])},
        "judged": lambda: {},
    }
    return {kind: Reason(number, says[kind]()) for kind, number in parts.items()}


def _said(both: Sequence[str], demand: WordsByPart, offer: WordsByPart) -> list[dict[str, Any]]:
    """Each word and how often it stands in which part of both texts."""
    return [
        {
            "word": word,
            "demand": {part.name: times for part, times in demand[word].items()},
            "offer": {part.name: times for part, times in offer[word].items()},
        }
        for word in both
    ]


def is_one_field(one: str, other: str) -> bool:
    """Whether two spellings are one field."""
    return field_key(one) == field_key(other)


@lru_cache(1_000)
def nearness(one: str, other: str) -> float:
    """How near two fields are: 1 the same, NEAR where they are near, else 0; an empty one is near to nothing.

    Of fields that are not among the eleven those are near that share a word.
    """
    one, other = field_key(one), field_key(other)
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    if one in CORE and other in CORE:
        return NEAR if other in CORE[one] or one in CORE[other] else 0.0
    return NEAR if not words.words_in(one).keys().isdisjoint(words.words_in(other)) else 0.0


def suiting(demand: Side, offer: Side) -> list[CooperationWay]:
    """The ways both would take, in the order of the demand."""
    wanted = [CooperationWay[name] for name in demand.ways if name in CooperationWay.__members__]
    if offer.is_service:
        return [way for way in wanted if way in BY_SERVICE]
    offered = {TransferWay[name] for name in offer.ways if name in TransferWay.__members__}
    return [way for way in wanted if not SUITS[way].isdisjoint(offered)]
