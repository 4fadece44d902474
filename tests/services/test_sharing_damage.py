"""One value of a voucher, statement, park or alliance that cannot be read is its own row's problem.

Every page's reader, report and list goes past it or says in one sentence that its sum is not made; the doctor names it.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Enum as SqlEnum
from sqlalchemy import select

from expo_app.errors import UserError
from expo_app.model import Base
from expo_app.model.base import PartialDay
from expo_app.services import catalogue, parks
from expo_app.services.statistics.overview import overview
from expo_app.store.damage import damages
from expo_app.store.database import open_database
from tests.made_sharing import AUGUST, TABLES, World, put, restore

READERS: dict[str, Callable[[World], Any]] = {
    "settlement": World.statements,
    "uses": World.look,
    "catalogue": lambda world: catalogue.read(world.db, world.expo_id),
    "parks": lambda world: parks.read_board(world.db),
    "tenants": World.tenant_pages,
    "alliances": World.alliance_pages,
    "lists": World.lists,
    "figures": World.figures,
    "overview": lambda world: overview(world.db, world.expo_id, AUGUST),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all: what is damaged in it is put right again."""
    folder = tmp_path_factory.mktemp("damage")
    db = open_database(folder / "expo.db", create=True)
    yield World(db, folder)
    db.close()


def wrongs(column: Any) -> tuple[object, ...]:
    """What stands in a damaged cell: bytes that are nothing, and what its kind alone refuses."""
    if isinstance(column.type, PartialDay):
        return b"\xff\x01", "2019-13", "2019-1"
    return (b"\xff\x01", "XX") if isinstance(column.type, SqlEnum) else (b"\xff\x01",)


def damaged(world: World, name: str) -> Iterator[str]:
    """Each cell of a table's last row in turn, garbage in it until the next."""
    table = Base.metadata.tables[name]
    with world.db.reading() as session:
        keys = list(session.scalars(select(table.c.id).order_by(table.c.id)))
    assert keys, name
    for key in keys[-1:]:
        for column in table.c:
            if column.foreign_keys or column.name in ("id", "data"):  # a scan may be any bytes
                continue
            for raw in wrongs(column):
                if put(world.db, name, column.name, key, raw):
                    yield f"{name}.{column.name} {raw!r}"
                    restore(world.db, name, column.name, key)


@pytest.mark.parametrize("table", TABLES)
def test_one_damaged_cell_stops_no_page_and_is_named(world: World, table: str) -> None:
    failed = {}
    world.hurt = table
    for cell in damaged(world, table):
        for name, read in READERS.items():
            try:
                read(world)
            except (UserError, LookupError, TypeError, ValueError, AttributeError) as problem:
                failed.setdefault((name, cell), repr(problem)[:150])
        with world.db.reading() as session:
            found = [one.place for one in damages(session.connection())]
        if not (len(found) == 1 and found[0].startswith(cell.split()[0])):
            failed["doctor", cell] = str(found)
    assert not failed, "\n".join(f"{one} {why}" for one, why in failed.items())
