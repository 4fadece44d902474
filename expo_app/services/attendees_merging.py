"""Two registrations that become one: which badge stays good, who was let in once, who is inside."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.i18n import _
from expo_app.model import Attendee, AttendeeState, Badge, CheckIn, Presence, Verdict
from expo_app.services.access import require
from expo_app.services.checkin_presence import Presences, ways_of
from expo_app.services.merging_fold import Merger
from expo_app.services.record_rules import Folding
from expo_app.services.record_writer import Writer
from expo_app.services.words import categories_of
from expo_app.specs.merging import BadgePair, BadgeSide
from expo_app.specs.people import BADGE_STATES, badge_state, show_badge_state

Row = Mapping[str, Any]
_attendee, _badge, _scan = Attendee.__table__, Badge.__table__, CheckIn.__table__


def let_in_once(merger: Merger, keep: Row, other: Row) -> dict[str, Any]:
    """Of two admissions at one gate on one day the later one becomes `again`."""
    query = (
        select(_scan)
        .where(
            _scan.c.attendee_id.in_((keep["id"], other["id"])), _scan.c.verdict == Verdict.ADMITTED,
            _scan.c.undone_at.is_(None),
        )
        .order_by(_scan.c.at, _scan.c.id)
    )  # fmt: skip
    first, again = set[tuple[Any, Any]](), 0
    for scan in merger.session.execute(query).mappings().all():
        place = scan["gate_id"], scan["local_day"]
        if place in first:
            merger.writer.update(_scan, scan["id"], dict(scan), {"verdict": Verdict.AGAIN})
            again += 1
        first.add(place)
    if again:
        words = _("{n} 次入场改记为“{verdict}”：同一天同一入口只算一次。")
        merger.notes.append(words.format(n=again, verdict=Verdict.AGAIN.label))
    return {}


@dataclass(frozen=True)
class _Standing:
    """The badges in force by registration, how each stands, and the side whose badge stays good."""

    held: Mapping[uuid.UUID, dict[str, Any]]
    stands: Mapping[uuid.UUID, str]
    stays: Row


def _standing(session: Session, keep: Row, other: Row, chosen: frozenset[uuid.UUID]) -> _Standing:
    """The chosen badge stays good, else the one that is nearer to its holder."""
    both = (keep["id"], other["id"])
    in_force = select(_badge).where(_badge.c.attendee_id.in_(both), _badge.c.revoked_at.is_(None))
    held = {row["attendee_id"]: dict(row) for row in session.execute(in_force).mappings()}
    states = session.execute(select(_attendee.c.id, badge_state()).where(_attendee.c.id.in_(both)))
    stands: dict[uuid.UUID, str] = {row[0]: row[1] for row in states}
    nearer = max((keep, other), key=lambda side: [*BADGE_STATES].index(stands[side["id"]]))
    stays = next((side for side in (keep, other) if side["id"] in chosen), nearer)
    return _Standing(held, stands, nearer if held and stays["id"] not in held else stays)


def as_on_the_badge(session: Session, keep: Row, other: Row, badges: frozenset[uuid.UUID]) -> set[str]:
    """The category is that of the badge that stays good: it is printed on it."""
    return {"category_id"} if _standing(session, keep, other, badges).stays is other else set()


def one_badge(merger: Merger, keep: Row, other: Row) -> dict[str, Any]:
    """One badge stays good, and the kept one has its number; the other is revoked."""
    found = _standing(merger.session, keep, other, merger.badges)
    held, stays = found.held, found.stays
    if len(held) > 1:
        if not merger.writer.staged:
            require(merger.writer.db, "badges.revoke")
        badge = held[other["id"] if stays is keep else keep["id"]]
        reason = _("与 {number} 合并").format(number=stays["badge_no"])
        revoked = {"revoked_at": merger.writer.now, "revoked_by": merger.writer.db.actor.name, "revoke_reason": reason}
        merger.writer.update(_badge, badge["id"], badge, revoked)
    category = (other if "category_id" in merger.takes else keep)["category_id"]
    if held and category != stays["category_id"]:
        terms = categories_of(merger.session, keep["expo_id"])
        words = _("留用的胸卡印的是“{printed}”，登记的类别是“{category}”：两样要一致，就改类别，或换发新卡。")
        merger.notes.append(words.format(printed=terms[stays["category_id"]].label, category=terms[category].label))
    sides = [
        BadgeSide(
            side["id"], side["badge_no"], show_badge_state(found.stands[side["id"]]), side is stays, side["id"] in held
        )
        for side in (keep, other)
    ]
    merger.badge_pairs.append(BadgePair(merger.expo_name(keep["expo_id"]), (sides[0], sides[1])))
    return {"badge_no": stays["badge_no"]}


@contextmanager
def inside(writer: Writer, attendees: Sequence[uuid.UUID]) -> Iterator[None]:
    """Who is inside goes by whose the scans are: before and after they become somebody else's."""
    connection = writer.session.connection()
    for held in (_badge.c.attendee_id, _attendee.c.id):  # on a server: no scan of theirs in between
        connection.execute(select(held).where(held.in_(attendees)).order_by(held.table.c.id).with_for_update())
    before = ways_of(connection, attendees)
    yield
    Presences(writer.db.is_sqlite).settle(connection, before, attendees)


FOLDING = Folding(
    once=(("expo_id", "person_id"),),
    joined=("note",),
    earliest=("registered_at",),
    ranked={"state": (AttendeeState.CANCELLED, AttendeeState.REGISTERED, AttendeeState.CONFIRMED)},
    columns={"consent": ("consent_at", "consent_version")},
    suggests=as_on_the_badge,
    before=(let_in_once, one_badge),
    during=inside,
    settled=(Presence.__table__,),
)
