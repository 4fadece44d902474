"""The desk on the screen while disk, file, server or program misbehave: one sentence, nothing lost, on by itself."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import event, func, select, text

from expo_app.model import CheckIn, Verdict
from expo_app.services.checkin_spool import Spool
from expo_app.services.expos import current
from expo_app.services.steady_clock import SteadyClock
from expo_app.settings import Settings
from expo_app.store import deadlines
from expo_app.store.database import Database, open_database
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.dialog import top
from expo_app.ui.pages.checkin_desk import CheckinDesk, desk_window
from expo_app.ui.pages.checkin_desk.panels import ClockPanel
from tests.factories import local, make_attendee, make_badge, make_desk, make_expo, make_gate
from tests.own_time import own_time
from tests.proxy import Proxy

NOON = local(29, 12)
Fault = Callable[[Database], AbstractContextManager[None]]


class Stalls:
    """How long the window's thread was ever kept from its events, by itself."""

    def __init__(self) -> None:
        self.longest, self._last = 0.0, own_time()
        self._timer = QTimer(interval=5)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = own_time()
        self.longest, self._last = max(self.longest, now - self._last), now


class Stand:
    """A desk at work, fed by keys."""

    def __init__(self, db: Database, bot: QtBot, codes: list[str]) -> None:
        self.db, self.bot, self.codes = db, bot, codes
        event.listen(db.writer, "connect", narrow)
        db.clock = lambda: NOON
        expo = current(db)
        self.context = Context(db, Settings(sound_volume=0), expo)
        db.clock = lambda: NOON
        self.desk = CheckinDesk(self.context, "01 号台", "南门")
        bot.addWidget(self.desk)
        self.desk.resize(1440, 900)
        self.desk.show()
        bot.waitUntil(lambda: QApplication.focusWidget() is self.desk.line)
        self.read(0)
        bot.waitUntil(lambda: self.word == "通过")
        bot.wait(400)

    @property
    def word(self) -> str:
        return self.desk.body.verdict.face.word

    @property
    def reason(self) -> str:
        return self.desk.body.verdict.face.reason

    def read(self, which: int) -> None:
        QTest.keyClicks(self.desk.line, self.codes[which] + "\r")

    def kept(self) -> list[Verdict]:
        with self.db.reading() as session:
            return list(session.scalars(select(CheckIn.verdict).order_by(CheckIn.id)))


def fill(db: Database) -> list[str]:
    with db.transaction() as session:
        expo = make_expo(session, code="KJH18")
        make_desk(session, make_gate(session, expo, "南门"), "01 号台")
        return [make_badge(session, make_attendee(session, expo)).code for _n in range(8)]


