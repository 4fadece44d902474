"""企业档案 of a tenant, and the Torch form of those of a park."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from expo_app.documents import EXPORT
from expo_app.i18n import _
from expo_app.model.expo import USUAL_ZONE
from expo_app.services import park_report, tenants
from expo_app.services.access import require
from expo_app.services.expos import ExpoInfo
from expo_app.store.database import Database


def write_file(db: Database, tenant_id: uuid.UUID, path: Path, expo: ExpoInfo | None = None) -> frozenset[str]:
    """The tenant on a page at a moment of the expo's clock, money as the role may see it; the characters the font lacks
    come back."""
    from expo_app.reports import tenant

    require(db, EXPORT)
    page = tenants.read_tenant(db, tenant_id, expo.id if expo else None)
    return frozenset(tenant.write(path, page, db.now().astimezone(expo.zone if expo else ZoneInfo(USUAL_ZONE))))


def write_torch(db: Database, expo: ExpoInfo, park_id: uuid.UUID, day: date | None, path: Path) -> None:
    """A workbook of the Torch form alone, of one date; None: of all dates there are."""
    from expo_app.exchange import excel
    from expo_app.reports import park

    require(db, EXPORT)
    data = park_report.read(db, expo.id, db.now(), str(park_id))
    excel.write_tables(path, [park.torch_sheet(data, day)], title=_("火炬口径"), sample=expo.is_sample)
