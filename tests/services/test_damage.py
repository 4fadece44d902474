"""One damaged value is its row's problem: told at the gate, marked in lists and files, found and mended."""

import lzma
import shutil
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdfium2 import PdfDocument
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from expo_app import documents
from expo_app.damaged import DamagedValue, is_damaged
from expo_app.errors import UserError
from expo_app.model import (
    Attendee,
    AttendeeState,
    Audit,
    Base,
    CheckIn,
    Deal,
    DealStage,
    Expo,
    Operator,
    Person,
    ProgrammeItem,
    Role,
    Verdict,
)
from expo_app.services import checkin, expos, records
from expo_app.services.checkin import OpenDesk
from expo_app.services.mending import mend
from expo_app.services.statistics.deals import deal_totals
from expo_app.specs import ATTENDEES, SPECS
from expo_app.store import backup, doctor, engines
from expo_app.store.damage import Damage, damages
from expo_app.store.database import Actor, Database, open_database
from tests.factories import (
    category,
    local,
    make_attendee,
    make_badge,
    make_desk,
    make_expo,
    make_gate,
    make_hall,
    make_organisation,
)

NOON = local(29, 12)
RELEASED = sorted((Path(__file__).parents[1] / "store" / "released").glob("*.db.xz"))


@dataclass
class World:
    """A gate, somebody whose row will be damaged and somebody else, each with a badge."""

    db: Database
    expo: Expo
    desk: OpenDesk
    hurt: Attendee
    code: str
    other: str
    bodies: list[uuid.UUID]

    def damage(self, column: str, raw: object) -> None:
        """Write past everything, as a text editor or a dying disk would."""
        table, name = column.split(".")
        owner = {
            "attendee": ("id", self.hurt.id),
            "person": ("id", self.hurt.person_id),
            "organisation": ("id", self.hurt.organisation_id),
            "badge": ("attendee_id", self.hurt.id),
            "category": ("id", self.hurt.category_id),
        }[table]
        key = owner[1].bytes if self.db.is_sqlite else owner[1]  # type: ignore[union-attr]
        with self.db.writer.connect() as connection:
            cast = ":raw" if self.db.is_sqlite or "valid" not in name else "CAST(:raw AS json)"
            sql = f"UPDATE {table} SET {name} = {cast} WHERE {owner[0]} = :key"  # noqa: S608
            connection.execute(text(sql), {"raw": raw, "key": key})
            connection.commit()


@pytest.fixture
def world(db: Database) -> Iterator[World]:
    with db.transaction() as session:
        expo = make_expo(session, code="KJH18")
        desk = make_desk(session, make_gate(session, expo, "南门"), "南门 01 号台")
        bodies = [make_organisation(session).id for _n in range(2)]
        hurt = make_attendee(session, expo, "陆一鸣", organisation_id=bodies[0])
        other = make_attendee(session, expo, "沈知行", organisation_id=bodies[1])
        other.category_id = category(session, expo, "media").id
        codes = [make_badge(session, one).code for one in (hurt, other)]
    opened = OpenDesk(db, desk.id)
    yield World(db, expo, opened, hurt, *codes, bodies)
    opened.close()


SQLITE = [
    ("attendee.state", "CONFIRMEX"),
    ("attendee.state", b"\xff\xfe"),
    ("attendee.valid_days", "[2018-11-29"),
    ("attendee.valid_days", '["2018-11-3X"]'),
    ("attendee.valid_days", '{"2018-11-29": 1}'),
    ("attendee.title", b"\xd6\xd0\xce\xc4"),
    ("person.name", b"\xc2\xbd\xd2\xbb\xc3\xf9"),
    ("organisation.name", b"\x00\xff"),
    ("badge.printed_at", "2018-13-41 99:99"),
    ("badge.revoked_at", "gestern"),
    ("category.counts_as", "NOBODYX"),
    ("category.valid_days", "x"),
    ("category.opens", "25:61"),
]
SERVER = [("attendee.state", "CONFIRMEX"), ("attendee.valid_days", '["2018-11-3X"]'), ("category.counts_as", "NOBODYX")]
CASES = [pytest.param(*case, id=f"{case[0]}-{n}") for n, case in enumerate(SQLITE)]


