import runpy
import subprocess
import sys
from hashlib import sha256

import pytest

from expo_app import i18n, paths
from expo_app.rules import countries
from expo_app.rules.region_codes import current, past
from expo_app.rules.regions import (
    _all,
    at_home_in,
    city_of,
    find_region,
    parse_region,
    place_name,
    province_of,
    region_name,
    region_path,
    short_name,
)

NAMES = "8f1994485bcec350f4417ed70ae3eb2ab19f05ae07bc631998838e328f872f69"
"""Of the 3,215 current and 381 past codes, each followed by its name, in order."""

UNKNOWN = "，写市、区、县、国家的名称，或它们的代码；外国的写国家，如老挝，城市写在地址里。"


def test_table_is_whole() -> None:
    """The codes are package data of python-stdnum: a version that reads otherwise must not pass unseen."""
    assert (len(current()), len(past()), current().keys() & past().keys()) == (3215, 381, set())
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
    assert renumbered == {
        "230704": "230719", "232702": "232762", "232703": "232763", "232704": "232764", "320602": "320613",
        "340203": "340209", "341400": "340181", "350403": "350404", "469003": "460400",
    }  # fmt: skip
    assert [code for code in current() if find_region(region_path(code)) != code] == []


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
        ("苏州高新区", "320505"), ("昆山开发区", "320583"),
        ("广州经济技术开发区", "440100"), ("合肥高新区", "340100"),
        ("温州", "330300"), ("瓯海", "330304"), ("浙江温州永嘉", "330324"),
        ("乐清", "330382"),
        ("浦东", "310115"), ("浦东新区", "310115"), ("上海", "310000"), ("吉林", "220000"), ("吉林市", "220200"),
        ("内蒙古", "150000"), ("广西南宁", "450100"), ("海南", "460000"), ("深圳", "440300"),
        ("广东省深圳市南山区", "440305"),
        ("南通通州", "320612"), ("北京通州", "110112"), ("杭州西湖区", "330106"), ("长宁区", "310105"),
        ("沧浪区", "320502"), ("增城市", "440183"), ("增城", "440118"), ("中国香港", "810000"), ("香港", "810000"),
        ("HK", "810000"), ("Hong Kong, China", "810000"), ("Macau", "820000"), ("澳门特别行政区", "820000"),
        ("TW", "710000"), ("Taiwan", "710000"), ("中国台湾", "710000"), ("台湾省", "710000"),
        ("德国", "DE"), ("Germany", "DE"), ("de", "DE"), ("DEU", "DE"), ("ＤＥ", "DE"), ("美国", "US"), ("USA", "US"),
        ("U.S.A.", "US"), ("United States of America", "US"), ("UK", "GB"), ("英国", "GB"), ("韩国", "KR"),
        ("阿联酋", "AE"), ("Türkiye", "TR"), ("Turkey", "TR"), ("Cote d'Ivoire", "CI"), ("黑山", "ME"),
        ("黑山县", "210726"), ("德国慕尼黑", "DE"), ("Munich, Germany", "DE"), ("Jiading, Shanghai", "310114"),
        ("河北区", "120105"), ("巢湖市", "340181"), ("朝阳", "211300"), ("延边朝鲜族自治州", "222400"),
    ],
)  # fmt: skip
def test_parse(text: str, code: str) -> None:
    assert parse_region(text) == code


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("火星", f"没有地区“火星”{UNKNOWN}"),
        ("", f"没有地区“”{UNKNOWN}"),
        ("国", f"没有地区“国”{UNKNOWN}"),
        ("999999", f"没有地区“999999”{UNKNOWN}"),
        ("普陀区", "“普陀区”有多处：上海市普陀区、浙江省舟山市普陀区，写上省市。"),
        ("普陀", "“普陀”有多处：上海市普陀区、浙江省舟山市普陀区，写上省市。"),
        ("朝阳区", "“朝阳区”有多处：北京市朝阳区、吉林省长春市朝阳区，写上省市。"),
        ("市" * 500, f"没有地区“{'市' * 20}”{UNKNOWN}"),
    ],
)
def test_no_single_region(text: str, message: str) -> None:
    assert find_region(text) is None
    with pytest.raises(ValueError, match=r"。$") as error:
        parse_region(text)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("code", "city", "province"),
    [
        ("310114", "310000", "310000"), ("310000", "310000", "310000"), ("320500", "320500", "320000"),
        ("320583", "320500", "320000"), ("330304", "330300", "330000"), ("320000", "320000", "320000"),
        ("429004", "429004", "420000"), ("310100", "310000", "310000"), ("440305", "440300", "440000"),
        ("810000", "810000", "810000"), ("DE", "DE", ""), ("999999", "", ""), ("", "", ""), (None, "", ""),
    ],
)  # fmt: skip
def test_where_it_rolls_up(code: str | None, city: str, province: str) -> None:
    assert (city_of(code), province_of(code)) == (city, province)


def test_a_name_of_several_places_means_the_one_at_home() -> None:
    for text in ("朝阳区", "鼓楼区", "西湖区", "通州区", "南山区", "Suzhou"):
        assert find_region(text) is None
        with pytest.raises(ValueError, match=r"写上省市。$"):
            parse_region(text)
    with at_home_in(("11", "4403", "320583", "32050")):
        found = [parse_region(text) for text in ("朝阳区", "通州区", "南山区", "Suzhou")]
        assert found == ["110105", "110112", "440305", "320500"]
        with pytest.raises(ValueError, match=r"写上省市。$"):
            parse_region("鼓楼区")
        assert parse_region("吉林") == "220000"
    with pytest.raises(ValueError, match=r"写上省市。$"):
        parse_region("朝阳区")


def test_every_country_is_read_back_and_none_is_a_place_of_china() -> None:
    assert len(countries.codes()) == 245
    assert {"CN", "HK", "MO", "TW"}.isdisjoint(countries.codes())
    for language in ("zh_CN", "en"):
        i18n.set_language(language)
        assert [code for code in countries.codes() if parse_region(region_name(code)) != code] == []
    assert (region_name("DE"), place_name("JP")) == ("Germany", "Japan")


def test_the_file_of_countries_is_what_its_script_makes() -> None:
    script = runpy.run_path(str(paths.root() / "packaging" / "countries.py"))
    assert paths.resource("countries.csv").read_text(encoding="utf-8") == script["table"]()


def test_english_names_are_read_from_a_file_and_load_no_dictionary_of_pinyin() -> None:
    script = runpy.run_path(str(paths.root() / "packaging" / "regions.py"))
    assert paths.resource("regions.csv").read_text(encoding="utf-8") == script["table"]()
    code = "import sys; from expo_app.rules.regions import english_name; print(english_name('341500'), *sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=paths.root())
    name, *loaded = run.stdout.split()
    assert (name, "pypinyin" in loaded) == ("Lu'an", False)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("440000", "广东"),
        ("150000", "内蒙古"),
        ("450000", "广西"),
        ("810000", "香港"),
        ("320500", "苏州"),
        ("DE", "德国"),
    ],
)
def test_short_names(code: str, name: str) -> None:
    assert short_name(code) == name


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
        ("310114", "Jiading"), ("320500", "Suzhou, Jiangsu"), ("341300", "Suzhou, Anhui"), ("341500", "Lu'an"),
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
    found = [find_region(text) for text in ("SUZHOU, JIANGSU", "Suzhou 320500", "Suzhou 310114", "Nowhere")]
    assert found == ["320500", "320500", None, None]
