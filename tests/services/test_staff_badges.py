"""From lists to badges: who is registered, in which category, who is left out and why; all of it taken back at once."""

import uuid
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from expo_app.errors import Conflict, UserError
from expo_app.model import (
    Attendee,
    AttendeeSource,
    AttendeeState,
    Audit,
    Category,
    CountsAs,
    ExhibitorState,
    Expo,
    ItemState,
    Person,
)
from expo_app.services import badges, staff_badges, steps
from expo_app.services.duplicates import set_apart
from expo_app.services.record_writer import followed
from expo_app.services.staff_badges import Ticked, Whom, Why
from expo_app.specs import PEOPLE
from expo_app.store.database import Database
from tests.factories import (
    category,
    local,
    make_attendee,
    make_exhibitor,
    make_expo,
    make_item,
    make_person,
    make_speaker,
)


class Lists:
    """An expo with exhibitors and their contacts; `make` adds some."""

    def __init__(self, db: Database) -> None:
        self.db = db
        with db.transaction() as session:
            expo = make_expo(session, code="KJH18")
            self.expo_id = expo.id

    def exhibitor(self, name: str, contact: str = "", phone: str | None = None, **given: object) -> uuid.UUID:
        with self.db.transaction() as session:
            expo = session.get_one(Expo, self.expo_id)
            named = {"contact": contact, "phone": phone} if contact else {}
            return make_exhibitor(session, expo, name, **named, **given).id

    def look(self, whom: Whom = Whom.CONTACTS, ids: Sequence[uuid.UUID] | None = None) -> staff_badges.Intake:
        return staff_badges.look(self.db, self.expo_id, Ticked(whom, ids))

    def register(self, whom: Whom = Whom.CONTACTS, ids: Sequence[uuid.UUID] | None = None) -> staff_badges.Registered:
        return staff_badges.register_people(self.db, self.expo_id, Ticked(whom, ids))

    def count(self) -> int:
        with self.db.reading() as session:
            return session.scalar(select(func.count()).select_from(Attendee)) or 0


@pytest.fixture
def lists(db: Database) -> Lists:
    return Lists(db)


def left_out(intake: staff_badges.Intake) -> list[tuple[str, Why]]:
    return [(one.name, one.why) for one in intake.left_out]


def test_contacts_become_confirmed_staff_of_their_exhibitor(lists: Lists) -> None:
    power = lists.exhibitor("嘉定氢能", "高建峰", "13812345678")
    lists.exhibitor("中科光电", "许静", "13900001111")
    done = lists.register(ids=[power])
    with lists.db.reading() as session:
        (one,) = session.scalars(select(Attendee))
        kept = session.get_one(Category, one.category_id)
        person = session.get_one(Person, one.person_id)
        assert (person.name, one.exhibitor_id, kept.key) == ("高建峰", power, "exhibitor")
        assert (one.state, one.source) == (AttendeeState.CONFIRMED, AttendeeSource.MANUAL)
        assert one.badge_no.startswith("KJH18-E-")
        logged = select(Audit.action).where(Audit.table_name == "attendee", Audit.record_id == one.id)
        assert session.scalars(logged).all() == ["insert"]
    assert done.attendee_ids == (one.id,)
    assert badges.issue(lists.db, done.attendee_ids) == 1


def test_the_category_is_the_first_offered_that_counts_as_exhibitors(lists: Lists) -> None:
    with lists.db.transaction() as session:
        expo = session.get_one(Expo, lists.expo_id)
        category(session, expo, "exhibitor").is_hidden = True
        investor = category(session, expo, "investor")
        investor.counts_as, investor.name = CountsAs.EXHIBITOR, "展商甲"
    lists.exhibitor("嘉定氢能", "高建峰")
    assert (lists.look().category or investor).name == "展商甲"
    with lists.db.transaction() as session:
        session.get_one(Category, investor.id).counts_as = CountsAs.NOBODY
    assert lists.look().category is None
    with pytest.raises(UserError) as refused:
        lists.register()
    assert (refused.value.code, lists.count()) == ("E-CATEGORY", 0)


def test_nobody_is_registered_twice(lists: Lists) -> None:
    """The same person; another record of the same name and number; the same name in the same organisation."""
    own = lists.exhibitor("嘉定氢能", "高建峰", "13812345678")
    lists.exhibitor("中科光电", "许静", "13900001111")
    lists.exhibitor("昆山检测", "李四")
    with lists.db.transaction() as session:
        expo = session.get_one(Expo, lists.expo_id)
        contact = session.scalars(select(Person).where(Person.name == "高建峰")).one()
        make_attendee(session, expo, person_id=contact.id, badge_no="KJH18-V-00001")
        make_attendee(session, expo, "许 静", phone="13900001111", badge_no="KJH18-V-00002")
        body = session.scalars(select(Person.organisation_id).where(Person.name == "李四")).one()
        make_attendee(session, expo, "李四先生", organisation_id=body, badge_no="KJH18-V-00003")
    intake = lists.look()
    assert intake.people == ()
    assert {(one.name, one.reason) for one in intake.left_out} == {
        ("高建峰", "已登记 KJH18-V-00001"), ("许静", "已登记 KJH18-V-00002"), ("李四", "已登记 KJH18-V-00003"),
    }  # fmt: skip
    assert (lists.register().attendee_ids, lists.count()) == ((), 3)
    assert lists.register(ids=[own]).attendee_ids == ()


