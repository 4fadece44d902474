"""What can be written from the data: lists, reports, badges; and the plan of an import.

Where services meet reports and exchange: the pages and the command line call the same functions. Which documents there
are, the areas say; what only one area's documents need stands in its file here. The window's start loads this module.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from expo_app import registry
from expo_app.atomic_files import refuse_share
from expo_app.damaged import noticed
from expo_app.errors import UserError, why
from expo_app.i18n import N_, _
from expo_app.rules import moments, periods
from expo_app.services import records
from expo_app.services.access import require
from expo_app.services.expos import ExpoInfo
from expo_app.services.mending import named_places
from expo_app.services.record_rules import rules_of
from expo_app.specs import Field, ImportPlan, RecordSpec
from expo_app.specs.choices import Choices
from expo_app.store.database import Database
from expo_app.store.placing import check_folder

if TYPE_CHECKING:
    from expo_app.specs.report_data import Finding, SheetTable

Progress = Callable[[int, int], None]
Data = TypeVar("Data")
MADE_BY, PDF_CREATOR = "展务台", b"(ExpoDesk)"
EXPORT = "data.export"
TOLD = 10
"""Parts that a refusal names."""
FOR_LEADERS, FOR_STAFF, FOR_TRADE = N_("领导汇报"), N_("现场执行"), N_("交易")


@dataclass(frozen=True)
class Document:
    """A report there is; `formats` are file endings, `group` and `at`, its place, are for the gallery.

    `write` imports what it needs when it is called. `command_at`: its place on the command line; 0: not there.
    `command`: "name words" in the command line's help where the title would not do. `permission`: who may have it.
    `as_json`(db, expo id, now): its figures as plain data, for programs; None where it has none to tell. One that has
    `parts` is given the key of the part as well; `part_label`: what the parts are.
    `of_day`: it tells of a day that may be chosen; without one of today by the expo's clock. `of_moment`: of a moment
    that may be chosen, else of now. `of_period`: of a settlement period that may be chosen, else of the last half-year;
    its `as_json` is given the period's text, "" for that one, after the part.
    """

    name: str
    title: str
    about: str
    group: str
    formats: tuple[str, ...]
    shape: str
    """How its thumbnail is drawn: chart, table, grid, cards, plan."""
    at: int
    write: Callable[[Writing], None]
    command_at: int = 0
    command: str = ""
    permission: str = EXPORT
    as_json: Callable[..., object] | None = None
    of_day: bool = False
    of_moment: bool = False
    of_period: bool = False
    check: Callable[[Database, uuid.UUID], Sequence[Finding]] | None = None
    """What is to be corrected in an expo's records before it is made."""
    parts: Callable[[Database, uuid.UUID], Sequence[tuple[str, str]]] | None = None
    part_label: str = N_("场次")
    """What it may tell of alone, one session of many: (key, name) of each; without a choice it tells of all."""


@dataclass(frozen=True)
class Writing:
    """One document being written. `layout`: paper of badges, a key of `reports.badges.LAYOUTS`; `day`: see `of_day`;
    `part`: the key of what it tells of alone, "" of all; `period`: see `of_period`, as it is typed.
    """

    document: Document
    db: Database
    expo: ExpoInfo
    path: Path
    progress: Progress | None
    layout: str
    now: datetime
    chosen_day: date | None = None
    part: str = ""
    period: str = ""
    lacking: set[str] = field(default_factory=set)
    """Characters met that the font of print has no shape for: they are printed as empty boxes."""

    @property
    def day(self) -> date:
        """The day the document tells of."""
        return self.chosen_day or self.expo.local_day(self.now)

    def report(
        self,
        read: Callable[[Database, uuid.UUID, datetime], Data],
        paper: Callable[[Path, Data, Progress | None], object] | None,
        tables: Callable[[Data], Sequence[SheetTable]] | None = None,
    ) -> None:
        """Write what a service reads, by `paper` (PDF, Word) or, for Excel, as `tables`; a workbook alone has none."""
        with noticed() as met:
            data = read(self.db, self.expo.id, self.now)
        places = named_places(self.db) if met else ()
        if places:
            data = replace(data, head=replace(data.head, damaged=places))  # type: ignore[type-var,attr-defined]
        if paper is not None and (tables is None or self.path.suffix.lower() != ".xlsx"):
            lacking = paper(self.path, data, self.progress)
            self.lacking.update(lacking if isinstance(lacking, set) else ())
            return
        from expo_app.exchange import excel

        title, sample = _(self.document.title), self.expo.is_sample
        sheets = [*(tables(data) if tables else ()), *_damaged_sheet(places)]
        excel.write_tables(self.path, sheets, title=title, sample=sample, progress=self.progress)

    def list_of(self, spec: RecordSpec) -> None:
        """Write a list as it is exported."""
        export(self.db, self.expo, spec, self.path, self.progress)


