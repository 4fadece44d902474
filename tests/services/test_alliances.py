"""Alliances: one role at a time, numbers, who belongs on a day and where, agreements of their own and of deals."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from expo_app.errors import Conflict, InvalidRecord
from expo_app.exchange import excel
from expo_app.model import (
    AgreementParty,
    AllianceMember,
    Deal,
    DealKind,
    DealParty,
    DealStage,
    Entry,
    Expo,
    MemberRole,
    Organisation,
    PartyRole,
    PlatformState,
    Role,
    SharingEvent,
    SharingEventState,
    Vocabulary,
    Word,
)
from expo_app.services import alliance_acts, alliance_report, alliances, import_review, imports, merging, records
from expo_app.specs import SPECS, ImportPlan, Outcome
from expo_app.specs.alliances import PARTIES, Signature
from expo_app.specs.choices import Choices
from expo_app.specs.merging import Pair
from expo_app.store.database import Actor, Database
from tests.factories import (
    local,
    make_attendee,
    make_deal,
    make_expo,
    make_gate,
    make_item,
    make_organisation,
    make_room,
    make_scan,
)
from tests.lists import plan_of

CIRCLE = "江汉技术圈"
FOUNDER, COUNCIL, MEMBER = MemberRole.FOUNDER, MemberRole.COUNCIL, MemberRole.MEMBER


@dataclass(frozen=True)
class World:
    """A real expo without groups of its own, and one alliance."""

    db: Database
    expo: uuid.UUID
    alliance: uuid.UUID

    def save(self, name: str, key: uuid.UUID | None = None, /, **values: Any) -> uuid.UUID:
        return records.save(self.db, SPECS[name], values, key, expo_id=self.expo)

    def member(self, body: str, role: MemberRole = MEMBER, since: str = "2018-11", **more: Any) -> uuid.UUID:
        return self.save("members", alliance_id=CIRCLE, organisation_id=body, role=role, since=since, **more)

    def seen(self, day: date = date(2021, 6, 8)) -> alliances.AllianceSeen:
        return alliances.read_alliance(self.db, self.expo, self.alliance, day)

    def one(self, query: Any) -> Any:
        with self.db.reading() as session:
            return session.scalar(query)

    def plan(self, kind: str, path: Path, *rows: str) -> ImportPlan:
        path.write_text("\n".join(rows) + "\n", "utf-8")
        spec = SPECS[kind]
        plan = plan_of(spec, path, imports.state(self.db, spec, self.expo))
        return import_review.review(self.db, plan, self.expo)


@pytest.fixture
def world(db: Database) -> World:
    db.actor = Actor("周敏", Role.ADMIN)
    with db.transaction() as session:
        expo = make_expo(session, groups=(), is_sample=False)
        for name, code in (("甲中心", "420100"), ("乙中心", "430100"), ("丙公司", "DE"), ("丁公司", None)):
            make_organisation(session, name, region_code=code)
        key = expo.id
    values = {"name": CIRCLE, "kind": "创新圈", "founded": "2018年11月"}
    return World(db, key, records.save(db, SPECS["alliances"], values, expo_id=key))


# --- members ----------------------------------------------------------------------------------------------------------
def test_a_body_has_one_role_at_a_time(world: World) -> None:
    first = world.member("甲中心", FOUNDER)
    with pytest.raises(InvalidRecord) as refused:
        world.member("甲中心", COUNCIL, "2020")
    assert "2018-11" in refused.value.problems["since"]
    world.save("members", first, until="2019-12")
    world.member("甲中心", COUNCIL, "2019-12")
    assert [line.role for line in world.seen(date(2019, 6, 1)).members] == [FOUNDER]
    assert [line.role for line in world.seen(date(2021, 6, 1)).members] == [COUNCIL]
    with pytest.raises(InvalidRecord):
        world.save("members", first, until="2020-05")


def test_leaving_ends_the_span_and_not_before_it_began(world: World) -> None:
    key = world.member("甲中心")
    with pytest.raises(InvalidRecord) as refused:
        world.save("members", key, until="2018-10")
    assert set(refused.value.problems) == {"until"}
    world.save("members", key, until="2020-06")
    assert world.seen(date(2020, 6, 30)).members
    assert not world.seen(date(2020, 7, 1)).members
    assert not world.seen(date(2018, 10, 31)).members


def test_numbers_count_by_alliance_and_stay_with_the_body(world: World) -> None:
    world.save("alliances", name="另一联盟")
    first = world.member("甲中心", until="2019-12")
    world.member("乙中心")
    world.member("甲中心", COUNCIL, "2020")
    world.save("members", alliance_id="另一联盟", organisation_id="乙中心")
    with world.db.reading() as session:
        rows = session.execute(select(AllianceMember.certificate_no).order_by(AllianceMember.id))
        assert [number for (number,) in rows] == ["001", "002", "001", "001"]
    world.save("members", first, certificate_no="009")
    world.member("丙公司")
    assert [line.certificate_no for line in world.seen().members if line.name == "丙公司"] == ["010"]


def test_a_number_belongs_to_one_body_and_is_made_anew_in_another_alliance(world: World) -> None:
    world.save("alliances", name="另一联盟")
    world.member("甲中心")
    second = world.member("乙中心")
    with pytest.raises(InvalidRecord, match="001"):
        world.save("members", second, certificate_no="001")
    with pytest.raises(InvalidRecord, match="001"):
        world.member("丙公司", certificate_no="001")
    world.save("members", alliance_id="另一联盟", organisation_id="丙公司")
    world.save("members", second, alliance_id="另一联盟")
    with world.db.reading() as session:
        query = select(AllianceMember.certificate_no).where(AllianceMember.id == second)
        assert session.scalar(query) == "002"


def test_rows_of_a_file_are_told_apart_by_day(world: World, tmp_path: Path) -> None:
    world.member("甲中心", FOUNDER)
    head = "联盟,成员单位,角色,加入,退出"
    plan = world.plan(
        "members", tmp_path / "m.csv", head,
        f"{CIRCLE},甲中心,理事,2020,", f"{CIRCLE},乙中心,会员,2018,2019", f"{CIRCLE},乙中心,理事,2020,",
        f"{CIRCLE},乙中心,会员,2021-05,",
    )  # fmt: skip
    assert [row.outcome for row in plan.rows] == [Outcome.INVALID, Outcome.NEW, Outcome.NEW, Outcome.INVALID]
    assert "这一行没有写入" in str(plan.rows[0].problems)
    imports.apply(world.db, plan, world.expo)
    assert [(line.name, line.role) for line in world.seen().members] == [("甲中心", FOUNDER), ("乙中心", COUNCIL)]


def test_two_members_of_one_time_are_not_made_one(world: World) -> None:
    world.member("甲中心")
    theirs = world.member("乙中心")
    keep, other = (world.one(select(Organisation.id).where(Organisation.name == name)) for name in ("甲中心", "乙中心"))
    with pytest.raises(Conflict, match=CIRCLE):
        merging.merge(world.db, Pair("organisations", keep, other))
    world.save("members", theirs, since="2010", until="2011")
    merging.merge(world.db, Pair("organisations", keep, other))
    with world.db.reading() as session:
        assert set(session.scalars(select(AllianceMember.organisation_id))) == {keep}


def test_members_by_role_and_region(world: World) -> None:
    world.member("甲中心", FOUNDER)
    world.member("乙中心", FOUNDER)
    world.member("丙公司")
    world.member("丁公司")
    matrix = world.seen().matrix
    assert [label for _key, label in matrix.columns] == ["湖北", "湖南", "境外", "未填"]
    assert len(matrix.ids(FOUNDER, None)) == 2
    assert len(matrix.ids(None, "境外")) == 1
    assert len(matrix.ids(None, None)) == 4
    assert matrix.most == 1


def test_a_body_in_two_alliances_counts_once(world: World) -> None:
    world.save("alliances", name="另一联盟")
    world.member("甲中心")
    world.save("members", alliance_id="另一联盟", organisation_id="甲中心")
    board = alliances.read_board(world.db, world.expo)
    assert [body.members for body in board.bodies] == [1, 1]
    assert board.members == 1


def test_samples_are_shown_and_not_counted_in_a_real_expo(world: World) -> None:
    key = world.member("甲中心")
    with world.db.transaction() as session:
        session.get_one(AllianceMember, key).is_sample = True
    board = alliances.read_board(world.db, world.expo)
    assert (board.members, board.bodies[0].members, board.bodies[0].has_samples) == (0, 0, True)
    assert [line.name for line in world.seen().members] == ["甲中心"]
    assert world.seen().matrix.ids(None, None) == ()


def test_an_alliance_without_members(world: World) -> None:
    seen = world.seen()
    assert (seen.members, seen.platforms, seen.events) == ((), (), ())
    assert seen.matrix.ids(None, None) == ()
    records.delete(world.db, SPECS["alliances"], [world.alliance])
    with pytest.raises(Conflict):
        world.seen()


# --- platforms --------------------------------------------------------------------------------------------------------
def test_a_platform_dates_its_steps_and_stalls(world: World) -> None:
    world.db.clock = lambda: datetime(2019, 1, 1, 4, tzinfo=UTC)
    key = world.save("platforms", alliance_id=CIRCLE, title="研究院")
    line = world.seen(date(2019, 6, 30)).platforms[0]
    assert (line.state, line.since, line.is_stalled) == (PlatformState.PLANNED, date(2019, 1, 1), False)
    assert line.kind == ""
    assert world.seen(date(2019, 7, 1)).platforms[0].is_stalled
    world.save("platforms", key, state=PlatformState.AGREED, state_since="2018-12-20")
    assert world.seen(date(2019, 7, 1)).platforms[0].since == date(2018, 12, 20)
    world.save("platforms", key, state=PlatformState.BUILDING)
    assert world.seen(date(2019, 6, 1)).platforms[0].since == date(2019, 1, 1)


# --- agreements -------------------------------------------------------------------------------------------------------
def test_parties_stand_in_the_order_of_the_text_each_with_its_signature(world: World) -> None:
    text = "丁公司；已签；2021-05；王某\n甲中心\n乙中心；待签"
    world.save("agreements", title="合作机制", parties=text, alliance_id=CIRCLE)
    (line,) = alliances.read_board(world.db, world.expo).agreements
    assert [(p.name, p.is_signed, p.signed, p.signer) for p in line.parties] == [
        ("丁公司", True, "2021-05", "王某"), ("甲中心", False, "", ""), ("乙中心", False, "", ""),
    ]  # fmt: skip
    assert (line.signatures, line.is_whole, line.amount) == (1, False, None)


def test_parties_may_be_names_alone_and_are_made_where_unknown(world: World, tmp_path: Path) -> None:
    plan = world.plan("agreements", tmp_path / "a.csv", "协议名称,签约方,金额（万元）", "甲乙协议,甲中心、新单位,12.5")
    imports.apply(world.db, plan, world.expo)
    (line,) = alliances.read_board(world.db, world.expo).agreements
    assert [party.name for party in line.parties] == ["甲中心", "新单位"]
    assert line.amount == Decimal("125000.00")
    assert (
        world.plan("agreements", tmp_path / "a.csv", "协议名称,签约方", "甲乙协议,甲中心、新单位").rows[0].outcome
        is Outcome.SAME
    )


@pytest.mark.parametrize(
    "parties", ["甲区、乙市、丙县", "甲区；乙市；丙县", "甲区;乙市\n丙县", "甲区，乙市\n丙县；；；"]
)
def test_names_of_parties_are_told_apart_by_any_mark(parties: str) -> None:
    rows = PARTIES.rows(PARTIES.read(parties, UTC))
    assert [(row["organisation"], row["state"]) for row in rows] == [
        (n, Signature.OPEN) for n in ("甲区", "乙市", "丙县")
    ]


def test_what_was_meant_as_a_state_names_no_party() -> None:
    with pytest.raises(ValueError, match="已签署了"):
        PARTIES.read("甲区；已签署了；2021-06-08", UTC)


def test_parties_may_have_a_column_each(world: World, tmp_path: Path) -> None:
    rows = ("三方协议,甲区,乙市,丙县,", "两方协议,甲区,乙市,,")
    plan = world.plan("agreements", tmp_path / "a.csv", "协议名称,甲方,乙方,丙方,金额（万元）", *rows)
    imports.apply(world.db, plan, world.expo)
    told = {a.title: [p.name for p in a.parties] for a in alliances.read_board(world.db, world.expo).agreements}
    assert told == {"三方协议": ["甲区", "乙市", "丙县"], "两方协议": ["甲区", "乙市"]}


def test_the_template_of_agreements_shows_how_parties_are_written() -> None:
    text = excel.example(SPECS["agreements"].field("parties"))
    assert text
    assert len(PARTIES.rows(PARTIES.read(text, UTC))) == 3


def test_a_government_that_a_party_makes_is_none_of_the_enterprises(world: World) -> None:
    with world.db.transaction() as session:
        for key in ("enterprise", "government"):
            session.add(Word(vocabulary=Vocabulary.ORGANISATION_KIND, key=key, name=key))
    world.save("agreements", title="两方协议", parties="甲区人民政府、新材料公司")
    kinds = select(Organisation.name, Word.key).join(Word, Word.id == Organisation.kind_id)
    with world.db.reading() as session:
        found = dict(session.execute(kinds.where(Organisation.name.in_(("甲区人民政府", "新材料公司")))).all())
    assert found == {"甲区人民政府": "government", "新材料公司": "enterprise"}


def test_a_city_abroad_is_read_as_its_country_and_said_so(world: World, tmp_path: Path) -> None:
    rows = world.plan("organisations", tmp_path / "o.csv", "单位名称,地区", "湄公研究所,泰国曼谷", "泰中心,泰国").rows
    assert [row.values["region_code"] for row in rows] == ["TH", "TH"]
    assert "按泰国读" in str(rows[0].notes)
    assert not rows[1].notes


def test_one_party_is_not_written_twice(world: World) -> None:
    with pytest.raises(InvalidRecord) as refused:
        world.save("agreements", title="合作机制", parties="甲中心\n甲中心")
    assert set(refused.value.problems) == {"parties"}


def _framework(world: World, stage: DealStage = DealStage.SIGNED) -> uuid.UUID:
    with world.db.transaction() as session:
        expo = session.get_one(Expo, world.expo)
        deal = make_deal(session, expo, "战略合作", "3000000", kind=DealKind.FRAMEWORK, stage=stage, entry=Entry.VALID,
                         signed_on=date(2018, 11, 28))  # fmt: skip
        session.query(DealParty).filter(DealParty.deal_id == deal.id).delete()
        for n, name in enumerate(("乙中心", "甲中心")):
            body = session.scalars(select(Organisation.id).where(Organisation.name == name)).one()
            session.add(
                DealParty(deal_id=deal.id, organisation_id=body, role=PartyRole.PARTY, position=n, signer="李某")
            )
        return deal.id


def test_an_agreement_that_is_a_deal_says_what_the_deal_says(world: World) -> None:
    deal = _framework(world)
    assert [offer.title for offer in alliance_acts.deals_offered(world.db, world.expo)] == ["战略合作"]
    key = alliance_acts.agree_as_deal(world.db, world.expo, deal)
    assert alliance_acts.deals_offered(world.db, world.expo) == ()
    (line,) = alliances.read_board(world.db, world.expo).agreements
    assert line.deal is not None
    assert line.deal[1] == deal
    assert [(p.name, p.is_signed, p.signed, p.signer) for p in line.parties] == [
        ("乙中心", True, "2018-11-28", "李某"), ("甲中心", True, "2018-11-28", "李某"),
    ]  # fmt: skip
    assert (line.signed, line.amount) == ("2018-11-28", Decimal("3000000.00"))
    with world.db.reading() as session:
        values = records.values_of(session, SPECS["agreements"], key, masked=False)
    assert values["parties"] == "乙中心；SIGNED；2018-11-28；李某\n甲中心；SIGNED；2018-11-28；李某"
    assert (values["signed"], values["amount"]) == ("2018-11-28", Decimal("3000000.00"))
    for name, value in (("parties", "甲中心"), ("signed", "2019"), ("amount", "1")):
        with pytest.raises(InvalidRecord, match="成交台账"):
            world.save("agreements", key, **{name: value})
    world.save("agreements", key, alliance_id=CIRCLE)
    with pytest.raises(Conflict):
        alliance_acts.agree_as_deal(world.db, world.expo, deal)
    assert alliance_acts.agreement_of(world.db, deal) == key
    assert world.one(select(AgreementParty.id)) is None


def test_a_deal_that_is_not_signed_yet_is_open_in_its_agreement(world: World) -> None:
    alliance_acts.agree_as_deal(world.db, world.expo, _framework(world, DealStage.INTENT))
    (line,) = alliances.read_board(world.db, world.expo).agreements
    assert (line.signatures, line.is_whole) == (0, False)


# --- events -----------------------------------------------------------------------------------------------------------
def test_an_event_stands_in_the_programme(world: World) -> None:
    with world.db.transaction() as session:
        event = SharingEvent(alliance_id=world.alliance, title="对接会", on_day="2018-11-28", attended=7)
        session.add(event)
        session.flush()
        key = event.id
    values = {"title": "对接会", "starts_at": "2018-11-28 09:00", "minutes": 60}
    with pytest.raises(InvalidRecord):
        alliance_acts.put_in_programme(world.db, world.expo, key, {**values, "ends_at": "2018-11-28 08:00"})
    with pytest.raises(InvalidRecord, match="活动在 2018-11-28") as refused:
        alliance_acts.put_in_programme(world.db, world.expo, key, {**values, "starts_at": "2018-11-29 09:00"})
    assert set(refused.value.problems) == {"starts_at"}
    item = alliance_acts.put_in_programme(world.db, world.expo, key, values)
    assert world.seen().events[0].programme_item_id == item
    assert world.seen().events[0].attended == 7
    with pytest.raises(Conflict):
        alliance_acts.put_in_programme(world.db, world.expo, key, values)


def test_an_agreement_of_a_list_names_the_deal_that_it_is(world: World, tmp_path: Path) -> None:
    number = world.one(select(Deal.deal_no).where(Deal.id == _framework(world)))
    plan = world.plan("agreements", tmp_path / "a.csv", "协议名称,成交编号", f"战略协议,{number}")
    imports.apply(world.db, plan, world.expo)
    (line,) = alliances.read_board(world.db, world.expo).agreements
    assert [party.name for party in line.parties] == ["乙中心", "甲中心"]
    with pytest.raises(InvalidRecord) as refused:
        world.save("agreements", title="再来一份", deal_id=number)
    assert set(refused.value.problems) == {"deal_id"}
    with pytest.raises(InvalidRecord) as refused:
        world.save("agreements", line.id, parties="甲中心", amount="5")
    assert "parties" in refused.value.problems


def test_a_row_that_changes_what_the_deal_says_is_refused_alone(world: World, tmp_path: Path) -> None:
    alliance_acts.agree_as_deal(world.db, world.expo, _framework(world))
    path = tmp_path / "a.csv"
    path.write_text("协议名称,签署日期\n战略合作,2019-05\n另一份,\n", "utf-8")
    spec = SPECS["agreements"]
    plan = plan_of(spec, path, imports.state(world.db, spec, world.expo), Choices(update=True))
    plan = import_review.review(world.db, plan, world.expo)
    assert [row.outcome for row in plan.rows] == [Outcome.INVALID, Outcome.NEW]
    assert "成交台账" in str(plan.rows[0].problems)
    imports.apply(world.db, plan, world.expo)


def test_an_agreement_that_becomes_a_deal_leaves_what_it_said_itself(world: World) -> None:
    number = world.one(select(Deal.deal_no).where(Deal.id == _framework(world)))
    key = world.save("agreements", title="战略协议", parties="甲中心；已签\n乙中心", signed="2018-11")
    world.save("agreements", key, deal_id=number)
    assert world.one(select(AgreementParty.id)) is None
    assert alliances.read_board(world.db, world.expo).agreements[0].signed == "2018-11-28"


def test_who_came_is_what_the_programme_counted(world: World) -> None:
    with world.db.transaction() as session:
        expo = session.get_one(Expo, world.expo)
        room = make_room(session, expo)
        item = make_item(session, expo, "对接会", room_id=room.id, starts_at=local(28, 9), ends_at=local(28, 11))
        gate = make_gate(session, expo, room=room)
        for n in range(3):
            make_scan(session, gate, make_attendee(session, expo, f"来人{n}"), local(28, 9, n))
        own = {"alliance_id": world.alliance, "title": "对接会", "on_day": "2018-11-28"}
        session.add(SharingEvent(**own, programme_item_id=item.id))
    assert world.seen().events[0].attended == 3


def test_an_event_of_another_time_stands_in_no_programme(world: World) -> None:
    key = world.save("sharing_events", alliance_id=CIRCLE, title="对接会", on_day="2018-03-03")
    for starts_at in ("2018-03-03 09:00", "2018-11-28 09:00"):
        values = {"title": "对接会", "starts_at": starts_at, "minutes": 60}
        with pytest.raises(InvalidRecord, match="展会在 2018-11-28"):
            alliance_acts.put_in_programme(world.db, world.expo, key, values)


# --- what may not be --------------------------------------------------------------------------------------------------
def test_a_list_is_judged_by_what_there_is_when_it_is_written(world: World, tmp_path: Path) -> None:
    plan = world.plan("members", tmp_path / "m.csv", "联盟,成员单位,角色,加入", f"{CIRCLE},甲中心,理事,2020")
    world.member("甲中心", FOUNDER)
    with pytest.raises(imports.RowRefused):
        imports.apply(world.db, plan, world.expo)
    assert len(world.seen().members) == 1


def test_nothing_agreed_in_money_is_no_amount_and_not_0(world: World) -> None:
    with pytest.raises(InvalidRecord, match="留空") as refused:
        world.save("agreements", title="合作机制", amount="0")
    assert set(refused.value.problems) == {"amount"}


def test_an_index_is_above_0(world: World) -> None:
    with pytest.raises(InvalidRecord) as refused:
        world.save("index_points", series="某指数", year=2020, value="0")
    assert set(refused.value.problems) == {"value"}


def test_more_that_came_than_registered_is_remarked(world: World, tmp_path: Path) -> None:
    head = "活动名称,联盟,日期,状态,报名,到场"
    rows = world.plan("sharing_events", tmp_path / "e.csv", head, f"对接会,{CIRCLE},2018-11-28,已办,40,60").rows
    assert "多于报名" in str(rows[0].notes)


def test_who_has_not_signed_has_no_day_of_it(world: World) -> None:
    with pytest.raises(InvalidRecord, match="待签") as refused:
        world.save("agreements", title="合作机制", parties="甲中心；待签；2021-05")
    assert set(refused.value.problems) == {"parties"}


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"signed": "2021-03"}, "parties", "至少有两个签约方"),
        ({"signed": "2021-03", "parties": "甲中心"}, "parties", "至少有两个签约方，这里有 1 个"),
        ({"parties": "甲中心；已签；2021-03"}, "parties", "至少有两个签约方"),
        ({"parties": "甲中心、乙中心、甲中心"}, "parties", "“甲中心”写了两遍"),
        ({"parties": "甲中心；已签\n—；待签"}, "parties", "第 2 行：缺签约方"),
        ({"parties": "甲中心；已签；2099-01-01\n乙中心"}, "parties", "2099-01-01 还没有到"),
    ],
)  # fmt: skip
def test_an_agreement_is_signed_by_two_that_are_named(world: World, given: Any, field: str, words: str) -> None:
    with pytest.raises(InvalidRecord, match=words) as refused:
        world.save("agreements", title="合作机制", **given)
    assert set(refused.value.problems) == {field}


def test_an_agreement_of_one_party_is_not_signed_later(world: World, tmp_path: Path) -> None:
    key = world.save("agreements", title="合作机制", parties="甲中心")
    for given in ({"signed": "2021-03"}, {"parties": "甲中心；已签"}):
        with pytest.raises(InvalidRecord, match="至少有两个签约方"):
            world.save("agreements", key, **given)
    head = "协议名称,签约方,签署日期"
    lines = ("甲,甲中心,2021-03", "乙,甲中心、乙中心,2021-03")
    (one, two) = world.plan("agreements", tmp_path / "a.csv", head, *lines).rows
    assert (one.outcome, two.outcome) == (Outcome.INVALID, Outcome.NEW)
    world.save("agreements", key, parties="甲中心；已签\n乙中心", signed="2021-03")


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        ("alliances", {"name": "以后的圈", "founded": "2099"}, "founded"),
        ("sharing_events", {"title": "会", "alliance_id": CIRCLE, "on_day": "2099-01", "state": "HELD"}, "on_day"),
        ("sharing_events", {"title": "会", "alliance_id": CIRCLE, "on_day": "2099-01"}, "on_day"),
    ],
)  # fmt: skip
def test_nothing_is_done_on_a_day_to_come(world: World, kind: str, given: Any, field: str) -> None:
    with pytest.raises(InvalidRecord, match="还没有到") as refused:
        world.save(kind, **given)
    assert set(refused.value.problems) == {field}
    if kind == "sharing_events":
        world.save(kind, **given | {"state": "PLANNED"})


def test_a_report_of_a_day_tells_of_what_was_founded_by_then(world: World) -> None:
    world.save("alliances", name="后来的圈", founded="2021-03")
    now = world.db.now()
    told = {
        day.year: {year.seen.body.name for year in alliance_report.read(world.db, world.expo, now, day).years}
        for day in (date(2020, 12, 31), date(2021, 12, 31))
    }
    assert told == {2020: {CIRCLE}, 2021: {CIRCLE, "后来的圈"}}


def test_only_a_framework_agreement_that_holds_becomes_an_agreement(world: World) -> None:
    deal = _framework(world)
    for values in ({"entry": Entry.VOID}, {"entry": Entry.VALID, "kind": DealKind.TECH_CONTRACT}):
        with world.db.transaction() as session:
            session.query(Deal).filter(Deal.id == deal).update(values)
        with pytest.raises(Conflict):
            alliance_acts.agree_as_deal(world.db, world.expo, deal)
    assert alliances.read_board(world.db, world.expo).agreements == ()


def test_an_agreement_of_a_deal_names_its_alliance_and_itself(world: World) -> None:
    deal = _framework(world)
    with pytest.raises(Conflict):
        alliance_acts.agree_as_deal(world.db, world.expo, deal, uuid.uuid4())
    world.save("agreements", title="战略合作", parties="甲中心")
    alliance_acts.agree_as_deal(world.db, world.expo, deal)
    dealt = next(line for line in alliances.read_board(world.db, world.expo).agreements if line.deal)
    assert dealt.deal is not None
    assert dealt.title == f"战略合作（{dealt.deal[2]}）"


def test_an_agreement_whose_deal_is_void_is_shown_and_not_counted(world: World) -> None:
    deal = _framework(world)
    key = alliance_acts.agree_as_deal(world.db, world.expo, deal)
    with world.db.transaction() as session:
        session.get_one(Deal, deal).entry = Entry.VOID
    board = alliances.read_board(world.db, world.expo)
    assert (board.agreed, board.agreements[0].is_void, board.agreements[0].amount) == (0, True, None)
    with world.db.reading() as session:
        assert records.values_of(session, SPECS["agreements"], key, masked=False)["amount"] is None


def test_a_body_tells_of_the_events_that_were_held(world: World) -> None:
    with world.db.transaction() as session:
        for title, state in (("已办的", SharingEventState.HELD), ("取消的", SharingEventState.CANCELLED)):
            session.add(SharingEvent(alliance_id=world.alliance, title=title, on_day="2018-11-28", state=state))
    assert world.seen().body.events == 1


def test_bodies_stand_in_the_order_they_were_founded(world: World) -> None:
    for name, founded in (("某日", "2018-11-28"), ("不知", ""), ("早年", "2017")):
        world.save("alliances", name=name, founded=founded)
    bodies = alliances.read_board(world.db, world.expo).bodies
    assert [body.name for body in bodies] == ["早年", "某日", CIRCLE, "不知"]
