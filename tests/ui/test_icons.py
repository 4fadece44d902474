"""Every icon shipped is used, and every icon named in the program is there."""

import re

from expo_app import paths

SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in (paths.root() / "expo_app").rglob("*.py"))
ICONS = {path.stem for path in paths.resource("icons").glob("*.svg")}


def test_every_named_icon_is_there():
    named = set(re.findall(r'"([a-z0-9][a-z0-9-]*-(?:line|fill))"', SOURCES))
    assert named - ICONS == set()


def test_every_rail_and_spec_icon_is_there():
    from expo_app.specs import SPECS
    from expo_app.ui.window import PAGES

    bases = {page.icon for page in PAGES} | {spec.icon for spec in SPECS.values()}
    assert {base for base in bases if f"{base}-line" not in ICONS} == set()
    assert {page.icon for page in PAGES if f"{page.icon}-fill" not in ICONS} == set()
