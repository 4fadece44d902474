"""The rehearsal's clock across windows: the next one goes on where this one was closed."""

from datetime import timedelta

from PySide6.QtWidgets import QMainWindow

from expo_app.services import expos
from expo_app.services.rehearsal import RehearsalClock
from expo_app.settings import Settings
from expo_app.store.database import Database
from expo_app.ui.context import Context
from tests.factories import local, make_expo

BEGIN = local(29, 10, 42)


def test_the_next_window_goes_on_where_this_one_was_closed(db: Database, window: QMainWindow) -> None:
    with db.transaction() as session:
        expo_id = make_expo(session, rehearsal_at=BEGIN).id
    (expo,) = expos.all_expos(db)
    passed = 0.0
    clock = RehearsalClock(db, expo_id, BEGIN, monotonic=lambda: passed)
    context = Context(db, Settings(), expo, window, clock)
    passed = 600.0
    context.close()
    again = Context(db, Settings(), expo, window)
    assert BEGIN + timedelta(minutes=10) <= again.now() < BEGIN + timedelta(minutes=11)
    again.close()
