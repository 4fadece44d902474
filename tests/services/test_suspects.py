"""Suspects of a file: who is probably one, which stays, what is left out; and what is being typed."""

import uuid
from typing import Any

import pytest
from sqlalchemy import text

from expo_app.errors import Cancelled
from expo_app.model import Attendee, AttendeeState, Expo
from expo_app.services.duplicates import SURE_ALL, Suspect, like_this, offer_again, set_apart, suspects
from expo_app.services.record_rules import Known
from expo_app.specs import ATTENDEES, EXHIBITORS, ORGANISATIONS, PEOPLE, RecordSpec
from expo_app.store.database import Database
from tests.factories import (
    local,
    make_attendee,
    make_badge,
    make_deal,
    make_exhibitor,
    make_expo,
    make_gate,
    make_organisation,
    make_person,
    make_scan,
)
from tests.labelled import LABELLED

JIAQING, CODE = "上海嘉氢科技有限公司", "91310114MA1ABCDE0X"
PHONE, PHONE_2 = "13800000067", "13800000068"


def named(db: Database, spec: RecordSpec, expo_id: uuid.UUID | None = None) -> list[tuple[str, str]]:
    return [each.names for each in suspects(db, spec, expo_id)]


def one(db: Database, spec: RecordSpec, expo_id: uuid.UUID | None = None) -> Suspect:
    (found,) = suspects(db, spec, expo_id)
    return found


# --- organisations


def test_spellings_of_one_body_the_likeliest_first(db: Database) -> None:
    with db.transaction() as session:
        for name in (
            JIAQING,
            "上海 嘉氢科技有限公司",
            "嘉氢科技",
            "上海云图数字科技有限公司",
            "苏州云图数字科技有限公司",
        ):
            make_organisation(session, name)
    found = suspects(db, ORGANISATIONS)
    assert found[0].names == (JIAQING, "上海 嘉氢科技有限公司")
    assert found[0].likeness >= SURE_ALL > found[1].likeness
    assert found[0].why == "标点或空格不同"
    assert {name for each in found for name in each.names} == {JIAQING, "上海 嘉氢科技有限公司", "嘉氢科技"}


def test_the_one_with_a_code_stays_then_the_one_that_more_refers_to_then_the_older(db: Database) -> None:
    with db.transaction() as session:
        older = make_organisation(session, f"{JIAQING}。").id
        newer = make_organisation(session, JIAQING, region_code="310114").id
    assert (one(db, ORGANISATIONS).keep, one(db, ORGANISATIONS).other) == (older, newer)
    with db.transaction() as session:
        make_deal(session, make_expo(session), sellers=(JIAQING,))
    assert one(db, ORGANISATIONS).keep == newer
    with db.transaction() as session:
        session.execute(
            text("UPDATE organisation SET credit_code = :code WHERE name = :name"),
            {"code": CODE, "name": f"{JIAQING}。"},
        )
    found = one(db, ORGANISATIONS)
    assert found.keep == older
    assert found.names == (f"{JIAQING}。", JIAQING)
    assert found.details == (CODE, "嘉定区")


def test_two_credit_codes_are_never_made_one(db: Database) -> None:
    with db.transaction() as session:
        make_organisation(session, JIAQING, credit_code=CODE)
        make_organisation(session, "上海嘉氢科技有限责任公司", credit_code="91310114MA1FGHJK0X")
        make_organisation(session, f"{JIAQING}。")
    sure, asked = suspects(db, ORGANISATIONS)
    assert (sure.names, sure.likeness >= SURE_ALL) == ((JIAQING, f"{JIAQING}。"), True)
    assert (asked.why, asked.likeness) == ("写法不同，信用代码不同", 0.5)


def test_names_kept_beside_the_name_and_numbers_of_its_people(db: Database) -> None:
    with db.transaction() as session:
        make_organisation(session, "青岛海尔股份有限公司", aliases=["海尔智家股份有限公司"])
        make_organisation(session, "海尔智家")
        expo = make_expo(session)
        make_exhibitor(session, expo, "苏州晟辉精密机械有限公司", contact="刘洋", phone=PHONE)
        make_person(
            session, "刘洋", phone=PHONE, organisation_id=make_organisation(session, "苏州盛辉精密机械有限公司").id
        )
    assert {frozenset(names) for names in named(db, ORGANISATIONS)} == {
        frozenset(("青岛海尔股份有限公司", "海尔智家")),
        frozenset(("苏州晟辉精密机械有限公司", "苏州盛辉精密机械有限公司")),
    }


