"""Which words on a screen do not fit: labels and buttons narrower than what they say."""

from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from expo_app.ui.kit.labels import ElidedLabel


def clipped(root: QWidget) -> list[str]:
    """Texts of visible labels (those that wrap or elide know how to) and buttons that are cut off."""
    QApplication.processEvents()
    found = [
        label.text()
        for label in root.findChildren(QLabel)
        if label.isVisible()
        and not label.wordWrap()
        and not isinstance(label, ElidedLabel)
        and label.width() < label.fontMetrics().horizontalAdvance(label.text())
    ]
    buttons = root.findChildren(QPushButton)
    return found + [b.text() for b in buttons if b.isVisible() and b.text() and b.width() < b.sizeHint().width() - 1]
