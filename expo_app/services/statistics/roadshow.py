"""The roadshow in figures: what experts' scores of a pitch come to, and what became of interest in it.

Interest is counted, never added up as money: ranges are no amounts, and what is signed is counted among deals.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, exists, func, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import N_, _
from expo_app.model import (
    SIGNED_STAGES,
    Deal,
    Entry,
    Interest,
    InterestLevel,
    ItemState,
    Pitch,
    PitchScore,
    ProgrammeItem,
    ScoreCriterion,
    Task,
)
from expo_app.rules.roadshow_scores import Criterion, Mean, mean
from expo_app.services.record_writer import in_parts
from expo_app.services.statistics.scope import Scope, known, scope_of
from expo_app.specs.figures import Figure, Trace
from expo_app.specs.records import spoken
from expo_app.specs.roadshow_figures import RoadshowFigures, ShowLine
from expo_app.store.database import Database

Points = dict[str, dict[uuid.UUID, Decimal | None]]
"""By expert: points by criterion; None: they cannot be read."""
_pitch, _score, _criterion = Pitch.__table__, PitchScore.__table__, ScoreCriterion.__table__
_item, _interest, _deal, _task = (model.__table__ for model in (ProgrammeItem, Interest, Deal, Task))
PITCHES_UNIT, INTERESTS_UNIT, BODIES_UNIT = N_("项"), N_("条"), N_("家")


def criteria_of(session: Session, items: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Criterion, ...]]:
    """What is scored by in each roadshow, in its order."""
    names = ("item_id", "id", "name", "maximum", "weight")
    query = select(*(_criterion.c[name] for name in names)).order_by(_criterion.c.position, _criterion.c.name)
    found: dict[uuid.UUID, list[Criterion]] = {item: [] for item in items}
    for part in in_parts(items):
        for item, key, name, *numbers in session.execute(query.where(_criterion.c.item_id.in_(part))):
            found[item].append(Criterion(key, readable(name) or "", *map(readable, numbers)))
    return {item: tuple(those) for item, those in found.items()}


def points_of(session: Session, pitches: Collection[uuid.UUID]) -> dict[uuid.UUID, Points]:
    """Who gave each pitch what."""
    query = select(_score.c.pitch_id, _score.c.expert, _score.c.criterion_id, _score.c.points).order_by(_score.c.id)
    found: dict[uuid.UUID, Points] = {pitch: {} for pitch in pitches}
    for part in in_parts(pitches):
        for pitch, expert, criterion, points in session.execute(query.where(_score.c.pitch_id.in_(part))):
            found[pitch].setdefault(readable(expert) or "", {})[criterion] = readable(points)
    return found


def means(session: Session, pitches: Collection[uuid.UUID]) -> dict[uuid.UUID, Mean]:
    """The weighted mean of the experts' scores of each pitch: the one place where it is worked out.

    It goes before `Pitch.score`, which was reported; a pitch nobody scored has none.
    """
    items: dict[uuid.UUID, uuid.UUID] = {}
    for part in in_parts(pitches):
        items |= dict(session.execute(select(_pitch.c.id, _pitch.c.item_id).where(_pitch.c.id.in_(part))).all())
    criteria = criteria_of(session, set(items.values()))
    return {pitch: mean(criteria[items[pitch]], given) for pitch, given in points_of(session, items).items()}


# --- interest, and what became of it ----------------------------------------------------------------------------------
def roadshows(db: Database, expo_id: uuid.UUID) -> RoadshowFigures:
    """Every figure of an expo's roadshows: three statements."""
    with db.reading() as session:
        return read_roadshows(session, scope_of(session, expo_id))


def read_roadshows(session: Session, scope: Scope) -> RoadshowFigures:
    """The same within a session that is already open."""
    lines = _lines(session, scope)
    bodies = session.scalar(select(func.count(_interest.c.organisation_id.distinct())).where(_counted(scope)))
    pitches, interests = (sum(getattr(line, name) for line in lines) for name in ("pitches", "interests"))

    def of_pitches(name: str, label: str, value: int, which: ColumnElement[bool] | None = None) -> Figure:
        trace = Trace("pitches", label, _pitch_ids(scope, which))
        return Figure(name, label, known(value, pitches), _(PITCHES_UNIT), "", trace)

    def of_interests(
        name: str, label: str, value: int, which: ColumnElement[bool] | None = None, unit: str = INTERESTS_UNIT,
        note: str = "",
    ) -> Figure:  # fmt: skip
        ids = select(_interest.c.id).where(_counted(scope))
        trace = Trace("interests", label, ids if which is None else ids.where(which))
        return Figure(name, label, known(value, interests), _(unit), note, trace)

    def of_level(name: str, level: InterestLevel) -> Figure:
        words, number = _("意向：{level}").format(level=level.label), sum(line.levels.get(level, 0) for line in lines)
        return of_interests(name, words, number, _interest.c.level == level)

    sums = {name: sum(getattr(line, name) for line in lines) for name in ("scored", "tasked", "deals", "signed")}
    return RoadshowFigures(
        of_pitches("roadshow_pitches", _("路演项目"), pitches),
        of_pitches("roadshow_scored", _("有评分的项目"), sums["scored"], _is_scored()),
        of_interests("roadshow_interests", _("路演意向"), interests),
        of_level("roadshow_strong", InterestLevel.STRONG),
        of_level("roadshow_real", InterestLevel.REAL),
        of_level("roadshow_curious", InterestLevel.CURIOUS),
        of_interests(
            "roadshow_bodies", _("意向单位"), bodies or 0, _interest.c.organisation_id.is_not(None), BODIES_UNIT
        ),
        of_interests("roadshow_tasked", _("已转跟进任务"), sums["tasked"], _has_task()),
        of_interests("roadshow_deals", _("已转签约项目"), sums["deals"], _has_deal(), note=_("含草稿，作废的不计")),
        of_interests("roadshow_signed", _("其中已签约"), sums["signed"], _has_deal(signed=True)),
        tuple(lines),
    )


