"""How many are inside, in words."""

from __future__ import annotations

from expo_app.i18n import _
from expo_app.services.checkin_gates import Crowd


def said_count(crowd: Crowd) -> str:
    """258 / 280, 1,986, or 已进 88 where those who leave are not scanned."""
    number = f"{crowd.inside:,}" if crowd.sees_out else _("已进 {n}").format(n=f"{crowd.inside:,}")
    return f"{number} / {crowd.approved:,}" if crowd.approved else number


def said_share(crowd: Crowd) -> str:
    """92%, 已满, or nothing without an approved number."""
    if not crowd.approved:
        return ""
    return _("已满") if crowd.level == "bad" else f"{crowd.share:.0%}"
