"""Lists of people whose numbers and names are written in every way: cases brought in one by one."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from expo_app.exchange import excel
from expo_app.model import Expo, Person
from expo_app.services import imports, records
from expo_app.specs import ATTENDEES, EXHIBITORS, ImportPlan, Outcome, RecordSpec
from expo_app.store.database import Database, open_database
from tests.factories import make_expo
from tests.lists import plan_of

CASES = Path(__file__).parent / "cases"
LOST = "被 Excel 缩短过，末几位已经丢失，要重新填写。"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "expo.db", create=True)
    yield opened
    opened.close()


def planned(db: Database, name: str, spec: RecordSpec = ATTENDEES) -> ImportPlan:
    expo_id = expo(db)
    return plan_of(spec, CASES / name, imports.state(db, spec, expo_id))


def expo(db: Database) -> uuid.UUID:
    with db.transaction() as session:
        found = session.scalars(select(Expo.id)).first()
        return found or make_expo(session).id


def people(db: Database) -> list[tuple[str, str | None]]:
    with db.reading() as session:
        return [tuple(row) for row in session.execute(select(Person.name, Person.phone).order_by(Person.name))]


def test_forced_texts_are_numbers(db: Database) -> None:
    plan = planned(db, "phones-as-forced-text.csv")
    assert [row.values.get("person.phone") for row in plan.rows] == [
        "+8613800000073", "+8613800000074", "+8613800000075", "+8613800000076", "+8613800000077", None,
        "+8613800000078", "+8613812345678", "+8613800000079",
    ]  # fmt: skip
    assert [row.row for row in plan.rows if LOST in str(row.problems) + str(row.notes)] == [7]


def test_shortened_numbers_are_refused_and_never_completed(db: Database) -> None:
    plan = planned(db, "phones-shortened.csv", EXHIBITORS)
    assert [row.values.get("contact.phone") for row in plan.rows] == [None, None, "+8613812345678", None]
    assert [LOST in str(row.problems) + str(row.notes) for row in plan.rows] == [True, True, False, True]
    plan = planned(db, "phones-shortened-list.xlsx")
    assert [row.values.get("person.phone") for row in plan.rows] == ["+862159571234", "+8613800000067", None]


def test_two_people_get_no_number_because_both_were_shortened(db: Database) -> None:
    for name in ("phones-conflated-a.csv", "phones-conflated-b.csv"):
        imports.apply(db, planned(db, name), expo(db))
    assert [phone for _name, phone in people(db) if phone] == []


def test_one_landline_in_two_spellings_is_one_person(db: Database) -> None:
    imports.apply(db, planned(db, "landline-a.csv"), expo(db))
    assert people(db) == [("张伟", "+862159571234;ext=8012")]
    assert [row.outcome for row in planned(db, "landline-b.csv").rows] == [Outcome.SAME]
    row = records.list_rows(db, ATTENDEES, expo(db), [ATTENDEES.field("person.phone")], reveal="核对")[0]
    assert ATTENDEES.field("person.phone").display(row[1]) == "021-59571234 转 8012"


def test_a_decomposed_name_is_the_composed_one(db: Database) -> None:
    plan = planned(db, "names-decomposed.csv")
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.INVALID]
    assert plan.rows[1].problems == {"": "与第 2 行重复，只留一行。"}
    imports.apply(db, plan, expo(db))
    assert people(db) == [("José García", "+8613800000071")]
    assert planned(db, "names-decomposed.csv").rows[0].outcome is Outcome.SAME
    assert records.count(db, ATTENDEES, expo(db), "Jose\u0301") == 1


def test_an_export_shows_numbers_as_people_write_them(db: Database, tmp_path: Path) -> None:
    imports.apply(db, planned(db, "landline-a.csv"), expo(db))
    imports.apply(db, planned(db, "phones-shortened-list.xlsx"), expo(db))
    rows = records.list_rows(db, ATTENDEES, expo(db), ATTENDEES.excel_fields, reveal="核对")
    for write, path in ((excel.write, tmp_path / "a.xlsx"), (excel.write_csv, tmp_path / "a.csv")):
        write(ATTENDEES, rows, path)
        plan = plan_of(ATTENDEES, path, imports.state(db, ATTENDEES, expo(db)))
        at = plan.headers.index("手机")
        assert {row.raw[at] for row in plan.rows} >= {"021-59571234 转 8012", "13800000067"}
        assert {row.outcome for row in plan.rows} == {Outcome.SAME}
