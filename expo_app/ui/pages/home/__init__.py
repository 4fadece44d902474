"""总览: how is it going, and what needs somebody now. One aggregate query, every 10 s and after every change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.routes import ListRoute
from expo_app.routes.reports import ReportsRoute
from expo_app.rules import amounts
from expo_app.specs import ATTENDEES, EXPOS, PROGRAMME
from expo_app.specs.exhibition_figures import ExhibitorPart
from expo_app.specs.figures import Trace
from expo_app.specs.overview_figures import Overview, RoomNow
from expo_app.specs.overview_figures import Slot as Shown
from expo_app.specs.records import by_name
from expo_app.specs.trend_figures import Trend
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.charts import Bar, HBars, Legend, LineChart, Sparkline
from expo_app.ui.kit.labels import ElidedLabel, Label, Line, Meter, Pill
from expo_app.ui.kit.panels import Card, KpiCard, PageHeader, clear, column, row, scrolled
from expo_app.ui.kit.placeholders import EmptyState, ErrorState
from expo_app.ui.page import Page
from expo_app.ui.pages.home.alerts import AlertsCard
from expo_app.ui.pages.home.first_steps import FirstSteps

if TYPE_CHECKING:
    from expo_app.services.statistics.overview import OverviewReader

EVERY = 10_000
"""Milliseconds between two looks."""
SOON = 500
"""Milliseconds between a count and the next one where something changed meanwhile: a desk that scans has its time."""
WEEKDAYS = (N_("星期一"), N_("星期二"), N_("星期三"), N_("星期四"), N_("星期五"), N_("星期六"), N_("星期日"))
ROOM_WIDTH, METER_WIDTH = 76, 64


class HomePage(Page):
    """The first page; every number that can be pressed opens the very records it was counted from."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.shown: Overview | None = None
        self._reader: OverviewReader | None = None
        self._loading = self._again = False
        self._outer = column(self)
        self._body: QWidget | None = None
        self._beat = QTimer(self, interval=EVERY)
        self._beat.timeout.connect(self.refresh)
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self.refresh)
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)

    # --- reading ---

    def refresh(self) -> None:
        """Count again, in a worker."""
        if self._loading:
            self._again = True
            return
        if self.context.expo_id is None:
            self._show_nothing()
            return
        self._loading = True
        db, expo_id, now = self.context.db, self.context.expo_id, self.context.now()

        def work(_progress: jobs.Progress) -> Overview:
            # after the first paint: the window opens sooner
            from expo_app.services.statistics.overview import OverviewReader

            if self._reader is None or self._reader.db is not db:
                self._reader = OverviewReader(db)
            return self._reader.read(expo_id, now)

        jobs.run_job(self, _("总览"), work, self._on_counted, self._on_failed, card=False)

    def _on_counted(self, overview: Overview) -> None:
        self._loading = False
        self.show_overview(overview)
        if self._again:
            self._again = False
            self._soon.start()

    def _on_failed(self, error: Exception) -> None:
        self._loading = False
        if isinstance(error, UserError):
            self._put(ErrorState(_("读不出总览"), error, self.refresh))

    def _on_changed(self, _tables: frozenset[str]) -> None:
        if self.isVisible() and not self._soon.isActive():
            self.refresh()

    def _on_expo(self) -> None:
        self.shown = None
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._beat.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._beat.stop()

    # --- building ---

    def _put(self, body: QWidget) -> None:
        if self._body is not None:
            self._outer.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._body = body
        self._outer.addWidget(body)

    def _show_nothing(self) -> None:
        button = Button(
            _("新建展会"), "primary", "add-line", clicked=lambda: self.context.navigate(ListRoute(EXPOS, new=True))
        )
        self._put(EmptyState("calendar-event-line", _("还没有展会"), _("先建一届展会，再导入参展商和观众。"), [button]))
        self.shown = None

    def show_overview(self, overview: Overview) -> None:
        """Put figures on the screen; the widgets stay, only what they show changes."""
        if self.shown is None or not isinstance(self._body, _Board):
            self._put(_Board(self.context, self.refresh))
        self.shown = overview
        if isinstance(self._body, _Board):
            self._body.show_overview(overview)


