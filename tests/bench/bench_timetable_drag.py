"""A meeting dragged over the timetable of 60 tables and 24 slots a day: is every frame in time?

    python tests/bench/bench_timetable_drag.py [TABLES] [MEETINGS] [MOVES]

Prints a JSON line, in CPU milliseconds of the thread: one move of the pointer with all it judges, shows and paints
(median, p99, worst), what of that is painting (median), the share of moves within a frame of 16.7 ms, what reading the
whole timetable takes in its worker, what showing it then takes in the window's thread, and keeping one move. The goal:
p99 within a frame, showing and keeping within 100 ms.
"""

import json
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, date
from datetime import time as clock
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, Qt  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QMainWindow  # noqa: E402
from sqlalchemy import delete  # noqa: E402

from expo_app.model import Meeting, MeetingHours, MeetingState  # noqa: E402
from expo_app.rules.timetable import greedy  # noqa: E402
from expo_app.services import expos, timetable, timetable_acts  # noqa: E402
from expo_app.settings import Settings  # noqa: E402
from expo_app.store.database import Database, open_database  # noqa: E402
from expo_app.ui.context import Context  # noqa: E402
from expo_app.ui.kit import jobs, theme  # noqa: E402
from expo_app.ui.pages.matching.timetable import TimetableFace  # noqa: E402
from tests.factories import local, make_organisation  # noqa: E402
from tests.made_meetings import BEFORE, Fair  # noqa: E402

TABLES, MEETINGS, MOVES, FRAME = 60, 1_000, 600, 1000 / 60


def filled(db: Database, tables: int, meetings: int) -> Fair:
    """One day of 24 slots of 20 minutes, and so many meetings on it."""
    fair, rng = Fair(db, tables=tables), random.Random(7)  # noqa: S311
    with db.transaction() as session:
        session.execute(delete(MeetingHours))
        session.add(MeetingHours(expo_id=fair.expo, day=date(2018, 11, 28), opens=clock(9), closes=clock(17)))
        names = [f"第{number}科技有限公司" for number in range(meetings // 3)]
        keys = [make_organisation(session, name, short_name=name[:4]).id for name in names]
        for number in range(meetings):
            a, b = rng.sample(keys, 2)
            session.add(
                Meeting(
                    expo_id=fair.expo,
                    meeting_no=f"S-{number:04}",
                    a_id=a,
                    b_id=b,
                    state=MeetingState.ACCEPTED,
                    is_mutual=True,
                    asked_at=BEFORE,
                )
            )
    board = fair.board()
    timetable_acts.rearrange(db, fair.expo, timetable.seats_in(board, greedy(timetable.problem(board))), {})
    return fair


def milliseconds(call: object) -> float:
    begins = time.thread_time()
    call()  # type: ignore[operator]
    return (time.thread_time() - begins) * 1000


def main(tables: int = TABLES, meetings: int = MEETINGS, moves: int = MOVES) -> None:
    app = QApplication([])
    theme.apply(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "bench.db", create=True)
        fair = filled(db, tables, meetings)
        window = QMainWindow()
        window.resize(1440, 900)
        context = Context(db, Settings(), expos.current(db), window)
        db.clock = lambda: local(28, 8).astimezone(UTC)
        face = TimetableFace(context)
        window.setCentralWidget(face)
        window.show()
        while face.found is None or face.is_reading:
            app.processEvents()
        reading = statistics.median(milliseconds(lambda: timetable.read(db, fair.expo)) for _run in range(9))
        showing = statistics.median(milliseconds(face._show_day) for _run in range(9))
        view = face.timetable.view
        key = next(key for key, block in view.things.items() if block.place.lane < 4)
        start = view.center_of(key)
        QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
        room, taken, painting = view.viewport().rect(), [], []
        for number in range(moves):
            point = QPoint(80 + number * 7 % (room.width() - 120), 30 + number * 11 % (room.height() - 60))
            begins = time.thread_time()
            QTest.mouseMove(view.viewport(), point)
            app.processEvents()
            taken.append((time.thread_time() - begins) * 1000)
            painting.append(milliseconds(view.viewport().repaint))
        QTest.keyClick(view, Qt.Key.Key_Escape)
        board = fair.board()
        one = next(meeting for meeting in board.placed)
        start_at, place = timetable.free_seats(board, one)[0]
        keeping = milliseconds(lambda: timetable_acts.place(db, fair.expo, one.id, place.id, start_at))
        taken.sort()
        moved = [round(taken[at], 1) for at in (len(taken) // 2, int(len(taken) * 0.99), -1)]
        print(
            json.dumps(
                {
                    "tables": tables,
                    "meetings": len(board.placed),
                    "move_ms": moved,
                    "painting_ms": round(statistics.median(painting), 1),
                    "in_time": round(sum(one <= FRAME for one in taken) / len(taken), 4),
                    "reading_ms": round(reading, 1),
                    "showing_ms": round(showing, 1),
                    "keeping_ms": round(keeping, 1),
                }
            )
        )
        jobs.wait(5_000)
        context.close()
        db.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
