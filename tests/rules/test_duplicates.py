import time
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from expo_app.model import PartyRole
from expo_app.rules.deals_duplicates import DealFacts, Index, Party, compare, groups, pairs, similar_titles, suspects

HYDROGEN = Party(PartyRole.SELLER, UUID(int=1), "嘉定氢能示例公司")
CENTRE = Party(PartyRole.BUYER, UUID(int=2), "光电工程示例中心")
OTHER = Party(PartyRole.BUYER, UUID(int=3), "第三方示例公司")
WITNESS = Party(PartyRole.WITNESS, UUID(int=9), "见证示例单位")


def deal(n: int, title: str = "车载储氢阀门联合开发", amount: str | None = "8600000", **more: Any) -> DealFacts:
    values: dict[str, Any] = {"parties": (HYDROGEN, CENTRE), "kind": "技术开发", "order": f"{n:03d}"} | more
    return DealFacts(
        UUID(int=1000 + n), f"KJH-2018-{n:03d}", title, amount=Decimal(amount) if amount else None, **values
    )


FIRST = deal(20)
SHARED = ("买卖双方都有相同单位", "项目名称相近", "金额相同")

CASES: list[tuple[str, DealFacts, DealFacts, tuple[str, ...] | None]] = [
    ("similar title, same amount", deal(25, "储氢瓶阀联合开发"), FIRST, ("签约各方相同", "项目名称相近", "金额相同")),
    ("other title, same amount", deal(25, "测试平台运维"), FIRST, ("签约各方相同", "金额相同")),
    ("amount 10 % lower", deal(25, "测试平台运维", "7740000"), FIRST, ("签约各方相同", "金额相近")),
    ("a fen further", deal(25, "测试平台运维", "7739999.99"), FIRST, None),
    ("amount 10 % higher", deal(25, "测试平台运维", "9555555.55"), FIRST, ("签约各方相同", "金额相近")),
    ("similar title, far amount", deal(25, amount="100"), FIRST, ("签约各方相同", "项目名称相近")),
    ("similar title, no amount", deal(25, amount=None), FIRST, ("签约各方相同", "项目名称相近", "金额无从比较")),
    ("other title, no amount hides nothing", deal(25, "测试平台运维", None), FIRST, ("签约各方相同", "金额无从比较")),
    ("neither has an amount", deal(25, "测试平台运维", None), deal(20, amount=None), ("签约各方相同", "金额无从比较")),
    ("other currency", deal(25, "测试平台运维", currency="USD"), FIRST, ("签约各方相同", "金额无从比较")),
    ("both nothing", deal(25, "测试平台运维", "0"), deal(20, amount="0"), ("签约各方相同", "金额相近")),
    ("other parties", deal(25, parties=(HYDROGEN, OTHER)), FIRST, None),
    ("one party more", deal(25, parties=(HYDROGEN, CENTRE, OTHER)), FIRST, SHARED),
    ("one party more, another title", deal(25, "测试平台运维", parties=(HYDROGEN, CENTRE, OTHER)), FIRST, None),
    ("one party more, a fen too far", deal(25, amount="7739999.99", parties=(HYDROGEN, CENTRE, OTHER)), FIRST, None),
    ("one party more, no amount", deal(25, amount=None, parties=(HYDROGEN, CENTRE, OTHER)), FIRST, None),
    ("no parties", deal(25, parties=()), deal(20, parties=()), None),
    (
        "sides changed, witness beside",
        deal(25, parties=(WITNESS, replace(CENTRE, role=PartyRole.SELLER), replace(HYDROGEN, role=PartyRole.BUYER))),
        FIRST,
        ("签约各方相同", "项目名称相近", "金额相同"),
    ),
    (
        "same contract number alone",
        deal(25, "测试", "1", parties=(OTHER,), contract_no="HT-2018／07"),
        replace(FIRST, contract_no="ht 2018-07"),
        ("合同编号相同",),
    ),
    (
        "same contract number and parties, nothing else",
        deal(25, "测试", "1", contract_no="HT1"),
        replace(FIRST, contract_no="HT1"),
        ("合同编号相同",),
    ),
    ("empty contract numbers", deal(25, "测试", "1", contract_no=""), replace(FIRST, contract_no="—"), None),
]


