"""企业档案 of a tenant."""

from __future__ import annotations

import uuid
from pathlib import Path

from expo_app.documents import EXPORT
from expo_app.services import tenants
from expo_app.services.access import require
from expo_app.store.database import Database


def write_file(db: Database, tenant_id: uuid.UUID, path: Path, expo_id: uuid.UUID | None = None) -> frozenset[str]:
    """The tenant on a page, money as the role may see it; the characters the font lacks come back."""
    from expo_app.reports import tenant

    require(db, EXPORT)
    page = tenants.read_tenant(db, tenant_id, expo_id)
    return frozenset(tenant.write(path, page, db.now().astimezone()))
