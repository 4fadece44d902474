"""What the console's keys do: each is an act of the engine, or a dialog that leads to one, answered in one line."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.model import Channel, LotState, ReserveKind
from expo_app.reports.auction_papers import CONFIRMATION, RECORD
from expo_app.rules.auction_entry import Means, Presses, Typed, amount_of
from expo_app.rules.auction_judge import Answer, too_early
from expo_app.rules.auction_words import paddle_no
from expo_app.services import auction_hall
from expo_app.services.auction_floor import LOCKED
from expo_app.services.auction_screen import wan
from expo_app.specs.auction_hall import HallLot, Outcome
from expo_app.store.database import Database
from expo_app.ui.kit import sounds
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.questions import confirm
from expo_app.ui.pages.auction import cashier_papers
from expo_app.ui.pages.auction import console_dialogs as dialogs
from expo_app.ui.pages.auction.console_body import unit
from expo_app.ui.pages.auction.console_parts import KEYS_OF

if TYPE_CHECKING:
    from expo_app.ui.pages.auction.console import ConsoleView

SOUNDS = {Answer.CHECK: "repeat", Answer.AGAIN: "repeat", Answer.MOVED: "repeat"}
OF_PADDLE = (Answer.UNKNOWN_PADDLE, Answer.OWN_LOT, Answer.NO_PRIORITY, Answer.AGAIN)
"""What is wrong is the number, not the amount."""


class Acts:
    """The acts of one console, over what it shows and what is typed."""

    def __init__(self, view: ConsoleView) -> None:
        self.view = view
        self._asked: Typed | None = None
        """What was answered by a question: typed once more, it is taken."""
        self._presses, self._passes = Presses(), Presses()
        self._refused: dict[int, str] = {}
        """Why bids were not recorded, by paddle, until Esc or until the paddle's next one is."""

    def forget(self, is_other: bool = False) -> None:
        """The lot moved: a press of the hammer was about what is over; and so was a question, of another lot."""
        if is_other:
            self._asked = None
            if self.view.hall is not None and self.view.hall.live is not None:
                self._refused.clear()
        self._presses.forget()
        self._passes.forget()

    # --- keys ---

    def do(self, name: str) -> None:
        """A key, or what stands for it on the screen."""
        if name != "hammer":
            self._presses.forget()
        if name != "pass":
            self._passes.forget()
        ACTS[name](self)
        if name in OPENING:
            self.view.body.window().activateWindow()
        if name not in STAYS:
            self.view.body.bid.go_home()

    def say(self, text: str, tone: str = "") -> None:
        """One line beside the fields; bids it said were refused, and says no longer, stay above it."""
        *others, newest = [n for n, why in self._refused.items() if why != text] or [0]
        parts = []
        if newest:
            parts.append(_("{paddle} 号没有记下：{why}").format(paddle=paddle_no(newest), why=self._refused[newest]))
        if others:
            parts.append(_("还有没记下的：{paddles} 号。").format(paddles=_("、").join(map(paddle_no, others))))
        self.view.body.bid.say(text, tone, " ".join([*parts, _("Esc 收起")] if parts else parts))

    def on_edited(self) -> None:
        self._presses.forget()
        if self.view.body.bid.typed != self._asked:
            self._asked = None
        if self.view.hall is not None:
            self.view.body.bid.show_typed(self.view.hall)
            self.show_chip()

    def on_stepped(self, n: int) -> None:
        self.view.body.bid.more = n
        self.take()
        self.view.body.bid.go_home()

    def show_chip(self) -> None:
        """What Enter would record."""
        typed, hall = self.view.body.bid.typed, self.view.hall
        text = ""
        if hall is not None and hall.live is not None and typed.number is not None:
            amount = self._amount(typed)
            if self.view.line.acting and not (typed.amount or typed.more):  # the price is about to be another one
                text = _("将记录：{paddle} 号 下一口").format(paddle=paddle_no(typed.number))
            elif amount is not None:
                words = _("将记录：{paddle} 号 {amount}")
                text = words.format(paddle=paddle_no(typed.number), amount=unit(wan(amount)))
        self.view.body.bid.chip.setVisible(bool(text))
        if text != self.view.body.bid.chip.text:
            self.view.body.bid.chip.set(text, "info")

    def _amount(self, typed: Typed) -> Decimal | None:
        """What would be recorded, as far as it is known; None where the amount is none."""
        if self.view.hall is None or self.view.hall.live is None:
            return None
        if typed.is_equal:
            return self.view.hall.live.price
        if typed.amount:
            try:
                return amount_of(typed.amount)
            except ValueError:
                return None
        return self.view.hall.steps[typed.more] if typed.more < len(self.view.hall.steps) else None

    # --- bids ---

    def take(self) -> None:
        """Enter: what is typed becomes a bid."""
        typed, live = self.view.body.bid.typed, self.view.hall.live if self.view.hall else None
        if typed.number is None:
            self.say(_("先键入号牌。"), "warn")
            return
        if live is None:
            self._refuse(typed, _("没有正在竞价的标的，没有记录。按 N 开始下一件。"))
            self._sound("reject")
            return
        amount = None
        if typed.amount:
            try:
                amount = amount_of(typed.amount)
            except ValueError as problem:
                self._refuse(typed, str(problem))
                self._sound("reject")
                return
        elif typed.more:
            amount = self._amount(typed)
        sure, self._asked = typed == self._asked, None
        bid = partial(
            auction_hall.bid, lot_id=live.id, paddle=typed.number, amount=amount, is_equal=typed.is_equal, sure=sure,
            seen=live.seq,
        )  # fmt: skip
        self.view.body.bid.clear()
        self.view.line.act(_run(bid), partial(self._on_bid, typed), partial(self._on_lost, typed))

    def _on_bid(self, typed: Typed, outcome: Outcome) -> None:
        if outcome.answer is Answer.ACCEPTED:
            words = _("已记录：{paddle} 号 {amount}")
            self._refused.pop(typed.number or 0, None)
            number = paddle_no(outcome.lot.leader or typed.number or 0)
            said = words.format(paddle=number, amount=unit(wan(outcome.amount)))
            self.say(f"{said} · {outcome.reason}" if outcome.reason else said, "warn" if outcome.reason else "ok")
            self._sound("pass")
            return
        is_mild = outcome.answer in SOUNDS
        self._refuse(typed, outcome.reason, "warn" if is_mild else "bad", of_paddle=outcome.answer in OF_PADDLE)
        if outcome.answer in dialogs.ASKED:
            self._asked = typed
        self._sound(SOUNDS.get(outcome.answer, "reject"))

    def _refuse(self, typed: Typed, why: str, tone: str = "bad", *, of_paddle: bool = False) -> None:
        """Not recorded: said until it is seen, and what was typed stands there again."""
        if typed.number is not None:
            self._refused.pop(typed.number, None)
            self._refused[typed.number] = why
        if not self.view.line.acting:  # with more on its way the hands are elsewhere
            self.view.body.bid.put_back(typed, of_paddle=of_paddle)
        self.say(why, tone)

    def _on_lost(self, typed: Typed | None, error: Exception) -> None:
        """Not kept: said, and what was typed stands there again."""
        words = str(error) if isinstance(error, UserError) else _("程序出了意外，这一步没有保存。请核对后再试一次。")
        if not self.view.context.db.is_sqlite:
            words = _("{error} 先看出价阶梯里有没有这一步，没有再报。").format(error=words)
        if typed is not None:
            self._refuse(typed, words)
        else:
            self.say(words, "bad")
        self._sound("reject")

    def _sound(self, name: str) -> None:
        sounds.play(name, self.view.context.settings.sound_volume)

    def more(self) -> None:
        """+: one step more, two at most; a third goes back to the next one."""
        bid = self.view.body.bid
        bid.more = (bid.more + 1) % len(bid.steps)
        bid.is_equal = False
        self.on_edited()

    def equal(self) -> None:
        """=: 同价跟价 of the paddle typed, at once."""
        number = self.view.body.bid.typed.number
        if self.view.hall is None or number is None or number not in self.view.hall.priority:
            self.say(_("键入主张优先权的号牌后再按 =；这个号牌不能同价跟价。"), "warn")
            return
        self.view.body.bid.is_equal, self.view.body.bid.more = True, 0
        self.take()

    def order(self) -> None:
        """F7: the written order that is offered becomes the next bid."""
        hall = self.view.hall
        if hall is None or hall.live is None or hall.next_order is None:
            self.say(_("没有可用的书面委托。"), "warn")
            return
        typed = Typed(paddle_no(hall.next_order.paddle))
        bid = partial(
            auction_hall.bid, lot_id=hall.live.id, paddle=hall.next_order.paddle, channel=Channel.WRITTEN,
            seen=hall.live.seq,
        )  # fmt: skip
        self.view.line.act(_run(bid), partial(self._on_bid, typed), partial(self._on_lost, None))

    # --- calls, hammer, the lot ---

    def call(self) -> None:
        """F6: the price once more."""
        if (live := self._live()) is not None:
            self._do(partial(auction_hall.call, lot_id=live.id, seen=live.seq))

    def hammer(self) -> None:
        """F8, twice: sold, or passed where the reserve is not reached; only the result says which."""
        if (live := self._live()) is None:
            return
        if live.price is None:
            self.say(_("还没有人出价。要收场按 F9 流拍。"), "warn")
            return
        why = self._too_early(live)
        means = self._presses.press(time.monotonic(), not why)
        if means is Means.ONCE:
            self.say(_("再按一次 F8 落槌。"), "warn")
        elif means is Means.EARLY:
            self.say(_("{why}仍要落槌，再按一次 F8。").format(why=why), "warn")
        else:
            self._do(partial(auction_hall.hammer, lot_id=live.id, sure=True, seen=live.seq))

    def pass_lot(self) -> None:
        """F9, twice: nobody bid."""
        if (live := self._live()) is None:
            return
        if live.price is not None:
            self.say(_("已有出价，只能落槌；成交还是流拍由落槌的结果说。"), "warn")
            return
        why = self._too_early(live)
        means = self._passes.press(time.monotonic(), not why)
        if means is Means.ONCE:
            self.say(_("没有人出价。再按一次 F9 流拍。"), "warn")
        elif means is Means.EARLY:
            self.say(_("{why}仍要流拍，再按一次 F9。").format(why=why), "warn")
        else:
            self._do(partial(auction_hall.hammer, lot_id=live.id, sure=True, seen=live.seq))

    def _too_early(self, live: HallLot) -> str:
        hall = self.view.hall
        if hall is None:
            return ""
        return too_early(live.calls_made, hall.auction.calls, live.price is not None, hall.next_order)

    def _live(self) -> HallLot | None:
        live = self.view.hall.live if self.view.hall else None
        if live is None:
            self.say(_("没有正在竞价的标的。按 N 开始下一件。"), "warn")
        return live

    def pause(self) -> None:
        """P: no bids until it goes on."""
        if (live := self._live()) is not None:
            act = auction_hall.resume if live.is_paused else auction_hall.pause
            self._do(partial(act, lot_id=live.id))

    def open_next(self) -> None:
        """N: the next lot; one that passed is asked about."""
        coming = self.view.coming
        if self.view.hall is None or self.view.hall.live is not None:
            self.say(_("这件标的还在竞价，先落槌。"), "warn")
        elif coming is None:
            self.say(_("没有待拍的标的了。流拍的可以用 ↑↓ 选中再按 N。"), "warn")
        elif coming.problem:
            self.view.pick(coming.id)
            self.say(_("标的 {no} 不能开始，原因见上。").format(no=coming.lot_no), "bad")  # the card says it
            self._sound("reject")
        elif coming.state is LotState.PASSED:
            title = _("标的 {no} 再拍一次？").format(no=coming.lot_no)
            text = _("它已经流拍，再拍从起拍价重新开始；前一次的记录留着。")
            confirm(self.view.body, title, text, _("再拍"), partial(self._open, coming.id, sure=True))
        else:
            self._open(coming.id)

    def _open(self, lot_id: uuid.UUID, sure: bool = False) -> None:
        self._do(partial(auction_hall.open_lot, lot_id=lot_id, sure=sure))

    def _do(self, act: Callable[..., Outcome]) -> None:
        self.view.line.act(_run(act), self._on_outcome, partial(self._on_lost, None))

    def _on_outcome(self, outcome: Outcome) -> None:
        tone = "ok"
        if outcome.answer is Answer.SOLD:
            words = _("成交：{paddle} 号 {amount}").format(
                paddle=paddle_no(outcome.lot.leader or 0), amount=unit(wan(outcome.amount))
            )
        elif outcome.answer is Answer.PASSED:
            words, tone = _("流拍：{reason}").format(reason=outcome.reason), "warn"
        elif outcome.answer is Answer.OPENED:
            words = (
                _("标的 {no} 开始竞价，起拍 {amount}。").format(no=outcome.lot.lot_no, amount=unit(wan(outcome.amount)))
                + outcome.reason
            )
            tone = "warn" if outcome.reason else tone
        elif outcome.is_done:
            words = ""
        else:
            words, tone = outcome.reason, "warn" if outcome.answer is Answer.MOVED else "bad"
        self._sound("pass" if outcome.is_done else SOUNDS.get(outcome.answer, "reject"))
        self.say(words, tone)

    def clear(self) -> None:
        """Esc: nothing typed, nothing said."""
        self.view.body.bid.clear()
        self._asked = None
        self._refused.clear()
        self.say("")

    def read_rules(self) -> None:
        """G: 宣读规则 (拍卖法 art. 49)."""
        if self.view.hall is not None:
            session_id = self.view.hall.auction.id
            said = partial(self.say, _("已记下：规则宣读了。"), "ok")
            self.view.line.act(
                lambda db, _console: auction_hall.read_rules(db, session_id),
                lambda _at: said(),
                partial(self._on_lost, None),
            )

    def hand_out(self) -> None:
        """C: 成交确认书 and 拍卖笔录 of the lot that was sold, to be signed at once (拍卖法 art. 52, 53)."""
        lot = self.view.subject
        if lot is None or lot.state is not LotState.SOLD:
            self.say(_("成交以后才有成交确认书。"), "warn")
            return
        body, session_id = self.view.body, self.view.session_id
        if session_id is not None:
            kinds = (CONFIRMATION, RECORD)
            cashier_papers.hand_out(body, self.view.context, session_id, [lot.id], kinds, body.bid.go_home, self.say)

    # --- dialogs ---

    def _ask(self, make: Callable[[HallLot], dialogs.ActDialog], refuse: str = "") -> None:
        lot = self.view.subject
        if lot is None or refuse:
            self.say(refuse or _("还没有标的。"), "warn")
            return
        box = make(lot)
        box.closed.connect(partial(self._on_asked, box))
        box.open()

    def _on_asked(self, box: dialogs.ActDialog, outcome: object) -> None:
        if isinstance(outcome, Outcome):
            self._on_outcome(outcome)
            self.say(box.done(outcome), "ok")
        self.view.body.bid.go_home()

    def correct(self) -> None:
        """Ctrl+Z: an entry that is wrong."""
        hall = self.view.hall
        if hall is None or hall.live is None or not dialogs.correctable(hall):
            self.say(_("没有可以更正的出价。落槌以后不能更正。"), "warn")
        else:
            self._ask(lambda lot: dialogs.CorrectDialog(self.view.body, self.view.line.act, hall, lot))

    def change_ladder(self) -> None:
        """L."""
        none = (
            ""
            if self.view.hall is not None and self.view.hall.live
            else _("加价幅度在竞价中调整；开始以前请在标的里改。")
        )
        self._ask(lambda lot: dialogs.LadderDialog(self.view.body, self.view.line.act, lot), none)

    def lower(self) -> None:
        """R."""
        self._ask(lambda lot: dialogs.LowerDialog(self.view.body, self.view.line.act, lot), self._not_the_reserve())

    def look(self) -> None:
        """V."""
        self._ask(lambda lot: dialogs.LookDialog(self.view.body, self.view.line.act, lot), self._not_the_reserve())

    def _not_the_reserve(self) -> str:
        lot = self.view.subject
        if not self.view.context.may("auction.reserve"):
            return _("没有看保留价的权限。")
        return "" if lot is not None and lot.reserve_kind is ReserveKind.SET else _("这件标的没有设保留价。")

    def withdraw(self) -> None:
        """W."""
        text = _("委托人在开拍前撤回，不算流拍。约定的费用在结算台收。")
        none = self._only((LotState.READY,), _("标的 {no} 的状态是“{state}”，只有待拍的可以撤回，数据未变。"))
        self._ask(lambda lot: self._reason(lot, _("撤回标的"), text, auction_hall.withdraw), none)

    def unlock(self) -> None:
        """U."""
        text = _("解除锁定十分钟，只为改错字。成交价、买受人和签约不变。")
        none = self._only(LOCKED, _("标的 {no} 没有锁定，数据未变。"))
        self._ask(lambda lot: self._reason(lot, _("解锁标的"), text, auction_hall.unlock), none)

    def _only(self, states: Sequence[LotState], words: str) -> str:
        """Why an act of lots in these states is none of the one on the card; "" where it is."""
        lot = self.view.subject
        return "" if lot is None or lot.state in states else words.format(no=lot.lot_no, state=lot.state.label)

    def _reason(self, lot: HallLot, title: str, text: str, act: Callable[..., Outcome]) -> dialogs.ReasonDialog:
        return dialogs.ReasonDialog(self.view.body, self.view.line.act, lot, title, text, act)

    def fill_menu(self, menu: Menu) -> None:
        for name, words in MENU:
            menu.add(_(words), partial(self.do, name), KEYS_OF[name])


