"""Exhibitors of a file whose booths are not set up yet: they come in without, and again with them afterwards."""

from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from expo_app import documents
from expo_app.model import Expo
from expo_app.services import expos, imports, records
from expo_app.specs import EXHIBITORS, Outcome
from expo_app.store.database import Database
from tests.factories import make_booth, make_expo


def test_a_new_expo_takes_exhibitors_before_it_has_booths(db: Database, tmp_path: Path) -> None:
    with db.transaction() as session:
        expo_id = make_expo(session).id
    expo = next(e for e in expos.all_expos(db) if e.id == expo_id)
    table = tmp_path / "名单.csv"
    table.write_text("展位号,企业名称\nA-001,甲公司（示例）\nA-002,乙公司（示例）\n", encoding="utf-8")

    def imported() -> tuple[list[Outcome], int]:
        plan = documents.plan_import(db, expo, EXHIBITORS, table)
        imports.apply(db, plan, expo_id)
        return [row.outcome for row in plan.rows], len([note for note in plan.notes if "一个也没有：2 行" in note])

    def booths() -> dict[str, Any]:
        fields = [EXHIBITORS.field("organisation.name"), EXHIBITORS.field("booths")]
        return {row[1]: row[2] for row in records.list_rows(db, EXHIBITORS, expo_id, fields)}

    assert imported() == ([Outcome.NEW, Outcome.NEW], 1)
    assert booths() == {"甲公司（示例）": None, "乙公司（示例）": None}
    with db.transaction() as session:
        for number in ("A-001", "A-002"):
            make_booth(session, session.get_one(Expo, expo_id), number)
    assert imported() == ([Outcome.CHANGED, Outcome.CHANGED], 0)
    assert booths() == {"甲公司（示例）": "A-001", "乙公司（示例）": "A-002"}


def test_co_exhibitors_come_with_the_one_they_stand_with(db: Database, tmp_path: Path) -> None:
    with db.transaction() as session:
        expo_id = make_expo(session).id
    expo = next(e for e in expos.all_expos(db) if e.id == expo_id)
    table = tmp_path / "名单.csv"
    lines = ("企业名称,联合参展于", "乙公司（示例）,甲公司（示例）", "甲公司（示例）,", "丙公司（示例）,丁公司（示例）")
    table.write_text("\n".join(lines), encoding="utf-8")
    plan = documents.plan_import(db, expo, EXHIBITORS, table)
    assert [(row.outcome, dict(row.problems)) for row in plan.rows] == [
        (Outcome.NEW, {}), (Outcome.NEW, {}), (Outcome.INVALID, {"联合参展于": "没有参展商“丁公司（示例）”。"}),
    ]  # fmt: skip
    batch = imports.apply(db, plan, expo_id)
    fields = [EXHIBITORS.field("organisation.name"), EXHIBITORS.field("main")]
    there = {row[1]: row[2] for row in records.list_rows(db, EXHIBITORS, expo_id, fields)}
    assert there == {"甲公司（示例）": None, "乙公司（示例）": "甲公司（示例）"}
    again = documents.plan_import(db, expo, EXHIBITORS, table)
    assert [row.outcome for row in again.rows] == [Outcome.SAME, Outcome.SAME, Outcome.INVALID]
    assert batch is not None
    imports.undo(db, batch)
    assert records.list_rows(db, EXHIBITORS, expo_id, fields) == []


def test_main_exhibitors_are_looked_up_once_however_many_stand_with_them(db: Database, tmp_path: Path) -> None:
    with db.transaction() as session:
        expo_id = make_expo(session).id
    expo = next(e for e in expos.all_expos(db) if e.id == expo_id)

    def asked(prefix: str, count: int) -> int:
        table = tmp_path / f"{prefix}.csv"
        rows = (f"{prefix}{n}（示例）,{prefix}（示例）" for n in range(count))
        table.write_text("\n".join(("企业名称,联合参展于", f"{prefix}（示例）,", *rows)), encoding="utf-8")
        plan = documents.plan_import(db, expo, EXHIBITORS, table)
        seen: list[str] = []
        listener = partial(_keep_select, seen)
        event.listen(Engine, "before_cursor_execute", listener)
        try:
            imports.apply(db, plan, expo_id)
        finally:
            event.remove(Engine, "before_cursor_execute", listener)
        assert plan.count(Outcome.NEW) == count + 1
        return len(seen)

    assert asked("甲公司", 2) == asked("乙公司", 30)


def _keep_select(seen: list[str], _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if statement.startswith("SELECT"):
        seen.append(statement)
