"""Who is probably known: organisations and people whose names are written another way.

What decides whether two names (`rules.name_parts`) are one body is data (`rules.likeness_words`): words of trades and
kinds of institution tell a broken word (生物医约) from another one (电力 for 电子), and a short name (信安生物) from a
part of something larger (复旦大学 and its hospitals). Numbers that differ are different bodies, whatever else is equal.

A likeness is 0 to 1, for putting the likeliest first and for a limit above which somebody takes all: 0.95 and more are
spellings of one name, from 0.85 on it is hardly another body, below 0.85 a person should look.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from expo_app.i18n import _
from expo_app.rules.likeness_words import ALONE, LOOKALIKES, OF_A_PLACE, SHORTENED
from expo_app.rules.name_parts import CJK, CLOSED, NO_LETTER, Parts, plain, take_apart, within
from expo_app.rules.search_key import spelling

LEAST = 0.8
"""What is less alike than this is not worth a question."""
SURE = 0.85
"""From here on two spellings of one file are taken as one when a third is compared with them."""
_CONFLICT = 0.5
"""However near the names: two credit codes are two bodies, a branch is not its company."""

_LAST_OF_WHOLE = frozenset(ending[-1] for endings in SHORTENED.values() for ending in endings)
_LASTS = _LAST_OF_WHOLE | SHORTENED.keys()
_WHOLE_FORMS = frozenset({"limited", "shares", "general"})
"""Kinds of legal form that the whole name of a Chinese company has."""
_LONG = 10
"""Names of so many characters may differ in two of them."""
_CROWD = 60
"""What so many known names begin with tells nobody from another."""


@dataclass(frozen=True)
class Body:
    """An organisation as it is known or as a file has it. `aliases`: short, English and former names. `phones`: each in
    one form.
    """

    name: str
    aliases: tuple[str, ...] = ()
    credit_code: str | None = None
    phones: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """`ours`: the name of the known one; `likeness` 0 to 1; `why` in the user's language, without a full stop."""

    ours: str
    likeness: float
    why: str


def core(name: str) -> str:
    """What of a name is compared first: without place, legal form, notes and marks; simplified, in lower case."""
    return take_apart(name).core


