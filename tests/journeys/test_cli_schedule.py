"""`schedule`: a timetable computed from the command line, and kept as a draft where that is asked for."""

from datetime import UTC
from pathlib import Path

import pytest

from expo_app.model import Expo, MatchingTime, MeetingState, TimeKind
from expo_app.services import timetable, timetable_acts
from expo_app.store.database import open_database
from tests.factories import local, make_expo
from tests.journeys.test_cli_usage import refused, said, value
from tests.made_meetings import Fair


class Given:
    """甲 meets 乙 (locked at 01 9:30), 丙 and 丁, who is closed throughout; 戊 only asked 己."""

    def __init__(self, path: Path) -> None:
        self.path = path
        db = open_database(path, create=True)
        try:
            self.fair = fair = Fair(db, tables=1)
            fair.meet("甲", "乙", "01", local(28, 9, 30), is_locked=True)
            self.placed = fair.meet("甲", "丙", is_mutual=True)
            self.left = fair.meet("甲", "丁")
            fair.meet("戊", "己", state=MeetingState.REQUESTED)
            span = {"starts_at": local(28, 0), "ends_at": local(30, 0), "kind": TimeKind.CLOSED}
            fair.add(MatchingTime(organisation_id=fair.organisation("丁"), **span))
            with db.transaction() as session:
                expo = session.get_one(Expo, fair.expo)
                expo.is_sample, expo.rehearsal_at = True, local(27, 12).astimezone(UTC)
        finally:
            db.close()

    def seats(self) -> dict[str, bool]:
        db = open_database(self.path)
        try:
            board = timetable.read(db, self.fair.expo)
            return {one.words: one.is_placed for one in board.meetings}
        finally:
            db.close()


@pytest.fixture
def given(tmp_path: Path) -> Given:
    return Given(tmp_path / "own.db")


def test_it_says_what_it_would_place_and_what_not_and_changes_nothing(given: Given) -> None:
    lines = said("schedule", "--db", given.path).splitlines()
    assert lines[0].startswith("已排 2 / 3，未排 1：")
    assert "移动 0 场；锁定 1 场未动。" in lines[0]
    assert any(line.startswith("  甲 — 丙  未排 → 11-28 ") for line in lines)
    assert any(line.startswith("  甲 — 丁  未排：") for line in lines)
    assert lines[-1] == "只是算了一遍，什么也没有改；加 --apply 存为草稿。"
    assert given.seats() == {"甲 — 乙": True, "甲 — 丙": False, "甲 — 丁": False, "戊 — 己": False}


def test_applied_it_is_a_draft_and_json_tells_the_same(given: Given) -> None:
    told = value("schedule", "--apply", "--seconds", "5", "--db", given.path)
    assert (told["placed"], told["wanted"], told["locked"], told["applied"]) == (2, 3, 1, True)
    (added,) = told["added"]
    assert (added["meeting"], added["from"], added["to"]["place"]) == ("S-0002", None, "01")
    (left,) = told["left"]
    assert (left["b"], told["moved"]) == ("丁", [])
    assert given.seats()["甲 — 丙"] is True
    db = open_database(given.path)
    try:
        board = timetable.read(db, given.fair.expo)
        assert all(one.published is None for one in board.meetings)
        assert len(timetable_acts.changes(board)) == 2
    finally:
        db.close()
    again = value("schedule", "--db", given.path)
    assert (again["added"], again["moved"]) == ([], [])


def test_without_tables_it_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "bare.db"
    db = open_database(path, create=True)
    with db.transaction() as session:
        make_expo(session)
    db.close()
    assert "还没有洽谈点或洽谈时间，没有排" in refused("schedule", "--db", path)
