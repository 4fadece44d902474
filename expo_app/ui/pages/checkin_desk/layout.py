"""The parts of the desk's window and where they stand; nothing here knows a scan."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from expo_app.i18n import N_, _
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.labels import ElidedLabel, Label, Line, Pill
from expo_app.ui.kit.panels import clear, column, row
from expo_app.ui.kit.theme import Kiosk, Space
from expo_app.ui.pages.checkin_desk import verdict_words
from expo_app.ui.pages.checkin_desk.desk_widgets import CountCard, FootKey, KeyButton, LineList, ScanBox
from expo_app.ui.pages.checkin_desk.kiosk import PersonCard, VerdictView
from expo_app.ui.pages.checkin_desk.scan_line import ScanLine

LAST = 5
"""Scans of the desk that stand at the right, where there is room."""
SIDE_KEYS = (
    ("F2", "user-add-line", N_("现场登记"), N_("新观众，登记完即签到")),
    ("F3", "search-line", N_("人工查询"), N_("姓名、手机后四位、拼音")),
    ("F4", "exchange-line", N_("换发胸卡"), N_("上一位的卡遗失或损坏")),
)
FOOT_KEYS = (
    ("F1", N_("帮助")), ("F6", N_("撤销上一次")), ("F7", N_("强制放行（主管 PIN）")), ("F8", N_("切换进出")),
)  # fmt: skip


class Header(QWidget):
    """Desk and operator at the left; state, rule, clock and exit at the right. Nothing here takes the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(Kiosk.HEADER)
        line = row(self, Space.M)
        line.setContentsMargins(Kiosk.MARGIN, 0, Kiosk.MARGIN, 0)
        line.addWidget(Label(_("签到台"), "section"))
        line.addWidget(_bar())
        self.desk = Button("", "expo", "arrow-down-s-line")
        self.desk.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.desk.setToolTip(_("换一个签到台或入口"))
        self.operator = Label("", "secondary")
        line.addWidget(self.desk)
        line.addWidget(self.operator)
        line.addStretch(1)
        self.pills = row(spacing=Space.S)
        self.rule = ElidedLabel("", "secondary")
        self.clock = Label("", "title")
        self.lock = IconButton("lock-unlock-line", _("锁定：只能签到，别的都要主管 PIN"))
        self.exit = Button(_("退出"), "bar", "logout-box-r-line")
        line.addLayout(self.pills)
        line.addWidget(self.rule)
        line.addWidget(_bar())
        for widget in (self.clock, self.lock, self.exit):
            line.addWidget(widget)
        for button in (self.desk, self.lock, self.exit):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_pills(self, pills: list[tuple[str, str]]) -> None:
        """Marks of the expo: sample, rehearsal."""
        clear(self.pills)
        for words, kind in pills:
            self.pills.addWidget(Pill(words, kind, shape=False))


def _bar() -> Line:
    line = Line(vertical=True)
    line.setFixedHeight(theme.Height.ROW)
    return line


class Footer(QWidget):
    """Keys at the left, whether a scan would arrive at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(Kiosk.FOOTER)
        line = row(self, Space.L)
        line.setContentsMargins(Kiosk.MARGIN, 0, Kiosk.MARGIN, 0)
        self.keys = {keys: FootKey(keys, _(words)) for keys, words in FOOT_KEYS}
        for key in self.keys.values():
            line.addWidget(key)
        line.addStretch(1)
        self.state = Pill("", "ok")
        line.addWidget(self.state)

    def show_turn(self, can_turn: bool) -> None:
        """F8, where the desk scans both ways."""
        self.keys["F8"].setVisible(can_turn)

    def show_ready(self, is_chosen: bool, is_active: bool) -> None:
        """Whether a scan would be kept: there is a desk, and keys arrive in this window."""
        words = _("可以扫码") if is_active else _("窗口不在最前，扫码收不到")
        if not is_chosen:
            words = _("还没有选签到台，不能扫码")
        self.state.set(words, "ok" if is_chosen and is_active else "warn")


class Side(QWidget):
    """The right column: counts, then the last scans and keys, or a panel in their place."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(Kiosk.SIDE)
        self.counts = CountCard()
        self.last = LineList(_("最近 {n} 次"), most=LAST)
        self.keys = {keys: KeyButton(keys, icon, _(title), _(words)) for keys, icon, title, words in SIDE_KEYS}
        usual = QWidget()
        self.lines: QVBoxLayout = column(usual, Space.M)
        self.lines.addWidget(self.last, 100)
        self.lines.addStretch(1)
        for key in self.keys.values():
            self.lines.addWidget(key)
        self._usual, self._panel = usual, QWidget()
        self.panel = column(self._panel, 0)
        self.stack = QStackedLayout()
        self.outer = column(self, Space.M)
        self.outer.addWidget(self.counts)
        self.outer.addLayout(self.stack, 1)
        self.stack.addWidget(usual)
        self.stack.addWidget(self._panel)

    def show_panel(self, panel: QWidget | None) -> None:
        """A panel, or the usual things."""
        self.stack.setCurrentWidget(self._usual if panel is None else self._panel)

    def set_low(self, low: bool) -> None:
        """Closer together in a low window."""
        gap = Space.S if low else Space.M
        self.lines.setSpacing(gap)
        self.outer.setSpacing(gap)
        self.last.row_height = Kiosk.ROW_LOW if low else Kiosk.ROW
        head = theme.TYPE["section"][1] + 2 * Space.M
        self.last.setMaximumHeight(LAST * self.last.row_height + head)
        self.counts.set_low(low)
        for key in self.keys.values():
            key.set_low(low)


class Body(QWidget):
    """Everything of the window, made anew when the language changes."""

    def __init__(self, line: ScanLine) -> None:
        super().__init__()
        self.header, self.footer, self.side = Header(), Footer(), Side()
        self.verdict, self.person = VerdictView(verdict_words.idle_face()), PersonCard(verdict_words.nobody_face())
        self.line = line
        line.setAccessibleName(_("扫码框"))
        self.box = ScanBox(line)
        left = column(spacing=Space.L)
        for widget in (self.verdict, self.person, self.box):
            left.addWidget(widget)
        middle = row(spacing=Space.L)
        middle.setContentsMargins(Kiosk.MARGIN, 0, Kiosk.MARGIN, 0)
        middle.addLayout(left, 1)
        middle.addWidget(self.side)
        outer = column(self, 0)
        outer.addWidget(self.header)
        outer.addLayout(middle, 1)
        outer.addWidget(self.footer)

    def set_chosen(self, is_chosen: bool) -> None:
        """What needs a desk is offered only once there is one."""
        asked = _("请扫码，或输入证件号后按 Enter") if is_chosen else _("先选签到台，再扫码")
        self.line.setPlaceholderText(asked)
        self.side.counts.setVisible(is_chosen)
        for key in self.side.keys.values():
            key.setEnabled(is_chosen)

    def set_low(self, low: bool) -> None:
        """Everything above the fold at 1366 × 768."""
        self.person.set_low(low)
        self.side.set_low(low)
