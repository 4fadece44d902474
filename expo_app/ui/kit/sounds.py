"""Three sounds that differ without looking: "pass", "repeat", "reject" (resources/sounds).

Windows plays the file at the wanted volume without waiting; elsewhere the system's own beep sounds, once or twice.
"""

import array
import sys
import wave
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QTemporaryDir, QTimer
from PySide6.QtWidgets import QApplication

from expo_app import paths

NAMES = {"ok": "pass", "warn": "repeat", "bad": "reject"}
"""Sound of a verdict's tone."""
BEEPS = {"pass": 1, "repeat": 2, "reject": 1}
BETWEEN = 180  # ms


def play(name: str, volume: int = 100) -> None:
    """Sound `name` at `volume` per cent; 0 is silent. Returns at once."""
    if volume <= 0:
        return
    if sys.platform == "win32":
        import winsound

        path = str(scaled(name, volume))
        winsound.PlaySound(path, winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
        return
    for n in range(BEEPS[name]):
        QTimer.singleShot(n * BETWEEN, QApplication.beep)


@lru_cache
def _folder() -> QTemporaryDir:
    """Removed when the program ends."""
    return QTemporaryDir()


@lru_cache
def scaled(name: str, volume: int) -> Path:
    """The file of sound `name` at `volume` per cent; the one shipped where that is 100 or more."""
    source = paths.resource("sounds", f"{name}.wav")
    if volume >= 100:
        return source
    target = Path(_folder().path(), f"{name}-{volume}.wav")
    with wave.open(str(source), "rb") as file:
        parameters, samples = file.getparams(), array.array("h", file.readframes(file.getnframes()))
    quieter = array.array("h", (sample * volume // 100 for sample in samples))
    with wave.open(str(target), "wb") as file:
        file.setparams(parameters)
        file.writeframes(quieter.tobytes())
    return target
