"""Regions by GB/T 2260 code: names, paths, reading what people write, and the groups this expo reports by."""

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType

from expo_app.i18n import N_, _, language
from expo_app.rules.region_codes import DELTA, current, past
from expo_app.rules.search_key import spelling

GROUPS = MappingProxyType(
    {
        N_("嘉定"): ("310114",),
        N_("苏州市区"): ("320500", "320502", "320503", "320504", "320505", "320506", "320507", "320508", "320509"),
        N_("昆山"): ("320583",),
        N_("太仓"): ("320585",),
        N_("温州"): ("3303",),
    }
)
"""Reporting group: the code prefixes in it. 昆山 and 太仓 belong to 苏州 too: `city_of` rolls them up."""

OTHER_GROUP = N_("其他")

SUGGESTED = (
    "嘉定区", "苏州市", "昆山市", "太仓市", "温州市", "上海市", "青浦区", "常熟市", "张家港市", "吴江区",
    "瓯海区", "鹿城区", "龙湾区", "永嘉县", "乐清市", "瑞安市", "无锡市", "常州市", "南京市", "南通市",
    "嘉兴市", "湖州市", "杭州市", "宁波市", "宣城市", "合肥市", "芜湖市", "江苏省", "浙江省", "安徽省",
)  # fmt: skip
"""Offered first in forms."""

_ALIASES = {
    "浦东": "310115",
    "昆山开发区": "320583",
    "昆山高新区": "320583",
    "苏州工业园区": "320500",
    "苏州高新区": "320505",
    "内蒙古": "150000",
    "广西": "450000",
    "西藏": "540000",
    "宁夏": "640000",
    "新疆": "650000",
    "香港": "810000",
    "澳门": "820000",
}
_SUFFIX = re.compile("(特别行政区|新区|地区|自治区|省|市|区|县|盟)$")
_NOT_NAME = re.compile(r"[\s,，、·/\\>_-]")
_LONGEST = 60


@lru_cache(maxsize=1)
def _all() -> dict[str, str]:
    return past() | current()


@lru_cache(maxsize=2)
def _by_name(is_short: bool) -> dict[str, tuple[str, ...]]:
    """Codes by full name or by name without its suffix, those in use before past ones."""
    found: dict[str, list[str]] = {}
    for code, name in [*current().items(), *_all().items()]:
        key = _SUFFIX.sub("", name) if is_short else name
        if len(key) > 1 and code not in found.setdefault(key, []):
            found[key].append(code)
    for alias, code in _ALIASES.items() if is_short else ():
        found[alias] = [code]
    return {key: tuple(codes) for key, codes in found.items()}


def province_of(code: str | None) -> str:
    """The code of the province: 310000 for 310114; "" where there is none."""
    return f"{code[:2]}0000" if code and f"{code[:2]}0000" in current() else ""


def city_of(code: str | None) -> str:
    """The code of the prefecture, to which counties and county-level cities roll up: 320500 for 320583.

    Municipalities answer themselves (310000 for 310114), provinces too, units directly under a province likewise.
    """
    if not code:
        return ""
    city = f"{code[:4]}00"
    if city in _all():
        return city
    return province_of(code) if code not in _all() or province_of(code)[:2] in ("11", "12", "31", "50") else code


def region_name(code: str | None) -> str:
    """The name, with its city's before it where the name alone would mean another place; in English as `place_name`,
    the code behind it where that name would mean another.

    An unknown code shows its city's or province's name, or itself; `parse_region` reads back every name of the table.
    """
    if not code or language() != "en":
        return _chinese(code or "")
    name = _english(code)
    return name if code not in _all() or find_region(name) == code else f"{name} {code}"


@lru_cache(maxsize=4096)
def _chinese(code: str) -> str:
    if not code:
        return ""
    name = _all().get(code)
    if name is None:
        above = city_of(code)
        return _all().get(above, code)
    if find_region(name) == code:
        return name
    longer = f"{_all()[city_of(code)]}{name}" if city_of(code) != code else name
    return longer if find_region(longer) == code else region_path(code)


_ENGLISH = MappingProxyType(
    {"内蒙古": "Inner Mongolia", "西藏": "Tibet", "陕西": "Shaanxi", "香港": "Hong Kong", "澳门": "Macao"}
)
_VOWEL = re.compile("[aoe]")
_LATIN = re.compile(r"([A-Za-zü']+)([0-9]{6})?")


def place_name(code: str | None) -> str:
    """`region_name` for a printed page: in English the name by pinyin without its suffix, Suzhou, Lu'an, Kunshan."""
    return _english(code) if code and language() == "en" else region_name(code)


