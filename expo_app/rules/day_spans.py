"""First and last day as one text: a single day is named once, the year said wherever it changes."""

from datetime import date

from expo_app.i18n import _


def day_span(first: date, last: date) -> str:
    """2026-05-20 至 2026-05-22; 2026-05-01."""
    return _joined(f"{first}", f"{last}")


def short_day_span(first: date, last: date) -> str:
    """11-28 至 11-30; 05-01; with years where they differ."""
    return _joined(*short_days(first, last))


def short_days(first: date, last: date) -> tuple[str, str]:
    """Both days without the year, unless it changes."""
    form = "%m-%d" if first.year == last.year else "%Y-%m-%d"
    return f"{first:{form}}", f"{last:{form}}"


def dotted_day_span(first: date, last: date) -> str:
    """As narrow as a card needs: 2026.05.20–22, 2026.04.30–05.02, 2024.12.30–2025.01.02, 2026.05.01."""
    if first == last:
        return f"{first:%Y.%m.%d}"
    is_one_year = first.year == last.year
    form = "%Y.%m.%d" if not is_one_year else "%d" if first.month == last.month else "%m.%d"
    return f"{first:%Y.%m.%d}–{last:{form}}"


def _joined(first: str, last: str) -> str:
    return first if first == last else _("{first} 至 {last}").format(first=first, last=last)
