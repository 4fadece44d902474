"""Setting up an expo: its organisers, and the next edition that takes them over."""

import uuid

import pytest

from expo_app.services import expos, programme_report, records
from expo_app.specs import EXPOS
from expo_app.store.database import Database

GIVEN = {"name": "第一届", "code": "KJH18", "starts_on": "2018-11-28", "ends_on": "2018-11-30"}
NEXT = {"name": "第二届", "code": "KJH19", "starts_on": "2019-11-28", "ends_on": "2019-11-30"}
ROLES = ("hosts", "co_hosts", "organizers", "co_organizers", "supporters")


def organisers(db: Database, expo_id: uuid.UUID) -> list[str | None]:
    values = records.get(db, EXPOS, expo_id)
    return [values[name] for name in ROLES]


@pytest.fixture
def expo_id(db: Database) -> uuid.UUID:
    return expos.create(db, GIVEN | {"hosts": "嘉定区人民政府", "supporters": "中科院、嘉定区人民政府"})


def test_organisers_are_kept_in_their_order(db: Database, expo_id: uuid.UUID) -> None:
    assert organisers(db, expo_id) == ["嘉定区人民政府", None, None, None, "中科院、嘉定区人民政府"]
    changed = {"co_hosts": "温州市人民政府；苏州市人民政府", "supporters": "中科院"}
    records.save(db, EXPOS, changed, expo_id)
    assert organisers(db, expo_id) == ["嘉定区人民政府", "温州市人民政府、苏州市人民政府", None, None, "中科院"]
    records.save(db, EXPOS, {"hosts": ""}, expo_id)
    assert organisers(db, expo_id)[0] is None


def test_the_next_edition_takes_them_over_unless_others_are_named(db: Database, expo_id: uuid.UUID) -> None:
    same = expos.create(db, NEXT, expo_id)
    assert organisers(db, same) == organisers(db, expo_id)
    other = NEXT | {"name": "第三届", "code": "KJH20", "hosts": "苏州市人民政府", "supporters": ""}
    assert organisers(db, expos.create(db, other, expo_id)) == ["苏州市人民政府", None, None, None, None]


def test_documents_name_them(db: Database, expo_id: uuid.UUID) -> None:
    head = programme_report.read(db, expo_id, db.now()).head
    assert head.organisers == (("主办", "嘉定区人民政府"), ("支持", "中科院、嘉定区人民政府"))
