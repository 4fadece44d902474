"""The floor plan: what stands where, and giving booths to exhibitors.

Every act returns a `Change`: who stood in the booths before and after, so that `restore` can take it back.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, UserError
from expo_app.i18n import _
from expo_app.model import Booth, BoothMove, BoothState, Exhibitor, ExhibitorState, Hall, Organisation, Zone
from expo_app.services.floor_queries import plan
from expo_app.services.floor_rows import Made, Rows, Trouble, generate, generated, suggested, take_back, troubles
from expo_app.services.floor_rules import assign_booth
from expo_app.services.record_writer import Writer, writing
from expo_app.specs.floor import state_of_taken
from expo_app.specs.floor_plan import SHELL_AREAS, HallPlan, Plan, PlanBooth, PlanFeature, PlanZone, Tenant
from expo_app.specs.records import spoken
from expo_app.store.database import Database

__all__ = [
    "SHELL_AREAS", "Change", "HallPlan", "Made", "Plan", "PlanBooth", "PlanFeature", "PlanZone", "Rows", "Standing",
    "Tenant", "Trouble", "assign", "generate", "generated", "history", "hold", "place", "plan", "restore", "suggested",
    "swap", "take_back", "troubles", "vacate",
]  # fmt: skip

Standing = dict[uuid.UUID, tuple[uuid.UUID | None, BoothState]]
"""Booth → (exhibitor, state)."""


@dataclass(frozen=True)
class Change:
    """What an act changed; empty where it changed nothing."""

    before: Standing
    after: Standing

    def __bool__(self) -> bool:
        return bool(self.before)

    @property
    def reversed(self) -> Change:
        """The same backwards."""
        return Change(self.after, self.before)


def history(db: Database, booth_id: uuid.UUID, limit: int = 50) -> list[tuple[datetime, str, str]]:
    """Who stood in the booth: moment, organisation ("" vacated), operator; newest first."""
    query = (
        select(BoothMove.at, spoken(Organisation), BoothMove.operator)
        .select_from(BoothMove)
        .outerjoin(Exhibitor, Exhibitor.id == BoothMove.exhibitor_id)
        .outerjoin(Organisation, Organisation.id == Exhibitor.organisation_id)
        .where(BoothMove.booth_id == booth_id)
        .order_by(BoothMove.at.desc(), BoothMove.id.desc())
        .limit(limit)
    )
    with db.reading() as session:
        return [(at, name or "", operator) for at, name, operator in session.execute(query)]


# --- who stands where -------------------------------------------------------------------------------------------------
def assign(db: Database, booth_id: uuid.UUID, exhibitor_id: uuid.UUID, *, replace: bool = False) -> Change:
    """Give a booth to an exhibitor. Conflict names who stands there, unless `replace` takes it from them.

    UserError for a co-exhibitor, a cancelled exhibitor, or one of another expo.
    """
    with writing(db, "floor.edit") as writer:
        booth = _booths(writer, [booth_id])[booth_id]
        if booth["exhibitor_id"] not in (None, exhibitor_id) and not replace:
            raise Conflict(
                _("展位 {number} 已分给“{name}”，数据未变。先腾出，或确认改分。").format(
                    number=booth["number"], name=_name_of(writer.session, booth["exhibitor_id"])
                ),
                "E-BOOTH-TAKEN",
            )
        state = _state_for(writer.session, booth, exhibitor_id)
        return _stand(writer, {booth_id: booth}, {booth_id: (exhibitor_id, state)})


def vacate(db: Database, booth_id: uuid.UUID) -> Change:
    """Nobody stands in the booth any more."""
    with writing(db, "floor.edit") as writer:
        booths = _booths(writer, [booth_id])
        if booths[booth_id]["exhibitor_id"] is None:
            return Change({}, {})
        return _stand(writer, booths, {booth_id: (None, BoothState.FREE)})


def swap(db: Database, one: uuid.UUID, other: uuid.UUID) -> Change:
    """The two booths exchange who stands in them, and their states."""
    with writing(db, "floor.edit") as writer:
        booths = _booths(writer, [one, other])
        now = {key: (row["exhibitor_id"], row["state"]) for key, row in booths.items()}
        return _stand(writer, booths, {one: now[other], other: now[one]})


def hold(db: Database, booth_id: uuid.UUID, held: bool) -> Change:
    """Keep a free booth back, or let it go."""
    with writing(db, "floor.edit") as writer:
        booths = _booths(writer, [booth_id])
        if booths[booth_id]["exhibitor_id"] is not None:
            number = booths[booth_id]["number"]
            raise UserError(_("展位 {number} 已有参展商，不能预留，数据未变。").format(number=number), "E-BOOTH-TAKEN")
        state = BoothState.HELD if held else BoothState.FREE
        return _stand(writer, booths, {booth_id: (None, state)})


def restore(db: Database, change: Change) -> None:
    """Take a change back; Conflict if somebody else changed one of its booths since. Redo: restore it `reversed`."""
    with writing(db, "floor.edit") as writer:
        booths, wanted = _booths(writer, change.before), dict(change.before)
        for key, booth in booths.items():
            holder, state = change.after[key]
            if booth["exhibitor_id"] != holder or (holder is None and booth["state"] is not state):
                raise Conflict(
                    _("展位 {number} 刚被别人改动，没有撤销，数据未变。").format(number=booth["number"]), "E-CONFLICT"
                )
            exhibitor_id, _state = change.before[key]
            if exhibitor_id is not None:
                wanted[key] = exhibitor_id, _state_for(writer.session, booth, exhibitor_id)
        _stand(writer, booths, wanted)


def _booths(writer: Writer, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Mapping[str, Any]]:
    """Rows by id, locked; Conflict if one is gone."""
    wanted = set(ids)
    found = writer.locked(Booth.__table__, wanted)
    if len(found) < len(wanted):
        raise Conflict(_("这个展位已被删除，数据未变。请刷新。"), "E-GONE")
    return found


def _stand(writer: Writer, booths: Mapping[uuid.UUID, Mapping[str, Any]], wanted: Standing) -> Change:
    """Write who stands where, with its history."""
    now = {key: (row["exhibitor_id"], row["state"]) for key, row in booths.items()}
    after = {key: standing for key, standing in wanted.items() if standing != now[key]}
    for key, (exhibitor_id, state) in after.items():
        booth = booths[key]
        if booth["exhibitor_id"] != exhibitor_id:
            assign_booth(writer, booth, exhibitor_id, state)
        else:
            writer.update(Booth.__table__, key, booth, {"state": state})
    return Change({key: now[key] for key in after}, after)


def _state_for(session: Session, booth: Mapping[str, Any], exhibitor_id: uuid.UUID) -> BoothState:
    """The state of a booth that is given to an exhibitor; UserError where it cannot be."""
    exhibitor = session.get(Exhibitor, exhibitor_id)
    if exhibitor is None or exhibitor.expo_id != booth["expo_id"]:
        raise Conflict(_("这家参展商已被删除，数据未变。请刷新。"), "E-GONE")
    if exhibitor.main_id is not None:
        raise UserError(_("联合参展单位用主展商的展位，不单独分配，数据未变。"), "E-CO-EXHIBITOR")
    if exhibitor.state is ExhibitorState.CANCELLED:
        raise UserError(
            _("“{name}”已取消参展，不能分配展位，数据未变。").format(name=_name_of(session, exhibitor_id)),
            "E-CANCELLED",
        )
    return state_of_taken(exhibitor.state)


def _name_of(session: Session, exhibitor_id: uuid.UUID) -> str:
    return (
        session.scalar(
            select(spoken(Organisation))
            .join(Exhibitor, Exhibitor.organisation_id == Organisation.id)
            .where(Exhibitor.id == exhibitor_id)
        )
        or ""
    )


# --- where booths lie -------------------------------------------------------------------------------------------------
def place(db: Database, booth_id: uuid.UUID, x: float, y: float) -> tuple[float, float]:
    """Put a booth elsewhere on its hall's plan (metres); where it was comes back, for undo.

    UserError where it would stick out of the hall.
    """
    with writing(db, "floor.edit") as writer:
        booth = _booths(writer, [booth_id])[booth_id]
        hall = writer.session.execute(
            select(Hall.name, Hall.width, Hall.depth)
            .join(Zone, Zone.hall_id == Hall.id)
            .where(Zone.id == booth["zone_id"])
        ).one()
        x, y = round(x, 2), round(y, 2)
        if not (0 <= x <= hall.width - booth["width"] and 0 <= y <= hall.depth - booth["depth"]):
            raise UserError(
                _("展位 {number} 放不进{hall}，位置未变。").format(number=booth["number"], hall=hall.name), "E-OUTSIDE"
            )
        writer.update(Booth.__table__, booth_id, booth, {"x": x, "y": y})
    return booth["x"], booth["y"]
