"""What the audience sees of a session: words ready to be painted, made of a `Hall` alone.

Never a reserve, a bidder's name, an owner who asked to be kept secret (拍卖法 art. 21, 28), or an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum, auto
from itertools import takewhile

from expo_app.i18n import _
from expo_app.model import Channel, EventKind, LotState, ReserveKind
from expo_app.rules.amounts import format_wan
from expo_app.rules.auction_judge import Entry, standing
from expo_app.rules.auction_words import paddle_no
from expo_app.specs.auction_hall import Hall, HallEvent, HallLot

STAYS = timedelta(seconds=12)
"""How long the result of a lot stands before the next one is announced."""
LAST = 4


class Showing(Enum):
    """What is going on."""

    NOTHING = auto()
    NEXT = auto()
    BIDDING = auto()
    PAUSED = auto()
    SOLD = auto()
    PASSED = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Screen:
    """`facts` of the lot in one line; `price` without its unit, "" where there is none; `last` the bids before the
    leading one, newest first, as (paddle, amount); `called` of `calls` times.
    """

    showing: Showing
    head: str
    marks: str = ""
    place: str = ""
    title: str = ""
    facts: tuple[str, ...] = ()
    badge: str = ""
    label: str = ""
    price: str = ""
    paddle: str = ""
    last: tuple[tuple[str, str], ...] = ()
    least: str = ""
    calls: int = 0
    called: int = 0


def wan(amount: Decimal | None) -> str:
    """168.0: 万元 as the hall says it, exact, one decimal at least."""
    return format_wan(amount, 1)


def ordinal(n: int) -> str:
    """第一次: the words of a call."""
    return {1: _("第一次"), 2: _("第二次"), 3: _("第三次")}.get(n) or _("第 {n} 次").format(n=n)


def bids_of(hall: Hall) -> list[tuple[int, Decimal, Channel | None]]:
    """The bids of the live lot that count, as (paddle, amount, channel), newest first."""
    entries = [
        Entry(event.seq, event.kind, event.amount, event.paddle, event.channel, event.corrects)
        for event in reversed(hall.events)
    ]
    return [(paddle, amount, channel) for _seq, amount, paddle, channel in reversed(standing(entries).bids)]


def bids_since_opened(events: Sequence[HallEvent]) -> int:
    """How many bids there are among the events of a lot, newest first, since it was opened last."""
    of_this_time = takewhile(lambda event: event.kind is not EventKind.OPEN, events)
    return sum(event.kind is EventKind.BID for event in of_this_time)


def upcoming(hall: Hall) -> HallLot | None:
    """The lot that is called next: the first that waits behind the last one that was called, else the first."""
    waiting = [lot for lot in hall.lots if lot.state is LotState.READY]
    last = max((n for n, lot in enumerate(hall.lots) if lot.seq and lot.opened_at), default=-1)
    behind = [lot for lot in hall.lots[last + 1 :] if lot.state is LotState.READY]
    return next(iter((*behind, *waiting)), None)


def latest(hall: Hall) -> HallLot | None:
    """The lot whose hammer fell last."""
    over = [lot for lot in hall.lots if lot.hammered_at is not None and lot.state is not LotState.OPEN]
    return max(over, key=lambda lot: lot.hammered_at, default=None)  # type: ignore[arg-type, return-value]


def screen(hall: Hall | None, expo: str, now: datetime, is_sample: bool = False) -> Screen:
    """What is shown at the moment `now` (aware); `expo`: its name in the current language."""
    marks = _("示例") if is_sample else ""
    if hall is None:
        return Screen(Showing.NOTHING, expo, marks)
    base = Screen(Showing.NOTHING, " · ".join(filter(None, (expo, hall.auction.title))), marks)
    if hall.live is not None:
        return _live(hall, hall.live, base)
    last, coming = latest(hall), upcoming(hall)
    if last is not None and last.hammered_at is not None and now - last.hammered_at < STAYS:
        return _ended(hall, last, base)
    if coming is None:
        return base if last is None else replace(base, showing=Showing.OVER)
    price = "" if coming.start_price is None else wan(coming.start_price)
    return replace(_about(hall, coming, base), showing=Showing.NEXT, label=_("起拍价"), price=price)


def _about(hall: Hall, lot: HallLot, base: Screen) -> Screen:
    called = [one for one in hall.lots if one.state is not LotState.WITHDRAWN]
    place = _("第 {i} 件 / 共 {n} 件").format(i=called.index(lot) + 1, n=len(called))
    facts = [_("委托人 {name}").format(name=_("保密") if lot.is_owner_confidential else lot.owner)]
    if lot.patents:
        facts.append(_("专利 {n} 件").format(n=lot.patents))
    return replace(base, place=place, title=lot.title, facts=tuple(facts))


def _live(hall: Hall, lot: HallLot, base: Screen) -> Screen:
    about, bids = _about(hall, lot, base), bids_of(hall)
    is_open = lot.price is None
    start = () if is_open else (_("起拍价 {amount}").format(amount=_("{n} 万元").format(n=wan(lot.start_price))),)
    return replace(
        about,
        showing=Showing.PAUSED if lot.is_paused else Showing.BIDDING,
        facts=(*about.facts, *start),
        badge=_("无底价") if is_open and lot.reserve_kind is ReserveKind.NONE else "",
        label=_("起拍价") if is_open else _("当前价"),
        price=wan(lot.start_price if is_open else lot.price),
        paddle="" if lot.leader is None else paddle_no(lot.leader),
        last=tuple((paddle_no(paddle), wan(amount)) for paddle, amount, _channel in bids[1 : LAST + 1]),
        least="" if hall.next_amount is None else wan(hall.next_amount),
        calls=hall.auction.calls,
        called=lot.calls_made,
    )


def _ended(hall: Hall, lot: HallLot, base: Screen) -> Screen:
    about = _about(hall, lot, base)
    if lot.state is not LotState.SOLD:
        return replace(about, showing=Showing.PASSED)
    paddle = "" if lot.leader is None else paddle_no(lot.leader)
    return replace(about, showing=Showing.SOLD, label=_("成交价"), price=wan(lot.price), paddle=paddle)
