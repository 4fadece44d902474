"""Questions of the steps with the registry office: when, under which number, in which words."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.services import contracts
from expo_app.specs import CONTRACTS, Field
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.records.ask_values import ask

if TYPE_CHECKING:
    from expo_app.ui.pages.contracts import ContractsPage


def ask_submitted(parent: QWidget, count: int, today: date, then: Callable[[date], object]) -> Dialog:
    """On which day so many contracts were handed in."""
    field = CONTRACTS.field("submitted_on")
    text = _("{n} 份合同交到登记机构的日期。决定期限从这一天算起。").format(n=count)
    return ask(
        parent, _("标记已提交"), text, [(field, today, True)], _("标记已提交"), lambda v: then(v["submitted_on"])
    )


def ask_returned(page: ContractsPage, key: uuid.UUID, today: date) -> Dialog:
    """When and why the office sent a contract back."""
    day = Field("returned_on", _("退回日期"), 12, type=CONTRACTS.field("submitted_on").type)
    fields = [
        (day, today, True),
        *((CONTRACTS.field(n), None, n == "office_words") for n in ("office_words", "correct_by")),
    ]

    def send(values: Mapping[str, Any]) -> None:
        act = partial(
            contracts.send_back, page.context.db, key, values["returned_on"], values["office_words"] or "",
            values["correct_by"],
        )  # fmt: skip
        page.do(_("已记为退回"), act)

    text = _("照抄登记机构的意见；它指定了补正日期就填，没有就空着。")
    return ask(page, _("退回记录"), text, fields, _("记为退回"), send)


def ask_registered(page: ContractsPage, key: uuid.UUID, today: date) -> Dialog:
    """Number and day of the registration."""
    fields = [(CONTRACTS.field("registered_on"), today, True), (CONTRACTS.field("registry_no"), None, True)]

    def enter(values: Mapping[str, Any]) -> None:
        act = partial(contracts.enter, page.context.db, key, values["registered_on"], values["registry_no"] or "")
        page.do(_("已登记"), act)

    text = _("登记编号在证明上，16 位数字（早年 14 位）。成交台账里的阶段会同时改为认定登记。")
    return ask(page, _("登记合同"), text, fields, _("登记"), enter)
