"""The catalogue of resources: what a search and ticks leave, counts that say what a tick would show, who takes what."""

import random
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from expo_app.model import PaidWay
from expo_app.rules.catalogue import (
    CATEGORY,
    FACETS,
    NATURE,
    PRICE,
    REGION,
    TAKES,
    TITLE,
    Body,
    Catalogue,
    Entry,
    Issuer,
    Kind,
    PolicyOfDay,
    Refusal,
    Wanted,
    refusal,
    tags_of,
)
from expo_app.rules.search_key import search_key

DAY = date(2019, 5, 16)
POLICY = PolicyOfDay(uuid.uuid4(), "示例办法", 2, Decimal(50), PaidWay.PAID, (), True, True)


def body(name: str, region: str = "330302", nature: str = "高等院校") -> Body:
    return Body(uuid.uuid4(), uuid.uuid4(), name, region, region, nature, True, search_key(name))


LAB, SCHOOL = body("甲测试所（示例）"), body("乙大学（示例）", "310114")


def instrument(title: str, owner: Body = LAB, **more: object) -> Entry:
    model = str(more.get("model_no", ""))
    values = {"category": "分析仪器", **more}
    return Entry(Kind.INSTRUMENT, uuid.uuid4(), title, owner, search_key(title, model), **values)  # type: ignore[arg-type]


def catalogue(*entries: Entry, issuers: tuple[Issuer, ...] = ()) -> Catalogue:
    return Catalogue(entries, issuers, DAY, lambda code: code[:2])


def titles(made: Catalogue, **wanted: object) -> list[str]:
    return [made.entries[place].title for place in made.find(Wanted(**wanted)).places]  # type: ignore[arg-type]


@pytest.mark.parametrize("search", ["电镜", "镜", "smdj", "saomiao", "SEM-F8", "f800", "甲测试", "jcss", "扫描 甲"])
def test_finds_by_name_number_provider_and_sound(search: str) -> None:
    made = catalogue(instrument("扫描电镜", model_no="SEM-F800"), instrument("离心机", SCHOOL, model_no="LX-3"))
    assert titles(made, search=search) == ["扫描电镜"]


def test_nothing_typed_finds_all_and_nonsense_nothing() -> None:
    made = catalogue(instrument("扫描电镜"), instrument("离心机"))
    assert len(titles(made)) == 2
    assert titles(made, search="不存在") == []
    assert catalogue().find(Wanted(search="电")).places == []


def test_by_price_those_without_one_come_last_in_both_orders() -> None:
    prices = {"甲": Decimal(300), "乙": None, "丙": Decimal(20)}
    made = catalogue(*(instrument(title, price=price) for title, price in prices.items()))
    assert titles(made, order=PRICE) == ["丙", "甲", "乙"]
    assert titles(made, order=PRICE, descending=True) == ["甲", "丙", "乙"]


def test_by_title_numbers_are_counted() -> None:
    made = catalogue(*(instrument(f"{n} 号炉") for n in (10, 9, 2)))
    assert titles(made, order=TITLE) == ["2 号炉", "9 号炉", "10 号炉"]


def test_kinds_are_counted_by_the_search_alone() -> None:
    service = Entry(Kind.SERVICE, uuid.uuid4(), "电镜测试", SCHOOL, search_key("电镜测试"))
    made = catalogue(instrument("电镜"), instrument("电镜二", SCHOOL), service)
    found = made.find(Wanted(search="电镜", ticked={REGION: frozenset({"33"})}))
    assert found.kinds == {Kind.INSTRUMENT: 2, Kind.SERVICE: 1, Kind.BODY: 0}
    assert len(found.places) == 1


