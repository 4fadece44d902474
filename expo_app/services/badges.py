"""Badges: issue, print, reprint, reissue, revoke.

Reprint: the same code once more, only before the badge was handed over. Reissue: a new code, the old one revoked.
Substitute: a reissue for another person. Each with who, when and where.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.orm import Session

from expo_app import i18n
from expo_app.errors import Conflict, UserError
from expo_app.i18n import _
from expo_app.model import (
    Attendee,
    AttendeeState,
    Badge,
    Booth,
    Category,
    Exhibitor,
    ExhibitorState,
    Expo,
    ItemState,
    Organisation,
    Person,
    ProgrammeItem,
    Room,
    Speaker,
    new_id,
)
from expo_app.rules import badge_code
from expo_app.rules.categories import CategoryTerm
from expo_app.rules.day_spans import dotted_day_span
from expo_app.rules.terms import Terms
from expo_app.services.access import require
from expo_app.services.attendees_rules import CONSENT_VERSION
from expo_app.services.known_people import Newcomer, hold_registrations, meet
from expo_app.services.record_writer import CHUNK, Writer, in_parts, match, write_row, writing
from expo_app.services.report_head import place_of
from expo_app.services.words import categories_of
from expo_app.specs import PEOPLE
from expo_app.specs.field_types import clean_text
from expo_app.specs.natural_order import natural
from expo_app.specs.people import is_in_hand
from expo_app.specs.records import spoken
from expo_app.store.database import Database
from expo_app.store.engines import insert_into

SESSIONS = 2
"""So many of a speaker's sessions stand on a badge."""


@dataclass(frozen=True)
class BadgeCard:
    """What stands on one badge (the fields of `reports.badges.BadgeFace`), with its ids."""

    badge_id: uuid.UUID
    attendee_id: uuid.UUID
    name: str
    organisation: str
    title: str
    category: CategoryTerm
    badge_no: str
    code: str
    sample: bool
    expo_name: str
    dates_text: str
    venue_text: str
    printed_at: datetime | None
    booth: str = ""
    """An exhibitor's booths, or those of the exhibitor it stands with."""
    sessions: tuple[tuple[str, str], ...] = ()
    """A speaker's next sessions: when and where, and what."""

    def face(self) -> dict[str, Any]:
        """Keyword arguments of a BadgeFace."""
        return {
            "name": self.name,
            "organisation": self.organisation,
            "title": self.title,
            "category_label": self.category.label,
            "category_colour_key": self.category.token,
            "badge_no": self.badge_no,
            "code": self.code,
            "sample": self.sample,
            "expo_name": self.expo_name,
            "dates_text": self.dates_text,
            "venue_text": self.venue_text,
            "booth": self.booth,
            "sessions": self.sessions,
        }


def issue(db: Database, attendee_ids: Sequence[uuid.UUID]) -> int:
    """Make a badge for each of these who has none in force and is not cancelled; how many were made."""
    with writing(db, "badges.issue") as writer:
        return _issue(writer, [_without_badge().where(Attendee.id.in_(part)) for part in in_parts(attendee_ids)])


def issue_all(db: Database, expo_id: uuid.UUID, categories: Collection[str] = ()) -> int:
    """The same for everybody of the expo (of the categories with these keys)."""
    query = _without_badge().where(Attendee.expo_id == expo_id)
    if categories:
        query = query.where(Attendee.category_id.in_(_keyed(categories)))
    with writing(db, "badges.issue") as writer:
        return _issue(writer, [query])


def _keyed(keys: Collection[str]) -> Select[uuid.UUID]:
    return select(Category.id).where(Category.key.in_(keys))


def _without_badge() -> Select[uuid.UUID]:
    in_force = select(Badge.id).where(Badge.attendee_id == Attendee.id, Badge.revoked_at.is_(None)).exists()
    return select(Attendee.id).where(~in_force, Attendee.state != AttendeeState.CANCELLED)


