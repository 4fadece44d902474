"""What is done to the timetable. A meeting gets or loses a seat here alone, in one transaction that holds the expo.

So of two programs that want the last seat the second sees what the first took.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from expo_app.errors import Conflict, UserError
from expo_app.i18n import N_, Labelled, _
from expo_app.model import Expo, MatchingTime, Meeting, MeetingPlace, TimeKind
from expo_app.model.base import new_id
from expo_app.rules import meeting_board as boards
from expo_app.rules import meeting_seats
from expo_app.rules.meeting_board import TRAY, Board, Seat
from expo_app.rules.meeting_seats import Finding
from expo_app.services import timetable
from expo_app.services.record_writer import Draft, Writer, writing
from expo_app.services.steps import Step
from expo_app.services.timetable import as_published
from expo_app.specs.field_types import clean_text
from expo_app.store.database import Database
from expo_app.store.staging import default

PLAN = "matching.plan"
CLOSING = (
    "is_closed", "exhibitor_id", "kind", "starts_at", "ends_at", "day", "opens", "closes", "place_id",
    "organisation_id", "person_id",
)  # fmt: skip
"""Columns of places, hours and times by which a seat may be none any more."""
Seats = Mapping[uuid.UUID, Seat]
_meeting = Meeting.__table__


@dataclass(frozen=True)
class Moved:
    """An act on seats: where these meetings were, and where they are; `warnings` were no reason to refuse."""

    was: Seats
    now: Seats
    warnings: tuple[Finding, ...] = ()


@contextmanager
def held(db: Database, expo_id: uuid.UUID, permission: str = PLAN, reason: str = "") -> Iterator[tuple[Writer, Board]]:
    """Write the timetable of an expo: everybody else who would waits. What lost its seat is written down at once."""
    with writing(db, permission, expo_id, reason=reason) as writer:
        yield writer, _settle(writer, expo_id)


def _settle(writer: Writer, expo_id: uuid.UUID) -> Board:
    """Write down what lost its seat, while everybody else who would write the timetable waits."""
    writer.hold(Expo.__table__, expo_id)
    board = meeting_seats.settled(timetable.read_kept(writer.session, expo_id, writer.now))
    lost = {one.id: one for one in board.meetings if one.lost is not None}
    rows = writer.locked(_meeting, lost)
    for key, row in rows.items():
        gone = {**_columns(TRAY), "is_locked": False, "unseated": lost[key].reason[:200]}
        writer.update(_meeting, key, row, gone)
    return board


def lost_in(step: Step) -> int:
    """How many meetings lost their seat in a save."""
    return sum(
        table is _meeting and before.get("place_id") is not None and after["place_id"] is None
        for (table, _key), (before, after) in step.changed.items()
    )


def lose_seats(writer: Writer, drafts: Sequence[Draft]) -> None:
    """A place, an hour, somebody's time is closed in its list: meetings that lose their seat by it do so at once.

    What a file brings is written by nobody who could look: there the next act writes it down.
    """
    if writer.expo is None or writer.staged:
        return
    if any(draft.changed(name) for draft in drafts for name in CLOSING):
        _settle(writer, writer.expo.id)


def _columns(seat: Seat) -> dict[str, Any]:
    return {"place_id": seat.place_id, "starts_at": seat.starts_at, "minutes": seat.minutes}


# --- seats ------------------------------------------------------------------------------------------------------------
def place(
    db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID, place_id: uuid.UUID, starts_at: datetime, *,
    seen: Seat | None = None, permission: str = PLAN,
) -> Moved:  # fmt: skip
    """Give a meeting a seat, or another one. `seen`: where the person saw it; Conflict if it is elsewhere by now.

    A conflict with somebody closed, with another meeting or with the place refuses; busy times and limits only warn.
    """
    with held(db, expo_id, permission) as (writer, board):
        seat = Seat(place_id, starts_at.astimezone(board.zone), board.slot_minutes)
        return _rearrange(writer, board, {meeting_id: seat}, {} if seen is None else {meeting_id: seen})


def unplace(
    db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID, *, seen: Seat | None = None, reason: str = "",
    permission: str = PLAN,
) -> Moved:  # fmt: skip
    """Put a meeting into the tray, with the reason where there is one."""
    with held(db, expo_id, permission, reason) as (writer, board):
        known = {} if seen is None else {meeting_id: seen}
        return _rearrange(writer, board, {meeting_id: TRAY}, known, reason=reason)


def swap(db: Database, expo_id: uuid.UUID, first: uuid.UUID, second: uuid.UUID, *, seen: Seats) -> Moved:
    """Two meetings take each other's seat; one in the tray takes the seat of the other, which goes into the tray."""
    with held(db, expo_id) as (writer, board):
        seats = {first: _get(board, second).seat, second: _get(board, first).seat}
        return _rearrange(writer, board, seats, seen)


