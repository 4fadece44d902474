"""What a search looks in: text, initials, full pinyin, the end and a mark of a phone, in one stored string.

The stored key and what a person types are brought to the same form (NFKC, lower case, no spaces, apostrophes or middle
dots), so `key LIKE '%' || term || '%'` finds 沈华棣 by 沈, 华棣, shenhuadi, shd and 5678, on any database. What not
every keyboard has is found by what it has: Müller by Muller and Mueller, 陳大文 by 陈大文.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from itertools import groupby, product
from threading import Lock

from expo_app.rules import phones
from expo_app.rules.person_names import is_title, person_key
from expo_app.rules.plain_letters import HAN, MIDDLE_DOTS, han, is_spelt_out, spelt_out, unmarked

SEPARATOR = " "
"""Between the words of a key; a term never contains it."""

_APOSTROPHES = "'’‘ʼ`´"
_LOST = str.maketrans("", "", _APOSTROPHES + MIDDLE_DOTS)
_UNQUOTED = str.maketrans("", "", _APOSTROPHES)
_NAME_LENGTH = 4
_TAIL = 4
_SIGNS = ord("\N{BRAILLE PATTERN BLANK}")
_RUN = re.compile(r"[+(]*\d[\d\s().-]{5,}\d")
_DIGITS = re.compile(r"[+(]*\d[\d().-]*")
_WORD = re.compile(f"[{HAN}]|[^\\W_{HAN}]+")
ENDS = "…"
"""In front of a term: the digits a telephone number ends with."""
_MOST_VARIANTS = 4

# Surnames that do not read as the dictionary's first reading says.
_SURNAME_LIST = """
单:shan 曾:zeng 仇:qiu 解:xie 查:zha 盖:ge 区:ou 朴:piao 缪:miao 翟:zhai 乐:yue 召:shao 繁:po 折:she 员:yun 种:chong
洗:xian 覃:qin 黑:he 秘:bi 祭:zhai 能:nai 句:gou 盛:sheng 晟:cheng 隗:wei 佴:nai 郇:xun 牟:mou 宓:mi 适:kuo 莘:shen
谌:chen 费:fei 令:ling 长:chang 重:chong 都:du 车:che 尉:wei 强:qiang 尉迟:yu,chi 万俟:mo,qi 长孙:zhang,sun
单于:chan,yu 澹台:tan,tai 宰父:zai,fu 鲜于:xian,yu 欧阳:ou,yang 令狐:ling,hu 夏侯:xia,hou
"""

# Readings people do use beside the one chosen for the text at hand.
_OTHER_LIST = """
长:chang,zhang 重:zhong,chong 行:hang,xing 乐:le,yue 朝:chao,zhao 曾:zeng,ceng 单:dan,shan 解:jie,xie 仇:qiu,chou
查:cha,zha 盛:sheng,cheng 覃:qin,tan 翟:zhai,di 朴:pu,piao 缪:miao,mou 晟:sheng,cheng 茜:qian,xi 传:chuan,zhuan
都:du,dou 强:qiang,jiang 降:jiang,xiang 调:diao,tiao 校:xiao,jiao 柏:bai,bo 种:zhong,chong 藏:cang,zang 厦:sha,xia
会:hui,kuai 蔚:wei,yu 埔:pu,bu 蚌:bang,beng 莘:xin,shen 还:huan,hai 率:lv,shuai 参:can,shen 弹:dan,tan 系:xi,ji
省:sheng,xing 区:qu,ou 吕:lv,lyu 奇:qi,ji 合:he,ge 见:jian,xian 贾:jia,gu 隗:wei,kui 谌:chen,shen 折:zhe,she
召:zhao,shao 牟:mou,mu 泊:bo,po 露:lu,lou 尉:wei,yu 叶:ye,xie 隽:juan,jun
"""


def _table(entries: str) -> dict[str, tuple[str, ...]]:
    return {key: tuple(values.split(",")) for key, values in (entry.split(":") for entry in entries.split())}


_SURNAMES = _table(_SURNAME_LIST)
_OTHER_READINGS = _table(_OTHER_LIST)

# What the dictionary lacks or takes for something else: one character's usual reading, and words of this region.
_USUAL = {"长": "cháng,zhǎng", "泊": "bó,pō", "晟": "shèng,chéng", "卜": "bǔ,bo"}
_PHRASES = {
    "长三角": [["cháng"], ["sān"], ["jiǎo"]],
    "长宁": [["cháng"], ["níng"]],
    "莘庄": [["xīn"], ["zhuāng"]],
    "上海银行": [["shàng"], ["hǎi"], ["yín"], ["háng"]],
}


@cache
def _run() -> re.Pattern[str]:
    """Chinese characters, or what stands between them."""
    return re.compile(f"[{HAN}]+|[^{HAN}]+")


def search_key(*parts: str | None, phone: str | None = None, limit: int | None = None) -> str:
    """The key to store: texts, the kept phone's last four digits and its mark, initials, then full pinyin.

    They are joined by `SEPARATOR`.

    The least telling words come last, so `limit` (characters; whole words are dropped) costs little.
    """
    said = [_terms_of(part) for part in parts if part]
    texts = list(dict.fromkeys(filter(None, (term for term, _plain, _letters in said))))
    spelt = [_spellings(text) for text in texts]
    words = [*texts, *_phone_words(phone)]
    words += [term for _term, plain, _letters in said for term in plain]
    words += [initials for each in spelt for initials, _ in each]
    words += [letters for _term, _plain, letters in said if letters]
    words += [full for each in spelt for _, full in each]
    return _joined(dict.fromkeys(words), limit)


@lru_cache(maxsize=8192)
def _terms_of(text: str) -> tuple[str, list[str], str]:
    """Its term, its terms without marks and its first letters; what many records say is worked out once."""
    return search_term(text), _plain_terms(text), _first_letters(text)


def _plain_terms(text: str) -> list[str]:
    """The terms of a text without marks, the one with two letters for one behind; [] where there are none."""
    if text.isascii():
        return []
    bare = text.translate(_LOST)
    forms = (unmarked, spelt_out) if is_spelt_out(bare) else (unmarked,)
    return list(dict.fromkeys(search_term(form(bare)) for form in forms))


def _first_letters(text: str) -> str:
    """The first letter of each word, where several are Latin: nvd of Nguyễn Văn Đức."""
    if han().fullmatch(text) or (" " not in text and text.isascii()):
        return ""
    words = _WORD.findall(unmarked(text.translate(_UNQUOTED)))
    if sum(word.isascii() for word in words) < 2:
        return ""
    return "".join(_syllables(word)[0][0] if han().match(word) else word[0] for word in words)


def _phone_words(phone: str | None) -> list[str]:
    tail = phones.tail(phone)
    return [tail, _mark(phone)] if phone and len(tail) == _TAIL else [tail] if tail else []


def _mark(phone: str) -> str:
    """What stands for a whole number in a key: lists are searched by it and never hold the number.

    Of signs that nobody types: no other number is found by a piece of it.
    """
    digest = hashlib.blake2s(phones.own(phone).encode(), digest_size=5).digest()
    return "#" + "".join(chr(_SIGNS + byte) for byte in digest)


def _joined(words: Iterable[str], limit: int | None) -> str:
    key = ""
    for word in words:
        longer = f"{key}{SEPARATOR}{word}" if key else word
        if limit is not None and len(longer) > limit:
            return key or word[:limit]
        key = longer
    return key


def search_term(text: str) -> str:
    """What a person types, in the key's form: NFKC, lower case, ü as v, without spaces, apostrophes and middle dots.

    Empty text is empty: it finds everything. The caller escapes `%` and `_` for LIKE.
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).replace("ü", "v").replace("Ü", "v")
    return "".join(plain.lower().translate(_LOST).split())


