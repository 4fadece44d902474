"""One pure answer to "may this bid stand?", and where a lot stands after all that happened on it.

The first rule that holds decides, in this order: nobody has the paddle, the lot takes no bids, whoever may not bid on
it (拍卖法 art. 22, 23, 30), an amount that is none, too low, no right to bid equal, more than the order in writing
allows, an amount to be looked at again, the same paddle again.
A valid bid cannot be withdrawn (art. 36): only a wrong entry is corrected, and both entries stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Generic, TypeVar

from expo_app.i18n import N_, Labelled, _
from expo_app.model import Channel, EventKind, LotState
from expo_app.rules.amounts import in_words, is_yuan
from expo_app.rules.auction_ladder import Ladder, next_amount
from expo_app.rules.auction_words import paddle_no

TOO_MANY_TIMES = 10
"""An amount above so many times the price there is (or the start price) is asked about once: a digit too many."""
NO_AMOUNT = N_("金额要大于 0，最多两位小数，也不能太大，没有记录。")
Who = TypeVar("Who")


class Answer(Labelled):
    """What a line in the hall is answered; the headless console says the name in lower case.

    PASSED is a hammer without a bid or under the reserve (流拍, art. 50); NOT_KEPT is what could not be stored, a full
    disk or a lost server, as at a gate; MOVED: something happened since the console looked; CHECK and AGAIN ask, and
    the same act with `sure` is taken; REFUSED comes with its sentence.
    """

    ACCEPTED = N_("已记录")
    LOW = N_("出价太低")
    CLOSED = N_("不在竞价")
    OWN_LOT = N_("不能竞买")
    UNKNOWN_PADDLE = N_("没有这个号牌")
    NO_PRIORITY = N_("没有优先权")
    CHECK = N_("请核对金额")
    AGAIN = N_("已经领先")
    MOVED = N_("刚有变化")
    OPENED = N_("开始竞价")
    CALLED = N_("已报次")
    SOLD = N_("落槌成交")
    PASSED = N_("流拍")
    DONE = N_("已办")
    REFUSED = N_("没有办")
    NOT_KEPT = N_("没有保存")


@dataclass(frozen=True, slots=True)
class LotFacts:
    """The lot as it is; amounts in yuan. `leads_by_priority`: the leading bid was one equal to the one before."""

    state: LotState
    is_paused: bool
    start: Decimal | None
    price: Decimal | None
    leader: int | None
    ladder: Ladder
    leads_by_priority: bool = False


@dataclass(frozen=True, slots=True)
class BidderFacts:
    """Who holds the paddle: `is_own`, the owner of this lot, a co-owner, or who acts for one; `is_staff`, of the
    auction house; `has_priority`, claimed its priority on this lot (民法典 art. 847, 859, 860).
    """

    is_own: bool = False
    is_staff: bool = False
    has_priority: bool = False
    limit: Decimal | None = None
    """Up to how much an order in writing lets the clerk bid; 0: none is for this lot. None: they bid themselves."""


@dataclass(frozen=True, slots=True)
class Bid:
    """As it was called out: `amount` None is the least that is possible, `is_equal` 同价跟价; `sure`: it was asked."""

    paddle: int
    amount: Decimal | None = None
    is_equal: bool = False
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """An answer, the amount that it is about, and its sentence, already in the language; "" where there is no more."""

    answer: Answer
    amount: Decimal | None = None
    reason: str = ""


def judge(bid: Bid, lot: LotFacts, bidder: BidderFacts | None) -> Judgement:
    """What becomes of a bid; `bidder` None: nobody has this paddle. Nothing here depends on a clock."""
    if bidder is None:
        return _nobody(bid.paddle)
    if lot.state is not LotState.OPEN or lot.start is None:
        return Judgement(
            Answer.CLOSED, None, _("这件标的没有在竞价（{state}），没有记录。").format(state=lot.state.label)
        )
    if lot.is_paused:
        return Judgement(Answer.CLOSED, None, _("竞价暂停着，没有记录。先继续竞价。"))
    if bidder.is_own or bidder.is_staff:
        return Judgement(Answer.OWN_LOT, None, _own(bid.paddle, bidder))
    if bid.amount is not None and not is_yuan(bid.amount):
        return Judgement(Answer.REFUSED, None, _(NO_AMOUNT))
    return _equal(bid, lot, bidder) if bid.is_equal else _higher(bid, lot, bidder, lot.start)


def _nobody(paddle: int) -> Judgement:
    words = _("没有 {paddle} 号，没有记录。请核对号牌。")
    return Judgement(Answer.UNKNOWN_PADDLE, None, words.format(paddle=paddle_no(paddle)))


def _own(paddle: int, bidder: BidderFacts) -> str:
    words = _("{paddle} 号是拍卖人或其工作人员的，不能竞买，没有记录。")
    if bidder.is_own:
        words = _("{paddle} 号是这件标的的委托人或共有人的，或法定代表人是同一人，不能竞买，没有记录。")
    return words.format(paddle=paddle_no(paddle))


def _equal(bid: Bid, lot: LotFacts, bidder: BidderFacts) -> Judgement:
    """同价跟价: whoever has priority takes the highest bid over at its price, as long as nobody goes higher."""
    if not bidder.has_priority:
        words = _("{paddle} 号没有对这件标的主张优先权，不能同价跟价，没有记录。")
        return Judgement(Answer.NO_PRIORITY, None, words.format(paddle=paddle_no(bid.paddle)))
    if lot.price is None or (bid.amount is not None and bid.amount != lot.price):
        return Judgement(Answer.LOW, None, _("同价跟价只能跟当前最高价，没有记录。"))
    if lot.leader == bid.paddle:
        return Judgement(
            Answer.NO_PRIORITY, None, _("{paddle} 号已经领先，不用跟价。").format(paddle=paddle_no(bid.paddle))
        )
    if lot.leads_by_priority:
        words = _("这个价已有优先竞买人跟价，没有记录。可以加价；同一顺位由主持人定。")
        return Judgement(Answer.NO_PRIORITY, None, words)
    return _beyond(bid.paddle, lot.price, bidder) or Judgement(Answer.ACCEPTED, lot.price)


def _beyond(paddle: int, amount: Decimal, bidder: BidderFacts) -> Judgement | None:
    """The refusal of a bid that no order in writing allows; None where one does, or none is needed."""
    if bidder.limit is None or amount <= bidder.limit:
        return None
    words = _("{paddle} 号的书面委托最高出到 {limit}，没有记录。本人到场的，先在竞买人里改渠道。")
    if not bidder.limit:
        words = _("{paddle} 号是书面委托，对这件标的没有委托，没有记录。本人到场的，先在竞买人里改渠道。")
    words = words.format(paddle=paddle_no(paddle), limit=in_words(bidder.limit))
    return Judgement(Answer.REFUSED, amount, words)


def _higher(bid: Bid, lot: LotFacts, bidder: BidderFacts, start: Decimal) -> Judgement:
    least = next_amount(lot.ladder, start, lot.price)
    amount = least if bid.amount is None else bid.amount
    if amount < least:
        words = _("{amount} 低于下一口最低 {least}，没有记录。")
        return Judgement(Answer.LOW, amount, words.format(amount=in_words(amount), least=in_words(least)))
    if judged := _beyond(bid.paddle, amount, bidder):
        return judged
    if not bid.sure and bid.amount is not None and amount > TOO_MANY_TIMES * (lot.price or start):
        words = _("{amount} 是当前价的十倍以上，还没有记录。金额没错就再报一次。")
        return Judgement(Answer.CHECK, amount, words.format(amount=in_words(amount)))
    if not bid.sure and lot.leader == bid.paddle:
        words = _("{paddle} 号已经领先，还没有记录。确要自己加价就再报一次。")
        return Judgement(Answer.AGAIN, amount, words.format(paddle=paddle_no(bid.paddle)))
    return Judgement(Answer.ACCEPTED, amount)


@dataclass(frozen=True, slots=True)
class Entry(Generic[Who]):
    """An event as far as it moves a lot; `who` is whatever tells bidders apart. A correction without `who`: no bid."""

    seq: int
    kind: EventKind
    amount: Decimal | None = None
    who: Who | None = None
    channel: Channel | None = None
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Standing(Generic[Who]):
    """Where a lot stands: the highest bid and whose it is, how often it was called since, and the bids that count.

    `bids` as (seq of the entry, amount, who, channel), in their order, each as it was corrected.
    """

    price: Decimal | None = None
    leader: Who | None = None
    calls: int = 0
    bids: tuple[tuple[int, Decimal, Who, Channel | None], ...] = ()

    @property
    def leads_by_priority(self) -> bool:
        """Whether the leading bid is a priority bidder's, equal to the one before."""
        return len(self.bids) > 1 and self.bids[-1][1] == self.bids[-2][1]

    @property
    def equal(self) -> frozenset[int]:
        """The bids that equal the one before: each rests on it."""
        return frozenset(bid[0] for one, bid in pairwise(self.bids) if bid[1] == one[1])

    @property
    def rises(self) -> bool:
        """Whether every bid is above the one before, or equal to it by priority and that only once."""
        amounts = [(amount, channel) for _seq, amount, _who, channel in self.bids]
        for n in range(1, len(amounts)):
            (before, _b), (amount, channel) = amounts[n - 1], amounts[n]
            is_first_equal = n < 2 or amounts[n - 2][0] < before
            if amount < before or (amount == before and not (channel is Channel.PRIORITY and is_first_equal)):
                return False
        return True


