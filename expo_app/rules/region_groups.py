"""How an expo groups places: groups of code prefixes in an order, of which the longest that fits wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from typing import Any

from expo_app.i18n import N_, _, language, named
from expo_app.rules import regions
from expo_app.rules.countries import is_country
from expo_app.rules.region_codes import current, past

OTHER, UNKNOWN = "other", ""
"""Keys of what no group holds, and of what has no region; a group's key is its name."""
ABROAD = "*"
"""The prefix that every country has."""
OTHER_WORDS, UNKNOWN_WORDS, ABROAD_WORDS, URBAN = N_("其他"), N_("未填"), N_("境外"), "市区"
_ABROAD_SAID = frozenset({"境外", "国外", "海外", "abroad", "overseas", ABROAD})
_CODE = re.compile(r"(?:.*\s)?(\d{2,6}|[A-Z]{2})")


@dataclass(frozen=True)
class RegionGroup:
    """One group. `prefixes`: beginnings of codes of GB/T 2260 (two to six digits), letters of countries, or ABROAD;
    `rolls_up`: the city its places count with where cities are counted."""

    name: str
    name_en: str = ""
    prefixes: tuple[str, ...] = ()
    rolls_up: str | None = None

    @property
    def label(self) -> str:
        """The name in the current language."""
        return named(self.name, self.name_en)


@dataclass(frozen=True)
class RegionRule:
    """The groups of an expo in their order. `is_chosen`: they are its own, not the provinces that stand for none."""

    groups: tuple[RegionGroup, ...]
    is_chosen: bool = True

    @cached_property
    def _by_prefix(self) -> Mapping[str, str]:
        return {prefix: group.name for group in self.groups for prefix in group.prefixes}

    @cached_property
    def _by_key(self) -> Mapping[str, RegionGroup]:
        return {group.name: group for group in self.groups}

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every key in the order of reports: the groups, OTHER, UNKNOWN."""
        return (*self._by_key, OTHER, UNKNOWN)

    @property
    def homes(self) -> tuple[str, ...]:
        """Prefixes of places in China, which say what a name of several places means at this expo."""
        return tuple(p for p in self._by_prefix if p.isdigit()) if self.is_chosen else ()

    def key_of(self, code: str | None) -> str:
        """The key of the group that holds a code by its longest prefix; OTHER, or UNKNOWN without a code."""
        if not code:
            return UNKNOWN
        for end in range(len(code), 1, -1):
            if (found := self._by_prefix.get(code[:end])) is not None:
                return found
        return self._by_prefix.get(ABROAD, OTHER) if is_country(code) else OTHER

    def narrowed(self, codes: Iterable[str | None]) -> RegionRule:
        """The rule with only those groups that hold one of these codes."""
        wanted = set(map(self.key_of, codes))
        return RegionRule(tuple(group for group in self.groups if group.name in wanted), self.is_chosen)

    def label(self, key: str) -> str:
        """What a key is called in the current language."""
        if key in (OTHER, UNKNOWN):
            return _(OTHER_WORDS) if key else _(UNKNOWN_WORDS)
        return self._by_key[key].label

    def label_of(self, code: str | None) -> str:
        """The label of the group that holds a code."""
        return self.label(self.key_of(code))

    def place(self, key: str) -> int:
        """The place of a group among the others, from 0; -1 for OTHER and UNKNOWN."""
        return next((place for place, name in enumerate(self._by_key) if name == key), -1)

    def city_of(self, code: str | None) -> str:
        """The code of the city that a place counts with: its group's, else its own."""
        group = self._by_key.get(self.key_of(code))
        return (group.rolls_up if group else None) or regions.city_of(code)

    @property
    def rolled_up(self) -> str:
        """Which groups count with which city, in words; "" where none does."""
        found: dict[str, list[str]] = {}
        for group in self.groups:
            if group.rolls_up:
                found.setdefault(group.rolls_up, []).append(group.label)
        words = _("{groups}计入{city}")
        return "；".join(
            words.format(groups=_("、").join(names), city=regions.brief_name(city)) for city, names in found.items()
        )

    @cached_property
    def rolled(self) -> RegionRule:
        """The rule by which groups that count with a city are that city, with its other groups."""
        wanted = {group.rolls_up for group in self.groups if group.rolls_up}
        found: dict[str, list[RegionGroup]] = {}
        for group in self.groups:
            cities = {group.rolls_up} if group.rolls_up else set(map(regions.city_of, group.prefixes))
            city = cities.pop() if len(cities) == 1 and cities <= wanted else None
            found.setdefault(city or group.name, []).append(group)
        return RegionRule(tuple(_one_of(key, members) for key, members in found.items()), self.is_chosen)

    def snapshot(self) -> list[dict[str, Any]]:
        """The groups as plain data, to be kept with figures that were counted by them; `of_snapshot` reads it."""
        groups = self.groups if self.is_chosen else by_province()
        return [asdict(group) | {"prefixes": list(group.prefixes)} for group in groups]

    @classmethod
    def of_snapshot(cls, kept: Iterable[Mapping[str, Any]]) -> RegionRule:
        """The rule that `snapshot` kept."""
        return cls(tuple(RegionGroup(**{**group, "prefixes": tuple(group["prefixes"])}) for group in kept))


