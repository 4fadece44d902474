"""What is right of parks' tenants when they are written: their steps, and which tenant a row belongs to.

A step is never changed but by filling in what nobody knew: another day is a correction beside the old line.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import N_, _
from expo_app.model import SharingEventState, Tenant, TenantState, TenantStep
from expo_app.model.base import new_id
from expo_app.rules import tenant_steps
from expo_app.rules.partial_days import first_day
from expo_app.rules.reported import of_text
from expo_app.services.past_days import latest
from expo_app.services.record_writer import Draft, Writer, all_by, in_parts
from expo_app.specs import ORGANISATIONS, PARKS
from expo_app.specs.parks import not_held_yet
from expo_app.specs.tenants import LEAVING, STEP_DAYS
from expo_app.store.staging import default

_tenant, _step = Tenant.__table__, TenantStep.__table__
Row = Mapping[str, Any]
TAKEN = "steps taken"
"""What a draft is to write as steps."""
BY_LIST = N_("按名单更正")
"""The reason kept of a day that a list or a form gave anew."""


# --- steps ------------------------------------------------------------------------------------------------------------
def steps_of(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Row]]:
    """All steps of tenants, in the order they were taken."""
    found: dict[uuid.UUID, list[Row]] = {key: [] for key in ids}
    for part in in_parts(ids):
        query = select(_step).where(_step.c.tenant_id.in_(part)).order_by(_step.c.id)
        for row in session.execute(query).mappings():
            found[row["tenant_id"]].append(dict(row))
    return found


def live(steps: Iterable[Row]) -> list[Row]:
    """Those that hold."""
    return [row for row in steps if not row["is_undone"]]


def days_of(steps: Iterable[Row]) -> dict[TenantState, str]:
    """State → the day of its step, of those that hold."""
    return tenant_steps.holding((row["state"], row["on_day"], row["is_undone"]) for row in steps)


def new_step(writer: Writer, tenant_id: uuid.UUID, state: TenantState, day: str, **more: Any) -> dict[str, Any]:
    """A step as it is inserted."""
    blank = {column.name: default(column) for column in _step.c}
    own = {
        "id": new_id(), "tenant_id": tenant_id, "state": state, "on_day": day, "at": writer.now,
        "operator": writer.db.actor.name,
    }  # fmt: skip
    return {**blank, **own, **more}


def corrected(writer: Writer, old: Row, reason: str, **changed: Any) -> dict[str, Any]:
    """The line beside one that no longer holds: all it said but what is changed, with why."""
    own = {name: old[name] for name in ("where_to", "words")} | changed
    day = own.pop("on_day", old["on_day"])
    return new_step(writer, old["tenant_id"], old["state"], day, is_correction=True, reason=reason, **own)


def judge_steps(writer: Writer, drafts: list[Draft]) -> None:
    """The steps that a form's or a list's days and state mean; `state` becomes that of the last one.

    InvalidRecord for a day before that of an earlier step, a step back, or a day that is emptied.
    """
    known = steps_of(writer.session, [draft.record_id for draft in drafts if not draft.is_new])
    for draft in drafts:
        given = {name: draft.virtual[name] for name in (*STEP_DAYS, *LEAVING) if draft.gives(name)}
        if draft.is_new or given or draft.changed("state"):
            draft.virtual[TAKEN] = judged(draft, known.get(draft.record_id, []), given)


def take_steps(writer: Writer, drafts: list[Draft]) -> None:
    """Write what was judged, once the tenants are there."""
    known = steps_of(writer.session, [draft.record_id for draft in drafts if not draft.is_new])
    for draft in drafts:
        if TAKEN in draft.virtual:
            held = {row["state"]: row for row in live(known.get(draft.record_id, []))}
            _write(writer, draft, held, *draft.virtual[TAKEN])


def judged(
    draft: Draft, steps: Sequence[Row], given: Mapping[str, Any]
) -> tuple[dict[TenantState, str], dict[str, str]]:
    """The days of the steps to take or correct, and what that of 退出 then says; `state` becomes the last one's.

    InvalidRecord for what cannot have been.
    """
    names = {state: name for name, state in STEP_DAYS.items()}
    held = days_of(steps)
    days = {STEP_DAYS[name]: day for name, day in given.items() if name in STEP_DAYS}
    for state, day in days.items():
        if not day and held.get(state):
            words = _("记过的经过不能清空，数据未变。要退回请在企业页面记退回。")
            raise InvalidRecord({names[state]: words}, draft.row)
    days = {state: day for state, day in days.items() if day}
    wanted = draft.get("state") if draft.is_new or draft.changed("state") else None
    if draft.is_new and wanted is TenantState.VISITED and days:  # what a form says that says nothing
        wanted = None
    if wanted is not None and wanted not in held:
        days.setdefault(wanted, "")
    if draft.is_new and not days:
        days = {TenantState.VISITED: ""}
    if problem := tenant_steps.misplaced(held | days):
        raise InvalidRecord({names[problem.state]: problem.words}, draft.row)
    reached = tenant_steps.reached(held | days)
    if wanted is not None and wanted is not reached:
        words = _("已经到“{now}”，不能改回“{then}”，没有保存，数据未变。要退回请在企业页面记退回并写原因。")
        raise InvalidRecord({"state": words.format(now=reached.label, then=wanted.label)}, draft.row)
    said = {LEAVING[name]: words or "" for name, words in given.items() if name in LEAVING}
    left = next((row for row in live(steps) if row["state"] is TenantState.LEFT), None)
    before = {name: left[name] if left else "" for name in LEAVING.values()}
    leaving = before | said
    if left is None and TenantState.LEFT not in days:
        if any(leaving.values()):
            raise InvalidRecord({"left_on": _("没有退出的不写去向和原因。要记退出，请写退出日期。")}, draft.row)
    elif (left is None or leaving != before) and not all(leaving.values()):
        raise InvalidRecord({"left_on": _("退出要写去向和原因。")}, draft.row)
    elif leaving != before:
        days.setdefault(TenantState.LEFT, "")
    draft.values["state"] = reached
    return days, leaving


def _write(
    writer: Writer, draft: Draft, held: Mapping[TenantState, Row], days: Mapping[TenantState, str],
    leaving: Mapping[str, str],
) -> None:  # fmt: skip
    made = []
    for state in tenant_steps.in_order(days):
        old = held.get(state)
        new = {"on_day": days[state], **(leaving if state is TenantState.LEFT else {})}
        if old is None:
            made.append(new_step(writer, draft.record_id, state, new.pop("on_day"), **new))
            continue
        changed = {name: value for name, value in new.items() if value and old[name] != value}
        if any(old[name] for name in changed):
            writer.update(_step, old["id"], old, {"is_undone": True}, draft.row)
            made.append(corrected(writer, old, _(BY_LIST), **changed))
        else:
            writer.update(_step, old["id"], old, changed, draft.row)
    writer.insert(_step, made)


# --- which tenant -----------------------------------------------------------------------------------------------------
def link_tenants(writer: Writer, drafts: list[Draft]) -> None:
    """`tenant` and `park` of figures, supports and tasks become the key of a tenant; a task may have none.

    InvalidRecord for one there is not, and for a company in several parks without its park.
    """
    naming = [draft for draft in drafts if any(map(draft.gives, ("tenant", "park", "stay")))]
    bodies = all_by(writer, ORGANISATIONS, "name", {d.virtual["tenant"] for d in naming if d.virtual.get("tenant")})
    parks = all_by(writer, PARKS, "name", {d.virtual["park"] for d in naming if d.virtual.get("park")})
    stays = writer.rows(_tenant, {draft.get("tenant_id") for draft in naming if not draft.gives("tenant")} - {None})
    there = _tenants(
        writer, {key for keys in bodies.values() for key in keys} | {row["organisation_id"] for row in stays.values()}
    )
    for draft in naming:
        name, park = draft.virtual.get("tenant"), draft.virtual.get("park")
        mine: Collection[uuid.UUID] = bodies.get(name, ())
        places: Collection[uuid.UUID] = parks.get(park, ())
        before = stays.get(draft.get("tenant_id")) if not draft.gives("tenant") else None
        if before is not None:
            mine, places = (before["organisation_id"],), places if draft.gives("park") else (before["park_id"],)
        elif not name and not park:
            draft.values["tenant_id"] = None
            continue
        found = [
            row for body in mine for row in there.get(body, ())
            if not (park or places) or row["park_id"] in places
        ]  # fmt: skip
        draft.values["tenant_id"] = chosen(found, name or "", park, draft.virtual.get("stay"), draft.row)["id"]


def chosen(found: Sequence[Row], name: str, park: str | None, stay: int | None, row: int = 0) -> Row:
    """Of the stays of a company that a row may mean the one that it does: the last one where it says none."""
    if not found:
        raise InvalidRecord({"tenant": _no_tenant(name, park)}, row)
    if len({one["park_id"] for one in found}) > 1:
        raise InvalidRecord({"park": _("这家企业在几个园区都有，没有保存，数据未变。请写园区。")}, row)
    number = stay or max(one["stay"] for one in found)
    there = next((one for one in found if one["stay"] == number), None)
    if there is None:
        words = _("这家企业在这个园区没有第 {n} 次入驻，没有保存，数据未变。")
        raise InvalidRecord({"stay": words.format(n=number)}, row)
    return there


def _no_tenant(name: str, park: str | None) -> str:
    if not name:
        return _("写了园区，没有写企业；或这家企业不在这个园区。没有保存，数据未变。")
    if park:
        return _("“{park}”里没有入驻企业“{name}”。先把它登记到园区。").format(park=park, name=name)
    return _("没有入驻企业“{name}”。先把它登记到园区。").format(name=name)


def _tenants(writer: Writer, bodies: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Row]]:
    """Organisation → its tenants: id, park_id, stay."""
    found: dict[uuid.UUID, list[Row]] = {}
    query = select(_tenant.c.organisation_id, _tenant.c.id, _tenant.c.park_id, _tenant.c.stay)
    for part in in_parts(bodies):
        for row in writer.session.execute(query.where(_tenant.c.organisation_id.in_(part))).mappings():
            found.setdefault(row["organisation_id"], []).append(dict(row))
    for new in writer.pending(_tenant):
        found.setdefault(new["organisation_id"], []).append(new)
    return found


def not_before_first_contact(writer: Writer, drafts: list[Draft]) -> None:
    """No figures of a year before the one a tenant first came in touch; nothing is said where that is not known."""
    judged = [one for one in drafts if one.is_new or one.changed("on_date") or one.changed("tenant_id")]
    known = steps_of(writer.session, {one.get("tenant_id") for one in judged})
    for draft in judged:
        days = days_of(known[draft.get("tenant_id")])
        came = tenant_steps.first_contact(days)
        if words := too_early(draft.get("on_date"), came):
            raise InvalidRecord({"on_date": words}, draft.row)


def too_early(day: date, came: str) -> str:
    """Why there are no figures of a day, of who first came in touch on another; "" where there may be."""
    if not came or day.year >= first_day(came).year:
        return ""
    words = _("{day} 早于第一次接触的 {came}，那时还没有来往，没有保存，数据未变。请改日期，或先更正经过。")
    return words.format(day=day, came=came)


def filled(writer: Writer, drafts: list[Draft]) -> None:
    """Who filled in the figures of a date, and when, where it is not said: not of a tenant that is only reported."""
    new = [draft for draft in drafts if draft.is_new and (draft.get("on_date") or writer.today) <= writer.today]
    told = {row["id"] for row in writer.pending(_tenant) if row["source"]}
    for part in in_parts({draft.values["tenant_id"] for draft in new}):
        told |= set(writer.session.scalars(select(_tenant.c.id).where(_tenant.c.id.in_(part), _tenant.c.source != "")))
    for draft in new:
        if draft.values["tenant_id"] not in told:
            draft.values.setdefault("filled_by", writer.db.actor.name)
            if draft.values.get("filled_on") is None:
                draft.values["filled_on"] = writer.today


# --- reported figures and events --------------------------------------------------------------------------------------
def split_said(writer: Writer, drafts: list[Draft]) -> None:
    """`said` (超过 530) becomes the value and how it is meant."""
    for draft in drafts:
        if draft.gives("said"):
            known = of_text(draft.virtual["said"])
            draft.values |= {"value": known.value, "qualifier": known.qualifier}


def of_one_body(writer: Writer, drafts: list[Draft]) -> None:
    """An event is a park's or an alliance's."""
    for draft in drafts:
        if bool(draft.get("park_id")) == bool(draft.get("alliance_id")):
            raise InvalidRecord({"park_id": not_both()}, draft.row)


def held_has_come(writer: Writer, drafts: list[Draft]) -> None:
    """What is to have been held is on a day that has come."""
    for draft in drafts:
        is_told = draft.is_new or draft.changed("state") or draft.changed("on_day")
        said = {"on_day": draft.get("on_day"), "state": draft.get("state") or SharingEventState.HELD}
        if is_told and (words := not_held_yet(said, latest(writer))):
            raise InvalidRecord({"on_day": words}, draft.row)


def not_both() -> str:
    """Why an event is nobody's, or two bodies'."""
    return _("园区和联盟只填一个，也要填一个。")
