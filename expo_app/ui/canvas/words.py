"""Words painted on a canvas, measured and cut by role of type."""

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QTextLayout, QTextOption

from expo_app.ui.kit import theme


@lru_cache(maxsize=512)
def wrapped(text: str, role: str, width: int, most: int) -> tuple[str, ...]:
    """`text` in at most `most` lines of `width` px, the last one elided."""
    layout = QTextLayout(text, theme.font(role))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines: list[str] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1, width))
        if len(lines) == most - 1:
            lines.append(elided(text[line.textStart() :], role, width))
            break
        lines.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
    layout.endLayout()
    return tuple(lines)


@lru_cache(maxsize=512)
def broken(text: str, role: str, width: float, most: int) -> tuple[str, ...]:
    """`text` broken between any two characters into at most `most` lines, the last one elided."""
    metrics = QFontMetricsF(theme.font(role))
    found: list[str] = []
    while text and len(found) < most - 1:
        end = len(text)
        while end > 1 and metrics.horizontalAdvance(text[:end]) > width:
            end -= 1
        found.append(text[:end])
        text = text[end:]
    last = [metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)] if text and most > 0 else []
    return (*found, *last)


def elided(text: str, role: str, width: float) -> str:
    """`text` on one line of `width` px."""
    return QFontMetrics(theme.font(role)).elidedText(text, Qt.TextElideMode.ElideRight, int(width))


def advance(text: str, role: str) -> int:
    """How wide `text` is."""
    return QFontMetrics(theme.font(role)).horizontalAdvance(text)
