"""The face of co-operation across regions: what it shows, another part, the records behind a total."""

from __future__ import annotations

import pytest

from expo_app.model import Expo, ExpoOrganiser, IndexPoint, OrganiserRole
from expo_app.routes import ListRoute
from expo_app.specs.cooperation_figures import Part
from expo_app.ui.kit import jobs
from expo_app.ui.pages.statistics import StatisticsPage
from tests.factories import make_exhibitor, make_organisation
from tests.ui.conftest import put


def settle(qapp):
    qapp.processEvents()
    while jobs.running():
        qapp.processEvents()
    qapp.processEvents()


@pytest.fixture
def face(context, window, qapp):
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        host = make_organisation(session, "主办", region_code="310114")
        session.add(ExpoOrganiser(expo_id=expo.id, organisation_id=host.id, role=OrganiserRole.HOST))
        for n in range(3):
            make_exhibitor(session, expo, f"外地{n}", region_code="440300")
        session.add_all(
            IndexPoint(series="创新指数", year=year, value=value) for year, value in ((2010, 100), (2020, 120))
        )
    page = StatisticsPage(context)
    page.resize(1200, 720)
    put(window, page)
    page.show_face("cooperation")
    settle(qapp)
    return page.face


def test_a_year_with_its_index_and_a_published_series(face, qapp):
    year, total = face.years.rows
    assert (year.label, year.cells[0].text, year.cells[-1].text) == ("2018", "3", "100.00")
    assert total.cells[0].text == "3"
    labels = [face.series.itemAt(n).widget().text() for n in range(face.series.count())]
    assert labels[0] == "创新指数"
    assert "1.84 %" in labels[2]


def test_another_part_shows_its_flows(face):
    exhibiting = [row.label for row in face.matrix.rows]
    assert exhibiting[-1] == "流入"
    face.parts.chosen.emit(Part.DEALS.name)
    assert face.matrix.rows == ()


def test_every_number_opens_its_records(face):
    gone = []
    face.context.navigate = gone.append
    year, total = (row.cells[0].key for row in face.years.rows)
    flow = next(cell.key for row in face.matrix.rows for cell in row.cells if cell.text == "3" and cell.key)
    for table, key in ((face.years, total), (face.years, year), (face.matrix, flow)):
        table.opened.emit(key)
    assert all(isinstance(route, ListRoute) and route.spec.name == "exhibitors" for route in gone)
    assert [len(route.trace.keys) for route in gone] == [3, 3, 3]
