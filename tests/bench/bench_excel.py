"""10,000 × 20 rows to Excel and back against the bare libraries on the same rows in the same run.

    python tests/bench/bench_excel.py [ROWS] [RUNS]

Prints JSON lines of CPU seconds (medians of RUNS, taken in turns), then the ratios. Goals: writing at most 1.3 times
openpyxl's write-only mode; a whole import (read, check, plan, write) at most 3 times calamine's read and one bulk Core
insert. `read` and `plan` are the part of it without the database; the whole is that of attendees into a new file: one
row becomes an attendee, a person, perhaps an organisation, and what its undo needs. Attendees have 11 columns of their
own; the file has 9 more that belong to no field, and the floor inserts all 20 as they are.
"""

import gc
import json
import os
import random
import statistics
import sys
import tempfile
import time
import uuid
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, create_engine, insert  # noqa: E402

from expo_app import documents  # noqa: E402
from expo_app.exchange import excel, import_plan  # noqa: E402
from expo_app.exchange.headers import letter  # noqa: E402
from expo_app.model import DealKind, DealStage  # noqa: E402
from expo_app.services import expos, imports  # noqa: E402
from expo_app.services.expos import ExpoInfo  # noqa: E402
from expo_app.specs import ATTENDEES, DEALS, Existing, FieldType, Outcome  # noqa: E402
from expo_app.store.database import Database, open_database  # noqa: E402
from tests.factories import make_expo  # noqa: E402

COLUMNS = 20
ABROAD = ("currency", "foreign_amount", "rate", "rate_on", "rate_source")
"""An amount in another currency goes with these alone, and is worked out of them."""
LEFT_OUT = ("programme_item_id", "others", *ABROAD)
FIELDS = tuple(field for field in DEALS.writable if field.name not in LEFT_OUT)[:COLUMNS]
TYPES = {FieldType.MONEY: Float, FieldType.NUMBER: Integer}
KINDS = {n: TYPES[field.type] for n, field in enumerate(FIELDS) if field.type in TYPES}
NOT_OFFERED = (DealKind.FRAMEWORK, DealStage.REGISTERED)
"""What does not go with every other choice."""
OPTIONS = [converted.name for converted in FIELDS]


def records(count: int) -> list[tuple[Any, ...]]:
    """`(id, *values)` of made-up deals, every column filled."""
    texts = {
        "deal_no": "KJH18-2018-{n:05}", "title": "第 {n} 号高端装备联合研发与产业化项目", "contract_no": "HT-{n:06}",
        "sellers": "示例研究院 {m} 所", "buyers": "示例智能装备（上海）有限公司 {n}",
        "contract_kind": "技术开发", "contract_subkind": "委托开发",
    }  # fmt: skip
    rows = []
    for n in range(count):
        row: list[Any] = [uuid.UUID(int=n)]
        for field in FIELDS:
            if field.choices:
                offered = [choice for choice in field.choices if choice not in NOT_OFFERED]
                row.append(offered[n % len(offered)])
            elif field.type is FieldType.MONEY:
                row.append(Decimal(1_000_000 + n * 137).scaleb(-2))
            elif field.type is FieldType.DATE:
                row.append(date(2018, 11, 1) + timedelta(days=n % 30))
            elif field.type is FieldType.BOOL:
                row.append(n % 3 == 0)
            elif field.type is FieldType.NUMBER:
                row.append(n % 50)
            else:
                row.append(texts.get(field.name, "内容 {m}").format(n=n, m=n % 40))
        rows.append(tuple(row))
    return rows


def plain(rows: list[tuple[Any, ...]]) -> list[list[Any]]:
    """The same rows as openpyxl takes them."""
    converters = [excel.converter(field, None) for field in FIELDS]
    return [[c(v) if c else v for c, v in zip(converters, row[1:], strict=True)] for row in rows]


