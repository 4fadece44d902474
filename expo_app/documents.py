"""What can be written from the data: lists, reports, badges; and the plan of an import.

Where services meet reports and exchange: the pages and the command line call the same functions.
"""

from __future__ import annotations

import importlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expo_app.atomic_files import refuse_share
from expo_app.errors import UserError, why
from expo_app.i18n import N_, _, named
from expo_app.services import badges, floor, import_review, imports, records, report_data
from expo_app.services.expos import ExpoInfo
from expo_app.specs import SPECS, ImportPlan, RecordSpec, floor_sheet
from expo_app.store.backup import read_manifest
from expo_app.store.database import Database
from expo_app.store.placing import check_folder

if TYPE_CHECKING:
    from expo_app.reports.badges import BadgeReport
    from expo_app.reports.badges import Survey as BadgeSurvey

Progress = Callable[[int, int], None]
MADE_BY, PDF_CREATOR = "展务台", b"(ExpoDesk)"


@dataclass(frozen=True)
class Document:
    """A report there is; `formats` are file endings, `group` and `pages` are for the gallery."""

    name: str
    title: str
    about: str
    group: str
    formats: tuple[str, ...]
    shape: str
    """How its thumbnail is drawn: chart, table, grid, cards, plan."""


LEADERS, FLOOR, TRADE = N_("领导汇报"), N_("现场执行"), N_("交易")
DOCUMENTS: tuple[Document, ...] = (
    Document(
        "summary",
        N_("展会总结报告"),
        N_("规模、到场、活动、签约与意向，附图表；Excel 为同一组数字。"),
        LEADERS,
        ("pdf", "xlsx"),
        "chart",
    ),
    Document("deals", N_("成交台账"), N_("全部有效项目与合计，写明合计不含哪些。"), TRADE, ("pdf", "xlsx"), "table"),
    Document("directory", N_("参展商会刊"), N_("按展区排列，附展位与拼音索引。"), FLOOR, ("pdf",), "table"),
    Document("floor", N_("展位图"), N_("每个展厅一页，按产业着色，附展位索引。"), FLOOR, ("pdf",), "plan"),
    Document("programme", N_("三日议程"), N_("三日总表与逐场清单。"), FLOOR, ("pdf",), "grid"),
    Document("exhibitors", N_("参展商名录"), N_("全部参展商，可再导入。"), FLOOR, ("xlsx",), "table"),
    Document("attendees", N_("参会人员名单"), N_("全部登记，手机和邮箱已遮挡。"), FLOOR, ("xlsx",), "table"),
    Document("badges", N_("胸卡打印版"), N_("全部在用胸卡，90 × 130 mm。"), FLOOR, ("pdf",), "cards"),
)
"""Every report; the window's gallery, the command line and the demo read this table."""


def by_name(name: str) -> Document:
    """The document called `name`; KeyError if there is none."""
    return next(d for d in DOCUMENTS if d.name == name)


def write(
    db: Database, expo: ExpoInfo, name: str, path: Path, progress: Progress | None = None, *, layout: str = "90x130"
) -> None:
    """Write a document in the format of the path's ending; UserError if it has no such format.

    `layout`: paper of badges, a key of `reports.badges.LAYOUTS`.
    """
    document = by_name(name)
    if path.suffix.lower().lstrip(".") not in document.formats:
        formats = "、".join(document.formats)
        raise UserError(
            _("“{title}”只有 {formats} 格式，没有写入。").format(title=_(document.title), formats=formats), "E-FORMAT"
        )
    if name == "badges":
        write_badges(badges.cards(db, expo.id), path, layout, progress, now=db.now())
    elif name == "floor":
        write_floor(db, expo, path, progress=progress)
    elif name in REPORTS:
        _write_report(db, expo, document, path, progress)
    else:
        export(db, expo, SPECS[name], path, progress)


