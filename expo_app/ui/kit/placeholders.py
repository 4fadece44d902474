"""What a page says when there is nothing, nothing found, something wrong, or not yet anything to show."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QLinearGradient, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import IconView, Label, draw_box
from expo_app.ui.kit.panels import column, row

BANNER_ICONS = {
    "ok": "checkbox-circle-fill", "info": "information-fill", "warn": "error-warning-fill", "bad": "close-circle-fill",
}  # fmt: skip
WAIT_BEFORE_SKELETON, SHIMMER, FRAME = 300, 1200, 50  # milliseconds


class EmptyState(QWidget):
    """A disc with an icon, a sentence, what to do, and the buttons for it; the primary one last."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str = "",
        buttons: Sequence[QWidget] = (),
        token: str = "text.2",
        ground: str = "bg.subtle",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        lines = column(self, theme.Space.S)
        center = Qt.AlignmentFlag.AlignHCenter
        lines.addStretch(1)
        lines.addWidget(IconView(icon, token, theme.IconSize.EMPTY, ground), 0, center)
        lines.addSpacing(theme.Space.XS)
        self.title, self.text = Label(title, "section", wrap=True), Label(text, "secondary", wrap=True)
        for words in (self.title, self.text):
            words.setAlignment(center)
            words.setMaximumWidth(theme.Width.TEXT)
            held = row(spacing=0)  # a label that wraps and may not grow would stand at the left
            held.addStretch(1)
            held.addWidget(words, 1000)
            held.addStretch(1)
            lines.addLayout(held)
        self.text.setVisible(bool(text))
        bar = row()
        bar.addStretch(1)
        for button in buttons:
            bar.addWidget(button)
        bar.addStretch(1)
        lines.addLayout(bar)
        lines.addStretch(1)


class NoResult(EmptyState):
    """Nothing meets the filters: `what` names them; `clear` takes them away; `others` are further buttons."""

    def __init__(self, what: str, text: str, clear: Callable[[], object], others: Sequence[QWidget] = ()) -> None:
        button = Button(_("清除条件"), icon="close-line", clicked=clear)
        title = _("没有符合“{what}”的记录").format(what=what) if what else _("没有符合条件的记录")
        super().__init__("search-line", title, text, [button, *others])


class ErrorState(EmptyState):
    """A page that cannot be shown: what happened, is the data safe, what to do; the code can be copied."""

    def __init__(
        self,
        title: str,
        error: UserError | str,
        retry: Callable[[], object] | None = None,
        others: Sequence[QWidget] = (),
    ) -> None:
        details = f"{title}\n{error}"
        copy = Button(
            _("复制详情"), icon="file-copy-line", clicked=lambda: QGuiApplication.clipboard().setText(details)
        )
        buttons: list[QWidget] = [copy, *others]
        if retry is not None:
            buttons.append(Button(_("重试"), "primary", "refresh-line", clicked=retry))
        words = f"{error.message}\n[{error.code}]" if isinstance(error, UserError) and error.code else str(error)
        super().__init__("error-warning-line", title, words, buttons, "bad", "bad.soft")


class Banner(QFrame):
    """A strip above what it concerns: icon, sentence, actions. `kind`: ok, info, warn, bad; `small` for panels."""

    def __init__(
        self,
        kind: str,
        text: str,
        buttons: Sequence[QWidget] = (),
        icon: str = "",
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind = kind
        line = row(self, theme.Space.S if small else theme.Space.M)
        line.setContentsMargins(theme.Space.M, 4 if small else 5, theme.Space.S, 4 if small else 5)
        ink = theme.KINDS[kind][0]
        line.addWidget(
            IconView(icon or BANNER_ICONS[kind], ink, theme.IconSize.INLINE if small else theme.IconSize.RAIL)
        )
        self._words = Label(text, "caption" if small else "body", kind if small else "", wrap=True)
        line.addWidget(self._words, 1)
        for button in buttons:
            line.addWidget(button)
        if not buttons:
            self.setMinimumHeight(theme.Height.CONTROL if small else theme.Height.CONTROL + theme.Space.S)

    @property
    def text(self) -> str:
        """The sentence."""
        return self._words.text()

    def set_text(self, text: str) -> None:
        """Change the sentence."""
        self._words.setText(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        ink, ground = theme.KINDS[self._kind]
        edge = "warn.solid" if self._kind == "warn" else ink
        draw_box(QPainter(self), QRectF(self.rect()), theme.color(ground), theme.color(edge))


class Skeleton(QWidget):
    """Grey bars where rows will be. Nothing is drawn for the first 300 ms, so quick reads do not flicker."""

    ROWS = ((0.05, 0.13, 0.40, 0.11, 0.16), (0.05, 0.13, 0.34, 0.11, 0.16), (0.05, 0.13, 0.28, 0.11, 0.16))

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("读取中"))
        self.drawn, self._phase = False, 0.0
        self._wait = QTimer(self, singleShot=True, interval=WAIT_BEFORE_SKELETON)
        self._wait.timeout.connect(self._begin)
        self._beat = QTimer(self, interval=FRAME)
        self._beat.timeout.connect(self._advance)

    def showEvent(self, event: QShowEvent) -> None:
        self.drawn = False
        self._wait.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._wait.stop()
        self._beat.stop()

    def _begin(self) -> None:
        self.drawn = True
        if theme.motion(SHIMMER):
            self._beat.start()
        self.update()

    def _advance(self) -> None:
        self._phase = (self._phase + FRAME / SHIMMER) % 1
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.drawn:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.width() * (2 * self._phase - 0.5)
        shine = QLinearGradient(QPointF(middle - self.width() / 3, 0), QPointF(middle + self.width() / 3, 0))
        for place, token in ((0, "mute.soft"), (0.5, "bg.subtle"), (1, "mute.soft")):
            shine.setColorAt(place, theme.color(token))
        painter.setBrush(shine)
        for index in range(self.height() // theme.Height.ROW):
            x = float(theme.Space.L)
            for part in self.ROWS[index % len(self.ROWS)]:
                width = (self.width() - 6 * theme.Space.L) * part
                painter.drawRoundedRect(QRectF(x, index * theme.Height.ROW + 12, width, 12), 4, 4)
                x += (self.width() - 6 * theme.Space.L) * (0.44 if part > 0.25 else part) + theme.Space.L


class StateStack(QStackedWidget):
    """What a page shows, or what it says in its place."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self._state: QWidget | None = None
        self.addWidget(content)

    def show_content(self) -> None:
        """Bring the content to front."""
        self.setCurrentWidget(self._content)

    def show_state(self, state: QWidget) -> None:
        """Say this instead, and forget what was said before."""
        if self._state is not None:
            self.removeWidget(self._state)
            self._state.deleteLater()
        self._state = state
        self.addWidget(state)
        self.setCurrentWidget(state)
