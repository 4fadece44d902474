"""Registrations: a walk-in with a badge, confirming, cancelling, a person's way through the gates."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import Attendee, AttendeeSource, AttendeeState, Badge, NotSame, new_id
from expo_app.services.attendees_rules import refuse_second
from expo_app.services.badges import new_badge
from expo_app.services.known_people import AlreadyKnown, KnownPerson, Newcomer, hold_registrations, meet, told_apart
from expo_app.services.record_writer import Writer, in_parts, write_row, write_rows, writing
from expo_app.services.records import entered
from expo_app.services.statistics.scope import present_ids, scope_of
from expo_app.services.steps import Turned, Values, turn
from expo_app.specs import ATTENDEES, PEOPLE
from expo_app.specs.field_types import clean_text
from expo_app.store.database import Database


@dataclass(frozen=True)
class Registration:
    """What the desk needs after a walk-in."""

    attendee_id: uuid.UUID
    badge_id: uuid.UUID
    badge_no: str
    code: str


@dataclass(frozen=True)
class Said:
    """What somebody said about whom the newcomer may be: `person_id` is who it is, `apart` are people it is not."""

    person_id: uuid.UUID | None = None
    apart: frozenset[uuid.UUID] = frozenset()


UNSAID = Said()


def walk_in(db: Database, expo_id: uuid.UUID, values: Mapping[str, Any], said: Said = UNSAID) -> Registration:
    """Register a visitor on the spot, confirmed and with a badge; `values` by field name of the spec ATTENDEES.

    InvalidRecord names what is wrong; Conflict as in `register`.
    """
    with writing(db, "attendees.edit", expo_id) as writer:
        _current, clean = entered(writer, ATTENDEES, values)
        clean |= {"state": AttendeeState.CONFIRMED, "source": AttendeeSource.WALK_IN}
        attendee_id = _written(writer, clean, said)
        badge = new_badge(db, attendee_id)
        writer.session.execute(insert(Badge), [badge])
        writer.note("insert", Badge.__table__, badge["id"], {"attendee_id": attendee_id})
        badge_no = writer.session.get_one(Attendee, attendee_id).badge_no
    return Registration(attendee_id, badge["id"], badge_no, badge["code"])


def register(db: Database, expo_id: uuid.UUID, values: Mapping[str, Any], said: Said = UNSAID) -> uuid.UUID:
    """Save a new registration as a form gave it; its id.

    Conflict E-REGISTERED when the person is registered already, E-PROBABLY when that is likely and nobody said which.
    """
    with writing(db, "attendees.edit", expo_id) as writer:
        _current, clean = entered(writer, ATTENDEES, values)
        return _written(writer, clean, said)


def _written(writer: Writer, clean: dict[str, Any], said: Said) -> uuid.UUID:
    """One person, one registration: a second badge would be counted as a second visitor. Who is known stays that
    person, with what was said now; who is somebody else becomes one, however much the two look alike.
    """
    if writer.expo is None:
        raise ValueError("an attendee belongs to an expo")
    expo_id = writer.expo.id
    hold_registrations(writer, expo_id)
    newcomer = Newcomer(
        clean.get("person.name") or "", clean.get("person.phone") or "", clean.get("organisation_id") or "",
        said.person_id, clean.get("person.email") or "", clean.get("person.name_en") or "",
    )  # fmt: skip
    known = meet(writer.session, expo_id, newcomer, said.apart)
    if known is not None and (known.is_registered or not known.is_sure):
        raise _refusal(newcomer.name, known)
    if known is not None or said.apart:
        own = {field.name: clean.get(f"person.{field.name}", clean.get(field.name)) for field in PEOPLE.writable}
        own = {name: value for name, value in own.items() if value and not (known and name == "name")}
        person_id = write_rows(writer, PEOPLE, [(known.person_id if known else None, own, 0)])[0]
        clean = {name: value for name, value in clean.items() if "." not in name} | {"person_id": person_id}
        _keep_apart(writer, person_id, said.apart)
    return write_row(writer, ATTENDEES, clean)


def _refusal(name: str, known: KnownPerson) -> AlreadyKnown:
    if known.is_sure:
        words = _("{name}已经登记过，证件号 {number}，没有重复登记。请用人工查询。")
        return AlreadyKnown(words.format(name=name, number=known.badge_no), "E-REGISTERED", known)
    words = _("{name}可能就是{who}（{why}），没有登记。先选是不是这位。")
    return AlreadyKnown(words.format(name=name, who=known.words, why=known.why), "E-PROBABLY", known)


def _keep_apart(writer: Writer, person_id: uuid.UUID, others: Collection[uuid.UUID]) -> None:
    """They were told apart by somebody who saw them: nobody is asked to merge them."""
    pairs = {(min(person_id, other), max(person_id, other)) for other in others}
    new = sorted(pairs - told_apart(writer.session, {person_id}))
    by = {"spec": PEOPLE.name, "at": writer.now, "operator": writer.db.actor.name}
    writer.insert(NotSame.__table__, [{"id": new_id(), "one_id": one, "other_id": other, **by} for one, other in new])


def present(db: Database, expo_id: uuid.UUID, day: date) -> set[uuid.UUID]:
    """Who was let in at an entrance on this local day, as the published figure counts them."""
    with db.reading() as session:
        return set(session.scalars(present_ids(scope_of(session, expo_id), day)))


def waiting(db: Database, attendee_ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Those of them who are to be confirmed."""
    with db.reading() as session:
        waits = select(Attendee.id).where(Attendee.state == AttendeeState.REGISTERED)
        return [key for part in in_parts(attendee_ids) for key in session.scalars(waits.where(Attendee.id.in_(part)))]


