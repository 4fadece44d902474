"""What holds people's data is its owner's alone, whatever the umask; what is made to be handed on goes by the umask."""

import logging
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from expo_app import log, paths, settings
from expo_app.exchange import excel
from expo_app.specs import EXHIBITORS
from expo_app.store.backup import auto_backup, restore
from expo_app.store.database import open_database
from expo_app.store.doctor import doctor

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows goes by the rights of the folder above")


@pytest.fixture(autouse=True)
def _open_to_all() -> Iterator[None]:
    usual = os.umask(0)
    yield
    os.umask(usual)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_database_its_side_files_its_backups_and_what_a_restore_keeps(tmp_path: Path) -> None:
    folder, file = tmp_path / "data", tmp_path / "data" / "expo.db"
    folder.mkdir()
    db = open_database(file, create=True)
    made = auto_backup(db, tmp_path / "backups")
    assert made is not None
    with db.transaction():
        assert {path.name: mode(path) for path in folder.iterdir()} == {
            "expo.db": 0o600, "expo.db-wal": 0o600, "expo.db-shm": 0o600,
        }  # fmt: skip
    db.close()
    assert mode(tmp_path / "backups") == 0o700
    assert [mode(path) for path in (tmp_path / "backups").iterdir()] == [0o600, 0o600]
    for old in (file.read_bytes(), b"damaged"):
        file.write_bytes(old)
        kept = restore(made.path, file)
        assert kept is not None
        assert (mode(kept), mode(file)) == (0o600, 0o600)
    assert restore(made.path, tmp_path / "new.db") is None
    assert mode(tmp_path / "new.db") == 0o600


def test_settings_and_log_in_folders_of_their_own(home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config").chmod(0o755)  # of an earlier version
    settings.save(settings.Settings())
    handler = log.OnFirstRecord(paths.log_dir() / "expo.log")
    handler.emit(logging.makeLogRecord({"msg": "something"}))
    handler.close()
    assert paths.data_dir().is_dir()
    assert {path.name: mode(path) for path in home.iterdir()} == {"config": 0o700, "data": 0o700, "log": 0o700}
    assert mode(settings.path()) == 0o600
    assert mode(home / "log" / "expo.log") == 0o600


def test_documents_go_by_the_umask(tmp_path: Path) -> None:
    os.umask(0o027)
    excel.template(EXHIBITORS, tmp_path / "t.xlsx")
    assert mode(tmp_path / "t.xlsx") == 0o640


def test_the_doctor_tells_of_a_file_that_others_may_read(db_path: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(db_path, tmp_path / "shared.db"))
    file.chmod(0o644)
    told = [finding.text for finding in doctor(file) if finding.title == "权限"]
    assert told == ["这台电脑的其他账户也能读这个文件。不是有意共用的话，请只给自己：chmod 600。"]
    file.chmod(0o600)
    assert [finding for finding in doctor(file) if finding.title == "权限"] == []