def search_terms(text: str) -> tuple[tuple[str, ...], ...]:
    """What each word of a search is looked for as; of the spellings of a word one is enough.

    A telephone number, in whatever spelling, is one word; a person's name is looked for without title and dots, too.
    """
    if whole := _phone_term(text):
        return (whole,)
    found: list[tuple[str, ...]] = []
    plain, at = unicodedata.normalize("NFKC", text), 0
    for run in _RUN.finditer(plain):
        if term := _phone_term(run[0]):
            found += [*_word_terms(plain[at : run.start()]), term]
            at = run.end()
    return (*found, *_word_terms(plain[at:]))


def _word_terms(text: str) -> list[tuple[str, ...]]:
    whole = text.split()
    told = [word for word in whole if not is_title(word)] or whole
    terms = []
    for are_digits, group in groupby(told, lambda word: _DIGITS.fullmatch(word) is not None):
        words = list(group)
        ends = _ends("".join(words)) if are_digits else ()
        for word in words:
            spellings = (search_term(word), search_term(person_key(word)), *_plain_terms(word), *ends)
            terms.append(tuple(dict.fromkeys(filter(None, spellings))))
    return [term for term in terms if term]


def _ends(text: str) -> tuple[str, ...]:
    """What of a telephone number was typed, where it is more than the key holds by itself."""
    digits = "".join(char for char in unicodedata.normalize("NFKC", text) if char.isdecimal())
    return (f"{ENDS}{digits}",) if len(digits) > _TAIL else ()


