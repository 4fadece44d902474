"""A third sample, in a file of its own: the expo four years on, its further records all made up and marked.

Vouchers of five regions in the first half of 2019, used across them and settled: so many uses of each pair, and so much
in all, as `resources/sample/sharing/uses.csv` says. They go in by the acts that everybody uses, at their own moments.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator, Sequence
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
from expo_app.services.settlement_acts import Signature
from expo_app.specs.voucher_shown import Application, UseDraft
from expo_app.store.database import Actor, Database

FOLDER, PERIOD = "sharing", "2019H1"
REHEARSAL_AT = datetime(2022, 12, 20, 7, 10, tzinfo=UTC)
"""15:10 in Shanghai."""
CLERK, SUPERVISOR = Actor("郑岚", Role.DEALS), Actor("周敏", Role.SUPERVISOR)
COMPANIES, AMOUNT = 5, Decimal(120_000)
"""Of each region, and what each may use."""
FIRST, LAST = date(2019, 1, 21), date(2019, 6, 10)
"""Between which contracts were signed; verified at most so many days later:"""
CHECKED_AFTER = 16
DRAWN, SENT, SIGNED, SIGN_BY = (date(2019, 7, day) for day in (5, 5, 8, 12))
SIGNATURES = {
    ("嘉定区", "昆山市"): "b", ("昆山市", "温州市"): "b!", ("嘉定区", "苏州市区"): "ab", ("嘉定区", "太仓市"): "ab",
    ("嘉定区", "温州市"): "ab", ("苏州市区", "昆山市"): "ab", ("昆山市", "太仓市"): "ab",
}  # fmt: skip
"""Of pairs whose statement was sent: who signed, the second named as b; "!": the other side disputes it."""
SERVICES = ("失效分析", "性能检测", "成分分析", "尺寸检测", "可靠性试验", "对比测试")
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"


def add(db: Database, expo_id: uuid.UUID) -> dict[str, int]:
    """All further records of the sample, and its clock on to their last day; how many of each kind."""
    made = add_vouchers(db, expo_id)
    with db.transaction() as session:
        session.execute(update(Expo).where(Expo.id == expo_id).values(rehearsal_at=REHEARSAL_AT))
    with _at(db, REHEARSAL_AT.date(), 15, SUPERVISOR):
        return made | add_alliances(db, expo_id)


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


@dataclass(frozen=True)
class _Planned:
    issuer: str
    payee: str
    share: Decimal
    signed: date


def add_vouchers(db: Database, expo_id: uuid.UUID) -> dict[str, int]:
    """Vouchers of every region's companies, their uses, and the statements of the half-year."""
    rng = Random(FOLDER)  # noqa: S311
    with db.reading() as session:
        issuers = sorted(set(session.scalars(select(VoucherPolicy.region_code))))
        companies = {code: _companies(session, code, issuers) for code in issuers}
        tools = _tools(session, issuers)
        rates = dict(session.execute(_policies_of(LAST)).all())
    for code in issuers:
        for company in companies[code]:
            _issue(db, expo_id, company)
    planned = sorted(_planned(rng), key=lambda one: (one.signed, one.issuer, one.payee))
    keys = []
    for one in planned:
        company = max(companies[one.issuer], key=lambda company: company.left)
        company.left -= one.share
        draft = _draft(rng, one, company, tools[one.issuer, one.payee], rates[one.issuer])
        with _at(db, one.signed + timedelta(days=2), 10, CLERK):
            keys.append((voucher_uses.submit(db, expo_id, draft), one))
    for key, one in keys:
        day = one.signed + timedelta(days=4 + rng.randrange(CHECKED_AFTER - 4))
        with _at(db, day, 15, CLERK):
            state = voucher_uses.verify(db, expo_id, key, "报告、合同和发票一致（示例）")
        if state is not UseState.VERIFIED:
            with _at(db, day, 17, SUPERVISOR):
                voucher_uses.verify(db, expo_id, key, "同意（示例）")
    return {"uses": len(keys), "statements": _settle(db, expo_id)}


def _policies_of(day: date) -> Select[Any]:
    """Region → the percentage of the version valid that day."""
    policy = VoucherPolicy.__table__
    ends = policy.c.valid_until.is_(None) | (policy.c.valid_until >= day)
    return select(policy.c.region_code, policy.c.rate).where(policy.c.valid_from <= day, ends)


