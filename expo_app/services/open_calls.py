"""揭榜挂帅: the open calls of an expo as they stand today, and what becomes of one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from expo_app.damaged import readable
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import DemandState
from expo_app.rules.open_calls import ORDER, Stood, stood
from expo_app.services import records
from expo_app.specs import DEMANDS
from expo_app.store.database import Database

FIELDS = ("title", "owner_id", "budget", "apply_by", "applicants", "solver_id", "state", "awarded_on", "is_open_call")


@dataclass(frozen=True)
class Call:
    """One call; `budget` in yuan, `owner` and `solver` by name."""

    id: uuid.UUID
    title: str
    owner: str
    budget: Decimal | None
    apply_by: date | None
    applicants: int | None
    solver: str
    awarded_on: date | None
    state: DemandState
    stood: Stood

    @property
    def place(self) -> tuple[int, date, str]:
        """Overdue, about to close, open, decided; of each the earliest deadline first."""
        return ORDER[self.stood.standing], self.apply_by or date.max, self.title


def calls(db: Database, expo_id: uuid.UUID, today: date) -> list[Call]:
    """Every open call in the order in which it needs somebody."""
    rows = records.list_rows(db, DEMANDS, expo_id, [DEMANDS.field(name) for name in FIELDS], spoken=True)
    found = [_call(row[0], dict(zip(FIELDS, map(readable, row[1:-1]), strict=True)), today) for row in rows]
    return sorted((call for call in found if call is not None), key=lambda call: call.place)


def _call(key: uuid.UUID, values: dict[str, object], today: date) -> Call | None:
    state = values["state"]
    if not values["is_open_call"] or not isinstance(state, DemandState):
        return None
    return Call(
        key, values["title"] or "", values["owner_id"] or "", values["budget"], values["apply_by"],  # type: ignore[arg-type]
        values["applicants"], values["solver_id"] or "", values["awarded_on"],  # type: ignore[arg-type]
        state, stood(state, values["apply_by"], today),  # type: ignore[arg-type]
    )  # fmt: skip


def extend(db: Database, call_id: uuid.UUID, apply_by: date, today: date, *, seen: DemandState) -> None:
    """Another deadline, from today on; one that failed collects again. Conflict: its state is not `seen` now."""
    if apply_by < today:
        words = _("新的截止日期 {day} 已经过去，没有延期，数据未变。请填今天或以后的日期。")
        raise UserError(words.format(day=apply_by.isoformat()), "E-DAY")
    values = {"apply_by": apply_by, "state": DemandState.COLLECTING}
    records.save(db, DEMANDS, values, call_id, seen={"state": seen})


def turn(db: Database, call_id: uuid.UUID, state: DemandState, *, seen: DemandState) -> None:
    """Another state, as far as what the call says allows it; Conflict where it is not `seen` by now."""
    records.save(db, DEMANDS, {"state": state}, call_id, seen={"state": seen})
