"""What opens inside the right column: badge, a supervisor's word, keys, the choice of a desk (search: `arrivals`).

A panel never covers the verdict and never holds the desk: scans go on beside it. Esc closes it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget
from shiboken6 import isValid

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.store.database import Actor
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.fields import ComboBox, FormField
from expo_app.ui.kit.labels import KeyCap, Label
from expo_app.ui.kit.panels import Card, row
from expo_app.ui.kit.placeholders import Banner

REASON = 200
Ask = Callable[..., object]
"""`ask(work, done, failed)`: `work()` off the window's thread, then `done(result)` or `failed(error)` on it."""
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SidePanel(Card):
    """A card in the right column. `first` gets the focus; `closed` when the person is done with it.

    `about`: the one attendee it acts on, who must be the one on the screen; None where it names its own.
    """

    closed = Signal()

    def __init__(self, title: str, about: uuid.UUID | None = None) -> None:
        super().__init__(title, padding=theme.Space.L)
        self.about = about
        self.setAccessibleName(title)
        self.first: QWidget = self
        self.body.setSpacing(theme.Space.S)
        self._banner: Banner | None = None

    def say(self, error: Exception | str, kind: str = "bad") -> None:
        """One sentence above the fields; an empty one takes it away."""
        if self._banner is not None:
            self.body.removeWidget(self._banner)
            self._banner.hide()
            self._banner.deleteLater()
            self._banner = None
        if error:
            self._banner = Banner(kind, str(error), small=True)
            self.body.insertWidget(0, self._banner)

    def while_here(self, ask: Ask) -> Ask:
        """The same, but an answer that comes after the panel was closed is nobody's."""

        def asked(work: Callable[[], Any], *answers: Callable[[Any], object]) -> object:
            return ask(work, *(partial(self._tell, answer) for answer in answers))

        return asked

    def _tell(self, answer: Callable[[Any], object], value: Any) -> None:
        if isValid(self):
            answer(value)

    def add_buttons(self, *buttons: QWidget) -> None:
        """A row of verbs, the primary one last."""
        bar = row()
        bar.addStretch(1)
        for button in buttons:
            bar.addWidget(button)
        self.body.addLayout(bar)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)


class DonePanel(SidePanel):
    """After a walk-in or a new badge: whose, its number, and the printer one Enter away; scans go on meanwhile."""

    print_wanted = Signal(object)

    def __init__(self, title: str, attendee_id: uuid.UUID, name: str, number: str) -> None:
        super().__init__(title)
        self.body.addWidget(Label(name, "title", wrap=True))
        self.body.addWidget(Label(number, "kpi"))
        self.print = Button(_("打印胸卡"), "primary", "printer-line", clicked=self._print)
        self._attendee = attendee_id
        self.add_buttons(Button(_("不打印"), clicked=self.closed.emit), self.print)
        self.body.addStretch(1)
        self.first = self.print

    def _print(self) -> None:
        self.print_wanted.emit(self._attendee)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self._print()
            return
        super().keyPressEvent(event)


class ClockPanel(SidePanel):
    """The computer's clock jumped: by which day to count. Until somebody says it, by the one there was."""

    followed, stayed = Signal(), Signal()

    def __init__(self, kept: datetime, machine: datetime, is_kept: bool) -> None:
        super().__init__(_("电脑的时钟变了") if is_kept else _("电脑的时钟对吗"))
        words = _("应是 {kept}，电脑却说 {machine}。签到仍按 {day} 计，已签到的人不受影响。")
        if not is_kept:
            words = _("有一次扫描记在 {kept}，电脑却说现在是 {machine}。签到现在按 {day} 计。")
        day = f"{kept if is_kept else machine:%m-%d}"
        said = words.format(kept=f"{kept:%m-%d %H:%M}", machine=f"{machine:%m-%d %H:%M}", day=day)
        self.body.addWidget(Label(said, "body", wrap=True))
        self.body.addWidget(Label(_("请看手机上的时间，再选。"), "secondary", wrap=True))
        self.stay = Button(_("按 {day} 接着签到").format(day=f"{kept:%m-%d %H:%M}"), "primary", clicked=self._stay)
        self.follow = Button(_("电脑是对的：{day}").format(day=f"{machine:%m-%d %H:%M}"), clicked=self._follow)
        for button in (self.stay, self.follow):
            self.body.addWidget(button)
        self.body.addStretch(1)
        self.first = self.stay

    def _stay(self) -> None:
        self.stayed.emit()
        self.closed.emit()

    def _follow(self) -> None:
        self.followed.emit()
        self.closed.emit()


