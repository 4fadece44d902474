"""Published figures: who counts, what is left out, and that each can be traced to its records."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from factories import (
    category,
    local,
    make_achievement,
    make_attendee,
    make_badge,
    make_booth,
    make_deal,
    make_exhibitor,
    make_expo,
    make_gate,
    make_item,
    make_pitch,
    make_room,
    make_scan,
    make_speaker,
)
from sqlalchemy import event, select

from expo_app import i18n
from expo_app.errors import Conflict
from expo_app.model import (
    AttendeeState,
    Booth,
    BoothState,
    DealKind,
    DealStage,
    Entry,
    ExhibitorKind,
    ExhibitorState,
    Expo,
    ItemState,
    Verdict,
    new_id,
)
from expo_app.services import records, statistics
from expo_app.services.statistics.attendance import attendance
from expo_app.services.statistics.audience import read_audience
from expo_app.services.statistics.deals import deal_figures, deal_totals
from expo_app.services.statistics.exhibition import exhibition
from expo_app.services.statistics.overview import overview
from expo_app.services.statistics.programme import programme_figures
from expo_app.services.statistics.scope import scope_of
from expo_app.specs import BOOTHS, EXPOS
from expo_app.specs.figures import Figure

WAN = Decimal(10_000)


def values(figures):
    return {figure.name: figure.value for figure in figures}


# --- attendance -------------------------------------------------------------------------------------------------------
@pytest.fixture
def hall(db):
    """Two entrances and a room; five people over two days."""
    with db.transaction() as session:
        expo = make_expo(session)
        west, east = make_gate(session, expo, "西"), make_gate(session, expo, "东")
        room = make_gate(session, expo, room=make_room(session, expo))
        people = {
            key: make_attendee(session, expo, category=key) for key in ("visitor", "investor", "exhibitor", "media")
        }
        visitor, investor = people["visitor"], people["investor"]
        make_scan(session, west, visitor, local(28, 9, 5))
        make_scan(session, east, visitor, local(28, 14))
        make_scan(session, west, visitor, local(28, 15), verdict=Verdict.AGAIN)
        make_scan(session, east, visitor, local(29, 10))
        make_scan(session, west, investor, local(28, 9, 10))
        make_scan(session, west, people["exhibitor"], local(28, 8, 59))
        make_scan(session, room, people["media"], local(28, 10))
        make_scan(session, west, people["media"], local(28, 11), undone_at=local(28, 11, 1))
        make_scan(session, west, None, local(28, 11), verdict=Verdict.UNKNOWN)
        make_attendee(session, expo, state=AttendeeState.CANCELLED)
        make_attendee(session, expo, is_sample=True)
        make_scan(session, west, make_attendee(session, expo, is_sample=True), local(28, 12))
        return expo.id


def test_a_person_is_one_visit_a_day_and_one_visitor(db, hall):
    found = attendance(db, hall)
    assert values(found.figures) == {
        "registered": 4, "people": 3, "visitors": 2, "visits": 3, "trade_visitors": 1, "trade_share": Decimal("0.5"),
        "admissions": 4,
    }  # fmt: skip
    days = [(d.day, d.people, d.visits, d.trade_visits) for d in found.days]
    assert days == [(date(2018, 11, 28), 3, 2, 1), (date(2018, 11, 29), 1, 1, 0)]


def test_the_most_inside_says_no_moment_to_come_and_leads_to_the_scans_it_counts(db):
    now = local(29, 10, 42)
    with db.transaction() as session:
        expo = make_expo(session)
        gate = make_gate(session, expo)
        one, other = make_attendee(session, expo), make_attendee(session, expo)
        make_scan(session, gate, one, local(29, 10, 31))
        make_scan(session, gate, one, local(29, 10, 36), verdict=Verdict.AGAIN)
        make_scan(session, gate, other, local(29, 10, 40))
        scope = scope_of(session, expo.id)
        peak, earlier = (read_audience(session, replace(scope, at=at)).peak for at in (local(29, 18), now))
        assert (peak.value, len(session.scalars(peak.trace.ids).all())) == (2, 2)
    assert ("11-29 10:45" in peak.note, "11-29 10:42" in earlier.note) == (True, True)


def test_hours_are_local_and_take_the_first_admission_of_the_day(db, hall):
    hours = [(h.day.day, h.hour, h.people, h.visits) for h in attendance(db, hall).hours]
    assert hours == [(28, 8, 1, 0), (28, 9, 2, 2), (29, 10, 1, 1)]


def test_categories_say_who_is_a_visitor(db, hall):
    parts = attendance(db, hall).categories
    assert [(c.key, c.registered, c.people, c.visits, c.is_visitor) for c in parts] == [
        ("visitor", 1, 1, 2, True), ("exhibitor", 1, 1, 1, False), ("investor", 1, 1, 1, True),
        ("media", 1, 0, 0, False),
    ]  # fmt: skip


def test_an_expo_without_anybody_has_no_trade_share(db):
    with db.transaction() as session:
        expo_id = make_expo(session).id
    found = attendance(db, expo_id)
    assert values(found.figures) == {
        "registered": None, "people": None, "visitors": None, "visits": None, "trade_visitors": None,
        "trade_share": None, "admissions": None,
    }  # fmt: skip
    assert (found.days, found.hours, found.categories, found.trade_share.shown) == ((), (), (), "—")


# --- exhibition -------------------------------------------------------------------------------------------------------
@pytest.fixture
def floor(db):
    with db.transaction() as session:
        expo = make_expo(session)
        here = {"state": ExhibitorState.ARRIVED}
        kunshan = make_exhibitor(session, expo, region_code="320583", industry="it", **here)
        make_exhibitor(session, expo, region_code="320500", industry="it")
        jiading = make_exhibitor(session, expo, region_code="310114", industry="mfg", **here)
        make_exhibitor(session, expo, main_id=jiading.id, region_code="330300")
        service = make_exhibitor(session, expo, kind=ExhibitorKind.SERVICE, **here)
        make_exhibitor(session, expo)
        make_exhibitor(session, expo, state=ExhibitorState.APPLIED)
        gone = make_exhibitor(session, expo, state=ExhibitorState.CANCELLED)
        make_exhibitor(session, expo, is_sample=True)
        make_booth(session, expo, "A001", kunshan, area=Decimal("9"))
        make_booth(session, expo, "A002", kunshan, area=Decimal("12.5"))
        make_booth(session, expo, "A003", jiading, area=Decimal("36"), kind="raw_space")
        make_booth(session, expo, "S001", service, area=Decimal("6"))
        make_booth(session, expo, "A004", gone, area=Decimal("100"))
        make_booth(session, expo, "A005", jiading, area=Decimal("100"), state=BoothState.HELD)
        make_booth(session, expo, "A006", area=Decimal("100"))
        return expo.id


def test_exhibitors_by_contract_co_exhibitors_and_services_apart(db, floor):
    assert values(exhibition(db, floor).figures) == {
        "exhibitors": 4, "arrived": 2, "co_exhibitors": 1, "exhibitors_all": 5, "represented": 0, "unproven": 1,
        "services": 1, "services_arrived": 1, "applications": 1,
        "net_area": Decimal("63.5"), "raw_area": Decimal(36), "raw_share": Decimal(36) / Decimal("63.5"), "booths": 4,
    }  # fmt: skip


def areas(db, expo_id):
    return {figure.name: figure.value for figure in exhibition(db, expo_id).areas}


def test_what_is_paid_for_is_told_as_soon_as_a_booth_says_so(db, floor):
    assert exhibition(db, floor).paid_area.shown == "—"
    assert areas(db, floor) == {"net_area": Decimal("63.5")}
    with db.transaction() as session:
        for number, is_paid in (("A001", True), ("A003", True), ("S001", False), ("A004", True), ("A006", True)):
            session.scalars(select(Booth).where(Booth.number == number)).one().is_paid = is_paid
    found = exhibition(db, floor).paid_area
    assert (found.value, found.note) == (45, "已签约展位里注明有偿的；另有 1 个没有注明")
    assert {row[1] for row in records.list_rows(db, BOOTHS, floor, [BOOTHS.field("number")]) if row[0] in
            records.traced(db, found.trace)} == {"A001", "A003"}  # fmt: skip
    assert areas(db, floor) == {
        "net_area": Decimal("63.5"), "paid_area": 45, "declared_net_area": None, "declared_paid_area": None,
        "declared_gross_area": None,
    }  # fmt: skip


def test_what_the_organiser_declares_stands_apart_from_what_the_booths_add_up_to(db, floor):
    records.save(db, EXPOS, {"net_area": "6000", "gross_area": "10000"}, floor)
    found = {figure.name: (figure.label, figure.shown) for figure in exhibition(db, floor).areas}
    assert found == {
        "net_area": ("净面积（合同，含免费）", "63.5"), "paid_area": ("其中有偿面积", "—"),
        "declared_net_area": ("申报净面积（合同，含免费）", "6,000"), "declared_paid_area": ("申报有偿面积", "—"),
        "declared_gross_area": ("申报毛面积", "10,000"),
    }  # fmt: skip
    assert exhibition(db, floor).raw_share.value == Decimal(36) / Decimal("63.5")


def test_regions_apart_cities_rolled_up(db, floor):
    found = exhibition(db, floor)
    regions = [(p.label, p.count, p.arrived, p.area) for p in found.regions]
    assert regions == [
        ("嘉定", 1, 1, Decimal(36)), ("苏州市区", 1, 0, Decimal(0)), ("昆山", 1, 1, Decimal("21.5")),
        ("未填", 1, 0, Decimal(0)),
    ]  # fmt: skip
    assert [(p.label, p.count) for p in found.cities] == [("苏州市", 2), ("上海市", 1), ("未填", 1)]
    assert [(p.key, p.count) for p in found.industries] == [("it", 2), ("mfg", 1), ("", 1)]
    assert sum(part.count for part in found.regions) == found.exhibitors.value


# --- programme --------------------------------------------------------------------------------------------------------
def test_programme_without_cancelled_and_with_what_is_not_placed(db):
    with db.transaction() as session:
        expo = make_expo(session)
        room = make_room(session, expo)
        opening = make_item(session, expo, kind="ceremony", room_id=room.id, starts_at=local(28, 0, 30))
        placed = {"room_id": room.id, "starts_at": local(29, 9)}
        show = make_item(session, expo, kind="roadshow", minutes=150, registrations=80, **placed)
        make_item(session, expo, kind="forum")
        cancelled = make_item(session, expo, state=ItemState.CANCELLED, room_id=room.id, starts_at=local(30, 9))
        make_item(session, expo, is_sample=True)
        speaker = make_speaker(session, opening, "沈华棣")
        make_speaker(session, show, person_id=speaker.person_id)
        make_speaker(session, show, "徐伟")
        make_speaker(session, cancelled, "卢渊")
        make_pitch(session, show, make_achievement(session, expo))
        make_pitch(session, cancelled, make_achievement(session, expo))
        expo_id = expo.id
    found = programme_figures(db, expo_id)
    assert values(found.figures) == {
        "items": 3, "forums": 2, "unplaced": 1, "cancelled": 1, "speakers": 2, "pitches": 1,
    }  # fmt: skip
    assert [(p.key, p.count, p.minutes, p.registrations) for p in found.kinds] == [
        ("ceremony", 1, 90, 0), ("forum", 1, 90, 0), ("roadshow", 1, 150, 80),
    ]  # fmt: skip
    assert [(p.key, p.count) for p in found.days] == [("2018-11-28", 1), ("2018-11-29", 1)]


# --- deals ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def ledger(db):
    """Every kind of deal that counts, counts without an amount, or is left out."""
    with db.transaction() as session:
        expo = make_expo(session)
        parties = {"sellers": ("卖",), "buyers": ("买",)}
        make_deal(session, expo, "甲", 860 * WAN, tech_amount=800 * WAN, contract_kind="技术转让", **parties)
        make_deal(session, expo, "乙", "1234.56", contract_kind="技术开发", stage=DealStage.REGISTERED)
        make_deal(session, expo, "丙", 140 * WAN, kind=DealKind.PURCHASE, signed_on=date(2018, 11, 28))
        make_deal(session, expo, "丁", None, kind=DealKind.FRAMEWORK, others=("嘉定", "苏州", "温州"))
        make_deal(session, expo, "戊", None, currency="USD", foreign_amount=50 * WAN)
        make_deal(session, expo, "己", 9000 * WAN, stage=DealStage.INTENT)
        make_deal(session, expo, "庚", 7 * WAN, stage=DealStage.TERMINATED)
        for entry in (Entry.DRAFT, Entry.CHECK, Entry.VOID):
            make_deal(session, expo, entry.name, 5 * WAN, entry=entry)
        make_deal(session, expo, "示例", 5 * WAN, is_sample=True)
        return expo.id


def test_intention_is_never_added_to_signed_and_only_valid_entries_count(db, ledger):
    totals = deal_totals(db, ledger)
    assert (totals.signed, totals.signed_amount, totals.tech_amount) == (5, Decimal("10001234.56"), 800 * WAN)
    assert (totals.intended, totals.intended_amount) == (1, 9000 * WAN)
    assert (totals.signed_without, totals.signed_foreign) == (1, 1)
    assert totals.left_out == "不含草稿 1 项、待核对 1 项、作废 1 项、终止 1 项、示例 1 项"
    assert totals.without_words == "无金额 1 项、外币未折算 1 项"
    assert (totals.holding_words, totals.first) == ("", 5)


def test_an_amount_with_a_rate_is_added_and_said_and_what_was_signed_before_is_named(db, ledger):
    with db.transaction() as session:
        expo = session.get_one(Expo, ledger)
        paid = {"currency": "USD", "foreign_amount": 100 * WAN, "rate": Decimal("7.1")}
        make_deal(session, expo, "辛", 710 * WAN, **paid, is_prior=True, prior_note="2018-05 北京", deal_no="P-1")
    figures = deal_figures(db, ledger)
    totals = figures.totals
    assert (totals.signed, totals.signed_amount, totals.signed_foreign) == (6, Decimal("17101234.56"), 1)
    assert totals.holding_words == "含外币折算 1 项、此前已签 1 项"
    assert figures.signed_amount.note == "含外币折算 1 项、此前已签 1 项；无金额 1 项、外币未折算 1 项"
    assert (figures.first.value, figures.first_amount.value) == (5, Decimal("10001234.56"))
    assert [(deal.deal_no, deal.amount, deal.prior_note) for deal in figures.prior] == [
        ("P-1", 710 * WAN, "2018-05 北京")
    ]
    with db.reading() as session:
        assert len(session.scalars(figures.first.trace.ids).all()) == 5
        assert len(session.scalars(figures.first_amount.trace.ids).all()) == 3


def test_totals_of_some_deals(db, ledger):
    figures = deal_figures(db, ledger)
    ids = [deal.id for deal in figures.top]
    more = [*ids, *(new_id() for _ in range(600))]
    assert deal_totals(db, ledger, ids) == deal_totals(db, ledger, more)
    assert deal_totals(db, ledger, ids).signed_amount == figures.totals.signed_amount
    assert deal_totals(db, ledger, []) == type(figures.totals)()


def test_kinds_stages_and_days(db, ledger):
    found = deal_figures(db, ledger)
    whole = Decimal("10001234.56")
    assert [(p.key, p.count, p.amount, p.tech_amount, p.share, p.without) for p in found.kinds] == [
        ("FRAMEWORK", 1, None, None, None, 1),
        ("TECH_CONTRACT", 3, Decimal("8601234.56"), 800 * WAN, Decimal("8601234.56") / whole, 1),
        ("PURCHASE", 1, 140 * WAN, None, 140 * WAN / whole, 0),
    ]
    assert [(p.label, p.count, p.amount) for p in found.contract_kinds] == [
        ("技术开发", 1, Decimal("1234.56")), ("技术转让", 1, 860 * WAN), ("未填", 1, None),
    ]  # fmt: skip
    stages = [(p.key, p.count, p.share) for p in found.stages]
    assert stages == [("INTENT", 1, None), ("SIGNED", 4, None), ("REGISTERED", 1, None), ("TERMINATED", 1, None)]
    assert [(p.key, p.amount) for p in found.days] == [("2018-11-28", 140 * WAN), ("2018-11-29", Decimal("8601234.56"))]
    assert [(d.title, d.parties, d.amount) for d in found.top][:1] == [("甲", "卖、买", 860 * WAN)]
    assert [d.title for d in found.top] == ["甲", "丙", "乙"]


def test_no_amount_is_none_and_shown_as_a_dash(db):
    with db.transaction() as session:
        expo = make_expo(session)
        make_deal(session, expo, kind=DealKind.FRAMEWORK, others=("甲", "乙"))
        expo_id = expo.id
    found = deal_figures(db, expo_id)
    assert (found.signed.value, found.signed_amount.value, found.signed_amount.shown) == (1, None, "—")


# --- sample -----------------------------------------------------------------------------------------------------------
def test_in_a_sample_expo_every_record_counts_and_never_in_another(db):
    with db.transaction() as session:
        sample, real = make_expo(session, is_sample=True), make_expo(session)
        for expo in (sample, real):
            make_exhibitor(session, expo, is_sample=True)
            make_deal(session, expo, amount=WAN, is_sample=True)
            make_item(session, expo, is_sample=True)
            attendee = make_attendee(session, expo, is_sample=True)
            make_scan(session, make_gate(session, expo), attendee, local(28))
        ids = sample.id, real.id
    counted = []
    for expo_id in ids:
        counted.append(
            [
                exhibition(db, expo_id).exhibitors.value,
                deal_totals(db, expo_id).signed,
                programme_figures(db, expo_id).items.value,
                attendance(db, expo_id).registered.value,
                attendance(db, expo_id).visits.value,
                overview(db, expo_id, local(28, 12)).checked_in.value,
            ]
        )
    assert counted == [[1, 1, 1, 1, 1, 1], [None, 0, None, None, None, 0]], "of what counts nothing is recorded"


# --- the dashboard ----------------------------------------------------------------------------------------------------
@pytest.fixture
def busy(db, hall):
    """The hall's expo with exhibitors, rooms, badges and deals, on the second day at 10:42."""
    from expo_app.model import Attendee, Expo, Room

    with db.transaction() as session:
        expo = session.get_one(Expo, hall)
        room = session.query(Room).one()
        forum = make_item(session, expo, "论坛", room_id=room.id, starts_at=local(29, 9, 30), minutes=120)
        make_item(session, expo, "拍卖", room_id=room.id, starts_at=local(29, 11, 20), minutes=60)
        make_item(session, expo, "明天", room_id=room.id, starts_at=local(30, 9))
        make_speaker(session, forum, "张三")
        make_exhibitor(session, expo, region_code="320585")
        make_exhibitor(session, expo, region_code="310114", state=ExhibitorState.ARRIVED)
        make_deal(session, expo, "储氢瓶阀联合开发", 860 * WAN, sellers=("甲",), buyers=("乙",))
        make_deal(session, expo, "储氢瓶阀的联合开发", 860 * WAN, sellers=("甲",), buyers=("乙",), entry=Entry.CHECK)
        guest = make_attendee(session, expo, category="guest")
        make_badge(session, guest)
        make_badge(session, guest, revoked_at=local(28))
        visitors = select(Attendee).where(Attendee.category_id == category(session, expo, "visitor").id)
        visitor = session.scalars(visitors.where(~Attendee.is_sample)).first()
        make_badge(session, visitor, printed_at=local(28))
    return hall


