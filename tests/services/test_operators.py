"""Signing in: names, PINs, the wait after wrong tries."""

import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from argon2.exceptions import InvalidHashError
from sqlalchemy import select

from expo_app.errors import InvalidRecord, UserError
from expo_app.model import Audit, Operator, Role
from expo_app.services import imports, operators, records
from expo_app.specs import OPERATORS
from expo_app.specs.plan import ImportPlan, Outcome, PlanRow
from expo_app.store.database import Actor, Database

START = datetime(2018, 11, 28, 8, tzinfo=UTC)
PIN, WRONG = "719304", "000001"


@pytest.fixture
def clock(db: Database) -> list[datetime]:
    """What the database takes for now; change its only entry."""
    now = [START]
    db.clock = lambda: now[0]
    return now


def make(db: Database, name: str, role: Role, **given: object) -> None:
    with db.transaction() as session:
        session.add(Operator(name=name, role=role, **given))


def test_list_leaves_out_who_no_longer_works(db: Database) -> None:
    make(db, "周敏", Role.ADMIN, pin_hash="x")
    make(db, "李雷", Role.DESK)
    make(db, "韩梅", Role.DESK, is_active=False)
    found = [(o.name, o.role, o.has_pin, o.should_have_pin) for o in operators.list_active(db)]
    assert sorted(found) == [("周敏", Role.ADMIN, True, False), ("李雷", Role.DESK, False, False)]


def test_a_volunteer_only_chooses_a_name(db: Database) -> None:
    make(db, "李雷", Role.DESK)
    assert operators.sign_in(db, "李雷") == Actor("李雷", Role.DESK)
    with pytest.raises(UserError) as refused:
        operators.sign_in(db, "韩梅")
    assert refused.value.code == "E-OPERATOR"


def test_first_admin_then_pin(db: Database) -> None:
    db.actor = Actor("", Role.ADMIN, "01 号台")
    assert operators.create_first(db, " 周敏 ", PIN) == Actor("周敏", Role.ADMIN, "01 号台")
    with pytest.raises(UserError) as again:
        operators.create_first(db, "李雷")
    assert again.value.code == "E-OPERATORS"
    assert operators.sign_in(db, "周敏", PIN).role is Role.ADMIN
    with pytest.raises(UserError) as wrong:
        operators.sign_in(db, "周敏", WRONG)
    assert wrong.value.code == "E-PIN"


def test_fifth_wrong_pin_makes_wait_and_the_right_one_ends_it(db: Database, clock: list[datetime]) -> None:
    operators.create_first(db, "周敏", PIN)
    codes = []
    for _try in range(6):
        clock[0] += timedelta(milliseconds=1)
        with pytest.raises(UserError) as refused:
            operators.sign_in(db, "周敏", WRONG)
        codes.append(refused.value.code)
    assert codes == ["E-PIN"] * 5 + ["E-PIN-WAIT"]
    with pytest.raises(UserError) as still:
        operators.sign_in(db, "周敏", PIN)
    assert still.value.code == "E-PIN-WAIT"
    clock[0] += timedelta(seconds=5)
    assert operators.sign_in(db, "周敏", PIN).name == "周敏"
    clock[0] += timedelta(seconds=1)
    with pytest.raises(UserError) as fresh:
        operators.sign_in(db, "周敏", WRONG)
    assert fresh.value.code == "E-PIN"


def test_a_try_is_counted_before_it_is_judged(db: Database, clock: list[datetime]) -> None:
    """Whatever stops the judging, or however many try at once."""
    make(db, "周敏", Role.ADMIN, pin_hash="damaged")
    for _try in range(5):
        with pytest.raises(InvalidHashError):
            operators.sign_in(db, "周敏", PIN)
    with pytest.raises(UserError) as refused:
        operators.sign_in(db, "周敏", PIN)
    assert refused.value.code == "E-PIN-WAIT"


