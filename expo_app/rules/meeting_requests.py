"""Who may ask whom for a meeting, until when a request waits, and what stands of it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from expo_app.model import AskerKind, MeetingState

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
