"""The dated figures of a tenant in the words and order of the Torch form: one column per date, and how each went.

Money in 千元, •••• where the role may not see it. What the register of contracts says stands beside what the tenant
reports, and a difference is said, not overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip, QWidget

from expo_app.i18n import N_, _, language
from expo_app.plain_text import shown
from expo_app.rules.masks import UNSEEN
from expo_app.specs.fields import MISSING
from expo_app.specs.park_shown import FigureLine, TenantPage
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.labels import RIGHT, ElidedLabel, SectionTitle, write
from expo_app.ui.kit.panels import Card, row, scrolled
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.pages.parks import words

ROW, HEAD, PAD = 27, 32, 16
LABEL, LABEL_EN, DATE, TREND = 160, 230, 76, 64
REGISTER = "register"
REGISTERED = N_("技术合同（台账登记，项 / 千元）")


@dataclass(frozen=True)
class Line:
    """A row of the table. `cells` beside the dates; `tones` of cells that are marked; `trend`: values, None: none."""

    words: str
    cells: tuple[str, ...] = ()
    trend: tuple[tuple[date, float], ...] = ()
    is_group: bool = False
    is_part: bool = False
    tones: tuple[str, ...] = ()
    tips: tuple[str, ...] = ()


def cell(line: FigureLine, value: Decimal | bool | int | None, sees: bool) -> str:
    """A value as it stands in the table."""
    if line.is_money and not sees:
        return UNSEEN
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if line.is_money:
        return words.thousands(Decimal(value))
    if line.name == "area":
        return f"{value:,.2f}"
    return f"{value:,.0f}"


def _trend(line: FigureLine, dates: tuple[date, ...], sees: bool) -> tuple[tuple[date, float], ...]:
    if line.is_money and not sees:
        return ()
    pairs = zip(dates, line.values, strict=True)
    return tuple((day, float(value)) for day, value in pairs if value is not None and not isinstance(value, bool))


def lines_of(page: TenantPage) -> list[Line]:
    """The rows, grouped; groups in the order of their first line."""
    dates, sees = tuple(page.dates), page.sees_money
    found: list[Line] = []
    for group in dict.fromkeys(line.group for line in page.figures):
        found.append(Line(_(group), is_group=True))
        for line in page.figures:
            if line.group != group:
                continue
            cells = tuple(cell(line, value, sees) for value in line.values)
            tones = tuple("bad" if value.startswith("−") else "" for value in cells)
            found.append(Line(_(line.words), cells, _trend(line, dates, sees), is_part=line.is_part, tones=tones))
            if line.name == "contracts_amount":
                found.append(registered(page))
    return found


def registered(page: TenantPage) -> Line:
    """What the register says, amber where the tenant says otherwise."""
    known = {one.on_date: one for one in page.register}
    cells, tones, tips = [], [], []
    for day in page.dates:
        one = known.get(day)
        if one is None:
            cells.append(MISSING)
            tones.append("")
            tips.append("")
            continue
        money = words.thousands(one.amount) if page.sees_money else UNSEEN
        cells.append(f"{one.count:,} / {money}")
        tones.append("warn" if one.differs else "")
        said_money = words.thousands(one.said_amount) if page.sees_money else UNSEEN
        said = f"{words.number(one.said_count)} / {said_money}"
        tips.append(_("企业填报 {said}，与台账不一致；两个数都留着").format(said=said) if one.differs else "")
    return Line(_(REGISTERED), tuple(cells), is_part=True, tones=tuple(tones), tips=tuple(tips))


def head_of(day: date) -> str:
    """A date above its column; a half-year is marked."""
    return day.isoformat()


class FiguresTable(QWidget):
    """Painted: the last dates that fit; `opened(date)`: its column was double-clicked."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.dates: tuple[date, ...] = ()
        self.back = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set(self, page: TenantPage) -> None:
        """Show a tenant's."""
        self.lines, self.dates = lines_of(page), tuple(page.dates)
        self.setFixedHeight(HEAD + len(self.lines) * ROW)
        self.setAccessibleName(
            "\n".join(f"{line.words} {' '.join(line.cells)}" for line in self.lines if not line.is_group)
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, self.height())

    @property
    def room(self) -> int:
        """How many dates fit."""
        label = LABEL_EN if language() == "en" else LABEL
        return max(1, (self.width() - label - TREND - PAD) // DATE)

    @property
    def span(self) -> tuple[int, int]:
        """The first date shown, and the one behind the last."""
        end = max(min(len(self.dates), self.room), len(self.dates) - self.back)
        return max(0, end - self.room), end

    def _x(self, place: int) -> float:
        """Where a column of a date begins; they stand at the right, before the trend."""
        first, end = self.span
        return self.width() - PAD - TREND - (end - place) * DATE if first <= place < end else -1.0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first, end = self.span
        painter.fillRect(QRectF(1, 0, self.width() - 2, HEAD), theme.color("bg.subtle"))
        write(painter, QRectF(PAD, 0, LABEL, HEAD), _("指标"), theme.font("caption.bold"), "text.2")
        for place in range(first, end):
            token = "primary" if place == len(self.dates) - 1 else "text.2"
            box = QRectF(self._x(place), 0, DATE - 6, HEAD)
            write(painter, box, head_of(self.dates[place]), theme.font("caption.bold"), token, RIGHT)
        trend = QRectF(self.width() - PAD - TREND, 0, TREND, HEAD)
        write(painter, trend, _("走势"), theme.font("caption.bold"), "text.2", RIGHT)
        for number, line in enumerate(self.lines):
            self._line(painter, HEAD + number * ROW, line)

    def _line(self, painter: QPainter, top: float, line: Line) -> None:
        painter.fillRect(QRectF(1, top, self.width() - 2, 1), theme.color("border"))
        if line.is_group:
            painter.fillRect(QRectF(1, top + 1, self.width() - 2, ROW - 1), theme.color("bg.subtle"))
            write(painter, QRectF(PAD, top, 300, ROW), line.words, theme.font("caption.bold"), "text.2")
            return
        first, end = self.span
        inset = theme.Space.M if line.is_part else 0
        name = _("其中 {what}").format(what=line.words) if line.is_part and not line.tips else line.words
        room = max(40.0, self._x(first) - PAD - inset if end > first else LABEL)
        face = theme.fitting("caption" if line.is_part else "body", name, room, "mark")
        write(painter, QRectF(PAD + inset, top, room, ROW), name, face, "text.2" if line.is_part else "text.1")
        for place in range(first, end):
            is_last, said = place == len(self.dates) - 1, line.cells[place]
            token = line.tones[place] or ("text.3" if said == MISSING else "text.1" if is_last else "text.2")
            box = QRectF(self._x(place), top, DATE - 6, ROW)
            write(painter, box, said, theme.font("strong" if is_last else "body"), token, RIGHT)
        if len(line.trend) > 1:
            self._trend(painter, QRectF(self.width() - PAD - TREND + 14, top + 6, TREND - 16, ROW - 12), line)

    @staticmethod
    def _trend(painter: QPainter, box: QRectF, line: Line) -> None:
        values = [value for _day, value in line.trend]
        low, high = min(values), max(values)
        days = [(day - line.trend[0][0]).days for day, _value in line.trend]
        spots = [
            QPointF(
                box.x() + box.width() * at / (days[-1] or 1),
                box.y() + box.height() * (1 - ((value - low) / (high - low) if high > low else 0.5)),
            )
            for at, value in zip(days, values, strict=True)
        ]
        painter.setPen(QPen(theme.color("primary"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(spots))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("primary"))
        painter.drawEllipse(spots[-1], 2.2, 2.2)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), shown(self._tip(event.pos().x(), event.pos().y())), self)
            return True
        return super().event(event)

    def _place(self, x: float) -> int:
        """The column at x; -1: none."""
        first, end = self.span
        return next((place for place in range(first, end) if self._x(place) <= x < self._x(place) + DATE), -1)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self._place(event.position().x())
        if place >= 0:
            self.opened.emit(self.dates[place])

    def _tip(self, x: float, y: float) -> str:
        number = int((y - HEAD) // ROW)
        place = self._place(x)
        if y < HEAD and place >= 0:
            return _("双击改这一期的数")
        if not 0 <= number < len(self.lines) or y < HEAD:
            return ""
        line = self.lines[number]
        if place >= 0 and line.tips:
            return line.tips[place]
        return f"{line.words}  {line.cells[place]}" if place >= 0 and line.cells else line.words


class FiguresCard(Card):
    """The table, or what is said where no figures are there. `filling` asks for the form."""

    filling = Signal()

    def __init__(self) -> None:
        super().__init__(padding=0)
        self.set_padding(1, 1)
        self.body.setSpacing(0)
        head = row(spacing=theme.Space.M)
        head.setContentsMargins(PAD, theme.Space.M, theme.Space.S, theme.Space.S)
        self._about = ElidedLabel("", "fact")
        head.addWidget(SectionTitle(_("分期数据")))
        head.addWidget(self._about, 1)
        self.earlier = IconButton("arrow-left-s-line", _("更早的日期"), lambda: self._shift(1))
        self.later = IconButton("arrow-right-s-line", _("更晚的日期"), lambda: self._shift(-1))
        head.addWidget(self.earlier)
        head.addWidget(self.later)
        self.body.addLayout(head)
        self.table = FiguresTable()
        self._area: QScrollArea = scrolled(self.table)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.body.addWidget(self._area, 1)
        self._fill = Button(_("填年度数"), "primary", "add-line", clicked=self.filling.emit)
        text = _("火炬口径每年一次，约十分钟；缺的年份留空，不从别的年份推算。")
        self._none = EmptyState("bar-chart-box-line", _("还没有分期数据"), text, [self._fill])
        self.body.addWidget(self._none, 1)
        self._foot = ElidedLabel("", "fact")
        self._foot.setContentsMargins(PAD, theme.Space.XS, PAD, theme.Space.S)
        self.body.addWidget(self._foot)

    def set(self, page: TenantPage, may_edit: bool) -> None:
        """Show a tenant's figures."""
        said = [_("火炬口径，金额千元")]
        if any(one.is_sample for one in page.filled):
            said.append(_("示例数据"))
        elif not page.sees_money:
            said.append(_("金额对当前角色不显示"))
        self._about.set_text(_("；").join(said))
        is_there = bool(page.dates)
        self._area.setVisible(is_there)
        self._none.setVisible(not is_there)
        self._foot.setVisible(is_there)
        self._fill.setVisible(may_edit)
        self.table.set(page)
        self._foot.set_text(foot_words(page))
        self._show_ways()

    def _shift(self, by: int) -> None:
        most = max(0, len(self.table.dates) - self.table.room)
        self.table.back = max(0, min(self.table.back + by, most))
        self.table.update()
        self._show_ways()

    def _show_ways(self) -> None:
        first, end = self.table.span
        has_more = len(self.table.dates) > end - first
        self.earlier.setVisible(has_more)
        self.later.setVisible(has_more)
        self.earlier.setEnabled(first > 0)
        self.later.setEnabled(end < len(self.table.dates))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_ways()


def foot_words(page: TenantPage) -> str:
    """Which columns are half-years, and who filled in the last one."""
    halves = [day.isoformat() for day in page.dates if (day.month, day.day) == (6, 30)]
    said = [_("{days} 为半年数").format(days=_("、").join(halves[-2:]))] if halves else []
    if page.filled:
        last = page.filled[-1]
        day = last.on.isoformat() if last.on else ""
        if last.by:
            said.append(_("填报 {who}").format(who=f"{last.by} {day}".strip()))
        elif day:
            said.append(_("{day} 填报").format(day=day))
        said += [last.note] if last.note else []
    return _("；").join([*said, _("改动在日志里留旧值")])
