"""One chain from the result to the landing, the same from whichever record it is looked at."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine, delete, event

from expo_app.model import (
    Deal,
    DealKind,
    DealStage,
    Entry,
    Expo,
    Interest,
    InterestLevel,
    LotState,
    Park,
    Pitch,
    Provider,
    Registration,
    Role,
    SettlementStatement,
    Task,
    Tenant,
    TenantState,
    TenantStep,
    UseState,
    VoucherUse,
)
from expo_app.services import deals, roadshow_deals
from expo_app.services.chain import STEPS, chain_of
from expo_app.services.tenants import read_tenant
from expo_app.specs.park_shown import ChainStep
from expo_app.store.database import Actor, Database
from tests.auction_room import make_auction, make_lot
from tests.factories import local, make_achievement, make_deal, make_expo, make_item, make_organisation, make_pitch

ROADSHOW = ("result", "pitch", "interest", "deal", "registration", "landing")


@dataclass
class World:
    db: Database
    expo: object = None
    ids: dict = field(default_factory=dict)

    def chain(self, spec, name):
        found = chain_of(self.db, self.expo, spec, self.ids[name])
        return {link.key: link for link in found}

    def titles(self, spec, name):
        return {key: [one.title for one in link.records] for key, link in self.chain(spec, name).items()}


@pytest.fixture
def world(db):
    db.actor = Actor("周敏", Role.ADMIN)
    made = World(db)
    with db.transaction() as session:
        expo = make_expo(session)
        item = make_item(session, expo, "成果路演", kind="roadshow", starts_at=local(29, 14))
        result = make_achievement(session, expo, "低温阀门")
        pitch = make_pitch(session, item, result)
        other = make_pitch(session, item, make_achievement(session, expo, "别的成果"))
        made.expo = expo.id
        made.ids = {"result": result.id, "pitch": pitch.id, "other": other.id}
        for number, (name, of, hour) in enumerate((("one", pitch, 16), ("two", pitch, 15), ("far", other, 15)), 1):
            row = Interest(
                expo_id=expo.id, pitch_id=of.id, interest_no=f"YX-{number:03d}", level=InterestLevel.STRONG,
                organisation_id=make_organisation(session, f"{name} 公司").id, at=local(29, hour),
            )  # fmt: skip
            session.add(row)
            session.flush()
            made.ids[name] = row.id
        task = Task(
            expo_id=expo.id, task_no="T-1", title="约洽谈", pitch_id=pitch.id, interest_id=made.ids["one"],
            created_at=local(29),
        )  # fmt: skip
        loose = Task(expo_id=expo.id, task_no="T-2", title="别的事", created_at=local(29))
        session.add_all((task, loose))
        session.flush()
        made.ids |= {"task": task.id, "loose": loose.id}
    made.ids["deal"] = roadshow_deals.make_deals(db, made.expo, [made.ids["one"]]).deals[made.ids["one"]]
    return made


@pytest.mark.parametrize(
    ("spec", "name", "interests"),
    [
        ("achievements", "result", ["two 公司", "one 公司"]),
        ("pitches", "pitch", ["two 公司", "one 公司"]),
        ("interests", "one", ["one 公司"]),
        ("deals", "deal", ["one 公司"]),
        ("contracts", "deal", ["one 公司"]),
        ("tasks", "task", ["one 公司"]),
    ],
)
def test_it_is_the_same_chain_from_every_record(world, spec, name, interests):
    found = world.chain(spec, name)
    assert tuple(found) == ROADSHOW
    assert [one.title for one in found["result"].records] == ["低温阀门"]
    assert [one.title for one in found["pitch"].records] == ["成果路演"]
    assert [one.title for one in found["interest"].records] == interests
    (deal,) = found["deal"].records
    assert (deal.spec, deal.id, deal.title) == ("deals", world.ids["deal"], "低温阀门")
    assert deal.note.endswith("草稿")


def test_what_became_of_a_neighbour_is_not_shown(world):
    assert world.titles("interests", "two")["deal"] == []
    assert world.titles("pitches", "other")["interest"] == ["far 公司"]
    assert world.titles("pitches", "other")["deal"] == []


def test_what_is_missing_is_said_and_offered(world):
    with world.db.transaction() as session:
        expo = session.get_one(Expo, world.expo)
        world.ids["bare"] = make_achievement(session, expo, "没有路演的").id
        world.ids["alone"] = make_deal(session, expo, "另外签的").id
    bare = world.chain("achievements", "bare")
    assert tuple(bare) == ROADSHOW
    assert bare["pitch"].new == ("pitches", {"achievement_id": "没有路演的"})
    assert [link.missing for link in bare.values()] == ["", "还没有", "还没有", "还没有", "还没有", "还没有"]
    alone = world.chain("deals", "alone")
    assert [alone[key].missing for key in ("result", "pitch", "interest")] == ["未关联"] * 3
    assert alone["interest"].new is None  # nobody knows of which pitch
    assert world.chain("interests", "two")["deal"].new is None  # it has a command of its own


def test_a_task_of_nothing_has_no_chain(world):
    assert chain_of(world.db, world.expo, "tasks", world.ids["loose"]) == ()


def test_one_is_the_record_itself(world):
    for spec, name, step in (
        ("interests", "one", "interest"),
        ("contracts", "deal", "deal"),
        ("tasks", "task", "interest"),
    ):
        assert [key for key, link in world.chain(spec, name).items() if link.is_here] == [step]


def test_registration_and_landing_follow_the_deal(world):
    found = world.chain("interests", "one")
    (open_,) = found["registration"].records
    assert (open_.spec, open_.title, open_.is_there) == ("contracts", "未提交", False)
    assert not found["registration"].is_there
    assert not found["landing"].is_there
    with world.db.transaction() as session:
        deal = session.get_one(Deal, world.ids["deal"])
        deal.entry, deal.signed_on, deal.stage = Entry.VALID, date(2018, 11, 29), DealStage.SIGNED
        deal.registration, deal.registry_no = Registration.REGISTERED, "2018310115000123"
        deal.registered_on = date(2018, 12, 20)
    deals.advance(world.db, [world.ids["deal"]], DealStage.LANDED)
    found = world.chain("achievements", "result")
    (entered,), (landed,) = found["registration"].records, found["landing"].records
    assert (entered.title, entered.on, entered.is_there) == ("2018310115000123", date(2018, 12, 20), True)
    assert (landed.title, landed.is_there) == ("落地 / 完成", True)
    assert landed.on == _today(world)


def test_a_draft_is_neither_registered_nor_landed(world):
    with world.db.transaction() as session:
        deal = session.get_one(Deal, world.ids["deal"])
        deal.stage, deal.registration, deal.registry_no = DealStage.LANDED, Registration.REGISTERED, "2018310115000123"
    found = world.chain("interests", "one")
    assert [found[name].is_there for name in ("deal", "registration", "landing")] == [True, False, False]
    assert found["landing"].records[0].title == "未落地"


def _today(world):
    with world.db.reading() as session:
        return session.get_one(Expo, world.expo).local_day(world.db.now())


def test_what_needs_no_registration_says_so(world):
    with world.db.transaction() as session:
        session.get_one(Deal, world.ids["deal"]).kind = DealKind.INVESTMENT
    assert world.chain("deals", "deal")["registration"].missing == "不用登记"


@pytest.mark.parametrize("change", [{"entry": Entry.VOID}, {"stage": DealStage.TERMINATED}])
def test_what_came_to_nothing_is_void(world, change):
    with world.db.transaction() as session:
        deal = session.get_one(Deal, world.ids["deal"])
        for name, value in change.items():
            setattr(deal, name, value)
    found = world.chain("pitches", "pitch")
    assert found["deal"].is_void
    assert not found["deal"].is_there
    assert not found["interest"].is_void


def test_a_lot_stands_in_the_chain_of_its_result_and_its_deal(world):
    with world.db.transaction() as session:
        expo = session.get_one(Expo, world.expo)
        sold = make_deal(session, expo, "卖出的专利", Decimal(100), kind=DealKind.AUCTION_SALE)
        given = {"achievement_id": world.ids["result"], "deal_id": sold.id, "state": LotState.SOLD}
        lot = make_lot(session, make_auction(session, expo), "07", **given)
        world.ids |= {"lot": lot.id, "sold": sold.id}
    assert tuple(world.chain("lots", "lot")) == (
        "result",
        "pitch",
        "interest",
        "lot",
        "deal",
        "registration",
        "landing",
    )
    for spec, name in (("lots", "lot"), ("deals", "sold")):
        found = world.titles(spec, name)
        assert (found["result"], found["deal"]) == (["低温阀门"], ["卖出的专利"])
        assert found["pitch"] == []  # it did not come of a roadshow
        assert [one.id for one in world.chain(spec, name)["lot"].records] == [world.ids["lot"]]
    assert set(world.titles("achievements", "result")["deal"]) == {"低温阀门", "卖出的专利"}


def test_a_record_that_is_gone_leaves_the_others(world):
    with world.db.transaction() as session:
        session.delete(session.get_one(Deal, world.ids["deal"]))
    assert world.titles("interests", "one")["deal"] == []


def statements(act):
    """How many statements it takes."""
    said = []

    def note(_connection, _cursor, statement, *_rest):
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(said)


def test_it_costs_as_much_whatever_hangs_on_it(world):
    few = statements(lambda: world.chain("achievements", "result"))
    assert 0 < few < 6
    with world.db.transaction() as session:
        for number in range(200):
            session.add(
                Interest(
                    expo_id=world.expo, pitch_id=world.ids["pitch"], interest_no=f"YX-1{number:03d}",
                    level=InterestLevel.REAL, at=local(29),
                )
            )  # fmt: skip
    assert statements(lambda: world.chain("achievements", "result")) == few


def test_every_step_has_a_place_in_the_order():
    assert [step.key for step in STEPS if not step.is_optional] == list(ROADSHOW)


# --- beyond the expo --------------------------------------------------------------------------------------------------
BEYOND = (*(key for key in ROADSHOW if key != "landing"), "use", "settlement", "tenant", "tenant_landing")
"""Where the tenant landed, the deal's own step does not say that nothing did."""


