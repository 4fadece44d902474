"""When reports that are made by themselves once a day are due."""

import uuid
from datetime import date, datetime, time, timedelta

from expo_app.i18n import _

SINCE = "since"
"""The mark that says from which moment on something is due."""


def mark(expo_id: uuid.UUID, what: str) -> str:
    """Under which name the settings keep what was made last of an expo: `what` is a report, or `SINCE`."""
    return f"{expo_id} {what}"


def last_due(now: datetime, at: time) -> datetime:
    """The latest moment of that hour which is not after `now` (aware, in the zone meant)."""
    day = now.date() if now.time() >= at else now.date() - timedelta(days=1)
    return datetime.combine(day, at, now.tzinfo)


def due_day(now: datetime, at: time, since: datetime, done: date | None) -> date | None:
    """The day whose reports are to be made now: of the latest hour alone, however many were missed.

    `since`: what was due before is of no concern; `done`: the last day that was made, which a clock once ahead may have
    put after today: then it says nothing. None: nothing is due.
    """
    last = last_due(now, at)
    if last < since or (done is not None and last.date() <= done <= now.date()):
        return None
    return last.date()


def read_hour(text: str) -> time:
    """18:00; ValueError with a sentence for anything else."""
    try:
        found = time.fromisoformat(text.strip().replace("：", ":").zfill(5))
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or found.second:
        raise ValueError(_("“{text}”不是钟点，写成如 18:00。").format(text=text.strip()))
    return found