@pytest.fixture
def stand(db_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    theme.apply(QApplication.instance(), "light")  # type: ignore[arg-type]
    monkeypatch.setattr(desk_window, "PATIENCE", 0.3)
    db = open_database(db_path)
    found = Stand(db, qtbot, fill(db))
    yield found
    found.desk._leaves = True
    found.desk.close()
    found.context.close()
    db.close()


NO_ROOM = Event()


def narrow(raw: Any, _record: object) -> None:
    """No page more fits where there is `NO_ROOM`. It listens from the start: scans that wait connect again in a thread
    of their own, and an engine goes through its listeners without a lock.
    """
    if NO_ROOM.is_set():
        raw.execute("PRAGMA max_page_count=1").close()


@contextmanager
def full(db: Database) -> Iterator[None]:
    """No page more fits, on whatever connection: SQLite's own limit, its own error."""
    NO_ROOM.set()
    for desk in db._desks:
        desk.close()
    db.writer.dispose()
    try:
        with _blown_up(db):
            yield
    finally:
        NO_ROOM.clear()
    for desk in db._desks:
        desk.close()


@contextmanager
def _blown_up(db: Database) -> Iterator[None]:
    """Every scan needs a page of its own: its reason is made long by the database itself."""
    with db.reader.connect() as connection:
        free = connection.exec_driver_sql("PRAGMA freelist_count").scalar()
    assert free is not None
    from expo_app.store import engines

    assert db.path is not None
    raw = engines.connect(db.path, "rw")
    raw.execute(
        "CREATE TRIGGER blow_up AFTER INSERT ON check_in BEGIN UPDATE check_in SET reason = hex(zeroblob(60000)) "
        "WHERE id = new.id; END"
    )
    yield
    raw.execute("DROP TRIGGER blow_up")
    raw.close()


@contextmanager
def locked(db: Database) -> Iterator[None]:
    from expo_app.store import engines

    assert db.path is not None
    raw = engines.connect(db.path, "rw")
    raw.execute("BEGIN IMMEDIATE")
    yield
    raw.execute("ROLLBACK")
    raw.close()


@contextmanager
def moved(db: Database) -> Iterator[None]:
    assert db.path is not None
    away = db.path.with_name("away.db")
    db.path.rename(away)
    yield
    away.rename(db.path)


FAULTS = [(full, "磁盘已满"), (locked, "另一个程序占用"), (moved, "被移走、删除或替换")]


@pytest.mark.parametrize(("fault", "said"), FAULTS, ids=["full", "locked", "moved"])
def test_what_is_in_the_way_is_said_and_the_desk_goes_on_by_itself(stand: Stand, fault: Fault, said: str) -> None:
    stalls = Stalls()
    with fault(stand.db):
        stand.read(1)
        stand.bot.waitUntil(lambda: stand.word == "存不进去")
        assert said in stand.reason
        assert stand.desk.body.verdict.face.steps[1] == "1 次扫描在等"
        stand.read(2)
        stand.bot.waitUntil(lambda: stand.desk.intake.count == 2)
        assert stand.desk.body.header.pills.count()
        stand.bot.waitUntil(lambda: [scan.raw for scan in spool_of(stand).read()] == stand.codes[1:3])
    stand.bot.waitUntil(lambda: stand.desk.intake.count == 0)
    assert stand.kept() == [Verdict.ADMITTED] * 3
    stand.bot.waitUntil(lambda: not spool_of(stand).path.exists())
    stand.bot.wait(700)
    stand.read(3)
    stand.bot.waitUntil(lambda: len(stand.kept()) == 4)
    stand.bot.waitUntil(lambda: stand.word == "通过")
    assert stalls.longest < 0.5  # bench_outages measures it


def spool_of(stand: Stand) -> Spool:
    assert stand.desk.desk is not None
    return Spool(stand.db.url, stand.desk.desk.post.desk_id)


def test_who_should_not_have_come_in_is_named(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_window, "LATE", 0.2)
    with locked(stand.db):
        stand.read(1)
        QTest.keyClicks(stand.desk.line, "E1NOBODY0000000000000000000000000000\r")
        stand.bot.waitUntil(lambda: stand.word == "存不进去")
        stand.bot.wait(300)
    stand.bot.waitUntil(lambda: stand.word == "已恢复")
    assert stand.reason == "2 次在等的扫描都已补记"
    assert stand.desk.body.verdict.face.steps[0] == "其中 1 次不该放行"
    assert "补记的扫描里有 1 次不该放行" in messages.toasts(stand.desk)[0].text


def test_scans_that_wait_outlive_the_program(stand: Stand, qtbot: QtBot) -> None:
    with locked(stand.db):
        stand.read(1)
        stand.bot.waitUntil(lambda: stand.word == "存不进去")
        stand.bot.waitUntil(lambda: stand.desk._is_spooled)
        stand.desk.close()
        box = top(stand.desk)
        assert box is not None
        assert stand.desk.isVisible()
        assert "下次打开这个签到台时自动补记" in box.text  # type: ignore[attr-defined]
        box.press("verb")  # type: ignore[attr-defined]
        stand.bot.waitUntil(lambda: not stand.desk.isVisible())
    assert stand.kept() == [Verdict.ADMITTED]
    again = CheckinDesk(stand.context, "01 号台", "南门")
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(lambda: len(stand.kept()) == 2)
    qtbot.waitUntil(lambda: again.body.verdict.face.word == "已恢复")
    qtbot.waitUntil(lambda: not spool_of(stand).path.exists())
    again.close()


def test_a_fault_of_the_programs_own_is_for_the_supervisor(stand: Stand, caplog: pytest.LogCaptureFixture) -> None:
    with stand.db.writer.connect() as connection:
        connection.execute(text("ALTER TABLE presence RENAME TO absence"))
        connection.commit()
    with caplog.at_level(logging.CRITICAL):
        stand.read(1)
        stand.bot.waitUntil(lambda: stand.word == "找主管")
    assert stand.reason == "程序没能判断这次扫描，请找主管"
    with stand.db.writer.connect() as connection:
        connection.execute(text("ALTER TABLE absence RENAME TO presence"))
        connection.commit()
    stand.bot.wait(400)
    stand.read(2)
    stand.bot.waitUntil(lambda: stand.word == "通过")
    assert stand.kept() == [Verdict.ADMITTED, Verdict.DAMAGED, Verdict.ADMITTED]


def test_a_damaged_row_is_for_the_supervisor_and_the_next_is_judged(stand: Stand) -> None:
    with stand.db.writer.connect() as connection:
        connection.execute(
            text("UPDATE attendee SET state = 'CONFIRMEX' WHERE id = (SELECT attendee_id FROM badge WHERE code = :c)"),
            {"c": stand.codes[1]},
        )
        connection.commit()
    stand.read(1)
    stand.bot.waitUntil(lambda: stand.word == "找主管")
    stand.bot.wait(400)
    stand.read(2)
    stand.bot.waitUntil(lambda: stand.word == "通过")


@pytest.mark.skipif("EXPO_TEST_PG" not in os.environ, reason="EXPO_TEST_PG is not set: no PostgreSQL to test on")
@pytest.mark.parametrize("fault", ["cut", "fall_silent"])
def test_a_server_that_is_away(
    pg: Database, network: tuple[Proxy, str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    theme.apply(QApplication.instance(), "light")  # type: ignore[arg-type]
    monkeypatch.setattr(deadlines._Window, "thread", deadlines._Window.thread)
    monkeypatch.setattr(deadlines._Window, "spared_until", 0.0)
    proxy, url = network
    codes = fill(pg)
    db = open_database(url)
    deadlines.guard_this_thread()
    stand = Stand(db, qtbot, codes)
    stalls = Stalls()
    getattr(proxy, fault)()
    began = own_time()
    stand.read(1)
    stand.bot.waitUntil(lambda: stand.word == "服务器离线")
    assert own_time() - began < 2.5
    assert "起连不上数据库服务器。扫过的都留着" in stand.reason
    for which in (2, 3):
        stand.read(which)
    stand.bot.waitUntil(lambda: stand.desk.intake.count == 3)
    stand.bot.wait(1500)
    assert stalls.longest < 0.5
    proxy.heal()
    stand.bot.waitUntil(lambda: stand.desk.intake.count == 0)
    with pg.reading() as session:
        assert session.scalar(select(func.count(CheckIn.id))) == 4
    stand.desk.close()
    stand.context.close()
    db.close()


def test_the_windows_thread_asks_nothing_of_a_server_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg

    monkeypatch.setattr(deadlines._Window, "thread", 0)
    deadlines.guard_this_thread()
    monkeypatch.setattr(deadlines._Window, "spared_until", time.monotonic() + 60)
    with pytest.raises(psycopg.OperationalError):
        deadlines._spare_window()
    monkeypatch.setattr(deadlines._Window, "thread", 1)
    deadlines._spare_window()


def test_a_clock_that_was_set_is_asked_about_beside_the_scans(stand: Stand) -> None:
    at, seconds = [NOON], [0.0]
    stand.db.clock = SteadyClock(lambda: at[0], lambda: seconds[0])
    at[0] -= timedelta(1)
    seconds[0] += 5
    stand.desk._on_beat()
    panel = stand.desk.right.shown
    assert isinstance(panel, ClockPanel)
    assert stand.desk.body.header.clock.text() == "12:00"
    stand.read(0)
    stand.bot.waitUntil(lambda: stand.word == "已签到过")
    panel.stay.click()
    assert stand.desk.right.shown is None
    stand.desk._on_beat()
    assert stand.desk.right.shown is None
    at[0] += timedelta(1)
    stand.desk._on_beat()
    assert (stand.desk.right.shown, stand.db.clock.is_own) == (None, False)
    at[0] += timedelta(2)
    stand.desk._on_beat()
    panel = stand.desk.right.shown
    assert isinstance(panel, ClockPanel)
    panel.follow.click()
    assert stand.db.clock() == at[0]
