"""The days of an expo in words: one day, over months, over years."""

from datetime import date

import pytest

from expo_app import i18n
from expo_app.rules.day_spans import day_span, dotted_day_span, short_day_span

CASES = [
    ((2018, 11, 28), (2018, 11, 30), "2018-11-28 至 2018-11-30", "11-28 至 11-30", "2018.11.28–30"),
    ((2026, 5, 1), (2026, 5, 1), "2026-05-01", "05-01", "2026.05.01"),
    ((2026, 4, 30), (2026, 5, 2), "2026-04-30 至 2026-05-02", "04-30 至 05-02", "2026.04.30–05.02"),
    (
        (2024, 12, 30), (2025, 1, 2),
        "2024-12-30 至 2025-01-02", "2024-12-30 至 2025-01-02", "2024.12.30–2025.01.02",
    ),
    (
        (2024, 12, 30), (2025, 12, 2),
        "2024-12-30 至 2025-12-02", "2024-12-30 至 2025-12-02", "2024.12.30–2025.12.02",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("first", "last", "long", "short", "dotted"), CASES)
def test_a_span(first: tuple[int, int, int], last: tuple[int, int, int], long: str, short: str, dotted: str) -> None:
    days = date(*first), date(*last)
    assert (day_span(*days), short_day_span(*days), dotted_day_span(*days)) == (long, short, dotted)


def test_a_span_in_english() -> None:
    i18n.set_language("en")
    assert day_span(date(2018, 11, 28), date(2018, 11, 30)) == "2018-11-28 to 2018-11-30"
    assert short_day_span(date(2026, 5, 1), date(2026, 5, 1)) == "05-01"
