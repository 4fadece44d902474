"""The floor: what is read, who gets a booth, taking it back, moving booths, making rows of them."""

import threading
import uuid
from decimal import Decimal

import pytest
from sqlalchemy import event, func, select

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import (
    Audit,
    Booth,
    BoothState,
    Colour,
    DealStage,
    Entry,
    ExhibitorKind,
    ExhibitorState,
    Expo,
    FeatureKind,
    HallFeature,
    Role,
)
from expo_app.model.base import new_id
from expo_app.rules.terms import Term
from expo_app.services import exhibitors, floor, record_writer, records, steps
from expo_app.services.floor import Rows
from expo_app.specs import BOOTHS, EXHIBITORS, HALLS
from expo_app.specs.floor_plan import sector
from expo_app.store.database import Actor, Database
from tests.factories import (
    local,
    make_attendee,
    make_badge,
    make_booth,
    make_deal,
    make_exhibitor,
    make_expo,
    make_hall,
    make_organisation,
    make_room,
    make_zone,
)


class Floor:
    """嘉芯 stands in A-001, 氢能 in A-002; A-003 is free, A-004 held; 光电 has no booth."""

    def __init__(self, db: Database) -> None:
        self.db = db
        with db.transaction() as session:
            expo = make_expo(session)
            self.expo_id = expo.id
            self.hall_id = make_hall(session, expo, width=60.0, depth=40.0).id
            self.zone_id = make_zone(session, expo, "A", name="嘉定展区", x=1.0, y=2.0).id
            chips = make_exhibitor(session, expo, "嘉芯", region_code="310114", industry="it")
            power = make_exhibitor(session, expo, "氢能", state=ExhibitorState.ARRIVED)
            light = make_exhibitor(session, expo, "光电")
            self.chips, self.power, self.light = chips.id, power.id, light.id
            self.organisation_id = chips.organisation_id
            self.one = make_booth(session, expo, "A-001", chips, x=1.0, y=5.0).id
            self.two = make_booth(session, expo, "A-002", power, x=4.0, y=5.0).id
            self.free = make_booth(session, expo, "A-003", x=7.0, y=5.0, area=Decimal(36)).id
            self.held = make_booth(session, expo, "A-004", state=BoothState.HELD, x=10.0, y=5.0).id

    @property
    def plan(self) -> floor.Plan:
        return floor.plan(self.db, self.expo_id)

    def standing(self, booth_id: uuid.UUID) -> tuple[uuid.UUID | None, BoothState]:
        with self.db.reading() as session:
            booth = session.get_one(Booth, booth_id)
            return booth.exhibitor_id, booth.state

    def history(self, booth_id: uuid.UUID) -> list[str]:
        return [name for _at, name, _operator in floor.history(self.db, booth_id)]


@pytest.fixture
def hall(db: Database) -> Floor:
    return Floor(db)


# --- reading ---


def test_the_plan_holds_halls_zones_booths_and_who_waits(hall: Floor) -> None:
    (found,) = hall.plan.halls
    assert (found.name, found.width, found.depth) == ("1 号馆", 60.0, 40.0)
    assert [(z.code, z.name, z.x, z.y, z.count) for z in found.zones] == [("A", "嘉定展区", 1.0, 2.0, 2)]
    assert [(b.number, b.tenant.name if b.tenant else None, b.state) for b in found.booths] == [
        ("A-001", "嘉芯", BoothState.CONFIRMED),
        ("A-002", "氢能", BoothState.CONFIRMED),
        ("A-003", None, BoothState.FREE),
        ("A-004", None, BoothState.HELD),
    ]
    assert [t.name for t in hall.plan.unplaced] == ["光电"]


def test_who_is_awaited_and_what_colours(hall: Floor) -> None:
    chips, power = (b.tenant for b in hall.plan.halls[0].booths[:2])
    assert chips is not None
    assert power is not None
    assert (chips.is_absent, chips.sector and chips.sector.key, chips.region_code) == (True, "it", "310114")
    assert (power.is_absent, power.sector) == (False, None)


