"""Databases filled by released versions (`packaging/keep_released.py` makes them): this version opens each, whole."""

import json
import lzma
import uuid
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, func, make_url, select, text

from expo_app.model import (
    Achievement,
    Attendee,
    Base,
    Booth,
    Category,
    Deal,
    Exhibitor,
    Expo,
    ExpoVenue,
    Gate,
    GateCategory,
    Hall,
    Organisation,
    Person,
    ProgrammeItem,
    Venue,
    Vocabulary,
    Word,
    new_id,
)
from expo_app.rules import phones
from expo_app.services import expos, imports, records, words
from expo_app.services.statistics.attendance import attendance
from expo_app.services.statistics.exhibition import exhibition
from expo_app.specs import ACHIEVEMENTS, DEALS, ORGANISATIONS, PEOPLE, PROGRAMME
from expo_app.store import copying, engines, schema
from expo_app.store.database import Database, open_database
from expo_app.store.migrations.__main__ import differences
from tests.conftest import SERVER
from tests.store.test_migrations import structure

RELEASED = Path(__file__).parent / "released"
VERSIONS = sorted(path.name.removesuffix(".db.xz") for path in RELEASED.glob("*.db.xz"))


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def old_file(tmp_path: Path, version: str) -> Path:
    path = tmp_path / "old.db"
    path.write_bytes(lzma.decompress((RELEASED / f"{version}.db.xz").read_bytes()))
    return path


@pytest.fixture
def old_server(version: str) -> Iterator[str]:
    """The address of a server database as that version left it."""
    if not SERVER:
        pytest.skip("EXPO_TEST_PG is not set: no PostgreSQL to test on")
    name = f"expo_released_{uuid.uuid4().hex}"
    dump = lzma.decompress((RELEASED / f"{version}.sql.xz").read_bytes()).decode().replace("expo_released", name)
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(dump.encode())
        url = make_url(SERVER).set(drivername="postgresql+psycopg")
        yield url.update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(hide_password=False)
        connection.execute(f"DROP SCHEMA {name} CASCADE".encode())


def counts(connection: Connection) -> dict[str, int]:
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def check(db: Database, before: dict[str, int], new: dict[str, list[str]] | None = None) -> None:
    """As many rows as before, some of them looked at, and the tables of this version."""
    with db.reader.connect() as connection:
        after = counts(connection)
        assert {name: after[name] for name in before} == before
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == schema.head()
        assert differences(connection) == []
        assert new is None or structure(connection) == new
    with db.reading() as session:
        assert session.scalars(select(Venue.name)).all() == ["上海汽车会展中心"]
        assert len(session.scalars(select(Hall)).all()) == 2
        held_in = select(Expo.code, Venue.name, ExpoVenue.position).join_from(ExpoVenue, Expo).join(Venue)
        assert session.execute(held_in).all() == [("KJH18", "上海汽车会展中心", 0)]
        assert session.scalar(select(func.count()).where(ProgrammeItem.title_en != "")) is not None
        amounts = session.scalars(select(Deal.amount).where(Deal.amount.is_not(None))).all()
        assert amounts
        assert all(isinstance(amount, Decimal) for amount in amounts)


def test_a_kept_file_is_opened_with_all_its_rows(old_file: Path, db_path: Path) -> None:
    with closing(open_database(db_path)) as current, current.reader.connect() as connection:
        new = structure(connection)

    with closing(engines.connect(old_file, "ro")) as connection:
        before = copying.row_counts(connection)
    before.pop(schema.VERSION_TABLE)
    assert all(before.values())
    with closing(open_database(old_file)) as db:
        check(db, before, new)


def test_booths_of_who_only_applied_are_held(old_file: Path) -> None:
    with closing(engines.connect(old_file, "rw")) as connection:
        taken = connection.execute("SELECT exhibitor_id FROM booth WHERE exhibitor_id IS NOT NULL LIMIT 3").fetchall()
        for (key,), state in zip(taken, ("APPLIED", "CANCELLED", "CONFIRMED"), strict=True):
            connection.execute("UPDATE exhibitor SET state = ? WHERE id = ?", (state, key))
    with closing(open_database(old_file)) as db, db.reading() as session:
        query = select(Exhibitor.state, Booth.state).join(Booth, Booth.exhibitor_id == Exhibitor.id).distinct()
        found = {state.name: booth.name for state, booth in session.execute(query)}
    assert found == {
        "APPLIED": "HELD", "CANCELLED": "HELD", "CONFIRMED": "CONFIRMED", "ARRIVED": "CONFIRMED",
    }  # fmt: skip


