"""Lists of matchmaking: who asks and offers, places, hours, consents, policies; what they refuse, copy and merge."""

import csv
import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from expo_app.errors import Conflict, InvalidRecord
from expo_app.exchange import excel
from expo_app.model import (
    AskerKind,
    Demand,
    DemandState,
    MatchingConsent,
    MatchingSettings,
    MeetingPlace,
    Organisation,
    RegionPolicy,
    Role,
    ServiceItem,
    SharedWith,
)
from expo_app.rules.meeting_requests import MATRIX
from expo_app.services import expos, first_steps, import_review, imports, matching_setup, merging, records
from expo_app.services.meeting_consents import read_consents
from expo_app.specs import OFFERS, SPECS, ImportPlan, Outcome
from expo_app.specs.merging import Pair
from expo_app.store.database import Actor, Database
from tests.factories import make_achievement, make_exhibitor, make_expo, make_organisation
from tests.lists import plan_of

CALL = {"title": "废水深度处理", "owner_id": "甲公司", "is_open_call": "是"}


@dataclass(frozen=True)
class World:
    """An expo in the middle of China, with an exhibitor and two other organisations."""

    db: Database
    expo: uuid.UUID

    def save(self, name: str, key: uuid.UUID | None = None, /, **values: Any) -> uuid.UUID:
        return records.save(self.db, SPECS[name], values, key, expo_id=self.expo)

    def one(self, query: Any) -> Any:
        with self.db.reading() as session:
            return session.scalar(query)

    def problems(self, name: str, key: uuid.UUID | None = None, /, **values: Any) -> dict[str, str]:
        with pytest.raises(InvalidRecord) as refused:
            self.save(name, key, **values)
        return dict(refused.value.problems)

    def plan(self, kind: str, path: Path, *rows: str) -> ImportPlan:
        path.write_text("\n".join(rows) + "\n", "utf-8")
        spec = SPECS[kind]
        plan = plan_of(spec, path, imports.state(self.db, spec, self.expo))
        return import_review.review(self.db, plan, self.expo)


@pytest.fixture
def world(db: Database) -> World:
    db.actor = Actor("周敏", Role.ADMIN)
    with db.transaction() as session:
        expo = make_expo(session, code="WH26", starts_on=date(2026, 11, 26), ends_on=date(2026, 11, 28))
        for name in ("甲公司", "乙研究所", "丙检测"):
            make_organisation(session, name, region_code="420100")
        make_exhibitor(session, expo, "丁展商")
        return World(db, expo.id)


# --- demands ----------------------------------------------------------------------------------------------------------
def test_who_asks_is_not_who_solves(world: World, tmp_path: Path) -> None:
    assert "solver_id" in world.problems("demands", **CALL, solver_id="甲公司")
    key = world.save("demands", **CALL, solver_id="乙研究所", state="已定")
    assert "solver_id" in world.problems("demands", key, owner_id="乙研究所")
    plan = world.plan("demands", tmp_path / "a.csv", "需求名称,发榜单位,揭榜单位", "题目,甲公司,甲公司")
    (row,) = plan.rows
    assert row.outcome is Outcome.INVALID
    assert list(row.problems) == ["揭榜单位"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"state": "已定"}, "state"),
        ({"awarded_on": "2026-11-01"}, "awarded_on"),
        ({"budget": "10", "public_money": "11"}, "public_money"),
        ({"budget": "0"}, "budget"),
        ({"apply_by": "2026-12-31", "needed_by": "2026-12-30"}, "needed_by"),
        ({"state": "流榜", "solver_id": "乙研究所"}, "state"),
        ({"is_open_call": "否", "applicants": "2"}, "applicants"),
        ({"is_open_call": "否", "state": "评审"}, "state"),
    ],
)
def test_what_no_demand_is(world: World, values: dict[str, str], field: str) -> None:
    assert list(world.problems("demands", **{**CALL, **values})) == [field]


def test_a_demand_keeps_its_ways_by_name_and_is_found_by_its_keywords(world: World) -> None:
    key = world.save("demands", **CALL, ways="合作开发/技术转让；技术转让", keywords="催化、COD", budget="300")
    with world.db.reading() as session:
        row = session.get_one(Demand, key)
        assert (row.ways, row.budget, row.state) == (["TRANSFER", "JOINT"], Decimal(3_000_000), DemandState.COLLECTING)
        assert "催化" in row.search_text


