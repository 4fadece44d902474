"""`bid`: a console without a window. Lines on standard input are acts on lots, each answered after its commit.

    rules                 the rules are read out (拍卖法 art. 49)
    open LOT              call LOT    hammer LOT    pause LOT    resume LOT
    LOT PADDLE            the least bid that is possible
    LOT PADDLE YUAN       a bid of so much: 1240000, 124万, 1.24百万
    LOT PADDLE =          同价跟价 of a priority bidder

An answer is one line: the word, then lot, paddle, yuan and why, a tab between two. Words: accepted, low, closed,
own_lot, unknown_paddle, no_priority, check (more than ten times the price, a hammer before all calls or under a written
order that can still bid, a lot that passed opened once more) and again (the paddle leads already: a line sent twice
raises nobody's own price) of which the same line at once again is taken, opened, called, sold, passed (a hammer without
a bid or under the reserve), done, refused, and not_kept: it could not be stored.
"""

from __future__ import annotations

import logging
import os
import re
import socket
import sys
import time
import unicodedata
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expo_app.areas.checkin_verb import readings
from expo_app.areas.registration import Verb
from expo_app.cli_output import Output, columns
from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.model import EventKind
from expo_app.rules.amounts import parse_wan
from expo_app.rules.auction_judge import Answer
from expo_app.rules.auction_words import paddle_no
from expo_app.services import auction_act, auction_hall
from expo_app.services.expos import ExpoInfo
from expo_app.services.record_rules import rules_of
from expo_app.specs import DEALS
from expo_app.specs.auction_hall import Outcome
from expo_app.store.database import Database
from expo_app.store.faults import passes

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

log = logging.getLogger(__name__)
PATIENCE = 0.9
"""Seconds for which a line is tried again: its last try may take another one, where a server says nothing."""
ACTS: dict[str, Callable[[Database, uuid.UUID, str], Outcome]] = {
    "call": auction_hall.call,
    "pause": auction_hall.pause,
    "resume": auction_hall.resume,
}
KEPT = {
    EventKind.BID: Answer.ACCEPTED, EventKind.OPEN: Answer.OPENED, EventKind.CALL: Answer.CALLED,
    EventKind.SOLD: Answer.SOLD, EventKind.PASSED: Answer.PASSED,
}  # fmt: skip
ASKING: dict[str, Callable[..., Outcome]] = {"open": auction_hall.open_lot, "hammer": auction_hall.hammer}
"""These may ask before they act."""
EQUAL = "="
_YUAN = re.compile(r"[\d,.]+")


@dataclass(frozen=True)
class Line:
    """What a line asks for: an act of `ACTS` or `ASKING` (or "bid", "rules") on a lot, as it is written there."""

    act: str
    lot: str = ""
    paddle: int = 0
    amount: Decimal | None = None
    is_equal: bool = False


def parse(text: str) -> Line:
    """What a line means; ValueError with a sentence for one that means nothing."""
    words = unicodedata.normalize("NFKC", text).split()
    act = words[0].casefold() if words else ""
    if act == "rules" and len(words) == 1:
        return Line(act)
    if act in (*ACTS, *ASKING) and len(words) == 2:
        return Line(act, words[1])
    if len(words) not in (2, 3) or act in (*ACTS, *ASKING) or not re.fullmatch(r"[0-9]{1,6}", words[1]):
        asked = _("“{text}”不是这里的命令，没有记录。应如 open 01、call 01、hammer 01、01 18 或 01 18 1240000。")
        raise ValueError(asked.format(text=text.strip()[:40]))
    if words[2:] == [EQUAL]:
        return Line("bid", words[0], int(words[1]), is_equal=True)
    return Line("bid", words[0], int(words[1]), read_yuan(words[2]) if words[2:] else None)


def read_yuan(text: str) -> Decimal:
    """Yuan; another unit is written with it (124万). ValueError with a sentence."""
    return parse_wan(f"{text}元" if _YUAN.fullmatch(text) else text)


def lot_key(lot_no: str) -> str:
    """What two spellings of a lot's number have in common: 04, 4 and ０４, A-7 and a7; 1-1 is not 11."""
    plain = re.sub(r"[\s\-—–]+", "-", _plain_no(lot_no).casefold())
    return re.sub(r"0*(\d+)", r"\1", re.sub(r"(?<!\d)-|-(?!\d)", "", plain))


def _plain_no(lot_no: str) -> str:
    return unicodedata.normalize("NFKC", lot_no).strip()


