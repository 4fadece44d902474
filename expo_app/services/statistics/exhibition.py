"""Exhibitors by contract, co-exhibitors and service institutions apart, and the area they stand on (GB/T 26165)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import N_, _
from expo_app.model import (
    Booth,
    BoothState,
    Exhibitor,
    ExhibitorKind,
    ExhibitorState,
    Expo,
    Organisation,
    Word,
    WordRole,
)
from expo_app.rules import regions
from expo_app.rules.region_groups import RegionRule
from expo_app.rules.terms import Term, Terms
from expo_app.services.region_groups import read_rule
from expo_app.services.statistics.scope import Scope, grouped, known, scope_of
from expo_app.services.words import standing_for, terms_of
from expo_app.specs import INDUSTRIES
from expo_app.specs.exhibition_figures import Exhibition, ExhibitorPart
from expo_app.specs.figures import SHARE, SQUARE_METRES, Figure, Trace, plain, ratio
from expo_app.store.database import Database

CONTRACTED = (ExhibitorState.CONFIRMED, ExhibitorState.SETTING_UP, ExhibitorState.ARRIVED, ExhibitorState.DISMANTLED)
"""States of an exhibitor under contract: an application is none yet, a cancelled one no longer."""
APPLICATIONS = (ExhibitorState.APPLIED, ExhibitorState.REVIEWED)
HERE = (ExhibitorState.ARRIVED, ExhibitorState.DISMANTLED)
FIRMS = N_("家")
UNKNOWN = N_("未填")
_DECLARED = {
    "net_area": N_("申报净面积（合同，含免费）"),
    "paid_area": N_("申报有偿面积"),
    "gross_area": N_("申报毛面积"),
}
"""What the organiser enters with the expo, and what it is called beside what the booths add up to."""


@dataclass(frozen=True)
class Stand:
    """Exhibitors alike in everything that figures look at: how many, and the square metres of their booths."""

    kind: ExhibitorKind
    is_main: bool
    state: ExhibitorState
    region_code: str | None
    industry_id: uuid.UUID | None
    brings_own: bool | None = None
    """People and products of its own; None: not said."""
    count: int = 0
    area: Decimal = Decimal(0)
    raw_area: Decimal = Decimal(0)
    booths: int = 0
    paid_area: Decimal = Decimal(0)
    unsaid: int = 0
    """Booths that do not say whether they are paid for."""

    @property
    def is_exhibitor(self) -> bool:
        """Counted among the exhibitors: under contract, not a co-exhibitor, not a service institution."""
        return self.state in CONTRACTED and self.is_main and self.kind is ExhibitorKind.EXHIBITOR

    @property
    def is_co_exhibitor(self) -> bool:
        """Under contract on another's stand, unless it says that people or products are not its own (UFI)."""
        own = self.kind is not ExhibitorKind.REPRESENTED and self.brings_own is not False
        return self.state in CONTRACTED and not self.is_main and own

    @property
    def is_represented(self) -> bool:
        """Shown by others on their stand: named, and never counted among the exhibitors."""
        if self.kind is ExhibitorKind.REPRESENTED:
            return self.state in CONTRACTED
        return self.state in CONTRACTED and not self.is_main and self.brings_own is False

    @property
    def has_arrived(self) -> bool:
        return self.state in HERE


def exhibition(db: Database, expo_id: uuid.UUID) -> Exhibition:
    """Exhibitors and area of an expo: six statements."""
    with db.reading() as session:
        return read_exhibition(session, scope_of(session, expo_id))


def read_exhibition(session: Session, scope: Scope) -> Exhibition:
    """The same within a session that is already open."""
    expo = Expo.__table__
    declared = session.execute(select(*(expo.c[name] for name in _DECLARED)).where(expo.c.id == scope.id)).one()
    stands = [*exhibitor_stands(session, scope), *booth_stands(session, scope)]
    industries = terms_of(session, INDUSTRIES, scope.id)
    rule = read_rule(session, scope.id)
    said = dict(zip(_DECLARED, map(readable, declared), strict=True))
    return _exhibition(scope, stands, _theme_area(session, scope), said, industries, rule)


def _keys() -> tuple[ColumnElement[Any], ...]:
    table, organisation = Exhibitor.__table__, Organisation.__table__
    return (
        table.c.kind,
        table.c.main_id.is_(None),
        table.c.state,
        organisation.c.region_code,
        organisation.c.industry_id,
        table.c.brings_own,
    )


