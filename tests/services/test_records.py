"""Saving by spec: references, parents, conflicts, deletion, the audit trail."""

import pickle
import time
from datetime import date

import pytest
from sqlalchemy import func, select

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import (
    Attendee,
    Audit,
    Base,
    Booth,
    Exhibitor,
    ImportBatch,
    ImportRow,
    Organisation,
    Person,
    Role,
    Venue,
)
from expo_app.model.base import first_id, key_of, new_id
from expo_app.services import expos, import_review, imports, records
from expo_app.specs import (
    ATTENDEES,
    BOOTHS,
    DEALS,
    EXHIBITORS,
    EXPOS,
    HALLS,
    OPERATORS,
    PEOPLE,
    PROGRAMME,
    ROOMS,
    SPECS,
    VENUES,
    ZONES,
)
from expo_app.specs.expo import venues_of
from expo_app.specs.plan import ImportPlan, Outcome, PlanRow
from expo_app.store.database import Actor, open_database


@pytest.fixture
def expo_id(db):
    records.save(db, VENUES, {"name": "展馆"})
    return expos.create(
        db,
        {"name": "科交会", "code": "KJH18", "starts_on": date(2018, 11, 28), "ends_on": "2018-11-30", "venues": "展馆"},
    )


def test_a_key_of_its_bytes_is_like_any_other_key():
    key = new_id()
    made = key_of(key.bytes)
    assert (made, hash(made), str(made), made.is_safe) == (key, hash(key), str(key), key.is_safe)
    assert pickle.loads(pickle.dumps(made)) == key  # noqa: S301
    for raw in (b"", key.bytes[:15], key.bytes + b"0"):
        with pytest.raises(ValueError, match="are no key"):
            key_of(raw)


def test_an_expo_starts_with_an_entrance_and_a_desk(db, expo_id):
    from expo_app.services import checkin

    desks, gates = checkin.names(db, expo_id)
    assert (list(desks), list(gates)) == (["01 号台"], ["主入口"])


def test_a_room_gets_its_gate(db, expo_id):
    from expo_app.services import checkin

    records.save(db, ROOMS, {"name": "A 会场", "venue_id": "展馆", "seats": "280"}, expo_id=expo_id)
    assert list(checkin.names(db, expo_id)[1]) == ["主入口", "A 会场"]


def test_an_attendee_brings_person_and_organisation(db, expo_id):
    saved = records.save(
        db,
        ATTENDEES,
        {
            "person.name": " 沈 华棣 ",
            "person.phone": 13812345678.0,
            "organisation_id": "嘉定氢能",
            "title": "总监",
            "category_id": "嘉宾",
        },
        expo_id=expo_id,
    )
    with db.reading() as session:
        attendee = session.get_one(Attendee, saved)
        person = session.get_one(Person, attendee.person_id)
        organisation = session.get_one(Organisation, attendee.organisation_id)
    assert (attendee.badge_no, person.phone, person.title, person.organisation_id) == (
        "KJH18-S-00001", "+8613812345678", "总监", organisation.id,
    )  # fmt: skip
    assert "shd" in person.search_text
    row = records.list_rows(db, ATTENDEES, expo_id, [ATTENDEES.field("person.phone")])[0]
    assert row[1] == "138****5678"


def test_the_same_person_is_not_made_twice(db, expo_id):
    values = {"person.name": "张伟", "person.phone": "13900000001", "organisation_id": "甲公司"}
    records.save(db, ATTENDEES, values, expo_id=expo_id)
    records.save(db, ATTENDEES, {**values, "category_id": "媒体"}, expo_id=expo_id)
    records.save(db, ATTENDEES, {**values, "person.phone": "13900000002"}, expo_id=expo_id)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 2


def test_a_number_and_a_name_in_another_spelling_are_the_same_person(db, expo_id):
    """The form, in which a number is typed in one way and a name in another."""
    spelt = [
        ("José García", "021-59571234 转 8012"), ("Jose\u0301 Garci\u0301a", "02159571234 ext 8012"),
        ("Dr. José García", "+86 21 5957-1234-8012"),
    ]  # fmt: skip
    for name, phone in spelt:
        records.save(db, ATTENDEES, {"person.name": name, "person.phone": phone}, expo_id=expo_id)
    with db.reading() as session:
        people = session.execute(select(Person.name, Person.phone)).all()
    assert people == [("José García", "+862159571234;ext=8012")]
    for text in ("021-59571234", "josé garcía", "Prof. José García", "1234", "+86 21 59571234 转 8012"):
        assert records.count(db, ATTENDEES, expo_id, text) == 3, text
    assert records.count(db, ATTENDEES, expo_id, "021-59571235") == 0


