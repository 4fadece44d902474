"""Words and small marks: labels, pills, key caps, meters."""

import re

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from expo_app.plain_text import shown
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.buttons import repolish

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter


class Label(QLabel):
    """Plain text in a role of theme.TYPE or "secondary", "fact" (12 px); `tone` ok, warn, bad, info colours it."""

    def __init__(
        self, text: str = "", role: str = "body", tone: str = "", wrap: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        self.setText(text)
        self.setWordWrap(wrap)

    def setText(self, text: str) -> None:
        super().setText(shown(text))

    def set_tone(self, tone: str) -> None:
        """Colour it: ok, warn, bad, info, mute, plum or ""."""
        if tone != self.property("tone"):
            self.setProperty("tone", tone)
            repolish(self)


def breakable(text: str) -> str:
    """Text that may break anywhere in long unspaced words (contract numbers): a label wraps, but only at spaces."""
    return re.sub(r"(?<=[-_/.、；])", "\u200b", text)


def elided(text: str, metrics: QFontMetrics, room: float) -> str:
    """`text` on one line of `room` px, ending in … where it does not fit; what is painted of data goes through here."""
    return metrics.elidedText(shown(text), Qt.TextElideMode.ElideRight, max(0, int(room)))


def write(painter: QPainter, rect: QRectF, text: str, face: QFont, token: str, flags: Qt.AlignmentFlag = LEFT) -> None:
    """One line of text in `rect`, ending in … where it does not fit."""
    painter.setFont(face)
    painter.setPen(theme.color(token))
    shown = elided(text, painter.fontMetrics(), rect.width() + 1)
    painter.drawText(rect, flags, shown)


class SectionTitle(Label):
    """A 16 px bold heading inside a card or panel."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, "section", parent=parent)


class ElidedLabel(Label):
    """One line that ends in … where it does not fit, with the whole text as tooltip."""

    def __init__(self, text: str = "", role: str = "body", tone: str = "", parent: QWidget | None = None) -> None:
        self._whole = self._tip = ""
        super().__init__("", role, tone, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    @property
    def whole_text(self) -> str:
        """The text without elision."""
        return self._whole

    def set_text(self, text: str, tip: str = "") -> None:
        """Show another text; `tip`: what the tooltip says, cut off or not, instead of the whole text."""
        self._whole, self._tip = shown(text), shown(tip)
        self.setAccessibleName(self._whole)
        self.updateGeometry()
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), theme.Space.XXXL), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        fitting = elided(self._whole, self.fontMetrics(), self.width())
        self.setToolTip(self._tip or (self._whole if fitting != self._whole else ""))
        self.setText(fitting)


def draw_shape(painter: QPainter, kind: str, token: str, center: QPointF) -> None:
    """The mark that says a state without colour: ● ok and info, ■ warn, ▲ bad, ○ neutral."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shade, x, y = theme.color(token), center.x(), center.y()
    painter.setPen(QPen(shade, 1.4) if kind == "mute" else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if kind == "mute" else shade)
    if kind == "warn":
        painter.drawRect(QRectF(x - 2.5, y - 2.5, 5, 5))
    elif kind == "bad":
        painter.drawPolygon(QPolygonF([QPointF(x, y - 3.5), QPointF(x + 3.5, y + 2.5), QPointF(x - 3.5, y + 2.5)]))
    else:
        painter.drawEllipse(center, 2.5, 2.5)


def pill_width(text: str, shape: bool = True) -> int:
    """Width a pill needs for `text`."""
    return QFontMetrics(theme.font("caption")).horizontalAdvance(text) + (26 if shape else 16)


def draw_pill(painter: QPainter, rect: QRectF, kind: str, text: str, shape: bool = True) -> None:
    """Paint a pill of `kind` (theme.KINDS or a category like "cat.it") into `rect`."""
    ink, ground = theme.KINDS.get(kind, ("text.1", f"{kind}.soft"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(ground))
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    if shape:
        draw_shape(painter, kind, ink if kind in theme.KINDS else kind, QPointF(rect.x() + 11, rect.center().y()))
    painter.setPen(theme.color(ink))
    painter.setFont(theme.font("caption"))
    inner = rect.adjusted(18 if shape else 8, 0, -8, 0)
    fitting = elided(text, painter.fontMetrics(), inner.width() + 1)
    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)


class Pill(QWidget):
    """A state in shape and word; `kind` of theme.KINDS. `shape=False` for plain marks such as a number."""

    def __init__(self, text: str, kind: str = "mute", shape: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._shape = shape
        self.set(text, kind)

    def set(self, text: str, kind: str) -> None:
        """Show another state."""
        self.text, self.kind = text, kind
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(pill_width(self.text, self._shape), theme.Height.PILL)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_pill(painter, QRectF(self.rect()), self.kind, self.text, self._shape)


class IconView(QWidget):
    """An icon that is not pressed; `ground` puts it into a disc of that token (empty states)."""

    def __init__(
        self,
        name: str,
        token: str = "text.2",
        size: int = theme.IconSize.INLINE,
        ground: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._token, self._size, self._ground = name, token, size, ground
        edge = size + (size * 4 // 5 if ground else 0)
        self.setFixedSize(edge, edge)

    def set(self, name: str, token: str) -> None:
        """Show another icon."""
        self._name, self._token = name, token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._ground:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(self._ground))
            painter.drawEllipse(self.rect())
        pad = (self.width() - self._size) / 2
        icons.draw(painter, self._name, self._token, QRectF(pad, pad, self._size, self._size))


class KeyCap(QWidget):
    """A key as printed on the keyboard: KeyCap("Ctrl+K")."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = keys.replace("+", " ") if len(keys) > 1 else keys
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(keys)

    def sizeHint(self) -> QSize:
        return QSize(max(20, QFontMetrics(theme.font("caption")).horizontalAdvance(self.text) + 13), 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("border.button"))
        painter.setBrush(theme.color("bg.subtle"))
        radius = theme.Radius.MARK
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.setPen(theme.color("text.2"))
        painter.setFont(theme.font("caption"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text)


def draw_meter(painter: QPainter, rect: QRectF, part: float, token: str, ground: str = "border") -> None:
    """A bar filled to `part` (0 to 1) with the colour of `token`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = rect.height() / 2
    painter.setBrush(theme.color(ground))
    painter.drawRoundedRect(rect, radius, radius)
    if part > 0:
        painter.setBrush(theme.color(token))
        width = max(rect.height(), rect.width() * min(part, 1.0))
        painter.drawRoundedRect(QRectF(rect.x(), rect.y(), width, rect.height()), radius, radius)


def meter_token(done: float, total: float) -> str:
    """The colour of a bar by how full it is: full green, else amber."""
    return "ok.solid" if done >= total else "warn.solid"


class Meter(QWidget):
    """A bar `done` of `total`, `thick` px high."""

    def __init__(
        self, done: float = 0, total: float = 1, token: str = "ok.solid", thick: int = 8, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._thick = thick
        self.setMinimumWidth(theme.Space.XXXL)
        self.setFixedHeight(thick)
        self.set(done, total, token)

    def set(self, done: float, total: float, token: str = "ok.solid") -> None:
        """Show other amounts; a total of 0 shows an empty bar."""
        self.part, self._token = (done / total if total else 0.0), token
        self.setAccessibleName(f"{done:g}/{total:g}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_meter(painter, QRectF(self.rect()), self.part, self._token)


class Line(QFrame):
    """A hairline, across or (`vertical`) down."""

    def __init__(self, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "line.vertical" if vertical else "line")


def draw_box(
    painter: QPainter, rect: QRectF, ground: QColor, edge: QColor, radius: float = theme.Radius.CARD, line: float = 1
) -> None:
    """A rounded box with its line inside `rect`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, line))
    painter.setBrush(ground)
    half = line / 2
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius)
