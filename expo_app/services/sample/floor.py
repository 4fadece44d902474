"""The venue of the sample: halls, rooms, zones and booths. Sizes, seats and positions are generated.

The plan is drawn to be read: every booth of a zone has the same size on it, whatever its area under contract.
A label with line breaks is a title and smaller lines below it, one that begins with a room's name shows its seats;
a zone's position is where its title begins.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from decimal import Decimal
from random import Random

from expo_app.model import (
    Booth,
    BoothKind,
    BoothState,
    Desk,
    FeatureKind,
    Gate,
    GateKind,
    Hall,
    HallFeature,
    Room,
    Venue,
    Zone,
)
from expo_app.services.sample import facts, people
from expo_app.services.sample.rows import Row, Rows

ROOMS = (("A 会场", "主论坛", 280), ("B 会场", "分论坛", 120), ("C 会场", "路演与洽谈", 60))
SOUTH, EAST = "南门", "东门"
DESKS = (
    ("南门 01 号台", SOUTH), ("南门 02 号台", SOUTH), ("南门 03 号台", SOUTH), ("东门 04 号台", EAST),
    ("A 会场 05 号台", "A 会场"), ("B 会场 06 号台", "B 会场"), ("C 会场 07 号台", "C 会场"),
)  # fmt: skip
EAST_ADMITS = ["EXHIBITOR", "STAFF"]

HALLS = (("1 号馆", 106.0, 81.2), ("2 号馆", 80.0, 60.0))
AREA, ENTRANCE = FeatureKind.AREA, FeatureKind.ENTRANCE
FEATURES = {
    "1 号馆": (
        (AREA, "A 会场 主论坛", 1.5, 1.5, 33.6, 9.0),
        (AREA, "B 会场 分论坛", 36.1, 1.5, 33.6, 9.0),
        (AREA, "C 会场 路演与洽谈", 70.7, 1.5, 33.6, 9.0),
        (AREA, "签约台\n双创券服务点\n咖啡与休息", 36.6, 49.1, 15.6, 11.9),
        (AREA, "志愿者与医疗点", 53.5, 67.6, 19.4, 7.5),
        (AREA, "登记台", 73.8, 67.6, 30.5, 7.5),
        (ENTRANCE, "南门 · 观众入口", 15.4, 76.3, 19.4, 3.8),
        (ENTRANCE, "东门 · 展商入口", 82.2, 76.3, 19.4, 3.8),
    ),
    "2 号馆": (
        (AREA, "智能网联汽车展示区", 2.0, 2.0, 46.0, 24.0),
        (AREA, "成果交易洽谈区", 50.0, 2.0, 28.0, 24.0),
        (AREA, "餐饮区", 2.0, 30.0, 30.0, 20.0),
        (AREA, "媒体工作区", 34.0, 30.0, 20.0, 20.0),
        (AREA, "组委会办公室", 56.0, 30.0, 22.0, 20.0),
        (ENTRANCE, "1 号馆连廊", 30.0, 54.0, 20.0, 4.0),
    ),
}
ZONES = {
    "A": ("嘉定展区", 12, 1.5, 15.6),
    "B": ("苏州展区", 12, 53.5, 15.6),
    "C": ("昆山展区", 12, 53.5, 33.6),
    "D": ("太仓展区", 8, 1.5, 49.1),
    "E": ("温州展区", 12, 53.5, 51.6),
    "S": ("科技服务机构", 16, 1.5, 67.6),
}
"""Name, booths in a row, left and top of the first booth in metres."""
TITLE_DEPTH = 2.6
ROW, PAIR = 3.85, 9.5
"""From one row to the next; from one pair of rows, back to back, to the next over the aisle."""
WIDE, NARROW = (4.0, 4.25), (3.05, 3.2)
"""Width of a booth and distance to the next; the second for service desks."""
DEPTH = 3.6
SHELL_AREAS = (9, 9, 9, 9, 12, 12, 15)
RAW_AREAS = (27, 36, 36, 54, 72)


def add_venue(rows: Rows) -> Row:
    """The venue with halls, their features and rooms; the venue's row."""
    venue = rows.add(Venue, name=facts.VENUE, address=facts.ADDRESS, walk_minutes=10, is_sample=True)
    for position, (name, width, depth) in enumerate(HALLS):
        hall = rows.add(Hall, venue_id=venue["id"], name=name, width=width, depth=depth, position=position)
        for kind, label, x, y, w, d in FEATURES[name]:
            rows.add(HallFeature, hall_id=hall["id"], kind=kind, label=label, x=x, y=y, width=w, depth=d)
    for position, (name, purpose, seats) in enumerate(ROOMS):
        rows.add(
            Room,
            venue_id=venue["id"],
            name=name,
            purpose=purpose,
            seats=seats,
            changeover_minutes=15,
            position=position,
        )
    return venue


def add_gates(rows: Rows, expo_id: uuid.UUID) -> None:
    """The default entrance, the exhibitors' entrance, a gate per room, and their desks."""
    gates = {
        SOUTH: rows.add(Gate, expo_id=expo_id, name=SOUTH, kind=GateKind.ENTRANCE, is_default=True),
        EAST: rows.add(Gate, expo_id=expo_id, name=EAST, kind=GateKind.ENTRANCE, categories=EAST_ADMITS),
    }
    for room in rows.of(Room):
        gates[room["name"]] = rows.add(Gate, expo_id=expo_id, name=room["name"], kind=GateKind.ROOM, room_id=room["id"])
    for name, gate in DESKS:
        rows.add(Desk, expo_id=expo_id, gate_id=gates[gate]["id"], name=name)


def add_booths(rows: Rows, expo_id: uuid.UUID) -> dict[str, Row]:
    """Zones and free booths, by number."""
    rng = Random("booths")  # noqa: S311
    hall = rows.of(Hall)[0]
    found = {}
    for code, (name, columns, left, top) in ZONES.items():
        zone = rows.add(
            Zone, expo_id=expo_id, hall_id=hall["id"], code=code, name=name, x=left, y=round(top - TITLE_DEPTH, 2)
        )
        size = people.SERVICE_DESKS if code == "S" else people.SIZES[code]
        for number, (x, y, width) in zip(_numbers(code, size), _places(code, size, columns, left, top), strict=True):
            kind, area = _area(rng, code)
            found[number] = rows.add(
                Booth, expo_id=expo_id, zone_id=zone["id"], number=number, kind=kind, area=Decimal(area),
                state=BoothState.FREE, x=x, y=y, width=width, depth=DEPTH,
            )  # fmt: skip
    return found


def _numbers(code: str, size: int) -> list[str]:
    return [f"{code}-{n:03d}" for n in range(1, size + 1)]


def _places(code: str, size: int, columns: int, left: float, top: float) -> Iterator[tuple[float, float, float]]:
    """Left, top and width of each booth, row by row."""
    width, pitch = NARROW if code == "S" else WIDE
    for n in range(size):
        row, column = divmod(n, columns)
        pair, second = divmod(row, 2)
        yield round(left + column * pitch, 2), round(top + pair * PAIR + second * ROW, 2), width


def _area(rng: Random, code: str) -> tuple[BoothKind, int]:
    if code == "S":
        return BoothKind.SHELL_SCHEME, 9
    if rng.random() < 0.24:
        return BoothKind.RAW_SPACE, rng.choice(RAW_AREAS)
    return BoothKind.SHELL_SCHEME, rng.choice(SHELL_AREAS)
