"""Regions: places of China by GB/T 2260 code, countries by ISO 3166-1; names, paths, reading what people write."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from types import MappingProxyType

from expo_app import paths
from expo_app.i18n import _, language
from expo_app.rules.countries import country_of, english_of, find_country, is_country, name_of
from expo_app.rules.region_codes import current, past

_ALIASES = {
    "浦东": "310115",
    "苏州高新区": "320505",
    "内蒙古": "150000",
    "广西": "450000",
    "西藏": "540000",
    "宁夏": "640000",
    "新疆": "650000",
    "香港": "810000",
    "澳门": "820000",
}
_NAMED_OTHERWISE = MappingProxyType(
    {
        "HK": "810000",
        "HKG": "810000",
        "MO": "820000",
        "MAC": "820000",
        "Macau": "820000",
        "TW": "710000",
        "TWN": "710000",
    }
)
"""Letters and names that mean places of China."""
MUNICIPALITIES = ("11", "12", "31", "50")
"""直辖市: what lies below is a district."""
SUFFIX = re.compile("(特别行政区|新区|地区|自治区|省|市|区|县|盟)$")
_ZONE = re.compile("(经济技术开发区|高新技术产业开发区|工业园区|经开区|高新区|开发区)$")
"""A development zone has no code of its own and counts with the city it is named after."""
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
        key = SUFFIX.sub("", name) if is_short else name
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

    Municipalities answer themselves (310000 for 310114), provinces, units directly under one and countries likewise.
    """
    if not code:
        return ""
    if is_country(code):
        return code
    city = f"{code[:4]}00"
    if city in _all():
        return city
    return province_of(code) if code not in _all() or province_of(code)[:2] in MUNICIPALITIES else code


def provinces() -> tuple[str, ...]:
    """The codes of all 34 provinces, in their order."""
    return tuple(sorted(code for code in current() if code.endswith("0000")))


def cities(province: str) -> tuple[str, ...]:
    """What is next below a province: its prefectures and what else stands directly under it, of a municipality its
    districts; codes in use, in their order."""
    below = sorted(code for code in current() if code[:2] == province[:2] and code != province)
    return tuple(code for code in below if province[:2] in MUNICIPALITIES or city_of(code) == code)


def short_name(code: str) -> str:
    """The Chinese name without what kind of place it is: 苏州, 内蒙古, 德国."""
    if is_country(code):
        return name_of(code)
    called = next((alias for alias, of in _ALIASES.items() if of == code and code.endswith("0000")), "")
    name = _all().get(code, code)
    return called or (SUFFIX.sub("", name) if len(name) > 2 else name)


def english_name(code: str) -> str:
    """The English name: by pinyin without what kind of place it is, Suzhou, Lu'an; of a country its own."""
    return _english(code)


def brief_name(code: str) -> str:
    """`short_name` in the current language."""
    return _english(code) if language() == "en" else short_name(code)


def region_name(code: str | None) -> str:
    """The name, with its city's before it where the name alone would mean another place; in English as `place_name`,
    its province behind it where that name would mean another (Suzhou, Jiangsu), or else the code.

    An unknown code shows its city's or province's name, or itself; `parse_region` reads back every name of the table.
    """
    if not code or language() != "en":
        return _chinese(code or "")
    name = _english(code)
    if is_country(code) or code not in _all():
        return name
    longer = f"{name}, {_english(province_of(code))}"
    return next((text for text in (name, longer) if find_region(text) == code), f"{name} {code}")


@lru_cache(maxsize=4096)
def _chinese(code: str) -> str:
    if not code:
        return ""
    if is_country(code):
        return name_of(code)
    name = _all().get(code)
    if name is None:
        above = city_of(code)
        return _all().get(above, code)
    if find_region(name) == code:
        return name
    longer = f"{_all()[city_of(code)]}{name}" if city_of(code) != code else name
    return longer if find_region(longer) == code else region_path(code)


_LATIN = re.compile(r"([A-Za-zü']+)([0-9]{6})?")


def place_name(code: str | None) -> str:
    """`region_name` for a printed page: in English the name by pinyin without its suffix, Hangzhou, Lu'an."""
    return _english(code) if code and language() == "en" else region_name(code)


@lru_cache(maxsize=1)
def _names_in_english() -> MappingProxyType[str, str]:
    """By code; `packaging/regions.py` writes them down."""
    with paths.resource("regions.csv").open(encoding="utf-8", newline="") as handle:
        rows = csv.reader(handle)
        next(rows)
        return MappingProxyType({code: name for code, name in rows if name})


def _english(code: str) -> str:
    """Of a code that is not known its city's or province's, or itself."""
    if is_country(code):
        return english_of(code)
    names = _names_in_english()
    return names.get(code) or names.get(city_of(code), code)


def region_path(code: str | None) -> str:
    """Province, city and district in one word: 浙江省杭州市西湖区, 上海市浦东新区."""
    if is_country(code):
        return _chinese(code or "")
    steps = dict.fromkeys((province_of(code), city_of(code), code or ""))
    return "".join(_all().get(step, "") for step in steps)


_homes: ContextVar[tuple[str, ...]] = ContextVar("homes", default=())


