"""Numbers of booths: one booth in many spellings, many in one cell, what Excel made of one, a row of them."""

from datetime import date, datetime

import pytest

from expo_app.rules.booth_numbers import booth_key, check_number, following, made_by_excel, numbers_in, series
from expo_app.rules.natural_order import natural_key


@pytest.mark.parametrize(
    "spellings",
    [
        ("A901", "a901", "Ａ９０１", "A 901", "A-901", "A－901", "A–901", "A—901", "A901号", " a 901 "),
        ("A1-25", "a1-25", "A1－25", "A1 - 25", "A1–25"),
        ("3-1", "３－１", "3 - 1"),
        ("1H01", "1h01", "1H-01", "1 H 01"),
    ],
)
def test_one_booth_in_many_spellings(spellings: tuple[str, ...]) -> None:
    assert {booth_key(text) for text in spellings} == {spellings[0]}


@pytest.mark.parametrize(
    ("one", "other"), [("A1-25", "A125"), ("3-1", "31"), ("A-1", "A-01"), ("1E5", "100000"), ("A1 25", "A125")]
)
def test_two_booths(one: str, other: str) -> None:
    assert booth_key(one) != booth_key(other)


@pytest.mark.parametrize(
    ("text", "kept"), [("a 902", "A902"), ("Ａ－００１", "A-001"), ("a1 — 25", "A1-25"), ("1 号馆 a1", "1号馆A1")]
)
def test_what_is_kept(text: str, kept: str) -> None:
    assert check_number(text) == kept


@pytest.mark.parametrize("text", ["待定", "无", "TBD", "—"])
def test_a_word_for_none_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="不是展位号"):
        check_number(text)
    assert numbers_in(text) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("A1-25", ["A1-25"]),
        ("3-1", ["3-1"]),
        ("A1-25~A1-26", ["A1-25", "A1-26"]),
        ("A1-01至A1-04", ["A1-01", "A1-02", "A1-03", "A1-04"]),
        ("A1-01～04", ["A1-01", "A1-02", "A1-03", "A1-04"]),
        ("A101-A104", ["A101", "A102", "A103", "A104"]),
        ("A1-01-A1-03", ["A1-01", "A1-02", "A1-03"]),
        ("A1-01——A1-03", ["A1-01", "A1-02", "A1-03"]),
        ("A8~A11", ["A8", "A9", "A10", "A11"]),
        ("A101-104", ["A101-104"]),
        ("3-1-3-4", ["3-1-3-4"]),
        ("3-1~3-3", ["3-1", "3-2", "3-3"]),
        ("A1、B2，C3,D4；E5;F6/G7\nH8 I9", ["A1", "B2", "C3", "D4", "E5", "F6", "G7", "H8", "I9"]),
        ("A1和A2", ["A1", "A2"]),
        ("A 902", ["A902"]),
        ("A 902 A 903", ["A902", "A903"]),
        ("A-001、a-001", ["A-001"]),
        ("A1-25、待定", ["A1-25"]),
        ("A1-08、09", ["A1-08", "A1-09"]),
    ],
)
def test_booths_in_one_cell(text: str, numbers: list[str]) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize("text", ["A101~B104", "A104~A101", "A101~4", "A1~A2~A3", "A1~", "A1~A999"])
def test_a_range_that_says_too_little_is_asked_about(text: str) -> None:
    if text == "A1~":
        assert numbers_in(text) == ["A1"]
        return
    with pytest.raises(ValueError, match="看不出"):
        numbers_in(text)


def test_a_booth_that_is_there_is_taken_whole() -> None:
    known = {booth_key("A101-A104"), booth_key("B1/2")}
    assert numbers_in("a101-a104、C1", known) == ["A101-A104", "C1"]
    assert numbers_in("B1/2", known) == ["B1/2"]


@pytest.mark.parametrize(
    ("cell", "probably"),
    [
        (datetime(2018, 3, 1), "3-1 或 18-3"),  # noqa: DTZ001
        (date(2024, 3, 15), "3-15"),
        ("2018-03-01", "3-1"),
        ("2018/3/1", "3-1"),
        ("3月1日", "3-1"),
        ("1-Mar", "3-1"),
        (1.1, "1-1 或 1.10"),
        ("1.1", "1-1"),
        (100000, "1E5"),
        (100000.0, "1E5"),
        ("1.00E+05", "1E5"),
        (120000, "12E4"),
    ],
)
def test_what_excel_made_of_a_number_is_named(cell: object, probably: str) -> None:
    with pytest.raises(ValueError, match="Excel") as asked:
        made_by_excel(cell)
    assert f"由 {probably}" in str(asked.value)


@pytest.mark.parametrize("cell", ["4-2", 12, 12.0, 1000, "1E5", "A1.1", "A-001", "10-12"])
def test_what_a_person_wrote_is_left_alone(cell: object) -> None:
    made_by_excel(cell)


def test_booths_are_counted_as_a_person_counts() -> None:
    assert sorted(["1E10", "T10", "1E5", "A1-10", "T2", "A1-9"], key=natural_key) == [
        "1E5", "1E10", "A1-9", "A1-10", "T2", "T10",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "made"),
    [("A1-01", ["A1-01", "A1-02"]), ("1H09", ["1H09", "1H10"]), ("a-099", ["A-099", "A-100"]), ("7", ["7", "8"])],
)
def test_a_row_of_numbers(first: str, made: list[str]) -> None:
    assert series(first, 2) == (made, [])


def test_a_row_passes_over_what_is_there() -> None:
    assert series("A1-01", 3, ["a1-02", "A1-04", "B1"]) == (["A1-01", "A1-03", "A1-05"], ["a1-02", "A1-04"])


@pytest.mark.parametrize("first", ["", "A", "待定"])
def test_a_row_begins_with_a_number(first: str) -> None:
    with pytest.raises(ValueError, match="。"):
        series(first, 3)


def test_the_number_after_the_last() -> None:
    assert following(["T2", "T10", "T9", "入口"], "A-001") == "T11"
    assert following(["入口"], "A-001") == "A-001"
