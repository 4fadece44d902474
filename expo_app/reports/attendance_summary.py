"""Who came: a chapter of the summary report."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from expo_app.i18n import _
from expo_app.model import CountsAs
from expo_app.reports import attendance_hours, charts
from expo_app.reports.attendance_hours import Arrivals, hour_words, hours_of, unfinished
from expo_app.reports.charts import Bar
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Column, Row
from expo_app.reports.style import day_words, kpi, room_for, sentences
from expo_app.reports.summary_chapter import Chapter, Notes, end_chapter, six_decimals
from expo_app.rules.counting import is_trade_visitor
from expo_app.specs.attendance_figures import Attendance, Audience, AudiencePart
from expo_app.specs.figures import Figure, percent, ratio
from expo_app.specs.report_data import Head, SheetChart, SheetColumn, SheetTable


def chapter(head: Head, seen: Attendance) -> Chapter:
    """The second chapter."""
    data = Arrivals(head, seen)
    return Chapter(
        20, 30, seen, _("到场"), seen.figures, (seen.visitors, seen.visits),
        len(seen.days) + len(hours_of(data)) + len(seen.categories),
        partial(_write, data), partial(_sheets, data),
        partial(_in_words, seen),
        tuple(filter(None, (_who_counts(seen), _evidence(seen), _stay_rule(seen)))),
    )  # fmt: skip


def _who_counts(seen: Attendance) -> str:
    """Which of the categories that have people are no visitors, and which are trade visitors without the name."""
    by_kind = (part for kind in CountsAs for part in seen.categories if part.counts_as is kind)
    others = [part.label for part in by_kind if not part.is_visitor]
    trade = [part.label for part in seen.categories if is_trade_visitor(part.counts_as)][1:]
    said = [_("观众不含{names}").format(names=_named(others))] if others else []
    said += [_("{names}计为专业观众").format(names=_named(trade))] if trade else []
    counted = _("人次为每人每天一次，人数为每人一次。")
    return _("{who}；{counted}").format(who=_("，").join(said), counted=counted) if said else counted


def _evidence(seen: Attendance) -> str:
    """By what a visit is known, and the expo's rule on guests and speakers."""
    words = _("到场凭入口核验记录计，胸卡打印了而没有核验的不计；进场总人次含工作人员，不称观众。")
    counts, leaves = _("本展规则：入口放行的嘉宾和演讲人计入观众。"), _("嘉宾和演讲人不计入观众。")
    return sentences((words, counts if seen.counts_guests else leaves))


def _stay_rule(seen: Attendance) -> str:
    if seen.audience is None or not seen.audience.sees_out:
        return ""
    return _("停留按同一天的进出配对计，没有扫描出场的不计；同时在场含工作人员，每一刻钟数一次。")


def _named(names: Sequence[str]) -> str:
    *first, last = names
    return _("{names}和{last}").format(names=_("、").join(first), last=last) if first else last


def _in_words(seen: Attendance, _figures: dict[str, Figure]) -> str:
    if not seen.visitors.value:
        return _("还没有观众到场。")
    return _("到场观众 {visitors} 人、{visits} 人次，其中专业观众占 {share}。").format(
        visitors=seen.visitors.shown, visits=seen.visits.shown, share=seen.trade_share.shown
    )


def _write(data: Arrivals, doc: Paper) -> None:
    seen, head = data.attendance, data.head
    doc.chapter(_("到场情况"), keep=200 if seen.categories else 60)
    if not seen.categories:
        doc.paragraph(_("还没有人登记，也没有人到场。"))
        return
    doc.kpis([kpi(f) for f in (seen.registered, seen.people, seen.trade_visitors, seen.trade_share)])
    if seen.audience:
        doc.kpis([kpi(seen.admissions), *(kpi(f) for f in seen.audience.figures if f.value)])
    days = [Bar(day_words(day.day), day.visits) for day in seen.days]
    parts = [Bar(part.label, part.people, part.colour) for part in seen.categories if part.people]
    doc.side_by_side(
        [
            (_("各日观众人次"), charts.bars(days, _("人次"))),
            (_("到场人员类别（人）"), charts.horizontal_bars(sorted(parts, key=lambda bar: -bar.value))),
        ],
        120,
    )
    lines = charts.line_by_time(attendance_hours.lines(data), _("人"), every=60)
    doc.chart(lines, 130, _("各日分时首次到场（人）"), unfinished(data))
    columns = [Column(_("日期"), 2, bold=True), *(Column(title, 1.5, "right") for title in _day_titles())]
    rows: list[Row] = [
        [
            day_words(d.day), f"{d.people:,}", f"{d.visits:,}", f"{d.trade_visits:,}",
            percent(ratio(d.trade_visits, d.visits)),
        ]
        for d in seen.days
    ]  # fmt: skip
    people, trade = sum(d.people for d in seen.days), sum(d.trade_visits for d in seen.days)
    share = percent(ratio(trade, seen.visits.value))
    total = [_("合计（人次）"), f"{people:,}", seen.visits.shown, f"{trade:,}", share]
    doc.heading(_("分日到场"), 2, keep=room_for(len(rows)))
    doc.table(columns, rows, total, empty=_("还没有人到场"))
    doc.heading(_("分时首次到场"), 2, keep=room_for(len(hours_of(data))))
    attendance_hours.table(doc, data)
    doc.heading(_("分类别登记与到场"), 2, keep=room_for(len(seen.categories)))
    _categories(doc, data)
    if seen.audience:
        sides = ((_("观众按地区（人）"), seen.audience.regions), (_("观众按产业（人）"), seen.audience.industries))
        doc.side_by_side(
            [
                (title, charts.horizontal_bars([Bar(part.label, part.visitors, part.colour) for part in shown]))
                for title, shown in sides
            ],
            120,
        )
    end_chapter(doc, head, _("按入口首次核验通过计，每人每天一次"))


