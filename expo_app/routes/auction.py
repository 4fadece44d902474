"""The auction: one of its views, of one session."""

import uuid
from dataclasses import dataclass
from typing import ClassVar

from expo_app.routes import Route


@dataclass(frozen=True)
class AuctionRoute(Route):
    """A view by its key (console, cashier, checklist; "" stays where one was), and the session it shows."""

    page: ClassVar[str] = "auction"
    view: str = ""
    session: uuid.UUID | None = None