def _items(scope: Scope) -> Select[Any]:
    return select(_item.c.id).where(scope.own(_item), _item.c.state != ItemState.CANCELLED)


def _pitch_ids(scope: Scope, which: ColumnElement[bool] | None = None) -> Select[Any]:
    """Those that are pitched."""
    ids = _all_pitches(scope).where(~_pitch.c.is_cancelled)
    return ids if which is None else ids.where(which)


def _all_pitches(scope: Scope) -> Select[Any]:
    """With those that were cancelled, whose interest still is one."""
    return select(_pitch.c.id).where(_pitch.c.item_id.in_(_items(scope)), scope.real(_pitch))


def _counted(scope: Scope) -> ColumnElement[bool]:
    """Interests that count: those in pitches that do."""
    return and_(scope.own(_interest), _interest.c.pitch_id.in_(_all_pitches(scope)))


def _is_scored() -> ColumnElement[bool]:
    """Pitches with a score: what experts gave, or what was reported."""
    return _pitch.c.score.is_not(None) | exists().where(_score.c.pitch_id == _pitch.c.id)


def _has_task() -> ColumnElement[bool]:
    return exists().where(_task.c.interest_id == _interest.c.id)


def _has_deal(*, signed: bool = False) -> ColumnElement[bool]:
    """Interests whose deal is not void; `signed`: it counts as signed."""
    stands = (
        (_deal.c.entry == Entry.VALID) & _deal.c.stage.in_(SIGNED_STAGES) if signed else _deal.c.entry != Entry.VOID
    )
    return exists().where(_deal.c.id == _interest.c.deal_id, stands)


def _lines(session: Session, scope: Scope) -> list[ShowLine]:
    """A line for each item of the programme with pitches, by time."""
    counted, held = and_(_pitch.c.item_id == _item.c.id, scope.real(_pitch)), ~_pitch.c.is_cancelled
    query = (
        select(
            _item.c.id, spoken(ProgrammeItem, "title").label("title"), _item.c.starts_at, _item.c.is_sample,
            func.sum(case((held, 1), else_=0)).label("pitches"),
            func.sum(case((held & _is_scored(), 1), else_=0)).label("scored"),
        )
        .join(_pitch, counted)
        .where(_item.c.id.in_(_items(scope)))
        .group_by(_item.c.id)
        .order_by(_item.c.starts_at.is_(None), _item.c.starts_at, _item.c.title)
    )  # fmt: skip
    rows = session.execute(query).mappings().all()
    interests = _interests(session, scope)
    return [_line(row, interests.get(row["id"], {})) for row in rows]


def _line(row: RowMapping, counts: Mapping[InterestLevel | None, RowMapping]) -> ShowLine:
    sums = {name: sum(one[name] for one in counts.values()) for name in ("n", "tasked", "deals", "signed")}
    return ShowLine(
        row["id"], readable(row["title"]) or "", readable(row["starts_at"]), bool(readable(row["is_sample"])),
        row["pitches"], row["scored"], {level: one["n"] for level, one in counts.items() if level}, sums["n"],
        sums["tasked"], sums["deals"], sums["signed"],
    )  # fmt: skip


def _interests(session: Session, scope: Scope) -> dict[uuid.UUID, dict[InterestLevel | None, RowMapping]]:
    """Roadshow → level → how many interests, and how many of them have a task, a deal, a signed one."""

    def number(which: ColumnElement[bool]) -> ColumnElement[Any]:
        return func.sum(case((which, 1), else_=0))

    query = (
        select(
            _pitch.c.item_id, _interest.c.level, func.count().label("n"), number(_has_task()).label("tasked"),
            number(_has_deal()).label("deals"), number(_has_deal(signed=True)).label("signed"),
        )
        .join(_pitch, _pitch.c.id == _interest.c.pitch_id)
        .where(_counted(scope))
        .group_by(_pitch.c.item_id, _interest.c.level)
    )  # fmt: skip
    found: dict[uuid.UUID, dict[InterestLevel | None, RowMapping]] = {}
    for row in session.execute(query).mappings():
        found.setdefault(row["item_id"], {})[readable(row["level"])] = row
    return found
