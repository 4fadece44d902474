"""Money as people write it: 万元 in, exact yuan inside, 万元, capitals and English out. Never a float."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from expo_app.i18n import N_, _, in_language, language
from expo_app.rules import currencies
from expo_app.rules.amount_words import read_words

YUAN, THOUSAND, WAN, MILLION = Decimal(1), Decimal(1_000), Decimal(10_000), Decimal(1_000_000)
UNIT = N_("万元")
"""What amounts are entered and shown in, where nothing else is said."""
UNITS = {YUAN: N_("元"), THOUSAND: N_("千元"), WAN: UNIT}
"""What a column of amounts may be in: vouchers and papers 元, the Torch form 千元."""
MAX_YUAN = Decimal("9999999999999999.99")
MISSING = "—"

_UNITS = {
    "": WAN,
    "元": Decimal(1),
    "圆": Decimal(1),
    "千元": Decimal(1_000),
    "万": WAN,
    "万元": WAN,
    "百万": Decimal(1_000_000),
    "百万元": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "千万元": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
    "亿元": Decimal(100_000_000),
}
_HOME = re.compile(r"人民币|rmb|cny|¥")
_AMOUNT = re.compile(r"([0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)([一-鿿]*)")
_ONE_SPELLING = str.maketrans({"\N{MINUS SIGN}": "-", "萬": "万", "億": "亿", "圓": "元"})
_NUMBER = re.compile(r"[0-9][0-9,.]*|\.[0-9]+")
_TWO_PARTS = re.compile(r"([0-9]+)亿([0-9]{1,4})万元?")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,4}(,[0-9]{4})+|[0-9]+")
_BOTH = re.compile(r"(.+?)\((.+)\)")
"""In capitals and in figures: 捌佰陆拾万元整(￥8,600,000.00)."""
_SIGNED = re.compile(r"-?[$€£₩₽₹฿¥]-?[\d,.]+")
_LONGEST = 60


def parse_wan(text: str) -> Decimal:
    """Exact yuan from an amount in 万元, or in the unit written with it; what `parse` says holds."""
    return parse(text, WAN)


def parse(text: str, unit: Decimal, may_be_negative: bool = False) -> Decimal:
    """Exact yuan from an amount in `unit` (of `UNITS`), or in the unit written with it (元, 千元, 万, 亿元 …).

    ¥ and 人民币 before a number without a unit are one: ￥8,600,000 are yuan. Full-width digits, thousands separators
    and amounts written out (捌佰陆拾万元整) are understood; powers of ten (1e9) are not: nobody writes money so.
    ValueError with a sentence otherwise; of another currency it says so.
    """
    plain = re.sub(r"\([大小]写\):?|[大小]写:?", "", _plain(text))
    if both := _BOTH.fullmatch(_HOME.sub("", plain)):
        return _said_twice(both[1], both[2], text, unit)
    is_negative = bool(re.match("(?:人民币|rmb|cny|¥)?(?:-|负)", plain))
    bare = re.sub("^(?:-|负)", "", _HOME.sub("", plain))
    if _NUMBER.fullmatch(bare) and _HOME.search(plain):
        bare += "元"
    if len(plain) <= _LONGEST and (yuan := _yuan(bare, text, unit)) is not None:
        if is_negative and not may_be_negative:
            raise ValueError(_("金额不能小于 0。"))
        return -yuan if is_negative else yuan
    if parse_foreign(text) is not None:
        raise ValueError(_("“{text}”是外币，选币种后填原币金额和汇率。").format(text=text.strip()[:20]))
    raise _no_amount(text, unit)


def _no_amount(text: str, unit: Decimal) -> ValueError:
    words = _("“{text}”不是金额，写数字，如 860.00（{unit}）。")
    return ValueError(words.format(text=text.strip()[:20], unit=_(UNITS[unit])))


def parse_foreign(text: str) -> tuple[str, Decimal] | None:
    """Currency and amount of a text that names another currency (US$1.2百万, 120万美元, EUR 50,000); else None.

    The amount is in the currency itself, as it is of ￥860. ValueError as `parse_wan`.
    """
    code = currencies.told(text)
    if code in ("", currencies.HOME):
        return None
    plain = _plain(currencies.without(text, code))
    is_negative = plain.startswith(("-", "负"))
    plain = re.sub("^(?:-|负)", "", plain)
    amount = _yuan(f"{plain.removesuffix('元')}元", text, WAN) if 0 < len(plain) <= _LONGEST else None
    if amount is not None and is_negative:
        raise ValueError(_("金额不能小于 0。"))
    return None if amount is None else (code, amount)


def is_bare(text: str) -> bool:
    """Whether a text is a sign of money and a number without any unit (￥860, $1,200): the sign is its unit."""
    return _SIGNED.fullmatch(_plain(text)) is not None


def convert(amount: Decimal, rate: Decimal) -> Decimal:
    """Yuan for an amount in another currency at a rate (yuan for one unit), halves of a fen up."""
    return (amount * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)


def is_yuan(amount: Decimal) -> bool:
    """Whether it is an amount that is kept: more than nothing, whole fen, not beyond all bounds."""
    return amount.is_finite() and 0 < amount <= MAX_YUAN and amount == amount.quantize(Decimal("0.01"))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).lower().translate(_ONE_SPELLING)


def _yuan(plain: str, text: str, usual: Decimal) -> Decimal | None:
    """The amount that a text without sign and currency means; None where it means none. `usual`: of a bare number."""
    if words := read_words(plain):
        number, is_yuan = words
        return _whole_fen(number, YUAN if is_yuan else usual, usual)
    if parts := _TWO_PARTS.fullmatch(plain):
        return _whole_fen(Decimal(parts[1]) * WAN + Decimal(parts[2]), WAN, usual)
    found = _AMOUNT.fullmatch(plain)
    unit = re.sub("[整正]$", "", found[2]) if found else ""
    if not found or unit not in _UNITS:
        return None
    whole, point, fraction = found[1].partition(".")
    if whole and not _GROUPED.fullmatch(whole):
        raise ValueError(_("“{text}”的千分位逗号位置不对。").format(text=found[1][:20]))
    number = Decimal(whole.replace(",", "") + point + fraction)
    return _whole_fen(number, _UNITS[unit] if unit else usual, usual)


def _said_twice(one: str, other: str, text: str, usual: Decimal) -> Decimal:
    """An amount in capitals and in figures; ValueError where they are not the same. Figures beside it may be in 元."""
    words, figures = (one, other) if read_words(one) else (other, one)
    amount = _yuan(words, text, usual) if read_words(words) else None
    if amount is None:
        raise _no_amount(text, usual)
    if amount not in (_yuan(figures, text, usual), _yuan(f"{figures.removesuffix('元')}元", text, usual)):
        raise ValueError(_("“{text}”里大写和小写不是同一个金额，核对后留一个。").format(text=text.strip()[:40]))
    return amount


def _whole_fen(number: Decimal, unit: Decimal, usual: Decimal) -> Decimal:
    if number * unit > MAX_YUAN:
        raise ValueError(_("金额过大，核对单位是万元还是元。"))
    for exact in (number, _without_noise(number)):
        fen = (exact * unit).quantize(Decimal("0.01"))
        if fen == exact * unit:
            return fen
    raise ValueError(_("金额最多精确到分，即万元六位小数。") if usual == WAN else _("金额最多精确到分。"))


def _without_noise(number: Decimal) -> Decimal:
    """36.3 for 36.300000000000004: a spreadsheet's binary noise. A number with many digits of its own stays."""
    rounded = Decimal(f"{number:.15g}").normalize()
    return rounded if len(rounded.as_tuple().digits) <= 12 else number


