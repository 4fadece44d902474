"""A session as the console, the projector and the command line see it. Amounts are yuan, moments aware in the expo's
zone; nothing here ever holds the amount of a reserve.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from expo_app.model import Channel, EventKind, LotState, ReserveKind
from expo_app.rules.auction_judge import Answer, Order
from expo_app.rules.auction_ladder import Ladder


@dataclass(frozen=True, slots=True)
class HallAuction:
    """The session; `called` is 拍卖会 or 竞价会, `is_over`: nothing can be opened any more."""

    id: uuid.UUID
    expo_id: uuid.UUID
    title: str
    called: str
    is_auction: bool
    starts_at: datetime | None
    place: str
    auctioneer: str
    recorder: str
    calls: int
    rules_read_at: datetime | None
    closed_at: datetime | None
    is_reported: bool
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class HallBidder:
    """A paddle. `name` is for the clerk alone: whoever is confidential is shown to the room by the number."""

    id: uuid.UUID
    paddle: int
    name: str
    channel: Channel
    is_confidential: bool
    is_staff: bool
    is_identity_checked: bool


@dataclass(frozen=True, slots=True)
class HallEvent:
    """One line of the record; `is_wrong`: a later correction names it."""

    seq: int
    kind: EventKind
    at: datetime
    amount: Decimal | None
    paddle: int | None
    channel: Channel | None
    corrects: int | None
    is_wrong: bool
    operator: str
    console: str
    note: str


@dataclass(frozen=True, slots=True)
class HallLot:
    """A lot. `leader` is a paddle; `problem` says why it cannot be opened, whatever else is open, "" where it can;
    `owner` is "" to nobody here: whether the room may see it says `is_owner_confidential`.
    """

    id: uuid.UUID
    lot_no: str
    title: str
    owner: str
    is_owner_confidential: bool
    state: LotState
    is_paused: bool
    seq: int
    start_price: Decimal | None
    reserve_kind: ReserveKind
    deposit: Decimal | None
    price: Decimal | None
    leader: int | None
    calls_made: int
    ladder: Ladder
    next_amount: Decimal | None
    patents: int
    opened_at: datetime | None
    hammered_at: datetime | None
    due_on: date | None
    deal_id: uuid.UUID | None
    deal_no: str
    problem: str


@dataclass(frozen=True, slots=True)
class Hall:
    """A session at one moment. `live` is the lot that is open; `events` are its own, the newest ones first
    (`auction_hall.read_events` has all of any lot).

    `steps`: the next amounts, the least one first. `orders` of the live lot as they came in, for the clerk;
    `next_order` the one to be offered now. `priority`: paddles that may bid equal on the live lot. `active`: paddles
    that bid in this session, the latest first; `bids`: how many there were on the live lot since it was opened.
    """

    auction: HallAuction
    lots: tuple[HallLot, ...]
    bidders: tuple[HallBidder, ...]
    live: HallLot | None = None
    events: tuple[HallEvent, ...] = ()
    next_amount: Decimal | None = None
    steps: tuple[Decimal, ...] = ()
    orders: tuple[Order, ...] = ()
    next_order: Order | None = None
    priority: frozenset[int] = frozenset()
    active: tuple[int, ...] = ()
    bids: int = 0

    def lot(self, lot_id: uuid.UUID) -> HallLot | None:
        """One of its lots."""
        return next((lot for lot in self.lots if lot.id == lot_id), None)

    def bidder(self, paddle: int) -> HallBidder | None:
        """Who holds a paddle."""
        return next((bidder for bidder in self.bidders if bidder.paddle == paddle), None)


@dataclass(frozen=True, slots=True)
class LotNow:
    """Where a lot stands right after an act."""

    id: uuid.UUID
    lot_no: str
    state: LotState
    is_paused: bool
    seq: int
    price: Decimal | None
    leader: int | None
    calls_made: int
    deal_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act was answered, after its commit: the lot as it stands now, the amount the answer is about and, where
    nothing was done, the sentence that says why.
    """

    answer: Answer
    lot: LotNow
    amount: Decimal | None = None
    reason: str = ""

    @property
    def is_done(self) -> bool:
        """Whether something was written."""
        return self.answer in DONE


DONE = frozenset({Answer.ACCEPTED, Answer.OPENED, Answer.CALLED, Answer.SOLD, Answer.PASSED, Answer.DONE})
