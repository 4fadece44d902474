"""The composition root: verbs without Qt, the probe, a log without personal data, the last-resort handler."""

import io
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from expo_app import app, i18n, log, opening, paths
from expo_app.errors import UserError
from tests.conftest import QT_MISSING

ROOT = Path(__file__).resolve().parent.parent


def test_a_verb_never_loads_qt() -> None:
    code = (
        "import sys; from expo_app.app import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    )
    child = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    assert "demo" in child.stdout


@pytest.mark.parametrize(
    ("given", "file"),
    [
        ([], ""), (["expo.db"], "expo.db"), (["postgresql://host/expo"], "postgresql://host/expo"),
        (["--db", "a.expo"], "a.expo"), (["demo"], None), (["--help"], None), (["--db", "a.db", "doctor"], None),
        (["doctor", "a.db"], None), (["--db"], None), (["--json", "--db", "a.db"], None),
    ],
)  # fmt: skip
def test_what_is_shown_in_a_window(given: list[str], file: str | None) -> None:
    assert app.to_show(given) == (None if file is None else app.Shown(file))


@pytest.mark.parametrize("given", [["--lang", "en", "--db", "a.db"], ["a.db", "--lang=en"], ["--lang", "en"]])
def test_a_language_without_a_verb_opens_the_window_in_it(given: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    was, found = i18n.language(), []
    monkeypatch.setattr(opening, "why_no_window", lambda: "")
    monkeypatch.setattr(opening, "open_window", lambda file, _stored: found.append((file, i18n.language())) or 0)
    try:
        assert app.main(given) == 0
    finally:
        i18n.set_language(was)
    assert found == [("a.db" if "a.db" in given else "", "en")]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has machines without a desktop")
def test_without_a_display_it_says_so_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    said = io.StringIO()
    assert opening.open_or_explain("", said, without=1) == 1
    assert said.getvalue() == (
        "这里没有图形桌面，没有打开窗口。可以在桌面环境里再运行，或用 main.py --help 看不开窗口能做的事。\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has machines without a desktop")
def test_a_display_that_does_not_answer_is_found_by_the_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":987")
    reason = opening.why_no_window()
    assert reason.startswith("窗口打不开：Qt 启动不了")
    assert not (paths.config_dir() / "display-ok").exists()


def test_a_platform_without_screen_needs_no_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delenv("DISPLAY", raising=False)
    assert opening.why_no_window() == ""


def fail(*who: str) -> None:
    raise ValueError(" ".join(who))


def test_the_log_tells_where_not_who(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    root = logging.getLogger()
    before = list(root.handlers)
    path = log.start()
    try:
        try:
            fail("沈" + "华棣", str(13800005670 + 8))
        except ValueError as error:
            logging.getLogger("test").critical("unforeseen", exc_info=error)
        caplog.clear()
    finally:
        for handler in [h for h in root.handlers if h not in before]:
            root.removeHandler(handler)
            handler.close()
    text = path.read_text(encoding="utf-8")
    assert "unforeseen" in text
    assert "ValueError" in text
    assert "in fail" in text
    assert "13800005678" not in text
    assert "沈华棣" not in text


def test_a_cause_is_described_before_its_effect() -> None:
    try:
        try:
            fail("x")
        except ValueError as cause:
            raise UserError("磁盘已满", "E-DB-FULL") from cause
    except UserError as error:
        lines = log.describe(error).splitlines()
    assert lines[-1] == "expo_app.errors.UserError [E-DB-FULL]"
    assert "builtins.ValueError" in lines


@pytest.mark.skipif(bool(QT_MISSING), reason="needs Qt")
def test_the_windows_own_thread_alone_collects_garbage(tmp_path: Path) -> None:
    """A worker that destroys a Qt object waits for the interpreter, and the window for the worker: for good."""
    code = """
import gc, threading, time, weakref
from expo_app import opening
from expo_app.settings import Settings

ended, seen, kept, began = [], {}, [], time.monotonic()
opening.SETTLED = opening.TIDIED = 50
wait = opening.catch_everything

def watch(window):
    from PySide6.QtCore import QObject, QTimer

    class Node(QObject):
        pass

    def leave():
        node = Node()
        node.itself = node
        weakref.finalize(node, lambda: ended.append(threading.current_thread() is threading.main_thread()))
        del node
        worker = threading.Thread(target=lambda: [[n] for n in range(200_000)])
        worker.start()
        worker.join()
        seen["by the worker"] = len(ended)
        kept.extend([n] for n in range(2_000))

    freeze = gc.freeze

    def settle():  # whatever is there by then stays for good: the node comes after it
        freeze()
        QTimer.singleShot(50, window, leave)

    gc.freeze = settle
    wait(window)
    tell = QTimer(window, interval=50)

    def told():  # the turn comes when it comes, on a busy machine later
        if ended or time.monotonic() > began + 30:
            tell.stop()
            print(seen, ended, flush=True)
            window.close()

    tell.timeout.connect(told)
    tell.start()

opening.catch_everything = watch
opening.open_window("", Settings())
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "EXPO_HOME": str(tmp_path)}
    child = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert child.stdout == "{'by the worker': 0} [True]\n", child.stderr
