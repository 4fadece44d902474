"""The programme in figures: items by kind and day, speakers, pitches."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import N_, _
from expo_app.model import ItemState, Pitch, ProgrammeItem, Speaker, WordRole
from expo_app.rules.terms import Term, Terms
from expo_app.services.statistics.scope import Scope, grouped, known, scope_of
from expo_app.services.words import standing_for, terms_of
from expo_app.specs import ITEM_KINDS
from expo_app.specs.figures import Figure, Trace
from expo_app.specs.programme_figures import ItemPart, ProgrammeFigures
from expo_app.store.database import Database

ITEMS = N_("场")


@dataclass(frozen=True)
class _Item:
    kind: Term
    state: ItemState
    day: date | None
    """Local day; None without room or time."""
    minutes: int
    registrations: int


def programme_figures(db: Database, expo_id: uuid.UUID) -> ProgrammeFigures:
    """Figures of an expo's programme, cancelled items apart: five statements."""
    with db.reading() as session:
        return read_programme_figures(session, scope_of(session, expo_id))


def read_programme_figures(session: Session, scope: Scope) -> ProgrammeFigures:
    """The same within a session that is already open."""
    words = terms_of(session, ITEM_KINDS, scope.id)
    items = _items(session, scope, words)
    speakers = session.execute(_count(_people(scope))).scalar_one()
    pitches = session.execute(_count(_pitches(scope))).scalar_one()
    kept = [item for item in items if item.state is not ItemState.CANCELLED]
    forums = sum(item.kind.role is not WordRole.CEREMONY for item in kept)
    placed = [item for item in kept if item.day is not None]
    table, names = ProgrammeItem.__table__, {term.key: term.label for term in words}
    loose = table.c.room_id.is_(None) | table.c.starts_at.is_(None) | table.c.ends_at.is_(None)
    return ProgrammeFigures(
        items=_figure(scope, "items", _("活动"), known(len(kept), items), note=_("不含已取消")),
        forums=_figure(
            scope, "forums", _("论坛与路演等"), known(forums, items),
            table.c.kind_id.not_in(standing_for(WordRole.CEREMONY)), note=_("不含开幕式"),
        ),
        unplaced=_figure(
            scope, "unplaced", _("待排"), known(len(kept) - len(placed), items), loose, note=_("会场或时间未定")
        ),
        cancelled=_figure(
            scope, "cancelled", _("已取消"), known(len(items) - len(kept), items), cancelled=True, note=_("不计入活动")
        ),
        speakers=Figure(
            "speakers", _("嘉宾人数"), known(speakers, speakers), _("人"), _("每人计一次"),
            Trace("people", _("已列入日程的嘉宾"), _people(scope)),
        ),
        pitches=Figure(
            "pitches", _("路演项目"), known(pitches, pitches), _("项"), "",
            Trace("pitches", _("路演项目"), _pitches(scope))
        ),
        words=words,
        kinds=_parts(kept, lambda i: i.kind.key, names.__getitem__, [*names]),
        days=_parts(placed, lambda i: i.day.isoformat() if i.day else "", str),
    )  # fmt: skip


def _items(session: Session, scope: Scope, kinds: Terms[Term]) -> list[_Item]:
    table = ProgrammeItem.__table__
    query = select(
        table.c.kind_id, table.c.state, table.c.room_id, table.c.starts_at, table.c.ends_at, table.c.minutes,
        table.c.registrations,
    ).where(scope.own(table))  # fmt: skip
    found = []
    for row in session.execute(query):
        kind, state, room, start, end, minutes, registrations = map(readable, row)
        day = start.astimezone(scope.zone).date() if start and end and room else None
        lasts = int((end - start).total_seconds() // 60) if start and end else minutes
        found.append(_Item(kinds[kind], state, day, lasts or 0, registrations or 0))
    return found


def _kept(scope: Scope) -> ColumnElement[bool]:
    table = ProgrammeItem.__table__
    return scope.own(table) & (table.c.state != ItemState.CANCELLED)


def unpublished(scope: Scope) -> Select[Any]:
    """Ids of items that were not cancelled and stand in no published programme yet."""
    table = ProgrammeItem.__table__
    return select(table.c.id).where(_kept(scope), table.c.published.is_(None))


def _people(scope: Scope) -> Select[Any]:
    speaker, item = Speaker.__table__, ProgrammeItem.__table__
    joined = speaker.join(item, item.c.id == speaker.c.item_id)
    return select(speaker.c.person_id).select_from(joined).where(_kept(scope), scope.real(speaker)).distinct()


def _pitches(scope: Scope) -> Select[Any]:
    pitch, item = Pitch.__table__, ProgrammeItem.__table__
    joined = pitch.join(item, item.c.id == pitch.c.item_id)
    return select(pitch.c.id).select_from(joined).where(_kept(scope), scope.real(pitch), ~pitch.c.is_cancelled)


def _count(ids: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(ids.subquery())


def _figure(
    scope: Scope,
    name: str,
    label: str,
    value: int | None,
    *more: ColumnElement[bool],
    note: str,
    cancelled: bool = False,
) -> Figure:
    table = ProgrammeItem.__table__
    which = scope.own(table) & (table.c.state == ItemState.CANCELLED) if cancelled else _kept(scope)
    trace = Trace("programme", _("日程：{what}").format(what=label), select(table.c.id).where(which, *more))
    return Figure(name, label, value, _(ITEMS), note, trace)


def _parts(
    items: Iterable[_Item], key: Callable[[_Item], str], label: Callable[[str], str], order: Sequence[str] = ()
) -> tuple[ItemPart, ...]:
    return tuple(
        ItemPart(
            name, label(name), len(members),
            sum(item.minutes for item in members), sum(item.registrations for item in members),
        )
        for name, members in grouped(items, key, order)
    )  # fmt: skip
