"""A third sample, in a file of its own: the expo four years on, its further records all made up and marked.

Vouchers of five regions in the first halves of 2019 and 2022, used across them and settled: so many uses of each pair,
and so much in all, as `resources/sample/sharing/uses_*.csv` say. They go in by the acts that everybody uses, at their
own moments.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from expo_app import paths
from expo_app.model import (
    Deal,
    DealParty,
    Expo,
    Instrument,
    ListedProvider,
    Organisation,
    Provider,
    Role,
    SettlementStatement,
    UseState,
    VoucherPolicy,
    VoucherUse,
)
from expo_app.rules.region_groups import parse_prefix
from expo_app.rules.settlement import party_of
from expo_app.services import settlement_acts, voucher_acts, voucher_uses
from expo_app.services.sample.alliances import add_alliances
from expo_app.services.sample.lists import ZONE
from expo_app.services.sample.parks import add_parks
from expo_app.services.settlement_acts import Signature
from expo_app.specs.voucher_shown import Application, UseDraft
from expo_app.store.database import Actor, Database

FOLDER = "sharing"
REHEARSAL_AT = datetime(2022, 12, 20, 7, 10, tzinfo=UTC)
"""15:10 in Shanghai."""
CLERK, SUPERVISOR = Actor("郑岚", Role.DEALS), Actor("周敏", Role.SUPERVISOR)
COMPANIES, AMOUNT = 5, Decimal(120_000)
"""Of each region, and what each may use."""
CHECKED_AFTER = 16
"""Days from a contract to its check, at most."""
NOT_ALL = {
    ("嘉定区", "昆山市"): "b", ("昆山市", "温州市"): "b!", ("嘉定区", "苏州市区"): "ab", ("嘉定区", "太仓市"): "ab",
    ("嘉定区", "温州市"): "ab", ("苏州市区", "昆山市"): "ab", ("昆山市", "太仓市"): "ab",
}  # fmt: skip
"""Of pairs whose statement was sent: who signed, the second named as b; "!": the other side disputes it."""


@dataclass(frozen=True)
class _Season:
    """A half-year: vouchers approved in January, contracts until June, statements in July. `signatures` None: all."""

    year: int
    signatures: Mapping[tuple[str, str], str] | None = None

    @property
    def first(self) -> date:
        return date(self.year, 1, 21)

    @property
    def last(self) -> date:
        return date(self.year, 6, 10)


SEASONS = (_Season(2019, NOT_ALL), _Season(2022))
OPEN_SINCE = date(2022, 11, 21)
"""When contracts were signed that nobody has checked to the end yet."""
SERVICES = ("失效分析", "性能检测", "成分分析", "尺寸检测", "可靠性试验", "对比测试")
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"


def add(db: Database, expo_id: uuid.UUID) -> dict[str, int]:
    """All further records of the sample, and its clock on to their last day; how many of each kind."""
    with db.transaction() as session:
        session.execute(update(Expo).where(Expo.id == expo_id).values(rehearsal_at=REHEARSAL_AT))
    with _at(db, REHEARSAL_AT.date(), 15, SUPERVISOR):
        made = add_alliances(db, expo_id) | add_parks(db, expo_id)
    return made | add_vouchers(db, expo_id)


@contextmanager
def _at(db: Database, day: date, hour: int, actor: Actor) -> Iterator[None]:
    """Inside, it is that hour of that day and this person works."""
    clock, who = db.clock, db.actor
    moment = datetime.combine(day, time(hour), ZONE)
    db.clock, db.actor = lambda: moment, actor
    try:
        yield
    finally:
        db.clock, db.actor = clock, who


# --- who uses what ----------------------------------------------------------------------------------------------------
@dataclass
class _Company:
    """A company, and what its voucher has left; `deal`: one it is a party of, until a use was for it."""

    id: uuid.UUID
    left: Decimal
    deal: uuid.UUID | None


_Tools = dict[tuple[str, str], list[tuple[uuid.UUID, uuid.UUID, str]]]


@dataclass(frozen=True)
class _Planned:
    issuer: str
    payee: str
    share: Decimal
    signed: date


def add_vouchers(db: Database, expo_id: uuid.UUID) -> dict[str, int]:
    """Vouchers of every region's companies, their uses, and the statements of each half-year; a few uses still open."""
    rng = Random(FOLDER)  # noqa: S311
    made = {"uses": 0, "statements": 0}
    for season in SEASONS:
        with db.reading() as session:
            issuers = sorted(set(session.scalars(select(VoucherPolicy.region_code))))
            companies = {code: _companies(session, code, issuers, season.first) for code in issuers}
            tools = _tools(session, issuers, season.last)
            rates: dict[str, Decimal] = dict(session.execute(_policies_of(season.last)).all())
        for company in (one for code in issuers for one in companies[code]):
            _issue(db, expo_id, company, season)
        keys = []
        for one in sorted(_planned(rng, season), key=lambda one: (one.signed, one.issuer, one.payee)):
            company = max(companies[one.issuer], key=lambda company: company.left)
            company.left -= one.share
            draft = _draft(rng, one, company, tools[one.issuer, one.payee], rates[one.issuer])
            with _at(db, one.signed + timedelta(days=2), 10, CLERK):
                keys.append((voucher_uses.submit(db, expo_id, draft), one.signed))
        for key, signed in keys:
            _verify(db, expo_id, key, signed + timedelta(days=4 + rng.randrange(CHECKED_AFTER - 4)))
        made["uses"] += len(keys)
        made["statements"] += _settle(db, expo_id, season)
    made["uses"] += _leave_open(db, expo_id, rng, companies, tools, rates)
    return made


