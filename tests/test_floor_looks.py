"""Booths of two kinds can be told apart without colour."""

import pytest

from expo_app import i18n
from expo_app.model import new_id
from expo_app.rules.region_groups import OTHER, UNKNOWN, RegionGroup, RegionRule, by_default
from expo_app.rules.terms import Term
from expo_app.services import words
from expo_app.specs import floor_sheet
from expo_app.specs.floor_plan import DASHED, RESERVED, SOLID, Plan
from tests.factories import DELTA

FIVE = RegionRule(tuple(RegionGroup(name, "", tuple(prefixes), city) for name, prefixes, city in DELTA))

FOUR = words.preset("industries_four")
SECTORS = (
    *(Term(new_id(), row["key"], row["name"], colour=row["colour"], pattern=row["pattern"]) for row in FOUR),
    Term(new_id(), "other", "其他行业"),
)
"""Four that have a colour, and one that has none."""


@pytest.mark.parametrize("by", [key for key, _words in floor_sheet.COLOURINGS])
def test_a_pattern_says_what_the_colour_says(by: str) -> None:
    looks = floor_sheet.legend(by, Plan((), (), SECTORS, FIVE))
    lines = {(look.pattern, look.line) for look in looks if look.pattern not in (DASHED, RESERVED)}
    plain = {line for pattern, line in lines if pattern == SOLID}
    assert len(plain) == 1
    assert len({pattern for pattern, _line in lines}) == len(lines)


def test_a_group_of_regions_has_the_colour_of_its_place() -> None:
    found = {
        look.words: (look.line, look.mark) for look in floor_sheet.legend(floor_sheet.REGION, Plan((), (), rule=FIVE))
    }
    assert [found[name] for name, *_rest in DELTA] == [
        ("cat.it", "嘉"), ("cat.energy", "苏"), ("cat.mfg", "昆"), ("cat.health", "太"), ("cat.research", "温"),
    ]  # fmt: skip
    assert found["其他"] == ("cat.service", "其")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_all_provinces_are_told_apart(language: str) -> None:
    """25 pairs of colour and pattern, then grey; the mark alone tells every one from the others."""
    i18n.set_language(language)
    rule = by_default()
    looks = [floor_sheet._region_look(rule, key) for key in rule.keys if key not in (OTHER, UNKNOWN)]
    assert len({(look.line, look.pattern) for look in looks[:25]}) == 25
    assert {(look.line, look.pattern) for look in looks[25:]} == {("border.strong", SOLID)}
    assert len({look.mark for look in looks}) == len(looks)
    assert max(len(look.mark) for look in looks) <= 3