# --- people


def test_people_of_the_whole_file_by_the_rule_of_an_import(db: Database) -> None:
    with db.transaction() as session:
        first, second = make_organisation(session, JIAQING).id, make_organisation(session, "嘉氢科技").id
        other = make_organisation(session, "苏州云图数字科技有限公司").id
        make_person(session, "张伟", phone=PHONE, organisation_id=first)
        make_person(session, "张 伟", phone=PHONE, organisation_id=second)  # another spelling of the organisation
        make_person(session, "王芳", phone=PHONE_2, organisation_id=first)
        make_person(session, "王芳", organisation_id=other)  # a namesake
        make_person(session, "李娜", phone="021-55550001", organisation_id=other)
        make_person(session, "李敏", phone="021-55550001", organisation_id=other)  # behind one switchboard
        make_person(session, "陈静", phone="13800000071", organisation_id=other)
        make_person(session, "陈静", phone="13900000071", organisation_id=other)  # two numbers: a question
    sure, asked = suspects(db, PEOPLE)
    assert sure.names == ("张伟", "张 伟")
    assert sure.likeness >= SURE_ALL
    assert sure.details == (f"{JIAQING} · 138****0067", "嘉氢科技 · 138****0067")
    assert (asked.names, asked.why) == (("陈静", "陈静"), "同名同单位，电话不同")
    assert asked.likeness < SURE_ALL


def test_people_of_every_expo_are_compared_and_attendees_of_one(db: Database) -> None:
    with db.transaction() as session:
        here, there = make_expo(session), make_expo(session)
        make_attendee(session, here, "张伟", phone=PHONE)
        make_attendee(session, there, "张 伟", phone=PHONE)
        expo_id = here.id
    assert named(db, PEOPLE) == [("张伟", "张 伟")]
    assert named(db, ATTENDEES, expo_id) == []


def test_a_person_known_by_another_spelling_or_an_address(db: Database) -> None:
    with db.transaction() as session:
        make_person(session, "蔡明", aliases=["Ming Cai"], phone=PHONE)
        make_person(session, "Cai Ming", phone=PHONE)
        make_person(session, "袁泉", email="Yuan@example.com")
        make_person(session, "袁泉", email="yuan@example.com")
        make_person(session, "王强", email="info@example.com")
        make_person(session, "李梅", email="info@example.com")
    assert {frozenset(names) for names in named(db, PEOPLE)} == {frozenset(("蔡明", "Cai Ming")), frozenset(("袁泉",))}


# --- attendees


def twice(db: Database, **other: Any) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
    """(expo, first, second registration) of somebody in whose name a space stood the second time."""
    with db.transaction() as session:
        expo = make_expo(session)
        first = make_attendee(session, expo, "张伟", phone=PHONE).id
        second = make_attendee(session, expo, "张 伟", phone=PHONE, **other).id
        return expo.id, first, second


def test_the_registration_whose_badge_is_in_hand_stays(db: Database) -> None:
    expo_id, first, second = twice(db)
    found = one(db, ATTENDEES, expo_id)
    assert (found.keep, found.other) == (first, second)
    with db.transaction() as session:
        make_badge(session, session.get_one(Attendee, second))
    assert one(db, ATTENDEES, expo_id).keep == second
    with db.transaction() as session:
        badge = make_badge(session, session.get_one(Attendee, first))
        gate = make_gate(session, session.get_one(Expo, expo_id))
        make_scan(session, gate, session.get_one(Attendee, first), local(28, 9), badge_id=badge.id)
        no = session.get_one(Attendee, first).badge_no
    found = one(db, ATTENDEES, expo_id)
    assert found.keep == first
    assert found.details[0] == f"{no} · 138****0067"


def test_one_person_registered_twice_is_surely_one_and_a_cancelled_one_is_none(db: Database) -> None:
    expo_id, first, second = twice(db, state=AttendeeState.CANCELLED)
    assert suspects(db, ATTENDEES, expo_id) == []
    with db.transaction() as session:
        person = session.get_one(Attendee, first).person_id
        make_attendee(session, session.get_one(Expo, expo_id), person_id=person)
    found = one(db, ATTENDEES, expo_id)
    assert (found.keep, found.likeness, found.why) == (first, 1.0, "同一个人登记了两次")
    assert second not in (found.keep, found.other)


