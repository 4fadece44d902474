"""What is right of demands and services when they are written, imported, or when two organisations become one."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import date, time
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, Table, select, true
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import _
from expo_app.model import (
    Demand,
    Exhibitor,
    Expo,
    MatchingConsent,
    MatchingSettings,
    MeetingHours,
    MeetingPlace,
    Organisation,
    PlaceKind,
    Provider,
    RegionPolicy,
    SharedWith,
)
from expo_app.model.base import new_id
from expo_app.services.exhibitors_rules import exhibitors_of
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, find_by, in_parts
from expo_app.specs import ORGANISATIONS, PlanRow, RecordSpec

if TYPE_CHECKING:
    from expo_app.services.merging_fold import Merger

_provider, _organisation, _exhibitor, _expo = (model.__table__ for model in (Provider, Organisation, Exhibitor, Expo))
_demand, _hours, _consent, _settings, _policy, _place = (
    model.__table__ for model in (Demand, MeetingHours, MatchingConsent, MatchingSettings, RegionPolicy, MeetingPlace)
)


# --- services ---------------------------------------------------------------------------------------------------------
def link_providers(writer: Writer, drafts: list[Draft]) -> None:
    """`provider` becomes `provider_id`; InvalidRecord for an organisation that is none."""
    naming = [draft for draft in drafts if draft.gives("provider")]
    bodies = find_by(writer, ORGANISATIONS, "name", {d.virtual["provider"] for d in naming if d.virtual["provider"]})
    known = _providers(writer.session, bodies.values())
    for draft in naming:
        name = draft.virtual["provider"]
        found = known.get(bodies.get(name))
        if found is None:
            raise InvalidRecord({"provider": no_provider(name)}, draft.row)
        draft.values["provider_id"] = found


def no_provider(name: str) -> str:
    """Why a service has no home."""
    return _("没有服务机构“{name}”，先把它登记为服务机构。").format(name=name or "")


def _providers(session: Session, bodies: Collection[uuid.UUID]) -> dict[uuid.UUID | None, uuid.UUID]:
    """Providers by their organisation."""
    query = select(_provider.c.organisation_id, _provider.c.id)
    found: dict[uuid.UUID | None, uuid.UUID] = {}
    for part in in_parts(set(bodies)):
        found |= dict(session.execute(query.where(_provider.c.organisation_id.in_(part))).all())
    return found


def providers_are_there(session: Session, _expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Rows of a plan name a provider that there is."""
    query = select(_organisation.c.name).join(_provider, _provider.c.organisation_id == _organisation.c.id)
    names = set(session.scalars(query))

    def reviewed(row: PlanRow) -> PlanRow:
        name = str(row.values.get("provider") or "") if row.goes_in else ""
        is_refused = name and name not in names
        return row.refused({spec.field("provider").title: no_provider(name)}) if is_refused else row

    return tuple(map(reviewed, rows))


# --- places and hours -------------------------------------------------------------------------------------------------
def link_exhibitors(writer: Writer, drafts: list[Draft]) -> None:
    """`exhibitor` becomes the key of whose booth a place is; InvalidRecord for one that does not exhibit."""
    naming = [draft for draft in drafts if draft.gives("exhibitor")]
    bodies = find_by(writer, ORGANISATIONS, "name", {d.virtual["exhibitor"] for d in naming if d.virtual["exhibitor"]})
    there = exhibitors_of(writer, bodies.values())
    for draft in naming:
        name = draft.virtual["exhibitor"]
        found = there.get(bodies.get(name)) if name else None
        if name and found is None:
            raise InvalidRecord({"exhibitor": _("没有参展商“{name}”。").format(name=name)}, draft.row)
        draft.values["exhibitor_id"] = found
    for draft in drafts:
        if draft.is_new:
            draft.values.setdefault("exhibitor_id", None)


