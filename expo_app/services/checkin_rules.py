"""The gates and desks that are there without anybody entering them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy import Select, select

from expo_app.i18n import _
from expo_app.model import Desk, ExpoVenue, Gate, GateCategory, GateKind, Room, new_id
from expo_app.services.record_writer import Draft, Writer
from expo_app.services.words import counterparts
from expo_app.specs.expo import venues_of


def gates_of_expos(writer: Writer, drafts: list[Draft]) -> None:
    """A default entrance with one desk, and one gate per room, exist from the start."""
    for draft in drafts:
        if draft.is_new:
            gate = {"id": new_id(), "expo_id": draft.record_id, "name": _("主入口"), "kind": GateKind.ENTRANCE,
                    "room_id": None, "opens": None, "closes": None, "is_default": True}  # fmt: skip
            writer.insert(Gate.__table__, [gate])
            desk = {"id": new_id(), "expo_id": draft.record_id, "gate_id": gate["id"], "name": _("01 号台")}
            writer.insert(Desk.__table__, [desk])
        if draft.is_new or draft.gives("venues"):
            _room_gates(writer, draft.record_id)


def gates_of_rooms(writer: Writer, drafts: list[Draft]) -> None:
    """A new room has a gate in every expo of its venue."""
    part = ExpoVenue.__table__
    venues = {draft.get("venue_id") for draft in drafts}
    for expo_id in writer.session.scalars(select(part.c.expo_id).where(part.c.venue_id.in_(venues)).distinct()).all():
        _room_gates(writer, expo_id)


def _room_gates(writer: Writer, expo_id: uuid.UUID) -> None:
    room, gate = Room.__table__, Gate.__table__
    rooms = writer.session.execute(select(room.c.id, room.c.name).where(room.c.venue_id.in_(venues_of(expo_id)))).all()
    have = set(writer.session.scalars(select(gate.c.room_id).where(gate.c.expo_id == expo_id)))
    rows = [
        {"id": new_id(), "expo_id": expo_id, "room_id": r.id, "name": r.name, "kind": GateKind.ROOM,
         "opens": None, "closes": None, "is_default": False}
        for r in rooms if r.id not in have
    ]  # fmt: skip
    writer.insert(gate, rows)


def entrances_of(expo_id: uuid.UUID) -> Select[uuid.UUID]:
    """Keys of an expo's entrances; doors of rooms are none."""
    gate = Gate.__table__
    return select(gate.c.id).where(gate.c.expo_id == expo_id, gate.c.kind == GateKind.ENTRANCE)


def copy_desks(writer: Writer, source: uuid.UUID, target: uuid.UUID) -> None:
    """Entrances and desks by name; room gates exist already, made with the expo."""
    gate, desk = Gate.__table__, Desk.__table__
    own = {
        name: key
        for key, name in writer.session.execute(select(gate.c.id, gate.c.name).where(gate.c.expo_id == target))
    }
    names: dict[uuid.UUID, uuid.UUID] = {}
    for row in writer.session.execute(select(gate).where(gate.c.expo_id == source)).mappings().all():
        if row["name"] not in own:
            own[row["name"]] = new_id()
            writer.insert(gate, [{**row, "id": own[row["name"]], "expo_id": target}])
        names[row["id"]] = own[row["name"]]
    _copy_categories(writer, names, counterparts(writer.session, source, target))
    have = set(writer.session.scalars(select(desk.c.name).where(desk.c.expo_id == target)))
    rows = writer.session.execute(select(desk).where(desk.c.expo_id == source)).mappings().all()
    writer.insert(
        desk,
        [
            {**r, "id": new_id(), "expo_id": target, "gate_id": names[r["gate_id"]]}
            for r in rows
            if r["name"] not in have
        ],
    )


def _copy_categories(
    writer: Writer, gates: Mapping[uuid.UUID, uuid.UUID], categories: Mapping[uuid.UUID, uuid.UUID]
) -> None:
    """Which categories pass the gates; both by their ids there and here."""
    table = GateCategory.__table__
    rows = writer.session.execute(select(table).where(table.c.gate_id.in_(gates))).all()
    made = [(gates[row.gate_id], categories[row.category_id]) for row in rows]
    writer.insert(table, [{"id": new_id(), "gate_id": gate, "category_id": category} for gate, category in made])