def meant(lot_no: str, there: Sequence[str]) -> list[int]:
    """Which of these numbers a written one can mean, by place: those written just so, else its other spellings."""
    exact = [at for at, no in enumerate(there) if _plain_no(no) == _plain_no(lot_no)]
    return exact or [at for at, no in enumerate(there) if lot_key(no) == lot_key(lot_no)]


@dataclass(frozen=True)
class Said:
    """The answer to one line."""

    answer: Answer
    line: Line | None
    outcome: Outcome | None = None
    reason: str = ""

    def text(self) -> str:
        """As a person, or a small program, reads it."""
        paddle = paddle_no(self.line.paddle) if self.line and self.line.paddle else ""
        amount = self.outcome.amount if self.outcome else None
        return columns(self.word, self.lot, paddle, "" if amount is None else f"{amount:.2f}", self.why)

    def values(self, text: str) -> dict[str, Any]:
        """As JSON has it; amounts in yuan as text, moments by the event's own record."""
        lot = self.outcome.lot if self.outcome else None
        return {
            "line": text,
            "answer": self.word,
            "lot": self.lot,
            "paddle": self.line.paddle or None if self.line else None,
            "amount": _plain(self.outcome.amount if self.outcome else None),
            "price": _plain(lot.price if lot else None),
            "leader": lot.leader if lot else None,
            "calls": lot.calls_made if lot else None,
            "state": lot.state.name.lower() if lot else None,
            "seq": lot.seq if lot else None,
            "deal_id": str(lot.deal_id) if lot and lot.deal_id else None,
            "reason": self.why,
        }

    @property
    def word(self) -> str:
        return self.answer.name.lower()

    @property
    def lot(self) -> str:
        return self.outcome.lot.lot_no if self.outcome else self.line.lot if self.line else ""

    @property
    def why(self) -> str:
        return self.reason or (self.outcome.reason if self.outcome else "")


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


class Console:
    """One session, worked from lines. `asked`: the line answered `check` or `again`: at once again, it is taken."""

    def __init__(self, db: Database, auction_id: uuid.UUID, name: str) -> None:
        self._db, self._auction_id, self._name = db, auction_id, f"{name}:{os.getpid()}"
        self._lots: dict[str, uuid.UUID] = {}
        """What was meant by a number, as lines write it."""
        self._seqs: dict[uuid.UUID, int] = {}
        """The last known entry of a lot."""
        self._unsure: dict[uuid.UUID, tuple[str, int]] = {}
        """Lots of which a line was answered `not_kept`, and the entry before it."""
        self._asked: Line | None = None
        self.any_lost = False

    def answer(self, text: str, tell: Callable[[str], None]) -> Said:
        """One line, done and answered after its commit; whatever goes wrong, the next one can come."""
        try:
            line = parse(text)
        except ValueError as problem:
            return Said(Answer.REFUSED, None, reason=str(problem))
        sure, self._asked = line == self._asked, None
        give_up, is_sure = time.monotonic() + PATIENCE, True
        while True:
            try:
                said = None if is_sure else self._kept(line)
                is_sure = True
                self._tell_of_unsure(tell)
                said = said or self._done(line, sure)
                break
            except UserError as problem:
                if not passes(problem):
                    return Said(Answer.REFUSED, line, reason=str(problem))
                is_sure = is_sure and self._db.is_sqlite
                if time.monotonic() > give_up:
                    return self._lost(line, str(problem))
                time.sleep(0.02)
            except Exception:
                log.exception("a line could not be done")
                return self._lost(line, _("程序出了意外，这一行没有保存。请核对后再试一次。"))
        if said.answer in (Answer.CHECK, Answer.AGAIN):
            self._asked = line
        return said

    def _kept(self, line: Line) -> Said | None:
        """The answer to a line that a server finished without one; None where it did not, and it can be tried again."""
        if (lot_id := self._lots.get(line.lot)) is None:
            return None
        found, now = auction_act.kept_since(self._db, lot_id, self._name, self._seqs[lot_id])
        if not found or lot_id in self._unsure:
            return None
        self._seqs[lot_id] = now.seq
        answer = KEPT.get(found[-1].kind, Answer.DONE)
        return Said(answer, line, Outcome(answer, now, found[-1].amount))

    def _lost(self, line: Line, why: str) -> Said:
        self.any_lost = True
        if not self._db.is_sqlite and (lot_id := self._lots.get(line.lot)):
            self._unsure.setdefault(lot_id, (line.lot, self._seqs[lot_id]))
        return Said(Answer.NOT_KEPT, line, reason=why)

    def _tell_of_unsure(self, tell: Callable[[str], None]) -> None:
        """Before anything else is done: what was answered `not_kept` and is kept all the same is said, to be put right
        in the hall; an entry in the record of an auction is never taken out.
        """
        for lot_id, (lot_no, seq) in list(self._unsure.items()):
            found, now = auction_act.kept_since(self._db, lot_id, self._name, seq)
            for kept in found:
                words = _(
                    "back：标的 {no} 的“{act}”（{amount} 元）其实已经保存，是第 {seq} 条；不算的话请在竞价台更正。"
                )
                tell(words.format(no=lot_no, act=kept.kind.label, amount=_plain(kept.amount) or "—", seq=kept.seq))
            self._seqs[lot_id] = now.seq
            del self._unsure[lot_id]

    def _done(self, line: Line, sure: bool) -> Said:
        if line.act == "rules":
            auction_hall.read_rules(self._db, self._auction_id)
            return Said(Answer.DONE, line)
        lot_id = self._lot(line.lot)
        if line.act == "bid":
            outcome = self._bid(lot_id, line, sure)
        elif line.act in ASKING:
            outcome = ASKING[line.act](self._db, lot_id, self._name, sure=sure)
        else:
            outcome = ACTS[line.act](self._db, lot_id, self._name)
        self._seqs[lot_id] = outcome.lot.seq
        return Said(outcome.answer, line, outcome)

    def _bid(self, lot_id: uuid.UUID, line: Line, sure: bool) -> Outcome:
        return auction_hall.bid(
            self._db, lot_id, line.paddle, line.amount, is_equal=line.is_equal, sure=sure, console=self._name
        )

    def _lot(self, lot_no: str) -> uuid.UUID:
        if lot_no not in self._lots:
            found = auction_hall.numbers(self._db, self._auction_id)
            those = [found[at] for at in meant(lot_no, [no for _key, no, _seq in found])]
            if not those:
                raise UserError(_("这一场没有标的 {no}，没有记录。请核对编号。").format(no=lot_no[:20]), "E-LOT")
            if len(those) > 1:
                words = _("“{no}”可以是标的 {names}，没有记录。照编号原样写；写法相同的先在标的清单里改开。")
                names = "、".join(no for _key, no, _seq in those)
                raise UserError(words.format(no=lot_no[:20], names=names), "E-LOT")
            ((key, _no, seq),) = those
            self._lots[lot_no] = key
            self._seqs.setdefault(key, seq)
        return self._lots[lot_no]


