"""Guests of the programme and what is pitched: who speaks where, the order of pitches, what became of a result."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.damaged import sound
from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import _
from expo_app.model import Achievement, Interest, Organisation, Person, Pitch, ProgrammeItem, Room, Speaker, SpeakerRole
from expo_app.services import programme, records
from expo_app.services.people import person_of
from expo_app.services.record_writer import Writer, all_by, name_recurs, write_row, writing
from expo_app.services.records import Row, entered
from expo_app.services.statistics import roadshow
from expo_app.specs import ACHIEVEMENTS, PITCHES, PROGRAMME, SPEAKERS, Field
from expo_app.specs.records import spoken
from expo_app.store.database import Database


def speaker_rows(db: Database, expo_id: uuid.UUID, fields: Sequence[Field]) -> list[Row]:
    """`records.list_rows` of the speakers, `clash` filled with what clashes: 嘉宾时间重叠."""
    rows = records.list_rows(db, SPEAKERS, expo_id, fields, spoken=True)
    clashing = _clashes(db, expo_id)
    places = [n for n, field in enumerate(fields, 1) if field.name == "clash"]
    return [tuple(clashing.get(row[0]) if n in places else value for n, value in enumerate(row)) for row in rows]


def _clashes(db: Database, expo_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Words of the open clashes by speaker."""
    with db.reading() as session:
        planned = programme.read(session, expo_id)
        query = select(Speaker.id, Speaker.item_id, Speaker.person_id).join(ProgrammeItem)
        parts = session.execute(query.where(ProgrammeItem.expo_id == expo_id)).all()
    kinds: dict[tuple[uuid.UUID, str], str] = {}
    for clash in planned.open_clashes:
        for item_id in clash.item_ids:
            kinds.setdefault((item_id, clash.subject), clash.kind.label)
    found = {speaker: kinds.get((item_id, str(person_id))) for speaker, item_id, person_id in parts}
    return {speaker: words for speaker, words in found.items() if words}


def save_speaker(
    db: Database,
    expo_id: uuid.UUID,
    values: Mapping[str, Any],
    speaker_id: uuid.UUID | None = None,
    seen: Mapping[str, Any] | None = None,
) -> uuid.UUID:
    """Save who speaks where; its id. The person is the one of that name and organisation, made where there is none.

    Raises InvalidRecord with a problem per field, Conflict where somebody else changed it meanwhile.
    """
    with writing(db, SPEAKERS.permission, expo_id) as writer:
        current, clean = entered(writer, SPEAKERS, values, speaker_id, seen)
        if clean.keys() & {"person", "organisation"}:
            clean["person_id"] = _person(writer, {**current, **clean})
        if clean.get("item_id"):
            found = all_by(writer, PROGRAMME, "title", {clean["item_id"]}).get(clean["item_id"], [])
            if len(found) > 1:
                raise InvalidRecord({"item_id": name_recurs(PROGRAMME, clean["item_id"])})
            if not found:
                raise InvalidRecord({"item_id": _("没有这场活动，从列表中选一个。")})
            clean["item_id"] = found[0]
        _refuse_twice(writer, speaker_id, clean)
        saved = write_row(writer, SPEAKERS, clean, speaker_id)
        if clean.get("person_title"):
            _give_title(writer, saved, clean["person_title"])
    return saved


def _person(writer: Writer, values: Mapping[str, Any]) -> uuid.UUID:
    given = {"name": values["person"], "organisation_id": values.get("organisation") or None}
    return person_of(writer, given)


def _refuse_twice(writer: Writer, speaker_id: uuid.UUID | None, values: Mapping[str, Any]) -> None:
    """A person has one part in an item."""
    speaker = writer.session.get(Speaker, speaker_id) if speaker_id else None
    item_id, person_id = values.get("item_id"), values.get("person_id")
    same = select(Speaker.id).where(
        Speaker.item_id == (item_id or (speaker and speaker.item_id)),
        Speaker.person_id == (person_id or (speaker and speaker.person_id)),
    )
    if any(other != speaker_id for other in writer.session.scalars(same)):
        raise InvalidRecord({"person": _("这位嘉宾已在这场活动里。")})


def _give_title(writer: Writer, speaker_id: uuid.UUID, title: str) -> None:
    person_id = writer.session.execute(select(Speaker.person_id).where(Speaker.id == speaker_id)).scalar_one()
    table = Person.__table__
    writer.update(table, person_id, writer.rows(table, [person_id])[person_id], {"title": title})


@dataclass(frozen=True)
class Part:
    """A person's part in an item; `at` in UTC, None in the tray."""

    id: uuid.UUID
    item_id: uuid.UUID
    item: str
    at: datetime | None
    room: str
    role: SpeakerRole
    topic: str


