"""The figures and the last scans in the right column: a scan stands there at once, what others did follows."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from expo_app.i18n import _
from expo_app.services import checkin, checkin_gates
from expo_app.services.checkin import DeskFigures, LastScan, Scan
from expo_app.services.checkin_gates import Crowd
from expo_app.ui.pages.checkin_desk import verdict_words
from expo_app.ui.pages.checkin_desk.layout import LAST

if TYPE_CHECKING:
    from expo_app.ui.pages.checkin_desk.desk_window import CheckinDesk

STALE, RECOUNT = 400, 30.0  # ms until figures are counted again, seconds without a reason to


class Tally:
    """What one desk window has counted."""

    def __init__(self, window: CheckinDesk) -> None:
        self._window = window
        self._figures, self._lines, self._version = DeskFigures(0, 0, 0.0), list[LastScan](), 0
        self.crowd: Crowd | None = None
        """How many are in the place the desk's gate leads into."""
        self._counted_at = time.monotonic()
        self._stale = QTimer(window, singleShot=True, interval=STALE)
        self._stale.timeout.connect(self.recount)

    def start(self) -> None:
        """Another desk: nothing of the one before stays."""
        self._lines, self.crowd = [], None
        self.recount()

    def stop(self) -> None:
        """Count no more."""
        self._stale.stop()

    def add(self, scan: Scan) -> None:
        """A scan that was just shown."""
        self._version += 1
        older = [line for line in self._lines if line.id != scan.id]  # it may have been read before it was shown
        self._lines = [verdict_words.as_last(scan), *older][:LAST]
        self.show()
        self.recount_soon()

    def recount(self) -> None:
        """Read the figures and the last scans again, off the window's thread."""
        window = self._window
        if window.desk is None:
            return
        db, post = window.context.db, window.desk.post
        self._counted_at = time.monotonic()
        window.ask(
            lambda: (
                checkin.figures(db, post),
                checkin.last_scans(db, post, LAST),
                checkin_gates.crowd_of(db, post.gate_id),
            ),
            partial(self._on_counted, self._version),
            lambda _error: None,  # the figures shown stay; the next scan or beat counts again
        )

    def _on_counted(self, version: int, counted: tuple[DeskFigures, list[LastScan], Crowd]) -> None:
        """All figures are of one moment; the lines only where no scan came meanwhile."""
        self._figures, self.crowd = counted[0], counted[2]
        if version == self._version:
            self._lines = counted[1]
        else:
            self.recount_soon()
        self.show()

    def recount_soon(self) -> None:
        """Once, after a moment, however many ask for it."""
        if not self._stale.isActive():
            self._stale.start()

    def recount_old(self) -> None:
        """Count again where that was long ago."""
        if time.monotonic() - self._counted_at > RECOUNT:
            self.recount()

    def show(self) -> None:
        """Put it on the screen."""
        side, figures = self._window.body.side, self._figures
        self._window.show_pills()
        total = _("全场 {n}").format(n=f"{figures.expo:,}")
        side.counts.show_counts(_("本台今日"), f"{figures.desk:,}", _("人"), total, verdict_words.pace_of(figures))
        side.last.show_lines([verdict_words.last_line(line) for line in self._lines], _("还没有签到"))
