"""成果 → 路演 → 意向 → 签约 → 登记 → 落地 in a panel: a card for each step, three to a line.

    def notices(self, record_id, values): return [ChainStrip(self.context, "deals", record_id)]

A card opens its record, or a menu of them. A step that is missing is dashed and says so; what would fill it begins
with a press (补关联). It reads again by itself when somebody writes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from expo_app import plain_text
from expo_app.i18n import N_, _
from expo_app.routes import ListRoute
from expo_app.services import chain
from expo_app.specs.chain import Link, Linked
from expo_app.specs.records import by_name
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import SectionTitle, elided
from expo_app.ui.kit.menus import Menu
from expo_app.ui.parts.follow_up import Fresh

ACROSS, HEIGHT, ARROW = 3, 60, 10
"""Cards to a line; px of a card's height and of the arrow behind it."""
OF_SOURCE = ("deals", "contracts")
SOURCES = {"interest": N_("路演意向"), "lot": N_("拍卖"), "meeting": N_("洽谈")}
"""What a deal may come of, by step."""
PADDING = 6
"""px, so that the longest word of a step stays whole in a narrow panel."""
MOST_LISTED = 12
"""Records a menu names; the others are counted."""
LINKED_BY, BEGUN_BY = N_("补关联"), {"deal": N_("转签约")}
"""What a missing step says that can be filled in from here."""


