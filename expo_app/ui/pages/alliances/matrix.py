"""Members by role and region: each number a button that filters the list below. Arrows go from number to number."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.model import MemberRole
from expo_app.specs.alliances_shown import Matrix
from expo_app.specs.fields import MISSING
from expo_app.ui.canvas.words import wrapped
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import elided

HEAD, ROW, LOW_ROW, LABEL, LEAST, PAD, GAP = 34, 34, 27, 84, 44, 14, 2
FROM, TO = 0.08, 0.52
"""How much of the token is in the palest and the strongest cell: at 52 % `text.1` keeps 4.5:1."""
ROLES: tuple[MemberRole | None, ...] = (*MemberRole, None)
"""The lines; None is the sum."""
Key = tuple[MemberRole | None, str | None]
"""(role, key of a region), None for all."""
MIDDLE = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class RoleMap(QWidget):
    """`chosen(key)` of what was pressed."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix: Matrix | None = None
        self.at = (0, 0)
        self.picked: Key | None = None
        self._under: tuple[int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set(self, matrix: Matrix) -> None:
        """Show other numbers."""
        self.matrix = matrix
        rows, columns = len(ROLES), len(self.keys)
        self.at = (min(self.at[0], rows - 1), min(self.at[1], columns - 1))
        self.fit()
        self._tell()

    def pick(self, key: Key | None) -> None:
        """Frame what the list is filtered by."""
        self.picked = key
        self.update()

    def fit(self) -> None:
        """As high as the window allows."""
        self.setFixedHeight(HEAD + self._row * len(ROLES))
        self.setMinimumWidth(int(self._label) + LEAST * len(self.keys))
        self.update()

    @property
    def keys(self) -> list[str | None]:
        """Of each column; the last is the sum."""
        return [*(key for key, _label in self.matrix.columns), None] if self.matrix else [None]

    @property
    def _row(self) -> int:
        return LOW_ROW if self.window().height() < theme.LOW_WINDOW else ROW

    @property
    def _label(self) -> float:
        """Px of the roles before the numbers."""
        metrics = QFontMetrics(theme.font("strong"))
        return max(LABEL, *(metrics.horizontalAdvance(role.label) + PAD + PAD // 2 for role in MemberRole))

    def sizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), self.height())

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Resize):
            self.fit()
        return super().event(event)

    # --- places ---

    def key_at(self, place: tuple[int, int]) -> Key:
        return ROLES[place[0]], self.keys[place[1]]

    def count(self, place: tuple[int, int]) -> int:
        return len(self.matrix.ids(*self.key_at(place))) if self.matrix else 0

    def box(self, place: tuple[int, int]) -> QRectF:
        wide = (self.width() - self._label - PAD) / len(self.keys)
        return QRectF(self._label + wide * place[1], HEAD + self._row * place[0], wide, self._row)

    def _places(self) -> Iterator[tuple[int, int]]:
        return ((row, column) for row in range(len(ROLES)) for column in range(len(self.keys)))

    def _place(self, point: QPointF) -> tuple[int, int] | None:
        return next((place for place in self._places() if self.box(place).contains(point) and self.count(place)), None)

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.matrix is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(1, HEAD + self._row * (len(ROLES) - 1), self.width() - 2, self._row - 1),
                         theme.color("bg.subtle"))  # fmt: skip
        self._paint_heads(painter)
        for place in self._places():
            self._paint_cell(painter, place)

    def _paint_heads(self, painter: QPainter) -> None:
        painter.setPen(theme.color("text.2"))
        labels = [*(label for _key, label in self.matrix.columns), _("合计")] if self.matrix else []
        wide = int(self.box((0, 0)).width()) - 2
        metrics = QFontMetrics(theme.font("strong"))
        face = "strong" if all(metrics.horizontalAdvance(label) <= wide for label in labels) else "caption"
        painter.setFont(theme.font(face))
        for column, label in enumerate(labels):
            box = QRectF(self.box((0, column)).x(), 0, self.box((0, column)).width(), HEAD)
            painter.drawText(box, MIDDLE, "\n".join(wrapped(label, face, wide, 2)))
        painter.setPen(theme.color("text.1"))
        for row, role in enumerate(ROLES):
            words = role.label if role else _("合计")
            box = QRectF(PAD, HEAD + self._row * row, self._label - PAD, self._row)
            painter.setFont(theme.font("strong" if role is None else "body"))
            painter.drawText(box, LEFT, elided(words, QFontMetrics(painter.font()), box.width()))

    def _paint_cell(self, painter: QPainter, place: tuple[int, int]) -> None:
        n, box, key = self.count(place), self.box(place), self.key_at(place)
        inner = box.adjusted(GAP, GAP, -GAP, -GAP)
        if n and None not in key and self.matrix:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.tint("primary", FROM + (TO - FROM) * n / self.matrix.most))
            painter.drawRoundedRect(inner, theme.Radius.MARK, theme.Radius.MARK)
        painter.setFont(theme.font("strong" if n else "body"))
        painter.setPen(theme.color("text.1" if n else "text.3"))
        painter.drawText(box, MIDDLE, f"{n:,}" if n else MISSING)
        rings = (
            (self.picked == key, "primary"), (self.hasFocus() and place == self.at, "focus"),
            (place == self._under, "border.strong"),
        )  # fmt: skip
        token = next((token for on, token in rings if on), None)
        if token:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color(token), 2))
            painter.drawRoundedRect(inner, theme.Radius.MARK, theme.Radius.MARK)

    # --- pointer and keys ---

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._under = self._place(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._under else Qt.CursorShape.ArrowCursor)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._under = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._place(event.position())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go(place)
            self.press()

    def press(self) -> None:
        """Filter by where the arrows are."""
        if self.count(self.at):
            self.chosen.emit(self.key_at(self.at))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
        key = Qt.Key(event.key())
        if key in ways:
            down, right = ways[key]
            place = (self.at[0] + down, self.at[1] + right)
            if place in set(self._places()):
                self._go(place)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.press()
        else:
            super().keyPressEvent(event)

    def _go(self, place: tuple[int, int]) -> None:
        self.at = place
        self._tell()
        self.update()

    def said(self, key: Key) -> str:
        """A cell in words: 发起 · 上海."""
        labels = dict(self.matrix.columns) if self.matrix else {}
        words = (key[0].label if key[0] else "", labels.get(key[1], "") if key[1] is not None else "")
        return " · ".join(filter(None, words)) or _("合计")

    def _tell(self) -> None:
        self.setAccessibleName(f"{self.said(self.key_at(self.at))} {self.count(self.at)}")

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()