def test_overview(db, busy):
    found = overview(db, busy, local(29, 10, 42))
    shown = {figure.name: figure.value for figure in vars(found).values() if isinstance(figure, Figure)}
    assert shown == {
        "checked_in": 1, "registered": 5, "exhibitors": 2, "arrived": 1, "services": 0, "services_arrived": 0,
        "signed": 1, "applications": 0, "signed_amount": 860 * WAN, "signed_today": 1, "intended_amount": None,
        "clashes": 1, "unissued": 3, "unprinted": 1, "duplicates": 1, "absent": 1,
        "due_tasks": 0, "due_milestones": 0,
    }  # fmt: skip
    assert (found.phase, found.day_no, found.checked_in.note) == ("running", 2, "登记 5 人，已到 20.0%")
    assert [figure.name for figure in found.alerts] == ["clashes", "unissued", "unprinted", "duplicates", "absent"]
    assert (found.absent.note, found.unprinted.note) == ("太仓 1", "其中嘉宾和演讲人 1 张")
    assert found.signed_days == ((date(2018, 11, 29), 860 * WAN),)
    assert [(p.label, p.arrived, p.count) for p in found.arrivals] == [("嘉定", 1, 1), ("太仓", 0, 1)]


def test_curves_have_no_gaps_and_today_runs_to_now(db, busy):
    found = overview(db, busy, local(29, 10, 42))
    assert found.today.points == ((600, 1), (615, 0), (630, 0))
    assert found.yesterday is not None
    assert (found.yesterday.day, found.yesterday.points) == (date(2018, 11, 28), ((525, 1), (540, 2)))
    assert (found.today.peak, found.yesterday.peak) == ((600, 1), (540, 2))
    assert overview(db, busy, local(28, 23)).yesterday is None


