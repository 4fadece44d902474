"""The parks, a card each and all of one width; the chosen one is the park the rest of the page tells of."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.plain_text import shown
from expo_app.specs.park_shown import Level, Origin, ParkCard
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import draw_box, draw_meter, draw_pill, pill_width, write
from expo_app.ui.kit.panels import row
from expo_app.ui.pages.parks import words

HEIGHT, LOW_HEIGHT, LEAST = 122, 116, 212
"""px of a card, of one in a low window, and of its width."""
BAR, TAG, TAG_INSET = (44, 4), 18, 10
"""px of the bar of occupancy, of a tag's height, and of a tag beside its words."""


def place_words(park: ParkCard) -> str:
    """武汉 · 2019-12 启用 · 某公司; a park between two regions names both, and who runs it comes last."""
    opened = _("{day} 启用").format(day=park.opened) if park.opened else _("启用日未报道")
    where = "—".join(dict.fromkeys(filter(None, (park.research_region, park.production_region))))
    return " · ".join(filter(None, (where, opened, _("、").join(park.operators))))


def fitting_tags(names: Sequence[str], wide: Callable[[str], float], room: float) -> list[str]:
    """The names that find room in a line of tags; of the others +n."""
    for left_out in range(len(names) + 1):
        found = [*names[: len(names) - left_out], *([f"+{left_out}"] if left_out else [])]
        if sum(wide(one) + TAG_INSET + theme.Space.XS for one in found) - theme.Space.XS <= room:
            return found
    return []


def _area(park: ParkCard) -> tuple[str, str]:
    """The area of the building, or what is known of it: the park's own."""
    own = park.levels[Level.OWN_AREA]
    if park.area is None and own is not None:
        return _(Level.OWN_AREA), words.number(own)
    return _("面积（㎡）"), words.number(park.area)


class ParkTile(QWidget):
    """One park; `pressed` chooses it."""

    pressed = Signal()

    def __init__(self, park: ParkCard) -> None:
        super().__init__()
        self.park, self.is_chosen = park, False
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.facts = (
            _area(park),
            (_("出租率"), words.MISSING if park.occupancy is None else f"{park.occupancy * 100:.1f} %"),
            (_("入驻"), words.count(park.tenants)),
        )
        said = (park.name, place_words(park), *(" ".join(pair) for pair in self.facts))
        self.setAccessibleName(" · ".join(said))
        offered = "、".join(kind.label for kind in park.supports)
        told = (park.name, "、".join(park.operators), offered, park.note, park.source)
        self.setToolTip(shown("\n".join(filter(None, told))))

    def set_chosen(self, on: bool) -> None:
        """Whether the page tells of it."""
        self.is_chosen = on
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        edge = "primary" if self.is_chosen else "border.strong" if self.underMouse() else "border"
        ground = theme.color("primary.soft" if self.is_chosen else "bg.surface")
        draw_box(painter, QRectF(self.rect()), ground, theme.color(edge), line=2 if self.is_chosen else 1)
        left, room, top = theme.Space.M, self.width() - 2 * theme.Space.M, self.height() // 2 - 54
        mark = pill_width(_(Origin.SAMPLE)) + theme.Space.S if self.park.is_sample else 0
        write(painter, QRectF(left, top, room, 22), self.park.name, theme.font("strong"), "text.1")
        if mark:  # at the end of the tags: the name has its line alone
            pill = QRectF(left + room - mark + theme.Space.S, top + 86, mark - theme.Space.S, theme.Height.PILL)
            draw_pill(painter, pill, "warn", _(Origin.SAMPLE))
        write(painter, QRectF(left, top + 21, room, 18), place_words(self.park), theme.font("caption"), "text.2")
        each = room / len(self.facts)
        for place, (name, value) in enumerate(self.facts):
            x = left + each * place
            write(painter, QRectF(x, top + 42, each - 4, 17), name, theme.font("caption"), "text.3")
            face = theme.fitting("strong", value, each - 4, "mark")
            write(painter, QRectF(x, top + 58, each - 4, 20), value, face, "text.1")
        if self.park.occupancy is not None:
            bar = QRectF(left + each, top + 79, min(BAR[0], each - 8), BAR[1])
            draw_meter(painter, bar, float(self.park.occupancy), "ok.solid")
        self._tags(painter, left, top + 86, room - mark)

    def _tags(self, painter: QPainter, left: float, top: float, room: float) -> None:
        """What is granted there; of those that find no room the last tag says how many they are."""
        painter.setFont(theme.font("caption"))
        metrics, x = painter.fontMetrics(), left
        for text in fitting_tags([kind.label for kind in self.park.supports], metrics.horizontalAdvance, room):
            wide = metrics.horizontalAdvance(text) + TAG_INSET
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("bg.surface" if self.is_chosen else "mute.soft"))
            painter.drawRoundedRect(QRectF(x, top, wide, TAG), theme.Radius.MARK, theme.Radius.MARK)
            painter.setPen(theme.color("text.2"))
            painter.drawText(QRectF(x, top, wide, TAG), Qt.AlignmentFlag.AlignCenter, text)
            x += wide + theme.Space.XS


class ParkRow(QScrollArea):
    """All parks; `chosen(id)` by a press or ←→. More than fit are scrolled to."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.tiles: list[ParkTile] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("园区"))
        self._held = QWidget()
        self._held.setProperty("role", "scrolled")
        self._line = row(self._held, theme.Space.M)
        self.setWidget(self._held)
        self.viewport().setAutoFillBackground(False)
        self._held.setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEIGHT)

    def set_parks(self, parks: Sequence[ParkCard], chosen: uuid.UUID | None) -> None:
        """Show these, one of them chosen."""
        if [tile.park for tile in self.tiles] != list(parks):
            for tile in self.tiles:
                self._line.removeWidget(tile)
                tile.deleteLater()
            self.tiles = [ParkTile(park) for park in parks]
            for tile in self.tiles:
                tile.pressed.connect(lambda key=tile.park.id: self.chosen.emit(key))
                self._line.addWidget(tile)
        self.choose(chosen)
        self._fit()

    def choose(self, park_id: uuid.UUID | None) -> None:
        """Mark one without a signal, and bring it into sight."""
        for tile in self.tiles:
            tile.set_chosen(tile.park.id == park_id)
            if tile.is_chosen:
                self.ensureWidgetVisible(tile, theme.Space.L, 0)

    def step(self, by: int) -> None:
        """The park beside; at the ends nothing."""
        places = [place for place, tile in enumerate(self.tiles) if tile.is_chosen]
        wanted = places[0] + by if places else 0
        if 0 <= wanted < len(self.tiles):
            self.chosen.emit(self.tiles[wanted].park.id)

    def _fit(self) -> None:
        low = self.window().height() < theme.LOW_WINDOW
        high = LOW_HEIGHT if low else HEIGHT
        needed = len(self.tiles) * (LEAST + theme.Space.M) - theme.Space.M
        bar = self.horizontalScrollBar().sizeHint().height() if needed > self.width() else 0
        self.setFixedHeight(high + bar)
        for tile in self.tiles:
            tile.setFixedHeight(high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.step(steps[Qt.Key(event.key())])
        else:
            event.ignore()
