"""The forms of registration: one record, and another person in somebody's place."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.routes import ListRoute
from expo_app.services import attendees, badges
from expo_app.services.known_people import AlreadyKnown, Newcomer
from expo_app.specs import ATTENDEES, PEOPLE
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button, Tick
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.item_row import REASON_LENGTH
from expo_app.ui.kit.labels import Label
from expo_app.ui.parts.known_person import ALSO, TELLING, KnownNotice, asking, finder, newcomer
from expo_app.ui.records.form import Form
from expo_app.ui.records.record_dialog import RecordDialog

WHO = ("name", "title", "phone", "email")


class AttendeeDialog(RecordDialog):
    """Says while typing when this person is known, leads to a registration there is instead of making a second one."""

    def __init__(self, parent: QWidget, *given: Any, **named: Any) -> None:
        super().__init__(parent, *given, **named)
        self.notice = KnownNotice(self._somebody, finder(self.context), asking(self))
        self.notice.seen.connect(lambda known: self._see(known.attendee_id))
        self.body.insertWidget(1, self.notice)
        if self.record_id is None:
            self.form.edited.connect(self._on_edited)
            self.form.picked.connect(lambda _name, _id: self.notice.edited())

    def _on_edited(self, name: str) -> None:
        if name in (*TELLING, *ALSO):
            self.notice.edited(name == TELLING[0])

    def _somebody(self) -> Newcomer:
        """Whose registration this would repeat, or whose record it would use."""
        said = newcomer(*(str(self.form.editor(name).value()) for name in (*TELLING, *ALSO)))
        return replace(said, person_id=self._linked.get("person"))

    def submit(self) -> None:
        if self.notice.is_open:
            self._show_choice()
        else:
            super().submit()

    def _show_choice(self) -> None:
        self.notice.focus()
        self._area.ensureWidgetVisible(self.notice)

    def store(self, values: dict[str, Any]) -> uuid.UUID:
        if self.record_id is not None or self.context.expo_id is None:
            return super().store(values)
        said = replace(self.notice.said, person_id=self.notice.said.person_id or self._linked.get("person"))
        return attendees.register(self.context.db, self.context.expo_id, values | self._fixed, said)

    def _ways_out(self, conflict: Conflict) -> list[QWidget]:
        if isinstance(conflict, AlreadyKnown):
            self.notice.refused(conflict.known)
        return super()._ways_out(conflict)

    def _see(self, attendee_id: uuid.UUID) -> None:
        self.cancel()
        self.context.navigate(ListRoute(ATTENDEES, record=attendee_id))


class SubstituteDialog(Dialog):
    """换人: who comes instead, whether the person agreed to the notice, and why. `closed(True)` after the commit."""

    def __init__(self, parent: QWidget, context: Context, attendee_id: uuid.UUID, name: str) -> None:
        super().__init__(parent, _("由别人代替 {name}").format(name=name))
        self.context, self.attendee_id = context, attendee_id
        words = _("登记、类别和证件号转给新的人，换发新卡，{name}的旧卡随即作废。").format(name=name)
        self.body.addWidget(Label(words, "secondary", wrap=True))
        self.form = Form(PEOPLE, fields=[PEOPLE.field(field) for field in WHO])
        self.body.addWidget(self.form)
        self.consent = Tick(_("本人同意隐私告知"))
        self.body.addWidget(self.consent)
        self.why = LineEditor()
        self.why.setMaxLength(REASON_LENGTH)
        self.reason = FormField(_("原因"), self.why, _("会记入日志"), required=True)
        self.body.addWidget(self.reason)
        self.body.addSpacing(theme.Space.XS)
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.submit_button = Button(_("换人"), "primary", "exchange-line", clicked=self.submit)
        self.add_action(self.submit_button)

    def submit(self) -> None:
        """Check and do it; a refusal stays beside its field."""
        if not self.form.check_all():
            return
        if not self.why.text().strip():
            self.reason.set_problem(_("不能为空。"))
            self.why.setFocus()
            return
        person = self.form.values() | {"consent": self.consent.isChecked()}
        try:
            badges.substitute(self.context.db, self.attendee_id, person, self.why.text().strip())
        except InvalidRecord as refused:
            rest = self.form.show_problems(refused.problems)
            if rest:
                messages.show(self, "；".join(rest.values()), "bad")
        except UserError as error:
            messages.show(self, error)
        else:
            self.close_with(True)
