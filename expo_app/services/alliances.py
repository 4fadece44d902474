"""Reading 联盟与共同体: all bodies of the file, and one of them, on a day.

Sample rule: in a sample expo all records count, else those marked as samples are shown and not counted.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session

from expo_app.damaged import readable, sound
from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import (
    Agreement,
    AgreementParty,
    Alliance,
    AllianceKind,
    AllianceMember,
    Deal,
    DealParty,
    Entry,
    Expo,
    JointPlatform,
    MemberRole,
    Organisation,
    PartyRole,
    PlatformState,
    ProgrammeItem,
    SharingEvent,
    SharingEventState,
    Task,
    TaskState,
)
from expo_app.model.expo import today_of
from expo_app.rules.memberships import Span, by_founding, in_force, is_stalled, unbroken
from expo_app.rules.region_groups import OTHER, UNKNOWN, RegionRule, by_default
from expo_app.services.programme_checkins import read_present
from expo_app.services.record_writer import in_parts
from expo_app.services.region_groups import read_rule
from expo_app.specs.alliances import deal_is_signed
from expo_app.specs.alliances_shown import (
    AgreementLine,
    AllianceSeen,
    Board,
    Body,
    DueTask,
    EventLine,
    Matrix,
    MemberLine,
    PartyLine,
    PlatformLine,
)
from expo_app.specs.records import spoken
from expo_app.store.database import Database

MOST_REGIONS = 5
"""Columns of the matrix beside what the others do not hold."""
_alliance, _member, _platform, _event, _agreement, _body, _deal, _task = (
    model.__table__
    for model in (Alliance, AllianceMember, JointPlatform, SharingEvent, Agreement, Organisation, Deal, Task)
)
Ids = Sequence[uuid.UUID]
OWNED = {"members": _member, "platforms": _platform, "sharing_events": _event}
"""Kinds of record that belong to a body."""


@dataclass(frozen=True)
class Seen:
    """All membership of the file, read once: rows of members by alliance, and who of them counts."""

    counts_samples: bool
    by_alliance: Mapping[uuid.UUID, Sequence[MemberLine]] = field(default_factory=dict)

    def counts(self, is_sample: bool) -> bool:
        return self.counts_samples or not is_sample

    def agreed(self, lines: Iterable[AgreementLine]) -> int:
        """How many of these agreements count: one whose deal is void does not."""
        return sum(self.counts(one.is_sample) and not one.is_void for one in lines)

    def on(self, alliance_id: uuid.UUID, day: date) -> list[MemberLine]:
        """Who belongs on a day, one line for each organisation, by role and name."""
        mine = self.by_alliance.get(alliance_id, ())
        spans: dict[uuid.UUID, dict[uuid.UUID, Span]] = {}
        for line in mine:
            spans.setdefault(line.organisation_id, {})[line.id] = Span(line.since, line.until)
        there = {in_force(of, day) for of in spans.values()}
        held = [line for line in mine if line.id in there]
        return sorted((replace(line, joined=_joined(line, spans)) for line in held), key=_by_role)


def _joined(line: MemberLine, spans: Mapping[uuid.UUID, Mapping[uuid.UUID, Span]]) -> str:
    return unbroken(spans[line.organisation_id].values(), Span(line.since, line.until)).since


def _by_role(line: MemberLine) -> tuple[int, str, str]:
    return list(MemberRole).index(line.role), line.since, line.name


# --- all of them ------------------------------------------------------------------------------------------------------
def read_board(db: Database, expo_id: uuid.UUID | None) -> Board:
    """All bodies as of today, by the expo's clock; nine statements."""
    with db.reading() as session:
        expo = session.get(Expo, expo_id) if expo_id else None
        day = today_of(expo, db.now())
        return board_on(session, expo, day)


def board_on(session: Session, expo: Expo | None, day: date) -> Board:
    """The same within a session that is already open, on any day."""
    seen, agreed = read_members(session, expo), agreements(session)
    bodies = tuple(_bodies(session, seen, day))
    counted = {line.organisation_id for body in bodies for line in seen.on(body.id, day) if seen.counts(line.is_sample)}
    platforms = session.scalars(select(_platform.c.is_sample))
    return Board(
        day, bodies, agreed, _overdue(session, expo, day), len(counted),
        sum(seen.counts(bool(is_sample)) for is_sample in platforms),
        seen.agreed(agreed),
    )  # fmt: skip


