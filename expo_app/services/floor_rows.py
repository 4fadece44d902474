"""Booths by rows: what a row generator would make, what stands in its way, making it, and taking it back whole."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import _
from expo_app.model import Booth, BoothState, Zone, new_id
from expo_app.rules.booth_numbers import following, series
from expo_app.rules.natural_order import natural_key
from expo_app.rules.terms import Usual
from expo_app.services.record_writer import Writer, writing
from expo_app.services.words import terms_of
from expo_app.specs import BOOTH_KINDS
from expo_app.specs.field_types import not_longer
from expo_app.specs.floor import NOISE
from expo_app.specs.floor_plan import HallPlan, PlanZone, kind_of
from expo_app.specs.names import not_a_word
from expo_app.store.database import Database

TITLE_DEPTH = 2.5
"""Metres from a zone's title to the first row below it."""
MOST = 500
"""Booths made at once."""
_TITLE_SIZE = (8.0, 1.8)
"""Metres a title is taken to be wide and high, to see what would cover it."""


@dataclass(frozen=True)
class Rows:
    """What the row generator makes: `count` booths numbered from `first` (A1-01) on, `per_row` in a row, rows in pairs.

    Lengths in metres; `aisle` is the gap after every second row.
    """

    zone_id: uuid.UUID
    first: str
    count: int = 12
    per_row: int = 12
    x: float = 0.0
    y: float = TITLE_DEPTH
    width: float = 3.0
    depth: float = 3.0
    aisle: float = 2.0


@dataclass(frozen=True)
class Made:
    """What `generate` made, for `take_back`; `passed`: numbers there already, which it left as they are.

    `title_was`: where the zone's title stood, if it moved.
    """

    zone_id: uuid.UUID
    booth_ids: tuple[uuid.UUID, ...]
    title: tuple[float, float]
    title_was: tuple[float, float]
    passed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """Something in the way of rows: the sentence, and the numbers of the booths it is about."""

    words: str
    numbers: frozenset[str]


def suggested(hall: HallPlan, zone: PlanZone) -> Rows:
    """Rows to begin with: the next number of the zone, below what stands in it, or below the whole hall if it is new.

    A zone whose title was already put somewhere begins under its title.
    """
    own = [booth for booth in hall.booths if booth.zone_id == zone.id]
    named = [booth.number for booth in (*hall.booths, *hall.lost) if booth.zone_id == zone.id]
    first = following(named, f"{zone.code}-001")
    if own:
        y = max(booth.y + booth.depth for booth in own) + Rows.aisle
        return Rows(zone.id, first, x=min(booth.x for booth in own), y=round(y, 2))
    if (zone.x, zone.y) != (0.0, 0.0):
        return Rows(zone.id, first, x=zone.x, y=round(zone.y + TITLE_DEPTH, 2))
    ends = [b.y + b.depth for b in hall.booths] + [f.y + f.depth for f in hall.features]
    bottom = max(ends, default=0.0)
    return Rows(zone.id, first, y=round(bottom + TITLE_DEPTH + (Rows.aisle if bottom else 0), 2))


