"""What the sheets of a signing ceremony and the confirmations of deals are printed from."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from expo_app.model import DealStage
from expo_app.rules.deals_ceremony import Signatory, Signing
from expo_app.specs.report_data import Head


@dataclass(frozen=True)
class StageData:
    """What is signed, in the order of the stage; moments in the expo's zone."""

    head: Head
    signings: tuple[Signing, ...]


@dataclass(frozen=True)
class Confirmation:
    """A deal to be confirmed: `values` by field name of the spec of deals."""

    id: uuid.UUID
    values: Mapping[str, Any]
    signatories: tuple[Signatory, ...]

    @property
    def is_intent(self) -> bool:
        """Nothing was signed yet that could be confirmed."""
        return self.values["stage"] is DealStage.INTENT


@dataclass(frozen=True)
class ConfirmationData:
    head: Head
    deals: tuple[Confirmation, ...]