def _verify(db: Database, expo_id: uuid.UUID, key: uuid.UUID, day: date) -> None:
    with _at(db, day, 15, CLERK):
        state = voucher_uses.verify(db, expo_id, key, "报告、合同和发票一致（示例）")
    if state is not UseState.VERIFIED:
        with _at(db, day, 17, SUPERVISOR):
            voucher_uses.verify(db, expo_id, key, "同意（示例）")


def _leave_open(
    db: Database,
    expo_id: uuid.UUID,
    rng: Random,
    companies: Mapping[str, Sequence[_Company]],
    tools: _Tools,
    rates: Mapping[str, Decimal],
) -> int:
    """Of each region a draft, one to be verified, one sent back, one verified since the last statements; how many."""
    for n, (issuer, own) in enumerate(companies.items()):
        payees = sorted(payee for code, payee in tools if code == issuer)
        for at, company in enumerate(own[:4]):
            one = _Planned(issuer, payees[(n + at) % len(payees)], Decimal(1000 * (at + 2)), OPEN_SINCE)
            draft = _draft(rng, one, company, tools[issuer, one.payee], rates[issuer])
            with _at(db, OPEN_SINCE + timedelta(days=7 + at), 10, CLERK):
                if at == 0:
                    voucher_uses.save_draft(db, expo_id, draft)
                    continue
                key = voucher_uses.submit(db, expo_id, draft)
            if at == 2:
                with _at(db, OPEN_SINCE + timedelta(days=14), 15, CLERK):
                    voucher_uses.send_back(db, expo_id, key, "缺发票（示例）")
            elif at == 3:
                _verify(db, expo_id, key, OPEN_SINCE + timedelta(days=15))
    return 4 * len(companies)


def _policies_of(day: date) -> Select[Any]:
    """Region → the percentage of the version valid that day."""
    policy = VoucherPolicy.__table__
    ends = policy.c.valid_until.is_(None) | (policy.c.valid_until >= day)
    return select(policy.c.region_code, policy.c.rate).where(policy.c.valid_from <= day, ends)


def _companies(session: Session, code: str, issuers: Sequence[str], day: date) -> list[_Company]:
    """Made-up companies of a region, first those with a deal that no voucher was used for yet, the latest before the
    others; nobody who offers services himself.
    """
    body, party, deal, use = (model.__table__ for model in (Organisation, DealParty, Deal, VoucherUse))
    own_deals = select(deal.c.id, deal.c.signed_on).where(
        deal.c.id == party.c.deal_id, party.c.organisation_id == body.c.id, deal.c.signed_on < day,
        ~select(use.c.id).where(use.c.deal_id == deal.c.id).exists(),
    ).order_by(deal.c.signed_on.desc(), deal.c.id).limit(1)  # fmt: skip
    latest = [own_deals.with_only_columns(column).scalar_subquery() for column in (deal.c.id, deal.c.signed_on)]
    query = select(body.c.id, body.c.region_code, latest[0].label("deal"), latest[1].label("signed_on")).where(
        body.c.is_sample, body.c.region_code.startswith(code), body.c.name.contains("有限公司"),
        body.c.id.not_in(select(Provider.organisation_id)),
    )  # fmt: skip
    rows = session.execute(query.order_by(body.c.name)).all()
    own = [row for row in rows if party_of(row.region_code, issuers) == code]
    own.sort(key=lambda row: row.signed_on or date.min, reverse=True)
    return [_Company(row.id, AMOUNT, row.deal) for row in own[:COMPANIES]]


def _tools(session: Session, issuers: Sequence[str], day: date) -> _Tools:
    """(issuer, payee) → (provider, instrument, its name) that the issuer lists and the catalogue has until that day."""
    query = (
        select(ListedProvider.region_code, Organisation.region_code, Provider.id, Instrument.id, Instrument.title)
        .join(Provider, Provider.id == ListedProvider.provider_id)
        .join(Organisation, Organisation.id == Provider.organisation_id)
        .join(Instrument, Instrument.provider_id == Provider.id)
        .where(Instrument.listed_until >= day)
        .order_by(Instrument.instrument_no)
    )
    found: _Tools = {}
    for issuer, place, provider, tool, title in session.execute(query):
        found.setdefault((issuer, party_of(place or "", issuers)), []).append((provider, tool, title))
    return found


