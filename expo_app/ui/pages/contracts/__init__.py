"""技术合同登记簿: every signed technology contract registered in time, with nothing sent back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.model import Registration
from expo_app.routes import ListRoute
from expo_app.rules import amounts
from expo_app.rules.contract_completeness import grouped_number, open_ones
from expo_app.rules.deals_numbering import short_deal_no
from expo_app.services import contracts, record_writer, records, steps
from expo_app.services.records import Row
from expo_app.services.statistics.deals import deal_totals
from expo_app.specs import CONTRACTS, DEALS, Field
from expo_app.specs.contracts import OF_THE_DEAL, Line
from expo_app.specs.deals import TERM
from expo_app.specs.deals_figures import DealTotals
from expo_app.store.database import Database
from expo_app.ui.kit import messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.filters import Toggle
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.pages.contracts import acts, cells
from expo_app.ui.pages.contracts.cells import Cell, RegisterDelegate
from expo_app.ui.pages.contracts.form import ContractDialog
from expo_app.ui.pages.contracts.panel import ContractPanel
from expo_app.ui.records import list_parts, state_colours
from expo_app.ui.records.list_page import ListPage
from expo_app.ui.records.undo_list import step_act

__all__ = ["ContractsPage"]
AMOUNTS = ("amount", "tech_amount")
"""Their unit stands once, in the totals."""


class ContractsPage(ListPage):
    """What is missing, and by when."""

    spec = CONTRACTS
    title = N_("技术合同登记簿")
    noun, counted = N_("技术合同"), N_("共 {n} 份")
    placeholder = N_("编号、项目、单位、拼音首字母")
    columns = ("materials", "title", "contract_kind", "amount", "tech_amount", "registration", "due")
    stretch = "title"
    gives_way = ("tech_amount", "contract_kind")
    chips = ("registration", "contract_kind", "seller_region")
    also_reads = ("deal_no", "contract_subkind", "sellers", "buyers", "registered_on")
    also_shows = ("deal_party", "deal_patent", "deal_registration", "organisation", "registry_choice",
                  "registry_deadline", "attachment")  # fmt: skip
    dialog_class = ContractDialog
    panel_class = ContractPanel
    can_add = can_delete = False

    def __init__(self, context: Any, parent: QWidget | None = None) -> None:
        self.lines: dict[uuid.UUID, Line] = {}
        self._place: tuple[uuid.UUID, int] | None = None
        super().__init__(context, parent)
        self.view.verticalHeader().setDefaultSectionSize(cells.ROW)
        self._register_delegate = RegisterDelegate(self.view, self.lines_get, self.cell)
        self.view.setItemDelegate(self._register_delegate)
        self._foot.add_keys("F4", _("补缺项"))

    def _made_columns(self) -> None:
        """Cells that the page paints are as wide as it says."""
        widths = cells.widths()
        self.model.columns = tuple(
            replace(c, held=True, width=widths[c.name], align="left")
            if c.name in widths
            else replace(c, label=self.spec.field(c.name).title)
            if c.name in AMOUNTS
            else c
            for c in self.model.columns
        )

    def _make_card(self) -> Any:
        self._made_columns()
        return super()._make_card()

    # --- rows ---

    @property
    def today(self) -> date:
        return self.context.today()

    def load(self, db: Database, expo_id: uuid.UUID | None) -> list[Row]:
        rows = records.list_rows(db, self.spec, expo_id, self.fields, spoken=True)
        self.lines = contracts.lines(db, expo_id) if expo_id else {}
        materials, due = self._places["materials"], self._places["due"]
        return [self._with_line(list(row), materials, due) for row in rows]

    def _with_line(self, values: list[Any], materials: int, due: int) -> Row:
        line = self.lines.get(values[0])
        values[materials], values[due] = (line.lacking, line.due) if line else (None, None)
        return tuple(values)

    def lines_get(self, key: uuid.UUID) -> Line | None:
        """The contract of a row."""
        return self.lines.get(key)

    def cell(self, name: str, key: uuid.UUID) -> Cell | None:
        """The two lines of a cell that has them."""
        line, place = self.lines.get(key), self._index.get(key)
        if line is None or place is None:
            return None
        row = self.rows[place]
        if name == "title":
            small = f"{short_deal_no(self.value(row, 'deal_no'))} · "
            return Cell(self.value(row, "title"), small, sides=(line.seller, line.buyer))
        if name == "contract_kind" and (kind := self.value(row, name)):
            subkind = self.value(row, "contract_subkind")
            return Cell(_(kind), _(subkind) if subkind else "", mark=state_colours.dot(kind))
        return self._due(row, line) if name == "due" else None

    def _due(self, row: Row, line: Line) -> Cell:
        if self.value(row, "registration") is Registration.REGISTERED:
            day = self.value(row, "registered_on")
            return Cell("—", _("{day:%m-%d} 登记").format(day=day) if day else "", "text.3")
        if line.due is None:
            return Cell("—", "", "text.3")
        days = (line.due - self.today).days
        return Cell(self._day(line.due), said_days(days), cells.due_token(days))

    def _day(self, day: date) -> str:
        return f"{day:%m-%d}" if day.year == self.today.year else day.isoformat()

    def words(self, field: Field, value: Any) -> str:
        if field.name == "materials" and value is not None:
            return cells.missing_words(value)
        return super().words(field, value)

    def filters(self) -> list[Toggle]:
        return [
            Toggle("lacking", _("缺项"), self._lacks),
            Toggle("soon", _("{n} 天内到期或逾期").format(n=cells.SOON), self._soon),
        ]

    def _lacks(self, row: Sequence[Any]) -> bool:
        return bool(self.value(row, "materials")) and self.value(row, "registration") is not Registration.REGISTERED

    def _soon(self, row: Sequence[Any]) -> bool:
        due = self.value(row, "due")
        return due is not None and (due - self.today).days <= cells.SOON

    # --- what it comes to ---

    def _totals_of(self, ids: Sequence[uuid.UUID] | None) -> DealTotals:
        if self.context.expo_id is None:
            return DealTotals()
        return deal_totals(self.context.db, self.context.expo_id, ids)

    def fact(self, rows: Sequence[Row]) -> str:
        totals = self._totals_of([row[0] for row in rows])
        words = [
            _("{n} 份").format(n=f"{len(rows):,}"),
            _("成交额 {amount}").format(amount=amounts.in_words(totals.signed_amount)),
            _("技术交易额 {amount}").format(amount=amounts.in_words(totals.tech_amount)),
            _("只收有效的签约，不含意向"),
        ]
        return " · ".join(words)

    def totals(self, rows: Sequence[Row]) -> Mapping[str, str]:
        if not rows:
            return {}
        shown, expo_id = self._totals_of([row[0] for row in rows]), self.context.expo_id
        return {
            "": contracts.left_out(self.context.db, expo_id) if expo_id else "",
            "materials": _("合计"),
            "title": _("{n} 份").format(n=f"{len(rows):,}"),
            "amount": amounts.format_wan(shown.signed_amount),
            "tech_amount": amounts.format_wan(shown.tech_amount),
        }

    def _empty(self) -> EmptyState:
        return EmptyState(f"{self.spec.icon}-line", _("还没有技术合同"), _("签约后，技术合同会自动列在这里。"), [])

    # --- acts ---

    def actions(self) -> list[QWidget]:  # type: ignore[override]  # Qt's own of that name is for menus
        button = Button(_("导出登记表"), "primary", "file-excel-2-line", clicked=self.export_register)
        button.setEnabled(self.context.may("data.export"))
        self._export_button = button
        return []

    def _toolbar(self) -> list[Button]:
        taken_in = self.import_file if self.can_import else None
        return [*list_parts.toolbar(self.context, self.spec, taken_in, None, None), self._export_button]

    def export_register(self) -> None:
        """The office's columns, in yuan."""
        from expo_app.ui.pages.contracts.export import ExportDialog

        ids = self.checked() or [row[0] for row in self.model.rows()]
        ExportDialog(self, self.context, ids).open()

    def bulk_actions(self, ids: list[uuid.UUID]) -> list[tuple[str, str, Any]]:
        if not self.context.may_write(self.spec.permission):
            return []
        return [(_("标记已提交"), "upload-2-line", self._submit_ticked)]

    def _submit_ticked(self, ids: list[uuid.UUID]) -> None:
        wanted = self.taken(
            ids, {Registration.SUBMITTED: _("早已提交"), Registration.REGISTERED: _("早已登记")}, "registration"
        )
        ready = [key for key in wanted if not (self.lines[key].lacking if key in self.lines else 1)]
        if len(ready) < len(wanted):
            names = _("、").join(map(self.name_of, [key for key in wanted if key not in ready][:3]))
            self._left_out.append(_("{names} 等 {n} 份还有缺项").format(names=names, n=len(wanted) - len(ready)))
        if ready:
            self.submit(ready)

    def submit(self, ids: Sequence[uuid.UUID]) -> None:
        """Ask on which day they were handed in."""
        said, db = _("已提交 {n} 份").format(n=len(ids)), self.context.db

        def submit(day: date) -> None:
            self.do(said, partial(contracts.submit, db, ids, day))

        acts.ask_submitted(self, len(ids), self.today, submit)

    def do(self, said: str, act: Callable[[], object]) -> None:
        """One act with the office, taken back as a whole; InvalidRecord and UserError are for who asked."""
        with record_writer.followed() as writers:
            act()
        self.acts.add(step_act(said, self.context.db, steps.step_of(self.spec.permission, writers)))

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        if not self.context.may_write(self.spec.permission):
            return []
        state, line = values["registration"], self.lines.get(record_id)
        if state is Registration.SUBMITTED:
            back = partial(acts.ask_returned, self, record_id, self.today)
            enter = partial(acts.ask_registered, self, record_id, self.today)
            return [
                Button(_("退回记录"), icon="history-line", clicked=back),
                Button(_("已登记"), "primary", "check-line", clicked=enter),
            ]
        if state is Registration.REGISTERED:
            return []
        again = state is Registration.RETURNED
        button = Button(_("再提交") if again else _("提交"), "primary", "upload-2-line")
        button.clicked.connect(lambda: self.submit([record_id]))
        if line is None or line.lacking:
            names = _("、").join(dict.fromkeys(one.label for one in open_ones(line.findings))) if line else ""
            button.setEnabled(False)
            button.setToolTip(_("还缺：{names}").format(names=names))
        if not again:
            return [button]
        return [Button(_("退回记录"), icon="history-line", clicked=lambda: self.panel.choose_tab("steps")), button]

    def head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
        subkind, day = values["contract_subkind"] or values["contract_kind"], values["signed_on"]
        facts = [values["deal_no"], _(subkind) if subkind else "", _("{day} 签订").format(day=day) if day else ""]
        if values["registry_no"]:
            facts.append(grouped_number(values["registry_no"]))
        pills = [(values["registration"].label, state_colours.pill(values["registration"]))]
        line = self.lines.get(self.panel.record_id) if self.panel.record_id else None
        if line and line.lacking:
            pills.append((cells.missing_words(line.lacking), cells.missing_token(line)))
        return values["title"], " · ".join(filter(None, facts)), pills

    # --- the next missing field ---

    def next_missing(self) -> None:
        """F4: the form of the contract, at the next field that is missing or wrong, from the current row on."""
        if self.context.expo_id is not None:  # a form saved a moment ago is not in the rows yet
            self.lines = contracts.lines(self.context.db, self.context.expo_id)
        shown = [row[0] for row in self.model.rows()]
        registered = Registration.REGISTERED
        done = {row[0] for row in self.model.rows() if self.value(row, "registration") is registered}
        start = shown.index(current) if (current := self.view.current_id()) in shown else 0
        for key in shown[start:] + shown[:start]:
            if key not in done and (gaps := open_ones(self.lines[key].findings) if key in self.lines else []):
                self.view.select_id(key)
                self.fill(key, gaps[0].field)
                return
        messages.show(self, _("没有要补的，都齐全了"), "ok")

    def fill(self, record_id: uuid.UUID, field: str) -> None:
        """Open the form at a field; what the deal says is changed in the deals register."""
        said = field in TERM and contracts.contract(self.context.db, record_id).get(field) is not None
        if field in OF_THE_DEAL or said:
            self.context.navigate(ListRoute(DEALS, record=record_id))
            return
        try:
            dialog = ContractDialog(self, self.context, self.spec, record_id, noun=self.noun, save=self.save)
        except UserError as error:
            messages.show(self, error)
            return
        dialog.wanted = field
        dialog.saved.connect(partial(self._on_saved, False))
        dialog.saved.connect(lambda *_saved: self.next_missing() if dialog.goes_on else None)
        dialog.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F4 and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.next_missing()
        else:
            super().keyPressEvent(event)


def said_days(days: int) -> str:
    """还有 9 天, 今天, 过了 2 天."""
    if days < 0:
        return _("过了 {n} 天").format(n=-days)
    return _("还有 {n} 天").format(n=days) if days else _("今天到期")
