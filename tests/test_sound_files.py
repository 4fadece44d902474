"""Three sounds that differ without looking."""

import array
import wave
from itertools import pairwise
from pathlib import Path

import pytest

from expo_app import paths


def samples(path: Path) -> tuple[array.array, int]:  # type: ignore[type-arg]
    with wave.open(str(path), "rb") as file:
        return array.array("h", file.readframes(file.getnframes())), file.getframerate()


@pytest.mark.parametrize(
    ("name", "hertz", "seconds", "tones"), [("pass", 880, 0.09, 1), ("repeat", 660, 0.09, 2), ("reject", 220, 0.45, 1)]
)
def test_each_sound_is_what_its_label_says(name: str, hertz: int, seconds: float, tones: int) -> None:
    wave_form, rate = samples(paths.resource("sounds", f"{name}.wav"))
    crossings = sum(a < 0 <= b for a, b in pairwise(wave_form))
    assert crossings == pytest.approx(hertz * seconds * tones, abs=2 * tones)
    silence = 0.08 * (tones - 1)
    assert len(wave_form) / rate == pytest.approx(seconds * tones + silence, abs=0.001)
