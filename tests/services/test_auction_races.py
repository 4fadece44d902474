"""Several consoles on one lot, each a program of its own: prices rise, none twice, none lost; nothing after the hammer;
a program killed anywhere in a sale leaves the lot open or sold with its deal.
"""

import signal
import subprocess
import sys
import uuid
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy import select

from expo_app.model import Deal, DealParty, DealStep, EventKind, LadderKind, Lot, LotEvent, LotState
from expo_app.rules.auction_judge import standing
from expo_app.services import auction_hall
from expo_app.services.auction_floor import entries_of
from expo_app.store.database import Database
from tests.auction_room import make_auction, make_bidder, make_lot
from tests.factories import make_expo

pytestmark = pytest.mark.timeout(600)  # programs that race, on a machine that does other things beside
REASONS = {"low": "低于下一口最低", "closed": "没有在竞价", "not_kept": "没有保存"}


def make_open_lot(db: Database, paddles: int = 8) -> uuid.UUID:
    with db.transaction() as session:
        auction = make_auction(session, make_expo(session))
        lot = make_lot(session, auction, start_price=Decimal(1000), ladder=LadderKind.FIXED, ladder_step=Decimal(100))
        for number in range(1, paddles + 1):
            make_bidder(session, auction, number)
    assert auction_hall.open_lot(db, lot.id).is_done
    return lot.id


def start(how: str, db: Database, lot_id: uuid.UUID, paddle: int, count: int, off: int = 0) -> subprocess.Popen[str]:
    words = [how, db.target, str(lot_id), str(paddle), str(count), str(off)]
    command = [sys.executable, "-m", "tests.services.hall_process", *words]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def answers(consoles: Sequence[subprocess.Popen[str]]) -> list[list[tuple[str, str, str]]]:
    found = []
    for console in consoles:
        out, _err = console.communicate(timeout=600)
        assert console.returncode == 0
        found.append([tuple((line + "  ").split(" ", 2)) for line in out.splitlines()])
    return found  # type: ignore[return-value]


def events(db: Database, lot_id: uuid.UUID, *kinds: EventKind) -> list[LotEvent]:
    with db.reading() as session:
        query = select(LotEvent).where(LotEvent.lot_id == lot_id).order_by(LotEvent.seq)
        return [event for event in session.scalars(query) if not kinds or event.kind in kinds]


def check(db: Database, lot_id: uuid.UUID, told: list[list[tuple[str, str, str]]]) -> None:
    """What was said and what is kept are the same, and the row is where the events leave it."""
    kept = events(db, lot_id, EventKind.BID)
    amounts = [event.amount for event in kept]
    assert all(one < other for one, other in pairwise(amounts))
    for paddle, lines in enumerate(told, 1):
        mine = [event.amount for event in kept if event.console == f"console {paddle}"]
        assert [Decimal(amount) for answer, amount, _why in lines if answer == "accepted"] == mine
    assert sum(answer == "accepted" for lines in told for answer, *_rest in lines) == len(kept)
    for answer, _amount, why in (line for lines in told for line in lines):
        assert answer == "accepted" or REASONS[answer] in why
    whole = events(db, lot_id)
    assert [event.seq for event in whole] == list(range(1, len(whole) + 1))
    assert all(one.at <= other.at and one.id < other.id for one, other in pairwise(whole))
    with db.reading() as session:
        lot, found = session.get_one(Lot, lot_id), standing(entries_of(session.connection(), lot_id))
        assert (lot.price, lot.seq, lot.calls_made) == (found.price, len(whole), found.calls)
        assert lot.leader_id == next(event.bidder_id for event in reversed(kept))


def race(db: Database, consoles: int, count: int) -> None:
    lot_id = make_open_lot(db)
    clocks = (0, 3600, -3600, 0, 1800, -1800, 60, -60)
    told = answers([start("bids", db, lot_id, n, count, clocks[n - 1]) for n in range(1, consoles + 1)])
    assert [len(lines) for lines in told] == [count] * consoles
    assert all(any(answer == "accepted" for answer, *_rest in lines) for lines in told)
    check(db, lot_id, told)


def test_four_consoles_on_one_lot(db: Database) -> None:
    race(db, 4, 100)


@pytest.mark.slow
def test_four_consoles_with_a_thousand_bids_each(db: Database) -> None:
    race(db, 4, 1000)


@pytest.mark.slow
def test_eight_consoles_with_a_thousand_bids_each_and_the_hammer_amid_them(db: Database) -> None:
    hammered_amid(db, 8, 1000, 2000)


def hammered_amid(db: Database, consoles: int, count: int, after: int) -> None:
    lot_id = make_open_lot(db)
    clocks = (3600, -3600, 0, 60, 1800, -1800, 0, -60)
    running = [start("bids", db, lot_id, n, count, clocks[n - 1]) for n in range(1, consoles + 1)]
    (((said, amount, leader),),) = answers([start("hammer", db, lot_id, 0, after)])
    told = answers(running)
    check(db, lot_id, told)
    last, kept = events(db, lot_id)[-1], events(db, lot_id, EventKind.BID)
    assert (said, last.kind, last.amount) == ("sold", EventKind.SOLD, Decimal(amount))
    assert kept[-1].amount == Decimal(amount)
    assert len(kept) >= after
    assert any(answer == "closed" for lines in told for answer, *_rest in lines)
    for lines in told:
        words = [answer for answer, *_rest in lines]
        assert "accepted" not in words[words.index("closed") if "closed" in words else len(words) :]
    with db.reading() as session:
        (deal,) = session.scalars(select(Deal)).all()
        assert (deal.amount, session.get_one(Lot, lot_id).deal_id) == (Decimal(amount), deal.id)
    assert leader.strip().isdigit()


def test_nothing_is_taken_after_the_hammer(db: Database) -> None:
    hammered_amid(db, 3, 80, 40)


@pytest.mark.parametrize("stride", [9, pytest.param(1, marks=pytest.mark.slow)])
def test_a_program_killed_within_a_sale_leaves_the_lot_open_or_sold(db: Database, stride: int) -> None:
    """Before and behind every statement, and at the commit; what follows takes up where the audience saw it."""
    lot_id, killed = make_open_lot(db), 0
    with start("sale", db, lot_id, 1, 8) as console:
        for step in range(1, 300, stride):
            status = _sale(console, step)
            with db.reading() as session:
                lot = session.get_one(Lot, lot_id)
                deals = [deal.id for deal in session.scalars(select(Deal))]
                parts = [len(session.scalars(select(model)).all()) for model in (DealParty, DealStep)]
            if lot.state is not LotState.OPEN:
                break
            killed += 1
            whole = events(db, lot_id)
            assert status == -signal.SIGKILL
            assert (deals, parts, lot.deal_id, lot.hammered_at) == ([], [0, 0], None, None)
            assert (whole[-1].kind, whole[-1].seq, lot.seq) == (EventKind.BID, killed + 1, killed + 1)
        console.communicate(timeout=60)
    assert console.returncode == 0
    assert (lot.state, deals, parts) == (LotState.SOLD, [lot.deal_id], [2, 1])
    assert events(db, lot_id)[-1].kind is EventKind.SOLD
    assert killed * stride > 30  # so many places to die in


def _sale(console: subprocess.Popen[str], step: int) -> int:
    """The exit code of a process that bids, hammers and dies at that step."""
    if console.stdin is None or console.stdout is None:
        raise RuntimeError("the console has no pipes")
    console.stdin.write(f"{step}\n")
    console.stdin.flush()
    return int(console.stdout.readline())
