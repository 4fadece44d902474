"""What a number format says of the money in its cells: 元, 万元, 美元 …"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache

from expo_app.rules import currencies

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|[_*].|\[\$(?P<symbol>[^\]-]*)(?:-(?P<locale>[^\]]*))?\]|\[[^\]]*\]'
    r"|(?P<end>;)|(?P<digit>[0#?])|(?P<mark>[.,%E/@])|(?P<other>.)",
    re.DOTALL,
)
_GENERAL = re.compile(r"General|G/通用格式")
_SHIFT = re.compile(r"d\|(d+)")
"""A point put in as a text between digits, as in 0!.0000: the figure is shown divided by a power of ten."""

_LOCALES = {
    ("$", "404"): "新台币", ("$", "c04"): "港元", ("$", "1404"): "澳门元", ("$", "1004"): "新加坡元",
    ("$", "4804"): "新加坡元", ("$", "1009"): "加元", ("$", "c09"): "澳元", ("¥", "411"): "日元",
}  # fmt: skip
"""A symbol of several currencies and the Windows locale behind it."""
_POWERS = (("千万", 7), ("百万", 6), ("十万", 5), ("万亿", 12), ("亿", 8), ("万", 4), ("千", 3))
PERCENT = "%"
PERCENT_FORMATS = (9, 10)
"""Excel's built-in 0% and 0.00%."""
_NAMES = {0: "", 3: "千", 4: "万", 5: "十万", 6: "百万", 7: "千万", 8: "亿"}


@lru_cache(1024)
def unit_of(code: str) -> str | None:
    """The unit of the bare number in a cell of this Excel format, PERCENT of a percentage; None where it says nothing.

    A format may show a number divided: by `0!.0,"万"` 12345, which is in 元, is shown as 1.2万; by `0"万元"` 860, which
    is in 万元, as 860万元. A currency that is not known is told by its symbol. Of a format in parts the first counts.
    """
    figure, words, symbol, locale = "", "", "", ""
    for token in _TOKEN.finditer(_GENERAL.sub("0", code[:300])):
        kind, text = token.lastgroup, token[token.lastgroup or 0]
        if kind == "end":
            break
        if kind in ("digit", "mark"):
            figure += "d" if kind == "digit" else text
        elif kind in ("symbol", "locale"):
            symbol = unicodedata.normalize("NFKC", token["symbol"]).strip()
            locale = (token["locale"] or "").lower().lstrip("0")
        elif kind in ("quoted", "escaped") and text == "." and figure.endswith("d"):
            figure += "|"
        elif kind:
            words += text
    if re.fullmatch(r"[d.,]*d%", figure):
        return PERCENT
    if "d" not in figure or re.search("[%E/@]", figure):
        return None
    words = re.sub(r"\s", "", unicodedata.normalize("NFKC", words))
    currency = _LOCALES.get((symbol, locale)) or _currency(symbol + words) or symbol
    word, power = next(((name, power) for name, power in _POWERS if name in words), ("", 0))
    divided = _divided(figure)
    if not currency and re.search(r"\w", words.replace(word, "", 1)):
        return None  # 万人, 千克
    if not word:  # a figure divided by ten thousand is in 元, as 万元 is what is shown
        return currency or ("元" if divided in (4, 8) else None)
    name = _NAMES.get(power - divided)
    return None if name is None else name + (currency or "元")


def _divided(figure: str) -> int:
    """The power of ten by which a figure is shown smaller: 3 for each comma at its end, 1 for each shifted digit."""
    shifted = _SHIFT.search(figure)
    thousands = re.search(r"d(,+)(?=\.|$)", figure)
    return (len(shifted[1]) if shifted else 0) + (3 * len(thousands[1]) if thousands else 0)


def _currency(text: str) -> str:
    """The name of the currency that a text names, 元 for the yuan; "" where it names none."""
    code = currencies.told(text)
    return "元" if code == currencies.HOME else currencies.CURRENCIES[code][0] if code else ""


def format_of(parts: str) -> str:
    """The Excel format that says of money what an OpenDocument number style says, from the XML inside the style."""
    code = ""
    for tag, attributes, text in _ODF_PART.findall(parts):
        if tag == "text":
            code += f'"{text}"'
        elif tag == "currency-symbol":
            country = re.search(r'number:country="(\w+)"', attributes)
            code += f"[${text}-{_COUNTRIES.get(country[1] if country else '', '')}]"
        elif tag == "number":
            inside = re.search(r'<number:embedded-text number:position="(\d)"[^>]*>\.<', text)
            factor = re.search(r'number:display-factor="(\d+)"', attributes)
            thousands = round(math.log(max(int(factor[1][:12]), 1), 1000)) if factor else 0
            code += "0" + ("!." + "0" * int(inside[1]) if inside else "") + "," * thousands
    return code


_ODF_PART = re.compile(r"<number:(text|currency-symbol|number)(?=[\s/>])([^>]*?)(?:/>|>(.*?)</number:\1>)", re.DOTALL)
_COUNTRIES = {
    "CN": "804", "TW": "404", "HK": "c04", "MO": "1404", "SG": "1004", "CA": "1009", "AU": "c09", "JP": "411",
    "US": "409",
}  # fmt: skip