def test_every_problem_at_once(db, expo_id):
    with pytest.raises(InvalidRecord) as problem:
        records.save(db, ATTENDEES, {"person.phone": "138", "person.email": "沈#", "state": "谁"}, expo_id=expo_id)
    assert set(problem.value.problems) == {"person.name", "person.phone", "person.email", "state"}
    assert records.count(db, ATTENDEES, expo_id) == 0


def test_booths_are_assigned_and_kept_apart(db, expo_id):
    records.save(db, HALLS, {"name": "1 号馆", "venue_id": "展馆"}, expo_id=expo_id)
    records.save(db, ZONES, {"code": "A", "name": "嘉定展区", "hall_id": "1 号馆"}, expo_id=expo_id)
    for number in ("A-001", "A-002"):
        records.save(db, BOOTHS, {"number": number, "zone_id": "A", "area": "9"}, expo_id=expo_id)
    first = records.save(
        db,
        EXHIBITORS,
        {"organisation.name": "甲", "booths": "A-001、A-002", "contact.name": "李", "contact.phone": "13900000003"},
        expo_id=expo_id,
    )
    with pytest.raises(InvalidRecord) as problem:
        records.save(db, EXHIBITORS, {"organisation.name": "乙", "booths": "A-002"}, expo_id=expo_id)
    assert list(problem.value.problems) == ["booths"]
    records.save(db, EXHIBITORS, {"booths": "A-002"}, first, expo_id=expo_id)
    values = records.get(db, EXHIBITORS, first)
    assert (values["booths"], values["contact.name"], values["contact.phone"], float(values["area"])) == (
        "A-002",
        "李",
        "139****0003",
        9.0,
    )
    with db.reading() as session:
        assert session.scalar(select(Booth.exhibitor_id).where(Booth.number == "A-001")) is None


def test_somebody_elses_change_is_not_overwritten(db, expo_id):
    saved = records.save(db, EXHIBITORS, {"organisation.name": "甲", "note": "旧"}, expo_id=expo_id)
    seen = records.get(db, EXHIBITORS, saved)
    records.save(db, EXHIBITORS, {"note": "别人"}, saved, expo_id=expo_id)
    with pytest.raises(Conflict):
        records.save(db, EXHIBITORS, {"note": "我"}, saved, expo_id=expo_id, seen=seen)
    records.save(db, EXHIBITORS, {"wants": "合作"}, saved, expo_id=expo_id, seen=seen)
    assert records.get(db, EXHIBITORS, saved)["note"] == "别人"


def test_deal_with_parties_and_steps(db, expo_id):
    saved = records.save(
        db,
        DEALS,
        {"title": "框架协议", "kind": "战略合作框架协议", "others": "甲、乙、丙", "signed_on": "2018-11-28"},
        expo_id=expo_id,
    )
    values = records.get(db, DEALS, saved)
    assert (values["others"], values["amount"], values["sellers"]) == ("甲、乙、丙", None, None)
    records.save(db, DEALS, {"others": "丙、甲"}, saved, expo_id=expo_id)
    assert records.get(db, DEALS, saved)["others"] == "丙、甲"
    with pytest.raises(InvalidRecord):
        records.save(db, DEALS, {"stage": "认定登记"}, saved, expo_id=expo_id)


def test_programme_speakers_in_order(db, expo_id):
    records.save(db, ROOMS, {"name": "A 会场", "venue_id": "展馆"}, expo_id=expo_id)
    saved = records.save(
        db, PROGRAMME,
        {"title": "论坛", "room_id": "A 会场", "starts_at": "2018-11-29 09:30", "minutes": "120",
         "speakers": "沈知远（同济大学）、周岚"},
        expo_id=expo_id,
    )  # fmt: skip
    values = records.get(db, PROGRAMME, saved)
    assert values["speakers"] == "沈知远（同济大学）、周岚"
    assert (values["ends_at"] - values["starts_at"]).total_seconds() == 7200
    assert PROGRAMME.field("starts_at").display(values["starts_at"], expos.all_expos(db)[0].zone) == "2018-11-29 09:30"


