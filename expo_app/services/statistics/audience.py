"""Where visitors come from, how long they stay, how often they come back, and how many people are inside at once.

Regions and industries are those of the organisation a visitor is registered with. A stay is counted from pairs of a
coming and a going; whoever was not scanned going out has none.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from statistics import median
from typing import Any

from sqlalchemy import Select, case, false, func, or_, select
from sqlalchemy.orm import Session

from expo_app.i18n import N_, _
from expo_app.model import Attendee, CheckIn, DeskCount, Direction, Organisation
from expo_app.rules import counting
from expo_app.rules.terms import Term, Terms
from expo_app.services.region_groups import read_rule
from expo_app.services.statistics.attendance import PEOPLE, as_counted, ids_of, read_attendance
from expo_app.services.statistics.exhibition import UNKNOWN
from expo_app.services.statistics.scope import Scope, first_admissions, grouped, known, present_ids, scope_of
from expo_app.services.words import categories_of, terms_of
from expo_app.specs import INDUSTRIES
from expo_app.specs.attendance_figures import Attendance, Audience, AudiencePart, InsideHour
from expo_app.specs.figures import Figure, Trace
from expo_app.store.database import Database
from expo_app.store.presence import moves, passages, place_of
from expo_app.store.quarters import SECONDS, minutes_of, quarter_of, seconds_of

MINUTES, RETURNS = N_("分钟"), N_("次")
BEYOND = ("71", "81", "82")
"""GB/T 2260 codes of Taiwan, Hong Kong and Macao begin so: in statistics of exhibitions they are 境外."""
Row = tuple[str | None, Any, Any, int, int]
"""Region, industry, category, visits, persons."""


def whole_attendance(db: Database, expo_id: uuid.UUID) -> Attendance:
    """Attendance with the audience: eleven statements."""
    with db.reading() as session:
        return read_whole(session, scope_of(session, expo_id))


def read_whole(session: Session, scope: Scope) -> Attendance:
    """Attendance with the audience: where visitors come from, how long they stay."""
    return replace(read_attendance(session, scope), audience=read_audience(session, scope))


def is_home(region_code: str | None) -> bool | None:
    """境内 or not; None where no region is known."""
    if not region_code:
        return None
    return region_code.isdigit() and not region_code.startswith(BEYOND)


def read_audience(session: Session, scope: Scope) -> Audience:
    """Six statements."""
    categories = as_counted(scope, categories_of(session, scope.id))
    visiting = ids_of(categories, counting.VISITORS)
    trading = ids_of(categories, counting.TRADE_VISITORS)
    rows = _visits(session, scope, visiting)
    rule, industries = read_rule(session, scope.id), terms_of(session, INDUSTRIES, scope.id)
    stays, returns = _stays(session, scope, visiting)
    inside, _entered, sees_out = people_inside(session, scope)
    home, abroad = ([row for row in rows if is_home(row[0]) is at_home] for at_home in (True, False))
    trade_home, trade_abroad = (sum(row[4] for row in part if row[2] in trading) for part in (home, abroad))
    return Audience(
        home=_from(scope, visiting, "visitors_home", _("境内观众"), rows, is_abroad=False),
        abroad=_from(scope, visiting, "visitors_abroad", _("境外观众"), rows, is_abroad=True),
        trade_home=trade_home,
        trade_abroad=trade_abroad,
        visits_home=sum(row[3] for row in home),
        visits_abroad=sum(row[3] for row in abroad),
        countries=len({str(row[0])[:2] for row in abroad}),
        stay_mean=_stay(scope, "stay_mean", _("观众平均停留"), stays, lambda all_: sum(all_) / len(all_)),
        stay_median=_stay(scope, "stay_median", _("观众停留中位数"), stays, median),
        returns=Figure(
            "returns", _("观众再次入场"), known(returns, rows), _(RETURNS), _("同一天出场后又入场"),
            Trace("checkins", _("观众同一天再次入场"), _return_ids(scope, visiting)),
        ),
        peak=_peak(scope, inside, sees_out),
        sees_out=sees_out,
        regions=_parts(rows, lambda row: rule.key_of(row[0]), rule.label, rule.keys),
        industries=_industries(rows, industries),
        inside=_by_hour(scope, inside),
    )  # fmt: skip


# --- where they come from ---------------------------------------------------------------------------------------------
def _visits(session: Session, scope: Scope, visiting: frozenset[Any]) -> list[Row]:
    first, person, body = first_admissions(scope), Attendee.__table__, Organisation.__table__
    keys = (body.c.region_code, body.c.industry_id, person.c.category_id)
    query = (
        select(*keys, func.count(), func.count(first.c.attendee_id.distinct()))
        .select_from(first.join(person, person.c.id == first.c.attendee_id))
        .outerjoin(body, body.c.id == person.c.organisation_id)
        .where(person.c.category_id.in_(sorted(visiting)))
        .group_by(*keys)
    )
    return [tuple(row) for row in session.execute(query)]


def _from(
    scope: Scope, visiting: frozenset[Any], name: str, label: str, rows: Sequence[Row], *, is_abroad: bool
) -> Figure:
    person, body = Attendee.__table__, Organisation.__table__
    is_beyond = or_(
        *(body.c.region_code.startswith(prefix) for prefix in BEYOND), func.substr(body.c.region_code, 1, 1) > "9"
    )
    is_said = body.c.region_code.is_not(None) & (body.c.region_code != "")
    bodies = select(body.c.id).where(is_said, is_beyond if is_abroad else ~is_beyond)
    ids = present_ids(scope, categories=visiting).where(person.c.organisation_id.in_(bodies))
    note = _("含港澳台，按所在单位的地区") if is_abroad else _("按所在单位的地区，没有填地区的不计")
    value = known(sum(row[4] for row in rows if is_home(row[0]) is (not is_abroad)), rows)
    return Figure(name, label, value, _(PEOPLE), note, Trace("attendees", label, ids))


def _parts(
    rows: Iterable[Row], key: Callable[[Row], str], label: Callable[[str], str], order: Iterable[str]
) -> tuple[AudiencePart, ...]:
    found = grouped(rows, key, tuple(order), lambda members: sum(row[4] for row in members))
    return tuple(
        AudiencePart(
            name, label(name) if name else _(UNKNOWN), sum(row[4] for row in members), sum(row[3] for row in members)
        )
        for name, members in found
    )


def _industries(rows: Iterable[Row], terms: Terms[Term]) -> tuple[AudiencePart, ...]:
    by_key = {str(term.id): term for term in terms}
    parts = _parts(rows, lambda row: str(row[1]) if row[1] else "", lambda key: by_key[key].label, tuple(by_key))
    return tuple(
        AudiencePart(by_key[p.key].key, p.label, p.visitors, p.visits, by_key[p.key].token) if p.key else p
        for p in parts
    )


# --- how long they stay -----------------------------------------------------------------------------------------------
def _of_expo(scope: Scope, visiting: frozenset[Any]) -> Any:
    """Passages of visitors in and out of the expo as a whole."""
    scan, person = CheckIn.__table__, Attendee.__table__
    theirs = select(person.c.id).where(scope.own(person), person.c.category_id.in_(sorted(visiting)))
    query = passages().where(scan.c.expo_id == scope.id, place_of == scope.id, scan.c.attendee_id.in_(theirs))
    return query.subquery("passage")


def _stays(session: Session, scope: Scope, visiting: frozenset[Any]) -> tuple[list[float], int]:
    """Minutes inside of every visitor's day that has an end, and how often visitors came back on the same day."""
    of = _of_expo(scope, visiting)
    came, went = moves(of)
    at = seconds_of(of.c.at)
    counts = func.sum(case((came, 1), else_=0)), func.sum(case((went, 1), else_=0))
    spent = func.sum(case((went, at), (came, -at), else_=0))
    query = select(*counts, spent).where(or_(came, went)).group_by(of.c.attendee_id, of.c.day)
    stays, returns = [], 0
    for comes, goes, seconds in session.execute(query):
        returns += max(int(comes) - 1, 0)
        if comes == goes:
            stays.append(int(seconds) / 60)
    return stays, returns


