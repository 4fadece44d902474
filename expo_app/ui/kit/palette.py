"""The command palette (Ctrl+K): records first, then commands, found by `look_up(text)`, which the window supplies."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from expo_app import plain_text
from expo_app.i18n import _
from expo_app.rules.palette_rows import MOST, PaletteRow, pieces
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.labels import IconView, KeyCap, Label, Line, elided
from expo_app.ui.kit.overlay import Overlay
from expo_app.ui.kit.panels import column, row

TOP, ROW, GROUP = 96, 40, 28


LookUp = Callable[[str], Sequence[PaletteRow]]


class _Rows(QWidget):
    """The hits, grouped; one is current."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.rows: list[PaletteRow] = []
        self.current, self._nothing = 0, False

    def set(self, rows: Sequence[PaletteRow], nothing: bool) -> None:
        self.rows, self.current, self._nothing = list(rows)[:MOST], 0, nothing
        self._tell()
        self.updateGeometry()
        self.update()

    def step(self, step: int) -> None:
        if self.rows:
            self.current = (self.current + step) % len(self.rows)
            self._tell()
            self.update()

    def _tell(self) -> None:
        self.setAccessibleName(self.rows[self.current].title if self.rows else "")

    def _places(self) -> list[tuple[int, bool]]:
        """For each row its y, and whether a group's name stands above it."""
        places, y, group = [], theme.Space.XS, None
        for hit in self.rows:
            starts = hit.group != group
            y += GROUP if starts else 0
            places.append((y, starts))
            y, group = y + ROW, hit.group
        return places

    def sizeHint(self) -> QSize:
        places = self._places()
        empty = 2 * ROW if self._nothing else 0
        return QSize(theme.Width.PALETTE, places[-1][0] + ROW + theme.Space.S if places else empty)

    def _row_at(self, y: float) -> int:
        return next((i for i, (top, _s) in enumerate(self._places()) if top <= y < top + ROW), -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._row_at(event.position().y())
        if place >= 0 and place != self.current:
            self.current = place
            self._tell()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._row_at(event.position().y())
        if place >= 0:
            self.chosen.emit(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.rows and self._nothing:
            painter.setPen(theme.color("text.3"))
            painter.setFont(theme.font("body"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _("没有找到，换个说法试试"))
        for index, (y, starts) in enumerate(self._places()):
            if starts:
                painter.setPen(theme.color("text.3"))
                painter.setFont(theme.font("caption"))
                box = QRectF(24, y - GROUP + 4, self.width() - 48, GROUP - 4)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.rows[index].group)
            self._draw_row(painter, index, QRectF(8, y, self.width() - 16, ROW))

    def _draw_row(self, painter: QPainter, index: int, box: QRectF) -> None:
        hit, middle = self.rows[index], Qt.AlignmentFlag.AlignVCenter
        if index == self.current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("bg.selected"))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), theme.Radius.CONTROL, theme.Radius.CONTROL)
            painter.setBrush(theme.color("primary"))
            painter.drawRoundedRect(QRectF(box.x(), box.y() + 11, 3, ROW - 22), 1.5, 1.5)
        token = "primary" if index == self.current else "text.2"
        icons.draw(painter, hit.icon, token, QRectF(box.x() + 17, box.center().y() - 8, 16, 16))
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.2"))
        hint = painter.fontMetrics().horizontalAdvance(hit.key_hint)
        painter.drawText(box.adjusted(0, 0, -16, 0), middle | Qt.AlignmentFlag.AlignRight, hit.key_hint)
        end = box.right() - 16 - hint - 16
        title, detail = pieces(hit.title, hit.matched), pieces(hit.detail, hit.why)
        x = self._draw_words(painter, title, QPointF(box.x() + 47, box.y()), end, ("body", "strong", "text.1"))
        if end - x - 12 > 24:
            caption = ("caption", "caption.bold", "text.2")
            self._draw_words(painter, detail, QPointF(x + 12, box.y()), end, caption)

    @staticmethod
    def _draw_words(
        painter: QPainter, words: Sequence[tuple[str, bool]], at: QPointF, end: float, look: tuple[str, str, str]
    ) -> float:
        """Paint words up to `end` (`look`: plain font, stressed font, colour); returns where they stop."""
        x = at.x()
        plain, strong, token = look
        for part, stressed in words:
            text = plain_text.shown(part)
            face = theme.font(strong if stressed else plain)
            metrics, room = QFontMetrics(face), int(end - x)
            shown = elided(text, metrics, room)
            painter.setFont(face)
            painter.setPen(theme.color("primary" if stressed else token))
            painter.drawText(QRectF(x, at.y(), room, ROW), Qt.AlignmentFlag.AlignVCenter, shown)
            x += metrics.horizontalAdvance(shown)
            if shown != text:
                break
        return x


class Palette(Overlay):
    """Type, ↑↓, Enter. The first row is current at once; Esc closes; a chosen row's action runs after closing."""

    def __init__(self, parent: QWidget, look_up: LookUp, placeholder: str = "", note: str = "") -> None:
        super().__init__(parent)
        self._look_up = look_up
        self.setFixedWidth(theme.Width.PALETTE)
        lines = column(self, 0, 1)
        head = row(spacing=theme.Space.L)
        head.setContentsMargins(theme.Space.XL, theme.Space.S, theme.Space.L, theme.Space.S)
        head.addWidget(IconView("search-line", "text.2", theme.IconSize.RAIL))
        self.line = QLineEdit()
        self.line.setProperty("role", "palette")
        self.line.setPlaceholderText(placeholder or _("搜索参展商、嘉宾、胸卡号或命令"))
        self.line.setAccessibleName(_("命令面板"))
        head.addWidget(self.line, 1)
        head.addWidget(KeyCap("Esc"))
        lines.addLayout(head)
        lines.addWidget(Line())
        self._rows = _Rows()
        self._rows.chosen.connect(self._run)
        lines.addWidget(self._rows)
        lines.addWidget(Line())
        lines.addWidget(self._make_foot(note))
        self.line.textChanged.connect(self._on_text)
        self._on_text("")

    @staticmethod
    def _make_foot(note: str) -> QWidget:
        foot = QWidget()
        line = row(foot)
        line.setContentsMargins(theme.Space.L + theme.Space.XS, theme.Space.S, theme.Space.XL - 2, theme.Space.S)
        for keys, words in (("↑↓", _("选择")), ("Enter", _("打开"))):
            line.addWidget(KeyCap(keys))
            line.addWidget(Label(words, "fact"))
        line.addStretch(1)
        line.addWidget(Label(note or _("可用中文、拼音、首字母、编号"), "fact"))
        return foot

    @property
    def rows(self) -> list[PaletteRow]:
        """The hits shown."""
        return self._rows.rows

    @property
    def current(self) -> PaletteRow | None:
        """The hit Enter would run."""
        return self._rows.rows[self._rows.current] if self._rows.rows else None

    def top(self, height: int) -> int:
        return min(TOP, max(theme.Space.XL, self._window.height() - height - theme.Space.XL))

    def first_focus(self) -> QWidget:
        return self.line

    def _on_text(self, text: str) -> None:
        self._rows.set(self._look_up(text.strip()), bool(text.strip()))

    def _run(self, place: int) -> None:
        action = self._rows.rows[place].action
        self.close_with(None)
        action()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps:
            self._rows.step(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._rows.rows:
                self._run(self._rows.current)
        else:
            super().keyPressEvent(event)
