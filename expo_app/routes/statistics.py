"""The statistics: their faces, and a table."""

from dataclasses import dataclass
from typing import ClassVar

from expo_app.routes import Route


@dataclass(frozen=True)
class StatisticsRoute(Route):
    """A face by its key ("" stays where one was), a table by its number (T1)."""

    page: ClassVar[str] = "statistics"
    face: str = ""
    table: str = ""
