"""What is right of a meeting when it is written or imported: number, people, table; two that are one do not meet."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import _, named
from expo_app.model import (
    Attendee,
    Expo,
    MatchingSettings,
    Meeting,
    MeetingPlace,
    MeetingState,
    Organisation,
    Person,
    Standby,
)
from expo_app.model.base import new_id
from expo_app.model.matching import SLOT_MINUTES
from expo_app.rules import meeting_seats
from expo_app.rules.meeting_board import TRAY, Board
from expo_app.rules.meeting_requests import usual_expiry
from expo_app.rules.person_names import person_key
from expo_app.services import timetable
from expo_app.services.access import require_role
from expo_app.services.follow_up_rules import number_new
from expo_app.services.meeting_consents import read_consents
from expo_app.services.merging_fold import Merger
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, in_parts
from expo_app.specs import PlanRow, RecordSpec
from expo_app.store.staging import default

MEETING = "QT"
"""First letters of a meeting's number: QT-001."""
PLAN, DESK = "matching.plan", "matching.desk"
SEAT = ("place_id", "starts_at", "minutes")
JUDGED = (*SEAT, "a_id", "b_id", "a_person_id", "b_person_id", "state", "outcome")
"""Columns a change of which may be a seat that cannot be."""
NONE: Mapping[uuid.UUID, str] = MappingProxyType({})
SIDES = (("a_person", "a_id"), ("b_person", "b_id"))
_one, _other = Organisation.__table__.alias("one"), Organisation.__table__.alias("other")
_meeting, _place, _settings, _standby = (
    model.__table__ for model in (Meeting, MeetingPlace, MatchingSettings, Standby)
)


def settings_of(session: Session, expo_id: uuid.UUID) -> Mapping[str, Any]:
    """The row of an expo's settings for matching; what it begins with where it has none yet."""
    row = session.execute(select(_settings).where(_settings.c.expo_id == expo_id)).mappings().first()
    if row is not None:
        return dict(row)
    return {column.name: column.default.arg if column.default is not None else None for column in _settings.c}  # type: ignore[attr-defined]


def fill_in_meetings(writer: Writer, drafts: list[Draft]) -> None:
    """A number, when it was asked and by whom, until when it waits, its people and its table."""
    if writer.expo is not None:
        writer.hold(Expo.__table__, writer.expo.id)
    number_new(writer, drafts, "meeting_no", MEETING)
    _link_people(writer, drafts)
    _link_places(writer, drafts)
    settings = settings_of(writer.session, writer.expo.id) if writer.expo else {}
    for draft in drafts:
        if draft.is_new:
            _fill_new(writer, draft, settings)
        if draft.get("place_id") is not None and draft.old is not None:
            draft.values["unseated"] = ""
        if draft.changed("instead_id"):
            is_a = draft.get("a_came_at") is None and draft.get("b_came_at") is not None
            draft.values["instead_of"] = None if draft.get("instead_id") is None else "a" if is_a else "b"
        if draft.get("starts_at") is None and draft.get("place_id") is None:
            continue
        if draft.get("starts_at") is None:
            raise InvalidRecord({"starts_at": _("有桌位，还要写开始时间。")}, draft.row)
        if draft.get("place_id") is None:
            raise InvalidRecord({"place": _("有开始时间，还要写桌位。")}, draft.row)
        if draft.get("minutes") is None:
            draft.values["minutes"] = settings.get("slot_minutes") or SLOT_MINUTES
    _refuse_who_said_no(writer, [draft for draft in drafts if draft.is_new and _is_to_come(draft.get)])
    _judge_seats(writer, drafts)


def _refuse_who_said_no(writer: Writer, drafts: Sequence[Draft]) -> None:
    """A new meeting that is to come has nobody who said no to being matched, by whatever list it comes."""
    if writer.expo is None or not drafts:
        return
    consents = read_consents(writer.session, writer.expo.id, writer.expo.local_day(writer.now))
    for draft in drafts:
        for person, side in SIDES:
            body = draft.get(side)
            if body and consents.refuses(body, draft.get(f"{person}_id")):
                raise InvalidRecord({side: _said_no(names_of(writer.session, [body])[body])}, draft.row)