def _planned(rng: Random, season: _Season) -> Iterator[_Planned]:
    days = (season.last - season.first).days + 1
    with paths.resource("sample", FOLDER, f"uses_{season.year}.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            issuer, payee = parse_prefix(row["issuer"]), parse_prefix(row["payee"])
            for share in _parts(Decimal(row["share"]), int(row["count"]), rng):
                yield _Planned(issuer, payee, share, season.first + timedelta(days=rng.randrange(days)))


def _parts(total: Decimal, count: int, rng: Random) -> list[Decimal]:
    """So many amounts of about the same size, all but the last in tens of yuan, that add up to the total."""
    weights = [rng.uniform(0.5, 1.5) for _n in range(count)]
    parts = [Decimal(int(float(total) * weight / sum(weights) / 10) * 10) for weight in weights[:-1]]
    return [*parts, total - sum(parts)]


def _issue(db: Database, expo_id: uuid.UUID, company: _Company, season: _Season) -> None:
    with _at(db, date(season.year, 1, 8), 9, CLERK):
        key = voucher_acts.apply(db, expo_id, Application(company.id, AMOUNT, purpose="研发检测（示例）"))
    with _at(db, date(season.year, 1, 15), 9, SUPERVISOR):
        voucher_acts.approve(db, expo_id, key, "符合办法（示例）")


def _draft(
    rng: Random, one: _Planned, company: _Company, tools: Sequence[tuple[uuid.UUID, uuid.UUID, str]], rate: Decimal
) -> UseDraft:
    provider, tool, title = tools[rng.randrange(len(tools))]
    amount = (one.share * 100 / rate).quantize(Decimal("0.01"), ROUND_CEILING)
    deal, company.deal = company.deal, None
    return UseDraft(
        organisation_id=company.id, provider_id=provider, instrument_id=tool, kind="检测",
        title=f"{title.removesuffix('（示例）')}{rng.choice(SERVICES)}，{rng.randrange(2, 40)} 样（示例）",
        contract_no=f"SL-{one.signed:%m%d}-{rng.randrange(100, 999)}", contract_on=one.signed, contract_amount=amount,
        other_support=Decimal(0), is_unrelated=True, report_no=f"BG-{rng.randrange(10_000, 99_999)}",
        report_on=one.signed + timedelta(days=2), invoice_amount=amount, deal_id=deal,
    )  # fmt: skip


# --- how it was settled -----------------------------------------------------------------------------------------------
def _settle(db: Database, expo_id: uuid.UUID, season: _Season) -> int:
    """Statements drawn, sent and signed as far as the season says; how many."""
    drawn, signed, sign_by = (date(season.year, 7, day) for day in (5, 8, 12))
    with _at(db, drawn, 9, SUPERVISOR):
        made = settlement_acts.draw(db, expo_id, f"{season.year}H1").made
    with db.reading() as session:
        table = SettlementStatement.__table__
        query = select(table.c.id, table.c.a_code, table.c.b_code).where(table.c.id.in_(made)).order_by(table.c.id)
        signers = {row.id: _signers((row.a_code, row.b_code), season) for row in session.execute(query)}
    sent = [key for key, said in signers.items() if said is not None]
    with _at(db, drawn, 11, SUPERVISOR):
        settlement_acts.send(db, expo_id, sent, sign_by)
    with TemporaryDirectory() as folder, _at(db, signed, 16, SUPERVISOR):
        paper = Path(folder) / "示例-0708.pdf"
        paper.write_bytes(PAPER)
        for key in sent:
            sides, disputing = signers[key] or ("", "")
            for side in sides:
                settlement_acts.sign(db, expo_id, key, Signature(side, 1, "示例 财政结算岗", signed, paper))
            if disputing:
                with db.reading() as session:
                    inside = select(VoucherUse.id).where(VoucherUse.statement_id == key).order_by(VoucherUse.use_no)
                    first = session.scalars(inside.limit(1)).all()
                words = "这一笔的报告日期早于合同（示例）"
                settlement_acts.dispute(db, expo_id, key, disputing, 1, words, first)
    return len(made)


def _signers(pair: tuple[str, str], season: _Season) -> tuple[str, str] | None:
    """Which sides of a statement signed it, and which one disputes it; None where it was not sent."""
    if pair[0] == pair[1]:
        return "a", ""
    if season.signatures is None:
        return "ab", ""
    for names, said in season.signatures.items():
        codes = tuple(map(parse_prefix, names))
        if set(codes) == set(pair):
            sides = {letter: "ab"[pair.index(code)] for letter, code in zip("ab", codes, strict=True)}
            return "".join(sides[letter] for letter in said.rstrip("!")), sides["a"] if said.endswith("!") else ""
    return None
