"""The deal of a hammer stays what the hammer made it: another price, kind or party is no edit of the ledger."""

import uuid
from decimal import Decimal
from typing import Any

import pytest

from expo_app.errors import InvalidRecord
from expo_app.exchange import import_plan
from expo_app.model import Deal, DealKind, Organisation
from expo_app.services import auction_cashier, import_review, imports, records
from expo_app.specs import DEALS
from expo_app.specs.choices import Choices
from expo_app.store.database import Database
from tests.auction_till import Till
from tests.lists import book_of

CHANGES = [{"amount": "120"}, {"kind": "合作协议"}, {"buyers": "竞买单位18"}, {"sellers": "别的单位"},
           {"buyers": "竞买单位07、竞买单位18"}, {"buyers": ""}]  # fmt: skip


@pytest.fixture
def till(db: Database) -> Till:
    made = Till(db)
    made.sell("01", 7, 100)
    return made


def sold(till: Till) -> uuid.UUID:
    deal_id = till.lot("01").deal_id
    assert deal_id is not None
    return deal_id


def said(till: Till, key: uuid.UUID) -> tuple[Any, ...]:
    fields = [DEALS.field(name) for name in ("amount", "kind", "sellers", "buyers")]
    with till.db.reading() as session:
        return tuple(session.execute(DEALS.query(fields, till.expo).where(Deal.id == key)).one())


@pytest.mark.parametrize("is_defaulted", [False, True], ids=["sold", "defaulted"])
@pytest.mark.parametrize("values", CHANGES, ids=lambda values: "-".join(*values.items()))
def test_no_form_changes_price_kind_or_party(till: Till, values: dict[str, str], is_defaulted: bool) -> None:
    if is_defaulted:
        till.later(9)
        auction_cashier.default(till.db, till.lots["01"], "没有付款")
    before = said(till, sold(till))
    with pytest.raises(InvalidRecord, match="标的 01 落槌成交") as refused:
        records.save(till.db, DEALS, values, sold(till), expo_id=till.expo)
    assert refused.value.problems.keys() == values.keys()
    assert said(till, sold(till)) == before


def test_everything_else_of_it_is_free(till: Till) -> None:
    with till.db.transaction() as session:
        buyer = session.query(Organisation).filter_by(name="竞买单位07").one()
        buyer.short_name = "七号"
    values = {"title": "改了一个字", "note": "说明", "others": "见证单位", "amount": "100", "buyers": "七号"}
    records.save(till.db, DEALS, values, sold(till), expo_id=till.expo)
    with till.db.reading() as session:
        deal = session.get_one(Deal, sold(till))
        assert (deal.title, deal.amount, deal.kind) == ("改了一个字", Decimal(1_000_000), DealKind.AUCTION_SALE)


def test_a_list_is_told_so_before(till: Till) -> None:
    with till.db.reading() as session:
        number = session.get_one(Deal, sold(till)).deal_no
    book = book_of(["编号", "买方"], [[number, "竞买单位18"]])
    planned = import_plan.plan(DEALS, book, imports.state(till.db, DEALS, till.expo), Choices(update=True))
    (row,) = import_review.review(till.db, planned, till.expo).rows
    assert "落槌成交" in "".join(row.problems.values())


def test_a_sale_agreed_on_afterwards_is_a_deal_like_others(till: Till) -> None:
    till.pass_("02")
    key = auction_cashier.agree(till.db, till.lots["02"], "协议买家", Decimal(5))
    records.save(till.db, DEALS, {"amount": "7", "buyers": "竞买单位18"}, key, expo_id=till.expo)