class _Board(QWidget):
    """Everything below the frame: head, key figures, curve, what to do, rooms, arrivals."""

    def __init__(self, context: Context, refresh: Callable[[], None]) -> None:
        super().__init__()
        self.context = context
        self._shown: Overview | None = None
        self._is_low = False
        self._rooms_shown: tuple[Sequence[RoomNow], bool] | None = None
        outer = column(self)
        content = QWidget()
        self._lines = column(content, theme.Space.L)
        self._lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        outer.addWidget(scrolled(content))
        self.header = PageHeader(_("总览"))
        closing = partial(context.navigate, ReportsRoute("closing"))
        self.header.add(Button(_("展后报告"), icon="file-text-line", clicked=closing))
        self.header.add(Button(_("刷新"), icon="refresh-line", clicked=refresh))
        self._lines.addWidget(self.header)
        self._lines.addWidget(FirstSteps(context, self))
        self._add_key_figures()
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.Space.L)
        self._lines.addLayout(self._grid, 1)
        self.alerts = AlertsCard(context)
        for place, (card, wide) in enumerate(
            ((self._curve_card(), 2), (self.alerts, 1), (self._rooms_card(), 2), (self._arrivals_card(), 1))
        ):
            self._grid.addWidget(card, place // 2, place % 2)
            self._grid.setColumnStretch(place % 2, wide)
            self._grid.setRowStretch(place // 2, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        height = self.window().height()
        gap, low = theme.gap(height), height < theme.LOW_WINDOW
        self._lines.setSpacing(gap)
        self._lines.setContentsMargins(theme.Space.XL, gap, theme.Space.XL, theme.Space.S if low else gap)
        self._grid.setSpacing(gap)
        for card in self.findChildren(Card):
            padding = theme.card_padding(height)
            card.set_padding(theme.Space.L, padding - low * 2)
        if low != self._is_low:
            self._is_low = low
            if self._shown is not None:
                self.show_overview(self._shown)

    def _add_key_figures(self) -> None:
        go = self.context.navigate
        self.people = KpiCard("user-follow-line", _("今日签到"), "primary")
        self.people_line = Sparkline()
        self.people.set_side(self.people_line)
        self.people.pressed.connect(partial(go, ListRoute(ATTENDEES, facets={"today": True})))
        self.stands = KpiCard("store-2-line", _("参展商到场"), "ok")
        self.stands_meter = Meter(0, 1)
        self.stands_meter.setFixedWidth(METER_WIDTH + theme.Space.XL)
        self.stands.set_side(self.stands_meter)
        self.stands.pressed.connect(lambda: self._open_figure("arrived"))
        self.deals = KpiCard("hand-coin-line", _("成交签约"), "cat.research")
        self.deals_line = Sparkline((), "cat.research")
        self.deals.set_side(self.deals_line)
        self.deals.pressed.connect(lambda: self._open_figure("signed"))
        line = row(spacing=theme.Space.L)
        for card in (self.people, self.stands, self.deals):
            line.addWidget(card, 1)
        self._lines.addLayout(line)

    def _open_figure(self, name: str) -> None:
        if self._shown is not None:
            self._open(getattr(self._shown, name).trace)

    def _open(self, trace: Trace | None) -> None:
        """The list of a figure's records."""
        if trace is not None:
            self.context.navigate(ListRoute(by_name(trace.spec), trace=trace))

    def _curve_card(self) -> Card:
        card = Card(_("签到曲线"), _("每 15 分钟人次，空心点为这一刻钟至今"))
        card.add_head(Legend([(_("今天"), "primary", False), (_("昨天"), "border.strong", True)]))
        self.curve = LineChart()
        card.body.addWidget(self.curve, 1)
        return card

    def _rooms_card(self) -> Card:
        card = Card(_("今日会场"))
        card.add_head(Button(_("打开日程"), "link", clicked=partial(self.context.navigate, ListRoute(PROGRAMME))))
        self._rooms = column(spacing=0)
        card.body.addLayout(self._rooms)
        card.body.addStretch(1)
        return card

    def _arrivals_card(self) -> Card:
        card = Card(_("参展商到场（按地区）"))
        self.arrivals = HBars()
        self.arrivals.pressed.connect(self._open_region)
        card.body.addWidget(self.arrivals, 1)
        return card

    def _open_region(self, place: int) -> None:
        self._open(_regions(self._shown)[place].trace if self._shown else None)

    # --- showing ---

    def show_overview(self, overview: Overview) -> None:
        self._shown = overview
        self.header.set_fact(_fact(self.context, overview))
        self._show_key_figures(overview)
        today, running = overview.today.split(overview.at)
        yesterday = overview.yesterday.points if overview.yesterday else ()
        now = overview.at.hour * 60 + overview.at.minute if overview.phase == "running" else None
        self.curve.set(
            today, yesterday, now, _("现在 {time}").format(time=f"{overview.at:%H:%M}"),
            lambda at, n: _("峰值 {n} · {time}").format(n=f"{int(n):,}", time=_clock(at)),
            running,
        )  # fmt: skip
        self.alerts.show_alerts(overview.alerts, self._is_low)
        self._show_rooms(overview.rooms)
        self.arrivals.set([Bar(part.label, part.arrived, total=part.count) for part in _regions(overview)])

    def _show_key_figures(self, overview: Overview) -> None:
        self.people.set(overview.checked_in.shown, overview.checked_in.unit_shown, overview.checked_in.note)
        self.people_line.set([float(n) for _at, n in overview.today.split(overview.at)[0]])
        total, arrived = overview.exhibitors.value or 0, overview.arrived.value or 0
        applied = overview.applications
        words = [_("{n} 家未到").format(n=int(total - arrived))] if total else []
        words += [_("申请 {n} 家待确认").format(n=applied.shown)] if applied.value else []
        fact = " · ".join(words) or _("还没有参展商")
        if overview.services.value:
            fact += _("；服务机构另计 {arrived} / {n} 家").format(
                arrived=overview.services_arrived.shown, n=overview.services.shown
            )
        unit = _("/ {n} 家").format(n=overview.exhibitors.shown)
        self.stands.set(overview.arrived.shown, unit, *_beside(fact, overview.trends["exhibitors"]))
        self.stands_meter.set(float(arrived), float(total or 1))
        totals = overview.deals
        fact = _("已签约 {n} 项，今日 +{today}").format(n=overview.signed.shown, today=overview.signed_today.shown)
        if totals.intended:
            fact += _("；意向 {n} 项另计").format(n=totals.intended)
        trend = overview.trends["signed_amount"]
        self.deals.set(*amounts.apart(totals.signed_amount, 1), *_beside(fact, trend))
        self.deals_line.set(_running_total([float(amount) for _day, amount in overview.signed_days]))

    def _show_rooms(self, rooms: Sequence[RoomNow]) -> None:
        """Made anew only where they differ: the focus stays, and a press is not lost."""
        if (rooms, self._is_low) == self._rooms_shown:
            return
        self._rooms_shown = rooms, self._is_low
        clear(self._rooms)
        head = row(spacing=theme.Space.M)
        head.addSpacing(ROOM_WIDTH + theme.Space.M)
        head.addWidget(Label(_("正在进行"), "fact"), 3)
        head.addWidget(Label(_("下一场"), "fact"), 2)
        self._rooms.addLayout(head)
        for room in rooms:
            self._rooms.addWidget(Line())
            self._rooms.addWidget(self._room(room, theme.Space.XS if self._is_low else theme.Space.S))
        if not rooms:
            self._rooms.addWidget(Label(_("还没有会场"), "secondary"))

    def _room(self, room: RoomNow, edge: int) -> QWidget:
        """One room: its name, what runs with people present, what comes next."""
        widget = QWidget()
        line = row(widget, theme.Space.M)
        line.setContentsMargins(0, edge, 0, edge)
        name = ElidedLabel(room.name, "section")
        name.setFixedWidth(ROOM_WIDTH)
        line.addWidget(name)
        line.addLayout(_now(room, partial(self._open, room.trace)), 3)
        line.addLayout(_next(room.next), 2)
        return widget


def _regions(overview: Overview) -> list[ExhibitorPart]:
    """The lines of 参展商到场."""
    return [part for part in overview.arrivals if part.count]


def _now(room: RoomNow, go: Callable[[], object]) -> QVBoxLayout:
    words, slot = column(spacing=theme.Space.XS), room.current
    first = row(spacing=theme.Space.S)
    first.addWidget(Pill(_("进行中") if slot else _("空闲"), "ok" if slot else "mute", shape=False))
    if slot is None:
        first.addStretch(1)
        words.addLayout(first)
        words.addWidget(ElidedLabel(_("场间布置") if room.next else _("今天没有安排"), "secondary"))
        return words
    seats = slot.capacity or room.seats
    first.addWidget(ElidedLabel(f"{slot.starts_at:%H:%M}–{slot.ends_at:%H:%M}", "fact"))
    first.addWidget(Button(_("在场 {n} / {seats}").format(n=room.present, seats=seats), "link", clicked=go))
    first.addStretch(1)
    meter = Meter(room.present, seats or 1)
    meter.setFixedWidth(METER_WIDTH)
    first.addWidget(meter)
    words.addLayout(first)
    words.addWidget(ElidedLabel(slot.title, "strong"))
    return words


def _next(slot: Shown | None) -> QVBoxLayout:
    words = column(spacing=theme.Space.XS)
    words.addWidget(Label(_("{time} 开始").format(time=f"{slot.starts_at:%H:%M}") if slot else "", "fact"))
    words.addWidget(ElidedLabel(slot.title if slot else "—", "secondary"))
    return words


def _fact(context: Context, overview: Overview) -> str:
    """The line under the title: date, place, and how far away the expo is."""
    parts = [f"{overview.at:%Y-%m-%d} {_(WEEKDAYS[overview.at.weekday()])}"]
    expo = context.expo
    if expo is not None:
        if overview.phase == "before":
            parts.append(_("距开幕 {n} 天").format(n=(expo.starts_on - overview.at.date()).days))
        elif overview.phase == "after":
            parts.append(_("展会已结束，以下为最终数字"))
        if expo.place:
            parts.append(expo.place)
    parts.append(_("截至 {time}").format(time=f"{overview.at:%H:%M}"))
    return " · ".join(parts)


def _clock(minutes: float) -> str:
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"


def _beside(fact: str, trend: Trend) -> tuple[str, str]:
    """What is said of a figure behind its change since the last edition, which is never cut off; and the tooltip."""
    return " · ".join(filter(None, (trend.short, fact))), f"{trend.line}\n{fact}" if trend.line else ""


def _running_total(values: Sequence[float]) -> list[float]:
    total, found = 0.0, []
    for value in values:
        total += value
        found.append(total)
    return found


__all__ = ["HomePage"]
