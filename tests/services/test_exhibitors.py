"""One exhibitor's profile, arrivals and states with their undo."""

import uuid
from decimal import Decimal

import pytest

from expo_app.errors import Conflict, UserError
from expo_app.model import AttendeeState, DealStage, Entry, Exhibitor, ExhibitorState, Expo, Role
from expo_app.services import exhibitors, records
from expo_app.specs import EXHIBITORS
from expo_app.specs.profile import missing, named_exhibits
from expo_app.store.database import Actor, Database
from tests.factories import (
    local,
    make_achievement,
    make_attendee,
    make_badge,
    make_booth,
    make_deal,
    make_exhibitor,
    make_expo,
    make_person,
)


class Stand:
    """嘉定氢能 with contact 高建峰 in A-007; 马陆 stands with it."""

    def __init__(self, db: Database) -> None:
        self.db = db
        with db.transaction() as session:
            expo = make_expo(session)
            self.expo_id = expo.id
            own = make_exhibitor(session, expo, "嘉定氢能", contact="高建峰", phone="13812345678")
            self.id, self.contact_id, self.organisation_id = own.id, own.contact_id, own.organisation_id
            self.partner_id = make_exhibitor(session, expo, "马陆", main_id=own.id).id
            self.booth_id = make_booth(session, expo, "A-007", own, area=Decimal(18)).id

    @property
    def profile(self) -> exhibitors.Profile:
        return exhibitors.profile(self.db, self.id)

    def state(self, exhibitor_id: uuid.UUID | None = None):
        with self.db.reading() as session:
            row = session.get_one(Exhibitor, exhibitor_id or self.id)
            return row.state, row.arrived_at


@pytest.fixture
def stand(db: Database) -> Stand:
    return Stand(db)


def test_booths_and_partners(stand: Stand) -> None:
    own, partner = stand.profile, exhibitors.profile(stand.db, stand.partner_id)
    assert [(b.number, b.area) for b in own.booths] == [("A-007", Decimal(18))]
    assert ([p.name for p in own.partners], own.main) == (["马陆"], None)
    assert ([b.number for b in partner.booths], partner.main and partner.main.name) == (["A-007"], "嘉定氢能")


def test_the_main_contact_first_each_person_once_and_masked(stand: Stand) -> None:
    with stand.db.transaction() as session:
        expo = session.get_one(Expo, stand.expo_id)
        staff = make_attendee(session, expo, "许静", phone="13900001111", exhibitor_id=stand.id, title="技术经理")
        chief = make_attendee(session, expo, person_id=stand.contact_id, exhibitor_id=stand.id)
        make_attendee(session, expo, "已取消", exhibitor_id=stand.id, state=AttendeeState.CANCELLED)
        make_badge(session, staff, printed_at=local(20))
        make_badge(session, chief)
    found = [(c.name, c.title, c.phone, c.is_main, c.is_printed) for c in stand.profile.contacts]
    assert found == [("高建峰", "", "138****5678", True, False), ("许静", "技术经理", "139****1111", False, True)]
    assert [c.name for c in stand.profile.unprinted] == ["高建峰"]
    assert exhibitors.people_of(stand.db, [stand.id]) == [c.attendee_id for c in reversed(stand.profile.contacts)]


def test_a_contact_who_is_not_registered_has_no_badge_to_print(stand: Stand) -> None:
    (contact,) = stand.profile.contacts
    assert (contact.name, contact.attendee_id, stand.profile.unprinted) == ("高建峰", None, ())


def test_exhibits_and_deals_are_those_of_this_expo(stand: Stand) -> None:
    with stand.db.transaction() as session:
        expo = session.get_one(Expo, stand.expo_id)
        for title, way in (("电堆", ["TRANSFER", "LICENCE"]), ("瓶阀", None)):
            make_achievement(session, expo, title, owner_id=stand.organisation_id, transfer_ways=way)
        make_achievement(session, make_expo(session), "往届", owner_id=stand.organisation_id)
        make_deal(session, expo, "联合开发", 8_600_000, sellers=("嘉定氢能",))
        make_deal(session, expo, "示范线", stage=DealStage.INTENT, entry=Entry.CHECK, buyers=("嘉定氢能",))
        make_deal(session, make_expo(session), "往届合同", sellers=("嘉定氢能",))
    profile = stand.profile
    assert [(e.title, e.transfer_ways) for e in profile.exhibits] == [("电堆", ("TRANSFER", "LICENCE")), ("瓶阀", ())]
    assert [(d.title, d.amount, d.stage, d.entry) for d in profile.deals] == [
        ("联合开发", Decimal(8_600_000), DealStage.SIGNED, Entry.VALID),
        ("示范线", None, DealStage.INTENT, Entry.CHECK),
    ]


