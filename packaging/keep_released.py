"""Keep a filled database of this version for the tests of all later ones: python packaging/keep_released.py [SERVER]

Run it in the checkout of a release, before its tag. SERVER is the address of an empty PostgreSQL database. It writes
`tests/store/released/<version>.db.xz` and `<version>.sql.xz`: the sample with few people, a row in every table.
"""

import lzma
import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

sys.path.insert(0, os.getcwd())

from expo_app import demo
from expo_app.store.database import open_database

SCHEMA = "expo_released"
"""The tests put a name of their own in its place."""
PEOPLE = 40
KEPT = Path(__file__).resolve().parents[1] / "tests" / "store" / "released"


def fill(address: str) -> None:
    db = open_database(address, create=True)
    demo.fill(db, PEOPLE, demo.Made())
    db.close()


def run(program: str, *arguments: str) -> str:
    done = subprocess.run([program, *arguments], check=True, stdout=subprocess.PIPE, encoding="utf-8")  # noqa: S603
    return done.stdout


def keep(server: str | None) -> None:
    version = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]["version"]
    KEPT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "expo.db"
        fill(str(path))
        (KEPT / f"{version}.db.xz").write_bytes(lzma.compress(path.read_bytes(), preset=9))
    if server:
        run("psql", "-q", "-d", server, "-c", f"CREATE SCHEMA {SCHEMA}")
        fill(f"{server}?options=-csearch_path%3D{SCHEMA}")
        text = run("pg_dump", "-d", server, "-n", SCHEMA, "--inserts", "--no-owner")
        run("psql", "-q", "-d", server, "-c", f"DROP SCHEMA {SCHEMA} CASCADE")
        lines = (line for line in text.splitlines() if not line.startswith(("\\", "--")))  # commands of psql
        (KEPT / f"{version}.sql.xz").write_bytes(lzma.compress("\n".join(lines).encode(), preset=9))


if __name__ == "__main__":
    keep(sys.argv[1] if len(sys.argv) > 1 else None)
