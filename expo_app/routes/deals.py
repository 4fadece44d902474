"""The ledger of deals, and what of it is signed on a stage."""

import uuid
from dataclasses import dataclass

from expo_app.routes import ListRoute
from expo_app.specs import DEALS
from expo_app.specs.records import RecordSpec


@dataclass(frozen=True)
class CeremonyRoute(ListRoute):
    """签约仪式: what is signed at an item of the programme; None: all of it."""

    spec: RecordSpec = DEALS
    item: uuid.UUID | None = None
