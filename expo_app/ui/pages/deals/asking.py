"""Questions about a deal: on which day it was signed; which expo it is entered in."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import DealStage
from expo_app.rules import amounts
from expo_app.specs import DEALS
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.labels import Label
from expo_app.ui.records import editors


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
    money = amounts.in_words(amount)
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


def expo_of(context: Context) -> uuid.UUID:
    """The expo deals are entered in; UserError where there is none."""
    if context.expo_id is None:
        raise UserError(_("还没有展会，没有可登记的地方。先在“数据与设置”新建。"), "E-NO-EXPO")
    return context.expo_id
