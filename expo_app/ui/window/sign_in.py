"""Who works: names to choose from; a PIN where there is one."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.services import operators
from expo_app.services.operators import OperatorInfo
from expo_app.store.database import Database
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import Card, clear, column, row, scrolled


class SignInPage(QWidget):
    """`signed_in(actor)` once a name (and PIN) was accepted; `left` when the person goes back."""

    signed_in = Signal(object)
    left = Signal()

    def __init__(self, db: Database, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "app")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._db, self._known = db, operators.list_active(db)
        self.pin: QLineEdit | None = None
        card = Card(_("谁在操作"), padding=theme.Space.XL)
        card.setFixedWidth(theme.Width.CONFIRM)
        self._body = card.body
        outer = column(self, 0)
        outer.addStretch(1)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)
        chosen = next((operator for operator in self._known if operator.name == name), None)
        self._show_names() if chosen is None else self.choose(chosen)

    def _show_names(self) -> None:
        clear(self._body)
        self.pin = None
        names = QWidget()
        lines = column(names, theme.Space.XS)
        for operator in self._known:
            icon = "shield-user-line" if operator.is_asked else "user-line"
            pill, choose = (operator.role.label, "mute"), partial(self.choose, operator)
            lines.addWidget(ItemRow(operator.name, icon=icon, pill=pill, clicked=choose))
        first = names.findChild(ItemRow)
        if first is not None:
            self.setFocusProxy(first)
        area = scrolled(names)
        area.setMinimumHeight(min(theme.Width.SEARCH, names.sizeHint().height() + theme.Space.S))
        self._body.addWidget(area)
        self._body.addWidget(Button(_("打开其他文件"), "text", "folder-open-line", clicked=self.left.emit))

    def choose(self, operator: OperatorInfo) -> None:
        """Sign in at once, or ask for the PIN."""
        if not operator.is_asked:
            self._try(operator, "")
            return
        clear(self._body)
        self._body.addWidget(Label(f"{operator.name} · {operator.role.label}", "secondary"))
        self.pin = line = QLineEdit()
        line.setEchoMode(QLineEdit.EchoMode.Password)
        printed = operators.printed_pin(self._db, operator.name)
        field = FormField("PIN", line, _("示例操作员的 PIN：{pin}").format(pin=printed) if printed else "")
        self._body.addWidget(field)
        go = partial(self._go, operator, line, field)
        line.returnPressed.connect(go)
        foot = row()
        foot.addWidget(Button(_("换个名字"), "text", clicked=self._show_names))
        foot.addStretch(1)
        foot.addWidget(Button(_("进入"), "primary", clicked=go))
        self._body.addLayout(foot)
        self.setFocusProxy(line)  # whoever gives the focus to the page means the line, before it is shown too
        line.setFocus()

    def _go(self, operator: OperatorInfo, line: QLineEdit, field: FormField) -> None:
        self._try(operator, line.text(), field)

    def _try(self, operator: OperatorInfo, pin: str, field: FormField | None = None) -> None:
        try:
            actor = operators.sign_in(self._db, operator.name, pin)
        except UserError as error:
            if field is None:
                messages.show(self, error)
                return
            field.set_problem(str(error))
            field.editor.selectAll()  # type: ignore[attr-defined]
            return
        self.signed_in.emit(actor)
