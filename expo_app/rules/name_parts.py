"""A name of an organisation taken apart: place, trade name with trade, legal form, group, branch, notes in brackets."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from expo_app.rules import region_codes
from expo_app.rules.likeness_words import BODIES, LATIN_FORMS, LATIN_INNER, LATIN_SMALL, LATIN_TRADES, ONE_WORD, TRADES
from expo_app.rules.plain_letters import simplified
from expo_app.rules.regions import english_name, short_name


def _by(key: Callable[[str], str], words: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        found.setdefault(key(word), []).append(word)
    return found


CLOSED = re.compile(r"\(([^()]*)\)")
_FORMER = re.compile("^(?:原名称|原名|原为|原|曾用名|曾名|旧名|前身为|前身|更名前)[:是为]?(.{2,})$")
_SHORT = re.compile("^(?:以下)?简称[:为]?(.{2,})$")
_SAMPLE = frozenset({"示例", "样例", "sample", "demo"})
_HEAD_OFFICE = frozenset({"本部", "总部", "总公司", "公司本部", "公司总部", "母公司", "headquarters", "hq"})
_SIGNS = frozenset({"盖章", "公章", "筹", "筹建", "联合体", "牵头", "委托方", "受托方", "甲方", "乙方"})
_GROUP = frozenset({"集团", "group"})
_FORM = re.compile(
    "(集团)?(股份有限责任公司|股份有限公司|股份公司|有限责任公司|有限公司|责任公司|总公司|公司|股份|有限责任|有限公|有限"
    "|(?:股份)?(?:有限公.|有限.司|有[线现县显]公司|限公司))$|集团$"
)
_LONGEST_FORM, _LONGEST_BRANCH = 10, 3
"""Characters; to look for them in a whole name takes ten times as long."""
_PARTNERS = re.compile(r"(合伙企业)?\((特殊普通|普通|有限)合伙\)$|合伙企业$")
_BRANCH = re.compile("(分公司|办事处|事业部|代表处|分行|支行|分部|分校|分所|分中心|分院)$")
_PARENT = re.compile(".*(?:公司|集团|银行|大学|学院|研究院|研究所|医院)")
_LATIN = re.compile("[a-z]")
_TOKEN = re.compile("[0-9a-zß-ɏ]+|[^\\W_0-9a-zß-ɏ]+")
_INITIALS = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")
_TWO_NAMES = re.compile(r"^(.*[一-鿿)])[\s/|;,]*([a-z][a-z0-9&'-]*[ .,][a-z0-9 .,&'()-]{4,})$", re.DOTALL)
NO_LETTER = re.compile(r"[\W_]+")
CJK = re.compile("[一-鿿]")
_ENDING = _by(lambda word: word[-1], TRADES | BODIES | LATIN_TRADES)
"""Common words by their last character, the longest first."""
_DIGITS = re.compile(r"\d+")
_COUNTED = re.compile(
    "第([〇零一二三四五六七八九十百]+|[0-9]+)|([〇零一二三四五六七八九十百]+)(?=[所院厂局中医建冶航师校]|人民|研究|设计|附属|实验)"
)
_WRITTEN_OUT = re.compile("|".join(ONE_WORD))
_HOSPITAL = re.compile("(?:大学|医学院)([^大学]{2,}医院)$")
_CAMPUS = re.compile("(校区|院区|厂区)$")
"""Where a body works, which is none of its own."""
_INNER_PLACE = re.compile("([一-鿿]{2})[省市](?=[一-鿿])")
_NUMERALS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}


class Parts(NamedTuple):
    """A name taken apart. `words`: what of the core is common words, first to last; `head`: how many characters of it
    stand before them. `form`: kind of legal form, "" without one. `campus`: which of its places a body works in.
    `others`: more names said in brackets or behind.
    """

    core: str
    head: int
    words: tuple[str, ...]
    place: str
    form: str
    is_group: bool
    branch: str
    campus: str
    is_sample: bool
    numbers: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def bodies(self) -> tuple[str, ...]:
        return tuple(word for word in self.words if word in BODIES)


@lru_cache(1 << 16)
def take_apart(name: str) -> Parts:
    text = unicodedata.normalize("NFKC", name).translate(plain()).casefold().strip()
    notes = _Notes()
    if _LATIN.search(text) and (two := _TWO_NAMES.match(text)):
        text = two[1]
        notes.others.append(two[2])
    form = ""
    if "合伙" in text and (found := _PARTNERS.search(text)):
        text, form = text[: found.start()], "partners"
    if "(" in text:
        text = CLOSED.sub(notes.read, text)
    lead = ""
    if _LATIN.search(text):
        text, form, lead = _latin_part(text, form, notes)
    else:
        text = NO_LETTER.sub("", text)
    part = text.rpartition("附属")[2]
    part = of[1] if part == text and (of := _HOSPITAL.search(text)) else part
    if part != text and not part.startswith("第") and _tail(part)[0] > 1:
        notes.others.append(part)  # 瑞金医院, but not 第一医院 or 肿瘤医院, which others have too
    branch = ""
    if found := _BRANCH.search(text, max(0, len(text) - _LONGEST_BRANCH)):
        text, branch = _parent(text[: found.start()], found[1])
    if (found := _FORM.search(text, max(0, len(text) - _LONGEST_FORM))) and found.start():
        notes.is_group = notes.is_group or found[0].startswith("集团")
        text, form = text[: found.start()], form or _kind_of_form(found[2] or "")
    if not lead:
        lead, rest = _led(text)
        lead, text = (lead, rest) if rest else ("", text)
    if lead and notes.site and not within(lead, notes.site):
        lead, text = "", f"{short_name(lead)}{text}"  # 上海嘉氢（苏州）: the name keeps the place it begins with
    text = _WRITTEN_OUT.sub(lambda found: ONE_WORD[found[0]], text)
    if "省" in text or "市" in text:
        text = _INNER_PLACE.sub(lambda found: found[1] if found[1] in _places() else found[0], text)
    text = _COUNTED.sub(_counted, text) if _NUMERAL_SIGNS.search(text) else text
    head, words = _tail(text)
    numbers = tuple(_DIGITS.findall(text))
    place = notes.site or lead
    return Parts(
        text, head, words, place, form, notes.is_group, branch, notes.campus, notes.is_sample, numbers,
        tuple(notes.others),
    )  # fmt: skip


@dataclass(slots=True)
class _Notes:
    """What a name says in brackets; `site`: the place it works in."""

    site: str = ""
    is_group: bool = False
    is_sample: bool = False
    campus: str = ""
    others: list[str] = field(default_factory=list)

    def read(self, found: re.Match[str]) -> str:
        """What stays of brackets in the name."""
        said = NO_LETTER.sub("", found[1])
        if said in _SAMPLE:
            self.is_sample = True
        elif said in _GROUP:
            self.is_group = True
        elif other := _FORMER.match(said) or _SHORT.match(said):
            self.others.append(other[1])
        elif code := _place(said):
            self.site = code
        elif _CAMPUS.search(said):
            self.campus = said
        elif said not in _HEAD_OFFICE | _SIGNS:
            return f" {found[1]} "
        return " "


def _latin_part(text: str, form: str, notes: _Notes) -> tuple[str, str, str]:
    """(the name without English legal forms and marks, kind of legal form, code of the place it begins with)."""
    tokens = _TOKEN.findall(_INITIALS.sub("", text))
    while len(tokens) > 1 and (tokens[-1] in LATIN_FORMS or tokens[-1] in _GROUP):
        last = tokens.pop()
        form = _more_telling(form, LATIN_FORMS.get(last, ""))
        notes.is_group = notes.is_group or last in _GROUP
    lead = ""
    if not CJK.search(text):
        if len(tokens) > 2 and (lead := _latin_places().get(tokens[0], "")):
            tokens = tokens[1:]
        inner = [token for token in tokens[1:] if token not in LATIN_SMALL | LATIN_INNER]
        tokens = [_singular(token) for token in (*tokens[:1], *inner)]
    return "".join(tokens), form, lead


def _more_telling(later: str, earlier: str) -> str:
    """What two words of one legal form come to: limited of Co., Ltd., pte of Pte. Ltd., kg of GmbH & Co. KG."""
    return max(later, earlier, key=lambda form: _VAGUE.index(form) if form in _VAGUE else len(_VAGUE))


_VAGUE = ("", "company", "limited")


def _kind_of_form(said: str) -> str:
    if said == "股份":
        return ""  # as an exchange calls it: 大华股份
    if "股份" in said:
        return "shares"
    if "有" in said:
        return "limited"
    return {"总公司": "general", "": ""}.get(said, "company")


_NUMERAL_SIGNS = re.compile("[第〇零一二三四五六七八九十百]")
_BRACKETS = {ord(char): "(" for char in "[{【〔〖《〈「『"} | {ord(char): ")" for char in "]}】〕〗》〉」』"}


@lru_cache(1)
def plain() -> dict[int, str]:
    """Traditional characters to simplified ones; all brackets to one kind."""
    return simplified() | _BRACKETS | {0x200B: "", 0xFEFF: ""}


def _singular(token: str) -> str:
    if token.endswith("ies") and len(token) > 4:
        return f"{token[:-3]}y"
    return token[:-1] if token.endswith("s") and len(token) > 4 and not token.endswith("ss") else token


def _counted(found: re.Match[str]) -> str:
    """第三十二 and 三十二 as 32."""
    total = digit = 0
    said = found[1] or found[2]
    if said.isascii():
        return said
    if not {"十", "百"} & set(said):
        return "".join(str(_NUMERALS[char]) for char in said)
    for char in said:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _NUMERALS[char]
    return str(total + digit)


def _tail(text: str) -> tuple[int, tuple[str, ...]]:
    """(how many characters stand before the common words at the end, those words)."""
    end, words = len(text), list[str]()
    while end:
        for word in _ENDING.get(text[end - 1], ()):
            if text.endswith(word, 0, end):
                break
        else:
            break
        end -= len(word)
        words.append(word)
    return end, tuple(reversed(words))


def _parent(text: str, kind: str) -> tuple[str, str]:
    """(the body it belongs to, which branch): 嘉氢科技有限公司江阴, or 嘉氢科技江阴 where a place ends it."""
    if found := _PARENT.match(text):
        of, which = found[0], text[found.end() :]
        if which or kind != "分公司":
            return of, f"{short_name(_place(which)) if _place(which) else which}{kind}"
    for size in (5, 4, 3, 2):
        if len(text) > size + 1 and (code := _place(text[-size:])):
            return text[:-size], f"{short_name(code)}{kind}"
    return text, kind


# --- places


@lru_cache(1)
def _places() -> dict[str, tuple[str, ...]]:
    """Codes by name and by name without 市, 区 …: a province or prefecture alone where there is one."""
    found: dict[str, list[str]] = {}
    for code, name in sorted(region_codes.current().items(), key=lambda item: _level(item[0])):
        for called in dict.fromkeys((name, short_name(code))):
            if len(called) > 1:
                found.setdefault(called, []).append(code)
    return {name: tuple(codes) for name, codes in found.items()}


@lru_cache(1)
def _beginning() -> dict[str, list[str]]:
    """Names of places by their first two characters, the longest first."""
    return _by(lambda name: name[:2], _places())


@lru_cache(1)
def _latin_places() -> dict[str, str]:
    """Codes by English name, of several the first: suzhou is 320500, not 341300."""
    found: dict[str, str] = {}
    for code in sorted(region_codes.current(), key=lambda code: (_level(code), code)):
        if code.endswith("00"):
            found.setdefault(english_name(code).casefold().replace("'", ""), code)
    return found


def _level(code: str) -> int:
    return 0 if code.endswith("0000") else 1 if code.endswith("00") else 2


def _place(text: str) -> str:
    """The code of a place's name, a path included; "" where it is none or may be several."""
    if text in _places():
        return _chosen(text, "")
    if text.isascii():
        return _latin_places().get(text, "") if text else ""
    code, rest = _led(text)
    return code if code and not rest else ""


