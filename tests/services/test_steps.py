"""A save is taken back with everything it wrote, and comes again; what was built on it keeps it."""

import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import func, select

from expo_app.errors import Conflict
from expo_app.model import Audit, Base, Booth, BoothState, Counter, Expo, Organisation, Person, Task
from expo_app.services import expos, guests, programme, record_writer, records, steps
from expo_app.services.steps import Step
from expo_app.specs import ATTENDEES, EXHIBITORS, PITCHES, PROGRAMME, SPEAKERS, SPECS, RecordSpec
from expo_app.store.database import Database
from tests.factories import make_achievement, make_badge, make_booth, make_expo, make_item, make_pitch

ALSO_COUNTED = {Audit.__tablename__, Counter.__tablename__}
EXHIBITOR = {
    "organisation.name": "嘉定氢能动力系统有限公司", "contact.name": "沈华棣", "contact.phone": "13800005678",
    "booths": "A-020、A-021", "exhibits": "纳米膜",
}  # fmt: skip
NEW: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("exhibitors", EXHIBITOR),
    ("attendees", {"person.name": "李雷", "person.phone": "13900001111", "organisation_id": "昆山德盈"}),
    ("programme", {"title": "成果路演", "speakers": "王先生（上海大学）、李女士"}),
    ("achievements", {"title": "纳米膜", "owner_id": "苏州纳米所"}),
    ("deals", {"title": "膜材料合作", "kind": "FRAMEWORK", "others": "甲公司、乙公司", "stage": "INTENT"}),
    ("organisations", {"name": "上海大学"}),
    ("people", {"name": "王先生"}),
)


@pytest.fixture
def expo_id(db: Database) -> uuid.UUID:
    with db.transaction() as session:
        expo = make_expo(session)
        for number in ("A-020", "A-021"):
            make_booth(session, expo, number)
        return expo.id


def contents(db: Database) -> dict[str, int]:
    """How many rows each table holds, the log aside."""
    with db.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name not in ALSO_COUNTED
        }


def saved(
    db: Database, spec: RecordSpec, values: Mapping[str, Any], expo_id: uuid.UUID, key: uuid.UUID | None = None
) -> tuple[uuid.UUID, Step]:
    with record_writer.followed() as writers:
        record_id = records.save(db, spec, values, key, expo_id=expo_id)
    step = steps.step_of(spec.permission, writers)
    assert step is not None
    return record_id, step


@pytest.mark.parametrize(("name", "values"), NEW, ids=[name for name, _values in NEW])
def test_what_a_form_adds_goes_whole_and_comes_again(
    db: Database, expo_id: uuid.UUID, name: str, values: Mapping[str, Any]
) -> None:
    before = contents(db)
    record_id, step = saved(db, SPECS[name], values, expo_id)
    after, record = contents(db), records.get(db, SPECS[name], record_id)
    assert after != before
    steps.take_back(db, step)
    assert contents(db) == before
    steps.do_again(db, step)
    assert (contents(db), records.get(db, SPECS[name], record_id)) == (after, record)
    steps.take_back(db, step)
    assert contents(db) == before


def test_the_booth_is_free_again(db: Database, expo_id: uuid.UUID) -> None:
    _key, step = saved(db, EXHIBITORS, EXHIBITOR, expo_id)
    steps.take_back(db, step)
    with db.reading() as session:
        assert session.execute(select(Booth.exhibitor_id, Booth.state)).all() == [(None, BoothState.FREE)] * 2


def test_pitches_and_guests(db: Database, expo_id: uuid.UUID) -> None:
    with db.transaction() as session:
        item = make_item(session, session.get_one(Expo, expo_id), "路演", kind="roadshow")
        make_achievement(session, session.get_one(Expo, expo_id), "纳米膜")
        title = item.title
    before = contents(db)
    _key, pitch = saved(db, PITCHES, {"achievement_id": "纳米膜", "item_id": title, "presenter": "王先生"}, expo_id)
    with record_writer.followed() as writers:
        guests.save_speaker(
            db, expo_id, {"person": "李院士", "organisation": "上海大学", "person_title": "院士", "item_id": title}
        )
    speaker = steps.step_of(SPEAKERS.permission, writers)
    assert speaker is not None
    for step in (speaker, pitch):
        steps.take_back(db, step)
    assert contents(db) == before


def test_a_new_expo_goes_with_its_gates(db: Database, expo_id: uuid.UUID) -> None:
    before = contents(db)
    values = {
        "name": "第二届", "code": "KJH19", "edition_no": 2, "starts_on": "2019-11-28", "ends_on": "2019-11-30",
        "short_name": "科交会", "time_zone": "Asia/Shanghai",
    }  # fmt: skip
    with record_writer.followed() as writers:
        expos.create(db, values, expo_id)
    step = steps.step_of(SPECS["expos"].permission, writers)
    assert step is not None
    steps.take_back(db, step)
    assert contents(db) == before


