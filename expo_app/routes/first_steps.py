"""The way through an empty expo: each area says where its part of it is done."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from expo_app.routes import Route


@dataclass(frozen=True)
class FirstStep:
    """What to do in an empty expo. `part`: what of `expos.set_up` makes it done. `optional`: the others suffice.

    `route`: where, or what makes it of the expo's key.
    """

    order: int
    part: str
    title: str
    about: str
    verb: str
    route: Route | Callable[[uuid.UUID | None], Route]
    optional: bool = False
