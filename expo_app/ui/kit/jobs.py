"""Long work off the GUI thread. Threads appear here and nowhere else.

    run_job(self, _("导出参展商"), lambda progress: excel.write(spec, rows, path, progress), done=self._on_written)

`work(progress)` is an ordinary function that gets plain data and opens its own transactions. `progress(n, total, step)`
raises Cancelled once the person pressed 取消, so a transaction rolls back by itself.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, QRectF, QRunnable, Qt, QThreadPool, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget
from shiboken6 import isValid

from expo_app.errors import Cancelled, UserError
from expo_app.i18n import _
from expo_app.log import describe
from expo_app.ui.kit import icons, messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import ElidedLabel, Label, Meter, draw_box
from expo_app.ui.kit.panels import column, row

BEAT, BUSY_AFTER, BAR_AFTER = 50, 0.3, 2.0  # ms between looks at the progress; s until busy mark and bar
log = logging.getLogger(__name__)
_running: "set[Job]" = set()
Outcome = tuple[Any, Exception | None]


class Progress(Protocol):
    """`progress(n, total, step="")`: n of total is done; raises Cancelled after a cancel."""

    def __call__(self, n: int, total: int, step: str = "") -> None: ...


class Job(QObject):
    """One piece of work under way. Signals arrive on the GUI thread, progress at most 20 times a second."""

    progressed = Signal(int, int, str)
    finished = Signal()  # after done, failed or cancelled
    _ended = Signal(object, object)  # result, error: from the worker

    def __init__(self, title: str, work: Callable[[Progress], Any]) -> None:
        super().__init__()
        self.title, self.work = title, work
        self.stopping = ""  # what is said after 取消; "": that the data stay as they are
        self.is_cancelled = False
        self.is_shown = True  # False: housekeeping that nobody needs to wait for
        self.started_at = time.monotonic()
        self._state = self._told = (0, 0, "")
        self.at_end: Callable[[Outcome], None] = lambda _outcome: None
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._beat = QTimer(self, interval=BEAT)
        self._beat.timeout.connect(self._tell)
        self._beat.start()

    def cancel(self) -> None:
        """Ask the work to stop; its next `progress` raises Cancelled."""
        self.is_cancelled = True

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self.started_at

    def report(self, n: int, total: int, step: str = "") -> None:
        """What `work` gets as `progress`; called in the worker."""
        self._state = (n, total, step)
        if self.is_cancelled:
            raise Cancelled

    def _on_ended(self, result: Any, error: Exception | None) -> None:
        self.at_end((result, error))

    def _tell(self) -> None:
        if self._state != self._told:
            self._told = self._state
            self.progressed.emit(*self._told)


class _Run(QRunnable):
    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job

    def run(self) -> None:
        result, error = None, None
        try:
            result = self._job.work(self._job.report)
        except Exception as caught:  # noqa: BLE001  the job runner: whatever happened is told on the GUI thread
            error = caught
        self._job._ended.emit(result, error)


def run_job(
    parent: QWidget,
    title: str,
    work: Callable[[Progress], Any],
    done: Callable[[Any], object] | None = None,
    failed: Callable[[Exception], object] | None = None,
    *,
    card: bool = True,
) -> Job:
    """Run `work(progress)` in a worker; `done(result)` follows on the GUI thread.

    A UserError goes to `failed`, or to a message; cancelling is silent; any other error is a bug: log and crash dialog
    (`failed` is told too). Nothing is called once `parent` is gone. `card=False` leaves showing progress to the page,
    which connects `progressed`.
    """
    job = Job(title, work)
    job.is_shown = card
    _running.add(job)
    shown = JobCard(job, parent.window()) if card else None
    job.at_end = lambda outcome: _on_ended(job, parent, shown, outcome, (done, failed))
    QThreadPool.globalInstance().start(_Run(job))
    return job


class Lane:
    """A thread of its own for short acts that must not stand behind longer work, one after the other.

    An unexpected error is logged and given to `failed`, which says it in its place: there is no crash dialog.
    """

    def __init__(self, parent: QWidget) -> None:
        self._parent, self._pool = parent, QThreadPool(parent)
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(-1)

    def run(
        self, work: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[Exception], object]
    ) -> None:
        """Run `work()`; one of the two follows on the GUI thread, unless the parent is gone by then."""
        job = Job("", lambda _progress: work())
        job.is_shown = False
        _running.add(job)
        job.at_end = lambda outcome: self._on_ended(job, outcome, done, failed)
        self._pool.start(_Run(job))

    def wait(self, milliseconds: int = 3_000) -> bool:
        """Until what runs has ended; False when it did not in time."""
        return self._pool.waitForDone(milliseconds)

    def _on_ended(
        self, job: Job, outcome: Outcome, done: Callable[[Any], object], failed: Callable[[Exception], object]
    ) -> None:
        _running.discard(job)
        job._beat.stop()
        result, error = outcome
        if error is not None and not isinstance(error, UserError):
            log.error("an act failed", exc_info=error)
        if isValid(self._parent):
            if error is None:
                done(result)
            else:
                failed(error)
        job.finished.emit()


def running() -> list[Job]:
    """Jobs under way, so that the window can ask before it closes."""
    return list(_running)


def wait(milliseconds: int = 10_000) -> bool:
    """Cancel what runs and wait for the workers (when the program ends); False when they did not stop in time."""
    for job in _running:
        job.cancel()
    return QThreadPool.globalInstance().waitForDone(milliseconds)


Calls = tuple[Callable[[Any], object] | None, Callable[[Exception], object] | None]


def _on_ended(job: Job, parent: QWidget, shown: "JobCard | None", outcome: Outcome, calls: Calls) -> None:
    _running.discard(job)
    job._beat.stop()
    job._tell()
    if shown is not None and isValid(shown):
        shown.leave()
    if isValid(parent):
        _tell_outcome(job, parent, outcome, calls)
    elif outcome[1] is not None and not isinstance(outcome[1], Cancelled):
        log.error("job %r failed after its page was closed", job.title, exc_info=outcome[1])
    job.finished.emit()


def _tell_outcome(job: Job, parent: QWidget, outcome: Outcome, calls: Calls) -> None:
    (result, error), (done, failed) = outcome, calls
    if error is None:
        if done is not None:
            done(result)
    elif isinstance(error, Cancelled):
        pass
    elif isinstance(error, UserError):
        if failed is not None:
            failed(error)
        else:
            messages.show(parent, error)
    else:
        log.error("job %r failed", job.title, exc_info=error)
        if failed is not None:
            failed(error)
        messages.crash(parent, describe(error))


class JobCard(QFrame):
    """Progress at the bottom right: nothing for 300 ms, then a busy mark, after 2 s a bar with step, amounts, 取消."""

    def __init__(self, job: Job, window: QWidget) -> None:
        super().__init__(window)
        self.hide()
        self._job, self._turn = job, 0
        self.setFixedWidth(theme.Width.TOAST)
        self.setAccessibleName(job.title)
        lines = column(self)
        lines.setContentsMargins(theme.Space.L, theme.Space.M, theme.Space.L, theme.Space.M)
        head = row()
        head.addSpacing(theme.IconSize.INLINE + theme.Space.S)
        self._amount = Label("", "fact")
        head.addWidget(ElidedLabel(job.title, "strong"), 1)
        head.addWidget(self._amount)
        lines.addLayout(head)
        self._more = QWidget()
        more = column(self._more)
        self._meter, self._step = Meter(0, 1, "primary"), ElidedLabel("", "fact")
        foot = row()
        foot.addWidget(self._step, 1)
        self.cancel_button = Button(_("取消"), clicked=self._on_cancel)
        foot.addWidget(self.cancel_button)
        more.addWidget(self._meter)
        more.addLayout(foot)
        self._more.hide()
        lines.addWidget(self._more)
        job.progressed.connect(self._on_progressed)
        self._beat = QTimer(self, interval=2 * BEAT)
        self._beat.timeout.connect(self._advance)
        self._beat.start()

    def leave(self) -> None:
        """Take it away."""
        self._beat.stop()
        if self.isVisible():
            messages.corner(self.window()).remove(self)
        self.hide()
        self.deleteLater()

    def _advance(self) -> None:
        self._turn = (self._turn + 30) % 360
        if self._job.seconds >= BUSY_AFTER and self.isHidden():
            messages.corner(self.window()).add(self)
        if self._job.seconds >= BAR_AFTER and self._more.isHidden():
            self._more.show()
            messages.corner(self.window()).arrange()
        self.update()

    def _on_progressed(self, n: int, total: int, step: str) -> None:
        self._meter.set(n, total, "primary")
        self._amount.setText(f"{n:,} / {total:,}" if total else "")
        self._step.set_text(step)

    def _on_cancel(self) -> None:
        self._job.cancel()
        self.cancel_button.setEnabled(False)
        self._step.set_text(self._job.stopping or _("正在取消，数据保持原样"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_box(painter, QRectF(self.rect()), theme.color("primary.soft"), theme.color("primary"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = theme.IconSize.INLINE
        painter.translate(theme.Space.L + size / 2, theme.Space.M + 10)
        painter.rotate(self._turn)
        icons.draw(painter, "loader-4-line", "primary", QRectF(-size / 2, -size / 2, size, size))
