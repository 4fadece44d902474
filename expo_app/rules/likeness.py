"""Who is probably known: organisations and people whose names are written another way.

What decides whether two names (`rules.name_parts`) are one body is data (`rules.likeness_words`): words of trades and
kinds of institution tell a broken word (生物医约) from another one (电力 for 电子), and a short name (信安生物) from a
part of something larger (复旦大学 and its hospitals). Numbers that differ are different bodies, whatever else is equal.

A likeness is 0 to 1, for putting the likeliest first and for a limit above which somebody takes all: 0.95 and more are
spellings of one name, from 0.85 on it is hardly another body, below 0.85 a person should look.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from expo_app.i18n import _
from expo_app.rules.likeness_words import (
    ALONE,
    CHINA,
    LATIN_FORMS,
    LATIN_INNER,
    LEADS,
    LOOKALIKES,
    OF_A_PLACE,
    ROLE_BOXES,
    ROLES,
    SHORTENED,
)
from expo_app.rules.name_parts import CJK, CLOSED, NO_LETTER, Parts, plain, take_apart, within
from expo_app.rules.person_names import is_surname
from expo_app.rules.phones import is_own
from expo_app.rules.plain_letters import unmarked
from expo_app.rules.regions import short_name
from expo_app.rules.search_key import spelling

LEAST = 0.8
"""What is less alike than this is not worth a question."""
SURE_ALL = 0.95
"""From here on all may be taken for one without a look at each."""
SURE = 0.85
"""From here on two spellings of one file are taken as one when a third is compared with them."""
_CONFLICT = 0.5
"""However near the names: two credit codes are two bodies, a branch is not its company."""

_LAST_OF_WHOLE = frozenset(ending[-1] for endings in SHORTENED.values() for ending in endings)
_LASTS = _LAST_OF_WHOLE | SHORTENED.keys()
_WHOLE_FORMS = frozenset({"limited", "shares", "general", *(LATIN_FORMS[word] for word in LATIN_INNER)}) - {"company"}
"""Kinds of legal form that the whole name of a company has, which says what it is in Chinese too."""
_SLIP = 5
"""The core of a name in which one character may be wrong, if its telephone number is the same."""
_LONG = 10
"""Names of so many characters may differ in two of them."""
_CROWD = 60
"""What so many known names begin with tells nobody from another."""
_STEP = 256
"""Records between two looks at whether to go on."""
_FEW = 12
"""More people with one number than this have it from whoever registered them."""


@dataclass(frozen=True)
class Body:
    """An organisation as it is known or as a file has it. `aliases`: short, English and former names. `phones`: each in
    one form. `region`: the code of the place it is registered for.
    """

    name: str
    aliases: tuple[str, ...] = ()
    credit_code: str | None = None
    phones: frozenset[str] = frozenset()
    region: str = ""


@dataclass(frozen=True)
class Likeness:
    """`ours`: the name of the known one; `likeness` 0 to 1; `why` in the user's language, without a full stop."""

    ours: str
    likeness: float
    why: str


class Pair(NamedTuple):
    """Two of one list that are probably one, by their places in it."""

    one: int
    other: int
    likeness: float
    why: str


Tick = Callable[[int, int], None]
"""(done, of how many): may raise, to stop."""


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


def pairs(bodies: Sequence[Body], tick: Tick = lambda _n, _total: None) -> list[Pair]:
    """All of one list that are probably one, the likeliest first; two of an equal credit code surely are.

    Two codes are two bodies, asked about where the names are spellings of one.
    """
    index, found = _Index(str), dict[tuple[int, int], Pair]()
    at: dict[int, int] = {}
    for n, body in enumerate(bodies):
        if n % _STEP == 0:
            tick(n, len(bodies))
        for other, likeness, why in index.alike_to(body):
            key = at[id(other)], n
            if key not in found or likeness > found[key].likeness:
                found[key] = Pair(*key, likeness, why)
        at[id(body)] = n
        index.add(body, body.name)
    return sorted(found.values(), key=_likeliest)


