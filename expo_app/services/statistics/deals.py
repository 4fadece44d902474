"""Deals in figures: T1 by kind, stages, days, totals. Signed and intended are never added; only valid entries count."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged, sound
from expo_app.i18n import N_, _
from expo_app.model import SIGNED_STAGES, Deal, DealKind, DealStage, Entry, RegistryList
from expo_app.rules.currencies import HOME
from expo_app.services.contracts_lists import lists_of
from expo_app.services.record_writer import in_parts
from expo_app.services.statistics.scope import Scope, grouped, known, scope_of
from expo_app.services.statistics.secret_parties import discreet, secret_parties
from expo_app.specs import DEALS, SPECS
from expo_app.specs.deals_figures import DealFigures, DealPart, DealTotals, PriorDeal, TopDeal
from expo_app.specs.figures import WAN, Figure, Trace, ratio
from expo_app.specs.natural_order import natural
from expo_app.store.database import Database

COUNTED_BY = (
    "kind", "contract_kind", "stage", "entry", "signed_on", "currency", "amount", "foreign_amount", "tech_amount",
    "is_prior",
)  # fmt: skip
"""Columns that figures go by: a deal in which one of them cannot be read counts nowhere."""
AMOUNTS = ("amount", "foreign_amount", "tech_amount")
"""Those of them that are numbers."""
TOP = 10
"""Largest contracts named in a summary."""
_TOP_FIELDS = (
    "deal_no", "title", "kind", "contract_kind", "sellers", "buyers", "others", "amount", "signed_on", "is_sample",
)  # fmt: skip
DEALS_UNIT, UNKNOWN = N_("项"), N_("未填")


@dataclass(frozen=True)
class Bucket:
    """Deals alike in everything that figures look at, how many there are, and their sums in yuan."""

    kind: DealKind
    contract_kind: str
    stage: DealStage
    entry: Entry
    signed_on: date | None
    is_left_out: bool
    """A sample in a real expo."""
    is_foreign: bool
    has_amount: bool
    """In yuan."""
    has_own_amount: bool
    """In another currency."""
    is_prior: bool
    count: int
    amount: Decimal | None
    tech_amount: Decimal | None

    @property
    def is_valid(self) -> bool:
        return self.entry is Entry.VALID and not self.is_left_out

    @property
    def is_signed(self) -> bool:
        return self.is_valid and self.stage in SIGNED_STAGES

    @property
    def is_intended(self) -> bool:
        return self.is_valid and self.stage is DealStage.INTENT


def deal_buckets(session: Session, scope: Scope, ids: Sequence[uuid.UUID] | None = None) -> list[Bucket]:
    """The expo's deals in buckets, or those of `ids`; one statement per 500 ids."""
    deal = Deal.__table__
    keys = (
        deal.c.kind, deal.c.contract_kind, deal.c.stage, deal.c.entry, deal.c.signed_on, deal.c.is_sample,
        deal.c.currency, deal.c.amount.is_not(None), deal.c.foreign_amount.is_not(None), deal.c.is_prior,
    )  # fmt: skip
    query = select(*keys, func.count(), func.sum(deal.c.amount), func.sum(deal.c.tech_amount))
    query = query.where(deal.c.expo_id == scope.id, deal.c.id.not_in(damaged_deals(session, scope))).group_by(*keys)
    parts = [query] if ids is None else [query.where(deal.c.id.in_(part)) for part in in_parts(ids)]
    return [
        Bucket(
            kind, word, stage, entry, day, sample and not scope.is_sample, currency != HOME, bool(known), bool(own),
            bool(prior), count, amount, tech,
        )
        for part in parts
        for kind, word, stage, entry, day, sample, currency, known, own, prior, count, amount, tech in session.execute(
            part
        )
    ]  # fmt: skip


def damaged_deals(session: Session, scope: Scope) -> list[uuid.UUID]:
    """Deals of which something cannot be read that figures go by: they count nowhere until it is mended."""
    deal = Deal.__table__
    own = deal.c.expo_id == scope.id
    if _are_sound(session, own, COUNTED_BY):
        return []
    rows = session.execute(select(deal.c.id, *(deal.c[name] for name in COUNTED_BY)).where(own))
    return [row.id for row in rows if any(map(is_damaged, row))]


