"""What is right and wrong with a database and this computer, in sentences."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from expo_app import paths
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.store import backup, claims, engines, faults, placing, presence, schema, voucher_sums
from expo_app.store.damage import Damage, damages, dangling
from expo_app.store.database import is_server, known_revision, translated

OLD_BACKUP = timedelta(days=1)
LOW_SPACE = 500 * 2**20
BIG_LOG = 64 * 2**20
SYNCED = ("onedrive", "dropbox", "icloud", "nutstore", "坚果云", "baidusync", "百度网盘", "google drive")
FONTS = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
NOT_OURS = {"E-DB-FOREIGN", "E-DB-MISSING", "E-DB-EMPTY", "E-DB-FOLDER"}
"""Where there is nothing of ours, nobody asks for a backup of it."""
MOST = 100
"""Damaged places that are counted, or told one by one."""
SERVER = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "data_checksums": "on",
    "password_encryption": "scram-sha-256",
    "ssl": "on",
}
"""What a server that keeps its promises is set to (postgresql.org/docs, runtime-config-wal)."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `level` is ok, warning or error."""

    level: str
    title: str
    text: str
    code: str = ""
    """Of the error met, if it was one."""
    damage: Damage | None = None
    """The value that can be mended."""


def doctor(path_or_url: str | Path, backup_folder: Path | None = None) -> list[Finding]:
    """Look at everything; what cannot be opened is a finding, not an exception. Nothing is changed."""
    if is_server(path_or_url):
        return [*_machine(), *_guarded(_("服务器"), lambda: _server(str(path_or_url)))]
    path = Path(path_or_url)
    found = _guarded(_("文件"), lambda: _file(path), path)
    is_ours = not any(finding.code in NOT_OURS for finding in found)
    return [
        *_machine(),
        *found,
        *_guarded(_("磁盘空间"), lambda: _space(path)),
        *_guarded(_("备份"), lambda: _backups(path, backup_folder or paths.data_dir() / "backups", is_ours)),
    ]


def healthy(findings: list[Finding]) -> bool:
    """Whether no finding is an error."""
    return all(finding.level != "error" for finding in findings)


def _guarded(title: str, look: Callable[[], Iterator[Finding]], path: Path | None = None) -> list[Finding]:
    found: list[Finding] = []
    try:
        with translated(path):
            found.extend(look())
    except UserError as error:
        found.append(Finding("error", title, str(error), error.code))
    return found


def _machine() -> Iterator[Finding]:
    version = ".".join(map(str, engines.driver.sqlite_version_info))
    if engines.journal_mode() == "WAL":
        yield Finding("ok", _("数据库引擎"), _("SQLite {version}，可安全并发读写。").format(version=version))
    else:
        yield Finding(
            "warning",
            _("数据库引擎"),
            _("SQLite {version} 的 WAL 模式有缺陷，已改用较慢的方式，数据安全。请升级程序。").format(version=version),
        )
    missing = [name for name in FONTS if not paths.resource("fonts", name).exists()]
    if missing:
        yield Finding(
            "error",
            _("字体"),
            _("缺少 {names}，胸卡和 PDF 无法生成。请重新安装程序。").format(names="、".join(missing)),
        )
    else:
        yield Finding("ok", _("字体"), _("中文字体齐全。"))


def _file(path: Path) -> Iterator[Finding]:
    path = placing.check_place(path, create=False)
    mode = placing.access(path, read_only=False)
    with closing(engines.connect(path, mode)) as connection:
        revision = schema.sqlite_revision(connection)
        if not revision:
            raise UserError(_(faults.FOREIGN), "E-DB-FOREIGN")
        yield _version(revision)
        found = list(_content(connection))
        yield from found
    if revision == schema.head() and all(finding.damage or finding.level != "error" for finding in found):
        engine = engines.sqlite_engine(path, begin="BEGIN", mode="ro" if mode == "rw" else mode, write=False)
        try:
            with engine.connect() as reading:
                yield from _values(reading)
                yield from _presence(reading)
                yield from _vouchers(reading)
        finally:
            engine.dispose()
    if mode != "rw":
        yield Finding("warning", _("权限"), _("文件或文件夹只能读取，程序会以只读方式打开。"))
    if sys.platform != "win32" and path.stat().st_mode & 0o077:
        yield Finding(
            "warning", _("权限"), _("这台电脑的其他账户也能读这个文件。不是有意共用的话，请只给自己：chmod 600。")
        )
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size > BIG_LOG:
        size = log.stat().st_size // 2**20
        yield Finding("warning", _("日志"), _("待合并的日志有 {size} MB。请关闭所有窗口后重新打开。").format(size=size))
    holder = claims.holder(path)
    if holder:
        yield Finding("ok", _("占用"), _("{user} 正在电脑 {host} 上使用（进程 {pid}）。").format(**holder))
    if any(word in str(path).lower() for word in SYNCED):
        yield Finding("warning", _("位置"), _("文件在同步盘里，同步程序可能损坏它。请移到普通文件夹。"))


def _version(revision: str) -> Finding:
    title = _("文件")
    if revision > schema.head():
        return Finding("error", title, _("由更新版本的展务台建立。请升级程序。"))
    if revision < schema.head():
        return Finding("warning", title, _("由旧版本建立，下次打开时会先备份再升级。"))
    return Finding("ok", title, _("展务台数据库，版本 {revision}。").format(revision=revision))


