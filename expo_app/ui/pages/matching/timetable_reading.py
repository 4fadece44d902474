"""What the screen of the timetable reads in a worker: the board, why meetings wait, what publishing would change."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from expo_app.rules import meeting_seats
from expo_app.rules.meeting_board import Board, Meeting
from expo_app.rules.search_key import search_key, search_terms
from expo_app.services import timetable, timetable_acts
from expo_app.services.timetable_acts import Change
from expo_app.store.database import Database
from expo_app.ui.pages.matching.timetable_side import Waiting


@dataclass(frozen=True)
class Read:
    """One look at the timetable. `keys`: what each meeting is found by."""

    board: Board
    waiting: tuple[Waiting, ...]
    changes: tuple[Change, ...]
    keys: Mapping[uuid.UUID, str]

    def searched(self, text: str) -> frozenset[uuid.UUID]:
        """The meetings that a search means; all for an empty one."""
        terms = search_terms(text)
        return frozenset(
            key for key, words in self.keys.items() if all(any(way in words for way in term) for term in terms)
        )


def read_all(db: Database, expo_id: uuid.UUID, most: int) -> Read:
    """Everything the screen shows; why they wait of the first `most` meetings of the tray."""
    board = timetable.read(db, expo_id)
    waiting = tuple(Waiting(one, meeting_seats.reason_of(board, one), board.slot_minutes) for one in board.tray[:most])
    return Read(board, waiting, tuple(timetable_acts.changes(board)), {m.id: _key(board, m) for m in board.meetings})


def _key(board: Board, meeting: Meeting) -> str:
    place = board.place_by_id.get(meeting.seat.place_id) if meeting.seat.place_id else None
    sides = (part for side in (meeting.a, meeting.b) for part in (side.name, side.short, side.person))
    return " ".join(_spelt(part) for part in (*sides, place.name if place else "", meeting.no) if part)


@lru_cache(8192)
def _spelt(text: str) -> str:
    return search_key(text)