def test_deleting_what_is_used_is_refused(db, expo_id):
    saved = records.save(db, ATTENDEES, {"person.name": "张三"}, expo_id=expo_id)
    with db.reading() as session:
        person = session.get_one(Attendee, saved).person_id
    from expo_app.specs import PEOPLE

    with pytest.raises(Conflict):
        records.delete(db, PEOPLE, [person])
    records.delete(db, ATTENDEES, [saved])
    records.delete(db, PEOPLE, [person])
    assert records.count(db, PEOPLE) == 0


def test_roles_are_checked(db, expo_id):
    db.actor = Actor("志愿者", Role.DESK)
    with pytest.raises(UserError):
        records.save(db, DEALS, {"title": "x"}, expo_id=expo_id)


def test_every_write_is_audited(db, expo_id):
    with db.reading() as session:
        before = session.scalar(select(func.count()).select_from(Audit))
    db.actor = Actor("周敏", Role.ADMIN)
    saved = records.save(db, EXHIBITORS, {"organisation.name": "甲"}, expo_id=expo_id)
    records.save(db, EXHIBITORS, {"note": "n"}, saved, expo_id=expo_id)
    with db.reading() as session:
        rows = session.scalars(select(Audit).order_by(Audit.at, Audit.id).offset(before)).all()
    assert [(r.action, r.table_name, r.operator) for r in rows] == [
        ("insert", "organisation", "周敏"), ("insert", "exhibitor", "周敏"), ("update", "exhibitor", "周敏"),
    ]  # fmt: skip
    assert (rows[2].before, rows[2].after) == ({"note": ""}, {"note": "n"})


def plan_of(*rows):
    return ImportPlan("attendees", "名单.xlsx", (), tuple(rows))


def test_an_import_is_undone_as_a_whole(db, expo_id):
    old = records.save(db, ATTENDEES, {"person.name": "张三", "note": "旧"}, expo_id=expo_id)
    batch = imports.apply(
        db,
        plan_of(
            PlanRow(2, Outcome.NEW, {"person.name": "李四", "organisation_id": "新公司"}),
            PlanRow(3, Outcome.CHANGED, {"person.name": "张三", "note": "新"}, old, {"note": ("旧", "新")}),
            PlanRow(4, Outcome.INVALID, {}),
        ),
        expo_id,
    )
    assert (records.count(db, ATTENDEES, expo_id), records.get(db, ATTENDEES, old)["note"]) == (2, "新")
    imports.undo(db, batch)
    assert (records.count(db, ATTENDEES, expo_id), records.get(db, ATTENDEES, old)["note"]) == (1, "旧")
    with db.reading() as session:
        assert session.scalars(select(Organisation.name)).all() == []
    assert imports.history(db, expo_id)[0].undone_at is not None


def test_a_longer_import_that_began_before_takes_no_number_of_a_shorter_one(db, expo_id):
    """The command line says `undo 1` of the short one, as soon as it is done."""
    other, short = open_database(db.target), []

    def meanwhile(_done, _total):
        if not short:
            short.append(imports.apply(other, plan_of(PlanRow(2, Outcome.NEW, {"person.name": "李四"})), expo_id))
            assert [batch.id for batch in imports.history(other, expo_id)] == short

    long = imports.apply(db, plan_of(PlanRow(2, Outcome.NEW, {"person.name": "张三"})), expo_id, meanwhile)
    assert long < short[0]
    assert [batch.id for batch in imports.history(db, expo_id)] == [long, *short]
    other.close()


def test_an_imported_list_of_parties_replaces_the_old_one(db, expo_id):
    """Who is no longer named goes, and comes back with the undo."""
    deal = records.save(db, DEALS, {"title": "合作", "sellers": "甲、乙"}, expo_id=expo_id)
    row = PlanRow(2, Outcome.CHANGED, {"sellers": "乙、丙"}, deal, {"sellers": ("甲、乙", "乙、丙")})
    batch = imports.apply(db, ImportPlan("deals", "签约.xlsx", (), (row,)), expo_id)
    assert records.get(db, DEALS, deal)["sellers"] == "乙、丙"
    imports.undo(db, batch)
    assert records.get(db, DEALS, deal)["sellers"] == "甲、乙"


