"""Categories of an expo: what it begins with, what may be changed, what counting otherwise would do, passes left."""

import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, InvalidRecord
from expo_app.model import Attendee, AttendeeState, Category, CountsAs, Expo, Gate, GateCategory
from expo_app.services import badges, categories, expos, import_review, imports, records, words
from expo_app.services.attendees import walk_in
from expo_app.services.categories import Counted
from expo_app.services.words import categories_of
from expo_app.specs import ATTENDEES, CATEGORIES, ImportPlan, Outcome
from expo_app.specs.plan import PlanRow
from expo_app.store.database import Database
from tests.factories import category, local, make_attendee, make_booth, make_exhibitor, make_expo, make_gate, make_scan

FIRST = {"name": "第六届", "code": "KJH23", "starts_on": "2023-11-28", "ends_on": "2023-11-30", "venue_id": "会展中心"}
SECOND = {"name": "第七届", "code": "KJH24", "starts_on": "2024-11-20", "ends_on": "2024-11-22"}


@pytest.fixture
def expo_id(db: Database) -> uuid.UUID:
    return expos.create(db, FIRST)


def made(db: Database, expo_id: uuid.UUID, key: str) -> uuid.UUID:
    with db.reading() as session:
        return category(session, session.get_one(Expo, expo_id), key).id


def save(db: Database, expo_id: uuid.UUID, values: dict[str, Any], key: str = "") -> uuid.UUID:
    record = made(db, expo_id, key) if key else None
    return records.save(db, CATEGORIES, values, record, expo_id=expo_id)


def row(session: Session, key: uuid.UUID) -> Category:
    return session.get_one(Category, key)


def test_an_expo_begins_with_nine(db: Database, expo_id: uuid.UUID) -> None:
    with db.reading() as session:
        terms = categories_of(session, expo_id)
    assert "".join(term.letter for term in terms) == "VVESSVMWB"
    assert [term.key for term in terms if term.counts_as in (CountsAs.VISITOR, CountsAs.TRADE_VISITOR)] == [
        "visitor", "trade_visitor", "investor",
    ]  # fmt: skip
    crew = terms.keyed("build_up")
    assert crew is not None
    assert (crew.name, crew.counts_as, crew.valid_days) == ("布撤展", CountsAs.NOBODY, frozenset())


def test_a_new_one_gets_a_key_and_the_next_place(db: Database, expo_id: uuid.UUID) -> None:
    key = save(db, expo_id, {"name": "评委", "counts_as": "不计", "letter": "p"})
    with db.reading() as session:
        new = row(session, key)
        assert (new.key, new.letter, new.position, new.valid_days) == ("ping_wei", "P", 9, None)
    made_no = walk_in(db, expo_id, {"person.name": "周岚", "category_id": "评委"}).badge_no
    assert made_no == "KJH23-P-00001"


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"name": "嘉宾", "counts_as": "不计", "letter": "G"}, {"name": "“嘉宾”已经是“嘉宾”的名称或别名。"}),
        ({"name": "布展", "counts_as": "不计", "letter": "G"}, {"name": "“布展”已经是“布撤展”的名称或别名。"}),
        ({"name": "评委", "counts_as": "不计", "letter": "评"}, {"letter": "胸卡字母应是一个英文字母，不是“评”。"}),
        (
            {"name": "评委", "counts_as": "不计", "letter": "P", "quota_area": "3", "quota_each": "2"},
            {"quota_each": "名额按单位或按面积，只填一种。"},
        ),
        (
            {"name": "评委", "counts_as": "不计", "letter": "P", "valid_days": "2023-06-01"},
            {"valid_days": "2023-06-01 离展期太远，布展和撤展的日子在展期前后 60 天以内。"},
        ),
        (
            {"name": "评委", "counts_as": "不计", "letter": "P", "valid_days": "11-31"},
            {"valid_days": "“11-31”不是日期，应如 2023-11-28。"},
        ),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    db: Database, expo_id: uuid.UUID, values: dict[str, Any], problems: dict[str, str]
) -> None:
    with pytest.raises(InvalidRecord) as refused:
        save(db, expo_id, values)
    assert refused.value.problems == problems


def test_a_letter_on_a_badge_stays(db: Database, expo_id: uuid.UUID) -> None:
    save(db, expo_id, {"letter": "J"}, "guest")
    walk_in(db, expo_id, {"person.name": "周岚", "category_id": "嘉宾"})
    save(db, expo_id, {"name": "贵宾", "letter": "J"}, "guest")
    with pytest.raises(InvalidRecord) as refused:
        save(db, expo_id, {"letter": "G"}, "guest")
    assert refused.value.problems == {"letter": "已发过带字母 J 的胸卡，不能再改。"}