def _damaged_sheet(places: Sequence[str]) -> list[SheetTable]:
    """A last sheet that names what could not be read, where there is anything."""
    from expo_app.specs.report_data import SheetColumn, SheetTable

    title = _("读不出的值")
    return [SheetTable(title, (SheetColumn(title, 80),), [(place,) for place in places])] if places else []


@cache
def all_documents() -> tuple[Document, ...]:
    """Every report, in the gallery's order; the window's gallery, the command line and the demo read this table."""
    return tuple(sorted((d for area in registry.areas() for d in area.reports), key=lambda d: d.at))


def by_name(name: str) -> Document:
    """The document called `name`; KeyError if there is none."""
    return {document.name: document for document in all_documents()}[name]


def write(
    db: Database,
    expo: ExpoInfo,
    name: str,
    path: Path,
    progress: Progress | None = None,
    *,
    layout: str = "90x130",
    day: date | None = None,
    part: str = "",
    at: str = "",
    period: str = "",
) -> frozenset[str]:
    """Write a document in the format of the path's ending; UserError if it has no such format, or without the right.

    `layout`: paper of badges, a key of `reports.badges.LAYOUTS`. `day`: which day it tells of, where it is `of_day`;
    `at`: which moment, as a person writes it, where it is `of_moment`. `part`: key or name of what it tells of alone,
    where it has `parts`. `period`: which settlement period, where it is `of_period`. The characters come back that
    are printed as empty boxes.
    """
    document = by_name(name)
    require(db, document.permission)
    _refuse_day(document, day)
    _refuse_period(document, period)
    key, now = _part_key(document, db, expo, part), _moment(document, db, expo, at)
    if path.suffix.lower().lstrip(".") not in document.formats:
        formats = "、".join(document.formats)
        raise UserError(
            _("“{title}”只有 {formats} 格式，没有写入。").format(title=_(document.title), formats=formats), "E-FORMAT"
        )
    writing = Writing(document, db, expo, path, progress, layout, now, day, key, period)
    document.write(writing)
    return frozenset(writing.lacking)


def _refuse_day(document: Document, day: date | None) -> None:
    if day is not None and not document.of_day:
        words = _("“{title}”不按日期，没有写入。请去掉日期。")
        raise UserError(words.format(title=_(document.title)), "E-DAY")


def _refuse_period(document: Document, text: str) -> None:
    if text and not document.of_period:
        words = _("“{title}”不按结算期，没有写入。请去掉结算期。")
        raise UserError(words.format(title=_(document.title)), "E-PERIOD")
    try:
        if text:
            periods.period(text)
    except ValueError as problem:
        raise UserError(_("{why}没有写入。").format(why=problem), "E-PERIOD") from None


def _part_key(document: Document, db: Database, expo: ExpoInfo, part: str) -> str:
    if not part:
        return ""
    if document.parts is None:
        words = _("“{title}”不分场次，没有写入。请去掉场次。")
        raise UserError(words.format(title=_(document.title)), "E-PART")
    known = document.parts(db, expo.id)
    found = [key for key, name in known if part in (key, name)]
    if len(found) != 1:
        names = _("、").join(name for _key, name in known[:TOLD]) or "—"
        words = _("“{title}”里没有“{part}”，没有写入。有：{names}。")
        if len(known) > TOLD:
            words = _("“{title}”里没有“{part}”，没有写入。有：{names} 等 {n} 项。")
        said = words.format(title=_(document.title), part=part, names=names, n=f"{len(known):,}")
        raise UserError(said, "E-PART")
    return found[0]


def _moment(document: Document, db: Database, expo: ExpoInfo, at: str) -> datetime:
    """The moment a document tells of."""
    now = db.now()
    if not at:
        return now
    if not document.of_moment:
        words = _("“{title}”不按时点，没有写入。请去掉时点。")
        raise UserError(words.format(title=_(document.title)), "E-DAY")
    try:
        return moments.past_moment(at, (expo.starts_on, expo.ends_on), expo.zone, now)
    except ValueError as problem:
        raise UserError(_("{why}没有写入。").format(why=problem), "E-DAY") from None


def lacking_words(lacking: Collection[str]) -> str:
    """That these characters were printed as empty boxes; "" where there are none."""
    if not lacking:
        return ""
    shown = "".join(sorted(lacking)[:10]) + ("…" if len(lacking) > 10 else "")
    words = _("字体里没有 {n} 个字（{characters}），印成了空框，数据没有变。改用常用写法后再生成。")
    return words.format(n=len(lacking), characters=shown)