def _companies(session: Session, code: str, issuers: Sequence[str]) -> list[_Company]:
    """Made-up companies of a region, first those that signed a deal; nobody who offers services himself."""
    body, party = Organisation.__table__, DealParty.__table__
    deal = select(party.c.deal_id).where(party.c.organisation_id == body.c.id).order_by(party.c.deal_id).limit(1)
    query = select(body.c.id, body.c.region_code, deal.scalar_subquery().label("deal")).where(
        body.c.is_sample, body.c.region_code.startswith(code), body.c.name.contains("有限公司"),
        body.c.id.not_in(select(Provider.organisation_id)),
    )  # fmt: skip
    rows = session.execute(query.order_by(body.c.name)).all()
    own = [row for row in rows if party_of(row.region_code, issuers) == code]
    own.sort(key=lambda row: row.deal is None)
    return [_Company(row.id, AMOUNT, row.deal) for row in own[:COMPANIES]]


_Tools = dict[tuple[str, str], list[tuple[uuid.UUID, uuid.UUID, str]]]


def _tools(session: Session, issuers: Sequence[str]) -> _Tools:
    """(issuer, payee) → (provider, instrument, its name) that the issuer lists and the catalogue has that half-year."""
    query = (
        select(ListedProvider.region_code, Organisation.region_code, Provider.id, Instrument.id, Instrument.title)
        .join(Provider, Provider.id == ListedProvider.provider_id)
        .join(Organisation, Organisation.id == Provider.organisation_id)
        .join(Instrument, Instrument.provider_id == Provider.id)
        .where(Instrument.listed_until >= LAST)
        .order_by(Instrument.instrument_no)
    )
    found: _Tools = {}
    for issuer, place, provider, tool, title in session.execute(query):
        found.setdefault((issuer, party_of(place or "", issuers)), []).append((provider, tool, title))
    return found


def _planned(rng: Random) -> Iterator[_Planned]:
    with paths.resource("sample", FOLDER, "uses.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            issuer, payee = parse_prefix(row["issuer"]), parse_prefix(row["payee"])
            for share in _parts(Decimal(row["share"]), int(row["count"]), rng):
                yield _Planned(issuer, payee, share, FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 1)))


def _parts(total: Decimal, count: int, rng: Random) -> list[Decimal]:
    """So many amounts of about the same size, all but the last in tens of yuan, that add up to the total."""
    weights = [rng.uniform(0.5, 1.5) for _n in range(count)]
    parts = [Decimal(int(float(total) * weight / sum(weights) / 10) * 10) for weight in weights[:-1]]
    return [*parts, total - sum(parts)]


def _issue(db: Database, expo_id: uuid.UUID, company: _Company) -> None:
    with _at(db, date(2019, 1, 8), 9, CLERK):
        key = voucher_acts.apply(db, expo_id, Application(company.id, AMOUNT, purpose="研发检测（示例）"))
    with _at(db, date(2019, 1, 15), 9, SUPERVISOR):
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
def _settle(db: Database, expo_id: uuid.UUID) -> int:
    """Statements drawn, most of them sent, and each as far as `SIGNATURES` says; how many."""
    with _at(db, DRAWN, 9, SUPERVISOR):
        made = settlement_acts.draw(db, expo_id, PERIOD).made
    wanted = {
        tuple(sorted(codes)): (codes, said)
        for pair, said in SIGNATURES.items()
        for codes in [tuple(map(parse_prefix, pair))]
    }
    with db.reading() as session:
        table = SettlementStatement.__table__
        query = select(table.c.id, table.c.a_code, table.c.b_code).where(table.c.id.in_(made)).order_by(table.c.id)
        rows = session.execute(query).all()
    sent = [row for row in rows if row.a_code == row.b_code or (row.a_code, row.b_code) in wanted]
    with _at(db, SENT, 11, SUPERVISOR):
        settlement_acts.send(db, expo_id, [row.id for row in sent], SIGN_BY)
    with TemporaryDirectory() as folder, _at(db, SIGNED, 16, SUPERVISOR):
        paper = Path(folder) / "示例-0708.pdf"
        paper.write_bytes(PAPER)
        for row in sent:
            codes, said = wanted.get((row.a_code, row.b_code), ((row.a_code, row.b_code), "a"))
            for letter in said.removesuffix("!"):
                side = "ab"[(row.a_code, row.b_code).index(codes["ab".index(letter)])]
                signature = Signature(side, 1, "示例 财政结算岗", SIGNED, paper)
                settlement_acts.sign(db, expo_id, row.id, signature)
            if said.endswith("!"):
                with db.reading() as session:
                    use = session.scalars(
                        select(VoucherUse.id).where(VoucherUse.statement_id == row.id).order_by(VoucherUse.use_no)
                    ).first()
                side = "ab"[(row.a_code, row.b_code).index(codes[0])]
                words = "这一笔的报告日期早于合同（示例）"
                settlement_acts.dispute(db, expo_id, row.id, side, 1, words, [use] if use else [])
    return len(made)
