"""What the steps of the import have in common, and the list at their left."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFrame, QWidget

from expo_app.specs import ImportPlan
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Tick
from expo_app.ui.kit.labels import ElidedLabel, Label, Pill, draw_shape
from expo_app.ui.kit.panels import column, row
from expo_app.ui.records.import_wizard.work import Work

SIDE = 208
"""Width of the list at the left."""


class Step(QWidget):
    """One step. `keys` are shown in the footer, `said` beside its buttons."""

    keys: Sequence[tuple[str, str]] = ()

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.work = work

    def show_plan(self, plan: ImportPlan) -> None:
        """Show another plan; focus, current row and scroll place stay."""
        raise NotImplementedError

    def begin(self) -> bool:
        """The step has come to front: put the focus where work begins; False where nothing is left to do."""
        return False

    def said(self, plan: ImportPlan) -> tuple[str, str]:
        """One sentence on what is open, and its tone."""
        return "", ""

    def on_keys(self, keys: str, act: object, inside: QWidget | None = None) -> None:
        """`act()` on these keys, anywhere in the step or only `inside`."""
        shortcut = QShortcut(QKeySequence(keys), inside or self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)


class Dot(QWidget):
    """The mark of a state before small words."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self.setFixedSize(theme.Space.M, theme.Space.L)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_shape(QPainter(self), self.kind, theme.KINDS[self.kind][0], QRectF(self.rect()).center())


class SideRow(QFrame):
    """A line of the list at the left: title, figure or pill, small words below; `tick` puts a box before it."""

    pressed = Signal()
    ticked = Signal(bool)

    def __init__(
        self, title: str, figure: str = "", note: str = "", kind: str = "", tick: bool | None = None,
        pill: tuple[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.is_current, self.name = False, title
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(f"{title} {figure} {note}".strip())
        line = row(self)
        line.setContentsMargins(theme.Space.M, theme.Space.S - 2, theme.Space.S, theme.Space.S - 2)
        self.box: Tick | None = None
        if tick is not None:
            self.box = Tick()
            self.box.setAccessibleName(title)
            self.box.setChecked(tick)
            self.box.clicked.connect(self.ticked)
            line.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=0)
        top, below = row(spacing=theme.Space.XS), row(spacing=0)
        self.title = ElidedLabel(title)
        top.addWidget(self.title, 1)
        if figure:
            top.addWidget(Label(figure, "fact"))
        if pill:
            top.addWidget(Pill(*pill))
        if kind and note:
            below.addWidget(Dot(kind))
        below.addWidget(ElidedLabel(note, "fact", kind if kind in ("warn", "bad") else ""), 1)
        words.addLayout(top)
        words.addLayout(below)
        line.addLayout(words, 1)

    def set_current(self, on: bool) -> None:
        """Show whether it is the one that the rest is about."""
        self.is_current = on
        self.title.setProperty("role", "strong" if on else "body")
        self.title.style().polish(self.title)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not (self.is_current or self.underMouse()):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("bg.selected" if self.is_current else "bg.hover"))
        painter.drawRoundedRect(QRectF(self.rect()), theme.Radius.MARK, theme.Radius.MARK)
        if self.is_current:
            painter.fillRect(0, 0, 3, self.height(), theme.color("primary"))
