"""Suggestions for 200 demands among the results of 300 companies, as a share of what the bare segmenter needs.

    python tests/bench/bench_suggestions.py [COMPANIES] [DEMANDS] [RUNS]

Every company has two results of about 300 characters, every demand about 400, drawn from a vocabulary of 4,000 words in
which few are common. The bare segmenter cuts the same texts, once each. Prints JSON lines of CPU seconds (medians of
RUNS, taken in turns), then the ratio; the dictionary is loaded before.
"""

import json
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from rjieba import Jieba  # noqa: E402

from expo_app.rules import matching_words  # noqa: E402
from expo_app.rules.matching_score import Known, Points, Policy, Side, pair, suggest  # noqa: E402
from expo_app.rules.tech_contracts import TECH_FIELDS  # noqa: E402

WORDS, RESULTS_EACH = 4_000, 2
WAYS = ("TRANSFER", "LICENCE", "COOPERATION", "JOINT", "SERVICE")


def vocabulary(draw: random.Random) -> list[str]:
    """Words of two or three characters of GB 2312, level 1."""
    codes = bytes(byte for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF) for byte in (high, low))
    characters = codes.decode("gb2312", "ignore")
    return ["".join(draw.choices(characters, k=draw.choice((2, 2, 3)))) for _n in range(WORDS)]


def text(draw: random.Random, words: list[str], length: int) -> str:
    """A text of so many words, some of them far more common than others."""
    picked = (words[min(int(draw.paretovariate(0.6)), len(words) - 1)] for _n in range(length))
    return "".join(word + draw.choice(("", "", "，", "。")) for word in picked)


def sides(draw: random.Random, words: list[str], count: int, owners: int, length: int) -> list[Side]:
    return [
        Side(
            uuid.uuid4(), uuid.UUID(int=n % owners + 1), text(draw, words, 6), draw.choice(TECH_FIELDS),
            text(draw, words, 4), text(draw, words, length), draw.choice(("31", "32", "33")),
            tuple(draw.sample(WAYS, 2)),
        )
        for n in range(count)
    ]  # fmt: skip


def spent(work: Callable[[], Any]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main(companies: int, demands: int, runs: int) -> None:
    draw = random.Random(13)  # noqa: S311
    words = vocabulary(draw)
    asked = sides(draw, words, demands, demands, 130)
    offered = [
        Side(**{**vars(side), "owner": uuid.UUID(int=side.owner.int + 10_000)})
        for side in sides(draw, words, companies * RESULTS_EACH, companies, 100)
    ]
    met = {pair(draw.choice(asked).owner, draw.choice(offered).owner): ["2017"] for _n in range(100)}
    known = Known(date(2018, 11, 28), [Policy("一", "31", "33"), Policy("二", "32")], met)
    bare = Jieba()
    texts = [part for side in (*asked, *offered) for part in (side.title, side.keywords, side.body)]
    bare.cut(texts[0])
    matching_words.words_in(texts[0])

    def ours() -> None:
        matching_words._kept.cache_clear()
        suggest(asked, offered, known, Points())

    def theirs() -> None:
        for one in texts:
            bare.cut(one)

    taken: dict[str, list[float]] = {"bare": [], "suggest": []}
    for _run in range(runs):
        taken["bare"].append(spent(theirs))
        taken["suggest"].append(spent(ours))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    characters = sum(map(len, texts))
    print(json.dumps({"demands": demands, "offers": len(offered), "characters": characters, "cpu_s": medians}))
    print(json.dumps({"ratio": round(medians["suggest"] / medians["bare"], 2)}))


if __name__ == "__main__":
    given = [int(arg) for arg in sys.argv[1:]]
    main(*(given + [300, 200, 5][len(given) :]))
