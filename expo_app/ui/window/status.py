"""The status bar's facts: database, desk, age of the backup, rehearsal clock and time; and the backups themselves."""

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.rules.ages import age_words
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog, top
from expo_app.ui.kit.panels import FactRow
from expo_app.ui.window.shell import StatusItem

if TYPE_CHECKING:
    from expo_app.store.backup import BackupInfo

BEAT, FIRST_LOOK = 5_000, 800  # milliseconds; the first page goes first
AMBER, RED = timedelta(minutes=30), timedelta(hours=2)


class Machine(QObject):
    """Watches what the status bar says. `told(items)` every few seconds and whenever something changed."""

    told = Signal(object)

    def __init__(self, context: Context, host: QWidget) -> None:
        super().__init__(host)
        self._context, self._host = context, host
        self._backed_up_at: datetime | None = None
        self._is_changed, self._running = False, False
        self._tried_at = time.monotonic()
        context.changed.connect(self._on_changed)
        self._beat = QTimer(self, interval=BEAT)
        self._beat.timeout.connect(self._on_beat)
        self._beat.start()
        context.backed_up.connect(self._look)
        first = QTimer(self, singleShot=True, interval=FIRST_LOOK)
        first.timeout.connect(self._look)
        first.start()

    def _look(self) -> None:
        """Find the newest backup of this database, off the GUI thread: the folder may be on a slow disk."""
        folder, url = self._context.settings.backup_path, self._context.db.url

        def newest(_progress: object) -> datetime | None:
            from expo_app.store import backup  # on first use, as the window opens sooner without

            own = [info.path for info in backup.backups(folder) if info.source == url] if folder.is_dir() else []
            times = [path.stat().st_mtime for path in own]  # a rehearsal clock says nothing about a backup's age
            return datetime.fromtimestamp(max(times), UTC) if times else None

        jobs.run_job(self._host, _("备份"), newest, self._on_found, lambda _error: None, card=False)

    def _on_found(self, made_at: datetime | None) -> None:
        self._backed_up_at = made_at
        self.tell()

    def _on_changed(self, _tables: frozenset[str]) -> None:
        self._is_changed = True

    def _on_beat(self) -> None:
        self.tell()
        waited = time.monotonic() - self._tried_at > self._context.settings.backup_minutes * 60
        if self._is_changed and waited and not self._running and not self._context.is_read_only:
            self.back_up(quiet=True)

    # --- what is said ---

    def tell(self) -> None:
        """Say it now."""
        self.told.emit(self.items())

    def items(self) -> list[StatusItem]:
        """The facts, in order."""
        context = self._context
        name = context.db.path.stem if context.db.path else _("服务器")
        state = _("只读") if context.is_read_only else _("正常")
        found = [
            StatusItem(
                "database", "database-2-line", _("展会库 {name} · {state}").format(name=name, state=state),
                "warn" if context.is_read_only else "", context.db.url,
            )
        ]  # fmt: skip
        if context.settings.desk_name:
            found.append(StatusItem("desk", "computer-line", context.settings.desk_name, tip=_("本机的签到台")))
        found.append(self._backup_item())
        if context.expo is not None and context.expo.rehearsal_at is not None:
            tip = _("示例展会按演练时钟走时，不是真实时间")
            found.append(StatusItem("clock", "timer-line", _("演练时钟"), "warn", tip, at_end=True))
        zone = context.expo.zone if context.expo else None
        now = context.now().astimezone(zone).strftime("%Y-%m-%d %H:%M")
        found.append(StatusItem("time", "time-line", now, at_end=True))
        return found

    def _backup_item(self) -> StatusItem:
        tip = _("点击立即备份")
        if self._backed_up_at is None:
            return StatusItem("backup", "history-line", _("还没有备份"), "warn", tip)
        age = datetime.now(UTC) - self._backed_up_at
        late = self._is_changed
        tone = "bad" if late and age > RED else "warn" if late and age > AMBER else ""
        return StatusItem("backup", "history-line", _("备份 {age}").format(age=age_words(age)), tone, tip)

    # --- what a press does ---

    def back_up(self, quiet: bool = False) -> None:
        """Make a backup in the folder of the settings; `quiet` says something only when it fails."""
        context = self._context
        if self._running or (not quiet and not context.may("backup.run")):
            return
        self._running, self._tried_at, self._is_changed = True, time.monotonic(), False
        db, folder = context.db, context.settings.backup_path

        def work(progress: jobs.Progress) -> "BackupInfo | None":
            from expo_app.store import backup

            folder.mkdir(parents=True, exist_ok=True)
            return backup.auto_backup(db, folder, progress)

        def done(made: "BackupInfo | None") -> None:
            self._running = False
            self._backed_up_at = datetime.now(UTC)
            self.tell()
            if not quiet and made is not None:
                messages.show(self._host, _("已备份到 {name}").format(name=made.path.name), "ok")

        def failed(error: Exception) -> None:
            self._running, self._is_changed = False, True
            if isinstance(error, UserError):
                messages.show(self._host, error, "warn" if quiet else "bad", (_("重试"), self.back_up))

        job = jobs.run_job(self._host, _("备份"), work, done, failed, card=not quiet)
        job.finished.connect(self._on_finished)

    def _on_finished(self) -> None:
        self._running = False

    def _back_up_now(self) -> None:
        front = top(self._host)
        if front is not None:
            front.cancel()
        self.back_up()

    def show_database(self) -> None:
        """Where the data lies, how big, in which state."""
        context, path = self._context, self._context.db.path
        box = Dialog(self._host, _("展会库"))
        facts = [(_("位置"), context.db.url), (_("状态"), _("只读") if context.is_read_only else _("可读写"))]
        if path is not None and path.exists():
            facts.append((_("大小"), f"{path.stat().st_size / 2**20:,.1f} MB"))
        facts.append((_("备份文件夹"), str(context.settings.backup_path)))
        for name, value in facts:
            box.body.addWidget(FactRow(name, value))
        clipboard = QGuiApplication.clipboard()
        box.add_action(Button(_("复制位置"), icon="file-copy-line", clicked=lambda: clipboard.setText(context.db.url)))
        if context.may("backup.run"):
            box.add_action(Button(_("立即备份"), icon="history-line", clicked=self._back_up_now))
        box.add_action(Button(_("关闭"), "primary", clicked=box.cancel), safe=True)
        box.open()