def _phone_term(text: str) -> tuple[str, ...]:
    try:
        return (search_term(text), _mark(phones.parse(text)), *_ends(text))
    except ValueError:
        return ()


@lru_cache(maxsize=8192)
def _spellings(text: str) -> tuple[tuple[str, str], ...]:
    """(initials, full pinyin) of normalised text that has Chinese in it, the likeliest first.

    Text of four characters or fewer may be a name: it keeps every usual reading whole, longer text only the initials.
    """
    if not han().search(text):
        return ()
    first = _syllables(text)
    is_short = len(text) <= _NAME_LENGTH
    found = dict.fromkeys([_as_surname(text, first), first] if is_short else [first])
    if not _OTHER_READINGS.keys().isdisjoint(text):
        others = [(syllable, *_OTHER_READINGS.get(char, ())) for char, syllable in zip(text, first, strict=True)]
        for variant in product(*others):
            if len(found) == _MOST_VARIANTS:
                break
            found.setdefault(variant)
    pairs = [("".join(syllable[0] for syllable in variant), "".join(variant)) for variant in found]
    return tuple(pairs) if is_short else tuple((initials, pairs[0][1]) for initials, _ in pairs)


def _as_surname(text: str, syllables: tuple[str, ...]) -> tuple[str, ...]:
    """The syllables of a name, its surname read as a surname."""
    for length in (2, 1):
        if reading := _SURNAMES.get(text[:length]):
            return (*reading, *syllables[length:])
    return syllables


def surnames_read(term: str) -> list[str]:
    """The characters that as a surname read as the whole of `term`: li gives 李, 黎, …"""
    return [char for char, surname, _ in _characters() if surname == term]


def characters_begun(term: str) -> list[str]:
    """The characters `term` may begin with: their reading begins with it, or it with their reading."""
    return [char for char, _, usual in _characters() if usual.startswith(term) or term.startswith(usual)]


@cache
def _characters() -> tuple[tuple[str, str, str], ...]:
    """The 6,763 characters of GB 2312, each with its reading as a surname and its usual one."""
    codes = bytes(byte for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF) for byte in (high, low))
    spell = _speller()
    usual = [(char, spell(char)[0]) for char in codes.decode("gb2312", "ignore") if han().match(char)]
    return tuple((char, _SURNAMES.get(char, (reading,))[0], reading) for char, reading in usual)