@pytest.fixture
def landed(world):
    """The deal's test was paid with a voucher and settled, and its company moved into a park and landed."""
    with world.db.transaction() as session:
        body, laboratory = (make_organisation(session, name) for name in ("低温公司", "检测所"))
        provider = Provider(organisation_id=laboratory.id)
        statement = SettlementStatement(
            statement_no="J-1", a_code="3205", b_code="3303",
            period_from=date(2019, 1, 1), period_until=date(2019, 6, 30),
            drawn_at=local(29), a_signed_on=date(2019, 7, 10), b_signed_on=date(2019, 7, 12),
        )  # fmt: skip
        park = Park(name="示范园")
        session.add_all((provider, statement, park))
        session.flush()
        given = {"organisation_id": body.id, "provider_id": provider.id}
        use = VoucherUse(
            use_no="Y-1", title="低温性能检测", contract_on=date(2019, 3, 2), share=Decimal("1234.5"),
            state=UseState.SETTLED, statement_id=statement.id, deal_id=world.ids["deal"], **given,
        )  # fmt: skip
        alone = VoucherUse(use_no="Y-2", contract_on=date(2019, 4, 2), state=UseState.SUBMITTED, **given)
        tenant = Tenant(
            park_id=park.id, organisation_id=body.id, stay=1, state=TenantState.LANDED, production_region="3303",
            deal_id=world.ids["deal"], pitch_id=world.ids["pitch"],
        )  # fmt: skip
        session.add_all((use, alone, tenant))
        session.flush()
        for n, (state, day) in enumerate(
            ((TenantState.INCUBATED, "2020-04"), (TenantState.MOVED_IN, "2020-01-08"), (TenantState.LANDED, "2022-06"))
        ):
            session.add(TenantStep(tenant_id=tenant.id, state=state, on_day=day, at=local(29, 9 + n)))
        world.ids |= {"use": use.id, "alone": alone.id, "tenant": tenant.id}
    return world


