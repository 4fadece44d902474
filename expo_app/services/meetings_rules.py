"""What is right of a meeting when it is written or imported: number, people, table; two that are one do not meet."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import _, named
from expo_app.model import (
    Attendee,
    MatchingSettings,
    Meeting,
    MeetingPlace,
    MeetingState,
    Organisation,
    Person,
    Standby,
)
from expo_app.rules.meeting_requests import usual_expiry
from expo_app.rules.person_names import person_key
from expo_app.services.follow_up_rules import number_new
from expo_app.services.merging_fold import Merger
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, in_parts
from expo_app.specs import PlanRow, RecordSpec

MEETING = "QT"
"""First letters of a meeting's number: QT-001."""
SLOT_MINUTES = 20
"""As long as a meeting is where the expo has not said."""
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
    number_new(writer, drafts, "meeting_no", MEETING)
    _link_people(writer, drafts)
    _link_places(writer, drafts)
    settings = settings_of(writer.session, writer.expo.id) if writer.expo else {}
    for draft in drafts:
        if draft.is_new:
            _fill_new(writer, draft, settings)
        if draft.get("starts_at") is None and draft.get("place_id") is None:
            continue
        if draft.get("starts_at") is None:
            raise InvalidRecord({"starts_at": _("有桌位，还要写开始时间。")}, draft.row)
        if draft.get("place_id") is None:
            raise InvalidRecord({"place": _("有开始时间，还要写桌位。")}, draft.row)
        if draft.get("minutes") is None:
            draft.values["minutes"] = settings.get("slot_minutes") or SLOT_MINUTES
    _refuse_double_bookings(writer, drafts)


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
    sides = {values.get(side) for values in going for name, side in SIDES if values.get(name)}
    bodies = {name: keys[0] for name, keys in _bodies(session, sides).items()}
    people = people_of(session, expo_id, bodies.values())

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
        return "", ""

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
    """Of what is to come, no row of a plan takes a table or a side that another row, or a meeting, has then."""
    query = (
        select(_meeting.c.id, _meeting.c.meeting_no, _meeting.c.starts_at, _meeting.c.minutes, _place.c.name)
        .add_columns(_one.c.name, _other.c.name)
        .join(_place, _place.c.id == _meeting.c.place_id)
        .join(_one, _one.c.id == _meeting.c.a_id)
        .join(_other, _other.c.id == _meeting.c.b_id)
        .where(
            _meeting.c.expo_id == expo_id, _meeting.c.outcome.is_(None),
            _meeting.c.state.in_((MeetingState.REQUESTED, MeetingState.ACCEPTED)),
        )
    )  # fmt: skip
    changed = {row.record_id for row in rows if row.goes_in}
    slot = settings_of(session, expo_id).get("slot_minutes") or SLOT_MINUTES
    sitting = [
        _Sitting(no, starts, starts + timedelta(minutes=minutes or slot), place, frozenset({a, b}))
        for key, no, starts, minutes, place, a, b in session.execute(query)
        if key not in changed
    ]
    capacity = dict(session.execute(select(_place.c.name, _place.c.capacity).where(_place.c.expo_id == expo_id)).all())
    found: list[PlanRow] = []
    for row in rows:
        mine = _sitting(row, slot) if row.goes_in else None
        words = _in_the_way(mine, sitting, capacity) if mine is not None else ""
        if mine is not None and not words:
            sitting.append(mine)
        found.append(row.refused({spec.field("place").title: words}) if words else row)
    return tuple(found)


@dataclass(frozen=True)
class _Sitting:
    """Who sits where from when to when, by names; `said`: what it is called."""

    said: str
    starts_at: datetime
    ends_at: datetime
    place: str
    sides: frozenset[str]


def _sitting(row: PlanRow, slot: int) -> _Sitting | None:
    values = row.values
    starts, place = values.get("starts_at"), values.get("place")
    if not starts or not place or not _is_to_come(values.get):
        return None
    end = starts + timedelta(minutes=values.get("minutes") or slot)
    sides = frozenset(filter(None, (values.get("a_id"), values.get("b_id"))))
    return _Sitting(_("第 {n} 行").format(n=row.row), starts, end, place, sides)


def _in_the_way(mine: _Sitting, sitting: Sequence[_Sitting], capacity: Mapping[str, int]) -> str:
    then = [one for one in sitting if one.starts_at < mine.ends_at and mine.starts_at < one.ends_at]
    there = [one for one in then if one.place == mine.place]
    if len(there) >= capacity.get(mine.place, 1):
        return _("这个时间桌位已有洽谈 {no}。").format(no=there[0].said)
    twice = next((one for one in then if one.sides & mine.sides), None)
    if twice is None:
        return ""
    words = _("{name}这个时间已有洽谈 {no}。")
    return words.format(name="、".join(sorted(twice.sides & mine.sides)), no=twice.said)


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


