"""The clock of an expo that rehearses: it runs on from one moment, and together for every program on one database.

Windows and gates tell each other nothing, so each works the same line out for itself: it began when the window that
holds the file took it, at the rehearsal's moment, where the window before it stopped, or at the newest scan there was.
While nobody has the file open the clock stands still.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import sound
from expo_app.model import Audit, CheckIn, Counter, Desk
from expo_app.model.base import moment_of
from expo_app.services.numbers import keep_highest
from expo_app.store.database import Database

Clock = Callable[[], float]
FEW = 20
"""Scans of a desk that are read for its latest sound one."""


class RehearsalClock:
    """Call it for the moment, aware. It never runs behind a scan made since the rehearsal's moment was set.

    `machine` and `monotonic` give seconds: the computer's own clock, and one that nobody can set.
    """

    def __init__(
        self,
        db: Database,
        expo_id: uuid.UUID,
        begin: datetime,
        machine: Clock = time.time,
        monotonic: Clock = time.monotonic,
    ) -> None:
        self._db, self._expo_id, self._first, self._monotonic = db, expo_id, begin, monotonic
        now = machine()
        since = db.claimed_since() or now
        with db.reading() as session:
            self._set_at = _last_set(session, expo_id)
            newest = self._newest(session)
            kept = session.scalar(select(Counter.__table__.c.next_no).where(Counter.__table__.c.series == self._series))
        runs = [(begin, since if self._set_at is None else max(since, moment_of(self._set_at)))]
        if newest is not None:
            runs.append((newest[0], max(since, moment_of(newest[1]))))
        if kept is not None:
            runs.append((begin + timedelta(seconds=kept), since))
        self._begin = max(at + timedelta(seconds=max(0.0, now - told)) for at, told in runs)
        self._start = monotonic()

    def __call__(self) -> datetime:
        return self._begin + timedelta(seconds=self._monotonic() - self._start)

    def catch_up(self) -> None:
        """Where another program's scans are ahead, go on from the newest of them."""
        with self._db.reading() as session:
            newest = self._newest(session)
        if newest is not None and newest[0] > self():
            self._begin, self._start = newest[0], self._monotonic()

    @property
    def _series(self) -> str:
        """Under which name the moment is kept; one that is set anew begins anew."""
        return f"clock {(self._set_at or self._expo_id).hex}"

    def keep(self) -> None:
        """Remember the moment, so that the next window goes on from it; never an earlier one."""
        with self._db.transaction() as session:
            keep_highest(session, self._series, ceil((self() - self._first).total_seconds()))

    def _newest(self, session: Session) -> tuple[datetime, uuid.UUID] | None:
        """Moment and key of the latest scan of this rehearsal: each desk's by its index, then the latest of those."""
        scan, desk = CheckIn.__table__, Desk.__table__  # tables: classes would be mapped, which every start waits for
        found = []
        for desk_id in session.scalars(select(desk.c.id).where(desk.c.expo_id == self._expo_id)):
            query = select(scan.c.at, scan.c.id).where(scan.c.desk_id == desk_id, scan.c.at > self._first)
            if self._set_at is not None:
                query = query.where(scan.c.id > self._set_at)
            rows = sound(
                session.execute(query.order_by(scan.c.at.desc()).limit(FEW))
            )  # a damaged moment sorts anywhere
            found += [(row.at, row.id) for row in rows[:1]]
        return max(found, default=None)


def _last_set(session: Session, expo_id: uuid.UUID) -> uuid.UUID | None:
    """The key of the change that set this rehearsal's moment: what was scanned before it belongs to an earlier one."""
    log = Audit.__table__
    changes = select(log.c.id, log.c.before, log.c.after).where(log.c.table_name == "expo", log.c.record_id == expo_id)
    for key, before, after in session.execute(changes.order_by(log.c.id.desc())):
        if (after or {}).get("rehearsal_at") != (before or {}).get("rehearsal_at"):
            found: uuid.UUID = key
            return found
    return None
