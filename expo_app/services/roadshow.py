"""A roadshow in the hall: who pitches when, what experts say, who is interested. Each act is saved at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.errors import Conflict, UserError
from expo_app.i18n import _
from expo_app.model import (
    Achievement,
    Attendee,
    Badge,
    Expo,
    Interest,
    InterestLevel,
    ItemState,
    Organisation,
    Person,
    Pitch,
    PitchComment,
    PitchScore,
    ProgrammeItem,
    Room,
    Speaker,
    WordRole,
)
from expo_app.rules import badge_code
from expo_app.services.record_writer import Writer, write_row, writing
from expo_app.services.records import entered
from expo_app.services.statistics import roadshow as figures
from expo_app.services.words import standing_for
from expo_app.specs import INTERESTS, PITCH_COMMENTS, PITCHES, SCORES, RecordSpec
from expo_app.specs.records import spoken
from expo_app.specs.roadshow_hall import InterestLine, PitchLine, Sheet, Show, ShowInfo
from expo_app.store.database import Database

RECORD = "roadshow.record"
OTHERS = "E-CONFLICT"
"""Code of the refusal to write over what another clerk entered unseen."""
_pitch, _score, _comment, _interest = (model.__table__ for model in (Pitch, PitchScore, PitchComment, Interest))
_speaker, _person, _item = Speaker.__table__, Person.__table__, ProgrammeItem.__table__


# --- what there is ----------------------------------------------------------------------------------------------------
def shows(db: Database, expo_id: uuid.UUID) -> list[ShowInfo]:
    """The roadshows of an expo by time, cancelled ones left out."""
    with db.reading() as session:
        query = _infos().where(ProgrammeItem.expo_id == expo_id, ProgrammeItem.state != ItemState.CANCELLED)
        return [_info(row) for row in session.execute(query)]


def usual(found: Sequence[ShowInfo], now: datetime) -> uuid.UUID | None:
    """Which one is probably meant: the one that runs, else the next with pitches, else the last."""
    held = [show for show in found if show.pitches] or list(found)
    for show in held:
        if show.ends_at is None or show.ends_at >= now:
            return show.id
    return held[-1].id if held else None


def _infos() -> Select[Any]:
    count = select(func.count()).where(_pitch.c.item_id == _item.c.id).correlate(_item).scalar_subquery()
    return (
        select(
            ProgrammeItem.id, spoken(ProgrammeItem, "title"), ProgrammeItem.starts_at, ProgrammeItem.ends_at,
            func.coalesce(spoken(Room), ""), count,
        )
        .outerjoin(Room, Room.id == ProgrammeItem.room_id)
        .where(ProgrammeItem.kind_id.in_(standing_for(WordRole.ROADSHOW)))
        .order_by(ProgrammeItem.starts_at.nulls_last(), ProgrammeItem.title)
    )  # fmt: skip


def _info(row: Sequence[Any]) -> ShowInfo:
    key, title, starts_at, ends_at, room, count = row
    return ShowInfo(key, readable(title) or "", readable(starts_at), readable(ends_at), readable(room) or "", count)


def read_show(db: Database, item_id: uuid.UUID) -> Show | None:
    """A roadshow with its running order; None where it is gone or no roadshow any more. For the audience as well."""
    with db.reading() as session:
        row = session.execute(_infos().where(ProgrammeItem.id == item_id)).first()
        if row is None:
            return None
        return Show(_info(row), tuple(PitchLine(*map(readable, line)) for line in session.execute(_lines(item_id))))


def _lines(item_id: uuid.UUID) -> Select[Any]:
    return (
        select(
            Pitch.id, spoken(Achievement, "title"), func.coalesce(spoken(Organisation), ""), Pitch.presenter,
            Pitch.minutes, Pitch.started_at, Pitch.ended_at, Pitch.is_cancelled,
        )
        .join(Achievement, Achievement.id == Pitch.achievement_id)
        .outerjoin(Organisation, Organisation.id == Achievement.owner_id)
        .where(Pitch.item_id == item_id)
        .order_by(Pitch.position, Achievement.title)
    )  # fmt: skip


def read_sheet(db: Database, pitch_id: uuid.UUID) -> Sheet | None:
    """What was recorded of a pitch; None where it is gone."""
    with db.reading() as session:
        item_id = session.scalar(select(Pitch.item_id).where(Pitch.id == pitch_id))
        if item_id is None:
            return None
        points = figures.points_of(session, [pitch_id])[pitch_id]
        said = select(_comment.c.expert, _comment.c.words).where(_comment.c.pitch_id == pitch_id)
        return Sheet(
            pitch_id,
            figures.criteria_of(session, [item_id])[item_id],
            _experts(session, item_id),
            points,
            {readable(expert) or "": readable(words) or "" for expert, words in session.execute(said)},
            figures.means(session, [pitch_id])[pitch_id],
            tuple(_interests(session, pitch_id)),
        )


def _experts(session: Session, item_id: uuid.UUID) -> tuple[str, ...]:
    """Who scored or commented in a roadshow, then its speakers, each once."""
    found: list[Any] = []
    for table in (_score, _comment):
        query = select(table.c.expert).join(_pitch, _pitch.c.id == table.c.pitch_id).where(_pitch.c.item_id == item_id)
        found += session.scalars(query.group_by(table.c.expert).order_by(func.min(table.c.at), table.c.expert))
    query = select(_person.c.name).join(_speaker, _speaker.c.person_id == _person.c.id)
    found += session.scalars(query.where(_speaker.c.item_id == item_id).order_by(_speaker.c.position))
    return tuple(dict.fromkeys(filter(None, map(readable, found))))


def _interests(session: Session, pitch_id: uuid.UUID) -> list[InterestLine]:
    columns = ("level", "amount_from", "amount_to", "next_step", "recorded_by", "at")
    query = (
        select(
            _interest.c.id, _interest.c.interest_no, spoken(Organisation), _interest.c.contact, _interest.c.phone,
            *(_interest.c[name] for name in columns),
        )
        .select_from(_interest.outerjoin(Organisation.__table__, Organisation.id == _interest.c.organisation_id))
        .where(_interest.c.pitch_id == pitch_id)
        .order_by(_interest.c.at.desc(), _interest.c.id.desc())
    )  # fmt: skip
    phone = INTERESTS.field("phone")
    found = []
    for key, *words, raw, level, low, high, step, by, at in session.execute(query):
        number, body, contact, then, who = (readable(text) or "" for text in (*words, step, by))
        masked = phone.masked(readable(raw)) or ""
        rest = readable(level), readable(low), readable(high), then, who, readable(at)
        found.append(InterestLine(key, number, body, contact, masked, *rest))
    return found


# --- the running order ------------------------------------------------------------------------------------------------
def start(db: Database, pitch_id: uuid.UUID) -> None:
    """A pitch begins now; the one that was running in its roadshow ends. Nothing where it runs already.

    One that was over begins anew. UserError for one that was cancelled.
    """
    with writing(db, RECORD) as writer:
        rows = _running_order(writer, pitch_id)
        if _runs(rows[pitch_id]):
            return
        if rows[pitch_id]["is_cancelled"]:
            raise UserError(_("这个项目已取消，没有开讲。要讲就先恢复它。"), "E-CANCELLED")
        _end_all(writer, rows)
        writer.update(_pitch, pitch_id, rows[pitch_id], {"started_at": writer.now, "ended_at": None})


def end(db: Database, pitch_id: uuid.UUID) -> None:
    """A pitch is over. UserError where it is not running."""
    with writing(db, RECORD) as writer:
        rows = _running_order(writer, pitch_id)
        if not _runs(rows[pitch_id]):
            raise UserError(_("这个项目没有在讲，数据未变。"), "E-STATE")
        writer.update(_pitch, pitch_id, rows[pitch_id], {"ended_at": writer.now})


def cancel(db: Database, pitch_id: uuid.UUID, on: bool = True) -> None:
    """A pitch is not pitched after all, or (`on` False) it is again. InvalidRecord where it began already."""
    with writing(db, RECORD) as writer, writer.within(_expo_of(writer, pitch_id)):
        write_row(writer, PITCHES, {"is_cancelled": on}, pitch_id)


def give_minutes(db: Database, pitch_id: uuid.UUID, minutes: int) -> None:
    """A pitch may speak for so long, from 1 to 600 minutes: more is given while it runs."""
    with writing(db, RECORD) as writer:
        rows = _running_order(writer, pitch_id)
        writer.update(_pitch, pitch_id, rows[pitch_id], {"minutes": min(max(minutes, 1), 600)})


def _running_order(writer: Writer, pitch_id: uuid.UUID) -> Mapping[uuid.UUID, Mapping[str, Any]]:
    """Every pitch of the same roadshow, held against others; Conflict where this one is gone."""
    item_id = writer.session.scalar(select(Pitch.item_id).where(Pitch.id == pitch_id))
    keys = writer.session.scalars(select(Pitch.id).where(Pitch.item_id == item_id)).all() if item_id else ()
    rows = writer.locked(_pitch, keys)
    if pitch_id not in rows:
        raise _gone()
    return rows


def _gone() -> Conflict:
    return Conflict(_("这个路演项目已被删除，数据未变。请刷新。"), "E-GONE")


def _runs(row: Mapping[str, Any]) -> bool:
    return row["started_at"] is not None and row["ended_at"] is None


def _end_all(writer: Writer, rows: Mapping[uuid.UUID, Mapping[str, Any]]) -> None:
    for key, row in rows.items():
        if _runs(row):
            writer.update(_pitch, key, row, {"ended_at": writer.now})


# --- experts ----------------------------------------------------------------------------------------------------------
def score(
    db: Database,
    pitch_id: uuid.UUID,
    criterion_id: uuid.UUID,
    expert: str,
    points: str | Decimal | None,
    seen: Mapping[str, Any] | None = None,
) -> None:
    """Points an expert gives a pitch by a criterion, as typed; None or "" takes them away. What was there is changed.

    Raises InvalidRecord for no number, or more than the criterion has, Conflict where others points are there than the
    clerk had `seen`; two clerks wait for each other.
    """
    values = {"expert": expert, "points": points}
    _keep(db, SCORES, pitch_id, values, "points", {"criterion_id": criterion_id}, seen)


def comment(db: Database, pitch_id: uuid.UUID, expert: str, words: str, seen: Mapping[str, Any] | None = None) -> None:
    """What an expert says of a pitch; "" takes it away. Raises InvalidRecord; Conflict as `score`."""
    _keep(db, PITCH_COMMENTS, pitch_id, {"expert": expert, "words": words}, "words", {}, seen)


def _keep(
    db: Database,
    spec: RecordSpec,
    pitch_id: uuid.UUID,
    values: Mapping[str, Any],
    what: str,
    keys: Mapping[str, uuid.UUID],
    seen: Mapping[str, Any] | None,
) -> None:
    """The one row of a pitch, an expert and `keys`: made, changed or, with nothing in `what`, taken away."""
    table = spec.table
    with writing(db, spec.permission) as writer:
        expo = _expo_of(writer, pitch_id)
        said = {name: value for name, value in values.items() if value is not None and str(value).strip()}
        clean = spec.clean(said, expo.zone_info, partial=True)
        if not clean.get("expert"):
            raise UserError(_("先选或输入专家，再记分和点评。没有记下。"), "E-EXPERT")
        same = [table.c[name] == key for name, key in {"pitch_id": pitch_id, **keys}.items()]
        there = writer.session.execute(
            select(table).where(*same, table.c.expert == clean["expert"]).with_for_update()
        ).mappings().first()  # fmt: skip
        current = {what: readable(there[what]) if there is not None else None}
        if seen is not None and current[what] not in (seen[what], clean.get(what)):
            value = spec.field(what).display(current[what])
            words = _("“{expert}”的{label}刚被别人记为“{value}”，没有改。")
            raise Conflict(words.format(expert=clean["expert"], label=spec.field(what).title, value=value), OTHERS)
        if clean.get(what) is None:
            if there is not None:
                writer.delete(table, there["id"], dict(there))
            return
        with writer.within(expo):
            if there is None:
                write_row(writer, spec, {"pitch_id": pitch_id, **keys, **clean})
            else:
                by = {"at": writer.now, "operator": db.actor.name}
                changes = {} if current[what] == clean[what] else {what: clean[what], **by}
                write_row(writer, spec, changes, there["id"])


def _expo_of(writer: Writer, pitch_id: uuid.UUID) -> Expo:
    """The expo of a pitch, whose row is held: who records of one pitch waits for the other."""
    rows = writer.locked(_pitch, [pitch_id])
    if pitch_id not in rows:
        raise _gone()
    item = writer.session.get_one(ProgrammeItem, rows[pitch_id]["item_id"])
    return writer.session.get_one(Expo, item.expo_id)


# --- interest ---------------------------------------------------------------------------------------------------------
def record_interest(
    db: Database,
    pitch_id: uuid.UUID,
    values: Mapping[str, Any],
    interest_id: uuid.UUID | None = None,
    seen: Mapping[str, Any] | None = None,
) -> uuid.UUID:
    """Who is interested in a pitch, `values` as a form gives them without the pitch; or a change to it. Its id.

    An interest without an organisation or a name is kept too: the level alone is more than nothing. Raises
    InvalidRecord with a problem per field, Conflict where somebody changed what was `seen`.
    """
    with writing(db, RECORD) as writer, writer.within(_expo_of(writer, pitch_id)):
        given = values if interest_id else {**values, "pitch": "?"}  # which pitch it is is said beside
        _current, clean = entered(writer, INTERESTS, given, interest_id, seen)
        if not interest_id:
            del clean["pitch"]
            clean["pitch_id"] = pitch_id
        return write_row(writer, INTERESTS, clean, interest_id)


@dataclass(frozen=True)
class Scanned:
    """An interest recorded by a badge; `is_again`: it was there already and nothing was written."""

    id: uuid.UUID
    name: str
    organisation: str
    is_again: bool


def interest_of_badge(
    db: Database, pitch_id: uuid.UUID, raw: str, level: InterestLevel = InterestLevel.REAL
) -> Scanned:
    """The holder of a badge is interested in a pitch: name, organisation and telephone are the registered ones.

    UserError for a badge that is not known, not this expo's or revoked: nothing is recorded.
    """
    with writing(db, RECORD) as writer:
        expo = _expo_of(writer, pitch_id)
        row = writer.session.execute(_holder(raw)).first()
        if row is None:
            raise UserError(_("这张胸卡没有登记过，没有记意向。可以手工填写。"), "E-UNKNOWN-BADGE")
        if row.expo_id != expo.id:
            raise UserError(_("{name}的胸卡是另一届展会的，没有记意向。可以手工填写。").format(name=row.name), "E-EXPO")
        if row.revoked_at is not None:
            raise UserError(_("{name}的这张胸卡已作废，没有记意向。请读新胸卡。").format(name=row.name), "E-REVOKED")
        there = writer.session.scalar(
            select(Interest.id).where(Interest.pitch_id == pitch_id, Interest.attendee_id == row.id).limit(1)
        )
        if there is None:
            values = {
                "pitch_id": pitch_id, "attendee_id": row.id, "organisation_id": row.organisation_id,
                "contact": row.name, "phone": row.phone, "level": level,
            }  # fmt: skip
            with writer.within(expo):
                key = write_row(writer, INTERESTS, values)
            return Scanned(key, row.name, row.organisation or "", is_again=False)
        return Scanned(there, row.name, row.organisation or "", is_again=True)


def _holder(raw: str) -> Select[Any]:
    return (
        select(
            Attendee.id, Attendee.expo_id, Attendee.organisation_id, Person.name, Person.phone, Badge.revoked_at,
            spoken(Organisation).label("organisation"),
        )
        .join(Badge, Badge.attendee_id == Attendee.id)
        .join(Person, Person.id == Attendee.person_id)
        .outerjoin(Organisation, Organisation.id == Attendee.organisation_id)
        .where(Badge.code == badge_code.normalise(raw))
    )  # fmt: skip
