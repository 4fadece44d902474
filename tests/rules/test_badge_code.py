import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expo_app.rules.badge_code import badge_no, clean_raw, is_badge_no, is_number, may_become, new_code, normalise

CODE = "E1ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_new_codes_are_well_formed_and_differ() -> None:
    codes = [new_code() for _ in range(2000)]
    assert len(set(codes)) == 2000
    assert [code for code in codes if not re.fullmatch(r"E1[A-Z2-7]{26}", code)] == []
    assert {c for code in codes for c in code[2:]} == set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (CODE, CODE),
        (CODE.lower(), CODE),
        (f"  {CODE}\r\n", CODE),
        (f"{CODE}\t", CODE),
        ("\uff25\uff11" + CODE[2:], CODE),
        (CODE[:-1], None),
        (CODE + "A", None),
        (CODE + CODE, None),
        (CODE[:-1] + "1", None),
        (CODE[:-1] + "8", None),
        ("E2" + CODE[2:], None),
        ("\u200b" + CODE, CODE),
        ("\ufeff" + CODE, CODE),
        (CODE[:10] + "\u200d" + CODE[10:], CODE),
        ("\u202a" + CODE + "\u202c", CODE),
        ("\x02" + CODE + "\x03", CODE),
        ("]Q1" + CODE, CODE),
        ("]c0" + CODE.lower(), CODE),
        ("]Q2\\000026" + CODE, CODE),
        ("]Q" + CODE, None),
        (CODE + ",2018-11-28,10:02:07", CODE),
        (CODE + "\t2018-11-28\t10:02", CODE),
        (CODE + "；2018-11-28", CODE),
        ("2018-11-28 10:02," + CODE + ",QR", CODE),
        (f'"{CODE}","10:02"', CODE),
        (CODE + "," + CODE, CODE),
        (CODE + "," + CODE[::-1].replace("1E", "") + "E1", CODE),
        (CODE + ",E1" + CODE[:1:-1], None),
        (CODE + "," + CODE + "A", CODE),
        (CODE + "-2018", None),
        (CODE[:10] + " " + CODE[10:], None),
        (CODE[:10] + "\x1d" + CODE[10:], None),
        (CODE + "\n" + "X", None),
        (CODE + " " * 400, None),
        ("", None),
        ("\x00", None),
        ("https://example.com/" + CODE, None),
        (f"https://example.com/?c={CODE}&n=1", None),
        ("';DROP TABLE badge;--", None),
    ],
)
def test_normalise(raw: str, code: str | None) -> None:
    assert normalise(raw) == code


@pytest.mark.parametrize("front", ["", "]Q1", "]q2\\000026", "\ufeff"])
@pytest.mark.parametrize("behind", ["", ",", ",2018-11-28,10:02"])
def test_what_may_become_a_reading_is_told_from_its_first_character_on(front: str, behind: str) -> None:
    reading = front + CODE.lower() + behind
    assert [reading[:end] for end in range(len(reading) + 1) if not may_become(reading[:end])] == []


@pytest.mark.parametrize(
    "text", ["e0", "E18", "x", "李", "1", "ex", "]1", "]Q1x", CODE + "A", CODE + "-", CODE[:9] + " "]
)
def test_what_a_hand_types_is_soon_known_to_be_none(text: str) -> None:
    assert may_become(text[:-1])
    assert not may_become(text)


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_reading_gets_an_answer(raw: str) -> None:
    code = normalise(raw)
    assert code is None or normalise(code) == code
    shown = clean_raw(raw)
    assert len(shown) == min(len(raw), 256)
    assert shown.encode().decode() == shown
    assert clean_raw(shown) == shown


def test_four_million_characters_take_no_time() -> None:
    raw = "E1" + "A" * 4_000_000
    start = time.process_time()
    assert normalise(raw) is None
    assert len(clean_raw(raw)) == 256
    assert badge_no(raw) is None
    assert time.process_time() - start < 0.2


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("abc 沈", "abc 沈"),
        ("a\x00b\x1bc\n", "a�b�c�"),
        ("\u202eabc\u200b\u2066", "�abc��"),
        ("\ud800", "�"),
        ("\u2028x\ue000", "�x�"),
    ],
)
def test_clean_raw(raw: str, shown: str) -> None:
    assert clean_raw(raw) == shown


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("KJH18-E-00713", True),
        (" kjh18-e-00713 ", True),
        ("ＫＪＨ１８－Ｅ－００７１３", True),
        ("KJH19-E-00713", False),
        ("KJH18-E-713", False),
        ("KJH18-E-0071300", False),
        ("KJH18E00713", False),
        (CODE, False),
        ("", False),
    ],
)
def test_badge_number(text: str, answer: bool) -> None:
    assert is_badge_no(text, "KJH18") is answer


@pytest.mark.parametrize(
    ("reading", "answer"),
    [
        ("13800000067", True), ("+86 138-0000-0067", True), ("31011419900307123X", True), ("E12345678", True),
        ("KJH18-E-00713", False), (CODE, False), ("https://example.com/2018", False),
        ("helloworld1", False), ("", False),
    ],
)  # fmt: skip
def test_a_number_is_mostly_digits(reading: str, answer: bool) -> None:
    assert is_number(reading) is answer


def test_badge_number_behind_what_readers_add() -> None:
    assert badge_no("\ufeff]C0kjh18-v-03132\r") == "KJH18-V-03132"


def test_badge_number_in_its_printed_form() -> None:
    assert badge_no("kjh18-v-03132") == "KJH18-V-03132"
