"""Countries by the two letters of ISO 3166-1, but for China, whose places have codes of GB/T 2260.

The names are those of the Unicode CLDR; `packaging/countries.py` writes them down from Babel.
"""

import csv
import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType

from expo_app import paths

_NOT_WORD = re.compile(r"[\W_]+")
_IN_CHINA = re.compile("[路街号镇村]")


@lru_cache(maxsize=1)
def _rows() -> MappingProxyType[str, tuple[str, str, str]]:
    with paths.resource("countries.csv").open(encoding="utf-8", newline="") as handle:
        rows = csv.reader(handle)
        next(rows)
        return MappingProxyType({code: (name, name_en, others) for code, name, name_en, others in rows})


@lru_cache(maxsize=1)
def _by_word() -> dict[str, str]:
    found = {}
    for code, (name, name_en, others) in _rows().items():
        for word in (code, name, name_en, *others.split("、")):
            found[_plain(word)] = code
    return found


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return _NOT_WORD.sub("", "".join(sign for sign in apart if not unicodedata.combining(sign)).replace("&", "and"))


def codes() -> tuple[str, ...]:
    """The two letters of every country, A–Z."""
    return tuple(_rows())


def is_country(code: str | None) -> bool:
    """Whether a code is that of a country."""
    return code in _rows()


def name_of(code: str) -> str:
    """The Chinese name; KeyError for no country."""
    return _rows()[code][0]


def english_of(code: str) -> str:
    """The English name; KeyError for no country."""
    return _rows()[code][1]


def find_country(text: str) -> str | None:
    """The code of a country named in Chinese or English or by its two or three letters (德国, Germany, DE, DEU)."""
    plain = _plain(text)
    return _by_word().get(plain) if plain else None


def country_of(address: str) -> str | None:
    """The country that an address names first (德国慕尼黑) or last (Munich, Germany)."""
    parts = re.split(r"[,，、;；]", address)
    for part in (parts[-1], parts[0]) if len(parts) > 1 else ():
        if code := find_country(part):
            return code
    names = [(name, code) for code, (name, _english, _others) in _rows().items() if address.startswith(name)]
    name, code = max(names, key=lambda found: len(found[0]), default=("", None))
    return None if _IN_CHINA.search(address[len(name) :]) else code
