"""What the cashier sees after the hammer: a paddle's account, the queue, deposits to return. Amounts in yuan."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from expo_app.damaged import DamagedValue
from expo_app.i18n import N_
from expo_app.model import Channel, LotState, MoneyKind, MoneyWay
from expo_app.rules.auction_money import NOTHING, Claim, Term


class Standing(Enum):
    """How far a buyer is."""

    NOT_COME = N_("未到台")
    AWAITED = N_("待到账")
    OVERDUE = N_("逾期")
    DEFAULTED = N_("违约")
    SETTLED = N_("已结清")


class Refund(Enum):
    """What is to be done with a deposit."""

    WAITS = N_("待退")
    NO_ACCOUNT = N_("缺账号")
    HELD = N_("待结清")
    DONE = N_("已退")


@dataclass(frozen=True, slots=True)
class Purchase:
    """A lot somebody bought. `deposit`, `paid`: how much of `need` their deposit and their payments cover.

    `claim`: what is owed instead once it was not paid (art. 39), `forfeited`: the deposit kept, which goes off it.
    `resale`: the number of the lot it is sold again as, `resale_price` what that brought.
    """

    lot_id: uuid.UUID
    lot_no: str
    title: str
    state: LotState
    hammer: Decimal
    commission: Decimal
    tier: int
    is_capped: bool
    need: Decimal
    deposit: Decimal
    paid: Decimal
    due_on: date | None
    confirmed_on: date | None
    confirmation_prints: int
    record_prints: int
    deal_id: uuid.UUID | None
    resale_consent_on: date | None = None
    claim: Claim | None = None
    forfeited: Decimal = NOTHING
    resale: str = ""
    resale_price: Decimal | None = None

    @property
    def owed(self) -> Decimal:
        """What is still to be paid for it."""
        return self.need - self.deposit - self.paid

    def is_overdue(self, today: date) -> bool:
        """Whether it stands as sold, is not paid in full, and its last day is over."""
        late = self.due_on is not None and self.due_on < today
        return self.state is LotState.SOLD and late and self.owed > 0


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """Money that came in or went back; `is_void`: it was set off, or sets off another."""

    id: uuid.UUID
    kind: MoneyKind
    way: MoneyWay
    amount: Decimal
    on_date: date
    at: datetime
    operator: str
    reference: str
    note: str
    lot_no: str
    is_void: bool
    is_counter: bool


@dataclass(frozen=True, slots=True)
class Account:
    """One paddle. `held`: its deposit that is here; `paid`: its payments that are; `refunded`, `returned`: what went
    back of the one and of the others. `surplus`: what is to go back to it, nothing while it owes.

    `phone` and `bank` are masked.
    """

    bidder_id: uuid.UUID
    paddle: int
    name: str
    place: str
    agent: str
    phone: str
    channel: Channel
    is_identity_checked: bool
    is_confidential: bool
    bank: str
    purchases: tuple[Purchase, ...]
    money: tuple[MoneyLine, ...]
    held: Decimal
    paid: Decimal
    refunded: Decimal
    returned: Decimal
    refunded_on: date | None
    surplus: Decimal
    standing: Standing
    refund: Refund | None
    due_on: date | None
    """Of what is not paid, the earliest."""

    @property
    def hammer(self) -> Decimal:
        """Hammer prices of what stands as sold."""
        return sum((one.hammer for one in self.sold), NOTHING)

    @property
    def commission(self) -> Decimal:
        return sum((one.commission for one in self.sold), NOTHING)

    @property
    def deposit(self) -> Decimal:
        """How much of the deposit turned into price."""
        return sum((one.deposit for one in self.purchases), NOTHING)

    @property
    def total(self) -> Decimal:
        """What was to be brought beside the deposit."""
        return sum((one.need - one.deposit for one in self.purchases), NOTHING)

    @property
    def owed(self) -> Decimal:
        return sum((one.owed for one in self.purchases), NOTHING)

    @property
    def sold(self) -> tuple[Purchase, ...]:
        return tuple(one for one in self.purchases if one.state is LotState.SOLD)


Unreadable = tuple[uuid.UUID, int, str, DamagedValue]
"""A paddle whose account cannot be told: its key, number and name, and what is damaged."""


@dataclass(frozen=True, slots=True)
class CashDesk:
    """A session's money at one moment. `accounts` of every paddle by its number, `queue` those that bought, in the
    order of their first hammer. `is_over`: nothing is left to be called but what is sold again, or it was closed
    (`is_closed`); `refund_term`: by when deposits go back then. `passed`: lots that may be sold by agreement, (key,
    number, title). `unreadable`: paddles of which something is damaged, in no account and no sum.
    """

    auction_id: uuid.UUID
    expo_id: uuid.UUID
    title: str
    called: str
    is_auction: bool
    is_over: bool
    is_closed: bool
    today: date
    payment_days: int
    refund_days: int
    refund_term: Term | None
    sold: int
    unsold: int
    accounts: tuple[Account, ...]
    queue: tuple[Account, ...]
    passed: tuple[tuple[uuid.UUID, str, str], ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    asked: Decimal | None = None
    """The deposit that its lots ask for, where it is the same of all that ask for one."""

    def account(self, paddle: int) -> Account | None:
        """The account of a paddle; None: nobody holds it."""
        return next((one for one in self.accounts if one.paddle == paddle), None)

    def damage_of(self, paddle: int) -> str:
        """Why the account of a paddle cannot be told, one sentence; "" where it can."""
        return next((str(damage) for _id, number, _name, damage in self.unreadable if number == paddle), "")

    @property
    def deposits(self) -> tuple[Account, ...]:
        """Whose deposit is to go back, or went."""
        return tuple(one for one in self.accounts if one.refund is not None)

    @property
    def to_return(self) -> Decimal:
        """What is to go back now, in all."""
        return sum((one.surplus for one in self.accounts), NOTHING)
