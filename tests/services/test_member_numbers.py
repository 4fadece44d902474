"""A certificate's number is one body's in its alliance, whoever writes when: by undo, and by a list that comes late."""

import threading
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from expo_app import documents
from expo_app.errors import Conflict, UserError
from expo_app.model import AllianceMember
from expo_app.services import alliances_rules, imports, merging, record_rules, records, steps
from expo_app.services.record_writer import followed
from expo_app.specs import ALLIANCES, MEMBERS, Outcome
from expo_app.specs.choices import Choices
from expo_app.specs.merging import Pair
from expo_app.store import staging
from expo_app.store.database import Database, open_database
from tests.factories import make_organisation


@pytest.fixture
def bodies(db: Database) -> dict[str, uuid.UUID]:
    records.save(db, ALLIANCES, {"name": "甲联盟"})
    with db.transaction() as session:
        return {name: make_organisation(session, name).id for name in ("甲公司", "乙公司")}


def member(db: Database, body: str, no: str = "5", since: str = "2019") -> uuid.UUID:
    given = {"alliance_id": "甲联盟", "organisation_id": body, "role": "会员", "since": since, "certificate_no": no}
    return records.save(db, MEMBERS, given)


def numbers(db: Database) -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(AllianceMember.certificate_no).order_by(AllianceMember.certificate_no)))


def test_an_undo_gives_no_number_back_that_another_has_by_now(db: Database, bodies: dict[str, uuid.UUID]) -> None:
    first = member(db, "甲公司")
    with followed() as writers:
        records.delete(db, MEMBERS, [first])
    deleted = steps.step_of(MEMBERS.permission, writers)
    assert deleted
    second = member(db, "乙公司")
    with pytest.raises(Conflict, match="证书编号 5 在这个联盟已给了另一家"):
        steps.take_back(db, deleted)
    records.save(db, MEMBERS, {"certificate_no": "6"}, second)
    steps.take_back(db, deleted)
    assert numbers(db) == ["5", "6"]


def test_a_list_takes_no_number_that_was_given_meanwhile(
    db: Database, bodies: dict[str, uuid.UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "members.csv"
    path.write_text("联盟,成员单位,角色,加入,证书编号\n甲联盟,甲公司,会员,2019,5\n", "utf-8")
    plan = documents.plan_import(db, None, MEMBERS, path)
    write = staging.write

    def late(*given: object) -> None:
        member(db, "乙公司")
        write(*given)

    monkeypatch.setattr(staging, "write", late)
    with pytest.raises(Conflict, match="证书编号 5"):
        imports.apply(db, plan)
    assert numbers(db) == ["5"]


def test_a_merge_waits_for_a_list_of_the_same_members(
    db: Database, bodies: dict[str, uuid.UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.is_sqlite:
        pytest.skip("one writer at a time")
    member(db, "甲公司")
    path = tmp_path / "members.csv"
    path.write_text("联盟,成员单位,角色,加入,备注\n甲联盟,甲公司,会员,2019,新\n", "utf-8")
    plan = documents.plan_import(db, None, MEMBERS, path)
    assert plan.rows[0].goes_in, plan.rows
    written, failed = threading.Event(), []
    real = record_rules.rules_of(MEMBERS)

    def slow(*given: object) -> None:
        written.set()
        threading.Event().wait(0.7)  # the merge holds both bodies and waits for the member by then
        alliances_rules.roles_agree(*given)

    monkeypatch.setitem(record_rules._all_rules(), MEMBERS.name, replace(real, stands=(slow,)))

    def desk() -> None:
        own = open_database(db.target, clock=db.clock)
        try:
            imports.apply(own, plan)
        except UserError as error:
            failed.append(error)
        finally:
            own.close()

    thread = threading.Thread(target=desk)
    thread.start()
    assert written.wait(10)
    merging.merge(db, Pair("organisations", bodies["乙公司"], bodies["甲公司"]))
    thread.join()
    assert not failed


def test_a_row_that_changes_a_number_to_that_of_another_is_refused_alone(
    db: Database, bodies: dict[str, uuid.UUID], tmp_path: Path
) -> None:
    member(db, "甲公司", "5")
    member(db, "乙公司", "6")
    path = tmp_path / "members.csv"

    def outcomes(first: str, second: str) -> list[Outcome]:
        rows = f"甲联盟,甲公司,会员,2019,{first}\n甲联盟,乙公司,会员,2019,{second}\n"
        path.write_text(f"联盟,成员单位,角色,加入,证书编号\n{rows}", "utf-8")
        plan = documents.plan_import(db, None, MEMBERS, path, Choices(update=True))
        imports.apply(db, plan)
        return [row.outcome for row in plan.rows]

    assert outcomes("6", "6") == [Outcome.INVALID, Outcome.SAME]
    assert outcomes("6", "5") == [Outcome.CHANGED, Outcome.CHANGED]
    assert numbers(db) == ["5", "6"]
