"""Vouchers, uses, corrections, cancellations and statements in any order, undone and done again, of lists and of
companies that become one: sums are a second ledger's, to the fen, and no year of a region gives more than it may.

The ledger here knows nothing of tables: it adds what each act that went through was to move.
"""

import itertools
import random
import uuid
from collections import Counter as Count
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from expo_app.errors import UserError
from expo_app.model import Organisation, SettlementStatement, UseState, Voucher, VoucherPolicy, VoucherUse
from expo_app.services import imports, records, settlement_acts, steps, voucher_acts, voucher_uses
from expo_app.services.merging import Pair, merge
from expo_app.services.record_writer import followed
from expo_app.services.settlement_acts import Signature
from expo_app.services.steps import Step
from expo_app.specs import POLICIES, VOUCHERS
from expo_app.store import staging, voucher_sums
from expo_app.store.database import Database
from tests.made_vouchers import Counter, check_sums
from tests.services.test_voucher_lists import ISSUED, plan

ZERO, FEN = Decimal(0), Decimal("0.01")
FIRST = date(2030, 1, 2)
OF_A_USE = ("verify", "verify", "verify", "send_back", "cancel_use", "correct")
UNDOABLE = ("voucher", "use", *OF_A_USE, "draft", "cancel", "release", "versions")
WHOLE = ("list", "list_back", "merge", "apart")
ACTS = ("voucher", "voucher", "use", "use", "use", *OF_A_USE, "draft", "cancel", "cancel", "release", "sign", "dispute",
        "wait", "versions", "undo", "undo", "undo", "redo", *WHOLE)  # fmt: skip
LIMITS = ((120_000, 45_000, 60_000), (100_000, 40_000, 50_000))
"""Budget, cap of a company, and cap of one of a class, of every other version."""
ELSEWHERE = "3205"
"""A region whose versions come and go, with no voucher."""


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


@dataclass(frozen=True)
class Turn:
    """What an act changed: the rows, and what the ledger says of them."""

    step: Step
    granted: dict[uuid.UUID, Decimal]
    over: set[uuid.UUID]
    shares: dict[uuid.UUID, tuple[Decimal | None, Decimal | None]]