def _refuse_double_bookings(writer: Writer, drafts: Sequence[Draft]) -> None:
    """Of what is still to come, nobody is at two tables at once and no table holds more than it can."""
    moved = [d for d in drafts if any(map(d.changed, ("place_id", "starts_at", "minutes", "a_id", "b_id")))]
    moved = [d for d in moved if d.get("starts_at") is not None and _is_to_come(d.get)]
    if not moved or writer.expo is None:
        return
    query = select(_meeting).where(_meeting.c.expo_id == writer.expo.id, _meeting.c.starts_at.is_not(None))
    rows = {row["id"]: dict(row) for row in writer.session.execute(query).mappings()}
    rows |= {row["id"]: row for row in writer.pending(_meeting) if row["starts_at"] is not None}
    rows |= {d.record_id: {**(d.old or {}), **d.values, "id": d.record_id} for d in drafts}
    placed = [row for row in rows.values() if row.get("starts_at") is not None and _is_to_come(row.get)]
    room = dict(
        writer.session.execute(select(_place.c.id, _place.c.capacity).where(_place.c.expo_id == writer.expo.id)).all()
    )
    by_place: dict[uuid.UUID, list[Mapping[str, Any]]] = {}
    by_body: dict[uuid.UUID, list[Mapping[str, Any]]] = {}
    for row in placed:
        by_place.setdefault(row["place_id"], []).append(row)
        for side in ("a_id", "b_id"):
            by_body.setdefault(row[side], []).append(row)
    for draft in moved:
        own = rows[draft.record_id]
        clashing = [o for o in by_place[own["place_id"]] if o["id"] != own["id"] and _overlap(own, o)]
        if len(clashing) >= room.get(own["place_id"], 1):
            raise InvalidRecord({"place": _("这个时间桌位已有洽谈 {no}。").format(no=_no(clashing[0]))}, draft.row)
        for side in ("a_id", "b_id"):
            both = next((o for o in by_body[own[side]] if o["id"] != own["id"] and _overlap(own, o)), None)
            if both is not None:
                words = _("这家单位这个时间已有洽谈 {no}。").format(no=_no(both))
                raise InvalidRecord({side: words}, draft.row)


def _is_to_come(get: Any) -> bool:
    return get("outcome") is None and get("state") not in (MeetingState.DECLINED, MeetingState.CANCELLED)


def _no(row: Mapping[str, Any]) -> str:
    return str(row.get("meeting_no") or "")


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(one["starts_at"] < ends(other) and other["starts_at"] < ends(one))


def ends(row: Mapping[str, Any]) -> datetime:
    """When a meeting with a time is over."""
    end: datetime = row["starts_at"] + timedelta(minutes=row["minutes"] or SLOT_MINUTES)
    return end


def seat_is_free(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Conflict where an undo would bring a meeting back to a seat, or its sides to a time, that is taken by now."""
    back = [row for row in rows if table is _meeting and row.get("place_id") and row.get("starts_at")]
    for given in back:
        there = session.execute(select(_meeting).where(_meeting.c.id == given["id"])).mappings().first()
        if there is not None and (there["place_id"], there["starts_at"]) == (given["place_id"], given["starts_at"]):
            continue
        own = {**(there or {}), **given}
        placed = select(_meeting).where(
            _meeting.c.expo_id == own["expo_id"], _meeting.c.id != own["id"], _meeting.c.starts_at.is_not(None),
            _meeting.c.state.in_((MeetingState.REQUESTED, MeetingState.ACCEPTED)), _meeting.c.outcome.is_(None),
        )  # fmt: skip
        others = [row for row in map(dict, session.execute(placed).mappings()) if _overlap(own, row)]
        capacity = session.scalar(select(_place.c.capacity).where(_place.c.id == own["place_id"])) or 1
        at_table = [row for row in others if row["place_id"] == own["place_id"]]
        sides = {own["a_id"], own["b_id"]}
        elsewhere = [row for row in others if sides & {row["a_id"], row["b_id"]}]
        if len(at_table) >= capacity or elsewhere:
            words = _("原来的桌位和时间已排给 {no}，没有撤销，数据未变。可以另排一个时段。")
            raise Conflict(words.format(no=_no((at_table if len(at_table) >= capacity else elsewhere)[0])), "E-SEAT")


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
