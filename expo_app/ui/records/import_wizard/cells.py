"""What the tables of the import paint and a TableView does not: segments, drop-downs, names with marks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from expo_app import plain_text
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.labels import draw_box, elided

PAD = theme.Space.M
Segment = tuple[object, str, bool]
"""Key, words, whether it can be chosen."""


def segment_widths(segments: Sequence[Segment]) -> list[int]:
    """Width of each segment, wide enough for its words in bold."""
    metrics = QFontMetrics(theme.font("strong"))
    return [metrics.horizontalAdvance(words) + 2 * theme.Space.M for _key, words, _may in segments]


def segments_width(segments: Sequence[Segment]) -> int:
    """Width of a cell with these segments."""
    return sum(segment_widths(segments)) + 4 + 2 * PAD


def segment_boxes(rect: QRectF, segments: Sequence[Segment]) -> list[QRectF]:
    """Where each segment lies in a cell."""
    x, y, found = rect.x() + PAD + 2, rect.center().y() - 13, []
    for width in segment_widths(segments):
        found.append(QRectF(x, y, width, 26))
        x += width
    return found


def draw_segments(painter: QPainter, rect: QRectF, segments: Sequence[Segment], chosen: object) -> None:
    """Choices side by side, of which one is chosen (None: none yet)."""
    boxes = segment_boxes(rect, segments)
    around = boxes[0].united(boxes[-1]).adjusted(-2, -2, 2, 2)
    draw_box(painter, around, theme.color("bg.subtle"), theme.color("border"), theme.Radius.CONTROL)
    for box, (key, words, may) in zip(boxes, segments, strict=True):
        is_chosen = key == chosen and chosen is not None
        if is_chosen:
            draw_box(painter, box, theme.color("bg.surface"), theme.color("border.button"), theme.Radius.MARK)
        painter.setFont(theme.font("strong" if is_chosen else "body"))
        painter.setPen(theme.color("text.1" if is_chosen else "text.2" if may else "text.disabled"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, plain_text.shown(words))


def drop_box(rect: QRectF) -> QRectF:
    """Where a drop-down lies in a cell."""
    return QRectF(rect.x() + 4, rect.center().y() - 15, rect.width() - PAD, 30)


def draw_drop(painter: QPainter, rect: QRectF, words: str, state: str = "") -> None:
    """A drop-down in a cell; `state`: "warn" while nothing is chosen, "off" where nothing can be."""
    box = drop_box(rect)
    ground, edge, ink = {
        "warn": ("warn.soft", "warn", "text.1"), "off": ("bg.subtle", "border", "text.disabled"),
    }.get(state, ("bg.surface", "border.strong", "text.1"))  # fmt: skip
    draw_box(painter, box, theme.color(ground), theme.color(edge), theme.Radius.CONTROL)
    painter.setFont(theme.font("body"))
    painter.setPen(theme.color(ink))
    inner = box.adjusted(9, 0, -26, 0)
    shown = elided(words, painter.fontMetrics(), inner.width())
    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    arrow = QRectF(box.right() - 22, box.center().y() - 8, 16, 16)
    icons.draw(painter, "arrow-down-s-line", "text.disabled" if state == "off" else "text.2", arrow)