def _return_ids(scope: Scope, visiting: frozenset[Any]) -> Select[Any]:
    """Scans by which a visitor came in again."""
    of = _of_expo(scope, visiting)
    nth = func.row_number().over(partition_by=(of.c.attendee_id, of.c.day), order_by=of.c.id).label("nth")
    comings = select(of.c.id, nth).where(moves(of)[0]).subquery("coming")
    return select(comings.c.id).where(comings.c.nth > 1)


def _stay(scope: Scope, name: str, label: str, stays: list[float], of: Callable[[list[float]], float]) -> Figure:
    scan = CheckIn.__table__
    ids = select(scan.c.id).where(
        scan.c.expo_id == scope.id, scan.c.direction == Direction.OUT, scan.c.undone_at.is_(None),
        scan.c.attendee_id.is_not(None),
    )  # fmt: skip
    told = _("{n} 人次有进有出，其余不计").format(n=f"{len(stays):,}")
    note = told if stays else _("没有扫描出场，不知道停留多久")
    value = round(of(stays)) if stays else None
    return Figure(name, label, value, _(MINUTES), note, Trace("checkins", _("扫描出场"), ids))


# --- how many are inside ----------------------------------------------------------------------------------------------
def people_inside(session: Session, scope: Scope) -> tuple[dict[date, list[tuple[int, int]]], Mapping[date, int], bool]:
    """By day the people inside at the end of each quarter in which somebody passed; how often somebody came in; whether
    anybody was seen out.
    """
    count = DeskCount.__table__
    query = (
        select(count.c.day, count.c.quarter, func.sum(count.c.come), func.sum(count.c.gone))
        .where(count.c.place_id == scope.id)
        .group_by(count.c.day, count.c.quarter)
        .order_by(count.c.day, count.c.quarter)
    )
    found: dict[date, list[tuple[int, int]]] = defaultdict(list)
    sees_out, inside, entered = False, Counter[date](), Counter[date]()
    for day, quarter, come, gone in session.execute(query):
        entered[day] += int(come)
        inside[day] += int(come) - int(gone)
        sees_out = sees_out or bool(gone)
        found[day].append((quarter, inside[day]))
    return dict(found), entered, sees_out