def _bodies(session: Session, seen: Seen, day: date, *where: ColumnElement[bool]) -> Iterable[Body]:
    events = Counter(
        key
        for key, is_sample in session.execute(
            select(_event.c.alliance_id, _event.c.is_sample).where(_event.c.state == SharingEventState.HELD)
        )
        if key and seen.counts(bool(readable(is_sample)))
    )
    query = select(_alliance, spoken(Alliance).label("shown")).where(*where)
    rows = session.execute(query.order_by(_alliance.c.id)).mappings().all()
    for row in sorted(rows, key=lambda row: by_founding(readable(row["founded"]) or "")):
        there = seen.on(row["id"], day)
        yield Body(
            row["id"], row["shown"], row["name"], readable(row["kind"]) or AllianceKind.ALLIANCE,
            readable(row["founded"]) or "", row["founding"],
            row["secretariat"], row["purpose"], row["source"], bool(row["is_sample"]),
            sum(seen.counts(line.is_sample) for line in there), events.get(row["id"], 0),
            any(line.is_sample for line in there),
        )  # fmt: skip


def sizes(db: Database, expo_id: uuid.UUID | None) -> dict[uuid.UUID, tuple[int, int]]:
    """(members today, platforms) of each body, those that count."""
    with db.reading() as session:
        expo = session.get(Expo, expo_id) if expo_id else None
        seen, day = read_members(session, expo), today_of(expo, db.now())
        rows = session.execute(select(_platform.c.alliance_id, _platform.c.is_sample))
        platforms = Counter(key for key, is_sample in rows if seen.counts(bool(is_sample)))
        return {
            key: (sum(seen.counts(line.is_sample) for line in seen.on(key, day)), platforms[key])
            for key in session.scalars(select(_alliance.c.id))
        }


def read_members(session: Session, expo: Expo | None, *where: ColumnElement[bool]) -> Seen:
    """Every span of every member, or of those asked for; one statement."""
    own = ("id", "alliance_id", "organisation_id", "role", "since", "until", "certificate_no", "source", "is_sample")
    names = (spoken(Organisation).label("shown"), _body.c.name_en, _body.c.name, _body.c.region_code)
    query = select(*(_member.c[name] for name in own), *names)
    query = query.join(_body, _body.c.id == _member.c.organisation_id).where(*where).order_by(_member.c.id)
    found: dict[uuid.UUID, list[MemberLine]] = {}
    for row in session.execute(query).mappings():
        found.setdefault(row["alliance_id"], []).append(
            MemberLine(
                row["id"],
                row["organisation_id"],
                row["shown"],
                row["name_en"],
                row["name"],
                readable(row["region_code"]) or "",
                readable(row["role"]) or MemberRole.MEMBER,
                readable(row["since"]) or "",
                readable(row["until"]) or "",
                row["certificate_no"],
                row["source"],
                bool(readable(row["is_sample"])),
            )
        )
    return Seen(expo is not None and expo.is_sample, found)


def agreements(session: Session, *where: ColumnElement[bool]) -> tuple[AgreementLine, ...]:
    """Agreements with their parties, latest first; those that are a deal as the deal says; three statements."""
    query = select(
        _agreement,
        spoken(Agreement, "title").label("shown"),
        _deal.c.expo_id,
        _deal.c.deal_no,
        _deal.c.signed_on,
        _deal.c.amount.label("dealt"),
        deal_is_signed(_deal).label("is_dealt"),
        _deal.c.entry,
    )
    query = query.outerjoin(_deal, _deal.c.id == _agreement.c.deal_id).where(*(where or (true(),)))
    rows = session.execute(query).mappings().all()
    own, dealt = _parties(session), _parties_of_deals(session, [row["deal_id"] for row in rows if row["deal_id"]])
    lines = [_agreement_line(dict(row), own, dealt) for row in rows]
    return tuple(sorted(sorted(lines, key=lambda line: line.title), key=lambda line: line.signed, reverse=True))