# --- services ---------------------------------------------------------------------------------------------------------
def test_a_service_is_somebodys_who_is_registered_as_a_provider(world: World, tmp_path: Path) -> None:
    assert "provider" in world.problems("service_items", title="检测", provider="丙检测")
    rows = ("服务项目,服务机构,收费标准（元）", "检测,丙检测,600", "评估,乙研究所,500")
    plan = world.plan("service_items", tmp_path / "a.csv", *rows)
    assert [list(row.problems) for row in plan.rows] == [["服务机构"], ["服务机构"]]
    world.save("providers", **{"organisation.name": "丙检测", "kind": "检验检测"})
    plan = world.plan("service_items", tmp_path / "a.csv", *rows)
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.INVALID]
    batch = imports.apply(world.db, plan, world.expo)
    assert world.one(select(ServiceItem.price)) == Decimal(600)
    assert batch is not None
    imports.undo(world.db, batch)
    assert world.one(select(func.count()).select_from(ServiceItem)) == 0


def test_offers_are_both_sides_in_one_file(world: World, tmp_path: Path) -> None:
    with world.db.transaction() as session:
        make_achievement(session, expo_of(session, world), "催化剂", owner_id=body(session, "乙研究所"),
                         transfer_ways=["TRANSFER", "LICENCE"], asking_price=Decimal(500_000))  # fmt: skip
        other = make_expo(session, code="CS26")
        make_achievement(session, other, "别处的成果")
    world.save("providers", **{"organisation.name": "丙检测"})
    world.save("service_items", title="检测", provider="丙检测", price="0.06", unit="样")
    rows = records.list_rows(world.db, OFFERS, world.expo, OFFERS.fields)
    excel.write_csv(OFFERS, [row[:-1] for row in rows], tmp_path / "offers.csv", fields=OFFERS.fields)
    with (tmp_path / "offers.csv").open(encoding="utf-8-sig", newline="") as handle:
        _head, *lines = csv.reader(handle)
    assert sorted((line[0], line[1], line[2], line[7], line[8], line[9]) for line in lines) == [
        ("服务项目", "检测", "丙检测", "", "0.06", "样"),
        ("科技成果", "催化剂", "乙研究所", "可转让、可许可", "50.00", ""),
    ]
    assert {row[4] for row in rows} == {"420100"}


def expo_of(session: Any, world: World) -> Any:
    from expo_app.model import Expo

    return session.get_one(Expo, world.expo)


def body(session: Any, name: str) -> uuid.UUID:
    found: uuid.UUID = session.scalars(select(Organisation.id).where(Organisation.name == name)).one()
    return found


# --- places and hours -------------------------------------------------------------------------------------------------
def test_a_booth_is_its_exhibitors_and_a_table_nobodys(world: World, tmp_path: Path) -> None:
    assert "kind" in world.problems("meeting_places", name="D-01", kind="展位")
    assert "exhibitor" in world.problems("meeting_places", name="D-01", kind="展位", exhibitor="甲公司")
    assert "exhibitor" in world.problems("meeting_places", name="01", kind="洽谈桌", exhibitor="丁展商")
    key = world.save("meeting_places", name="D-01", kind="展位", exhibitor="丁展商")
    assert records.get(world.db, SPECS["meeting_places"], key)["exhibitor"] == "丁展商"
    rows = ("桌号,类型,参展单位,容量", "01,洽谈桌,,2", "D-02,展位,甲公司,1", "D-03,展位,,1")
    plan = world.plan("meeting_places", tmp_path / "a.csv", *rows)
    assert [list(row.problems) for row in plan.rows] == [[], ["参展单位"], ["类型"]]


def test_hours_of_a_day_leave_each_other_alone(world: World, tmp_path: Path) -> None:
    world.save("meeting_hours", day="2026-11-26", opens="09:30", closes="12:10")
    assert "opens" in world.problems("meeting_hours", day="2026-11-26", opens="12:00", closes="13:00")
    assert "day" in world.problems("meeting_hours", day="2026-11-29", opens="09:00", closes="10:00")
    assert "closes" in world.problems("meeting_hours", day="2026-11-27", opens="10:00", closes="10:00")
    world.save("meeting_hours", day="2026-11-26", opens="12:10", closes="13:00")
    rows = (
        "日期,时段",
        "2026-11-26,9:30-12:10",
        "2026-11-26,12:30-14:00",
        "11月27日,9:30-11:30",
        "11月27日,11:00-12:00",
    )
    plan = world.plan("meeting_hours", tmp_path / "a.csv", *rows)
    assert [row.outcome for row in plan.rows] == [Outcome.SAME, Outcome.INVALID, Outcome.NEW, Outcome.INVALID]
    assert "12:10–13:00" in str(plan.rows[1].problems)


