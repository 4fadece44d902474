"""Room shared by columns: the narrow are filled first, codes are told from words."""

import pytest

from expo_app.rules.column_widths import Need, fill, fixed, is_code, left_out, share


@pytest.mark.parametrize(
    ("low", "high", "room", "widths"),
    [
        ([10, 10], [50, 90], 200, [50, 90]),
        ([10, 10], [50, 90], 100, [50, 50]),
        ([10, 40], [50, 90], 70, [30, 40]),
        ([10, 10, 10], [11, 90, 90], 52, [11, 21, 20]),
        ([30, 30], [50, 90], 20, [30, 30]),
        ([], [], 20, []),
    ],
)
def test_the_narrow_are_filled_first(low: list[int], high: list[int], room: int, widths: list[int]) -> None:
    assert fill(low, high, room) == widths


def test_what_nobody_can_use_goes_to_the_stretch_column() -> None:
    needs = [fixed(40), Need(60, 100, 150), Need(60, 80, 90)]
    assert share(needs, [1], 400) == [40, 270, 90]
    assert share(needs, [1], 240) == [40, 110, 90]
    assert share(needs, [1], 180) == [40, 80, 60]  # the naming column has what it usually needs before the others


def test_columns_are_left_out_in_order_until_the_rest_fits() -> None:
    needs = [fixed(40), fixed(60), Need(100, 200, 300)]
    assert left_out(needs, [1, 0], 200) == []
    assert left_out(needs, [1, 0], 150) == [1]
    assert left_out(needs, [1, 0], 20) == [1, 0]


@pytest.mark.parametrize(
    ("words", "firm"),
    [
        (["KJH18-E-00001", "A-003"], True), (["160****0119"], True), (["2018-11-29 14:00"], True), (["027", "—"], True),
        (["王立蕾"], False), (["s***@example.com"], False), (["Anna Smith and sons"], False), ([], False),
    ],
)  # fmt: skip
def test_codes_and_dates_are_told_from_words(words: list[str], firm: bool) -> None:
    assert is_code(set(words)) is firm