def rearrange(db: Database, expo_id: uuid.UUID, seats: Seats, seen: Seats) -> Moved:
    """Put several meetings elsewhere at once, or none of them: a computed timetable, an undo, a redo."""
    with held(db, expo_id) as (writer, board):
        return _rearrange(writer, board, seats, seen)


def discard(db: Database, expo_id: uuid.UUID) -> Moved:
    """Back to what was published last; what was never published goes into the tray. Begun and locked ones stay."""
    with held(db, expo_id) as (writer, board):
        seats = {
            one.id: one.published or TRAY
            for one in (*board.placed, *board.tray)
            if one.seat != (one.published or TRAY) and not board.fixed(one)
        }
        after = board.seated(seats)
        lost = [key for key in seats if _refused(after, key)]
        return _rearrange(writer, board, {**seats, **dict.fromkeys(lost, TRAY)}, {})


def _rearrange(writer: Writer, board: Board, seats: Seats, seen: Seats, reason: str = "") -> Moved:
    for key in seats:
        _refuse_fixed(board, _get(board, key), seen.get(key))
    after = board.seated(seats)
    warnings: list[Finding] = []
    for key, seat in seats.items():
        if seat.place_id is None:
            continue
        found = meeting_seats.findings(after, after.by_id[key])
        if refused := meeting_seats.refusing(found):
            words = _("“{meeting}”没有排：{why}，数据未变。请换一个时段或洽谈点。")
            raise UserError(words.format(meeting=board.by_id[key].words, why=refused[0].text), "E-SEAT")
        warnings += found
    rows = writer.locked(_meeting, seats)
    said = clean_text(reason)[:200]
    writer.update_many(
        _meeting,
        (
            (key, row, {**_columns(seats[key]), "unseated": said if seats[key] == TRAY else ""}, 0)
            for key, row in rows.items()
        ),
    )
    was = {key: board.by_id[key].seat for key in seats}
    return Moved(was, dict(seats), tuple(warnings))


def _refused(after: Board, key: uuid.UUID) -> bool:
    return after.by_id[key].seat.place_id is not None and bool(
        meeting_seats.refusing(meeting_seats.findings(after, after.by_id[key]))
    )


def _refuse_fixed(board: Board, meeting: boards.Meeting, seen: Seat | None) -> None:
    if seen is not None and seen != meeting.seat:
        words = _("“{meeting}”刚被别人移动，没有再改，数据未变。请看新的位置。")
        raise Conflict(words.format(meeting=meeting.words), "E-CONFLICT")
    if not meeting.is_live:
        words = _("“{meeting}”{state}，没有排，数据未变。先在洽谈里恢复它。")
        raise UserError(words.format(meeting=meeting.words, state=meeting.state.label), "E-STATE")
    if meeting.is_placed and meeting.is_locked:
        words = _("“{meeting}”已锁定，没有移动，数据未变。先解锁再改。")
        raise UserError(words.format(meeting=meeting.words), "E-LOCKED")
    if board.begun(meeting):
        words = _("“{meeting}”已经开始或结束，没有移动，数据未变。需要再谈就新约一场。")
        raise UserError(words.format(meeting=meeting.words), "E-BEGUN")


def _get(board: Board, meeting_id: uuid.UUID) -> boards.Meeting:
    meeting = board.by_id.get(meeting_id)
    if meeting is None:
        raise Conflict(_("这场洽谈已被删除，数据未变。请刷新。"), "E-GONE")
    return meeting


def lock(db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID, locked: bool) -> None:
    """A locked meeting is moved by nobody, the solver included."""
    with held(db, expo_id) as (writer, board):
        meeting = _get(board, meeting_id)
        if locked and not meeting.is_placed:
            words = _("“{meeting}”还没有排，没有锁定，数据未变。先给它一个时段。")
            raise UserError(words.format(meeting=meeting.words), "E-TRAY")
        writer.update(_meeting, meeting_id, writer.locked(_meeting, [meeting_id])[meeting_id], {"is_locked": locked})


# --- who or what is not there -----------------------------------------------------------------------------------------
def absent(
    db: Database, expo_id: uuid.UUID, *, organisation_id: uuid.UUID | None = None, person_id: uuid.UUID | None = None,
    reason: str,
) -> int:  # fmt: skip
    """An organisation, or one person, comes no more: closed from now on, their meetings go into the tray with the
    reason. How many did.
    """
    if not clean_text(reason):
        raise UserError(_("要写明为什么不来，未做任何改动。"), "E-REASON")
    with held(db, expo_id, reason=reason) as (writer, board):
        ends = max((slot.ends_at for slot in board.slots), default=board.now) + timedelta(days=1)
        given = {
            "organisation_id": organisation_id, "person_id": person_id, "kind": TimeKind.CLOSED,
            "starts_at": board.now, "ends_at": ends, "note": clean_text(reason)[:200],
        }  # fmt: skip
        _insert(writer, MatchingTime.__table__, expo_id, given)
        who = person_id or organisation_id
        waiting = [
            one
            for one in board.placed
            if who in {key for side in one.sides for key in (side.id, side.person_id)} and not board.begun(one)
        ]
        _release(writer, waiting, reason)
        return len(waiting)


