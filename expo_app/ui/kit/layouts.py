"""Layouts with plain numbers."""

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from expo_app.ui.kit import theme


def column(parent: QWidget | None = None, spacing: int = theme.Space.S, margins: int = 0) -> QVBoxLayout:
    """A vertical layout with plain numbers."""
    layout = QVBoxLayout(parent) if parent else QVBoxLayout()
    _set(layout, spacing, margins)
    return layout


def row(parent: QWidget | None = None, spacing: int = theme.Space.S, margins: int = 0) -> QHBoxLayout:
    """A horizontal layout with plain numbers."""
    layout = QHBoxLayout(parent) if parent else QHBoxLayout()
    _set(layout, spacing, margins)
    return layout


def _set(layout: QBoxLayout, spacing: int, margins: int) -> None:
    layout.setContentsMargins(margins, margins, margins, margins)
    layout.setSpacing(spacing)


def clear(layout: QLayout) -> None:
    """Take every widget out of `layout` and delete it."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
