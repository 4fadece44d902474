"""Who works with the program: choosing a name at the start, the PIN of administrators and supervisors."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from expo_app.damaged import sound
from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.model import Audit, Operator, Role
from expo_app.rules import pins
from expo_app.rules.access import PIN_ROLES
from expo_app.rules.who import COMMAND_LINE
from expo_app.services.access import require
from expo_app.services.record_writer import writing
from expo_app.specs.field_types import clean_text
from expo_app.store.database import Actor, Database

_table = Operator.__table__
TRIED, SIGNED_IN, REFUSED = "sign_in_tried", "sign_in", "sign_in_refused"


@dataclass(frozen=True)
class OperatorInfo:
    """One who may work. `has_pin`: the PIN is asked for."""

    id: uuid.UUID
    name: str
    role: Role
    has_pin: bool

    @property
    def is_asked(self) -> bool:
        """Whether `sign_in` wants the PIN: of an administrator or supervisor who has one."""
        return self.role in PIN_ROLES and self.has_pin

    @property
    def should_have_pin(self) -> bool:
        """An administrator or supervisor without a PIN yet."""
        return self.role in PIN_ROLES and not self.has_pin


def list_active(db: Database) -> list[OperatorInfo]:
    """Operators who may work, by name."""
    query = _active(_table.c.id, _table.c.name, _table.c.role, _table.c.pin_hash)
    with db.reading() as session:
        return [OperatorInfo(row.id, row.name, row.role, bool(row.pin_hash)) for row in sound(session.execute(query))]


def supervisors(db: Database) -> list[str]:
    """Names of those whose word counts at a desk: administrators and supervisors with a PIN."""
    return [operator.name for operator in list_active(db) if operator.is_asked]


def sample_actor(db: Database) -> Actor | None:
    """The administrator of a file in which every operator is made up (their PINs are printed); None in a real one."""
    with db.reading() as session:
        rows = sound(session.execute(_active(_table.c.name, _table.c.role, _table.c.is_sample)))
    admin = next((row for row in rows if row.role is Role.ADMIN), None)
    if admin is None or not all(row.is_sample for row in rows):
        return None
    return replace(db.actor, name=admin.name, role=admin.role)


def unnamed_actor(db: Database) -> Actor:
    """The command line that no `--operator` was given to: it may all in a sample and where nobody has a PIN."""
    with db.reading() as session:
        rows = session.execute(_active(_table.c.role, _table.c.pin_hash)).all()
    is_sure = len(sound(rows)) == len(rows)  # of somebody who cannot be read nobody knows whether they have a PIN
    nobody_asked = is_sure and not any(operator.is_asked for operator in list_active(db))
    is_free = sample_actor(db) is not None or nobody_asked
    return replace(db.actor, name=COMMAND_LINE, role=Role.ADMIN, is_known=is_free)


def printed_pin(db: Database, name: str) -> str:
    """The PIN of a made-up operator of the sample, which is no secret; "" for anybody else and once it was changed."""
    query = select(_table.c.pin_hash).where(_table.c.name == name, _table.c.is_active, _table.c.is_sample)
    with db.reading() as session:
        stored = session.scalar(query)
    if not stored:
        return ""
    from expo_app.services import sample  # a large package, for a sample alone

    printed = {known: pin for known, _role, pin in sample.OPERATORS}
    return printed[name] if printed.get(name) and pins.verify_pin(stored, printed[name]) else ""


def _active(*columns: ColumnElement[Any]) -> Select[Any]:
    """Core, not ORM: this runs while the window opens, and the mappers would be configured for it."""
    return select(*columns).where(_table.c.is_active).order_by(_table.c.name)


def create_first(db: Database, name: str, pin: str = "") -> Actor:
    """The administrator of a new file, who works from now on. UserError if the file has operators already."""
    with writing(db, None) as writer:
        if writer.session.scalar(select(func.count()).select_from(Operator)):
            raise UserError(_("这个文件已有操作员，没有再建。请从名单里选。"), "E-OPERATORS")
        operator = Operator(name=clean_text(name), role=Role.ADMIN, pin_hash=_hashed(pin) if pin else "")
        writer.session.add(operator)
    return replace(db.actor, name=operator.name, role=operator.role)


def sign_in(db: Database, name: str, pin: str = "") -> Actor:
    """The actor of this name. UserError for an unknown name, a wrong PIN, or while a wait after wrong tries lasts.

    Tries are counted in the log, so that closing the program does not forget them, and before they are judged, so that
    many at once are no way round the wait; a read-only file cannot count.
    """
    with db.reading() as session:
        operator = session.scalars(select(Operator).where(Operator.name == name, Operator.is_active)).first()
    if operator is None:
        raise UserError(_("没有可用的操作员“{name}”。请从名单里选，或请管理员添加。").format(name=name), "E-OPERATOR")
    if operator.role in PIN_ROLES and operator.pin_hash:
        _count_try(db, operator.id)
        if not pins.verify_pin(operator.pin_hash, pin):
            _log(db, REFUSED, operator.id)
            raise UserError(_("PIN 不对。请再输一次。"), "E-PIN")
        _log(db, SIGNED_IN, operator.id)
    return replace(db.actor, name=operator.name, role=operator.role)


def set_pin(db: Database, operator_id: uuid.UUID, pin: str) -> None:
    """Give an operator a PIN: one's own, or anybody's by who may edit operators. InvalidRecord names why not."""
    with db.reading() as session:
        own = session.get_one(Operator, operator_id).name == db.actor.name
    if not own:
        require(db, "operators.edit")
    hashed = _hashed(pin)
    with writing(db, None) as writer:
        writer.session.get_one(Operator, operator_id).pin_hash = hashed


def _hashed(pin: str) -> str:
    try:
        return pins.hash_pin(pin)
    except ValueError as problem:
        raise InvalidRecord({"pin": str(problem)}) from None


def _count_try(db: Database, operator_id: uuid.UUID) -> None:
    """Keep that somebody tries; UserError while a wait lasts. One at a time, whoever else tries meanwhile."""
    if db.read_only:
        with db.reading() as session:
            _check_wait(session, db.now(), operator_id)
        return
    with writing(db, None) as writer:
        writer.locked(_table, [operator_id])
        _check_wait(writer.session, writer.now, operator_id)
        writer.note(TRIED, _table, operator_id)


def _check_wait(session: Session, now: datetime, operator_id: uuid.UUID) -> None:
    left = pins.wait_left(*_tries(session, operator_id), now)
    if left:
        raise UserError(
            _("输错次数多，{n} 秒后再试。数据不受影响。").format(n=max(1, round(left.total_seconds()))), "E-PIN-WAIT"
        )


def _tries(session: Session, operator_id: uuid.UUID) -> tuple[int, datetime | None]:
    """How often a PIN was tried since the last right one, by the keys, which tell the order; and when the last was."""
    table = Audit.__table__
    about = (table.c.table_name == "operator", table.c.record_id == operator_id)
    right = select(table.c.id).where(*about, table.c.action == SIGNED_IN).order_by(table.c.id.desc()).limit(1)
    last = session.scalar(right)
    wrong = (*about, table.c.action == TRIED, *([table.c.id > last] if last else []))
    count, at = session.execute(select(func.count(), func.max(table.c.at)).where(*wrong)).one()
    return count, at


def _log(db: Database, action: str, operator_id: uuid.UUID) -> None:
    if not db.read_only:
        with writing(db, None) as writer:
            writer.note(action, _table, operator_id)
