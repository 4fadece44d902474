"""Facets at the left of the catalogue: what can be ticked, each with how many the other conditions leave of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from expo_app.i18n import _, language
from expo_app.plain_text import shown
from expo_app.rules.catalogue import FACETS, TAKES
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import ElidedLabel, Label, Line, elided
from expo_app.ui.kit.panels import Card, column, row, scrolled
from expo_app.ui.kit.table_cells import BOX, draw_check

WIDTH, WIDTH_EN, HIGH, MOST = 180, 232, 26, 6
"""px of the card (English words are longer) and of a line; so many values are shown before the others are asked for."""


class FacetTick(QAbstractButton):
    """One value: box, words, number; grey where nothing is left of it."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words, self.count = words, 0
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """Show another number."""
        self.count = count
        self.setAccessibleName(f"{self._words} {count:,}")
        self.setToolTip(shown(self._words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        draw_check(painter, QPointF(BOX / 2 + 1, area.center().y()), self.isChecked())
        number = f"{self.count:,}"
        painter.setFont(theme.font("caption"))
        wide = painter.fontMetrics().horizontalAdvance(number)
        painter.setPen(theme.color("text.2" if self.count else "text.3"))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number)
        words = area.adjusted(BOX + theme.Space.S, 0, -wide - theme.Space.S, 0)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text.1" if self.count or self.isChecked() else "text.3"))
        said = elided(self._words, painter.fontMetrics(), words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, said)
        if self.hasFocus():
            painter.setPen(theme.color("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), theme.Radius.MARK, theme.Radius.MARK)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)


class _Facet(QWidget):
    """One facet: heading, 清除, its values, and the way to those that are folded."""

    ticked = Signal()

    def __init__(self, least: int) -> None:
        """`least`: with fewer values there is nothing to choose."""
        super().__init__()
        self.wanted: frozenset[str] = frozenset()
        self._least = least
        self._ticks: dict[str, FacetTick] = {}
        self._values: tuple[tuple[str, str], ...] = ()
        self._is_whole = False
        lines = column(self, 0)
        head = row(spacing=theme.Space.XS)
        self._title = ElidedLabel("", "caption.bold")
        head.addWidget(self._title, 1)
        self._clear = Button(_("清除"), "link", clicked=self.clear)
        head.addWidget(self._clear)
        lines.addLayout(head)
        self._box = column(spacing=0)
        lines.addLayout(self._box)
        self._more = Button("", "link", clicked=self._unfold)
        lines.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_values(self, title: str, values: Sequence[tuple[str, str]], counts: Mapping[str, int]) -> None:
        """`values`: (value, words), the most usual first."""
        self._title.set_text(title)
        if tuple(values) != self._values:
            self._values = tuple(values)
            self._is_whole = False
            self._make()
        for value, tick in self._ticks.items():
            tick.set_count(counts.get(value, 0))
            tick.setChecked(value in self.wanted)
        folded = [value for value, _words in self._values if value not in self._ticks]
        self._more.setVisible(bool(folded))
        self._more.set_text(_("其他 {n} 类 {count}").format(n=len(folded), count=sum(counts.get(v, 0) for v in folded)))
        self._clear.setVisible(bool(self.wanted))
        self.setVisible(len(self._values) >= self._least or bool(self.wanted))

    def _make(self) -> None:
        for tick in self._ticks.values():
            self._box.removeWidget(tick)
            tick.deleteLater()
        self._ticks = {}
        few = len(self._values) <= MOST + 1 or self._is_whole
        for place, (value, words) in enumerate(self._values):
            if few or place < MOST or value in self.wanted:
                tick = FacetTick(words)
                tick.clicked.connect(lambda on, value=value: self._on_tick(value, on))
                self._ticks[value] = tick
                self._box.addWidget(tick)

    def tick_of(self, value: str) -> FacetTick:
        """The line of a value; KeyError for one that is folded or unknown."""
        return self._ticks[value]

    def first(self) -> FacetTick | None:
        return next(iter(self._ticks.values()), None)

    def clear(self) -> None:
        self.wanted = frozenset()
        self.ticked.emit()

    def _on_tick(self, value: str, on: bool) -> None:
        self.wanted = self.wanted | {value} if on else self.wanted - {value}
        self.ticked.emit()

    def _unfold(self) -> None:
        self._is_whole = True
        self._make()
        self.ticked.emit()


class FacetColumn(Card):
    """All facets; `changed` when the person ticked otherwise."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(padding=theme.Space.M)
        self.setFixedWidth(WIDTH_EN if language() == "en" else WIDTH)
        held = QWidget()
        lines = column(held, theme.Space.S)
        lines.setContentsMargins(0, 0, theme.Space.S, 0)
        self.facets: dict[str, _Facet] = {}
        self._rules: dict[str, Line] = {}
        for name in FACETS:
            facet, rule = _Facet(1 if name == TAKES else 2), Line()
            facet.ticked.connect(self.changed)
            self.facets[name], self._rules[name] = facet, rule
            lines.addWidget(facet)
            lines.addWidget(rule)
        lines.addStretch(1)
        self.body.addWidget(scrolled(held), 1)
        self.body.addWidget(Label(_("数字是加上其他条件后剩下的"), "caption", wrap=True))

    @property
    def ticked(self) -> Mapping[str, frozenset[str]]:
        """What is ticked, by facet; those without a tick are left out."""
        return {name: facet.wanted for name, facet in self.facets.items() if facet.wanted}

    def want(self, name: str, values: frozenset[str]) -> None:
        """Tick these of a facet without a signal."""
        self.facets[name].wanted = values

    def show_counts(
        self,
        title: Callable[[str], str],
        values: Mapping[str, Sequence[tuple[str, str]]],
        counts: Mapping[str, Mapping[str, int]],
    ) -> None:
        """The values of each facet, (value, words), and their numbers."""
        for name, facet in self.facets.items():
            facet.show_values(title(name), values[name], counts[name])
        visible = [name for name, facet in self.facets.items() if not facet.isHidden()]
        for name, rule in self._rules.items():
            rule.setVisible(name in visible[:-1])

    def focus_first(self) -> None:
        """F: the first value."""
        ticks = (facet.first() for facet in self.facets.values() if not facet.isHidden())
        if (tick := next(filter(None, ticks), None)) is not None:
            tick.setFocus(Qt.FocusReason.ShortcutFocusReason)
