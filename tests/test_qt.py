"""One named skip that stands for every window test where Qt cannot load, and what Qt needs to load."""

import re
import sys
from pathlib import Path

import pytest

from expo_app import opening

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1"


def test_qt_loads(request: pytest.FixtureRequest) -> None:
    if not request.config.pluginmanager.hasplugin("pytestqt.plugin"):
        pytest.skip(f"the window tests were skipped: Qt needs system packages: {PACKAGES}")
    request.getfixturevalue("qapp")


def named(text: str) -> set[str]:
    """Debian packages of libraries that a text names behind `apt install`."""
    told = text.partition("apt install")[2]
    return set(re.findall(r"\blib[a-z0-9-]+", re.split(r"```|。|\.\s", told)[0]))


@pytest.mark.parametrize("document", ["README.md", "README.zh-CN.md"])
def test_a_bare_linux_is_told_of_every_library(document: str) -> None:
    """The same list everywhere, and none that the tests' own machine needs besides."""
    libraries = named((ROOT / document).read_text(encoding="utf-8"))
    assert libraries == named(opening.NO_QT)
    assert libraries - {"libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0"} == {
        "libegl1", "libgl1", "libxkbcommon-x11-0", "libxcb-cursor0", "libdbus-1-3", "libfontconfig1",
    }  # fmt: skip
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert libraries <= set(re.findall(r"\blib[a-z0-9-]+", ci))


@pytest.mark.skipif(sys.platform != "linux", reason="Linux names its libraries so")
def test_the_list_has_what_the_window_plugin_asks_for_and_nothing_else_brings() -> None:
    pyside = pytest.importorskip("PySide6")
    plugin = Path(next(iter(pyside.__path__))) / "Qt" / "lib" / "libQt6XcbQpa.so.6"
    asked = set(re.findall(rb"libxcb-([a-z-]+)\.so\.\d", plugin.read_bytes()))
    brought = {b"util", b"image", b"randr", b"render", b"render-util", b"shm", b"sync", b"xfixes", b"xkb"}
    listed = {
        re.sub(r"\d+$", "", name.removeprefix("libxcb-")).encode() for name in named(opening.NO_QT) if "xcb-" in name
    }
    assert asked - brought == listed
