"""Words painted on a canvas, measured and cut by role of type."""

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QTextLayout, QTextOption

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


def elided(text: str, role: str, width: float) -> str:
    """`text` on one line of `width` px."""
    return QFontMetrics(theme.font(role)).elidedText(text, Qt.TextElideMode.ElideRight, int(width))


def advance(text: str, role: str) -> int:
    """How wide `text` is."""
    return QFontMetrics(theme.font(role)).horizontalAdvance(text)