# --- what is left out


def test_those_that_somebody_said_are_not_the_same_are_not_offered_again(db: Database) -> None:
    with db.transaction() as session:
        for name in (JIAQING, f"{JIAQING}。", "上海嘉氢科技有限责任公司"):
            make_organisation(session, name)
    found = suspects(db, ORGANISATIONS)
    assert [each.names for each in found] == [(JIAQING, f"{JIAQING}。"), (JIAQING, "上海嘉氢科技有限责任公司")]
    said = set_apart(db, ORGANISATIONS, [(found[0].other, found[0].keep)])
    left = {frozenset(names) for names in named(db, ORGANISATIONS)}
    assert left == {frozenset(names) for names in ((JIAQING, "上海嘉氢科技有限责任公司"),)}
    offer_again(db, ORGANISATIONS, said)
    assert suspects(db, ORGANISATIONS) == found


@pytest.mark.parametrize("spec", [ORGANISATIONS, PEOPLE, ATTENDEES], ids=lambda spec: spec.name)
def test_a_sample_and_a_real_one_are_never_one(db: Database, spec: RecordSpec) -> None:
    with db.transaction() as session:
        expo = make_expo(session)
        for is_sample in (False, True):
            name = f"{JIAQING}。" if is_sample else JIAQING
            body = make_organisation(session, name, is_sample=is_sample).id
            person = make_person(session, "张伟", phone=PHONE, is_sample=is_sample, organisation_id=body).id
            make_attendee(session, expo, person_id=person, is_sample=is_sample)
        expo_id = expo.id
    assert suspects(db, spec, expo_id) == []
    of = "person." if spec is ATTENDEES else ""
    typed = {"name": f"{JIAQING} 。"} if spec is ORGANISATIONS else {f"{of}name": "张 伟", f"{of}phone": PHONE}
    assert names_of(like_this(db, spec, typed, expo_id)) == [JIAQING if spec is ORGANISATIONS else "张伟"]
    with db.transaction() as session:
        for table in ("organisation", "person", "attendee"):
            session.execute(text(f"UPDATE {table} SET is_sample = :it"), {"it": True})  # noqa: S608
    assert len(suspects(db, spec, expo_id)) == 1


def test_damaged_values_leave_out_no_more_than_themselves(db: Database) -> None:
    if not db.is_sqlite:
        pytest.skip("a server keeps no value of another type")
    with db.transaction() as session:
        expo = make_expo(session)
        for name in (JIAQING, f"{JIAQING}。", "上海 嘉氢科技有限公司"):
            make_organisation(session, name, aliases=["嘉氢"])
        for name in ("张伟", "张 伟", "张伟 先生"):
            make_attendee(session, expo, name, phone=PHONE)
        expo_id = expo.id
    with db.writer.connect() as connection:
        for table, column, where in (
            ("organisation", "name", "name LIKE '%。'"),
            ("organisation", "aliases", f"name = '{JIAQING}'"),
            ("organisation", "credit_code", f"name = '{JIAQING}'"),
            ("person", "email", "name = '张伟'"),
            ("person", "name", "name LIKE '%先生'"),
            ("attendee", "state", "person_id = (SELECT id FROM person WHERE name = '张 伟')"),
        ):
            connection.execute(text(f"UPDATE {table} SET {column} = X'FF00FE' WHERE {where}"))  # noqa: S608
        connection.commit()
    assert named(db, ORGANISATIONS) == [(JIAQING, "上海 嘉氢科技有限公司")]
    assert named(db, PEOPLE) == [("张伟", "张 伟")]
    assert named(db, ATTENDEES, expo_id) == [("张伟", "张 伟")]
    assert [each.name for each in like_this(db, PEOPLE, {"name": "张伟", "phone": PHONE})] == ["张伟", "张 伟"]


def test_looking_can_be_stopped_and_says_what_it_does(db: Database) -> None:
    expo_id, *_rest = twice(db)
    with db.transaction() as session:
        make_organisation(session, JIAQING)
    said: list[str] = []

    def stop(_n: int, _total: int, step: str) -> None:
        said.append(step)
        raise Cancelled

    for spec in (ORGANISATIONS, ATTENDEES):
        with pytest.raises(Cancelled):
            suspects(db, spec, expo_id, stop)
    assert said == ["比较单位", "比较人员"]


