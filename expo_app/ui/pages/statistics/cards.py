"""The cards of the statistics: a table with its marks, and the bars beside it."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from expo_app.i18n import _
from expo_app.rules import amounts
from expo_app.specs.trade_tables import Line, Table, TradeTables
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, IconButton, repolish
from expo_app.ui.kit.labels import ElidedLabel, Label, SectionTitle
from expo_app.ui.kit.panels import Card, column, row, scrolled
from expo_app.ui.pages.statistics.bars import CompareBar, CompareBars
from expo_app.ui.pages.statistics.figure_table import FigureTable
from expo_app.ui.pages.statistics.shown import Opening, headers_of, matrix_headers, matrix_rows, rows_of

HEAD = 64
"""What a card has above its table and around it."""


class TableCard(Card):
    """One table. `opened(Opening)`, `folded(key, open)`, `checks_wanted()`, `pin_pressed()`."""

    opened = Signal(object)
    folded = Signal(str, bool)
    checks_wanted = Signal()
    pin_pressed = Signal()

    def __init__(self, can_unpin: bool = False) -> None:
        super().__init__(padding=theme.Space.M)
        self.set_padding(theme.Space.M, theme.Space.S)
        self.shown = ""
        head = row(spacing=theme.Space.S)
        self._title, self._unit = SectionTitle(""), ElidedLabel("", "caption")
        self.check = Button("", "link", "check-double-line", clicked=self.checks_wanted.emit)
        self.pin = IconButton("pushpin-line", _("固定在下面一起看（P）"), self.pin_pressed.emit)
        head.addWidget(self._title)
        head.addWidget(self._unit, 1)
        head.addWidget(self.check)
        head.addWidget(self.pin)
        self.body.addLayout(head)
        self.body.setSpacing(theme.Space.XS)
        self.table = FigureTable()
        self.table.opened.connect(self.opened)
        self.table.folded.connect(self.folded)
        self.table.moved.connect(self._bring)
        self._content = content = QWidget()
        lines = column(content, theme.Space.S)
        lines.addWidget(self.table)
        self._notes = Label("", "caption", wrap=True)
        lines.addWidget(self._notes)
        lines.addStretch(1)
        self._area: QScrollArea = scrolled(content)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.body.addWidget(self._area, 1)

    def show_table(
        self,
        tables: TradeTables,
        table: Table,
        opened: Collection[str],
        *,
        matrix: bool = False,
        is_pinned: bool = False,
    ) -> None:
        """Show a table; `matrix`: of T7 the matrix."""
        self.shown = table.no
        self._title.setText(f"{table.no} {table.title}")
        as_matrix = matrix and table.matrix is not None
        self._unit.set_text(" · ".join([_("万元"), *([_("行是卖方，列是买方，框里是本地成交")] if as_matrix else [])]))
        if as_matrix and table.matrix is not None:
            self.table.set(matrix_headers(table.matrix), matrix_rows(table.matrix))
        else:
            self.table.set(headers_of(table), rows_of(table, opened))
        self._show_check(tables, table, as_matrix)
        self.pin.set_icon("pushpin-line", "primary" if is_pinned else "text.2")
        self.pin.set_label(_("不再固定（P）") if is_pinned else _("固定在下面一起看（P）"))
        words = [] if matrix else [*table.notes, *tables.notes]
        if table.mean is not None:
            mean = _("平均每份 {amount}（成交额 ÷ 有金额的 {count} 份）。")
            words.insert(0, mean.format(amount=amounts.in_words(round(table.mean, -2)), count=f"{table.priced:,}"))
        self._notes.setText(reduce(lambda text, more: _("{text}{more}").format(text=text, more=more), words or [""]))
        self._notes.setVisible(bool(words))

    @property
    def need(self) -> int:
        """How high it would be with nothing to scroll; in a low window its notes are scrolled to."""
        is_low = self.window().height() < theme.LOW_WINDOW
        wide = max(self._area.viewport().width(), 1)
        notes = 0 if is_low or not self._notes.text() else self._notes.heightForWidth(wide) + theme.Space.S
        return self.table.height() + HEAD + notes

    def _show_check(self, tables: TradeTables, table: Table, as_matrix: bool) -> None:
        failing = tables.failing(table.no)
        if failing:
            self.check.set_text(_("▲ 对不上，{words}").format(words=failing[0].words))
            self.check.set_icon("error-warning-line", "bad")
        else:
            how = (
                _("输出合计＝吸纳合计＝T1 合计")
                if as_matrix
                else _("合计＝各项之和")
                if table.total
                else _("各行＝原始记录")
            )
            self.check.set_text(_("已核对：{how}").format(how=how))
            self.check.set_icon("check-double-line", "ok")
        self.check.setProperty("tone", "bad" if failing else "ok")
        repolish(self.check)
        self.check.setToolTip(_("看每个合计和原始记录"))

    def set_stale(self, on: bool) -> None:
        """Grey: the numbers are of before."""
        self.table.set_stale(on)

    def _bring(self, box: QRectF) -> None:
        spot = self.table.mapTo(self._content, box.center().toPoint())
        self._area.ensureVisible(spot.x(), spot.y(), int(box.width()), int(box.height()))


class BarsCard(Card):
    """The amounts of a table as bars, with those of what is compared with below them."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__(padding=theme.Space.M)
        head = row(spacing=theme.Space.S)
        self._title = SectionTitle("")
        head.addWidget(self._title)
        head.addWidget(Label(_("万元"), "caption"))
        head.addStretch(1)
        self.body.addLayout(head)
        self.bars = CompareBars()
        self.bars.opened.connect(self.opened)
        content = QWidget()
        lines = column(content)
        lines.addWidget(self.bars)
        lines.addStretch(1)
        self.body.addWidget(scrolled(content), 1)
        self._foot = ElidedLabel("", "caption")
        self.body.addWidget(self._foot)

    def show_table(self, tables: TradeTables, table: Table) -> None:
        """Show a table's lines, the largest first."""
        lines = sorted(table.lines, key=lambda line: -(line.sums.amount or 0)) if table.total else table.lines
        is_compared = any(line.before is not None for line in table.lines)
        self._title.setText(_("{what}，和上届比").format(what=table.amount) if is_compared else table.amount)
        self.bars.set([_bar(table, line) for line in lines], is_compared)
        words = _("色条＝本届，没有对比")
        if tables.against:
            with_bars, without = _("色条＝本届，空心条＝{what}"), _("色条＝本届；{what}没有可比的数")
            words = (with_bars if is_compared else without).format(what=tables.against)
        self._foot.set_text(words)

    def set_stale(self, on: bool) -> None:
        """Grey: the numbers are of before."""
        self.bars.set_stale(on)


def _bar(table: Table, line: Line) -> CompareBar:
    before = line.before.amount if line.before else None
    opening = Opening(f"{table.no} {table.title} · {line.label}", line.sums.ids)
    return CompareBar(line.label, line.sums.amount, before, line.colour, None if line.sums.amount is None else opening)
