"""The first of an exhibitor's people who is let into the expo says that the exhibitor has arrived: in the scan's own
transaction, and taken back with it.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import _
from expo_app.model import (
    Attendee,
    Audit,
    Category,
    CheckIn,
    CountsAs,
    Exhibitor,
    ExhibitorState,
    Expo,
    Gate,
    GateKind,
    Verdict,
)
from expo_app.services.exhibitors import BEFORE_ARRIVAL
from expo_app.services.floor_rules import follow
from expo_app.services.record_writer import Writer
from expo_app.store.audit import from_json
from expo_app.store.database import Database

_exhibitor, _attendee, _category = Exhibitor.__table__, Attendee.__table__, Category.__table__
_scan, _gate, _audit, _expo = CheckIn.__table__, Gate.__table__, Audit.__table__, Expo.__table__
ARRIVED = ExhibitorState.ARRIVED

_exhibits = _category.c.counts_as == CountsAs.EXHIBITOR
"""Who only builds the stand, or visits it, has not come to exhibit."""
awaited = case((and_(or_(*(_exhibitor.c.state == state for state in BEFORE_ARRIVAL)), _exhibits), _exhibitor.c.id))
"""SQL of the exhibitor that an attendee's coming would mark, None where it is here, cancelled or gone. Never damaged:
nobody is kept out because of it.
"""


def brings(kind: Any, verdict: Any, day: Any, starts_on: Any, ends_on: Any) -> Any:
    """Whether who exhibits has arrived with a scan: let in by an entrance, on a day of the expo. Asked of values as a
    scan is judged and of columns as one is taken back.
    """
    return (kind == GateKind.ENTRANCE) & (verdict == Verdict.ADMITTED) & (starts_on <= day) & (day <= ends_on)


def arrive(db: Database, connection: Connection, exhibitor_id: uuid.UUID, at: datetime) -> None:
    """The exhibitor is here since that moment, unless somebody else has said so meanwhile, or what it is no longer."""
    writer = _writer(db, connection)
    for key, row in writer.locked(_exhibitor, [exhibitor_id]).items():
        if row["state"] in BEFORE_ARRIVAL:
            values = {"state": ARRIVED, "arrived_at": readable(row["arrived_at"]) or at}
            _write(writer, key, row, values, _("扫码到场"))


def leave(db: Database, connection: Connection, attendee_id: uuid.UUID, at: datetime) -> None:
    """A scan of that moment was taken back: the arrival that it brought goes too, or is the next one's who came."""
    writer = _writer(db, connection)
    mine = select(_attendee.c.exhibitor_id).where(_attendee.c.id == attendee_id).scalar_subquery()
    brought = select(_exhibitor).where(
        _exhibitor.c.id == mine, _exhibitor.c.state == ARRIVED, _exhibitor.c.arrived_at == at
    )
    row = writer.session.execute(brought.with_for_update()).mappings().first()
    if row is None:
        return
    others = (
        select(func.min(_scan.c.at))
        .join(_attendee, _attendee.c.id == _scan.c.attendee_id)
        .join(_category, _category.c.id == _attendee.c.category_id)
        .join(_gate, _gate.c.id == _scan.c.gate_id)
        .join(_expo, _expo.c.id == _scan.c.expo_id)
        .where(
            _attendee.c.exhibitor_id == row["id"],
            _exhibits,
            _scan.c.undone_at.is_(None),
            brings(_gate.c.kind, _scan.c.verdict, _scan.c.local_day, _expo.c.starts_on, _expo.c.ends_on),
        )
    )
    values: dict[str, Any] = {"arrived_at": writer.session.scalar(others)}
    if values["arrived_at"] is None:
        values["state"] = _state_before(writer.session, row["id"])
    _write(writer, row["id"], row, values, _("撤销扫码"))


def _writer(db: Database, connection: Connection) -> Writer:
    return Writer(db, Session(connection, join_transaction_mode="rollback_only"), None)


def _write(writer: Writer, key: uuid.UUID, row: Any, values: dict[str, Any], why: str) -> None:
    writer.update(_exhibitor, key, row, values)
    if "state" in values:
        follow(writer, {key: values["state"]})
    writer.audit(why)


def _state_before(session: Session, exhibitor_id: uuid.UUID) -> ExhibitorState:
    """Out of the log; CONFIRMED where that is gone."""
    query = (
        select(_audit.c.before, _audit.c.after)
        .where(_audit.c.table_name == _exhibitor.name, _audit.c.record_id == exhibitor_id)
        .order_by(_audit.c.id.desc())
    )
    for row in session.execute(query):
        before, after = readable(row.before) or {}, readable(row.after) or {}
        if after.get("state") == ARRIVED.name and "state" in before:
            state: ExhibitorState = from_json(_exhibitor, {"state": before["state"]})["state"]
            return state
    return ExhibitorState.CONFIRMED
