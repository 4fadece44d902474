"""The gates and desks that are there without anybody entering them, and what is right of those somebody enters."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select

from expo_app.errors import InvalidRecord
from expo_app.i18n import _, singular
from expo_app.model import Base, CheckIn, Desk, ExpoVenue, Gate, GateCategory, GateHours, GateKind, Room, new_id
from expo_app.services.child_rows import sync_children
from expo_app.services.record_writer import Draft, Writer, named_words
from expo_app.services.words import counterparts
from expo_app.specs import CATEGORIES
from expo_app.specs.checkin import read_hours
from expo_app.specs.expo import venues_of
from expo_app.specs.names import listed_names
from expo_app.store.staging import default


def gates_of_expos(writer: Writer, drafts: list[Draft]) -> None:
    """A default entrance with one desk, and one gate per room, exist from the start."""
    for draft in drafts:
        if draft.is_new:
            gate = _blank(Gate, expo_id=draft.record_id, name=_("主入口"), kind=GateKind.ENTRANCE, is_default=True)
            writer.insert(Gate.__table__, [gate])
            desk = _blank(Desk, expo_id=draft.record_id, gate_id=gate["id"], name=_("01 号台"))
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
        _blank(Gate, expo_id=expo_id, room_id=r.id, name=r.name, kind=GateKind.ROOM) for r in rooms if r.id not in have
    ]
    writer.insert(gate, rows)


def entrances_of(expo_id: uuid.UUID) -> Select[uuid.UUID]:
    """Keys of an expo's entrances; doors of rooms are none."""
    gate = Gate.__table__
    return select(gate.c.id).where(gate.c.expo_id == expo_id, gate.c.kind == GateKind.ENTRANCE)


def _blank(model: type[Base], **given: Any) -> dict[str, Any]:
    """A new row, every column given."""
    return {column.name: default(column) for column in model.__table__.c} | given | {"id": new_id()}


def hours_of_gates(writer: Writer, drafts: list[Draft]) -> None:
    """The opening hours entered are rows of their own."""
    table = GateHours.__table__
    given = [draft for draft in drafts if draft.gives("hours")]
    known = {draft.record_id for draft in given if not draft.is_new}
    old = [dict(r) for r in writer.session.execute(select(table).where(table.c.gate_id.in_(known))).mappings()]
    for row in old:
        writer.delete(table, row["id"], row)
    writer.insert(
        table,
        [
            _blank(GateHours, gate_id=draft.record_id, day=h.day, opens=h.opens, closes=h.closes)
            for draft in given
            for h in read_hours(draft.virtual["hours"] or "")
        ],
    )


def categories_of_gates(writer: Writer, drafts: list[Draft]) -> None:
    """The categories entered pass the gate; without any all of them do."""
    given = [draft for draft in drafts if draft.gives("categories")]
    names = {draft.record_id: listed_names(draft.virtual["categories"] or "") for draft in given}
    wanted = {name for listed in names.values() for name in listed}
    known = named_words(writer, CATEGORIES, wanted) if wanted else {}
    for draft in given:
        if unknown := [name for name in names[draft.record_id] if name not in known]:
            words = _("没有{what}“{name}”。").format(what=singular(CATEGORIES.title), name=unknown[0])
            raise InvalidRecord({"categories": words}, draft.row)
        rows = [{"category_id": known[name]} for name in names[draft.record_id]]
        sync_children(writer, GateCategory.__table__, "gate_id", draft, rows, ("category_id",))


def places_stay(writer: Writer, drafts: list[Draft]) -> None:
    """Where a gate with scans leads to stays: who is inside was counted there."""
    for draft in drafts:
        if not draft.is_new and (draft.changed("room_id") or draft.changed("hall_id")) and has_scans(writer, draft):
            field = "room_id" if draft.changed("room_id") else "hall_id"
            words = _("这个入口已有签到记录，通往哪里不能再改，未保存。请另建一个入口，把这个隐藏。")
            raise InvalidRecord({field: words}, draft.row)


def has_scans(writer: Writer, draft: Draft) -> bool:
    scan = CheckIn.__table__
    query = select(scan.c.id).where(scan.c.gate_id == draft.record_id).limit(1)
    return writer.session.execute(query).first() is not None


def copy_desks(writer: Writer, source: uuid.UUID, target: uuid.UUID) -> None:
    """Entrances and desks by name; room gates exist already, made with the expo."""
    gate, desk = Gate.__table__, Desk.__table__
    own = {
        name: key
        for key, name in writer.session.execute(select(gate.c.id, gate.c.name).where(gate.c.expo_id == target))
    }
    names: dict[uuid.UUID, uuid.UUID] = {}
    fresh = {"is_stopped": False, "stopped_by": "", "stopped_at": None}
    hours = GateHours.__table__
    for row in writer.session.execute(
        select(gate).where(gate.c.expo_id == source, ~gate.c.is_hidden)
    ).mappings().all():  # fmt: skip
        if row["name"] not in own:
            own[row["name"]] = new_id()
            writer.insert(gate, [{**row, **fresh, "id": own[row["name"]], "expo_id": target}])
            daily = select(hours).where(hours.c.gate_id == row["id"], hours.c.day.is_(None))  # days are of that expo
            kept = writer.session.execute(daily).mappings().all()
            writer.insert(hours, [{**h, "id": new_id(), "gate_id": own[row["name"]]} for h in kept])
        names[row["id"]] = own[row["name"]]
    _copy_categories(writer, names, counterparts(writer.session, source, target))
    have = set(writer.session.scalars(select(desk.c.name).where(desk.c.expo_id == target)))
    rows = writer.session.execute(select(desk).where(desk.c.expo_id == source)).mappings().all()
    writer.insert(
        desk,
        [
            {**r, "id": new_id(), "expo_id": target, "gate_id": names[r["gate_id"]]}
            for r in rows
            if r["name"] not in have and r["gate_id"] in names
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
