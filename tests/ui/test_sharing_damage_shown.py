"""With every column of a row damaged, each page and report of vouchers, parks and alliances is made of the rest."""

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from sqlalchemy import select

from expo_app import documents
from expo_app.errors import UserError
from expo_app.model import Base
from expo_app.model.base import PartialDay
from expo_app.routes.parks import ParksRoute, TenantRoute
from expo_app.routes.vouchers import SettlementRoute
from expo_app.services import expos
from expo_app.settings import Settings
from expo_app.store.database import Database
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs
from expo_app.ui.pages.alliances import AlliancesPage
from expo_app.ui.pages.parks import ParksPage
from expo_app.ui.pages.parks.tenant import TenantView
from expo_app.ui.pages.vouchers import FACES, VouchersPage
from tests.made_sharing import TABLES, World, put
from tests.ui.conftest import put as shown_in


def settle() -> None:
    for _turn in range(3):
        while jobs.running():
            QTest.qWait(2)
        QTest.qWait(2)


def spoil(db: Database, name: str) -> None:
    """All that refers to nothing, of the last row; days as another program may have written them."""
    table = Base.metadata.tables[name]
    with db.reading() as session:
        key = session.scalars(select(table.c.id).order_by(table.c.id.desc())).first()
    assert key is not None
    for column in table.c:
        if not column.foreign_keys and column.name not in ("id", "data", "is_sample"):
            put(db, name, column.name, key, "2019-13" if isinstance(column.type, PartialDay) else b"\xff\x01")


@pytest.mark.parametrize("table", TABLES)
def test_every_page_opens(qapp: QApplication, db: Database, window: QMainWindow, tmp_path: Path, table: str) -> None:
    world = World(db, tmp_path)
    spoil(db, table)
    context = Context(db, Settings(), expos.current(db, world.expo_id), window, db.clock)
    page = VouchersPage(context)
    shown_in(window, page)
    for face in FACES:
        page.show_face(face.key)
        settle()
    uses = page.faces["uses"]
    for listed in uses.made.values():  # type: ignore[attr-defined]
        for row in listed.view.rows_model.rows():
            listed.view.select_id(row[0])
            settle()
    for period in ("2030H1", "2030H2"):
        page.open_with(SettlementRoute(period))
        settle()
        board = page.face.board  # type: ignore[attr-defined]
        assert board is not None
        for line in board.all_lines:
            page.face._choose(line)  # type: ignore[attr-defined]
            settle()
    parks = ParksPage(context)
    shown_in(window, parks)
    settle()
    for key in (world.parks.reported, world.parks.counted):
        parks.open_with(ParksRoute(key))
        settle()
    parks.show_face("tenants")
    settle()
    tenant = TenantView(context)
    shown_in(window, tenant)
    for key in world.tenants:
        tenant.open_with(TenantRoute(key))
        settle()
    alliances = AlliancesPage(context)
    shown_in(window, alliances)
    settle()
    for name in ("settlement", "park", "alliance"):
        for ending in documents.by_name(name).formats:
            path = tmp_path / f"{name}.{ending}"
            if (name, table) == ("settlement", "settlement_statement"):  # no statement is left, and that is said
                with pytest.raises(UserError, match="读不出、没有算进去的："):
                    documents.write(db, world.expo, name, path)
                continue
            documents.write(db, world.expo, name, path)
            assert path.stat().st_size
