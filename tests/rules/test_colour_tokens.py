"""Tokens keep their contrast, and stand in one place."""

import re

import pytest

from expo_app import paths
from expo_app.rules.colour_tokens import DARK, LIGHT

TEXT, GRAPHICS = 4.5, 3.0
CATEGORIES = ("it", "energy", "mfg", "health", "service", "research")
# ground, ink, limit, ratio in the light and in the dark theme (design, section 2)
PAIRS = [
    ("bg.surface", "text.1", TEXT, 16.4, 13.4), ("bg.selected", "text.1", TEXT, 13.4, 10.0),
    ("bg.surface", "text.2", TEXT, 7.9, 8.7), ("bg.app", "text.2", TEXT, 6.8, 10.3),
    ("bg.surface", "text.3", TEXT, 5.7, 6.6), ("bg.canvas", "text.3", TEXT, 5.4, 7.3),
    ("bg.app", "text.3", TEXT, 4.9, 7.8), ("bg.selected", "text.3", TEXT, 4.7, 5.0),
    ("bg.surface", "primary", TEXT, 5.9, 6.9), ("bg.selected", "primary", TEXT, 4.8, 5.1),
    ("primary", "on.primary", TEXT, 5.9, 7.6), ("ok.soft", "ok", TEXT, 5.1, 7.3), ("ok.solid", "on.ok", TEXT, 5.4, 5.4),
    ("warn.soft", "warn", TEXT, 6.1, 8.0), ("warn.solid", "on.warn", TEXT, 8.3, 8.3),
    ("bad.soft", "bad", TEXT, 5.5, 6.7), ("bad.solid", "on.bad", TEXT, 5.8, 5.8),
    ("hall.ground", "hall.text", TEXT, 18.9, 18.9), ("hall.ground.end", "hall.text.2", TEXT, 8.5, 8.5),
    ("hall.paddle", "hall.text", TEXT, 7.2, 7.2), ("hall.ground.end", "hall.bid", TEXT, 8.4, 8.4),
    ("plum.soft", "plum", TEXT, 6.0, 6.6), ("mute.soft", "mute", TEXT, 6.7, 7.0),
    ("bg.surface", "border.strong", GRAPHICS, 3.4, 4.0), ("bg.surface", "focus", GRAPHICS, 5.9, 6.9),
    ("bg.surface", "cat.it", GRAPHICS, 4.7, 6.6), ("bg.surface", "cat.energy", GRAPHICS, 4.3, 7.2),
    ("bg.surface", "cat.mfg", GRAPHICS, 3.9, 7.5), ("bg.surface", "cat.health", GRAPHICS, 4.8, 6.7),
    ("bg.surface", "cat.service", GRAPHICS, 4.3, 7.0), ("bg.surface", "cat.research", GRAPHICS, 4.6, 7.7),
]  # fmt: skip


def luminance(color: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    assert (len(one), len(other)) == (7, 7)  # nothing lets through
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("ground", "ink", "limit", "light", "dark"), PAIRS)
def test_contrast_is_that_of_the_design(ground: str, ink: str, limit: float, light: float, dark: float) -> None:
    for tokens, stated in ((LIGHT, light), (DARK, dark)):
        ratio = contrast(tokens[ground], tokens[ink])
        assert ratio >= limit
        assert ratio == pytest.approx(stated, abs=0.1)


@pytest.mark.parametrize("name", CATEGORIES)
def test_words_on_a_category_ground_can_be_read(name: str) -> None:
    for tokens in (LIGHT, DARK):
        assert contrast(tokens[f"cat.{name}.soft"], tokens["text.1"]) >= TEXT


def test_both_themes_know_the_same_tokens() -> None:
    assert list(LIGHT) == list(DARK)


def test_colours_and_sizes_stand_in_the_theme_alone() -> None:
    hexes = re.compile(r"#[0-9A-Fa-f]{6}\b|QFont\(|setPixelSize|setPointSize")
    folder = paths.root() / "expo_app" / "ui"
    found = {
        path.relative_to(folder).as_posix(): hexes.findall(path.read_text(encoding="utf-8"))
        for path in folder.rglob("*.py")
        if path.name != "theme.py"
    }
    assert {name: hits for name, hits in found.items() if hits} == {}
