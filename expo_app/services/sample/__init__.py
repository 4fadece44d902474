"""The sample expo: the first Yangtze Delta trade expo of 2018, from what is reported, filled with generated data.

The lists are CSV files in `resources/sample/`; people and scans are generated. Whatever is generated is marked: every
such body has 示例 in its name, its credit code carries a wrong inner check character, so that it can be nobody's.
Two untidy Excel files beside the lists hold some of the 176 exhibitors and of the people; `build` leaves them out, so
that the sample is complete once both are imported, exhibitors first.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import (
    Exhibitor,
    ExhibitorState,
    Expo,
    ExpoOrganiser,
    ItemState,
    Organisation,
    OrganiserRole,
    ProgrammeItem,
    Role,
)
from expo_app.rules.pins import hash_pin
from expo_app.services import programme
from expo_app.services.record_writer import Writer
from expo_app.services.sample import lists
from expo_app.services.sample.attendees import add_attendees, built_count
from expo_app.services.sample.deals import register_deals
from expo_app.services.sample.matching import add_matching
from expo_app.services.sample.scans import add_first_day, morning_of_day_2
from expo_app.services.words import begin
from expo_app.specs import EXPOS
from expo_app.specs import OPERATORS as OPERATORS_SPEC
from expo_app.store.audit import record_audit
from expo_app.store.database import Database

__all__ = [
    "FILES", "OPERATORS", "add_matching", "add_operators", "build", "mark_arrivals", "morning_of_day_2",
    "refuse_if_used", "register_deals", "rehearsal_at",
]  # fmt: skip

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
ASSIGNED_AT = datetime(2018, 11, 5, 2, 0, tzinfo=UTC)
"""When the exhibitors were given their booths."""
DOORS = datetime(2018, 11, 27, 23, 30, tzinfo=UTC)
"""07:30 in Shanghai on the first day."""
MOVED = {"院地合作项目集中签约（示例）": timedelta(minutes=30), "双创券服务机构说明会（示例）": timedelta(minutes=105)}
"""By how much items moved since the programme was published, which made the two clashes."""
ORGANISERS = ExpoOrganiser.__table__
IS_CO_HOST = ORGANISERS.c.role == OrganiserRole.CO_HOST
"""They come behind the host: all organisers are numbered in one row."""

Progress = Callable[[int, int], None]


def rehearsal_at() -> datetime:
    """Where the clock of the sample starts."""
    at: datetime = lists.read(EXPOS)[0]["rehearsal_at"]
    return at


def build(db: Database, *, attendees: int = 5000, progress: Progress | None = None) -> uuid.UUID:
    """Build the sample expo in a file without any expo, in one transaction; its id.

    With the two Excel files imported it has 176 exhibitors and `attendees` people. 600 of them come with the file, so
    from 601 on; of fewer, up to 100 are built. `progress(rows, all rows)` may raise to stop; then nothing is kept.
    Raises Conflict in a file that has data.
    """
    loaded, people, done = lists.load(), built_count(attendees), 0
    total = sum(len(rows) for _spec, rows in loaded) + people

    def count(rows: int) -> None:
        nonlocal done
        done += rows
        if progress:
            progress(done, total)

    with db.transaction() as session:
        refuse_if_used(session)
        count(0)
        writer = Writer(db, session, None)
        writer.now = ASSIGNED_AT
        begin(writer)
        for spec, rows in loaded:
            lists.write(writer, spec, rows)
            count(len(rows))
        expo = writer.expo
        if expo is None:
            raise ValueError("no expo among the lists of the sample")
        lists.write_parts(writer)
        add_operators(writer)
        _publish(session)
        session.connection().execute(update(ORGANISERS).where(IS_CO_HOST).values(position=ORGANISERS.c.position + 1))
        add_attendees(writer, people, count)
        add_first_day(writer, expo)
        record_audit(session, "insert", "expo", expo.id, after={"name": expo.name, "is_sample": True})
        return expo.id


def add_operators(writer: Writer) -> None:
    """Operators to work as."""
    rows = [
        {"name": name, "role": role, "pin_hash": hash_pin(pin) if pin else "", "is_active": True}
        for name, role, pin in OPERATORS
    ]
    lists.write(writer, OPERATORS_SPEC, rows)


def _publish(session: Session) -> None:
    """The programme as it was published: what is confirmed and placed, some of it elsewhere than now."""
    item = ProgrammeItem.__table__
    placed = select(item).where(item.c.state == ItemState.CONFIRMED, item.c.starts_at.is_not(None))
    for row in session.execute(placed).all():
        published = programme.as_published(row)
        if by := MOVED.get(row.title):
            published |= {name: (getattr(row, name) - by).isoformat() for name in ("starts_at", "ends_at")}
        session.connection().execute(update(item).where(item.c.id == row.id).values(published=published))


def mark_arrivals(db: Database, expo_id: uuid.UUID) -> None:
    """Those whom the untidy file calls arrived came as the others did: it does not say when."""
    rng = Random("arrivals")  # noqa: S311
    table, organisation = Exhibitor.__table__, Organisation.__table__
    query = (
        select(table.c.id)
        .join(organisation, organisation.c.id == table.c.organisation_id)
        .where(table.c.expo_id == expo_id, table.c.state == ExhibitorState.ARRIVED)
        .where(table.c.arrived_at.is_(None), table.c.is_sample)
        .order_by(organisation.c.name)
    )
    with db.transaction() as session:
        for key in session.scalars(query).all():
            at = DOORS + timedelta(seconds=rng.randrange(5400))
            session.execute(update(Exhibitor).where(Exhibitor.id == key).values(arrived_at=at))


def refuse_if_used(session: Session) -> None:
    """Conflict in a file that has an expo or organisations."""
    used = sum(session.scalar(select(func.count()).select_from(model.__table__)) or 0 for model in (Expo, Organisation))
    if used:
        raise Conflict(_("示例展会只能建在空的文件里，这个文件已有数据，未做任何改动。请新建一个文件。"), "E-SAMPLE")