def test_colour_is_the_industry_else_a_kind_that_has_a_colour() -> None:
    energy, research = Term(new_id(), "energy", "新能源"), Term(new_id(), "research", "科研院所", colour=Colour.TEAL)
    plain = Term(new_id(), "enterprise", "企业")
    assert sector(energy, research) is energy
    assert sector(None, research) is research
    assert sector(None, plain) is None
    assert sector(None, None) is None


def test_badges_and_deals_of_a_tenant(hall: Floor) -> None:
    with hall.db.transaction() as session:
        expo = session.get_one(Expo, hall.expo_id)
        people = [make_attendee(session, expo, exhibitor_id=hall.chips) for _n in range(3)]
        make_badge(session, people[0], printed_at=local(20))
        make_badge(session, people[1])
        make_badge(session, people[2], printed_at=local(20), revoked_at=local(21))
        make_deal(session, expo, sellers=("嘉芯",), buyers=("嘉芯",))
        make_deal(session, expo, sellers=("嘉芯",), stage=DealStage.LANDED)
        make_deal(session, expo, sellers=("嘉芯",), stage=DealStage.INTENT)
        make_deal(session, expo, sellers=("嘉芯",), entry=Entry.DRAFT)
        make_deal(session, expo, sellers=("嘉芯",), stage=DealStage.TERMINATED)
        make_deal(session, make_expo(session), sellers=("嘉芯",))
    tenant = hall.plan.halls[0].booths[0].tenant
    assert tenant is not None
    assert (tenant.badges, tenant.unprinted, tenant.signed, tenant.intents) == (3, 2, 2, 1)


def test_a_room_shows_its_own_seats(hall: Floor) -> None:
    with hall.db.transaction() as session:
        expo = session.get_one(Expo, hall.expo_id)
        make_room(session, expo, "A 会场", seats=300)
        for label, kind in (
            ("A 会场 主论坛\n280 座\n同声传译", FeatureKind.AREA),
            ("签约台\n咖啡", FeatureKind.AREA),
            ("南门", FeatureKind.ENTRANCE),
        ):
            session.add(HallFeature(hall_id=hall.hall_id, kind=kind, label=label, x=1, y=1, width=9, depth=4))
    found = {f.title: (f.kind, f.lines) for f in hall.plan.halls[0].features}
    assert found == {
        "A 会场 主论坛": (FeatureKind.AREA, ("300 座", "同声传译")),
        "签约台": (FeatureKind.AREA, ("咖啡",)),
        "南门": (FeatureKind.ENTRANCE, ()),
    }


def test_co_exhibitors_and_cancelled_ones_wait_for_no_booth(hall: Floor) -> None:
    with hall.db.transaction() as session:
        expo = session.get_one(Expo, hall.expo_id)
        make_exhibitor(session, expo, "联合", main_id=hall.chips)
        make_exhibitor(session, expo, "退展", state=ExhibitorState.CANCELLED)
        make_exhibitor(session, expo, "服务站", kind=ExhibitorKind.SERVICE)
    assert [t.name for t in hall.plan.unplaced] == ["光电", "服务站"]


def test_a_zone_in_another_venues_hall_is_not_lost(hall: Floor) -> None:
    with hall.db.transaction() as session:
        expo = session.get_one(Expo, hall.expo_id)
        elsewhere = make_hall(session, make_expo(session), "外馆")
        zone = make_zone(session, expo, "Z", hall_id=elsewhere.id)
        make_booth(session, expo, "Z-001", zone_id=zone.id)
    assert [(h.name, len(h.booths)) for h in hall.plan.halls] == [("1 号馆", 4), ("外馆", 1)]


def test_an_expo_without_a_venue_has_no_halls(db: Database) -> None:
    with db.transaction() as session:
        expo_id = make_expo(session, venue_id=None).id
    found = floor.plan(db, expo_id)
    assert (found.halls, found.unplaced) == ((), ())


def test_as_many_statements_for_many_booths_as_for_few(hall: Floor) -> None:
    few = _statements(hall)
    with hall.db.transaction() as session:
        expo = session.get_one(Expo, hall.expo_id)
        for n in range(10, 15):
            make_booth(session, expo, f"B-{n:03d}", make_exhibitor(session, expo))
    assert (few, _statements(hall)) == (13, 13)


