"""Who may ask whom for a meeting, until when a request waits, and what stands of it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from expo_app.i18n import N_, Labelled
from expo_app.model import AskerKind, MeetingState, Outcome

MATRIX: Mapping[AskerKind, frozenset[AskerKind]] = MappingProxyType(
    {
        AskerKind.EXHIBITOR: frozenset({AskerKind.EXHIBITOR, AskerKind.SERVICE, AskerKind.VISITOR}),
        AskerKind.SERVICE: frozenset({AskerKind.EXHIBITOR, AskerKind.SERVICE, AskerKind.VISITOR}),
        AskerKind.VISITOR: frozenset({AskerKind.EXHIBITOR, AskerKind.SERVICE}),
        AskerKind.SPEAKER: frozenset(),
    }
)
"""As a new expo begins: visitors ask who offers something, speakers ask nobody and are asked by nobody."""
EVENING = time(18)
"""When requests expire on the evening before an expo's last day."""


def matrix_of(kept: Mapping[str, Iterable[str]] | None) -> Mapping[AskerKind, frozenset[AskerKind]]:
    """The matrix as it is kept, by names; None: as a new expo begins."""
    if kept is None:
        return MATRIX
    return {kind: frozenset(AskerKind[name] for name in kept.get(kind.name, ())) for kind in AskerKind}


def may_ask(
    matrix: Mapping[AskerKind, frozenset[AskerKind]], asking: Collection[AskerKind], asked: Collection[AskerKind]
) -> bool:
    """Whether one that is of these kinds may ask one of those; who is of several kinds may what any of them may."""
    return any(kind in matrix[mine] for mine in asking for kind in asked)


def usual_expiry(starts_on: date, ends_on: date, zone: ZoneInfo) -> datetime:
    """When requests expire if nothing else is set: the evening before the last day, of a one-day expo before it."""
    day = max(ends_on - timedelta(days=1), starts_on - timedelta(days=1))
    return datetime.combine(day, EVENING, zone)


def is_expired(state: MeetingState, answer_by: datetime | None, now: datetime) -> bool:
    """Whether a request waited too long for its answer."""
    return state is MeetingState.REQUESTED and answer_by is not None and answer_by <= now


class Standing(Labelled):
    """How a meeting stands now: its state, its seat, its outcome and the clock in one word."""

    WAITING = N_("待答复")
    EXPIRED = N_("逾期未答")
    UNPLACED = N_("未排")
    PLACED = N_("已排")
    RUNNING = N_("进行中")
    OVER = N_("待记结果")
    HELD = N_("已洽谈")
    NO_SHOW_A = N_("甲方爽约")
    NO_SHOW_B = N_("乙方爽约")
    REPLACED = N_("候补顶替")
    MOVED = N_("改期")
    DECLINED = N_("已婉拒")
    CANCELLED = N_("已取消")


_ENDED = {MeetingState.DECLINED: Standing.DECLINED, MeetingState.CANCELLED: Standing.CANCELLED}


def standing(
    state: MeetingState,
    outcome: Outcome | None,
    answer_by: datetime | None,
    starts_at: datetime | None,
    minutes: int | None,
    now: datetime,
) -> Standing:
    """How a meeting stands at `now`; a seat that one side alone has asked for is none yet."""
    if state in _ENDED:
        return _ENDED[state]
    if state is MeetingState.REQUESTED:
        return Standing.EXPIRED if is_expired(state, answer_by, now) else Standing.WAITING
    if outcome is not None:
        return Standing[outcome.name]
    if starts_at is None:
        return Standing.UNPLACED
    if now < starts_at:
        return Standing.PLACED
    return Standing.RUNNING if now < starts_at + timedelta(minutes=minutes or 0) else Standing.OVER
