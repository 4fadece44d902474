"""One value of an auction that cannot be read is its own row's problem: hall, till, checklist, findings, papers and
report of the session are made all the same."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from expo_app.errors import UserError
from expo_app.model import Bidder, Lot, Priority, RightRole
from expo_app.model.base import Base
from expo_app.services import auction_cashier, auction_checklist, auction_hall, auction_papers, auction_report
from expo_app.services.statistics.auction import auctions
from expo_app.store.database import Database, open_database
from tests.auction_room import make_order, make_right
from tests.auction_till import Till

TABLES = ("auction", "bidder", "lot", "lot_event", "lot_patent", "lot_right", "written_order", "auction_money",
          "commission_band", "increment_band")  # fmt: skip
READERS: dict[str, Callable[[Till], Any]] = {
    "hall": lambda till: auction_hall.read_hall(till.db, till.auction),
    "events": lambda till: [auction_hall.read_events(till.db, key) for key in till.lots.values()],
    "desk": lambda till: till.desk,
    "checklist": lambda till: auction_checklist.read(till.db, till.auction),
    "findings": lambda till: auction_report.findings(till.db, till.expo),
    "papers": lambda till: auction_papers.read_papers(till.db, till.auction, till.db.now()),
    "report": lambda till: auction_report.as_json(till.db, till.expo, till.db.now()),
    "figures": lambda till: auctions(till.db, till.expo),
}


@pytest.fixture
def till(db_path: Path) -> Iterator[Till]:
    """01 sold and paid in part, 02 sold and defaulted, 03 passed, 04 open with a bid, an order and a claim."""
    db = open_database(db_path)
    made = Till(db)
    with db.transaction() as session:
        lot, bidder = session.get_one(Lot, made.lots["04"]), session.get_one(Bidder, made.bidders[18])
        make_order(session, lot, bidder, 2_000_000)
        make_order(session, lot, session.get_one(Bidder, made.bidders[23]), 3_000_000)
        claim = {"priority": Priority.CLAIMED, "bidder_id": made.bidders[23]}
        make_right(session, lot, "竞买单位23", RightRole.INVENTOR, **claim)
    made.deposit(7, 5)
    made.deposit(18, 5)
    made.sell("01", 7, 100)
    made.sell("02", 18, 110)
    made.pay(7, "500000", "01")
    made.pass_("03")
    made.later(9)
    auction_cashier.default(db, made.lots["02"], "没有付款")
    auction_hall.open_lot(db, made.lots["04"])
    auction_hall.bid(db, made.lots["04"], 7)
    auction_hall.correct(db, made.lots["04"], 2, "顾师", amount=Decimal(1_080_000))
    yield made
    db.close()


def damaged(till: Till) -> Iterator[str]:
    """Each cell of the session in turn, garbage in it until the next."""
    for name in TABLES:
        table = Base.metadata.tables[name]
        columns = [column.name for column in table.c if not column.foreign_keys and column.name != "id"]
        with till.db.reading() as session:
            rows = session.execute(select(table)).mappings().all()
        for row in {id(one): one for one in (*rows[:1], *rows[-1:])}.values():
            for column in columns:
                if put(till.db, name, column, row["id"].bytes, b"\xff\x01"):
                    yield f"{name}.{column}"
                    restore(till.db, name, column, row["id"].bytes)


def put(db: Database, table: str, column: str, key: bytes, raw: object) -> bool:
    """Whether the database let it in; what was there is kept beside it."""
    with suppress(IntegrityError), db.writer.begin() as connection:
        connection.execute(text("CREATE TEMP TABLE IF NOT EXISTS was (v)"))
        connection.execute(text("DELETE FROM was"))
        sql = f"INSERT INTO was SELECT {column} FROM {table} WHERE id = :key"  # noqa: S608
        connection.execute(text(sql), {"key": key})
        sql = f"UPDATE {table} SET {column} = :raw WHERE id = :key"  # noqa: S608
        connection.execute(text(sql), {"raw": raw, "key": key})
        return True
    return False


def restore(db: Database, table: str, column: str, key: bytes) -> None:
    with db.writer.begin() as connection:
        sql = f"UPDATE {table} SET {column} = (SELECT v FROM was) WHERE id = :key"  # noqa: S608
        connection.execute(text(sql), {"key": key})


def test_one_damaged_cell_stops_no_view_of_a_session(till: Till) -> None:
    failed = {}
    for cell in damaged(till):
        for name, read in READERS.items():
            try:
                read(till)
            except (UserError, LookupError, TypeError, ValueError, AttributeError) as problem:
                failed.setdefault((name, cell), repr(problem))
    assert failed == {}


SPOILT = [("auction_money", "amount"), ("auction_money", "kind"), ("lot", "price"), ("lot", "state"),
          ("commission_band", "side")]  # fmt: skip


@pytest.mark.parametrize(("table", "column"), SPOILT)
def test_no_sum_is_made_without_what_cannot_be_read(till: Till, table: str, column: str) -> None:
    """The paddle concerned is in no account; it is named, an act at its till is refused, and the others go on."""
    with till.db.reading() as session:
        first = session.execute(select(Base.metadata.tables[table].c.id)).scalars().first()
    key = till.lots["01"] if table == "lot" else first
    assert key is not None
    assert put(till.db, table, column, key.bytes, b"\xff\x01")
    desk = till.desk
    assert (desk.account(7), desk.account(23) is not None) == (None, True)
    assert column in desk.damage_of(7)
    assert any(
        found.spec == "bidders" and column in found.words for found in auction_report.findings(till.db, till.expo)
    )
    with pytest.raises(UserError, match=column):
        till.pay(7, "1")
