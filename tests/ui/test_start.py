"""The start page's sample is the whole one, there when it is ready; the lists to try an import with are at hand."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from expo_app import paths, settings
from expo_app.errors import Cancelled
from expo_app.services import expos, records, sample
from expo_app.services.statistics.overview import overview
from expo_app.settings import Settings
from expo_app.specs import ATTENDEES
from expo_app.store.database import open_database
from expo_app.ui.kit import jobs
from expo_app.ui.window import Window, start
from expo_app.ui.window.password import PasswordPage
from expo_app.ui.window.start import SAMPLE_STEPS, StartPage, build_sample
from tests.asking_server import asking
from tests.ui.conftest import put

STEPS = [
    "建立示例展会", "导入 exhibitors_untidy.xlsx", "导入 attendees_untidy.xlsx", "制证", "重放第二天上午的签到",
    "登记成交", "登记供需对接",
]  # fmt: skip


def test_the_sample_is_the_whole_one(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    target = build_sample(tmp_path / "sample.db", lambda n, total, step="": told.append((n, total, step)), 700)
    assert told == [(n, SAMPLE_STEPS, step) for n, step in enumerate(STEPS)]
    db = open_database(target)
    try:
        expo = expos.current(db)
        assert expo is not None
        now = overview(db, expo.id, expos.clock_of(db, expo)())
        assert records.count(db, ATTENDEES, expo.id) == 700
        assert now.exhibitors.value == 176
        assert all(figure.value for figure in (now.checked_in, now.arrived, now.signed))
        assert any(room.present for room in now.rooms)
    finally:
        db.close()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("sample")] == ["sample.db"]


def test_a_cancelled_sample_leaves_nothing_and_can_be_asked_for_again(
    window: QMainWindow, monkeypatch: pytest.MonkeyPatch, qapp: QWidget
) -> None:
    page = StartPage([])
    put(window, page)
    page.make_sample()
    assert not page.sample_button.isEnabled()
    assert jobs.wait(60_000)  # cancels what runs
    qapp.processEvents()
    assert page.sample_button.isEnabled()
    assert not (paths.data_dir() / "sample.db").exists()


def test_a_stop_between_two_steps_leaves_nothing(tmp_path: Path) -> None:
    def stop(n: int, _total: int, _step: str = "") -> None:
        if n == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        build_sample(tmp_path / "sample.db", stop, 700)
    assert list(tmp_path.glob("sample*")) == []


def test_the_untidy_lists_are_one_press_away(window: QMainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    page = StartPage([])
    put(window, page)
    shown = [b for b in page.findChildren(start.Button) if b.text() == "这个文件夹"]
    shown[0].click()
    folder = Path(opened[0].toLocalFile())
    assert [(folder / file).is_file() for _kind, file in sample.FILES] == [True, True]


# --- a server that asks for its password ---


def test_a_remembered_server_asks_for_its_password_and_keeps_it_nowhere(
    qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSFILE", str(home / "none"))
    with asking() as server:
        window = Window(Settings(recent_files=[server.address]))
        qtbot.addWidget(window)
        window.open(server.address)
        page = window.content
        assert isinstance(page, PasswordPage)
        assert server.address in [label.text() for label in page.findChildren(QLabel)]
        QTest.keyClicks(page.password, "s3cret")
        QTest.keyClick(page.password, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: window.content is not page)
        again = window.content
        assert isinstance(again, PasswordPage)
        assert server.passwords == ["s3cret"]
        assert again.field.problem.endswith("[E-DB-LOGIN]")
        assert again.password.text() == ""
        window.close()
    assert "s3cret" not in settings.path().read_text(encoding="utf-8")


def test_an_address_is_shown_without_its_password(qtbot: QtBot) -> None:
    """Also one that an earlier version remembered, and one that cannot be opened."""
    old = "postgresql+psycopg://desk:***@10.0.0.9/expo?options=-c+lock_timeout%3D5000"
    page = StartPage([old])
    qtbot.addWidget(page)
    said = [label.text() for label in page.findChildren(QLabel)]
    assert [text for text in said if "desk" in text] == ["postgresql://desk@10.0.0.9/expo"]
    window = Window(Settings())
    qtbot.addWidget(window)
    window.open("postgresql://desk:s3cret@127.0.0.1:1")
    assert window.content is not None
    assert [label.text() for label in window.content.findChildren(QLabel) if "s3cret" in label.text()] == []
