"""Colour and pattern of a word: painted, and chosen together."""

from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QGridLayout, QSizePolicy, QWidget

from expo_app import plain_text
from expo_app.i18n import _
from expo_app.model import Colour, Pattern
from expo_app.rules.terms import PATTERNS, TOKENS, Term, Terms
from expo_app.specs.floor_plan import DASHED, Look
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.labels import ElidedLabel, Label, draw_box
from expo_app.ui.kit.panels import column
from expo_app.ui.parts.plan_items import draw_look

COLOURS = (
    Colour.BLUE, Colour.GREEN, Colour.ORANGE, Colour.PINK, Colour.TEAL, Colour.PURPLE, Colour.GREY,
)  # fmt: skip
"""What may be chosen; red is for what is refused."""
SWATCH, CELL = 18, 32
SAMPLE = QSize(72, 40)
ARROWS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


def look_words(colour: Colour | None, pattern: Pattern | None) -> str:
    """A look as it is said."""
    if colour is None:
        return _("不分颜色")
    return f"{colour.label} {(pattern or Pattern.SOLID).label}"


def draw_pair(painter: QPainter, rect: QRectF, colour: Colour | None, pattern: Pattern | None) -> None:
    """A colour and pattern inside `rect`."""
    token = TOKENS[colour]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_look(painter, rect, Look("", f"{token}.soft", token, PATTERNS[pattern]))


def draw_term(painter: QPainter, rect: QRectF, term: Term) -> None:
    """How a word looks: hidden ones have a dashed outline, those without a colour their first character."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if term.is_hidden:
        draw_look(painter, rect, Look("", "bg.subtle", "border.strong", DASHED))
        return
    draw_pair(painter, rect, term.colour, term.pattern)
    if term.colour is None:
        painter.setFont(theme.font("mark"))
        painter.setPen(theme.color("text.1"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, term.label[:1])


class Sample(QWidget):
    """A word as plans and charts show it, with its name and how many records have it."""

    def __init__(self, term: Term, used: int | None) -> None:
        super().__init__()
        lines = column(self, theme.Space.XS)
        self._face = _Face(term)
        lines.addWidget(self._face)
        words = term.label if used is None else f"{term.label} {used:,}"
        lines.addWidget(ElidedLabel(words, "fact"))
        self.setFixedWidth(SAMPLE.width() + theme.Space.S)


class _Face(QWidget):
    def __init__(self, term: Term) -> None:
        super().__init__()
        self._term = term
        self.setFixedSize(SAMPLE)
        self.setAccessibleName(f"{term.label} {look_words(term.colour, term.pattern)}")

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_term(QPainter(self), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), self._term)


class PairButton(QAbstractButton):
    """A colour with a pattern; `owner` is the word that has it, which nobody else may take."""

    def __init__(self, colour: Colour, pattern: Pattern, owner: Term | None, is_own: bool) -> None:
        super().__init__()
        self.colour, self.pattern, self.owner, self._is_own = colour, pattern, owner, is_own
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        words = look_words(colour, pattern)
        if owner is not None and not is_own:
            words = _("{look}（{name}在用）").format(look=words, name=owner.label)
        self.setToolTip(plain_text.shown(words))
        self.setAccessibleName(words)

    def sizeHint(self) -> QSize:
        return QSize(CELL, CELL)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), QRectF(self.rect())
        if self._is_own or self.hasFocus():
            edge = theme.color("focus" if self.hasFocus() else "primary")
            draw_box(painter, box, theme.color("bg.selected"), edge, theme.Radius.CONTROL, 2)
        face = QRectF(0, 0, SWATCH + 2, SWATCH + 2)
        face.moveCenter(box.center())
        draw_pair(painter, face, self.colour, self.pattern)
        mark = "check-line" if self._is_own else "lock-line" if self.owner is not None else ""
        if mark:
            size = theme.IconSize.INLINE - 2
            place = QRectF(0, 0, size, size)
            place.moveCenter(face.center())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("bg.surface"))
            painter.drawEllipse(place.adjusted(-1, -1, 1, 1))
            icons.draw(painter, mark, "text.1", place)


class LookPopup(QFrame):
    """Every pair of colour and pattern below the cell of a word; `chosen(colour, pattern)`. Arrows walk, Esc closes."""

    chosen = Signal(object, object)

    def __init__(self, parent: QWidget, term: Term, terms: Terms[Term]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(_("{name}的颜色和图案").format(name=term.label))
        lines = column(self, theme.Space.S, theme.Space.M)
        lines.addWidget(Label(_("颜色和图案一起选，锁住的已有词在用"), "fact"))
        grid = QGridLayout()
        grid.setSpacing(2)
        self._buttons: dict[tuple[int, int], PairButton] = {}
        for line, colour in enumerate(COLOURS):
            for place, pattern in enumerate(Pattern):
                owner = terms.looking(colour, pattern)
                button = PairButton(colour, pattern, owner, owner is not None and owner.id == term.id)
                button.clicked.connect(partial(self._take, button))
                grid.addWidget(button, line, place)
                self._buttons[line, place] = button
        lines.addLayout(grid)
        self.problem = Label("", "fact", "bad", wrap=True)
        lines.addWidget(self.problem)
        self.problem.hide()

    def open_at(self, place: QPoint) -> None:
        """Show it with its corner at a point of the screen, or as near as the screen allows."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        left = min(place.x(), room.right() - self.width())
        top = place.y() if place.y() + self.height() <= room.bottom() else room.bottom() - self.height()
        self.move(left, top)
        self.show()
        own = next((b for b in self._buttons.values() if b._is_own), None)
        (own or self._buttons[0, 0]).setFocus(Qt.FocusReason.TabFocusReason)

    def button(self, colour: Colour, pattern: Pattern) -> PairButton:
        """The button of a pair."""
        return next(b for b in self._buttons.values() if (b.colour, b.pattern) == (colour, pattern))

    def _take(self, button: PairButton) -> None:
        if button.owner is not None and not button._is_own:
            self.problem.setText(_("“{name}”已经用这个颜色和图案。").format(name=button.owner.label))
            self.problem.show()
            self.adjustSize()
            return
        self.close()
        if not button._is_own:
            self.chosen.emit(button.colour, button.pattern)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = ARROWS.get(Qt.Key(event.key()))
        here = next((place for place, button in self._buttons.items() if button.hasFocus()), (0, 0))
        if step is not None:
            target = self._buttons.get((here[0] + step[0], here[1] + step[1]))
            if target is not None:
                target.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._buttons[here].click()
        else:
            super().keyPressEvent(event)  # Esc closes a popup

    def paintEvent(self, event: QPaintEvent) -> None:
        box = QRectF(self.rect())
        draw_box(QPainter(self), box, theme.color("bg.surface"), theme.color("border.button"), theme.Radius.CARD)
