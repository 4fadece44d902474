"""Booths and parties as lists really write them, planned against an expo: one booth is one booth, each party one."""

from pathlib import Path

import pytest

from expo_app.model import Expo
from expo_app.services import imports, records
from expo_app.specs import BOOTHS, DEALS, EXHIBITORS, ImportPlan, Outcome, RecordSpec
from expo_app.store.database import Database
from tests.factories import make_booth, make_exhibitor, make_expo, make_hall, make_zone
from tests.lists import plan_of

CASES = Path(__file__).parent / "cases"


@pytest.fixture
def expo(db: Database) -> Expo:
    """Zone A with A-001, A901, A1-01, A1-02 and A101-A104, all free; 嘉芯 stands nowhere."""
    with db.transaction() as session:
        expo = make_expo(session)
        make_hall(session, expo, width=60.0, depth=40.0)
        make_zone(session, expo, "A")
        make_exhibitor(session, expo, "嘉芯")
        for n, number in enumerate(("A-001", "A901", "A1-01", "A1-02", "A101-A104")):
            make_booth(session, expo, number, x=5.0 + 4 * n, y=5.0)
    return expo


def planned(db: Database, spec: RecordSpec, expo: Expo, path: Path) -> ImportPlan:
    return plan_of(spec, path, imports.state(db, spec, expo.id))


def table(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "list.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_booth_in_small_letters_is_the_one_there(db: Database, expo: Expo) -> None:
    plan = planned(db, BOOTHS, expo, CASES / "booths-small-letters.xlsx")
    assert [(row.outcome, row.values["number"]) for row in plan.rows] == [(Outcome.SAME, "A901"), (Outcome.NEW, "A902")]
    imports.apply(db, plan, expo.id)
    numbers = [row[1] for row in records.list_rows(db, BOOTHS, expo.id, [BOOTHS.field("number")], search="a90")]
    assert numbers == ["A901", "A902"]


def test_two_spellings_in_one_file_are_one_booth(db: Database, expo: Expo, tmp_path: Path) -> None:
    plan = planned(db, BOOTHS, expo, table(tmp_path, "展位,展区", "B-07,A", "b07,A"))
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.INVALID]
    assert plan.rows[1].problems == {"": "与第 2 行重复，只留一行。"}


def test_a_booth_that_excel_changed_is_asked_about(db: Database, expo: Expo) -> None:
    plan = planned(db, BOOTHS, expo, CASES / "booth-eaten-by-excel.xlsx")
    said = [(row.outcome, row.values.get("number"), row.problems.get("展位", "")) for row in plan.rows]
    assert [(outcome, number) for outcome, number, _why in said] == [
        (Outcome.INVALID, None),
        (Outcome.NEW, "4-2"),
        (Outcome.INVALID, None),
        (Outcome.NEW, "12"),
        (Outcome.NEW, "1E5"),
        (Outcome.INVALID, None),
    ]
    assert [why.partition("。")[0] for _o, _n, why in said if why] == [
        "“2018-03-01”多半是 Excel 由 3-1 或 18-3 改成的",
        "“1.1”多半是 Excel 由 1-1 或 1.10 改成的",
        "“100000”多半是 Excel 由 1E5 改成的",
    ]


def test_a_number_that_is_there_is_no_fault_of_excel(db: Database, expo: Expo, tmp_path: Path) -> None:
    with db.transaction() as session:
        make_booth(session, session.get_one(Expo, expo.id), "1.1", x=40.0, y=5.0)
    assert planned(db, BOOTHS, expo, table(tmp_path, "展位,展区", "1.1,1")).rows[0].outcome is Outcome.SAME


@pytest.mark.parametrize(
    ("cell", "booths"),
    [
        ("a1-01~a1-02", "A1-01、A1-02"),
        ("A1-01至02", "A1-01、A1-02"),
        ("a901 A001", "A901、A-001"),
        ("A 901/A－001", "A901、A-001"),
        ("a101-a104", "A101-A104"),
        ("待定", None),
    ],
)
def test_the_booths_of_an_exhibitor(db: Database, expo: Expo, tmp_path: Path, cell: str, booths: str | None) -> None:
    plan = planned(db, EXHIBITORS, expo, table(tmp_path, "单位名称,展位号", f"嘉芯,{cell}"))
    assert plan.rows[0].values.get("booths") == booths
    assert plan.rows[0].problems == {}
    imports.apply(db, plan, expo.id)
    again = planned(db, EXHIBITORS, expo, table(tmp_path, "单位名称,展位号", f"嘉芯,{cell}"))
    assert [row.outcome for row in again.rows] == [Outcome.SAME]


@pytest.mark.parametrize(
    ("cell", "why"), [("2018-03-01", "多半是 Excel 由 3-1"), ("A1-09", "没有展位“A1-09”"), ("A1-01~B2", "看不出")]
)
def test_booths_that_cannot_be_known_are_asked_about(
    db: Database, expo: Expo, tmp_path: Path, cell: str, why: str
) -> None:
    plan = planned(db, EXHIBITORS, expo, table(tmp_path, "单位名称,展位号", f"嘉芯,{cell}", "氢能,A901"))
    assert why in plan.rows[0].notes["展位号"]
    assert [(row.outcome, row.values.get("booths")) for row in plan.rows] == [
        (Outcome.SAME, None),
        (Outcome.NEW, "A901"),
    ]


def test_parties_in_one_cell_are_organisations_of_their_own(db: Database, expo: Expo) -> None:
    plan = planned(db, DEALS, expo, CASES / "parties-in-one-cell.xlsx")
    assert [row.problems for row in plan.rows] == [{}] * 9
    imports.apply(db, plan, expo.id)
    rows = records.list_rows(db, DEALS, expo.id, [DEALS.field("title"), DEALS.field("others")])
    assert {row[1]: row[2] for row in rows} == {
        **dict.fromkeys("abcdefhi", "甲公司、乙公司"),
        "g": "A Co., Ltd.、B Co.,Ltd.",
    }
    again = planned(db, DEALS, expo, CASES / "parties-in-one-cell.xlsx")
    assert [row.outcome for row in again.rows] == [Outcome.SAME] * 9
