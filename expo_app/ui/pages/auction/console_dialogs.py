"""What the console asks about a lot, by the keyboard alone: a correction, increments, reserve, withdrawal, unlocking.

Each dialog gives the function to be run; what is refused is said in it, and what was typed stays.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from expo_app.i18n import _
from expo_app.model import EventKind, LadderKind
from expo_app.rules.amounts import in_words
from expo_app.rules.auction_entry import amount_of
from expo_app.rules.auction_judge import Answer
from expo_app.rules.auction_words import paddle_no
from expo_app.services import auction_hall
from expo_app.services.auction_screen import wan
from expo_app.specs.auction_hall import Hall, HallEvent, HallLot, Outcome
from expo_app.store.database import Database
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, Tick
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import ComboBox, FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import row
from expo_app.ui.pages.auction.console_body import unit

Run = Callable[[Database, str], Any]
Do = Callable[[Run, Callable[[Any], object], Callable[[Exception], object]], object]
"""Gives an act to the line of the console, and who is told."""


NARROW = 480
ASKED = (Answer.CHECK, Answer.AGAIN)
"""What is asked about once: the same again is taken."""


class Asked(FormField):
    """A field with one line in it."""

    def __init__(self, label: str, text: str = "", hint: str = "", required: bool = False, unit: str = "") -> None:
        self.line = LineEditor()
        self.line.setText(text)
        super().__init__(label, self.line, hint, required, unit)

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.line.text().strip()


class ActDialog(Dialog):
    """Fields, a verb, and the line below them that says why not."""

    def __init__(self, parent: QWidget, do: Do, title: str, note: str, verb: str, width: int = NARROW) -> None:
        super().__init__(parent, title, width, note=note)
        self._do = do
        self.says = Label("", "body", "bad", wrap=True)
        self.says.hide()
        self.quit = Button(_("取消"), clicked=self.cancel)
        self.add_action(self.quit)
        self.verb = Button(verb, "primary", clicked=self.submit)
        self.add_action(self.verb, safe=True)
        self.show_submit_keys()

    def build(self) -> Run | None:
        """The act, of what stands in the fields; None where that was said in `says`."""
        raise NotImplementedError

    def submit(self) -> None:
        """Do it; the dialog closes when it is done."""
        if not self.verb.isEnabled() or (run := self.build()) is None:
            return
        self.verb.setEnabled(False)
        self._do(run, self._on_done, self._on_failed)

    def done(self, outcome: Outcome) -> str:
        """What the console says of it."""
        return _("已记下，标的 {no}。").format(no=outcome.lot.lot_no)

    def refuse(self, text: str) -> None:
        """Say why not."""
        self.says.setText(text)
        self.says.setVisible(bool(text))

    def _on_done(self, outcome: Any) -> None:
        if not self.is_open:
            return
        self.verb.setEnabled(True)
        if isinstance(outcome, Outcome) and not outcome.is_done:
            self.refuse(outcome.reason)
        else:
            self.close_with(outcome)

    def _on_failed(self, error: Exception) -> None:
        if self.is_open:
            self.verb.setEnabled(True)
            self.refuse(str(error))

    def _amount(self, field: Asked) -> Decimal | None:
        """What a field for money says; None where it says none, which is told beside it."""
        field.clear_problem()
        try:
            return amount_of(field.text)
        except ValueError as problem:
            field.set_problem(str(problem))
            return None


def correctable(hall: Hall) -> list[HallEvent]:
    """Entries of the live lot that may be put right: its bids, and corrections that no other took the place of."""
    found = []
    for event in hall.events:
        if event.kind is EventKind.OPEN:
            break
        if event.kind in (EventKind.BID, EventKind.CORRECTION) and not event.is_wrong:
            found.append(event)
    return found


def taken_out(hall: Hall, event: HallEvent) -> HallEvent:
    """The entry itself; of one that says there was no such bid, what was there before it."""
    there = {one.seq: one for one in hall.events}
    while event.paddle is None and event.corrects in there:
        event = there[event.corrects]
    return event


class CorrectDialog(ActDialog):
    """更正: which entry, what it should have been, who confirms it. Both stay in the record (拍卖法 art. 36)."""

    def __init__(self, parent: QWidget, do: Do, hall: Hall, lot: HallLot) -> None:
        note = _("只更正记错的一口；报出的价不能撤回")
        super().__init__(parent, do, _("更正"), note, _("记下更正"), theme.Width.DIALOG - 100)
        self._lot, self.events = lot, correctable(hall)
        self._were = [taken_out(hall, event) for event in self.events]
        self._asked: tuple[object, ...] = ()
        self.list = QListWidget()
        self.list.setAccessibleName(_("要更正的那一口"))
        self.list.setFixedHeight(172)
        for event, was in zip(self.events, self._were, strict=True):
            channel = was.channel.label if was.channel else ""
            words = _("{paddle} 号　{amount}　{channel}　{time}").format(
                paddle=paddle_no(was.paddle or 0),
                amount=in_words(was.amount),
                channel=channel if event.paddle is not None else _("不计"),
                time=f"{event.at:%H:%M:%S}",
            )
            item = QListWidgetItem(words, self.list)
            item.setSizeHint(QSize(0, theme.Height.CONTROL))
        self.body.addWidget(self.list)
        self.paddle, self.amount = Asked(_("应为号牌")), Asked(_("应为金额"), unit=_("万元"))
        line = row()
        line.addWidget(self.paddle)
        line.addWidget(self.amount)
        self.body.addLayout(line)
        self.no_bid = Tick(_("没有这一口"))
        self.no_bid.toggled.connect(self._on_no_bid)
        self.body.addWidget(self.no_bid)
        hint = _("更正要由主持人当场确认")
        self.by = Asked(_("确认人"), hall.auction.auctioneer, hint, required=True)
        self.why = Asked(_("原因"))
        line = row()
        line.addWidget(self.by)
        line.addWidget(self.why)
        self.body.addLayout(line)
        self.body.addWidget(self.says)
        self.show_submit_keys()
        self.list.currentRowChanged.connect(self._on_chosen)
        self.list.setCurrentRow(0)

    def _on_chosen(self, at: int) -> None:
        if 0 <= at < len(self.events):
            event = self._were[at]
            self.paddle.line.setText(paddle_no(event.paddle or 0))
            self.amount.line.setText(wan(event.amount))
            self.keep_typed()

    def _on_no_bid(self, on: bool) -> None:
        self.paddle.setEnabled(not on)
        self.amount.setEnabled(not on)

    def done(self, outcome: Outcome) -> str:
        if outcome.lot.price is None or outcome.lot.leader is None:
            return _("已更正：标的 {no} 现在没有出价。").format(no=outcome.lot.lot_no)
        words = _("已更正：标的 {no} 现价 {amount}，{paddle} 号领先。")
        paddle = paddle_no(outcome.lot.leader)
        return words.format(no=outcome.lot.lot_no, amount=unit(wan(outcome.lot.price)), paddle=paddle)

    def build(self) -> Run | None:
        self.refuse("")
        wrong, by, why = self.events[self.list.currentRow()], self.by.text, self.why.text
        lot_id = self._lot.id
        if self.no_bid.isChecked():
            return lambda db, console: auction_hall.correct(
                db, lot_id, wrong.seq, by, no_bid=True, reason=why, console=console
            )
        digits = self.paddle.text
        if not digits.isdecimal() or not int(digits):
            self.paddle.set_problem(_("号牌是数字，如 18。"))
            return None
        amount = self._amount(self.amount)
        if amount is None:
            return None
        paddle = int(digits)
        typed = (wrong.seq, paddle, amount)
        sure, self._asked = typed == self._asked, typed
        return lambda db, console: auction_hall.correct(
            db, lot_id, wrong.seq, by, paddle, amount, sure=sure, reason=why, console=console
        )

    def _on_done(self, outcome: Any) -> None:
        if isinstance(outcome, Outcome) and outcome.answer not in ASKED:
            self._asked = ()
        super()._on_done(outcome)


class LadderDialog(ActDialog):
    """The auctioneer changes the increments while a lot runs: from now on, and it stands in the record."""

    def __init__(self, parent: QWidget, do: Do, lot: HallLot) -> None:
        super().__init__(parent, do, _("改加价幅度"), lot.lot_no, _("调整"))
        self._lot = lot
        self.kind = ComboBox()
        for kind in LadderKind:
            self.kind.addItem(kind.label, kind)
        self.kind.setCurrentIndex(self.kind.findData(lot.ladder.kind))
        step, percent = lot.ladder.step, lot.ladder.percent
        self.step = Asked(_("每口加价"), "" if step is None else wan(step), unit=_("万元"))
        self.percent = Asked(_("加价比例"), "" if percent is None else f"{percent.normalize():f}", unit="%")
        self.body.addWidget(FormField(_("加价方式"), self.kind))
        self.body.addWidget(self.step)
        self.body.addWidget(self.percent)
        self.body.addWidget(self.says)
        self.kind.currentIndexChanged.connect(self._on_kind)
        self._on_kind()

    def _on_kind(self) -> None:
        kind = self.kind.currentData()
        self.step.setVisible(kind is LadderKind.FIXED)
        self.percent.setVisible(kind is LadderKind.PERCENT)

    def build(self) -> Run | None:
        kind, lot_id = self.kind.currentData(), self._lot.id
        step = percent = None
        if kind is LadderKind.FIXED and (step := self._amount(self.step)) is None:
            return None
        if kind is LadderKind.PERCENT:
            digits = self.percent.text
            if not digits.replace(".", "", 1).isdecimal():
                self.percent.set_problem(_("比例是数字，如 5。"))
                return None
            percent = Decimal(digits)
        return lambda db, console: auction_hall.change_ladder(db, lot_id, kind, step, percent, console=console)


class LowerDialog(ActDialog):
    """The owner lowers the reserve before the hammer; the record says who and when, never how much."""

    def __init__(self, parent: QWidget, do: Do, lot: HallLot) -> None:
        super().__init__(parent, do, _("改低保留价"), lot.lot_no, _("降低"))
        self._lot = lot
        self.amount = Asked(_("新的保留价"), unit=_("万元"), required=True)
        self.by = Asked(_("委托人一方提出的人"), required=True)
        for widget in (self.amount, self.by, self.says):
            self.body.addWidget(widget)

    def build(self) -> Run | None:
        amount, by, lot_id = self._amount(self.amount), self.by.text, self._lot.id
        if amount is None:
            return None
        return lambda db, console: auction_hall.lower_reserve(db, lot_id, amount, by, console=console)


class LookDialog(ActDialog):
    """查看保留价: asked first, because every look is kept; then shown in this dialog and nowhere else."""

    def __init__(self, parent: QWidget, do: Do, lot: HallLot) -> None:
        super().__init__(parent, do, _("看保留价"), lot.lot_no, _("查看"))
        self._lot = lot
        self.amount = Label(_("每次查看都记进竞价记录和审计。屏幕旁边没有别人再看。"), "body", wrap=True)
        self.why = Asked(_("原因"))
        self.why.line.returnPressed.connect(self.submit)
        for widget in (self.amount, self.why, self.says):
            self.body.addWidget(widget)

    def build(self) -> Run:
        why, lot_id = self.why.text, self._lot.id
        return lambda db, console: auction_hall.look_at_reserve(db, lot_id, console=console, reason=why)

    def _on_done(self, outcome: Any) -> None:
        if self.is_open:
            words = _("没有设保留价。") if outcome is None else _("保留价 {amount}。已记下这次查看。")
            self.amount.setText(words.format(amount=in_words(outcome)))
            self.why.hide()
            self.verb.hide()
            self.quit.set_text(_("关闭"))
            self.quit.setFocus(Qt.FocusReason.OtherFocusReason)
            self.keep_typed()


class ReasonDialog(ActDialog):
    """An act that wants one reason: 撤回, 解除锁定."""

    def __init__(
        self, parent: QWidget, do: Do, lot: HallLot, title: str, text: str, act: Callable[..., Outcome]
    ) -> None:
        super().__init__(parent, do, title, lot.lot_no, title)
        self._lot, self._act = lot, act
        self.why = Asked(_("原因"), required=True)
        self.why.line.returnPressed.connect(self.submit)
        for widget in (Label(text, "body", wrap=True), self.why, self.says):
            self.body.addWidget(widget)

    def build(self) -> Run:
        why, lot_id, act = self.why.text, self._lot.id, self._act
        return lambda db, console: act(db, lot_id, why, console=console)
