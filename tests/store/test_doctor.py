"""The doctor says what is wrong and changes nothing."""

import hashlib
import os
from pathlib import Path

from expo_app.store import engines
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
    assert bad(tmp_path / "none.db") == [("error", "文件"), ("warning", "备份")]
    connection = engines.connect(db_path, "rw")
    connection.execute(
        "INSERT INTO hall (id, venue_id, name, width, depth, position) VALUES (x'00', x'01', 'a', 1, 1, 0)"
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


def test_a_server(pg: Database) -> None:
    address = pg.writer.url.render_as_string(hide_password=False)
    assert [level for level, _title in bad(address) if level == "error"] == []
    assert bad("postgresql://nobody@127.0.0.1:1/none") == [("error", "服务器")]
