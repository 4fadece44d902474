"""What the papers of a lot are printed from: 成交确认书 and 拍卖笔录. Amounts in yuan, moments in the expo's zone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from expo_app.model import EventKind, LotState
from expo_app.specs.auction_cashier import Purchase
from expo_app.specs.report_data import Head

PRICED = (EventKind.OPEN, EventKind.BID, EventKind.CORRECTION, EventKind.CALL)
"""What begins a price, or calls it."""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """Who held the session, when and where. `increments`: in words; `calls`: how often a price is called."""

    title: str
    called: str
    is_auction: bool
    house: str
    house_address: str
    licence_no: str
    auctioneer: str
    auctioneer_no: str
    recorder: str
    starts_at: datetime | None
    place: str
    notice_on: date | None
    viewing: str
    rules_read_at: datetime | None
    payment_days: int
    calls: int


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One line of the 拍卖笔录; `no` counts the lines of the paper, `corrects` names one of them.

    `is_wrong`: a later line corrects it. `note`: who confirmed a correction, why there was a pause; never a reserve.
    `call`: of a price called, which time it was.
    """

    no: int
    at: datetime | None
    kind: EventKind
    paddle: int | None
    amount: Decimal | None
    channel: str
    corrects: int | None
    is_wrong: bool
    note: str
    call: int = 0


@dataclass(frozen=True, slots=True)
class PatentLine:
    """What a contract on a patent names (民法典 art. 845). `ends_on`: the last day of its term, None where unknown."""

    kind: str
    title: str
    application_no: str
    patent_no: str
    applicant: str
    holder: str
    filed_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class LotPaper:
    """A lot and what became of it. `reserve`: 已设 or 无底价, never how much. `buyer` where it was sold; `copies`:
    how often (确认书, 笔录) were made before.
    """

    id: uuid.UUID
    lot_no: str
    title: str
    owner: str
    is_owner_confidential: bool
    patents: tuple[PatentLine, ...]
    start_price: Decimal | None
    increments: str
    reserve: str
    deposit: Decimal | None
    state: LotState
    hammered_at: datetime | None
    price: Decimal | None
    paddle: int | None
    buyer: str
    buyer_address: str
    agent: str
    is_buyer_confidential: bool
    purchase: Purchase | None
    deal_no: str
    resale_of: str
    copies: tuple[int, int]
    lines: tuple[RecordLine, ...]
    is_sample: bool

    @property
    def calls(self) -> int:
        """How often the price was called that the hammer fell on."""
        last = next((line for line in reversed(self.lines) if line.kind in PRICED), None)
        return last.call if last is not None else 0

    @property
    def is_sold(self) -> bool:
        """Whether the hammer sold it, whatever came after."""
        return self.state in (LotState.SOLD, LotState.DEFAULTED)

    def discreet(self, word: str) -> LotPaper:
        """The same for others' eyes: who asked to be kept secret (art. 21) is `word`, notes stay out."""
        found = self
        if self.is_owner_confidential:
            patents = tuple(replace(patent, applicant="", holder="") for patent in self.patents)
            found = replace(found, owner=word, patents=patents)
        if self.is_buyer_confidential and self.buyer:
            found = replace(found, buyer=word, buyer_address="", agent="")
        if found is not self:  # a note may name whoever agreed to a reserve, or gave a reason
            found = replace(found, lines=tuple(replace(line, note="") for line in found.lines))
        return found


@dataclass(frozen=True)
class PapersData:
    """Papers of lots of one session, in the order of the lots."""

    head: Head
    session: SessionFacts
    lots: tuple[LotPaper, ...]