def _run(act: Callable[..., Any]) -> Callable[[Database, str], Any]:
    """An act of the engine as the line runs it."""
    return lambda db, console: act(db, console=console)


MENU = (
    ("rules", N_("宣读规则")), ("ladder", N_("改加价幅度")), ("look", N_("看保留价")), ("lower", N_("改低保留价")),
    ("withdraw", N_("撤回标的")), ("unlock", N_("解锁标的")), ("full", N_("全屏竞价台")),
)  # fmt: skip
COMMANDS = (
    ("next", N_("开始下一件")), ("call", N_("报次")), ("correct", N_("更正")), ("pause", N_("暂停或继续")),
    ("papers", N_("成交确认书")), *MENU, ("project", N_("开关投影")), ("black", N_("黑屏")),
    ("preview", N_("预览投影")),
)  # fmt: skip
"""What the palette offers; not what takes a second press (hammer, unsold) or what is typed."""
ACTS: dict[str, Callable[[Acts], object]] = {
    "take": Acts.take, "call": Acts.call, "order": Acts.order, "hammer": Acts.hammer,
    "pass": Acts.pass_lot, "clear": Acts.clear, "correct": Acts.correct,
    "next": Acts.open_next, "amount": lambda acts: acts.view.body.bid.ask_amount(), "more": Acts.more,
    "equal": Acts.equal, "pause": Acts.pause, "rules": Acts.read_rules,
    "ladder": Acts.change_ladder, "lower": Acts.lower, "look": Acts.look,
    "papers": Acts.hand_out, "withdraw": Acts.withdraw, "unlock": Acts.unlock,
    "full": lambda acts: acts.view.toggle_full(),
    "black": lambda acts: acts.view.projector.toggle_black(), "project": lambda acts: acts.view.projector.toggle(),
    "preview": lambda acts: acts.view.projector.toggle_preview(),
    "up": lambda acts: acts.view.step_lot(-1), "down": lambda acts: acts.view.step_lot(1),
}  # fmt: skip
OPENING = ("project", "preview")
"""These open a window, which is not to take the keys."""
STAYS = ("correct", "ladder", "lower", "look", "withdraw", "unlock", "amount", "next", "full")
"""After these the focus is elsewhere by right."""