def test_one_contact_of_two_exhibitors_gets_one_badge(lists: Lists) -> None:
    lists.exhibitor("嘉定氢能", "高建峰", "13812345678")
    lists.exhibitor("马陆科讯", "高 建峰", "13812345678")
    intake = lists.look()
    assert [one.name for one in intake.people] == ["高建峰"]
    assert left_out(intake) == [("高 建峰", Why.TWICE)]
    lists.register()
    assert lists.count() == 1


def test_other_numbers_are_other_people(lists: Lists) -> None:
    lists.exhibitor("嘉定氢能", "高建峰", "13812345678")
    lists.exhibitor("马陆科讯", "高建峰", "13900000000")
    assert len(lists.register().attendee_ids) == 2


def test_who_cancelled_is_left_out_and_named(lists: Lists) -> None:
    lists.exhibitor("嘉定氢能", "高建峰", "13812345678", state=ExhibitorState.CANCELLED)
    lists.exhibitor("中科光电", "许静", "13900001111")
    lists.exhibitor("昆山检测")
    with lists.db.transaction() as session:
        expo = session.get_one(Expo, lists.expo_id)
        person = session.scalars(select(Person).where(Person.name == "许静")).one()
        make_attendee(session, expo, person_id=person.id, state=AttendeeState.CANCELLED)
        body = session.scalars(select(Person.organisation_id).where(Person.name == "高建峰")).one()
        make_person(session, "高建峰的同事", organisation_id=body)
    intake = lists.look(Whom.EVERYBODY)
    assert intake.people == ()
    assert set(left_out(intake)) == {("高建峰", Why.CANCELLED), ("许静", Why.WITHDRAWN), ("", Why.NOBODY)}
    assert [one.organisation for one in intake.left_out if one.why is Why.NOBODY] == ["昆山检测"]


def test_passes_are_not_exceeded_and_who_is_over_is_named(lists: Lists) -> None:
    """A quota of 3: the main contact goes first; one is registered already, so two more fit."""
    own = lists.exhibitor("嘉定氢能", "张主任", badge_quota=3)
    with lists.db.transaction() as session:
        body = session.scalars(select(Person.organisation_id).where(Person.name == "张主任")).one()
        for name in ("王一", "李二", "赵三"):
            make_person(session, name, organisation_id=body)
        expo = session.get_one(Expo, lists.expo_id)
        known = make_person(session, "孙四", organisation_id=body)
        make_attendee(
            session, expo, person_id=known.id, organisation_id=body, exhibitor_id=own,
            category_id=category(session, expo, "exhibitor").id,
        )  # fmt: skip
    intake = lists.look(Whom.EVERYBODY)
    taken, over = [one.name for one in intake.people], [one.name for one in intake.left_out if one.why is Why.OVER]
    assert taken[0] == "张主任"
    assert (len(taken), len(over)) == (2, 2)
    (said,) = intake.said_of_quotas()
    assert said == f"“嘉定氢能”的参展商名额 3 个，已登记 1 人，下列 2 人没有登记：{'、'.join(over)}。"
    assert len(lists.register(Whom.EVERYBODY).attendee_ids) == 2
    assert lists.register(Whom.EVERYBODY).attendee_ids == ()


def test_others_of_the_organisation_come_only_where_they_are_asked_for(lists: Lists) -> None:
    """Who speaks at the expo is none of the staff."""
    lists.exhibitor("嘉定氢能", "高建峰")
    with lists.db.transaction() as session:
        expo = session.get_one(Expo, lists.expo_id)
        body = session.scalars(select(Person.organisation_id).where(Person.name == "高建峰")).one()
        make_person(session, "许静", organisation_id=body)
        scientist = make_person(session, "李院士", organisation_id=body)
        make_speaker(session, make_item(session, expo, "论坛"), person_id=scientist.id)
    main = lists.look()
    assert ([one.name for one in main.people], main.others) == (["高建峰"], 1)
    assert [one.name for one in lists.look(Whom.EVERYBODY).people] == ["高建峰", "许静"]