def test_a_time_is_an_organisations_a_persons_or_a_places(world: World) -> None:
    span = {"starts_at": "2026-11-26 09:30", "ends_at": "2026-11-26 10:30"}
    assert "organisation_id" in world.problems("matching_times", **span)
    back = {"starts_at": span["ends_at"], "ends_at": span["starts_at"]}
    assert "ends_at" in world.problems("matching_times", organisation_id="甲公司", **back)
    world.save("meeting_places", name="01")
    assert "place_id" in world.problems("matching_times", organisation_id="甲公司", place_id="01", **span)
    world.save("matching_times", place_id="01", kind="不开放", **span)
    key = world.save("matching_times", organisation_id="甲公司", **{"person.name": "王芳"}, **span)
    assert records.get(world.db, SPECS["matching_times"], key)["person.name"] == "王芳"
    late = {"starts_at": "2026-12-01 09:30", "ends_at": "2026-12-01 10:30"}
    assert "starts_at" in world.problems("matching_times", organisation_id="甲公司", **late)


# --- consents ---------------------------------------------------------------------------------------------------------
def test_an_organisation_as_a_whole_consents_once_its_people_for_themselves(world: World, tmp_path: Path) -> None:
    key = world.save("matching_consents", organisation_id="甲公司", valid_until="2026-11-27")
    assert "organisation_id" in world.problems("matching_consents", organisation_id="甲公司")
    world.save("matching_consents", organisation_id="甲公司", **{"person.name": "王芳"}, shared_with="不对外")
    world.save("matching_consents", key, how="电话")
    rows = ("甲公司,,否", "甲公司,王芳,是", "乙研究所,,是", "乙研究所,,是")
    plan = world.plan("matching_consents", tmp_path / "a.csv", "企业名称,姓名,是否同意", *rows)
    assert [row.outcome for row in plan.rows] == [Outcome.SAME, Outcome.SAME, Outcome.NEW, Outcome.INVALID]
    assert list(plan.rows[0].kept) == ["may_match"]  # offered to be changed, as every filled field is
    assert "第 4 行" in str(plan.rows[3].problems)


def test_after_its_last_day_a_consent_is_none_and_nothing_is_shared(world: World) -> None:
    world.save("matching_consents", organisation_id="甲公司", valid_until="2026-11-27")
    with world.db.reading() as session:
        key = body(session, "甲公司")
        for day, holds in ((27, True), (28, False)):
            consents = read_consents(session, world.expo, date(2026, 11, day))
            assert (consents.may_match(key), consents.is_shared(key)) == (holds, holds)


# --- two that are one -------------------------------------------------------------------------------------------------
def test_of_what_two_said_the_narrower_holds_until_they_are_two_again(world: World) -> None:
    world.save("matching_consents", organisation_id="甲公司", valid_until="2026-11-28")
    world.save("matching_consents", organisation_id="乙研究所", shared_with="不对外", valid_until="2026-11-27")
    with world.db.reading() as session:
        pair = Pair("organisations", body(session, "甲公司"), body(session, "乙研究所"))
    batch = merging.merge(world.db, pair, world.expo)
    with world.db.reading() as session:
        (left,) = session.scalars(select(MatchingConsent)).all()
        assert (left.organisation_id, left.may_match) == (pair.keep, True)
        assert (left.shared_with, left.valid_until) == (SharedWith.NOBODY, date(2026, 11, 27))
    imports.undo(world.db, batch)
    assert world.one(select(func.count()).select_from(MatchingConsent)) == 2


def test_the_same_demand_of_two_that_are_one_is_one(world: World) -> None:
    for owner in ("甲公司", "乙研究所"):
        world.save("demands", title="同一题", owner_id=owner, keywords="" if owner == "甲公司" else "催化")
    with world.db.reading() as session:
        pair = Pair("organisations", body(session, "甲公司"), body(session, "乙研究所"))
    merging.merge(world.db, pair, world.expo)
    assert world.one(select(func.count()).select_from(Demand)) == 1
    assert world.one(select(Demand.keywords)) == "催化"


def test_who_asks_and_who_solves_are_two(world: World) -> None:
    world.save("demands", **CALL, solver_id="乙研究所")
    with world.db.reading() as session:
        one, two = body(session, "甲公司"), body(session, "乙研究所")
    for pair in (Pair("organisations", one, two), Pair("organisations", two, one)):
        with pytest.raises(Conflict, match="废水深度处理"):
            merging.merge(world.db, pair, world.expo)


# --- settings ---------------------------------------------------------------------------------------------------------
def test_settings_begin_as_they_are_and_are_kept_once(world: World) -> None:
    begun = matching_setup.read(world.db, world.expo)
    assert (begun.id, begun.values["slot_minutes"], begun.matrix) == (None, 20, MATRIX)
    matching_setup.save(world.db, world.expo, {"gap_minutes": "5"}, {})
    matching_setup.save(world.db, world.expo, {"slot_minutes": "15"}, {})
    matching_setup.allow(world.db, world.expo, AskerKind.VISITOR, AskerKind.VISITOR, True)
    matching_setup.allow(world.db, world.expo, AskerKind.EXHIBITOR, AskerKind.VISITOR, False)
    kept = matching_setup.read(world.db, world.expo)
    assert (kept.values["slot_minutes"], kept.values["gap_minutes"]) == (15, 5)
    assert AskerKind.VISITOR in kept.matrix[AskerKind.VISITOR]
    assert AskerKind.VISITOR not in kept.matrix[AskerKind.EXHIBITOR]
    assert not kept.matrix[AskerKind.SPEAKER]
    assert world.one(select(func.count()).select_from(MatchingSettings)) == 1