def _statements(hall: Floor) -> int:
    heard: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        heard.append(statement)

    engine = hall.db.reader
    event.listen(engine, "before_cursor_execute", note)
    try:
        floor.plan(hall.db, hall.expo_id)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(statement.lstrip().upper().startswith(("SELECT", "WITH")) for statement in heard)


# --- who stands where ---


def test_assigning_a_free_booth(hall: Floor) -> None:
    change = floor.assign(hall.db, hall.free, hall.light)
    assert hall.standing(hall.free) == (hall.light, BoothState.CONFIRMED)
    assert change == floor.Change({hall.free: (None, BoothState.FREE)}, {hall.free: (hall.light, BoothState.CONFIRMED)})
    assert hall.history(hall.free) == ["光电"]


def test_assigning_the_same_again_changes_nothing(hall: Floor) -> None:
    assert not floor.assign(hall.db, hall.one, hall.chips)
    assert hall.history(hall.one) == []


def test_a_taken_booth_is_not_assigned_twice_unless_it_is_said(hall: Floor) -> None:
    with pytest.raises(Conflict) as refused:
        floor.assign(hall.db, hall.one, hall.light)
    assert (refused.value.code, "嘉芯" in refused.value.message) == ("E-BOOTH-TAKEN", True)
    assert hall.standing(hall.one) == (hall.chips, BoothState.CONFIRMED)
    floor.assign(hall.db, hall.one, hall.light, replace=True)
    assert hall.standing(hall.one) == (hall.light, BoothState.CONFIRMED)
    assert [t.name for t in hall.plan.unplaced] == ["嘉芯"]


@pytest.mark.parametrize(("code", "is_partner"), [("E-CANCELLED", False), ("E-CO-EXHIBITOR", True)])
def test_who_cannot_have_a_booth(hall: Floor, code, is_partner) -> None:
    given = {"main_id": hall.chips} if is_partner else {"state": ExhibitorState.CANCELLED}
    with hall.db.transaction() as session:
        other = make_exhibitor(session, session.get_one(Expo, hall.expo_id), "某家", **given).id
    with pytest.raises(UserError) as refused:
        floor.assign(hall.db, hall.free, other)
    assert refused.value.code == code
    assert hall.standing(hall.free) == (None, BoothState.FREE)


def test_an_exhibitor_of_another_expo_or_gone_is_refused(hall: Floor) -> None:
    with hall.db.transaction() as session:
        stranger = make_exhibitor(session, make_expo(session)).id
    for wrong in (stranger, uuid.uuid4()):
        with pytest.raises(Conflict, match="E-GONE"):
            floor.assign(hall.db, hall.free, wrong)
    with pytest.raises(Conflict, match="E-GONE"):
        floor.assign(hall.db, uuid.uuid4(), hall.light)


def test_vacating_and_taking_it_back(hall: Floor) -> None:
    change = floor.vacate(hall.db, hall.one)
    assert hall.standing(hall.one) == (None, BoothState.FREE)
    assert not floor.vacate(hall.db, hall.one)
    floor.restore(hall.db, change)
    assert hall.standing(hall.one) == (hall.chips, BoothState.CONFIRMED)
    floor.restore(hall.db, change.reversed)
    assert hall.standing(hall.one) == (None, BoothState.FREE)
    assert hall.history(hall.one) == ["", "嘉芯", ""]


def test_a_booth_is_held_until_its_exhibitor_is_confirmed(hall: Floor) -> None:
    held, confirmed = (hall.light, BoothState.HELD), (hall.light, BoothState.CONFIRMED)
    exhibitors.set_state(hall.db, [hall.light], ExhibitorState.APPLIED)
    change = floor.assign(hall.db, hall.free, hall.light)
    assert (hall.standing(hall.free), change.after) == (held, {hall.free: held})
    exhibitors.set_state(hall.db, [hall.light], ExhibitorState.REVIEWED)
    assert hall.standing(hall.free) == held
    before = exhibitors.set_state(hall.db, [hall.light], ExhibitorState.CONFIRMED)
    assert hall.standing(hall.free) == confirmed
    exhibitors.restore_states(hall.db, before)
    assert hall.standing(hall.free) == held
    exhibitors.arrive(hall.db, [hall.light])
    assert hall.standing(hall.free) == confirmed
    floor.restore(hall.db, change)  # it was the state of the exhibitor that changed, not who stands there
    assert hall.standing(hall.free) == (None, BoothState.FREE)
    exhibitors.set_state(hall.db, [hall.light], ExhibitorState.APPLIED)
    floor.restore(hall.db, change.reversed)
    assert hall.standing(hall.free) == held


