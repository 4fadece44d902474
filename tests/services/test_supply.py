"""Results and demands by region and field, beside what was reported of them."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.model import Counted, Demand, DemandState, Expo, RegionGroup, ReportedCount
from expo_app.rules.open_calls import Standing, stood
from expo_app.rules.region_groups import UNKNOWN
from expo_app.rules.tech_contracts import TECH_FIELDS
from expo_app.services.statistics import supply
from expo_app.store.database import Database
from tests.factories import make_achievement, make_expo, make_organisation

BIO, CITY = TECH_FIELDS[3], TECH_FIELDS[10]
DAY = date(2019, 5, 23)


def demand(session: Session, expo: Expo, title: str, owner: str, **values: object) -> Demand:
    made = Demand(expo_id=expo.id, owner_id=make_organisation(session, owner).id, title=title, **values)
    session.add(made)
    session.flush()
    return made


def filled(db: Database) -> Expo:
    with db.transaction() as session:
        expo = make_expo(session, ())
        north = make_organisation(session, "北所", region_code="110100").id
        south = make_organisation(session, "南所", region_code="440300").id
        nowhere = make_organisation(session, "某所").id
        for n in range(3):
            make_achievement(session, expo, f"甲{n}", owner_id=north, field=BIO)
        make_achievement(session, expo, "乙", owner_id=south, field="纺织", is_sample=True)
        make_achievement(session, expo, "丙", owner_id=nowhere)
        for code, field, count in (("110000", "", 40), ("", "", 50), ("", BIO, 9), ("440300", BIO, 2)):
            session.add(
                ReportedCount(expo_id=expo.id, region_code=code, field=field, on_date=DAY, count=count, source="报道")
            )
        return expo


def test_counts_by_region_and_field_and_keeps_what_was_reported_apart(db: Database) -> None:
    expo = filled(db)
    table = supply.supply(db, expo.id).results
    assert table.fields == (*TECH_FIELDS, "")  # of a real expo samples do not count
    by_label = {line.label: line for line in table.lines}
    north = by_label["北京"]
    assert [part.count for part in north.parts][3] == 3
    assert north.total.count == 3
    assert north.reported is not None
    assert north.reported.count == 40
    assert table.reported is not None
    assert table.reported.count == 50
    assert table.total.count == sum(part.count for part in table.totals) == sum(x.total.count for x in table.lines)
    reported = table.reported_fields[3]
    assert reported is not None
    assert reported.count == 9
    assert [(one.label, one.count) for one in table.others] == [("深圳市 · " + BIO, 2)]
    assert table.lines[-1].key == UNKNOWN


def test_each_cell_leads_to_the_records_it_was_counted_from(db: Database) -> None:
    expo = filled(db)
    table = supply.supply(db, expo.id).results
    parts = [part for line in table.lines for part in (*line.parts, line.total)] + [*table.totals, table.total]
    with db.reading() as session:
        for part in parts:
            assert part.figure.trace is not None
            found = session.scalar(select(func.count()).select_from(part.figure.trace.ids.subquery()))
            assert found == part.count, part.figure.label
    assert len({part.figure.name for part in parts}) == len(parts)


def test_groups_of_the_expo_are_the_rows_even_those_without_a_result(db: Database) -> None:
    expo = filled(db)
    with db.transaction() as session:
        for place, (name, prefix) in enumerate((("首都", "11"), ("远方", "65"))):
            session.add(RegionGroup(expo_id=expo.id, name=name, prefixes=[prefix], position=place))
    lines = supply.supply(db, expo.id).results.lines
    assert [line.label for line in lines][:2] == ["首都", "远方"]
    assert lines[0].reported is not None
    assert lines[0].reported.count == 40
    assert (lines[1].total.count, lines[1].reported) == (0, None)


def test_fields_of_another_trade_stand_alone(db: Database) -> None:
    with db.transaction() as session:
        expo = make_expo(session, ())
        make_achievement(session, expo, "织机", owner_id=make_organisation(session, "厂").id, field="纺织机械")
    assert supply.supply(db, expo.id).results.fields == ("纺织机械",)


def test_the_latest_report_counts(db: Database) -> None:
    expo = filled(db)
    with db.transaction() as session:
        session.add(ReportedCount(expo_id=expo.id, on_date=date(2019, 5, 30), count=60))
    reported = supply.supply(db, expo.id).results.reported
    assert reported is not None
    assert (reported.count, reported.on_date) == (60, date(2019, 5, 30))


def test_demands_and_open_calls(db: Database) -> None:
    with db.transaction() as session:
        expo = make_expo(session, ())
        demand(session, expo, "找材料", "甲厂", field=BIO)
        demand(session, expo, "撤了", "乙厂", field=BIO, state=DemandState.WITHDRAWN)
        demand(session, expo, "榜一", "丙厂", field=CITY, is_open_call=True, apply_by=date(2001, 1, 1))
        demand(session, expo, "榜二", "丁厂", is_open_call=True, apply_by=date(2901, 1, 1))
        session.add(ReportedCount(expo_id=expo.id, counted=Counted.DEMANDS, on_date=DAY, count=70))
    figures = supply.supply(db, expo.id)
    assert figures.demands.total.count == 3
    assert figures.demands.reported is not None
    assert figures.demands.reported.count == 70
    assert figures.results.reported is None
    assert [figure.value for figure in figures.figures] == [0, 3, 2, 1]
    told = json.loads(json.dumps(supply.as_json(figures)))
    assert told["demands"]["total"] == {"counted": 3, "of_them_samples": 0}
    assert told["demands"]["reported"]["count"] == 70
    assert told["results"]["reported"] is None


@pytest.mark.parametrize(
    ("state", "apply_by", "standing", "days"),
    [
        (DemandState.COLLECTING, date(2019, 5, 20), Standing.OVERDUE, -3),
        (DemandState.COLLECTING, date(2019, 5, 23), Standing.SOON, 0),
        (DemandState.COLLECTING, date(2019, 6, 2), Standing.SOON, 10),
        (DemandState.COLLECTING, date(2019, 6, 3), Standing.OPEN, 11),
        (DemandState.COLLECTING, None, Standing.OPEN, None),
        (DemandState.REVIEW, date(2019, 5, 20), Standing.REVIEW, None),
        (DemandState.AWARDED, date(2019, 5, 20), Standing.AWARDED, None),
        (DemandState.FAILED, date(2019, 5, 20), Standing.FAILED, None),
    ],
)
def test_where_a_call_stands(state: DemandState, apply_by: date | None, standing: Standing, days: int | None) -> None:
    found = stood(state, apply_by, DAY)
    assert (found.standing, found.days) == (standing, days)


def test_every_state_has_its_standing() -> None:
    assert {stood(state, None, DAY).standing for state in DemandState} == set(Standing) - {
        Standing.OVERDUE,
        Standing.SOON,
    }


def test_one_field_in_two_scripts_is_one_column_that_opens_both(db: Database) -> None:
    with db.transaction() as session:
        expo = make_expo(session, ())
        owner = make_organisation(session, "北所", region_code="110100").id
        for title, field in (("甲", "农业机械"), ("乙", "农业机械"), ("丙", "農業機械")):
            make_achievement(session, expo, title, owner_id=owner, field=field)
    table = supply.supply(db, expo.id).results
    assert table.fields == ("农业机械",)
    (part,) = table.totals
    assert part.count == 3
    assert part.figure.trace is not None
    with db.reading() as session:
        assert len(session.scalars(part.figure.trace.ids).all()) == 3
