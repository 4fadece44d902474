"""Pictures of 供需对接 → 排程: the second morning, a computed timetable, a meeting in the hand, what is published."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from sqlalchemy import func, select
from stage import Stage

from expo_app.model import Exhibitor, Expo, MatchingTime, Meeting, MeetingState, Organisation, Outcome, TimeKind
from expo_app.routes.matching import MatchingRoute
from expo_app.rules.timetable import greedy
from expo_app.services import timetable, timetable_acts
from expo_app.store.database import Database
from expo_app.ui.pages.matching.timetable_shown import Block, Cell, DayGrid

MEETINGS, LEFT, DAY = 300, 8, date(2018, 11, 29)
HELD_UNTIL, MISSED, LOCKED = timedelta(minutes=12), 15, 11
"""What began longer ago was held; every so many-th was missed, or is locked."""


def _filled(stage: Stage) -> None:
    """Enough meetings for a full picture, once: most of them on the tables, some held, some left."""
    db, expo_id = stage.context.db, stage.context.expo_id
    if expo_id is None:
        raise LookupError("no expo")
    with db.transaction() as session:
        if (session.scalar(select(func.count()).select_from(Meeting)) or 0) >= MEETINGS // 2:
            return
        rng = random.Random(412)  # noqa: S311
        bodies = session.scalars(
            select(Exhibitor.organisation_id)
            .join(Organisation, Organisation.id == Exhibitor.organisation_id)
            .where(Exhibitor.expo_id == expo_id)
            .order_by(Organisation.name)
            .limit(60)
        ).all()
        there = {frozenset(pair) for pair in session.execute(select(Meeting.a_id, Meeting.b_id)).all()}
        pairs = [pair for pair in combinations(bodies, 2) if frozenset(pair) not in there]
        for number, (a, b) in enumerate(rng.sample(pairs, min(MEETINGS, len(pairs)))):
            session.add(_meeting(expo_id, number, a, b, db.now(), rng))
    _seat(db, expo_id)
    with db.transaction() as session:  # somebody is closed all the time: what cannot be placed says why
        body = session.scalars(select(Meeting.a_id).where(Meeting.place_id.is_(None))).first()
        if body is not None:
            span = {"starts_at": db.now(), "ends_at": db.now() + timedelta(days=3)}
            session.add(
                MatchingTime(
                    expo_id=expo_id,
                    organisation_id=body,
                    kind=TimeKind.CLOSED,
                    note="闭馆（示例）",
                    is_sample=True,
                    **span,
                )
            )
    _happened(db, expo_id)


def _meeting(expo_id: Any, number: int, a: Any, b: Any, now: datetime, rng: random.Random) -> Meeting:
    return Meeting(
        expo_id=expo_id, meeting_no=f"S-9{number:03}", a_id=a, b_id=b, asked_at=now - timedelta(days=9),
        subject="（示例）", state=MeetingState.ACCEPTED, is_mutual=rng.random() < 0.7, is_sample=True,
    )  # fmt: skip


def _seat(db: Database, expo_id: Any) -> None:
    """As computed the evening before, but for those left."""
    clock = db.clock
    with db.reading() as session:
        begins = session.get_one(Expo, expo_id).starts_on
    db.clock = lambda: datetime(begins.year, begins.month, begins.day, tzinfo=clock().tzinfo) - timedelta(days=1)
    try:
        board = timetable.read(db, expo_id)
        seats = timetable.seats_in(board, greedy(timetable.problem(board)))
        placed = dict(sorted(seats.items())[: len(seats) - LEFT])
        timetable_acts.rearrange(db, expo_id, placed, {})
        if board.places:
            timetable_acts.publish(db, expo_id)
    finally:
        db.clock = clock


def _happened(db: Database, expo_id: Any) -> None:
    now = db.now()
    with db.transaction() as session:
        placed = session.scalars(
            select(Meeting).where(Meeting.expo_id == expo_id, Meeting.starts_at.is_not(None)).order_by(Meeting.id)
        ).all()
        for number, meeting in enumerate(placed):
            if meeting.starts_at is None or meeting.outcome is not None:
                continue
            if meeting.starts_at + HELD_UNTIL < now:
                meeting.outcome = Outcome.NO_SHOW_B if number % MISSED == 0 else Outcome.HELD
            elif number % LOCKED == 0:
                meeting.is_locked = True
            elif number % (2 * LOCKED) == 1:
                meeting.state, meeting.published = MeetingState.REQUESTED, None


def _face(stage: Stage) -> Any:
    _filled(stage)
    page = stage.go(MatchingRoute(face="timetable"))
    page.face.show_day(DAY)
    stage.settle()
    return page.face


def _first(stage: Stage) -> None:
    _face(stage)


def _after(stage: Stage) -> None:
    _computed(stage)


def _computed(stage: Stage) -> Any:
    face = _face(stage)
    face.compute_button.click()
    stage.settle()
    return face


def _free(grid: DayGrid, block: Block) -> list[Cell]:
    """Cells in sight in which nothing lies, of other slots."""
    rows = [number for number, row in enumerate(grid.rows[:12]) if row.slot is not None and number != block.place.row]
    return [Cell(lane, row) for row in rows for lane in range(1, 8) if Cell(lane, row) not in grid.lies_at]


def _moving(stage: Stage) -> None:
    """A meeting over a free cell of another slot."""
    face = _computed(stage)
    view, grid = face.timetable.view, face.grid
    blocks = [block for block in grid.blocks if not block.is_locked and block.place.lane < 7]
    block, goal = next(
        (block, cell) for block in reversed(blocks) for cell in _free(grid, block) if not view.judge(block.key, cell)
    )
    view.reveal(block.key)
    start = view.center_of(block.key)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    end = view.mapFromScene(QPointF(view.cell_rect(goal).center()))
    for point in ((start + end) / 2, end):
        QTest.mouseMove(view.viewport(), point)
    stage.settle()


def _publish(stage: Stage) -> None:
    _computed(stage).publish_button.click()
    stage.settle()


TIMETABLE: dict[str, Callable[[Stage], Any]] = {
    "timetable": _first,
    "timetable-computed": _after,
    "timetable-moving": _moving,
    "timetable-publish": _publish,
}
"""By name."""