def _said_no(name: str) -> str:
    return _("{name}不同意被推荐，不能排洽谈。改了主意的，先在对接设置的“可被推荐”里改。").format(name=name)


def _today(session: Session, expo_id: uuid.UUID) -> date:
    return session.get_one(Expo, expo_id).local_day(now_of(session))


def _fill_new(writer: Writer, draft: Draft, settings: Mapping[str, Any]) -> None:
    values = draft.values
    values["asked_at"] = values.get("asked_at") or writer.now
    values["asked_by"] = values.get("asked_by") or writer.db.actor.name[:40]
    if values.get("outcome") is not None and values.get("state") is None:
        values["state"] = MeetingState.ACCEPTED  # whoever met had agreed to
    if values.get("state") in (None, MeetingState.REQUESTED) and values.get("answer_by") is None and writer.expo:
        expo = writer.expo
        set_to = settings.get("expires_at")
        values["answer_by"] = set_to or usual_expiry(expo.starts_on, expo.ends_on, expo.zone_info)


# --- who comes --------------------------------------------------------------------------------------------------------
def _link_people(writer: Writer, drafts: Sequence[Draft]) -> None:
    """`a_person` and `b_person` become keys: people of that side's organisation."""
    for name, side in SIDES:
        naming = [draft for draft in drafts if draft.gives(name)]
        known = people_of(writer.session, _expo_id(writer), {d.get(side) for d in naming if d.virtual[name]})
        for draft in naming:
            said = draft.virtual[name]
            found = known.get((draft.get(side), person_key(said)), []) if said else [None]
            if problem := unsure_person(said, found):
                raise InvalidRecord({name: problem}, draft.row)
            draft.values[f"{name}_id"] = found[0]


def people_of(
    session: Session, expo_id: uuid.UUID | None, bodies: Collection[uuid.UUID]
) -> dict[tuple[uuid.UUID, str], list[uuid.UUID]]:
    """People of organisations by (organisation, name as it is compared): registered for it at the expo, or known as
    its people.
    """
    attendee, person = Attendee.__table__, Person.__table__
    found: dict[tuple[uuid.UUID, str], list[uuid.UUID]] = {}
    for part in in_parts(bodies):
        here = select(attendee.c.organisation_id, person.c.id, person.c.name).join(
            person, person.c.id == attendee.c.person_id
        )
        here = here.where(attendee.c.expo_id == expo_id, attendee.c.organisation_id.in_(part))
        own = select(person.c.organisation_id, person.c.id, person.c.name).where(person.c.organisation_id.in_(part))
        for body, key, name in session.execute(here.union(own)):
            found.setdefault((body, person_key(name)), []).append(key)
    return found


def unsure_person(name: str, found: Collection[uuid.UUID | None]) -> str:
    """Why a name does not say who of an organisation is meant; "" where it does."""
    if not found:
        return _("这家单位没有叫“{name}”的人员。先在参会人员里登记。").format(name=name)
    return _("这家单位叫“{name}”的不止一人。留空，再在洽谈里选。").format(name=name) if len(set(found)) > 1 else ""