def exhibitors_are_there(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Rows of a plan name an exhibitor of this expo."""
    query = select(_organisation.c.name).join(_exhibitor, _exhibitor.c.organisation_id == _organisation.c.id)
    names = set(session.scalars(query.where(_exhibitor.c.expo_id == expo_id)))

    def reviewed(row: PlanRow) -> PlanRow:
        name = row.values.get("exhibitor") if row.goes_in else None
        words = _("没有参展商“{name}”。").format(name=name)
        return row.refused({spec.field("exhibitor").title: words}) if name and name not in names else row

    return tuple(map(reviewed, rows))


Span = tuple[time, time]


def no_overlap(writer: Writer, drafts: list[Draft]) -> None:
    """Hours of one day leave each other alone; a file's rows are told apart by its plan."""
    if writer.staged or writer.expo is None:
        return
    here = select(_hours.c.opens, _hours.c.closes).where(_hours.c.expo_id == writer.expo.id)
    for draft in drafts:
        if not any(map(draft.changed, ("day", "opens", "closes"))):
            continue
        query = here.where(_hours.c.day == draft.get("day"), _hours.c.id != draft.record_id)
        spans = [(row.opens, row.closes) for row in writer.session.execute(query)]
        if met := _met(draft.get("opens"), draft.get("closes"), spans):
            raise InvalidRecord({"opens": _overlapping(met)}, draft.row)


def _met(opens: time | None, closes: time | None, others: Iterable[Span]) -> Span | None:
    """The first of the others that these hours overlap."""
    if opens is None or closes is None:
        return None
    return next((span for span in others if span[0] < closes and opens < span[1]), None)


def _overlapping(span: Span) -> str:
    words = _("和这一天的 {start}–{end} 重叠；要留出空档，就分成不重叠的两段。")
    return words.format(start=f"{span[0]:%H:%M}", end=f"{span[1]:%H:%M}")


def hours_apart(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Rows of a plan overlap neither what stays as it is nor a row before them."""
    query = select(_hours.c.id, _hours.c.day, _hours.c.opens, _hours.c.closes).where(_hours.c.expo_id == expo_id)
    there = {row.id: (row.day, row.opens, row.closes) for row in session.execute(query)}
    for gone in (row.record_id for row in rows if row.goes_in):
        there.pop(gone, None)
    taken: dict[date, list[Span]] = {}
    for day, opens, closes in there.values():
        taken.setdefault(day, []).append((opens, closes))

    def reviewed(row: PlanRow) -> PlanRow:
        day, opens, closes = (row.values.get(name) for name in ("day", "opens", "closes"))
        if not row.goes_in or day is None or opens is None or closes is None:
            return row
        if met := _met(opens, closes, taken.get(day, ())):
            return row.refused({spec.field("opens").title: _overlapping(met)})
        taken.setdefault(day, []).append((opens, closes))
        return row

    return tuple(map(reviewed, rows))


# --- first steps ------------------------------------------------------------------------------------------------------
def grounds_of(table: Table, expo_id: uuid.UUID) -> Select[Any]:
    """The expo, if it has a row of this table, or no demand that would need one."""
    has, wants = ((select(one.c.id).where(one.c.expo_id == expo_id)).exists() for one in (table, _demand))
    return select(_expo.c.id).where(_expo.c.id == expo_id, has | ~wants)


consents_of, places_of, hours_of = (partial(grounds_of, table) for table in (_consent, _place, _hours))


# --- consents ---------------------------------------------------------------------------------------------------------
def consented_once(writer: Writer, drafts: list[Draft]) -> None:
    """An organisation as a whole says it once; what does not say when was said today, unless it has ended.

    Whoever writes holds the expo: of two clerks the second sees what the first recorded.
    """
    today = writer.expo.local_day(writer.now) if writer.expo else None
    for draft in drafts:
        until = draft.get("valid_until")
        if draft.is_new and draft.values.get("given_on") is None and today and (until is None or until >= today):
            draft.values["given_on"] = today
    if writer.staged or writer.expo is None:
        return
    writer.hold(_expo, writer.expo.id)
    here = select(_consent.c.id).where(_consent.c.expo_id == writer.expo.id, _consent.c.person_id.is_(None))
    for draft in drafts:
        if draft.get("person_id") is not None or not (draft.is_new or draft.changed("organisation_id")):
            continue
        own = _consent.c.organisation_id == draft.get("organisation_id")
        query = here.where(own, _consent.c.id != draft.record_id)
        if writer.session.scalar(query.limit(1)) is not None:
            words = _("这家单位已有一条，没有保存，数据未变。打开那一条改，或写明是哪位人员的。")
            raise InvalidRecord({"organisation_id": words}, draft.row)


# --- two organisations become one -------------------------------------------------------------------------------------
def not_solved_by_itself(merger: Merger, keep: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two bodies stay two of which one solves the other's demand."""
    pair: dict[uuid.UUID, uuid.UUID] = {keep["id"]: other["id"], other["id"]: keep["id"]}
    query = select(_demand.c.title, _demand.c.owner_id, _demand.c.solver_id).where(
        _demand.c.owner_id.in_(pair), _demand.c.solver_id.in_(pair)
    )
    for title, owner, solver in merger.session.execute(query):
        if pair[owner] == solver:
            words = _("这两家一家提出需求「{title}」，一家承接它，不会是同一家，没有合并，数据未变。")
            raise Conflict(words.format(title=title), "E-MERGE-PARTIES")
    return {}


def consents_meet(column: str, merger: Merger, keep: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Of what both said of one thing the narrower word holds, whichever row stays.

    `column`: organisation_id or person_id, by which the two are meant.
    """
    query = select(_consent).where(_consent.c[column].in_((keep["id"], other["id"])))
    of = "person_id" if column == "organisation_id" else "organisation_id"
    said: dict[tuple[uuid.UUID, uuid.UUID | None], dict[uuid.UUID, Mapping[str, Any]]] = {}
    for row in merger.session.execute(query).mappings().all():
        said.setdefault((row["expo_id"], row[of]), {})[row[column]] = dict(row)
    for both in said.values():
        if len(both) > 1:
            mine, theirs = both[keep["id"]], both[other["id"]]
            merger.writer.delete(_consent, theirs["id"], theirs)
            merger.writer.update(_consent, mine["id"], mine, _narrower(mine, theirs))
    return {}


def _narrower(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    ends = [row["valid_until"] for row in (mine, theirs) if row["valid_until"] is not None]
    is_shared = mine["shared_with"] is theirs["shared_with"] is SharedWith.ACCEPTED
    return {
        "may_match": bool(mine["may_match"] and theirs["may_match"]),
        "shared_with": SharedWith.ACCEPTED if is_shared else SharedWith.NOBODY,
        "valid_until": min(ends, default=None),
    }


# --- the next edition -------------------------------------------------------------------------------------------------
def copy_grounds(writer: Writer, source: uuid.UUID, target: uuid.UUID) -> None:
    """The next edition begins with the settings, the policies and the tables of the last one: no booth, no day."""
    is_sample = bool(writer.rows(_expo, [target])[target]["is_sample"])
    for table, which, fresh in (
        (_settings, true(), {"expires_at": None}), (_policy, true(), {}),
        (_place, (_place.c.exhibitor_id.is_(None)) & (_place.c.kind != PlaceKind.BOOTH) & ~_place.c.is_closed, {}),
    ):  # fmt: skip
        query = select(table).where(table.c.expo_id == source, which).order_by(table.c.id)
        rows = [dict(row) for row in writer.session.execute(query).mappings()]
        own = {"expo_id": target, "is_sample": is_sample, **fresh}
        writer.insert(table, [{**row, **own, "id": new_id()} for row in rows])