def _content(connection: Any) -> Iterator[Finding]:
    """Every page, then every reference; where pages are damaged the references tell nothing."""
    title, count = _("完整性"), _damage(connection)
    if count:
        words = _("文件已损坏，逐页检查发现 {count} 处。请到“数据与设置”或用命令 restore，从最近的备份恢复。")
        yield Finding("error", title, words.format(count=count))
        return
    yield Finding("ok", title, _("逐页检查通过。"))
    for count, found in enumerate(dangling(connection), 1):
        if count <= MOST:
            words = _("{place}：它引用的资料不存在（{found}）。其他数据不受影响。修复：doctor --mend {place} 编号")
            yield Finding("error", _("引用"), words.format(place=found.place, found=found.found), "E-DAMAGED", found)


def _values(connection: Connection) -> Iterator[Finding]:
    """Every value that cannot be read, by its place."""
    title, count = _("读不出的值"), 0
    for count, found in enumerate(damages(connection), 1):
        if count <= MOST:
            words = _("{place}：存的是“{found}”，读不出来。其他数据不受影响。修复：doctor --mend {place} 新值")
            yield Finding("error", title, words.format(place=found.place, found=found.found), "E-DAMAGED", found)
    if count > MOST:
        words = _("另有 {count} 处读不出的值没有列出。修好上面的，再查一次。")
        yield Finding("error", title, words.format(count=count - MOST), "E-DAMAGED")


def _presence(connection: Connection) -> Iterator[Finding]:
    """Whether what desks counted is what their scans come to."""
    if count := presence.drift(connection):
        words = _("在场人数有 {count} 处与签到记录不符。签到记录没有问题；请用命令 doctor --recount 重新数一遍。")
        yield Finding("warning", _("在场人数"), words.format(count=count))


def _vouchers(connection: Connection) -> Iterator[Finding]:
    """Whether what vouchers hold and pots gave is what uses and vouchers come to, and no more than policies give."""
    if count := voucher_sums.drift(connection):
        words = _("创新券有 {count} 处余额或额度与用券记录不符。用券记录没有问题；请用命令 doctor --recount 重算。")
        yield Finding("warning", _("券的额度"), words.format(count=count))
    if count := voucher_sums.beyond(connection):
        words = _("创新券有 {count} 处年度额度批出的多过办法的上限，或同一企业同年按两个类别领券。请撤销多批的券。")
        yield Finding("warning", _("券的额度"), words.format(count=count))


def _damage(connection: Any) -> int:
    """Places SQLite finds fault with. It tells them in English, several to a row below the name of the database, and
    may give up on the way.
    """
    count = 0
    try:
        for (told,) in connection.execute(f"PRAGMA integrity_check({MOST})"):
            count += sum(line != "ok" and not line.startswith("***") for line in told.splitlines())
    except engines.driver.DatabaseError as error:
        if engines.error_number(error) != engines.driver.SQLITE_CORRUPT:
            raise
        count += 1
    return count


def _space(path: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(path.absolute().parent).free
    enough = free >= LOW_SPACE
    size = free // 2**20
    yield Finding(
        "ok" if enough else "warning",
        _("磁盘空间"),
        (_("还有 {size} MB。") if enough else _("只剩 {size} MB，可能存不下新数据。请腾出空间。")).format(size=size),
    )


def _backups(path: Path, folder: Path, is_ours: bool) -> Iterator[Finding]:
    own = [info for info in backup.backups(folder) if info.source == str(path.absolute())]
    if not own:
        if is_ours:
            yield Finding("warning", _("备份"), _("“{folder}”里还没有这个数据库的备份。").format(folder=folder))
        return
    age = datetime.now(UTC) - own[0].made_at
    when = f"{own[0].made_at.astimezone():%Y-%m-%d %H:%M}"  # as in its name: the doctor knows no expo
    said = _("最近一份：{when}（本机时间）。").format(when=when)
    yield Finding("warning" if age > OLD_BACKUP else "ok", _("备份"), said)


def _server(url: str) -> Iterator[Finding]:
    if not shutil.which("pg_dump"):
        yield Finding("warning", _("备份"), _("这台电脑没有 pg_dump，不能在程序里备份。请由服务器定时备份。"))
    engine = engines.postgresql_engine(engines.postgresql_url(url))
    try:
        with engine.connect() as connection:
            version = connection.scalar(text("SHOW server_version"))
            yield Finding("ok", _("服务器"), _("PostgreSQL {version}，可以连接。").format(version=version))
            yield from _server_settings(connection)
            revision = known_revision(connection)
            yield replace(_version(revision), title=_("数据库"))
            if revision == schema.head():
                yield from _values(connection)
                yield from _presence(connection)
                yield from _vouchers(connection)
    finally:
        engine.dispose()


def _server_settings(connection: Connection) -> Iterator[Finding]:
    for name, wanted in SERVER.items():
        found = connection.scalar(text("SELECT current_setting(:name, true)"), {"name": name})
        if found != wanted:
            yield Finding(
                "warning",
                _("服务器设置"),
                _("{name} 是 {found}，应为 {wanted}。请管理员修改。").format(name=name, found=found, wanted=wanted),
            )
    drift = connection.scalar(
        text("SELECT abs(extract(epoch FROM clock_timestamp() - CAST(:now AS timestamptz)))"),
        {"now": datetime.now(UTC)},
    )
    if drift and drift > 60:
        yield Finding(
            "warning", _("时钟"), _("本机与服务器的时间相差 {seconds} 秒。请校准。").format(seconds=int(drift))
        )
