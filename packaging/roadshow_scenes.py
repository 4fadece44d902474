"""Pictures of a roadshow in the hall: the clerk's page, and what the audience sees of whatever roadshow there is."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget
from stage import Stage

from expo_app.i18n import named
from expo_app.routes.roadshow import RoadshowRoute
from expo_app.services import roadshow
from expo_app.services.roadshow_screen import board
from expo_app.specs.roadshow_hall import Show
from expo_app.ui.pages.roadshow.board import BoardStage

MINUTES = 15


def _item(stage: Stage) -> uuid.UUID:
    found = roadshow.usual(roadshow.shows(stage.context.db, stage.context.expo_id), stage.context.now())
    if found is None:
        raise LookupError("no roadshow in this expo")
    return found


def _show(stage: Stage) -> Show:
    show = roadshow.read_show(stage.context.db, _item(stage))
    if show is None or not show.pitches:
        raise LookupError("nothing is pitched in this expo")
    return show


def _running(stage: Stage) -> Show:
    """One of them runs, with its minutes said."""
    db, show = stage.context.db, _show(stage)
    current = show.current or show.next or show.pitches[0]
    roadshow.start(db, current.id)
    if current.minutes is None:
        roadshow.give_minutes(db, current.id, MINUTES)
    return _show(stage)


def _clerk(stage: Stage) -> Any:
    """The page at a pitch that experts scored, where there is one."""
    show = _running(stage)
    sheets = [roadshow.read_sheet(stage.context.db, pitch.id) for pitch in show.pitches]
    scored = next((sheet.pitch_id for sheet in sheets if sheet and sheet.points), show.pitches[0].id)
    page = stage.go(RoadshowRoute(show.info.id, scored))
    stage.settle()
    return page


def _scoring(stage: Stage) -> None:
    page = _clerk(stage)
    experts = page.scores.sheet.experts
    page.scores.choose_expert(experts[0] if experts else "周岚")


def _interest(stage: Stage) -> None:
    """An interest that is there, in the form."""
    page = _clerk(stage)
    if page.interests.sheet.interests:
        page.interests.load(page.interests.sheet.interests[0])
    else:
        page.interests.begin()


def _board(later: Callable[[Show], timedelta], stage: Stage) -> QWidget:
    """What the audience sees so long after the pitch began."""
    show, expo = _running(stage), stage.context.expo
    current = show.current
    assert current is not None  # noqa: S101
    assert current.started_at is not None  # noqa: S101
    made = BoardStage()
    moment = current.started_at + later(show)
    made.show_screen(board(show, named(expo.name, expo.name_en), moment, expo.zone, is_sample=expo.is_sample))
    stage.keep(made)
    return made


def _minutes(show: Show) -> timedelta:
    return timedelta(minutes=(show.current and show.current.minutes) or MINUTES)


ROADSHOW: dict[str, Callable[[Stage], Any]] = {
    "roadshow-scoring": _scoring,
    "roadshow-interest": _interest,
    "roadshow-board": partial(_board, lambda show: _minutes(show) / 2),
    "roadshow-board-soon": partial(_board, lambda show: _minutes(show) - timedelta(seconds=95)),
    "roadshow-board-over": partial(_board, lambda show: _minutes(show) + timedelta(seconds=72)),
}
"""By name; the page itself is drawn with the others."""
