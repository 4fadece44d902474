"""What a directory 会刊 asks of an entry, and how it prints one: the same for everybody, whoever filled it in.

The rules are those of a printed fair catalogue: a company is in it once however many stands it has; English names in
capitals; no punctuation, marks, slogans or brands in a company's name; telephone numbers in digits; web and e-mail
addresses in small letters; no contact in the description; a text no longer than the limit; all of one and the same
company. What can be put right by printing it so is `is_mended`; the rest somebody has to correct.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from expo_app.i18n import _

USUAL_LIMIT = 200
"""Characters of a text, unless the expo says otherwise."""
_SAMPLE = re.compile(r"[（(]示例[）)]|\(sample\)", re.IGNORECASE)
_MARKS = re.compile(r"[®™©℠★☆◆●■▲※]")
_PUNCTUATION = re.compile(r"[，。！？；：、,;:!?…~～/\\|*#@^_=+<>《》【】\[\]{}]|——|\.\.")
_QUOTED = re.compile(r"[“”‘’\"「」『』]|牌")
_SLOGAN = re.compile(
    r"领先|第一(?!汽车)|首选|最佳|顶级|唯一|专家|领导者|"
    r"\b(?:leading|leader|best|number one|no\.? ?1|world[- ]class|your partner)\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_WEB = re.compile(r"https?://\S+|\bwww\.\S+|\b[\w-]+\.(?:com|cn|net|org|io|ai)(?:\.cn)?\b", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<!\d)(?:1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}[\s-]?\d{7,8}|[48]00[\s-]?\d{3}[\s-]?\d{4}|\+\d[\d\s-]{6,}\d)(?!\d)"
)
_CHAT = re.compile(r"(?:微信|QQ|电话|手机|邮箱|传真|Tel|Fax|WeChat|WhatsApp)\s*[：:号]?\s*\S+", re.IGNORECASE)
_PUBLIC_MAIL = re.compile(
    r"^(?:qq|163|126|139|189|sina|sohu|foxmail|gmail|hotmail|outlook|yahoo|yeah|aliyun|live|icloud|vip)\."
)
_ADDRESS = re.compile(r"(?:https?://)?[\w.-]+\.[A-Za-z]{2,}(?::\d+)?(?:/\S*)?", re.ASCII)


@dataclass(frozen=True)
class Listed:
    """What an exhibitor's entry says. `texts`: (what it is, the text) of those in its own words."""

    name: str
    name_en: str = ""
    website: str = ""
    email: str = ""
    phone: str = ""
    """As it is kept."""
    texts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Flaw:
    """What is not as the directory wants it. `field`: which of the entry's; `is_mended`: it is printed right anyway."""

    field: str
    words: str
    is_mended: bool = False


# --- how it is printed ------------------------------------------------------------------------------------------------
def printed_name(name_en: str) -> str:
    """An English name as every entry shows it: CAPITALS, without the stops of CO LTD.

    >>> printed_name("Delta Optics Co., Ltd.")
    'DELTA OPTICS CO LTD'
    """
    return " ".join(re.sub(r"[.,]+", " ", name_en).upper().split())


def printed_address(address: str) -> str:
    """A web or e-mail address in small letters, without https:// and a last slash."""
    return re.sub(r"^https?://", "", address.strip().lower()).rstrip("/")


def printed_phone(shown: str) -> str:
    """A number in digits alone, an extension after a space, + where another country's begins; a masked one as it is."""
    if "*" in shown:
        return shown
    number, *extension = re.split(r"[转#x]|ext\.?", shown, maxsplit=1)
    digits = ("+" if number.strip().startswith("+") else "") + re.sub(r"\D", "", number)
    return " ".join(filter(None, (digits, *(re.sub(r"\D", "", part) for part in extension))))


def printed_text(text: str, limit: int = USUAL_LIMIT) -> str:
    """A text cut at the limit, its cut marked; line ends are spaces."""
    plain = " ".join(text.split())
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip("，、；,; ") + "…"


# --- what is wrong ----------------------------------------------------------------------------------------------------
def flaws(entry: Listed, limit: int = USUAL_LIMIT) -> list[Flaw]:
    """All that is wrong with one entry, those to be corrected first."""
    found = [*_name_flaws("name", entry.name), *_name_flaws("name_en", entry.name_en)]
    found += _address_flaws(entry)
    for what, text in entry.texts:
        found += _text_flaws(what, text, limit)
    if entry.name_en and printed_name(entry.name_en) != entry.name_en:
        found.append(Flaw("name_en", _("英文名称印成大写：{name}。").format(name=printed_name(entry.name_en)), True))
    return sorted(found, key=lambda flaw: flaw.is_mended)


def repeated(names: Iterable[str]) -> set[str]:
    """Which of these names stand there more than once, by whatever spelling `names` were brought to."""
    seen: set[str] = set()
    return {name for name in names if name in seen or seen.add(name)}  # type: ignore[func-returns-value]


def _name_flaws(field: str, name: str) -> list[Flaw]:
    plain = _SAMPLE.sub("", name)
    if field == "name_en":
        plain = re.sub(r"[.,]", " ", plain)  # printed without them
    checks = (
        (_MARKS, _("单位名称里有标记“{what}”，去掉它。")),
        (_PUNCTUATION, _("单位名称里有标点“{what}”，会刊只印名称本身。")),
        (_QUOTED, _("单位名称里像有品牌“{what}”，品牌写进展品。")),
        (_SLOGAN, _("单位名称里像有宣传语“{what}”，去掉它。")),
    )
    return [Flaw(field, words.format(what=hit[0])) for pattern, words in checks if (hit := pattern.search(plain))]


def _address_flaws(entry: Listed) -> list[Flaw]:
    found = []
    web, mail = printed_address(entry.website), printed_address(entry.email)
    if web and not _ADDRESS.fullmatch(entry.website.strip()):
        found.append(Flaw("website", _("网址“{what}”不是一个网址，改成像 www.example.com 的样子。").format(what=web)))
    if entry.phone and re.search(r"[^\d\s+()（）\-－;*,，、/转#x.]", entry.phone):
        found.append(Flaw("phone", _("联系人的电话里有文字，只留数字。")))
    if _company(web) and _company(mail) and _company(web) != _company(mail):
        found.append(Flaw("email", _("邮箱和网址像是两家单位的，核对是否同一家。")))
    for field, address in (("website", entry.website), ("email", entry.email)):
        if address != address.lower():
            found.append(Flaw(field, _("网址和邮箱印成小写。"), True))
    return found


def _company(address: str) -> str:
    """The part of an address that is a company's own; "" for public mail and where there is none."""
    host = address.rpartition("@")[2].split("/")[0].removeprefix("www.")
    if "." not in host or _PUBLIC_MAIL.match(host):
        return ""
    parts = host.split(".")
    is_double = len(parts) > 2 and parts[-2] in ("com", "net", "org", "gov", "edu", "ac", "co")
    return parts[-3] if is_double else parts[-2]


def _text_flaws(what: str, text: str, limit: int) -> list[Flaw]:
    found = []
    hit = next((hit for pattern in (_EMAIL, _WEB, _CHAT, _PHONE) if (hit := pattern.search(text))), None)
    if hit:
        found.append(Flaw(what, _("文字里有联系方式“{what}”，移到联系栏。").format(what=hit[0].strip()[:24])))
    length = len(" ".join(text.split()))
    if length > limit:
        words = _("文字有 {n} 字，超过 {limit} 字，印出时会截短。").format(n=length, limit=limit)
        found.append(Flaw(what, words))
    return found