def _issue(writer: Writer, queries: Sequence[Select[uuid.UUID]]) -> int:
    """One row each; whoever got a badge at another desk meanwhile is passed over."""
    session = writer.session
    rows = [new_badge(writer.db, attendee_id) for query in queries for attendee_id in session.scalars(query)]
    if not rows:
        return 0
    insert = insert_into(Badge.__table__, writer.db.is_sqlite)
    statement = insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    made = session.connection().execute(statement, rows).rowcount
    writer.note("issue", Badge.__table__, None, {"count": made})
    return made


def new_badge(db: Database, attendee_id: uuid.UUID) -> dict[str, Any]:
    """The values of a badge with a code nobody has."""
    return {
        "id": new_id(),
        "attendee_id": attendee_id,
        "code": badge_code.new_code(),
        "issued_at": db.now(),
        "issued_by": db.actor.name,
        "print_count": 0,
    }


def cards(
    db: Database,
    expo_id: uuid.UUID,
    attendee_ids: Collection[uuid.UUID] | None = None,
    *,
    categories: Collection[str] = (),
    only_unprinted: bool = False,
) -> list[BadgeCard]:
    """Cards in force, by badge number; of these people, of the categories with these keys, or all.

    Their codes open doors: only who may issue badges gets them.
    """
    require(db, "badges.issue")
    query = _cards(expo_id)
    if categories:
        query = query.where(Attendee.category_id.in_(_keyed(categories)))
    if only_unprinted:
        query = query.where(Badge.printed_at.is_(None))
    wanted = None if attendee_ids is None else set(attendee_ids)
    if wanted is not None and len(wanted) <= CHUNK:
        query = query.where(Attendee.id.in_(wanted))
    with db.reading() as session:
        expo = session.get_one(Expo, expo_id)
        place = place_of(session, expo_id)
        rows = session.execute(query).all()
        known: Terms[CategoryTerm] = categories_of(session, expo_id)
        booths = _booths(session, expo_id)
        sessions = _sessions(session, expo, db.now())
    name, dates = i18n.named(expo.name, expo.name_en), dotted_day_span(expo.starts_on, expo.ends_on)
    return [
        BadgeCard(
            badge_id=r[0], attendee_id=r[1], name=r[2], organisation=r[3] or "", title=r[4],
            category=known[r[5]], badge_no=r[6], code=r[7], sample=expo.is_sample or r[8], expo_name=name,
            dates_text=dates, venue_text=place, printed_at=r[9], booth=booths.get(r[10], ""),
            sessions=sessions.get(r[11], ()),
        )
        for r in rows
        if wanted is None or r[1] in wanted
    ]  # fmt: skip


@dataclass(frozen=True)
class Holder:
    """Whose badge a code is."""

    attendee_id: uuid.UUID
    name: str
    organisation: str
    badge_no: str
    expo_id: uuid.UUID
    expo: str
    is_revoked: bool


def holder(db: Database, raw: str) -> Holder | None:
    """Whose badge was read, of whatever expo in the file; None where there is no such badge."""
    query = (
        select(
            Attendee.id, spoken(Person), spoken(Organisation), Attendee.badge_no, Expo.id, spoken(Expo),
            Badge.revoked_at.is_not(None),
        )
        .join(Attendee, Attendee.id == Badge.attendee_id)
        .join(Person, Person.id == Attendee.person_id)
        .join(Expo, Expo.id == Attendee.expo_id)
        .outerjoin(Organisation, Organisation.id == Attendee.organisation_id)
        .where(Badge.code == badge_code.normalise(raw))
    )  # fmt: skip
    with db.reading() as session:
        row = session.execute(query).first()
    return Holder(row[0], row[1], row[2] or "", *row[3:]) if row else None


