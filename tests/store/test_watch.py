"""What other programs write is heard; what this one writes is not taken for theirs."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from expo_app.model import Base, Expo, Venue
from expo_app.services import checkin
from expo_app.store.database import Database, open_database
from tests.factories import local, make_attendee, make_badge, make_desk, make_expo, make_gate

ALL = frozenset(Base.metadata.tables)
NOTHING: frozenset[str] = frozenset()


def add_venue(db: Database, name: str = "甲馆") -> None:
    with db.transaction() as session:
        session.add(Venue(name=name))


@pytest.fixture
def here(db_path: Path) -> Iterator[Database]:
    """The window's database, watching."""
    made = open_database(db_path)
    assert made.hear_others() == NOTHING
    yield made
    made.close()


@pytest.fixture
def there(db_path: Path) -> Iterator[Database]:
    """The same file in another program's hands."""
    made = open_database(db_path)
    yield made
    made.close()


def test_others_are_heard_once_and_announced(here: Database, there: Database) -> None:
    heard: list[frozenset[str]] = []
    here.listen(heard.append)
    add_venue(there)
    assert (here.hear_others(), here.hear_others(), heard) == (ALL, NOTHING, [ALL])


def test_our_own_writes_are_not_others(here: Database, there: Database) -> None:
    heard: list[frozenset[str]] = []
    here.listen(heard.append)
    for number in range(3):
        add_venue(here, f"{number} 号馆")
    assert (here.hear_others(), heard) == (NOTHING, [frozenset({"venue", "audit"})] * 3)


@pytest.mark.parametrize("order", ["them, us", "us, them", "us, them, us"])
def test_others_between_our_own_are_heard(here: Database, there: Database, order: str) -> None:
    for number, who in enumerate(order.split(", ")):
        add_venue(there if who == "them" else here, f"{number} 号馆")
    assert (here.hear_others(), here.hear_others()) == (ALL, NOTHING)


def test_whoever_follows_right_behind_our_commit_is_heard(here: Database, there: Database) -> None:
    """Between our commit and the look after it somebody else may be in time."""
    watch = here._watch
    assert watch is not None
    usual, calls = watch._version, []  # type: ignore[union-attr]

    def with_somebody(connection: object) -> int | None:
        calls.append(connection)
        if len(calls) == 3:  # the first look after our commit
            add_venue(there, "乙馆")
        return usual(connection)

    watch._version = with_somebody  # type: ignore[union-attr, method-assign, assignment]
    add_venue(here)
    assert (here.hear_others(), here.hear_others()) == (ALL, NOTHING)


def test_scans_of_a_headless_gate_are_told_as_scans(here: Database, there: Database) -> None:
    with there.transaction() as session:
        expo = make_expo(session)
        make_desk(session, make_gate(session, expo, "南门"), "南门 01 号台")
        code = make_badge(session, make_attendee(session, expo, "沈华棣")).code
    assert here.hear_others() == ALL
    desk, own = (checkin.open_desk(db, expo.id, "南门 01 号台") for db in (there, here))
    assert desk.check_in(code, local(29, 12)).lets_in
    assert here.hear_others() == frozenset({"check_in"})
    assert own.check_in(code, local(29, 13)).lets_in
    assert here.hear_others() == NOTHING
    desk.close()
    own.close()


def test_a_write_that_is_rolled_back_changes_nothing(here: Database, there: Database) -> None:
    for db in (here, there):
        with pytest.raises(ZeroDivisionError), db.transaction() as session:
            session.add(Venue(name="甲馆"))
            session.flush()
            _ = 1 / 0
    assert here.hear_others() == NOTHING
    add_venue(there)
    assert here.hear_others() == ALL


def test_looking_neither_waits_nor_takes_the_lock(here: Database, there: Database) -> None:
    with there.writer.connect() as connection, connection.begin():
        assert here.hear_others() == NOTHING
    writing, going_on = threading.Event(), threading.Event()

    def slow() -> None:
        with here.transaction() as session:
            session.add(Venue(name="甲馆"))
            session.flush()
            watch = here._watch
            assert watch is not None
            with watch._lock:  # type: ignore[union-attr]
                writing.set()
                assert going_on.wait(60)

    thread = threading.Thread(target=slow)
    thread.start()
    assert writing.wait(60)
    assert here.hear_others() == NOTHING  # at once, although our own write is under way
    add_free = open_database(there.path or Path())
    going_on.set()
    thread.join()
    add_venue(add_free, "乙馆")
    add_free.close()
    assert here.hear_others() == ALL


def test_a_server_is_asked_for_what_is_new(db: Database) -> None:
    """Of a server nobody's writes are told apart, but scans are told from the rest."""
    with db.transaction() as session:
        expo = make_expo(session)
        make_desk(session, make_gate(session, expo, "南门"), "南门 01 号台")
        code = make_badge(session, make_attendee(session, expo, "沈华棣")).code
    assert db.hear_others() == NOTHING
    desk = checkin.open_desk(db, expo.id, "南门 01 号台")
    assert desk.check_in(code, local(29, 12)).lets_in
    own = NOTHING if db.is_sqlite else frozenset({"check_in"})
    assert (db.hear_others(), db.hear_others()) == (own, NOTHING)
    with db.transaction() as session:
        session.get_one(Expo, expo.id).short_name = "改过"
    assert (db.hear_others(), db.hear_others()) == (NOTHING if db.is_sqlite else ALL, NOTHING)
    desk.close()
