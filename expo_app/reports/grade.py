"""The grade sheet: each criterion with its value, what the standard asks, and what it was counted from.

It is for information: nothing is graded, and no conformity with a standard is claimed.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from expo_app.i18n import N_, _
from expo_app.reports.canvas import Progress
from expo_app.reports.pdf import Column, Document, Row
from expo_app.reports.style import open_document, room_for
from expo_app.rules.grade import BESIDE, GRADES, STANDARD
from expo_app.specs.figures import SHARE, Figure, plain
from expo_app.specs.grade_report import AuditLine, GradeData, GradeLine, Number
from expo_app.specs.report_data import Share, SheetColumn, SheetTable

TITLE = N_("评级参考")
MET = {True: N_("达到"), False: N_("未达到"), None: N_("数据不全")}
ONLY = N_("仅供参考，不是评定。评定由有权的机构按标准原文进行。")


def write(path: Path, data: GradeData, progress: Progress | None = None) -> set[str]:
    """Write the sheet; the characters the font lacks come back. UserError where the place cannot be written."""
    with open_document(path, _(TITLE), data.head, progress, len(data.lines) + len(data.audit)) as doc:
        doc.paragraph(_(ONLY), bold=True)
        doc.paragraph(_sources())
        doc.heading(_("逐项对照"), keep=room_for(len(data.lines) * 2, total=False))
        _criteria(doc, data)
        for note in _notes(data):
            doc.note(note)
        doc.heading(_("审计表"), keep=room_for(len(data.audit), total=False))
        doc.note(_(AUDIT_NOTE))
        _audit(doc, data)
        return doc.missing


def tables(data: GradeData) -> list[SheetTable]:
    """The same as sheets."""
    asked = [name for grade in GRADES for name in (_("{grade} 要求").format(grade=grade.name), grade.name)]
    columns = (
        SheetColumn(_("条件"), 18), SheetColumn(_("数值"), 12, "figure"), SheetColumn(_("单位"), 8),
        *(SheetColumn(name, 12, "figure" if n % 2 == 0 else "text") for n, name in enumerate(asked)),
        SheetColumn(BESIDE, 18), SheetColumn(_("依据"), 40),
    )  # fmt: skip
    rows = [
        (
            line.figure.label, _cell(line.figure), line.figure.unit_shown or None,
            *(
                cell
                for grade in GRADES
                for cell in (_cell(line.least(grade)), _(MET[line.met(grade)]))
            ),
            _("对照原文"), _source(line),
        )
        for line in data.lines
    ]  # fmt: skip
    return [SheetTable(_(TITLE), columns, rows, (_(ONLY), _sources())), audit_sheet(data.audit)]


AUDIT_NOTE = N_(
    "境外含港澳台；参展商按合同地址，观众按所在单位的地区。间接参展（代表企业）不计入参展商。主题展示区计入境内净面积。"
)


def audit_sheet(lines: tuple[AuditLine, ...]) -> SheetTable:
    """审计表 as one sheet of a workbook."""
    names = (_("境内"), _("境外"), _("未填地区"), _("合计"))
    columns = (SheetColumn(_("指标"), 34), *(SheetColumn(name, 12, "figure") for name in names))
    rows = [(line.label, line.home, line.abroad, line.unknown, line.total) for line in lines]
    return SheetTable(_("审计表"), columns, rows, (_(AUDIT_NOTE),))


def _sources() -> str:
    return _(
        "要求取自 {standard}；{beside} 并列，其数值没有收录，对照原文。用语见 GB/T 26165，不声称符合 GB/T 30521-2025。"
    ).format(standard=STANDARD, beside=BESIDE)


def _criteria(doc: Document, data: GradeData) -> None:
    columns = [
        Column(_("条件"), 2, bold=True), Column(_("数值"), 1.5, "right"),
        *(column for grade in GRADES for column in (
            Column(_("{grade} 要求").format(grade=grade.name), 1.5, "right"), Column(_("对照"), 1.3),
        )),
        Column(BESIDE, 1.9),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            line.figure.label, _with_unit(line.figure),
            *(cell for grade in GRADES for cell in (f"≥ {_with_unit(line.least(grade))}", _(MET[line.met(grade)]))),
            _("对照原文"),
        ]
        for line in data.lines
    ]  # fmt: skip
    doc.table(columns, rows)


def _notes(data: GradeData) -> list[str]:
    words = _("{label}：{values}")
    return [words.format(label=line.figure.label, values=_source(line)) for line in data.lines]


def _source(line: GradeLine) -> str:
    """What a criterion's value was counted from."""
    trace = line.figure.trace
    return " · ".join(text for text in (line.figure.note, trace.words if trace else "") if text)


def _with_unit(figure: Figure) -> str:
    unit = figure.unit_shown if figure.value is not None else ""
    return f"{figure.shown} {unit}".strip()


def _cell(figure: Figure) -> Number:
    if figure.value is None:
        return None
    return Share(round(Decimal(figure.value), 6)) if figure.unit == SHARE else figure.value


def _audit(doc: Document, data: GradeData) -> None:
    columns = [
        Column(_("指标"), 3.4, bold=True),
        *(Column(name, 1.3, "right") for name in (_("境内"), _("境外"), _("未填地区"), _("合计"))),
    ]
    rows: list[Row] = [
        [line.label, *(plain(value) for value in (line.home, line.abroad, line.unknown, line.total))]
        for line in data.audit
    ]
    doc.table(columns, rows)
