"""Currencies by their ISO 4217 codes, and what tells them in a text: names, symbols, codes."""

import re
import unicodedata
from collections.abc import Mapping

from expo_app.i18n import N_, _, in_every_language

HOME = "CNY"
"""In which everything is added up."""

CURRENCIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "USD": (N_("美元"), ("美元", "美金", "US$", "USD")),
    "HKD": (N_("港元"), ("港元", "港币", "HK$", "HKD")),
    "MOP": (N_("澳门元"), ("澳门元", "MOP")),
    "TWD": (N_("新台币"), ("新台币", "NT$", "TWD")),
    "SGD": (N_("新加坡元"), ("新加坡元", "新元", "S$", "SGD")),
    "CAD": (N_("加元"), ("加元", "C$", "CAD")),
    "AUD": (N_("澳元"), ("澳元", "A$", "AUD")),
    "NZD": (N_("新西兰元"), ("新西兰元", "NZ$", "NZD")),
    "EUR": (N_("欧元"), ("欧元", "€", "EUR")),
    "GBP": (N_("英镑"), ("英镑", "£", "GBP")),
    "CHF": (N_("瑞士法郎"), ("瑞士法郎", "CHF")),
    "JPY": (N_("日元"), ("日元", "日圆", "JPY", "JP¥")),
    "KRW": (N_("韩元"), ("韩元", "₩", "KRW")),
    "RUB": (N_("卢布"), ("卢布", "₽", "RUB")),
    "INR": (N_("印度卢比"), ("印度卢比", "₹", "INR")),
    "THB": (N_("泰铢"), ("泰铢", "฿", "THB")),
    "CNY": (N_("人民币"), ("人民币", "RMB", "CNY", "¥", "元", "圆")),
}
"""Code → its name, and what a currency is told by, longer ones before those they contain: 元 is a part of 美元."""
_DOLLAR = re.compile(r"(?<![A-Z])\$")
_UNITS = re.compile(r"[\s()（）十百千万亿]")


def told(text: str) -> str:
    """The code of the currency that a text names; "" where it names none. A bare $ is that of the USA."""
    upper = unicodedata.normalize("NFKC", text).upper()
    named = (code for code, (_name, words) in CURRENCIES.items() if any(word in upper for word in words))
    return next(named, "USD" if _DOLLAR.search(upper) else "")


def without(text: str, code: str) -> str:
    """A text without the words that tell this currency."""
    plain = unicodedata.normalize("NFKC", text)
    words = (*CURRENCIES[code][1], "$") if code != HOME else CURRENCIES[code][1]
    for word in sorted(words, key=len, reverse=True):
        plain = re.sub(re.escape(word), "", plain, flags=re.IGNORECASE)
    return plain


def named(code: str) -> str:
    """USD 美元: how a currency is offered and shown."""
    return f"{code} {_(CURRENCIES[code][0])}" if code in CURRENCIES else code


def read(text: str) -> str:
    """The code that a person's or a list's word means (美元, usd, USD 美元, 万元人民币); ValueError with a sentence."""
    plain = unicodedata.normalize("NFKC", text).strip()
    word = plain.partition(" ")[0].upper()
    if word in CURRENCIES:
        return word
    known = (code for code, (name, _words) in CURRENCIES.items() if plain in in_every_language(name))
    found = next(known, "") or told(_UNITS.sub("", plain))
    if not found:
        raise ValueError(_("没有“{text}”这个币种，填 ISO 代码，如 USD。").format(text=text.strip()[:20]))
    return found