def test_a_kept_file_counts_its_exhibitors_by_the_regions_it_had(old_file: Path) -> None:
    with closing(open_database(old_file)) as db:
        (expo,) = expos.all_expos(db)
        found = exhibition(db, expo.id)
    assert [(part.label, part.count, part.arrived, int(part.area)) for part in found.regions] == [
        ("嘉定", 55, 54, 1134), ("苏州市区", 32, 32, 582), ("昆山", 28, 26, 684), ("太仓", 22, 20, 408),
        ("温州", 27, 26, 450), ("其他", 12, 10, 285),
    ]  # fmt: skip
    assert [(part.label, part.count) for part in found.cities][:3] == [("苏州市", 82), ("上海市", 62), ("温州市", 27)]
    assert found.rule.rolled_up == "昆山、太仓计入苏州"


KINDS = (
    (ProgrammeItem, Vocabulary.ITEM_KIND), (Achievement, Vocabulary.ACHIEVEMENT_KIND), (Booth, Vocabulary.BOOTH_KIND),
)  # fmt: skip


def test_fixed_kinds_of_a_kept_file_are_words_of_their_expo(old_file: Path) -> None:
    before = {}
    with closing(engines.connect(old_file, "ro")) as connection:
        for model, _vocabulary in KINDS:
            rows = connection.execute(f"SELECT id, kind FROM {model.__tablename__}").fetchall()  # noqa: S608
            before[model] = {uuid.UUID(bytes=key): kind.lower() for key, kind in rows}
    assert len(set(before[ProgrammeItem].values())) > 1
    with closing(open_database(old_file)) as db, db.reading() as session:
        for model, vocabulary in KINDS:
            known = session.execute(select(model.id, model.expo_id, Word).join(Word, Word.id == model.kind_id)).all()
            assert {key: word.key for key, _expo, word in known} == before[model]
            assert {(word.expo_id == expo, word.vocabulary) for _key, expo, word in known} == {(True, vocabulary)}


def test_an_import_made_before_is_undone_after(old_file: Path) -> None:
    batch = new_id()
    with closing(engines.connect(old_file, "rw")) as connection:
        item, expo, old = connection.execute("SELECT id, expo_id, kind FROM programme_item LIMIT 1").fetchone()
        new = "FORUM" if old == "AUCTION" else "AUCTION"
        connection.execute("UPDATE programme_item SET kind = ? WHERE id = ?", (new, item))
        connection.execute(
            "INSERT INTO import_batch (id, expo_id, spec, file_name, at, operator, new_count, changed_count, made)"
            " SELECT ?, ?, 'programme', 'a.xlsx', at, '', 0, 1, '{}' FROM audit LIMIT 1",
            (batch.bytes, expo),
        )
        changed = [json.dumps({"kind": kind}) for kind in (old, new)]
        connection.execute(
            "INSERT INTO import_row (id, batch_id, row_no, table_name, record_id, before, after)"
            " VALUES (?, ?, 2, 'programme_item', ?, ?, ?)",
            (new_id().bytes, batch.bytes, item, *changed),
        )
    with closing(open_database(old_file)) as db:
        assert kind_of(db, item) == new.lower()
        imports.undo(db, batch)
        assert kind_of(db, item) == old.lower()


def kind_of(db: Database, item: bytes) -> str:
    with db.reading() as session:
        own = select(ProgrammeItem.kind_id).where(ProgrammeItem.id == uuid.UUID(bytes=item)).scalar_subquery()
        return session.scalars(select(Word.key).where(Word.id == own)).one()


CAME = """
SELECT count(DISTINCT a.id), count(DISTINCT a.id || s.local_day) FROM check_in s
JOIN attendee a ON a.id = s.attendee_id JOIN gate g ON g.id = s.gate_id
WHERE s.verdict = 'ADMITTED' AND s.undone_at IS NULL AND g.kind = 'ENTRANCE'
AND a.category IN ('VISITOR', 'TRADE_VISITOR', 'INVESTOR')
"""


def test_categories_of_a_kept_file_are_rows_of_their_expo(old_file: Path) -> None:
    with closing(engines.connect(old_file, "ro")) as connection:
        people = dict(connection.execute("SELECT badge_no, category FROM attendee").fetchall())
        gates = dict(connection.execute("SELECT name, categories FROM gate").fetchall())
        came, visits = connection.execute(CAME).fetchone()
    assert came > 0
    assert any(gates.values())
    with closing(open_database(old_file)) as db:
        (expo,) = expos.all_expos(db)
        seen = attendance(db, expo.id)
        with db.reading() as session:
            known = session.execute(
                select(Attendee.badge_no, Attendee.expo_id, Category).join(
                    Category, Category.id == Attendee.category_id
                )
            ).all()
            assert {number: of.key.upper() for number, _expo, of in known} == people
            assert all(of.expo_id == home for _number, home, of in known)
            assert all(f"-{of.letter}-" in number for number, _home, of in known)
            pairs = (
                select(Gate.name, Category.key).join_from(GateCategory, Gate).join(Category).order_by(Category.position)
            )
            passing: dict[str, list[str]] = {}
            for name, key in session.execute(pairs):
                passing.setdefault(name, []).append(key.upper())
        assert (seen.visitors.value, seen.visits.value) == (came, visits)
    assert passing == {name: json.loads(names) for name, names in gates.items() if names and json.loads(names)}


