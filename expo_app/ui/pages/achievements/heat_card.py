"""The card of the heat table: what it shows, its scale, the table and what was reported beside it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from expo_app.i18n import N_, _
from expo_app.model import Counted
from expo_app.specs.supply_figures import HeatTable
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import ElidedLabel, Label, SectionTitle
from expo_app.ui.kit.panels import Card, row
from expo_app.ui.pages.achievements.heat import HEAD, LOW_ROW, ROW, HeatMap, reported_words, shade

TITLES = {Counted.RESULTS: N_("成果分布"), Counted.DEMANDS: N_("需求分布")}
STEPS, STEP = 5, QSize(24, 12)
MOST_LINES, MOST_LINES_LOW = 8, 6
"""Lines of the table in sight, sums among them, beside its head; more regions are scrolled to."""


class Scale(QWidget):
    """From the palest cell to the strongest, with their numbers."""

    def __init__(self) -> None:
        super().__init__()
        self._most = 0
        line = row(self, theme.Space.XS + 2)
        self._from, self._to = Label("1", "fact"), Label("", "fact")
        line.addWidget(self._from)
        line.addSpacing(STEPS * (STEP.width() + 2))
        line.addWidget(self._to)

    def set(self, most: int) -> None:
        """The largest number of a cell; without any there is no scale."""
        self._most = most
        self._to.setText(f"{most:,}")
        self.setVisible(most > 1)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        left = self._from.geometry().right() + theme.Space.XS + 2
        for step in range(STEPS):
            painter.setBrush(shade(1 + (self._most - 1) * step // (STEPS - 1), self._most))
            box = QRectF(
                left + step * (STEP.width() + 2), (self.height() - STEP.height()) / 2, STEP.width(), STEP.height()
            )
            painter.drawRoundedRect(box, 2, 2)


class HeatCard(Card):
    """`map` is the table; `set` shows numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=0, parent=parent)
        self.set_padding(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.map, self._scale = HeatMap(), Scale()
        self._title, self._about = SectionTitle(""), ElidedLabel("", "fact")
        self._also = ElidedLabel("", "fact")
        lines = self.body
        lines.setSpacing(0)
        head = row(spacing=theme.Space.M)
        head.setContentsMargins(theme.Space.L, theme.Space.S, theme.Space.L, theme.Space.S)
        head.addWidget(self._title)
        head.addWidget(self._about, 1)
        head.addWidget(self._scale)
        lines.addLayout(head)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self.map)
        self._area.viewport().setAutoFillBackground(False)
        self.map.setAutoFillBackground(False)
        self._area.verticalScrollBar().rangeChanged.connect(self.map.update)  # the sums have another place
        self.map.moved.connect(self._show)
        lines.addWidget(self._area)
        self._foot, self._has_more = QWidget(), False
        foot = row(self._foot)
        foot.setContentsMargins(theme.Space.L, theme.Space.XS, theme.Space.L, theme.Space.XS)
        foot.addWidget(self._also)
        lines.addWidget(self._foot)

    def set(self, table: HeatTable) -> None:
        """Show other numbers, and below them what was reported of something that has no place among them."""
        self._title.setText(_(TITLES[table.counted]))
        words = _("地区 × 技术领域，单位 项；点一格即筛选，点行名或列名筛整行或整列")
        self._about.set_text(words)
        self._scale.set(table.most)
        self.map.set(table)
        reports = ([table.reported] if table.reported else []) + list(table.others)
        self._also.set_text("；".join(f"{one.label} {reported_words(one)}" for one in reports))
        self._has_more = bool(reports)
        self.fit()

    def fit(self) -> None:
        """As high as the table needs, up to so many lines."""
        is_low = self.window().height() < theme.LOW_WINDOW
        self._foot.setVisible(self._has_more and not is_low)  # the page's facts tell of it too
        most = MOST_LINES_LOW * LOW_ROW if is_low else MOST_LINES * ROW
        extra = self._area.horizontalScrollBar().sizeHint().height() if self.map.minimumWidth() > self.width() else 0
        self._area.setFixedHeight(min(self.map.height(), HEAD + most) + extra)

    def _show(self, box: QRectF) -> None:
        center, sums = box.center(), self.map.sums  # those are always in sight
        down = 0 if box.top() >= sums.top() else int(box.height() / 2 + sums.height()) + 4
        self._area.ensureVisible(int(center.x()), int(center.y()), int(box.width() / 2) + 4, down)
