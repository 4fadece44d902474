"""合作园区: a park with its tenants, and the page of one tenant."""

import uuid
from dataclasses import dataclass
from typing import ClassVar

from expo_app.routes import Route


@dataclass(frozen=True)
class ParksRoute(Route):
    """The board with a park chosen, or a face by its key ("" stays where one was)."""

    page: ClassVar[str] = "parks"
    park: uuid.UUID | None = None
    face: str = ""


@dataclass(frozen=True)
class TenantRoute(Route):
    """One tenant: its chain, states, figures and supports."""

    page: ClassVar[str] = "tenant"
    record: uuid.UUID
