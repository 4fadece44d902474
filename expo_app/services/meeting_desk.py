"""What happens at the tables: who came, how a meeting ended, who stepped in, where it is held instead.

Each act holds the meeting's row and says what it was seen as (`seen`), so of two clerks the second sees the first.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, UserError
from expo_app.i18n import _
from expo_app.model import (
    Attendee,
    Badge,
    Exhibitor,
    Expo,
    Meeting,
    MeetingPlace,
    MeetingState,
    Organisation,
    Outcome,
    Person,
    Standby,
)
from expo_app.rules import badge_code, meeting_seats
from expo_app.rules.meeting_board import TRAY, Seat
from expo_app.rules.meeting_desk import EARLY, OTHER, Due, chairs, meant, missed_from
from expo_app.services import timetable, timetable_acts
from expo_app.services.access import require
from expo_app.services.meeting_deals import deal_of
from expo_app.services.meeting_requests import NO_SEAT, held
from expo_app.services.meetings_rules import ends, names_of
from expo_app.services.record_writer import Writer, write_row, writing
from expo_app.services.records import entered
from expo_app.specs import MEETINGS
from expo_app.specs.records import spoken
from expo_app.store.database import Database

DESK = "matching.desk"
NO_SHOWS = {Outcome.NO_SHOW_A: "a", Outcome.NO_SHOW_B: "b"}
RESULT = ("level", "amount_from", "amount_to", "next_step", "note")
"""What is noted of a meeting that was held."""
_meeting, _standby, _place = Meeting.__table__, Standby.__table__, MeetingPlace.__table__


# --- who came ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CameIn:
    """Somebody checked in at a table; `side` is a or b, `is_again`: it was known and nothing was written."""

    meeting_id: uuid.UUID
    meeting_no: str
    side: str
    name: str
    organisation: str
    other: str
    place: str
    starts_at: datetime
    is_again: bool


def check_in(db: Database, expo_id: uuid.UUID, raw: str, place_id: uuid.UUID | None = None) -> CameIn:
    """The holder of a badge has come to the meeting that their organisation has now, at the table or elsewhere.

    UserError for a badge that is not known, not this expo's or revoked, and where there is no meeting now.
    """
    with writing(db, DESK, expo_id) as writer:
        writer.hold(Expo.__table__, expo_id)
        holder = writer.session.execute(_holder(raw)).first()
        if holder is None:
            raise UserError(
                _("这张胸卡没有登记过，没有签到，数据未变。可以在列表里选中洽谈按 I 签到。"), "E-UNKNOWN-BADGE"
            )
        if holder.expo_id != expo_id:
            raise UserError(_("{name}的胸卡是另一届展会的，没有签到，数据未变。").format(name=holder.name), "E-EXPO")
        if holder.revoked_at is not None:
            raise UserError(
                _("{name}的这张胸卡已作废，没有签到，数据未变。请读新胸卡。").format(name=holder.name), "E-REVOKED"
            )
        if holder.organisation_id is None:
            words = _("{name}没有写单位，没有签到，数据未变。可以在列表里选中洽谈按 I 签到。")
            raise UserError(words.format(name=holder.name), "E-NO-BODY")
        due = _due(writer, expo_id, holder.organisation_id)
        found = meant(due, writer.now, place_id)
        if found is None:
            raise UserError(_no_meeting(writer, due, holder), "E-NO-MEETING")
        row = held(writer, found.id)
        side = _side_of(row, holder.organisation_id)
        is_again = row[f"{side}_came_at"] is not None
        if not is_again:
            writer.update(_meeting, row["id"], row, {f"{side}_came_at": writer.now})
        return _came(writer, row, side, holder.name, is_again)


def mark_come(db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID, side: str, on: bool = True) -> None:
    """Side a or b has come (I), or has not after all. UserError before both accepted, or with an outcome there."""
    with writing(db, DESK, expo_id) as writer:
        row = held(writer, meeting_id)
        _refuse_unseated(row)
        _refuse_outcome(row)
        if on and writer.now < row["starts_at"] - EARLY and writer.expo is not None:
            words = _("{no} {when} 才开始，没有签到，数据未变。开始前 {n} 分钟起可以签到。")
            raise UserError(
                words.format(no=row["meeting_no"], when=_clock(row, writer), n=EARLY.seconds // 60), "E-EARLY"
            )
        column = f"{side}_came_at"
        if on != (row[column] is not None):
            writer.update(_meeting, meeting_id, row, {column: writer.now if on else None})


def _holder(raw: str) -> Select[Any]:
    of_exhibitor = select(Exhibitor.organisation_id).where(Exhibitor.id == Attendee.exhibitor_id).scalar_subquery()
    body: Any = func.coalesce(Attendee.organisation_id, of_exhibitor).label("organisation_id")
    columns: tuple[Any, ...] = (Attendee.expo_id, Person.name, Badge.revoked_at, body)
    return (
        select(*columns)
        .join(Badge, Badge.attendee_id == Attendee.id)
        .join(Person, Person.id == Attendee.person_id)
        .where(Badge.code == badge_code.normalise(raw))
    )


def _due(writer: Writer, expo_id: uuid.UUID, body: uuid.UUID) -> list[Due]:
    query = select(_meeting).where(
        _meeting.c.expo_id == expo_id, _meeting.c.state == MeetingState.ACCEPTED, _meeting.c.starts_at.is_not(None),
        or_(
            and_(_meeting.c.outcome.is_(None), or_(_meeting.c.a_id == body, _meeting.c.b_id == body)),
            and_(_meeting.c.outcome == Outcome.REPLACED, or_(_meeting.c.instead_id == body, _hosts(body))),
        ),
    )  # fmt: skip
    rows = map(dict, writer.session.execute(query).mappings())
    return [Due(row["id"], row["place_id"], row["starts_at"], ends(row)) for row in rows]


def _hosts(body: uuid.UUID) -> Any:
    """Whether it is the side of a meeting for which nobody stepped in."""
    return or_(
        and_(_meeting.c.a_id == body, _meeting.c.instead_of == "b"),
        and_(_meeting.c.b_id == body, _meeting.c.instead_of == "a"),
    )


def _side_of(row: Mapping[str, Any], body: uuid.UUID) -> str:
    """Whose chair somebody takes; who stepped in has that of the side that did not come."""
    return next(side for side, who in chairs(row).items() if who == body)


def _no_meeting(writer: Writer, due: list[Due], holder: Any) -> str:
    later = sorted(one.starts_at for one in due if one.starts_at > writer.now)
    if later and writer.expo is not None:
        when = later[0].astimezone(writer.expo.zone_info)
        words = _("{name}的单位现在没有洽谈，下一场 {when}，没有签到，数据未变。")
        return words.format(name=holder.name, when=f"{when:%m-%d %H:%M}")
    return _("{name}的单位没有要签到的洽谈，没有签到，数据未变。").format(name=holder.name)


def _came(writer: Writer, row: Mapping[str, Any], side: str, name: str, is_again: bool) -> CameIn:
    query = select(Organisation.id, spoken(Organisation))
    sat = chairs(row)
    names: dict[uuid.UUID, str] = dict(writer.session.execute(query.where(Organisation.id.in_(sat.values()))).all())
    place = writer.session.scalar(select(_place.c.name).where(_place.c.id == row["place_id"])) or ""
    return CameIn(
        row["id"], row["meeting_no"], side, name, names.get(sat[side], ""), names.get(sat[OTHER[side]], ""), place,
        row["starts_at"], is_again,
    )  # fmt: skip


# --- how it ended -----------------------------------------------------------------------------------------------------
def record(
    db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID, outcome: Outcome, *, seen: Outcome | None = None
) -> None:
    """It was held, or a side did not come; `seen` is the outcome it had as it was looked at.

    UserError before it began, of a no-show before the slot has been over for five minutes, or of a side that came.
    """
    with writing(db, DESK, expo_id) as writer:
        row = _seen(writer, meeting_id, seen)
        _refuse_unseated(row)
        _refuse_elsewhere(row)
        if outcome not in (Outcome.HELD, *NO_SHOWS):
            raise ValueError(outcome)  # REPLACED and MOVED are acts of their own
        _refuse_too_early(writer, row, outcome)
        if (side := NO_SHOWS.get(outcome)) and row[f"{side}_came_at"] is not None:
            words = _("{no} 的这一方已签到，不能记爽约，数据未变。签错了先取消签到。")
            raise UserError(words.format(no=row["meeting_no"]), "E-CAME")
        writer.update(_meeting, meeting_id, row, {"outcome": outcome, "ended_at": min(writer.now, ends(row))})


def take_back(db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID, *, seen: Outcome | None) -> None:
    """The outcome is none after all; who stepped in stands by again. A moved meeting is taken back by undoing it."""
    with writing(db, DESK, expo_id) as writer:
        row = _seen(writer, meeting_id, seen)
        if row["outcome"] is None:
            return
        if row["outcome"] is Outcome.MOVED:
            words = _("{no} 已改期，另有一场洽谈接替它，没有撤回，数据未变。要改时间就移动那一场。")
            raise UserError(words.format(no=row["meeting_no"]), "E-MOVED")
        if deal_of(writer.session, row) is not None:
            words = _("{no} 已转签约，没有撤回结果，数据未变。先解除关联，或在签约里作废。")
            raise UserError(words.format(no=row["meeting_no"]), "E-DEAL")
        values: dict[str, Any] = {"outcome": None, "ended_at": None, "deal_id": None}
        if row["instead_of"] is not None:
            values |= _without_guest(writer, row)
        writer.update(_meeting, meeting_id, row, values)


def _without_guest(writer: Writer, row: Mapping[str, Any]) -> dict[str, Any]:
    """Who stepped in stands by again; what is taken from the meeting: that they came, and that the host did where
    nobody said so before.
    """
    absent = row["instead_of"]
    came = f"{OTHER[absent]}_came_at"
    found: dict[str, Any] = {"instead_id": None, "instead_of": None, f"{absent}_came_at": None}
    waiting = select(_standby).where(
        _standby.c.expo_id == row["expo_id"], _standby.c.host_id == chairs(row)[OTHER[absent]],
        _standby.c.guest_id == row["instead_id"],
    )  # fmt: skip
    for one in writer.session.execute(waiting).mappings().all():
        if one["used_at"] is not None and one["used_at"] == row[came]:
            found[came] = None
        writer.update(_standby, one["id"], dict(one), {"used_at": None})
    return found


def note_result(
    db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID, values: Mapping[str, Any], seen: Mapping[str, Any]
) -> None:
    """Level, range, next step and words, as a form gives them; held at once if it was not said yet and has begun.

    InvalidRecord with a problem per field, Conflict where somebody changed what was seen.
    """
    with writing(db, DESK, expo_id) as writer:
        row = held(writer, meeting_id)
        _refuse_unseated(row)
        given = {name: value for name, value in values.items() if name in RESULT}
        _current, clean = entered(writer, MEETINGS, given, meeting_id, seen)
        if row["outcome"] is None:
            _refuse_too_early(writer, row, Outcome.HELD)
            clean |= {"outcome": Outcome.HELD, "ended_at": min(writer.now, ends(row))}
        elif row["outcome"] not in (Outcome.HELD, Outcome.REPLACED):
            words = _("{no} 的结果是“{outcome}”，没有谈过，没有等级可记，数据未变。")
            raise UserError(words.format(no=row["meeting_no"], outcome=row["outcome"].label), "E-OUTCOME")
        write_row(writer, MEETINGS, clean, meeting_id)


# --- somebody else, somewhere else ------------------------------------------------------------------------------------
def step_in(
    db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID, absent: str, *, seen: Outcome | None = None,
    guest_id: uuid.UUID | None = None,
) -> uuid.UUID:  # fmt: skip
    """Who stands by first for the side that came takes the chair of the absent one (a or b); their key.

    Passed over are those who sit at another table then. UserError where the absent side came, or nobody stands by;
    Conflict where it would not be `guest_id`, whom somebody was told of.
    """
    with writing(db, DESK, expo_id) as writer:
        row = _seen(writer, meeting_id, seen)
        _refuse_unseated(row)
        _refuse_elsewhere(row)
        _refuse_too_early(writer, row, Outcome.REPLACED)
        if row[f"{absent}_came_at"] is not None:
            words = _("{no} 的这一方已签到，没有换人，数据未变。签错了先取消签到。")
            raise UserError(words.format(no=row["meeting_no"]), "E-CAME")
        host = OTHER[absent]
        chosen = _next_standby(writer.session, row, row[f"{host}_id"])
        if chosen is not None and guest_id not in (None, chosen["guest_id"]):
            raise Conflict(_("候补刚有变动，没有顶替，数据未变。请再看一遍由谁顶替。"), "E-CONFLICT")
        if chosen is None:
            raise UserError(_("没有能顶替的候补单位，数据未变。先登记候补，或记爽约。"), "E-NO-STANDBY")
        writer.update(_standby, chosen["id"], chosen, {"used_at": writer.now})
        values = {
            "instead_id": chosen["guest_id"], "instead_of": absent, "outcome": Outcome.REPLACED,
            f"{host}_came_at": row[f"{host}_came_at"] or writer.now,
        }  # fmt: skip
        writer.update(_meeting, meeting_id, row, values)
        guest: uuid.UUID = chosen["guest_id"]
        return guest


def who_steps_in(db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID, absent: str) -> tuple[uuid.UUID, str] | None:
    """Whom `step_in` would take for the absent side now, with their name; None where nobody stands by."""
    with db.reading() as session:
        row = session.execute(select(_meeting).where(_meeting.c.id == meeting_id)).mappings().first()
        if row is None or row["expo_id"] != expo_id or row["starts_at"] is None:
            return None
        chosen = _next_standby(session, dict(row), row[f"{OTHER[absent]}_id"])
        if chosen is None:
            return None
        return chosen["guest_id"], names_of(session, [chosen["guest_id"]])[chosen["guest_id"]]


def _next_standby(session: Session, row: Mapping[str, Any], host: uuid.UUID) -> dict[str, Any] | None:
    query = select(_standby).where(
        _standby.c.expo_id == row["expo_id"], _standby.c.host_id == host, _standby.c.used_at.is_(None),
        _standby.c.guest_id.not_in((row["a_id"], row["b_id"])),
    )  # fmt: skip
    waiting = [dict(one) for one in session.execute(query.order_by(_standby.c.since, _standby.c.id)).mappings()]
    if not waiting:
        return None
    placed = select(_meeting).where(
        _meeting.c.expo_id == row["expo_id"], _meeting.c.starts_at.is_not(None), _meeting.c.id != row["id"],
        _meeting.c.state == MeetingState.ACCEPTED,
        or_(_meeting.c.outcome.is_(None), _meeting.c.outcome.in_((Outcome.HELD, Outcome.REPLACED))),
    )  # fmt: skip
    sitting = {
        body
        for one in map(dict, session.execute(placed).mappings())
        if one["starts_at"] < ends(row) and row["starts_at"] < ends(one)
        for body in (one["a_id"], one["b_id"], one["instead_id"])
    }
    return next((one for one in waiting if one["guest_id"] not in sitting), None)


def move(
    db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID, place_id: uuid.UUID, starts_at: datetime, *,
    seen: Outcome | None = None,
) -> uuid.UUID:  # fmt: skip
    """It is held at another time or table: this one ends as moved and gives its seat back, another one of the same
    two takes the new seat; its key. One transaction that holds the expo. UserError where the seat is not free.
    """
    with writing(db, DESK, expo_id) as writer:
        row = _seen(writer, meeting_id, seen)
        _refuse_unseated(row)
        _refuse_outcome(row)
        if row["is_locked"]:
            words = _("{no} 已锁定，没有改期，数据未变。先解锁再改。")
            raise UserError(words.format(no=row["meeting_no"]), "E-LOCKED")
        board = meeting_seats.settled(timetable.read_kept(writer.session, expo_id, writer.now))
        seat = Seat(place_id, starts_at.astimezone(board.zone), board.slot_minutes)
        place = board.place_by_id.get(place_id)
        if place is None:
            raise Conflict(_("这个洽谈点已被删除，没有改期，数据未变。请刷新。"), "E-GONE")
        after = board.seated({meeting_id: TRAY})
        meeting = replace(after.by_id[meeting_id], a_came=False, b_came=False)
        if refused := meeting_seats.refusing(meeting_seats.judge(after, meeting, place, seat.starts_at or starts_at)):
            words = _("没有改期：{why}，数据未变。请换一个时段或洽谈点。")
            raise UserError(words.format(why=refused[0].text), "E-SEAT")
        writer.update(_meeting, meeting_id, row, {**NO_SEAT, "outcome": Outcome.MOVED, "ended_at": writer.now})
        values = {name: row[name] for name in FOLLOWING}
        values |= {"place_id": place_id, "starts_at": seat.starts_at, "minutes": seat.minutes}
        return write_row(writer, MEETINGS, {**values, "reason": _("由 {no} 改期").format(no=row["meeting_no"])})


FOLLOWING = (
    "suggestion_id", "a_id", "b_id", "a_person_id", "b_person_id", "subject", "state", "is_mutual", "answered_at",
    "answer_how", "is_sample",
)  # fmt: skip
"""What a moved meeting hands on."""


def quick_seat(db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID) -> Seat:
    """The first free table in the first slot that both sides have; judged again as it is taken.

    UserError where there is none, with why.
    """
    require(db, DESK)
    for _attempt in range(3):  # somebody else may take it between reading and writing
        board = timetable.read(db, expo_id)
        meeting = board.by_id.get(meeting_id)
        if meeting is None:
            raise Conflict(_("这场洽谈已被删除，数据未变。请刷新。"), "E-GONE")
        free = timetable.free_seats(board, meeting)
        if not free:
            words = _("“{meeting}”没有排上：{why}，数据未变。")
            why = meeting_seats.reason_of(board, meeting).text
            raise UserError(words.format(meeting=meeting.words, why=why), "E-SEAT")
        start, place = free[0]
        try:
            moved = timetable_acts.place(db, expo_id, meeting_id, place.id, start, seen=meeting.seat, permission=DESK)
        except UserError as error:
            if error.code != "E-SEAT":
                raise
            continue
        return moved.now[meeting_id]
    raise Conflict(_("空位刚被别人占用，没有排上，数据未变。请再试一次。"), "E-CONFLICT")


# --- refused ----------------------------------------------------------------------------------------------------------
def _seen(writer: Writer, meeting_id: uuid.UUID, seen: Outcome | None) -> Mapping[str, Any]:
    row = held(writer, meeting_id)
    if row["outcome"] is not seen:
        what = row["outcome"].label if row["outcome"] is not None else _("没有结果")
        words = _("{no} 刚被别人记为“{what}”，数据未变。请刷新后再看。")
        raise Conflict(words.format(no=row["meeting_no"], what=what), "E-CONFLICT")
    return row


def _refuse_unseated(row: Mapping[str, Any]) -> None:
    if row["state"] is not MeetingState.ACCEPTED:
        words = _("{no} 是“{state}”，双方同意后才能签到和记结果，数据未变。")
        raise UserError(words.format(no=row["meeting_no"], state=row["state"].label), "E-STATE")
    if row["starts_at"] is None and row["outcome"] is None:
        words = _("{no} 还没有时间和桌位，不能签到和记结果，数据未变。先排时间。")
        raise UserError(words.format(no=row["meeting_no"]), "E-TRAY")


def _refuse_outcome(row: Mapping[str, Any]) -> None:
    if row["outcome"] is not None:
        words = _("{no} 已有结果“{outcome}”，数据未变。先撤回结果。")
        raise UserError(words.format(no=row["meeting_no"], outcome=row["outcome"].label), "E-OUTCOME")


def _refuse_elsewhere(row: Mapping[str, Any]) -> None:
    """What was moved, or has somebody else in a chair, is taken back before it ends another way."""
    if row["outcome"] in (Outcome.MOVED, Outcome.REPLACED):
        _refuse_outcome(row)


def _refuse_too_early(writer: Writer, row: Mapping[str, Any], outcome: Outcome) -> None:
    zone = writer.expo.zone_info if writer.expo is not None else None
    if outcome in NO_SHOWS:
        begins, words = missed_from(ends(row)), _("{no} 要到 {when} 才能记爽约，数据未变。")
    else:
        begins, words = row["starts_at"], _("{no} {when} 才开始，不能记结果，数据未变。")
    if writer.now < begins:
        raise UserError(words.format(no=row["meeting_no"], when=f"{begins.astimezone(zone):%H:%M}"), "E-EARLY")


def _clock(row: Mapping[str, Any], writer: Writer) -> str:
    zone = writer.expo.zone_info if writer.expo is not None else None
    return f"{row['starts_at'].astimezone(zone):%H:%M}"
