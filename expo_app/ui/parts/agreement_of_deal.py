"""At a framework agreement of the deals register: the agreement between alliances' bodies that it is."""

from __future__ import annotations

import uuid
from functools import partial

from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.routes import ListRoute
from expo_app.services import alliance_acts
from expo_app.specs import AGREEMENTS
from expo_app.ui.context import Context
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.placeholders import Banner


def agreement_notice(context: Context, deal_id: uuid.UUID) -> list[QWidget]:
    """A line that leads there; nothing where the deal is none."""
    found = alliance_acts.agreement_of(context.db, deal_id)
    if found is None:
        return []
    go = partial(context.navigate, ListRoute(AGREEMENTS, record=found))
    text = _("也登记为合作协议，签约方、日期和金额以这里为准。")
    return [Banner("info", text, [Button(_("打开协议"), "link", clicked=go)], "article-line", small=True)]
