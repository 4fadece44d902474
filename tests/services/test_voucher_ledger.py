"""Vouchers, uses, corrections, cancellations and statements in any order: sums are a second ledger's, to the fen.

The ledger here knows nothing of tables: it adds what each act that went through was to move.
"""

import random
import uuid
from collections import Counter as Count
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from expo_app.errors import UserError
from expo_app.model import SettlementStatement, UseState, Voucher, VoucherUse
from expo_app.services import settlement_acts, voucher_acts, voucher_uses
from expo_app.services.settlement_acts import Signature
from expo_app.store.database import Database
from tests.made_vouchers import Counter, check_sums

ZERO, FEN = Decimal(0), Decimal("0.01")
FIRST = date(2030, 1, 2)
OF_A_USE = ("verify", "verify", "verify", "send_back", "cancel_use", "correct")
ACTS = ("voucher", "use", "use", "use", *OF_A_USE, "draft", "cancel", "release", "sign", "dispute", "wait")


@dataclass
class Ledger:
    """`shares`: what each use pays by now; `of`: its voucher; `granted`: what was approved of each voucher; `changes`:
    of each correction its use and the difference.
    """

    granted: dict[uuid.UUID, Decimal] = field(default_factory=dict)
    over: set[uuid.UUID] = field(default_factory=set)
    shares: dict[uuid.UUID, Decimal] = field(default_factory=dict)
    of: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    changes: dict[uuid.UUID, tuple[uuid.UUID, Decimal]] = field(default_factory=dict)
    done: Count[str] = field(default_factory=Count)
    refused: Count[str] = field(default_factory=Count)

    def used(self, voucher: uuid.UUID) -> Decimal:
        return sum((share for use, share in self.shares.items() if self.of[use] == voucher), ZERO)

    def cancelled(self, use: uuid.UUID) -> None:
        """It pays nothing; of a correction, the use that it is of pays what it did without it."""
        if use in self.changes:
            whole, by = self.changes.pop(use)
            self.shares[whole] -= by
        else:
            self.shares.pop(use, None)

    def held(self, voucher: uuid.UUID) -> Decimal:
        return self.used(voucher) if voucher in self.over else self.granted[voucher]