def drawn(seed: int) -> Catalogue:
    draw = random.Random(seed)  # noqa: S311
    bodies = [body(f"机构{n}", draw.choice(("330302", "310114", "320583")), draw.choice("甲乙丙")) for n in range(12)]
    listed = frozenset(one.id for one in draw.sample(bodies, 6))
    issuers = (
        Issuer("3303", "一地", POLICY, listed),
        Issuer("320583", "二地", replace(POLICY, accepted=("33",), needs_list=False)),
        Issuer("310114", "三地", None),
    )
    entries = [
        instrument(
            f"{draw.choice('扫描透射')}镜{n}", draw.choice(bodies), category=draw.choice("物化生"),
            accepts=draw.choice((None, None, ("33",), ("3303", "320583"))),
            listed_until=draw.choice((None, date(2019, 1, 1))),
        )
        for n in range(200)
    ]  # fmt: skip
    return catalogue(*entries, issuers=issuers)


def plainly(made: Catalogue, search: str, ticked: Mapping[str, frozenset[str]]) -> set[int]:
    """The same, one entry after the other."""

    def says(place: int, name: str) -> set[str]:
        entry = made.entries[place]
        own = {REGION: {entry.body.region_code[:2]}, CATEGORY: {entry.category}, NATURE: {entry.body.nature}}
        taking = {issuer.code for issuer in made.issuers if refusal(issuer, entry, DAY) is None}
        return {**own, TAKES: taking}[name]

    places = range(len(made.entries))
    found = {place for place in places if search in made.entries[place].search + made.entries[place].body.search}
    return {place for place in found if all(says(place, name) & values for name, values in ticked.items() if values)}


@pytest.mark.parametrize("seed", range(12))
def test_a_count_is_what_a_tick_would_show(seed: int) -> None:
    made, draw = drawn(seed), random.Random(seed)  # noqa: S311
    every = made.find(Wanted()).counts
    ticked = {name: frozenset(draw.sample(sorted(every[name]), min(seed % 3, len(every[name])))) for name in FACETS}
    search = draw.choice(("", "镜", "扫"))
    found = made.find(Wanted(search=search, ticked=ticked))
    assert set(found.places) == plainly(made, search, ticked)
    for name, counts in found.counts.items():
        for value, n in counts.items():
            only = {**ticked, name: frozenset({value})}
            assert n == len(plainly(made, search, only)), (name, value)


LISTED = Issuer("3303", "一地", POLICY, frozenset({LAB.id}))


@pytest.mark.parametrize(
    ("issuer", "entry", "why"),
    [
        (LISTED, instrument("镜"), None),
        (LISTED, instrument("镜", SCHOOL), Refusal.NOT_LISTED),
        (replace(LISTED, policy=replace(POLICY, needs_list=False)), instrument("镜", SCHOOL), None),
        (replace(LISTED, policy=replace(POLICY, accepted=("31", "320583"))), instrument("镜"), Refusal.PLACE),
        (replace(LISTED, policy=replace(POLICY, accepted=("31", "3303"))), instrument("镜"), None),
        (replace(LISTED, policy=None), instrument("镜"), Refusal.NO_POLICY),
        (LISTED, instrument("镜", listed_until=date(2019, 5, 15)), Refusal.EXPIRED),
        (LISTED, instrument("镜", listed_until=DAY, listed_from=DAY), None),
        (LISTED, instrument("镜", listed_from=date(2019, 5, 17)), Refusal.EXPIRED),
        (LISTED, instrument("镜", accepts=("31",)), Refusal.NOT_TAKEN),
        (LISTED, instrument("镜", accepts=("33",)), None),
        (LISTED, instrument("镜", accepts=()), Refusal.NOT_TAKEN),
    ],
)
def test_who_takes_which_voucher_and_why_not(issuer: Issuer, entry: Entry, why: Refusal | None) -> None:
    assert refusal(issuer, entry, DAY) is why


def test_a_provider_without_a_region_takes_no_voucher() -> None:
    assert refusal(LISTED, instrument("镜", replace(LAB, region_code="")), DAY) is Refusal.NOWHERE


def test_tags_tell_regions_apart() -> None:
    assert tags_of(["杭州", "宁波", "金华", "金坛", "温岭"]) == ["杭州", "宁波", "金华", "金坛", "温岭"]
    assert tags_of(["杭州", "宁波", "温岭"]) == ["杭", "宁", "温"]
    assert tags_of(["Hangzhou", "Jinhua", "Jintan"]) == ["Hangzhou", "Jinhua", "Jintan"]
