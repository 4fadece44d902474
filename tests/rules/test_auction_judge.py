"""Which bid stands, where the entries of a lot leave it, and what a session is called."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expo_app.model import Channel, EventKind, LadderKind, LotState
from expo_app.rules import auction_words
from expo_app.rules.auction_judge import (
    Answer,
    Bid,
    BidderFacts,
    Entry,
    LotFacts,
    OpeningFacts,
    Order,
    Standing,
    judge,
    next_order,
    opening_problem,
    standing,
)
from expo_app.rules.auction_ladder import Ladder

STEP = Ladder(LadderKind.FIXED, Decimal(40_000))
WAITING = LotFacts(LotState.OPEN, False, Decimal(1_000_000), None, None, STEP)
RUNNING = replace(WAITING, price=Decimal(1_200_000), leader=7)
SOMEBODY = BidderFacts()


def answer(bid: Bid, lot: LotFacts = RUNNING, bidder: BidderFacts | None = SOMEBODY) -> tuple[Answer, Decimal | None]:
    judged = judge(bid, lot, bidder)
    assert bool(judged.reason) is (judged.answer is not Answer.ACCEPTED), judged
    return judged.answer, judged.amount


@pytest.mark.parametrize(
    ("bid", "lot", "wanted"),
    [
        (Bid(18), WAITING, (Answer.ACCEPTED, 1_000_000)),
        (Bid(18, Decimal(1_000_000)), WAITING, (Answer.ACCEPTED, 1_000_000)),
        (Bid(18, Decimal("999999.99")), WAITING, (Answer.LOW, Decimal("999999.99"))),
        (Bid(18), RUNNING, (Answer.ACCEPTED, 1_240_000)),
        (Bid(18, Decimal("1239999.99")), RUNNING, (Answer.LOW, Decimal("1239999.99"))),
        (Bid(18, Decimal("1240000.01")), RUNNING, (Answer.ACCEPTED, Decimal("1240000.01"))),
        (Bid(18, Decimal(1_200_000)), RUNNING, (Answer.LOW, 1_200_000)),
        (Bid(18, Decimal(12_000_000)), RUNNING, (Answer.ACCEPTED, 12_000_000)),  # ten times is not above it
        (Bid(18, Decimal("12000000.01")), RUNNING, (Answer.CHECK, Decimal("12000000.01"))),
        (Bid(18, Decimal(12_400_000), sure=True), RUNNING, (Answer.ACCEPTED, 12_400_000)),
        (Bid(18, Decimal(10_000_001)), WAITING, (Answer.CHECK, 10_000_001)),
        (Bid(7), RUNNING, (Answer.AGAIN, 1_240_000)),
        (Bid(7, sure=True), RUNNING, (Answer.ACCEPTED, 1_240_000)),
        (Bid(7, Decimal(20_000_000)), RUNNING, (Answer.CHECK, 20_000_000)),
        (Bid(18), replace(RUNNING, is_paused=True), (Answer.CLOSED, None)),
        (Bid(18), replace(RUNNING, start=None), (Answer.CLOSED, None)),
        *((Bid(18), replace(RUNNING, state=s), (Answer.CLOSED, None)) for s in LotState if s is not LotState.OPEN),
    ],
)
def test_what_a_bid_is_answered(bid: Bid, lot: LotFacts, wanted: tuple[Answer, Decimal | None]) -> None:
    assert answer(bid, lot) == wanted


def test_nobody_owners_and_staff_are_refused_whatever_they_bid() -> None:
    for bid in (Bid(18), Bid(18, Decimal(10**9), sure=True), Bid(18, is_equal=True)):
        assert answer(bid, RUNNING, None)[0] is Answer.UNKNOWN_PADDLE
        assert answer(bid, RUNNING, BidderFacts(is_own=True, has_priority=True))[0] is Answer.OWN_LOT
        assert answer(bid, RUNNING, BidderFacts(is_staff=True))[0] is Answer.OWN_LOT


def test_only_priority_bids_equal_and_only_once() -> None:
    equal, first = Bid(18, is_equal=True), BidderFacts(has_priority=True)
    assert answer(equal, RUNNING, first) == (Answer.ACCEPTED, 1_200_000)
    assert answer(replace(equal, amount=Decimal(1_200_000)), RUNNING, first) == (Answer.ACCEPTED, 1_200_000)
    assert answer(replace(equal, amount=Decimal(1_240_000)), RUNNING, first)[0] is Answer.LOW
    assert answer(equal, RUNNING, SOMEBODY)[0] is Answer.NO_PRIORITY
    assert answer(equal, WAITING, first)[0] is Answer.LOW
    assert answer(replace(equal, paddle=7), RUNNING, first)[0] is Answer.NO_PRIORITY
    assert answer(equal, replace(RUNNING, leads_by_priority=True), first)[0] is Answer.NO_PRIORITY
    assert answer(Bid(18), RUNNING, first) == (Answer.ACCEPTED, 1_240_000)


# --- where the entries leave a lot ---


def entries(*rows: tuple[str, int | None, int | None, int | None]) -> list[Entry[int]]:
    """(kind, amount, paddle, corrects) of each, numbered from 1."""
    return [
        Entry(n, EventKind[kind], None if amount is None else Decimal(amount), who, Channel.ROOM, corrects)
        for n, (kind, amount, who, corrects) in enumerate(rows, 1)
    ]


OPENED = ("OPEN", 100, None, None)


def stands(*rows: tuple[str, int | None, int | None, int | None]) -> tuple[Decimal | None, int | None, int]:
    found = standing(entries(OPENED, *rows))
    return found.price, found.leader, found.calls


def test_the_last_bid_leads_and_clears_the_calls() -> None:
    assert stands() == (None, None, 0)
    assert stands(("BID", 100, 7, None), ("CALL", 100, 7, None), ("CALL", 100, 7, None)) == (100, 7, 2)
    assert stands(("BID", 100, 7, None), ("CALL", 100, 7, None), ("BID", 110, 8, None)) == (110, 8, 0)
    assert stands(("BID", 100, 7, None), ("PAUSE", None, None, None), ("RESUME", None, None, None)) == (100, 7, 0)


def test_a_correction_takes_the_place_of_what_it_names() -> None:
    bids = (("BID", 100, 7, None), ("BID", 110, 8, None), ("BID", 120, 9, None))
    assert stands(*bids, ("CALL", 120, 9, None), ("CORRECTION", 120, 6, 4)) == (120, 6, 0)
    assert stands(*bids, ("CORRECTION", None, None, 4)) == (110, 8, 0)
    assert stands(*bids, ("CORRECTION", None, None, 3)) == (120, 9, 0)
    assert stands(*bids, ("CORRECTION", None, None, 4), ("CORRECTION", 125, 5, 5)) == (125, 5, 0)
    assert stands(bids[0], ("CORRECTION", None, None, 2)) == (None, None, 0)
    assert stands(*bids, ("CORRECTION", 1, 1, 99)) == (120, 9, 0)


def test_a_lot_opened_again_begins_anew() -> None:
    assert stands(("BID", 100, 7, None), ("CALL", 100, 7, None), ("PASSED", 100, 7, None), OPENED) == (None, None, 0)
    again = (("BID", 100, 7, None), ("PASSED", None, None, None), OPENED, ("BID", 105, 8, None))
    assert stands(*again, ("CORRECTION", None, None, 2)) == (105, 8, 0)


def test_bids_rise_one_after_the_other_and_are_equal_once_by_priority() -> None:
    def rises(*bids: tuple[int, Channel]) -> bool:
        return Standing(bids=tuple((n, Decimal(a), n, way) for n, (a, way) in enumerate(bids))).rises

    room, first = Channel.ROOM, Channel.PRIORITY
    assert rises()
    assert rises((100, room), (110, room))
    assert rises((100, room), (100, first), (110, room))
    assert not rises((100, room), (100, room))
    assert not rises((100, room), (100, first), (100, first))
    assert not rises((110, room), (100, room))


MOVES = st.lists(
    st.tuples(st.sampled_from(["BID", "CALL", "CORRECTION", "PAUSE", "LADDER"]), st.integers(1, 9), st.integers(1, 12)),
    max_size=25,
)


@settings(max_examples=300, deadline=None)
@given(MOVES)
def test_standing_is_what_doing_it_by_hand_leaves(moves: list[tuple[str, int, int]]) -> None:
    """Against a sheet of paper: lines are struck out and written anew, the last line that is left leads."""
    rows: list[Entry[int]] = [Entry(1, EventKind.OPEN)]
    paper: list[tuple[set[int], Decimal, int]] = []
    calls, price = 0, Decimal(100)
    for kind, who, which in moves:
        seq = len(rows) + 1
        if kind == "BID":
            price += 10
            rows.append(Entry(seq, EventKind.BID, price, who))
            paper.append(({seq}, price, who))
            calls = 0
        elif kind == "CORRECTION":
            line = next((line for line in paper if which in line[0]), None)
            if line is None:
                continue
            removed = who == 1
            rows.append(Entry(seq, EventKind.CORRECTION, None if removed else line[1], None if removed else who,
                              corrects=which))  # fmt: skip
            paper[paper.index(line)] = ({*line[0], seq}, line[1], 0 if removed else who)
            calls = 0
        else:
            rows.append(Entry(seq, EventKind[kind]))
            calls += kind == "CALL"
    left = [(amount, who) for _seqs, amount, who in paper if who]
    found = standing(rows)
    assert (found.price, found.leader) == (left[-1] if left else (None, None))
    assert found.calls == calls
    assert found.rises


# --- orders, opening, words ---


def test_the_highest_order_of_another_paddle_is_offered() -> None:
    orders = [Order(7, Decimal(500)), Order(8, Decimal(300)), Order(9, Decimal(500)), Order(6, Decimal(400))]
    assert next_order(orders, Decimal(200), None) == orders[0]
    assert next_order(orders, Decimal(200), 7) == orders[2]
    assert next_order(orders, Decimal(500), 7) == orders[2]
    assert next_order(orders, Decimal("500.01"), 7) is None
    assert next_order([], Decimal(1), None) is None


READY = OpeningFacts("04", LotState.READY, STEP)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (READY, ""),
        (replace(READY, state=LotState.PASSED), ""),
        (
            replace(READY, lacking=("共有人同意：缺甲大学的同意", "起拍价：未填")),
            "（共有人同意：缺甲大学的同意；起拍价：未填）",
        ),
        (replace(READY, ladder=Ladder(LadderKind.FIXED)), "加价幅度"),
        (replace(READY, rules_read=False), "宣读规则"),
        (replace(READY, open_lot="03"), "标的 03 还在竞价"),
        (replace(READY, is_reported=True), "报道"),
        (replace(READY, is_over=True), "已经结束"),
        (replace(READY, state=LotState.PASSED, has_deal=True), "协议成交"),
        *(
            (replace(READY, state=state), state.label)
            for state in (LotState.OPEN, LotState.SOLD, LotState.WITHDRAWN, LotState.DEFAULTED)
        ),
    ],
)
def test_why_a_lot_cannot_be_called(facts: OpeningFacts, said: str) -> None:
    problem = opening_problem(facts)
    assert said in problem
    assert bool(problem) is bool(said)


def test_only_with_house_and_auctioneer_it_is_an_auction() -> None:
    whole = ("某拍卖行", "拍许 1 号", "张某", "拍师 1 号")
    assert auction_words.called(*whole) == "拍卖会"
    for n in range(4):
        lacking = tuple("" if n == at else text for at, text in enumerate(whole))
        assert auction_words.called(*lacking) == "竞价会"
        blank = [" " if n == at and n else text for at, text in enumerate(whole)]
        assert auction_words.is_auction(*blank) is (n == 0)
    assert auction_words.called(None, *whole[1:]) == "竞价会"


def test_a_paddle_has_two_digits_at_least() -> None:
    assert [auction_words.paddle_no(n) for n in (7, 18, 123)] == ["07", "18", "123"]