def floor_write(rows: list[list[Any]], path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([field.header for field in FIELDS])
    for row in rows:
        sheet.append(row)
    book.save(path)


def floor_read(path: Path) -> list[list[Any]]:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def floor_insert(cells: list[list[Any]], path: Path, kinds: dict[int, Any] = KINDS) -> None:
    """One bulk Core insert into a table of as many columns, on the driver and with the durability of the program."""
    import sqlcipher3.dbapi2

    names = [f"c{n}" for n in range(COLUMNS)]
    table = Table("floor", MetaData(), *(Column(name, kinds.get(n, String)()) for n, name in enumerate(names)))
    engine = create_engine(f"sqlite:///{path}", module=sqlcipher3.dbapi2)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA synchronous=FULL")
        table.create(connection)
        rows = [
            {n: str(v) if isinstance(v, date | datetime) else v for n, v in zip(names, row, strict=True)}
            for row in cells[1:]
        ]
        connection.execute(insert(table), rows)
    engine.dispose()


def attendees(count: int, seed: int = 7) -> list[list[Any]]:
    """A sheet of people as an organiser has it: header, then `count` rows of 20 cells."""
    draw = random.Random(seed)  # noqa: S311
    surnames, given = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰"
    kinds = ("专业观众", "观众", "参展商", "嘉宾")
    own = ["姓名", "单位", "职务", "类别", "手机", "邮箱", "状态", "有效日期", "同意隐私告知", "备注"]
    rows: list[list[Any]] = [own + [f"来源{n}" for n in range(COLUMNS - len(own))]]
    for n in range(count):
        name = draw.choice(surnames) + "".join(draw.choices(given, k=2))
        cells = [name, f"示例装备科技{n % 2000}有限公司", "工程师", kinds[n % 4], f"138{n:08}", f"p{n}@example.org"]
        cells += ["已确认", "2018-11-28、2018-11-29", "是", f"第 {n} 位"]
        rows.append(cells + [f"内容 {n % 40}" for _n in range(COLUMNS - len(own))])
    return rows


def sheet_of(rows: list[list[Any]], path: Path) -> None:
    """A workbook of texts as Excel itself writes it (openpyxl does not): each text once, in a table of texts."""
    texts: dict[str, int] = {}
    lines = []
    for number, row in enumerate(rows, 1):
        cells = [
            f'<c r="{letter(n)}{number}" s="1" t="s"><v>{texts.setdefault(text, len(texts))}</v></c>'
            for n, text in enumerate(row)
        ]
        lines.append(f'<row r="{number}" spans="1:{len(row)}">{"".join(cells)}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="'
        'application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kinds}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="Sheet1" sheetId="1" '
        'r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{links}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><dimension ref="A1:{letter(len(rows[0]) - 1)}'
        f'{len(rows)}"/><sheetData>{"".join(lines)}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}" count="{sum(map(len, rows))}" uniqueCount="{len(texts)}">'
        + "".join(f"<si><t>{text}</t></si>" for text in texts)
        + "</sst>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{content}')


def new_database(path: Path) -> tuple[Database, ExpoInfo]:
    """A new file with a real expo in it."""
    db = open_database(path, create=True)
    with db.transaction() as session:
        make_expo(session)
    expo = expos.current(db)
    assert expo is not None
    return db, expo


def whole_import(path: Path, db: Database, expo: ExpoInfo, count: int) -> None:
    """What the command line does for `import attendees --apply`."""
    plan = documents.plan_import(db, expo, ATTENDEES, path)
    assert plan.count(Outcome.NEW) == count, plan.rows[0]
    imports.apply(db, plan, expo.id)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds, those of the child process that reads an untrusted file included."""
    gc.collect()
    started = _cpu()
    result = work()
    return _cpu() - started, result


def _cpu() -> float:
    return time.process_time() + sum(os.times()[2:4])


def main(count: int = 10_000, runs: int = 3) -> None:
    """Run both ways in turns and print the medians and their ratios."""
    rows = records(count)
    bare = plain(rows)
    seconds: dict[str, list[float]] = {}

    def note(name: str, work: Callable[[], Any]) -> Any:
        used, result = timed(work)
        seconds.setdefault(name, []).append(used)
        return result

    with tempfile.TemporaryDirectory() as folder:
        theirs, ours = Path(folder, "floor.xlsx"), Path(folder, "ours.xlsx")
        nothing = Existing((), {"programme": frozenset()}, UTC)
        for turn in range(runs):
            note("floor write", lambda: floor_write(bare, theirs))
            note("write", lambda: excel.write(DEALS, rows, ours, fields=FIELDS, zone=None))
            cells = note("floor read", lambda: floor_read(ours))
            database = Path(folder, f"{turn}.db")
            note("floor insert", lambda cells=cells, database=database: floor_insert(cells, database))
            book = note("read", lambda: excel.open_book(ours))
            plan = note("plan new", lambda book=book: import_plan.plan(DEALS, book, nothing))
            known = Existing(tuple((r[0], dict(zip(OPTIONS, r[1:], strict=True))) for r in rows), nothing.names, UTC)
            again = note("plan same", lambda book=book, known=known: import_plan.plan(DEALS, book, known))
            people = Path(folder, f"people{turn}.xlsx")
            sheet_of(attendees(count, turn), people)
            cells = note("floor read attendees", lambda people=people: floor_read(people))
            bare_file = Path(folder, f"bare{turn}.db")
            note("floor insert attendees", lambda c=cells, to=bare_file: floor_insert(c, to, {}))
            db, expo = new_database(Path(folder, f"expo{turn}.db"))
            note("import attendees", lambda p=people, db=db, expo=expo: whole_import(p, db, expo, count))
            db.close()
            assert plan.count(Outcome.NEW) == again.count(Outcome.SAME) == count, (plan.rows[0], again.rows[0])
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    for name, value in medians.items():
        print(json.dumps({"work": name, "rows": count, "columns": COLUMNS, "cpu_s": round(value, 3)}))
    floor_people = medians["floor read attendees"] + medians["floor insert attendees"]
    floor = medians["floor read"] + medians["floor insert"]
    ratios = {
        "write": (medians["write"] / medians["floor write"], 1.3),
        "read + plan, all new": ((medians["read"] + medians["plan new"]) / floor, 2.0),
        "read + plan, all same": ((medians["read"] + medians["plan same"]) / floor, 2.0),
        "import attendees": (medians["import attendees"] / floor_people, 3.0),
    }
    for name, (ratio, goal) in ratios.items():
        print(json.dumps({"ratio": name, "value": round(ratio, 2), "goal": goal}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
