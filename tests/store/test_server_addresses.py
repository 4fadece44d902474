"""A server's address: what of it is kept and shown, and where its password comes from."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from expo_app.errors import UserError
from expo_app.store.backup import backup, read_manifest
from expo_app.store.database import Database, open_database, shown
from expo_app.store.doctor import doctor
from tests.asking_server import Asking, asking

SECRET = "s3cret/word"  # noqa: S105


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Asking]:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    with asking() as found:
        yield found


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("postgresql://desk:s3cret%2Fword@h:5433/expo", "postgresql://desk@h:5433/expo"),
        ("postgres://desk@h/expo", "postgresql://desk@h/expo"),
        ("postgresql+psycopg://desk:***@h/expo?options=-c+lock_timeout%3D5000", "postgresql://desk@h/expo"),
        (
            "postgresql://desk@h/expo?password=s3cret&options=-csearch_path%3Dx&sslmode=require",
            "postgresql://desk@h/expo?options=-csearch_path%3Dx&sslmode=require",
        ),
        ("/data/expo.db", "/data/expo.db"),
    ],
)
def test_what_is_kept_of_an_address(typed: str, kept: str) -> None:
    assert sorted(shown(typed).partition("?")[2].split("&")) == sorted(kept.partition("?")[2].split("&"))
    assert shown(typed).partition("?")[0] == kept.partition("?")[0]
    assert shown(kept) == shown(typed)


def test_what_is_kept_opens_it_again(pg: Database) -> None:
    db = open_database(pg.target, password=SECRET)
    again = open_database(db.url)
    assert again.url == db.url == pg.url
    assert "s3cret" not in db.url
    assert "***" not in db.url
    assert "lock_timeout" not in db.url
    assert "s3cret" in db.target
    assert [finding.code for finding in doctor(db.target) if finding.level == "error"] == []
    again.close()
    db.close()


def test_a_server_that_asks_is_told_apart_from_one_that_refuses(server: Asking, tmp_path: Path) -> None:
    def code(**given: str) -> str:
        with pytest.raises(UserError) as refused:
            open_database(server.address, **given)
        return refused.value.code

    assert code() == "E-DB-PASSWORD"
    assert [finding.code for finding in doctor(server.address) if finding.level == "error"] == ["E-DB-PASSWORD"]
    assert server.passwords == []
    assert code(password=SECRET) == "E-DB-LOGIN"
    (tmp_path / "pgpass").write_text(f"127.0.0.1:{server.port}:expo:desk:of the file\n")
    (tmp_path / "pgpass").chmod(0o600)
    assert code() == "E-DB-LOGIN"
    assert server.passwords == [SECRET, "of the file"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_the_programs_that_are_called_are_not_called_with_the_password(
    pg: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody on the computer sees how a program was called."""
    real = {name: shutil.which(name) for name in ("pg_dump", "pg_restore")}
    if None in real.values():
        pytest.skip("pg_dump is not on the path")
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, path in real.items():
        (programs / name).write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/called\nexec {path} "$@"\n')
        (programs / name).chmod(0o700)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    db = open_database(pg.target, password=SECRET)
    made = backup(db, tmp_path / "b.dump")
    db.close()
    assert "s3cret" not in (tmp_path / "called").read_text()
    assert "postgresql://" in (tmp_path / "called").read_text()
    assert "s3cret" not in made.manifest.read_text()
    known = read_manifest(made.path)
    assert known is not None
    assert known.source == pg.url
