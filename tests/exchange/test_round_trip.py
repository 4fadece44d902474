"""What is written, read back and planned equals what was there, for every kind of record."""

from pathlib import Path

import pytest
from made_tables import ZONE, existing, records

from expo_app.exchange import excel
from expo_app.i18n import set_language
from expo_app.specs import SPECS, Existing, ImportPlan, Outcome, RecordSpec
from tests.lists import plan_of

IMPORTED = [spec for spec in SPECS.values() if spec.writable]


def outcomes(plan: ImportPlan) -> list[tuple[int, Outcome, dict, dict]]:
    return [(row.row, row.outcome, dict(row.changes), dict(row.problems)) for row in plan.rows]


@pytest.mark.parametrize("spec", IMPORTED, ids=lambda spec: spec.name)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_written_read_and_planned_is_what_was_there(spec: RecordSpec, form: str, tmp_path: Path) -> None:
    fields = [f for f in spec.writable if f.in_excel]
    rows = records(spec, fields, 25)
    path = tmp_path / f"out.{form}"
    if form == "xlsx":
        excel.write(spec, rows, path, fields=fields, zone=ZONE, sample=True)
    else:
        excel.write_csv(spec, rows, path, fields=fields, zone=ZONE)
    plan = plan_of(spec, path, existing(spec, fields, rows))
    assert outcomes(plan) == [(n, Outcome.SAME, {}, {}) for n in range(2, 27)]
    assert [row.record_id for row in plan.rows] == [row[0] for row in rows]
    assert plan.unknown == ()
    assert plan.notes == ()


@pytest.mark.parametrize("spec", IMPORTED, ids=lambda spec: spec.name)
def test_a_new_place_gets_every_value(spec: RecordSpec, tmp_path: Path) -> None:
    """Against an empty database all rows are new, and bring the very values that were written."""
    fields = [f for f in spec.writable if f.in_excel]
    rows = records(spec, fields, 12)
    excel.write(spec, rows, tmp_path / "out.xlsx", fields=fields, zone=ZONE)
    there = existing(spec, fields, rows)
    plan = plan_of(spec, tmp_path / "out.xlsx", Existing((), there.names, ZONE))
    assert [(row.outcome, dict(row.problems)) for row in plan.rows] == [(Outcome.NEW, {})] * 12
    kept = Existing(tuple((row[0], made.values) for row, made in zip(rows, plan.rows, strict=True)), there.names, ZONE)
    same = plan_of(spec, tmp_path / "out.xlsx", kept)
    assert same.count(Outcome.SAME) == 12


@pytest.mark.parametrize(("written", "read"), [("en", "zh_CN"), ("zh_CN", "en"), ("en", "en")])
def test_an_export_of_another_language_is_understood(written: str, read: str, tmp_path: Path) -> None:
    for spec in IMPORTED:
        set_language(written)
        fields = [f for f in spec.writable if f.in_excel]
        rows = records(spec, fields, 6)
        excel.write(spec, rows, tmp_path / "out.xlsx", fields=fields, zone=ZONE)
        set_language(read)
        plan = plan_of(spec, tmp_path / "out.xlsx", existing(spec, fields, rows))
        assert outcomes(plan) == [(n, Outcome.SAME, {}, {}) for n in range(2, 8)], spec.name
        assert plan.unknown + plan.notes == ()