def test_speakers_get_the_category_of_speakers_once_each(lists: Lists) -> None:
    with lists.db.transaction() as session:
        expo = session.get_one(Expo, lists.expo_id)
        forum, other = (
            make_item(session, expo, title, starts_at=local(29, hour)) for title, hour in (("论坛", 9), ("对话", 14))
        )
        off = make_item(session, expo, "停办的论坛", state=ItemState.CANCELLED)
        scientist = make_person(session, "李院士")
        for item in (forum, other):
            make_speaker(session, item, person_id=scientist.id)
        make_speaker(session, off, "王博士")
    intake = lists.look(Whom.SPEAKERS)
    assert [one.name for one in intake.people] == ["李院士"]
    assert [(one.name, one.reason) for one in intake.left_out] == [("王博士", "活动已取消 停办的论坛")]
    lists.register(Whom.SPEAKERS)
    with lists.db.reading() as session:
        (one,) = session.scalars(select(Attendee))
        assert (session.get_one(Category, one.category_id).key, one.exhibitor_id) == ("speaker", None)


def test_without_a_category_for_speakers_one_is_chosen(lists: Lists) -> None:
    with lists.db.transaction() as session:
        expo = session.get_one(Expo, lists.expo_id)
        for key in ("speaker", "guest"):
            category(session, expo, key).is_hidden = True
        media = category(session, expo, "media").id
        make_speaker(session, make_item(session, expo, "论坛"), "李院士")
    with pytest.raises(UserError) as refused:
        lists.register(Whom.SPEAKERS)
    assert refused.value.code == "E-CATEGORY"
    staff_badges.register_people(lists.db, lists.expo_id, Ticked(Whom.SPEAKERS, category_id=media))
    with lists.db.reading() as session:
        assert session.scalars(select(Attendee.category_id)).one() == media


def test_all_of_it_goes_and_comes_as_one_step(lists: Lists) -> None:
    for n in range(5):
        lists.exhibitor(f"单位{n}", f"联系人{n}")
    with followed() as writers:
        done = lists.register()
    step = steps.step_of("attendees.edit", writers)
    assert step is not None
    assert lists.count() == 5
    steps.take_back(lists.db, step)
    assert lists.count() == 0
    steps.do_again(lists.db, step)
    assert lists.count() == 5
    badges.issue(lists.db, done.attendee_ids[:1])
    with pytest.raises(Conflict):  # a badge was made since: nothing goes
        steps.take_back(lists.db, step)
    assert lists.count() == 5


def test_whoever_was_unticked_is_not_registered_and_leaves_the_pass_to_another(lists: Lists) -> None:
    lists.exhibitor("嘉定氢能", "张主任", badge_quota=2)
    with lists.db.transaction() as session:
        body = session.scalars(select(Person.organisation_id).where(Person.name == "张主任")).one()
        for name in ("王一", "李二"):
            make_person(session, name, organisation_id=body)
    first, second = lists.look(Whom.EVERYBODY).people
    ticked = Ticked(Whom.EVERYBODY, without=frozenset({second.person_id}))
    intake = staff_badges.look(lists.db, lists.expo_id, ticked)
    assert (len(intake.people), intake.people[0], intake.unticked, intake.left_out) == (2, first, (second,), ())
    done = staff_badges.register_people(lists.db, lists.expo_id, ticked)
    assert (len(done.attendee_ids), lists.count()) == (2, 2)


def test_who_is_probably_registered_is_left_out_until_somebody_looked(lists: Lists) -> None:
    """The same name in the same organisation with another number; told apart they are two."""
    lists.exhibitor("嘉定氢能", "高建峰", "13812345678")
    with lists.db.transaction() as session:
        expo = session.get_one(Expo, lists.expo_id)
        contact = session.scalars(select(Person)).one()
        other = make_person(session, "高 建峰", phone="13900001111", organisation_id=contact.organisation_id)
        make_attendee(session, expo, person_id=other.id, badge_no="KJH18-V-00001")
        pair = contact.id, other.id
    intake = lists.look()
    assert [one.reason for one in intake.left_out] == ["可能已登记 KJH18-V-00001（同名同单位，电话不同）"]
    assert (intake.people, lists.register().attendee_ids) == ((), ())
    set_apart(lists.db, PEOPLE, [pair])
    assert len(lists.register().attendee_ids) == 1


def test_who_is_registered_by_another_name_is_known(lists: Lists) -> None:
    """By the English name, under a former name of the organisation; who cancelled and is only alike may come."""
    lists.exhibitor("嘉定氢能", "高建峰", "13812345678")
    lists.exhibitor("中科光电", "许静", "13900001111")
    with lists.db.transaction() as session:
        expo = session.get_one(Expo, lists.expo_id)
        session.scalars(select(Person).where(Person.name == "高建峰")).one().name_en = "Jeff Gao"
        make_attendee(session, expo, "Jeff Gao", phone="13812345678", badge_no="KJH18-V-00001")
        body = session.scalars(select(Person.organisation_id).where(Person.name == "许静")).one()
        make_attendee(session, expo, "许静", phone="13700000000", organisation_id=body, state=AttendeeState.CANCELLED)
    intake = lists.look()
    assert [one.reason for one in intake.left_out] == ["已登记 KJH18-V-00001"]
    assert [one.name for one in intake.people] == ["许静"]