def _are_sound(session: Session, own: ColumnElement[bool], names: Sequence[str]) -> bool:
    """Whether all of it can be read, asked of deals in groups of the same words, some hundred instead of ten thousand:
    of their amounts the largest, which a text among numbers is.
    """
    deal = Deal.__table__
    words = [deal.c[name] for name in names if name not in AMOUNTS]
    groups = select(*words, *(func.max(deal.c[name]) for name in AMOUNTS)).where(own).group_by(*words)
    return not any(is_damaged(value) for row in session.execute(groups) for value in row)


def unread_deals(session: Session, scope: Scope) -> dict[uuid.UUID, str]:
    """Deals that may be valid and of which a figure cannot go by something: each with what cannot be read of it."""
    deal = Deal.__table__
    own = scope.own(deal) & deal.c.entry.not_in((Entry.DRAFT, Entry.CHECK, Entry.VOID))
    names = (*COUNTED_BY, "registered_on", "registration")
    if _are_sound(session, own, names):
        return {}
    rows = session.execute(select(deal.c.id, deal.c.deal_no, *(deal.c[name] for name in names)).where(own))
    found, words = {}, _("{deal} 的{columns}读不出")
    for row in rows:
        if any(map(is_damaged, row[2:])):
            lost = [_title(name) for name in names if is_damaged(getattr(row, name))]
            found[row.id] = words.format(deal=row.deal_no, columns=_("、").join(lost))
    return found


def _title(column: str) -> str:
    known = (field for spec in SPECS.values() if spec.table is Deal.__table__ for field in spec.fields)
    return next((field.title for field in known if field.name == column), column)


def counted(buckets: Iterable[Bucket]) -> int:
    return sum(bucket.count for bucket in buckets)


def amount_of(buckets: Iterable[Bucket]) -> Decimal | None:
    """The sum in yuan of what has an amount, converted ones included; None if nothing has."""
    return _sum(bucket.amount for bucket in buckets)


def tech_amount_of(buckets: Iterable[Bucket]) -> Decimal | None:
    return _sum(bucket.tech_amount for bucket in buckets)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def totals_of(buckets: Sequence[Bucket]) -> DealTotals:
    """Signed and intended apart, and everything left out, each deal in exactly one place."""
    here = [b for b in buckets if not b.is_left_out]
    totals = DealTotals(
        drafts=counted(b for b in here if b.entry is Entry.DRAFT),
        to_check=counted(b for b in here if b.entry is Entry.CHECK),
        void=counted(b for b in here if b.entry is Entry.VOID),
        terminated=counted(b for b in here if b.is_valid and b.stage is DealStage.TERMINATED),
        samples=counted(b for b in buckets if b.is_left_out),
    )
    signed, intended = [b for b in here if b.is_signed], [b for b in here if b.is_intended]
    return replace(
        totals,
        signed=counted(signed),
        signed_amount=amount_of(signed),
        tech_amount=tech_amount_of(signed),
        signed_without=without(signed),
        signed_foreign=abroad(signed),
        signed_converted=converted(signed),
        signed_prior=counted(b for b in signed if b.is_prior),
        first_amount=amount_of(b for b in signed if not b.is_prior),
        intended=counted(intended),
        intended_amount=amount_of(intended),
        intended_without=without(intended),
        intended_foreign=abroad(intended),
        intended_converted=converted(intended),
    )


def without(buckets: Iterable[Bucket]) -> int:
    """Deals without an amount: not 0, unknown."""
    return counted(b for b in buckets if not b.has_amount and not b.has_own_amount)


def abroad(buckets: Iterable[Bucket]) -> int:
    """Deals whose amount is in another currency and has no rate: counted, never added to yuan."""
    return counted(b for b in buckets if b.has_own_amount and not b.has_amount)


def converted(buckets: Iterable[Bucket]) -> int:
    """Deals whose amount in yuan was worked out of another currency."""
    return counted(b for b in buckets if b.is_foreign and b.has_amount)


def deals_where(scope: Scope, stages: Iterable[DealStage], *more: ColumnElement[bool]) -> Select[Any]:
    """Ids of valid deals in these stages that also meet `more`."""
    deal = Deal.__table__
    return select(deal.c.id).where(scope.own(deal), deal.c.entry == Entry.VALID, deal.c.stage.in_(list(stages)), *more)