def folded(
    found: Iterable[Pair], better: Callable[[int], Any], apart: Set[tuple[int, int]] = frozenset(), strict: bool = False
) -> list[Pair]:
    """No more pairs than there are records to go, `one` of each the one that stays: the lowest by `better`.

    All that are surely one stand beside the same record, so that they can be taken in any order; of further pairs those
    are left for later that follow from likelier ones. `apart`: (smaller, larger) place of two that are not the same,
    and with them whoever is surely one of either. `strict`: nothing is sure that makes one of two that are unlike, by
    way of a third: two codes, or a short name that is in two whole ones.
    """
    like = {(pair.one, pair.other): pair for pair in found if (pair.one, pair.other) not in apart}
    groups = {at: [at] for places in like for at in places}
    best: dict[int, Pair] = {}
    asked: list[Pair] = []
    for pair in sorted(like.values(), key=_likeliest):
        ones, others = groups[pair.one], groups[pair.other]
        if pair.likeness < SURE_ALL:
            asked.append(pair)
            continue
        if ones is not others:
            crossing = [(min(one, other), max(one, other)) for one in ones for other in others]
            if not apart.isdisjoint(crossing):
                continue
            if (
                strict
                and pair.likeness < 1
                and not all(key in like and like[key].likeness >= SURE_ALL for key in crossing)
            ):
                why = _("{why}，但还像另一家").format(why=pair.why)
                asked.append(pair._replace(likeness=SURE_ALL - 0.01, why=why))
                continue
            ones += others
            groups.update(dict.fromkeys(others, ones))
        best.setdefault(pair.one, pair)
        best.setdefault(pair.other, pair)
    stays = {at: min(group, key=better) for at, group in groups.items()}
    result = [_beside(like, stays[at], at, best[at]) for at in groups if stays[at] != at]
    are_apart = {frozenset((stays.get(one), stays.get(other))) for one, other in apart}
    linked = {at: [at] for at in groups}
    for pair in sorted(asked, key=_likeliest):
        one, other = sorted((stays[pair.one], stays[pair.other]), key=better)
        ones, others = linked[one], linked[other]
        if ones is not others and frozenset((one, other)) not in are_apart:
            ones += others
            linked.update(dict.fromkeys(others, ones))
            result.append(_beside(like, one, other, pair))
    return sorted(result, key=_likeliest)


def _likeliest(pair: Pair) -> tuple[float, Pair]:
    return -pair.likeness, pair


def _beside(like: Mapping[tuple[int, int], Pair], one: int, other: int, pair: Pair) -> Pair:
    """The two, for the reason there is for them, else for that of the pair they stand for."""
    direct = like.get((min(one, other), max(one, other)), pair)
    said = direct if (direct.likeness >= SURE_ALL) == (pair.likeness >= SURE_ALL) else pair
    return Pair(one, other, said.likeness, said.why)


def alike_to(body: Body, known: Sequence[Body]) -> list[Pair]:
    """Those of the known that one probably is, the likeliest first: `other` of each, `one` is 0."""
    index = _Index(str)
    at = {id(other): n for n, other in enumerate(known)}
    for other in known:
        index.add(other, other.name)
    best: dict[int, Pair] = {}
    for other, likeness, why in index.alike_to(body):
        n = at[id(other)]
        if n not in best or likeness > best[n].likeness:
            best[n] = Pair(0, n, likeness, why)
    return sorted(best.values(), key=_likeliest)


@dataclass(slots=True)
class _Entry:
    body: Body
    parts: Parts
    is_alias: bool
    said: str
    """The name it was read from."""
    ours: str
    """The name that stands for the body: of the spellings of one file the first."""
    site: str
    """Where it is: as this name says, else as its own does, else as it is registered."""


