"""Telephone numbers: read as people and Excel write them, kept in one form, shown as people write them.

Kept is E.164 with the extension of RFC 3966: "+8613800000067", "+862159571234;ext=8012". What is only dialled within
China has no such form and is kept by its digits: a service number ("4008208820", "95588") and a local number
("59571234"), whose area code nobody has said.
"""

import re
import unicodedata
from functools import lru_cache

from expo_app.i18n import _

EXTENSION = ";ext="
_HOME = "+86"
LEAST = 7
"""Digits of a number beside others or beside a name; fewer are part of one."""
_MOBILE_LENGTH = 11
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－ー", "-"))
_QUOTES = " \t\n'`‘’“”\""
_ENDS = ";,、/|" + _QUOTES
_LABEL = (
    r"(?:手机号码|手机号|手机|移动电话|联系电话|联系方式|办公电话|固定电话|电话号码|电话|座机|固话|总机|微信同号|微信"
    r"|telephone|mobile|phone|cell|tel|mob|ph)"
)
_LABELS = re.compile(rf"^{_LABEL}(?![a-z])[\s.:]*|[\s:]*{_LABEL}[\s:]*$", re.IGNORECASE)
_REMARK = re.compile(r"[(\[【][^)\]】\d]*[)\]】]")
_EMAIL = re.compile(r"[\w.+-]+@[\w.-]+")
_WHOLE = re.compile(r"(\d+)\.0+")
_POWER = re.compile(r"(\d)(?:\.(\d+))?e\+?(\d{1,2})", re.IGNORECASE)
_BETWEEN = re.compile(r"[/、,;|\n\t]+|(?<=[^\d]\))\s*(?=\+?\d)|(?<=\d)\s*[和或&]\s*(?=\+?\d)")
_EXTENDED = re.compile(r"(.*?)[\s(-]*(?:转|分机号|分机|extension|ext\.?|x|#)+[\s:.-]*(\d{1,8})\s*\)?", re.IGNORECASE)
_BEHIND = re.compile(r"转|分机|ext|x|#", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d+(-\d+)*")
_DASHED = re.compile(r"(.*?(?:\d{7,8}|(?:0\d{2,3}|[48]00)-\d{3,4}-\d{4}|\d{4}-\d{4}))-(\d{1,6})")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_SERVICE = re.compile(r"[48]00\d{7}|9[56]\d{3,6}")
_LOCAL = re.compile(r"[2-9](?:\d{6,7}|\d{2,3}-\d{4})")
_NEIGHBOUR = re.compile(r"85[23]\d{8}")


def parse(text: str) -> str:
    """The one form in which a number is kept, from any spelling, the kept and the shown one included.

    ValueError with a sentence for what is no number, several numbers, or a number whose end Excel has cut off.
    """
    if len(text) == _MOBILE_LENGTH and text.isascii() and _MOBILE.fullmatch(text):
        return _HOME + text  # as most are written: ten thousand of them in an import
    plain = _whole(_plain(text), text)
    parts = split_phones(plain)
    if len(parts) > 1:
        raise ValueError(_("一格只写一个号码。"))
    number = _bare(parts[0]) if parts else ""
    extended = _EXTENDED.fullmatch(number)
    number, extension = extended.groups() if extended else (number, "")
    number = re.sub(r"\((\+?\d*)\)", r"-\1-", re.sub(r"[\s.]", "", number).replace("(0)", ""))
    number = re.sub(r"-+", "-", number).strip("-")
    if not _NUMBER.fullmatch(number):
        raise ValueError(_("“{text}”不是电话号码，只能有数字。").format(text=text.strip()[:20]))
    kept, dashed = _kept(number, text)
    extension = extension or dashed
    return f"{kept}{EXTENSION}{extension}" if extension else kept


def show(stored: str) -> str:
    """As people write it: 13800000067, 021-59571234 转 8012, +1 415-555-0100; what is no kept number as it is."""
    number, _mark, extension = stored.partition(EXTENSION)
    said = _shown(number)
    return _("{number} 转 {extension}").format(number=said, extension=extension) if extension else said


def own(stored: str) -> str:
    """The number without its extension."""
    return stored.partition(EXTENSION)[0]


@lru_cache(1 << 16)
def is_own(stored: str) -> bool:
    """Whether a number is probably one person's: a mobile one or an extension, not what a whole office answers."""
    number, _mark, extension = stored.partition(EXTENSION)
    if extension:
        return True
    if number.startswith(_HOME):
        return _MOBILE.fullmatch(number, len(_HOME)) is not None
    if not number.startswith("+"):
        return False
    import phonenumbers

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
    return kind != phonenumbers.PhoneNumberType.FIXED_LINE


def tail(stored: str | None) -> str:
    """The last four digits of the number, by which people ask for it; not those of an extension."""
    number = own(stored or "")
    if number.isascii() and number[-4:].isdigit():
        return number[-4:]
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", number))[-4:]


def split_phones(text: str) -> list[str]:
    """The numbers in one cell, as they are written there; `parse` reads each."""
    parts = [part.strip() for part in _BETWEEN.split(_plain(text))]
    found: list[str] = []
    for part in parts:
        words = part.split()
        are_numbers = len(words) > 1 and all(_digits(_BEHIND.split(word)[0]) >= LEAST for word in words)
        found += words if are_numbers else [part]
    return [part for part in found if _digits(part)]


# --- one number -------------------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """Half width, without what Excel and people put around a text to keep it one."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).replace(EXTENSION, " ext ").strip()
    return plain.removeprefix("=").strip(_ENDS) if plain else plain


def _bare(text: str) -> str:
    """Without remarks in brackets and words such as 手机."""
    text, before = _REMARK.sub(" ", text).strip(_ENDS), ""
    while text != before:
        text, before = _LABELS.sub("", text).strip(_ENDS), text
    return text


def _whole(plain: str, text: str) -> str:
    """A number that was written as a fraction or a power of ten, in full."""
    if whole := _WHOLE.fullmatch(plain):
        return whole[1]
    if (power := _POWER.fullmatch(plain)) is None:
        return plain
    digits, length = power[1] + (power[2] or ""), int(power[3]) + 1
    if len(digits) < length:  # the rest need not have been zeros
        raise ValueError(_("“{text}”被 Excel 缩短过，末几位已经丢失，要重新填写。").format(text=text.strip()[:20]))
    return digits[:length] if not digits[length:].strip("0") else plain


def _digits(text: str) -> int:
    return sum(map(str.isdecimal, text))


def _kept(number: str, text: str) -> tuple[str, str]:
    """(kept form, extension behind a dash) of digits in groups."""
    if number.startswith("00"):
        number = f"+{number[2:].removeprefix('-')}"
    is_abroad = number.startswith("+") and not number.startswith(_HOME)
    if is_abroad:
        return _foreign(number, text), ""
    has_country = number.startswith(_HOME) or (number.startswith("86") and _digits(number) >= 12)
    if has_country:
        number = number.removeprefix("+")[2:].lstrip("-")
    digits = number.replace("-", "")
    national = digits.removeprefix("0")
    if _MOBILE.fullmatch(national):
        return _HOME + national, ""
    dashed = _DASHED.fullmatch(number)
    if dashed and not digits.startswith("1"):
        return _home(dashed[1], has_country, text), dashed[2]
    return _home(number, has_country, text), ""


def _home(number: str, has_country: bool, text: str) -> str:
    """A number of the mainland that is no mobile one as it should be."""
    digits = number.replace("-", "")
    national = digits.removeprefix("0")
    has_area = has_country or digits.startswith("0")
    if _SERVICE.fullmatch(national) and not digits.startswith("0"):
        return digits
    if re.match("1[3-9]", national) or (national.startswith("1") and not has_area and not _lost_zero(digits, text)):
        _refuse_mobile(national)
    if has_area:
        if not _is_landline(national):
            raise ValueError(_("“{text}”不是固定电话，核对区号和位数。").format(text=text.strip()[:20]))
        return _HOME + national
    if _LOCAL.fullmatch(number):
        return digits
    if _lost_zero(digits, text):
        return _HOME + digits
    if 9 <= len(digits) <= 15:
        raise ValueError(_("“{text}”缺区号前的 0，或境外号码的 + 和国家代码。").format(text=text.strip()[:20]))
    raise ValueError(_("“{text}”不是电话号码：{n} 位数字。").format(text=text.strip()[:20], n=len(digits)))


def _lost_zero(digits: str, text: str) -> bool:
    """A landline in a number cell, where Excel drops the first 0: nothing but digits, and with the 0 a number there is.

    Numbers of 香港 and 澳门 look alike: they need their +.
    """
    is_cell = _plain(text).removesuffix(".0").isdecimal() and len(digits) in (10, 11)
    return is_cell and not _NEIGHBOUR.fullmatch(digits) and _is_landline(digits)


def _refuse_mobile(digits: str) -> None:
    missing = _MOBILE_LENGTH - len(digits)
    if missing > 0:
        raise ValueError(_("少 {n} 位，应为 11 位数字。").format(n=missing))
    if missing < 0:
        raise ValueError(_("多 {n} 位，应为 11 位数字。").format(n=-missing))
    raise ValueError(_("手机号以 13 至 19 开头，核对第 2 位。"))


def _is_landline(national: str) -> bool:
    import phonenumbers

    number = phonenumbers.PhoneNumber(country_code=86, national_number=int(national))
    return phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE


def _foreign(number: str, text: str) -> str:
    import phonenumbers

    try:
        found = phonenumbers.parse(number)
        if phonenumbers.is_possible_number(found):
            return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        pass  # refused below, like one of a wrong length
    raise ValueError(_("“{text}”不是境外号码，核对国家代码和位数。").format(text=text.strip()[:20]))


def _shown(number: str) -> str:
    if not number.startswith("+"):
        is_whole = len(number) == 10 and _SERVICE.fullmatch(number)
        return f"{number[:3]}-{number[3:6]}-{number[6:]}" if is_whole else number
    if not number.startswith(_HOME):
        return _shown_abroad(number)
    national = number[len(_HOME) :]
    if _MOBILE.fullmatch(national):
        return national
    if not national:
        return number
    area = 2 if national.startswith(("10", "2")) else 3  # 北京 010 and 02x, four digits elsewhere
    return f"0{national[:area]}-{national[area:]}"


@lru_cache(4096)
def _shown_abroad(number: str) -> str:
    import phonenumbers

    try:
        found = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


# --- people with their numbers in one cell ----------------------------------------------------------------------------

_WITHIN = re.compile(r"\(?\+?\d(?:[\d() .-]*\d)?(?:[ (]*(?:转|分机号|分机|ext\.?|#)+[ :.-]*\d{1,8}\)?)?", re.IGNORECASE)
_NAMES = re.compile(r"[/、,;|\n\t&]+")
_HAN_NAME = re.compile(r"[㐀-鿿]{2,4}")
_POST = re.compile(
    r".*(?:先生|女士|小姐|老师|教授|博士|经理|总监|主任|总裁|董事长|主管|工程师|处长|科长|部长|院长|所长|助理|专员|秘书"
    r"|书记|会长|校长)"
)
_ROLE = re.compile(r"^\s*(?:联系人|负责人|姓名|contact|name)\s*:\s*", re.IGNORECASE)


def split_name_and_phone(text: str) -> list[tuple[str, str]]:
    """The people named in one cell, each with the number written to the name, "" where there is none.

    Numbers come as written, several of one person joined by 、; a name "" is that of a number without one. Titles in
    brackets or behind a name are left out. ValueError where it cannot be seen whose number one is.
    """
    found = _in_order(text)
    kinds = [is_number for is_number, _words in found]
    if kinds and not any(is_number is False for is_number in kinds):
        return [("", "、".join(words for _kind, words in found))]
    numbers_first = bool(kinds) and kinds[0] and not kinds[-1]
    pairs: list[tuple[str, str]] = []
    names: list[str] = []
    numbers: list[str] = []
    for is_number, words in [*(reversed(found) if numbers_first else found), (False, "")]:
        if is_number:
            numbers.append(words)
            continue
        if numbers or not words:
            pairs += _paired(names, numbers)
            names, numbers = [], []
        names += [words] if words else []
    return pairs[::-1] if numbers_first else pairs


def _paired(names: list[str], numbers: list[str]) -> list[tuple[str, str]]:
    if not numbers:
        return [(name, "") for name in names]
    if len(names) == 1:
        return [(names[0], "、".join(numbers))]
    if len(names) != len(numbers):
        raise ValueError(_("看不出号码是谁的，要写在姓名后面。"))
    return list(zip(names, numbers, strict=True))


def _in_order(text: str) -> list[tuple[bool, str]]:
    """(whether it is a number, its words), as they stand in the cell."""
    plain = _EMAIL.sub(" ", unicodedata.normalize("NFKC", text).translate(_DASHES))
    plain = _REMARK.sub(" ", plain.replace(EXTENSION, " 转 "))
    found: list[tuple[bool, str]] = []
    at = 0
    for match in _WITHIN.finditer(plain):
        if _digits(match[0]) < LEAST:
            continue
        found += [(False, name) for name in _names_in(plain[at : match.start()])]
        whole = match[0] if ")" in match[0] else match[0].strip("( ")
        found += [(True, number) for number in split_phones(whole)]
        at = match.end()
    return found + [(False, name) for name in _names_in(plain[at:])]


def _names_in(text: str) -> list[str]:
    found: list[str] = []
    for part in _NAMES.split(text):
        words = [word for word in _bare(_ROLE.sub("", part)).strip(" :-.()").split() if word]
        words = words[:1] + [word for word in words[1:] if not _POST.fullmatch(word)]
        are_names = len(words) > 1 and all(map(_HAN_NAME.fullmatch, words))
        found += words if are_names else [" ".join(words)]
    return [name for name in found if name]