def spelling(text: str) -> tuple[str, ...]:
    """A text's syllables in lower case, by which it is sorted: 上海荣南 as shang, hai, rong, nan."""
    return _syllables(search_term(text))


@lru_cache(maxsize=8192)
def _syllables(text: str) -> tuple[str, ...]:
    """One syllable per character of normalised text; a character without one stands for itself."""
    spell = _speller()
    return tuple(s for run in _run().findall(text) for s in (spell(run) if han().match(run) else run))


_LOADING = Lock()


def _speller() -> Callable[[str], list[str]]:
    with _LOADING:  # the dictionaries cannot be read while another thread is adding to them
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> Callable[[str], list[str]]:
    """pypinyin, loaded on first use, with our readings put into its dictionaries; each word is asked for once."""
    from pypinyin import lazy_pinyin, load_single_dict
    from pypinyin.constants import PHRASES_DICT
    from pypinyin.contrib.mmseg import seg

    load_single_dict({ord(char): readings for char, readings in _USUAL.items()})
    PHRASES_DICT.update(_PHRASES)  # load_phrases_dict would learn all its 47,000 phrases a second time
    seg.train(_PHRASES)  # type: ignore[arg-type]

    @lru_cache(maxsize=16384)
    def spelt(word: str) -> list[str]:
        return lazy_pinyin(word, errors=list)  # type: ignore[arg-type]

    return lambda run: [syllable for word in seg.cut(run) for syllable in spelt(word)]


def matches(text: str, query: str) -> list[tuple[int, int]]:
    """Ranges (start, end) of displayed `text` that `query` matches, for highlighting; [] where it matches none.

    Tried in this order: the text itself (every place), initials, full pinyin with the last syllable begun
    (one place each). A range covers whole characters of `text`, spaces between them included.
    """
    forms = (search_term, _unmarked_term) if not (text.isascii() and query.isascii()) else (search_term,)
    for form in forms:
        term = form(query)
        plain, origin = _normalised(text, form)
        if not term or not plain:
            return []
        spans = [found.span() for found in re.finditer(re.escape(term), plain)]
        if not spans and han().search(plain):
            span = _spelt_span(plain, term)
            spans = [span] if span else []
        if spans:
            return [(origin[start], origin[end - 1] + 1) for start, end in spans]
    return []


def _unmarked_term(text: str) -> str:
    return search_term(unmarked(text.translate(_LOST)))


def _normalised(text: str, form: Callable[[str], str]) -> tuple[str, list[int]]:
    """The term of a text, and for each of its characters the index in `text` it comes from."""
    pairs = [(char, index) for index, original in enumerate(text) for char in form(original)]
    return "".join(char for char, _ in pairs), [index for _, index in pairs]


def _spelt_span(plain: str, term: str) -> tuple[int, int] | None:
    """The first place whose initials or pinyin begin with the whole of `term`."""
    first = _syllables(plain)
    surname = _as_surname(plain, first) if len(plain) <= _NAME_LENGTH else first
    choices = [{a, b, *_OTHER_READINGS.get(char, ())} for char, a, b in zip(plain, first, surname, strict=True)]
    initials = [{syllable[0] for syllable in readings} for readings in choices]
    for per_char in (initials, choices):
        for start in range(len(plain)):
            if end := _reach(per_char, start, term):
                return start, end
    return None


def _reach(choices: list[set[str]], start: int, term: str) -> int | None:
    """Where `term` ends when spelt from character `start` on; None if it cannot be."""
    left = {term}
    for index in range(start, len(choices)):
        if any(syllable.startswith(rest) for rest in left for syllable in choices[index]):
            return index + 1
        left = {rest[len(s) :] for rest in left for s in choices[index] if rest.startswith(s)}
        if not left:
            return None
    return None
