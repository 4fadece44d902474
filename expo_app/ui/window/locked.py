"""What stands in the main window while its check-in desk is locked: back to the desk, or a supervisor's PIN."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.services import operators
from expo_app.store.database import Database
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.fields import ComboBox, FormField
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import Card, column, row


class LockedPage(QWidget):
    """`desk_wanted` for the way back to the desk, `unlocked` once a supervisor's PIN was right."""

    desk_wanted = Signal()
    unlocked = Signal()

    def __init__(self, db: Database, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "app")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._db = db
        self.names, self.pin = ComboBox(), QLineEdit()
        self.names.addItems(operators.supervisors(db))
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.field = FormField("PIN", self.pin)
        self.names.currentTextChanged.connect(self._show_printed)
        self._show_printed(self.names.currentText())
        self.desk = Button(_("回到签到台"), icon="qr-scan-2-line", clicked=self.desk_wanted.emit)
        self.go = Button(_("解锁"), "primary", clicked=self._unlock)
        self.pin.returnPressed.connect(self._unlock)
        QShortcut(QKeySequence("F11"), self).activated.connect(self.desk_wanted)
        self.setFocusProxy(self.desk)
        self._lay_out()

    def _lay_out(self) -> None:
        card = Card(_("签到台已锁定"), padding=theme.Space.XL)
        card.setFixedWidth(theme.Width.CONFIRM)
        words = _("签到照常。要用别的功能，先由主管解锁。")
        for widget in (Label(words, "secondary", wrap=True), FormField(_("主管"), self.names), self.field):
            card.body.addWidget(widget)
        foot = row()
        foot.addWidget(self.desk)
        foot.addStretch(1)
        foot.addWidget(self.go)
        card.body.addLayout(foot)
        middle = row()  # not aligned: a layout that is would not ask the wrapped words for their height
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        outer = column(self, 0)
        outer.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(2)

    def _show_printed(self, name: str) -> None:
        pin = operators.printed_pin(self._db, name)
        self.field.set_hint(_("示例操作员的 PIN：{pin}").format(pin=pin) if pin else "")

    def _unlock(self) -> None:
        pin = self.pin.text()
        self.pin.clear()
        self.field.clear_problem()
        if not pin:
            self.field.set_problem(_("不能为空。"))
        else:
            try:
                operators.sign_in(self._db, self.names.currentText(), pin)
            except UserError as error:
                self.field.set_problem(str(error))
            else:
                self.unlocked.emit()
                return
        self.pin.setFocus()
