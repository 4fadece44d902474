"""What a directory asks of an entry: the rules of a printed catalogue, one line each."""

import pytest

from expo_app.rules.directory_checks import (
    Listed,
    flaws,
    printed_address,
    printed_name,
    printed_phone,
    printed_text,
    repeated,
)


def wrong(**entry):
    return [(flaw.field, flaw.is_mended) for flaw in flaws(Listed(**{"name": "伯纳激光科技有限公司", **entry}))]


@pytest.mark.parametrize(
    "name",
    [
        "伯纳激光科技有限公司", "博世（中国）投资有限公司", "嘉芯传感（示例）", "3M中国有限公司",
        "第一汽车制造厂", "中国电科32所", "江苏省产业技术研究院·苏州所",
    ],
)  # fmt: skip
def test_a_company_by_its_registered_name_is_right(name):
    assert wrong(name=name) == []


@pytest.mark.parametrize(
    "name",
    [
        "伯纳激光！", "行业领先的激光公司", "“伯纳”激光科技有限公司", "伯纳®激光科技有限公司", "激光切割，找伯纳",
        "伯纳牌激光有限公司", "伯纳激光：激光专家", "★伯纳激光", "伯纳/激光",
    ],
)  # fmt: skip
def test_punctuation_marks_slogans_and_brands_are_no_part_of_a_name(name):
    assert wrong(name=name)[0] == ("name", False)


@pytest.mark.parametrize("name", ["DELTA OPTICS CO LTD", "AT&T CHINA", "ROLLS-ROYCE PLC"])
def test_an_english_name_in_capitals_is_right(name):
    assert wrong(name_en=name) == []


def test_an_english_name_is_printed_in_capitals_without_its_stops():
    assert wrong(name_en="Delta Optics Co., Ltd.") == [("name_en", True)]
    assert printed_name("Delta Optics Co., Ltd.") == "DELTA OPTICS CO LTD"
    assert wrong(name_en="Delta! The leading laser") == [("name_en", False), ("name_en", False), ("name_en", True)]


def test_addresses_are_printed_small_and_must_be_addresses():
    assert wrong(website="www.Delta.com.cn") == [("website", True)]
    assert printed_address("https://www.Delta.com.cn/") == "www.delta.com.cn"
    assert wrong(website="见公众号") == [("website", False)]
    assert wrong(website="https://delta.com.cn/zh/about", email="info@delta.com.cn") == []


def test_all_data_are_of_one_and_the_same_company():
    assert wrong(website="www.delta.com.cn", email="li@sigma.cn") == [("email", False)]
    assert wrong(website="www.delta.com.cn", email="li@mail.delta.com.cn") == []
    assert wrong(website="www.delta.com.cn", email="delta@163.com") == []


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("138 1234 5678", "13812345678"), ("021-5950 0000", "02159500000"), ("+49 30 1234567", "+49301234567"),
        ("021-59500000 转 801", "02159500000 801"), ("138****5678", "138****5678"), ("", ""),
    ],
)  # fmt: skip
def test_numbers_are_printed_in_digits(shown, printed):
    assert printed_phone(shown) == printed


def test_words_in_a_number_are_named():
    assert wrong(phone="找李经理") == [("phone", False)]
    assert wrong(phone="+8613812345678") == []


@pytest.mark.parametrize(
    "text",
    [
        "详询 13812345678", "请访问 www.delta.com", "info@delta.cn", "微信：delta2018", "delta.com.cn 有更多介绍",
        "电话 021-59500000",
    ],
)  # fmt: skip
def test_a_description_holds_no_contact(text):
    assert wrong(texts=[("summary", text)]) == [("summary", False)]


@pytest.mark.parametrize(
    "text", ["2018 年成立，年产 1200 台", "切割 30 mm 厚板，功率 12000 W", "专利 201810123456.7 项下成果", ""]
)
def test_figures_in_a_description_are_no_contact(text):
    assert wrong(texts=[("summary", text)]) == []


def test_a_text_is_as_long_as_the_limit_says():
    assert wrong(texts=[("summary", "字" * 200)]) == []
    assert wrong(texts=[("summary", "字" * 201)]) == [("summary", False)]
    assert [len(printed_text("字" * n, 50)) for n in (50, 51)] == [50, 50]
    assert printed_text("一，二，三" * 20, 10).endswith("…")


def test_a_company_stands_there_once():
    assert repeated(["甲", "乙", "甲", "丙", "甲"]) == {"甲"}
