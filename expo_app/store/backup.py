"""Copies that can be trusted: made through the database, checked, and moved into place whole."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from expo_app.atomic_files import part, privately, sweep
from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.model import Base
from expo_app.paths import own_folder
from expo_app.store import claims, copying, engines, faults, placing, schema
from expo_app.store.database import Database, shown, translated

Progress = Callable[[int, int], None]

BY_TIME = re.compile(r"-\d{8}-\d{6}(-\d+)?\.(db|dump)$")
KEPT_WHOLE = timedelta(days=2)
KEPT_DAYS = 12
KEPT_NEWEST = 3
"""However far a clock jumps, this many stay."""

BROKEN = N_("备份“{name}”已损坏或被改动过，不能使用，当前数据没有变动。请换一份更早的备份。")
HELD = N_("数据库正被另一个程序打开，没有恢复，也没有改动。请关闭其他窗口和签到程序，再试一次。")
NO_PG_DUMP = N_(
    "这台电脑没有 pg_dump，备份没有进行，服务器上的数据不受影响。请安装 PostgreSQL 客户端，或请管理员备份。"
)
ON_SERVER = N_("服务器数据库要由管理员用 pg_restore 恢复，这里没有改动。")


@dataclass(frozen=True)
class BackupInfo:
    """One backup as its manifest (`<name>.json` beside it) describes it."""

    path: Path
    source: str
    """The file or server it was made from."""
    made_at: datetime
    size: int
    sha256: str
    revision: str
    counts: dict[str, int]

    @property
    def manifest(self) -> Path:
        """Where this description is kept."""
        return self.path.with_name(f"{self.path.name}.json")


def backup(db: Database, target: Path, progress: Progress | None = None) -> BackupInfo:
    """Copy `db` to the file `target` (or, named by the time, into the folder `target`), checked before it counts."""
    with translated(db.path):
        suffix = ".db" if db.is_sqlite else ".dump"
        if target.is_dir():
            stem = f"{db.path.stem if db.path else 'server'}-{copying.stamp(db.machine_clock())}"
            names = (target / f"{stem}{number}{suffix}" for number in ("", *(f"-{n}" for n in range(2, 1000))))
            target = next(name for name in names if not name.exists())
        placing.check_folder(target.parent)
        sweep(target.parent)
        counts = copying.copy_file(db.path, target, progress) if db.path else _dump(db, target)
        return _describe(target, db.url, counts, db.machine_clock())


def _describe(path: Path, source: str, counts: dict[str, int], made_at: datetime) -> BackupInfo:
    revision = schema.head()
    if not _is_dump(path):
        with closing(engines.connect(path, "ro")) as connection:
            revision = schema.sqlite_revision(connection) or ""
    info = BackupInfo(
        path, source, made_at.replace(microsecond=0), path.stat().st_size, _sha256(path), revision, counts
    )
    values = asdict(info) | {"path": path.name, "made_at": info.made_at.isoformat()}
    temporary = part(info.manifest)
    with open(temporary, "w", encoding="utf-8", opener=privately) as stream:
        json.dump(values, stream, ensure_ascii=False, indent=1)
    placing.settle(temporary, info.manifest)
    return info


def _is_dump(path: Path) -> bool:
    """Whether `pg_dump` made it, whatever it is called."""
    with open(path, "rb") as stream:
        return stream.read(5) == b"PGDMP"


def _sha256(path: Path) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_manifest(path: Path) -> BackupInfo | None:
    """What the manifest says of a backup file; None without one, or if it cannot be read."""
    manifest = path.with_name(f"{path.name}.json")
    try:
        values = json.loads(manifest.read_text(encoding="utf-8"))
        source = shown(values["source"])  # earlier versions kept addresses with more in them
        made_at = datetime.fromisoformat(values["made_at"])
        return BackupInfo(**values | {"path": path, "source": source, "made_at": made_at})
    except (UserError, OSError, ValueError, TypeError, KeyError):
        return None


def backups(folder: Path) -> list[BackupInfo]:
    """The backups in a folder by their manifests, newest first; nothing is opened or checked."""
    found = [read_manifest(path.with_suffix("")) for path in folder.glob("*.json")]
    return sorted((info for info in found if info and info.path.exists()), key=lambda info: info.made_at, reverse=True)


def verify(path: Path) -> BackupInfo:
    """Check a backup to the last page; raises `UserError` if it cannot be trusted."""
    with translated(path):
        placing.check_place(path, create=False)
        broken = UserError(_(BROKEN).format(name=path.name), "E-BACKUP-DAMAGED")
        known = read_manifest(path)
        if known and known.sha256 != _sha256(path):
            raise broken
        if _is_dump(path):
            if not known:
                raise broken
            return known
        try:
            with closing(engines.connect(path, placing.access(path, read_only=True))) as connection:
                revision = schema.sqlite_revision(connection)
                if not revision:
                    raise UserError(_(faults.FOREIGN), "E-DB-FOREIGN")
                if copying.is_damaged(connection):
                    raise broken
                counts = copying.row_counts(connection)
        except engines.driver.DatabaseError as error:
            raise broken from error
        made_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return known or BackupInfo(path, "", made_at, path.stat().st_size, _sha256(path), revision, counts)


def restore(source: Path, path: Path, progress: Progress | None = None) -> Path | None:
    """Put the verified backup `source` in the place of `path`; returns where the old file was kept (None: none was).

    Nobody may have the file open: close the window's own `Database` first. Nobody gets at it until the backup is in
    it, either. Killed at any moment, the old or the new content is there, whole.
    """
    with translated(path):
        if str(path).startswith("postgres"):
            raise UserError(_(ON_SERVER), "E-BACKUP-SERVER")
        path = placing.check_place(path, create=True)
        if _is_dump(placing.check_place(source, create=False)):
            raise UserError(_(ON_SERVER), "E-BACKUP-SERVER")
        info = verify(source)
        if info.revision > schema.head():
            raise UserError(_(faults.NEWER), "E-DB-NEWER")
        placing.check_folder(path.parent)
        sweep(path.parent)
        with claims.claimed(path):
            return _exchange(source, path, progress)


def _exchange(source: Path, path: Path, progress: Progress | None) -> Path | None:
    ready = part(path)
    try:
        mode = placing.access(source, read_only=True)
        with closing(engines.connect(source, mode)) as old, closing(engines.connect(ready, "rwc")) as new:
            copying.transfer(old, new, progress)
        if not path.exists() or not path.stat().st_size:
            placing.settle(ready, path, is_new=not path.exists())
            return None
        kept = path.with_name(f"{path.stem}-before-restore-{copying.stamp(datetime.now(UTC))}.db")
        try:
            with copying.alone(path, _(HELD)) as connection:
                _keep(connection, kept)
                copying.put(ready, connection)
        except engines.driver.DatabaseError as error:
            if engines.error_number(error) not in {engines.driver.SQLITE_CORRUPT, engines.driver.SQLITE_NOTADB}:
                raise
            _set_aside(path, kept)
            placing.settle(ready, path)
        return kept
    except (FileExistsError, PermissionError) as error:  # somebody just made it; on Windows: somebody has it open
        raise UserError(_(HELD), "E-DB-LOCKED") from error
    finally:
        placing.remove_parts(ready)


def _keep(connection: Any, kept: Path) -> None:
    temporary = part(kept)
    try:
        with closing(engines.connect(temporary, "rwc")) as copy:
            copying.transfer(connection, copy)
        placing.settle(temporary, kept)
    finally:
        placing.remove_parts(temporary)


def _set_aside(path: Path, kept: Path) -> None:
    """Keep a damaged file as it is; its log of recent pages must be gone before another file takes its name."""
    kept.touch(0o600)
    shutil.copyfile(path, kept)
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        os.replace(log, kept.with_name(f"{kept.name}-wal"))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)


def auto_backup(db: Database, folder: Path, progress: Progress | None = None) -> BackupInfo | None:
    """A backup into `folder` if anything changed since the newest one there, then `thin`; None: nothing changed."""
    own_folder(folder)
    previous = next((info for info in backups(folder) if info.source == db.url), None)
    made = backup(db, folder, progress)
    if previous and previous.sha256 == made.sha256:
        _discard(made)
        return None
    thin(folder, db.machine_clock())
    return made


def thin(folder: Path, now: datetime) -> list[Path]:
    """Remove old backups of each source: all of two days stay, then the last of each of twelve days.

    Only those named by the time. Days are those on which backups were made, the future counts as new and the newest
    three always stay: a clock that jumps costs little.
    """
    named = [info for info in backups(folder) if BY_TIME.search(info.path.name)]
    removed: list[BackupInfo] = []
    for source in {info.source for info in named}:
        removed += _too_many([info for info in named if info.source == source], now)
    for info in removed:
        _discard(info)
    return [info.path for info in removed]


def _too_many(newest_first: list[BackupInfo], now: datetime) -> list[BackupInfo]:
    days: list[date] = []
    removed = []
    for place, info in enumerate(newest_first):
        day = info.made_at.astimezone().date()
        first_of_day = day not in days
        if first_of_day:
            days.append(day)
        recent = now - info.made_at <= KEPT_WHOLE or place < KEPT_NEWEST
        if not recent and not (first_of_day and len(days) <= KEPT_DAYS):
            removed.append(info)
    return removed


def _discard(info: BackupInfo) -> None:
    info.manifest.unlink(missing_ok=True)
    info.path.unlink(missing_ok=True)


def _dump(db: Database, target: Path) -> dict[str, int]:
    """A PostgreSQL database by `pg_dump` in its own format, its table of contents read back."""
    program, lister = shutil.which("pg_dump"), shutil.which("pg_restore")
    if not program or not lister:
        raise UserError(_(NO_PG_DUMP), "E-BACKUP-PROGRAM")
    with db.reading() as session:
        counts = {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }
    temporary = part(target)
    url = db.writer.url
    password = url.password or url.query.get("password")
    address = engines.without_password(str(url.difference_update_query(["options"])))  # everybody sees what is called
    try:
        temporary.touch(0o600)
        environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
        made = subprocess.run(  # noqa: S603  (a fixed program, no shell)
            [program, "-w", "-Fc", "-f", str(temporary), "-d", address],
            env=environment,
            capture_output=True,
            check=False,
        )
        read = subprocess.run([lister, "--list", str(temporary)], capture_output=True, check=False)  # noqa: S603
        if made.returncode or read.returncode:
            raise UserError(_(copying.UNFINISHED), "E-BACKUP-CHECK")
        placing.settle(temporary, target)
    finally:
        placing.remove_parts(temporary)
    return counts
