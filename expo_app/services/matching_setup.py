"""对接设置 of an expo: the one row of settings, made when somebody first changes what an expo begins with."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import _
from expo_app.model import AskerKind, Expo, MatchingSettings
from expo_app.rules.meeting_requests import matrix_of
from expo_app.services import timetable_acts
from expo_app.services.record_writer import Writer, write_row, writing
from expo_app.services.records import entered, values_of
from expo_app.specs import MATCHING_SETTINGS
from expo_app.store.database import Database

SLOT = "slot_minutes"
Matrix = Mapping[AskerKind, frozenset[AskerKind]]
_settings = MatchingSettings.__table__


@dataclass(frozen=True)
class Setup:
    """The settings by field, and who may ask whom; `id`: None while nothing was changed."""

    id: uuid.UUID | None
    values: Mapping[str, Any]
    matrix: Matrix


def read(db: Database, expo_id: uuid.UUID) -> Setup:
    """As they stand, or as a new expo begins."""
    with db.reading() as session:
        kept = _kept(session, expo_id)
        if kept is None:
            return Setup(None, {f.name: f.default for f in MATCHING_SETTINGS.fields}, matrix_of(None))
        key, matrix = kept
        return Setup(key, values_of(session, MATCHING_SETTINGS, key, masked=False), matrix_of(readable(matrix)))


def _kept(session: Session, expo_id: uuid.UUID) -> tuple[uuid.UUID, Any] | None:
    found = session.execute(select(_settings.c.id, _settings.c.matrix).where(_settings.c.expo_id == expo_id)).first()
    return None if found is None else (found.id, found.matrix)


def save(db: Database, expo_id: uuid.UUID, values: Mapping[str, Any], seen: Mapping[str, Any]) -> int:
    """Keep what a form changed, all or nothing; meetings that do not fit new slots go into the tray: how many did.

    Raises InvalidRecord, and Conflict where somebody changed since what the form began with (`seen`).
    """
    with timetable_acts.held(db, expo_id, "settings.edit") as (writer, board):
        kept = _kept(writer.session, expo_id)
        _before, changes = entered(writer, MATCHING_SETTINGS, values, kept[0] if kept else None, seen)
        write_row(writer, MATCHING_SETTINGS, changes, kept[0] if kept else None)
        minutes = changes.get(SLOT, board.slot_minutes)
        return timetable_acts.release_unfit(writer, board, minutes) if minutes != board.slot_minutes else 0


def allow(db: Database, expo_id: uuid.UUID, asker: AskerKind, asked: AskerKind, may: bool) -> None:
    """One kind may ask another for a meeting from now on, or no longer; meetings that are agreed on stay."""
    with writing(db, "settings.edit", expo_id, reason=_("谁可以约谁")) as writer:
        kept = _hold(writer, expo_id)
        matrix = dict(matrix_of(readable(kept[1]) if kept else None))
        matrix[asker] = matrix[asker] | {asked} if may else matrix[asker] - {asked}
        names = {kind.name: [other.name for other in AskerKind if other in matrix[kind]] for kind in AskerKind}
        write_row(writer, MATCHING_SETTINGS, {"matrix": names}, kept[0] if kept else None)


def _hold(writer: Writer, expo_id: uuid.UUID) -> tuple[uuid.UUID, Any] | None:
    """The row that is there, while nobody else makes one."""
    writer.hold(Expo.__table__, expo_id)
    return _kept(writer.session, expo_id)
