"""The tenants of the chosen park: search, chips of states, the table and what it counts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.model import ParkTotal, TenantState
from expo_app.rules.masks import UNSEEN
from expo_app.specs.park_shown import Origin, ParkCard, TenantRow
from expo_app.ui.kit import theme
from expo_app.ui.kit.filters import Facet, FilterBar
from expo_app.ui.kit.labels import ElidedLabel, Line
from expo_app.ui.kit.panels import column
from expo_app.ui.kit.placeholders import EmptyState, StateStack
from expo_app.ui.kit.table import Column, TableModel
from expo_app.ui.kit.table_card import TableCard
from expo_app.ui.kit.table_view import TableView
from expo_app.ui.pages.parks import words
from expo_app.ui.records import list_parts, state_colours

STATE = "state"
NAMES = {**{step: names[0] for step, names in words.STEPS.items()}, ParkTotal.GRADUATED: N_("毕业")}
MONEY = "revenue"


def _group_words(key: Any) -> str:
    return str(key.label) if isinstance(key, TenantState) else _(NAMES[key])


def groups_of(tenant: TenantRow) -> tuple[ParkTotal | TenantState, ...]:
    """The chips a tenant is under: every step of the funnel that counts it, and 退出."""
    left = (TenantState.LEFT,) if tenant.state is TenantState.LEFT else ()
    return (*(step for step in tenant.steps if step in NAMES), *left)


def columns(sees_money: bool) -> list[Column]:
    """企业, 状态, both places, the figures of the last date, what it does, where that is from."""

    def money(value: Any) -> str:
        return UNSEEN if not sees_money else words.thousands(value)

    return [
        Column("name", _("企业"), 190, role="strong", stretch=True, held=True),
        Column(STATE, _("状态"), 84, "pill", lambda value: value.label, tone=state_colours.pill, key=_rank),
        Column("research", _("研发地"), 80),
        Column("production", _("产业化地"), 96),
        Column("area", _("面积（㎡）"), 96, "number", lambda value: f"{value:,.2f}"),
        Column("talents", _("高层次人才"), 88, "number", words.number),
        Column("patents", _("专利申请"), 88, "number", words.number),
        Column(MONEY, _("营收（千元）"), 108, "number", money),
        Column("summary", _("说明"), 190, stretch=True),
        Column("origin", _("来源"), 84, "pill", _, tone=words.ORIGINS.__getitem__),
    ]


def _rank(state: TenantState) -> int:
    return list(TenantState).index(state)


def row_of(tenant: TenantRow, sees_money: bool) -> tuple[Any, ...]:
    """A tenant as the table has it, then the chips it is under, its search words last."""
    revenue: Any = tenant.revenue if sees_money else UNSEEN
    return (
        tenant.id, tenant.name, tenant.state, tenant.research_region, tenant.production_region, tenant.area,
        tenant.talents, tenant.patents, revenue, tenant.summary, tenant.origin, groups_of(tenant),
        tenant.search or tenant.name.lower(),
    )  # fmt: skip


def known_words(park: ParkCard) -> str:
    """报道入驻 46 家，已录入驻 10 家；示例 6 家不计入."""
    reported = park.tenants if park.tenants is not None and park.tenants.origin is Origin.REPORTED else None
    parts = [_("报道入驻 {n} 家").format(n=words.count(reported))] if reported else []
    parts.append(_("已录入驻 {n} 家").format(n=f"{park.known:,}"))
    said = _("，").join(parts)
    if park.samples and not park.is_sample:
        said += _("；示例 {n} 家不计入").format(n=f"{park.samples:,}")
    elif park.samples:
        said = _("示例 {n} 家").format(n=f"{park.samples:,}")
    return said


class ParkTable(QWidget):
    """`opened(id)` by Enter or a double click, `narrowed(step)` when the person chose other states: a `ParkTotal`."""

    opened = Signal(object)
    narrowed = Signal(object)

    def __init__(self, sees_money: bool) -> None:
        super().__init__()
        self._sees = sees_money
        lines = column(self, theme.Space.S)
        states = Facet(STATE, _("状态"), lambda row: row[-2], _group_words, self._known, several=True)
        self.bar = FilterBar([states], [], _("企业、领域、拼音首字母"))
        self.bar.changed.connect(self._on_filter)
        self.about = ElidedLabel("", "fact")
        self.about.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        lines.addWidget(self.bar)
        self.model = TableModel(columns(sees_money))
        self.view = TableView(self.model, _("入驻企业"))
        self.view.set_giving_way(["talents", "area", "research", "patents"])
        self.view.opened.connect(self.opened)
        self._foot = list_parts.Foot(False)
        card = TableCard(self.view)
        card.add_below(Line())
        card.add_below(self._foot)
        self._stack = StateStack(card)
        lines.addWidget(self._stack, 1)
        self.view.folded.connect(lambda: self._foot.set_hidden(self.view.hidden_labels()))
        self._foot.layout().insertWidget(2, self.about)  # type: ignore[union-attr]
        self.setFocusProxy(self.view)
        self._fitted: uuid.UUID | None = None

    @staticmethod
    def _known() -> Sequence[Any]:
        return (*words.STEPS, ParkTotal.GRADUATED, TenantState.LEFT)

    def set(self, park: ParkCard, rows: Sequence[TenantRow], empty: Sequence[QWidget]) -> None:
        """Show a park's tenants; `empty`: buttons of what is said where there are none."""
        made = [row_of(one, self._sees) for one in rows]
        self.bar.set_rows(made)
        self.model.replace_rows(made, self.bar.found)
        self.view.fit(afresh=park.id != self._fitted)
        self._fitted = park.id
        self.about.set_text(known_words(park), park.source)
        if not rows:
            text = _("报道的总数照样显示；逐家录入或导入名单后，才有每家的状态、数据和来历。")
            self._stack.show_state(EmptyState("building-4-line", _("这个园区还没有录入企业"), text, empty))
        else:
            self._show_found()

    def narrow(self, key: ParkTotal | None) -> None:
        """Show whoever is at a step; None: all."""
        self.bar.choose(state=key)

    @property
    def step(self) -> ParkTotal | None:
        """The step whose tenants are shown."""
        found = self.bar.wanted.get(STATE)
        return found if isinstance(found, ParkTotal) else None

    def current(self) -> uuid.UUID | None:
        """The tenant under the cursor."""
        found = self.view.current_id()
        return found if isinstance(found, uuid.UUID) else None

    def _on_filter(self) -> None:
        self.model.keep_rows(self.bar.found)
        self._show_found()
        self.narrowed.emit(self.step)

    def _show_found(self) -> None:
        shown = len(self.model.rows())
        self._foot.count.setText(_("{n} 家").format(n=f"{shown:,}"))
        if shown:
            self._stack.show_content()
        else:
            self._stack.show_state(list_parts.nothing_found(self.bar.describe(), self.bar.clear, None))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.bar.focus_filters()
        else:
            super().keyPressEvent(event)