class ChainCard(QWidget):
    """One step: its name and how many, what it is, its day. Dashed where it was not reached, grey where it is void."""

    pressed = Signal()

    def __init__(self, link: Link, has_next: bool, can_begin: bool, days: str) -> None:
        """`days`: how its day is written."""
        super().__init__()
        self.link, self._has_next = link, has_next
        self.title, self.detail = _words(link, can_begin, days)
        self._presses = bool(link.records) or can_begin
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(" ".join(filter(None, (link.words, self.title, self.detail))))
        self.setToolTip(plain_text.shown("\n".join(_said(one) for one in link.records[:MOST_LISTED]) or self.title))
        if self._presses:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(90, HEIGHT)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if self._presses and inside and event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._presses and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -ARROW if self._has_next else -1, -1)
        self._paint_box(painter, box)
        inner = box.adjusted(PADDING, theme.Space.XS, -2, -theme.Space.XS)
        count = len(self.link.records)
        head = f"{self.link.words} {count}" if count > 1 else self.link.words
        is_faint = not self.link.is_there
        lines = (
            (
                head,
                "caption" if is_faint else "caption.bold",
                "primary" if self.link.is_here else "text.3" if is_faint else "text.1",
            ),
            (self.title, "caption", "text.3" if is_faint else "text.1"),
            (self.detail, "caption", "text.3"),
        )
        step = inner.height() / len(lines)
        for number, (text, role, token) in enumerate(lines):
            painter.setFont(theme.font(role))
            painter.setPen(theme.color(token))
            place = QRectF(inner.x(), inner.y() + number * step, inner.width(), step)
            fitting = elided(text, painter.fontMetrics(), int(place.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)
        if self._has_next:
            self._paint_arrow(painter, box)

    def _paint_box(self, painter: QPainter, box: QRectF) -> None:
        is_hot = self._presses and (self.underMouse() or self.hasFocus())
        edge = "focus" if self.hasFocus() else "primary" if self.link.is_here else "border"
        pen = QPen(theme.color(edge), 1)
        if not self.link.records or not any(one.is_there for one in self.link.records):
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        ground = "bg.hover" if is_hot or self.link.is_void else "bg.surface"
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(box, theme.Radius.CONTROL, theme.Radius.CONTROL)

    def _paint_arrow(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(QPen(theme.color("text.3"), 1.2))
        x, y = box.right() + ARROW / 2, box.center().y()
        painter.drawPolyline([QPoint(round(x - 2), round(y - 3)), QPoint(round(x + 1), round(y)),
                              QPoint(round(x - 2), round(y + 3))])  # fmt: skip


def _days(links: Sequence[Link]) -> str:
    """How the days of a chain are written: with their years where it goes through several."""
    years = {record.on.year for link in links for record in link.records if record.on}
    return "%Y-%m-%d" if len(years) > 1 else "%m-%d"


def _words(link: Link, can_begin: bool, days: str) -> tuple[str, str]:
    """What stands in the middle of a card and below it."""
    if not link.records:
        return link.missing, _(BEGUN_BY.get(link.key, LINKED_BY)) if can_begin else ""
    one, last = link.records[0], link.records[-1]
    if len(link.records) == 1:
        return one.title, _detail(one, days)
    there = sum(record.is_there and not record.is_void for record in link.records)
    count = _("共 {n} 条").format(n=f"{len(link.records):,}")
    return (count if there == len(link.records) else _("{n} 条中 {m} 条").format(n=len(link.records), m=there)), (
        f"{last.on:{days}}" if last.on else ""
    )


def _detail(one: Linked, days: str) -> str:
    return " ".join(filter(None, (f"{one.on:{days}}" if one.on else "", one.note if one.is_there else "")))


def _said(one: Linked) -> str:
    return " · ".join(filter(None, (one.title, one.note, one.on.isoformat() if one.on else "")))


class ChainStrip(Fresh):
    """The chain of a record of the kind `spec`. `begin(link)` → what begins a missing step, None: nothing does."""

    tables = chain.TABLES

    def __init__(
        self,
        context: Context,
        spec: str,
        record_id: uuid.UUID,
        begin: Callable[[Link], Callable[[], object] | None] = lambda link: None,
    ) -> None:
        super().__init__(context)
        self._spec, self._record, self._begin = spec, record_id, begin
        self.cards: list[ChainCard] = []
        self.fill()

    def read(self) -> Sequence[QWidget]:
        expo_id = self.context.expo_id
        links = chain.chain_of(self.context.db, expo_id, self._spec, self._record) if expo_id else ()
        if not links:
            return []
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.Space.XS)
        grid.setHorizontalSpacing(0)
        self.cards, days = [], _days(links)
        for place, link in enumerate(links):
            way = self._way(link)
            card = ChainCard(link, place + 1 < len(links), way is not None and not link.records, days)
            if way is not None:
                card.pressed.connect(partial(way, card))
            self.cards.append(card)
            grid.addWidget(card, place // ACROSS, place % ACROSS)
        for place in range(ACROSS):
            grid.setColumnStretch(place, 1)
        return [SectionTitle(self._heading(links)), box]

    def _heading(self, links: Sequence[Link]) -> str:
        """Of a deal where it comes from."""
        there = {link.key for link in links if link.records}
        source = next((_(words) for key, words in SOURCES.items() if key in there), "")
        if self._spec not in OF_SOURCE or not source:
            return _("来龙去脉")
        return _("来源：{what}").format(what=source)

    def _way(self, link: Link) -> Callable[[QWidget], object] | None:
        """What a press on a card does."""
        if len(link.records) == 1:
            return lambda _card: self._open(link.records[0])
        if link.records:
            return partial(self._choose, link.records)
        begin = self._begin(link)
        if begin is not None:
            return lambda _card: begin()
        if link.new is None:
            return None
        spec, values = by_name(link.new[0]), link.new[1]
        if not self.context.may_write(spec.permission):
            return None
        return lambda _card: self.context.navigate(ListRoute(spec, new=True, values=values))

    def _open(self, one: Linked) -> None:
        if one.id != self._record or one.spec != self._spec:
            self.context.navigate(ListRoute(by_name(one.spec), record=one.id))

    def _choose(self, records: Sequence[Linked], card: QWidget) -> None:
        menu = Menu(self)
        for one in records[:MOST_LISTED]:
            menu.add(_said(one), partial(self._open, one))
        if len(records) > MOST_LISTED:
            menu.add(_("另有 {n} 条").format(n=f"{len(records) - MOST_LISTED:,}"))
        menu.popup(card.mapToGlobal(QPoint(0, card.height())))
