"""Painted parts of a screen that is read from 2 m: the verdict and the person. See `desk_widgets` for the rest.

Each is one widget with one `show_…` call: nothing moves between two scans. What they say comes ready from the page.
"""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app import plain_text
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.labels import CENTER, draw_box, write
from expo_app.ui.kit.theme import Kiosk, Space

# Tone of the big panel: ground, ink, edge.
TONES: dict[str, tuple[str, str, str]] = {
    "ok": ("ok.solid", "on.ok", "ok.solid"), "warn": ("warn.solid", "on.warn", "warn.solid"),
    "bad": ("bad.solid", "on.bad", "bad.solid"), "calm": ("bg.surface", "text.1", "border"),
    "busy": ("primary.soft", "primary", "primary"), "fault": ("bad.soft", "bad", "bad"),
}  # fmt: skip
DARKER, SOFT = 122, 0.07  # per cent on a coloured ground, share of the ink on a calm one


@dataclass(frozen=True)
class VerdictFace:
    """What the big panel says. `tone`: a key of TONES; `sound`: the name of the sound that goes with it."""

    tone: str
    icon: str
    word: str
    reason: str = ""
    steps: tuple[str, ...] = ()
    steps_title: str = ""
    sound: str = ""


class VerdictView(QWidget):
    """The verdict: icon, word, reason, what to do next, the sound's name. `show_face` paints it at once."""

    def __init__(self, face: VerdictFace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(Kiosk.STEPS)
        self.show_face(face)

    def show_face(self, face: VerdictFace) -> None:
        """Say something else."""
        self.face = face
        self.setAccessibleName("，".join(filter(None, (face.word, face.reason))))
        self.setAccessibleDescription("，".join(face.steps))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box, face = QPainter(self), QRectF(self.rect()), self.face
        ground, ink, edge = TONES[face.tone]
        draw_box(painter, box, theme.color(ground), theme.color(edge), theme.Radius.VERDICT)
        middle = box.center().y()
        icon = QRectF(Kiosk.ICON_LEFT, middle - Kiosk.ICON / 2, Kiosk.ICON, Kiosk.ICON)
        icons.draw(painter, face.icon, ink, icon)
        steps = self._steps_box()
        heights = theme.TYPE["kiosk.verdict"][1], theme.TYPE["kiosk.reason"][1]
        top = middle - sum(heights) / 2 if face.reason else middle - heights[0] / 2
        right = (steps.left() if face.steps else box.right() - Kiosk.STEPS_RIGHT) - Space.L
        word = QRectF(Kiosk.WORD_LEFT, top, right - Kiosk.WORD_LEFT, heights[0])
        write(painter, word, face.word, theme.fitting("kiosk.verdict", face.word, word.width(), "kiosk.company"), ink)
        below = max(word.bottom(), steps.bottom() if face.steps else 0)
        room = box.right() - Kiosk.STEPS_RIGHT - Kiosk.WORD_LEFT
        if below > word.bottom() + Space.S:  # beside the list, not under it
            room = right - Kiosk.WORD_LEFT
        self._write_reason(painter, QRectF(Kiosk.WORD_LEFT, word.bottom(), room, heights[1]), ink)
        if face.steps:
            self._draw_steps(painter, steps, ground, ink)
        if face.sound:
            self._draw_sound(painter, ground, ink)

    def _write_reason(self, painter: QPainter, rect: QRectF, ink: str) -> None:
        """One line at full or smaller size; two lines where even that is too long."""
        text = plain_text.shown(self.face.reason)
        face = theme.fitting("kiosk.reason", text, rect.width(), "kiosk.company")
        if QFontMetrics(face).horizontalAdvance(text) <= rect.width():
            write(painter, rect, text, face, ink)
            return
        face = theme.fitting("kiosk.reason", text, rect.width() * 1.8, "kiosk.detail")
        painter.setFont(face)
        painter.setPen(theme.color(ink))
        lines = QRectF(rect.x(), rect.y(), rect.width(), 2 * QFontMetrics(face).lineSpacing())
        painter.drawText(lines, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, text)

    def _steps_box(self) -> QRectF:
        top = Kiosk.STEPS_TOP if self.height() > Kiosk.SIDE + Kiosk.CHIP else Kiosk.STEPS_TOP_LOW
        line = theme.TYPE["kiosk.step"][1]
        height = theme.TYPE["kiosk.detail"][1] + 2 * Space.L + Space.XS + line * len(self.face.steps)
        return QRectF(self.width() - Kiosk.STEPS_RIGHT - Kiosk.STEPS, top, Kiosk.STEPS, height)

    def _draw_steps(self, painter: QPainter, box: QRectF, ground: str, ink: str) -> None:
        self._draw_box(painter, box, (ground, ink), theme.Radius.OVERLAY)
        inner = box.adjusted(Space.XL, Space.L, -Space.L, 0)
        title = QRectF(inner.x(), inner.y(), inner.width(), theme.TYPE["kiosk.detail"][1])
        write(painter, title, self.face.steps_title, theme.font("kiosk.detail"), ink)
        line = theme.TYPE["kiosk.step"][1]
        for n, step in enumerate(self.face.steps):
            rect = QRectF(inner.x(), title.bottom() + Space.XS + n * line, inner.width(), line)
            write(painter, rect, step, theme.fitting("kiosk.step", step, rect.width()), ink)

    def _draw_sound(self, painter: QPainter, ground: str, ink: str) -> None:
        face = theme.font("emphasis")
        wide = QFontMetrics(face).horizontalAdvance(self.face.sound) + theme.IconSize.PRINTER + 3 * Space.L
        right, bottom = self.width() - Kiosk.STEPS_RIGHT, self.height() - Space.XL
        pill = QRectF(right - wide, bottom - Kiosk.SOUND, wide, Kiosk.SOUND)
        self._draw_box(painter, pill, (ground, ink), Kiosk.SOUND / 2)
        size = theme.IconSize.RAIL
        spot = QRectF(pill.x() + Space.L, pill.center().y() - size / 2, size, size)
        icons.draw(painter, "volume-up-line", ink, spot)
        write(painter, pill.adjusted(Space.L + size + Space.S, 0, 0, 0), self.face.sound, face, ink)

    def _draw_box(self, painter: QPainter, box: QRectF, tokens: tuple[str, str], radius: float) -> None:
        """Darker than a loud ground, lightly tinted on a calm one."""
        ground, ink = tokens
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(ground).darker(DARKER) if ground.endswith(".solid") else theme.tint(ink, SOFT))
        painter.drawRoundedRect(box, radius, radius)


