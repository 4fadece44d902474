"""双创券: a face of the page, one record of it, or the form for a use."""

import uuid
from dataclasses import dataclass
from typing import ClassVar

from expo_app.routes import Route


@dataclass(frozen=True)
class VouchersRoute(Route):
    """A face by its key ("" stays where one was): uses, catalogue, policies, settlement."""

    page: ClassVar[str] = "vouchers"
    face: str = ""


@dataclass(frozen=True)
class UseRoute(Route):
    """用券登记 with what is known already: the company, one resource, the deal it is for; or a draft to go on with."""

    page: ClassVar[str] = "vouchers"
    organisation: uuid.UUID | None = None
    instrument: uuid.UUID | None = None
    service_item: uuid.UUID | None = None
    provider: uuid.UUID | None = None
    deal: uuid.UUID | None = None
    use: uuid.UUID | None = None


@dataclass(frozen=True)
class SettlementRoute(Route):
    """三地结算 of a period ("2019H1", "" that of the statement, else the one shown before); of it one statement."""

    page: ClassVar[str] = "vouchers"
    period: str = ""
    statement: uuid.UUID | None = None


@dataclass(frozen=True)
class CatalogueRoute(Route):
    """资源目录 as it looks for a company; of it one resource, or a search."""

    page: ClassVar[str] = "vouchers"
    organisation: uuid.UUID | None = None
    instrument: uuid.UUID | None = None
    service_item: uuid.UUID | None = None
    search: str = ""
