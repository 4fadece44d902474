"""Rules of counting an exhibition: who is an exhibitor, what the net area holds, who visited, for how long."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from factories import (
    SHANGHAI,
    category,
    make_attendee,
    make_badge,
    make_booth,
    make_exhibitor,
    make_expo,
    make_gate,
    make_organisation,
    make_scan,
)
from sqlalchemy import select

from expo_app.errors import InvalidRecord
from expo_app.model import BoothState, Direction, ExhibitorKind, ExhibitorState, Expo, Verdict, Ways
from expo_app.services import records, statistics
from expo_app.services.statistics.attendance import attendance, guests_effect
from expo_app.services.statistics.audience import whole_attendance
from expo_app.services.statistics.exhibition import exhibition
from expo_app.specs import EXHIBITORS, EXPOS


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2018, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def stands(db):
    """Two main exhibitors; on the first one's stand two co-exhibitors, one that only is represented, and a company."""
    with db.transaction() as session:
        expo = make_expo(session)
        main = make_exhibitor(session, expo, "甲公司", region_code="310114")
        make_exhibitor(session, expo, "乙公司", region_code="330300")
        for name, brings_own in (("有自己的人", True), ("没有说的", None), ("只有样本册", False)):
            make_exhibitor(session, expo, name, main_id=main.id, brings_own=brings_own)
        make_exhibitor(session, expo, "被代理的", main_id=main.id, kind=ExhibitorKind.REPRESENTED)
        make_exhibitor(
            session, expo, "退了的", main_id=main.id, kind=ExhibitorKind.REPRESENTED, state=ExhibitorState.CANCELLED
        )
        make_booth(session, expo, "A001", main, area=Decimal(36))
        return expo.id


def test_three_lines_and_the_represented_are_in_no_total(db, stands):
    found = exhibition(db, stands)
    values = {figure.name: figure.value for figure in found.lines}
    assert values == {"exhibitors": 2, "co_exhibitors": 2, "exhibitors_all": 4, "represented": 2}
    assert found.unproven.value == 1
    for figure in (*found.lines, found.unproven):
        assert len(statistics.traced(db, figure)) == figure.value, figure.name


def test_a_represented_company_has_no_people_of_its_own(db, stands):
    given = {"organisation.name": "丙公司", "main": "甲公司", "kind": ExhibitorKind.REPRESENTED}
    with pytest.raises(InvalidRecord) as refused:
        records.save(db, EXHIBITORS, {**given, "brings_own": True}, expo_id=stands)
    assert refused.value.problems == {"brings_own": "代表企业没有自己的人员和展品；有的话，类别改成参展商。"}
    records.save(db, EXHIBITORS, {**given, "state": ExhibitorState.CONFIRMED}, expo_id=stands)
    assert exhibition(db, stands).represented.value == 3


def test_theme_areas_are_net_area_without_an_exhibitor(db, stands):
    with db.transaction() as session:
        expo = session.get_one(Expo, stands)
        make_booth(session, expo, "B001", kind="theme_area", area=Decimal(100))
        make_booth(session, expo, "B002", area=Decimal(50))
        make_booth(session, expo, "B003", area=Decimal(50), state=BoothState.HELD)
        expo.gross_area = Decimal(340)
    found = exhibition(db, stands)
    assert (found.net_area.value, found.theme_area.value) == (136, 100)
    assert found.net_share.value == Decimal(136) / 340
    assert found.net_share.shown == "40.0%"
    assert len(statistics.traced(db, found.net_area)) == 2
    assert found.net_area.note == "已签约展位面积之和，含主题展示区 100 ㎡"


def test_without_a_gross_area_there_is_no_ratio(db, stands):
    found = exhibition(db, stands)
    assert (found.net_share.value, found.gross_area.shown, found.net_share in found.figures) == (None, "—", False)


# --- visitors ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def hall(db):
    """Two visitors, one from abroad, a guest and a member of staff; the exit is scanned."""
    with db.transaction() as session:
        expo = make_expo(session)
        gate = make_gate(session, expo, "南门", ways=Ways.BOTH)
        home = make_organisation(session, "本地公司", region_code="310114", industry="it")
        abroad = make_organisation(session, "外国公司", region_code="DE", industry="it")
        harbour = make_organisation(session, "港澳公司", region_code="810000")
        one = make_attendee(session, expo, category="visitor", organisation_id=home.id)
        two = make_attendee(session, expo, category="trade_visitor", organisation_id=abroad.id)
        three = make_attendee(session, expo, category="trade_visitor", organisation_id=harbour.id)
        guest = make_attendee(session, expo, category="guest", organisation_id=home.id)
        staff = make_attendee(session, expo, category="staff")
        make_badge(session, make_attendee(session, expo, category="visitor"), printed_at=at(28, 8), print_count=1)

        def passes(who, when, way=Direction.IN, verdict=Verdict.ADMITTED):
            make_scan(session, gate, who, when, direction=way, verdict=verdict)

        passes(one, at(28, 9))
        passes(one, at(28, 11), Direction.OUT, Verdict.OUT)
        passes(one, at(28, 13), verdict=Verdict.AGAIN)
        passes(one, at(28, 15), Direction.OUT, Verdict.OUT)
        passes(two, at(28, 9, 50))
        passes(two, at(28, 10, 20), Direction.OUT, Verdict.OUT)
        passes(two, at(29, 9))
        passes(three, at(29, 9))
        passes(guest, at(28, 10))
        passes(staff, at(28, 8))
        return expo.id


