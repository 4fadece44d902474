"""The yearly report of alliances: members by role and region, changes, platforms, agreements, events, follow-up.

data = services.alliance_report.read(db, expo_id, now, day, part)
write(path, data, progress);  tables(data) → sheets, the register of members the first of them
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from expo_app.i18n import N_, _
from expo_app.model import Entry, MemberRole
from expo_app.reports.canvas import Progress
from expo_app.reports.pdf import Column, Document, Kpi, Row
from expo_app.reports.style import as_of, marked, open_document, room_for, sentences
from expo_app.rules import amounts, regions
from expo_app.specs.alliances_shown import IN_ROLE, AgreementLine, AllianceReport, AllianceYear, EventLine, MemberLine
from expo_app.specs.report_data import SheetColumn, SheetTable

TITLE = N_("联盟年度报告")
RULES = (
    N_("成员按报告日在册的角色计，一家在一个联盟只计一次；在几个联盟的，合计里也只计一次。"),
    N_("没有金额的协议写“无金额”，不当作 0；没有报道的是 —。"),
)


def write(path: Path, data: AllianceReport, progress: Progress | None = None) -> set[str]:
    """Write the report; the characters the font lacks come back. UserError where the place cannot be written."""
    rows = sum(len(year.seen.members) for year in data.years)
    with open_document(path, _(TITLE), data.head, progress, rows) as doc:
        if not data.years:
            doc.paragraph(_("还没有联盟与共同体。"))
            return doc.missing
        doc.kpis(_kpis(data))
        doc.note(sentences(map(_, RULES)))
        for year in data.years:
            _body(doc, year, data)
        if data.loose:
            doc.heading(_("其他协议"), keep=room_for(len(data.loose), total=False))
            _agreements(doc, data.loose)
        return doc.missing


def _kpis(data: AllianceReport) -> list[Kpi]:
    numbers = (
        (_("联盟与共同体"), len(data.years)), (_("成员"), data.members), (_("共建平台"), data.platforms),
        (_("协议"), data.agreements),
    )  # fmt: skip
    return [Kpi(label, f"{n:,}") for label, n in numbers]


def _body(doc: Document, year: AllianceYear, data: AllianceReport) -> None:
    body = year.seen.body
    doc.heading(marked(body.name, body.is_sample))
    founded = " ".join(filter(None, (body.founded, body.founding)))
    facts = (
        (_("成立"), founded or None), (_("秘书处"), body.secretariat or None), (_("宗旨"), body.purpose or None),
        (_("来源"), body.source or None), (_("截至"), data.day.isoformat()),
    )  # fmt: skip
    doc.facts(facts)
    _matrix(doc, year)
    _changes(doc, year, data.day.year)
    _platforms(doc, year)
    if year.agreements:
        doc.heading(_("协议"), level=2, keep=room_for(min(len(year.agreements), 2), total=False))
        _agreements(doc, year.agreements)
    _events(doc, year, data.day.year)
    _tasks(doc, year)
    _register(doc, year)
    there = (
        (_("成员"), year.seen.members), (_("变动"), year.changes), (_("共建平台"), year.seen.platforms),
        (_("协议"), year.agreements), (_("活动"), _in_year(year.seen.events, data.day.year)),
    )  # fmt: skip
    if missing := [words for words, some in there if not some]:
        doc.note(_("没有记录：{what}。").format(what=_("、").join(missing)))


def _matrix(doc: Document, year: AllianceYear) -> None:
    if not year.seen.members:
        return
    matrix = year.seen.matrix
    doc.heading(_("成员的角色和地区"), level=2, keep=room_for(len(MemberRole)))
    columns = [
        Column(_("角色"), 2, bold=True), *(Column(label, 1, "right") for _key, label in matrix.columns),
        Column(_("合计"), 1, "right", bold=True),
    ]  # fmt: skip
    keys = [*(key for key, _label in matrix.columns), None]
    rows: list[Row] = [[role.label, *(_number(len(matrix.ids(role, key))) for key in keys)] for role in MemberRole]
    doc.table(columns, rows, [_("合计"), *(_number(len(matrix.ids(None, key))) for key in keys)])
    samples = sum(line.is_sample for line in year.seen.members)
    if samples:
        doc.note(_("在册 {n} 家里有示例 {m} 家。").format(n=f"{len(year.seen.members):,}", m=f"{samples:,}"))


def _number(n: int) -> str | None:
    return f"{n:,}" if n else None


def _changes(doc: Document, year: AllianceYear, of: int) -> None:
    if not year.changes:
        return
    doc.heading(_("{year} 年的变动").format(year=of), level=2, keep=room_for(min(len(year.changes), 3), total=False))
    columns = [Column(_("日期"), 1.4), Column(_("变动"), 1.2), Column(_("单位"), 5, bold=True), Column(_("角色"), 1.2)]
    rows: list[Row] = [
        [line.on_day, line.change.label, marked(line.name, line.is_sample), line.role.label] for line in year.changes
    ]
    doc.table(columns, rows)


def _platforms(doc: Document, year: AllianceYear) -> None:
    platforms = year.seen.platforms
    if not platforms:
        return
    doc.heading(_("共建平台"), level=2, keep=room_for(min(len(platforms), 3), total=False))
    columns = [
        Column(_("平台"), 4, bold=True), Column(_("类型"), 2.4), Column(_("地区"), 1.6), Column(_("进展"), 1.2),
        Column(_("起始日期"), 1.6), Column(_("说明"), 1.8),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            marked(one.title, one.is_sample), one.kind or None, _place(one.region_code), one.state.label,
            one.since.isoformat() if one.since else None, _("已停 180 天以上") if one.is_stalled else None,
        ]
        for one in platforms
    ]  # fmt: skip
    doc.table(columns, rows)


def _agreements(doc: Document, agreements: Sequence[AgreementLine]) -> None:
    columns = [
        Column(_("协议"), 4, bold=True), Column(_("签署日期"), 1.5), Column(_("签约方"), 5), Column(_("签署"), 1.2),
        Column(_("金额"), 1.6, "right"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            marked(one.title, one.is_sample), one.signed or None,
            _("、").join(party.name for party in one.parties) or None, signed(one), money(one),
        ]
        for one in agreements
    ]  # fmt: skip
    doc.table(columns, rows)


def signed(agreement: AgreementLine) -> str | None:
    """6 / 8 have signed, or that its deal is void; None without parties."""
    if agreement.is_void:
        return Entry.VOID.label
    return f"{agreement.signatures} / {len(agreement.parties)}" if agreement.parties else None


def money(agreement: AgreementLine) -> str:
    """The amount in words."""
    return _("无金额") if agreement.amount is None else amounts.in_words(agreement.amount)


def _in_year(events: Iterable[EventLine], of: int) -> list[EventLine]:
    return [event for event in events if event.on_day.startswith(str(of))]


def _events(doc: Document, year: AllianceYear, of: int) -> None:
    events = _in_year(year.seen.events, of)
    if not events:
        return
    doc.heading(_("{year} 年的活动").format(year=of), level=2, keep=room_for(min(len(events), 3), total=False))
    columns = [
        Column(_("日期"), 1.5), Column(_("活动"), 5, bold=True), Column(_("地点"), 2), Column(_("状态"), 1.2),
        Column(_("报名"), 1, "right"), Column(_("到场"), 1, "right"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            event.on_day, marked(event.title, event.is_sample), event.place or None, event.state.label,
            _count(event.registered), _count(event.attended),
        ]
        for event in events
    ]  # fmt: skip
    doc.table(columns, rows)


def _count(n: int | None) -> str | None:
    """What nobody counted is not 0."""
    return None if n is None else f"{n:,}"


def _tasks(doc: Document, year: AllianceYear) -> None:
    if not year.tasks:
        return
    doc.heading(_("跟进"), level=2, keep=room_for(len(year.tasks), total=False))
    columns = [
        Column(_("事项"), 5, bold=True),
        Column(_("负责人"), 1.6),
        Column(_("期限"), 1.6),
        Column(_("状态"), 1.4),
    ]
    rows: list[Row] = [
        [
            task.title, task.assignee or None, task.due_on.isoformat() if task.due_on else None,
            _("逾期") if task.is_late else task.state,
        ]
        for task in year.tasks
    ]  # fmt: skip
    doc.table(columns, rows)


def _register(doc: Document, year: AllianceYear) -> None:
    members = year.seen.members
    if not members:
        return
    doc.heading(_("成员名册"), level=2, keep=room_for(min(len(members), 4), total=False))
    columns = [
        Column(_("证书编号"), 1.3), Column(_("成员"), 5, bold=True), Column(_("角色"), 1.2), Column(_("地区"), 1.8),
        Column(_("加入"), 1.3), Column(_(IN_ROLE), 1.3), Column(_("来源"), 1.1),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            line.certificate_no or None, marked(line.name, line.is_sample), line.role.label, _place(line.region_code),
            line.joined or None, line.since or None, _origin(line),
        ]
        for line in members
    ]  # fmt: skip
    doc.table(columns, rows)


def _origin(line: MemberLine) -> str | None:
    return _("示例") if line.is_sample else _("报道") if line.source else None


def _place(code: str) -> str | None:
    return regions.region_name(code) if code else None


# --- Excel ------------------------------------------------------------------------------------------------------------
def tables(data: AllianceReport) -> list[SheetTable]:
    """Register, roles by region, changes, platforms, agreements and events, each with the body in its first column."""
    notes = (*map(_, RULES), as_of(data.head))
    sheets = (_register_sheet, _matrix_sheet, _changes_sheet, _platform_sheet, _agreement_sheet, _event_sheet)
    return [sheet(data, notes) for sheet in sheets]


BODY = SheetColumn(N_("联盟或共同体"), 28)


def _columns(*columns: tuple[str, float] | tuple[str, float, str]) -> tuple[SheetColumn, ...]:
    return (SheetColumn(_(BODY.header), BODY.width), *(SheetColumn(*column) for column in columns))


def _register_sheet(data: AllianceReport, notes: tuple[str, ...]) -> SheetTable:
    columns = _columns((_("证书编号"), 10), (_("成员"), 34), (_("角色"), 8), (_("地区"), 14), (_("加入"), 12),
                       (_(IN_ROLE), 12), (_("来源"), 10))  # fmt: skip
    rows = [
        (
            year.seen.body.name, line.certificate_no, marked(line.name, line.is_sample), line.role.label,
            _place(line.region_code), line.joined, line.since, _origin(line),
        )
        for year in data.years for line in year.seen.members
    ]  # fmt: skip
    return SheetTable(_("成员名册"), columns, rows, notes)


def _matrix_sheet(data: AllianceReport, notes: tuple[str, ...]) -> SheetTable:
    """A line for each body, role and region that has anybody."""
    columns = _columns((_("角色"), 10), (_("地区"), 14), (_("成员"), 8, "count"))
    rows = [
        (year.seen.body.name, role.label, label, len(ids))
        for year in data.years
        for role in MemberRole
        for key, label in year.seen.matrix.columns
        if (ids := year.seen.matrix.ids(role, key))
    ]
    return SheetTable(_("成员的角色和地区"), columns, rows, notes)


def _changes_sheet(data: AllianceReport, notes: tuple[str, ...]) -> SheetTable:
    columns = _columns((_("日期"), 12), (_("变动"), 10), (_("单位"), 34), (_("角色"), 8))
    rows = [
        (year.seen.body.name, line.on_day, line.change.label, marked(line.name, line.is_sample), line.role.label)
        for year in data.years
        for line in year.changes
    ]
    return SheetTable(_("当年的变动"), columns, rows, notes)


def _platform_sheet(data: AllianceReport, notes: tuple[str, ...]) -> SheetTable:
    columns = _columns((_("平台"), 30), (_("类型"), 16), (_("地区"), 12), (_("进展"), 8), (_("起始日期"), 12, "date"))
    rows = [
        (
            year.seen.body.name, marked(one.title, one.is_sample), one.kind, _place(one.region_code), one.state.label,
            one.since,
        )
        for year in data.years for one in year.seen.platforms
    ]  # fmt: skip
    return SheetTable(_("共建平台"), columns, rows, notes)


def _agreement_sheet(data: AllianceReport, notes: tuple[str, ...]) -> SheetTable:
    columns = _columns((_("协议"), 36), (_("签署日期"), 12), (_("签约方"), 60, "long"), (_("签署"), 10),
                       (_("金额（万元）"), 14, "money"))  # fmt: skip
    told = [*((year.seen.body.name, one) for year in data.years for one in year.agreements),
            *(("", one) for one in data.loose)]  # fmt: skip
    rows = [
        (
            name, marked(one.title, one.is_sample), one.signed, _("、").join(party.name for party in one.parties),
            signed(one), one.amount,
        )
        for name, one in told
    ]  # fmt: skip
    return SheetTable(_("协议"), columns, rows, notes)


def _event_sheet(data: AllianceReport, notes: tuple[str, ...]) -> SheetTable:
    columns = _columns((_("日期"), 12), (_("活动"), 34), (_("地点"), 16), (_("状态"), 8), (_("报名"), 8, "count"),
                       (_("到场"), 8, "count"))  # fmt: skip
    rows = [
        (
            year.seen.body.name, event.on_day, marked(event.title, event.is_sample), event.place, event.state.label,
            event.registered, event.attended,
        )
        for year in data.years for event in _in_year(year.seen.events, data.day.year)
    ]  # fmt: skip
    return SheetTable(_("当年的活动"), columns, rows, notes)