def standing(entries: Iterable[Entry[Who]]) -> Standing[Who]:
    """Where the events of a lot, in their order, leave it: what its row holds is this and nothing else.

    A lot that is opened again after it passed begins anew. A correction puts its amount and bidder in the place of the
    entry it names, or takes that out; one that names a correction changes the same entry again. A bid and a correction
    clear the calls.
    """
    bids: dict[int, tuple[Decimal, Who, Channel | None]] = {}
    places: dict[int, int] = {}
    calls = 0
    for entry in entries:
        if entry.kind is EventKind.OPEN:
            bids, places, calls = {}, {}, 0
        elif entry.kind is EventKind.BID and entry.amount is not None and entry.who is not None:
            bids[entry.seq], places[entry.seq], calls = (entry.amount, entry.who, entry.channel), entry.seq, 0
        elif entry.kind is EventKind.CORRECTION and entry.corrects in places:
            place = places[entry.seq] = places[entry.corrects]
            calls = 0
            if entry.who is None or entry.amount is None:
                bids.pop(place, None)
            else:
                bids[place] = (entry.amount, entry.who, entry.channel)
        elif entry.kind is EventKind.CALL:
            calls += 1
    left = tuple((seq, *bids[seq]) for seq in sorted(bids))
    price, leader = (left[-1][1], left[-1][2]) if left else (None, None)
    return Standing(price, leader, calls, left)


