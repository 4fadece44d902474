"""The console in a window of its own: the whole screen, no rail."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import ElidedLabel
from expo_app.ui.kit.panels import column, row
from expo_app.ui.kit.theme import Space
from expo_app.ui.pages.auction.console_body import ConsoleBody


class ConsoleWindow(QWidget):
    """Holds the console's body until it is closed. `closed`: its owner takes the body back; it goes with its owner."""

    closed = Signal()

    def __init__(self, owner: QWidget, body: ConsoleBody, head: str) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self._body = body
        self.setWindowTitle(_("竞价台"))
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(theme.Width.WINDOW_MIN, theme.WINDOW_MIN_HEIGHT)
        lines = column(self, Space.M, Space.L)
        line = row()
        line.addWidget(ElidedLabel(head or _("竞价台"), "title"), 1)
        back = Button(_("回到主窗口") + "  F", icon="window-line", clicked=self.close)
        back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line.addWidget(back)
        lines.addLayout(line)
        lines.addWidget(body, 1)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._body.bid.go_home()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()
