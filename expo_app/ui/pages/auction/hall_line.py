"""Acts and looks of one session, one after the other in a thread of their own: neither disk nor network holds the
console, and bids are kept in the order in which they were typed.
"""

from __future__ import annotations

import os
import secrets
import socket
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.services import auction_hall
from expo_app.specs.auction_hall import Hall
from expo_app.store.database import Database
from expo_app.store.watch import UNLOGGED
from expo_app.ui.kit import jobs


class HallLine(QObject):
    """`seen(Hall)`: the session as it is now, after an act before its answer; `failed(error)`: it cannot be read."""

    seen = Signal(object)
    failed = Signal(object)

    def __init__(self, db: Database, parent: QWidget) -> None:
        super().__init__(parent)
        self._db, self._lane = db, jobs.Lane(parent)
        self.console = f"{socket.gethostname()[:40]}:{os.getpid()}-{secrets.token_hex(2)}"
        """No other console has this name, though two computers may: by it acts are known as its own."""
        self.session_id: uuid.UUID | None = None
        self._last: Hall | None = None
        """As it was read last: the thread's own, which is ahead of the window's."""
        self.acting = 0
        """Acts that were given and are not answered yet."""
        self._looking, self._again = False, frozenset[str]()

    def show(self, session_id: uuid.UUID | None) -> None:
        """Another session from now on."""
        self.session_id = session_id
        self.look()

    def look(self, tables: frozenset[str] = frozenset()) -> None:
        """Read the session, once more where it is being read already. `tables`: what changed, where that is known."""
        if self.session_id is None:
            return
        if self._looking:
            self._again |= tables or {""}
            return
        self._looking = True
        is_about_lots = bool(tables) and tables <= UNLOGGED
        self._lane.run(partial(self._read, self.session_id, is_about_lots), self._on_read, self._on_unread)

    def act(
        self, run: Callable[[Database, str], Any], done: Callable[[Any], object], failed: Callable[[Exception], object]
    ) -> None:
        """`run(db, console)` after what waits; then the session is read, and one of the two follows."""
        self.acting += 1
        work = partial(self._act, self.session_id, run)
        self._lane.run(work, partial(self._on_done, done), partial(self._on_not, failed))

    def ask(self, run: Callable[[Database], Any], done: Callable[[Any], object]) -> None:
        """Read something else, after what waits."""
        self._lane.run(partial(run, self._db), done, self.failed.emit)

    def stop(self) -> None:
        """Returns once what runs has ended."""
        self._lane.wait()

    # --- in the thread ---

    def _read(self, session_id: uuid.UUID, is_about_lots: bool = False) -> Hall | None:
        """None where nothing happened on any lot since the last time: after an act of this console, as a rule."""
        known = self._last
        if is_about_lots and known is not None and known.auction.id == session_id:
            now = {key: seq for key, _number, seq in auction_hall.numbers(self._db, session_id)}
            if now == {lot.id: lot.seq for lot in known.lots}:
                return None
        self._last = auction_hall.read_hall(self._db, session_id)
        return self._last

    def _act(self, session_id: uuid.UUID | None, run: Callable[[Database, str], Any]) -> tuple[Any, Hall | None]:
        found = run(self._db, self.console)
        try:
            return found, self._read(session_id) if session_id else None
        except UserError:  # what was done is kept; the next look says what there is
            return found, None

    # --- in the window's ---

    def _on_read(self, hall: Hall | None) -> None:
        self._looking = False
        self._show(hall)
        again, self._again = self._again, frozenset()
        if again:
            self.look(again - {""} if "" not in again else frozenset())

    def _on_unread(self, error: Exception) -> None:
        self._looking, self._again = False, frozenset()
        self.failed.emit(error)

    def _on_done(self, done: Callable[[Any], object], answer: tuple[Any, Hall | None]) -> None:
        self.acting -= 1
        found, hall = answer
        self._show(hall)
        if hall is None:
            self.look()
        done(found)

    def _on_not(self, failed: Callable[[Exception], object], error: Exception) -> None:
        self.acting -= 1
        failed(error)
        self.look()

    def _show(self, hall: Hall | None) -> None:
        if hall is not None and hall.auction.id == self.session_id:
            self.seen.emit(hall)
