"""Lists of results, demands and consents as people send them: every file of `cases` that is about matchmaking."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from expo_app.model import Organisation
from expo_app.specs import Outcome
from expo_app.store.database import Database
from tests.exchange.test_cases import Fair, _fair

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def fair(db: Database) -> Fair:
    """2026-12-10 to 12-12."""
    return _fair(db, "NJH26", date(2026, 12, 10))


def regions(fair: Fair) -> dict[str, str | None]:
    with fair.db.reading() as session:
        return dict(map(tuple, session.execute(select(Organisation.name, Organisation.region_code))))


def test_where_a_result_comes_from_goes_to_its_owner_who_keeps_what_it_has(fair: Fair) -> None:
    file = "results-with-places.csv"
    with fair.db.transaction() as session:
        session.add(Organisation(name="山川农业大学", region_code="420000"))
    fair.bring("achievements", file)
    assert regions(fair) == {"山川农业大学": "420000", "果丰机械有限公司": "360700"}
    again = fair.plan("achievements", file)
    assert {row.outcome for row in again.rows} == {Outcome.SAME}
    assert "没有改" in str(again.rows[1].notes)
    with fair.db.transaction() as session:
        session.execute(Organisation.__table__.update().values(region_code=None))
    fair.bring("achievements", file)
    assert regions(fair) == {"山川农业大学": "360000", "果丰机械有限公司": "360700"}


def test_levels_prices_and_ways_of_results_as_they_are_written(fair: Fair) -> None:
    rows = fair.plan("achievements", "results-untidy.csv", new_words=True).rows
    assert [row.outcome for row in rows] == [Outcome.NEW] * 5
    assert [row.values.get("trl") for row in rows] == [8, 7, 7, 8, 5]
    assert [row.values["ip_status"].name for row in rows] == ["GRANTED", "GRANTED", "APPLIED", "GRANTED", "GRANTED"]
    assert [row.values["transfer_ways"] for row in rows] == [
        ["TRANSFER", "LICENCE", "INVESTMENT"], ["LICENCE", "COOPERATION"], ["LICENCE"], ["COOPERATION"], ["TRANSFER"],
    ]  # fmt: skip
    assert [row.values.get("asking_price") for row in rows] == [1_200_000, None, None, 350_000, 450_000]
    assert [list(row.notes) for row in rows] == [
        [], ["拟转化方式", "意向价格(万元)"], [], [], ["技术成熟度(TRL)"],
    ]  # fmt: skip
    assert "自主" in rows[1].notes["拟转化方式"]
    assert "较低" in rows[4].notes["技术成熟度(TRL)"]


def test_no_deadline_and_no_price_keeps_a_demand_out(fair: Fair) -> None:
    rows = fair.plan("demands", "demands-untidy.csv").rows
    assert [row.outcome for row in rows] == [Outcome.NEW] * 5
    assert [row.values.get("needed_by") for row in rows] == [
        date(2027, 6, 30), date(2027, 10, 31), None, None, date(2028, 2, 29),
    ]  # fmt: skip
    ways = ["LICENCE", "DEVELOPMENT", "SERVICE", "LICENCE", "JOINT"]
    assert [row.values.get("ways") for row in rows] == [[way] for way in ways]
    assert [row.values.get("budget") for row in rows] == [1_500_000, None, None, None, 500_000]
    assert [list(row.notes) for row in rows] == [["合作方式"], ["预算（万元）"], ["完成时限"], ["完成时限"], []]
    assert rows[0].values["ip_terms"] == "共有"
