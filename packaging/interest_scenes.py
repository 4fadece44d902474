"""Pictures of what becomes of interest in a pitch: the chain on its records, the one dialog to a draft deal."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget
from stage import Stage

from expo_app.routes import ListRoute
from expo_app.services import records, roadshow, roadshow_deals
from expo_app.specs import DEALS, INTERESTS, ORGANISATIONS, PITCHES, TASKS
from expo_app.specs.records import RecordSpec

RANGES = (("200", "200"), ("50", "200"))
"""万元: a range that is one figure, and one that is not."""
_made: dict[str, list[uuid.UUID]] = {}


def _interests(stage: Stage) -> list[uuid.UUID]:
    """Interests in the first pitch: of two organisations, and of somebody who named none; a task of the first."""
    db, expo_id = stage.context.db, stage.context.expo_id
    if expo_id is None:
        raise LookupError("no expo")
    if db.target in _made:
        return _made[db.target]
    pitch = records.list_rows(db, PITCHES, expo_id)[0][0]
    names = [row[1] for row in records.list_rows(db, ORGANISATIONS, None, (ORGANISATIONS.field("name"),))[:2]]
    found = [
        roadshow.record_interest(
            db, pitch, {"organisation_id": name, "amount_from": low, "amount_to": high, "next_step": "约洽谈"}
        )
        for name, (low, high) in zip(names, RANGES, strict=True)
    ]
    found.append(roadshow.record_interest(db, pitch, {"contact": "来宾", "level": "强烈"}))
    roadshow_deals.add_tasks(db, expo_id, found[:1], stage.context.actor.name, None)
    return _made.setdefault(db.target, found)


def _deal(stage: Stage) -> uuid.UUID:
    """The draft deal of the first of them."""
    one, expo_id = _interests(stage)[0], stage.context.expo_id
    if expo_id is None:
        raise LookupError("no expo")
    made = roadshow_deals.make_deals(stage.context.db, expo_id, [one])
    return {**made.deals, **made.there}[one]


def _to_deals(stage: Stage) -> None:
    """What two of them would become; one has to say who it is."""
    ids = _interests(stage)
    shown = stage.go(ListRoute(INTERESTS, record=ids[-1])).shown
    shown.to_deals(ids[1:])


def _to_tasks(stage: Stage) -> None:
    ids = _interests(stage)
    stage.go(ListRoute(INTERESTS, record=ids[-1])).shown.to_tasks(ids[1:])


def _panel(stage: Stage) -> None:
    stage.go(ListRoute(INTERESTS, record=_interests(stage)[1]))


def _chain(spec: RecordSpec, stage: Stage) -> None:
    """The chain on a record that stands in it."""
    deal = _deal(stage)
    pitch = records.list_rows(stage.context.db, PITCHES, stage.context.expo_id)[0][0]
    task = records.list_rows(stage.context.db, TASKS, stage.context.expo_id, search="约洽谈")[0][0]
    stage.go(ListRoute(spec, record={"deals": deal, "pitches": pitch, "tasks": task}[spec.name]))


INTEREST_SCENES: dict[str, Callable[[Stage], QWidget | None]] = {
    "roadshow_lists-interest": _panel,
    "roadshow_lists-to-deals": _to_deals,
    "roadshow_lists-to-tasks": _to_tasks,
    "chain-pitch": partial(_chain, PITCHES),
    "chain-deal": partial(_chain, DEALS),
    "chain-task": partial(_chain, TASKS),
}
