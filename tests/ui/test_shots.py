"""The program that draws every screen: it can draw them all, and no text is clipped in either language."""

import itertools
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from expo_app.ui.kit.labels import ElidedLabel, Label, Pill

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "packaging"))
import stage  # noqa: E402
from clipped import clips_in, fixed_too_small, painted  # noqa: E402


def shots(folder: Path, *given: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "packaging" / "shots.py"), str(folder), *given]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def said(run: subprocess.CompletedProcess[str]) -> list[str]:
    """What it found: clipped texts, and pictures it could not draw."""
    lines = [*run.stdout.splitlines(), *run.stderr.splitlines()]
    return [line for line in lines if line.startswith(("clipped", "failed"))]


def test_a_busy_machine_takes_no_window_for_settled_that_still_lays_itself_out(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = itertools.count()
    monkeypatch.setattr(stage.time, "monotonic", lambda: float(next(late)))  # a second goes by between two looks
    turns = []

    def turn() -> None:
        turns.append(None)
        if len(turns) < 6:
            QTimer.singleShot(0, turn)

    QTimer.singleShot(0, turn)
    stage.Stage.settle(SimpleNamespace(app=qapp, still=stage.LONG))  # type: ignore[arg-type]
    assert len(turns) == 6


FEW = ("home", "attendees-panel", "reports-files", "dialog-import-plan", "desk-admitted", "start")
"""A table, figures, a form, a dialog, the desk and the start page: each with words nobody else has."""


def test_screens_of_every_kind_are_drawn_in_both_languages_without_clipped_text(tmp_path: Path) -> None:
    only = [word for name in FEW for word in ("--only", name)]
    run = shots(tmp_path, "--theme", "light", "--size", "1366x768", *only)
    assert said(run) == []
    assert run.returncode == 0, run.stderr
    named = {f"{name}.{language}.light.1366x768.png" for name in FEW for language in ("zh_CN", "en")}
    assert {path.name for path in tmp_path.iterdir()} == named


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_screen_and_dialog_in_every_look_and_size(tmp_path: Path, theme: str, language: str) -> None:
    run = shots(tmp_path, "--theme", theme, "--language", language)
    assert said(run) == []
    names = {path.name.split(".")[0] for path in tmp_path.glob("*.png")}
    assert len(names) > len(FEW)
    assert len(list(tmp_path.glob("*.png"))) == len(names) * 2
    assert run.returncode == 0, run.stderr


# --- the search itself ---


def shown(*widgets: QWidget, width: int = 60) -> QWidget:
    """The widgets beside each other at their own size in a window of `width`."""
    window = QWidget()
    window.resize(width, 200)
    for widget in widgets:
        widget.setParent(window)
    window.show()
    QApplication.processEvents()
    return window


def found(window: QWidget) -> list[tuple[str, str]]:
    with painted() as clips:
        window.grab()
    return [(clip.where, clip.way) for clip in (*clips, *clips_in(window), *fixed_too_small(window))]


def test_a_label_that_fits_is_fine_and_one_that_does_not_is_found(qapp: QApplication) -> None:
    label = Label("签约项目总数")
    window = shown(label, width=400)
    label.resize(label.sizeHint())
    assert found(window) == []
    label.resize(40, 20)
    assert found(window) == [("Label", "across")]


def test_a_wrapping_label_needs_height(qapp: QApplication) -> None:
    label = Label("一段会折成几行的说明，讲清楚为什么", wrap=True)
    window = shown(label, width=400)
    label.resize(80, 120)
    assert found(window) == []
    label.resize(80, 22)
    assert found(window) == [("Label", "down")]


def test_eliding_labels_are_left_alone(qapp: QApplication) -> None:
    label = ElidedLabel("一家名字很长很长的公司")
    window = shown(label, width=400)
    label.resize(40, 20)
    assert found(window) == []


def test_buttons_and_choices_are_looked_at(qapp: QApplication) -> None:
    button, choice = QPushButton("导入全部参展商名单"), QComboBox()
    choice.addItem("长三角智能网联汽车")
    window = shown(button, choice, width=400)
    for widget in (button, choice):
        widget.resize(widget.sizeHint())
        widget.show()
    assert found(window) == []
    button.resize(50, 30)
    choice.resize(60, 30)
    assert found(window) == [("QPushButton", "across"), ("QComboBox", "across")]


def test_what_a_parent_cuts_off_is_found(qapp: QApplication) -> None:
    inner = QWidget()
    label = QLabel("很长的一行字在这里", inner)
    window = shown(inner, width=400)
    inner.resize(300, 30)
    label.resize(200, 20)
    inner.show()
    assert found(window) == []
    inner.resize(90, 30)
    assert found(window) == [("QLabel", "in QWidget")]


def test_squeezed_marks_are_found(qapp: QApplication) -> None:
    pill = Pill("待核对", "warn")
    window = shown(pill, width=400)
    pill.resize(pill.sizeHint())
    assert found(window) == []
    pill.resize(30, 20)
    assert found(window) == [("Pill", "across")]


def test_painted_words_are_measured(qapp: QApplication) -> None:
    class Painted(QWidget):
        room = 200

        def paintEvent(self, _event: object) -> None:
            QPainter(self).drawText(QRect(0, 0, self.room, 20), Qt.AlignmentFlag.AlignLeft, "画出来的一行字")

    widget = Painted()
    window = QWidget()
    layout = QHBoxLayout(window)
    layout.addWidget(widget)
    window.resize(300, 60)
    window.show()
    assert found(window) == []
    widget.room = 40
    ((where, way),) = found(window)
    assert (where.endswith(":paintEvent"), way) == (True, "across")
