"""Tenants of parks: their steps by forms, lists and acts, what they fill in, and how parks are counted."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.engine import Engine

from expo_app import documents
from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import (
    Organisation,
    ParkTotal,
    Qualifier,
    Role,
    SharingEvent,
    SupportKind,
    TenantFigures,
    TenantState,
    TenantStep,
    TenantSupport,
)
from expo_app.rules import masks
from expo_app.services import expos, imports, merging, parks, records, tenant_acts, tenant_origins
from expo_app.services.tenants import read_tenant
from expo_app.specs import (
    AGREEMENTS,
    ALLIANCES,
    PARK_FIGURES,
    PARKS,
    PLATFORMS,
    SHARING_EVENTS,
    TASKS,
    TENANT_FIGURES,
    TENANT_SUPPORTS,
    TENANTS,
    Outcome,
)
from expo_app.specs.merging import Pair
from expo_app.specs.park_shown import Amount, Bound, ChainStep, Level, Origin, Register, bound_of
from expo_app.store.database import Actor, Database
from tests.factories import make_deal, make_expo, make_organisation

NOW = datetime(2022, 12, 20, 7, 10, tzinfo=UTC)


@pytest.fixture
def park(db: Database) -> uuid.UUID:
    db.clock = lambda: NOW
    return records.save(
        db, PARKS, {"name": "两地园", "research_region": "310114", "own_area": 1000, "public_area": 100}
    )


def tenant(db: Database, name: str = "甲公司", **given: Any) -> uuid.UUID:
    return records.save(db, TENANTS, {"park_id": "两地园", "organisation_id": name, **given})


def states(db: Database, tenant_id: uuid.UUID) -> list[tuple[TenantState, str, bool]]:
    with db.reading() as session:
        query = select(TenantStep).where(TenantStep.tenant_id == tenant_id).order_by(TenantStep.id)
        return [(one.state, one.on_day, one.is_undone) for one in session.scalars(query)]


@contextmanager
def statements() -> Iterator[list[str]]:
    told: list[str] = []

    def note(*given: Any) -> None:
        told.append(given[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(Engine, "before_cursor_execute", note)


# --- steps ------------------------------------------------------------------------------------------------------------
def test_days_of_a_form_are_steps_and_the_last_is_the_state(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, visited_on="2018-11-29", moved_in_on="2020年1月", signed_on="2019-10-16")
    assert states(db, key) == [
        (TenantState.VISITED, "2018-11-29", False),
        (TenantState.SIGNED, "2019-10-16", False),
        (TenantState.MOVED_IN, "2020-01", False),
    ]
    shown = records.get(db, TENANTS, key)
    assert (shown["state"], shown["moved_in_on"], shown["landed_on"]) == (TenantState.MOVED_IN, "2020-01", None)


def test_a_state_without_a_day_is_a_step_of_an_unknown_day(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, state=TenantState.LANDED)
    assert states(db, key) == [(TenantState.LANDED, "", False)]
    records.save(db, TENANTS, {"landed_on": "2022-06"}, key)
    assert states(db, key) == [(TenantState.LANDED, "2022-06", False)]


def test_another_day_is_a_correction_beside_the_old_line(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, visited_on="2019-01-02")
    records.save(db, TENANTS, {"visited_on": "2019-01-03"}, key)
    assert states(db, key) == [(TenantState.VISITED, "2019-01-02", True), (TenantState.VISITED, "2019-01-03", False)]


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"visited_on": "2020-03", "moved_in_on": "2020-02"}, "moved_in_on", "早于"),
        ({"moved_in_on": "2020-03", "left_on": "2020-02", "left_to": "外地", "left_why": "搬走"}, "left_on", "先退出"),
        ({"moved_in_on": "2020-03", "left_on": "2020-04"}, "left_on", "去向和原因"),
        ({"state": TenantState.LEFT}, "left_on", "去向和原因"),
        ({"moved_in_on": "2020-03", "state": TenantState.SIGNED}, "state", "不能改回"),
    ],
)
def test_what_cannot_have_been_is_refused(db: Database, park: uuid.UUID, given: dict, field: str, words: str) -> None:
    with pytest.raises(InvalidRecord) as refused:
        tenant(db, **given)
    assert words in refused.value.problems[field]


def test_a_day_before_one_there_is_refused_and_nothing_is_emptied(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, signed_on="2020-05-01")
    with pytest.raises(InvalidRecord, match="早于"):
        records.save(db, TENANTS, {"moved_in_on": "2020-04-30"}, key)
    with pytest.raises(InvalidRecord, match="不能清空"):
        records.save(db, TENANTS, {"signed_on": ""}, key)
    assert states(db, key) == [(TenantState.SIGNED, "2020-05-01", False)]


def test_steps_go_on_and_back_and_the_old_lines_stay(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, visited_on="2018-11-29")
    tenant_acts.step(db, None, key, TenantState.MOVED_IN, "2020-01-08")
    tenant_acts.step(db, None, key, TenantState.LANDED, "2022-06-20", where_to="生产基地")
    tenant_acts.go_back(db, None, key, TenantState.MOVED_IN, "没有落地，记错了")
    assert states(db, key) == [
        (TenantState.VISITED, "2018-11-29", False),
        (TenantState.MOVED_IN, "2020-01-08", True),
        (TenantState.LANDED, "2022-06-20", True),
        (TenantState.MOVED_IN, "2020-01-08", False),
    ]
    page = read_tenant(db, key)
    assert page.state is TenantState.MOVED_IN
    assert page.steps[-1].is_correction
    assert page.steps[-1].reason == "没有落地，记错了"
    assert page.steps[-1].days == 405


def left(db: Database) -> uuid.UUID:
    return tenant(db, moved_in_on="2020-01-08", left_on="2021-03-01", left_to="外地", left_why="租金到期")


def test_who_left_says_where_to_and_why_whatever_is_corrected(db: Database, park: uuid.UUID) -> None:
    key = left(db)
    tenant_acts.go_back(db, None, key, TenantState.LEFT, "日期错", day="2021-04-01")
    shown = records.get(db, TENANTS, key)
    assert (shown["left_on"], shown["left_to"], shown["left_why"]) == ("2021-04-01", "外地", "租金到期")
    records.save(db, TENANTS, {"left_to": "邻区"}, key)
    shown = records.get(db, TENANTS, key)
    assert (shown["left_on"], shown["left_to"], shown["left_why"]) == ("2021-04-01", "邻区", "租金到期")
    assert [line.reason for line in read_tenant(db, key).steps] == ["", "", "日期错", "按名单更正"]
    for given in ({"left_to": ""}, {"left_why": None}):
        with pytest.raises(InvalidRecord, match="去向和原因"):
            records.save(db, TENANTS, given, key)


def test_where_to_without_leaving_is_refused(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, moved_in_on="2020-01-08")
    with pytest.raises(InvalidRecord, match="没有退出"):
        records.save(db, TENANTS, {"left_to": "外地", "left_why": "搬走"}, key)


def test_a_form_goes_back_to_no_step_that_is_there(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, state=TenantState.LANDED)
    tenant_acts.step(db, None, key, TenantState.GRADUATED, "2022-05")
    assert records.get(db, TENANTS, key)["state"] is TenantState.GRADUATED
    with pytest.raises(InvalidRecord, match="不能改回"):
        records.save(db, TENANTS, {"state": TenantState.LANDED}, key)
    records.save(db, TENANTS, {"landed_on": "2021"}, key)
    assert records.get(db, TENANTS, key)["state"] is TenantState.GRADUATED


def test_one_rule_says_which_day_is_to_come(db: Database, park: uuid.UUID) -> None:
    with db.transaction() as session:
        real, sample = make_expo(session).id, make_expo(session, code="KJH17", is_sample=True).id
    key = tenant(db, visited_on="2019-01")
    for expo_id in (None, real):
        with pytest.raises(InvalidRecord, match="还没有到"):
            records.save(db, TENANTS, {"moved_in_on": "2023-01"}, key, expo_id=expo_id)
        with pytest.raises(InvalidRecord, match="还没有到"):
            records.save(db, TENANTS, {"founded_on": "2023-01-01"}, key, expo_id=expo_id)
        with pytest.raises(InvalidRecord, match="还没有到"):
            tenant_acts.fill(db, expo_id, key, date(2023, 12, 31), {"staff": 2})
        with pytest.raises(UserError, match="还没有到"):
            tenant_acts.step(db, expo_id, key, TenantState.MOVED_IN, "2023-01")
    records.save(db, TENANTS, {"moved_in_on": "2023-01"}, key, expo_id=sample)
    tenant_acts.step(db, sample, key, TenantState.LANDED, "2023-02")
    tenant_acts.fill(db, sample, key, date(2023, 12, 31), {"staff": 2})


def test_who_moves_in_has_the_room(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, visited_on="2019-01")
    tenant_acts.step(db, None, key, TenantState.MOVED_IN, "2020-01", where_to="A-301")
    page = read_tenant(db, key)
    assert (page.room, page.steps[-1].where_to) == ("A-301", "")
    with pytest.raises(UserError, match="60"):
        tenant_acts.step(db, None, key, TenantState.INCUBATED, "2020-02", where_to="长" * 61)
    with pytest.raises(UserError, match="300"):
        tenant_acts.step(db, None, key, TenantState.LANDED, "2020-02", words="长" * 301)
    with pytest.raises(UserError, match="300"):
        tenant_acts.go_back(db, None, key, TenantState.VISITED, "长" * 301)


def test_a_park_with_tenants_is_not_deleted(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, visited_on="2019-01")
    tenant_acts.fill(db, None, key, date(2021, 12, 31), {"staff": 2})
    with pytest.raises(Conflict, match="入驻企业"):
        records.delete(db, PARKS, [park])
    assert read_tenant(db, key).dates == [date(2021, 12, 31)]


@pytest.mark.parametrize(
    ("state", "day", "more", "words"),
    [
        (TenantState.SIGNED, "2019-12", {}, "走回头"),
        (TenantState.MOVED_IN, "2020-02", {}, "记过"),
        (TenantState.LANDED, "2019-12-31", {}, "早于"),
        (TenantState.LANDED, "2023-01", {}, "还没有到"),
        (TenantState.LANDED, "", {}, "没有写日期"),
        (TenantState.LANDED, "去年", {}, "不是日期"),
        (TenantState.LEFT, "2021-01", {"words": "搬走"}, "去向和原因"),
        (TenantState.LEFT, "2019-01", {"words": "搬走", "where_to": "外地"}, "先退出"),
    ],
)
def test_a_step_that_cannot_be_is_refused_in_a_sentence(
    db: Database, park: uuid.UUID, state: TenantState, day: str, more: dict, words: str
) -> None:
    key = tenant(db, moved_in_on="2020-01-08")
    with pytest.raises(UserError, match=words) as refused:
        tenant_acts.step(db, None, key, state, day, **more)
    assert "数据未变" in str(refused.value)
    assert len(states(db, key)) == 1


def test_going_back_needs_a_reason_and_something_to_go_back_from(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, moved_in_on="2020-01-08")
    with pytest.raises(UserError, match="原因"):
        tenant_acts.go_back(db, None, key, TenantState.MOVED_IN, " ")
    with pytest.raises(UserError, match="没有比"):
        tenant_acts.go_back(db, None, key, TenantState.MOVED_IN, "记错")
    tenant_acts.go_back(db, None, key, TenantState.MOVED_IN, "日期记错", day="2020-02-08")
    assert states(db, key)[-1] == (TenantState.MOVED_IN, "2020-02-08", False)


def test_a_list_with_states_and_days_makes_the_steps(db: Database, park: uuid.UUID, tmp_path: Path) -> None:
    path = tmp_path / "入驻.csv"
    path.write_text(
        "企业,园区,状态,接触日期,签约日期,入驻日期,退出日期,退出去向,退出原因\n"
        "甲公司,两地园,入驻,2019-01,2019-06-01,2020-01-08,,,\n"
        "乙公司,两地园,退出,2019-01,,2020-01-08,2021-03,外地,租金到期\n"
        "丙公司,两地园,,2020-05,,2020-01-08,,,\n"
        "丁公司,两地园,落地,,,,,,\n",
        encoding="utf-8",
    )
    plan = documents.plan_import(db, None, TENANTS, path)
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.NEW, Outcome.INVALID, Outcome.NEW]
    imports.apply(db, plan)
    rows = records.list_rows(db, TENANTS, fields=[TENANTS.field(n) for n in ("organisation_id", "state", "left_to")])
    assert {row[1]: row[2:4] for row in rows} == {
        "甲公司": (TenantState.MOVED_IN, None),
        "乙公司": (TenantState.LEFT, "外地"),
        "丁公司": (TenantState.LANDED, None),
    }


def merged(db: Database, keep: str, other: str) -> uuid.UUID:
    with db.reading() as session:
        ids = dict(session.execute(select(Organisation.name, Organisation.id)).all())
    return merging.merge(db, Pair("organisations", ids[keep], ids[other]))


def test_tenants_that_are_one_took_each_step_once(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, "甲公司", visited_on="2019-05", landed_on="2022-06")
    tenant(db, "乙公司", visited_on="2019-04", moved_in_on="2020-01")
    before = states(db, key)
    batch = merged(db, "甲公司", "乙公司")
    page = read_tenant(db, key)
    assert page.state is TenantState.LANDED
    assert sorted(line.on for line in page.steps if not line.is_undone) == ["2019-04", "2020-01", "2022-06"]
    imports.undo(db, batch)
    assert states(db, key) == before


@pytest.mark.parametrize(
    "days",
    [
        {"landed_on": "2019-06"},
        {"moved_in_on": "2019-01", "left_on": "2019-12", "left_to": "外地", "left_why": "租金到期"},
    ],
)
def test_tenants_whose_steps_contradict_each_other_stay_two(db: Database, park: uuid.UUID, days: dict) -> None:
    key = tenant(db, "甲公司", moved_in_on="2020-01-08")
    tenant(db, "乙公司", **days)
    with pytest.raises(Conflict, match="合不起来"):
        merged(db, "甲公司", "乙公司")
    assert states(db, key) == [(TenantState.MOVED_IN, "2020-01-08", False)]


# --- figures and what is granted --------------------------------------------------------------------------------------
def test_figures_and_supports_find_their_tenant_by_name(db: Database, park: uuid.UUID) -> None:
    key = tenant(db)
    figures = records.save(db, TENANT_FIGURES, {"tenant": "甲公司", "on_date": "2021-12-31", "revenue": "12,480"})
    kept = records.get(db, TENANT_FIGURES, figures)
    assert (kept["revenue"], kept["park"], kept["staff"]) == (Decimal(12_480_000), "两地园", None)
    with pytest.raises(InvalidRecord, match="没有入驻企业"):
        records.save(db, TENANT_SUPPORTS, {"tenant": "乙公司", "kind": "RENT", "title": "首年免租"})
    records.save(db, TENANT_SUPPORTS, {"tenant": "甲公司", "kind": "RENT", "title": "首年免租", "amount": "216000"})
    assert [(one.kind, one.amount) for one in read_tenant(db, key).supports] == [(SupportKind.RENT, Decimal(216_000))]


def test_nobody_filled_in_what_was_only_reported(db: Database, park: uuid.UUID) -> None:
    tenant(db)
    tenant(db, "乙公司", source="某报")
    for name in ("甲公司", "乙公司"):
        records.save(db, TENANT_FIGURES, {"tenant": name, "on_date": "2021-12-31", "staff": "7"})
    with db.reading() as session:
        found = session.scalars(select(TenantFigures.filled_on).order_by(TenantFigures.id))
        assert list(found) == [NOW.date(), None]


def test_filling_in_a_year_changes_only_what_is_given(db: Database, park: uuid.UUID) -> None:
    key = tenant(db)
    tenant_acts.fill(db, None, key, date(2021, 12, 31), {"staff": 23, "revenue": "5,480"})
    tenant_acts.fill(db, None, key, date(2021, 12, 31), {"staff": 24}, "报表更正")
    page = read_tenant(db, key)
    assert page.dates == [date(2021, 12, 31)]
    lines = {line.name: line.values[0] for line in page.figures}
    assert (lines["staff"], lines["revenue"], lines["taxes"]) == (24, Decimal(5_480_000), None)
    with pytest.raises(InvalidRecord, match="不能多于"):
        tenant_acts.fill(db, None, key, date(2021, 12, 31), {"staff_doctors": 25})


def test_money_is_not_seen_without_the_right(db: Database, park: uuid.UUID) -> None:
    key, other = tenant(db, registered_capital="1000"), tenant(db, "乙公司", registered_capital="2000")
    values = {"staff": 23, "revenue": "5,480", "contracts": 2, "contracts_amount": "1,800"}
    tenant_acts.fill(db, None, key, date(2021, 12, 31), values)
    db.actor = Actor("李可", Role.DESK)
    fields = [TENANT_FIGURES.field(name) for name in ("staff", "revenue", "net_profit")]
    (row,) = records.list_rows(db, TENANT_FIGURES, fields=fields)
    assert row[1:4] == (23, masks.UNSEEN, None)
    assert TENANT_FIGURES.field("revenue").display(row[2]) == masks.UNSEEN
    assert records.get(db, TENANTS, key)["registered_capital"] == masks.UNSEEN
    page = read_tenant(db, key)
    assert [line.values for line in page.figures if line.name in ("staff", "revenue")] == [[None], [23]]
    assert page.profile["registered_capital"] is None
    assert page.register == [Register(date(2021, 12, 31), 0, None, 2, None)]
    assert parks.read_board(db).tenants[0].revenue is None
    lines = merging.preview(db, Pair("tenants", key, other)).lines
    capital = next(one for one in lines if one.name == "registered_capital")
    assert (capital.ours, capital.theirs) == (masks.UNSEEN, f"{masks.UNSEEN}（不同）")


def test_what_is_not_seen_is_not_written_to_a_file(db: Database, park: uuid.UUID, tmp_path: Path) -> None:
    key = tenant(db)
    tenant_acts.fill(db, None, key, date(2021, 12, 31), {"revenue": "5,480"})
    db.actor = Actor("吴悠", Role.REGISTRAR)
    documents.export(db, None, TENANT_FIGURES, tmp_path / "out.csv")
    written = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert masks.UNSEEN in written
    assert "5480" not in written.replace(",", "")


# --- one tenant -------------------------------------------------------------------------------------------------------
def test_a_page_takes_five_statements_however_much_there_is(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, visited_on="2018-11-29", moved_in_on="2019-01-08")
    for year in (2019, 2020, 2021):
        tenant_acts.fill(db, None, key, date(year, 12, 31), {"staff": year - 2000})
        records.save(db, TENANT_SUPPORTS, {"tenant": "甲公司", "kind": "RESEARCH", "title": f"{year} 年研发补助"})
    with statements() as told:
        page = read_tenant(db, key)
    few = len([text for text in told if text.lstrip().upper().startswith("SELECT")])
    assert few <= 5
    assert len(page.dates) == len(page.supports) == 3


def test_a_chain_names_what_a_tenant_came_of_and_what_is_missing(db: Database, park: uuid.UUID) -> None:
    with db.transaction() as session:
        expo = make_expo(session)
        made = make_deal(session, expo, "园区入驻", amount=None, signed_on=date(2019, 10, 16))
        deal, expo_id = made.id, expo.id
    key = tenant(db, moved_in_on="2020-01-08", landed_on="2022-06-20", production_region="330304")
    tenant_acts.link(db, expo_id, key, "deal_id", deal)
    chain = {card.step: card for card in read_tenant(db, key).chain}
    assert chain[ChainStep.PITCH].is_missing
    assert chain[ChainStep.PITCH].column == "pitch_id"
    assert chain[ChainStep.DEAL].record_id == deal
    assert chain[ChainStep.MOVED_IN].days == 84
    assert chain[ChainStep.LANDED].days == 894
    assert chain[ChainStep.LANDED].title == "瓯海区"


def test_contracts_of_the_register_stand_beside_what_the_tenant_says(db: Database, park: uuid.UUID) -> None:
    with db.transaction() as session:
        expo = make_expo(session)
        make_organisation(session, "甲公司")
        for day, amount in ((date(2021, 3, 1), "600000"), (date(2021, 9, 1), "1250000"), (date(2020, 9, 1), "1")):
            make_deal(session, expo, amount=amount, buyers=("甲公司",), signed_on=day)
    key = tenant(db)
    tenant_acts.fill(db, None, key, date(2021, 6, 30), {"contracts": 1, "contracts_amount": "600"})
    tenant_acts.fill(db, None, key, date(2021, 12, 31), {"contracts": 2, "contracts_amount": "1,800"})
    half, year = read_tenant(db, key).register
    assert (half.count, half.amount, half.differs) == (1, Decimal(600_000), False)
    assert (year.count, year.amount, year.said_amount, year.differs) == (
        2,
        Decimal(1_850_000),
        Decimal(1_800_000),
        True,
    )


# --- parks ------------------------------------------------------------------------------------------------------------
def test_a_park_is_counted_from_its_tenants(db: Database, park: uuid.UUID) -> None:
    came = tenant(db, "甲公司", visited_on="2019-01", moved_in_on="2020-01-08", is_research_centre=True)
    landed = tenant(db, "乙公司", visited_on="2019-02", landed_on="2022-06-20")
    tenant(db, "丙公司", visited_on="2019-03")
    tenant(db, "丁公司", moved_in_on="2019-03", left_on="2020-01", left_to="外地", left_why="搬走")
    for key, day, applied in (
        (came, date(2020, 12, 31), 5), (came, date(2021, 6, 30), 4), (came, date(2021, 12, 31), 9),
        (landed, date(2021, 12, 31), 2),
    ):  # fmt: skip
        tenant_acts.fill(db, None, key, day, {"ip_applied": applied, "staff": 10, "staff_talents": 3, "area": 300})
    records.save(db, TENANT_SUPPORTS, {"tenant": "甲公司", "kind": "UNIVERSITY", "title": "联合项目"})
    records.save(db, SHARING_EVENTS, {"title": "沙龙", "park_id": "两地园", "on_day": "2021-05", "state": "HELD"})
    (card,) = parks.read_board(db).parks
    counted = {total: amount.value for total, amount in card.totals.items() if amount is not None}
    assert counted == {
        ParkTotal.VISITED: 4, ParkTotal.INTENDED: 3, ParkTotal.SIGNED: 3, ParkTotal.TENANTS: 3,
        ParkTotal.RESEARCH_CENTRES: 1, ParkTotal.LANDED: 1, ParkTotal.GRADUATED: 0, ParkTotal.TALENTS: 6,
        ParkTotal.PATENTS: 16, ParkTotal.EVENTS: 1, ParkTotal.COOPERATIONS: 1, ParkTotal.USED_AREA: 700,
    }  # fmt: skip
    assert card.origin is Origin.COUNTED
    assert card.occupancy == Decimal("0.7")
    assert [card.levels[one] for one in (Level.TENANTS, Level.APPLICANTS, Level.USED_AREA)] == [2, 2, 700]
    patents = next(one for one in card.figures if one.total is ParkTotal.PATENTS)
    assert [(point.on, point.value) for point in patents.points] == [
        ("2020-12-31", 5), ("2021-06-30", 9), ("2021-12-31", 16),
    ]  # fmt: skip


def test_a_reported_park_is_told_by_its_reports_alone(db: Database, park: uuid.UUID) -> None:
    tenant(db, "甲公司", visited_on="2019-01", moved_in_on="2020-01-08", source="某报")
    for figure, said in (("VISITED", "超过 530"), ("TENANTS", "46"), ("LANDED", "14")):
        values = {"park_id": "两地园", "figure": figure, "said": said, "on_day": "2022-12", "since": "2019-12"}
        records.save(db, PARK_FIGURES, {**values, "source": "某报"})
    (card,) = parks.read_board(db).parks
    told = {total: amount.value for total, amount in card.totals.items() if amount is not None}
    assert told == {ParkTotal.VISITED: 530, ParkTotal.TENANTS: 46, ParkTotal.LANDED: 14}
    assert card.funnel.origin is Origin.REPORTED
    assert card.funnel.steps[ParkTotal.INTENDED] is None
    first, second = card.funnel.rates
    told = [(f"{one.share:.3f}", one.bound) for one in (first, second)]
    assert told == [("0.087", Bound.MOST), ("0.304", None)]
    assert (card.known, card.levels[Level.TENANTS]) == (1, None)


def test_generated_tenants_count_in_a_generated_park_alone(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, "甲公司", moved_in_on="2020-01-08")
    with db.transaction() as session:
        expo = make_expo(session, is_sample=True)
        expo_id = expo.id
    records.save(
        db, TENANTS, {"park_id": "两地园", "organisation_id": "乙公司", "moved_in_on": "2020-01"}, expo_id=expo_id
    )  # fmt: skip
    board = parks.read_board(db)
    (card,) = board.parks
    tenants = card.totals[ParkTotal.TENANTS]
    assert tenants is not None
    assert (tenants.value, card.samples, len(board.of(card.id))) == (1, 1, 2)
    assert {row.is_sample for row in board.tenants if row.id != key} == {True}


def test_generated_records_of_a_real_park_do_not_count(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, "甲公司", moved_in_on="2020-01-08")
    records.save(db, TENANT_SUPPORTS, {"tenant": "甲公司", "kind": "UNIVERSITY", "title": "联合项目"})
    tenant_acts.fill(db, None, key, date(2021, 12, 31), {"staff_talents": 3})
    records.save(db, SHARING_EVENTS, {"title": "沙龙", "park_id": "两地园", "on_day": "2021-05", "state": "HELD"})
    with db.transaction() as session:
        for of in (SharingEvent, TenantSupport, TenantFigures):
            session.execute(update(of).values(is_sample=True))
    (card,) = parks.read_board(db).parks
    assert [card.totals[one] for one in (ParkTotal.EVENTS, ParkTotal.TALENTS)] == [None, None]
    assert card.totals[ParkTotal.COOPERATIONS] is None


def test_the_last_report_is_the_one_of_the_last_day(db: Database, park: uuid.UUID) -> None:
    for day, said in (("2022-06", "40"), ("2022", "46"), ("2021-12", "30")):
        records.save(db, PARK_FIGURES, {"park_id": "两地园", "figure": "TENANTS", "said": said, "on_day": day})
    (card,) = parks.read_board(db).parks
    amount = card.totals[ParkTotal.TENANTS]
    assert amount is not None
    assert (amount.value, amount.on) == (46, "2022")


def test_what_nobody_can_count_may_be_reported_of_a_counted_park(db: Database, park: uuid.UUID) -> None:
    tenant(db, "甲公司", moved_in_on="2020-01-08")
    records.save(db, PARK_FIGURES, {"park_id": "两地园", "figure": "PARTNERS", "said": "30", "on_day": "2022"})
    (card,) = parks.read_board(db).parks
    told = {total: amount.origin for total, amount in card.totals.items() if amount is not None}
    assert (told[ParkTotal.PARTNERS], told[ParkTotal.TENANTS]) == (Origin.REPORTED, Origin.COUNTED)


def test_a_reported_number_says_how_it_is_meant(db: Database, park: uuid.UUID) -> None:
    values = {"park_id": "两地园", "figure": "VISITED", "said": "530余", "on_day": "2022年12月"}
    key = records.save(db, PARK_FIGURES, values)
    kept = records.get(db, PARK_FIGURES, key)
    assert (kept["said"], kept["on_day"]) == ("超过 530", "2022-12")
    with pytest.raises(InvalidRecord, match="起算"):
        records.save(db, PARK_FIGURES, {"since": "2023-01"}, key)


def test_a_task_of_a_company_in_two_parks_names_the_park(db: Database, park: uuid.UUID) -> None:
    with db.transaction() as session:
        expo_id = make_expo(session).id
    records.save(db, PARKS, {"name": "另一园"})
    first = tenant(db, visited_on="2019-01")
    second = tenant(db, visited_on="2019-01", park_id="另一园")
    values = {"title": "续租谈判", "due_on": "2022-12-31", "assignee": "陈放", "tenant": "甲公司"}
    with pytest.raises(InvalidRecord, match="请写园区"):
        records.save(db, TASKS, values, expo_id=expo_id)
    task = records.save(db, TASKS, {**values, "park": "另一园"}, expo_id=expo_id)
    assert [one.id for one in read_tenant(db, second).tasks] == [task]
    records.save(db, TASKS, {"park": "两地园"}, task, expo_id=expo_id)
    assert [one.id for one in read_tenant(db, first).tasks] == [task]
    assert records.get(db, TASKS, task)["park"] == "两地园"
    records.save(db, TASKS, {"tenant": "", "park": ""}, task, expo_id=expo_id)
    assert not read_tenant(db, first).tasks
    with pytest.raises(InvalidRecord, match="没有写企业"):
        records.save(db, TASKS, {"park": "两地园"}, task, expo_id=expo_id)


def test_a_task_is_of_a_tenant_by_its_name(db: Database, park: uuid.UUID) -> None:
    with db.transaction() as session:
        expo_id = make_expo(session).id
    key = tenant(db, "甲公司", visited_on="2019-01")
    task = records.save(
        db,
        TASKS,
        {"title": "续租谈判", "tenant": "甲公司", "due_on": "2022-12-31", "assignee": "陈放"},
        expo_id=expo_id,
    )
    assert [(one.id, one.title) for one in read_tenant(db, key).tasks] == [(task, "续租谈判")]
    assert records.get(db, TASKS, task)["subject"] == "甲公司"
    with pytest.raises(InvalidRecord, match="没有入驻企业"):
        records.save(db, TASKS, {"title": "续租", "tenant": "乙公司", "due_on": "2022-12-31"}, expo_id=expo_id)


def test_a_late_figure_of_one_tenant_takes_the_place_of_nobody_elses(db: Database, park: uuid.UUID) -> None:
    for name, revenue in (("甲公司", "12,000"), ("乙公司", "9,000"), ("丙公司", "8,000")):
        key = tenant(db, name, moved_in_on="2020-01-08")
        tenant_acts.fill(db, None, key, date(2021, 12, 31), {"revenue": revenue, "area": 300, "staff_talents": 2})
    tenant_acts.fill(db, None, key, date(2022, 6, 30), {"revenue": "900"})
    board = parks.read_board(db)
    (card,) = board.parks
    revenue = card.totals[ParkTotal.REVENUE]
    assert revenue is not None
    assert (revenue.value, revenue.on, revenue.firms, revenue.of) == (29_000_000, "2021-12-31", 3, 3)
    (told,) = (one for one in card.figures if one.total is ParkTotal.REVENUE)
    assert [(one.on, one.firms, one.of) for one in told.points] == [("2021-12-31", 3, 3), ("2022-06-30", 1, 3)]
    assert told.last == told.full[-1] == told.points[0]
    row = next(one for one in board.tenants if one.name == "丙公司")
    assert (row.area, row.talents, row.revenue) == (300, 2, 900_000)


def test_figures_of_before_a_tenant_moved_in_are_kept_but_count_for_no_park(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, visited_on="2019-05", moved_in_on="2020-01-08")
    tenant_acts.fill(db, None, key, date(2019, 12, 31), {"revenue": "900", "ip_applied": 2})
    later = {"tenant": "甲公司", "on_date": date(2020, 12, 31), "ip_applied": 3}
    records.save(db, TENANT_FIGURES, later)
    visited = tenant(db, "乙公司", visited_on="2019-05")
    tenant_acts.fill(db, None, visited, date(2020, 12, 31), {"revenue": "700", "ip_applied": 4})
    assert read_tenant(db, key).dates == [date(2019, 12, 31), date(2020, 12, 31)]
    (card,) = parks.read_board(db).parks
    patents = card.totals[ParkTotal.PATENTS]
    assert patents is not None
    assert (patents.value, card.totals[ParkTotal.REVENUE]) == (3, None)


def test_figures_of_a_year_before_the_first_contact_are_refused(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, moved_in_on="2020-03")
    with pytest.raises(InvalidRecord, match="早于第一次接触的 2020-03"):
        tenant_acts.fill(db, None, key, date(2019, 12, 31), {"staff": 2})
    with pytest.raises(InvalidRecord, match="早于第一次接触的 2020-03"):
        records.save(db, TENANT_FIGURES, {"tenant": "甲公司", "on_date": date(2019, 12, 31), "staff": 2})
    tenant_acts.fill(db, None, key, date(2020, 12, 31), {"staff": 2})
    unknown = tenant(db, "乙公司", landed_on="2021")
    tenant_acts.fill(db, None, unknown, date(2019, 12, 31), {"staff": 2})


def test_what_was_reported_signed_or_reached_was_so_on_a_day_that_has_come(db: Database, park: uuid.UUID) -> None:
    reported = {"park_id": "两地园", "figure": "TENANTS", "said": "46", "on_day": "2023-01"}
    records.save(db, ALLIANCES, {"name": "两地联盟", "founded": "2020"})
    for spec, values in (
        (PARK_FIGURES, reported), (AGREEMENTS, {"title": "合作协议", "signed": "2023-01-01"}),
        (PLATFORMS, {"title": "平台", "alliance_id": "两地联盟", "state_since": date(2023, 1, 1)}),
    ):  # fmt: skip
        with pytest.raises(InvalidRecord, match="还没有到"):
            records.save(db, spec, values)


def test_a_list_of_reports_says_that_they_end_the_counting(db: Database, park: uuid.UUID, tmp_path: Path) -> None:
    with db.transaction() as session:
        make_expo(session)
    path = tmp_path / "reports.csv"
    rows = ("园区,指标,数值,数字的时间", "两地园,落地项目,14,2022-12", "两地园,服务平台,30,2022-12")
    path.write_text("\n".join(rows), encoding="utf-8")
    plan = documents.plan_import(db, expos.current(db), PARK_FIGURES, path)
    assert ["只按报道的数说" in str(row) for row in plan.rows] == [True, False]


@pytest.mark.parametrize("day", [date(2021, 5, 5), date(2021, 12, 30), date(2021, 9, 30)])
def test_figures_are_of_the_end_of_a_year_or_half_year(
    db: Database, park: uuid.UUID, day: date, tmp_path: Path
) -> None:
    key = tenant(db, moved_in_on="2020-01-08")
    tenant_acts.fill(db, None, key, date(2020, 12, 31), {"area": 300})
    for act in (
        lambda: tenant_acts.fill(db, None, key, day, {"area": 1}),
        lambda: records.save(db, TENANT_FIGURES, {"tenant": "甲公司", "on_date": day, "area": 1}),
    ):
        with pytest.raises(InvalidRecord, match="只能是年末或半年末"):
            act()
    path = tmp_path / "list.csv"
    path.write_text(f"企业,数据日期,使用场地面积\n甲公司,{day},1\n", encoding="utf-8")
    (row,) = documents.plan_import(db, None, TENANT_FIGURES, path).rows
    assert (row.outcome, *row.problems) == (Outcome.INVALID, "数据日期")
    assert read_tenant(db, key).dates == [date(2020, 12, 31)]


def test_a_park_counts_a_figure_at_the_dates_it_was_reported_for(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, moved_in_on="2019-01-08")
    tenant_acts.fill(db, None, key, date(2020, 12, 31), {"staff_talents": 2, "ip_applied": 7, "investment": "10"})
    tenant_acts.fill(db, None, key, date(2021, 12, 31), {"staff": 9})
    (card,) = parks.read_board(db).parks
    for total in (ParkTotal.TALENTS, ParkTotal.PATENTS, ParkTotal.INVESTMENT):
        amount = card.totals[total]
        assert amount is not None
        assert amount.on == "2020-12-31"
        assert [one.on for told in card.figures if told.total is total for one in told.points] == ["2020-12-31"]


def test_what_a_tenant_may_have_come_of_is_told_by_its_name_and_its_own_first(db: Database, park: uuid.UUID) -> None:
    key = tenant(db)
    with db.transaction() as session:
        expo = make_expo(session)
        session.flush()
        for title, seller in (("别家的项目", "别家公司"), ("储能电池", "甲公司")):
            make_deal(session, expo, title, "1000000", sellers=(seller,))
        expo_id = expo.id
    told = [words for _key, words in tenant_origins.offered(db, expo_id, key, "deal_id", "")]
    assert ["储能电池" in words for words in told] == [True, False]
    assert [words.split(" · ")[1] for words in told] == ["储能电池", "别家的项目"]
    assert len(tenant_origins.offered(db, expo_id, key, "deal_id", "别家")) == 1
    for column in ("meeting_id", "pitch_id"):
        assert tenant_origins.offered(db, expo_id, key, column, "") == []


def test_a_share_of_what_is_not_exact_says_what_it_is_worth() -> None:
    over, nearly, about = Qualifier.OVER, Qualifier.NEARLY, Qualifier.ABOUT
    told = {
        pair: bound_of(*pair) for pair in ((over, None), (None, nearly), (nearly, None), (None, over), (over, over))
    }
    assert list(told.values()) == [Bound.MOST, Bound.MOST, Bound.LEAST, Bound.LEAST, Bound.ABOUT]
    assert (bound_of(about, nearly), bound_of(None, None)) == (Bound.ABOUT, None)


def test_what_nobody_entered_is_not_0_and_public_area_is_used(db: Database, park: uuid.UUID) -> None:
    (card,) = parks.read_board(db).parks
    assert (card.totals[ParkTotal.USED_AREA], card.occupancy) == (Amount(Decimal(100), Origin.COUNTED), Decimal("0.1"))
    tenant(db, moved_in_on="2020-01-08")
    (card,) = parks.read_board(db).parks
    assert (card.totals[ParkTotal.EVENTS], card.totals[ParkTotal.COOPERATIONS]) == (None, None)
    records.save(db, TENANT_SUPPORTS, {"tenant": "甲公司", "kind": "RENT", "title": "免租"})
    (card,) = parks.read_board(db).parks
    assert card.totals[ParkTotal.COOPERATIONS] == Amount(Decimal(0), Origin.COUNTED)
