"""The signing form of a deal: contract and signing on one screen, what it may repeat beside it, nothing typed lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _, language
from expo_app.model import DealKind, DealStage, Entry, RegistryList
from expo_app.routes import ListRoute
from expo_app.rules import amounts, currencies
from expo_app.rules.deals_duplicates import Index, Suspicion
from expo_app.rules.deals_numbering import short_deal_no
from expo_app.rules.parties import split_parties
from expo_app.services import contracts_lists, deals, deals_parties, expos
from expo_app.services.deals_parties import About
from expo_app.specs import DEALS, Field, RecordSpec
from expo_app.specs.deals import PARTIES, TERM, in_yuan, of_what_was_signed
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, Tick
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.jobs import run_job
from expo_app.ui.kit.labels import ElidedLabel, IconView, Label, Pill
from expo_app.ui.kit.panels import Card, clear, column, row
from expo_app.ui.pages.deals.asking import expo_of
from expo_app.ui.pages.deals.new_party import NewParty
from expo_app.ui.pages.deals.side import Check, checks, comparison
from expo_app.ui.records.form import Form
from expo_app.ui.records.record_dialog import RecordDialog

CONTRACT, SIGNING = N_("合同"), N_("签约")
LAYOUT: Mapping[str, Mapping[str, int]] = {
    CONTRACT: {
        "title": 9, "contract_no": 3, "kind": 4, "contract_kind": 4, "contract_subkind": 4, "sellers": 6, "buyers": 6,
        "currency": 3, "amount": 5, "foreign_amount": 5, "rate": 4, "rate_on": 3, "rate_source": 5,
        "others": 8, "witnesses": 4, "tech_amount": 4, "tech_field": 3, "ip_kind": 3, "valid_from": 3, "valid_until": 3,
    },
    SIGNING: {
        "stage": 3, "signed_on": 3, "is_prior": 2, "prior_note": 4, "programme_item_id": 6, "signing_batch": 3,
        "signing_order": 3, "sellers_signer": 3, "buyers_signer": 3, "others_signer": 6, "witness": 3, "note": 3,
    },
}  # fmt: skip
"""What the form asks, by section, with the units of twelve it takes; the registration has a form of its own."""
SPANS = {name: wide for section in LAYOUT.values() for name, wide in section.items()}
CONTRACTUAL = ("tech_amount", "contract_kind", "contract_subkind", "tech_field", "ip_kind")
TWO_SIDES = ("sellers", "buyers", "sellers_signer", "buyers_signer")
EQUALS = ("others", "witnesses", "others_signer")
FOREIGN = ("foreign_amount", "rate", "rate_on", "rate_source")
NOT_FOR: Mapping[DealKind, tuple[str, ...]] = {
    DealKind.FRAMEWORK: (*TWO_SIDES, *CONTRACTUAL, "witness"),
    DealKind.TECH_CONTRACT: EQUALS,
    DealKind.OTHER: CONTRACTUAL,
}
"""Fields that do not apply to a kind; the kinds not named have two sides and are not registered."""
LONG_BEFORE = timedelta(days=31)
"""Before the expo begins: who signed then has probably signed elsewhere."""
SAVED_AFTER, LOOKED_AFTER = 600, 120
"""Milliseconds after the last key until the draft is kept, and until duplicates are looked for."""
SAID = 2  # of more parties of a side only how many exhibit, not where each stands
NOTE = 32  # px, one line; a longer one scrolls
SHOWN_TABLES = frozenset({"deal", "deal_party", "organisation"})


def form_fields(spec: RecordSpec = DEALS) -> list[Field]:
    """The fields of the form in their order, each in its section."""
    return [replace(spec.field(name), group=group) for group, section in LAYOUT.items() for name in section]


class DealDialog(RecordDialog):
    """The signing form: only what applies to the kind; duplicates are looked for while typing and block submitting
    until confirmed; what was typed is kept within a second.
    """

    wide = theme.Width.DIALOG_WIDE
    several = MappingProxyType(dict.fromkeys(PARTIES, "organisations"))

    def make_form(self) -> Form:
        expo, db, expo_id = self.context.expo, self.context.db, self.context.expo_id
        return Form(
            self.spec, zone=expo.zone if expo else None, look_up=self.context.options, several=self.several,
            fields=form_fields(self.spec), spans=SPANS, terms=self.context.terms, usual=self.usual_day(),
            homes=expos.homes(db, expo_id),
        )  # fmt: skip

    def side(self) -> QWidget | None:
        self.save_draft = self._put_draft if self._is_draft else None
        box = QWidget()
        box.setFixedWidth(theme.Width.PANEL_NARROW)
        lines = column(box, theme.Space.M)
        self._lists = contracts_lists.lists(self.context.db)
        self._index: Index | None = None
        self._found: list[Suspicion] = []
        self._shown: tuple[Suspicion, ...] = ()
        self._bodies: dict[str, About | None] = {}
        self._unknown: list[str] = []
        self._asked_of: set[str] = set()
        self._asking: NewParty | None = None
        self._doubt, self._new = column(spacing=theme.Space.S), column(spacing=theme.Space.S)
        lines.addLayout(self._doubt)
        lines.addLayout(self._new)
        self.confirmed = Tick()
        self.confirmed.toggled.connect(self._show_checks)
        self.why = LineEditor()
        told = _("改签下来的内容（名称、类型、各方、金额、日期、编号、有效期）要写明原因，旧值留在经过里")
        self.reason = FormField(_("改动原因"), self.why, told)
        self.reason.setVisible(self._is_fixed)
        lines.addWidget(self.reason)
        card = Card(_("提交前检查"))
        self._checks = column(spacing=theme.Space.XS)
        card.body.addLayout(self._checks)
        lines.addWidget(card)
        lines.addStretch(1)
        self._wait = QTimer(self, singleShot=True, interval=LOOKED_AFTER)
        self._wait.timeout.connect(self._look)
        self._saving = QTimer(self, singleShot=True, interval=SAVED_AFTER)
        self._saving.timeout.connect(self.keep_draft)
        self.form.edited.connect(self._on_edited)
        self.form.editor("note").setFixedHeight(NOTE)
        how = DEALS.field("rate").hint
        self.form.editor("rate").setPlaceholderText(_(how))
        self.form.box("rate").set_hint("")
        for name in self.several:
            self.form.editor(name).tab_takes = True
            self.form.editor(name).left.connect(partial(self._on_party_left, name))
        self.form.editor("amount").left.connect(self._take_currency)
        for name in TERM:
            self.form.editor(name).left.connect(self._judge_term)
        self.context.changed.connect(self._on_changed)
        if self.seen.get("deal_no"):
            self.head_row.insertWidget(1, Pill(short_deal_no(self.seen["deal_no"]), "info", shape=False))
        self._show_fields()
        self._offer_classes()
        self._ask_parties()
        self._say_yuan()
        self._read_others()
        return box

    # --- what is typed ---

    def _on_edited(self, name: str) -> None:
        if name in ("kind", "currency", "is_prior"):
            self._show_fields()
        elif name == "stage":
            self._offer_day()
        elif name in ("signed_on", "contract_kind"):
            self._offer_classes(afresh=name == "contract_kind")
        if name in (*FOREIGN, "currency"):
            self._say_yuan()
        self._wait.start()
        self._saving.start()

    def keep_draft(self) -> None:
        """Kept on this computer; the words say when, by the expo's clock. What was handed in is no draft."""
        if not self.is_open:
            return
        super().keep_draft()
        if self.form.is_dirty and self.context.expo:
            now = self.context.now().astimezone(self.context.expo.zone)
            self.note.setText(_("草稿 {when} 自动保存").format(when=f"{now:%H:%M}"))

    def _offer_day(self) -> None:
        """A deal that is signed now was signed today, unless something else is said."""
        values, expo = self._parsed(), self.context.expo
        is_signing = deals.is_signing(values["stage"], {"stage": DealStage.INTENT})
        if expo and is_signing and not values["signed_on"]:
            self.form.fill({"signed_on": expo.local_day(self.context.now())})

    def _offer_classes(self, afresh: bool = False) -> None:
        """The registry's classes and sub-classes of the day of signing; another class begins without a sub-class."""
        values = self._parsed()
        day, kind = values.get("signed_on"), values.get("contract_kind") or ""
        subkinds = self._lists.names(RegistryList.SUBKIND, day, kind)
        if afresh and values.get("contract_subkind") not in (None, *subkinds):
            self.form.fill({"contract_subkind": None})
        self.form.editor("contract_kind").offer([_(word) for word in self._lists.names(RegistryList.KIND, day)])
        self.form.editor("contract_subkind").offer([_(word) for word in subkinds])

    def _show_fields(self) -> None:
        """What does not apply to the kind is left out, unless this deal has it; of amounts those of its currency."""
        kind = DealKind[self.form.editor("kind").value()]
        out = NOT_FOR.get(kind, (*EQUALS, *CONTRACTUAL))
        money = FOREIGN if self._currency() == currencies.HOME else ("amount",)
        prior = () if self.form.editor("is_prior").value() else ("prior_note",)
        self.form.leave_out([*(name for name in (*out, *prior) if not self.seen.get(name)), *money])

    def _judge_term(self) -> None:
        """An end before the beginning is said where it stands, not on submitting alone."""
        term = {name: self.form.read(name) for name in TERM}
        if wrong := self.spec.contradicted(term, None).get(TERM[-1]):
            self.form.box(TERM[-1]).set_problem(wrong)
        elif all(term.values()):
            self.form.box(TERM[-1]).clear_problem()

    def _currency(self) -> str:
        return self.form.read("currency") or currencies.HOME

    def _take_currency(self) -> None:
        """An amount typed with another currency ($860, 120万美元) is put where it belongs."""
        try:
            said = amounts.parse_foreign(self.form.editor("amount").value())
        except ValueError:
            return
        if said is not None:
            self.form.fill({"amount": None, "currency": currencies.named(said[0]), "foreign_amount": said[1]})
            self.form.box("amount").clear_problem()
            self.form.focus("rate")

    def _say_yuan(self) -> None:
        """What an amount in another currency comes to, or that it counts without one."""
        values = self._parsed()
        if values.get("foreign_amount") is None:
            return
        yuan = in_yuan(values).get("amount")
        is_chinese, code = language() == "zh_CN", self._currency()
        own = amounts.own_in_words(values["foreign_amount"], code)
        words = _("合 {money}").format(money=amounts.in_words(yuan))
        if is_chinese:
            own = amounts.capitals(values["foreign_amount"]).replace("元", currencies.CURRENCIES[code][0])
        rest = words if yuan is not None else _("没有汇率，只计项数")
        self.form.box("foreign_amount").set_hint(_("{own}；{rest}").format(own=own, rest=rest))

    # --- parties ---

    def _ask_parties(self) -> None:
        """Under each side where its parties stand and whom to talk to; who is new can be entered at once."""
        values = self._parsed()
        names = {side: split_parties(values.get(side) or "") for side in self.several}
        every = [name for side in names.values() for name in side]
        self._bodies = deals_parties.about(self.context.db, expo_of(self.context), every) if every else {}
        for side, own in names.items():
            said = list(filter(None, map(self._about, own)))
            short = _("{n} 家，其中 {m} 家参展").format(n=len(own), m=len(said)) if len(own) > SAID else ""
            self.form.box(side).set_hint(short or _("；").join(said) or _(DEALS.field(side).hint))
        unknown = [name for name in every if self._bodies.get(name) is None]
        if unknown != self._unknown:  # a button that is being tabbed to stays
            self._unknown = unknown
            clear(self._new)
            if unknown:
                self._offer_new()
        self._show_checks()

    def _on_party_left(self, side: str) -> None:
        self._ask_parties()
        if not QApplication.mouseButtons():  # a press goes where it was meant for
            QTimer.singleShot(0, self, lambda: self._ask_of_new(side))

    def _ask_of_new(self, side: str = "", then: Callable[[], object] = lambda: None) -> bool:
        """Ask whether a party nobody knows is to be made, `then` when it was: of a side once for each name, before
        anything is written of every one.
        """
        if not self.is_open or (self._asking is not None and self._asking.is_open):
            return False
        for name in self._unknown:
            where = next((s for s in self.several if name in split_parties(self.form.read(s) or "")), "")
            if where and (not side or (side == where and name not in self._asked_of)):
                self._enter_new(name, where, then)
                return True
        return False

    def _about(self, name: str) -> str:
        known = self._bodies.get(name)
        if known is None:
            return ""
        contact = _("联系人 {who}").format(who=known.contact) if known.contact else ""
        return " · ".join(filter(None, (known.booths, contact)))

    def _offer_new(self) -> None:
        card = Card(_("还没有的单位"))
        card.body.addWidget(Label(_("提交前逐家问；也可以现在选已有的，或填信用代码和地区。"), "caption", wrap=True))
        for name in self._unknown:
            line = row(spacing=theme.Space.S)
            line.addWidget(ElidedLabel(name), 1)
            enter = Button(_("填写单位"), "text", clicked=partial(self._enter_new, name))
            enter.setAccessibleName(_("填写单位“{name}”").format(name=name))
            line.addWidget(enter)
            card.body.addLayout(line)
        self._new.addWidget(card)

    def _enter_new(self, name: str, side: str = "", then: Callable[[], object] = lambda: None) -> None:
        """Make it now with its code, take one that is known, or go on typing at the `side`."""
        self._asked_of.add(name)

        def answered(meant: str | None) -> None:
            if meant:
                self._rename(name, meant)
                self._ask_parties()
                self._ask_of_new(side, then) or then()
            elif side:
                self.form.focus(side)

        box = self._asking = NewParty(self, self.context, name)
        box.closed.connect(answered)
        box.open()

    def _rename(self, name: str, meant: str) -> None:
        for side in self.several:
            own = split_parties(self.form.read(side) or "")
            if name != meant and name in own:
                self.form.fill({side: "、".join(meant if one == name else one for one in own)})

    # --- drafts, reasons ---

    def put_draft(self) -> None:
        self._ask_parties()
        if self.save_draft is None or not self._ask_of_new(then=self.put_draft):
            super().put_draft()

    @property
    def _is_draft(self) -> bool:
        return self.record_id is None or self.seen.get("entry") is Entry.DRAFT

    @property
    def _is_fixed(self) -> bool:
        return self.seen.get("entry") is Entry.VALID and self.seen.get("stage") in deals.FIXED

    def _make_footer(self) -> None:
        self._first = Label(_("先处理“可能重复”"), "caption", "warn")
        self.add_action(self._first)
        super()._make_footer()
        self._show_checks()

    def on_submit_keys(self, button: QAbstractButton) -> None:
        self._ask_parties()  # the focus may be in a side still
        super().on_submit_keys(button) if button.isEnabled() else self._show_doubt()

    def _show_doubt(self) -> None:
        """Bring what must be confirmed first into view."""
        self._area.ensureWidgetVisible(self.confirmed)
        self.confirmed.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def submit_words(self) -> str:
        return _("提交") if self._is_draft else _("保存")

    def _whole(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values with what another currency leaves behind taken away."""
        if self._currency() != currencies.HOME:
            return {name: value for name, value in values.items() if name != "amount"}
        return {**values, **{name: None for name in FOREIGN if self.seen.get(name) is not None}}

    def store(self, values: dict[str, Any]) -> uuid.UUID:
        context = self.context
        return deals.register(
            context.db, expo_of(context), self._whole(values), self.record_id,
            not_duplicate=bool(self._found) and self.confirmed.isChecked(),
            reason=self.why.text(), seen=self.seen,
        )  # fmt: skip

    def _put_draft(self, values: dict[str, Any]) -> uuid.UUID:
        given = self._whole(values if self.record_id is None else self.form.changes())
        return deals.register(self.context.db, expo_of(self.context), given, self.record_id, draft=True, seen=self.seen)

    def judge(self, values: Mapping[str, Any]) -> Mapping[str, str]:
        """What no deal is, and what this one lacks to count: all of it said at once."""
        whole = self._whole({name: value for name, value in values.items() if self.form.is_shown(name)})
        after = {**self.seen, **whole}
        after |= {"entry": Entry.VALID, **in_yuan(after)}
        return {**DEALS.incomplete(after, self.seen or None), **super().judge(after)}

    def submit(self) -> None:
        if self._ask_of_new(then=self.submit):
            return
        signed = of_what_was_signed(self.seen, self.form.changes())
        if self._is_fixed and signed and not self.why.text().strip():
            self.reason.set_problem(_("已签约的项目改动要写明原因。"))
        else:
            self.reason.clear_problem()
        if self.record_id is not None and self._is_draft and not self.form.is_dirty and self.form.check_all():
            self._store({})
        else:
            super().submit()

    def _refuse(self, problems: Mapping[str, str]) -> None:
        if "reason" in problems:
            self.reason.show()
            self.reason.set_problem(problems["reason"])
            self.why.setFocus()
        super()._refuse({name: text for name, text in problems.items() if name != "reason"})

    def _parsed(self) -> dict[str, Any]:
        """What the fields that apply hold, as far as it can be read."""
        return {field.name: self.form.read(field.name) for field in self.form.fields if self.form.is_shown(field.name)}

    # --- what it may repeat ---

    def _read_others(self) -> None:
        """The expo's deals, read in a worker: typing is compared with what lies in memory."""
        db, expo_id = self.context.db, expo_of(self.context)

        def came(index: Index) -> None:
            self._index = index
            self._look()

        run_job(self, "", lambda _progress: deals.index(db, expo_id), came, self._not_read, card=False)

    def _not_read(self, error: Exception) -> None:
        if isinstance(error, UserError) and self.is_open:
            self._say(error)

    def _on_changed(self, tables: frozenset[str]) -> None:
        if self.is_open and tables & SHOWN_TABLES:
            self._read_others()

    def _look(self) -> None:
        values = self._parsed()
        self._found = []
        if values.get("title") and self._index is not None:
            mine = deals.as_facts(self.record_id, {**values, **in_yuan(values)}, self._index.body)
            self._found = self._index.suspects(mine)
        if tuple(self._found) != self._shown:
            if not {one.other.id for one in self._found} <= {one.other.id for one in self._shown}:
                self.confirmed.setChecked(False)  # it was said of other deals
            self._shown = tuple(self._found)
            is_one = len(self._found) < 2
            self.confirmed.set_text(_("已向双方核实，不是重复") if is_one else _("已向双方核实，都不是重复"))
            self.confirmed.setParent(self)
            self.confirmed.hide()
            clear(self._doubt)
            for suspicion in self._found:
                confirm = self.confirmed if suspicion is self._found[-1] else None
                self._doubt.addWidget(comparison(suspicion, confirm, partial(self._go_there, suspicion)))
        self._show_checks()

    def _go_there(self, suspicion: Suspicion) -> None:
        """What was typed stays as a draft."""
        self.cancel()
        self.context.navigate(ListRoute(DEALS, record=suspicion.other.id))

    def _show_checks(self) -> None:
        is_settled, bodies = self.confirmed.isChecked(), list(self._bodies.values())
        has_tech = self.form.is_shown("tech_amount")
        found = checks(self._parsed(), len(self._found), is_settled, has_tech, self._wrong_day())
        here = [body.is_here for body in bodies if isinstance(body, About) and body.is_here is not None]
        if here:
            found.insert(1, (all(here), _("参展的各方均已到场") if all(here) else _("有参展方还没有到场")))
        day, expo = self.form.read("signed_on"), self.context.expo
        if expo and day and day < expo.starts_on - LONG_BEFORE and not self.form.read("is_prior"):
            found.append((False, _("签订日期远早于开展：此前已签的要勾选")))
        if self.record_id is None:
            found.append((None, _("合同扫描件可稍后补")))
        self._show(found)
        if hasattr(self, "submit_button"):
            is_clear = not self._found or is_settled
            self.submit_button.setEnabled(is_clear)
            self._first.setHidden(is_clear)

    def _wrong_day(self) -> str:
        """What is wrong with the day of signing that stands there, as its field says."""
        said = self.form.editor("signed_on").value()
        try:
            day = self.spec.field("signed_on").parse(said)
        except ValueError as problem:
            return str(problem)
        return super().judge({"signed_on": day}).get("signed_on", "") if day else ""

    def _show(self, found: Sequence[Check]) -> None:
        if found == getattr(self, "_said", None):
            return
        self._said = list(found)
        clear(self._checks)
        for fine, words in found:
            line = row(spacing=theme.Space.S)
            icon, token = {
                True: ("checkbox-circle-fill", "ok"), False: ("error-warning-fill", "warn"),
                None: ("subtract-line", "text.3"),
            }[fine]  # fmt: skip
            line.addWidget(IconView(icon, token))
            line.addWidget(Label(words, "secondary", wrap=True), 1)
            self._checks.addLayout(line)


__all__ = ["DealDialog", "form_fields"]
