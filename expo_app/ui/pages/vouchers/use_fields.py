"""The fields of 用券登记: who buys what by which contract; kept as typed, read as far as it can be."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _, language
from expo_app.rules import amounts
from expo_app.services import records, voucher_resources
from expo_app.services.voucher_resources import Resource
from expo_app.specs import Field, FieldType
from expo_app.specs.records import by_name
from expo_app.specs.voucher_shown import Look, UseDraft
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.picker import Options, PickerLine, from_words
from expo_app.ui.records import editors

LAYOUT: tuple[Mapping[str, int], ...] = (
    {"organisation": 6, "resource": 6},
    {"contract_no": 3, "contract_on": 3, "kind": 2, "title": 4},
    {"contract_amount": 4, "invoice_amount": 4, "other_support": 4},
    {"report_no": 4, "report_on": 3, "deal": 5},
)
"""Lines of the form with the twelfths each field takes."""
CHOSEN = {"organisation": N_("用券企业"), "resource": N_("资源"), "deal": N_("成交项目")}
FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("contract_no", N_("合同编号"), max_length=60),
        Field("contract_on", N_("签订日期"), type=FieldType.DATE),
        Field("kind", N_("服务类别"), max_length=60),
        Field("title", N_("服务内容"), max_length=200),
        Field("contract_amount", N_("合同金额"), type=FieldType.YUAN),
        Field("invoice_amount", N_("发票金额"), type=FieldType.YUAN),
        Field("other_support", N_("其他财政资助"), type=FieldType.YUAN),
        Field("report_no", N_("报告编号"), max_length=60),
        Field("report_on", N_("报告日期"), type=FieldType.DATE),
    )
}
OF = {"organisation": "organisations", "deal": "deals"}
"""Kinds of the records chosen by name."""
HINTED = ("organisation", "resource", "contract_amount", "invoice_amount", "other_support")
"""Fields below which something is said once it is known."""
NEEDED = ("organisation", "resource", "contract_on", "contract_amount")


class KeyLine(PickerLine):
    """A line that holds the record chosen in it (`key`); words that name none hold none."""

    def __init__(self, options: Options, parent: QWidget | None = None) -> None:
        super().__init__(options, parent=parent)
        self.key: uuid.UUID | None = None
        self.edited.connect(self._forget)
        self.picked.connect(self._take)
        self.left.connect(self._resolve)

    def hold(self, key: uuid.UUID | None, words: str) -> None:
        """Show a record that was chosen elsewhere."""
        self.set_value(words)
        self.key = key

    def _forget(self) -> None:
        self.key = None

    def _take(self, key: uuid.UUID | None, _name: str) -> None:
        self.key = key
        self.edited.disconnect(self._forget)
        self.edited.emit()
        self.edited.connect(self._forget)

    def _resolve(self) -> None:
        """A name typed in full is that record."""
        text = self.text().strip()
        if self.key is None and text:
            found = [(key, name) for key, name in self._options(text) if name == text]
            if len(found) == 1 and found[0][0] is not None:
                self._take(*found[0])


class UseFields(QWidget):
    """All of them. `edited(field)` after every key; `draft(base)` is what they hold."""

    edited = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._resources: dict[uuid.UUID, Resource] = {}
        self.boxes: dict[str, FormField] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.Space.M)
        grid.setVerticalSpacing(theme.Space.S)
        for unit in range(12):
            grid.setColumnStretch(unit, 1)
        for line, fields in enumerate(LAYOUT):
            place = 0
            for name, wide in fields.items():
                grid.addWidget(self._make(name), line, place, 1, wide)
                place += wide
        self._words: dict[str, tuple[str, ...]] = {"kind": ()}

    def _make(self, name: str) -> FormField:
        field = FIELDS.get(name)
        if name in CHOSEN:
            options: dict[str, Options] = {
                "organisation": partial(self.context.options, OF["organisation"]),
                "resource": self._offer,
                "deal": partial(self.context.options, OF["deal"]),
            }
            editor: Any = KeyLine(options[name])
        elif name == "kind":
            editor = PickerLine(from_words(lambda: self._words["kind"]))
        else:
            editor = editors.make(FIELDS[name])
        title, unit = _(field.title if field else CHOSEN[name]), _("元") if field and _is_money(field) else ""
        box = FormField(title, editor, required=name in NEEDED, unit=unit)
        box.setMinimumWidth(1)
        if name in HINTED:
            box.keep_room()
        if name == "resource":
            editor.picked.connect(lambda key, _words: self.hold_resource(self._resources.get(key)))
        editor.edited.connect(lambda: self.edited.emit(name))
        editor.left.connect(lambda: self._judge(name))
        self.boxes[name] = box
        return box

    def _offer(self, text: str) -> list[tuple[uuid.UUID | None, str]]:
        found = voucher_resources.find(self.context.db, text)
        self._resources.update({one.id: one for one in found})
        return [(one.id, one.words) for one in found]

    def editor(self, name: str) -> Any:
        """The editor of a field."""
        return self.boxes[name].editor

    # --- what they hold ---

    @property
    def resource(self) -> Resource | None:
        """The one chosen."""
        return self._resources.get(self.editor("resource").key)

    def hold_resource(self, one: Resource | None) -> None:
        """Show a resource chosen elsewhere."""
        if one is not None:
            self._resources[one.id] = one
            self.editor("resource").hold(one.id, one.title or one.provider)

    def hold_named(self, name: str, key: uuid.UUID | None) -> None:
        """Show a company or deal chosen elsewhere."""
        if key is not None:
            self.editor(name).hold(key, name_of(self.context, OF[name], key))

    def read(self, name: str) -> Any:
        """What a field holds; None where it is empty or cannot be read."""
        try:
            return FIELDS[name].parse(self.editor(name).value())
        except ValueError:
            return None

    def draft(self, base: UseDraft) -> UseDraft:
        """`base` with what the fields hold."""
        one = self.resource
        values = {name: self.read(name) for name in FIELDS}
        texts = {name: values[name] or "" for name in ("contract_no", "kind", "title", "report_no")}
        return replace(
            base, organisation_id=self.editor("organisation").key, deal_id=self.editor("deal").key,
            provider_id=one.provider_id if one else None,
            instrument_id=one.id if one and one.kind == "instrument" else None,
            service_item_id=one.id if one and one.kind == "service_item" else None,
            **{**values, **texts},
        )  # fmt: skip

    def hold(self, look: Look) -> None:
        """Show what was saved."""
        draft = look.draft
        if look.company is not None:
            self.editor("organisation").hold(look.company.id, look.company.name)
        kinds = (("instrument", draft.instrument_id), ("service_item", draft.service_item_id),
                 ("provider", draft.provider_id))  # fmt: skip
        found = next(((kind, key) for kind, key in kinds if key is not None), None)
        if found is not None:
            self.hold_resource(voucher_resources.read(self.context.db, *found))
        self.hold_named("deal", draft.deal_id)
        for name in FIELDS:
            self.editor(name).set_value(getattr(draft, name))

    # --- as typed, for what is kept on this computer ---

    def typed(self) -> dict[str, Any]:
        """What stands in the fields, and which records it means."""
        held: dict[str, Any] = {name: self.editor(name).value() for name in (*CHOSEN, *FIELDS)}
        keys = {name: str(self.editor(name).key) for name in CHOSEN if self.editor(name).key is not None}
        one = self.resource
        return {**held, "keys": keys, "resource_kind": one.kind if one is not None else ""}

    def take(self, values: Mapping[str, Any]) -> None:
        """Show what was typed before."""
        for name in (*CHOSEN, *FIELDS):
            self.editor(name).set_value(values.get(name, ""))
        keys = values.get("keys", {})
        for name in ("organisation", "deal"):
            if name in keys:
                self.editor(name).hold(uuid.UUID(keys[name]), values.get(name, ""))
        if "resource" in keys and values.get("resource_kind"):
            key = uuid.UUID(keys["resource"])
            self.hold_resource(voucher_resources.read(self.context.db, values["resource_kind"], key))

    # --- what is said below them ---

    def offer_kinds(self, kinds: tuple[str, ...] | None) -> None:
        """The kinds a policy pays for."""
        self._words["kind"] = kinds or ()

    def say(self, name: str, words: str) -> None:
        """The hint below a field."""
        self.boxes[name].set_hint(words)

    def say_amount(self, amount: Decimal | None) -> None:
        """The contract's amount in words, as a bank writes it."""
        words = "" if amount is None else amounts.capitals(amount) if language() == "zh_CN" else amounts.spelled(amount)
        self.say("contract_amount", words)

    def _judge(self, name: str) -> None:
        """What cannot be read is said once the focus has left."""
        field, box = FIELDS.get(name), self.boxes[name]
        box.clear_problem()
        if field is None:
            line = self.editor(name)
            if line.text().strip() and line.key is None:
                box.set_problem(_("没有叫这个名字的，从列表里选一个。"))
            return
        try:
            field.parse(self.editor(name).value())
        except ValueError as problem:
            box.set_problem(str(problem))

    @property
    def first_empty(self) -> str:
        """What the first field that is needed and empty is called; "" where none is."""
        empty = next((name for name in NEEDED if not str(self.editor(name).value() or "").strip()), "")
        return _(CHOSEN.get(empty) or FIELDS[empty].label) if empty else ""

    @property
    def has_problem(self) -> bool:
        """Whether something is said to be wrong beside a field."""
        return any(box.problem for box in self.boxes.values())

    def problems(self) -> bool:
        """Say what cannot be read or is missing; the first of it gets the focus. Whether there is any."""
        first = ""
        for name in (*CHOSEN, *FIELDS):
            self._judge(name)
            if name in NEEDED and not str(self.editor(name).value() or "").strip():
                self.boxes[name].set_problem(_("不能为空。"))
            if self.boxes[name].problem and not first:
                first = name
        if first:
            self.editor(first).setFocus()
        return bool(first)


def _is_money(field: Field) -> bool:
    return field.type is FieldType.YUAN


def name_of(context: Context, kind: str, key: uuid.UUID | None) -> str:
    """What a record is called; "" for none, or one that is gone."""
    if key is None:
        return ""
    spec = by_name(kind)
    try:
        return str(records.get(context.db, spec, key)[spec.natural] or "")
    except UserError:
        return ""