def _day_titles() -> tuple[str, ...]:
    return _("到场人数"), _("观众人次"), _("专业观众人次"), _("专业观众占比")


def _categories(doc: Paper, data: Arrivals) -> None:
    columns = [
        Column(_("类别"), 2, bold=True), Column(_("登记"), 1.3, "right"), Column(_("到场人数"), 1.3, "right"),
        Column(_("到场率"), 1.3, "right"), Column(_("到场人次"), 1.3, "right"), Column(_("计入观众"), 1.3, "center"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            part.label, f"{part.registered:,}", f"{part.people:,}", percent(ratio(part.people, part.registered)),
            f"{part.visits:,}", _("计入") if part.is_visitor else "—",
        ]
        for part in data.attendance.categories
    ]  # fmt: skip
    registered, people = data.attendance.registered, data.attendance.people
    share = percent(ratio(people.value or 0, registered.value))
    visits = sum(part.visits for part in data.attendance.categories)
    doc.table(columns, rows, [_("合计"), registered.shown, people.shown, share, f"{visits:,}", ""])


def _sheets(data: Arrivals, note: Notes) -> list[SheetTable]:
    sheets = [_days_sheet(data, note), _hours_sheet(data, note), _categories_sheet(data, note)]
    if (audience := data.attendance.audience) is not None:
        sheets.append(_audience_sheet(_("观众按地区"), _("地区"), audience.regions, note))
        sheets.append(_audience_sheet(_("观众按产业"), _("产业"), audience.industries, note))
        sheets.append(_inside_sheet(audience, note))
    return sheets


def _audience_sheet(title: str, first: str, parts: Sequence[AudiencePart], note: Notes) -> SheetTable:
    columns = (
        SheetColumn(first, 18),
        SheetColumn(_("观众（人）"), 12, "count"),
        SheetColumn(_("观众人次"), 12, "count"),
    )
    total = (_("合计"), sum(part.visitors for part in parts), sum(part.visits for part in parts))
    return SheetTable(title, columns, [(p.label, p.visitors, p.visits) for p in parts], note, (total,))


def _inside_sheet(audience: Audience, note: Notes) -> SheetTable:
    most = _("同时在场最多") if audience.sees_out else _("已进")
    columns = (SheetColumn(_("日期"), 14, "date"), SheetColumn(_("时段"), 14), SheetColumn(most, 14, "count"))
    rows = [(one.day, hour_words(one.hour), one.most) for one in audience.inside]
    return SheetTable(_("分时在场"), columns, rows, tuple(filter(None, (audience.peak.note, *note))))


def _days_sheet(data: Arrivals, note: Notes) -> SheetTable:
    columns = (
        SheetColumn(_("日期"), 14, "date"), SheetColumn(_("到场人数"), 12, "count"),
        SheetColumn(_("观众人次"), 12, "count"), SheetColumn(_("专业观众人次"), 14, "count"),
        SheetColumn(_("专业观众占比"), 14, "percent"),
    )  # fmt: skip
    days = data.attendance.days
    rows = [(d.day, d.people, d.visits, d.trade_visits, six_decimals(d.trade_visits, d.visits)) for d in days]
    people, visits, trade = (sum(getattr(d, n) for d in days) for n in ("people", "visits", "trade_visits"))
    total = (_("合计（人次）"), people, visits, trade, six_decimals(trade, visits))
    charts_there = (SheetChart(_("各日观众人次"), (2,), shape="columns"),)
    return SheetTable(_("分日到场"), columns, rows, note, (total,), charts_there)


def _hours_sheet(data: Arrivals, note: Notes) -> SheetTable:
    columns = (
        SheetColumn(_("日期"), 14, "date"), SheetColumn(_("时段"), 14), SheetColumn(_("首次到场"), 12, "count"),
        SheetColumn(_("其中观众"), 12, "count"),
    )  # fmt: skip
    hours = data.attendance.hours
    rows = [(h.day, hour_words(h.hour), h.people, h.visits) for h in hours]
    total = (_("合计（人次）"), None, sum(h.people for h in hours), sum(h.visits for h in hours))
    return SheetTable(_("分时到场"), columns, rows, tuple(filter(None, (unfinished(data), *note))), (total,))


def _categories_sheet(data: Arrivals, note: Notes) -> SheetTable:
    columns = (
        SheetColumn(_("类别"), 14), SheetColumn(_("登记"), 12, "count"), SheetColumn(_("到场人数"), 12, "count"),
        SheetColumn(_("到场人次"), 12, "count"), SheetColumn(_("计入观众"), 12),
    )  # fmt: skip
    parts = data.attendance.categories
    rows = [(c.label, c.registered, c.people, c.visits, _("计入") if c.is_visitor else None) for c in parts]
    sums = (sum(getattr(c, name) for c in parts) for name in ("registered", "people", "visits"))
    chart = SheetChart(_("到场人员类别（人）"), (2,), colours=tuple(c.colour for c in parts))
    return SheetTable(_("人员类别"), columns, rows, note, ((_("合计"), *sums, None),), (chart,))