class Play:
    """A counter where anything may happen next; `days`: as many pass at once at most."""

    def __init__(self, db: Database, seed: int, paper: Path, days: int) -> None:
        self.counter = Counter(db, valid_until=date(2030, 2, 28), **limits(0))
        self.db, self.expo, self.paper, self.days = db, self.counter.expo_id, paper, days
        self.draw = random.Random(seed)  # noqa: S311
        self.ledger, self.today = Ledger(), FIRST
        self.done: list[Turn] = []
        self.undone: list[Turn] = []
        self.lists: list[tuple[uuid.UUID, list[uuid.UUID]]] = []
        self.joined: list[tuple[uuid.UUID, uuid.UUID]] = []
        self.made = 0
        self.counter.day(self.today)
        self.counter.add_class("小微", cap_per_year=Decimal(LIMITS[0][2]))
        starts = [date(year, month, 1) for year in range(2030, 2035) for month in (3, 6, 9, 12)]
        for n, (start, after) in enumerate(zip(starts, (*starts[1:], date(2040, 1, 1)), strict=True), 1):
            last = after - timedelta(days=1)
            given = limits(n % 2)
            self.counter.policy = self.counter.add_policy(version_no=n + 1, valid_from=start, valid_until=last, **given)
            self.counter.add_class("小微", cap_per_year=Decimal(LIMITS[n % 2][2]))
        self.companies = [self.counter.add_company(f"企业 {n}") for n in range(6)]
        self.providers = [
            self.counter.add_provider(f"机构 {n}", place) for n, place in enumerate(("440305", "370103", "510104"))
        ]

    def number(self) -> int:
        self.made += 1
        return self.made

    def step(self) -> None:
        act, own = self.draw.choice(ACTS), self.ledger
        granted, over, shares = dict(own.granted), set(own.over), dict(own.shares)
        try:
            with followed() as writers:
                told = getattr(self, f"_{act}")()
        except UserError as error:
            own.refused[f"{act} {error.code}"] += 1
            return
        if told is None:
            return
        own.done[act] += 1
        step = steps.step_of("vouchers.check", writers) if act in UNDOABLE else None
        if step is not None and step.wrote:
            changed = {key for key, _share in own.shares.items() ^ shares.items()}
            self.done.append(
                Turn(
                    step, {key: own.granted[key] for key in own.granted.keys() - granted.keys()}, own.over - over,
                    {key: (shares.get(key), own.shares.get(key)) for key in changed},
                )
            )  # fmt: skip
            del self.done[:-20]

    # --- undo, lists, merges, versions --------------------------------------------------------------------------------
    def _undo(self) -> object:
        if not self.done:
            return None
        turn = self.done.pop(self.draw.randrange(len(self.done)))
        steps.take_back(self.db, turn.step)
        for key in turn.granted:
            del self.ledger.granted[key]
        self.ledger.over -= turn.over
        self._share({key: shares[::-1] for key, shares in turn.shares.items()})
        self.undone.append(turn)
        return turn

    def _redo(self) -> object:
        if not self.undone:
            return None
        turn = self.undone.pop(self.draw.randrange(len(self.undone)))
        steps.do_again(self.db, turn.step)
        self.ledger.granted |= turn.granted
        self.ledger.over |= turn.over
        self._share(turn.shares)
        return turn

    def _share(self, shares: dict[uuid.UUID, tuple[Decimal | None, Decimal | None]]) -> None:
        for key, (was, now) in shares.items():
            assert self.ledger.shares.pop(key, None) == was
            if now is not None:
                self.ledger.shares[key] = now

    def _list(self) -> object:
        """Vouchers that were approved before; half the time a desk approves another while it is written."""
        body = self.counter.row(Organisation, self.draw.choice(self.companies)).name
        first = max(FIRST, self.today - timedelta(days=100))
        rows = []
        for _n in range(self.draw.randint(1, 2)):
            day = (first + timedelta(days=self.draw.randint(0, (self.today - first).days))).isoformat()
            amount = Decimal(self.draw.randint(1, 1_000_000)) * FEN
            rows.append([f"名单 {self.number()}", body, day, str(amount), "已批", day, ""])
        planned = plan(self.counter, VOUCHERS, ISSUED, *rows)
        if any(row.problems for row in planned.rows):
            return None
        write = staging.write

        def late(*given: Any, **more: Any) -> None:
            patch.undo()
            try:
                self._voucher()
            except UserError as error:
                self.ledger.refused[f"beside {error.code}"] += 1
            write(*given, **more)

        with pytest.MonkeyPatch.context() as patch:
            if self.draw.random() < 0.5:
                patch.setattr(staging, "write", late)
            batch = imports.apply(self.db, planned, self.expo)
        assert batch is not None
        keys = imports.made_by(self.db, batch, VOUCHERS)
        self.ledger.granted |= {key: self.counter.row(Voucher, key).amount for key in keys}
        self.lists.append((batch, keys))
        return batch

    def _list_back(self) -> object:
        if not self.lists:
            return None
        batch, keys = self.lists.pop(self.draw.randrange(len(self.lists)))
        imports.undo(self.db, batch)
        for key in keys:
            del self.ledger.granted[key]
        return batch

    def _merge(self) -> object:
        """Two companies are one; there are soon enough others."""
        while len(self.companies) < 6:
            self.companies.append(self.counter.add_company(f"新企业 {self.number()}"))
        keep, other = self.draw.sample(self.companies, 2)
        batch = merge(self.db, Pair("organisations", keep, other))
        self.companies.remove(other)
        self.joined.append((batch, other))
        return batch

    def _apart(self) -> object:
        if not self.joined:
            return None
        batch, other = self.joined.pop()
        imports.undo(self.db, batch)
        self.companies.append(other)
        return batch

    def _versions(self) -> object:
        """A version of another region begins, ends or goes."""
        start = FIRST + timedelta(days=self.draw.randint(0, 700))
        with self.db.reading() as session:
            query = select(VoucherPolicy.id).where(VoucherPolicy.region_code == ELSEWHERE).order_by(VoucherPolicy.id)
            there = session.scalars(query).all()
        if len(there) < 2 or self.draw.random() < 0.4:
            said = {"region_code": ELSEWHERE, "title": "办法", "version_no": self.number(), "rate": Decimal(30)}
            last = start + timedelta(days=self.draw.randint(10, 300))
            return records.save(self.db, POLICIES, {**said, "valid_from": start, "valid_until": last})
        one = self.draw.choice(there)
        if self.draw.random() < 0.3:
            records.delete(self.db, POLICIES, [one])
        else:
            records.save(self.db, POLICIES, {"valid_until": start}, one)
        return one

    # --- acts ---------------------------------------------------------------------------------------------------------
    def _voucher(self) -> object:
        amount = Decimal(self.draw.randint(1, 3_000_000)) * FEN
        company, applicant = self.draw.choice(self.companies), self.draw.choice(("", "", "小微"))
        key = self.counter.apply(str(amount), company, applicant=applicant)
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
            assert voucher_sums.drift(session.connection()) == voucher_sums.beyond(session.connection()) == 0
            spans = session.execute(
                select(VoucherPolicy.valid_from, VoucherPolicy.valid_until)
                .where(VoucherPolicy.region_code == ELSEWHERE)
                .order_by(VoucherPolicy.valid_from)
            ).all()
            assert all(one[1] < other[0] for one, other in itertools.pairwise(spans))
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


def limits(version: int) -> dict[str, Any]:
    budget, cap, _of_class = LIMITS[version]
    return {"valid_months": 9, "budget": Decimal(budget), "cap_per_year": Decimal(cap)}


DONE = (UseState.VERIFIED, UseState.SETTLED)
OPEN = (UseState.SUBMITTED, UseState.RETURNED)
"""Of those that take of a voucher: what a statement may hold, and what waits."""


def played(db: Database, seed: int, acts: int, paper: Path, days: int, often: int) -> Play:
    paper.write_bytes(b"%PDF-1.4 signed")
    play = Play(db, seed, paper, days)
    for n in range(acts):
        play.step()
        if n % often == 0:
            play.check()
    play.check()
    play.close()
    play.check()
    return play


def test_any_order_of_acts_adds_up_to_the_fen(db: Database, tmp_path: Path) -> None:
    play = played(db, 18, 300, tmp_path / "签认.pdf", 60, often=15)
    assert set(ACTS) <= play.ledger.done.keys()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ten_thousand_acts_in_any_order_add_up_to_the_fen(db: Database, tmp_path: Path) -> None:
    play = played(db, 2030, 10_000, tmp_path / "签认.pdf", 5, often=50)
    assert set(ACTS) <= play.ledger.done.keys()