def test_an_exchange_takes_the_states_along(hall: Floor) -> None:
    exhibitors.set_state(hall.db, [hall.power], ExhibitorState.APPLIED)
    floor.swap(hall.db, hall.one, hall.two)
    assert hall.standing(hall.one) == (hall.power, BoothState.HELD)
    assert hall.standing(hall.two) == (hall.chips, BoothState.CONFIRMED)


def test_a_form_and_a_file_move_the_booths_along(hall: Floor) -> None:
    step = saved_step(hall, {"state": "申请"}, hall.chips)
    assert hall.standing(hall.one) == (hall.chips, BoothState.HELD)
    steps.take_back(hall.db, step)
    assert hall.standing(hall.one) == (hall.chips, BoothState.CONFIRMED)
    saved_step(hall, {"state": "申请", "booths": "A-003"}, hall.chips)
    assert [hall.standing(key) for key in (hall.one, hall.free)] == [
        (None, BoothState.FREE), (hall.chips, BoothState.HELD),
    ]  # fmt: skip
    saved_step(hall, {"state": "已确认", "booths": "A-001、A-003"}, hall.chips)
    assert [hall.standing(key) for key in (hall.one, hall.free)] == [(hall.chips, BoothState.CONFIRMED)] * 2
    saved_step(hall, {"organisation.name": "新公司", "state": "申请", "booths": "A-004"})
    assert hall.standing(hall.held)[1] is BoothState.HELD
    with pytest.raises(InvalidRecord) as refused:
        records.save(hall.db, BOOTHS, {"state": "已确认"}, hall.held, expo_id=hall.expo_id)
    assert refused.value.problems == {"state": "展位已分给参展商，状态只能是“预留”，先腾出再改。"}


def saved_step(hall: Floor, values: dict[str, str], key: uuid.UUID | None = None) -> steps.Step:
    with record_writer.followed() as writers:
        records.save(hall.db, EXHIBITORS, values, key, expo_id=hall.expo_id)
    step = steps.step_of(EXHIBITORS.permission, writers)
    assert step is not None
    return step


def test_booths_exchange_tenants_and_states(hall: Floor) -> None:
    change = floor.swap(hall.db, hall.one, hall.two)
    assert (hall.standing(hall.one)[0], hall.standing(hall.two)[0]) == (hall.power, hall.chips)
    floor.restore(hall.db, change)
    floor.swap(hall.db, hall.one, hall.held)
    assert hall.standing(hall.one) == (None, BoothState.HELD)
    assert hall.standing(hall.held) == (hall.chips, BoothState.CONFIRMED)


def test_holding_and_letting_go(hall: Floor) -> None:
    change = floor.hold(hall.db, hall.free, True)
    assert hall.standing(hall.free) == (None, BoothState.HELD)
    floor.restore(hall.db, change)
    assert hall.standing(hall.free) == (None, BoothState.FREE)
    with pytest.raises(UserError, match="E-BOOTH-TAKEN"):
        floor.hold(hall.db, hall.one, True)


def test_a_held_booth_can_be_given_and_comes_back_held(hall: Floor) -> None:
    change = floor.assign(hall.db, hall.held, hall.light)
    assert hall.standing(hall.held) == (hall.light, BoothState.CONFIRMED)
    floor.restore(hall.db, change)
    assert hall.standing(hall.held) == (None, BoothState.HELD)


def test_nothing_is_taken_back_over_somebody_elses_change(hall: Floor) -> None:
    change = floor.vacate(hall.db, hall.one)
    floor.assign(hall.db, hall.one, hall.light)
    with pytest.raises(Conflict, match="E-CONFLICT"):
        floor.restore(hall.db, change)
    assert hall.standing(hall.one) == (hall.light, BoothState.CONFIRMED)


