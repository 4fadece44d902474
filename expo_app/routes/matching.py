"""供需对接: a face of the page, and what is to be in front of it."""

import uuid
from dataclasses import dataclass
from typing import ClassVar

from expo_app.routes import Route


@dataclass(frozen=True)
class MatchingRoute(Route):
    """A demand with its suggestions, or an offer (a result or a service item) with those who ask for it; a face by its
    key ("" stays where one was), and of the meetings' faces one meeting.
    """

    page: ClassVar[str] = "matching"
    demand: uuid.UUID | None = None
    offer: uuid.UUID | None = None
    face: str = ""
    meeting: uuid.UUID | None = None