def write_floor(
    db: Database, expo: ExpoInfo, path: Path, by: str = floor_sheet.INDUSTRY, progress: Progress | None = None
) -> None:
    """The plan of every hall, coloured `by` one of `floor_sheet.COLOURINGS`; UserError where there is no booth yet."""
    from expo_app.reports import floor_plan

    now = db.now().astimezone(expo.zone)
    words = dict(floor_sheet.COLOURINGS)[by]
    sheets = floor_sheet.sheets(floor.plan(db, expo.id), by, is_open=now.date() >= expo.starts_on)
    if not sheets:
        raise UserError(_("还没有展位，没有写入。请先在“数据与设置”里生成展位。"), "E-EMPTY")
    names = report_data.english_names(db)
    sheets = [replace(s, boxes=tuple(replace(b, name=names.get(b.name, b.name)) for b in s.boxes)) for s in sheets]
    floor_plan.write(
        path, sheets, expo_name=named(expo.name, expo.name_en), by=_(words), now=now, sample=expo.is_sample,
        progress=progress,
    )  # fmt: skip


REPORTS: dict[str, Callable[[Database, uuid.UUID, datetime], Any]] = {
    "programme": report_data.programme,
    "directory": report_data.directory,
    "deals": report_data.deals,
    "summary": report_data.summary,
}
"""Reports by name, with the service that counts them; `reports.<name>` writes them."""


def _write_report(db: Database, expo: ExpoInfo, document: Document, path: Path, progress: Progress | None) -> None:
    data = REPORTS[document.name](db, expo.id, db.now())
    report = importlib.import_module(f"expo_app.reports.{document.name}")
    if path.suffix.lower() == ".pdf":
        report.write(path, data, progress)
        return
    from expo_app.exchange import excel

    excel.write_tables(path, report.tables(data), title=_(document.title), sample=expo.is_sample, progress=progress)


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
    """Whether this program made it: a PDF's creator, a workbook's author, a table's columns, a backup's manifest."""
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
    return read_manifest(path) is not None


def plan_import(db: Database, expo: ExpoInfo, spec: RecordSpec, path: Path) -> ImportPlan:
    """What importing this file would do; nothing is written."""
    from expo_app.exchange import excel, import_plan

    sheet = excel.read(path, spec=spec)
    plan = import_plan.plan(spec, sheet, imports.state(db, spec, expo.id), path.name)
    return import_review.review(db, plan, expo.id)


def export(
    db: Database,
    expo: ExpoInfo,
    spec: RecordSpec,
    path: Path,
    progress: Progress | None = None,
    *,
    reveal: str = "",
    ids: Sequence[uuid.UUID] | None = None,
) -> int:
    """Write a list as xlsx or csv (by the ending); how many rows. `reveal`: unmasked, with the reason."""
    from expo_app.exchange import excel

    rows = records.list_rows(db, spec, expo.id, spec.excel_fields, reveal=reveal)
    if ids is not None:
        wanted = set(ids)
        rows = [row for row in rows if row[0] in wanted]
    write = excel.write_csv if path.suffix.lower() == ".csv" else excel.write
    write(spec, rows, path, sample=expo.is_sample, zone=expo.zone, masked=not reveal, progress=progress)
    return len(rows)


def write_badges(
    cards: Sequence[badges.Card], path: Path, layout: str, progress: Progress | None = None, *, now: datetime
) -> BadgeReport:
    """The badge PDF of these cards."""
    from expo_app.reports import badges as report

    faces = [report.BadgeFace(**card.face()) for card in cards]
    return report.write(path, faces, report.LAYOUTS[layout], progress, now=now)


def survey_badges(cards: Sequence[badges.Card], layout: str) -> BadgeSurvey:
    """What to know before printing: names that do not fit, characters the font lacks, the size of each name."""
    from expo_app.reports import badges as report

    return report.survey([report.BadgeFace(**card.face()) for card in cards], report.LAYOUTS[layout])


@dataclass(frozen=True)
class Printed:
    """Badges that went into a PDF, by id; `held`: how many were left out because their holders have them already."""

    badge_ids: tuple[uuid.UUID, ...]
    held: int


def print_badges(
    db: Database,
    expo_id: uuid.UUID,
    attendee_ids: Sequence[uuid.UUID],
    path: Path,
    layout: str,
    progress: Progress | None = None,
) -> Printed:
    """The PDF of these people's badges, as far as they may be printed; nothing is marked as printed yet.

    Conflict where none is left: nobody has a badge yet (E-NO-BADGE), or all have theirs in hand (E-HANDED-OVER).
    """
    cards, held = badges.to_print(db, expo_id, attendee_ids)
    write_badges(cards, path, layout, progress, now=db.now())
    return Printed(tuple(card.badge_id for card in cards), held)