@pytest.mark.parametrize(("mine", "theirs", "reasons"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_suspicion(mine: DealFacts, theirs: DealFacts, reasons: tuple[str, ...] | None) -> None:
    for one, two in ((mine, theirs), (theirs, mine)):
        found = compare(one, two)
        if reasons == ("签约各方相同", "金额相近") and mine.amount == theirs.amount:
            reasons = ("签约各方相同", "金额相同")
        assert (found.reasons if found else None) == reasons


def test_the_form_shows_both_field_by_field() -> None:
    found = compare(deal(25, "储氢瓶阀联合开发"), FIRST)
    assert found is not None
    assert found.percent == 93
    assert found.text == "签约各方相同、项目名称相近、金额相同"
    assert [(line.label, line.mine, line.theirs, line.is_same) for line in found.fields] == [
        ("卖方", "嘉定氢能示例公司", "嘉定氢能示例公司", True),
        ("买方", "光电工程示例中心", "光电工程示例中心", True),
        ("金额", "860.00", "860.00", True),
        ("类型", "技术开发", "技术开发", True),
        ("名称", "储氢瓶阀联合开发", "车载储氢阀门联合开发", False),
    ]


def test_what_is_missing_is_a_dash_and_no_agreement() -> None:
    mine = deal(25, amount=None, contract_no="A-1", kind="", parties=(replace(HYDROGEN, role=PartyRole.PARTY), CENTRE))
    theirs = deal(20, amount=None, kind="", contract_no=None, currency="USD")
    found = compare(mine, theirs)
    assert found is not None
    assert [(line.label, line.mine, line.theirs, line.is_same) for line in found.fields] == [
        ("卖方", "—", "嘉定氢能示例公司", False),
        ("买方", "光电工程示例中心", "光电工程示例中心", True),
        ("签约方", "嘉定氢能示例公司", "—", False),
        ("金额", "—", "—", False),
        ("名称", "车载储氢阀门联合开发", "车载储氢阀门联合开发", True),
        ("合同编号", "A-1", "—", False),
    ]


def test_currencies_are_shown_where_they_differ() -> None:
    found = compare(deal(25, currency="USD", kind=""), FIRST)
    assert found is not None
    assert [(line.label, line.mine, line.theirs) for line in found.fields[2:4]] == [
        ("金额", "860.00 USD", "860.00 CNY"),
        ("类型", "—", "技术开发"),
    ]


@pytest.mark.parametrize(
    ("mine", "theirs", "percent"),
    [
        (deal(25), FIRST, 100),
        (deal(25, amount=None), FIRST, 100),
        (deal(25, kind="技术服务"), FIRST, 90),
        (deal(25, amount="4300000"), FIRST, 90),
        (deal(25, amount="0", kind=""), deal(20, amount="0"), 100),
        (deal(25, "测试", "1", parties=(OTHER,), contract_no="1"), replace(FIRST, contract_no="1"), 95),
    ],
)
def test_percent(mine: DealFacts, theirs: DealFacts, percent: int) -> None:
    found = compare(mine, theirs)
    assert found is not None
    assert found.percent == percent


@pytest.mark.parametrize(
    ("one", "two", "low", "high"),
    [
        ("储氢瓶阀联合开发", "车载储氢阀门联合开发", 0.7, 0.8),
        ("储氢阀门联合开发项目", "《储氢阀门联合开发》合同", 1.0, 1.0),
        ("5G 网关", "５Ｇ网关", 1.0, 1.0),
        ("合作协议", "战略合作协议", 0.7, 0.9),
        ("储氢阀门联合开发", "平台运维服务", 0.0, 0.2),
        ("", "", 0.0, 0.0),
        ("！", "a", 0.0, 0.0),
    ],
)
def test_similar_titles(one: str, two: str, low: float, high: float) -> None:
    assert low <= similar_titles(one, two) <= high
    assert similar_titles(one, two) == similar_titles(two, one)


def test_suspects_most_alike_first_and_never_itself() -> None:
    mine = deal(25)
    found = suspects(mine, [mine, deal(1, "测试平台运维"), FIRST, deal(3, parties=(OTHER,))])
    assert [(s.other.deal_no, s.percent) for s in found] == [("KJH-2018-020", 100), ("KJH-2018-001", 70)]
    unsaved = replace(mine, id=None, deal_no="")
    assert [s.other.deal_no for s in suspects(unsaved, [mine, FIRST])] == ["KJH-2018-020", "KJH-2018-025"]


def test_pairs_name_the_later_deal_and_respect_who_cleared_it() -> None:
    early, late = deal(20), deal(25)
    assert [(s.deal.deal_no, s.other.deal_no) for s in pairs([late, early])] == [("KJH-2018-025", "KJH-2018-020")]
    assert pairs([replace(late, is_cleared=True), early]) == []
    assert [s.deal for s in pairs([late, replace(early, is_cleared=True)])] == [late]


def test_deals_that_share_a_party_of_each_side_are_found_by_pairs_and_while_typing() -> None:
    early, late = deal(20), deal(25, parties=(HYDROGEN, CENTRE, OTHER))
    assert [(s.deal.deal_no, s.percent) for s in pairs([late, early])] == [("KJH-2018-025", 87)]
    aliases = {"氢能": HYDROGEN.organisation_id}
    index = Index([early], aliases.get)
    assert [s.reasons for s in index.suspects(replace(late, id=None))] == [SHARED]
    assert index.body("氢能") == index.body("嘉定 氢能示例公司") == HYDROGEN.organisation_id
    assert index.body("别家") is None


def test_two_reasons_make_one_pair() -> None:
    assert len(pairs([deal(20, contract_no="1"), deal(25, contract_no="1")])) == 1


def test_groups_hang_together() -> None:
    first, second, third = deal(1), deal(2), deal(3, parties=(OTHER, HYDROGEN), contract_no="X")
    fourth = deal(4, "测试平台运维", "1", parties=(OTHER,), contract_no="X")
    lone = deal(5, parties=(OTHER, CENTRE))
    assert groups([lone, fourth, second, third, first]) == [(first, second), (third, fourth)]
    assert groups([]) == []


def test_two_thousand_deals_take_no_time() -> None:
    deals = [
        deal(
            n,
            f"第{n}号装置研制",
            str(1000 + n),
            parties=(Party(PartyRole.SELLER, UUID(int=n)), CENTRE),
            contract_no=f"C{n}",
        )
        for n in range(1, 2001)
    ]
    deals.append(replace(deals[0], id=UUID(int=99), deal_no="KJH-2018-9999", order="9999"))
    start = time.process_time()
    assert [[d.deal_no for d in group] for group in groups(deals)] == [["KJH-2018-001", "KJH-2018-9999"]]
    assert time.process_time() - start < 0.5