def test_a_desk_may_not_rearrange(hall: Floor) -> None:
    hall.db.actor = Actor("小李", Role.DESK)
    for act in (
        lambda: floor.assign(hall.db, hall.free, hall.light), lambda: floor.vacate(hall.db, hall.one),
        lambda: floor.swap(hall.db, hall.one, hall.two), lambda: floor.hold(hall.db, hall.free, True),
        lambda: floor.place(hall.db, hall.one, 1, 1),
        lambda: floor.generate(hall.db, hall.expo_id, Rows(hall.zone_id, "X1")),
        lambda: floor.restore(hall.db, floor.Change({}, {})),
    ):  # fmt: skip
        with pytest.raises(UserError, match="E-ACCESS"):
            act()


def test_every_act_leaves_an_audit_row(hall: Floor) -> None:
    def rows() -> int:
        with hall.db.reading() as session:
            return session.scalar(select(func.count()).select_from(Audit).where(Audit.table_name == "booth")) or 0

    before = rows()
    floor.assign(hall.db, hall.free, hall.light)
    floor.place(hall.db, hall.free, 20, 20)
    floor.vacate(hall.db, hall.free)
    assert rows() - before == 3


def test_two_desks_give_one_booth_at_once(hall: Floor) -> None:
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def give(exhibitor_id: uuid.UUID) -> None:
        ready.wait()
        try:
            floor.assign(hall.db, hall.free, exhibitor_id)
            outcomes.append("given")
        except Conflict as refused:
            outcomes.append(refused.code)

    threads = [threading.Thread(target=give, args=(key,)) for key in (hall.chips, hall.light)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["E-BOOTH-TAKEN", "given"]
    assert len(hall.history(hall.free)) == 1


# --- where booths lie ---


def test_a_booth_is_moved_and_moved_back(hall: Floor) -> None:
    assert floor.place(hall.db, hall.one, 20.5, 30.004) == (1.0, 5.0)
    booth = hall.plan.halls[0].booths[0]
    assert (booth.x, booth.y) == (20.5, 30.0)
    floor.place(hall.db, hall.one, 1.0, 5.0)
    assert hall.plan.halls[0].booths[0].x == 1.0


@pytest.mark.parametrize("place", [(-0.5, 0), (0, -1), (57.5, 0), (0, 37.5)])
def test_a_booth_stays_inside_its_hall(hall: Floor, place) -> None:
    with pytest.raises(UserError, match="E-OUTSIDE"):
        floor.place(hall.db, hall.one, *place)
    assert hall.plan.halls[0].booths[0].x == 1.0


def test_rows_stand_back_to_back_with_an_aisle_after_two(hall: Floor) -> None:
    rows = Rows(hall.zone_id, first="B-09", count=5, per_row=2, x=1.5, y=10, width=3, depth=2, aisle=4)
    assert [(r["number"], r["x"], r["y"]) for r in floor.generated(rows)[0]] == [
        ("B-09", 1.5, 10), ("B-10", 4.5, 10), ("B-11", 1.5, 12), ("B-12", 4.5, 12), ("B-13", 1.5, 18),
    ]  # fmt: skip


def test_generated_booths_are_free_and_have_their_area(hall: Floor) -> None:
    rows = Rows(hall.zone_id, first="A-010", count=3, width=6, depth=6)
    assert len(floor.generate(hall.db, hall.expo_id, rows).booth_ids) == 3
    made = hall.plan.halls[0].booths[-3:]
    assert [(b.number, b.area, b.kind.key, b.state) for b in made] == [
        (f"A-{n:03d}", Decimal(36), "raw_space", BoothState.FREE) for n in (10, 11, 12)
    ]


def test_numbers_that_exist_are_passed_over_in_whatever_spelling(hall: Floor) -> None:
    made = floor.generate(hall.db, hall.expo_id, Rows(hall.zone_id, "a003", count=3, y=20.0))
    assert made.passed == ("A-003", "A-004")
    there = hall.plan.halls[0].booths
    assert [b.number for b in there[:4]] == ["A-001", "A-002", "A-003", "A-004"]
    assert [(b.number, b.x, b.area) for b in there[4:]] == [
        ("A005", 0.0, Decimal(9)), ("A006", 3.0, Decimal(9)), ("A007", 6.0, Decimal(9))
    ]  # fmt: skip
    floor.take_back(hall.db, made)
    assert len(hall.plan.halls[0].booths) == 4


def test_a_row_begins_as_a_pattern_says_and_goes_on_after_the_last(hall: Floor) -> None:
    floor.generate(hall.db, hall.expo_id, Rows(hall.zone_id, "1H09", count=2, y=20.0))
    zone = zone_of(hall, hall.zone_id)
    assert floor.suggested(hall.plan.halls[0], zone).first == "A-005"
    floor.generate(hall.db, hall.expo_id, Rows(hall.zone_id, "B1-01", count=10, y=30.0))
    assert [b.number for b in hall.plan.halls[0].booths if b.number[:2] in ("1H", "B1")] == [
        "1H09", "1H10", *(f"B1-{n:02d}" for n in range(1, 11)),
    ]  # fmt: skip
    assert floor.suggested(hall.plan.halls[0], zone).first == "B1-11"


def test_one_booth_has_one_number_in_whatever_spelling(hall: Floor) -> None:
    def save(number: str) -> uuid.UUID:
        given = {"number": number, "zone_id": "A", "x": 30, "y": 30}
        return records.save(hall.db, BOOTHS, given, expo_id=hall.expo_id)

    for spelling in ("a001", "Ａ－００１", "A 001", "A–001"):
        with pytest.raises(InvalidRecord) as refused:
            save(spelling)
        assert refused.value.problems == {"number": "已有“A-001”，不能重复。"}
    one = save("b 1—2")
    assert records.get(hall.db, BOOTHS, one)["number"] == "B1-2"
    assert save("B12") != one  # a dash between two digits tells booths apart


def test_a_form_of_an_exhibitor_knows_its_booths_in_whatever_spelling(hall: Floor) -> None:
    def stands_in(text: str) -> list[str]:
        records.save(hall.db, EXHIBITORS, {"booths": text}, hall.light, expo_id=hall.expo_id)
        booths = hall.plan.halls[0].booths
        return [b.number for b in booths if b.tenant and b.tenant.exhibitor_id == hall.light]

    assert stands_in("a003～a004") == ["A-003", "A-004"]
    assert stands_in("Ａ００４") == ["A-004"]
    assert stands_in("待定") == []
    for text, words in (("A003~B004", "看不出“A003~B004”"), ("A9", "没有展位“A9”")):
        with pytest.raises(InvalidRecord) as refused:
            stands_in(text)
        assert words in refused.value.problems["booths"]


def test_a_booth_whose_number_looks_like_a_range_is_one(hall: Floor) -> None:
    with hall.db.transaction() as session:
        make_booth(session, session.get_one(Expo, hall.expo_id), "A101-A104", x=30, y=30)
    records.save(hall.db, EXHIBITORS, {"booths": "a101-a104、A-003"}, hall.light, expo_id=hall.expo_id)
    assert records.get(hall.db, EXHIBITORS, hall.light)["booths"] == "A-003、A101-A104"


@pytest.mark.parametrize("text", ["A-003", "a003", "A－003", "A–003", "Ａ００３"])
def test_a_list_is_searched_for_a_booth_in_whatever_spelling(hall: Floor, text: str) -> None:
    records.save(hall.db, EXHIBITORS, {"booths": "A-003"}, hall.light, expo_id=hall.expo_id)
    for spec, name in ((BOOTHS, "number"), (EXHIBITORS, "booths")):
        found = records.list_rows(hall.db, spec, hall.expo_id, [spec.field(name)], search=text)
        assert [row[1] for row in found] == ["A-003"]


def test_booths_are_listed_as_a_person_counts(hall: Floor) -> None:
    with hall.db.transaction() as session:
        expo = session.get_one(Expo, hall.expo_id)
        for number in ("T10", "T2", "1E10", "1E5"):
            make_booth(session, expo, number, x=30, y=30)
    wanted = ["1E5", "1E10", "A-001", "A-002", "A-003", "A-004", "T2", "T10"]
    rows = records.list_rows(hall.db, BOOTHS, hall.expo_id, [BOOTHS.field("number")])
    assert [row[1] for row in rows] == wanted
    assert [booth.number for booth in hall.plan.halls[0].booths] == wanted
    assert [name for _key, name in records.options(hall.db, BOOTHS, "", hall.expo_id)] == wanted
    records.save(hall.db, EXHIBITORS, {"booths": "T10、1E10、T2"}, hall.light, expo_id=hall.expo_id)
    assert records.get(hall.db, EXHIBITORS, hall.light)["booths"] == "1E10、T2、T10"


def a_new_zone(hall: Floor, **given: float) -> uuid.UUID:
    with hall.db.transaction() as session:
        return make_zone(session, session.get_one(Expo, hall.expo_id), "B", name="苏州展区", **given).id


def zone_of(hall: Floor, zone_id: uuid.UUID) -> floor.PlanZone:
    return next(zone for zone in hall.plan.halls[0].zones if zone.id == zone_id)


def test_rows_are_taken_back_whole_with_the_title_they_moved(hall: Floor) -> None:
    zone_id = a_new_zone(hall)
    made = floor.generate(hall.db, hall.expo_id, Rows(zone_id, "B-001", x=3.0, y=20.0))
    assert (zone_of(hall, zone_id).x, zone_of(hall, zone_id).y) == (3.0, 17.5)
    floor.generate(hall.db, hall.expo_id, Rows(zone_id, "B-050", x=3.0, y=30.0))
    assert (zone_of(hall, zone_id).x, zone_of(hall, zone_id).y) == (3.0, 17.5)  # only the first rows bring it along
    floor.take_back(hall.db, made)
    assert len(hall.plan.halls[0].booths) == 4 + 12
    assert (zone_of(hall, zone_id).x, zone_of(hall, zone_id).y) == (0.0, 0.0)


def test_rows_somebody_uses_are_not_taken_back(hall: Floor) -> None:
    made = floor.generate(hall.db, hall.expo_id, Rows(hall.zone_id, first="A-010", y=20.0))
    floor.hold(hall.db, made.booth_ids[3], True)
    with pytest.raises(Conflict) as refused:
        floor.take_back(hall.db, made)
    assert (refused.value.code, "A-013" in refused.value.message) == ("E-IN-USE", True)
    assert len(hall.plan.halls[0].booths) == 4 + 12
    floor.hold(hall.db, made.booth_ids[3], False)
    floor.assign(hall.db, made.booth_ids[0], hall.light)
    with pytest.raises(Conflict, match="E-IN-USE"):
        floor.take_back(hall.db, made)


def test_a_desk_may_not_take_rows_back(hall: Floor) -> None:
    made = floor.generate(hall.db, hall.expo_id, Rows(hall.zone_id, first="A-010", y=20.0))
    hall.db.actor = Actor("小李", Role.DESK)
    with pytest.raises(UserError, match="E-ACCESS"):
        floor.take_back(hall.db, made)


def test_rows_are_suggested_where_nothing_stands(hall: Floor) -> None:
    new = a_new_zone(hall)
    with hall.db.transaction() as session:
        kind, size = FeatureKind.AREA, {"x": 0.0, "y": 20.0, "width": 9.0, "depth": 5.0}
        session.add(HallFeature(hall_id=hall.hall_id, kind=kind, label="咖啡", **size))
    plan = hall.plan.halls[0]
    own, fresh = floor.suggested(plan, zone_of(hall, hall.zone_id)), floor.suggested(plan, zone_of(hall, new))
    assert (own.first, own.x, own.y) == ("A-005", 1.0, 10.0)  # stand at 5 m, 3 m deep; an aisle of 2 m
    assert (fresh.first, fresh.x, fresh.y) == ("B-001", 0.0, 29.5)
    for rows in (own, fresh):
        assert floor.troubles(floor.generated(rows)[0], plan, rows.zone_id) == []


def test_what_is_in_the_way_of_rows(hall: Floor) -> None:
    new = a_new_zone(hall)
    with hall.db.transaction() as session:
        kind, size = FeatureKind.AREA, {"x": 30.0, "y": 20.0, "width": 9.0, "depth": 5.0}
        session.add(HallFeature(hall_id=hall.hall_id, kind=kind, label="咖啡\n休息", **size))
    plan = hall.plan.halls[0]

    def said(**given: float) -> list[tuple[str, int]]:
        rows = Rows(new, "B-001", **given)
        return [(t.words, len(t.numbers)) for t in floor.troubles(floor.generated(rows)[0], plan, new)]

    assert said(y=10.0) == []
    assert said(x=24.0, y=10.0) == []  # 24 + 12 × 3 is the very edge
    assert said(x=24.5, y=10.0) == [("B-012 等 1 个超出 1 号馆（宽 60 m，深 40 m）。", 1)]
    assert said(x=2.0, y=6.0, count=2) == [("B-001 等 2 个与已有展位重叠：A-001、A-002、A-003。", 2)]
    assert said(x=0.0, y=18.0) == [("B-011 等 2 个压住：咖啡。", 2)]
    assert said(x=20.0, y=0.5, count=1) == [("B-001 等 1 个压住展区名：B · 苏州展区。", 1)]
    assert said(x=0.0, y=0.0, count=1) == [("B-001 等 1 个压住展区名：A · 嘉定展区、B · 苏州展区。", 1)]


def test_a_zone_that_is_gone(hall: Floor) -> None:
    with pytest.raises(Conflict, match="E-GONE"):
        floor.generate(hall.db, hall.expo_id, Rows(uuid.uuid4(), "A-001"))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"count": 0}, "count"), ({"count": 501}, "count"), ({"per_row": 0}, "per_row"), ({"first": "A"}, "first"),
        ({"width": 0}, "width"), ({"depth": -1}, "depth"), ({"aisle": -1}, "aisle"), ({"x": -1}, "x"),
    ],
)  # fmt: skip
def test_impossible_rows_name_the_field(hall: Floor, given, field) -> None:
    with pytest.raises(InvalidRecord) as refused:
        floor.generated(Rows(hall.zone_id, **{"first": "A-001", **given}))
    assert list(refused.value.problems) == [field]