NO_GROUPS = RegionRule(())


def by_province(codes: Iterable[str] | None = None, with_english: bool = True) -> tuple[RegionGroup, ...]:
    """A group for each province, all of them or those that lie in `codes`, and one for abroad."""
    wanted = None if codes is None else {regions.province_of(code) or ABROAD for code in codes}
    provinces = [code for code in regions.provinces() if wanted is None or code in wanted]
    groups = [_group_of(code, with_english) for code in provinces]
    has_abroad = wanted is None or ABROAD in wanted
    return (*groups, *([RegionGroup(ABROAD_WORDS, "Abroad", (ABROAD,))] if has_abroad else []))


def by_city(provinces: Sequence[str]) -> tuple[RegionGroup, ...]:
    """A group for each city of these provinces, for each district of a municipality."""
    return tuple(_group_of(city) for province in provinces for city in regions.cities(province))


def _one_of(key: str, members: Sequence[RegionGroup]) -> RegionGroup:
    """The group itself, or the city that these groups count with."""
    if members[0].name == key:
        return members[0]
    prefixes = tuple(prefix for group in members for prefix in group.prefixes)
    return RegionGroup(regions.short_name(key), regions.english_name(key), prefixes)


def _group_of(code: str, with_english: bool = True) -> RegionGroup:
    name = regions.short_name(code)
    is_single = regions.find_region(name) == code or code.endswith("00")
    name_en = regions.english_name(code) if with_english else ""
    return RegionGroup(name if is_single else regions.region_name(code), name_en, (whole(code),))


def whole(code: str) -> str:
    """The prefix of a place and all that lies in it: 32 for 320000, 3205 for 320500."""
    return code.removesuffix("0000") if code.endswith("0000") else code[:4] if code.endswith("00") else code


def by_default() -> RegionRule:
    """The rule of an expo that has no groups: by province."""
    return _provinces(language() == "en")


@lru_cache(maxsize=2)
def _provinces(in_english: bool) -> RegionRule:
    """English names are spelt by a library that is slow to load: only where they are read."""
    return RegionRule(by_province(with_english=in_english), is_chosen=False)


def parse_prefix(text: str) -> str:
    """The prefix that a name or code means: 广东省 is 44, 苏州市 all of 3205, 苏州市区 its districts; DE, 境外.

    Digits are taken as they are, but for the zeros of a whole province or city. ValueError with a sentence.
    """
    plain = text.strip()
    if plain.casefold() in _ABROAD_SAID or plain == _(ABROAD_WORDS):
        return ABROAD
    if found := _CODE.fullmatch(plain):
        code = found[1]
        if code.isdigit():
            code = whole(code) if len(code) == 6 else code
            if any(known.startswith(code) for known in (*current(), *past())):
                return code
        elif is_country(code):
            return code
    if plain.endswith(URBAN) and (city := regions.find_region(plain.removesuffix("区"))) and city.endswith("00"):
        return _urban(city)
    return whole(regions.parse_region(plain))


def _urban(city: str) -> str:
    """The prefix of the districts of a city, apart from its counties; ValueError where they share none."""
    districts = {code[:5] for code in current() if code.startswith(city[:4]) and "00" < code[4:] <= "20"}
    if len(districts) != 1:
        text, codes = f"{regions.short_name(city)}{URBAN}", "、".join(sorted(districts)) or "—"
        raise ValueError(_("“{text}”的区不在同一段代码里，写代码 {codes}，或逐个写区。").format(text=text, codes=codes))
    return districts.pop()


def prefix_name(prefix: str) -> str:
    """What a prefix holds, in words that `parse_prefix` reads back."""
    if prefix == ABROAD:
        return _(ABROAD_WORDS)
    code = prefix.ljust(6, "0") if prefix.isdigit() and len(prefix) != 5 else prefix
    name = regions.region_name(code if len(prefix) != 5 else f"{prefix[:4]}00")
    if len(prefix) == 5:
        urban = f"{name.removesuffix('市')}{URBAN}"
        return urban if _reads(urban, prefix) else f"{name.partition(',')[0]} {prefix}"
    plain = name.partition(",")[0]  # a comma would part two places
    return plain if _reads(plain, prefix) else f"{plain} {prefix}"


def _reads(text: str, prefix: str) -> bool:
    try:
        return parse_prefix(text) == prefix
    except ValueError:
        return False
