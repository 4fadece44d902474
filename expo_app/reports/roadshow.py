"""The results sheet of a roadshow, the same evening: running order, scores, comments, interest and what became of it.

data = services.roadshow_report.read(db, expo_id, now)
write(path, data, progress);  tables(data) → sheets with the same
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from expo_app.i18n import N_, _
from expo_app.model import Entry, InterestLevel
from expo_app.reports.canvas import Progress
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Cell, Column, Document, Noted, Row
from expo_app.reports.style import HOURS as CLOCK
from expo_app.reports.style import SAMPLE, as_of, day_words, kpi, marked, open_document, room_for, sentences
from expo_app.rules.deals_numbering import short_deal_no
from expo_app.rules.interest_range import range_words
from expo_app.rules.roadshow_scores import Criterion
from expo_app.specs.report_data import SheetColumn, SheetTable
from expo_app.specs.roadshow_figures import RoadshowFigures, ShowLine
from expo_app.specs.roadshow_report import ExpertLine, InterestRow, PitchResult, RoadshowReport, ShowResult

TITLE = N_("路演结果单")
RULES = (
    N_("得分按各评分项占满分的比例加权，再取各位专家的平均，满分 100；没有打全的专家不计。"),
    N_("名次在同一场有得分的项目里按得分排，得分相同的并列。"),
    N_("意向只计条数，金额范围不是成交额；转为草稿的签约不计入任何合计。"),
)


def rules(reported: bool) -> tuple[str, ...]:
    """How it was counted, a sentence each; `reported`: some scores were only reported."""
    return (*map(_, RULES), *((_("标“汇总”的得分没有逐位专家的记录，不参加排名。"),) if reported else ()))


def write(path: Path, data: RoadshowReport, progress: Progress | None = None) -> set[str]:
    """Write the sheet; the characters the font lacks come back. UserError where the place cannot be written."""
    rows = sum(1 + len(pitch.experts) + len(pitch.interests) for show in data.shows for pitch in show.pitches)
    with open_document(path, _(TITLE), data.head, progress, rows) as doc:
        if not data.shows:
            doc.paragraph(_("还没有路演项目。"))
            return doc.missing
        shown = data.figures
        doc.kpis([kpi(one) for one in (shown.pitches, shown.interests, shown.tasked, shown.deals)])
        doc.note(sentences(rules(_has_reported(data.shows))))
        for number, show in enumerate(data.shows):
            if number:
                doc.page_break()
            _show(doc, show)
        return doc.missing


def _has_reported(shows: Sequence[ShowResult]) -> bool:
    return any(pitch.mean.value is None and pitch.reported is not None for show in shows for pitch in show.pitches)


def _show(doc: Document, show: ShowResult) -> None:
    doc.heading(marked(show.title, show.is_sample), keep=room_for(len(show.pitches), total=False))
    doc.note(" · ".join(filter(None, (_when(show.starts_at, show.ends_at), show.room))))
    columns = [
        Column(_("顺序"), 0.7, "right"), Column(_("时间"), 1.4, holds=[CLOCK]), Column(_("成果 / 完成单位"), 4.4),
        Column(_("路演人"), 1.6), Column(_("得分"), 1.1, "right", bold=True), Column(_("名次"), 0.8, "right"),
        Column(_("意向"), 0.9, "right"), Column(_("已转签约"), 1.1, "right"),
    ]  # fmt: skip
    doc.table(columns, map(_order_row, show.pitches), empty=_("还没有路演项目。"))
    for pitch in show.pitches:
        if pitch.is_cancelled and not (pitch.experts or pitch.interests or pitch.comments or pitch.interest):
            continue
        _pitch(doc, show.criteria, pitch)


def _when(start: datetime | None, end: datetime | None) -> str:
    if start is None:
        return ""
    hours = f"{start:%H:%M}" + (f"–{end:%H:%M}" if end else "")
    return f"{day_words(start.date())} {hours}"


def _order_row(pitch: PitchResult) -> Row:
    made = sum(bool(one.deal_no) and one.entry is not Entry.VOID for one in pitch.interests)
    return [
        str(pitch.position), _times(pitch),
        Noted(marked(pitch.title, pitch.is_sample), (pitch.owner,) if pitch.owner else ()), pitch.presenter or None,
        _score(pitch), None if pitch.rank is None else str(pitch.rank),
        f"{len(pitch.interests):,}" if pitch.interests else None, f"{made:,}" if made else None,
    ]  # fmt: skip


def _times(pitch: PitchResult) -> Cell:
    """When it was pitched; before, how long it may speak."""
    if pitch.is_cancelled:
        return _("已取消")
    if pitch.started_at is None:
        return _("{n} 分钟").format(n=pitch.minutes) if pitch.minutes else None
    return f"{pitch.started_at:%H:%M}" + (f"–{pitch.ended_at:%H:%M}" if pitch.ended_at else "")


def _score(pitch: PitchResult) -> Cell:
    if pitch.mean.value is not None:
        more = (_("{n} 位专家").format(n=pitch.mean.experts),)
        return Noted(pitch.mean.shown, more)
    return Noted(str(pitch.reported), (_("汇总"),)) if pitch.reported is not None else None


# --- a pitch ----------------------------------------------------------------------------------------------------------
def _pitch(doc: Document, criteria: Sequence[Criterion], pitch: PitchResult) -> None:
    """What was recorded one by one goes before what was told of all in words."""
    rows = len(pitch.experts) + len(pitch.interests)
    title = f"{pitch.position} {pitch.title}" if pitch.position else pitch.title
    doc.heading(title, level=2, keep=room_for(min(rows, 3) + 1, total=False))
    doc.note(" · ".join(filter(None, (pitch.owner, pitch.presenter))))
    if pitch.experts:
        _scores(doc, criteria, pitch)
    if pitch.comments and not any(one.words for one in pitch.experts):
        doc.paragraph(_("专家点评：{words}").format(words=pitch.comments))
    if pitch.interest and not pitch.interests:
        doc.paragraph(_("意向机构：{words}").format(words=pitch.interest))
    if pitch.interests:
        _interests(doc, pitch.interests)
    if not (rows or pitch.comments or pitch.interest):
        doc.note(_("没有评分、点评和意向的记录。"))


def _scores(doc: Document, criteria: Sequence[Criterion], pitch: PitchResult) -> None:
    columns = [
        Column(_("专家"), 1.6, bold=True),
        *(Column(f"{one.name}\n{_most(one)}", 1.1, "right") for one in criteria),
        Column(_("得分"), 1.1, "right", bold=True), Column(_("点评"), 4.4),
    ]  # fmt: skip
    rows = [
        [one.name, *map(_points, one.points), None if one.total is None else f"{one.total:.2f}", one.words or None]
        for one in pitch.experts
    ]
    total = [
        _("平均"),
        *(None if one is None else f"{one:.2f}" for one in pitch.averages),
        pitch.mean.shown if pitch.mean.value is not None else None,
        None,
    ]
    doc.table(columns, rows, total)


def _most(criterion: Criterion) -> str:
    if criterion.weight == 1 or criterion.weight is None:
        return _("满分 {n}").format(n=criterion.maximum)
    return _("满分 {n}\n权重 {weight}").format(n=criterion.maximum, weight=criterion.weight)


def _points(points: Decimal | None) -> str | None:
    return None if points is None else f"{points.normalize():f}"


def _interests(doc: Document, interests: Sequence[InterestRow]) -> None:
    columns = [
        Column(_("意向方"), 4, bold=True), Column(_("意向程度"), 1.2), Column(_("金额范围"), 2.4),
        Column(_("下一步"), 2.2), Column(_("去向"), 2.2),
    ]  # fmt: skip
    doc.table(columns, map(_interest_row, interests))


def _interest_row(one: InterestRow) -> Row:
    fate = became(one)
    who = [_("意向 {no}").format(no=one.number), one.contact, one.phone]
    return [
        Noted(marked(one.organisation or one.contact or one.number, one.is_sample), (" · ".join(filter(None, who)),)),
        one.level.label if one.level else None, range_words(one.low, one.high) or None, one.next_step or None,
        Noted(fate[0], tuple(fate[1:])) if fate else None,
    ]  # fmt: skip


def became(one: InterestRow) -> list[str]:
    """What became of an interest: its deal and how that stands; its tasks."""
    done, tasks = one.tasks
    words = []
    if one.deal_no:
        state = one.entry if one.entry in (Entry.DRAFT, Entry.CHECK, Entry.VOID) else one.stage
        words.append(_("签约 {no} {state}").format(no=short_deal_no(one.deal_no), state=state.label if state else ""))
    if tasks:
        words.append(_("任务 {done}/{n}").format(done=done, n=tasks))
    return words


# --- Excel, and the closing report ------------------------------------------------------------------------------------
def tables(data: RoadshowReport) -> list[SheetTable]:
    """The same as plain tables: results, points of each expert, interests, roadshows in figures."""
    notes = (*rules(_has_reported(data.shows)), as_of(data.head))
    return [
        _results_sheet(data.shows, notes), _points_sheet(data.shows), _interests_sheet(data.shows),
        shows_sheet(data.figures),
    ]  # fmt: skip


def _results_sheet(shows: Sequence[ShowResult], notes: tuple[str, ...]) -> SheetTable:
    columns = (
        SheetColumn(_("路演场次"), 30), SheetColumn(_("顺序"), 8, "count"), SheetColumn(_("成果"), 36, "long"),
        SheetColumn(_("完成单位"), 28), SheetColumn(_("路演人"), 12), SheetColumn(_("状态"), 9),
        SheetColumn(_("开始"), 17, "moment"), SheetColumn(_("结束"), 17, "moment"),
        SheetColumn(_("得分"), 10, "figure"), SheetColumn(_("名次"), 8, "count"),
        SheetColumn(_("专家人数"), 10, "count"), SheetColumn(_("汇总评分"), 11, "count"),
        *(SheetColumn(level.label, 9, "count") for level in InterestLevel), SheetColumn(_("意向"), 8, "count"),
        SheetColumn(_("专家点评"), 40, "long"), SheetColumn(_("意向机构"), 30, "long"), SheetColumn(_(SAMPLE), 8),
    )  # fmt: skip
    rows = [_result_row(show, pitch) for show in shows for pitch in show.pitches]
    return SheetTable(_("结果"), columns, rows, notes)


def _result_row(show: ShowResult, pitch: PitchResult) -> tuple[Any, ...]:
    levels = [sum(one.level is level for one in pitch.interests) for level in InterestLevel]
    return (
        show.title, pitch.position, pitch.title, pitch.owner, pitch.presenter, _state(pitch),
        *(moment and moment.replace(tzinfo=None) for moment in (pitch.started_at, pitch.ended_at)),
        pitch.mean.value, pitch.rank, pitch.mean.experts or None, pitch.reported, *levels, len(pitch.interests),
        pitch.comments or None, pitch.interest or None, _sample(pitch.is_sample),
    )  # fmt: skip


def _state(pitch: PitchResult) -> str | None:
    """Nothing where nobody kept the order: it may have been pitched all the same."""
    if pitch.is_cancelled:
        return _("已取消")
    return _("已讲") if pitch.ended_at else _("在讲") if pitch.started_at else None


def _sample(is_sample: bool) -> str | None:
    return _(SAMPLE) if is_sample else None


def _points_sheet(shows: Sequence[ShowResult]) -> SheetTable:
    columns = (
        SheetColumn(_("路演场次"), 30), SheetColumn(_("成果"), 36, "long"), SheetColumn(_("专家"), 12),
        SheetColumn(_("评分项"), 18), SheetColumn(_("分数"), 10, "figure"), SheetColumn(_("满分"), 8, "count"),
        SheetColumn(_("权重"), 8, "count"), SheetColumn(_("得分"), 10, "figure"), SheetColumn(_("点评"), 50, "long"),
    )  # fmt: skip
    rows = [
        (show.title, pitch.title, expert.name, *given)
        for show in shows
        for pitch in show.pitches
        for expert in pitch.experts
        for given in _given(show.criteria, expert)
    ]
    return SheetTable(_("评分"), columns, rows)


def _given(criteria: Sequence[Criterion], expert: ExpertLine) -> list[tuple[Any, ...]]:
    """A row for each criterion; what they come to and the comment stand in the first, or alone where there is none."""
    points = zip(criteria, expert.points, strict=True)
    rows: list[tuple[Any, ...]] = [(one.name, given, one.maximum, one.weight) for one, given in points]
    rows = rows or [(None, None, None, None)]
    return [(*row, *((expert.total, expert.words or None) if not place else (None, None)))
            for place, row in enumerate(rows)]  # fmt: skip


def _interests_sheet(shows: Sequence[ShowResult]) -> SheetTable:
    columns = (
        SheetColumn(_("编号"), 10), SheetColumn(_("路演场次"), 30), SheetColumn(_("成果"), 36, "long"),
        SheetColumn(_("意向单位"), 30), SheetColumn(_("联系人"), 12), SheetColumn(_("联系电话"), 16),
        SheetColumn(_("意向程度"), 10), SheetColumn(_("意向金额从（万元）"), 16, "money"),
        SheetColumn(_("意向金额至（万元）"), 16, "money"), SheetColumn(_("下一步"), 24),
        SheetColumn(_("任务"), 8, "count"), SheetColumn(_("已办任务"), 10, "count"), SheetColumn(_("签约项目"), 16),
        SheetColumn(_("台账状态"), 10),
        SheetColumn(_("阶段"), 12), SheetColumn(_(SAMPLE), 8),
    )  # fmt: skip
    rows = [
        (one.number, show.title, pitch.title, one.organisation or None, one.contact or None, one.phone or None,
         one.level.label if one.level else None, one.low, one.high, one.next_step or None, one.tasks[1], one.tasks[0],
         one.deal_no or None, one.entry.label if one.entry else None, one.stage.label if one.stage else None,
         _sample(one.is_sample))
        for show in shows
        for pitch in show.pitches
        for one in pitch.interests
    ]  # fmt: skip
    return SheetTable(_("意向"), columns, rows)


def shows_sheet(figures: RoadshowFigures) -> SheetTable:
    """A row for each roadshow."""
    columns = (
        SheetColumn(_("路演场次"), 34), SheetColumn(_("路演项目"), 10, "count"), SheetColumn(_("有评分"), 10, "count"),
        *(SheetColumn(level.label, 9, "count") for level in InterestLevel), SheetColumn(_("意向"), 8, "count"),
        SheetColumn(_("已转任务"), 10, "count"), SheetColumn(_("已转签约"), 10, "count"),
        SheetColumn(_("已签约"), 10, "count"), SheetColumn(_(SAMPLE), 8),
    )  # fmt: skip
    rows = [(line.title, *_numbers(line), _sample(line.is_sample)) for line in figures.lines]
    return SheetTable(_("各场路演"), columns, rows)


def _numbers(line: ShowLine) -> tuple[int, ...]:
    levels = (line.levels.get(level, 0) for level in InterestLevel)
    return (line.pitches, line.scored, *levels, line.interests, line.tasked, line.deals, line.signed)


def write_shows(doc: Paper, figures: RoadshowFigures) -> None:
    """A line for each roadshow."""
    columns = [
        Column(_("路演场次"), 4, bold=True), Column(_("路演项目"), 1.1, "right"), Column(_("有评分"), 1, "right"),
        *(Column(level.label, 1, "right") for level in InterestLevel), Column(_("意向"), 0.9, "right"),
        Column(_("已转任务"), 1.1, "right"), Column(_("已转签约"), 1.1, "right"), Column(_("已签约"), 1, "right"),
    ]  # fmt: skip
    rows: list[Row] = [
        [marked(line.title, line.is_sample), *(f"{number:,}" for number in _numbers(line))] for line in figures.lines
    ]
    doc.table(columns, rows)
