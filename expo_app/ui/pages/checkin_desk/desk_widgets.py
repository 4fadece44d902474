"""What stands beside a big verdict: counts, the last lines, keys, the scan field in its ring. All painted."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QWidget

from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.labels import CENTER, RIGHT, draw_box, write
from expo_app.ui.kit.theme import Kiosk, Space

NOTCH = 120  # of a wheel


class CountCard(QWidget):
    """A big number with its label and unit, a second figure at the right, a line below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = self.number = self.unit = self.side = self.note = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_low(False)

    def set_low(self, low: bool) -> None:
        """The height for a low window."""
        lines = sum(theme.TYPE[role][1] for role in ("body", "kiosk.count", "caption"))
        self.setFixedHeight(lines + (Space.L if low else Space.XL))

    def show_counts(self, label: str, number: str, unit: str, side: str, note: str) -> None:
        """Show figures."""
        self.label, self.number, self.unit, self.side, self.note = label, number, unit, side, note
        self.setAccessibleName(f"{label} {number} {unit}，{side}，{note}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), QRectF(self.rect())
        draw_box(painter, box, theme.color("bg.surface"), theme.color("border"))
        line, big, small = (theme.TYPE[role][1] for role in ("body", "kiosk.count", "caption"))
        pad = (box.height() - line - big - small) / 2
        inner = box.adjusted(Space.L, pad, -Space.L, -pad)
        write(painter, QRectF(inner.x(), inner.y(), inner.width(), line), self.label, theme.font("body"), "text.2")
        figure = QRectF(inner.x(), inner.y() + line, inner.width(), big)
        write(painter, figure, self.number, theme.font("kiosk.count"), "text.1")
        wide = QFontMetrics(theme.font("kiosk.count")).horizontalAdvance(self.number) + Space.S
        write(painter, figure.adjusted(wide, 0, 0, 0), self.unit, theme.font("body"), "text.2")
        write(painter, figure, self.side, theme.font("section"), "text.1", RIGHT)
        foot = QRectF(inner.x(), figure.bottom(), inner.width(), small)
        write(painter, foot, self.note, theme.font("caption"), "text.2")


WARNED = 0.4
"""Share of a line that stays for its words beside a warning."""


@dataclass(frozen=True)
class ListedLine:
    """One row of a list: an icon, a bold title, words below, a figure at the right and below it a warning.

    `faint`: it no longer counts.
    """

    title: str
    text: str
    icon: str = ""
    ink: str = "text.2"
    figure: str = ""
    faint: bool = False
    warning: str = ""


class LineList(QWidget):
    """Rows painted under a title; one may be current. `picked(n)` on a click, or by `pick()`.

    More rows than fit are gone through by `move_current` and the wheel; `moved(n)`: row n is current, or in sight.
    A title with {n} says for how many rows there is room, `most` at most.
    """

    picked = Signal(int)
    moved = Signal(int)

    def __init__(self, title: str = "", can_pick: bool = False, most: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.can_pick, self.most, self.note = title, can_pick, most, ""
        self.lines: tuple[ListedLine, ...] = ()
        self.current, self.top, self.row_height = 0, 0, Kiosk.ROW
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if can_pick:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_lines(self, lines: Sequence[ListedLine], note: str = "") -> None:
        """Show these; `note` where there are none. The first is current."""
        self.lines, self.note, self.current, self.top = tuple(lines), note, 0, 0
        self._name()
        self.update()

    def add_lines(self, lines: Sequence[ListedLine]) -> None:
        """Show these below the others."""
        self.lines += tuple(lines)
        self._name()
        self.update()

    def _name(self) -> None:
        said = (" ".join(filter(None, (n.title, n.text, n.warning, n.figure))) for n in self.lines)
        self.setAccessibleName("；".join(said) or self.note)

    @property
    def room(self) -> int:
        """How many rows fit."""
        return max(1, int((self.height() - self._row(self.top).top() + 2) // self.row_height))

    @property
    def said_title(self) -> str:
        """The title as it stands there."""
        return self.title.format(n=min(self.room, self.most))

    def move_current(self, step: int) -> None:
        """Up or down by `step`, without leaving the list; the row comes in sight."""
        self.current = max(0, min(len(self.lines) - 1, self.current + step))
        self.top = max(min(self.top, self.current), self.current - self.room + 1)
        self.moved.emit(self.current)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The rows move, the current one stays what it is."""
        if not self.can_pick or len(self.lines) <= self.room:
            event.ignore()
            return
        steps = round(event.angleDelta().y() / NOTCH) or (1 if event.angleDelta().y() > 0 else -1)
        self.top = max(0, min(len(self.lines) - self.room, self.top - steps))
        self.moved.emit(min(len(self.lines), self.top + self.room) - 1)
        self.update()

    def pick(self) -> None:
        """Take the current row."""
        if self.lines:
            self.picked.emit(self.current)

    def _row(self, n: int) -> QRectF:
        head = Space.XXXL - Space.M if self.title else 0
        y = head + Space.S + (n - self.top) * self.row_height
        return QRectF(Space.M, y, self.width() - 2 * Space.M, self.row_height - 2)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self.can_pick:
            event.ignore()
            return
        for n in range(self.top, len(self.lines)):
            if self._row(n).contains(event.position()):
                self.current = n
                self.pick()
                return

    def sizeHint(self) -> QSize:
        return QSize(Kiosk.SIDE, int(self._row(self.top + max(1, len(self.lines))).top()) + Space.M)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), QRectF(self.rect())
        draw_box(painter, box, theme.color("bg.surface"), theme.color("border"))
        if self.title:
            write(painter, QRectF(Space.M, Space.M, box.width(), theme.TYPE["section"][1]), self.said_title,
                  theme.font("section"), "text.1")  # fmt: skip
        if not self.lines:
            write(painter, box.adjusted(Space.M, 0, -Space.M, 0), self.note, theme.font("body"), "text.3", CENTER)
        for n in range(self.top, min(len(self.lines), self.top + self.room)):
            self._draw_line(painter, self._row(n), self.lines[n], n == self.current)
        if self.can_pick and len(self.lines) > self.room:
            self._draw_thumb(painter)

    def _draw_thumb(self, painter: QPainter) -> None:
        """Where in the list these rows are."""
        first, track = self._row(self.top).top(), self.room * self.row_height
        long = max(float(Space.XL), track * self.room / len(self.lines))
        y = first + (track - long) * self.top / max(1, len(self.lines) - self.room)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("border.strong"))
        painter.drawRoundedRect(QRectF(self.width() - Space.S, y, Space.XS, long), Space.XS / 2, Space.XS / 2)

    def _draw_line(self, painter: QPainter, row: QRectF, line: ListedLine, current: bool) -> None:
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("bg.selected" if self.can_pick else "bg.subtle"))
            painter.drawRoundedRect(row, theme.Radius.CONTROL, theme.Radius.CONTROL)
        size, left = theme.IconSize.PRINTER, row.x() + Space.M
        if line.icon:
            spot = QRectF(left, row.center().y() - size / 2, size, size)
            icons.draw(painter, line.icon, "text.disabled" if line.faint else line.ink, spot)
            left += size + Space.M
        figure_wide = QFontMetrics(theme.font("body")).horizontalAdvance(line.figure) + Space.M
        top = row.center().y() - (theme.TYPE["kiosk.strong"][1] + theme.TYPE["body"][1]) / 2
        title = QRectF(left, top, row.right() - left - figure_wide, theme.TYPE["kiosk.strong"][1])
        write(painter, title, line.title, theme.font("kiosk.strong"), "text.3" if line.faint else "text.1")
        words = QRectF(left, title.bottom(), row.right() - left - Space.S, theme.TYPE["body"][1])
        if line.warning:
            wide = QFontMetrics(theme.font("body")).horizontalAdvance(line.warning)
            beside = QRectF(words).adjusted(max(words.width() - wide, words.width() * WARNED), 0, 0, 0)
            write(painter, beside, line.warning, theme.font("body"), "warn", RIGHT)
            words.setRight(beside.left() - Space.M)
        write(painter, words, line.text, theme.font("body"), "text.3" if line.faint else line.ink)
        right = QRectF(row.x(), title.y(), row.width() - Space.S, title.height())
        write(painter, right, line.figure, theme.font("body"), "text.2", RIGHT)


class KeyButton(QAbstractButton):
    """A wide button that shows its key: F2, an icon, a bold word, small words. It never takes the focus."""

    def __init__(self, keys: str, icon: str, title: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keys, self.icon_name, self.title, self.words = keys, icon, title, text
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_low(False)
        self.set_words(text)

    def set_low(self, low: bool) -> None:
        """The height for a low window."""
        self.setFixedHeight(Kiosk.KEY_LOW if low else theme.Height.KIOSK_KEY)

    def set_words(self, text: str) -> None:
        """Change the small words."""
        self.words = text
        self.setAccessibleName(f"{self.title} {self.keys} {text}".strip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), QRectF(self.rect())
        on = self.isEnabled()
        edge = "border.strong" if self.underMouse() and on else "border"
        draw_box(painter, box, theme.color("bg.surface"), theme.color(edge))
        middle = box.center().y()
        cap = QRectF(Space.M, middle - Kiosk.KEYCAP / 2, Kiosk.KEYCAP_WIDE, Kiosk.KEYCAP)
        draw_box(painter, cap, theme.color("bg.subtle"), theme.color("border.button"), theme.Radius.CONTROL)
        write(painter, cap, self.keys, theme.font("section"), "text.1" if on else "text.disabled", CENTER)
        size = Kiosk.ICON_KEY
        spot = QRectF(cap.right() + Space.M, middle - size / 2, size, size)
        icons.draw(painter, self.icon_name, "text.2" if on else "text.disabled", spot)
        left = spot.right() + Space.M
        top = middle - (theme.TYPE["kiosk.strong"][1] + theme.TYPE["caption"][1]) / 2 - 1
        title = QRectF(left, top, box.right() - left - Space.S, theme.TYPE["kiosk.strong"][1])
        write(painter, title, self.title, theme.font("kiosk.strong"), "text.1" if on else "text.disabled")
        words = QRectF(left, title.bottom(), title.width(), theme.TYPE["caption"][1])
        write(painter, words, self.words, theme.font("caption"), "text.2" if on else "text.disabled")


class FootKey(QAbstractButton):
    """A key and its word in the line at the bottom; a click does the same. It never takes the focus."""

    def __init__(self, keys: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keys, self.words = keys, text
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{text} {keys}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _cap_wide(self) -> int:
        return QFontMetrics(theme.font("caption")).horizontalAdvance(self.keys) + Space.M

    def sizeHint(self) -> QSize:
        words = QFontMetrics(theme.font("caption")).horizontalAdvance(self.words)
        return QSize(self._cap_wide() + Space.S + words + Space.XS, theme.Height.PILL)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        cap = QRectF(0, 0, self._cap_wide(), self.height())
        draw_box(painter, cap, theme.color("bg.subtle"), theme.color("border.button"), theme.Radius.MARK)
        write(painter, cap, self.keys, theme.font("caption"), "text.2", CENTER)
        words = QRectF(cap.right() + Space.S, 0, self.width() - cap.right(), self.height())
        write(painter, words, self.words, theme.font("caption"), "text.2")


class ScanBox(QFrame):
    """The scan field with its icon and the thick ring that says where a code goes."""

    def __init__(self, line: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = line
        line.setParent(self)
        self.setFixedHeight(theme.Height.KIOSK_FIELD)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        left = Space.XL + Kiosk.ICON_SCAN + Space.XL - Space.S
        height = self.line.sizeHint().height()
        self.line.setGeometry(left, (self.height() - height) // 2, self.width() - left - Space.L, height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.line.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), QRectF(self.rect())
        on = self.line.hasFocus()
        wide = Kiosk.FIELD_LINE if on else 1
        edge = theme.color("focus" if on else "border.strong")
        draw_box(painter, box, theme.color("bg.surface"), edge, theme.Radius.CARD, wide)
        size = Kiosk.ICON_SCAN
        spot = QRectF(Space.XL, box.center().y() - size / 2, size, size)
        icons.draw(painter, "qr-scan-2-line", "primary" if on else "text.3", spot)