def test_deleting_an_exhibitor_leaves_its_booth(hall: Floor) -> None:
    from expo_app.services import records
    from expo_app.specs import EXHIBITORS

    with hall.db.transaction() as session:
        make_organisation(session, "旁观")
    with pytest.raises(Conflict, match="E-IN-USE"):
        records.delete(hall.db, EXHIBITORS, [hall.chips])
    assert hall.standing(hall.one) == (hall.chips, BoothState.CONFIRMED)


# --- by hand ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("place", "problems"),
    [
        ({"x": "999"}, {"x": "超出 1 号馆（宽 60 m，深 40 m）。"}),
        ({"x": "58", "y": "38"}, dict.fromkeys(("x", "y"), "超出 1 号馆（宽 60 m，深 40 m）。")),
        ({"x": "999999999"}, {"x": "不能大于 1000。"}),
        ({"width": "0"}, {"width": "不能小于 0.1。"}),
    ],
)
def test_a_booth_is_put_inside_its_hall(hall: Floor, place: dict[str, str], problems: dict[str, str]) -> None:
    zone = next(zone.code for zone in hall.plan.halls[0].zones)
    with pytest.raises(InvalidRecord) as refused:
        records.save(hall.db, BOOTHS, {"number": "X-1", "zone_id": zone, **place}, expo_id=hall.expo_id)
    assert refused.value.problems == problems
    made = records.save(hall.db, BOOTHS, {"number": "X-1", "zone_id": zone, "x": "57", "y": "37"}, expo_id=hall.expo_id)
    with pytest.raises(InvalidRecord) as refused:
        records.save(hall.db, BOOTHS, place, made)
    assert refused.value.problems == problems


@pytest.mark.parametrize(("width", "problem"), [("0", "不能小于 1。"), ("1000.1", "不能大于 1000。")])
def test_a_hall_has_a_size(hall: Floor, width: str, problem: str) -> None:
    with pytest.raises(InvalidRecord) as refused:
        records.save(hall.db, HALLS, {"width": width}, hall.hall_id)
    assert refused.value.problems == {"width": problem}
