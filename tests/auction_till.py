"""A session that was held, for tests of what comes after the hammer: lots sold and passed by the console's own acts."""

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from expo_app.model import Auction, CommissionBand, CommissionSide, Expo, Lot, LotState, MoneyWay, Role
from expo_app.rules.auction_judge import Answer
from expo_app.services import auction_cashier, auction_hall
from expo_app.services.auction_accounts import read_desk
from expo_app.services.auction_cashier import Paid
from expo_app.specs.auction_cashier import Account, CashDesk
from expo_app.store.database import Actor, Database
from tests.auction_room import make_auction, make_bidder, make_lot
from tests.factories import make_expo, make_organisation

WAN = Decimal(10_000)
BEGIN = datetime(2018, 11, 29, 6, tzinfo=UTC)
"""14:00 of 29 November, a Thursday, in the expo's zone."""
LICENSED = {"licence_no": "许-001", "auctioneer": "顾师", "auctioneer_no": "师-001", "recorder": "沈记"}


class Till:
    """Lots 01 to 04 of 100 万 each, paddles 7, 18 and 23 with 5 万 of deposit for a lot; 5 % to 2,000,000, then 3 %."""

    def __init__(self, db: Database, expo_id: uuid.UUID | None = None, **of_auction: Any) -> None:
        self.db = db
        self.at = BEGIN
        db.clock = lambda: self.at
        db.actor = Actor("张收银", Role.DEALS, "结算台")
        with db.transaction() as session:
            expo = session.get_one(Expo, expo_id) if expo_id else make_expo(session, code="KJH18")
            house = make_organisation(session, "练祁拍卖公司")
            licensed = {"house_id": house.id, **LICENSED}
            auction = make_auction(session, expo, **{"starts_at": BEGIN, **licensed, **of_auction})
            for side in CommissionSide:
                for start, percent in ((0, 5), (2_000_000, 3)):
                    session.add(
                        CommissionBand(
                            auction_id=auction.id, side=side, from_amount=Decimal(start), percent=Decimal(percent)
                        )
                    )
            self.lots = {
                no: make_lot(session, auction, no, deposit=5 * WAN, position=at).id
                for at, no in enumerate(("01", "02", "03", "04"))
            }
            self.bidders = {
                n: make_bidder(session, auction, n, agent=f"代理{n}", account=f"6200 0000 0000 00{n:02d}").id
                for n in (7, 18, 23)
            }
            self.expo, self.auction = expo.id, auction.id

    def sell(self, lot_no: str, paddle: int, wan: float) -> None:
        """By the console: opened, bid, called, hammered, within a minute."""
        self.at += timedelta(minutes=1)
        lot, amount = self.lots[lot_no], Decimal(str(wan)) * WAN
        for outcome in (
            auction_hall.open_lot(self.db, lot, sure=True),
            auction_hall.bid(self.db, lot, paddle, amount, sure=True, console="竞价台 1"),
            auction_hall.call(self.db, lot),
            auction_hall.hammer(self.db, lot, sure=True),
        ):
            assert outcome.is_done, outcome
        assert outcome.answer is Answer.SOLD

    def pass_(self, lot_no: str) -> None:
        auction_hall.open_lot(self.db, self.lots[lot_no])
        assert auction_hall.hammer(self.db, self.lots[lot_no], sure=True).answer is Answer.PASSED

    def deposit(self, paddle: int, wan: float) -> uuid.UUID:
        return auction_cashier.take_deposit(self.db, self.bidders[paddle], Paid(Decimal(str(wan)) * WAN))

    def pay(self, paddle: int, yuan: str, lot_no: str = "", way: MoneyWay = MoneyWay.BANK) -> uuid.UUID:
        paid = Paid(Decimal(yuan), way, "回单 88")
        return auction_cashier.take_payment(self.db, self.bidders[paddle], paid, self.lots.get(lot_no))

    def later(self, days: int) -> None:
        self.at += timedelta(days)

    @property
    def desk(self) -> CashDesk:
        return read_desk(self.db, self.auction)

    def account(self, paddle: int) -> Account:
        found = self.desk.account(paddle)
        assert found is not None
        return found

    def lot(self, lot_no: str) -> Lot:
        with self.db.reading() as session:
            return session.get_one(Lot, self.lots[lot_no])

    def close(self, *but: str) -> None:
        """What was not called is taken out, so that the session is over."""
        with self.db.transaction() as session:
            for no, key in self.lots.items():
                lot = session.get_one(Lot, key)
                if no not in but and lot.state is LotState.READY:
                    lot.state = LotState.WITHDRAWN

    def change(self, **values: Any) -> None:
        with self.db.transaction() as session:
            auction = session.get_one(Auction, self.auction)
            for name, value in values.items():
                setattr(auction, name, value)