@dataclass
class _Index:
    """Known names by all that one of them is looked for by."""

    key: Callable[[str], str]
    keys: set[str] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)
    """The name that stands for a body by its credit code."""
    by_code: dict[str, list[Body]] = field(default_factory=dict)
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
            self.by_code.setdefault(body.credit_code, []).append(body)
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
            self.phones.setdefault(phone, []).append(_own(body, ours))

    def find(self, body: Body, least: float) -> Likeness | None:
        """The best of the known for one, if it is likely; None for one that is known or of an equal credit code."""
        if self.key(body.name) in self.keys or (body.credit_code and body.credit_code in self.codes):
            return None
        best: dict[str, tuple[float, float, str]] = {}
        for other, shown, raw, why in self._compared(body, least):
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

    def alike_to(self, body: Body) -> Iterator[tuple[Body, float, str]]:
        """All that one probably is, some of them several times, for several reasons."""
        for other in self.by_code.get(body.credit_code, ()) if body.credit_code else ():
            yield other, 1.0, _("信用代码相同")
        for entry, shown, raw, why in self._compared(body, LEAST):
            if shown == raw or raw >= SURE_ALL:
                yield entry.body, shown, why

    def _compared(self, body: Body, least: float) -> Iterator[tuple[_Entry, float, float, str]]:
        """(known, likeness, likeness of the names alone, why)."""
        for mine, other, how in self._pairs(body):
            raw, why = _with_phones(*_compare(mine, other, how), mine, other)
            if raw < least:
                continue
            if body.credit_code and other.body.credit_code and body.credit_code != other.body.credit_code:
                yield other, _CONFLICT, raw, _("{why}，信用代码不同").format(why=why)
            else:
                yield other, raw, raw, why

    def _pairs(self, body: Body) -> "Iterator[tuple[_Entry, _Entry, _How]]":
        for mine in _entries(body, body.name):
            for other in self.cores.get(mine.parts.core, ()):
                yield mine, other, _equal
            for keys, index, how in ((_near_keys, self.near, _mistyped), (_begun_keys, self.begun, _abbreviated)):
                for key in keys(mine.parts):
                    if (others := index.get(key)) and len(others) <= _CROWD:
                        for other in others:
                            if not (mine.is_alias and other.is_alias):
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


def _own(body: Body, ours: str) -> _Entry:
    parts = take_apart(body.name)
    return _Entry(body, parts, False, body.name, ours, parts.place or body.region)


def _entries(body: Body, ours: str) -> Iterator[_Entry]:
    """The name, then the aliases and what the name itself says in brackets."""
    own = _own(body, ours)
    yield own
    for alias in (*body.aliases, *own.parts.others):
        if alias and len((other := take_apart(alias)).core) > 1:
            yield _Entry(body, other, True, alias, ours, other.place or own.site)


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
    yield from {text[:size] for size in (parts.head, 3, 4) if 1 < size <= len(text)}
    for lead in LEADS:
        if text.startswith(lead) and len(text) > len(lead) + 2:
            yield text[len(lead) : len(lead) + 3]
    last = text[-1:]
    if parts.place and not parts.head and last in _LAST_OF_WHOLE:
        yield f"{short_name(parts.place)[0]}|{last}"  # 浙大 for 浙江大学
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
    if a.is_alias and b.is_alias:  # many are called 华创 for short
        likeness = min(likeness, 0.9 if len(a.parts.core) >= _LONG else 0.82)
    elif (a.is_alias or b.is_alias) and not (a.parts.head or a.parts.place):  # or 信息中心
        likeness = min(likeness, 0.82)
    for limit, why in _differences(a, b, alike_by in (_abbreviated, _spelt_out)):
        likeness = min(likeness - 0.01, limit)
        reasons.append(why)
    likeness = round(likeness, 2)
    if len(reasons) > 1:
        return likeness, _("{why}，{more}").format(why=reasons[0], more=reasons[1])
    return likeness, reasons[0] if reasons else _spelt_otherwise(a.said, b.said)


