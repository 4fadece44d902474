"""The foot of the timetable: what each look of a block and of the ground means."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import column, row
from expo_app.ui.pages.matching.timetable_block import LOOKS
from expo_app.ui.pages.matching.timetable_shown import Tone

ENTRIES = (
    (Tone.AGREED, Tone.AGREED.value), (Tone.ASKED, Tone.ASKED.value), (Tone.CAME, Tone.CAME.value),
    (Tone.MISSED, Tone.MISSED.value), ("busy", N_("有人忙：提醒，不拦")), ("closed", N_("不开放：不能放")),
    ("lock", N_("锁定：自动排程不动")),
)  # fmt: skip
SIDE = 14


class Swatch(QWidget):
    """One look, 14 × 14."""

    def __init__(self, what: object) -> None:
        super().__init__()
        self._what = what
        self.setFixedSize(SIDE, SIDE)

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self._what == "lock":
            icons.draw(painter, "lock-line", "text.2", box)
        elif self._what == "busy":
            painter.fillRect(box, theme.color("warn.soft"))
            painter.fillRect(QRectF(0, SIDE - 2, SIDE, 2), theme.color("warn.solid"))
        elif self._what == "closed":
            painter.fillRect(box, theme.color("bg.subtle"))
            painter.fillRect(box, QBrush(theme.color("border.strong"), Qt.BrushStyle.BDiagPattern))
        elif isinstance(self._what, Tone):
            ground, edge, _mark = LOOKS[self._what]
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            path = QPainterPath()
            path.addRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.Radius.MARK, theme.Radius.MARK)
            pen = QPen(theme.color(edge), 1)
            if self._what is Tone.ASKED:
                pen.setDashPattern([2, 2])
            painter.fillPath(path, theme.color(ground))
            painter.strokePath(path, pen)


class Legend(QWidget):
    """All looks with their words, wrapped where they do not fit."""

    def __init__(self) -> None:
        super().__init__()
        holder = QWidget()
        flow = FlowLayout(holder, theme.Space.XS)
        lines = column(self, 0)
        lines.setContentsMargins(theme.Space.M, theme.Space.XS, theme.Space.M, theme.Space.XS)
        lines.addWidget(holder)
        for what, words in ENTRIES:
            pair = QWidget()
            line = row(pair, theme.Space.XS)
            line.setContentsMargins(0, 0, theme.Space.S, 0)
            line.addWidget(Swatch(what))
            line.addWidget(Label(_(words), "fact"))
            flow.addWidget(pair)
