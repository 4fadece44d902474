"""The roadshow in the hall: the clerk's page of one roadshow, and of one pitch."""

import uuid
from dataclasses import dataclass
from typing import ClassVar

from expo_app.routes import Route


@dataclass(frozen=True)
class RoadshowRoute(Route):
    """A roadshow (an item of the programme) and a pitch in it; None: the usual one."""

    page: ClassVar[str] = "roadshow"
    item: uuid.UUID | None = None
    pitch: uuid.UUID | None = None
