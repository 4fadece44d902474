"""The command line as a process of its own, with a home of its own and no display."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def start(*arguments, home, **options):
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    environment |= {"EXPO_HOME": str(home)}
    command = [sys.executable, str(ROOT / "main.py"), *map(str, arguments)]
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        encoding="utf-8", **options,
    )  # fmt: skip


def run(*arguments, home, typed="", status=0):
    child = start(*arguments, home=home)
    out, err = child.communicate(typed)
    assert child.returncode == status, (out, err)
    assert "Traceback" not in err
    return out if status == 0 else err
