"""Open the window, or say why none can open here: the program's start and the verb `demo` both ask.

Qt is loaded only after a probe in a child process, because QApplication ends the process where it cannot start.
"""

import gc
import logging
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from expo_app import i18n, log, memory, paths, settings
from expo_app.cli_output import line
from expo_app.i18n import N_, _

if TYPE_CHECKING:
    from expo_app.ui.window import Window

PROBE = "--probe-display"
PROBE_CODE = "from PySide6.QtWidgets import QApplication; QApplication([])"
PROBE_SECONDS = 20
SETTLED = 1_000  # milliseconds after which the start is over
TIDIED = 500  # milliseconds between looks for garbage
WITHOUT_SERVER = {"offscreen", "minimal", "vnc", "linuxfb", "eglfs"}
NO_DISPLAY = N_("这里没有图形桌面，没有打开窗口。可以在桌面环境里再运行，或用 main.py --help 看不开窗口能做的事。")
NO_QT = N_(
    "窗口打不开：Qt 启动不了（{reason}）。数据没有变动。Debian/Ubuntu 上先安装："
    "apt install libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 "
    "libdbus-1-3 libfontconfig1。"
)
logger = logging.getLogger(__name__)


def open_or_explain(file: str | Path, err: TextIO, without: int = 0, language: str = "") -> int:
    """Open the window on `file` ("": `Settings.file_to_open`) in `language` ("": the usual one); without a display say
    so and return `without`.
    """
    stored = settings.load()
    i18n.set_language(language or stored.language)
    reason = why_no_window()
    if reason:
        line(reason, err)
        return without
    return open_window(str(file), stored)


# --- can a window open here ---


def why_no_window() -> str:
    """Why Qt cannot open a window on this machine; "" when it can. Qt is not loaded into this process."""
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in WITHOUT_SERVER or sys.platform in ("win32", "darwin"):
        return ""
    screens = [name for name in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(name)]
    if not screens:
        return _(NO_DISPLAY)
    known = paths.config_dir() / "display-ok"
    here = "|".join([sys.executable, *(os.environ[name] for name in screens)])
    if known.exists() and known.read_text(encoding="utf-8") == here:
        return ""
    problem = _probe()
    if problem:
        known.unlink(missing_ok=True)
        return _(NO_QT).format(reason=problem)
    with suppress(OSError):  # it is asked again at the next start
        known.write_text(here, encoding="utf-8")
    return ""


def _probe() -> str:
    """Start Qt in a child process; what it said when it could not."""
    import subprocess

    is_frozen = getattr(sys, "frozen", False)
    command = [sys.executable, PROBE] if is_frozen else [sys.executable, "-c", PROBE_CODE]
    try:
        child = subprocess.run(command, capture_output=True, text=True, timeout=PROBE_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return _("{n} 秒内没有反应").format(n=PROBE_SECONDS)
    if child.returncode == 0:
        return ""
    said = [line for line in child.stderr.splitlines() if line.strip()]
    return said[0] if said else str(child.returncode)


# --- the window ---


def open_window(file: str, stored: settings.Settings) -> int:
    """Show the window on `file`, else on `Settings.file_to_open`, else the start page; runs until it is closed."""
    gc.disable()  # this thread alone looks for garbage (memory.py), and not while starting, when there is none
    from expo_app import areas  # noqa: F401  Qt reads the source of whatever is imported after it
    from expo_app.services.statistics import overview  # noqa: F401

    log.start()
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from expo_app.store import deadlines
    from expo_app.ui.kit import theme
    from expo_app.ui.window import Window, translators

    app = QApplication(sys.argv[:1])
    app.setApplicationName(paths.APP)
    app.setApplicationDisplayName(_("展务台"))
    translators.install(i18n.language())
    theme.apply(app, stored.theme)
    window = Window(stored)
    catch_everything(window)
    target = file or stored.file_to_open
    if target:
        window.open(target)
    else:
        window.show_start()
    window.show()
    deadlines.guard_this_thread()
    tidy = QTimer(window, interval=TIDIED)
    tidy.timeout.connect(memory.collect_due)
    QTimer.singleShot(SETTLED, window, gc.freeze)
    QTimer.singleShot(SETTLED, tidy, tidy.start)
    status = app.exec()
    window.deleteLater()
    return status


def catch_everything(window: "Window") -> None:
    """The last-resort handler: whatever nobody expected goes to the log and into one crash dialog; the window stays."""
    from PySide6.QtCore import QObject, QtMsgType, Signal, qInstallMessageHandler

    from expo_app.ui.kit import dialog, messages

    class Relay(QObject):
        told = Signal(str)

    relay = Relay(window)

    def show(details: str) -> None:
        if dialog.top(window) is None or not window.property("crashed"):
            window.setProperty("crashed", True)
            messages.crash(window, details).closed.connect(lambda _result: window.setProperty("crashed", False))

    def on_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        logger.critical("unforeseen", exc_info=(kind, error, trace))
        relay.told.emit(log.describe(error))

    relay.told.connect(show)
    sys.excepthook = on_error
    threading.excepthook = lambda caught: on_error(caught.exc_type, _error_of(caught), caught.exc_traceback)
    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO, QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR, QtMsgType.QtFatalMsg: logging.CRITICAL,
    }  # fmt: skip
    qt_log = logging.getLogger("qt")
    handler: Callable[..., Any] = lambda kind, _place, text: qt_log.log(levels[kind], "%s", text)  # noqa: E731
    qInstallMessageHandler(handler)


def _error_of(caught: threading.ExceptHookArgs) -> BaseException:
    return caught.exc_value or caught.exc_type()
