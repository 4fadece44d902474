"""Records made from nothing but their spec, and what a plan is compared with."""

import random
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from expo_app.model import Entry, GateKind, Registration
from expo_app.rules import partial_days
from expo_app.rules.meeting_board import LENGTHS
from expo_app.specs import GATES, MATCHING_SETTINGS, Existing, Field, FieldType, RecordSpec
from expo_app.specs.child_lines import Lines
from expo_app.specs.words import ROLES

ZONE = ZoneInfo("Asia/Shanghai")
WORDS = (
    "联合研发",
    "=1+1",
    "+86",
    "-",
    "@here",
    "a&b<c>",
    "_x0041_",
    "两\n行",
    "O'Neil",
    "１２",
    "﨑",
    "𬭚",
    "0123",
    "TRUE",
)


PATENTS = (
    "发明专利；激光发生器；2016199990037；—；甲公司；甲公司；2016-05-12",
    "实用新型；阀门；2016299990039；2016299990039；乙公司；—；—\n外观设计；外壳；—；—；乙公司；—；—",
)


def credit_code(n: int) -> str:
    """A 统一社会信用代码 with its check character."""
    from stdnum.cn import uscc

    digits = f"91310114{n:09}"
    return digits + uscc.calc_check_digit(digits)


def value(field: Field, n: int, draw: random.Random) -> Any:
    """A kept value of this column; every record's different where that may matter for its key."""
    if field.choices:
        return draw.choice(list(field.choices))
    if field.is_closed and field.suggestions:
        return field.parse(draw.choice(list(field.suggestions())))
    if field.lines is not None:
        return field.lines.read(made_lines(field.lines, n, draw), UTC)
    special = {
        "phone": f"+86138{n:08}", "email": f"n{n}@example.com",
    }.get(field.mask) or {
        **dict.fromkeys(("prefixes", "accepts", "accepted_regions"), ["32050", "44", "DE", "*"][: n % 4 + 1]),
        "region_code": "310114", "rolls_up": "320500",
        "on_date": date(2001 + n // 2, 6 + 6 * (n % 2), 30 + n % 2), "postcode": f"2018{n % 100:02}",
        "credit_code": credit_code(n), "seller_code": credit_code(n), "buyer_code": credit_code(n + 500),
        "seller_region": "310114", "buyer_region": "DE", "demand_region": "310114", "supply_region": "DE",
        "research_region": "310114", "production_region": "330304",
        "opens": time(n % 20, n % 60), "closes": time(n % 20 + 2, n % 60),
        "ends_at": datetime(2018, 11, 29, 3, 30, 15, tzinfo=UTC) + timedelta(minutes=n, seconds=n % 7),
        **dict.fromkeys(("b_id", "guest_id", "solver_id", "other_id"), f"别家 {n}"), "patents": PATENTS[n % 2],
        "patent_no": f"US{n}", "code": f"Z{n:03}", "expert": f"专家{n}",
        "valid_days": ["2018-11-28", "2018-11-29"], "letter": "BEMSVW"[n % 6], "key": f"word_{n}",
        "hours": f"08:{n % 60:02}–16:30、2018-11-30 20:00–02:00",
        "time_zone": "Asia/Shanghai", "registry_no": f"{n:016}",
        **dict.fromkeys(("sellers_mandate", "buyers_mandate", "others_mandate"), "书面授权、授权未见"),
    }.get(field.name.rpartition(".")[2])  # fmt: skip
    if special is not None:
        return special
    if field.check is partial_days.parse:
        return (f"{2001 + n % 90}", f"{2001 + n % 90}-12", f"{2001 + n % 90}-12-05")[n % 3]
    makers = {
        FieldType.NUMBER: lambda: (
            Decimal(draw.randint(int(field.least * 10**field.places), 1000)).scaleb(-field.places)
            if field.places
            else draw.randint(int(field.least), min(int(field.most), int(field.least) + 100))
        ),
        FieldType.MONEY: lambda: Decimal(draw.randrange(10**13)).scaleb(-2),
        FieldType.YUAN: lambda: Decimal(draw.randrange(1, 10**9)).scaleb(-2),
        FieldType.THOUSANDS: lambda: Decimal(draw.randrange(1, 10**9)).scaleb(-2),
        FieldType.DATE: lambda: date(2018, 11, 1) + timedelta(days=n),
        FieldType.MOMENT: lambda: datetime(2018, 11, 29, 1, 30, 15, tzinfo=UTC) + timedelta(minutes=n, seconds=n % 7),
        FieldType.TIME: lambda: time(n % 24, n % 60),
        FieldType.BOOL: lambda: draw.random() < 0.5,
        FieldType.TAGS: lambda: [f"设备{n}", "投影"],
        FieldType.CHOICES: lambda: [choice.name for choice in list(field.several or ())[: 1 + n % 3]],
        FieldType.REPORTED: lambda: draw.choice(["", "约 ", "超过 ", "近 "]) + str(draw.randint(1, 10**6)),
        FieldType.REPORTED_MONEY: lambda: draw.choice(["", "约 ", "超过 ", "近 "]) + str(draw.randint(1, 10**6)),
        FieldType.REF: lambda: f"名称 {n}" if n % 2 else f"上海名称（{n}）",
    }
    if field.type in makers:
        return makers[field.type]()
    if field.select is not None:
        return f"A{n:02}、甲公司（{n}）"
    if field.type is FieldType.LONG_TEXT:
        return f"第 {n} 段：{draw.choice(WORDS)}\n{draw.choice(WORDS)}。"
    return f"{draw.choice(WORDS)}{n}".replace("\n", "")[: field.max_length or None]


def made_lines(lines: Lines, n: int, draw: random.Random) -> str:
    """One to three lines; what has a shape of its own is left open, amounts begin at nothing."""

    def cell(own: Field, at: int) -> Any:
        if own.check is not None:
            return None
        if own.name == "from_amount":
            return Decimal(at * 100)
        return value(own, n + at + 1, draw)

    rows = [{own.name: cell(own, at) for own in lines.cells} for at in range(1 + n % 3)]
    for row in rows if lines.same == ("side", "from_amount") else ():
        row["side"] = rows[0]["side"]
    return lines.text(rows)


def records(spec: RecordSpec, fields: Sequence[Field], count: int, seed: int = 1) -> list[tuple[Any, ...]]:
    """`(id, *values)` as `spec.query(fields)` selects them; about one optional value in five is missing."""
    draw = random.Random(seed)  # noqa: S311
    needed = set(spec.key_names) | {f.name for f in fields if f.required}
    needed |= {f"{name}.name" for name in spec.parents or ()}
    found = []
    for n in range(count):
        values = {f.name: None if f.name not in needed and draw.random() < 0.2 else value(f, n, draw) for f in fields}
        if "vocabulary" in values:
            values |= spec.constant
            roles = ROLES.get(values["vocabulary"], ())
            values["role"] = draw.choice(roles) if roles else None
        if spec is GATES:
            own = {GateKind.ROOM: "room_id", GateKind.HALL: "hall_id"}.get(values["kind"])
            values |= {name: f"名称 {n}" if name == own else None for name in ("room_id", "hall_id")}
        if spec is MATCHING_SETTINGS:
            values["slot_minutes"] = draw.choice(LENGTHS)
        if values.get("registration") not in (None, Registration.OPEN):
            values |= {"submitted_on": None, "registered_on": None, "registration": Registration.OPEN}
        while wrong := spec.contradicted(values, None):  # what is emptied may leave something alone
            values |= dict.fromkeys(wrong) | ({"signed": None} if "parties" in wrong else {})
        if spec.lacking and spec.lacking(values):  # it does not count yet
            values["entry"] = Entry.DRAFT
        found.append((uuid.UUID(int=seed << 64 | n), *values.values()))
    return found


def existing(spec: RecordSpec, fields: Sequence[Field], rows: Sequence[tuple[Any, ...]]) -> Existing:
    """The records as an import finds them, and every name they refer to."""
    names: dict[str, set[str]] = {f.ref: set() for f in fields if f.ref and f.type is FieldType.REF}
    for row in rows:
        for field, cell in zip(fields, row[1:], strict=True):
            if field.type is FieldType.REF and cell is not None:
                names[field.ref].add(cell)
    kept = tuple((row[0], dict(zip((f.name for f in fields), row[1:], strict=True))) for row in rows)
    return Existing(kept, {ref: frozenset(found) for ref, found in names.items()}, ZONE)


NOTHING = Existing((), {}, ZONE)
