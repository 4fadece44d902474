"""发布口径: the five figures the press is told, counted at a moment by the functions that count them everywhere.

Exhibitors by contract (GB/T 26165), events of the programme, visits (ISO 25639-2: a person once a day), agreements
signed first at this expo, and intentions, which are never added to them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.damaged import sound
from expo_app.i18n import _
from expo_app.model import SIGNED_STAGES, Deal, Edition, EditionFigure, Entry, Expo, ItemState, ProgrammeItem, Qualifier
from expo_app.rules import amounts
from expo_app.services.report_head import read_head
from expo_app.services.statistics import deals
from expo_app.services.statistics.attendance import read_attendance
from expo_app.services.statistics.exhibition import read_exhibition
from expo_app.services.statistics.history import as_of
from expo_app.services.statistics.programme import read_programme_figures, unpublished
from expo_app.services.statistics.scope import Scope, known, scope_of
from expo_app.specs.attendance_figures import Attendance
from expo_app.specs.figures import Figure, Trace, plain
from expo_app.specs.press import NUMBERS, UNITS, Late, Origin, Press, PressNumber
from expo_app.store.database import Database

NAMED = 3
"""So many prior agreements are named, the others counted."""
FIGURES = {
    "exhibitors": "exhibitors",
    "events": "items",
    "visits": "visits",
    "signed": "signed",
    "intended": "intended",
}
"""By which name what was reported of an expo is kept."""


@dataclass(frozen=True)
class Counted:
    """One figure before anybody says who says so; `trace` selects its records within the session it was counted in."""

    value: int
    words: str
    when: str
    trace: Trace
    amount: Decimal | None = None
    persons: int | None = None
    """Of visits: how many visitors made them."""
    prior: int = 0
    """Of agreements: how many were signed before and are not counted."""


def count(db: Database, expo_id: uuid.UUID, at: datetime) -> Press:
    """The five figures at `at` (aware), not approved by anybody."""
    return counted(db, expo_id, at, with_keys=False)[0]


def counted(
    db: Database, expo_id: uuid.UUID, at: datetime, *, with_keys: bool = True
) -> tuple[Press, dict[str, list[uuid.UUID]]]:
    """The same with the ids of the records behind each figure, of one reading."""
    with db.reading() as session:
        now = _dated(session, scope_of(session, expo_id, at))
    with as_of(db, expo_id, at) as (session, unknown):
        scope = scope_of(session, expo_id, at)
        expo = session.get_one(Expo, expo_id)
        found = read(session, scope)
        said = _reported(session, expo_id)
        numbers = tuple(_number(session, scope, name, found[name], said) for name in NUMBERS)
        both = found["signed"].trace.ids.intersect(found["intended"].trace.ids)
        lost = tuple(deals.unread_deals(session, scope).values())
        head = replace(read_head(session, expo, at), damaged=lost)
        names, prior = (expo.name, expo.name_en), found["signed"].prior
        late = _late(now, _dated(session, scope))
        press = Press(head, numbers, None, unknown, late, names, _length(session, both), prior)
        ids = {name: list(session.scalars(of.trace.ids)) for name, of in found.items()} if with_keys else {}
    return press, ids


def read(session: Session, scope: Scope) -> dict[str, Counted]:
    """The five figures as the session shows the records; scans up to the scope's moment."""
    return {
        "exhibitors": _exhibitors(session, scope),
        "events": _events(session, scope),
        "visits": _visits(session, scope),
        "signed": _signed(session, scope),
        "intended": _intended(session, scope),
    }


def _until(scope: Scope) -> str:
    """截至 11-29 10:30; in another year than the expo with the year."""
    moment = _moment(scope)
    year = "" if moment.year == scope.starts_on.year else f"{moment:%Y-}"
    return _("截至 {when}").format(when=f"{year}{moment:%m-%d %H:%M}")


def _moment(scope: Scope) -> datetime:
    if scope.until is None:
        raise ValueError("press figures are of a moment")
    return scope.until.astimezone(scope.zone)


# --- what came later --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Dated:
    """What its own date puts before the moment, as the session shows the records: agreements signed first at this expo,
    those that wait to be checked, and items of the programme that had begun."""

    signed: Mapping[uuid.UUID, tuple[str, Decimal | None]]
    waiting: frozenset[uuid.UUID]
    begun: Mapping[uuid.UUID, str]


