"""Patent numbers: their check digit, their kind, and how long the right lives."""

import random
from datetime import date

import pytest

from expo_app.model import PatentKind
from expo_app.rules import patents

DRAW = random.Random(11)  # noqa: S311
KINDS = "12389"


def long_number(draw: random.Random = DRAW) -> str:
    digits = f"{draw.randint(2003, 2026)}{draw.choice(KINDS)}{draw.randrange(10**7):07}"
    return digits + patents.check_digit(digits)


def short_number(draw: random.Random = DRAW) -> str:
    digits = f"{draw.choice(['85', '93', '99', '00', '03'])}{draw.choice(KINDS)}{draw.randrange(10**5):05}"
    return digits + patents.check_digit(digits)


def test_the_check_digit_is_the_sum_by_weights_two_to_nine_modulo_eleven() -> None:
    # 2·2 + 0·3 + 0·4 + 3·5 + 1·6 + 0·7 + 1·8 + 0·9 + 2·2 + 3·3 + 4·4 + 4·5 = 82 = 7·11 + 5
    assert patents.check_digit("200310102344") == "5"
    assert patents.check_digit("00000000") == "0"
    assert patents.check_digit("50000000") == "X"  # 5·2 = 10


@pytest.mark.parametrize("make", [long_number, short_number])
def test_a_number_is_read_however_it_is_written(make: object) -> None:
    for _n in range(300):
        number = make()  # type: ignore[operator]
        ways = (
            number, f"ZL{number[:-1]}.{number[-1]}", f"cn {number[:4]} {number[4:]}", f"ZL {number[:-1]}．{number[-1]}",
            number.lower(), number.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        )  # fmt: skip
        assert {patents.parse(way).text for way in ways} == {number}
        assert patents.parse(number).shown == f"{number[:-1]}.{number[-1]}"


@pytest.mark.parametrize("make", [long_number, short_number])
def test_one_wrong_digit_or_two_that_changed_places_are_found(make: object) -> None:
    """The weights differ between neighbours and are prime to 11: no single slip and no swap of neighbours passes."""
    for _n in range(200):
        number = make()  # type: ignore[operator]
        at = DRAW.randrange(len(number) - 1)
        slip = number[:at] + str((int(number[at]) + DRAW.randint(1, 9)) % 10) + number[at + 1 :]
        with pytest.raises(ValueError, match="专利号"):
            patents.parse(slip)
        place = DRAW.randrange(len(number) - 2)
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        if swapped != number:
            with pytest.raises(ValueError, match="专利号"):
                patents.parse(swapped)


@pytest.mark.parametrize(
    "text", ["", "ZL", "2018100123456789", "20181001234", "US1234567", "201810012345Y", "99.1.23456", "１２"]
)
def test_what_is_no_number_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"13 位（2003 年 10 月前 9 位）"):
        patents.parse(text)


@pytest.mark.parametrize(("digits", "why"), [("201840000001", "种类"), ("199910000001", "年份"), ("18100001", "年份")])
def test_year_and_kind_are_such_as_there_are(digits: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        patents.parse(digits + patents.check_digit(digits))


@pytest.mark.parametrize(
    ("digit", "kind"),
    [
        ("1", PatentKind.INVENTION), ("8", PatentKind.INVENTION), ("2", PatentKind.UTILITY_MODEL),
        ("9", PatentKind.UTILITY_MODEL), ("3", PatentKind.DESIGN),
    ],
)  # fmt: skip
def test_the_kind_stands_in_the_number(digit: str, kind: PatentKind) -> None:
    digits = f"2014{digit}9999001"
    number = digits + patents.check_digit(digits)
    assert patents.parse(number).kind is kind
    assert [patents.problem(number, other) == "" for other in PatentKind] == [other is kind for other in PatentKind]
    assert patents.problem(number, kind, date(2014, 12, 31)) == ""
    assert "2014 年申请" in patents.problem(number, kind, date(2015, 1, 1))


@pytest.mark.parametrize(
    ("kind", "filed", "last"),
    [
        (PatentKind.INVENTION, date(2014, 3, 28), date(2034, 3, 27)),
        (PatentKind.UTILITY_MODEL, date(1999, 9, 6), date(2009, 9, 5)),
        (PatentKind.DESIGN, date(2021, 5, 31), date(2031, 5, 30)),
        (PatentKind.DESIGN, date(2021, 6, 1), date(2036, 5, 31)),
        (PatentKind.INVENTION, date(2016, 2, 29), date(2036, 2, 28)),
        (PatentKind.UTILITY_MODEL, date(2016, 2, 29), date(2026, 2, 28)),
    ],
)
def test_the_right_lives_from_its_filing_date(kind: PatentKind, filed: date, last: date) -> None:
    assert patents.ends_on(kind, filed) == last


def test_how_long_it_is_still_is_said_in_years_and_months() -> None:
    today = date(2018, 11, 29)
    assert patents.left(date(2034, 3, 27), today) == "15 年 3 个月"
    assert patents.left(date(2028, 11, 29), today) == "10 年"
    assert patents.left(date(2019, 4, 1), today) == "4 个月"
    assert patents.left(date(2018, 12, 8), today) == "9 天"
    assert patents.left(date(2018, 11, 28), today) == "已届满"


def test_of_several_patents_the_last_one_counts_if_all_are_known() -> None:
    days = [date(2030, 1, 1), date(2034, 3, 27)]
    assert patents.last_of(days) == date(2034, 3, 27)
    assert patents.last_of([*days, None]) is None
    assert patents.last_of([]) is None