def exhibitor_stands(session: Session, scope: Scope) -> list[Stand]:
    """Every exhibitor of the expo, whatever its state, grouped: one statement."""
    table, organisation = Exhibitor.__table__, Organisation.__table__
    query: Select[Any] = (
        select(*_keys(), func.count())
        .select_from(table.join(organisation, organisation.c.id == table.c.organisation_id))
        .where(scope.own(table))
        .group_by(*_keys())
    )
    return [
        Stand(kind, bool(main), state, region, industry, brings_own, count)
        for kind, main, state, region, industry, brings_own, count in session.execute(query)
    ]


def booth_stands(session: Session, scope: Scope) -> list[Stand]:
    """Booths under contract, grouped as their exhibitors are."""
    table, organisation, booth = Exhibitor.__table__, Organisation.__table__, Booth.__table__
    word = Word.__table__
    keys = (*_keys(), word.c.role, booth.c.is_paid)
    query: Select[Any] = (
        select(*keys, func.sum(booth.c.area), func.count())
        .select_from(
            booth.join(table, table.c.id == booth.c.exhibitor_id)
            .join(organisation, organisation.c.id == table.c.organisation_id)
            .join(word, word.c.id == booth.c.kind_id)
        )
        .where(_booths_under_contract(scope))
        .group_by(*keys)
    )
    return [
        Stand(
            kind, bool(main), state, region, industry, brings_own,
            area=area, raw_area=area if of is WordRole.RAW_SPACE else Decimal(0), booths=count,
            paid_area=area if is_paid else Decimal(0), unsaid=count if is_paid is None else 0,
        )
        for kind, main, state, region, industry, brings_own, of, is_paid, area, count in session.execute(query)
    ]  # fmt: skip


def _theme_areas(scope: Scope) -> ColumnElement[bool]:
    """Special shows on the theme: the organiser's own, without an exhibitor; net area all the same (UFI)."""
    booth = Booth.__table__
    return (
        (booth.c.expo_id == scope.id)
        & booth.c.exhibitor_id.is_(None)
        & booth.c.kind_id.in_(standing_for(WordRole.THEME_AREA))
    )


def _theme_area(session: Session, scope: Scope) -> tuple[Decimal, int]:
    """(square metres, booths) of theme areas."""
    booth = Booth.__table__
    row = session.execute(select(func.sum(booth.c.area), func.count()).where(_theme_areas(scope))).one()
    return Decimal(row[0] or 0), row[1]


def _booths_under_contract(scope: Scope) -> ColumnElement[bool]:
    table, booth = Exhibitor.__table__, Booth.__table__
    confirmed = booth.c.state == BoothState.CONFIRMED
    return (booth.c.expo_id == scope.id) & confirmed & scope.real(table) & table.c.state.in_(CONTRACTED)


def _booth_ids(scope: Scope, *more: ColumnElement[bool]) -> Select[Any]:
    table, booth = Exhibitor.__table__, Booth.__table__
    joined = booth.join(table, table.c.id == booth.c.exhibitor_id)
    return select(booth.c.id).select_from(joined).where(_booths_under_contract(scope), *more)


def _net_ids(scope: Scope) -> Select[Any]:
    """What the net area is the sum of: booths under contract and theme areas."""
    booth = Booth.__table__
    return select(booth.c.id).where(or_(booth.c.id.in_(_booth_ids(scope)), _theme_areas(scope)))


def exhibitor_ids(scope: Scope, kind: ExhibitorKind, is_main: bool, states: Iterable[ExhibitorState]) -> Select[Any]:
    """Exhibitors of one kind, main ones or those on another's stand, in these states."""
    table = Exhibitor.__table__
    place = table.c.main_id.is_(None) if is_main else table.c.main_id.is_not(None)
    return select(table.c.id).where(scope.own(table), table.c.kind == kind, place, table.c.state.in_(list(states)))


def beside_ids(scope: Scope, name: str) -> Select[Any]:
    """Who is on another's stand under contract, by the figure that counts them: see `_BESIDE`."""
    table = Exhibitor.__table__
    is_co = (
        table.c.main_id.is_not(None) & (table.c.kind != ExhibitorKind.REPRESENTED)
        & table.c.brings_own.is_distinct_from(False)
    )  # fmt: skip
    shown = (table.c.kind == ExhibitorKind.REPRESENTED) | (table.c.main_id.is_not(None) & table.c.brings_own.is_(False))
    main = (table.c.kind == ExhibitorKind.EXHIBITOR) & table.c.main_id.is_(None)
    which = {
        "co_exhibitors": is_co, "unproven": is_co & table.c.brings_own.is_(None), "represented": shown,
        "exhibitors_all": main | is_co,
    }[name]  # fmt: skip
    return select(table.c.id).where(scope.own(table), table.c.state.in_(CONTRACTED), which)


