"""A timetable of an expo unlike the sample: another zone, rooms of several tables, booths, gaps and ways to walk."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from expo_app.errors import UserError
from expo_app.model import Exhibitor, MatchingSettings, Meeting, MeetingHours, MeetingPlace, MeetingState, PlaceKind
from expo_app.rules.timetable import greedy
from expo_app.services import timetable, timetable_acts
from expo_app.services.timetable_plan import compute
from expo_app.store.database import Database
from expo_app.ui.pages.matching.timetable_shown import grid_of
from tests.factories import make_expo, make_organisation

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2031, 3, 30)
"""The clocks are set forward that night."""


def at(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(DAY, time(hour, minute), BERLIN)


class Mill:
    """A fair for mills: one room of three tables, two booths in hall B, 30 minutes and 10 between, ten to walk."""

    def __init__(self, db: Database) -> None:
        db.clock = lambda: datetime(2031, 3, 1, tzinfo=UTC)
        self.db = db
        with db.transaction() as session:
            expo = make_expo(
                session,
                groups=(),
                name="Mühlentage",
                starts_on=DAY,
                ends_on=date(2031, 3, 31),
                time_zone="Europe/Berlin",
            )
            self.expo = expo.id
            self.bodies = [make_organisation(session, f"Mühle {letter} GmbH").id for letter in "ABCDEFGH"]
            session.add(MatchingSettings(expo_id=expo.id, slot_minutes=30, gap_minutes=10, walk_minutes=20))
            session.add(MeetingHours(expo_id=expo.id, day=DAY, opens=time(9), closes=time(12)))
            session.add(MeetingPlace(expo_id=expo.id, name="Salon", kind=PlaceKind.ROOM, area="A", capacity=3))
            for number in range(2):
                exhibitor = Exhibitor(expo_id=expo.id, organisation_id=self.bodies[number])
                session.add(exhibitor)
                session.flush()
                booth = MeetingPlace(
                    expo_id=expo.id, name=f"B{number}", kind=PlaceKind.BOOTH, area="B", exhibitor_id=exhibitor.id
                )
                session.add(booth)
            now = db.now()
            for number in range(1, 8):
                session.add(
                    Meeting(
                        expo_id=expo.id, meeting_no=f"M{number}", a_id=self.bodies[0], b_id=self.bodies[number],
                        asked_at=now, state=MeetingState.ACCEPTED,
                    )
                )  # fmt: skip


@pytest.fixture
def mill(db: Database) -> Mill:
    return Mill(db)


def test_slots_are_told_by_the_clock_of_the_place_on_the_day_it_is_set(mill: Mill) -> None:
    board = timetable.read(mill.db, mill.expo)
    assert [f"{slot.starts_at:%H:%M}" for slot in board.slots] == ["09:00", "09:40", "10:20", "11:00"]
    assert board.slots[0].starts_at.astimezone(UTC) == datetime(2031, 3, 30, 7, tzinfo=UTC)
    assert {one.a.short for one in board.meetings} == {"Mühle A"}


def test_a_booth_takes_its_owner_s_meetings_and_a_room_several_at_once(mill: Mill) -> None:
    board = timetable.read(mill.db, mill.expo)
    places = {place.name: place for place in board.places}
    one, other = board.meetings[0], board.meetings[1]
    timetable_acts.place(mill.db, mill.expo, one.id, places["B1"].id, at(9))
    with pytest.raises(UserError, match="B1是Mühle B GmbH的展位"):
        timetable_acts.place(mill.db, mill.expo, other.id, places["B1"].id, at(9, 40))
    moved = timetable_acts.place(mill.db, mill.expo, other.id, places["Salon"].id, at(9, 40))
    assert [finding.text for finding in moved.warnings] == ["Mühle A要从 B1 走过来，两场之间不够 20 分钟"]


def test_the_plan_keeps_one_company_at_one_place_and_leaves_what_does_not_fit(mill: Mill) -> None:
    plan = compute(timetable.read(mill.db, mill.expo), seconds=5)
    assert len(plan.result.placed) == 4, "four slots, and Mühle A in every meeting"
    assert len(plan.left) == 3
    timetable_acts.rearrange(mill.db, mill.expo, plan.seats, plan.seen)
    board = timetable.read(mill.db, mill.expo)
    assert len({one.seat.starts_at for one in board.placed}) == 4
    assert timetable_acts.publish(mill.db, mill.expo) == 4
    again = timetable.problem(timetable.read(mill.db, mill.expo))
    assert greedy(again).moved == ()


def test_a_room_of_several_tables_has_a_lane_for_each_that_is_needed(mill: Mill) -> None:
    board = timetable.read(mill.db, mill.expo)
    salon = next(place for place in board.places if place.name == "Salon")
    assert [lane.title for lane in grid_of(board, DAY).lanes] == ["B0", "B1", "Salon·1"]
    with mill.db.transaction() as session:
        for number, meeting in enumerate(board.meetings[:2]):
            session.get_one(Meeting, meeting.id).a_id = mill.bodies[number + 4]
    for meeting in board.meetings[:2]:
        timetable_acts.place(mill.db, mill.expo, meeting.id, salon.id, at(9))
    grid = grid_of(timetable.read(mill.db, mill.expo), DAY)
    assert [lane.title for lane in grid.lanes] == ["B0", "B1", "Salon·1", "Salon·2", "Salon·3"]
    assert sorted((block.place.lane, block.place.row) for block in grid.blocks) == [(2, 0), (3, 0)]
    assert len(grid.rows) == 4, "ten minutes between two slots are no break"
