"""The lists and time limits of the registration without a window: a value that cannot be read keeps its row out, and
what ships goes out and comes back.
"""

import json
from pathlib import Path

import pytest

from tests.journeys.command import called
from tests.journeys.test_cli_lists import EXPO, csv, exported
from tests.journeys.test_cli_usage import said

LIMITS = "地区,起始日期,终止日期,天数,依据"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.db"
    said("new", "我的展会", *EXPO, "--db", path)
    return path


def planned(kind: str, path: Path, db: Path) -> tuple[int, int, int, int]:
    plan = json.loads(called("import", kind, path, "--db", db, "--json"))
    return plan["new"], plan["changed"], plan["same"], len(plan["invalid"])


@pytest.mark.parametrize(
    "row", ["火星,2026-01-01,,10,甲", "浙江省,2026-02-30,,10,甲", "浙江省,2026-01-01,2026-02-30,10,甲"]
)
def test_a_limit_that_cannot_be_read_is_none_of_the_whole_country(own: Path, tmp_path: Path, row: str) -> None:
    assert planned("registry-deadlines", csv(tmp_path, LIMITS, row), own) == (0, 0, 0, 1)


def test_only_an_empty_region_is_the_whole_country(own: Path, tmp_path: Path) -> None:
    rows = csv(tmp_path, LIMITS, ",2026-01-01,,10,甲", "全国,2027-01-01,,12,乙")
    said("import", "registry-deadlines", rows, "--db", own, "--apply")
    assert planned("registry-deadlines", rows, own) == (0, 0, 2, 0)
    assert [row for row in exported(own, "registry-deadlines", "地区", "天数", "随附") if row[2] == "否"] == [
        ("全国", "10", "否"), ("全国", "12", "否"),
    ]  # fmt: skip


def test_a_choice_of_an_impossible_day_stays_out(own: Path, tmp_path: Path) -> None:
    rows = csv(
        tmp_path, "清单,名称,起始日期,终止日期", "性质,甲,2026-13-01,", "性质,乙,,2026-02-30", "性质,丙,2026-01-01,"
    )
    assert planned("registry-choices", rows, own) == (1, 0, 0, 2)


@pytest.mark.parametrize("kind", ["registry-choices", "registry-deadlines"])
def test_what_ships_goes_out_and_changes_nothing_when_it_comes_back(own: Path, tmp_path: Path, kind: str) -> None:
    for ending in ("csv", "xlsx"):
        path = tmp_path / f"out.{ending}"
        said("export", kind, path, "--db", own)
        new, changed, same, invalid = planned(kind, path, own)
        assert (new, changed, invalid) == (0, 0, 0)
        assert same > 1


def test_no_goal_ships_and_those_of_a_file_are_offered_by_name_and_code(own: Path, tmp_path: Path) -> None:
    """The table of GB/T 24450-2009 was not found: what ships would be the program's own invention."""
    assert "社会经济目标" not in {row[0] for row in exported(own, "registry-choices", "清单")}
    rows = csv(tmp_path, "清单,代码,名称,依据", "社会经济目标,07,目标甲,县里的清单")
    said("import", "registry-choices", rows, "--db", own, "--apply")
    deals = csv(
        tmp_path,
        "项目名称,类型,卖方,买方,社会经济目标",
        "项目一,技术合同,甲,乙,07 目标甲",
        "项目二,技术合同,丙,丁,照填",
    )
    said("import", "deals", deals, "--db", own, "--apply")
    assert {row[0] for row in exported(own, "deals", "社会经济目标")} == {"目标甲", "照填"}


def test_what_ships_is_corrected_by_a_file(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    said("export", "registry-choices", path, "--db", own)
    path.write_text(path.read_text("utf-8-sig").replace("电子信息,,", "电子信息,E01,"), "utf-8")
    assert planned("registry-choices", path, own)[:2] == (1, 0)
    said("import", "registry-choices", path, "--db", own, "--apply")
    rows = exported(own, "registry-choices", "名称", "代码", "随附")
    assert [row for row in rows if row[0] == "电子信息"] == [("电子信息", "E01", "否")]
