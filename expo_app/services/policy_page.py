"""A policy as its panel shows it, and as an application is told of it: versions, years, what rests on it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from expo_app.i18n import _
from expo_app.model import ListedProvider, Voucher, VoucherPolicy, VoucherPot, VoucherState, VoucherUse
from expo_app.rules.voucher_split import NOTHING
from expo_app.services.voucher_grounds import is_sample_expo, no_version, read_applications, refused_company
from expo_app.services.voucher_judge import NO_POTS, Left
from expo_app.services.voucher_pots import Move, left_of
from expo_app.specs.voucher_shown import PolicyShown
from expo_app.store.database import Database
from expo_app.store.voucher_sums import year_of


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
    """What a version gave in a calendar year: `most` None where it has no budget; `companies` that took of it;
    `pot`: what all versions gave, which is what its budget counts.
    """

    year: int
    most: Decimal | None
    taken: Decimal
    companies: int
    pot: Decimal

    @property
    def left(self) -> Decimal | None:
        """What it may still give; None without a budget."""
        return None if self.most is None else max(NOTHING, self.most - self.pot)


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
        move = Move(policy["id"], today.year, organisation_id, applicant, NOTHING)
        return Applying(grounds.shown(policy, applicant), "", *left_of(session, grounds, move))


def read(db: Database, policy_id: uuid.UUID, today: date) -> PolicyPage | None:
    """One policy; None where it is gone."""
    with db.reading() as session:
        own = VoucherPolicy
        said = select(own.region_code, own.is_sample, own.budget).where(own.id == policy_id)
        found = session.execute(said).first()
        if found is None:
            return None
        region, is_sample, budget = found
        query = select(own.id, own.title, own.version_no, own.valid_from, own.valid_until, own.rate)
        rows = session.execute(
            query.where(own.region_code == region, own.is_sample.is_(is_sample)).order_by(
                own.valid_from, own.version_no
            )
        )
        versions = tuple(Version(*row, is_here=row[0] == policy_id) for row in rows)
        year = year_of(Voucher.__table__.c.approved_on)
        given = select(
            year, func.sum(Voucher.held), func.count(func.distinct(Voucher.organisation_id)).filter(Voucher.held > 0)
        ).where(Voucher.policy_id == policy_id, Voucher.approved_on.is_not(None))
        pots = select(VoucherPot.year, VoucherPot.taken).where(
            VoucherPot.region_code == region, VoucherPot.is_sample.is_(is_sample), VoucherPot.organisation_id.is_(None)
        )
        pot = dict(session.execute(pots).all())
        years = tuple(
            Year(when, budget, taken, companies, pot.get(when, taken))
            for when, taken, companies in session.execute(given.group_by(year).order_by(year))
        )
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
            versions, years, session.scalar(vouchers) or 0, session.scalar(uses) or 0, session.scalar(listed) or 0,
        )  # fmt: skip
