"""The sample of the years after the expo: vouchers used across regions as its file says, settled to the fen."""

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from expo_app import paths
from expo_app.model import Organisation, ParkTotal, SettlementStatement, Tenant, UseState, Voucher, VoucherUse
from expo_app.rules.region_groups import prefix_name
from expo_app.services import expos, parks, tenants
from expo_app.services.chain import chain_of
from expo_app.services.sample import sharing
from expo_app.services.statistics.deals import deal_totals
from expo_app.specs.park_shown import Origin
from expo_app.store.database import Database, open_database


@dataclass(frozen=True)
class Sample:
    db: Database
    expo: Any

    def all(self, query: Any) -> list[tuple[Any, ...]]:
        with self.db.reading() as session:
            return [tuple(row) for row in session.execute(query)]


@pytest.fixture(scope="module")
def made(
    made_once: Callable[[str, Callable[[Path], None]], Path], fair_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Any:
    def fill(folder: Path) -> None:
        shutil.copy(fair_file, folder / "sharing.db")
        db = open_database(folder / "sharing.db")
        expo = expos.all_expos(db)[0]
        db.clock = expos.clock_of(db, expo)
        sharing.add(db, expo.id)
        db.close()

    copy = shutil.copy(made_once("sharing", fill) / "sharing.db", tmp_path_factory.mktemp("sharing") / "sharing.db")
    db = open_database(Path(copy))
    yield Sample(db, expos.all_expos(db)[0])
    db.close()


def wanted(year: int) -> dict[tuple[str, str], tuple[Decimal, int]]:
    with paths.resource("sample", "sharing", f"uses_{year}.csv").open(encoding="utf-8", newline="") as handle:
        return {
            (row["issuer"], row["payee"]): (Decimal(row["share"]), int(row["count"])) for row in csv.DictReader(handle)
        }


def in_half(year: int) -> Any:
    return VoucherUse.verified_on.between(date(year, 1, 1), date(year, 6, 30))


@pytest.mark.parametrize("year", [2019, 2022])
def test_each_pair_used_and_settled_what_the_file_says(made: Sample, year: int) -> None:
    query = select(VoucherUse.issuer_code, VoucherUse.payee_code, func.sum(VoucherUse.share), func.count())
    found = made.all(query.where(in_half(year)).group_by(VoucherUse.issuer_code, VoucherUse.payee_code))
    told = {(prefix_name(a), prefix_name(b)): (share, count) for a, b, share, count in found}
    assert told == wanted(year)


def test_what_crossed_regions_in_2019(made: Sample) -> None:
    query = select(func.sum(VoucherUse.share), func.count()).where(in_half(2019))
    assert made.all(query.where(VoucherUse.issuer_code != VoucherUse.payee_code)) == [(Decimal("1087214.50"), 128)]


def test_every_use_stands_in_the_statement_of_its_pair_and_no_other(made: Sample) -> None:
    statement = SettlementStatement
    query = select(VoucherUse.issuer_code, VoucherUse.payee_code, statement.a_code, statement.b_code)
    rows = made.all(query.join(statement, statement.id == VoucherUse.statement_id))
    assert len(rows) == sum(count for year in (2019, 2022) for _share, count in wanted(year).values())
    assert {tuple(sorted(pair)) == (a, b) for *pair, a, b in rows} == {True}


@pytest.mark.parametrize(("year", "signed", "disputed", "sent"), [(2019, 5, 1, 7), (2022, 10, 0, 10)])
def test_statements_are_signed_disputed_or_wait(made: Sample, year: int, signed: int, disputed: int, sent: int) -> None:
    table = SettlementStatement.__table__
    rows = made.all(select(table).where(table.c.a_code != table.c.b_code, table.c.period_from == date(year, 1, 1)))
    stands = [dict(zip(table.c.keys(), row, strict=True)) for row in rows]
    assert len(stands) == 10
    assert sum(bool(one["a_signed_on"] and one["b_signed_on"]) for one in stands) == signed
    assert sum(bool(one["a_dispute"] or one["b_dispute"]) for one in stands) == disputed
    assert sum(bool(one["sent_on"]) for one in stands) == sent


def test_some_uses_are_still_open(made: Sample) -> None:
    states = dict(made.all(select(VoucherUse.state, func.count()).group_by(VoucherUse.state)))
    assert states.keys() >= {UseState.DRAFT, UseState.SUBMITTED, UseState.RETURNED, UseState.VERIFIED, UseState.SETTLED}


def test_all_of_it_is_made_up_and_says_so(made: Sample) -> None:
    for model in (Voucher, VoucherUse):
        query = select(Organisation.name, model.is_sample).join(model, model.organisation_id == Organisation.id)
        assert all("（示例）" in name and is_sample for name, is_sample in made.all(query))


def test_the_figures_of_the_expo_are_as_before(made: Sample) -> None:
    totals = deal_totals(made.db, made.expo.id)
    assert (totals.signed, totals.signed_amount) == (20, Decimal(122_493_000))


def test_a_use_of_a_deal_shows_the_deals_chain(made: Sample) -> None:
    (use, deal), *_rest = made.all(select(VoucherUse.id, VoucherUse.deal_id).where(VoucherUse.deal_id.is_not(None)))
    links = {link.key: link for link in chain_of(made.db, made.expo.id, "voucher_uses", use)}
    assert [one.id for one in links["deal"].records] == [deal]
    assert use in [one.id for one in links["use"].records]
    assert links["settlement"].records


def test_a_made_up_park_counts_to_what_another_reported(made: Sample) -> None:
    board = parks.read_board(made.db)
    reported, counted = board.parks[0], next(card for card in board.parks if card.is_sample)
    assert (reported.funnel.origin, counted.funnel.origin) == (Origin.REPORTED, Origin.SAMPLE)
    told = {total: amount.value for total, amount in reported.totals.items() if amount is not None}
    of = {total: amount.value for total, amount in counted.totals.items() if amount is not None and total in told}
    assert {total: value for total, value in told.items() if total is not ParkTotal.PARTNERS} == of
    assert (reported.known, reported.samples, counted.known) == (10, 0, 46)
    money = {one.total: one.last for one in counted.figures}
    assert money[ParkTotal.INVESTMENT] is not None
    assert money[ParkTotal.INVESTMENT].value == 86_400_000


def test_one_of_its_tenants_has_its_whole_chain(made: Sample) -> None:
    row = next(row for row in parks.read_board(made.db).tenants if row.name.startswith("瓯江储能"))
    page = tenants.read_tenant(made.db, row.id)
    assert [(card.on, card.days, card.is_missing) for card in page.chain] == [
        ("2018-11-29", None, False),
        ("2018-12-18", 19, False),
        ("2019-10-16", 302, False),
        ("2020-01-08", 84, False),
        ("2022-03-04", 786, False),  # a test of its device was paid with a voucher, then settled
        ("2022-06-20", 108, False),
        ("2022-07-08", 18, False),
    ]
    assert (len(page.dates), len(page.tasks), page.granted) == (4, 3, 694_000)


def test_one_chain_goes_from_the_pitch_to_the_landed_tenant(made: Sample) -> None:
    (tenant,) = made.all(select(Tenant.id).where(Tenant.deal_id.is_not(None)))
    links = {link.key: link for link in chain_of(made.db, made.expo.id, "tenants", tenant[0])}
    steps = ("pitch", "meeting", "deal", "use", "settlement", "tenant", "tenant_landing")
    assert [key for key in steps if not links[key].is_there] == []
