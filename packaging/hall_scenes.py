"""Pictures of the auction in the hall: the console and what the audience sees, of whatever session can be run."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget
from stage import Stage

from expo_app.i18n import named
from expo_app.routes.auction import AuctionRoute
from expo_app.rules.auction_entry import Typed
from expo_app.services import auction_hall, auction_sessions
from expo_app.services.auction_screen import screen
from expo_app.specs.auction_hall import Hall, HallLot
from expo_app.ui.pages.auction.stage import Stage as Picture

BIDS = 9


def _session(stage: Stage) -> uuid.UUID:
    found = auction_sessions.usual(auction_sessions.sessions(stage.context.db, stage.context.expo_id))
    if found is None:
        raise LookupError("no session can be run in this expo")
    auction_hall.read_rules(stage.context.db, found)
    return found


def _hall(stage: Stage) -> Hall:
    return auction_hall.read_hall(stage.context.db, _session(stage))


def _live(stage: Stage, bids: int = BIDS) -> HallLot:
    """A lot that is open, with so many bids at least."""
    db, hall = stage.context.db, _hall(stage)
    if hall.live is None:
        lot = next(lot for lot in hall.lots if not lot.problem)
        auction_hall.open_lot(db, lot.id, sure=True)
        hall = _hall(stage)
    assert hall.live is not None  # noqa: S101
    made = sum(event.amount is not None and event.paddle is not None for event in hall.events)
    for bidder in hall.bidders * 2:
        if made >= bids:
            break
        made += auction_hall.bid(db, hall.live.id, bidder.paddle).is_done
    live = _hall(stage).live
    assert live is not None  # noqa: S101
    return live


def _console(stage: Stage) -> Any:
    """The console over the session, in the window or, in a small one, in its own."""
    page = stage.go(AuctionRoute("console", _session(stage)))
    stage.settle()
    view = page.view
    own = view.body.window()
    if own is not stage.window:
        own.showNormal()
        own.resize(*stage.size)
        stage.settle()
    return view


def _shown(view: Any, stage: Stage) -> QWidget | None:
    own: QWidget = view.body.window()
    return None if own is stage.window else own


def _bidding(stage: Stage) -> QWidget | None:
    live = _live(stage)
    if not live.calls_made:
        auction_hall.call(stage.context.db, live.id)
    view = _console(stage)
    other = next(b.paddle for b in view.hall.bidders if b.paddle != view.hall.live.leader)
    view.body.bid.paddle.setText(f"{other:02d}")
    return _shown(view, stage)


def _asked(stage: Stage) -> QWidget | None:
    """A digit too many."""
    _live(stage)
    view = _console(stage)
    paddle = next(b.paddle for b in view.hall.bidders if b.paddle != view.hall.live.leader)
    view.body.bid.put_back(Typed(f"{paddle:02d}", amount="99999"))
    view.acts.take()
    stage.settle()
    return _shown(view, stage)


def _missed(stage: Stage) -> QWidget | None:
    """Bids that were not recorded while others were."""
    live = _live(stage)
    view = _console(stage)
    known = [b.paddle for b in view.hall.bidders if b.paddle != live.leader]
    for paddle in ("88", "99", f"{known[0]:02d}"):
        view.body.bid.paddle.setText(paddle)
        view.acts.take()
    stage.settle()
    return _shown(view, stage)


def _dialog(act: str, stage: Stage) -> QWidget | None:
    _live(stage)
    view = _console(stage)
    view.acts.do(act)
    stage.settle()
    return _shown(view, stage)


def _sold(stage: Stage) -> QWidget | None:
    """The console right after the hammer."""
    _live(stage)
    view = _console(stage)
    auction_hall.hammer(stage.context.db, view.hall.live.id, sure=True)
    stage.settle()
    view.refresh()
    stage.settle()
    if view.body.window() is stage.window or view._window is not None:
        return _shown(view, stage)
    view.go_full()
    return _shown(view, stage)


def _picture(stage: Stage, later: timedelta = timedelta()) -> QWidget:
    expo = stage.context.expo
    made = Picture()
    name = named(expo.name, expo.name_en)
    made.show_screen(screen(_hall(stage), name, stage.context.now() + later, expo.is_sample))
    stage.keep(made)
    return made


def _on_screen(act: Callable[[Stage, HallLot], object], stage: Stage) -> QWidget:
    """What the audience sees after an act on the open lot."""
    act(stage, _live(stage, 0 if act is _opened else BIDS))
    return _picture(stage)


def _opened(_stage: Stage, _lot: HallLot) -> None:
    """Nothing happened yet."""


def _called(stage: Stage, lot: HallLot) -> None:
    auction_hall.call(stage.context.db, lot.id)


def _hammered(stage: Stage, lot: HallLot) -> None:
    auction_hall.hammer(stage.context.db, lot.id, sure=True)


def _announced(stage: Stage) -> QWidget:
    hall = _hall(stage)
    if hall.live is not None:
        auction_hall.hammer(stage.context.db, hall.live.id, sure=True)
    return _picture(stage, timedelta(minutes=1))


HALL: dict[str, Callable[[Stage], QWidget | None]] = {
    "hall-next": _announced,
    "hall-opened": partial(_on_screen, _opened),
    "console-bidding": _bidding,
    "console-asked": _asked,
    "console-missed": _missed,
    "console-correct": partial(_dialog, "correct"),
    "console-ladder": partial(_dialog, "ladder"),
    "hall-called": partial(_on_screen, _called),
    "hall-sold": partial(_on_screen, _hammered),
    "console-sold": _sold,
}
"""In an order in which each finds what the one before left."""
