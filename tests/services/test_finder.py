"""What Ctrl+K finds among records, by Chinese, pinyin and initials, and the reason where the title does not say it."""

from dataclasses import dataclass, field

import pytest

from expo_app.model import Expo, Operator, Role
from expo_app.routes import ListRoute, Route
from expo_app.services import expos
from expo_app.services.expos import ExpoInfo
from expo_app.services.finder import Finder
from expo_app.store.database import Database
from tests.factories import (
    make_attendee,
    make_booth,
    make_deal,
    make_exhibitor,
    make_expo,
    make_item,
    make_organisation,
    make_person,
    make_room,
    make_speaker,
)


@dataclass
class Place:
    """Stands where the window does."""

    db: Database
    expo: ExpoInfo | None
    went: list[Route] = field(default_factory=list)

    def navigate(self, route: Route) -> None:
        self.went.append(route)


@pytest.fixture
def place(db: Database) -> Place:
    """A guest who speaks twice, a room, an operator, booths with and without a company."""
    with db.transaction() as session:
        expo = make_expo(session)
        power = make_exhibitor(session, expo, "嘉定氢能动力系统有限公司", contact="高建峰")
        make_attendee(session, expo, "沈华棣", phone="13800005678")
        academic = make_person(session, "张院士", organisation_id=make_organisation(session, "上海大学").id)
        for title in ("氢能论坛", "开幕式"):
            make_speaker(session, make_item(session, expo, title), person_id=academic.id)
        make_room(session, expo, "C 会场")
        make_booth(session, expo, "A-005")
        make_booth(session, expo, "A-007", power)
        make_deal(session, expo, title="储氢合作", sellers=("马陆科讯",), buyers=("上海大学",))
        session.add(Operator(name="周敏", role=Role.ADMIN, pin_hash="x"))
    return Place(db, expos.current(db))


@pytest.fixture
def finder(place: Place) -> Finder:
    return Finder(place, list)


@pytest.mark.parametrize(
    ("text", "group", "title", "detail"),
    [
        ("zys", "嘉宾", "张院士", "上海大学"),
        ("张院士", "嘉宾", "张院士", "上海大学"),
        ("张院士", "日程", "开幕式", "嘉宾：张院士（上海大学）"),
        ("高建峰", "参展商", "嘉定氢能动力系统有限公司", "联系人：高建峰"),
        ("5678", "观众登记", "沈华棣", "手机：138****5678"),
        ("马陆", "成交台账", "储氢合作", "卖方 / 受托方：马陆科讯"),
        ("a005", "展位", "A-005", "空闲"),
        ("A-005", "展位", "A-005", "空闲"),
        ("hc", "会场", "C 会场", ""),
        ("zhoumin", "操作员", "周敏", "管理员"),
        ("嘉定", "参展商", "嘉定氢能动力系统有限公司", ""),
        ("jdqn", "参展商", "嘉定氢能动力系统有限公司", ""),
        ("shd", "观众登记", "沈华棣", ""),
        ("qnlt", "日程", "氢能论坛", ""),
        ("cqhz", "成交台账", "储氢合作", ""),
    ],
)
def test_every_kind_is_found_with_its_reason(finder: Finder, text: str, group: str, title: str, detail: str) -> None:
    rows = finder(text)
    found = {(row.group, row.title): row for row in rows}
    assert (group, title) in found, [(row.group, row.title) for row in rows]
    hit = found[group, title]
    words = detail.split(" · ") if detail else []
    assert hit.detail.split(" · ")[: len(words)] == words
    assert hit.matched or hit.why


def test_a_booth_with_a_company_is_found_as_the_company(finder: Finder) -> None:
    rows = finder("A-007")
    assert [(row.group, row.title) for row in rows] == [("参展商", "嘉定氢能动力系统有限公司")]


def test_a_guest_is_found_once_and_not_by_the_session(finder: Finder) -> None:
    assert [row.title for row in finder("张院士") if row.group == "嘉宾"] == ["张院士"]
    assert [row.group for row in finder("氢能论坛")] == ["日程"]


def namesakes(place: Place, count: int) -> None:
    assert place.expo is not None
    with place.db.transaction() as session:
        expo = session.get_one(Expo, place.expo.id)
        for _n in range(count):
            make_attendee(session, expo, "王芳")


def test_everybody_of_a_name_is_shown(place: Place, finder: Finder) -> None:
    namesakes(place, 4)
    assert [hit.title for hit in finder("王芳")] == ["王芳"] * 4


def test_those_of_the_name_stand_before_those_who_know_them(place: Place, finder: Finder) -> None:
    """A company is found by its contact too, but who is asked for stands first."""
    namesakes(place, 1)
    assert place.expo is not None
    with place.db.transaction() as session:
        expo = session.get_one(Expo, place.expo.id)
        make_exhibitor(session, expo, "太仓欧恒精密传动有限公司", contact_id=make_person(session, "王芳").id)
    assert [hit.title for hit in finder("王芳")] == ["王芳", "太仓欧恒精密传动有限公司"]


@pytest.mark.parametrize("people", [9, 60])
def test_the_last_row_leads_to_those_without_room(place: Place, finder: Finder, people: int) -> None:
    namesakes(place, people)
    rows = finder("王芳")
    assert [row.title for row in rows] == ["王芳"] * 7 + [f"还有 {people - 7} 条"]
    rows[-1].action()
    (route,) = place.went
    assert isinstance(route, ListRoute)
    assert (route.spec.name, route.search) == ("attendees", "王芳")


def test_an_empty_file_has_no_records_to_find(db: Database) -> None:
    assert Finder(Place(db, None), list)("王芳") == []