def close_place(db: Database, expo_id: uuid.UUID, place_id: uuid.UUID, reason: str) -> int:
    """A table disappears: its meetings go into the tray with the reason. How many did."""
    with held(db, expo_id, reason=reason) as (writer, board):
        table = MeetingPlace.__table__
        rows = writer.locked(table, [place_id])
        if place_id not in rows:
            raise Conflict(_("这个洽谈点已被删除，数据未变。请刷新。"), "E-GONE")
        writer.update(table, place_id, rows[place_id], {"is_closed": True})
        waiting = [one for one in board.at_place.get(place_id, ()) if not board.begun(one)]
        _release(writer, waiting, reason)
        return len(waiting)


def release_unfit(writer: Writer, board: Board, minutes: int) -> int:
    """Slots are so many minutes long from now on: placed meetings that do not fit go into the tray. How many did."""
    waiting = unfit(board, minutes)
    _release(writer, waiting, _("时段改为 {n} 分钟").format(n=minutes))
    return len(waiting)


def unfit(board: Board, minutes: int) -> list[boards.Meeting]:
    """Placed meetings, not begun, that would no longer fit slots of so many minutes: asked before they are changed."""
    return [one for one in board.placed if not board.begun(one) and one.seat.minutes != minutes]


def _release(writer: Writer, waiting: Collection[boards.Meeting], reason: str) -> None:
    rows = writer.locked(_meeting, [one.id for one in waiting])
    gone = {**_columns(TRAY), "is_locked": False, "unseated": clean_text(reason)[:200]}
    writer.update_many(_meeting, ((key, row, gone, 0) for key, row in rows.items()))


def _insert(writer: Writer, table: Any, expo_id: uuid.UUID, given: Mapping[str, Any]) -> None:
    row = {column.name: default(column) for column in table.c} | {"id": new_id(), "expo_id": expo_id}
    writer.insert(table, [{**row, "is_sample": writer.in_sample, **given}])


# --- publishing -------------------------------------------------------------------------------------------------------
class ChangeKind(Labelled):
    """What became of a meeting since it was published."""

    ADDED = N_("新增")
    MOVED = N_("改动")
    REMOVED = N_("移出")
    CANCELLED = N_("取消")


@dataclass(frozen=True)
class Change:
    """One difference between the timetable and what was published."""

    meeting_id: uuid.UUID
    kind: ChangeKind
    title: str
    before: Seat
    after: Seat


def changes(board: Board) -> list[Change]:
    """What publishing would change: meetings both sides accepted alone."""
    found = (_change(one) for one in board.meetings)
    return [change for change in found if change is not None]


def _change(meeting: boards.Meeting) -> Change | None:
    before = meeting.published or TRAY
    after = meeting.seat if meeting.is_agreed and meeting.is_placed else TRAY
    if before == after:
        return None
    if before == TRAY:
        kind = ChangeKind.ADDED
    elif after == TRAY:
        kind = ChangeKind.REMOVED if meeting.is_live else ChangeKind.CANCELLED
    else:
        kind = ChangeKind.MOVED
    return Change(meeting.id, kind, meeting.words, before, after)


def publish(db: Database, expo_id: uuid.UUID, seen: Sequence[Change] | None = None) -> int:
    """Keep the timetable as published. `seen`: the list a person agreed to; Conflict where it is another by now.

    Refused while two meetings share a person or a seat. How many meetings changed.
    """
    with held(db, expo_id) as (writer, board):
        found = changes(board)
        if seen is not None and list(seen) != found:
            raise Conflict(_("排程刚被别人改过，没有发布，数据未变。请再看一遍改动。"), "E-CONFLICT")
        for change in found:
            _refuse_clash(board, change)
        rows = writer.locked(_meeting, [change.meeting_id for change in found])
        writer.update_many(
            _meeting, ((c.meeting_id, rows[c.meeting_id], {"published": as_published(c.after)}, 0) for c in found)
        )
        return len(found)


def _refuse_clash(board: Board, change: Change) -> None:
    meeting = board.by_id[change.meeting_id]
    if change.after == TRAY or board.begun(meeting):
        return
    if refused := meeting_seats.refusing(meeting_seats.findings(board, meeting)):
        words = _("没有发布，数据未变：“{meeting}”{why}。先处理再发布。")
        raise UserError(words.format(meeting=meeting.words, why=refused[0].text), "E-CLASHES")


def seat_words(board: Board, seat: Seat) -> str:
    """11-29 10:50–11:10 06; 未排 for the tray."""
    if seat.starts_at is None or seat.ends_at is None:
        return _("未排")
    where = board.place_by_id.get(seat.place_id) if seat.place_id else None
    name = where.name if where else meeting_seats.MISSING
    return f"{seat.starts_at:%m-%d} {meeting_seats.clock(seat.starts_at, seat.ends_at)} {name}"
