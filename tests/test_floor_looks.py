"""Booths of two kinds can be told apart without colour."""

import pytest

from expo_app.specs import floor_sheet
from expo_app.specs.floor_plan import DASHED, RESERVED, SOLID


@pytest.mark.parametrize("by", [key for key, _words in floor_sheet.COLOURINGS])
def test_a_pattern_says_what_the_colour_says(by: str) -> None:
    lines = {(look.pattern, look.line) for look in floor_sheet.legend(by) if look.pattern not in (DASHED, RESERVED)}
    plain = {line for pattern, line in lines if pattern == SOLID}
    assert len(plain) == 1
    assert len({pattern for pattern, _line in lines}) == len(lines)
