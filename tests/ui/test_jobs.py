"""Work off the GUI thread: its outcome arrives on it, once, and a cancelled job leaves without a word."""

import threading
import time

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from expo_app.errors import Cancelled, UserError
from expo_app.ui.kit import dialog, jobs, messages
from expo_app.ui.kit.jobs import Job, JobCard, Progress, run_job


def finish(qtbot: QtBot, job: Job) -> None:
    with qtbot.waitSignal(job.finished):
        pass


def test_the_result_arrives_on_the_gui_thread(window: QMainWindow, qtbot: QtBot) -> None:
    seen = []
    job = run_job(
        window, "导出", lambda progress: threading.get_ident(),
        done=lambda worker: seen.append((worker != threading.get_ident(), threading.current_thread().name)),
    )  # fmt: skip
    assert jobs.running() == [job]
    finish(qtbot, job)
    assert (seen, jobs.running()) == ([(True, "MainThread")], [])


def test_progress_comes_at_most_twenty_times_a_second_and_the_last_one_surely(
    window: QMainWindow, qtbot: QtBot
) -> None:
    def work(progress: Progress) -> None:
        for n in range(301):
            progress(n, 300, "排版")
            time.sleep(0.001)

    told = []
    job = run_job(window, "报表", work)
    job.progressed.connect(lambda n, total, step: told.append((n, total, step)))
    finish(qtbot, job)
    assert told[-1] == (300, 300, "排版")
    assert len(told) <= 2 + 20 * job.seconds


def test_cancelling_raises_in_the_work_and_says_nothing(window: QMainWindow, qtbot: QtBot) -> None:
    undone, outcome, started = [], [], threading.Event()

    def work(progress: Progress) -> None:
        try:
            for n in range(10_000):
                progress(n, 10_000)
                started.set()
                time.sleep(0.001)
        except Cancelled:
            undone.append(True)
            raise

    job = run_job(window, "导入", work, done=outcome.append, failed=outcome.append)
    assert started.wait(60)
    job.cancel()
    finish(qtbot, job)
    assert (undone, outcome, messages.toasts(window), dialog.top(window)) == ([True], [], [], None)


def test_a_known_problem_becomes_a_message(window: QMainWindow, qtbot: QtBot) -> None:
    def work(progress: Progress) -> None:
        raise UserError("磁盘已满", "E-DISK")

    finish(qtbot, run_job(window, "导出", work))
    assert [(toast.kind, toast.text) for toast in messages.toasts(window)] == [("bad", "磁盘已满 [E-DISK]")]


def test_a_known_problem_goes_to_who_asked_for_it(window: QMainWindow, qtbot: QtBot) -> None:
    def work(progress: Progress) -> None:
        raise UserError("磁盘已满")

    told: list[str] = []
    finish(qtbot, run_job(window, "导出", work, failed=lambda error: told.append(str(error))))
    assert (told, messages.toasts(window)) == (["磁盘已满"], [])


def test_a_bug_is_logged_and_shown_with_its_details(
    window: QMainWindow, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def work(progress: Progress) -> None:
        raise ZeroDivisionError("rows")

    told: list[str] = []
    finish(qtbot, run_job(window, "导出", work, failed=lambda error: told.append(type(error).__name__)))
    assert [record.getMessage() for record in caplog.records] == ["job '导出' failed"]
    assert told == ["ZeroDivisionError"]
    box = dialog.top(window)
    assert box is not None
    assert box.accessibleName() == "出了意外"
    box.cancel()
    caplog.clear()


def test_nothing_is_called_once_the_page_is_gone(window: QMainWindow, qtbot: QtBot, qapp: QApplication) -> None:
    go, outcome, page = threading.Event(), [], QWidget(window)
    job = run_job(page, "导出", lambda progress: go.wait(60), done=outcome.append)
    page.deleteLater()
    qapp.sendPostedEvents(page, QEvent.Type.DeferredDelete)
    go.set()
    finish(qtbot, job)
    assert outcome == []


def test_the_card_shows_late_and_grows_later(
    window: QMainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BUSY_AFTER", 0.15)
    monkeypatch.setattr(jobs, "BAR_AFTER", 600)
    go = threading.Event()

    def work(progress: Progress) -> None:
        while not go.wait(0.01):
            progress(62, 100, "排版成交图表")

    job = run_job(window, "展会总结报告", work)
    card = window.findChild(JobCard)
    assert card.isHidden()
    qtbot.waitUntil(card.isVisible)
    assert not card.cancel_button.isVisible()
    monkeypatch.setattr(jobs, "BAR_AFTER", 0.5)
    qtbot.waitUntil(card.cancel_button.isVisible)
    assert card._amount.text() == "62 / 100"
    card.cancel_button.click()
    assert job.is_cancelled
    finish(qtbot, job)
    assert messages.corner(window).cards == []


def test_a_quick_job_shows_no_card(window: QMainWindow, qtbot: QtBot) -> None:
    job = run_job(window, "导出", lambda progress: None)
    finish(qtbot, job)
    assert messages.corner(window).cards == []


def test_waiting_cancels_what_runs(window: QMainWindow) -> None:
    def work(progress: Progress) -> None:
        while True:
            progress(0, 0)
            time.sleep(0.005)

    job = run_job(window, "导入", work, card=False)
    assert jobs.wait(60_000)
    assert job.is_cancelled