def test_a_printed_badge_without_a_scan_is_no_visit(db, hall):
    found = attendance(db, hall)
    assert (found.registered.value, found.visitors.value, found.visits.value) == (6, 3, 4)


def test_everybodys_days_have_a_line_that_is_not_called_visitors(db, hall):
    found = attendance(db, hall).admissions
    assert (found.value, len(statistics.traced(db, found))) == (6, 6)
    assert "观众" not in found.label
    assert found.label == "进场总人次（含工作人员）"


def test_guests_are_visitors_where_the_expo_says_so(db, hall):
    told = guests_effect(db, hall, True)
    assert [(now.name, now.value, then.value) for now, then in told] == [("visitors", 3, 4), ("visits", 4, 5)]
    assert attendance(db, hall).visitors.value == 3, "asking changes nothing"
    records.save(db, EXPOS, {"counts_guests": True}, hall)
    found = attendance(db, hall)
    assert (found.visitors.value, found.visits.value, found.counts_guests) == (4, 5, True)
    assert len(statistics.traced(db, found.visitors)) == 4


def test_what_a_category_is_said_to_count_as_wins(db, hall):
    with db.transaction() as session:
        from expo_app.model import CountsAs

        category(session, session.get_one(Expo, hall), "guest").counts_as = CountsAs.STAFF
    records.save(db, EXPOS, {"counts_guests": True}, hall)
    assert attendance(db, hall).visitors.value == 3


def test_stays_returns_and_where_visitors_come_from(db, hall):
    found = whole_attendance(db, hall).audience
    assert (found.home.value, found.abroad.value, found.countries) == (1, 2, 2)
    assert (found.trade_home, found.trade_abroad, found.visits_home, found.visits_abroad) == (0, 2, 1, 3)
    assert (found.stay_mean.value, found.stay_median.value) == (135, 135), "240 and 30 minutes; who never left has none"
    assert found.stay_mean.note == "2 人次有进有出，其余不计"
    assert (found.returns.value, len(statistics.traced(db, found.returns))) == (1, 1)
    assert [(p.label, p.visitors, p.visits) for p in found.industries] == [("信息技术", 2, 3), ("未填", 1, 1)]
    for figure in found.figures:
        if figure.name in ("visitors_home", "visitors_abroad", "returns"):
            assert len(statistics.traced(db, figure)) == figure.value, figure.name


def test_how_many_are_inside_at_once(db, hall):
    found = whole_attendance(db, hall).audience
    assert found.sees_out
    assert (found.peak.value, found.peak.note) == (4, "含工作人员，数到 11-28 10:15")
    hours = [(one.day, one.hour, one.most) for one in found.inside]
    assert hours == [
        (date(2018, 11, 28), 8, 1), (date(2018, 11, 28), 9, 3), (date(2018, 11, 28), 10, 4),
        (date(2018, 11, 28), 11, 2), (date(2018, 11, 28), 13, 3), (date(2018, 11, 28), 15, 2),
        (date(2018, 11, 29), 9, 2),
    ]  # fmt: skip
    assert len(statistics.traced(db, found.peak)) == 4


def test_where_no_exit_is_scanned_nobody_says_how_long(db):
    with db.transaction() as session:
        expo = make_expo(session)
        gate = make_gate(session, expo)
        make_scan(session, gate, make_attendee(session, expo, category="visitor"), at(28, 9))
        expo_id = expo.id
    found = whole_attendance(db, expo_id).audience
    assert (found.stay_mean.shown, found.stay_median.shown, found.returns.value) == ("—", "—", 0)
    assert (found.sees_out, found.peak.label, found.peak.value) == (False, "一天进场最多", 1)
    assert "没有扫描出场" in found.peak.note


def test_an_empty_expo_has_no_audience(db):
    with db.transaction() as session:
        expo_id = make_expo(session).id
        assert session.scalars(select(Expo.id)).all() == [expo_id]
    found = whole_attendance(db, expo_id).audience
    assert (found.home.value, found.peak.shown, found.stay_mean.shown, found.regions) == (None, "—", "—", ())
