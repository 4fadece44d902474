"""When a backup of the open file is due, and making it: on time and quietly, or because somebody asked."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.store.database import Database
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages

if TYPE_CHECKING:
    from expo_app.store.backup import BackupInfo

BEAT, FIRST_LOOK = 5_000, 800  # milliseconds; the first page goes first


@dataclass(eq=False)
class _Due:
    """Of an open file, whoever works with it: another operator, expo or language makes a frame anew."""

    tried_at: float = field(default_factory=time.monotonic)
    is_changed: bool = False


_due: "WeakKeyDictionary[Database, _Due]" = WeakKeyDictionary()


class BackupTimer(QObject):
    """Backs up what was changed, as often as the settings say. `made_at`: when the newest backup was made, by this
    computer's clock; `told` when it is another.
    """

    told = Signal()

    def __init__(self, context: Context, host: QWidget) -> None:
        super().__init__(host)
        self._context, self._host = context, host
        self.made_at: datetime | None = None
        self._running = False
        self._due = _due.setdefault(context.db, _Due())
        context.changed.connect(self._on_changed)
        self._beat = QTimer(self, interval=BEAT)
        self._beat.timeout.connect(self._on_beat)
        self._beat.start()
        context.backed_up.connect(self.look)
        first = QTimer(self, singleShot=True, interval=FIRST_LOOK)
        first.timeout.connect(self.look)
        first.start()

    @property
    def is_changed(self) -> bool:
        """Whether something was written since the newest backup."""
        return self._due.is_changed

    def look(self) -> None:
        """Find the newest backup of this database, off the GUI thread: the folder may be on a slow disk."""
        folder, url = self._context.settings.backup_path, self._context.db.url

        def newest(_progress: object) -> datetime | None:
            from expo_app.store import backup  # on first use, as the window opens sooner without

            own = [info.path for info in backup.backups(folder) if info.source == url] if folder.is_dir() else []
            times = [path.stat().st_mtime for path in own]  # a rehearsal clock says nothing about a backup's age
            return datetime.fromtimestamp(max(times), UTC) if times else None

        jobs.run_job(self._host, _("备份"), newest, self._on_found, lambda _error: None, card=False)

    def _on_found(self, made_at: datetime | None) -> None:
        self.made_at = made_at
        self.told.emit()

    def _on_changed(self, _tables: frozenset[str]) -> None:
        self._due.is_changed = True

    def _on_beat(self) -> None:
        waited = time.monotonic() - self._due.tried_at > self._context.settings.backup_minutes * 60
        if self.is_changed and waited and not self._running and not self._context.is_read_only:
            self.back_up(quiet=True)

    def back_up(self, quiet: bool = False) -> None:
        """Make a backup in the folder of the settings; `quiet` says something only when it fails."""
        context = self._context
        if self._running or (not quiet and not context.may("backup.run")):
            return
        self._running, self._due.tried_at, self._due.is_changed = True, time.monotonic(), False
        db, folder = context.db, context.settings.backup_path

        def work(progress: jobs.Progress) -> "BackupInfo | None":
            from expo_app.store import backup

            return backup.auto_backup(db, folder, progress)

        def done(made: "BackupInfo | None") -> None:
            self._running = False
            self.made_at = datetime.now(UTC)
            self.told.emit()
            if not quiet and made is not None:
                messages.show(self._host, _("已备份到 {name}").format(name=made.path.name), "ok")

        def failed(error: Exception) -> None:
            self._running, self._due.is_changed = False, True
            if isinstance(error, UserError):
                messages.show(self._host, error, "warn" if quiet else "bad", (_("重试"), self.back_up))

        job = jobs.run_job(self._host, _("备份"), work, done, failed, card=not quiet)
        job.finished.connect(self._on_finished)

    def _on_finished(self) -> None:
        self._running = False
