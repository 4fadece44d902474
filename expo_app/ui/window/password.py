"""What a server asks before it lets this program in: its password, at every start."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from expo_app.i18n import _
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import Card, column, row


class PasswordPage(QWidget):
    """`given(password)` when it was entered, `left` when the person goes back; it is kept nowhere."""

    given = Signal(str)
    left = Signal()

    def __init__(self, address: str, problem: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "app")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        hint = _("每次启动都问，不保存；也可写进 libpq 自己的密码文件 .pgpass")
        self.field = FormField(_("密码"), self.password, hint)
        if problem:
            self.field.set_problem(problem)
        self.password.returnPressed.connect(self._go)
        card = Card(_("数据库服务器要密码"), padding=theme.Space.XL)
        card.setFixedWidth(theme.Width.CONFIRM)
        card.body.addWidget(Label(address, "secondary", wrap=True))
        card.body.addWidget(self.field)
        foot = row()
        foot.addWidget(Button(_("打开其他文件"), "text", "folder-open-line", clicked=self.left.emit))
        foot.addStretch(1)
        foot.addWidget(Button(_("连接"), "primary", clicked=self._go))
        card.body.addLayout(foot)
        middle = row()  # not aligned: a layout that is would not ask the wrapped words for their height
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        outer = column(self, 0)
        outer.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(2)
        self.setFocusProxy(self.password)

    def _go(self) -> None:
        if self.password.text():
            self.given.emit(self.password.text())
        else:
            self.field.set_problem(_("不能为空。"))
