"""Places on the day plan; an item is `ListRoute(PROGRAMME, record=…)`."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from expo_app.routes import Route


@dataclass(frozen=True)
class DayRoute(Route):
    """A day of the plan."""

    page: ClassVar[str] = "programme"
    day: date
