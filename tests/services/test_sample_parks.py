"""The parks of the sample: what was reported of them, as it was reported, and nothing that was not."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from expo_app.model import ParkTotal, Qualifier, TenantState
from expo_app.services import parks
from expo_app.specs.park_shown import Origin, ParksBoard
from expo_app.store.database import open_database

REPORTED = {
    ParkTotal.VISITED: 530, ParkTotal.TENANTS: 46, ParkTotal.RESEARCH_CENTRES: 23, ParkTotal.LANDED: 14,
    ParkTotal.TALENTS: 126, ParkTotal.PATENTS: 1176, ParkTotal.EVENTS: 108, ParkTotal.COOPERATIONS: 200,
    ParkTotal.PARTNERS: 30,
}  # fmt: skip
"""After three years, as it was reported in 2022-12."""


@pytest.fixture(scope="module")
def board(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ParksBoard]:
    db = open_database(shutil.copy(sample_file, tmp_path_factory.mktemp("parks") / "expo.db"))
    yield parks.read_board(db)
    db.close()


def test_the_enclave_is_told_by_its_report(board: ParksBoard) -> None:
    card = board.parks[0]
    assert {total: amount.value for total, amount in card.totals.items() if amount is not None} == REPORTED
    assert {amount.origin for amount in card.totals.values() if amount is not None} == {Origin.REPORTED}
    visited = card.totals[ParkTotal.VISITED]
    assert visited is not None
    assert (visited.qualifier, visited.on, visited.since) == (Qualifier.OVER, "2022-12", "2019-12")
    assert (card.area, card.opened, card.occupancy, card.known) == (9610, "2019-12", None, 10)


def test_the_others_have_no_figures(board: ParksBoard) -> None:
    assert [card.opened for card in board.parks[1:4]] == ["", "", "2019-05-30"]
    assert {amount for card in board.parks[1:4] for amount in card.totals.values()} == {None}


def test_tenants_are_named_as_far_as_they_were(board: ParksBoard) -> None:
    landed = {row.name: row.production_region for row in board.tenants if row.state is TenantState.LANDED}
    assert landed == {"煌能新能源": "瓯海", "温州易视通": "龙湾"}
    named = [row for row in board.tenants if row.is_reported]
    assert len(named) == 10
    assert {row.name: row.talents for row in named if row.talents is not None} == {"纽顿流体": 7}
    assert {(row.area, row.patents, row.revenue) for row in named} == {(None, None, None)}
