"""自动排程: a timetable computed from the one there is, what it would change, and how that is said."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from expo_app.i18n import _
from expo_app.rules.meeting_board import TRAY, Board, Seat
from expo_app.rules.timetable import Left, Result
from expo_app.services import timetable, timetable_solver

SECONDS = 10.0
"""How long a solver looks for something better where nobody says how long."""


@dataclass(frozen=True)
class Plan:
    """A computed timetable: the board it was made of, the result, and what took how many seconds."""

    board: Board
    result: Result
    seconds: float

    @cached_property
    def seats(self) -> Mapping[uuid.UUID, Seat]:
        """Where the meetings it places or moves would be; what it could not keep, in the tray."""
        return timetable.seats_in(self.board, self.result)

    @property
    def seen(self) -> Mapping[uuid.UUID, Seat]:
        """Where they were when it was computed."""
        return {key: self.board.by_id[key].seat for key in self.seats}

    @property
    def added(self) -> tuple[uuid.UUID, ...]:
        """From the tray, and nobody was told another seat."""
        known = self.known
        return tuple(key for key in self.seats if known[key] == TRAY)

    @property
    def known(self) -> Mapping[uuid.UUID, Seat]:
        """Where people were told, else where they were when it was computed."""
        return {key: self.board.by_id[key].published or seat for key, seat in self.seen.items()}

    @property
    def moved(self) -> tuple[uuid.UUID, ...]:
        """From a known seat to another place or time, or back into the tray."""
        known = self.known
        return tuple(
            key
            for key, seat in self.seats.items()
            if known[key] != TRAY and (known[key].place_id, known[key].starts_at) != (seat.place_id, seat.starts_at)
        )

    @property
    def left(self) -> tuple[tuple[uuid.UUID, Left], ...]:
        """What could not be placed, and why."""
        return tuple((key, why) for key, why in self.result.left.items() if isinstance(key, uuid.UUID))

    @property
    def locked(self) -> int:
        return sum(one.is_locked for one in self.board.placed)

    @property
    def words(self) -> str:
        """已排 486 / 500，未排 14：…；移动 3 场，锁定 41 场未动。用时 4.2 秒，求解器已证明排不下更多场、移动也最少."""
        placed, wanted = len(self.result.placed), len(self.result.placed) + len(self.result.left)
        head = _("已排 {placed} / {wanted}").format(placed=f"{placed:,}", wanted=f"{wanted:,}")
        if self.left:
            reasons = Counter(why for _key, why in self.left).most_common()
            said = _("，").join(f"{why.label} {count:,}" for why, count in reasons)
            head += _("，未排 {n}：{reasons}").format(n=f"{len(self.left):,}", reasons=said)
        parts = [head, _("移动 {n} 场").format(n=f"{len(self.moved):,}")]
        if self.locked:
            parts.append(_("锁定 {n} 场未动").format(n=f"{self.locked:,}"))
        return _("；").join(parts)

    @property
    def how(self) -> str:
        """Which way it was computed, and whether it is proved that no more is placed and less moved; idle slots are
        made few, never proved fewest.
        """
        if self.result.is_proved:
            words = _("求解器已证明排不下更多场、移动也最少，用时 {seconds} 秒")
        elif self.result.by_solver:
            words = _("求解器找到的最好的排法，还没有证明排不下更多场，用时 {seconds} 秒")
        elif timetable_solver.has_solver():
            words = _("快速排法，求解器没有找到更好的，用时 {seconds} 秒")
        else:
            words = _("快速排法（这台电脑没有装求解器），用时 {seconds} 秒")
        return words.format(seconds=f"{self.seconds:.1f}")


def compute(
    board: Board,
    *,
    ids: frozenset[uuid.UUID] | None = None,
    seconds: float = SECONDS,
    cancelled: Callable[[], bool] = lambda: False,
    better: Callable[[Plan], None] = lambda _plan: None,
) -> Plan:
    """A timetable for all that is agreed on; cancelled, the best one so far. Nothing is written.

    `ids`: only these may be placed or moved.
    """
    begins = time.monotonic()

    def since(result: Result) -> Plan:
        return Plan(board, result, time.monotonic() - begins)

    problem = timetable.problem(board, ids)
    return since(
        timetable_solver.solve(
            problem, seconds=seconds, cancelled=cancelled, better=lambda result: better(since(result))
        )
    )
