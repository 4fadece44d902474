"""Documents being made: one after another, in a worker; what was made is remembered on this computer.

The queue belongs to the window, so it goes on while the person looks at other pages or changes the language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from expo_app import documents
from expo_app import settings as settings_store
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.services import change_stamp
from expo_app.services.expos import ExpoInfo
from expo_app.settings import Settings
from expo_app.store.database import Database
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages
from expo_app.ui.records import files

KEPT = 40
"""How many files made are remembered."""


@dataclass(frozen=True)
class Order:
    """A document somebody asked for. `layout`: paper of badges, a key of `reports.badges.LAYOUTS`."""

    document: documents.Document
    ending: str
    folder: Path
    expo: ExpoInfo
    layout: str = "90x130"
    of: date | None = None
    """The day it tells of, where it is `of_day`."""
    done: Callable[[], object] | None = field(default=None, compare=False)
    """Called when it was made by itself, as it is every day."""
    part: str = ""
    """The key of what it tells of alone; "" of all."""
    period: str = ""
    """The settlement period it tells of, where it is `of_period`; "" the last half-year."""

    @property
    def title(self) -> str:
        """The document's name in the current language."""
        return _(self.document.title)

    def path(self, at: datetime) -> Path:
        """The name it would like to have: title, expo and day or period."""
        day = self.period or (self.of or self.expo.local_day(at)).strftime("%m-%d")
        return self.folder / f"{files.safe_name(f'{self.title}_{self.expo.code}_{day}')}.{self.ending}"


@dataclass(frozen=True)
class Made:
    """A file that was made, as the settings keep it: all text. `at` by the expo's clock, ISO 8601; see `freshness`."""

    document: str
    path: str
    expo: str
    at: str
    stamp: str

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.at)

    @property
    def file(self) -> Path:
        """Where it lies, or lay."""
        return Path(self.path)


def made_files(context: Context) -> list[Made]:
    """Files made for the current expo on this computer, newest first."""
    names = {field.name for field in fields(Made)}
    known = [Made(**values) for values in context.settings.made_files if set(values) == names]
    return [made for made in known if made.expo == str(context.expo_id)]


def when(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """今天 10:42, 昨天 18:02, 11-27."""
    there, today = moment.astimezone(zone), now.astimezone(zone).date()
    if there.date() == today:
        return _("今天 {time}").format(time=f"{there:%H:%M}")
    if there.date() == today - timedelta(days=1):
        return _("昨天 {time}").format(time=f"{there:%H:%M}")
    return f"{there:%m-%d}"


def write(db: Database, order: Order, progress: jobs.Progress) -> tuple[Made, str]:
    """Make the file beside whatever is there already; for a worker. The figures are those of its start.

    With it comes what is to be said of characters that the font lacks.
    """
    at, seen = db.now(), change_stamp.stamp(db)
    path = files.free(order.path(at))
    name, layout = order.document.name, order.layout
    lacking = documents.write(
        db, order.expo, name, path, progress, layout=layout, day=order.of, part=order.part, period=order.period
    )
    made = Made(name, str(path), str(order.expo.id), at.isoformat(), seen)
    return made, documents.lacking_words(lacking)


class Maker(QObject):
    """The queue of one database. `changed`: something began, ended or waits; `progressed`: it came on."""

    changed = Signal()
    progressed = Signal()

    def __init__(self, host: QWidget, db: Database, settings: Settings) -> None:
        super().__init__(host)
        self.host, self.db, self.settings = host, db, settings
        self.job: jobs.Job | None = None
        self.current: Order | None = None
        self.waiting: list[Order] = []
        self.state = (0, 0, "")
        self._goes_on = True
        self.tried: set[tuple[str, ...]] = set()
        """What was ordered by itself since the window opened: a day's reports are tried once."""

    def order(self, order: Order) -> None:
        """Make it now, or after those before it."""
        self.waiting.append(order)
        self._next()
        self.changed.emit()

    def cancel(self) -> None:
        """Stop what is under way; nothing of it is left. The next one begins."""
        if self.job is not None:
            self._goes_on = True
            self.job.cancel()

    def _next(self) -> None:
        if self.current is not None or not self.waiting:
            return
        order = self.current = self.waiting.pop(0)
        self.state, self._goes_on = (0, 0, ""), False
        work, failed = partial(write, self.db, order), partial(self._on_failed, order)
        self.job = jobs.run_job(self.host, order.title, work, partial(self._on_made, order), failed, card=False)
        self.job.is_shown = True  # the window asks before it closes
        self.job.progressed.connect(self._on_progressed)
        self.job.finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)

    def _on_progressed(self, n: int, total: int, step: str) -> None:
        self.state = (n, total, step)
        self.progressed.emit()

    def _on_finished(self) -> None:
        if self.job is not None and self.job.is_cancelled and not self._goes_on:
            self.waiting.clear()  # not by the person: the database is being closed
        self.current = self.job = None
        self._next()
        self.changed.emit()

    def _on_made(self, order: Order, result: tuple[Made, str]) -> None:
        made, lacking = result
        self._remember(made_files=[asdict(made), *self.settings.made_files][:KEPT])
        action = (_("打开文件夹"), partial(files.open_folder, made.file))
        words = _("已生成 {name}") if order.done is None else _("定时报表：已生成 {name}")
        messages.show(self.host, words.format(name=made.file.name), "ok", action)
        if lacking:
            messages.show(self.host, lacking, "warn")
        if order.done is not None:
            order.done()

    def _on_failed(self, order: Order, error: Exception) -> None:
        if isinstance(error, UserError):
            messages.show(self.host, error, action=(_("换位置"), partial(self.elsewhere, order)))

    def elsewhere(self, order: Order) -> None:
        """Ask for another folder and make it there."""
        folder = QFileDialog.getExistingDirectory(self.host, _("保存到"), str(order.folder))
        if folder:
            self._remember(export_folder=folder)
            self.order(replace(order, folder=Path(folder)))

    def _remember(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self.settings, name, value)
        try:
            settings_store.save(self.settings)
        except UserError as error:
            messages.show(self.host, error, "warn")


def maker_of(context: Context) -> Maker:
    """The queue of this context's database, made on first use; it outlives the frame and its context."""
    host = context.host
    if host is None:
        raise ValueError("documents are made in a window")
    known = host.findChildren(Maker, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return next((maker for maker in known if maker.db is context.db), None) or Maker(host, context.db, context.settings)
