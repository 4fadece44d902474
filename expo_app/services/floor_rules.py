"""What is right of booths when they, or those who stand in them, are written or imported."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import _
from expo_app.model import Booth, BoothMove, BoothState, Exhibitor, ExhibitorState, Hall, Zone, new_id
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, copy_rows, in_parts
from expo_app.services.words import counterparts
from expo_app.specs import Outcome, PlanRow, RecordSpec
from expo_app.specs.floor import NOISE, state_of_taken, state_problem


def assign_named(writer: Writer, drafts: list[Draft]) -> None:
    """Assign the booths named in 展位, vacate those no longer named; those kept follow the exhibitor's state."""
    wanted = {d.record_id: booth_numbers(d.virtual["booths"] or "") for d in drafts if d.gives("booths")}
    moved = {d.record_id for d in drafts if not d.is_new and d.changed("state")}
    if not (wanted or moved) or writer.expo is None:
        return
    table = Booth.__table__
    rows = writer.session.execute(select(table).where(table.c.expo_id == writer.expo.id)).mappings()
    booths = {row["number"]: dict(row) for row in rows}
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


def booth_numbers(text: str) -> list[str]:
    """Numbers of booths separated by 、 or anything like it."""
    return [part for part in re.split(r"[、,，;；\s]+", text.upper()) if part]


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
    claimed: dict[str, int] = {}

    def reviewed(row: PlanRow) -> PlanRow:
        value = row.values.get("booths") if row.goes_in else None
        problem = _booth_problem(value, row, holders, claimed) if value else ""
        return row.refused({spec.field("booths").title: problem}) if problem else row

    return tuple(map(reviewed, rows))


def _booth_problem(value: str, row: PlanRow, holders: Mapping[str, uuid.UUID | None], claimed: dict[str, int]) -> str:
    for number in booth_numbers(value):
        if holders.get(number) not in (None, row.record_id):
            return _("展位 {number} 已分给别家，先腾出再分配。").format(number=number)
        if claimed.setdefault(number, row.row) != row.row:
            return _("展位 {number} 与第 {row} 行重复。").format(number=number, row=claimed[number])
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
