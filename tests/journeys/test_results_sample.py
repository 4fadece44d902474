"""The second sample: results of an exhibition in a file of its own, counted as they were reported."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
from openpyxl import load_workbook

from expo_app.errors import Conflict
from expo_app.model import Role
from expo_app.rules.open_calls import Standing
from expo_app.services import expos, open_calls, records
from expo_app.services.sample import results
from expo_app.services.statistics.supply import supply
from expo_app.specs import ACHIEVEMENTS, DEMANDS
from expo_app.specs.supply_figures import SupplyFigures
from expo_app.store.database import Actor, Database, open_database
from tests.journeys.command import called

DAY, MARK = date(2019, 5, 23), "（示例）"
PICTURE = {
    "上海": (19, 4, 13, 21, 9, 6, 5, 1, 1, 5, 2),
    "江苏": (14, 2, 19, 11, 12, 8, 4, 0, 2, 4, 2),
    "浙江": (24, 1, 18, 19, 13, 10, 8, 0, 4, 4, 3),
    "安徽": (11, 2, 8, 6, 7, 5, 3, 2, 3, 2, 1),
}
"""The heat table as it was designed."""


@pytest.fixture(scope="module")
def made(made_once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    def make(folder: Path) -> None:
        called("demo", "--out", folder, "--sample", "results", "--no-window", "--json")

    return made_once("results", make)


@pytest.fixture
def opened(made: Path) -> Iterator[Database]:
    db = open_database(made / "results.db", read_only=True)
    db.actor = Actor("陈放", Role.ADMIN)
    yield db
    db.close()


@pytest.fixture
def figures(opened: Database) -> SupplyFigures:
    (expo,) = expos.all_expos(opened)
    opened.clock = expos.clock_of(opened, expo)
    return supply(opened, expo.id)


def test_the_file_has_one_expo_and_the_documents_stand_beside(made: Path, opened: Database) -> None:
    (expo,) = expos.all_expos(opened)
    assert (expo.is_sample, expo.starts_on, expo.ends_on) == (True, DAY, DAY)
    assert {path.name for path in made.iterdir() if path.suffix in (".db", ".pdf", ".xlsx")} == {
        "results.db", "supply.pdf", "supply.xlsx",
    }  # fmt: skip
    text = "".join(page.extract_text() for page in pypdf.PdfReader(made / "supply.pdf").pages)
    assert "318" in text
    sheet = load_workbook(made / "supply.xlsx", read_only=True).worksheets[0]
    assert any("浙江" in row and 104 in row for row in sheet.iter_rows(values_only=True))


def test_counted_by_region_and_field_it_is_what_was_reported(figures: SupplyFigures) -> None:
    table = figures.results
    assert {line.label: tuple(part.count for part in line.parts) for line in table.lines} == PICTURE
    assert table.total.count == 318
    assert table.reported is not None
    assert table.reported.count == 318
    reported = {line.label: line.reported and line.reported.count for line in table.lines}
    assert reported == {"上海": None, "江苏": None, "浙江": 104, "安徽": None}
    assert [line.total.count for line in table.lines] == [86, 78, 104, 50]
    assert table.total.samples == 318
    assert not table.reported.is_sample


def test_demands_and_open_calls_stand_as_in_the_picture(figures: SupplyFigures, opened: Database) -> None:
    assert [figure.value for figure in figures.figures] == [318, 57, 12, 1]
    (expo,) = expos.all_expos(opened)
    calls = open_calls.calls(opened, expo.id, DAY)
    standings = [call.stood.standing for call in calls]
    assert standings == [Standing.OVERDUE, *[Standing.SOON] * 2, *[Standing.OPEN] * 7, *[Standing.AWARDED] * 2]
    assert calls[0].stood.days == -3


def test_whatever_is_made_up_says_so(opened: Database) -> None:
    (expo,) = expos.all_expos(opened)
    for spec in (ACHIEVEMENTS, DEMANDS):
        rows = records.list_rows(
            opened, spec, expo.id, [spec.field(name) for name in ("title", "owner_id", "is_sample")]
        )
        assert all(
            title.endswith("（示例）") and "（示例）" in owner and mark for _id, title, owner, mark, _words in rows
        )
        assert len({row[1:3] for row in rows}) == len(rows)


def test_it_goes_into_an_empty_file_alone(db: Database) -> None:
    results.build(db)
    with pytest.raises(Conflict, match="未做任何改动"):
        results.build(db)
    (expo,) = expos.all_expos(db)
    assert supply(db, expo.id).results.total.count == 318


def test_the_figures_go_to_programs(made: Path) -> None:
    told: Any = json.loads(called("report", "supply", "--json", "--db", made / "results.db"))
    assert told["results"]["total"] == {"counted": 318, "of_them_samples": 318}
    assert told["results"]["reported"]["count"] == 318
    assert told["calls"] == 12