def _differences(one: _Entry, other: _Entry, is_short: bool) -> Iterator[tuple[float, str]]:
    """(how alike two bodies can be then, what else is not equal). A short name leaves out what it likes."""
    a, b = one.parts, other.parts
    if a.branch != b.branch:
        yield _CONFLICT, _("一个是分支机构")
    are_placed = bool(a.place and b.place)
    if one.site and other.site and not within(one.site, other.site):
        is_said = any(take_apart(side.body.name).place or side.parts.place for side in (one, other))
        yield (0.6, _("地区不同")) if is_said else (0.84, _("登记的地区不同"))
    elif a.place != b.place and not (is_short and not are_placed):
        is_told_by_place = min(a.head, b.head) < 2 or a.core.endswith(OF_A_PLACE)  # 苏州大学, 江阴市科学技术局
        limit = 0.6 if is_told_by_place and one.site != other.site else 0.94
        if are_placed:
            yield limit, _("地名详略不同")
        else:
            is_whole = {a.form, b.form} <= _WHOLE_FORMS or (a.bodies and b.bodies)
            most = 0.93 if one.site and other.site else 0.84
            yield min(limit, most if is_whole else 1), _("一个没写地区")
    if a.campus and b.campus and a.campus != b.campus:
        yield 0.82, _("所在校区或厂区不同")
    if is_short:
        return
    if a.is_group != b.is_group:
        yield 0.83, _("一个是集团")
    if _are_two_forms(a, b):
        limit = 0.83 if "general" in (a.form, b.form) else 0.91
        yield (limit if {a.form, b.form} <= _WHOLE_FORMS else 0.7), _("公司形式不同")
    elif a.form != b.form:
        yield 0.98, _("公司形式写法不同")
    if a.is_sample != b.is_sample:
        yield 0.95, _("一个注明示例")


def _are_two_forms(a: Parts, b: Parts) -> bool:
    """Whether both say what they are in law, each something else: as a rule two companies."""
    return a.form != b.form and {"", "company"}.isdisjoint((a.form, b.form))


def _spelt_otherwise(a: str, b: str) -> str:
    one, other = (NO_LETTER.sub("", unicodedata.normalize("NFKC", text)) for text in (a, b))
    if one == other:
        return _("名称相同") if a == b else _("标点或空格不同")
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
    if _is_of_its_place(a, b) or _is_of_its_place(b, a):
        return 0.82, _("像简称")
    short, whole = (a, b) if len(a.core) < len(b.core) else (b, a)
    led = (lead for lead in LEADS if whole.core.startswith(lead) and not short.core.startswith(lead))
    if lead := next(led, ""):
        rest = whole._replace(core=whole.core.removeprefix(lead), head=max(0, whole.head - len(lead)))
        return (0.82, _("像简称")) if rest.core == short.core or _abbreviated(short, rest) else None
    if short.form or len(short.core) == len(whole.core) or len(short.core) < 2 or short.branch or whole.branch:
        return None
    if short.core[-1] in SHORTENED and not short.bodies:
        ends = whole.core.endswith(SHORTENED[short.core[-1]])
        is_placed = short.place == whole.place if len(short.core) < 3 else True
        if ends and is_placed and short.core[0] == whole.core[0] and _is_spread(short.core, whole.core):
            return (0.82 if len(short.core) < 4 and not short.place else 0.88), _("像简称")
    if whole.core == f"{short.core}大学" and short.place == whole.place and not short.bodies:
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
    if len(short.core) == 3 and len(name) == 2 and not short.words and whole.core.startswith(short.core):
        return 0.82, _("像简称")  # 纳芯微 of 纳芯微电子
    is_chinas = len(short.core) == 4 and short.core.startswith(CHINA) and short.core[:3] == whole.core[:3]
    return (LEAST, _("像简称")) if is_chinas and short.core[3] in whole.core[3:] else None  # 中国商飞


