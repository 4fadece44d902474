"""Four dated figures of a park: the last value, and points at their dates joined by straight lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from expo_app.i18n import BRIEF, _, meant
from expo_app.model import ParkTotal
from expo_app.plain_text import shown
from expo_app.rules import partial_days
from expo_app.rules.masks import UNSEEN
from expo_app.specs.park_shown import DatedFigure, ParkCard, Point
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import repolish
from expo_app.ui.kit.labels import ElidedLabel, Label, Pill
from expo_app.ui.kit.panels import Card, column, row
from expo_app.ui.pages.parks import words

WIDTH, LOW_WIDTH = 396, 372
LINE, LOW_LINE = 30, 14
"""px of a line, and of one above words."""
LONG, LONGER = 7, 11
"""Characters of a value that find room in large type, and in the one below it."""
TOKENS = {
    ParkTotal.TALENTS: "primary", ParkTotal.PATENTS: "cat.research", ParkTotal.INVESTMENT: "plum",
    ParkTotal.REVENUE: "cat.mfg",
}  # fmt: skip


class DateLine(QWidget):
    """Values at their dates, the distance between two as the time between them; never smooth, never up to today.

    One date is one point at the end of a dashed line.
    """

    def __init__(self, points: Sequence[tuple[date, float]] = (), token: str = "primary", high: int = LINE) -> None:
        super().__init__()
        self._token = token
        self.setFixedHeight(high)
        self.setMinimumWidth(40)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set(points)

    def sizeHint(self) -> QSize:
        return QSize(74, self.height())

    def set(self, points: Sequence[tuple[date, float]]) -> None:
        """Show other values."""
        self.points = sorted(points)
        self.update()

    def spots(self) -> list[QPointF]:
        """Where the points stand."""
        if not self.points:
            return []
        wide, tall = self.width() - 10, self.height() - 10
        first, last = self.points[0][0], self.points[-1][0]
        low, high = min(value for _day, value in self.points), max(value for _day, value in self.points)
        low = min(0.0, low) if low < 0 else low if high > low else 0.0
        length = (last - first).days
        return [
            QPointF(
                5 + wide * ((day - first).days / length if length else 1.0),
                5 + tall * (1 - ((value - low) / (high - low) if high > low else 0.5)),
            )
            for day, value in self.points
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        spots = self.spots()
        if not spots:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = theme.color(self._token)
        if len(spots) == 1:
            painter.setPen(QPen(theme.color("border.strong"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(4, spots[0].y()), spots[0])
        else:
            area = QPolygonF([*spots, QPointF(spots[-1].x(), self.height()), QPointF(spots[0].x(), self.height())])
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.tint(self._token, 0.12))
            painter.drawPolygon(area)
            painter.setPen(QPen(ink, 1.6))
            painter.drawPolyline(QPolygonF(spots))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        for spot in spots[:-1]:
            painter.drawEllipse(spot, 1.8, 1.8)
        painter.drawEllipse(spots[-1], 3, 3)


def points_of(points: Sequence[Point]) -> list[tuple[date, float]]:
    """Values for a line, each at the last day it can be of."""
    return [(partial_days.last_day(one.on), float(one.value)) for one in points if one.on]


class FigureTile(Card):
    """One figure: name, mark, value, unit and date, its line."""

    def __init__(self, total: ParkTotal) -> None:
        super().__init__(padding=theme.Space.M)
        self.set_padding(theme.Space.M, 6)
        self.total, self._is_low = total, False
        name, _unit = words.FIGURES[total]
        self._name = meant(BRIEF, name)
        self.body.setSpacing(0)
        head = row()
        head.addWidget(ElidedLabel(self._name, "fact"), 1)
        self._mark = Pill("")
        head.addWidget(self._mark)
        self.body.addLayout(head)
        middle = row(spacing=6)
        self.value, self._unit = Label(words.MISSING, "kpi"), ElidedLabel("", "fact")
        self._unit.setContentsMargins(0, 0, 0, theme.Space.XS)
        middle.addWidget(self.value)
        middle.addWidget(self._unit, 1, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(middle, 1)
        foot = row(spacing=theme.Space.XS)
        self._day, self._few = Label("", "fact"), Label("", "caption")
        foot.addWidget(self._day, 0, Qt.AlignmentFlag.AlignBottom)
        right = column(spacing=0)
        self._line = DateLine((), TOKENS[total])
        right.addStretch(1)
        right.addWidget(self._line)
        right.addWidget(self._few, 0, Qt.AlignmentFlag.AlignRight)
        foot.addLayout(right, 1)
        self.body.addLayout(foot)

    def set(self, found: DatedFigure, today: date, sees: bool) -> None:
        """Show a park's; `sees`: whether money may be seen."""
        last = found.last
        hidden = found.total is ParkTotal.REVENUE and not sees
        unit = _(words.FIGURES[found.total][1])
        value = UNSEEN if hidden else words.figure(found.total, last) if last else words.MISSING
        self.value.setText(value)
        self.fit(self._is_low)
        self._unit.set_text(unit if last else "")
        self._day.setText(last.on if last else _("未报道"))
        old = last is not None and words.is_old(last.on, today)
        self._day.set_tone("warn" if old else "")
        self._mark.setVisible(last is not None)
        if last is not None:
            self._mark.set(_(last.origin), words.ORIGINS[last.origin])
        points = [] if hidden else points_of(found.full)
        self._line.set(points)
        self._line.setVisible(bool(points))
        few = words.firms(last) if last and not hidden else ""
        few = few or (_("只有 1 个日期") if len(points) == 1 else "")
        self._few.setText(few)
        self._few.setVisible(bool(few))
        self._line.setFixedHeight(LOW_LINE if few else LINE)
        said = [self._name, value, unit, last.on if last else _("未报道")]
        self.setAccessibleName(" · ".join(said))
        late = _("{day} 的数，超过一年没有新的").format(day=last.on) if old and last else ""
        each = [
            f"{one.on}  {words.figure(found.total, one)} {unit} · {words.firms(one)}"
            for one in found.points if one.firms and not hidden
        ]  # fmt: skip
        self.setToolTip(shown("\n".join(filter(None, (late, last.source if last else "", *each)))))

    def fit(self, is_low: bool) -> None:
        """Smaller figures in a low window, and where one is long."""
        self._is_low = is_low
        length = len(self.value.text())
        role = "section" if length > LONGER else "title" if is_low or length > LONG else "kpi"
        self.value.setProperty("role", role)
        repolish(self.value)


class FigureTiles(QWidget):
    """2 × 2."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.Space.M)
        self.tiles = {total: FigureTile(total) for total in words.FIGURES}
        for place, tile in enumerate(self.tiles.values()):
            grid.addWidget(tile, place // 2, place % 2)
        for place in range(2):
            grid.setColumnStretch(place, 1)
            grid.setRowStretch(place, 1)

    def set(self, park: ParkCard, today: date, sees: bool) -> None:
        """Show a park's."""
        known = {one.total: one for one in park.figures}
        for total, tile in self.tiles.items():
            tile.set(known.get(total, DatedFigure(total, ())), today, sees)

    def fit(self, high: int, is_narrow: bool, is_low: bool) -> None:
        """As high as the funnel beside it."""
        wide = LOW_WIDTH if is_narrow else WIDTH
        self.setFixedSize(wide, high)
        for tile in self.tiles.values():
            tile.setFixedWidth((wide - theme.Space.M) // 2)
            tile.fit(is_low)
