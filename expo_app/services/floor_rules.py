"""What is right of booths when they, or those who stand in them, are written or imported."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import N_, _
from expo_app.model import Booth, BoothMove, BoothState, Exhibitor, ExhibitorState, Hall, Zone, new_id
from expo_app.rules.booth_numbers import booth_key, check_number, numbers_in
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, copy_rows, in_parts, write_rows
from expo_app.services.words import counterparts
from expo_app.specs import BOOTHS, HALLS, ROOMS, ZONES, Outcome, PlanRow, RecordSpec
from expo_app.specs.expo import venues_of
from expo_app.specs.floor import FARTHEST, NOISE, state_of_taken, state_problem


def assign_named(writer: Writer, drafts: list[Draft]) -> None:
    """Assign the booths named in 展位, vacate those no longer named; those kept follow the exhibitor's state."""
    named = {d.record_id: d for d in drafts if d.gives("booths")}
    moved = {d.record_id for d in drafts if not d.is_new and d.changed("state")}
    if not (named or moved) or writer.expo is None:
        return
    table = Booth.__table__
    rows = writer.session.execute(select(table).where(table.c.expo_id == writer.expo.id)).mappings()
    booths = {row["number"]: dict(row) for row in (*rows, *writer.pending(table))}
    spelt = {booth_key(number): number for number in booths}
    wanted = {key: _called(draft, spelt) for key, draft in named.items()}
    for draft in drafts:
        if draft.record_id not in wanted and draft.record_id not in moved:
            continue
        numbers = wanted.get(draft.record_id)
        state = state_of_taken(draft.get("state") or ExhibitorState.APPLIED)
        for number, booth in booths.items():
            if booth["exhibitor_id"] != draft.record_id:
                continue
            if numbers is not None and number not in numbers:
                assign_booth(writer, booth, None, BoothState.FREE, draft.row)
            elif booth["state"] is not state:
                writer.update(table, booth["id"], booth, {"state": state}, draft.row)
        for number in numbers or ():
            if number not in booths:
                raise InvalidRecord({"booths": _("没有展位“{number}”。").format(number=number)}, draft.row)
            booth = booths[number]
            if booth["exhibitor_id"] not in (None, draft.record_id):
                words = _("展位 {number} 已分给别家，先腾出再分配。").format(number=number)
                raise InvalidRecord({"booths": words}, draft.row)
            if booth["exhibitor_id"] is None:
                assign_booth(writer, booth, draft.record_id, state, draft.row)
                booths[number] = {**booth, "exhibitor_id": draft.record_id, "state": state}


def _called(draft: Draft, spelt: Mapping[str, str]) -> list[str]:
    """The booths a form or file names, as they are called here; InvalidRecord for a range that says too little."""
    try:
        return booths_in(draft.virtual["booths"] or "", spelt)
    except ValueError as problem:
        raise InvalidRecord({"booths": str(problem)}, draft.row) from problem


def booths_in(text: str, spelt: Mapping[str, str]) -> list[str]:
    """The booths in a text in the spelling they go by (`spelt`: by `booth_key`); one that is unknown as it is said."""
    return list(dict.fromkeys(spelt.get(booth_key(number), number) for number in numbers_in(text, spelt)))


def follow(writer: Writer, holders: Mapping[uuid.UUID, ExhibitorState]) -> None:
    """The booths of these exhibitors follow their states."""
    booth = Booth.__table__
    for part in in_parts(holders):
        rows = writer.session.execute(select(booth).where(booth.c.exhibitor_id.in_(part))).mappings().all()
        for row in rows:
            writer.update(booth, row["id"], dict(row), {"state": state_of_taken(holders[row["exhibitor_id"]])})


def assign_booth(
    writer: Writer, booth: Mapping[str, Any], exhibitor_id: uuid.UUID | None, state: BoothState, row: int = 0
) -> None:
    """Give a booth to an exhibitor, or vacate it (None), and keep the move in its history."""
    writer.update(Booth.__table__, booth["id"], booth, {"exhibitor_id": exhibitor_id, "state": state}, row)
    move = {
        "id": new_id(), "booth_id": booth["id"], "exhibitor_id": exhibitor_id,
        "at": writer.now, "operator": writer.db.actor.name,
    }  # fmt: skip
    writer.insert(BoothMove.__table__, [move])


