"""One named skip that stands for every window test where Qt cannot load."""

import pytest

PACKAGES = "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1"


def test_qt_loads(request: pytest.FixtureRequest) -> None:
    if not request.config.pluginmanager.hasplugin("pytestqt.plugin"):
        pytest.skip(f"the window tests were skipped: Qt needs system packages: {PACKAGES}")
    request.getfixturevalue("qapp")
