"""Transactions: what they keep, what they announce, what they write into the audit."""

import os
import shutil
import sys
import threading
import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from expo_app.errors import Conflict, UserError
from expo_app.model import Audit, Counter, Deal, DealParty, Expo, Hall, Operator, Organisation, Role, Venue
from expo_app.store.audit import from_json, to_json
from expo_app.store.database import Actor, Database, announce, open_database, record_audit
from tests.own_time import own_time


def make_expo(db: Database) -> uuid.UUID:
    with db.transaction() as session:
        expo = Expo(
            name="示例展会",
            short_name="示例",
            edition_no=1,
            code="T1",
            starts_on=date(2018, 11, 28),
            ends_on=date(2018, 11, 30),
        )
        session.add(expo)
        session.flush()
        return expo.id


def audit_rows(db: Database) -> list[tuple[Any, ...]]:
    with db.reading() as session:
        rows = session.execute(
            select(Audit.action, Audit.table_name, Audit.before, Audit.after).order_by(Audit.at, Audit.id)
        )
        return [tuple(row) for row in rows]


def test_a_transaction_keeps_everything_and_a_failed_one_nothing(db: Database) -> None:
    with db.transaction() as session:
        session.add(Venue(name="甲馆"))
    with pytest.raises(ZeroDivisionError), db.transaction() as session:
        session.add(Venue(name="乙馆"))
        session.flush()
        _ = 1 / 0
    with db.reading() as session:
        assert list(session.scalars(select(Venue.name))) == ["甲馆"]


def test_rollback_takes_back_savepoints_and_tables(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.transaction() as session:
        with session.begin_nested():
            session.add(Venue(name="甲馆"))
        session.execute(text("CREATE TABLE leftover (x INTEGER)"))
        _ = 1 / 0
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Venue)) == 0
    with db.writer.connect() as connection:
        assert not db.writer.dialect.has_table(connection, "leftover")


def test_what_was_read_stays_usable_afterwards(db: Database) -> None:
    with db.transaction() as session:
        venue = Venue(name="甲馆", address="路 1 号")
        session.add(venue)
    assert venue.address == "路 1 号"
    with db.reading() as session:
        found = session.scalars(select(Venue)).one()
    assert (found.id, found.name) == (venue.id, "甲馆")


def test_reading_sees_one_moment(db: Database) -> None:
    count = select(func.count()).select_from(Venue)
    with db.reading() as session:
        before = session.scalar(count)
        with db.transaction() as writing:
            writing.add(Venue(name="甲馆"))
        assert (before, session.scalar(count)) == (0, 0)


def test_reading_cannot_write(db: Database) -> None:
    with pytest.raises(UserError, match="E-DB-READONLY"), db.reading() as session:
        session.add(Venue(name="甲馆"))
        session.flush()


def test_a_transaction_inside_a_transaction_is_a_bug(db: Database) -> None:
    with pytest.raises(RuntimeError, match="already open"), db.transaction(), db.transaction():
        pass
    with db.transaction() as session:
        session.add(Venue(name="甲馆"))


def test_announces_orm_bulk_and_core_writes_after_commit_only(db: Database) -> None:
    heard: list[frozenset[str]] = []
    stop = db.listen(heard.append)
    with db.transaction() as session:
        session.add(Counter(series="a"))
        session.flush()
        session.execute(update(Operator).values(is_active=False))
        session.connection().execute(insert(Venue.__table__), [{"name": "甲馆"}, {"name": "乙馆"}])
        announce(session, "badge")
        assert heard == []
    assert heard == [frozenset({"counter", "operator", "venue", "badge"})]
    with db.transaction() as session:
        session.scalars(select(Venue)).all()
    with pytest.raises(ZeroDivisionError), db.transaction() as session:
        session.add(Counter(series="b"))
        session.flush()
        _ = 1 / 0
    stop()
    stop()
    with db.transaction() as session:
        session.add(Counter(series="c"))
    assert len(heard) == 1


def test_a_delete_announces_what_goes_with_it(db: Database) -> None:
    with db.transaction() as session:
        venue = Venue(name="甲馆")
        session.add(venue)
        session.flush()
        session.add(Hall(venue_id=venue.id, name="一厅", width=60, depth=40))
    heard: list[frozenset[str]] = []
    db.listen(heard.append)
    with db.transaction() as session:
        session.execute(Hall.__table__.delete())
    assert heard == [frozenset({"hall", "hall_feature", "gate", "gate_category", "gate_hours", "desk_quarter"})]


