"""The matchmaking of the sample as it stands on its second morning: all of it generated, of generated bodies alone.

Suggestions computed as everybody's are, and answered; requests in every state, meetings held, missed, replaced, moved,
to come, and some that have no place yet. Demands, providers, tables and hours are lists as any other.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from expo_app.model import (
    Achievement,
    Answer,
    Deal,
    Demand,
    Expo,
    MatchingSettings,
    Meeting,
    MeetingPlace,
    MeetingState,
    Organisation,
    Provider,
    ServiceItem,
    Suggestion,
    Unsuitable,
)
from expo_app.services import suggestions
from expo_app.services.record_writer import Writer, write_rows
from expo_app.services.sample.lists import ZONE, insert, read, read_plain, write
from expo_app.services.timetable import as_published, seat_of
from expo_app.specs import MEETINGS, STANDBY
from expo_app.store.database import Database

BODIES = "matching_bodies"
"""The file of the short names of those who meet."""
LIMITS = {"sent_at_most": 12, "a_day_at_most": 6}
SPAN = timedelta(minutes=20)
COUNTED = timedelta(hours=-46)
"""When the suggestions were computed, from where the rehearsal begins."""
GOOD = 40
"""Every other suggestion with so many points was asked about or judged; of lower ones every sixth was judged."""
BOTH: Mapping[str, Any] = {"demand_answer": Answer.ACCEPTED, "supply_answer": Answer.ACCEPTED}
SAID: tuple[Mapping[str, Any], ...] = (
    BOTH, {"demand_answer": Answer.WAITING}, {"demand_answer": Answer.ACCEPTED, "supply_answer": Answer.WAITING}, BOTH,
    {"demand_answer": Answer.DECLINED, "demand_how": "电话：时间排满"}, {"unsuitable": Unsuitable.PRICE},
    {"demand_answer": Answer.WAITING, "supply_answer": Answer.ACCEPTED}, BOTH,
    {"demand_answer": Answer.ACCEPTED, "supply_answer": Answer.DECLINED, "supply_how": "现场：暂不对外许可"},
)  # fmt: skip
"""What is said of good ones, in turn."""
JUDGED: tuple[Mapping[str, Any], ...] = (
    {"unsuitable": Unsuitable.FIELD}, {"unsuitable": Unsuitable.MATURITY}, {"unsuitable": Unsuitable.KNOWN},
    {"unsuitable": Unsuitable.OTHER, "unsuitable_words": "产能不足"},
)  # fmt: skip


def add_matching(db: Database, expo_id: uuid.UUID) -> int:
    """Enter all of it; how many meetings and requests there are."""
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        writer = Writer(db, session, expo)
        _add_short_names(writer)
        insert(writer, MatchingSettings.__table__, [{"expo_id": expo.id, "is_sample": True, **LIMITS}])
        writer.audit()
        counted_at = (expo.rehearsal_at or db.now()) + COUNTED
    clock, db.clock = db.clock, lambda: counted_at
    try:
        suggestions.compute(db, expo_id)
    finally:
        db.clock = clock
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        writer = Writer(db, session, expo)
        rows = _add_meetings(writer, expo)
        _answer(writer, expo)
        writer.audit()
    return len(rows)


# --- who -------------------------------------------------------------------------------------------------------------
def _named(writer: Writer, model: Any, name: str = "name") -> dict[str, uuid.UUID]:
    """Records of a table by their name."""
    table = model.__table__
    return dict(writer.session.execute(select(table.c[name], table.c.id)).all())


def _add_short_names(writer: Writer) -> None:
    """What those who meet are called where there is little room."""
    table, bodies = Organisation.__table__, _named(writer, Organisation)
    for row in read_plain(BODIES, table):
        named = update(table).where(table.c.id == bodies[row["name"]]).values(short_name=row["short_name"])
        writer.session.execute(named)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


# --- meetings ---------------------------------------------------------------------------------------------------------
def _add_meetings(writer: Writer, expo: Expo) -> list[uuid.UUID]:
    """Requests and meetings as they were entered; what was published, what became a deal, who stands by."""
    rows = read(MEETINGS)
    deals, places = _named(writer, Deal, "title"), _named(writer, MeetingPlace)
    told = [(row.pop("published", None), row.pop("deal_id", None)) for row in rows]
    ids = write_rows(writer, MEETINGS, [(None, {"is_sample": True, **row}, 0) for row in rows])
    table = Meeting.__table__
    kept = {row.id: row for row in writer.session.execute(select(table).where(table.c.expo_id == expo.id))}
    for key, (published, deal) in zip(ids, told, strict=True):
        row = kept[key]
        was = as_published(seat_of(row, ZONE)) if row.state is MeetingState.ACCEPTED else None
        if published is not None:
            was = _seat(published, places) if len(published) > 1 else None
        over = None if row.outcome is None or row.starts_at is None else row.starts_at + SPAN
        values = {"published": was, "deal_id": deals[deal] if deal else None, "ended_at": over, "asked_by": "吴悠"}
        writer.session.execute(update(table).where(table.c.id == key).values(values))
    write(writer, STANDBY, read(STANDBY))
    return ids


def _seat(published: list[str], places: Mapping[str, uuid.UUID]) -> dict[str, Any]:
    """Table and start as they were published."""
    place, starts = published
    at = _moment(starts).astimezone(UTC).isoformat()
    return {"place": str(places[place]), "starts_at": at, "minutes": SPAN.seconds // 60}


# --- suggestions ------------------------------------------------------------------------------------------------------
def _answer(writer: Writer, expo: Expo) -> None:
    """What both sides said: of the best suggestion between two that meet as their meeting stands, of others in turn."""
    owner = func.coalesce(Achievement.owner_id, Provider.organisation_id)
    query = (
        select(Suggestion.id, Demand.owner_id, owner, Suggestion.score)
        .select_from(Suggestion)
        .join(Demand, Demand.id == Suggestion.demand_id)
        .outerjoin(Achievement, Achievement.id == Suggestion.achievement_id)
        .outerjoin(ServiceItem, ServiceItem.id == Suggestion.service_item_id)
        .outerjoin(Provider, Provider.id == ServiceItem.provider_id)
        .where(Suggestion.expo_id == expo.id)
        .order_by(Demand.title, Suggestion.score.desc(), func.coalesce(Achievement.title, ServiceItem.title), owner)
    )
    found: list[tuple[Any, ...]] = [tuple(row) for row in writer.session.execute(query)]
    met = _met(writer, expo, found)
    good = [key for key, _demander, _offering, score in found if key not in met and score >= GOOD]
    low = [key for key, _demander, _offering, score in found if key not in met and score < GOOD]
    said: dict[uuid.UUID, Mapping[str, Any]] = {key: SAID[place % len(SAID)] for place, key in enumerate(good[::2])}
    said |= {key: JUDGED[place % len(JUDGED)] for place, key in enumerate(low[::6])}
    asked, due = _moment("2018-11-27 10:00"), _moment("2018-11-29 18:00")
    table = Suggestion.__table__
    for key, words in {**said, **met}.items():
        values = {**words}
        for side in ("demand", "supply"):
            answer = words.get(f"{side}_answer")
            values[f"{side}_answered_at"] = asked if answer in (Answer.ACCEPTED, Answer.DECLINED) else None
            values[f"{side}_answer_by"] = due if answer is Answer.WAITING else None
        if "unsuitable" in words:
            values |= {"judged_by": "陈放", "judged_at": asked}
        writer.session.execute(update(table).where(table.c.id == key).values(values))
    writer.note("suggest", table, None, {"answered": len(said) + len(met)})


def _met(writer: Writer, expo: Expo, found: Sequence[tuple[Any, ...]]) -> dict[uuid.UUID, dict[str, Any]]:
    """Of each pair that met or was asked to, the first suggestion, which the meeting names, with its answers."""
    table = Meeting.__table__
    first: dict[tuple[Any, Any], uuid.UUID] = {}
    for key, demander, offering, _score in found:
        first.setdefault((demander, offering), key)
    answers: dict[uuid.UUID, dict[str, Any]] = {}
    for row in writer.session.execute(select(table).where(table.c.expo_id == expo.id).order_by(table.c.meeting_no)):
        suggested = first.get((row.a_id, row.b_id))
        if suggested is None:
            continue
        supply = ANSWERS.get(row.state, Answer.WAITING)
        answers[suggested] = {"demand_answer": Answer.ACCEPTED, "supply_answer": supply}
        writer.session.execute(update(table).where(table.c.id == row.id).values(suggestion_id=suggested))
    return answers


ANSWERS = {MeetingState.ACCEPTED: Answer.ACCEPTED, MeetingState.DECLINED: Answer.DECLINED}
"""What who offers said, by how the request stands."""