def named_are_free(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Booths that are somebody else's, or given twice in the file."""
    booth = Booth.__table__
    query = select(booth.c.number, booth.c.exhibitor_id).where(booth.c.expo_id == expo_id)
    holders = dict(session.execute(query).all())
    spelt = {booth_key(number): number for number in holders}
    claimed: dict[str, tuple[str, int]] = {}

    def reviewed(row: PlanRow) -> PlanRow:
        value = row.values.get("booths") if row.goes_in else None
        problem = _booth_problem(booths_in(value, spelt), row, holders, claimed) if value else ""
        return row.without("booths").noted(spec.field("booths").title, problem) if problem else row

    return tuple(map(reviewed, rows))


def _booth_problem(
    numbers: list[str], row: PlanRow, holders: Mapping[str, uuid.UUID | None], claimed: dict[str, tuple[str, int]]
) -> str:
    for number in numbers:
        if holders.get(number) not in (None, row.record_id):
            return _("展位 {number} 已分给别家，先腾出再分配。").format(number=number)
        if claimed.setdefault(number, row.place) != row.place:
            return _("展位 {number} 与第 {row} 行重复。").format(number=number, row=claimed[number][1])
    return ""


def inside_their_hall(writer: Writer, drafts: list[Draft]) -> None:
    """Whoever puts a booth somewhere puts it inside the hall of its zone."""
    hall, zone = Hall.__table__, Zone.__table__
    for draft in drafts:
        is_placed = any(draft.changed(name) for name in ("zone_id", "x", "y", "width", "depth"))
        if draft.row or not is_placed:  # of a file the plan names what lies outside
            continue
        query = select(hall.c.name, hall.c.width, hall.c.depth).join(zone, zone.c.hall_id == hall.c.id)
        found = writer.session.execute(query.where(zone.c.id == draft.get("zone_id"))).one()
        box = {name: float(draft.get(name) or 0) for name in ("x", "y", "width", "depth")}
        words = _("超出 {hall}（宽 {width} m，深 {depth} m）。")
        words = words.format(hall=found.name, width=f"{found.width:g}", depth=f"{found.depth:g}")
        sides = (("x", "width", found.width), ("y", "depth", found.depth))
        problems = {at: words for at, size, room in sides if box[at] + box[size] > room + NOISE}
        if problems:
            raise InvalidRecord(problems)


def states_follow(writer: Writer, drafts: list[Draft]) -> None:
    """A booth's state follows who stands in it."""
    moved = [draft for draft in drafts if draft.changed("state")]
    table = Exhibitor.__table__
    holders = writer.rows(table, {key for draft in moved if (key := draft.get("exhibitor_id"))})
    for draft in moved:
        holder = holders.get(draft.get("exhibitor_id"))
        if problem := state_problem(draft.get("state"), holder["state"] if holder else None):
            raise InvalidRecord({"state": problem}, draft.row)


def states_left_out(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """The state of a booth follows who stands in it: what a file says against that is left out."""
    booth, holder = Booth.__table__, Exhibitor.__table__
    query = select(booth.c.id, holder.c.state).join(holder, holder.c.id == booth.c.exhibitor_id)
    taken = dict(session.execute(query.where(booth.c.expo_id == expo_id)).all())

    def reviewed(row: PlanRow) -> PlanRow:
        if not row.goes_in or (row.outcome is Outcome.CHANGED and "state" not in row.changes):
            return row
        problem = state_problem(row.values.get("state"), taken.get(row.record_id))
        note = _("{reason}其余照常导入。").format(reason=problem)
        return row.without("state").noted(spec.field("state").title, note) if problem else row

    return tuple(map(reviewed, rows))


def copy_booths(writer: Writer, source: uuid.UUID, target: uuid.UUID) -> None:
    """Zones and booths, all free."""
    zones = copy_rows(writer, Zone.__table__, source, target)
    booth = Booth.__table__
    rows = [dict(r) for r in writer.session.execute(select(booth).where(booth.c.expo_id == source)).mappings()]
    kinds = counterparts(writer.session, source, target)
    fresh = {"expo_id": target, "exhibitor_id": None, "state": BoothState.FREE, "is_paid": None, "note": ""}
    writer.insert(
        booth,
        [
            {**row, **fresh, "id": new_id(), "zone_id": zones[row["zone_id"]], "kind_id": kinds[row["kind_id"]]}
            for row in rows
        ],
    )


def zones_of_numbers(writer: Writer, drafts: list[Draft]) -> None:
    """A new booth of which nobody said the zone stands in the one that its number begins with."""
    asked = [draft for draft in drafts if draft.is_new and draft.get("zone_id") is None]
    if not asked:
        return
    zone_of = _zones_by_number(writer.session, writer.expo.id if writer.expo else None)
    for draft in asked:
        found = zone_of(draft.get("number") or "")
        if found is None:
            raise InvalidRecord({"zone_id": _(IN_NO_ZONE)}, draft.row)
        draft.values["zone_id"] = found


IN_NO_ZONE = N_("看不出它在哪个展区，填上展区。")


def in_some_zone(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """New booths of a file without a zone that is known are refused in the plan."""
    zone_of = _zones_by_number(session, expo_id)
    why = {spec.field("zone_id").header: _(IN_NO_ZONE)}

    def reviewed(row: PlanRow) -> PlanRow:
        is_lost = row.outcome is Outcome.NEW and not row.values.get("zone_id")
        if not is_lost or zone_of(row.values.get("number") or "") is not None:
            return row
        return replace(row, outcome=Outcome.INVALID, problems=why)

    return tuple(map(reviewed, rows))


def _zones_by_number(session: Session, expo_id: uuid.UUID | None) -> Callable[[str], uuid.UUID | None]:
    """The zone that a booth's number begins with, the longest code first."""
    zone = Zone.__table__
    query = select(zone.c.code, zone.c.id).where(zone.c.expo_id == expo_id)
    zones = sorted(session.execute(query).all(), key=lambda row: -len(row.code))

    def zone_of(number: str) -> uuid.UUID | None:
        key = booth_key(number)
        return next((row.id for row in zones if key.startswith(booth_key(row.code))), None)

    return zone_of


def make_booths(writer: Writer, numbers: list[str], hall_name: str) -> None:
    """Booths that a list names and nobody drew: in the zone their numbers begin with, beside the hall until they are
    put somewhere. A zone there is none of stands in the hall its code names, in `hall_name`, or in the only hall, which
    is made where there is none.
    """
    zone = Zone.__table__
    expo_id = writer.expo.id if writer.expo else None
    zones = writer.session.execute(select(zone.c.code, zone.c.hall_id).where(zone.c.expo_id == expo_id)).all()
    halls = {row[1]: row[0] for row in writer.session.execute(HALLS.query((HALLS.field("name"),), expo_id))}
    if not halls:
        hall_name = hall_name or _("展厅")
        venue = writer.session.scalar(venues_of(expo_id).limit(1))
        halls = {hall_name: write_rows(writer, HALLS, [(None, {"name": hall_name, "venue_id": venue}, 0)])[0]}
    codes = sorted((code for code, _hall in zones), key=len, reverse=True)
    fresh: dict[str, str] = {}
    rows: list[tuple[uuid.UUID | None, Mapping[str, Any], int]] = []
    for n, number in enumerate(map(check_number, numbers)):
        key = booth_key(number)
        code = next((code for code in codes if key.startswith(booth_key(code))), "") or zone_code(number)
        if code not in codes:
            fresh.setdefault(code, _hall_of(code, halls, hall_name))
        aside = {"x": float(n % 20) * 3, "y": FARTHEST - 3.0 * (1 + n // 20), "width": 3.0, "depth": 3.0}
        rows.append((None, {"number": number, "zone_id": code, **aside}, 1))
    titles = [(None, {"code": code, "name": code, "hall_id": name}, 0) for code, name in fresh.items()]
    write_rows(writer, ZONES, titles)
    write_rows(writer, BOOTHS, rows)


def zone_code(number: str) -> str:
    """The zone that a booth's number begins with: A1 of A1-25, A of A-001, 1H of 1H01, its first letter else."""
    found = re.match(r"(.+?)-\d+$|(\d*[A-Z]+)(?=\d)", number)
    return ((found[1] or found[2]) if found else number[:1])[:10]


def _hall_of(code: str, halls: Mapping[str, uuid.UUID], hall_name: str) -> str:
    """The hall in which a new zone of this code stands; InvalidRecord where that is not clear."""
    named = [name for name in halls if booth_key(name).startswith(booth_key(code)[:1])]
    if hall_name in halls:
        return hall_name
    if len(halls) == 1 or len(named) == 1:
        return named[0] if len(named) == 1 else next(iter(halls))
    words = _("看不出展区 {code} 在哪个展厅，先在“数据与设置”里建好展厅和展区。")
    raise InvalidRecord({"booths": words.format(code=code)})


def make_rooms(writer: Writer, names: list[str], _hall: str) -> None:
    """Rooms that a programme names, in the expo's first venue."""
    venue = writer.session.scalar(venues_of(writer.expo.id if writer.expo else None).limit(1))
    write_rows(writer, ROOMS, [(None, {"name": name, "venue_id": venue}, 0) for name in names])
