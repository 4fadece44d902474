"""What is right of an exhibitor when it is written: when it arrived, with whom it stands."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import _
from expo_app.model import Exhibitor, ExhibitorKind, ExhibitorState, Expo
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, find_by
from expo_app.specs import EXHIBITORS, ORGANISATIONS, Outcome, PlanRow, RecordSpec


def fill_in(writer: Writer, drafts: list[Draft]) -> None:
    """When it arrived, and the main exhibitor of one that stands with another."""
    mains = _main_exhibitors(writer, drafts)
    for draft in drafts:
        is_here = draft.changed("state") and draft.get("state") is ExhibitorState.ARRIVED
        if is_here and not draft.row and draft.get("arrived_at") is None:  # a file that does not say when is not asked
            draft.values["arrived_at"] = writer.now
        if draft.virtual.get("main"):
            draft.values["main_id"] = _main_exhibitor(draft, mains)


def exhibitors_of(writer: Writer, organisations: Iterable[uuid.UUID | None]) -> dict[Any, uuid.UUID]:
    """Exhibitor of this expo by organisation."""
    wanted = {o for o in organisations if o}
    if not wanted or writer.expo is None:
        return {}
    table = Exhibitor.__table__
    rows = writer.session.execute(select(table.c.organisation_id, table.c.id).where(table.c.expo_id == writer.expo.id))
    return {row[0]: row[1] for row in rows if row[0] in wanted}


def _main_exhibitors(writer: Writer, drafts: list[Draft]) -> dict[str, uuid.UUID]:
    """The exhibitors named as main ones, by name: there already, or coming in the same file."""
    names = {draft.virtual["main"] for draft in drafts if draft.virtual.get("main")}
    organisations = find_by(writer, ORGANISATIONS, "name", names) if names else {}
    beside = {draft.get("organisation_id"): draft.record_id for draft in drafts}
    there = beside | exhibitors_of(writer, organisations.values())
    return {name: there[organisation] for name, organisation in organisations.items() if organisation in there}


def _main_exhibitor(draft: Draft, mains: Mapping[str, uuid.UUID]) -> uuid.UUID:
    name = draft.virtual["main"]
    main = mains.get(name)
    if main == draft.record_id:
        raise InvalidRecord({"main": _("联合参展于的应是另一家单位。")}, draft.row)
    if main is None:
        raise InvalidRecord({"main": _("没有参展商“{name}”。").format(name=name)}, draft.row)
    return main


def mains_there(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Co-exhibitors whose main exhibitor there is not, nor comes with a row that goes in."""
    if not any("main" in row.values for row in rows):
        return rows
    named = EXHIBITORS.field("organisation.name")
    there = {row[1] for row in session.execute(EXHIBITORS.query((named,), expo_id))}
    there |= {row.values.get(named.name) for row in rows if row.outcome is not Outcome.INVALID}

    def reviewed(row: PlanRow) -> PlanRow:
        main = row.values.get("main")
        if main is None or main in there or not row.goes_in:
            return row
        return row.refused({spec.field("main").title: _("没有参展商“{name}”。").format(name=main)})

    return tuple(map(reviewed, rows))


def confirmed_co_exhibitors(expo_id: uuid.UUID) -> Select[uuid.UUID]:
    """The expo, if every co-exhibitor says whether people and products are its own (UFI counts those alone)."""
    table, expo = Exhibitor.__table__, Expo.__table__
    unsaid = (
        select(table.c.id)
        .where(
            table.c.expo_id == expo.c.id, table.c.main_id.is_not(None), table.c.brings_own.is_(None),
            table.c.kind != ExhibitorKind.REPRESENTED, table.c.state != ExhibitorState.CANCELLED,
        )
        .exists()
    )  # fmt: skip
    return select(expo.c.id).where(expo.c.id == expo_id, ~unsaid)
