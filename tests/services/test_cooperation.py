"""Co-operation across regions on an expo of its own: what counts, where it goes, and samples beside real records."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from expo_app.model import (
    DealParty,
    DealStage,
    Entry,
    ExhibitorKind,
    ExhibitorState,
    Expo,
    ExpoOrganiser,
    IndexPoint,
    OrganiserRole,
    Park,
    PartyRole,
    Provider,
    RegionGroup,
    Tenant,
    TenantState,
    TenantStep,
    UseState,
    VoucherUse,
)
from expo_app.reports.cooperation import remarks
from expo_app.services.cooperation_report import as_json
from expo_app.services.statistics.cooperation import cooperation
from expo_app.specs.cooperation_figures import Cooperation, FlowMatrix, Part
from expo_app.store.database import Database
from tests.factories import make_deal, make_exhibitor, make_expo, make_organisation

NORTH, SOUTH, WEST = "110100", "440300", "510100"
AT = datetime(2026, 5, 21, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def after_the_fair(db: Database) -> None:
    db.clock = lambda: AT


def fair(session: Session, year: int = 2026, **given: object) -> Expo:
    day = date(year, 5, 20)
    expo = make_expo(session, (), name=f"机床展 {year}", edition_no=year - 2020, starts_on=day, ends_on=day, **given)
    host = make_organisation(session, f"主办 {year}", region_code=NORTH)
    session.add(ExpoOrganiser(expo_id=expo.id, organisation_id=host.id, role=OrganiserRole.HOST))
    return expo


def exhibit(session: Session, expo: Expo, name: str, region: str | None, **given: object) -> None:
    body = make_organisation(session, name, region_code=region)
    values = {"state": ExhibitorState.CONFIRMED, "kind": ExhibitorKind.EXHIBITOR, **given}
    make_exhibitor(session, expo, name, organisation_id=body.id, **values)


def signed(session: Session, expo: Expo, title: str, *parties: tuple[str, PartyRole], **given: object) -> None:
    values = {"stage": DealStage.SIGNED, "entry": Entry.VALID, "sellers": (), "buyers": (), **given}
    deal = make_deal(session, expo, title, **values)
    for position, (region, role) in enumerate(parties):
        body = make_organisation(session, f"{title}{position}", region_code=region)
        session.add(DealParty(deal_id=deal.id, organisation_id=body.id, role=role, position=position))


def use(session: Session, no: str, day: date | None, source: str, target: str, **given: object) -> VoucherUse:
    company = make_organisation(session, f"企业 {no}", region_code=source)
    provider = Provider(organisation_id=make_organisation(session, f"机构 {no}", region_code=target).id)
    session.add(provider)
    session.flush()
    values = {"state": UseState.VERIFIED, "share": Decimal(100), **given}
    made = VoucherUse(
        use_no=no, organisation_id=company.id, provider_id=provider.id, verified_on=day, issuer_code=source,
        payee_code=target, **values,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def tenant(session: Session, name: str, day: str, home: str, **given: object) -> None:
    park = session.query(Park).first() or Park(name="园区")
    session.add(park)
    session.flush()
    body = make_organisation(session, name, region_code=home)
    values = {"production_region": home, "research_region": NORTH, **given}
    made = Tenant(park_id=park.id, organisation_id=body.id, stay=1, state=TenantState.MOVED_IN, **values)
    session.add(made)
    session.flush()
    session.add(TenantStep(tenant_id=made.id, state=TenantState.VISITED, on_day="2019-01", at=AT))
    session.add(TenantStep(tenant_id=made.id, state=TenantState.MOVED_IN, on_day=day, at=AT))


def matrix(found: Cooperation, part: Part) -> FlowMatrix:
    return next(one for one in found.matrices if one.part is part)


def counts(found: Cooperation) -> dict[int, tuple[int | None, ...]]:
    return {line.year: line.counts for line in found.lines}


def test_counts_what_links_two_regions_by_year(db: Database) -> None:
    with db.transaction() as session:
        first, expo = fair(session, 2025), fair(session, 2026)
        exhibit(session, first, "南一", SOUTH)
        for n in range(3):
            exhibit(session, expo, f"南{n}", SOUTH)
        exhibit(session, expo, "北一", NORTH)
        exhibit(session, expo, "报名", SOUTH, state=ExhibitorState.APPLIED)
        exhibit(session, expo, "服务", SOUTH, kind=ExhibitorKind.SERVICE)
        exhibit(session, expo, "未填", None)
        signed(session, expo, "买卖", (SOUTH, PartyRole.SELLER), (WEST, PartyRole.BUYER))
        signed(session, expo, "框架", (NORTH, PartyRole.PARTY), (NORTH, PartyRole.PARTY), (WEST, PartyRole.PARTY))
        signed(session, expo, "此前", (SOUTH, PartyRole.SELLER), (WEST, PartyRole.BUYER), is_prior=True)
        signed(session, expo, "草稿", (SOUTH, PartyRole.SELLER), (WEST, PartyRole.BUYER), entry=Entry.DRAFT)
        signed(session, expo, "本地", (SOUTH, PartyRole.SELLER), (SOUTH, PartyRole.BUYER))
    found = cooperation(db, expo.id)
    assert counts(found) == {2025: (1, 0, None, None), 2026: (3, 2, None, None)}
    assert (found.base, found.rate) == (2025, Decimal(2))
    assert [line.index.value for line in found.lines] == [Decimal(100), Decimal(300)]
    assert dict(found.unplaced) == {Part.EXHIBITORS: 1}
    deals = matrix(found, Part.DEALS)
    assert deals.total == 2
    at = {label: n for n, label in enumerate(deals.labels)}
    assert deals.counts[at["广东"]][at["四川"]] == 1
    assert deals.counts[at["北京"]][at["四川"]] == 1
    assert deals.counts[at["广东"]][at["广东"]] == 1
    assert sum(deals.incoming) == sum(deals.outgoing) == deals.total


def test_an_edition_still_to_come_is_not_known(db: Database) -> None:
    with db.transaction() as session:
        expo, later = fair(session, 2025), fair(session, 2026)
        exhibit(session, expo, "南一", SOUTH)
        exhibit(session, later, "南二", SOUTH)
    db.clock = lambda: datetime(2025, 12, 1, tzinfo=UTC)
    assert list(counts(cooperation(db, expo.id))) == [2025]


def test_another_base_year_is_100(db: Database) -> None:
    with db.transaction() as session:
        first, expo = fair(session, 2025), fair(session, 2026)
        exhibit(session, first, "南一", SOUTH)
        exhibit(session, expo, "南二", SOUTH)
        exhibit(session, expo, "西二", WEST)
    found = cooperation(db, expo.id, 2026)
    assert [(line.year, line.index.value) for line in found.lines] == [(2025, Decimal(50)), (2026, Decimal(100))]


def test_the_base_year_is_one_that_other_years_can_be_compared_with(db: Database) -> None:
    with db.transaction() as session:
        expo = fair(session, 2020)
        exhibit(session, expo, "南一", SOUTH)
        for n, year in enumerate((2021, 2022, 2022)):
            use(session, f"U{n}", date(year, 3, 1), SOUTH, WEST)
    found = cooperation(db, expo.id)
    assert (found.base, found.bases) == (2021, (2020, 2021, 2022))
    assert [line.index.value for line in found.lines] == [None, Decimal(100), Decimal(200)]


def test_vouchers_and_tenants_of_the_file_between_their_first_and_last_year(db: Database) -> None:
    with db.transaction() as session:
        expo = fair(session)
        one = use(session, "U1", date(2024, 3, 1), SOUTH, WEST)
        use(session, "U2", date(2026, 3, 1), SOUTH, WEST, state=UseState.SETTLED)
        use(session, "U3", date(2026, 3, 1), SOUTH, SOUTH)
        use(session, "U4", None, SOUTH, WEST, state=UseState.SUBMITTED)
        use(session, "U5", date(2026, 4, 1), SOUTH, WEST, corrects_id=one.id, share=Decimal(-100))
        tenant(session, "入驻一", "2025", SOUTH)
        tenant(session, "入驻二", "2026-02", SOUTH)
        tenant(session, "本地", "2026-02-03", NORTH)
        tenant(session, "哪年", "", SOUTH)
        tenant(session, "报道", "2026-02-03", SOUTH, source="媒体报道")
    found = cooperation(db, expo.id)
    assert counts(found) == {2024: (None, None, 1, None), 2025: (None, None, 0, 1), 2026: (0, 0, 1, 1)}
    assert dict(found.unplaced) == {Part.TENANTS: 1}
    assert [one.value for one in found.figures] == [0, 0, 2, 2]


def test_samples_are_left_out_of_a_real_expo(db: Database) -> None:
    with db.transaction() as session:
        expo = fair(session)
        use(session, "U1", date(2026, 3, 1), SOUTH, WEST, is_sample=True)
        tenant(session, "示例企业", "2026", SOUTH, is_sample=True)
        exhibit(session, expo, "示例展商", SOUTH, is_sample=True)
    found = cooperation(db, expo.id)
    assert found.base is None
    assert found.lines == ()
    assert [one.value for one in found.figures] == [0, 0, None, None]


def test_a_published_series_and_its_rate(db: Database) -> None:
    with db.transaction() as session:
        expo = fair(session)
        for year, value in ((2010, "100.00"), (2017, "178.91")):
            session.add(IndexPoint(series="创新指数", year=year, value=Decimal(value), source="公报"))
    told = json.loads(json.dumps(as_json(db, expo.id, AT)))
    [series] = told["published"]
    assert series["points"] == {"2010": "100.0000", "2017": "178.9100"}
    assert round(float(series["rate"]) * 100, 3) == 8.665
    assert told["base"] is None


def test_two_provinces_outside_the_groups_are_two_regions(db: Database) -> None:
    with db.transaction() as session:
        expo = fair(session)
        session.add(RegionGroup(expo_id=expo.id, name="北京", prefixes=["11"], position=0))
        use(session, "V1", date(2026, 3, 1), SOUTH, WEST)
        use(session, "V2", date(2026, 3, 2), SOUTH, "440100")
        use(session, "V3", date(2026, 3, 3), "DE", NORTH)
    found = cooperation(db, expo.id)
    flows = matrix(found, Part.VOUCHERS)
    assert flows.labels == ("北京", "广东", "四川", "德国")
    assert flows.counts == ((0, 0, 0, 0), (0, 1, 1, 0), (0, 0, 0, 0), (1, 0, 0, 0))
    assert (flows.total, next(one.value for one in found.figures if one.name == "across_vouchers")) == (2, 2)


def test_a_part_that_the_base_year_lacks_is_named(db: Database) -> None:
    with db.transaction() as session:
        expo = fair(session, 2026)
        use(session, "V1", date(2019, 3, 1), SOUTH, WEST)
        use(session, "V2", date(2020, 3, 1), SOUTH, WEST)
        tenant(session, "甲", "2020-06-01", SOUTH)
    said = remarks(cooperation(db, expo.id, 2019))
    assert "基年 2019 没有跨地区入驻，各年的这部分都不在指数里。" in said
    assert not any("不在指数里" in words for words in remarks(cooperation(db, expo.id, 2020)))