def parts_of(db: Database, speaker_id: uuid.UUID) -> list[Part]:
    """Every part that this speaker's person has in the same expo, by time."""
    with db.reading() as session:
        found = session.execute(
            select(Speaker.person_id, ProgrammeItem.expo_id)
            .join(ProgrammeItem, ProgrammeItem.id == Speaker.item_id)
            .where(Speaker.id == speaker_id)
        ).first()
        if found is None:
            return []
        query = (
            select(
                Speaker.id, ProgrammeItem.id, spoken(ProgrammeItem, "title"), ProgrammeItem.starts_at,
                func.coalesce(spoken(Room), ""), Speaker.role, Speaker.topic,
            )
            .join(ProgrammeItem, ProgrammeItem.id == Speaker.item_id)
            .outerjoin(Room, Room.id == ProgrammeItem.room_id)
            .where(Speaker.person_id == found[0], ProgrammeItem.expo_id == found[1])
            .order_by(ProgrammeItem.starts_at.nulls_last(), ProgrammeItem.title)
        )  # fmt: skip
        return [Part(*row) for row in session.execute(query)]


def pitch_rows(db: Database, expo_id: uuid.UUID, fields: Sequence[Field]) -> list[Row]:
    """`records.list_rows` of the pitches, `mean` filled with what experts' scores come to (None: nobody finished), an
    empty `interest` with the organisations that were recorded."""
    rows = records.list_rows(db, PITCHES, expo_id, fields, spoken=True)
    with db.reading() as session:
        means = roadshow.means(session, [row[0] for row in rows])
        bodies = _interested(session, expo_id)
    names = ["id", *(field.name for field in fields)]
    filled: dict[str, Callable[[uuid.UUID, Any], Any]] = {
        "mean": lambda key, _value: means[key].value,
        "interest": lambda key, value: value or bodies.get(key),
    }
    return [
        (*(filled[name](row[0], value) if name in filled else value for name, value in zip(names, row, strict=False)),
         *row[len(names):])
        for row in rows
    ]  # fmt: skip


def _interested(session: Session, expo_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Pitch → the organisations whose interest was recorded, each once."""
    interest = Interest.__table__
    query = (
        select(interest.c.pitch_id, spoken(Organisation))
        .join(Organisation.__table__, Organisation.__table__.c.id == interest.c.organisation_id)
        .where(interest.c.expo_id == expo_id)
        .order_by(interest.c.at, interest.c.id)
    )
    found: dict[uuid.UUID, dict[str, None]] = {}
    for pitch, name in sound(session.execute(query)):
        found.setdefault(pitch, {})[name] = None
    return {pitch: "、".join(names) for pitch, names in found.items()}


LISTS = (SPEAKERS, PITCHES, ACHIEVEMENTS)


@dataclass(frozen=True)
class Pitched:
    """One pitch of a result; `score` 0–100: what experts' scores come to, else what was reported; None: neither."""

    id: uuid.UUID
    item: str
    position: int
    presenter: str
    score: Decimal | int | None
    comments: str
    interest: str


def pitches_of(db: Database, achievement_id: uuid.UUID) -> list[Pitched]:
    """Where a result was pitched and what came of it, by time."""
    query = (
        select(
            Pitch.id,
            spoken(ProgrammeItem, "title"),
            Pitch.position,
            Pitch.presenter,
            Pitch.score,
            Pitch.comments,
            Pitch.interest,
        )
        .join(ProgrammeItem, ProgrammeItem.id == Pitch.item_id)
        .where(Pitch.achievement_id == achievement_id)
        .order_by(ProgrammeItem.starts_at, Pitch.position)
    )
    with db.reading() as session:
        found = [Pitched(*row) for row in session.execute(query)]
        means = roadshow.means(session, [one.id for one in found])
    return [one if (mean := means[one.id].value) is None else replace(one, score=mean) for one in found]


def shift_pitch(db: Database, pitch_id: uuid.UUID, step: int) -> bool:
    """Move a pitch `step` places in its roadshow (-1 earlier); False at the end of the list. Order becomes 1, 2, 3 …"""
    with writing(db, "programme.edit") as writer:
        pitch = writer.session.get(Pitch, pitch_id)
        if pitch is None:
            raise Conflict(_("这个路演项目已被删除，数据未变。请刷新。"), "E-GONE")
        others = list(
            writer.session.scalars(
                select(Pitch)
                .join(Achievement, Achievement.id == Pitch.achievement_id)
                .where(Pitch.item_id == pitch.item_id)
                .order_by(Pitch.position, Achievement.title)
            )
        )
        at = others.index(pitch)
        to = min(max(at + step, 0), len(others) - 1)
        if to != at:
            others.insert(to, others.pop(at))
        for number, each in enumerate(others, 1):
            each.position = number
    return to != at