def case_of(world: World, column: str, raw: object) -> None:
    if not world.db.is_sqlite and (column, raw) not in SERVER:
        pytest.skip("a server keeps no such value")
    world.damage(column, raw)


@pytest.mark.parametrize(("column", "raw"), CASES)
def test_the_gate_says_damaged_and_judges_the_next(world: World, column: str, raw: object) -> None:
    case_of(world, column, raw)
    answer = world.desk.check_in(world.code, NOON)
    assert (answer.verdict, answer.reason) == (Verdict.DAMAGED, "这张胸卡的资料读不出来，请找主管")
    assert not answer.lets_in
    assert (answer.name == "陆一鸣") is (column != "person.name")
    assert world.desk.check_in(world.other, NOON).verdict is Verdict.ADMITTED
    by_name = world.desk.admit(world.hurt.id, NOON)
    assert by_name.verdict is Verdict.DAMAGED
    let_in = world.desk.override(answer, Actor("周敏", Role.SUPERVISOR), "核对了身份证", NOON)
    assert let_in.verdict is Verdict.ADMITTED
    assert world.desk.override(answer, Actor("周敏", Role.SUPERVISOR), "又来", NOON).verdict is Verdict.AGAIN
    with world.db.reading() as session:
        kept = session.scalars(select(CheckIn.verdict).order_by(CheckIn.id)).all()
    assert kept == [Verdict.DAMAGED, Verdict.ADMITTED, Verdict.DAMAGED, Verdict.ADMITTED, Verdict.AGAIN]
    world.db.clock = lambda: NOON
    assert checkin.last_scans(world.db, world.desk.post)[0].verdict is Verdict.AGAIN


@pytest.mark.parametrize(("column", "raw"), CASES)
def test_it_is_found_by_place_and_mended_there(world: World, column: str, raw: object) -> None:
    case_of(world, column, raw)
    with world.db.reading() as session:
        (found,) = damages(session.connection())
    assert f"{found.table}.{found.column}" == column
    assert found.record_id is not None
    words = {"state": "已确认", "counts_as": "观众", "opens": "", "name": "陆一鸣"}.get(column.split(".")[1], "")
    mend(world.db, column, found.record_id, words)
    with world.db.reading() as session:
        assert not [*damages(session.connection())]
        last = session.scalars(select(Audit).order_by(Audit.id.desc())).first()
    assert last is not None
    assert (last.table_name, last.record_id, last.reason) == (found.table, found.record_id, "修复损坏的值")
    if column != "badge.revoked_at":
        assert world.desk.check_in(world.code, NOON + checkin.UNDO_WINDOW).verdict is Verdict.ADMITTED


@pytest.mark.parametrize(("column", "raw"), CASES)
def test_lists_and_files_mark_the_cell(world: World, column: str, raw: object, tmp_path: Path) -> None:
    case_of(world, column, raw)
    for spec in SPECS.values():
        fields = spec.table_fields
        for row in records.list_rows(world.db, spec, world.expo.id):
            shown = [field.display(value, world.expo.zone_info) for field, value in zip(fields, row[1:-1], strict=True)]
            assert all(isinstance(words, str) for words in shown)
    expo = expos.all_expos(world.db)[0]
    for name in ("attendees", "organisations", "people", "categories"):
        for kind in ("xlsx", "csv"):
            path = tmp_path / f"{name}.{kind}"
            documents.export(world.db, expo, SPECS[name], path)
    cells = [c for row in load_workbook(tmp_path / "attendees.xlsx").active.iter_rows(values_only=True) for c in row]  # type: ignore[union-attr]
    is_in_list = column in (
        "attendee.state",
        "attendee.valid_days",
        "attendee.title",
        "person.name",
        "organisation.name",
    )
    assert ("⚠ 数据损坏" in cells) is is_in_list
    assert ("⚠ 数据损坏" in (tmp_path / "attendees.csv").read_text("utf-8-sig")) is is_in_list


