"""What the closing report says of vouchers, parks and alliances, as plain data; each is counted by its own report."""

from __future__ import annotations

from dataclasses import dataclass

from expo_app.model import ParkTotal
from expo_app.rules.settlement import Amount
from expo_app.specs import park_shown
from expo_app.specs.cooperation_figures import Cooperation


@dataclass(frozen=True)
class VouchersTold:
    """Uses that were verified and, of them, settled; a correction is one more. Statements between two regions."""

    verified: Amount
    settled: Amount
    drawn: int
    signed: int
    """By both sides."""


@dataclass(frozen=True)
class TenantsTold:
    """The figures of the parks that are counted, as their own report has them: the steps with who reached them."""

    parks: int
    steps: tuple[tuple[ParkTotal, int], ...]


@dataclass(frozen=True)
class ParkReported:
    """What one source said of a park on one day, money apart. `on` is partial; "" where it is not known."""

    park: str
    is_sample: bool
    on: str
    source: str
    figures: tuple[tuple[ParkTotal, park_shown.Amount], ...]


@dataclass(frozen=True)
class AlliancesTold:
    """`members`: organisations that belong to any body, each once."""

    bodies: int
    members: int
    agreements: int


@dataclass(frozen=True)
class Sharing:
    """None, or (): there is nothing of it."""

    vouchers: VouchersTold | None
    tenants: TenantsTold | None
    reported: tuple[ParkReported, ...]
    alliances: AlliancesTold | None

    @property
    def is_empty(self) -> bool:
        return not (self.vouchers or self.tenants or self.reported or self.alliances)


@dataclass(frozen=True)
class ClosingCooperation:
    """All that the chapter of the closing report tells of."""

    cooperation: Cooperation
    sharing: Sharing
