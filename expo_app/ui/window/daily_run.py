"""Reports made by themselves every day at the hour of the settings while the window is open, later if it was missed."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from expo_app import settings as settings_store
from expo_app.rules.daily_run import SINCE, due_day, mark, read_hour
from expo_app.services.expos import ExpoInfo
from expo_app.ui.context import Context

BEAT, FIRST_LOOK = 20_000, 3_000  # milliseconds; the first page goes first


class DailyRun(QObject):
    """Orders what is due; the queue of documents makes it in a worker, tells of it, and never overwrites.

    A report that fails is said so and tried again when the window opens next; a day is made once.
    """

    def __init__(self, context: Context, host: QWidget) -> None:
        super().__init__(host)
        self._context = context
        self._beat = QTimer(self, interval=BEAT)
        self._beat.timeout.connect(self.look)
        self._beat.start()
        first = QTimer(self, singleShot=True, interval=FIRST_LOOK)
        first.timeout.connect(self.look)
        first.start()

    def look(self) -> None:
        """Order what is due now by the expo's clock."""
        context, expo = self._context, self._context.expo
        if expo is None or not context.settings.daily_reports:
            return
        now = context.now().astimezone(expo.zone)
        settings_store.look_again(context.settings)
        marks = context.settings.daily_marks
        since = marks.get(mark(expo.id, SINCE))
        if since is None or datetime.fromisoformat(since) > now:  # not wanted before, or by a clock that was ahead
            self._mark(expo, SINCE, now.isoformat())
            return
        for report in context.settings.daily_reports:
            done = marks.get(mark(expo.id, report))
            last = date.fromisoformat(done) if done else None
            day = due_day(now, read_hour(context.settings.daily_at), datetime.fromisoformat(since), last)
            if day is not None:
                self._order(expo, report, day)

    def _order(self, expo: ExpoInfo, report: str, day: date) -> None:
        from expo_app import documents
        from expo_app.ui.pages.reports.making import Order, maker_of
        from expo_app.ui.records import files

        context, (name, _dot, ending) = self._context, report.partition(".")
        known = next((one for one in documents.all_documents() if one.name == name and ending in one.formats), None)
        maker, tried = maker_of(context), (mark(expo.id, report), day.isoformat())
        if known is None or tried in maker.tried:  # a newer program had one of that name, or it failed already
            return
        maker.tried.add(tried)
        folder = context.settings.daily_folder
        done = partial(self._mark, expo, report, day.isoformat())
        maker.order(
            Order(
                known, ending, Path(folder) if folder else files.folder_of(context), expo,
                context.settings.badge_layout, day if known.of_day else None, done,
            )
        )  # fmt: skip

    def _mark(self, expo: ExpoInfo, what: str, value: str) -> None:
        self._context.remember({mark(expo.id, what): value})
