"""What the closing report says of matchmaking: a line or two; its sheets have every figure."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from expo_app.i18n import N_, _
from expo_app.reports.paper import Paper
from expo_app.reports.summary_chapter import Chapter, Notes
from expo_app.specs.figures import SHARE, Figure
from expo_app.specs.matching_figures import MatchingFigures
from expo_app.specs.report_data import Head, Share, SheetColumn, SheetTable

TITLE = N_("供需对接")


def chapter(_head: Head, figures: MatchingFigures) -> Chapter | None:
    """Right behind results and demands, whose chapter it goes on; nothing where nobody was matched with anybody."""
    if figures.is_empty:
        return None
    return Chapter(48, 48, figures, _(TITLE), (), (), 0, partial(_write, figures), partial(_sheets, figures))


def _write(figures: MatchingFigures, doc: Paper) -> None:
    """In a line or two; its sheets have days, every figure and both numbers of every rate."""
    if not any(figures[f"matching_{name}"].value for name in ("demands", "results")):
        doc.chapter(_(TITLE), keep=40)  # there is no chapter to go on with
    doc.note(_("{what}：{words}").format(what=_(TITLE), words=_told(figures)))


def _told(figures: MatchingFigures) -> str:
    values = {figure.name.removeprefix("matching_"): figure.shown for figure in figures.figures}
    told = [
        _("建议 {suggestions} 条，双方已接受 {accepted} 条").format_map(values),
        _("洽谈请求 {requests} 场，同意 {agreed} 场").format_map(values),
    ]
    ended = next((rate for rate in figures.rates if rate.figure.name == "matching_held_share"), None)
    if ended is not None and ended.whole.value:
        words = _("已洽谈 {part}（{share}），有意向 {interests} 场，转签约 {deals} 场")
        told.append(words.format_map(values | {"part": ended.fraction, "share": ended.figure.shown}))
    return _("；").join(told) + _("。")


def day_titles() -> list[str]:
    """Of the numbers of a day, in their order."""
    return [_("已排"), _("已洽谈"), _("候补顶替"), _("甲方爽约"), _("乙方爽约"), _("转签约")]


def _sheets(figures: MatchingFigures, _note: Notes) -> list[SheetTable]:
    return [figures_sheet(figures), days_sheet(figures)]


def days_sheet(figures: MatchingFigures) -> SheetTable:
    """A row for each day with meetings."""
    columns = (SheetColumn(_("日期"), 12, "date"), *(SheetColumn(title, 10, "count") for title in day_titles()))
    return SheetTable(_("各天洽谈"), columns, [(line.day, *line.numbers) for line in figures.days])


def figures_sheet(figures: MatchingFigures, notes: tuple[str, ...] = ()) -> SheetTable:
    """Every figure of matchmaking in a row, with how it was counted."""
    columns = (
        SheetColumn(_("指标"), 28), SheetColumn(_("数值"), 12, "figure"), SheetColumn(_("单位"), 8),
        SheetColumn(_("口径"), 50, "long"),
    )  # fmt: skip
    return SheetTable(_(TITLE), columns, [_row(figure) for figure in figures.figures], notes)


def _row(figure: Figure) -> tuple[object, ...]:
    value = (
        Share(round(Decimal(figure.value), 6)) if figure.unit == SHARE and figure.value is not None else figure.value
    )
    return figure.label, value, figure.unit_shown or None, figure.note or None
