"""Rows that hang on a record: what is entered with it as names is written to a table of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from expo_app.model import OrganiserRole, PartyRole, new_id
from expo_app.rules.parties import split_parties
from expo_app.services.record_writer import Draft, Writer, find_by, write_rows
from expo_app.specs import ORGANISATIONS
from expo_app.store.staging import default


def sync_children(
    writer: Writer, table: Any, link: str, draft: Draft, wanted: list[dict[str, Any]], same: tuple[str, ...]
) -> None:
    """Rows of `table` that hang on the draft become exactly `wanted`; rows equal in `same` are kept and updated."""
    found = writer.session.execute(select(table).where(table.c[link] == draft.record_id)).mappings().all()
    present = {tuple(row[name] for name in same): dict(row) for row in found}
    for row in wanted:
        key = tuple(row[name] for name in same)
        if key in present:
            old = present.pop(key)
            writer.update(table, old["id"], old, row, draft.row)
        else:
            values = {"id": new_id(), **_child_defaults(writer, table), link: draft.record_id, **row}
            writer.insert(table, [values])
    for old in present.values():
        writer.delete(table, old["id"], old)


def _child_defaults(writer: Writer, table: Any) -> dict[str, Any]:
    """Every column, so that all new rows of a table have the same ones."""
    found = {column.name: default(column) for column in table.c if column.name != "id"}
    return found | ({"is_sample": writer.in_sample} if "is_sample" in table.c else {})


def sync_bodies(
    writer: Writer,
    table: Any,
    link: str,
    drafts: list[Draft],
    fields: Mapping[str, PartyRole | OrganiserRole],
    detail: Callable[[Draft, list[dict[str, Any]]], bool] = lambda draft, rows: False,
) -> None:
    """Organisations named in `fields`, each for a role, hang on the drafts by `table`, in that order.

    `detail`(draft, rows) may refuse the rows of a draft, or say more in them, and tells whether it did.
    """
    named = [
        {role: split_parties(draft.virtual[field] or "") for field, role in fields.items() if draft.gives(field)}
        for draft in drafts
    ]
    ids = organisations_named(writer, {name for given in named for names in given.values() for name in names})
    for draft, given in zip(drafts, named, strict=True):
        if not given and not draft.virtual:
            continue
        rows: list[dict[str, Any]] = []
        if not draft.is_new:
            rest = select(table).where(table.c[link] == draft.record_id, table.c.role.not_in(given))
            kept = writer.session.execute(rest.order_by(table.c.position)).mappings()
            rows = [{name: row[name] for name in ("organisation_id", "role", "position")} for row in kept]
        for role, names in given.items():
            each = dict.fromkeys(ids[name] for name in names)
            rows += [{"organisation_id": key, "role": role, "position": n} for n, key in enumerate(each)]
        if detail(draft, rows) or given:
            sync_children(writer, table, link, draft, rows, ("organisation_id", "role"))


def organisations_named(writer: Writer, names: set[str]) -> dict[str, uuid.UUID]:
    """Ids by name; unknown ones are made."""
    if not names:
        return {}
    known = find_by(writer, ORGANISATIONS, "name", names)
    missing = sorted(names - known.keys())
    made = write_rows(writer, ORGANISATIONS, [(None, {"name": name}, 0) for name in missing]) if missing else []
    return known | dict(zip(missing, made, strict=True))
