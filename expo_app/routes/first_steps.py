"""The way through an empty expo: each area says where its part of it is done, and what comes of it if it is not."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from expo_app.i18n import _
from expo_app.routes import Route
from expo_app.specs.records import by_name


@dataclass(frozen=True)
class FirstStep:
    """Something an expo needs before it opens. `part`: the list of which one record makes it done, or any key.

    `title`, `about` and `verb`: what to do, how, and its button; `lacking`: one sentence of what is wrong without it.
    `route`: where, or what makes it of the expo's key. `optional`: the expo opens without it. `subject`: what it is
    called where no list has that name. `there`(expo's key) selects what makes it done, where no list says so.
    `at_start`: it is among the first steps of an empty expo from the beginning, not only while it is missing.
    """

    order: int
    part: str
    title: str
    about: str
    verb: str
    route: Route | Callable[[uuid.UUID | None], Route]
    optional: bool = False
    lacking: str = ""
    subject: str = ""
    there: Callable[[uuid.UUID], Select[Any]] | None = None
    at_start: bool = True

    @property
    def name(self) -> str:
        """What is there or missing, in the current language."""
        return _(self.subject) if self.subject else by_name(self.part).label

    def query(self, expo_id: uuid.UUID) -> Select[Any]:
        """Finds something as soon as the step is done."""
        return self.there(expo_id) if self.there else by_name(self.part).query((), expo_id).order_by(None)

    def leads(self, expo_id: uuid.UUID | None) -> Route:
        """Where it is done."""
        return self.route if isinstance(self.route, Route) else self.route(expo_id)
