"""An organisation is known by every spelling of its names, whoever names it: forms, desks, deals, programmes, lists."""

import uuid
from typing import Any

import pytest
from sqlalchemy import func, select

from expo_app.model import Attendee, DealParty, Exhibitor, Expo, Organisation, PartyRole, Person
from expo_app.services import guests, records
from expo_app.services.attendees import walk_in
from expo_app.specs import DEALS, EXHIBITORS, PEOPLE
from expo_app.store.database import Database
from tests.factories import make_expo, make_item, make_organisation

NAME, WAS = "嘉定氢能动力系统有限公司", "嘉氢动力公司"
SPELT = [NAME, WAS, "嘉氢 动力公司", "嘉定氢能动力系统 有限公司", "ＪＱ 动力"]


@pytest.fixture
def expo(db: Database) -> Expo:
    with db.transaction() as session:
        return make_expo(session, code="KJH18")


@pytest.fixture
def body(db: Database, expo: Expo) -> uuid.UUID:
    with db.transaction() as session:
        make_organisation(session, "甲公司", aliases=["双名"])
        make_organisation(session, "乙公司", aliases=["双名", NAME])
        return make_organisation(session, NAME, aliases=[WAS, "JQ动力"]).id


def only(db: Database, column: Any) -> Any:
    with db.reading() as session:
        return session.scalars(select(column)).one()


@pytest.mark.parametrize("name", SPELT)
def test_a_known_name_makes_no_second_organisation(db: Database, expo: Expo, body: uuid.UUID, name: str) -> None:
    walk_in(db, expo.id, {"person.name": "高建峰", "organisation_id": name})
    assert (only(db, Attendee.organisation_id), only(db, Person.organisation_id)) == (body, body)
    records.save(db, EXHIBITORS, {"organisation.name": name}, expo_id=expo.id)
    assert only(db, Exhibitor.organisation_id) == body
    deal = {"title": "联合开发", "kind": "采购 / 销售", "amount": "860", "stage": "意向", "sellers": f"{name}、{NAME}"}
    records.save(db, DEALS, deal, expo_id=expo.id)
    with db.reading() as session:
        sellers = select(DealParty.organisation_id).where(DealParty.role == PartyRole.SELLER)
        assert session.scalars(sellers).all() == [body]
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 3
        assert session.get_one(Organisation, body).name == NAME


def test_what_two_go_by_says_of_neither_which_it_is(db: Database, expo: Expo, body: uuid.UUID) -> None:
    walk_in(db, expo.id, {"person.name": "高建峰", "organisation_id": "双名"})
    with db.reading() as session:
        assert session.get_one(Organisation, only(db, Attendee.organisation_id)).name == "双名"


def test_a_speaker_of_a_former_name_is_the_same_person(db: Database, expo: Expo, body: uuid.UUID) -> None:
    with db.transaction() as session:
        item = make_item(session, expo, "论坛").title
    person = records.save(db, PEOPLE, {"name": "高建峰", "organisation_id": NAME})
    guests.save_speaker(db, expo.id, {"item_id": item, "person": "高建峰", "organisation": WAS})
    assert only(db, Person.id) == person
