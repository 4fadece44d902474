"""A list of instruments as an organiser sends it: prices with their unit, numbers twice, unknown providers."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from expo_app import documents
from expo_app.rules.catalogue import Kind, Wanted
from expo_app.services import catalogue, expos, imports, records
from expo_app.specs import INSTRUMENTS, Outcome
from expo_app.store.database import Database
from tests import made_instruments
from tests.factories import make_expo


@pytest.fixture
def filed(db: Database) -> Database:
    """A file with three providers."""
    with db.transaction() as session:
        make_expo(session)
        made_instruments.put_providers(session, 3)
    return db


def planned(db: Database, rows: list[list[Any]], path: Path) -> Any:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return documents.plan_import(db, expos.current(db), INSTRUMENTS, path)


def test_a_list_goes_in_whole_and_is_found(filed, tmp_path):
    rows = made_instruments.sheet_rows(120, 3)
    plan = planned(filed, rows, tmp_path / "a.xlsx")
    assert plan.count(Outcome.NEW) == 120
    expo = expos.current(filed)
    imports.apply(filed, plan, expo.id)
    made = made_instruments.instruments(120, 3)
    fields = [INSTRUMENTS.field(name) for name in ("instrument_no", "price", "unit")]
    listed = records.list_rows(filed, INSTRUMENTS, expo.id, fields)
    kept = {number: (price, unit) for _id, number, price, unit, *_words in listed}
    assert kept == {one.number: (one.price, one.unit if one.price else "") for one in made}
    found = catalogue.read(filed, expo.id).catalogue.find(Wanted(Kind.INSTRUMENT, made[7].model_no)).places
    assert len(found) >= 1
    assert planned(filed, rows, tmp_path / "b.xlsx").count(Outcome.SAME) == 120


def test_a_number_that_comes_twice_names_both_rows(filed, tmp_path):
    rows = made_instruments.sheet_rows(4, 1)
    rows[3][0] = rows[1][0]
    plan = planned(filed, [*rows, rows[2]], tmp_path / "a.xlsx")
    problems = {row.row: row.problems for row in plan.rows if row.outcome is Outcome.INVALID}
    assert problems == {
        4: {"": "与第 2 行的仪器编号相同，其他内容不同：改正仪器编号，或只留一行。"},
        6: {"": "与第 3 行重复，只留一行。"},
    }
    assert plan.count(Outcome.NEW) == 3


def test_an_unknown_provider_is_said_and_the_rest_comes_in(filed, tmp_path):
    rows = made_instruments.sheet_rows(3, 3)
    rows[2][3] = "没有登记的机构"
    plan = planned(filed, rows, tmp_path / "a.xlsx")
    (refused,) = [row for row in plan.rows if row.outcome is Outcome.INVALID]
    assert refused.row == 3
    assert "没有登记的机构" in "".join(refused.problems.values())


def test_prices_are_read_with_their_unit(filed, tmp_path):
    row = made_instruments.sheet_rows(1, 1)[1]
    rows = [made_instruments.HEADERS]
    for n, words in enumerate(("480元/样", "200 元/机时", "1.2万元/次", "面议")):
        rows.append([f"YQ-{n}", f"仪器 {n}", *row[2:6], words, *row[7:]])
    plan = planned(filed, rows, tmp_path / "a.xlsx")
    read = [(line.values.get("price"), line.values.get("unit")) for line in plan.rows]
    assert read[:3] == [(Decimal(480), "样"), (Decimal(200), "机时"), (Decimal(12_000), "次")]
    assert read[3][0] is None
