"""A counter for vouchers: policies, companies and providers of two made-up regions, and what is done there.

counter = Counter(db)
voucher = counter.voucher("3000.00")
use = counter.use(voucher, "2000.00")
"""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update

from expo_app.model import (
    ListedProvider,
    Organisation,
    PolicyClass,
    Provider,
    RelatedBodies,
    Voucher,
    VoucherPolicy,
    VoucherPot,
    VoucherState,
    VoucherUse,
)
from expo_app.services import voucher_acts, voucher_uses
from expo_app.specs.voucher_shown import Application, UseDraft
from expo_app.store.database import Database
from expo_app.store.voucher_sums import COUNTED
from tests.factories import make_expo, make_organisation

HERE, THERE = "3701", "4403"
"""The company's region and the provider's."""
TODAY = date(2030, 5, 16)


class Counter:
    """`expo_id`, one `policy` of HERE, a `company` there and a `provider` of THERE that is listed."""

    def __init__(self, db: Database, **policy: Any) -> None:
        self.db = db
        self.day(TODAY)
        with db.transaction() as session:
            self.expo_id = make_expo(session).id
        self.policy = self.add_policy(**policy)
        self.company = self.add_company("甲公司")
        self.provider = self.add_provider("乙检测所")

    def day(self, day: date) -> None:
        """It is noon of that day."""
        self.db.clock = lambda: datetime(day.year, day.month, day.day, 4, tzinfo=UTC)

    def add_policy(self, **given: Any) -> uuid.UUID:
        values: dict[str, Any] = {
            "region_code": HERE, "title": "创新券办法", "valid_from": date(2030, 1, 1),
            "valid_until": date(2031, 12, 31), "rate": Decimal(50), "cap_per_use": Decimal("50000.00"),
            "cap_per_year": Decimal("200000.00"), "budget": Decimal("3000000.00"), "kinds": ["检测", "中试"],
        }  # fmt: skip
        with self.db.transaction() as session:
            policy = VoucherPolicy(**{**values, **given})
            session.add(policy)
            session.flush()
            return policy.id

    def add_class(self, applicant: str, **given: Any) -> None:
        self._add(PolicyClass(policy_id=self.policy, applicant=applicant, **given))

    def add_company(self, name: str, region: str = "370102", **given: Any) -> uuid.UUID:
        with self.db.transaction() as session:
            return make_organisation(session, name, region_code=region, **given).id

    def add_provider(self, name: str, region: str = "440305", listed: str = HERE, **given: Any) -> uuid.UUID:
        with self.db.transaction() as session:
            body = make_organisation(session, name, region_code=region, **given)
            provider = Provider(organisation_id=body.id)
            session.add(provider)
            session.flush()
            if listed:
                row = ListedProvider(region_code=listed, provider_id=provider.id, valid_from=date(2030, 1, 1))
                session.add(row)
            return provider.id

    def relate(self, **given: Any) -> None:
        with self.db.reading() as session:
            body = session.get_one(Provider, self.provider).organisation_id
        self._add(RelatedBodies(one_id=body, other_id=self.company, **{"words": "持股 35%", **given}))

    def change(self, model: Any, key: uuid.UUID, **values: Any) -> None:
        with self.db.transaction() as session:
            session.execute(update(model).where(model.id == key).values(**values))

    def _add(self, record: Any) -> None:
        with self.db.transaction() as session:
            session.add(record)

    # --- what is done at the counter ----------------------------------------------------------------------------------
    def apply(self, amount: str, company: uuid.UUID | None = None, **given: Any) -> uuid.UUID:
        application = Application(company or self.company, Decimal(amount), **given)
        return voucher_acts.apply(self.db, self.expo_id, application)

    def voucher(self, amount: str, company: uuid.UUID | None = None, **given: Any) -> uuid.UUID:
        """One that was approved today."""
        key = self.apply(amount, company, **given)
        voucher_acts.approve(self.db, self.expo_id, key)
        return key

    def draft(self, amount: str = "20000.00", **given: Any) -> UseDraft:
        said = UseDraft(
            organisation_id=self.company, provider_id=self.provider, kind="检测", title="失效分析",
            contract_on=TODAY, contract_amount=Decimal(amount), other_support=Decimal(0), is_unrelated=True,
            report_no="R-1",
        )  # fmt: skip
        return replace(said, **given)

    def use(self, amount: str = "20000.00", **given: Any) -> uuid.UUID:
        """One that was submitted."""
        return voucher_uses.submit(self.db, self.expo_id, self.draft(amount, **given))

    def verified(self, amount: str = "20000.00", **given: Any) -> uuid.UUID:
        key = self.use(amount, **given)
        voucher_uses.verify(self.db, self.expo_id, key)
        return key

    # --- what there is ------------------------------------------------------------------------------------------------
    def row(self, model: Any, key: uuid.UUID) -> Any:
        with self.db.reading() as session:
            return session.get_one(model, key)

    def pots(self) -> dict[str, Decimal]:
        """What is taken, by the name of the company, "" for budgets."""
        with self.db.reading() as session:
            query = select(Organisation.name, VoucherPot.taken).select_from(VoucherPot)
            rows = session.execute(query.outerjoin(Organisation, Organisation.id == VoucherPot.organisation_id))
            found: dict[str, Decimal] = {}
            for name, taken in rows:
                found[name or ""] = found.get(name or "", Decimal(0)) + taken
            return found


def check_sums(db: Database) -> None:
    """Pots are what vouchers hold, vouchers used what their uses take, to the fen; of a region's year, all versions
    together, no more is held than the highest limit of those that gave it.
    """
    with db.reading() as session:
        vouchers = session.scalars(select(Voucher)).all()
        pots = session.scalars(select(VoucherPot)).all()
        policies = {row.id: row for row in session.scalars(select(VoucherPolicy))}
        caps = {(row.policy_id, row.applicant): row.cap_per_year for row in session.scalars(select(PolicyClass))}
        share = select(VoucherUse.voucher_id, func.sum(VoucherUse.share)).where(VoucherUse.state.in_(COUNTED))
        used = dict(session.execute(share.group_by(VoucherUse.voucher_id)).all())
    held: dict[Any, Decimal] = {}
    limits: dict[Any, set[Decimal | None]] = {}
    classes: dict[Any, set[Decimal | None]] = {}
    for voucher in vouchers:
        assert voucher.used == (used.get(voucher.id) or Decimal(0)), voucher.voucher_no
        assert 0 <= voucher.used <= voucher.held <= voucher.amount
        if voucher.state is not VoucherState.APPROVED:
            assert voucher.held == voucher.used
        if not voucher.held:
            continue
        policy = policies[voucher.policy_id]
        own = caps.get((policy.id, voucher.applicant))
        cap = policy.cap_per_year if own is None else own
        classes.setdefault((policy.id, voucher.approved_on.year, voucher.organisation_id), set()).add(cap)
        for company, limit in ((voucher.organisation_id, cap), (None, policy.budget)):
            key = (policy.region_code, policy.is_sample, voucher.approved_on.year, company)
            held[key] = held.get(key, Decimal(0)) + voucher.held
            limits.setdefault(key, set()).add(limit)
    assert {(p.region_code, p.is_sample, p.year, p.organisation_id): p.taken for p in pots if p.taken} == held
    assert all(pot.most is None or pot.taken <= pot.most for pot in pots)
    assert all(None in most or held[key] <= max(most) for key, most in limits.items())
    assert all(len(found) == 1 for found in classes.values())
