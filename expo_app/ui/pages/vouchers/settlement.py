"""双创券 → 三地结算: check line, matrix, statements of a period, and one of them beside.

Reading runs in a worker, what was asked last wins. No act here can be taken back: it is made good by another version
or by a correction in the next period, and each question says so.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _, language
from expo_app.routes import Route
from expo_app.routes.vouchers import SettlementRoute, VouchersRoute
from expo_app.rules import periods
from expo_app.rules.palette_rows import Command
from expo_app.rules.periods import HALF, QUARTER, YEAR, Period
from expo_app.rules.settlement import folded, party_name
from expo_app.services import settlement
from expo_app.specs.settlement import SettlementBoard, SideState, StatementDetail, StatementLine
from expo_app.specs.settlement_words import (
    check_words,
    net_words,
    no_draw_words,
    no_uses_words,
    pair_name,
    rule_words,
    yuan,
)
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button, MenuButton, Segmented
from expo_app.ui.kit.fields import ComboBox
from expo_app.ui.kit.labels import ElidedLabel, KeyCap, Label, SectionTitle
from expo_app.ui.kit.panels import Card, clear, column, row
from expo_app.ui.kit.placeholders import Banner, EmptyState, ErrorState, StateStack
from expo_app.ui.kit.table import Column, TableModel
from expo_app.ui.kit.table_card import TableCard
from expo_app.ui.kit.table_view import TableView
from expo_app.ui.pages.vouchers.settlement_matrix import SettlementMatrix
from expo_app.ui.pages.vouchers.settlement_panel import KINDS, StatementPanel
from expo_app.ui.pages.vouchers.settlement_verbs import EXPORT, StatementActs
from expo_app.ui.parts.faces import Face

TABLES = frozenset({"voucher_use", "settlement_statement", "statement_step", "statement_paper", "voucher_policy"})
SETTLE = "vouchers.settle"
YEARS = 6
"""So many years back are offered."""
NET, NET_EN = 186, 236
"""Widths of who pays how much."""
MATRIX_SHOWN, MATRIX_LOW = 360, 272
"""Points of the matrix in sight; of more regions the rest is scrolled to."""
Key = tuple[str, str, date]


def key_of(line: StatementLine) -> Key:
    """What tells lines of a board apart, drawn or not."""
    return line.pair.a, line.pair.b, line.from_day


class SettlementFace(Face):
    """`board` is what is shown, `line` the statement beside it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.board: SettlementBoard | None = None
        self.line: StatementLine | None = None
        self._asked, self._read_line, self._stale = 0, 0, True
        self._wanted: uuid.UUID | None = None
        self._looked_for: uuid.UUID | None = None  # a statement whose period is not known yet
        self.period: Period = settlement.usual_period(self.context.today())
        self.acts = StatementActs(self)
        self.export_button = MenuButton(_("导出"), self.acts.fill_export, icon="download-2-line")
        self.panel = StatementPanel(self.acts)
        self.panel.closed.connect(lambda: self._choose(None))
        self._build()
        shortcut = QShortcut(QKeySequence("P"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.acts.print)
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        context.actor_changed.connect(self._show_rights)

    # --- building ---

    def _build(self) -> None:
        outer = column(self, theme.Space.M)
        outer.addWidget(self._make_bar())
        body = QWidget()
        lines = column(body, theme.Space.M)
        self._check = column(spacing=theme.Space.S)
        lines.addLayout(self._check)
        lines.addWidget(self._make_matrix())
        lines.addWidget(self._make_table(), 1)
        self._states = StateStack(body)
        outer.addWidget(self._states, 1)

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        line = row(bar, theme.Space.M)
        self.sizes = Segmented([(QUARTER, _("季")), (HALF, _("半年")), (YEAR, _("年"))], self.period.months)
        self.sizes.chosen.connect(self._resize)
        self.box = ComboBox()
        self.box.setAccessibleName(_("结算期"))
        self.box.activated.connect(lambda _index: self.show_period(str(self.box.currentData())))
        self.fold = Segmented([(False, _("各地")), (True, _("按市合并"))])
        self.fold.chosen.connect(lambda _key: self._show_matrix())
        self._rule = ElidedLabel("", "caption", "warn")
        self._rule.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for item in (self.sizes, self.box, self.fold):
            line.addWidget(item)
        line.addWidget(self._rule, 1)
        self._offer_periods()
        return bar

    def _make_matrix(self) -> QWidget:
        card = Card(padding=0)
        card.set_padding(1, 1)
        head = row(spacing=theme.Space.M)
        head.setContentsMargins(theme.Space.L, theme.Space.S, theme.Space.L, theme.Space.S)
        head.addWidget(SectionTitle(_("往来")))
        self._about = ElidedLabel("", "fact")
        head.addWidget(self._about, 1)
        card.body.setSpacing(0)
        card.body.addLayout(head)
        self.matrix = SettlementMatrix()
        self.matrix.opened.connect(self.open_pair)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self.matrix)
        self._area.viewport().setAutoFillBackground(False)
        self.matrix.setAutoFillBackground(False)
        card.body.addWidget(self._area)
        return card

    def _make_table(self) -> QWidget:
        self.model = TableModel(self._columns())
        self.view = TableView(self.model, _("对账单"))
        self.view.row_selected.connect(self._on_row)
        self.view.opened.connect(lambda _key: self.panel.setFocus(Qt.FocusReason.OtherFocusReason))
        self.view.set_giving_way(("no", "count", "a_pays", "b_pays"))
        card = TableCard(self.view)
        card.setMinimumHeight(theme.Height.HEADER + 3 * theme.Height.ROW)
        foot = QWidget()
        line = row(foot)
        line.setContentsMargins(theme.Space.M, theme.Space.XS, theme.Space.M, theme.Space.XS)
        self._sum = ElidedLabel("", "fact")
        line.addWidget(self._sum, 1)
        for keys, words in (("↑↓", _("选择")), ("Enter", _("打开")), ("P", _("打印"))):
            line.addWidget(KeyCap(keys))
            line.addWidget(Label(words, "fact"))
        card.add_below(foot)
        return card

    def _columns(self) -> Sequence[Column]:
        def pill(state: SideState | None) -> str:
            return KINDS[state] if state is not None else "mute"

        def state_words(state: SideState) -> str:
            return state.label

        return (
            Column("pair", _("对账单"), 150, role="strong", stretch=True),
            Column("no", _("编号"), 104, role="muted"),
            Column("count", _("笔数"), 58, "number", text=lambda n: f"{n:,}"),
            Column("a_pays", _("甲方出券"), 104, "number", text=yuan),
            Column("b_pays", _("乙方出券"), 104, "number", text=yuan),
            Column("net", _("净额"), NET_EN if language() == "en" else NET, align="right", role="strong", held=True),
            Column("a", _("甲方"), 86, "pill", text=state_words, tone=pill),
            Column("b", _("乙方"), 86, "pill", text=state_words, tone=pill),
        )

    def buttons(self) -> Sequence[QWidget]:
        return (self.export_button,)

    def side_panel(self) -> QWidget:
        return self.panel

    def pane(self) -> QWidget:
        return self.panel

    # --- the period ---

    def _offer_periods(self) -> None:
        """Those of the size chosen, the latest first; the one shown among them."""
        found, offered = periods.containing(self.context.today(), self.period.months), []
        oldest = self.context.today() - timedelta(days=365 * YEARS)
        while found.until > oldest:
            offered.append(found)
            found = periods.previous(found)
        if self.period not in offered:
            offered.append(self.period)
        self.box.clear()
        for one in offered:
            self.box.addItem(_("{period}（{days}）").format(period=one.label, days=one.days), one.text)
        self.box.setCurrentIndex(self.box.findData(self.period.text))
        self.box.setMinimumWidth(self.box.sizeHint().width() + theme.Space.S)
        self.sizes.choose(self.period.months)

    def _resize(self, months: object) -> None:
        self.show_period(periods.containing(self.period.until, int(str(months))).text)

    def show_period(self, text: str) -> None:
        """Show another period; ValueError for what is none."""
        self.period, self._looked_for = periods.period(text), None
        self._offer_periods()
        self._choose(None)
        self.refresh()

    # --- reading ---

    def refresh(self) -> None:
        """F5: read and add up again."""
        self._stale = False
        self._asked += 1
        asked, db, expo_id, text = self._asked, self.context.db, self.context.expo_id, self.period.text
        statement = self._looked_for

        def work(_progress: jobs.Progress) -> SettlementBoard:
            return settlement.read(db, expo_id, text, statement)

        def done(board: SettlementBoard) -> None:
            if asked == self._asked:
                self._on_read(board)

        def failed(error: Exception) -> None:
            if asked == self._asked and isinstance(error, UserError):
                self._looked_for = None
                self._states.show_state(ErrorState(_("读不出结算"), error, self.refresh))

        jobs.run_job(self, _("三地结算"), work, done, failed, card=False)

    def _on_read(self, board: SettlementBoard) -> None:
        self.board, self._looked_for = board, None
        if board.period != self.period:
            self.period = board.period
            self._offer_periods()
        if not board.all_lines:
            self._states.show_state(EmptyState("scales-3-line", _("这一期没有用券"), no_uses_words(board)))
            self._tell_facts(board)
            self._choose(None)
            self._show_rights()
            return
        self._states.show_content()
        self._tell_facts(board)
        self._show_matrix()
        self._show_lines(board)
        self._show_rights()
        wanted, self._wanted = self._wanted, None
        again = next((one for one in board.all_lines if one.id is not None and one.id == wanted), None)
        if again is None and self.line is not None:
            again = next((one for one in board.all_lines if key_of(one) == key_of(self.line)), None)
        self._choose(again)

    def _tell_facts(self, board: SettlementBoard) -> None:
        whole = board.settlement
        paid = _("跨地用券 {n} 笔，券付 {amount} 元")
        facts = [
            _("三地结算"),
            board.period.label,
            paid.format(n=f"{whole.paid.count:,}", amount=yuan(whole.paid.yuan)),
        ]
        if whole.refunded.count:
            words = _("通用 {n} 笔 {amount} 元另列")
            facts.append(words.format(n=f"{whole.refunded.count:,}", amount=yuan(whole.refunded.yuan)))
        if whole.at_home.count:
            words = _("本地用券 {n} 笔另计，不进对账单")
            facts.append(words.format(n=f"{whole.at_home.count:,}"))
        self.fact_changed.emit(" · ".join(facts))
        self._rule.set_text(rule_words(board))

    def _show_check(self, board: SettlementBoard) -> None:
        clear(self._check)
        check = board.check
        kind = "bad" if not check.is_right else "warn" if check.pending.count else "ok"
        again = Button(_("再核对一次"), "link", clicked=self.refresh)
        again.setToolTip("F5")
        self._check.addWidget(Banner(kind, check_words(check), [*self._next_steps(board), again]))
        if board.wider:
            words = _("这一期和 {other} 的对账单重叠，那里的用券不在这里。")
            self._check.addWidget(Banner("info", words.format(other=_("、").join(board.wider)), small=True))
        if board.earlier.count:
            words = _("更早的结算期还有 {n} 笔 {amount} 元没有出对账单。")
            said = words.format(n=f"{board.earlier.count:,}", amount=yuan(board.earlier.yuan))
            self._check.addWidget(Banner("warn", said, small=True))

    def _next_steps(self, board: SettlementBoard) -> list[Button]:
        """What is to be done with the whole period: draw what waits, send what was drawn."""
        found = []
        if any(line.id is None for line in board.all_lines):
            draw = Button(_("出对账单"), icon="file-list-3-line", clicked=self.acts.draw)
            found.append((draw, self.may_draw()))
        if unsent := self.acts.unsent():
            words = _("发出 {n} 份").format(n=len(unsent))
            if own := sum(line.is_local for line in unsent):  # lists of one region are no statements of the check
                words = _("发出 {n} 份（含本地清单 {m} 份）").format(n=len(unsent), m=own)
            send = Button(words, icon="arrow-right-line", clicked=self.acts.send_all)
            found.append((send, self.may_settle()))
        for button, (may, why) in found:
            button.setEnabled(may)
            button.setToolTip(why)
        return [button for button, _may in found]

    def _show_matrix(self) -> None:
        board = self.board
        if board is None:
            return
        if self.fold.key:
            self.matrix.set(folded(board.settlement), party_name)
            words = _("按市合并只供阅读：同一市各地之间的用券在斜线格里，对账单仍按各地出；单位 元")
        else:
            self.matrix.set(board.settlement, board.name)
            words = _("行是出券的地区，列是收款机构所在地区；单位 元，毛额；斜线格是本地用券，不进结算")
        self._about.set_text(words)
        is_low = self.window().height() < theme.LOW_WINDOW
        bar = self._area.horizontalScrollBar().sizeHint().height()
        extra = bar if self.matrix.minimumWidth() > self.width() else 0
        self._area.setFixedHeight(min(self.matrix.height(), MATRIX_LOW if is_low else MATRIX_SHOWN) + extra)
        self._show_picked()

    def _show_lines(self, board: SettlementBoard) -> None:
        def name(line: StatementLine) -> str:
            words = pair_name(board, line)
            words = _("{region}（本地）").format(region=words) if line.is_local else words
            one = periods.exactly(line.from_day, line.until)
            return words if one is None or one == board.period else f"{words} · {one.text}"

        rows = []
        for line in board.all_lines:
            states = (line.sides[0].state, None if line.is_local else line.sides[1].state)
            first = line.pair.a_pays.all if line.is_local else line.pair.a_pays.paid
            net = None if line.is_local else net_words(board, line)
            second = None if line.is_local else line.pair.b_pays.paid.yuan
            number = line.no or _("未出")
            rows.append((key_of(line), name(line), number, line.count, first.yuan, second, net, *states))
        self.model.set_rows(rows)
        self.view.fit()
        drawn = [line for line in board.lines if line.id is not None]
        counts = Counter(_standing(line) for line in drawn)
        said = [f"{words} {counts[words]}" for words in dict.fromkeys(_standing(line) for line in drawn)]
        words = _("{n} 份对账单").format(n=len(drawn))
        self._sum.set_text(_("{n}：{what}").format(n=words, what=_("，").join(said)) if said else words)

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES:
            if self.isVisible():
                self.refresh()
            else:
                self._stale = True

    def _on_expo(self) -> None:
        self.board = self._looked_for = None
        self.period = settlement.usual_period(self.context.today())
        self._offer_periods()
        self._choose(None)
        self._stale = True
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _show_rights(self) -> None:
        there = self.board is not None and bool(self.board.all_lines)
        self.export_button.setEnabled(self.context.may(EXPORT) and there)
        if self.board is not None and there:
            self._show_check(self.board)

    def may_settle(self) -> tuple[bool, str]:
        """Whether this person may settle, and why not."""
        may = self.context.may_write(SETTLE)
        return may, "" if may else _("{role}没有这项权限").format(role=self.context.actor.role.label)

    def may_draw(self) -> tuple[bool, str]:
        """Whether 出对账单 would draw something of the period shown, and why not."""
        may, why = self.may_settle()
        if may and self.board is not None:
            why = no_draw_words(self.board, self.context.today())
        return not why, why

    def undo(self) -> None:
        """Ctrl+Z: nothing here is taken back, which is said."""
        messages.show(self, _("对账单的各步不能撤销；要改，重出或登记更正。"), "info")

    # --- one statement ---

    def open_pair(self, issuer: str, payee: str) -> None:
        """Open the statement of a cell of the matrix; a folded one is for reading alone."""
        board = self.board
        if board is None or self.fold.key:
            return
        pair = tuple(sorted((issuer, payee)))
        found = next((line for line in board.all_lines if (line.pair.a, line.pair.b) == pair), None)
        self._choose(found)

    def _on_row(self, key: Key | None) -> None:
        if self.board is not None and key is not None and (self.line is None or key != key_of(self.line)):
            self._choose(next((one for one in self.board.all_lines if key_of(one) == key), None))

    def _choose(self, line: StatementLine | None) -> None:
        self.line = line
        self._show_picked()
        if line is None:
            self.view.clearSelection()
            self.panel.hide()
            return
        self.view.select_id(key_of(line))
        self._read_line += 1
        asked, db, expo_id = self._read_line, self.context.db, self.context.expo_id

        def done(detail: StatementDetail) -> None:
            if asked == self._read_line and self.board is not None and self.line is line:
                may, why = self.may_settle()
                self.panel.show_line(self.board, detail, may=may, why=why)
                self.panel.show()

        jobs.run_job(self, _("对账单"), lambda _progress: settlement.read_line(db, expo_id, line), done, card=False)

    def _show_picked(self) -> None:
        shown = self.line is not None and not self.fold.key
        self.matrix.pick(frozenset({self.line.pair.a, self.line.pair.b}) if shown and self.line else frozenset())

    # --- routes ---

    def open_with(self, route: Route) -> None:
        if isinstance(route, SettlementRoute):
            self._wanted = route.statement
            if route.period:
                self.show_period(route.period)
            else:
                self._looked_for = route.statement
                self.refresh()

    def place(self) -> Route | None:
        if self.line is not None and self.line.id is not None:
            return SettlementRoute(self.period.text, self.line.id)
        return VouchersRoute(face="settlement") if self.board is None else SettlementRoute(self.period.text)

    def commands(self) -> list[Command]:
        """出对账单, where it may be."""
        if not self.may_draw()[0]:
            return []
        return [Command(_("出对账单"), _("三地结算"), "file-list-3-line", "", self.acts.draw)]


def _standing(line: StatementLine) -> str:
    """In which heap of the foot a statement is."""
    if line.is_disputed:
        return SideState.DISPUTED.label
    if line.is_settled:
        return _("双方已签")
    return SideState.WAITING.label if line.sent_on is not None else SideState.UNSENT.label