def _led(text: str) -> tuple[str, str]:
    """(code of the place a name begins with, the rest): 江苏省苏州市, 上海, 苏州吴中, 江阴."""
    code, rest = "", text
    while names := _beginning().get(rest[:2]):
        for name in names:
            left = rest[len(name) :]
            if rest.startswith(name) and (chosen := _chosen(name, code)) and _may_stand(name, chosen, left):
                code, rest = chosen, left
                break
        else:
            break
    return code, rest


@lru_cache(1 << 12)
def _chosen(name: str, above: str) -> str:
    """The place of a name, within another if that is given; "" where there is none or it may be several."""
    codes = [code for code in _places()[name] if not above or (within(above, code) and code != above)]
    return codes[0] if len(codes) == 1 or (codes and _level(codes[0]) < _level(codes[1])) else ""


def _may_stand(name: str, code: str, rest: str) -> bool:
    """Whether a name is left. 平安科技 does not lie in 平安: a bare district stands before trade names only."""
    if len(rest) == 1:
        return False
    return not rest or _level(code) < 2 or name[-1] in "省市区县州盟旗" or _tail(rest)[0] > 1


@lru_cache(1 << 12)
def within(above: str, below: str) -> bool:
    """Whether one place lies in the other, or is it."""
    one, other = (re.sub("(00)+$", "", code) for code in (above, below))
    return one.startswith(other) or other.startswith(one)