def generated(rows: Rows, taken: Iterable[str] = ()) -> tuple[list[dict[str, Any]], list[str]]:
    """Numbers and places of the booths `rows` describes, for a preview and for making them; the `taken` it passed over.

    Raises InvalidRecord with a problem per field of `Rows`.
    """
    problems: dict[str, str] = {}
    numbers, passed = _numbered(rows, taken, problems)
    if not 1 <= rows.count <= MOST:
        problems["count"] = _("一次生成 1 到 500 个展位。")
    if rows.per_row < 1:
        problems["per_row"] = _("每排至少 1 个。")
    for name in ("width", "depth"):
        if getattr(rows, name) <= 0:
            problems[name] = _("宽和深应大于 0。")
    for name in ("x", "y", "aisle"):
        if getattr(rows, name) < 0:
            problems[name] = _("不能小于 0。")
    if problems:
        raise InvalidRecord(problems)
    made = []
    for n, number in enumerate(numbers):
        row, column = divmod(n, rows.per_row)
        made.append(
            {
                "number": number,
                "x": round(rows.x + column * rows.width, 2),
                "y": round(rows.y + row * rows.depth + row // 2 * rows.aisle, 2),
                "width": rows.width,
                "depth": rows.depth,
            }
        )
    return made, passed


def _numbered(rows: Rows, taken: Iterable[str], problems: dict[str, str]) -> tuple[list[str], list[str]]:
    try:
        numbers, passed = series(rows.first, min(rows.count, MOST), taken)
        not_longer(max(numbers, key=len, default=""), Booth.__table__.c.number.type.length)  # type: ignore[attr-defined]
    except ValueError as problem:
        problems["first"] = str(problem)
        return [], []
    return numbers, passed


# --- what stands in the way -------------------------------------------------------------------------------------------
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def troubles(made: Sequence[Mapping[str, Any]], hall: HallPlan, zone_id: uuid.UUID) -> list[Trouble]:
    """What is wrong with where `made` (of `generated`) would lie in `hall`: outside, on booths, rooms or titles."""
    room = {"hall": hall.name, "width": f"{hall.width:g}", "depth": f"{hall.depth:g}"}
    outside = {row["number"] for row in made if not _is_inside(_box(row), hall)}
    found = [(_("{first} 等 {n} 个超出 {hall}（宽 {width} m，深 {depth} m）。"), outside, room)]
    on_booths = _over(made, [((b.x, b.y, b.x + b.width, b.y + b.depth), b.number) for b in hall.booths])
    found.append((_("{first} 等 {n} 个与已有展位重叠：{other}。"), *on_booths))
    features = [((f.x, f.y, f.x + f.width, f.y + f.depth), f.title) for f in hall.features]
    found.append((_("{first} 等 {n} 个压住：{other}。"), *_over(made, features)))
    found.append((_("{first} 等 {n} 个压住展区名：{other}。"), *_over(made, _titles(made, hall, zone_id))))
    return [
        Trouble(words.format(first=min(numbers, key=natural_key), n=len(numbers), **more), frozenset(numbers))
        for words, numbers, more in found
        if numbers
    ]


def _titles(made: Sequence[Mapping[str, Any]], hall: HallPlan, zone_id: uuid.UUID) -> list[tuple[Box, str]]:
    """Where titles of zones stand; that of a zone without booths goes above the rows, as far as there is room."""
    is_new = all(booth.zone_id != zone_id for booth in hall.booths)
    others = [zone for zone in hall.zones if any(booth.zone_id == zone.id for booth in hall.booths)]
    spots = [(zone.x, zone.y, f"{zone.code} · {zone.name}") for zone in others]
    spots += [(*_title_of(made), f"{z.code} · {z.name}") for z in hall.zones if is_new and z.id == zone_id]
    return [((x, y, x + _TITLE_SIZE[0], y + _TITLE_SIZE[1]), words) for x, y, words in spots]


def _title_of(made: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """Where the title of a zone goes whose first booths these are."""
    return made[0]["x"], round(max(0.0, made[0]["y"] - TITLE_DEPTH), 2)


def _box(row: Mapping[str, Any]) -> Box:
    return row["x"], row["y"], row["x"] + row["width"], row["y"] + row["depth"]


def _is_inside(box: Box, hall: HallPlan) -> bool:
    return box[2] <= hall.width + NOISE and box[3] <= hall.depth + NOISE


def _over(made: Iterable[Mapping[str, Any]], there: Sequence[tuple[Box, str]]) -> tuple[set[str], dict[str, str]]:
    """Numbers that would lie on something there, and the names of what they lie on (the first three)."""
    numbers, names = set[str](), dict[str, None]()
    for row in made:
        hit = [name for box, name in there if _meet(_box(row), box)]
        if hit:
            numbers.add(row["number"])
            names |= dict.fromkeys(hit)
    more = "…" if len(names) > 3 else ""
    return numbers, {"other": "、".join([*names][:3]) + more}


def _meet(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge (a centimetre)."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    depth = min(one[3], other[3]) - max(one[1], other[1])
    return width > 0.01 and depth > 0.01


# --- making them and taking them back ---------------------------------------------------------------------------------
def generate(db: Database, expo_id: uuid.UUID, rows: Rows) -> Made:
    """Make the booths of a row generator; a number that exists is passed over. Conflict if the zone is gone.

    The title of a zone that had no booths is put above them.
    """
    with writing(db, "floor.edit") as writer:
        session = writer.session
        zone = session.get(Zone, rows.zone_id)
        if zone is None or zone.expo_id != expo_id:
            raise Conflict(_("这个展区已被删除，没有生成任何展位。请刷新。"), "E-GONE")
        taken = session.scalars(select(Booth.number).where(Booth.expo_id == expo_id)).all()
        made, passed = generated(rows, taken)
        had_booths = session.scalar(select(func.count()).where(Booth.zone_id == zone.id))
        was = (zone.x, zone.y)
        title = was if had_booths else _title_of(made)
        area = Decimal(str(rows.width)) * Decimal(str(rows.depth))
        common = {
            "expo_id": expo_id, "zone_id": zone.id, "kind_id": _kind(session, expo_id, area), "area": area,
            "state": BoothState.FREE, "exhibitor_id": None, "note": "",
        }  # fmt: skip
        booths = [{"id": new_id(), **common, **row} for row in made]
        writer.insert(Booth.__table__, booths)
        _put_title(writer, rows.zone_id, title)
    return Made(rows.zone_id, tuple(row["id"] for row in booths), title, was, tuple(passed))


def _kind(session: Session, expo_id: uuid.UUID, area: Decimal) -> uuid.UUID:
    """The first kind offered that fits the area."""
    kind = Usual(kind_of(area)).of(terms_of(session, BOOTH_KINDS, expo_id))
    if kind is None:
        raise Conflict(not_a_word(_("还没有可选的展位类型，没有生成任何展位。")), "E-NO-KIND")
    return kind.id


def _put_title(writer: Writer, zone_id: uuid.UUID, place: tuple[float, float]) -> None:
    for key, zone in writer.rows(Zone.__table__, [zone_id]).items():
        writer.update(Zone.__table__, key, zone, {"x": place[0], "y": place[1]})


def take_back(db: Database, made: Made) -> None:
    """Remove what `generate` made, all of it or nothing: Conflict once one of the booths was given away or held.

    Booths that somebody deleted meanwhile are no obstacle.
    """
    table = Booth.__table__
    with writing(db, "floor.edit") as writer:
        found = writer.locked(table, made.booth_ids)
        used = [row["number"] for row in found.values() if row["exhibitor_id"] or row["state"] is not BoothState.FREE]
        if used:
            raise Conflict(
                _("展位 {number} 等 {n} 个已分配或预留，整排都没有撤销，数据未变。").format(
                    number=min(used, key=natural_key), n=len(used)
                ),
                "E-IN-USE",
            )
        for key, row in found.items():
            writer.delete(table, key, row)
        zone = writer.rows(Zone.__table__, [made.zone_id]).get(made.zone_id)
        if zone is not None and (zone["x"], zone["y"]) == made.title:
            _put_title(writer, made.zone_id, made.title_was)