def _agreement_line(
    row: Mapping[str, Any],
    own: Mapping[uuid.UUID, Sequence[PartyLine]],
    dealt: Mapping[uuid.UUID, Sequence[tuple[uuid.UUID, str, str, str]]],
) -> AgreementLine:
    deal = (row["expo_id"], row["deal_id"], row["deal_no"]) if row["deal_id"] else None
    is_void = deal is not None and readable(row["entry"]) is Entry.VOID
    if deal is None:
        signed, amount, parties = readable(row["signed"]) or "", readable(row["amount"]), tuple(own.get(row["id"], ()))
    else:
        day = readable(row["signed_on"])
        signed, amount = day.isoformat() if day else "", None if is_void else readable(row["dealt"])
        is_signed = bool(row["is_dealt"])
        parties = tuple(
            PartyLine(key, name, code, is_signed, signed if is_signed else "", signer)
            for key, name, code, signer in dealt.get(row["deal_id"], ())
        )
    return AgreementLine(
        row["id"], row["shown"], row["alliance_id"], signed, row["place"], readable(row["valid_until"]), amount,
        row["summary"], row["source"], bool(row["is_sample"]), deal, parties, is_void,
    )  # fmt: skip


def _parties(session: Session) -> dict[uuid.UUID, list[PartyLine]]:
    part = AgreementParty.__table__
    query = select(part, spoken(Organisation).label("shown"), _body.c.region_code)
    query = query.join(_body, _body.c.id == part.c.organisation_id).order_by(part.c.position, part.c.id)
    found: dict[uuid.UUID, list[PartyLine]] = {}
    for row in session.execute(query).mappings():
        line = PartyLine(row["organisation_id"], row["shown"], readable(row["region_code"]) or "",
                         bool(row["is_signed"]), readable(row["signed"]) or "", row["signer"])  # fmt: skip
        found.setdefault(row["agreement_id"], []).append(line)
    return found


def _parties_of_deals(session: Session, deals: Ids) -> dict[uuid.UUID, list[tuple[uuid.UUID, str, str, str]]]:
    """(organisation, name, region, who signs) by deal; witnesses are no parties."""
    part = DealParty.__table__
    query = select(part.c.deal_id, part.c.organisation_id, spoken(Organisation), _body.c.region_code, part.c.signer)
    query = query.join(_body, _body.c.id == part.c.organisation_id).where(part.c.role != PartyRole.WITNESS)
    query = query.order_by(part.c.role, part.c.position, part.c.id)
    found: dict[uuid.UUID, list[tuple[uuid.UUID, str, str, str]]] = {}
    for some in in_parts(deals):
        for deal, key, name, code, signer in session.execute(query.where(part.c.deal_id.in_(some))):
            found.setdefault(deal, []).append((key, name, readable(code) or "", signer))
    return found


def _overdue(session: Session, expo: Expo | None, day: date) -> tuple[DueTask, ...]:
    """Tasks of the open expo that an alliance waits for."""
    if expo is None:
        return ()
    names = ("id", "title", "assignee", "due_on", "alliance_id", "is_sample")
    query = select(*(_task.c[name] for name in names)).where(
        _task.c.expo_id == expo.id, _task.c.alliance_id.is_not(None), _task.c.state == TaskState.OPEN,
        _task.c.due_on < day,
    )  # fmt: skip
    rows = session.execute(query.order_by(_task.c.due_on, _task.c.task_no))
    return tuple(
        DueTask(key, title, assignee, due, (day - due).days, alliance, bool(is_sample))
        for key, title, assignee, due, alliance, is_sample in sound(rows)
    )


# --- one of them ------------------------------------------------------------------------------------------------------
def read_alliance(db: Database, expo_id: uuid.UUID | None, alliance_id: uuid.UUID, day: date) -> AllianceSeen:
    """One body on a day; Conflict if it is gone."""
    with db.reading() as session:
        expo = session.get(Expo, expo_id) if expo_id else None
        seen = read_members(session, expo, _member.c.alliance_id == alliance_id)
        body = next(iter(_bodies(session, seen, day, _alliance.c.id == alliance_id)), None)
        if body is None:
            raise Conflict(_("这个联盟已被删除，数据未变。请选择另一个。"), "E-GONE")
        return alliance_on(session, expo, seen, body, day)


def alliance_on(session: Session, expo: Expo | None, seen: Seen, body: Body, day: date) -> AllianceSeen:
    """The same within a session that is already open."""
    members = tuple(seen.on(body.id, day))
    rule = read_rule(session, expo.id if expo else None)
    matrix = matrix_of([line for line in members if seen.counts(line.is_sample)], rule)
    return AllianceSeen(body, day, members, matrix, _platforms(session, body.id, day), _events(session, body.id))


