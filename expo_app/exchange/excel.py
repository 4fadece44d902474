"""Tables in and out: `open_book` reads any file, `write` records, a template, a correction file, plain tables."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from expo_app.atomic_files import replacing
from expo_app.damaged import is_damaged
from expo_app.errors import joined
from expo_app.exchange import xlsx_writer
from expo_app.exchange.headers import PROBLEM
from expo_app.exchange.workbook import Book, open_book, open_pasted
from expo_app.exchange.xlsx_writer import Page, Progress
from expo_app.i18n import N_, _, in_every_language
from expo_app.plain_text import guarded
from expo_app.rules import amounts
from expo_app.rules.masks import UNSEEN
from expo_app.specs import SPECS, Field, FieldType, ImportPlan, PlanRow, RecordSpec
from expo_app.specs.records import by_name
from expo_app.specs.report_data import SheetColumn, SheetTable

GUIDE = N_("填写说明")


def write(
    spec: RecordSpec,
    rows: Sequence[Sequence[Any]],
    path: Path,
    *,
    fields: Sequence[Field] | None = None,
    title: str = "",
    sample: bool = False,
    zone: ZoneInfo | None = None,
    masked: bool = False,
    totals: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> None:
    """Records as .xlsx that can be imported again unchanged.

    `rows` are `(id, *values)` as `spec.query(fields)` selects them; `fields` defaults to `spec.excel_fields`.
    `sample` marks sheet name, page header and properties with 示例; `masked` notes on the page that phones are hidden;
    `totals` by field name make a last row 合计; moments are written in `zone`. `progress(n, total)` may raise
    Cancelled: then nothing is left. UserError where the file cannot be written.
    """
    chosen = tuple(fields if fields is not None else spec.excel_fields)
    page = Page(
        title or spec.label,
        tuple(SheetColumn(f.header, f.width, _kind(f), is_bold=f.show == "bold") for f in chosen),
        rows,
        skip=1,
        totals=_totals(chosen, totals),
        convert=[converter(f, zone) for f in chosen],
    )
    hides = masked and any(f.mask for f in chosen)
    note = _("手机与邮箱已遮盖，导入时不会覆盖原值。") if hides else ""
    secret = [n for n, f in enumerate(chosen, 1) if f.secret and masked]
    if any(chosen[n - 1].is_masked(row[n]) for n in secret for row in rows):
        note += _("要求保密的名字已遮盖，导入时不会覆盖原值。")
    xlsx_writer.write_book(path, [page], title=title or spec.label, sample=sample, note=note, progress=progress)


def _totals(fields: Sequence[Field], totals: Mapping[str, Any] | None) -> tuple[Sequence[Any], ...]:
    if not totals:
        return ()
    values = [totals.get(f.name) for f in fields]
    return ([_("合计") if n == 0 and value is None else value for n, value in enumerate(values)],)


def _kind(field: Field) -> str:
    """The kind of column a field's values are written as."""
    if field.format:
        return "text"
    if field.type.is_text:
        return "text" if field.max_length and field.max_length <= xlsx_writer.LONG else "long"
    return "int" if field.type.sheet == "number" and not field.places else field.type.sheet


def converter(field: Field, zone: ZoneInfo | None) -> Callable[[Any], Any] | None:
    """What turns a kept value into text, number, date or local moment (in whole seconds); None: it is one already."""
    convert = field.format or field.type.cells(field, zone)
    if convert is not None and field.seen_by:
        convert = _past_unseen(convert)
    return None if convert is None else _past_damage(convert)