# --- states -----------------------------------------------------------------------------------------------------------
def confirm(db: Database, attendee_ids: Sequence[uuid.UUID]) -> Turned:
    """These are confirmed, the cancelled ones too; who was changed, for `restore`."""
    return _set(db, attendee_ids, AttendeeState.CONFIRMED, "")


def cancel(db: Database, attendee_ids: Sequence[uuid.UUID], reason: str) -> Turned:
    """These will not come: every gate refuses them with the reason, which may not be empty. For `restore`."""
    if not clean_text(reason):
        raise UserError(_("取消登记要写明原因，未做任何改动。"), "E-REASON")
    return _set(db, attendee_ids, AttendeeState.CANCELLED, clean_text(reason))


def restore(db: Database, changed: Turned, forth: bool = False) -> None:
    """Take a change of state back, or make it again; Conflict where somebody was changed since, InvalidRecord where one
    who would come back was registered anew.
    """
    with writing(db, "attendees.edit", reason=_("重做") if forth else _("撤销")) as writer:
        wanted = {key: (values if forth else values[::-1]) for key, values in changed.items()}
        _refuse_second(writer, {key for key, (old, new) in wanted.items() if _comes_back(old["state"], new["state"])})
        turn(writer, ATTENDEES.table, changed, forth)


def _set(db: Database, ids: Sequence[uuid.UUID], state: AttendeeState, reason: str) -> Turned:
    """The reason goes to the front of the note: that is what a gate says."""
    table, changed = ATTENDEES.table, dict[uuid.UUID, tuple[Values, Values]]()
    with writing(db, "attendees.edit", reason=reason) as writer:
        most = ATTENDEES.field("note").max_length
        rows = {key: row for key, row in writer.rows(table, ids).items() if row["state"] is not state}
        _refuse_second(writer, {key for key, row in rows.items() if _comes_back(row["state"], state)})
        for key, row in rows.items():
            before = {"state": row["state"], "note": row["note"]}
            changed[key] = before, {"state": state, "note": "；".join(filter(None, (reason, row["note"])))[:most]}
            writer.update(table, key, row, changed[key][1])
    return changed


def _comes_back(old: AttendeeState, new: AttendeeState) -> bool:
    return old is AttendeeState.CANCELLED and new is not AttendeeState.CANCELLED


def _refuse_second(writer: Writer, ids: set[uuid.UUID]) -> None:
    """InvalidRecord where one of these, who come back, was registered anew; nobody else is registered meanwhile."""
    for expo_id in sorted({row["expo_id"] for row in writer.rows(ATTENDEES.table, ids).values()}):
        hold_registrations(writer, expo_id)
    refuse_second(writer, ids)


# --- what a person did ------------------------------------------------------------------------------------------------
