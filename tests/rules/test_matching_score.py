"""Why an offer is suggested: every part, who is never suggested, and that the parts are the score."""

import uuid
from dataclasses import replace
from datetime import date

import pytest

from expo_app.errors import Cancelled
from expo_app.model import CooperationWay, TransferWay
from expo_app.rules import matching_score as score
from expo_app.rules.matching_score import Known, Points, Policy, Side, pair, suggest
from expo_app.rules.tech_contracts import TECH_FIELDS

DAY = date(2018, 11, 29)
WATER = "环境保护与资源综合利用"
DEMAND = Side(
    uuid.UUID(int=1), uuid.UUID(int=11), "印染废水难降解有机物深度处理", WATER, "废水;COD", "出水 COD 太高",
    "330300", ("JOINT", "TRANSFER"), frozenset({"甲方"}),
)  # fmt: skip
OFFER = Side(
    uuid.UUID(int=2), uuid.UUID(int=12), "催化氧化处理印染废水", WATER, "废水;催化", "COD 去除率高", "310114",
    ("LICENCE", "TRANSFER"), frozenset({"乙方"}),
)  # fmt: skip
KNOWN = Known(DAY)


def one(demand: Side = DEMAND, offer: Side = OFFER, known: Known = KNOWN, points: Points | None = None):
    """The suggestion of a pair; None where there is none."""
    found = suggest([demand], [offer], known, points or Points())
    return found[0] if found else None


def test_the_parts_add_up_to_the_score():
    known = Known(DAY, [Policy("券可付", "33")], {pair(DEMAND.owner, OFFER.owner): ["2017"]})
    for judged in (frozenset(), frozenset({(DEMAND.key, OFFER.key)})):
        found = one(known=replace(known, unsuitable=judged))
        assert found.score == sum(reason.points for reason in found.reasons.values())
    assert set(found.reasons) == {"field", "words", "policy", "way", "history", "judged"}


def test_points_are_those_of_the_expo():
    full = one(points=Points(50, 0, 0, 5, 0))
    assert {kind: reason.points for kind, reason in full.reasons.items()} == {"field": 50, "way": 5}


def test_each_reason_says_what_stands_behind_it():
    known = Known(DAY, [Policy("券可付", "33"), Policy("别处", "11")], {pair(DEMAND.owner, OFFER.owner): ["2017"]})
    says = {kind: reason.says for kind, reason in one(known=known).reasons.items()}
    assert says["field"] == {"same": True, "demand": WATER, "offer": WATER}
    assert says["policy"] == {"titles": ["券可付"]}
    assert says["way"] == {"ways": ["TRANSFER"]}
    assert says["history"] == {"editions": ["2017"]}
    told = {word["word"]: word for word in says["words"]["words"]}
    assert told["废水"]["demand"] == {"TITLE": 1, "KEYWORDS": 1}
    assert told["cod"]["offer"] == {"BODY": 1}


def test_nobodys_own_offers_are_suggested():
    assert one(offer=replace(OFFER, owner=DEMAND.owner)) is None
    assert one(offer=replace(OFFER, known_as=frozenset({"甲方", "旧名"}))) is None, "kept twice under one name"


@pytest.mark.parametrize("side", ["demand", "offer"])
def test_who_did_not_agree_is_never_suggested(side: str):
    given = {"demand": DEMAND, "offer": OFFER}
    given[side] = replace(given[side], may_be_suggested=False)
    assert one(**given) is None


def test_sample_records_meet_sample_records_alone():
    assert one(demand=replace(DEMAND, is_sample=True)) is None
    assert one(replace(DEMAND, is_sample=True), replace(OFFER, is_sample=True)) is not None


@pytest.mark.parametrize(
    ("policy", "is_meant"),
    [
        (Policy("无期限"), True),
        (Policy("当天起", valid_from=DAY), True),
        (Policy("明天起", valid_from=date(2018, 11, 30)), False),
        (Policy("当天止", valid_until=DAY), True),
        (Policy("昨天止", valid_until=date(2018, 11, 28)), False),
        (Policy("两地", "33", "31"), True),
        (Policy("反过来", "31", "33"), False),
        (Policy("领域", field=WATER), True),
        (Policy("别的领域", field="农业"), False),
    ],
)
def test_a_policy_counts_where_and_when_it_holds(policy: Policy, is_meant: bool):
    assert ("policy" in one(known=Known(DAY, [policy])).reasons) is is_meant