def test_every_orm_write_leaves_an_audit_row(db: Database) -> None:
    db.actor = Actor("李敏", Role.SUPERVISOR, "一号台")
    minutes = iter(range(42, 60))
    db.clock = lambda: datetime(2018, 11, 29, 10, next(minutes), tzinfo=timezone(timedelta(hours=8)))
    with db.transaction() as session:
        venue = Venue(name="甲馆")
        session.add(venue)
    with db.transaction() as session:
        session.get_one(Venue, venue.id).name = "乙馆"
    with db.transaction() as session:
        session.delete(session.get_one(Venue, venue.id))
    assert audit_rows(db) == [
        ("insert", "venue", None, {"name": "甲馆", "walk_minutes": 10, "is_sample": False}),
        ("update", "venue", {"name": "甲馆"}, {"name": "乙馆"}),
        ("delete", "venue", {"name": "乙馆", "walk_minutes": 10, "is_sample": False}, None),
    ]
    with db.reading() as session:
        signatures = set(session.execute(select(Audit.operator, Audit.desk, Audit.at, Audit.record_id)))
    assert signatures == {
        ("李敏", "一号台", datetime(2018, 11, 29, 2, minute, tzinfo=UTC), venue.id) for minute in (42, 43, 44)
    }


def test_the_audit_goes_with_a_rollback(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.transaction() as session:
        session.add(Venue(name="甲馆"))
        session.flush()
        _ = 1 / 0
    assert audit_rows(db) == []


def test_an_overwritten_value_that_was_never_loaded_is_audited(db: Database) -> None:
    with db.transaction() as session:
        venue = Venue(name="甲馆", address="路")
        session.add(venue)
    with db.transaction() as session:
        found = session.get_one(Venue, venue.id)
        session.expire(found)
        found.address = "街"
    assert audit_rows(db)[1] == ("update", "venue", {"address": "路"}, {"address": "街"})
    with db.reading() as session:
        assert session.get_one(Venue, venue.id).address == "街"


def test_the_audit_never_holds_a_pin_and_skips_search_text(db: Database) -> None:
    with db.transaction() as session:
        operator = Operator(name="李敏", pin_hash="argon2-secret")
        body = Organisation(name="某大学", search_text="某大学 mdx")
        session.add_all([operator, body])
    with db.transaction() as session:
        session.get_one(Operator, operator.id).pin_hash = "argon2-other"
        session.get_one(Organisation, body.id).search_text = "某大学 moudaxue"
    rows = audit_rows(db)
    assert "argon2" not in repr(rows)
    assert sorted(row[:2] for row in rows) == [
        ("insert", "operator"),
        ("insert", "organisation"),
        ("update", "operator"),
    ]
    assert rows[2][2:] == ({}, {"pin": "changed"})


def test_record_audit_keeps_plain_values(db: Database) -> None:
    key = uuid.uuid4()
    with db.transaction() as session:
        record_audit(
            session, "import", "deal", None, None, {"id": key, "amount": Decimal("12.30"), "role": Role.DESK}, "表.xlsx"
        )
    assert audit_rows(db) == [("import", "deal", None, {"amount": "12.30", "role": "DESK"})]


def test_values_survive_json(db: Database) -> None:
    expo_id = make_expo(db)
    with db.transaction() as session:
        deal = Deal(
            expo_id=expo_id,
            deal_no="D1",
            title="合同",
            amount=Decimal("1234567.89"),
            signed_on=date(2018, 11, 29),
            created_at=db.now(),
        )
        session.add(deal)
        session.flush()
        values = {column.key: getattr(deal, column.key) for column in Deal.__table__.columns}
    kept = to_json(values)
    assert {type(value) for value in kept.values()} == {str, bool, type(None)}
    assert from_json(Deal.__table__, kept) == {key: kept_value for key, kept_value in values.items() if key in kept}


def test_a_second_record_with_the_same_key_is_a_conflict(db: Database) -> None:
    with db.transaction() as session:
        session.add(Organisation(name="某大学"))
    with pytest.raises(Conflict) as caught, db.transaction() as session:
        session.add(Organisation(name="某大学"))
    assert caught.value.code == "E-DB-DUPLICATE"


def test_a_record_in_use_is_not_deleted(db: Database) -> None:
    expo_id = make_expo(db)
    with db.transaction() as session:
        body = Organisation(name="某大学")
        deal = Deal(expo_id=expo_id, deal_no="D1", title="合同", created_at=db.now())
        session.add_all([body, deal])
        session.flush()
        session.add(DealParty(deal_id=deal.id, organisation_id=body.id))
    with pytest.raises(Conflict) as caught, db.transaction() as session:
        session.delete(session.get_one(Organisation, body.id))
    assert caught.value.code == "E-DB-IN-USE"


def test_a_record_deleted_meanwhile_is_a_conflict(db: Database) -> None:
    with db.transaction() as session:
        venue = Venue(name="甲馆")
        session.add(venue)
    with db.transaction() as session:
        session.delete(session.get_one(Venue, venue.id))
    with pytest.raises(Conflict) as caught, db.transaction() as session:
        venue.name = "乙馆"
        session.add(venue)
    assert caught.value.code == "E-DB-GONE"


def test_a_broken_rule_of_the_model_stays_a_bug(db: Database) -> None:
    expo_id = make_expo(db)
    with pytest.raises(IntegrityError), db.transaction() as session:
        session.add(Deal(expo_id=expo_id, deal_no="D1", title="合同", amount=Decimal(-1), created_at=db.now()))


def test_a_desk_writes_and_announces(db: Database) -> None:
    heard: list[frozenset[str]] = []
    db.listen(heard.append)
    desk = db.connection_for_desk()
    for number in range(3):
        with desk.scan_transaction() as connection:
            connection.execute(insert(Counter), {"series": f"s{number}"})
    with pytest.raises(ZeroDivisionError), desk.scan_transaction() as connection:
        connection.execute(insert(Counter), {"series": "lost"})
        _ = 1 / 0
    with pytest.raises(Conflict), desk.scan_transaction() as connection:
        connection.execute(insert(Counter), {"series": "s0"})
    desk.close()
    with desk.scan_transaction() as connection:
        record_audit(connection, "undo", "check_in", None)
    assert heard == [frozenset({"counter"})] * 3 + [frozenset({"audit"})]
    with db.reading() as session:
        assert sorted(session.scalars(select(Counter.series))) == ["s0", "s1", "s2"]


def test_a_desk_waits_shortly_while_a_save_waits_long(db_path: Any) -> None:
    db = open_database(db_path)
    desk = db.connection_for_desk()
    started, release = threading.Event(), threading.Event()

    def hold() -> None:
        with db.transaction() as session:
            session.add(Venue(name="甲馆"))
            session.flush()
            started.set()
            release.wait(60)

    other = threading.Thread(target=hold)
    other.start()
    started.wait(60)
    before = own_time()
    with pytest.raises(UserError, match="E-DB-LOCKED"), desk.scan_transaction():
        pass
    assert 0.15 < own_time() - before < 1
    threading.Timer(0.3, release.set).start()
    with db.transaction() as session:
        session.add(Venue(name="乙馆"))
    other.join()
    with desk.scan_transaction() as connection:
        assert connection.scalar(select(func.count()).select_from(Venue)) == 2
    db.close()


def test_threads_number_without_gaps(db: Database) -> None:
    with db.transaction() as session:
        session.add(Counter(series="n", next_no=1))

    drawn: list[int] = []

    def draw() -> None:
        for _round in range(10):
            with db.transaction() as session:
                drawn.append(
                    session.scalars(
                        update(Counter).values(next_no=Counter.next_no + 1).returning(Counter.next_no)
                    ).one()
                )

    threads = [threading.Thread(target=draw) for _thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(drawn) == list(range(2, 42))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps an open file where it is")
@pytest.mark.parametrize("fate", ["removed", "moved", "replaced", "its folder moved"])
def test_nothing_is_said_to_be_kept_in_a_file_that_is_gone(db_path: Path, tmp_path: Path, fate: str) -> None:
    (tmp_path / "data").mkdir()
    path = db_path.rename(tmp_path / "data" / "expo.db")
    other = Path(shutil.copy(path, tmp_path / "other.db"))
    db = open_database(path)
    desk = db.connection_for_desk()
    with desk.scan_transaction() as connection:
        connection.execute(insert(Counter), {"series": "kept"})
    with db.reading() as session:
        assert session.scalars(select(Counter.series)).all() == ["kept"]
    moved = tmp_path / "moved.db"
    os.link(path, moved)
    match fate:
        case "removed" | "moved":
            path.unlink()
        case "replaced":
            other.replace(path)
        case _:
            path.parent.rename(tmp_path / "away")
    heard: list[frozenset[str]] = []
    db.listen(heard.append)
    for _again in range(2):
        with pytest.raises(UserError, match="E-DB-MOVED"), desk.scan_transaction() as connection:
            connection.execute(insert(Counter), {"series": "lost"})
        with pytest.raises(UserError, match="E-DB-MOVED"), db.transaction() as session:
            session.add(Counter(series="lost too"))
    with db.reading() as session:
        assert session.scalars(select(Counter.series)).all() == ["kept"]
    assert heard == []
    db.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps an open file where it is")
def test_a_file_taken_away_while_it_commits_is_noticed(db_path: Path) -> None:
    db = open_database(db_path)
    db.hear_others()
    kept = db_path.with_name("kept.db")
    with pytest.raises(UserError, match="E-DB-MOVED") as refused, db.transaction() as session:
        session.add(Counter(series="a"))
        event.listen(session.connection(), "commit", lambda _connection: db_path.rename(kept))
    assert "这一步没有保存" not in str(refused.value)
    db.close()
    kept.rename(db_path)  # as the sentence says: what was written last lies beside its old place
    found = open_database(db_path)
    with found.reading() as session:
        assert session.scalars(select(Counter.series)).all() == ["a"]
    found.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps an open file where it is")
def test_a_file_that_is_gone_is_no_fault_of_the_disk(db_path: Path) -> None:
    """A connection that has yet to be opened finds none."""
    db = open_database(db_path)
    db_path.unlink()
    with pytest.raises(UserError, match="E-DB-MISSING"), db.reading() as session:
        session.execute(select(Counter.series))
    db.close()
