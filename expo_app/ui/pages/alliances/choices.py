"""Things of which one is chosen: the card of a body, the line of an agreement."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from expo_app.i18n import _
from expo_app.model import Entry
from expo_app.specs.alliances_shown import AgreementLine, Body
from expo_app.ui.kit import theme
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.labels import ElidedLabel, IconView, Pill
from expo_app.ui.kit.panels import column, row


class Choice(QFrame):
    """`pressed` by mouse, Enter or Space; `is_card`: with a box of its own."""

    pressed = Signal()

    def __init__(self, said: str, is_card: bool) -> None:
        super().__init__()
        self._is_card, self._is_chosen = is_card, False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(said)

    def choose(self, on: bool) -> None:
        """Mark it as the one looked at."""
        self._is_chosen = on
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = "primary.soft" if self._is_chosen else "bg.hover" if self.underMouse() else "bg.surface"
        edge = "focus" if self.hasFocus() else "primary" if self._is_chosen else "border"
        if not self._is_card:
            edge = "focus" if self.hasFocus() else ""
        painter.setPen(theme.color(edge) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(ground))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, theme.Radius.CONTROL, theme.Radius.CONTROL)


def origin(source: str, is_sample: bool) -> str:
    """Whether it is made up or was reported."""
    return _("示例") if is_sample else _("报道") if source else ""


class BodyCard(Choice):
    """An alliance: name, when and how it was founded, its office, how many belong to it."""

    def __init__(self, body: Body) -> None:
        founded = " ".join(filter(None, (body.founded, body.founding))) or _("成立日期未报道")
        office = _("秘书处 {place}").format(place=body.secretariat or _("未报道"))
        members = _("成员 {n}").format(n=f"{body.members:,}")
        super().__init__(" · ".join((body.name, founded, office, members)), is_card=True)
        self.body = body
        line = row(self, theme.Space.S)
        line.setContentsMargins(theme.Space.M, theme.Space.S, theme.Space.M, theme.Space.S)
        line.addWidget(IconView("team-line", "primary"), 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=1)
        words.addWidget(ElidedLabel(body.name, "strong"))
        words.addWidget(ElidedLabel(" · ".join(filter(None, (founded, origin(body.source, body.is_sample)))), "fact"))
        words.addWidget(ElidedLabel(office, "fact"))
        held = QWidget()
        pills = FlowLayout(held, theme.Space.XS)
        pills.addWidget(Pill(members, "mute", shape=False))
        pills.addWidget(Pill(_("已办活动 {n}").format(n=f"{body.events:,}"), "mute", shape=False))
        if body.has_samples and not body.is_sample:
            pills.addWidget(Pill(_("示例成员"), "warn", shape=False))
        words.addWidget(held)
        line.addLayout(words, 1)


def parties_words(agreement: AgreementLine) -> str:
    """Two by their names, more by their number."""
    names = [party.name for party in agreement.parties]
    if not names:
        return _("签约方未登记")
    return _("、").join(names) if len(names) <= 2 else _("{n} 方").format(n=len(names))


class AgreementChoice(Choice):
    """An agreement: title, day, parties; how many have signed where not all have."""

    def __init__(self, agreement: AgreementLine) -> None:
        made_up, state = origin("", agreement.is_sample), Entry.VOID.label if agreement.is_void else ""
        detail = " · ".join(
            filter(None, (agreement.signed or _("日期未报道"), parties_words(agreement), state, made_up))
        )
        super().__init__(f"{agreement.title} · {detail}", is_card=False)
        self.agreement = agreement
        line = row(self, theme.Space.S)
        line.setContentsMargins(theme.Space.S, theme.Space.XS + 1, theme.Space.S, theme.Space.XS + 1)
        line.addWidget(IconView("article-line", "text.2"), 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=0)
        words.addWidget(ElidedLabel(agreement.title, "body"))
        words.addWidget(ElidedLabel(detail, "fact"))
        line.addLayout(words, 1)