def place_of(entries: Sequence[Entry[Who]], seq: int) -> int:
    """The `seq` of the bid that this entry is, or corrects."""
    corrects = {entry.seq: entry.corrects for entry in entries if entry.kind is EventKind.CORRECTION}
    while (wrong := corrects.get(seq)) is not None:
        seq = wrong
    return seq


def before(entries: Sequence[Entry[Who]], place: int) -> Standing[Who]:
    """Where the lot stood when the bid at this place was made: its price and who led."""
    bids = tuple(bid for bid in standing(entries).bids if bid[0] < place)
    return Standing(bids[-1][1], bids[-1][2], 0, bids) if bids else Standing()


@dataclass(frozen=True, slots=True)
class Order:
    """A written order: bid for this paddle up to `up_to` yuan."""

    paddle: int
    up_to: Decimal


def next_order(orders: Sequence[Order], least: Decimal, leader: int | None) -> Order | None:
    """The order that the clerk is offered as the next bid: the highest of another paddle than the leading one that
    reaches the least amount, the first of equal ones (give them in the order they came in).

    It is offered and never taken by itself.
    """
    able = [order for order in orders if order.paddle != leader and order.up_to >= least]
    return max(able, key=lambda order: order.up_to, default=None)


def too_early(called: int, calls: int, has_price: bool, order: Order | None) -> str:
    """What speaks against the hammer, to be asked once; "" where nothing does. It never says how far an order goes."""
    why = []
    if has_price and called < calls:
        why.append(_("只报了 {n} 次，应报 {calls} 次。").format(n=called, calls=calls))
    if order is not None:
        why.append(_("{paddle} 号的书面委托还可以出价。").format(paddle=paddle_no(order.paddle)))
    return "".join(why)


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """What decides whether a lot may be called now. `lacking`: what the checklist forbids it for, item by item
    (`auction_checklist.why_not`: 专利法 art. 14, start price, reserve); `open_lot`: the number of the lot that is open
    in the session, "" where none is.
    """

    lot_no: str
    state: LotState
    ladder: Ladder
    lacking: tuple[str, ...] = ()
    open_lot: str = ""
    rules_read: bool = True
    is_reported: bool = False
    is_over: bool = False
    has_deal: bool = False
    """It passed and was then sold by agreement (协议成交)."""


def opening_problem(lot: OpeningFacts) -> str:
    """Why a lot cannot be called, one sentence; "" where it can: it waits, or passed and is called once more.

    A reserve that nobody set or waived is no reserve at all: 无底价 has to be announced (art. 50), so such a lot is
    not opened; neither is one before the rules were read out (art. 49).
    """
    no = {"no": lot.lot_no}
    if lot.is_reported:
        return _("这一场的结果是报道的，不能在这里竞价，数据未变。")
    if lot.is_over:
        return _("这一场已经结束，没有开始，数据未变。")
    if lot.state not in (LotState.READY, LotState.PASSED):
        words = _("标的 {no} 的状态是“{state}”，不能开始竞价，数据未变。")
        return words.format(**no, state=lot.state.label)
    if lot.has_deal:
        return _("标的 {no} 流拍后已协议成交，不能再竞价，数据未变。").format(**no)
    if lot.lacking:
        words = _("标的 {no} 不能竞价（{why}），数据未变。先在“筹备检查”里补全。")
        return words.format(**no, why=_("；").join(lot.lacking))
    if not lot.ladder.is_whole:
        return _("标的 {no} 的加价幅度没有填全，没有开始，数据未变。先填加价幅度。").format(**no)
    if not lot.rules_read:
        return _("还没有宣读规则，没有开始，数据未变。先记下“宣读规则”。")
    if lot.open_lot:
        words = _("标的 {other} 还在竞价，没有开始 {no}，数据未变。先落槌。")
        return words.format(**no, other=lot.open_lot)
    return ""
