"""The form of a contract's registration: what applies to it, and beside it what is still missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.model import RegistryList
from expo_app.rules.contract_completeness import Contract, Finding, Party, findings, open_ones, warnings
from expo_app.services import contracts, expos
from expo_app.specs import Field, RecordSpec
from expo_app.specs.contracts import OF_THE_DEAL, PARTY_FIELDS, read_patents
from expo_app.specs.deals import TERM
from expo_app.ui.kit import theme
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import KeyCap, Label
from expo_app.ui.kit.panels import Card, clear, column
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.contracts.panel import DONE, GREEN, ICONS
from expo_app.ui.pages.contracts.patents_editor import PatentsEditor
from expo_app.ui.records.form import Form
from expo_app.ui.records.record_dialog import RecordDialog

OFFERED = {
    "contract_kind": RegistryList.KIND, "tech_field": RegistryList.TECH_FIELD, "ip_kind": RegistryList.IP_KIND,
    "social_goal": RegistryList.SOCIAL_GOAL, "seller_nature": RegistryList.NATURE,
    "buyer_nature": RegistryList.NATURE, "served_industry": RegistryList.INDUSTRY,
}  # fmt: skip
SECOND = {
    "contract_subkind": ("contract_kind", RegistryList.SUBKIND),
    "tech_subfield": ("tech_field", RegistryList.TECH_SUBFIELD),
}
"""Field → what its choices belong to, and their list."""
OF_PATENTS, OF_ASSIGNMENTS = ("patents",), ("patent_registered_on",)
LOOK = 120
"""Milliseconds after the last key before what is missing is worked out anew."""


class ContractForm(Form):
    """Patents have an editor of their own."""

    def __init__(self, spec: RecordSpec, today: date, **more: Any) -> None:
        self._today = today
        super().__init__(spec, **more)

    def _make(self, field: Field) -> None:
        if field.name != "patents":
            super()._make(field)
            return
        editor = PatentsEditor(self._today)
        box = FormField("", editor)  # its section says it
        editor.setAccessibleName(field.title)
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        box.setMinimumWidth(1)
        editor.edited.connect(partial(self._on_edited, field))
        self._boxes[field.name] = box

    def focus(self, name: str) -> None:
        super().focus(name)
        editor = self.editor(name)
        if isinstance(editor, PatentsEditor):
            editor.go_to_first_gap()


class ContractDialog(RecordDialog):
    """`wanted`: the field it opens at; `goes_on`: F4 was pressed at its last gap, so that the next contract follows."""

    wide = theme.Width.DIALOG_WIDE
    wanted = ""
    goes_on = False

    def make_form(self) -> Form:
        context = self.context
        self._contract = contracts.contract(context.db, self.record_id) if self.record_id else Contract({})
        expo, day = context.expo, self._contract.get("signed_on")
        lists = self._contract.lists
        self._offers: dict[str, list[str]] = {
            name: [_(word) for word in lists.names(of, day)] for name, of in OFFERED.items()
        }
        self._offers |= {name: [] for name in SECOND}
        places = expos.places(context.db, context.expo_id)
        return ContractForm(
            self.spec, context.today(),
            zone=expo.zone if expo else None, look_up=context.options, terms=context.terms, usual=self.usual_day(),
            offers={**self._offers, "seller_region": places, "buyer_region": places},
            homes=expos.homes(context.db, context.expo_id),
        )  # fmt: skip

    def side(self) -> QWidget | None:
        box = QWidget()
        box.setFixedWidth(theme.Width.PANEL_NARROW)
        lines = column(box, theme.Space.M)
        self._warnings = column(spacing=theme.Space.S)
        lines.addLayout(self._warnings)
        self._card = Card(_("要补的"))
        self._gaps = column(spacing=theme.Space.XS)
        self._card.body.addLayout(self._gaps)
        lines.addWidget(self._card)
        lines.addStretch(1)
        self._look_again = QTimer(self, singleShot=True, interval=LOOK)
        self._look_again.timeout.connect(self._show_gaps)
        self.form.edited.connect(self._on_field)
        QShortcut(QKeySequence("F4"), self).activated.connect(self.next_gap)
        self._offer_second()
        self._keep_signed()
        self._show_fields()
        self._show_gaps()
        return box

    def _keep_signed(self) -> None:
        """The term that was signed stands, and where it is changed is said beforehand."""
        for name in TERM:
            if self.seen.get(name) is not None:
                self.form.editor(name).setEnabled(False)
                self.form.box(name).set_hint(_("签下来的，到成交台账里改，要写原因"))

    def _make_footer(self) -> None:
        super()._make_footer()
        self.add_left(KeyCap("F4"))
        self.add_left(Label(_("下一个缺项"), "fact"))

    def first_focus(self) -> QWidget | None:
        if not self.wanted or not self.form.is_shown(self.wanted):
            return super().first_focus()
        QTimer.singleShot(0, self, lambda: self.form.focus(self.wanted))
        return self.form.editor(self.wanted)

    # --- what is missing, as it stands ---

    def contract(self) -> Contract:
        """The contract as the form has it now."""
        typed = {f.name: self.form.read(f.name) for f in self.form.fields if self.form.is_shown(f.name)}
        values = {**self._contract.values, **{k: v for k, v in typed.items() if k not in PARTY_FIELDS}}
        patents = self._contract.patents
        with suppress(ValueError):
            patents = tuple(read_patents(self.form.editor("patents").value()))
        return replace(
            self._contract, values=values, sellers=_with(self._contract.sellers, "seller", typed),
            buyers=_with(self._contract.buyers, "buyer", typed), patents=patents,
        )  # fmt: skip

    def gaps(self) -> list[Finding]:
        """What is missing or wrong, as the form has it now."""
        return open_ones(findings(self.contract()))

    def _on_field(self, name: str) -> None:
        if name in ("contract_kind", "tech_field"):
            self._offer_second()
        if name in ("contract_kind", "contract_subkind", "ip_kind"):
            self._show_fields()
        self._look_again.start()

    def _offer_second(self) -> None:
        """The second level of what is chosen on the first."""
        day = self._contract.get("signed_on")
        for name, (first, of) in SECOND.items():
            parent = self.form.read(first) or ""
            self._offers[name][:] = [_(word) for word in self._contract.lists.names(of, day, parent)]

    def _show_fields(self) -> None:
        """Patents where it is about one, their registration where one changes hands."""
        now = self.contract()
        out = [name for name in OF_PATENTS if not now.of_patents]
        out += [name for name in OF_ASSIGNMENTS if not now.is_assignment]
        self.form.leave_out([name for name in out if not self.seen.get(name)])

    def _show_gaps(self) -> None:
        clear(self._gaps)
        clear(self._warnings)
        now = self.contract()
        for words in warnings(now):
            self._warnings.addWidget(Banner("warn", words))
        found = open_ones(findings(now))
        for gap in found:
            icon, token = ICONS[gap.state]
            item = ItemRow(gap.label, gap.words, icon, token=token, below=True)
            if gap.field not in OF_THE_DEAL and _may_be_filled(self.form, gap.field):
                item = ItemRow(
                    gap.label, gap.words, icon, token=token, below=True, clicked=partial(self.form.focus, gap.field)
                )
            self._gaps.addWidget(item)
        if not found:
            self._gaps.addWidget(ItemRow(_("都齐全了"), "", DONE, token=GREEN))

    def next_gap(self) -> None:
        """F4: the next field that is missing or wrong; behind the last one it saves, and the next contract follows."""
        fields = _fields_of(self.gaps(), self.form)
        here = self._field_with_focus()
        order = [field.name for field in self.form.fields]
        behind = [name for name in fields if here and order.index(name) > order.index(here)]
        if following := next(iter(behind or [name for name in fields if name != here]), ""):
            self.form.focus(following)
            return
        self.goes_on = True
        self.submit()
        self.goes_on = False

    def _field_with_focus(self) -> str:
        focused = self.focusWidget()
        for field in self.form.fields:
            if focused is not None and (box := self.form.box(field.name)).isAncestorOf(focused):
                return field.name if box.isVisible() else ""
        return ""


def _fields_of(gaps: Sequence[Finding], form: Form) -> list[str]:
    """The form's own fields of what is missing, each once, in the order of the form."""
    wanted = {gap.field for gap in gaps}
    return [field.name for field in form.fields if field.name in wanted and _may_be_filled(form, field.name)]


def _may_be_filled(form: Form, name: str) -> bool:
    return form.is_shown(name) and form.editor(name).isEnabled()


def _with(parties: tuple[Party, ...], side: str, typed: Mapping[str, Any]) -> tuple[Party, ...]:
    """The parties with what the form says of the first."""
    if not parties:
        return ()
    code, region, nature = (typed.get(f"{side}_{name}") for name in ("code", "region", "nature"))
    return (replace(parties[0], credit_code=code, region=region, nature=nature or ""), *parties[1:])