class Play:
    """A counter where anything may happen next; `days`: as many pass at once at most."""

    def __init__(self, db: Database, seed: int, paper: Path, days: int) -> None:
        self.counter = Counter(db, valid_until=None, valid_months=9, cap_per_year=Decimal(120_000),
                               budget=Decimal(600_000))  # fmt: skip
        self.db, self.expo, self.paper, self.days = db, self.counter.expo_id, paper, days
        self.draw = random.Random(seed)  # noqa: S311
        self.ledger, self.today = Ledger(), FIRST
        self.counter.day(self.today)
        self.companies = [self.counter.add_company(f"企业 {n}") for n in range(6)]
        self.providers = [
            self.counter.add_provider(f"机构 {n}", place) for n, place in enumerate(("440305", "370103", "510104"))
        ]

    def step(self) -> None:
        act = self.draw.choice(ACTS)
        try:
            if getattr(self, f"_{act}")() is not None:
                self.ledger.done[act] += 1
        except UserError as error:
            self.ledger.refused[f"{act} {error.code}"] += 1

    def _voucher(self) -> object:
        amount = Decimal(self.draw.randint(1, 3_000_000)) * FEN
        key = self.counter.apply(str(amount), self.draw.choice(self.companies))
        voucher_acts.approve(self.db, self.expo, key)
        self.ledger.granted[key] = amount
        return key

    def _use(self) -> object:
        open_ = [key for key in self.ledger.granted if key not in self.ledger.over]
        if not open_:
            return None
        voucher = self.draw.choice(open_)
        amount = str(Decimal(self.draw.randint(1, 2_000_000)) * FEN)
        draft = self.counter.draft(
            amount, voucher_id=voucher, organisation_id=self.counter.row(Voucher, voucher).organisation_id,
            provider_id=self.draw.choice(self.providers), contract_on=self.today,
        )  # fmt: skip
        key = voucher_uses.submit(self.db, self.expo, draft)
        self._keep(key)
        return key

    def _keep(self, key: uuid.UUID) -> None:
        row = self.counter.row(VoucherUse, key)
        assert 0 < row.share <= row.basis_amount / 2
        self.ledger.shares[key], self.ledger.of[key] = row.share, row.voucher_id

    def _draft(self) -> object:
        """One that was sent back is submitted anew, with another amount."""
        key = self._some(UseState.RETURNED)
        if key is None:
            return None
        amount = Decimal(self.draw.randint(1, 2_000_000)) * FEN
        draft = replace(voucher_uses.open_use(self.db, key), contract_amount=amount)
        voucher_uses.submit(self.db, self.expo, draft)
        self._keep(key)
        return key

    def _some(self, *states: UseState) -> uuid.UUID | None:
        with self.db.reading() as session:
            query = select(VoucherUse.id).where(VoucherUse.state.in_(states)).order_by(VoucherUse.id)
            keys = session.scalars(query).all()
        return self.draw.choice(keys) if keys else None

    def _verify(self) -> object:
        key = self._some(UseState.SUBMITTED)
        return key and voucher_uses.verify(self.db, self.expo, key)

    def _send_back(self) -> object:
        key = self._some(UseState.SUBMITTED)
        if key is not None:
            voucher_uses.send_back(self.db, self.expo, key, "缺盖章")
        return key

    def _cancel_use(self) -> object:
        key = self._some(UseState.SUBMITTED, UseState.VERIFIED, UseState.SETTLED, UseState.RETURNED)
        if key is not None:
            voucher_uses.cancel_use(self.db, self.expo, key, "合同解除")
            self.ledger.cancelled(key)
        return key

    def _correct(self) -> object:
        key = self._some(UseState.VERIFIED, UseState.SETTLED)
        if key is None:
            return None
        share = self.draw.choice((ZERO, Decimal(self.draw.randint(0, 1_000_000)) * FEN))
        made = voucher_uses.correct(self.db, self.expo, key, share, "发票少开")
        assert share <= self.counter.row(VoucherUse, key).share
        self.ledger.changes[made] = key, share - self.ledger.shares[key]
        self.ledger.shares[key] = share
        return key

    def _cancel(self) -> object:
        if self.draw.random() > 0.2 or not self.ledger.granted:
            return None
        key = self.draw.choice(list(self.ledger.granted))
        voucher_acts.cancel(self.db, self.expo, key, "企业放弃")
        self.ledger.over.add(key)
        return key

    def _release(self) -> object:
        gone = voucher_acts.release_expired(self.db, self.expo)
        self.ledger.over.update(gone)
        return gone or None

    def _wait(self) -> object:
        """Days pass; at the end of a quarter its statements are drawn and sent."""
        before = (self.today.month - 1) // 3
        year = self.today.year
        self.today += timedelta(days=self.draw.randint(1, self.days))
        self.counter.day(self.today)
        if (self.today.month - 1) // 3 != before and self.draw.random() < 0.8:
            self._draw_statements(f"{year}Q{before + 1}")
        return self.today

    def _draw_statements(self, text: str) -> None:
        made = settlement_acts.draw(self.db, self.expo, text).made
        settlement_acts.send(self.db, self.expo, made, self.today + timedelta(days=7))

    def _statement(self) -> SettlementStatement | None:
        with self.db.reading() as session:
            listing = select(VoucherUse.id).where(VoucherUse.statement_id == SettlementStatement.id).exists()
            rows = session.scalars(select(SettlementStatement).where(listing).order_by(SettlementStatement.id)).all()
        return self.draw.choice(rows) if rows else None

    def _sign(self) -> object:
        row = self._statement()
        if row is None:
            return None
        side = self.draw.choice("ab")
        settlement_acts.sign(self.db, self.expo, row.id, Signature(side, row.version, "财政", self.today, self.paper))
        return row.id

    def _dispute(self) -> object:
        """A side disputes; one of its uses is cancelled, the statement is drawn anew and sent."""
        row = self._statement()
        if row is None or row.a_code == row.b_code:
            return None
        settlement_acts.dispute(self.db, self.expo, row.id, "a", row.version, "金额不符")
        with self.db.reading() as session:
            key = session.scalars(select(VoucherUse.id).where(VoucherUse.statement_id == row.id)).first()
        assert key is not None
        voucher_uses.cancel_use(self.db, self.expo, key, "有异议")
        self.ledger.cancelled(key)
        if settlement_acts.redraw(self.db, self.expo, row.id, row.version):
            settlement_acts.send(self.db, self.expo, [row.id], self.today + timedelta(days=7))
        return row.id

    # --- what must be true --------------------------------------------------------------------------------------------
    def check(self) -> None:
        check_sums(self.db)
        with self.db.reading() as session:
            vouchers = {row.id: row for row in session.scalars(select(Voucher))}
        for key in self.ledger.granted:
            assert (vouchers[key].used, vouchers[key].held) == (self.ledger.used(key), self.ledger.held(key))

    def close(self) -> None:
        """All that waits is drawn, quarter by quarter; every use that counts is in one statement, and they add up."""
        last = self.today.year
        self.counter.day(date(last + 1, 1, 1))
        for year in range(FIRST.year, last + 1):
            for quarter in range(1, 5):
                try:
                    settlement_acts.draw(self.db, self.expo, f"{year}Q{quarter}")
                except UserError as nothing:
                    assert nothing.code == "E-SETTLEMENT"  # noqa: PT017
        with self.db.reading() as session:
            statements = {row.id for row in session.scalars(select(SettlementStatement))}
            uses = session.scalars(select(VoucherUse).where(VoucherUse.state.in_(DONE))).all()
            waiting = session.scalars(select(VoucherUse.id).where(VoucherUse.state.in_(OPEN))).all()
        assert all(use.statement_id in statements for use in uses)
        paid = sum((self.ledger.shares[use.id] for use in uses if use.corrects_id is None), ZERO)
        assert sum((use.share for use in uses), ZERO) == paid
        assert sum(self.ledger.shares.values(), ZERO) == paid + sum((self.ledger.shares[key] for key in waiting), ZERO)


DONE = (UseState.VERIFIED, UseState.SETTLED)
OPEN = (UseState.SUBMITTED, UseState.RETURNED)
"""Of those that take of a voucher: what a statement may hold, and what waits."""


def played(db: Database, seed: int, steps: int, paper: Path, days: int) -> Play:
    paper.write_bytes(b"%PDF-1.4 signed")
    play = Play(db, seed, paper, days)
    for n in range(steps):
        play.step()
        if n % 100 == 0:
            play.check()
    play.check()
    play.close()
    play.check()
    return play


def test_any_order_of_acts_adds_up_to_the_fen(db: Database, tmp_path: Path) -> None:
    play = played(db, 14, 500, tmp_path / "签认.pdf", 20)
    assert set(ACTS) <= play.ledger.done.keys() | {"dispute"}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ten_thousand_acts_in_any_order_add_up_to_the_fen(db: Database, tmp_path: Path) -> None:
    play = played(db, 2030, 10_000, tmp_path / "签认.pdf", 5)
    assert set(ACTS) <= play.ledger.done.keys()