_BESIDE: dict[str, tuple[str, str, Callable[[Stand], bool]]] = {
    "co_exhibitors": (
        N_("联合参展"), N_("在主展商展位内，有自己的人员和展品，另计"), lambda stand: stand.is_co_exhibitor,
    ),
    "exhibitors_all": (
        N_("参展商合计"), N_("主展商加联合参展，不含代表企业"),
        lambda stand: stand.is_exhibitor or stand.is_co_exhibitor,
    ),
    "represented": (N_("代表企业"), N_("由别家代为展示，不计入参展商"), lambda stand: stand.is_represented),
    "unproven": (
        N_("联合参展待注明"), N_("没有注明自有人员、自有展品"),
        lambda stand: stand.is_co_exhibitor and stand.brings_own is None,
    ),
}  # fmt: skip
"""The lines beside the main exhibitors (UFI): what each is called, what it holds, who is in it."""


def _beside(scope: Scope, stands: Sequence[Stand], name: str) -> Figure:
    label, note, is_in = _BESIDE[name]
    value = known(_counted(stand for stand in stands if is_in(stand)), stands)
    trace = Trace("exhibitors", _(label), beside_ids(scope, name))
    return Figure(name, _(label), value, _(FIRMS), _(note), trace)


def count_figure(scope: Scope, name: str, stands: Sequence[Stand]) -> Figure:
    """A number of exhibitors by the figure's name, traced."""
    label, note, kind, main, states = _COUNTS[name]
    ids = exhibitor_ids(scope, kind, main, states)
    value = known(count_of(stands, name), stands)
    return Figure(name, _(label), value, _(FIRMS), _(note), Trace("exhibitors", _(label), ids))


_MAIN, _SERVICE = ExhibitorKind.EXHIBITOR, ExhibitorKind.SERVICE
_COUNTS: dict[str, tuple[str, str, ExhibitorKind, bool, tuple[ExhibitorState, ...]]] = {
    "exhibitors": (N_("参展商"), N_("按合同计，不含联合参展"), _MAIN, True, CONTRACTED),
    "arrived": (N_("参展商到场"), N_("含已撤展"), _MAIN, True, HERE),
    "absent": (N_("参展商未到场"), "", _MAIN, True, tuple(s for s in CONTRACTED if s not in HERE)),
    "services": (N_("技术服务机构"), N_("不计入参展商"), _SERVICE, True, CONTRACTED),
    "services_arrived": (N_("服务机构到场"), N_("含已撤展"), _SERVICE, True, HERE),
    "applications": (N_("待确认申请"), N_("未签约，不计入参展商"), _MAIN, True, APPLICATIONS),
}


def count_of(stands: Iterable[Stand], name: str) -> int:
    """The number of exhibitors a figure's name stands for."""
    _label, _note, kind, main, states = _COUNTS[name]
    return sum(s.count for s in stands if s.kind is kind and s.is_main is main and s.state in states)


def _exhibition(
    scope: Scope,
    stands: Sequence[Stand],
    theme: tuple[Decimal, int],
    declared: Mapping[str, Decimal | None],
    industries: Terms[Term],
    rule: RegionRule,
) -> Exhibition:
    def number(name: str) -> Figure:
        return count_figure(scope, name, stands)

    booths = sum(s.booths for s in stands)
    net = known(sum((s.area for s in stands), theme[0]), booths + theme[1])
    raw = known(sum((s.raw_area for s in stands), Decimal(0)), booths + theme[1])
    contracted, raw_only = _("已签约展位"), Booth.__table__.c.kind_id.in_(standing_for(WordRole.RAW_SPACE))
    ids = _booth_ids(scope)
    return Exhibition(
        exhibitors=number("exhibitors"),
        arrived=number("arrived"),
        co_exhibitors=_beside(scope, stands, "co_exhibitors"),
        exhibitors_all=_beside(scope, stands, "exhibitors_all"),
        represented=_beside(scope, stands, "represented"),
        unproven=_beside(scope, stands, "unproven"),
        services=number("services"),
        services_arrived=number("services_arrived"),
        applications=number("applications"),
        net_area=Figure(
            "net_area", _("净面积（合同，含免费）"), net, SQUARE_METRES, _net_words(theme[0]),
            Trace("booths", _("计入净面积的展位"), _net_ids(scope)),
        ),
        theme_area=Figure(
            "theme_area", _("主题展示区面积"), known(*theme), SQUARE_METRES, _("主办方的主题展示，计入净面积"),
            Trace("booths", _("主题展示区"), select(Booth.__table__.c.id).where(_theme_areas(scope))),
        ),
        gross_area=Figure(
            "gross_area", _("毛面积"), declared["gross_area"], SQUARE_METRES,
            _("主办方申报，含通道，不含餐饮、办公和仓储"),
        ),
        net_share=Figure(
            "net_share", _("净毛面积比"), ratio(net, declared["gross_area"]), SHARE,
            _("净面积 / 毛面积；无柱的方正展厅约 65%，不规则的约 40%"),
        ),
        raw_area=Figure(
            "raw_area", _("特装面积"), raw, SQUARE_METRES, _("光地特装展位"),
            Trace("booths", _("已签约特装展位"), _booth_ids(scope, raw_only)),
        ),
        raw_share=Figure("raw_share", _("特装面积比"), ratio(raw, net), SHARE, _("特装面积 / 净面积")),
        booths=Figure(
            "booths", contracted, known(booths, booths), _("个"), "", Trace("booths", contracted, ids)
        ),
        paid_area=_paid_area(scope, stands),
        declared=tuple(
            Figure(f"declared_{name}", _(label), declared[name], SQUARE_METRES, _("主办方申报，不是按展位统计"))
            for name, label in _DECLARED.items()
        ),
        regions=region_parts(stands, rule),
        cities=_parts(stands, lambda s: rule.city_of(s.region_code), regions.place_name),
        industries=_industries(stands, industries),
        rule=rule,
    )  # fmt: skip


