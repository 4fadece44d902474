"""Printed numbers: each series counts by itself, without gaps."""

from __future__ import annotations

from sqlalchemy import ColumnElement, case
from sqlalchemy.orm import Session

from expo_app.model import Counter, new_id
from expo_app.services.record_writer import Writer
from expo_app.store.engines import insert_into


def draw(writer: Writer, series: str, n: int = 1) -> int:
    """The first of `n` numbers of a series. The counter is part of this transaction, so there are no gaps;

    a staged write takes its block at once, in a transaction of its own.
    """
    table = Counter.__table__
    return _count(writer, series, 1 + n, table.c.next_no + n) - n


def keep_clear(writer: Writer, series: str, given: int) -> None:
    """Number `given` was assigned by hand: what is drawn from now on is higher."""
    table = Counter.__table__
    _count(writer, series, given + 1, case((table.c.next_no > given, table.c.next_no), else_=given + 1))


def _count(writer: Writer, series: str, new: int, old: ColumnElement[int]) -> int:
    """Set a counter to `new` where there was none, else to `old`; what it holds then. One statement, so that two
    desks that draw the very first number at once do not collide."""
    if writer.staged:
        with writer.db.transaction() as session:
            return _upsert(session, series, new, old)
    return _upsert(writer.session, series, new, old)


def keep_highest(session: Session, series: str, number: int) -> None:
    """What a series holds becomes `number`, unless it is higher already."""
    table = Counter.__table__
    _upsert(session, series, number, case((table.c.next_no > number, table.c.next_no), else_=number))


def _upsert(session: Session, series: str, new: int, old: ColumnElement[int]) -> int:
    connection, table = session.connection(), Counter.__table__
    statement = insert_into(table, connection.dialect.name == "sqlite").values(id=new_id(), series=series, next_no=new)
    statement = statement.on_conflict_do_update(index_elements=["series"], set_={"next_no": old})
    return connection.execute(statement.returning(table.c.next_no)).scalar_one()