def figures(
    db: Database, expo: ExpoInfo, name: str, day: date | None = None, *, part: str = "", at: str = "",
    period: str = "",
) -> object:  # fmt: skip
    """The figures of a document as plain data (what `json` knows, `Decimal`, dates, ids); UserError if it has none."""
    document = by_name(name)
    require(db, document.permission)
    _refuse_day(document, day)
    _refuse_period(document, period)
    if document.as_json is None:
        able = "、".join(d.name for d in all_documents() if d.as_json and d.command_at)
        words = _("“{title}”没有单独的 JSON 数字，没有生成。请给出文件名 OUT；不写文件也能取数字的是：{able}。")
        raise UserError(words.format(title=_(document.title), able=able or "—"), "E-FORMAT")
    key, now = _part_key(document, db, expo, part), _moment(document, db, expo, at)
    more: list[object] = [day or expo.local_day(now)] if document.of_day else []
    more += [key] if document.parts is not None else []
    more += [period] if document.of_period else []
    return document.as_json(db, expo.id, now, *more)


def free_path(path: Path, *formats: str) -> Path:
    """`path`, if a file can be made there: nothing is, or what is there was made by this program; else UserError.

    `formats`: the endings it may have; without any, every one.
    """
    refuse_share(path)
    try:
        _check_free(path, formats)
    except OSError as error:
        raise UserError(
            _("“{path}”用不了：{reason}。没有写入。请换一个位置。").format(path=path, reason=why(error)), "E-FILE-WRITE"
        ) from error
    return path


def _check_free(path: Path, formats: Sequence[str]) -> None:
    if path.is_dir():
        raise UserError(_("“{path}”是文件夹，没有写入。请给出文件名。").format(path=path), "E-EXISTS")
    if formats and path.suffix.lower().lstrip(".") not in formats:
        endings = "、".join(f".{name}" for name in formats)
        raise UserError(
            _("“{path}”的扩展名应是 {endings}，没有写入。请换一个文件名。").format(path=path, endings=endings),
            "E-FORMAT",
        )
    check_folder(path.parent)
    if path.exists() and not (path.is_file() and _made_here(path)):
        raise UserError(
            _("“{path}”已存在，而且不是本程序生成的，没有覆盖。请换一个文件名。").format(path=path), "E-EXISTS"
        )


def _made_here(path: Path) -> bool:
    """Whether this program made it: a PDF's creator, the author of a workbook or a Word text, a table's columns, a
    backup's manifest."""
    import zipfile

    data = path.read_bytes()
    if data.startswith(b"%PDF"):
        return PDF_CREATOR in data
    if data.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(path) as book:
                return MADE_BY in book.read("docProps/core.xml").decode("utf-8")
        except (KeyError, zipfile.BadZipFile, UnicodeDecodeError):
            return False
    if path.suffix.lower() == ".csv":
        from expo_app.exchange import excel

        return excel.is_own_csv(data)
    from expo_app.store.backup import read_manifest

    return read_manifest(path) is not None


def plan_import(
    db: Database, expo: ExpoInfo | None, spec: RecordSpec, path: Path, choices: Choices | None = None
) -> ImportPlan:
    """What importing this file would do; nothing is written. What was decided of such a list before holds again.

    Without an expo only a list that needs none.
    """
    from expo_app.exchange import excel, import_plan
    from expo_app.services import import_review, imports

    imports.require_right(db, spec)
    book, expo_id = excel.open_book(path), expo.id if expo else None
    plan = import_plan.plan(spec, book, imports.state(db, spec, expo_id), choices or Choices())
    return import_review.review(db, plan, expo_id)


def export(
    db: Database,
    expo: ExpoInfo | None,
    spec: RecordSpec,
    path: Path,
    progress: Progress | None = None,
    *,
    reveal: str = "",
    fields: Sequence[Field] | None = None,
    ids: Sequence[uuid.UUID] | None = None,
    shipped: bool = True,
) -> int:
    """Write a list as xlsx or csv (by the ending); how many rows. `reveal`: unmasked, with the reason.

    Without an expo only a list that needs none. `ids`: these alone, in their order; `shipped`: what holds without being
    in the file, too.
    """
    from expo_app.exchange import excel

    require(db, EXPORT)
    chosen = spec.excel_fields if fields is None else fields
    rows = records.list_rows(db, spec, expo.id if expo else None, chosen, reveal=reveal)
    if ids is not None:
        found = {row[0]: row for row in rows}
        rows = [found[key] for key in ids if key in found]
    if shipped:
        rows += [(None, *(row.get(field.name) for field in chosen)) for row in shipped_rows(db, spec)]
    write = excel.write_csv if path.suffix.lower() == ".csv" else excel.write
    sample, zone = (expo.is_sample, expo.zone) if expo else (False, None)
    write(spec, rows, path, fields=chosen, sample=sample, zone=zone, masked=not reveal, progress=progress)
    return len(rows)


def shipped_rows(db: Database, spec: RecordSpec) -> Sequence[Mapping[str, Any]]:
    """What holds in a list without being in the file, as values of its records."""
    read = rules_of(spec).shipped
    return read(db, spec) if read else ()
