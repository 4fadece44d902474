"""需要处理: what waits for somebody, of the overview and of every area, each with the way to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from expo_app import registry
from expo_app.i18n import N_, _, language
from expo_app.routes import ListRoute, Route
from expo_app.routes.badges import BadgesRoute
from expo_app.specs import DEALS, EXHIBITORS, MILESTONES, PROGRAMME, TASKS
from expo_app.specs.figures import Figure, Trace
from expo_app.specs.records import RecordSpec
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import ElidedLabel, IconView, Label, Line, Pill
from expo_app.ui.kit.panels import Card, clear, column, row, scrolled

Shown = tuple[str, str, str, Callable[[Trace | None], Route]]
"""Icon, colour, verb and where the records are."""


def _due(spec: RecordSpec, trace: Trace | None) -> Route:
    """Those that are due, the first of them open."""
    return ListRoute(spec, record=trace.first if trace else None, trace=trace)


ALERTS: Mapping[str, Shown] = {
    "clashes": ("error-warning-fill", "bad", N_("去处理"), lambda _trace: ListRoute(PROGRAMME)),
    "unissued": ("user-add-line", "warn", N_("制证"), lambda trace: BadgesRoute(trace=trace)),
    "unprinted": ("printer-fill", "warn", N_("打印"), lambda trace: BadgesRoute(trace=trace)),
    "duplicates": ("file-copy-2-line", "warn", N_("核对"), lambda trace: ListRoute(DEALS, trace=trace)),
    "due_tasks": ("time-fill", "warn", N_("打开"), lambda trace: _due(TASKS, trace)),
    "due_milestones": ("hand-coin-fill", "warn", N_("打开"), lambda trace: _due(MILESTONES, trace)),
    "absent": ("store-2-line", "text.2", N_("名单"), lambda trace: ListRoute(EXHIBITORS, trace=trace)),
}
"""By figure, for everybody; the plan shows its clashes itself. What areas register says who may do it."""


class AlertsCard(Card):
    """Made anew with every count, except under the pointer."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("需要处理"), parent=parent)
        self._context = context
        self._registered = {alert.name: alert for area in registry.areas() for alert in area.alerts}
        self.count = Pill("0", "mute", shape=False)
        self.add_head(self.count)
        self.add_head(Button(_("全部任务"), "link", clicked=partial(context.navigate, ListRoute(TASKS))))
        listed = QWidget()
        lines = column(listed, 0)
        self._lines = column(spacing=theme.Space.XS)
        lines.addLayout(self._lines)
        lines.addStretch(1)
        self.listed = scrolled(listed)
        self.body.addWidget(self.listed, 1)
        self._shown: tuple[Sequence[Figure], bool] = ((), False)
        context.actor_changed.connect(lambda: self._fill(*self._shown))

    def show_alerts(self, alerts: Sequence[Figure], is_low: bool) -> None:
        """Never moved about under the pointer."""
        self._shown = alerts, is_low
        if not (self.underMouse() and self._lines.count()):
            self._fill(alerts, is_low)

    def _fill(self, alerts: Sequence[Figure], is_low: bool) -> None:
        clear(self._lines)
        mine = [figure for figure in alerts if self._is_mine(figure.name)]
        self.count.set(str(len(mine)), "bad" if mine else "mute")
        if not mine:
            self._lines.addWidget(Label(_("现在没有要处理的事"), "secondary"))
        for number, figure in enumerate(mine):
            if number:
                self._lines.addWidget(Line())
            self._lines.addWidget(self._alert(figure, is_low))

    def _is_mine(self, name: str) -> bool:
        """Whether who works here may do it."""
        alert = self._registered.get(name)
        return alert is None or self._context.may_write(alert.permission)

    def _alert(self, figure: Figure, is_low: bool) -> QWidget:
        alert = self._registered.get(figure.name)
        icon, token, verb, leads = (
            ALERTS[figure.name] if alert is None else (alert.icon, alert.tone, alert.verb, alert.leads)
        )
        widget = QWidget()
        line = row(widget, theme.Space.M)
        edge = 0 if is_low else theme.Space.XS
        line.setContentsMargins(0, edge, 0, edge)
        line.addWidget(IconView(icon, token, theme.IconSize.RAIL))
        words = column(spacing=0)
        words.addWidget(Label(_said(figure), "strong"))
        if figure.note:
            words.addWidget(ElidedLabel(figure.note, "fact"))
        line.addLayout(words, 1)
        line.addWidget(Button(_(verb), "link", clicked=lambda: self._context.navigate(leads(figure.trace))))
        return widget


def _said(figure: Figure) -> str:
    """日程冲突 2 处; in English the label says what is counted."""
    if language() != "zh_CN":
        return f"{figure.label}: {figure.shown}"
    return f"{figure.label} {figure.shown} {figure.unit_shown}"
