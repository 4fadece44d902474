"""What a technology contract still needs, and by when an office decides."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from expo_app.model import PatentKind, PaymentWay, PlanSource, PricingWay, RegistryList
from expo_app.rules import tech_contracts
from expo_app.rules.contract_completeness import (
    Contract,
    Party,
    Patent,
    State,
    findings,
    grouped_number,
    open_ones,
    warnings,
)
from expo_app.rules.registry_lists import Deadline, shipped, with_own
from expo_app.rules.tech_contracts import Choice

NUMBER = "2014199990131"
WHOLE: dict[str, Any] = {
    "contract_kind": "技术服务", "contract_subkind": "一般技术服务", "signed_on": date(2018, 11, 28),
    "valid_from": date(2018, 11, 28), "valid_until": date(2020, 11, 27), "amount": Decimal(100),
    "tech_amount": Decimal(80),
    "payment_way": PaymentWay.LUMP_SUM, "plan_source": PlanSource.NONE, "tech_field": "电子信息", "ip_kind": "未涉及",
    "social_goal": "工商业发展", "registry_office": "甲市登记处",
}  # fmt: skip
SELLER = Party("甲研究院", "甲院", "91310114000101042E", "310114", "事业法人（科研机构）")
BUYER = Party("乙公司", "乙", "91330300000105115G", "330300", "内资企业")
PATENT = Patent(PatentKind.INVENTION, "镜片", NUMBER, NUMBER, "甲研究院", "甲研究院", date(2014, 3, 28))
LICENCE = {"contract_kind": "技术转让", "contract_subkind": "专利实施许可", "ip_kind": "发明专利"}


def contract(patents: tuple[Patent, ...] = (), **values: Any) -> Contract:
    return Contract({**WHOLE, **values}, (SELLER,), (BUYER,), patents)


def open_fields(one: Contract) -> list[tuple[str, State]]:
    return [(finding.field, finding.state) for finding in open_ones(findings(one))]


def test_a_contract_with_everything_lacks_nothing() -> None:
    assert open_fields(contract()) == []
    assert len(findings(contract())) == 17


def test_patents_are_asked_for_where_it_is_about_one() -> None:
    asked = [
        len(findings(contract(**more))) for more in ({}, {"ip_kind": "发明专利"}, LICENCE, {"ip_kind": "技术秘密"})
    ]
    assert asked == [17, 19, 20, 17]
    assert open_fields(contract(**LICENCE)) == [("patents", State.MISSING)] * 2 + [("valid_until", State.MISSING)]
    assert open_fields(contract((PATENT,), **LICENCE)) == []


@pytest.mark.parametrize("name", ["tech_amount", "payment_way", "plan_source", "tech_field", "ip_kind", "social_goal",
                                  "registry_office", "valid_until", "amount", "contract_kind"])  # fmt: skip
def test_each_field_that_is_empty_is_said_at_its_place(name: str) -> None:
    found = open_fields(contract(**{name: None}))
    assert (name, State.MISSING) in found
    if name == "amount":  # what is a part of it is wrong then, too
        assert found == [("amount", State.MISSING), ("tech_amount", State.WRONG)]


def test_what_is_filled_in_wrongly_is_wrong_and_not_missing() -> None:
    assert open_fields(contract(tech_amount=Decimal(101))) == [("tech_amount", State.WRONG)]
    bad = replace(SELLER, credit_code="91310114000101042F")
    assert open_fields(Contract(WHOLE, (bad,), (BUYER,))) == [("seller_code", State.WRONG)]
    assert open_fields(Contract(WHOLE, (replace(SELLER, nature="国企"),), (BUYER,))) == [("seller_nature", State.WRONG)]
    assert open_fields(contract((replace(PATENT, patent_no="2014199990132"),), **LICENCE)) == [("patents", State.WRONG)]
    other_kind = replace(PATENT, kind=PatentKind.DESIGN)
    assert ("patents", State.WRONG) in open_fields(contract((other_kind,), **LICENCE))


def test_a_licence_is_no_longer_than_the_patent() -> None:
    last = date(2034, 3, 27)
    assert open_fields(contract((PATENT,), **LICENCE, valid_until=last)) == []
    too_long = open_ones(findings(contract((PATENT,), **LICENCE, valid_until=date(2036, 5, 27))))
    assert [(f.field, f.state, f.words) for f in too_long] == [
        ("valid_until", State.WRONG, "到 2036-05，专利到 2034-03")
    ]


def test_kinds_are_those_of_the_day_of_signing() -> None:
    licence = {"contract_kind": "技术许可", "contract_subkind": "专利实施许可", "ip_kind": "发明专利"}
    assert ("contract_kind", State.WRONG) in open_fields(contract((PATENT,), **licence))
    assert open_fields(contract((PATENT,), **licence, signed_on=date(2021, 1, 1))) == []
    old = open_fields(contract((PATENT,), **LICENCE, signed_on=date(2021, 1, 1)))
    assert old == [("contract_kind", State.WRONG)]


def test_who_has_no_credit_code_needs_none() -> None:
    for nature, region in (("境外机构", "DE"), ("自然人", "310114")):
        party = Party("Example GmbH", "", None, region, nature)
        assert open_fields(Contract(WHOLE, (party,), (BUYER,))) == []
    assert open_fields(Contract(WHOLE, (replace(SELLER, credit_code=None),), (BUYER,))) == [
        ("seller_code", State.MISSING)
    ]
    assert open_fields(Contract(WHOLE, (SELLER, replace(SELLER, region=None)), (BUYER,))) == [
        ("seller_region", State.MISSING)
    ]


def test_what_is_only_warned_of() -> None:
    assert warnings(contract()) == []
    assert len(warnings(contract(is_related_party=True))) == 1
    sold = {"contract_kind": "技术转让", "contract_subkind": "专利权转让", "ip_kind": "发明专利"}
    abroad = Contract({**WHOLE, **sold}, (SELLER,), (Party("Example GmbH", "", None, "DE", "境外机构"),), (PATENT,))
    assert ["境外" in words for words in warnings(abroad)] == [True, False]
    registered = replace(abroad, values={**abroad.values, "patent_registered_on": date(2018, 12, 1)})
    assert len(warnings(registered)) == 1
    number = {"registry_no": "2017310114000001", "registered_on": date(2018, 12, 1)}
    assert ["2017" in words for words in warnings(contract(**number))] == [True]
    assert warnings(contract(**{**number, "registry_no": "2018310114000001"})) == []
    assert warnings(contract(**{**number, "registry_no": "17310114000001"})) == []  # 14 digits have no such year


def test_an_agreed_price_of_a_public_body_is_made_public() -> None:
    agreed = {"pricing_way": PricingWay.AGREED}
    assert len(warnings(contract(**agreed))) == 1
    dated = {**agreed, "public_from": date(2018, 11, 1), "public_until": date(2018, 11, 7)}
    assert warnings(contract(**dated)) == []  # nobody says how long outside Zhejiang
    zhejiang = Contract({**WHOLE, **dated}, (replace(SELLER, region="330300"),), (BUYER,))
    assert ["7 天，不足 15 天" in words for words in warnings(zhejiang)] == [True]
    fifteen = replace(zhejiang, values={**zhejiang.values, "public_until": date(2018, 11, 15)})
    assert warnings(fifteen) == []
    assert warnings(Contract({**WHOLE, **agreed}, (BUYER,), (SELLER,))) == []  # a company sets its price as it likes


@pytest.mark.parametrize(
    ("region", "day", "due"),
    [
        ("330300", date(2018, 11, 28), date(2018, 12, 28)),  # before the regulation: the country's thirty days
        ("330300", date(2021, 9, 29), date(2021, 10, 29)),
        ("330300", date(2021, 9, 30), date(2021, 10, 10)),
        ("310114", date(2024, 11, 13), date(2024, 12, 13)),
        ("310114", date(2026, 2, 28), date(2026, 3, 30)),
        ("310114", date(2026, 3, 1), None),  # days of the new measures: nobody told the program
        ("330300", date(2026, 3, 1), date(2026, 3, 11)),
        ("310114", date(1999, 1, 1), None),
        (None, date(2018, 11, 28), date(2018, 12, 28)),
        ("310114", None, None),
    ],
)
def test_an_office_decides_by_the_rule_of_its_region_and_day(
    region: str | None, day: date | None, due: date | None
) -> None:
    assert shipped().decide_by(region, day) == due


def test_a_rule_of_the_file_takes_the_place_of_one_that_ships() -> None:
    own = [
        Deadline("", date(2026, 3, 1), None, 15, is_working_days=True),
        Deadline("330000", date(2021, 9, 30), None, 8),
        Deadline("330300", date(2022, 1, 1), None, 5),
    ]
    lists = with_own({}, own)
    assert lists.decide_by("330100", date(2021, 10, 1)) == date(2021, 10, 9)
    assert lists.decide_by("330300", date(2022, 1, 3)) == date(2022, 1, 8)
    assert lists.decide_by("310114", date(2026, 3, 6)) == date(2026, 3, 27)  # a Friday and fifteen working days


def test_a_list_nobody_has_takes_any_word() -> None:
    """No table of goals is at hand, so none ship: the file's own decide, once there are some."""
    assert shipped().names(RegistryList.SOCIAL_GOAL) == ()
    goal = contract(social_goal="县里自己的说法")
    assert open_fields(goal) == []
    theirs = with_own({RegistryList.SOCIAL_GOAL: [Choice("目标甲")]}, ())
    assert open_fields(replace(goal, lists=theirs)) == [("social_goal", State.WRONG)]
    assert open_fields(replace(contract(social_goal="目标甲"), lists=theirs)) == []


