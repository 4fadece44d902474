"""双创券 → 用券: uses and the vouchers they are of, each with its steps, its split, its chain and what may be done."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.model import UseState, VoucherState
from expo_app.routes import Route
from expo_app.routes.vouchers import UseRoute
from expo_app.rules.amounts import format_yuan
from expo_app.rules.palette_rows import Command
from expo_app.services import expos, voucher_acts, voucher_uses
from expo_app.services.steps import Step
from expo_app.specs import VOUCHER_USES, VOUCHERS, Field
from expo_app.specs.voucher_shown import Look
from expo_app.ui.kit import messages
from expo_app.ui.kit.buttons import Button, act_kind
from expo_app.ui.kit.filters import Toggle
from expo_app.ui.kit.panels import clear, column
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.vouchers import use_acts
from expo_app.ui.pages.vouchers.apply_form import ApplyDialog
from expo_app.ui.pages.vouchers.use_form import UseDialog
from expo_app.ui.pages.vouchers.use_panel import sample_pill, use_notices, voucher_notices
from expo_app.ui.parts.list_face import InFace, ListsFace
from expo_app.ui.records import state_colours
from expo_app.ui.records.record_panel import RecordPanel
from expo_app.ui.records.undo_list import step_act

TO_CHECK = (UseState.SUBMITTED, UseState.FIRST_PASSED)
OPEN = (UseState.DRAFT, UseState.RETURNED)
ON_PANEL = 2
"""Acts at the foot of a panel; the others are links above, and all of them are in the palette."""


class OfVouchers(InFace):
    """What both lists share: acts said and taken back, which are for one kind of records."""

    also_reads: tuple[str, ...] = ("is_sample",)

    def _is_own(self, row: Sequence[Any]) -> bool:
        """Of the kind that is acted on here: samples in a sample expo, all else elsewhere."""
        return self.value(row, "is_sample") == (self.context.expo is not None and self.context.expo.is_sample)

    def _is_in(self, row: Sequence[Any], *states: Any) -> bool:
        return self.value(row, "state") in states and self._is_own(row)

    def saved(self, key: uuid.UUID, words: str, step: Step | None) -> None:
        """A dialog wrote a record: it is shown, and may be taken back."""
        self._wanted["record"] = key
        self.acts.add(step_act(words, self.context.db, step))
        self.refresh()


class UsePanel(RecordPanel):
    """A use is changed by its acts: there is no 编辑 beside them."""

    def _actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        return self._page.panel_actions(record_id, values)


class UseList(OfVouchers):
    spec = VOUCHER_USES
    panel_class = UsePanel
    on_panel = ON_PANEL
    noun, counted = N_("用券"), N_("共 {n} 次用券")
    add_words = N_("登记用券")
    placeholder = N_("编号、企业、机构、资源、合同编号、拼音首字母")
    columns = (
        "use_no", "organisation_id", "provider", "kind", "contract_on", "contract_amount", "share", "issuer_code",
        "payee_code", "corrects", "state",
    )  # fmt: skip
    stretch = "organisation_id"
    gives_way = ("kind", "contract_amount", "contract_on", "payee_code", "corrects")
    chips = ("issuer_code", "payee_code", "state")
    also_reads = (*OfVouchers.also_reads, "report_no", "report_on")
    also_shows = ("voucher", "voucher_step", "voucher_policy", "settlement_statement")
    facts = (
        "resource", "voucher_id", "kind", "title", "contract_no", "contract_on", "contract_amount", "invoice_amount",
        "other_support", "report_no", "report_on", "way", "submitted_on", "verified_on", "deal_id", "reason",
    )  # fmt: skip

    def filters(self) -> list[Toggle]:
        homes = tuple(expos.homes(self.context.db, self.context.expo_id)) if self.context.expo_id else ()
        found = [
            Toggle("to_check", _("待核验"), lambda row: self._is_in(row, *TO_CHECK)),
            Toggle("to_settle", _("待结算"), lambda row: self._is_in(row, UseState.VERIFIED)),
            Toggle("no_report", _("待补报告"), self._lacks_report),
        ]
        if homes:
            found.append(
                Toggle("own", _("我区"), lambda row: str(self.value(row, "issuer_code") or "").startswith(homes))
            )
        return found

    def _lacks_report(self, row: Sequence[Any]) -> bool:
        is_open = self._is_in(row, *TO_CHECK, *OPEN)
        return is_open and not self.value(row, "report_no") and self.value(row, "report_on") is None

    # --- the form ---

    form: UseDialog | None = None
    """The form that was opened last."""

    def add(self, values: Mapping[str, Any] | None = None) -> None:
        self.register(UseRoute())

    def edit(self, record_id: uuid.UUID | None = None) -> None:
        """A draft is gone on with; what was submitted is changed by acts."""
        wanted = record_id or self.view.current_id()
        look = self.look(wanted) if wanted is not None else None
        if look is None or wanted is None:
            return
        if look.is_open:
            self.register(UseRoute(use=wanted))
        else:
            messages.show(self, _("{no} 已提交，不能直接改。先退回，或用更正。").format(no=look.use_no), "info")

    def take_up(self) -> None:
        """Go on with what was kept on this computer."""
        if (box := self.register(UseRoute())) is not None:
            box.take_up()

    def register(self, route: UseRoute) -> UseDialog | None:
        """用券登记 with what is known already."""
        if not self.context.may_write(self.spec.permission) or self.context.expo_id is None:
            return None
        try:
            self.form = UseDialog(self, self.context, route)
        except UserError as error:
            messages.show(self, error)
            return None
        self.form.saved.connect(self.saved)
        self.form.open()
        return self.form

    # --- one use ---

    _looked: Look | None = None
    """What the panel shows, read once for its notices and its buttons."""

    def look(self, use_id: uuid.UUID) -> Look | None:
        """A use as it stands; None where it is gone or cannot be read, which is said."""
        db, expo_id = self.context.db, self.context.expo_id
        try:
            return voucher_uses.look(db, expo_id, voucher_uses.open_use(db, use_id))
        except UserError as error:
            messages.show(self, error)
            return None

    def cell_pill(self, field: Field, value: Any) -> str:
        return "warn" if field.name == "corrects" and value else super().cell_pill(field, value)

    def head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]] | None:
        state = values["state"]
        pills = [(state.label, state_colours.pill(state))] if state is not None else []
        pills += [(_("更正"), "warn")] if values["corrects"] else []
        pills += sample_pill(values)
        facts = (values["use_no"], values["provider"], values["contract_no"])
        return str(values["organisation_id"] or ""), " · ".join(str(one) for one in facts if one), pills

    def notices(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        self._looked = self.look(record_id)
        return use_notices(self, record_id, self._looked) if self._looked is not None else []

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        found = use_acts.acts_for(self.context, self._looked)[: self.on_panel] if self._looked is not None else []
        made = [
            Button(
                _(one.words), act_kind(not place, one.takes_away), one.icon, clicked=partial(self.act, one, record_id)
            )
            for place, one in enumerate(found)
        ]
        return made[::-1]

    def act(self, one: use_acts.UseAct, record_id: uuid.UUID) -> None:
        """Do it with the use as it is now."""
        if (look := self.look(record_id)) is not None:
            one.call(self, record_id, look)

    def commands(self) -> Sequence[Command]:
        current = self.view.current_id()
        look = self.look(current) if current is not None else None
        if look is None or current is None:
            return []
        return [
            Command(_(one.words), self.what, one.icon, "", partial(self.act, one, current))
            for one in use_acts.acts_for(self.context, look)
        ]


class VoucherList(OfVouchers):
    spec = VOUCHERS
    noun, counted = N_("券"), N_("共 {n} 张券")
    add_words = N_("申领券")
    placeholder = N_("券号、企业、用途、拼音首字母")
    columns = (
        "voucher_no", "organisation_id", "region", "applied_on", "amount", "used", "left", "expires_on", "state",
    )  # fmt: skip
    stretch = "organisation_id"
    gives_way = ("applied_on", "region")
    also_shows = ("voucher_pot", "voucher_step", "voucher_use")

    def above_table(self) -> QWidget:
        self._over = QWidget()
        self._over_lines = column(self._over, 0)
        self._over.hide()
        return self._over

    def filters(self) -> list[Toggle]:
        return [
            Toggle("waiting", _("待批准"), lambda row: self._is_in(row, VoucherState.APPLIED)),
            Toggle("open", _("有余额"), lambda row: bool(self._left(row))),
            Toggle("expired", _("过期未释放"), self._is_over),
        ]

    def _left(self, row: Sequence[Any]) -> Any:
        return self.value(row, "left") if self._is_in(row, VoucherState.APPROVED) else None

    def _is_over(self, row: Sequence[Any]) -> bool:
        until = self.value(row, "expires_on")
        return self._is_in(row, VoucherState.APPROVED) and until is not None and until < self.context.today()

    def refreshed(self) -> None:
        super().refreshed()
        over = sum(map(self._is_over, self.rows))
        clear(self._over_lines)
        self._over.setVisible(bool(over))
        if over:
            words = _("{n} 张券过了有效期，没用的部分还占着预算。").format(n=over)
            release = Button(_("释放过期的券"), icon="history-line", clicked=self.release_expired)
            may = self.context.may_write(use_acts.CHECK)
            self._over_lines.addWidget(Banner("warn", words, [release] if may else []))

    def add(self, values: Mapping[str, Any] | None = None) -> None:
        if self.context.may_write(self.spec.permission) and self.context.expo_id is not None:
            box = ApplyDialog(self, self.context)
            box.saved.connect(self.saved)
            box.open()

    def release_expired(self) -> None:
        """Those whose last day is over, listed first; nothing is released by itself."""
        over = [row for row in self.rows if self._is_over(row)]
        try:
            free = set(voucher_acts.releasable(self.context.db, self.context.expo_id))
        except UserError as error:
            messages.show(self, error)
            return
        rows = [row for row in over if row[0] in free]
        names = {row[0]: f"{self.value(row, 'voucher_no')} · {self.value(row, 'organisation_id')}" for row in rows}
        left = {row[0]: format_yuan(self.value(row, "left")) for row in rows}
        lines = [f"{names[key]} · {_('余 {left} 元').format(left=left[key])}" for key in names]
        use_acts.release(self, lines, len(over) - len(rows))

    def head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]] | None:
        state, region = values["state"], self.words(self.spec.field("region"), values["region"])
        pills = [(state.label, state_colours.pill(state))] if state is not None else []
        return (
            str(values["organisation_id"] or ""),
            f"{values['voucher_no']} · {region}",
            [*pills, *sample_pill(values)],
        )

    def notices(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        return voucher_notices(self, record_id, values)

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        found = use_acts.acts_on_voucher(self.context, values)[:ON_PANEL]
        made = [
            Button(
                _(one.words), act_kind(not place, one.takes_away), one.icon, clicked=partial(one.call, self, record_id)
            )
            for place, one in enumerate(found)
        ]
        return made[::-1]


class UsesFace(ListsFace):
    """Uses in front, vouchers behind the switch; the route of the form opens it over both."""

    is_switch_above = True
    lists = MappingProxyType({VOUCHER_USES.name: (N_("用券记录"), UseList), VOUCHERS.name: (N_("券"), VoucherList)})

    @property
    def form(self) -> UseDialog | None:
        """The form of a use that was opened last."""
        page = self.made[VOUCHER_USES.name]
        return page.form if isinstance(page, UseList) else None

    def open_with(self, route: Route) -> None:
        if not isinstance(route, UseRoute):
            super().open_with(route)
            return
        page = self.show_list(VOUCHER_USES.name)
        if isinstance(page, UseList):
            page.register(route)
