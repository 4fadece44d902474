"""The list of badges, which are those of the people registered."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from expo_app.routes import ListRoute
from expo_app.specs import ATTENDEES
from expo_app.specs.records import RecordSpec


@dataclass(frozen=True)
class BadgesRoute(ListRoute):
    """Their badges, as a list takes it; `people` are ticked."""

    page: ClassVar[str] = "badges"
    spec: RecordSpec = ATTENDEES
    people: Sequence[uuid.UUID] = ()
