"""Remix icons (resources/icons) drawn in a token's colour: `icon("search-line")`, `pixmap("check-line", "ok", 20)`.

Pixmaps are kept per name, colour, size and pixel ratio. A QIcon is coloured when it is made; Button and IconButton of
this kit make theirs anew when the theme changes, painted widgets call `draw` while they paint.
"""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from expo_app.ui.kit import theme
from expo_app.ui.kit.svg import coloured


def icon(name: str, token: str = "text.2", size: int = theme.IconSize.INLINE) -> QIcon:
    """Icon `name` (a file in resources/icons without .svg) in the colour of `token`, grey when disabled."""
    made = QIcon(pixmap(name, token, size))
    made.addPixmap(pixmap(name, "text.disabled", size), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, token: str = "text.2", size: int = theme.IconSize.INLINE) -> QPixmap:
    """The same as a pixmap of `size` logical pixels, sharp on the screen in use."""
    app = QGuiApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    return _pixmap(name, theme.color(token).name(), size, ratio)


def draw(painter: QPainter, name: str, token: str, rect: QRectF) -> None:
    """Paint icon `name` into the square `rect`."""
    picture = pixmap(name, token, round(rect.width()))
    painter.drawPixmap(rect.toRect(), picture)


def app_icon(size: int = 32) -> QPixmap:
    """The program's own mark."""
    app = QGuiApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    return _pixmap("app", "", size, ratio)


@lru_cache(maxsize=1024)
def _pixmap(name: str, color: str, size: int, ratio: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(coloured(name, color)))
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, made.width(), made.height()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made
