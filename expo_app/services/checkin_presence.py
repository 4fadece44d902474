"""Who is inside: written with every scan that changes it, in the scan's own transaction.

A place's people are kept one row each; what a desk saw come and go is a row of its own, added up when it is read: so
no two desks wait for each other.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, case, func, select, text, update

from expo_app.model import CheckIn, DeskCount, Direction, Gate, Presence, Verdict, new_id
from expo_app.rules.verdict import Limit
from expo_app.store.engines import insert_into
from expo_app.store.presence import PASSED, place_of
from expo_app.store.quarters import quarter_at

_presence, _count = Presence.__table__, DeskCount.__table__
CLOSE = 50
"""So many below the number that stops, desks on a server take turns, so that the number is not passed."""


@dataclass(frozen=True)
class Spot:
    """Where a desk counts: its gate, the place that leads into, the approved numbers there.

    `place_limits` and `gate_limits`: (approved number, whether admission stops there).
    """

    expo_id: uuid.UUID
    desk_id: uuid.UUID
    gate_id: uuid.UUID
    place_id: uuid.UUID
    place_limits: tuple[tuple[int, bool], ...] = ()
    gate_limits: tuple[tuple[int, bool], ...] = ()

    @property
    def is_limited(self) -> bool:
        return bool(self.place_limits or self.gate_limits)

    def limits(self, in_place: int, by_gate: int) -> tuple[Limit, ...]:
        """The approved numbers with how many are inside."""
        of_place = (Limit(in_place, approved, stops) for approved, stops in self.place_limits)
        return (*of_place, *(Limit(by_gate, approved, stops) for approved, stops in self.gate_limits))


COUNTED = COME, GONE, FIRST = ("come", "gone", "firsts")
"""What a desk counts, by the columns of its rows."""
_inside = _count.c.come - _count.c.gone
_INSIDE = select(
    func.coalesce(func.sum(_inside), 0),
    func.coalesce(func.sum(case((_count.c.gate_id == bindparam("gate"), _inside), else_=0)), 0),
).where(
    _count.c.place_id == bindparam("place"), _count.c.day == bindparam("day"), _count.c.expo_id == bindparam("expo")
)
_GO = (
    update(_presence)
    .where(
        _presence.c.attendee_id == bindparam("attendee"),
        _presence.c.place_id == bindparam("place"),
        _presence.c.day == bindparam("on_day"),
        _presence.c.is_inside,
    )
    .values(is_inside=False, at=bindparam("moment"))
)


class Presences:
    """The statements of one desk."""

    def __init__(self, is_sqlite: bool) -> None:
        self._is_sqlite = is_sqlite
        come = insert_into(_presence, is_sqlite)
        self._come = come.on_conflict_do_update(
            index_elements=["attendee_id", "place_id", "day"],
            set_={"is_inside": True, "at": come.excluded.at},
            where=_presence.c.is_inside.is_(False),
        ).execution_options(preserve_rowcount=True)
        add = insert_into(_count, is_sqlite)
        self._add = add.on_conflict_do_update(
            index_elements=["desk_id", "gate_id", "day", "quarter"],
            set_={name: _count.c[name] + add.excluded[name] for name in COUNTED},
        )

    def limits(self, connection: Connection, spot: Spot, day: date) -> tuple[Limit, ...]:
        """The approved numbers that hold at a desk, with how many are inside; none are read where there are none."""
        if not spot.is_limited:
            return ()
        where = {"gate": spot.gate_id, "place": spot.place_id, "day": day, "expo": spot.expo_id}
        found = spot.limits(*connection.execute(_INSIDE, where).one())
        if self._is_sqlite or not any(limit.stops and limit.approved - limit.inside <= CLOSE for limit in found):
            return found
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": spot.place_id.int >> 65})
        return spot.limits(*connection.execute(_INSIDE, where).one())

    def passed(
        self,
        connection: Connection,
        spot: Spot,
        attendee_id: uuid.UUID,
        at: datetime,
        way: Direction,
        *,
        is_admitted: bool = False,
        is_new: bool = False,
    ) -> bool:
        """Somebody went in or out; nothing is counted where they were there already, or not there.

        `is_new`: they had not passed on that day. Whether the admission was counted as their first of the day: where
        it was not, and may be, `first_changed` looks.
        """
        day = at.date()
        if way is Direction.OUT:
            where = {"attendee": attendee_id, "place": spot.place_id, "on_day": day, "moment": at}
            happened = connection.execute(_GO, where).rowcount
        else:
            row = {"id": new_id(), "place_id": spot.place_id, "attendee_id": attendee_id, "day": day, "at": at}
            first_at = at if is_admitted else None
            happened = connection.execute(self._come, {**row, "is_inside": True, "first_at": first_at}).rowcount
        is_first = bool(happened) and is_admitted and is_new
        if happened:
            counts = {COME: int(way is Direction.IN), GONE: int(way is Direction.OUT), FIRST: int(is_first)}
            self._count_at(connection, spot, (spot.desk_id, spot.gate_id, quarter_at(at)), day, counts)
        return is_first

    def first_changed(
        self, connection: Connection, spot: Spot, attendee_id: uuid.UUID, day: date, scan_id: uuid.UUID
    ) -> None:
        """An admission that was recorded behind another one, or behind what was none, is perhaps the first."""
        now = self.ways(connection, spot, attendee_id, day)
        was, (sums, *_rest, first_at) = _counted(way for way in now if way.id != scan_id)[0], _counted(now)
        for key in (key for key in was.keys() | sums.keys() if key[-1] == FIRST and sums[key] != was[key]):
            self._count_at(connection, spot, key[:3], day, {FIRST: sums[key] - was[key]})
        connection.execute(update(_presence).where(*_own(spot, attendee_id, day)).values(first_at=first_at))

    def _count_at(
        self,
        connection: Connection,
        spot: Spot,
        at: tuple[uuid.UUID, uuid.UUID, int],
        day: date,
        counts: Mapping[str, int],
    ) -> None:
        (desk, gate, quarter), here = at, {"expo_id": spot.expo_id, "place_id": spot.place_id, "day": day}
        row = {"id": new_id(), **here, "desk_id": desk, "gate_id": gate, "quarter": quarter}
        connection.execute(self._add, {**row, **dict.fromkeys(COUNTED, 0), **counts})

    def taken_back(
        self, connection: Connection, spot: Spot, attendee_id: uuid.UUID, day: date, before: list[Any]
    ) -> None:
        """A scan was taken back: what the person's scans of the day come to now, against what they did `before`."""
        now = self.ways(connection, spot, attendee_id, day)
        was, (sums, inside, since, first_at) = _counted(before)[0], _counted(now)
        for key in sorted(was.keys() | sums.keys(), key=str):
            more = sums[key] - was[key]
            if more:
                self._count_at(connection, spot, key[:3], day, {key[3]: more})
        own = _own(spot, attendee_id, day)
        if since is None:
            connection.execute(_presence.delete().where(*own))
        else:
            values = {"is_inside": inside, "at": since, "first_at": first_at}
            connection.execute(update(_presence).where(*own).values(values))

    def ways(self, connection: Connection, spot: Spot, attendee_id: uuid.UUID, day: date) -> list[Any]:
        """The person's scans of the day at the place, in the order of recording."""
        scan, gate = CheckIn.__table__, Gate.__table__
        query = (
            select(*(scan.c[name] for name in _WAY))
            .join(gate, gate.c.id == scan.c.gate_id)
            .where(
                scan.c.expo_id == spot.expo_id, scan.c.local_day == day, scan.c.verdict.in_(PASSED),
                scan.c.undone_at.is_(None), scan.c.attendee_id == attendee_id, place_of == spot.place_id,
            )
            .order_by(scan.c.id)
        )  # fmt: skip
        return list(connection.execute(query))

    def settle(self, connection: Connection, before: Ways, attendees: Sequence[uuid.UUID]) -> None:
        """These people's scans became others' (a merge, its undo): what they come to now, against `ways_of` before."""
        was, now, people = Counter[tuple[Any, ...]](), Counter[tuple[Any, ...]](), []
        after = ways_of(connection, attendees)
        for sums, ways in ((was, before), (now, after)):
            for (_attendee, expo, place, day), passed in ways.items():
                sums.update({(expo, place, day, *key): n for key, n in _counted(passed)[0].items()})
        for key in sorted(was.keys() | now.keys(), key=str):
            expo, place, day, desk, gate, quarter, what = key
            if more := now[key] - was[key]:
                spot = Spot(expo, desk, gate, place)
                self._count_at(connection, spot, (desk, gate, quarter), day, {what: more})
        for (attendee, _expo, place, day), passed in after.items():
            _sums, inside, since, first_at = _counted(passed)
            if since is not None:
                row = {"id": new_id(), "attendee_id": attendee, "place_id": place, "day": day}
                people.append({**row, "is_inside": inside, "at": since, "first_at": first_at})
        connection.execute(_presence.delete().where(_presence.c.attendee_id.in_(attendees)))
        if people:
            connection.execute(_presence.insert(), people)


