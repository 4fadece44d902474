"""The status bar's facts: database, desk, age of the backup, rehearsal clock and time."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.rules.ages import age_words
from expo_app.ui.context import Context
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog, top
from expo_app.ui.kit.panels import FactRow
from expo_app.ui.window.backup_timer import BEAT, BackupTimer
from expo_app.ui.window.daily_run import DailyRun
from expo_app.ui.window.shell import StatusItem

AMBER, RED = timedelta(minutes=30), timedelta(hours=2)


class Machine(QObject):
    """Watches what the status bar says. `told(items)` every few seconds and whenever something changed."""

    told = Signal(object)

    def __init__(self, context: Context, host: QWidget) -> None:
        super().__init__(host)
        self._context, self._host = context, host
        self.backups = BackupTimer(context, host)
        self.backups.told.connect(self.tell)
        self.daily = DailyRun(context, host)
        self._beat = QTimer(self, interval=BEAT)
        self._beat.timeout.connect(self.tell)
        self._beat.start()

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
            tip = _("按演练时钟走时，不是真实时间")
            found.append(StatusItem("clock", "timer-line", _("演练时钟"), "warn", tip, at_end=True))
        zone = context.expo.zone if context.expo else None
        now = context.now().astimezone(zone).strftime("%Y-%m-%d %H:%M")
        found.append(StatusItem("time", "time-line", now, at_end=True))
        return found

    def _backup_item(self) -> StatusItem:
        tip = _("点击立即备份")
        if self.backups.made_at is None:
            return StatusItem("backup", "history-line", _("还没有备份"), "warn", tip)
        age = datetime.now(UTC) - self.backups.made_at
        late = self.backups.is_changed
        tone = "bad" if late and age > RED else "warn" if late and age > AMBER else ""
        return StatusItem("backup", "history-line", _("备份 {age}").format(age=age_words(age)), tone, tip)

    # --- what a press does ---

    def _back_up_now(self) -> None:
        front = top(self._host)
        if front is not None:
            front.cancel()
        self.backups.back_up()

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