def _dated(session: Session, scope: Scope) -> _Dated:
    deal, item = Deal.__table__, ProgrammeItem.__table__
    own = select(deal.c.id, deal.c.deal_no, deal.c.amount, deal.c.entry).where(
        scope.own(deal), deal.c.stage.in_(SIGNED_STAGES), deal.c.is_prior.is_(False),
        deal.c.signed_on <= _moment(scope).date(), deal.c.entry.in_((Entry.VALID, Entry.CHECK)),
        deal.c.id.not_in(deals.damaged_deals(session, scope)),
    )  # fmt: skip
    rows = sound(session.execute(own.order_by(deal.c.deal_no)))
    begun = select(item.c.id, item.c.title).where(
        scope.own(item), item.c.starts_at <= scope.until, item.c.state != ItemState.CANCELLED
    )
    return _Dated(
        {key: (number, amount) for key, number, amount, entry in rows if entry is Entry.VALID},
        frozenset(key for key, _number, _amount, entry in rows if entry is Entry.CHECK),
        dict(sound(session.execute(begun.order_by(item.c.starts_at, item.c.title)))),
    )


def _late(now: _Dated, then: _Dated) -> tuple[Late, ...]:
    """What is dated before the moment now and was not at the moment itself; what waited then is said elsewhere."""
    found = []
    deals_late = {key: one for key, one in now.signed.items() if key not in then.signed and key not in then.waiting}
    if deals_late:
        total = [amount for _number, amount in deals_late.values() if amount is not None]
        words = _("{n} 项签约（{names}，{amount}）录入晚于时点，没有算进来").format(
            n=f"{len(deals_late):,}", names=_named([number for number, _amount in deals_late.values()]),
            amount=amounts.in_words(sum(total, Decimal(0)) if total else None),
        )  # fmt: skip
        found.append(Late(words, "deals", tuple(deals_late)))
    if items := {key: title for key, title in now.begun.items() if key not in then.begun}:
        words = _("{n} 场活动（{names}）录入晚于时点，没有算进来").format(
            n=f"{len(items):,}", names=_named(list(items.values()))
        )
        found.append(Late(words, "programme", tuple(items)))
    return tuple(found)


def _named(names: Sequence[str]) -> str:
    return _("、").join(names[:NAMED]) + (_("等") if len(names) > NAMED else "")


# --- the five ---------------------------------------------------------------------------------------------------------
def _exhibitors(session: Session, scope: Scope) -> Counted:
    found = read_exhibition(session, scope)
    beside = [
        _("{what} {n} 家").format(what=figure.label, n=figure.shown)
        for figure in (found.co_exhibitors, found.services)
        if figure.value
    ]
    words = _("签了参展合同的单位，每家算一次")
    if beside:
        words = _("{words}；{beside}另计").format(words=words, beside=_("、").join(beside))
    return Counted(_whole(found.exhibitors.value), words, _until(scope), _trace(found.exhibitors.trace))


def _events(session: Session, scope: Scope) -> Counted:
    found = read_programme_figures(session, scope)
    items, forums = _whole(found.items.value), _whole(found.forums.value)
    parts = [_("开幕式 {n} 场").format(n=f"{items - forums:,}")] if items > forums else []
    parts += [_("论坛和路演等 {n} 场").format(n=f"{forums:,}")] if forums else []
    words = _("取消的不算，并行的各算一场")
    if open_ones := session.scalar(select(func.count()).select_from(unpublished(scope).subquery())):
        words = _("{words}；其中 {n} 场还没发布").format(words=words, n=f"{open_ones:,}")
    if parts:
        words = _("{parts}；{words}").format(parts=_("，").join(parts), words=words)
    return Counted(items, words, _("{until} 的日程").format(until=_until(scope)), _trace(found.items.trace))


def _visits(session: Session, scope: Scope) -> Counted:
    found = read_attendance(session, scope)
    people = _("人数 {n} 人").format(n=found.visitors.shown)
    words = _("；").join(filter(None, (_("一人一天算一次"), found.visitors.note, people)))
    persons = _whole(found.visitors.value)
    return Counted(_whole(found.visits.value), words, _days(scope, found), _trace(found.visits.trace), persons=persons)


def _days(scope: Scope, found: Attendance) -> str:
    """11-28 全天 3,406 ＋ 11-29 到 10:30 2,117; before the last three days together."""
    at = _moment(scope)
    days = [day for day in found.days if day.visits]
    early, late = days[:-3], days[-3:]
    parts = (
        [_("{day} 前 {n}").format(day=f"{late[0].day:%m-%d}", n=f"{sum(d.visits for d in early):,}")] if early else []
    )
    parts += [_day(day.day, day.visits, at) for day in late]
    return _(" ＋ ").join(parts) or _until(scope)


def _day(day: date, visits: int, at: datetime) -> str:
    words = _("{day} 到 {time} {n}") if day == at.date() else _("{day} 全天 {n}")
    return words.format(day=f"{day:%m-%d}", time=f"{at:%H:%M}", n=f"{visits:,}")