_WAY = ("id", "direction", "verdict", "desk_id", "gate_id", "at")
"""What is read of a passage."""


def _own(spot: Spot, attendee_id: uuid.UUID, day: date) -> tuple[ColumnElement[bool], ...]:
    """The person's row at the place on that day."""
    return (_presence.c.attendee_id == attendee_id, _presence.c.place_id == spot.place_id, _presence.c.day == day)


Ways = dict[tuple[uuid.UUID, uuid.UUID, uuid.UUID, date], list[Any]]
"""(attendee, expo, place, day) → the scans by which they passed, in the order of recording."""


def ways_of(connection: Connection, attendees: Sequence[uuid.UUID]) -> Ways:
    """Every passage of these people."""
    scan, gate = CheckIn.__table__, Gate.__table__
    query = (
        select(
            *(scan.c[name] for name in _WAY), scan.c.attendee_id, scan.c.expo_id, place_of.label("place"),
            scan.c.local_day,
        )
        .join(gate, gate.c.id == scan.c.gate_id)
        .where(scan.c.attendee_id.in_(attendees), scan.c.verdict.in_(PASSED), scan.c.undone_at.is_(None))
        .order_by(scan.c.id)
    )  # fmt: skip
    found: Ways = {}
    for row in connection.execute(query):
        found.setdefault((row.attendee_id, row.expo_id, row.place, row.local_day), []).append(row)
    return found


def _counted(ways: Iterable[Any]) -> tuple[Counter[tuple[Any, Any, int, str]], bool, datetime | None, datetime | None]:
    """What somebody's passages come to by (desk, gate, quarter, what is counted), whether they are inside, since when,
    when they were first admitted.
    """
    sums: Counter[tuple[Any, Any, int, str]] = Counter()
    inside, since, first = False, None, None
    for way in ways:
        comes = way.direction is Direction.IN
        if comes is not inside:
            sums[way.desk_id, way.gate_id, quarter_at(way.at), COME if comes else GONE] += 1
            inside, since = comes, way.at
        if way.verdict is Verdict.ADMITTED and (first is None or (way.at, way.id) < (first.at, first.id)):
            first = way
    if first is not None:
        sums[first.desk_id, first.gate_id, quarter_at(first.at), FIRST] += 1
    return sums, inside, since, first and first.at
