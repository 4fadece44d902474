"""`schedule`: a timetable of the meetings computed without a window, and kept as a draft where that is asked for."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import Verb
from expo_app.cli_output import Output
from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.services.expos import ExpoInfo
from expo_app.store.database import Database

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from expo_app.rules.meeting_board import Board, Seat
    from expo_app.services.timetable_plan import Plan


def _options(parser: ArgumentParser, _place: Callable[[str], Path]) -> None:
    parser.add_argument("--apply", action="store_true", help=_("存为草稿；不写就只算。发布在窗口里做"))
    parser.add_argument("--seconds", type=float, default=10.0, metavar="N", help=_("最多算多少秒，默认 10"))


def _run(args: Namespace, output: Output, db: Database, expo: ExpoInfo) -> int:
    from expo_app.services import timetable, timetable_acts, timetable_plan
    from expo_app.services.access import require

    if args.apply:
        require(db, timetable_acts.PLAN)
    board = timetable.read(db, expo.id)
    if not board.slots or not any(not place.is_closed for place in board.places):
        raise UserError(_("还没有洽谈点或洽谈时间，没有排。先在“数据与设置”里设好桌与时段。"), "E-NO-SLOTS")
    draw = output.progress(_("自动排程"))
    plan = timetable_plan.compute(
        board, seconds=max(0.0, args.seconds), better=lambda best: draw(len(best.result.placed), len(board.meetings))
    )
    draw(1, 1)
    if args.apply:
        timetable_acts.rearrange(db, expo.id, plan.seats, plan.seen)
    _say(plan, output, applied=args.apply)
    output.value(_value(plan, applied=args.apply))
    return 0


def _say(plan: Plan, output: Output, *, applied: bool) -> None:
    from expo_app.services.timetable_acts import seat_words

    board = plan.board
    output.say(plan.words + _("。") + plan.how + _("。"))
    for key, seat in plan.seats.items():
        output.say(f"  {board.by_id[key].words}  {seat_words(board, plan.known[key])} → {seat_words(board, seat)}")
    for key, why in plan.left:
        output.say(f"  {board.by_id[key].words}  {_('未排')}{_('：')}{why.label}")
    output.say(_("已存为草稿，发布在窗口里做。") if applied else _("只是算了一遍，什么也没有改；加 --apply 存为草稿。"))


def _value(plan: Plan, *, applied: bool) -> dict[str, Any]:
    board, result = plan.board, plan.result
    return {
        "placed": len(result.placed),
        "wanted": len(result.placed) + len(result.left),
        "added": [_moved(plan, key) for key in plan.added],
        "moved": [_moved(plan, key) for key in plan.moved],
        "left": [{**_meeting(board, key), "why": why.name.lower()} for key, why in plan.left],
        "locked": plan.locked,
        "proved": result.is_proved,
        "by": "solver" if result.by_solver else "greedy",
        "seconds": round(plan.seconds, 3),
        "applied": applied,
    }


def _meeting(board: Board, key: uuid.UUID) -> dict[str, Any]:
    meeting = board.by_id[key]
    return {"meeting": meeting.no, "a": meeting.a.name, "b": meeting.b.name}


def _moved(plan: Plan, key: uuid.UUID) -> dict[str, Any]:
    board = plan.board
    return {**_meeting(board, key), "from": _seat(board, plan.known[key]), "to": _seat(board, plan.seats[key])}


def _seat(board: Board, seat: Seat) -> dict[str, Any] | None:
    if seat.place_id is None or seat.starts_at is None:
        return None
    place = board.place_by_id.get(seat.place_id)
    return {"place": place.name if place else "", "starts_at": seat.starts_at.isoformat(), "minutes": seat.minutes}


VERB = Verb(
    "schedule",
    N_("自动排程：给双方同意的洽谈排桌和时段，说明排了、移动了和没排上的"),
    27,
    _options,
    _run,
    example=N_("main.py schedule --seconds 5 --apply   存为草稿"),
)
