"""The signing form of a deal, and a deal beside the one it may repeat."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import DealKind, DealStage, Entry
from expo_app.rules import amounts, tech_contracts
from expo_app.rules.deals_duplicates import Suspicion
from expo_app.rules.deals_numbering import short_deal_no
from expo_app.services import deals
from expo_app.specs import DEALS
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, Tick
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.labels import IconView, Label, breakable
from expo_app.ui.kit.panels import Card, clear, column, row
from expo_app.ui.records import editors
from expo_app.ui.records.record_dialog import RecordDialog

COMPARED = 72  # px, the column of words in the comparison
REGISTRY = (
    "tech_amount", "contract_kind", "contract_subkind", "tech_field", "ip_kind", "plan_source", "social_goal",
    "registry_office", "registered_on", "registry_no", "certificate_state",
)  # fmt: skip
TWO_SIDES = ("sellers", "buyers")
NOT_FOR: Mapping[DealKind, tuple[str, ...]] = {
    DealKind.FRAMEWORK: (*TWO_SIDES, *REGISTRY, "payment_way", "is_related_party"),
    DealKind.TECH_CONTRACT: ("others",),
    DealKind.OTHER: REGISTRY,
}
"""Fields that do not apply to a kind; the kinds not named have two sides and are not registered."""


class DealDialog(RecordDialog):
    """The signing form: only what applies to the kind; duplicates are looked for while typing and block submitting
    until confirmed.
    """

    wide = theme.Width.DIALOG_WIDE
    several = MappingProxyType(dict.fromkeys(("sellers", "buyers", "others"), "organisations"))

    def side(self) -> QWidget | None:
        self.save_draft = self._put_draft if self._is_draft else None
        box = QWidget()
        box.setFixedWidth(theme.Width.PANEL_NARROW)
        lines = column(box, theme.Space.M)
        self._found: list[Suspicion] = []
        self._doubt = column(spacing=theme.Space.S)
        lines.addLayout(self._doubt)
        self.confirmed = Tick(_("已向双方核实，不是重复"))
        self.confirmed.toggled.connect(self._show_checks)
        self.why = LineEditor()
        self.reason = FormField(_("改动原因"), self.why, _("已签约的项目改动要写明原因，旧值留在日志里"))
        self.reason.setVisible(self._is_fixed)
        lines.addWidget(self.reason)
        card = Card(_("提交前检查"))
        self._checks = column(spacing=theme.Space.XS)
        card.body.addLayout(self._checks)
        lines.addWidget(card)
        lines.addStretch(1)
        self._wait = QTimer(self, singleShot=True, interval=250)
        self._wait.timeout.connect(self._look)
        self.form.edited.connect(self._on_edited)
        self._show_fields()
        self._offer_classes()
        self._look()
        return box

    def _on_edited(self, name: str) -> None:
        if name == "kind":
            self._show_fields()
        elif name == "stage":
            self._offer_day()
        elif name in ("signed_on", "contract_kind"):
            self._offer_classes(afresh=name == "contract_kind")
        self._wait.start()

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
        subkinds = tech_contracts.subkinds_on(day, kind)
        if afresh and values.get("contract_subkind") not in (None, *subkinds):
            self.form.fill({"contract_subkind": None})
        self.form.editor("contract_kind").offer([_(word) for word in tech_contracts.kinds_on(day)])
        self.form.editor("contract_subkind").offer([_(word) for word in subkinds])

    def _show_fields(self) -> None:
        """What does not apply to the kind is left out, unless this deal has it."""
        kind = DealKind[self.form.editor("kind").value()]
        out = NOT_FOR.get(kind, ("others", *REGISTRY))
        self.form.leave_out([name for name in out if not self.seen.get(name)])

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
        super().on_submit_keys(button) if button.isEnabled() else self._show_doubt()

    def _show_doubt(self) -> None:
        """Bring what must be confirmed first into view."""
        self._area.ensureWidgetVisible(self.confirmed)
        self.confirmed.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def submit_words(self) -> str:
        return _("提交") if self._is_draft else _("保存")

    def store(self, values: dict[str, Any]) -> uuid.UUID:
        context = self.context
        return deals.register(
            context.db, expo_of(context), values, self.record_id,
            not_duplicate=bool(self._found) and self.confirmed.isChecked(),
            reason=self.why.text(), seen=self.seen,
        )  # fmt: skip

    def _put_draft(self, values: dict[str, Any]) -> uuid.UUID:
        given = values if self.record_id is None else self.form.changes()
        return deals.register(self.context.db, expo_of(self.context), given, self.record_id, draft=True, seen=self.seen)

    def judge(self, values: Mapping[str, Any]) -> Mapping[str, str]:
        """What no deal is, and what this one lacks to count: all of it said at once."""
        after = {**self.seen, **values, "entry": Entry.VALID}
        return {**DEALS.incomplete(after, self.seen or None), **super().judge(values)}

    def submit(self) -> None:
        lacks_reason = self._is_fixed and not self.why.text().strip() and deals.WATCHED & self.form.changes().keys()
        if lacks_reason:
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

    def _look(self) -> None:
        values = self._parsed()
        self._found = []
        if values.get("title"):
            self._found = deals.suspects(self.context.db, expo_of(self.context), values, self.record_id)
        clear(self._doubt)
        if self._found:
            self._doubt.addWidget(comparison(self._found[0], self.confirmed))
        self._show_checks()

    def _show_checks(self) -> None:
        clear(self._checks)
        is_settled = self.confirmed.isChecked()
        for fine, words in checks(self._parsed(), len(self._found), is_settled, self.form.is_shown("tech_amount")):
            line = row(spacing=theme.Space.S)
            icon, token = ("checkbox-circle-fill", "ok") if fine else ("error-warning-fill", "warn")
            line.addWidget(IconView(icon, token))
            line.addWidget(Label(words, "secondary"), 1)
            self._checks.addLayout(line)
        if hasattr(self, "submit_button"):
            is_clear = not self._found or is_settled
            self.submit_button.setEnabled(is_clear)
            self._first.setHidden(is_clear)


def ask_signing(
    parent: QWidget,
    values: Mapping[str, Any],
    stage: DealStage,
    today: date | None,
    sign: Callable[[date | None], object],
    then: Callable[[], object],
) -> Dialog:
    """Ask on which day a deal was signed and let that be confirmed; `sign(day)`, and `then()` once it is kept.

    The day is the one kept with the deal, else `today`.
    """
    box = Dialog(parent, _("推进到{stage}").format(stage=stage.label), theme.Width.DIALOG)
    parties = "、".join(filter(None, (values[side] for side in ("sellers", "buyers", "others"))))
    amount = values["amount"]
    money = _("{n} 万元").format(n=amounts.format_wan(amount)) if amount is not None else _("无金额")
    box.body.addWidget(Label(values["title"], "strong", wrap=True))
    box.body.addWidget(Label(" · ".join(filter(None, (parties, money))), "secondary", wrap=True))
    text = _("确认各方已经签约。此后计入签约合计，改动要写明原因。")
    box.body.addWidget(Label(text, "secondary", wrap=True))
    field = DEALS.field("signed_on")
    editor = editors.make(field)
    editor.set_value(values["signed_on"] or today)
    asked = FormField(field.title, editor, required=True)
    box.body.addWidget(asked)

    def answer() -> None:
        try:
            sign(field.parse(editor.value()))
        except ValueError as problem:
            asked.set_problem(str(problem))
            editor.setFocus()
        except UserError as refused:
            asked.set_problem(refused.message)
            editor.setFocus()
        else:
            box.close_with(True)
            then()

    editor.returnPressed.connect(answer)
    box.add_action(Button(_("取消"), clicked=box.cancel))
    box.add_action(Button(_("确认签约"), "primary", clicked=answer))
    box.open()
    return box


def checks(values: Mapping[str, Any], suspects: int, is_settled: bool, has_tech: bool) -> list[tuple[bool, str]]:
    """What is looked at before a deal is handed in: whether it is as it should be, and how it stands in words.

    `suspects`: how many deals this one may repeat; `is_settled`: it was asked whether it does.
    """
    sides = (values.get("sellers"), values.get("buyers"))
    parties = bool(values.get("others") or all(sides))
    found = [(parties, _("签约各方已填") if parties else _("签约各方未填全") if any(sides) else _("签约各方未填"))]
    amount, tech = values.get("amount"), values.get("tech_amount")
    if has_tech and tech is None:
        found.append((True, _("没有填技术交易额，不用核对")))
    elif has_tech and amount is None:
        found.append((False, _("技术交易额已填，成交额未填")))
    elif has_tech and tech is not None and amount is not None:
        fits = tech <= amount
        found.append((fits, _("技术交易额不超过成交额") if fits else _("技术交易额超过成交额")))
    if values.get("signed_on"):
        found.append((True, _("签订日期已填")))
    elif values.get("stage") is DealStage.INTENT:
        found.append((True, _("意向不用填签订日期")))
    else:
        found.append((False, _("签订日期未填")))
    if suspects and not is_settled:
        found.append((False, _("有 {n} 处重复待确认").format(n=suspects)))
    else:
        found.append((True, _("重复已核实") if suspects else _("没有待确认的重复")))
    return found


def comparison(suspicion: Suspicion, confirm: QWidget | None = None) -> Card:
    """This deal beside the one it may repeat, field by field; what both say alike stands once, across both."""
    other = suspicion.other
    card = Card(_("可能与 {no} 重复").format(no=short_deal_no(other.deal_no)), f"{suspicion.percent}%")
    card.ground, card.edge = "warn.soft", "warn"
    card.body.addWidget(Label(suspicion.text, "caption", "warn", wrap=True))
    for label, mine, theirs, same in (
        ("", _("本次"), short_deal_no(other.deal_no), None),
        *((f.label, f.mine, f.theirs, f.is_same) for f in suspicion.fields),
    ):
        line = row(spacing=theme.Space.S)
        caption = Label(label, "caption", wrap=True)
        caption.setFixedWidth(COMPARED)
        line.addWidget(caption, 0, Qt.AlignmentFlag.AlignTop)
        for text in (mine,) if same and mine == theirs else (mine, theirs):
            words = Label(breakable(text), "caption.bold" if same is None else "caption", wrap=True)
            line.addWidget(words, 1, Qt.AlignmentFlag.AlignTop)
        icon = {True: "check-line", False: "close-line", None: "subtract-line"}[same]
        line.addWidget(IconView(icon, "warn" if same else "text.3"), 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(line)
    if confirm is not None:
        card.body.addWidget(confirm)
    return card


def expo_of(context: Context) -> uuid.UUID:
    """The expo deals are entered in; UserError where there is none."""
    if context.expo_id is None:
        raise UserError(_("还没有展会，没有可登记的地方。先在“数据与设置”新建。"), "E-NO-EXPO")
    return context.expo_id
