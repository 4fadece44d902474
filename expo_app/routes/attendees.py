"""The quick registration beside the list of people."""

from dataclasses import dataclass
from typing import ClassVar

from expo_app.routes import Route


@dataclass(frozen=True)
class WalkInRoute(Route):
    """现场登记."""

    page: ClassVar[str] = "attendees"
