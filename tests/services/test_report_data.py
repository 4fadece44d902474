"""What documents are made from: who stands in them, in which order, in which language."""

from decimal import Decimal

import pytest
from factories import local, make_booth, make_deal, make_exhibitor, make_expo, make_item, make_room, make_speaker

from expo_app import i18n
from expo_app.model import DealStage, Entry, ExhibitorState, ItemState
from expo_app.services import deals_report, exhibitors_report, programme_report
from expo_app.services.statistics.programme import programme_figures
from expo_app.services.statistics.scope import scope_of

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


def test_deals_stand_in_exactly_one_part(db, expo_id):
    data = deals_report.read(db, expo_id, NOW)
    parts = [[line.values["title"] for line in part] for part in (data.signed, data.intended, data.left_out)]
    assert parts == [["第1项", "第5项"], ["第0项"], ["第2项", "第3项", "第4项"]]
    totals = data.figures.totals
    assert (totals.signed, totals.intended, totals.void, totals.samples, totals.terminated) == (2, 1, 1, 1, 1)


def test_names_follow_the_language(db, expo_id):
    i18n.set_language("en")
    with db.reading() as session:
        _figures, entries = programme_report.read_summary(session, scope_of(session, expo_id))
    assert [e.title for e in entries] == ["上午", "Afternoon", "待排"]
    names = [e.name for group in exhibitors_report.read(db, expo_id, NOW).groups for e in group.entries]
    assert names == ["Wenzhou Laser", "无处公司"]
