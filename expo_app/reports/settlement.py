"""三地结算 on paper: the cover with its check, every pair's statement on a sheet of its own, each region's own list.

data = services.settlement_report.read(db, expo_id, now, "2019H1")
write(path, data, progress);  tables(data) → sheets with the same
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from expo_app.i18n import N_, _
from expo_app.reports import fonts
from expo_app.reports.canvas import Progress
from expo_app.reports.pdf import Cell, Column, Document, Kpi, Row
from expo_app.reports.style import marked, open_document
from expo_app.rules.settlement import Settlement
from expo_app.specs.report_data import SheetColumn, SheetTable
from expo_app.specs.settlement import SettlementBoard, SettlementReport, SideState, StatementLine, UseLine
from expo_app.specs.settlement_words import check_words, net_words, pair_name, sum_words, yuan

TITLE = N_("三地结算对账单")
RULES = N_(
    "只有通兑进轧差：企业付自付部分，出券地区付给收款机构所在地区。通用由企业所在地区退给企业，列在旁边，不进轧差。"
    "付款按每两地一份对账单的净额，合计的净额只供阅读。"
)
MATRIX = N_("行是出券的地区，列是收款机构所在地区，单位 元；对角线是本地用券，不进合计。")
SIGN = 70.0
"""Points of height for a signature."""
MOST_REGIONS = 7
"""Regions side by side in the matrix of a page."""


# --- paper ------------------------------------------------------------------------------------------------------------
def write(path: Path, data: SettlementReport, progress: Progress | None = None) -> set[str]:
    """Cover and statements, or one statement alone; the characters the font lacks come back."""
    board, wanted = data.board, [line for line in data.board.all_lines if data.only in (None, line.id)]
    uses: dict[object, list[UseLine]] = {}
    for use in data.uses:
        uses.setdefault(use.statement_id, []).append(use)
    title = _(TITLE) if data.only is None else _("对账单 {no}").format(no=wanted[0].no if wanted else "")
    head = replace(data.head, dates=_period_words(board), venue="")
    with open_document(path, title, head, progress, len(data.uses)) as doc:
        is_first = data.only is not None
        if data.only is None:
            _cover(doc, board)
        for line in wanted:
            if line.id is None:
                continue
            doc.title = _("对账单 {no}").format(no=line.no)
            if not is_first:
                doc.new_sheet()
            is_first = False
            _statement(doc, board, line, uses.get(line.id, []))
        return doc.missing


def _period_words(board: SettlementBoard) -> str:
    return _("{period}（{days}）").format(period=board.period.label, days=board.period.days)


def _cover(doc: Document, board: SettlementBoard) -> None:
    whole = board.settlement
    doc.paragraph(check_words(board.check), 10, "ok" if board.check.is_right else "bad", bold=True)
    doc.kpis(
        [
            Kpi(_("跨地通兑"), yuan(whole.paid.yuan), _uses(whole.paid.count), _("元")),
            Kpi(_("跨地通用"), yuan(whole.refunded.yuan), _uses(whole.refunded.count), _("元")),
            Kpi(_("本地用券"), yuan(whole.at_home.yuan), _uses(whole.at_home.count), _("元")),
            Kpi(_("对账单"), f"{board.check.statements:,}", "", _("份")),
        ]
    )
    doc.note(_(RULES))
    if board.wider:
        words = _("这一期和 {other} 的对账单重叠，那里的用券不在这里。")
        doc.note(words.format(other=_("、").join(board.wider)))
    if board.parties:
        doc.heading(_("往来"))
        _matrix(doc, board, whole)
    doc.heading(_("每两地一份"))
    rows: list[Row] = [
        [
            line.no or _("未出"), pair_name(board, line), f"{line.count:,}", yuan(line.pair.a_pays.paid.yuan),
            yuan(line.pair.b_pays.paid.yuan), net_words(board, line), line.sides[0].state.label,
            line.sides[1].state.label,
        ]
        for line in board.lines
    ]  # fmt: skip
    columns = [
        Column(_("编号"), 2), Column(_("两地"), 3, bold=True), Column(_("笔数"), 1, "right"),
        Column(_("甲方出券"), 2, "right"), Column(_("乙方出券"), 2, "right"), Column(_("净额"), 3, "right", bold=True),
        Column(_("甲方"), 1.2), Column(_("乙方"), 1.2),
    ]  # fmt: skip
    doc.table(columns, rows, empty=_("这一期没有跨地用券。"))
    if board.local:
        doc.heading(_("本地用券"), level=2)
        own: list[Row] = [
            [line.no or _("未出"), board.name(line.pair.a), f"{line.count:,}", yuan(line.pair.a_pays.all.yuan)]
            for line in board.local
        ]
        columns = [Column(_("编号"), 2), Column(_("地区"), 3, bold=True), Column(_("笔数"), 1, "right")]
        doc.table([*columns, Column(_("券付（元）"), 2, "right")], own)
    if board.samples:
        doc.note(_("其中示例 {n} 笔。").format(n=f"{board.samples:,}"))


def _uses(count: int) -> str:
    return _("{n} 笔").format(n=f"{count:,}")


def _matrix(doc: Document, board: SettlementBoard, whole: Settlement) -> None:
    parties = board.parties
    if len(parties) > MOST_REGIONS:
        columns = [Column(_("地区"), 2, bold=True), Column(_("出券合计"), 2, "right")]
        columns += [Column(_("收款合计"), 2, "right"), Column(_("净额"), 2, "right")]
        rows: list[Row] = [
            [board.name(code), yuan(whole.issued[code].yuan), yuan(whole.received[code].yuan),
             sum_words(whole.net(code))]
            for code in parties
        ]  # fmt: skip
        doc.table(columns, rows)
        return
    columns = [Column(_("出券 \\ 收款"), 2, bold=True)]
    columns += [Column(board.name(code), 2, "right") for code in parties]
    columns.append(Column(_("出券合计"), 2.2, "right", bold=True))
    lines: list[Row] = [
        [board.name(code), *(_cell(whole, code, other) for other in parties), yuan(whole.issued[code].yuan)]
        for code in parties
    ]
    received = [yuan(whole.received[code].yuan) for code in parties]
    lines.append([_("收款合计"), *received, yuan(whole.paid.yuan)])
    totals: list[Cell] = [_("净额"), *(sum_words(whole.net(code)) for code in parties), yuan(Decimal(0))]
    doc.table(columns, lines, totals, size=8)
    doc.note(_(MATRIX))


def _cell(whole: Settlement, issuer: str, payee: str) -> str | None:
    cell = whole.cell(issuer, payee)
    amount = cell.all if issuer == payee else cell.paid
    return yuan(amount.yuan) if amount.count else None


def _statement(doc: Document, board: SettlementBoard, line: StatementLine, uses: Sequence[UseLine]) -> None:
    kind = _("本地用券清单") if line.is_local else _("对账单")
    doc.heading(f"{kind} {line.no} · {marked(pair_name(board, line), line.is_sample)}")
    words = _("{a} 至 {b} · {n} 笔 · 第 {version} 版")
    facts = words.format(
        a=line.from_day.isoformat(), b=line.until.isoformat(), n=f"{line.count:,}", version=line.version
    )
    doc.paragraph(facts)
    a, b = line.pair.a, line.pair.b
    for issuer, payee, cell in ((a, b, line.pair.a_pays), (b, a, line.pair.b_pays))[: 1 if line.is_local else 2]:
        own = [use for use in uses if (use.issuer, use.payee) == (issuer, payee)]
        paid = own if line.is_local else [use for use in own if not use.is_refunded]
        head = _("{region}本地用券") if line.is_local else _("{region}出券，付给{other}的机构")
        total = cell.all if line.is_local else cell.paid
        if paid:
            doc.heading(head.format(region=board.name(issuer), other=board.name(payee)), level=2)
            _use_table(doc, paid, total.yuan)
        refunded = [] if line.is_local else [use for use in own if use.is_refunded]
        if refunded:
            words = _("{region}的通用（由{region}退给企业，不进轧差）")
            doc.heading(words.format(region=board.name(issuer)), level=2)
            _use_table(doc, refunded, cell.refunded.yuan)
    if not line.is_local:
        doc.paragraph(_("轧差：{net} 元").format(net=net_words(board, line)), 12, bold=True)
    _hands(doc, board, line)


def _use_table(doc: Document, uses: Sequence[UseLine], total: Decimal) -> None:
    columns = [
        Column(_("编号"), 2), Column(_("企业"), 3), Column(_("资源"), 3), Column(_("类别"), 1.6),
        Column(_("核验日期"), 1.6, holds=("2019-06-30",)), Column(_("券付（元）"), 2, "right"),
    ]  # fmt: skip
    rows: list[Row] = []
    for use in uses:
        day = use.verified_on.isoformat() if use.verified_on else None
        number = _("{no}（更正 {other}）").format(no=use.no, other=use.corrects) if use.corrects else use.no
        rows.append([number, marked(use.company, use.is_sample), use.resource, use.kind or None, day, yuan(use.share)])
    doc.table(columns, rows, [_("合计"), f"{len(uses):,}", None, None, None, yuan(total)], size=8)


def _hands(doc: Document, board: SettlementBoard, line: StatementLine) -> None:
    """Where both sides sign, or what they signed already."""
    sides = line.sides[:1] if line.is_local else line.sides
    gap = 14.0
    wide = (doc.width - gap * (len(sides) - 1)) / len(sides)
    box = doc.place(SIGN + 26)
    for at, side in enumerate(sides):
        x = box.x + at * (wide + gap)
        doc.ink.rect(x, box.y + 8, wide, SIGN, "", "border", 0.8, 5)
        name = _("{region}方（签字盖章）").format(region=board.name(side.code))
        doc.ink.text(x + 10, box.y + SIGN - 8, fonts.elide(name, 9, wide - 20, True), 9, bold=True)
        if side.state is SideState.SIGNED and side.signed_on is not None:
            said = f"{side.signer} · {side.signed_on.isoformat()}"
            doc.ink.text(x + 10, box.y + 30, fonts.elide(said, 9, wide - 20), 9)
        doc.ink.text(x + 10, box.y + 16, _("日期"), 8, "text.3")
        doc.ink.line([(x + 34, box.y + 14), (x + wide - 12, box.y + 14)], "border", 0.8)


# --- sheets -----------------------------------------------------------------------------------------------------------
def tables(data: SettlementReport) -> list[SheetTable]:
    """矩阵, 对账单, 明细, 统计, 企业余额."""
    board, whole = data.board, data.board.settlement
    yuan_column, names = "yuan", [board.name(code) for code in board.parties]
    matrix = SheetTable(
        _("往来"),
        (
            SheetColumn(_("出券 \\ 收款"), 16, is_bold=True), *(SheetColumn(name, 16, yuan_column) for name in names),
            SheetColumn(_("出券合计"), 18, yuan_column, is_bold=True),
        ),
        [
            (
                board.name(code), *(_sheet_cell(whole, code, other) for other in board.parties),
                whole.issued[code].yuan,
            )
            for code in board.parties
        ],
        notes=(check_words(board.check), _(RULES), _(MATRIX)),
        totals=(
            (_("收款合计"), *(whole.received[code].yuan for code in board.parties), whole.paid.yuan),
            (_("净额（收为正）"), *(Decimal(whole.net(code)).scaleb(-2) for code in board.parties), Decimal(0)),
        ),
    )  # fmt: skip
    return [matrix, _pairs_sheet(board), _uses_sheet(data), _kinds_sheet(data), _left_sheet(data)]


def _sheet_cell(whole: Settlement, issuer: str, payee: str) -> Decimal | None:
    cell = whole.cell(issuer, payee)
    amount = cell.all if issuer == payee else cell.paid
    return amount.yuan if amount.count else None


def _pairs_sheet(board: SettlementBoard) -> SheetTable:
    columns = (
        SheetColumn(_("编号"), 14), SheetColumn(_("版次"), 8, "int"), SheetColumn(_("起日"), 12, "date"),
        SheetColumn(_("止日"), 12, "date"), SheetColumn(_("甲方"), 14), SheetColumn(_("乙方"), 14),
        SheetColumn(_("笔数"), 10, "count"), SheetColumn(_("甲方出券"), 16, "yuan"),
        SheetColumn(_("乙方出券"), 16, "yuan"), SheetColumn(_("付款方"), 14), SheetColumn(_("净额"), 16, "yuan"),
        SheetColumn(_("其中通用（不进轧差）"), 18, "yuan"), SheetColumn(_("甲方签认"), 14),
        SheetColumn(_("乙方签认"), 14), SheetColumn(_("付讫日期"), 12, "date"),
    )  # fmt: skip
    rows = [
        (
            line.no or _("未出"), line.version, line.from_day, line.until, board.name(line.pair.a),
            board.name(line.pair.b) if not line.is_local else _("本地"), line.count,
            (line.pair.a_pays.all if line.is_local else line.pair.a_pays.paid).yuan, line.pair.b_pays.paid.yuan,
            board.name(line.pair.payer) if line.pair.payer and not line.is_local else None,
            None if line.is_local else line.pair.net, line.pair.refunded.yuan, line.sides[0].state.label,
            line.sides[1].state.label, line.paid_on,
        )
        for line in board.all_lines
    ]  # fmt: skip
    return SheetTable(_("对账单"), columns, rows)


def _uses_sheet(data: SettlementReport) -> SheetTable:
    board, numbers = data.board, {line.id: line.no for line in data.board.all_lines}
    columns = (
        SheetColumn(_("对账单"), 14), SheetColumn(_("编号"), 14), SheetColumn(_("企业"), 30),
        SheetColumn(_("资源"), 30), SheetColumn(_("类别"), 14), SheetColumn(_("出券地区"), 14),
        SheetColumn(_("收款地区"), 14), SheetColumn(_("付款方式"), 10), SheetColumn(_("核验日期"), 12, "date"),
        SheetColumn(_("券付（元）"), 16, "yuan"), SheetColumn(_("更正"), 14), SheetColumn(_("示例"), 8),
    )  # fmt: skip
    rows = [
        (
            numbers.get(use.statement_id) or _("未出"), use.no, use.company, use.resource, use.kind or None,
            board.name(use.issuer), board.name(use.payee), _("通用") if use.is_refunded else _("通兑"),
            use.verified_on, use.share, use.corrects or None, _("示例") if use.is_sample else None,
        )
        for use in data.uses
    ]  # fmt: skip
    return SheetTable(_("明细"), columns, rows)


def _kinds_sheet(data: SettlementReport) -> SheetTable:
    board = data.board
    columns = (
        SheetColumn(_("出券地区"), 14), SheetColumn(_("收款地区"), 14), SheetColumn(_("服务类别"), 20),
        SheetColumn(_("笔数"), 10, "count"), SheetColumn(_("通兑"), 16, "yuan"), SheetColumn(_("通用"), 16, "yuan"),
    )  # fmt: skip
    rows = [
        (board.name(issuer), board.name(payee), kind or _("未填"), count, paid, refunded)
        for issuer, payee, kind, count, paid, refunded in data.by_kind
    ]
    return SheetTable(_("按服务类别"), columns, rows)


def _left_sheet(data: SettlementReport) -> SheetTable:
    columns = (
        SheetColumn(_("企业"), 30), SheetColumn(_("券号"), 16), SheetColumn(_("地区"), 14),
        SheetColumn(_("券额"), 16, "yuan"), SheetColumn(_("已用"), 16, "yuan"), SheetColumn(_("余额"), 16, "yuan"),
        SheetColumn(_("有效期至"), 12, "date"), SheetColumn(_("示例"), 8),
    )  # fmt: skip
    rows = [
        (one.company, one.voucher_no, one.region, one.amount, one.used, one.left, one.expires_on,
         _("示例") if one.is_sample else None)
        for one in data.left
    ]  # fmt: skip
    notes = (_("已批准且未过期的券，截至生成时。"),)
    return SheetTable(_("企业余额"), columns, rows, notes=notes)
