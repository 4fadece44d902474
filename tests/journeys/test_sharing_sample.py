"""The third sample on the command line: the expo four years on, its documents, and the net of every pair of regions."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from expo_app import demo, paths
from expo_app.rules.region_groups import prefix_name
from tests.journeys.command import called


@pytest.fixture(scope="module")
def made(made_once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    def make(folder: Path) -> None:
        called("demo", "--out", folder, "--sample", "sharing", "--no-window", "--json")

    return made_once("sharing-demo", make)


def test_its_documents_stand_beside_it(made: Path) -> None:
    wanted = demo.SAMPLES["sharing"]
    assert {path.name for path in made.iterdir()} >= {wanted.file, *wanted.outputs}
    assert all((made / name).stat().st_size > 1000 for name in wanted.outputs)


@pytest.mark.parametrize("year", [2019, 2022])
def test_the_net_of_every_pair_is_what_the_file_of_uses_says(made: Path, year: int) -> None:
    told = json.loads(called("--db", made / "sharing.db", "report", "settlement", "--period", f"{year}H1", "--json"))
    with paths.resource("sample", "sharing", f"uses_{year}.csv").open(encoding="utf-8", newline="") as handle:
        used = {(row["issuer"], row["payee"]): Decimal(row["share"]) for row in csv.DictReader(handle)}
    refunding = {"嘉定区", "温州市"} if year == 2022 else set()
    names = {prefix_name(code): code for pair in told["pairs"] for code in (pair["a"], pair["b"])}
    assert len(names) == 5
    by_code = {(names[a], names[b]): Decimal(0) if a in refunding else share for (a, b), share in used.items()}
    assert len(told["pairs"]) == 10
    for pair in told["pairs"]:
        a, b = pair["a"], pair["b"]
        assert (Decimal(pair["a_pays"]), Decimal(pair["b_pays"])) == (by_code[a, b], by_code[b, a])
        assert Decimal(pair["net"]) == abs(by_code[a, b] - by_code[b, a])
