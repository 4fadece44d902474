"""三地结算 as it is shown and printed: the statements of a period, what stands in one, whether all adds up."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from expo_app.i18n import N_, Labelled
from expo_app.rules.settlement import NOTHING, Amount, Pair, Period, Settlement, party_name
from expo_app.specs.report_data import Head

A, B = "a", "b"
SIDES = (A, B)


class SideState(Labelled):
    """How far one side of a statement is."""

    UNSENT = N_("待发")
    WAITING = N_("待签")
    SIGNED = N_("已签")
    DISPUTED = N_("有异议")


@dataclass(frozen=True)
class Side:
    """One of the two regions of a statement. `version`: the one it signed."""

    code: str
    state: SideState
    signer: str = ""
    signed_on: date | None = None
    dispute: str = ""
    version: int | None = None


@dataclass(frozen=True)
class StatementLine:
    """A statement, or what would stand in one that was not drawn yet (`id` None). A local list has a == b.

    `wrong`: numbers of uses in it that are verified no longer: it is to be drawn again.
    """

    id: uuid.UUID | None
    no: str
    pair: Pair
    from_day: date
    until: date
    sides: tuple[Side, Side]
    version: int = 1
    drawn_at: datetime | None = None
    drawn_by: str = ""
    sent_on: date | None = None
    sign_by: date | None = None
    paid_on: date | None = None
    is_sample: bool = False
    wrong: tuple[str, ...] = ()

    @property
    def is_local(self) -> bool:
        return self.pair.a == self.pair.b

    @property
    def count(self) -> int:
        return self.pair.a_pays.all.count if self.is_local else self.pair.count

    @property
    def is_settled(self) -> bool:
        return all(side.state is SideState.SIGNED for side in self.sides)

    @property
    def is_disputed(self) -> bool:
        return any(side.state is SideState.DISPUTED for side in self.sides)

    def side(self, name: str) -> Side:
        """By a or b."""
        return self.sides[SIDES.index(name)]


@dataclass(frozen=True)
class Check:
    """核对: uses across regions as the database adds them up, against those read one by one; in whole fen.

    `wrong`: numbers of uses that stand in a statement and are verified no longer; `damaged`: of uses and statements
    that cannot be read and are in no sum.
    """

    ledger: Amount
    stated: Amount
    pending: Amount
    statements: int
    wrong: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()

    @property
    def difference(self) -> Decimal:
        """Yuan of the ledger that stand neither in a statement nor wait for one."""
        return Decimal(self.ledger.fen - self.stated.fen - self.pending.fen).scaleb(-2)

    @property
    def is_right(self) -> bool:
        both = self.stated + self.pending
        return (both.count, both.fen) == (self.ledger.count, self.ledger.fen) and not (self.wrong or self.damaged)


@dataclass(frozen=True)
class SettlementBoard:
    """All of one period. `lines` between two regions, disputes first; `local` of one. `most_months`: by region how long
    a period may be at most by its policies. `wider`: periods of statements that this one lies in only partly;
    `earlier`: verified uses that still wait for a statement of an earlier one.
    """

    period: Period
    settlement: Settlement
    lines: tuple[StatementLine, ...]
    local: tuple[StatementLine, ...]
    check: Check
    most_months: Mapping[str, int]
    wider: tuple[str, ...] = ()
    earlier: Amount = NOTHING
    samples: int = 0

    @cached_property
    def parties(self) -> tuple[str, ...]:
        return self.settlement.parties

    def name(self, code: str) -> str:
        """What a region is called beside the others here."""
        return party_name(code, self.parties)

    @property
    def all_lines(self) -> tuple[StatementLine, ...]:
        return (*self.lines, *self.local)

    @property
    def pending(self) -> Amount:
        """Uses between regions that wait for a statement."""
        return self.check.pending


@dataclass(frozen=True)
class UseLine:
    """A use as a statement lists it; `share` in yuan, negative for a correction."""

    id: uuid.UUID
    no: str
    company: str
    resource: str
    kind: str
    share: Decimal
    issuer: str
    payee: str
    is_refunded: bool
    verified_on: date | None
    is_sample: bool
    statement_id: uuid.UUID | None
    corrects: str = ""
    """The number of the use it corrects."""


@dataclass(frozen=True)
class PaperLine:
    """A scanned signature without its bytes."""

    id: uuid.UUID
    side: str
    version: int
    name: str
    added_at: datetime


@dataclass(frozen=True)
class StepLine:
    at: datetime
    operator: str
    words: str


@dataclass(frozen=True)
class StatementDetail:
    """What one line of the board is made of, moments in the expo's zone."""

    line: StatementLine
    uses: tuple[UseLine, ...]
    steps: tuple[StepLine, ...] = ()
    papers: tuple[PaperLine, ...] = ()

    def named_in(self, words: str) -> tuple[UseLine, ...]:
        """Its uses whose whole numbers stand in a sentence: those that a dispute is about."""
        edge = "[0-9A-Za-z-]"
        there = [use for use in self.uses if use.no in words]
        return tuple(use for use in there if re.search(f"(?<!{edge}){re.escape(use.no)}(?!{edge})", words))


@dataclass(frozen=True)
class LeftLine:
    """企业余额: what a company has left of a voucher, in yuan."""

    company: str
    voucher_no: str
    region: str
    amount: Decimal
    used: Decimal
    left: Decimal
    expires_on: date | None
    is_sample: bool


@dataclass(frozen=True)
class SettlementReport:
    """What the statements of a period are printed from; `only`: one of them alone.

    `uses`: those that the matrix adds up, also what waits for a statement.
    """

    head: Head
    board: SettlementBoard
    uses: tuple[UseLine, ...]
    left: tuple[LeftLine, ...]
    only: uuid.UUID | None = None

    @cached_property
    def by_kind(self) -> list[tuple[str, str, str, int, Decimal, Decimal]]:
        """Statistics of all its uses: (issuer, payee, kind, uses, 通兑, 通用), in yuan."""
        found: dict[tuple[str, str, str], tuple[int, Decimal, Decimal]] = {}
        for use in self.uses:
            count, paid, refunded = found.get((use.issuer, use.payee, use.kind), (0, Decimal(0), Decimal(0)))
            if use.is_refunded:
                refunded += use.share
            else:
                paid += use.share
            found[use.issuer, use.payee, use.kind] = count + 1, paid, refunded
        return [(*key, *sums) for key, sums in sorted(found.items())]
