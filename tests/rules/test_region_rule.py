"""Places in groups: the longest prefix wins, what is in none and what has no region stand apart."""

import json

import pytest

from expo_app import i18n
from expo_app.rules.region_codes import current
from expo_app.rules.region_groups import (
    ABROAD,
    OTHER,
    UNKNOWN,
    RegionGroup,
    RegionRule,
    by_city,
    by_default,
    by_province,
    parse_prefix,
    prefix_name,
    whole,
)
from expo_app.rules.regions import provinces

RULE = RegionRule(
    (
        RegionGroup("深圳", "Shenzhen", ("4403",)),
        RegionGroup("南山", "Nanshan", ("440305",), "440300"),
        RegionGroup("广东其他", "Rest of Guangdong", ("44",)),
        RegionGroup("川渝", "Sichuan and Chongqing", ("51", "50")),
        RegionGroup("德日", "Germany and Japan", ("DE", "JP")),
        RegionGroup("境外", "Abroad", (ABROAD,)),
    )
)


@pytest.mark.parametrize(
    ("code", "key", "city"),
    [
        ("440305", "南山", "440300"), ("440304", "深圳", "440300"), ("440300", "深圳", "440300"),
        ("440100", "广东其他", "440100"), ("440000", "广东其他", "440000"), ("510104", "川渝", "510100"),
        ("500112", "川渝", "500000"), ("DE", "德日", "DE"), ("JP", "德日", "JP"), ("FR", "境外", "FR"),
        ("310114", OTHER, "310000"), ("810000", OTHER, "810000"), ("", UNKNOWN, ""), (None, UNKNOWN, ""),
    ],
)  # fmt: skip
def test_the_longest_prefix_wins(code: str | None, key: str, city: str) -> None:
    assert (RULE.key_of(code), RULE.city_of(code)) == (key, city)


def test_other_and_unknown_stand_apart_and_last() -> None:
    assert RULE.keys[-2:] == (OTHER, UNKNOWN)
    assert [RULE.label(key) for key in RULE.keys] == [
        "深圳",
        "南山",
        "广东其他",
        "川渝",
        "德日",
        "境外",
        "其他",
        "未填",
    ]
    i18n.set_language("en")
    assert [RULE.label(key) for key in RULE.keys[1:3]] == ["Nanshan", "Rest of Guangdong"]
    assert (RULE.label_of("310114"), RULE.label_of(None)) == ("Other", "Not given")


def test_without_groups_places_are_grouped_by_province() -> None:
    rule = by_default()
    assert len(rule.groups) == 35
    assert [rule.label_of(code) for code in ("440305", "510100", "810000", "150100", "DE")] == [
        "广东", "四川", "香港", "内蒙古", "境外",
    ]  # fmt: skip
    assert {rule.key_of(code) for code in current()} == {group.name for group in rule.groups if group.name != "境外"}
    assert (rule.homes, rule.rolled_up) == ((), "")


def test_presets_list_provinces_and_cities() -> None:
    assert [group.name for group in by_province(["440305", "440100", "DE", "110105"])] == ["北京", "广东", "境外"]
    assert [group.name for group in by_province(["110105"])] == ["北京"]
    cities = by_city(["310000", "330000"])
    assert [g.prefixes for g in cities if g.name in ("嘉定", "温州")] == [("310114",), ("3303",)]
    every = by_city(provinces())
    assert len({group.name for group in every}) == len(every)
    assert len({prefix for group in every for prefix in group.prefixes}) == len(every)


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("广东省", "44"), ("广东", "44"), ("440000", "44"), ("44", "44"), ("苏州市", "3205"), ("320500", "3205"),
        ("苏州市区", "32050"), ("32050", "32050"), ("昆山", "320583"), ("上海", "31"), ("德国", "DE"), ("DE", "DE"),
        ("境外", ABROAD), ("Abroad", ABROAD), ("*", ABROAD), ("香港", "81"), ("广东省 44", "44"),
    ],
)  # fmt: skip
def test_a_prefix_is_read_from_a_name_or_a_code(text: str, prefix: str) -> None:
    assert parse_prefix(text) == prefix


@pytest.mark.parametrize("text", ["火星", "99", "0", "朝阳区", "XX", "杭州市区", ""])
def test_what_names_no_place_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"。$"):
        parse_prefix(text)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_what_a_prefix_holds_is_said_and_read_back(language: str) -> None:
    i18n.set_language(language)
    prefixes = {whole(code) for code in current()} | {code[:5] for code in current()} | {"DE", "US", ABROAD}
    assert [prefix for prefix in prefixes if parse_prefix(prefix_name(prefix)) != prefix] == []
    assert [prefix for prefix in prefixes if set("、；;,，\n") & set(prefix_name(prefix))] == []


def test_which_groups_count_with_another_city_is_said() -> None:
    assert RULE.rolled_up == "南山计入深圳"
    two = RegionRule((*RULE.groups, RegionGroup("福田", "Futian", ("440304",), "440300")))
    assert two.rolled_up == "南山、福田计入深圳"
    i18n.set_language("en")
    assert two.rolled_up == "Nanshan, Futian counted with Shenzhen"


def test_a_snapshot_keeps_the_rule() -> None:
    kept = json.loads(json.dumps(RULE.snapshot(), ensure_ascii=False))
    assert RegionRule.of_snapshot(kept) == RULE
    provinces_kept = RegionRule.of_snapshot(by_default().snapshot())
    i18n.set_language("en")
    assert [provinces_kept.label_of(code) for code in ("440100", "DE", None)] == ["Guangdong", "Abroad", "Not given"]