def test_a_category_of_no_day_is_not_opened_by_saving_it(db: Database, expo_id: uuid.UUID) -> None:
    key = made(db, expo_id, "build_up")
    save(db, expo_id, {"name": "施工", "valid_days": ""}, "build_up")
    with db.reading() as session:
        assert row(session, key).valid_days == []
    save(db, expo_id, {"valid_days": "11-26、11月27日、2023-12-01"}, "build_up")
    with db.reading() as session:
        assert row(session, key).valid_days == ["2023-11-26", "2023-11-27", "2023-12-01"]
    save(db, expo_id, {"valid_days": ""}, "build_up")
    with db.reading() as session:
        assert row(session, key).valid_days is None


def test_days_without_a_year_lie_next_to_the_expo(db: Database) -> None:
    values = {**FIRST, "code": "KJH25", "starts_on": "2024-01-02", "ends_on": "2024-01-04"}
    expo_id = expos.create(db, values)
    key = save(db, expo_id, {"valid_days": "12-30、01-05"}, "build_up")
    with db.reading() as session:
        assert row(session, key).valid_days == ["2023-12-30", "2024-01-05"]


def test_the_next_edition_has_the_same_at_its_own_days_and_gates(db: Database, expo_id: uuid.UUID) -> None:
    save(db, expo_id, {"valid_days": "11-26", "colour": "红"}, "build_up")
    judge = save(db, expo_id, {"name": "评委", "counts_as": "不计", "letter": "P"})
    records.delete(db, CATEGORIES, [made(db, expo_id, "media")])
    with db.transaction() as session:
        make_gate(session, session.get_one(Expo, expo_id), "货运通道", categories=("build_up", "staff"))
    other = expos.create(db, SECOND, like=expo_id)
    with db.reading() as session:
        terms = categories_of(session, other)
        assert [term.key for term in terms] == [term.key for term in categories_of(session, expo_id)]
        assert "ping_wei" in {term.key for term in terms}
        assert terms.get(judge) is None
        crew = terms.keyed("build_up")
        assert crew is not None
        assert crew.valid_days == frozenset({date(2024, 11, 18)})
        gate = session.scalars(select(Gate.id).where(Gate.expo_id == other, Gate.name == "货运通道")).one()
        allowed = categories.categories_at(session, gate)
        assert allowed is not None
        assert [term.key for term in allowed] == ["staff", "build_up"]
        assert {term.id for term in allowed} <= {term.id for term in terms}


def test_gates_by_category(db: Database) -> None:
    with db.transaction() as session:
        expo = make_expo(session)
        make_gate(session, expo, "南门")
        make_gate(session, expo, "东门", categories=("exhibitor", "staff"))
        staff, visitor = category(session, expo, "staff").id, category(session, expo, "visitor").id
    found = categories.gates_of(db, expo.id)
    assert (found[staff], found[visitor]) == (("东门", "南门"), ("南门",))


def test_one_that_is_used_is_not_deleted(db: Database, expo_id: uuid.UUID) -> None:
    """A gate that admits it alone would admit everybody."""
    with db.transaction() as session:
        make_gate(session, session.get_one(Expo, expo_id), "货运通道", categories=("build_up",))
    walk_in(db, expo_id, {"person.name": "周岚"})
    for key in ("build_up", "visitor"):
        with pytest.raises(Conflict, match="E-IN-USE"):
            records.delete(db, CATEGORIES, [made(db, expo_id, key)])
    records.delete(db, CATEGORIES, [made(db, expo_id, "media")])


def test_merging_takes_people_and_gates_along(db: Database) -> None:
    with db.transaction() as session:
        expo = make_expo(session)
        speaker, guest = (category(session, expo, key).id for key in ("speaker", "guest"))
        for n in range(3):
            make_attendee(session, expo, f"演讲人{n}", category="speaker")
        make_attendee(session, expo, category="guest")
        both = make_gate(session, expo, "贵宾通道", categories=("speaker", "guest")).id
        only = make_gate(session, expo, "后台", categories=("speaker",)).id
    with db.reading() as session:
        assert words.uses(session, Category.__table__) == {speaker: 3, guest: 1}
    assert words.merge(db, CATEGORIES, speaker, guest, expo.id) == 3
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(Attendee.category_id == guest)) == 4
        pairs = session.execute(select(GateCategory.gate_id, GateCategory.category_id)).all()
        assert sorted(pairs) == sorted([(both, guest), (only, guest)])
        assert row(session, guest).aliases == ["演讲人"]