def test_a_party_that_belongs_to_nothing_any_more_is_not_brought_back(db, expo_id):
    deal = records.save(db, DEALS, {"title": "合作", "sellers": "甲、乙"}, expo_id=expo_id)
    row = PlanRow(2, Outcome.CHANGED, {"sellers": "甲"}, deal, {"sellers": ("甲、乙", "甲")})
    batch = imports.apply(db, ImportPlan("deals", "签约.xlsx", (), (row,)), expo_id)
    records.delete(db, DEALS, [deal])
    with pytest.raises(Conflict) as refused:
        imports.undo(db, batch)
    assert (refused.value.code, imports.history(db, expo_id)[0].undone_at) == ("E-CHANGED-SINCE", None)


def test_what_a_killed_import_left_goes_at_the_next(db, expo_id):
    """The old values of the killed one are there, its records are not; a young one may still be under way."""
    at = db.now()
    old, young = first_id(time.time() - 2 * imports.ABANDONED), new_id()
    with db.transaction() as session:
        for key in (old, young):
            session.add(
                ImportBatch(id=key, spec="attendees", file_name="名单.xlsx", at=at, undone_at=at, expo_id=expo_id)
            )
        session.flush()
        session.add_all(
            ImportRow(batch_id=key, row_no=n, table_name="person", record_id=new_id(), before={}, after={})
            for key in (old, young)
            for n in range(imports.KEPT_AT_ONCE + 1)
        )
    assert imports.history(db, expo_id) == []
    batch = imports.apply(db, plan_of(PlanRow(2, Outcome.NEW, {"person.name": "李四"})), expo_id)
    assert [known.id for known in imports.history(db, expo_id)] == [batch]
    with db.reading() as session:
        assert set(session.scalars(select(ImportBatch.id))) == {young, batch}
        assert set(session.scalars(select(ImportRow.batch_id))) == {young}


def test_undo_is_refused_after_later_work(db, expo_id):
    from expo_app.services import badges

    batch = imports.apply(db, plan_of(PlanRow(2, Outcome.NEW, {"person.name": "李四"})), expo_id)
    badges.issue_all(db, expo_id)
    with pytest.raises(Conflict):
        imports.undo(db, batch)
    assert records.count(db, ATTENDEES, expo_id) == 1


def test_a_new_expo_from_the_last_one(db, expo_id):
    records.save(db, HALLS, {"name": "1 号馆", "venue_id": "展馆"}, expo_id=expo_id)
    records.save(db, ZONES, {"code": "A", "name": "嘉定展区", "hall_id": "1 号馆"}, expo_id=expo_id)
    records.save(db, BOOTHS, {"number": "A-001", "zone_id": "A"}, expo_id=expo_id)
    records.save(db, EXHIBITORS, {"organisation.name": "甲", "booths": "A-001"}, expo_id=expo_id)
    copy = expos.create(
        db, {"name": "第二届", "code": "KJH19", "starts_on": "2019-11-28", "ends_on": "2019-11-30"}, like=expo_id
    )
    with db.reading() as session:
        booth = session.scalars(select(Booth).where(Booth.expo_id == copy)).one()
        assert (booth.number, booth.exhibitor_id) == ("A-001", None)
        assert session.scalar(select(func.count()).select_from(Exhibitor).where(Exhibitor.expo_id == copy)) == 0
        assert session.scalars(venues_of(copy)).all() == [session.scalar(select(Venue.id))]


def test_specs_select_every_column(db, expo_id):
    from expo_app.specs import SPECS

    for spec in SPECS.values():
        records.list_rows(db, spec, expo_id, spec.fields)
    assert records.count(db, EXPOS) == 1


