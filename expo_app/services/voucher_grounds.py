"""What vouchers and their uses are judged by, read in a fixed number of statements however many there are."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Collection, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Table, func, or_, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict
from expo_app.i18n import _, named
from expo_app.model import (
    Expo,
    Instrument,
    ListedProvider,
    Organisation,
    PolicyClass,
    Provider,
    RelatedBodies,
    ServiceItem,
    Voucher,
    VoucherPolicy,
    VoucherState,
    VoucherUse,
)
from expo_app.rules.regions import region_name
from expo_app.services.record_rules import alone
from expo_app.services.record_writer import Writer, in_parts
from expo_app.specs.voucher_shown import PolicyShown, UseDraft, VoucherShown
from expo_app.store.voucher_sums import COUNTED

Row = Mapping[str, Any]
_policy, _class, _listed, _related, _voucher, _use, _body, _provider, _instrument, _item = (
    model.__table__
    for model in (
        VoucherPolicy, PolicyClass, ListedProvider, RelatedBodies, Voucher, VoucherUse, Organisation, Provider,
        Instrument, ServiceItem,
    )
)  # fmt: skip
JUDGED_BY = "policies a list was judged by"
ContractKey = tuple[uuid.UUID, uuid.UUID | None, str]
"""(company, provider, number): what is one contract, however the number was typed."""
OVERRIDDEN = ("rate", "cap_per_use", "cap_per_year")
"""What a class of applicants may have otherwise than the policy."""


def contract_key(company: uuid.UUID, provider: uuid.UUID | None, number: str) -> ContractKey:
    """Which contract is meant: two providers number theirs by themselves; HT-1 is ht-1, ００１ is 001."""
    return company, provider, "".join(unicodedata.normalize("NFKC", number).casefold().split())


@dataclass(frozen=True)
class OfContract:
    """A use of a contract: its number, and what it takes of its voucher, corrections counted."""

    use_no: str
    share: Decimal


@dataclass(frozen=True)
class Grounds:
    """Rows by their keys; `listed` by provider, `related` by pair of organisations, `vouchers` by key.

    `used`: how often each company used each provider by calendar year; `contracts`: the uses that count of a
    contract. `vouchers` and `contracts` follow while rows of a list are judged one after another, so
    that the second sees what the first took. `in_sample`: samples are judged by samples,
    everything else by what is none.
    """

    today: date
    in_sample: bool = False
    policies: tuple[Row, ...] = ()
    classes: Mapping[uuid.UUID, Mapping[str, Row]] = field(default_factory=dict)
    bodies: Mapping[uuid.UUID, Row] = field(default_factory=dict)
    providers: Mapping[uuid.UUID, Row] = field(default_factory=dict)
    instruments: Mapping[uuid.UUID, Row] = field(default_factory=dict)
    items: Mapping[uuid.UUID, Row] = field(default_factory=dict)
    listed: Mapping[uuid.UUID, tuple[Row, ...]] = field(default_factory=dict)
    related: Mapping[frozenset[uuid.UUID], tuple[Row, ...]] = field(default_factory=dict)
    vouchers: MutableMapping[uuid.UUID, Row] = field(default_factory=dict)
    used: Mapping[tuple[uuid.UUID, uuid.UUID, int], int] = field(default_factory=dict)
    contracts: MutableMapping[ContractKey, dict[uuid.UUID, OfContract]] = field(default_factory=dict)

    @cached_property
    def by_policy(self) -> Mapping[uuid.UUID, Row]:
        return {row["id"]: row for row in self.policies}

    def issuers_on(self, day: date) -> frozenset[str]:
        """Regions that have a policy on a day."""
        return frozenset(row["region_code"] for row in self.policies if _holds(row, day))

    @cached_property
    def _vouchers_of(self) -> Mapping[uuid.UUID, list[uuid.UUID]]:
        """Vouchers by company; what they hold and use may change meanwhile, whose they are does not."""
        found: dict[uuid.UUID, list[uuid.UUID]] = {}
        for key, row in self.vouchers.items():
            found.setdefault(row["organisation_id"], []).append(key)
        return found

    def region_of(self, region_code: str | None) -> str:
        """Whose policies, of whatever day, a place is under: the longest code that begins its own; "" for none."""
        codes = {row["region_code"] for row in self.policies}
        found = [code for code in codes if region_code and region_code.startswith(code)]
        return max(found, key=len, default="")

    def version(self, region_code: str, day: date) -> Row | None:
        """The policy of a region that is valid on a day."""
        return next((row for row in self.policies if row["region_code"] == region_code and _holds(row, day)), None)

    def version_for(self, region_code: str | None, day: date) -> Row | None:
        """The policy that a place is under on a day: of the longest code that has one."""
        found = [row for row in self.policies if region_code and region_code.startswith(row["region_code"])]
        return max(filter(lambda row: _holds(row, day), found), key=lambda row: len(row["region_code"]), default=None)

    def limits(self, policy: Row, applicant: str) -> Mapping[str, Decimal | None]:
        """Rate and caps for one class of applicants."""
        own = self.classes.get(policy["id"], {}).get(applicant, {})
        return {name: policy[name] if own.get(name) is None else own[name] for name in OVERRIDDEN}

    def shown(self, policy: Row, applicant: str) -> PolicyShown:
        """A version as the form shows it, for one class of applicants."""
        same = (
            "id", "region_code", "title", "version_no", "valid_from", "valid_until", "budget", "basis", "way",
            "review_levels", "needs_list", "refuses_related", "valid_months", "source", "text", "is_sample",
        )  # fmt: skip
        lists: dict[str, Any] = {
            name: tuple(policy[name]) if policy[name] else None for name in ("kinds", "accepted_regions")
        }
        applicants = tuple(sorted(self.classes.get(policy["id"], ())))
        own: Mapping[str, Any] = self.limits(policy, applicant)
        return PolicyShown(**{name: policy[name] for name in same}, **lists, **own, applicants=applicants)

    def open_vouchers(self, organisation_id: uuid.UUID) -> list[Row]:
        """What a company may still use, the one that expires first before the others."""
        mine = [self.vouchers[key] for key in self._vouchers_of.get(organisation_id, ())]
        open_ = [row for row in mine if row["state"] is VoucherState.APPROVED and row["held"] > row["used"]]
        return sorted(open_, key=lambda row: (row["expires_on"] or date.max, row["voucher_no"]))

    def beside(self, draft: UseDraft) -> list[OfContract]:
        """The other uses that count of the same contract."""
        if draft.organisation_id is None or not draft.contract_no:
            return []
        found = self.contracts.get(contract_key(draft.organisation_id, draft.provider_id, draft.contract_no), {})
        return [one for key, one in found.items() if key != draft.use_id]

    def shown_voucher(self, row: Row) -> VoucherShown:
        """A voucher as the form shows it."""
        same = (
            "id", "voucher_no", "applicant", "amount", "held", "used", "state", "applied_on", "approved_on",
            "expires_on", "is_sample",
        )  # fmt: skip
        region = self.by_policy[row["policy_id"]]["region_code"]
        return VoucherShown(**{name: row[name] for name in same}, region_code=region)


def _holds(row: Row, day: date, start: str = "valid_from", end: str = "valid_until") -> bool:
    """Whether a row is valid on a day."""
    return (row[start] is None or row[start] <= day) and (row[end] is None or day <= row[end])


holds_on = _holds


def no_version(grounds: Grounds, region_code: str, day: date) -> str:
    """Why no policy says anything of a day, and what to do."""
    if not region_code:
        return _("企业所在地区没有登记过券的办法。先在政策里录入，或核对企业的地区。")
    words = _("{region}在 {day} 没有有效的办法。先在政策里录入那一天有效的版本。")
    return words.format(region=region_name(region_code), day=day.isoformat())


def read_grounds(session: Session, uses: Iterable[UseDraft], today: date, in_sample: bool) -> Grounds:
    """What these uses are judged by: all policies, of the rest what they name, all vouchers of the companies.

    Policies and vouchers are those of the kind; lists and relations that are samples hold for samples alone.
    """
    drafts = list(uses)
    companies = {d.organisation_id for d in drafts if d.organisation_id}
    named_ = {d.voucher_id for d in drafts if d.voucher_id}
    vouchers = dict(_by(session, _voucher, "organisation_id", companies)) | dict(_by(session, _voucher, "id", named_))
    policies, classes = read_policies(session, in_sample)
    there = {row["id"] for row in policies}
    vouchers = {
        key: row for key, row in vouchers.items() if row["is_sample"] == in_sample and row["policy_id"] in there
    }  # fmt: skip
    companies |= {row["organisation_id"] for row in vouchers.values()}
    providers = dict(_by(session, _provider, "id", {d.provider_id for d in drafts if d.provider_id}))
    owners = {row["organisation_id"] for row in providers.values()}
    listed: dict[uuid.UUID, list[Row]] = {}
    for row in _by(session, _listed, "provider_id", providers).values():
        if in_sample or not row["is_sample"]:
            listed.setdefault(row["provider_id"], []).append(row)
    return Grounds(
        today,
        in_sample,
        policies,
        classes,
        bodies=_by(session, _body, "id", companies | owners),
        providers=providers,
        instruments=_by(session, _instrument, "id", {d.instrument_id for d in drafts if d.instrument_id}),
        items=_by(session, _item, "id", {d.service_item_id for d in drafts if d.service_item_id}),
        listed={key: tuple(rows) for key, rows in listed.items()},
        related=_relations(session, owners, in_sample),
        vouchers=vouchers,
        used=_used(session, companies, providers, in_sample),
        contracts=_contracts(session, companies if any(d.contract_no for d in drafts) else (), in_sample),
    )


def read_policies(session: Session, in_sample: bool) -> tuple[tuple[Row, ...], dict[uuid.UUID, dict[str, Row]]]:
    """All versions of a kind in the order of their days, and the limits of classes by policy."""
    own = select(_policy).where(_policy.c.is_sample.is_(in_sample))
    rows = session.execute(own.order_by(_policy.c.valid_from, _policy.c.version_no)).mappings()
    classes: dict[uuid.UUID, dict[str, Row]] = {}
    for row in session.execute(select(_class)).mappings():
        classes.setdefault(row["policy_id"], {})[row["applicant"]] = dict(row)
    return tuple(dict(row) for row in rows), classes


def hold_policies(writer: Writer) -> None:
    """Before they are read by who will rest on them: nobody changes one until this transaction ends. Nobody waits for
    who else only rests on them. A list that is staged holds nothing and keeps what it is judged by (`policies_stand`).
    """
    if writer.staged:
        judged = (writer.in_sample, *read_policies(writer.session, writer.in_sample))
        writer.session.info.setdefault(JUDGED_BY, judged)
    else:
        _hold(writer.session, writer.in_sample)


def _hold(session: Session, in_sample: bool) -> None:
    own = select(_policy.c.id).where(_policy.c.is_sample.is_(in_sample)).order_by(_policy.c.id)
    session.execute(own.with_for_update(read=True))


def policies_stand(session: Session, _table: Table, _written: Collection[uuid.UUID]) -> None:
    """Conflict where somebody changed a policy, or entered a version, since an imported list was judged by them."""
    if JUDGED_BY not in session.info:
        return
    in_sample, *judged = session.info[JUDGED_BY]
    _hold(session, in_sample)  # before `alone`, as who changes a policy holds it first
    alone(session, _policy.name)  # whoever enters another version would not be seen
    if list(read_policies(session, in_sample)) != judged:
        words = _("用券办法刚刚改过，名单是按改以前的办法核对的，没有导入，数据未变。请重新打开名单再导入。")
        raise Conflict(words, "E-VOUCHER-POLICY")


def read_applications(session: Session, companies: Collection[uuid.UUID], today: date, in_sample: bool) -> Grounds:
    """What applications of these companies are judged by."""
    return Grounds(today, in_sample, *read_policies(session, in_sample), _by(session, _body, "id", companies))


def is_sample_expo(session: Session, expo_id: uuid.UUID | None) -> bool:
    """Of which kind what is done there is."""
    expo = session.get(Expo, expo_id) if expo_id else None
    return expo is not None and expo.is_sample


def _by(session: Session, table: Table, column: str, values: Iterable[Any]) -> dict[uuid.UUID, Row]:
    found: dict[uuid.UUID, Row] = {}
    for part in in_parts(set(values)):
        rows = session.execute(select(table).where(table.c[column].in_(part))).mappings()
        found |= {row["id"]: dict(row) for row in rows}
    return found


def _relations(
    session: Session, owners: Iterable[uuid.UUID], with_samples: bool
) -> dict[frozenset[uuid.UUID], tuple[Row, ...]]:
    found: dict[frozenset[uuid.UUID], tuple[Row, ...]] = {}
    for part in in_parts(owners):
        query = select(_related).where(or_(_related.c.one_id.in_(part), _related.c.other_id.in_(part)))
        if not with_samples:
            query = query.where(_related.c.is_sample.is_(False))
        for row in session.execute(query).mappings():
            pair = frozenset((row["one_id"], row["other_id"]))
            known = found.get(pair, ())
            found[pair] = known if any(one["id"] == row["id"] for one in known) else (*known, dict(row))
    return found


def _used(
    session: Session, companies: Iterable[uuid.UUID], providers: Collection[uuid.UUID], in_sample: bool
) -> dict[tuple[uuid.UUID, uuid.UUID, int], int]:
    """How many uses of one kind count, by company, provider and year of the contract; corrections are none."""
    found: dict[tuple[uuid.UUID, uuid.UUID, int], int] = {}
    query = select(_use.c.organisation_id, _use.c.provider_id, _use.c.contract_on).where(
        _use.c.state.in_(COUNTED), _use.c.corrects_id.is_(None), _use.c.contract_on.is_not(None),
        _use.c.is_sample.is_(in_sample),
    )  # fmt: skip
    for part in in_parts(companies if providers else ()):
        for company, provider, day in session.execute(query.where(_use.c.organisation_id.in_(part))):
            if provider in providers:
                found[company, provider, day.year] = found.get((company, provider, day.year), 0) + 1
    return found


def _contracts(
    session: Session, companies: Iterable[uuid.UUID], in_sample: bool
) -> dict[ContractKey, dict[uuid.UUID, OfContract]]:
    """Uses that count of companies, with their corrections, by contract."""
    whole = _use.alias("corrected")
    columns = (whole.c.organisation_id, whole.c.provider_id, whole.c.contract_no, whole.c.id, whole.c.use_no)
    query = (
        select(*columns, func.sum(_use.c.share))
        .join(whole, whole.c.id == func.coalesce(_use.c.corrects_id, _use.c.id))
        .where(_use.c.state.in_(COUNTED), whole.c.is_sample.is_(in_sample), whole.c.contract_no != "")
        .group_by(*columns)
    )
    found: dict[ContractKey, dict[uuid.UUID, OfContract]] = {}
    for part in in_parts(companies):
        for *contract, key, use_no, share in session.execute(query.where(_use.c.organisation_id.in_(part))):
            found.setdefault(contract_key(*contract), {})[key] = OfContract(use_no, share)
    return found


def other_kind(row: Row, number: str, in_sample: bool) -> str:
    """Why a record is not acted on here: samples are in a sample expo, all else elsewhere; "" where it may be."""
    if row["is_sample"] == in_sample:
        return ""
    if in_sample:
        return _("{no} 不是示例，不在示例展会里办理，数据未变。请先打开真实的展会。").format(no=number)
    return _("{no} 是示例，只在示例展会里办理，数据未变。").format(no=number)


def refuse_other_kind(writer: Writer, row: Row, number: str) -> None:
    """Conflict for a record of the other kind."""
    if words := other_kind(row, number, writer.in_sample):
        raise Conflict(words, "E-SAMPLE")


def refused_company(body: Row, in_sample: bool) -> str:
    """Why a company has no vouchers here; "" where it may."""
    if in_sample or not body["is_sample"]:
        return ""
    return _("“{name}”是示例企业，只在示例展会里用券").format(name=name_of(body))


def name_of(row: Row) -> str:
    """What an organisation is called, as it is read."""
    return named(row["name"], row["name_en"])
