"""The statistic tables as PDF and as sheets: the same lines, sums, definitions and filter line as on the screen.

data = services.statistics.trade_tables.read_tables(db, query, now)
write(path, data, progress);  tables(data) → sheets with native charts
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from expo_app.i18n import N_, _
from expo_app.reports import charts, fonts
from expo_app.reports.canvas import Progress
from expo_app.reports.deals import show_wan, wan
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Cell, Column, Row
from expo_app.reports.style import as_of, open_document, room_for, sentences
from expo_app.rules import amounts
from expo_app.specs.figures import percent
from expo_app.specs.report_data import SheetChart, SheetColumn, SheetTable
from expo_app.specs.trade_tables import Line, Matrix, Sums, Table, TradeTables, signed

SIZE, GAP = 8.5, 11
"""Of the words of a table, and what stands beside them in a cell."""
LEAST_BARS, EACH_BAR, HIGHEST, MOST_KEPT = 2, 18, 220, 420
"""Bars that are worth a chart, their height, that of the highest chart, and what is kept on one page."""
AMOUNT = 2
"""Place of 成交额 among the columns of a sheet."""
MATRIX = N_("行是卖方，列是买方，对角线上是本地成交。")


def write(path: Path, data: TradeTables, progress: Progress | None = None) -> set[str]:
    """Write the tables; the characters the font lacks come back. UserError where the place cannot be written."""
    rows = sum(len(_rows(table)) for table in data.tables)
    with open_document(path, _("技术合同统计表"), data.head, progress, rows) as doc:
        doc.note(data.filter_line)
        doc.note(sentences(data.notes))
        for table in data.tables:
            write_table(doc, data, table)
        doc.note(_agreed(data))
        return doc.missing


def write_table(doc: Paper, data: TradeTables, table: Table, level: int = 1, *, has_chart: bool = True) -> None:
    """One table with its chart and what it counts, under a heading of this level; T7 with its matrix."""
    sheet = sheet_of(data, table)
    bars = sheet.charts[0].bars(sheet) if has_chart and table.total is not None else []
    high = min(EACH_BAR * len(bars) + 8, HIGHEST) if len(bars) >= LEAST_BARS else 0
    room = room_for(len(_rows(table)), total=table.total is not None) + (high + 60 if high else 30)
    doc.heading(f"{table.no} {table.title}", level, keep=min(room, MOST_KEPT))
    has_change = any(line.before is not None for line in (*table.lines, *([table.total] if table.total else [])))
    doc.table(
        _columns(table, has_change),
        [_cells(line, table, has_change, deep) for line, deep in _rows(table)],
        None if table.total is None else _cells(table.total, table, has_change),
        empty=_("没有符合条件的项目"),
    )
    if table.extras:
        doc.note(_("另计：") + _("；").join(_said(line) for line in table.extras) + _("。"))
    if said := notes_of(table):
        doc.note(sentences(said))
    if high:
        title = _("{table}：{what}").format(table=table.title, what=_amount(table))
        doc.chart(charts.horizontal_bars(bars, show_wan, 0.3), high, title)
    if table.matrix is not None:
        _write_matrix(doc, table.matrix)


def notes_of(table: Table) -> tuple[str, ...]:
    """What a table counts, its mean first."""
    if table.mean is None:
        return table.notes
    words = _("平均每份 {amount}（成交额 ÷ 有金额的 {count} 份）。")
    mean = words.format(amount=amounts.in_words(round(table.mean, -2)), count=f"{table.priced:,}")
    return (mean, *table.notes)


def _agreed(data: TradeTables) -> str:
    return _("以上 {n} 个合计已和原始记录核对一致。").format(n=f"{len(data.checks):,}") if data.checks else ""


def _rows(table: Table) -> list[tuple[Line, int]]:
    """Lines with their parts below them, and how deep each stands."""
    return [pair for line in table.lines for pair in ((line, 0), *((part, 1) for part in line.parts))]


def _amount(table: Table) -> str:
    return _("金额（万元）") if table.holds_intentions else _("成交额（万元）")


def _before(table: Table) -> str:
    return _("上届金额（万元）") if table.holds_intentions else _("上届成交额（万元）")


def _columns(table: Table, has_change: bool) -> list[Column]:
    """Room for every word and number of the table."""
    rows = [_cells(line, table, has_change, deep) for line, deep in _rows(table)]
    titles = [(table.first, 3.2), (_("项数"), 1), (_amount(table), 2), (_("技术交易额（万元）"), 2.4)]
    titles += [(_("占比"), 1)] if table.total is not None else []
    titles += [(_before(table), 2), (_("同比"), 1.1)] if has_change else []
    cells = list(zip(*rows, strict=True)) or [()] * len(titles)
    return [
        Column(title, share, "right" if at else "left", holds=held)
        for at, ((title, share), held) in enumerate(zip(titles, cells, strict=True))
    ]


def _cells(line: Line, table: Table, has_change: bool, deep: int = 0) -> list[Cell]:
    count = f"{line.sums.count:,}" if line.sums.count else None
    cells: list[Cell] = [("– " if deep else "") + line.label, count, wan(line.sums.amount), wan(line.sums.tech_amount)]
    if table.total is not None:
        cells.append(None if line.share is None else percent(line.share))
    if has_change:
        cells += [None if line.before is None else wan(line.before.amount), line.change_shown]
    return cells


def _said(line: Line) -> str:
    amount = amounts.in_words(line.sums.amount)
    return _("{what} {n} 份、{amount}").format(what=line.label, n=f"{line.sums.count or 0:,}", amount=amount)


# --- T7 ---------------------------------------------------------------------------------------------------------------
def _write_matrix(doc: Paper, matrix: Matrix) -> None:
    """Sellers' places down, buyers' across; a list of flows where a page is too narrow for that."""
    rows: list[list[Cell]] = [
        [
            label,
            *(_flow(matrix.cell(seller, buyer)) for buyer, _name in matrix.regions),
            _flow(matrix.outputs[seller]),
            _net(matrix.net_of(seller)),
        ]
        for seller, label in matrix.regions
    ]
    taken = [_flow(matrix.intakes[key]) for key, _label in matrix.regions]
    total: list[Cell] = [_("吸纳"), *taken, _flow(matrix.total), _net(_whole_net(matrix))]
    titles = [_("卖方 → 买方"), *(label for _key, label in matrix.regions), _("输出"), _("净输出")]
    columns = [
        Column(title, 1.2, "right" if at else "left", bold=not at, holds=held)
        for at, (title, held) in enumerate(zip(titles, zip(*rows, total, strict=True), strict=True))
    ]
    doc.heading(_("T7 流向矩阵（万元）"), 2, keep=room_for(len(matrix.regions)))
    if sum(_wide(column) for column in columns) <= doc.width:
        doc.note(_(MATRIX))
        doc.table(columns, rows, total)
    else:
        _write_flows(doc, matrix)


def _wide(column: Column) -> float:
    """What a column of numbers needs so that none is broken."""
    return max(fonts.width(str(words or ""), SIZE, True) for words in (column.title, *column.holds)) + GAP


def _write_flows(doc: Paper, matrix: Matrix) -> None:
    labels = dict(matrix.regions)
    rows: list[Row] = [
        [label, _flow(matrix.outputs[key]), _flow(matrix.intakes[key]), _net(matrix.net_of(key))]
        for key, label in matrix.regions
    ]
    columns = [Column(_("地区"), 2, bold=True)] + [Column(words, 1.5, "right") for words in _sides()]
    whole = _flow(matrix.total)
    doc.table(columns, rows, [_("合计"), whole, whole, _net(_whole_net(matrix))])
    flows = sorted(matrix.cells.items(), key=lambda cell: -(cell[1].amount or 0))
    columns = [Column(_("卖方"), 2, bold=True), Column(_("买方"), 2), Column(_("项数"), 1, "right"),
               Column(_("成交额（万元）"), 1.5, "right")]  # fmt: skip
    doc.table(columns, [[labels[s], labels[b], f"{sums.count:,}", wan(sums.amount)] for (s, b), sums in flows])


def _sides() -> tuple[str, str, str]:
    return _("输出"), _("吸纳"), _("净输出")


def _flow(sums: Sums) -> str | None:
    if sums.amount is None and sums.count:
        return _("{n} 项").format(n=f"{sums.count:,}")
    return wan(sums.amount)


def _whole_net(matrix: Matrix) -> Decimal:
    return sum(matrix.net.values(), Decimal(0))


def _net(yuan: Decimal | None) -> str | None:
    return None if yuan is None else signed(amounts.format_wan(abs(yuan)), yuan)


# --- Excel ------------------------------------------------------------------------------------------------------------
def tables(data: TradeTables) -> list[SheetTable]:
    """A sheet for every table, the matrix after T7."""
    found = []
    for table in data.tables:
        found.append(sheet_of(data, table))
        if table.matrix is not None:
            found.append(_matrix_sheet(data, table.matrix))
    return found


def sheet_of(data: TradeTables, table: Table) -> SheetTable:
    """A table as values; its chart shows the amounts of its lines, without the parts they unfold to."""
    has_change = any(line.before is not None for line in (*table.lines, *([table.total] if table.total else [])))
    columns = [
        SheetColumn(table.first, 26), SheetColumn(_("项数"), 10, "count"),
        SheetColumn(_amount(table), 18, "money"), SheetColumn(_("技术交易额（万元）"), 20, "money"),
    ]  # fmt: skip
    if table.total is not None:
        columns.append(SheetColumn(_("占比"), 10, "percent"))
    if has_change:
        columns += [SheetColumn(_before(table), 20, "money"), SheetColumn(_("同比"), 10, "percent")]
    lines = [_values(line, table, has_change) for line in table.lines]
    parts = [
        _values(part, table, has_change, _("{whole}：{part}").format(whole=line.label, part=part.label))
        for line in table.lines
        for part in line.parts
    ]
    totals = [] if table.total is None else [_values(table.total, table, has_change)]
    words, name = _("另计：{what}"), f"{table.no} {table.title}"
    extras = [_values(line, table, has_change, words.format(what=line.label)) for line in table.extras]
    title = _("{table}：{what}").format(table=name, what=_amount(table))
    colours = tuple(line.colour for line in table.lines)
    chart = SheetChart(title, (AMOUNT,), colours=colours)
    notes = (*notes_of(table), *_common(data))
    return SheetTable(name, tuple(columns), lines, notes, (*totals, *parts, *extras), (chart,))


def _values(line: Line, table: Table, has_change: bool, label: str = "") -> tuple[Any, ...]:
    """The values of a line; 上届无 and what has no number is left empty or said in words."""
    found: list[Any] = [label or line.label, line.sums.count, line.sums.amount, line.sums.tech_amount]
    if table.total is not None:
        found.append(None if line.share is None else round(line.share, 6))
    if has_change:
        change = line.change
        said = _("上届无") if line.was_nothing else None
        found += [None if line.before is None else line.before.amount, said if change is None else round(change, 6)]
    return tuple(found)


def _matrix_sheet(data: TradeTables, matrix: Matrix) -> SheetTable:
    names = [label for _key, label in matrix.regions]
    columns = [SheetColumn(_("卖方 → 买方"), 18)]
    columns += [SheetColumn(name, 14, "money") for name in names]
    columns += [SheetColumn(words, 14, "money") for words in (_("输出"), _("净输出"))]
    rows = [
        (
            label,
            *(matrix.cell(seller, buyer).amount for buyer, _name in matrix.regions),
            matrix.outputs[seller].amount,
            matrix.net_of(seller),
        )
        for seller, label in matrix.regions
    ]
    taken = [matrix.intakes[key].amount for key, _label in matrix.regions]
    totals = ((_("吸纳"), *taken, matrix.total.amount, _whole_net(matrix)),)
    chart = SheetChart(_("净输出（万元）"), (len(names) + 2,), shape="columns")
    notes = (_(MATRIX), *_common(data))
    return SheetTable(_("T7 流向矩阵"), tuple(columns), rows, notes, totals, (chart,))


def _common(data: TradeTables) -> Sequence[str]:
    """What stands below every sheet: what was asked, how it was counted, of which moment."""
    return [text for text in (data.filter_line, *data.notes, as_of(data.head), _agreed(data)) if text]