def people_and_places_are_there(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Rows of a plan name people of their organisations and a table of this expo, which a start goes with."""
    going = [row.values for row in rows if row.goes_in]
    places = _places(session, expo_id, {values["place"] for values in going if values.get("place")})
    sides = {values.get(side) for values in going for _name, side in SIDES}
    bodies = {name: keys[0] for name, keys in _bodies(session, sides).items()}
    people = people_of(session, expo_id, bodies.values())
    consents = read_consents(session, expo_id, _today(session, expo_id))

    def problem(row: PlanRow) -> tuple[str, str]:
        values, place, starts = row.values, row.values.get("place"), row.values.get("starts_at")
        if place and place not in places:
            return "place", _no_place(place)
        if row.record_id is None and bool(place) is not bool(starts):
            return ("starts_at", _("有桌位，还要写开始时间。")) if place else ("place", _("有开始时间，还要写桌位。"))
        for name, side in SIDES:
            said = values.get(name)
            body = bodies.get(values.get(side) or "")
            known = people.get((body, person_key(said)), []) if said and body else []
            if unsure := unsure_person(said, known) if said else "":
                return name, unsure
            if body and is_new_to_come(row) and consents.refuses(body, known[0] if known else None):
                return side, _said_no(values[side])
        return "", ""

    def is_new_to_come(row: PlanRow) -> bool:
        return row.record_id is None and _is_to_come(row.values.get)

    def reviewed(row: PlanRow) -> PlanRow:
        name, words = problem(row) if row.goes_in else ("", "")
        return row.refused({spec.field(name).title: words}) if name else row

    return tuple(map(reviewed, rows))


def _bodies(session: Session, names: Collection[Any]) -> dict[str, list[uuid.UUID]]:
    """Organisations by the names a plan has for them, which are those they go by."""
    found: dict[str, list[uuid.UUID]] = {}
    for part in in_parts({name for name in names if name}):
        for name, key in session.execute(select(Organisation.name, Organisation.id).where(Organisation.name.in_(part))):
            found.setdefault(name, []).append(key)
    return found


def seats_are_free(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Rows of a plan take no seat that a save would refuse, each judged with those above it."""
    going = [row for row in rows if row.goes_in]
    if not any(row.values.get("starts_at") or row.values.get("place") for row in going):
        return rows
    given = _as_planned(session, expo_id, going)
    board = timetable.read_kept(session, expo_id, now_of(session))
    after = timetable.with_rows(session, board, given.values())
    numbers = {values["id"]: _("第 {n} 行").format(n=number) for number, values in given.items()}
    later = set(numbers)

    def reviewed(row: PlanRow) -> PlanRow:
        key = given[row.row]["id"] if row.row in given else None
        if key is None or not (words := _refused(board, after, key, _seat_differs(board, after, key), later, numbers)):
            later.discard(key)
            return row
        return row.refused({spec.field("place").title: words})

    return tuple(map(reviewed, rows))


def _seat_differs(board: Board, after: Board, key: uuid.UUID) -> bool:
    return key not in board.by_id or board.by_id[key].seat != after.by_id[key].seat


def _as_planned(session: Session, expo_id: uuid.UUID, rows: Sequence[PlanRow]) -> dict[int, dict[str, Any]]:
    """Rows of a plan as rows of meetings, by number; an organisation that is not there yet gets a key by its name."""
    kept = {row["id"]: dict(row) for row in _kept(session, {row.record_id for row in rows if row.record_id})}
    bodies = {
        name: keys[0] for name, keys in _bodies(session, {r.values.get(s) for r in rows for _n, s in SIDES}).items()
    }
    people = people_of(session, expo_id, bodies.values())
    places = _places(session, expo_id, {row.values["place"] for row in rows if row.values.get("place")})
    slot = settings_of(session, expo_id).get("slot_minutes") or SLOT_MINUTES
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        own = kept.get(row.record_id) if row.record_id else None
        values = {**(own or {column.name: default(column) for column in _meeting.c})}
        values |= {name: value for name, value in row.values.items() if name in values}
        values["id"] = row.record_id or new_id()
        for name, side in SIDES:
            if row.values.get(side):
                values[side] = bodies.setdefault(row.values[side], new_id())
            if row.values.get(name):
                values[f"{name}_id"] = next(iter(people.get((values[side], person_key(row.values[name])), ())), None)
        if "place" in row.values:
            values["place_id"] = places.get(row.values["place"])
        values["minutes"] = values["minutes"] or slot
        values["state"] = values["state"] or MeetingState.REQUESTED
        found[row.row] = values
    return found


def _kept(session: Session, ids: Collection[uuid.UUID]) -> Iterator[Mapping[str, Any]]:
    for part in in_parts(ids):
        yield from map(dict, session.execute(select(_meeting).where(_meeting.c.id.in_(part))).mappings())


# --- where and when ---------------------------------------------------------------------------------------------------
def _link_places(writer: Writer, drafts: Sequence[Draft]) -> None:
    naming = [draft for draft in drafts if draft.gives("place")]
    places = _places(writer.session, _expo_id(writer), {d.virtual["place"] for d in naming if d.virtual["place"]})
    for draft in naming:
        name = draft.virtual["place"]
        if name and name not in places:
            raise InvalidRecord({"place": _no_place(name)}, draft.row)
        draft.values["place_id"] = places[name] if name else None
        if not name:
            draft.values |= {"starts_at": None, "minutes": None}


def _no_place(name: str) -> str:
    return _("没有洽谈点“{name}”。先在对接设置里加上。").format(name=name)


def _places(session: Session, expo_id: uuid.UUID | None, names: Collection[str]) -> dict[str, uuid.UUID]:
    found: dict[str, uuid.UUID] = {}
    for part in in_parts(names):
        query = select(_place.c.name, _place.c.id).where(_place.c.expo_id == expo_id, _place.c.name.in_(part))
        found |= dict(session.execute(query).all())
    return found


def _judge_seats(writer: Writer, drafts: Sequence[Draft]) -> None:
    """A seat of what is to come is given, changed and taken away by who may plan; `rules.meeting_seats` says of each
    whether it can be held there.
    """
    moved = [draft for draft in drafts if _moves(draft, SEAT)]
    again = [draft for draft in drafts if draft.get("place_id") is not None and _moves(draft, JUDGED)]
    if writer.expo is None or not (moved or again):
        return
    if moved and writer.permission != DESK:
        require_role(writer.db.actor.role, PLAN)
    board = timetable.read_kept(writer.session, writer.expo.id, writer.now)
    after = timetable.with_rows(writer.session, board, [*writer.pending(_meeting), *map(_as_written, drafts)])
    for draft in (*moved, *again):
        if words := _refused(board, after, draft.record_id, is_moved=draft in moved):
            raise InvalidRecord({"place": words}, draft.row)


def _moves(draft: Draft, columns: Collection[str]) -> bool:
    """Whether a draft changes one of these columns of a meeting that is to come, before or after it."""
    to_come = _is_to_come(draft.get) or (draft.old is not None and _is_to_come(draft.old.get))
    return to_come and any(draft.changed(name) and (draft.old or draft.get(name) is not None) for name in columns)


def _as_written(draft: Draft) -> dict[str, Any]:
    kept = draft.old or {column.name: default(column) for column in _meeting.c}
    return {**kept, **draft.values, "id": draft.record_id, "state": draft.get("state") or MeetingState.REQUESTED}


def _refused(
    board: Board, after: Board, key: uuid.UUID, is_moved: bool, besides: Collection[uuid.UUID] = (),
    numbers: Mapping[uuid.UUID, str] = NONE,
) -> str:  # fmt: skip
    """Why a meeting is not where `after` has it, and `board` perhaps not; "" where it may be. `numbers`: what is said
    of meetings that have no number yet.
    """
    was, meeting = board.by_id.get(key), after.by_id[key]
    if meeting.outcome is not None:
        return ""
    if is_moved and was is not None and board.fixed(was):
        return _("“{meeting}”已锁定、已开始或已结束，不能移动。").format(meeting=was.words)
    found = meeting_seats.refusal(after, meeting, besides=besides) if meeting.is_placed else None
    if found is None:
        return ""
    if found.meeting_id is None:
        return f"{found.text}。"
    who = numbers.get(found.meeting_id) or after.by_id[found.meeting_id].no
    return _("{why}（{who}）。").format(why=found.text, who=who)


def _is_to_come(get: Any) -> bool:
    return get("outcome") is None and get("state") not in (MeetingState.DECLINED, MeetingState.CANCELLED)


def ends(row: Mapping[str, Any]) -> datetime:
    """When a meeting with a time is over."""
    end: datetime = row["starts_at"] + timedelta(minutes=row["minutes"] or SLOT_MINUTES)
    return end


def seat_is_free(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Conflict where an undo would bring a meeting back to a seat that another one has by now.

    Whether its place or a side is closed is no matter here: that may be what is taken back, and else `settled` tells.
    """
    given = {row["id"]: row for row in rows if table is _meeting and row.get("place_id") and row.get("starts_at")}
    there = {row["id"]: dict(row) for row in _kept(session, given)}
    whole = {key: {**there.get(key, {}), **row} for key, row in given.items()}
    going = [key for key, row in whole.items() if row == there.get(key)]
    back = [row for key, row in whole.items() if key not in going]
    for expo_id in {row["expo_id"] for row in back}:
        board = timetable.read_kept(session, expo_id, now_of(session)).seated(dict.fromkeys(going, TRAY))
        mine = [row for row in back if row["expo_id"] == expo_id]
        after = timetable.with_rows(session, board, mine)
        for meeting in (after.by_id[row["id"]] for row in mine):
            found = meeting_seats.clash(after, meeting) if meeting.is_placed and meeting.outcome is None else None
            if found is not None:
                words = _("“{meeting}”原来的桌位和时间不能再用：{why}。没有撤销，数据未变。可以另排一个时段。")
                raise Conflict(words.format(meeting=meeting.words, why=found.text), "E-SEAT")


def seats_stand(session: Session, table: Table, written: Collection[uuid.UUID]) -> None:
    """Conflict where somebody took a seat of an import between its plan and its last moment; who is later waits."""
    expo_id = session.scalar(select(table.c.expo_id).where(table.c.id.in_(list(written)[:1])))
    if expo_id is None:  # of what is placed nothing was written
        return
    session.execute(select(Expo.id).where(Expo.id == expo_id).with_for_update(key_share=True))
    board = timetable.read_kept(session, expo_id, now_of(session))
    for meeting in (board.by_id[key] for key in written if key in board.by_id):
        found = meeting_seats.clash(board, meeting) if meeting.is_placed and meeting.outcome is None else None
        if found is not None:
            words = _("“{meeting}”的桌位和时间刚刚被别的场次占用：{why}。没有导入，数据未变。请重新打开名单再导入。")
            raise Conflict(words.format(meeting=meeting.words, why=found.text), "E-SEAT")


def now_of(session: Session) -> datetime:
    """The moment by the clock of the database that a session reads."""
    moment: datetime = session.info["now"]()
    return moment


# --- standing by ------------------------------------------------------------------------------------------------------
def fill_in_standby(writer: Writer, drafts: list[Draft]) -> None:
    """Since when somebody stands by."""
    for draft in drafts:
        if draft.is_new:
            draft.values["since"] = draft.values.get("since") or writer.now


# --- two that become one ----------------------------------------------------------------------------------------------
def not_met_by_itself(merger: Merger, keep: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two that were to meet are two bodies: Conflict. That one stood by for the other is forgotten."""
    pair = (keep["id"], other["id"])
    between = select(_meeting.c.meeting_no).where(_meeting.c.a_id.in_(pair), _meeting.c.b_id.in_(pair))
    if no := merger.session.scalar(between.limit(1)):
        words = _("这两家之间有洽谈 {no}，不会是同一家，没有合并，数据未变。确是同一家，先删除那场洽谈。")
        raise Conflict(words.format(no=no), "E-MERGE-PARTIES")
    same = select(_standby).where(_standby.c.host_id.in_(pair), _standby.c.guest_id.in_(pair))
    for row in merger.session.execute(same).mappings().all():
        merger.writer.delete(_standby, row["id"], dict(row))
    return {}


def names_of(session: Session, bodies: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What organisations are called, as they are read."""
    found: dict[uuid.UUID, str] = {}
    for part in in_parts({key for key in bodies if key}):
        query = select(Organisation.id, Organisation.name, Organisation.name_en).where(Organisation.id.in_(part))
        found |= {key: named(name, english) for key, name, english in session.execute(query)}
    return found


def _expo_id(writer: Writer) -> uuid.UUID | None:
    return writer.expo.id if writer.expo else None