def test_a_damaged_value_is_only_shown(world: World) -> None:
    if not world.db.is_sqlite:
        pytest.skip("a server keeps no such value")
    world.damage("attendee.registered_at", "?")
    with world.db.reading() as session:
        at: Any = session.get_one(Attendee, world.hurt.id).registered_at
    assert is_damaged(at)
    assert f"{at:%H:%M}" == str(at) == at.label == "⚠ 数据损坏"
    acts = (lambda: at.astimezone(UTC), lambda: at < NOON, lambda: {at: 1}, lambda: at + 1, lambda: sorted([at, at]))
    for act in acts:
        with pytest.raises(DamagedValue, match="registered_at"):
            act()


def test_a_form_writes_a_good_value_over_it(world: World) -> None:
    world.damage("attendee.state", "CONFIRMEX")
    values = records.get(world.db, ATTENDEES, world.hurt.id)
    assert is_damaged(values["state"])
    records.save(world.db, ATTENDEES, {"state": "已确认"}, world.hurt.id, expo_id=world.expo.id)
    with world.db.reading() as session:
        assert session.get_one(Attendee, world.hurt.id).state is AttendeeState.CONFIRMED
    assert world.desk.check_in(world.code, NOON).verdict is Verdict.ADMITTED


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        ("attendee.state", "大概来", "可填：待确认、已确认、已取消"),
        ("attendee.registered_at", "大概昨天", "日期和时刻应如"),
        ("attendee.nothing", "x", "没有“attendee.nothing”这一列"),
        ("attendee.title", "董事长", "没有损坏的值"),
    ],
)
def test_what_is_no_value_changes_nothing(world: World, place: str, text: str, said: str) -> None:
    world.damage("attendee.state", "CONFIRMEX")
    with pytest.raises(UserError, match=said):
        mend(world.db, place, world.hurt.id, text)
    with world.db.reading() as session:
        assert [found.column for found in damages(session.connection())] == ["state"]


def test_only_who_may_edit_the_settings_mends(world: World) -> None:
    world.damage("attendee.state", "CONFIRMEX")
    world.db.actor = Actor("志愿者", Role.DESK)
    with pytest.raises(UserError):
        mend(world.db, "attendee.state", world.hurt.id, "已确认")


def test_the_doctor_names_table_record_and_column(db_path: Path) -> None:
    db = open_database(db_path)
    with db.transaction() as session:
        person = make_attendee(session, make_expo(session)).person_id
        session.add(Operator(name="陈放", role=Role.ADMIN))
    with db.writer.connect() as connection:
        connection.execute(text("UPDATE person SET name = :raw"), {"raw": b"\xff"})
        connection.execute(text("UPDATE operator SET role = 'BOSS'"))
        connection.commit()
    db.close()
    found = [finding for finding in doctor.doctor(db_path) if finding.damage]
    assert not doctor.healthy(found)
    assert {(f.damage.table, f.damage.column) for f in found if f.damage} == {("person", "name"), ("operator", "role")}
    told = next(f.text for f in found if f.damage and f.damage.table == "person")
    assert f"person.name {person}" in told


GATE = [
    ("expo.time_zone", "Asia/Shanghaj", Verdict.ADMITTED), ("expo.ends_on", "2018-11-3X", Verdict.DAMAGED),
    ("expo.approved_headcount", -1, Verdict.ADMITTED), ("gate.is_hidden", "x", Verdict.ADMITTED),
    ("gate.is_stopped", "x", Verdict.ADMITTED), ("gate.room_id", "x", Verdict.ADMITTED),
    ("gate.kind", "ENTRNCE", Verdict.ADMITTED), ("gate.lead_minutes", "x", Verdict.ADMITTED),
    ("desk.ways", "x", Verdict.ADMITTED), ("check_in.at", "x", Verdict.ADMITTED),
]  # fmt: skip


