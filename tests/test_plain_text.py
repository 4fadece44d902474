"""What is no text: characters that are obeyed, and texts that spreadsheet programs compute."""

import unicodedata

import pytest

from expo_app.plain_text import ORDER, guarded, pasted, shown, unguarded, visible

TURN = "\u202e"


def test_what_is_shown_keeps_what_people_write() -> None:
    whole = "A\tB\n甲\u200b乙 👩\u200d🔬 葛\U000e0100 \u0628\u200c\u0628"
    assert shown(whole) == whole
    assert shown(f"a{TURN}b\x1b[31m\r\nc\u2066d\x85\rE") == "ab[31m\ncd\nE"


def test_what_is_written_is_what_is_seen() -> None:
    assert visible(f"甲\u200b乙\xad{TURN}\x1b[31m\u2028丙\t\ufeff") == "甲乙[31m\n丙\t"
    assert visible("葛\U000e0100 café") == "葛\U000e0100 café"


def test_every_character_that_turns_or_controls_is_an_order() -> None:
    """By Unicode's own classes, so that none is forgotten; the line ends and the tab are text."""
    found = {chr(n) for n in range(0x10000) if not ORDER.match(chr(n))}
    turning = {
        c
        for c in found
        if unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    }
    controls = {c for c in found if unicodedata.category(c) in ("Cc", "Cs")}
    assert (turning, controls) == (set(), {"\t", "\n"})


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "-cmd", "＝1", " =1", "'=1", '=HYPERLINK("x")'])
def test_a_formula_is_kept_a_text(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text
    assert pasted(text).startswith("'")


@pytest.mark.parametrize("text", ["+86 138 0000 0000", "-12.50", "+1 (212) 555-0100", "甲=乙", "-3%", "—", ""])
def test_figures_phones_and_names_are_copied_as_they_are(text: str) -> None:
    assert pasted(text) == text


def test_what_is_copied_is_one_line() -> None:
    assert pasted(f"甲{TURN}\n乙\t丙") == "甲 乙 丙"