def differing(a: str, b: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Ranges (start, end) of the characters of each that the other has not, for highlighting."""
    steps = [step for step in _levenshtein().opcodes(a, b) if step.tag != "equal"]
    return (
        [(s.src_start, s.src_end) for s in steps if s.src_end > s.src_start],
        [(s.dest_start, s.dest_end) for s in steps if s.dest_end > s.dest_start],
    )


def likely(
    wanted: Sequence[Body], known: Iterable[Body], key: Callable[[str], str], least: float = LEAST
) -> dict[str, Likeness]:
    """For each wanted name that by `key` is none of the known, the known body it probably is.

    An equal credit code is no question and left out. `least` is asked of the names: where the codes differ the likeness
    is 0.5 then, where several are equally like at most 0.8, and `why` says so.
    """
    index = _Index(key)
    for body in known:
        index.add(body, body.name)
    return {body.name: found for body in wanted if (found := index.find(body, least))}


def alike(bodies: Iterable[Body], key: Callable[[str], str], least: float = LEAST) -> dict[str, Likeness]:
    """The same among the names of one file: for each the spelling that stands first in it."""
    index, found = _Index(key), dict[str, Likeness]()
    for body in bodies:
        best = index.find(body, least)
        if best:
            found[body.name] = best
        if key(body.name) not in index.keys:
            index.add(body, best.ours if best and best.likeness >= SURE else body.name)
    return found


@dataclass(slots=True)
class _Entry:
    body: Body
    parts: Parts
    is_alias: bool
    said: str
    """The name it was read from."""
    ours: str
    """The name that stands for the body: of the spellings of one file the first."""


@dataclass
class _Index:
    """Known names by all that one of them is looked for by."""

    key: Callable[[str], str]
    keys: set[str] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)
    """The name that stands for a body by its credit code."""
    phones: dict[str, list[_Entry]] = field(default_factory=dict)
    cores: dict[str, list[_Entry]] = field(default_factory=dict)
    near: dict[str, list[_Entry]] = field(default_factory=dict)
    """By `_near_keys`: those a slip apart have one in common."""
    begun: dict[str, list[_Entry]] = field(default_factory=dict)
    """By `_begun_keys`: a short name and its whole one have one in common."""
    latin: dict[str, list[_Entry]] = field(default_factory=dict)
    """English names, not aliases, by their trade name."""
    spelt: dict[str, list[_Entry]] = field(default_factory=dict)
    """Chinese ones by its pinyin, from `unspelt` when an English name asks."""
    unspelt: list[_Entry] = field(default_factory=list)

    def add(self, body: Body, ours: str) -> None:
        self.keys.add(self.key(body.name))
        if body.credit_code:
            ours = self.codes.setdefault(body.credit_code, ours)
        for entry in _entries(body, ours):
            self.cores.setdefault(entry.parts.core, []).append(entry)
            for key in _near_keys(entry.parts):
                self.near.setdefault(key, []).append(entry)
            for key in _begun_keys(entry.parts):
                self.begun.setdefault(key, []).append(entry)
            if not entry.is_alias and entry.parts.head > 1:
                if entry.parts.core.isascii():
                    self.latin.setdefault(_spelt_name(entry.parts), []).append(entry)
                else:
                    self.unspelt.append(entry)
        for phone in body.phones:
            self.phones.setdefault(phone, []).append(_Entry(body, take_apart(body.name), False, body.name, ours))

    def find(self, body: Body, least: float) -> Likeness | None:
        """The best of the known for one, if it is likely; None for one that is known or of an equal credit code."""
        if self.key(body.name) in self.keys or (body.credit_code and body.credit_code in self.codes):
            return None
        best: dict[str, tuple[float, float, str]] = {}
        for mine, other, alike_by in self._pairs(body):
            raw, why = _with_phones(*_compare(mine, other, alike_by), mine, other)
            if raw < least:
                continue
            shown = raw
            if body.credit_code and other.body.credit_code:  # equal ones are no question
                shown, why = _CONFLICT, _("{why}，信用代码不同").format(why=why)
            if (shown, raw) > best.get(other.ours, (0.0, 0.0, ""))[:2]:
                best[other.ours] = (shown, raw, why)
        if not best:
            return None
        ours = max(best, key=lambda name: best[name][:2])  # the first of equal ones
        shown, raw, why = best[ours]
        rivals = sum(other[:2] == (shown, raw) for other in best.values()) - 1
        if rivals and raw < 0.95:
            return Likeness(ours, min(shown, LEAST), _("{why}，另有 {n} 家同样像").format(why=why, n=rivals))
        return Likeness(ours, shown, why)

    def _pairs(self, body: Body) -> "Iterator[tuple[_Entry, _Entry, _How]]":
        for mine in _entries(body, body.name):
            for other in self.cores.get(mine.parts.core, ()):
                yield mine, other, _equal
            for keys, index, how in ((_near_keys, self.near, _mistyped), (_begun_keys, self.begun, _abbreviated)):
                for key in keys(mine.parts):
                    if (others := index.get(key)) and len(others) <= _CROWD:
                        for other in others:
                            yield mine, other, how
            if mine.is_alias:
                continue
            for other in self._spelt_alike(mine.parts):
                yield mine, other, _spelt_out
            for phone in body.phones:
                for other in self.phones.get(phone, ()):
                    yield mine, other, _equal

    def _spelt_alike(self, parts: Parts) -> list[_Entry]:
        """Chinese names an English one may be the pinyin of, and the other way round."""
        if parts.core.isascii():
            for entry in self.unspelt:
                self.spelt.setdefault(_spelt_name(entry.parts), []).append(entry)
            self.unspelt.clear()
            return self.spelt.get(_spelt_name(parts), [])
        return self.latin.get(_spelt_name(parts), []) if self.latin else []


def _entries(body: Body, ours: str) -> Iterator[_Entry]:
    """The name, then the aliases and what the name itself says in brackets."""
    parts = take_apart(body.name)
    yield _Entry(body, parts, False, body.name, ours)
    for alias in (*body.aliases, *parts.others):
        if alias and len((other := take_apart(alias)).core) > 1:
            yield _Entry(body, other, True, alias, ours)


def _near_keys(parts: Parts) -> Iterator[str]:
    """The core, the core without one of its first characters, and its first six: names that differ in one character, or
    in the order of two neighbours, have one of them in common.
    """
    text, numbers = parts.core, ""
    if parts.numbers:
        text, numbers = re.sub(r"\d+", "#", text), "|".join(("", *parts.numbers))
    if len(text) >= 5:
        yield text + numbers
        for at in range(min(len(text), 7)):
            yield text[:at] + text[at + 1 :] + numbers
        if len(text) > 6:
            yield f"{text[:6]}…{numbers}"


def _begun_keys(parts: Parts) -> Iterator[str]:
    """The trade name and the first four characters; of an institution the first and the last, and where."""
    text = parts.core
    if parts.head > 1:
        yield text[: parts.head]
    if parts.head != 4 and len(text) >= 4:
        yield text[:4]
    last = text[-1:]
    if last not in _LASTS:
        return
    lasts = {last} & _LAST_OF_WHOLE
    if not parts.form and last in SHORTENED:
        lasts.update(ending[-1] for ending in SHORTENED[last])
    for ending in sorted(lasts):
        yield "|".join((text[0], ending, *parts.numbers))
        yield "|".join((text[0], ending, parts.place, *parts.numbers))


def _compare(a: _Entry, b: _Entry, alike_by: "_How") -> tuple[float, str]:
    """(likeness, why) of two names; 0 where they are of two bodies."""
    if a.parts.numbers != b.parts.numbers or not (found := alike_by(a.parts, b.parts)):
        return 0, ""
    likeness, why = found
    reasons = [why] if why else []
    if not why and (a.is_alias or b.is_alias):
        likeness = 0.97
        reasons.append(_alias_word((a if a.is_alias else b).said))
    for limit, why in _differences(a.parts, b.parts, alike_by in (_abbreviated, _spelt_out)):
        likeness = min(likeness - 0.01, limit)
        reasons.append(why)
    likeness = round(likeness, 2)
    if len(reasons) > 1:
        return likeness, _("{why}，{more}").format(why=reasons[0], more=reasons[1])
    return likeness, reasons[0] if reasons else _spelt_otherwise(a.said, b.said)


def _differences(a: Parts, b: Parts, is_short: bool) -> Iterator[tuple[float, str]]:
    """(how alike two bodies can be then, what else is not equal). A short name leaves out what it likes."""
    if a.branch != b.branch:
        yield _CONFLICT, _("一个是分支机构")
    if a.place and b.place and not within(a.place, b.place):
        yield 0.6, _("地区不同")
    elif a.place != b.place and not (is_short and not (a.place and b.place)):
        is_told_by_place = min(a.head, b.head) < 2 or a.core.endswith(OF_A_PLACE)  # 苏州大学, 江阴市科学技术局
        limit = 0.6 if is_told_by_place else 0.94
        if a.place and b.place:
            yield limit, _("地名详略不同")
        else:
            is_whole = {a.form, b.form} <= _WHOLE_FORMS or (a.bodies and b.bodies)
            yield min(limit, 0.84 if is_whole else 1), _("一个没写地区")
    if is_short:
        return
    if a.is_group != b.is_group:
        yield 0.83, _("一个是集团")
    if a.form != b.form:
        if not {"", "company"}.isdisjoint((a.form, b.form)):
            yield 0.98, _("公司形式写法不同")
        else:
            limit = 0.91 if {a.form, b.form} == {"limited", "shares"} else 0.83
            yield (limit if {a.form, b.form} <= _WHOLE_FORMS else 0.7), _("公司形式不同")
    if a.is_sample != b.is_sample:
        yield 0.95, _("一个注明示例")


def _spelt_otherwise(a: str, b: str) -> str:
    one, other = (NO_LETTER.sub("", unicodedata.normalize("NFKC", text)) for text in (a, b))
    if one == other:
        return _("标点或空格不同")
    if one.casefold() == other.casefold():
        return _("大小写不同")
    if one.translate(plain()) == other.translate(plain()):
        return _("繁体")
    return _("写法不同")


def _alias_word(said: str) -> str:
    return _("英文名") if said.isascii() else _("像简称") if len(said) < 7 else _("曾用名或别名")


def _equal(a: Parts, b: Parts) -> tuple[float, str] | None:
    return (0.99, "") if a.core == b.core != "" else None


def _spelt_out(a: Parts, b: Parts) -> tuple[float, str] | None:
    """Jiaqing Technology for 嘉氢科技: only the trade name is compared, so it is never sure."""
    return (0.82, _("英文名像拼音")) if min(len(_spelt_name(a)), len(_spelt_name(b))) > 4 else None


def _spelt_name(parts: Parts) -> str:
    return "".join(spelling(parts.core[: parts.head]))


def _abbreviated(a: Parts, b: Parts) -> tuple[float, str] | None:
    """Whether one is the short name of the other: 信安生物 of 信安生物医药, 凌霄半导 of 凌霄半导体, 中科院, 交大."""
    short, whole = (a, b) if len(a.core) < len(b.core) else (b, a)
    if short.form or len(short.core) == len(whole.core) or len(short.core) < 2 or short.branch or whole.branch:
        return None
    if short.core[-1] in SHORTENED and not short.bodies:
        ends = whole.core.endswith(SHORTENED[short.core[-1]])
        is_placed = short.place == whole.place if len(short.core) < 3 else True
        if ends and is_placed and short.core[0] == whole.core[0] and _is_spread(short.core, whole.core):
            return (0.82 if len(short.core) < 4 and not short.place else 0.88), _("像简称")
    if whole.core == f"{short.core}大学" and short.place == whole.place:
        return 0.84, _("像简称")
    if short.bodies or not short.head:
        return None
    name = whole.core[: whole.head]
    added = whole.bodies
    if added and (short.core != name or len(added) > 1 or added[0] not in ALONE):
        return None
    if short.head > 1 and short.core[: short.head] == name and _is_spread(short.core, whole.core):
        return (0.88 if short.words else 0.86 if len(name) > 2 else 0.82), _("像简称")
    if len(short.core) > 3 and len(name) > 1 and whole.core.startswith(short.core):
        return (0.86 if short.core.startswith(name) else 0.82), _("像简称")
    return None


def _is_spread(short: str, whole: str) -> bool:
    """Whether the characters stand in the whole in their order, and are not too few of it."""
    if len(short) < 0.28 * len(whole):
        return False
    rest = iter(whole)
    return all(char in rest for char in short)


def _mistyped(a: Parts, b: Parts) -> tuple[float, str] | None:
    """Whether what differs is a slip: in a common word that the slip breaks, or a character of the same sound or shape
    in a long name. Two whole words (电子, 电力) or trade names (凌霄, 凌云) are two bodies.
    """
    length = min(len(a.core), len(b.core))
    if a.words == b.words and (length < 7 or len(a.core) != len(b.core)):
        return None  # as most: another trade name
    levenshtein = _levenshtein()
    distance = levenshtein.distance(a.core, b.core, score_cutoff=2)
    swapped = distance == 2 and _swapped(a.core, b.core)
    if not distance or distance > (2 if length >= _LONG or swapped else 1):
        return None
    steps = levenshtein.editops(a.core, b.core)
    breaks = min(a.head, b.head)
    likeness = 0.9 if len(steps) == 1 else 0.86
    for step in steps:
        mine, other = a.core[step.src_pos : step.src_pos + 1], b.core[step.dest_pos : step.dest_pos + 1]
        if step.tag == "replace" and (mine.isdigit() or other.isdigit()):
            return None
        is_broken = a.words != b.words and a.head != b.head and min(step.src_pos, step.dest_pos) >= breaks
        is_near = step.tag == "replace" and _is_taken_for(mine, other, is_broken)
        if a.core.isascii() and b.core.isascii():
            inner = 0 < step.src_pos < len(a.core) - 1
            if not is_broken and not (inner and breaks >= 8):
                return None
            likeness = min(likeness, 0.9 if is_broken else 0.83)
        elif is_broken and (is_near or swapped or (len(steps) == 1 and (step.tag != "replace" or length >= _LONG))):
            likeness = min(likeness, 0.9 if is_near else 0.86)
        elif is_near and length >= 7:
            likeness = min(likeness, 0.82)
        else:
            return None
    return likeness, _("名称差 {n} 字").format(n=len(steps))


@lru_cache(1)
def _levenshtein() -> Any:
    """Loaded on first use."""
    from rapidfuzz.distance import Levenshtein

    return Levenshtein


def _swapped(a: str, b: str) -> bool:
    """Whether two neighbours changed places and nothing else."""
    if len(a) != len(b):
        return False
    at = [n for n, (one, other) in enumerate(zip(a, b, strict=True)) if one != other]
    return len(at) == 2 and at[1] == at[0] + 1 and a[at[0]] == b[at[1]] and a[at[1]] == b[at[0]]


@lru_cache(1 << 14)
def _is_taken_for(a: str, b: str, by_any: bool) -> bool:
    """Whether two characters look alike or sound alike (zh as z, ang as an), by their usual or by any reading."""
    if not (CJK.match(a) and CJK.match(b)):
        return False
    if any(a in alike and b in alike for alike in LOOKALIKES):
        return True
    return not _sounds(a, by_any).isdisjoint(_sounds(b, by_any))


def _sounds(char: str, by_any: bool) -> set[str]:
    from pypinyin import Style, pinyin

    usual = spelling(char)  # and what is known here beside the dictionary is loaded by then
    sounds = pinyin(char, Style.NORMAL, heteronym=True)[0] if by_any else usual
    return {sound.replace("h", "").replace("ng", "n") for sound in sounds}


def _with_phones(raw: float, why: str, mine: _Entry, other: _Entry) -> tuple[float, str]:
    """A phone in common makes near names surer, and two names in two scripts worth a question."""
    if mine.body.phones.isdisjoint(other.body.phones) or mine.parts.branch != other.parts.branch:
        return raw, why
    if raw >= _CONFLICT:
        return min(0.99, max(raw + 0.1, 0.85)), _("{why}，电话相同").format(why=why)
    is_foreign = mine.said.isascii() != other.said.isascii()
    return (0.82, _("一中一英，电话相同")) if not raw and is_foreign else (raw, why)


_How = Callable[[Parts, Parts], "tuple[float, str] | None"]
"""(likeness, why) of two names taken apart; why is "" where the core is the same."""


# --- people


@dataclass(frozen=True)
class Someone:
    """A person: `organisation` by name, `phones` each in one form."""

    name: str
    organisation: str = ""
    phones: frozenset[str] = frozenset()


_TITLES = re.compile(
    "(先生|女士|小姐|同志|老师|教授|副教授|研究员|副研究员|博士|院士|工程师|高工|总工|总经理|副总经理|经理|总监|主任|副主任|"
    "处长|副处长|科长|局长|院长|所长|董事长|总裁|秘书长|总|工)+$"
)
_LATIN_TITLES = frozenset({"dr", "prof", "professor", "mr", "mrs", "ms", "miss", "phd", "sir"})


@lru_cache(1 << 16)
def person_core(name: str) -> str:
    """A person's name for comparing: without titles, marks and spaces, simplified; Latin names in any order."""
    text = unicodedata.normalize("NFKC", name).translate(plain()).casefold()
    text = CLOSED.sub(" ", text)
    if CJK.search(text):
        name = NO_LETTER.sub("", text)
        return _TITLES.sub("", name) or name
    return " ".join(sorted(word for word in NO_LETTER.split(text) if word and word not in _LATIN_TITLES))


def likely_people(
    wanted: Sequence[Someone], known: Sequence[Someone], least: float = LEAST
) -> dict[int, tuple[int, Likeness]]:
    """By position in `wanted`: the position in `known` of the person it probably is, and how alike they are.

    One of equal name and an equal phone is that person and no question.
    """
    by_phone, by_name = defaultdict[str, list[int]](list), defaultdict[tuple[str, str], list[int]](list)
    for at, person in enumerate(known):
        for phone in person.phones:
            by_phone[phone].append(at)
        if person.organisation:
            by_name[person_core(person.name), core(person.organisation)].append(at)
    found: dict[int, tuple[int, Likeness]] = {}
    for place, person in enumerate(wanted):
        same = by_name.get((person_core(person.name), core(person.organisation)), []) if person.organisation else []
        near = {at for phone in person.phones for at in by_phone.get(phone, ())} | set(same)
        pairs = [(at, known[at]) for at in sorted(near)]
        if any(other.name == person.name and person.phones & other.phones for _at, other in pairs):
            continue
        options = [(*_same_person(person, other), at) for at, other in pairs]
        likeness, why, at = max(options, key=lambda option: option[0], default=(0.0, "", 0))
        if likeness >= least:
            found[place] = (at, Likeness(known[at].name, likeness, why))
    return found


def _same_person(a: Someone, b: Someone) -> tuple[float, str]:
    one, other = person_core(a.name), person_core(b.name)
    if not a.phones & b.phones:
        if one != other:
            return 0, ""
        if a.phones and b.phones:
            return 0.85, _("同名同单位，电话不同")
        return 0.9, _("同名同单位，一处没有电话")
    is_elsewhere = a.organisation and b.organisation and core(a.organisation) != core(b.organisation)
    if one == other:
        return (0.9, _("电话相同，单位不同")) if is_elsewhere else (0.97, _("电话相同，姓名写法不同"))
    if _spelt(one) == _spelt(other):
        return (0.82 if is_elsewhere else 0.9), _("电话相同，姓名读音相同")
    short, whole = sorted((one, other), key=len)
    if len(short) == 1 and CJK.match(short) and whole.startswith(short):
        return (0.6 if is_elsewhere else 0.85), _("电话相同，一处只写了姓")
    return 0, ""


def _spelt(name: str) -> str:
    """Letters of the pinyin in any order of the names: 张伟 as Wei Zhang."""
    return "".join(sorted("".join(spelling(name)).replace(" ", "")))