def _session(db: Database, expo: ExpoInfo, title: str) -> uuid.UUID:
    """The session that is meant; UserError lists what there is."""
    there = auction_hall.sessions(db, expo.id)
    named = [key for key, name in there if name == title.strip()] if title.strip() else [key for key, _name in there]
    if len(named) == 1:
        return named[0]
    titles = "、".join(name for _key, name in there)
    if not there:
        raise UserError(_("这个展会没有可以竞价的专场，数据未变。先在“专利拍卖”里建一场。"), "E-AUCTION")
    if title.strip():
        raise UserError(_("没有专场“{name}”，可用：{names}。").format(name=title.strip(), names=titles), "E-AUCTION")
    raise UserError(_("有几个专场，请用 --auction 说明哪一个：{names}。").format(names=titles), "E-AUCTION")


def _run(args: Namespace, output: Output, db: Database, expo: ExpoInfo) -> int:
    """One answer per line, written only after its commit; status 1 where a line was not kept."""
    try:
        console = Console(db, _session(db, expo, args.auction), args.console or socket.gethostname())
        rules_of(DEALS)  # what the first sale needs is loaded before anybody waits for it
        for reading in readings(sys.stdin.buffer if sys.stdin else BytesIO()):
            said = console.answer(reading.text, output.problem)
            output.say(said.text())
            output.value(said.values(reading.text))
    except KeyboardInterrupt:
        raise UserError(_("已停止。显示了结果的都已保存，标明没有保存的除外。"), "E-STOPPED") from None
    return 1 if console.any_lost else 0


def _options(parser: ArgumentParser, _place: Callable[[str], Path]) -> None:
    parser.add_argument("--auction", default="", metavar="TITLE", help=_("专场名称；只有一场时不用写"))
    parser.add_argument("--console", default="", metavar="NAME", help=_("竞价台的名称，记在每一条里；默认用电脑名"))


VERB = Verb(
    "bid",
    N_("竞价：标准输入每行 open、call、hammer 加标的号，或标的号、号牌和元数；每行一个结果"),
    25,
    _options,
    _run,
    is_last=True,
    example=N_("printf 'open 01\\n01 18\\nhammer 01\\n' | main.py bid --db demo/expo.db"),
)