@pytest.mark.parametrize(("spec", "name"), [("voucher_uses", "use"), ("tenants", "tenant"), ("deals", "deal")])
def test_from_the_deal_to_the_landed_tenant_it_is_one_chain(landed, spec, name):
    found = landed.chain(spec, name)
    assert tuple(found) == BEYOND
    assert [key for key, link in found.items() if link.is_here] == [name]
    titles = [one.title for key in BEYOND[5:] for one in found[key].records]
    assert titles == ["低温性能检测", "苏州市 — 温州市", "低温公司", "温州市"]
    (use,), (settled,), (tenant,), (landing,) = (found[key].records for key in BEYOND[5:])
    assert (use.note, use.on, settled.on) == ("已结算 券付 1,234.50 元", date(2019, 3, 2), date(2019, 7, 12))
    assert (tenant.note, tenant.on, landing.note, landing.on) == ("示范园 落地", date(2020, 1, 8), "2022-06", None)
    assert all(found[key].is_there for key in BEYOND[5:])


def test_the_page_of_a_tenant_shows_the_same_chain_in_the_time_of_the_expo(landed):
    with landed.db.transaction() as session:
        session.get_one(Expo, landed.expo).time_zone = "America/New_York"
        session.get_one(Pitch, landed.ids["pitch"]).started_at = local(29, 9)  # the evening before over there
    page = read_tenant(landed.db, landed.ids["tenant"], landed.expo)
    found = landed.chain("tenants", "tenant")
    cards = {card.step: card for card in page.chain}
    steps = {
        ChainStep.PITCH: "pitch", ChainStep.DEAL: "deal", ChainStep.USE: "use", ChainStep.SETTLEMENT: "settlement",
        ChainStep.MOVED_IN: "tenant", ChainStep.LANDED: "tenant_landing",
    }  # fmt: skip
    assert set(cards) == set(ChainStep)
    assert cards[ChainStep.MEETING].is_missing
    for step, key in steps.items():
        (record,) = found[key].records
        assert (cards[step].record_id, cards[step].spec) == (record.id, record.spec)
        assert cards[step].on == (record.on.isoformat() if record.on else record.note)
    assert cards[ChainStep.PITCH].on == "2018-11-28"


def test_a_task_of_a_tenant_shows_the_same_chain(landed):
    with landed.db.transaction() as session:
        task = Task(
            expo_id=landed.expo, task_no="T-3", title="续租", tenant_id=landed.ids["tenant"], created_at=local(29)
        )
        session.add(task)
        session.flush()
        landed.ids["rent"] = task.id
    assert landed.titles("tasks", "rent") == landed.titles("tenants", "tenant")


def test_a_use_of_no_deal_stands_alone(landed):
    assert {
        key: [one.title for one in link.records] for key, link in landed.chain("voucher_uses", "alone").items()
    } == {"use": ["检测所"]}


def test_a_use_that_was_cancelled_and_a_tenant_that_never_came_are_marked(landed):
    with landed.db.transaction() as session:
        session.get_one(VoucherUse, landed.ids["use"]).state = UseState.CANCELLED
        session.execute(delete(TenantStep))
        session.get_one(Tenant, landed.ids["tenant"]).state = TenantState.SIGNED
    found = landed.chain("deals", "deal")
    assert found["use"].is_void
    assert not found["settlement"].is_there
    assert (found["tenant"].records[0].note, found["tenant"].is_there) == ("示范园 签约", False)
    assert "tenant_landing" not in found
