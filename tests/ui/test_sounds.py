"""Sounds of the verdicts, at the volume asked for."""

from expo_app import paths
from expo_app.rules.verdict import TONES
from expo_app.ui.kit import sounds
from tests.test_sound_files import samples


def test_every_verdict_has_a_sound() -> None:
    assert set(sounds.NAMES) == set(TONES.values())
    assert {paths.resource("sounds", f"{name}.wav").exists() for name in sounds.NAMES.values()} == {True}


def test_volume_scales_the_sound(themed: object) -> None:
    loud, _rate = samples(sounds.scaled("pass", 100))
    quiet, _rate = samples(sounds.scaled("pass", 50))
    assert max(quiet) == max(loud) // 2
    assert len(quiet) == len(loud)
    sounds.play("reject", 0)
    sounds.play("pass", 50)