@pytest.mark.parametrize(("column", "raw", "verdict"), GATE, ids=[case[0] for case in GATE])
def test_what_is_damaged_of_gate_or_expo_ends_no_gate(world: World, column: str, raw: object, verdict: Verdict) -> None:
    if not world.db.is_sqlite:
        pytest.skip("a server keeps no such value")
    world.desk.check_in(world.code, NOON)
    table, name = column.split(".")
    past_everything(world.db, f"UPDATE {table} SET {name} = :raw", raw=raw)  # noqa: S608
    for fresh in (False, True):
        world.desk._is_stale = True
        desk = checkin.open_desk(world.db, world.expo.id, "南门 01 号台") if fresh else world.desk
        answer = desk.check_in(world.other, NOON + timedelta(minutes=fresh))
        is_again = fresh and verdict is Verdict.ADMITTED
        assert answer.verdict is (Verdict.AGAIN if is_again else verdict)
        assert answer.reason == "入口或展会的资料读不出来，请找主管" or verdict is Verdict.ADMITTED
        if fresh:
            desk.close()


def test_persons_unlike_the_damaged_one_are_found(world: World) -> None:
    world.damage("attendee.state", "CONFIRMEX")
    found = checkin.find(world.db, world.expo.id, "陆一鸣").found
    assert [is_damaged(one.state) for one in found] == [True]
    with world.db.reading() as session:
        assert session.scalar(select(Person.name).where(Person.id == world.hurt.person_id)) == "陆一鸣"


def past_everything(db: Database, sql: str, **values: object) -> None:
    """Write on a bare connection, which asks for no reference."""
    assert db.path is not None
    with closing(engines.connect(db.path, "rw")) as raw:
        raw.execute(sql, values).close()


@pytest.fixture
def fair(fair_file: Path, tmp_path: Path) -> Iterator[Database]:
    db = open_database(shutil.copy(fair_file, tmp_path / "fair.db"))
    yield db
    db.close()


def spoil(db: Database, table: str, *columns: str) -> uuid.UUID:
    """Put bytes that are nothing into these columns (all that refer to nothing, if none is named) of one row."""
    own = Base.metadata.tables[table]
    wanted = columns or [c.name for c in own.c if not c.foreign_keys and c.name != "id"]
    with db.writer.connect() as connection:
        key = connection.execute(select(own.c.id).order_by(own.c.id.desc())).scalars().first()
        assert key is not None
        for name in wanted:
            with suppress(IntegrityError):  # a CHECK of the database's own does not let it in
                sql = f"UPDATE {table} SET {name} = :raw WHERE id = :key"  # noqa: S608
                connection.execute(text(sql), {"raw": b"\xff\x01", "key": key.bytes})
                connection.commit()
            connection.rollback()
    return key


@pytest.mark.parametrize("table", [table.name for table in Base.metadata.sorted_tables if table.name != "expo"])
def test_whatever_is_damaged_every_list_and_document_is_made(fair: Database, table: str, tmp_path: Path) -> None:
    with fair.reading() as session:
        if not session.scalar(select(func.count()).select_from(Base.metadata.tables[table])):
            pytest.skip("the sample has none")
    spoil(fair, table)
    (expo,) = expos.all_expos(fair)
    for spec in SPECS.values():
        for row in records.list_rows(fair, spec, expo.id, spoken=True):
            for field, value in zip(spec.table_fields, row[1:-1], strict=True):
                assert isinstance(field.display(value, expo.zone), str)
    for document in documents.all_documents():
        path = tmp_path / f"{document.name}.{document.formats[0]}"
        if (table, document.name) == ("deal", "tables"):  # published sums lack it: they are not handed out
            with pytest.raises(UserError, match="读不出"):
                documents.write(fair, expo, document.name, path)
            continue
        if document.of_period:  # the sample has no uses; of damaged ones see test_sharing_damage
            continue
        documents.write(fair, expo, document.name, path)
        assert path.stat().st_size


