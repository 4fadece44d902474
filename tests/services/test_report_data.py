"""What documents are made from: who stands in them, in which order, in which language."""

from decimal import Decimal

import pytest
from factories import (
    local,
    make_attendee,
    make_badge,
    make_booth,
    make_deal,
    make_exhibitor,
    make_expo,
    make_item,
    make_room,
    make_speaker,
)
from sqlalchemy import literal, null, select

from expo_app import i18n
from expo_app.model import Attendee, Deal, DealStage, Entry, Exhibitor, ExhibitorState, Expo, ItemState
from expo_app.rules.natural_order import natural_key
from expo_app.services import badges, deals_report, exhibitors, exhibitors_report, programme_report, records
from expo_app.services.statistics.programme import programme_figures
from expo_app.services.statistics.scope import scope_of
from expo_app.specs import ATTENDEES, BOOTHS, DEALS, EXHIBITORS
from expo_app.specs.natural_order import natural

NOW = local(29, 10, 42)


@pytest.fixture
def expo_id(db):
    with db.transaction() as session:
        expo = make_expo(session)
        far = make_exhibitor(session, expo, "温州激光", region_code="330300", name_en="Wenzhou Laser")
        make_booth(session, expo, "E-002", far)
        make_booth(session, expo, "E-001", far)
        make_exhibitor(session, expo, "无处公司")
        make_exhibitor(session, expo, "申请中", state=ExhibitorState.APPLIED)
        make_exhibitor(session, expo, "示例公司", is_sample=True)
        room = make_room(session, expo)
        late = make_item(session, expo, "下午", title_en="Afternoon", room_id=room.id, starts_at=local(28, 14))
        make_item(session, expo, "上午", room_id=room.id, starts_at=local(28, 9), minutes=45)
        make_item(session, expo, "待排")
        make_item(session, expo, "取消", state=ItemState.CANCELLED)
        make_item(session, expo, "示例", is_sample=True)
        make_speaker(session, late, "乙", position=2)
        make_speaker(session, late, "甲", position=1, organisation="某院")
        for number, given in enumerate(
            (
                {"stage": DealStage.INTENT}, {}, {"entry": Entry.VOID}, {"is_sample": True},
                {"stage": DealStage.TERMINATED}, {"stage": DealStage.LANDED},
            )
        ):  # fmt: skip
            make_deal(session, expo, f"第{number}项", Decimal(100), **given)
        return expo.id


def test_programme_is_in_order_of_time_and_local(db, expo_id):
    data = programme_report.read(db, expo_id, NOW)
    assert [(e.title, e.hours, e.is_placed) for e in data.entries] == [
        ("上午", "09:00–09:45", True), ("下午", "14:00–15:30", True), ("待排", "", False),
    ]  # fmt: skip
    assert [(s.name, s.organisation) for s in data.entries[1].speakers] == [("甲", "某院"), ("乙", "")]
    assert (data.head.at.hour, data.figures) == (10, programme_figures(db, expo_id))


def test_directory_holds_who_is_under_contract(db, expo_id):
    groups = exhibitors_report.read(db, expo_id, NOW).groups
    assert [(g.title, [(e.name, e.booths) for e in g.entries]) for g in groups] == [
        ("温州", [("温州激光", "E-001、E-002")]),
        ("未填地区", [("无处公司", "")]),
    ]


def test_the_directory_follows_the_booths_as_they_are_counted(db, expo_id):
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        for number in ("T10", "T2"):
            make_booth(session, expo, number, make_exhibitor(session, expo, f"在{number}", region_code="330300"))
    (group, *_rest) = exhibitors_report.read(db, expo_id, NOW).groups
    assert [entry.booths for entry in group.entries] == ["E-001、E-002", "T2", "T10"]


def test_deals_stand_in_exactly_one_part(db, expo_id):
    data = deals_report.read(db, expo_id, NOW)
    parts = [[line.values["title"] for line in part] for part in (data.signed, data.intended, data.left_out)]
    assert parts == [["第1项", "第5项"], ["第0项"], ["第2项", "第3项", "第4项"]]
    totals = data.figures.totals
    assert (totals.signed, totals.intended, totals.void, totals.samples, totals.terminated) == (2, 1, 1, 1, 1)


def test_the_1000th_deal_comes_after_the_999th(db, expo_id):
    with db.transaction() as session:
        for number, deal in zip((1001, 998, 999, 1000, 100000, 997), session.scalars(select(Deal)).all(), strict=True):
            deal.deal_no, deal.title = f"KJH-2018-{number:03}", f"第{number}项"
    data = deals_report.read(db, expo_id, NOW)
    lines = [*data.signed, *data.intended, *data.left_out]
    for part in (data.signed, data.intended, data.left_out):
        counted = [int(line.values["deal_no"].rpartition("-")[2]) for line in part]
        assert counted == sorted(counted)
    assert len(lines) == 6
    listed = [row[1] for row in records.list_rows(db, DEALS, expo_id, fields=(DEALS.field("deal_no"),))]
    assert [number.rpartition("-")[2] for number in listed] == ["100000", "1001", "1000", "999", "998", "997"]


def test_the_100000th_badge_and_booths_in_the_order_they_are_counted(db, expo_id):
    numbers = ["KJH18-E-99999", "KJH18-E-100000", "KJH18-V-00003"]
    booths = ["1E5", "1E10", "10E1", "E-001", "E-002"]
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        holder = session.scalars(select(Exhibitor).where(Exhibitor.expo_id == expo_id)).first()
        for number in numbers[::-1]:
            make_badge(session, make_attendee(session, expo, badge_no=number, exhibitor_id=holder.id))
        for number in ("10E1", "1E10", "1E5"):
            make_booth(session, expo, number, holder)
    listed = [row[1] for row in records.list_rows(db, ATTENDEES, expo_id, fields=(ATTENDEES.field("badge_no"),))]
    assert listed == numbers
    assert [card.face()["badge_no"] for card in badges.cards(db, expo_id)] == numbers
    with db.reading() as session:
        people = {row.id: row.badge_no for row in session.scalars(select(Attendee))}
    assert [people[key] for key in exhibitors.people_of(db, [holder.id])] == numbers
    assert [row[1] for row in records.list_rows(db, BOOTHS, expo_id, fields=(BOOTHS.field("number"),))] == booths
    profile = exhibitors.profile(db, holder.id)
    assert [booth.number for booth in profile.booths] == ["1E5", "1E10", "10E1", "E-001", "E-002"]
    whose = records.get(db, EXHIBITORS, holder.id)
    assert whose["booths"] == "1E5、1E10、10E1、E-001、E-002"


def test_sql_and_python_agree_on_the_order(db):
    numbers = ["KJH-2018-0999", "KJH-2018-1000", "1E5", "1E10", "9131011400000000012345", "A٣-3", f"{7:020}"]
    with db.reading() as session:
        for text in (*numbers, "甲", ""):
            assert session.scalar(select(natural(literal(text)))) == natural_key(text)
        assert session.scalar(select(natural(null()))) is None


def test_names_follow_the_language(db, expo_id):
    i18n.set_language("en")
    with db.reading() as session:
        _figures, entries = programme_report.read_summary(session, scope_of(session, expo_id))
    assert [e.title for e in entries] == ["上午", "Afternoon", "待排"]
    names = [e.name for group in exhibitors_report.read(db, expo_id, NOW).groups for e in group.entries]
    assert names == ["Wenzhou Laser", "无处公司"]