def _is_of_its_place(short: Parts, whole: Parts) -> bool:
    """浙大 of 浙江大学, 上理工 of 上海理工大学: the place is the first character of what is left."""
    if short.form or short.place or short.branch or not whole.place or whole.head or len(short.core) < 2:
        return False
    name, endings = short_name(whole.place) + whole.core, SHORTENED.get(short.core[-1], ())
    return short.core[0] == name[0] and name.endswith(endings) and _is_spread(short.core, name)


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
        most = SURE_ALL - 0.01 if _are_two_forms(mine.parts, other.parts) else 0.99
        return min(most, max(raw + 0.1, 0.85)), _("{why}，电话相同").format(why=why)
    if not raw and mine.said.isascii() != other.said.isascii():
        return 0.82, _("一中一英，电话相同")
    if not raw and _is_slip(mine.parts, other.parts):
        return 0.85, _("名称差 1 字，电话相同")
    return raw, why


def _is_slip(a: Parts, b: Parts) -> bool:
    """Whether one character of two names of one place was mistyped; digits never are."""
    is_one = min(len(a.core), len(b.core)) >= _SLIP and not a.core.isascii()
    is_one = is_one and _levenshtein().distance(a.core, b.core, score_cutoff=1) == 1
    return is_one and a.numbers == b.numbers and a.form == b.form and a.place == b.place


_How = Callable[[Parts, Parts], "tuple[float, str] | None"]
"""(likeness, why) of two names taken apart; why is "" where the core is the same."""


# --- people


@dataclass(frozen=True)
class Someone:
    """A person: `organisation` by name, `phones` each in one form, `others`: other spellings of the name."""

    name: str
    organisation: str = ""
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()


_TITLES = re.compile(
    "(先生|女士|小姐|同志|老师|教授|副教授|研究员|副研究员|博士|院士|工程师|高工|总工|总经理|副总经理|经理|总监|主任|副主任|"
    "处长|副处长|科长|局长|院长|所长|董事长|总裁|秘书长|总|工)+$"
)
_LATIN_TITLES = frozenset({"dr", "prof", "professor", "mr", "mrs", "ms", "miss", "phd", "sir"})
_MAN, _WOMAN = re.compile(r"先生|\b(?:mr|sir)\b"), re.compile(r"女士|小姐|\b(?:mrs|ms|miss)\b")


@lru_cache(1 << 16)
def person_core(name: str) -> str:
    """A person's name for comparing: without titles, marks and spaces, simplified; Latin names in any order.

    The title stays where no whole name would be left: 刘总 and 刘经理 are two.
    """
    whole, untitled = _taken_apart(name)
    return untitled if _is_whole(untitled) else whole


@lru_cache(1 << 16)
def _taken_apart(name: str) -> tuple[str, str]:
    """(name with its title, without), as `person_core` compares them."""
    text = unicodedata.normalize("NFKC", name).translate(plain()).casefold()
    text = CLOSED.sub(" ", text)
    if CJK.search(text):
        name = NO_LETTER.sub("", text)
        return name, _TITLES.sub("", name)
    words = sorted(filter(None, NO_LETTER.split(unmarked(text))))
    return " ".join(words), " ".join(word for word in words if word not in _LATIN_TITLES)


def _is_whole(name: str) -> bool:
    """Whether a name without its title says who it is: no surname alone, and not 前台 or 市场部."""
    if not CJK.search(name):
        return " " in name
    return not is_surname(name) and name not in ROLES and not name.endswith("部")


def _are_man_and_woman(a: str, b: str) -> bool:
    """Whether the titles say so: 刘先生, 刘女士."""
    one, other = a.casefold(), b.casefold()
    return any(man.search(one) and woman.search(other) for man, woman in ((_MAN, _WOMAN), (_WOMAN, _MAN)))


def _is_own_box(email: str) -> bool:
    """Whether an address is probably one person's: not info@, sales-cn@."""
    words = set(re.findall(r"[^\W\d_]+", email.partition("@")[0].casefold()))
    return words.isdisjoint(ROLE_BOXES) or any(len(word) > 2 for word in words - ROLE_BOXES)


