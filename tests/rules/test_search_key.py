import random
import subprocess
import sys
import time

import pytest

from expo_app.rules.search_key import matches, search_key, search_term, search_terms


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("沈华棣", "沈华棣 shd shenhuadi"),
        ("曾 明", "曾明 zm cm zengming cengming"),
        ("单晓东", "单晓东 sxd dxd shanxiaodong danxiaodong"),
        ("仇远", "仇远 qy cy qiuyuan chouyuan"),
        ("解琳", "解琳 xl jl xielin jielin"),
        ("尉迟恭", "尉迟恭 ycg wcg yuchigong weichigong"),
        ("欧阳娜", "欧阳娜 oyn ouyangna"),
        ("王𬭚", "王𬭚 wc wangchun"),
        ("陈𫖯", "陈𫖯 cf chenfu"),
        ("吕岩", "吕岩 ly lvyan lyuyan"),
        ("Ｂｏｓｃｈ 中国", "bosch中国 boschzg boschzhongguo"),
        ("IBM", "ibm"),
        ("阿卜杜·热合曼", "阿卜杜热合曼 abdrhm abdrgm abudureheman"),
        ("Hans Müller", "hansmvller hansmuller hansmueller hm"),
        ("Nguyễn Văn Đức", "nguyễnvănđức nguyenvanduc nvd"),
        ("Łukasz O’Neill", "łukaszoneill lukaszoneill lo"),
        ("陳大文", "陳大文 陈大文 cdw chendawen"),
        ("Иванов", "иванов ivanov"),
        ("Bosch 中国 Automotive", "bosch中国automotive boschzgautomotive bzga boschzhongguoautomotive"),
        ("㍿", "株式会社 zshs zsks zhushihuishe zhushikuaishe"),
        ("长三角5G产业", "长三角5g产业 csj5gcy zsj5gcy changsanjiao5gchanye"),
        ("  ", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_key(text: str | None, key: str) -> None:
    assert search_key(text) == key


def test_key_joins_parts_and_the_end_of_the_phone() -> None:
    key = search_key("徐伟", None, "荣南科技", phone="+8613812345678")
    words = key.split()
    assert words.pop(3).startswith("#")
    assert " ".join(words) == "徐伟 荣南科技 5678 xw rnkj xuwei rongnankeji"


def is_found(key: str, text: str) -> bool:
    return all(any(spelling in key for spelling in term) for term in search_terms(text))


@pytest.mark.parametrize(
    "text",
    [
        "13812345678", "138 1234 5678", "+86 138-1234-5678", "０１３８１２３４５６７８", "徐伟 138 1234 5678",
        "徐伟先生 5678", "138 1234 5678 徐", "xw 13812345678",
    ],
)  # fmt: skip
def test_a_number_is_found_by_every_spelling(text: str) -> None:
    key = search_key("徐伟", phone="+8613812345678")
    assert is_found(key, text)
    assert "12345678" not in key


@pytest.mark.parametrize("text", ["13812345679", "徐伟 13912345678", "138 1234 5679", "12345678", "王伟先生"])
def test_another_number_or_name_is_not_found(text: str) -> None:
    assert not is_found(search_key("徐伟", phone="+8613812345678"), text)


@pytest.mark.parametrize("text", ["021-59571234", "02159571234 转 8012", "（021）5957 1234", "1234"])
def test_a_number_is_found_whatever_its_extension(text: str) -> None:
    assert is_found(search_key("张伟", phone="+862159571234;ext=8012"), text)


def test_a_term_of_nothing_but_lost_marks_is_none() -> None:
    assert search_terms(" · ") == ()
    assert search_terms("KJH18 沈·华棣") == (("kjh18",), ("沈华棣",))
    assert search_terms("2018112800")[0][0] == "2018112800"  # it may be something else as well


@pytest.mark.parametrize("dot", "·•‧・･∙⋅")
def test_any_middle_dot_or_none(dot: str) -> None:
    key = search_key("玛丽亚・加西亚")
    assert is_found(key, f"玛丽亚{dot}加西亚")
    assert is_found(search_key(f"玛丽亚{dot}加西亚"), "玛丽亚加西亚")


def test_no_piece_of_a_mark_is_somebody_elses_number() -> None:
    """Four digits in a hundred marks of ten hexadecimal signs would be found by chance."""
    marks = [search_key("A", phone=f"+8613800{n:06d}").split()[2] for n in range(2000)]
    assert {char for mark in marks for char in mark[1:] if char.isascii()} == set()
    assert len(set(marks)) == 2000


def test_short_phone_is_kept_and_none_adds_nothing() -> None:
    assert search_key("A", phone="120") == "a 120"
    assert search_key("A", phone="无") == "a"


def test_limit_drops_whole_words_from_the_end() -> None:
    assert search_key("沈华棣", limit=10) == "沈华棣 shd"
    assert search_key("沈华棣", limit=7) == "沈华棣 shd"
    assert search_key("沈华棣", limit=6) == "沈华棣"
    assert search_key("沈华棣", limit=2) == "沈华"


def test_many_ambiguous_characters_stay_few_variants() -> None:
    assert len(search_key("长重行乐朝曾单解").split()) == 1 + 4 + 1


@pytest.mark.parametrize(
    ("typed", "term"),
    [(" Shen Hua'di ", "shenhuadi"), ("ＳＨＤ", "shd"), ("lü", "lv"), ("LÜ", "lv"), ("张　三", "张三"), ("", "")],
)
def test_term(typed: str, term: str) -> None:
    assert search_term(typed) == term


@pytest.mark.parametrize(
    ("text", "query", "ranges"),
    [
        ("沈华棣", "华", [(1, 2)]),
        ("沈华棣", "SHD", [(0, 3)]),
        ("沈华棣", "hd", [(1, 3)]),
        ("沈华棣", "shenh", [(0, 2)]),
        ("沈华棣", "shen hua", [(0, 2)]),
        ("沈华棣", "she", [(0, 1)]),
        ("沈华棣", "xyz", []),
        ("沈华棣", "shdd", []),
        ("沈华棣", "", []),
        ("", "a", []),
        ("单晓", "sx", [(0, 2)]),
        ("单晓", "dx", [(0, 2)]),
        ("上海 嘉定区", "hjd", [(1, 5)]),
        ("海海", "海", [(0, 1), (1, 2)]),
        ("Bosch 中国", "boschzg", [(0, 8)]),
        ("5G 论坛", "lt", [(3, 5)]),
        ("IBM", "xw", []),
        ("ﬁle", "fi", [(0, 1)]),
        ("KJH18-E-00713", "00713", [(8, 13)]),
        ("欧阳娜", "ouyang", [(0, 2)]),
        ("Hans Müller", "muller", [(5, 11)]),
        ("Ida Straße 4", "strasse", [(4, 10)]),
        ("陳大文", "陈大", [(0, 2)]),
        ("陈大文", "陳大", [(0, 2)]),
        ("Nguyễn", "nguyen", [(0, 6)]),
    ],
)
def test_matches(text: str, query: str, ranges: list[tuple[int, int]]) -> None:
    assert matches(text, query) == ranges


def test_ten_thousand_new_names_take_about_a_second() -> None:
    chance = random.Random(7)  # noqa: S311
    chars = "沈华棣王李张伟陈晓单曾仇解明东红军长乐重周吴郑冯褚卫蒋韩杨朱秦尤许何吕施孔曹严金魏陶姜"
    names = ["".join(chance.choices(chars, k=chance.choice((2, 3, 4)))) for _ in range(10_000)]
    search_key("预热")
    start = time.process_time()
    for name in names:
        search_key(name, phone="+8613800001234")
    assert time.process_time() - start < 2.0


def test_two_threads_may_be_the_first_to_ask() -> None:
    program = (
        "import sys, threading; sys.setswitchinterval(1e-6)\n"
        "from expo_app.rules.search_key import search_key\n"
        "begin, keys, threads = threading.Barrier(4), [], []\n"
        "def ask():\n    begin.wait(); keys.append(search_key('嘉定氢能'))\n"
        "threads = [threading.Thread(target=ask) for _n in range(4)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
        "print(len(keys), len(set(keys)))"
    )
    child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (child.stdout.strip(), child.stderr) == ("4 1", "")