def test_rooms_show_what_runs_what_comes_and_who_is_there(db, busy):
    def rooms(moment):
        found = overview(db, busy, moment).rooms
        return [(r.current and r.current.title, r.next and r.next.title, r.present) for r in found]

    assert rooms(local(29, 10, 42)) == [("论坛", "拍卖", 0)]
    assert rooms(local(29, 11, 30)) == [("拍卖", None, 0)]
    assert rooms(local(28, 10, 30)) == [(None, None, 1)]


def test_phases(db, busy):
    moments = (local(20), local(28, 0, 0), local(30, 23, 59), local(30, 23, 59).replace(month=12))
    found = [overview(db, busy, moment) for moment in moments]
    assert [(f.phase, f.day_no) for f in found] == [("before", 0), ("running", 1), ("running", 3), ("after", 0)]


def test_the_number_of_statements_does_not_grow(db):
    with db.transaction() as session:
        expo = make_expo(session)
        gate, room = make_gate(session, expo), make_room(session, expo)
        expo_id = expo.id

    def fill(n):
        with db.transaction() as session:
            for _ in range(n):
                make_exhibitor(session, expo, region_code="310114")
                make_deal(session, expo, amount=WAN)
                item = make_item(session, expo, room_id=room.id, starts_at=local(29, 10))
                make_speaker(session, item)
                make_scan(session, gate, make_attendee(session, expo), local(29))

    def statements():
        seen = []
        note = lambda *call: seen.append(call[2])  # noqa: E731
        engine = getattr(db.reader, "engine", db.reader)
        event.listen(engine, "before_cursor_execute", note)
        for count in (overview, attendance, exhibition, deal_figures):
            count(db, expo_id, *([local(29, 12)] if count is overview else []))
        event.remove(engine, "before_cursor_execute", note)
        return len([text for text in seen if not text.startswith("BEGIN")])

    fill(1)
    one = statements()
    fill(3)
    assert statements() == one


