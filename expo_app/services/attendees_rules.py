"""What a registration gets when it is written, and what an import says of badges in hand."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import _
from expo_app.model import Attendee, AttendeeSource, AttendeeState, Badge, CountsAs, Expo, Person
from expo_app.rules import numbering
from expo_app.services import numbers
from expo_app.services.exhibitors_rules import exhibitors_of
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, in_parts
from expo_app.services.words import categories_of
from expo_app.specs import PlanRow, RecordSpec
from expo_app.specs.people import expo_days, is_in_hand

CONSENT_VERSION = "1"
"""Version of the privacy notice that a recorded consent refers to."""


def badges_of(expo_id: uuid.UUID) -> Select[uuid.UUID]:
    """Keys of the badges that were made for an expo, in force or not."""
    badge, attendee = Badge.__table__, Attendee.__table__
    held = select(badge.c.id).join(attendee, attendee.c.id == badge.c.attendee_id)
    return held.where(attendee.c.expo_id == expo_id)


def confirmed_of(expo_id: uuid.UUID) -> Select[uuid.UUID]:
    """Keys of the registrations that are confirmed."""
    table = Attendee.__table__
    return select(table.c.id).where(table.c.expo_id == expo_id, table.c.state == AttendeeState.CONFIRMED)


def fill_in(writer: Writer, drafts: list[Draft]) -> None:
    """A badge number, when and how it came in, consent as said, the exhibitor whose staff it is."""
    expo = writer.expo
    categories = categories_of(writer.session, expo.id if expo else None)
    new = [d for d in drafts if d.is_new]
    unnumbered = [d for d in new if not d.values.get("badge_no")]
    if new and expo is None:
        raise ValueError("an attendee belongs to an expo")
    given = [numbering.parse_badge_no(d.values["badge_no"]) for d in new if d.values.get("badge_no")]
    own = [number for code, _letter, number in filter(None, given) if expo and code == expo.code]
    if own and expo is not None:
        numbers.keep_clear(writer, f"badge {expo.code}", max(own))
    if unnumbered and expo is not None:
        first = numbers.draw(writer, f"badge {expo.code}", len(unnumbered))
        for n, draft in enumerate(unnumbered, first):
            draft.values["badge_no"] = numbering.badge_no(expo.code, categories[draft.get("category_id")].letter, n)
    standing = exhibitors_of(writer, (d.get("organisation_id") for d in drafts))
    for draft in drafts:
        if draft.changed("state") and (draft.old or {}).get("state") is AttendeeState.CANCELLED:
            refuse_second(writer, [draft.record_id], draft.row)
        if draft.is_new:
            draft.values.setdefault("registered_at", writer.now)
            draft.values.setdefault("source", AttendeeSource.IMPORT if draft.row else AttendeeSource.MANUAL)
        if draft.values.get("valid_days"):
            draft.values["valid_days"] = _days(writer, draft)
        if "consent" in draft.virtual and bool(draft.virtual["consent"]) != (draft.get("consent_at") is not None):
            agreed = bool(draft.virtual["consent"])
            draft.values["consent_at"] = writer.now if agreed else None
            draft.values["consent_version"] = CONSENT_VERSION if agreed else ""
        category = categories.get(draft.get("category_id"))
        if category and category.counts_as is CountsAs.EXHIBITOR and draft.get("exhibitor_id") is None:
            draft.values["exhibitor_id"] = standing.get(draft.get("organisation_id"))


def refuse_second(writer: Writer, ids: Collection[uuid.UUID], row: int = 0) -> None:
    """InvalidRecord where one of these cancelled registrations may not come back: its person was registered anew."""
    attendee, other, person = Attendee.__table__, Attendee.__table__.alias("other"), Person.__table__
    query = (
        select(person.c.name, other.c.badge_no)
        .select_from(attendee.join(person, person.c.id == attendee.c.person_id))
        .join(other, and_(other.c.person_id == attendee.c.person_id, other.c.expo_id == attendee.c.expo_id))
        .where(other.c.id != attendee.c.id)
    )
    for part in in_parts(ids):
        in_force = or_(other.c.state != AttendeeState.CANCELLED, other.c.id.in_(part))
        if found := writer.session.execute(query.where(attendee.c.id.in_(part), in_force)).first():
            words = _("{name}已经另外登记，证件号 {number}，没有恢复原来的登记，数据未变。")
            raise InvalidRecord({"state": words.format(name=found.name, number=found.badge_no)}, row)


def _days(writer: Writer, draft: Draft) -> list[str]:
    try:
        return expo_days(draft.values["valid_days"], writer.facts)
    except ValueError as problem:
        raise InvalidRecord({"valid_days": str(problem)}, draft.row) from None


def same_days(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Days named without their year that are the ones there are: nothing new."""
    expo = session.get_one(Expo, expo_id)

    def reviewed(row: PlanRow) -> PlanRow:
        old, new = row.changes.get("valid_days", (None, None))
        return row.without("valid_days") if old and new and expo_days(new, expo) == old else row

    return tuple(reviewed(row) if row.goes_in else row for row in rows)


def badges_in_hand(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Another name for a number whose badge somebody wears already."""
    if not any("person.name" in row.changes for row in rows):
        return rows
    badge, attendee = Badge.__table__, Attendee.__table__
    query = (
        select(attendee.c.id, attendee.c.badge_no)
        .join(badge, badge.c.attendee_id == attendee.c.id)
        .where(attendee.c.expo_id == expo_id, badge.c.revoked_at.is_(None), is_in_hand())
    )
    in_hand = dict(session.execute(query).all())
    words = _("{no} 的胸卡已由{old}领走，导入后这个号改成{new}，领走的卡照旧有效。换人请用“补发”。")

    def reviewed(row: PlanRow) -> PlanRow:
        if not row.goes_in or "person.name" not in row.changes or row.record_id not in in_hand:
            return row
        old, new = row.changes["person.name"]
        note = words.format(no=in_hand[row.record_id], old=old, new=new)
        return row.noted(spec.field("person.name").title, note)

    return tuple(map(reviewed, rows))
