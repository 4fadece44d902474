"""What the results sheet of a roadshow is made from, read in one go; figures are `services.statistics.roadshow`'s."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.model import (
    Achievement,
    Deal,
    Expo,
    Interest,
    InterestLevel,
    Organisation,
    Pitch,
    PitchComment,
    ProgrammeItem,
    Room,
    Task,
    TaskState,
)
from expo_app.rules import masks
from expo_app.rules.roadshow_scores import Criterion, Mean, averages, ranks, rounded, total
from expo_app.services.record_writer import in_parts
from expo_app.services.report_head import read_head
from expo_app.services.statistics import roadshow as statistics
from expo_app.services.statistics.roadshow import Points
from expo_app.services.statistics.scope import Scope, scope_of
from expo_app.specs.records import spoken
from expo_app.specs.roadshow_report import ExpertLine, InterestRow, PitchResult, RoadshowReport, ShowResult
from expo_app.store.database import Database

_pitch, _comment, _interest, _task = (model.__table__ for model in (Pitch, PitchComment, Interest, Task))


def shows(db: Database, expo_id: uuid.UUID) -> list[tuple[str, str]]:
    """Which roadshows it may tell of alone: (key, title), by time, those with pitches."""
    with db.reading() as session:
        figures = statistics.read_roadshows(session, scope_of(session, expo_id))
    return [(str(line.id), line.title) for line in figures.lines]


def read(db: Database, expo_id: uuid.UUID, now: datetime, only: str = "") -> RoadshowReport:
    """Every roadshow of the expo, or the one of this key."""
    with db.reading() as session:
        scope, expo = scope_of(session, expo_id), session.get_one(Expo, expo_id)
        figures = statistics.read_roadshows(session, scope)
        wanted = [line.id for line in figures.lines if only in ("", str(line.id))]
        found = _shows(session, scope, wanted)
        return RoadshowReport(read_head(session, expo, now), tuple(found), figures)


def _shows(session: Session, scope: Scope, items: Sequence[uuid.UUID]) -> list[ShowResult]:
    criteria = statistics.criteria_of(session, items)
    query = (
        select(
            ProgrammeItem.id, spoken(ProgrammeItem, "title"), func.coalesce(spoken(Room), ""), ProgrammeItem.starts_at,
            ProgrammeItem.ends_at, ProgrammeItem.is_sample,
        )
        .outerjoin(Room, Room.id == ProgrammeItem.room_id)
        .where(ProgrammeItem.id.in_(items))
    )  # fmt: skip
    heads = {row[0]: tuple(map(readable, row)) for row in session.execute(query)}
    pitches = _pitches(session, scope, items, criteria)
    found = []
    for item in items:
        _key, title, room, starts_at, ends_at, is_sample = heads[item]
        begin, end = _local(starts_at, scope.zone), _local(ends_at, scope.zone)
        results = tuple(pitches[item])
        found.append(ShowResult(item, title or "", room or "", begin, end, bool(is_sample), criteria[item], results))
    return found


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.astimezone(zone) if moment else None


def _pitches(
    session: Session, scope: Scope, items: Sequence[uuid.UUID], criteria: Mapping[uuid.UUID, tuple[Criterion, ...]]
) -> dict[uuid.UUID, list[PitchResult]]:
    query = (
        select(_pitch, spoken(Achievement, "title").label("title"), spoken(Organisation).label("owner"))
        .join(Achievement, Achievement.id == _pitch.c.achievement_id)
        .outerjoin(Organisation, Organisation.id == Achievement.owner_id)
        .where(_pitch.c.item_id.in_(items), scope.real(_pitch))
        .order_by(_pitch.c.position, Achievement.title)
    )
    rows = [{name: readable(value) for name, value in row.items()} for row in session.execute(query).mappings()]
    keys = [row["id"] for row in rows]
    points, means, words = statistics.points_of(session, keys), statistics.means(session, keys), _words(session, keys)
    interests = _interests(session, scope, keys)
    found: dict[uuid.UUID, list[PitchResult]] = {item: [] for item in items}
    places = _places(rows, means)
    for row in rows:
        key = row["id"]
        experts = _experts(criteria[row["item_id"]], points[key], words.get(key, {}))
        found[row["item_id"]].append(
            PitchResult(
                key, row["position"] or 0, row["title"] or "", row["owner"] or "", row["presenter"] or "",
                row["minutes"], _local(row["started_at"], scope.zone), _local(row["ended_at"], scope.zone),
                bool(row["is_cancelled"]), bool(row["is_sample"]), means[key], row["score"], places.get(key),
                averages(criteria[row["item_id"]], [one.points for one in experts if one.total is not None]),
                row["comments"] or "", row["interest"] or "", experts, tuple(interests.get(key, ())),
            )
        )  # fmt: skip
    return found


def _places(rows: Sequence[Mapping[str, Any]], means: Mapping[uuid.UUID, Mean]) -> dict[uuid.UUID, int | None]:
    """Of each pitch among those of its roadshow with a mean; a score that was only reported is none to compare."""
    found: dict[uuid.UUID, int | None] = {}
    for item in {row["item_id"] for row in rows}:
        held = [row for row in rows if row["item_id"] == item and not row["is_cancelled"]]
        values = ranks([means[row["id"]].value for row in held])
        found |= {row["id"]: place for row, place in zip(held, values, strict=True)}
    return found


def _experts(criteria: Sequence[Criterion], points: Points, words: Mapping[str, str]) -> tuple[ExpertLine, ...]:
    lines = []
    for name in dict.fromkeys([*points, *words]):
        given = points.get(name, {})
        whole = total(criteria, given)
        line = tuple(given.get(one.id) for one in criteria)
        lines.append(ExpertLine(name, line, None if whole is None else rounded(whole), words.get(name, "")))
    return tuple(lines)


def _words(session: Session, pitches: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, str]]:
    query = select(_comment.c.pitch_id, _comment.c.expert, _comment.c.words).order_by(_comment.c.id)
    found: dict[uuid.UUID, dict[str, str]] = {}
    for part in in_parts(pitches):
        for pitch, expert, words in session.execute(query.where(_comment.c.pitch_id.in_(part))):
            found.setdefault(pitch, {})[readable(expert) or ""] = readable(words) or ""
    return found


def _interests(session: Session, scope: Scope, pitches: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[InterestRow]]:
    """The strongest first, as they were recorded."""
    all_tasks = select(func.count()).where(_task.c.interest_id == _interest.c.id).correlate(_interest)
    done = all_tasks.where(_task.c.state == TaskState.DONE)
    columns = ("pitch_id", "interest_no", "contact", "phone", "level", "amount_from", "amount_to", "next_step",
               "is_sample")  # fmt: skip
    query = (
        select(
            *(_interest.c[name] for name in columns), spoken(Organisation).label("body"), Deal.deal_no, Deal.entry,
            Deal.stage, done.scalar_subquery().label("done"), all_tasks.scalar_subquery().label("tasks"),
        )
        .outerjoin(Organisation, Organisation.id == _interest.c.organisation_id)
        .outerjoin(Deal, Deal.id == _interest.c.deal_id)
        .where(scope.real(_interest))
        .order_by(_interest.c.at, _interest.c.id)
    )  # fmt: skip
    found: dict[uuid.UUID, list[InterestRow]] = {}
    for part in in_parts(pitches):
        for row in session.execute(query.where(_interest.c.pitch_id.in_(part))).mappings():
            found.setdefault(row["pitch_id"], []).append(_row({name: readable(value) for name, value in row.items()}))
    order = {level: place for place, level in enumerate(InterestLevel)}
    return {
        key: sorted(rows, key=lambda one: order.get(one.level, len(order)) if one.level else len(order))
        for key, rows in found.items()
    }


def _row(row: Mapping[str, Any]) -> InterestRow:
    return InterestRow(
        row["interest_no"] or "", row["body"] or "", row["contact"] or "", masks.mask_phone(row["phone"] or ""),
        row["level"], row["amount_from"], row["amount_to"], row["next_step"] or "", (row["done"], row["tasks"]),
        row["deal_no"] or "", row["entry"], row["stage"], bool(row["is_sample"]),
    )  # fmt: skip


# --- for programs -----------------------------------------------------------------------------------------------------
def as_json(db: Database, expo_id: uuid.UUID, now: datetime, only: str = "") -> object:
    """Figures, roadshows, their pitches and interests as plain data; names of contacts and phones are not of it."""
    data = read(db, expo_id, now, only)
    return {"figures": {one.name: one.as_value for one in data.figures.figures}, "shows": list(map(_show, data.shows))}


def _show(show: ShowResult) -> Mapping[str, object]:
    return {
        "title": show.title, "room": show.room, "starts_at": show.starts_at, "ends_at": show.ends_at,
        "is_sample": show.is_sample,
        "criteria": [{"name": one.name, "maximum": one.maximum, "weight": one.weight} for one in show.criteria],
        "pitches": [_result(pitch, show.criteria) for pitch in show.pitches],
    }  # fmt: skip


def _result(pitch: PitchResult, criteria: Sequence[Criterion]) -> Mapping[str, object]:
    names = ("position", "title", "owner", "presenter", "minutes", "started_at", "ended_at", "is_cancelled",
             "is_sample", "reported", "rank")  # fmt: skip
    return {name: getattr(pitch, name) for name in names} | {
        "score": pitch.mean.value, "experts_counted": pitch.mean.experts,
        "experts": [
            {"name": one.name, "points": dict(zip((c.name for c in criteria), one.points, strict=True)),
             "total": one.total, "comment": one.words}
            for one in pitch.experts
        ],
        "interests": [
            {"number": one.number, "organisation": one.organisation, "level": one.level.name if one.level else None,
             "from": one.low, "to": one.high, "next_step": one.next_step, "tasks": one.tasks[1],
             "deal_no": one.deal_no or None, "stage": one.stage.name if one.stage else None}
            for one in pitch.interests
        ],
    }  # fmt: skip
