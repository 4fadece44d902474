"""What 用券登记 is made of beside its fields: the line of steps, bars of limits, lines of checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from expo_app.i18n import meant
from expo_app.plain_text import shown
from expo_app.specs.voucher_shown import Check, Mark
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.labels import IconView, Label, draw_meter, write
from expo_app.ui.kit.panels import clear, column, row

DISC, BETWEEN, LEAST_LINK = 24, 12, 24
"""px: the disc of a step, around it, and the shortest line between two steps."""
MARKS: dict[Mark, tuple[str, str, str]] = {
    Mark.OK: ("checkbox-circle-fill", "ok", ""), Mark.BAD: ("close-circle-fill", "bad", "bad"),
    Mark.OPEN: ("error-warning-fill", "warn", "warn"), Mark.NOTE: ("error-warning-fill", "warn", "warn"),
    Mark.LATER: ("subtract-line", "text.3", ""),
}  # fmt: skip
"""Icon, its colour and the tone of the words of a check."""


@dataclass(frozen=True)
class StepWords:
    """One step: its name, what is said below it, and whether it is over (True), under way (None) or to come (False)."""

    title: str
    note: str
    done: bool | None


class StepLine(QWidget):
    """Steps from left to right with a line between them; each note may take what room there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps: tuple[StepWords, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(40)

    def set(self, steps: Sequence[StepWords]) -> None:
        """Show these."""
        self.steps = tuple(steps)
        self.setAccessibleName("  ".join(f"{step.title} {step.note}" for step in self.steps))
        self.setToolTip(shown("\n".join(f"{step.title}  {step.note}" for step in self.steps)))
        self.update()

    def _widths(self) -> list[float]:
        """px of the words of each: what they need, less where there is no room for all."""
        strong, small = QFontMetrics(theme.font("strong")), QFontMetrics(theme.font("caption"))
        needs = [max(strong.horizontalAdvance(s.title), small.horizontalAdvance(s.note)) + 2.0 for s in self.steps]
        fixed = len(needs) * (DISC + BETWEEN) + (len(needs) - 1) * (LEAST_LINK + 2 * BETWEEN)
        room = self.width() - fixed
        over = sum(needs) - room
        while over > 0.5 and (wide := [n for n in needs if n > room / len(needs)]):
            cut = over / len(wide)
            needs = [max(room / len(needs), n - cut) if n > room / len(needs) else n for n in needs]
            left = sum(needs) - room
            if left >= over:
                break
            over = left
        return needs

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.steps:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        needs = self._widths()
        spare = self.width() - sum(needs) - len(needs) * (DISC + BETWEEN)
        link = max(LEAST_LINK, spare / max(1, len(needs) - 1) - 2 * BETWEEN)
        x, middle = 0.0, self.height() / 2
        for place, (step, wide) in enumerate(zip(self.steps, needs, strict=True)):
            self._disc(painter, QRectF(x, middle - DISC / 2, DISC, DISC), place + 1, step)
            x += DISC + BETWEEN
            token = "text.2" if step.done is False else "text.1"
            write(painter, QRectF(x, middle - 20, wide, 21), step.title, theme.font("strong"), token)
            write(painter, QRectF(x, middle + 1, wide, 18), step.note, theme.font("caption"), "text.2")
            x += wide + BETWEEN
            if place + 1 < len(needs):
                painter.fillRect(
                    QRectF(x, middle - 1, link, 2), theme.color("primary" if step.done else "border.button")
                )
                x += link + BETWEEN

    def _disc(self, painter: QPainter, disc: QRectF, number: int, step: StepWords) -> None:
        ground = {True: "ok", None: "primary", False: "bg.surface"}[step.done]
        painter.setPen(QPen(theme.color("border.strong")) if step.done is False else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(ground))
        painter.drawEllipse(disc.adjusted(0.5, 0.5, -0.5, -0.5))
        if step.done:
            icons.draw(painter, "check-line", "bg.surface", disc.adjusted(4, 4, -4, -4))
            return
        painter.setFont(theme.font("caption.bold"))
        painter.setPen(theme.color("text.2" if step.done is False else "on.primary"))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(number))


@dataclass(frozen=True)
class LimitBar:
    """One limit in yuan: what is taken before, what this use takes; `most` None: no such limit. `alert` colours it."""

    title: str
    most: Decimal | None
    before: Decimal
    after: Decimal
    words: str
    alert: bool = False


class LimitView(QWidget):
    """Title and percent, the bar (grey what is taken, plum what this use takes), the words below."""

    def __init__(self, limit: LimitBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.limit = limit
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(50)
        self.setAccessibleName(f"{limit.title} {self.percent} {limit.words}".strip())
        self.setToolTip(shown(limit.words))

    @property
    def percent(self) -> str:
        """How full it is after this use; "" without a limit."""
        if not self.limit.most:
            return ""
        return f"{min(Decimal(999), self.limit.after * 100 / self.limit.most):.1f} %"

    def sizeHint(self) -> QSize:
        return QSize(200, 50)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        limit, token = self.limit, "warn" if self.limit.alert else "text.2"
        right = theme.font("caption")
        wide = QFontMetrics(right).horizontalAdvance(self.percent)
        write(painter, QRectF(0, 0, self.width() - wide - theme.Space.S, 18), limit.title, theme.font("caption.bold"),
              "text.1")  # fmt: skip
        painter.setFont(right)
        painter.setPen(theme.color(token))
        painter.drawText(QPointF(self.width() - wide, 14), self.percent)
        bar = QRectF(0, 21, self.width(), 7)
        before, after = (float(part / limit.most) if limit.most else 0.0 for part in (limit.before, limit.after))
        draw_meter(painter, bar, after, "warn.solid" if limit.alert else "plum")
        if before > 0:
            painter.setClipRect(QRectF(bar.x(), bar.y(), bar.width() * min(before, 1.0), bar.height()))
            draw_meter(painter, bar, max(before, after), "border.strong")
            painter.setClipping(False)
        write(painter, QRectF(0, 31, self.width(), 18), limit.words, theme.font("caption"), token)


class CheckLines(QWidget):
    """Checks below each other: a mark and a sentence; shown anew only where they changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: QVBoxLayout = column(self, theme.Space.XS)
        self.checks: tuple[Check, ...] = ()

    def set(self, checks: Sequence[Check]) -> None:
        """Show these."""
        if tuple(checks) == self.checks:
            return
        self.checks = tuple(checks)
        clear(self._lines)
        for check in checks:
            icon, token, tone = MARKS[check.mark]
            line = row(spacing=theme.Space.S)
            line.addWidget(IconView(icon, token), 0, Qt.AlignmentFlag.AlignTop)
            words = Label(check.words, "caption", tone, wrap=True)
            words.setAccessibleName(f"{meant(Mark.__name__, check.mark)} {check.words}")
            line.addWidget(words, 1)
            self._lines.addLayout(line)
