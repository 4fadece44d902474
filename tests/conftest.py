"""For every test: its own home, no window system, no unnoticed warning, and a real database.

`db` is a SQLite file; in `tests/store` and `tests/services` each test also runs on PostgreSQL when EXPO_TEST_PG
holds the URL of an empty server database.
"""

import gc
import logging
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, make_url, text

from expo_app import i18n, memory
from expo_app.model import Base
from expo_app.rules import pins
from expo_app.store.database import Database, open_database
from tests.proxy import Proxy

if TYPE_CHECKING:
    from argon2 import PasswordHasher

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LANGUAGE"] = "zh_CN"  # whatever the machine speaks
try:
    import PySide6.QtWidgets  # noqa: F401
except ImportError as error:
    QT_MISSING = str(error)
else:
    QT_MISSING = ""
    gc.disable()  # as in the program: a thread that destroyed a window's object could stop both for good
WITH_WINDOW = {"ui", "test_window_journeys.py"}
"""Folders and files below `tests/` that need Qt; without it `test_qt.py` is the one named skip for them."""
pytest_plugins = [] if QT_MISSING else ["pytestqt.plugin"]
SERVER = os.environ.get("EXPO_TEST_PG", "")
ON_BOTH = {"store", "services"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Without Qt nobody else declares the options of its plugin."""
    for name in ("qt_api", "qt_log_level_fail", "qt_log_ignore") if QT_MISSING else ():
        parser.addini(name, "not used without Qt", "linelist" if name == "qt_log_ignore" else "string")


def pytest_configure(config: pytest.Config) -> None:
    """PINs are hashed by the quickest argon2; `tests/rules/test_pins.py` asks for the program's own.

    Where Python keeps no bytecode, pytest's cache does: else every program a test starts compiles all it loads.
    """
    config.own_hasher, pins._hasher = pins._hasher, _quick_hasher  # type: ignore[attr-defined]
    if sys.dont_write_bytecode and config.pluginmanager.hasplugin("cacheprovider"):
        sys.dont_write_bytecode, sys.pycache_prefix = False, str(config.cache.mkdir("bytecode"))  # type: ignore[union-attr]
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix


@cache
def _quick_hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was loaded stays; the search for garbage after each test need not go through it again.

    No test writes bytecode: one without room would leave half of it.
    """
    sys.dont_write_bytecode = True
    if not QT_MISSING:
        gc.collect()
        gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name the order of this run, so that it can be had again."""
    if config.pluginmanager.hasplugin("randomly"):
        terminalreporter.write_line(f"The same order again: --randomly-seed={config.option.randomly_seed}")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    inside = collection_path.relative_to(Path(__file__).parent).parts if QT_MISSING else ()
    return True if WITH_WINDOW & set(inside) else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "db" in metafunc.fixturenames:
        server = SERVER and ON_BOTH & set(Path(metafunc.definition.path).parts)
        metafunc.parametrize("db", ["sqlite", "postgresql"] if server else ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Settings, data and log of this test; the language starts and ends as zh_CN."""
    monkeypatch.setenv("EXPO_HOME", str(tmp_path / "home"))
    yield tmp_path / "home"
    i18n.set_language("zh_CN")


@pytest.fixture(autouse=True)
def _tidy() -> Iterator[None]:
    """Garbage of a test is collected after it, by the thread that made the windows."""
    yield
    if not QT_MISSING:
        memory.collect_due()


@pytest.fixture(autouse=True)
def _no_logged_warnings(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning in the log fails the test; one that is expected is checked and then `caplog.clear()`ed."""
    yield
    noticed = [
        record.getMessage()
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
        if record.levelno >= logging.WARNING
    ]
    assert noticed == []


@pytest.fixture(scope="session")
def made_once(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Callable[[str, Callable[[Path], None]], Path]:
    """Call with a name and what fills a folder: the folder, filled by whichever of the run's workers came first."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def of(name: str, fill: Callable[[Path], None]) -> Path:
        done, mine = shared / f"made-{name}", base / f"making-{name}"
        claim = shared / f"claim-{name}"
        try:
            claim.mkdir()
        except FileExistsError:
            end = time.monotonic() + 60
            while claim.exists() and not done.exists() and time.monotonic() < end:
                time.sleep(0.02)
        if not done.exists():
            mine.mkdir()
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("EXPO_HOME", str(mine / "home"))
                patch.setenv("LANGUAGE", "zh_CN")
                try:
                    fill(mine)
                    with suppress(OSError):  # one who waited too long may have been quicker
                        mine.rename(done)
                finally:
                    with suppress(OSError):
                        claim.rmdir()
        return done

    return of


@pytest.fixture(scope="session")
def sample_file(made_once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """The sample expo with 100 people and their badges, to be copied."""
    return made_once("sample", _sample) / "expo.db"


def _sample(folder: Path) -> None:
    from expo_app.services import badges, sample

    db = open_database(folder / "expo.db", create=True)
    badges.issue_all(db, sample.build(db, attendees=100))
    db.close()


@pytest.fixture(scope="session")
def fair_file(made_once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """The sample expo of the demo in the middle of its second morning, with 700 people, to be copied."""
    return made_once("fair", _fair) / "expo.db"


def _fair(folder: Path) -> None:
    from expo_app import demo

    db = open_database(folder / "expo.db", create=True)
    demo.fill(db, 700, demo.Made())
    db.close()


@pytest.fixture(scope="session")
def _empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    open_database(path, create=True).close()
    return path


@pytest.fixture(scope="session")
def _server_url(worker_id: str) -> Iterator[str]:
    """The server with a schema of this run's own, made fresh and dropped afterwards."""
    if not SERVER:
        pytest.skip("EXPO_TEST_PG is not set: no PostgreSQL to test on")
    schema = f"expo_test_{worker_id}_{os.getpid()}"
    url = make_url(SERVER).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    own = url.update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    open_database(own, create=True).close()
    yield own
    with engine.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def db_path(tmp_path: Path, _empty_file: Path) -> Path:
    """A new, empty database file, not open."""
    return Path(shutil.copy(_empty_file, tmp_path / "expo.db"))


@pytest.fixture
def db(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database of the current version; see the module's text for which kinds."""
    yield from _opened(request, getattr(request, "param", "sqlite"))


@pytest.fixture
def pg(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty PostgreSQL database, for what only a server does."""
    yield from _opened(request, "postgresql")


@pytest.fixture
def network(_server_url: str, pg: Database) -> Iterator[tuple["Proxy", str]]:
    """A way to the test's server that can be cut, and the address through it."""
    url = make_url(_server_url)
    proxy = Proxy(url.host or "127.0.0.1", url.port or 5432)
    through = url.set(drivername="postgresql", host="127.0.0.1", port=proxy.port)
    yield proxy, through.render_as_string(hide_password=False)
    proxy.close()


def _opened(request: pytest.FixtureRequest, kind: str) -> Iterator[Database]:
    if kind == "sqlite":
        database = open_database(request.getfixturevalue("db_path"))
    else:
        database = open_database(request.getfixturevalue("_server_url"))
    yield database
    if not database.is_sqlite:
        with database.writer.begin() as connection:  # all at once: most are empty, and every question has its price
            emptied = "; ".join(str(table.delete()) for table in reversed(Base.metadata.sorted_tables))
            connection.exec_driver_sql(emptied)
    database.close()