# --- counting ---


def test_counting_otherwise_shows_before_and_after(db: Database) -> None:
    with db.transaction() as session:
        expo = make_expo(session)
        gate = make_gate(session, expo)
        for key, days in (("visitor", (28, 29)), ("investor", (28,)), ("media", (28, 29, 30)), ("media", (29,))):
            person = make_attendee(session, expo, category=key)
            for day in days:
                make_scan(session, gate, person, local(day))
        media, investor = category(session, expo, "media").id, category(session, expo, "investor").id
    now = Counted(visitors=2, trade_visitors=1, visits=3)
    assert categories.effect_of(db, expo.id, media, CountsAs.STAFF) == (now, now)
    assert categories.effect_of(db, expo.id, media, CountsAs.TRADE_VISITOR) == (now, Counted(4, 3, 7))
    assert categories.effect_of(db, expo.id, investor, CountsAs.NOBODY) == (now, Counted(1, 0, 2))
    records.save(db, CATEGORIES, {"counts_as": "专业观众"}, media, expo_id=expo.id)
    assert categories.effect_of(db, expo.id, media, CountsAs.STAFF) == (Counted(4, 3, 7), now)


# --- quotas ---


@pytest.fixture
def fair(db: Database) -> Expo:
    """甲: 18 m², so six passes for exhibitors; 乙 was given two."""
    with db.transaction() as session:
        expo = make_expo(session, code="KJH18")
        first, second = make_exhibitor(session, expo, "甲公司"), make_exhibitor(session, expo, "乙公司", badge_quota=2)
        for number in ("A001", "A002"):
            make_booth(session, expo, number, first)
        make_booth(session, expo, "A003", second)
        exhibitors, media = category(session, expo, "exhibitor"), category(session, expo, "media")
        exhibitors.quota_area, exhibitors.quota_least, media.quota_each = 3, 2, 1
    return expo


def register(db: Database, expo: Expo, name: str, company: str, kind: str = "参展商") -> str:
    """What is said of one more."""
    values = {"person.name": name, "organisation_id": company, "category_id": kind}
    return categories.over_quota(db, records.save(db, ATTENDEES, values, expo_id=expo.id))


def test_one_too_many_is_said_and_registered(db: Database, fair: Expo) -> None:
    assert [register(db, fair, f"甲{n}", "甲公司") for n in range(6)] == [""] * 6
    assert register(db, fair, "甲甲", "甲公司") == (
        "“甲公司”的参展商名额是 6 个，现在登记了 7 个。照常登记，请和对方核对。"
    )
    assert [bool(register(db, fair, f"乙{n}", "乙公司")) for n in range(3)] == [False, False, True]
    assert [bool(register(db, fair, f"丙{n}", "丙报社", "媒体")) for n in range(2)] == [False, True]
    assert register(db, fair, "丁", "丁公司") == ""
    desk = walk_in(db, fair.id, {"person.name": "戊", "organisation_id": "乙公司", "category_id": "参展商"})
    badges.check_reprint(db, desk.attendee_id)


def test_those_who_cancelled_take_no_pass(db: Database, fair: Expo) -> None:
    register(db, fair, "乙0", "乙公司")
    key = records.list_rows(db, ATTENDEES, fair.id)[0][0]
    records.save(db, ATTENDEES, {"state": AttendeeState.CANCELLED.name}, key, expo_id=fair.id)
    assert [bool(register(db, fair, f"乙{n}", "乙公司")) for n in range(1, 4)] == [False, False, True]


def test_an_import_says_which_rows_are_too_many(db: Database, fair: Expo) -> None:
    register(db, fair, "乙0", "乙公司")
    people = [
        ("李雷", "乙公司", "参展商"),
        ("韩梅", "乙公司", "参展商"),
        ("张三", "乙公司", None),
        ("王五", None, None),
    ]
    given = [
        {"person.name": name, "organisation_id": company, **({"category_id": kind} if kind else {})}
        for name, company, kind in people
    ]
    rows = tuple(PlanRow(n, Outcome.NEW, values) for n, values in enumerate(given, 2))
    plan = import_review.review(db, ImportPlan("attendees", "a.xlsx", (), rows), fair.id)
    said = "“乙公司”的参展商名额是 2 个，现在登记了 3 个。照常登记，请和对方核对。"
    assert [dict(row.notes) for row in plan.rows] == [{}, {"类别": said}, {}, {}]
    assert imports.apply(db, plan, fair.id) is not None