def test_reports_name_what_they_may_lack(fair: Database, tmp_path: Path) -> None:
    key = spoil(fair, "programme_item", "starts_at")
    (expo,) = expos.all_expos(fair)
    documents.write(fair, expo, "programme", tmp_path / "p.pdf")
    documents.write(fair, expo, "summary", tmp_path / "s.xlsx")
    with fair.reading() as session:
        title = session.scalar(select(ProgrammeItem.title).where(ProgrammeItem.id == key))
    line = f"日程“{title}”的开始（programme_item.starts_at {key}）"
    pdf = PdfDocument(tmp_path / "p.pdf")
    told = "".join(page.get_textpage().get_text_bounded() for page in pdf).replace("\r\n", "")
    assert line in told
    pdf.close()
    assert [row[0] for row in load_workbook(tmp_path / "s.xlsx")["读不出的值（示例）"].iter_rows(values_only=True)][
        -1
    ] == line


@pytest.mark.parametrize("column", ["attendee.person_id", "attendee.category_id", "badge.attendee_id"])
def test_a_badge_whose_holder_is_not_there_is_no_unknown_one(world: World, column: str) -> None:
    if not world.db.is_sqlite:
        pytest.skip("a server keeps no such value")
    table, name = column.split(".")
    who = {"attendee": "id", "badge": "attendee_id"}[table]
    sql = f"UPDATE {table} SET {name} = x'ff' WHERE {who} = :key"  # noqa: S608
    past_everything(world.db, sql, key=world.hurt.id.bytes)
    assert world.desk.check_in(world.code, NOON).verdict is Verdict.DAMAGED
    assert world.desk.check_in(world.other, NOON).verdict is Verdict.ADMITTED


def test_a_reference_to_nothing_is_named_and_mended(db_path: Path) -> None:
    db = open_database(db_path)
    with db.transaction() as session:
        expo = make_expo(session)
        gate = make_gate(session, expo)
        hall = make_hall(session, expo)
    nothing = uuid.UUID(int=7)
    past_everything(db, "UPDATE gate SET hall_id = :raw", raw=nothing.bytes)
    (found,) = [finding.damage for finding in doctor.doctor(db_path) if finding.damage]
    assert (found.table, found.column, found.record_id, found.found) == (
        "gate",
        "hall_id",
        gate.id,
        str(uuid.UUID(int=7)),
    )
    mend(db, "gate.hall_id", gate.id, str(hall.id))
    assert doctor.healthy(doctor.doctor(db_path))
    with pytest.raises(UserError, match="没有损坏的值"):
        mend(db, "gate.hall_id", gate.id, "")
    db.close()


def test_a_deal_that_cannot_be_read_counts_nowhere_and_is_named(fair: Database, tmp_path: Path) -> None:
    (expo,) = expos.all_expos(fair)
    before = deal_totals(fair, expo.id)
    with fair.reading() as session:
        query = select(Deal.id, Deal.amount).where(Deal.stage == DealStage.SIGNED, Deal.amount.is_not(None)).limit(1)
        key, amount = session.execute(query).one()
    with fair.writer.begin() as connection:
        connection.execute(text("UPDATE deal SET amount = 'x' WHERE id = :key"), {"key": key.bytes})
    after = deal_totals(fair, expo.id)
    assert (before.signed - after.signed, before.signed_amount - after.signed_amount) == (1, amount)  # type: ignore[operator]
    documents.write(fair, expo, "deals", tmp_path / "d.pdf")
    pdf = PdfDocument(tmp_path / "d.pdf")
    told = "".join(page.get_textpage().get_text_bounded() for page in pdf).replace("\r\n", "")
    assert f"deal.amount {key}" in told
    pdf.close()


def test_a_reference_to_nothing_keeps_nobody_from_a_backup_or_a_new_version(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.write_bytes(lzma.decompress(RELEASED[0].read_bytes()))
    with closing(engines.connect(path, "rw")) as raw:
        raw.execute("UPDATE gate SET room_id = ?", (uuid.UUID(int=7).bytes,)).close()
    db = open_database(path)
    backup.backup(db, tmp_path / "b.db")
    assert {one.place.split()[0] for one in found_in(path)} == {"gate.room_id"}
    assert {one.place.split()[0] for one in found_in(tmp_path / "b.db")} == {"gate.room_id"}
    db.close()


def found_in(path: Path) -> list[Damage]:
    return [finding.damage for finding in doctor.doctor(path) if finding.damage]
