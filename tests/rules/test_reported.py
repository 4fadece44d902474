"""Numbers as they are reported: what people write, what is kept, what is refused."""

from decimal import Decimal

import pytest

from expo_app import i18n
from expo_app.model import Qualifier
from expo_app.rules.reported import Reported, of_column, of_text, parse

ABOUT, OVER, NEARLY = Qualifier.ABOUT, Qualifier.OVER, Qualifier.NEARLY


@pytest.mark.parametrize(
    ("text", "value", "qualifier"),
    [
        ("176", 176, None),
        ("176 家", 176, None),
        ("１，０００", 1000, None),
        ("约 50", 50, ABOUT),
        ("约50场", 50, ABOUT),
        ("50 场左右", 50, ABOUT),
        ("about 50", 50, ABOUT),
        ("~50", 50, ABOUT),
        ("超过 1000", 1000, OVER),
        ("超 1,000 家", 1000, OVER),
        ("50 余", 50, OVER),
        ("50余场", 50, OVER),
        ("1000+", 1000, OVER),
        ("more than 1,000", 1000, OVER),
        ("近 10,000", 10000, NEARLY),
        ("nearly 250", 250, NEARLY),
        ("1.2 万人次", 12000, None),
        ("近 1 万", 10000, NEARLY),
        ("70.5 ㎡", Decimal("70.5"), None),
    ],
)
def test_what_people_write_of_a_count(text, value, qualifier):
    assert parse(text) == Reported(Decimal(value), qualifier)


@pytest.mark.parametrize(
    ("text", "yuan", "qualifier"),
    [
        ("77000", 770_000_000, None),
        ("7.7 亿元", 770_000_000, None),
        ("约 120,000", 1_200_000_000, ABOUT),
        ("超过 12 亿元", 1_200_000_000, OVER),
        ("12249.30", Decimal("122493000"), None),
        ("770000000 元", 770_000_000, None),
    ],
)
def test_what_people_write_of_money_is_in_wan(text, yuan, qualifier):
    assert parse(text, is_money=True) == Reported(Decimal(yuan), qualifier)


@pytest.mark.parametrize("text", ["", "约", "若干", "-5", "1,2,3家左右吗", "12家企业", "99999999999999", "1.234"])
def test_what_is_no_number_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match=r"。$"):
        parse(text)


@pytest.mark.parametrize("qualifier", [None, *Qualifier])
@pytest.mark.parametrize("is_money", [False, True])
def test_what_is_kept_is_read_back(qualifier, is_money):
    known = Reported(Decimal("12345.67"), qualifier)
    assert of_text(known.text(is_money), is_money) == known
    assert parse(known.shown(is_money), is_money) == known
    assert of_column(f"{qualifier.name if qualifier else ''} 1234567") == known


def test_what_english_shows_is_read_back():
    i18n.set_language("en")
    for qualifier in Qualifier:
        known = Reported(Decimal(1200), qualifier)
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in known.shown())
        assert parse(known.shown()) == known