def test_an_edit_is_taken_back_masked_values_too(db: Database, expo_id: uuid.UUID) -> None:
    key, _step = saved(db, EXHIBITORS, EXHIBITOR, expo_id)
    edit = {"contact.phone": "13900002222", "booths": "A-021", "exhibits": "电池"}
    _key, step = saved(db, EXHIBITORS, edit, expo_id, key)
    names = ("contact.phone", "booths", "exhibits")
    steps.take_back(db, step)
    found = records.get(db, EXHIBITORS, key, reveal="核对")
    assert [found[name] for name in names] == ["+8613800005678", "A-020、A-021", "纳米膜"]
    steps.do_again(db, step)
    found = records.get(db, EXHIBITORS, key, reveal="核对")
    assert [found[name] for name in names] == ["+8613900002222", "A-021", "电池"]


def test_a_form_saved_as_it_was_wrote_nothing(db: Database, expo_id: uuid.UUID) -> None:
    key, first = saved(db, SPECS["organisations"], {"name": "甲公司"}, expo_id)
    again = saved(db, SPECS["organisations"], {"name": "甲公司"}, expo_id, key)[1]
    assert (first.wrote, again.wrote) == (True, False)


def test_what_was_built_on_it_keeps_it(db: Database, expo_id: uuid.UUID) -> None:
    key, step = saved(db, EXHIBITORS, EXHIBITOR, expo_id)
    records.save(db, EXHIBITORS, {"note": "别人写的"}, key, expo_id=expo_id)
    before = contents(db)
    with pytest.raises(Conflict, match=r"这之后又有改动.*E-CHANGED-SINCE"):
        steps.take_back(db, step)
    assert contents(db) == before
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(Booth.exhibitor_id == key)) == 2


def test_a_record_others_point_at_stays(db: Database, expo_id: uuid.UUID) -> None:
    _key, step = saved(db, ATTENDEES, {"person.name": "李雷"}, expo_id)
    with db.transaction() as session:
        attendee_id = next(iter(step.made[ATTENDEES.table]))
        make_badge(session, session.get_one(ATTENDEES.model, attendee_id))
    with pytest.raises(Conflict, match="E-IN-USE"):
        steps.take_back(db, step)


def test_a_company_that_others_use_by_now_stays(db: Database, expo_id: uuid.UUID) -> None:
    _key, step = saved(db, EXHIBITORS, {"organisation.name": "上海大学", "contact.name": "沈华棣"}, expo_id)
    records.save(db, ATTENDEES, {"person.name": "李雷", "organisation_id": "上海大学"}, expo_id=expo_id)
    steps.take_back(db, step)
    with db.reading() as session:
        assert session.scalars(select(Organisation.name)).all() == ["上海大学"]
        assert session.scalars(select(Person.name)).all() == ["李雷"]
    assert records.count(db, EXHIBITORS, expo_id) == 0
    steps.do_again(db, step)
    assert records.count(db, EXHIBITORS, expo_id) == 1


def test_what_is_locked_is_not_moved_back(db: Database, expo_id: uuid.UUID) -> None:
    with db.transaction() as session:
        key = make_item(session, session.get_one(Expo, expo_id), "论坛").id
    _key, moved = saved(db, PROGRAMME, {"starts_at": "2018-11-28 15:00"}, expo_id, key)
    _key, renamed = saved(db, PROGRAMME, {"title": "新论坛"}, expo_id, key)
    programme.lock(db, key, True)
    with pytest.raises(Conflict, match="E-LOCKED"):
        steps.take_back(db, moved)
    steps.take_back(db, renamed)
    assert records.get(db, PROGRAMME, key)["title"] == "论坛"


def test_what_is_gone_cannot_be_taken_back(db: Database, expo_id: uuid.UUID) -> None:
    key, step = saved(db, SPECS["achievements"], {"title": "纳米膜", "owner_id": "苏州纳米所"}, expo_id)
    records.delete(db, SPECS["achievements"], [key])
    with pytest.raises(Conflict, match="E-GONE"):
        steps.take_back(db, step)


def test_what_is_deleted_comes_again_with_the_parts_of_its_parts(db: Database, expo_id: uuid.UUID) -> None:
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        item = make_item(session, expo, "路演")
        pitch = make_pitch(session, item, make_achievement(session, expo))
        of = {"pitch_id": pitch.id, "expo_id": expo_id, "created_at": db.now()}
        session.add(Task(task_no="RW-001", title="跟进", **of))
        key = item.id
    there = contents(db)
    with record_writer.followed() as writers:
        records.delete(db, PROGRAMME, [key])
    step = steps.step_of(PROGRAMME.permission, writers)
    assert step is not None
    assert contents(db)["task"] == 0
    steps.take_back(db, step)
    assert contents(db) == there


def test_what_was_entered_anew_keeps_it_from_coming_again(db: Database, expo_id: uuid.UUID) -> None:
    _key, step = saved(db, EXHIBITORS, {"organisation.name": "上海大学"}, expo_id)
    records.save(db, ATTENDEES, {"person.name": "李雷", "organisation_id": "上海大学"}, expo_id=expo_id)
    steps.take_back(db, step)
    records.save(db, EXHIBITORS, {"organisation.name": "上海大学"}, expo_id=expo_id)
    with pytest.raises(Conflict, match="E-CHANGED-SINCE"):
        steps.do_again(db, step)
    assert records.count(db, EXHIBITORS, expo_id) == 1