def test_an_import_of_people_made_before_is_undone_after(old_file: Path) -> None:
    batch = new_id()
    with closing(engines.connect(old_file, "rw")) as connection:
        person, expo = connection.execute("SELECT id, expo_id FROM attendee WHERE category = 'VISITOR'").fetchone()
        connection.execute("UPDATE attendee SET category = 'MEDIA' WHERE id = ?", (person,))
        connection.execute(
            "INSERT INTO import_batch (id, expo_id, spec, file_name, at, operator, new_count, changed_count, made)"
            " SELECT ?, ?, 'attendees', 'a.xlsx', at, '', 0, 1, '{}' FROM audit LIMIT 1",
            (batch.bytes, expo),
        )
        connection.execute(
            "INSERT INTO import_row (id, batch_id, row_no, table_name, record_id, before, after)"
            " VALUES (?, ?, 2, 'attendee', ?, ?, ?)",
            (new_id().bytes, batch.bytes, person, '{"category": "VISITOR", "title": ""}', '{"category": "MEDIA"}'),
        )
    of = select(Category.key).join(Attendee, Attendee.category_id == Category.id)
    here = of.where(Attendee.id == uuid.UUID(bytes=person))
    with closing(open_database(old_file)) as db:
        with db.reading() as session:
            assert session.scalars(here).one() == "media"
        imports.undo(db, batch)
        with db.reading() as session:
            assert session.scalars(here).one() == "visitor"


PHONES = {
    "13800000067": "+8613800000067", "021-59571234-8012": "+862159571234;ext=8012", "400-820-8820": "4008208820",
    "0415-123": "0415-123", None: None,
}  # fmt: skip
"""As version 0.1.0 kept them, one that is none now among them → as they are kept."""


def test_phones_of_a_kept_file_are_in_one_form(old_file: Path) -> None:
    batch = new_id()
    with closing(engines.connect(old_file, "rw")) as connection:
        people = connection.execute("SELECT id, name FROM person ORDER BY id LIMIT ?", (len(PHONES),)).fetchall()
        for (key, _name), phone in zip(people, PHONES, strict=True):
            connection.execute("UPDATE person SET phone = ? WHERE id = ?", (phone, key))
        key, name = people[0]
        connection.execute("UPDATE person SET name = ? WHERE id = ?", ("Jose\u0301", key))
        connection.execute(
            "INSERT INTO import_batch (id, expo_id, spec, file_name, at, operator, new_count, changed_count, made)"
            " SELECT ?, id, 'people', 'a.xlsx', '2018-11-20 08:00:00', '', 0, 1, '{}' FROM expo LIMIT 1",
            (batch.bytes,),
        )
        changed = {"name": name, "phone": "(021)59571234"}, {"name": "Jose\u0301", "phone": "13800000067"}
        connection.execute(
            "INSERT INTO import_row (id, batch_id, row_no, table_name, record_id, before, after)"
            " VALUES (?, ?, 2, 'person', ?, ?, ?)",
            (new_id().bytes, batch.bytes, key, *map(json.dumps, changed)),
        )
    ids = [uuid.UUID(bytes=key) for key, _name in people]
    with closing(open_database(old_file)) as db:
        with db.reading() as session:
            rows = {row.id: row for row in session.scalars(select(Person))}
        assert [rows[key].phone for key in ids] == list(PHONES.values())
        assert rows[ids[0]].name == "José"
        others = [row.phone for key, row in rows.items() if key not in ids and row.phone]
        assert others
        assert [phone for phone in others if phones.parse(phone) != phone] == []
        assert all(row.search_text == PEOPLE.searched_by(partial(getattr, row)) for row in rows.values())
        for text in ("02159571234", "400 820 8820", "jose\u0301 138 0000 0067"):
            assert records.count(db, PEOPLE, search=text) == 1, text
        imports.undo(db, batch)
        with db.reading() as session:
            taken_back = session.get_one(Person, ids[0])
            assert (taken_back.name, taken_back.phone) == (name, "+862159571234")
        assert records.count(db, PEOPLE, search=f"{name} (021)59571234") == 1


