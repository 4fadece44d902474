"""The sample expo, written list by list and planned against its own database: nothing is new, nothing changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from expo_app import documents
from expo_app.exchange import excel
from expo_app.model import Attendee, AttendeeState, Expo, Person
from expo_app.services import imports, records, sample
from expo_app.specs import ATTENDEES, EXHIBITORS, SPECS, ImportPlan, Outcome
from expo_app.specs.choices import Choices
from expo_app.store.database import Database, open_database
from tests.lists import plan_of


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Expo]]:
    db = open_database(tmp_path_factory.mktemp("sample") / "expo.db", create=True)
    expo_id = sample.build(db, attendees=1000)
    with db.reading() as session:
        expo = session.get_one(Expo, expo_id)
        session.expunge(expo)
    yield db, expo
    db.close()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_every_list_comes_back_as_it_is(form: str, filled: tuple[Database, Expo], tmp_path: Path) -> None:
    db, expo = filled
    write = excel.write if form == "xlsx" else excel.write_csv
    found: dict[str, tuple[int, ImportPlan]] = {}
    for spec in SPECS.values():
        rows = records.list_rows(db, spec, expo.id, spec.excel_fields, reveal="check")
        path = tmp_path / f"{spec.name}.{form}"
        write(spec, rows, path, sample=True, zone=expo.zone_info)
        if spec.writable:
            found[spec.name] = len(rows), plan_of(spec, path, imports.state(db, spec, expo.id))
    differing = {
        name: [(row.row, row.changes, row.problems) for row in plan.rows if row.outcome is not Outcome.SAME]
        for name, (_count, plan) in found.items()
    }
    assert {name: rows for name, rows in differing.items() if rows} == {}
    assert {name: len(plan.rows) for name, (_count, plan) in found.items()} == {n: c for n, (c, _plan) in found.items()}
    assert {name: plan.unknown + plan.notes for name, (count, plan) in found.items() if count} == {
        name: () for name, (count, _plan) in found.items() if count
    }
    assert found["exhibitors"][0] > 100


def test_a_known_organisation_in_another_spelling_is_found(filled: tuple[Database, Expo], tmp_path: Path) -> None:
    db, expo = filled
    there = imports.state(db, EXHIBITORS, expo.id)
    name = min(there.names["organisations"] - {values["organisation.name"] for _id, values in there.rows})
    path = tmp_path / "one.csv"
    path.write_text(f"单位名称\n“{name}”\n {name[0]} {name[1:]} \n", encoding="utf-8")
    plan = plan_of(EXHIBITORS, path, there)
    assert [(row.outcome, row.values["organisation.name"]) for row in plan.rows] == [
        (Outcome.NEW, f"“{name}”"),
        (Outcome.NEW, name),
    ]


def test_a_person_who_is_probably_there_is_asked_about(filled: tuple[Database, Expo], tmp_path: Path) -> None:
    """Another number, the same name and organisation: nobody is made one with another without a word."""
    db, expo = filled
    table = tmp_path / "people.csv"

    def plan(phone: str, choices: Choices | None = None) -> ImportPlan:
        table.write_text(f"姓名,单位,手机\n方同名,同名示例公司,{phone}\n", "utf-8")
        return documents.plan_import(db, expo, ATTENDEES, table, choices)

    imports.apply(db, plan("13800000071"), expo.id)
    found = plan("13800000072")
    ((suspect,), (row,)) = found.suspects, found.rows
    assert (suspect.spec, suspect.file, suspect.ours) == ("people", "方同名（同名示例公司）", "方同名（同名示例公司）")
    assert (suspect.choice, row.outcome) == (None, Outcome.NEW)
    assert "1380000" not in suspect.file + suspect.ours + suspect.why
    (row,) = plan("13800000072", Choices(same={suspect.file: suspect.ours})).rows
    assert (row.outcome, set(row.kept)) == (Outcome.SAME, {"person.phone"})
    (row,) = plan("13800000072", Choices(same={suspect.file: suspect.ours}, update=True)).rows
    assert (row.outcome, set(row.changes)) == (Outcome.CHANGED, {"person.phone"})
    (row,) = plan("13800000072", Choices(same={suspect.file: ""})).rows
    assert row.outcome is Outcome.NEW


def test_a_list_without_states_says_what_gates_do_with_it_and_confirms_all_in_one_act(
    filled: tuple[Database, Expo], tmp_path: Path
) -> None:
    """Who is there keeps the state; a state that is not understood is no missing one; undo takes all of it back."""
    db, expo = filled
    table = tmp_path / "people.csv"
    (known, phone), *_rest = [
        (name, number)
        for _id, name, number, state, _s in records.list_rows(
            db,
            ATTENDEES,
            expo.id,
            [ATTENDEES.field(n) for n in ("person.name", "person.phone", "state")],
            reveal="check",
        )
        if state is AttendeeState.CANCELLED and number
    ]

    def plan(choices: Choices | None = None, head: str = "姓名,手机", more: str = "") -> ImportPlan:
        rows = "\n".join(f"无状态{n},1370000{n:04d}{more}" for n in range(3))
        table.write_text(f"{head}\n{known},{phone}{more}\n{rows}\n", "utf-8")
        return documents.plan_import(db, expo, ATTENDEES, table, choices)

    def states() -> set[AttendeeState]:
        with db.reading() as session:
            ids = select(Attendee.state).where(
                Attendee.person_id.in_(select(Person.id).where(Person.name.like("无状态%")))
            )
            return set(session.scalars(ids))

    found = plan()
    assert (found.count_unsaid("state"), found.filled) == (3, frozenset())
    batch = imports.apply(db, found, expo.id)
    assert states() == {AttendeeState.REGISTERED}
    assert batch is not None
    imports.undo(db, batch)
    assert states() == set()
    decided = plan(Choices(filled={"state": True}))
    assert (decided.count_unsaid("state"), decided.filled) == (3, {"state"})
    batch = imports.apply(db, decided, expo.id)
    assert states() == {AttendeeState.CONFIRMED}
    kept = plan()  # remembered, and nobody of them is new now
    assert (kept.count_unsaid("state"), [row.outcome for row in kept.rows]) == (0, [Outcome.SAME] * 4)
    assert batch is not None
    imports.undo(db, batch)
    assert (states(), plan().filled) == (set(), frozenset())  # what was remembered went with it
    imports.apply(db, plan(Choices(filled={"state": True})), expo.id)
    table.write_text("姓名,手机\n无状态9,13700000009\n", "utf-8")
    again = documents.plan_import(db, expo, ATTENDEES, table)
    assert again.filled == {"state"}
    assert documents.plan_import(db, expo, ATTENDEES, table, Choices(filled={"state": False})).filled == frozenset()
    table.write_text("姓名,手机,状态\n无状态7,13700000007,\n无状态8,13700000008,退票了\n", "utf-8")
    partly = documents.plan_import(db, expo, ATTENDEES, table, Choices(filled={"state": True}))
    assert [row.values.get("state") for row in partly.rows] == [AttendeeState.CONFIRMED, None]
