"""What became of a deal: its steps, each change of what was agreed with the old value, files, patents; by whom, why."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from expo_app.damaged import DamagedValue, is_damaged, readable
from expo_app.i18n import _
from expo_app.model import (
    Attachment,
    Audit,
    BatchKind,
    Deal,
    DealParty,
    DealPatent,
    DealStage,
    DealStep,
    Entry,
    ImportBatch,
    ImportRow,
    Organisation,
    Role,
)
from expo_app.services.batches import unpacked
from expo_app.services.record_writer import in_parts
from expo_app.specs import CONTRACTS, DEALS, MISSING, Field
from expo_app.specs.deals import PARTIES
from expo_app.specs.deals_signing import FIELDS
from expo_app.store.audit import from_json, to_json
from expo_app.store.database import Database

_deal, _party, _attachment, _audit = (model.__table__ for model in (Deal, DealParty, Attachment, Audit))
_patent = DealPatent.__table__
_PARTS = {table.name: table for table in (_party, _patent)}
"""What imports change beside the deal itself."""
_kept, _batch = ImportRow.__table__, ImportBatch.__table__
_ACT = (_batch.c.at, _batch.c.operator, _batch.c.file_name.label("reason"))
PATENT = ("kind", "title", "application_no", "patent_no", "applicant", "holder", "filed_on")
NOT_TOLD = frozenset(
    {"stage", "entry", "search_text", "created_at", "signing_batch", "signing_order", "registration", "is_sample"}
)
"""Columns whose changes are steps, or no news."""


@dataclass(frozen=True)
class Event:
    """Something that happened to a deal. `stage` and `entry`: where it stood afterwards, of a step; `changes`: what was
    changed, before and after, in words."""

    at: datetime
    operator: str
    reason: str = ""
    stage: DealStage | None = None
    entry: Entry | None = None
    on_date: date | None = None
    changes: tuple[tuple[str, str, str], ...] = ()


def history(db: Database, deal_id: uuid.UUID) -> list[Event]:
    """What became of a deal, oldest first; its personal data as the log has them, which are names alone."""
    with db.reading() as session:
        steps = session.scalars(select(DealStep).where(DealStep.deal_id == deal_id))
        events = [
            Event(step.at, step.operator, step.reason, step.stage, step.entry, readable(step.on_date))
            for step in steps
            if readable(step.at)
        ]
        logged = _rows(session, deal_id)
        rows = [*logged, *_imported(session, deal_id, logged)]
        events += _changes(session, rows)
    return sorted(events, key=lambda event: event.at)


def _rows(session: Session, deal_id: uuid.UUID) -> Sequence[Any]:
    """The log's rows of a deal and of its parts, those that are gone included."""
    parts = *_PARTS, _attachment.name
    own = (_audit.c.table_name == _deal.name) & (_audit.c.record_id == deal_id)
    text = str(deal_id)
    made = _audit.c.table_name.in_(parts) & or_(
        _audit.c.after["deal_id"].as_string() == text, _audit.c.before["deal_id"].as_string() == text
    )
    found = session.execute(select(_audit).where(or_(own, made))).mappings().all()
    ids = {row["record_id"] for row in found if row["table_name"] in _PARTS}
    known = {row["id"] for row in found}
    for some in in_parts(ids):
        later = select(_audit).where(_audit.c.table_name.in_(_PARTS), _audit.c.record_id.in_(some))
        found = [*found, *(row for row in session.execute(later).mappings() if row["id"] not in known)]
    return found


def _imported(session: Session, deal_id: uuid.UUID, logged: Sequence[Any]) -> list[dict[str, Any]]:
    """What imports that stand changed of a deal and its parts, as the log would have it; the file is the reason."""
    parts = {
        row["id"]: (name, to_json(dict(row)))
        for name, table in _PARTS.items()
        for row in session.execute(select(table).where(table.c.deal_id == deal_id)).mappings()
    }
    parts |= _gone(logged)
    told = (_kept.c.table_name, _kept.c.record_id, _kept.c.before, _kept.c.after)
    standing = (_batch.c.kind == BatchKind.IMPORT, _batch.c.undone_at.is_(None))
    lost = _kept.c.before["deal_id"].as_string() == str(deal_id)
    of_parts = _kept.c.table_name.in_(_PARTS) & or_(_kept.c.record_id.in_(parts), lost)
    own = or_((_kept.c.table_name == _deal.name) & (_kept.c.record_id == deal_id), of_parts)
    query = select(*told, *_ACT).join_from(_kept, _batch, _batch.c.id == _kept.c.batch_id)
    found = [
        {**row, "action": "update" if row["after"] is not None else "delete"}
        for row in session.execute(query.where(*standing, own)).mappings()
    ]
    parts |= _gone(found)
    of_expo = _batch.c.expo_id == select(_deal.c.expo_id).where(_deal.c.id == deal_id).scalar_subquery()
    lists = _batch.c.spec.in_((DEALS.name, CONTRACTS.name))
    for row in session.execute(select(_batch.c.made, *_ACT).where(*standing, of_expo, lists)):
        made, *act = row
        if not is_damaged(made) and deal_id not in unpacked(made.get(_deal.name, "")):
            new = {"action": "insert", "before": None, **dict(zip(("at", "operator", "reason"), act, strict=True))}
            found += [
                {**new, "table_name": name, "record_id": key, "after": parts[key][1]}
                for name in _PARTS
                for key in unpacked(made.get(name, ""))
                if key in parts
            ]
    return found


