"""Rows of things inside a detail panel: icon, title, small words, pill, figure; and a question for a reason."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from expo_app import plain_text
from expo_app.i18n import _
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.labels import ElidedLabel, IconView, Label, Pill
from expo_app.ui.kit.panels import column, row

REASON_LENGTH = 200


class PressRow(QFrame):
    """Something in a panel that with `clicked` is pressed by mouse, Enter or Space; `name` is read out of it."""

    pressed = Signal()

    def __init__(self, clicked: Callable[[], object] | None, name: str) -> None:
        super().__init__()
        self._is_button = clicked is not None
        if clicked is not None:
            self.pressed.connect(clicked)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setAttribute(Qt.WidgetAttribute.WA_Hover)
            self.setAccessibleName(name)

    def setToolTip(self, text: str) -> None:
        super().setToolTip(plain_text.shown(text))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if self._is_button and inside and event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_button and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._is_button or not (self.underMouse() or self.hasFocus()):
            return
        painter, box = QPainter(self), QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("focus") if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("bg.hover"))
        painter.drawRoundedRect(box, theme.Radius.CONTROL, theme.Radius.CONTROL)


class ItemRow(PressRow):
    """One line in a panel, or two (`below`: the small words under title and pill). `token` colours the icon."""

    def __init__(
        self,
        title: str,
        detail: str = "",
        icon: str = "",
        pill: tuple[str, str] | None = None,
        lead: tuple[str, str] | None = None,
        figure: str = "",
        buttons: Sequence[QWidget] = (),
        clicked: Callable[[], object] | None = None,
        token: str = "text.2",
        below: bool = False,
    ) -> None:
        super().__init__(clicked, f"{title} {detail} {figure}".strip())
        line = row(self, theme.Space.S)
        line.setContentsMargins(theme.Space.XS, theme.Space.XS, theme.Space.XS, theme.Space.XS)
        if icon:
            line.addWidget(IconView(icon, token))
        if lead is not None:
            line.addWidget(Pill(*lead, shape=False))
        if below:
            words = column(spacing=0)
            top = row(spacing=theme.Space.S)
            top.addWidget(ElidedLabel(title), 1)
            if pill is not None:
                top.addWidget(Pill(*pill, shape=False))
            words.addLayout(top)
            words.addWidget(ElidedLabel(detail, "fact"))
            line.addLayout(words, 1)
        else:
            line.addWidget(ElidedLabel(title), 0 if detail else 1)
            if detail:
                line.addWidget(ElidedLabel(detail, "fact"), 1)
        if figure:
            line.addWidget(Label(figure, "strong"))
        if pill is not None and not below:
            line.addWidget(Pill(*pill, shape=False))
        for button in buttons:
            line.addWidget(button)


def ask_reason(parent: QWidget, title: str, text: str, verb: str, then: Callable[[str], object]) -> Dialog:
    """Ask why, for acts that are logged; `then(reason)` with a reason that is not empty."""

    def answer(reason: str) -> str:
        return "" if reason else _("不能为空。")

    box = ask_line(parent, title, text, (_("原因"), _("会记入日志")), verb, answer, required=True)
    box.closed.connect(lambda reason: then(reason) if reason else None)
    return box


def ask_line(
    parent: QWidget,
    title: str,
    text: str,
    field: tuple[str, str],
    verb: str,
    answer: Callable[[str], str],
    required: bool = False,
) -> Dialog:
    """Ask for one line in a field (label, hint); `answer(line)` says what is wrong with it, "": it is taken."""
    box = Dialog(parent, title, theme.Width.CONFIRM)
    box.body.addWidget(Label(text, "secondary", wrap=True))
    line = LineEditor()
    line.setMaxLength(REASON_LENGTH)
    shown = FormField(field[0], line, field[1], required=required)
    box.body.addWidget(shown)

    def press() -> None:
        if problem := answer(line.text().strip()):
            shown.set_problem(problem)
            line.setFocus()
        else:
            box.close_with(line.text().strip())

    line.returnPressed.connect(press)
    box.add_action(Button(_("取消"), clicked=box.cancel))
    box.add_action(Button(verb, "primary", clicked=press))
    box.open()
    return box
