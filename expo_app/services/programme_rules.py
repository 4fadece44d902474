"""What is right of the programme when its items, speakers and pitches are written or imported."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.errors import InvalidRecord
from expo_app.i18n import _
from expo_app.model import ProgrammeItem, Speaker, WordRole
from expo_app.services.child_rows import sync_children
from expo_app.services.people import person_of
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer
from expo_app.services.words import standing_for
from expo_app.specs import PlanRow, RecordSpec
from expo_app.specs.programme import LOCKED, PLACED, USUAL_MINUTES, named_people, not_a_roadshow

if TYPE_CHECKING:
    from expo_app.services.merging_fold import Merger


def fill_in(writer: Writer, drafts: list[Draft]) -> None:
    """A locked item stays where it is; start, end and minutes agree."""
    for draft in drafts:
        moved = [name for name in PLACED if draft.changed(name)]
        if draft.old is not None and draft.old["is_locked"] and moved:
            raise InvalidRecord({moved[0]: _(LOCKED)}, draft.row)
        start, end = draft.get("starts_at"), draft.get("ends_at")
        if start and ((draft.changed("minutes") and not draft.changed("ends_at")) or end is None):
            draft.values["ends_at"] = start + timedelta(minutes=draft.get("minutes") or USUAL_MINUTES)
        elif start and end and end > start:
            draft.values["minutes"] = int((end - start).total_seconds() // 60)


def only_once(writer: Writer, drafts: list[Draft]) -> None:
    """A title may recur, but not at one time in one room; a file's rows are told apart by its plan."""
    table = ProgrammeItem.__table__
    for draft in () if writer.staged else drafts:
        if not any(draft.changed(name) for name in ("title", "starts_at", "room_id")):
            continue
        same = [table.c[name].is_not_distinct_from(draft.get(name)) for name in ("title", "starts_at", "room_id")]
        expo = draft.get("expo_id") or (writer.expo.id if writer.expo else None)
        query = select(table.c.id).where(table.c.expo_id == expo, table.c.id != draft.record_id, *same)
        if writer.session.execute(query.limit(1)).first():
            words = _("已有“{value}”，时间和会场也相同，不能重复。")
            raise InvalidRecord({"title": words.format(value=draft.get("title"))}, draft.row)


def speakers(writer: Writer, drafts: list[Draft]) -> None:
    """Speakers as listed in 嘉宾, in that order; people are found by name and organisation, or made."""
    for draft in drafts:
        if not draft.gives("speakers"):
            continue
        wanted: list[uuid.UUID] = []
        for name, organisation in named_people(draft.virtual["speakers"] or ""):
            found = person_of(writer, {"name": name, "organisation_id": organisation})
            wanted += [found] if found not in wanted else []
        sync_children(
            writer, Speaker.__table__, "item_id", draft,
            [{"person_id": person, "position": n} for n, person in enumerate(wanted)], ("person_id",),
        )  # fmt: skip


def in_roadshows(writer: Writer, drafts: list[Draft]) -> None:
    """Results are pitched in a roadshow."""
    table = ProgrammeItem.__table__
    items = {draft.get("item_id") for draft in drafts if draft.changed("item_id")}
    query = select(table.c.id, table.c.title).where(table.c.id.in_(items), _no_roadshow())
    others = dict(writer.session.execute(query).all())
    for draft in drafts:
        if draft.changed("item_id") and draft.get("item_id") in others:
            raise InvalidRecord({"item_id": not_a_roadshow(others[draft.get("item_id")])}, draft.row)


def _no_roadshow() -> ColumnElement[bool]:
    return ProgrammeItem.__table__.c.kind_id.not_in(standing_for(WordRole.ROADSHOW))


def locked_stay(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Items that are locked stay where they are."""
    query = select(ProgrammeItem.id).where(ProgrammeItem.expo_id == expo_id, ProgrammeItem.is_locked)
    locked = set(session.scalars(query))

    def reviewed(row: PlanRow) -> PlanRow:
        moved = next((name for name in PLACED if name in row.changes), "")
        is_refused = row.goes_in and moved and row.record_id in locked
        return row.refused({spec.field(moved).title: _(LOCKED)}) if is_refused else row

    return tuple(map(reviewed, rows))


def pitches_in_roadshows(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Pitches belong to a roadshow."""
    query = select(ProgrammeItem.title).where(ProgrammeItem.expo_id == expo_id, _no_roadshow())
    others = set(session.scalars(query))

    def reviewed(row: PlanRow) -> PlanRow:
        item = row.values.get("item_id")
        is_refused = row.goes_in and item in others
        return row.refused({spec.field("item_id").title: not_a_roadshow(str(item))}) if is_refused else row

    return tuple(map(reviewed, rows))


def waivers_follow(merger: Merger, keep: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Warnings that were waived for somebody stay so when two people become one."""
    table, now, then = ProgrammeItem.__table__, str(keep["id"]), str(other["id"])
    for item in merger.session.execute(select(table).where(table.c.waivers.is_not(None))).mappings().all():
        waivers = readable(item["waivers"], {})
        if any(then in key for key in waivers):
            renamed = {key.replace(then, now): why for key, why in waivers.items()}
            merger.writer.update(table, item["id"], dict(item), {"waivers": renamed})
    return {}