def _signed(session: Session, scope: Scope) -> Counted:
    buckets = deals.deal_buckets(session, scope)
    figures = deals.signed_figures(scope, deals.totals_of(buckets))
    first = [bucket for bucket in buckets if bucket.is_signed and not bucket.is_prior]
    parts = [_("有效的签约"), _money(first), _("草稿、待核对、作废不算")]
    if prior := deals.prior_deals(session, scope):
        named = _named([deal.title for deal in prior])
        parts.append(_("此前已签的 {n} 项不算：{names}").format(n=f"{len(prior):,}", names=named))
    today = deals.counted(bucket for bucket in first if bucket.signed_on == _moment(scope).date())
    when = _("{until}，含当天 {n} 项").format(until=_until(scope), n=f"{today:,}") if today else _until(scope)
    found = _of_deals(session, scope, figures["first"], figures["first_amount"], parts, when, _("签约"))
    return replace(found, prior=len(prior))


def _intended(session: Session, scope: Scope) -> Counted:
    buckets = deals.deal_buckets(session, scope)
    figures = deals.signed_figures(scope, deals.totals_of(buckets))
    parts = [_("还没签的意向，单独说，不和签约相加"), _money([bucket for bucket in buckets if bucket.is_intended])]
    return _of_deals(session, scope, figures["intended"], figures["intended_amount"], parts, _until(scope), _("意向"))


def _money(buckets: Sequence[deals.Bucket]) -> str:
    """Which of them are no part of the amount, and which were converted."""
    without, converted = deals.without(buckets) + deals.abroad(buckets), deals.converted(buckets)
    parts = [_("{n} 项没有金额，不当作 0").format(n=f"{without:,}")] if without else []
    parts += [_("含外币折算 {n} 项").format(n=f"{converted:,}")] if converted else []
    return _("；").join(parts)


def _of_deals(
    session: Session, scope: Scope, count: Figure, amount: Figure, parts: Sequence[str], when: str, words: str
) -> Counted:
    of = _trace(count.trace)
    sound = of.ids.where(Deal.__table__.c.id.not_in(deals.damaged_deals(session, scope)))
    trace = replace(of, words=words, ids=sound)
    value = None if amount.value is None else Decimal(amount.value)
    return Counted(_whole(count.value), _("；").join(filter(None, parts)), when, trace, value)


# --- who says so ------------------------------------------------------------------------------------------------------
def _reported(session: Session, expo_id: uuid.UUID) -> dict[str, tuple[Decimal, Qualifier | None]]:
    """What was reported of this expo by the figure's name; what counts from the first edition is never its own."""
    query = (
        select(EditionFigure.figure, EditionFigure.value, EditionFigure.qualifier)
        .join(Edition, Edition.id == EditionFigure.edition_id)
        .where(Edition.expo_id == expo_id, EditionFigure.is_cumulative.is_(False))
    )
    return {figure: (value, qualifier) for figure, value, qualifier in session.execute(query)}


def _number(
    session: Session, scope: Scope, name: str, counted: Counted, said: Mapping[str, tuple[Decimal, Qualifier | None]]
) -> PressNumber:
    origin = Origin.SAMPLE if scope.is_sample else Origin.COUNTED
    value = known(counted.value, counted.value)
    own = {FIGURES[name]: value, f"{name}_amount": counted.amount, "visitors": counted.persons}
    told = [(figure, *said[figure]) for figure, counts in own.items() if figure in said and counts is not None]
    other = [(figure, number, about) for figure, number, about in told if about or number != own[figure]]
    if FIGURES[name] in said and not other:
        origin = Origin.REPORTED
    reported = _("、").join(_as_reported(name, *one) for one in other)
    records, listed = _length(session, counted.trace.ids), _listed(session, counted)
    return PressNumber(
        name, value, counted.words, counted.when, origin, counted.trace.spec, records, counted.amount, listed, reported
    )


def _as_reported(name: str, figure: str, number: Decimal, about: Qualifier | None) -> str:
    """报道是超过 3,000 人次."""
    unit = _(UNITS[name]) if figure == FIGURES[name] else _("人")
    amount = f"{plain(number)} {unit}"
    if figure.endswith("_amount"):
        amount = amounts.in_words(number)
    return _("报道是{about} {amount}").format(about=about.label if about else "", amount=amount)


def _length(session: Session, ids: Any) -> int:
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def _listed(session: Session, counted: Counted) -> Decimal | None:
    """What the amounts of its list come to, added up by the database."""
    deal = Deal.__table__
    if counted.trace.spec != "deals":
        return None
    return session.scalar(select(func.sum(deal.c.amount)).where(deal.c.id.in_(counted.trace.ids)))


def _trace(trace: Trace | None) -> Trace:
    if trace is None:
        raise ValueError("a figure that is published has its records")
    return trace


def _whole(value: int | Decimal | None) -> int:
    return int(value or 0)
