"""T1 to T10: every deal in one line of each, exact sums, one basis at a time, and a second reading that finds out."""

import random
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from factories import local, make_deal, make_expo, make_organisation
from sqlalchemy import delete, event, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from expo_app import i18n
from expo_app.documents.trade_tables import agreed, write_tables
from expo_app.errors import UserError
from expo_app.model import (
    Base,
    Deal,
    DealKind,
    DealParty,
    DealStage,
    Edition,
    EditionFigure,
    Entry,
    Expo,
    PlanSource,
    Registration,
    RegistryChoice,
    RegistryList,
)
from expo_app.rules import tech_contracts
from expo_app.services import records
from expo_app.services.region_groups import read_rule
from expo_app.services.statistics import trade_check, trade_tables
from expo_app.services.statistics.deals import COUNTED_BY, damaged_deals, deal_figures, unread_deals
from expo_app.services.statistics.scope import scope_of
from expo_app.services.statistics.trade_options import choices
from expo_app.services.statistics.trade_rows import read_rows
from expo_app.services.statistics.trade_tables import as_json, matrix_of, read_tables, trace_of
from expo_app.specs import DEALS
from expo_app.specs.trade_tables import UNKNOWN, Basis, Check, Line, Sums, Table, TableQuery

NOW = datetime(2018, 11, 29, 2, tzinfo=UTC)
PLACES = ("310114", "320505", "320583", "320585", "330302", "440305", "DE", None)
NATURES = (*tech_contracts.NATURES[:4], "")


@pytest.fixture
def expo(db):
    with db.transaction() as session:
        return make_expo(session).id


MADE = {}
"""Table → the rows of the market, once it was made: putting them in again takes a tenth of the time."""


@pytest.fixture
def market(db):
    """200 deals of every stage, kind, place and state, the same on every run."""
    if not MADE:
        made = _market(db)
        with db.reading() as session:
            MADE.update(
                {table: session.execute(select(table)).mappings().all() for table in Base.metadata.sorted_tables}
            )
        return made
    with db.transaction() as session:
        for table, rows in MADE.items():
            session.execute(delete(table))
            if rows:
                session.execute(insert(table), [dict(row) for row in rows])
    return MADE[Expo.__table__][0]["id"]


