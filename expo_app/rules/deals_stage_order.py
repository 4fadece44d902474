"""The order on a stage: batches of deals, "" those in none, which come last; pure moves between and within them."""

from collections.abc import Callable, Sequence
from uuid import UUID

Order = list[tuple[str, list[UUID]]]
"""(batch, its deals in their order)."""


def moved(order: Order, key: UUID, way: int) -> Order:
    """One place up (-1) or down (1); over the border of its batch at the end or the beginning of the next one."""
    groups = [(batch, list(members)) for batch, members in order]
    at = _at(groups, key)
    if at is None:
        return order
    members = groups[at][1]
    place = members.index(key)
    if 0 <= place + way < len(members):
        members[place], members[place + way] = members[place + way], members[place]
        return groups
    if not 0 <= at + way < len(groups):
        if way > 0 or groups[at][0]:
            return order
        groups.insert(0, ("+", []))  # the first one that gets a batch
        at += 1
    members.remove(key)
    target = groups[at + way][1]
    target.insert(len(target) if way < 0 else 0, key)
    return _whole(groups)


def split(order: Order, key: UUID) -> Order:
    """`key` and what follows it in its batch become a batch behind it; of what has no batch `key` alone does."""
    groups = [(batch, list(members)) for batch, members in order]
    at = _at(groups, key)
    if at is None:
        return order
    batch, members = groups[at]
    place = members.index(key)
    if not batch:
        members.remove(key)
        groups.insert(at, ("+", [key]))
    elif place:
        groups[at] = (batch, members[:place])
        groups.insert(at + 1, ("+", members[place:]))
    return _whole(groups)


def without(order: Order, key: UUID) -> Order:
    """`key` in no batch."""
    groups = [(batch, [one for one in members if one != key]) for batch, members in order if batch]
    rest = next((members for batch, members in order if not batch), [])
    return _whole([*groups, ("", [*(one for one in rest if one != key), key])])


def put(order: Order, key: UUID, after: UUID | None) -> Order:
    """`key` behind `after`, in its batch; None: the very first."""
    groups = [(batch, [one for one in members if one != key]) for batch, members in order]
    if after is None:
        groups = groups or [("+", [])]
        groups[0][1].insert(0, key)
        return _whole(groups)
    at = _at(groups, after)
    if at is None:
        return order
    groups[at][1].insert(groups[at][1].index(after) + 1, key)
    return _whole(groups)


def added(order: Order, key: UUID) -> Order:
    """`key` at the end of the last batch, which is made if there is none."""
    groups = [(batch, [one for one in members if one != key]) for batch, members in order]
    last = next((n for n in reversed(range(len(groups))) if groups[n][0]), None)
    if last is None:
        groups.insert(0, ("+", [key]))
    else:
        groups[last][1].append(key)
    return _whole(groups)


def named(order: Sequence[tuple[str, list[UUID]]], words: Callable[[int], str]) -> Order:
    """The batches called by their places from 1; what has no batch keeps having none."""
    numbers = iter(range(1, len(order) + 1))
    return [(words(next(numbers)) if batch else "", members) for batch, members in order]


def _at(groups: Order, key: UUID) -> int | None:
    return next((n for n, (_batch, members) in enumerate(groups) if key in members), None)


def _whole(groups: Order) -> Order:
    """Without batches that became empty; what has none last."""
    kept = [(batch, members) for batch, members in groups if members]
    return [group for group in kept if group[0]] + [group for group in kept if not group[0]]
