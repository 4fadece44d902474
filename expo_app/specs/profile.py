"""What is known of one exhibitor besides its own columns, as plain data for the detail panel."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from expo_app.model import DealStage, Entry, ExhibitorState
from expo_app.specs.exhibitors import APART


@dataclass(frozen=True)
class ProfileBooth:
    """A booth of the exhibitor."""

    id: uuid.UUID
    number: str
    area: Decimal


@dataclass(frozen=True)
class Contact:
    """A person of the exhibitor. `phone` is masked; `attendee_id` None: not registered, so without a badge."""

    person_id: uuid.UUID
    attendee_id: uuid.UUID | None
    name: str
    title: str
    phone: str
    is_main: bool
    is_printed: bool


@dataclass(frozen=True)
class Exhibit:
    """Something it shows."""

    id: uuid.UUID
    title: str
    transfer_ways: tuple[str, ...]
    """Names of `TransferWay`."""


@dataclass(frozen=True)
class ProfileDeal:
    """A deal it is a party of; `amount` in yuan, None without one."""

    id: uuid.UUID
    deal_no: str
    title: str
    stage: DealStage
    entry: Entry
    amount: Decimal | None


@dataclass(frozen=True)
class Partner:
    """A co-exhibitor, or the exhibitor in whose booth it stands."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True)
class Profile:
    """See the top of this file. `booths` of a co-exhibitor are its main exhibitor's."""

    exhibitor_id: uuid.UUID
    organisation_id: uuid.UUID
    name: str
    """As it is read."""
    own_name: str
    """What it goes by in forms."""
    booths: tuple[ProfileBooth, ...] = ()
    contacts: tuple[Contact, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    deals: tuple[ProfileDeal, ...] = ()
    main: Partner | None = None
    partners: tuple[Partner, ...] = ()

    @property
    def staff(self) -> tuple[Contact, ...]:
        """Those registered for the expo."""
        return tuple(contact for contact in self.contacts if contact.attendee_id is not None)

    @property
    def unprinted(self) -> tuple[Contact, ...]:
        """Those registered whose badge is not printed yet."""
        return tuple(contact for contact in self.staff if not contact.is_printed)


def named_exhibits(text: str | None) -> tuple[str, ...]:
    """What an exhibitor entered as 展品与成果, one by one, until its achievements are entered themselves."""
    return tuple(part.strip() for part in re.split(f"[{APART}]+", text or "") if part.strip())


NEEDED = ("organisation.region_code", "contact.name", "contact.phone", "exhibits")
"""Fields of an exhibitor that the directory, the badges and the desk need."""


def missing(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Which of `NEEDED` an exhibitor lacks; listed exhibits stand in for the text. Nothing once it has cancelled."""
    if values["state"] is ExhibitorState.CANCELLED:
        return ()
    has = {**values, "exhibits": values["exhibits"] or values["exhibit_count"]}
    return tuple(name for name in NEEDED if not has[name])
