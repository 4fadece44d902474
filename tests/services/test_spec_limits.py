"""What the tables refuse, the specs know: no CHECK, length or range is first met when a row is written."""

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import CheckConstraint, Column, Integer, Numeric, String, Time, bindparam, create_engine, select, text

from expo_app.errors import InvalidRecord
from expo_app.model import AuctionMoney, Base, Fen, Moment
from expo_app.model.base import Key
from expo_app.specs import SPECS, Field, FieldType, RecordSpec
from expo_app.specs.child_lines import Lines

MONEY = AuctionMoney.__table__
"""Written by the cashier alone, who refuses an amount before it is (`test_auction_cashier`)."""
LINES = {field.lines.model.__table__: field.lines for spec in SPECS.values() for field in spec.fields if field.lines}
ELSEWHERE = {
    "ck_suggestion_offer", "ck_meeting_placed", "ck_voucher_held", "ck_voucher_used", "ck_voucher_pot_taken",
    "ck_voucher_use_share", "ck_voucher_use_correction", "ck_voucher_step_subject", "ck_settlement_statement_sides",
    "ck_settlement_statement_period",
}  # fmt: skip
"""Suggestions are written by `services.suggestions` alone, a seat by `timetable_acts` and by the rules of meetings,
what a voucher holds and pays by its rules and acts (`test_voucher_acts`, `test_voucher_uses`), statements by
`settlement_acts`."""
CHECKS = [
    (table, rule)
    for table in Base.metadata.sorted_tables
    if table is not MONEY
    for rule in table.constraints
    if isinstance(rule, CheckConstraint)
    if rule.name not in ELSEWHERE
]
DAYS = (None, date(2018, 11, 28), date(2018, 11, 29))
NUMBERS = (None, -1, 0, 1, 5, 9, 10, 100, 101)
"""On both sides of every limit there is."""
SAMPLES: dict[Any, tuple[Any, ...]] = {
    Integer: NUMBERS,
    Time: (None, time(9), time(10, 30)),
    Moment: (None, datetime(2018, 11, 28, 1, tzinfo=UTC), datetime(2018, 11, 28, 2, tzinfo=UTC)),
    Key: (None, UUID(int=1), UUID(int=2)),
}
FIELDS = [(spec, field) for spec in SPECS.values() for field in spec.writable]


def samples(column: Column[Any]) -> tuple[Any, ...]:
    if isinstance(column.type, Fen):
        return (None, Decimal(-1), Decimal(0), Decimal(1), Decimal(2))
    for kind, values in SAMPLES.items():
        if isinstance(column.type, kind):
            return values
    return DAYS


def holds(rule: CheckConstraint, values: dict[str, Any]) -> bool:
    """What SQLite says of the CHECK: NULL is no refusal."""
    table = rule.table
    row = select(*(bindparam(None, value, table.c[name].type).label(name) for name, value in values.items()))
    with create_engine("sqlite://").connect() as connection:
        answer = connection.execute(select(text(f"({rule.sqltext})")).select_from(row.subquery())).scalar()
    return answer is None or bool(answer)


def accepted(spec: RecordSpec, values: dict[str, Any]) -> bool:
    """Whether a form, a save and a plan take these values: each by itself, and all together."""
    raw = {name: None if value is None else written(spec.field(name), value) for name, value in values.items()}
    try:
        clean = spec.clean(raw, partial=True)
    except InvalidRecord:
        return False
    return not spec.contradicted(clean, None)


def written(field: Field, value: Any) -> str:
    return f"{value} 元" if field.type.units else str(value)


@pytest.mark.parametrize(("table", "rule"), CHECKS, ids=[str(rule.name) for _table, rule in CHECKS])
def test_every_check_is_known_to_the_specs_that_write_its_columns(table: Any, rule: CheckConstraint) -> None:
    columns = [column for column in table.columns if column.name in str(rule.sqltext).replace("(", " ").split()]
    specs = [spec for spec in SPECS.values() if spec.table is table]
    assert columns
    if table in LINES:
        refused_in_a_line(LINES[table], rule, columns)
        return
    assert specs
    for spec in specs:
        outcomes = set()
        for combination in itertools.product(*map(samples, columns)):
            values = {column.name: value for column, value in zip(columns, combination, strict=True)}
            allowed = holds(rule, values)
            outcomes.add((allowed, accepted(spec, values)))
        assert (False, True) not in outcomes, spec.name
        assert {(False, False), (True, True)} <= outcomes, spec.name


def refused_in_a_line(lines: Lines, rule: CheckConstraint, columns: list[Column[Any]]) -> None:
    """Whatever the table refuses is no line."""
    (column,) = columns
    needed = {FieldType.MONEY: "1 元", FieldType.YUAN: "1", FieldType.NUMBER: "1"}
    outcomes = set()
    for value in (sample for sample in samples(column) if sample is not None):
        cells = [written(c, value) if c.name == column.name else needed.get(c.type, "") for c in lines.cells]
        try:
            lines.read("；".join(cells), UTC)
            outcomes.add((holds(rule, {column.name: value}), True))
        except ValueError:
            outcomes.add((holds(rule, {column.name: value}), False))
    assert outcomes == {(False, False), (True, True)}


def refuses(field: Field, text: str) -> bool:
    try:
        field.parse(text)
    except ValueError:
        return True
    return False


def column_of(spec: RecordSpec, field: Field) -> Column[Any] | None:
    """The column that keeps what is entered; of a field that makes records, their name."""
    if "." in field.name:
        parent, name = field.name.split(".", 1)
        link = spec.table.c[f"{parent}_id"]
        return next(iter(link.foreign_keys)).column.table.c[name]
    column = spec.table.c.get(field.name)
    if column is not None and field.creates:
        return next(iter(column.foreign_keys)).column.table.c["name"]
    return column


def limited() -> Iterator[tuple[RecordSpec, Field, int]]:
    for spec, field in FIELDS:
        column = column_of(spec, field)
        if column is not None and isinstance(column.type, String) and field.choices is None:
            yield spec, field, column.type.length or 0


@pytest.mark.parametrize(("spec", "field", "length"), list(limited()), ids=lambda part: getattr(part, "name", None))
def test_a_text_is_not_longer_than_its_column(spec: RecordSpec, field: Field, length: int) -> None:
    assert field.max_length is not None
    assert field.max_length <= length
    assert refuses(field, "字" * (length + 1))


def test_names_that_become_records_are_not_longer_than_those_hold() -> None:
    made = [
        (spec.name, field.name)
        for spec, field in FIELDS
        if field.select is not None and field.type in (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.REF)
        if field.creates or not field.ref
        if not refuses(field, "字" * 121)
    ]
    # two name what must be there already, one is what an office said, two are what a tenant's step keeps
    assert made == [
        ("exhibitors", "main"), ("contracts", "office_words"), ("voucher_uses", "resource"), ("tenants", "left_to"),
        ("tenants", "left_why"),
    ]  # fmt: skip
    assert not refuses(SPECS["deals"].field("sellers"), "、".join("甲乙丙丁戊己"[n] * 100 for n in range(6)))


def test_a_number_fits_its_column_on_a_server() -> None:
    for spec, field in FIELDS:
        column = spec.table.c.get(field.name)
        if field.type is not FieldType.NUMBER or column is None:
            continue
        assert refuses(field, str(2**31)), (spec.name, field.name)
        if isinstance(column.type, Numeric) and column.type.precision:
            assert refuses(field, str(10 ** (column.type.precision - (column.type.scale or 0)))), field.name
        assert refuses(field, "-1"), (spec.name, field.name)
