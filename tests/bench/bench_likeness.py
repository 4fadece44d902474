"""10,000 names of a file against 10,000 known organisations, as a share of a bare loop of rapidfuzz over the same.

    python tests/bench/bench_likeness.py [NAMES] [RUNS]

The bare loop (`process.extractOne` with a cutoff) runs over a tenth of the known and is counted ten times. Ours takes
every name apart, indexes the known and compares, nothing kept from the run before. `alike` is the same among the names
of the file. Prints JSON lines of CPU seconds (medians of RUNS, taken in turns), then the ratios; libraries are loaded
before.
"""

import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from rapidfuzz import fuzz, process  # noqa: E402

from expo_app.rules.likeness import Body, alike, likely  # noqa: E402
from expo_app.rules.name_parts import take_apart  # noqa: E402
from expo_app.specs.names import name_key  # noqa: E402

PLACES = ("上海", "上海市", "苏州", "江苏省苏州市", "宁波", "杭州", "合肥", "无锡", "嘉定", "昆山", "")
TRADES = (
    "科技",
    "新材料",
    "半导体科技",
    "生物医药",
    "智能装备",
    "信息技术",
    "环保科技",
    "新能源汽车",
    "精密机械",
    "软件",
)
FORMS = ("有限公司", "股份有限公司", "（集团）有限公司", "有限责任公司", "")
PART = 10


def names(count: int, draw: random.Random) -> list[str]:
    """Made-up names of companies, no two alike; trade names of two or three of 3,755 characters (GB 2312, level 1)."""
    codes = bytes(byte for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF) for byte in (high, low))
    characters = codes.decode("gb2312", "ignore")
    found: dict[str, None] = {}
    while len(found) < count:
        trade_name = "".join(draw.choices(characters, k=draw.choice((2, 2, 3))))
        found[draw.choice(PLACES) + trade_name + draw.choice(TRADES) + draw.choice(FORMS)] = None
    return list(found)


def written_otherwise(name: str, draw: random.Random) -> str:
    """As another file may have it."""
    ways = (name.replace("有限公司", "有限责任公司"), name.replace("（", "("), f"“{name[:4]}”{name[4:]}", name[2:])
    return draw.choice(ways)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    gc.collect()
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def main(count: int = 10_000, runs: int = 3) -> None:
    """Run the ways in turns and print the medians and their ratios."""
    draw = random.Random(7)  # noqa: S311
    known = names(count, draw)
    wanted = [written_otherwise(name, draw) for name in known[: count // 2]] + names(count - count // 2, draw)
    some, bodies, ours = known[::PART], [Body(name) for name in wanted], [Body(name) for name in known]
    ways: dict[str, Callable[[], Any]] = {
        "bare loop over a tenth": lambda: [
            process.extractOne(n, some, scorer=fuzz.ratio, score_cutoff=90) for n in wanted
        ],
        "likely": lambda: likely(bodies, ours, name_key),
        "alike": lambda: alike(bodies, name_key),
    }
    likely([Body("宁波凌宵半导体科技"), Body("Ningbo Co Ltd")], [Body("宁波凌霄半导体科技")], name_key)
    seconds: dict[str, list[float]] = {}
    for _run in range(runs):
        for way, work in ways.items():
            take_apart.cache_clear()
            used, result = timed(work)
            seconds.setdefault(way, []).append(used)
            assert way != "likely" or len(result) > count // 4, len(result)
    medians = {way: statistics.median(used) for way, used in seconds.items()}
    for way, value in medians.items():
        print(json.dumps({"work": way, "names": count, "cpu_s": round(value, 3)}))
    for way in ("likely", "alike"):
        ratio = medians[way] / (PART * medians["bare loop over a tenth"])
        print(json.dumps({"ratio": way, "value": round(ratio, 3), "goal": 0.1}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
