"""GB/T 2260 codes of the administrative divisions, six digits: province, prefecture, county.

They come from the data of python-stdnum, which says from when to when each code was in force. That file is not a
documented interface: a test counts what is read from it. Collectives (市辖区) are left out.
"""

import re
from functools import lru_cache
from importlib.resources import files

_LINE = re.compile(r'^(\d\d) province=|^  (\d{4}) county="(.*)"$', re.MULTILINE)
_DIVISION = re.compile(r"(?:\[\d*-(\d*)\])?([^,]+)")
_COLLECTIVES = frozenset({"市辖区", "县", "省直辖县级行政单位", "自治区直辖县级行政单位"})
_RENUMBERED = frozenset({"422921", "429001"})
"""Codes that the file takes for current and that have long had a successor: 429021 神农架林区, 421300 随州市."""
_SINCE = "2010"
"""Older records still carry what was dissolved or renamed since this year."""


@lru_cache(maxsize=1)
def _read() -> tuple[dict[str, str], dict[str, str]]:
    current: dict[str, str] = {}
    past: dict[str, str] = {}
    above = ""
    text = files("stdnum").joinpath("cn", "loc.dat").read_text("utf-8")
    for province, digits, divisions in _LINE.findall(text):
        above = province or above
        code = above + digits
        for end, name in _DIVISION.findall(divisions):
            if not end and name not in _COLLECTIVES and code not in _RENUMBERED:
                current[code] = name
            elif end >= _SINCE and name not in _COLLECTIVES:
                past[code] = name
    return current, {code: name for code, name in past.items() if code not in current}


def current() -> dict[str, str]:
    """Name by code of every division in use."""
    return _read()[0]


def past() -> dict[str, str]:
    """Name by code of the divisions that were dissolved or renamed since 2010."""
    return _read()[1]
