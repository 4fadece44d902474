"""Who is inside: what the scans of a day come to, to be compared with what desks counted, and to be counted again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, case, func, or_, select

from expo_app.model import CheckIn, DeskCount, Direction, Gate, Presence, Verdict, new_id
from expo_app.store.quarters import quarter_of

_scan, _gate = CheckIn.__table__, Gate.__table__
_presence, _count = Presence.__table__, DeskCount.__table__
PASSED = (Verdict.ADMITTED, Verdict.AGAIN, Verdict.OUT)
place_of = func.coalesce(_gate.c.room_id, _gate.c.hall_id, _gate.c.expo_id)
"""SQL of the place a gate leads into."""


def passages() -> Select[Any]:
    """Every scan by which somebody passed, with the direction of the one before it on that day at that place."""
    before = func.lag(_scan.c.direction, type_=_scan.c.direction.type)
    before_it = before.over(partition_by=(_scan.c.attendee_id, place_of, _scan.c.local_day), order_by=_scan.c.id)
    return (
        select(
            _scan.c.id, _scan.c.expo_id, place_of.label("place_id"), _scan.c.attendee_id, _scan.c.gate_id,
            _scan.c.desk_id, _scan.c.local_day.label("day"), _scan.c.at, _scan.c.direction, _scan.c.verdict,
            before_it.label("before"),
        )
        .join(_gate, _gate.c.id == _scan.c.gate_id)
        .where(_scan.c.attendee_id.is_not(None), _scan.c.verdict.in_(PASSED), _scan.c.undone_at.is_(None))
    )  # fmt: skip


def moves(of: Subquery) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """By which of these `passages` somebody came in who was outside, and by which somebody went out who was inside."""
    came = and_(of.c.direction == Direction.IN, or_(of.c.before.is_(None), of.c.before == Direction.OUT))
    return came, and_(of.c.direction == Direction.OUT, of.c.before == Direction.IN)


Counted = dict[Any, tuple[Any, ...]]


def counted(connection: Connection) -> tuple[Counted, Counted]:
    """What the scans come to: (attendee, place, day) → (inside, since, first admitted); (desk, gate, day, quarter) →
    (expo, place, come, gone, admitted there first).
    """
    of = passages().where(quarter_of(_scan.c.at).is_not(None)).subquery()
    came, went = moves(of)
    key = (of.c.attendee_id, of.c.place_id, of.c.day)
    desk = (of.c.desk_id, of.c.gate_id, of.c.day, quarter_of(of.c.at).label("quarter"))
    nth = func.row_number().over(partition_by=key, order_by=(of.c.at, of.c.id))
    admitted = select(*key, of.c.at, *desk, of.c.expo_id, nth.label("nth")).where(of.c.verdict == Verdict.ADMITTED)
    first = admitted.subquery("first")
    firsts: dict[Any, Any] = {}
    desks: dict[Any, list[Any]] = {}
    for row in connection.execute(select(first).where(first.c.nth == 1)):
        firsts[row.attendee_id, row.place_id, row.day] = row.at
        here = (row.desk_id, row.gate_id, row.day, int(row.quarter))
        desks.setdefault(here, [row.expo_id, row.place_id, 0, 0, 0])[4] += 1
    inside = select(*key, of.c.at, came.label("came")).where(or_(came, went)).order_by(of.c.id)
    people: Counted = {}
    for attendee, place, day, at, is_inside in connection.execute(inside):
        who = (attendee, place, day)
        people[who] = (bool(is_inside), at, firsts.get(who))
    sums = [func.sum(case((happened, 1), else_=0)) for happened in (came, went)]
    by = (*desk, of.c.expo_id, of.c.place_id)
    moved = select(*by, *sums).where(or_(came, went)).group_by(*by)
    for at_desk, gate, day, quarter, expo, place, come, gone in connection.execute(moved):
        found = desks.setdefault((at_desk, gate, day, int(quarter)), [expo, place, 0, 0, 0])
        found[2:4] = int(come), int(gone)
    return people, {key: tuple(row) for key, row in desks.items()}


def drift(connection: Connection) -> int:
    """How many rows of what desks counted are not what their scans come to."""
    people, desks = counted(connection)
    kept = {row[:3]: tuple(row[3:]) for row in connection.execute(_kept_people())}
    sums = {row[:4]: tuple(row[4:]) for row in connection.execute(_kept_sums()) if row.come or row.gone or row.firsts}
    return _differences({k: v[::2] for k, v in people.items()}, {k: v[::2] for k, v in kept.items()}) + _differences(
        {k: v[2:] for k, v in desks.items()}, {k: v[2:] for k, v in sums.items()}
    )


def recount(connection: Connection) -> int:
    """Count all of it again; how many rows were not right."""
    wrong = drift(connection)
    if wrong:
        people, desks = counted(connection)
        connection.execute(_presence.delete())
        connection.execute(_count.delete())
        rows = [
            {"id": new_id(), "attendee_id": who, "place_id": place, "day": day, "is_inside": inside,
             "at": at, "first_at": first_at}
            for (who, place, day), (inside, at, first_at) in people.items()
        ]  # fmt: skip
        sums = [
            {"id": new_id(), "desk_id": desk, "gate_id": gate, "day": day, "quarter": quarter, "expo_id": expo,
             "place_id": place, "come": come, "gone": gone, "firsts": first}
            for (desk, gate, day, quarter), (expo, place, come, gone, first) in desks.items()
        ]  # fmt: skip
        for table, made in ((_presence, rows), (_count, sums)):
            if made:
                connection.execute(table.insert(), made)
    return wrong


def _kept_people() -> Select[Any]:
    p = _presence.c
    return select(p.attendee_id, p.place_id, p.day, p.is_inside, p.at, p.first_at)


def _kept_sums() -> Select[Any]:
    c = _count.c
    return select(c.desk_id, c.gate_id, c.day, c.quarter, c.expo_id, c.place_id, c.come, c.gone, c.firsts)


def _differences(one: dict[Any, Any], other: dict[Any, Any]) -> int:
    return sum(one.get(key) != other.get(key) for key in one.keys() | other.keys())
