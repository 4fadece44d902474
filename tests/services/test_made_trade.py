"""The made-up expo: what its figures say is what went in, whatever the seed and the size."""

from decimal import Decimal

import pytest

from expo_app.model import Entry
from expo_app.services.statistics.attendance import attendance
from expo_app.services.statistics.deals import deal_figures
from expo_app.services.statistics.exhibition import exhibition
from expo_app.services.statistics.trade_tables import read_tables
from expo_app.specs.trade_tables import TableQuery
from expo_app.store.database import Database
from tests import made_trade


@pytest.mark.parametrize("seed", [7, 8])
def test_figures_of_deals_are_the_sums_of_what_went_in(db: Database, seed: int) -> None:
    made = made_trade.build(db, deals=150, people=10, seed=seed)
    found = deal_figures(db, made.expo)
    signed, intended = made.signed, [deal for deal in made.deals if deal.is_intended]
    totals = found.totals
    assert (totals.signed, totals.signed_amount) == (len(signed), made.signed_amount)
    assert totals.tech_amount == made.sum(signed, "tech_amount")
    assert (totals.intended, totals.intended_amount) == (len(intended), made.sum(intended))
    without = [deal for deal in signed if deal.amount is None]
    assert (totals.signed_without, totals.signed_foreign) == (
        sum(deal.currency == "CNY" for deal in without),
        sum(deal.currency != "CNY" for deal in without),
    )
    assert totals.signed_converted == sum(deal.rate is not None for deal in signed) > 0
    prior = [deal for deal in signed if deal.is_prior]
    assert totals.signed_prior == len(prior)
    assert totals.first_amount == made.sum([deal for deal in signed if not deal.is_prior])
    assert totals.drafts == sum(deal.entry is Entry.DRAFT for deal in made.deals)
    for kind in found.contract_kinds:
        own = [deal for deal in signed if deal.is_contract and deal.contract_kind == kind.key]
        assert (kind.count, kind.amount) == (len(own), made.sum(own))
    assert sum((day.amount or Decimal(0) for day in found.days), Decimal(0)) == made.signed_amount


@pytest.mark.parametrize("seed", range(1, 4))
def test_tables_are_the_sums_of_what_went_in(db: Database, seed: int) -> None:
    """Every line of T1 and T2 and every cell of T7, its net output adding up to nothing; the program's own check."""
    made = made_trade.build(db, deals=120, people=0, seed=seed)
    found = read_tables(db, TableQuery((made.expo,)), db.now())
    assert found.failing() == ()
    contracts = [deal for deal in made.deals if deal.is_contract]
    for number, name in (("T1", "contract_kind"), ("T2", "tech_field")):
        for line in found.table(number).lines:
            own = [deal for deal in contracts if getattr(deal, name) == line.key]
            assert (line.sums.count, line.sums.amount) == (len(own), made.sum(own))
            assert line.sums.tech_amount == made.sum(own, "tech_amount")
    for table in found.tables[:9]:
        assert sum(line.sums.count or 0 for line in table.lines) == len(contracts)
    matrix = found.table("T7").matrix
    assert matrix is not None
    groups = {"44": "粤", "51": "川", "DE": "德国"}
    names = {
        code: next((name for start, name in groups.items() if code.startswith(start)), "")
        for code in made.regions.values()
    }
    labels = dict(matrix.regions)
    for (seller, buyer), sums in matrix.cells.items():
        pair = (labels[seller], labels[buyer])
        own = [deal for deal in contracts if (made.place(deal.sellers, names), made.place(deal.buyers, names)) == pair]
        if set(pair) <= set(groups.values()):
            assert (sums.count, sums.amount) == (len(own), made.sum(own))
    assert sum(matrix.net.values()) == 0
    outputs = {key: sums.amount or Decimal(0) for key, sums in matrix.outputs.items()}
    intakes = {key: sums.amount or Decimal(0) for key, sums in matrix.intakes.items()}
    assert matrix.net == {key: outputs[key] - intakes[key] for key in outputs}
    assert sum(outputs.values()) == sum(intakes.values()) == made.sum(contracts)
    steps = {line.key: line.sums for line in found.table("T10").lines}
    assert (steps["signed"].count, steps["signed"].amount) == (len(made.signed), made.signed_amount)


def test_people_and_exhibitors_of_the_made_up_expo(db: Database) -> None:
    made = made_trade.build(db, deals=10, exhibitors=40, people=60, scans=900)
    found = attendance(db, made.expo)
    assert (found.visitors.value, found.visits.value) == (made.visitors, made.visits)
    assert made.visitors < made.visits
    assert made.visitors < 60
    assert exhibition(db, made.expo).exhibitors.value == sum(n % 10 != 9 and n % 9 != 8 for n in range(40))


def test_the_same_arguments_make_the_same_expo(db: Database, tmp_path) -> None:
    from expo_app.store.database import open_database

    one, other = made_trade.build(db, deals=30), open_database(tmp_path / "other.db", create=True)
    assert made_trade.build(other, deals=30).deals == one.deals
    other.close()
