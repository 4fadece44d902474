"""The projector: what is painted, and what never is; only what changed is painted; the cable pulled."""

import uuid
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from expo_app.model import Channel, Expo, ReserveKind
from expo_app.services import auction_hall
from expo_app.services.auction_screen import Screen, Showing, screen
from expo_app.ui.context import Context
from expo_app.ui.kit import labels
from expo_app.ui.pages.auction.stage import Stage
from expo_app.ui.parts.projector import Link, Projector
from tests.auction_room import make_auction, make_bidder, make_lot, make_order
from tests.factories import local, make_organisation

BIDDING = Screen(
    Showing.BIDDING, "科交会 · 专利专场", "示例", "第 4 件 / 共 7 件", "锂离子电池固态电解质薄膜专利包",
    ("委托人 示例研究所", "专利 4 件", "起拍价 120.0 万元"), "", "当前价", "168.0", "18",
    (("07", "164.0"), ("18", "160.0"), ("23", "156.0"), ("07", "152.0")), "172.0", 3, 1,
)  # fmt: skip
SIZES = ((1920, 1080), (1366, 768), (1024, 768))


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that the stage paints: all of it goes through `write`."""
    found: list[str] = []
    true = labels.write

    def write(painter: QPainter, rect: object, text: str, *rest: object) -> None:
        found.append(text)
        true(painter, rect, text, *rest)

    monkeypatch.setattr("expo_app.ui.parts.hall_stage.write", write)
    return found


def stage_of(screen_shown: Screen, size: tuple[int, int] = SIZES[0]) -> Stage:
    made = Stage()
    made.resize(*size)
    made.show_screen(screen_shown)
    return made


@pytest.mark.parametrize("size", SIZES)
def test_a_bid_is_seen_whole_in_every_size(painted: list[str], size: tuple[int, int]) -> None:
    stage_of(BIDDING, size).grab()
    for text in ("168.0", "18", "万元", "172.0 万元", "第一次　168.0 万元", "07", "152.0", "第三次", "落槌", "示例"):
        assert text in painted


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("price", ["5.0", "168.0", "12,345.678901", "123,456,789.0"])
def test_a_long_price_is_smaller_and_never_cut(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], price: str
) -> None:
    cut: list[str] = []
    true = labels.elided

    def elided(text: str, metrics: object, room: float) -> str:
        found = true(text, metrics, room)
        cut.extend([text] if found != text else [])
        return found

    monkeypatch.setattr(labels, "elided", elided)
    last = tuple(("123", price) for _n in range(4))
    stage_of(replace(BIDDING, price=price, least=price, last=last, paddle="1234"), size).grab()
    assert cut == []


@pytest.mark.parametrize("showing", list(Showing))
def test_every_state_is_painted(painted: list[str], showing: Showing) -> None:
    words = {
        Showing.NOTHING: "即将开始", Showing.NEXT: "下一件", Showing.BIDDING: "第一次　168.0 万元",
        Showing.PAUSED: "竞价暂停", Showing.SOLD: "落槌成交", Showing.PASSED: "流拍",
        Showing.OVER: "本场标的已全部落槌",
    }  # fmt: skip
    stage_of(replace(BIDDING, showing=showing)).grab()
    assert words[showing] in painted


def test_no_reserve_is_announced_before_the_first_bid(painted: list[str]) -> None:
    stage_of(replace(BIDDING, badge="无底价", paddle="", last=(), called=0)).grab()
    assert "无底价" in painted
    assert not {"领先号牌", "最近出价"} & set(painted)


class Watched(Stage):
    """Remembers what was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[QRegion] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.parts.append(QRegion(event.region()))
        super().paintEvent(event)


