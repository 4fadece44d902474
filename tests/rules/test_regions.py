from hashlib import sha256

import pytest

from expo_app import i18n
from expo_app.rules.region_codes import current, past
from expo_app.rules.regions import (
    GROUPS,
    OTHER_GROUP,
    SUGGESTED,
    _all,
    city_of,
    find_region,
    group_key,
    parse_region,
    place_name,
    province_of,
    region_name,
    region_path,
    reporting_group,
)

NAMES = "5448301f89f6604e071c5f330318e8826d13add0b99b6b16f42ea88daf53fc7f"
"""Of the 3,215 current and 59 past codes, each followed by its name, in order."""


def test_table_is_whole() -> None:
    """The codes are package data of python-stdnum: a version that reads otherwise must not pass unseen."""
    assert (len(current()), len(past()), current().keys() & past().keys()) == (3215, 59, set())
    names = "".join(f"{code}{name}" for code, name in (current() | past()).items())
    assert sha256(names.encode()).hexdigest() == NAMES
    assert sum(code.endswith("0000") for code in current()) == 34
    assert [code for code in _all() if province_of(code) == ""] == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("310114", "嘉定区"), ("310118", "青浦区"), ("320500", "苏州市"), ("320583", "昆山市"), ("320585", "太仓市"),
        ("320581", "常熟市"), ("320582", "张家港市"), ("330300", "温州市"), ("330302", "鹿城区"), ("330303", "龙湾区"),
        ("330304", "瓯海区"), ("330324", "永嘉县"), ("330381", "瑞安市"), ("330382", "乐清市"), ("330383", "龙港市"),
        ("341800", "宣城市"), ("310000", "上海市"), ("810000", "香港特别行政区"), ("310107", "上海市普陀区"),
        ("330903", "舟山市普陀区"), ("320302", "徐州市鼓楼区"), ("110105", "北京市朝阳区"), ("310108", "闸北区"),
        ("310100", "上海市"), ("320599", "苏州市"), ("329999", "江苏省"), ("999999", "999999"), ("", ""), (None, ""),
    ],
)  # fmt: skip
def test_name(code: str | None, name: str) -> None:
    assert region_name(code) == name


