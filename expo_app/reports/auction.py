"""The auction's report: what was sold, what was not, deposits, the record of every lot; figures beside other auctions.

data = services.auction_report.read(db, expo_id, now)
write(path, data, progress);  tables(data) → sheets with the same figures

It goes to others: who asked to be kept secret (拍卖法 art. 21) is not named in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from expo_app.i18n import N_, _
from expo_app.model import LotState, MoneyKind
from expo_app.reports.auction_papers import RECORD, begin, write_record
from expo_app.reports.canvas import Progress
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Column, Noted, Row
from expo_app.reports.style import kpi, marked, open_document, room_for
from expo_app.rules import amounts
from expo_app.rules.auction_words import SECRET, paddle_no
from expo_app.specs.auction_cashier import Account, CashDesk
from expo_app.specs.auction_figures import AuctionFigures, AuctionLine
from expo_app.specs.auction_papers import LotPaper
from expo_app.specs.auction_report import AuctionReport, SessionReport
from expo_app.specs.figures import percent, ratio
from expo_app.specs.report_data import Head, SheetColumn, SheetTable

TITLE = N_("专利拍卖报告")
NOT_COUNTED = N_("成交额是落槌价之和，不含佣金；流拍以后另行协议成交的不计入。")


def write(path: Path, data: AuctionReport, progress: Progress | None = None) -> set[str]:
    """Write the report; the characters the font lacks come back. UserError where the place cannot be written."""
    lots = sum(len(one.papers.lots) for one in data.sessions)
    is_auction = all(one.desk.is_auction for one in data.sessions)
    title = _(TITLE) if is_auction else _("专利竞价报告")
    with open_document(path, title, data.head, progress, 2 * lots) as doc:
        write_figures(doc, data.figures)
        for one in data.sessions:
            doc.heading(_("{title}（{called}）").format(title=one.desk.title, called=one.desk.called), keep=110)
            _sheets(doc, one)
        for one in data.sessions:
            for lot in map(_discreet, one.papers.lots):
                begin(doc, RECORD, one.papers.session, lot)
                write_record(doc, one.papers.session, lot)
        return doc.missing


def write_figures(doc: Paper, figures: AuctionFigures) -> None:
    """What was held here added up, each session, and those before."""
    if figures.lots.value:
        doc.kpis([kpi(one) for one in (figures.lots, figures.sold, figures.rate, figures.amount)])
    doc.note(_(NOT_COUNTED))
    doc.heading(_("各场竞价"), level=2, keep=room_for(len(figures.lines) + len(figures.earlier)))
    write_sessions(doc, figures)


def write_sessions(doc: Paper, figures: AuctionFigures) -> None:
    """A line for each session, those of earlier expos below."""
    lines = [*(replace(line, expo="") for line in figures.lines), *figures.earlier]
    columns = [
        Column(_("专场"), 6, bold=True), Column(_("上拍"), 0.9, "right"), Column(_("成交件数"), 1.1, "right"),
        Column(_("流拍"), 0.9, "right"), Column(_("成交率"), 1.1, "right"),
        Column(_("成交额（万元）"), 1.7, "right", holds=[wan(line.amount) for line in lines]),
        Column(_("溢价率"), 1.6, "right"),
    ]  # fmt: skip
    doc.table(columns, [_session_row(line) for line in lines], empty=_("没有专场"))


def _session_row(line: AuctionLine) -> Row:
    notes = [line.expo, line.source if line.is_reported else ""]
    rates = (None if rate is None else percent(rate) for rate in (line.rate, line.premium))
    rate, premium = rates
    return [
        Noted(marked(line.title, line.is_sample), tuple(filter(None, notes))), _number(line.lots), _number(line.sold),
        _number(line.passed), rate, wan(line.amount), premium,
    ]  # fmt: skip


def _number(value: int | None) -> str | None:
    return None if value is None else f"{value:,}"


def wan(yuan: Decimal | None) -> str | None:
    """万元 with at least two decimals; None is a missing cell."""
    return None if yuan is None else amounts.format_wan(yuan)


def _yuan(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:,.2f}"


def _discreet(lot: LotPaper) -> LotPaper:
    return lot.discreet(_(SECRET))


# --- the sheets of a session ------------------------------------------------------------------------------------------
def _sheets(doc: Paper, one: SessionReport) -> None:
    sold = [lot for lot in map(_discreet, one.papers.lots) if lot.is_sold]
    rest = [lot for lot in map(_discreet, one.papers.lots) if not lot.is_sold]
    doc.heading(_("成交表"), level=2, keep=room_for(len(sold)))
    prices = [wan(lot.price) for lot in sold]
    columns = [
        Column(_("标的号"), 0.9), Column(_("标的名称"), 3.2, bold=True), Column(_("委托人"), 2.2),
        Column(_("起拍价（万元）"), 1.5, "right"), Column(_("成交价（万元）"), 1.5, "right", bold=True, holds=prices),
        Column(_("号牌"), 0.8), Column(_("买受人"), 2.2),
    ]  # fmt: skip
    stands = [lot.price for lot in sold if lot.state is LotState.SOLD and lot.price is not None]
    total = [_("合计"), "", "", "", wan(sum(stands, Decimal(0))), "", ""] if stands else None
    doc.table(columns, map(_sold_row, sold), total, empty=_("没有成交"))
    doc.heading(_("未成交表"), level=2, keep=room_for(len(rest)))
    columns = [
        Column(_("标的号"), 0.9), Column(_("标的名称"), 3.6, bold=True), Column(_("委托人"), 2.4),
        Column(_("起拍价（万元）"), 1.5, "right"), Column(_("最高应价（万元）"), 1.6, "right"), Column(_("结果"), 2.6),
    ]  # fmt: skip
    doc.table(columns, map(_unsold_row, rest), empty=_("没有流拍"))
    write_deposits(doc, one.desk)


def _sold_row(lot: LotPaper) -> Row:
    notes = []
    if lot.resale_of:
        notes.append(_("{no} 再拍").format(no=lot.resale_of))
    if lot.state is LotState.DEFAULTED:
        notes.append(_("违约，不计入合计"))
    return [
        lot.lot_no, Noted(marked(lot.title, lot.is_sample), tuple(notes)), lot.owner, wan(lot.start_price),
        wan(lot.price), None if lot.paddle is None else paddle_no(lot.paddle), lot.buyer or None,
    ]  # fmt: skip


def _unsold_row(lot: LotPaper) -> Row:
    why = next((line.note for line in reversed(lot.lines) if line.note), "")
    result = Noted(lot.state.label, (why,) if why else ())
    return [lot.lot_no, marked(lot.title, lot.is_sample), lot.owner, wan(lot.start_price), wan(lot.price), result]


def write_deposits(doc: Paper, desk: CashDesk) -> None:
    """保证金 of every paddle that brought one: here, turned into price, kept, gone back, and by when."""
    found = [one for one in desk.accounts if _gave_deposit(one)]
    doc.heading(_("保证金表（元）"), level=2, keep=room_for(len(found)))
    doc.note(_term(desk))
    columns = [
        Column(_("号牌"), 0.8), Column(_("竞买人"), 3),
        *(Column(words, 1.5, "right") for words in (_("收到"), _("抵价款"), _("已退"), _("待退"))),
        Column(_("账号"), 1.3), Column(_("状态"), 1.2),
    ]  # fmt: skip
    doc.table(columns, map(_deposit_row, found), empty=_("没有收过保证金"))


def _term(desk: CashDesk) -> str:
    if desk.refund_term is None:
        return _("散场以后 {n} 个工作日内退，不计息。").format(n=desk.refund_days)
    words = _("{day} 前退（{n} 个工作日），不计息。")
    text = words.format(day=desk.refund_term.day.isoformat(), n=desk.refund_days)
    if (year := desk.refund_term.unknown_year) is not None:
        text += _("{year} 年的节假日没有录入，只跳过周末。").format(year=year)
    return text


def _gave_deposit(one: Account) -> bool:
    return any(line.kind is MoneyKind.DEPOSIT for line in one.money)


def _brought(one: Account) -> Decimal:
    """What was brought as a deposit: what is here, what went back, what was kept."""
    return one.held + one.refunded + sum((bought.forfeited for bought in one.purchases), Decimal(0))


def _deposit_row(one: Account) -> Row:
    return [
        paddle_no(one.paddle), _(SECRET) if one.is_confidential else one.name, _yuan(_brought(one)),
        _yuan(one.deposit or None), _yuan(one.refunded or None), _yuan(one.surplus or None), one.bank or None,
        _(one.refund.value) if one.refund else None,
    ]  # fmt: skip


def write_refunds(path: Path, head: Head, desk: CashDesk, progress: Progress | None = None) -> set[str]:
    """退款清单: what goes back, to which masked account, by when; room to sign for who paid it out."""
    with open_document(path, _("退款清单"), head, progress, len(desk.deposits)) as doc:
        doc.facts([(_("专场"), desk.title), (_("合计（元）"), _yuan(desk.to_return)), (_("期限"), _term(desk))], 110)
        columns = [
            Column(_("号牌"), 0.8), Column(_("竞买人"), 3.4), Column(_("账号"), 1.6),
            Column(_("金额"), 1.6, "right", bold=True), Column(_("状态"), 1.2), Column(_("退款日期"), 1.4),
            Column(_("经办"), 1.6),
        ]  # fmt: skip
        doc.table(columns, map(_refund_row, desk.deposits), empty=_("没有要退的保证金"))
        return doc.missing


def _refund_row(one: Account) -> Row:
    amount = one.surplus or one.refunded + one.returned or one.held
    day = one.refunded_on.isoformat() if one.refunded_on else None
    return [
        paddle_no(one.paddle), one.name, one.bank or _("缺账号"), _yuan(amount),
        _(one.refund.value) if one.refund else None, day, "",
    ]  # fmt: skip


# --- as sheets --------------------------------------------------------------------------------------------------------
def tables(data: AuctionReport) -> list[SheetTable]:
    """成交表, 未成交表, 保证金, 收退款, 各场竞价, 笔录: amounts in yuan, with real types."""
    return [_sold(data), _unsold(data), _deposits(data), _money(data), sessions_sheet(data.figures), _records(data)]


def _each(data: AuctionReport) -> Iterator[tuple[SessionReport, LotPaper]]:
    return ((one, lot) for one in data.sessions for lot in map(_discreet, one.papers.lots))


def _naive(at: datetime | None) -> datetime | None:
    """As a sheet keeps a moment: local, without a zone."""
    return None if at is None else at.replace(tzinfo=None)


def _premium(lot: LotPaper) -> Decimal | None:
    if lot.price is None or lot.start_price is None:
        return None
    return _share(ratio(lot.price - lot.start_price, lot.start_price))


def _sold(data: AuctionReport) -> SheetTable:
    columns = (
        SheetColumn(_("专场"), 26), SheetColumn(_("标的号"), 8), SheetColumn(_("标的名称"), 36, is_bold=True),
        SheetColumn(_("委托人"), 26), SheetColumn(_("起拍价（元）"), 16, "number"),
        SheetColumn(_("成交价（元）"), 16, "number"),
        SheetColumn(_("溢价率"), 10, "percent"), SheetColumn(_("号牌"), 8), SheetColumn(_("买受人"), 26),
        SheetColumn(_("落槌时间"), 20, "moment"), SheetColumn(_("成交编号"), 16), SheetColumn(_("状态"), 10),
        SheetColumn(_("再拍自"), 10), SheetColumn(_("示例"), 6),
    )  # fmt: skip
    rows = [
        (one.desk.title, lot.lot_no, lot.title, lot.owner, lot.start_price, lot.price, _premium(lot), _paddle(lot),
         lot.buyer, _naive(lot.hammered_at), lot.deal_no, lot.state.label, lot.resale_of, _yes(lot.is_sample))
        for one, lot in _each(data)
        if lot.is_sold
    ]  # fmt: skip
    return SheetTable(_("成交表"), columns, rows, (_(NOT_COUNTED),))


def _unsold(data: AuctionReport) -> SheetTable:
    columns = (
        SheetColumn(_("专场"), 26), SheetColumn(_("标的号"), 8), SheetColumn(_("标的名称"), 36, is_bold=True),
        SheetColumn(_("委托人"), 26), SheetColumn(_("起拍价（元）"), 16, "number"),
        SheetColumn(_("最高应价（元）"), 16, "number"), SheetColumn(_("结果"), 10),
        SheetColumn(_("落槌时间"), 20, "moment"), SheetColumn(_("示例"), 6),
    )  # fmt: skip
    rows = [
        (one.desk.title, lot.lot_no, lot.title, lot.owner, lot.start_price, lot.price, lot.state.label,
         _naive(lot.hammered_at), _yes(lot.is_sample))
        for one, lot in _each(data)
        if not lot.is_sold
    ]  # fmt: skip
    return SheetTable(_("未成交表"), columns, rows)


def _deposits(data: AuctionReport) -> SheetTable:
    columns = (
        SheetColumn(_("专场"), 26), SheetColumn(_("号牌"), 8), SheetColumn(_("竞买人"), 30),
        *(SheetColumn(words, 16, "number")
          for words in (_("收到（元）"), _("抵价款（元）"), _("已退（元）"), _("待退（元）"))),
        SheetColumn(_("最晚退回"), 12, "date"), SheetColumn(_("账号"), 14), SheetColumn(_("状态"), 10),
    )  # fmt: skip
    rows = [
        (one.desk.title, paddle_no(account.paddle), _(SECRET) if account.is_confidential else account.name,
         _brought(account), account.deposit, account.refunded, account.surplus,
         one.desk.refund_term.day if one.desk.refund_term else None, account.bank,
         _(account.refund.value) if account.refund else "")
        for one in data.sessions
        for account in one.desk.accounts
        if _gave_deposit(account)
    ]  # fmt: skip
    return SheetTable(_("保证金"), columns, rows, tuple(_term(one.desk) for one in data.sessions))


def _money(data: AuctionReport) -> SheetTable:
    columns = (
        SheetColumn(_("专场"), 26), SheetColumn(_("号牌"), 8), SheetColumn(_("日期"), 12, "date"),
        SheetColumn(_("事项"), 14), SheetColumn(_("方式"), 12), SheetColumn(_("金额（元）"), 16, "number"),
        SheetColumn(_("凭证号"), 20), SheetColumn(_("标的号"), 8), SheetColumn(_("冲正"), 10),
        SheetColumn(_("说明"), 30, "long"), SheetColumn(_("经办"), 12),
    )  # fmt: skip
    rows = [
        (one.desk.title, paddle_no(account.paddle), line.on_date, line.kind.label, line.way.label, line.amount,
         line.reference, line.lot_no, _("冲正") if line.is_counter else _("已冲正") if line.is_void else "",
         line.note, line.operator)
        for one in data.sessions
        for account in one.desk.accounts
        for line in account.money
    ]  # fmt: skip
    return SheetTable(_("收退款"), columns, rows)


def sessions_sheet(figures: AuctionFigures) -> SheetTable:
    """Every session with its figures, reported ones with their source."""
    columns = (
        SheetColumn(_("展会"), 26), SheetColumn(_("专场"), 36, is_bold=True), SheetColumn(_("开始时间"), 20, "moment"),
        *(SheetColumn(words, 8, "count") for words in (_("上拍"), _("成交件数"), _("流拍"), _("违约"), _("撤回件数"))),
        SheetColumn(_("成交率"), 10, "percent"), SheetColumn(_("成交额（元）"), 18, "number"),
        SheetColumn(_("溢价率"), 10, "percent"), SheetColumn(_("出处"), 40, "long"), SheetColumn(_("示例"), 6),
    )  # fmt: skip
    rows = [
        (line.expo, line.title, _naive(line.starts_at), line.lots, line.sold, line.passed, line.defaulted,
         line.withdrawn, _share(line.rate), line.amount, _share(line.premium), line.source if line.is_reported else "",
         _yes(line.is_sample))
        for line in (*figures.lines, *figures.earlier)
    ]  # fmt: skip
    return SheetTable(_("各场竞价"), columns, rows, (_(NOT_COUNTED), _("没有报道的空着，不是 0。")))


def _share(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 6)


def _records(data: AuctionReport) -> SheetTable:
    columns = (
        SheetColumn(_("专场"), 26), SheetColumn(_("标的号"), 8), SheetColumn(_("序号"), 6, "int"),
        SheetColumn(_("时间"), 20, "moment"), SheetColumn(_("事项"), 14), SheetColumn(_("号牌"), 8),
        SheetColumn(_("金额（元）"), 16, "number"), SheetColumn(_("渠道"), 12), SheetColumn(_("更正第几条"), 10, "int"),
        SheetColumn(_("说明"), 40, "long"),
    )  # fmt: skip
    rows = [
        (one.desk.title, lot.lot_no, line.no, _naive(line.at), line.kind.label,
         "" if line.paddle is None else paddle_no(line.paddle), line.amount, line.channel, line.corrects, line.note)
        for one, lot in _each(data)
        for line in lot.lines
    ]  # fmt: skip
    return SheetTable(_("笔录"), columns, rows)


def _paddle(lot: LotPaper) -> str:
    return "" if lot.paddle is None else paddle_no(lot.paddle)


def _yes(on: bool) -> str:
    return _("是") if on else ""