@pytest.mark.parametrize("minutes", ["5", "25", "60"])
def test_a_meeting_takes_one_of_the_lengths_the_hint_names(world: World, minutes: str) -> None:
    with pytest.raises(InvalidRecord, match="15、20 或 30"):
        matching_setup.save(world.db, world.expo, {"slot_minutes": minutes}, {})


def test_points_add_up_to_a_hundred_and_others_changes_are_seen(world: World) -> None:
    with pytest.raises(InvalidRecord, match="100"):
        matching_setup.save(world.db, world.expo, {"field_points": "50"}, {})
    matching_setup.save(world.db, world.expo, {"field_points": "50", "word_points": "20"}, {})
    seen = matching_setup.read(world.db, world.expo).values
    matching_setup.save(world.db, world.expo, {"gap_minutes": "5"}, seen)
    with pytest.raises(Conflict, match="5"):
        matching_setup.save(world.db, world.expo, {"gap_minutes": "10"}, seen)


def test_the_next_edition_begins_with_settings_policies_and_tables(world: World) -> None:
    matching_setup.save(world.db, world.expo, {"expires_at": "2026-11-27 12:00", "slot_minutes": "30"}, {})
    matching_setup.allow(world.db, world.expo, AskerKind.VISITOR, AskerKind.VISITOR, True)
    world.save("matching_policies", title="互认", demand_region="武汉市", supply_region="不限")
    world.save("meeting_places", name="01", area="东厅")
    world.save("meeting_places", name="02", is_closed="是")
    world.save("meeting_places", name="D-01", kind="展位", exhibitor="丁展商")
    later = {"name": "第二届", "code": "WH27", "starts_on": "2027-11-26", "ends_on": "2027-11-28",
             "short_name": "展会", "time_zone": "Asia/Shanghai"}  # fmt: skip
    after = expos.create(world.db, later, world.expo)
    setup = matching_setup.read(world.db, after)
    assert (setup.values["slot_minutes"], setup.values["expires_at"]) == (30, None)
    assert AskerKind.VISITOR in setup.matrix[AskerKind.VISITOR]
    with world.db.reading() as session:
        assert session.scalars(select(MeetingPlace.name).where(MeetingPlace.expo_id == after)).all() == ["01"]
        policy = session.scalars(select(RegionPolicy).where(RegionPolicy.expo_id == after)).one()
        assert (policy.demand_region, policy.supply_region) == ("420100", "")


# --- policies and reports ---------------------------------------------------------------------------------------------
def test_what_was_reported_is_known_again_by_what_it_counts(world: World, tmp_path: Path) -> None:
    head = "数的是,地区,领域,报道数,报道日期,出处"
    rows = (
        head, "成果,全部地区,,318,2026-11-26,展会公报", "成果,湖北省,,104,2026-11-26,展会公报",
        "成果,湖北省,农业,7,2026-11-26,展会公报",
    )  # fmt: skip
    first = world.plan("reported_counts", tmp_path / "a.csv", *rows)
    assert [row.outcome for row in first.rows] == [Outcome.NEW] * 3
    imports.apply(world.db, first, world.expo)
    again = world.plan("reported_counts", tmp_path / "a.csv", *rows)
    assert [row.outcome for row in again.rows] == [Outcome.SAME] * 3
    assert "source" in world.problems("reported_counts", counted="成果", count="3", on_date="2026-11-27")


def test_a_policy_of_everywhere_and_everything_is_none(world: World) -> None:
    assert "demand_region" in world.problems(
        "matching_policies", title="互认", demand_region="不限", supply_region="不限"
    )
    span = {"valid_from": "2026-11-28", "valid_until": "2026-11-27"}
    assert "valid_until" in world.problems("matching_policies", title="互认", demand_region="武汉市", **span)


def test_what_matchmaking_needs_is_missing_only_where_there_are_demands(world: World) -> None:
    parts = {"matching_consents", "meeting_places", "meeting_hours"}

    def missing() -> set[str]:
        return {step.part for step, done in first_steps.set_up(world.db, world.expo) if not done} & parts

    with world.db.transaction() as session:
        session.execute(delete(Demand))
    assert missing() == set()
    world.save("demands", title="废水深度处理", owner_id="甲公司")
    assert missing() == parts
    world.save("meeting_places", name="01")
    assert missing() == parts - {"meeting_places"}
