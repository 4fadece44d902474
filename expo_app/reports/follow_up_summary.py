"""What is still to be done, and what was complained of: a chapter of the closing report."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from expo_app.i18n import N_, _
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Column, Row
from expo_app.reports.style import room_for
from expo_app.reports.summary_chapter import Chapter, Notes, end_chapter
from expo_app.specs.figures import Figure
from expo_app.specs.follow_up_figures import ComplaintFigures, ComplaintPart, FollowUpFigures
from expo_app.specs.report_data import Head, SheetColumn, SheetTable

TITLE = N_("跟进与投诉")


def chapter(head: Head, data: tuple[FollowUpFigures, ComplaintFigures]) -> Chapter:
    """Behind what was signed."""
    follow, complaints = data
    figures = (
        follow.tasks, follow.tasks_done, follow.tasks_overdue, follow.payments_agreed, follow.payments_made,
        follow.payments_due, follow.payments_overdue, complaints.total, complaints.settled,
    )  # fmt: skip
    return Chapter(
        80, 80, data, _(TITLE), figures, (), 3,
        partial(_write, head, follow, complaints), partial(_sheets, complaints), lambda _figures: "",
        (
            _("逾期指期限已过而没有办结、没有付足的；作废和终止的项目，付款与里程碑不计。"),
            _("投诉按登记簿计，撤回和移送的也算受理。"),
        ),
    )  # fmt: skip


def _write(head: Head, follow: FollowUpFigures, complaints: ComplaintFigures, doc: Paper) -> None:
    doc.chapter(_(TITLE), keep=room_for(3))
    columns = [
        Column("", 3, bold=True), Column(_("合计"), 1.4, "right"), Column(_("已办 / 已付"), 1.4, "right"),
        Column(_("到期应付"), 1.4, "right"), Column(_("逾期"), 1.4, "right"),
    ]  # fmt: skip
    paid = (follow.payments_agreed, follow.payments_made, follow.payments_due, follow.payments_overdue)
    rows: list[Row] = [
        _row(_("任务（件）"), follow.tasks, follow.tasks_done, None, follow.tasks_overdue),
        _row(_("付款（万元）"), *paid),
        _row(_("投诉与纠纷（件）"), complaints.total, complaints.settled, None, None),
    ]
    doc.table(columns, rows)
    if complaints.total.value:
        kinds, measures = (_listed(parts) for parts in (complaints.kinds, complaints.measures))
        doc.note(_("投诉按类别：{kinds}；采取的措施：{measures}。").format(kinds=kinds, measures=measures))
    end_chapter(doc, head)


def _row(title: str, *figures: Figure | None) -> Row:
    return [title, *(None if figure is None or figure.value is None else figure.shown for figure in figures)]


def _listed(parts: Sequence[ComplaintPart]) -> str:
    return _("、").join(_("{what} {n} 件").format(what=part.label, n=f"{part.count:,}") for part in parts)


def _sheets(complaints: ComplaintFigures, note: Notes) -> list[SheetTable]:
    columns = (
        SheetColumn(_("分组"), 12), SheetColumn(_("投诉与纠纷"), 24), SheetColumn(_("受理"), 10, "count"),
        SheetColumn(_("处理中"), 10, "count"),
    )  # fmt: skip
    groups = ((_("类别"), complaints.kinds), (_("状态"), complaints.states), (_("措施"), complaints.measures))
    rows = [(title, part.label, part.count, part.open) for title, parts in groups for part in parts]
    return [SheetTable(_("投诉与纠纷"), columns, rows, note)]