def in_wan(yuan: Decimal) -> Decimal:
    """Exact 万元, with at least two decimals and as many as the value needs."""
    return cell_in(yuan, WAN)


def cell_in(yuan: Decimal, unit: Decimal, places_min: int = 2) -> Decimal:
    """Exact in a unit, with at least so many decimals and as many as the value needs."""
    amount = yuan / unit
    return round(amount, max(places_min, -int(amount.normalize().as_tuple().exponent)))


def format_wan(yuan: Decimal | None, places_min: int = 2) -> str:
    """万元 with thousands separators, at least `places_min` decimals and as many as the value needs; None is —."""
    return MISSING if yuan is None else format_in(yuan, WAN, places_min)


def format_in(yuan: Decimal, unit: Decimal, places_min: int = 2) -> str:
    """An amount in a unit, as `format_wan` writes it."""
    amount = (yuan / unit).normalize()
    return f"{amount:,.{max(places_min, -int(amount.as_tuple().exponent))}f}"


def format_yuan(yuan: Decimal | None) -> str:
    """元 with thousands separators and two decimals; None is —."""
    return MISSING if yuan is None else format_in(yuan, YUAN)


def in_words(yuan: Decimal | None, name: str = "") -> str:
    """860.00 万元, in English CNY 8.60 m: an amount with its unit, exact, one way everywhere; 无金额 without one.

    `name`: of the language, if not the current one.
    """
    said_in = name or language()
    if yuan is None:
        return in_language(said_in, N_("无金额"))
    if said_in == "en":
        return _in_english(yuan, currencies.HOME)
    return in_language(said_in, N_("{n} 万元")).format(n=format_wan(yuan))


