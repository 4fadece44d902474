"""对账: every published total, what the raw records say, and the records behind a difference."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.rules import amounts
from expo_app.specs.fields import MISSING
from expo_app.specs.trade_tables import UNREAD, Check, TradeTables
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.statistics.figure_table import Cell, FigureTable, Row
from expo_app.ui.pages.statistics.shown import Opening


class CheckDialog(Dialog):
    """Failing totals first; a difference opens the records to look at."""

    def __init__(self, parent: QWidget, tables: TradeTables, go: Callable[[Opening], object]) -> None:
        failing = tables.failing()
        pill = (_("对不上 {n}").format(n=len(failing)), "bad") if failing else (_("全部对得上"), "ok")
        super().__init__(parent, _("对账"), theme.Width.DIALOG_LARGE, pill, tables.filter_line)
        self._go = go
        if failing:
            self.body.addWidget(Banner("bad", _("有数和原始记录对不上，导出和打印已停用。请看差额后面的记录。")))
        self.body.addWidget(
            Label(
                _("左边是表里的数，右边由数据库从原始记录另算一遍（以分相加，不经过同一段程序）。"),
                "secondary",
                wrap=True,
            )
        )
        self.table = FigureTable()
        self.table.opened.connect(self._open)
        headers = (_("合计"), _("表里的数"), _("原始记录"), _("差"))
        self.table.set(headers, [_row(at, check) for at, check in enumerate((*failing, *_agreeing(tables)))])
        self.body.addWidget(self.table)
        self.add_action(Button(_("关闭"), "primary", clicked=self.close_with), safe=True)

    def _open(self, opening: Opening) -> None:
        self.close_with()
        self._go(opening)


def _agreeing(tables: TradeTables) -> list[Check]:
    return [check for check in tables.checks if check.agrees]


def _row(at: int, check: Check) -> Row:
    """One total: both numbers, and ▲ with the difference where there is one."""
    measures = {"count": _("项数"), "amount": _("成交额（万元）"), "tech_amount": _("技术交易额（万元）")}
    measures[UNREAD] = _("读不出的记录")
    name = " · ".join(
        part for part in (check.table or _("台账与发布口径"), check.label, measures[check.measure]) if part
    )
    difference = Cell(_("一致"), tone="ok")
    if not check.agrees:
        key = Opening(_("对不上：{what}").format(what=name), check.ids) if check.ids else None
        difference = Cell(_("▲ {words}").format(words=check.words), key, "bad")
    return Row(str(at), name, (_value(check, check.published), _value(check, check.recounted), difference))


def _value(check: Check, value: int | Decimal | None) -> Cell:
    if check.measure in ("count", UNREAD):
        return Cell(f"{value:,.0f}" if value else MISSING)
    return Cell(amounts.format_wan(None if value is None else Decimal(value)))