def test_every_shown_name_is_read_back() -> None:
    assert [code for code in current() if find_region(region_name(code)) != code] == []
    renumbered = {code: find_region(region_name(code)) for code in _all() if find_region(region_name(code)) != code}
    assert renumbered == {"320602": "320613", "340203": "340209", "341400": "340181"}
    assert [code for code in current() if find_region(region_path(code)) != code] == []
    assert [name for name in SUGGESTED if region_name(parse_region(name)) != name] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("310114", "310114"), ("３１０１１４", "310114"), ("嘉定", "310114"), ("嘉定区", "310114"),
        (" 上海 嘉定 ", "310114"),
        ("上海市嘉定区", "310114"), ("上海-嘉定", "310114"), ("上海市/嘉定区", "310114"), ("中国上海嘉定", "310114"),
        ("上海市嘉定区安亭镇墨玉南路888号", "310114"), ("嘉定区安亭镇", "310114"), ("昆山", "320583"),
        ("江苏昆山", "320583"), ("江苏省苏州市昆山市", "320583"), ("苏州昆山", "320583"), ("江苏省昆山市", "320583"),
        ("太仓", "320585"), ("苏州", "320500"), ("苏州市", "320500"), ("苏州工业园区", "320500"),
        ("江苏苏州工业园区", "320500"),
        ("苏州高新区", "320505"), ("温州", "330300"), ("瓯海", "330304"), ("浙江温州永嘉", "330324"),
        ("乐清", "330382"),
        ("浦东", "310115"), ("浦东新区", "310115"), ("上海", "310000"), ("吉林", "220000"), ("吉林市", "220200"),
        ("内蒙古", "150000"), ("广西南宁", "450100"), ("海南", "460000"), ("深圳", "440300"),
        ("广东省深圳市南山区", "440305"),
        ("通州区", "320612"), ("北京通州", "110112"), ("西湖区", "330106"), ("长宁", "310105"), ("沧浪区", "320502"),
        ("河北区", "120105"), ("巢湖市", "340181"), ("朝阳", "211300"), ("延边朝鲜族自治州", "222400"),
    ],
)  # fmt: skip
def test_parse(text: str, code: str) -> None:
    assert parse_region(text) == code


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("火星", "没有地区“火星”，写市、区、县名称或六位代码。"),
        ("", "没有地区“”，写市、区、县名称或六位代码。"),
        ("国", "没有地区“国”，写市、区、县名称或六位代码。"),
        ("999999", "没有地区“999999”，写市、区、县名称或六位代码。"),
        ("普陀区", "“普陀区”有多处：上海市普陀区、浙江省舟山市普陀区，写上省市。"),
        ("普陀", "“普陀”有多处：上海市普陀区、浙江省舟山市普陀区，写上省市。"),
        ("朝阳区", "“朝阳区”有多处：北京市朝阳区、吉林省长春市朝阳区，写上省市。"),
        ("市" * 500, f"没有地区“{'市' * 20}”，写市、区、县名称或六位代码。"),
    ],
)
def test_no_single_region(text: str, message: str) -> None:
    assert find_region(text) is None
    with pytest.raises(ValueError, match=r"。$") as error:
        parse_region(text)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("code", "city", "province", "group"),
    [
        ("310114", "310000", "310000", "嘉定"),
        ("310118", "310000", "310000", "其他"),
        ("310000", "310000", "310000", "其他"),
        ("320500", "320500", "320000", "苏州市区"),
        ("320509", "320500", "320000", "苏州市区"),
        ("320583", "320500", "320000", "昆山"),
        ("320585", "320500", "320000", "太仓"),
        ("320581", "320500", "320000", "其他"),
        ("330300", "330300", "330000", "温州"),
        ("330304", "330300", "330000", "温州"),
        ("320000", "320000", "320000", "其他"),
        ("429004", "429004", "420000", "其他"),
        ("310100", "310000", "310000", "其他"),
        ("999999", "", "", "其他"),
        ("", "", "", ""),
        (None, "", "", ""),
    ],
)
def test_where_it_rolls_up(code: str | None, city: str, province: str, group: str) -> None:
    assert (city_of(code), province_of(code), group_key(code), reporting_group(code)) == (city, province, group, group)


def test_groups_do_not_overlap() -> None:
    assert [*GROUPS, OTHER_GROUP] == ["嘉定", "苏州市区", "昆山", "太仓", "温州", "其他"]
    found = [[group for group, prefixes in GROUPS.items() if code.startswith(prefixes)] for code in _all()]
    assert max(len(groups) for groups in found) == 1


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [("320500", "苏州市", "Suzhou"), ("310000", "上海市", "Shanghai"), ("330300", "温州市", "Wenzhou"),
     ("341500", "六安市", "Lu'an"), ("310114", "嘉定区", "Jiading"), ("610000", "陕西省", "Shaanxi"), (None, "", "")],
)  # fmt: skip
def test_a_place_is_printed_in_the_language_of_the_page(code: str | None, zh: str, en: str) -> None:
    assert place_name(code) == zh
    i18n.set_language("en")
    assert place_name(code) == en


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("310114", "Jiading"), ("320500", "Suzhou"), ("341300", "Suzhou 341300"), ("341500", "Lu'an"),
        ("150000", "Inner Mongolia"), ("320583", "Kunshan"), ("999999", "999999"), (None, ""),
    ],
)  # fmt: skip
def test_a_list_in_english_has_the_names_of_the_reports(code: str | None, name: str) -> None:
    i18n.set_language("en")
    assert region_name(code) == name


def test_every_name_shown_in_english_is_read_back_in_any_language() -> None:
    i18n.set_language("en")
    shown = {code: region_name(code) for code in current()}
    assert [name for code, name in shown.items() if find_region(name) != code] == []
    i18n.set_language("zh_CN")
    assert [name for code, name in shown.items() if parse_region(name) != code] == []
    assert (find_region("SUZHOU"), find_region("Suzhou 310114"), find_region("Nowhere")) == ("320500", None, None)
