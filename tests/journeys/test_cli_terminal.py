"""Nothing that the command line says is obeyed by the terminal, wherever it comes from: data, files, what was typed."""

import io
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from command import called
from sqlalchemy import Enum, String, select, text

from expo_app import cli_output
from expo_app.cli_output import Output
from expo_app.model import Attendee, Badge, Base, Person
from expo_app.model.base import PartialDay
from expo_app.store.database import open_database

ORDERS = "\x1b]0;own\x07\x1b[2J\x9b31m\r\x08\u202e\u2066\u200b"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
DESK = ("checkin", "--desk", f"南门 01 号台{ORDERS}")
NOT_NAMES = {"code", "key", "time_zone", "search_text", "pin_hash", "series", "phone", "email", "region_code", "spec"}


@pytest.fixture
def file(sample_file: Path, tmp_path: Path) -> Path:
    """The sample with orders to the terminal in every name, written past the program."""
    path = Path(shutil.copy(sample_file, tmp_path / "expo.db"))
    db = open_database(path)
    with db.writer.begin() as connection:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                is_text = isinstance(column.type, String) and not isinstance(column.type, (Enum, PartialDay))
                if is_text and column.name not in NOT_NAMES and not column.name.endswith("_no"):
                    act = f"UPDATE {table.name} SET {column.name} = {column.name} || :orders"  # noqa: S608
                    connection.execute(text(act), {"orders": ORDERS})
    db.close()
    return path


def badge(file: Path) -> tuple[str, str]:
    db = open_database(file, read_only=True)
    first = select(Badge.code, Person.name).join(Attendee, Attendee.id == Badge.attendee_id).join(Person)
    with db.reading() as session:
        code, name = session.execute(first.where(Badge.revoked_at.is_(None)).order_by(Badge.code).limit(1)).one()
    db.close()
    return code, name


def test_names_are_said_without_orders(file: Path) -> None:
    code, name = badge(file)
    assert OBEYED.search(name)
    said = [
        called(*DESK, "--db", file, typed=f"{code}\n{ORDERS}\n"),
        called("missing", "--db", file),
        called("doctor", "--db", file),
        called("undo", "--db", file),
    ]
    assert name.replace(ORDERS, "") in said[0]
    assert len(said[0].splitlines()) == 2, "one line for each code"
    assert [OBEYED.findall(words) for words in said] == [[]] * len(said)


def test_so_are_they_as_json_and_nothing_is_lost(file: Path) -> None:
    code, name = badge(file)
    said = called(*DESK, "--db", file, "--json", typed=f"{code}\n")
    assert not OBEYED.search(said)
    assert json.loads(said)["name"] == name


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names of files")
def test_a_list_and_what_was_typed_are_said_without_orders(file: Path, tmp_path: Path) -> None:
    table = tmp_path / "名单\x1b[2J\u202e.csv"
    few = "\x1b[2J\u202e"
    lines = [f"单位名称,地址,别的{few}", f"甲公司{few},路,1", *(f"第 {n} 公司,路 {n}," for n in range(99))]
    table.write_text("\n".join(lines), encoding="utf-8")
    said = [
        called("import", "organisations", table, "--db", file),
        called("import", "organisations", table, "--db", file, "--correction", tmp_path / "c.xlsx"),
        called("import", "organisations", f"{ORDERS}.csv", "--db", file, status=1),
        called("export", "exhibitors", tmp_path / f"{ORDERS}.pdf", "--db", file, status=1),
        called("doctor", "--db", f"{ORDERS}.db", status=1),
        called("doctor", ORDERS, status=2),
    ]
    assert all(said)
    assert [OBEYED.findall(words) for words in said] == [[]] * len(said)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_moves_the_cursor_by_itself_alone() -> None:
    err = Terminal()
    Output(False, io.StringIO(), err).progress("读取" + ORDERS)(1, 2, "step" + ORDERS)
    begin, bar = "\r\033[K", err.getvalue()
    assert bar.startswith(begin)
    assert not OBEYED.search(bar.removeprefix(begin))


def test_a_line_is_one_line_and_a_column_one_column() -> None:
    out: Any = io.StringIO()
    cli_output.line(cli_output.columns("准入", "甲\t乙\n✓ 丙", ""), out)
    assert out.getvalue() == "准入\t甲 乙 ✓ 丙\n"
