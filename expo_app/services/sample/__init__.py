"""The sample expo: the first Yangtze Delta trade expo of 2018, from what is reported, filled with generated data.

Whatever is generated is marked. Two untidy Excel files in `resources/sample/` hold some of the 176 exhibitors and of
the people; `build` leaves them out, so that the sample is complete once both are imported, exhibitors first.
"""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import Expo, ExpoOrganiser, Operator, Organisation, OrganiserRole, Role
from expo_app.rules.pins import hash_pin
from expo_app.services.sample import facts
from expo_app.services.sample.attendees import add_attendees, built_count, built_registrants
from expo_app.services.sample.deals import register_deals
from expo_app.services.sample.floor import add_booths, add_gates, add_venue
from expo_app.services.sample.participants import add_bodies, add_participants, mark_arrivals
from expo_app.services.sample.people import gather
from expo_app.services.sample.programme import add_programme
from expo_app.services.sample.rows import Progress, Rows
from expo_app.services.sample.scans import add_first_day, morning_of_day_2
from expo_app.store.audit import record_audit
from expo_app.store.database import Database

__all__ = ["FILES", "OPERATORS", "build", "mark_arrivals", "morning_of_day_2", "register_deals"]

FILES = (("exhibitors", "exhibitors_untidy.xlsx"), ("attendees", "attendees_untidy.xlsx"))
"""Spec and file below `resources/sample/`, in the order to import them."""
OPERATORS = (
    ("陈放", Role.ADMIN, "201811"),
    ("周敏", Role.SUPERVISOR, "310114"),
    ("吴悠", Role.REGISTRAR, ""),
    ("李可", Role.DESK, ""),
    ("郑岚", Role.DEALS, ""),
    ("孙正", Role.AUDITOR, ""),
)
"""Generated operators of the sample with their PINs, which are no secret: real files get their own."""
THEME = "从“科博”到“科交”，让科技成果走向交易（示例）"


def build(db: Database, *, attendees: int = 5000, progress: Progress | None = None) -> uuid.UUID:
    """Build the sample expo in a file without any expo, in one transaction; its id.

    With the two Excel files imported it has 176 exhibitors and `attendees` people. 600 of them come with the file, so
    from 601 on; of fewer, up to 100 are built. `progress(rows, all rows)` may raise to stop; then nothing is kept.
    Raises Conflict in a file that has data.
    """
    rows = Rows()
    venue = add_venue(rows)
    expo = rows.add(
        Expo, name=facts.NAME, short_name=facts.SHORT_NAME, name_en=facts.NAME_EN, edition_no=1, code=facts.CODE,
        starts_on=facts.STARTS_ON, ends_on=facts.ENDS_ON, theme=THEME, venue_id=venue["id"], is_sample=True,
        rehearsal_at=facts.REHEARSAL_AT, is_published=True,
    )  # fmt: skip
    expo_id: uuid.UUID = expo["id"]
    _add_people_in_charge(rows, expo_id)
    add_gates(rows, expo_id)
    cast = gather()
    exhibitors = add_participants(rows, expo_id, cast, add_booths(rows, expo_id))
    add_programme(rows, expo_id)
    people = add_attendees(rows, expo_id, built_registrants(cast, built_count(attendees)), exhibitors)
    add_first_day(rows, expo_id, people)
    with db.transaction() as session:
        _refuse_if_used(session)
        rows.write(session, progress)
        record_audit(session, "insert", "expo", expo_id, after={"name": facts.NAME, "is_sample": True})
    return expo_id


def _add_people_in_charge(rows: Rows, expo_id: uuid.UUID) -> None:
    """The reported organisers, and operators to work as."""
    add_bodies(rows)
    organisers = [(OrganiserRole.HOST, name) for name in facts.HOSTS]
    organisers += [(OrganiserRole.CO_HOST, name) for name in facts.CO_HOSTS]
    for position, (role, name) in enumerate(organisers):
        rows.add(ExpoOrganiser, expo_id=expo_id, organisation_id=rows.organisations[name], role=role, position=position)
    for name, role_, pin in OPERATORS:
        rows.add(Operator, name=name, role=role_, pin_hash=hash_pin(pin) if pin else "", is_active=True, is_sample=True)


def _refuse_if_used(session: Session) -> None:
    used = sum(session.scalar(select(func.count()).select_from(model.__table__)) or 0 for model in (Expo, Organisation))
    if used:
        raise Conflict(_("示例展会只能建在空的文件里，这个文件已有数据，未做任何改动。请新建一个文件。"), "E-SAMPLE")
