"""The command line: as a process of its own with a home of its own and no display, or called here, at a tenth of it."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from expo_app import cli, i18n

ROOT = Path(__file__).resolve().parents[2]


def start(*arguments, home, **options):
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    environment |= {"EXPO_HOME": str(home)}
    if "preexec_fn" in options:  # no room: what is kept of the bytecode would be half of it
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
    command = [sys.executable, str(ROOT / "main.py"), *map(str, arguments)]
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        encoding="utf-8", **options,
    )  # fmt: skip


def called(*arguments, typed="", status=0):
    """What `run` says, without a process: for what a verb does. What a process is has `run` and `start`."""
    out, err, lines = io.StringIO(), io.StringIO(), io.TextIOWrapper(io.BytesIO(typed.encode()))
    try:
        with mock.patch.object(sys, "stdin", lines), redirect_stdout(out), redirect_stderr(err):
            ended = cli.main([*map(str, arguments)], out, err)
    except SystemExit as end:
        ended = end.code
    finally:
        i18n.set_language("zh_CN")
    assert ended == status, (out.getvalue(), err.getvalue())
    return out.getvalue() if status == 0 else err.getvalue()


def run(*arguments, home, typed="", status=0):
    """What the program says on standard output, or on standard error where it fails."""
    child = start(*arguments, home=home)
    out, err = child.communicate(typed)
    assert child.returncode == status, (out, err)
    assert "Traceback" not in err
    return out if status == 0 else err
