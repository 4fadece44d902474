"""Which lots may be called: every item in its states, the worst of them decides."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from expo_app.model import Consent, Priority, ReserveKind, RightRole
from expo_app.rules.auction_checklist import (
    CONSIGNMENT,
    ITEMS,
    Cell,
    LotFacts,
    Mark,
    Right,
    Session,
    conclusion,
    judge,
    why_not,
)

SESSION = Session(date(2018, 11, 29), date(2018, 11, 22), date(2018, 11, 27), date(2018, 11, 28))
GOOD = {
    "consignment": list(CONSIGNMENT), "consignment_no": "委-1", "consigned_on": date(2018, 11, 1),
    "start_price": Decimal(400_000), "reserve_kind": ReserveKind.SET,
}  # fmt: skip
OWNER, INVENTOR = RightRole.CO_OWNER, RightRole.INVENTOR
TOLD = date(2018, 11, 12)


def cell(key: str, session: Session = SESSION, rights: tuple[Right, ...] = (), **values: object) -> Cell:
    at = next(n for n, item in enumerate(ITEMS) if item.key == key)
    return judge(session, LotFacts({**GOOD, **values}, rights))[at]


def said(found: Cell) -> tuple[Mark, str]:
    return found.mark, found.words


def test_a_lot_with_everything_may_be_called() -> None:
    cells = judge(SESSION, LotFacts(GOOD))
    assert [one.words for one in cells] == ["满 7 日", "满 2 日", "齐", "独有", "无", "—", "40.00", "已设", "—"]
    assert conclusion(cells) is Mark.OK
    assert why_not(LotFacts(GOOD)) == []


@pytest.mark.parametrize(
    ("notice", "mark", "words"),
    [
        (date(2018, 11, 22), Mark.OK, "满 7 日"),
        (date(2018, 11, 23), Mark.REMIND, "仅 6 日"),
        (date(2018, 11, 30), Mark.REMIND, "仅 0 日"),
        (None, Mark.REMIND, "未公告"),
    ],
)
def test_notice(notice: date | None, mark: Mark, words: str) -> None:
    assert said(cell("notice", replace(SESSION, notice_on=notice))) == (mark, words)


@pytest.mark.parametrize(
    ("first", "last", "mark", "words"),
    [
        (27, 28, Mark.OK, "满 2 日"),
        (27, 29, Mark.OK, "满 2 日"),  # the day of the session is no day before it
        (28, 29, Mark.REMIND, "仅 1 日"),
        (28, None, Mark.REMIND, "仅 1 日"),
        (29, 30, Mark.REMIND, "仅 0 日"),
    ],
)
def test_viewing(first: int, last: int | None, mark: Mark, words: str) -> None:
    until = date(2018, 11, last) if last else None
    shown = replace(SESSION, viewing_from=date(2018, 11, first), viewing_until=until)
    assert said(cell("viewing", shown)) == (mark, words)


def test_without_a_day_nothing_is_reckoned() -> None:
    nowhere = replace(SESSION, day=None)
    assert said(cell("notice", nowhere)) == said(cell("viewing", nowhere)) == (Mark.REMIND, "时间未定")


def test_a_consignment_contract_names_what_it_lacks() -> None:
    one = cell("consignment", consignment=[key for key in CONSIGNMENT if key != "handover"])
    two = cell("consignment", consignment=list(CONSIGNMENT)[2:])
    assert said(one) == (Mark.REMIND, "缺交付")
    assert (two.words, two.more) == ("缺 2 项", "缺双方名称住所、标的情况")
    assert cell("consignment", consigned_on=None).words == "缺日期"
    assert cell("consignment", consignment=None, consignment_no="", consigned_on=None).words == "没有合同"


@pytest.mark.parametrize(
    ("consents", "mark", "words"),
    [
        ((), Mark.OK, "独有"),
        ((Consent.GIVEN, Consent.GIVEN), Mark.OK, "同意 2/2"),
        ((Consent.GIVEN, None), Mark.BLOCKS, "缺 1 方"),
        ((Consent.PENDING, None), Mark.BLOCKS, "缺 2 方"),
        ((Consent.REFUSED, Consent.PENDING), Mark.BLOCKS, "1 方不同意"),
    ],
)
def test_co_owners(consents: tuple[Consent | None, ...], mark: Mark, words: str) -> None:
    rights = tuple(Right(OWNER, f"共有人{n}", TOLD, consent) for n, consent in enumerate(consents))
    assert said(cell("consent", rights=rights)) == (mark, words)


@pytest.mark.parametrize(
    ("rights", "mark", "words"),
    [
        ((Right(INVENTOR, "甲", TOLD, priority=Priority.WAIVED),), Mark.OK, "已放弃 1/1"),
        ((Right(INVENTOR, "甲", TOLD),), Mark.REMIND, "待答 1/1"),
        ((Right(INVENTOR, "甲"), Right(INVENTOR, "乙", TOLD)), Mark.REMIND, "未告知 1/2"),
        ((Right(RightRole.CLIENT, "甲", TOLD, priority=Priority.CLAIMED, paddle=7),), Mark.NOTE, "主张 1"),
        ((Right(RightRole.CLIENT, "甲", TOLD, priority=Priority.CLAIMED),), Mark.REMIND, "主张 1，缺号牌"),
        ((Right(OWNER, "甲", TOLD, Consent.GIVEN),), Mark.OK, "无"),
        ((Right(OWNER, "甲", TOLD, Consent.GIVEN, Priority.PENDING),), Mark.REMIND, "待答 1/1"),
    ],
)
def test_priority(rights: tuple[Right, ...], mark: Mark, words: str) -> None:
    assert said(cell("priority", rights=rights)) == (mark, words)


def test_what_keeps_a_lot_from_being_called() -> None:
    assert said(cell("appraisal", is_state_asset=True)) == (Mark.REMIND, "国资 缺")
    assert cell("appraisal", is_state_asset=True, appraisal_no="评-1").mark is Mark.OK
    assert said(cell("reserve", reserve_kind=ReserveKind.NONE)) == (Mark.NOTE, "无底价")
    bad = LotFacts({**GOOD, "reserve_kind": ReserveKind.UNSET, "start_price": None}, (Right(OWNER, "甲公司"),))
    assert why_not(bad) == ["共有人同意：缺甲公司的同意", "起拍价：未填", "保留价：未设"]
    assert conclusion(judge(SESSION, bad)) is Mark.BLOCKS
    reminded = judge(replace(SESSION, notice_on=None), LotFacts(GOOD))
    assert conclusion(reminded) is Mark.REMIND


@pytest.mark.parametrize(
    ("paid", "mark", "words"), [(0, Mark.NOTE, "已交 0/3"), (2, Mark.NOTE, "已交 2/3"), (3, Mark.OK, "5.00")]
)
def test_the_deposit_says_how_many_paid(paid: int, mark: Mark, words: str) -> None:
    session = replace(SESSION, paddles=3, paid=paid)
    assert said(cell("deposit", session, deposit=Decimal(50_000))) == (mark, words)
    assert said(cell("deposit", session)) == (Mark.NONE, "—")
