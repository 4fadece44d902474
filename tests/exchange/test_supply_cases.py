"""Lists of results, demands and consents as people send them: every file of `cases` that is about matchmaking."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from expo_app.exchange.headers import meanings, normal
from expo_app.model import Organisation, Provider
from expo_app.specs import SPECS, Outcome
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


def test_the_lower_of_two_headers_says_what_its_column_is(fair: Fair) -> None:
    plan = fair.plan("demands", "demands-two-row-header.xlsx")
    first, second = plan.rows
    assert (first.values["title"], first.values["field"]) == ("分选", "农产品分选")
    assert (first.values["problem"], first.values["indicators"]) == ("分选靠人工，要在线检测", "每小时5吨")
    assert (first.values["ways"], list(first.notes)) == (["LICENCE"], ["合作方式"])
    assert (second.values["problem"], second.values["ways"]) == ("热榨苯并芘超标", ["JOINT"])


def test_the_unit_of_a_price_stands_beside_whose_service_it_is(fair: Fair) -> None:
    with fair.db.transaction() as session:
        body = Organisation(name="丙检测中心")
        session.add(body)
        session.flush()
        session.add(Provider(organisation_id=body.id))
    rows = fair.plan("service_items", "services-in-other-words.csv").rows
    assert [(row.values["field"], row.values.get("price"), row.values["unit"]) for row in rows] == [
        ("农产品分选", 800, "样"), ("金融", None, "笔"),
    ]  # fmt: skip
    assert [row.values.get("valid_until") for row in rows] == [date(2027, 12, 31), None]
    assert [(row.outcome, dict(row.notes)) for row in rows] == [
        (Outcome.NEW, {}), (Outcome.NEW, {"价格（元）": "“面议”没有写成金额，不记金额。"}),
    ]  # fmt: skip


def test_no_word_of_consent_is_no_consent(fair: Fair) -> None:
    rows = fair.plan("matching_consents", "consents-without-the-word.csv").rows
    assert [row.outcome for row in rows] == [Outcome.INVALID] * 2
    assert all("不当作同意" in str(row.problems) for row in rows)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("providers", {"机构": "organisation.name", "类型": "kind", "有效期": "qualified_until"}),
        ("providers", {"Provider": "organisation.name", "Type": "kind"}),
        ("service_items", {"服务名称": "title", "提供机构": "provider", "方向": "field", "截止": "valid_until"}),
        ("meeting_places", {"桌号": "name", "Type": "kind", "Zone": "area", "Owner": "exhibitor"}),
        ("meeting_places", {"桌号": "name", "展商": "exhibitor"}),
        ("meeting_hours", {"日期": "day", "起": "opens", "止": "closes"}),
        ("matching_times", {"单位": "organisation_id", "从": "starts_at", "到": "ends_at"}),
        ("matching_policies", {"政策": "title", "起": "valid_from", "止": "valid_until"}),
        ("matching_consents", {"单位": "organisation_id", "双方是否同意": "may_match"}),
        ("achievements", {"成果": "title", "Owner": "owner_id", "知识产权状况": "ip_status", "Type": "kind_id"}),
        ("demands", {"需求": "title", "Owner": "owner_id", "Field": "field", "Budget": "budget",
                     "Deadline": "needed_by", "知识产权": "ip_terms"}),
    ],
)  # fmt: skip
def test_headers_in_other_words(kind: str, words: dict[str, str]) -> None:
    known = meanings(SPECS[kind])
    assert {word: known[normal(word)][0][1].name for word in words} == words