@dataclass(frozen=True)
class Fact:
    """One line beside the person: an icon in the colour of `token`, and words."""

    icon: str
    token: str
    text: str


@dataclass(frozen=True)
class PersonFace:
    """Who stands there. `chip`: the category, in the colours of `chip_color`. `note` alone stands where nobody is."""

    name: str = ""
    chip: str = ""
    chip_color: str = "cat.service"
    organisation: str = ""
    line: str = ""
    facts: tuple[Fact, ...] = ()
    note: str = ""


class PersonCard(QWidget):
    """Name, category, organisation, title and badge number; three facts at the right."""

    def __init__(self, face: PersonFace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_low(False)
        self.show_face(face)

    def set_low(self, low: bool) -> None:
        """The height for a low window."""
        self.setFixedHeight(Kiosk.PERSON_LOW if low else Kiosk.PERSON)

    def show_face(self, face: PersonFace) -> None:
        """Show somebody else."""
        self.face = face
        words = (face.name, face.chip, face.organisation, face.line, *(fact.text for fact in face.facts), face.note)
        self.setAccessibleName("，".join(filter(None, words)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box, face = QPainter(self), QRectF(self.rect()), self.face
        draw_box(painter, box, theme.color("bg.surface"), theme.color("border"))
        if not face.name:
            write(painter, box, face.note, theme.font("kiosk.detail"), "text.3", CENTER)
            return
        divider = box.right() - Kiosk.FACTS
        left, right = box.left() + Space.XXL, divider - Space.XL
        tall, middle, small = (theme.TYPE[role][1] for role in ("kiosk.name", "kiosk.company", "kiosk.detail"))
        middle = middle if face.organisation else 0
        y = box.center().y() - (tall + middle + small) / 2 - Space.XS
        self._draw_name(painter, QRectF(left, y, right - left, tall))
        company = QRectF(left, y + tall, right - left, middle)
        company_font = theme.fitting("kiosk.company", face.organisation, right - left)
        write(painter, company, face.organisation, company_font, "text.1")
        line = QRectF(left, company.bottom() + Space.XS, right - left, small)
        write(painter, line, face.line, theme.font("kiosk.detail"), "text.2")
        painter.setPen(theme.color("border"))
        painter.drawLine(int(divider), int(box.top() + Space.XL), int(divider), int(box.bottom() - Space.XL))
        self._draw_facts(painter, QRectF(divider, box.top(), Kiosk.FACTS, box.height()))

    def _draw_name(self, painter: QPainter, rect: QRectF) -> None:
        face = self.face
        chip_wide = QFontMetrics(theme.font("title")).horizontalAdvance(face.chip) + 2 * Space.L
        room = rect.width() - chip_wide - Space.L
        role = theme.fitting("kiosk.name", face.name, room, "kiosk.company")
        write(painter, QRectF(rect.x(), rect.y(), room, rect.height()), face.name, role, "text.1")
        name_wide = min(room, QFontMetrics(role).horizontalAdvance(face.name))
        if face.chip:
            chip = QRectF(
                rect.x() + name_wide + Space.L, rect.center().y() - Kiosk.CHIP / 2 + Space.XS, chip_wide, Kiosk.CHIP
            )
            ground, edge = theme.color(f"{face.chip_color}.soft"), theme.color(face.chip_color)
            draw_box(painter, chip, ground, edge, theme.Radius.CARD, 2)
            write(painter, chip, face.chip, theme.font("title"), "text.1", CENTER)

    def _draw_facts(self, painter: QPainter, rect: QRectF) -> None:
        step = theme.TYPE["kiosk.detail"][1] + Space.S + 1
        y = rect.center().y() - len(self.face.facts) * step / 2
        size = theme.IconSize.RAIL
        for fact in self.face.facts:
            icons.draw(painter, fact.icon, fact.token, QRectF(rect.x() + Space.XL, y + (step - size) / 2, size, size))
            inner = QRectF(rect.x() + Space.XXXL + Space.S, y, rect.width() - Space.XXXL - Space.XL, step)
            write(painter, inner, fact.text, theme.fitting("kiosk.detail", fact.text, inner.width(), "body"), "text.1")
            y += step
