"""Figures beside those of earlier editions: counted from real expos of the file, else as their records report them.

    found = trends(db, expo_id, figures)
    found["exhibitors"].line          上届 150 家 +17.3%
    found["exhibitors"].past          every earlier edition's value, the last first

An edition has its own values alone: what is cumulative is never read here. What is not reported is not known, never 0.
A sample expo is compared with sample editions only, and no real one with a sample.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import readable, sound
from expo_app.model import Edition, EditionFigure, Expo, Qualifier
from expo_app.services.statistics.attendance import read_attendance
from expo_app.services.statistics.deals import read_deal_figures
from expo_app.services.statistics.exhibition import read_exhibition
from expo_app.services.statistics.programme import read_programme_figures
from expo_app.services.statistics.scope import Scope, read_scope, scope_of
from expo_app.specs.attendance_figures import Attendance
from expo_app.specs.deals_figures import DealFigures
from expo_app.specs.exhibition_figures import Exhibition
from expo_app.specs.figures import Figure
from expo_app.specs.programme_figures import ProgrammeFigures
from expo_app.specs.trend_figures import Past, Trend, Value
from expo_app.store.database import Database

_COUNTED: tuple[tuple[type, Callable[[Session, Scope], Any]], ...] = (
    (Exhibition, read_exhibition),
    (ProgrammeFigures, read_programme_figures),
    (DealFigures, read_deal_figures),
    (Attendance, read_attendance),
)
"""Whose fields are called after the figures they hold, and what counts them."""


@dataclass(frozen=True)
class Known:
    """An edition that is known: an expo of this file, an edition's record, or both.

    `scope` where its records are in this file and may be counted; `reported`: its own figures, as its record says.
    """

    edition_no: int
    name: str
    starts_on: date | None
    scope: Scope | None = None
    reported: Mapping[str, tuple[Value, Qualifier | None]] = field(default_factory=dict)
    totals: Mapping[str, tuple[Value, Qualifier | None]] = field(default_factory=dict)
    """Cumulative figures since the first edition: never its own."""
    source: str = ""
    record_id: uuid.UUID | None = None
    """The edition's record."""

    def is_before(self, other: Known) -> bool:
        """By their dates; by their numbers where a date is not known."""
        if self.starts_on and other.starts_on:
            return self.starts_on < other.starts_on
        return self.edition_no < other.edition_no

    def is_right_before(self, other: Known) -> bool:
        """Whether no edition can be between; numbers that were not kept up say nothing."""
        return self.edition_no == other.edition_no - 1 or self.edition_no >= other.edition_no


def trends(db: Database, expo_id: uuid.UUID, figures: Iterable[Figure]) -> dict[str, Trend]:
    """Each figure of an expo beside the same one of earlier editions, by name."""
    with db.reading() as session:
        return read_trends(session, scope_of(session, expo_id), figures)


def read_trends(
    session: Session, scope: Scope, figures: Iterable[Figure], *, last_only: bool = False
) -> dict[str, Trend]:
    """The same within a session that is already open; `last_only`: of the edition right before alone."""
    own = {figure.name: figure for figure in figures}
    past = read_past(session, scope, own.keys(), last_only=last_only)
    return {name: Trend(figure, past[name]) for name, figure in own.items()}


def read_past(
    session: Session, scope: Scope, names: Collection[str], *, last_only: bool = False
) -> dict[str, tuple[Past, ...]]:
    """What earlier editions had of these figures, the last edition first."""
    editions = known_editions(session, scope.is_sample)
    this = next((one for one in editions if one.scope is not None and one.scope.id == scope.id), None)
    earlier = [] if this is None else [one for one in editions if one.is_before(this)][::-1]
    found: dict[str, list[Past]] = {name: [] for name in names}
    for place, one in enumerate(earlier[: 1 if last_only else None]):
        is_last = place == 0 and this is not None and one.is_right_before(this)
        for name, past in values_of(session, one, names).items():
            found[name].append(replace(past, is_last=is_last))
    return {name: tuple(pasts) for name, pasts in found.items()}