def with_amount() -> ColumnElement[bool]:
    """Deals that an amount is summed from."""
    return Deal.__table__.c.amount.is_not(None)


# --- public -----------------------------------------------------------------------------------------------------------
def deal_totals(db: Database, expo_id: uuid.UUID, ids: Sequence[uuid.UUID] | None = None) -> DealTotals:
    """Totals of an expo's deals, or of those of `ids` (what a ledger shows)."""
    with db.reading() as session:
        return totals_of(deal_buckets(session, scope_of(session, expo_id), ids))


def deal_figures(db: Database, expo_id: uuid.UUID) -> DealFigures:
    """Every figure of an expo's deals."""
    with db.reading() as session:
        return read_deal_figures(session, scope_of(session, expo_id))


def read_deal_figures(session: Session, scope: Scope) -> DealFigures:
    """The same within a session that is already open."""
    buckets, kinds = deal_buckets(session, scope), lists_of(session).names(RegistryList.KIND)
    signed = [b for b in buckets if b.is_signed]
    contracts = [b for b in signed if b.kind is DealKind.TECH_CONTRACT]
    totals, figures = totals_of(buckets), signed_figures(scope, totals_of(buckets))
    return DealFigures(
        totals=totals,
        signed=figures["signed"],
        signed_amount=figures["signed_amount"],
        tech_amount=figures["tech_amount"],
        first=figures["first"],
        first_amount=figures["first_amount"],
        intended=figures["intended"],
        intended_amount=figures["intended_amount"],
        kinds=kinds_of(signed),
        contract_kinds=_parts(contracts, lambda b: b.contract_kind, _, kinds),
        stages=_parts(
            [b for b in buckets if b.is_valid], lambda b: b.stage.name, lambda key: DealStage[key].label,
            [s.name for s in DealStage], has_share=False,
        ),
        shares=_parts(signed, _share_key, _share_label, [*kinds, *(k.name for k in DealKind)]),
        days=_parts(signed, lambda b: b.signed_on.isoformat() if b.signed_on else "", str),
        top=_top(session, scope),
        prior=prior_deals(session, scope),
    )  # fmt: skip


def kinds_of(buckets: Iterable[Bucket]) -> tuple[DealPart, ...]:
    """Lines by kind of these deals, in the order of the kinds."""
    return _parts(list(buckets), lambda b: b.kind.name, lambda key: DealKind[key].label, [k.name for k in DealKind])


def _share_key(bucket: Bucket) -> str:
    """The class of a technology contract that has one, else the kind."""
    is_contract = bucket.kind is DealKind.TECH_CONTRACT
    return bucket.contract_kind if is_contract and bucket.contract_kind else bucket.kind.name


def _share_label(key: str) -> str:
    return DealKind[key].label if key in DealKind.__members__ else _(key)


def signed_figures(scope: Scope, totals: DealTotals) -> dict[str, Figure]:
    """The deals' key figures by name, traced."""
    deal = Deal.__table__
    home, here = with_amount(), deal.c.is_prior.is_(False)
    tech = deal.c.tech_amount.is_not(None)
    count = lambda number: known(number, totals.recorded)  # noqa: E731
    signed, intended, words = SIGNED_STAGES, (DealStage.INTENT,), _("有效的签约项目")
    rows = (
        ("signed", _("签约项目"), count(totals.signed), DEALS_UNIT, totals.left_out, words, deals_where(scope, signed)),
        ("signed_amount", _("签约成交额"), totals.signed_amount, WAN, money_note(totals), _("有金额的签约项目"),
         deals_where(scope, signed, home)),
        ("tech_amount", _("技术交易额"), totals.tech_amount, WAN, _("签约成交额之内"), _("有技术交易额的签约项目"),
         deals_where(scope, signed, tech)),
        ("first", _("首次签约项目"), count(totals.first), DEALS_UNIT, totals.left_out, _("首次签约于本届的项目"),
         deals_where(scope, signed, here)),
        ("first_amount", _("首次签约成交额"), totals.first_amount, WAN, totals.without_words,
         _("首次签约于本届、有金额的项目"), deals_where(scope, signed, here, home)),
        ("intended", _("意向项目"), count(totals.intended), DEALS_UNIT, _("不计入签约"), _("有效的意向项目"),
         deals_where(scope, intended)),
        ("intended_amount", _("意向金额"), totals.intended_amount, WAN, _("不计入签约成交额"), _("有金额的意向项目"),
         deals_where(scope, intended, home)),
    )  # fmt: skip
    return {
        name: Figure(name, label, value, unit if unit == WAN else _(unit), note, Trace("deals", what, ids))
        for name, label, value, unit, note, what, ids in rows
    }