def _past_unseen(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What the role may not see is written as what stands in its place."""
    return lambda value: value if value == UNSEEN else convert(value)


def _past_damage(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What cannot be read is written as what stands in its place."""
    return lambda value: str(value) if is_damaged(value) else convert(value)


def write_csv(
    spec: RecordSpec,
    rows: Sequence[Sequence[Any]],
    path: Path,
    *,
    fields: Sequence[Field] | None = None,
    sample: bool = False,
    zone: ZoneInfo | None = None,
    masked: bool = False,
    progress: Progress | None = None,
) -> None:
    """Records as CSV (RFC 4180, UTF-8 with BOM); formula-like texts stand behind an apostrophe, as `read` undoes.

    As `write`; `sample` and `masked` find no place in this format beyond the columns themselves.
    """
    chosen = tuple(fields if fields is not None else spec.excel_fields)
    converters = [converter(f, zone) for f in chosen]
    with replacing(path) as handle:
        text = io.TextIOWrapper(handle, "utf-8-sig", newline="")
        out = csv.writer(text)
        out.writerow([guarded(f.header) for f in chosen])
        for number, row in enumerate(rows):
            if progress and number % xlsx_writer.BLOCK == 0:
                progress(number, len(rows))
            pairs = zip(converters, row[1:], strict=False)
            out.writerow(["" if v is None else plain_text(c(v) if c else v) for c, v in pairs])
        text.flush()
        text.detach()


def is_own_csv(data: bytes) -> bool:
    """Whether the bytes begin as `write_csv` begins: the mark of UTF-8 and every column of one kind of record."""
    if not data.startswith(codecs.BOM_UTF8):
        return False
    try:
        first = next(csv.reader([data.partition(b"\r\n")[0].decode("utf-8-sig")]), [])
    except (UnicodeDecodeError, csv.Error):
        return False
    return any(
        len(first) == len(spec.excel_fields)
        and all(header in _headers(field) for header, field in zip(first, spec.excel_fields, strict=True))
        for spec in SPECS.values()
    )


def _headers(field: Field) -> set[str]:
    """A field's header in every language."""
    labels = in_every_language(field.label)
    if not field.unit:
        return {guarded(label) for label in labels}
    forms, units = in_every_language("{label}（{unit}）"), in_every_language(field.unit)
    return {guarded(f.format(label=label, unit=u)) for f in forms for label in labels for u in units}


def plain_text(value: Any) -> str:
    """A cell of a CSV file."""
    if isinstance(value, str):
        return guarded(xlsx_writer.clean(value))
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


def template(
    spec: RecordSpec, path: Path, day: date | None = None, words: Mapping[str, Sequence[str]] | None = None
) -> None:
    """An empty table to fill in: the columns that are read, stars on required ones, lists to choose from, a guide whose
    examples have this day (today, if none is given). `words`: spec name → what fields that refer to it may hold.
    """
    fields = [f for f in spec.writable if f.in_excel]
    known = {f.name: tuple((words or {}).get(f.ref, ())) or _choices(f) for f in fields}
    columns = tuple(
        SheetColumn(f"{f.header} *" if f.required else f.header, f.width, _kind(f), known[f.name] if _is_one(f) else ())
        for f in fields
    )
    examples = [example(field, day) for field in fields]
    guide = Page(
        _(GUIDE),
        (
            SheetColumn(_("列名"), 18), SheetColumn(_("必填"), 6), SheetColumn(_("怎么填"), 44, "long"),
            SheetColumn(_("可填"), 50, "long"), SheetColumn(_("例"), 24),
        ),
        [
            (f.header, "★" if f.required else None, _format_of(f), _("、").join(known[f.name]), shown)
            for f, shown in zip(fields, examples, strict=True)
        ],
    )  # fmt: skip
    title = _("{title}导入模板").format(title=spec.label)
    xlsx_writer.write_book(path, [Page(spec.label, columns), guide], title=title, sample=False, note="", progress=None)


def _is_one(field: Field) -> bool:
    """Whether a cell holds one of the words that may be said, and none but those."""
    return not field.creates and not field.type.takes_several


def _choices(field: Field) -> tuple[str, ...]:
    return tuple(field.suggestions()) if field.is_closed and field.suggestions else field.type.choices(field)


def _format_of(field: Field) -> str:
    """How a column is filled in, in a few words."""
    limit = _("最多 {n} 字").format(n=field.max_length) if field.max_length and not field.format else ""
    guide, target = field.type.guide(field), by_name(field.ref) if field.ref else None
    if target is not None and target.also_by:
        one, other = (target.field(name).title for name in (target.natural, target.also_by))
        guide = _("已有的{one}或{other}").format(one=one, other=other)
    return "；".join(part for part in (guide, limit, _(field.hint) if field.hint else "") if part)


def example(field: Field, day: date | None = None) -> str | None:
    """A value that this column takes; a day is `day` or today."""
    if field.suggestions and (words := field.suggestions()):
        return _(words[0])
    if choices := _choices(field):
        return choices[0]
    if field.lines is not None and field.lines.example:
        return _(field.lines.example)
    if field.type is FieldType.NUMBER and not field.least <= 9 <= field.most:
        return str(min(max(field.least, 9), field.most))
    if field.type.example is not None:
        return field.type.example(day or datetime.now().astimezone().date())
    return "name@example.com" if field.mask == "email" else None


def correction(plan: ImportPlan, path: Path) -> None:
    """The invalid rows as they were, and those that go in without something, in the layout of their sheets: what is
    wrong with each in a first column 问题; mended, it can be imported by the same mapping.
    """
    pages = []
    several = sum(sheet.used for sheet in plan.sheets) > 1
    for sheet in plan.sheets:
        wrong = [row for row in plan.rows if row.sheet == sheet.name and (row.problems or row.notes)]
        if wrong:
            title = sheet.name if several else _("{name} 待改正").format(name=Path(plan.file_name).stem)
            pages.append(_correction_page(title, sheet.headers, wrong))
    title = _("{name} 待改正").format(name=Path(plan.file_name).stem)
    xlsx_writer.write_book(path, pages, title=title, sample=False, note="", progress=None)


def _correction_page(title: str, headers: Sequence[str], wrong: Sequence[PlanRow]) -> Page:
    rows = [(_problems(row), *(None if v == "" else v for v in row.raw)) for row in wrong]
    texts = [any(isinstance(row.raw[n], str) for row in wrong) for n in range(len(headers))]
    columns = (
        SheetColumn(_(PROBLEM), 40, "long", is_bold=True),
        *(SheetColumn(h, 16, "long" if is_text else "general") for h, is_text in zip(headers, texts, strict=True)),
    )
    return Page(title, columns, rows)


def _problems(row: PlanRow) -> str:
    told = {**row.problems, **row.notes}
    words = _("{what}：{words}")
    texts = joined(words.format(what=header, words=reason) if header else reason for header, reason in told.items())
    return _("原第 {row} 行：{problems}").format(row=row.row, problems=texts)


def write_tables(
    path: Path, tables: Sequence[SheetTable], *, title: str = "", sample: bool = False, progress: Progress | None = None
) -> None:
    """Tables as .xlsx, one sheet each, every figure exact; file handling and marks as in `write`."""
    pages = [
        Page(
            table.title, table.columns, table.rows, head=(xlsx_writer.marked(table.title, sample),), foot=table.notes,
            totals=table.totals, charts=table.charts,
            convert=[_past_damage(amounts.in_wan) if c.kind == "money" else None for c in table.columns],
        )
        for table in tables
    ]  # fmt: skip
    name = title or (tables[0].title if tables else "")
    xlsx_writer.write_book(path, pages, title=name, sample=sample, note="", progress=progress)


__all__ = [
    "GUIDE",
    "Book",
    "converter",
    "correction",
    "is_own_csv",
    "open_book",
    "open_pasted",
    "template",
    "write",
    "write_csv",
    "write_tables",
]
