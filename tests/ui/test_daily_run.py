"""A daily run: at its hour while the window is open, at the next start if it was missed, once, beside what is there."""

from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMainWindow, QWidget

from expo_app import settings
from expo_app.rules.daily_run import SINCE, mark
from expo_app.services import expos
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages
from expo_app.ui.pages.reports import ReportsPage
from expo_app.ui.window.daily_run import DailyRun
from tests.factories import local
from tests.ui.conftest import put


def settle(qapp):
    """Until nothing is being made: `jobs.wait` would cancel it."""
    qapp.processEvents()
    while jobs.running():
        qapp.processEvents()
    qapp.processEvents()


class Clock:
    """The moment of a test, which is set by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(context):
    made = Clock(local(28, 9))
    context.db.clock = made
    return made


@pytest.fixture
def folder(context, tmp_path):
    made = tmp_path / "daily"
    made.mkdir()
    context.settings.daily_reports, context.settings.daily_folder = ["bulletin.pdf"], str(made)
    return made


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def said(window: QWidget) -> list[str]:
    return [toast.text for toast in messages.toasts(window)]


def test_it_runs_at_its_hour_and_once(context, window, clock, folder, qapp):
    run = DailyRun(context, window)
    for hour, minute, count in ((9, 0, 0), (17, 59, 0), (18, 0, 1), (18, 1, 1), (23, 59, 1)):
        clock.at = local(28, hour, minute)
        run.look()
        settle(qapp)
        assert len(names(folder)) == count, (hour, minute)
    clock.at = local(29, 18, 3)
    run.look()
    settle(qapp)
    assert [name.rpartition("_")[2] for name in names(folder)] == ["11-28.pdf", "11-29.pdf"]
    assert any("定时报表：已生成" in text for text in said(window))
    assert settings.load().daily_marks[mark(context.expo_id, "bulletin.pdf")] == "2018-11-29"


def another_start(context, qapp):
    """The window is closed and opened again, with the settings that were kept."""
    window = QMainWindow()
    window.setCentralWidget(QWidget())
    window.show()
    again = Context(context.db, settings.load(), expos.current(context.db), window, clock=context.db.clock)
    return again, window, DailyRun(again, window)


def test_what_was_missed_is_made_at_the_next_start_once(context, window, clock, folder, qapp):
    DailyRun(context, window).look()
    clock.at = local(30, 10)  # closed on two evenings
    for _n in range(2):
        again, _window, run = another_start(context, qapp)
        run.look()
        run.look()
        settle(qapp)
        again.close()
        assert [name.rpartition("_")[2] for name in names(folder)] == ["11-29.pdf"]


def test_it_never_overwrites(context, window, clock, folder, qapp):
    DailyRun(context, window).look()
    expo = context.expo
    there = folder / f"每日快报_{expo.code}_11-28.pdf"
    there.write_bytes(b"somebody's")
    clock.at = local(28, 18, 30)
    DailyRun(context, window).look()
    settle(qapp)
    assert names(folder) == [there.name, f"{there.stem}_2.pdf"]
    assert there.read_bytes() == b"somebody's"


def test_a_failure_is_said_and_tried_again_at_the_next_start(context, window, clock, folder, qapp):
    run = DailyRun(context, window)
    run.look()
    folder.rmdir()
    clock.at = local(28, 18)
    for _n in range(3):
        run.look()
        settle(qapp)
    assert [text.partition("_")[0] for text in said(window)] == ["没有写成 每日快报"]
    assert mark(context.expo_id, "bulletin.pdf") not in settings.load().daily_marks
    folder.mkdir()
    again, _window, later = another_start(context, qapp)
    later.look()
    settle(qapp)
    again.close()
    assert [name.rpartition("_")[2] for name in names(folder)] == ["11-28.pdf"]


def test_nothing_is_made_that_was_due_before_it_was_wanted(context, window, clock, folder, qapp):
    clock.at = local(29, 20)
    run = DailyRun(context, window)
    for minute in (0, 1):
        clock.at = local(29, 20, minute)
        run.look()
        settle(qapp)
    assert names(folder) == []
    assert mark(context.expo_id, SINCE) in context.settings.daily_marks


def test_two_windows_make_a_day_once_and_keep_each_others_marks(context, window, clock, folder, qapp):
    DailyRun(context, window).look()
    again, other, run = another_start(context, qapp)
    again.settings.daily_marks = {}
    context.settings.daily_marks["another expo since"] = "2018-11-01T09:00:00+08:00"
    context.remember()
    clock.at = local(28, 18)
    run.look()
    settle(qapp)
    DailyRun(context, window).look()
    settle(qapp)
    again.close()
    assert len(names(folder)) == 1
    assert set(settings.load().daily_marks) == {
        "another expo since", mark(context.expo_id, SINCE), mark(context.expo_id, "bulletin.pdf"),
    }  # fmt: skip
    assert other.isVisible()


def test_a_clock_that_was_ahead_once_stops_nothing(context, window, clock, folder, qapp):
    context.settings.daily_marks = {
        mark(context.expo_id, SINCE): "2030-01-01T09:00:00+08:00", mark(context.expo_id, "bulletin.pdf"): "2030-01-01",
    }  # fmt: skip
    run = DailyRun(context, window)
    run.look()
    clock.at = local(28, 18)
    for _n in range(2):
        run.look()
        settle(qapp)
    assert [name.rpartition("_")[2] for name in names(folder)] == ["11-28.pdf"]


def test_the_button_says_the_hour_and_the_dialog_keeps_it(context, window, clock, tmp_path, qapp):
    context.settings.daily_marks = {"another since": "2018-11-01T09:00:00+08:00"}
    page = ReportsPage(context)
    put(window, page)
    settle(qapp)
    button = page.panel.daily_button
    assert (button.text() or button.toolTip()) == "定时"
    button.click()
    from expo_app.ui.pages.reports.daily import DailyDialog

    (box,) = window.findChildren(DailyDialog)
    assert box.reports == ["bulletin.pdf"]
    box.hour.setText("六点")
    box.save()
    assert box.is_open
    assert "不是钟点" in box.hour_field.problem
    box.hour.setText("17:30")
    assert not box.hour_field.problem, "what is mended is no longer red"
    box.folder.set_value(tmp_path)
    box.save()
    assert (context.settings.daily_at, context.settings.daily_reports) == ("17:30", ["bulletin.pdf"])
    assert settings.load().daily_folder == str(tmp_path)
    assert button.toolTip() == "定时每日 17:30"
    assert context.settings.daily_marks == {
        "another since": "2018-11-01T09:00:00+08:00", mark(context.expo_id, SINCE): "2018-11-28T09:00:00+08:00",
    }  # fmt: skip