@lru_cache(maxsize=4096)
def _english(code: str) -> str:
    name = _chinese(code)
    short = _SUFFIX.sub("", name) if len(name) > 2 else name
    syllables = spelling(short)
    joined = "".join(f"'{s}" if at and _VOWEL.match(s) else s for at, s in enumerate(syllables))
    return _ENGLISH.get(short) or joined[:1].upper() + joined[1:]


def region_path(code: str | None) -> str:
    """Province, city and district in one word: 江苏省苏州市昆山市, 上海市嘉定区."""
    steps = dict.fromkeys((province_of(code), city_of(code), code or ""))
    return "".join(_all().get(step, "") for step in steps)


def parse_region(text: str) -> str:
    """The code of a region given by code, name (with or without 市 / 区 / 县), path or the beginning of an address.

    ValueError with a sentence for what is unknown or may be several places.
    """
    plain = _plain(text)
    if code := find_region(plain):
        return code
    places = _named(plain)
    if len(places) > 1:
        names = "、".join(region_path(code) for code in places[:4])
        raise ValueError(_("“{text}”有多处：{names}，写上省市。").format(text=text.strip()[:20], names=names))
    raise ValueError(_("没有地区“{text}”，写市、区、县名称或六位代码。").format(text=text.strip()[:20]))


@lru_cache(maxsize=4096)
def find_region(text: str) -> str | None:
    """The code as `parse_region`, None where there is none or no single one."""
    plain = _plain(text)
    if plain in _all():
        return plain
    if found := _LATIN.fullmatch(plain):
        return _resolve_english(found[1], found[2] or "")
    return _resolve(plain, "") or _resolve_address(plain) if 1 < len(plain) <= _LONGEST else None


def _resolve_english(name: str, code: str) -> str | None:
    """A name by pinyin, with the code behind it where the name alone would not do; of several, one offered in forms."""
    places = _by_english().get(name.casefold(), ())
    if code:
        return code if code in places else None
    offered = [place for place in places if _chinese(place) in SUGGESTED]
    return offered[0] if len(offered) == 1 else _only(list(places))


@lru_cache(maxsize=1)
def _by_english() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code in _all():
        found.setdefault(_plain(_english(code)).casefold(), []).append(code)
    return {name: tuple(codes) for name, codes in found.items()}


def _plain(text: str) -> str:
    plain = _NOT_NAME.sub("", unicodedata.normalize("NFKC", text))
    return re.sub("^(中国|中华人民共和国)", "", plain) or plain


def _named(plain: str) -> tuple[str, ...]:
    return _by_name(False).get(plain) or _by_name(True).get(plain) or ()


def _resolve(plain: str, within: str) -> str | None:
    """A name, or a path of names, below the code prefix `within`."""
    for is_short in (False, True):
        places = [code for code in _by_name(is_short).get(plain, ()) if code.startswith(within)]
        if chosen := _only(places):
            return chosen
    for end in range(len(plain) - 2, 1, -1):
        for code in _named(plain[:end]):
            level = _level(code)
            if level and code.startswith(within) and level != within and (found := _resolve(plain[end:], level)):
                return found
    return None


def _level(code: str) -> str:
    """The prefix of everything below a province (2 digits) or city (4); "" for a district."""
    if not code.endswith("00"):
        return ""
    return code[:2] if code.endswith("0000") else code[:4]


def _only(places: list[str]) -> str | None:
    """The one place meant: a province, else a city, else what is in use, else the Delta's."""
    in_use = current()
    for choose in (
        lambda code: code.endswith("0000"),
        lambda code: code in in_use and code.endswith("00"),
        lambda code: code in in_use,
        lambda code: code in in_use and code[:2] in DELTA,
        lambda code: True,
    ):
        chosen = [code for code in places if choose(code)]
        if len(chosen) == 1:
            return chosen[0]
    return None


def _resolve_address(plain: str) -> str | None:
    """The longest path of full names that an address begins with: 上海市嘉定区安亭镇…"""
    for end in range(len(plain) - 1, 2, -1):
        if plain[end - 1] in "省市区县州盟旗" and (code := _resolve(plain[:end], "")) and plain[:end] not in _ALIASES:
            return code
    return None


def group_key(code: str | None) -> str:
    """The reporting group's source label: a key of GROUPS or OTHER_GROUP; "" without a code."""
    if not code:
        return ""
    for group, prefixes in GROUPS.items():
        if code.startswith(prefixes):
            return group
    return OTHER_GROUP


def reporting_group(code: str | None) -> str:
    """The reporting group in the current language; "" without a code."""
    key = group_key(code)
    return _(key) if key else ""
