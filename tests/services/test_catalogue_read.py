"""The catalogue as it is read from the file: what expired, which policy holds on the day, whose list ended."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from expo_app.model import Instrument, ListedProvider, PaidWay, Provider, ServiceItem, VoucherPolicy
from expo_app.rules.catalogue import Kind, Refusal, Wanted, refusal
from expo_app.services import catalogue
from tests.factories import local, make_expo, make_organisation

TODAY = local(28, 10).date()


@pytest.fixture
def expo_id(db):
    """One provider with two instruments, one of them no longer listed, and a service."""
    db.clock = lambda: local(28, 10)
    with db.transaction() as session:
        expo = make_expo(session)
        owner = make_organisation(session, "甲测试所", region_code="330302", search_text="甲测试所 jcss")
        provider = Provider(organisation_id=owner.id, kind="检验检测", qualification="CMA")
        session.add(provider)
        session.flush()
        session.add_all(
            [
                Instrument(provider_id=provider.id, title="扫描电镜", price=Decimal("480.00"), unit="样",
                           search_text="扫描电镜 smdj"),
                Instrument(provider_id=provider.id, title="旧天平", listed_until=TODAY - timedelta(days=1),
                           search_text="旧天平 jtp", accepts=["3303"]),
                ServiceItem(provider_id=provider.id, title="电镜制样", search_text="电镜制样 djzy"),
                VoucherPolicy(region_code="3303", title="办法", version_no=1, valid_from=date(2017, 1, 1),
                              valid_until=TODAY - timedelta(days=1), rate=Decimal(30), way=PaidWay.REFUNDED),
                VoucherPolicy(region_code="3303", title="办法", version_no=2, valid_from=TODAY, rate=Decimal(50)),
                VoucherPolicy(region_code="3304", title="别处的办法", valid_from=TODAY + timedelta(days=1),
                              rate=Decimal(40)),
                ListedProvider(region_code="3303", provider_id=provider.id, valid_from=date(2018, 1, 1)),
            ]
        )  # fmt: skip
        return expo.id


def test_everything_is_found_with_its_provider(db, expo_id):
    whole = catalogue.read(db, expo_id).catalogue
    assert whole.day == TODAY
    found = {kind: whole.find(Wanted(kind, "jcss")).kinds[kind] for kind in Kind}
    assert found == {Kind.INSTRUMENT: 2, Kind.SERVICE: 1, Kind.BODY: 1}


def test_the_version_of_the_day_says_who_pays(db, expo_id):
    whole = catalogue.read(db, expo_id).catalogue
    first, other = whole.issuers
    assert (first.code, first.policy.version_no, first.policy.rate) == ("3303", 2, Decimal(50))
    assert other.policy is None
    by_title = {entry.title: entry for entry in whole.entries}
    answers = {title: [refusal(one, entry, whole.day) for one in whole.issuers] for title, entry in by_title.items()}
    assert answers["扫描电镜"] == [None, Refusal.NO_POLICY]
    assert answers["旧天平"] == [Refusal.EXPIRED, Refusal.EXPIRED]
    assert by_title["电镜制样"].qualification == "CMA"


def test_in_a_real_expo_samples_are_found_and_count_for_nothing(db, expo_id):
    with db.transaction() as session:
        provider = session.query(Provider).one().id
        session.add(Instrument(provider_id=provider, title="示例电镜", search_text="示例电镜", is_sample=True))
        session.add(
            VoucherPolicy(region_code="3305", title="示例办法", valid_from=TODAY, rate=Decimal(40), is_sample=True)
        )
        sample = make_expo(session, code="SHOW", is_sample=True).id
    whole = catalogue.read(db, expo_id).catalogue
    found = whole.find(Wanted(Kind.INSTRUMENT))
    assert (len(found.places), found.count, found.kinds[Kind.INSTRUMENT], whole.count(Kind.INSTRUMENT)) == (3, 2, 2, 2)
    assert found.counts["region"] == dict.fromkeys(found.counts["region"], 2)
    assert [one.code for one in whole.issuers] == ["3303", "3304"]
    there = catalogue.read(db, sample).catalogue
    assert (there.find(Wanted(Kind.INSTRUMENT)).count, [one.code for one in there.issuers]) == (3, ["3305"])


def test_a_list_that_ended_no_longer_counts(db, expo_id):
    with db.transaction() as session:
        session.query(ListedProvider).update({"valid_until": TODAY - timedelta(days=1)})
    whole = catalogue.read(db, expo_id).catalogue
    entry = next(entry for entry in whole.entries if entry.title == "扫描电镜")
    assert refusal(whole.issuers[0], entry, whole.day) is Refusal.NOT_LISTED


def test_without_an_expo_regions_are_provinces(db):
    shelf = catalogue.read(db, None)
    assert shelf.catalogue.find(Wanted()).places == []
    assert shelf.regions.label(shelf.regions.key_of("330302")) == "浙江"