def test_booths_only_the_database_can_refuse_are_left_out_before_writing(db, expo_id):
    records.save(db, HALLS, {"name": "1 号馆", "venue_id": "展馆"}, expo_id=expo_id)
    records.save(db, ZONES, {"code": "A", "name": "嘉定展区", "hall_id": "1 号馆"}, expo_id=expo_id)
    for number in ("A-001", "A-002"):
        records.save(db, BOOTHS, {"number": number, "zone_id": "A"}, expo_id=expo_id)
    records.save(db, EXHIBITORS, {"organisation.name": "甲", "booths": "A-001"}, expo_id=expo_id)
    booths = ("A-001", "A-002", "A-002")
    rows = [PlanRow(n, Outcome.NEW, {"organisation.name": f"乙{n}", "booths": b}) for n, b in enumerate(booths, 2)]
    reviewed = import_review.review(db, ImportPlan("exhibitors", "", (), tuple(rows)), expo_id)
    assert [row.values.get("booths") for row in reviewed.rows] == [None, "A-002", None]
    assert [row.outcome for row in reviewed.rows] == [Outcome.NEW] * 3
    assert reviewed.rows[0].notes == {"展位": "展位 A-001 已分给别家，先腾出再分配。"}
    assert reviewed.rows[2].notes == {"展位": "展位 A-002 与第 3 行重复。"}


def test_emptying_booths_vacates_them(db, expo_id):
    records.save(db, HALLS, {"name": "1 号馆", "venue_id": "展馆"}, expo_id=expo_id)
    records.save(db, ZONES, {"code": "A", "name": "嘉定展区", "hall_id": "1 号馆"}, expo_id=expo_id)
    records.save(db, BOOTHS, {"number": "A-001", "zone_id": "A"}, expo_id=expo_id)
    saved = records.save(db, EXHIBITORS, {"organisation.name": "甲", "booths": "A-001"}, expo_id=expo_id)
    records.save(db, EXHIBITORS, {"booths": ""}, saved, expo_id=expo_id)
    assert records.get(db, EXHIBITORS, saved)["booths"] is None


def test_words_for_searching_fit_their_column(db, expo_id):
    name = "囊" * 60
    saved = records.save(db, ATTENDEES, {"person.name": name}, expo_id=expo_id)
    with db.reading() as session:
        person = session.get_one(Person, session.get_one(Attendee, saved).person_id)
    assert person.search_text.startswith(name)
    assert len(person.search_text) <= 400


def test_a_short_list_is_searched_by_what_it_shows(db):
    records.save(db, OPERATORS, {"name": "周 敏 Min", "role": "ADMIN"})
    (row,) = records.list_rows(db, OPERATORS)
    assert row[-1] == "周敏min"


def test_whatever_forbids_deleting_has_a_name() -> None:
    pointing = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if not key.elements[0].info.get("is_part")
    }
    lists = (spec for spec in SPECS.values() if not (spec.constant and "title" in spec.table.info))
    listed = {spec.table.name for spec in lists}
    named = {table.name for table in Base.metadata.sorted_tables if "title" in table.info}
    assert pointing - listed == named


def test_booths_in_no_zone_are_refused_in_the_plan(db, expo_id):
    records.save(db, HALLS, {"name": "1 号馆", "venue_id": "展馆"}, expo_id=expo_id)
    records.save(db, ZONES, {"code": "A", "name": "嘉定展区", "hall_id": "1 号馆"}, expo_id=expo_id)
    rows = tuple(PlanRow(n, Outcome.NEW, {"number": number}) for n, number in enumerate(("A-001", "Q-001"), 2))
    reviewed = import_review.review(db, ImportPlan("booths", "", (), rows), expo_id)
    assert [row.outcome for row in reviewed.rows] == [Outcome.NEW, Outcome.INVALID]
    assert list(reviewed.rows[1].problems.values()) == ["看不出它在哪个展区，填上展区。"]


def test_a_list_that_names_somebody_as_a_contact_moves_them_to_no_other_company(db, expo_id):
    contact = {"contact.name": "王五", "contact.phone": "13800001234"}
    first, second = (
        records.save(db, EXHIBITORS, {"organisation.name": name, **contact}, expo_id=expo_id)
        for name in ("甲公司", "乙公司")
    )
    belongs = [PEOPLE.field("organisation_id")]
    assert [row[1] for row in records.list_rows(db, PEOPLE, None, belongs)] == ["甲公司"]
    records.save(db, EXHIBITORS, {"note": "再导一次", **contact}, second, expo_id=expo_id)
    assert [row[1] for row in records.list_rows(db, PEOPLE, None, belongs)] == ["甲公司"]
    assert {records.get(db, EXHIBITORS, key)["contact.name"] for key in (first, second)} == {"王五"}
