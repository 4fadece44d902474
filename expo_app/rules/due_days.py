"""How a term stands on a day: over, today, within a week, later."""

from datetime import date, timedelta

from expo_app.i18n import _

SOON = 7
"""Days ahead that the due list looks."""


def days_left(due: date | None, today: date) -> int | None:
    """Days until a term, negative once it is over; None without one."""
    return None if due is None else (due - today).days


def is_overdue(due: date | None, today: date) -> bool:
    """Whether a term is over."""
    return due is not None and due < today


def is_soon(due: date | None, today: date) -> bool:
    """Whether a term ends today or within `SOON` days."""
    return due is not None and today <= due <= last_soon(today)


def last_soon(today: date) -> date:
    """The last day of those that count as soon."""
    return today + timedelta(SOON)


def said(due: date | None, today: date) -> str:
    """How a term stands, in words; "" where it is no matter of this week."""
    return words(days_left(due, today))


def words(left: int | None) -> str:
    """逾期 3 天, 今天到期, 还有 5 天; "" where it is no matter of this week."""
    if left is None or left > SOON:
        return ""
    if left < 0:
        return _("逾期 {n} 天").format(n=f"{-left:,}")
    return _("还有 {n} 天").format(n=left) if left else _("今天到期")