class BadgePanel(SidePanel):
    """F4 for one person: a new badge that revokes the old one; the same once more while it was not handed over.

    `held`: why the same badge cannot be printed again, if it cannot. `wanted(what, reason)`: "again", "issue" or
    "reissue".
    """

    wanted = Signal(str, str)

    def __init__(self, attendee_id: uuid.UUID, name: str, held: UserError | None) -> None:
        super().__init__(_("换发胸卡"), attendee_id)
        self.what = "issue" if held is not None and held.code == "E-NO-BADGE" else "reissue"
        words, verb = {
            "issue": (_("还没有胸卡，现在制一张。"), _("制证")),
            "reissue": (_("换发新卡：旧卡随即作废，再扫会被拒。"), _("换发新卡")),
        }[self.what]
        self.reason = QLineEdit()
        self.reason.setMaxLength(REASON)
        hint = _("遗失、损坏、信息有误等，会记入日志")
        self.field = FormField(_("换发原因"), self.reason, hint, required=True)
        self.go = Button(verb, "primary", "exchange-line", clicked=self._go)
        self.again = Button(_("补打同一张"), icon="printer-line", clicked=lambda: self.wanted.emit("again", ""))
        self.reason.returnPressed.connect(self._go)
        self.body.addWidget(Label(name, "title"))
        self.body.addWidget(Label(words, "secondary", wrap=True))
        self.body.addWidget(self.field)
        self.field.setVisible(self.what == "reissue")
        self.add_buttons(Button(_("返回"), clicked=self.closed.emit), self.go)
        self._add_again(held)
        self.body.addStretch(1)
        self.first = self.reason if self.what == "reissue" else self.go

    def _add_again(self, held: UserError | None) -> None:
        """The second choice, or why there is none."""
        if self.what == "issue":
            words = ""
        elif held is None:
            words = _("没打好、还没交给本人：补打同一张，号码不变，会记入补打次数。")
        else:
            words = _("胸卡已交到本人手里，不能补打同一张。")
        self.body.addSpacing(theme.Space.M)
        self.body.addWidget(Label(words, "secondary", wrap=True))
        self.add_buttons(self.again)
        self.again.setVisible(held is None)

    def _go(self) -> None:
        reason = self.reason.text().strip()
        if self.what == "reissue" and not reason:
            self.field.set_problem(_("不能为空。"))
            self.reason.setFocus()
            return
        self.wanted.emit(self.what, reason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            for button in (self.go, self.again):
                if button.hasFocus():
                    button.click()
                    return
        super().keyPressEvent(event)


class PinPanel(SidePanel):
    """A supervisor's name and PIN, and for an override the reason. `given(actor, reason)` once the PIN was right."""

    given = Signal(object, str)

    def __init__(
        self,
        title: str,
        verb: str,
        supervisors: Sequence[str],
        ask: Ask,
        sign_in: Callable[[str, str], Actor],
        printed: Callable[[str], str],
        about: tuple[uuid.UUID | None, str] = (None, ""),
        with_reason: bool = False,
    ) -> None:
        """`printed(name)`: the PIN of a made-up supervisor of the sample, else ""; `about`: an attendee, the name."""
        super().__init__(title, about[0])
        self._ask, self._sign_in, self._printed, self._is_asking = self.while_here(ask), sign_in, printed, False
        if about[1]:
            self.body.addWidget(Label(about[1], "title", wrap=True))
        self.names, self.pin, self.reason = ComboBox(), QLineEdit(), QLineEdit()
        self.names.addItems(list(supervisors))
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.reason.setMaxLength(REASON)
        self.pin_field = FormField("PIN", self.pin, required=True)
        self.names.currentTextChanged.connect(self._look_up_printed)
        self._look_up_printed(self.names.currentText())
        self.reason_field = FormField(_("原因"), self.reason, _("会记入日志"), required=True)
        self.body.addWidget(FormField(_("主管"), self.names))
        if with_reason:
            self.body.addWidget(self.reason_field)
        self.body.addWidget(self.pin_field)
        self._with_reason = with_reason
        self.go = Button(verb, "primary", clicked=self._give)
        self.add_buttons(Button(_("返回"), clicked=self.closed.emit), self.go)
        self.body.addStretch(1)
        self.pin.returnPressed.connect(self._give)
        self.reason.returnPressed.connect(self.pin.setFocus)
        self.first = self.reason if with_reason else self.pin

    def _look_up_printed(self, name: str) -> None:
        self._ask(partial(self._printed, name), partial(self._show_printed, name), lambda _error: None)

    def _show_printed(self, name: str, pin: str) -> None:
        if name == self.names.currentText():
            self.pin_field.set_hint(_("示例操作员的 PIN：{pin}").format(pin=pin) if pin else "")

    def _give(self) -> None:
        if self._is_asking:
            return
        self.pin_field.clear_problem()
        self.reason_field.clear_problem()
        asked = [(self.pin, self.pin_field)]
        if self._with_reason:
            asked.insert(0, (self.reason, self.reason_field))
        for line, field in asked:
            if not line.text().strip():
                field.set_problem(_("不能为空。"))
                line.setFocus()
                return
        self._is_asking = True
        pin = self.pin.text()
        self.pin.clear()
        self._ask(partial(self._sign_in, self.names.currentText(), pin), self._on_right, self._on_wrong)

    def _on_right(self, actor: Actor) -> None:
        self._is_asking = False
        self.given.emit(actor, self.reason.text().strip())

    def _on_wrong(self, error: Exception) -> None:
        self._is_asking = False
        self.pin_field.set_problem(str(error))
        self.pin.setFocus()


class ChoosePanel(SidePanel):
    """Which desk this is, and at which gate it stands."""

    chosen = Signal(str, str)

    def __init__(self, gates_by_desk: Mapping[str, str], gates: Sequence[str], desk: str, gate: str) -> None:
        super().__init__(_("选择签到台"))
        self._own = dict(gates_by_desk)
        self.desk, self.gate = ComboBox(), ComboBox()
        self.desk.addItems(list(gates_by_desk))
        self.gate.addItems(list(gates))
        self.desk.currentTextChanged.connect(lambda name: self.gate.setCurrentText(self._own.get(name, "")))
        if desk in gates_by_desk:
            self.desk.setCurrentText(desk)
        self.gate.setCurrentText(gate or self._own.get(self.desk.currentText(), ""))
        self.body.addWidget(FormField(_("签到台"), self.desk))
        self.body.addWidget(FormField(_("入口或会场"), self.gate))
        self.go = Button(_("开始签到"), "primary", clicked=self._choose)
        self.add_buttons(self.go)
        self.body.addStretch(1)
        self.first = self.go

    def _choose(self) -> None:
        self.chosen.emit(self.desk.currentText(), self.gate.currentText())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self._choose()
            return
        super().keyPressEvent(event)


KEYS = (
    ("Enter", N_("扫码后结束；手输证件号后先看人，再按一次签到")),
    ("F2", N_("现场登记，登记完即签到")),
    ("F3", N_("按姓名、拼音、手机后四位、单位查人")),
    ("F4", N_("给上一位换发胸卡，旧卡作废；未交给本人的可补打")),
    ("F6", N_("撤销本台上一次放行，10 分钟内有效")),
    ("F7", N_("主管凭 PIN 放行被拒的人")),
    ("F8", N_("双向的签到台：切换记进场还是记出场")),
    ("F11", N_("退出签到台")),
    ("Esc", N_("关闭右边的面板，回到扫码框")),
)


class HelpPanel(SidePanel):
    """F1: what each key does."""

    def __init__(self) -> None:
        super().__init__(_("帮助"))
        grid = QGridLayout()
        grid.setSpacing(theme.Space.S)
        grid.setColumnStretch(1, 1)
        for n, (keys, words) in enumerate(KEYS):
            grid.addWidget(KeyCap(keys), n, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Label(_(words), wrap=True), n, 1)
        self.body.addLayout(grid)
        colours = _("绿色 ✓ 放行；黄色 ! 今天来过，核对后放行；红色 ✕ 不能入场。每次扫码都会留存，被拒的也留存。")
        self.body.addWidget(Label(colours, "secondary", wrap=True))
        back = Button(_("返回"), clicked=self.closed.emit)
        self.add_buttons(back)
        self.body.addStretch(1)
        self.first = back


def focus_soon(widget: QWidget) -> None:
    """Give the focus once the widget is on the screen."""
    QTimer.singleShot(0, widget, lambda: widget.setFocus(Qt.FocusReason.OtherFocusReason))