def known_editions(session: Session, is_sample: bool) -> list[Known]:
    """Every edition there is, the first one first: expos of the file and editions' records, real or sample alike.

    A record that belongs to an expo (it names it, or begins on the same day) is one edition with it.
    """
    expo, edition = Expo.__table__, Edition.__table__
    expos_here = select(*(expo.c[name] for name in _EXPO)).where(expo.c.is_sample == is_sample)
    expos = {
        row.id: Known(
            row.edition_no, row.name, row.starts_on,
            read_scope(row._mapping),
        )
        for row in sound(session.execute(expos_here))
    }  # fmt: skip
    own, totals = _reported(session)
    found: list[Known] = []
    rows = session.execute(select(*(edition.c[name] for name in _EDITION)).where(edition.c.is_sample == is_sample))
    for row in sound(rows):
        begins = readable(row.starts_on)
        there = expos.pop(row.expo_id, None) or _same_day(expos, begins)
        found.append(
            Known(
                there.edition_no if there else row.edition_no, there.name if there else row.name,
                there.starts_on if there else begins, there.scope if there else None,
                own.get(row.id, {}), totals.get(row.id, {}), readable(row.source) or "", row.id,
            )
        )  # fmt: skip
    found += expos.values()
    if all(one.starts_on for one in found):
        return sorted(found, key=lambda one: (one.starts_on or date.min, one.edition_no, one.name))
    return sorted(found, key=lambda one: (one.edition_no, one.starts_on or date.min, one.name))


_EXPO = ("id", "name", "edition_no", "is_sample", "time_zone", "starts_on", "ends_on", "counts_guests")
_EDITION = ("id", "name", "edition_no", "starts_on", "source", "expo_id")


def _same_day(expos: dict[uuid.UUID, Known], begins: date | None) -> Known | None:
    key = next((key for key, one in expos.items() if begins is not None and one.starts_on == begins), None)
    return expos.pop(key) if key is not None else None


def _reported(session: Session) -> tuple[dict[uuid.UUID, dict[str, Any]], dict[uuid.UUID, dict[str, Any]]]:
    """(own, cumulative) figures by edition's record and name."""
    table = EditionFigure.__table__
    own: dict[uuid.UUID, dict[str, Any]] = {}
    totals: dict[uuid.UUID, dict[str, Any]] = {}
    names = ("edition_id", "figure", "value", "qualifier", "is_cumulative")
    for key, figure, value, qualifier, is_total in sound(session.execute(select(*(table.c[name] for name in names)))):
        (totals if is_total else own).setdefault(key, {})[figure] = (value, qualifier)
    return own, totals


def values_of(session: Session, edition: Known, names: Collection[str]) -> dict[str, Past]:
    """An edition's own values by the figure's name: counted where its records are here, else as reported, else None.

    Where records of this file count to nothing and something was reported, the report stands.
    """
    counted = {} if edition.scope is None else _counts(session, edition.scope, names)
    found = {}
    for name in names:
        value, (said, qualifier) = counted.get(name), edition.reported.get(name, (None, None))
        is_reported = said is not None and not value
        found[name] = Past(
            edition.edition_no, edition.name, edition.starts_on, False, said if is_reported else value,
            qualifier if is_reported else None, is_reported, edition.source if is_reported else "",
            edition.scope.id if edition.scope else None,
        )  # fmt: skip
    return found


def _counts(session: Session, scope: Scope, names: Collection[str]) -> dict[str, Value | None]:
    found: dict[str, Value | None] = {}
    for kept, read in _COUNTED:
        wanted = [name for name in names if name in {own.name for own in fields(kept)}]
        data = read(session, scope) if wanted else None
        found |= {name: one.value for name in wanted if isinstance(one := getattr(data, name), Figure)}
    return found
