"""Columns of 地区分组."""

from collections.abc import Mapping, Sequence
from typing import Any

from expo_app.i18n import N_, _, in_every_language
from expo_app.model import RegionGroup
from expo_app.rules import regions
from expo_app.rules.region_groups import OTHER, OTHER_WORDS, UNKNOWN_WORDS, parse_prefix, prefix_name
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.fields import Field
from expo_app.specs.organisations import ENGLISH_ALIASES, region_suggestions
from expo_app.specs.records import RecordSpec


def check_city(text: str) -> str:
    """The code of a city, a province or a country; ValueError with a sentence for what lies lower."""
    code = regions.parse_region(text)
    if regions.city_of(code) != code:
        raise ValueError(_("“{text}”不是地市，计入的应是地市。").format(text=text.strip()[:20]))
    return code


def prefix_names(prefixes: Sequence[str]) -> str:
    """What the prefixes hold: 深圳市、南山区."""
    return "、".join(map(prefix_name, prefixes))


def contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """A group called as what is in none; a place named twice."""
    name, prefixes = values.get("name"), values.get("prefixes") or []
    problems = {}
    kept = {word for text in (OTHER_WORDS, UNKNOWN_WORDS) for word in in_every_language(text)} | {OTHER}
    if name in kept:
        problems["name"] = _("“{name}”留给不在任何分组里的地区，换一个名称。").format(name=name)
    twice = next((prefix for place, prefix in enumerate(prefixes) if prefix in prefixes[:place]), None)
    if twice is not None:
        problems["prefixes"] = _("“{place}”写了两次。").format(place=prefix_name(twice))
    return problems


REGION_GROUPS = RecordSpec(
    name="region_groups",
    model=RegionGroup,
    title=N_("地区分组"),
    key=(("name",),),
    order=("position", "name"),
    icon="map-2",
    contradictions=contradictions,
    fields=(
        Field("name", N_("名称"), 14, aliases=("分组", "地区分组", "区域"), show="bold"),
        Field(
            "prefixes",
            N_("包括"),
            36,
            required=True,
            check=parse_prefix,
            format=prefix_names,
            aliases=("地区", "包含地区", "范围", "地区代码"),
            hint=N_("省、市、区县、国家或代码，多项用顿号分开；更细的地区优先"),
        ),
        Field(
            "rolls_up",
            N_("计入地市"),
            12,
            check=check_city,
            format=regions.region_name,
            aliases=("地市", "所属地市"),
            suggestions=region_suggestions,
            is_place=True,
            hint=N_("按地市统计时计入哪里，可不填"),
        ),
        Field("position", N_("顺序"), 6, least=1, most=9_999),
        Field("name_en", N_("英文名称"), 18, in_table=False, aliases=ENGLISH_ALIASES),
    ),
)
