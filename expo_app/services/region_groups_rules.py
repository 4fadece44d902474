"""What is right of groups of places when they are written or imported: each place in one of them, in an order."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import _
from expo_app.model import RegionGroup
from expo_app.rules.region_groups import prefix_name
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer
from expo_app.specs import PlanRow, RecordSpec

_table = RegionGroup.__table__


def placed_last(writer: Writer, drafts: list[Draft]) -> None:
    """A new group without a place in the order comes behind the others."""
    new = [draft for draft in drafts if draft.is_new and not draft.values.get("position")]
    if not new or writer.expo is None:
        return
    query = select(_table.c.position).where(_table.c.expo_id == writer.expo.id)
    last = max([*writer.session.scalars(query), *(draft.values.get("position") or 0 for draft in drafts)], default=0)
    for place, draft in enumerate(new, last + 1):
        draft.values["position"] = place


def in_one_group(writer: Writer, drafts: list[Draft]) -> None:
    """A place that another group has too is refused."""
    if writer.expo is None:
        return
    holders = _holders(writer.session, writer.expo.id)
    written = {draft.record_id for draft in drafts if "prefixes" in draft.values}
    taken = {prefix: name for prefix, (key, name) in holders.items() if key not in written}
    for draft in drafts:
        own = draft.values.get("prefixes") or ()
        for prefix in own:
            if prefix in taken:
                raise InvalidRecord({"prefixes": _said(prefix, taken[prefix])}, draft.row)
        taken |= dict.fromkeys(own, draft.get("name"))


def reviewed(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Places that a group of the expo, or an earlier row of the file, has already."""
    holders = _holders(session, expo_id)
    giving = {row.record_id for row in rows if row.goes_in and row.values.get("prefixes")}
    taken = {prefix: name for prefix, (key, name) in holders.items() if key not in giving}

    def one(row: PlanRow) -> PlanRow:
        prefixes = (row.values.get("prefixes") or ()) if row.goes_in else ()
        for prefix in prefixes:
            if prefix in taken:
                return row.refused({spec.field("prefixes").title: _said(prefix, taken[prefix])})
        taken.update(dict.fromkeys(prefixes, row.values.get("name") or ""))
        return row

    return tuple(map(one, rows))


def _holders(session: Session, expo_id: uuid.UUID) -> Mapping[str, tuple[uuid.UUID, str]]:
    query = select(_table.c.id, _table.c.name, _table.c.prefixes).where(_table.c.expo_id == expo_id)
    return {prefix: (key, name) for key, name, prefixes in session.execute(query) for prefix in prefixes}


def _said(prefix: str, group: str) -> str:
    return _("“{place}”已在“{group}”组里，一个地区只能在一组。").format(place=prefix_name(prefix), group=group)