def test_one_that_is_gone(db: Database) -> None:
    with pytest.raises(Conflict, match="E-GONE"):
        exhibitors.profile(db, uuid.uuid4())


# --- states ---


def test_an_arrival_keeps_its_moment_and_is_taken_back(stand: Stand) -> None:
    stand.db.actor = Actor("小李", Role.DESK)
    changed = exhibitors.arrive(stand.db, [stand.id])
    assert list(changed) == [stand.id]
    state, at = stand.state()
    assert (state, at is not None) == (ExhibitorState.ARRIVED, True)
    assert exhibitors.arrive(stand.db, [stand.id]) == {}
    exhibitors.restore_states(stand.db, changed)
    assert stand.state() == (ExhibitorState.CONFIRMED, None)
    exhibitors.restore_states(stand.db, changed, forth=True)
    assert stand.state() == (ExhibitorState.ARRIVED, at)


def test_who_moved_on_since_is_not_moved_back(stand: Stand) -> None:
    changed = exhibitors.set_state(stand.db, [stand.id, stand.partner_id], ExhibitorState.SETTING_UP)
    exhibitors.arrive(stand.db, [stand.id])
    with pytest.raises(Conflict, match="2 条里有 1 条") as refused:
        exhibitors.restore_states(stand.db, changed)
    assert refused.value.code == "E-CHANGED-SINCE"
    assert (stand.state()[0], stand.state(stand.partner_id)[0]) == (ExhibitorState.ARRIVED, ExhibitorState.SETTING_UP)


def test_a_state_before_arrival_forgets_the_moment_one_after_keeps_it(stand: Stand) -> None:
    exhibitors.arrive(stand.db, [stand.id])
    _state, at = stand.state()
    changed = exhibitors.set_state(stand.db, [stand.id, stand.partner_id], ExhibitorState.DISMANTLED)
    assert stand.state() == (ExhibitorState.DISMANTLED, at)
    assert set(changed) == {stand.id, stand.partner_id}
    exhibitors.set_state(stand.db, [stand.id], ExhibitorState.SETTING_UP)
    assert stand.state() == (ExhibitorState.SETTING_UP, None)


def test_only_who_may_edit_changes_other_states(stand: Stand) -> None:
    stand.db.actor = Actor("小李", Role.DESK)
    with pytest.raises(UserError, match="E-ACCESS"):
        exhibitors.set_state(stand.db, [stand.id], ExhibitorState.CANCELLED)
    stand.db.actor = Actor("孙正", Role.AUDITOR)
    with pytest.raises(UserError, match="E-ACCESS"):
        exhibitors.arrive(stand.db, [stand.id])
    assert stand.state() == (ExhibitorState.CONFIRMED, None)


# --- what is missing ---

WHOLE = {
    "state": ExhibitorState.CONFIRMED, "organisation.region_code": "310114", "contact.name": "高建峰",
    "contact.phone": "138****5678", "exhibits": "电堆", "exhibit_count": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "gaps"),
    [
        ({}, ()),
        ({"contact.phone": None, "organisation.region_code": None}, ("organisation.region_code", "contact.phone")),
        ({"exhibits": "", "exhibit_count": 2}, ()),
        ({"exhibits": ""}, ("exhibits",)),
        ({"contact.name": None, "state": ExhibitorState.CANCELLED}, ()),
    ],
)
def test_what_an_exhibitor_lacks(given, gaps) -> None:
    assert missing(WHOLE | given) == gaps


def test_people_without_an_expo_are_nobodys_staff(stand: Stand) -> None:
    with stand.db.transaction() as session:
        make_person(session, "路人", organisation_id=stand.organisation_id)
    assert [c.name for c in stand.profile.contacts] == ["高建峰"]


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("纳米膜", 1), ("纳米膜、石墨烯\n；量子点 ", 3), ("、甲;乙，可用于过滤", 2)]
)
def test_exhibits_named_in_a_text_are_counted_as_they_are_shown(db: Database, text: str, count: int) -> None:
    with db.transaction() as session:
        expo = make_expo(session)
        make_exhibitor(session, expo, "苏州纳米", exhibits=text)
        expo_id = expo.id
    ((_key, counted, *_search),) = records.list_rows(db, EXHIBITORS, expo_id, [EXHIBITORS.field("exhibit_count")])
    assert (counted, len(named_exhibits(text))) == (count, count)
