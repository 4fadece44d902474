"""The canvas alone, on a toy: cards on a sheet of 200 × 100 millimetres, one of them locked."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QStyleOptionGraphicsItem, QWidget

from expo_app.ui.canvas.geometry import Axis, Spot, kept, snapped
from expo_app.ui.canvas.surroundings import CanvasCard, DragCard, ZoomBar
from expo_app.ui.canvas.view import ARROWS, Canvas, CanvasItem, Hold
from expo_app.ui.kit import theme
from expo_app.ui.records.undo_list import Act, UndoList
from tests.ui.conftest import put

WIDE, HIGH = 200, 100  # mm
SIDE = 20  # mm, of a card
GRID, NEAR = 5, 1.5  # mm


@dataclass(frozen=True)
class Card:
    key: str
    place: Spot
    is_locked: bool = False

    @property
    def words(self) -> str:
        return f"{self.key} {self.place.x:g} {self.place.y:g}"


class CardItem(CanvasItem):
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.fillRect(self.size, theme.color("primary"))


class Sheet(Canvas):
    """Cards snap to five millimetres, and to the left edges of others."""

    def axes(self) -> tuple[Axis, Axis]:
        room = self.viewport().rect()
        axis = Axis(0, min(room.width() / WIDE, room.height() / HIGH) * self.zoom)
        self._scene.setSceneRect(0, 0, WIDE * axis.scale, HIGH * axis.scale)
        return axis, axis

    def make_item(self, thing: Card) -> CardItem:
        return CardItem(thing)

    def rect_of(self, thing: Card) -> QRectF:
        return QRectF(
            self.across.px(thing.place.x), self.down.px(thing.place.y), SIDE * self.scale_now, 20 * self.scale_now
        )

    def dragged(self, hold: Hold, spot: Spot) -> Spot:
        start: Spot = hold.thing.place
        edges = [card.place.x for key, card in self.things.items() if key != hold.thing.key]
        x = snapped(start.x + spot.x - hold.spot.x, GRID, edges, NEAR)
        return Spot(kept(x, 0, WIDE - SIDE), kept(snapped(start.y + spot.y - hold.spot.y, GRID), 0, HIGH - SIDE))

    def nudged(self, thing: Card, event: QKeyEvent) -> Spot | None:
        if Qt.Key(event.key()) not in ARROWS:
            return None
        dx, dy = ARROWS[Qt.Key(event.key())]
        return Spot(kept(thing.place.x + dx * GRID, 0, WIDE - SIDE), kept(thing.place.y + dy * GRID, 0, HIGH - SIDE))

    def place_words(self, place: Spot) -> str:
        return f"{place.x:g} × {place.y:g} mm"


class Stack(Sheet):
    """The same with scroll bars, Tab and cards dropped on cards."""

    pans, tabs = False, True

    def target_of(self, ghost: CanvasItem) -> CanvasItem | None:
        return self.item_on(ghost.mapToScene(ghost.size.center()), besides=ghost)


CARDS = (Card("name", Spot(10, 10)), Card("photo", Spot(62, 10)), Card("logo", Spot(10, 60), is_locked=True))


@pytest.fixture
def view(window: QMainWindow) -> Sheet:
    return shown_in(window, Sheet("版面"))


@pytest.fixture
def stack(window: QMainWindow) -> Sheet:
    return shown_in(window, Stack("版面"))


def shown_in(window: QMainWindow, made: Sheet) -> Sheet:
    window.resize(800, 400)
    put(window, made)
    made.set_things(CARDS)
    made.setFocus()
    QApplication.processEvents()
    return made


def told(view: Canvas, *names: str) -> list[tuple[Any, ...]]:
    """What the signals said, each with its name."""
    heard: list[tuple[Any, ...]] = []
    for name in names or ("moved", "refused", "dropped", "opened", "chosen", "stepped", "let_go"):
        getattr(view, name).connect(partial(lambda said, *values: heard.append((said, *values)), name))
    return heard


def by(view: Canvas, x: float, y: float) -> QPoint:
    """Millimetres in pixels."""
    return QPoint(round(x * view.scale_now), round(y * view.scale_now))


def drag(view: Canvas, start: QPoint, way: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    QTest.mousePress(view.viewport(), button, pos=start)
    for n in (1, 2, 3):
        QTest.mouseMove(view.viewport(), start + way * (n / 3))


def drop(view: Canvas, at: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    QTest.mouseRelease(view.viewport(), button, pos=at)


def wheel(view: Canvas, at: QPoint, by: int, mods: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    spot = QPointF(at)
    event = QWheelEvent(
        spot, view.viewport().mapToGlobal(spot), QPoint(), QPoint(0, by), Qt.MouseButton.NoButton, mods,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


# --- choice and readers ---


def test_a_press_chooses_and_tells_a_reader(view: Sheet) -> None:
    heard = told(view)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.center_of("photo"))
    assert (view.key, heard) == ("photo", [("chosen", "photo")])
    assert (view.accessibleName(), view.accessibleDescription()) == ("版面", "photo 62 10")
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=by(view, 150, 80))
    assert (view.key, view.accessibleDescription()) == (None, "")


def test_the_choice_and_its_ring_survive_a_refresh(view: Sheet) -> None:
    heard = told(view, "selected")
    view.select("photo")
    view.set_things([Card("photo", Spot(0, 0)), CARDS[0]])
    item = view.items_by_key["photo"]
    assert (view.key, item.is_chosen, item.has_focus, item.zValue()) == ("photo", True, True, 1)
    assert view.accessibleDescription() == "photo 0 0"
    view.set_things(CARDS[:1])
    assert (view.key, heard) == (None, [("selected", "photo"), ("selected", None)])


def test_arrows_walk_to_the_nearest(view: Sheet) -> None:
    heard = told(view)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(view, key)
    assert heard == [("stepped", key) for key in ("name", "photo", "name", "logo")]


def test_tab_stays_within_only_where_it_is_wanted(view: Sheet, window: QMainWindow) -> None:
    view.focusNextPrevChild(True)
    assert view.key is None
    stack = shown_in(window, Stack("版面"))
    found = []
    for _n in range(3):
        stack.focusNextPrevChild(True)
        found.append(stack.key)
    assert found == ["name", "photo", "logo"]


def test_enter_and_a_double_click_open(view: Sheet) -> None:
    heard = told(view, "opened")
    view.select("name")
    QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.center_of("photo"))
    assert heard == [("opened", "name"), ("opened", "photo")]


def test_the_menu_key_asks_for_what_is_chosen(view: Sheet) -> None:
    heard = told(view, "menu_wanted")
    view.select("photo")
    for reason, at in ((QContextMenuEvent.Reason.Keyboard, QPoint(1, 1)), (QContextMenuEvent.Reason.Mouse, QPoint())):
        QApplication.sendEvent(view.viewport(), QContextMenuEvent(reason, at, at))
    assert [key for _name, key, _at in heard] == ["photo"]


# --- moving by keys ---


def test_keys_ask_and_move_nothing_themselves(view: Sheet) -> None:
    heard = told(view)
    view.select("name")
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert heard == [("moved", "name", Spot(15, 10), False)]
    assert view.things["name"].place == Spot(10, 10)


def test_keys_stop_at_the_edge(view: Sheet) -> None:
    view.set_things([Card("name", Spot(0, 0))])
    heard = told(view)
    view.select("name")
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert heard == []


@pytest.mark.parametrize(("key", "may_move"), [("logo", True), ("name", False)])
def test_what_is_locked_or_not_to_be_moved_is_refused(view: Sheet, key: str, may_move: bool) -> None:
    heard, view.may_move = told(view), may_move
    view.select(key)
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert heard == [("refused", key)]


def test_an_act_is_undone_by_the_page(view: Sheet, window: QMainWindow) -> None:
    acts, places = UndoList(window), {card.key: card.place for card in CARDS}

    def put_at(key: str, place: Spot) -> None:
        places[key] = place
        view.set_things([Card(key, place) for key, place in places.items()])

    def on_moved(key: str, place: Spot, _by_mouse: bool) -> None:
        back = partial(put_at, key, places[key])
        put_at(key, place)
        acts.add(Act("moved", back, partial(put_at, key, place)))

    view.moved.connect(on_moved)
    view.select("name")
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert view.things["name"].place == Spot(10, 15)
    acts.undo()
    assert (view.things["name"].place, view.key) == (Spot(10, 10), "name")
    acts.redo()
    assert view.things["name"].place == Spot(10, 15)


# --- dragging ---


@pytest.mark.parametrize(
    ("way", "expected"), [((31, 12), Spot(40, 20)), ((51, 1), Spot(62, 10)), ((500, -90), Spot(180, 0))]
)
def test_a_drag_snaps_to_the_grid_and_to_neighbours_and_stays_inside(
    view: Sheet, way: tuple[int, int], expected: Spot
) -> None:
    heard, start = told(view), view.center_of("name")
    drag(view, start, by(view, *way))
    assert view.carried == expected
    drop(view, start + by(view, *way))
    assert heard == [("moved", "name", expected, True), ("let_go",)]
    assert (view.carried, view.things["name"].place) == (None, Spot(10, 10))


def test_a_ghost_shows_where_and_what_is_wrong(view: Sheet) -> None:
    view.judge = lambda key, place: "出血线以外" if place.x > 90 else ""

    def colours() -> set[str]:
        image = QImage(view.viewport().size(), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        view.render(painter)
        painter.end()
        return {image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}

    bad = theme.color("bad.solid").name()
    start = view.center_of("name")
    drag(view, start, by(view, 60, 30))
    assert view._ghost is not None
    assert (view._ghost.thing.place, view.items_by_key["name"].opacity()) == (Spot(70, 40), 0.35)
    assert bad not in colours()
    QTest.mouseMove(view.viewport(), start + by(view, 90, 30))
    assert bad in colours()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert (view._ghost, view.carried, view.items_by_key["name"].opacity()) == (None, None, 1.0)
    assert bad not in colours()


def test_a_card_is_dropped_on_another(stack: Sheet) -> None:
    heard, start = told(stack), stack.center_of("name")
    drag(stack, start, stack.center_of("photo") - start)
    assert stack.items_by_key["photo"].is_target
    drop(stack, stack.center_of("photo"))
    assert heard == [("dropped", "name", "photo"), ("let_go",)]
    assert not stack.items_by_key["photo"].is_target


def test_a_locked_card_is_refused_or_pans(view: Sheet, window: QMainWindow) -> None:
    heard = told(view)
    drag(view, view.center_of("logo"), by(view, 20, 0))
    assert (view.carried, heard) == (None, [])
    stack = shown_in(window, Stack("版面"))
    heard = told(stack)
    drag(stack, stack.center_of("logo"), by(stack, 20, 0))
    assert heard == [("refused", "logo")]


def test_a_press_that_hardly_moves_is_no_drag(view: Sheet) -> None:
    heard, start = told(view), view.center_of("name")
    drag(view, start, QPoint(QApplication.startDragDistance() - 1, 0))
    drop(view, start)
    assert heard == [("chosen", "name")]


def test_from_a_tray(view: Sheet, window: QMainWindow) -> None:
    heard, chip = told(view), DragCard("码", True)
    chip.setParent(window)
    chip.setGeometry(0, 0, 60, 30)
    chip.show()
    chip.dragged.connect(lambda at: view.carry_in(Card("code", Spot(0, 0)), at, Spot(10, 10)))
    chip.dropped.connect(lambda _at: view.drop_in())
    chip.pressed.connect(lambda: heard.append(("pressed",)))
    for way in (by(view, 100, 50), QPoint(-50, -50)):
        to = chip.mapFromGlobal(view.viewport().mapToGlobal(way))
        QTest.mousePress(chip, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        QTest.mouseMove(chip, to)
        QTest.mouseRelease(chip, Qt.MouseButton.LeftButton, pos=to)
    assert heard == [("moved", "code", Spot(90, 40), True), ("let_go",)]
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    QTest.keyClick(chip, Qt.Key.Key_Space)
    assert heard[2:] == [("pressed",), ("pressed",)]
    assert chip.accessibleName() == "码"


# --- zoom and pan ---


def test_zoom_by_keys_buttons_and_wheel(view: Sheet) -> None:
    bar = ZoomBar(view, "看全图（0）")
    bar.setParent(view)
    for key, percent in ((Qt.Key.Key_Minus, 100), (Qt.Key.Key_Plus, 125), (Qt.Key.Key_Equal, 156), (Qt.Key.Key_0, 100)):
        QTest.keyClick(view, key)
        assert (view.percent, bar.words.text(), bar.minus.isEnabled()) == (percent, f"{percent}%", percent > 100)
    at = view.center_of("photo")
    wheel(view, at, 480)
    assert (view.percent, (view.center_of("photo") - at).manhattanLength() <= 4) == (244, True)
    wheel(view, at, 99_999)
    assert view.percent == 800
    bar.whole.click()
    assert view.percent == 100


def test_with_scroll_bars_ctrl_zooms(stack: Sheet) -> None:
    at = stack.center_of("photo")
    wheel(stack, at, 120)
    QTest.keyClick(stack, Qt.Key.Key_Plus)
    assert stack.percent == 100
    wheel(stack, at, 120, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(stack, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert stack.percent == 156


@pytest.mark.parametrize("way", ["middle", "space", "ground"])
def test_panning_moves_the_sheet_and_no_card(view: Sheet, way: str) -> None:
    view.set_zoom(4)
    view.center("name" if way == "ground" else "photo")
    start = view.center_of("photo") if way != "ground" else view.center_of("name") + by(view, 20, 0)
    before, heard = view.center_of("photo"), told(view)
    if way == "space":
        QTest.keyPress(view, Qt.Key.Key_Space)
    button = Qt.MouseButton.MiddleButton if way == "middle" else Qt.MouseButton.LeftButton
    drag(view, start, QPoint(-45, 0), button)
    QTest.keyRelease(view, Qt.Key.Key_Space)
    drop(view, start, button)
    assert (view.center_of("photo"), heard, view.key) == (before + QPoint(-45, 0), [], None)


def test_a_new_size_keeps_zoom_and_view(view: Sheet, window: QMainWindow) -> None:
    view.set_zoom(3)
    view.center("photo")
    window.resize(700, 380)
    QApplication.processEvents()
    assert view.percent == 300
    assert view.viewport().rect().contains(view.center_of("photo"))


def test_the_card_around_shows_the_focus(window: QMainWindow) -> None:
    view = Sheet("版面")
    card = CanvasCard(view)
    card.body.addWidget(view)
    put(window, card)

    def edge() -> str:
        QApplication.processEvents()
        return card.grab().toImage().pixelColor(card.width() // 2, 0).name()

    view.setFocus()
    assert edge() == theme.color("focus").name()
    QApplication.sendEvent(view, QEvent(QEvent.Type.FocusOut))
    view.clearFocus()
    assert edge() == theme.color("border").name()