def _cards(expo_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    """What stands on the badges that open something, by number."""
    return (
        select(
            Badge.id, Attendee.id, spoken(Person), spoken(Organisation), Attendee.title, Attendee.category_id,
            Attendee.badge_no, Badge.code, Attendee.is_sample, Badge.printed_at, Attendee.exhibitor_id,
            Attendee.person_id,
        )
        .select_from(Badge)
        .join(Attendee, Attendee.id == Badge.attendee_id)
        .join(Person, Person.id == Attendee.person_id)
        .outerjoin(Organisation, Organisation.id == Attendee.organisation_id)
        .where(Attendee.expo_id == expo_id, Badge.revoked_at.is_(None), Attendee.state != AttendeeState.CANCELLED)
        .order_by(natural(Attendee.badge_no))
    )  # fmt: skip


def _booths(session: Session, expo_id: uuid.UUID) -> dict[uuid.UUID | None, str]:
    """Numbers of booths by exhibitor; who stands with another has that one's too. None of those that cancelled."""
    query = (
        select(Exhibitor.id, Booth.number)
        .join(Booth, Booth.exhibitor_id.in_((Exhibitor.id, Exhibitor.main_id)))
        .where(Exhibitor.expo_id == expo_id, Exhibitor.state != ExhibitorState.CANCELLED)
        .order_by(natural(Booth.number))
    )
    found: dict[uuid.UUID | None, list[str]] = {}
    for exhibitor, number in session.execute(query):
        found.setdefault(exhibitor, []).append(number)
    return {exhibitor: " ".join(numbers) for exhibitor, numbers in found.items()}


def _sessions(session: Session, expo: Expo, now: datetime) -> dict[uuid.UUID, tuple[tuple[str, str], ...]]:
    """The next sessions by speaker, of all once they are over; how many more there are."""
    ends = func.coalesce(ProgrammeItem.ends_at, ProgrammeItem.starts_at)
    query = (
        select(
            Speaker.person_id, ProgrammeItem.starts_at, ends, spoken(ProgrammeItem, "title"),
            func.coalesce(spoken(Room), ""),
        )
        .join(ProgrammeItem, ProgrammeItem.id == Speaker.item_id)
        .outerjoin(Room, Room.id == ProgrammeItem.room_id)
        .where(
            ProgrammeItem.expo_id == expo.id,
            ProgrammeItem.state != ItemState.CANCELLED,
            ProgrammeItem.starts_at.is_not(None),
        )
        .order_by(ProgrammeItem.starts_at, ProgrammeItem.id)
    )  # fmt: skip
    whole: dict[uuid.UUID, list[Any]] = {}
    for row in session.execute(query):
        whole.setdefault(row[0], []).append(row)
    found = {}
    for person, rows in whole.items():
        coming = [row for row in rows if row[2] >= now] or rows
        said = [(f"{row[1].astimezone(expo.zone_info):%m-%d %H:%M} {row[4]}".rstrip(), row[3]) for row in coming]
        more = [(_("另有 {n} 场").format(n=len(said) - SESSIONS), "")] if len(said) > SESSIONS else []
        found[person] = (*said[:SESSIONS], *more)
    return found


def mark_printed(db: Database, badge_ids: Sequence[uuid.UUID]) -> None:
    """These came out of the printer; the first time sets `printed_at`, each time counts."""
    first = func.coalesce(Badge.printed_at, db.now())
    _count_print(db, "print", badge_ids, {"print_count": Badge.print_count + 1, "printed_at": first})


def unmark_printed(db: Database, badge_ids: Sequence[uuid.UUID]) -> None:
    """The paper never came out: the last print of these is taken off the count again, and logged."""
    values = {
        "print_count": case((Badge.print_count > 0, Badge.print_count - 1), else_=0),
        "printed_at": case((Badge.print_count > 1, Badge.printed_at), else_=None),
    }
    _count_print(db, "unprint", badge_ids, values)


def _count_print(db: Database, action: str, badge_ids: Sequence[uuid.UUID], values: Mapping[str, Any]) -> None:
    with writing(db, "badges.issue") as writer:
        for part in in_parts(badge_ids):
            writer.session.execute(update(Badge).where(Badge.id.in_(part)).values(values))
        only = badge_ids[0] if len(badge_ids) == 1 else None
        writer.note(action, Badge.__table__, only, {"count": len(badge_ids)})


def hand_over(db: Database, attendee_ids: Sequence[uuid.UUID]) -> None:
    """The people have their badges: from now on a lost one is reissued, not reprinted."""
    with writing(db, "badges.issue") as writer:
        for part in in_parts(attendee_ids):
            query = select(Badge).where(
                Badge.attendee_id.in_(part), Badge.revoked_at.is_(None), Badge.handed_over_at.is_(None)
            )
            for badge in writer.session.scalars(query):
                badge.handed_over_at = writer.now


def in_hand(db: Database, attendee_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Who of these has the badge: it was handed over or has let its holder in. Theirs are reissued, not reprinted."""
    query = select(Badge.attendee_id).where(Badge.revoked_at.is_(None), is_in_hand())
    with db.reading() as session:
        asked = [query.where(Badge.attendee_id.in_(part)) for part in in_parts(attendee_ids)]
        return {key for one in asked for key in session.scalars(one)}


def check_reprint(db: Database, attendee_id: uuid.UUID) -> None:
    """Conflict when the badge was handed over or has let its holder in: then only a reissue is right."""
    with db.reading() as session:
        _in_force(session, attendee_id)
    if in_hand(db, [attendee_id]):
        raise _handed_over()


def _handed_over() -> Conflict:
    words = _("胸卡已交到本人手里，不能补打同一张，数据未变。请改用“换发新卡”，旧卡随即作废。")
    return Conflict(words, "E-HANDED-OVER")


def to_print(db: Database, expo_id: uuid.UUID, attendee_ids: Sequence[uuid.UUID]) -> tuple[list[BadgeCard], int]:
    """Cards of these people that may be printed, and how many are left out because their holders have them.

    Conflict when no card is left: there is none yet, or all were handed over.
    """
    known = cards(db, expo_id, attendee_ids)
    held = in_hand(db, [card.attendee_id for card in known])
    wanted = [card for card in known if card.attendee_id not in held]
    if not known:
        raise Conflict(_("选中的人还没有胸卡，没有打印。先制证。"), "E-NO-BADGE")
    if not wanted:
        raise _handed_over()
    return wanted, len(known) - len(wanted)


@dataclass(frozen=True)
class BadgeLife:
    """What became of one badge, without its code. Moments are aware, in UTC."""

    id: uuid.UUID
    issued_at: datetime
    issued_by: str
    printed_at: datetime | None
    print_count: int
    handed_over_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str
    revoke_reason: str


def lives(db: Database, attendee_id: uuid.UUID) -> list[BadgeLife]:
    """Every badge a person had, the one in force first, then the newest."""
    query = (
        select(
            Badge.id, Badge.issued_at, Badge.issued_by, Badge.printed_at, Badge.print_count, Badge.handed_over_at,
            Badge.revoked_at, Badge.revoked_by, Badge.revoke_reason,
        )
        .where(Badge.attendee_id == attendee_id)
        .order_by(Badge.revoked_at.is_not(None), Badge.issued_at.desc(), Badge.id.desc())
    )  # fmt: skip
    with db.reading() as session:
        return [BadgeLife(*row) for row in session.execute(query)]


def reissue(db: Database, attendee_id: uuid.UUID, reason: str) -> uuid.UUID:
    """A new code for the same person; the old badge is revoked in the same transaction. The new badge's id."""
    with writing(db, "badges.revoke") as writer:
        return _replace(writer, attendee_id, reason)


def substitute(db: Database, attendee_id: uuid.UUID, person: Mapping[str, Any], reason: str) -> uuid.UUID:
    """Another person takes the place (换人): the registration passes on, the old badge is revoked. The new badge's id.

    `person`: values of the spec PEOPLE without the organisation, which stays; `consent` True when the person agreed to
    the privacy notice: the consent of the one before does not count. InvalidRecord names what is wrong.
    """
    with writing(db, "badges.revoke", reason=reason) as writer:
        session = writer.session
        attendee = session.get_one(Attendee, attendee_id)
        writer.expo = session.get_one(Expo, attendee.expo_id)
        given = {name: value for name, value in person.items() if name not in ("organisation_id", "consent")}
        values = PEOPLE.clean(given) | {"organisation_id": attendee.organisation_id}
        (found,) = match(writer, PEOPLE, [values])
        _refuse_registered(writer, attendee, values, found)
        person_id = found or write_row(writer, PEOPLE, values)
        agreed = bool(person.get("consent"))
        attendee.person_id, attendee.title = person_id, values.get("title") or ""
        attendee.consent_at = writer.now if agreed else None
        attendee.consent_version = CONSENT_VERSION if agreed else ""
        session.flush()
        return _replace(writer, attendee_id, reason)


def _refuse_registered(writer: Writer, attendee: Attendee, values: Mapping[str, Any], found: uuid.UUID | None) -> None:
    """Conflict if who comes instead has a registration already."""
    hold_registrations(writer, attendee.expo_id)
    body = writer.session.get(Organisation, attendee.organisation_id) if attendee.organisation_id else None
    newcomer = Newcomer(values["name"], values.get("phone") or "", body.name if body else "", found)
    known = meet(writer.session, attendee.expo_id, newcomer)
    if known is not None and known.is_sure and known.attendee_id not in (None, attendee.id):
        words = _("{name}已经登记过，证件号 {number}，没有换人，数据未变。")
        raise Conflict(words.format(name=known.name, number=known.badge_no), "E-REGISTERED")


def revoke(db: Database, attendee_id: uuid.UUID, reason: str) -> None:
    """The badge is no longer good; every gate refuses it from the next scan on."""
    with writing(db, "badges.revoke") as writer:
        _revoke(writer, _in_force(writer.session, attendee_id), reason)


def _replace(writer: Writer, attendee_id: uuid.UUID, reason: str) -> uuid.UUID:
    session = writer.session
    if session.get_one(Attendee, attendee_id).state is AttendeeState.CANCELLED:
        raise UserError(_("登记已取消，没有换发新卡，数据未变。先恢复登记。"), "E-CANCELLED")
    if badge := session.scalars(_active(attendee_id)).first():
        _revoke(writer, badge, reason)
        session.flush()
    values = new_badge(writer.db, attendee_id)
    session.add(Badge(**values))
    return values["id"]


def _revoke(writer: Writer, badge: Badge, reason: str) -> None:
    if not clean_text(reason):
        raise UserError(_("作废胸卡要写明原因，未做任何改动。"), "E-REASON")
    badge.revoked_at, badge.revoked_by = writer.now, writer.db.actor.name
    badge.revoke_reason = clean_text(reason)[:200]


def _active(attendee_id: uuid.UUID) -> Select[Badge]:
    return select(Badge).where(Badge.attendee_id == attendee_id, Badge.revoked_at.is_(None))


def _in_force(session: Session, attendee_id: uuid.UUID) -> Badge:
    badge = session.scalars(_active(attendee_id)).first()
    if badge is None:
        raise UserError(_("这位还没有胸卡，数据未变。先制证。"), "E-NO-BADGE")
    return badge


@dataclass(frozen=True)
class Stock:
    """How badges stand: people without one; badges in force; of those not printed nor in hand (未打印 in lists),
    printed at least once; reprints; revoked.

    A cancelled registration has nothing to be printed.
    """

    without: int
    issued: int
    unprinted: int
    printed: int
    reprinted: int
    revoked: int


def stock(db: Database, expo_id: uuid.UUID) -> Stock:
    """Counts for the badge screen and the rail."""
    active = Badge.revoked_at.is_(None) & (Attendee.state != AttendeeState.CANCELLED)
    with db.reading() as session:
        row = session.execute(
            select(
                func.coalesce(func.sum(case((active, 1), else_=0)), 0),
                func.coalesce(func.sum(case((active & Badge.printed_at.is_(None) & ~is_in_hand(), 1), else_=0)), 0),
                func.coalesce(func.sum(case((active & Badge.printed_at.is_not(None), 1), else_=0)), 0),
                func.coalesce(func.sum(case((Badge.print_count > 1, Badge.print_count - 1), else_=0)), 0),
                func.coalesce(func.sum(case((Badge.revoked_at.is_not(None), 1), else_=0)), 0),
            )
            .select_from(Badge)
            .join(Attendee, Attendee.id == Badge.attendee_id)
            .where(Attendee.expo_id == expo_id)
        ).one()
        without = session.scalar(
            select(func.count()).select_from(_without_badge().where(Attendee.expo_id == expo_id).subquery())
        )
    return Stock(without or 0, *(int(value) for value in row))
