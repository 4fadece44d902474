"""What is right of demands and services when they are written, imported, or when two organisations become one."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import _
from expo_app.model import Organisation, Provider
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, find_by, in_parts
from expo_app.specs import ORGANISATIONS, PlanRow, RecordSpec

_provider, _organisation = Provider.__table__, Organisation.__table__


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
        name = row.values.get("provider")
        is_refused = row.goes_in and name and name not in names
        return row.refused({spec.field("provider").title: no_provider(name)}) if is_refused else row

    return tuple(map(reviewed, rows))
