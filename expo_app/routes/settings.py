"""Subjects of 数据与设置 that are no list."""

from dataclasses import dataclass
from typing import ClassVar

from expo_app.routes import Route


@dataclass(frozen=True)
class SectionRoute(Route):
    """A subject; "" stays where one was."""

    page: ClassVar[str] = "settings"
    key: str = ""
