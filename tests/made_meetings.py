"""A timetable made for tests: two days, tables in two areas, organisations that meet; moments by the expo's clock."""

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from expo_app.model import Expo, MatchingSettings, Meeting, MeetingHours, MeetingPlace, MeetingState, PlaceKind
from expo_app.rules.meeting_board import Board, Place, Seat
from expo_app.rules.meeting_board import Meeting as Shown
from expo_app.services import timetable, timetable_acts
from expo_app.store.database import Database
from tests.factories import make_expo, make_organisation

BEFORE = datetime(2018, 11, 20, 1, tzinfo=UTC)
"""Before the expo begins: nothing is past."""
HOURS = ((time(9, 30), time(12, 10)), (time(13, 30), time(15)))


class Fair:
    """Tables 01 and 02 in A 区, 03 in B 区; 28 and 29 November, 9:30–12:10 and 13:30–15:00 in slots of 20 minutes."""

    def __init__(self, db: Database, tables: int = 3, expo_id: uuid.UUID | None = None, **of_settings: Any) -> None:
        """In the expo given, else in one of its own."""
        db.clock = lambda: BEFORE
        self.db = db
        self.places: dict[str, uuid.UUID] = {}
        self._organisations: dict[str, uuid.UUID] = {}
        with db.transaction() as session:
            expo = session.get_one(Expo, expo_id) if expo_id else make_expo(session)
            self.expo = expo.id
            if of_settings:
                session.add(MatchingSettings(expo_id=expo.id, **of_settings))
            for number in range(1, tables + 1):
                self._table(session, expo, f"{number:02}", "B 区" if number == tables > 2 else "A 区")
            for day in (28, 29):
                for opens, closes in HOURS:
                    hours = MeetingHours(expo_id=expo.id, day=date(2018, 11, day), opens=opens, closes=closes)
                    session.add(hours)

    def _table(self, session: Session, expo: Expo, name: str, area: str) -> None:
        place = MeetingPlace(expo_id=expo.id, name=name, area=area, kind=PlaceKind.TABLE)
        session.add(place)
        session.flush()
        self.places[name] = place.id

    def add(self, *records: Any) -> None:
        """More records of the expo."""
        with self.db.transaction() as session:
            for record in records:
                record.expo_id = self.expo
                session.add(record)

    def organisation(self, name: str) -> uuid.UUID:
        """The organisation of that name, made when it is first asked for."""
        if name not in self._organisations:
            with self.db.transaction() as session:
                self._organisations[name] = make_organisation(session, name, short_name=name).id
        return self._organisations[name]

    def meet(self, a: str, b: str, place: str = "", at: datetime | None = None, **given: Any) -> uuid.UUID:
        """A meeting both accepted, unless `state` says else; with a seat where one is given."""
        sides = {"a_id": self.organisation(a), "b_id": self.organisation(b)}
        seat = {"place_id": self.places[place], "starts_at": at, "minutes": 20} if at is not None else {}
        with self.db.transaction() as session:
            number = session.query(Meeting).count() + 1
            meeting = Meeting(
                expo_id=self.expo, meeting_no=f"S-{number:04}", asked_at=BEFORE,
                **{"state": MeetingState.ACCEPTED, "subject": f"{a}与{b}", **sides, **seat, **given},
            )  # fmt: skip
            session.add(meeting)
            session.flush()
            return meeting.id

    def board(self) -> Board:
        return timetable.read(self.db, self.expo)

    def shown(self, meeting_id: uuid.UUID) -> Shown:
        return self.board().by_id[meeting_id]

    def seat(self, meeting_id: uuid.UUID) -> tuple[str, str]:
        """(table, 29 10:50) of a meeting; ("", "") in the tray."""
        found = self.shown(meeting_id).seat
        names = {key: name for name, key in self.places.items()}
        return (names[found.place_id], f"{found.starts_at:%d %H:%M}") if found.place_id else ("", "")  # type: ignore[index]

    def place(self, meeting_id: uuid.UUID, place: str, at: datetime, **more: Any) -> timetable_acts.Moved:
        return timetable_acts.place(self.db, self.expo, meeting_id, self.places[place], at, **more)

    def kept(self, meeting_id: uuid.UUID) -> Meeting:
        """The row itself."""
        with self.db.reading() as session:
            return session.get_one(Meeting, meeting_id)


def place_named(board: Board, name: str) -> Place:
    return next(place for place in board.places if place.name == name)


def seats_of(board: Board, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Seat]:
    return {key: board.by_id[key].seat for key in ids}
