"""Amounts written out in Chinese: 捌佰陆拾万元整, 八百六十万, 一亿二千万元, 壹佰万元零壹分."""

import re
from decimal import Decimal

_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"〇": 0, "两": 2}
_PLAIN = str.maketrans("壹贰弍叁肆伍陆柒捌玖拾佰仟圆正億萬兩", "一二二三四五六七八九十百千元整亿万两")
_SECTION = re.compile(r"(?:(.)千)?零?(?:(.)百)?零?(?:(.?)十)?零?(.)?")
_WHOLE = re.compile(
    r"(?:(?P<whole>[零〇一二三四五六七八九两十百千万亿]+)(?P<yuan>元)?)?(?P<jiao>零?.角)?(?P<fen>零?.分)?(?P<all>整)?"
)
_LOOSE = re.compile(r"[百千万亿][一二三四五六七八九两](?=[万亿]|$)")
"""二百五, 一万二: whether the last digit counts ones or the next place, nobody can tell."""
_WAN = 10_000


def read_words(text: str) -> tuple[Decimal, bool] | None:
    """(the number, whether it is in yuan) of an amount in Chinese characters; None where it is none or not clear.

    A number without 元, 万 or 亿 behind it has no unit of its own: whoever asked knows in what it is.
    """
    plain = text.translate(_PLAIN)
    found = _WHOLE.fullmatch(plain)
    if not plain or not found or (found["whole"] and _LOOSE.search(found["whole"])):
        return None
    if (found["jiao"] or found["fen"]) and found["whole"] and not found["yuan"]:
        return None
    whole = _number(found["whole"]) if found["whole"] else 0
    parts = [_DIGITS.get(found[name][-2], -1) if found[name] else 0 for name in ("jiao", "fen")]
    if whole is None or min(parts) < 0 or not (found["whole"] or found["jiao"] or found["fen"]):
        return None
    is_yuan = bool(found["yuan"] or found["jiao"] or found["fen"] or re.search("[万亿]", plain))
    return Decimal(whole) + Decimal(10 * parts[0] + parts[1]).scaleb(-2), is_yuan


def _number(text: str) -> int | None:
    """A whole number below 10^16."""
    high, yi, low = text.rpartition("亿")
    parts = [_below_yi(part) if part else 0 for part in (high, low)]
    if any(part is None for part in parts) or (yi and not parts[0]):
        return None
    return (parts[0] or 0) * _WAN * _WAN + (parts[1] or 0)


def _below_yi(text: str) -> int | None:
    high, wan, low = text.rpartition("万")
    parts = [_section(part) if part else 0 for part in (high, low)]
    if any(part is None for part in parts) or (wan and not parts[0]):
        return None
    return (parts[0] or 0) * _WAN + (parts[1] or 0)


def _section(text: str) -> int | None:
    """A number below ten thousand: 八百六十, 零五, 十二."""
    found = _SECTION.fullmatch(text)
    if not found:
        return None
    total = 0
    for place, digit in zip((1000, 100, 10, 1), found.groups(), strict=True):
        if digit is None:
            continue
        value = 1 if digit == "" and place == 10 else _DIGITS.get(digit)  # 十二 is 一十二
        if value is None:
            return None
        total += value * place
    return total
