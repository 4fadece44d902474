import pytest

from expo_app.rules.badge_code import is_badge_no
from expo_app.rules.deals_numbering import deal_no, deal_prefix, parse_deal_no, short_deal_no
from expo_app.rules.numbering import badge_no, parse_badge_no


@pytest.mark.parametrize(
    ("letter", "number", "text"),
    [
        ("E", 713, "KJH18-E-00713"),
        ("V", 1, "KJH18-V-00001"),
        ("V", 3132, "KJH18-V-03132"),
        ("V", 2, "KJH18-V-00002"),
        ("S", 3, "KJH18-S-00003"),
        ("S", 4, "KJH18-S-00004"),
        ("M", 5, "KJH18-M-00005"),
        ("B", 9, "KJH18-B-00009"),
        ("W", 123456, "KJH18-W-123456"),
    ],
)
def test_badge_number(letter: str, number: int, text: str) -> None:
    assert badge_no("KJH18", letter, number) == text
    assert parse_badge_no(text) == ("KJH18", letter, number)
    assert is_badge_no(text, "KJH18") is True


@pytest.mark.parametrize(
    "text", ["KJH18-x-00713", "KJH18-XX-00713", "KJH18-E-713", "kjh18-E-00713", "KJH18E00713", "KJH-2018-025", ""]
)
def test_what_is_no_badge_number(text: str) -> None:
    assert parse_badge_no(text) is None


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("KJH18", 25, "KJH-2018-025"),
        ("KJH", 25, "KJH-2018-025"),
        ("KJH2018", 1, "KJH-2018-001"),
        ("KJH-18", 1000, "KJH-2018-1000"),
        ("KJH19", 7, "KJH19-2018-007"),
        ("18", 7, "18-2018-007"),
    ],
)
def test_deal_number(code: str, number: int, text: str) -> None:
    assert deal_no(code, 2018, number) == text
    assert text.startswith(deal_prefix(code, 2018))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("KJH-2018-025", ("KJH", 2018, 25)),
        ("KJH19-2018-1000", ("KJH19", 2018, 1000)),
        ("KJH-2018-25", None),
        ("KJH18-E-00713", None),
        ("", None),
    ],
)
def test_parse_deal_number(text: str, parts: tuple[str, int, int] | None) -> None:
    assert parse_deal_no(text) == parts


def test_short_deal_number() -> None:
    assert [short_deal_no("KJH-2018-025"), short_deal_no("")] == ["025", ""]


def test_numbers_start_at_one() -> None:
    with pytest.raises(ValueError, match="starts at 1"):
        badge_no("KJH18", "W", 0)
    with pytest.raises(ValueError, match="starts at 1"):
        deal_no("KJH18", 2018, -1)