def test_one_way_of_transfer_of_a_kept_file_is_a_list_of_one(old_file: Path) -> None:
    batch = new_id()
    with closing(engines.connect(old_file, "rw")) as connection:
        found = connection.execute("SELECT id FROM achievement ORDER BY id LIMIT 3").fetchall()
        keys = [key for (key,) in found]
        for key, way in zip(keys, ("LICENCE", "TRANSFER", None), strict=True):
            connection.execute("UPDATE achievement SET transfer_way = ? WHERE id = ?", (way, key))
        connection.execute(
            "INSERT INTO import_batch (id, expo_id, spec, file_name, at, operator, new_count, changed_count, made)"
            " SELECT ?, id, 'achievements', 'a.xlsx', '2018-11-20 08:00:00', '', 0, 1, '{}' FROM expo LIMIT 1",
            (batch.bytes,),
        )
        changed = {"transfer_way": None}, {"transfer_way": "LICENCE"}
        connection.execute(
            "INSERT INTO import_row (id, batch_id, row_no, table_name, record_id, before, after)"
            " VALUES (?, ?, 2, 'achievement', ?, ?, ?)",
            (new_id().bytes, batch.bytes, keys[0], *map(json.dumps, changed)),
        )
    ids = [uuid.UUID(bytes=key) for key in keys]
    with closing(open_database(old_file)) as db:
        with db.reading() as session:
            assert [session.get_one(Achievement, key).transfer_ways for key in ids] == [["LICENCE"], ["TRANSFER"], None]
        imports.undo(db, batch)
        with db.reading() as session:
            assert session.get_one(Achievement, ids[0]).transfer_ways is None


def test_names_of_a_kept_file_are_found_by_every_keyboard(old_file: Path) -> None:
    with closing(engines.connect(old_file, "rw")) as connection:
        for table, column, name in (
            ("person", "name", "Łukasz Müller"), ("organisation", "name", "Müller‧陳"), ("deal", "title", "Öffnung"),
        ):  # fmt: skip
            change = f"UPDATE {table} SET {column} = ? WHERE id = (SELECT min(id) FROM {table})"  # noqa: S608
            connection.execute(change, (name,))
    with closing(open_database(old_file)) as db:
        for spec, text in ((PEOPLE, "lukasz muller"), (ORGANISATIONS, "muller陈"), (DEALS, "oeffnung")):
            assert records.count(db, spec, search=text) == 1, text
        with db.reading() as session:
            for spec in (ORGANISATIONS, PROGRAMME, ACHIEVEMENTS, DEALS):
                rows = session.scalars(select(spec.model)).all()
                assert rows
                assert [row for row in rows if row.search_text != spec.searched_by(partial(getattr, row))] == []


def test_a_kept_server_database_is_opened_with_all_its_rows(old_server: str, pg: Database) -> None:
    with pg.reader.connect() as connection:
        new = structure(connection)
    with psycopg.connect(make_url(old_server).set(drivername="postgresql").render_as_string(False)) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
        before = {}
        for (name,) in names:
            row = connection.execute(f'SELECT count(*) FROM "{name}"'.encode()).fetchone()  # noqa: S608
            before[name] = row[0] if row else 0
    before.pop(schema.VERSION_TABLE)
    assert all(before.values())
    with closing(open_database(old_server)) as db:
        check(db, before, new)


def test_an_import_made_before_is_taken_back_to_words(old_file: Path) -> None:
    batch, row = (uuid.uuid4().bytes for _n in range(2))
    with closing(engines.connect(old_file, "rw")) as connection:
        key, expo = connection.execute(
            "SELECT o.id, e.expo_id FROM organisation o JOIN exhibitor e ON e.organisation_id = o.id"
            " WHERE industry = 'IT'"
        ).fetchone()
        connection.execute("UPDATE organisation SET industry = 'MFG', kind = 'RESEARCH' WHERE id = ?", (key,))
        connection.execute(
            "INSERT INTO import_batch (id, expo_id, spec, file_name, at, operator, new_count, changed_count, made)"
            " VALUES (?, ?, 'organisations', 'list.xlsx', '2018-11-20 08:00:00', '', 0, 1, '{}')",
            (batch, expo),
        )
        connection.execute(
            "INSERT INTO import_row (id, batch_id, row_no, table_name, record_id, before, after)"
            " VALUES (?, ?, 2, 'organisation', ?, ?, ?)",
            (row, batch, key, '{"industry": "IT", "kind": null}', '{"industry": "MFG", "kind": "RESEARCH"}'),
        )
    with closing(open_database(old_file)) as db:
        organisation, expo_id = Organisation.__table__, uuid.UUID(bytes=expo)
        query = select(organisation.c.industry_id, organisation.c.kind_id).where(
            organisation.c.id == uuid.UUID(bytes=key)
        )

        def said() -> list[str | None]:
            with db.reading() as session:
                found = session.execute(query).one()
            vocabularies = ("industries", "organisation_kinds")
            known = [words.terms(db, name, expo_id).get(word) for name, word in zip(vocabularies, found, strict=True)]
            return [term.key if term else None for term in known]

        assert said() == ["mfg", "research"]
        imports.undo(db, uuid.UUID(bytes=batch))
        assert said() == ["it", None]
