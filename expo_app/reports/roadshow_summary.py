"""The roadshows: a chapter of the closing report."""

from __future__ import annotations

from functools import partial

from expo_app.i18n import N_, _
from expo_app.reports.paper import Paper
from expo_app.reports.roadshow import shows_sheet, write_shows
from expo_app.reports.style import room_for
from expo_app.reports.summary_chapter import Chapter, Notes, end_chapter
from expo_app.specs.report_data import Head, SheetTable
from expo_app.specs.roadshow_figures import RoadshowFigures

TITLE, NO_AMOUNT = N_("项目路演"), N_("意向只计条数，金额范围不是成交额。")


def chapter(head: Head, figures: RoadshowFigures) -> Chapter | None:
    """Before what was signed; nothing where nothing was pitched. How many were pitched the programme tells."""
    if not figures.lines:
        return None
    return Chapter(
        45, 45, figures, _(TITLE), (), (), len(figures.lines), partial(_write, head, figures),
        partial(_sheets, figures),
    )  # fmt: skip


def _write(head: Head, figures: RoadshowFigures, doc: Paper) -> None:
    doc.chapter(_(TITLE), keep=room_for(3))
    write_shows(doc, figures)
    end_chapter(doc, head, _(NO_AMOUNT))


def _sheets(figures: RoadshowFigures, _note: Notes) -> list[SheetTable]:
    return [shows_sheet(figures)]
