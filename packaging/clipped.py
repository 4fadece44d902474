"""Text that does not fit its place: in labels, buttons and fields, in what widgets paint, and cut off by a parent.

    with painted() as found:        # while widgets paint
        picture = window.grab()
    clips = [*found, *clips_in(window)]

Labels that elide on purpose (with the whole text as tooltip) and table cells are not looked at; table headers are.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QToolButton,
    QWidget,
)

from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import BOLD_WHEN_CHECKED
from expo_app.ui.kit.labels import ElidedLabel

WIDE, HIGH, OUT = 1, 3, 2
"""Pixels that may be missing: across (rounding), down (room above and below the glyphs), beyond a parent."""
ICON_GAP = 4
HEADER_PADDING = 24


@dataclass(frozen=True)
class Clip:
    """`need` and `have` in pixels, across or down; `where`: the class, or the place in the source that paints."""

    where: str
    text: str
    need: int
    have: int
    way: str

    def __str__(self) -> str:
        return f"{self.where}: “{self.text}” needs {self.need} px {self.way}, has {self.have}"


def clips_in(root: QWidget) -> list[Clip]:
    """What does not fit in the visible widgets of `root`."""
    found: list[Clip] = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisibleTo(root) or not widget.isVisible() or widget.width() < 2:
            continue
        text = words_of(widget)
        if text:
            found += _own(widget, text)
            found += _beyond_parent(widget, text, root)
        elif isinstance(widget, QHeaderView):
            found += _header(widget)
    return found


def words_of(widget: QWidget) -> str:
    """The text a widget shows, as far as it can be asked."""
    if isinstance(widget, QLabel):
        return "" if widget.pixmap().cacheKey() and not widget.pixmap().isNull() else widget.text()
    if isinstance(widget, QToolButton) and widget.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly:
        return ""
    if isinstance(widget, QAbstractButton):
        return widget.text().replace("&&", "&")
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QLineEdit):
        return widget.placeholderText() if not widget.text() else ""
    return ""


def _own(widget: QWidget, text: str) -> list[Clip]:
    if isinstance(widget, ElidedLabel):
        return []
    if isinstance(widget, QLabel):
        return _label(widget, text)
    where = type(widget).__name__
    font = QFont(widget.font())
    if isinstance(widget, QAbstractButton):
        if widget.isChecked() and widget.property("kind") in BOLD_WHEN_CHECKED:
            font.setBold(True)
        need = QFontMetrics(font).horizontalAdvance(text)
        if not widget.icon().isNull():
            need += widget.iconSize().width() + ICON_GAP
        have = _room(widget)
    elif isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        have = widget.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, widget).width()
        need = QFontMetrics(font).horizontalAdvance(text)
    elif isinstance(widget, QLineEdit):
        padding = 42 if widget.property("role") == "search" else 20
        need, have = QFontMetrics(font).horizontalAdvance(text), widget.width() - padding
    else:
        return []
    return [Clip(where, text, need, have, "across")] if need > have + WIDE else []


def _label(label: QLabel, text: str) -> list[Clip]:
    if label.textFormat() == Qt.TextFormat.RichText or text.startswith("<"):
        return []
    room, metrics = label.contentsRect(), label.fontMetrics()
    if label.wordWrap():
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        box = metrics.boundingRect(QRect(0, 0, room.width(), 100_000), flags, text)
        wide, high = box.width(), box.height()
    else:
        lines = text.split("\n")
        wide, high = max(metrics.horizontalAdvance(line) for line in lines), metrics.height() * len(lines)
    where, found = type(label).__name__, []
    if wide > room.width() + WIDE:
        found.append(Clip(where, text, wide, room.width(), "across"))
    if high > room.height() + HIGH:
        found.append(Clip(where, text, high, room.height(), "down"))
    return found


def _room(button: QAbstractButton) -> int:
    option = QStyleOptionButton()
    if isinstance(button, QPushButton):
        button.initStyleOption(option)
        return button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, button).width()
    if isinstance(button, QCheckBox | QRadioButton):
        button.initStyleOption(option)
        box = isinstance(button, QCheckBox)
        part = QStyle.SubElement.SE_CheckBoxContents if box else QStyle.SubElement.SE_RadioButtonContents
        return button.style().subElementRect(part, option, button).width()
    return button.width()


def _header(header: QHeaderView) -> list[Clip]:
    if header.orientation() is not Qt.Orientation.Horizontal or header.model() is None:
        return []
    found, metrics = [], QFontMetrics(theme.font("caption.bold"))  # header.font() does not know the style sheet's
    for section in range(header.count()):
        text = header.model().headerData(section, Qt.Orientation.Horizontal)
        need, have = metrics.horizontalAdvance(str(text)) + HEADER_PADDING, header.sectionSize(section)
        if text and not header.isSectionHidden(section) and need > have + WIDE:
            found.append(Clip("QHeaderView", str(text), need, have, "across"))
    return found


def _beyond_parent(widget: QWidget, text: str, root: QWidget) -> list[Clip]:
    """Whether an ancestor that does not scroll cuts it off."""
    box = QRect(QPoint(0, 0), widget.size())
    child, parent = widget, widget.parentWidget()
    while parent is not None and child is not root:
        box.translate(child.pos())
        room = parent.rect()
        area = parent.parentWidget()
        scrolls = isinstance(area, QAbstractScrollArea) and area.viewport() is parent
        if scrolls:
            off = area.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            if isinstance(area, QScrollArea) and off and box.right() > room.right() + OUT:
                return [Clip(type(widget).__name__, text, box.right() + 1, room.width(), "to the edge of its area")]
            return []
        if box.right() > room.right() + OUT or box.left() < -OUT:
            return [Clip(type(widget).__name__, text, box.right() + 1, room.width(), f"in {type(parent).__name__}")]
        if box.bottom() > room.bottom() + OUT + HIGH or box.top() < -OUT - HIGH:
            return [
                Clip(type(widget).__name__, text, box.bottom() + 1, room.height(), f"down in {type(parent).__name__}")
            ]
        child, parent = parent, parent.parentWidget()
    return []


# --- what widgets paint -----------------------------------------------------------------------------------------------
@contextmanager
def painted() -> Iterator[list[Clip]]:
    """Looks at every text our own widgets draw into a rectangle while the block runs."""
    found: list[Clip] = []
    original = QPainter.drawText

    def draw(painter: QPainter, *given: Any) -> Any:
        clip = _painted_clip(painter, given)
        if clip is not None:
            found.append(clip)
        return original(painter, *given)

    QPainter.drawText = draw  # type: ignore[method-assign]
    try:
        yield found
    finally:
        QPainter.drawText = original  # type: ignore[method-assign]


def _painted_clip(painter: QPainter, given: tuple[Any, ...]) -> Clip | None:
    if len(given) < 3 or not isinstance(given[0], QRect | QRectF) or not isinstance(given[2], str) or not given[2]:
        return None
    box, flags, text = QRectF(given[0]), int(given[1]), given[2]
    if flags & int(Qt.TextFlag.TextDontClip) or box.width() <= 0:
        return None
    metrics = painter.fontMetrics()
    if flags & int(Qt.TextFlag.TextWordWrap):
        wide_box = metrics.boundingRect(QRect(0, 0, int(box.width()) + 1, 100_000), flags, text)
        need, high = wide_box.width(), wide_box.height()
    else:
        need, high = metrics.horizontalAdvance(text), metrics.tightBoundingRect(text).height()
    frame = sys._getframe(2)
    where = f"{frame.f_code.co_filename.rpartition('expo_app/')[2]}:{frame.f_code.co_name}"
    if need > box.width() + WIDE + 1:
        return Clip(where, text, need, int(box.width()), "across")
    if high > box.height() + HIGH:
        return Clip(where, text, high, int(box.height()), "down")
    return None


def fixed_too_small(root: QWidget) -> list[Clip]:
    """Our own painted marks (pills, key caps) that a layout squeezed below the size they ask for."""
    found = []
    for widget in root.findChildren(QWidget):
        words = getattr(widget, "text", None)
        if not isinstance(words, str) or not words or not widget.isVisible():
            continue
        fixed = widget.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Fixed
        if fixed and widget.sizeHint().width() > widget.width() + WIDE:
            found.append(Clip(type(widget).__name__, words, widget.sizeHint().width(), widget.width(), "across"))
    return found
