"""参展商: find a company in two seconds, see who is missing where."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.model import ExhibitorState
from expo_app.routes.floor import PlanRoute
from expo_app.rules.region_groups import UNKNOWN
from expo_app.rules.terms import Terms
from expo_app.services import exhibitors, records, region_groups
from expo_app.services.records import Row
from expo_app.services.statistics.exhibition import exhibition
from expo_app.services.words import terms
from expo_app.specs import EXHIBITORS, INDUSTRIES, ORGANISATION_KINDS, ORGANISATIONS, Field
from expo_app.specs.floor_plan import EXPECTED, HERE
from expo_app.specs.profile import Profile, missing
from expo_app.store.database import Database
from expo_app.ui.context import Context
from expo_app.ui.kit import messages
from expo_app.ui.kit.buttons import Button, IconButton, Segmented
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.parts.exhibitor_panel import FACTS, ExhibitorSheet
from expo_app.ui.records.list_columns import TermsOf
from expo_app.ui.records.list_page import Facet, ListPage, Panel, Toggle

LIST, MAP = "list", "map"


class ExhibitorsPage(ListPage):
    """The list of the expo's exhibitors and service institutions."""

    spec = EXHIBITORS
    noun, counted = N_("参展商"), N_("共 {n} 家")
    placeholder = N_("单位、展位、联系人、拼音首字母")
    columns = (
        "booths", "organisation.name", "region_group", "organisation.industry_id", "exhibit_count", "state", "badges",
    )  # fmt: skip
    stretch = "organisation.name"
    chips = ("region_group", "organisation.industry_id", "state", "kind")
    deletes_many = False
    merges = ORGANISATIONS
    facts = FACTS
    also_reads = ("organisation.kind_id", "main", "contact.name", "contact.phone", "exhibits")
    also_shows = ("booth", "achievement", "attendee", "badge", "deal", "deal_party", "region_group")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.panel.add_corner(IconButton("map-2-line", _("在展位图中查看"), self._show_on_plan))

    @cached_property
    def sheet(self) -> ExhibitorSheet:
        """What the detail panel says."""
        db = self.context.db
        return ExhibitorSheet(
            self, self.context, partial(exhibitors.profile, db), partial(exhibitors.arrive, db),
            partial(exhibitors.restore_states, db), self.acts, self._placing,
        )  # fmt: skip

    # --- rows ---

    def load(self, db: Database, expo_id: uuid.UUID | None) -> Sequence[Row]:
        """Regions by the expo's groups; without an industry the kind of organisation stands there, as on the plan."""
        rule = region_groups.rule_of(db, expo_id)
        self.group_labels[:] = [rule.label(key) for key in rule.keys if key != UNKNOWN]
        telling = {kind.label for kind in terms(db, ORGANISATION_KINDS.name, expo_id) if kind.colour}
        industry, region = self._places["organisation.industry_id"], self._places["region_group"]
        shown = []
        for row in records.list_rows(db, self.spec, expo_id, self.fields, spoken=True):
            cells, kind = list(row), self.value(row, "organisation.kind_id")
            cells[industry] = row[industry] or (kind if kind in telling else None)
            cells[region] = rule.label_of(row[region]) if row[region] else None
            shown.append(tuple(cells))
        return shown

    def terms_of(self, field: Field) -> TermsOf | None:
        """The column of industries shows kinds of organisation too."""
        if field.name != "organisation.industry_id":
            return super().terms_of(field)
        both = (INDUSTRIES.name, ORGANISATION_KINDS.name)
        return lambda: Terms(term for name in both for term in self.context.terms(name))

    def facet(self, field: Field) -> Facet:
        """Regions stand in the order of the reports, so that each keeps its place."""
        usual = super().facet(field)
        if field.name != "region_group":
            return usual
        return replace(usual, known=lambda: self.group_labels)

    @cached_property
    def group_labels(self) -> list[str]:
        """The labels of the expo's groups, in their order; filled with the rows."""
        return []

    def filters(self) -> list[Toggle]:
        return [
            Toggle("incomplete", _("资料待补"), lambda row: bool(missing(self._values(row)))),
            Toggle("absent", _("未到场"), self._is_awaited),
        ]

    def _values(self, row: Sequence[Any]) -> dict[str, Any]:
        values = {field.name: row[place] for place, field in enumerate(self.fields, 1)}
        return values | {"organisation.region_code": values["region_group"]}

    def _is_awaited(self, row: Sequence[Any]) -> bool:
        values = self._values(row)
        return values["state"] in EXPECTED and values["main"] is None

    def fact(self, rows: Sequence[Row]) -> str:
        """176 家 · 已到场 168 · 胸卡已打 812 / 854 · 另有服务机构 32 家, the published figures; applications
        apart: 已确认 0 家 · 申请 4 家."""
        if self.context.expo_id is None:
            return ""
        figures = exhibition(self.context.db, self.context.expo_id)
        applied, count = figures.applications, figures.exhibitors.shown
        words = [(_("已确认 {n} 家") if applied.value else _("{n} 家")).format(n=count)]
        words += [_("申请 {n} 家").format(n=applied.shown)] if applied.value else []
        words.append(_("已到场 {n}").format(n=figures.arrived.shown))
        bars = [self.value(row, "badges") for row in rows]
        done, total = (sum(bar[place] for bar in bars if bar) for place in (0, 1))
        if total:
            words.append(_("胸卡已打 {n} / {total}").format(n=f"{done:,}", total=f"{total:,}"))
        others = ((_("服务机构 {n} 家"), figures.services), (_("联合参展 {n} 家"), figures.co_exhibitors))
        apart = [text.format(n=figure.shown) for text, figure in others if figure.value]
        if apart:
            words.append(_("另有{what}").format(what=_("、").join(apart)))
        return " · ".join(words)

    # --- acts ---

    def actions(self) -> list[QWidget]:  # type: ignore[override]
        self.views = Segmented([(LIST, _("列表"), "list-check"), (MAP, _("展位图"), "map-2-line")], LIST)
        self.views.chosen.connect(self._on_view)
        return [self.views]

    def _on_view(self, key: object) -> None:
        if key == MAP:
            self.views.choose(LIST)
            self._show_on_plan()

    def _show_on_plan(self) -> None:
        self.context.navigate(PlanRoute(record=self.panel.record_id if self.panel.isVisible() else None))

    def bulk_actions(self, ids: list[uuid.UUID]) -> list[tuple[str, str, Any]]:
        acts: list[tuple[str, str, Any]] = [(_("打印胸卡"), "printer-line", self._print)]
        if self.context.may_write(self.spec.permission):
            acts.append((_("联系人制证"), "user-add-line", self.sheet.register))
            acts.append((_("改状态"), "edit-line", self._choose_state))
        elif self.context.may_write("checkin.scan"):
            acts.append((_("确认到场"), "check-line", self.arrive))
        return acts

    def merged(self, ids: Sequence[uuid.UUID]) -> Sequence[uuid.UUID]:
        """Their organisations: two exhibitors are one because the bodies are."""
        return exhibitors.bodies_of(self.context.db, ids)

    def _print(self, ids: list[uuid.UUID]) -> None:
        if wanted := self.taken(ids, {ExhibitorState.CANCELLED: _("已取消")}, "state"):
            self.sheet.go_print(exhibitors.people_of(self.context.db, wanted))

    def _choose_state(self, ids: list[uuid.UUID]) -> None:
        menu = self.state_menu(ids)
        button = next((b for b in self.bar.findChildren(Button) if b.text() == _("改状态")), self.bar)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def state_menu(self, ids: list[uuid.UUID]) -> Menu:
        """Every state to move these exhibitors to."""
        menu = Menu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for state in ExhibitorState:
            menu.add(state.label, partial(self._move, ids, state))
        return menu

    def _move(self, ids: list[uuid.UUID], state: ExhibitorState) -> None:
        wanted = self.taken(ids, {state: _("早已是{state}").format(state=state.label)}, "state")
        self._say_left_out(with_hidden=False)  # said when the menu was opened
        verb = _("改为{state}").format(state=state.label)
        if wanted:
            self.reviving(wanted, "state", ExhibitorState.CANCELLED, verb, partial(self.set_state, wanted, state))

    def set_state(self, ids: list[uuid.UUID], state: ExhibitorState) -> None:
        """Move exhibitors to a state; one act, can be taken back."""
        db, changed = self.context.db, dict[uuid.UUID, Any]()

        def move() -> None:
            changed.update(exhibitors.set_state(db, ids, state))

        if self.attempt(move) and changed:
            words = _("{n} 家已改为{state}").format(n=len(changed), state=state.label)
            back = partial(exhibitors.restore_states, db, changed)
            self.remember(words, back, partial(back, forth=True))

    def arrive(self, ids: Sequence[uuid.UUID] = ()) -> None:
        """These are here, else the ticked ones, else the current one (D); who is here already or cancelled stays so."""
        if not self.context.may_write("checkin.scan"):
            return
        states = {key: self.value(self.rows[self._index[key]], "state") for key in ids or self.meant()}
        coming = [key for key, state in states.items() if state not in (*HERE, ExhibitorState.CANCELLED)]
        if coming:
            self.sheet.arrive(coming)
        elif len(states) > 1:
            messages.show(self, _("选中的 {n} 家都已到场或已取消，没有改动。").format(n=len(states)), "info")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_D and not event.modifiers():
            self.arrive()
        else:
            super().keyPressEvent(event)

    # --- the panel ---

    def head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
        return self.sheet.head(values)

    def panels(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Panel]:
        return self.sheet.panels(record_id, values)

    def notices(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        return self.sheet.notices(record_id, values)

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        return self.sheet.panel_actions(record_id, values)

    def _placing(self, profile: Profile) -> list[QWidget]:
        """An exhibitor without a booth: the plan is where it gets one."""
        if profile.booths or profile.main is not None or not self.context.may_write("floor.edit"):
            return []
        go = partial(self.context.navigate, PlanRoute(record=profile.exhibitor_id))
        return [Banner("info", _("还没有展位"), [Button(_("去分配"), "link", clicked=go)], small=True)]
