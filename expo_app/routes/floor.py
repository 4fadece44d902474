"""Places on the floor plan, and the generator of booths."""

import uuid
from dataclasses import dataclass
from typing import ClassVar

from expo_app.routes import Route
from expo_app.routes.settings import SectionRoute


@dataclass(frozen=True)
class PlanRoute(Route):
    """The plan at an exhibitor (`record`), at a booth, or at what a search finds; `adjust` begins 调整展位."""

    page: ClassVar[str] = "booths"
    record: uuid.UUID | None = None
    booth: uuid.UUID | None = None
    search: str = ""
    adjust: bool = False


@dataclass(frozen=True)
class BoothRowsRoute(SectionRoute):
    """成排生成展位, above the list of booths."""

    key: str = "booths"
