"""Two registrations that become one: which badge stays good, who was let in once, who is inside."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from expo_app.i18n import _
from expo_app.model import Attendee, AttendeeState, Badge, CheckIn, Presence, Verdict
from expo_app.services.access import require
from expo_app.services.checkin_presence import Presences, ways_of
from expo_app.services.merging import BadgePair, BadgeSide, Merger
from expo_app.services.record_rules import Folding
from expo_app.services.record_writer import Writer
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


def one_badge(merger: Merger, keep: Row, other: Row) -> dict[str, Any]:
    """One badge stays good, the chosen one or that which is nearer to its holder; the kept one has its number."""
    both, session = (keep["id"], other["id"]), merger.session
    in_force = select(_badge).where(_badge.c.attendee_id.in_(both), _badge.c.revoked_at.is_(None))
    held = {row["attendee_id"]: dict(row) for row in session.execute(in_force).mappings()}
    states = session.execute(select(_attendee.c.id, badge_state()).where(_attendee.c.id.in_(both)))
    stands: dict[uuid.UUID, str] = {row[0]: row[1] for row in states}
    nearer = max((keep, other), key=lambda side: [*BADGE_STATES].index(stands[side["id"]]))
    stays = next((side for side in (keep, other) if side["id"] in merger.badges), nearer)
    if held and stays["id"] not in held:  # a badge that is there says its number
        stays = nearer
    if len(held) > 1:
        if not merger.writer.staged:
            require(merger.writer.db, "badges.revoke")
        badge = held[other["id"] if stays is keep else keep["id"]]
        reason = _("与 {number} 合并").format(number=stays["badge_no"])
        revoked = {"revoked_at": merger.writer.now, "revoked_by": merger.writer.db.actor.name, "revoke_reason": reason}
        merger.writer.update(_badge, badge["id"], badge, revoked)
    sides = [
        BadgeSide(side["id"], side["badge_no"], show_badge_state(stands[side["id"]]), side is stays, side["id"] in held)
        for side in (keep, other)
    ]
    merger.badge_pairs.append(BadgePair(merger.expo_name(keep["expo_id"]), (sides[0], sides[1])))
    return {"badge_no": stays["badge_no"]}


@contextmanager
def inside(writer: Writer, attendees: Sequence[uuid.UUID]) -> Iterator[None]:
    """Who is inside goes by whose the scans are: before and after they become somebody else's."""
    connection = writer.session.connection()
    before = ways_of(connection, attendees)
    yield
    Presences(writer.db.is_sqlite).settle(connection, before, attendees)


FOLDING = Folding(
    once=(("expo_id", "person_id"),),
    joined=("note",),
    earliest=("registered_at",),
    ranked={"state": (AttendeeState.CANCELLED, AttendeeState.REGISTERED, AttendeeState.CONFIRMED)},
    columns={"consent": ("consent_at", "consent_version")},
    before=(let_in_once, one_badge),
    during=inside,
    settled=(Presence.__table__,),
)