def ends_at(quarter: int, scope: Scope) -> datetime:
    """The moment, in the expo's zone, up to which a quarter of `quarter_of` is counted: its end, or `scope.at` if it is
    not over.
    """
    end = datetime.fromtimestamp((quarter + 1) * SECONDS, UTC)
    return (min(end, scope.at) if scope.at else end).astimezone(scope.zone)


def _peak(scope: Scope, inside: dict[date, list[tuple[int, int]]], sees_out: bool) -> Figure:
    name, label = "peak_inside", _("同时在场最多") if sees_out else _("一天进场最多")
    most = max(((n, -quarter, day) for day, quarters in inside.items() for quarter, n in quarters), default=None)
    if most is None:
        return Figure(name, label, None, _(PEOPLE), "", Trace("checkins", label, select(CheckIn.id).where(false())))
    n, quarter, day = most[0], -most[1], most[2]
    note = _("含工作人员，数到 {moment}").format(moment=f"{ends_at(quarter, scope):%m-%d %H:%M}")
    if not sees_out:
        note = _("{note}；没有扫描出场，只知道进了多少").format(note=note)
    scan = CheckIn.__table__
    of = passages().where(scan.c.expo_id == scope.id, place_of == scope.id, scan.c.local_day == day).subquery()
    ids = select(of.c.id).where(quarter_of(of.c.at) <= quarter, or_(*moves(of)))
    return Figure(name, label, n, _(PEOPLE), note, Trace("checkins", _("到这一刻的进出"), ids))


def _by_hour(scope: Scope, inside: dict[date, list[tuple[int, int]]]) -> tuple[InsideHour, ...]:
    most: dict[tuple[date, int], int] = {}
    for day, quarters in inside.items():
        for quarter, n in quarters:
            key = day, minutes_of(quarter, scope.zone) // 60
            most[key] = max(n, most.get(key, 0))
    return tuple(InsideHour(*key, n) for key, n in sorted(most.items()))
