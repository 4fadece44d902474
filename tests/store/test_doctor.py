"""The doctor says what is wrong and changes nothing."""

import hashlib
import os
import re
from pathlib import Path

import pytest

from expo_app.errors import UserError
from expo_app.model import Base, Venue
from expo_app.store import engines, schema
from expo_app.store.backup import backup
from expo_app.store.database import Database, open_database
from expo_app.store.doctor import doctor, healthy


def bad(path: Path | str, folder: Path | None = None) -> list[tuple[str, str]]:
    return [(finding.level, finding.title) for finding in doctor(path, folder) if finding.level != "ok"]


def test_a_healthy_file(db_path: Path, tmp_path: Path) -> None:
    before = hashlib.sha256(db_path.read_bytes()).hexdigest()
    assert bad(db_path) == [("warning", "备份")]
    assert hashlib.sha256(db_path.read_bytes()).hexdigest() == before
    db = open_database(db_path, exclusive=True)
    (tmp_path / "b").mkdir()
    backup(db, tmp_path / "b")
    findings = doctor(db_path, tmp_path / "b")
    assert healthy(findings)
    assert [finding.title for finding in findings] == [
        "数据库引擎",
        "字体",
        "文件",
        "完整性",
        "占用",
        "磁盘空间",
        "备份",
    ]
    db.close()


def test_each_fault_is_one_finding(db_path: Path, tmp_path: Path) -> None:
    assert bad(tmp_path / "none.db") == [("error", "文件")]
    connection = engines.connect(db_path, "rw")
    connection.execute(
        "INSERT INTO hall (id, venue_id, name, name_en, width, depth, position) "
        "VALUES (zeroblob(16), zeroblob(16), 'a', '', 1, 1, 0)"
    )
    connection.close()
    assert bad(db_path) == [("error", "引用"), ("warning", "备份")]
    os.truncate(db_path, db_path.stat().st_size - 20_000)
    assert ("error", "完整性") in bad(db_path) or ("error", "文件") in bad(db_path)
    db_path.write_text("text" * 2000, encoding="utf-8")
    findings = doctor(db_path)
    assert not healthy(findings)
    assert [finding.text for finding in findings if finding.level == "error"] == [
        "这个文件不是展务台的数据库，没有改动它。请另选一个 .db 文件。 [E-DB-FOREIGN]"
    ]


def test_a_damaged_file_is_said_once_and_with_its_remedy(db_path: Path) -> None:
    db = open_database(db_path)
    with db.transaction() as session:
        session.add_all(Venue(name=f"{n}", address="x" * 300) for n in range(500))
    db.close()
    with db_path.open("rb+") as stream:
        stream.seek(db_path.stat().st_size // 4096 * 4096 - 4096 * 30)
        stream.write(b"\x07" * 4096 * 4)
    findings = [finding for finding in doctor(db_path) if finding.level == "error"]
    assert [finding.title for finding in findings] == ["完整性"]
    told = re.sub(r"\d+", "N", findings[0].text)
    assert told == "文件已损坏，逐页检查发现 N 处。请到“数据与设置”或用命令 restore，从最近的备份恢复。"


def test_nobody_asks_for_a_backup_of_what_is_not_ours(tmp_path: Path) -> None:
    foreign, empty = tmp_path / "foreign.db", tmp_path / "empty.db"
    foreign.write_text("somebody's" * 1000, encoding="utf-8")
    empty.touch()
    for path in (foreign, empty, tmp_path / "none.db", tmp_path):
        assert bad(path) == [("error", "文件")]
    song = tmp_path / "song.db"
    connection = engines.connect(song, "rwc")
    connection.execute("CREATE TABLE song (title)")
    connection.close()
    assert bad(song) == [("error", "文件")]


def test_an_empty_server_is_called_so_and_new_fills_it(pg: Database) -> None:
    address = pg.writer.url.render_as_string(hide_password=False)
    with pg.writer.begin() as connection:
        Base.metadata.drop_all(connection)
        schema.VERSIONS.drop(connection)
    try:
        sentence = "这个服务器数据库还是空的，没有改动它。请先用命令 new 在里面新建展会，或核对库名。 [E-DB-EMPTY]"
        assert [f.text for f in doctor(address) if f.level == "error"] == [sentence]
        with pytest.raises(UserError) as caught:
            open_database(address)
        assert str(caught.value) == sentence
    finally:
        open_database(address, create=True).close()
    assert [level for level, _title in bad(address) if level == "error"] == []


def test_a_server(pg: Database) -> None:
    address = pg.writer.url.render_as_string(hide_password=False)
    assert [level for level, _title in bad(address) if level == "error"] == []
    assert bad("postgresql://nobody@127.0.0.1:1/none") == [("error", "服务器")]