# --- while somebody types


def names_of(found: list[Known]) -> list[str]:
    return [each.name for each in found]


def test_an_organisation_that_is_being_typed_is_known(db: Database) -> None:
    with db.transaction() as session:
        key = make_organisation(session, JIAQING, credit_code=CODE, region_code="310114").id
        make_organisation(session, "苏州嘉氢科技有限公司")
    (found,) = like_this(db, ORGANISATIONS, {"name": "上海嘉氢 科技有限公司", "kind_id": "企业", "region_code": "某处"})
    assert found == Known(ORGANISATIONS, key, JIAQING, found.likeness, "标点或空格不同", f"嘉定区 · {CODE}")
    assert names_of(like_this(db, ORGANISATIONS, {"name": "嘉氢科技有限公司", "region_code": "苏州"})) == [
        "苏州嘉氢科技有限公司"
    ]
    for said in ("", "上", "_", "100%", "\\", "（）", "上海全新贸易有限公司"):
        assert like_this(db, ORGANISATIONS, {"name": said}) == []
    assert like_this(db, ORGANISATIONS, {}) == []


def test_a_person_who_is_being_typed_is_known(db: Database) -> None:
    with db.transaction() as session:
        body = make_organisation(session, JIAQING).id
        make_person(session, "张伟", phone=PHONE, organisation_id=body)
        make_person(session, "张伟", phone=PHONE_2, organisation_id=make_organisation(session, "苏州大学").id)
        make_person(session, "张伟明", organisation_id=body)
    (found,) = like_this(db, PEOPLE, {"name": "张 伟", "phone": "138 0000 0067"})
    assert (found.why, found.detail) == ("电话相同，姓名写法不同", f"{JIAQING} · 138****0067")
    asked = like_this(db, PEOPLE, {"name": "张伟 先生", "organisation_id": "嘉氢科技"})
    assert [each.why for each in asked] == ["同名同单位，一处没有电话"]
    assert names_of(like_this(db, PEOPLE, {"name": "张伟", "organisation_id": JIAQING})) == ["张伟"]
    assert names_of(like_this(db, PEOPLE, {"name": "章伟", "phone": PHONE})) == ["张伟"]
    assert like_this(db, PEOPLE, {"name": "张伟", "phone": "138"}) == []


def test_an_attendee_who_is_being_typed_is_known_in_this_expo(db: Database) -> None:
    expo_id, *_rest = twice(db)
    with db.transaction() as session:
        make_attendee(session, make_expo(session), "张伟", phone=PHONE)
    found = like_this(db, ATTENDEES, {"person.name": "张伟", "person.phone": PHONE, "category_id": "观众"}, expo_id)
    assert len(found) == 2
    assert {each.spec.name for each in found} == {"attendees"}


def test_an_exhibitor_that_is_being_typed_is_a_known_organisation_unless_it_is_named_by_its_name(db: Database) -> None:
    with db.transaction() as session:
        make_organisation(session, JIAQING)
    typed = {"organisation.name": "上海嘉氢科技", "contact.name": "张伟", "note": ""}
    (found,) = like_this(db, EXHIBITORS, typed)
    assert (found.spec.name, found.name) == ("organisations", JIAQING)
    assert like_this(db, EXHIBITORS, {"organisation.name": f"{JIAQING} "}) == []  # it is linked with that one


def test_what_is_typed_is_found_as_surely_as_among_all(db: Database) -> None:
    """The search words that stand for the rule in the database lose none of the 300 pairs that it offers."""
    with db.transaction() as session:
        made = {pair: make_organisation(session, pair.texts[0].split("; ")[0][:100]) for pair in bodies_with_a_name()}
        ids = {pair: record.id for pair, record in made.items()}
    lost = []
    for pair, key in ids.items():
        typed = pair.texts[1].split("; ")[0]
        if pair.is_same and key not in {each.id for each in like_this(db, ORGANISATIONS, {"name": typed})}:
            lost.append(pair.texts)
    assert len(lost) <= 4, lost


def bodies_with_a_name() -> list[Any]:
    """Labelled bodies of which the names alone say that they are one, no name twice."""
    found: dict[str, Any] = {}
    for pair in LABELLED:
        if pair.kind == "body" and pair.is_same and not any("; " in each for each in pair.texts):
            found.setdefault(pair.texts[0], pair)
    return list(found.values())