def test_many_at_once_have_no_more_tries_than_one(db: Database, clock: list[datetime]) -> None:
    operators.create_first(db, "周敏", PIN)

    def code(_n: int) -> str:
        try:
            operators.sign_in(db, "周敏", WRONG)
        except UserError as refused:
            return refused.code
        return ""

    with ThreadPoolExecutor(8) as pool:
        codes = Counter(pool.map(code, range(16)))
    assert codes == {"E-PIN": 5, "E-PIN-WAIT": 11}


def test_a_clock_that_stands_or_goes_back_forgets_no_try(db: Database, clock: list[datetime]) -> None:
    """A sample's clock is a rehearsal's once it is open: the order of the keys tells which try came after which."""
    operators.create_first(db, "周敏", PIN)
    operators.sign_in(db, "周敏", PIN)
    clock[0] -= timedelta(days=400)
    for _try in range(5):
        with pytest.raises(UserError):
            operators.sign_in(db, "周敏", WRONG)
    with pytest.raises(UserError) as refused:
        operators.sign_in(db, "周敏", PIN)
    assert refused.value.code == "E-PIN-WAIT"


def test_pin_is_set_by_its_owner_or_an_administrator_and_never_logged(db: Database) -> None:
    make(db, "周敏", Role.ADMIN)
    make(db, "王主管", Role.SUPERVISOR)
    boss, head = operators.list_active(db)[0], operators.list_active(db)[1]
    boss, head = (boss, head) if boss.name == "周敏" else (head, boss)
    db.actor = Actor("王主管", Role.SUPERVISOR)
    operators.set_pin(db, head.id, PIN)
    with pytest.raises(UserError) as refused:
        operators.set_pin(db, boss.id, PIN)
    assert refused.value.code == "E-ACCESS"
    with pytest.raises(InvalidRecord) as weak:
        operators.set_pin(db, head.id, "123456")
    assert list(weak.value.problems) == ["pin"]
    with db.reading() as session:
        logged = [(row.before, row.after) for row in session.scalars(select(Audit))]
    assert [pair for pair in logged if PIN in str(pair) or "argon2" in str(pair)] == []


def test_a_sample_file_is_entered_as_its_administrator(db: Database) -> None:
    assert operators.sample_actor(db) is None
    make(db, "陈放", Role.ADMIN, pin_hash="x", is_sample=True)
    make(db, "李可", Role.DESK, is_sample=True)
    assert operators.sample_actor(db) == Actor("陈放", Role.ADMIN)
    make(db, "周敏", Role.ADMIN, pin_hash="x")
    assert operators.sample_actor(db) is None


# --- somebody can always administer the file --------------------------------------------------------------------------
LAST = "至少要有一名启用的管理员，数据未变。先让另一人当管理员，再改。 [E-LAST-ADMIN]"


def admin_of(db: Database) -> uuid.UUID:
    operators.create_first(db, "周敏")
    with db.reading() as session:
        return session.scalars(select(Operator.id)).one()


def imported(db: Database, admin: uuid.UUID) -> None:
    changes = {"role": (Role.ADMIN, Role.DESK)}
    row = PlanRow(2, Outcome.CHANGED, {"name": "周敏", "role": Role.DESK}, admin, changes)
    imports.apply(db, ImportPlan("operators", "操作员.xlsx", (), (row,)))


@pytest.mark.parametrize(
    "act",
    [
        lambda db, admin: records.save(db, OPERATORS, {"role": "签到志愿者"}, admin),
        lambda db, admin: records.save(db, OPERATORS, {"is_active": False}, admin),
        lambda db, admin: records.delete(db, OPERATORS, [admin]),
        imported,
    ],
    ids=["role", "inactive", "deleted", "imported"],
)
def test_the_last_administrator_stays(db: Database, act: Callable[[Database, uuid.UUID], object]) -> None:
    admin = admin_of(db)
    with pytest.raises(UserError) as refused:
        act(db, admin)
    assert str(refused.value) == LAST
    assert [(o.name, o.role) for o in operators.list_active(db)] == [("周敏", Role.ADMIN)]
    make(db, "李雷", Role.ADMIN)
    act(db, admin)
    assert "周敏" not in [o.name for o in operators.list_active(db) if o.role is Role.ADMIN]
