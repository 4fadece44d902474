"""请求洽谈: any two organisations, with a suggestion or without; a limit in the way may be lifted with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.services import meeting_requests
from expo_app.services.meeting_requests import OverLimitError
from expo_app.specs import MEETINGS
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.records.form import Form

FIELDS = ("a_id", "a_person", "b_id", "b_person", "subject")
SPANS = {"a_id": 8, "a_person": 4, "b_id": 8, "b_person": 4, "subject": 12}
"""Twelfths of a line."""
Do = Callable[[str, Callable[[], object], str], None]
"""(what is said, the act, its permission): does it so that it can be taken back; what it refuses is for who asked."""


class RequestDialog(Dialog):
    """Who asks whom about what. `do` is the page's; `asked(id)` follows."""

    def __init__(
        self,
        owner: QWidget,
        context: Context,
        do: Do,
        values: Mapping[str, Any],
        asked: Callable[[uuid.UUID], object] = lambda _key: None,
    ) -> None:
        super().__init__(owner, _("请求洽谈"), theme.Width.DIALOG)
        self.context, self._do, self._asked, self._host = context, do, asked, owner
        text = _("双方都接受后才排时间、才对外。只能请求登记过“可被推荐”的单位；程序不发任何消息，由人去问。")
        self.body.addWidget(Label(text, "secondary", wrap=True))
        fields = [replace(MEETINGS.field(name), group="") for name in FIELDS]
        zone = context.expo.zone if context.expo else None
        self.form = Form(MEETINGS, zone=zone, look_up=context.options, fields=fields, terms=context.terms, spans=SPANS)
        self.form.set_values(dict(values))
        self.body.addWidget(self.form)
        self.limit = Banner("warn", "", small=True)
        self.limit.hide()
        self.reason = LineEditor()
        self.reason.setMaxLength(200)
        self._why = FormField(_("破例原因"), self.reason, required=True)
        self._why.hide()
        self.body.addWidget(self.limit)
        self.body.addWidget(self._why)
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.submit_button = Button(_("请求洽谈"), "primary", "check-line", clicked=self.submit)
        self.add_action(self.submit_button, safe=True)
        self.show_submit_keys()

    def first_focus(self) -> QWidget | None:
        """The first side that is not filled in."""
        empty = next((name for name in FIELDS if not self.form.values().get(name)), "subject")
        return self.form.editor(empty)

    def submit(self) -> None:
        """Ask; a limit in the way shows the line for a reason."""
        if not self.form.check_all() or self.context.expo_id is None:
            return
        context, expo_id, found = self.context, self.context.expo_id, []
        values = self.form.values()

        def act() -> None:
            found.append(meeting_requests.ask_named(context.db, expo_id, values, self.reason.text().strip()))

        try:
            self._do(_("已请求洽谈"), act, meeting_requests.EDIT)
        except InvalidRecord as refused:
            self.form.show_problems(refused.problems)
        except OverLimitError as limit:
            self._offer_exception(limit)
        except UserError as error:
            messages.show(self, error)
        else:
            self.close_with(True)
            if found[0].is_mutual:
                messages.show(self._host, _("对方早已请求过，双方互选，直接算已同意。"), "ok")
            self._asked(found[0].id)

    def _offer_exception(self, limit: UserError) -> None:
        self.limit.set_text(limit.message)
        self.limit.show()
        self._why.show()
        self.reason.setFocus()
