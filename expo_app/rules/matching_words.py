"""What a demand and an offer have in common, word by word: cut, told apart by rarity, weighed by where they stand.

Everything is computed here, on this computer. The segmenter is rjieba with the words of `resources/words`, which an
organiser may add to; traditional characters count as simplified ones, English words in lower case and without an s.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rjieba import Jieba

from expo_app import paths
from expo_app.i18n import N_
from expo_app.rules.plain_letters import han, simplified

OFTEN = 100_000
"""The frequency of the trade's own words in the segmenter's dictionary: they are not cut further."""
SHORT = 2
"""Characters that a word has at least, unless the trade's list has it (膜)."""
LONGEST = 40
FEW_TEXTS = 10
MANY = 2
"""A word of more characters is compared by the words in it as well."""


class Part(StrEnum):
    """Where a word stands."""

    TITLE = N_("题目")
    KEYWORDS = N_("关键词")
    BODY = N_("正文")


PART_WEIGHTS: Mapping[Part, float] = {Part.TITLE: 2.0, Part.KEYWORDS: 2.0, Part.BODY: 1.0}
WordsByPart = Mapping[str, Mapping[Part, int]]
"""Word → how often it stands in each part."""


@dataclass(frozen=True)
class Lexicon:
    """`same`: word → the one it means; `own`: words that count though they are short; `stop`: those that never do."""

    same: Mapping[str, str]
    own: frozenset[str]
    stop: frozenset[str]


def _lines(name: str) -> Iterable[str]:
    with paths.resource("words", name).open(encoding="utf-8") as handle:
        for line in handle:
            if (text := line.strip()) and not text.startswith("#"):
                yield plain(text)


@lru_cache(1)
def lexicon() -> Lexicon:
    """The trade's words and those that say nothing, read once."""
    same: dict[str, str] = {}
    for line in _lines("matching_words.txt"):
        word, _sign, others = line.partition("=")
        same |= dict.fromkeys((word.strip(), *others.split()), word.strip())
    stop = frozenset(word for line in _lines("matching_stop_words.txt") for word in line.split())
    return Lexicon(same, frozenset(same), stop)


@lru_cache(1)
def segmenter() -> Jieba:
    """rjieba with the trade's words; it takes a moment to load, so ask for it in a worker."""
    cutter = Jieba()
    for word in lexicon().own:
        cutter.add_word(word, OFTEN, None)
    return cutter


def plain(text: str) -> str:
    """Simplified characters, composed, in lower case."""
    return unicodedata.normalize("NFKC", text).translate(simplified()).lower()


def words_in(text: str) -> Counter[str]:
    """The words of one text that count, and how often each stands there."""
    if not text or text.isspace():
        return Counter()
    counted: Counter[str] = Counter()
    for word, times in Counter(segmenter().cut(plain(text))).items():
        for kept in _kept(word):
            counted[kept] += times
    return counted


@lru_cache(50_000)
def _kept(word: str) -> tuple[str, ...]:
    """What counts of a word that was cut: itself, and the shorter ones in it, unless it is one of the trade's."""
    if word in lexicon().own:
        return (lexicon().same[word],)
    parts = [part for part in segmenter().cut_for_search(word) if part != word] if len(word) > MANY else []
    said = [kept for part in parts if (kept := _counting(part)) is not None]
    whole = _counting(word) if said or not parts else None  # 提高效率 says no more than 提高 and 效率
    return tuple(dict.fromkeys([whole, *said] if whole else said))


def _counting(word: str) -> str | None:
    """The word as it counts; None where it does not: no letters, too short, or it says nothing."""
    known, text = lexicon(), word.strip()
    if text in known.same:
        return known.same[text]
    if text in known.stop or not any(char.isalpha() for char in text) or len(text) > LONGEST:
        return None
    if text.isascii() and len(text) > 3 and text.endswith("s") and not text.endswith("ss"):
        text = text[:-1]
        if text in known.stop:
            return None
    if len(text) < SHORT or (not han().search(text) and len(text) < 3):
        return None
    return known.same.get(text, text)


def words_by_part(title: str, keywords: str, body: str) -> WordsByPart:
    """The words of a demand or an offer, and where they stand."""
    found: dict[str, dict[Part, int]] = {}
    for part, text in ((Part.TITLE, title), (Part.KEYWORDS, keywords), (Part.BODY, body)):
        for word, times in words_in(text).items():
            found.setdefault(word, {})[part] = times
    return found


def rarity(texts: Sequence[WordsByPart]) -> Mapping[str, float]:
    """Word → how much it tells, by how few of the texts have it: ln(1 + texts / those that have it).

    One that a third of the texts have tells nothing and is left out, unless there are only few texts.
    """
    having = Counter(word for text in texts for word in text)
    most = max(FEW_TEXTS, len(texts) / 3)
    return {word: math.log(1 + len(texts) / count) for word, count in having.items() if count <= most}


@dataclass(frozen=True)
class Vector:
    """A text as its words' weights; `length` is their Euclidean one, 0 of a text without words."""

    weights: Mapping[str, float]
    length: float


def vector(words: WordsByPart, rare: Mapping[str, float]) -> Vector:
    """What each word of a text weighs: its rarity times the parts it stands in, however often in one part."""
    weights = {
        word: rare[word] * sum(PART_WEIGHTS[part] for part in parts) for word, parts in words.items() if word in rare
    }
    return Vector(weights, math.sqrt(sum(weight * weight for weight in weights.values())))


Postings = Mapping[str, Sequence[tuple[int, float]]]
"""Word → (place of an offer, its weight there): only offers that share a word are ever looked at."""


def postings(vectors: Sequence[Vector]) -> Postings:
    """The offers by their words."""
    found: dict[str, list[tuple[int, float]]] = {}
    for place, one in enumerate(vectors):
        for word, weight in one.weights.items():
            found.setdefault(word, []).append((place, weight / one.length))
    return found


def likenesses(demand: Vector, offers: Postings) -> Mapping[int, tuple[float, int]]:
    """Place of an offer → how alike its words and the demand's are, 0–1, and how many they share; of those that do.

    The cosine, of which one word alone counts half, two three quarters and so on: a single word is often chance.
    """
    found: dict[int, float] = {}
    counted: Counter[int] = Counter()
    for word, weight in demand.weights.items():
        for place, other in offers.get(word, ()):
            found[place] = found.get(place, 0.0) + weight * other
            counted[place] += 1
    return {
        place: (product / demand.length * (1 - 0.5 ** counted[place]), counted[place])
        for place, product in found.items()
    }


def shared(demand: Vector, offer: Vector, most: int) -> list[str]:
    """The words both have, what tells most first; a part of a longer one among them is not said again."""
    common = demand.weights.keys() & offer.weights.keys()
    ranked = sorted(common, key=lambda word: (-demand.weights[word] * offer.weights[word], word))
    return [word for word in ranked if not any(word != other and word in other for other in common)][:most]