def money_note(totals: DealTotals) -> str:
    """What the signed amount holds and what it does not: 含外币折算 1 项；无金额 2 项."""
    return _("；").join(words for words in (totals.holding_words, totals.without_words) if words)


def signed_today(scope: Scope, buckets: Iterable[Bucket], today: date) -> Figure:
    """How many deals were signed on this day."""
    value = counted(b for b in buckets if b.is_signed and b.signed_on == today)
    ids = deals_where(scope, SIGNED_STAGES, Deal.__table__.c.signed_on == today)
    return Figure("signed_today", _("今日签约"), value, _(DEALS_UNIT), "", Trace("deals", _("今日签约的项目"), ids))


def signed_days(buckets: Iterable[Bucket]) -> tuple[tuple[date, Decimal], ...]:
    """Signed amount of each day that has one, in order."""
    found: dict[date, list[Bucket]] = {}
    for bucket in buckets:
        if bucket.is_signed and bucket.signed_on:
            found.setdefault(bucket.signed_on, []).append(bucket)
    amounts = ((day, amount_of(members)) for day, members in sorted(found.items()))
    return tuple((day, amount) for day, amount in amounts if amount is not None)


def _parts(
    buckets: Sequence[Bucket],
    key: Callable[[Bucket], str],
    label: Callable[[str], str],
    order: Sequence[str] = (),
    *,
    has_share: bool = True,
) -> tuple[DealPart, ...]:
    """Lines of a statistic table in `order`, then by key; 未填 last. Shares are of the amount of all `buckets`."""
    whole, parts = amount_of(buckets), []
    for name, members in grouped(buckets, key, order):
        amount = amount_of(members)
        share = ratio(amount, whole) if has_share and amount is not None else None
        shown = label(name) if name else _(UNKNOWN)
        apart = without(members) + abroad(members)
        parts.append(DealPart(name, shown, counted(members), amount, tech_amount_of(members), share, apart))
    return tuple(parts)


def _top(session: Session, scope: Scope) -> tuple[TopDeal, ...]:
    """The largest signed deals."""
    deal = Deal.__table__
    query = DEALS.query(tuple(DEALS.field(name) for name in _TOP_FIELDS), scope.id)
    query = query.where(deal.c.id.in_(deals_where(scope, SIGNED_STAGES, with_amount())))
    query = query.order_by(None).order_by(deal.c.amount.desc(), natural(deal.c.deal_no)).limit(TOP)
    secrets = secret_parties(session)
    return tuple(
        TopDeal(
            deal_id, number, title, _(contract) if contract else kind.label,
            discreet("、".join(text for text in (sellers, buyers, others) if text), deal_id, secrets), amount,
            signed_on, is_sample,
        )
        for deal_id, number, title, kind, contract, sellers, buyers, others, amount, signed_on, is_sample
        in sound(session.execute(query))
    )  # fmt: skip


def prior_deals(session: Session, scope: Scope) -> tuple[PriorDeal, ...]:
    """The signed deals that were signed before this expo, by number."""
    deal = Deal.__table__
    names = ("deal_no", "title", "sellers", "buyers", "others", "amount", "prior_note", "is_sample")
    query = DEALS.query(tuple(DEALS.field(name) for name in names), scope.id)
    query = query.where(deal.c.id.in_(deals_where(scope, SIGNED_STAGES, deal.c.is_prior.is_(True))))
    query = query.order_by(None).order_by(natural(deal.c.deal_no))
    secrets = secret_parties(session)
    return tuple(
        PriorDeal(
            deal_id,
            number,
            title,
            discreet("、".join(text for text in (sellers, buyers, others) if text), deal_id, secrets),
            amount,
            note,
            sample,
        )
        for deal_id, number, title, sellers, buyers, others, amount, note, sample in sound(session.execute(query))
    )
