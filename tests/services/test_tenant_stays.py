"""A company that left a park and came back: each stay a tenant of its own, by forms, lists, merges and undo."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from expo_app import documents
from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import Organisation, ParkTotal, TenantState
from expo_app.reports.park import of_day
from expo_app.services import imports, mending, merging, park_report, parks, records, steps, tenant_acts
from expo_app.services.record_writer import followed
from expo_app.services.tenants import read_tenant
from expo_app.specs import ORGANISATIONS, PARKS, TENANT_FIGURES, TENANT_SUPPORTS, TENANTS, Outcome, RecordSpec
from expo_app.specs.choices import Choices
from expo_app.specs.merging import Pair
from expo_app.store import staging
from expo_app.store.database import Database
from tests.factories import make_expo

NOW = datetime(2025, 12, 20, 7, 10, tzinfo=UTC)
GONE = {"left_on": "2021-06", "left_to": "外地", "left_why": "租金到期"}
HEAD = "企业,园区,入驻日期,退出日期,退出去向,退出原因\n"
LEFT_LINE, BACK_LINE = "甲公司,两地园,2020-01,2021-06,外地,租金到期\n", "甲公司,两地园,2023-03,,,\n"


@pytest.fixture
def park(db: Database) -> uuid.UUID:
    db.clock = lambda: NOW
    return records.save(db, PARKS, {"name": "两地园", "own_area": 1000})


def tenant(db: Database, name: str = "甲公司", **given: Any) -> uuid.UUID:
    return records.save(db, TENANTS, {"park_id": "两地园", "organisation_id": name, **given})


def back(db: Database) -> tuple[uuid.UUID, uuid.UUID]:
    """The first stay of a company and the one after it came back."""
    first = tenant(db, moved_in_on="2020-01", **GONE)
    return first, tenant(db, moved_in_on="2023-03")


def stays(db: Database) -> list[tuple[Any, ...]]:
    fields = [TENANTS.field(name) for name in ("organisation_id", "stay", "state", "moved_in_on")]
    return [tuple(row[1:5]) for row in records.list_rows(db, TENANTS, fields=fields)]


def listed(db: Database, path: Path, text: str, spec: RecordSpec = TENANTS) -> list[Outcome]:
    path.write_text(text, encoding="utf-8")
    plan = documents.plan_import(db, None, spec, path)
    imports.apply(db, plan)
    return [row.outcome for row in plan.rows]


BOTH = [("甲公司", 1, TenantState.LEFT, "2020-01"), ("甲公司", 2, TenantState.MOVED_IN, "2023-03")]


def test_who_left_comes_back_as_a_tenant_of_its_own(db: Database, park: uuid.UUID) -> None:
    first, second = back(db)
    assert stays(db) == BOTH
    assert (read_tenant(db, first).title, read_tenant(db, second).title) == ("甲公司", "甲公司（第2次入驻）")
    landing = next(card for card in read_tenant(db, second).chain if card.step == "入驻")
    assert (landing.title, landing.on) == ("两地园 第2次入驻", "2023-03")


def test_one_stay_is_open_at_a_time_and_follows_the_one_before(db: Database, park: uuid.UUID) -> None:
    first = tenant(db, moved_in_on="2020-01")
    with pytest.raises(InvalidRecord, match="第1次入驻还没有退出，不能有第2次"):
        tenant(db, moved_in_on="2023-03")
    tenant_acts.step(db, None, first, TenantState.LEFT, "2021-06", words="租金到期", where_to="外地")
    with pytest.raises(InvalidRecord, match="早于第1次退出的 2021-06"):
        tenant(db, moved_in_on="2021-05")
    second = tenant(db, moved_in_on="2023-03")
    with pytest.raises(UserError, match="第1次入驻还没有退出"):
        tenant_acts.go_back(db, None, first, TenantState.MOVED_IN, "记错了")
    with pytest.raises(UserError, match="早于第1次退出"):
        tenant_acts.go_back(db, None, second, TenantState.VISITED, "记错了", "2021-01")
    with pytest.raises(InvalidRecord, match="早于第1次退出的 2024-01"):
        records.save(db, TENANTS, {"left_on": "2024-01"}, first)
    assert stays(db) == BOTH


def test_a_list_makes_the_next_stay_and_nothing_when_it_comes_again(
    db: Database, park: uuid.UUID, tmp_path: Path
) -> None:
    path = tmp_path / "入驻.csv"
    assert listed(db, path, HEAD + LEFT_LINE) == [Outcome.NEW]
    assert listed(db, path, HEAD + BACK_LINE) == [Outcome.NEW]
    assert stays(db) == BOTH
    for told in (HEAD + BACK_LINE, HEAD + LEFT_LINE, HEAD + BACK_LINE + LEFT_LINE):
        assert set(listed(db, path, told)) == {Outcome.SAME}
    assert stays(db) == BOTH


def test_a_list_may_tell_of_both_stays_in_any_order_or_by_number(db: Database, park: uuid.UUID, tmp_path: Path) -> None:
    path = tmp_path / "入驻.csv"
    assert listed(db, path, HEAD + BACK_LINE + LEFT_LINE) == [Outcome.NEW, Outcome.NEW]
    assert stays(db) == BOTH
    head = HEAD.replace("入驻日期", "第几次入驻,入驻日期")
    assert listed(db, path, head + "乙公司,两地园,2,2021-07,,,\n乙公司,两地园,1,2020,2021-07,外地,搬走\n") == [
        Outcome.NEW, Outcome.NEW,
    ]  # fmt: skip
    assert stays(db)[:2] == [("乙公司", 1, TenantState.LEFT, "2020"), ("乙公司", 2, TenantState.MOVED_IN, "2021-07")]
    told = head + "丙公司,两地园,2,2021-07,,,\n丙公司,两地园,1,2020,,,\n丁公司,两地园,1,2020,,,\n"
    assert listed(db, path, told) == [Outcome.INVALID, Outcome.NEW, Outcome.NEW]


def test_a_row_whose_stay_cannot_be_beside_the_others_is_refused_alone(
    db: Database, park: uuid.UUID, tmp_path: Path
) -> None:
    path = tmp_path / "stays.csv"
    back(db)
    tenant(db, "乙公司", moved_in_on="2020-01")
    head = HEAD.replace("入驻日期", "第几次入驻,入驻日期")
    told = "乙公司,两地园,2,2023-03,,,\n丙公司,两地园,1,2023-03,,,\n"
    assert listed(db, path, head + told) == [Outcome.INVALID, Outcome.NEW]
    later = "甲公司,两地园,1,2020-01,2023-05,外地,租金到期\n"
    path.write_text(head + later, encoding="utf-8")
    plan = documents.plan_import(db, None, TENANTS, path, Choices(update=True))
    assert [row.outcome for row in plan.rows] == [Outcome.INVALID]
    assert "早于第1次退出的 2023-05" in str(plan.rows[0].problems)
    path.write_text(head + "甲公司,两地园,2,2023-06,,,\n" + later, encoding="utf-8")
    plan = documents.plan_import(db, None, TENANTS, path, Choices(update=True))
    assert [row.outcome for row in plan.rows] == [Outcome.CHANGED, Outcome.CHANGED]
    imports.apply(db, plan)


def test_what_is_exported_comes_in_as_it_was(db: Database, park: uuid.UUID, tmp_path: Path) -> None:
    back(db)
    for stay, day in ((1, "2020-12-31"), (2, "2023-12-31")):
        own = {"tenant": "甲公司", "stay": stay}
        records.save(db, TENANT_FIGURES, {**own, "on_date": day, "staff": stay})
        records.save(db, TENANT_SUPPORTS, {**own, "kind": "租金", "title": "首年免租"})
    for spec in (TENANTS, TENANT_FIGURES, TENANT_SUPPORTS):
        path = tmp_path / f"{spec.name}.xlsx"
        documents.export(db, None, spec, path)
        plan = documents.plan_import(db, None, spec, path)
        assert [row.outcome for row in plan.rows] == [Outcome.SAME, Outcome.SAME], spec.name
    with pytest.raises(InvalidRecord, match="没有第 3 次入驻"):
        records.save(db, TENANT_SUPPORTS, {"tenant": "甲公司", "stay": 3, "kind": "租金", "title": "次年免租"})
    key = records.save(db, TENANT_SUPPORTS, {"tenant": "甲公司", "kind": "租金", "title": "次年免租"})
    assert records.get(db, TENANT_SUPPORTS, key)["stay"] == 2
    records.save(db, TENANT_SUPPORTS, {"stay": 1}, key)
    assert records.get(db, TENANT_SUPPORTS, key)["stay"] == 1


def test_a_company_counts_once_in_its_park(db: Database, park: uuid.UUID) -> None:
    first, second = back(db)
    tenant_acts.fill(db, None, first, date(2020, 12, 31), {"staff_talents": 2, "ip_applied": 3, "area": Decimal(100)})
    tenant_acts.fill(db, None, second, date(2023, 12, 31), {"staff_talents": 5, "ip_applied": 4})
    board = parks.read_board(db)
    (card,) = board.parks
    value = {total: amount.value for total, amount in card.totals.items() if amount}
    assert (value[ParkTotal.TENANTS], value[ParkTotal.TALENTS], value[ParkTotal.PATENTS]) == (1, 5, 7)
    assert ParkTotal.USED_AREA not in value, "what it used in its first stay it does not use now"
    assert [row.name for row in board.of(park)] == ["甲公司", "甲公司（第2次入驻）"]
    with db.transaction() as session:
        expo_id = make_expo(session).id
    (part,) = park_report.read(db, expo_id, NOW).parts
    (row,) = of_day(part.torch, date(2020, 12, 31))
    assert (row.name, row.moved_in, row.figures["staff_talents"]) == ("甲公司", "2020-01", 2)
    (row,) = of_day(part.torch, date(2024, 12, 31))
    assert (row.moved_in, row.figures) == ("2023-03", {})


def test_nothing_is_taken_back_that_later_days_rest_on(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, visited_on="2020-05")
    with followed() as writers:
        records.save(db, TENANTS, {"visited_on": "2019-01"}, key)
    corrected = steps.step_of(TENANTS.permission, writers)
    assert corrected
    tenant_acts.step(db, None, key, TenantState.SIGNED, "2019-06")
    with pytest.raises(Conflict, match="签约的 2019-06 早于接触的 2020-05"):
        steps.take_back(db, corrected)
    assert [line.on for line in read_tenant(db, key).steps if not line.is_undone] == ["2019-01", "2019-06"]


def test_a_damaged_state_is_mended_to_the_one_of_the_last_step(db: Database, park: uuid.UUID) -> None:
    key = tenant(db, visited_on="2019-01", signed_on="2019-06")
    with db.transaction() as session:
        session.execute(text("UPDATE tenant SET state = 'GONE'"))
    with pytest.raises(Conflict, match="状态“意向”不是最后一步"):
        mending.mend(db, "tenant.state", key, "意向")
    mending.mend(db, "tenant.state", key, "签约")
    assert read_tenant(db, key).state is TenantState.SIGNED


def test_undo_and_merges_leave_no_stays_that_contradict(db: Database, park: uuid.UUID) -> None:
    first = tenant(db, moved_in_on="2020-01")
    with followed() as writers:
        tenant_acts.step(db, None, first, TenantState.LEFT, "2021-06", words="租金到期", where_to="外地")
    left = steps.step_of(TENANTS.permission, writers)
    with followed() as writers:
        tenant(db, moved_in_on="2023-03")
    returned = steps.step_of(TENANTS.permission, writers)
    assert left
    assert returned
    with pytest.raises(Conflict, match="前后矛盾：第1次入驻还没有退出"):
        steps.take_back(db, left)
    assert stays(db) == BOTH
    tenant(db, "乙公司", moved_in_on="2020-01")
    with db.reading() as session:
        ids = dict(session.execute(select(Organisation.name, Organisation.id)).all())
    pair = Pair("organisations", ids["乙公司"], ids["甲公司"])
    batch = merging.merge(db, pair)
    assert [row[1:] for row in stays(db)] == [row[1:] for row in BOTH]
    imports.undo(db, batch)
    steps.take_back(db, returned)
    steps.take_back(db, left)
    assert [row[1:3] for row in stays(db)] == [(1, TenantState.MOVED_IN)] * 2
    steps.do_again(db, left)
    steps.do_again(db, returned)
    tenant(db, "丙公司", moved_in_on="2022-01")
    with pytest.raises(Conflict, match="合不起来"):
        merging.merge(db, Pair("organisations", ids["甲公司"], records.options(db, ORGANISATIONS, "丙公司")[0][0]))


def test_a_list_opens_no_stay_beside_one_that_was_opened_again_meanwhile(
    db: Database, park: uuid.UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tenant(db, moved_in_on="2020-01", **GONE)
    path = tmp_path / "back.csv"
    path.write_text(HEAD + BACK_LINE, encoding="utf-8")
    plan = documents.plan_import(db, None, TENANTS, path)
    write = staging.write

    def late(*given: Any) -> None:
        tenant_acts.go_back(db, None, first, TenantState.MOVED_IN, "记错了")
        write(*given)

    monkeypatch.setattr(staging, "write", late)
    with pytest.raises(Conflict, match="第1次入驻还没有退出"):
        imports.apply(db, plan)
    assert stays(db) == [("甲公司", 1, TenantState.MOVED_IN, "2020-01")]


def test_a_stay_that_was_put_into_another_park_comes_back_as_it_was(db: Database, park: uuid.UUID) -> None:
    first, _second = back(db)
    records.save(db, PARKS, {"name": "别园", "own_area": 1000})
    for name in ("别园", "两地园"):
        records.save(db, TENANTS, {"park_id": name}, first)
        assert records.get(db, TENANTS, first)["stay"] == 1
    assert stays(db) == BOTH
