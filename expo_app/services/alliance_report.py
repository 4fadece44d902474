"""What the yearly report of alliances, their register and the certificates of their members are made from."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.model import Alliance, Expo, MemberRole, Task, TaskState
from expo_app.rules.memberships import Change, Span, by_founding, changes
from expo_app.rules.partial_days import first_day
from expo_app.services import alliances
from expo_app.services.alliances import Seen
from expo_app.services.report_head import read_head
from expo_app.specs.alliances_shown import (
    AgreementLine,
    AllianceReport,
    AllianceYear,
    Body,
    Certificate,
    Certificates,
    ChangeLine,
    MemberLine,
    TaskDone,
)
from expo_app.specs.records import spoken
from expo_app.store.database import Database

_alliance, _task = Alliance.__table__, Task.__table__


def parts(db: Database, _expo_id: uuid.UUID) -> tuple[tuple[str, str], ...]:
    """The bodies of the file, (key, name)."""
    query = select(_alliance.c.id, spoken(Alliance), _alliance.c.founded).order_by(_alliance.c.id)
    with db.reading() as session:
        rows = session.execute(query).all()
    return tuple(
        (key.hex, name) for key, name, _founded in sorted(rows, key=lambda row: by_founding(readable(row[2]) or ""))
    )


def read(db: Database, expo_id: uuid.UUID, now: datetime, day: date, part: str = "") -> AllianceReport:
    """One body (`part`: its key) or all, as they stand on a day, and what happened in its year until then."""
    with db.reading() as session:
        return read_within(session, session.get_one(Expo, expo_id), now, day, part)


def read_within(session: Session, expo: Expo, now: datetime, day: date, part: str = "") -> AllianceReport:
    """The same within a session that is already open."""
    board = alliances.board_on(session, expo, day)
    seen = alliances.read_members(session, expo)
    there = [body for body in board.bodies if not body.founded or first_day(body.founded) <= day]
    told = [body for body in there if part in ("", body.id.hex)]
    agreed = [one for one in board.agreements if not one.signed or first_day(one.signed) <= day]
    years = tuple(_year(session, expo, seen, body, day, agreed) for body in told)
    counted = {
        line.organisation_id
        for year in years
        for line in year.seen.members
        if seen.counts(line.is_sample)
    }  # fmt: skip
    loose = tuple(one for one in agreed if one.alliance_id is None) if not part else ()
    platforms = sum(seen.counts(one.is_sample) for year in years for one in year.seen.platforms)
    agreements = seen.agreed((*loose, *(one for year in years for one in year.agreements)))
    return AllianceReport(read_head(session, expo, now), day, years, loose, len(counted), platforms, agreements)


def _year(
    session: Session, expo: Expo, seen: Seen, body: Body, day: date, agreements: Iterable[AgreementLine]
) -> AllianceYear:
    shown = alliances.alliance_on(session, expo, seen, body, day)
    platforms = tuple(one for one in shown.platforms if one.since is None or one.since <= day)
    return AllianceYear(
        replace(shown, platforms=platforms),
        tuple(_changes(seen.by_alliance.get(body.id, ()), day)),
        tuple(one for one in agreements if one.alliance_id == body.id),
        _tasks(session, expo, body.id, day),
    )


def _changes(lines: Sequence[MemberLine], day: date) -> list[ChangeLine]:
    """Who joined, took another role or left in the year of the day and until it, in order of time."""
    by_body: dict[uuid.UUID, list[MemberLine]] = {}
    for line in lines:
        by_body.setdefault(line.organisation_id, []).append(line)
    found: list[tuple[date, ChangeLine]] = []
    for mine in by_body.values():
        of_span = {Span(line.since, line.until): line for line in mine}
        for change, span in changes(list(of_span), day.year):
            line, when = of_span[span], span.until if change is Change.LEFT else span.since
            begins = span.last if change is Change.LEFT else span.first
            if begins <= day:
                found.append((begins, ChangeLine(change, line.name, line.role, when, line.is_sample)))
    return [line for _begins, line in sorted(found, key=lambda pair: (pair[0], pair[1].name))]


def _tasks(session: Session, expo: Expo, alliance_id: uuid.UUID, day: date) -> tuple[TaskDone, ...]:
    names = ("title", "assignee", "due_on", "state")
    query = select(*(_task.c[name] for name in names)).where(
        _task.c.expo_id == expo.id, _task.c.alliance_id == alliance_id
    )
    rows = session.execute(query.order_by(_task.c.due_on.nulls_last(), _task.c.task_no))
    return tuple(
        TaskDone(title, assignee, readable(due), state.label, state is TaskState.OPEN and bool(due) and due < day)
        for title, assignee, due, state in rows
    )


def as_json(db: Database, expo_id: uuid.UUID, now: datetime, day: date, part: str = "") -> dict[str, object]:
    """The report's figures for programs: of all that it tells, and of each body its members by role and region."""
    data = read(db, expo_id, now, day, part)
    return {
        "day": data.day, "members": data.members, "platforms": data.platforms, "agreements": data.agreements,
        "alliances": [_plain(year) for year in data.years],
        "other_agreements": [_agreed(one) for one in data.loose],
    }  # fmt: skip


def _plain(year: AllianceYear) -> dict[str, object]:
    body, matrix = year.seen.body, year.seen.matrix
    return {
        "name": body.name, "kind": body.kind.name.lower(), "founded": body.founded or None,
        "is_sample": body.is_sample, "members": len(matrix.ids(None, None)),
        "by_role": {role.name.lower(): len(matrix.ids(role, None)) for role in MemberRole},
        "by_region": {label: len(matrix.ids(None, key)) for key, label in matrix.columns},
        "changes": [
            {
                "on": line.on_day, "change": line.change.name.lower(), "member": line.name,
                "role": line.role.name.lower(), "is_sample": line.is_sample,
            }
            for line in year.changes
        ],
        "platforms": [
            {
                "title": one.title, "state": one.state.name.lower(), "since": one.since, "is_sample": one.is_sample
            }
            for one in year.seen.platforms
        ],
        "agreements": [_agreed(one) for one in year.agreements],
        "events": [
            {
                "on": event.on_day, "title": event.title, "state": event.state.name.lower(),
                "attended": event.attended, "is_sample": event.is_sample,
            }
            for event in year.seen.events
            if event.on_day.startswith(str(year.seen.day.year))
        ],
    }  # fmt: skip


def _agreed(one: AgreementLine) -> dict[str, object]:
    return {
        "title": one.title, "signed": one.signed or None, "parties": [party.name for party in one.parties],
        "signatures": one.signatures, "amount": one.amount, "is_void": one.is_void, "is_sample": one.is_sample,
    }  # fmt: skip


def certificates(
    db: Database, expo_id: uuid.UUID, now: datetime, day: date, part: str = "", members: Collection[uuid.UUID] = ()
) -> Certificates:
    """A page for each member on a day of a body (`part`) or of all; of `members` alone where they are given."""
    with db.reading() as session:
        expo = session.get_one(Expo, expo_id)
        names = session.execute(select(_alliance.c.id, _alliance.c.name, _alliance.c.name_en)).all()
        seen = alliances.read_members(session, expo)
        wanted = frozenset(members)
        pages = tuple(
            Certificate(
                name,
                name_en,
                line.own_name,
                line.name_en,
                line.role,
                line.joined,
                line.since,
                line.certificate_no,
                line.is_sample,
            )
            for key, name, name_en in names
            if part in ("", key.hex)
            for line in seen.on(key, day)
            if not wanted or line.id in wanted
        )
        return Certificates(read_head(session, expo, now), day, pages)
