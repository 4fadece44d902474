"""The sample's matchmaking: what there is of it, that its timetable could be held, and that it changes no figure."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from expo_app.model import Deal, Demand, Meeting, MeetingPlace, Outcome, Provider, ServiceItem, Standby, Suggestion
from expo_app.rules import meeting_seats
from expo_app.services import agendas, expos, timetable
from expo_app.services.statistics.deals import deal_totals
from expo_app.services.statistics.matching import matching
from expo_app.store.database import Database, open_database


@pytest.fixture(scope="module")
def fair(fair_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    db = open_database(shutil.copy(fair_file, tmp_path_factory.mktemp("fair") / "expo.db"))
    expo = expos.all_expos(db)[0]
    db.clock = expos.clock_of(db, expo)
    yield db, expo
    db.close()


def count(db: Database, model: Any, *where: Any) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(model.__table__).where(*where)) or 0


def test_there_is_some_of_everything(fair: Any) -> None:
    db, expo = fair
    figures = matching(db, expo.id)
    told = {one.name.removeprefix("matching_"): one.value for one in figures.figures}
    assert {
        name: told[name]
        for name in ("demands", "services", "requests", "agreed", "mutual", "refused", "cancelled", "waiting",
                     "expired", "planned", "published", "unplaced", "held", "no_show_a", "no_show_b", "replaced",
                     "moved", "interests", "deals", "signed")
    } == {
        "demands": 26, "services": 12, "requests": 46, "agreed": 38, "mutual": 17, "refused": 2, "cancelled": 1,
        "waiting": 4, "expired": 1, "planned": 35, "published": 33, "unplaced": 3, "held": 15, "no_show_a": 2,
        "no_show_b": 2, "replaced": 1, "moved": 1, "interests": 15, "deals": 2, "signed": 1,
    }  # fmt: skip
    assert told["suggestions"] >= 40
    assert told["accepted"] >= 10
    assert told["declined"] >= 2
    assert told["unsuitable"] >= 4
    assert [(line.planned, line.took_place) for line in figures.days] == [(11, 9), (21, 7), (3, 0)]
    assert {count(db, model, model.is_sample.is_(False)) for model in (Demand, Provider, ServiceItem, Meeting, Standby,
                                                                      Suggestion, MeetingPlace)} == {0}  # fmt: skip


def test_every_meeting_could_be_held_where_it_is(fair: Any) -> None:
    db, expo = fair
    with db.reading() as session:
        kept = timetable.read_kept(session, expo.id, db.now())
    board = meeting_seats.settled(kept)
    assert (len(board.places), len(board.days), len(board.day_slots(board.days[0]))) == (16, 3, 17)
    assert [one.no for one in kept.placed if not board.by_id[one.id].is_placed] == []
    wrong = []
    for one in kept.placed:
        place, start = kept.place_by_id[one.seat.place_id], one.seat.starts_at
        findings = meeting_seats.judge(kept.seated({one.id: meeting_seats.TRAY}), one, place, start)
        wrong += [(one.no, finding.text) for finding in meeting_seats.refusing(findings)
                  if finding.kind is not meeting_seats.FindingKind.PAST]  # fmt: skip
    assert wrong == []
    assert len({(one.seat.place_id, one.seat.starts_at) for one in kept.placed}) == len(kept.placed)
    assert all(one.reason for one in board.tray)


def test_sheets_tell_of_what_was_published_and_name_whom_they_may(fair: Any) -> None:
    db, expo = fair
    data = agendas.read(db, expo.id, db.now())
    assert sum(len(one.lines) for one in data.tables) == 33
    assert sum(len(one.lines) for one in data.agendas) == 66
    assert data.unpublished == 2
    lines = [line for one in data.agendas for line in one.lines]
    assert {bool(line.contact) for line in lines if line.other.startswith("安亭迈图")} == {False}
    assert {bool(line.contact) for line in lines if line.other.startswith("太仓欧恒")} == {True}
    assert [line.no for one in data.tables for line in one.lines if line.differs] != []
    assert len(data.standby) == 4


def test_no_figure_of_the_expo_changes(fair: Any) -> None:
    db, expo = fair
    totals = deal_totals(db, expo.id)
    assert (totals.signed, totals.signed_amount) == (20, 122_493_000)
    assert count(db, Deal) == 27
    with db.reading() as session:
        numbers = set(session.scalars(select(Meeting.outcome)))
    assert numbers == {None, *Outcome}