def likely_people(
    wanted: Sequence[Someone], known: Sequence[Someone], least: float = LEAST
) -> dict[int, tuple[int, Likeness]]:
    """By position in `wanted`: the position in `known` of the person it probably is, and how alike they are.

    One of equal name and an equal phone is that person and no question.
    """
    index = _People()
    for person in known:
        index.add(person)
    found: dict[int, tuple[int, Likeness]] = {}
    for place, person in enumerate(wanted):
        options = [(at, known[at]) for at in sorted(index.near(person))]
        if any(other.name == person.name and person.phones & other.phones for _at, other in options):
            continue
        compared = [(*_same_person(person, other), at) for at, other in options]
        likeness, why, at = max(compared, key=lambda option: option[0], default=(0.0, "", 0))
        if likeness >= least:
            found[place] = (at, Likeness(known[at].name, likeness, why))
    return found


Near = Mapping[str, Collection[str]]
"""Names of organisations → those of others that are probably the same."""


def pairs_of_people(
    people: Sequence[Someone], near: Near = MappingProxyType({}), tick: Tick = lambda _n, _total: None
) -> list[Pair]:
    """All of one list that are probably one, the likeliest first, by the rule of an import."""
    index, found = _People(), list[Pair]()
    for person in people:
        index.add(person)
    for n, person in enumerate(people):
        if n % _STEP == 0:
            tick(n, len(people))
        found += (pair._replace(one=pair.other, other=n) for pair in index.alike_to(person, near, n))
    return sorted(found, key=_likeliest)


def people_alike_to(person: Someone, known: Sequence[Someone], near: Near = MappingProxyType({})) -> list[Pair]:
    """Those of the known that one probably is, the likeliest first: `other` of each, `one` is 0."""
    index = _People()
    for other in known:
        index.add(other)
    return sorted(index.alike_to(person, near), key=_likeliest)


@dataclass
class _People:
    """People by all that one of them is looked for by. Where there are many of a number, only those of the name."""

    people: list[Someone] = field(default_factory=list)
    by: dict[tuple[str, ...], list[int]] = field(default_factory=dict)

    def add(self, person: Someone) -> None:
        for key in _person_keys(person):
            self.by.setdefault(key, []).append(len(self.people))
        self.people.append(person)

    def near(self, person: Someone, near: Near = MappingProxyType({})) -> set[int]:
        found: set[int] = set()
        for key in _person_keys(person):
            others = self.by.get(key, ())
            if len(key) > 1:
                found.update(others[:_CROWD])  # a thousand 待定 of one body are each one of the first
            elif len(others) <= _FEW:
                found.update(others)
        for organisation in near.get(person.organisation, ()):
            for name in _cores(person):
                found.update(self.by.get((name, core(organisation)), ())[:_CROWD])
        return found

    def alike_to(self, person: Someone, near: Near, before: int | None = None) -> Iterator[Pair]:
        """`before`: only those that were added before the so many-th."""
        for at in self.near(person, near):
            if before is not None and at >= before:
                continue
            other = self.people[at]
            likeness, why = _same_person(person, other, other.organisation in near.get(person.organisation, ()))
            if likeness >= LEAST:
                yield Pair(0, at, likeness, why)


def _person_keys(person: Someone) -> Iterator[tuple[str, ...]]:
    """A number by itself; a name with any number, address or organisation."""
    for phone in person.phones:
        yield (phone,)
    for name in _cores(person):
        for said in (*person.phones, *person.emails):
            yield name, said
        if person.organisation:
            yield name, core(person.organisation)


def _cores(person: Someone) -> set[str]:
    if not person.others:
        return {person_core(person.name)}
    return {person_core(name) for name in (person.name, *person.others) if name}


def _same_person(a: Someone, b: Someone, are_near: bool = False) -> tuple[float, str]:
    """`are_near`: what they belong to is probably one."""
    phones, emails = a.phones & b.phones, a.emails & b.emails
    owns = any(map(is_own, phones))
    is_elsewhere = bool(a.organisation and b.organisation) and not _is_one_house(a.organisation, b.organisation)
    names = _cores(a) & _cores(b)
    if not names:
        return _same_by_phone(a, b, is_elsewhere and not are_near) if owns else (0, "")
    likeness, why = _of_one_name(a, b, owns or any(map(_is_own_box, emails)), is_elsewhere, are_near)
    if likeness >= SURE_ALL and not any(_is_whole(_taken_apart(name)[1]) for name in names):
        return 0.9, _("{why}，但不是全名").format(why=why)
    if likeness >= SURE_ALL and _are_man_and_woman(a.name, b.name):
        return 0.9, _("{why}，称呼不同").format(why=why)
    return likeness, why