def _net_words(theme: Decimal) -> str:
    words = _("已签约展位面积之和")
    return _("{what}，含主题展示区 {area} ㎡").format(what=words, area=plain(theme)) if theme else words


def _paid_area(scope: Scope, stands: Sequence[Stand]) -> Figure:
    """Not known as long as no booth says whether it is paid for."""
    booths, unsaid = sum(s.booths for s in stands), sum(s.unsaid for s in stands)
    value = sum((s.paid_area for s in stands), Decimal(0)) if unsaid < booths else None
    note = _("已签约展位里注明有偿的")
    if value is not None and unsaid:
        note = _("{note}；另有 {n} 个没有注明").format(note=note, n=unsaid)
    trace = Trace("booths", _("已签约有偿展位"), _booth_ids(scope, Booth.__table__.c.is_paid.is_(True)))
    return Figure("paid_area", _("其中有偿面积"), value, SQUARE_METRES, note, trace)


def region_parts(stands: Iterable[Stand], rule: RegionRule) -> tuple[ExhibitorPart, ...]:
    """Main exhibitors by the groups of a rule."""
    return _parts(stands, lambda s: rule.key_of(s.region_code), rule.label, rule.keys)


def arrivals(
    scope: Scope, stands: Iterable[Stand], parts: Sequence[ExhibitorPart], rule: RegionRule
) -> tuple[ExhibitorPart, ...]:
    """The lines of `region_parts`, each with who of it arrived behind it."""
    codes: dict[str, set[str | None]] = {}
    for stand in stands:
        if stand.is_exhibitor:
            codes.setdefault(rule.key_of(stand.region_code), set()).add(stand.region_code)
    return tuple(replace(part, trace=_arrived(scope, codes.get(part.key, set()), part.label)) for part in parts)


def _arrived(scope: Scope, codes: Collection[str | None], label: str) -> Trace:
    """Those from places of these codes who arrived."""
    table, organisation = Exhibitor.__table__, Organisation.__table__
    known = organisation.c.region_code.in_([code for code in codes if code is not None])
    there = or_(known, organisation.c.region_code.is_(None)) if None in codes else known
    ids = exhibitor_ids(scope, ExhibitorKind.EXHIBITOR, True, HERE)
    from_there = select(organisation.c.id).where(there)
    words = _("{region}到场").format(region=label)
    return Trace("exhibitors", words, ids.where(table.c.organisation_id.in_(from_there)))


def _industries(stands: Iterable[Stand], terms: Terms[Term]) -> tuple[ExhibitorPart, ...]:
    """Main exhibitors by industry, in the expo's order and colours."""
    by_key = {str(term.id): term for term in terms}
    parts = _parts(
        stands, lambda s: str(s.industry_id) if s.industry_id else "", lambda key: by_key[key].label, tuple(by_key)
    )
    return tuple(replace(p, key=by_key[p.key].key, colour=by_key[p.key].token) if p.key else p for p in parts)


def _parts(
    stands: Iterable[Stand], key: Callable[[Stand], str], label: Callable[[str], str], order: Sequence[str] = ()
) -> tuple[ExhibitorPart, ...]:
    """Main exhibitors by a key, in `order`, else the largest first; those without the key come last as 未填."""
    exhibitors = [stand for stand in stands if stand.is_exhibitor]
    return tuple(
        ExhibitorPart(
            name,
            label(name) if name else _(UNKNOWN),
            _counted(members),
            _counted(s for s in members if s.has_arrived),
            sum((s.area for s in members), Decimal(0)),
        )
        for name, members in grouped(exhibitors, key, order, _counted)
    )


def _counted(stands: Iterable[Stand]) -> int:
    return sum(stand.count for stand in stands)
