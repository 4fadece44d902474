"""Personal numbers and identifiers: hidden for those who need not see them, checked and brought to one form.

Every `parse_…` and `check_…` returns the text to keep or raises ValueError with a sentence.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

from expo_app.i18n import _
from expo_app.rules import phones

UNSEEN = "••••"
"""In the place of a value that the role may not see."""
_CODE_LENGTH = 18
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
_PATENT = re.compile(r"(ZL|CN)?([0-9]{12}|[0-9]{8})(\.?([0-9X]))?")
_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－ー", "-"))


def is_masked(text: str | None) -> bool:
    """Whether a text has been hidden; an import must not write it over the real one."""
    return "**" in (text or "")


def hidden() -> str:
    """In the place of a name that asked to be kept secret, in files too: an import knows that it says nothing."""
    return f"**{shown_secret()}**"


def shown_secret() -> str:
    """The same to a person, who does not type it back."""
    return _("保密")


def mask_phone(phone: str | None) -> str:
    """138****5678, of a kept number without its extension; a short number keeps its last two digits."""
    text = phone or ""
    if is_masked(text) or not text:
        return text
    text = phones.show(phones.own(text))
    if len(text) < 9:
        return "*" * max(2, len(text) - 2) + text[-2:] if len(text) > 2 else "**"
    return f"{text[:3]}****{text[-4:]}"


def mask_id(number: str | None) -> str:
    """The first three and last two characters of an identity document."""
    text = number or ""
    if is_masked(text) or not text:
        return text
    return f"{text[:3]}{'*' * (len(text) - 5)}{text[-2:]}" if len(text) > 6 else "*" * max(2, len(text))


def mask_email(address: str | None) -> str:
    """z***@example.com."""
    text = address or ""
    if is_masked(text) or not text:
        return text
    name, at, domain = text.partition("@")
    return f"{name[:1] if len(name) > 1 else ''}***{at}{domain}"


def mask_account(number: str | None) -> str:
    """The last four characters of a bank account."""
    text = number or ""
    if is_masked(text) or not text:
        return text
    return f"****{text[-4:]}" if len(text) > 8 else "****"


MASKS: Mapping[str, Callable[[str | None], str]] = {
    "phone": mask_phone, "email": mask_email, "account": mask_account,
}  # fmt: skip
"""How a column of personal data is hidden."""


def _check_length(length: int, wanted: int, short: str, long: str) -> None:
    if length != wanted:
        raise ValueError((short if length < wanted else long).format(n=abs(wanted - length)))


def check_credit_code(text: str) -> str:
    """统一社会信用代码 (GB 32100-2015), its check character included; the code in capitals without spaces."""
    from stdnum.cn import uscc

    code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text).translate(_DASHES)).upper()
    if not (code.isascii() and code.isalnum()):
        raise ValueError(_("“{text}”不是信用代码，只能有数字和字母。").format(text=text.strip()[:20]))
    _check_length(len(code), _CODE_LENGTH, _("少 {n} 位，应为 18 位。"), _("多 {n} 位，应为 18 位。"))
    if wrong := sorted(set(code) - set(_CODE_LETTERS)):
        raise ValueError(_("信用代码里没有字母 {letters}，可能是形近的数字。").format(letters="、".join(wrong)))
    if not code[2:8].isdigit():
        raise ValueError(_("第 3 至 8 位是行政区划，应为数字。"))
    if code[-1] != uscc.calc_check_digit(code):
        raise ValueError(_("校验码不对，核对每一位。"))
    return code


def check_postcode(text: str) -> str:
    """邮编 of the mainland: six digits, full-width ones and spaces allowed for."""
    code = unicodedata.normalize("NFKC", text).replace(" ", "")
    if not re.fullmatch(r"[0-9]{6}", code):
        raise ValueError(_("“{text}”不是邮编，应是 6 位数字。").format(text=text.strip()[:40]))
    return code


def check_email(text: str) -> str:
    """An e-mail address, the domain in lower case."""
    address = unicodedata.normalize("NFKC", text).strip()
    name, _at, domain = address.rpartition("@")
    if (
        len(address) > 120
        or not _EMAIL.fullmatch(address)
        or ".." in name
        or name.startswith(".")
        or name.endswith(".")
    ):
        raise ValueError(_("“{text}”不是邮箱地址，应如 name@example.com。").format(text=text.strip()[:40]))
    return f"{name}@{domain.lower()}"


def patent_check_digit(digits: str) -> str:
    """The check digit of a Chinese application number of 8 or 12 digits (ZC 0006): weights 2…9 repeated, mod 11."""
    rest = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(digits)) % 11
    return "X" if rest == 10 else str(rest)


def check_patent_no(text: str) -> str:
    """A patent number; a Chinese one in its printed form ZL200310102344.5 with a right check digit.

    A number of another country (US…, EP…, PCT/CN2018/…) is kept as it is.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    plain = re.sub(r"^(专利号|申请号)[:]?", "", plain)
    found = _PATENT.fullmatch(plain)
    if not found:
        if re.match(r"ZL|CN[0-9]{8}|[0-9.]+$", plain) or not plain:
            raise ValueError(_("“{text}”不是专利号，应如 ZL200310102344.5。").format(text=text.strip()[:30]))
        return plain
    prefix, digits, _point, check = found.groups()
    if check is None:
        raise ValueError(_("缺校验位，专利号末尾应有小数点和一位校验位。"))
    if check != patent_check_digit(digits):
        raise ValueError(_("校验位不对，核对每一位。"))
    return f"{prefix or ''}{digits}.{check}"