# --- traces -----------------------------------------------------------------------------------------------------------
def test_each_count_lists_exactly_its_records(db, busy, floor, ledger):
    figures = [
        *attendance(db, busy).figures,
        *exhibition(db, floor).figures,
        *programme_figures(db, busy).figures,
        deal_figures(db, ledger).signed,
        deal_figures(db, ledger).intended,
    ]
    found = overview(db, busy, local(29, 10, 42))
    figures += [found.checked_in, found.registered, found.absent, found.unissued, found.unprinted, found.signed_today]
    counts = {f.name: f for f in figures if f.trace and isinstance(f.value, int)}
    assert {name: len(statistics.traced(db, f)) for name, f in counts.items()} == {
        name: f.value for name, f in counts.items()
    }
    untraced = {f.name for f in figures if f.trace is None}
    assert untraced == {"trade_share", "raw_share"}, "shares are of two figures beside them"


def test_amounts_and_alerts_list_the_deals_they_come_from(db, ledger, busy):
    found = deal_figures(db, ledger)
    for figure in (found.signed_amount, found.tech_amount, found.intended_amount):
        totals = deal_totals(db, ledger, statistics.traced(db, figure))
        assert getattr(totals, figure.name) == figure.value
    alerts = overview(db, busy, local(29, 10, 42))
    assert (len(statistics.traced(db, alerts.clashes)), len(statistics.traced(db, alerts.duplicates))) == (2, 1)


def test_an_expo_that_is_gone(db):
    with pytest.raises(Conflict):
        overview(db, new_id(), local(29))


def test_figures_show_money_shares_and_numbers():
    shown = [
        Figure("a", "", Decimal("8600012.34"), "万元").shown,
        Figure("a", "", Decimal("0.61349"), "%").shown,
        Figure("a", "", 3130, "人").shown,
        Figure("a", "", Decimal("1260.50"), "㎡").shown,
        Figure("a", "", None, "万元").shown,
    ]
    assert shown == ["860.001234", "61.3%", "3,130", "1,260.5", "—"]
    assert i18n.language() == "zh_CN"
