"""Uses of vouchers between regions, put straight into the tables: what came of counters that are not here.

fair = make_fair(session, is_sample=False)
key = make_use(session, fair, "310114", "3303", "1000.00", on=date(2019, 3, 1))
"""

import itertools
import uuid
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from expo_app.model import PaidWay, Provider, UseState, VoucherPolicy, VoucherUse, new_id
from tests.factories import make_expo, make_organisation

PLACES = ("310114", "3205", "320583", "320585", "3303")
_numbers = itertools.count(1)


@dataclass
class Fair:
    """`companies` and `providers` by region."""

    expo_id: uuid.UUID
    is_sample: bool
    companies: dict[str, uuid.UUID] = field(default_factory=dict)
    providers: dict[str, uuid.UUID] = field(default_factory=dict)


def make_fair(session: Session, places: tuple[str, ...] = PLACES, *, is_sample: bool = False) -> Fair:
    """An expo, with a company and a provider in each place."""
    fair = Fair(make_expo(session, is_sample=is_sample).id, is_sample)
    for code in places:
        whole = code.ljust(6, "0")
        fair.companies[code] = make_organisation(session, f"{code}用户有限公司", region_code=whole).id
        provider = Provider(organisation_id=make_organisation(session, f"{code}检测院", region_code=whole).id)
        session.add(provider)
        session.flush()
        fair.providers[code] = provider.id
    return fair


def row_of(fair: Fair, issuer: str, payee: str, share: str | Decimal, on: date, **given: Any) -> dict[str, Any]:
    """A verified use as its row."""
    return {
        "id": new_id(), "use_no": f"YQ{next(_numbers):06d}", "organisation_id": fair.companies[issuer],
        "provider_id": fair.providers[payee], "kind": "检验检测", "title": "性能试验", "share": Decimal(share),
        "basis_amount": Decimal(share) * 2, "way": PaidWay.PAID, "issuer_code": issuer, "payee_code": payee,
        "state": UseState.VERIFIED, "verified_on": on, "is_sample": fair.is_sample, "corrects_id": None,
        "statement_id": None, **given,
    }  # fmt: skip


def make_use(
    session: Session, fair: Fair, issuer: str, payee: str, share: str | Decimal, on: date, **given: Any
) -> uuid.UUID:
    row = row_of(fair, issuer, payee, share, on, **given)
    session.add(VoucherUse(**row))
    session.flush()
    key: uuid.UUID = row["id"]
    return key


def make_policy(session: Session, code: str, **given: Any) -> uuid.UUID:
    policy = VoucherPolicy(
        region_code=code, title=f"{code}办法", valid_from=date(2018, 1, 1), rate=Decimal(50), **given
    )
    session.add(policy)
    session.flush()
    return policy.id
