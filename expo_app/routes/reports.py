"""Documents."""

from dataclasses import dataclass
from typing import ClassVar

from expo_app.routes import Route


@dataclass(frozen=True)
class ReportsRoute(Route):
    """The documents; one chosen by its name in `documents.DOCUMENTS`."""

    page: ClassVar[str] = "reports"
    document: str = ""
