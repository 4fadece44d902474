"""自动排程 in its line: while it is computed, what came of it, what moved, taking it back."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.rules.meeting_board import Board
from expo_app.services import timetable_plan
from expo_app.services.timetable_acts import Moved
from expo_app.services.timetable_plan import Plan
from expo_app.ui.kit import jobs, messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.panels import column
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.matching.timetable_commands import TimetableActs
from expo_app.ui.pages.matching.timetable_dialogs import MovedDialog

Made = tuple[Plan, Moved | None]
"""A computed timetable, and what keeping it moved; None where nothing was better."""


class Computing(QWidget):
    """The line under the toolbar; not there before a timetable is computed. `host` carries dialogs and the job."""

    ended = Signal()

    def __init__(self, host: QWidget, acts: TimetableActs) -> None:
        super().__init__()
        self._host, self._acts = host, acts
        self._lines = column(self, 0)
        self._banner: Banner | None = None
        self._stop = threading.Event()
        self._job: jobs.Job | None = None
        self.plan: Plan | None = None
        self._is_of_act = False
        self.hide()

    @property
    def is_running(self) -> bool:
        """Whether a timetable is being computed."""
        return self._job is not None

    @property
    def words(self) -> str:
        """What the line says; "" where there is none."""
        return self._banner.text if self._banner is not None else ""

    def start(self, board: Board, ids: frozenset[uuid.UUID] | None) -> None:
        """Compute in a worker; `ids`: only these may be placed or moved."""
        if self._job is not None:
            return
        self._stop.clear()
        self.cancel_button = Button(_("取消，用已算出的"), "text", clicked=self._stop.set)
        self._show("info", _("正在排程…"), [self.cancel_button])
        work = partial(self._work, board, ids, self._acts.keeper())
        self._job = jobs.run_job(self._host, _("自动排程"), work, self._done, self._failed, card=False)
        self._job.progressed.connect(self._on_progress)
        self._job.finished.connect(self._on_finished)

    def stop(self) -> None:
        """Give up what is computed, keep nothing of it, and take the line away."""
        self._stop.set()
        if self._job is not None:
            self._job.cancel()
        self.forget()

    def _work(
        self, board: Board, ids: frozenset[uuid.UUID] | None, keep: Callable[[Plan], Moved], progress: jobs.Progress
    ) -> Made:
        job = self._job

        def is_over() -> bool:
            return self._stop.is_set() or (job is not None and job.is_cancelled)

        def better(plan: Plan) -> None:
            if not is_over():
                progress(len(plan.result.placed), len(plan.result.placed) + len(plan.result.left))

        plan = timetable_plan.compute(board, ids=ids, cancelled=is_over, better=better)
        progress(len(plan.result.placed), len(plan.result.placed) + len(plan.result.left))  # the window may be closing
        return plan, keep(plan) if plan.seats else None

    def _on_progress(self, placed: int, wanted: int, _step: str) -> None:
        if self._banner is not None and self._job is not None:
            words = _("正在排程：已排 {placed} / {wanted}，还在找更好的")
            self._banner.set_text(words.format(placed=f"{placed:,}", wanted=f"{wanted:,}"))

    def _done(self, made: Made) -> None:
        if self._job is not None and self._job.is_cancelled:
            return  # given up when it was already kept: as a draft of the expo it was computed for
        plan, moved = made
        self._job, self.plan = None, plan
        if moved is None:
            words = _("{result}。没有找到比现在更好的排法，什么也没有改（{how}）。")
            self._show("info", words.format(result=plan.words, how=plan.how), [self._close_button()])
        else:
            self._acts.applied(moved)
            self.back_button = Button(_("撤销这次排程"), "link", clicked=self._take_back)
            self.moved_button = Button(_("看移动的 {n} 场").format(n=f"{len(plan.moved):,}"), "link")
            self.moved_button.clicked.connect(lambda _checked=False: MovedDialog(self._host, plan).open())
            words = _("{result}。{how}").format(result=plan.words, how=plan.how)
            self._show("ok", words, [self.moved_button, self.back_button, self._close_button()])
            self._is_of_act = True

    def _failed(self, error: Exception) -> None:
        self._job = None
        self.forget()
        if isinstance(error, UserError):
            messages.show(self._host, error)

    def _on_finished(self) -> None:
        self._job = None
        self.ended.emit()

    def _close_button(self) -> Button:
        return Button(_("收起"), "text", clicked=self.forget)

    def _take_back(self) -> None:
        """The former plan whole, unless something was done since."""
        if self._acts.is_last_plan:
            self._acts.undo()
            self.forget()
        else:
            words = _("这次排程之后又有改动，没有撤销，数据未变。先用 Ctrl+Z 逐步撤回后来的改动。")
            messages.show(self._host, words, "warn")

    def settle(self) -> None:
        """The line goes where what it tells of was taken back, or can be no longer."""
        if self._job is None and self._is_of_act and not self._acts.is_plan_kept:
            self.forget()

    def forget(self) -> None:
        """Take the line away."""
        self.plan, self._is_of_act = None, False
        if self._banner is not None:
            self._lines.removeWidget(self._banner)
            self._banner.hide()
            self._banner.deleteLater()
            self._banner = None
        self.hide()

    def _show(self, kind: str, words: str, buttons: list[QWidget]) -> None:
        plan = self.plan
        self.forget()
        self.plan = plan
        self._banner = Banner(kind, words, buttons)
        self._lines.addWidget(self._banner)
        self.show()