def own_in_words(amount: Decimal, currency: str) -> str:
    """50.25 万 USD, in English USD 502,500: an amount in its own currency, which may be named behind its code."""
    if language() == "en":
        return _in_english(amount, currency.partition(" ")[0])
    return _("{n} 万 {code}").format(n=format_wan(amount), code=currency)


def apart(yuan: Decimal | None, places: int | None = None) -> tuple[str, str]:
    """Number and unit, for a figure that shows them in two sizes: 860.00 and 万元; CNY 8.60 m is written in one.

    `places`: so many decimals of 万元, instead of an exact number; one more of a million.
    """
    if yuan is None:
        return MISSING, ""
    if language() == "en":
        rough = places is not None and abs(yuan) >= MILLION
        return _in_english(_rounded(yuan, MILLION, (places or 0) + 1) * MILLION if rough else yuan, currencies.HOME), ""
    return (format_wan(yuan) if places is None else f"{_rounded(yuan, WAN, places):,}"), _(UNIT)


def _in_english(amount: Decimal, currency: str) -> str:
    return " ".join(part for part in (currency, *_english(amount)) if part)


def _english(amount: Decimal) -> tuple[str, str]:
    """8.60 and m; below a million 960,000 and nothing."""
    if abs(amount) < MILLION:
        return f"{amount:,.2f}".removesuffix(".00"), ""
    millions = amount.scaleb(-6).normalize()
    return f"{millions:,.{max(2, -int(millions.as_tuple().exponent))}f}", "m"


def _rounded(amount: Decimal, unit: Decimal, places: int) -> Decimal:
    return (amount / unit).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_GROUPS = ("", " thousand", " million", " billion", " trillion", " quadrillion")


def spelled(yuan: Decimal) -> str:
    """An amount in English words, as contracts write it.

    >>> spelled(Decimal("1205010.50"))
    'One million two hundred and five thousand and ten yuan and fifty fen'
    """
    whole, fen = divmod(int((abs(yuan) * 100).to_integral_exact()), 100)
    rest = f"and {_spelled(fen)} fen" if fen else "only"
    text = f"{'minus ' if yuan < 0 else ''}{_spelled(whole)} yuan {rest}"
    return text[0].upper() + text[1:]


def _spelled(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_SMALL[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{_SMALL[hundreds]} hundred" + (f" and {_spelled(rest)}" if rest else "")
    at = (len(str(number)) - 1) // 3
    high, low = divmod(number, 1000**at)
    return _spelled(high) + _GROUPS[at] + (f" {'and ' if low < 100 else ''}{_spelled(low)}" if low else "")


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


def capitals(yuan: Decimal | None) -> str:
    """Chinese capitals as banks require them (正确填写票据和结算凭证的基本规定): 捌佰陆拾万元整. None is empty."""
    if yuan is None:
        return ""
    fen = int((abs(yuan) * 100).to_integral_exact())
    whole, jiao, last = fen // 100, fen // 10 % 10, fen % 10
    text = f"{_integer(whole)}元" if whole or not fen else ""
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    if last:
        text += f"{'零' if whole and not jiao else ''}{_DIGITS[last]}分"
    if not jiao and not last:
        text += "整"
    return f"负{text}" if yuan < 0 else text


def _integer(number: int) -> str:
    """A whole number below 10^16 in capitals; a gap of zeros between two digits reads as one 零."""
    if number < 10_000:
        return _four(number) if number else _DIGITS[0]
    unit, word = (100_000_000, "亿") if number >= 100_000_000 else (10_000, "万")
    high, low = divmod(number, unit)
    text = f"{_integer(high)}{word}"
    if not low:
        return text
    return f"{text}{'零' if low < unit // 10 or high % 10_000 == 0 else ''}{_integer(low)}"


def _four(number: int) -> str:
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += f"{'零' if gap and text else ''}{_DIGITS[digit]}{_PLACES[place]}"
        gap = digit == 0
    return text
