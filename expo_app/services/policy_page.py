"""A policy as its panel shows it, and as an application is told of it: versions, years, what rests on it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from expo_app.i18n import _
from expo_app.model import ListedProvider, Voucher, VoucherPolicy, VoucherPot, VoucherState, VoucherUse
from expo_app.services.voucher_grounds import is_sample_expo, no_version, read_applications, refused_company
from expo_app.services.voucher_judge import NO_POTS, Left
from expo_app.services.voucher_pots import left_of
from expo_app.specs.voucher_shown import PolicyShown
from expo_app.store.database import Database


@dataclass(frozen=True)
class Version:
    """One version; `is_here`: the one that is shown."""

    id: uuid.UUID
    title: str
    version_no: int
    valid_from: date
    valid_until: date | None
    rate: Decimal
    is_here: bool


@dataclass(frozen=True)
class Year:
    """What a version gave in a calendar year: `most` None where it has no budget; `companies` that took of it."""

    year: int
    most: Decimal | None
    taken: Decimal
    companies: int


@dataclass(frozen=True)
class PolicyPage:
    """`versions` of the region by day; `vouchers` and `uses` that rest on it; `listed`: on the list today."""

    versions: tuple[Version, ...]
    years: tuple[Year, ...]
    vouchers: int
    uses: int
    listed: int

    @property
    def is_used(self) -> bool:
        """Whether something rests on it, so that another version alone changes it."""
        return bool(self.vouchers or self.uses)


@dataclass(frozen=True)
class Applying:
    """What an application of a company is judged by on a day: `policy`, or why there is none.

    `year` and `budget`: the most there may be (None: no limit) and what is taken.
    """

    policy: PolicyShown | None
    why: str
    year: Left = NO_POTS[0]
    budget: Left = NO_POTS[1]


def for_application(
    db: Database, expo_id: uuid.UUID | None, organisation_id: uuid.UUID, applicant: str, today: date
) -> Applying:
    """Of a company of a class of applicants."""
    with db.reading() as session:
        grounds = read_applications(session, [organisation_id], today, is_sample_expo(session, expo_id))
        body = grounds.bodies.get(organisation_id)
        if body is not None and (words := refused_company(body, grounds.in_sample)):
            return Applying(None, _("{why}。").format(why=words))
        region = body["region_code"] if body is not None else None
        policy = grounds.version_for(region, today)
        if policy is None:
            return Applying(None, no_version(grounds, grounds.region_of(region), today))
        key = policy["id"], today.year
        year, budget = left_of(session, grounds, ((*key, organisation_id), (*key, None)))
        shown = grounds.shown(policy, applicant)
        most = (
            shown.cap_per_year if year[0] is None else year[0],
            policy["budget"] if budget[0] is None else budget[0],
        )
        return Applying(shown, "", (most[0], year[1]), (most[1], budget[1]))


def read(db: Database, policy_id: uuid.UUID, today: date) -> PolicyPage | None:
    """One policy; None where it is gone."""
    with db.reading() as session:
        own = VoucherPolicy
        found = session.execute(select(own.region_code, own.is_sample).where(own.id == policy_id)).first()
        if found is None:
            return None
        region, is_sample = found
        query = select(own.id, own.title, own.version_no, own.valid_from, own.valid_until, own.rate)
        rows = session.execute(
            query.where(own.region_code == region, own.is_sample.is_(is_sample)).order_by(
                own.valid_from, own.version_no
            )
        )
        versions = tuple(Version(*row, is_here=row[0] == policy_id) for row in rows)
        pot = VoucherPot
        taken = session.execute(
            select(pot.year, pot.most, pot.taken)
            .where(pot.policy_id == policy_id, pot.organisation_id.is_(None))
            .order_by(pot.year)
        ).all()
        companies = select(pot.year, func.count()).where(
            pot.policy_id == policy_id, pot.organisation_id.is_not(None), pot.taken > 0
        )
        counts = {row[0]: row[1] for row in session.execute(companies.group_by(pot.year))}
        listed = select(func.count(func.distinct(ListedProvider.provider_id))).where(
            ListedProvider.region_code == region, ListedProvider.is_sample.is_(is_sample),
            ListedProvider.valid_from <= today,
            (ListedProvider.valid_until.is_(None)) | (ListedProvider.valid_until >= today),
        )  # fmt: skip
        vouchers = select(func.count()).where(
            Voucher.policy_id == policy_id, Voucher.state.in_((VoucherState.APPROVED, VoucherState.EXPIRED))
        )
        uses = select(func.count()).where(VoucherUse.policy_id == policy_id)
        return PolicyPage(
            versions, tuple(Year(*row, counts.get(row[0], 0)) for row in taken),
            session.scalar(vouchers) or 0, session.scalar(uses) or 0, session.scalar(listed) or 0,
        )  # fmt: skip
