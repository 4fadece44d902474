"""Giving an operator a PIN: typed twice, since nobody sees it."""

from __future__ import annotations

import uuid

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.services import operators
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor


class PinDialog(Dialog):
    """Closes with True once the PIN is kept."""

    def __init__(self, parent: QWidget, context: Context, operator_id: uuid.UUID, name: str) -> None:
        super().__init__(parent, _("{name} 的 PIN").format(name=name), theme.Width.CONFIRM)
        self._context, self._operator_id = context, operator_id
        self.pin, self.again = LineEditor(), LineEditor()
        self.pin_box = FormField(_("新 PIN"), self.pin, _("至少 6 位"), required=True)
        self.again_box = FormField(_("再输一次"), self.again, required=True)
        for line, box in ((self.pin, self.pin_box), (self.again, self.again_box)):
            line.setEchoMode(QLineEdit.EchoMode.Password)
            line.edited.connect(box.clear_problem)
            line.returnPressed.connect(self.submit)
            self.body.addWidget(box)
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.add_action(Button(_("保存"), "primary", "check-line", clicked=self.submit))

    def submit(self) -> None:
        """Keep it, or say beside the field why not."""
        if self.pin.text() and not self.again.text():
            self.again.setFocus(Qt.FocusReason.OtherFocusReason)  # Enter in the first goes on to the second
            return
        if self.pin.text() != self.again.text():
            self.again_box.set_problem(_("两次输入的不一样。"))
            return
        try:
            operators.set_pin(self._context.db, self._operator_id, self.pin.text())
        except InvalidRecord as problem:
            self.pin_box.set_problem(str(problem))
            self.pin.setFocus(Qt.FocusReason.OtherFocusReason)
        except UserError as error:
            messages.show(self, error)
        else:
            self.close_with(True)
