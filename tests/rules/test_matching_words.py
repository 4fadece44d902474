"""Words of demands and offers: cut, compared in one form, told apart by rarity."""

import pytest

from expo_app.rules import matching_words as words
from expo_app.rules.matching_words import Part, words_by_part, words_in


def test_the_trades_own_words_are_one_word():
    found = words_in("耐污染纳滤膜组件，用于难降解有机物和毫米波雷达")
    assert {"难降解", "有机物", "毫米波雷达"} <= found.keys()
    assert "降解" not in found, "what is hard to degrade does not degrade"


def test_words_that_mean_the_same_count_as_one():
    assert words_in("污水").keys() == words_in("废水").keys() == words_in("Wastewater").keys()
    assert words_in("3D打印").keys() == words_in("增材制造").keys()


def test_traditional_characters_and_letters_of_any_width_are_compared_as_plain_ones():
    assert words_in("熱泵與熱管換熱器") == words_in("热泵与热管换热器")
    assert words_in("ＭＥＭＳ　Sensors") == words_in("mems sensor")


def test_what_says_nothing_does_not_count():
    assert not words_in("要求采用先进技术，提高效率，成本不超过 3.20 元")
    assert not words_in("12 345 6.7 %")


def test_a_single_character_counts_only_where_the_trade_has_it():
    assert "膜" in words_in("膜")
    assert not words_in("金 木 水 火")


@pytest.mark.parametrize("text", ["", "   \n ", "。，、；", "a", "🙂🙂"])
def test_texts_without_words_have_none(text: str):
    assert not words_in(text)


def test_a_text_of_ten_thousand_characters_is_read_whole():
    text = "无关的话，" * 1_990 + "电催化膜反应器"
    assert {"膜", "反应器"} <= words_in(text).keys()
    assert words_in("x" * 10_000) == {}, "one endless word is none"


def test_where_a_word_stands_is_kept():
    found = words_by_part("印染废水处理", "废水", "废水与污水")
    assert found["废水"] == {Part.TITLE: 1, Part.KEYWORDS: 1, Part.BODY: 2}
    assert found["印染"] == {Part.TITLE: 1}


def test_a_rare_word_tells_more_than_a_common_one():
    texts = [words_by_part("废水", "", ""), words_by_part("废水 臭氧", "", ""), words_by_part("废水 污泥", "", "")]
    rare = words.rarity(texts)
    assert rare["臭氧"] == rare["污泥"] > rare["废水"] > 0


def test_one_common_word_counts_half_of_what_the_cosine_says():
    texts = [words_by_part("臭氧", "", ""), words_by_part("臭氧", "", ""), words_by_part("污泥", "", "")]
    rare = words.rarity(texts)
    vectors = [words.vector(text, rare) for text in texts]
    ((place, (like, count)),) = words.likenesses(vectors[0], words.postings(vectors[1:])).items()
    assert (place, round(like, 6), count) == (0, 0.5, 1)


def test_a_part_of_a_longer_word_is_not_told_beside_it():
    text = words_by_part("有机物 有机", "", "")
    one = words.vector(text, words.rarity([text]))
    assert words.shared(one, one, 5) == ["有机物"]


def test_a_text_without_words_is_like_nothing():
    texts = [words_by_part("", "", ""), words_by_part("臭氧", "", "")]
    rare = words.rarity(texts)
    assert words.likenesses(words.vector(texts[0], rare), words.postings([words.vector(texts[1], rare)])) == {}
    assert words.rarity([]) == {}
