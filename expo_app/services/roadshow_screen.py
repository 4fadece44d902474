"""What the audience of a roadshow sees: now, next and the time left. Never a score, a comment or an interest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

from expo_app.i18n import _
from expo_app.specs.roadshow_hall import PitchLine, Show

SOON = timedelta(minutes=2)
"""From here on the time left is amber; below nothing it is red."""
FEW = 4
"""Pitches to come that are named."""


class Stands(Enum):
    """What is going on."""

    NOTHING = auto()
    BETWEEN = auto()
    RUNNING = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Board:
    """Words ready to be painted. `tone`: "" plain, warn, bad; `clock` is empty where nobody said how long."""

    stands: Stands
    head: str = ""
    marks: str = ""
    place: str = ""
    number: str = ""
    title: str = ""
    who: str = ""
    clock: str = ""
    label: str = ""
    tone: str = ""
    next_title: str = ""
    next_who: str = ""
    then: tuple[str, ...] = ()


def board(show: Show | None, expo_name: str, now: datetime, zone: ZoneInfo, *, is_sample: bool = False) -> Board:
    """The picture at a moment; without a roadshow nothing but the name of the expo."""
    marks = _("示例") if is_sample else ""
    if show is None or not show.pitches:
        return Board(
            Stands.NOTHING, expo_name, marks, show.info.room if show else "", title=show.info.title if show else ""
        )
    current, following = show.current, show.next
    local = f"{now.astimezone(zone):%H:%M}"
    place = "　".join(filter(None, (show.info.room, local)))
    head = " · ".join((expo_name, show.info.title))
    if current is None and following is None:
        return Board(Stands.OVER, head, marks, place)
    stands = Stands.RUNNING if current is not None else Stands.BETWEEN
    told = current or following
    assert told is not None  # noqa: S101  (one of the two is there)
    clock, tone = clock_of(current, now) if current is not None else ("", "")
    after = following if current is not None else _behind(show, following)
    coming = [pitch.title for pitch in show.held if pitch.started_at is None and pitch not in (told, after)]
    return Board(
        stands, head, marks, place,
        number=_("第 {n} 项，共 {all} 项").format(n=show.held.index(told) + 1, all=len(show.held)),
        title=told.title, who=_who(told), clock=clock, tone=tone,
        label=(_("超时") if tone == "bad" else _("剩余时间")) if clock else "",
        next_title=after.title if after else "", next_who=_who(after) if after else "", then=tuple(coming[:FEW]),
    )  # fmt: skip


def clock_of(pitch: PitchLine, now: datetime) -> tuple[str, str]:
    """(06:32, tone) of a pitch that runs: the time left, or with + what it is over; "" where nobody said how long."""
    left = pitch.left(now)
    if left is None:
        return "", ""
    seconds = int(abs(left).total_seconds()) if left < timedelta() else -int(-left.total_seconds() // 1)
    words = f"{seconds // 60:02d}:{seconds % 60:02d}"
    if left < timedelta():
        return f"+{words}", "bad"
    return words, "warn" if left <= SOON else ""


def _behind(show: Show, pitch: PitchLine | None) -> PitchLine | None:
    """What comes after the one that is announced."""
    waiting = [one for one in show.held if one.started_at is None and one is not pitch]
    at = show.held.index(pitch) if pitch is not None else -1
    return next((one for one in waiting if show.held.index(one) > at), next(iter(waiting), None))


def _who(pitch: PitchLine) -> str:
    return " · ".join(filter(None, (pitch.presenter, pitch.owner)))
