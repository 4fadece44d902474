"""The auctions: a chapter of the closing report."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from expo_app.i18n import N_, _
from expo_app.reports.auction import NOT_COUNTED, sessions_sheet, write_sessions
from expo_app.reports.paper import Paper
from expo_app.reports.style import room_for
from expo_app.reports.summary_chapter import Chapter, Notes, end_chapter
from expo_app.specs.auction_figures import AuctionFigures
from expo_app.specs.figures import Figure
from expo_app.specs.report_data import Head, SheetTable

TITLE = N_("专利拍卖")


def chapter(head: Head, figures: AuctionFigures) -> Chapter | None:
    """Behind the tables of what was signed; nothing where no session was held, nor reported."""
    own, earlier = (tuple(line for line in lines if line.is_told) for lines in (figures.lines, figures.earlier))
    if not own:
        return None
    shown: tuple[Figure, ...] = figures.figures if figures.lots.value else ()
    told = replace(figures, lines=own, earlier=earlier)
    return Chapter(
        58, 58, figures, _(TITLE), shown, (), len(own) + len(earlier), partial(_write, head, told),
        partial(_sheets, told),
    )  # fmt: skip


def _write(head: Head, figures: AuctionFigures, doc: Paper) -> None:
    doc.chapter(_(TITLE), keep=room_for(3))
    write_sessions(doc, figures)
    end_chapter(doc, head, *([_(NOT_COUNTED)] if figures.lots.value else []))


def _sheets(figures: AuctionFigures, _note: Notes) -> list[SheetTable]:
    return [sessions_sheet(figures)]
