"""Acts on a tenant: the next step, a correction back, figures of a date, what it came of.

Each holds the tenant's row, so of two people the second judges what the first did.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from expo_app.errors import Conflict, UserError
from expo_app.i18n import _
from expo_app.model import Deal, Meeting, Pitch, Tenant, TenantFigures, TenantState, TenantStep
from expo_app.rules import partial_days, tenant_steps
from expo_app.services.past_days import latest
from expo_app.services.record_writer import Writer, write_row, writing
from expo_app.services.tenant_rules import Row, corrected, days_of, live, new_step, steps_of
from expo_app.services.tenant_stays import why_not
from expo_app.specs import TENANT_FIGURES, TENANTS
from expo_app.specs.tenants import MOST_PLACE, MOST_ROOM, MOST_WORDS
from expo_app.store.database import Database

EDIT = TENANTS.permission
ORIGINS = {"deal_id": Deal, "meeting_id": Meeting, "pitch_id": Pitch}
"""Column of a tenant → what it came of."""
_tenant, _step, _figures = (model.__table__ for model in (Tenant, TenantStep, TenantFigures))


def _held(writer: Writer, tenant_id: uuid.UUID) -> Row:
    found = writer.locked(_tenant, [tenant_id]).get(tenant_id)
    if found is None:
        raise Conflict(_("这家入驻企业已被删除，没有保存，数据未变。请刷新后再看。"), "E-GONE")
    return found


def _day(writer: Writer, text: str) -> str:
    """A day that was entered; UserError for none, for what is none and for one to come."""
    try:
        day = partial_days.parse(text)
    except ValueError as problem:
        raise UserError(_("{why}没有保存，数据未变。").format(why=problem), "E-DAY") from None
    if not day:
        raise UserError(_("没有写日期，没有保存，数据未变。写年、年月或年月日。"), "E-DAY")
    if partial_days.is_to_come(day, latest(writer)):
        raise UserError(_("{day} 还没有到，没有保存，数据未变。到时候再记。").format(day=day), "E-DAY")
    return day


def _said(text: str, most: int) -> str:
    """What was said, without blanks at its ends; UserError where there is no room for it."""
    said = text.strip()
    if len(said) > most:
        raise UserError(_("最多写 {n} 个字，没有保存，数据未变。请写短一些。").format(n=most), "E-LONG")
    return said


def step(
    db: Database, expo_id: uuid.UUID | None, tenant_id: uuid.UUID, state: TenantState, day: str, *, words: str = "",
    where_to: str = "",
) -> uuid.UUID:  # fmt: skip
    """The tenant's next step on a partial day; of 退出 with where to and why. The key of the step.

    `where_to` of a state in `MOVED_IN` is the tenant's room.

    UserError for a day that cannot be, a step back, one taken already, or a leaving without its reasons.
    """
    with writing(db, EDIT, expo_id) as writer:
        row, known = _held(writer, tenant_id), steps_of(writer.session, [tenant_id])[tenant_id]
        kept, days = _day(writer, day), days_of(known)
        is_room = state in tenant_steps.MOVED_IN
        words, where_to = _said(words, MOST_WORDS), _said(where_to, MOST_ROOM if is_room else MOST_PLACE)
        if state in days:
            said = _("{state}已经在 {day} 记过，没有再记，数据未变。日期记错了请用退回更正。")
            raise UserError(said.format(state=state.label, day=partial_days.shown(days[state])), "E-STEP")
        if days and state not in tenant_steps.following(tenant_steps.reached(days)):
            said = _("现在是“{now}”，不能记“{then}”，数据未变。走回头要用退回并写原因。")
            raise UserError(said.format(now=row["state"].label, then=state.label), "E-STEP")
        if state is TenantState.LEFT and not (words and where_to):
            raise UserError(_("退出要写去向和原因，没有保存，数据未变。"), "E-STEP")
        _refuse_wrong(writer, row, days | {state: kept})
        made = new_step(writer, tenant_id, state, kept, words=words, where_to="" if is_room else where_to)
        writer.insert(_step, [made])
        _stand(writer, row, days | {state: kept}, {"room": where_to} if is_room and where_to else {})
        return _key(made)


def go_back(
    db: Database, expo_id: uuid.UUID | None, tenant_id: uuid.UUID, state: TenantState, reason: str, day: str = ""
) -> uuid.UUID:
    """The tenant stands where it stood: later steps no longer hold, their lines stay. The key of the correction.

    `day`: of that state, where it was wrong or never entered. UserError without a reason, or for a state it is not
    beyond.
    """
    with writing(db, EDIT, expo_id, reason=reason) as writer:
        row, known = _held(writer, tenant_id), steps_of(writer.session, [tenant_id])[tenant_id]
        reason = _said(reason, MOST_WORDS)
        if not reason:
            raise UserError(_("退回要写原因，没有保存，数据未变。"), "E-REASON")
        days = days_of(known)
        order = tenant_steps.in_order(days)
        later = order[order.index(state) + 1 :] if state in days else [
            one for one in order if tenant_steps.RANK[one] > tenant_steps.RANK[state]
        ]  # fmt: skip
        if not later and not (state in days and day):
            said = _("现在是“{now}”，没有比“{then}”更后的经过可退，数据未变。")
            raise UserError(said.format(now=row["state"].label, then=state.label), "E-STEP")
        kept = _day(writer, day) if day or state not in days else days[state]
        left = {one: on for one, on in days.items() if one not in later} | {state: kept}
        _refuse_wrong(writer, row, left)
        gone = {one["state"]: one for one in live(known) if one["state"] in later or one["state"] is state}
        for one in gone.values():
            writer.update(_step, one["id"], one, {"is_undone": True})
        blank = new_step(writer, tenant_id, state, kept)
        made = corrected(writer, gone.get(state, blank), reason, on_day=kept)
        writer.insert(_step, [made])
        _stand(writer, row, left)
        return _key(made)


def _refuse_wrong(writer: Writer, row: Row, days: Mapping[TenantState, str]) -> None:
    """UserError for a step before an earlier one, or one that a later or an earlier stay in the park contradicts."""
    problem = tenant_steps.misplaced(days)
    if why := problem.words if problem else why_not(writer, row, days):
        raise UserError(_("{why}没有保存，数据未变。").format(why=why), "E-STEP")


def _key(made: Row) -> uuid.UUID:
    key: uuid.UUID = made["id"]
    return key


def _stand(writer: Writer, row: Row, days: Mapping[TenantState, str], also: Mapping[str, Any] | None = None) -> None:
    writer.update(_tenant, row["id"], row, {"state": tenant_steps.reached(days), **(also or {})})


def fill(
    db: Database, expo_id: uuid.UUID | None, tenant_id: uuid.UUID, on_date: date, values: Mapping[str, Any],
    reason: str = "",
) -> uuid.UUID:  # fmt: skip
    """Figures of a tenant for a date, by the names of the list, raw or typed; what is not given stays as it is.

    InvalidRecord with a problem per field. The log keeps what was there, with the reason.
    """
    with writing(db, TENANT_FIGURES.permission, expo_id, reason=reason) as writer:
        _held(writer, tenant_id)
        query = select(_figures.c.id).where(_figures.c.tenant_id == tenant_id, _figures.c.on_date == on_date)
        known = writer.session.scalar(query)
        clean = TENANT_FIGURES.clean(dict(values), writer.zone, partial=True)
        own = {name: value for name, value in clean.items() if name in _figures.c}
        return write_row(writer, TENANT_FIGURES, own | {"tenant_id": tenant_id, "on_date": on_date}, known)


def link(
    db: Database, expo_id: uuid.UUID | None, tenant_id: uuid.UUID, column: str, record_id: uuid.UUID | None
) -> None:
    """What a tenant came of: `column` is deal_id, meeting_id or pitch_id; None unties it."""
    with writing(db, EDIT, expo_id) as writer:
        row = _held(writer, tenant_id)
        of = ORIGINS[column].__table__
        if record_id is not None and writer.session.scalar(select(of.c.id).where(of.c.id == record_id)) is None:
            raise Conflict(_("要关联的记录已被删除，没有保存，数据未变。请刷新后再选。"), "E-GONE")
        writer.update(_tenant, tenant_id, row, {column: record_id})
