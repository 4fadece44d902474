"""Where a window for an audience goes."""

from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget


def other_screen(beside: QWidget) -> QScreen | None:
    """A screen that the window is not on; None where there is one alone."""
    here = beside.screen()
    return next((screen for screen in QGuiApplication.screens() if screen is not here), None)


def second_screen(beside: QWidget) -> QScreen | None:
    """The screen that the window is not on; where there is one alone, that one."""
    return other_screen(beside) or beside.screen()