def _of_one_name(a: Someone, b: Someone, owns: bool, is_elsewhere: bool, are_near: bool) -> tuple[float, str]:
    """Two of one name. `owns`: with a number or an address that is one person's."""
    if owns:
        what = _("电话相同") if a.phones & b.phones else _("邮箱相同")
        if is_elsewhere:
            if are_near:
                return 0.96, _("{what}，单位写法不同").format(what=what)
            return 0.9, _("{what}，单位不同").format(what=what)
        if a.name == b.name:
            return 0.98, _("{what}，姓名相同").format(what=what)
        return 0.97, _("{what}，姓名写法不同").format(what=what)
    if a.phones & b.phones or a.emails & b.emails:  # of a switchboard, of an office
        what = _("同名，座机相同") if a.phones & b.phones else _("同名，公用邮箱相同")
        if is_elsewhere and not are_near:
            return 0.82, _("{what}，单位不同").format(what=what)
        return 0.93, what
    has_two = bool(a.phones and b.phones)
    if is_elsewhere:
        return (0.82, _("同名，单位像是同一家")) if are_near and not has_two else (0, "")
    if not (a.organisation and b.organisation):
        return 0, ""
    if has_two:
        return 0.85, _("同名同单位，电话不同")
    return 0.9, _("同名同单位，一处没有电话") if a.phones or b.phones else _("同名同单位，都没有电话")


def _same_by_phone(a: Someone, b: Someone, is_elsewhere: bool) -> tuple[float, str]:
    """Two names with one number: of one person, or of two who share it."""
    one, other = _taken_apart(a.name)[1], _taken_apart(b.name)[1]
    short, whole = sorted((one, other), key=len)
    if _is_whole(short) and _spelt(one) == _spelt(other):
        return (0.82 if is_elsewhere else 0.9), _("电话相同，姓名读音相同")
    if short and not _is_whole(short) and (whole.startswith(short) if CJK.match(short) else short in whole.split()):
        is_two = is_elsewhere or _are_man_and_woman(a.name, b.name)
        why = _("电话相同，一处只写了姓") if _is_whole(whole) else _("电话相同，都只写了姓")
        return (0.6 if is_two else 0.85), why
    if not is_elsewhere and a.organisation and b.organisation and _is_misread(short, whole):
        return 0.82, _("电话相同，姓名差 1 字")
    return 0, ""


def _is_misread(short: str, whole: str) -> bool:
    """余文乐 as 佘文乐, 蒋欣欣 as 蒋欣."""
    if len(short) < 2 or not CJK.match(short) or not CJK.match(whole):
        return False
    if len(short) == len(whole):
        unlike = [pair for pair in zip(short, whole, strict=True) if pair[0] != pair[1]]
        return len(unlike) == 1 and _is_taken_for(*unlike[0], False)
    return len(whole) == len(short) + 1 and any(whole[:at] + whole[at + 1 :] == short for at in range(1, len(whole)))


def _is_one_house(a: str, b: str) -> bool:
    """Whether two names of organisations are spellings of one: 苏州大学 and 南京大学 are not."""
    if a == b:
        return True
    one, other = take_apart(a), take_apart(b)
    is_elsewhere = one.place and other.place and not within(one.place, other.place)
    return one.core == other.core and one.branch == other.branch and not is_elsewhere


def _spelt(name: str) -> str:
    """Letters of the pinyin in any order of the names: 张伟 as Wei Zhang."""
    return "".join(sorted("".join(spelling(name)).replace(" ", "")))