@contextmanager
def at_home_in(prefixes: Sequence[str]) -> Iterator[None]:
    """Inside, a name of several places means for `parse_region` the one that these code prefixes hold."""
    token = _homes.set(tuple(prefixes))
    try:
        yield
    finally:
        _homes.reset(token)


def parse_region(text: str) -> str:
    """The code of a region given by code, name (with or without 市 / 区 / 县), path or the beginning of an address.

    ValueError with a sentence for what is unknown or may be several places.
    """
    if code := _found(text, _homes.get()):
        return code
    places = _named(_plain(text))
    if len(places) > 1:
        names = "、".join(region_path(code) for code in places[:4])
        raise ValueError(_("“{text}”有多处：{names}，写上省市。").format(text=text.strip()[:20], names=names))
    raise ValueError(
        _("没有地区“{text}”，写市、区、县、国家的名称，或它们的代码；外国的写国家，如老挝，城市写在地址里。").format(
            text=text.strip()[:20]
        )
    )


def find_region(text: str) -> str | None:
    """The code as `parse_region`, wherever one is at home; None where there is none or no single one."""
    return _found(text, ())


@lru_cache(maxsize=8192)
def _found(text: str, homes: tuple[str, ...]) -> str | None:
    plain = _plain(text)
    if code := _of_beginning(plain):
        return code
    if chosen := _only([code for code in _by_name(False).get(plain, ()) if len(plain) > 1], homes):
        return chosen
    if len(plain) > 1 and (country := find_country(text)):
        return country
    if found := _LATIN.fullmatch(plain):
        return _resolve_english(found[1], found[2] or "", homes) or country_of(text)
    if not 1 < len(plain) <= _LONGEST:
        return None
    city = _ZONE.sub("", plain)
    place = _resolve(plain, "", homes) or (_resolve(city, "", homes) if len(city) > 1 else None)
    return place or _resolve_address(plain, homes) or country_of(text.strip())


def _of_beginning(plain: str) -> str | None:
    """The code of a code or of its beginning, as policies say it: 33, 3303; all of a municipality's city is itself."""
    if plain in _all():
        return plain
    if len(plain) not in (2, 4) or not plain.isdecimal() or not any(code.startswith(plain) for code in _all()):
        return None
    whole = plain.ljust(6, "0")
    return whole if whole in _all() else f"{plain[:2]}0000"


def _resolve_english(name: str, code: str, homes: tuple[str, ...]) -> str | None:
    """A name by pinyin, with the province or the code behind it where the name alone would not do."""
    places = _by_english().get(name.casefold(), ()) or _by_english().get(_IN_CHINA.sub("", name.casefold()), ())
    if code:
        return code if code in places else None
    return _only(list(places), homes)


_IN_CHINA = re.compile("^china|(sar)?(china)?$")


@lru_cache(maxsize=1)
def _by_english() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code in _all():
        name = _plain(_english(code)).casefold()
        found.setdefault(name, []).append(code)
        if province_of(code) != code:
            found.setdefault(name + _plain(_english(province_of(code))).casefold(), []).append(code)
    for word, code in _NAMED_OTHERWISE.items():
        found.setdefault(word.casefold(), []).append(code)
    return {name: tuple(codes) for name, codes in found.items()}


def _plain(text: str) -> str:
    plain = _NOT_NAME.sub("", unicodedata.normalize("NFKC", text))
    return re.sub("^(中国|中华人民共和国)", "", plain) or plain


def _named(plain: str) -> tuple[str, ...]:
    if _LATIN.fullmatch(plain):
        return _by_english().get(plain.casefold(), ())
    return _by_name(False).get(plain) or _by_name(True).get(plain) or ()


def _resolve(plain: str, within: str, homes: tuple[str, ...]) -> str | None:
    """A name, or a path of names, below the code prefix `within`."""
    for is_short in (False, True):
        places = [code for code in _by_name(is_short).get(plain, ()) if code.startswith(within)]
        if chosen := _only(places, homes):
            return chosen
    for end in range(len(plain) - 2, 1, -1):
        for code in _named(plain[:end]):
            level = _level(code)
            if level and code.startswith(within) and level != within and (found := _resolve(plain[end:], level, homes)):
                return found
    return None


def _level(code: str) -> str:
    """The prefix of everything below a province (2 digits) or city (4); "" for a district."""
    if not code.endswith("00"):
        return ""
    return code[:2] if code.endswith("0000") else code[:4]


def _only(places: list[str], homes: tuple[str, ...]) -> str | None:
    """The one place meant: a province, else a city, else what is in use, else what lies at home."""
    in_use = current()
    for choose in (
        lambda code: code.endswith("0000"),
        lambda code: code in in_use and code.endswith("00"),
        lambda code: code in in_use,
        lambda code: code in in_use and code.startswith(homes),
        lambda code: True,
    ):
        chosen = [code for code in places if choose(code)]
        if len(chosen) == 1:
            return chosen[0]
    return None


def _resolve_address(plain: str, homes: tuple[str, ...]) -> str | None:
    """The longest path of full names that an address begins with: 浙江省杭州市西湖区文三路…"""
    for end in range(len(plain) - 1, 2, -1):
        is_name = plain[end - 1] in "省市区县州盟旗" and plain[:end] not in _ALIASES
        if is_name and (code := _resolve(plain[:end], "", homes)):
            return code
    return None
