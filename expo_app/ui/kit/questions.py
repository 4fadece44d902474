"""A question before an act that cannot be taken back; returns at once and calls what it was given on its verb."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import IconView, Label
from expo_app.ui.kit.overlay import Overlay
from expo_app.ui.kit.panels import column, row


class Question(Overlay):
    """A question with its consequence; the safe button has the focus. `press("verb")` or `press("safe")` answers it."""

    def __init__(self, parent: QWidget, title: str, text: str, buttons: tuple[str, str], danger: bool) -> None:
        super().__init__(parent)
        self.title, self.text = title, text
        verb, safe = buttons
        self.setFixedWidth(theme.Width.CONFIRM)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        lines = column(self, theme.Space.M, theme.Space.XL - theme.Space.XS)
        head = row(spacing=theme.Space.M - theme.Space.XS)
        icon, token = ("error-warning-fill", "bad") if danger else ("question-line", "primary")
        head.addWidget(IconView(icon, token, theme.IconSize.PRINTER), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(Label(title, "section", wrap=True), 1)
        lines.addLayout(head)
        words = Label(text, "secondary", wrap=True)
        lines.addWidget(words)
        words.setVisible(bool(text))
        self.safe = Button(safe, clicked=lambda: self.close_with(None))
        self.verb = Button(verb, "danger" if danger else "primary", clicked=lambda: self.close_with(True))
        foot = row()
        foot.addStretch(1)
        foot.addWidget(self.safe)
        foot.addWidget(self.verb)
        lines.addLayout(foot)
        if not danger:  # what cannot be taken back needs the button itself
            self.submits_by_keys(self.verb)

    def first_focus(self) -> QWidget:
        return self.safe

    def wanted_size(self) -> QSize:
        return QSize(self.width(), self.heightForWidth(self.width()))

    def press(self, which: str) -> None:
        """Answer: "verb" or "safe"."""
        {"verb": self.verb, "safe": self.safe}[which].click()


def confirm(
    parent: QWidget,
    title: str,
    text: str,
    verb: str,
    then: Callable[[], object],
    *,
    danger: bool = False,
    safe: str = "",
    otherwise: Callable[[], object] | None = None,
) -> Question:
    """Ask before an irreversible act: question as title, consequence as text, a verb on the button.

    `then()` is called when the verb is pressed, `otherwise()` on anything else. Returns at once.
    """
    question = Question(parent, title, text, (verb, safe or _("取消")), danger)

    def on_closed(answer: Any) -> None:
        if answer:
            then()
        elif otherwise is not None:
            otherwise()

    question.closed.connect(on_closed)
    question.open()
    return question