def matrix_of(members: Sequence[MemberLine], rule: RegionRule) -> Matrix:
    """Members by role and region. A grouping that leaves members out says nothing of them: provinces then."""
    keys = {rule.key_of(line.region_code) for line in members}
    if not rule.is_chosen or OTHER in keys:
        rule = by_default()
    found = Counter(rule.key_of(line.region_code) for line in members)
    ends = (OTHER, UNKNOWN)
    groups = [group.name for group in rule.groups if group.name in found or rule.is_chosen]
    if len(groups) > MOST_REGIONS:
        most = {name for name, _n in Counter({name: found[name] for name in groups}).most_common(MOST_REGIONS)}
        groups = [name for name in groups if name in most]
    columns = [(name, rule.label(name)) for name in groups]
    if len(found) > len([name for name in found if name in groups or name == UNKNOWN]) or not groups:
        columns.append((OTHER, rule.label(OTHER)))
    if UNKNOWN in found:
        columns.append((UNKNOWN, rule.label(UNKNOWN)))
    cells: dict[tuple[MemberRole, str], list[uuid.UUID]] = {}
    for line in members:
        key = rule.key_of(line.region_code)
        cells.setdefault((line.role, key if key in groups or key in ends else OTHER), []).append(line.id)
    return Matrix(tuple(columns), {place: tuple(ids) for place, ids in cells.items()})


def _platforms(session: Session, alliance_id: uuid.UUID, day: date) -> tuple[PlatformLine, ...]:
    query: Select[Any] = select(_platform, spoken(Organisation).label("lead"))
    query = query.outerjoin(_body, _body.c.id == _platform.c.lead_id).where(_platform.c.alliance_id == alliance_id)
    return tuple(
        PlatformLine(
            row["id"], row["title"], row["kind"], readable(row["region_code"]) or "",
            readable(row["state"]) or PlatformState.PLANNED, readable(row["state_since"]), row["lead"] or "",
            row["source"], bool(row["is_sample"]),
            is_stalled(readable(row["state"]) or PlatformState.PLANNED, readable(row["state_since"]), day),
        )
        for row in session.execute(query.order_by(_platform.c.title)).mappings()
    )  # fmt: skip


def _events(session: Session, alliance_id: uuid.UUID) -> tuple[EventLine, ...]:
    """Latest first. One that stands in a programme has the attendance counted there, where anybody was."""
    query = select(_event).where(_event.c.alliance_id == alliance_id).order_by(_event.c.on_day.desc(), _event.c.title)
    rows = session.execute(query).mappings().all()
    counted = _attendance(session, [row["programme_item_id"] for row in rows if row["programme_item_id"]])
    return tuple(
        EventLine(
            row["id"], row["title"], readable(row["on_day"]) or "", row["place"],
            readable(row["state"]) or SharingEventState.HELD,
            readable(row["registered"]), readable(row["capacity"]),
            counted.get(row["programme_item_id"], readable(row["attended"])),
            row["programme_item_id"], row["source"], bool(row["is_sample"]),
        )
        for row in rows
    )  # fmt: skip


def read_events(db: Database, alliance_id: uuid.UUID) -> tuple[EventLine, ...]:
    """The events of one body alone: who was let in changes by the second."""
    with db.reading() as session:
        return _events(session, alliance_id)


def _attendance(session: Session, items: Ids) -> dict[uuid.UUID, int]:
    """How many were let in to each of these items of the programme."""
    query = select(Expo, ProgrammeItem.starts_at).join(ProgrammeItem, ProgrammeItem.expo_id == Expo.id)
    days = {
        (expo.id, expo.local_day(starts))
        for part in in_parts(items)
        for expo, starts in session.execute(query.where(ProgrammeItem.id.in_(part)))
        if starts is not None
    }
    found: dict[uuid.UUID, int] = {}
    for expo_id, day in sorted(days):
        found |= read_present(session, expo_id, day)
    return found


def roles_of(db: Database, member_id: uuid.UUID) -> tuple[MemberLine, ...]:
    """Every span of a member's organisation in its alliance, the first one first."""
    with db.reading() as session:
        every = read_members(session, None).by_alliance.values()
    mine = next((spans for spans in every if any(line.id == member_id for line in spans)), ())
    body = next((line.organisation_id for line in mine if line.id == member_id), None)
    own = [line for line in mine if line.organisation_id == body]
    return tuple(sorted(own, key=lambda line: Span(line.since, line.until).first))


def alliance_of(db: Database, spec: str, record_id: uuid.UUID) -> uuid.UUID | None:
    """The body that a record of a kind in `OWNED` belongs to; None where it has none."""
    table = OWNED[spec]
    with db.reading() as session:
        return session.scalar(select(table.c.alliance_id).where(table.c.id == record_id))
