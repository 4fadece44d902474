"""The column beside the list of badges: paper, the card as it will be printed, and what to know before printing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QStackedWidget, QWidget

from expo_app import plain_text
from expo_app.i18n import N_, _
from expo_app.reports.badges import LAYOUTS, Layout, Problem, ProblemKind
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.fields import ComboBox
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import ElidedLabel, Label, Line, SectionTitle
from expo_app.ui.kit.overlay import draw_shadow
from expo_app.ui.kit.panels import clear, column, row, scrolled
from expo_app.ui.kit.placeholders import Banner, EmptyState

PAPERS: Mapping[str, str] = {
    "90x130": N_("90 × 130 mm"), "A6": N_("A6 单张"), "4xA6": N_("A4 上 4 张 A6"), "8xA7": N_("A4 上 8 张 A7"),
}  # fmt: skip
MOST_LISTED = 60
SETTLE = 150  # ms after the last change of size before the card is drawn anew
LEAST_PAPER = 160  # px


class PaperView(QWidget):
    """A printed page as large as the room allows, on the ground of the page; `resized` once the size has settled."""

    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(LEAST_PAPER)
        self.image = QImage()
        self._size = (1.0, 1.0)
        self._settled = QTimer(self, singleShot=True, interval=SETTLE)
        self._settled.timeout.connect(self.resized)

    def set(self, image: QImage, size: tuple[float, float], words: str) -> None:
        """Show a page of `size` mm; `words` say whose it is."""
        self.image, self._size = image, size
        self.image.setDevicePixelRatio(self.devicePixelRatioF())
        self.setAccessibleName(words)
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self.image = QImage()
        self.update()

    def dpi(self, size: tuple[float, float]) -> float:
        """How finely a page of `size` mm is to be drawn for this place and screen."""
        box = self._place(size)
        return max(box.width() * self.devicePixelRatioF() / (size[0] / 25.4), 36.0)

    def _place(self, size: tuple[float, float]) -> QRectF:
        room = QRectF(self.rect()).adjusted(theme.Space.S, theme.Space.S, -theme.Space.S, -theme.Space.M)
        part = min(room.width() / size[0], room.height() / size[1])
        wide, high = round(size[0] * part), round(size[1] * part)
        return QRectF(round(room.center().x() - wide / 2), round(room.center().y() - high / 2), wide, high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settled.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.image.isNull():
            return
        painter, box = QPainter(self), self._place(self._size)
        draw_shadow(painter, box, theme.Radius.MARK, theme.Space.S)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        own = self.image.deviceIndependentSize()
        drawn_for_this = abs(own.width() - box.width()) < 2 and abs(own.height() - box.height()) < 2
        painter.drawImage(QRectF(box.topLeft(), own) if drawn_for_this else box, self.image)  # dot for dot: sharp


class Side(QFrame):
    """Signals tell what the person wants; the page answers with `show_card`, `show_missing`, `show_checks`."""

    paper_chosen = Signal(str)
    stepped = Signal(int)
    problem_chosen = Signal(str)  # a badge number

    def __init__(self, paper: str) -> None:
        super().__init__()
        self.setFixedWidth(theme.Width.PANEL)
        lines = column(self, 0)
        lines.addWidget(self._make_preview(paper), 3)
        lines.addWidget(Line())
        lines.addWidget(self._make_checks(), 2)
        lines.addWidget(Line())
        foot = QWidget()
        self._foot = row(foot)
        self._foot.setContentsMargins(theme.Space.L + 4, theme.Space.M, theme.Space.L + 4, theme.Space.M)
        lines.addWidget(foot)

    def _make_preview(self, paper: str) -> QWidget:
        box = QWidget()
        lines = column(box)
        lines.setContentsMargins(theme.Space.L + 4, theme.Space.M, theme.Space.L + 4, theme.Space.S)
        head = row()
        head.addWidget(SectionTitle(_("预览")), 1)
        self.papers = ComboBox()
        self.papers.setAccessibleName(_("纸张"))
        for key, words in PAPERS.items():
            self.papers.addItem(_(words), key)
        self.papers.setCurrentIndex(self.papers.findData(paper))
        self.papers.activated.connect(lambda _index: self.paper_chosen.emit(self.papers.currentData()))
        head.addWidget(self.papers)
        lines.addLayout(head)
        self._stack = QStackedWidget()
        self.paper, self._missing = PaperView(), QWidget()
        for page in (self.paper, self._missing):
            self._stack.addWidget(page)
        lines.addWidget(self._stack, 1)
        steps = row()
        self.back = IconButton("arrow-left-s-line", _("上一张"), lambda: self.stepped.emit(-1))
        self.on = IconButton("arrow-right-s-line", _("下一张"), lambda: self.stepped.emit(1))
        self.place = ElidedLabel("", "secondary")
        self.place.setAlignment(Qt.AlignmentFlag.AlignCenter)
        steps.addWidget(self.back)
        steps.addWidget(self.place, 1)
        steps.addWidget(self.on)
        lines.addLayout(steps)
        return box

    def _make_checks(self) -> QWidget:
        box = QWidget()
        lines = column(box)
        lines.setContentsMargins(theme.Space.L + 4, theme.Space.M, 0, theme.Space.S)
        head = row()
        head.setContentsMargins(0, 0, theme.Space.L + 4, 0)
        head.addWidget(SectionTitle(_("打印前检查")))
        head.addStretch(1)
        self._checked = Label("", "fact")
        head.addWidget(self._checked)
        lines.addLayout(head)
        content = QWidget()
        outer = column(content, 0)
        outer.setContentsMargins(0, 0, theme.Space.L + 4, 0)
        self._checks = column(spacing=theme.Space.XS)
        outer.addLayout(self._checks)
        outer.addStretch(1)
        lines.addWidget(scrolled(content), 1)
        return box

    # --- the card ---

    def show_card(self, image: QImage, layout: Layout, words: str) -> None:
        """The page as it will be printed."""
        self._stack.setCurrentWidget(self.paper)
        self.paper.set(image, layout.page, words)

    def show_drawing(self) -> None:
        """The card is being drawn; one that is shown stays until then."""
        if self.is_missing:
            self.paper.clear()
            self._stack.setCurrentWidget(self.paper)

    def show_missing(self, title: str, text: str, button: Button | None = None) -> None:
        """Why there is no card to look at, and the way out."""
        self._stack.removeWidget(self._missing)
        self._missing.deleteLater()
        self._missing = EmptyState("profile-line", title, text, [button] if button else [])
        self._stack.addWidget(self._missing)
        self._stack.setCurrentWidget(self._missing)

    @property
    def is_missing(self) -> bool:
        """Whether there is no card to look at."""
        return self._stack.currentWidget() is self._missing

    def set_place(self, name: str, which: str, back: bool, on: bool) -> None:
        """Which card of how many, and whose: the number first, a long name ends in …."""
        self.place.set_text(" · ".join(part for part in (which, name) if part))
        self.back.setEnabled(back)
        self.on.setEnabled(on)

    def set_actions(self, *buttons: Button) -> None:
        """What can be done with this card, the most usual one last at the right."""
        clear(self._foot)
        for button in buttons[:-1]:
            self._foot.addWidget(button)
        self._foot.addStretch(1)
        for button in buttons[-1:]:
            self._foot.addWidget(button)

    # --- what to know before printing ---

    def show_busy(self) -> None:
        """The cards are being looked through."""
        self._checked.setText(_("正在核对"))

    def show_checks(
        self, counted: str, problems: Sequence[Problem], tightest: tuple[int, float] | None, left_out: str = ""
    ) -> None:
        """What was found on the cards that will be printed: `counted` says which and how many ("": none); `tightest`:
        letters and size in pt of the name that is set smallest; `left_out`: whose cards are not printed, and why.
        """
        clear(self._checks)
        self._checked.setText(counted)
        if left_out:
            self._checks.addWidget(Label(left_out, "secondary", wrap=True))
        if not counted:
            self._checks.addWidget(Label(_("没有待打印的胸卡。"), "secondary", wrap=True))
            return
        if problems:
            words = _("{n} 处印出来会变小、截断或缺字，先看一眼").format(n=f"{len(problems):,}")
            self._checks.addWidget(Banner("warn", words, small=True))
        elif tightest is not None:
            words = _("最长姓名 {n} 字可排下，最小 {size} pt").format(n=tightest[0], size=f"{round(tightest[1], 1):g}")
            self._checks.addWidget(Banner("ok", words, small=True))
        for problem in problems[:MOST_LISTED]:
            self._checks.addWidget(self._row(problem))
        if len(problems) > MOST_LISTED:
            more = _("还有 {n} 处，改好前面的再看").format(n=f"{len(problems) - MOST_LISTED:,}")
            self._checks.addWidget(Label(more, "fact"))

    def _row(self, problem: Problem) -> ItemRow:
        detail = "" if problem.detail == problem.name else problem.detail
        tone = "mute" if problem.kind is ProblemKind.NAME_SMALL else "warn"
        go: Callable[[], None] = lambda: self.problem_chosen.emit(problem.badge_no)  # noqa: E731
        item = ItemRow(problem.name, detail, pill=(problem.kind.label, tone), clicked=go if problem.badge_no else None)
        whose = problem.badge_no or _("每张胸卡")
        item.setToolTip(plain_text.shown(f"{whose}  {problem.name}\n{problem.kind.label}: {problem.detail}"))
        return item

    # --- like every panel at the right ---

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self.setFixedWidth(theme.panel_width(self.window().width()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.window():
            self.setFixedWidth(theme.panel_width(self.window().width()))
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.surface"))
        painter.fillRect(0, 0, 1, self.height(), theme.color("border"))


def layout_of(key: str) -> Layout:
    """The layout of that key; the usual one for a key from another version."""
    return LAYOUTS.get(key, LAYOUTS["90x130"])
