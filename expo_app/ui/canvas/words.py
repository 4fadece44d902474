"""Words painted on a canvas, measured and cut by role of type."""

from functools import lru_cache

from PySide6.QtGui import QFontMetrics, QFontMetricsF, QTextLayout, QTextOption

from expo_app.plain_text import shown
from expo_app.ui.kit import labels, theme


@lru_cache(maxsize=512)
def wrapped(text: str, role: str, width: int, most: int) -> tuple[str, ...]:
    """`text` in at most `most` lines of `width` px, the last one elided."""
    text = shown(text)
    units = text.encode("utf-16-le")  # in which Qt counts: 𬭚 is two
    layout = QTextLayout(text, theme.font(role))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines: list[str] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1, width))
        if len(lines) == most - 1:
            lines.append(elided(units[2 * line.textStart() :].decode("utf-16-le"), role, width))
            break
        end = line.textStart() + line.textLength()
        lines.append(units[2 * line.textStart() : 2 * end].decode("utf-16-le").strip())
    layout.endLayout()
    return tuple(lines)


@lru_cache(maxsize=512)
def broken(text: str, role: str, width: float, most: int) -> tuple[str, ...]:
    """`text` broken between any two characters into at most `most` lines, the last one elided."""
    text, metrics = shown(text), QFontMetricsF(theme.font(role))
    found: list[str] = []
    while text and len(found) < most - 1:
        end = len(text)
        while end > 1 and metrics.horizontalAdvance(text[:end]) > width:
            end -= 1
        found.append(text[:end])
        text = text[end:]
    last = [elided(text, role, width)] if text and most > 0 else []
    return (*found, *last)


def elided(text: str, role: str, width: float) -> str:
    """`text` on one line of `width` px."""
    return labels.elided(text, QFontMetrics(theme.font(role)), width)


def advance(text: str, role: str) -> int:
    """How wide `text` is."""
    return QFontMetrics(theme.font(role)).horizontalAdvance(text)