def test_lists_of_the_file_stand_beside_those_that_ship() -> None:
    own = {
        RegistryList.KIND: [Choice("技术许可", until=date(2026, 2, 28)), Choice("技术交易服务")],
        RegistryList.TECH_SUBFIELD: [Choice("集成电路", "电子信息")],
    }  # fmt: skip
    lists = with_own(own, ())
    assert "技术许可" in lists.names(RegistryList.KIND, date(2026, 2, 28))
    assert "技术许可" not in lists.names(RegistryList.KIND, date(2026, 3, 1))
    assert lists.names(RegistryList.KIND)[-1] == "技术交易服务"
    assert lists.names(RegistryList.TECH_SUBFIELD, parent="电子信息") == ("集成电路",)
    assert lists.names(RegistryList.TECH_SUBFIELD, parent="农业") == ()
    for day, count in ((date(2020, 12, 31), 4), (date(2021, 1, 1), 5), (date(2026, 3, 1), 5)):
        assert len(shipped().names(RegistryList.KIND, day)) == count == len(tech_contracts.kinds_on(day))


@pytest.mark.parametrize(
    ("number", "shown"),
    [("2018310114000001", "2018 3101 14 000001"), ("18310114000001", "18 31 01 14 000001"), ("123", "123"), ("", "")],
)
def test_a_number_is_shown_in_groups(number: str, shown: str) -> None:
    assert grouped_number(number) == shown


def test_a_term_leads_to_the_end_that_is_empty():
    def lacking(**values):
        return [(one.field, one.words) for one in open_ones(findings(contract(**values)))]

    assert lacking(valid_from=None) == [("valid_from", "没填起")]
    assert lacking(valid_until=None) == [("valid_until", "没填止")]
    assert lacking(valid_from=None, valid_until=None) == [("valid_from", "没填起止")]