def test_a_judgement_lowers_the_same_pair_and_no_other():
    before = one().score
    known = Known(DAY, unsuitable=frozenset({(DEMAND.key, OFFER.key)}))
    assert one(known=known).score == before - score.UNSUITABLE
    other = replace(OFFER, key=uuid.UUID(int=3))
    assert one(offer=other, known=known).score == before


def test_a_judgement_takes_no_more_than_there_is():
    weak = one(known=Known(DAY, unsuitable=frozenset({(DEMAND.key, OFFER.key)})), points=Points(5, 5, 0, 0, 0))
    assert weak.score == 0


def test_near_fields_count_half_and_all_eleven_are_known():
    assert set(score.CORE) == set(TECH_FIELDS)
    assert all(near in score.CORE for others in score.CORE.values() for near in others)
    assert score.nearness(WATER, "新材料及其应用") == score.NEAR
    assert score.nearness("农业", "航空航天") == 0
    assert score.nearness("", "") == 0


def test_fields_of_an_organiser_are_near_by_a_common_word():
    assert score.nearness("海水养殖", "养殖设备") == score.NEAR
    assert score.nearness("海水养殖", "影视制作") == 0
    assert score.nearness("環境保護與資源綜合利用", WATER) == 1


@pytest.mark.parametrize(
    ("wanted", "offered", "suits"),
    [("JOINT", "COOPERATION", True), ("LICENCE", "LICENCE", True), ("INVESTMENT", "INVESTMENT", True),
     ("TRANSFER", "LICENCE", False), ("SERVICE", "TRANSFER", False), ("JOINT", "SHOW_ONLY", False)],
)  # fmt: skip
def test_ways_that_suit_each_other(wanted: str, offered: str, suits: bool):
    found = score.suiting(replace(DEMAND, ways=(wanted,)), replace(OFFER, ways=(offered,)))
    assert bool(found) is suits


def test_a_service_is_had_as_a_service():
    demand, service = replace(DEMAND, ways=("SERVICE", "TRANSFER")), replace(OFFER, ways=(), is_service=True)
    assert score.suiting(demand, service) == [CooperationWay.SERVICE]


def test_every_way_is_in_the_table():
    assert set(score.SUITS) == set(CooperationWay)
    assert frozenset().union(*score.SUITS.values()) == set(TransferWay) - {TransferWay.SHOW_ONLY}


def test_the_same_field_alone_is_no_suggestion():
    assert one(offer=replace(OFFER, title="大气颗粒物监测", keywords="颗粒物", body="")) is None


def test_one_word_in_common_is_enough_for_short_texts_alone():
    brief = replace(DEMAND, title="废水", keywords="", body="")
    assert one(brief, replace(OFFER, title="废水", keywords="", body="")) is not None
    long = "臭氧 污泥 热泵 地膜 前驱体 减速器 传感器 涂层 催化剂 热管 光伏"
    assert (
        one(
            replace(brief, body=long),
            replace(OFFER, title="废水", keywords="", body="印染 膜 堆肥 疫苗 抗体 风电 储能 稀土 模具"),
        )
        is None
    )


def test_empty_and_endless_texts_do_no_harm():
    empty = replace(DEMAND, title="", keywords="", body="")
    assert one(empty) is None
    assert suggest([], [], KNOWN, Points()) == []
    long = replace(DEMAND, body="印染废水，" * 2_000)
    assert one(long).score > 0


def test_english_meets_english():
    demand = replace(DEMAND, title="Ozone treatment of textile wastewater", keywords="", body="refractory organics")
    offer = replace(OFFER, title="Catalytic ozone reactors", keywords="textile", body="removes refractory COD")
    words = {word["word"] for word in one(demand, offer).reasons["words"].says["words"]}
    assert words & {"臭氧", "纺织", "难降解"}


def test_the_best_come_first_and_only_so_many():
    offers = [replace(OFFER, key=uuid.UUID(int=100 + n)) for n in range(score.PER_DEMAND + 5)]
    offers[-1] = replace(offers[-1], ways=("COOPERATION", "TRANSFER"), title=DEMAND.title)
    others = [replace(OFFER, key=uuid.UUID(int=200 + n), title="疫苗", keywords="", body="") for n in range(80)]
    found = suggest([DEMAND], [*offers, *others], KNOWN, Points())
    assert len(found) == score.PER_DEMAND
    assert found[0].offer == offers[-1].key
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_it_can_be_stopped_between_texts():
    def stop(n: int, _total: int) -> None:
        if n == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        suggest([DEMAND], [OFFER], KNOWN, Points(), stop)


def test_one_field_in_two_scripts_is_one() -> None:
    assert score.is_one_field("農業機械", " 农业机械")
    assert not score.is_one_field("农业机械", "农业环保")
