"""A statement beside the list: both directions with their uses, both signatures, what happened to it, its acts."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from expo_app.damaged import SHOWN
from expo_app.i18n import _
from expo_app.specs.settlement import (
    SIDES,
    A,
    B,
    SettlementBoard,
    Side,
    SideState,
    StatementDetail,
    StatementLine,
    UseLine,
)
from expo_app.specs.settlement_words import pair_name, yuan
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.item_row import ItemRow, PressRow
from expo_app.ui.kit.labels import RIGHT, ElidedLabel, Label, Pill, SectionTitle
from expo_app.ui.kit.panels import Card, DetailPanel, column, row
from expo_app.ui.kit.placeholders import Banner

if TYPE_CHECKING:
    from expo_app.ui.pages.vouchers.settlement_verbs import StatementActs

KINDS = {SideState.UNSENT: "mute", SideState.WAITING: "warn", SideState.SIGNED: "ok", SideState.DISPUTED: "bad"}
CARDS = {
    SideState.UNSENT: ("bg.surface", "border"), SideState.WAITING: ("warn.soft", "warn.solid"),
    SideState.SIGNED: ("ok.soft", "ok"), SideState.DISPUTED: ("bad.soft", "bad"),
}  # fmt: skip
WIDTH = 372
"""px: a use stands on one line. In a narrow window the panel lies over the board, so it takes no room from it."""
NO_WIDTH, SHARE_WIDTH = 52, 92
FIRST_ROWS, MOST_ROWS = 6, 200
"""Uses that are listed at once, and so many more when asked for."""
RECORD = "record"
Open = Callable[[uuid.UUID], object]
"""Shows a use."""


class StatementPanel(DetailPanel):
    """Shows one line of the board; `acts` are asked for by its buttons."""

    def __init__(self, acts: StatementActs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.acts = acts
        self.detail: StatementDetail | None = None
        self._board: SettlementBoard | None = None
        self._may, self._why = False, ""

    def _take_width(self) -> None:
        if self.maximumWidth() != WIDTH:
            self.setFixedWidth(WIDTH)
            self._fit_actions()

    def show_line(self, board: SettlementBoard, detail: StatementDetail, *, may: bool, why: str) -> None:
        """Show it; `may`: whether this person may settle, `why` not."""
        same = self.detail is not None and self.detail.line.id == detail.line.id
        tab = self.tabs.key if same and self.tabs.isVisibleTo(self) else None
        self._board, self.detail, self._may, self._why = board, detail, may, why
        line = detail.line
        self.set_head(_title(board, line), _facts(board, line), _pills(board, line))
        self.clear_tabs()
        pair = line.pair
        ways = [(A, pair.a, pair.b, pair.a_pays)] if line.is_local else [
            (A, pair.a, pair.b, pair.a_pays), (B, pair.b, pair.a, pair.b_pays),
        ]  # fmt: skip
        for key, issuer, payee, cell in ways:
            uses = [use for use in detail.uses if (use.issuer, use.payee) == (issuer, payee)]
            words = _("{region}出券 {n}").format(region=board.name(issuer), n=cell.all.count)
            self._fill(self.add_tab(key, words), board, detail, uses)
        if line.id is not None:
            body = self.add_tab(RECORD, _("记录 {n}").format(n=len(detail.steps)))
            self._fill_record(body, board, detail)
        keys = [key for key, _words in self._tab_keys]
        self.choose_tab(tab if tab in keys else self._first_tab(line))
        self._offer(line)

    def _first_tab(self, line: StatementLine) -> str:
        """The direction of whoever pays."""
        return B if not line.is_local and line.pair.payer == line.pair.b else A

    def _fill(
        self, body: QVBoxLayout, board: SettlementBoard, detail: StatementDetail, uses: Sequence[UseLine]
    ) -> None:  # fmt: skip
        line = detail.line
        items: list[QWidget] = []
        if line.wrong:
            words = _("{uses} 已不是已核验：先重出，才能发出和签认。").format(uses=_("、").join(line.wrong[:5]))
            items.append(Banner("bad", words, small=True))
        for side in line.sides:
            if side.dispute:
                words = _(
                    "{region}方有异议：{words}。点下面的用券撤销，按对的金额重新登记，再重出。"
                    "新登记的今天核验，就进今天所在的结算期，不回到这一份。"
                )
                words = words.format(region=board.name(side.code), words=side.dispute.rstrip("。"))
                items.append(Banner("bad", words, small=True))
                items += [_UseRow(use, self.acts.open_use) for use in detail.named_in(side.dispute)]
        if not line.is_local:
            items.append(_summary(board, line))
        paid = [use for use in uses if line.is_local or not use.is_refunded]
        refunded = [use for use in uses if not line.is_local and use.is_refunded]
        pair = line.pair
        cell = sum((one.paid.yuan for issuer, one in ((pair.a, pair.a_pays), (pair.b, pair.b_pays))
                    if uses and uses[0].issuer == issuer), Decimal(0))  # fmt: skip
        total = _("{n} 笔合计 = 矩阵格") if line.is_local or _sum(paid) == cell else _("{n} 笔合计，连同要去掉的")
        items += _listed(paid, total, self.acts.open_use)
        if refunded:
            items.append(SectionTitle(_("通用，不进轧差")))
            items += _listed(refunded, _("{n} 笔合计"), self.acts.open_use)
        if line.id is not None:
            items.append(SectionTitle(_("签认") if line.is_local else _("双方签认")))
            items.append(_signatures(board, line))
        for item in items:
            body.addWidget(item)

    def _fill_record(self, body: QVBoxLayout, board: SettlementBoard, detail: StatementDetail) -> None:
        rows: list[QWidget] = []
        for step in detail.steps:
            rows.append(Label(" · ".join(filter(None, (f"{step.at:%m-%d %H:%M}", step.operator))), "caption"))
            rows.append(Label(step.words, "body", wrap=True))
        if detail.papers:
            rows.append(SectionTitle(_("签认凭证")))
        for paper in detail.papers:
            region = board.name(detail.line.side(paper.side).code) if paper.side in SIDES else _(SHOWN)
            words = _("{region}方 · 第 {version} 版 · {when}").format(
                region=region, version=paper.version, when=f"{paper.added_at:%m-%d %H:%M}"
            )
            open_it = Button(_("打开"), "link", clicked=partial(self.acts.open_paper, paper.id))
            rows.append(ItemRow(paper.name, words, "file-line", buttons=[open_it], below=True))
        rows.append(Label(_("对账单的各步不能撤销；要改，重出或登记更正。"), "fact", wrap=True))
        for item in rows:
            body.addWidget(item)

    # --- acts ---

    def _offer(self, line: StatementLine) -> None:
        detail = self.detail
        if detail is None:
            return
        acts = self.acts
        if line.id is None:
            draw = self._act(_("出对账单"), "file-list-3-line", acts.draw, primary=True)
            may, why = acts.face.may_draw()
            draw.setEnabled(may)
            draw.setToolTip(why)
            self.set_actions(draw)
            return
        print_it = Button(_("打印"), icon="printer-line", clicked=lambda: acts.print_line(line))
        print_it.setToolTip("P")
        buttons: list[Button] = [print_it]
        if line.is_settled:
            if line.paid_on is None and line.pair.payer and not line.is_local:
                buttons.append(self._act(_("登记付款"), "check-line", lambda: acts.pay(line), primary=True))
        elif line.wrong or line.is_disputed:
            redraw = self._act(_("重出"), "refresh-line", lambda: acts.redraw(line), primary=bool(line.wrong))
            buttons.append(redraw)
            if not line.wrong and line.sent_on is not None:
                buttons.append(self._signing(line))
        elif line.sent_on is None:
            buttons.append(self._act(_("发出"), "arrow-right-line", lambda: acts.send(line), primary=True))
        else:
            dispute = self._act(_("记异议…"), "error-warning-line", lambda: acts.dispute(detail))
            buttons.insert(0, dispute)
            buttons.append(self._signing(line))
        self.set_actions(*buttons)

    def _signing(self, line: StatementLine) -> Button:
        """登记签认, of whom where one side is left."""
        words, left = _("登记签认"), [side for side in line.sides if side.state is not SideState.SIGNED]
        if len(left) == 1 and self._board is not None:
            words = _("登记{region}签认").format(region=self._board.name(left[0].code))
        return self._act(words, "check-line", lambda: self.acts.sign(line), primary=True)

    def _act(self, words: str, icon: str, call: Callable[[], object], *, primary: bool = False) -> Button:
        button = Button(words, "primary" if primary else "plain", icon, clicked=call)
        button.setEnabled(self._may)
        button.setToolTip(self._why)
        return button


def _title(board: SettlementBoard, line: StatementLine) -> str:
    name = pair_name(board, line)
    if line.id is None:
        return name
    return f"{_('本地用券清单') if line.is_local else _('对账单')} {line.no}　{name}"


def _facts(board: SettlementBoard, line: StatementLine) -> str:
    words = [
        _("{a} 至 {b}").format(a=line.from_day.isoformat(), b=line.until.isoformat()),
        _("{n} 笔").format(n=f"{line.count:,}"),
    ]
    if line.id is None:
        return " · ".join([*words, _("还没有出对账单")])
    if line.drawn_at is not None:
        words.append(_("生成 {day}").format(day=f"{line.drawn_at:%m-%d}"))
    words.append(_("第 {version} 版").format(version=line.version))
    if line.paid_on is not None:
        words.append(_("{day} 付讫").format(day=line.paid_on))
    return " · ".join(words)


def _pills(board: SettlementBoard, line: StatementLine) -> list[tuple[str, str]]:
    if line.id is None:
        return [(_("未出"), "mute")]
    found = [(_("要重出"), "bad") if line.wrong else (_("已核对"), "ok")]
    for side in line.sides[: 1 if line.is_local else 2]:
        found.append((f"{board.name(side.code)} {side.state.label}", KINDS[side.state]))
    if line.is_sample:
        found.append((_("示例"), "warn"))
    return found


def _summary(board: SettlementBoard, line: StatementLine) -> QWidget:
    """Both directions and the net, below each other: an amount of any length has room."""
    card, pair = Card(padding=theme.Space.S + 2), line.pair
    card.set_colors("bg.subtle", "border")
    for issuer, payee, cell in ((pair.a, pair.b, pair.a_pays), (pair.b, pair.a, pair.b_pays)):
        note = _("{n} 笔，付{region}").format(n=cell.paid.count, region=board.name(payee))
        _figure(card, _("{region}出券").format(region=board.name(issuer)), note, yuan(cell.paid.yuan))
    paid = pair.a_pays.paid.count + pair.b_pays.paid.count
    title = _("{region}净付").format(region=board.name(pair.payer)) if pair.payer else _("净额")
    _figure(card, title, _("{n} 笔轧差").format(n=paid), yuan(pair.net), "bad" if pair.payer else "")
    return card


def _figure(card: Card, title: str, note: str, amount: str, tone: str = "") -> None:
    line = row(spacing=theme.Space.S)
    line.addWidget(Label(title, "body", wrap=True))
    line.addWidget(ElidedLabel(note, "caption"), 1)
    line.addWidget(Label(amount, "strong", tone))
    card.body.addLayout(line)


def _listed(uses: Sequence[UseLine], total_words: str, go: Open) -> list[QWidget]:
    """Uses with their sum, each a way to its record; of many the first ones, until the rest is asked for.

    Nothing to show is said.
    """
    if not uses:
        return [Label(_("这个方向没有用券。"), "secondary", wrap=True)]
    box = QWidget()
    lines = column(box, 0)
    lines.addWidget(_UseHead())
    for use in uses[:FIRST_ROWS]:
        lines.addWidget(_UseRow(use, go))
    items: list[QWidget] = [box]
    if len(uses) > FIRST_ROWS:
        items.append(_rest(lines, uses[FIRST_ROWS:], go))
    total = QWidget()
    line = row(total)
    line.addWidget(ElidedLabel(total_words.format(n=f"{len(uses):,}"), "strong"), 1)
    line.addWidget(Label(yuan(_sum(uses)), "strong"))
    return [*items, total]


def _columns(line: QHBoxLayout, no: Label, company: Label, resource: Label, share: Label) -> None:
    """The columns of the uses, in heading and rows alike; company and resource share what is left."""
    line.setContentsMargins(theme.Space.XS, theme.Space.XS - 1, theme.Space.XS, theme.Space.XS - 1)
    no.setFixedWidth(NO_WIDTH)
    line.addWidget(no)
    for label, part in ((company, 5), (resource, 3)):
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        line.addWidget(label, part)
    share.setFixedWidth(SHARE_WIDTH)
    share.setAlignment(RIGHT)
    line.addWidget(share)


class _UseHead(QWidget):
    def __init__(self) -> None:
        super().__init__()
        names = (_("编号"), _("企业"), _("资源"), _("券付"))
        _columns(row(self, theme.Space.S), *(ElidedLabel(name, "caption") for name in names))


class _UseRow(PressRow):
    """A use on one line; its whole number and its words in the tooltip."""

    def __init__(self, use: UseLine, go: Open) -> None:
        number = _("{no}（更正 {other}）").format(no=use.no, other=use.corrects) if use.corrects else use.no
        whole = " · ".join((number, use.company, use.resource))
        super().__init__(partial(go, use.id), f"{whole} {yuan(use.share)}")
        self.setToolTip(whole)
        resource = f"{_('更正')} · {use.resource}" if use.corrects else use.resource
        no, company = ElidedLabel(_tail(use.no), "fact"), ElidedLabel(use.company, "caption")
        _columns(row(self, theme.Space.S), no, company, ElidedLabel(resource, "fact"), Label(yuan(use.share)))


def _tail(no: str) -> str:
    """The last part of a number: what differs within one statement."""
    return no.rpartition("-")[2]


def _rest(lines: QVBoxLayout, uses: Sequence[UseLine], go: Open) -> QWidget:
    """How many more there are, and their sum; a press shows them, so many as a panel can hold."""
    box = QWidget()

    def more() -> None:
        for use in uses[:MOST_ROWS]:
            lines.addWidget(_UseRow(use, go))
        if len(uses) > MOST_ROWS:
            lines.addWidget(Label(_("还有 {n} 笔，看打印或导出的对账单。").format(n=len(uses) - MOST_ROWS), "fact"))
        box.hide()

    line = row(box)
    line.addWidget(Button(_("其余 {n} 笔").format(n=f"{len(uses):,}"), "link", clicked=more))
    line.addStretch(1)
    line.addWidget(Label(yuan(_sum(uses)), "secondary"))
    return box


def _sum(uses: Sequence[UseLine]) -> Decimal:
    return sum((use.share for use in uses), Decimal(0))


def _signatures(board: SettlementBoard, line: StatementLine) -> QWidget:
    box = QWidget()
    cards = row(box, theme.Space.S)
    for side in line.sides[: 1 if line.is_local else 2]:
        cards.addWidget(_signature(board, line, side), 1)
    return box


def _signature(board: SettlementBoard, line: StatementLine, side: Side) -> QWidget:
    card = Card(padding=theme.Space.S + 2)
    card.set_colors(*CARDS[side.state])
    head = row()
    head.addWidget(ElidedLabel(_("{region}方").format(region=board.name(side.code)), "strong"), 1)
    head.addWidget(Pill(side.state.label, KINDS[side.state]))
    card.body.addLayout(head)
    card.body.addWidget(Label(side.signer or "—", "body", wrap=True))
    card.body.addWidget(Label(_when(line, side), "caption", wrap=True))
    return card


def _when(line: StatementLine, side: Side) -> str:
    if side.signed_on is not None:
        signed = _("{day} 签认").format(day=f"{side.signed_on:%m-%d}")
        return f"{signed} · {_('第 {version} 版').format(version=line.version)}"
    if line.sent_on is None or line.sign_by is None:
        return _("还没有发出")
    return _("{sent} 发出，{due} 到期").format(sent=f"{line.sent_on:%m-%d}", due=f"{line.sign_by:%m-%d}")