def test_a_bid_paints_its_own_boxes_alone(qapp: QGuiApplication, window: QMainWindow, qtbot: QtBot) -> None:
    stage = Watched()
    window.setCentralWidget(stage)
    stage.show_screen(BIDDING)
    qtbot.waitUntil(lambda: bool(stage.parts))
    qtbot.wait(50)
    stage.parts.clear()
    stage.show_screen(BIDDING)
    qapp.processEvents()
    assert stage.parts == []
    stage.show_screen(replace(BIDDING, called=2))
    qapp.processEvents()
    (part,) = stage.parts
    whole = stage.width() * stage.height()
    assert 0 < sum(rect.width() * rect.height() for rect in part) < whole * 0.12
    stage.parts.clear()
    stage.show_screen(replace(BIDDING, called=2, price="172.0", paddle="23"))
    qapp.processEvents()
    head = QRect(0, 0, stage.width(), stage.height() // 5)
    assert not any(part.intersects(head) for part in stage.parts)


def test_black_is_black_and_comes_back_as_it_is_now(window: QMainWindow) -> None:
    stage = Stage()
    window.setCentralWidget(stage)
    stage.show_screen(BIDDING)
    stage.set_black(True)
    picture = stage.grab().toImage()
    assert {picture.pixelColor(x, y).name() for x in range(0, 900, 90) for y in range(0, 700, 70)} == {"#000000"}
    stage.show_screen(replace(BIDDING, price="200.0"))
    stage.set_black(False)
    picture = stage.grab().toImage()
    assert len({picture.pixelColor(x, y).name() for x in range(0, 900, 9) for y in range(0, 700, 7)}) > 20
    assert stage.shown.price == "200.0"


# --- from the hall ---


@dataclass
class Hall:
    context: Context
    auction: uuid.UUID
    lots: list[uuid.UUID]

    def show(self, stage: Stage) -> None:
        hall = auction_hall.read_hall(self.context.db, self.auction)
        stage.show_screen(screen(hall, "科交会", self.context.now()))
        stage.grab()


@pytest.fixture
def hall(context: Context) -> Hall:
    context.db.clock = lambda: local(29, 13, 58)
    with context.db.transaction() as session:
        auction = make_auction(session, session.get_one(Expo, context.expo_id))
        bidders = [make_bidder(session, auction, n, f"机密买家{n}", is_confidential=True) for n in (5, 18)]
        secret = {"reserve_kind": ReserveKind.SET, "reserve": Decimal("1777700"), "is_owner_confidential": True}
        owner = make_organisation(session, "机密委托人").id
        lots = [make_lot(session, auction, f"0{n}", position=n, owner_id=owner, **secret) for n in (1, 2)]
        make_order(session, lots[0], bidders[0], 1_999_900)
        return Hall(context, auction.id, [lot.id for lot in lots])


def test_nothing_secret_is_ever_painted(hall: Hall, painted: list[str]) -> None:
    db, first, stage = hall.context.db, hall.lots[0], stage_of(BIDDING)
    painted.clear()
    hall.show(stage)
    auction_hall.open_lot(db, first)
    hall.show(stage)
    for paddle, wan, channel in ((18, 110, None), (5, 120, Channel.WRITTEN)):
        assert auction_hall.bid(db, first, paddle, Decimal(wan) * 10_000, channel).is_done
        hall.show(stage)
    auction_hall.look_at_reserve(db, first)
    auction_hall.lower_reserve(db, first, Decimal("1666600"), "机密代表")
    auction_hall.bid(db, first, 99)
    hall.show(stage)
    auction_hall.hammer(db, first, sure=True)
    hall.show(stage)
    auction_hall.open_lot(db, hall.lots[1])
    auction_hall.bid(db, hall.lots[1], 18, Decimal(2_000_000))
    db.clock = lambda: local(29, 13, 59)
    auction_hall.hammer(db, hall.lots[1], sure=True)
    hall.show(stage)
    assert {"120.0", "200.0", "18", "流拍", "落槌成交", "委托人 保密　　专利 1 件"} <= set(painted)
    together = "\n".join([*painted, stage.accessibleName(), stage.toolTip()])
    for secret in ("机密", "177.77", "1777700", "166.66", "199.99", "保留价", "书面", "没有 99", "没有达到"):
        assert secret not in together


def test_the_cable_is_pulled_and_put_back(window: QMainWindow, qapp: QGuiApplication) -> None:
    owner = QWidget(window)
    projector = Projector(owner, Stage)
    told: list[Link] = []
    projector.changed.connect(lambda: told.append(projector.link))
    projector.open()
    (only,) = qapp.screens()
    projector._place(only)  # as if it were a second one
    assert (projector.link, projector.window.isVisible(), projector.screen_name) == (Link.ON, True, only.name())
    qapp.screenRemoved.emit(only)
    assert (projector.link, projector.window.isVisible()) == (Link.LOST, False)
    projector.show_screen(BIDDING)
    qapp.screenAdded.emit(only)
    assert (projector.link, projector.window.isVisible(), projector.window.shown) == (Link.ON, True, BIDDING)
    projector.close()
    qapp.screenRemoved.emit(only)
    assert (projector.link, told[-1]) == (Link.OFF, Link.OFF)
    assert told == [Link.PREVIEW, Link.ON, Link.LOST, Link.ON, Link.OFF]
