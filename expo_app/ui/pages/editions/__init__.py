"""历届对比: every edition beside the others, figure by figure, with small bars; a number leads to its edition."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.routes import ListRoute, Route
from expo_app.routes.reports import ReportsRoute
from expo_app.services.editions import comparison
from expo_app.specs import EDITIONS, EXPOS
from expo_app.specs.editions_report import ComparedFigure, Comparison, EditionHead
from expo_app.specs.trend_figures import CHANGE
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import ElidedLabel, Label, Line
from expo_app.ui.kit.panels import Card, PageHeader, clear, column, scrolled
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.page import Page

TABLES = frozenset({"edition", "edition_figure", "expo", "exhibitor", "booth", "programme_item", "deal", "check_in"})
"""What the figures of editions are counted from, or kept in."""
MOST = 7
"""Editions side by side: the last ones."""
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ComparisonSection(Page):
    """Own figures of each edition, then cumulative ones apart."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        content = QWidget()
        lines = column(content, theme.Space.L)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self.header = PageHeader(_("历届对比"))
        go = context.navigate
        self.header.add(Button(_("往届资料"), icon="history-line", clicked=partial(go, ListRoute(EDITIONS))))
        self.header.add(Button(_("导出"), icon="download-2-line", clicked=partial(go, ReportsRoute("trends"))))
        lines.addWidget(self.header)
        self._cards = column(spacing=theme.Space.L)
        lines.addLayout(self._cards)
        lines.addStretch(1)
        column(self).addWidget(scrolled(content))
        self.shown: Comparison | None = None
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self.refresh)
        self.refresh()

    def open_with(self, route: Route) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Count again, in a worker."""
        db, expo_id = self.context.db, self.context.expo_id
        self.context.run(_("历届对比"), lambda _progress: comparison(db, expo_id), self.show_comparison, parent=self)

    def _on_changed(self, tables: frozenset[str]) -> None:
        if self.isVisible() and tables & TABLES:
            self.refresh()

    def show_comparison(self, found: Comparison) -> None:
        """Put the figures on the screen, where they differ from those that are there."""
        if found == self.shown:
            return
        self.shown = found
        clear(self._cards)
        self.header.set_fact(_("{n} 届 · 没有报道的写 —").format(n=len(found.editions)))
        if not found.rows and not found.totals:
            add = Button(_("录入往届"), "primary", "add-line", clicked=self._enter)
            words = _("录入或导入往届的主要数字，就能和本届对比。")
            self._cards.addWidget(EmptyState("history-line", _("还没有往届资料"), words, [add]))
            return
        if found.apart:
            self._cards.addWidget(Label(found.apart, "secondary", wrap=True))
        own = Card(_("各届数字"), _(CHANGE))
        own.body.addLayout(self._grid(found))
        self._cards.addWidget(own)
        if found.totals:
            apart = Card(_("累计数字"), _("从首届起算，不是某一届的数字"))
            apart.body.addLayout(self._totals(found))
            self._cards.addWidget(apart)

    def _enter(self) -> None:
        self.context.navigate(ListRoute(EDITIONS, new=True))

    def _head(self, grid: QGridLayout, editions: Sequence[EditionHead], *more: str) -> None:
        grid.setHorizontalSpacing(theme.Space.L)
        grid.setVerticalSpacing(theme.Space.S)
        grid.addWidget(Label(_("指标"), "fact"), 0, 0)
        for place, one in enumerate(editions, 1):
            button = Button(one.label, "link", clicked=partial(self._open, one))
            button.setToolTip("\n".join(filter(None, (one.name, one.source))))
            grid.addWidget(button, 0, place, Qt.AlignmentFlag.AlignRight)
        for place, words in enumerate(more, len(editions) + 1):
            grid.addWidget(Label(words, "fact"), 0, place, RIGHT)
        grid.setColumnStretch(0, 1)

    def _open(self, one: EditionHead) -> None:
        """The edition's record, else the expo it is counted from."""
        spec, key = (EDITIONS, one.record_id) if one.record_id else (EXPOS, one.expo_id)
        self.context.navigate(ListRoute(spec, record=key))

    def _grid(self, found: Comparison) -> QGridLayout:
        grid, editions = QGridLayout(), found.editions[-MOST:]
        self._head(grid, editions, _("变化"), _("走势"))
        for line, row in enumerate(found.rows, 1):
            self._line(grid, line * 2 - 1, row.figure.label, row.figure.unit, len(editions) + 3)
            for place, past in enumerate(row.past[-MOST:], 1):
                label = Label(row.shown(past), "strong" if editions[place - 1].is_this else "body")
                label.setToolTip(past.source or (_("按本文件的记录统计") if past.value is not None else _("没有报道")))
                grid.addWidget(label, line * 2, place, RIGHT)
            grid.addWidget(Label(row.change_shown, "secondary"), line * 2, len(editions) + 1, RIGHT)
            grid.addWidget(SparkBars(row), line * 2, len(editions) + 2, RIGHT)
        return grid

    def _totals(self, found: Comparison) -> QGridLayout:
        grid, editions = QGridLayout(), found.editions[-MOST:]
        self._head(grid, editions)
        for line, (figure, values) in enumerate(found.totals, 1):
            self._line(grid, line * 2 - 1, figure.total, figure.unit, len(editions) + 1)
            for place, value in enumerate(values[-MOST:], 1):
                grid.addWidget(Label("—" if value is None else value.shown(figure.is_money)), line * 2, place, RIGHT)
        return grid

    @staticmethod
    def _line(grid: QGridLayout, row: int, label: str, unit: str, wide: int) -> None:
        grid.addWidget(Line(), row, 0, 1, wide)
        grid.addWidget(ElidedLabel(_("{label}（{unit}）").format(label=_(label), unit=_(unit)), "strong"), row + 1, 0)


class SparkBars(QWidget):
    """One bar for each edition of a figure; what is not known leaves a gap."""

    WIDE, TALL, GAP = 8, 24, 4

    def __init__(self, row: ComparedFigure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values = [None if past.value is None else float(past.value) for past in row.past[-MOST:]]
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        words = _("、").join(row.shown(past) for past in row.past[-MOST:])
        self.setAccessibleName(_("{label}：{values}").format(label=_(row.figure.label), values=words))

    def sizeHint(self) -> QSize:
        return QSize(len(self.values) * (self.WIDE + self.GAP), self.TALL)

    def paintEvent(self, event: QPaintEvent) -> None:
        most = max((value for value in self.values if value is not None), default=0.0)
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        for place, value in enumerate(self.values):
            if value is not None and most:
                tall = max(2.0, value / most * self.TALL)
                is_last = place == len(self.values) - 1
                painter.setBrush(theme.color("primary" if is_last else "border.strong"))
                painter.drawRect(QRectF(place * (self.WIDE + self.GAP), self.TALL - tall, self.WIDE, tall))


__all__ = ["ComparisonSection", "SparkBars"]