def _market(db):
    draw = random.Random(7)  # noqa: S311
    with db.transaction() as session:
        here = make_expo(session)
        bodies = [
            make_organisation(session, f"单位{n}", region_code=draw.choice(PLACES), nature=draw.choice(NATURES)).name
            for n in range(30)
        ]
        for _n in range(200):
            sellers, buyers = draw.sample(bodies, draw.choice((1, 1, 2))), draw.sample(bodies, draw.choice((1, 1, 3)))
            amount = draw.choice((None, Decimal(draw.randint(0, 5 * 10**9)).scaleb(-2)))
            stage = draw.choice(list(DealStage))
            make_deal(
                session, here, amount=amount,
                tech_amount=None if amount is None else draw.choice((None, amount, amount / 2 // 1)),
                sellers=sellers, buyers=[body for body in buyers if body not in sellers],
                kind=draw.choice((DealKind.TECH_CONTRACT,) * 3 + (DealKind.PURCHASE,)), stage=stage,
                entry=draw.choice((Entry.VALID,) * 5 + (Entry.CHECK, Entry.VOID)),
                contract_kind=draw.choice((*tech_contracts.kind_names(), "")),
                contract_subkind=draw.choice((*tech_contracts.subkind_names(), "")),
                tech_field=draw.choice((*tech_contracts.TECH_FIELDS, "")),
                ip_kind=draw.choice((*tech_contracts.IP_KINDS, "")),
                plan_source=draw.choice((*PlanSource, None)),
                social_goal=draw.choice(("乙类目标", "甲类目标", "", "县里自己的说法")),
                signed_on=draw.choice((None, *(date(2018, 11, day) for day in range(20, 31)))),
                registration=draw.choice(list(Registration)),
                registered_on=draw.choice((None, date(2018, 12, 3))),
                created_at=local(draw.randint(27, 30), draw.choice((0, 10, 23))),
            )  # fmt: skip
        return here.id


def tables_of(db, expo, **asked):
    return read_tables(db, TableQuery((expo,), **asked), NOW)


def added(lines):
    return (
        sum(line.sums.count for line in lines),
        sum((line.sums.amount for line in lines if line.sums.amount is not None), Decimal(0)),
        sum((line.sums.tech_amount for line in lines if line.sums.tech_amount is not None), Decimal(0)),
    )


def whole(sums):
    return sums.count, sums.amount or 0, sums.tech_amount or 0


def line_of(table: Table, key: str) -> Line:
    return next(line for line in table.lines if line.key == key)


ASKED = [
    {},
    {"basis": Basis.REGISTERED},
    {"basis": Basis.INTENDED},
    {"since": date(2018, 11, 25), "until": date(2018, 11, 28)},
    {"basis": Basis.INTENDED, "since": date(2018, 11, 28)},
    {"basis": Basis.INTENDED, "until": date(2018, 11, 28)},
    {"basis": Basis.REGISTERED, "since": date(2018, 12, 1)},
    {"region": "昆山"},
    {"region": "other"},
    {"region": ""},
    {"rolls_up": True},
    {"rolls_up": True, "region": "苏州", "until": date(2018, 11, 27)},
]


# --- sums -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_lines_add_up_to_the_total_and_the_raw_records_say_the_same(db, market, asked):
    found = tables_of(db, market, **asked)
    assert [table.no for table in found.tables] == [f"T{n}" for n in range(1, 11)]
    assert found.contracts > 0
    totals = {whole(table.total.sums) for table in found.tables if table.total}
    assert len(totals) == 1
    for table in found.tables[:9]:
        assert added(table.lines) == whole(table.total.sums), table.no
        ids = [key for line in table.lines for key in line.sums.ids]
        assert sorted(ids) == sorted(table.total.sums.ids)
        assert sum(line.share or 0 for line in table.lines).quantize(Decimal("1e-9")) == 1
        for line in table.lines:
            if line.parts:
                assert added(line.parts) == whole(line.sums)
    assert found.checks
    assert found.failing() == ()


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_flows_close(db, market, asked):
    found = tables_of(db, market, **asked)
    matrix = found.table("T7").matrix
    keys = [key for key, _label in matrix.regions]
    assert "other" in keys
    for key in keys:
        row = [matrix.cell(key, buyer) for buyer in keys]
        assert sum(sums.amount or 0 for sums in row) == (matrix.outputs[key].amount or 0)
        column = [matrix.cell(seller, key) for seller in keys]
        assert sum(sums.amount or 0 for sums in column) == (matrix.intakes[key].amount or 0)
    assert sum(matrix.net.values()) == 0
    assert whole(matrix.total) == whole(found.tables[0].total.sums)


def test_net_output_of_some_places_is_their_output_less_their_intake(db, market):
    matrix = tables_of(db, market).table("T7").matrix
    some = ("昆山", "太仓", "温州")
    outputs = sum(matrix.outputs[key].amount or 0 for key in some)
    intakes = sum(matrix.intakes[key].amount or 0 for key in some)
    assert outputs != intakes
    assert sum(matrix.net[key] for key in some) == outputs - intakes


def test_places_roll_up_to_their_city(db, market):
    apart = tables_of(db, market).table("T7").matrix
    rolled = tables_of(db, market, rolls_up=True).table("T7").matrix
    labels = [label for _key, label in rolled.regions]
    assert "昆山" not in labels
    assert "太仓" not in labels
    (city,) = (key for key, label in rolled.regions if label == "苏州")
    parts = [apart.outputs[key].amount or 0 for key, label in apart.regions if label in ("苏州市区", "昆山", "太仓")]
    assert rolled.outputs[city].amount == sum(parts)
    assert whole(rolled.total) == whole(apart.total)


# --- what a line holds ------------------------------------------------------------------------------------------------
def test_a_contract_of_several_bodies_counts_once_with_the_first(db, expo):
    with db.transaction() as session:
        here = session.get_one(Expo, expo)
        make_organisation(session, "院所", region_code="330302", nature="事业法人（科研机构）")
        make_organisation(session, "企业", region_code="310114", nature="内资企业")
        make_organisation(session, "买家", region_code="320583", nature="外商投资企业")
        make_deal(session, here, amount="100", sellers=("院所", "企业"), buyers=("买家",))
    found = tables_of(db, expo)
    assert [(line.key, line.sums.count) for line in found.table("T3").lines] == [("事业法人（科研机构）", 1)]
    assert [(line.key, line.sums.count) for line in found.table("T4").lines] == [("外商投资企业", 1)]
    assert found.table("T7").matrix.cell("温州", "昆山").amount == 100
    for notes in (found.notes, found.table("T7").notes):
        assert "1 份有几个卖方或买方，性质和地区按第一个计。" in notes
    assert found.failing() == ()


def test_the_contracts_own_word_for_a_nature_wins(db, expo):
    with db.transaction() as session:
        body = make_organisation(session, "院所", nature="事业法人（其他）")
        deal = make_deal(session, session.get_one(Expo, expo), amount="1", sellers=("院所",))
        own = update(DealParty).where(DealParty.organisation_id == body.id, DealParty.deal_id == deal.id)
        session.execute(own.values(nature="社团法人"))
    assert [line.key for line in tables_of(db, expo).table("T3").lines] == ["社团法人"]


def test_what_is_not_filled_in_has_a_line_of_its_own(db, expo):
    with db.transaction() as session:
        here = session.get_one(Expo, expo)
        make_deal(session, here, amount="100", tech_field="农业")
        make_deal(session, here, amount="50", tech_field="")
    table = tables_of(db, expo).table("T2")
    assert [(line.label, line.sums.amount) for line in table.lines] == [("农业", 100), ("未填", 50)]
    assert table.has_gaps
    assert line_of(table, UNKNOWN).share == Decimal(1) / 3


def test_lines_stand_as_the_office_has_its_words(db, expo):
    """A word the file added in its place, what no list has behind; the ledger's bar and its report alike."""
    own = [
        RegistryChoice(list=RegistryList.TECH_FIELD, position=1, name="量子信息"),
        RegistryChoice(list=RegistryList.KIND, position=1, name="技术托管"),
        RegistryChoice(list=RegistryList.KIND, name="技术开发", until=date(2030, 1, 1)),  # stays where it ships
        RegistryChoice(list=RegistryList.PLAN, position=1, name="计划外"),
        RegistryChoice(list=RegistryList.SOCIAL_GOAL, position=1, code="02", name="目标乙"),
        RegistryChoice(list=RegistryList.SOCIAL_GOAL, position=2, code="01", name="目标丙"),
    ]
    with db.transaction() as session:
        session.add_all(own)
        here = session.get_one(Expo, expo)
        for field, kind, plan, goal in (
            ("别处的说法", "技术服务", PlanSource.CITY, "目标甲"), ("农业", "技术托管", PlanSource.NONE, "目标丙"),
            ("量子信息", "技术开发", PlanSource.STATE, ""), ("电子信息", "技术转让", None, "目标乙"),
        ):  # fmt: skip
            words = {"tech_field": field, "contract_kind": kind, "plan_source": plan, "social_goal": goal}
            make_deal(session, here, amount="1", **words)
    found = tables_of(db, expo)
    assert [line.key for line in found.table("T2").lines] == ["电子信息", "量子信息", "农业", "别处的说法"]
    kinds = ["技术开发", "技术托管", "技术转让", "技术服务"]
    assert [line.key for line in found.table("T1").lines] == kinds
    assert [line.label for line in found.table("T6").lines] == ["计划外", "国家计划", "地市县计划", "未填"]
    assert [line.label for line in found.table("T9").lines] == ["目标乙", "目标丙", "目标甲", "未填"]
    assert [part.key for part in deal_figures(db, expo).contract_kinds] == kinds
    assert found.failing() == ()


def test_without_an_amount_a_contract_counts_and_is_not_0(db, expo):
    with db.transaction() as session:
        here = session.get_one(Expo, expo)
        make_deal(session, here, contract_kind="技术开发")
        make_deal(session, here, amount="6000000", contract_kind="技术服务")
    found = tables_of(db, expo)
    kinds = found.table("T1")
    assert (line_of(kinds, "技术开发").sums.count, line_of(kinds, "技术开发").sums.amount) == (1, None)
    sizes = found.table("T8")
    assert [(line.label, line.sums.count) for line in sizes.lines] == [("500 万至 1,000 万元（不含）", 1), ("未填", 1)]
    assert (sizes.mean, sizes.priced) == (6_000_000, 1)
    assert "1 份没有金额，计项数不计金额。" in found.notes


def test_patents_are_one_line_that_unfolds(db, expo):
    with db.transaction() as session:
        here = session.get_one(Expo, expo)
        for kind, amount in (("发明专利", "1"), ("实用新型", "2"), ("技术秘密", "4"), ("未涉及", "8"), ("", "16")):
            make_deal(session, here, amount=amount, ip_kind=kind)
    table = tables_of(db, expo).table("T5")
    assert [(line.label, line.sums.amount) for line in table.lines] == [
        ("专利", 3), ("技术秘密", 4), ("未涉及", 8), ("未填", 16),
    ]  # fmt: skip
    assert [part.label for part in table.lines[0].parts] == ["发明专利", "实用新型"]
    assert [(line.label, line.sums.amount) for line in table.extras] == [("涉及知识产权", 7), ("未涉及知识产权", 8)]


def test_where_contracts_flow(db, expo):
    pairs = [("310114", "310000"), ("310114", "320583"), ("330302", "DE"), ("JP", "320585"), ("DE", "JP"), (None, "DE")]
    with db.transaction() as session:
        here = session.get_one(Expo, expo)
        for seller, buyer in pairs:
            names = [make_organisation(session, region_code=code).name for code in (seller, buyer)]
            make_deal(session, here, amount="1", sellers=names[:1], buyers=names[1:])
    table = tables_of(db, expo).table("T7")
    assert [(line.key, line.sums.count) for line in table.lines] == [
        ("local", 1), ("outside", 1), ("export", 1), ("import", 1), ("between", 1), ("", 1),
    ]  # fmt: skip


def test_amounts_from_another_currency_count_in_yuan_and_are_named(db, expo):
    with db.transaction() as session:
        here = session.get_one(Expo, expo)
        make_deal(session, here, amount="700", currency="USD", foreign_amount=Decimal(100))
        make_deal(session, here, amount="1")
    found = tables_of(db, expo)
    assert found.tables[0].total.sums.amount == 701
    assert "成交额含外币折算 1 份。" in found.notes
    assert not any(found.failing(table.no) for table in found.tables)


def test_t10_tells_how_far_deals_came_and_adds_nothing(db, expo):
    with db.transaction() as session:
        here = session.get_one(Expo, expo)
        for stage, amount in zip(DealStage, ("1", "2", "4", "8", "16", "32"), strict=True):
            make_deal(session, here, amount=amount, stage=stage)
        make_deal(session, here, amount="64", stage=DealStage.SIGNED, kind=DealKind.INVESTMENT)
        make_deal(session, here, amount="128", stage=DealStage.LANDED, registration=Registration.REGISTERED)
    table = tables_of(db, expo).table("T10")
    assert table.total is None
    assert [(line.key, line.sums.count, line.sums.amount) for line in table.lines] == [
        ("intended", 1, 1), ("signed", 6, 2 + 4 + 8 + 16 + 64 + 128), ("registered", 2, 4 + 128),
        ("performed", 3, 8 + 16 + 128), ("terminated", 1, 32),
    ]  # fmt: skip
    assert sum(part.sums.count for part in line_of(table, "signed").parts) == 6


def test_drafts_void_and_samples_count_nowhere(db, expo):
    with db.transaction() as session:
        here = session.get_one(Expo, expo)
        for entry in (Entry.DRAFT, Entry.CHECK, Entry.VOID):
            make_deal(session, here, amount="1", entry=entry)
        make_deal(session, here, amount="1", is_sample=True)
        make_deal(session, here, amount="1", kind=DealKind.FRAMEWORK)
    found = tables_of(db, expo)
    assert found.contracts == 0
    assert line_of(found.table("T10"), "signed").sums.count == 1
    assert found.failing() == ()


def test_a_sample_expo_counts_all_of_its_own(db):
    with db.transaction() as session:
        expo = make_expo(session, is_sample=True)
        make_deal(session, expo, amount="1", is_sample=True)
        key = expo.id
    assert tables_of(db, key).contracts == 1


# --- what is asked ----------------------------------------------------------------------------------------------------
def test_a_period_goes_by_the_day_of_its_basis(db, expo):
    with db.transaction() as session:
        here = session.get_one(Expo, expo)
        make_deal(session, here, amount="1", signed_on=date(2018, 11, 28), registration=Registration.REGISTERED,
                  registered_on=date(2019, 1, 5))  # fmt: skip
        make_deal(session, here, amount="2", signed_on=None)
    in_november = tables_of(db, expo, since=date(2018, 11, 1), until=date(2018, 11, 30))
    assert in_november.contracts == 1
    assert "1 份没有日期，不在所选时期内。" in in_november.notes
    assert tables_of(db, expo, basis=Basis.REGISTERED, until=date(2018, 12, 31)).contracts == 0
    assert tables_of(db, expo, basis=Basis.REGISTERED, since=date(2019, 1, 1)).contracts == 1
    assert tables_of(db, expo).contracts == 2


def test_an_intention_without_a_day_is_of_the_day_it_was_noted(db, expo):
    with db.transaction() as session:
        make_deal(session, session.get_one(Expo, expo), amount="1", stage=DealStage.INTENT, signed_on=None,
                  created_at=local(29, 0, 30))  # fmt: skip
    asked = {"basis": Basis.INTENDED, "since": date(2018, 11, 29), "until": date(2018, 11, 29)}
    found = tables_of(db, expo, **asked)
    assert found.contracts == 1
    assert found.failing() == ()


def test_several_expos_are_one(db, expo):
    with db.transaction() as session:
        other = make_expo(session)
        make_deal(session, session.get_one(Expo, expo), amount="1")
        make_deal(session, other, amount="2")
        sample = make_expo(session, is_sample=True)
        keys = (expo, other.id, sample.id)
    found = read_tables(db, TableQuery(keys[:2]), NOW)
    assert found.tables[0].total.sums.amount == 3
    assert found.failing() == ()
    with pytest.raises(ValueError, match="sample"):
        read_tables(db, TableQuery(keys), NOW)


# --- compared ---------------------------------------------------------------------------------------------------------
def test_against_another_expo(db, expo):
    with db.transaction() as session:
        here = session.get_one(Expo, expo)
        last = make_expo(session, starts_on=date(2017, 11, 20), ends_on=date(2017, 11, 22))
        make_deal(session, here, amount="112.10", contract_kind="技术开发", signed_on=date(2018, 11, 28))
        make_deal(session, here, amount="5", contract_kind="技术咨询", signed_on=date(2018, 11, 28))
        make_deal(session, last, amount="100", contract_kind="技术开发", signed_on=date(2017, 11, 20))
        make_deal(session, last, amount="7", contract_kind="技术服务", signed_on=date(2017, 11, 20))
        make_deal(session, last, amount="900", contract_kind="技术开发", signed_on=date(2017, 11, 22))
        day, key = here.starts_on, last.id
    found = tables_of(db, expo, since=day, until=day, against=key)
    kinds = found.table("T1")
    assert line_of(kinds, "技术开发").change == Decimal("0.121")
    assert line_of(kinds, "技术咨询").was_nothing
    gone = line_of(kinds, "技术服务")
    assert (gone.sums.count, gone.before.amount, gone.change) == (0, 7, -1)
    assert kinds.total.before.amount == 107
    assert "对比的时期按各自开幕日平移。" in found.notes
    assert found.failing() == ()


def test_against_the_key_figures_of_an_edition(db, expo):
    with db.transaction() as session:
        here = session.get_one(Expo, expo)
        make_deal(session, here, amount="300", tech_amount=Decimal(150), stage=DealStage.SIGNED)
        edition = Edition(name="往届", edition_no=1)
        session.add(edition)
        session.flush()
        for figure, value, cumulative in (
            ("tech_amount", 100, False), ("signed", 2, False), ("signed_amount", 200, False), ("intended", 9, True)
        ):  # fmt: skip
            own = EditionFigure(edition_id=edition.id, figure=figure, value=Decimal(value), is_cumulative=cumulative)
            session.add(own)
        key = edition.id
    found = tables_of(db, expo, against=key)
    assert found.against == "往届"
    assert found.table("T1").total.change == Decimal("0.5")
    assert all(line.before is None for line in found.table("T1").lines)
    steps = found.table("T10")
    assert line_of(steps, "signed").change == Decimal("0.5")
    assert line_of(steps, "intended").before is None
    days = ({"since": date(2018, 11, 1)}, {"until": date(2019, 1, 1)})
    for narrow in (*days, {"region": ""}, {"basis": Basis.REGISTERED}):
        part = tables_of(db, expo, against=key, **narrow)
        assert part.against == "往届"
        assert {line.change_shown for table in part.tables for line in (*table.lines, table.total) if line} <= {"—"}
        assert "往届只有整届的签约数，缩小范围或换口径后不比。" in part.notes


def test_an_edition_is_called_by_its_number_and_the_record_of_this_one_is_not_offered(db, expo):
    from expo_app.areas.statistics_verb import _against

    with db.transaction() as session:
        day = session.get_one(Expo, expo).starts_on
        editions = [Edition(name="某展", edition_no=n, starts_on=on) for n, on in ((6, None), (16, None), (7, day))]
        session.add_all(editions)
        session.flush()
        sixth = editions[0].id
    known = choices(db, expo)
    assert [label for _key, label in known.against] == ["某展（第 16 届）", "某展（第 6 届）"]
    for name in ("第六届", "第6届", "某展（第 6 届）", str(sixth)):
        assert _against(known, name) == sixth
    for name in ("某展", "第七届"):
        with pytest.raises(UserError, match="可选：某展（第 16 届）、"):
            _against(known, name)


def test_a_sample_is_never_compared_with_a_real_expo(db, expo):
    with db.transaction() as session:
        sample, edition = make_expo(session, is_sample=True), Edition(name="示例届", edition_no=1, is_sample=True)
        session.add(edition)
        session.flush()
        keys = (sample.id, edition.id)
    for key in keys:
        with pytest.raises(ValueError, match="sample"):
            tables_of(db, expo, against=key)
        assert key not in dict(choices(db, expo).against)
    assert dict(choices(db, keys[0]).against) == {keys[1]: "示例届（第 1 届）"}


def test_a_change_is_of_what_was_there() -> None:
    line = Line("x", "x", Sums(2, Decimal(50)), before=Sums(1, Decimal(100)))
    assert line.change == Decimal("-0.5")
    assert Line("x", "x", Sums(0), before=Sums(0)).was_nothing is False
    assert Line("x", "x", Sums(1, Decimal(1)), before=Sums(1, None)).change is None
    assert Line("x", "x", Sums(1, Decimal(1))).change is None


# --- the second reading -----------------------------------------------------------------------------------------------
def again(db, tables):
    with db.reading() as session:
        return trade_check.check_tables(session, tables)


@pytest.mark.parametrize(
    ("change", "what", "words"),
    [
        ("amount = amount + 1200", "amount", "差 12.00 元"),
        ("tech_amount = tech_amount - 1", "tech_amount", "差 0.01 元"),
        ("entry = 'VOID'", "count", "差 1 项"),
    ],
)
def test_a_record_changed_between_the_two_readings_is_found(db, market, change, what, words):
    before = tables_of(db, market)
    with db.transaction() as session:
        deal = session.scalars(
            select(Deal).where(
                Deal.id.in_(before.tables[0].total.sums.ids), Deal.tech_amount > 0, Deal.tech_amount < Deal.amount
            )
        ).first()
        key = deal.id
        session.execute(text(f"UPDATE deal SET {change} WHERE deal_no = :no"), {"no": deal.deal_no})  # noqa: S608
    checks = [check for check in again(db, before) if not check.agrees]
    assert {check.table for check in checks} >= {f"T{n}" for n in range(1, 10)}
    assert words in {check.words for check in checks if check.measure == what}
    assert all(key in check.ids for check in checks if check.table == "T1")
    assert tables_of(db, market).failing() == ()


def test_a_word_changed_between_the_two_readings_is_found_in_its_table_alone(db, market):
    before = tables_of(db, market)
    line = next(line for line in before.table("T2").lines if line.key and line.sums.amount)
    with db.transaction() as session:
        session.execute(update(Deal).where(Deal.id == line.sums.ids[0]).values(tech_field="外星"))
    checks = [check for check in again(db, before) if not check.agrees]
    assert {check.table for check in checks} == {"T2"}
    assert {check.label for check in checks} >= {line.label, "外星"}


def test_nothing_is_written_while_a_sum_does_not_agree(db, market, tmp_path):
    before = tables_of(db, market)
    with db.transaction() as session:
        one = before.tables[0].total.sums.ids[0]
        session.execute(update(Deal).where(Deal.id == one).values(entry=Entry.VOID))
    doubtful = replace(before, checks=again(db, before))
    with pytest.raises(UserError, match="对不上") as refused:
        agreed(doubtful)
    assert refused.value.code == "E-SUMS"
    write_tables(db, before.query, tmp_path / "x.xlsx")
    assert (tmp_path / "x.xlsx").exists()


@pytest.mark.parametrize("column", COUNTED_BY)
def test_what_cannot_be_read_counts_nowhere_and_is_the_only_thing_red(db, market, column):
    if not db.is_sqlite:
        pytest.skip("a server refuses what is no number")
    before = tables_of(db, market)
    key = before.tables[0].total.sums.ids[0]
    with db.transaction() as session:
        try:
            session.execute(text(f"UPDATE deal SET {column} = :raw WHERE id = :id"), {"raw": b"\xff", "id": key.bytes})  # noqa: S608
        except IntegrityError:
            pytest.skip("a CHECK of the database's own does not let it in")
    found = tables_of(db, market)
    assert found.contracts == before.contracts - 1
    assert {check.ids for check in found.failing()} == {(key,)}


def test_deals_that_are_sound_are_not_read_one_by_one_to_see_it(db, market):
    told = []
    with db.reading() as session:
        scope = scope_of(session, market)
        event.listen(session.connection(), "before_cursor_execute", lambda *given: told.append(given[2]))
        assert (damaged_deals(session, scope), unread_deals(session, scope)) == ([], {})
    assert [("GROUP BY" in statement) for statement in told] == [True, True]


def test_a_damaged_amount_is_red_by_its_name(db, market, tmp_path):
    if not db.is_sqlite:
        pytest.skip("a server refuses what is no number")
    before = tables_of(db, market)
    key = before.tables[0].total.sums.ids[0]
    with db.transaction() as session:
        session.execute(text("UPDATE deal SET amount = 'viel' WHERE id = :id"), {"id": key.bytes})
    found = tables_of(db, market)
    assert found.contracts == before.contracts - 1
    (check,) = found.failing()
    number = records.get(db, DEALS, key)["deal_no"]
    assert (check.label, check.words, check.ids) == (f"{number} 的成交额读不出", "没有计入", (key,))
    assert found.failing("T1") == found.failing("T10") == (check,)
    told = as_json(db, market, found.at)
    assert (told["agrees"], told["differences"]) == (False, [f"{number} 的成交额读不出 没有计入"])
    with pytest.raises(UserError, match=number) as refused:
        write_tables(db, found.query, tmp_path / "x.xlsx")
    assert refused.value.code == "E-SUMS"


def test_an_amount_that_is_not_its_own_at_its_rate_is_red(db, expo):
    with db.transaction() as session:
        here = session.get_one(Expo, expo)
        own = {"currency": "USD", "foreign_amount": Decimal("100.01"), "rate": Decimal("7.05")}
        make_deal(session, here, amount="705.07", **own)
        wrong = make_deal(session, here, amount="705.06", **own)
        key, number = wrong.id, wrong.deal_no
    checks = tables_of(db, expo).failing()
    assert [(check.label, check.words, check.ids) for check in checks] == [
        (f"{number} 的外币折算", "差 0.01 元", (key,)),
    ]  # fmt: skip


def test_a_part_of_a_fen_is_a_difference_that_is_said() -> None:
    assert Check("T1", "合计", "amount", Decimal("1.005"), Decimal(1)).words == "差 0.005 元"
    assert Check("T1", "合计", "amount", Decimal(12), Decimal(2000)).words == "差 1,988.00 元"


# --- ways on ----------------------------------------------------------------------------------------------------------
def test_a_number_leads_to_its_deals(db, market):
    line = tables_of(db, market).table("T1").lines[0]
    assert records.traced(db, trace_of("T1", line.sums.ids)) == set(line.sums.ids)


def test_as_json_holds_what_the_tables_hold(db, market):
    found, plain = tables_of(db, market), as_json(db, market, NOW)
    assert plain["agrees"] is True
    assert [table["no"] for table in plain["tables"]] == [table.no for table in found.tables]
    total = found.tables[0].total.sums
    assert plain["tables"][0]["total"]["amount"] == f"{total.amount:.2f}"
    flows = plain["tables"][6]["matrix"]
    assert sum(Decimal(region["net_output"]) for region in flows["regions"]) == 0
    assert sum(Decimal(flow["amount"] or 0) for flow in flows["flows"]) == total.amount


def test_in_english(db, market):
    i18n.set_language("en")
    found = tables_of(db, market)
    assert found.table("T7").title == "Flow"
    assert "Signed" in found.filters


def test_without_groups_the_matrix_is_of_the_provinces_there_are(db):
    with db.transaction() as session:
        expo = make_expo(session, groups=())
        names = [make_organisation(session, region_code=code).name for code in ("440305", "510104")]
        make_deal(session, expo, amount="1", sellers=names[:1], buyers=names[1:])
        key = expo.id
    with db.reading() as session:
        rule, rows = read_rule(session, key), read_rows(session, [scope_of(session, key)])
    labels = [label for _key, label in matrix_of(rows, rule).regions]
    assert labels == ["广东", "四川", "其他"]


def test_the_same_days_of_another_opening() -> None:
    query = TableQuery((uuid.uuid4(),), since=date(2018, 11, 28))
    assert trade_tables.shifted(query, -365).since == date(2017, 11, 28)
    assert trade_tables.shifted(query, -365).until is None
