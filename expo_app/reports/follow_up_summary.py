"""What is still to be done, and what was complained of: a chapter of the closing report."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from expo_app.i18n import N_, _
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Column, Row
from expo_app.reports.style import kpi, room_for
from expo_app.reports.summary_chapter import Chapter, Notes, end_chapter
from expo_app.specs.follow_up_figures import ComplaintFigures, ComplaintPart, FollowUpFigures
from expo_app.specs.report_data import Head, SheetColumn, SheetTable

TITLE = N_("跟进与投诉")


def chapter(head: Head, data: tuple[FollowUpFigures, ComplaintFigures]) -> Chapter:
    """The last of the chapters."""
    follow, complaints = data
    rows = len(complaints.kinds) + len(complaints.measures)
    return Chapter(
        80, 80, data, _(TITLE), (*follow.figures, *complaints.figures), (), rows,
        partial(_write, head, follow, complaints), partial(_sheets, complaints), lambda _figures: "",
        (
            _("逾期指期限已过而没有办结、没有付足的；作废和终止的项目，付款与里程碑不计。"),
            _("投诉按登记簿计，撤回和移送的也算受理。"),
        ),
    )  # fmt: skip


def _write(head: Head, follow: FollowUpFigures, complaints: ComplaintFigures, doc: Paper) -> None:
    doc.chapter(_(TITLE), keep=200)
    doc.kpis([kpi(f) for f in (follow.tasks, follow.tasks_done, follow.tasks_open, follow.tasks_overdue)])
    paid = (follow.payments_agreed, follow.payments_due, follow.payments_made, follow.payments_overdue)
    doc.kpis([kpi(figure) for figure in paid])
    doc.heading(_("投诉与纠纷"), 2, keep=room_for(len(complaints.kinds)))
    if complaints.total.value:
        doc.kpis([kpi(figure) for figure in complaints.figures], per_row=3)
        _parts(doc, _("类别"), complaints.kinds)
        _parts(doc, _("措施"), complaints.measures)
    else:
        doc.paragraph(_("没有登记投诉与纠纷。"))
    end_chapter(doc, head)


def _parts(doc: Paper, first: str, parts: Sequence[ComplaintPart]) -> None:
    columns = [
        Column(first, 4, bold=True), Column(_("受理"), 1, "right"), Column(_("处理中"), 1, "right"),
    ]  # fmt: skip
    rows: list[Row] = [[part.label, f"{part.count:,}", f"{part.open:,}"] for part in parts]
    whole, still = (f"{sum(counts):,}" for counts in ([p.count for p in parts], [p.open for p in parts]))
    doc.table(columns, rows, [_("合计"), whole, still])


def _sheets(complaints: ComplaintFigures, note: Notes) -> list[SheetTable]:
    columns = (
        SheetColumn(_("分组"), 12), SheetColumn(_("投诉与纠纷"), 24), SheetColumn(_("受理"), 10, "count"),
        SheetColumn(_("处理中"), 10, "count"),
    )  # fmt: skip
    groups = ((_("类别"), complaints.kinds), (_("状态"), complaints.states), (_("措施"), complaints.measures))
    rows = [(title, part.label, part.count, part.open) for title, parts in groups for part in parts]
    return [SheetTable(_("投诉与纠纷"), columns, rows, note)]