def _gone(rows: Iterable[Any]) -> dict[uuid.UUID, tuple[str, Any]]:
    """Parts that were deleted, as they were."""
    return {
        row["record_id"]: (row["table_name"], row["before"])
        for row in rows
        if row["table_name"] in _PARTS and row["action"] == "delete"
    }


def _changes(session: Session, rows: Sequence[Any]) -> list[Event]:
    """One event for everything that one act changed."""
    made = (row["at"] for row in rows if row["table_name"] == _deal.name and row["action"] == "insert")
    registered = min(made, default=None)
    roles, bodies = _parties(session, rows)
    acts: dict[tuple[datetime, str, str], list[tuple[str, str, str]]] = {}
    for row in rows:
        said = list(_confirmed(row) if row["at"] == registered else _said(row, roles, bodies))
        if said:
            acts.setdefault((row["at"], row["operator"], row["reason"]), []).extend(said)
    return [Event(at, who, reason, changes=tuple(_joined(said))) for (at, who, reason), said in acts.items()]


def _joined(said: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """What several parties of one side lost and gained stands on one line."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for title, before, after in said:
        old, new = found.setdefault(title, ([], []))
        old += [before] if before else []
        new += [after] if after else []
    return [(title, "、".join(old), "、".join(new)) for title, (old, new) in found.items()]


def _parties(session: Session, rows: Sequence[Any]) -> tuple[dict[uuid.UUID, str], dict[str, str]]:
    """Party → its role; organisation → its name."""
    roles, wanted = {}, set()
    for row in rows:
        if row["table_name"] == _party.name and (values := row["after"] or row["before"]):
            whole = {**(row["before"] or {}), **values}
            if "role" in whole:
                roles[row["record_id"]] = whole["role"]
            wanted |= {whole["organisation_id"]} if "organisation_id" in whole else set()
    names: dict[str, str] = {}
    organisation = Organisation.__table__
    for some in in_parts(uuid.UUID(key) for key in wanted):
        query = select(organisation.c.id, organisation.c.name).where(organisation.c.id.in_(some))
        names |= {str(key): name for key, name in session.execute(query)}
    return roles, names


def _said(
    row: Mapping[str, Any], roles: Mapping[uuid.UUID, str], bodies: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    before, after = row["before"] or {}, row["after"] or {}
    if row["table_name"] == _deal.name and row["action"] == "update":
        yield from _fields(before, after)
        yield from _confirmed(row)
    elif row["table_name"] == _attachment.name:
        yield _("附件"), before.get("name", ""), after.get("name", "")
    elif row["table_name"] == _patent.name:
        yield _("专利"), _of_patent(before), _of_patent(after)
    elif row["table_name"] == _party.name:
        role = roles.get(row["record_id"], "")
        sides = {kept.name: name for name, kept in PARTIES.items()}
        if role in sides and (row["action"] != "update"):
            body = bodies.get((after or before).get("organisation_id", ""), "—")
            yield DEALS.field(sides[role]).title, body if before else "", body if after else ""
        for name, (of_role, column) in FIELDS.items():
            if of_role.name == role and (before.get(column) or after.get(column)):
                yield DEALS.field(name).title, _of_party(column, before), _of_party(column, after)


def _confirmed(row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Who said that the deal repeats no other; without operators that is no name but the administrator."""
    old, new = ((values or {}).get("not_duplicate_by") or "" for values in (row["before"], row["after"]))
    if row["table_name"] == _deal.name and new:
        who = {MISSING: Role.ADMIN.label}
        yield _("重复已核实"), who.get(old, old), who.get(new, new)


def _of_party(column: str, values: Mapping[str, Any]) -> str:
    value = _revived(_party, {column: values[column]}).get(column) if values.get(column) else None
    return getattr(value, "label", value) or ""


def _of_patent(values: Mapping[str, Any]) -> str:
    """What the log says of a patent: all of one that came or went, of a change what was changed."""
    told = _revived(_patent, {name: values[name] for name in PATENT if values.get(name)})
    return " ".join(str(getattr(value, "label", value)) for value in told.values())


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    told = {name for name in (*before, *after) if name not in NOT_TOLD}
    old, new = (_revived(_deal, {k: v for k, v in values.items() if k in told}) for values in (before, after))
    for field in DEALS.fields:
        if field.name in told and not field.ref:
            yield field.title, _shown(field, old), _shown(field, new)


def _shown(field: Field, values: Mapping[str, Any]) -> str:
    text = field.display(values.get(field.name))
    return f"{text} {_(field.unit)}" if field.unit and text != MISSING else text


def _revived(table: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of the log as they are shown; what it cannot tell any more is left out."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        try:
            found |= from_json(table, {name: value}) if name in table.c else {}
        except DamagedValue:
            found[name] = None
    return found
